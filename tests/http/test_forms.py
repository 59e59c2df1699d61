"""Forms made from a declaration as people use them without script: rows of a table are added and taken out with everything typed kept, in forms
of acts and of rounds; a place is given in words; what happened in rounds stands in the history, within what whoever reads may see."""
import os
import re
import urllib.parse

from kit import SCRATCH, Client, Server, check, finish, give_post, person_of, unit_of

FOLDER = os.path.join(SCRATCH, "forms")
os.makedirs(FOLDER + "/survey")
open(FOLDER + "/survey/system.yaml", "w", encoding="utf-8").write("""gangmu: 1
system: survey
label: 校舍勘查
version: 1
summary: 学校报校舍问题，各处室分头勘查，专家各自评议。
roles:
  reporter: {label: 登记人员, at: [school], sees: {matter: unit}}
  office:   {label: 勘查处室, at: [department], sees: {matter: asked}}
  lead:     {label: 牵头处室, at: [department], sees: {matter: all}}
lists:
  view:
    label: 意见
    items: {safe: 安全, unsafe: 不安全}
records:
  matter:
    label: 事项
    number: KC{yyyy}-{seq:4}
    belongs: school
    fields:
      school:    {is: unit(school), label: 学校, need: yes}
      spot:      {is: place, label: 地点, need: yes}
      parts:
        is: rows
        label: 问题清单
        fields:
          what:  {is: text(60), label: 部位, need: yes}
          count: {is: count(处), label: 数量}
          wet:   {is: flag, label: 渗水}
      asked:     {is: units(9), label: 勘查单位}
      experts:   {is: persons(office), label: 专家}
      closed_on: {is: date, label: 办结日期}
    states:
      open: 勘查中
      done: {label: 已办结, end: yes}
    acts:
      raise:
        label: 登记
        from: start
        to: open
        who: [reporter]
        asks: [school, spot]
        may: [parts, asked, experts]
        does:
          - open: {round: look}
          - open: {round: judge}
      close: {label: 办结, from: open, to: done, who: [lead], does: [set: {closed_on: today}]}
    rounds:
      look:
        label: 分头勘查
        asks: asked
        as: office
        answer:
          findings:
            is: rows
            label: 勘查结果
            fields:
              what:  {is: text(60), label: 部位, need: yes}
              depth: {is: decimal(1), label: 裂缝宽度}
              on:    {is: date, label: 勘查日期}
          note: {is: text(200), label: 说明}
        order: together
        done: all
        add: {who: [lead], most: 2, where: [beside]}
      judge:
        label: 专家评议
        asks: experts
        answer:
          view: {is: choice(view), label: 意见, need: yes}
        order: together
        done: all
        blind: yes
    views:
      list: [number, school, state]
privacy:
  rule: none
  why: 只记录公务事项，不记录个人
  keep:
    matter: {for: 3 years, after: closed_on, then: delete}
""")
open(FOLDER + "/survey/scenario.yaml", "w", encoding="utf-8").write("""scenario: 登记一件
system: survey
demo: yunlan
start: 2026-03-02 09:00
actors:
  li: {role: reporter, at: 云岚市第一中学}
steps:
  - {as: li, do: matter.raise, with: {school: 云岚市第一中学, spot: 北教学楼}}
""")
server = Server("forms.db", "--systems", FOLDER)
SCHOOL = "云岚市第一中学"
give_post(server, "luohai", "survey.reporter", SCHOOL)
give_post(server, "zhoumin", "survey.office", "办公室")
give_post(server, "chenyu", "survey.office", "基础教育处")
give_post(server, "hefang", "survey.office", "信息化与装备处")
give_post(server, "shenli", "survey.lead", "办公室")
school, office, basic, added, lead = (Client(server, who=w) for w in ("luohai", "zhoumin", "chenyu", "hefang", "shenli"))
for client in (school, office, basic, added, lead):
    client.sign()


def send(client, path, pairs):
    """As a browser without script: every field of the form, in its order."""
    body = urllib.parse.urlencode([("token", client.sign())] + list(pairs))
    return client.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})


def shown(text):
    """Names and values of the inputs of a page."""
    return [(m[0], m[1]) for m in re.findall(r'<input[^>]* name="([^"]*)" value="([^"]*)"', text)]


# ---- rows in the form of an act ----
start = "/s/survey/matter/acts/raise"
typed = [("school", unit_of(server, SCHOOL)), ("spot", "北教学楼三层"), ("spot.at", ""), ("parts", ""),
         ("parts.0.what", "东山墙"), ("parts.0.count", "2"), ("parts.1.what", "楼梯间"), ("parts.1.count", "x"), ("parts.2.what", "屋面"), ("parts.2.count", "")]
page = send(school, start, typed + [("do", "add:parts")])
check(page.status == 200 and [v for n, v in shown(page.text) if re.fullmatch(r"parts\.\d\.what", n)] == ["东山墙", "楼梯间", "屋面", ""], "one more row, and all that was typed", shown(page.text))
check(("spot", "北教学楼三层") in shown(page.text), "in the other fields too")
page = send(school, start, typed + [("do", "drop:parts:1")])
rows = [(n, v) for n, v in shown(page.text) if n.startswith("parts.") and n.endswith(".what")]
check([v for _, v in rows] == ["东山墙", "屋面"], "a row taken out", rows)
left = [t for t in typed if not t[0].startswith("parts.1")]
page = send(school, start, left + [("do", "add:parts")])
check([v for n, v in shown(page.text) if n.startswith("parts.") and n.endswith(".what")] == ["东山墙", "屋面", ""], "its place does not come back as an empty row", shown(page.text))
page = send(school, start, [("parts", ""), ("parts.0.what", "东山墙"), ("do", "drop:parts:0")])
check([v for n, v in shown(page.text) if n.startswith("parts.") and n.endswith(".what")] == [""], "the last row taken out leaves an empty one", shown(page.text))
page = send(school, start, typed)
check(page.status == 422 and "楼梯间" in page.text and 'id="f-parts.1.count"' in page.text and "aria-invalid" in page.text, "a wrong cell is said at its cell, the rows are kept", page.status)
form = school.get(start).text
check(form.index('class="sr" type="submit"') < form.index('value="drop:parts:0"'), "the key Enter sends the form: the first button of it takes no row out")

# ---- a place in words, in degrees, both ----
def made(spot, **more):
    return school.post("/api/v1" + start, dict({"school": unit_of(server, SCHOOL), "spot": spot}, **more))


words = made("北教学楼三层东头")
check(words.status == 200 and words.json["data"]["fields"]["spot"] == {"at": None, "words": "北教学楼三层东头"}, "words alone are enough, also where a place is needed", words.text[:400])
check("北教学楼三层东头" in school.get("/s/survey/matter/" + words.json["data"]["id"]).text, "and stand on the page")
both = made("北教学楼", **{"spot.at": "31.23041,121.47370"}).json["data"]["fields"]["spot"]
check(both["words"] == "北教学楼" and both["at"].startswith("31.2304"), "what a telephone gives, beside them", both)
old = made("31.2304,121.4737 东门").json["data"]["fields"]["spot"]
check(old["words"] == "东门" and old["at"].startswith("31.2304"), "in one field, as before", old)
check(made("131.2304,121.4737").json.get("at") == {"field": "spot"} and made("北教学楼", **{"spot.at": "here"}).json.get("at") == {"field": "spot"}, "degrees that are none are refused")
check(made("").json.get("at") == {"field": "spot"} and made("长" * 200).status == 422, "nothing, and too much")
check("31.23041" not in form and "data-place" in form and 'name="spot.at"' in form, "the form has a place for them")

# ---- rows in the form of an answer ----
matter = school.post("/api/v1" + start, {"school": unit_of(server, SCHOOL), "spot": "体育馆", "parts.0.what": "东山墙", "parts.0.wet": "yes", "parts.2.what": "屋面", "parts.2.count": "3",
                                         "asked": "%s,%s" % (unit_of(server, "办公室"), unit_of(server, "基础教育处")), "experts": "%s,%s" % (person_of(server, "zhoumin"), person_of(server, "hefang"))})
check(matter.status == 200 and [r["what"] for r in matter.json["data"]["fields"]["parts"]] == ["东山墙", "屋面"], "rows of an act; an empty place is none", matter.text[:500])
path = "/s/survey/matter/" + matter.json["data"]["id"]
answer = path + "/rounds/look/answer"
found = [("findings", ""), ("findings.0.what", "东山墙\\北段"), ("findings.0.depth", "1.5"), ("findings.0.on", "2026-03-02"), ("note", "已拍照")]
page = send(office, answer, found + [("do", "add:findings")])
check(page.status == 200 and [n for n, _ in shown(page.text) if n.endswith(".what")] == ["findings.0.what", "findings.1.what"] and ("findings.0.depth", "1.5") in shown(page.text) and "已拍照" in page.text,
      "the form of an answer has one more row, and all that was typed", shown(page.text))
page = send(office, answer, found + [("findings.1.what", "屋面"), ("do", "drop:findings:0")])
check([v for n, v in shown(page.text) if n.endswith(".what")] == ["屋面"], "or one less", shown(page.text))
sent = send(office, answer, found + [("findings.2.what", "屋面"), ("findings.2.on", "2026-03-03")])
check(sent.status == 303, "sent", sent.text[:400])
party = {p["party"]["name"]: p for p in office.get("/api/v1" + path).json["data"]["rounds"]["look"]["parties"]}["办公室"]
check([(r["what"], r["depth"], r["on"]) for r in party["fields"]["findings"]] == [("东山墙\\北段", "1.5", "2026-03-02"), ("屋面", None, "2026-03-03")], "its rows are kept as they were typed", party)
page = lead.get(path).text
check("<th scope=\"col\">裂缝宽度</th>" in page and "东山墙\\北段" in page, "and stand in the round as a table")
page = office.get(answer).text
check(("findings.1.what", "屋面") in shown(page) and ("findings.0.depth", "1.5") in shown(page), "whoever changes the answer finds them in the form", shown(page))

# ---- what happened in rounds ----
check(send(office, answer, found).status == 303, "the answer is changed")
check(lead.post("/api/v1" + path + "/rounds/look/add", {"party": unit_of(server, "信息化与装备处"), "where": "beside"}).status == 200, "one more is asked")
check(office.post("/api/v1" + path + "/rounds/judge/answer", {"view": "unsafe"}).status == 200, "an expert judges, unseen by the other")


def told(client):
    return [(d["act"], d["round"], (d["party"] or {}).get("name"), (d["by"] or {}).get("name")) for d in client.get("/api/v1" + path + "/history").json["rows"] if "round" in d]


check(told(lead) == [("open", "look", None, None), ("open", "judge", None, None), ("answer", "look", "办公室", "周敏"), ("change", "look", "办公室", "周敏"), ("add", "look", "信息化与装备处", "沈立"), ("answer", "judge", "周敏", "周敏")],
      "begun, answered, changed, added, in order", told(lead))
page = lead.get(path).text
history = page[page.index('id="s-hist"'):]
check(all(x in history for x in ("发起分头勘查", "分头勘查：办公室修改答复", "分头勘查：加签信息化与装备处", "专家评议：周敏已答复", "说明：已拍照")), "the page says it in words", history[:2000])
check(history.index("专家评议：周敏已答复") < history.index("分头勘查：加签") < history.index("分头勘查：办公室已答复") < history.index("发起"), "newest first")
blind = added.get(path).text
check("专家评议：周敏已答复" in blind and "不安全" not in blind and "unsafe" not in added.get("/api/v1" + path + "/history").text, "of a blind round nobody sees what was said before it ends")
check(added.post("/api/v1" + path + "/rounds/judge/answer", {"view": "safe"}).status == 200 and told(lead)[-1][:2] == ("done", "judge"), "the last one ends it", told(lead)[-1])
page = lead.get(path).text
check("专家评议结束" in page[page.index('id="s-hist"'):] and "不安全" in page, "and then everybody sees it")
check(basic.post("/api/v1" + path + "/rounds/look/answer", {"note": "无"}).status == 200 and lead.post("/api/v1" + path + "/acts/close").status == 200, "the matter ends")
check(told(lead)[-1][:2] == ("off", "look") and "分头勘查取消" in lead.get(path).text, "what was still open is called off", told(lead)[-1])
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
