"""Settings: file, environment and flags in their order; `config check` finds everything that is wrong, and where."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, SCRATCH, finish, keep, ok  # noqa: E402

clean = {k: v for k, v in os.environ.items() if not k.startswith("GANGMU")}


def gangmu(*words, **env):
    done = subprocess.run([GANGMU, *words, "--lang", "en"], capture_output=True, text=True, timeout=20, cwd=SCRATCH,
                          env=dict(clean, **env))
    return done.returncode, done.stdout, done.stderr


def shown(*words, **env):
    """name -> (value, where it comes from) of `config show`."""
    lines = gangmu("config", "show", *words, **env)[1].splitlines()
    rows = [(line.split(" = ")[0].strip(), line.split('"')[1], line.split("# ")[1]) for line in lines]
    return {name: (value, place) for name, value, place in rows}


keep("good.conf", '# the office\ndb = "office.db"  # a file\n\nlog = warn\nhosts = {a.example.org, "b.example.org"}\n'
     "connections = 200\n")
ok(gangmu("config", "check", "good.conf")[:2] == (0, "The settings are good: good.conf\n"), "a good file is good",
   gangmu("config", "check", "good.conf"))
all_of_them = shown("--config", "good.conf")
ok(len(all_of_them) == 23 and all_of_them["listen"] == ("127.0.0.1:8080", "default"), "every setting is shown", all_of_them)
ok(all_of_them["hosts"] == ("a.example.org,b.example.org", "good.conf:5"), "a list, with its place", all_of_them["hosts"])
ok(all_of_them["log"] == ("warn", "good.conf:4"), "the file beats the default", all_of_them["log"])
env = {"GANGMU_CONFIG": "good.conf", "GANGMU_LOG": "error", "GANGMU_CONNECTIONS": "300"}
ok(shown(**env)["log"] == ("error", "GANGMU_LOG"), "the environment beats the file", shown(**env))
ok(shown("--log", "debug", **env)["log"] == ("debug", "--log"), "a flag beats the environment")
ok(shown("--log", "debug", **env)["connections"] == ("300", "GANGMU_CONNECTIONS"), "and leaves the others alone")
ok(shown("--metrics-token", "0123456789abcdef", "--db", "x")["metrics-token"][0] == "***", "a secret is not shown")


def problems(text, mode=0o600, **env):
    os.chmod(keep("bad.conf", text), mode)
    status, _, says = gangmu("config", "check", "bad.conf", **env)
    return status, [line for line in says.splitlines() if not line.startswith("    ")], says


status, lines, says = problems('db = "x"\nlisen = 1\n# more\nconnections = 5\nhosts = {a, Bad_Host}\ncahce-mb = 3\n'
                               "demo = maybe\nproxy = {10.0.0.0/40}\nlog = loud\nlisten = 127.0.0.1\n")
wanted = ["bad.conf:2: error: There is no setting “lisen”.", "bad.conf:6: error: There is no setting “cahce-mb”.",
          "bad.conf:4: error: “connections” is a whole number from 16 to 20000, not “5”.",
          "bad.conf:5: error: “hosts” takes host names in lower case, such as gangmu.example.org, not “Bad_Host”.",
          "bad.conf:7: error: “demo” is yes or no, not “maybe”.",
          "bad.conf:8: error: “proxy” takes addresses or networks, such as 127.0.0.1, 10.1.0.0/16, not “10.0.0.0/40”.",
          "bad.conf:9: error: “log” is debug, info, warn or error, not “loud”.",
          "bad.conf:10: error: “listen” is ADDRESS:PORT, such as 127.0.0.1:8080, not “127.0.0.1”."]
ok(status == 1 and sorted(lines) == sorted(wanted), "every problem at once, each with its line", says)
ok("Was “listen” meant?" in says and "Was “cache-mb” meant?" in says, "with the name that was meant", says)
ok("meant" not in problems('db = "x"\nwebserver = 1\n')[2], "nothing is guessed for a word that is far from all")
ok(problems('db = "x\n')[1][0].startswith("bad.conf:2: error: The settings file cannot be read here"), "broken syntax")
ok(problems('log = "info"\n')[1] == ["bad.conf: error: Name the database file with --db."], "no database")
ok(problems('db = "x"\nmetrics-token = "short"\n')[1] ==
   ["bad.conf:2: error: “metrics-token” must have 16 to 200 characters."], "a short secret, not shown")
open_file = 'db = "x"\nmetrics-token = "0123456789abcdef"\n'
ok("Run chmod 640" in problems(open_file, 0o644)[2] and problems(open_file, 0o640)[0] == 0, "a secret that everybody may read")
ok("GANGMU_LISTN: error" in problems('db = "x"\n', GANGMU_LISTN="1")[2], "a variable that is none of ours")
ok(gangmu("config", "check", "absent.conf")[0] == 1, "a file that is not there")
ok(gangmu("config")[0] == 2 and gangmu("config", "burn")[0] == 2, "check or show")

# ---- certificates ----
def certificate(name, *more):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", name + ".key", "-out", name + ".pem", "-subj", "/CN=gangmu.example.org", *more],
                   cwd=SCRATCH, check=True, capture_output=True)
    os.chmod(os.path.join(SCRATCH, name + ".key"), 0o600)


certificate("one", "-days", "30")
certificate("two", "-days", "30")
tls = 'db = "x"\nlisten = "0.0.0.0:8443"\nhosts = {gangmu.example.org}\ntls-certificate = "%s"\ntls-key = "%s"\n'
ok(problems(tls % ("one.pem", "one.key"))[0] == 0, "a certificate and its key", problems(tls % ("one.pem", "one.key"))[2])
ok("do not belong together" in problems(tls % ("one.pem", "two.key"))[2], "a key of another certificate")
ok(problems(tls % ("none.pem", "one.key"))[0] == 1, "a certificate that is not there")
keep("empty.pem", "")
ok("bad.conf:4: error" in problems(tls % ("empty.pem", "one.key"))[2], "a file that is no certificate")
os.chmod(os.path.join(SCRATCH, "two.key"), 0o644)
ok("chmod" in problems(tls % ("two.pem", "two.key"))[2], "a key that everybody may read")
ok("both" in problems('db = "x"\ntls-key = "one.key"\n')[2], "a key without its certificate")

# ---- beyond this machine ----
reach = 'db = "x"\nlisten = "0.0.0.0:8443"\n'
ok("bad.conf:2" in problems(reach)[2] and "certificate" in problems(reach)[2], "not without TLS or a proxy")
ok("name the hosts" in problems(reach + "proxy = {127.0.0.1}\n")[2], "nor without host names")
ok(problems(reach + "proxy = {127.0.0.1}\nhosts = {gangmu.example.org}\n")[0] == 0, "behind a proxy, with names")
ok("Demo data" in problems(reach + "proxy = {127.0.0.1}\nhosts = {a}\ndemo = yes\n")[2], "never with demo data")
status, _, says = gangmu("serve", "--db", "x.db", "--listen", "0.0.0.0:0")
ok(status == 2 and "--listen: error" in says and not os.path.exists(os.path.join(SCRATCH, "x.db")),
   "serve refuses before it touches anything", says)
status, out, _ = gangmu("serve", "--help")
ok(status == 0 and all("--" + name in out for name in all_of_them), "the help of serve lists every setting", out)
ok("host names that may be asked for" in out, "in the language that is asked for", out)
finish()
