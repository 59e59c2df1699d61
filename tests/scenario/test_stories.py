#!/usr/bin/env python3
"""The stories of the packages, played as they are written, on SQLite and on PostgreSQL; each story is a process of its own, so that
they run beside one another.

    test_stories.py NAME…            a line for each story and engine; what failed is shown as `gangmu scenario` tells it
    test_stories.py --write NAME…    the same, and docs/stories.txt is told what came of it

docs/stories.txt has a line for each story and engine: system, digest of its files, story, engine, steps passed, failed, not yet.
docs/systems.md is made of it (`gangmu system rows`); a package that changed has no result until its stories are played again.
What a story does here and what stands in that file must be the same. TAP."""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from postgres import Cluster  # noqa: E402
from tap import GANGMU, ROOT, SCRATCH, finish, ok  # noqa: E402

FILE = os.path.join(ROOT, "docs/stories.txt")
SECONDS = 580


def stories(system):
    folder = os.path.join(ROOT, "systems", system)
    more = os.path.join(folder, "scenarios")
    names = ["scenario.yaml"] + sorted("scenarios/" + n for n in (os.listdir(more) if os.path.isdir(more) else []))
    return [n for n in names if os.path.exists(os.path.join(folder, n))]


def play(job):
    system, story, engine, url = job
    # the orders of what happens at once are tried on SQLite, where a store is copied in no time, and some of them on PostgreSQL
    words = [GANGMU, "scenario", "--json", "--lang", "zh"] + (["--db", url, "--interleavings", "4"] if url else []) + ["systems/%s/%s" % (system, story)]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, env=dict(os.environ, TMPDIR=SCRATCH))
        told = json.loads(done.stdout)[0]
    except subprocess.TimeoutExpired:
        return job, None, "longer than %d s" % SECONDS
    except (ValueError, IndexError):
        return job, None, done.stdout[-2000:] + done.stderr[-2000:]
    return job, told, done.stderr


def shown(told):
    """The first steps that failed, a few lines each."""
    story = told["stories"][0]
    lines = [story["broken"]] if story.get("broken") else []
    for step in story["steps"]:
        if step["verdict"] == "failed" and len(lines) < 30:
            lines.append("line %d, step %s: %s %s" % (step["line"], step["no"], step["who"], step["what"][:120]))
            lines += ["    expected %s | got %s %s" % (m["expected"][:160], m["got"][:200], m.get("why", "")) for m in step["misses"][:4]]
    return "\n".join(lines)


def known():
    if not os.path.exists(FILE):
        return []
    return [line for line in open(FILE, encoding="utf-8").read().splitlines() if line and not line.startswith("#")]


def main(names, write, url):
    engines = [("sqlite", "")] + ([("postgresql", url)] if url else [])
    jobs = [(s, story, engine, where) for s in names for story in stories(s) for engine, where in engines]
    lines = []
    with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as pool:
        for (system, story, engine, _), told, said in pool.map(play, jobs):
            got = told["stories"][0] if told else {"passed": 0, "failed": 1, "not_yet": 0}
            # which of two at once was first decides about steps with `if`: done or left out, they are as they should be
            good = got["passed"] + sum(s["verdict"] == "left_out" for s in got.get("steps", []))
            later = ", %d not yet" % got["not_yet"] if got["not_yet"] else ""
            ok(got["failed"] == 0 and got["passed"] > 0, "%s/%s on %s: %d steps%s" % (system, story, engine, good, later),
               shown(told) if told else said)
            digest = told["digest"][:16] if told else "-"
            lines.append(" ".join(map(str, (system, digest, story, engine, good, got["failed"], got["not_yet"]))))
    old = known()
    if write:
        kept = sorted([line for line in old if line.split()[0] not in names] + lines)
        with open(FILE, "w", encoding="utf-8") as f:
            f.write("# What came of the stories; written by tests/scenario/test_stories.py --write.\n"
                    "# system, digest of its files, story, engine, steps passed, failed, not yet\n" + "\n".join(kept) + "\n")
    elif url:
        ok(sorted(line for line in old if line.split()[0] in names) == sorted(lines), "docs/stories.txt tells the same",
           "\n".join(sorted(lines)))


if __name__ == "__main__":
    wanted = [w for w in sys.argv[1:] if not w.startswith("-")] or sorted(os.listdir(os.path.join(ROOT, "systems")))
    if os.environ.get("GANGMU_TEST_PG"):
        main(wanted, "--write" in sys.argv, os.environ["GANGMU_TEST_PG"])
    else:
        with Cluster() as made:
            main(wanted, "--write" in sys.argv, made)
    finish()
