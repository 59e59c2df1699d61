"""Every route of the table answers; every change without a token is refused; headers; who may ask."""
import re

from kit import Client, Server, check, demo, finish, sql

server = Server("routes.db", "--demo")
c = Client(server)
api = c.get("/api/v1/openapi.json").json
rows = c.get("/api/v1/plans").json["rows"]
pid, other = rows[0]["id"], rows[1]["id"]
fill = {"id": pid, "item": "1.1", "format": "json", "session": "x", "token": "x"}
system, security, bare = Client(server, who="demo-system"), Client(server, who="demo-security"), Client(server)
bare.sign()
audit = Client(server, who="demo-audit")
holders = {"message.see": system, "account.manage": system, "system.manage": system, "unit.manage": system, "role.grant": security, "audit.read": audit, "person.erase": audit}
fill["day"] = audit.post("/api/v1/audit/anchors").json["chain"]["anchor_day"]
review = c.get("/api/v1/plans/" + pid).json["data"]["review"]
fill["item"] = review[-1]["step"]


# a post in a system, and a record of it
person = sql(server, "SELECT person FROM account WHERE login = 'zhoumin'")[0][0]
school = sql(server, "SELECT id FROM unit WHERE kind = 'school' ORDER BY id LIMIT 1")[0][0]
for role in ("office", "leader"):
    sql(server, "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) SELECT 'local', ?, person, unit, ?, '', from_day, until_day FROM post WHERE person = ? LIMIT 1",
        "post-" + role, "pairs." + role, person)
pair = c.post("/api/v1/s/pairs/pair/acts/pair", {"leader": person, "school": school, "term": "2026-01-01 00:00..2026-12-31 23:59", "basis": "x"})
check(pair.status == 200, "a record of a system is made", pair.text)
fill.update({"system": "pairs", "record": "pair", "act": "pair", "round": "none", "opening": "x", "paper": "none", "number": "none", "measure": "visits", "sheet": "x"})

ids = {"s": pair.json["data"]["id"], "units": c.get("/api/v1/units").json["rows"][0]["id"], "people": c.get("/api/v1/people").json["rows"][0]["id"]}


def path_of(pattern):
    kind = "people" if pattern.startswith(("/rights", "/audit/people")) else pattern.split("/")[1]
    here = dict(fill, id=ids.get(kind, pid), record="pair" if kind == "s" else "person")
    if "/public/" in pattern:
        here.update(system="apps", part="filed")
    if "message" in pattern:
        here.update(system="hotline", message="city_order" if kind == "s" else "city_reply")
    return re.sub(r"\{(\w+)\}", lambda m: here[m.group(1)], pattern)


check(api["openapi"].startswith("3.1") and len(api["paths"]) >= 12, "the API describes itself", list(api["paths"]))
for pattern, methods in api["paths"].items():
    query = "?a=%s&b=%s" % (pid, other) if pattern == "/compare" else ""
    if "get" in methods:
        asks = holders.get(methods["get"]["x-act"], c)
        twin = asks.get("/api/v1" + path_of(pattern) + query)
        if pattern in ("/me/second", "/develop"):  # there only while it is being set up, while declarations are written
            check(twin.status == 404, "GET /api/v1" + pattern, twin.status)
            continue
        if pattern.startswith("/verify") or pattern.endswith(("/papers/{paper}", "/sheet/{sheet}")):  # no paper was made here (test_papers.py), no sheet is being taken in
            check(twin.status in (404, 422), "GET /api/v1" + pattern, twin.status)
            continue
        check(twin.status == 200 and twin.headers["Content-Type"].startswith("application/json") and isinstance(twin.json, dict),
              "GET /api/v1" + pattern, twin.status)
        if pattern not in ("/session", "/openapi.json") and "/public/" not in pattern:
            page = asks.get(path_of(pattern) + query)
            check(page.status == 303 or page.status == 200 and page.headers["Content-Type"].startswith("text/html"), "GET " + pattern, page.status)
    if "post" in methods:
        for prefix in ("", "/api/v1"):
            a = bare.request("POST", prefix + path_of(pattern), "reason=x", {"Content-Type": "application/x-www-form-urlencoded"})
            nothing = "/public/" in pattern or (not prefix and re.search("^/files$|/messages/{message}", pattern))  # no such form; an API without a page
            check(a.status == (404 if nothing else 403), "POST %s%s without a token is refused" % (prefix, pattern), a.status)
for path in ("/", "/plans/new", "/help", "/plans/%s/file" % pid, "/plans/%s/void" % pid, "/plans?lang=en", "/plans?q=x&status=open&sort=title"):
    check(c.get(path).status in (200, 303), "GET " + path)
check(c.get("/api/v1/plans/%s/file" % pid).status == 404, "a page without a twin has none")

# ---- tokens: another session's, another site's ----
other_session = Client(server)
other_session.sign()
a = c.request("POST", "/api/v1/plans/%s/accept-clear" % pid, "", {"Content-Type": "application/x-www-form-urlencoded", "X-Token": other_session.token})
check(a.status == 403, "another session's token is refused")
for name, value in (("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")):
    a = c.post("/api/v1/plans/%s/accept-clear" % pid, {}, **{name: value})
    check(a.status == 403, "a change from elsewhere is refused: %s %s" % (name, value), a.status)
check(c.post("/api/v1/plans/%s/accept-clear" % pid, {}, Origin="http://127.0.0.1:%d" % server.port).status in (200, 409), "our own pages may change")
before = c.get("/api/v1/plans/" + pid).json["data"]["rev"]
c.get("/plans/%s/accept-clear" % pid), c.get("/plans/%s/void?confirm=1" % pid)
check(c.get("/api/v1/plans/" + pid).json["data"]["rev"] == before, "a GET changes nothing")

# ---- hosts: DNS rebinding ----
for host, status in (("evil.example", 403), ("127.0.0.1.evil.example", 403), ("localhost.evil.example:80", 403), ("127.evil", 403),
                     ("localhost", 200), ("LOCALHOST:9", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("", 403)):
    check(c.get("/api/v1/plans", Host=host).status == status, "Host %r is %d" % (host, status))

# ---- methods, paths ----
check(c.request("DELETE", "/api/v1/plans/" + pid).status == 405, "DELETE is not taken")
a = c.get("/plans/%s/accept-clear" % pid)
check(a.status == 405 and a.headers["Allow"] == "POST", "a change asked by GET names its method")
head = c.request("HEAD", "/plans")
check(head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 1000, "HEAD is GET without the body")
for path, status in (("/nope", 404), ("/plans/none", 404), ("/plans//x", 400), ("/plans/..%2f..%2fetc", 400), ("/../etc/passwd", 400),
                     ("/plans/%00", 400), ("/plans/%ff", 400), ("/plans/%zz", 400), ("/static/x/rules/plan/words.yaml", 404),
                     ("/static/x/ui/../src/cli/main.c", 400), ("/api/v1", 404), ("/api/v2/plans", 404), ("/plans/" + "a/" * 40, 404)):
    check(c.get(path).status == status, "%s is %d" % (path[:50], status), c.get(path).status)
a = c.get("/api/v1/plans/none")
check(set(a.json) == {"code", "says", "at", "hint", "request"} and a.json["code"] == "not_found", "a refusal has its shape", a.json)
check("没有找到" in a.json["says"] and "no such plan" in c.get("/api/v1/plans/none", Accept_Language="en").json["says"], "in the reader's language")
page = c.get("/plans/none")
check(page.status == 404 and "<html" in page.text and "没有找到" in page.text, "and as a page")
script = c.get("/plans?q=%3Cscript%3Ealert(1)%3C/script%3E")
check("<script>alert(1)" not in script.text, "what is searched for is escaped")

# ---- headers ----
page = c.get("/plans")
policy = page.headers["Content-Security-Policy"]
check("default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, "content policy", policy)
check(page.headers["X-Content-Type-Options"] == "nosniff" and page.headers["Referrer-Policy"] == "same-origin", "nosniff, referrer")
check(not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text), "no inline script or style in the page")
cookie = Client(server, who=None).get("/sign-in").headers["Set-Cookie"]
check("HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie, "the cookie is closed", cookie)
sheet = re.search(r'href="(/static/[^"]+\.css)"', page.text).group(1)
css = c.get(sheet)
check(css.status == 200 and "immutable" in css.headers["Cache-Control"], "the style sheet is kept for a year")
check(c.get(sheet, If_None_Match=css.headers["ETag"]).status == 304, "and asked for again by its tag")
stale = c.get(re.sub(r"/static/[0-9a-f]+/", "/static/0000/", sheet))
check(stale.status == 200 and stale.headers["Cache-Control"] == "no-cache", "under an old address it is not kept")
script = re.search(r'src="(/static/[^"]+\.js)"', page.text).group(1)
packed = c.get(script, Accept_Encoding="gzip")
check(packed.status == 200 and packed.headers.get("Content-Encoding") == "gzip", "scripts travel packed")
check(c.get("/plans?lang=en").headers.get_all("Set-Cookie") and 'lang="en"' in c.get("/plans?lang=en").text, "the language can be chosen")
health = c.get("/healthz")
check(health.status == 200 and health.json["status"] == "ok" and not health.headers["Set-Cookie"], "/healthz")
check(server.stop() == 0, "ends in order")
finish()
