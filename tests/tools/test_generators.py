"""textc, sqlc, embed and house: what they refuse, with file and line, and what they make."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import BUILD, ROOT, SCRATCH, finish, keep, ok


def tool(name, *args):
    return subprocess.run([os.path.join(BUILD, name), *args], capture_output=True, text=True, cwd=SCRATCH)


def textc(zh, en):
    keep("zh.yaml", zh)
    keep("en.yaml", en)
    return tool("textc", "texts.h", "texts.c", "zh.yaml", "en.yaml")


for name, zh, en, expected in (
    ("a key that English lacks", "a: 甲\nb: 乙\n", "a: A\n", "zh.yaml:2: error: the other language lacks this key: b"),
    ("a key that Chinese lacks", "a: 甲\n", "# c\na: A\nb: B\n", "en.yaml:3: error: the other language lacks this key: b"),
    ("a key twice", "a: 甲\na: 乙\n", "a: A\n", "zh.yaml:2: error: this key stands twice: a"),
    ("a hole that differs", "a: 甲{n}\n", "a: A {m}\n", "zh.yaml:1: error: the other language lacks a hole of this text: a"),
    ("an empty text", "a:\n", "a: A\n", "zh.yaml:1: error: the text is empty: a"),
    ("a wrong key", "A-b: 甲\n", "a: A\n", "zh.yaml:1: error: a key is made of a-z, 0-9 and _, at the start of the line: A-b"),
    ("a text that YAML reads otherwise", "a: {n} 项\n", "a: A {n}\n", "zh.yaml:1: error: this text needs double quotes: a"),
    ("a quote that does not end", 'a: "甲\n', "a: A\n", "zh.yaml:1: error: the quoted text does not end, or has an unknown escape: a"),
    ("a line without a key", "甲乙\n", "a: A\n", "zh.yaml:1: error: expected `key: text`: 甲乙"),
):
    done = textc(zh, en)
    ok(done.returncode == 1 and expected in done.stderr.splitlines(), "textc refuses " + name, done.stderr)
done = textc('a: "甲: \\"{n}\\""  # note\nb: 乙\n', "b: B\na: A {n}\n")
made = open(os.path.join(SCRATCH, "texts.c"), encoding="utf-8").read() if done.returncode == 0 else ""
ok('{"甲: \\"{n}\\"", 10}' in made and '{"A {n}", 5}' in made, "textc takes quoted texts", done.stderr + made)

GOOD_SQL = """-- free words
-- name: task_list
-- in: tenant str, unit str, after int?, seen bool, body blob?
-- out: id str, due int?, note str?, seen bool, body blob
-- many
SELECT id, due, note, seen, body FROM task WHERE tenant = :tenant AND ':x;' <> note AND after = :after AND seen = :seen
-- if unit
  AND unit = :unit AND tenant = :tenant
-- else
  AND body = :body
-- end
;
-- name: task_one
-- in: id str
-- out: id str
-- one
SELECT id FROM task WHERE id = :id;
-- name: task_drop
-- exec
DELETE FROM task;
-- name: task_page
-- in: id str
-- out: id str
-- many
SELECT id FROM task
-- if backward
-- if after
WHERE id < :id
-- end
ORDER BY id DESC
-- else
-- if after
WHERE id > :id
-- end
ORDER BY id
-- end
;
"""
LIST_SQL = """-- name: task_table
-- in: since int, tenant str
-- out: id str, due int?, first str
-- list
SELECT t.id, t.due, COALESCE(t.note, ' FROM ,')
FROM task t JOIN unit u ON u.tenant = t.tenant AND u.id = (SELECT MIN(id) FROM unit)
WHERE t.at > :since AND t.tenant = :tenant;
"""
done = tool("sqlc", "sql.h", "sql.c", keep("list.sql", LIST_SQL))
made = open(os.path.join(SCRATCH, "sql.c"), encoding="utf-8").read() if done.returncode == 0 else ""
ok("WHERE t.at > $1 AND t.tenant = $2" in made and '{"first", "COALESCE(t.note, \' FROM ,\') ", \'s\', false}' in made and '"is", columns_task_table, 3' in made,
   "sqlc takes a list apart: columns, the rest, parameters by place", done.stderr + made)
for name, was, now, expected in (
    ("an order", "AND t.tenant = :tenant;", "AND t.tenant = :tenant ORDER BY id;", "a list is SELECT ... FROM ... WHERE ..., without conditions, order and limit"),
    ("a missing column", "SELECT t.id, ", "SELECT ", "one expression for each name"),
    ("a parameter among the columns", "t.due", ":since", "parameters of a list stand behind FROM"),
    ("no condition", "WHERE", "AND", "a list is SELECT"),
    ("parameters in another order", "since int, tenant str", "tenant str, since int", "as they stand behind FROM"),
):
    done = tool("sqlc", "sql.h", "sql.c", keep("list.sql", LIST_SQL.replace(was, now)))
    ok(done.returncode == 1 and expected in done.stderr, "sqlc refuses a list with " + name, done.stderr)
done = tool("sqlc", "sql.h", "sql.c", keep("good.sql", GOOD_SQL))
made = open(os.path.join(SCRATCH, "sql.c"), encoding="utf-8").read() if done.returncode == 0 else ""
ok("AND unit = $4 AND tenant = $1 " in made and "AND body = $4 " in made and "':x;'" in made, "sqlc numbers parameters in their order", done.stderr)
texts = [" ".join("".join(re.findall(r'"(.*)"', part)).split()) for part in re.findall(r'\{"task_page",((?:\n   "[^"]*")*)', made)]
ok(texts == ["SELECT id FROM task ORDER BY id", "SELECT id FROM task ORDER BY id DESC", "SELECT id FROM task WHERE id > $1 ORDER BY id",
              "SELECT id FROM task WHERE id < $1 ORDER BY id DESC"], "sqlc chooses parts within parts", str(texts))
os.remove(os.path.join(SCRATCH, "texts.h"))  # the one made above hides the real one
cc = subprocess.run(["cc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsyntax-only", "-I" + SCRATCH,
                     "-I" + os.path.join(ROOT, "src"), "-I" + os.path.join(BUILD, "gen"), os.path.join(SCRATCH, "sql.c")],
                    capture_output=True, text=True)
ok(cc.returncode == 0, "sqlc makes C without warnings", cc.stderr)

for name, sql, expected in (
    ("a parameter that is not declared", "-- name: a\n-- out: b str\n-- one\nSELECT b FROM c WHERE d = :d;\n", "4: error: this parameter is not declared"),
    ("a parameter that is not used", "-- name: a\n-- in: d str\n-- exec\nDELETE FROM c;\n", "1: error: this parameter is declared but not used: d"),
    ("an unknown type", "-- name: a\n-- in: d text\n-- exec\nDELETE FROM c WHERE d = :d;\n", "2: error: expected `name type`"),
    ("what is not plain", "-- name: a\n-- exec\nINSERT OR IGNORE INTO c (d) VALUES (1);\n", "3: error: not plain for every engine:  INSERT OR "),
    ("a cast", "-- name: a\n-- out: b int\n-- one\nSELECT b::int FROM c;\n", "4: error: not plain for every engine: ::"),
    ("two statements", "-- name: a\n-- exec\nDELETE FROM c; DELETE FROM d;\n", "3: error: not plain for every engine: ;"),
    ("a name twice", "-- name: a\n-- exec\nDELETE FROM c;\n-- name: a\n-- exec\nDELETE FROM c;\n", "4: error: this name stands twice: a"),
    ("a missing semicolon", "-- name: a\n-- exec\nDELETE FROM c\n", "4: error: the statement does not end"),
    ("writing that answers rows", "-- name: a\n-- out: b str\n-- one\nDELETE FROM c;\n", "1: error: writing goes with exec"),
    ("an open condition", "-- name: a\n-- exec\nDELETE FROM c\n-- if b\nWHERE d = 1;\n", "5: error: `-- if` is still open"),
    ("a condition within itself", "-- name: a\n-- exec\nDELETE FROM c\n-- if b\n-- if b\nWHERE d = 1\n-- end\n-- end\n;\n", "5: error: this is decided already"),
    ("a second else", "-- name: a\n-- exec\nDELETE FROM c\n-- if b\nWHERE d = 1\n-- else\n-- else\n-- end\n;\n", "7: error: `-- else` and `-- end` need"),
    ("an end too many", "-- name: a\n-- exec\nDELETE FROM c\n-- end\n;\n", "4: error: `-- else` and `-- end` need"),
    ("a statement without a kind", "-- name: a\nDELETE FROM c;\n", "1: error: a block needs"),
    ("SQL outside a block", "DELETE FROM c;\n", "1: error: SQL outside a block"),
):
    done = tool("sqlc", "bad.h", "bad.c", keep("bad.sql", sql))
    ok(done.returncode == 1 and "bad.sql:" + expected in done.stderr, "sqlc refuses " + name, done.stderr)

keep("files/a.txt", "short")
keep("files/b.css", "a { b: c }\n" * 200)
keep("list", "files/b.css\nfiles/a.txt\nx/renamed=files/a.txt\n")
done = tool("embed", "one.c", SCRATCH, "list")
again = tool("embed", "two.c", SCRATCH, "list")
made = open(os.path.join(SCRATCH, "one.c"), encoding="utf-8").read()
ok(done.returncode == 0 and made == open(os.path.join(SCRATCH, "two.c"), encoding="utf-8").read(), "embed makes the same bytes again", done.stderr)
ok(made.index('"files/a.txt"') < made.index('"files/b.css"') < made.index('"x/renamed"'), "embed sorts by name")
keep("list", "files/a.txt\nfiles/a.txt\n")
ok("stands twice" in tool("embed", "one.c", SCRATCH, "list").stderr, "embed refuses a name twice")
keep("list", "files/none.txt\n")
ok(tool("embed", "one.c", SCRATCH, "list").returncode == 1, "embed refuses a file that is not there")

LONG = "int f(void) {\n" + "  g();\n" * 99 + "}\n"
for name, path, text, expected in (
    ("an engine that sees the web", "src/engine/plan/a.c", '/* a */\n#include "web/web.h"\n', "src/engine/plan/a.c:2: this layer may not include web/web.h"),
    ("an engine that sees another", "src/engine/plan/a.c", '/* a */\n#include "engine/flow/flow.h"\n', ":2: this layer may not include engine/flow/flow.h"),
    ("an engine that sees the store", "src/engine/plan/a.c", '/* a */\n#include "store/store.h"\n', ":2: this layer may not include store/store.h"),
    ("the web that sees an engine", "src/web/a.c", '/* a */\n#include "engine/plan/plan.h"\n', ":2: this layer may not include engine/plan/plan.h"),
    ("base that sees text", "src/base/a.c", '/* a */\n#include "text/han.h"\n', ":2: this layer may not include text/han.h"),
    ("SQL outside the store", "src/web/a.c", '/* a */\n#include "sql.h"\n', ":2: this layer may not include sql.h"),
    ("a banned function", "src/text/a.c", "/* a */\nint f(char *p) { return atoi(p); }\n", ":2: banned function: atoi"),
    ("malloc outside base", "src/text/a.c", "/* a */\nvoid *f(void) { return malloc(1); }\n", ":2: banned function: malloc"),
    ("the time outside the clock", "src/app/a.c", "/* a */\nlong f(void) { return time(0); }\n", ":2: banned function: time"),
    ("a float in an engine", "src/engine/plan/a.c", "/* a */\nstatic const double x = 1;\n", ":2: no floating point here: double"),
    ("a mutable global", "src/app/a.c", "/* a */\nstatic int count = 0;\n", ":2: mutable state: int count"),
    ("trusted markup", "src/app/a.c", "/* a */\nvoid f(void) { g(html_trust(x)); }\n", ":2: only a file that draws"),
    ("a function of 101 lines", "src/app/a.c", "/* a */\n" + LONG, ":2: this function is longer than 100 lines: 101"),
    ("a file of 1001 lines", "src/app/a.c", "/* a */\n" + "\n" * 1000, ":1001: this file is longer than 1000 lines"),
    ("commented-out code", "src/app/a.c", "/* a */\n// f(x);\n", ":2: commented-out code"),
    ("a source without its comment", "src/app/a.c", "int x;\n", ":1: a source begins with a comment"),
    ("a colour outside the tokens", "ui/css/a.css", "a { color: #fff; }\n", "ui/css/a.css:1: a colour outside the tokens"),
    ("a path of one machine", "docs/a.md", "see /ho" + "me/x\n", "docs/a.md:1: a path or host of one machine"),
):
    keep(path, text)
    done = tool("house", path)
    ok(done.returncode == 1 and expected in done.stdout, "house refuses " + name, done.stdout)
for name, path, text in (
    ("words in comments and strings", "src/app/a.c", '/* atoi(x), malloc() */\nconst char *f(void) { return "time(0) // x;"; }\n'),
    ("what is allowed with a reason", "src/app/a.c", "/* a */\n/* house: allow mutable - made once */\nstatic int count = 0;\n"),
    ("a store file that names statements", "src/engine/plan/plan_store.c", '/* a */\n#include "sql.h"\n#include "store/store.h"\n'),
    ("a function of 100 lines", "src/app/a.c", "/* a */\n" + LONG.replace("  g();\n", "", 1)),
    ("fields named like functions", "src/app/a.c", "/* a */\nint f(struct x *p) { return p->time(1) + q.free(2); }\n"),
    ("colours in the tokens", "ui/css/01-tokens.css", ":root { --a: #fff; }\na:hover { color: var(--a); }\n"),
):
    keep(path, text)
    done = tool("house", path)
    ok(done.returncode == 0, "house takes " + name, done.stdout)
finish()
