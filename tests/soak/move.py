#!/usr/bin/env python3
"""gangmu move of the demo and ROWS (1,000,000) people more: SQLite -> PostgreSQL -> SQLite. Too long for the quick tests: `make soak`.

The program compares table by table itself; here the first and the last database are compared once more, row by row, by another
reader (Python's own SQLite), and the chain of the last one must verify."""
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GANGMU = os.environ.get("GANGMU", os.path.join(ROOT, os.environ.get("BUILD", "build"), "gangmu"))
ROWS = int(os.environ.get("ROWS", "1000000"))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from postgres import Cluster  # noqa: E402


def gangmu(*words):
    begun = time.monotonic()
    done = subprocess.run([GANGMU, *words], capture_output=True, text=True)
    last = (done.stdout.strip() or done.stderr.strip()).split("\n")[-1]
    print("gangmu %s: %d, %.0f s, %s" % (words[0], done.returncode, time.monotonic() - begun, last), flush=True)
    return done.returncode == 0


def add_people(file):
    """Like the first one of the demo, each with another name."""
    db = sqlite3.connect(file)
    columns = [r[1] for r in db.execute("PRAGMA table_info(person)")]
    like = dict(zip(columns, db.execute("SELECT * FROM person ORDER BY id LIMIT 1").fetchone()))

    def row(i):
        return tuple({**like, "id": "z%07d" % i, "name": "某人%d" % i, "reading": "mou ren %d" % i, "initials": "mr%d" % i}[c] for c in columns)
    db.executemany("INSERT INTO person (%s) VALUES (%s)" % (",".join(columns), ",".join("?" * len(columns))), map(row, range(ROWS)))
    db.commit()
    db.close()


def differing(one, other):
    """(rows that were compared, tables that differ)"""
    a, b = sqlite3.connect(one), sqlite3.connect(other)
    tables = [r[0] for r in a.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_index%'")]
    wrong, rows = [], 0
    for name in tables:
        keys = [r[1] for r in sorted(a.execute("PRAGMA table_info(%s)" % name), key=lambda r: r[5]) if r[5]]
        x, y = (db.execute("SELECT * FROM %s ORDER BY %s" % (name, ",".join(keys))) for db in (a, b))
        while True:
            p, q = x.fetchmany(5000), y.fetchmany(5000)
            if p != q:
                wrong.append(name)
            if p != q or not p:
                break
            rows += len(p)
    return rows, wrong


def main():
    with tempfile.TemporaryDirectory(prefix="gangmu-move-") as scratch, Cluster() as url:
        if not url:
            print("left out: PostgreSQL is not installed")
            return 2
        first, last = os.path.join(scratch, "first.db"), os.path.join(scratch, "last.db")
        if not gangmu("demo", "--db", first):
            return 1
        add_people(first)
        moved = gangmu("move", "--db", first, "--to", url) and gangmu("move", "--db", url, "--to", last) and gangmu("verify", "--db", last)
        rows, wrong = differing(first, last) if moved else (0, ["all"])
    print("%d rows compared; tables that differ: %s" % (rows, ", ".join(wrong) or "none"))
    return 1 if wrong or rows < ROWS else 0


if __name__ == "__main__":
    sys.exit(main())
