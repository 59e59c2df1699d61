#!/usr/bin/env python3
"""A text wrapped at one width, as it comes out of a PDF or an old editor, says what the unwrapped one says."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, ok  # noqa: E402

PLANS = ("dongshan-2026", "lanhai-2026", "yunlan-2025", "yunlan-2026")
NEVER_FIRST = "，。；：、）》”！？"


def wrap(text, width):
    """Han count two columns, all else one; a mark that may not begin a line hangs over."""
    lines = []
    for line in text.split("\n"):
        now, columns = "", 0
        for c in line:
            wide = 2 if ord(c) > 0x2E7F else 1
            if columns + wide > width and c not in NEVER_FIRST:
                lines.append(now)
                now, columns = "", 0
            now, columns = now + c, columns + wide
        lines.append(now)
    return "\n".join(lines)


def facts(path):
    out = json.loads(subprocess.run([GANGMU, "compile", "--format", "json", path], capture_output=True).stdout)
    found = set()
    for document in out["documents"]:
        found.add(repr(("document", document["title"], document["year"], document["date"], document["issuer"])))
        for section in document["sections"]:
            found.add(repr(("section", section["number"], section["title"])))
            for item in section["items"]:
                at = tuple(item["path"])
                found.add(repr((at, item["title"], item["text"].replace("\n", ""))))
                found.update(repr((at, role, item[role])) for role in ("lead", "assist", "guide"))
                found.update(repr((at, t["value"], t["unit"], t["bound"], t["what"])) for t in item["targets"])
                found.update(repr((at, d["title"], d["action"])) for d in item["deliverables"])
                found.update(repr((at, t["kind"], t.get("from"), t.get("to"))) for t in item["times"])
                found.update(repr((at, name)) for name in item["names"])
    return found


for plan in PLANS:
    path = os.path.join(ROOT, "demo/plans", plan + ".txt")
    text, whole = open(path, encoding="utf-8").read(), facts(path)
    for width in range(36, 61, 4):
        wrapped = os.path.join(SCRATCH, "wrapped.txt")
        with open(wrapped, "w", encoding="utf-8") as f:
            f.write(wrap(text, width))
        found = facts(wrapped)
        ok(len(whole) > 50 and found == whole, "%s wrapped at %d says the same" % (plan, width),
           "\n".join(sorted(whole ^ found)[:6]))
finish()
