"""Papers of records, and records found by words: a paper is made once of a state and handed out as it was kept; whoever holds one can ask
whether it is genuine and learns nothing else; the search finds what one sees, by words that one may read."""
import hashlib
import json
import os
import subprocess
import time
import urllib.parse

from kit import GANGMU, SCRATCH, Client, Server, check, finish, give_post, person_of, unit_of

server = Server("papers.db")
SCHOOL, OTHER = "云岚市第一中学", "云岚市第二中学"
give_post(server, "zhoumin", "task.issuer", "办公室")
give_post(server, "chenyu", "task.handler", "基础教育处")
give_post(server, "luohai", "foreign.clerk", SCHOOL)
give_post(server, "shenli", "foreign.chief", "发展规划与财务处")
give_post(server, "hefang", "foreign.clerk", OTHER)
give_post(server, "zhoumin", "petition.clerk", "办公室")
give_post(server, "shenli", "petition.keeper", "云岚市教育局")
subprocess.run([GANGMU, "keys", "new", "--keys", os.path.join(SCRATCH, "papers.db.keys"), "--compartment", "petition"], check=True, capture_output=True)
time.sleep(1.2)  # a running server sees a changed ring within a second
issuer, doer, clerk, chief, stranger, nobody = (Client(server, who=w) for w in ("zhoumin", "chenyu", "luohai", "shenli", "hefang", None))
reader, keeper = issuer, chief
for client in (issuer, doer, clerk, chief, stranger):
    client.sign()


def refused(answer, status, code, name):
    check(answer.status == status and answer.json["code"] == code and answer.json["says"], name, (answer.status, answer.text))


def found(client, words):
    answer = client.get("/api/v1/search?q=" + urllib.parse.quote(words))
    check(answer.status == 200, "the search answers", answer.text)
    return [r["link"] for r in answer.json["rows"] if r["link"].startswith("/s/")]


# ---- on demand ----
made = issuer.post("/api/v1/s/task/task/acts/make", {"title": "制定课后服务经费使用细则", "unit": unit_of(server, "基础教育处"), "from_unit": unit_of(server, "办公室"), "due": "2027-12-30"})
check(made.status == 200 and made.json["data"]["papers"] == [], "a task has no paper yet", made.text)
task = "/s/task/task/" + made.json["data"]["id"]
refused(doer.post("/api/v1" + task + "/papers/sheet"), 403, "forbidden", "who is not named prints nothing")
refused(stranger.post("/api/v1" + task + "/papers/sheet"), 404, "not_found", "who does not see it is told nothing")
refused(issuer.post("/api/v1" + task + "/papers/none"), 404, "not_found", "a paper that is not declared")
printed = issuer.post("/api/v1" + task + "/papers/sheet")
paper = printed.json["data"]["papers"][0]
check(printed.status == 200 and paper["name"] == "sheet" and paper["label"] == "督办通知单" and "号" in paper["number"] and paper["by"]["id"] == person_of(server, "zhoumin"), "who is named has it made", printed.text)
pdf, docx = doer.get(paper["href"]), doer.get(paper["href"] + "?form=docx")
check(pdf.status == 200 and pdf.body.startswith(b"%PDF") and "pdf" in pdf.headers["Content-Type"] and docx.body.startswith(b"PK"), "whoever sees the record reads it, as PDF and as DOCX", (pdf.status, docx.status))
check(stranger.get(paper["href"]).status == 404, "and nobody else")
again = issuer.post("/api/v1" + task + "/papers/sheet")
check(again.json["data"]["papers"] == [paper] and issuer.get(paper["href"]).body == pdf.body, "printed again it is the same paper", again.text)
signed = doer.post("/api/v1" + task + "/acts/sign", {"doer": person_of(server, "chenyu")})
check(signed.status == 200, "the record goes on", signed.text)
later = issuer.post("/api/v1" + task + "/papers/sheet").json["data"]["papers"]
check(len(later) == 2 and later[0] == paper and later[1]["number"] != paper["number"], "of another state there is another paper; the first stays", later)
page = issuer.request("POST", task + "/papers/sheet", urllib.parse.urlencode({"token": issuer.token}), {"Content-Type": "application/x-www-form-urlencoded"})
check(page.status == 303 and task in page.headers["Location"], "without script it leads back to the record", page.status)
check(issuer.get("/api/v1/s/task/task/%s/papers/%s" % ("0" * 20, paper["id"])).status == 404, "a paper of another record is not there")

# ---- made by an act, with a number to ask by ----
sent = {name: clerk.upload(name + ".pdf", name.encode(), path="/api/v1/files").json["data"]["id"] for name in ("permit", "agreement")}
asked = clerk.post("/api/v1/s/foreign/project/acts/ask", dict(sent, name="国际课程班", kind="class", school=unit_of(server, SCHOOL), partner="Riverside Secondary College", permit_no="云教外备2026-01",
                   courses="国家课程加大学先修", stage="high", fee="48000.00", size="60", valid_from="2026-03-01", valid_until="2028-02-28"))
check(asked.status == 200, "a school asks", asked.text)
project = "/s/foreign/project/" + asked.json["data"]["id"]
admitted = chief.post("/api/v1" + project + "/acts/admit", {"opinion": "材料齐全"})
register = admitted.json["data"]["papers"][0]
check(admitted.status == 200 and register["name"] == "register" and len(register["verify"]) == 16, "the act makes the paper, with its check number", admitted.text)
bytes_kept = chief.get(register["href"]).body
digest = hashlib.sha256(bytes_kept).hexdigest()
told = nobody.get("/api/v1/verify?number=%s&digest=%s" % (register["verify"], digest.upper()))
check(told.status == 200 and told.json["data"]["same"] is True and told.json["data"]["pdf_sha256"] == digest and told.json["data"]["number"] == register["number"], "anybody who holds it can ask", told.text)
check(set(told.json["data"]) == {"verify", "label", "number", "authority", "made_on", "pages", "pdf_sha256", "docx_sha256", "same"}, "and is told what it is, not what it says", told.json)
grouped = " ".join(register["verify"][i:i + 4] for i in range(0, 16, 4))
page = nobody.get("/verify?number=%s&digest=%s" % (urllib.parse.quote(grouped), "0" * 64))
check(page.status == 200 and "登记证明" in page.text and grouped in page.text and digest in page.text and "摘要不一致" in page.text and "Riverside" not in page.text, "typed as it is printed; a file that was changed is told from it", page.status)
check("摘要一致" in nobody.get("/verify/%s?digest=%s" % (register["verify"], digest)).text, "by its address too")
wrong = register["verify"][:-1] + str((int(register["verify"][-1]) + 1) % 10)
refused(nobody.get("/api/v1/verify/" + wrong), 422, "invalid", "a wrong digit is said at once")
refused(nobody.get("/api/v1/verify/" + "0" * 15 + "1"), 422, "invalid", "numbers that were made up are none")
refused(nobody.get("/api/v1/verify/%s?digest=abc" % register["verify"]), 422, "invalid", "a digest that is none")
check(nobody.get("/verify").status == 200 and nobody.get("/verify?number=12").status == 422, "the page asks, and says what is wrong")

# ---- found by words ----
number = made.json["data"]["number"]
check(found(issuer, number) == [task] and found(doer, "经费使用") == [task], "by number, and by words of its title")
check(found(stranger, number) == [] and found(stranger, "经费使用") == [] and found(clerk, "课后服务") == [], "by nobody who does not see it")
check(found(clerk, "国际课程班") == [project] and found(chief, "國際課程") == [project], "in either script")
check(found(clerk, "先修") == [], "a field that is not declared for the search is not searched")
check("经费使用" in issuer.get("/search?q=" + urllib.parse.quote("经费")).text.replace("<mark>", "").replace("</mark>", ""), "on the page with what was found")
# ---- words that only some of its readers may read ----
written = Client(server, who=None).request("POST", "/api/v1/s/petition/public/write", json.dumps({"title": "配套学校改建幼儿园", "body": "请公开规划调整的依据", "topic": "site", "name": "贺明德", "phone": "10000000013"}), {"Content-Type": "application/json"})
check(written.status == 200, "somebody writes", written.text)
check(len(found(reader, "改建幼儿园")) == 1 and len(found(reader, "规划调整")) == 1, "who may read it finds it by all its words")
check(len(found(keeper, "改建幼儿园")) == 1 and found(keeper, "规划调整") == [], "who sees the record alone, by those that every reader sees")
check(found(reader, "贺明德") == [] and found(keeper, "贺明德") == [], "and nobody by what is sealed")
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
