"""The demonstration's work in the systems: who holds which role of a package, and demo rows as records with a past."""

import datetime
import subprocess

from kit import GANGMU, SCRATCH, Client, Server, check, finish, sql, unit_of

server = Server("work.db", "--demo")
people = {who: Client(server, who=who) for who in ("zhoumin", "shenli", "hefang", "luohai", "xuheng", "liangyi", "qinshan")}
counts = {who: len(client.get("/api/v1/s").json["rows"]) for who, client in people.items()}
check(all(n >= 5 for n in counts.values()) and counts["shenli"] >= 12, "everybody of the demo has systems to work in", counts)

# ---- records with a past ----
tasks = people["liangyi"].get("/api/v1/s/task/task").json["rows"]
check(len(tasks) >= 7 and {t["state"]["code"] if isinstance(t["state"], dict) else t["state"] for t in tasks} >= {"issued", "doing", "closed"}, "tasks in several states", tasks[:1])
year = str(datetime.date.today().year)
check(all(t["number"].startswith("RW" + year) or t["number"].startswith("RW") for t in tasks), "with numbers of the series", tasks[:1])
past = sql(server, "SELECT COUNT(*), MIN(at_us), MAX(at_us) FROM flow_act WHERE record = 'hazard.hazard'")[0]
now = int(datetime.datetime.now().timestamp() * 1e6)
check(int(past[0]) >= 15 and now - 90 * 86400 * 10**6 < int(past[1]) <= int(past[2]) <= now, "hazards were led to their states in the last weeks", past)
who_did = sql(server, "SELECT DISTINCT person FROM flow_act WHERE record = 'task.task' AND act = 'accept'")
check(int(sql(server, "SELECT COUNT(*) FROM flow_act WHERE person <> ''")[0][0]) > 250, "by people who hold the roles", who_did)
check(int(sql(server, "SELECT COUNT(*) FROM flow_clock WHERE phase = 1")[0][0]) > 30, "their clocks run")
late = sql(server, "SELECT COUNT(*) FROM flow_clock WHERE phase = 1 AND due_us < %d" % now)[0][0]
check(0 < int(late) < 60, "some are over", late)
first = tasks[0]["id"]
check(people["liangyi"].get("/s/task/task/" + first).status == 200, "a record's page")

# ---- what is new goes on from them ----
department = unit_of(server, "安全处")
made = people["liangyi"].post("/api/v1/s/task/task/acts/make", {"title": "核对校车台账", "unit": department, "due": (datetime.date.today() + datetime.timedelta(30)).isoformat()})
numbers = [t["number"] for t in tasks]
check(made.status == 200 and made.json["data"]["number"] not in numbers and made.json["data"]["number"] > max(n for n in numbers if n.startswith("RW" + year)), "numbers go on", made.text[:300])
series = sql(server, "SELECT COUNT(*) FROM task_task")[0][0]
server.stop()

# ---- once ----
again = Server("work.db", "--demo")
check(sql(again, "SELECT COUNT(*) FROM task_task")[0][0] == series, "a second start loads nothing again")
check(again.verify() == 0, "the chain holds")
again.stop()
if "postgresql" not in server.db:
    bare = SCRATCH + "/bare.db"
    done = subprocess.run([GANGMU, "demo", "--people", "--db", bare], capture_output=True, text=True)
    check(done.returncode == 0 and "0个业务岗位，0条业务记录" in done.stdout, "units and people alone bring no work", done.stdout)
finish()
