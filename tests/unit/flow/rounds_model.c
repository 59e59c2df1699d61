/* Rounds of every shape against a model that knows no tables: random answers, additions and silences; after each, who was asked, who
 * answered, whose time runs until when, and what came of it must be the same. */
#include "bureau.h"
#include "declare/calendar.h"
#include "declare/expr.h"
#include "engine/flow/jobs.h"
#include "engine/flow/rounds.h"

enum { PEOPLE = 8, TRIALS = 30, STEPS = 14, ADDED_MOST = 3, NOBODY = -1 };
static const char *const people[PEOPLE] = {"p-an2",  "p-ban",  "p-cai",  "p-cai2",
                                           "p-doer", "p-head", "p-lead", "p-lead2"};
/* Who stands in for each: people[] by number. */
static const int deputy_of[PEOPLE] = {3, NOBODY, 4, 0, NOBODY, 2, 1, 1};

/* ---- the model ---- */

enum outcome { OPEN, DONE, FAILED };
struct member {
  int person, state, against;
  int64_t place, due;
  bool is_added;
};
struct model {
  bool in_turn, has_fails;
  int done, silent; /* done: 0 all, 1 any, 2 at least two; silent: 1 pass, 2 next, 3 stop */
  struct member all[PEOPLE];
  int n;
  enum outcome outcome;
  bool is_expert[PEOPLE];
};
static bool over(const struct member *p) { return p->state == PARTY_ANSWERED || p->state == PARTY_SILENT; }
static bool asked(const struct member *p) { return p->state == PARTY_ASKED || p->state == PARTY_DEPUTY; }
static int64_t due_from(int64_t now) {
  const struct duration limit = {.n = 10, .unit = DURATION_workdays};
  int64_t due = 0;
  assert_true(calendar_due(calendar_known(), now, limit, &due));
  return due;
}
static void sort(struct model *m) { /* by place, then by name, as people[] stands */
  for (int i = 1; i < m->n; i++)
    for (int k = i; k > 0; k--) {
      struct member *a = &m->all[k - 1], *b = &m->all[k];
      if (a->place < b->place || (a->place == b->place && a->person < b->person)) break;
      const struct member x = *a;
      *a = *b;
      *b = x;
    }
}
static bool may_begin(const struct model *m, const struct member *p) {
  for (int i = 0; i < m->n; i++) {
    const struct member *q = &m->all[i];
    if (over(q)) continue;
    if (m->in_turn && q->place < p->place) return false;
    if (!m->in_turn && q->place == p->place - 1) return false;
  }
  return true;
}
static void settle(struct model *m, int64_t now) {
  int came = 0, against = 0, still = 0;
  for (int i = 0; i < m->n; i++) {
    const struct member *p = &m->all[i];
    came += p->state == PARTY_ANSWERED || (p->state == PARTY_SILENT && m->silent == 1);
    against += p->state == PARTY_ANSWERED && p->against;
  }
  const bool done = m->done == 0 ? came == m->n : came >= m->done;
  if (m->has_fails && against >= 2) m->outcome = FAILED;
  else if (done) m->outcome = DONE;
  for (int i = 0; m->outcome == OPEN && i < m->n; i++) {
    struct member *p = &m->all[i];
    if (p->state != PARTY_WAITING || !may_begin(m, p)) continue;
    p->state = PARTY_ASKED;
    p->due = due_from(now);
  }
  for (int i = 0; i < m->n; i++) still += asked(&m->all[i]);
  if (m->outcome == OPEN && !still) m->outcome = FAILED;
  for (int i = 0; m->outcome != OPEN && i < m->n; i++) m->all[i].due = 0;
}
/* The first that waits for this person's answer, else the first that is theirs at all. */
static struct member *mine(struct model *m, int person) {
  struct member *first = NULL;
  for (int i = 0; i < m->n; i++) {
    struct member *p = &m->all[i];
    if (p->person != person && deputy_of[p->person] != person) continue;
    if (asked(p)) return p;
    if (!first) first = p;
  }
  return first;
}
static enum err_code model_answer(struct model *m, int person, int against, int64_t now) {
  struct member *p = mine(m, person);
  if (m->outcome != OPEN) return ERR_GUARD;
  if (!p) return ERR_FORBIDDEN;
  if (p->state == PARTY_WAITING) return ERR_GUARD;
  p->state = PARTY_ANSWERED;
  p->against = against;
  p->due = 0;
  settle(m, now);
  return ERR_NONE;
}
static enum err_code model_add(struct model *m, int person, int other, bool before, int64_t now) {
  struct member *own = mine(m, person);
  int added = 0;
  if (m->outcome != OPEN) return ERR_GUARD;
  if (!m->is_expert[person]) return ERR_FORBIDDEN;
  for (int i = 0; i < m->n; i++) added += m->all[i].is_added;
  if (added >= ADDED_MOST) return ERR_TOO_MANY;
  for (int i = 0; i < m->n; i++)
    if (m->all[i].person == other) return ERR_DUPLICATE;
  const struct member x = {.person = other, .is_added = true, .place = own->place - before};
  if (before && asked(own)) {
    own->state = PARTY_WAITING;
    own->due = 0;
  }
  m->all[m->n++] = x;
  sort(m);
  settle(m, now);
  return ERR_NONE;
}
/* The one whose time is over first; of several at once those who were asked themselves, then by name. */
static struct member *first_due(struct model *m, int64_t until) {
  struct member *first = NULL;
  for (int i = 0; i < m->n; i++) {
    struct member *p = &m->all[i];
    if (!p->due || p->due > until) continue;
    if (!first || p->due < first->due || (p->due == first->due && p->state < first->state) ||
        (p->due == first->due && p->state == first->state && p->person < first->person))
      first = p;
  }
  return first;
}
static void model_time(struct model *m, int64_t until) {
  for (struct member *p; (p = first_due(m, until)) != NULL;) {
    const int64_t now = p->due;
    p->due = 0;
    if (m->silent == 3) continue;
    if (m->silent == 2 && p->state == PARTY_ASKED && deputy_of[p->person] != NOBODY) {
      p->state = PARTY_DEPUTY;
      p->due = due_from(now);
      continue;
    }
    p->state = PARTY_SILENT;
    settle(m, now);
  }
}

/* ---- the engine ---- */

struct real {
  struct bureau *w;
  struct flow_record *record;
  struct str id;
  const struct model *m;
  int person, other, against;
  bool adds, before;
};
static bool host_may(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                     bool *out, bool *out_seen, struct err *e) {
  (void)arg, (void)run, (void)r, (void)id, (void)act, (void)e;
  *out = *out_seen = true;
  return true;
}
static bool host_notify(void *arg, struct flow_run *run, struct str person, struct str text, struct str link,
                        struct err *e) {
  (void)arg, (void)run, (void)person, (void)text, (void)link, (void)e;
  return true;
}
static const struct flow_host host = {NULL, host_may, host_notify, NULL};
static struct flow_run *begin_run(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  const struct bureau *w = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  flow_begin(run, &w->flow, session, mem, &host, now_us);
  return run;
}
static struct value person_value(struct flow_run *run, int i) {
  return flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, str_of(people[i])));
}
/* A matter in its table with these experts, and the round opened on it as an effect would. */
static bool open_it(struct store *tx, void *arg, struct err *e) {
  struct real *r = arg;
  struct flow_run *run = begin_run(r->w, tx, &r->w->scratch.mem, r->w->now_us);
  const struct flow_field *experts = flow_field(r->record, STR("experts"));
  struct value *all = arena_new_n(run->mem, struct value, PEOPLE);
  struct flow_row *row = flow_row_new(run, r->record);
  struct flow_done done = {0};
  for (int i = 0; i < r->m->n; i++) all[i] = person_value(run, r->m->all[i].person);
  row->state = r->record->record->states.at[0].head.name.text;
  flow_row_set(row, (size_t)(experts - r->record->fields.at), value_set(all, (size_t)r->m->n));
  TRY(flow_row_write(run, row, e));
  r->id = row->id;
  struct flow_step s = {.run = run, .about.self = row, .from = row->state, .done = &done};
  return flow_round_open(&s, STR("panel"), e);
}
static bool do_it(struct store *tx, void *arg, struct err *e) {
  const struct real *r = arg;
  struct flow_run *run = begin_run(r->w, tx, &r->w->scratch.mem, r->w->now_us);
  const struct flow_input in[] = {
      {.name = STR("view"), .value = value_code(r->against ? STR("against") : STR("agree"))},
      {.name = STR("text"), .value = value_text(STR("理由"))}};
  run->person = run->actor = str_of(people[r->person]);
  if (r->adds) return flow_round_add(run, r->record, r->id, STR("panel"), str_of(people[r->other]), r->before, e);
  const struct flow_answering said = {r->record, r->id, STR("panel"), STR(""), in, COUNT_OF(in)};
  return flow_round_answer(run, &said, e);
}
static void same(struct bureau *w, const struct real *r, const struct model *m, int trial, int step) {
  static const char *const outcomes[] = {"open", "done", "failed"};
  struct err e = {0};
  flow_rounds all = {0};
  AUTO_READ *session = store_read_begin(w->store, &e);
  assert_non_null(session);
  struct flow_run *run = begin_run(w, session, &w->scratch.mem, w->now_us);
  assert_true(flow_rounds_of(run, r->record, r->id, &all, &e));
  assert_int_equal(all.len, 1);
  const struct flow_round *round = &all.at[0];
  if (!str_eqz(round->outcome, outcomes[m->outcome]))
    fail_msg("trial %d step %d: " STRF ", the model says %s", trial, step, STRA(round->outcome), outcomes[m->outcome]);
  assert_int_equal(round->parties.len, m->n);
  for (int i = 0; i < m->n; i++) {
    const struct flow_party *p = &round->parties.at[i];
    const struct member *x = &m->all[i];
    if (!str_eqz(p->id, people[x->person]) || (int)p->state != x->state || p->due_us != x->due)
      fail_msg("trial %d step %d: " STRF " is %d until %lld, the model says %s is %d until %lld", trial, step,
               STRA(p->id), (int)p->state, (long long)p->due_us, people[x->person], x->state, (long long)x->due);
  }
}

/* ---- trials ---- */

static uint32_t below(uint32_t *seed, uint32_t n) {
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 16) % n;
}
static struct expr_word expression(struct bureau *w, const char *text) {
  struct expr_word x = {.word.text = str_of(text)};
  struct expr_fault fault;
  assert_true(expr_parse(&w->scratch.mem, str_of(text), &x.tree, &fault));
  return x;
}
/* The declared round in another shape. */
static struct round *shape(struct bureau *w, const struct round *declared, const struct model *m) {
  static const char *const done[] = {"all", "any", "at_least(2)"};
  struct round *x = arena_new(&w->scratch.mem, struct round);
  struct round_add *add = arena_new(&w->scratch.mem, struct round_add);
  *x = *declared;
  x->order.which = m->in_turn ? ORDER_one_by_one : ORDER_together;
  x->silent.which = m->silent;
  x->done = expression(w, done[m->done]);
  x->then = x->else_ = (struct word){0};
  if (!m->has_fails) x->fails = (struct expr_word){0};
  vec_push(&w->scratch.mem, &add->who) = (struct word){.text = STR("self@experts")};
  vec_push(&w->scratch.mem, &add->where) = (struct word){.text = STR("before")};
  vec_push(&w->scratch.mem, &add->where) = (struct word){.text = STR("beside")};
  add->most.n = ADDED_MOST;
  x->add = add;
  return x;
}
static void pass_time(struct bureau *w, struct model *m) {
  const struct flow_starter starter = {w, begin_run};
  struct flow_jobs jobs;
  struct err e = {0};
  if (!flow_jobs_run(&w->flow, w->store, &starter, w->now_us, &jobs, &e) || jobs.failed)
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  model_time(m, w->now_us);
}
static void one_step(struct real *r, struct model *m, uint32_t *seed, int trial, int step) {
  struct bureau *w = r->w;
  struct err e = {0};
  const uint32_t what = below(seed, 9);
  r->person = (int)below(seed, PEOPLE);
  r->other = (int)below(seed, PEOPLE);
  r->against = !below(seed, 3);
  r->adds = what == 6;
  r->before = below(seed, 2) != 0;
  w->now_us += what >= 7 ? (int64_t)(1 + below(seed, 20)) * 86400 * 1000000 : (int64_t)below(seed, 100) * 60 * 1000000;
  pass_time(w, m);
  if (what >= 7) return;
  const enum err_code want = r->adds ? model_add(m, r->person, r->other, r->before, w->now_us)
                                     : model_answer(m, r->person, r->against, w->now_us);
  const enum err_code got = store_write(w->store, do_it, r, &e) ? ERR_NONE : e.code;
  if (got != want)
    fail_msg("trial %d step %d: %s, the model says %s: " STRF, trial, step, err_word(got), err_word(want),
             STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
}
struct seen { /* that the trials come by everything */
  int outcomes[3], deputies, silent, added, waiting;
};
static void count(const struct model *m, struct seen *seen) {
  seen->outcomes[m->outcome]++;
  for (int i = 0; i < m->n; i++) {
    seen->deputies += m->all[i].state == PARTY_DEPUTY;
    seen->silent += m->all[i].state == PARTY_SILENT;
    seen->waiting += m->all[i].state == PARTY_WAITING;
    seen->added += m->all[i].is_added;
  }
}
static void one_trial(struct bureau *w, struct flow_record *record, struct flow_asking *asking, int trial,
                      struct seen *seen) {
  uint32_t seed = (uint32_t)trial * 2654435761u + 11;
  const struct round *declared = asking->round;
  struct model m = {.in_turn = below(&seed, 2), .has_fails = below(&seed, 2), .done = (int)below(&seed, 3)};
  struct real r = {.w = w, .record = record, .m = &m};
  struct err e = {0};
  m.silent = 1 + (int)below(&seed, 3);
  m.n = 1 + (int)below(&seed, 4);
  for (int i = 0; i < m.n; i++) {
    int person = (int)below(&seed, PEOPLE);
    while (m.is_expert[person]) person = (person + 1) % PEOPLE;
    m.is_expert[person] = true;
    m.all[i] = (struct member){.person = person, .place = (i + 1) * 100};
  }
  w->now_us = INT64_C(1772413200000000); /* 2026-03-02 09:00 */
  asking->round = shape(w, declared, &m);
  if (!store_write(w->store, open_it, &r, &e)) fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  settle(&m, w->now_us);
  same(w, &r, &m, trial, 0);
  for (int step = 1; step <= STEPS; step++) {
    one_step(&r, &m, &seed, trial, step);
    same(w, &r, &m, trial, step);
    count(&m, seen);
  }
  w->now_us += INT64_C(100) * 86400 * 1000000; /* nobody's time runs into the next trial */
  pass_time(w, &m);
  same(w, &r, &m, trial, STEPS + 1);
  asking->round = declared;
}
static void test_random_rounds(void **unused) {
  struct bureau w;
  (void)unused;
  bureau_begin(&w);
  for (int i = 0; i < PEOPLE; i++) {
    struct arena *mem = &w.scratch.mem;
    if (deputy_of[i] == NOBODY) continue;
    (void)scratch_sql(
        &w.scratch, str_z(mem, str_fmt(mem,
                                       "INSERT INTO delegation (tenant, id, post, deputy, from_day, until_day, reason) "
                                       "VALUES ('local', 'd%d', 'o-%s', '%s', '2020-01-01', '9999-12-31', '')",
                                       i, people[i], people[deputy_of[i]])));
  }
  struct flow_record *record = flow_record(&w.flow, STR("decision.matter"));
  struct flow_asking *panel = NULL;
  struct seen seen = {0};
  vec_each(struct flow_asking, a, &record->rounds)
    if (str_eqz(a->round->head.name.text, "panel")) panel = a;
  assert_non_null(panel);
  for (int i = 0; i < TRIALS; i++) one_trial(&w, record, panel, i, &seen);
  assert_true(seen.outcomes[OPEN] && seen.outcomes[DONE] && seen.outcomes[FAILED]);
  assert_true(seen.deputies && seen.silent && seen.added && seen.waiting);
  bureau_end(&w);
}

UNIT_TESTS(rounds_model) = {cmocka_unit_test(test_random_rounds)};
UNIT_COUNT(rounds_model);
