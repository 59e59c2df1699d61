"""What the tests that are scripts share: lines of TAP, and where the project, the program and an empty folder are."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
GANGMU = os.environ.get("GANGMU", os.path.join(BUILD, "gangmu"))
SCRATCH = os.environ.get("SCRATCH", "/tmp")
count = failed = 0


def ok(good, what, more=""):
    """One line; when it failed, `more` is shown below it."""
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, what), flush=True)
    if not good and more != "":
        print("\n".join("#   " + line[:1000] for line in str(more).splitlines()[:40]), flush=True)
    return good


def keep(name, data):
    """A file in the empty folder; returns its path."""
    path = os.path.join(SCRATCH, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def finish():
    print("1..%d" % count)
    sys.exit(1 if failed else 0)
