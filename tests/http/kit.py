"""What every HTTP test shares: the real binary on a temporary database, a client that is signed in, TAP lines."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GANGMU = os.environ.get("GANGMU", os.path.join(ROOT, "build/gangmu"))
SCRATCH = os.environ.get("SCRATCH") or tempfile.mkdtemp(prefix="gangmu-http-")
CLUSTER = os.environ.get("GANGMU_TEST_PG") if os.environ.get("ENGINE") == "postgresql" else None
schemas = {}
count = failed = 0
lock = threading.Lock()


def check(condition, name, found=None):
    global count, failed
    with lock:
        count += 1
        failed += not condition
        print(("ok %d - %s" if condition else "not ok %d - %s") % (count, name) +
              ("" if condition or found is None else ": " + repr(found)[:1200]), flush=True)
    return bool(condition)


# Seconds after which something hangs, however many others want the processors. What the server may cost is said in processor
# time (Server.spent), which nobody else's work makes longer.
HANGS = 20


def finish():
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


def keys(db):
    """Flags that name the key ring: a file database has its own beside it, one in a cluster needs it named."""
    if not CLUSTER:
        return []
    ring = os.path.join(SCRATCH, db + ".keys")
    subprocess.run([GANGMU, "keys", "new", "--keys", ring], check=True, capture_output=True)
    return ["--keys", ring]


def place(db):
    """Where the database of this name is: a file, or with ENGINE=postgresql a schema of its own in the cluster."""
    if not CLUSTER:
        return os.path.join(SCRATCH, db)
    if db not in schemas:
        schemas[db] = "http_%s_%d" % (re.sub("[^a-z]", "_", db), os.getpid())
        subprocess.run(["psql", "-q", CLUSTER, "-c", "CREATE SCHEMA " + schemas[db]], check=True)
    return CLUSTER + "&options=-csearch_path%3D" + schemas[db]


class Server:
    """With the demo's people; with its plans too when "--demo" is asked for. bare: an empty database, and nobody's demo."""

    def __init__(self, db="test.db", *options, bare=False):
        self.db = place(db)
        if not bare and "--demo" not in options:
            made = subprocess.run([GANGMU, "demo", "--people", "--db", self.db, *keys(db)], capture_output=True, text=True)
            if made.returncode:
                raise SystemExit("the demo's people could not be made: " + made.stderr)
            options += ("--demo",)
        self.log = open(os.path.join(SCRATCH, db + ".log"), "ab")
        self.process = subprocess.Popen([GANGMU, "serve", "--db", self.db, "--listen", "127.0.0.1:0", *keys(db), *options],
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        found = re.search(r":(\d+)/", line)
        if not found:
            raise SystemExit("the server did not start: %r %s" % (line, open(self.log.name).read()[-500:]))
        self.port = int(found.group(1))

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)
        self.log.close()
        return self.process.returncode

    def spent(self):
        """Seconds of processor time so far: the server's own, its children's that ended, and those that live."""
        total = 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                row = open("/proc/%s/stat" % pid).read().rsplit(")", 1)[1].split()  # from its state on: proc(5)
            except OSError:  # it ended meanwhile
                continue
            if int(pid) == self.process.pid:
                total += sum(map(int, row[11:15]))
            elif int(row[1]) == self.process.pid:
                total += sum(map(int, row[11:13]))
        return total / os.sysconf("SC_CLK_TCK")

    def verify(self):
        return subprocess.run([GANGMU, "verify", "--db", self.db], capture_output=True).returncode


def sql(server, text, *values):
    """One statement past the program, as its only way to another moment."""
    if CLUSTER:
        for value in values:
            text = text.replace("?", "'%s'" % value, 1)
        done = subprocess.run(["psql", "-qtA", server.db, "-c", text], capture_output=True, text=True, check=True)
        return [line.split("|") for line in done.stdout.splitlines()]
    db = sqlite3.connect(server.db, timeout=20)
    rows = db.execute(text, values).fetchall()
    db.commit()
    db.close()
    return rows


def person_of(server, login):
    return sql(server, "SELECT person FROM account WHERE login = ?", login)[0][0]


def unit_of(server, name):
    return sql(server, "SELECT id FROM unit WHERE name = ?", name)[0][0]


def give_post(server, login, role, at):
    """A role of a package for one of the demonstration's people, past the pages."""
    sql(server, "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', ?, ?, ?, ?, '', '2026-01-01', '9999-12-31')",
        "post-" + login + role, person_of(server, login), unit_of(server, at), role)


def code(secret, drift=0):
    """A code of an app for the second factor: RFC 6238, written a second time."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + drift), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Client:
    """A person of the demo: signs in before the first request, keeps the cookies, sends the token with every change.
    who=None is somebody who is not signed in."""

    def __init__(self, server, timeout=30, who="zhoumin"):
        self.server, self.timeout, self.who, self.cookies, self.token = server, timeout, who, {}, ""

    def sign_in(self):
        who, self.who = self.who, None
        answer = self.post("/api/v1/sign-in/demo", {"login": who})
        if answer.status != 200:
            raise RuntimeError("%s cannot sign in: %d %s" % (who, answer.status, answer.text[:300]))
        self.token = answer.json["data"]["token"]

    def request(self, method, path, body=None, headers=None):
        if self.who:
            self.sign_in()
        return self.send(method, path, body, headers)

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=self.timeout)
        sent = dict(headers or {})
        if self.cookies:
            sent.setdefault("Cookie", "; ".join("%s=%s" % pair for pair in self.cookies.items()))
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            answer = Answer(response, response.read())
        finally:
            connection.close()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, content = value.split(";")[0].partition("=")
            if name != "gangmu_lang":  # a test that wants a language asks for it
                self.cookies[name] = content
            if "Max-Age=0" in value:
                self.cookies.pop(name, None)
        return answer

    def cookie_line(self):
        """What a browser would send in the header Cookie."""
        self.sign()
        return "; ".join("%s=%s" % pair for pair in self.cookies.items())

    def get(self, path, **headers):
        return self.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def sign(self):
        if self.who:
            self.sign_in()
        if not self.token:
            self.token = self.get("/api/v1/session").json["data"]["token"]
        return self.token

    def post(self, path, fields=None, **headers):
        body = urllib.parse.urlencode(fields or {})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Token": self.sign()}
        sent.update({k.replace("_", "-"): v for k, v in headers.items()})
        return self.request("POST", path, body, sent)

    def upload(self, name, data, path="/api/v1/plans", **fields):
        border = "gangmuborder7d1"
        parts = []
        for key, value in fields.items():
            parts.append(("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n" % (border, key, value)).encode())
        parts.append(("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                      "Content-Type: application/octet-stream\r\n\r\n" % (border, name)).encode() + data + b"\r\n")
        parts.append(("--%s--\r\n" % border).encode())
        return self.request("POST", path, b"".join(parts),
                            {"Content-Type": "multipart/form-data; boundary=" + border, "X-Token": self.sign()})


def demo(name):
    return open(os.path.join(ROOT, "demo/plans", name), "rb").read()
