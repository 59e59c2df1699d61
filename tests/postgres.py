"""A PostgreSQL cluster for the tests alone: made in a folder of its own, reached by a socket, gone afterwards.

    with Cluster() as url: ...

The server refuses to run as root; then it runs as the user that Debian's package made."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

WAIT_SECONDS = 30


def tool(name):
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/" + name))
    return found[-1] if found else shutil.which(name)


class Cluster:
    """url is None when it cannot be had; then `why` says why, and `broken` whether that is a fault."""

    def __init__(self, *settings):
        self.settings = list(settings)
        self.server = self.dir = self.log = self.owner = None
        self.broken, self.why = False, ""

    def as_owner(self, words):
        if self.owner is None:
            return subprocess.Popen(words, cwd=self.dir, stdout=self.log, stderr=self.log)
        return subprocess.Popen(words, cwd=self.dir, stdout=self.log, stderr=self.log, user=self.owner.pw_uid,
                                group=self.owner.pw_gid, extra_groups=[], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})

    def __enter__(self):
        if not tool("initdb"):
            self.why = "PostgreSQL is not installed"
            return None
        self.owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self.dir = tempfile.mkdtemp(prefix="gangmu-pg-")
        self.log = open(os.path.join(self.dir, "log"), "w")
        if self.owner:
            os.chown(self.dir, self.owner.pw_uid, self.owner.pw_gid)
        made = self.as_owner([tool("initdb"), "-D", os.path.join(self.dir, "data"), "-U", "gangmu", "-A", "trust", "-E", "UTF8",
                              "--locale=C.UTF-8", "--no-sync"])
        if made.wait() == 0 and self.start():
            return "postgresql://gangmu@/postgres?host=" + self.dir
        self.broken = True
        self.why = "PostgreSQL did not start: " + open(self.log.name).read()[-2000:]
        return None

    def start(self):
        words = [tool("postgres"), "-D", os.path.join(self.dir, "data"), "-k", self.dir, "-c", "listen_addresses=", "-c",
                 "max_connections=200"]
        for setting in self.settings:
            words += ["-c", setting]
        self.server = self.as_owner(words)
        until = time.monotonic() + WAIT_SECONDS
        ready = [tool("pg_isready"), "-h", self.dir, "-U", "gangmu", "-q"]
        while subprocess.run(ready).returncode:
            if self.server.poll() is not None or time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def stop(self, how=signal.SIGINT):
        if self.server:
            self.server.send_signal(how)
            self.server.wait()
            self.server = None

    def __exit__(self, *_):
        self.stop()
        if self.log:
            self.log.close()
            shutil.rmtree(self.dir, ignore_errors=True)
