"""The demonstration's work in the systems: who holds which role of a package, and demo rows as records with a past."""

import csv
import datetime
import io
import subprocess
import urllib.parse

from kit import GANGMU, SCRATCH, Client, Server, check, finish, person_of, sql, unit_of

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
check(sql(server, "SELECT record, clock, says FROM flow_clock_failed") == [], "and none of their levels was refused", sql(server, "SELECT record, clock, says FROM flow_clock_failed"))
first = tasks[0]["id"]
check(people["liangyi"].get("/s/task/task/" + first).status == 200, "a record's page")

# ---- homes, help, packages ----
rows = {r["system"]: r for r in people["liangyi"].get("/api/v1/s").json["rows"]}
check(rows["task"]["open"] >= 6 and sum(r["over"] for r in rows.values()) >= 1, "a home counts what is open and over", rows["task"])
few = {r["system"]: r for r in people["luohai"].get("/api/v1/s").json["rows"]}
check(few["task"]["open"] < rows["task"]["open"], "of what one sees", (few["task"], rows["task"]))
page = people["liangyi"].get("/s").text
check("逾期" in page and "7天内到期" in page and "/s/task/task/" in page, "with what presses first")
check("/s/task" not in people["liangyi"].get("/s?q=" + urllib.parse.quote("信访")).text.split("sys-list", 1)[1].split("</ul>")[0], "a field finds systems by their words")
told = people["liangyi"].get("/api/v1/s/petition/help").json["data"]
check(told["basis"] and len(told["roles"]) >= 5 and len(told["clocks"]) >= 5 and told["keeps"] and any(s["acts"] for s in told["records"][0]["states"]), "a system is explained", list(told))
check("年" in told["keeps"][0]["says"] and all(c["says"] for c in told["clocks"]), "deadlines and keeping in words", told["keeps"])
check(people["liangyi"].get("/s/petition/help").status == 200 and people["liangyi"].get("/s/bus/help").status == 404, "to those who have a role in it")
admin = Client(server, who="demo-system")
packages = admin.get("/api/v1/admin/systems").json
check(len(packages["rows"]) >= 20 and all(len(p["digest"]) == 16 and p["installed"] for p in packages["rows"]), "packages with version and digest", packages["rows"][:1])
one = admin.get("/api/v1/admin/systems/task").json["data"]
check(one["faults"] == [] or all(f["label"][0] in "NFTRP" for f in one["faults"]) and one["records"], "one package, checked again", one["faults"])
check(admin.get("/admin/systems").status == 200 and admin.get("/admin/systems/task").status == 200 and admin.get("/admin/systems/none").status == 404, "and its pages")
check(people["liangyi"].get("/admin/systems").status == 403, "for the system administrator alone")
if packages["failed"]:
    check(admin.post("/api/v1/admin/systems/retry").json["data"]["tried"] >= 1, "what was refused is tried again", packages["failed"])

# ---- what is new goes on from them ----
department = unit_of(server, "安全处")
made = people["liangyi"].post("/api/v1/s/task/task/acts/make", {"title": "核对校车台账", "unit": department, "due": (datetime.date.today() + datetime.timedelta(30)).isoformat()})
numbers = [t["number"] for t in tasks]
check(made.status == 200 and made.json["data"]["number"] not in numbers and made.json["data"]["number"] > max(n for n in numbers if n.startswith("RW" + year)), "numbers go on", made.text[:300])
# ---- a task and its targets ----
task, leader = "/s/task/task/" + made.json["data"]["id"], people["shenli"]
told = people["liangyi"].get("/api/v1" + task).json["data"]
check(told["clocks"]["due"]["lamp"] == "green" and told["fields"]["share"] == "0", "a lamp is read off the clock, the share is worked out", (told["clocks"], told["fields"]))
goal = leader.post("/api/v1/s/target/target/acts/set", {"title": "核对校车50辆", "unit": department, "task": made.json["data"]["id"], "goal": "50", "goal_unit": "辆", "year": year})
check(goal.status == 200, "a target is set for it", goal.text)
told = people["liangyi"].get("/api/v1" + task).json["data"]["fields"]
check(told["target_all"] == "1.00" and told["share"] == "0", "the task knows of it", told)
page = people["liangyi"].get(task).text
check("核对校车50辆" in page and "/s/target/target/" + goal.json["data"]["id"] in page, "and shows it: records of other systems that refer to a record stand on its page")
check(">50<" in people["liangyi"].get("/s/target/target/" + goal.json["data"]["id"]).text, "a figure of many places is shown without idle zeros")

# ---- records from a sheet ----
office, sheet = people["liangyi"], "/s/task/task/acts/make/sheet"
head = next(csv.reader(io.StringIO(office.get(sheet + "?format=csv").body.decode("utf-8-sig"))))
check(len(head) >= 4 and office.get(sheet + "?format=xlsx").body[:2] == b"PK", "an empty sheet has what the act asks for", head)
day = (datetime.date.today() + datetime.timedelta(40)).isoformat()


def cells(*rows):
    return "\r\n".join(",".join(r) for r in (head[:3],) + rows).encode()


def send(data, client=office, path="/api/v1" + sheet, **fields):
    return client.upload("任务.csv", data, path=path, **fields)


good, bad = ("汇总寒假值班安排", "安全处", day), ("核对空白单位", "没有的处", day)
count = lambda: int(sql(server, "SELECT COUNT(*) FROM task_task")[0][0])
before = count()
state = lambda a: {k: a.json["data"][k] for k in ("phase", "rows", "tried", "taken", "made", "bad")}
go = lambda job, do, client=office: client.post("/api/v1%s/%s" % (sheet, job), {"do": do})
tried = send(cells(good, ("修订应急预案", "办公室", day)))
check(tried.status == 200 and state(tried) == {"phase": "tried", "rows": 2, "tried": 2, "taken": 0, "made": 0, "bad": 0} and count() == before, "a trial says what would happen, and nothing does", tried.text[:300])
taken = go(tried.json["data"]["id"], "take")
check(state(taken) == {"phase": "done", "rows": 2, "tried": 2, "taken": 2, "made": 2, "bad": 0} and count() == before + 2, "taken when somebody says so", taken.text[:300])
check(office.get("/api/v1%s/%s" % (sheet, tried.json["data"]["id"])).status == 404, "then nothing of the sheet is kept")
tried = send(cells(good, bad, ("没有期限", "办公室", "")))
job = tried.json["data"]["id"]
check(tried.json["data"]["bad"] == 2 and [p["row"] for p in tried.json["data"]["problems"]] == [3, 4] and count() == before + 2, "what is wrong is said row by row", tried.text[:400])
page = office.get("%s/%s" % (sheet, job)).text
check("核对空白单位" in page and "责任单位" in page and "只导入没有问题的1行" in page and 'value="drop"' in page and "任务.csv" in office.get(sheet).text, "the page shows the same, and the form that one is on its way")
check(state(go(job, "take")) == {"phase": "done", "rows": 3, "tried": 3, "taken": 3, "made": 1, "bad": 2} and count() == before + 3, "the rows that are right are taken")
back = list(csv.reader(io.StringIO(office.get("%s/%s?format=csv" % (sheet, job)).body.decode("utf-8-sig"))))
check([r[0] for r in back[1:]] == ["核对空白单位", "没有期限"] and back[1][1] == "没有的处" and "责任单位" in back[1][-1] and office.get("%s/%s?format=xlsx" % (sheet, job)).body[:2] == b"PK", "the others come back in a sheet, each with what is wrong", back)
check(go(job, "drop").status == 200 and count() == before + 3 and "任务.csv" not in office.get(sheet).text, "put away, what was taken stays")

# ---- a long one: a portion at a time, gone on with, called off ----
rows = [("第%d项检查" % n, "安全处" if n % 60 else "没有的处", day) for n in range(1, 241)]
at = count()
long = send(cells(*rows))
job = long.json["data"]["id"]
check(state(long) == {"phase": "trying", "rows": 240, "tried": 100, "taken": 0, "made": 0, "bad": 1}, "the first rows are tried", long.text[:300])
check(go(job, "take").json["code"] == "guard", "it is taken only when all were")
check(state(go(job, "go"))["tried"] == 200 and state(go(job, "go")) == {"phase": "tried", "rows": 240, "tried": 240, "taken": 0, "made": 0, "bad": 4} and count() == at, "then the others")
page = office.get("%s/%s" % (sheet, job)).text
check("236行可以导入" in page and "data-goes-on" not in page, "the page says so, and waits")
check(state(go(job, "take")) == {"phase": "taking", "rows": 240, "tried": 240, "taken": 100, "made": 99, "bad": 1} and count() == at + 99, "taken a portion at a time")
page = office.get("%s/%s" % (sheet, job)).text
check("已办100行，共240行" in page and "data-goes-on" in page and 'value="go"' in page and "停止，已导入的保留" in page, "with how far it is; without script a button goes on")
check(people["luohai"].get("/api/v1%s/%s" % (sheet, job)).status in (403, 404), "it is for who sent it")
sql(server, "UPDATE flow_sheet SET person = 'other' WHERE id = ?", job)
check(go(job, "go").status == 404 and "任务.csv" not in office.get(sheet).text, "and for nobody else who may do the act")
sql(server, "UPDATE flow_sheet SET person = ? WHERE id = ?", person_of(server, "liangyi"), job)
sql(server, "UPDATE flow_sheet SET taken = 0, made = 0 WHERE id = ?", job)
sql(server, "DELETE FROM flow_sheet_row WHERE sheet = ?", job)
check(state(go(job, "go"))["made"] == 99 and count() == at + 99, "what a crash leaves half noted is not taken twice")
check(state(go(job, "go"))["taken"] == 200 and go(job, "drop").status == 200 and count() == at + 197, "called off in the middle, what was taken stays")
check(go(job, "go").status == 404 and not sql(server, "SELECT * FROM flow_sheet_row") and not sql(server, "SELECT * FROM import_draft WHERE id = ?", job), "and nothing else")
check(send(cells(good), client=people["luohai"]).status == 403, "for whoever may do the act")
check(send(b"x", path="/api/v1" + sheet).status == 422 and send(b"x", path=sheet).status == 422, "no sheet is refused, on its page too")
made = [send(cells(good)).status for _ in range(6)]
check(made == [200] * 5 + [429] or made[:5] == [200] * 5 and made[5] != 200, "only so many are on their way at once", made)

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
