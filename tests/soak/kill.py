#!/usr/bin/env python3
"""kill -9 at random moments under many writers, on both engines. Too long for the quick tests: `make soak`.

Every upload whose answer arrived must be there afterwards; each plan must have its file, its draft and its event, and each event
its plan; the chain must verify. ROUNDS (200) and WRITERS (64) come from the environment, SEED makes a run repeatable."""
import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ.setdefault("SCRATCH", tempfile.mkdtemp(prefix="gangmu-soak-"))
os.environ.setdefault("GANGMU", os.path.join(ROOT, os.environ.get("BUILD", "build"), "gangmu"))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tests/http")]
from postgres import Cluster  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "200"))
WRITERS = int(os.environ.get("WRITERS", "64"))
SEED = int(os.environ.get("SEED", "20261122"))
BORDER = "gangmuborder7d1"
HALF = {
    "plans without their file": "SELECT count(*) FROM plan p WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.tenant = p.tenant AND f.hash = p.file)",
    "plans without their draft": "SELECT count(*) FROM plan p WHERE NOT EXISTS (SELECT 1 FROM plan_draft d WHERE d.tenant = p.tenant AND d.plan = p.id)",
    "plans without their event": "SELECT count(*) FROM plan p WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.tenant = p.tenant AND e.id = p.id AND e.act = 'upload')",
    "events without their plan": "SELECT count(*) FROM event e WHERE e.act = 'upload' AND NOT EXISTS (SELECT 1 FROM plan p WHERE p.tenant = e.tenant AND p.id = e.id)",
    "files without a plan": "SELECT count(*) FROM file f WHERE NOT EXISTS (SELECT 1 FROM plan_draft d WHERE d.tenant = f.tenant AND d.file = f.hash)",
    "plans that are there twice": "SELECT count(*) FROM (SELECT name FROM plan GROUP BY name HAVING count(*) > 1) twice",
}


class Writers:
    """Each uploads plan after plan on one connection and remembers the names of those that were answered."""

    def __init__(self, kit, server, answered, numbers):
        self.kit, self.server, self.answered, self.numbers = kit, server, answered, numbers
        first = kit.Client(server)
        self.headers = {"X-Token": first.sign(), "Cookie": first.cookie_line(), "Content-Type": "multipart/form-data; boundary=" + BORDER}
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(WRITERS)]
        [t.start() for t in self.threads]

    def body(self, n):
        text = "云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n" % (n, n)
        return ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p%d.txt\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--%s--\r\n"
                % (BORDER, n, text, BORDER)).encode()

    def run(self):
        c = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            while True:
                n = next(self.numbers)
                c.request("POST", "/api/v1/plans", self.body(n), self.headers)
                response = c.getresponse()
                response.read()
                if response.status == 200:
                    self.answered.add("p%d.txt" % n)
                else:
                    self.answered.add("refused with %d" % response.status)
        except (OSError, http.client.HTTPException):
            pass  # the server was killed under it: what counts is what was answered

    def join(self):
        [t.join() for t in self.threads]


def ask(kit, db, sql):
    if not kit.CLUSTER:
        return str(sqlite3.connect(db).execute(sql).fetchone()[0])
    return subprocess.run(["psql", "-qAt", db, "-c", sql], capture_output=True, text=True, check=True).stdout.strip()


def names_kept(kit, db):
    if not kit.CLUSTER:
        return {row[0] for row in sqlite3.connect(db).execute("SELECT name FROM plan")}
    return set(subprocess.run(["psql", "-qAt", db, "-c", "SELECT name FROM plan"], capture_output=True, text=True, check=True).stdout.split("\n")) - {""}


def look(kit, server, answered):
    """What is wrong with the database now; the server must be down."""
    kept = names_kept(kit, server.db)
    wrong = ["%s: %s" % (what, n) for what, n in ((w, ask(kit, server.db, sql)) for w, sql in HALF.items()) if n != "0"]
    lost = answered - kept
    if lost:
        wrong.append("answered but not there: %d (%s)" % (len(lost), sorted(lost)[:3]))
    if server.verify() != 0:
        wrong.append("the chain does not verify")
    return wrong, len(kept)


def run(engine):
    import kit
    chance = random.Random(SEED)
    answered, count = set(), 0
    lock = threading.Lock()

    def numbering():
        n = 0
        while True:
            n += 1
            yield n

    class Numbers:
        def __init__(self):
            self.all = numbering()

        def __next__(self):
            with lock:
                return next(self.all)

    numbers, begun = Numbers(), time.monotonic()
    for n in range(1, ROUNDS + 1):
        server = kit.Server("kill.db", "--log", "error")
        writers = Writers(kit, server, answered, numbers)
        time.sleep(0.05 + chance.random() * 0.7)
        server.stop(signal.SIGKILL)
        writers.join()
        if n % 50 == 0 or n == ROUNDS:
            wrong, count = look(kit, server, answered)
            print("%s: %d kills, %d answered, %d kept, %.0f s%s" % (engine, n, len(answered), count, time.monotonic() - begun,
                                                                  "".join("\n  " + w for w in wrong)), flush=True)
            if wrong:
                return False
    said = open(os.path.join(kit.SCRATCH, "kill.db.log"), encoding="utf-8").read()
    locked = len(re.findall("locked|busy", said))
    print("%s: %d lines of the log speak of a lock" % (engine, locked))
    return not locked and len(answered) > ROUNDS


def main():
    if len(sys.argv) > 1:
        return 0 if run(sys.argv[1]) else 1
    status = 0
    with Cluster() as url:
        for engine in ("sqlite", "postgresql"):
            if engine == "postgresql" and not url:
                print("postgresql: left out, there is none")
                continue
            env = dict(os.environ, ENGINE=engine, GANGMU_TEST_PG=url or "")
            status |= subprocess.run([sys.executable, __file__, engine], env=env).returncode
    print("held" if not status else "DID NOT HOLD")
    return status


if __name__ == "__main__":
    sys.exit(main())
