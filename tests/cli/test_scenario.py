#!/usr/bin/env python3
"""`gangmu scenario` as a whole: the real server, the real clock that can be moved, both engines; `serve --story` refuses any other
store. The player's judgement is proved in tests/unit/player. TAP."""
import json
import os
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, ok  # noqa: E402

SYSTEM = """gangmu: 1
system: toy
label: 玩具
version: 1
summary: 只用来试演。
roles:
  maker: {label: 制作人, at: [department], sees: {thing: all}}
records:
  thing:
    label: 东西
    fields:
      title: {is: text(40), label: 名称, need: yes}
    states:
      open: 在办
      closed: {label: 办结, end: yes}
    acts:
      make: {label: 登记, from: start, to: open, who: [maker], asks: [title]}
      close: {label: 办结, from: open, to: closed, who: [maker]}
privacy: {rule: none, why: 测试}
"""
HEAD = """scenario: 试演
system: toy
demo: yunlan
start: 2026-03-02 09:00
actors:
  an: {role: maker, at: 办公室}
  chief: {admin: system}
  web: {public: yes}
steps:
"""


# with what a story may leave untouched: levels, ends of a round, a release; and demo rows
RICH = SYSTEM.replace("""      title: {is: text(40), label: 名称, need: yes}
""", """      title: {is: text(40), label: 名称, need: yes}
      words: {is: text(80), label: 来话, class: sensitive}
      long:  {is: flag, label: 话长, value: len(words) > 3}
      asked: {is: units(3), label: 问谁}
""").replace("asks: [title]}", "asks: [title], may: [words, asked]}").replace("""      close:""", """      ask: {label: 征询, from: open, to: same, who: [maker], does: [{open: {round: joint}}]}
      lapse: {label: 过期, from: open, to: closed, who: [clock]}
      close:""").replace("""privacy: {rule: none, why: 测试}
""", """    rounds:
      joint: {label: 会办, asks: asked, as: maker, answer: {view: {is: text(80), label: 意见}}, done: all, limit: 5 workdays, silent: pass}
    clocks:
      do:
        label: 期限
        starts: open
        stops: [closed]
        limit: 4 workdays
        levels:
          - {at: -2 workdays, does: [{notify: {to: creator, text: 快到了}}]}
          - {at: due, act: lapse}
privacy:
  rule: toy
  purposes: {care: 办理}
  opens: {sensitive: {to: maker, purpose: care}}
  releases: [{id: long, from: thing.words, to: field thing.long, why: 只说长短}]
""")
ROWS = "row,title,state\n旧灯,去年的灯,closed\n新灯,今年的灯,open\n"


def story(name, steps, head=HEAD, system=SYSTEM, rows=None):
    folder = os.path.join(SCRATCH, name, "toy")
    os.makedirs(os.path.join(folder, "demo"), exist_ok=True)
    for file, text in (("system.yaml", system), ("scenario.yaml", head + steps), ("demo/thing.csv", rows)):
        if text is None:
            continue
        with open(os.path.join(folder, file), "w", encoding="utf-8") as f:
            f.write(text)
    return folder


def play(folder, *words):
    done = subprocess.run([GANGMU, "scenario", *words, folder], cwd=ROOT, capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, TMPDIR=SCRATCH))
    return done.returncode, done.stdout, done.stderr


GOOD = """  - clock: +2 workdays
  - expect: {chain: ok}
  - {as: an, clock: 2026-03-09 17:31, expect: {chain: ok}}
  - {needs: bulletin, expect: {bulletin: {period: 2026-03}, chain: ok}}
"""
engines = [("sqlite", [])]
if os.environ.get("GANGMU_TEST_PG"):
    engines.append(("postgresql", ["--db", os.environ["GANGMU_TEST_PG"]]))
for engine, words in engines:
    status, out, err = play(story("good", GOOD), "--json", *words)
    told = json.loads(out)[0]["stories"][0] if out else {}
    ok(status == 0 and told.get("passed") == 3 and told.get("failed") == 0 and told.get("not_yet") == 1,
       "%s: a story that comes true, and what is not yet" % engine, out + err)
    ok([s["at"][:16] for s in told.get("steps", [])][1:3] == ["2026-03-04T17:30", "2026-03-04T17:30"],
       "%s: the clock went two working days on" % engine, out)
    ok(told.get("engine") == engine, "%s: says where it was played" % engine)
    status, out, err = play(story("bad", "  - {as: an, do: thing.make, with: {title: 灯}, name: a, expect: {state: closed}}\n"), *words)
    ok(status == 1 and "scenario.yaml:10" in out and "--step 1" in out, "%s: one that does not is told with its line" % engine, out + err)
left = [n for n in os.listdir(SCRATCH) if n.startswith("gangmu-story-")]
ok(not left, "nothing is left behind", left)

status, out, err = play(story("page", GOOD), "--record", os.path.join(SCRATCH, "run.html"))
page = open(os.path.join(SCRATCH, "run.html"), encoding="utf-8").read()
ok(status == 0 and "试演" in page and "<script" not in page and "http" not in page.split("</style>")[1], "the run as a page", page[-2000:])
ok("act thing.make" in out and "Z009" in out, "what no story touched is a hint", out)
# what no story touched, and rows that are there before it begins
THINLY = "  - {as: an, do: thing.make, with: {title: 灯}, name: a, expect: {state: open}}\n"
FULLY = """  - {as: an, do: thing.make, with: {title: 灯, words: 走廊的灯坏了, asked: [办公室]}, name: a, expect: {state: open}}
  - {as: an, do: a.ask}
  - {as: an, answer: a.joint, with: {view: 知道了}}
  - {as: an, do: thing.make, with: {title: 门}, name: b}
  - clock: +5 workdays
  - {as: an, see: b, expect: {state: closed}}
"""
MORE = {"level thing.do -2 workdays", "level thing.do due", "end thing.joint done", "release long"}
for name, steps, left in (("thin", THINLY, MORE), ("full", FULLY, set())):
    status, out, err = play(story(name, steps, system=RICH), "--json")
    told = json.loads(out)[0] if out else {}
    ok(status == 0 and {u for u in told.get("untouched", []) if u.split()[0] in ("level", "end", "release")} == left, "what the story %s never touched is told" % name, out[-1500:] + err)
given = HEAD.replace("steps:\n", "given: {rows: yes}\nsteps:\n")
SEEN = """  - {as: an, list: thing, expect: {count: 2}}
  - {as: an, list: thing, where: state = .open, name: n}
  - {as: an, do: n.close, expect: {state: closed}}
"""
status, out, err = play(story("rows", SEEN, given, RICH, ROWS))
ok(status == 0, "demo rows are there when the story begins, and go on in it", out + err)
status, out, err = play(story("kept", GOOD), "--keep", "--step", "1")
kept = err.strip().splitlines()[-1] if err.strip() else ""
ok(status == 0 and os.path.exists(kept), "--keep leaves the store", err)

for name, steps, head in (("who", "  - {as: an, see: a}\n", HEAD.replace("办公室", "没有这处")), ("start", GOOD, HEAD.replace("09:00", "nine")),
                          ("given", GOOD, HEAD.replace("steps:\n", "given: {plan: x}\nsteps:\n"))):
    status, out, err = play(story(name, steps, head))
    ok(status != 0 and (out or err), "a story that cannot be played fails: " + name, out + err)
status, out, err = play(os.path.join(SCRATCH, "nowhere"))
ok(status == 2 and err, "a folder that is not there", err)

# the socket
db = os.path.join(SCRATCH, "office.db")
subprocess.run([GANGMU, "demo", "--people", "--db", db], check=True, capture_output=True)
done = subprocess.run([GANGMU, "serve", "--db", db, "--listen", "127.0.0.1:0", "--story", os.path.join(SCRATCH, "s.sock")],
                      capture_output=True, text=True, timeout=60)
ok(done.returncode == 2 and "--story" in done.stderr, "a store of an office is not served as a story", done.stderr)
if kept:
    server = subprocess.Popen([GANGMU, "serve", "--db", kept, "--keys", kept.replace(".db", ".keys"), "--listen", "127.0.0.1:0", "--story",
                               os.path.join(SCRATCH, "t.sock")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    server.stdout.readline()
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.path.join(SCRATCH, "t.sock"))

    def say(text):
        line.sendall(text.encode() + b"\n")
        return line.recv(1000).decode().split(" ", 1)

    now = int(say("now")[1])
    ok(say("clock %d" % (now + 10 ** 9))[0] == "ok" and int(say("now")[1]) >= now + 10 ** 9, "the clock goes forward")
    ok(say("clock %d" % now)[0] == "error", "and not back")
    ok(say("clock soon")[0] == "error" and say("dance")[0] == "error" and say("stop -1")[0] == "error", "nonsense is refused")
    ok(say("jobs")[0] == "ok" and say("stop 0")[0] == "ok", "the other words")
    line.sendall(b"x" * 1000)
    try:
        more = line.recv(10)
    except ConnectionResetError:
        more = b""
    ok(more == b"", "a line without an end ends the talk")
    server.terminate()
    ok(server.wait(20) == 0, "ends in order")
    shutil.rmtree(os.path.dirname(kept), ignore_errors=True)
finish()
