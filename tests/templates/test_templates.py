"""Good templates write what good/*.txt says; each bad one is refused at the line and with the words of its .expect."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILD, ROOT, SCRATCH, finish, ok

HERE = os.path.dirname(os.path.abspath(__file__))


def tmplc(*files):
    out = [os.path.join(SCRATCH, n) for n in ("pages.h", "pages.c")]
    return subprocess.run([os.path.join(BUILD, "tmplc"), *out, *files], capture_output=True, text=True, cwd=HERE), out[1]


for path in sorted(glob.glob(os.path.join(HERE, "good/*.txt"))):
    name = os.path.splitext(os.path.basename(path))[0]
    done = subprocess.run([os.path.join(BUILD, "tests", "templates_fill"), name], capture_output=True, text=True)
    with open(path, encoding="utf-8") as f:
        ok(done.returncode == 0 and done.stdout == f.read(), "good " + name, done.stdout)

for path in sorted(glob.glob(os.path.join(HERE, "bad/*.html"))):
    name = os.path.splitext(os.path.basename(path))[0]
    line, words = open(os.path.join(HERE, "bad", name + ".expect"), encoding="utf-8").read().strip().split(" ", 1)
    done, _ = tmplc(os.path.join("bad", name + ".html"))
    hit = any(done.stderr.startswith("bad/%s.html:%s: error: " % (name, line)) and w in done.stderr for w in words.split("|"))
    ok(done.returncode != 0 and hit, "bad " + name, done.stderr)

# What only the C compiler can refuse: a wrong name, and trusted markup in an attribute; both at the template's line.
for name, text in (("misspelt", "<p>{{titel}}</p>"), ("markup-in-attribute", '<p class="{{note}}"></p>'), ("bool-as-text", "<p>{{is_late}}</p>")):
    source = os.path.join(SCRATCH, name + ".html")
    with open(source, "w", encoding="utf-8") as f:
        f.write('{{view struct view_task from "views.h"}}\n' + text + "\n")
    done, c = tmplc(source)
    cc = subprocess.run(["cc", "-std=gnu17", "-fsyntax-only", "-I" + SCRATCH, "-I" + HERE, "-I" + os.path.join(ROOT, "src"),
                         "-I" + os.path.join(BUILD, "gen"), c], capture_output=True, text=True)
    ok(done.returncode == 0 and cc.returncode != 0 and re.search(re.escape(name) + r"\.html:2:", cc.stderr), "refused by C: " + name, cc.stderr)
finish()
