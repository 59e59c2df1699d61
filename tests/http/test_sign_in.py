"""Signing in: first start, forced change, one answer for all failures, growing delays, sessions, tokens of forms, the door's
way back, the demo's logins. Moments are moved by writing earlier ones into the database."""
import os
import re
import subprocess
import time
import urllib.parse

from kit import GANGMU, Client, Server, check, finish, sql

GOOD = "Ganglifen-2026"


def ago(seconds):
    return int((time.time() - seconds) * 1000000)


def sign_in(client, login, password, **more):
    return client.post("/api/v1/sign-in", {"login": login, "password": password, **more})


def anonymous():
    return Client(server, who=None)


# ---- first start: three administrators, shown once, to be changed ----
server = Server("first.db", bare=True)
lines = [server.process.stdout.readline().decode() for _ in range(4)]
made = dict(re.findall(r"^\s+(\w+)\s+([a-z0-9-]{24})$", "".join(lines), re.M))
check(set(made) == {"system", "security", "audit"}, "the first start shows three administrators", lines)
check(len(set(made.values())) == 3, "each with a password of its own")
check(anonymous().get("/api/v1/plans").status == 401 and anonymous().get("/api/v1/plans").json["code"] == "sign_in", "nobody is let in without")
server.stop()
server = Server("first.db", bare=True)
os.set_blocking(server.process.stdout.fileno(), False)
time.sleep(0.3)
check(not re.search("[a-z0-9-]{24}", (server.process.stdout.read() or b"").decode()), "a second start shows nothing")
c = anonymous()
a = sign_in(c, " SYSTEM ", made["system"])
check(a.status == 200 and a.json["data"]["must_change"], "a one-time password opens the door, capitals and blanks aside", a.text)
c.token = a.json["data"]["token"]
check(c.get("/api/v1/me").status == 403 and c.get("/me").headers.get("Location") == "/me/password", "and nothing else before it is changed")
check(c.get("/").headers.get("Location") == "/me/password", "the first page leads there")
for password, why in (("short1A", "short"), ("alllettersonly", "classes"), ("System-2026-x", "login"), ("mEtsYs-2026-x", "login turned round"),
                      ("Password123!", "common"), (made["system"], "same"), ("x" * 300 + "A1", "long")):
    a = c.post("/api/v1/me/password", {"old": made["system"], "password": password})
    check(a.status == 422 and a.json["at"] == {"field": "password"}, "refused: " + why, a.text[:200])
a = c.post("/api/v1/me/password", {"old": made["system"] + "x", "password": GOOD})
check(a.status == 422 and a.json["at"] == {"field": "old"}, "refused: the old one is wrong", a.text[:200])
before = c.cookies["gangmu_session"]
a = c.post("/api/v1/me/password", {"old": made["system"], "password": GOOD})
check(a.status == 200 and c.cookies["gangmu_session"] != before, "changed; the session goes on under a new token", a.text[:200])
check(c.get("/api/v1/me").status == 200, "and now may do the rest")
old = anonymous()
old.cookies["gangmu_session"] = before
check(old.get("/api/v1/me").status == 401, "the token from before is worth nothing")
check(sign_in(anonymous(), "system", made["system"]).status == 403, "nor is the one-time password")
check(sign_in(anonymous(), "system", GOOD).status == 200, "the new one is")
check("demo" not in anonymous().get("/sign-in").text and anonymous().post("/api/v1/sign-in/demo", {"login": "zhoumin"}).status == 404, "no demo login without --demo")
done = subprocess.run([GANGMU, "account", "--db", server.db], capture_output=True, text=True)
check(done.returncode == 0 and all(name in done.stdout for name in made), "the command line lists them", done.stdout + done.stderr)
done = subprocess.run([GANGMU, "account", "--db", server.db, "--reset", "security"], capture_output=True, text=True)
again = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){4}", done.stdout)
check(done.returncode == 0 and again, "and resets one", done.stdout + done.stderr)
check(sign_in(anonymous(), "security", made["security"]).status == 403 and sign_in(anonymous(), "security", again.group(0)).status == 200, "which then is the one that counts")
check(subprocess.run([GANGMU, "account", "--db", server.db, "--reset", "nobody"], capture_output=True).returncode == 2, "nobody cannot be reset")
secrets = [GOOD, *made.values(), again.group(0), c.cookies["gangmu_session"], before]
kept = " ".join(str(v) for row in sql(server, "SELECT value FROM event_field") for v in row)
kept += " ".join(str(v) for row in sql(server, "SELECT hash FROM session UNION SELECT hash FROM account") for v in row)
check(not any(s in kept for s in secrets), "no event and no table holds a password or a token")
acts = [row[0] for row in sql(server, "SELECT act FROM event WHERE record = 'account' ORDER BY seq")]
check(acts[:3] == ["account_first"] * 3 and {"sign_in", "sign_in_failed", "password_change", "password_reset"} <= set(acts), "every act is an event", acts)

# ---- one answer for all failures ----
answers = {}
for login in ("system", "nobody", "no body", "x" * 100, "", "系统"):
    sql(server, "DELETE FROM sign_in_failure")
    a = sign_in(anonymous(), login, "Wrong-password-1")
    answers[login] = (a.status, a.json["code"], a.json["says"], a.json["hint"])
check(len(set(answers.values())) == 1 and answers["system"][0] == 403, "the same words whether the account exists or not", answers)
a = anonymous().request("POST", "/sign-in", "login=system&password=x", {"Content-Type": "application/x-www-form-urlencoded"})
check(a.status == 403 and "<html" in a.text, "as a page, without a token: refused")


def work_of(login):
    """Computing time of the server, in ticks: other programs on the machine do not count."""
    sql(server, "DELETE FROM sign_in_failure")
    client = anonymous()
    client.sign()
    begun = sum(map(int, open("/proc/%d/stat" % server.process.pid).read().rsplit(")", 1)[1].split()[11:13]))
    sign_in(client, login, "Wrong-password-1")
    return sum(map(int, open("/proc/%d/stat" % server.process.pid).read().rsplit(")", 1)[1].split()[11:13])) - begun


rounds = [[work_of(login) for login in ("system", "nobody", "no body")] for _ in range(8)]
work = [sum(column) for column in zip(*rounds)]
check(max(work) < 1.3 * min(work) and min(work) > 16, "and the same work, so the same time: that of a hash", rounds)

# ---- delays that grow, for names that exist and names that do not ----
for login in ("system", "nobody"):
    sql(server, "DELETE FROM sign_in_failure")
    tries = [sign_in(anonymous(), login, "Wrong-password-1").status for _ in range(5)]
    a = sign_in(anonymous(), login, GOOD)
    check(tries == [403] * 5 and a.status == 429 and a.json["code"] == "too_many", "%s: the sixth attempt waits" % login, (tries, a.text))
    waits = []
    for _ in range(8):
        sql(server, "UPDATE sign_in_failure SET until_us = ?", ago(1))
        sign_in(anonymous(), login, "Wrong-password-1")
        waits.append(int(re.search(r"\d+", sign_in(anonymous(), login, "x").json["says"]).group(0)))
    check(all(b >= a - 2 for a, b in zip(waits, waits[1:])) and 25 < waits[0] <= 30 and 890 < waits[-1] <= 900, "%s: twice as long each time, a quarter of an hour at most" % login, waits)
sql(server, "UPDATE sign_in_failure SET until_us = ?", ago(1))
check(sign_in(anonymous(), "system", GOOD).status == 200 and sign_in(anonymous(), "system", "Wrong").status == 403, "who then signs in begins anew")
sql(server, "DELETE FROM sign_in_failure")
for n in range(40):
    sql(server, "INSERT INTO sign_in_failure (tenant, key, failures, last_us, until_us) VALUES ('local', ?, 1, 0, 0)", "old%d" % n)
sign_in(anonymous(), "guess1", "x")
sql(server, "UPDATE sign_in_failure SET failures = 39 WHERE key NOT LIKE 'old%'")
sign_in(anonymous(), "guess2", "x")
a = sign_in(anonymous(), "guess3", "x")
check(a.status == 429, "an address that guesses many names waits too", a.text)
check(not sql(server, "SELECT key FROM sign_in_failure WHERE key LIKE 'old%'"), "what is long past is forgotten")
sql(server, "UPDATE sign_in_failure SET until_us = ?, last_us = ?", ago(3600), ago(90000))
check(sign_in(anonymous(), "guess1", "x").status == 403, "after a day nothing counts any more")
server.stop()

# ---- sessions ----
server = Server("session.db")
c = Client(server)
c.sign()
first = dict(c.cookies)
check(len(first["gangmu_session"]) == 64, "a session is 32 bytes")
fixed = Client(server, who=None)
fixed.cookies = {"gangmu_session": "0" * 64, "gangmu_form": "1" * 64}
fixed.post("/api/v1/sign-in/demo", {"login": "chenyu"})
check(fixed.cookies["gangmu_session"] != "0" * 64 and fixed.get("/api/v1/session").json["data"]["login"] == "chenyu", "a session that was known before is not taken over")
planted = Client(server, who=None)
planted.cookies = {"gangmu_session": "0" * 64}
check("login" not in planted.get("/api/v1/session").json["data"], "and opens nothing")
form = Client(server, who=None)
form.sign()
a = form.request("POST", "/api/v1/sign-in/demo", "login=chenyu", {"Content-Type": "application/x-www-form-urlencoded", "X-Token": form.token})
session = [v for v in a.headers.get_all("Set-Cookie") if v.startswith("gangmu_session=")][0]
check("HttpOnly" in session and "SameSite=Strict" in session and "Path=/" in session and "Max-Age" not in session, "its cookie is closed", session)
check(form.request("POST", "/api/v1/plans/x/undo", "", {"Content-Type": "application/x-www-form-urlencoded", "X-Token": form.token}).status == 403, "the form's token from before signing in is worth nothing after")
check(form.request("POST", "/api/v1/plans/x/undo", "", {"Content-Type": "application/x-www-form-urlencoded", "X-Token": c.token}).status == 403, "nor is another session's")
check(form.post("/api/v1/plans/x/undo", {}).status == 403, "nor the one that was kept")
form.token = ""
check(form.post("/api/v1/plans/x/undo", {}).status == 404, "the new one is")
for name in ("Origin", "Sec-Fetch-Site"):
    a = Client(server, who=None).post("/api/v1/sign-in/demo", {"login": "chenyu"}, **{name: "cross-site" if "Site" in name else "http://evil.example"})
    check(a.status == 403, "another site cannot sign one in: " + name)
check(c.get("/sign-out").status == 405, "a link does not sign out")
session_id = sql(server, "SELECT id FROM session WHERE ended_us = 0 ORDER BY created_us LIMIT 1")[0][0]
sql(server, "UPDATE session SET seen_us = ? WHERE id = ?", ago(61 * 60), session_id)
check(c.get("/api/v1/plans").status == 401, "after an hour without a sign of life a session is over")
sql(server, "UPDATE session SET seen_us = ?, created_us = ? WHERE id = ?", ago(600), ago(11 * 3600), session_id)
check(c.get("/api/v1/plans").status == 200, "within it it lives")
seen = int(sql(server, "SELECT seen_us FROM session WHERE id = ?", session_id)[0][0])
check(time.time() - seen / 1000000 < 60, "and its last sign of life is kept")
sql(server, "UPDATE session SET created_us = ? WHERE id = ?", ago(13 * 3600), session_id)
check(c.get("/api/v1/plans").status == 401, "after twelve hours it is over, used or not")
a = c.request("POST", "/api/v1/plans/x/undo", "", {"Content-Type": "application/x-www-form-urlencoded", "X-Token": c.token})
check(a.status == 401 and a.json["code"] == "sign_in", "a change in it is told to sign in", a.text)
c = Client(server)
c.sign()
stolen = Client(server, who=None)
stolen.cookies = dict(c.cookies)
check(stolen.get("/api/v1/me").status == 200 and c.post("/api/v1/sign-out").status == 200, "signing out")
check(c.get("/api/v1/me").status == 401 and stolen.get("/api/v1/me").status == 401 and "gangmu_session" not in c.cookies, "ends the session for whoever holds its cookie")
many = [Client(server, who="luohai") for _ in range(52)]
[m.sign() for m in many]
alive = [m.get("/api/v1/me").status for m in many]
check(alive == [401, 401] + [200] * 50, "at most fifty sessions of one account: the oldest end", alive)
sql(server, "UPDATE account SET state = 'closed' WHERE login = 'luohai'")
check(many[-1].get("/api/v1/me").status == 401, "a closed account's sessions are over at once")
sql(server, "UPDATE account SET hash = (SELECT hash FROM account WHERE login = 'zhoumin') WHERE login = 'luohai'")
check(sign_in(Client(server, who=None), "zhoumin", "").status == 403, "an account without a password has none, not an empty one")

# ---- the way back ----
c = Client(server, who=None)
a = c.get("/plans?status=open&q=%E5%B7%A5%E4%BD%9C")
check(a.status == 303 and a.headers["Location"] == "/sign-in?next=%2Fplans%3Fstatus%3Dopen%26q%3D%25E5%25B7%25A5%25E4%25BD%259C", "who is not signed in is sent to the door", a.headers.get("Location"))
page = c.get(a.headers["Location"])
token = re.search(r'name="token" value="(\w+)"', page.text).group(1)
check(page.status == 200 and 'name="next" value="/plans?status=open&amp;q=%E5%B7%A5%E4%BD%9C"' in page.text, "which remembers where to")


def through(path):
    client = Client(server, who=None)
    fields = urllib.parse.urlencode({"token": client.sign(), "login": "zhoumin", "next": path})
    return client.request("POST", "/sign-in/demo", fields, {"Content-Type": "application/x-www-form-urlencoded"}), client


a, client = through("/plans?status=open&q=%E5%B7%A5%E4%BD%9C")
check(a.status == 303 and a.headers["Location"] == "/plans?status=open&q=%E5%B7%A5%E4%BD%9C", "and leads there", a.headers.get("Location"))
for path in ("//evil.example", "/\\evil.example", "https://evil.example/", "http:evil", "javascript:alert(1)", "\\\\evil", "/a\r\nX: y", "/\t/evil.example",
             "/%0d%0aX:y\n", " /plans", "evil.example", "/" + "a" * 3000, "/计划"):
    a, client = through(path)
    check(a.status == 303 and a.headers["Location"] == "/plans" and "X" not in a.headers, "but never elsewhere: %r" % path[:24], a.headers.get("Location"))
    check(client.get("/sign-in?next=" + urllib.parse.quote(path)).headers["Location"] in ("/plans",), "nor for who is signed in: %r" % path[:24])

# ---- what each may ----
check(Client(server, who=None).get("/healthz").status == 200 and Client(server, who=None).get("/help").status == 200, "health and help are open")
may = {"zhoumin": (200, 404, 404), "chenyu": (200, 404, 403), "shenli": (200, 403, 404), "hefang": (200, 404, 404), "demo-system": (403, 403, 403),
       "demo-security": (403, 403, 403), "demo-audit": (403, 403, 403)}
for who, expect in may.items():
    c = Client(server, who=who)
    got = (c.get("/api/v1/plans").status, c.post("/api/v1/plans/none/correct", {"subject": "item", "key": "0" * 16, "title": "x"}).status,
           c.post("/api/v1/plans/none/accept", {"item": "0" * 16}).status)
    check(got == expect, "%s sees, corrects, accepts: %s" % (who, expect), got)
a = Client(server, who="demo-audit").get("/plans")
check(a.status == 403 and "查看计划" in a.text and "审计管理员" in a.text, "a refusal says what is missing, and who one is", a.text[-600:])
a = Client(server, who="chenyu").get("/api/v1/plans/new")
check(a.status == 404, "a page without a twin stays one")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
