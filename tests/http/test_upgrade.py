"""A package runs, records are made; the server starts with the next version of it: what is told beforehand, a record that cannot go
along, servers that are killed while they bring records along, and what records, events, clocks and figures are afterwards."""
import os
import random
import shutil
import signal
import subprocess
import time

from kit import GANGMU, SCRATCH, Client, Server, check, finish, give_post, keys, sql, unit_of

random.seed(5)
OLD, NEW = os.path.join(SCRATCH, "one"), os.path.join(SCRATCH, "two")
os.makedirs(OLD)
subprocess.run([GANGMU, "system", "new", os.path.join(OLD, "repairs")], check=True, capture_output=True)
path = os.path.join(OLD, "repairs", "system.yaml")
first = open(path, encoding="utf-8").read().replace("until: due", "limit: 5 workdays", 1)
first = first.replace("      result: ", "      grade:  {is: text(10), label: 等级}\n      result: ", 1).replace("asks: [school, what, due]", "asks: [school, what, due]\n        may: [grade]", 1)
first = first.replace("\nprivacy:", "  waits: {label: 在办事项数, unit: 件, of: matter, where: state != .done, count: yes, stock: yes, at: school}\n\nprivacy:", 1)
open(path, "w", encoding="utf-8").write(first)
shutil.copytree(OLD, NEW)


def put(text, name="system.yaml"):
    full = os.path.join(NEW, "repairs", name)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    open(full, "w", encoding="utf-8").write(text)


second = first
for was, becomes in (("\nversion: 1\n", "\nversion: 2\n"), ("open: 待办理", "waiting: 等待办理"), ("from: open", "from: waiting"), ("to: open", "to: waiting"),
                     ("starts: open", "starts: waiting"), ("grade:  {is: text(10), label: 等级}", "grade:  {is: count(级), label: 等级, need: yes}"),
                     ("      result:    {is: text(500), label: 办理结果}", "      outcome:   {is: text(500), label: 办理结果, was: result}"),
                     ("asks: [result]", "asks: [outcome]"), ("limit: 5 workdays", "limit: 10 workdays"), ("may: [grade]\n", "may: [grade]\n", ),
                     ("    states:\n", "      double:    {is: count(级), label: 两倍, value: grade * 2}\n    states:\n"),
                     ("where: state = .done,", "where: state = .done,")):
    assert was in second, was
    second = second.replace(was, becomes, 1)
put(second)
put(open(os.path.join(NEW, "repairs", "scenario.yaml"), encoding="utf-8").read().replace("state: open", "state: waiting").replace("result:", "outcome:"), "scenario.yaml")
WAY = "from: 1\nto: 2\nmatter:\n  states: {open: waiting}\n  set: {grade: \"%s\"}\n  recompute: [handle]\n"
put(WAY % "if grade is none then 1 级 else len(grade) * 1 级", "migrations/002.yaml")

server = Server("upgrade.db", "--systems", OLD)
ring = keys("upgrade.db")
SCHOOL, API = "云岚市第一中学", "/api/v1/s/repairs/matter"
give_post(server, "luohai", "repairs.reporter", SCHOOL)
give_post(server, "zhoumin", "repairs.office", "办公室")
school, office = Client(server, who="luohai"), Client(server, who="zhoumin")
for client in (school, office):
    client.sign()
made = []
for i in range(240):
    said = {"school": unit_of(server, SCHOOL), "what": "第%d件" % i, "due": "2027-01-30", "grade": "甲" * (i % 4)}
    made.append(school.post(API + "/acts/raise", {k: v for k, v in said.items() if v}).json["data"])
closed = office.post(API + "/%s/acts/close" % made[7]["id"], {"result": "修好了"}).json["data"]
check(len(made) == 240 and closed["state"] == "done", "records of the first version")
due = {x["id"]: x["clocks"]["handle"]["due"] for x in made}
server.stop()


def diff(*more):
    done = subprocess.run([GANGMU, "system", "diff", os.path.join(OLD, "repairs"), os.path.join(NEW, "repairs"), "--db", server.db, *ring, *more],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def count(text):
    return int(sql(server, text)[0][0])


MIGRATED = "SELECT count(*) FROM event WHERE act = 'migrated'"
events, steps = count("SELECT count(*) FROM event"), count("SELECT count(*) FROM declared_step")

# ---- told beforehand ----
status, said = diff()
check(status == 0 and "旧记录转到 waiting（239 件）" in said, "how many are in the state that goes", said)
check("试演：可以升级" in said and "看过 240 件，改动 240 件，期限移动 239 件" in said, "and what would become of all", said)
put(WAY % "if grade is none then none else len(grade) * 1 级", "migrations/002.yaml")
status, said = diff()
check(status == 1 and "试演：不能升级" in said and made[0]["number"] in said and "等级" in said, "one that cannot go along, by its number, and why", said)
refused = subprocess.run([GANGMU, "serve", "--demo", "--db", server.db, "--listen", "127.0.0.1:0", "--systems", NEW, *ring], capture_output=True, text=True, timeout=60)
check(refused.returncode != 0 and made[0]["number"] in refused.stdout + refused.stderr, "the server refuses it too", refused.stderr)
check((count("SELECT count(*) FROM event"), count("SELECT count(*) FROM declared_step"), count(MIGRATED)) == (events, steps, 0), "and nothing was changed")
put(WAY % "if grade is none then 1 级 else len(grade) * 1 级", "migrations/002.yaml")

# ---- killed at any moment ----
half = 0
for i in range(12):
    process = subprocess.Popen([GANGMU, "serve", "--demo", "--db", server.db, "--listen", "127.0.0.1:0", "--systems", NEW, *ring], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.05 + 0.12 * i * random.random())
    process.send_signal(signal.SIGKILL)
    process.wait()
    half += count("SELECT count(*) FROM flow_upgrade WHERE done_us = 0")
server = Server("upgrade.db", "--systems", NEW)
check(count(MIGRATED) == 240 and count("SELECT count(DISTINCT id) FROM event WHERE act = 'migrated'") == 240, "each record went along once, killed half way %d times" % half)
check(count("SELECT changed FROM flow_upgrade WHERE done_us > 0 AND from_version = 1 AND version = 2") == 240, "it is noted what was done")

# ---- afterwards ----
school, office, admin = Client(server, who="luohai"), Client(server, who="zhoumin"), Client(server, who="demo-system")
for client in (school, office, admin):
    client.sign()
one = school.get(API + "/" + made[3]["id"]).json["data"]
check((one["state"], one["fields"]["grade"], one["fields"]["double"]) == ("waiting", 3, 6) or (one["state"], one["fields"]["grade"], one["fields"]["double"]) == ("waiting", "3", "6"),
      "its state, what was set, what is worked out", one)
check(one["clocks"]["handle"]["due"] > due[one["id"]], "its deadline is settled anew", (one["clocks"], due[one["id"]]))
done = office.get(API + "/" + closed["id"]).json["data"]
check(done["state"] == "done" and done["fields"]["outcome"] == "修好了" and not done["clocks"]["handle"]["running"], "one that is over is over, its field renamed", done)
history = school.get(API + "/" + one["id"] + "/history").json["rows"]
check([x["act"] for x in history] == ["raise", "migrated"] and history[0]["to"] == "waiting", "the record's history says so", history)
check("随升级调整" in school.get("/s/repairs/matter/" + one["id"]).text, "in words")
check(office.post(API + "/%s/acts/close" % one["id"], {"outcome": "好了"}).json["data"]["state"] == "done", "work goes on")
figure = office.get("/api/v1/s/repairs/measures/waits")
check(figure.status == 200 or figure.status == 404, "figures are there")
page = admin.get("/admin/systems/repairs").text
check("1 → 2" in page and "240" in page, "the administrator reads what the upgrade did")
check(server.verify() == 0, "the chain holds")
check(server.stop() == 0, "it ends in order")
finish()
