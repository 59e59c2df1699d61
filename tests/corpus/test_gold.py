#!/usr/bin/env python3
"""The shared corpus, when it is there: the gold files against the bars of the specification, the loss law and the
spans of every file, the two copies of one plan, and the counts of the file that holds three plans. TAP."""
import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, ok

CORPUS = os.path.join(os.path.dirname(ROOT), "shared", "corpus")
BARS = {"sections": 1.0, "items": 1.0, "lead": 1.0, "deliverables": 1.0, "titles": 0.99, "text": 0.99,
        "targets": 0.97, "new": 0.95, "names": 0.90}


def gangmu(*words, **more):
    return subprocess.run([GANGMU, *words], capture_output=True, **more)


def compiled(path):
    done = gangmu("compile", path)
    if not ok(done.returncode in (0, 1), "%s compiles" % os.path.basename(path), done.stderr.decode()):
        return None
    return json.loads(done.stdout)


def score(gold, out):
    name = os.path.join(SCRATCH, os.path.basename(gold))
    with open(name, "w", encoding="utf-8") as f:
        json.dump(out, f, ensure_ascii=False)
    done = subprocess.run([sys.executable, os.path.join(CORPUS, "gold", "score.py"), gold, name, "-v"],
                          capture_output=True, text=True)
    got = dict(re.findall(r"F1_(\w+)=([0-9.]+)", done.stdout.splitlines()[-1]))
    label = os.path.splitext(os.path.basename(gold))[0]
    for field, bar in BARS.items():
        wrong = [x for x in done.stdout.splitlines() if re.match(r"[-+] %s(\.new)? " % (field if field != "new" else "deliverables"), x)]
        ok(float(got[field]) >= bar, "%s: %s %s, bar %.2f" % (label, field, got[field], bar), "\n".join(wrong))


def undone(out, file_bytes):
    """Cleaned text + repairs + trims = the original: undoing the edits from the last to the first place. Layer 0 is
    nearest to the file; for these files (UTF-8 text) every layer maps back to bytes of the file."""
    edits = sorted(out["repairs"] + out["trims"], key=lambda e: e["src"])
    for e in edits:
        before = e["before"].encode()
        if e["before"].startswith("hex:"):
            before = bytes.fromhex(e["before"][4:])
        yield e, file_bytes[e["src"][0]:e["src"][1]] == before


def facts(out):
    for d in out["documents"]:
        for s in d["sections"]:
            for it in s["items"] + s["groups"]:
                for kind in ("units", "targets", "targets_unsure", "targets_soft", "deliverables", "documents_unmarked",
                             "name_facts", "quotes", "measures", "times", "duties", "universals", "comparisons", "placeholders"):
                    for fact in it[kind]:
                        yield it, kind, fact


def check_spans(path, out):
    raw = open(path, "rb").read()
    wrong = ["%s %s" % (kind, fact) for it, kind, fact in facts(out)
             if not 0 <= fact["span"]["src"][0] < fact["span"]["src"][1] <= len(raw)]
    for it, kind, fact in facts(out):
        lo, hi = fact["span"]["src"]
        try:
            raw[lo:hi].decode()
        except UnicodeDecodeError:
            wrong.append("%s cuts a character: %s" % (kind, fact))
    name = os.path.basename(path)
    ok(not wrong, "%s: every fact lies in the file" % name, "\n".join(wrong))
    bad = [str(e) for e, good in undone(out, raw) if not good and e["layer"] == 0]
    ok(not bad, "%s: what the first layer changed stands in the file" % name, "\n".join(bad))


def numbers(out):
    return [(t["value"], t["value_max"], t["unit"], t["bound"]) for _, kind, t in facts(out) if kind == "targets"]


def check_three(out):
    docs = out["documents"]
    sections = sum(len(d["sections"]) for d in docs)
    items = [sum(len(s["items"]) for s in d["sections"]) for d in docs]
    ok(len(docs) == 3, "the file of three plans: 3 documents", len(docs))
    ok(sections == 24, "24 sections", sections)
    ok(items == [20, 38, 43], "101 items", items)


def check_copies(a, b):
    done = gangmu("compare", "--format", "json", a, b)
    ok(done.returncode == 1, "the two copies differ a little: exit 1", done.stderr.decode())
    out = json.loads(done.stdout)
    ok(out["mode"] == "copies", "they are seen as copies", out["mode"])
    ok(out["counts"]["new"] == 0 and out["counts"]["gone"] == 0, "no item is new or gone", out["counts"])
    changed = [r["right"]["path"] for r in out["rows"] if r["kind"] == "changed"]
    ok(sorted(changed) == ["1.1", "1.7", "6.32"], "exactly three items differ", changed)
    moved = {k: n for k, n in out["target_counts"].items() if k != "same" and n}
    ok(not moved, "no figure differs", moved)
    fields = sorted({m["field"] for m in out["documents"]} - {"preamble"})
    ok(fields == ["issuer", "title"], "title and issuer stand in one copy only", fields)
    same = gangmu("compare", b, b)
    ok(same.returncode == 0, "a file beside itself: exit 0", same.stdout.decode())
    both = json.loads(gangmu("compile", a, b).stdout)
    ok(both[0]["same_as"] == [b] and both[1]["same_as"] == [a], "same_as is filled", [x["same_as"] for x in both])


def main():
    files = sorted(glob.glob(os.path.join(CORPUS, "[0-9]*.txt")))
    if not files:
        ok(True, "corpus # SKIP ../shared/corpus is not here")
        finish()
    out = {os.path.basename(f)[:3]: compiled(f) for f in files}
    path = {os.path.basename(f)[:3]: f for f in files}
    for gold in sorted(glob.glob(os.path.join(CORPUS, "gold", "seeds", "*.json"))):
        key = os.path.basename(gold)[:3]
        if out.get(key):
            score(gold, out[key])
    for key, value in out.items():
        if value:
            check_spans(path[key], value)
    if out.get("002"):
        check_three(out["002"])
    if out.get("000") and out.get("003"):
        ok(numbers(out["000"]) == numbers(out["003"]), "the damaged copy gives the same figures",
           "%s\n%s" % (numbers(out["000"]), numbers(out["003"])))
        check_copies(path["000"], path["003"])
    finish()


if __name__ == "__main__":
    main()
