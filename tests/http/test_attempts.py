"""What attackers try, as a list: framing, paths, hosts, headers, redirects, sessions, uploads, everything over-long. Each
attempt says what must come of it; after each the server is asked whether it still serves others."""
import gzip
import io
import os
import re
import socket
import statistics
import threading
import time
import zipfile

from kit import HANGS, Client, Server, check, demo, finish

server = Server("attempts.db", "--demo", "--log", "error", "--header-seconds", "4", "--idle-seconds", "4")
c = Client(server)
c.sign()
PID = c.get("/api/v1/plans").json["rows"][0]["id"]


def alive(what):
    check(c.get("/healthz").status == 200, "still serves: " + what)


def raw(data, wait=8, parts=None):
    """Sends bytes as they are; gives all that comes back until the other side closes or is silent."""
    s = socket.create_connection(("127.0.0.1", server.port), timeout=wait)
    got = b""
    try:
        for part in parts or [data]:
            s.sendall(part)
        while True:
            more = s.recv(65536)
            if not more:
                break
            got += more
            if parts is None and got.count(b"HTTP/1.1 ") and b"Connection: close" not in got and len(more) < 65536:
                s.settimeout(0.7)
    except OSError:
        pass
    finally:
        s.close()
    return got


def statuses(got):
    return [int(x) for x in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)]


# ---- one request that could be read as two (request smuggling) ----
SECOND = b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SECOND), SECOND)
shapes = {
    "a length and a coding": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
    "a coding and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SECOND,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SECOND) + SECOND,
    "two equal lengths": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SECOND,
    "a list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(SECOND) + SECOND,
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n" + SECOND,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + SECOND,
    "a length in hex": POST + b"Content-Length: 0x0\r\n\r\n" + SECOND,
    "a length above all numbers": POST + b"Content-Length: 99999999999999999999\r\n\r\n" + SECOND,
    "an empty length": POST + b"Content-Length: \r\n\r\n" + SECOND,
    "a coding that is none": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + chunked,
    "a coding twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunked,
    "a list of codings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked,
    "a coding behind a tab": POST + b"Transfer-Encoding:\tchunked\x0b\r\n\r\n" + chunked,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n" + SECOND,
    "a folded header": POST + b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + SECOND,
    "a GET with a length and a coding": b"GET /plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
    "a GET with two lengths": b"GET /plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n" + SECOND,
    "two Hosts": b"GET /plans HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n" + SECOND,
    "no Host": b"GET /plans HTTP/1.1\r\n\r\n" + SECOND,
    "a chunk of a wrong size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + SECOND,
    "a chunk above all numbers": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n" + SECOND,
}
for name, data in shapes.items():
    got = raw(data)
    # (libmicrohttpd writes some of its own refusals twice; both say that the connection ends)
    check(statuses(got) in ([], [400], [403], [413], [400, 400], [413, 413]) and b'"token"' not in got,
          "refused, and nothing behind it is read: " + name, (statuses(got), got[:200]))
alive("smuggling")

# ---- paths ----
for path in ("/../../../../etc/passwd", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc/passwd",
             "/static/..%5c..%5cetc%5cpasswd", "/static//etc/passwd", "/static/x/ui/../../src/web/web.c", "/plans/%00", "/plans/..", "/plans/.%2e/",
             "/plans/%c0%ae%c0%ae/", "/plans/%ff", "/plans/%", "//evil.example/", "/plans/..;/", "/\\..\\", "/.git/config", "/%2e%2e%2f",
             "/plans/" + PID + "/file/../../x"):
    got = raw(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path.encode("latin-1"))
    check(statuses(got) in ([400], [404]) and b"root:" not in got, "no path leads out: " + path, got[:100])
for target in ("http://evil.example/plans", "evil.example:80", "*", "plans"):
    got = raw(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % target.encode())
    check(not any(s < 400 for s in statuses(got)), "no address of another shape: " + target, statuses(got))
name = "../../../../tmp/evil.txt"
a = c.upload(name, demo("yunlan-2026.txt").replace(b"41", b"47"))
kept = c.get("/api/v1/plans").json["rows"][0]["name"]
check(a.status == 200 and "/" not in kept and ".." not in kept, "the name of a file is only a name", kept)
alive("paths")

# ---- hosts, methods, headers ----
for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example#localhost", "localhost@evil.example", "", "127.0.0.1 evil",
             "127.0.0.999.1", "[::1].evil.example", "a" * 5000):
    got = raw(b"GET /plans HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host.encode())
    check(not any(s < 400 for s in statuses(got)), "no other host: " + host[:40], statuses(got))
a = c.get("/plans", X_Forwarded_Host="evil.example", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="https", X_Original_URL="/metrics", X_Rewrite_URL="/metrics")
check(a.status == 200 and "evil.example" not in a.text and "6.6.6.6" not in a.text, "headers of proxies change nothing where there is none")
check("Secure" not in str(a.headers.get_all("Set-Cookie")) and not a.headers["Strict-Transport-Security"], "nor is their word of TLS believed")
for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "X" * 200):
    got = raw(b"%s /plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Echo: evilevil\r\n\r\n" % method.encode())
    check(not any(s < 400 for s in statuses(got)) and b"evilevil" not in got, "no method but GET, HEAD, POST: " + method[:20], statuses(got))
check(c.post("/plans/%s/void" % PID, {"rev": "1", "_method": "DELETE"}, X_HTTP_Method_Override="GET").status in (303, 409, 422), "no method in disguise")
wanted = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
          "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}
for path in ("/plans", "/api/v1/plans", "/nowhere", "/healthz", "/static/none", "/plans/%00", "/metrics", "/plans/" + PID):
    a = c.get(path)
    check(all((a.headers[k] or "").startswith(v) for k, v in wanted.items()) and "unsafe" not in a.headers["Content-Security-Policy"],
          "the headers of every answer: " + path, dict(a.headers))
    check(not a.headers["Server"] and not a.headers["X-Powered-By"], "none says what runs here: " + path)
a = c.get("/plans?lang=en%0d%0aSet-Cookie:%20evil=1")
check("evil" not in str(a.headers), "no header is made from a query", dict(a.headers))
got = raw(b"GET /plans HTTP/1.1\r\nHost: localhost\r\nCookie: gangmu_session=\xff\x00\r\nConnection: close\r\n\r\n")
check(not any(s >= 500 for s in statuses(got)), "a cookie of nonsense", statuses(got))
alive("headers")

# ---- redirects, other sites, sessions ----
for path in ("/plans/new?next=//evil.example", "/?next=https://evil.example", "/plans?return=//evil.example", "/login?next=//evil.example"):
    a = c.get(path)
    check("evil.example" not in (a.headers["Location"] or ""), "no way out to another site: " + path, a.headers["Location"])
before = len(c.get("/api/v1/plans").json["rows"])
other = {"Content-Type": "application/x-www-form-urlencoded"}
for name, headers in (("no token", {}), ("a wrong token", {"X-Token": "0" * 32}), ("an empty token", {"X-Token": ""}),
                      ("another site's Origin", {"X-Token": c.token, "Origin": "http://evil.example"}),
                      ("no site's Origin", {"X-Token": c.token, "Origin": "null"}),
                      ("another site by its own word", {"X-Token": c.token, "Sec-Fetch-Site": "cross-site"}),
                      ("a token of another session", {"X-Token": c.token, "Cookie": "gangmu_session=" + "0" * 32})):
    check(c.request("POST", "/api/v1/plans/%s/void" % PID, "rev=1", dict(other, **headers)).status in (401, 403), "not acted upon: " + name)
check(len(c.get("/api/v1/plans").json["rows"]) == before, "and nothing changed")
fixed = Client(server)
fixed.who, fixed.cookies = None, {"gangmu_session": "<script>"}
a = fixed.get("/api/v1/plans")
check(a.status == 401 and "script" not in a.text, "a session of a shape that is not ours is none", a.text[:200])

# ---- what comes back is never markup ----
EVIL = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{7*7}}${7*7}"
a = c.upload("x.txt", demo("yunlan-2026.txt").replace(b"41", b"48"), title=EVIL, issuer=EVIL)
check(a.status == 200, "a title of markup is a title")
for path in ("/plans", "/plans?q=%3Cscript%3Ealert(1)", "/plans?issuer=%22%3E%3Cscript%3Ealert(1)", "/nowhere/%3Cscript%3Ealert(1)", "/plans?sort=%3Cscript%3Ealert(1)"):
    text = c.get(path).text
    check("<script>alert" not in text and "<img src=x" not in text and "49" not in re.findall(r"\{\{?(\d+)", text), "escaped: " + path)
for words in ("' OR '1'='1", "'; DROP TABLE plan; --", "%' UNION SELECT 1,2,3 --", "\\' OR 1=1 --", "1; SELECT pg_sleep(60)", "\u02bc OR 1=1"):
    begun = time.monotonic()
    import urllib.parse
    q = urllib.parse.quote(words)
    a = c.get("/api/v1/plans?q=%s&issuer=%s&year=&after=%s" % (q, q, q))
    check(a.status in (200, 400, 422) and (a.status != 200 or a.json["rows"] == []) and time.monotonic() - begun < HANGS, "words are words: " + words, a.text[:200])
check(len(c.get("/api/v1/plans").json["rows"]) == before + 1, "the table is still there")

# ---- bombs ----
def zipped(parts, level=9):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
        z.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
        for name, data in parts:
            z.writestr(name, data)
    return out.getvalue()


laughs = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join("<!ENTITY %s '%s'>" % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9)) + "]><w>&j;</w>"
outside = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
bombs = {
    "a document that unpacks to gigabytes": ("b.docx", zipped([("word/document.xml", b"<a>" + b" " * (200 << 20) + b"</a>")])),
    "a document of a thousand parts": ("p.docx", zipped([("word/x%d.xml" % i, "x") for i in range(6000)])),
    "entities of entities": ("l.docx", zipped([("word/document.xml", laughs)])),
    "an entity that is a file": ("e.docx", zipped([("word/document.xml", outside)])),
    "elements ten thousand deep": ("d.docx", zipped([("word/document.xml", "<w>" * 100000 + "</w>" * 100000)])),
    "parts named as paths": ("t.docx", zipped([("../../../../tmp/evil", "x"), ("word/document.xml", "<w/>")])),
    "gzip in place of text": ("g.txt", gzip.compress(b" " * (100 << 20))),
    "a PDF that names itself": ("r.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 999999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
    "a web page of open tags": ("h.html", b"<div>" * 500000),
}
for name, (file, data) in bombs.items():
    begun, spent = time.monotonic(), server.spent()
    a = c.upload(file, data)
    cost, took = server.spent() - spent, time.monotonic() - begun
    check(a.status in (200, 400, 413, 422) and b"root:" not in a.body and cost < 5 and took < HANGS, "a bomb: " + name, (a.status, cost, took, a.text[:200]))
check(not os.path.exists("/tmp/evil"), "no part was unpacked to a place of its own choice")
alive("bombs")

# ---- over-long ----
long = {
    "a request line": b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a query": b"GET /plans?q=" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a header": b"GET /plans HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100000 + b"\r\n\r\n",
    "a name of a header": b"GET /plans HTTP/1.1\r\nHost: localhost\r\n" + b"X" * 100000 + b": a\r\n\r\n",
    "ten thousand headers": b"GET /plans HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X%d: a\r\n" % i for i in range(10000)) + b"\r\n",
    "a cookie": b"GET /plans HTTP/1.1\r\nHost: localhost\r\nCookie: gangmu_session=" + b"a" * 100000 + b"\r\n\r\n",
    "a method": b"G" * 100000 + b" /plans HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a path of ten thousand steps": b"GET " + b"/a" * 10000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "a form without end": POST + b"Content-Length: 200000000\r\n\r\n" + b"a=b&" * 100000,
    "chunks without end": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * 65535 + b"\r\n" + b"1\r\na\r\n" * 200000 + b"0\r\n\r\n",
    "an extension of a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200000 + b"\r\na\r\n0\r\n\r\n",
}
for name, data in long.items():
    got = raw(data, wait=12)
    check(not any(s < 400 for s in statuses(got)), "refused: " + name, (statuses(got), got[:80]))
token = c.sign()
for field in ("title", "issuer", "level", "reason", "year"):
    a = c.upload("lang-%s.txt" % field, demo("yunlan-2026.txt").replace(b"41", b"49"), **{field: "长" * 50000})
    check(a.status in (413, 422, 400), "a field of 150 kB is refused: " + field, a.status)
alive("over-long")

# ---- slow ----
def drip(first, each, seconds):
    """How long the server bears a byte now and then; None when it still does after `seconds`."""
    s = socket.create_connection(("127.0.0.1", server.port), timeout=seconds)
    begun = time.monotonic()
    try:
        s.sendall(first)
        while time.monotonic() - begun < seconds:
            s.sendall(each)
            time.sleep(0.5)
            s.setblocking(False)
            try:
                if s.recv(1000) == b"":
                    return time.monotonic() - begun
            except BlockingIOError:
                pass
            s.setblocking(True)
        return None
    except OSError:
        return time.monotonic() - begun
    finally:
        s.close()


lives = {}
slow = {"headers": (b"GET /plans HTTP/1.1\r\nHost: localhost\r\n", b"X: y\r\n", 12), "a request line": (b"G", b"E", 12),
        "a body": (POST + b"Content-Length: 1000000\r\n\r\n", b"a", 25),
        "chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 25)}
threads = [threading.Thread(target=lambda k=k, v=v: lives.__setitem__(k, drip(*v))) for k, v in slow.items() for _ in range(5)]
[t.start() for t in threads]


def connections():
    return int(re.search(r"^gangmu_connections (\d+)", c.get("/metrics").text, re.M).group(1))


def read_slowly():
    """Asks for large answers and reads a byte now and then, with the smallest window."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.connect(("127.0.0.1", server.port))
    s.settimeout(1)
    name, begun = "an answer that is hardly read", time.monotonic()
    try:
        s.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400)
        while time.monotonic() - begun < 60 and (time.monotonic() - begun < 16 or connections() > 1):
            s.recv(64)
            time.sleep(0.5)
        lives[name] = time.monotonic() - begun if time.monotonic() - begun < 60 else None
    except OSError:
        lives[name] = time.monotonic() - begun
    finally:
        s.close()


reader = threading.Thread(target=read_slowly)
reader.start()
waits = []
while any(t.is_alive() for t in threads):
    begun = time.monotonic()
    c.get("/plans")
    waits.append(time.monotonic() - begun)
    time.sleep(0.2)
reader.join()
for name in list(slow) + ["an answer that is hardly read"]:
    check(lives.get(name) is not None, "a slow client is let go: " + name, lives)
check(statistics.median(waits) < 1 and max(waits) < HANGS, "others are served meanwhile", sorted(waits)[-5:])
alive("slow clients")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
