"""TLS by the server itself: modern protocols only, Secure cookies, and a new certificate without a failed request."""
import http.client
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

from kit import SCRATCH, Server, check, finish


def certificate(name, serial):
    """Makes NAME.pem and NAME.key; returns its serial number as TLS shows it."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                    "-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=localhost", "-set_serial", str(serial),
                    "-addext", "subjectAltName=DNS:localhost,DNS:gangmu.example.org"], cwd=SCRATCH, check=True, capture_output=True)
    os.chmod(path(name + ".key"), 0o600)
    return "%X" % serial


def path(name):
    return os.path.join(SCRATCH, name)


def put(name):
    """Puts a pair in place as a renewal does: first one file, then the other."""
    for end in (".pem", ".key"):
        with open(path(name + end), "rb") as f:
            data = f.read()
        with open(path("now" + end + ".new"), "wb") as f:
            f.write(data)
        os.chmod(path("now" + end + ".new"), 0o600)
        os.rename(path("now" + end + ".new"), path("now" + end))


serials = [certificate("c%d" % i, 0xA000 + i) for i in range(4)]
put("c0")
server = Server("tls.db", "--tls-certificate", path("now.pem"), "--tls-key", path("now.key"), "--hosts", "gangmu.example.org")
trust = ssl.create_default_context()
for i in range(4):
    trust.load_verify_locations(path("c%d.pem" % i))


def connect():
    return trust.wrap_socket(socket.create_connection(("127.0.0.1", server.port), timeout=20), server_hostname="localhost")


def serial():
    with connect() as s:
        return s.getpeercert()["serialNumber"]


def get(address, host="localhost"):
    c = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=20, context=trust)
    c.sock = connect()
    c.request("GET", address, headers={"Host": host})
    response = c.getresponse()
    body = response.read()
    c.close()
    return response, body


# ---- the handshake ----
with connect() as s:
    check(s.version() == "TLSv1.3" and s.cipher()[0].startswith("TLS_AES_256"), "TLS 1.3", (s.version(), s.cipher()))
check(serial() == serials[0], "the certificate that was given", serial())


def offer(*words):
    done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % server.port, *words], input=b"", timeout=30, capture_output=True)
    return b"Cipher is (NONE)" not in done.stdout and b"New, " in done.stdout


check(offer("-tls1_2") and offer("-tls1_3"), "1.2 and 1.3 are spoken")
for old in ("-tls1_1", "-tls1"):
    check(not offer(old, "-cipher", "ALL:@SECLEVEL=0"), "refused: " + old)
for cipher in ("AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "NULL:aNULL@SECLEVEL=0"):
    check(not offer("-tls1_2", "-cipher", cipher), "refused: " + cipher)
check(offer("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"), "while an authenticated cipher with forward secrecy is taken")
with socket.create_connection(("127.0.0.1", server.port), timeout=20) as s:
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try:
        said = s.recv(100)
    except OSError:
        said = b""
    check(not said.startswith(b"HTTP/"), "plain HTTP is not answered on this port")

# ---- what is different under TLS ----
response, _ = get("/plans")
cookies = response.headers.get_all("Set-Cookie") or []
check(cookies and all("; Secure" in c and "HttpOnly" in c and "SameSite=Strict" in c for c in cookies), "cookies are Secure", cookies)
check(response.headers["Strict-Transport-Security"] == "max-age=31536000", "HSTS")
check(get("/sign-in", "gangmu.example.org")[0].status == 200 and get("/sign-in", "gangmu.example.org:8443")[0].status == 200, "the name of the setting")
check(get("/plans", "other.example.org")[0].status == 403, "and no other")

# ---- a new certificate under load ----
stop, bad, done = threading.Event(), [], [0]
kept = connect()


def load():
    while not stop.is_set():
        try:
            if get("/healthz")[0].status != 200:
                bad.append("status")
        except Exception as e:
            bad.append(repr(e))
        done[0] += 1


threads = [threading.Thread(target=load) for _ in range(8)]
[t.start() for t in threads]


def until(wanted, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end and serial() != wanted:
        time.sleep(0.1)
    return serial() == wanted


put("c1")
check(until(serials[1]), "files that changed are read without being asked")
put("c2")
server.process.send_signal(signal.SIGHUP)
check(until(serials[2], 2), "and at SIGHUP at once")
with open(path("now.key"), "wb") as f:
    f.write(b"nonsense")
server.process.send_signal(signal.SIGHUP)
time.sleep(1)
check(serial() == serials[2], "what cannot be used leaves the old one in place")
put("c3")
check(until(serials[3]), "until it is mended")
stop.set()
[t.join() for t in threads]
check(not bad and done[0] > 50, "no request failed meanwhile", (bad[:3], len(bad), done[0]))
kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
check(kept.recv(1000).startswith(b"HTTP/1.1 200"), "a connection from before goes on")
kept.close()
check(server.stop() == 0, "ends in order")
said = open(server.log.name).read()
check('"event":"certificate"' in said and '"level":"error"' in said, "what was wrong stands in the log")
finish()
