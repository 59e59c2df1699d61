"""What `make install` puts into a folder is the whole program: it needs nothing else of the source or the build."""
import os
import subprocess

BUILD, SCRATCH = os.environ["BUILD"], os.environ["SCRATCH"]
os.environ["GANGMU"] = os.path.join(SCRATCH, "prefix/bin/gangmu")

from kit import Client, GANGMU, Server, check, finish


def install(words, **env):
    return subprocess.run(["cmake", "--install", BUILD, *words], capture_output=True, text=True, env={**os.environ, **env})


def run(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"]})


done = install(["--prefix", os.path.join(SCRATCH, "prefix")])
check(done.returncode == 0 and os.access(GANGMU, os.X_OK), "it is installed below a prefix", done.stdout + done.stderr)
done = install(["--prefix", "/usr/local"], DESTDIR=os.path.join(SCRATCH, "stage"))
staged = os.path.join(SCRATCH, "stage/usr/local/bin/gangmu")
check(done.returncode == 0 and os.access(staged, os.X_OK), "and below a stage for a package", done.stdout + done.stderr)
for program in (GANGMU, staged):
    told = run(program, "--version")
    check(told.returncode == 0 and told.stdout.startswith("gangmu "), "it says its version: " + os.path.relpath(program, SCRATCH), told.stderr)
made = run(GANGMU, "demo", "--db", os.path.join(SCRATCH, "office.db"))
check(made.returncode == 0, "it makes the demo city", made.stderr)
server = Server("office.db", "--demo")
answer = Client(server).get("/plans")
check(answer.status == 200 and "云岚市" in answer.text, "it serves the pages that lie in it", answer.status)
check(server.stop() == 0, "and ends when it is told to")
finish()
