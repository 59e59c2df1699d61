#!/usr/bin/env python3
"""What the checker of system packages says: tests/cases/declare/*.case. A case is base.yaml (those of story.case: story.yaml, of
paper.case: sheet.html, of demo.case: ticket.csv), which is right, with one piece of it replaced, and every fault that must be told of it: code, the text at the place of the caret, words of the sentence or hint.
The faults of a case are all that may be told. TAP."""
import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, keep, ok

CASES = os.path.join(ROOT, "tests/cases/declare")
BASE = open(os.path.join(CASES, "base.yaml"), encoding="utf-8").read()
PAPER = open(os.path.join(CASES, "sheet.html"), encoding="utf-8").read()
STORY = open(os.path.join(CASES, "story.yaml"), encoding="utf-8").read()
DEMO = open(os.path.join(CASES, "ticket.csv"), encoding="utf-8").read()
FOLDER = os.path.join(SCRATCH, "repair")
FAULT = re.compile(r'(?P<code>[A-Z]\d{3}) at "(?P<at>(?:[^"\\]|\\.)*)"(?: says "(?P<says>.*)")?$')


def checked(text, story=STORY, paper=PAPER, demo=DEMO):
    os.makedirs(os.path.join(FOLDER, "papers"), exist_ok=True)
    os.makedirs(os.path.join(FOLDER, "demo"), exist_ok=True)
    for path, content in (("system.yaml", text), ("scenario.yaml", story), ("papers/sheet.html", paper), ("demo/ticket.csv", demo)):
        with open(os.path.join(FOLDER, path), "w", encoding="utf-8", newline="") as file:
            file.write(content)
    done = subprocess.run([GANGMU, "system", "check", "--json", FOLDER], capture_output=True, timeout=20)
    return done.returncode, json.loads(done.stdout or b"[]")


def cases(path):
    text = open(path, encoding="utf-8").read()
    for block in re.split(r"^=== ", text, flags=re.M)[1:]:
        title, rest = block.split("\n", 1)
        parts = re.split(r"^--- (instead of|stands|diagnostics)\n", rest, flags=re.M)
        yield title, {parts[i]: parts[i + 1].rstrip("\n") for i in range(1, len(parts), 2)}


def fits(want, fault, lines):
    line = lines[fault["line"] - 1] if fault["line"] <= len(lines) else ""
    words = fault["says"] + " " + (fault["hint"] or "")
    at = want["at"].replace('\\"', '"')
    return fault["code"] == want["code"] and line[fault["column"] - 1:].startswith(at) and (want["says"] or "") in words


def play(name, parts):
    old, new = parts["instead of"], parts["stands"]
    kind = name.split(":")[0]
    base = {"story": STORY, "paper": PAPER, "demo": DEMO}.get(kind, BASE)
    if base.count(old) != 1:
        return ok(False, "%s: the piece stands once in its base" % name)
    text = base.replace(old, new)
    status, faults = checked(BASE, text) if kind == "story" else checked(BASE, STORY, text) if kind == "paper" else \
        checked(BASE, STORY, PAPER, text) if kind == "demo" else checked(text)
    wants = [FAULT.match(line).groupdict() for line in parts["diagnostics"].splitlines() if line.strip()]
    left = list(faults)
    missing = []
    for want in wants:
        found = next((x for x in left if fits(want, x, text.split("\n"))), None)
        if found:
            left.remove(found)
        else:
            missing.append(want)
    is_error = any(x["level"] == "error" for x in faults)
    good = not missing and not left and status == (1 if is_error else 0)
    ok(good, name, "status %s, missing %s, told besides %s" % (status, missing, left))


def several():
    """Two packages that use each other, and one that uses what is not there."""
    folders = []
    for name, uses in (("one", "{two: {measures: [asked]}}"), ("two", "{one: {ticket: {acts: {ask: [code, colour]}, fields: [kind]}}}")):
        folder = os.path.join(SCRATCH, name)
        text = BASE.replace("system: repair", "system: " + name)
        text = re.sub(r"^uses:\n.*\n", "uses: %s\n" % uses, text, flags=re.M)
        os.makedirs(os.path.join(folder, "papers"), exist_ok=True)
        for path, content in (("system.yaml", text), ("scenario.yaml", STORY.replace("system: repair", "system: " + name)),
                              ("papers/sheet.html", PAPER), ("run.sh", "")):
            keep(os.path.join(name, path), content)
        folders.append(folder)
    done = subprocess.run([GANGMU, "system", "check", "--json"] + folders, capture_output=True, timeout=20)
    return sorted((x["code"], os.path.basename(os.path.dirname(x["file"])), x["says"]) for x in json.loads(done.stdout))


told = several()
ok([x[:2] for x in told] == [("N003", "two"), ("N006", "one"), ("N006", "two"), ("Y014", "one"), ("Y014", "two")],
   "packages are held against one another; a file without a place is refused", told)
ok("colour" in told[0][2] and "one → two → one" in told[1][2], "what is not there and the circle are named", told)
ok(checked(BASE) == (0, []), "the base of the cases has nothing wrong", checked(BASE))
seen = 0
for path in sorted(glob.glob(os.path.join(CASES, "*.case"))):
    for title, parts in cases(path):
        play("%s: %s" % (os.path.basename(path)[:-5], title), parts)
        seen += 1
ok(seen >= 40, "forty declarations and more are refused or warned of", seen)
finish()
