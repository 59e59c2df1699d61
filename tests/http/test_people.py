"""The list of people: order, filters, columns, pages, views and files, all of it under scope; search by name, initials, code."""
import csv
import io
import os
import re
import sys
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kit import Client, Server, check, finish  # noqa: E402

server = Server("people.db")
system, security, planner = Client(server, who="demo-system"), Client(server, who="demo-security"), Client(server, who="hefang")
head = Client(server, who="luohai")


def q(text):
    return urllib.parse.quote(text)


def rows(client, query=""):
    a = client.get("/api/v1/people" + query)
    return a.json["rows"] if a.status == 200 else a.status


def all_rows(client, query=""):
    out, after = [], ""
    while after is not None:
        a = client.get("/api/v1/people" + (query or "?sort=name") + after).json
        out += a["rows"]
        after = a["next"] and "&after=" + q(a["next"])
    return out


def sheet(client, query, form="csv"):
    a = client.get("/people%sas=%s" % (query, form))
    check(a.status == 200, "a file of " + query, a.status)
    return list(csv.reader(io.StringIO(a.body.decode("utf-8-sig")))) if form == "csv" else zipfile.ZipFile(io.BytesIO(a.body))


def counted(client, query=""):
    return int(re.search(r'class="pager"><span>(\d+)项', client.get("/people" + query).text).group(1))


# ---- order, pages, columns ----
everybody = all_rows(system)
check(len(everybody) > 200 and len({r["id"] for r in everybody}) == len(everybody), "who keeps people is shown each once", len(everybody))
turned = all_rows(system, "?sort=-name")
check([r["id"] for r in turned] == [r["id"] for r in everybody][::-1], "and the other way round")
families = [r["name"][0] for r in everybody if r["name"][0] in "白程林苏"]
check(families == sorted(families, key="白程林苏".index), "by the reading of the name: bai, cheng, lin, su", families)
newest = all_rows(system, "?sort=created")
check(len(newest) == len(everybody) and [r["created"] for r in newest] == sorted((r["created"] for r in newest), reverse=True), "by when they were entered, newest first")
check(counted(system) == len(everybody), "the page counts them", counted(system))
page = system.get("/people?col=since").text
heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
check(len(heads) == 2 and "任职起" in heads[1], "columns are chosen, the name stays", heads)
check(all(r["unit"] and r["since"] for r in everybody if r["role"]), "each with a post of today, its unit and since when")
for bad in ("sort=since", "sort=phone", "role=nobody", "unit=nowhere", "created_from=soon", "phone=1", "after=x"):
    a = system.get("/api/v1/people?" + bad)
    check(a.status == 422 or (bad == "phone=1" and len(a.json["rows"]) == 50), "refused or not known: " + bad, (a.status, a.text[:80]))

# ---- filters ----
heads_of_schools = all_rows(system, "?role=school_head")
check(heads_of_schools and all(r["role"] == "school_head" for r in heads_of_schools), "by role")
pupils = all_rows(system, "?role=pupil")
check(len(pupils) == 2, "pupils by theirs", pupils)
east = next(r for r in system.get("/api/v1/units?q=" + q("东山区教育局")).json["rows"])["id"]
below = all_rows(system, "?unit=" + east)
check(60 <= len(below) < len(everybody) and any(r["unit"] == "东山一小" for r in below) and any(r["unit"] == "二年级1班" for r in below),
      "a unit and all below it", len(below))
check(len(all_rows(system, "?unit=%s&role=school_head" % east)) < len(heads_of_schools), "both together")
page = system.get("/people?unit=%s&role=class_adviser" % east).text
check('<option value="class_adviser" selected>' in page and '<option value="%s" selected>' % east in page and "清除筛选" in page, "the page shows what is asked for")

# ---- words: a part of the name, first letters, codes ----
pupil = pupils[0]
token = system.get("/api/v1/people/" + pupil["id"]).json["data"]["token"]
for words, name in ((pupil["name"], "name"), (pupil["id"], "id"), (token, "token")):
    check(pupil["id"] in [r["id"] for r in rows(system, "?q=" + q(words))], "found by " + name)
person = next(r for r in everybody if r["name"] == "何芳")
check(person["id"] in [r["id"] for r in rows(system, "?q=hf")] and person["id"] in [r["id"] for r in rows(system, "?q=" + q("芳 何"))], "by first letters, by several words")
check(rows(system, "?q=%25") == [] and rows(system, "?q=_") == [] and rows(system, "?q=" + q("' OR 1=1")) == [], "marks of patterns and of SQL are themselves")
made = system.post("/api/v1/people", {"name": "沈有号", "phone": "13912345678", "identity": "320106201609150025"}).json["data"]["id"]
for who, finds in ((system, True), (security, False), (planner, False)):
    found = [r["id"] for r in rows(who, "?q=13912345678")]
    check((found == [made]) is finds and (finds or found == []), "%s finds by a telephone: %s" % (who.who, finds), found)
check(rows(system, "?q=1391234567") == [], "a telephone is written in full")
check(rows(system, "?q=320106201609150025") == [], "nobody is looked for by an identity number")
school = next(r for r in system.get("/api/v1/units?q=" + q("东山一小")).json["rows"] if r["name"] == "东山一小")["id"]
a = security.post("/api/v1/people/%s/acts" % made, {"act": "post", "unit": school, "role": "teacher", "from": "2026-01-01"})
check(a.status == 200, "they are given a post at a school of that head or of another", a.text[:200])
of_head = {r["id"] for r in all_rows(head)}
check(([r["id"] for r in rows(head, "?q=13912345678")] == [made]) == (made in of_head), "a head finds by telephone who is theirs, and nobody else", made in of_head)

# ---- under scope: rows, counts, choices, files, order ----
everybody = all_rows(system)
seen = {r["id"] for r in all_rows(planner)}
hidden = [r for r in everybody if r["id"] not in seen]
check(60 <= len(seen) < len(everybody) and hidden, "a district sees its own", (len(seen), len(everybody)))
check(counted(planner) == len(seen) == len(sheet(planner, "?")) - 1, "page, count and file agree", (counted(planner), len(seen)))
check({r[0] for r in sheet(planner, "?")[1:]} == {r["name"] for r in all_rows(planner)}, "the file has those names and no other")
for query in ("?sort=-name", "?sort=created", "?role=school_head", "?unit=" + east, "?col=role&col=above"):
    names = [r[0] for r in sheet(planner, query + "&")[1:]]
    check(sorted(names) == sorted(r["name"] for r in all_rows(planner, query)) and not set(names) - {r["name"] for r in everybody if r["id"] in seen},
          "as seen, in that order or filter: " + query, len(names))
for r in hidden[:10]:
    check(r["id"] not in [x["id"] for x in rows(planner, "?q=" + q(r["name"]))] and rows(planner, "?q=" + q(r["id"])) == [], "not by name or id: " + r["name"])
west = next(r for r in system.get("/api/v1/units?q=" + q("西河区教育局")).json["rows"])["id"]
check(rows(system, "?unit=" + west) and rows(planner, "?unit=" + west) == [] and "/people/" not in planner.get("/people?unit=" + west).text, "another district's people are none")
edge = hidden[0]
key = "%s.%s" % (edge["id"], edge["name"])
check(not {r["id"] for r in rows(planner, "?after=" + q(key))} - seen and not {r["id"] for r in rows(planner, "?before=" + q(key))} - seen, "a key of somebody hidden opens nothing")
book = sheet(planner, "?role=school_head&", "xlsx")
text = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
check("姓名" in text and "校长" in text and edge["name"] not in text, "XLSX the same")
table = sheet(planner, "?role=school_head&col=role&col=post&")
check(table[0] == ["姓名", "职务", "角色"] and {r[2] for r in table[1:]} == {"学校负责人"}, "words as people read them", table[:2])
check(Client(server, who="demo-audit").get("/api/v1/people").status == 403, "who may see nobody is not asked in")

# ---- saved views ----
a = planner.post("/views", {"list": "people", "name": "校长", "query": "role=school_head&sort=-name"})
check(a.status == 303, "a view of the list is kept")
view = next(v for v in planner.get("/api/v1/views").json["rows"] if v["list"] == "people")
check(planner.post("/api/v1/views/" + view["id"], {"act": "default"}).status == 200, "as the default")
check(counted(planner) == len(all_rows(planner, "?role=school_head")), "the plain address is answered by it, under scope", counted(planner))
check(len(all_rows(planner)) == len(seen), "programs still get everything")

# ---- the search over everything ----
def found(client, words, group):
    return [r["link"] for r in client.get("/api/v1/search?q=" + q(words)).json["rows"] if r["group"] == group]


check("/people/" + person["id"] in found(planner, "hf", "人员") and "/people/" + person["id"] in found(planner, "何芳", "人员"), "people by first letters and name")
check(found(system, token, "人员") == ["/people/" + pupil["id"]] and found(planner, token, "人员") == (["/people/" + pupil["id"]] if pupil["id"] in seen else []), "by code, where they may be seen")
check("/units/" + school in found(planner, "dsyx", "单位"), "units by first letters")
check(system.get("/search?q=" + q("东山")).status == 200 and "/units/" + school in found(security, "东山一小", "单位"), "administrators search units and people")
check(not [r for r in system.get("/api/v1/search?q=" + q("学校")).json["rows"] if r["group"] in ("计划", "原文")], "and no plans, which they may not see")
many = next(s for s in ("顾", "林", "苏") if len([r for r in everybody if r["name"].startswith(s)]) > 8)
for client, ids in ((planner, seen), (system, {r["id"] for r in everybody})):
    of = [r["id"] for r in everybody if many in r["name"] and r["id"] in ids]
    got = found(client, many, "人员")
    check(len(got) == min(8, len(of)) and {g[len("/people/"):] for g in got} <= set(of), "%s finds their own first, eight at most" % client.who, (len(got), len(of)))
    part = client.get("/search?q=" + q(many), HX_Request="true").text
    check(("/people?q=" in part) == (len(of) >= 8) and not any("/people/" + r["id"] in part for r in hidden if client is planner), "suggestions the same")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
