"""docs/declarations.md: its tables are those the program makes of the language; functions, types and codes are all in it; the
language has a text for every key. `--write` puts the tables into the page."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, finish, ok  # noqa: E402

PAGE = os.path.join(ROOT, "docs", "declarations.md")


def made(what, lang="zh"):
    done = subprocess.run([GANGMU, "system", "reference", what, "--lang", lang], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else done.stderr


def source(name):
    return open(os.path.join(ROOT, "src", "declare", name), encoding="utf-8").read()


text = open(PAGE, encoding="utf-8").read()
if "--write" in sys.argv:
    for what in ("keys", "faults"):
        text = re.sub(r"(<!-- made: %s -->\n).*?(<!-- end -->)" % what, lambda m: m.group(1) + "\n" + made(what) + "\n\n" + m.group(2), text, flags=re.S)
    open(PAGE, "w", encoding="utf-8").write(text)
for what in ("keys", "faults"):
    written = re.search(r"<!-- made: %s -->\n(.*?)<!-- end -->" % what, text, re.S).group(1).strip()
    want = made(what)
    other = next((pair for pair in zip(written.splitlines(), want.splitlines()) if pair[0] != pair[1]), "")
    ok(written == want and len(want) > 1000, "the table of %s is the program's (made anew by: %s --write)" % (what, os.path.relpath(__file__, ROOT)), other)
for lang in ("zh", "en"):
    rows = [x.split(" | ") for x in made("keys", lang).splitlines() if x.startswith("| `")]
    bare = [r[0] for r in rows if not r[-1].strip(" |")]
    ok(len(rows) > 250 and not bare, "every key has its meaning in %s" % lang, bare)
functions = re.findall(r"^  X\((\w+), \d", source("function.h"), re.M)
ok(len(functions) > 40 and not [f for f in functions if "`%s`" % f not in text], "every function is named", [f for f in functions if "`%s`" % f not in text])
types = re.findall(r"X\((\w+)\)", re.search(r"#define TYPE_WORDS\(X\)(.*?)enum", source("system.h"), re.S).group(1))
ok(len(types) > 25 and not [t for t in types if not re.search(r"`%s[`(]" % t, text)], "every type is named", [t for t in types if not re.search(r"`%s[`(]" % t, text)])
finish()
