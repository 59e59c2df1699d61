"""What a person can see and why, who can see this and why: the answers of the one function, over the people of the demo."""
from kit import Client, Server, check, finish

server = Server("rights.db", "--demo")
c = Client(server, who="demo-security")


def people(**asked):
    query = "&".join("%s=%s" % pair for pair in asked.items())
    return c.get("/api/v1/people?" + query).json["rows"]


def rights(person):
    return {(r["record"], r["scope"]): r for r in c.get("/api/v1/rights/person/" + person).json["data"]["sees"]}


def seers(record, thing):
    return {p["id"]: p["why"] for p in c.get("/api/v1/rights/record/%s/%s" % (record, thing)).json["data"]["people"]}


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
server.stop()
finish()
