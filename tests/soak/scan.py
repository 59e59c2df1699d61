#!/usr/bin/env python3
"""sqlmap over every parameter and every form field of a demo server, as /api/v1/openapi.json lists them: `tools/scan.sh`.

LEVEL and RISK (2, 1) go to sqlmap; ONLY=word takes only addresses that have it. What sqlmap says of each address is kept in
SCRATCH. The server must afterwards answer, have a chain that verifies, and have answered nothing with 500."""
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


def attempts(client):
    """(method, address with its query, fields of the form) for each operation; where nothing else is taken, the id is tried."""
    ids = {"id": client.get("/api/v1/plans").json["rows"][0]["id"]}
    for path, methods in client.get("/api/v1/openapi.json").json["paths"].items():
        for method, what in methods.items():
            query = [p["name"] for p in what.get("parameters", []) if p["in"] == "query"]
            content = what.get("requestBody", {}).get("content", {})
            schema = next(iter(content.values()), {}).get("schema", {}).get("properties", {})
            fields = [name for name in schema if name not in ("file", "token")]
            mark = "" if query or fields else "*"
            address = re.sub(r"\{(\w+)\}", lambda m: ids.get(m.group(1), "1") + mark, path)
            if not address.startswith("/api/"):
                address = "/api/v1" + address
            if query or fields or "*" in address:
                yield method.upper(), address + ("?" + "&".join(q + "=1" for q in query) if query else ""), fields


def scan(server, client, number, method, address, fields):
    out = os.path.join(SCRATCH, "sqlmap-%d" % number)
    base = "http://127.0.0.1:%d" % server.port
    words = ["sqlmap", "-u", base + address, "--batch", "--disable-coloring", "--flush-session", "--output-dir", out, "--level", os.environ.get("LEVEL", "2"),
             "--risk", os.environ.get("RISK", "1"), "--threads", "4", "--time-sec", "3", "--timeout", "20", "--retries", "0", "--ignore-code", "*",
             "--drop-set-cookie", "--cookie", client.cookie_line(), "-H", "X-Token: " + client.sign(), "--param-exclude", "token|gangmu_session"]
    if method == "POST":
        words += ["--method", "POST", "--data", urllib.parse.urlencode({f: "1" for f in fields})]
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
    server = Server("scan.db", "--demo", "--log", "info")
    client = Client(server)
    client.sign()
    bad = left = count = 0
    only = os.environ.get("ONLY", "")
    for number, (method, address, fields) in enumerate(attempts(client)):
        if only not in address:
            continue
        begun = time.monotonic()
        found, ran, why = scan(server, client, number, method, address, fields)
        count += 1
        bad += bool(found)
        left += not ran
        print("%-5s %-60s %-24s %4.0f s %s" % (method, address[:60], ",".join(fields)[:24], time.monotonic() - begun,
                                              "FOUND " + str(found) if found else "nothing" if ran else "NOT TESTED " + why.replace("\n", " ")[-160:]), flush=True)
    alive = client.get("/healthz").status == 200
    sound = server.stop() == 0 and server.verify() == 0
    codes = {}
    for line in open(server.log.name, encoding="utf-8"):
        x = json.loads(line)
        if x["event"] == "request":
            codes[x["status"]] = codes.get(x["status"], 0) + 1
    print("%d addresses, %d with findings, %d not tested; answers by status: %s; server %s, chain %s"
          % (count, bad, left, dict(sorted(codes.items())), "alive" if alive else "DEAD", "holds" if sound else "BROKEN"))
    print("what sqlmap said: " + SCRATCH)
    return 1 if bad or not alive or not sound or any(c >= 500 for c in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
