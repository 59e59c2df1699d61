"""backup, restore, move, migrate and doctor on the real binary: during writes, on both engines, with damage, refused."""
import os
import sqlite3
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "http"))
from kit import GANGMU, SCRATCH, Client, Server, check, demo, finish  # noqa: E402

CLUSTER = os.environ.get("GANGMU_TEST_PG")


def gangmu(*words):
    done = subprocess.run([GANGMU, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def path(name):
    return os.path.join(SCRATCH, name)


def schema(name):
    subprocess.run(["psql", "-q", CLUSTER, "-c", "CREATE SCHEMA " + name], check=True)
    return CLUSTER + "&options=-csearch_path%3D" + name


# ---- a backup while people write ----
server = Server("live.db", "--demo", "--log", "error")
answered = []
stop = threading.Event()


def write():
    client = Client(server)
    while not stop.is_set():
        n = len(answered) + 1
        text = "云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）新建学校%d所。（发展规划与财务处）\n" % (n, n)
        if client.upload("p%d.txt" % n, text.encode()).status == 200:
            answered.append(n)


thread = threading.Thread(target=write)
thread.start()
while len(answered) < 3:
    pass
before = len(answered)
status, says = gangmu("backup", "--db", server.db, "--to", path("hot.db"))
after = len(answered)
stop.set()
thread.join()
check(status == 0 and "≠" not in says, "a backup is made while people write", says)
kept = sqlite3.connect(path("hot.db")).execute("SELECT count(*) FROM plan WHERE name LIKE 'p%'").fetchone()[0]
check(before <= kept <= after + 1, "it holds all that was answered before it", (before, kept, after))
check(gangmu("doctor", "--db", path("hot.db"))[0] == 0, "the backup is sound")
check(not [n for n in os.listdir(SCRATCH) if ".part" in n], "nothing is left beside it")
check(server.stop() == 0, "the server ends in order")

# ---- restored, and used ----
status, says = gangmu("restore", "--from", path("hot.db"), "--db", path("again.db"))
check(status == 0, "it is restored", says)
server = Server("again.db", "--log", "error")
check(len(Client(server).get("/api/v1/plans").json["rows"]) > 3, "a server on the restored database shows the plans")
check(Client(server).upload("neu.txt", demo("yunlan-2025.txt")).status in (200, 409), "and takes new ones")
check(server.stop() == 0 and server.verify() == 0, "and its chain goes on")

# ---- refusals ----
status, says = gangmu("backup", "--db", path("hot.db"), "--to", path("again.db"))
check(status == 2 and "again.db" in says, "what is there is not written over", says)
check(gangmu("backup", "--db", path("absent.db"), "--to", path("x.db"))[0] == 2, "an absent database is no backup")
check(not os.path.exists(path("absent.db")) and not os.path.exists(path("x.db")), "and leaves no file")
check(gangmu("backup", "--db", path("hot.db"))[0] == 2, "without --to it says how it is used")
check(gangmu("backup", "--db", path("hot.db"), "--to", path("no/such/folder.db"))[0] == 2, "a folder that is not there")

# ---- migrations ----
status, says = gangmu("migrate", "--db", path("hot.db"), "--dry-run")
check(status == 0 and "CREATE" not in says, "a current schema needs nothing", says)
sqlite3.connect(path("empty.db")).close()
open(path("empty.db"), "wb").close()
status, says = gangmu("migrate", "--db", path("empty.db"), "--dry-run")
check(status == 0 and "CREATE TABLE event" in says and os.path.getsize(path("empty.db")) == 0, "a dry run prints the steps and writes nothing", says[:200])
check(gangmu("migrate", "--db", path("empty.db"))[0] == 0 and gangmu("doctor", "--db", path("empty.db"))[0] == 0, "then they are taken")

# ---- what the doctor finds ----
gangmu("restore", "--from", path("hot.db"), "--db", path("ill.db"))
ill = sqlite3.connect(path("ill.db"))
ill.execute("UPDATE event SET actor = 'x' WHERE seq = 2")
ill.commit()
status, says = gangmu("doctor", "--db", path("ill.db"))
check(status == 1 and "2" in says, "an altered event", says)
ill.execute("UPDATE plan_draft SET plan = 'nobody' WHERE plan = (SELECT min(plan) FROM plan_draft)")
ill.commit()
status, says = gangmu("doctor", "--db", path("ill.db"))
check(status == 1 and "plan_draft" in says, "a row that belongs to nothing", says)
ill.close()
with open(path("ill.db"), "r+b") as f:
    f.seek(8192)
    f.write(b"\xff" * 16384)
check(gangmu("doctor", "--db", path("ill.db"))[0] in (1, 2), "a torn file")

# ---- the other engine ----
if CLUSTER:
    there, back = schema("cli_there"), path("back.db")
    status, says = gangmu("move", "--db", path("hot.db"), "--to", there)
    check(status == 0 and "≠" not in says, "to PostgreSQL", says)
    lines = [line.split()[:3] for line in says.splitlines() if line.endswith("=")]
    status, says = gangmu("move", "--db", there, "--to", back)
    check(status == 0 and [line.split()[:3] for line in says.splitlines() if line.endswith("=")] == lines, "and back, table by table the same", says)
    check(gangmu("move", "--db", back, "--to", there)[0] == 2, "a database with rows is refused")
    status, says = gangmu("migrate", "--db", schema("cli_empty"), "--dry-run")
    check(status == 0 and "bigint" in says and "STRICT" not in says, "the steps are said in PostgreSQL's words", says[:200])
    status, says = gangmu("doctor", "--db", "postgresql://nobody:secret@127.0.0.1:1/none")
    check(status == 2 and "secret" not in says, "a message never shows the password", says)
finish()
