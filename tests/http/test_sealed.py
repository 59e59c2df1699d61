"""What stands sealed: secrets of second factors are nowhere in the clear, come under new keys, and are sealed when they come from
an older database; a page whose key is missing shows the rest and says what it cannot read."""
import base64
import os
import re
import subprocess

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
finish()
