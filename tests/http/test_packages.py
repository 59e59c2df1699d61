"""The matrix of packages: every record, act and figure of every system, as everybody who holds one of its roles, at home and elsewhere.
What each may is worked out here from the declarations by other code than the program's, and asked of everything that could tell: the
record by its real and by a guessed id, its fields, its list, its acts and start acts, figures, and every page and file under /s. No answer
holds a word of a row that its reader does not see, or of a field that is closed to them, and no act outside the declaration is possible.

Rows are written past the program: every record in every state, at two places, with everybody once as creator and once in each field of
people. Each carries words of its own; a word in an answer tells which row it came from. On PostgreSQL a few systems, as a sample."""
import glob
import http.client
import itertools
import json
import os
import re
import subprocess
import urllib.parse

import yaml

from kit import CLUSTER, ROOT, Server, check, finish, sql

SYSTEMS = {d["system"]: d for d in (yaml.load(open(p, encoding="utf-8"), yaml.BaseLoader) for p in sorted(glob.glob(os.path.join(ROOT, "systems/*/system.yaml"))))}
if CLUSTER:
    SYSTEMS = {k: SYSTEMS[k] for k in ("hotline", "pairs")}
CLASSES = ["open", "inner", "personal", "sensitive", "sealed"]
LEAST = {"phone": "personal", "bank_account": "sensitive", "id_number": "sensitive"}
WORD = re.compile("[密私]\\d{5}号")
GUESSED = "01m82tfcepq10kmka0x6"


def many(x):
    return x if isinstance(x, list) else [] if x is None else [x]


# ---- what is declared ----

class Field:
    def __init__(self, name, said):
        self.name, self.kind = name, said["is"].split("(")[0]
        self.unit_kind = said["is"].split("(")[1].rstrip(")") if self.kind == "unit" and "(" in said["is"] else None
        least, own = LEAST.get(self.kind, "inner"), said.get("class", "inner")
        self.cls = max(own, least, key=CLASSES.index) if self.kind in LEAST else own


class Record:
    def __init__(self, system, name, said):
        self.system, self.name, self.table = system, name, "%s_%s" % (system, name)
        self.fields = {n: Field(n, f) for n, f in said["fields"].items()}
        self.places = [x for x in many(said.get("belongs")) + many(said.get("shared")) if x]
        self.belongs, self.about = said.get("belongs"), said.get("about")
        self.states = {n: isinstance(s, dict) and s.get("end") == "yes" for n, s in said.get("states", {"kept": "", "over": {"end": "yes"}}).items()}
        self.acts = {n: (many(a["who"]), many(a["from"])) for n, a in said.get("acts", {}).items()}
        if "states" not in said:
            keepers = many(said["keepers"])
            self.acts = {"add": (keepers, ["start"]), "change": (keepers, ["kept"]), "end": (keepers, ["kept"])}
        self.rows = []


class Role:
    def __init__(self, system, name, said):
        self.system, self.name, self.at = system, name, many(said["at"])
        self.sees = {r: s if isinstance(s, dict) else {"scope": s} for r, s in said.get("sees", {}).items()}
        self.opens = {c for c, o in SYSTEMS[system].get("privacy", {}).get("opens", {}).items() if name in many(o["to"])}


records = {s: {n: Record(s, n, r) for n, r in d["records"].items()} for s, d in SYSTEMS.items()}
roles = {s: [Role(s, n, r) for n, r in d["roles"].items()] for s, d in SYSTEMS.items()}
TERM = re.compile(r"(\w+)(?:@(\w+))?$")

server = Server("packages.db")


# ---- the tree, the people, the rows ----

def write(lines):
    """Many statements at once, past the program."""
    if CLUSTER:
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", server.db], input=";\n".join(lines) + ";", text=True, check=True, capture_output=True)
        return
    import sqlite3
    db = sqlite3.connect(server.db, timeout=60)
    db.executescript("BEGIN IMMEDIATE;" + ";\n".join(lines) + ";COMMIT;")
    db.close()


units = {i: (kind, parent or None, name) for i, kind, parent, name in sql(server, "SELECT id, kind, coalesce(parent, ''), name FROM unit WHERE closed_day = '9999-12-31' ORDER BY kind, place, id")}


def pair(kind):
    """Two units of a kind, under different ones where there are."""
    of = [i for i, u in units.items() if u[0] == kind]
    other = next((i for i in of if units[i][1] != units[of[0]][1]), of[-1])
    return of[0], other


KINDS = {u[0] for u in units.values()}
PAIRS = {k: pair(k) for k in KINDS}
first_school, second_school = PAIRS["school"]
PAIRS["district"] = tuple(units[x][1] for x in PAIRS["school"]) if all(units[units[x][1]][0] == "district" for x in PAIRS["school"]) else PAIRS["district"]


def is_under(unit, top):
    while unit:
        if unit == top:
            return True
        unit = units[unit][1] if unit in units else None
    return False


class Person:
    """Holds one role of each system: the k-th of its roles, at home (0) or elsewhere (1)."""

    def __init__(self, n):
        self.n, self.id, self.login = n, "matrixperson%08d" % n, "matrix%d" % n
        self.role_no, self.side, self.cookie, self.token = n // 2, n % 2, "", ""
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def role(self, system):
        return roles[system][self.role_no] if self.role_no < len(roles[system]) else None

    def unit(self, system):
        role = self.role(system)
        kinds = [k for k in role.at if k in KINDS]
        return PAIRS[kinds[-1 if self.side else 0]][self.side] if kinds else None

    def ask(self, method, path, fields=None, **headers):
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.cookie:
            sent["Cookie"] = self.cookie
        body = None
        if method == "POST":
            body = urllib.parse.urlencode(fields or {})
            sent.update({"Content-Type": "application/x-www-form-urlencoded", "X-Token": self.token})
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # it was idle for long
            self.connection.close()
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        data = response.read()
        if not self.cookie and response.headers.get("Set-Cookie"):
            self.cookie = "; ".join(x.split(";")[0] for x in response.headers.get_all("Set-Cookie") if "gangmu_lang" not in x)
        return response.status, data.decode("utf-8", "replace")

    def sign_in(self):
        self.token = json.loads(self.ask("GET", "/api/v1/session")[1])["data"]["token"]
        was, self.cookie = self.cookie, ""
        self.connection.request("POST", "/api/v1/sign-in/demo", urllib.parse.urlencode({"login": self.login}),
                                {"Cookie": was, "X-Token": self.token, "Content-Type": "application/x-www-form-urlencoded"})
        response = self.connection.getresponse()
        data = json.loads(response.read())
        self.cookie = "; ".join(x.split(";")[0] for x in response.headers.get_all("Set-Cookie") if "gangmu_lang" not in x)
        self.token = data["data"]["token"]


people = [Person(n) for n in range(2 * max(len(r) for r in roles.values()))]
stranger = Person(len(people))  # holds none
nobody = Person(len(people) + 1)
lines = []
for p in people + [stranger]:
    lines.append("INSERT INTO person (tenant, id, name, created_us, updated_us, rev) VALUES ('local', '%s', '测试%d', 1, 1, 1)" % (p.id, p.n))
    lines.append("INSERT INTO account (tenant, id, login, name, person, admin, hash, state, demo, must_change, created_us, changed_us) VALUES "
                 "('local', '%s', '%s', '测试%d', '%s', '', '', 'open', 1, 0, 1, 1)" % (p.id, p.login, p.n, p.id))
    posts = [(s, p.role(s), p.unit(s)) for s in SYSTEMS if p is not stranger and p.role(s) and p.unit(s)]
    for i, (s, role, unit) in enumerate(posts or [(None, None, first_school)]):
        lines.append("INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', 'post-%d-%d', '%s', '%s', '%s', '', '2020-01-01', '9999-12-31')" %
                     (p.n, i, p.id, unit, "%s.%s" % (s, role.name) if s else "reader"))

columns = {}
for table in {r.table for s in records.values() for r in s.values()}:
    if CLUSTER:
        columns[table] = {r[0] for r in sql(server, "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()", table)}
    else:
        columns[table] = {r[1] for r in sql(server, "PRAGMA table_info(%s)" % table)}
side_tables = {r[0] for r in sql(server, "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()" if CLUSTER else "SELECT name FROM sqlite_master WHERE type = 'table'")}
numbers = itertools.count(1)
row_of_word = {}


class Row:
    def __init__(self, record, i, holders):
        self.record, self.n = record, next(numbers)
        self.id, self.word, self.closed_word = "matrixrow%011d" % self.n, "密%05d号" % self.n, "私%05d号" % self.n
        self.state = list(record.states)[i % len(record.states)]
        self.ended = record.states[self.state]
        self.creator = holders[i % len(holders)].id
        self.units, self.persons, values, sides = {}, {}, {}, []
        for k, f in enumerate(record.fields.values()):
            table = "%s__%s" % (record.table, f.name)
            if f.kind in ("unit", "units"):
                kind = f.unit_kind if f.unit_kind in KINDS else "school" if f.name == record.belongs or (i + k) % 3 == 0 else "department" if (i + k) % 3 == 1 else "district"
                value, into = PAIRS[kind][i % 2], self.units
            elif f.kind in ("person", "persons"):
                value, into = holders[(i + k + 1) % len(holders)].id, self.persons
            elif f.kind in ("text", "code") and f.name in columns[record.table]:
                values[f.name] = self.word if CLASSES.index(f.cls) < 2 else self.closed_word
                continue
            else:
                continue
            if f.name in columns[record.table]:
                values[f.name], into[f.name] = value, value
            elif table in side_tables:
                sides.append((table, value))
                into[f.name] = value
        if "area_of_unit" in columns[record.table]:
            unit = self.units.get(record.belongs)
            values["area_of_unit"] = (units[unit][1] or unit) if unit else None
        values.update(tenant="local", id=self.id, rev=1, number=self.word, lookup=self.id, state=self.state, ended=int(self.ended), created=1790000000000000 + self.n, creator=self.creator,
                      changed=1790000000000000 + self.n)
        values = {k: v for k, v in values.items() if v is not None}
        row_of_word[self.word] = row_of_word[self.closed_word] = self
        lines.append('INSERT INTO %s (%s) VALUES (%s)' % (record.table, ", ".join('"%s"' % k for k in values), ", ".join("'%s'" % v if isinstance(v, str) else str(v) for v in values.values())))
        for table, value in sides:
            lines.append("INSERT INTO %s (tenant, owner, seq, value) VALUES ('local', '%s', 1, '%s')" % (table, self.id, value))


for s in SYSTEMS:
    holders = [p for p in people if p.role(s) and p.unit(s)]
    for r in records[s].values():
        r.rows = [Row(r, i, holders) for i in range(max(len(holders), len(r.states)))]
write(lines)
for p in people + [stranger]:
    p.sign_in()


# ---- what is expected ----

def holds(where, row):
    """`state != .x and not ended`, three words of the language."""
    for part in where.split(" and "):
        if part == "not ended":
            good = not row.ended
        else:
            name, op, right = re.match(r"(\w+) (!=|=|in) (.*)", part).groups()
            if name != "state":
                raise SystemExit("a condition this test does not know: " + where)
            good = (row.state in re.findall(r"\.(\w+)", right)) == (op != "!=")
        if not good:
            return False
    return True


def sees(p, row):
    role, at = p.role(row.record.system), p.unit(row.record.system) if p.role(row.record.system) else None
    said = role.sees.get(row.record.name) if role and at else None
    if not said or (said.get("where") and not holds(said["where"], row)):
        return False
    mine = [row.units[x] for x in row.record.places if x in row.units]
    scope = said["scope"]
    return (scope == "all" or scope == "unit" and at in mine or scope == "below" and any(is_under(u, at) for u in mine)
            or scope == "mine" and p.id in [row.creator, *row.persons.values()] or scope == "about" and row.persons.get(row.record.about) == p.id)


def fits(p, row, act):
    role = p.role(row.record.system)
    for term in row.record.acts[act][0]:
        name, field = TERM.match(term).groups()
        if name == "self" and row.persons.get(field) == p.id or name == "creator" and row.creator == p.id:
            return True
        if name == role.name and (not field or row.units.get(field) == p.unit(role.system)):
            return True
    return False


def for_people(record, act):
    return any(TERM.match(t).group(1) not in ("clock", "system") for t in record.acts[act][0])


def may_start(p, record, act):
    names = [TERM.match(t).groups() for t in record.acts[act][0]]
    return any(n == p.role(record.system).name or n == "self" for n, _ in names)


def readable(p, field):
    return CLASSES.index(field.cls) < 2 or field.cls == "personal" and "personal" in p.role_now.opens


# ---- asking ----

wrong, asked = [], itertools.count()


def ask(p, system, method, path, *fields, **headers):
    """Every answer is searched for words of rows that are not this person's to read."""
    status, text = p.ask(method, path, *fields, **headers)
    next(asked)
    for word in set(WORD.findall(text)):
        row = row_of_word.get(word)
        role = p.role(row.record.system) if row and p.role_no < 99 else None
        if row and (not sees(p, row) or word[0] == "私" and "personal" not in role.opens):
            wrong.append((p.n, method, path, "tells of " + word))
    if status >= 500:
        wrong.append((p.n, method, path, status, text[:200]))
    return status, text


def expect(good, *what):
    if not good:
        wrong.append(what)


def code(text):
    try:
        return json.loads(text).get("code")
    except ValueError:
        return None


def told(name, found):
    check(not wrong, name, (len(wrong), wrong[:6]))
    wrong.clear()
    check(found > 0, name + ": something was asked", found)


STALE = {"If_Match": "999"}  # an act that may be done is refused for it, so that nothing changes


def walk_record(p, system, record):
    base, api = "/s/%s/%s" % (system, record.name), "/api/v1/s/%s/%s" % (system, record.name)
    mine = [r for r in record.rows if sees(p, r)]
    others = [r for r in record.rows if not sees(p, r)]
    status, text = ask(p, system, "GET", api)
    expect(status == 404 or status == 200, p.n, api, status, text[:200])
    if status == 200:
        found = json.loads(text)
        ids = {r["id"] for r in found["rows"]}
        expect(found["next"] or ids == {r.id for r in mine}, p.n, api, "list", len(ids), len(mine))
    else:
        expect(not mine, p.n, api, "no list of what is seen")
    reads = {f.name for f in record.fields.values() if readable(p, f)}
    for row in (mine if not p.side else mine[:2]) + others[:2]:
        status, text = ask(p, system, "GET", api + "/" + row.id)
        expect(status == (200 if row in mine else 404), p.n, row.id, record.table, row.state, "read", status)
        if status != 200:
            expect(json.loads(text)["says"] == json.loads(ask(p, system, "GET", api + "/" + GUESSED)[1])["says"], p.n, api, "a hint that an id is real")
            continue
        found = json.loads(text)
        expect(set(found["data"]["fields"]) == reads, p.n, record.table, "fields", sorted(set(found["data"]["fields"]) ^ reads))
        offered = set(found["can"]) | {c["act"] for c in found["cannot"] if c["code"] != "forbidden"}
        expect(all(fits(p, row, a) for a in offered), p.n, record.table, row.state, "offers", [a for a in offered if not fits(p, row, a)])
    if mine:
        expect(ask(p, system, "GET", base + "/" + mine[0].id)[0] == 200, p.n, base, "page")
    if others:
        expect(ask(p, system, "GET", base + "/" + others[0].id)[0] == 404, p.n, base, "page of what is not seen")
    for query in ("?as=csv", "?as=xlsx", "?q=" + urllib.parse.quote("密"), "?state=" + list(record.states)[0], "?view=board", "?view=calendar", "/board", "/calendar", "/map", "/export?as=csv"):
        ask(p, system, "GET", base + query)
    for act in record.acts:
        if record.acts[act][1] == ["start"]:
            want = (404,) if not for_people(record, act) else (409, 422) if may_start(p, record, act) else (403,)
            status, text = ask(p, system, "POST", "%s/acts/%s" % (api, act), {"nonesuch": "1"} if 422 in want else {})
            expect(status in want, p.n, record.table, act, "start", status, text[:160])
            expect(ask(p, system, "GET", "%s/acts/%s" % (base, act))[0] == (404 if want == (404,) else 403 if want == (403,) else 200), p.n, base, act, "form")
            continue
        for row in (mine if p.side else mine[:1] + mine[-1:])[:2] + others[:1]:
            status, text = ask(p, system, "POST", "%s/%s/acts/%s" % (api, row.id, act), {}, **STALE)
            want = (404,) if row in others or not for_people(record, act) else (409, 422) if fits(p, row, act) else (403,)
            expect(status in want or status == 403 and "except" in SYSTEMS[system]["records"][record.name].get("acts", {}).get(act, {}), p.n, record.table, row.state, act, status, want, text[:160])


def measured(system, name, seen=()):
    """The records whose numbers a measure tells."""
    said = SYSTEMS[system]["measures"][name]
    if "of" in said:
        return {said["of"]}
    return set().union(*(measured(system, n) for n in re.findall(r"[a-z_]\w*", said["value"]) if n in SYSTEMS[system]["measures"]))


def reaches(p, system, record, unit):
    said = p.role(system).sees.get(record, {"scope": "none"})["scope"]
    return said == "all" or said == "below" and is_under(unit, p.unit(system)) or said == "unit" and unit == p.unit(system)


def walk_measures(p, system):
    for name in SYSTEMS[system].get("measures", {}):
        for unit in {first_school, second_school, PAIRS["district"][0], PAIRS["bureau"][0], p.unit(system)}:
            path = "/api/v1/s/%s/measures/%s?at=%s" % (system, name, unit)
            good = all(reaches(p, system, r, unit) for r in measured(system, name))
            status, text = ask(p, system, "GET", path)
            expect(status in (200, 404) and (status == 200) == good or good and code(text) == "too_small", p.n, path, units[unit][2], status, good)
        ask(p, system, "GET", "/s/%s/measures/%s/records?at=%s" % (system, name, second_school))


def read_routes():
    """Every address under /s that the sources serve; holes are filled by what there is."""
    found = set()
    for path in sorted(glob.glob(os.path.join(ROOT, "src/app/*.c"))):
        found |= set(re.findall(r"\{GET,\s*\"(/s/\{system\}[^\"]*|/inbox[^\"]*|/verify[^\"]*)\"", open(path, encoding="utf-8").read()))
    return sorted(found)


ROUTES = read_routes()
before = sql(server, "SELECT max(seq) FROM event")[0][0]
for system in SYSTEMS:
    count = 0
    for p in people:
        p.role_now = p.role(system)
        if not p.role_now or not p.unit(system):
            continue
        for record in records[system].values():
            walk_record(p, system, record)
        walk_measures(p, system)
        for route in ROUTES:
            for record in records[system].values():
                row = next((r for r in record.rows if not sees(p, r)), record.rows[0])
                filled = route.replace("{system}", system).replace("{record}", record.name).replace("{id}", row.id).replace("{act}", next(iter(record.acts)))
                ask(p, system, "GET", re.sub(r"\{\w+\}", GUESSED, filled))
                if "{record}" not in route:
                    break
        for word in ("密", "私", record.rows[0].word):
            ask(p, system, "GET", "/api/v1/search?q=" + urllib.parse.quote(word))
        count += 1
    for p, want in ((stranger, 404), (nobody, 401)):
        for record in records[system].values():
            base = "/api/v1/s/%s/%s" % (system, record.name)
            expect(ask(p, system, "GET", base)[0] == want and ask(p, system, "GET", base + "/" + record.rows[0].id)[0] == want, p.n, base, "nobody's")
            for act in record.acts:
                path = base + ("" if record.acts[act][1] == ["start"] else "/" + record.rows[0].id) + "/acts/" + act
                status = ask(p, system, "POST", path, {}, **STALE)[0]
                expect(status in (want, 403 if p is nobody else want), p.n, path, status)
    told("%s: what its %d roles may, and nothing else" % (system, len(roles[system])), count)
check(sql(server, "SELECT max(seq) FROM event")[0][0] == before and len(ROUTES) > 8, "nothing was done by all that", (before, ROUTES))
print("# %d questions" % next(asked))
check(server.verify() == 0, "the chain holds")
server.stop()
finish()
