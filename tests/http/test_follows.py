"""Following: a record and a view of one's own stand in a list and on the door of the systems; whoever follows is told that a record went
on, and not how; told no more when they say so; nothing is named that is not seen any more."""
from kit import Client, Server, check, finish, give_post, person_of, sql, unit_of

server = Server("follows.db")
give_post(server, "zhoumin", "task.issuer", "办公室")
give_post(server, "liangyi", "task.issuer", "办公室")
give_post(server, "chenyu", "task.handler", "基础教育处")
give_post(server, "shenli", "task.handler", "云岚市第一中学")
issuer, mate, doer, stranger = (Client(server, who=w) for w in ("zhoumin", "liangyi", "chenyu", "shenli"))
for client in (issuer, mate, doer, stranger):
    client.sign()
API = "/api/v1/follows"
made = issuer.post("/api/v1/s/task/task/acts/make", {"title": "核对校舍台账", "unit": unit_of(server, "基础教育处"), "from_unit": unit_of(server, "办公室"), "due": "2027-12-30"})
task, number = made.json["data"]["id"], made.json["data"]["number"]
path = "/s/task/task/" + task


def follow(client, do, record="task.task", id=task):
    return client.post(API, {"record": record, "id": id, "do": do})


def news(client):
    return [n for n in client.get("/api/v1/notices").json["rows"] if "有新进展" in str(n)]


check(follow(stranger, "on").status == 404 and follow(mate, "on", id="nothing").status == 404, "what one does not see is not there to be followed")
check(follow(mate, "perhaps").status == 422 and follow(mate, "on", record="task.none").status == 404, "nor is what is not")
check(">关注<" in mate.get(path).text, "the page offers it")
on = follow(mate, "on")
check(on.status == 200 and on.json["data"] == {"followed": True, "tells": True}, "followed", on.text)
check("取消关注" in mate.get(path).text and "取消关注" not in issuer.get(path).text, "each for themselves")
check([(r["id"], r["state"], r["link"]) for r in mate.get(API).json["rows"]] == [(task, "待签收", path)], "it stands in the list with how it is", mate.get(API).text)
check(number in mate.get("/s").text and "我的关注" in mate.get("/s").text and "我的关注" not in issuer.get("/s").text, "and on the door of the systems")
check(follow(issuer, "on").status == 200, "who gave the task follows it too")

# ---- told ----
check(doer.post("/api/v1" + path + "/acts/sign", {"doer": person_of(server, "chenyu")}).status == 200, "it goes on")
told = news(mate)
check(len(told) == 1 and number in str(told[0]) and "进行中" not in str(told[0]) and path in str(told[0]), "whoever follows is told that it did, with the way there, and not how", told)
check(len(news(issuer)) == 1 and not news(doer), "all of them, and nobody else")
check(mate.get(API).json["rows"][0]["state"] == "进行中", "how it is now the list says")
check(follow(mate, "quiet").json["data"] == {"followed": True, "tells": False}, "followed without being told")
check(doer.post("/api/v1" + path + "/acts/ask_delay", {"asked_due": "2028-01-30", "asked_why": "材料未齐"}).status == 200 and len(news(issuer)) == 1, "what leaves it in its state tells nobody")
finished = doer.post("/api/v1" + path + "/acts/finish", {"result": "已核对", "evidence": doer.upload("表.txt", "核对表".encode(), path="/api/v1/files").json["data"]["id"]})
check(finished.status == 200 and len(news(mate)) == 1 and len(news(issuer)) == 2, "then the others alone are told", finished.text[:300])
check(issuer.post("/api/v1" + path + "/acts/reject", {"reason": "缺附件"}).status == 200 and len(news(issuer)) == 2, "nobody is told of what they did themselves")

# ---- on pages ----
page = mate.get("/follows").text
check(number in page and "有进展时通知我" in page and 'name="do" value="off"' in page, "the list on its page, with what can be done")
sent = mate.request("POST", "/follows", "token=%s&record=task.task&id=%s&do=off&from=list" % (mate.token, task), {"Content-Type": "application/x-www-form-urlencoded"})
check(sent.status == 303 and sent.headers["Location"] == "/follows?did=follow-off" and not mate.get(API).json["rows"], "taken out there")
sent = mate.request("POST", "/follows", "token=%s&record=task.task&id=%s&do=on" % (mate.token, task), {"Content-Type": "application/x-www-form-urlencoded"})
check(sent.status == 303 and sent.headers["Location"] == path + "?did=follow-on" and "已关注" in mate.get(sent.headers["Location"]).text, "from the record's page back to it")

# ---- views ----
view = mate.post("/api/v1/views", {"list": "task.task", "name": "到期的任务", "query": "sort=due"}).json["data"]["id"]
check("到期的任务" in mate.get("/follows").text and follow(mate, "on", "view", view).status == 200, "a view of one's own")
rows = mate.get(API).json["rows"]
check([r["label"] for r in rows][:1] == ["到期的任务"] and mate.get(rows[0]["link"]).status == 200 and "到期的任务" in mate.get("/s").text, "stands there too, and leads to its list", rows)
check(follow(issuer, "on", "view", view).status == 404, "nobody else's")

# ---- under the rights of the moment ----
sql(server, "UPDATE post SET until_day = '2020-01-01' WHERE person = ? AND role = ?", person_of(server, "liangyi"), "task.issuer")
check([r["record"] for r in mate.get(API).json["rows"]] == ["view"] and number not in mate.get("/follows").text + mate.get("/s").text, "what is not seen any more is not named")
sql(server, "DELETE FROM follow WHERE person = ?", person_of(server, "chenyu"))
for n in range(200):
    sql(server, "INSERT INTO follow (tenant, person, record, id, tells, at_us) VALUES ('local', ?, 'task.task', ?, 1, 1)", person_of(server, "chenyu"), "x%d" % n)
check(follow(doer, "on").json["code"] == "too_many", "there is an end to it", follow(doer, "on").text)
check(Client(server, who="demo-system").post(API, {"record": "task.task", "id": task, "do": "on"}).status == 403, "an administrator is no person who follows")
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
