"""Systems at work over the API: who may start, see and act is what the package says; what is refused leaves nothing; a request sent
twice is answered once; what may not be seen is not there."""
import urllib.parse

from kit import Client, Server, check, finish, give_post, person_of, sql, unit_of

server = Server("systems.db")
today = "2026-01-01"

SCHOOL = "云岚市第一中学"
give_post(server, "zhoumin", "pairs.office", "办公室")
give_post(server, "shenli", "pairs.leader", "云岚市教育局")
give_post(server, "luohai", "pairs.school", SCHOOL)
give_post(server, "chenyu", "pairs.handler", "基础教育处")
give_post(server, "hefang", "pairs.leader", "云岚市教育局")
office, leader, school, handler, second, nobody = (Client(server, who=w) for w in ("zhoumin", "shenli", "luohai", "chenyu", "hefang", None))
API = "/api/v1/s/pairs"


def events():
    return int(sql(server, "SELECT max(seq) FROM event")[0][0])


def refused(answer, status, code, name, at=None):
    body = answer.json
    check(answer.status == status and body["code"] == code and body["says"] and (at is None or body["at"] == {"field": at}), name, (answer.status, body))


# ---- a start act ----
pair = {"leader": person_of(server, "shenli"), "school": unit_of(server, SCHOOL), "term": "2026-01-01 00:00..2026-12-31 23:59", "basis": "云教办〔2026〕3号"}
for client in (office, leader, school, handler, second):
    client.sign()
before = events()
refused(nobody.post(API + "/pair/acts/pair", pair), 401, "sign_in", "nobody starts")
refused(school.post(API + "/pair/acts/pair", pair), 403, "forbidden", "another role does not start")
refused(office.post(API + "/pair/acts/pair", dict(pair, leader="nobody")), 422, "invalid", "a person who is not there", "leader")
refused(office.post(API + "/pair/acts/pair", dict(pair, term="soon")), 422, "invalid", "a span that is none", "term")
refused(office.post(API + "/pair/acts/pair", dict(pair, visited="3")), 422, "invalid", "what the act does not take", "visited")
refused(office.post(API + "/pair/acts/pair", {k: v for k, v in pair.items() if k != "school"}), 422, "invalid", "what is asked and not there", "school")
refused(office.post(API + "/pair/acts/none", pair), 404, "not_found", "an act that is not there")
refused(office.post(API + "/none/acts/pair", pair), 404, "not_found", "a record that is not there")
check(events() == before, "what was refused leaves nothing", (before, events()))

made = office.post(API + "/pair/acts/pair", pair, Idempotency_Key="one")
a = made.json["data"]
check(made.status == 200 and a["state"] == "active" and a["rev"] == 1 and a["creator"]["id"] == person_of(server, "zhoumin"), "a start act makes a record", made.text)
check(a["fields"]["school"] == {"id": unit_of(server, SCHOOL), "name": SCHOOL} and a["fields"]["why"] is None, "units are told by id and name, what is missing is null", a["fields"])
check(a["fields"]["term"]["from"].startswith("2026-01-01T00:00:00") and a["fields"]["term"]["from"].endswith("+08:00"), "moments carry their zone", a["fields"]["term"])
again = office.post(API + "/pair/acts/pair", pair, Idempotency_Key="one")
check(again.status == 200 and again.json["data"]["id"] == a["id"] and again.json["done"]["replayed"], "the same request again is the first answer", again.text)
refused(office.post(API + "/pair/acts/pair", pair), 409, "exclusive", "the same pair twice at a time")

# ---- reading ----
one = office.get(API + "/pair/" + a["id"])
check(one.status == 200 and one.json["data"] == a and "part" in one.json["can"], "it is read as it was answered", one.text)
check(school.get(API + "/pair/" + a["id"]).status == 200, "the school sees its own")
refused(second.get(API + "/pair/" + a["id"]), 404, "not_found", "another leader does not see it")
refused(second.get(API + "/pair/" + "0" * 20), 404, "not_found", "nor one that is not there")
check(second.get(API + "/pair/" + a["id"]).json["says"] == second.get(API + "/pair/" + "0" * 20).json["says"], "and cannot tell one from the other")
cannot = {x["act"]: x["code"] for x in leader.get(API + "/pair/" + a["id"]).json["cannot"]}
check(cannot.get("part") == "forbidden", "what one may not do is said, with its reason", cannot)

visits = []
for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
    v = leader.post(API + "/visit/acts/note", {"pair": a["id"], "on": day, "way": "visit,lesson", "note": "听课"})
    check(v.status == 200, "a visit of " + day, v.text)
    visits.append(v.json["data"])
check([c["code"] for c in visits[0]["fields"]["way"]] == ["visit", "lesson"] and visits[0]["fields"]["pair"]["id"] == a["id"], "sets and references", visits[0]["fields"])
check(visits[0]["number"] and visits[0]["number"] != visits[1]["number"], "numbers are given out once", [v["number"] for v in visits])
rows = leader.get(API + "/visit").json
check([r["id"] for r in rows["rows"]] == [v["id"] for v in reversed(visits)] and rows["next"] is None, "a list, newest first", rows)
check(second.get(API + "/visit").json["rows"] == [], "of what is seen alone")
where = leader.get(API + "/visit?where=" + urllib.parse.quote("on >= 2026-03-03")).json["rows"]
check([r["fields"]["on"] for r in where] == ["2026-03-04", "2026-03-03"], "a condition", where)
refused(leader.get(API + "/visit?where=" + urllib.parse.quote("pair.basis = '云教办〔2026〕3号'")), 422, "invalid", "no condition speaks of other records")
refused(leader.get(API + "/visit?where=" + urllib.parse.quote("nothing = 1")), 422, "invalid", "nor of what is not there")

# ---- acts on a record ----
raised = school.post(API + "/problem/acts/raise", {"visit": visits[0]["id"], "topic": "build", "what": "操场跑道破损"})
p = raised.json["data"]
check(raised.status == 200 and p["state"] == "raised" and p["fields"]["leader"]["id"] == person_of(server, "shenli"), "computed fields follow", raised.text)
path = API + "/problem/" + p["id"] + "/acts/assign"
refused(office.post(path, {"unit": unit_of(server, "基础教育处"), "due": "2026-12-30"}, If_Match="9"), 409, "conflict", "another revision than the one that was seen")
refused(office.post(path, {"unit": unit_of(server, "基础教育处"), "due": "2026-02-30"}), 422, "invalid", "a day that is none", "due")
refused(leader.post(path, {"unit": unit_of(server, "基础教育处"), "due": "2026-12-30"}), 403, "forbidden", "one who sees it and may not")
check(office.get(API + "/problem/" + p["id"]).json["data"]["rev"] == p["rev"], "and it is as it was")

# ---- files: sent, then part of a record; read by who reads the record ----
sent = leader.upload("校门.jpg", b"\xff\xd8 one", path="/api/v1/files")
check(sent.status == 200 and sent.json["data"]["id"], "a file is sent", sent.text)
file = "/files/" + sent.json["data"]["id"]
check(leader.get(file).body == b"\xff\xd8 one" and office.get(file).status == 404, "until an act takes it, it is its sender's alone")
shot = leader.post(API + "/visit/acts/note", {"pair": a["id"], "on": "2026-03-05", "way": "visit", "note": "看校门", "photos": sent.json["data"]["id"]})
check(shot.status == 200 and shot.json["data"]["fields"]["photos"][0]["name"] == "校门.jpg", "the act takes it", shot.text)
check(office.get(file).body == b"\xff\xd8 one" and second.get(file).status == 404, "then it is read by who sees the record, and by nobody else")
refused(office.post(API + "/visit/acts/note", {"pair": a["id"], "on": "2026-03-05", "way": "visit", "note": "x", "photos": sent.json["data"]["id"]}), 422, "invalid", "nor taken by others", "photos")

# ---- pages: the same as forms, without script ----
page = school.get("/s")
check(page.status == 200 and "领导联系学校" in page.text and "学校安全员" not in page.text, "the systems one has a role in", page.status)
check(office.get("/s/pairs").status == 200 and second.get("/s/hazard").status == 404, "a system's door is closed to others")
form = school.get("/s/pairs/problem/acts/raise?visit=" + visits[1]["id"])
check(form.status == 200 and 'name="visit"' in form.text and visits[1]["number"] in form.text and 'name="what"' in form.text, "a form has a field for each input", form.status)
check(handler.get("/s/pairs/problem/acts/raise").status == 403, "who may not begin gets no form")


def send(client, where, fields):
    client.sign()
    return client.request("POST", where, urllib.parse.urlencode(dict(fields, token=client.token)), {"Content-Type": "application/x-www-form-urlencoded"})


before = events()
again = send(school, "/s/pairs/problem/acts/raise", {"visit": visits[1]["id"], "topic": "safety", "what": ""})
check(again.status == 422 and 'id="e-what"' in again.text and "safety" in again.text and events() == before, "what is missing is said at the field, the rest is kept", again.status)
kept = send(school, "/s/pairs/problem/acts/raise", {"visit": visits[1]["id"], "topic": "safety", "what": "门口拥堵", "do": "draft"})
check(kept.status == 200 and events() == before and "门口拥堵" in school.get("/s/pairs/problem/acts/raise").text, "a draft is kept, and is no event", kept.status)
check("门口拥堵" not in office.get("/s/pairs/problem/acts/raise").text, "seen by nobody else")
went = send(school, "/s/pairs/problem/acts/raise", {"visit": visits[1]["id"], "topic": "safety", "what": "门口拥堵"})
check(went.status == 303 and "/s/pairs/problem/" in went.headers["Location"], "sent, it leads to the record", went.status)
check("门口拥堵" not in school.get("/s/pairs/problem/acts/raise").text, "and the draft is gone")
record = school.get(went.headers["Location"].split("?")[0])
check(record.status == 200 and "门口拥堵" in record.text and "提出" in record.text, "a record's page tells what it is and what was done", record.status)
check(second.get(went.headers["Location"].split("?")[0]).status == 404, "to nobody who does not see it")
listed = school.get("/s/pairs/problem?state=raised")
check(listed.status == 200 and listed.text.count('scope="row"') == 2, "a list by state", listed.status)
unit_form = send(office, "/s/pairs/pair/acts/pair", dict(pair, leader="何芳", school="没有这所学校"))
check(unit_form.status == 422 and "没有这所学校" in unit_form.text, "a name that is nobody's is refused and kept", unit_form.status)
# ---- posts of packages are given on the page of people ----
security, him = Client(server, who="demo-security"), person_of(server, "hefang")
acts = "/api/v1/people/%s/acts" % him
check("领导联系学校：联系学校" in security.get("/people/%s/do?act=post" % him).text, "the form offers the roles of packages, by both names")
before = events()
refused(security.post(acts, {"act": "post", "unit": SCHOOL, "role": "pairs.office"}), 422, "invalid", "not where the package has it")
refused(security.post(acts, {"act": "post", "unit": SCHOOL, "role": "pairs.nothing"}), 422, "invalid", "nor one that it has not")
check(events() == before and second.get(API + "/problem").json["rows"] == [], "and nothing came of it")
given = security.post(acts, {"act": "post", "unit": SCHOOL, "role": "pairs.school"})
check(given.status == 200 and any(p["role"] == "联系学校" and p["unit"] == SCHOOL for p in given.json["data"]["posts"]), "a post of a package is given", given.text)
check(len(second.get(API + "/problem").json["rows"]) == 2 and "联系学校" in security.get("/people/" + him).text, "and holds at once")
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
