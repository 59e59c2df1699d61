#!/usr/bin/env python3
"""Does one system stay quick with 100,000 cases in it? Hazards of systems/hazard, each made by the acts that people do (cases.c), served
and asked one request after the other: lists, searches, statistics, a case, acts. What counts is processor time of the server for
one request, which does not depend on what else the machine is doing; beside it what a client waits (its p50 and p99).

What a page shows of counts is kept until the next act: "after an act" is a page that has to count.

With --redmine the same questions are put to Redmine of Debian's packages with as many issues, in the same run. With --pg the
database is a PostgreSQL cluster of its own, and what its processes spend counts as the server's.

    python3 bench/cases.py [--cases N] [--redmine] [--db FILE] [--pg]

--db keeps the database for the next run (its cases are counted, not made again). Exit 1 when a bar is missed."""
import argparse
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
os.environ.setdefault("SCRATCH", tempfile.mkdtemp(prefix="gangmu-cases-"))
os.environ.setdefault("GANGMU", os.path.join(BUILD, "gangmu"))
sys.path[:0] = [os.path.join(ROOT, "tests/http"), os.path.join(ROOT, "tests"), os.path.join(ROOT, "bench")]
import kit  # noqa: E402
import peers  # noqa: E402
from postgres import Cluster  # noqa: E402

WARM, TIMES = 5, 60
POSTS = (("luohai", "guard", "云岚市第一中学"), ("luohai", "fixer", "云岚市第一中学"), ("luohai", "principal", "云岚市第一中学"),
         ("hefang", "district", "东山区教育局"), ("zhoumin", "safety", "安全处"), ("shenli", "leader", "云岚市教育局"))
ACT, OPEN, LIST = 2.0, 5.0, 20.0  # ms of server time


class Timed:
    """One connection that stays open, to a server whose processes are known."""

    def __init__(self, port, pid, headers, database=None):
        self.connection, self.pid, self.headers = http.client.HTTPConnection("127.0.0.1", port, timeout=120), pid, headers
        self.database = database

    def spent(self):
        """Seconds on a processor, of all its threads, those that ended too; and of the processes of its database."""
        pids = [self.pid]
        if self.database:
            pids += map(int, open("/proc/%d/task/%d/children" % (self.database, self.database)).read().split())
        return sum(time.clock_gettime(~pid << 3 | 2) for pid in pids)  # the clock of another process: clock_getcpuclockid(3)

    def rest(self):
        """Waits until the server has seen to what came due, and to its day."""
        busy = 1.0
        while busy > 0.02:
            before = self.spent()
            time.sleep(2)
            busy = (self.spent() - before) / 2

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        headers = dict(self.headers, **({"Content-Type": kind} if body is not None else {}))
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def many(self, requests, first=None):
        """(ms of the server for one, p50 and p99 of waiting in ms, the last answer); first(n) is done before each, and not counted"""
        waits, cost, body = [], 0, b""
        self.connection.close()  # it was idle
        for n, request in enumerate(requests):
            if first:
                first(n)
            before, began = self.spent(), time.monotonic()
            status, body = self.ask(*request)
            waits.append((time.monotonic() - began) * 1000)
            cost += (self.spent() - before) * 1000 if n >= WARM else 0
            if status not in (200, 201):
                raise SystemExit("%s %s: %d %s" % (*request[:2], status, body[:300].decode("utf-8", "replace")))
        cost /= len(waits) - WARM
        waits = sorted(waits[WARM:])
        return cost, waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)], body


class Place:
    """What kit's helpers take for a server, before there is one."""

    def __init__(self, name):
        self.db = kit.place(name)


def make(name, cases):
    """The database with so many cases; made when it is not there."""
    place = Place(name)
    if os.path.exists(place.db):
        return
    subprocess.run([kit.GANGMU, "demo", "--people", "--db", place.db, *kit.keys(name)], check=True, stdout=subprocess.DEVNULL)
    for login, role, unit in POSTS:
        kit.sql(place, "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', ?, ?, ?, ?, '', '2020-01-01', '9999-12-31')",
                "bench-" + role, kit.person_of(place, login), kit.unit_of(place, unit), "hazard." + role)
    subprocess.run([os.path.join(BUILD, "bench/bench_cases"), place.db, str(cases), kit.person_of(place, "luohai"), kit.person_of(place, "zhoumin"),
                    *kit.keys(name)[1:]], check=True)
    if kit.CLUSTER:
        subprocess.run(["psql", "-q", place.db, "-c", "VACUUM ANALYZE"], check=True)  # what the engine does by itself in time


def upload(name, data):
    border = "gangmuborder7d1"
    body = ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n" % (border, name)).encode() + data + ("\r\n--%s--\r\n" % border).encode()
    return body, "multipart/form-data; boundary=" + border


class Judge:
    def __init__(self):
        self.good, self.found = True, {}

    def tell(self, name, bar, found):
        cost, p50, p99, body = found
        held = not bar or cost < bar
        self.good &= held
        self.found[name] = cost
        print("  %-34s %7.2f ms %-18s waits p50 %6.1f p99 %6.1f ms  %7d bytes"
              % (name, cost, "(bar %.0f, %s)" % (bar, "held" if held else "MISSED") if bar else "", p50, p99, len(body)), flush=True)


def gangmu(name, judge, database):
    server = kit.Server(name, "--demo", "--log", "error", bare=True)
    try:
        ask_gangmu(server, judge, database)
    finally:
        server.stop()


def report(unit, i, of):
    """A hazard that nobody reported before: not one that has come back."""
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    return urllib.parse.urlencode({"school": unit, "kind": "fire", "spot": "%d号楼%s%d层" % (i % 7, of, os.getpid() * 100 + i), "what": "灭火器过期",
                                   "found_on": today, "likelihood": "possible", "severity": "moderate"})


def ask_gangmu(server, judge, database):
    who = kit.Client(server)
    school = kit.Client(server, who="luohai")
    at = Timed(server.port, server.process.pid, {"Cookie": who.cookie_line(), "X-Token": who.token}, database)
    own = Timed(server.port, server.process.pid, {"Cookie": school.cookie_line(), "X-Token": school.token}, database)
    at.rest()
    bureau = kit.unit_of(server, "云岚市教育局")
    unit = kit.unit_of(server, "云岚市第一中学")
    ids = [r[0] for r in kit.sql(server, "SELECT id FROM hazard_hazard WHERE school = ? ORDER BY id DESC LIMIT 200", unit)]
    print("gangmu: %d cases, %d facts, %d sums" % tuple(int(kit.sql(server, "SELECT count(*) FROM " + t)[0][0]) for t in ("hazard_hazard", "flow_fact", "flow_fact_sum")))

    def get(name, bar, path, client=at, first=None):
        judge.tell(name, bar, client.many([("GET", p) for p in ([path] * TIMES if isinstance(path, str) else path)], first))

    def act(of):
        writer = Timed(server.port, server.process.pid, own.headers)
        return lambda i: writer.ask("POST", "/api/v1/s/hazard/hazard/acts/report", report(unit, i, of))

    quote = urllib.parse.quote
    get("list, page", LIST, "/s/hazard/hazard")
    get("list, JSON", LIST, "/api/v1/s/hazard/hazard")
    get("list of a school, page", LIST, "/s/hazard/hazard", own)
    get("list, page, after an act", LIST, "/s/hazard/hazard", at, act("甲"))
    get("list of a school, after an act", LIST, "/s/hazard/hazard", own, act("乙"))
    get("list, one state", LIST, "/s/hazard/hazard?state=fixing")
    get("list, over", LIST, "/s/hazard/hazard?show=over")
    for name, words in (("a number", "04711"), ("words", "排查第4711号"), ("one character", "室"), ("within a number", "711")):
        get("list, asked for " + name, LIST, "/s/hazard/hazard?q=" + quote(words))
    get("list of a school, asked for words", LIST, "/s/hazard/hazard?q=" + quote("号楼3层"), own)
    get("calendar", LIST, "/s/hazard/hazard?by=calendar&month=2026-10", at, act("丙"))
    get("calendar of a school", LIST, "/s/hazard/hazard?by=calendar&month=2026-10", own, act("丁"))
    get("inbox", LIST, "/inbox", at)
    get("inbox of a school", LIST, "/inbox", own)
    get("search", LIST, "/search?q=" + quote("第4711号"))
    get("statistics, page of all measures", LIST, "/s/hazard/measures?at=%s&every=month" % bureau)
    get("statistics, one measure", LIST, "/s/hazard/measures/in_time_rate?at=%s&every=month" % bureau)
    get("statistics, units below", LIST, "/api/v1/s/hazard/measures/found?at=%s&every=month&below=yes" % bureau)
    get("records behind a figure", LIST, "/s/hazard/measures/found/records?at=%s&every=month" % bureau)
    get("a case, page", OPEN, ["/s/hazard/hazard/" + i for i in ids[:TIMES]])
    get("a case, JSON", OPEN, ["/api/v1/s/hazard/hazard/" + i for i in ids[:TIMES]])
    acts(server, own, at, unit, judge)


def acts(server, own, safety, unit, judge):
    person = kit.person_of(server, "luohai")

    def post(name, client, path, fields):
        found = client.many([("POST", path(i), fields(i)) for i in range(TIMES)])
        judge.tell(name, ACT, found)

    base = "/api/v1/s/hazard/hazard"
    post("act: report a hazard", own, lambda i: base + "/acts/report", lambda i: report(unit, i, ""))
    made = [r[0] for r in kit.sql(server, "SELECT id FROM hazard_hazard WHERE school = ? ORDER BY id DESC LIMIT %d" % TIMES, unit)]
    for act, fields in (("assign", {"fixer": person}), ("plan", {"how": "更换"})):
        post("act: " + act, own, lambda i: "%s/%s/acts/%s" % (base, made[i], act), lambda i: urllib.parse.urlencode(fields))
    files = [own.ask("POST", "/api/v1/files", *upload("p%d.jpg" % i, b"x")) for i in range(TIMES)]
    files = [json.loads(body)["data"]["id"] for status, body in files]
    post("act: fix", own, lambda i: "%s/%s/acts/fix" % (base, made[i]), lambda i: urllib.parse.urlencode({"result": "已换", "after": files[i]}))
    post("act: close, with its paper", safety, lambda i: "%s/%s/acts/close" % (base, made[i]), lambda i: urllib.parse.urlencode({"findings": "合格"}))
    papers = [json.loads(safety.ask("GET", "%s/%s" % (base, i))[1])["data"]["papers"][0]["href"] for i in made]
    judge.tell("paper, its first print", 0, safety.many([("GET", p) for p in papers]))
    judge.tell("paper, printed again", OPEN, safety.many([("GET", p) for p in papers]))


class Redmine(peers.Redmine):
    """With a key for its API, so that tickets can be made and changed."""
    KEY = "0123456789abcdef0123456789abcdef01234567"

    def begin(self):
        shared, peers.REDMINE_DB = peers.REDMINE_DB, os.path.join(self.scratch, "seed.db")
        shutil.copy(shared, peers.REDMINE_DB)
        db, now = sqlite3.connect(peers.REDMINE_DB), "2026-01-01 00:00:00"
        db.execute("INSERT INTO tokens (user_id, action, value, created_on, updated_on) VALUES (1, 'api', ?, ?, ?)", (self.KEY, now, now))
        db.execute("INSERT INTO settings (name, value, updated_on) VALUES ('rest_api_enabled', '1', ?)", (now,))
        db.execute("UPDATE users SET must_change_passwd = 0 WHERE id = 1")
        db.commit()
        db.close()
        super().begin()


def redmine(scratch, cases, judge, found):
    peer = Redmine(scratch, cases)
    try:
        peer.begin()
        peer.wait()
        at = Timed(peer.port, peer.process.pid, {"X-Redmine-API-Key": peer.KEY})
        own = Judge()
        print("redmine: %d issues" % cases)
        asked = {"list, page": "/issues?per_page=50", "list, JSON": "/issues.json?limit=100", "list, one state": "/issues?per_page=50&set_filter=1&status_id=1",
                 "search": "/search?q=" + urllib.parse.quote("学校4711所") + "&issues=1", "statistics, page of all measures": "/projects/peer/issues/report"}
        for name, path in asked.items():
            own.tell(name, 0, at.many([("GET", path)] * 15))
        own.tell("a case, page", 0, at.many([("GET", "/issues/%d" % n) for n in range(1000, 1015)]))
        issue = {"project_id": 1, "tracker_id": 1, "subject": "灭火器过期", "description": "三号楼"}
        own.tell("act: report a hazard", 0, at.many([("POST", "/issues.json", json.dumps({"issue": issue}), "application/json")] * 15))
    finally:
        peer.stop()
    for name, cost in own.found.items():
        print("  %-34s %6.0f times as much server time as ours" % (name, cost / judge.found[name]))


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=100000)
    asked.add_argument("--redmine", action="store_true")
    asked.add_argument("--db")
    asked.add_argument("--pg", action="store_true")
    args = asked.parse_args()
    scratch, judge, cluster = tempfile.mkdtemp(prefix="gangmu-cases-"), Judge(), Cluster("shared_buffers=512MB")
    place = os.path.abspath(args.db) if args.db else os.path.join(scratch, "cases.db")
    kit.SCRATCH, name = os.path.dirname(place), os.path.basename(place)
    try:
        if args.pg:
            kit.CLUSTER = cluster.__enter__()
        if args.pg and not kit.CLUSTER:
            raise SystemExit(cluster.why)
        make(name, args.cases)
        print("load of the machine: %.1f %.1f %.1f%s" % (*os.getloadavg(), ", on PostgreSQL" if args.pg else ""))
        gangmu(name, judge, cluster.server.pid if args.pg else None)
        if args.redmine:
            redmine(scratch, args.cases, judge, judge.found)
    finally:
        cluster.__exit__(None, None, None)
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(0 if judge.good else 1)


if __name__ == "__main__":
    main()
