"""docs/operations.md: its commands are run as they stand there, one after the other, and must succeed."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GANGMU = os.environ.get("GANGMU", os.path.join(ROOT, "build", "gangmu"))
SCRATCH = os.environ.get("SCRATCH", "/tmp")
cluster = os.environ.get("GANGMU_TEST_PG")
env = dict(os.environ, PATH=os.path.join(SCRATCH, "bin") + ":" + os.environ["PATH"])
os.makedirs(os.path.join(SCRATCH, "bin"), exist_ok=True)
os.symlink(os.path.abspath(GANGMU), os.path.join(SCRATCH, "bin", "gangmu"))
if cluster:
    subprocess.run(["psql", "-q", cluster, "-c", "CREATE SCHEMA operations"], check=True)
    env["PG"] = cluster + "&options=-csearch_path%3Doperations"

count = failed = 0
text = open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8").read()
for block in re.findall(r"```sh\n(.*?)```", text, re.S):
    for line in block.strip().splitlines():
        if "$PG" in line and not cluster:
            continue
        done = subprocess.run(["sh", "-c", line], cwd=SCRATCH, env=env, capture_output=True, text=True)
        count += 1
        failed += done.returncode != 0
        print("%s %d - %s%s" % ("ok" if done.returncode == 0 else "not ok", count, line, "" if done.returncode == 0 else ": " + done.stderr[-300:]))


def digests(db):
    out = subprocess.run([GANGMU, "move", "--db", db, "--to", db + ".copy"], cwd=SCRATCH, capture_output=True, text=True).stdout
    return [line.split()[:3] for line in out.splitlines() if line.endswith("=")]


if cluster:
    count += 1
    first, last = digests("restored.db"), digests("again.db")
    same = len(first) > 5 and first == last
    failed += not same
    print("%s %d - what came back from PostgreSQL equals what went" % ("ok" if same else "not ok", count))
print("1..%d" % count)
sys.exit(1 if failed else 0)
