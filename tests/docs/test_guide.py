"""docs/guide/new-system.md, from its first line to its last, as a reader would: files are written, changed pieces are changed, commands
are run and must say what the page shows; what the page does in a browser is done over HTTP, and every label it names 「so」 is on a page.
`--write` puts what the commands say now into the page."""
import html
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.parse

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.join(TESTS, "http")]
from kit import Client, person_of, unit_of  # noqa: E402
from tap import GANGMU, ROOT, SCRATCH, finish, ok  # noqa: E402

PAGE = os.path.join(ROOT, "docs", "guide", "new-system.md")
HOME = os.path.join(SCRATCH, "lesson")
SCHOOL, ROOM = "云岚市第一中学", "发展规划与财务处"
env = {k: v for k, v in os.environ.items() if not k.startswith("GANGMU")}
env.update(PATH=os.path.join(SCRATCH, "bin") + ":" + env["PATH"], LC_ALL="C.UTF-8")
os.makedirs(HOME)
os.makedirs(os.path.join(SCRATCH, "bin"))
os.symlink(os.path.abspath(GANGMU), os.path.join(SCRATCH, "bin", "gangmu"))


# ---- the server of the lesson: one at a time, on a port of its own ----

class Serving:
    process = None

    def start(self, command):
        self.stop()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen(command.split() + ["--listen", "127.0.0.1:%d" % self.port], cwd=HOME, env=env, stdout=subprocess.PIPE,
                                        stderr=open(os.path.join(SCRATCH, "serve.log"), "ab"), text=True)
        self.said, first = "", [self.process.stdout.readline() for _ in range(3)]
        threading.Thread(target=self.listen, daemon=True).start()
        return "".join(first).replace(":%d/" % self.port, ":8080/")

    def listen(self):
        for line in self.process.stdout:
            self.said += line

    def says(self, lines):
        """Waits until they stand in its terminal; what stands there now."""
        began = time.monotonic()
        while lines not in self.said and time.monotonic() - began < 10:
            time.sleep(0.05)
        time.sleep(0.5)  # the rest of it
        said, self.said = self.said, ""
        return said

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)


serving = Serving()
seen = []  # the words of every page that was looked at


class Reader:
    """Somebody at a browser without script: opens pages, sends forms."""

    def __init__(self, who):
        self.client = Client(types.SimpleNamespace(port=serving.port, db=os.path.join(HOME, "demo.db")), who=who)

    def open(self, path):
        answer = self.client.get(path)
        for _ in range(3):
            if answer.status != 303:
                break
            answer = self.client.get(answer.headers["Location"])
        seen.append(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))
        ok(answer.status == 200, "%s: %s" % (self.client.who or "reader", path), answer.text[:300])
        return answer.text

    def send(self, path, **fields):
        """As the form of that page would; where it leads."""
        self.client.sign()
        body = urllib.parse.urlencode(dict(fields, token=self.client.token))
        answer = self.client.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        ok(answer.status == 303, "%s takes %s" % (path, fields), re.findall(r'class="err".*?<', answer.text) or answer.text[:300])
        return (answer.headers.get("Location") or "").split("?")[0]


def in_browser():
    nobody, security, luohai, zhoumin = (Reader(w) for w in (None, "demo-security", "luohai", "zhoumin"))
    nobody.open("/sign-in")
    security.open("/people?q=" + urllib.parse.quote("罗海"))
    db = types.SimpleNamespace(db=os.path.join(HOME, "demo.db"))
    for login, role, unit in (("luohai", "repairs.reporter", SCHOOL), ("zhoumin", "repairs.worker", ROOM)):
        person = "/people/" + person_of(db, login)
        security.open(person)
        form = security.open(person + "/do?act=post")
        rev = re.search(r'name="rev" value="(\d+)"', form).group(1)
        security.send(person + "/acts", act="post", rev=rev, unit=unit, role=role)
    luohai.open("/s")
    luohai.open("/s/repairs")
    luohai.open("/s/repairs/ticket/acts/report")
    ticket = luohai.send("/s/repairs/ticket/acts/report", school=unit_of(db, SCHOOL), kind="screen", what="三年级2班大屏不亮")
    luohai.open(ticket)
    zhoumin.open(ticket)
    zhoumin.send(ticket + "/acts/accept")
    zhoumin.open(ticket)
    zhoumin.send(ticket + "/acts/fix", result="换了电源线")
    luohai.open(ticket)
    luohai.send(ticket + "/acts/confirm")
    ok("已修好" in luohai.open(ticket), "the ticket is done")
    ok("1件" in zhoumin.open("/s/repairs/measures") and "100%" in seen[-1], "it is counted")
    ok("BX" in zhoumin.open("/s/repairs/ticket"), "it is in the list")
    told = zhoumin.client.get("/api/v1" + ticket).json
    ok(told["data"]["state"] == "done" and told["data"]["fields"]["result"] == "换了电源线", "programs read the same", told)


def after_change():
    luohai, zhoumin = Reader("luohai"), Reader("zhoumin")
    db = types.SimpleNamespace(db=os.path.join(HOME, "demo.db"))
    ticket = luohai.send("/s/repairs/ticket/acts/report", school=unit_of(db, SCHOOL), kind="power", what="走廊灯不亮")
    ok("计划维修日" in zhoumin.open(ticket + "/acts/accept"), "the form asks for the new field")
    zhoumin.send(ticket + "/acts/accept", plan="2026-12-30")
    ok("2026-12-30" in zhoumin.open(ticket), "and the record has it")
    zhoumin.open("/develop")
    ok(len(luohai.client.get("/api/v1/s/repairs/ticket").json["rows"]) == 2, "what was there is there")


VISITS = [in_browser, after_change]  # after the first block of a console in which the server starts, of a server that took over


# ---- the page ----

def write_file(path, text):
    path = os.path.join(HOME, path)
    ok(os.path.isdir(os.path.dirname(path)), "there is a folder for " + os.path.relpath(path, HOME))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def change_file(path, text):
    full = os.path.join(HOME, path)
    now = open(full, encoding="utf-8").read()
    for piece in text.split("@@\n"):
        lines = piece.splitlines(keepends=True)
        old = "".join(x[1:] for x in lines if x[0] in " -")
        ok(now.count(old) == 1, "the piece to change is once in " + path, piece)
        now = now.replace(old, "".join(x[1:] for x in lines if x[0] in " +"))
    with open(full, "w", encoding="utf-8") as f:
        f.write(now)


def run_console(text):
    """What a terminal would show."""
    shown = ""
    for line in text.splitlines():
        if not line.startswith("$ "):
            continue
        command = line[2:]
        shown += line + "\n"
        if command.startswith("gangmu serve"):
            shown += serving.start(command)
            continue
        done = subprocess.run(["sh", "-c", command + " 2>&1"], cwd=HOME, env=env, capture_output=True, text=True, timeout=120)
        ok(done.returncode in (0, 1), command, done.stdout)
        shown += done.stdout
    return shown


page = open(PAGE, encoding="utf-8").read()
out, blocks, visits = "", 0, list(VISITS)
for part in re.split(r"(^```.*?^```\n)", page, flags=re.M | re.S):
    fence = re.match(r"```(\S*) ?(\S*)\n(.*?)```\n", part, re.S)
    if fence:
        kind, path, text = fence.groups()
        blocks += 1
        if kind == "console":
            shown = run_console(text)
            ok(shown == text or "--write" in sys.argv, "the terminal shows: " + text.splitlines()[0], "shown:\n%s\nwritten:\n%s" % (shown, text))
            part = "```console\n%s```\n" % shown
            if "$ gangmu serve" in text:
                visits.pop(0)()
        elif kind == "server":
            said = serving.says(text)
            ok(text in said or "--write" in sys.argv, "the server says: " + text.splitlines()[0], said)
            part = part if text in said else "```server\n%s```\n" % said
            if visits and "已生效" in text:
                visits.pop(0)()
        elif kind == "diff":
            change_file(path, text)
        else:
            ok(bool(path), "a block of %s names its file" % kind)
            write_file(path, text)
    out += part
if "--write" in sys.argv:
    open(PAGE, "w", encoding="utf-8").write(out)
serving.stop()
ok(blocks > 12 and not visits, "all of the page was done", (blocks, visits))
labels = set(re.findall("「(.*?)」", page))
absent = [x for x in labels if not any(x in words for words in seen)]
ok(len(labels) > 10 and not absent, "every label the page names is on a page", absent)
finish()
