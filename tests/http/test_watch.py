"""Declarations that are saved while the server runs: what is right takes effect within a second, what is wrong leaves everything as it
was and is said on the console, above the pages and at /develop; torn saves, many saves, requests under way; live data are upgraded
or the change is refused."""
import os
import queue
import shutil
import subprocess
import threading
import time

from kit import GANGMU, SCRATCH, Client, Server, check, finish, give_post, sql, unit_of

FOLDER = os.path.join(SCRATCH, "watched")
REPAIRS = os.path.join(FOLDER, "repairs")
os.makedirs(FOLDER)
subprocess.run([GANGMU, "system", "new", REPAIRS], check=True, capture_output=True)
server = Server("watch.db", "--systems", FOLDER)
console = queue.Queue()
threading.Thread(target=lambda: [console.put(x.decode()) for x in server.process.stdout], daemon=True).start()
SCHOOL = "云岚市第一中学"
give_post(server, "luohai", "repairs.reporter", SCHOOL)
give_post(server, "zhoumin", "repairs.office", "办公室")
school, office, admin, nobody = (Client(server, who=w) for w in ("luohai", "zhoumin", "demo-system", None))
for client in (school, office, admin):
    client.sign()
API = "/api/v1/s/repairs/matter"
FIRST = open(os.path.join(REPAIRS, "system.yaml"), encoding="utf-8").read()
STORY = open(os.path.join(REPAIRS, "scenario.yaml"), encoding="utf-8").read()


def save(text, path="system.yaml"):
    """As careful editors do: beside, then renamed."""
    full = os.path.join(REPAIRS, path)
    with open(full + "~", "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(full + "~", full)


def told(words, seconds=5):
    """Waits for the words on the console; everything said until then, and how long it took."""
    began, said = time.monotonic(), ""
    while words not in said and time.monotonic() - began < seconds:
        try:
            said += console.get(timeout=0.05)
        except queue.Empty:
            pass
    return said, time.monotonic() - began


def quiet(seconds):
    time.sleep(seconds)
    said = []
    while not console.empty():
        said.append(console.get())
    return "".join(said)


def state():
    return admin.get("/api/v1/develop").json["data"]


def version():
    return next(s["version"] for s in state()["systems"] if s["system"] == "repairs")


def report(what="路灯不亮", **more):
    return school.post(API + "/acts/raise", dict({"school": unit_of(server, SCHOOL), "what": what, "due": "2026-12-30"}, **more))


check("保存即检查" in told("保存即检查")[0], "the console says that it watches")
a = report()
check(a.status == 200 and quiet(0.6) == "", "an act; nothing was saved, nothing is said", a.text[:200])
check(nobody.get("/api/v1/develop").status == 401 and state()["broken"] is False and version() == 1, "what is in effect is told to whoever is signed in")

# ---- what is right ----
more = FIRST.replace("      result: ", "      place: {is: text(60), label: 地点, class: open}\n      result: ", 1).replace("asks: [school, what, due]", "asks: [school, what, due, place]", 1)
save(more)
said, took = told("已生效：repairs (1)")
check("已生效：repairs (1)" in said and took < 1.5, "a field more, in effect within a second or so, the version as it was", (said, took))
check("地点" in school.get("/s/repairs/matter/acts/raise").text, "the form has it")
check(report().status == 422 and report(place="东门").json["data"]["fields"]["place"] == "东门", "the act asks for it")
old = school.get(API + "/" + a.json["data"]["id"]).json["data"]
check(old["fields"]["place"] is None and old["rev"] == 1, "what was there is there, without it", old)

# ---- what is wrong ----
before = state()
broken = more.replace("to: done", "to: dome", 1)
save(broken)
said, took = told("dome")
check("没有生效" in said and "repairs/system.yaml:" in said and "N003" in said, "what is wrong is on the console, with its place", said)
said += quiet(0.3)
page = admin.get("/develop")
check(page.status == 200 and "N003" in page.text and "dome" in page.text, "and at /develop", page.status)
check("刚保存的声明有错误" in school.get("/s").text and "刚保存的声明有错误" in admin.get("/me").text, "and above every page")
check(state()["broken"] and state()["systems"] == before["systems"] and report(place="西门").status == 200, "what was in effect stays and works")
check("“dome”" in admin.get("/develop?lang=en").text and "errors" in admin.get("/develop?lang=en").text, "in the reader's language")
save(more)
said, _ = told("没有错误了")
check("没有错误了" in said and not state()["broken"] and "刚保存的声明有错误" not in school.get("/s").text, "undone, all is quiet again", said)

# ---- torn saves: what is not whole is never in effect ----
seen = set()
with open(os.path.join(REPAIRS, "system.yaml"), "w", encoding="utf-8") as f:
    whole = more.replace("label: 地点", "label: 位置", 1)
    for part in (whole[:700], whole[700:1500], whole[1500:]):
        for _ in range(12 if f.tell() else 0):
            time.sleep(0.05)
            seen.add(next((s["digest"] for s in state()["systems"]), "none"))
        f.write(part)
        f.flush()
said, _ = told("已生效")
check(seen == {before["systems"][0]["digest"]}, "a file written in three pieces, half a second apart: the old one until it is whole", seen)
check("位置" in school.get("/s/repairs/matter/acts/raise").text and not state()["broken"], "then the new one", said)
quiet(0.3)

# ---- many saves: the last one counts, and the server keeps no heap of old ones ----
def memory():
    return int(next(x for x in open("/proc/%d/status" % server.process.pid) if x.startswith("VmRSS")).split()[1])


def save_and_wait(label):
    save(more.replace("label: 地点", "label: " + label, 1))
    return told("已生效")[0]


for i in range(3):
    save_and_wait("先%d" % i)
first = memory()
for i in range(25):
    save_and_wait("再%d" % i)
check(memory() < first + 30000, "25 saves taken over one by one", (first, memory()))
for i in range(60):
    save(more.replace("label: 地点", "label: 快%d" % i, 1))
    time.sleep(0.01)
told("已生效")
time.sleep(1.2)
check("快59" in school.get("/s/repairs/matter/acts/raise").text, "60 saves in a moment: the last one is in effect")
quiet(0.2)

# ---- requests under way: acts never fail for it ----
failures, done, stop = [], [], threading.Event()


def work(who):
    client = Client(server, who=who)
    client.sign()
    while not stop.is_set():
        answer = client.post(API + "/acts/raise", {"school": unit_of(server, SCHOOL), "what": "x", "due": "2026-12-30", "place": "操场"})
        page = client.get("/s/repairs/matter")
        (done if (answer.status, page.status) == (200, 200) else failures).append((answer.status, page.status, answer.text[:200]))


workers = [threading.Thread(target=work, args=("luohai",)) for _ in range(3)]
for t in workers:
    t.start()
for i in range(6):
    save(more.replace("      result: ", "      extra%d: {is: text(10), label: 附%d}\n      result: " % (i, i), 1).replace("\nversion: 1\n", "\nversion: %d\n" % (i + 2), 1))
    told("已生效")
stop.set()
for t in workers:
    t.join()
check(len(done) > 20 and not failures, "acts and lists go on while columns are added", (len(done), failures[:3]))
renamed = more.replace("place: {is: text(60), label: 地点,", "spot: {is: text(60), label: 地点, was: place,", 1).replace("due, place]", "due, spot]", 1).replace("\nversion: 1\n", "\nversion: 8\n", 1)
save(renamed)
said, _ = told("repairs (8)")
check(report(spot="南门").status == 200 and version() == 8, "a column is renamed with its contents", said)
check(any(r["fields"]["spot"] == "操场" for r in school.get(API).json["rows"]), "which are read by the new name")

# ---- live data: what an installation refuses is not taken over ----
rows = int(sql(server, "SELECT count(*) FROM repairs_matter")[0][0])
gone = renamed.replace("open: 待办理", "waiting: 待办理", 1).replace("from: open", "from: waiting", 1).replace("to: open", "to: waiting", 1).replace("starts: open", "starts: waiting", 1).replace("version: 8", "version: 9", 1)
save(STORY.replace("state: open", "state: waiting"), "scenario.yaml")
save(gone)
said, _ = told("U003")
said += quiet(0.3)
check("U003" in said and "open" in said and version() == 8, "a state that records are in cannot go: refused with words", said)
check(report(spot="北门").json["data"]["state"] == "open" and state()["broken"], "and work goes on as before")
os.makedirs(os.path.join(REPAIRS, "migrations"))
save("from: 8\nto: 9\nmatter:\n  states: {open: waiting}\n", "migrations/009.yaml")
said, _ = told("repairs (9)")
everything = [r["state"] for r in school.get(API).json["rows"]]
check("repairs (9)" in said and version() == 9 and set(everything) == {"waiting"}, "migrations/ say where they go, and they are there", (said, everything))
waits = report(spot="北门").json["data"]
check(waits["state"] == "waiting" and office.post(API + "/" + waits["id"] + "/acts/close", {"result": "好了"}).json["data"]["state"] == "done", "work goes on in the new state")
history = school.get("/s/repairs/matter/" + old["id"]).text
check("随升级调整" in history, "the record says so itself")
save(gone.replace("version: 9", "version: 2", 1))
check("repairs" in told("低")[0] and version() == 9, "an older version does not come back")
save(gone)
told("没有错误了")

# ---- folders come and go; editors leave things about ----
subprocess.run([GANGMU, "system", "new", os.path.join(FOLDER, "second")], check=True, capture_output=True)
check("second (1)" in told("second (1)")[0] and len(state()["systems"]) == 2, "a system more")
for name in (".system.yaml.swp", "system.yaml~"):
    open(os.path.join(REPAIRS, name), "w").write("x")
check(quiet(1) == "" and not state()["broken"], "what editors put beside is nobody's business")
open(os.path.join(REPAIRS, "run.sh"), "w").write("x")
check("Y014" in told("Y014")[0], "any other file is")
os.remove(os.path.join(REPAIRS, "run.sh"))
told("没有错误了")
shutil.rmtree(os.path.join(FOLDER, "second"))
check("-second" in told("-second")[0] and len(state()["systems"]) == 1, "a system less")
check(int(sql(server, "SELECT count(*) FROM repairs_matter")[0][0]) == rows + 2 and server.verify() == 0, "every record is there, the chain holds")
check(server.stop() == 0, "it ends in order")

# ---- nobody else's server does that ----
plain = Server("plain.db")
other = Client(plain, who="demo-system")
check(other.get("/develop").status == 404 and other.get("/api/v1/develop").status == 404, "without a folder there is nothing to watch")
plain.stop()
finish()
