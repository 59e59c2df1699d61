"""The record: search by person, object, act, day and words; files with the proof, computed again here; check, anchors, sheet."""
import csv
import hashlib
import io
import json
import os
import re
import sqlite3
import sys
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kit import CLUSTER, Client, Server, check, demo, finish  # noqa: E402

def api(self, method, path, fields=None):
    return self.post("/api/v1" + path, fields) if method == "POST" else self.get("/api/v1" + path)


Client.api = api
server = Server("audit.db", "--demo", "--log", "error")
c, aud, keeper = Client(server), Client(server, who="demo-audit"), Client(server, who="demo-system")
plan = c.upload("2025.txt", demo("yunlan-2025.txt").replace("云岚市".encode(), "新竹区".encode())).json["data"]["id"]
check(c.api("POST", "/plans/%s/void" % plan, {"reason": "重复=上传_100%"}).status == 200, "a plan is voided with a reason")

# ---- the chain computed again from the file, by another program ----
all_rows = [json.loads(x) for x in aud.get("/audit?as=jsonl").text.splitlines()]
check(len(all_rows) == aud.api("GET", "/audit").json["chain"]["events"], "the file holds every event")
check([r["seq"] for r in all_rows] == list(range(len(all_rows), 0, -1)), "newest first, without a gap")


def sm3(*parts):
    h = hashlib.new("sm3")
    for p in parts:
        h.update(p if isinstance(p, bytes) else p.encode())
    return h.hexdigest()


prev, good = "", True
for r in reversed(all_rows):
    lines = []
    for v in sorted(r["values"], key=lambda v: v["field"].encode()):
        good &= v["hash"] == sm3(bytes.fromhex(v["salt"]), v["field"], "\x1f", v["value"])
        lines.append(v["field"] + "\t" + v["hash"] + "\n")
    good &= r["payload"] == sm3("".join(lines)) and r["prev"] == prev
    words = [prev, "local", r["seq"], r["at_us"], r["valid"], r["actor"], r["record"], r["id"], r["act"], r["from"], r["to"], r["payload"]]
    good &= r["hash"] == sm3("".join("%s\n" % w for w in words))
    prev = r["hash"]
check(good, "every hash of the chain is what the file's own values give")
check(aud.api("GET", "/audit").json["chain"]["head"] == prev, "the page shows the last of them")

# ---- for the audit administrator only ----
for other in (c, keeper, Client(server, who="demo-security")):
    check(all(other.get(p).status == 403 for p in ("/audit", "/audit?as=jsonl", "/audit/anchors", "/api/v1/audit")), other.who or "signed in: not for others")
check(c.api("POST", "/audit/verify").status == 403 and c.api("POST", "/audit/anchors").status == 403, "nor are its acts")

# ---- search ----
def found(query):
    return aud.api("GET", "/audit?" + query).json["rows"]


check([r["act"] for r in found("record=plan&id=" + plan)][:2] == ["void", "upload"], "by object")
check(found("act=void")[0]["reason"] == "重复=上传_100%", "by act, with the reason")
check(len(found("q=%E9%87%8D%E5%A4%8D%3D")) == 1, "by words in a value")
hundred = found("q=100%25")
check(plan in [r["id"] for r in hundred] and all("100%" in json.dumps(r, ensure_ascii=False) for r in hundred) and not found("q=0%25%25"), "a percent sign is itself")
check(not found("q=" + "%E9%87%8D_"), "an underscore is itself")
actor = found("act=void")[0]["actor"]
check(found("actor=" + urllib.parse.quote(actor)) and all(r["actor"] == actor for r in found("actor=" + urllib.parse.quote(actor))) and not found("actor=nobody"), "by person")
today = all_rows[0]["at"][:10]
check(len(found("at_from=%s&at_to=%s" % (today, today))) > 0 and not found("at_to=2001-01-01") and not found("at_from=2999-01-01"), "by days")
check(aud.api("GET", "/audit?at_from=soon").status == 422 and "soon" in aud.get("/audit?at_from=soon").text, "what is no day is said on the page")
check("重复=上传_100%" in aud.get("/audit?act=void").text, "the page shows the reason")
check(found("actor=zhoumin") == found("actor=" + urllib.parse.quote("周敏（zhoumin）")) and found("actor=zhoumin"), "a person is found by the login too")
check(found("id=" + plan) == found("record=plan&id=" + plan), "an id without its kind of object")
check([r["seq"] for r in found("sort=-at")] == list(range(1, 51)), "the other way round, from the first on")
check(found("sort=-at&at_from=%s&act=void" % today) == found("act=void"), "conditions hold in either order")
for query in ("sort=hash", "after=x", "at_to=2026-13-1", "as=pdf"):
    check(aud.api("GET", "/audit?" + query).status == 422, "refused: " + query)
first = aud.api("GET", "/audit").json
if first["next"]:
    second = aud.api("GET", "/audit?after=" + first["next"]).json["rows"]
    check(second[0]["seq"] == first["rows"][-1]["seq"] - 1, "the next page goes on behind the last row")
page = aud.get("/audit").text
check('href="/plans/' not in page and 'href="/audit?record=plan&amp;id=' + plan in page, "rows lead to what is recorded of the object, which is not theirs to open")

heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', aud.get("/audit?col=actor").text)
check(len(heads) == 2 and "操作人" in heads[1], "columns are chosen", heads)
a = aud.post("/views", {"list": "audit", "name": "作废", "query": "act=void"})
check(a.status == 303 and "class=\"own\"" in aud.get("/audit").text and "/audit?" in a.headers["Location"], "a search is kept as a view")

# ---- files ----
table = list(csv.reader(io.StringIO(aud.get("/audit?act=void&as=csv").body.decode("utf-8-sig"))))
names = next(csv.reader(io.StringIO(aud.get("/audit?act=void&col=actor&as=csv").body.decode("utf-8-sig"))))
check("操作人" in names and "理由" in names and not {"改动", "时间"} & set(names), "a file holds the columns that are chosen, and the proof", names)
check(len(table) == 2 and dict(zip(table[0], table[1]))["序号"] == str(found("act=void")[0]["seq"]) and table[1][-1] == found("act=void")[0]["hash"], "CSV with number and hash", table)
book = zipfile.ZipFile(io.BytesIO(aud.get("/audit?as=xlsx").body))
check("xl/worksheets/sheet1.xml" in book.namelist() and prev in "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml")), "XLSX with the hashes")
check(aud.get("/audit?as=exe").status == 422, "other forms are refused")

# ---- a search that no index answers goes through a stretch of the chain and says where it stopped ----
if not CLUSTER:
    LOOK, N = 10000, 45000
    db = sqlite3.connect(server.db)
    n0 = db.execute("SELECT seq FROM chain").fetchone()[0]
    at = db.execute("SELECT max(at_us) FROM event").fetchone()[0]
    db.executemany("INSERT INTO event VALUES ('local', ?, '', '', ?, '', '程序', 'test', ?, ?, '', '', '')",
                   ((n0 + i, at, "t%d" % (i % 100), "rare" if i in (10, 30000) else "often") for i in range(1, N + 1)))
    db.executemany("INSERT INTO event_field VALUES ('local', ?, 'word', '', NULL, ?)", ((n0 + i, "针" if i == 10 else "草") for i in range(1, N + 1)))
    db.execute("UPDATE chain SET seq = ?", (n0 + N,))
    db.commit()
    for query, seqs in (("act=rare", [n0 + 30000, n0 + 10]), ("q=%E9%92%88", [n0 + 10]), ("act=rare&sort=-at", [n0 + 10, n0 + 30000])):
        found_seqs, next_key, pages, prev_key = [], "", 0, None
        while next_key is not None:
            a = aud.api("GET", "/audit?" + query + ("&after=" + next_key if next_key else "")).json
            found_seqs += [r["seq"] for r in a["rows"]]
            next_key, prev_key, pages = a["next"], a["prev"], pages + 1
        check(found_seqs == seqs and pages == (n0 + N) // LOOK + 1, query + ": found page by page, each once", (found_seqs, pages))
        back = []
        while prev_key:
            a = aud.api("GET", "/audit?" + query + "&before=" + prev_key).json
            back = [r["seq"] for r in a["rows"]] + back
            prev_key = a["prev"]
        check(set(back) <= set(seqs), "and no others on the way back", back)
    page = aud.get("/audit?q=%E9%92%88").text
    check("本页查了10000条" in page and 'rel="next"' in page, "the page says how far it looked, and goes on")
    check(len(found("id=t7&act=often")) == 50 and len(found("id=t10&act=rare")) == 1, "an object's events are looked through as a whole")
    check(len(list(csv.reader(io.StringIO(aud.get("/audit?act=rare&as=csv").body.decode("utf-8-sig"))))) == 3, "a file holds what all pages find")
    a = aud.get("/audit?act=often&as=csv")
    check(a.status == 200, "a file of many")
    check(aud.get("/audit?after=-9223372036854775807.-9223372036854775807&act=rare").status == 200, "a key from outside breaks nothing")
    db.execute("DELETE FROM event_field WHERE seq > ?", (n0,))
    db.execute("DELETE FROM event WHERE seq > ?", (n0,))
    db.execute("UPDATE chain SET seq = ?", (n0,))
    db.commit()
    db.close()

# ---- check and anchors ----
check(aud.api("POST", "/audit/verify", {}).json["chain"]["checked_findings"] == 0, "the whole chain is checked")
check("全部完整" in aud.get("/audit").text, "and the page says so")
check(found("record=chain")[0]["act"] == "verify", "which is an event")
check("还没有封存" in aud.get("/audit/anchors").text, "no anchor yet")
check(aud.api("POST", "/audit/anchors", {}).status == 200, "the record of today is fixed")
anchors = aud.api("GET", "/audit/anchors").json["data"]
check(len(anchors) == 1 and aud.api("POST", "/audit/anchors", {}).status == 200 and len(aud.api("GET", "/audit/anchors").json["data"]) == 1, "once a day")
sheet = aud.get("/audit/anchors/" + anchors[0]["day"])
groups = re.findall(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}", sheet.text)
check("".join(groups).replace(" ", "") == anchors[0]["hash"], "the sheet has the hash in groups of four", groups)
check(aud.get("/audit/anchors/%s?as=docx" % anchors[0]["day"]).body[:2] == b"PK", "as a document")
check(groups[0] in aud.get("/audit/anchors/%s?as=text" % anchors[0]["day"]).text, "as plain text")
check(aud.get("/audit/anchors/2001-01-01").status == 404, "no anchor of that day")
check(found("record=anchor")[0]["id"] == anchors[0]["day"], "the anchor is an event")

# ---- words for people ----
page = aud.get("/audit?record=person&act=post").text
names = [x["after"] for r in found("record=person&act=post") for x in r["changes"] if x["field"] == "role"]
check(names and all("_" in n or n.isascii() for n in names) and not [n for n in set(names) if "角色 " + n in page] and page.count("角色 ") >= len(names), "roles by their declared titles", sorted(set(names)))

# ---- whole numbers: only with a purpose, and the reading is an event ----
pupil = next(r for r in found("record=person&act=add&q=%E5%AD%A6%E7%94%9F%E7%94%B2") if any(x["after"] == "学生甲" for x in r["changes"]))["id"]
before = aud.api("GET", "/audit").json["chain"]["events"]
a = keeper.api("POST", "/people/%s/numbers" % pupil, {"purpose": "  "})
check(a.status == 422 and "999999" not in a.text, "without a purpose nothing is shown")
check(aud.api("GET", "/audit").json["chain"]["events"] == before, "and nothing is noted")
a = keeper.api("POST", "/people/%s/numbers" % pupil, {"purpose": "核对学籍"})
check(a.status == 200 and a.json["data"]["identity"] == "99999920160312001X", "with a purpose they are", a.text)
noted = found("record=person&act=sight")
check(len(noted) == 1 and noted[0]["id"] == pupil and {"field": "purpose", "before": "", "after": "核对学籍"} in noted[0]["changes"], "the reading is an event with its purpose", noted)
check("99999920160312001X" not in keeper.get("/people/%s/numbers" % pupil).text + keeper.get("/people/%s/history" % pupil).text, "neither the question nor the history shows them")
check(c.api("GET", "/people/%s/history" % pupil).status == 404, "who may not see the person sees no history either")
history = keeper.api("GET", "/people/%s/history" % pupil).json["data"]
check([h["act"] for h in history][0] == "sight" and history[-1]["act"] == "add", "the history of the person")
check("核对学籍" in keeper.get("/people/%s/history" % pupil).text, "says what for")
check(keeper.api("POST", "/people/nobody/numbers", {"purpose": "x"}).status == 404, "nobody has none")

# ---- numbers of people are sealed ----
if not CLUSTER:
    db = sqlite3.connect(server.db)
    cells = [x[0] for x in db.execute("SELECT value FROM person_secret")]
    check(cells and all(re.match(r"^sm4\.\d+\.[A-Za-z0-9+/=]+$", x) for x in cells), "every number of a person is a cell", cells[:2])
    check(os.stat(server.db + ".keys").st_mode & 0o777 == 0o600, "the ring is private")
    with open(server.db, "rb") as f:
        check(b"99999920160312001X" not in f.read(), "an identity number is nowhere in the file")
    db.close()
    db = sqlite3.connect(server.db)
    db.execute("UPDATE event SET actor = 'x' WHERE seq = 2")
    db.commit()
    db.close()
    check(aud.api("POST", "/audit/verify", {}).json["chain"]["checked_findings"] == 1, "an altered event is found from the page too")
    check("发现1处问题" in aud.get("/audit").text, "and said")
check(server.stop() == 0, "ends in order")
check(server.verify() == (0 if CLUSTER else 1), "verify agrees")
finish()
