"""What a person can see and do and why, who can see and change this and why: the answers of the one function, over the people of
the demo."""
from urllib.parse import quote

from kit import Client, Server, check, demo, finish, sql

server = Server("rights.db", "--demo")
c = Client(server, who="demo-security")


def people(**asked):
    query = "&".join("%s=%s" % pair for pair in asked.items())
    return c.get("/api/v1/people?" + query).json["rows"]


def rights(person):
    return {(r["record"], r["scope"]): r for r in c.get("/api/v1/rights/person/" + person).json["data"]["sees"]}


def acts(person):
    return {a["act"]: a for a in c.get("/api/v1/rights/person/" + person).json["data"]["acts"]}


def seers(record, thing):
    """By id; administrators, who hold no post and are nobody's id here, are checked and left out."""
    found = c.get("/api/v1/rights/record/%s/%s" % (record, thing)).json["data"]["people"]
    admins = [p for p in found if p["id"] is None]
    if record in ("person", "pupil"):
        check({w["through"] for p in admins for w in p["why"]} == {"系统管理员", "安全管理员"} and all("查看" in w["acts"] for p in admins for w in p["why"]),
              "who keeps people and who gives rights see everybody, as administrators", admins)
    return {p["id"]: p["why"] for p in found if p["id"]}


pupil = people(role="pupil")[0]["id"]
head, guardian = people(role="school_head"), people(role="guardian")
mine = rights(head[0]["id"])
check(("学生", "本单位及以下") in mine and "学校负责人" in mine[("学生", "本单位及以下")]["through"], "a head sees the pupils of the school, by that post", mine)
check("敏感" not in mine[("学生", "本单位及以下")]["classes"], "but nothing sensitive")
check(list(rights(pupil)) == [("学生", "关于本人的")], "a pupil sees what is about the pupil, and nothing else", rights(pupil))
check(c.get("/api/v1/rights/person/" + pupil).json["data"]["posts"].startswith("学生（"), "and is told the post")

who = seers("pupil", pupil)
check(pupil in who and any(g["id"] in who for g in guardian), "the pupil and the guardian see the pupil", who)
by = sorted(w["through"].split("（")[0] for why in who.values() for w in why)
check(by == sorted(["学生", "家长", "班主任", "学校负责人"]), "and of all advisers and heads the pupil's own", by)
check(all(why and all(w["through"] for w in why) for why in who.values()), "each with a reason")
for person, why in who.items():
    seen = rights(person)
    check(all((w["record"], w["scope"]) in seen for w in why), "both screens agree about %s" % person, (why, seen))
guardians = [g["id"] for g in guardian if g["id"] in who]
check(all(w["scope"] == "与本人有关的" for g in guardians for w in who[g]), "a guardian by being the pupil's guardian")
staff = seers("person", head[0]["id"])
check(head[0]["id"] in staff and not any(g["id"] in staff for g in guardian) and pupil not in staff, "people who work are not shown to pupils and guardians")

for path in ("rights/person/none", "rights/record/pupil/none", "rights/record/nothing/" + pupil, "rights/record/pupil/" + head[0]["id"] + "x"):
    a = c.get("/api/v1/" + path)
    check(a.status == 404 and a.json["code"] == "not_found", "%s is not found" % path, a.text)
for path, word in (("/rights/person/" + head[0]["id"], head[0]["name"]), ("/rights/record/pupil/" + pupil, "谁能看到")):
    page = c.get(path)
    check(page.status == 200 and word in page.text, "a page: " + path)
check('href="/rights/person/%s"' % head[0]["id"] in c.get("/people/" + head[0]["id"]).text, "the page of a person leads there")

# ---- acts: each with what it is done on and what gives it; the post of somebody who is away among them ----
who = {r["name"]: r["id"] for name in ("周敏", "何芳", "沈立", "陈雨") for r in people(q=quote(name)) if r["name"] == name}
mine = acts(who["周敏"])
check(set(mine) == {"unit.see", "plan.see", "plan.upload", "plan.correct", "plan.accept", "plan.void", "plan.link", "plan.assign"}, "a planning officer's acts are those of the role", mine)
check(mine["plan.void"]["through"] == "计划管理员（发展规划与财务处）" and mine["plan.void"]["on"] == "计划（本单位及以下）", "with the post, and on what", mine["plan.void"])
before = acts(who["陈雨"])
check("plan.upload" not in before and "部门经办人（基础教育处）" in before["plan.correct"]["through"], "a clerk corrects and does not upload", before)
post = next(p["id"] for p in c.get("/api/v1/people/" + who["周敏"]).json["data"]["posts"])
a = c.post("/api/v1/people/%s/acts" % who["周敏"], {"act": "delegate", "post": post, "deputy": who["陈雨"], "from": "2026-01-01", "until": "2030-12-31"})
after = acts(who["陈雨"])
check(a.status == 200 and after["plan.upload"]["through"] == "计划管理员（发展规划与财务处，代周敏）", "by standing in for somebody, the clerk does", (a.text[:300], after.get("plan.upload")))
check("代周敏" in after["plan.correct"]["through"] and "部门经办人" in after["plan.correct"]["through"], "what two posts give names both", after["plan.correct"])
deputy = Client(server, who="chenyu")
paper = "代理人上传的计划\n\n一、校园安全\n1.校园安全检查，2026年10月底前完成。责任单位：安全处。\n".encode()
a = deputy.upload("代.txt", paper)
check(a.status == 200, "and the act is done", a.text[:200])
plan = a.json["data"]["id"]
seen = seers("plan", plan)
check({who["周敏"], who["陈雨"], who["沈立"]} <= set(seen) and who["何芳"] not in seen, "who sees that plan: the authority, not a district", [w for w in seen])
by = {w["through"]: w["acts"] for w in seen[who["陈雨"]]}
check("作废计划" in by["计划管理员（发展规划与财务处，代周敏）"] and "作废计划" not in by["部门经办人（基础教育处）"], "each reason with the acts that it gives", by)
client = Client(server, who="shenli")
check("确认条目" in {w["acts"] for w in seen[who["沈立"]]}.pop() and client.post("/api/v1/plans/%s/void" % plan).status == 403, "what is not there is refused")

# ---- what waits for somebody who is away waits for who stands in ----
holder = Client(server)
holder.upload("存疑.txt", demo("yunlan-2026.txt") + "（九十八）新建学校若干所。\n".encode())
todo = [n for n in holder.get("/api/v1/notices").json["rows"] if n["kind"] == "todo"]
theirs = [n for n in deputy.get("/api/v1/notices").json["rows"] if n["of"] == "zhoumin"]
check(todo and [n["id"] for n in theirs] == [n["id"] for n in todo], "the deputy sees the holder's to-dos", (todo, theirs))
check("代周敏" in deputy.get("/notices").text and "代周敏" not in holder.get("/notices").text, "and whose they are")
check(not [n for n in client.get("/api/v1/notices?show=all").json["rows"] if n["of"] != "shenli"], "nobody else does")
sql(server, "INSERT INTO notice (tenant, id, person, kind, msg, about, n, link, plan, at_us, read_us) VALUES ('local', 'own1', 'zhoumin', 'news', 'outside_told_off', '', 0, '/me', '', 1, 0)")
check("own1" in [n["id"] for n in holder.get("/api/v1/notices").json["rows"]] and "own1" not in [n["id"] for n in deputy.get("/api/v1/notices?show=all").json["rows"]], "news of the holder's own are not shown")
news = [n["id"] for n in holder.get("/api/v1/notices").json["rows"] if n["kind"] != "todo"]
client.post("/api/v1/notices/read", {"pick": todo[0]["id"]})
deputy.post("/api/v1/notices/read", {"pick": "own1"})
check(len([n for n in holder.get("/api/v1/notices").json["rows"]]) == len(todo) + len(news), "who does not see one cannot mark it as read")
check(deputy.post("/api/v1/notices/read", {"pick": todo[0]["id"]}).status == 200 and todo[0]["id"] not in [n["id"] for n in holder.get("/api/v1/notices").json["rows"]], "what the deputy has done is done for both")
sql(server, "UPDATE notice SET read_us = 0 WHERE id = ?", todo[0]["id"])
deputy.post("/api/v1/notices/read", {"all": "yes"})
check(deputy.get("/api/v1/notices").json["rows"] == [] and "own1" in news and [n["id"] for n in holder.get("/api/v1/notices").json["rows"]] == news, "all at once too")
sql(server, "UPDATE notice SET read_us = 0 WHERE id = ?", todo[0]["id"])
sql(server, "UPDATE person SET name = '周敏敏' WHERE id = ?", who["周敏"])
check(todo[0]["id"] in [n["id"] for n in holder.get("/api/v1/notices").json["rows"]], "a new name loses none")
sql(server, "UPDATE person SET name = '周敏' WHERE id = ?", who["周敏"])
sql(server, "UPDATE delegation SET until_day = '2026-01-02'")
check(not [n for n in deputy.get("/api/v1/notices?show=all").json["rows"] if n["of"] != "chenyu"], "afterwards they are the holder's alone")
sql(server, "UPDATE delegation SET until_day = '2030-12-31'")

page = c.get("/rights/person/" + who["陈雨"]).text
check("代周敏" in page and "能做的事" in page and "作废计划" in page, "the page says so")
server.stop()
finish()
