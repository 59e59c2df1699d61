"""Every field that the compiler extracts can be corrected: over the API and on the page, with reason, history, undo, over a
newer draft and in exports. A field that is new in the published schema must be named here, or the first check fails."""
import json
import re
import urllib.parse

from kit import ROOT, Client, Server, check, finish

server = Server()
c = Client(server)
PLAN = """云岚市教育局关于印发《云岚市教育局2026年工作要点》的通知
云教发〔2026〕3号
各县区教育局，各直属学校：
云岚市教育局2026年工作要点
一、提升基础教育
（一）推进学校建设。竣工学校41所，其中幼儿园17所、小学24所。6月底前印发《校园建设管理办法》，每学期检查不少于2次，实现直属学校全覆盖，教师工资不低于当地公务员平均工资，实施“强基工程”，弘扬“尊师重教”的风尚，新建操场xx处。（牵头：发展规划处；配合：财务处）
二、加强保障
（二）规范培训。开展检查3次。（督导处）
"""
# What stands in the schema and is no answer of the compiler but its evidence: where and how it stands in the file.
EVIDENCE = {
    "span", "text", "place", "range", "index", "path", "items", "groups", "sections", "rules", "is_table", "in_label", "inherited",
    "listed", "inferred", "unsure", "bound_unsure", "year_labelled", "year_internal"}
# Lists of facts and their short forms: each element is a fact of its own below.
LISTS = {"lead", "assist", "guide", "units", "targets", "targets_unsure", "targets_soft", "deliverables", "documents_unmarked", "names",
         "name_facts", "quotes", "measures", "times", "duties", "universals", "comparisons", "placeholders"}
SUBJECTS = {"unit": "party", "target": "target", "document_fact": "deliverable", "quote": "name", "measure": "measure", "time": "time",
            "duty": "duty", "universal": "universal", "comparison": "comparison", "placeholder": "placeholder", "item": "item",
            "section": "section", "document": "document"}
# Where the form's field has another name than the JSON: (definition, property) -> field. `text` of a quote is its name.
NAMES = {("time", "from"): "start", ("time", "to"): "due", ("measure", "class"): "verb_class", ("quote", "text"): "name",
         ("comparison", "subject"): "compared", ("placeholder", "text"): "blank"}


def plan():
    return c.get("/api/v1/plans/" + pid).json["data"]


def item(step="1.1"):
    return c.get("/api/v1/plans/%s/items/%s" % (pid, step)).json["data"]


def act(deed, **fields):
    return c.post("/api/v1/plans/%s/%s" % (pid, deed), fields)


def export(form):
    return c.get("/plans/%s/export/%s" % (pid, form)).text


def facts(subject, step="1.1"):
    return [f for f in item(step)["values"] if f["subject"] == subject]


pid = c.upload("要点.txt", PLAN.encode()).json["data"]["id"]

# ---- the schema against what can be corrected ----
schema = json.load(open(ROOT + "/rules/plan/plan.schema.json", encoding="utf-8"))["$defs"]
data = plan()
item_key = data["review"][0]["key"]
document = data["heads"][0]
form = {"document": set(document), "section": set(document["sections"][0]), "item": {"title", "number", "due"}}
for name, subject in SUBJECTS.items():
    form.setdefault(subject, set(facts(subject)[0]) if facts(subject) else set())
    lacks = [p for p in schema[name]["properties"]
             if NAMES.get((name, p), p) not in form[subject] and p not in LISTS and (p not in EVIDENCE or (name, p) in NAMES)]
    check(form[subject] and not lacks, "all of %s can be corrected" % name, (lacks, form[subject]))

# ---- the head of the document ----
check(document["issuer"] == "云岚市教育局" and document["addressees"].startswith("各县区教育局"), "issuer and addressees are read", document)
a = act("correct", subject="document", key=document["key"], issuer="云岚市教育局；云岚市财政局", addressees="各学校", notice_title="关于印发工作要点的通知",
        number="云教发〔2026〕4号", date="2026-2-3", year="2027", year_to="2029", title="云岚市2027年教育工作要点", reason="以正式文件为准")
check(a.status == 200, "the head of the document is corrected in one act", a.text[:300])
told = plan()
said = told["plan"][0]["documents"][0]
check(said["issuer"] == ["云岚市教育局", "云岚市财政局"] and said["addressees"] == "各学校" and said["notice_title"] == "关于印发工作要点的通知", "issuers, addressees, notice", said["issuer"])
check((said["number"], said["date"], said["year"], said["year_to"], said["title"]) ==
      ("云教发〔2026〕4号", "2026-02-03", 2027, 2029, "云岚市2027年教育工作要点"), "number, date, years, title")
check((told["title"], told["number"], told["year"], told["issuer"]) == ("云岚市2027年教育工作要点", "云教发〔2026〕4号", 2027, "云岚市教育局"), "the list follows")
h = c.get("/api/v1/plans/%s/history" % pid).json["rows"][0]
check(h["reason"] == "以正式文件为准" and {"field": "addressees", "before": document["addressees"], "after": "各学校"} in h["changes"], "the history says what, why", h)
page = c.get("/plans/%s/history" % pid).text
check("文号 云教发〔2026〕3号 → 云教发〔2026〕4号" in page and "日期 — → 2026年2月3日" in page, "in people's words", re.findall(r'class="det">([^<]*)', page)[:2])
check("云岚市财政局" in export("text") and "云岚市2027年教育工作要点" in export("csv") + export("markdown"), "exports say it")
draft = PLAN.replace("竣工学校41所", "竣工学校40所").replace("小学24所", "小学23所")
check(c.upload("第二稿.txt", draft.encode(), replaces=pid).status == 200 and plan()["title"] == "云岚市2027年教育工作要点" and
      plan()["plan"][0]["documents"][0]["issuer"][1:] == ["云岚市财政局"], "a newer draft keeps it, in the list too")
check(act("undo").status == 200 and (plan()["title"], plan()["number"], plan()["year"]) == ("云岚市教育局2026年工作要点", "云教发〔2026〕3号", 2026), "undone, also in the list", plan()["title"])
a = act("correct", subject="document", key=document["key"], year="二十六")
check(a.status == 422 and a.json["at"]["field"] == "year", "what is no year is refused", a.text[:200])

# ---- a title that was given at the upload comes back by undoing ----
other = c.upload("另一份.txt", PLAN.replace("3次", "4次").encode(), title="上传时起的名字").json["data"]
key = c.get("/api/v1/plans/" + other["id"]).json["data"]["heads"][0]["key"]
c.post("/api/v1/plans/%s/correct" % other["id"], {"subject": "document", "key": key, "title": "更正的标题"})
check(c.get("/api/v1/plans/" + other["id"]).json["data"]["title"] == "更正的标题", "a corrected title stands in the list")
c.post("/api/v1/plans/%s/undo" % other["id"])
check(c.get("/api/v1/plans/" + other["id"]).json["data"]["title"] == "上传时起的名字", "undone, the one given at the upload")

# ---- sections ----
section = plan()["heads"][0]["sections"][0]
a = act("correct", subject="section", key=section["key"], title="办好基础教育", number="三", reason="笔误")
said = plan()["plan"][0]["documents"][0]["sections"][0]
check(a.status == 200 and (said["title"], said["number"]) == ("办好基础教育", 3), "title and number of a section", a.text[:200])
check("三、办好基础教育" in export("csv"), "in the table too", export("csv")[:200])
check(c.get("/api/v1/plans/%s/history" % pid).json["rows"][0]["words"] == "提升基础教育", "the history names the section")
check(act("undo").status == 200 and plan()["heads"][0]["sections"][0]["title"] == "提升基础教育", "undone")
check(act("add", subject="section", item=item_key, title="新").status == 422 and act("remove", subject="section", key=section["key"]).status == 422,
      "a section is neither added nor removed")

# ---- blanks ----
blank = facts("placeholder")[0]
check(blank["words"] == "xx" and any(d["code"] == "placeholder" for d in item()["diagnostics"]), "a blank is found and asked about", blank)
page = c.get("/plans/%s?item=1.1" % pid).text
check(re.search(r'href="[^"]*fact=%s[^"]*" data-key="e"' % blank["key"], page), "the key for editing goes to the blank first, as it is the one doubt")
check(act("correct", subject="placeholder", key=blank["key"], fill="12", reason="已定").status == 200, "and filled in")
check(not any(d["code"] == "placeholder" for d in item()["diagnostics"]) and facts("placeholder")[0]["fill"] == "12", "then it is no question any more")
check(plan()["plan"][0]["documents"][0]["sections"][0]["items"][0]["placeholders"][0]["fill"] == "12", "it stands in the JSON")
check("空缺“xx”填为：12" in export("csv") and "12" in export("text"), "and in the exports", export("csv")[-300:])
check(act("undo").status == 200 and facts("placeholder")[0]["fill"] == "", "undone")
check(act("add", subject="placeholder", item=item_key, blank="若干", fill="3").status == 200 and facts("placeholder")[-1]["fill"] == "3", "one that was missed is added")
check(act("undo").status == 200 and len(facts("placeholder")) == 1, "and undone")

# ---- parts and totals, facts and clauses ----
part = next(f for f in facts("target") if f["value"] == "17")
check(part["part_of"].startswith("竣工学校40所"), "a part names its total by its words", part)
check(act("correct", subject="target", key=part["key"], part_of="", reason="另计").status == 200 and
      next(f for f in facts("target") if f["value"] == "17")["part_of"] == "", "it leaves its total")
a = act("correct", subject="target", key=part["key"], part_of="没有的目标")
check(a.status == 422 and a.json["at"]["field"] == "part_of", "what is not there is refused", a.text[:200])
a = act("correct", subject="target", key=part["key"], part_of=part["words"])
check(a.status == 422, "nothing is part of itself", a.text[:200])
check(act("undo").status == 200 and next(f for f in facts("target") if f["value"] == "17")["part_of"] == part["part_of"], "and comes back")
clause = facts("measure")[0]
other_clause = next(f for f in facts("measure") if f["words"] != clause["words"])
fact = facts("deliverable")[0]
check(act("correct", subject="deliverable", key=fact["key"], measure=other_clause["words"]).status == 200 and
      facts("deliverable")[0]["measure"] == other_clause["words"], "a fact is moved to another clause")
check(act("undo").status == 200 and facts("deliverable")[0]["measure"] == fact["measure"], "and back")
check(act("add", subject="measure", item=item_key, verb="推进", object="试点").status == 200 and facts("measure")[-1]["object"] == "试点", "a clause is added")
check(act("remove", subject="measure", key=facts("measure")[-1]["key"]).status == 200 and facts("measure")[-1]["object"] != "试点", "and removed")

# ---- what was corrected is what exports say ----
total = next(f for f in facts("target") if f["value"] == "40")
check("竣工学校40所" in export("csv").split("分解")[-1], "the table has the words of the plan")
act("correct", subject="target", key=total["key"], value="42")
check("学校42所" in export("csv"), "and the value of a person, once there is one", export("csv")[-400:])
duty = facts("duty")[0]
act("correct", subject="duty", key=duty["key"], count="3", what="安全检查")
check("每学期 安全检查 ≥3次" in export("text"), "a duty too", export("text")[-600:])
comparison = facts("comparison")[0]
act("correct", subject="comparison", key=comparison["key"], object="全省平均")
check("不少于 全省平均" in export("text"), "a comparison too")

# ---- the page ----
page = c.get("/plans/%s?item=1.1&edit=document" % pid).text
check(all('name="%s"' % n in page for n in ("title", "issuer", "addressees", "notice_title", "number", "year", "year_to", "date")), "the document's form has every field")
check(page.count("文号") >= 1 and 'value="云岚市教育局"' in page, "with what stands there")
page = c.get("/plans/%s?item=1.1&edit=section" % pid).text
check('value="section"' in page and 'value="提升基础教育"' in page, "the section's form")
page = c.get("/plans/%s?item=1.1&fact=%s" % (pid, blank["key"])).text
check('name="fill"' in page and 'name="blank"' in page, "the blank's form")
page = c.get("/plans/%s?item=1.1&fact=%s" % (pid, part["key"])).text
check(re.search(r'<select class="in" name="part_of">.*<option value="竣工学校40所"[^>]* selected>', page, re.S), "the part's form offers the totals")
page = c.get("/plans/%s?item=1.1" % pid).text
check("口号与引语" in page and "尊师重教" in page, "slogans can be reached")
for kind in ("party", "target", "deliverable", "time", "duty", "universal", "comparison", "name", "measure", "placeholder"):
    check("add=" + kind in page and c.get("/plans/%s?item=1.1&add=%s" % (pid, kind)).status == 200, "the page offers to add: " + kind)
page = c.get("/plans/%s?item=1.1&add=deliverable" % pid).text
check(re.search(r'name="new"><option value="yes" selected', page), "a document that is added is one to be made, unless said otherwise")
refused = c.request("POST", "/plans/%s/correct" % pid, "token=%s&subject=section&key=%s&number=x&title=y&step=1.1" % (c.sign(), section["key"]),
                    {"Content-Type": "application/x-www-form-urlencoded"})
check(refused.status == 422 and 'aria-invalid="true"' in refused.text and 'value="y"' in refused.text, "a refused form keeps what was typed", refused.status)

# ---- the history in people's words ----
act("accept-clear")
act("undo")
page = c.get("/plans/%s/history" % pid).text
check("第2稿 · 第二稿.txt · 671 B · 文件指纹（SM3）" in page, "an upload: draft, name, size, fingerprint", page[page.find("上传新稿"):][:300])
check(re.search(r"<b>撤销</b> *<span class=\"det\">接受无疑问的条目", page) and "1条" in page, "what was undone, how many were accepted", page[page.find("撤销"):][:300])

# ---- corrections whose place is gone, on the page ----
def form(path, **fields):
    fields["token"] = c.sign()
    return c.request("POST", "/plans/%s/%s" % (pid, path), urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})


def orphans():
    return sorted({x["seq"] for x in plan()["orphans"]})


pid = c.upload("孤儿.txt", PLAN.replace("3次", "5次").encode()).json["data"]["id"]
total = next(f for f in facts("target") if f["value"] == "41")
check("没有待挂接的修改" in c.get("/plans/%s/orphans" % pid).text, "without orphans the page says so")
act("correct", subject="target", key=total["key"], value="42", bound="ge", reason="以批复为准")
act("remove", subject="party", key=facts("party")[1]["key"], reason="已划转")
act("add", subject="party", item=next(r["key"] for r in plan()["review"] if r["step"] == "2.2"), name="安全处", role="assist")
act("correct", subject="section", key=plan()["heads"][0]["sections"][1]["key"], title="强化保障")
added = facts("party", "2.2")[-1]["key"]
act("correct", subject="party", key=added, name="校园安全处")
late = PLAN.replace("竣工学校41所", "竣工学校46所").replace("小学24所", "小学29所").replace("财务处", "审计处").replace("规范培训", "整治校外培训")
late = late.replace("二、加强保障", "二、夯实基础")
check(c.upload("孤儿二.txt", late.encode(), replaces=pid).status == 200 and len(orphans()) == 5, "five acts lost their place", orphans())
first, removed, adding, renamed, again = orphans()
page = c.get("/plans/%s?item=1.1" % pid).text
check("有5次修改" in page and "/plans/%s/orphans" % pid in page, "the review page leads to them")
page = c.get("/plans/%s/orphans" % pid).text
check(page.count('class="sheet pad orphan"') == 5 and "以批复为准" in page and "竣工学校41所" in page and "不少于" in page, "each stands with what it said, why and when")
check(re.search(r'<select[^>]*>\s*<option value="[0-9a-f]{16}" selected>1.1 推进学校建设 · [^<]*46', page), "the likeliest place is chosen", re.findall(r"<option[^>]*>[^<]*", page)[:3])
a = form("reattach", seq=first, act="hang", key="")
check(a.status == 422 and "请先选择" in a.text and a.text.count('role="alert"') == 1, "hanging it nowhere is refused on its card", a.status)
moved = next(f for f in facts("target") if f["value"] == "46")
a = form("reattach", seq=first, act="hang", key=moved["key"], reason="同一目标")
check(a.status == 303 and "/orphans?did=reattach" in a.headers["Location"], "hung on a target, the next one follows", a.headers.get("Location"))
now = next(f for f in facts("target") if f["key"] == moved["key"])
check((now["value"], now["bound"]) == ("42", "ge"), "all that it set is set there", now)
h = c.get("/api/v1/plans/%s/history" % pid).json["rows"][0]
check(h["act"] == "reattach" and h["reason"] == "同一目标" and {"field": "place", "before": "推进学校建设", "after": "推进学校建设"} in h["changes"], "the history says where", h)
check("已重新挂接" in c.get("/plans/%s/orphans?did=reattach" % pid).text, "and the page, with undo")
check(form("undo").status == 303 and orphans()[0] == first, "undone, it is without a place again")
check(form("reattach", seq=first, act="hang", key=moved["key"]).status == 303, "and hung up once more")
item_key = next(r["key"] for r in plan()["review"] if r["step"] == "2.2")
check(form("reattach", seq=adding, act="hang", key=item_key).status == 303, "an added fact is hung on an item", plan()["orphans"])
check(facts("party", "2.2")[-1]["name"] == "校园安全处" and again not in orphans(), "with all that was set on it since", facts("party", "2.2"))
section = plan()["heads"][0]["sections"][1]["key"]
check(form("reattach", seq=renamed, act="hang", key=section).status == 303 and plan()["heads"][0]["sections"][1]["title"] == "强化保障", "a section's title on a section")
a = form("reattach", seq=removed, act="hang", key=section)
check(a.status == 404, "a unit is not hung on a section", a.status)
a = form("reattach", seq=removed, act="drop", reason="新稿已改")
check(a.status == 303 and a.headers["Location"].endswith("/plans/%s?did=discard" % pid) and not orphans(), "the last one dropped, back to the review", a.headers.get("Location"))
h = c.get("/api/v1/plans/%s/history" % pid).json["rows"][0]
check(h["act"] == "discard" and h["reason"] == "新稿已改" and h["words"] == "财务处", "the history says what was dropped and why", h)
check(form("reattach", seq=removed, act="drop").status == 404 and act("reattach", seq=first).status == 404, "what has its place is not dropped")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
