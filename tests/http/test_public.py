"""Forms and pages that packages open to everybody, over the API: nobody is asked who they are and nothing is kept that leads back;
what was sent is found again by its number and a word; only named fields are shown; who sends too often is told to wait."""
import json
import os
import re
import subprocess
import time
import urllib.parse

from kit import GANGMU, SCRATCH, Client, Server, check, finish, give_post, sql, unit_of

server = Server("public.db")
for compartment in ("voice", "advice"):
    subprocess.run([GANGMU, "keys", "new", "--keys", os.path.join(SCRATCH, "public.db.keys"), "--compartment", compartment], check=True, capture_output=True)
time.sleep(1.2)  # a running server sees a changed ring within a second
nobody = Client(server, who=None)

give_post(server, "zhoumin", "hotline.agent", "办公室")
give_post(server, "chenyu", "hotline.handler", "基础教育处")
agent, handler = Client(server), Client(server, who="chenyu")


def send(path, fields, **headers):
    """As a browser that keeps nothing: no cookie, no token."""
    sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Client(server, who=None).request("POST", path, json.dumps(fields), sent)


def page(name, **query):
    return Client(server, who=None).get("/api/v1/s/%s?%s" % (name, urllib.parse.urlencode(query)))


def refused(answer, status, code, name, at=None):
    body = answer.json
    check(answer.status == status and body["code"] == code and body["says"] and (at is None or body["at"] == {"field": at}), name, (answer.status, body))


def html(path, fields=None, **headers):
    """A browser without cookies; a form is sent as one sends it."""
    client = Client(server, who=None)
    if fields is None:
        return client.request("GET", path, headers=headers)
    body = "".join("--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n" % pair for pair in fields.items()) + "--b--\r\n"
    return client.request("POST", path, body.encode(), {"Content-Type": "multipart/form-data; boundary=b"})


# ---- a form ----
order = {"title": "校车超员", "body": "校车每天超员", "caller_name": "陈小舟", "caller_phone": "13900000001"}
FORM = "/api/v1/s/hotline/public/ask"
made = send(FORM, order)
a = made.json.get("data", {})
check(made.status == 200 and a["number"].startswith("RX") and len(a["lookup"]) == 12 and a["state"] == "taken", "everybody may ask, and gets a number and a word", made.text)
check(not made.headers.get_all("Set-Cookie"), "no cookie is set", str(made.headers))
refused(send(FORM, dict(order, channel="phone")), 422, "invalid", "what the form has fixed is not taken", "channel")
refused(send(FORM, dict(order, lead=unit_of(server, "基础教育处"))), 422, "invalid", "nor what the act does not ask for", "lead")
refused(send(FORM, {"title": "x"}), 422, "invalid", "what is asked and not there", "body")
refused(send("/api/v1/s/hotline/public/none", order), 404, "not_found", "a form that is not there")
refused(send("/api/v1/s/none/public/ask", order), 404, "not_found", "a system that is not there")
refused(send(FORM, order, Sec_Fetch_Site="cross-site"), 403, "forbidden", "another site's page sends nothing by a visitor's browser")
seen = agent.get("/api/v1/s/hotline/order/" + a["id"]).json["data"]
check(seen["fields"]["channel"]["code"] == "web" and seen["creator"] is None and "caller_name" not in seen["fields"], "the office sees what was asked and not who", seen)
check(seen["fields"]["duty"]["code"] == "bus", "what follows is worked out", seen["fields"])
told = sql(server, "SELECT actor FROM event WHERE record = 'hotline.order' AND id = ?", a["id"])
check([r[0] for r in told] == ["public"], "the event names nobody", told)

# ---- a page ----
shown = page("hotline/public/progress", number=a["number"], lookup=a["lookup"])
row = shown.json["rows"][0]
check(shown.status == 200 and set(row) == {"number", "state", "created", "lead", "clock(handle).due", "public_reply"}, "only what the page names", row)
check(row["number"] == a["number"] and row["state"] == {"code": "taken", "label": "待受理"} and row["lead"] is None, "and how it stands", row)
check(page("hotline/public/progress", number=a["number"], lookup=a["lookup"].upper()).status == 200, "a telephone may write it large")
check(not shown.headers.get_all("Set-Cookie"), "reading sets no cookie either")
wrong = page("hotline/public/progress", number=a["number"], lookup="0" * 12)
refused(wrong, 404, "not_found", "another word finds nothing")
check(wrong.json["says"] == page("hotline/public/progress", number="RX20260101-9999", lookup=a["lookup"]).json["says"], "and does not tell whether the number is one")
refused(page("hotline/public/progress", number=a["number"]), 422, "invalid", "both are needed", "lookup")

# ---- a form about what is there already ----
urge = {"number": a["number"], "lookup": a["lookup"]}
refused(send("/api/v1/s/hotline/public/urge", urge), 409, "guard", "not in this state")
for act, fields in (("accept", {"class": "help"}), ("dispatch", {"lead": unit_of(server, "基础教育处")})):
    done = agent.post("/api/v1/s/hotline/order/%s/acts/%s" % (a["id"], act), fields)
    check(done.status == 200, act, done.text)
refused(send("/api/v1/s/hotline/public/urge", dict(urge, lookup="0" * 12)), 404, "not_found", "with another word it is not found")
check(send("/api/v1/s/hotline/public/urge", urge).status == 200, "what was refused did not count: it can be urged once")
refused(send("/api/v1/s/hotline/public/urge", urge), 429, "too_many", "and not twice in a day")

# ---- openings: sealed fields, one record, one reason ----
give_post(server, "shenli", "hotline.leader", "云岚市教育局")
give_post(server, "hefang", "hotline.keeper", "云岚市教育局")
leader, keeper = Client(server, who="shenli"), Client(server, who="hefang")
OPEN = "/api/v1/s/hotline/order/%s/openings/" % a["id"]
refused(leader.post(OPEN + "identity", {"reason": ""}), 422, "invalid", "a reason is needed", "reason")
refused(agent.post(OPEN + "identity", {"reason": "x"}), 403, "forbidden", "who is not named for it opens nothing")
refused(handler.post(OPEN + "none", {"reason": "x"}), 404, "not_found", "an opening that is not there")
refused(leader.post(OPEN + "identity", {"reason": "核实"}), 403, "two_keys", "one key does not open")
refused(leader.post(OPEN + "identity", {"reason": "核实"}), 403, "two_keys", "nor the same one twice")
both = keeper.post(OPEN + "identity", {"reason": "依法核实"})
check(both.status == 200 and both.json["data"]["fields"] == {"caller_name": "陈小舟", "caller_phone": "13900000001"}, "two different ones do", both.text)
refused(keeper.post(OPEN + "identity", {"reason": "再看"}), 403, "two_keys", "once")
PAGE = "/s/hotline/order/%s" % a["id"]
asked = leader.get(PAGE + "/openings/identity").text
check("<textarea" in asked and "陈小舟" not in asked and "13900000001" not in asked, "the page asks for the reason and shows nothing")
check('href="%s/openings/identity"' % PAGE in leader.get(PAGE).text, "the record's page leads to it")
check("/openings/" not in agent.get(PAGE).text and agent.get(PAGE + "/openings/identity").status == 403, "not for who is not named")
second = leader.post(PAGE + "/openings/identity", {"reason": "依法核实来电"})
check(second.status == 200 and "陈小舟" in second.text and "13900000001" in second.text and "no-store" in second.headers["Cache-Control"], "the second key opens on the page too", second.text[-1500:])
empty = leader.post(PAGE + "/openings/identity", {"reason": " "})
check(empty.status == 422 and 'aria-invalid="true"' in empty.text and "陈小舟" not in empty.text, "and asks again for a reason", empty.status)
waits = leader.post(PAGE + "/openings/identity", {"reason": "再核实"})
check(waits.status == 403 and "一小时" in waits.text and "陈小舟" not in waits.text, "one key waits, and says so", waits.status)
told = leader.get("/api/v1" + PAGE + "/history").json["rows"]
check([(x["act"], x["what"]) for x in told if "what" in x][-1] == ("opening_asked", "identity") and leader.get(PAGE).text.count("封存信息：") >= 5, "the history tells all of them", told)
log = sql(server, "SELECT act FROM event WHERE record = 'hotline.order' AND id = ? AND act LIKE 'open%' ORDER BY seq", a["id"])
check([x[0] for x in log] == ["opening_asked", "opening_asked", "opened", "opening_asked", "opened", "opening_asked"], "each is an event", log)
sql(server, "UPDATE post SET until_day = '2026-01-02' WHERE role = 'hotline.keeper'")
refused(keeper.post(OPEN + "identity", {"reason": "x"}), 404, "not_found", "who has no post sees nothing of it")

# ---- how often ----
named = html("/p/hotline/ask", {"key": "named-by-a-browser", "title": "拖欠", "body": "一事", "about_unit": "云岚市第一中学"})
check(named.status == 200 and "secret" in named.text, "a unit may be written by its name", named.text[-900:])
more = [send(FORM, dict(order, title="第%d件" % i)).status for i in range(4)]
check(more == [200] * 3 + [429], "five a day", more)
same = send(FORM, order, Idempotency_Key="one")
refused(same, 429, "too_many", "a key does not help")

# ---- files and other packages ----
idea = {"topic": "other", "words": "户口还是房产", "name": "沈女士", "phone": "13900000031"}
first = send("/api/v1/s/advice/public/ask", idea, Idempotency_Key="k1")
again = send("/api/v1/s/advice/public/ask", idea, Idempotency_Key="k1")
check(first.status == 200 and again.json["done"]["replayed"] and again.json["data"] == first.json["data"], "the same request again is the first answer", (first.text, again.text))
check(page("advice/public/answers").json == {"rows": [], "next": None}, "what is not yet answered stands on no page")
check(page("apps/public/filed").json["rows"] == [], "a page without keys is a list")

# ---- the same as pages ----
home = html("/p/hotline")
check(home.status == 200 and all('href="/p/hotline/%s"' % part in home.text for part in ("ask", "supply", "urge", "again", "progress")), "the door of a system", home.text[-900:])
form = html("/p/advice/ask")
key = re.search(r'name="key" value="([^"]+)"', form.text).group(1)
check(form.status == 200 and not form.headers.get_all("Set-Cookie") and 'name="topic"' in form.text and "<script" not in form.text, "a form: no cookie, no script", form.text[-900:])
check(len(form.body) < 60000, "a light page", len(form.body))
bad = html("/p/advice/ask", {"key": key, "topic": "other", "words": "", "name": "沈女士"})
check(bad.status == 422 and 'id="e-words"' in bad.text and "沈女士" in bad.text, "what is missing is said at its field, what was typed stays", bad.text[-1500:])
sent = html("/p/advice/ask", {"key": key, "topic": "other", "words": "租住怎么入学", "name": "沈女士", "phone": ""})
number, lookup = (re.findall(r'class="secret">([^<]+)<', sent.text) + ["", ""])[:2]
check(sent.status == 200 and number and len(lookup) == 12, "the answer shows the number and the word", sent.text[-900:])
twice = html("/p/advice/ask", {"key": key, "topic": "other", "words": "租住怎么入学", "name": "沈女士", "phone": ""})
check(number in twice.text, "sent again by the browser it is the same one", twice.text[-600:])
found = html("/p/advice/mine?number=%s&lookup=%s" % (urllib.parse.quote(number), lookup))
check(found.status == 200 and "<dl class=\"kv\">" in found.text and number in found.text and "租住怎么入学" not in found.text, "it is found, and shows what the page names", found.text[-900:])
lost = html("/p/advice/mine?number=%s&lookup=%s" % (urllib.parse.quote(number), "0" * 12))
check(lost.status == 404 and 'role="alert"' in lost.text and 'name="lookup"' in lost.text, "or not, with the form to try again", lost.text[-900:])
check(html("/p/advice/mine").status == 200 and html("/p/advice/none").status == 404 and html("/p/pairs").status == 404, "an empty form; what is not there")
check(html("/p/decision/say").status == 200 and "不保存您的网络地址" in html("/p/decision/say").text, "a form that keeps nothing says so")

# ---- nothing leads back ----
for table, where in (("event", "record LIKE 'hotline.%'"), ("event_field", "seq IN (SELECT seq FROM event WHERE record LIKE 'hotline.%')"), ("flow_act", "1 = 1"), ("flow_key", "1 = 1"), ("flow_file", "1 = 1"), ("hotline_order", "1 = 1")):
    check("127.0.0.1" not in str(sql(server, "SELECT * FROM %s WHERE %s" % (table, where))), "no address in " + table)
lines = [json.loads(x) for x in open(os.path.join(SCRATCH, "public.db.log")) if "/public/" in x or "/p/{system}" in x]
check(lines and not any(x.get("from") or x.get("who") for x in lines if x["event"] == "request"), "nor in the log", lines[:1])
check("陈小舟" not in str(sql(server, "SELECT * FROM hotline_order")) + str(sql(server, "SELECT * FROM event_field")), "nor a name that can be read")
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
