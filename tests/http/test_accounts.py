"""One's own account (second factor, sessions, tokens for programs) and what the three administrators may do with others'."""
import re
import time

from kit import Client, Server, check, code, finish, sql

GOOD = "Ganglifen-2026"


def enter(login, password):
    c = Client(server, who=None)
    a = c.post("/api/v1/sign-in", {"login": login, "password": password})
    c.token = a.json["data"]["token"] if a.status == 200 else ""
    return c, a


def begin(login, password):
    """The first sign-in with a one-time password."""
    c, a = enter(login, password)
    a = c.post("/api/v1/me/password", {"old": password, "password": GOOD})
    c.token = ""
    return c, a


# ---- three administrators, an account from nothing to work ----
server = Server("accounts.db", bare=True)
lines = [server.process.stdout.readline().decode() for _ in range(4)]
made = dict(re.findall(r"^\s+(\w+)\s+([a-z0-9-]{24})$", "".join(lines), re.M))
system, a = begin("system", made["system"])
security, b = begin("security", made["security"])
audit, c = begin("audit", made["audit"])
check((a.status, b.status, c.status) == (200, 200, 200), "the three begin", (a.text, b.text, c.text))
a = system.post("/api/v1/admin/accounts", {"login": "Li.Lei", "name": "李磊"})
check(a.status == 200 and len(a.json["data"]["once"]) == 1, "the system administrator makes an account", a.text)
first = a.json["data"]["once"][0]
for fields, field in (({"login": "li.lei", "name": "x"}, "login"), ({"login": "a b", "name": "x"}, "login"), ({"login": "x1"}, "name"),
                      ({"login": "x1", "person": "没有此人"}, "person")):
    a = system.post("/api/v1/admin/accounts", fields)
    check(a.status == 422 and a.json["at"] == {"field": field}, "refused at %s: %s" % (field, fields), a.text)
check(enter("li.lei", first)[1].status == 403, "which is not yet approved")
rows = {r["login"]: r for r in security.get("/api/v1/admin/roles").json["rows"]}
lilei = rows["li.lei"]["id"]
check(rows["li.lei"]["state"] == "new" and "hash" not in str(rows), "the security administrator sees it waiting", rows["li.lei"])
check(system.post("/api/v1/admin/roles/%s/approve" % lilei).status == 403, "the system administrator cannot approve it")
check(security.post("/api/v1/admin/roles/%s/approve" % lilei).status == 200, "the security administrator does")
check(security.post("/api/v1/admin/roles/%s/approve" % lilei).status == 409, "once")
own, a = begin("li.lei", first)
check(a.status == 200 and own.get("/api/v1/plans").status == 403, "it opens, and may nothing before it has a post", own.get("/api/v1/plans").text)

# ---- the matrix: what each administrator is refused ----
own_acts = {"system": ["/admin/accounts"], "security": ["/admin/roles"], "audit": []}
others = ["/plans", "/admin/accounts", "/admin/roles"]
for name, client in (("system", system), ("security", security), ("audit", audit)):
    got = {path: client.get("/api/v1" + path).status for path in others}
    check(all((got[p] == 200) == (p in own_acts[name]) and got[p] in (200, 403) for p in others), "%s reads its own and nothing else" % name, got)
    posts = {"/admin/accounts": "system", "/admin/accounts/%s/reset" % lilei: "system", "/admin/roles/%s/unlock" % lilei: "security",
             "/admin/roles/%s/administrator" % lilei: "security", "/plans/x/undo": ""}
    for path, holder in posts.items():
        if holder != name:
            check(client.post("/api/v1" + path, {"login": "zz", "name": "zz", "admin": "audit"}).status == 403, "%s may not %s" % (name, path.replace(lilei, "ID")))
ids = {r["login"]: r["id"] for r in security.get("/api/v1/admin/roles").json["rows"]}
check(all(system.post("/api/v1/admin/accounts/%s/%s" % (ids["system"], deed)).status == 409 for deed in ("reset", "close")), "nobody changes their own account")
check(security.post("/api/v1/admin/roles/%s/administrator" % ids["security"], {"admin": "system"}).status == 409, "nor their own rights")
a = security.post("/api/v1/admin/roles/%s/administrator" % ids["audit"], {"admin": ""})
check(a.status == 409, "none of the three is left to nobody", a.text)
check(system.post("/api/v1/admin/accounts/%s/close" % ids["audit"]).status == 409, "by closing neither")
check(security.post("/api/v1/admin/roles/%s/administrator" % lilei, {"admin": "root"}).status == 422, "there is no other administrator")
check(security.post("/api/v1/admin/roles/%s/administrator" % lilei, {"admin": "audit"}).status == 200 and own.get("/api/v1/me").status == 401,
      "one more is named; the session from before is over")
own, a = enter("li.lei", GOOD)
check(own.get("/api/v1/me").json["data"]["admin"] == "audit", "and is an administrator then")
check(own.post("/api/v1/me/tokens", {"name": "x", "scopes": "read", "old": GOOD}).status == 409, "without tokens: administrators act in person")
security.post("/api/v1/admin/roles/%s/administrator" % lilei, {"admin": ""})

# ---- second factor ----
own, a = enter("li.lei", GOOD)
check(own.get("/me/second").status == 404 and own.post("/api/v1/me/second/confirm", {"code": "000000"}).status == 409, "there is no factor yet")
a = own.post("/api/v1/me/second")
secret = a.json["data"]["secret"]
check(re.fullmatch("[A-Z2-7]{32}", secret) and a.json["data"]["address"].startswith("otpauth://totp/"), "a secret of 160 bits, and its address", a.text)
page = own.get("/me/second").text
check(secret in page and 'viewBox="0 0 ' in page and "style=" not in page, "on the page as a picture and as text")
check(enter("li.lei", GOOD)[1].json["data"].get("second") is None, "before it is confirmed it counts for nothing")
check(own.post("/api/v1/me/second/confirm", {"code": code(secret, 5)}).status == 422, "a wrong code does not confirm it")
taken = code(secret)
a = own.post("/api/v1/me/second/confirm", {"code": taken})
recovery = a.json["data"]["once"]
check(a.status == 200 and len(set(recovery)) == 10 and own.get("/me/second").status == 404, "a right one does; ten recovery codes, once", a.text)
check(own.post("/api/v1/me/second").status == 409, "a second secret does not take its place")
half, a = enter("li.lei", GOOD)
check(a.json["data"] == {"second": True, "token": a.json["data"]["token"]} and half.get("/api/v1/me").status == 401, "the password alone opens nothing now", a.text)
before = dict(half.cookies)
a = half.post("/api/v1/sign-in/second", {"code": taken})
check(a.status == 403, "a code that was taken is not taken again", a.text)
check(half.post("/api/v1/sign-in/second", {"code": code(secret, 7)}).status == 403 and half.post("/api/v1/sign-in/second", {"code": ""}).status == 403, "nor a wrong one")
a = half.post("/api/v1/sign-in/second", {"code": code(secret, 1)})
check(a.status == 200 and half.cookies["gangmu_session"] != before["gangmu_session"], "the next one opens, under a new token", a.text)
check(half.get("/api/v1/me").json["data"]["second_factor"], "and says that it is on")
stale = Client(server, who=None)
stale.cookies = before
check(stale.get("/api/v1/me").status == 401, "the token from before the code stays worth nothing")
sql(server, "DELETE FROM sign_in_failure")
half, a = enter("li.lei", GOOD)
a = half.post("/api/v1/sign-in/second", {"code": recovery[0].upper().replace("-", " ")})
check(a.status == 200, "a recovery code stands for one", a.text)
half, a = enter("li.lei", GOOD)
check(half.post("/api/v1/sign-in/second", {"code": recovery[0]}).status == 403, "once")
tries = []
for n in range(6):
    half, a = enter("li.lei", GOOD)
    tries.append(a.status if a.status != 200 else half.post("/api/v1/sign-in/second", {"code": "%06d" % n}).status)
check(429 in tries, "guesses at codes wait, although the password is right each time", tries)
sql(server, "DELETE FROM sign_in_failure")
half, a = enter("li.lei", GOOD)
sql(server, "UPDATE session SET created_us = ? WHERE stage = 'second'", int((time.time() - 700) * 1000000))
check(half.post("/api/v1/sign-in/second", {"code": recovery[1]}).status == 401, "who looks for the telephone for more than ten minutes begins anew")
sql(server, "DELETE FROM sign_in_failure")
half, a = enter("li.lei", GOOD)
half.post("/api/v1/sign-in/second", {"code": recovery[1]})
half.token = ""
check(half.post("/api/v1/me/second/codes", {"old": "x"}).status == 422, "new codes ask for the password")
renewed = half.post("/api/v1/me/second/codes", {"old": GOOD}).json["data"]["once"]
check(len(renewed) == 10 and not set(renewed) & set(recovery), "and take the place of the old ones")
check(half.post("/api/v1/me/second/drop", {"old": "x"}).status == 422 and half.post("/api/v1/me/second/drop", {"old": GOOD}).status == 200, "the factor goes with the password")
check("second" not in enter("li.lei", GOOD)[1].json["data"], "and is not asked for any more")
a = half.post("/api/v1/me/second")
half.post("/api/v1/me/second/confirm", {"code": code(a.json["data"]["secret"])})
check(security.post("/api/v1/admin/roles/%s/unlock" % lilei).status == 200 and "second" not in enter("li.lei", GOOD)[1].json["data"], "a lost telephone: the security administrator drops it")

# ---- sessions ----
one, a = enter("li.lei", GOOD)
two, a = enter("li.lei", GOOD)
listed = one.get("/api/v1/me").json["data"]["sessions"]
check(len(listed) >= 2 and sum(s["this"] for s in listed) == 1 and all(s["address"] == "127.0.0.1" for s in listed), "one's sessions are listed", listed)
there = two.get("/api/v1/me").json["data"]["sessions"]
other = next(s["id"] for s in there if s["this"])
check(one.post("/api/v1/me/sessions/%s/end" % other).status == 200 and two.get("/api/v1/me").status == 401, "one is ended")
check(one.post("/api/v1/me/sessions/%s/end" % other).status == 404, "once")
foreign = next(s["id"] for s in system.get("/api/v1/me").json["data"]["sessions"] if s["this"])
check(one.post("/api/v1/me/sessions/%s/end" % foreign).status == 404 and system.get("/api/v1/me").status == 200, "nobody else's is")
two, a = enter("li.lei", GOOD)
check(one.post("/api/v1/me/sessions/end").status == 200 and two.get("/api/v1/me").status == 401 and one.get("/api/v1/me").status == 200, "or all others at once")
check(system.post("/api/v1/admin/accounts/%s/close" % lilei).status == 200 and one.get("/api/v1/me").status == 401, "closing an account ends them all")
check(enter("li.lei", GOOD)[1].status == 403, "and it does not open")
check(system.post("/api/v1/admin/accounts/%s/reopen" % lilei).status == 200 and enter("li.lei", GOOD)[1].status == 403, "reopened it waits for approval again")
security.post("/api/v1/admin/roles/%s/approve" % lilei)
again = system.post("/api/v1/admin/accounts/%s/reset" % lilei).json["data"]["once"][0]
check(enter("li.lei", GOOD)[1].status == 403 and enter("li.lei", again)[1].json["data"]["must_change"], "a reset gives a one-time password")
secrets = [secret, first, again, *recovery, *renewed]
kept = " ".join(str(v) for row in sql(server, "SELECT value FROM event_field UNION SELECT hash FROM recovery_code") for v in row)
check(not any(s in kept or s.upper().replace("-", "") in kept for s in secrets), "no event holds a secret, no table a recovery code")
acts = {row[0] for row in sql(server, "SELECT act FROM event WHERE record = 'account'")}
check({"account_make", "account_approve", "account_close", "account_reopen", "account_unlock", "administrator_set", "factor_begin", "factor_confirm", "factor_codes",
       "factor_drop", "session_end", "session_end_others", "password_reset", "sign_in_first"} <= acts, "every act is an event", acts)
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")

# ---- tokens for programs ----
server = Server("tokens.db", "--demo")
owner = Client(server)
pid = owner.get("/api/v1/plans").json["rows"][0]["id"]


def token(**fields):
    return owner.post("/api/v1/me/tokens", {"name": "同步", "days": "30", **fields})


def program(bearer, method, path, body=""):
    c = Client(server, who=None)
    headers = {"Authorization": "Bearer " + bearer}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return c.request(method, path, body if method == "POST" else None, headers)


for fields, field in (({"name": ""}, "name"), ({"scopes": ""}, "scopes"), ({"scopes": "read nonsense"}, "scopes"), ({"scopes": "read", "days": "0"}, "days"),
                      ({"scopes": "read", "days": "9999"}, "days")):
    a = token(**fields)
    check(a.status == 422 and a.json["at"] == {"field": field}, "refused at " + field, a.text)
reads, acts_all, uploads = (token(scopes=s).json["data"]["once"][0] for s in ("read", "act", "plan.see plan.void"))
check(re.fullmatch("gm_[0-9a-f]{64}", reads), "a token of 32 bytes, shown once", reads)
check(reads not in owner.get("/me").text and reads not in str(sql(server, "SELECT * FROM api_token")), "and never again, nor kept")
matrix = {"GET /api/v1/plans": ("GET", "/api/v1/plans", (200, 200, 200)),
          "accept": ("POST", "/api/v1/plans/%s/accept-clear" % pid, (403, 200, 403)),
          "void": ("POST", "/api/v1/plans/%s/void" % pid, (403, 200, 200)),
          "restore": ("POST", "/api/v1/plans/%s/restore" % pid, (403, 200, 200)),
          "own account": ("GET", "/api/v1/me", (403, 403, 403)),
          "new token": ("POST", "/api/v1/me/tokens", (403, 403, 403)),
          "sign out": ("POST", "/api/v1/sign-out", (403, 403, 403)),
          "accounts": ("GET", "/api/v1/admin/accounts", (403, 403, 403))}
for name, (method, path, expect) in matrix.items():
    got = []
    for bearer in (reads, acts_all, uploads):
        got.append(program(bearer, method, path, "reason=x").status)
        if name == "void":
            owner.post("/api/v1/plans/%s/restore" % pid)
        if name == "restore":
            owner.post("/api/v1/plans/%s/void" % pid)
    check(tuple(got) == expect, "%s with read, act, and by name: %s" % (name, expect), got)
who = owner.get("/api/v1/plans/%s/history" % pid).json["rows"][0]["actor"]
check(who == "周敏（zhoumin）", "the history names the person whose program it is", who)
check(program(reads, "GET", "/plans").status == 303, "a token opens no page")
for bad in ("", "gm_" + "0" * 64, reads[:-1], reads + "x", "x" * 5000):
    check(program(bad, "GET", "/api/v1/plans").status in (401, 431), "no token: %s…" % bad[:8])
with_both = Client(server)
with_both.sign()
a = with_both.request("GET", "/api/v1/plans", None, {"Authorization": "Bearer gm_" + "0" * 64})
check(a.status == 401, "a wrong token is not rescued by a session", a.status)
ids = {t["scopes"]: t["id"] for t in owner.get("/api/v1/me").json["data"]["tokens"]}
check(owner.get("/api/v1/me").json["data"]["tokens"][0]["used"], "the last use is kept")
check(Client(server, who="chenyu").post("/api/v1/me/tokens/%s/end" % ids["read"]).status == 404, "nobody else ends it")
check(owner.post("/api/v1/me/tokens/%s/end" % ids["read"]).status == 200 and program(reads, "GET", "/api/v1/plans").status == 401, "its owner does")
sql(server, "UPDATE api_token SET expires_us = ?", int((time.time() - 1) * 1000000))
check(program(acts_all, "GET", "/api/v1/plans").status == 401, "what has expired is worth nothing")
sql(server, "UPDATE api_token SET expires_us = ?", int((time.time() + 100) * 1000000))
sql(server, "UPDATE account SET state = 'closed' WHERE login = 'zhoumin'")
check(program(acts_all, "GET", "/api/v1/plans").status == 401, "nor what a closed account has made")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
