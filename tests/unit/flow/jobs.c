/* Levels of clocks in a real store: in their order, once each, caught up after a stop, by several at once, with refusals between. */
#include <pthread.h>

#include "engine/flow/clock.h"
#include "engine/flow/jobs.h"
#include "texts.h"
#include "world.h"

static int64_t at(int year, int month, int day, int hour, int minute) {
  const struct date d = {(int16_t)year, (int8_t)month, (int8_t)day};
  return day_moment(date_to_days(d), (hour * 60 + minute) * 60 * SECOND_US);
}

/* ---- who is told, and who refuses to be ---- */

struct bell {
  const struct flow *flow;
  struct arena *mem;    /* of told */
  VEC(struct str) told; /* texts */
  struct str fails_on;  /* notices of this text or link are refused; empty = none */
  enum err_code code;
};
static bool bell_may(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                     bool *out, bool *out_seen, struct err *e) {
  (void)arg, (void)run, (void)r, (void)id, (void)act, (void)e;
  *out = *out_seen = true;
  return true;
}
static bool bell_notify(void *arg, struct flow_run *run, struct str person, struct str text, struct str link,
                        struct err *e) {
  struct bell *b = arg;
  (void)run, (void)person;
  if (b->fails_on.len && (str_find(text, b->fails_on) != STR_NONE || str_find(link, b->fails_on) != STR_NONE))
    return fail(e, b->code, MSG_flow_forbidden, "act", STR("notify"));
  vec_push(b->mem, &b->told) = str_dup(b->mem, text);
  return true;
}
static struct flow_run *bell_begin(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct bell *b = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  struct flow_host *host = arena_new(mem, struct flow_host);
  *host = (struct flow_host){b, bell_may, bell_notify, NULL};
  flow_begin(run, b->flow, session, mem, host, now_us);
  return run;
}
static bool was_told(const struct bell *b, size_t from, const char *z) {
  for (size_t i = from; i < b->told.len; i++)
    if (str_find(b->told.at[i], str_of(z)) != STR_NONE) return true;
  return false;
}
static struct flow_jobs run_until(struct world_of *w, struct bell *b, int64_t until) {
  const struct flow_starter starter = {b, bell_begin};
  struct flow_jobs out;
  struct err e = {0};
  b->flow = &w->flow;
  b->mem = &w->mem;
  if (!flow_jobs_run(&w->flow, w->store, &starter, until, &out, &e))
    fail_msg(STRF, STRA(err_says(&w->mem, LANG_EN, &e)));
  return out;
}

/* ---- records ---- */

struct input {
  const char *name, *value;
};
#define INPUTS(...) ((const struct input[]){__VA_ARGS__, {0}})
struct doing { /* one act, inputs as a form sends them */
  struct world_of *w;
  int64_t now_us;
  const char *record, *id, *act;
  const struct input *inputs;
  struct flow_done out;
};
static bool do_act(struct store *tx, void *arg, struct err *e) {
  struct doing *d = arg;
  struct arena *mem = &d->w->mem;
  struct bell b = {.flow = &d->w->flow, .mem = mem};
  struct flow_run *run = bell_begin(&b, tx, mem, d->now_us);
  const struct flow_record *r = flow_record(run->flow, str_of(d->record));
  struct flow_input in[8] = {0};
  struct flow_ask ask = {.record = r, .act = str_of(d->act), .id = str_of(d->id ? d->id : ""), .inputs = in};
  run->person = run->actor = d->id ? STR("p1") : STR("p0"); /* who raised a thing may not answer it */
  for (const struct input *x = d->inputs; x->name; x++) {
    const struct flow_field *f = flow_field(r, str_of(x->name));
    struct flow_input *to = &in[ask.input_count++];
    to->name = f->name;
    TRY(flow_read(run, r->system, f->name, f->name, &f->field->is, &f->type, str_of(x->value), &to->value, e));
  }
  return flow_act(run, &ask, &d->out, e);
}
static struct str act(struct world_of *w, int64_t now_us, const char *record, const char *id, const char *act,
                      const struct input *inputs) {
  struct doing d = {.w = w, .now_us = now_us, .record = record, .id = id, .act = act, .inputs = inputs};
  struct err e = {0};
  if (!store_write(w->store, do_act, &d, &e)) fail_msg(STRF, STRA(err_says(&w->mem, LANG_EN, &e)));
  return d.out.id;
}
static const char *z_of(struct world_of *w, struct str s) { return str_z(&w->mem, s); }
static int64_t begins(void) { return at(2026, 3, 2, 9, 0); }
static struct str make_pair(struct world_of *w) {
  return act(w, begins(), "pairs.pair", NULL, "pair",
             INPUTS({"leader", "p0"}, {"school", "s0"}, {"term", "2026-01-01 00:00..2026-12-31 23:59"}));
}
static const char *make_visit(struct world_of *w) {
  const char *pair = z_of(w, make_pair(w));
  return z_of(w, act(w, begins(), "pairs.visit", NULL, "note",
                     INPUTS({"pair", pair}, {"on", "2026-03-02"}, {"way", "visit"}, {"note", "到校"})));
}
static struct str make_problem(struct world_of *w, const char *visit) {
  return act(w, begins(), "pairs.problem", NULL, "raise",
             INPUTS({"visit", visit}, {"topic", "build"}, {"what", "操场跑道破损"}));
}
static struct clock_reading clock_of(struct world_of *w, const char *record, struct str id, const char *clock,
                                     int64_t now) {
  struct err e = {0};
  struct bell b = {.flow = &w->flow, .mem = &w->mem};
  struct clock_reading x = {0};
  AUTO_READ *session = store_read_begin(w->store, &e);
  assert_non_null(session);
  struct flow_run *run = bell_begin(&b, session, &w->mem, now);
  const struct flow_record *r = flow_record(&w->flow, str_of(record));
  vec_each(const struct clock, k, &r->record->clocks)
    if (str_eqz(k->head.name.text, clock)) assert_true(flow_clock_read(run, r, id, k, &x, &e));
  return x;
}
static int64_t count(struct world_of *w, const char *sql) { return scratch_sql(&w->scratch, sql); }

/* ---- tests ---- */

static void a_clock_runs_with_its_record(void **unused) {
  struct world_of w;
  struct bell b = {0};
  (void)unused;
  world_begin(&w);
  const struct str problem = make_problem(&w, make_visit(&w));
  assert_int_equal(clock_of(&w, "pairs.problem", problem, "assign", begins()).due, at(2026, 3, 9, 17, 30));
  assert_false(clock_of(&w, "pairs.problem", problem, "solve", begins()).is_started);
  struct flow_jobs jobs = run_until(&w, &b, at(2026, 3, 6, 17, 29));
  assert_int_equal(jobs.done, 0);
  assert_int_equal(jobs.next_us, at(2026, 3, 6, 17, 30));
  (void)run_until(&w, &b, at(2026, 3, 6, 18, 0));
  assert_true(was_told(&b, 0, "明日到交办时限") && b.told.len == 1);
  (void)act(&w, at(2026, 3, 9, 17, 0), "pairs.problem", z_of(&w, problem), "explain",
            INPUTS({"why", "校内已自行解决"}));
  (void)run_until(&w, &b, at(2026, 3, 20, 9, 0)); /* stopped in time: nobody is told */
  assert_int_equal(b.told.len, 1);
  assert_false(clock_of(&w, "pairs.problem", problem, "assign", at(2026, 3, 20, 9, 0)).is_over);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock'"), 1);
  world_end(&w);
}
static void caught_up_as_if_it_had_run(void **unused) {
  struct world_of w;
  struct bell b = {0};
  (void)unused;
  world_begin(&w);
  (void)make_pair(&w);
  const int64_t until = at(2027, 1, 5, 8, 0);
  const struct flow_jobs jobs = run_until(&w, &b, until);
  assert_int_equal(jobs.failed, 0);
  assert_true(was_told(&b, 0, "即将期满"));
  assert_int_equal(count(&w, "SELECT count(*) FROM pairs_pair WHERE state = 'ended'"), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM pairs_pair WHERE ended_on = '2026-12-31'"), 1);
  char sql[160];
  (void)snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM event WHERE act = 'lapse' AND valid = '2026-12-31' AND at_us = %lld",
                 (long long)until);
  assert_int_equal(count(&w, sql), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'lapse' AND actor = 'clock'"), 1);
  assert_int_equal(run_until(&w, &b, until + DAY_US).done, 0);
  world_end(&w);
}
/* The program stops between two levels: what was done is done, the other is done once when it is there again. */
static void a_stop_between_levels(void **unused) {
  struct world_of w;
  struct bell b = {.fails_on = STR_INIT("超时未交办"), .code = ERR_STORE};
  struct flow_jobs out;
  struct err e = {0};
  (void)unused;
  world_begin(&w);
  (void)make_problem(&w, make_visit(&w));
  b.flow = &w.flow;
  b.mem = &w.mem;
  const struct flow_starter starter = {&b, bell_begin};
  assert_false(flow_jobs_run(&w.flow, w.store, &starter, at(2026, 3, 10, 9, 0), &out, &e));
  assert_int_equal(e.code, ERR_STORE);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock'"), 1);
  store_close(w.store);
  w.store = scratch_open(&w.scratch, &(struct store_options){0});
  b.fails_on = (struct str){0};
  const size_t before = b.told.len;
  (void)run_until(&w, &b, at(2026, 3, 10, 9, 0));
  assert_true(was_told(&b, before, "超时未交办"));
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock'"), 2);
  assert_int_equal(run_until(&w, &b, at(2026, 3, 10, 9, 0)).done, 0);
  world_end(&w);
}
/* A level that is refused stands in nobody's way, is told once, and is tried again. */
static void a_refusal_blocks_nothing(void **unused) {
  struct world_of w;
  struct bell b = {.code = ERR_GUARD};
  flow_failures failed = {0};
  struct err e = {0};
  (void)unused;
  world_begin(&w);
  const char *visit = make_visit(&w);
  b.fails_on = make_problem(&w, visit);
  (void)make_problem(&w, visit);
  const struct flow_jobs first = run_until(&w, &b, at(2026, 3, 6, 18, 0));
  assert_int_equal(first.failed, 1);
  assert_int_equal(first.done, 1);
  assert_int_equal(first.next_us, at(2026, 3, 6, 18, 1));
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock_refused'"), 1);
  {
    AUTO_READ *session = store_read_begin(w.store, &e);
    assert_true(session && flow_failed_levels(&w.flow, session, &w.mem, 10, &failed, &e));
  }
  assert_int_equal(failed.len, 1);
  assert_str(failed.at[0].level, "-1 workdays");
  assert_int_equal(failed.at[0].moment, at(2026, 3, 6, 17, 30));
  assert_int_equal(run_until(&w, &b, at(2026, 3, 6, 18, 1)).failed, 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock_refused'"), 1);
  b.fails_on = (struct str){0};
  assert_int_equal(run_until(&w, &b, at(2026, 3, 6, 18, 2)).done, 0); /* two minutes later, not one */
  assert_int_equal(run_until(&w, &b, at(2026, 3, 6, 18, 3)).done, 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_clock_failed"), 0);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock'"), 2);
  world_end(&w);
}

/* ---- several at once ---- */

enum { MANY = 24, SERVERS = 2 };
struct server {
  struct world_of *w;
  struct store *store;
  struct arena mem;
  struct bell bell;
  struct flow_jobs out;
  struct err e;
  bool ok;
};
static void *serve(void *arg) {
  struct server *s = arg;
  const struct flow_starter starter = {&s->bell, bell_begin};
  s->ok = flow_jobs_run(&s->w->flow, s->store, &starter, at(2026, 3, 10, 9, 0), &s->out, &s->e);
  return NULL;
}
static void two_schedulers_do_each_level_once(void **unused) {
  struct world_of w;
  struct server all[SERVERS] = {0};
  pthread_t threads[SERVERS];
  (void)unused;
  world_begin(&w);
  const char *visit = make_visit(&w);
  for (int i = 0; i < MANY; i++) (void)make_problem(&w, visit);
  for (int i = 0; i < SERVERS; i++) {
    all[i].w = &w;
    all[i].store = scratch_open(&w.scratch, &(struct store_options){0});
    all[i].bell = (struct bell){.flow = &w.flow, .mem = &all[i].mem};
    assert_int_equal(pthread_create(&threads[i], NULL, serve, &all[i]), 0);
  }
  int done_in_all = 0;
  for (int i = 0; i < SERVERS; i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
    if (!all[i].ok) fail_msg(STRF, STRA(err_says(&w.mem, LANG_EN, &all[i].e)));
    done_in_all += all[i].out.done;
  }
  assert_int_equal(done_in_all, 3 * MANY); /* a day before, at the end, and over */
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE act = 'clock'"), 2 * MANY);
  for (int i = 0; i < SERVERS; i++) {
    store_close(all[i].store);
    arena_drop(&all[i].mem);
  }
  world_end(&w);
}

UNIT_TESTS(jobs) = {
    cmocka_unit_test(a_clock_runs_with_its_record),
    cmocka_unit_test(caught_up_as_if_it_had_run),
    cmocka_unit_test(a_stop_between_levels),
    cmocka_unit_test(a_refusal_blocks_nothing),
    cmocka_unit_test(two_schedulers_do_each_level_once),
};
UNIT_COUNT(jobs);
