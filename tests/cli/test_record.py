"""verify, anchor and keys on the real binary: damage in words, a cut tail, signatures that OpenSSL checks, a key exchanged."""
import os
import re
import sqlite3
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, SCRATCH, finish, ok  # noqa: E402


def gangmu(*words):
    done = subprocess.run([GANGMU, *words, "--lang", "en"], cwd=SCRATCH, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def sql(text, db="a.db"):
    with sqlite3.connect(os.path.join(SCRATCH, db)) as c:
        c.executescript(text)
    c.close()


def answers(status, words, *command):
    got = gangmu(*command)
    ok(got[0] == status and words in got[1], " ".join(command), got)
    return got[1]


# ---- anchors ----
answers(0, "ready", "demo", "--db", "a.db")
answers(0, "made", "anchor", "key", "--key", "sm2.pem")
answers(2, "there", "anchor", "key", "--key", "sm2.pem")
ok(os.stat(os.path.join(SCRATCH, "sm2.pem")).st_mode & 0o777 == 0o600, "the signing key is private")
answers(0, "no daily anchor", "verify", "--db", "a.db")
answers(0, "is fixed", "anchor", "make", "--db", "a.db", "--key", "sm2.pem")
answers(0, "already", "anchor", "make", "--db", "a.db")
sheet = answers(0, "in groups of four", "anchor", "print", "--db", "a.db")
seq = re.search(r"Last event: (\d+)", sheet).group(1)
day = re.search(r"Day: (\S+)", sheet).group(1)
printed = " ".join(re.findall(r"^(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$", sheet, re.M))
ok(len(printed) == 79, "the hash is printed in groups of four", sheet)
answers(0, "It agrees", "anchor", "check", "--db", "a.db", "--seq", seq, "--hash", printed.upper())
answers(1, "cut off", "anchor", "check", "--db", "a.db", "--seq", "9999", "--hash", printed)
answers(1, "another hash", "anchor", "check", "--db", "a.db", "--seq", "1", "--hash", printed)
answers(2, "64", "anchor", "check", "--db", "a.db", "--seq", "1", "--hash", "12")
answers(0, "valid", "anchor", "check", "--db", "a.db", "--day", day, "--key", "sm2.pem.pub")
answers(2, "no anchor", "anchor", "print", "--db", "a.db", "--day", "2001-01-01")
answers(0, "", "anchor", "print", "--db", "a.db", "--format", "docx", "-o", "sheet.docx")
document = zipfile.ZipFile(os.path.join(SCRATCH, "sheet.docx")).read("word/document.xml").decode()
ok(printed[:39] in document and printed[40:] in document, "the document has the same hash", document[:400])

# another program checks the signature over the lines that store/anchor.h names
row = sqlite3.connect(os.path.join(SCRATCH, "a.db")).execute("SELECT day, seq, hash, events, at_us, signature FROM anchor").fetchone()
with open(os.path.join(SCRATCH, "signed"), "w") as f:
    f.write("gangmu anchor 1\nlocal\n%s\n%d\n%s\n%d\n%d\n" % row[:5])
subprocess.run(["openssl", "base64", "-d", "-A", "-out", "sig"], input=row[5].encode(), cwd=SCRATCH, check=True)
done = subprocess.run(["openssl", "dgst", "-sm3", "-verify", "sm2.pem.pub", "-sigopt", "distid:1234567812345678", "-signature", "sig", "signed"],
                      cwd=SCRATCH, capture_output=True, text=True)
ok("Verified OK" in done.stdout, "OpenSSL's own command finds the signature valid", done)

# ---- damage in words ----
subprocess.run(["cp", "a.db", "b.db"], cwd=SCRATCH, check=True)
sql("UPDATE event_field SET value = 'x' WHERE seq = 2 AND field = (SELECT min(field) FROM event_field WHERE seq = 2)", "b.db")
sql("UPDATE event SET actor = 'x' WHERE seq = 4", "b.db")
says = answers(1, "2 findings, the first at event 2", "verify", "--db", "b.db")
ok("value “" in says and "event 4 (unit" in says, "each finding has its place", says)
answers(1, "event 2", "doctor", "--db", "b.db")
sql("DELETE FROM anchor", "b.db")
answers(1, "was removed", "verify", "--db", "b.db")
subprocess.run(["cp", "a.db", "c.db"], cwd=SCRATCH, check=True)
sql("PRAGMA foreign_keys=OFF; DELETE FROM anchor; DELETE FROM event_seal WHERE seq > 3; DELETE FROM event_field WHERE seq > 3; DELETE FROM event WHERE seq > 3;"
    "UPDATE chain SET seq = 3, hash = (SELECT hash FROM event WHERE seq = 3)", "c.db")
answers(0, "It holds", "verify", "--db", "c.db")
answers(1, "cut off", "anchor", "check", "--db", "c.db", "--seq", seq, "--hash", printed)

# ---- keys ----
answers(0, "ready", "keys", "new", "--keys", "ring", "--suite", "sm4")
answers(0, "nothing was changed", "keys", "new", "--keys", "ring")
answers(0, "in use", "keys", "list", "--keys", "ring")
ok(not re.search(r"[0-9a-f]{32}", gangmu("keys", "list", "--keys", "ring")[1]), "no key is shown")
PERSON = ["--keys", "a.db.keys", "--db", "a.db", "--compartment", "person"]
answers(2, "no old key", "keys", "retire", *PERSON)
for end in ("", ".keys"):
    subprocess.run(["cp", "a.db" + end, "half.db" + end], cwd=SCRATCH, check=True)
answers(0, "good     What is sealed", "doctor", "--db", "half.db")
answers(0, "moved to key", "keys", "rotate", "--keys", "half.db.keys", "--db", "b.db", "--compartment", "person")  # as if it had stopped halfway
answers(1, "still stand under a key that was exchanged", "doctor", "--db", "half.db")
answers(0, "moved to key", "keys", "reseal", "--keys", "half.db.keys", "--db", "half.db", "--compartment", "person")
answers(0, "good     What is sealed", "doctor", "--db", "half.db")
moved = answers(0, "moved to key", "keys", "rotate", *PERSON, "--suite", "aes")
cells = [x[0] for x in sqlite3.connect(os.path.join(SCRATCH, "a.db")).execute("SELECT value FROM person_secret")]
ok(cells and all(x.startswith("aes.") for x in cells) and moved.startswith("%d " % len(cells)), "every number of a person is under the new key", moved)
answers(0, "moved to key", "keys", "reseal", *PERSON)
answers(0, "retired", "keys", "retire", *PERSON)
answers(2, "no old key", "keys", "retire", *PERSON)
answers(2, "no key of the compartment", "keys", "rotate", "--keys", "ring", "--db", "a.db", "--compartment", "voice")
answers(2, "does not have", "keys", "rotate", "--keys", "ring", "--db", "a.db", "--compartment", "person")
answers(0, "It holds", "verify", "--db", "a.db", "--keys", "a.db.keys")
events = sqlite3.connect(os.path.join(SCRATCH, "a.db")).execute("SELECT act FROM event WHERE record = 'key' ORDER BY seq").fetchall()
ok([e[0] for e in events] == ["rotate", "reseal", "retire"], "exchange and removal are events", events)
os.chmod(os.path.join(SCRATCH, "ring"), 0o640)
answers(2, "chmod 600", "verify", "--db", "a.db", "--keys", "ring")
for wrong in (["keys"], ["keys", "burn"], ["keys", "new"], ["anchor", "check", "--db", "a.db"], ["anchor", "make"], ["keys", "new", "--keys", "r", "--suite", "des"]):
    answers(2, "gangmu %s " % wrong[0], *wrong)
finish()
