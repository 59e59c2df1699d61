"""The daily anchor, made by servers themselves: none on a database's first day, one on the next by one of two servers, none when it
is left to somebody outside. The day before is made by writing earlier moments into the database (the chain says so, and is
not asked here)."""
import time

from kit import CLUSTER, Client, Server, check, finish, sql


def anchors():
    return sql(server, "SELECT day, actor FROM anchor ORDER BY day")


def wait(n):
    for _ in range(100):
        if len(anchors()) >= n:
            break
        time.sleep(0.1)
    time.sleep(0.5)  # a second one would come at once
    return anchors()


server = Server("anchor.db")
time.sleep(1)
check(anchors() == [], "the first day has none", anchors())
server.stop()
sql(server, "UPDATE event SET at_us = at_us - 86400000000")
server = Server("anchor.db", "--anchor-outside")
time.sleep(1)
check(anchors() == [], "none when somebody outside makes it", anchors())
server.stop()
both = [Server("anchor.db") for _ in range(2 if CLUSTER else 1)]
server = both[0]
made = wait(1)
check(len(made) == 1 and "服务器" in made[0][1], "the second day has one, from one server", made)
check(len(sql(server, "SELECT seq FROM event WHERE record = 'anchor' AND act = 'fix'")) == 1, "and one event")
audit = Client(server, who="demo-audit")
check(audit.get("/audit/anchors/" + made[0][0]).status == 200, "its sheet can be printed")
for one in both:
    one.stop()
server = Server("anchor.db")
time.sleep(1)
check(len(anchors()) == 1, "begun again on the same day it makes no other", anchors())
check(Client(server, who="demo-audit").post("/api/v1/audit/anchors").status == 200 and len(anchors()) == 1, "nor does the administrator")
server.stop()
finish()
