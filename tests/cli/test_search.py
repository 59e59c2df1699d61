"""The search follows the plans: uploaded, corrected, taken back, redrafted, void, on both engines; made again; and made for
a database that is older than the search."""
import os
import sqlite3
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "http"))
import kit  # noqa: E402
from kit import GANGMU, SCRATCH, Client, Server, check, demo, finish  # noqa: E402

PLAN = "云岚市教育局2026年工作要点\n一、总体要求\n（一）推进学校建设。新建学校41所，配齐戏曲教室。（发展规划与财务处）\n"


def run(*words):
    done = subprocess.run([GANGMU, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def find(db, *words):
    """[(kind, id, title, body)] with what was found in brackets"""
    status, says = run("search", "find", "--db", db, *words)
    rows = [line.split("\t") for line in says.splitlines()]
    return rows if status == 0 else []


def story(name):
    server = Server(name, "--log", "error")
    client = Client(server)
    db = server.db
    check(client.upload("要点.txt", PLAN.encode()).status == 200, name + ": a plan is uploaded")
    pid = client.get("/api/v1/plans").json["rows"][0]["id"]
    found = find(db, "戏曲")
    check([row[:2] for row in found] == [["item", pid + "/1.1"]] and "[戏曲]教室" in found[0][3], "a two-character word of an item", found)
    check([row[0] for row in find(db, "教育局")] == ["plan"], "a word of the title", find(db, "教育局"))
    check([row[1] for row in find(db, "戲")] == [pid + "/1.1"], "one character, in Traditional script")
    check(find(db, "曲戏") == [] and find(db, "航天") == [], "what is not there is not found")

    item = client.get("/api/v1/plans/" + pid).json["data"]["review"][0]
    key = item["key"] if "key" in item else None
    answer = client.post("/api/v1/plans/%s/correct" % pid, {"subject": "item", "key": key, "title": "建好航天馆"})
    check(answer.status == 200 and [row[1] for row in find(db, "航天")] == [pid + "/1.1"], "a corrected title is found", (answer.status, answer.text[:200]))
    check(client.post("/api/v1/plans/%s/undo" % pid).status == 200 and not find(db, "航天"), "taken back, it is not")

    answer = client.upload("要点2.txt", PLAN.replace("戏曲", "书法").encode(), replaces=pid)
    check(answer.status == 200 and not find(db, "戏曲") and find(db, "书法"), "a new draft takes the old one's place", (answer.status, answer.text[:200]))
    check(client.post("/api/v1/plans/%s/void" % pid).status == 200 and not find(db, "书法") and not find(db, "教育局"), "a void plan is not found")
    check(client.post("/api/v1/plans/%s/restore" % pid).status == 200 and find(db, "书法") and find(db, "教育局"), "restored, it is")
    before = find(db, "学校")
    status, says = run("search", "rebuild", "--db", db)
    check(status == 0 and find(db, "学校") == before, "made again, also under a server: the same answer", says)
    check(run("doctor", "--db", db)[0] == 0, "the doctor agrees")
    check(server.stop() == 0, "it ends in order")


story("search.db")
if os.environ.get("GANGMU_TEST_PG"):
    kit.CLUSTER = os.environ["GANGMU_TEST_PG"]
    story("search_pg.db")
    kit.CLUSTER = None

# ---- a database from before the search ----
old = os.path.join(SCRATCH, "old.db")
run("demo", "--db", old)
made = sqlite3.connect(old)
OF_PLANS = "SELECT kind, id FROM search_row WHERE kind NOT LIKE 'record%' ORDER BY kind, id"  # such a database is older than records of systems
before = made.execute(OF_PLANS).fetchall()
made.execute("DELETE FROM search_row")
made.execute("DELETE FROM search_head")
made.commit()
again = find(old, "学校")
check(len(before) > 100 and len(again) > 3 and made.execute(OF_PLANS).fetchall() == before, "a database without rows of the search gets them when it is opened", len(before))
# ---- records of systems ----
OF_RECORDS = "SELECT kind, id, title, body FROM search_row WHERE kind LIKE 'record%' ORDER BY kind, id"
run("search", "rebuild", "--db", old)
before = made.execute(OF_RECORDS).fetchall()
made.execute("DELETE FROM search_row WHERE kind LIKE 'record%' AND rowid % 2 = 0")
made.execute("INSERT INTO search_row (tenant, kind, id, doc, unit, title, body) VALUES ('local', 'record', 'hazard.hazard/gone', 99999999, '', '', '没有了')")
made.commit()
status, says = run("search", "rebuild", "--db", old)
check(status == 0 and len(before) > 100 and made.execute(OF_RECORDS).fetchall() == before, "the words of records are made again from the records, those of none go", (says, len(before)))
check(run("doctor", "--db", old)[0] == 0, "the doctor agrees about them")
made.close()
finish()
