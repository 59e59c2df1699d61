#!/usr/bin/env python3
"""The packages under systems/: nothing is wrong with any of them, alone and beside the others; they are written in the one layout;
each has a story; docs/systems.md says what there is (`--write` puts the table there); expressions can be tried out. TAP."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, finish, ok

FOLDER = os.path.join(ROOT, "systems")


def run(*words):
    done = subprocess.run([GANGMU, "system", *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


names = sorted(os.listdir(FOLDER))
for name in names:
    status, said = run("check", os.path.join("systems", name))
    ok(status == 0 and "hint" not in said, "%s: nothing wrong" % name, said)
    status, said = run("format", "--check", os.path.join("systems", name))
    ok(status == 0, "%s: written as the formatter writes it" % name, said)
    story = open(os.path.join(FOLDER, name, "scenario.yaml"), encoding="utf-8").read()
    ok(story.count("\n  - ") >= 8 and "expect" in story and "refused" in story, "%s: a story that expects and refuses" % name)
status, said = run("check", *[os.path.join("systems", name) for name in names])
ok(status == 0, "the packages fit one another", said)
status, table = run("rows", "--played", "docs/stories.txt", *[os.path.join("systems", name) for name in names])
path = os.path.join(ROOT, "docs/systems.md")
doc = open(path, encoding="utf-8").read()
if sys.argv[1:] == ["--write"]:
    doc = re.sub(r"^\| .*\n(\|.*\n)+", lambda old: table, doc, flags=re.M)
    open(path, "w", encoding="utf-8").write(doc)
ok(status == 0 and table in doc, "docs/systems.md holds the table that the program makes", table)
rows = re.findall(r"^\| (S\d{3}) \|", table, re.M)
ok(len(rows) == len(set(rows)), "no row is claimed twice", rows)

TRIALS = [  # record, expression, what is given, what the last line says
    ("hazard hazard", "look(matrix, likelihood, severity).grade", ["likelihood=likely", "severity=serious"], "= .greater "),
    ("hazard hazard", "look(matrix, likelihood, severity).grade", ["likelihood=likely"], "= none "),
    ("task task", "due + 5 workdays", ["due=2026-04-30"], "= 2026-05-11 "),  # the holiday, and the Saturday that is worked
]
for place, expression, given, last in TRIALS:
    name, record = place.split()
    status, said = run("try", os.path.join("systems", name), record, expression, *given)
    ok(status == 0 and said.splitlines()[-1].startswith(last), "try %s %s %s" % (place, expression, given), said)
status, said = run("try", "systems/task", "task", "due + 5 所")
ok(status == 1 and "T0" in said and "^" in said, "a trial tells what is wrong with the expression", said)
status, said = run("try", "systems/task", "task", "due", "due=tomorrow")
ok(status == 2 and "tomorrow" in said, "a trial tells which value is none of its field", said)
finish()
