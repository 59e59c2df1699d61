"""Countersigning over the API: several are asked, each answers for its own unit, one is added on the way and sees what it is asked
about; nobody else does, and the act that waits for them goes on when all have answered."""
from kit import Client, Server, check, finish, give_post, person_of, unit_of

server = Server("rounds.db")

give_post(server, "zhoumin", "task.issuer", "办公室")
give_post(server, "chenyu", "task.handler", "基础教育处")
give_post(server, "luohai", "task.handler", "发展规划与财务处")
give_post(server, "hefang", "task.handler", "信息化与装备处")
give_post(server, "shenli", "task.handler", "云岚市第一中学")
issuer, doer, joint, added, stranger = (Client(server, who=w) for w in ("zhoumin", "chenyu", "luohai", "hefang", "shenli"))
for client in (issuer, doer, joint, added, stranger):
    client.sign()


def refused(answer, status, code, name, at=None):
    body = answer.json
    check(answer.status == status and body["code"] == code and body["says"] and (at is None or body["at"] == {"field": at}), name, (answer.status, body))


made = issuer.post("/api/v1/s/task/task/acts/make", {"title": "制定课后服务经费使用细则", "unit": unit_of(server, "基础教育处"), "from_unit": unit_of(server, "办公室"), "due": "2026-12-30", "joints": unit_of(server, "发展规划与财务处")})
check(made.status == 200, "a task is given", made.text)
path = "/api/v1/s/task/task/" + made.json["data"]["id"]
check(made.json["data"]["rounds"] == {}, "no round was opened yet", made.json["data"]["rounds"])
refused(joint.post(path + "/rounds/joint/answer", {"view": "agree"}), 404, "not_found", "nor can one answer in it")
signed = doer.post(path + "/acts/sign", {"doer": person_of(server, "chenyu")})
joint_now = signed.json["data"]["rounds"].get("joint", {})
check(joint_now.get("open") and joint_now["missing"] == 1 and joint_now["parties"][0]["party"] == {"id": unit_of(server, "发展规划与财务处"), "name": "发展规划与财务处"} and joint_now["parties"][0]["due"], "signing opens it: who is asked, until when", signed.text)

# ---- who may answer, and what ----
refused(doer.post(path + "/acts/finish", {"result": "已起草"}), 409, "guard", "not all have signed: it is not finished")
refused(doer.post(path + "/rounds/joint/answer", {"view": "agree"}), 403, "forbidden", "one who is not asked")
refused(stranger.post(path + "/rounds/joint/answer", {"view": "agree"}), 404, "not_found", "one who does not see it")
refused(added.post(path + "/rounds/joint/answer", {"view": "agree"}), 404, "not_found", "nor does the one who is added later, yet")
refused(joint.post(path + "/rounds/none/answer", {"view": "agree"}), 404, "not_found", "a round that is not declared")
refused(joint.post(path + "/rounds/joint/answer", {"opinion": "x"}), 422, "invalid", "a view is asked for", "view")
refused(joint.post(path + "/rounds/joint/answer", {"view": "maybe"}), 422, "invalid", "a view that is none", "view")
refused(joint.post(path + "/rounds/joint/answer", {"view": "agree", "title": "x"}), 422, "invalid", "what the answer does not take", "title")

# ---- one more is asked on the way ----
refused(joint.post(path + "/rounds/joint/add", {"party": unit_of(server, "信息化与装备处"), "where": "beside"}), 403, "forbidden", "who may not add")
refused(doer.post(path + "/rounds/joint/add", {"party": "nobody", "where": "beside"}), 422, "invalid", "a unit that is not there", "party")
refused(doer.post(path + "/rounds/joint/add", {"party": unit_of(server, "信息化与装备处"), "where": "behind"}), 422, "invalid", "before or beside", "where")
more = doer.post(path + "/rounds/joint/add", {"party": unit_of(server, "信息化与装备处"), "where": "beside"})
check(more.status == 200 and more.json["data"]["rounds"]["joint"]["missing"] == 2, "the doer asks one more", more.text)
refused(doer.post(path + "/rounds/joint/add", {"party": unit_of(server, "信息化与装备处"), "where": "beside"}), 409, "duplicate", "once")
seen = added.get(path)
mine = [p for p in seen.json.get("data", {}).get("rounds", {}).get("joint", {}).get("parties", []) if p["mine"]]
check(seen.status == 200 and [p["party"]["name"] for p in mine] == ["信息化与装备处"], "who is asked sees what about, and that it is their turn", seen.text)
check(stranger.get(path).status == 404, "others still do not")

# ---- answers ----
one = joint.post(path + "/rounds/joint/answer", {"view": "amend", "opinion": "第五条与预算口径不一致"})
parties = {p["party"]["name"]: p for p in one.json["data"]["rounds"]["joint"]["parties"]}
check(one.status == 200 and parties["发展规划与财务处"]["fields"]["view"]["code"] == "amend" and parties["发展规划与财务处"]["person"]["id"] == person_of(server, "luohai"), "an answer: what, and by whom", one.text)
changed = joint.post(path + "/rounds/joint/answer", {"view": "agree"})
check(changed.status == 200 and changed.json["data"]["rounds"]["joint"]["open"], "changed while it is open", changed.text)
last = added.post(path + "/rounds/joint/answer", {"view": "agree"})
end = last.json["data"]["rounds"]["joint"]
check(last.status == 200 and not end["open"] and end["outcome"] == "done" and end["answers"] == 2, "the last answer ends it", last.text)
refused(joint.post(path + "/rounds/joint/answer", {"view": "against"}), 409, "guard", "and nobody changes theirs any more")
refused(doer.post(path + "/acts/finish", {"result": "已起草"}), 422, "invalid", "the act that waited goes on: now it asks for its evidence", "evidence")
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
