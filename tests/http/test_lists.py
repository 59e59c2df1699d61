"""Lists of records of systems: what is asked, put in order, counted and taken away is what may be seen, on both engines; the page and
the API answer the same."""
import csv
import io
import urllib.parse

from kit import Client, Server, check, finish, give_post, sql, unit_of

server = Server("lists.db")
SCHOOL = "云岚市第一中学"
HERE, THERE = unit_of(server, SCHOOL), sql(server, "SELECT id FROM unit WHERE kind = 'school' AND name <> ? ORDER BY id", SCHOOL)[0][0]
give_post(server, "zhoumin", "hazard.safety", "办公室")
give_post(server, "luohai", "hazard.principal", SCHOOL)
give_post(server, "luohai", "hazard.guard", SCHOOL)
give_post(server, "chenyu", "hotline.agent", "基础教育处")
safety, principal, agent, nobody = (Client(server, who=w) for w in ("zhoumin", "luohai", "chenyu", "hefang"))
for client in (safety, principal, agent, nobody):
    client.sign()
API, PAGE = "/api/v1/s/hazard/hazard", "/s/hazard/hazard"


def ask(client, path=API, **query):
    return client.get(path + "?" + urllib.parse.urlencode(query))


def ids(answer):
    return [row["id"] for row in answer.json["rows"]]


def refused(answer, status, code, name):
    check(answer.status == status and answer.json["code"] == code and answer.json["says"], name, (answer.status, answer.text[:300]))


made = []
for i in range(56):
    fields = {"school": THERE if i % 7 == 3 else HERE, "kind": "fire" if i % 2 else "food", "spot": "三楼东走廊" if i % 5 else "后厨Gas阀", "what": "隐患%d" % i,
              "found_on": "2026-01-%02d" % (1 + i % 28), "likelihood": "rare", "severity": "slight" if i % 3 else "serious"}
    done = (principal if fields["school"] == HERE and i % 4 == 0 else safety).post(API + "/acts/report", fields)
    made.append(done.json["data"]["id"] if done.status == 200 else done.text)
check(len(set(made)) == 56 and all(len(x) == 20 for x in made), "records to list", made[:2])
newest = list(reversed(made))
at = lambda keep: [made[i] for i in reversed(range(56)) if keep(i)]

# ---- order and pages ----
first = ask(safety)
check(ids(first) == newest[:50] and first.json["next"] and first.json["prev"] is None, "newest first, fifty a page", first.json["next"])
second = ask(safety, after=first.json["next"])
check(ids(second) == newest[50:] and second.json["next"] is None and ids(ask(safety, before=second.json["prev"])) == newest[:50], "the next page, and back")
check(ids(ask(safety, sort="number")) == made[:50] and ids(ask(safety, sort="-number")) == newest[:50], "by number, both ways")
by_day = [x["fields"]["found_on"] for x in ask(safety, sort="found_on").json["rows"]]
check(by_day == sorted(by_day) and by_day[0] == "2026-01-01", "by a day", by_day[:3])
for query in ({"sort": "what"}, {"sort": "nothing"}, {"after": "x.y.z", "sort": "changed"}, {"state": "gone"}, {"kind": "gone"}, {"unit": "0" * 20}, {"show": "some"}, {"found_on_from": "someday"}, {"as": "pdf"}):
    refused(ask(safety, **query), 422, "invalid", "refused: %s" % query)

# ---- what is asked for ----
check(ids(ask(safety, kind="food")) == at(lambda i: i % 2 == 0), "a code")
graded = [row["id"] for row in ask(safety, kind="food").json["rows"] if row["fields"]["grade"]["code"] == "normal"]
check(graded and len(graded) < 28 and ids(ask(safety, kind="food", grade="normal")) == graded, "two codes: a computed field too", len(graded))
check(ids(ask(safety, state="found"))[:5] == newest[:5] and ids(ask(safety, state="closed")) == [], "a state")
check(ids(ask(safety, found_on_from="2026-1-5", found_on_to="20260106")) == at(lambda i: i % 28 in (4, 5)), "a span of days")
check(ids(ask(safety, created_from="2030-1-1")) == [] and len(ids(ask(safety, created_from="2020-1-1"))) == 50, "when it was made")
check(ids(ask(safety, unit=THERE)) == at(lambda i: i % 7 == 3), "a unit")
above = sql(server, "SELECT above FROM unit_path WHERE unit = ? AND above <> unit", THERE)[0][0]
check(set(ids(ask(safety, unit=above, kind="fire"))) >= set(at(lambda i: i % 14 == 3)), "and all below one")
check(ids(ask(safety, q="GAS 隐患5")) == at(lambda i: i % 5 == 0 and str(i).startswith("5")), "words, whatever their letters, all of them", ids(ask(safety, q="GAS 隐患5")))
number = safety.get(API + "/" + made[7]).json["data"]["number"]
check(ids(ask(safety, q=number.lower())) == [made[7]] and ids(ask(safety, q="100%")) == [], "a number; a sign is a sign")
check(ids(ask(principal, show="mine")) == at(lambda i: i % 4 == 0 and i % 7 != 3), "one's own", len(ids(ask(principal, show="mine"))))
where = ask(safety, kind="food", where="found_on >= 2026-01-20")
check(ids(where) == at(lambda i: i % 2 == 0 and i % 28 >= 19), "a condition besides", len(ids(where)))
sql(server, "UPDATE flow_clock SET due_us = 1 WHERE id = ? AND clock = 'fix'", made[9])
check(ids(ask(safety, show="over")) == [made[9]], "a deadline that is passed")

# ---- under the scope of who asks ----
own = at(lambda i: i % 7 != 3)
check(ids(ask(principal)) == own and ids(ask(principal, unit=THERE)) == [], "a school sees its own, whatever it asks for", len(ids(ask(principal))))
check(ids(ask(principal, kind="food", sort="number")) == [x for x in made if x in set(own) and made.index(x) % 2 == 0], "in another order too")
page = principal.get(PAGE).text
check(">全部<span class=\"n\">48</span>" in page and ">超期<span class=\"n\">1</span>" in page, "counts are of what is seen", [page[m:m + 60] for m in (page.find("全部<span"), page.find("超期<span"))])
row = safety.get(API).json["rows"][0]
one = safety.get(API + "/" + row["id"]).json["data"]
check(any(c["running"] and c["due"] for c in row["clocks"].values()) and {n: c["due"] for n, c in row["clocks"].items()} == {n: c["due"] for n, c in one["clocks"].items()}, "a row has its clocks", row.get("clocks"))
check(nobody.get(PAGE).status == 404 and nobody.get(API).status == 404, "without a role there is no list")

# ---- as a page ----
page = safety.get(PAGE + "?" + urllib.parse.urlencode({"kind": "food", "sort": "number"}))
check(page.status == 200 and page.text.count('scope="row"') == 28 and "食品安全" in page.text and 'aria-sort="ascending"' in page.text, "the same rows as a page", page.text.count('scope="row"'))
check(number not in page.text and safety.get(API + "/" + made[8]).json["data"]["number"] in page.text and "lamp-g" in page.text, "with names of codes and lamps of clocks")
check("没有符合条件的记录" in ask(safety, PAGE, q="没有这样的").text, "nothing found says so")
check("登记隐患" in page.text and "登记隐患" not in agent.get("/s/hotline/order").text, "what one may begin")
check(ask(safety, PAGE, col="spot").text.count("<th scope=\"col\"") == 2, "columns as chosen")
kept = safety.post("/api/v1/views", {"list": "hazard.hazard", "name": "我盯的", "query": "kind=food"})
check(kept.status == 200 and "我盯的" in safety.get(PAGE).text and "我盯的" not in principal.get(PAGE).text, "a view is kept, and one's own", kept.text)
check(PAGE in safety.get("/views").text and safety.post("/api/v1/views", {"list": "hazard.none", "name": "x", "query": ""}).status == 422, "and named among one's views")

# ---- by state, by day, by place ----
board = ask(safety, by="board", kind="food").json["columns"]
check([c["code"] for c in board] == ["found", "assigned", "fixing", "fixed", "closed", "dismissed"] and board[0]["count"] == "28", "a board has a column for each state, with its count", [(c["code"], c["count"]) for c in board])
check([r["id"] for r in board[0]["rows"]] == at(lambda i: i % 2 == 0)[:8] and not board[1]["rows"], "and the newest of each", len(board[0]["rows"]))
check([c["count"] for c in ask(principal, by="board").json["columns"]][0] == "48", "of what is seen")
month = ask(safety, by="calendar", month="2026-01").json
check(month["month"] == "2026-01" and len(month["days"]) == 31 and [d["count"] for d in month["days"]][26:] == ["2", "2", "0", "0", "0"], "a month has its days", [d["count"] for d in month["days"]])
check([r["id"] for r in month["days"][4]["rows"]] == at(lambda i: i % 28 == 4), "with what falls on them")
check([d["count"] for d in ask(principal, by="calendar", month="2026-01", kind="fire").json["days"]][3] == str(len([i for i in range(56) if i % 28 == 3 and i % 2 and i % 7 != 3])), "of what is seen and asked for")
placed = safety.post(API + "/acts/report", {"school": HERE, "kind": "fire", "spot": "东门", "what": "x", "found_on": "2026-01-30", "likelihood": "rare", "severity": "slight", "place": "31.2304,121.4737 东门外"}).json["data"]["id"]
check(ids(ask(safety, by="map")) == [placed] and ids(ask(safety, by="map", kind="food")) == [], "a map has what has a place")
for way, says in (("board", "待定措施"), ("calendar", "2026年1月"), ("map", "东门外")):
    page = ask(safety, PAGE, by=way, month="2026-01")
    check(page.status == 200 and says in page.text and "aria-current=\"page\"" in page.text and "没有记录" not in page.text, "as a page: " + way, page.status)
for query in ({"by": "heap"}, {"by": "calendar", "month": "2026-13"}, {"by": "calendar", "month": "9999-01"}):
    refused(ask(safety, **query), 422, "invalid", "refused: %s" % query)
check("by=calendar" not in safety.get("/s/hazard/risk").text and ask(safety, "/api/v1/s/hazard/risk", by="calendar").status == 422 and ask(safety, "/api/v1/s/hazard/risk", by="map").status == 200, "only the ways that the declaration names")

# ---- taken away ----
file = ask(principal, PAGE, kind="food", **{"as": "csv"})
rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
check(rows[0][:4] == ["编号", "学校", "类别", "部位"] and len(rows) == 1 + len([i for i in range(56) if i % 2 == 0 and i % 7 != 3]), "a file holds what is seen of what is asked", (rows[0], len(rows)))
check(all(r[1] == SCHOOL and r[2] == "食品安全" for r in rows[1:]), "in words")
check(ask(safety, PAGE, **{"as": "xlsx"}).body[:2] == b"PK", "as a sheet")
lines = ask(safety, PAGE, kind="food", **{"as": "jsonl"}).text.splitlines()
check(len(lines) == 28 and '"fields"' in lines[0], "as lines", lines[:1])

# ---- what few may read is in no list ----
order = agent.post("/api/v1/s/hotline/order/acts/register", {"title": "校门拥堵", "body": "下午四点半", "channel": "phone", "caller_name": "林某", "caller_phone": "13800001111"})
listed = agent.get("/s/hotline/order")
check(listed.status == 200 and "林某" not in listed.text and "13800001111" not in listed.text and "联系电话" not in listed.text, "sealed fields are no columns", order.text[:300])
for query in ({"sort": "caller_phone"}, {"where": "caller_phone is not none"}):
    refused(ask(agent, "/api/v1/s/hotline/order", **query), 422, "invalid", "nor asked for: %s" % query)
check(ids(ask(agent, "/api/v1/s/hotline/order", q="13800001111")) == ids(ask(agent, "/api/v1/s/hotline/order", q="林某")) == [], "nor searched")

check(server.verify() == 0, "the chain holds")
server.stop()
finish()
