"""The end of the server under load: no answer is cut, no request that was sent goes unanswered; slow readers do not hold it up."""
import http.client
import os
import resource
import signal
import socket
import threading
import time

from kit import HANGS, Client, Server, check, demo, finish

ROUNDS = int(os.environ.get("ROUNDS", "4"))


class Load:
    """Clients that ask without a pause, each on one connection as long as the server lets it."""

    def __init__(self, server, count):
        self.server, self.cut, self.answered, self.refused = server, [], 0, 0
        self.headers = {"Cookie": Client(server).cookie_line()}
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(count)]
        [t.start() for t in self.threads]

    def say(self, connection, i):
        """One request; True when the connection may be used again."""
        connection.request("GET", "/api/v1/plans" if i % 2 else "/plans", headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        with self.lock:
            self.answered += 1
            if response.status != 200 or len(body) < 100:
                self.cut.append((response.status, len(body)))
        return response.headers.get("Connection") != "close"

    def run(self, i):
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
            try:
                connection.connect()
            except OSError:
                self.refused += 1
                return
            try:
                while self.say(connection, i):
                    pass
            except Exception as e:  # sent, and not answered whole
                with self.lock:
                    self.cut.append(repr(e))
            finally:
                connection.close()


def ended():
    """Seconds of processor time of all servers that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


for n in range(ROUNDS):
    server = Server("end.db", "--demo", "--log", "error")
    load = Load(server, 24)
    if not n:
        time.sleep(0.2)
        how = [os.sched_getscheduler(int(thread)) for thread in os.listdir("/proc/%d/task" % server.process.pid)]
        check(len(how) > 8 and set(how) == {os.SCHED_BATCH}, "each of its threads runs to its end before another has its place", how)
    time.sleep(0.4 + 0.13 * n)
    begun, before = time.monotonic(), ended() + server.spent()
    status = server.stop(signal.SIGTERM if n % 2 else signal.SIGINT)
    took, cost = time.monotonic() - begun, ended() - before
    [t.join() for t in load.threads]
    check(status == 0 and cost < 5 and took < HANGS, "round %d: ends in order, soon" % n, (status, cost, took))
    check(load.answered > 100 and not load.cut, "round %d: all that was sent was answered, whole" % n, (load.answered, len(load.cut), load.cut[:3]))

# ---- writers ----
server = Server("writers.db", "--log", "error")
told, stop = [], threading.Event()


def write(k):
    c = Client(server, timeout=20)
    n = 0
    while not stop.is_set():
        n += 1
        name = "w%d-%d.txt" % (k, n)
        text = "云岚市教育局2026年工作要点（第%d-%d份）\n一、总体要求\n（一）新建学校%d所。（发展规划与财务处）\n" % (k, n, n)
        try:
            if c.upload(name, text.encode()).status == 200:
                told.append(name)
        except ConnectionRefusedError:
            return
        except OSError:
            return


threads = [threading.Thread(target=write, args=(k,)) for k in range(16)]
[t.start() for t in threads]
time.sleep(1)
check(server.stop() == 0, "ends in order under writers")
stop.set()
[t.join() for t in threads]
server = Server("writers.db", "--log", "error", "--stop-seconds", "3")
c, names, after = Client(server), set(), ""
while True:
    page = c.get("/api/v1/plans?after=" + after).json
    names |= {r["name"] for r in page["rows"]}
    after = page["next"]
    if not after:
        break
check(len(told) > 20 and set(told) <= names, "every answered write is there", sorted(set(told) - names)[:3])

# ---- those who never end ----
lame = []
for text in (b"GET /plans HTTP/1.1\r\nHost: local", b"POST /plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"):
    s = socket.create_connection(("127.0.0.1", server.port))
    s.sendall(text)
    lame.append(s)
time.sleep(0.3)
begun = time.monotonic()
server.process.send_signal(signal.SIGTERM)
server.process.wait(60)
check(server.process.returncode == 0 and 2.5 < time.monotonic() - begun < HANGS, "who never ends a request holds up the end for stop-seconds and no longer", time.monotonic() - begun)
check(server.verify() == 0, "the chain holds")
finish()
