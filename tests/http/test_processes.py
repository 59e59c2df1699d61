"""Two servers on one PostgreSQL: writes through both, each shows the other's at once, one dies in the middle, one chain."""
import os
import signal
import subprocess
import threading
import time

os.environ["ENGINE"] = "postgresql"  # an SQLite file has one server
from kit import CLUSTER, Client, Server, check, finish, place  # noqa: E402

if not CLUSTER:
    print("ok 1 - processes # SKIP there is no PostgreSQL\n1..1")
    raise SystemExit

# ---- all at once on an empty database: one makes the tables and the secret, the others find them ----
place("fresh.db")
fresh = []
threads = [threading.Thread(target=lambda: fresh.append(Server("fresh.db", "--log", "error"))) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
check(len(fresh) == 4 and all(Client(s).get("/readyz").status == 200 for s in fresh), "four servers start at once on an empty database")
check({s.stop() for s in fresh} == {0} and fresh[0].verify() == 0, "and end")

a = Server("both.db", "--demo", "--log", "error")
b = Server("both.db", "--log", "error")
ca, cb = Client(a), Client(b)
cb.who, cb.token, cb.cookies = None, ca.sign(), ca.cookies  # one person, whom a proxy sends now here, now there


def text(n):
    return ("云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n" % (n, n)).encode()


def rows(c):
    found, after = [], ""
    while True:
        page = c.get("/api/v1/plans?after=" + after).json
        found += page["rows"]
        after = page["next"]
        if not after:
            return found


def plan(c):
    return c.get("/api/v1/plans/" + pid).json["data"]


def target(c):
    """The first target of the plan as c shows it: (key, value)."""
    for review in plan(c)["review"]:
        for fact in c.get("/api/v1/plans/%s/items/%s" % (pid, review["step"])).json["data"]["values"]:
            if fact["subject"] == "target" and fact.get("value"):
                return fact["key"], fact["value"]


# ---- what one writes the other shows at once ----
names = lambda c: [r["name"] for r in rows(c)]
first = ca.upload("经A.txt", text(1), issuer="云岚市教育局甲")
check(first.status == 200 and "经A.txt" in names(cb), "B lists what A took in", first.text[:200])
pid = next(r["id"] for r in rows(cb) if r["name"] == "经A.txt")
check("云岚市教育局甲" in cb.get("/plans").text, "and offers its issuer to choose from")
key, value = target(cb)  # B has it compiled and corrected in its cache now
tag = cb.get("/api/v1/plans/" + pid).headers["ETag"]
check(cb.get("/api/v1/plans/" + pid, If_None_Match=tag).status == 304, "B knows its own tag")
check(ca.get("/api/v1/plans/" + pid, If_None_Match=tag).status == 304, "and A knows it too")
done = ca.post("/api/v1/plans/%s/correct" % pid, {"subject": "target", "key": key, "value": "77", "rev": plan(ca)["rev"]})
check(done.status == 200 and target(cb)[1] == "77", "what A corrected B shows, not what it kept", (done.text[:200], target(cb)))
check(cb.get("/api/v1/plans/" + pid, If_None_Match=tag).status == 200, "the old tag is no longer good at B")
check(cb.post("/api/v1/plans/%s/correct" % pid, {"subject": "target", "key": key, "value": "78", "rev": "1"}).status == 409,
      "B knows that somebody was faster")
check(cb.post("/api/v1/plans/%s/undo" % pid).status == 200 and target(ca)[1] == value, "B takes back what A did, and A shows it")
issuers = lambda c: "云岚市教育局乙" in c.get("/plans").text
check(not issuers(cb) and not issuers(ca), "both keep what is offered to choose from")
cb.upload("经B.txt", text(2), issuer="云岚市教育局乙")
check(issuers(cb) and issuers(ca), "until an event, of either")
check(cb.post("/api/v1/plans/%s/void" % pid, {"rev": plan(ca)["rev"]}).status == 200, "a form of A is taken by B")

# ---- the dictionary of units ----
step = plan(ca)["review"][0]["step"]
offered = lambda c: c.get("/plans/%s?item=%s&add=party" % (pid, step)).text
check("云岚市教育局" in offered(cb), "B offers units of the dictionary")
subprocess.run(["psql", "-q", a.db, "-c", "UPDATE unit SET name = '云岚市星辰教研室' WHERE id = (SELECT max(id) FROM unit)"], check=True)
ca.upload("又A.txt", text(3))
end = time.monotonic() + 3
while time.monotonic() < end and not ("星辰教研室" in offered(ca) and "星辰教研室" in offered(cb)):
    time.sleep(0.1)
check("星辰教研室" in offered(ca) and "星辰教研室" in offered(cb), "a name that another process changed is known within seconds")

# ---- writers through both; one is killed ----
told, lock, number, stop = set(), threading.Lock(), [100], threading.Event()
after_kill = [0]


def write(server):
    c = Client(server, timeout=20)
    try:
        while not stop.is_set():
            with lock:
                number[0] += 1
                n = number[0]
            if c.upload("p%d.txt" % n, text(n)).status == 200:
                with lock:
                    told.add("p%d.txt" % n)
                    after_kill[0] += a.process.returncode is not None
    except Exception:
        pass  # its server was killed


threads = [threading.Thread(target=write, args=(s,)) for s in (a, b) for _ in range(8)]
[t.start() for t in threads]
time.sleep(2)
both = len(told)
a.stop(signal.SIGKILL)
time.sleep(2)
stop.set()
[t.join() for t in threads]
check(both > 20, "both write", both)
check(after_kill[0] > 10, "when one is killed in the middle the other goes on", after_kill[0])
kept = [r["name"] for r in rows(cb)]
check(told <= set(kept), "every answered write of both is there", sorted(told - set(kept))[:3])
check(len(kept) == len(set(kept)), "none is there twice")
again = Server("both.db", "--log", "error")
check(Client(again).upload("danach.txt", text(99)).status == 200 and "danach.txt" in names(cb), "another takes the place of the dead one")
check(b.stop() == 0 and again.stop() == 0 and b.verify() == 0, "one chain, and it holds")
finish()
