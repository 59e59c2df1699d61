"""What stands sealed: secrets of second factors are nowhere in the clear, come under new keys, and are sealed when they come from
an older database; a page whose key is missing shows the rest and says what it cannot read; what is erased is gone everywhere."""
import base64
import os
import re
import sqlite3
import subprocess
import time
import urllib.parse

from kit import CLUSTER, GANGMU, SCRATCH, Client, Server, check, code, finish, sql

GOOD = "Ganglifen-2026"


def gangmu(*words):
    done = subprocess.run([GANGMU, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def enter(password, second=None):
    c = Client(server, who=None)
    a = c.post("/api/v1/sign-in", {"login": "system", "password": password})
    c.token = a.json["data"]["token"] if a.status == 200 else ""
    if second:
        a = c.post("/api/v1/sign-in/second", {"code": second})
        c.token = ""
    return c, a


def ring(name):
    return os.path.join(SCRATCH, name + ".keys")


def kept():
    """Every byte of the database, as far as a test can read it: the files, or each value of each table that could hold one."""
    if CLUSTER:
        tables = [row[0] for row in sql(server, "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")]
        return b"".join(bytes.fromhex("".join(re.findall(r"\\x([0-9a-f]*)", str(sql(server, "SELECT * FROM %s" % t)).replace("\\\\", "\\")))) +
                        str(sql(server, "SELECT * FROM %s" % t)).encode() for t in tables)
    return b"".join(open(server.db + end, "rb").read() for end in ("", "-wal", "-shm") if os.path.exists(server.db + end))


# ---- second factors ----
server = Server("sealed.db", bare=True)
lines = "".join(server.process.stdout.readline().decode() for _ in range(4))
own, a = enter(re.search(r"system\s+([a-z0-9-]{24})", lines).group(1))
own.post("/api/v1/me/password", {"old": re.search(r"system\s+([a-z0-9-]{24})", lines).group(1), "password": GOOD})
own.token = ""
secret = own.post("/api/v1/me/second").json["data"]["secret"]
bare = base64.b32decode(secret)
check(secret in own.get("/me/second").text, "the secret is shown while it is set up")
recovery = own.post("/api/v1/me/second/confirm", {"code": code(secret)}).json["data"]["once"]
check(len(recovery) == 10 and bare not in kept() and secret.encode() not in kept(), "it is nowhere in the database, nor in its journal")
cell = sql(server, "SELECT secret FROM second_factor")[0][0]
cell = bytes.fromhex(cell[2:]).decode() if CLUSTER else cell.decode()
check(re.fullmatch(r"sm4\.\d+\.[A-Za-z0-9+/=]{60,}", cell), "in its place stands a cell", cell)
check(enter(GOOD, code(secret, 1))[1].status == 200, "and a code of the app still opens")

# ---- their key is exchanged while people work ----
old = int(cell.split(".")[1])
status, says = gangmu("keys", "rotate", "--keys", ring("sealed.db" if CLUSTER else server.db), "--db", server.db, "--compartment", "second_factor", "--suite", "aes")
check(status == 0, "the key is exchanged", says)
cell = sql(server, "SELECT secret FROM second_factor")[0][0]
cell = bytes.fromhex(cell[2:]).decode() if CLUSTER else cell.decode()
check(cell.startswith("aes.") and int(cell.split(".")[1]) != old, "the cell is under the new one", cell)
check(gangmu("keys", "reseal", "--keys", ring("sealed.db" if CLUSTER else server.db), "--db", server.db, "--compartment", "second_factor")[0] == 0, "a second walk finds nothing and ends")
status, says = gangmu("keys", "retire", "--keys", ring("sealed.db" if CLUSTER else server.db), "--db", server.db, "--compartment", "second_factor")
check(status == 0, "the old one may go", says)
sql(server, "UPDATE second_factor SET step = 0")
check(enter(GOOD, code(secret))[1].status == 200, "a code opens under the new key")
moved = sql(server, "UPDATE second_factor SET account = (SELECT id FROM account WHERE login = 'audit') RETURNING account")[0][0]
sql(server, "UPDATE second_factor SET account = (SELECT id FROM account WHERE login = 'system')")
check(moved and enter(GOOD, code(secret, 1))[1].status == 200, "moved and moved back it opens")
server.stop()

# ---- a database from before ----
words = "\\x" + bare.hex() if CLUSTER else bare
sql(server, "UPDATE second_factor SET secret = ?, step = 0", words)
sql(server, "UPDATE journal SET acts = ? WHERE n = (SELECT max(n) FROM journal)", words)
check(bare in kept(), "a secret as an older program kept it")
events = sql(server, "SELECT max(seq) FROM event")[0][0]
server = Server("sealed.db", bare=True)
check(enter(GOOD, code(secret))[1].status == 200, "opened for serving it is sealed, and a code opens")
check(sql(server, "SELECT record, act FROM event WHERE seq > ? ORDER BY seq LIMIT 1", events)[0][0] == "key", "that it was done is an event")
server.stop()
check(bare not in kept(), "then it is nowhere, nor in the journal")
check(gangmu("doctor", "--db", server.db)[0] == 0, "the journal is whole, and begins anew")

# ---- without the key ----
path = ring("sealed.db" if CLUSTER else server.db)
keys = open(path).read()
without = re.sub(r"  - id: \d+\n    compartment: second_factor\n(    .*\n)*", "", keys)
check("second_factor" in keys and "second_factor" not in without, "a ring without the compartment", without)
sql(server, "UPDATE second_factor SET secret = ?, step = 0", words)
other = os.path.join(SCRATCH, "other.keys")
open(other, "w").write(without)
os.chmod(other, 0o600)
status, says = gangmu("serve", "--db", server.db, "--listen", "127.0.0.1:0", "--keys", other)
check(status == 2 and "second_factor" in says and "keys new" in says, "who cannot seal what is bare does not serve, and says what to do", says)
server = Server("sealed.db", bare=True)
server.stop()
server = Server("sealed.db", "--keys", other, bare=True)
a = enter(GOOD, code(secret))[1]
check(a.status == 409 and "second_factor" in a.text, "without the key a code cannot be checked, and it is said", a.text)
check(enter(GOOD, recovery[0])[1].status == 200, "a recovery code opens")
server.stop()

# ---- a person whose numbers cannot be read ----
server = Server("people.db")
c = Client(server, who="demo-system")
a = c.post("/api/v1/people", {"name": "单知新", "identity": "320106201609150025", "phone": "13800138000"})
person = a.json["data"]["id"]
page = c.get("/api/v1/people/" + person).json["data"]
check(len(page["facts"]) >= 2 and "unreadable" not in page["facts"][0], "with the key the numbers are there, masked", page)
server.stop()
open(other, "w").write(re.sub(r"  - id: \d+\n    compartment: person\n(    .*\n)*", "", open(ring("people.db" if CLUSTER else server.db)).read()))
server = Server("people.db", "--keys", other)
c = Client(server, who="demo-system")
a = c.get("/people/" + person)
check(a.status == 200 and "单知新" in a.text and a.text.count('class="lost"') == len(page["facts"]) and "person" in a.text, "without it the page shows the rest, and what it cannot read", a.text[-3000:])
facts = c.get("/api/v1/people/" + person).json["data"]["facts"]
check(len(facts) == len(page["facts"]) and all(f["unreadable"] and "“person”" in f["says"] for f in facts), "each says which key is missing", facts)
a = c.post("/api/v1/people/%s/numbers" % person, {"purpose": "核对"})
check(a.status == 200 and set(a.json["data"].values()) == {None}, "the whole numbers are none", a.text)
a = c.post("/people/%s/numbers" % person, {"purpose": "核对", "token": c.sign()})
check(a.status == 200 and 'class="lost"' in a.text, "and their page says why", a.text[-1500:])
sql(server, "UPDATE person_secret SET value = 'sm4.1.AAAA' WHERE person = ? AND field = 'phone'", person)
check(c.get("/people/" + person).status == 200, "an altered one neither takes the page away")
server.stop()

# ---- a sheet that waits for a yes ----
server = Server("sheet.db")
own_ring = ring("sheet.db" if CLUSTER else server.db)
c = Client(server, who="demo-system")
number = "11010519491231002X"
sheet = ("姓名,身份证号\n待定人,%s\n" % number).encode()
a = c.upload("表.csv", sheet, "/api/v1/org/import", what="people").json["data"]
check(a["made"] == 1 and number.encode() not in kept() and "待定人".encode() not in kept(), "a sheet that was tried is nowhere in the clear, nor in the journal", a)
status, says = gangmu("keys", "rotate", "--keys", own_ring, "--db", server.db, "--compartment", "person", "--suite", "aes")
check(status == 0 and gangmu("keys", "retire", "--keys", own_ring, "--db", server.db, "--compartment", "person")[0] == 0, "it comes under a new key", says)
b = c.post("/api/v1/org/import/%s/take" % a["draft"])
check(b.status == 200 and b.json["data"]["taken"] and len(c.get("/api/v1/people?q=" + urllib.parse.quote("待定人")).json["rows"]) == 1, "and is taken from there", b.text)
a = c.upload("表.csv", sheet, "/api/v1/org/import", what="people").json["data"]
server.stop()
sql(server, "UPDATE import_draft SET bytes = ?", "\\x" + sheet.hex() if CLUSTER else sheet)
server = Server("sheet.db")
check(not sql(server, "SELECT id FROM import_draft"), "one that an older program kept in the clear goes at the start")
c = Client(server, who="demo-system")
check(c.post("/api/v1/org/import/%s/take" % a["draft"]).status == 404, "and must be sent again")
server.stop()

# ---- cells of a package, while its server runs (on both engines: tests/unit/flow/sealed.c) ----
if not CLUSTER:
    server = Server("cells.db", "--demo")
    own_ring = ring(server.db)
    petition = ["--keys", own_ring, "--db", server.db, "--compartment", "petition"]
    c = Client(server, who="liangyi")
    given = {"title": "操场夜间灯光", "body": "灯太亮", "way": "letter", "got_on": "2026-03-02", "topic": "school", "name": "罗静好", "phone": "13800138000"}
    words = c.get("/s/petition/matter/acts/register").text
    for field in ("way", "topic"):
        given[field] = re.search(r'name="%s".*?value="([a-z_]+)"' % field, words, re.S).group(1)
    a = c.post("/api/v1/s/petition/matter/acts/register", given)
    check(a.status == 409 and "petition" in a.text, "without a key nothing is kept in the clear: it is refused", a.text)
    check(gangmu("keys", "new", "--keys", own_ring, "--compartment", "petition")[0] == 0, "a key for the package")
    time.sleep(1.2)  # a server looks once a second
    a = c.post("/api/v1/s/petition/matter/acts/register", given)
    check(a.status == 200 and "罗静好".encode() not in kept() and b"13800138000" not in kept(), "a name is nowhere in the clear, nor in the journal", a.text)

    def cells():
        return [row[0] for row in sql(server, "SELECT cell FROM petition_matter__sealed ORDER BY field")]

    check(len(cells()) == 2 and all(x.startswith("sm4.") for x in cells()), "in its place stands a cell", cells())
    status, says = gangmu("keys", "rotate", *petition, "--suite", "aes")
    check(status == 0 and "4" in says[:6], "cells of records and of events come under the new key", says)
    check(all(x.startswith("aes.") for x in cells()), "those beside the record too", cells())
    check(gangmu("keys", "retire", *petition)[0] == 0, "the old one may go")
    time.sleep(1.2)
    b = c.post("/api/v1/s/petition/matter/acts/register", {**given, "title": "另一件", "name": "单知新"})
    check(b.status == 200 and len(cells()) == 4 and all(x.startswith("aes.") for x in cells()), "the server goes on under the new one", b.text)
    check(c.get("/api/v1/s/petition/matter/" + a.json["data"]["id"]).status == 200, "and reads its records")
    server.stop()
    check(gangmu("doctor", "--db", server.db, "--keys", own_ring)[0] == 0, "nothing is left under the old one")

# ---- erased for good ----
server = Server("erase.db")
c, audit = Client(server, who="demo-system"), Client(server, who="demo-audit")
person = c.post("/api/v1/people", {"name": "单知新", "identity": "320106201609150025", "phone": "13800138000"}).json["data"]["id"]
other = c.post("/api/v1/people", {"name": "另一人", "phone": "13800138001"}).json["data"]["id"]
backup = os.path.join(SCRATCH, "erase-backup.db")
check(gangmu("backup", "--db", server.db, "--to", backup)[0] == 0, "a backup from before")
a = c.post("/api/v1/people/%s/acts" % person, {"act": "change", "name": "单知新", "phone": "13800138002"})
check(a.status == 200 and "138****8002" in a.text, "and a change", a.text[:300])
point = sql(server, "SELECT seq FROM chain")[0][0]
where = "/api/v1/audit/people/" + person
check([c.get(where).status, c.post(where + "/erase", {"reason": "x"}).status, Client(server).post(where + "/erase", {"reason": "x"}).status] == [403] * 3, "who keeps people cannot erase them, nor others")
kept = audit.get(where)
check(kept.json["data"]["fields"] == ["identity", "phone"] and kept.json["data"]["values"] == 4, "what is kept is counted", kept.text)
page = audit.get("/audit/people/" + person).text
check("身份证号" in page and "****" not in page and "3201" not in page, "and not shown")
check(audit.get("/audit?record=person&id=" + person).text.count("/audit/people/" + person) >= 2, "the record leads there")
check(audit.post(where + "/erase", {"reason": "  "}).status == 422 and audit.post("/api/v1/audit/people/nobody/erase", {"reason": "x"}).status == 404, "not without a reason, nor nobody")
a = audit.post("/audit/people/%s/erase" % person, {"reason": " ", "token": audit.sign()})
check(a.status == 422 and 'role="alert"' in a.text, "the page asks for it again")
a = audit.post(where + "/erase", {"reason": "本人要求"})
check(a.status == 200 and a.json["data"]["fields"] == [] and a.json["data"]["values"] == 0, "erased", a.text)
check(audit.post(where + "/erase", {"reason": "x"}).status == 409, "once")
check(not [f for f in c.get("/api/v1/people/" + person).json["data"]["facts"] if "****" in f["says"]], "the register has none")
check(c.post("/api/v1/people/%s/numbers" % person, {"purpose": "核对"}).json["data"] == {}, "nor whole ones")
rows = c.get("/api/v1/people/%s/history" % person).json["data"]
erased = {x["field"] for r in rows for x in r["changes"] if x.get("erased")}
done = next(r for r in rows if r["act"] == "erase")
check(erased == {"identity", "phone"} and "demo-audit" in done["actor"] and done["reason"] == "本人要求", "the history knows that they were, who did it and why", rows)
page = c.get("/people/%s/history" % person).text
check("已删除" in page and "****" not in page, "and says so to people")
left = str(sql(server, "SELECT value FROM event_field WHERE seq IN (SELECT seq FROM event WHERE id = ?)", person)) + str(sql(server, "SELECT * FROM person_secret WHERE person = ?", person))
check("****" not in left and "sm4." not in left, "the tables have nothing of it", left)
check("138****8001" in c.get("/api/v1/people/" + other).text, "others keep theirs")
status, says = gangmu("verify", "--db", server.db, *(["--keys", ring("erase.db")] if CLUSTER else []))
check(status == 0 and says.count("phone") == 3 and "identity" in says, "the chain holds, and says what was erased", says)
a = c.post("/api/v1/people/%s/acts" % person, {"act": "change", "name": "单知新", "phone": "13800138003"})
check(a.status == 200 and "138****8003" in a.text, "a new number may be told later")
server.stop()
for name, until in (("then", ["--to-event", str(point)]), ("end", [])):
    again = os.path.join(SCRATCH, "erase-%s.db" % name)
    status, says = gangmu("restore", "--from", backup, "--journal", server.db, *until, "--db", again)
    check(status == 0 and gangmu("verify", "--db", again)[0] == 0, "restored (%s) the chain holds" % name, says)
    db = sqlite3.connect(again)
    fields = [row[0] for row in db.execute("SELECT field FROM person_secret WHERE person = ?", (person,))]
    values = str(db.execute("SELECT f.value FROM event_field f JOIN event e ON e.seq = f.seq WHERE e.id = ?", (person,)).fetchall())
    seq = db.execute("SELECT max(seq) FROM event").fetchone()[0]
    kept = db.execute("SELECT count(*) FROM person_secret WHERE person = ?", (other,)).fetchone()[0]
    db.close()
    if name == "then":
        check(seq == int(point) and fields == [] and "****" not in values and kept == 1, "a restore to a point before does not bring it back", (seq, fields, values))
    else:
        check(fields == ["phone"] and values.count("****") == 1 and kept == 1, "one to the end has what came later", (fields, values))
finish()
