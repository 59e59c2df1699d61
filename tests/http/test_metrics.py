"""/metrics, /healthz, /readyz, and the log: every line can be read, and none tells what people typed."""
import json
import re
import signal
import socket
import time

from kit import Client, Server, check, demo, finish

TOKEN = "0123456789abcdef0123"
SECRET = "张三丰的身份证"


def figures(text):
    """Reads the text format: {(name, labels): value}; a line that is none of it fails the test."""
    found, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            types[line.split()[2]] = line.split()[3]
            continue
        if line.startswith("# HELP "):
            continue
        m = re.fullmatch(r'([a-z_]+)(?:\{((?:[a-z]+="[^"\\\n]*",?)*)\})? (-?[0-9.]+)', line)
        if not m:
            check(False, "a line of figures", line)
            continue
        found[(m.group(1), m.group(2) or "")] = float(m.group(3))
    return found, types


server = Server("metrics.db", "--demo", "--log", "debug")
c = Client(server)
for _ in range(3):
    c.get("/plans?q=" + "%E5%BC%A0%E4%B8%89%E4%B8%B0")
c.get("/nowhere/" + "%E5%BC%A0%E4%B8%89%E4%B8%B0")
c.get("/static/x")
pid = c.get("/api/v1/plans").json["rows"][0]["id"]
c.get("/plans/" + pid)
upload = c.upload(SECRET + ".txt", demo("yunlan-2026.txt").replace(b"41", b"44"), title=SECRET, reason=SECRET)
check(upload.status == 200, "an upload", upload.text[:200])
c.token = "0" * 32
c.post("/plans/%s/void" % pid, {"rev": "1", "reason": SECRET})

# a request is counted when its thread has let go of it, which may be a moment after its answer has come
end = time.monotonic() + 5
while time.monotonic() < end:
    text = c.get("/metrics").text
    if 'route="/plans/{id}/void",status="403"' in text and "gangmu_in_flight 1\n" in text:
        break
    time.sleep(0.05)
answer = c.get("/metrics")
check(answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), "/metrics from this machine")
found, types = figures(answer.text)
names = {name for name, _ in found}
for name in ("gangmu_build_info", "gangmu_requests_total", "gangmu_request_seconds_bucket", "gangmu_in_flight", "gangmu_connections",
             "gangmu_sent_bytes_total", "gangmu_store_queue", "gangmu_store_commits_total", "gangmu_store_acts_total",
             "gangmu_store_retries_total", "gangmu_store_readers_busy", "gangmu_events", "gangmu_cache_bytes", "gangmu_cache_hits_total",
             "gangmu_cache_misses_total", "gangmu_worker_children"):
    check(name in names, "there is " + name)
get = lambda name, labels="": found.get((name, labels))
check(get("gangmu_requests_total", 'method="GET",route="/plans",status="200"') == 4, "requests are counted by route and status", found)
check(get("gangmu_requests_total", 'method="",route="",status="404"') == 1, "those without a route too")
check(get("gangmu_requests_total", 'method="POST",route="/plans/{id}/void",status="403"') == 1, "and those refused")
check(get("gangmu_request_seconds_count", 'method="GET",route="/plans"') == 4, "and their times")
buckets = [v for (n, l), v in found.items() if n == "gangmu_request_seconds_bucket" and 'method="GET",route="/plans",' in l]
check(len(buckets) == 13 and buckets == sorted(buckets) and buckets[-1] == 4, "buckets rise to all", buckets)
check(get("gangmu_in_flight") >= 1 and get("gangmu_connections") >= 1, "this request is in flight", found)
check(get("gangmu_store_acts_total") >= get("gangmu_store_commits_total") > 0, "acts and commits")
check(get("gangmu_cache_bytes") > 0, "the cache holds something")
check(get("gangmu_store_queue") == 0, "nothing waits")
check(types["gangmu_requests_total"] == "counter" and types["gangmu_request_seconds"] == "histogram", "types")
events = get("gangmu_events")
c.token = ""
c.upload("又.txt", demo("yunlan-2026.txt").replace(b"41", b"45"))
check(figures(c.get("/metrics").text)[0][("gangmu_events", "")] == events + 1, "events are counted")
check(SECRET not in answer.text and pid not in answer.text, "no names and no ids in the figures")

# ---- health ----
check(c.get("/healthz").json["status"] == "ok" and c.get("/readyz").json["status"] == "ready", "alive and ready")

# ---- the log ----
check(server.stop() == 0, "ends in order")
lines = open(server.log.name, encoding="utf-8").read().splitlines()
logged = []
for line in lines:
    try:
        logged.append(json.loads(line))
    except ValueError:
        check(False, "a line of the log is JSON", line)
check(all({"at", "level", "event"} <= set(x) for x in logged), "each says when, how bad and what")
check(all(x["level"] in ("debug", "info", "warn", "error") for x in logged), "levels")
requests = [x for x in logged if x["event"] == "request"]
wanted = {"request", "method", "route", "status", "us", "bytes", "who", "from", "end"}
check(all(wanted <= set(x) for x in requests), "a request's line has all its parts", [sorted(x) for x in requests][:1])
check(all(isinstance(x[n], int) for x in requests for n in ("status", "us", "bytes")), "numbers are numbers")
check(len([x for x in requests if x["route"] == "/plans" and x["method"] == "GET"]) == 4, "one line a request")
check([x["status"] for x in requests if x["route"] == "/plans/{id}/void"] == [403], "refusals too")
check(all(x["from"] == "127.0.0.1" for x in requests), "where it came from")
check(len({x["who"] for x in requests}) <= 2 and all(re.fullmatch("([0-9a-f]{12})?", x["who"]) for x in requests), "who it was, by a sign and not by name")
check(all(x["bytes"] > 100 for x in requests if x["route"] == "/plans"), "how much was sent")
text = "\n".join(lines)
check(SECRET not in text and "张三丰" not in text and "%E5%BC%A0" not in text, "never what people typed: query, path, form, file name")
check("本机用户" not in text and pid not in text and not any(v in text for v in c.cookies.values()), "never an id of a record or of a session")

# ---- levels ----
for level, least in (("info", 1), ("warn", 0)):
    s = Server("levels.db", "--log", level)
    k = Client(s)
    k.get("/plans")
    k.get("/healthz")
    s.stop()
    got = [json.loads(x) for x in open(s.log.name, encoding="utf-8").read().splitlines()]
    routes = [x["route"] for x in got if x["event"] == "request" and "sign-in" not in x["route"] and x["route"] != "/session"]
    check(routes == ["/plans"] * least, "at %s: %d line" % (level, least), routes)
    open(s.log.name, "w").close()

# ---- who may read the figures ----
server = Server("metrics.db", "--metrics-token", TOKEN, "--proxy", "127.0.0.1", "--hosts", "gangmu.example.org")
c = Client(server)
check(c.get("/metrics").status == 403, "behind a proxy not without the token")
check(c.get("/metrics", Authorization="Bearer " + TOKEN[:-1] + "x").status == 403, "nor with a wrong one")
check(c.get("/metrics", Authorization="Bearer " + TOKEN).status == 200, "but with it")
check(c.get("/metrics", Authorization="Bearer " + TOKEN, X_Forwarded_For="203.0.113.9").status == 200, "from anywhere")
check(TOKEN not in open(server.log.name).read(), "the token is not in the log")
check(server.stop() == 0, "ends in order")
finish()
