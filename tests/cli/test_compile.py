#!/usr/bin/env python3
"""The command line: formats, exit statuses, the published schema, the comparison, the index. TAP."""
import csv
import io
import json
import os
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, keep, ok


PLAN = """云岚市教育局2026年工作要点

一、扩充学位供给

1.加快校舍建设。全年竣工学校41所，其中幼儿园17所、小学14所、初中8所、高中1所、特殊教育1所。6月底前出台《云岚市校舍建设管理办法》。（牵头负责：发展规划与财务处；配合单位：基础教育处）

2.改善教室环境。9月底前遴选3—5所学校开展试点，力争80%以上教室照明达标。（牵头负责：基础教育处）
"""
OLDER = PLAN.replace("2026", "2025").replace("41所", "28所").replace("幼儿园17所", "幼儿园4所")


def gangmu(*words, text=None, lang="zh_CN.UTF-8"):
    env = dict(os.environ, LC_ALL=lang)
    return subprocess.run([GANGMU, *words], capture_output=True, env=env,
                          input=text.encode() if isinstance(text, str) else text)


def check_schema(new, old):
    done = gangmu("compile", "--schema")
    schema = json.loads(done.stdout)
    ok(done.returncode == 0 and schema["$schema"].endswith("2020-12/schema"), "--schema prints a JSON Schema")
    try:
        import jsonschema
    except ImportError:
        ok(True, "output validates # SKIP python3-jsonschema is not here")
        return
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for files in ([new], [new, old]):
        out = json.loads(gangmu("compile", *files).stdout)
        wrong = ["%s: %s" % (list(e.absolute_path), e.message[:200]) for e in check.iter_errors(out)]
        ok(not wrong, "output of %d file(s) validates" % len(files), "\n".join(wrong[:5]))
    for path in sorted(os.listdir(os.path.join(ROOT, "demo", "plans")) if os.path.isdir(os.path.join(ROOT, "demo", "plans")) else []):
        done = gangmu("compile", os.path.join(ROOT, "demo", "plans", path))
        if done.returncode == 2:
            continue
        wrong = ["%s: %s" % (list(e.absolute_path), e.message[:200]) for e in check.iter_errors(json.loads(done.stdout))]
        ok(not wrong, "demo plan %s validates" % path, "\n".join(wrong[:5]))


def check_json(new):
    done = gangmu("compile", new)
    out = json.loads(done.stdout)
    item = out["documents"][0]["sections"][0]["items"][0]
    ok(done.returncode == 0, "a clean plan: exit 0", done.stderr.decode() + done.stdout.decode()[:300])
    ok(item["lead"] == ["发展规划与财务处"] and item["assist"] == ["基础教育处"], "lead and assist", item["lead"] + item["assist"])
    ok([t["value"] for t in item["targets"]] == [41, 17, 14, 8, 1, 1], "targets", item["targets"])
    due = out["documents"][0]["sections"][0]["items"][1]["due"]
    ok(due == {"date": "2026-09-30", "inferred": due["inferred"], "span": due["span"]}, "due", due)
    piped = json.loads(gangmu("compile", "-", text=PLAN).stdout)
    ok({**piped, "source": ""} == {**out, "source": ""}, "standard input gives the same")
    ok(done.stdout == gangmu("compile", new).stdout, "the same bytes twice")
    raw = PLAN.encode()
    lo, hi = item["targets"][0]["span"]["src"]
    ok("41所" in raw[lo:hi].decode(), "the span of a target is its place in the file", raw[lo:hi])


def check_formats(new):
    text = gangmu("compile", "--format", "text", new).stdout.decode()
    ok("核算相符" in text and "^" in text, "text has diagnostics with carets", text)
    table = gangmu("compile", "--format", "csv", new).stdout.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    ok(rows[0] == ["序号", "条目", "任务", "牵头", "配合", "目标", "期限", "成果"], "CSV head", rows[0])
    ok(all(len(r) == 8 for r in rows) and table.endswith("\r\n"), "CSV rows of eight cells, CRLF", table)
    row = next((r for r in rows if r[0] == "1"), [""] * 8)
    ok("学校41所" in row[5].split("\n")[0] and "《云岚市校舍建设管理办法》" in row[7], "CSV says target and document", row)
    row = next((r for r in rows if r[0] == "2"), [""] * 8)
    ok("2026年9月30日" in row[6] and "3—5所" in row[5], "CSV says the date and the range", row)
    ok("| 序号 | 条目 |" in gangmu("compile", "--format", "markdown", new).stdout.decode(), "Markdown has the table")
    for kind, part in (("xlsx", "xl/workbook.xml"), ("docx", "word/document.xml")):
        path = os.path.join(SCRATCH, "out." + kind)
        done = gangmu("compile", "--format", kind, "-o", path, new)
        names = zipfile.ZipFile(path).namelist() if done.returncode == 0 else []
        ok(part in names, "%s is written" % kind, done.stderr.decode())
    evil = keep("evil.txt", PLAN.replace("加快校舍建设", "=1+1"))
    cells = list(csv.reader(io.StringIO(gangmu("compile", "--format", "csv", evil).stdout.decode("utf-8-sig"))))
    ok(not any(c[:1] in "=+-@" for r in cells for c in r if c), "no cell is a formula", cells)


def check_refusals(new):
    cases = {"empty": ("", 2), "binary": (bytes(range(256)) * 40, 2),
             "novel": ("那天夜里下着小雨，他一个人走在河边，想起许多年前的事情。她没有回头，灯光在水面上晃动着。\n" * 200, 2),
             "too large": (b"\xe4\xb8\x80" * (6 << 20), 2)}
    for name, (data, status) in cases.items():
        done = gangmu("compile", keep(name.replace(" ", "-") + ".txt", data))
        ok(done.returncode == status and done.stderr and not done.stdout, "%s: exit %d with a reason" % (name, status),
           "%d %s" % (done.returncode, done.stderr.decode()))
    ok(gangmu("compile", os.path.join(SCRATCH, "absent.txt")).returncode == 2, "absent file: exit 2")
    wrong = gangmu("compile", keep("sum.txt", PLAN.replace("小学14所", "小学15所")))
    ok(wrong.returncode == 1 and b'"code":"sum"' in wrong.stdout, "a sum that does not add up: exit 1", wrong.stdout[:200])
    for words in (["nonsense"], ["compile", "--nonsense", new], ["compile", "--format", "pdf", new], ["compile", "--year", "20x6", new],
                  ["compile"], ["compare", new]):
        done = gangmu(*words)
        ok(done.returncode == 2 and done.stderr, "refused with a reason: %s" % " ".join(words[:2]), done.stderr.decode())
    ok("Unknown format" in gangmu("compile", "--format", "pdf", new, lang="en_US.UTF-8").stderr.decode(), "English by the environment")
    ok("Unknown format" in gangmu("compile", "--lang", "en", "--format", "pdf", new).stderr.decode(), "English by option")
    for word in ("compile", "compare", "index"):
        ok(word in gangmu("help").stdout.decode() and gangmu("help", word).returncode == 0, "help %s" % word)
    ok(gangmu("version").stdout.startswith(b"gangmu "), "version")


def check_options(new):
    out = json.loads(gangmu("compile", "--year", "2031", new).stdout)
    ok(out["documents"][0]["year"] == 2031, "--year", out["documents"][0]["year"])
    units = keep("units.txt", "发展规划与财务处\n# 注\n基础教育科\n")
    out = json.loads(gangmu("compile", "--org-dictionary", units, new).stdout)
    unknown = [d for d in out["diagnostics"] if d["code"] == "unit-unknown"]
    ok([d["args"]["name"] for d in unknown] == ["基础教育处"] and unknown[0]["args"].get("near") == "基础教育科",
       "--org-dictionary names the unknown unit and the nearest", unknown)


def check_compare(new, old):
    done = gangmu("compare", "--format", "json", old, new)
    out = json.loads(done.stdout)
    ok(done.returncode == 1 and out["mode"] == "years", "two years: exit 1", done.stderr.decode())
    up = [t for r in out["rows"] for t in r["targets"] if t["kind"] == "up"]
    ok({t["change"] for t in up} == {13}, "targets went up by 13", up)
    ok(gangmu("compare", new, new).returncode == 0, "the same: exit 0")
    for kind, word in (("text", "有改"), ("markdown", "**"), ("html", "<ins>")):
        ok(word in gangmu("compare", "--format", kind, old, new).stdout.decode(), "compare --format %s" % kind)
    cut = keep("links.txt", "1.1 1.1 cut\n")
    out = json.loads(gangmu("compare", "--format", "json", "--links", cut, old, new).stdout)
    kinds = [r["kind"] for r in out["rows"] if "1.1" in (r["left"] or {}).get("path", "") + (r["right"] or {}).get("path", "")]
    ok(sorted(kinds) == ["gone", "new"], "a link that was cut stays cut", kinds)
    fixed = keep("fixed.txt", "1.1 1.2\n")
    out = json.loads(gangmu("compare", "--format", "json", "--links", fixed, old, new).stdout)
    ok(any(r["left"] and r["right"] and r["left"]["path"] == "1.1" and r["right"]["path"] == "1.2" and "fixed" in r["reasons"]
           for r in out["rows"]), "a link that was fixed holds", out["rows"])
    ok(gangmu("compare", new, os.path.join(SCRATCH, "absent.txt")).returncode == 2, "absent: exit 2")


def check_index(new, old):
    done = gangmu("index", new, old)
    pairs = [json.loads(x) for x in done.stdout.decode().splitlines()]
    ok(done.returncode == 0 and any(p["left"]["title"] == "改善教室环境" == p["right"]["title"] and p["score"] == 1000 for p in pairs),
       "index finds the equal items", done.stdout.decode())


def main():
    new, old = keep("new.txt", PLAN), keep("old.txt", OLDER)
    for check in (check_schema, check_compare, check_index):
        check(new, old)
    for check in (check_json, check_formats, check_refusals, check_options):
        check(new)
    finish()


if __name__ == "__main__":
    main()
