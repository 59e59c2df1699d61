"""kill -9 at random moments under 16 writers: every answered upload is there, none is half there, the chain verifies."""
import os
import random
import signal
import threading
import time

from kit import Client, Server, check, finish

ROUNDS = int(os.environ.get("ROUNDS", "8"))
random.seed(20260520)
answered = set()
number = 0
lock = threading.Lock()


def text():
    global number
    with lock:
        number += 1
        n = number
    return n, ("云岚市教育局2026年工作要点（第%d份）\n一、总体要求\n（一）推进学校建设。新建学校%d所。（发展规划与财务处）\n" % (n, n)).encode()


def writer(server, stop):
    c = Client(server, timeout=10)
    try:
        while not stop.is_set():
            n, data = text()
            if c.upload("p%d.txt" % n, data).status == 200:
                with lock:
                    answered.add("p%d.txt" % n)
    except Exception:
        pass  # the server was killed under it: what counts is what was answered


def kept(server):
    c = Client(server)
    names, after = [], ""
    while True:
        page = c.get("/api/v1/plans?after=" + after).json
        names += [(r["name"], r["id"]) for r in page["rows"]]
        after = page["next"]
        if not after:
            return names


for number_of_round in range(ROUNDS):
    server = Server("durable.db", "--log", "error")
    stop = threading.Event()
    threads = [threading.Thread(target=writer, args=(server, stop)) for _ in range(16)]
    [t.start() for t in threads]
    time.sleep(0.2 + random.random() * 0.6)
    server.stop(signal.SIGKILL)
    stop.set()
    [t.join() for t in threads]
check(len(answered) > ROUNDS * 5, "uploads were answered between the kills", len(answered))
server = Server("durable.db", "--log", "error")
names = kept(server)
have = {name for name, _ in names}
check(answered <= have, "every answered upload is there", sorted(answered - have)[:5])
check(len(names) == len(have), "none is there twice")
c = Client(server)
whole = [c.get("/api/v1/plans/%s/history" % pid).json["rows"][0]["act"] == "upload" and c.get("/plans/%s/file" % pid).status == 200
         for _, pid in random.sample(names, min(60, len(names)))]
check(all(whole), "each has its file and its event")
check(server.stop() == 0 and server.verify() == 0, "the chain holds")
finish()
