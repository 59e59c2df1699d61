"""What goes wrong under the store while 64 people write and 8 read: a lock held by somebody else, connections cut, the database
server restarted in order and torn down. Whoever was answered finds it; nobody sees half of it or reads "locked"; who was
refused was told why; and afterwards the service goes on by itself."""
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import kit  # noqa: E402
from kit import Client, Server, check, finish  # noqa: E402
from postgres import Cluster  # noqa: E402

WRITERS, READERS = 64, 8
SECONDS = float(os.environ.get("SOAK_SECONDS", "2"))
lock = threading.Lock()
number = 0


def twin(server):
    """One more window of the person who signed in first: a person has only so many sessions."""
    if not hasattr(server, "person"):
        server.person = Client(server)
        server.person.sign()
    client = Client(server, timeout=60, who=None)
    client.cookies, client.token = dict(server.person.cookies), server.person.token
    return client


class Crowd:
    """Writers and readers until stop(); what each was told."""

    def __init__(self, server, writers=WRITERS, readers=READERS):
        self.server, self.kept, self.refused, self.lost, self.read = server, set(), [], 0, []
        self.end = threading.Event()
        twin(server)  # signed in before anything goes wrong
        self.threads = [threading.Thread(target=self.write) for _ in range(writers)] + [threading.Thread(target=self.reads) for _ in range(readers)]
        [t.start() for t in self.threads]

    def write(self):
        global number
        client = twin(self.server)
        while not self.end.is_set():
            with lock:
                number += 1
                n = number
            text = "云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n" % (n, n)
            try:
                answer = client.upload("p%d.txt" % n, text.encode())
            except OSError:
                self.lost += 1
                continue
            with lock:
                if answer.status == 200:
                    self.kept.add("p%d.txt" % n)
                else:
                    self.refused.append((answer.status, answer.text[:300]))

    def reads(self):
        client = twin(self.server)
        while not self.end.is_set():
            try:
                began = time.monotonic()
                answer = client.get("/api/v1/plans")
                with lock:
                    self.read.append((answer.status, time.monotonic() - began, answer.text[:200] if answer.status != 200 else ""))
            except OSError:
                self.lost += 1

    def stop(self):
        self.end.set()
        [t.join() for t in self.threads]
        return self


def names(server):
    client, found, after = twin(server), [], ""
    while True:
        page = client.get("/api/v1/plans?after=" + after).json
        found += [(r["name"], r["id"]) for r in page["rows"]]
        after = page["next"]
        if not after:
            return found


def whole(server, crowd, what):
    """Everything that was answered is there once, with its event and its file; the chain, the journal and the search hold."""
    rows = names(server)
    have = [name for name, _ in rows]
    check(crowd.kept <= set(have), what + ": every answered upload is there", sorted(crowd.kept - set(have))[:5])
    check(len(have) == len(set(have)), what + ": none is there twice")
    client = twin(server)
    check(all(client.get("/plans/%s/file" % pid).status == 200 for _, pid in rows[:20]), what + ": each has its file")
    says = "".join(text for _, text in crowd.refused) + "".join(text for _, _, text in crowd.read)
    check("locked" not in says and "SQLITE" not in says and "FATAL" not in says, what + ": nobody reads the database's own words", says[:500])
    done = subprocess.run([kit.GANGMU, "doctor", "--db", server.db], capture_output=True, text=True)
    check(done.returncode == 0, what + ": the doctor finds nothing", done.stdout + done.stderr)


def calm(server, what):
    """Nothing goes wrong: then nobody is refused."""
    crowd = Crowd(server)
    time.sleep(SECONDS)
    crowd.stop()
    check(len(crowd.kept) >= WRITERS and len(crowd.read) > READERS, what + ": all of them got on", (len(crowd.kept), len(crowd.read)))
    check(not crowd.refused and not crowd.lost and all(status == 200 for status, _, _ in crowd.read), what + ": none is refused", (crowd.refused[:3], crowd.lost))
    whole(server, crowd, what)


def one_more(server, what):
    client = twin(server)
    for _ in range(40):
        if client.upload("after-%s.txt" % what, ("云岚市教育局2026年工作要点（%s）\n一、总体要求\n（一）新建学校3所。\n" % what).encode()).status == 200:
            return check(True, what + ": it goes on by itself")
        time.sleep(0.25)
    return check(False, what + ": it goes on by itself")


# ---- a file ----
kit.CLUSTER = None
server = Server("soak.db", "--log", "error")
calm(server, "sqlite")
crowd = Crowd(server)
holder = sqlite3.connect(server.db, isolation_level=None, timeout=20)
for _ in range(3):
    time.sleep(0.3)
    holder.execute("BEGIN IMMEDIATE")
    before = len(crowd.read)
    time.sleep(0.7)
    check(len(crowd.read) > before, "sqlite: readers go on while somebody else holds the lock")
    holder.execute("ROLLBACK")
holder.close()
crowd.stop()
check(not crowd.refused and not crowd.lost, "sqlite: writers wait for it and are not refused", (crowd.refused[:3], crowd.lost))
whole(server, crowd, "sqlite, a held lock")
check(server.stop() == 0, "sqlite: it ends in order")

# ---- a server of its own, which is torn down ----
cluster = Cluster()
with cluster as url:
    if not url:
        print("ok - PostgreSQL # SKIP " + cluster.why)
    else:
        kit.CLUSTER = url
        server = Server("soak.db", "--log", "error")
        calm(server, "postgresql")

        crowd = Crowd(server)
        for _ in range(4):
            time.sleep(0.4)
            subprocess.run(["psql", "-qAt", url, "-c", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gangmu'"],
                           check=True, stdout=subprocess.DEVNULL)
        time.sleep(0.4)
        crowd.stop()
        check(crowd.kept and all(status == 503 and "says" in text for status, text in crowd.refused), "cut connections: who is refused is told so", crowd.refused[:3])
        whole(server, crowd, "cut connections")

        for how, what in ((signal.SIGINT, "restarted"), (signal.SIGQUIT, "torn down")):
            crowd = Crowd(server)
            time.sleep(0.7)
            cluster.stop(how)
            time.sleep(0.3)
            check(cluster.start(), what + ": the database is there again")
            time.sleep(1)
            crowd.stop()
            check(crowd.kept and all(status == 503 and "says" in text for status, text in crowd.refused), what + ": who is refused is told so", crowd.refused[:3])
            one_more(server, what)
            whole(server, crowd, what)
        check(server.stop() == 0, "postgresql: it ends in order")
finish()
