"""Lists: order, filters, pages both ways, columns, saved views, files; what is refused."""
import csv
import io
import json
import re
import urllib.parse
import zipfile

from kit import Client, Server, check, finish

server = Server("table.db")
c = Client(server)
PLANS = 130
for i in range(PLANS):
    text = "云岚市教育局{0}年第{1}号工作要点\n一、总体\n（一）推进建设。新建学校{1}所。（发展规划处）\n".format(2020 + i % 5, i + 1)
    c.upload("p%03d.txt" % i, text.encode(), year=2020 + i % 5, issuer="云岚市教育局" if i % 2 else "=东山区教育局", title="要点%03d" % i)


def titles(query):
    return [r["title"] for r in c.get("/api/v1/plans" + query).json["rows"]]


def walk(query, key):
    """All pages from one end to the other by the keys of the answers."""
    out, at = [], ""
    while True:
        a = c.get("/api/v1/plans?%s%s" % (query, at)).json
        out = out + [[r["title"] for r in a["rows"]]] if key == "next" else [[r["title"] for r in a["rows"]]] + out
        if not a[key]:
            return out
        at = "&%s=%s" % ({"next": "after", "prev": "before"}[key], urllib.parse.quote(a[key]))


# ---- order and pages ----
every = sorted("要点%03d" % i for i in range(PLANS))
for query, expected in (("sort=title", every), ("sort=-title", every[::-1]), ("sort=created", every[::-1]), ("sort=-created", every)):
    pages = walk(query, "next")
    check(sum(pages, []) == expected, "all pages of %s, each row once" % query, [len(p) for p in pages])
    check([len(p) for p in pages] == [50, 50, 30], "in full pages", [len(p) for p in pages])
last = c.get("/api/v1/plans?sort=title").json
while last["next"]:
    last = c.get("/api/v1/plans?sort=title&after=" + urllib.parse.quote(last["next"])).json
back = c.get("/api/v1/plans?sort=title&before=" + urllib.parse.quote(last["prev"])).json
check([r["title"] for r in back["rows"]] == every[50:100], "a page back stands where it stood", [r["title"] for r in back["rows"]][:2])
back = c.get("/api/v1/plans?sort=title&before=" + urllib.parse.quote(back["prev"])).json
check([r["title"] for r in back["rows"]] == every[:50] and not back["prev"] and back["next"], "the first page has none before it")
years = [r["year"] for r in c.get("/api/v1/plans?sort=-year").json["rows"]]
check(years == sorted(years), "the other way round", years[:3])
page = c.get("/plans?sort=title&after=" + urllib.parse.quote(last["prev"])).text
check('aria-sort="ascending"' in page and page.count("aria-sort") == 1, "the head says how it is sorted")
check("130项" in page and 'rel="prev"' in page, "the page counts all rows and leads back")

# ---- filters ----
check(len(titles("?year=2021")) == 26 and len(titles("?issuer=" + urllib.parse.quote("云岚市教育局"))) == 50, "choices")
check(titles("?q=%E8%A6%81%E7%82%B9007") == ["要点007"] and titles("?q=p007+2022") == [], "words, all of which must occur", titles("?q=p007+2022"))
check(titles("?doubts_from=99999") == [] and titles("?created_from=2999-1-1") == [] and len(titles("?created_to=2999%E5%B9%B41%E6%9C%881%E6%97%A5")) == 50, "ranges; days as people write them")
page = c.get("/plans?year=2021").text
check("26项" in page and '<option value="2021" selected>' in page and page.count("<tr>") == 27, "the page shows what was asked for", page.count("<tr>"))
for query in ("sort=nothing", "sort=items", "year=x", "doubts_from=viele", "created_to=2026-2-30", "status=gone", "after=x", "before=.", "as=pdf", "sort=created&after=a.b"):
    a = c.get("/api/v1/plans?" + query)
    check(a.status == 422 and "{" not in a.json["says"], "refused: " + query, a.text[:120])
evil = c.get("/api/v1/plans?year=2021%27%20OR%201%3D1--&sort=title")
check(evil.status == 422, "a value never becomes SQL", evil.text[:100])
check(titles("?issuer=%27%20OR%20%27%27%3D%27") == [] and titles("?q=%27%22%3B%25_%5C") == [], "nor does a word")

# ---- columns ----
page = c.get("/plans?col=issuer&col=errors").text
heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
check(any("发文机关" in h for h in heads) and not any("年度" in h for h in heads) and "标题" in "".join(heads), "chosen columns, the title always", heads)
check("col=issuer&amp;col=errors" in page, "links carry the choice on")

# ---- a part for htmx ----
part = c.get("/plans?year=2021", HX_Request="true").text
check(part.lstrip().startswith('<div id="table"') and "<html" not in part and "要点001" in part, "htmx is given the list alone", part[:60])

# ---- files: exactly what is seen, of all pages ----
a = c.get("/plans?year=2021&col=issuer&sort=title&as=csv&after=x.x")
rows = list(csv.reader(io.StringIO(a.body.decode("utf-8-sig"))))
check(a.status == 200 and "attachment" in a.headers["Content-Disposition"], "a file", a.headers["Content-Disposition"])
check(rows[0] == ["标题", "发文机关", "条数"] and len(rows) == 27 and [r[0] for r in rows[1:]] == titles("?year=2021&sort=title"), "CSV", rows[:2])
check({r[1] for r in rows[1:]} == {"云岚市教育局", "'=东山区教育局"}, "no formula in it", {r[1] for r in rows[1:]})
all_rows = list(csv.reader(io.StringIO(c.get("/plans?as=csv").body.decode("utf-8-sig"))))
check(len(all_rows) == PLANS + 1, "rows of all pages", len(all_rows))
book = zipfile.ZipFile(io.BytesIO(c.get("/plans?year=2021&as=xlsx").body))
sheet = book.read("xl/worksheets/sheet1.xml").decode()
check(sheet.count("<row ") == 27, "XLSX", sheet.count("<row "))

a = c.get("/plans?year=2021&sort=title&as=jsonl")
lines = [json.loads(line) for line in a.text.splitlines()]
check(a.headers["Content-Type"] == "application/x-ndjson" and [r["title"] for r in lines] == titles("?year=2021&sort=title"), "JSON Lines, a row each", a.text[:100])

# ---- height of rows ----
page = c.get("/plans?rows=compact&col=issuer").text
check("sticky rows plans compact" in page and "compact" not in c.get("/plans").text.split("<table")[1].split(">")[0], "low rows are asked for in the address")
check('name="rows" value="compact"' in page and "rows=compact&amp;col=issuer" in page, "forms and links carry it on")
check(c.get("/api/v1/plans?rows=tall").status == 422, "there is no other height")

# ---- saved views ----
a = c.post("/views", {"list": "plans", "name": "二一年", "query": "year=2021&sort=title&as=csv&view=zz"})
check(a.status == 303 and "did=view-save" in a.headers["Location"], "a view is kept", a.headers["Location"])
view = c.get("/api/v1/views").json["rows"][0]
check(view["name"] == "二一年" and view["query"] == "year=2021&sort=title", "as what was asked for", view)
at = "/plans?view=%s&year=2021&sort=title" % view["id"]
check('class="own" href="/plans?view=%s&amp;year=2021&amp;sort=title" aria-current="page"' % view["id"] in c.get(at).text, "it is a tab of the list")
check("已修改" in c.get(at + "&q=x").text and "已修改" not in c.get(at).text, "a changed one says so")
check(c.post("/views", {"list": "plans", "name": "二一年", "query": "year=2022"}).status == 303 and len(c.get("/api/v1/views").json["rows"]) == 1, "the same name is kept once")
check(c.post("/api/v1/views/" + view["id"], {"act": "default"}).status == 200, "it becomes the default")
check(c.get("/plans").text.count("<tr>") == 27 and "要点002" in c.get("/plans").text, "the plain address shows it")
check(len(titles("")) == 50 and "130项" in c.get("/plans?status=any").text, "programs and the first tab still get everything")
check(c.post("/api/v1/views/" + view["id"], {"act": "plain"}).status == 200 and "130项" in c.get("/plans").text, "and no longer")
for fields, status in (({"list": "nope", "name": "x"}, 422), ({"list": "plans", "name": " "}, 422), ({"list": "plans", "name": "x" * 200}, 422),
                       ({"list": "plans", "name": "x", "query": "a=" + "b" * 3000}, 422)):
    check(c.post("/api/v1/views", fields).status == status, "refused: %r" % str(fields)[:50])
check(c.post("/api/v1/views/none", {"act": "delete"}).status == 404 and c.post("/api/v1/views/" + view["id"], {"act": "burn"}).status == 422, "acts on what is not there")
for i in range(19):
    c.post("/api/v1/views", {"list": "plans", "name": "v%d" % i, "query": ""})
a = c.post("/api/v1/views", {"list": "plans", "name": "zu viel", "query": ""})
check(a.status == 429 and "20" in a.json["says"], "a list has at most 20 views of one person", a.text[:100])
check(c.get("/views").text.count("<tr>") == 21 and "二一年" in c.get("/views").text, "all of them are listed")
a = c.post("/views/" + view["id"], {"act": "delete"})
check(a.status == 303 and len(c.get("/api/v1/views").json["rows"]) == 19, "one is deleted")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
