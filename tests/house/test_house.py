"""Layers, banned functions, sizes and the other rules of tools/house.c over all files of the project."""
import os
import subprocess
import sys

KINDS = (".c", ".h", ".css", ".js", ".mjs", ".html", ".yaml", ".json", ".sql", ".py", ".sh", ".cmake", ".md", ".txt", ".case")
SKIP = {".git", "node_modules", "__pycache__", "corpus", "regress"}
files = []
for folder, folders, names in os.walk("."):
    folders[:] = sorted(d for d in folders if d not in SKIP and not d.startswith("build"))
    files += [os.path.relpath(os.path.join(folder, n)) for n in sorted(names) if n.endswith(KINDS) or n == "Makefile"]
done = subprocess.run([os.path.join(os.environ["BUILD"], "house"), *files], capture_output=True, text=True)
sys.stdout.write(done.stdout)
print("%s - house rules over %d files" % ("ok" if done.returncode == 0 else "not ok", len(files)))
sys.exit(done.returncode)
