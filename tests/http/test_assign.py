"""An accepted plan is handed out: tasks, targets and documents by their packages' acts, each with the words it comes from."""
import re

from kit import Client, Server, check, demo, finish, give_post, sql, unit_of

server = Server("assign.db", "--demo")
c = Client(server)
rows = c.get("/api/v1/plans").json["rows"]
pid = next(r["id"] for r in rows if r["title"] == "云岚市教育局2026年工作要点")


def items(show="all"):
    return {r["title"]: r for r in c.get("/api/v1/plans/%s/assign?show=%s" % (pid, show)).json["rows"]}


def hand(who=c, **fields):
    return who.post("/api/v1/plans/%s/assign" % pid, {k.replace("__", "."): v for k, v in fields.items()})


def task(number_of):
    return c.get("/api/v1/s/task/task/" + number_of).json


# ---- nothing before acceptance ----
all_items = items()
if items("waits"):
    waiting = next(iter(items("waits").values()))
    a = hand(pick=waiting["item"])
    check(a.status == 409 and a.json["code"] == "guard", "what is not accepted is not handed out", a.text[:200])
    c.post("/api/v1/plans/%s/accept-clear" % pid)
    for r in items("waits").values():
        c.post("/api/v1/plans/%s/accept" % pid, {"item": r["item"]})
all_items = items()
check(len(all_items) >= 30, "every item stands there", len(all_items))

# ---- what is proposed ----
schools = all_items["加快学校建设"]
check(schools["state"] == "ready" and schools["unit"] == unit_of(server, "发展规划与财务处"), "the unit named first leads", schools)
districts = {r[0] for r in sql(server, "SELECT id FROM unit WHERE kind = 'district'")}
check(districts <= set(schools["others"]) and unit_of(server, "基础教育处") in schools["others"], "各县区教育局 are all districts", schools["others"])
check(schools["targets"] >= 10 and schools["tasks"] > 2, "targets and measures are counted", schools)
canteens = all_items["守好校园餐桌"]
check(canteens["state"] == "no-unit" and canteens["unit"] == "", "nobody is named: nobody is proposed", canteens)
two = all_items["深化劳动教育"]
check(two["unit"] == unit_of(server, "思政与德育处") and two["others"] == [unit_of(server, "基础教育处")], "of two the first leads, the other takes part", two)

# ---- by items and by measures ----
before = sql(server, "SELECT count(*) FROM task_task")[0][0]
a = hand(pick="%s,%s" % (two["item"], schools["item"]), **{"by__" + schools["item"]: "measure"})
check(a.status == 200, "two items are handed out", a.text[:300])
done = a.json["data"]
check(done["items"] == 2 and done["tasks"] == 1 + schools["tasks"], "one task, and one for each measure under the item's own", done)
made = sql(server, "SELECT count(*) FROM task_task")[0][0]
check(made == before + done["tasks"], "as many tasks are there", (before, made))
now = items()
check(now["深化劳动教育"]["state"] == "done" and len(items("done")) == 2, "they are known as handed out")
whole = task(now["加快学校建设"]["task"])["data"]
check(whole["state"] == "issued" and whole["fields"]["unit"]["id"] == schools["unit"], "the task waits for its unit", whole)
check(whole["fields"]["due"] == schools["due"] and whole["fields"]["due_kind"]["code"] == "stated", "a date of the plan's words is stated", whole["fields"])
labour = task(now["深化劳动教育"]["task"])["data"]["fields"]
check(two["inferred"] and labour["due_kind"]["code"] == "derived", "an inferred one says so", labour)
origin = whole["origins"]
check(len(origin) == 1 and origin[0]["plan"] == pid and "竣工学校41所" in origin[0]["words"], "the words it comes from stay with it", origin)
parts = sql(server, "SELECT id, fact FROM ledger_origin WHERE record = 'task.task' AND item = ? AND fact <> ''", schools["item"])
check(len(parts) == schools["tasks"] - 1, "each measure is a task of its own", parts)
words = [task(i)["data"]["origins"][0]["words"] for i, _ in parts]
check(any("竣工学校41所" in w for w in words), "with its own words", words)
event = sql(server, "SELECT max(seq) FROM event WHERE record = 'plan' AND act = 'assign'")[0][0]
check(event, "the plan's history says it")
check("交办" in c.get("/plans/%s/history" % pid).text, "in words")

# ---- once ----
a = hand(pick=two["item"])
check(a.status == 409 and "已经交办" in a.json["says"], "an item is handed out once", a.text[:200])
check(sql(server, "SELECT count(*) FROM task_task")[0][0] == made, "and nothing is made")
both = hand(pick="%s,%s" % (canteens["item"], two["item"]))
check(both.status == 409 and sql(server, "SELECT count(*) FROM task_task")[0][0] == made, "all or none of those picked", both.text[:200])

# ---- nobody leads, another leads ----
a = hand(pick=canteens["item"])
check(a.status == 200, "without a unit it is handed out beforehand", a.text[:200])
bare = task(items()["守好校园餐桌"]["task"])
check(bare["data"]["fields"]["unit"] is None and bare["data"]["state"] == "issued", "and has none", bare["data"])
check("sign" not in bare["can"], "nobody can start it", bare["can"])
mind = all_items["守护心理健康"]
key = mind["item"]
a = hand(pick=key, **{"unit__" + key: "不存在的处"})
check(a.status == 422 and "不存在的处" in a.json["says"], "a unit that is not there", a.text[:200])
a = hand(pick=key, **{"due__" + key: "下个月"})
check(a.status == 422 and "下个月" in a.json["says"], "a day that is none", a.text[:200])
a = hand(pick=key, **{"by__" + key: "halves"})
check(a.status == 422, "a way that is none", a.text[:200])
a = hand(pick=key, **{"unit__" + key: "体卫艺处", "others__" + key: "基教处、思政与德育处", "due__" + key: "2026年9月30日"})
check(a.status == 200, "other units and another day, by name and alias", a.text[:200])
f = task(items()["守护心理健康"]["task"])["data"]["fields"]
check(f["unit"]["name"] == "体卫艺处" and {u["name"] for u in f["joints"]} == {"基础教育处", "思政与德育处"}, "as typed", f)
check(f["due"] == "2026-09-30" and f["due_kind"]["code"] == "stated", "a day that a person gave is stated", f)

# ---- the ledger ----
rows = c.get("/api/v1/ledger?plan=" + pid).json["rows"]
by = {r["id"]: r for r in rows}
top = [r for r in rows if r["parent"] not in by]
check(len(rows) == sql(server, "SELECT count(*) FROM ledger_origin WHERE record = 'task.task' AND plan = ?", pid)[0][0], "every task of the plan stands there once", len(rows))
below = [r for r in rows if r["parent"] == now["加快学校建设"]["task"]]
check(len(below) == schools["tasks"] - 1 and all(r["item"] == schools["item"] for r in below), "the measures below their item", below)
check([r["number"] for r in below] == sorted(r["number"] for r in below), "in the order of the plan")
ledger = c.get("/ledger?plan=%s&open=all" % pid).text
check(ledger.index("深化劳动教育") < ledger.index("守护心理健康") < ledger.index("加快学校建设"), "items in the order of the plan, whenever they were handed out")
check("未交办" in ledger, "what is not handed out yet is said")
over = c.get("/api/v1/ledger?plan=%s&show=over" % pid).json["rows"]
check({r["id"] for r in over} >= {r["id"] for r in rows if r["over"]}, "what is over, and what it is a part of")
unit = c.get("/api/v1/ledger?plan=%s&unit=%s" % (pid, unit_of(server, "体卫艺处"))).json["rows"]
check([r["title"] for r in unit] == ["守护心理健康"], "of one unit", unit)
far = Client(server, who="luohai")
check(all(r["id"] in by for r in far.get("/api/v1/ledger").json["rows"]) and len(far.get("/api/v1/ledger").json["rows"]) < len(rows), "a school sees its own alone")

over = c.get("/api/v1/ledger/overview?plan=" + pid).json["rows"]
tops = [r for r in rows if r["parent"] not in by]
check(sum(r["total"] for r in over) == len(tops), "the overview counts every item once", over)
check({r["unit"] for r in over} == {"思政与德育处", "发展规划与财务处", "体卫艺处", "未定单位"}, "by unit", over)
red = sum(cell.count("r") for r in over for cell in r["sections"])
check(red == len([r for r in tops if r["over"]]), "with a red lamp for what is over", red)
check(c.get("/ledger/overview").status == 200, "as a page")

# ---- refusals ----
check(hand().status == 422, "nothing picked")
check(hand(pick="0000000000000000").status in (404, 422), "an item that is not there")
check(hand(pick=all_items["增强学生体质"]["item"], rev=1).status == 409, "a plan that has moved on")
clerk = Client(server, who="chenyu")
check(hand(clerk, pick=all_items["增强学生体质"]["item"]).status == 403, "a clerk of a department hands nothing out")
check(clerk.get("/plans/%s" % pid).text.count("/assign") == 0, "and is not offered it")
far = Client(server, who="hefang")
check(far.post("/api/v1/plans/%s/assign" % pid, {"pick": key}).status in (403, 404), "nor the planner of a district, of the city's plan")

# ---- the page ----
page = c.get("/plans/%s/assign" % pid).text
check("各县" not in re.sub(r"<[^>]+>", "", page.split("加快学校建设")[1][:200]), "every unit was found")
check('value="%s" list="units"' % "体卫艺处" in page or "体卫艺处" in page, "units stand in fields")
token = re.search(r'name="token" value="([^"]+)"', page).group(1)
item = all_items["增强学生体质"]["item"]
a = c.request("POST", "/plans/%s/assign" % pid, "token=%s&pick=%s&unit.%s=%%E6%%97%%A0&others.%s=&due.%s=2026-3-1&by.%s=item" % (token, item, item, item, item, item), {"Content-Type": "application/x-www-form-urlencoded"})
check(a.status == 422 and 'value="无"' in a.text and 'value="2026-3-1"' in a.text, "what was typed survives the refusal", a.text[:300])
check('checked' in a.text.split(item)[1][:200], "and stays picked")

# ---- the text changes afterwards ----
review = c.get("/api/v1/plans/" + pid).json["data"]["review"]
step = next(r["path"] for r in items().values() if r["title"] == "深化劳动教育")
facts = c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]["values"]
target = next(f for f in facts if f["subject"] == "target")
a = c.post("/api/v1/plans/%s/correct" % pid, {"subject": "target", "key": target["key"], "value": "21", "reason": "以批复为准"})
check(a.status == 200, "a fact is corrected afterwards", a.text[:200])
check(items()["深化劳动教育"]["state"] == "changed", "the item says that it has changed since", items()["深化劳动教育"])
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
