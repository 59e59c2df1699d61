"""The matrix: every route and API call as everybody, with real and guessed ids. What each may is read from rules/roles.yaml
here, by other code than the program's; the routes are read from the sources and must be those of openapi.json. Nothing
outside the declared matrix is possible: no answer, no change, no hint whether a guessed id is real, nobody's name or title.

And the kernel's records: whom each sees is worked out here from the rows of the database, by the words of the language."""
import glob
import os
import re
import sqlite3
import time
import urllib.parse

from kit import CLUSTER, ROOT, Client, Server, check, finish

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# routes that serve several acts and ask for the one that is meant themselves
EITHER = {"unit.manage", "role.grant"}
INSIDE = {("GET", "/people/{id}/do"): EITHER, ("POST", "/people/{id}/acts"): EITHER, ("GET", "/org/import"): EITHER, ("POST", "/org/import"): EITHER,
          ("GET", "/org/import/{id}/problems"): EITHER, ("POST", "/org/import/{id}/take"): EITHER, ("GET", "/org/export"): EITHER}
OUTSIDE = {"open", "leave", "self.password", "self"}  # about having signed in at all


def source(path):
    return open(os.path.join(ROOT, path), encoding="utf-8").read()


def read_may():
    """role or administrator -> its acts; and all acts that are declared"""
    text = source("rules/roles.yaml")
    acts = set(re.findall(r"^  ([\w.]+): *\{", text.split("\nroles:")[0], re.M))
    may, role = {}, None
    for line in text.split("\nroles:")[1].splitlines():
        if found := re.match(r"  (\w+):", line):
            role = found.group(1)
        if role and (found := re.search(r"\bmay: *\[([^]]*)\]", line)):
            may[role] = {a.strip() for a in found.group(1).split(",") if a.strip()}
    return may, acts


def read_routes():
    """(method, path, act, flags) of every table of routes"""
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, "src/app/*.c")) + glob.glob(os.path.join(ROOT, "src/web/*.c"))):
        text = open(path, encoding="utf-8").read()
        for m in re.finditer(r"\{(GET|POST),\s*\"([^\"]+)\",\s*\"([^\"]*)\",(.*?)\},?\n", text, re.S):
            found.append((m.group(1), m.group(2), m.group(3), m.group(4)))
    return found


def read_accounts():
    text = source("demo/accounts.yaml")
    return [(login, kind, role) for login, kind, role in re.findall(r"\{login: ([\w-]+),.*?\b(role|admin): (\w+)", text)]


MAY, ACTS = read_may()
ROUTES = read_routes()
ACCOUNTS = read_accounts()
server = Server("matrix.db", "--demo")
api = Client(server, who=None).get("/api/v1/openapi.json").json

# ---- every route asks for a declared act, and openapi.json tells all of them ----
check(len(ROUTES) > 20 and len(ACCOUNTS) >= 8 and len(MAY) >= 8, "routes, accounts and roles are read", (len(ROUTES), len(ACCOUNTS), len(MAY)))
check(all(act in ACTS | OUTSIDE for _, _, act, _ in ROUTES), "every route asks for a declared act", [r[:3] for r in ROUTES if r[2] not in ACTS | OUTSIDE])
check(all(acts <= ACTS for acts in MAY.values()), "every role holds declared acts")
told = {(method.upper(), path) for path, methods in api["paths"].items() for method in methods}
ours = {(m, p) for m, p, _, flags in ROUTES if "ROUTE_PAGE_ONLY" not in flags and "ROUTE_PLAIN" not in flags}
check(told == ours, "openapi.json has every route and no other", told ^ ours)
admins = [{a for a in MAY[r] if not a.endswith(".see")} for _, kind, r in ACCOUNTS if kind == "admin"]
check(len(admins) == 3 and not any(a & b for a in admins for b in admins if a is not b), "the powers of the three administrators do not overlap")


def may(account, act):
    if act == "open":
        return True
    return account is not None and (act in OUTSIDE or act in MAY[account[2]])


# ---- ids that are real, and ids that are guessed ----
planner = Client(server)
plans = planner.get("/api/v1/plans").json["rows"]
pid, other = plans[0]["id"], plans[1]["id"]
step = planner.get("/api/v1/plans/" + pid).json["data"]["review"][-1]["step"]
real = {"id": pid, "item": step, "format": "json", "record": "person", "name": "plans"}


def database():
    if CLUSTER:
        return None
    return sqlite3.connect("file:%s?mode=ro" % server.db, uri=True, timeout=20)


kinds = {}
if database():
    db = database()
    kinds = {"units": db.execute("SELECT id FROM unit ORDER BY id LIMIT 1").fetchone()[0],
             "people": db.execute("SELECT id FROM person ORDER BY id LIMIT 1").fetchone()[0]}
    db.close()
guesses = [{"id": g, "item": "999", "format": "json", "record": "person", "name": "x"} for g in ("none", pid[:-1] + ("a" if pid[-1] != "a" else "b"), pid.upper())]
titles = [p["title"] for p in plans]


def filled(path, fill):
    head = path.split("/")[1]
    fill = dict(fill)
    if fill is not real and fill["id"] == real["id"]:
        fill["id"] = kinds.get("people" if head == "rights" else head, fill["id"])
    query = "?a=%s&b=%s" % (fill["id"], other) if path.startswith("/compare") else "?act=post" if path.endswith("/do") else ""
    return re.sub(r"\{(\w+)\}", lambda m: fill.get(m.group(1), "x"), path) + query


def addresses(path, flags):
    if "ROUTE_API_ONLY" not in flags:
        yield path
    if "ROUTE_PAGE_ONLY" not in flags and "ROUTE_PLAIN" not in flags:
        yield "/api/v1" + path


def events():
    return int(re.search(r"^gangmu_events (\d+)$", Client(server, who=None).get("/metrics").text, re.M).group(1))


def is_refusal(account, address, a):
    """Refused before any handler: 401 or the way to the sign-in page for nobody, 403 for somebody."""
    if account is None and not address.startswith("/api/"):
        return a.status == 401 or (a.status == 303 and a.headers["Location"].startswith("/sign-in"))
    if account is None:
        return a.status == 401 and a.json["code"] == "sign_in"
    if address.startswith("/api/"):
        return a.status == 403 and a.json["code"] == "forbidden"
    return a.status == 403


def said(a):
    """What an answer tells, without the number of the request."""
    return a.status, re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "", a.text) if a.status >= 400 else a.headers.get("Location")


for account in [None] + ACCOUNTS:
    who = account[0] if account else "nobody"
    client = Client(server, who=account[0] if account else None)
    own = client.get("/api/v1/session")
    before = events()
    wrong, leaks, oracles, open_doors = [], [], [], []
    for method, path, act, flags in ROUTES:
        allowed = may(account, act) and all(any(may(account, a) for a in acts) for at, acts in INSIDE.items() if at == (method, path))
        if allowed and (method, path) in INSIDE:
            continue
        if allowed and (method == "POST" or path in ("/session", "/notices/stream")):
            continue  # what one may do is for the other tests; a stream never ends
        for address in addresses(path, flags):
            fills = [dict(real)] + guesses
            answers = []
            for fill in fills:
                if method == "GET":
                    a = client.get(filled(address.replace("/api/v1", ""), fill) if not address.startswith("/api") else "/api/v1" + filled(path, fill))
                else:
                    target = filled(path, fill) if not address.startswith("/api") else "/api/v1" + filled(path, fill)
                    a = client.request("POST", target, "token=%s&reason=x&name=x&act=post" % client.token, dict(FORM, **{"X-Token": client.token or "x"}))
                answers.append(a)
            if allowed:
                if any(a.status in (401, 403) or a.status >= 500 for a in answers):
                    open_doors.append((method, address, [a.status for a in answers]))
                continue
            if not all(is_refusal(account, address, a) for a in answers):
                wrong.append((method, address, [a.status for a in answers]))
            if any(t in a.text for t in titles for a in answers):
                leaks.append((method, address))
            if "{" in path and method == "GET" and len({said(a)[0] for a in answers}) > 1:
                oracles.append((method, address))
            if "{" in path and address.startswith("/api/") and len({(a.status, a.json["code"], a.json["says"]) for a in answers}) > 1:
                oracles.append((method, address))
    check(not wrong, "%s is refused all that is not declared" % who, wrong)
    check(not leaks, "%s is told no title in a refusal" % who, leaks)
    check(not oracles, "%s cannot tell a guessed id from a real one" % who, oracles)
    check(not open_doors, "%s may what is declared" % who, open_doors)
    check(events() == before, "%s has changed nothing" % who, (before, events()))
    again = client.get("/api/v1/session")
    check(again.status == own.status, "and is still who they were")

# ---- units and people: whom each sees, worked out from the rows ----
PEOPLE = next((act for m, p, act, _ in ROUTES if (m, p) == ("GET", "/people")), None)
SEES = {}
for line in source("rules/rights/kernel.yaml").split("records:")[0].splitlines():
    if found := re.match(r"  (\w+): \{.*sees: \{([^}]*)\}", line):
        SEES[found.group(1)] = dict(pair.split(": ") for pair in found.group(2).split(", "))


class World:
    """The tree, posts and guardians of today, as the database has them."""

    def __init__(self):
        db = database()
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        self.parent = dict(db.execute("SELECT id, parent FROM unit"))
        self.people = [r[0] for r in db.execute("SELECT id FROM person ORDER BY id")]
        self.posts = db.execute("SELECT person, role, unit FROM post WHERE from_day <= ? AND until_day >= ?", (today, today)).fetchall()
        self.away = db.execute("SELECT d.deputy, o.role, o.unit FROM delegation d JOIN post o ON o.id = d.post WHERE d.from_day <= ?1 AND d.until_day >= ?1 "
                               "AND o.from_day <= ?1 AND o.until_day >= ?1", (today,)).fetchall()
        self.wards = set(db.execute("SELECT person, pupil FROM guardian WHERE from_day <= ? AND until_day >= ?", (today, today)))
        db.close()

    def is_under(self, unit, above):
        while unit:
            if unit == above:
                return True
            unit = self.parent.get(unit)
        return False

    def at(self, other, pupils):
        return [unit for person, role, unit in self.posts if person == other and (role == "pupil") == pupils]

    def word_shows(self, word, me, unit, other, pupils, own):
        if word == "all":
            return True
        if word == "unit":
            return unit in self.at(other, pupils)
        if word == "below":
            return any(self.is_under(u, unit) for u in self.at(other, pupils))
        if word == "about":
            return own and other == me
        return word == "mine" and own and (other == me or (me, other) in self.wards)

    def sees(self, me, admin, other):
        held = [(admin, None, True)] if admin else [(r, u, True) for p, r, u in self.posts if p == me] + [(r, u, False) for p, r, u in self.away if p == me]
        return any(self.word_shows(SEES.get(role, {}).get(record, "none"), me, unit, other, record == "pupil", own)
                   for role, unit, own in held for record in ("person", "pupil"))


def listed(client, query="?sort=name"):
    ids, after = [], ""
    while after is not None:
        answer = client.get("/api/v1/people" + query + after).json
        ids += [r["id"] for r in answer["rows"]]
        after = answer["next"] and "&after=" + urllib.parse.quote(answer["next"])
    return ids


world = World() if PEOPLE and not CLUSTER else None
for account in ACCOUNTS if world else []:
    login, kind, role = account
    if not may(account, PEOPLE):
        continue
    client = Client(server, who=login)
    client.sign()
    db = database()
    me = (db.execute("SELECT person FROM account WHERE login = ?", (login,)).fetchone() or [None])[0]
    names = dict(db.execute("SELECT id, name FROM person"))
    db.close()
    seen = {p for p in world.people if world.sees(me, role if kind == "admin" else None, p)}
    check(sorted(listed(client)) == sorted(seen), "%s sees %d of %d people in the list" % (login, len(seen), len(world.people)),
          set(listed(client)) ^ seen)
    hidden = [p for p in world.people if p not in seen]
    check(all(client.get("/api/v1/people/" + p).status == 200 for p in sorted(seen)[:20]), "%s opens those" % login)
    absent = client.get("/api/v1/people/none")
    same = [client.get("/api/v1/people/" + p) for p in hidden[:40]]
    check(all((a.status, a.json["code"], a.json["says"]) == (404, "not_found", absent.json["says"]) for a in same),
          "%s is told of nobody else, in the words for somebody who is not there" % login, [a.text for a in same[:2]])
    check(not any(listed(client, "?q=" + urllib.parse.quote(names[p])) and p in listed(client, "?q=" + urllib.parse.quote(names[p])) for p in hidden[:15]),
          "%s finds nobody else by name" % login)
    count = re.search(r'class="pager"><span>(\d+)项', client.get("/people").text)
    check(int(count.group(1)) == len(seen) if count else not seen, "%s is told the number of those and no other" % login, count and count.group(0))
    lines = client.get("/people?as=csv&col=since").body.decode("utf-8-sig").strip().splitlines()
    check(len(lines) == len(seen) + 1, "%s takes away those and no other" % login, len(lines))
    for p in hidden[:15] if may(account, next(act for m, at, act, _ in ROUTES if (m, at) == ("GET", "/search"))) else []:
        asked = urllib.parse.quote(names[p])
        hits = [r for r in client.get("/api/v1/search?q=" + asked).json["rows"] if r["link"].startswith("/people/")]
        alike = [x for x in seen if names[p] in names[x]]
        part = client.get("/search?q=" + asked, HX_Request="true").text
        if not check({r["link"] for r in hits} <= {"/people/" + x for x in alike} and len(hits) == min(8, len(alike)) and "/people/" + p not in part
                     and (len(alike) >= 8 or "/people?q=" not in part), "%s finds nobody else by the search, and no sign of them" % login, (names[p], hits)):
            break
    units = {u for p in hidden[:15] for u in world.at(p, False) + world.at(p, True)}
    shown = "".join(client.get("/units/" + u).text + client.get("/api/v1/units/" + u).text for u in sorted(units)[:15])
    check(not any("/people/" + p in shown or p in shown for p in hidden), "%s meets nobody else on the pages of units" % login)
server.stop()
finish()
