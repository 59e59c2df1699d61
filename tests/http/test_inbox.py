"""What waits for somebody: records on which they are the one awaited and rounds that ask them, on one page, over the API and as a count in
the frame; and the page of a record: its rounds are answered and added to by forms without script, records alike are shown first."""
import re
import urllib.parse

from kit import Client, Server, check, finish, give_post, person_of, unit_of

server = Server("inbox.db")
give_post(server, "zhoumin", "task.issuer", "办公室")
give_post(server, "chenyu", "task.handler", "基础教育处")
give_post(server, "luohai", "task.handler", "发展规划与财务处")
give_post(server, "hefang", "task.handler", "信息化与装备处")
issuer, doer, joint, added = (Client(server, who=w) for w in ("zhoumin", "chenyu", "luohai", "hefang"))
for client in (issuer, doer, joint, added):
    client.sign()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def waits(client, system=""):
    answer = client.get("/api/v1/inbox" + ("?system=" + system if system else ""))
    check(answer.status == 200 and answer.json["more"] is False, "the inbox answers", answer.text)
    return [(r["link"], r["act"] or r["round"]) for r in answer.json["rows"]]


def send(client, where, fields):
    client.sign()
    return client.request("POST", where, urllib.parse.urlencode(dict(fields, token=client.token)), FORM)


def count(client):
    page = client.get("/s").text
    found = re.search(r'href="/inbox".*?</a>', page, re.S).group(0)
    return re.search(r'class="n">([0-9+]+)<', found).group(1) if 'class="n">' in found else ""


def make(title, due, **more):
    fields = dict({"title": title, "unit": unit_of(server, "基础教育处"), "from_unit": unit_of(server, "办公室"), "due": due}, **more)
    answer = issuer.post("/api/v1/s/task/task/acts/make", fields)
    check(answer.status == 200, "a task is given", answer.text)
    return "/s/task/task/" + answer.json["data"]["id"]


# ---- acts ----
check(waits(doer) == [] and count(doer) == "", "nothing waits at first")
check("没有待办" in doer.get("/inbox").text, "and the page says so")
later, sooner = make("制定经费使用细则", "2099-12-30"), make("报送开学情况", "2098-12-30", joints=unit_of(server, "发展规划与财务处"))
mine = waits(doer)
check([link for link, _ in mine] in ([later, sooner], [sooner, later]) and {act for _, act in mine} == {"sign"}, "who is to sign is awaited", mine)
check(waits(issuer) == [] and waits(joint) == [] and waits(added) == [], "the one who gave it waits, others have no part in it", (waits(issuer), waits(joint)))
check(count(doer) == "2" and count(issuer) == "", "the frame counts them", (count(doer), count(issuer)))
page = doer.get("/inbox").text
check("2项待办" in page and "制定经费使用细则" in page and later + "/acts/sign" in page, "the page leads to the act")
check(waits(doer, "task") == mine and waits(doer, "pairs") == [], "of one system")
check(doer.post("/api/v1" + sooner + "/acts/sign", {"doer": person_of(server, "chenyu")}).status == 200, "one is signed for")
rows = doer.get("/api/v1/inbox").json["rows"]
check([r["link"] for r in rows][-1] in (later, sooner) and all(a["due"] <= b["due"] for a, b in zip(rows, rows[1:]) if a["due"] and b["due"]), "by due", rows)

told = doer.get(later).text
check("到时会怎样" in told and "提醒" in told and "RW" not in re.search(r"<h1>(.*?)</h1>", told).group(1), "the record's page says what comes when nobody does anything")

# ---- rounds ----
check(waits(joint) == [(sooner, "joint")] and count(joint) == "1", "who is asked in a round is awaited", waits(joint))
check("#r-joint" in joint.get("/inbox").text and "会签" in joint.get("/inbox").text, "the page leads to the round")
record = joint.get(sooner).text
check('id="r-joint"' in record and "发展规划与财务处" in record and "待答复" in record and "/rounds/joint/answer" in record, "the record's page tells who is asked")
check("/rounds/joint/answer" not in doer.get(sooner).text and "/rounds/joint/add" in doer.get(sooner).text, "and offers to each what is theirs")
form = joint.get(sooner + "/rounds/joint/answer")
check(form.status == 200 and 'name="view"' in form.text and 'name="opinion"' in form.text and "存为草稿" not in form.text, "a form of its own", form.status)
check(doer.get(sooner + "/rounds/joint/answer").status == 403 and added.get(sooner + "/rounds/joint/answer").status == 404, "for nobody else")
wrong = send(joint, sooner + "/rounds/joint/answer", {"view": "", "opinion": "口径不一致"})
check(wrong.status == 422 and 'id="e-view"' in wrong.text and "口径不一致" in wrong.text, "what is missing is said at its field, the rest is kept", wrong.status)
more = doer.get(sooner + "/rounds/joint/add")
check(more.status == 200 and 'name="party"' in more.text and 'value="before"' in more.text, "one more may be asked by a form", more.status)
check(joint.get(sooner + "/rounds/joint/add").status == 403, "by whom the declaration names")
check(send(doer, sooner + "/rounds/joint/add", {"party": "没有这个处", "where": "beside"}).status == 422, "a unit that is none")
sent = send(doer, sooner + "/rounds/joint/add", {"party": "信息化与装备处", "where": "beside"})
check(sent.status == 303 and sooner in sent.headers["Location"] and waits(added) == [(sooner, "joint")], "by its name; it is awaited too", sent.status)
check("陈雨加签" in joint.get(sooner).text, "by whom it was added is told")
sent = send(joint, sooner + "/rounds/joint/answer", {"view": "agree", "opinion": ""})
check(sent.status == 303 and waits(joint) == [] and "修改答复" in joint.get(sooner).text, "an answer is sent and may be changed while the round is open", sent.status)
check(send(added, sooner + "/rounds/joint/answer", {"view": "agree"}).status == 303 and waits(added) == [] and "2家答复" in doer.get(sooner).text, "the last one ends it")

# ---- papers on the page ----
page = issuer.get(sooner).text
check(sooner + "/papers/sheet" in page and "生成督办通知单" in page and "/papers/sheet" not in doer.get(sooner).text, "a paper is offered to whom it is open")
check(send(issuer, sooner + "/papers/sheet", {}).status == 303 and "DOCX" in doer.get(sooner).text, "made, it is there for who sees the record")

# ---- alike ----
give_post(server, "zhoumin", "hazard.guard", "云岚市第一中学")
found = {"kind": "fire", "spot": "教学楼东楼梯一层", "what": "课桌椅堵塞疏散通道", "found_on": "2026-03-02", "likelihood": "likely", "severity": "moderate", "school": unit_of(server, "云岚市第一中学")}
issuer.sign()
first = send(issuer, "/s/hazard/hazard/acts/report", found)
check(first.status == 303, "the first one goes through", (first.status, re.sub("<[^>]+>", " ", first.text)[:400]))
other = send(issuer, "/s/hazard/hazard/acts/report", dict(found, spot="操场南门", what="围墙开裂"))
check(other.status == 303, "another one too", other.status)
alike = send(issuer, "/s/hazard/hazard/acts/report", dict(found, what="疏散通道又被课桌椅堵塞"))
check(alike.status == 200 and first.headers["Location"].split("?")[0] in alike.text and 'name="alike" value="seen"' in alike.text and "疏散通道又被" in alike.text, "one that may be the same is shown first, what was typed is kept", alike.status)
check(other.headers["Location"].split("?")[0] not in alike.text, "and no other")
again = send(issuer, "/s/hazard/hazard/acts/report", dict(found, what="疏散通道又被课桌椅堵塞", alike="seen"))
check(again.status == 303 and first.headers["Location"].split("?")[0] in issuer.get(again.headers["Location"].split("?")[0]).text, "sent again it goes through; its page leads to the other", again.status)
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
