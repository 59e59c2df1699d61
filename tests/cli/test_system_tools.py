"""gangmu system format, schema, reference, new, diff, draw: what an author of declarations works with."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import jsonschema  # noqa: E402
import yaml  # noqa: E402
from tap import GANGMU, ROOT, SCRATCH, finish, keep, ok  # noqa: E402


def run(*args, text=None):
    done = subprocess.run([GANGMU, "system", *args], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def read(path):
    return open(path, encoding="utf-8").read()


# ---- format ----
DATA = os.path.join(ROOT, "tests", "data", "declare")
loose, strict = read(os.path.join(DATA, "layout.yaml")), read(os.path.join(DATA, "layout.formatted.yaml"))
status, out, err = run("format", "-", text=loose)
ok(status == 0 and out == strict, "the layout is the one that is expected", out)
folder = os.path.dirname(keep("pairs/system.yaml", loose))
path = os.path.join(folder, "system.yaml")
status, out, err = run("format", "--check", folder)
ok(status == 1 and out.startswith(path + ":1: ") and read(path) == loose, "--check names the first line and changes nothing", out + err)
ok(run("format", folder)[0] == 0 and read(path) == strict, "the file of a folder is put in order")
ok(os.listdir(folder) == ["system.yaml"], "nothing else is left in the folder", os.listdir(folder))
ok(run("format", "--check", path) == (0, "", ""), "then --check is content")
status, out, err = run("format", keep("broken.yaml", "gangmu: 1\nsystem: &a x\n"))
ok(status == 2 and "broken.yaml:2:9: Y002" in err, "what is no strict YAML is refused with its place", err)
ok(read(os.path.join(os.path.dirname(folder), "broken.yaml")).endswith("&a x\n"), "and left as it is")
ok(run("format")[0] == 2 and run("format", folder + "/none.yaml")[0] == 2, "no file, and a file that is not there")

systems = sorted(os.path.join(ROOT, "systems", name) for name in os.listdir(os.path.join(ROOT, "systems")))
status, out, err = run("format", "--check", *[x for x in systems if os.path.isdir(x)])
ok(len(systems) > 10 and status == 0, "our own systems are laid out so", out)

# ---- new ----
made = os.path.join(SCRATCH, "repairs")
status, out, err = run("new", made)
ok(status == 0 and sorted(os.listdir(made)) == ["scenario.yaml", "system.yaml"], "new makes a folder", out + err)
status, out, err = run("check", made)
ok(status == 0 and not out, "that passes check without a word", out + err)
ok(run("format", "--check", made)[0] == 0, "and is laid out as format does")
before = read(os.path.join(made, "system.yaml"))
ok(run("new", made)[0] == 2 and read(os.path.join(made, "system.yaml")) == before, "what is there already is left alone")
for bad in ("a_b", "Repairs", "where", "9"):
    ok(run("new", os.path.join(SCRATCH, bad))[0] == 2 and not os.path.exists(os.path.join(SCRATCH, bad)), "no system is called " + bad)
ok(run("new")[0] == 2 and run("new", os.path.join(SCRATCH, "no", "folder"))[0] == 2, "no name, and no folder to make it in")

# ---- schema: as strict about shapes as the reader, no more ----
schema = json.loads(run("schema")[1])
jsonschema.Draft202012Validator.check_schema(schema)
shapes = jsonschema.Draft202012Validator(schema)
english = json.loads(run("schema", "--lang", "en")[1])
ok(set(english["$defs"]) == set(schema["$defs"]) and english["title"] != schema["title"], "the schema speaks both languages")


def faults_of_shape(text):
    """Codes of the reader's faults, and the schema's complaints."""
    path = os.path.dirname(keep("shape/%s/system.yaml" % re.search(r"^system: (\w+)", text, re.M).group(1), text))
    told = json.loads(run("check", "--json", path)[1])
    return [x["code"] for x in told if x["code"] == "Y015" or x["code"][0] == "Y" and x["column"] > 1], list(shapes.iter_errors(yaml.load(text, yaml.BaseLoader)))


texts = [("the skeleton", before), ("the base of the cases", read(os.path.join(ROOT, "tests/cases/declare/base.yaml")))]
examples = os.path.join(ROOT, "..", "shared", "examples", "systems")
for name in sorted(os.listdir(examples)) if os.path.isdir(examples) else []:
    texts.append((name, read(os.path.join(examples, name, "system.yaml"))))
for name, text in texts:
    codes, complaints = faults_of_shape(text)
    ok(bool(codes) == bool(complaints), "schema and reader agree about " + name, "%s\n%s" % (codes, complaints[:2]))
for was, becomes in (("label: 新系统", "lable: 新系统"), ("version: 1", "version: one"), ("who: [reporter]", "who: reporter"), ("is: date", "is: dates"),
                     ("school:    {is: unit(school), label", "School:    {is: unit(school), label"), ("end: yes", "end: true"), ("3 years", "3 year"), ("rule: none\n", "\n")):
    text = before.replace(was, becomes, 1)
    ok(text != before and list(shapes.iter_errors(yaml.load(text, yaml.BaseLoader))) != [], "the schema refuses " + becomes.strip())

# ---- draw ----
status, out, err = run("draw", made)
ok(status == 0 and out == read(os.path.join(DATA, "drawn.txt")), "states and acts are drawn", out + err)
ok(run("draw", made, "matter")[1] == out and run("draw", made, "nothing")[0] == 2 and run("draw")[0] == 2, "one record, none of that name, none at all")

# ---- diff: (what is changed, what is told; a code is unsafe) ----
CHANGES = [
    (("summary: 用一两句话", "summary: 用几句话"), "~ summary"),
    (("{is: text(200), label: 事项", "{is: text(300), label: 事项"), "what.is：类型放宽"),
    (("{is: text(200), label: 事项", "{is: text(100), label: 事项"), "U002"),
    (("{is: text(200), label: 事项", "{is: code, label: 事项"), "U002"),
    (("      due:       {is: date, label: 办理期限}\n", "      due:       {is: date, label: 办理期限, need: yes}\n"), "U001"),
    (("      due:       {is: date, label: 办理期限}\n", "      due:       {is: date, label: 办理期限}\n      more: {is: flag, label: 补充}\n"), "+ records.matter.fields.more（补充）：旧记录为 none"),
    (("      due:       {is: date, label: 办理期限}\n", "      due:       {is: date, label: 办理期限}\n      more: {is: flag, label: 补充, need: yes}\n"), "U001"),
    (("      due:       {is: date, label: 办理期限}\n", "      due:       {is: date, label: 办理期限}\n      late: {is: flag, label: 逾期, value: due < today}\n"), "由作业给旧记录补算"),
    (("      result:    {is: text(500), label: 办理结果}\n", "      outcome: {is: text(500), label: 办理结果, was: result}\n"), "由 result 改名"),
    (("who: [office]\n", "who: [office, creator]\n"), "close.who：改变"),
    (("open: 待办理", "open: {label: 待办理}"), "没有变化"),
    (("starts: open", "starts: [open]"), "没有变化"),
    (("at: [department]", "at: bureau"), "roles.office.at：改变"),
    (("to: done", "to: {state: done}"), "没有变化"),
    (("to: done", "to: [{when: result is none, state: same}, {state: done}]"), "close.to：改变"),
    (("until: due", "limit: 10 workdays"), "在走的时限"),
    (("    clocks:\n", "      note: {label: 备注, from: open, to: same, who: [office], may: [result]}\n    clocks:\n"), "+ records.matter.acts.note（备注）：新增"),
    (("label: 办理结果}", "label: 办理结果, class: open}"), "U006"),
    (("3 years", "4 years"), "U008"),
    (("3 years", "700 days"), "更严"),
    (("then: delete", "then: archive"), "U008"),
    (("after: closed_on", "after: due"), "U008"),
    (("  keep:\n    matter: {for: 3 years, after: closed_on, then: delete}\n", "  never: [mining]\n"), "U008"),
]
if not os.path.isdir(os.path.join(SCRATCH, "old")):
    os.makedirs(os.path.join(SCRATCH, "old"))
    os.makedirs(os.path.join(SCRATCH, "new"))


def folder_of(where, text, **files):
    target = os.path.join(SCRATCH, where, "repairs")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)
    with open(os.path.join(target, "system.yaml"), "w", encoding="utf-8") as f:
        f.write(text)
    story = read(os.path.join(made, "scenario.yaml"))  # which names states and fields as the declaration does
    story = story.replace("state: open", "state: waiting") if "waiting:" in text else story
    keep("%s/repairs/scenario.yaml" % where, story.replace("result:", "outcome:") if "outcome:" in text else story)
    for name, content in files.items():
        keep("%s/repairs/migrations/%s.yaml" % (where, name), content)
    return target


def diff(old, new, **files):
    return run("diff", folder_of("old", old), folder_of("new", new, **files))


def raised(text):
    return text.replace("version: 1", "version: 2")


def rename(text, *pairs):
    for was, becomes in pairs:
        text = text.replace(was, becomes)
    return text


for (was, becomes), told in CHANGES:
    new = rename(before, (was, becomes), ("asks: [result]", "asks: [outcome]")) if "was: result" in becomes else before.replace(was, becomes, 1)
    status, out, err = diff(before, raised(new) if "没有" not in told else new)
    unsafe = re.findall(r": (U\d{3}): ", out)
    fits = (status, unsafe) == (1, [told]) if re.match(r"U\d", told) else status == 0 and not unsafe and told in out
    ok(new != before and fits, "%s → %s" % (was.strip().splitlines()[0], told), out + err)
opened = before.replace("rule: none\n", "rule: none\n  purposes: {handle: 办理}\n  opens: {personal: {to: [office], purpose: handle}}\n")
status, out, err = diff(opened, raised(opened.replace("label: 办理结果}", "label: 办理结果, class: personal}")))
ok(opened != before and status == 0 and "更严" in out, "a higher class is stricter", out + err)
gone = rename(before, ("open: 待办理", "waiting: 待办理"), ("from: open", "from: waiting"), ("to: open", "to: waiting"), ("starts: open", "starts: waiting"))
status, out, err = diff(before, raised(gone))
ok(status == 1 and "U003" in out and "states: {open: waiting}" in out, "a state that is gone wants to be mapped", out + err)
status, out, err = diff(before, raised(gone), n002="from: 1\nto: 2\nmatter:\n  states: {open: waiting}\n")
ok(status == 0 and "按 migrations/ 办理" in out and "旧记录转到 waiting" in out, "migrations/ says where to", out + err)
status, out, err = diff(before, raised(gone), n002="from: 1\nto: 2\nmatter:\n  states: {open: nowhere}\n")
ok(status == 1 and "U003" in out, "but not to a state that is not there", out + err)
status, out, err = diff(before, raised(gone), n002="from: 0\nto: 1\nmatter:\n  states: {open: waiting}\n")
ok(status == 1 and "U003" in out, "and not in the migration of another version", out + err)
base = read(os.path.join(ROOT, "tests/cases/declare/base.yaml"))
for where in ("old", "new"):
    for name, content in (("scenario.yaml", read(os.path.join(ROOT, "tests/cases/declare/story.yaml"))), ("papers/sheet.html", ""), ("system.yaml", base)):
        keep("%s/repair/%s" % (where, name), content)
for was, becomes, code in (("never: [profile]", "never: [mining, export]", "U009"), ("  never: [profile]\n", "", "U009"),
                           ("  never: [profile]\n", "  never: [profile]\n  releases:\n    - {id: tell, from: ticket.what, to: task, why: 说明}\n", "U007"),
                           ("  never: [profile]\n", "  never: [profile, mining]\n", None)):
    keep("new/repair/system.yaml", raised(base).replace(was, becomes, 1))
    status, out, err = run("diff", os.path.join(SCRATCH, "old/repair"), os.path.join(SCRATCH, "new/repair"))
    ok(base.count(was) and set(re.findall(r": (U\d{3}): ", out)) == ({code} if code else set()) and status == (1 if code else 0), "%s → %s" % (was.strip(), code), out + err)
keep("old/repair/system.yaml", base.replace("other: 其他", "other: 其他, spare: 备用"))
status, out, err = run("diff", os.path.join(SCRATCH, "old/repair"), os.path.join(SCRATCH, "new/repair"))
ok(status == 1 and "U005" in out and "“spare”" in out, "a code that is gone", out + err)
ok(diff(before, before.replace("用一两句话", "用几句话"))[1].count("U010") == 1, "a change without a greater version")
ok(run("diff", made)[0] == 2 and run("diff", made, os.path.join(SCRATCH, "nothing"))[0] == 2, "one folder, and one that is not there")
broken = folder_of("new", before.replace("to: open", "to: opened"))
ok(run("diff", made, broken)[0] == 2, "what has errors is not compared")
finish()
