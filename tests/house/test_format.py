"""Every C file stands as clang-format writes it."""
import glob
import os
import subprocess
import sys

files = sorted(f for d in ("src", "tools", "tests", "bench") for f in glob.glob(d + "/**/*.[ch]", recursive=True))
bad = []
for i in range(0, len(files), 40):
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files[i:i + 40]], capture_output=True, text=True)
    bad += sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})
for name in bad:
    print("%s: not as clang-format writes it" % name)
print("%s - format of %d files" % ("not ok" if bad else "ok", len(files)))
sys.exit(1 if bad else 0)
