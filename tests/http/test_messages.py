"""Messages of other bodies: signed or refused, done once, kept when they are refused, tried again; what goes out is sent until somebody
has taken it, always with the same id."""
import hmac
import http.server
import json
import os
import signal
import subprocess
import threading
import time
import urllib.parse

from kit import GANGMU, SCRATCH, Client, Server, check, finish, give_post, sql, unit_of

for compartment in ("voice", "cyber"):
    subprocess.run([GANGMU, "keys", "new", "--keys", os.path.join(SCRATCH, "messages.db.keys"), "--compartment", compartment], check=True, capture_output=True)
server = Server("messages.db")
OFFICE, SCHOOL = "办公室", "云岚市第一中学"
give_post(server, "zhoumin", "hotline.agent", OFFICE)
give_post(server, "chenyu", "cyber.office", "基础教育处")
system, agent, office, nobody = Client(server, who="demo-system"), Client(server), Client(server, who="chenyu"), Client(server, who=None)
for who in (system, agent, office):
    who.sign()
ADMIN, CITY, REPLY = "/api/v1/admin/messages", "市12345平台", "市政路灯由城市管理部门负责，请拨打12319反映"


def made_key(system_name, party):
    a = system.post(ADMIN + "/keys", {"system": system_name, "party": party})
    check(a.status == 200 and len(a.json["data"]["once"]) == 2, "a key for " + party, a.text)
    return a.json["data"]["once"]


def send(path, body, key, moment=None, text=None, sign=None):
    body = json.dumps(body) if text is None else text
    moment = str(int(time.time()) if moment is None else moment)
    mac = hmac.new(key[1].encode(), ("POST\n%s\n%s\n" % (path, moment)).encode() + body.encode(), "sm3").hexdigest()
    return nobody.request("POST", path, body, {"Content-Type": "application/json", "Message-Key": key[0], "Message-Moment": moment,
                                               "Message-Signature": mac if sign is None else sign})


def lists():
    return system.get(ADMIN).json


def orders():
    return agent.get("/api/v1/s/hotline/order").json["rows"]


def events(act):
    return int(sql(server, "SELECT count(*) FROM event WHERE record IN ('message', 'message_key', 'message_party') AND act = ?", act)[0][0])


# ---- who may ----
for who in (agent, office):
    check(who.get(ADMIN).status == 403, "nobody but the administrator sees the lists")
check(agent.post(ADMIN + "/keys", {"system": "hotline", "party": CITY}).status == 403, "nor makes keys")
check(system.post(ADMIN + "/keys", {"system": "hotline", "party": "某平台"}).status == 404, "a body that the system does not speak with has none")

# ---- the signature ----
ORDER = "/api/v1/s/hotline/messages/city_order"
first = {"city_no": "YL-1", "title": "食堂饭菜偏凉", "body": "食堂的饭菜到教室凉了", "name": "某先生", "phone": "13900000003"}
key = made_key("hotline", CITY)
check(not any(key[1] in str(row) for row in sql(server, "SELECT * FROM flow_party_key")), "the key itself stands in no row")
other = made_key("cyber", "教育数据交换平台")
a = send(ORDER, first, key, sign="0" * 64)
check(a.status == 403 and a.json["hint"], "a wrong signature is refused, and it is said how to sign", a.text)
check(nobody.request("POST", ORDER, json.dumps(first), {"Content-Type": "application/json"}).status == 403, "and none at all")
check(send(ORDER, first, (key[0], other[1])).status == 403, "another key's signature")
check(send(ORDER, first, other).status == 403, "the key of another body")
check(send(ORDER, first, key, moment=int(time.time()) - 400).status == 403 and send(ORDER, first, key, moment=int(time.time()) + 400).status == 403,
      "a moment that is too old or to come")
a = send(ORDER, first, key, sign=hmac.new(key[1].encode(), ("POST\n%s\n%d\n" % (ORDER, time.time())).encode() + b"{}", "sm3").hexdigest())
check(a.status == 403, "another body under a signature")
check(send("/api/v1/s/hotline/messages/city_reply", first, key).status == 404, "an outgoing message cannot be sent to us")
check(not orders() and not lists()["in"], "what nobody signed leaves nothing", lists()["in"])

# ---- once ----
a = send(ORDER, first, key)
check(a.status == 200 and not a.json["done"]["replayed"] and a.json["data"]["record"] == "order", "a signed message is done", a.text)
made = a.json["data"]
check([o["number"] for o in orders()] == [made["number"]], "and has made its record", orders())
again = send(ORDER, dict(reversed(first.items())), key)
check(again.status == 200 and again.json["done"]["replayed"] and again.json["data"]["id"] == made["id"], "the same again is told what came of it", again.text)
changed = send(ORDER, dict(first, title="另一件"), key)
check(changed.status == 409 and changed.json["code"] == "key_reused", "another content under the same key is not silently dropped", changed.text)
check(len(orders()) == 1, "one record")
both = [None, None]


def at_once(i):
    both[i] = send(ORDER, dict(first, city_no="YL-2"), key)


threads = [threading.Thread(target=at_once, args=(i,)) for i in range(2)]
[t.start() for t in threads], [t.join() for t in threads]
check(sorted(x.json["done"]["replayed"] for x in both) == [False, True] and len(orders()) == 2, "two at the same instant are one", [x.text for x in both])

# ---- refused, waiting, tried again ----
a = send(ORDER, dict(first, city_no="YL-3", phone="no number"), key)
check(a.status == 422 and a.json["at"] == {"field": "phone"} and "等待清单" in a.json["hint"], "what cannot be read is refused by its field, and kept", a.text)
a = send(ORDER, {**first, "city_no": "YL-4", "more": "1"}, key)
check(a.status == 422, "a field that is not declared", a.text)
waiting = lists()["in"]
check(len(waiting) == 2 and all(w["says"] and w["tries"] == 1 for w in waiting), "both wait with their reason", waiting)
check(not any("食堂" in str(row) or "no number" in str(row) for row in sql(server, "SELECT * FROM flow_inbox")), "what they say is sealed")
SEEN = "/api/v1/s/cyber/messages/exchange"
log = {"code": "xx.portal", "name": "门户", "unit": "还没有的学校", "day": "2026-03-01", "calls": 12}
check(send(SEEN, log, other).status == 422, "a unit that is not there")
mine = [w for w in lists()["in"] if w["system"] == "cyber"][0]
refused = system.post(ADMIN + "/in/%s/again" % mine["id"], {})
check(refused.status == 422 and [w["tries"] for w in lists()["in"] if w["id"] == mine["id"]] == [2], "tried again too early it goes on waiting", refused.text)
sql(server, "UPDATE unit SET name = '还没有的学校' WHERE id = ?", unit_of(server, SCHOOL))
done = system.post(ADMIN + "/in/%s/again" % mine["id"], {})
check(done.status == 200 and mine["id"] not in [w["id"] for w in lists()["in"]], "tried again when the unit is there it is done", done.text)
sql(server, "UPDATE unit SET name = ? WHERE name = '还没有的学校'", SCHOOL)
check(send(SEEN, dict(log, unit="还没有的学校"), other).json.get("code") in ("invalid", None), "and the sender's own repetition finds it")
check(office.get("/api/v1/s/cyber/sighting").json["rows"][0]["fields"]["code"] == "xx.portal", "its record is there")
bad = [w for w in lists()["in"] if w["system"] == "hotline"][0]
check(system.post(ADMIN + "/in/%s/close" % bad["id"], {"reason": " "}).status == 422, "putting one aside wants a reason")
check(system.post(ADMIN + "/in/%s/close" % bad["id"], {"reason": "对方已撤回"}).status == 200 and bad["id"] not in [w["id"] for w in lists()["in"]], "one is put aside")
check(events("take") >= 3 and events("wait") >= 3 and events("close") == 1 and events("make") == 2, "all of it stands in the record")

# ---- the ceiling ----
sql(server, "INSERT INTO flow_inbox (tenant, system, message, key, id, digest, phase, says, body, tries, came_us, record, owner) "
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "SELECT 'local', 'hotline', 'city_order', 'k' || i, 'filler' || i, '', 'waiting', '', '', 1, 0, '', '' FROM n")
full = send(ORDER, dict(first, city_no="YL-5", phone="x"), key)
check(full.status == 429 and "10000" in full.json["says"], "a full list says so, and the sender keeps the message", full.text)
check(send(ORDER, dict(first, city_no="YL-6"), key).status == 200, "what can be done is done all the same")
page = lists()
check(len(page["in"]) == 100 and page["next_in"] and system.get(ADMIN + "?after_in=" + urllib.parse.quote(page["next_in"])).json["in"], "the list goes by pages")
sql(server, "DELETE FROM flow_inbox WHERE id LIKE 'filler%'")

# ---- a key withdrawn ----
second = made_key("hotline", CITY)
check(send(ORDER, dict(first, city_no="YL-7"), second).status == 200 and send(ORDER, dict(first, city_no="YL-8"), key).status == 200, "two keys while they are exchanged")
check(system.post(ADMIN + "/keys/%s/end" % key[0], {}).status == 200 and send(ORDER, dict(first, city_no="YL-9"), key).status == 403, "one that was withdrawn is worth nothing")
key = second

# ---- out ----
taken, verdict, held = [], {"status": 200}, threading.Event()
held.set()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken.append((self.path, dict(self.headers), body))
        held.wait(20)
        try:
            self.send_response(verdict["status"])
            self.end_headers()
            self.wfile.write("收到了".encode())
        except OSError:  # the server died meanwhile
            pass

    def log_message(self, *args):
        pass


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()


def wait_for(what, name):
    until = time.time() + 20
    while not what() and time.time() < until:
        time.sleep(0.05)
    check(what(), name, (len(taken), lists()["out"]))


def decline(order):
    a = agent.post("/api/v1/s/hotline/order/%s/acts/decline" % order["id"], {"public_reply": REPLY})
    check(a.status == 200, "an act that tells the other body", a.text)
    return lists()["out"]


def at_once_again():
    sql(server, "UPDATE flow_outbox SET again_us = 0 WHERE phase = 'waiting'")


rest = [o for o in orders() if o["state"]["code"] == "taken"] if isinstance(orders()[0]["state"], dict) else [o for o in orders() if o["state"] == "taken"]
out = decline(rest[0])
check(len(out) == 1 and out[0]["message"] == "city_reply" and out[0]["tries"] == 0, "without an address it waits", out)
check(not any("城市管理部门" in str(row) for row in sql(server, "SELECT * FROM flow_outbox")), "sealed")
got = system.post(ADMIN + "/out/%s/fetch" % out[0]["id"], {})
check(got.status == 200 and got.json["fields"]["reply"] == REPLY and set(got.json["fields"]) == {"city_no", "reply", "in_time"} and got.json["id"] == out[0]["id"],
      "it can be taken along: only the named fields", got.text)
check(events("fetch") == 1, "and that is noted")
check(system.post(ADMIN + "/address", {"system": "hotline", "party": CITY, "address": "http://example.com/x"}).status == 422, "an open address elsewhere is refused")
address = "http://127.0.0.1:%d/from/us?x=1" % receiver.server_address[1]
verdict["status"] = 500
check(system.post(ADMIN + "/address", {"system": "hotline", "party": CITY, "address": address}).status == 200, "an address is set")
wait_for(lambda: taken and lists()["out"][0]["tries"] == 1, "it is sent")
check("500" in lists()["out"][0]["says"], "refused there it goes on waiting with the reason", lists()["out"])
path, headers, body = taken[0]
mac = hmac.new(key[1].encode(), ("POST\n%s\n%s\n" % (path, headers["Message-Moment"])).encode() + body, "sm3").hexdigest()
check(path == "/from/us?x=1" and headers["Message-Signature"] == mac and headers["Message-Key"] == key[0], "signed with our key", headers)
time.sleep(6)
check(len(taken) == 1, "not again at once")
verdict["status"] = 200
at_once_again()
wait_for(lambda: not lists()["out"], "the second try is taken")
check(len(taken) == 2 and taken[0][2] == taken[1][2] and json.loads(body)["id"] == out[0]["id"], "the same message under the same id", taken)
receipt = system.get(ADMIN + "/hotline/city_reply").json
check(receipt["data"]["count"] == 1 and receipt["rows"][0]["receipt"].startswith("200 收到了") and receipt["rows"][0]["phase"] == "sent", "its receipt is kept", receipt)
check(events("send") == 1, "with its event")

# ---- nobody there; the program dies in the middle ----
receiver.shutdown(), receiver.server_close()
out = decline(rest[1])
wait_for(lambda: lists()["out"] and lists()["out"][0]["tries"] == 1, "where nobody answers it waits")
receiver = http.server.ThreadingHTTPServer(receiver.server_address, Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
held.clear()
before = len(taken)
at_once_again()
wait_for(lambda: len(taken) == before + 1, "sent, and no answer yet")
server.stop(signal.SIGKILL)
held.set()
server = Server("messages.db", "--demo")
for who in (system, agent, office, nobody):
    who.server, who.cookies, who.token = server, {}, ""
system.who, agent.who = "demo-system", "zhoumin"
system.sign(), agent.sign()
check(len(lists()["out"]) == 1, "what was not answered waits still", lists()["out"])
at_once_again()
wait_for(lambda: not lists()["out"], "and is sent again")
check(len(taken) == before + 2 and taken[-1][2] == taken[-2][2], "under the same id: they have it twice, and can tell")
check(system.post(ADMIN + "/address", {"system": "hotline", "party": CITY, "address": ""}).status == 200, "the address is taken away")
out = decline(rest[2])
check(system.post(ADMIN + "/out/%s/handed" % out[0]["id"], {}).status == 200 and not lists()["out"], "one is handed over by other means")
check(system.get(ADMIN + "/hotline/city_reply").json["rows"][0]["phase"] == "handed" and len(taken) == before + 2, "and is not sent besides")
check(server.verify() == 0, "the chain holds")
receiver.shutdown()
server.stop()
finish()
