/* The arithmetic of one clock of one record: when it is due, what is used and left, how it stands still and goes on, which of
 * its levels fires next. Pure: the moment is handed in, the state is a struct of numbers that a row of a table holds.
 *
 * Counting. A clock counts either time as it passes (limits in minutes, hours, days, weeks, months; `until`) or office time
 * (workhours, workdays): its measure. It is due as calendar_due says: 5 workdays from Monday 9:00 end on the next Monday at the close,
 * 3 days from Monday end on Thursday at 23:59:59. A date of `until` ends at 23:59:59, a moment is itself.
 * Standing still. The due moment moves by what the measure counts between the pause and its end: two days over a weekend move a
 * clock of days by two days and one of working days not at all. `most` is all pauses of a run together, in its own measure (n
 * workdays are n times a day's office time); when it or `times` is used up the clock goes on, and `then` is to be done.
 * Beginning again after a stop. full: anew, nothing of the old run counts. rest: the stop was a pause. third: the same, but at least
 * a third of what the run had at its start is left. A date of `until` that changed meanwhile is meant as it is said.
 * Over: from the first instant behind the due moment (so its level `due` fires one microsecond behind it) unless it stopped in
 * time; for the whole run, until the deadline is moved: by `extend`, or because the date of `until` changed.
 * Levels fire once each. 2/3: that share of what is used and left together is used. -n: the earliest moment at which n is left, +n:
 * n later; n workdays are n times a day's office time. Where the deadline moves or the clock begins again, a level whose moment
 * lies ahead again is to fire again. A level whose moment was past when the clock began fires at once. */
#ifndef ENGINE_FLOW_CLOCK_H
#define ENGINE_FLOW_CLOCK_H
#include "declare/calendar.h"
#include "declare/level.h"
#include "declare/system.h"

#define CLOCK_NEVER INT64_MAX
/* What is next besides levels: pauses are used up; it turns over, which is no level but changes what is counted. */
enum { CLOCK_LEVELS_MAX = 8, CLOCK_PAUSES_END = CLOCK_LEVELS_MAX, CLOCK_TURNS_OVER };
enum clock_restart { CLOCK_FULL, CLOCK_REST, CLOCK_THIRD };
enum clock_phase { CLOCK_NOT_STARTED, CLOCK_RUNNING, CLOCK_PAUSED, CLOCK_STOPPED };

struct clock_rules { /* what the declaration says, read once */
  enum clock_restart restarts;
  struct duration most; /* n 0: no ceiling */
  int times;            /* 0: no ceiling */
  bool has_then;
  struct level levels[CLOCK_LEVELS_MAX];
  size_t level_count;
};
/* False: levels or `most` that the check of packages refuses. */
MUST_CHECK bool clock_rules_read(const struct clock *said, struct clock_rules *out);

struct clock_run {       /* zeroed: never started */
  struct duration limit; /* settled at the start. Of `until`: 0 days for a date, 0 minutes for a moment */
  enum clock_phase phase;
  bool is_held;       /* a pause was wished for when last asked: only the change counts */
  bool is_late;       /* it was over before its due moment moved by standing still */
  int pauses;         /* of this run */
  unsigned fired;     /* a bit for each level, and for CLOCK_TURNS_OVER */
  int next;           /* what is to be done at next_at: a level, CLOCK_PAUSES_END, CLOCK_TURNS_OVER */
  int64_t started;    /* this run */
  int64_t from;       /* since when it runs, or stands */
  int64_t used;       /* microseconds of its measure, before `from` */
  int64_t given;      /* of its measure, at its start; CLOCK_NEVER: it did not know its end then */
  int64_t due;        /* CLOCK_NEVER: not known */
  int64_t until;      /* that was followed last; CLOCK_NEVER: none, or it has a limit */
  int64_t paused;     /* of the measure of `most`, in pauses that are over */
  int64_t pauses_end; /* when the pauses are used up; CLOCK_NEVER: not, or `then` was done */
  int64_t next_at;    /* CLOCK_NEVER: nothing */
};

/* How long, or until when: what the expression of the declaration came to. */
enum clock_goal_kind { CLOCK_GOAL_UNKNOWN, CLOCK_GOAL_LIMIT, CLOCK_GOAL_UNTIL };
struct clock_goal {
  enum clock_goal_kind kind;
  struct duration limit; /* as in clock_run */
  int64_t until;
};
struct clock_goal clock_goal_limit(struct duration limit);
struct clock_goal clock_goal_day(struct date until);
struct clock_goal clock_goal_moment(int64_t until);
int64_t clock_day_end(struct date d); /* 23:59:59 of that day */

/* What changes a clock. Each takes the moment at which it happens, not before the last one; pauses that were used up meanwhile are
 * counted first. False: the years 1 to 9999 are left; *run is then of no use. */
struct clock_ask {
  const struct calendar *calendar;
  const struct clock_rules *rules;
  int64_t now;
};
/* Nothing when it runs or pauses. An unknown goal is taken up by clock_follow once it is known; a limit counts from the start. */
MUST_CHECK bool clock_start(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run);
MUST_CHECK bool clock_stop(const struct clock_ask *a, struct clock_run *run);
/* wish: its state, or its condition, says that it should stand still. Asked after each act; a pause begins when the wish is new. */
MUST_CHECK bool clock_hold(const struct clock_ask *a, bool wish, struct clock_run *run);
/* After each act while it runs or pauses: an `until` that changed is followed. A limit stays what it was at the start, except in the very act that
 * started it. */
MUST_CHECK bool clock_follow(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run);
/* The due moment + by, as moment_plus; or another one, also an earlier one. False too when it was never started or its end is unknown. */
MUST_CHECK bool clock_extend_by(const struct clock_ask *a, struct duration by, struct clock_run *run);
MUST_CHECK bool clock_extend_to(const struct clock_ask *a, int64_t due, struct clock_run *run);
/* run->next was seen to at its moment (a->now is not read): the level is marked; pauses that are used up end there. */
MUST_CHECK bool clock_done(const struct clock_ask *a, struct clock_run *run);

/* What is next, worked out anew. */
MUST_CHECK bool clock_plan(const struct clock_ask *a, struct clock_run *run);
/* Another version of the declaration; a->rules are those of now. A level of both fires once; one that is new fires if its moment lies
 * ahead. Pauses that are under way have what the new rules give. */
MUST_CHECK bool clock_renew(const struct clock_ask *a, const struct clock_rules *before, struct clock_run *run);
/* Its limit, or its end, is another one since the start: the deadline is worked out from there again, and moves by what pauses and
 * extensions have moved it. An unknown goal leaves it as it is. */
MUST_CHECK bool clock_settle(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run);

struct clock_reading {
  bool is_started, is_over, is_paused, is_running;
  int64_t due;              /* as it stands: a pause moves it when it ends; CLOCK_NEVER: not known */
  int64_t left_us, used_us; /* of its measure; left is below zero behind the end */
  struct duration left,
      used; /* whole workdays, workminutes, days or minutes, by the limit. left: at least 1 until it is due, then 0 */
  struct duration whole; /* both together; nothing while due is CLOCK_NEVER */
};
/* When the i-th level of the declaration comes as the deadline stands; false: there is none, or it has no deadline. */
MUST_CHECK bool clock_level_at(const struct clock_ask *a, const struct clock_run *run, size_t i, int64_t *out);
/* At a moment not before its last change. left means nothing while due is CLOCK_NEVER. */
MUST_CHECK bool clock_read(const struct clock_ask *a, const struct clock_run *run, struct clock_reading *out);
#endif
