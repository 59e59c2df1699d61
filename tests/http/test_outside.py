"""Signing in through a proxy that has signed the person in: whom it names, whom nobody else may name, what ends such a session."""
import base64
import http.client
import os
import re
import socket
import subprocess
import time

from kit import GANGMU, SCRATCH, Client, Server, check, code, finish, sql

HEADER = ("--sign-in-header", "Remote-User")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Person(Client):
    """A browser behind the proxy, which names it in every request; name None: it names nobody."""

    def __init__(self, server, name=None, header="Remote-User", **more):
        super().__init__(server, who=None)
        self.name, self.header, self.more = name, header, more

    def send(self, method, path, body=None, headers=None):
        sent = dict(headers or {})
        if self.name is not None:
            sent[self.header] = self.name
        sent.update(self.more)
        return super().send(method, path, body, sent)

    def enter(self):
        a = self.post("/api/v1/sign-in/outside")
        self.token = ""
        return a

    def login(self):
        return self.get("/api/v1/session").json["data"].get("login")


def log(name):
    return open(os.path.join(SCRATCH, name + ".log")).read()


def calm(server):
    sql(server, "DELETE FROM sign_in_failure")


server = Server("outside_by.db", "--proxy", "127.0.0.1", *HEADER)
system, security, audit = (Client(server, who="demo-" + w) for w in ("system", "security", "audit"))


def account(login, name):
    a = system.post("/api/v1/admin/accounts", {"login": login, "name": name})
    made = {r["login"]: r for r in system.get("/api/v1/admin/accounts").json["rows"]}[login]
    security.post("/api/v1/admin/roles/%s/approve" % made["id"])
    return made["id"], a.json["data"]["once"][0]


lilei, first = account("lilei", "李磊")
hanmei, _ = account("hanmei", "韩梅")


def bind(who, subject):
    return security.post("/api/v1/admin/roles/%s/outside" % who, {"subject": subject})


def row(login):
    return {r["login"]: r for r in security.get("/api/v1/admin/roles").json["rows"]}[login]


# ---- binding: the security administrator's act, an event, told to the person ----
a = Person(server, "li.lei@yunlan").enter()
check(a.status == 403 and "li.lei@yunlan" in a.text, "who is not bound is not let in, and told under which name", a.text)
calm(server)
check(system.post("/api/v1/admin/roles/%s/outside" % lilei, {"subject": "x"}).status == 403 and audit.post("/api/v1/admin/roles/%s/outside" % lilei, {"subject": "x"}).status == 403,
      "no other administrator binds")
check(Client(server).post("/api/v1/admin/roles/%s/outside" % lilei, {"subject": "zhoumin"}).status == 403, "nor do people")
for bad in ("a b", "a,b", "a;b", "李磊", "x" * 201, "a\tb"):
    a = bind(lilei, bad)
    check(a.status == 422 and a.json["at"] == {"field": "subject"}, "refused as a name: %r" % bad[:20], a.text[:120])
check(bind(lilei, "li.lei@yunlan").status == 200 and row("lilei")["outside"] == "li.lei@yunlan", "an account is bound", row("lilei"))
check(bind(lilei, " li.lei@yunlan ").status == 200 and len(sql(server, "SELECT seq FROM event WHERE act = 'outside_bind'")) == 1, "the same again changes nothing")
a = bind(hanmei, "li.lei@yunlan")
check(a.status == 422 and "lilei" in a.text, "one name is one account", a.text)
ids = {r["login"]: r["id"] for r in security.get("/api/v1/admin/roles").json["rows"]}
check(bind(ids["demo-audit"], "boss").status == 409 and bind(ids["zhoumin"], "zhou").status == 409, "no administrator and nobody of the demo is bound")
check(bind(ids["demo-security"], "me").status == 409, "nor oneself")
check(bind("none", "x").status == 404, "nor an account that is not there")
event = audit.get("/api/v1/audit?act=outside_bind").json["rows"][0]
check(event["id"] == lilei and "demo-security" in event["actor"] and event["changes"] == [{"field": "outside", "before": "", "after": "li.lei@yunlan"}], "the act is an event", event)
check("统一登录的身份" in security.get("/admin/roles").text and "绑定统一登录" in audit.get("/audit?act=outside_bind").text, "pages say it in words")

# ---- in ----
li = Person(server, "li.lei@yunlan")
page = li.get("/sign-in?next=/me").text
check("单位统一登录已确认：li.lei@yunlan" in page and 'action="/sign-in/outside"' in page, "the door offers it")
check("sign-in/outside" not in Person(server).get("/sign-in").text, "and not to whom nobody is named")
check(Person(server).enter().status == 404, "who then cannot ask for it")
token = re.search(r'name="token" value="(\w+)"', page).group(1)
check(li.request("POST", "/sign-in/outside", "token=wrong", FORM).status == 403, "the form has a token")
a = li.request("POST", "/sign-in/outside", "token=%s&next=/me" % token, FORM)
check(a.status == 303 and a.headers["Location"] == "/me" and "HttpOnly" in (a.headers["Set-Cookie"] or ""), "one press, and on to where one was going", a.headers)
check(li.login() == "lilei" and not li.get("/api/v1/session").json["data"]["must_change"], "the account, without its one-time password")
me = li.get("/me").text
check("已绑定身份 li.lei@yunlan" in me and li.get("/api/v1/me").json["data"]["outside"] == "li.lei@yunlan", "the account's page shows it")
check("已绑定单位统一登录的身份：li.lei@yunlan" in li.get("/notices").text, "and a notice has told it")
signed = audit.get("/api/v1/audit?record=account&act=sign_in&id=" + lilei).json["rows"][0]
values = {c["field"]: c["after"] for c in signed["changes"]}
check(values["way"] == "outside" and values["outside"] == "proxy:li.lei@yunlan", "the event says how", values)
check("单位统一登录" in audit.get("/audit?record=account&act=sign_in").text, "in words")

# ---- the session holds only while the proxy names the same person ----
cookies = dict(li.cookies)


def with_cookie(name, **more):
    p = Person(server, name, **more)
    p.cookies = dict(cookies)
    return p


check(with_cookie("li.lei@yunlan").login() == "lilei", "the cookie and the name")
for name, why in ((None, "no name"), ("", "an empty one"), ("han.mei@yunlan", "another"), ("LI.LEI@yunlan", "another case"), ("li.lei@yunlan,x", "two joined")):
    check(with_cookie(name).login() is None, "the cookie with %s is nobody's" % why)
check(with_cookie("li.lei@yunlan", header="remote-USER").login() == "lilei", "the header's own case does not matter")
check(with_cookie("li.lei@yunlan", header="Remote_User").login() is None, "another header is another header")
bearer = Person(server, "li.lei@yunlan")
check(bearer.get("/api/v1/me").status == 401, "the name alone is no session")
check(bearer.get("/api/v1/me", Authorization="Bearer gm_" + "0" * 64).status == 401, "nor does it stand behind a wrong token")
check(with_cookie("li.lei@yunlan").post("/api/v1/sign-out").status == 200 and with_cookie("li.lei@yunlan").login() is None, "a session that was ended stays ended")

# ---- two headers are nobody's; long and strange names ----


def raw(*names, path="/api/v1/session", cookie=None):
    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    c.putrequest("GET", path)
    for name in names:
        c.putheader("Remote-User", name)
    if cookie:
        c.putheader("Cookie", cookie)
    c.endheaders()
    answer = c.getresponse()
    body = answer.read().decode()
    c.close()
    return answer.status, body


li = Person(server, "li.lei@yunlan")
li.enter()
cookie = "; ".join("%s=%s" % pair for pair in li.cookies.items())
check('"lilei"' in raw("li.lei@yunlan", cookie=cookie)[1], "one header")
check("lilei" not in raw("li.lei@yunlan", "li.lei@yunlan", cookie=cookie)[1] and "lilei" not in raw("", "li.lei@yunlan", cookie=cookie)[1], "two are nobody's, even alike or one of them empty")
check('"why":"twice"' in log("outside_by.db"), "which the log notes")
check("sign-in/outside" not in raw("x", "li.lei@yunlan", path="/sign-in")[1], "the door does not offer them")
calm(server)
for strange in ("x" * 201, "x" * 5000, "a b", "<script>alert(1)</script>", "' OR 1=1--", "%s%n", "a,li.lei@yunlan"):
    a = Person(server, strange).enter()
    check(a.status == 403, "not let in: %r" % strange[:24], a.text[:100])
    calm(server)
page = Person(server, "<script>alert(1)</script>").get("/sign-in").text
check("<script>alert" not in page and "&lt;script&gt;alert" in page, "a strange name is shown as text")
tries = [Person(server, "nobody").enter().status for _ in range(12)]
check(429 in tries and tries[0] == 403, "attempts under a name that is not bound wait longer and longer", tries)
check(Person(server, "li.lei@yunlan", **{"X-Forwarded-For": "10.1.1.1"}).enter().status == 200, "which keeps nobody else out")
calm(server)

# ---- a password's delays are its own ----
for _ in range(6):
    Client(server, who=None).post("/api/v1/sign-in", {"login": "lilei", "password": "falsch"})
a = Client(server, who=None).post("/api/v1/sign-in", {"login": "lilei", "password": first})
other = {"X-Forwarded-For": "10.1.1.2"}
check(a.status == 429 and Person(server, "li.lei@yunlan", **other).enter().status == 200, "guesses at the password do not lock the other door", a.status)
check(Client(server, who=None).post("/api/v1/sign-in", {"login": "lilei", "password": first}).status == 429, "and going through it does not forgive them")
calm(server)

# ---- both ways side by side ----
own = Person(server, "han.mei@yunlan")
a = own.post("/api/v1/sign-in", {"login": "lilei", "password": first})
own.token = ""
check(a.status == 200 and a.json["data"]["must_change"] and own.login() == "lilei", "a password signs in whatever the proxy says", a.text)
own.name = None
check(own.login() == "lilei", "and its session does not hang on the proxy")
bind(hanmei, "han.mei@yunlan")
own.name = "han.mei@yunlan"
a = own.enter()
check(a.status == 200 and own.login() == "hanmei", "pressing it changes from one to the other", a.text)

# ---- the second factor is asked for all the same ----
li = Person(server, "li.lei@yunlan")
li.enter()
secret = li.post("/api/v1/me/second").json["data"]["secret"]
check(li.post("/api/v1/me/second/confirm", {"code": code(secret)}).status == 200, "a second factor is set up")
half = Person(server, "li.lei@yunlan")
a = half.post("/api/v1/sign-in/outside")
check(a.json["data"].get("second") is True and half.get("/api/v1/me").status == 401, "the session is not open before its code", a.text)
half.token = a.json["data"]["token"]
stolen = Person(server, "han.mei@yunlan")
stolen.cookies, stolen.token = dict(half.cookies), half.token
check(stolen.post("/api/v1/sign-in/second", {"code": code(secret, 1)}).status == 401, "under another name it takes none")
check(half.post("/api/v1/sign-in/second", {"code": code(secret, 1)}).status == 200 and half.login() == "lilei", "then it is")
security.post("/api/v1/admin/roles/%s/unlock" % lilei)

# ---- a real nginx that signs people in: what a browser sends under the name never comes through ----
if os.path.exists("/usr/sbin/nginx"):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        front = s.getsockname()[1]
    place = lambda name: os.path.join(SCRATCH, name)
    open(place("people"), "w").write("li.lei@yunlan:{PLAIN}eins\nfremd:{PLAIN}zwei\n")
    open(place("nginx.conf"), "w").write(
        "daemon off; worker_processes 1; pid %s; error_log stderr;\nevents {}\nhttp { access_log off; %s\nserver { listen 127.0.0.1:%d;\n"
        "auth_basic gangmu; auth_basic_user_file %s;\nlocation / { proxy_pass http://127.0.0.1:%d; proxy_set_header Host $http_host;\n"
        "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header Remote-User $remote_user; } } }\n"
        % (place("nginx.pid"), " ".join("%s_temp_path %s;" % (k, place("nginx-" + k)) for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
           front, place("people"), server.port))
    os.chmod(SCRATCH, 0o755)  # its workers are another user when the tests run as root
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", place("nginx.conf"), "-p", SCRATCH], stderr=open(place("nginx.err"), "w"))
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", front)).close()
            break
        except OSError:
            time.sleep(0.05)
    behind = type("Behind", (), {"port": front})

    def through(name, word, said=None):
        return Person(behind, said, Authorization="Basic " + base64.b64encode(("%s:%s" % (name, word)).encode()).decode())

    li = through("li.lei@yunlan", "eins")
    check(li.get("/sign-in").text.count("li.lei@yunlan") == 1 and li.enter().status == 200 and li.login() == "lilei", "nginx names whom it has signed in", open(place("nginx.err")).read()[-300:])
    liar = through("fremd", "zwei", said="li.lei@yunlan")
    liar.cookies = dict(li.cookies)
    check(liar.login() is None and "fremd" in liar.get("/sign-in").text and liar.enter().status == 403, "who says another name to it is still called by their own")
    check(through("li.lei@yunlan", "falsch").get("/sign-in").status == 401, "who does not sign in there does not come here")
    calm(server)
    nginx.terminate()
    nginx.wait(20)
else:
    check(True, "nginx # SKIP nginx is not installed")

# ---- what ends it ----
li = Person(server, "li.lei@yunlan")
li.enter()
check(bind(lilei, "").status == 200 and li.login() is None and row("lilei")["outside"] == "", "taking the name away ends its sessions")
check(li.enter().status == 403, "and the door")
calm(server)
bind(lilei, "li.lei@yunlan")
li = Person(server, "li.lei@yunlan")
check(li.enter().status == 200 and system.post("/api/v1/admin/accounts/%s/close" % lilei).status == 200 and li.login() is None, "so does closing the account")
a = li.enter()
check(a.status == 403 and "没有绑定可用的账号" in a.text, "a closed account is refused like one that is not bound", a.text)
calm(server)
system.post("/api/v1/admin/accounts/%s/reopen" % lilei)
check(li.enter().status == 403, "one that waits for approval too")
calm(server)
security.post("/api/v1/admin/roles/%s/approve" % lilei)
check(li.enter().status == 200, "approved again it opens")
check(security.post("/api/v1/admin/roles/%s/administrator" % lilei, {"admin": "audit"}).status == 200 and li.login() is None and li.enter().status == 403 and row("lilei")["outside"] == "",
      "who becomes an administrator is bound no more")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")

# ---- from anybody but the proxy the header is not looked at ----
server = Server("outside_spoofed.db", "--proxy", "10.9.9.9", *HEADER)
system, security = Client(server, who="demo-system"), Client(server, who="demo-security")
lilei, _ = account("lilei", "李磊")
bind(lilei, "li.lei")
spoof = Person(server, "li.lei", **{"X-Forwarded-For": "10.9.9.9"})
check("sign-in/outside" not in spoof.get("/sign-in").text and spoof.enter().status == 404 and spoof.login() is None, "a spoofed header opens nothing")
check('"event":"vouch-refused"' in log("outside_spoofed.db") and '"why":"no proxy"' in log("outside_spoofed.db") and "li.lei" not in log("outside_spoofed.db"), "the log notes it, without the name")
check(server.stop() == 0, "ends in order")
server = Server("outside_off.db", "--proxy", "127.0.0.1")
check("sign-in/outside" not in Person(server, "li.lei").get("/sign-in").text and Person(server, "li.lei").enter().status == 404 and "vouch" not in log("outside_off.db"), "without the setting there is no such door")
check(server.stop() == 0, "ends in order")


def config(*lines):
    path = os.path.join(SCRATCH, "c.conf")
    open(path, "w").write("\n".join(('db = "x.db"',) + lines) + "\n")
    done = subprocess.run([GANGMU, "config", "check", path], capture_output=True, text=True,
                          env={k: v for k, v in os.environ.items() if not k.startswith("GANGMU_")})
    return done.returncode, done.stdout + done.stderr


bad = config('sign-in-header = "Remote-User"')
check(bad[0] != 0 and "proxy" in bad[1], "the check of settings says when there is no proxy", bad)
check(config('sign-in-header = "Remote-User"', "proxy = {127.0.0.1}")[0] == 0, "with one it is good", config('sign-in-header = "Remote-User"', "proxy = {127.0.0.1}"))
for name in ("Cookie", "authorization", "X-Forwarded-For", "Remote User", "Remote_User", "x", "Host"):
    check(config('sign-in-header = "%s"' % name, "proxy = {127.0.0.1}")[0] != 0, "no header for this: " + name)
refused = subprocess.run([GANGMU, "serve", "--db", os.path.join(SCRATCH, "x.db"), "--listen", "127.0.0.1:0", *HEADER], capture_output=True, text=True, timeout=20)
check(refused.returncode != 0, "and the server does not start", refused)
finish()
