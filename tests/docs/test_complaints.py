"""docs/complaints.md: every step of a story that it names is there, and passes when the story is played."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, finish, ok  # noqa: E402

rows = [x for x in open(os.path.join(ROOT, "docs", "complaints.md"), encoding="utf-8") if x.startswith("| ")][1:]
named = [re.search(r"`(systems/[\w/]+\.yaml)`“(.*)” \|$", x.strip()) for x in rows]
ok(len(rows) >= 15 and all(named), "every complaint names a story and a step", [r for r, m in zip(rows, named) if not m])
steps = {}
for story in sorted({m.group(1) for m in named if m}):
    done = subprocess.run([GANGMU, "scenario", "--json", story], cwd=ROOT, capture_output=True, text=True, timeout=300)
    told = json.loads(done.stdout)[0]["stories"][0]["steps"] if done.stdout.startswith("[") else []
    ok(bool(told), "%s is played" % story, done.stderr)
    for i, step in enumerate(told):
        group = [step]  # what is said of a step holds for those behind it that say nothing
        for after in told[i + 1:]:
            if after["say"]:
                break
            group.append(after)
        steps[story, step["say"]] = group
for row, m in zip(rows, named):
    if not m:
        continue
    group = steps.get((m.group(1), m.group(2)), [])
    bad = [(s["line"], s["misses"]) for s in group if s["verdict"] == "failed"]
    ok(group and group[0]["verdict"] == "passed" and not bad, "%s: %s" % (row.split(" | ")[0][2:], m.group(2)), bad or "no step says so")
finish()
