#!/usr/bin/env python3
"""List pages over 20,000 rows, 50 a page: Gangmu's plans beside Fossil's timeline and Redmine's issues, in one run.

Each server has core 0, wrk (one thread, eight connections) core 1. Only ratios of one run mean something. The peers are
Debian's packages and are installed with --install only; their data live in a folder of this run.

    python3 bench/peers.py [--install] [--rows N] [--seconds N]
"""
import argparse
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/http"))
REDMINE = "/usr/share/redmine"
REDMINE_DB = "/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default"
ON_SERVER, ON_CLIENT = ["taskset", "-c", "0"], ["taskset", "-c", "1"]


def install():
    answers = "redmine redmine/instances/default/dbconfig-install boolean true\n" \
              "redmine redmine/instances/default/database-type select sqlite3\n"
    subprocess.run(["debconf-set-selections"], input=answers, text=True, check=True)
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "wrk", "fossil", "redmine", "redmine-sqlite", "puma"],
                   env=env, check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Peer:
    """A server of its own; `url` shows the list, `header` signs in, `rows` says how its page marks a row."""
    header, patience = None, 1  # how many times as long it is measured

    def __init__(self, scratch, rows):
        self.scratch, self.count, self.port, self.process = scratch, rows, free_port(), None

    def start(self, command, **more):
        self.process = subprocess.Popen(ON_SERVER + command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True, **more)

    def page(self):
        asked = urllib.request.Request(self.url, headers=dict([self.header.split(": ")]) if self.header else {})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.read().decode("utf-8", "replace")

    def wait(self):
        for _ in range(120):
            try:
                return self.page()
            except OSError:
                time.sleep(0.5)
        raise SystemExit(self.name + " does not answer")

    def stop(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(30)


class Fossil(Peer):
    name, row = "fossil timeline", r'class="timelineTableRow|class="timelineTime"'

    def begin(self):
        repository = os.path.join(self.scratch, "peer.fossil")
        os.environ.update(USER="peer", HOME=self.scratch)
        commits = "".join("commit refs/heads/trunk\nmark :%d\ncommitter a <a@b.c> %d +0000\ndata 14\nchange %07d\n%s\n" %
                          (n, 1700000000 + 60 * n, n, "from :%d\n" % (n - 1) if n > 1 else "") for n in range(1, self.count + 1))
        subprocess.run(["fossil", "import", "--git", repository], input=commits.encode(), check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["fossil", "user", "capabilities", "nobody", "hjorz", "-R", repository], check=True,
                       stdout=subprocess.DEVNULL)
        self.url = "http://127.0.0.1:%d/timeline?n=50&y=ci" % self.port
        self.start(["fossil", "server", "--localhost", "--port", str(self.port), repository])


class Redmine(Peer):
    name, row, patience = "redmine issues", r'<tr id="issue-\d+', 6

    def begin(self):
        place = os.path.join(self.scratch, "redmine.db")
        shutil.copy(REDMINE_DB, place)
        db, now = sqlite3.connect(place), "2026-01-01 00:00:00"
        db.execute("INSERT INTO projects (id, name, is_public, identifier, status, lft, rgt, created_on, updated_on) "
                   "VALUES (1, 'peer', 1, 'peer', 1, 1, 2, ?, ?)", (now, now))
        db.execute("INSERT INTO enabled_modules (project_id, name) VALUES (1, 'issue_tracking')")
        db.execute("INSERT INTO projects_trackers (project_id, tracker_id) VALUES (1, 1)")
        db.execute("INSERT OR REPLACE INTO settings (name, value, updated_on) VALUES ('per_page_options', '50,100', ?)", (now,))
        db.executemany("INSERT INTO issues (id, tracker_id, project_id, subject, status_id, priority_id, author_id, lock_version, "
                       "created_on, updated_on, done_ratio, root_id, lft, rgt, is_private) "
                       "VALUES (?, 1, 1, ?, 1, 2, 1, 0, ?, ?, 0, ?, 1, 2, 0)",
                       [(n, "新增学校%d所" % n, now, now, n) for n in range(1, self.count + 1)])
        db.commit()
        db.close()
        env = dict(os.environ, X_DEBIAN_SITEID="default", RAILS_ENV="production", DATABASE_URL="sqlite3:" + place)
        self.url = "http://127.0.0.1:%d/issues?per_page=50" % self.port
        self.start(["puma", "-b", "tcp://127.0.0.1:%d" % self.port, "-e", "production", "-t", "8:8", "-C", "-",
                    REDMINE + "/config.ru"], cwd=REDMINE, env=env)


class Gangmu(Peer):
    name, row = "gangmu plans", r"<tr\b"

    def begin(self):
        os.environ["SCRATCH"] = self.scratch
        import kit
        self.server = kit.Server("peer.db", "--demo", "--log", "error")
        client = kit.Client(self.server)
        client.sign()
        for n in range(self.count):
            text = "某市2026年第%d号工作要点\n一、重点任务\n1.年度任务。新增学校%d所。（责任单位：基础教育处）\n" % (n, n)
            added = client.upload("plan%d.txt" % n, text.encode())
            if added.status != 200:
                raise SystemExit("upload %d: %d %s" % (n, added.status, added.text[:300]))
        self.url = "http://127.0.0.1:%d/plans" % self.server.port
        self.header = "Cookie: " + client.cookie_line()
        subprocess.run(["taskset", "-a", "-p", "-c", "0", str(self.server.process.pid)], capture_output=True)

    def stop(self):
        self.server.stop()


def measure(peer, seconds):
    peer.wait()
    page = peer.page()
    shown = len(re.findall(peer.row, page))
    if shown < 40:
        raise SystemExit("%s shows %d rows, no list of 50" % (peer.name, shown))
    command = ON_CLIENT + ["wrk", "-t1", "-c8", "-d%ds" % (seconds * peer.patience), "--timeout", "60s", "--latency", peer.url]
    out = subprocess.run(command + (["-H", peer.header] if peer.header else []), capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(peer.name + " refused: " + out)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    late = re.search(r"99%\s+(\S+)", out).group(1)
    return rate, late, len(page)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--install", action="store_true")
    asked.add_argument("--rows", type=int, default=20000)
    asked.add_argument("--seconds", type=int, default=5)
    args = asked.parse_args()
    if args.install:
        install()
    scratch, found = tempfile.mkdtemp(prefix="gangmu-peers-"), {}
    peers = [p(scratch, args.rows) for p in (Gangmu, Fossil, Redmine)]
    try:
        for peer in peers:
            peer.begin()
            found[peer.name] = measure(peer, args.seconds)
            peer.stop()
            print("%-16s %9.1f pages/s  p99 %8s  %6d bytes a page" % ((peer.name,) + found[peer.name]), flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    own = found[Gangmu.name][0]
    print("gangmu is %.1f times fossil, %.0f times redmine" % (own / found[Fossil.name][0], own / found[Redmine.name][0]))


if __name__ == "__main__":
    main()
