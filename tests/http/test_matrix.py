"""The matrix: every route and API call as everybody, with real and guessed ids. What each may is read from rules/roles.yaml
here, by other code than the program's; the routes are read from the sources and must be those of openapi.json. Nothing
outside the declared matrix is possible: no answer, no change, no hint whether a guessed id is real, nobody's name or title.

And the kernel's records, people and plans: what each sees is worked out here from the rows of the database, by the words of the
language, and asked of everything that could tell: lists, counts, choices, files, searches, histories, error texts. Last, what is
offered: every link on every page leads on, and no form stands where its act would be refused."""
import csv
import glob
import html.parser
import io
import itertools
import os
import re
import sqlite3
import subprocess
import time
import urllib.parse

from kit import CLUSTER, ROOT, Client, Server, check, finish

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# routes that serve several acts and ask for the one that is meant themselves
EITHER = {"unit.manage", "role.grant"}
INSIDE = {("GET", "/people/{id}/do"): EITHER, ("POST", "/people/{id}/acts"): EITHER, ("GET", "/org/import"): EITHER, ("POST", "/org/import"): EITHER,
          ("GET", "/org/import/{id}/problems"): EITHER, ("POST", "/org/import/{id}/take"): EITHER, ("GET", "/org/export"): EITHER}
OUTSIDE = {"open", "leave", "self.password", "self"}  # about having signed in at all
PACKAGE = {"system.see", "system.act"}  # whoever has a post comes in; what there is for them the packages decide (test_systems.py)
SEARCH = "search.see"  # whoever has a post, and administrators who see units; each group of what is found has its own right


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
check(all(act in ACTS | OUTSIDE | PACKAGE | {SEARCH} for _, _, act, _ in ROUTES), "every route asks for a declared act", [r[:3] for r in ROUTES if r[2] not in ACTS | OUTSIDE | PACKAGE | {SEARCH}])
check(all(acts <= ACTS for acts in MAY.values()), "every role holds declared acts")
told = {(method.upper(), path) for path, methods in api["paths"].items() for method in methods}
ours = {(m, p) for m, p, _, flags in ROUTES if "ROUTE_PAGE_ONLY" not in flags and "ROUTE_PLAIN" not in flags}
check(told == ours, "openapi.json has every route and no other", told ^ ours)
admins = [{a for a in MAY[r] if not a.endswith(".see")} for _, kind, r in ACCOUNTS if kind == "admin"]
check(len(admins) == 3 and not any(a & b for a in admins for b in admins if a is not b), "the powers of the three administrators do not overlap")


def may(account, act):
    if act == "open":
        return True
    if act in PACKAGE:
        return account is not None and account[1] == "role"
    if act == SEARCH:
        return account is not None and (account[1] == "role" or "unit.see" in MAY[account[2]])
    return account is not None and (act in OUTSIDE or act in MAY[account[2]])


# ---- ids that are real, and ids that are guessed ----
planner = Client(server)
plans = planner.get("/api/v1/plans").json["rows"]
pid, other = plans[0]["id"], plans[1]["id"]
step = planner.get("/api/v1/plans/" + pid).json["data"]["review"][-1]["step"]
real = {"id": pid, "item": step, "format": "json", "record": "person", "name": "plans"}


def rows(text):
    """Rows of the database, each value a text; nothing is ''."""
    if CLUSTER:
        done = subprocess.run(["psql", "-qtA", "-F", "\x1f", server.db, "-c", text], capture_output=True, text=True, check=True)
        return [tuple(line.split("\x1f")) for line in done.stdout.splitlines()]
    db = sqlite3.connect("file:%s?mode=ro" % server.db, uri=True, timeout=20)
    found = [tuple("" if v is None else str(v) for v in row) for row in db.execute(text)]
    db.close()
    return found


kinds = {"units": rows("SELECT id FROM unit ORDER BY id LIMIT 1")[0][0], "people": rows("SELECT id FROM person ORDER BY id LIMIT 1")[0][0]}
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
KERNEL = source("rules/rights/kernel.yaml")
SEES, OPENS = {}, {}
for line in KERNEL.split("records:")[0].splitlines():
    if found := re.match(r"  (\w+): \{.*sees: \{(.*)\}\}$", line):
        SEES[found.group(1)] = {r: narrowed or word for r, word, narrowed in re.findall(r"(\w+): (?:(\w+)|\{scope: (\w+), where: [^}]*\})", found.group(2))}
for name, to in re.findall(r"^    (\w+): \{to: \[([^]]*)\]", KERNEL.split("opens:")[1], re.M):
    OPENS[name] = {role.strip() for role in to.split(",")}
OFFICES = ("department", "class")
check(len(SEES) > 10 and all("plan" in SEES[r] for r in ("planner", "leader")) and len(OPENS) == 2, "scope words and classes are read", (SEES, OPENS))


class World:
    """The tree, posts and guardians of today, and the plans, as the database has them."""

    def __init__(self):
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        held = "from_day <= '%s' AND until_day >= '%s'" % (today, today)
        self.parent = dict(rows("SELECT id, parent FROM unit"))
        self.kind = dict(rows("SELECT id, kind FROM unit"))
        self.people = [r[0] for r in rows("SELECT id FROM person ORDER BY id")]
        self.posts = rows("SELECT person, role, unit FROM post WHERE " + held)
        self.away = rows("SELECT d.deputy, o.role, o.unit FROM delegation d JOIN post o ON o.id = d.post WHERE d.%s AND o.%s"
                         % (held.replace("AND ", "AND d."), held.replace("AND ", "AND o.")))
        self.wards = set(rows("SELECT person, pupil FROM guardian WHERE " + held))
        self.plans = {r[0]: r for r in rows("SELECT id, unit, accepted_all, voided, title, issuer FROM plan")}

    def is_under(self, unit, above):
        while unit:
            if unit == above:
                return True
            unit = self.parent.get(unit)
        return False

    def seat(self, unit):
        while unit and self.kind[unit] in OFFICES:
            unit = self.parent[unit]
        return unit

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

    def held(self, me, admin):
        own = [(r, u, True) for p, r, u in self.posts if p == me]
        return [(admin, None, True)] if admin else own + [(r, u, False) for p, r, u in self.away if p == me]

    def sees(self, me, admin, other, of=None):
        """of: through these roles only."""
        return any(self.word_shows(SEES.get(role, {}).get(record, "none"), me, unit, other, record == "pupil", own)
                   for role, unit, own in self.held(me, admin) if of is None or role in of for record in ("person", "pupil"))

    def sees_plan(self, me, admin, plan, of=None):
        _, at, accepted, voided, _, _ = self.plans[plan]
        for role, unit, _ in self.held(me, admin):
            words, seat = SEES.get(role, {}), self.seat(unit)
            if of is not None and role not in of:
                continue
            if words.get("plan") == "below" and self.is_under(at, seat):
                return True
            if of is None and words.get("issued") == "unit" and self.is_under(seat, at) and (accepted, voided) == ("1", "0"):
                return True
        return False


def listed(client, query="?sort=name"):
    ids, after = [], ""
    while after is not None:
        answer = client.get("/api/v1/people" + query + after).json
        ids += [r["id"] for r in answer["rows"]]
        after = answer["next"] and "&after=" + urllib.parse.quote(answer["next"])
    return ids


def person_of(login):
    return (rows("SELECT person FROM account WHERE login = '%s'" % login) or [("",)])[0][0]


kept = {}
LABELS = {"身份证号": "identity", "电话": "phone", "学籍号": "pupil"}
for person, field in rows("SELECT p.id, COALESCE(s.field, '') FROM person p LEFT JOIN person_secret s ON s.person = p.id"):
    kept.setdefault(person, set()).update({field} - {""})
world = World()
names = dict(rows("SELECT id, name FROM person"))
for account in ACCOUNTS:
    login, kind, role = account
    if not may(account, "unit.see"):
        continue
    client = Client(server, who=login)
    client.sign()
    me = person_of(login)
    seen = {p for p in world.people if world.sees(me, role if kind == "admin" else None, p)}
    check(sorted(listed(client)) == sorted(seen), "%s sees %d of %d people in the list" % (login, len(seen), len(world.people)),
          set(listed(client)) ^ seen)
    hidden = [p for p in world.people if p not in seen]
    check(all(client.get("/api/v1/people/" + p).status == 200 for p in sorted(seen)[:20]), "%s opens those" % login)
    # classes of fields: a telephone and the ends of a number are personal, an identity number is sensitive; a role opens them or not
    wrong, number = [], 0
    for p in sorted(seen, key=lambda p: (("identity" not in kept[p], "phone" not in kept[p]), p))[:14]:
        opened = world.sees(me, role if kind == "admin" else None, p, of=OPENS["personal"])
        a, page = client.get("/api/v1/people/" + p), client.get("/people/" + p).text
        facts = {f["what"]: f["says"] for f in a.json["data"]["facts"]}
        number += opened
        want = {label: field for label, field in LABELS.items() if opened and field in kept[p]}
        if {label for label in LABELS if label in facts} != set(want) or any((label in page) != (label in want) for label in LABELS):
            wrong.append((p, opened, facts, kept[p]))
        if any("*" not in facts[label] for label in want):
            wrong.append((p, "masked", facts))
        whole = client.post("/api/v1/people/%s/numbers" % p, {"purpose": "核对"})
        if may(account, "person.numbers"):
            if whole.status != 200 or set(whole.json["data"]) != kept[p] or "*" in whole.text:
                wrong.append((p, "whole", whole.text))
        elif whole.status != 403:
            wrong.append((p, "whole", whole.status))
    check(not wrong and names[sorted(seen)[0]], "%s reads the fields whose class is open to them, of %d people" % (login, number), wrong)
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

# ---- plans: an account in another district, one plan of it, one of the city that is accepted, one that is void ----
system, security = Client(server, who="demo-system"), Client(server, who="demo-security")


YESTERDAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 - 86400))


def employ(login, name, unit, role):
    """A new person with a post and an account, signed in."""
    person = system.post("/api/v1/people", {"name": name}).json["data"]["id"]
    security.post("/api/v1/people/%s/acts" % person, {"act": "post", "unit": unit, "role": role, "title": "x", "from": YESTERDAY})
    once = system.post("/api/v1/admin/accounts", {"login": login, "person": name}).json["data"]["once"][0]
    security.post("/api/v1/admin/roles/%s/approve" % {r["login"]: r["id"] for r in security.get("/api/v1/admin/roles").json["rows"]}[login])
    c = Client(server, who=None)
    for path, fields in (("sign-in", {"login": login, "password": once}), ("me/password", {"old": once, "password": "Ganglifen-2026"})):
        a = c.post("/api/v1/" + path, fields)
        check(a.status == 200, "%s: %s" % (login, path), a.text[:200])
        c.token = a.json["data"].get("token", "")
    return c


def paper(words):
    return ("%s\n\n一、校园安全\n1.%s，2026年10月底前完成。责任单位：安全处。\n" % (words, words)).encode()


xihe = employ("xihe", "西河人", "西河区教育局", "planner")
school = employ("xihexiao", "西河校长", "西河一小", "school_head")
clients = {login: Client(server, who=login) for login, _, _ in ACCOUNTS}
clients.update(xihe=xihe, xihexiao=school)
who_acts = {a[0]: a for a in ACCOUNTS}
who_acts.update(xihe=("xihe", "role", "planner"), xihexiao=("xihexiao", "role", "school_head"))
for client, words in ((xihe, "西河密件独有词"), (clients["zhoumin"], "市局印发独有词"), (clients["zhoumin"], "市局作废独有词"), (clients["hefang"], "东山密件独有词")):
    a = client.upload(words + ".txt", paper(words), title=words + "工作要点", issuer=words + "局")
    check(a.status == 200, "uploaded: " + words, a.text[:200])
by_title = {p["title"]: p for p in clients["zhoumin"].get("/api/v1/plans").json["rows"]}
issued, gone = (by_title[w + "工作要点"]["id"] for w in ("市局印发独有词", "市局作废独有词"))
a = clients["zhoumin"].post("/api/v1/plans/%s/accept-clear" % issued)
check(a.status == 200 and a.json["data"]["status"] == "accepted", "the city's is accepted as a whole", a.text[:300])
check(clients["zhoumin"].post("/api/v1/plans/%s/void" % gone).status == 200, "another is void")
world = World()
mine = clients["xihe"].get("/api/v1/plans").json["rows"]
check({p["title"] for p in mine} == {"西河密件独有词工作要点", "市局印发独有词工作要点"}, "the district sees its own and what the city issued", mine)
KEY = "%016x" % 1  # of no fact and no item, but in the form of one
FIELDS = {"reason": "x", "item": KEY, "key": KEY, "answer": "x", "subject": "target", "act": "1", "seq": "1", "to": KEY, "value": "1"}
units = {name for name, in rows("SELECT name FROM unit")}  # which everybody who works sees
PLAN_GETS = [p for m, p, act, flags in ROUTES if m == "GET" and p.startswith("/plans/{id}")]
PLAN_POSTS = [(p, act) for m, p, act, flags in ROUTES if m == "POST" and p.startswith("/plans/{id}")]


def bare(a, plan):
    """An answer without what the asker said: the id, and the number of the request."""
    return a.status, re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "", a.text).replace(plan, "ID"), (a.headers.get("Location") or "").replace(plan, "ID")


def pages(client, path):
    found = []
    while path:
        answer = client.get("/api/v1" + path).json
        found += [r["id"] for r in answer["rows"]]
        path = answer["next"]
    return found


for login, client in clients.items():
    account = who_acts[login]
    if not may(account, "plan.see"):
        continue
    client.sign()
    me, admin = person_of(login), account[2] if account[1] == "admin" else None
    sees = {p for p in world.plans if world.sees_plan(me, admin, p)}
    kept = {p for p in sees if world.plans[p][3] == "0"}
    hidden = [p for p in world.plans if p not in sees]
    words = [(world.plans[p][4], world.plans[p][5]) for p in hidden]
    told = {t for p in sees for t in world.plans[p][4:6]}
    secret = {t for pair in words for t in pair if t and t not in told | units and not any(t in known for known in told)}
    check(sorted(pages(client, "/plans")) == sorted(kept) and sorted(pages(client, "/plans?status=void")) == sorted(sees - kept),
          "%s lists %d of %d plans" % (login, len(sees), len(world.plans)), sees ^ set(pages(client, "/plans")))
    check(sorted(pages(client, "/plans?sort=title")) == sorted(kept) == sorted(pages(client, "/plans?sort=year")), "in every order")
    places = ["/plans", "/plans?status=void", "/plans?lang=en", "/compare", "/notices?show=all", "/notices", "/views", "/help"]
    texts = "".join(client.get(p).text + (client.get("/api/v1" + p).text if p != "/compare" and p != "/help" else "") for p in places)
    check(not any(t in texts for t in secret), "%s reads no other title or issuer in lists, choices and notices" % login, [t for t in secret if t in texts])
    file = client.get("/plans?as=csv").body.decode("utf-8-sig")
    check(len(list(csv.reader(io.StringIO(file)))) == len(kept) + 1 and not any(t in file for t in secret), "%s exports %d lines" % (login, len(kept)), file[:300])
    check(not any(t.encode() in client.get("/plans?as=xlsx").body for t in secret), "and no other in a workbook")
    for title, issuer in words[:6]:
        for asked in (title, title[:4], issuer):
            a, nothing = client.get("/api/v1/search?q=" + urllib.parse.quote(asked)), client.get("/api/v1/plans?q=" + urllib.parse.quote(asked))
            hits = [r["link"] for r in a.json["rows"]]
            check(not any(p in link for p in hidden for link in hits) and not any(r["id"] in hidden for r in nothing.json["rows"]),
                  "%s finds nothing of “%s”" % (login, asked), hits)
        a = client.get("/search?q=" + urllib.parse.quote(title))
        check(not any(p in a.text for p in hidden), "nor on the page of the search")
    for p in sorted(sees)[:4]:
        check(client.get("/plans/" + p).status == 200 and client.get("/api/v1/plans/%s/history" % p).status == 200, "%s opens %s" % (login, world.plans[p][4]))
    absent = pid[:-4] + "zzzz"
    for p in hidden:
        wrong = []
        for path in PLAN_GETS:
            for head in ("", "/api/v1"):
                a, b = (client.get(head + re.sub(r"\{(\w+)\}", lambda m: {"id": x, "item": "1", "format": "json"}[m.group(1)], path)) for x in (p, absent))
                if bare(a, p) != bare(b, absent) or a.status not in (403, 404):
                    wrong.append((head + path, a.status, b.status))
        for path, act in PLAN_POSTS:
            a, b = (client.post("/api/v1" + path.replace("{id}", x), FIELDS) for x in (p, absent))
            if bare(a, p) != bare(b, absent) or a.status < 400:
                wrong.append((path, a.status, a.text[:100], b.status, b.text[:100]))
        for path in ("/compare?a=%s&b=" + sorted(sees)[0], "/compare?mode=years&b=%s&a=" + sorted(sees)[0], "/compare/export/text?b=%s&a=" + sorted(sees)[0], "/plans/new?replaces=%s"):
            a, b = client.get(path % p), client.get(path % absent)
            if bare(a, p) != bare(b, absent):
                wrong.append((path, a.status, b.status))
        for side in ("left", "right"):
            a, b = (client.post("/api/v1/compare/links", {"left": sorted(sees)[0], "right": sorted(sees)[0], "left_item": KEY, "right_item": KEY, "link": "yes", side: x}) for x in (p, absent))
            if bare(a, p) != bare(b, absent) or a.status < 400:
                wrong.append(("link " + side, a.status, a.text[:200], b.status, b.text[:200]))
        if may(account, "plan.upload"):
            a, b = (client.upload("x.txt", paper("换稿"), replaces=x) for x in (p, absent))
            if bare(a, p) != bare(b, absent) or a.status != 404:
                wrong.append(("replaces", a.status, a.text[:200], b.status))
        check(not wrong, "%s cannot tell %s from one that is not there" % (login, world.plans[p][4]), wrong)
    for path, act in PLAN_POSTS:  # what is only seen is not changed
        for p in sorted(sees):
            allowed = act in MAY[account[2]] and world.sees_plan(me, admin, p, of={r for r in MAY if act in MAY[r]})
            a = None if allowed else client.post("/api/v1" + path.replace("{id}", p), FIELDS)
            if a is not None and a.status != 403:
                check(False, "%s may not %s on %s" % (login, act, world.plans[p][4]), (a.status, a.text[:200]))
    if may(account, "plan.upload") and hidden:
        a = client.upload("again.txt", paper("西河密件独有词"), title="同样的字节")
        own = next((p for p in world.plans if world.plans[p][4].startswith("西河密件")), None)
        check((a.status == 200) == (own not in sees), "%s is not told that others keep the same bytes" % login, a.text[:200])
        if a.status == 200:
            world = World()
# ---- what is offered may be done: every page as everybody, every link on it followed, every form judged by the declared matrix ----
TO_MANAGE = {"change", "guardian", "guardian-end", "found", "rename", "move", "merge", "split", "close", "reopen", "describe", "kind"}
PATHS = [(m, re.compile("^" + re.sub(r"\\\{\w+\\\}", "([^/?#]+)", re.escape(p)) + "$"), p, act) for m, p, act, _ in ROUTES]
LEAVES = {"/notices/stream"}  # never ends


class Offers(html.parser.HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "a" and a.get("href", "").startswith("/"):
            self.links.append(a["href"].split("#")[0])
        elif tag == "form" and a.get("method") != "dialog":
            self.forms.append((a.get("method", "get").upper(), a["action"].split("#")[0], {}))
        elif tag == "input" and self.forms and "name" in a:
            self.forms[-1][2].setdefault(a["name"], a.get("value", ""))


def route_of(method, address):
    path = address.split("?")[0]
    fits = [(p.count("{"), p, act) for m, at, p, act in PATHS if m == method and at.match(path)]
    return min(fits)[1:] if fits else (None, None)


def shape(address):
    """Addresses of one shape offer the same: the route, the names in the query, words that choose an act."""
    path, _, query = address.partition("?")
    fields = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return route_of("GET", address)[0] or path, tuple(sorted({k if k not in ("act", "add", "edit", "what") else k + "=" + v for k, v in fields}))


def form_may(account, me, admin, method, address, fields):
    path, act = route_of(method, address)
    if path is None:
        return False
    if (method, path) in INSIDE:  # several acts: the form, or the address, says which
        if "/acts" in path:
            act = "unit.manage" if fields.get("act") in TO_MANAGE else "role.grant"
        else:
            return bool(EITHER & MAY[account[2]])
    if not may(account, act):
        return False
    plan = fields.get("left") if path.startswith("/compare/links") else fields.get("replaces") or (
        address.split("/")[2].split("?")[0] if path.startswith("/plans/{id}") else None)
    return not plan or not act.startswith("plan.") or world.sees_plan(me, admin, plan, of=None if act == "plan.see" else {r for r in MAY if act in MAY[r]})


# every other role that may something or nothing, and one who plans for a district and reads the whole city
for login, role, unit in (("cha", "reader", "云岚市教育局"), ("jing", "clerk", "发展规划与财务处"), ("zhang", "dept_head", "基础教育处"),
                          ("qu", "district_clerk", "西河区教育局"), ("jiao", "teacher", "西河一小"), ("liang", "planner", "西河区教育局")):
    clients[login], who_acts[login] = employ(login, "看页人" + login, unit, role), (login, "role", role)
MAY["planner and reader"] = MAY["planner"] | MAY["reader"]
who_acts["liang"] = ("liang", "role", "planner and reader")
a = security.post("/api/v1/people/%s/acts" % person_of("liang"), {"act": "post", "unit": "云岚市教育局", "role": "reader", "title": "x", "from": YESTERDAY})
check(a.status == 200, "one holds two posts", a.text[:200])
world = World()
for login, client in clients.items():
    account = who_acts[login]
    client.sign()
    me, admin = person_of(login), account[2] if account[1] == "admin" else None
    begin = [p for m, p, act, flags in ROUTES if m == "GET" and "{" not in p and "ROUTE_API_ONLY" not in flags and "ROUTE_PLAIN" not in flags
             and p not in LEAVES and may(account, act) and (m, p) not in INSIDE]
    queue, asked, seen_pages, closed, forms = begin + ["/compare?a=%s&b=%s" % pair for pair in
                                                      itertools.permutations(sorted(p for p in world.plans if world.sees_plan(me, admin, p))[:3], 2)], {}, 0, [], []
    while queue:
        address = queue.pop(0)
        kind = shape(address)
        if asked.get(kind, 0) >= 4 or kind[0] in LEAVES:
            continue
        asked[kind] = asked.get(kind, 0) + 1
        a = client.get(address)
        if a.status in (401, 403) or (a.status == 404 and address not in begin):
            closed.append((address, a.status))
        if not a.headers.get("Content-Type", "").startswith("text/html"):
            continue
        offers = Offers(a.text)
        seen_pages += 1
        queue += [x for x in offers.links if x not in queue and "lang=" not in x]
        forms += [(address, f) for f in offers.forms]
    bad = [(at, f) for at, f in forms if not form_may(account, me, admin, *f)]
    check(not closed, "%s: no link on %d pages leads to a refusal" % (login, seen_pages), closed)
    check(not bad, "%s: none of %d forms would be refused" % (login, len(forms)), bad)
    if may(account, "plan.see") and may(account, "plan.correct"):
        check({"/plans/{id}/correct", "/plans/{id}/add"} <= {route_of(m, x)[0] for _, (m, x, _) in forms}, "%s is offered what they may" % login)

# ---- whoever is named on the page of another, as a deputy or a guardian, is named to those who see them ----
zhou, he = (next(p for p, n in rows("SELECT id, name FROM person") if n == name) for name in ("周敏", "何芳"))
post = next(p["id"] for p in security.get("/api/v1/people/" + zhou).json["data"]["posts"])
a = security.post("/api/v1/people/%s/acts" % zhou, {"act": "delegate", "post": post, "deputy": he, "from": YESTERDAY, "until": "2030-12-31"})
pupil, kin = (next(p for p, n in rows("SELECT id, name FROM person") if n == name) for name in ("学生甲", "家长甲"))
head = employ("dongxiao", "东山校长", "东山一小", "school_head")
for who, whose, named, name, role in ((clients["jing"], zhou, he, "何芳", "given"), (head, pupil, kin, "家长甲", "guardians")):
    texts = [who.get(path % whose) for path in ("/people/%s", "/api/v1/people/%s", "/people/%s/history", "/api/v1/people/%s/history")]
    check(a.status == 200 and all(t.status == 200 and named not in t.text and name not in t.text for t in texts),
          "%s is not named to who does not see them" % name, [(t.status, name in t.text, named in t.text) for t in texts])
    given = texts[1].json["data"][role]
    check(len(given) == 1 and given[0]["role"] and "who" not in given[0] and "person" not in given[0] and "范围" in texts[0].text, "that there is somebody is told", given)
    texts = [system.get(path % whose) for path in ("/people/%s", "/api/v1/people/%s", "/api/v1/people/%s/history")]
    check(all(name in t.text for t in texts), "and to who sees them they are", [t.text[:200] for t in texts])

# ---- whoever plans for two units says whose a plan is; for a third they do not ----
two = employ("both", "两处人", "西河区教育局", "planner")
units_by_name = {name: u for u, name in rows("SELECT id, name FROM unit")}
check('name="unit"' not in two.get("/plans/new").text, "one unit: nothing to choose")
a = security.post("/api/v1/people/%s/acts" % person_of("both"), {"act": "post", "unit": "发展规划与财务处", "role": "planner", "title": "x"})
page = two.get("/plans/new").text
check(all('value="%s"' % units_by_name[n] in page for n in ("西河区教育局", "云岚市教育局")), "two: the units, not the office", a.text[:200])
for name, status in (("云岚市教育局", 200), ("西河区教育局", 200), ("东山区教育局", 422), ("发展规划与财务处", 422)):
    a = two.upload(name + ".txt", paper("两处独有词" + name), unit=units_by_name[name])
    check(a.status == status and (status != 200 or a.json["data"]["unit"] == units_by_name[name]), "uploaded for %s: %d" % (name, status), a.text[:200])

# ---- whoever is moved does not read any more of what they had to do there ----
moved = employ("moved", "调离人", "西河区教育局", "planner")
a = moved.upload("m.txt", paper("调离密件独有词") + "2.新建学校若干所。\n".encode(), title="调离密件独有词工作要点")
told = moved.get("/api/v1/notices").json["rows"]
check(a.status == 200 and len(told) == 1 and "调离密件" in told[0]["says"], "a to-do about a plan of the unit", told)
who = person_of("moved")
post = next(p["id"] for p in security.get("/api/v1/people/" + who).json["data"]["posts"])
a = security.post("/api/v1/people/%s/acts" % who, {"act": "post-end", "post": post, "until": YESTERDAY})
b = security.post("/api/v1/people/%s/acts" % who, {"act": "post", "unit": "东山区教育局", "role": "reader", "title": "x"})
check((a.status, b.status) == (200, 200), "moved to another district", (a.text[:200], b.text[:200]))
page = moved.get("/notices?show=all")
check(page.status == 200 and "调离密件" not in page.text + moved.get("/api/v1/notices?show=all").text and moved.get("/api/v1/notices").json["rows"] == [],
      "it is not read any more, nor counted", page.text[-300:])
check(world.sees_plan(person_of("xihe"), None, issued) and not world.sees_plan(person_of("xihe"), None, issued, of={"planner"}), "what the city issued is seen, and is not theirs to change")
server.stop()
finish()
