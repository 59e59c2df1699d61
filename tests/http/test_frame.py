"""The frame: search in groups, notices with their live count, help texts, the language, the description of the API."""
import glob
import http.client
import os
import re
import time
import urllib.parse

from kit import ROOT, Client, Server, check, demo, finish, sql

server = Server("frame.db", "--demo")
c = Client(server)

# ---- search ----
rows = c.get("/api/v1/search?q=%E7%AB%A3%E5%B7%A5").json["rows"]
check(rows and all("竣工" in "".join(x["text"] for x in r["text"] if x["found"]) for r in rows), "two characters are found and told apart", rows[:1])
check(all(c.get(r["link"]).status == 200 for r in rows[:2]), "each result leads somewhere")
plans = [r for r in c.get("/api/v1/search?q=%E4%BA%91%E5%B2%9A").json["rows"] if r["group"] == "计划"]
check(len(plans) >= 2 and all(r["link"].startswith("/plans/") for r in plans), "plans are a group of their own", plans)
units = [r for r in c.get("/api/v1/search?q=%E4%B8%9C%E5%B1%B1").json["rows"] if r["group"] == "单位"]
check(units and all(r["link"].startswith("/units/") and c.get(r["link"]).status == 200 for r in units[:2]), "units are found", units[:1])
person = c.get("/api/v1/people").json["rows"][0]
people = [r for r in c.get("/api/v1/search?q=" + urllib.parse.quote(person["name"])).json["rows"] if r["group"] == "人员"]
check(people and people[0]["link"] == "/people/" + person["id"], "people are found", people)
places = [r["link"] for r in c.get("/api/v1/search?q=%E5%AF%B9%E7%85%A7").json["rows"] if r["group"] == "去往"]
check(places == ["/compare"], "places of the program are found", places)
check(len([r for r in c.get("/api/v1/search?q=%E5%AD%A6%E6%A0%A1").json["rows"] if r["group"] == "原文"]) <= 8, "a group is bounded")
page = c.get("/search?q=%E7%AB%A3%E5%B7%A5").text
check("<mark>竣工</mark>" in page and 'value="竣工"' in page and "<html" in page, "as a page, with what was asked for")
part = c.get("/search?q=%E7%AB%A3%E5%B7%A5", HX_Request="true").text
check("<html" not in part and "<mark>竣工</mark>" in part, "as a part for the palette")
check("没有找到" in c.get("/search?q=zzzzqq").text and c.get("/search").status == 200, "nothing found is said")
evil = c.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text
check("<script>alert" not in evil, "what is searched for is escaped")
check(c.get("/api/v1/search?q=" + "x" * 300).status == 422, "too long a question is refused")

# ---- notices ----
c.upload("erste.txt", demo("yunlan-2026.txt") + "（九十八）新建学校若干所。\n".encode(), title="第一份")
sql(server, "UPDATE notice SET tell_us = 0")  # what clocks of the demo told may wait for the office
first = c.get("/api/v1/notices").json["rows"]
todo = [r for r in first if r["kind"] == "todo"]
check(len(todo) >= 1 and all(not r["read"] and r["link"].startswith("/plans/") for r in todo), "uploads with doubts wait for their uploader", first)
check("data-unread" in c.get("/plans").text and ">%d</span>" % len(first) in c.get("/plans").text, "the bell counts them on every page")


class Stream:
    def __init__(self, client):
        self.until = time.time() + 15
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=12)
        self.connection.request("GET", "/notices/stream", headers={"Cookie": "; ".join("%s=%s" % pair for pair in client.cookies.items())})
        self.answer = self.connection.getresponse()

    def event(self):
        """(event, data) of the next one; beats are passed over."""
        name = None
        while time.time() < self.until:  # beats come for ever
            line = self.answer.fp.readline() if not self.answer.chunked else self.line()
            if line is None:
                return None, None
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                self.until = time.time() + 15
                return name, line[6:]
        return "nothing", None

    def line(self):
        out = b""
        while not out.endswith(b"\n"):
            byte = self.answer.read(1)
            if not byte:
                return None
            out += byte
        return out.decode().rstrip("\n")


s = Stream(c)
check(s.answer.status == 200 and s.answer.getheader("Content-Type").startswith("text/event-stream"), "the stream opens", s.answer.status)
check(s.event() == ("notices", '{"unread":%d}' % len(first)), "it begins with the count")
began = time.time()
c.upload("zweifel.txt", demo("yunlan-2026.txt") + "（九十九）新建学校若干所。\n".encode(), title="新的计划")
name, data = s.event()
check(name == "notices" and data != '{"unread":%d}' % len(first) and time.time() - began < 8, "a new one is told while the page is open", (name, data))
second = Stream(c)
check(second.event()[0] == "notices" and s.event() == ("leave", "{}") and s.event() == (None, None), "the newest page of a person has the stream, the one before is told to leave")
now = c.get("/api/v1/notices").json["rows"]
check(now[0]["says"].startswith("《") and "待核对" in now[0]["says"], "it says what it is about", now[0])
a = c.post("/api/v1/notices/read", {"pick": now[0]["id"]})
check(a.status == 200 and a.json["data"]["unread"] == len(now) - 1 and second.event() == ("notices", '{"unread":%d}' % (len(now) - 1)), "one that is read is no longer counted", a.text)
check(c.post("/notices/read", {"all": "yes"}).status == 303 and c.get("/api/v1/notices").json["rows"] == [], "all are read at once")
check(len(c.get("/api/v1/notices?show=all").json["rows"]) == len(now), "and can be seen again")
check("hidden" in re.search(r'data-unread[^>]*>', c.get("/plans").text).group(0), "the bell is quiet")
sql(server, "UPDATE notice SET read_us = 0, tell_us = ? WHERE id = ?", int((time.time() + 6) * 1e6), now[0]["id"])
late = c.get("/api/v1/notices").json["rows"]
check([r["id"] for r in late] == [now[0]["id"]] and late[0]["calls"] > late[0]["at"] and "calls" not in first[0], "one that waits for the office stands in the list, and says when it calls", late)
time.sleep(2.5)
check("hidden" in re.search(r'data-unread[^>]*>', c.get("/plans").text).group(0), "until then the bell is quiet")
time.sleep(5)
check(">1</span>" in c.get("/plans").text, "then it counts")

# ---- corrections without a place: told to whoever made them ----
text = demo("dongshan-2026.txt")
pid = next(r["id"] for r in c.get("/api/v1/plans").json["rows"] if "东山" in r["title"])
target = None
for review in c.get("/api/v1/plans/" + pid).json["data"]["review"]:
    for fact in c.get("/api/v1/plans/%s/items/%s" % (pid, review["step"])).json["data"]["values"] if "target" in review["facts"] else []:
        if fact["subject"] == "target" and not target and (fact["value"] + "所").encode() in text:
            target = fact
c.post("/api/v1/plans/%s/correct" % pid, {"subject": "target", "key": target["key"], "value": "77", "reason": "批复"})
c.upload("draft.txt", text.replace((target["value"] + "所").encode(), b"98" + "所".encode()), replaces=pid)
rows = c.get("/api/v1/notices").json["rows"]
check(any(r["link"] == "/plans/%s/orphans" % pid and "没有了位置" in r["says"] for r in rows), "a newer draft tells whose changes have no place", rows)

# ---- help, language, parts ----
page = c.get("/plans").text
check('<details class="tip"><summary>' in page and "存疑是程序拿不准" in page, "a list has its help, without script")
chosen = c.get("/plans?lang=en")
cookie = [v for v in chosen.headers.get_all("Set-Cookie") if v.startswith("gangmu_lang=en")]
check(cookie and "Max-Age=34560000" in cookie[0], "the language is remembered", chosen.headers.get_all("Set-Cookie"))
check('<html lang="en"' in c.get("/plans", Cookie="; ".join("%s=%s" % pair for pair in c.cookies.items()) + "; gangmu_lang=en").text, "and spoken")
check(c.get("/help/parts").status == 200, "the gallery is there in the demonstration")
page = c.get("/help/parts?sent=1&project=%3Cb%3E&day=2026-2-30&places=viele").text
check('value="&lt;b&gt;"' in page and 'value="2026-2-30"' in page, "a refused form keeps what was typed")
check('href="#f-day"' in page and 'aria-describedby="h-day e-day"' in page and 'id="e-day"' in page and page.count('aria-invalid="true"') == 2 and "有2处需要改正" in page, "counts, and points to each field")
check("没有错误" in c.get("/help/parts?sent=1&project=x&day=5%E6%9C%8818%E6%97%A5&places=3").text or "没有错误" in c.get("/help/parts?sent=1&project=x&day=2026-5-18&places=3").text, "a good one is taken")

# ---- the description of the API holds every route, its parameters named ----
api = c.get("/api/v1/openapi.json").json["paths"]
routes = []
for path in sorted(glob.glob(os.path.join(ROOT, "src/*/*.c"))):
    source = open(path, encoding="utf-8").read()
    for m in re.finditer(r'\{(GET|POST), "(/[^"]*)",((?:[^{}]|\n)*?)\},\n', source):
        routes.append((path, m.group(1).lower(), m.group(2), m.group(3)))
check(len(routes) >= 39, "the tables of routes are read", len(routes))
for path, method, pattern, rest in routes:
    if re.search(r"ROUTE_PAGE_ONLY|ROUTE_PLAIN", rest):
        twin = api.get(pattern.replace("/p/{system}/", "/s/{system}/public/"), {})  # a public form has its twin there
        check(method == "get" or "post" in twin, "only a page to read has no twin: " + pattern, sorted(twin))
        continue
    told = api.get(pattern, {}).get(method)
    names = {p["name"] for p in (told or {}).get("parameters", [])}
    check(told and told["summary"] and set(re.findall(r"\{(\w+)\}", pattern)) <= names, "described: %s %s" % (method, pattern), names)
asked, named = {}, " ".join(rest for _, _, _, rest in routes) + " " + " ".join(re.findall(r'#define TABLE_QUERY "([^"]*)"', open(os.path.join(ROOT, "src/app/table.h")).read()))
for path in sorted(glob.glob(os.path.join(ROOT, "src/app/*.c"))):
    for name in re.findall(r'web_(?:query|field|int|file|has_field)\(\w+, "(\w+)"', open(path, encoding="utf-8").read()):
        asked[name] = os.path.basename(path)
of_pages = {"did", "step"}  # the receipt of an act and the place to go back to: no program needs them
missing = {n: f for n, f in asked.items() if n not in of_pages and not re.search(r'[" ]%s[!" ]' % n, named)}
check(not missing, "every parameter that is read stands in a route", missing)

# ---- a stream does not hold up the end ----
began = time.time()
check(server.stop() == 0 and time.time() - began < 5, "the server ends in order with a stream open", time.time() - began)
check(server.verify() == 0, "the chain holds")
finish()
