"""docs/operations.md: its commands are run as they stand there, one after the other, and must succeed."""
import os
import re
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, ok  # noqa: E402

cluster = os.environ.get("GANGMU_TEST_PG")
env = {k: v for k, v in os.environ.items() if not k.startswith("GANGMU")}
env["PATH"] = os.path.join(SCRATCH, "bin") + ":" + env["PATH"]
os.makedirs(os.path.join(SCRATCH, "bin"), exist_ok=True)
os.symlink(os.path.abspath(GANGMU), os.path.join(SCRATCH, "bin", "gangmu"))
if cluster:
    subprocess.run(["psql", "-q", cluster, "-c", "CREATE SCHEMA operations"], check=True)
    env["PG"] = cluster + "&options=-csearch_path%3Doperations"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


def commands():
    text = open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8").read()
    for port in ("8080", "8081", "8082", "8443"):  # others may be using these
        text = text.replace(":" + port, ":" + free_port())
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        if cluster or "$PG" not in block:
            yield from block.strip().splitlines()


def digests(db):
    """What each table holds, as the copying of a database says it."""
    done = subprocess.run([GANGMU, "move", "--db", db, "--to", db + ".copy"], cwd=SCRATCH, capture_output=True, text=True)
    # the journal is cut by the backup
    return [line.split()[:3] for line in done.stdout.splitlines() if line.endswith("=") and not line.startswith("journal")]


def settings():
    """The table of settings as the program itself would write it."""
    english = dict(env, LC_ALL="en_US.UTF-8")
    ask = lambda *words: subprocess.run([GANGMU, *words], env=english, capture_output=True, text=True).stdout.splitlines()
    helps = dict(m.group(1, 2) for m in (re.match(r"\s+--([a-z-]+)(?: \S+)?\s+(.*)", line) for line in ask("serve", "--help")) if m)
    values = [(line.split(" = ")[0].strip(), line.split('"')[1]) for line in ask("config", "show")]
    return ["| `%s` | %s | %s |" % (name, "`%s`" % value if value else "", helps[name]) for name, value in values]


text = open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8").read()
written = re.search(r"\| setting \|.*?\n\|---.*?\n(.*?)\n\n", text, re.S).group(1).splitlines()
ok(len(written) > 10 and written == settings(), "the table of settings is the program's", [x for x in zip(written, settings()) if x[0] != x[1]])
for line in commands():
    done = subprocess.run(["sh", "-c", line], cwd=SCRATCH, env=env, capture_output=True, text=True, timeout=120)
    ok(done.returncode == 0, line, done.stdout + done.stderr)
if cluster:
    first, last = digests("restored.db"), digests("again.db")
    ok(len(first) > 5 and first == last, "what came back from PostgreSQL equals what went", "%s %s" % (first, last))
finish()
