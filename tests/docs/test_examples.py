#!/usr/bin/env python3
"""Every ```case block of docs/*.md is run by the case runner; every relative link of the texts leads somewhere."""
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILD, ROOT, finish, ok


def examples(path):
    text = open(path, encoding="utf-8").read()
    return re.findall(r"^```case\n(.*?)^```", text, re.M | re.S)


def run_examples(path):
    name = os.path.relpath(path, ROOT)
    for i, case in enumerate(examples(path), 1):
        with tempfile.NamedTemporaryFile("w", suffix=".case", encoding="utf-8") as f:
            f.write(case)
            f.flush()
            done = subprocess.run([os.path.join(BUILD, "tests/cases"), f.name], capture_output=True, text=True)
        ran = done.stdout.count("\nok") + done.stdout.startswith("ok")
        why = "; ".join(x for x in done.stdout.splitlines() if not x.startswith("ok"))[:400]
        ok(done.returncode == 0 and ran > 0, "%s example %d" % (name, i), why)


def check_links(path):
    text = re.sub(r"```.*?```", "", open(path, encoding="utf-8").read(), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        there = os.path.exists(os.path.join(os.path.dirname(path), target))
        ok(there, "%s links to %s" % (os.path.relpath(path, ROOT), target), "not there")


if len(examples(os.path.join(ROOT, "docs/plan-language.md"))) < 8:
    ok(False, "docs/plan-language.md has its examples", "fewer than 8")
for page in sorted(glob.glob(os.path.join(ROOT, "docs/**/*.md"), recursive=True)) + glob.glob(os.path.join(ROOT, "README*.md")):
    run_examples(page)
    check_links(page)
finish()
