"""Statistics of systems: figures follow acts, are told for the units that a role reaches, lead to the records behind them, and say
why when there is none. Pages, JSON and files tell the same."""
import csv
import io
import urllib.parse

from kit import Client, Server, check, finish, give_post, person_of, unit_of

server = Server("measures.db")

SCHOOL = "云岚市第一中学"
give_post(server, "zhoumin", "pairs.office", "办公室")
give_post(server, "shenli", "pairs.leader", "云岚市教育局")
give_post(server, "luohai", "pairs.school", SCHOOL)
give_post(server, "chenyu", "pairs.handler", "基础教育处")
office, leader, school, handler, nobody = (Client(server, who=w) for w in ("zhoumin", "shenli", "luohai", "chenyu", None))
for client in (office, leader, school, handler):
    client.sign()
API, PAGE = "/api/v1/s/pairs", "/s/pairs"
bureau, here = unit_of(server, "云岚市教育局"), unit_of(server, SCHOOL)


def figure(client, measure, at=None, **asked):
    query = urllib.parse.urlencode({**({"at": at} if at is not None else {}), **asked})
    return client.get(API + "/measures/" + measure + "?" + query)


def value(measure, at, **asked):
    answer = figure(office, measure, at, **asked)
    return answer.json["data"]["value"] if answer.status == 200 else answer.text


# ---- nothing yet ----
check(value("visits", here, period="2026-03") == "0" and value("paired", bureau) == "0", "nothing is nought")
empty = figure(office, "solved_rate", bureau, period="2026").json["data"]
check(empty["value"] is None and "分母为0" in empty["says"], "a share of nothing cannot be worked out, and says why", empty)

# ---- figures follow the acts ----
pair = office.post(API + "/pair/acts/pair", {"leader": person_of(server, "shenli"), "school": here, "term": "2026-01-01 00:00..2026-12-31 23:59", "basis": "云教办〔2026〕3号"})
check(pair.status == 200, "a pair", pair.text)
visits = []
for day in ("2026-03-02", "2026-03-31", "2026-04-01"):
    v = leader.post(API + "/visit/acts/note", {"pair": pair.json["data"]["id"], "on": day, "way": "visit", "note": "听课"})
    check(v.status == 200, "a visit of " + day, v.text)
    visits.append(v.json["data"])
check(value("paired", bureau) == "1" and value("paired", here) == "1" and value("paired", unit_of(server, "云岚市第二中学")) == "0", "a stock, at the school and above it")
check([value("visits", here, period=p) for p in ("2026-03", "2026-04", "2026-1", "2026-2", "2026", "2025")] == ["2", "1", "2", "1", "3", "0"], "rows by their day, in periods of any kind")
check(value("visits", bureau, every="week", period="2026-14") == "2", "a week over the end of a month", figure(office, "visits", bureau, every="week", period="2026-14").text)
check(value("visits", bureau, every="term", period="2025-2") == "3" and value("visits", bureau, every="school_year", period="2025") == "3", "terms and school years")

raised = [school.post(API + "/problem/acts/raise", {"visit": visits[0]["id"], "topic": t, "what": "操场跑道破损"}).json["data"] for t in ("build", "build", "canteen")]
year = visits[0]["created"][:4]
topics = figure(office, "raised", bureau, period=year, by="topic").json["data"]
codes = {c["code"]: c["value"] for c in topics["by"]["codes"]}
check(topics["value"] == "3" and codes["build"] == "2" and codes["canteen"] == "1" and codes["money"] == "0", "by a breakdown", topics)
check(topics["by"]["codes"][0]["label"] == "教育教学", "codes by their labels, in their order", topics["by"]["codes"][0])
check(figure(office, "solved_rate", here, period=year).json["data"]["value"] == "0%", "a formula at each place")
below = figure(office, "visits", bureau, period="2026", below="yes").json["data"]["below"]
check(any(u["id"] == here and u["value"] == "3" for u in below) or any(int(u["value"]) == 3 for u in below), "units below", below)

# ---- what stands behind a figure ----
behind = office.get(API + "/measures/visits/records?at=" + bureau + "&period=2026-03").json
check(sorted(r["id"] for r in behind["rows"]) == sorted(v["id"] for v in visits[:2]) and behind["next"] is None, "its records", behind)
behind = office.get(API + "/measures/raised/records?at=" + bureau + "&period=" + year + "&by=topic&code=canteen").json
check([r["id"] for r in behind["rows"]] == [raised[2]["id"]], "of one kind alone", behind)
check(office.get(API + "/measures/solved_rate/records?at=" + bureau).status == 404, "a formula has none of its own")

# ---- whose figures one reads ----
check(figure(school, "visits", here, period="2026").json["data"]["value"] == "3", "a school reads its own")
for at in (bureau, unit_of(server, "云岚市第二中学"), ""):
    check(figure(school, "visits", at, period="2026").status == (200 if not at else 404), "and no other", at)
check(figure(leader, "visits", bureau, period="2026").status == 404, "whoever sees single records reads no figures")
check(figure(nobody, "visits", bureau, period="2026").status == 401, "nor does somebody who is not signed in")
check(figure(handler, "visits", unit_of(server, "基础教育处")).status == 404 and figure(handler, "raised", unit_of(server, "基础教育处")).status == 200, "by the record that is counted")

# ---- refusals ----
check(figure(office, "nothing", bureau).status == 404, "a measure that is not there")
bad = figure(office, "visits", bureau, period="三月")
check(bad.status == 422 and bad.json["code"] == "invalid" and bad.json["at"] == {"field": "period"}, "a period that is none", bad.text)
check(figure(office, "visits", bureau, every="day").status == 422, "a kind of period that is none")
check(figure(office, "visits", "nowhere", period="2026").status == 404, "a unit that is not there")
check(figure(office, "visits", bureau, by="topic").status == 404, "a breakdown that it has not")

# ---- pages and files ----
overview = office.get(API + "/measures?at=" + bureau + "&period=" + year).json["data"]
check([m["measure"] for m in overview["measures"]] == ["paired", "visits", "raised", "solved", "solved_rate", "untasked"], "all of them at once", overview)
page = office.get(PAGE + "/measures?at=" + bureau + "&every=month&period=2026-03")
check(page.status == 200 and "走访次数" in page.text and ">2次<" in page.text and "<polyline" in page.text, "the page of all", page.text[:300])
one = office.get(PAGE + "/measures/visits?at=" + bureau + "&every=month&period=2026-03")
check(one.status == 200 and "2026-03：走访次数2次" in one.text and "<rect" in one.text and "/records?" in one.text, "the page of one: a finding, a chart, what stands behind", one.text[:300])
check(office.get(PAGE + "/measures/raised?period=" + year).text.count("校舍与设施") == 1, "its breakdowns")
check(visits[0]["number"] in office.get(PAGE + "/measures/visits/records?at=" + bureau + "&period=2026-03").text, "and its records")
check(school.get(PAGE + "/measures").status == 200, "a school's own page")
check('href="/s/pairs/measures"' in school.get(PAGE).text and 'href="/s/pairs/measures"' not in leader.get(PAGE).text, "offered to those who read figures")
rows = list(csv.reader(io.StringIO(office.get(PAGE + "/measures?at=" + bureau + "&every=month&period=2026-04&as=csv").text.lstrip("\ufeff"))))
line = next(r for r in rows if r[0] == "走访次数")
check(rows[0][-2:] == ["2026-03", "2026-04"] and line[-2:] == ["2次", "1次"], "a file of twelve periods", rows)
check(office.get(PAGE + "/measures/visits?at=" + bureau + "&as=xlsx").body[:2] == b"PK", "and an office document")
check(office.get(PAGE + "/measures/visits?as=exe").status == 422, "nothing else")
server.stop()
finish()
