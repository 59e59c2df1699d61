#!/usr/bin/env python3
"""sqlmap over every parameter and every form field of a demo server, as /api/v1/openapi.json lists them: `tools/scan.sh`.

LEVEL and RISK (2, 1) go to sqlmap; ONLY=word takes only addresses that have it. What sqlmap says of each address is kept in
SCRATCH. Each address has a server of its own and is tried by somebody who may. The server must afterwards answer, have a chain
that verifies, and have answered nothing with 500."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ.setdefault("SCRATCH", tempfile.mkdtemp(prefix="gangmu-scan-"))
os.environ.setdefault("GANGMU", os.path.join(ROOT, os.environ.get("BUILD", "build"), "gangmu"))
sys.path.insert(0, os.path.join(ROOT, "tests/http"))
from kit import SCRATCH, Client, Server  # noqa: E402


PEOPLE = ("zhoumin", "demo-system", "demo-security", "demo-audit")
LISTS = {"plans": "zhoumin", "units": "demo-system", "people": "demo-system", "admin/accounts": "demo-system", "admin/roles": "demo-security"}


# What gets past the first check of a field, so that what stands behind it is reached; everything else is "1".
PLAUSIBLE = {"at": "2026-09-01", "day": "2026-09-01", "from": "2026-09-01", "until": "2026-12-31", "kind": "school", "stage": "primary", "role": "planner",
             "name": "东山", "title": "东山", "q": "东山", "act": "rename", "year": "2026", "level": "city", "sort": "title", "list": "plans", "login": "zhoumin"}


def filled(names):
    return urllib.parse.urlencode({n: PLAUSIBLE.get(n, "1") for n in names})


def ids_of(server):
    """An id that exists, by the beginning of the address it stands in."""
    found = {}
    for where, who in LISTS.items():
        body = Client(server, who=who).get("/api/v1/" + where).text
        found[where] = re.search(r'"id":"([^"]+)"', body).group(1)
    found.update({"rights/people": found["people"], "rights/record": found["plans"]})
    return found


def attempts(server):
    """(method, address with its query, fields of the form) for each operation; where nothing else is taken, the id is tried."""
    ids = ids_of(server)
    for path, methods in Client(server).get("/api/v1/openapi.json").json["paths"].items():
        for method, what in methods.items():
            query = [p["name"] for p in what.get("parameters", []) if p["in"] == "query"]
            content = what.get("requestBody", {}).get("content", {})
            schema = next(iter(content.values()), {}).get("schema", {}).get("properties", {})
            fields = [name for name in schema if name not in ("file", "token")]
            mark = "" if query or fields else "*"
            plain = re.sub("^/api/v1", "", path)
            known = next((ids[w] for w in sorted(ids, key=len, reverse=True) if plain.startswith("/" + w + "/")), "1")
            address = re.sub(r"\{(\w+)\}", lambda m: {"id": known, "record": "unit"}.get(m.group(1), "1") + mark, path)
            if not address.startswith("/api/"):
                address = "/api/v1" + address
            if query or fields or "*" in address:
                yield method.upper(), address + ("?" + filled(query) if query else ""), fields


def who_may(server, method, address, fields):
    """Signed in as somebody whom the address does not refuse for want of rights; what was sent changed only this server."""
    plain = address.replace("*", "")
    for who in PEOPLE:
        probe = Client(server, who=who)
        answer = probe.get(plain) if method == "GET" else probe.post(plain, {f: PLAUSIBLE.get(f, "1") for f in fields})
        if answer.status != 403:
            break
    client = Client(server, who=who)
    client.sign()
    return who, client


def scan(server, client, number, method, address, fields):
    out = os.path.join(SCRATCH, "sqlmap-%d" % number)
    base = "http://127.0.0.1:%d" % server.port
    words = ["sqlmap", "-u", base + address, "--batch", "--disable-coloring", "--flush-session", "--output-dir", out, "--level", os.environ.get("LEVEL", "2"),
             "--risk", os.environ.get("RISK", "1"), "--threads", "4", "--time-sec", "3", "--timeout", "20", "--retries", "0", "--ignore-code", "*",
             "--drop-set-cookie", "--cookie", client.cookie_line(), "-H", "X-Token: " + client.sign(), "--param-exclude", "token|gangmu_session"]
    if method == "POST":
        words += ["--method", "POST", "--data", filled(fields)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=3600)
    with open(os.path.join(SCRATCH, "sqlmap-%d.txt" % number), "w") as f:
        f.write(" ".join(words) + "\n" + done.stdout + done.stderr)
    found = re.findall(r"^Parameter: .*$|is vulnerable.*$", done.stdout, re.M)
    ran = "all tested parameters do not appear to be injectable" in done.stdout or found
    return found, bool(ran), done.stdout[-300:] if not ran else ""


def main():
    if not shutil.which("sqlmap"):
        print("sqlmap is not installed: apt-get install sqlmap, or run tools/scan.sh")
        return 2
    first = Server("scan.db", "--demo", "--log", "error")
    tries = list(attempts(first))
    first.stop()
    bad = left = count = dead = 0
    codes = {}
    only = os.environ.get("ONLY", "")
    for number, (method, address, fields) in enumerate(tries):
        if only not in address:
            continue
        begun = time.monotonic()
        server = Server("scan-%d.db" % number, "--demo", "--log", "info")  # its own: an address may end sessions or lock accounts
        who, client = who_may(server, method, address, fields)
        found, ran, why = scan(server, client, number, method, address, fields)
        alive = Client(server, who=None).get("/healthz").status == 200
        dead += not (server.stop() == 0 and server.verify() == 0 and alive)
        for line in open(server.log.name, encoding="utf-8"):
            x = json.loads(line)
            if x["event"] == "request":
                codes[x["status"]] = codes.get(x["status"], 0) + 1
        count += 1
        bad += bool(found)
        left += not ran
        print("%-5s %-60s %-14s %-24s %4.0f s %s" % (method, address[:60], who, ",".join(fields)[:24], time.monotonic() - begun,
                                                    "FOUND " + str(found) if found else "nothing" if ran else "NOT TESTED " + why.replace("\n", " ")[-160:]), flush=True)
    print("%d addresses, %d with findings, %d not tested; answers by status: %s; %d servers did not go on or whose chain does not hold"
          % (count, bad, left, dict(sorted(codes.items())), dead))
    print("what sqlmap said: " + SCRATCH)
    return 1 if bad or dead or any(c >= 500 for c in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
