#!/usr/bin/env python3
"""kill -9 at random moments under many writers, on both engines. Too long for the quick tests: `make soak`.

A moment lies anywhere in the first seconds of a server's process, as many as this machine needs to start one (measured for each
group) and some more: while it opens what the kill before left (and recovers
it), while it makes itself ready, while the writers write. After EVERY kill, on what lies there (of an SQLite file a copy with its
log, so that the next server still finds the log to recover): every upload that was answered is there, by one question; nothing is
half; the chain is followed from the event where the look before ended, each hash calculated by this program, not by the one that
is tested; no event before it is gone. GROUP kills (25) have one database; at its end `gangmu verify` goes over the whole chain and
`gangmu doctor` over all there is. ROUNDS (200), WRITERS (64) and SEED come from the environment."""
import hashlib
import http.client
import json
import os
import random
import re
import shutil
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

ROUNDS, GROUP, WRITERS, SEED = (int(os.environ.get(name, normal))
                                for name, normal in (("ROUNDS", 200), ("GROUP", 25), ("WRITERS", 64), ("SEED", 20261122)))
STARTS, WRITES = 3, 0.5  # a life: so many times what a start takes, and so many seconds
BORDER = "gangmuborder7d1"
# Each counts what is half; none may find anything.
HALF = {
    "plans without their file": "SELECT tenant, file FROM plan EXCEPT SELECT tenant, hash FROM file",
    "plans without their draft": "SELECT tenant, id FROM plan EXCEPT SELECT tenant, plan FROM plan_draft",
    "plans without their event": "SELECT tenant, id FROM plan EXCEPT SELECT tenant, id FROM event WHERE act = 'upload'",
    "events without their plan": "SELECT tenant, id FROM event WHERE act = 'upload' EXCEPT SELECT tenant, id FROM plan",
    "files without a plan": "SELECT tenant, hash FROM file EXCEPT SELECT tenant, file FROM plan_draft",
    "plans that are there twice": "SELECT name FROM plan GROUP BY name HAVING count(*) > 1",
    "events behind the chain's end, or fewer": "SELECT c.seq FROM chain c WHERE c.seq <> (SELECT count(*) FROM event) OR c.seq <> (SELECT max(seq) FROM event)",
    "a journal that ends elsewhere": "SELECT c.seq FROM chain c JOIN journal_head j ON j.tenant = c.tenant WHERE j.seq <> c.seq OR j.hash <> c.hash",
    "rows of the journal that are missing": "SELECT j.n FROM journal_head j WHERE j.n <> (SELECT count(*) FROM journal)",
}
EVENTS = ("SELECT seq, prev, hash, tenant, at_us, valid, actor, record, id, act, from_state, to_state, payload FROM event "
          "WHERE seq > %d ORDER BY seq")
VALUES = "SELECT seq, field, hash, lower(%s) AS salt, value FROM event_field WHERE seq > %d"


def sm3(*parts):
    return hashlib.new("sm3", b"".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)).hexdigest()


class Numbers:
    def __init__(self):
        self.last, self.lock = 0, threading.Lock()

    def __next__(self):
        with self.lock:
            self.last += 1
            return self.last


class Life:
    """One life of the server: started, written to by all writers as soon as it listens, killed at its moment."""

    def __init__(self, kit, base, moment):
        self.kit, self.base, self.port = kit, base, 0
        self.threads = []
        begun = time.monotonic()
        self.process = subprocess.Popen([kit.GANGMU, "serve", "--db", base.url, "--listen", "127.0.0.1:0", *base.keys, "--demo",
                                         "--log", "error"], stdout=subprocess.PIPE, stderr=base.log)
        listens = threading.Thread(target=self.begin)
        listens.start()
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        listens.join()
        [t.join() for t in self.threads]

    def begin(self):
        found = re.search(rb":(\d+)/", self.process.stdout.readline())
        if not found:
            return  # killed before it listened
        self.port = int(found.group(1))
        self.threads = [threading.Thread(target=self.write) for _ in range(WRITERS)]
        [t.start() for t in self.threads]

    def body(self, n):
        text = "云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n" % (n, n)
        return ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p%d.txt\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--%s--\r\n"
                % (BORDER, n, text, BORDER)).encode()

    def write(self):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            while True:
                n = next(self.base.numbers)
                c.request("POST", "/api/v1/plans", self.body(n), self.base.headers)
                response = c.getresponse()
                response.read()
                self.base.answered.add("p%d.txt" % n if response.status == 200 else "refused with %d" % response.status)
        except (OSError, http.client.HTTPException):
            pass  # the server was killed under it: what counts is what was answered


class Base:
    """A database of its own for some kills, what was answered of it, and how far its chain was followed."""

    def __init__(self, kit, name):
        self.kit, self.name, self.url, self.keys = kit, name, kit.place(name), kit.keys(name)
        self.answered, self.numbers, self.seq, self.hash, self.kept = set(), Numbers(), 0, "", 0
        self.log = open(os.path.join(kit.SCRATCH, "kill.log"), "ab")
        kit.Server(name, "--log", "error").stop()  # makes the demo's people
        begun = time.monotonic()
        server = kit.Server(name, "--log", "error")
        self.life = STARTS * (time.monotonic() - begun) + WRITES
        first = kit.Client(server)
        self.headers = {"X-Token": first.sign(), "Cookie": first.cookie_line(), "Content-Type": "multipart/form-data; boundary=" + BORDER}
        server.stop()

    def ask(self, questions):
        """The rows of every question, all from one moment of what lies there."""
        if self.kit.CLUSTER:
            words = ["psql", "-qAt", self.url, "-c", "BEGIN ISOLATION LEVEL REPEATABLE READ"]
            for name, sql in questions.items():
                words += ["-c", "SELECT '%s', row_to_json(q) FROM (%s) q" % (name.replace("'", "''"), sql)]
            said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
            answers = {name: [] for name in questions}
            for line in said.splitlines():
                name, _, row = line.partition("|")
                answers[name].append(list(json.loads(row).values()))
            return answers
        copy = os.path.join(self.kit.SCRATCH, "looked.db")
        for end in ("", "-wal"):
            if os.path.exists(copy + end):
                os.remove(copy + end)
            if os.path.exists(self.url + end):
                shutil.copyfile(self.url + end, copy + end)
        db = sqlite3.connect(copy)
        answers = {name: [list(row) for row in db.execute(sql)] for name, sql in questions.items()}
        db.close()
        return answers

    def follow(self, events, values):
        """What is wrong with the chain behind the event where the look before ended."""
        fields, wrong = {}, []
        for seq, field, hex_, salt, value in values:
            fields.setdefault(seq, []).append((field.encode(), hex_))
            if sm3(bytes.fromhex(salt), field, b"\x1f", value) != hex_:
                wrong.append("event %d: value %s" % (seq, field))
        for seq, prev, hash_, *said in events:
            lines = [prev, said[0], seq, *said[1:]]
            payload = sm3(b"".join(name + b"\t" + hex_.encode() + b"\n" for name, hex_ in sorted(fields.pop(seq, []))))
            if (seq, prev) != (self.seq + 1, self.hash) or payload != said[-1] or sm3("".join("%s\n" % line for line in lines)) != hash_:
                wrong.append("event %d does not follow event %d or is not what its hash says" % (seq, self.seq))
            self.seq, self.hash = seq, hash_
        return (wrong + ["values of no event: %s" % sorted(fields)[:3]] if fields else wrong)[:5]

    def look(self):
        """What is wrong with the database; nobody is connected but what the kill left of it."""
        salt = "encode(salt, 'hex')" if self.kit.CLUSTER else "hex(salt)"
        got = self.ask({"names": "SELECT name FROM plan", "events": EVENTS % self.seq, "values": VALUES % (salt, self.seq), **HALF})
        kept = {row[0] for row in got["names"]}
        wrong = ["%s: %d (%s)" % (what, len(got[what]), got[what][:2]) for what in HALF if got[what]]
        lost = self.answered - kept
        if lost:
            wrong.append("answered but not there: %d (%s)" % (len(lost), sorted(lost)[:3]))
        self.kept = len(kept)
        return wrong + self.follow(got["events"], got["values"])

    def end(self):
        """The whole chain and all there is, by the program itself; then the database goes."""
        wrong = []
        for command in ("verify", "doctor"):
            done = subprocess.run([self.kit.GANGMU, command, "--db", self.url, *self.keys], capture_output=True, text=True)
            if done.returncode:
                wrong.append("gangmu %s: %s" % (command, done.stdout + done.stderr))
        if self.kit.CLUSTER:
            subprocess.run(["psql", "-q", self.url, "-c", "SET client_min_messages = error", "-c", "DROP SCHEMA %s CASCADE" % self.kit.schemas[self.name]], check=True)
        else:
            [os.remove(self.url + end) for end in ("", "-wal", "-shm") if os.path.exists(self.url + end)]
        self.log.close()
        return wrong


def run(engine):
    import kit
    chance, begun = random.Random(SEED), time.monotonic()
    answered = kept = unready = events = 0
    for first in range(0, ROUNDS, GROUP):
        base, wrong = Base(kit, "kill%d.db" % (first // GROUP)), []
        last = min(first + GROUP, ROUNDS)
        for n in range(first + 1, last + 1):
            life = Life(kit, base, chance.random() * base.life)
            unready += not life.port
            wrong = ["after kill %d: %s" % (n, w) for w in base.look()]
            if wrong:
                break
        wrong += base.end()
        answered, kept, events = answered + len(base.answered), kept + base.kept, events + base.seq
        print("%s: %d kills (%d before it listened), %d answered, %d kept, %d events followed; whole chain verified, doctor content: %s; lives up to %.1f s; %.0f s%s"
              % (engine, n, unready, answered, kept, events, "NO" if wrong else "yes", base.life, time.monotonic() - begun,
                 "".join("\n  " + w for w in wrong)), flush=True)
        if wrong:
            return False
    said = open(os.path.join(kit.SCRATCH, "kill.log"), encoding="utf-8").read()
    locked = len(re.findall("locked|busy", said))
    print("%s: after each of %d kills: every answered upload there, none half, the new part of the chain follows; %d lines of the log speak of a lock"
          % (engine, ROUNDS, locked))
    return not locked and answered > ROUNDS


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
