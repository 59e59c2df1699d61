"""Works random lives of clocks out a second time and compares what the program says of them after each step. Time is walked through
minute by minute: each minute is open or shut, a clock counts the ones it runs through. Where the program keeps a due moment and moves
it, here stands the deadline as it was set and the list of the times that the clock stood still since; the due moment is found by
counting. The lives come from tests/property/clock.c; the rules of the calendar are read anew from rules/calendar."""
import bisect
import datetime
import os
import re
import subprocess
import sys
from fractions import Fraction

from test_expressions import add_months, works

BUILD = os.environ.get("BUILD", "build")
COUNT = 3000
NEVER = (1 << 63) - 1
SECOND, MINUTE, DAY = 10**6, 60 * 10**6, 86400 * 10**6
CIVIL = 8 * 3600 * SECOND
FIRST = datetime.date(2024, 6, 1)  # the walk begins here
DAYS = 365 * 6
EPOCH = datetime.date(1970, 1, 1)


HOURS = [tuple(int(x[:2]) * 60 + int(x[3:]) for x in part.split("-"))
         for part in re.search(r"^hours: \[(.*)\]", open("rules/calendar/office.yaml", encoding="utf-8").read(), re.M).group(1).split(", ")]
A_DAY = sum(b - a for a, b in HOURS) * MINUTE


def midnight(d):
    return (d - EPOCH).days * DAY - CIVIL


def walk():
    """The open minutes, one by one: the moments at which each begins."""
    found = []
    for n in range(DAYS):
        d = FIRST + datetime.timedelta(n)
        if works(d):
            for minute in range(1440):
                if any(a <= minute < b for a, b in HOURS):
                    found.append(midnight(d) + minute * MINUTE)
    return found


OPEN = walk()


def opened(t):
    """Open time up to t."""
    n = bisect.bisect_right(OPEN, t)
    return n * MINUTE - (max(0, OPEN[n - 1] + MINUTE - t) if n else 0)


def when_opened(total):
    """The earliest moment up to which so much open time has passed."""
    n = -(-total // MINUTE)
    return OPEN[n - 1] + total - (n - 1) * MINUTE


def civil_day(t):
    return EPOCH + datetime.timedelta((t + CIVIL) // DAY)


class Measure:
    def __init__(self, unit):
        self.office = unit.startswith("work")
        self.unit = unit

    def count(self, a, b):
        return opened(b) - opened(a) if self.office else b - a

    def ahead(self, t, n):
        if not n:
            return t
        return when_opened(opened(t) + n) if self.office else t + n

    def amount(self, n):
        return n * {"workdays": A_DAY, "workhours": 60 * MINUTE, "workminutes": MINUTE, "minutes": MINUTE, "hours": 60 * MINUTE,
                    "days": DAY, "weeks": 7 * DAY, "seconds": SECOND}[self.unit]

    def whole(self, n):
        return n // {"workdays": A_DAY, "workhours": MINUTE, "workminutes": MINUTE, "minutes": MINUTE, "hours": MINUTE,
                     "seconds": MINUTE}.get(self.unit, DAY)


def plus(t, n, unit):
    """moment + duration: days keep the time of day, working days end at the close."""
    d = civil_day(t)
    if unit == "workdays":
        while n:
            d += datetime.timedelta(1)
            n -= works(d)
        return midnight(d) + HOURS[-1][1] * MINUTE
    if unit == "months":
        return midnight(add_months(d, n)) + t - midnight(d)
    m = Measure(unit)
    return m.ahead(t, m.amount(n))


def due_after(t, n, unit):
    if unit in ("days", "weeks", "months"):
        return midnight(civil_day(plus(midnight(civil_day(t)), n, unit))) + DAY - SECOND
    return plus(t, n, unit)


def earliest_before(due, amount):
    """The first moment at which so much open time is left, walking back."""
    return when_opened(opened(due) - amount)


class Life:
    """The deadline as it was set, and the times of standing since."""

    def __init__(self, head):
        said, levels = head.split(" :")
        restarts, times, then, n, unit = said.split(" ")
        self.restarts, self.times, self.then = ("full", "rest", "third")[int(restarts)], int(times), then == "1"
        self.most, self.most_unit = int(n), Measure(unit)
        self.levels = dict(enumerate(levels.split(",")))
        self.levels[9] = "due"  # it turns over
        self.phase = "none"
        self.fired = set()
        self.floor = 0

    # ---- the clock ----

    def begin(self, t, goal):
        self.phase, self.started, self.since, self.now = "runs", t, t, t
        self.ran = []           # times during which it ran
        self.stood = []         # since the deadline was set
        self.pauses = []        # of this run
        self.joined = 0         # of these, begun where another deadline was set
        self.late = False
        self.wish = False
        self.then_at = None
        self.aim(goal)
        self.fired = set()
        self.given = self.measure.count(t, self.deadline)
        self.floor = t
        self.plan()

    def aim(self, goal):
        kind, n, unit, until = goal
        self.measure, self.limit = Measure(unit), (n, unit)
        self.until = until if kind == "until" else None
        self.deadline = until if kind == "until" else due_after(self.started, n, unit)

    def due(self):
        return self.measure.ahead(self.deadline, sum(self.measure.count(a, b) for a, b in self.stood))

    def instant(self, t):
        """Where its hand stands."""
        return t if self.phase == "runs" else self.since

    def used(self, t):
        ran = self.ran + ([(self.since, t)] if self.phase == "runs" else [])
        return sum(self.measure.count(a, b) for a, b in ran)

    def over(self, t):
        return self.late or self.instant(t) > self.due()

    def enter(self, phase, t):
        if self.phase == "runs":
            self.ran.append((self.since, t))
        elif phase == "runs":
            self.late = self.over(t)
            self.stood.append((self.since, t))
        if self.phase == "pauses":
            self.pauses.append((self.since, t))
        if not (self.phase == "pauses" and phase == "stopped"):
            self.since = t
        self.phase = phase

    def catch_up(self, t):
        if self.phase == "pauses" and self.then_at is not None and self.then_at <= t:
            at = self.then_at
            self.enter("runs", at)
            if not self.then:
                self.then_at = None
            self.floor = at
            self.plan()

    # ---- levels ----

    def moment(self, text):
        due, total = self.due(), self.used_there() + self.measure.count(self.since, self.due())
        at = due
        if "/" in text:
            share = Fraction(text)
            want = -(-total * share.numerator // share.denominator) if total > 0 else 0
            missing = want - self.used_there()
            return self.measure.ahead(self.since, missing) if missing > 0 else self.since
        if text != "due":
            n, unit = text[1:].split(" ")
            m = Measure(unit)
            if m.office:
                at = earliest_before(due, m.amount(int(n))) if text[0] == "-" else m.ahead(due, m.amount(int(n)))
            else:
                at = plus(due, int(n) * (-1 if text[0] == "-" else 1), unit)
        return max(at, due + 1) if text[0] in "d+" else at

    def used_there(self):
        return sum(self.measure.count(a, b) for a, b in self.ran)

    def plan(self):
        """(moment, what) of what is next."""
        self.next = (NEVER, 0)
        if self.phase not in ("runs", "pauses"):
            return
        for i, text in self.levels.items():
            at = self.moment(text)
            if i not in self.fired and at < self.next[0] and (self.phase == "runs" or at <= self.since):
                self.next = (at, i)
        if self.then_at is not None and self.then_at < self.next[0]:
            self.next = (self.then_at, 8)
        if self.next[0] != NEVER:
            self.next = (max(self.next[0], self.floor), self.next[1])

    def anew(self, t):
        self.fired = {i for i in self.fired if self.moment(self.levels[i]) <= t}
        self.floor = t
        self.plan()

    # ---- what happens ----

    def do(self, t, what, n, unit, at):
        if what == "done":
            return self.done()
        goal = ("until" if what.endswith("_until") else "limit", n, unit, at)
        if what.startswith("start"):
            return self.start(t, goal)
        if self.phase == "none":
            return None
        self.catch_up(t)
        return getattr(self, what.split("_")[0])(t, goal)

    def start(self, t, goal):
        if self.phase in ("runs", "pauses"):
            return
        if self.phase == "none" or self.restarts == "full":
            return self.begin(t, goal)
        if goal[0] == "until" and goal[3] != self.until:
            self.late, self.phase, self.since = self.over(t), "runs", t
            self.deadline, self.until, self.stood = goal[3], goal[3], []
        else:
            self.enter("runs", t)
        if self.restarts == "third":
            third = -(-max(self.given, 0) // 3)
            if self.measure.count(t, self.due()) < third:
                self.deadline, self.stood = self.measure.ahead(t, third), []
        self.wish = False
        self.anew(t)

    def stop(self, t, goal):
        if self.phase in ("runs", "pauses"):
            self.enter("stopped", t)
        self.wish, self.then_at, self.next = False, None, (NEVER, 0)

    def hold(self, t, goal):
        if self.phase == "stopped" or self.wish:
            return
        self.wish = True
        paused = sum(self.most_unit.count(a, b) for a, b in self.pauses)
        given = None
        if self.most:
            given = plus(t, self.most, "months") - t if self.most_unit.unit == "months" else self.most_unit.amount(self.most)
        if (self.times and len(self.pauses) - self.joined >= self.times) or (given is not None and paused >= given):
            self.then_at = t if self.then else self.then_at
        else:
            self.enter("pauses", t)
            self.then_at = self.most_unit.ahead(t, given - paused) if given is not None else None
        self.floor = t
        self.plan()

    def release(self, t, goal):
        if self.phase == "stopped":
            return
        self.wish, self.then_at = False, None
        if self.phase == "pauses":
            self.enter("runs", t)
        self.floor = t
        self.plan()

    def set(self, t, deadline):
        if self.phase == "pauses":  # what was paused until now is over, and another pause begins in its place
            self.pauses.append((self.since, t))
            self.since = t
            self.joined += 1
        self.deadline, self.stood, self.late = deadline, [], False
        self.anew(t)

    def follow(self, t, goal):
        live = self.phase in ("runs", "pauses")
        if live and goal[0] == "limit" and t == self.started and (goal[1], goal[2]) != self.limit:
            self.aim(goal)
            self.given, self.stood, self.late = self.measure.count(t, self.deadline), [], False
            self.anew(t)
        if self.phase != "stopped" and goal[0] == "until" and goal[3] != self.until:
            self.until = goal[3]
            self.set(t, goal[3])

    def to(self, t, goal):
        self.set(t, goal[3])

    def by(self, t, goal):
        self.deadline = plus(self.due(), goal[1], goal[2])
        self.stood, self.late = [], False
        self.anew(t)

    def done(self):
        at, what = self.next
        if what == 8:
            if self.phase == "pauses":
                self.enter("runs", self.then_at)
            self.then_at = None
        else:
            self.fired.add(what)
        self.floor = at
        self.plan()

    # ---- what it says ----

    def says(self, t):
        if self.phase == "none":
            return "%d 0 0 0 0 000 0" % NEVER
        seen = Life.__new__(Life)
        seen.__dict__.update({k: list(v) if isinstance(v, list) else v for k, v in self.__dict__.items()})
        seen.catch_up(t)
        due, used = seen.due(), seen.used(t)
        left = seen.measure.count(seen.instant(t), due)
        whole = seen.measure.whole(max(left, 0))
        if not whole and seen.instant(t) < due:
            whole = 1
        return "%d %d %d %d %d %d%d%d %d %d %d" % (
            due, left, used, whole, seen.measure.whole(used), seen.over(t), seen.phase == "pauses", seen.phase == "runs",
            sum(1 << i for i in self.fired), self.next[0], self.next[1] if self.next[0] != NEVER else 0)


def main():
    lines = subprocess.run([os.path.join(BUILD, "tests", "property_clock"), "print", str(COUNT)], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    wrong = steps = 0
    seen = {}
    for n, line in enumerate(lines):
        head, *parts = line.split(" | ")
        life = Life(head)
        for part in parts:
            asked, says = part.split(" = ")
            t, what, amount, unit, at = asked.split(" ")
            life.do(int(t), what, int(amount), unit, int(at))
            mine = life.says(int(t))
            steps += 1
            seen[what] = seen.get(what, 0) + 1
            if not says.startswith(mine):
                wrong += 1
                if wrong <= 5:
                    print("# life %d: %s\n#   %s\n#   program: %s\n#   walked:  %s" % (n, head, asked, says, mine))
                break
    missing = [x for x in ("start", "start_until", "stop", "hold", "release", "follow_until", "by", "to", "done") if not seen.get(x)]
    print("%s 1 - %d steps of %d clocks come to the same by walking" % ("not ok" if wrong else "ok", steps, len(lines)))
    print("%s 2 - every kind of step was taken%s" % ("not ok" if missing or len(lines) != COUNT else "ok", " but " + str(missing) if missing else ""))
    print("1..2")
    return 1 if wrong or missing or len(lines) != COUNT else 0


if __name__ == "__main__":
    sys.exit(main())
