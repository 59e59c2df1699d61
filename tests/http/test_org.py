"""Units and people over the API: the tree of any day, every act and what it refuses, search, posts, delegation, guardians."""
from kit import Client, Server, check, finish

server = Server("org.db", "--demo")
c, security = Client(server, who="demo-system"), Client(server, who="demo-security")
GRANTS = ("post", "post-end", "delegate", "delegate-end")


def api(path):
    return c.get("/api/v1" + path)


def rows(path):
    return api(path).json["rows"]


def unit(name, at=""):
    return next(r["id"] for r in rows("/units?q=%s&at=%s" % (c_quote(name), at)) if r["name"] == name)


def c_quote(s):
    import urllib.parse
    return urllib.parse.quote(s)


def one(uid, at=""):
    return api("/units/%s?at=%s" % (uid, at)).json["data"]


def act(uid, deed, **fields):
    return c.post("/api/v1/units/%s/acts" % uid, dict(fields, act=deed))


def names(path):
    return [r["name"] for r in rows(path)]


# ---- the tree of a day ----
tree = rows("/units")
check(tree[2]["name"] == "云岚市教育局" and tree[2]["level"] == 0 and tree[3]["name"] == "办公室" and tree[3]["level"] == 1,
      "today's tree, in the order of the office", [r["name"] for r in tree[:5]])
check(rows("/units?at=2009-1-1") == [], "before the founding there is nothing")
ninth, eighth = unit("东山九小", "2020-01-01"), unit("东山八小")
check("东山九小" in names("/units?q=dsjx&at=2023-8-31"), "initials find it on its last day")
check("东山九小" not in names("/units?q=dsjx&at=2023-9-1"), "and not on the day of the merger")
check(one(ninth)["alive"] is False and one(ninth, "2023-8-31")["alive"] is True, "a merged unit says so")
check([h["says"] for h in one(eighth)["history"]][0] == "“东山九小”并入", "the other one tells it too", one(eighth)["history"])
check(sorted(p["name"] for p in one(eighth)["posts"] if p["role"] == "教师") == sorted(p["name"] for p in one(ninth, "2023-8-31")["posts"] if p["role"] == "教师"),
      "its teachers went along", one(eighth)["posts"])
renamed = unit("东山实验学校")
check(one(renamed, "2020-1-1")["name"] == "东山完全中学" and one(renamed)["name"] == "东山实验学校", "a renamed school has each name on its days")
check(rows("/units?kind=class&q=%s" % c_quote("年级1班"))[0]["kind"] == "class", "by kind")
everything, after = [], ""
while True:
    page = api("/units?kind=school&after=" + c_quote(after)).json
    everything += [r["id"] for r in page["rows"]]
    after = page["next"]
    if not after:
        break
check(len(everything) == len(set(everything)) and len(everything) > 110, "pages by key hold every school once", len(everything))

# ---- acts ----
a = c.post("/api/v1/units", {"name": "第三小学", "kind": "school", "parent": "云岚市教育局/东山区教育局", "day": "2024-9-1", "stage": "primary",
                             "credit_code": "91350100M000100Y43"})
check(a.status == 200 and a.json["data"]["credit_code"] == "91350100M000100Y43", "a school is founded in the past", a.text[:300])
third = a.json["data"]["id"]
check(one(third, "2024-8-31")["alive"] is False and one(third, "2024-9-1")["alive"], "it lives from its day on")
for deed, fields, code, why in (
        ("rename", {"name": "东山一小"}, 409, "a name that stands there already"),
        ("rename", {"name": "=cmd"}, 422, "a name that is a formula"),
        ("rename", {"name": "新名", "day": "2024-13-1"}, 422, "a day that is none"),
        ("rename", {"name": "新名", "day": "2010-1-1"}, 409, "a day before the founding"),
        ("move", {"parent": "没有这个局"}, 404, "an unknown parent"),
        ("move", {"parent": "一年级1班"}, 422, "a parent whose name several have"),
        ("move", {"parent": "公众"}, 409, "a parent of the wrong kind"),
        ("merge", {"other": "东山区教育局"}, 409, "a merger of two kinds"),
        ("merge", {"other": "第三小学"}, 422, "a merger with itself"),
        ("describe", {"credit_code": "91350100M000100Y44"}, 422, "a wrong check character"),
        ("describe", {"stage": "castle"}, 422, "an unknown stage"),
        ("explode", {}, 404, "an unknown act")):
    a = act(third, deed, **fields)
    check(a.status == code and a.json["says"], "refused: " + why, (a.status, a.text[:200]))
a = act(third, "rename", name="东山新城小学", day="2025-9-1", reason="更名批复")
check(a.status == 200 and one(third, "2025-8-31")["name"] == "第三小学" and one(third)["name"] == "东山新城小学", "renamed", a.text[:200])
check(act(third, "rename", name="别名", day="2025-1-1").status == 409, "before a change that is known already nothing is changed")
check(act(third, "move", parent="西河区教育局", day="2026-1-1").status == 200 and one(third)["parent"] == unit("西河区教育局"), "moved")
clash = c.post("/api/v1/units", {"name": "某校", "kind": "school", "parent": "东山区教育局", "credit_code": "91350100M000100Y43"})
check(clash.status == 409 and "东山新城小学" in clash.json["says"], "a code belongs to one unit", clash.text[:200])
check(c.get("/units/new").status == 200 and c.get("/units/%s/do?act=split" % third).status == 200, "forms")
page = c.post("/units/%s/acts" % third, {"act": "rename", "name": "", "reason": "留着这句"})
check(page.status == 422 and "留着这句" in page.text and "请填写名称" in page.text, "a form keeps what was typed", page.status)
for name in ("一班", "二班"):
    check(c.post("/api/v1/units", {"name": name, "kind": "class", "parent": "东山新城小学", "day": "2026-9-1"}).status == 200, "a class " + name)
check(act(third, "close").status == 409, "what has classes is not closed")
first_class = next(u["id"] for u in one(third, "2026-9-1")["under"] if u["name"] == "一班")
a = act(third, "split", name="东山新城二小", day="2026-10-1", **{"with": first_class})
second = a.json["data"]["id"]
check(a.status == 200 and one(first_class, "2026-10-1")["parent"] == second and one(first_class, "2026-9-30")["parent"] == third, "split", a.text[:200])
check(act(second, "merge", other="东山新城小学", day="2026-11-1").status == 200 and one(first_class, "2026-11-1")["parent"] == third, "and merged again")

# ---- people ----
a = c.post("/api/v1/people", {"name": "单知新", "identity": "320106201609150025", "phone": "13800138000"})
person = a.json["data"]["id"]
check(a.status == 200 and "320106********0025" in a.text and "320106201609150025" not in a.text, "numbers are masked", a.text[:300])
check([r["id"] for r in rows("/people?q=szx")] == [person], "a family name read as one: 单 is shan")
for fields, code, why in (({"name": ""}, 422, "nobody"), ({"name": "某", "identity": "320106201609150026"}, 422, "a wrong check digit"),
                          ({"name": "某", "identity": "320106201609150025"}, 409, "an identity number twice"),
                          ({"name": "某", "phone": "12"}, 422, "no telephone")):
    a = c.post("/api/v1/people", fields)
    check(a.status == code, "refused: " + why, a.text[:200])


def deed(pid, what, **fields):
    """Units and people are kept by one administrator, posts given by another."""
    return (security if what in GRANTS else c).post("/api/v1/people/%s/acts" % pid, dict(fields, act=what))


for what in GRANTS:
    check(c.post("/api/v1/people/%s/acts" % person, {"act": what}).status == 403 and c.get("/people/%s/do?act=%s" % (person, what)).status == 403,
          "who keeps people gives no rights: " + what)
check(security.post("/api/v1/people/%s/acts" % person, {"act": "change", "name": "x"}).status == 403 and security.post("/api/v1/units", {"name": "x"}).status == 403,
      "who gives rights keeps no people")
for who in ("zhoumin", "luohai"):
    a = Client(server, who=who)
    check(a.get("/api/v1/people").status == 200 and a.post("/api/v1/people/%s/acts" % person, {"act": "post"}).status == 403, who + " sees, and does neither")
a = deed(person, "post", unit="东山新城小学", role="school_head", title="校长")
check(a.status == 200 and a.json["data"]["posts"][0]["title"] == "校长", "a post", a.text[:300])
post = a.json["data"]["posts"][0]["id"]
check(deed(person, "post", unit="东山新城小学", role="校长助理").status == 422, "an unknown role")
check(deed(person, "post", unit="东山新城小学", role="class_adviser").status == 422, "a role that is not held there")
check(deed(person, "post", unit="东山新城小学", role="学校负责人").status == 409, "the same post twice, by what it is called")
check(deed(person, "post", unit="东山新城小学/一班", role="teacher").status == 200, "a second post")
check(deed(person, "post", unit=ninth, role="teacher", **{"from": "2024-1-1"}).status == 404, "no post at a unit that is gone")
check(deed(person, "delegate", post=post, deputy="单知新").status == 422, "not by oneself")
deputy = rows("/people?role=school_head")[0]
a = deed(person, "delegate", post=post, deputy=deputy["id"], until="2027-1-1")
check(a.status == 200 and a.json["data"]["given"][0]["who"] == deputy["name"], "somebody stands in", a.text[:300])
check(api("/people/" + deputy["id"]).json["data"]["taken"], "and sees it")
check(deed(person, "delegate", post=post, deputy=deputy["id"]).status == 409, "one deputy at a time")
check(deed(person, "delegate-end", delegation=a.json["data"]["given"][0]["id"]).status == 200, "the delegation ends")
check(deed(person, "post-end", post=post).status == 200, "the post ends")
pupil = rows("/people?q=%s" % c_quote("学生甲"))[0]["id"]
data = api("/people/" + pupil).json["data"]
check(len(data["token"]) == 20 and data["guardians"][0]["who"] == "家长甲" and data["guardians"][0]["role"] == "母亲", "a pupil has a token and a guardian", data)
check(deed(pupil, "guardian", person="家长乙", kin="father").status == 200, "a second guardian")
check(deed(pupil, "guardian", person="家长乙", kin="father").status == 409, "not twice")
check(deed(person, "guardian", person="家长乙", kin="father").status == 409, "guardians are for pupils")
check(deed(pupil, "guardian", person="家长甲", kin="owner").status == 422, "an unknown relation")
check(len(api("/people/" + rows("/people?q=%s" % c_quote("家长乙"))[0]["id"]).json["data"]["pupils"]) == 2, "one guardian, two pupils")
check(api("/people/nobody").status == 404 and api("/units/nothing").status == 404, "unknown ids")
for path in ("/units", "/units?at=2020-1-1", "/units?q=ds", "/units/" + third, "/units/" + ninth, "/people", "/people/" + pupil, "/people/new",
             "/people/%s/do?act=post" % person, "/people/%s/do?act=delegate&post=%s" % (person, post), "/units?lang=en"):
    check((security if "do?" in path else c).get(path).status == 200, "GET " + path)

# ---- import: tried first, then taken ----
import csv  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
import io  # noqa: E402


def table(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def try_sheet(text, what="units", path="/api/v1/org/import", encoding="utf-8"):
    return c.upload("表.csv", text.encode(encoding), path, what=what)


count = len(names("/units?q=%s" % c_quote("导入")))
a = try_sheet("名称,类型,上级\n导入一小,学校,北岭区教育局\n导入二小,学校,没有的局\n").json["data"]
check(a["bad"] == 1 and a["problems"][0]["row"] == 3 and not a["taken"], "a dry run says which row is wrong", a)
back = table(c.get("/org/import/%s/problems" % a["draft"]).body)
check(back[0]["问题"] == "" and "没有的局" in back[1]["问题"], "and gives the sheet back with it", back)
check(c.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]["taken"] is False, "what is wrong is not taken")
check(names("/units?q=%s" % c_quote("导入")) == [], "nothing half-written")
a = try_sheet("名称,类型,上级,学段\n导入一小,学校,北岭区教育局,小学\n导入二小,学校,北岭区教育局,小学\n", encoding="gb18030").json["data"]
check(a["made"] == 2 and a["bad"] == 0 and names("/units?q=%s" % c_quote("导入")) == [], "a dry run writes nothing", a)
check(Client(server).request("POST", "/api/v1/org/import/%s/take" % a["draft"], "").status == 403, "nobody takes it without a token")
b = c.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]
check(b["taken"] and sorted(names("/units?q=dr")) == ["导入一小", "导入二小"], "and then it is taken", b)
check(c.post("/api/v1/org/import/%s/take" % a["draft"]).status == 404, "once")
page = try_sheet("名称,类型\n", path="/org/import")
check(page.status == 422 and "表头下面没有内容" in page.text, "a sheet that cannot be read is refused on its page", page.status)
c2 = Client(server, who="zhoumin")
check(c2.upload("表.csv", "名称,类型\n甲,公众\n".encode(), "/api/v1/org/import", what="units").status == 403, "not everybody imports")
both = "姓名,单位,角色\n沈导入,导入一小,教师\n"
a = try_sheet(both, what="people").json["data"]
check(a["bad"] == 1, "who keeps people gives no posts by a sheet either", a)
a = try_sheet("姓名\n沈导入\n", what="people").json["data"]
check(c.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]["taken"], "a person without a post")
pid = rows("/people?q=%s" % c_quote("沈导入"))[0]["id"]
post_sheet = "编号,姓名,单位,角色\n%s,沈导入,导入一小,教师\n" % pid
check(security.upload("表.csv", post_sheet.encode(), "/api/v1/org/import", what="people").status == 403, "sheets are for who keeps units and people")
check(Client(server, who="zhoumin").get("/org/export?what=people").status == 403, "and so are exports")

# ---- posts by a sheet, from who gives them ----
def try_posts(text, who=None, path="/api/v1/org/import"):
    return (who or security).upload("任职.csv", text.encode(), path, what="posts")


check(try_posts("姓名,单位,角色\n沈导入,东山一小,教师\n", c).status == 403 and c.get("/org/import?what=posts").status == 403 and c.get("/org/export?what=posts").status == 403,
      "who keeps people has no sheet of posts")
page = security.get("/org/import").text
check('value="posts" selected' in page and 'value="units"' not in page and security.get("/org/import?what=units").status == 403, "who gives posts has no other")
check('href="/org/import?what=posts"' in security.get("/people").text and 'href="/org/import?what=posts"' not in c.get("/people").text, "the list of people leads there")
a = try_posts("编号,姓名,单位,角色,职务,任职日期\n%s,沈导入,东山一小,教师,语文教师,2026-02-01\n%s,沈别名,东山一小,教师,,\n,没有这人,东山一小,教师,,\n,沈导入,没有的学校,教师,,\n,沈导入,东山一小,皇帝,,\n" % (pid, pid)).json["data"]
check(a["bad"] == 4 and [p["row"] for p in a["problems"]] == [3, 4, 5, 6], "row by row what is wrong: name, person, unit, role", a)
back = table(security.get("/org/import/%s/problems" % a["draft"]).body)
check("沈导入" in back[1]["问题"] and "没有这人" in back[2]["问题"] and "没有的学校" in back[3]["问题"] and not back[0]["问题"], "as a file", back)
check(c.get("/org/import/%s/problems" % a["draft"]).status == 404 and c.post("/api/v1/org/import/%s/take" % a["draft"]).status == 404, "a sheet is for who sent it")
check(security.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]["taken"] is False and not api("/people/" + pid).json["data"]["posts"], "nothing of it is written")
page = try_posts(post_sheet, path="/org/import")
check(page.status == 200 and "新增1" in page.text, "a page says what would happen", page.text[:200])
a = try_posts("编号,姓名,单位,角色,职务,任职日期\n%s,沈导入,东山一小,教师,语文教师,2026-02-01\n" % pid).json["data"]
check(a["made"] == 1 and security.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]["taken"], "and then it is taken", a)
posts = api("/people/" + pid).json["data"]["posts"]
check([(p["unit"], p["title"], p["from"]) for p in posts] == [("东山一小", "语文教师", "2026年2月1日")], "the post is there", posts)
check(try_posts("编号,姓名,单位,角色,任职日期\n%s,沈导入,东山一小,教师,2026-02-01\n" % pid).json["data"]["same"] == 1, "again it is the same")
out = security.get("/org/export?what=posts&format=csv")
check(out.status == 200 and any(r["姓名"] == "沈导入" and r["职务"] == "语文教师" for r in table(out.body)), "posts go out")
a = security.upload("再.csv", out.body, "/api/v1/org/import", what="posts").json["data"]
check(a["bad"] == 0 and a["made"] == a["changed"] == 0 and a["same"] == a["rows"] > 200, "and come in as they are", a)

# ---- long sheets: tried whole, written in portions ----
def long_sheet(wrong=None, n=600):
    return "编号,姓名,身份证号\n" + "".join("long%d,长表%d,%s\n" % (i, i, wrong.get(i, "") if wrong else "") for i in range(n))


a = try_sheet(long_sheet({599: "123"}), what="people").json["data"]
check(a["rows"] == 600 and a["bad"] == 1 and a["problems"][0]["row"] == 601, "a wrong row at the end of a long sheet is found", a)
b = c.post("/api/v1/org/import/%s/take" % a["draft"]).json["data"]
check(not b["taken"] and b["written"] == 0 and rows("/people?q=long0") == [], "and nothing before it is written", b)
a = try_sheet(long_sheet({3: "11010519491231002X", 580: "11010519491231002X"}), what="people").json["data"]
check(a["bad"] == 1 and a["problems"][0]["row"] == 582 and "长表3" in a["problems"][0]["says"], "a number that stands twice is found across portions", a)
a = try_sheet(long_sheet(), what="people").json["data"]
waits, done = [], []


def write_beside():
    other = Client(server, who="demo-system")
    while not done:
        begun = time.monotonic()
        if other.post("/api/v1/people", {"name": "旁人"}).status == 200:
            waits.append(time.monotonic() - begun)


def take_beside(draft):
    done.clear()
    beside = threading.Thread(target=write_beside)
    beside.start()
    b = c.post("/api/v1/org/import/%s/take" % draft).json["data"]
    done.append(1)
    beside.join()
    return b


b = take_beside(a["draft"])
check(b["taken"] and b["written"] == 600 and len(rows("/people?q=long59")) == 1, "a long sheet is taken whole", b)
for n in range(8):  # on a machine with much else to do a request may last as long as a sheet
    if len(waits) < 3:
        take_beside(try_sheet(long_sheet().replace("long", "more%dth" % n), what="people").json["data"]["draft"])
check(len(waits) >= 3, "others write while long sheets are taken", waits)
check(try_sheet(long_sheet(), what="people").json["data"]["same"] == 600, "sent again it is the same")

# ---- something changes between the trial and the yes ----
def take(draft, path="/api/v1/org/import/%s/take"):
    return c.post(path % draft)


two = "编号,姓名\nbetween1,其间一\nbetween2,其间二\n"
a = try_sheet(two, what="people").json["data"]
check(a["made"] == 2 and a["differ"] == 0, "two people that are new in the trial", a)
check(take(try_sheet("编号,姓名\nbetween1,其间一\n", what="people").json["data"]["draft"]).status == 200, "one of them is made meanwhile")
b = take(a["draft"])
said = b.json["data"]
check(b.status == 200 and not said["taken"] and said["differ"] == 1 and said["written"] == 0, "the yes was to something else: nothing is written", said)
check([p["row"] for p in said["problems"]] == [2] and "“新增”" in said["problems"][0]["says"] and "“不变”" in said["problems"][0]["says"], "and what changed is said", said)
check(rows("/people?q=" + c_quote("其间二")) == [] and take(a["draft"]).status == 404, "the trial is over")
b = take(said["draft"])
check(b.status == 200 and b.json["data"]["made"] == 1 and len(rows("/people?q=" + c_quote("其间二"))) == 1, "a yes to what is the case now takes it", b.text)
a = try_sheet("编号,姓名\nbetween1,其间甲\n", what="people").json["data"]
check(a["changed"] == 1 and take(try_sheet("编号,姓名\nbetween1,其间甲\n", what="people").json["data"]["draft"]).status == 200, "a change that somebody else makes first")
page = take(a["draft"], "/org/import/%s/take")
check(page.status == 409 and "试算时是“修改”，现在是“不变”" in page.text and "/take\" method" not in page.text, "its page says so, and that there is nothing left to take", page.text[-2500:])
a = try_posts("编号,姓名,单位,角色\nbetween2,其间二,东山一小,教师\n").json["data"]
check(take(try_sheet("编号,姓名\nbetween2,其间乙\n", what="people").json["data"]["draft"]).status == 200, "a name is changed that a sheet of posts names")
b = security.post("/api/v1/org/import/%s/take" % a["draft"])
check(b.json["data"]["bad"] == 1 and not b.json["data"]["taken"] and "其间乙" in b.json["data"]["problems"][0]["says"], "a row that has become wrong is named", b.text)
a = try_sheet("名称,类型,上级,学段\n其间小学,学校,北岭区教育局,小学\n").json["data"]
check(take(try_sheet("名称,类型,上级,学段\n其间小学,学校,北岭区教育局,小学\n").json["data"]["draft"]).status == 200 and take(a["draft"]).json["data"]["differ"] == 1, "units alike")
a = try_sheet(long_sheet(n=300).replace("long", "between"), what="people").json["data"]
check(take(try_sheet("编号,姓名\nbetween299,长表299\n", what="people").json["data"]["draft"]).status == 200, "one row of a long sheet")
b = take(a["draft"])
check(b.json["data"]["written"] == 0 and [p["row"] for p in b.json["data"]["problems"]] == [301], "is found before any portion is written", b.text[:500])
check(take(b.json["data"]["draft"]).json["data"]["written"] == 300, "and then all of it is")
page = try_sheet("姓名\n沈再导入\n", what="people", path="/org/import")
check(page.status == 200 and "新增1" in page.text, "a page shows what would happen", page.text[:200])
check(c.upload("表.csv", b"x" * (9 << 20), "/api/v1/org/import", what="units").status == 413, "a ceiling")
rows_out = table(c.get("/org/export?what=units&format=csv&at=2023-8-31").body)
check(any(r["名称"] == "东山九小" for r in rows_out) and not any(r["名称"] == "导入一小" for r in rows_out), "an export is of a day too")
check(c.get("/org/export?what=people").body[:2] == b"PK" and "320106201609150025" not in c.get("/org/export?what=people&format=csv").text, "without numbers")
check(c.get("/org/import").status == 200 and len(table(c.get("/org/export?what=pupils&empty=1&format=csv").body)) == 0, "empty sheets to fill in")

# ---- after a restart everything is there, and the chain holds ----
before = api("/units?open=" + third + ".").json
server.stop()
server = Server("org.db")
c = Client(server, who="demo-system")
check(api("/units?open=" + third + ".").json == before, "the tree survives a restart")
server.stop()
check(server.verify() == 0, "the chain holds")
finish()
