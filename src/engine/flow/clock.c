/* One clock. Whatever moves it keeps three numbers true: since when it is in its phase, what was used until then, and when it is
 * due. Everything else is read off them, and what fires next is worked out anew after each change. */
#include "engine/flow/clock.h"

static const int64_t MINUTE_US = 60 * SECOND_US;

/* ---- what is declared ---- */

bool clock_rules_read(const struct clock *said, struct clock_rules *out) {
  *out = (struct clock_rules){.level_count = said->levels.len};
  if (said->restarts.which) out->restarts = (enum clock_restart)(said->restarts.which - 1);
  if (said->pauses) {
    out->times = (int)said->pauses->times.n;
    out->has_then = has_word(said->pauses->then);
    if (has_word(said->pauses->most) && !duration_parse(said->pauses->most.text, &out->most)) return false;
  }
  if (out->level_count > CLOCK_LEVELS_MAX) return false;
  for (size_t i = 0; i < out->level_count; i++) TRY(level_parse(said->levels.at[i].at.text, &out->levels[i]));
  return true;
}

int64_t clock_day_end(struct date d) { return day_moment(date_to_days(d), DAY_US - SECOND_US); }
struct clock_goal clock_goal_limit(struct duration limit) {
  return (struct clock_goal){CLOCK_GOAL_LIMIT, limit, CLOCK_NEVER};
}
struct clock_goal clock_goal_day(struct date until) {
  return (struct clock_goal){CLOCK_GOAL_UNTIL, {0, DURATION_days}, clock_day_end(until)};
}
struct clock_goal clock_goal_moment(int64_t until) {
  return (struct clock_goal){CLOCK_GOAL_UNTIL, {0, DURATION_minutes}, until};
}

/* ---- measures ---- */

static bool is_office(struct duration d) {
  const enum duration_family family = duration_family(d.unit);
  return family == DURATION_OFFICE || family == DURATION_WORKDAY;
}
/* What a measure counts from a to b; and the earliest moment at which it has counted so much. */
static int64_t counted(const struct clock_ask *a, struct duration measure, int64_t from, int64_t to) {
  return is_office(measure) ? calendar_office_us(a->calendar, from, to) : to - from;
}
static bool count_on(const struct clock_ask *a, struct duration measure, int64_t from, int64_t us, int64_t *out) {
  if (is_office(measure)) return calendar_office_add(a->calendar, from, us, out);
  return !__builtin_add_overflow(from, us, out);
}
/* An amount of office time in microseconds. */
static bool office_amount(const struct calendar *c, struct duration d, int64_t *out) {
  const int64_t each = d.unit == DURATION_workdays    ? calendar_day_us(c)
                       : d.unit == DURATION_workhours ? 60 * MINUTE_US
                                                      : MINUTE_US;
  return !__builtin_mul_overflow(d.n, each, out);
}
/* The earliest moment at which so much office time is left. */
static bool office_before(const struct calendar *c, int64_t due, int64_t us, int64_t *out) {
  int64_t behind;
  if (!calendar_office_add(c, due, -us - calendar_day_us(c), &behind)) return false;
  return calendar_office_add(c, behind, calendar_office_us(c, behind, due) - us, out);
}

/* ---- levels ---- */

static int64_t total_of(const struct clock_ask *a, const struct clock_run *run) {
  return run->used + counted(a, run->limit, run->from, run->due);
}
static bool share_moment(const struct clock_ask *a, const struct clock_run *run, const struct level *l, int64_t *out) {
  const int64_t total = total_of(a, run), each = total / l->of,
                rest = total % l->of; /* total * part / of, rounded up */
  const int64_t used = total > 0 ? each * l->part + (rest * l->part + l->of - 1) / l->of : 0;
  if (used > run->used) return count_on(a, run->limit, run->from, used - run->used, out);
  *out = run->from;
  return true;
}
static bool amount_moment(const struct calendar *c, int64_t due, const struct level *l, int64_t *out) {
  const bool is_before = l->side == LEVEL_BEFORE;
  int64_t us;
  if (!is_office(l->by)) return moment_plus(c, due, (struct duration){is_before ? -l->by.n : l->by.n, l->by.unit}, out);
  if (!office_amount(c, l->by, &us)) return false;
  return is_before ? office_before(c, due, us, out) : calendar_office_add(c, due, us, out);
}
static bool level_moment(const struct clock_ask *a, const struct clock_run *run, const struct level *l, int64_t *out) {
  *out = run->due;
  if (l->side == LEVEL_SHARE) TRY(share_moment(a, run, l, out));
  else if (l->side != LEVEL_DUE) TRY(amount_moment(a->calendar, run->due, l, out));
  if (l->side >= LEVEL_DUE && *out <= run->due) *out = run->due + 1; /* the first instant at which it is over */
  return true;
}
bool clock_level_at(const struct clock_ask *a, const struct clock_run *run, size_t i, int64_t *out) {
  return i < a->rules->level_count && run->due != CLOCK_NEVER && level_moment(a, run, &a->rules->levels[i], out);
}
/* NULL: there is none of this number. */
static const struct level *level_at(const struct clock_rules *rules, int which) {
  static const struct level over = {.side = LEVEL_DUE};
  if (which == CLOCK_TURNS_OVER) return &over;
  return which < (int)rules->level_count ? &rules->levels[which] : NULL;
}
/* What is past the end of time does not come. While it stands, only what was past when it stood still is left to do. */
static bool plan_from(const struct clock_ask *a, struct clock_run *run, int64_t floor) {
  int64_t at, least = CLOCK_NEVER;
  run->next_at = CLOCK_NEVER;
  run->next = 0;
  if (run->phase != CLOCK_RUNNING && run->phase != CLOCK_PAUSED) return true;
  for (int i = 0; run->due != CLOCK_NEVER && i <= CLOCK_TURNS_OVER; i++) {
    const struct level *l = level_at(a->rules, i);
    if (!l || run->fired & 1u << i || !level_moment(a, run, l, &at)) continue;
    if (at >= least || (run->phase == CLOCK_PAUSED && at > run->from)) continue;
    least = at;
    run->next = i;
  }
  if (run->pauses_end < least) {
    least = run->pauses_end;
    run->next = CLOCK_PAUSES_END;
  }
  run->next_at = least != CLOCK_NEVER && least < floor ? floor : least;
  return true;
}
/* The deadline moved, or the clock began again: levels that lie ahead are to fire. */
static bool plan_anew(const struct clock_ask *a, struct clock_run *run) {
  int64_t at;
  for (int i = 0; run->due != CLOCK_NEVER && i <= CLOCK_TURNS_OVER; i++) {
    const struct level *l = level_at(a->rules, i);
    if (l && level_moment(a, run, l, &at) && at > a->now) run->fired &= ~(1u << i);
  }
  return plan_from(a, run, a->now);
}

bool clock_plan(const struct clock_ask *a, struct clock_run *run) { return plan_from(a, run, a->now); }

/* ---- standing still ---- */

static bool move_due(const struct clock_ask *a, struct clock_run *run, int64_t us) {
  if (run->due == CLOCK_NEVER) return true;
  run->is_late |= run->from > run->due;
  return !us || count_on(a, run->limit, run->due, us, &run->due);
}
/* A pause that is under way is counted up to a moment; it goes on from there. */
static bool count_pause(const struct clock_ask *a, struct clock_run *run, int64_t to) {
  run->paused += counted(a, a->rules->most, run->from, to);
  TRY(move_due(a, run, counted(a, run->limit, run->from, to)));
  run->from = to;
  return true;
}
static bool go_on(const struct clock_ask *a, struct clock_run *run, int64_t at) {
  TRY(count_pause(a, run, at));
  run->phase = CLOCK_RUNNING;
  return true;
}
/* Pauses used up before now end where they were; `then` is still to be done. */
static bool catch_up(const struct clock_ask *a, struct clock_run *run) {
  if (run->phase != CLOCK_PAUSED || run->pauses_end > a->now) return true;
  TRY(go_on(a, run, run->pauses_end));
  if (!a->rules->has_then) run->pauses_end = CLOCK_NEVER;
  return plan_from(a, run, run->from);
}
/* All pauses together, in the measure of `most`; months as they are from now on. */
static bool pauses_given(const struct clock_ask *a, int64_t *out) {
  int64_t end;
  if (is_office(a->rules->most)) return office_amount(a->calendar, a->rules->most, out);
  if (!moment_plus(a->calendar, a->now, a->rules->most, &end)) return false;
  *out = end - a->now;
  return true;
}
static bool stand(const struct clock_ask *a, struct clock_run *run) {
  int64_t given = CLOCK_NEVER;
  if (a->rules->most.n) TRY(pauses_given(a, &given));
  if ((a->rules->times && run->pauses >= a->rules->times) || run->paused >= given) { /* none is left: it runs on */
    if (a->rules->has_then) run->pauses_end = a->now;
    return true;
  }
  run->used += counted(a, run->limit, run->from, a->now);
  run->from = a->now;
  run->phase = CLOCK_PAUSED;
  run->pauses++;
  return given == CLOCK_NEVER || count_on(a, a->rules->most, a->now, given - run->paused, &run->pauses_end);
}
bool clock_hold(const struct clock_ask *a, bool wish, struct clock_run *run) {
  TRY(catch_up(a, run));
  const bool is_live = run->phase == CLOCK_RUNNING || run->phase == CLOCK_PAUSED;
  if (!is_live || wish == run->is_held) return true;
  run->is_held = wish;
  if (wish) {
    TRY(stand(a, run));
    return plan_from(a, run, a->now);
  }
  run->pauses_end = CLOCK_NEVER;
  if (run->phase == CLOCK_PAUSED) TRY(go_on(a, run, a->now));
  return plan_from(a, run, a->now);
}

/* ---- beginning, beginning again, stopping ---- */

static bool due_of(const struct clock_ask *a, const struct clock_goal *goal, int64_t start, int64_t *out) {
  *out = goal->until;
  if (goal->kind == CLOCK_GOAL_LIMIT) return calendar_due(a->calendar, start, goal->limit, out);
  if (goal->kind == CLOCK_GOAL_UNKNOWN) *out = CLOCK_NEVER;
  return true;
}
static bool aim(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  run->limit = goal->limit;
  run->until = goal->kind == CLOCK_GOAL_UNTIL ? goal->until : CLOCK_NEVER;
  TRY(due_of(a, goal, run->started, &run->due));
  run->given = run->due == CLOCK_NEVER ? CLOCK_NEVER : counted(a, run->limit, run->started, run->due);
  return true;
}
static bool begin(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  *run = (struct clock_run){
      .phase = CLOCK_RUNNING, .started = a->now, .from = a->now, .pauses_end = CLOCK_NEVER, .next_at = CLOCK_NEVER};
  TRY(aim(a, goal, run));
  return plan_anew(a, run);
}
/* At least a third of what it had at its start. */
static bool grant_third(const struct clock_ask *a, struct clock_run *run) {
  const int64_t third = run->given > 0 ? run->given / 3 + (run->given % 3 != 0) : 0;
  if (counted(a, run->limit, a->now, run->due) >= third) return true;
  return count_on(a, run->limit, a->now, third, &run->due);
}
static bool begin_again(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  if (goal->kind == CLOCK_GOAL_UNTIL && goal->until != run->until) {
    run->is_late |= run->from > run->due;
    run->due = run->until = goal->until;
  } else TRY(move_due(a, run, counted(a, run->limit, run->from, a->now)));
  run->phase = CLOCK_RUNNING;
  run->from = a->now;
  run->is_held = false;
  if (a->rules->restarts == CLOCK_THIRD) TRY(grant_third(a, run));
  return plan_anew(a, run);
}
bool clock_start(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  if (run->phase == CLOCK_RUNNING || run->phase == CLOCK_PAUSED) return true;
  const bool is_anew = run->phase == CLOCK_NOT_STARTED || a->rules->restarts == CLOCK_FULL || run->due == CLOCK_NEVER;
  return is_anew ? begin(a, goal, run) : begin_again(a, goal, run);
}
bool clock_stop(const struct clock_ask *a, struct clock_run *run) {
  TRY(catch_up(a, run));
  if (run->phase == CLOCK_RUNNING) {
    run->used += counted(a, run->limit, run->from, a->now);
    run->from = a->now;
  }
  if (run->phase == CLOCK_PAUSED) run->paused += counted(a, a->rules->most, run->from, a->now);
  if (run->phase != CLOCK_NOT_STARTED) run->phase = CLOCK_STOPPED;
  run->is_held = false;
  run->pauses_end = run->next_at = CLOCK_NEVER;
  return true;
}

/* ---- other deadlines ---- */

static bool deadline_moved(const struct clock_ask *a, struct clock_run *run) {
  run->is_late = false;
  return plan_anew(a, run);
}
/* What was paused until now belongs to the old deadline. */
static bool take_deadline(const struct clock_ask *a, int64_t due, struct clock_run *run) {
  if (run->phase == CLOCK_PAUSED) TRY(count_pause(a, run, a->now));
  run->due = due;
  return deadline_moved(a, run);
}
static bool is_settled(const struct clock_ask *a, const struct clock_goal *goal, const struct clock_run *run) {
  if (goal->kind != CLOCK_GOAL_LIMIT)
    return goal->kind == CLOCK_GOAL_UNTIL ? goal->until == run->until : run->until == CLOCK_NEVER;
  if (run->due == CLOCK_NEVER) return false;
  return a->now != run->started || (goal->limit.n == run->limit.n && goal->limit.unit == run->limit.unit);
}
bool clock_follow(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  TRY(catch_up(a, run));
  if ((run->phase != CLOCK_RUNNING && run->phase != CLOCK_PAUSED) || is_settled(a, goal, run)) return true;
  if (run->given == CLOCK_NEVER ||
      goal->kind == CLOCK_GOAL_LIMIT) { /* now it knows what it counts; earlier pauses are no matter */
    TRY(aim(a, goal, run));
    run->used = counted(a, run->limit, run->started, run->from);
    return deadline_moved(a, run);
  }
  run->until = goal->kind == CLOCK_GOAL_UNTIL ? goal->until : CLOCK_NEVER;
  return take_deadline(a, run->until, run);
}
bool clock_extend_to(const struct clock_ask *a, int64_t due, struct clock_run *run) {
  TRY(catch_up(a, run));
  if (run->phase == CLOCK_NOT_STARTED || run->due == CLOCK_NEVER) return false;
  return take_deadline(a, due, run);
}
bool clock_extend_by(const struct clock_ask *a, struct duration by, struct clock_run *run) {
  int64_t due;
  TRY(catch_up(a, run));
  if (run->phase == CLOCK_NOT_STARTED || run->due == CLOCK_NEVER) return false;
  TRY(moment_plus(a->calendar, run->due, by, &due));
  run->due = due;
  return deadline_moved(a, run);
}

/* ---- another declaration ---- */

static bool same_level(const struct level *a, const struct level *b) {
  return a->side == b->side && a->part == b->part && a->of == b->of && a->by.n == b->by.n && a->by.unit == b->by.unit;
}
/* The level of before that this one is; each is only one. */
static int level_before(const struct clock_rules *before, const struct level *l, unsigned *io_taken) {
  for (size_t i = 0; i < before->level_count; i++) {
    if (*io_taken & 1u << i || !same_level(&before->levels[i], l)) continue;
    *io_taken |= 1u << i;
    return (int)i;
  }
  return -1;
}
static unsigned fired_now(const struct clock_ask *a, const struct clock_rules *before, const struct clock_run *run) {
  const int64_t until = run->phase == CLOCK_PAUSED ? run->from : a->now;
  unsigned fired = run->fired & 1u << CLOCK_TURNS_OVER, taken = 0;
  int64_t at = 0;
  for (size_t i = 0; i < a->rules->level_count; i++) {
    const struct level *l = &a->rules->levels[i];
    const int was = level_before(before, l, &taken);
    const bool is_past = was < 0 && run->due != CLOCK_NEVER && level_moment(a, run, l, &at) && at <= until;
    if (was < 0 ? is_past : (run->fired >> was & 1u) != 0) fired |= 1u << i;
  }
  return fired;
}
static bool pauses_anew(const struct clock_ask *a, struct clock_run *run) {
  int64_t given = 0;
  run->pauses_end = CLOCK_NEVER;
  if (run->phase != CLOCK_PAUSED || !a->rules->most.n) return true;
  TRY(pauses_given(a, &given));
  given = given > run->paused ? given - run->paused : 0;
  TRY(count_on(a, a->rules->most, run->from, given, &run->pauses_end));
  if (run->pauses_end < a->now) run->pauses_end = a->now; /* it stood until now by the rules of before */
  return true;
}
bool clock_renew(const struct clock_ask *a, const struct clock_rules *before, struct clock_run *run) {
  if (run->phase != CLOCK_RUNNING && run->phase != CLOCK_PAUSED) return true;
  const struct clock_ask then = {a->calendar, before, a->now};
  TRY(catch_up(&then, run));
  run->fired = fired_now(a, before, run);
  return pauses_anew(a, run) && plan_from(a, run, a->now);
}
bool clock_settle(const struct clock_ask *a, const struct clock_goal *goal, struct clock_run *run) {
  const int64_t was = run->due;
  int64_t began_with = run->until, fresh;
  TRY(catch_up(a, run));
  if ((run->phase != CLOCK_RUNNING && run->phase != CLOCK_PAUSED) || goal->kind == CLOCK_GOAL_UNKNOWN) return true;
  if (goal->kind == CLOCK_GOAL_UNTIL || run->due == CLOCK_NEVER) return clock_follow(a, goal, run);
  if (run->phase == CLOCK_PAUSED) TRY(count_pause(a, run, a->now));
  if (began_with == CLOCK_NEVER) TRY(calendar_due(a->calendar, run->started, run->limit, &began_with));
  TRY(calendar_due(a->calendar, run->started, goal->limit, &fresh));
  const int64_t moved = counted(a, goal->limit, began_with, run->due);
  if (is_office(goal->limit) != is_office(run->limit)) run->used = counted(a, goal->limit, run->started, run->from);
  run->limit = goal->limit;
  run->until = CLOCK_NEVER;
  run->given = counted(a, run->limit, run->started, fresh);
  run->due = fresh;
  if (moved) TRY(count_on(a, run->limit, fresh, moved, &run->due));
  return run->due == was ? plan_from(a, run, a->now) : deadline_moved(a, run);
}

/* ---- seeing to it, reading ---- */

bool clock_done(const struct clock_ask *a, struct clock_run *run) {
  const int64_t at = run->next_at;
  if (at == CLOCK_NEVER) return true;
  if (run->next == CLOCK_PAUSES_END) {
    if (run->phase == CLOCK_PAUSED) TRY(go_on(a, run, run->pauses_end));
    run->pauses_end = CLOCK_NEVER;
  } else run->fired |= 1u << run->next;
  return plan_from(a, run, at);
}

static struct duration whole(const struct calendar *c, struct duration limit, int64_t us) {
  switch (duration_family(limit.unit)) {
    case DURATION_WORKDAY: return (struct duration){us / calendar_day_us(c), DURATION_workdays};
    case DURATION_OFFICE: return (struct duration){us / MINUTE_US, DURATION_workminutes};
    case DURATION_CLOCK: return (struct duration){us / MINUTE_US, DURATION_minutes};
    default: return (struct duration){us / DAY_US, DURATION_days};
  }
}
bool clock_read(const struct clock_ask *a, const struct clock_run *run, struct clock_reading *out) {
  struct clock_run x = *run;
  TRY(catch_up(a, &x));
  const int64_t at = x.phase == CLOCK_RUNNING ? a->now : x.from; /* it stands since then */
  *out = (struct clock_reading){.is_started = x.phase != CLOCK_NOT_STARTED,
                                .due = x.phase == CLOCK_NOT_STARTED ? CLOCK_NEVER : x.due,
                                .is_paused = x.phase == CLOCK_PAUSED,
                                .is_running = x.phase == CLOCK_RUNNING};
  if (x.phase == CLOCK_NOT_STARTED) return true;
  out->used_us = x.used + counted(a, x.limit, x.from, at);
  out->used = whole(a->calendar, x.limit, out->used_us);
  out->is_over = x.is_late;
  if (x.due == CLOCK_NEVER) return true;
  out->is_over |= at > x.due;
  out->left_us = counted(a, x.limit, at, x.due);
  out->left = whole(a->calendar, x.limit, out->left_us > 0 ? out->left_us : 0);
  out->whole = whole(a->calendar, x.limit, out->left_us + out->used_us);
  if (!out->left.n && at < x.due) out->left.n = 1;
  return true;
}
