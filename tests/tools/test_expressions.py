"""Works out random expressions a second time, in fractions and civil dates of Python's own, and compares with the program's
values. The trees come from tests/property/expr.c; the rules of the calendar are read anew from rules/calendar."""
import datetime
import glob
import math
import os
import re
import subprocess
import sys
from fractions import Fraction

BUILD = os.environ.get("BUILD", "build")
COUNT = 12000
DAY = datetime.timedelta(days=1)
FAMILY = {"days": ("day", 1), "weeks": ("day", 7), "months": ("month", 1), "years": ("month", 12), "workdays": ("workday", 1)}
TERMS = ((9, 1), (2, 1))


class Missing(Exception):
    """A value that is not there, with its reason."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def read_calendar():
    off, work = set(), set()
    for path in glob.glob("rules/calendar/2*.yaml"):
        text = open(path, encoding="utf-8").read()
        year = int(re.search(r"^year: (\d+)", text, re.M).group(1))
        for key, days in (("off", off), ("work", work)):
            for span in re.search(r"^%s: \[(.*)\]" % key, text, re.M).group(1).replace(" ", "").split(","):
                if span:
                    first, _, last = span.partition("..")
                    a, b = (datetime.date(year, *map(int, x.split("-"))) for x in (first, last or first))
                    while a <= b:
                        days.add(a)
                        a += DAY
    return off, work


OFF, WORK = read_calendar()


def works(d):
    return d not in OFF and (d in WORK or d.weekday() < 5)


# ---- durations ----

class Duration:
    def __init__(self, n, unit):
        self.n, self.unit = n, unit

    def parts(self):
        return self.n * FAMILY[self.unit][1]

    def family(self):
        return FAMILY[self.unit][0]

    def __str__(self):
        return "%d %s" % (self.n, self.unit)


def add_durations(a, b):
    if a.family() != b.family():
        if a.n and b.n:
            raise Missing("unlike")
        return a if a.n else b
    unit = a.unit if FAMILY[a.unit][1] < FAMILY[b.unit][1] else b.unit
    total = a.parts() + b.parts()
    if total % FAMILY[unit][1]:
        unit = {"day": "days", "month": "months"}[a.family()]
    return Duration(total // FAMILY[unit][1], unit)


def add_months(d, n):
    months = d.year * 12 + d.month - 1 + n
    year, month = divmod(months, 12)
    for day in range(d.day, 0, -1):
        try:
            return datetime.date(year, month + 1, day)
        except ValueError:
            if not 1 <= year <= 9999:
                raise Missing("beyond") from None
    raise AssertionError


def move(d, by):
    if by.family() == "month":
        return add_months(d, by.parts())
    if by.family() == "day":
        return d + by.parts() * DAY
    n, step = by.n, DAY if by.n > 0 else -DAY
    while n:
        d += step
        if works(d):
            n -= 1 if by.n > 0 else -1
    return d


def workdays(a, b):
    if a > b:
        return -workdays(b, a)
    n = 0
    while a < b:
        a += DAY
        n += works(a)
    return n


# ---- periods: first days, and how to step ----

def school_year(d):
    return d.year if d >= datetime.date(d.year, *TERMS[0]) else d.year - 1


def period(kind, d):
    """(kind, first day, first day of the next)"""
    if kind == "week":
        first = d - d.weekday() * DAY
        return kind, first, first + 7 * DAY
    if kind in ("month", "quarter", "year"):
        size = {"month": 1, "quarter": 3, "year": 12}[kind]
        first = datetime.date(d.year, (d.month - 1) // size * size + 1, 1)
        return kind, first, add_months(first, size)
    year = school_year(d)
    edges = [datetime.date(year, 9, 1), datetime.date(year + 1, 2, 1), datetime.date(year + 1, 9, 1)]
    if kind == "school_year":
        return kind, edges[0], edges[2]
    return (kind, edges[0], edges[1]) if d < edges[1] else (kind, edges[1], edges[2])


# ---- reading ----

def read(tokens):
    token = tokens.pop(0)
    if token != "(":
        return token
    out = []
    while tokens[0] != ")":
        out.append(read(tokens))
    tokens.pop(0)
    return out


# ---- working out ----

def compare(op, a, b):
    if isinstance(a, Duration):
        x, y = a.parts(), b.parts()
        signs = ((x > 0) - (x < 0), (y > 0) - (y < 0))
        if signs[0] != signs[1] or not signs[0]:
            a, b = signs
        elif a.family() != b.family():
            raise Missing("unlike")
        else:
            a, b = x, y
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


def logic(op, x, y):
    decides = op == "or"
    a = value_or_missing(x)
    if a is decides:
        return a
    b = value_or_missing(y)
    if b is decides:
        return b
    for v in (a, b):
        if isinstance(v, Missing):
            raise v
    return not decides


def root(x, places):
    """Square root to so many places, half away from zero."""
    scale = 10 ** places
    y = x * scale * scale
    r = math.isqrt(y.numerator // y.denominator)
    return Fraction(r + (y >= r * r + r + Fraction(1, 4)), scale)


def quantile(xs, q):
    if not 0 <= q <= 1:
        raise Missing("beyond")
    xs = sorted(xs)
    place = q * (len(xs) - 1)
    low = math.floor(place)
    return xs[low] if place == low else xs[low] + (xs[low + 1] - xs[low]) * (place - low)


def spread(kind, xs):
    mean = sum(xs) / len(xs)
    variance = sum((x - mean) ** 2 for x in xs) / len(xs)
    SIZES.append(max(variance.numerator, variance.denominator))
    if kind == "stdev":
        return root(variance, 6)
    if mean == 0:
        raise Missing("zero")
    return root(variance / mean ** 2, 6)


def aggregate(name, args):
    xs = [value_or_missing(x) for x in args[0][1:]]
    if name == "count":
        return Fraction(len(xs))
    missing = [x for x in xs if isinstance(x, Missing)]
    if name in ("min", "max"):
        if missing:
            raise missing[0]
        return min(xs) if name == "min" else max(xs)
    if missing:
        raise Missing("missing")
    if name == "sum":
        return sum(xs, Fraction(0))
    if name == "mean":
        return sum(xs) / len(xs)
    if name == "median":
        return quantile(xs, Fraction(1, 2))
    if name == "quantile":
        return quantile(xs, value(args[1]))
    if name == "trimmed_mean":
        n = int(value(args[1]))
        if 2 * n >= len(xs):
            raise Missing("empty")
        xs = sorted(xs)[n:len(xs) - n]
        return sum(xs) / len(xs)
    return spread(name, xs)


def rank(x, args):
    xs = [value_or_missing(a) for a in args]
    v = value_or_missing(x)
    if any(isinstance(a, Missing) for a in [v, *xs]):
        raise Missing("missing")
    return Fraction(1 + sum(a > v for a in xs))


def count_distinct(args):
    return Fraction(len({x for x in map(value_or_missing, args) if not isinstance(x, Missing)}))


def rounded(name, x, step):
    if step == 0:
        raise Missing("zero")
    q = x / step
    if name == "floor":
        n = math.floor(q)
    elif name == "ceil":
        n = math.ceil(q)
    else:
        n = math.floor(abs(q) + Fraction(1, 2)) * (1 if q >= 0 else -1)
    return n * step


def contains(x, args):
    found = False
    a = value(x)
    for b in map(value_or_missing, args):
        if isinstance(b, Missing):
            found = b
        elif a == b:
            return True
    if isinstance(found, Missing):
        raise found
    return found


def arithmetic(op, a, b):
    if isinstance(a, datetime.date):
        if isinstance(b, datetime.date):
            return Duration((a - b).days, "days")
        return move(a, b if op == "+" else Duration(-b.n, b.unit))
    if isinstance(a, Duration):
        if op == "*":
            return Duration(a.n * int(b), a.unit)
        return add_durations(a, b if op == "+" else Duration(-b.n, b.unit))
    if op in ("/", "div", "mod") and b == 0:
        raise Missing("zero")
    if op == "div":
        return Fraction(a // abs(b)) * (1 if b > 0 else -1)
    if op == "mod":
        return a - (a // abs(b)) * abs(b)
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[op]()


def literal(op, x):
    if op == "d":
        return datetime.date.fromisoformat(x[1])
    if x[2] in FAMILY:
        return Duration(int(x[1]), x[2])
    return Fraction(x[1]) * (Fraction(1, 100) if x[2] == "%" else 1)


def value(x):
    out = plain_value(x)
    if isinstance(out, Fraction):
        SIZES.append(max(abs(out.numerator), out.denominator))
    return out


def plain_value(x):
    if isinstance(x, str):
        if x == "none":
            raise Missing("missing")
        return x == "yes"
    op, args = x[0], x[1:]
    if op in ("n", "d"):
        return literal(op, x)
    if op == "if":
        return value(args[1] if value(args[0]) else args[2])
    if op in ("and", "or"):
        return logic(op, *args)
    if op == "not":
        return not value(args[0])
    if op in ("isnone", "issome"):
        return isinstance(value_or_missing(args[0]), Missing) == (op == "isnone")
    if op in ("in", "notin"):
        return contains(args[0], args[1][1:]) == (op == "in")
    if op == "rank":
        return rank(args[0], args[1][1:])
    if op == "count" and args[0][0] == "distinct":
        return count_distinct(args[0][1][1:])
    if isinstance(args[0], list) and args[0][0] == "set":
        return aggregate(op, args)
    return simple(op, [value(a) for a in args])


def simple(op, args):
    a = args[0]
    if op in ("=", "!=", "<", "<=", ">", ">="):
        return compare(op, *args)
    if op in ("min", "max"):
        return min(args) if op == "min" else max(args)
    if op in ("round", "floor", "ceil"):
        return rounded(op, *args)
    if op in ("week", "month", "quarter", "term", "school_year", "year"):
        return period(op, a)
    if op in ("next", "previous"):
        return period(a[0], a[2] if op == "next" else a[1] - DAY)
    if op in ("start", "end"):
        return a[1] if op == "start" else a[2] - DAY
    if op == "neg":
        return -a
    if op == "abs":
        return abs(a)
    if op == "workdays":
        return Duration(workdays(*args), "workdays")
    if op == "age":
        return Fraction(args[1].year - a.year - ((args[1].month, args[1].day) < (a.month, a.day)))
    return arithmetic(op, *args)


def value_or_missing(x):
    try:
        return value(x)
    except Missing as missing:
        return missing


def shown(v):
    if isinstance(v, Missing):
        return "none:" + v.why
    if isinstance(v, bool):
        return "yes" if v else "no"
    if isinstance(v, datetime.date):
        return v.isoformat()
    return str(v)


def same(told, v):
    if isinstance(v, Fraction) and not told.startswith(("none", "overflow")):
        return Fraction(told) == v
    return told == shown(v)


SIZES = []


def main():
    program = os.path.join(BUILD, "tests", "property_expr")
    out = subprocess.run([program, "print", str(COUNT)], capture_output=True, text=True, check=True).stdout
    wrong = refused = 0
    for line in out.splitlines():
        text, tree, told = line.split("\t")
        SIZES.clear()
        v = value_or_missing(read(re.findall(r"[()]|[^\s()]+", tree)))
        if told == "overflow":
            refused += 1
            is_same = max(SIZES, default=0) > 10 ** 15  # products of smaller ones fit
        else:
            is_same = same(told, v)
        if not is_same:
            wrong += 1
            print("# %s\n#   told %s, is %s" % (text, told, shown(v)))
            if wrong == 10:
                break
    lines = len(out.splitlines())
    print("%s - %d expressions worked out twice, %d refused as too long" % ("not ok" if wrong or lines < COUNT * 9 // 10 else "ok", lines, refused))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
