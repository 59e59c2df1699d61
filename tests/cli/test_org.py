"""gangmu org: the tree of a day; sheets of units, people and pupils in and out, row by row, all or nothing."""
import csv
import io
import os
import subprocess
import tempfile

GANGMU = os.environ.get("GANGMU", "build/gangmu")
D = os.environ.get("SCRATCH") or tempfile.mkdtemp()
count = failed = 0


def check(ok, name, found=None):
    global count, failed
    count += 1
    failed += not ok
    print(("ok %d - %s" if ok else "not ok %d - %s") % (count, name) + ("" if ok or found is None else ": %r" % (found,))[:900])


def at(name):
    return os.path.join(D, name)


def run(*args):
    return subprocess.run([GANGMU, *args], capture_output=True)


def org(verb, db, *args):
    return run("org", verb, "--db", at(db), *args)


def table(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def put(name, header, *rows, encoding="utf-8"):
    with open(at(name), "w", encoding=encoding, newline="") as f:
        csv.writer(f).writerows([header, *rows])
    return at(name)


# ---- the tree ----
check(run("demo", "--db", at("demo.db")).returncode == 0, "a demo")
tree = org("tree", "demo.db").stdout.decode()
past = org("tree", "demo.db", "--at", "2020-1-1").stdout.decode()
check("\n  办公室  内设机构  demo" in tree and "\n    东山一小  学校" in tree, "the tree, two blanks a level", tree[:300])
check("东山九小" in past and "东山九小" not in tree and "东山完全中学" in past and "东山实验学校" in tree, "as of a day")
check(org("tree", "demo.db", "--at", "2020-99-1").returncode == 2 and org("cut", "demo.db").returncode == 2, "refusals")

# ---- round trip: everything out, into an empty store, out again ----
run("demo", "--db", at("copy.db"))  # the copy takes the demo's numbers because it is a demo
sheets = {}
for what in ("units", "people", "pupils"):
    for form in ("csv", "xlsx"):
        a = org("export", "demo.db", "--what", what, "--numbers", "--format", form, "-o", at(what + "." + form))
        check(a.returncode == 0 and os.path.getsize(at(what + "." + form)) > 100, "export %s as %s" % (what, form), a.stderr[:300])
    sheets[what] = table(open(at(what + ".csv"), "rb").read())
check(len(sheets["units"]) > 200 and len(sheets["people"]) > 200 and len(sheets["pupils"]) == 2, "with everybody in it", [len(s) for s in sheets.values()])
check(sheets["pupils"][0]["监护人1"] in ("家长甲", "家长乙") and sheets["pupils"][0]["身份证号"].startswith("999999"), "pupils have their guardians", sheets["pupils"])
check(not any(r["电话"] for r in table(org("export", "demo.db", "--what", "people").stdout)), "numbers are not given without being asked for")
for form in ("csv", "xlsx"):
    db = form + ".db"
    subprocess.run([GANGMU, "org", "import", "--db", at(db), "--what", "units", put("one.csv", ["名称", "类型"], ["临时", "公众"])], capture_output=True)
    # a store of its own: mark it as one that takes the demo's numbers
    import sqlite3
    with sqlite3.connect(at(db)) as c:
        c.execute("INSERT INTO setting (tenant, name, value) VALUES ('local', 'demo', '1')")
        c.execute("DELETE FROM unit_act"), c.execute("DELETE FROM unit_version"), c.execute("DELETE FROM unit_path"), c.execute("DELETE FROM unit")
    for what in ("units", "people", "pupils"):
        a = org("import", db, "--what", what, at(what + "." + form))
        check(a.returncode == 0, "import %s from %s" % (what, form), (a.stdout.decode(), a.stderr.decode()[:500]))
        again = org("import", db, "--what", what, at(what + "." + form)).stdout.decode()
        check("新增0，修改0" in again, "a second time nothing is left to do", again)
    for what in ("units", "people", "pupils"):
        back = table(org("export", db, "--what", what, "--numbers").stdout)
        check(back == sheets[what], "%s from %s come back equal" % (what, form), [(x, y) for x, y in zip(back, sheets[what]) if x != y][:2] or (len(back), len(sheets[what])))
    check(run("verify", "--db", at(db)).returncode == 0, "the chain holds")

# ---- encodings, headers, row by row ----
HEAD = ["名称", "类型", "上级", "统一社会信用代码"]
gb = put("gb.csv", HEAD, ["青云市教育局", "教育局", "", ""], ["青云市第一中学", "学校", "青云市教育局", "91350100M000100Y43"], encoding="gb18030")
a = org("import", "gb.db", "--what", "units", gb)
check(a.returncode == 0 and "青云市第一中学" in org("tree", "gb.db").stdout.decode(), "GB18030", a.stderr.decode()[:300])
english = put("en.csv", ["Name", "Kind", "Unit above"], ["青云市第二中学", "school", "青云市教育局"])
check(org("import", "gb.db", "--what", "units", english).returncode == 0, "headers and words in English")
bad = put("bad.csv", HEAD, ["青云三中", "学校", "青云市教育局", ""], ["青云四中", "学校", "没有的局", ""], ["青云五中", "城堡", "青云市教育局", ""],
          ["青云六中", "学校", "青云市教育局", "91350100M000100Y44"], ["青云市第一中学", "内设机构", "青云市教育局", ""], ["=1+1", "学校", "青云市教育局", ""])
before = org("tree", "gb.db").stdout
a = org("import", "gb.db", "--what", "units", "--problems", at("problems.csv"), bad)
check(a.returncode == 1 and org("tree", "gb.db").stdout == before, "one wrong row and nothing is written", a.stdout.decode())
problems = [r["问题"] for r in table(open(at("problems.csv"), "rb").read())]
check(problems[0] == "" and all(problems[1:]) and "GB 32100" in problems[3], "each row says what is wrong", problems)
check("第3行" in a.stderr.decode(), "and where", a.stderr.decode())
rows = table(open(at("problems.csv"), "rb").read())
fixed = put("fixed.csv", list(rows[0]), list(rows[0].values()))
check(org("import", "gb.db", "--what", "units", "--dry-run", fixed).returncode == 0 and org("tree", "gb.db").stdout == before, "a dry run writes nothing")
check(org("import", "gb.db", "--what", "units", fixed).returncode == 0, "a corrected sheet with its column of problems is taken")
for name, header, row, why in (("nohead.csv", ["甲", "乙"], ["1", "2"], "no header"), ("extra.csv", HEAD + ["民族"], ["x", "学校", "", "", "01"], "a column nobody knows"),
                               ("twice.csv", ["名称", "类型", "名称"], ["x", "学校", "y"], "a column twice"), ("none.csv", HEAD, [], "no row")):
    check(org("import", "gb.db", "--what", "units", put(name, header, row)).returncode == 2, "refused: " + why)
check(org("import", "gb.db", "--what", "units", put("long.csv", HEAD[:2], *[["班%d" % i, "公众"] for i in range(20001)])).returncode == 2, "refused: too many rows")
open(at("not.xlsx"), "wb").write(b"PK\x03\x04garbage")
check(org("import", "gb.db", "--what", "units", at("not.xlsx")).returncode == 2, "refused: a broken file")
people = put("people.csv", ["姓名", "身份证号", "单位", "角色"], ["单知新", "320106201609150025", "青云市第一中学", "教师"], ["单知新", "320106201609150025", "青云市第一中学", "school_head"],
             ["某人", "999999201209050025", "", ""])
a = org("import", "gb.db", "--what", "people", people)
check(a.returncode == 1 and "GB/T 2260" in a.stderr.decode(), "the demo's numbers are not taken elsewhere", a.stderr.decode())
people = put("people.csv", ["姓名", "身份证号", "单位", "角色"], ["单知新", "320106201609150025", "青云市第一中学", "教师"], ["单知新", "320106201609150025", "青云市第一中学", "school_head"])
a = org("import", "gb.db", "--what", "people", people)
check(a.returncode == 0 and len(table(org("export", "gb.db", "--what", "people").stdout)) == 2, "one person, two posts", a.stderr.decode())
classes = put("classes.csv", ["名称", "类型", "上级"], ["高一1班", "班级", "青云市第一中学"])
org("import", "gb.db", "--what", "units", classes)
pupils = put("pupils.csv", ["姓名", "学籍号", "班级", "监护人1", "关系1", "监护人1电话", "监护人2", "关系2", "监护人2电话"],
             ["大宝", "L320102201503011234", "高一1班", "林妈", "母亲", "13800138000", "林爸", "father", "13800138001"],
             ["二宝", "L320102201603011234", "高一1班", "林妈", "母亲", "13800138000", "", "", ""])
a = org("import", "gb.db", "--what", "pupils", pupils)
back = table(org("export", "gb.db", "--what", "pupils").stdout)
check(a.returncode == 0 and len({b["监护人1编号"] for b in back} | {b["监护人2编号"] for b in back} - {""}) == 2, "brother and sister share a mother", (a.stderr.decode(), back))
check(run("verify", "--db", at("gb.db")).returncode == 0, "the chain holds")
print("1..%d" % count)
raise SystemExit(1 if failed else 0)
