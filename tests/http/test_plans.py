"""The life of a plan over the API: upload, review, correct, undo, drafts, acceptance, void, restart, chain."""
from kit import Client, Server, check, demo, finish

server = Server()
c = Client(server)
PLAN = demo("yunlan-2026.txt")


def plan():
    return c.get("/api/v1/plans/" + pid).json["data"]


def act(deed, **fields):
    return c.post("/api/v1/plans/%s/%s" % (pid, deed), fields)


def target(data, value):
    """(step, key) of the target with this value."""
    for review in data["review"]:
        if "target" not in review["facts"]:
            continue
        item = c.get("/api/v1/plans/%s/items/%s" % (pid, review["step"])).json["data"]
        for fact in item["values"]:
            if fact["subject"] == "target" and fact["value"] == value:
                return review["step"], fact["key"]
    return None, None


def value_of(step, key, field="value"):
    item = c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]
    return next((f[field] for f in item["values"] if f["key"] == key), None)


# ---- upload ----
a = c.upload("要点.txt", PLAN, issuer="云岚市教育局")
check(a.status == 200, "an upload is answered", a.text[:200])
rows = c.get("/api/v1/plans").json["rows"]
pid = rows[0]["id"]
check(len(rows) == 1 and rows[0]["items"] >= 30, "the list shows it with its items", rows)
check(rows[0]["name"] == "要点.txt" and rows[0]["rev"] == 1 and rows[0]["status"] == "open", "with name, revision, status")
check(c.get("/plans/%s/file" % pid).body == PLAN, "the file comes back byte for byte")
again = c.upload("另一个名字.txt", PLAN)
check(again.status in (200, 409) and len(c.get("/api/v1/plans").json["rows"]) == 1, "the same bytes are not kept twice", again.status)

# ---- correct and undo ----
data = plan()
step, key = target(data, "41")
check(key is not None, "the plan's 41 schools are found")
a = act("correct", subject="target", key=key, value="４２", reason="以批复为准", rev=data["rev"])
check(a.status == 200 and value_of(step, key) == "42", "a value is corrected, full-width digits read", a.text[:200])
a = act("correct", subject="target", key=key, value="43", rev=data["rev"])
check(a.status == 409 and a.json["code"] == "conflict", "a stale revision is a conflict", a.text[:200])
a = act("correct", subject="target", key=key, value="很多")
check(a.status == 422 and a.json["at"]["field"] == "value", "what is no number is refused at its field", a.text[:200])
a = act("correct", subject="target", key=key, value="42")
check(a.status == 422, "no change is refused", a.text[:200])
a = act("correct", subject="target", key="0" * 16, value="1")
check(a.status == 404, "a fact that is not there", a.text[:200])
sums = [d for d in plan()["diagnostics"] if d["code"] == "sum" and d.get("item") == step]
check(len(sums) == 1, "the wrong total is now an error", sums)
h = c.get("/api/v1/plans/%s/history" % pid).json["rows"]
change = h[0]["changes"]
check(h[0]["act"] == "correct" and h[0]["reason"] == "以批复为准" and h[0]["actor"] == "周敏（zhoumin）", "the history says who and why", h[0])
check({"field": "value", "before": "41", "after": "42"} in change, "and what", change)
item_key = next(r["key"] for r in data["review"] if r["step"] == step)
a = act("accept", item=item_key)
check(a.status == 409 and a.json["code"] == "guard", "an item with an error cannot be accepted", a.text[:200])
a = act("answer", key=sums[0]["key"], answer="as-is")
check(a.status == 422, "an error is left standing only with a reason", a.text[:200])
a = act("answer", key=sums[0]["key"], answer="as-is", reason="原文如此")
check(a.status == 200 and not any(d["code"] == "sum" and d.get("item") == step for d in plan()["diagnostics"]), "with one it is", a.text[:200])
check(act("accept", item=item_key).status == 200, "then the item can be accepted")
check(next(r["state"] for r in plan()["review"] if r["key"] == item_key) == "accepted", "and is")
for what in ("accept", "answer", "correct"):
    check(act("undo").status == 200, "undo " + what)
check(value_of(step, key) == "41", "three times undone, the compiler's value stands again")
check(act("undo").status == 409, "nothing is left to undo")
h = c.get("/api/v1/plans/%s/history" % pid).json["rows"]
check([r["act"] for r in h[:3]] == ["undo"] * 3 and all(r["undone"] for r in h if r["act"] in ("accept", "answer", "correct")),
      "undoing is in the history, nothing vanished from it")

# ---- add, remove ----
a = act("add", subject="party", item=item_key, role="assist")
check(a.status == 422 and a.json["at"]["field"] == "name", "a fact is added only with its main field", a.text[:200])
check(act("add", subject="party", item=item_key, name="市财政局", role="assist").status == 200, "a unit is added")
item = c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]
added = [f for f in item["values"] if f["subject"] == "party" and f["name"] == "市财政局"]
check(len(added) == 1 and added[0]["role"] == "assist", "with its role", added)
check(act("correct", subject="party", key=added[0]["key"], role="lead").status == 200 and
      value_of(step, added[0]["key"], "role") == "lead", "what was added can be corrected")
check(act("remove", subject="target", key=key, reason="不是目标").status == 200 and value_of(step, key) is None, "a fact is removed")
removed_targets = len([f for f in c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]["values"] if f["subject"] == "target"])
check(removed_targets >= 1, "its parts stay", removed_targets)
check(act("correct", subject="item", key=item_key, title="新的标题", due="2026-6-30").status == 200, "title and due date of an item")
item = c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]["review"][0]
check(item["title"] == "新的标题" and item["key"] == item_key, "its key stays the same", item)

# ---- acceptance ----
a = act("accept-clear")
data = plan()
states = [r["state"] for r in data["review"]]
check(a.status == 200 and data["accepted"] > 10 and "open" not in states, "all clear items are accepted at once", states)
check(act("accept-clear").status == 409, "a second time there is none")
one = next(r for r in data["review"] if r["state"] == "accepted" and r["key"] != item_key)
a = act("correct", subject="item", key=one["key"], title="改过的标题")
check(next(r["state"] for r in plan()["review"] if r["key"] == one["key"]) == "changed", "a change after acceptance asks again")
check(act("unaccept", item=one["key"]).status == 200, "acceptance is taken back")

# ---- a newer draft ----
before = plan()
draft = PLAN.replace("竣工学校41所".encode(), "竣工学校44所".encode())
a = c.upload("要点 第二稿.txt", draft, replaces=pid)
after = plan()
check(a.status == 200 and after["draft"] == 2 and after["id"] == pid, "a newer draft takes the place of the old one", a.text[:200])
check(next(r["title"] for r in after["review"] if r["key"] == item_key) == "新的标题", "corrections live on")
check(len(after["orphans"]) == 1 and after["orphans"][0]["words"].startswith("竣工学校41所"), "the one without its fact is reported", after["orphans"])
orphan = after["orphans"][0]
_, moved = target(after, "44")
a = act("reattach", seq=orphan["seq"], key=moved) if moved else None
check(a and a.status == 200 and not plan()["orphans"] and target(plan(), "44")[1] is None, "and is hung on another fact", a and a.text[:200])
check(act("undo").status == 200 and len(plan()["orphans"]) == 1, "undone, it is an orphan again")
check(act("reattach", seq=orphan["seq"]).status == 200 and not plan()["orphans"], "or it is dropped")
check(act("reattach", seq=99999).status == 404, "there is no such correction")
check(c.get("/plans/%s/file?draft=1" % pid).body == PLAN and c.get("/plans/%s/file" % pid).body == draft, "both files are kept")
check(c.get("/api/v1/plans/%s?draft=1" % pid).json["data"]["draft"] == 2 and
      c.get("/plans/%s?draft=1" % pid).status == 200 and c.get("/plans/%s?draft=9" % pid).status == 404, "an older draft can be read")

# ---- void and restore; restart ----
check(act("void", reason="上传错了").status == 200 and not c.get("/api/v1/plans").json["rows"], "a void plan leaves the list")
check(len(c.get("/api/v1/plans?status=void").json["rows"]) == 1, "and is found among the void")
check(act("accept-clear").status == 409, "it cannot be changed")
check(act("restore").status == 200 and len(c.get("/api/v1/plans").json["rows"]) == 1, "and comes back")
kept = c.get("/api/v1/plans/" + pid).body
check(server.stop() == 0, "the server ends in order")
check(server.verify() == 0, "the chain holds")
server = Server()
c.server = server
check(c.get("/api/v1/plans/" + pid).body == kept, "after a restart everything is as it was")
check(act("accept", item=one["key"]).status == 200, "and the open session still may act")

# ---- list ----
for year in (2024, 2025):
    c.upload("p%d.txt" % year, "云岚市教育局{0}年工作要点\n一、总体\n（一）推进建设。新建学校3所。（发展规划处）\n".format(year).encode(), year=year)
names = [r["year"] for r in c.get("/api/v1/plans?sort=year").json["rows"]]
check(names == sorted(names, reverse=True) and len(names) == 3, "sorted by year", names)
check([r["year"] for r in c.get("/api/v1/plans?year=2024").json["rows"]] == [2024], "filtered by year")
check(len(c.get("/api/v1/plans?q=p2025").json["rows"]) == 1 and not c.get("/api/v1/plans?q=100%25").json["rows"], "searched, wildcards are letters")
check(c.get("/api/v1/plans?after=x").status == 422, "a bad page key is refused")

# ---- comparison and export ----
other = next(r["id"] for r in c.get("/api/v1/plans?year=2025").json["rows"])
cmp = c.get("/api/v1/compare?a=%s&b=%s&mode=years" % (other, pid))
check(cmp.status == 200 and cmp.json["data"]["rows"], "two plans are compared", cmp.text[:200])
for form, head in (("xlsx", b"PK"), ("docx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{"), ("markdown", b"#"), ("text", b"")):
    a = c.get("/plans/%s/export/%s" % (pid, form))
    check(a.status == 200 and a.body.startswith(head) and "attachment" in a.headers["Content-Disposition"], "export " + form, a.body[:60])
tag = c.get("/plans/" + pid).headers["ETag"]
check(tag and c.get("/plans/" + pid, If_None_Match=tag).status == 304, "an unchanged page is answered with 304")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
