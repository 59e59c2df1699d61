"""Slow, many, gone: one client's behaviour is no other client's trouble."""
import signal
import socket
import statistics
import threading
import time

from kit import HANGS, Client, Server, check, demo, finish

server = Server("limits.db", "--demo")
c = Client(server)


def connect():
    s = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    return s


def closed(s, wait):
    s.settimeout(wait)
    try:
        return s.recv(1000) == b""
    except socket.timeout:
        return False
    except OSError:
        return True


# ---- drips: a byte of the headers now and then keeps inactivity timers alive for ever ----
drips = [connect() for _ in range(120)]
begun = time.monotonic()
gone_at = None
waits = []
while time.monotonic() - begun < 26:
    for s in drips:
        try:
            s.sendall(b"X")
        except OSError:
            gone_at = gone_at or time.monotonic() - begun
    t = time.monotonic()
    ok = c.get("/api/v1/plans").status == 200
    waits.append(time.monotonic() - t)
    if not ok:
        break
    time.sleep(1)
check(all(closed(s, 1) for s in drips), "120 dripping clients are all closed")
check(gone_at is not None and gone_at < 25, "after the time for headers", gone_at)
check(statistics.median(waits) < 0.5 and max(waits) < HANGS, "others are served meanwhile", sorted(waits)[-5:])
for s in drips:
    s.close()

# ---- an upload that stalls ----
s = connect()
s.sendall(b"POST /api/v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n--b\r\n")
begun = time.monotonic()
while time.monotonic() - begun < 24:
    try:
        s.sendall(b"x")
    except OSError:
        break
    time.sleep(1)
check(time.monotonic() - begun < 23, "an upload below the least rate is closed", round(time.monotonic() - begun))
s.close()

# ---- headers too large, pipelines, garbage ----
s = connect()
try:
    s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200000 + b"\r\n\r\n")
    got = s.recv(200)
except OSError:
    got = b""
check(not got.startswith(b"HTTP/1.1 2"), "headers of 200 kB are refused", got[:50])
s.close()
s = connect()
s.sendall(b"\x16\x03\x01\x02\x00\x01\x00garbage\r\n\r\n")
s.settimeout(25)
got = s.recv(200)
check(not got.startswith(b"HTTP/1.1 2"), "garbage is no request", got[:50])
s.close()
s = connect()
s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5)
time.sleep(0.5)
check(s.recv(65536).count(b"HTTP/1.1 200") == 5, "five requests on one connection")
s.close()

# ---- many at once ----
results = []


def many():
    mine = Client(server, who=None)
    mine.cookies = dict(c.cookies)
    results.extend(mine.get("/plans").status for _ in range(10))


threads = [threading.Thread(target=many) for _ in range(64)]
[t.start() for t in threads]
[t.join() for t in threads]
check(len(results) == 640 and set(results) == {200}, "64 readers are all answered", set(results))

# ---- an orderly end: what is in flight is answered, and ends ----
c.sign()
body = (b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"end.txt\"\r\n\r\n" + demo("yunlan-2026.txt").replace(b"41", b"43") +
        b"\r\n--b--\r\n")
s = connect()
s.sendall(("POST /api/v1/plans HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\nX-Token: %s\r\nContent-Type: multipart/form-data; boundary=b\r\n"
           "Content-Length: %d\r\n\r\n" % (c.cookie_line(), c.token, len(body))).encode() + body[:1000])
time.sleep(0.5)
server.process.send_signal(signal.SIGINT)
time.sleep(0.5)
try:
    late = connect()
    refused = late.recv(10) == b""
except OSError:
    refused = True
check(refused, "nobody new is let in")
s.sendall(body[1000:])
got = s.recv(65536)
check(got.startswith(b"HTTP/1.1 200") and b"Connection: close" in got, "the request in flight is answered, as the last of its connection", got[:300])
check(server.process.wait(20) == 0, "SIGINT ends in order")
check(server.verify() == 0, "the chain holds")
finish()
