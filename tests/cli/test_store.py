"""backup, restore, move, migrate and doctor on the real binary: during writes, on both engines, with damage, refused."""
import os
import shutil
import sqlite3
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "http"))
import kit  # noqa: E402
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
shutil.copy(path("live.db.keys"), path("again.db.keys"))  # kept apart from the backups, and put beside what is restored
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
os.chmod(path("empty.db"), 0o600)
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

status, says = gangmu("doctor", "--db", path("again.db"))
check(status == 0 and "→" not in says, "a sound one has no finding", says)
def ring(name, text=None, mode=0o600):
    if text is not None:
        open(path(name), "w").write(text)
    os.chmod(path(name), mode)
    return open(path(name)).read()


own = ring("again.db.keys")
with open(path("doctor.conf"), "w") as conf:
    conf.write('db = "%s"\nkeys = "%s"\nlisten = 0.0.0.0:80\ntls-certificate = "%s"\ntls-key = "%s"\nhosts = {a.example.org}\n'
               % (path("again.db"), path("again.db.keys"), path("none.pem"), path("none.key")))
status, says = gangmu("doctor", "--config", path("doctor.conf"))
check(status == 1 and says.count("→") == 2 and says.count("doctor.conf:") == 2 and "none.pem" in says and "none.key" in says, "settings: each that is wrong, with its line", says)
status, says = gangmu("doctor", "--config", path("doctor.conf"), "--tls-certificate", "", "--tls-key", "", "--listen", "127.0.0.1:80")
check(status == 0 and "→" not in says, "a flag beats the file there too", says)
ring("again.db.keys", mode=0o644)
status, says = gangmu("doctor", "--db", path("again.db"))
check(status == 1 and says.count("→") == 1 and "again.db.keys" in says, "a key file that everybody may read", says)
ring("again.db.keys", own.split("  - id")[0] + "  - id" + own.split("  - id")[1])
status, says = gangmu("doctor", "--db", path("again.db"))
check(status == 1 and "person, second_factor" in says and "message" not in says, "one with keys of one compartment alone", says)
os.remove(path("again.db.keys"))
gangmu("keys", "new", "--keys", path("again.db.keys"))
status, says = gangmu("doctor", "--db", path("again.db"))
check(status == 1 and says.count("→") == 1, "one that is not the one it was sealed with", says)
ring("again.db.keys", own)
sound = sqlite3.connect(path("again.db"))
sound.execute("UPDATE journal SET digest = 'x'")
sound.execute("DELETE FROM search_row WHERE kind = 'plan'")
sound.execute("INSERT INTO file VALUES ('local', 'x', 0, x'')")
sound.commit()
sound.close()
os.chmod(path("again.db"), 0o644)
status, says = gangmu("doctor", "--db", path("again.db"))
check(status == 1 and says.count("→") == 4, "journal, search, a stray file, rights: each with what to do", says)
check(gangmu("search", "rebuild", "--db", path("again.db"))[0] == 0 and gangmu("doctor", "--db", path("again.db"))[1].count("→") == 3, "done what it says, one fewer")

# ---- to a point of the event log ----
engines = [("sqlite", lambda name: path(name + ".db"))] + ([("postgresql", lambda name: schema("cli_" + name))] if CLUSTER else [])
PLAN = "云岚市教育局2026年工作要点（%s）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n"


def digests(db):
    status, says = gangmu("move", "--db", db, "--to", path("digests.db"))
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path("digests.db" + end)):
            os.remove(path("digests.db" + end))
    # the journal itself is cut at backups
    return sorted(line.split()[:3] for line in says.splitlines() if line.endswith("=") and not line.startswith("journal"))


for engine, place in engines:
    kit.CLUSTER = CLUSTER if engine == "postgresql" else None
    server = Server("point_%s.db" % engine, "--demo", "--log", "error")
    client = Client(server)
    first, second = path("first_%s.db" % engine), path("second_%s.db" % engine)
    check(gangmu("backup", "--db", server.db, "--to", first)[0] == 0, engine + ": a first backup")
    moments = []
    for n in range(6):
        client.upload("p%d.txt" % n, (PLAN % (n, n + 40)).encode())
        pid = client.get("/api/v1/plans").json["rows"][0]["id"]
        if n % 2:
            client.post("/api/v1/plans/%s/void" % pid)
        seq = client.get("/api/v1/plans/%s/history" % pid).json["rows"][0]["seq"]
        moments.append((seq, digests(server.db)))
    kept = []
    for k, (seq, want) in enumerate(moments[::2]):
        to = place("went_%s_%d" % (engine, k))
        status, says = gangmu("restore", "--from", first, "--journal", server.db, "--to-event", str(seq), "--db", to)
        kept.append(to)
        check(status == 0 and digests(to) == want, "event %d: every table as it was then" % seq, says)
        check(gangmu("doctor", "--db", to)[0] == 0 and subprocess.run([GANGMU, "verify", "--db", to], capture_output=True, text=True).stdout.count(str(seq)), "and the chain ends there")
    status, says = gangmu("backup", "--db", server.db, "--to", second)
    check(status == 0, "a second backup under the server", says)
    status, says = gangmu("restore", "--from", first, "--journal", server.db, "--to-event", str(moments[3][0]), "--db", place("no_" + engine))
    check(status == 2, "then the live journal does not reach back to the first", says)
    status, says = gangmu("restore", "--from", first, "--journal", second, "--to-event", str(moments[3][0]), "--db", place("yes_" + engine))
    check(status == 0, "but the second backup holds the way there", says)
    status, says = gangmu("restore", "--from", first, "--journal", second, "--to-time", "2020-01-01T00:00", "--db", place("early_" + engine))
    check(status == 2 and "更早" in says, "a time before the backup is refused with the reason", says)
    check(gangmu("restore", "--from", first, "--journal", second, "--to-time", "2999-01-01 00:00:00", "--db", place("late_" + engine))[0] == 0, "a time after all is all")
    check(gangmu("restore", "--from", first, "--to-event", "3", "--db", place("x_" + engine))[0] == 2, "a point needs a journal")
    check(gangmu("backup", "--check", first)[0] == 0, "a backup can be examined")
    check(server.stop() == 0, "the server ends in order")
    server = Server("point_%s.db" % engine, "--log", "error")
    kit.CLUSTER = None
    server.stop()
with open(second, "r+b") as f:
    f.seek(4096 * 3)
    f.write(b"\xff" * 8192)
status, says = gangmu("backup", "--check", second)
check(status in (1, 2), "a damaged one is found out", says)

# ---- an older schema ----
OLD = 3
old = sqlite3.connect(path("old.db"), isolation_level=None)
old.execute("PRAGMA journal_mode=WAL")
for n in range(1, OLD + 1):
    old.executescript(open(os.path.join(ROOT, "src/store/sql/migrations/%03d.sql" % n), encoding="utf-8").read())
old.execute("PRAGMA application_id=%d" % 0x47616E67)
old.execute("PRAGMA user_version=%d" % OLD)
stop.clear()
wrote = [0]


def write_old():
    mine = sqlite3.connect(path("old.db"), isolation_level=None, timeout=20)
    while not stop.is_set():
        wrote[0] += 1
        mine.execute("INSERT INTO setting VALUES ('local', ?, ?)", ("n%d" % wrote[0], "v"))
    mine.close()


thread = threading.Thread(target=write_old)
thread.start()
while wrote[0] < 5:
    pass
status, says = gangmu("backup", "--db", path("old.db"), "--to", path("old-copy.db"))
stop.set()
thread.join()
check(status == 0 and "≠" not in says, "an older schema is backed up while its program writes", says)
versions = [sqlite3.connect(path(f)).execute("PRAGMA user_version").fetchone()[0] for f in ("old.db", "old-copy.db")]
check(versions == [OLD, OLD], "neither is brought forward by it", versions)
check(gangmu("backup", "--check", path("old-copy.db"))[0] == 0, "it can be examined")
status, says = gangmu("doctor", "--db", path("old.db"))
check(status == 1 and "→" in says and sqlite3.connect(path("old.db")).execute("PRAGMA user_version").fetchone()[0] == OLD, "the doctor says so and leaves it", says)
status, says = gangmu("restore", "--from", path("old-copy.db"), "--db", path("old-again.db"))
check(status == 0 and gangmu("migrate", "--db", path("old-again.db"))[0] == 0 and gangmu("doctor", "--db", path("old-again.db"))[0] == 0, "restored and brought forward it is sound", says)
newer = sqlite3.connect(path("old-copy.db"))
newer.execute("PRAGMA user_version=999")
newer.commit()
newer.close()
status, says = gangmu("restore", "--from", path("old-copy.db"), "--db", path("newer.db"))
check(status == 2 and "999" in says and not os.path.exists(path("newer.db")), "a newer schema is refused", says)

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
