"""A real nginx in front, with the configuration that docs/operations.md gives: who asked, TLS, limits, and that it goes on."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time

from kit import ROOT, SCRATCH, Client, Server, check, demo, finish

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
if not os.path.exists(NGINX):
    print("ok 1 - nginx # SKIP nginx is not installed\n1..1")
    raise SystemExit


def path(name):
    return os.path.join(SCRATCH, name)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def configuration(port, behind):
    """The block of the document, with this test's ports and files in place of those it names."""
    text = open(os.path.join(ROOT, "docs/operations.md"), encoding="utf-8").read()
    block = re.search(r"```nginx\n(.*?)```", text, re.S).group(1)
    for what, other in (("listen 443 ssl http2;", "listen 127.0.0.1:%d ssl http2;" % port), ("127.0.0.1:8080", "127.0.0.1:%d" % behind),
                        ("/etc/gangmu/tls", path("tls"))):
        check(block.count(what) >= 1, "the document's nginx has " + what)
        block = block.replace(what, other)
    parts = "\n".join("%s_temp_path %s;" % (k, path("nginx-" + k)) for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return ("daemon off; worker_processes 1; pid %s; error_log stderr;\nevents { worker_connections 512; }\nhttp { access_log off;\n%s\n%s}\n"
            % (path("nginx.pid"), parts, block))


subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-keyout",
                path("tls.key"), "-out", path("tls.pem"), "-subj", "/CN=gangmu.example.org", "-addext",
                "subjectAltName=DNS:gangmu.example.org"], check=True, capture_output=True)
server = Server("nginx.db", "--demo", "--proxy", "127.0.0.1", "--hosts", "gangmu.example.org")
port = free_port()
with open(path("nginx.conf"), "w") as f:
    f.write(configuration(port, server.port))
done = subprocess.run([NGINX, "-t", "-q", "-c", path("nginx.conf"), "-p", SCRATCH], capture_output=True, text=True)
check(done.returncode == 0, "nginx takes it", done.stderr)
os.chmod(SCRATCH, 0o755)  # its workers are another user when the tests run as root
nginx = subprocess.Popen([NGINX, "-c", path("nginx.conf"), "-p", SCRATCH], stderr=open(path("nginx.err"), "w"))
for _ in range(100):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except OSError:
        time.sleep(0.05)


class Front(Client):
    """Speaks to nginx by TLS, from an address of its own."""

    def request(self, method, target, body=None, headers=None):
        self.server = type("Front", (), {"port": port})
        import http.client
        plain = http.client.HTTPConnection
        trust = ssl.create_default_context(cafile=path("tls.pem"))

        def connect(host, at, timeout):
            c = http.client.HTTPSConnection("gangmu.example.org", at, timeout=timeout, context=trust)
            c.sock = trust.wrap_socket(socket.create_connection(("127.0.0.1", at), timeout, ("127.0.0.9", 0)), server_hostname="gangmu.example.org")
            return c

        http.client.HTTPConnection = connect
        try:
            return super().request(method, target, body, headers)
        finally:
            http.client.HTTPConnection = plain


c = Front(server)
a = c.get("/plans", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http")
cookies = Front(server, who=None).get("/sign-in").headers.get_all("Set-Cookie") or []
check(a.status == 200 and "云岚" in a.text, "a page through nginx", a.status)
check(cookies and all("; Secure" in x for x in cookies), "cookies are Secure: the proxy spoke TLS", cookies)
check(a.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"], "HSTS, once")
check(c.upload("经.txt", demo("yunlan-2026.txt").replace(b"41", b"46")).status == 200, "an upload with its token, Host and Origin kept")
check(c.post("/plans/nothing/void", Origin="https://gangmu.example.org:%d" % port).status == 404, "an Origin of the site is its own")
check(c.post("/plans/nothing/void", Origin="https://evil.example").status == 403, "another is not")
a = c.upload("大.txt", b"x" * (20 << 20))
check(a.status == 413 and "16 MB" in a.json["says"], "what is too large is refused in our words, not nginx's", a.text[:200])
a = c.request("POST", "/api/v1/plans", b"x" * (65 << 20), {"Content-Type": "application/octet-stream"})
check(a.status == 413, "and beyond that nginx stops it", a.status)
check(c.get("/metrics").status == 403, "the figures are not for outsiders")
check(c.get("/plans", Host="other.example.org").status in (403, 421), "no other host name")
done = subprocess.run(["curl", "-s", "--http2", "--cacert", path("tls.pem"), "--resolve", "gangmu.example.org:%d:127.0.0.1" % port, "-o", os.devnull,
                       "-w", "%{http_version} %{http_code}", "https://gangmu.example.org:%d/plans" % port], capture_output=True, text=True)
check(done.stdout == "2 303", "HTTP/2 in front, to the page where one signs in", done.stdout)

direct = Client(server)
check(direct.get("/plans", Host="gangmu.example.org").status == 200, "the proxy's own machine may ask directly")

# ---- nobody goes past it ----
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.connect(("192.0.2.1", 9))  # sends nothing: asks which address of this machine would be used
    outer = s.getsockname()[0]
wide = Server("wide.db", "--proxy", "192.0.2.1", "--hosts", "gangmu.example.org", "--listen", "0.0.0.0:0", bare=True)
check(Client(wide, who=None).get("/readyz").status == 200, "the machine itself may ask directly")
said = b""
try:
    with socket.create_connection((outer, wide.port), timeout=5) as s:
        s.sendall(b"GET /plans HTTP/1.1\r\nHost: gangmu.example.org\r\nX-Forwarded-Proto: https\r\n\r\n")
        said = s.recv(1000)
except OSError:
    pass
check(said == b"" or outer.startswith("127."), "a stranger who goes past the proxy is not answered", said)
wide.stop()

# ---- the server is replaced behind it ----
check(server.stop(signal.SIGTERM) == 0, "the server ends in order")
check(c.get("/plans").status == 502, "nginx says so")
lines = [json.loads(x) for x in open(server.log.name, encoding="utf-8").read().splitlines()]
seen = [x["from"] for x in lines if x["event"] == "request" and x["route"] == "/plans" and x["method"] == "GET"]
check(seen[:1] == ["127.0.0.9"], "the log has the client's address, not the proxy's, nor what the client claimed", seen)
check(seen[-1:] == ["127.0.0.1"], "and the machine's own when it asked directly", seen)
nginx.send_signal(signal.SIGQUIT)
nginx.wait(20)
finish()
