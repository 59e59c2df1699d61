/* The journal: a backup brought to any event equals the copy taken at that event, table by table; what does not fit is
 * refused with the reason; what was erased does not come back. */
#include <pthread.h>

#include "base/clock.h"
#include "scratch.h"
#include "store/copy.h"
#include "store/journal.h"
#include "store/replay.h"
#include "store/search.h"

enum { ACTS = 24, WRITERS = 12, EACH = 8, SHOTS_MAX = 6 };

struct maker {
  struct arena mem;
  uint64_t state;
  int n;          /* acts made so far, for new names */
  bool two, bare; /* two events in the act; none */
  bool unfound;   /* nothing for the search: an older schema has no index */
};
static unsigned roll(struct maker *m, unsigned sides) {
  m->state = m->state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(m->state >> 33) % sides;
}
static bool append(struct store *tx, struct maker *m, struct err *e) {
  struct event ev = {.at_us = 1780000000000000 + (int64_t)m->n * 1000000,
                     .valid = STR(""),
                     .actor = STR("甲"),
                     .record = STR("plan"),
                     .id = str_fmt(&m->mem, "p%d", m->n),
                     .act = STR("try"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("name"), str_fmt(&m->mem, "张三%d", m->n));
  return event_append(tx, &m->mem, &ev, NULL, e);
}
/* Something in several tables: inserts, changes, deletions, NULL, blobs with zero bytes, and the search. */
static bool write_some(struct store *tx, struct maker *m, struct err *e) {
  const struct str name = str_fmt(&m->mem, "n%d.%u", m->n, (unsigned)m->state), none = {0};
  const char blob[] = {0, 1, 2, (char)m->n, 0};
  const unsigned what = roll(m, m->unfound ? 4 : 6);
  if (what < 2) TRY(sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, name, STR("a'b\"\\\n🐎")}, NULL, e));
  if (what == 2)
    TRY(sql_unit_insert(tx, &(struct sql_unit_insert_in){STORE_TENANT, name, name, STR("school"), none}, NULL, e));
  if (what == 3)
    TRY(sql_file_insert(tx, &(struct sql_file_insert_in){STORE_TENANT, name, INT64_MIN + m->n, {blob, sizeof blob}},
                        NULL, e));
  const struct search_row row = {STR("item"), str_fmt(&m->mem, "p/%u", roll(m, 9)), STR("u"), name, STR("新建学校")};
  if (what == 4) TRY(search_put(tx, &row, e));
  if (what == 5) TRY(search_drop(tx, row.kind, row.id, e));
  if (m->bare) return true;
  return append(tx, m, e) && (!m->two || append(tx, m, e));
}
static bool make_one(struct store *tx, void *arg, struct err *e) {
  struct maker *m = arg;
  const uint64_t state = m->state; /* the act may run again: the same dice */
  const bool ok = write_some(tx, m, e);
  m->state = state;
  return ok;
}
static void act(struct store *st, struct maker *m) {
  struct err e = {0};
  if (!store_write(st, make_one, m, &e)) fail_msg(STRF, STRA(err_says(&m->mem, LANG_EN, &e)));
  (void)roll(m, 2);
  m->n++;
}

/* ---- what the tables were at an event ---- */

struct shot {
  int64_t seq;
  struct table_sums sums;
};
static struct shot shoot(struct store *st, struct arena *mem) {
  struct err e = {0};
  struct shot s = {0};
  struct sql_chain_get chain = {0};
  bool found = false;
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && store_sums(r, mem, &s.sums, &e));
  assert_true(sql_chain_get(r, mem, &(struct sql_chain_get_in){STORE_TENANT}, &chain, &found, &e));
  s.seq = chain.seq;
  return s;
}
static void same_tables(const struct table_sums *a, const struct table_sums *b, bool journal_too) {
  assert_int_equal(a->len, b->len);
  for (size_t i = 0; i < a->len; i++) {
    assert_true(str_eq(a->at[i].name, b->at[i].name));
    if (!journal_too && str_starts(a->at[i].name, STR("journal"))) continue; /* groups are cut elsewhere */
    if (!str_eq(a->at[i].digest, b->at[i].digest)) fail_msg("table " STRF " differs", STRA(a->at[i].name));
  }
}

/* A new database with what `backup` holds, brought to the event by the journal of `from`. */
static bool bring(struct store *backup, struct store *from, int64_t seq, struct scratch *s, struct store **out,
                  struct replayed *done, struct err *e) {
  struct table_sums sums;
  scratch_begin(s);
  struct store *to = scratch_open(s, &(struct store_options){.schema = store_schema_of(backup)});
  assert_true(store_copy(backup, to, &s->mem, &sums, e));
  store_close(to);
  AUTO_READ *journal = store_read_begin(from, e);
  const bool ok = journal && store_replay(journal, str_of(s->file), seq, done, e);
  *out = ok ? scratch_open(s, NULL) : NULL;
  return ok;
}
static void chain_ends_at(struct store *st, struct arena *mem, int64_t seq) {
  struct err e = {0};
  struct event_proof proof;
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && event_verify(r, mem, &proof, &e));
  assert_int_equal(proof.broken, 0);
  assert_int_equal(proof.events, seq);
}
static void restores(struct store *backup, struct store *from, const struct shot *want, bool journal_too) {
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  if (!bring(backup, from, want->seq, &s, &st, &done, &e)) fail_msg(STRF, STRA(err_says(&s.mem, LANG_EN, &e)));
  assert_int_equal(done.seq, want->seq);
  const struct shot have = shoot(st, &s.mem);
  same_tables(&have.sums, &want->sums, journal_too);
  chain_ends_at(st, &s.mem, want->seq);
  struct search_state search;
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && search_check(r, &search, &e) && search.rows == search.indexed && !search.lost);
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static struct store *copy_of(struct store *st, struct scratch *s) {
  struct table_sums sums;
  struct err e = {0};
  scratch_begin(s);
  struct store *to = scratch_open(s, &(struct store_options){.schema = store_schema_of(st)});
  assert_true(store_copy(st, to, &s->mem, &sums, &e));
  return to;
}

static void any_event_after_the_backup_is_reached(void **state) {
  (void)state;
  struct scratch s, b;
  struct shot shots[ACTS + 1];
  struct maker m = {.state = 20260520};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *backup = NULL;
  for (int i = 0; i < ACTS; i++) {
    act(st, &m);
    shots[i] = shoot(st, &s.mem);
    if (i == ACTS / 3) backup = copy_of(st, &b);
  }
  for (int i = ACTS / 3; i < ACTS; i += 3 + i % 5) restores(backup, st, &shots[i], true);
  store_close(st);
  store_close(backup);
  arena_drop(&m.mem);
  scratch_end(&s);
  scratch_end(&b);
}

struct writer {
  struct store *st;
  struct maker m;
};
static void *write_many(void *arg) {
  struct writer *w = arg;
  for (int i = 0; i < EACH; i++) act(w->st, &w->m);
  return NULL;
}
static void writers_at_once_are_in_order(void **state) {
  (void)state;
  struct scratch s, b;
  static struct writer all[WRITERS];
  pthread_t threads[WRITERS];
  struct shot shots[SHOTS_MAX + 1];
  size_t count = 0;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *other = scratch_open(&s, NULL); /* two processes, as it were */
  for (int i = 0; i < WRITERS; i++) {
    all[i] = (struct writer){i % 3 ? st : other, {.state = (uint64_t)i * 77 + 1, .n = i * 1000}};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &all[i]), 0);
  }
  struct store *backup = copy_of(st, &b);
  const int64_t from = shoot(backup, &b.mem).seq;
  while (count < SHOTS_MAX) {
    shots[count] = shoot(st, &s.mem);
    if (shots[count++].seq == WRITERS * EACH) break;
  }
  for (int i = 0; i < WRITERS; i++) (void)pthread_join(threads[i], NULL);
  shots[count++] = shoot(st, &s.mem);
  assert_true(from <= shots[0].seq);
  for (size_t i = 0; i + 1 < count; i += 3) restores(backup, st, &shots[i], false);
  restores(backup, st, &shots[count - 1], false);
  for (int i = 0; i < WRITERS; i++) arena_drop(&all[i].m.mem);
  store_close(st);
  store_close(other);
  store_close(backup);
  scratch_end(&s);
  scratch_end(&b);
}

/* ---- refusals ---- */

struct pair {
  struct scratch s, b;
  struct store *st, *backup;
  struct maker m;
};
static void pair_begin(struct pair *p) {
  *p = (struct pair){.m = {.state = 7}};
  scratch_begin(&p->s);
  p->st = scratch_open(&p->s, NULL);
  for (int i = 0; i < 5; i++) act(p->st, &p->m);
  p->backup = copy_of(p->st, &p->b);
  for (int i = 0; i < 5; i++) act(p->st, &p->m);
}
static void pair_end(struct pair *p) {
  store_close(p->st);
  store_close(p->backup);
  arena_drop(&p->m.mem);
  scratch_end(&p->s);
  scratch_end(&p->b);
}
static void is_refused(struct pair *p, int64_t seq, const char *why) {
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  assert_false(bring(p->backup, p->st, seq, &s, &st, &done, &e));
  const struct str says = err_says(&s.mem, LANG_EN, &e);
  if (e.code != ERR_CONFLICT || str_find(says, str_of(why)) == STR_NONE) fail_msg(STRF " is not %s", STRA(says), why);
  store_close(st);
  scratch_end(&s);
}
static struct journal_state state_of(struct store *st) {
  struct err e = {0};
  struct journal_state state = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && store_journal_check(r, &state, &e));
  return state;
}
static void what_cannot_be_done_is_said(void **state) {
  (void)state;
  static const struct {
    int64_t seq;
    const char *damage, *mend, *why, *doctor;
  } all[] = {
      {3, NULL, NULL, "ends at event 5", NULL},
      {11, NULL, NULL, "ends at event 10", NULL},
      {9, "UPDATE journal SET n = 99 WHERE n = 6", "UPDATE journal SET n = 6 WHERE n = 99", "does not reach back",
       "missing"},
      {9, "UPDATE journal SET n = 99 WHERE n = 8", "UPDATE journal SET n = 8 WHERE n = 99", "does not reach back",
       "missing"},
      {9, "UPDATE journal SET digest = 'x' || digest WHERE n = 7",
       "UPDATE journal SET digest = substr(digest, 2) WHERE n = 7", "damaged", "damaged"},
      {9, "UPDATE journal SET version = version + 100 WHERE n = 7",
       "UPDATE journal SET version = version - 100 WHERE n = 7", "another schema", NULL},
      {9, "UPDATE journal SET from_hash = 'x' WHERE n = 6", NULL, "two histories", NULL},
  };
  struct pair p;
  pair_begin(&p);
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    if (all[i].damage) (void)scratch_sql(&p.s, all[i].damage);
    is_refused(&p, all[i].seq, all[i].why);
    const char *wrong = state_of(p.st).wrong;
    if (!all[i].doctor) assert_null(wrong);
    else assert_string_equal(wrong ? wrong : "", all[i].doctor);
    if (all[i].mend) (void)scratch_sql(&p.s, all[i].mend);
  }
  pair_end(&p);
}
/* An event that was written past the journal: it does not fit, and the doctor says since when. */
static void a_journal_that_is_behind_is_noticed(void **state) {
  (void)state;
  struct pair p;
  pair_begin(&p);
  (void)scratch_sql(&p.s, "UPDATE chain SET seq = 11");
  const struct journal_state s = state_of(p.st);
  assert_string_equal(s.wrong, "behind");
  assert_int_equal(s.wrong_at, 11);
  act(p.st, &p.m); /* it goes on, and still says so */
  const struct journal_state later = state_of(p.st);
  assert_non_null(later.wrong);
  assert_string_equal(later.wrong, "behind");
  assert_int_equal(later.wrong_at, 11);
  is_refused(&p, 12, "two histories");
  (void)scratch_sql(&p.b,
                    "DELETE FROM setting; DELETE FROM unit; DELETE FROM file; DELETE FROM search_row; UPDATE chain SET "
                    "hash = 'x', seq = 4");
  is_refused(&p, 9, "does not fit");
  pair_end(&p);
}
static void an_act_is_never_cut_in_two(void **state) {
  (void)state;
  struct pair p;
  pair_begin(&p);
  p.m.two = true;
  act(p.st, &p.m); /* events 11 and 12 */
  is_refused(&p, 11, "Ask for event 10");
  const struct shot last = shoot(p.st, &p.s.mem);
  assert_int_equal(last.seq, 12);
  restores(p.backup, p.st, &last, true);
  pair_end(&p);
}

/* ---- bounds, erasure, time ---- */

static void a_backup_trims_and_holds_the_way(void **state) {
  (void)state;
  struct pair p;
  struct scratch b;
  struct err e = {0};
  int64_t last = 0;
  pair_begin(&p);
  const struct shot at = shoot(p.st, &p.s.mem);
  struct store *second = copy_of(p.st, &b);
  AUTO_READ *r = store_read_begin(second, &e);
  assert_true(store_journal_last(r, &b.mem, &last, &e));
  store_read_end(&r);
  assert_true(last == 10 && store_journal_trim(p.st, last, &e));
  assert_int_equal(state_of(p.st).rows, 0);
  act(p.st, &p.m);
  is_refused(&p, 9, "does not reach back"); /* from the first backup by the live journal */
  const struct shot latest = shoot(p.st, &p.s.mem);
  restores(second, p.st, &latest, false); /* from the second one it goes on */
  restores(p.backup, second, &at, true);  /* and the second holds the way from the first to itself */
  store_close(second);
  scratch_end(&b);
  pair_end(&p);
}
static bool erase(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  return sql_event_field_erase(tx, &(struct sql_event_field_erase_in){STORE_TENANT, 3, STR("name")}, NULL, e);
}
static void what_was_erased_does_not_come_back(void **state) {
  (void)state;
  struct pair p;
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  pair_begin(&p);
  assert_true(store_write(p.st, erase, NULL, &e));
  act(p.st, &p.m);
  assert_true(bring(p.backup, p.st, 8, &s, &st, &done, &e));
  assert_int_equal(done.erased, 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE seq = 3 AND value IS NULL"), 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE seq = 4 AND value IS NULL"), 0);
  chain_ends_at(st, &s.mem, 8);
  assert_int_equal(state_of(st).rows, 9); /* the erasure is in the journal of what was restored, too */
  store_close(st);
  scratch_end(&s);
  pair_end(&p);
}
/* Nothing is run to reach the event at which the backup ends; what was erased since is erased all the same, and where the
 * journal has let go of it that is said. */
static void a_backup_is_not_brought_to_its_end_past_what_was_erased(void **state) {
  (void)state;
  struct pair p;
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  pair_begin(&p);
  assert_true(store_write(p.st, erase, NULL, &e));
  assert_true(bring(p.backup, p.st, 5, &s, &st, &done, &e));
  assert_true(done.rows == 0 && done.erased == 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE value IS NULL"), 1);
  store_close(st);
  scratch_end(&s);
  (void)scratch_sql(&p.s, "UPDATE journal SET from_hash = 'x' WHERE n = 6");
  is_refused(&p, 5, "two histories");
  assert_true(store_journal_trim(p.st, 10, &e));
  is_refused(&p, 5, "does not reach back");
  assert_true(store_journal_trim(p.st, 11, &e)); /* none is left */
  is_refused(&p, 5, "does not reach back");
  pair_end(&p);
}
/* Two acts of one group, of which the second erases: one waits until the other is queued. */
struct together {
  struct store *st;
  struct maker *m, other;
  bool begun;
  int64_t seq; /* whose value is erased */
};
static bool act_and_wait(struct store *tx, void *arg, struct err *e) {
  enum { WAITS_MOST = 5000 };
  struct together *t = arg;
  struct store_stats stats = {0};
  __atomic_store_n(&t->begun, true, __ATOMIC_RELEASE);
  for (int i = 0; stats.queued < 2 && i < WAITS_MOST; i++) {
    clock_sleep_us(1000);
    store_stats(t->st, &stats);
  }
  return make_one(tx, t->m, e);
}
static bool erase_and_say(struct store *tx, void *arg, struct err *e) {
  struct together *t = arg;
  TRY(sql_event_field_erase(tx, &(struct sql_event_field_erase_in){STORE_TENANT, t->seq, STR("name")}, NULL, e));
  return append(tx, &t->other, e);
}
static void *erase_beside(void *arg) {
  struct together *t = arg;
  struct err e = {0};
  while (!__atomic_load_n(&t->begun, __ATOMIC_ACQUIRE)) clock_sleep_us(100);
  return store_write(t->st, erase_and_say, t, &e) ? arg : NULL;
}
static void what_the_same_group_erased_does_not_come_back(void **state) {
  (void)state;
  struct pair p;
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  pthread_t beside;
  void *erased = NULL;
  struct err e = {0};
  if (scratch_cluster) return; /* has four writers: whether the two are one group is chance */
  pair_begin(&p);
  struct together t = {.st = p.st, .m = &p.m};
  for (int64_t rows = 0; !rows; p.m.n++) { /* a group takes others for 20 ms only */
    assert_true(t.seq++ < 9);
    t.begun = false;
    assert_int_equal(pthread_create(&beside, NULL, erase_beside, &t), 0);
    assert_true(store_write(p.st, act_and_wait, &t, &e));
    (void)pthread_join(beside, &erased);
    assert_non_null(erased);
    rows = scratch_sql(&p.s, "SELECT count(*) FROM journal WHERE erases = 1 AND seq = from_seq + 2");
  }
  const int64_t point = shoot(p.st, &p.s.mem).seq - 1; /* between the two */
  act(p.st, &p.m);
  assert_true(bring(p.backup, p.st, point, &s, &st, &done, &e));
  assert_int_equal(done.seq, point);
  assert_int_equal(done.erased, 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE value IS NULL"), t.seq);
  chain_ends_at(st, &s.mem, point);
  store_close(st);
  scratch_end(&s);
  arena_drop(&t.other.mem);
  pair_end(&p);
}
static void a_time_is_an_event(void **state) {
  (void)state;
  struct pair p;
  struct err e = {0};
  int64_t seq = 0;
  pair_begin(&p);
  AUTO_READ *r = store_read_begin(p.st, &e);
  assert_true(store_seq_at(r, &p.s.mem, 1780000000000000 + 6 * 1000000 + 5, &seq, &e) && seq == 7);
  assert_true(store_seq_at(r, &p.s.mem, INT64_MAX, &seq, &e) && seq == 10);
  assert_true(store_seq_at(r, &p.s.mem, 5, &seq, &e) && seq == 0);
  store_read_end(&r);
  pair_end(&p);
}
/* Acts that fail and groups that run again leave nothing in it. */
static bool every_third(void *arg) { return ++*(int *)arg % 3 == 0; }
static bool make_and_refuse(struct store *tx, void *arg, struct err *e) {
  return make_one(tx, arg, e) && fail(e, ERR_GUARD, 0);
}
static void only_what_was_kept_is_in_it(void **state) {
  (void)state;
  struct scratch s, b;
  struct maker m = {.state = 5};
  int commits = 0;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, &(struct store_options){.inject = every_third, .inject_arg = &commits});
  struct store *backup = copy_of(st, &b);
  for (int i = 0; i < 20; i++) {
    struct err e = {0};
    if (i % 4 == 1) assert_false(store_write(st, make_and_refuse, &m, &e));
    act(st, &m);
    m.bare = i % 5 == 0; /* the next writes no event */
  }
  m.bare = false;
  act(st, &m);
  const struct shot last = shoot(st, &s.mem);
  restores(backup, st, &last, true);
  store_close(st);
  store_close(backup);
  arena_drop(&m.mem);
  scratch_end(&s);
  scratch_end(&b);
}

/* ---- a change of the schema in the middle ---- */

/* Schema 13 puts every plan under a unit, by the units that are there then. */
enum { OLD = 11, MIDDLE = 12 }; /* the digest of rows is another one from 12 on */
static bool add_bureau(struct store *tx, void *arg, struct err *e) {
  struct maker *m = arg;
  const struct str name = str_fmt(&m->mem, "b%d", m->n), none = {0};
  TRY(sql_unit_insert(tx, &(struct sql_unit_insert_in){STORE_TENANT, name, name, STR("bureau"), none}, NULL, e));
  return append(tx, m, e);
}
static struct store *open_at(struct scratch *s, int schema) {
  struct store *st = scratch_open(s, &(struct store_options){.schema = schema});
  assert_int_equal(store_schema_of(st), schema ? schema : store_schema_version());
  return st;
}
struct crossing { /* five events, the backup, a bureau and three; the middle schema, three; this program's, three */
  struct scratch s, b, o;
  struct store *st, *backup;
  struct maker m;
  struct shot old, middle, last;
};
/* What a database that stands at an older schema is once it is brought forward. */
static struct shot shoot_forward(struct crossing *c) {
  struct store *copy = copy_of(c->st, &c->o);
  store_close(copy);
  copy = scratch_open(&c->o, NULL);
  const struct shot got = shoot(copy, &c->s.mem);
  store_close(copy);
  scratch_end(&c->o);
  return got;
}
static void cross(struct crossing *c) {
  struct err e = {0};
  *c = (struct crossing){.m = {.state = 99, .unfound = true}};
  scratch_begin(&c->s);
  c->st = open_at(&c->s, OLD);
  (void)scratch_sql(
      &c->s,
      "INSERT INTO plan VALUES ('local', 'p', 't', 'i', '', 2026, 'l', 'n', 'txt', 'f', 1, 1, 0, 0, 0, 0, "
      "0, 0, 0, 0, 0, 0, '')");
  for (int i = 0; i < 5; i++) act(c->st, &c->m);
  c->backup = copy_of(c->st, &c->b);
  assert_true(store_write(c->st, add_bureau, &c->m, &e));
  c->m.n++;
  for (int i = 0; i < 3; i++) act(c->st, &c->m);
  c->old = shoot_forward(c);
  store_close(c->st);
  c->st = open_at(&c->s, MIDDLE);
  for (int i = 0; i < 3; i++) act(c->st, &c->m);
  c->middle = shoot_forward(c);
  store_close(c->st);
  c->st = open_at(&c->s, 0);
  for (int i = 0; i < 3; i++) act(c->st, &c->m);
  c->last = shoot(c->st, &c->s.mem);
}
static void crossed(struct crossing *c) {
  store_close(c->st);
  store_close(c->backup);
  arena_drop(&c->m.mem);
  scratch_end(&c->s);
  scratch_end(&c->b);
}
static void a_change_of_the_schema_is_crossed(void **state) {
  (void)state;
  struct crossing c;
  cross(&c);
  assert_int_equal(
      scratch_sql(&c.s, "SELECT count(*) FROM plan p JOIN unit u ON u.id = p.unit WHERE u.kind = 'bureau'"), 1);
  assert_int_equal(scratch_sql(&c.s, "SELECT count(DISTINCT version) FROM journal"), 3);
  restores(c.backup, c.st, &c.old, true);
  restores(c.backup, c.st, &c.middle, true);
  restores(c.backup, c.st, &c.last, true);
  crossed(&c);
}
static void what_is_erased_behind_the_change_is_erased(void **state) {
  (void)state;
  struct crossing c;
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  cross(&c);
  assert_true(store_write(c.st, erase, NULL, &e));
  assert_true(bring(c.backup, c.st, 7, &s, &st, &done, &e));
  assert_int_equal(done.erased, 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE value IS NULL"), 1);
  chain_ends_at(st, &s.mem, 7);
  store_close(st);
  scratch_end(&s);
  crossed(&c);
}

/* An older program's statement, in the place of one that is not used here. */
static struct store_sql older_statement(const char *text, bool erases) {
  struct store_sql sql = {0};
  for (size_t i = 0; i < sql_statement_count && !sql.text; i++)
    if (!strcmp(sql_statements[i].name, "account_insert")) sql = sql_statements[i];
  assert_non_null(sql.text);
  sql.text = text;
  sql.types = "ss";
  sql.binds = 2;
  sql.columns = 0;
  sql.erases = erases;
  return sql;
}
struct older {
  struct maker *m;
  struct store_sql sql;
  struct str args[2];
};
static bool write_older(struct store *tx, void *arg, struct err *e) {
  const struct older *o = arg;
  bool row = false;
  struct store_stmt *s = store_prepare(tx, &o->sql, e);
  if (!s) return false;
  for (int i = 0; i < 2; i++) store_bind_str(s, i + 1, o->args[i]);
  const bool ok = store_step(s, &row, e);
  store_reset(s);
  return ok && append(tx, o->m, e);
}
static const char older_add[] = "INSERT INTO setting (value, tenant, name) VALUES ('of old', $1, $2)",
                  older_erase[] =
                      "UPDATE event_field SET value = NULL, salt = NULL WHERE tenant = $1 AND seq = 3 AND field = $2";
static void write_as_older(struct store *st, struct maker *m, const char *text, struct str last, bool erases) {
  struct err e = {0};
  struct older o = {m, older_statement(text, erases), {STORE_TENANT, last}};
  assert_true(store_write(st, write_older, &o, &e));
  m->n++;
}
static void what_an_older_program_wrote_is_run(void **state) {
  (void)state;
  struct crossing c;
  struct scratch s;
  struct store *st = NULL;
  struct replayed done;
  struct err e = {0};
  cross(&c);
  store_close(c.st);
  c.st = scratch_open(&c.s, NULL); /* with the places of its statements free */
  write_as_older(c.st, &c.m, older_add, STR("x"), false);
  const struct shot added = shoot(c.st, &c.s.mem);
  write_as_older(c.st, &c.m, older_add, STR("y"), false);
  store_close(c.st);
  c.st = scratch_open(&c.s, NULL);
  write_as_older(c.st, &c.m, older_erase, STR("name"), true);
  act(c.st, &c.m);
  assert_false(bring(c.backup, c.st, added.seq, &s, &st, &done, &e));
  assert_true(str_find(err_says(&s.mem, LANG_EN, &e), STR("does not have")) != STR_NONE);
  scratch_end(&s);
  (void)scratch_sql(&c.s, str_fmt(&c.s.mem,
                                  "INSERT INTO setting VALUES ('local', 'journal.texts.old', '0\tss\t%s\n"
                                  "1\tss\t%s\n')",
                                  str_replace(&c.s.mem, str_of(older_add), STR("'"), STR("''")).at, older_erase)
                              .at);
  e = (struct err){0};
  if (!bring(c.backup, c.st, added.seq, &s, &st, &done, &e)) fail_msg(STRF, STRA(err_says(&s.mem, LANG_EN, &e)));
  assert_int_equal(done.erased, 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM setting WHERE value = 'of old'"), 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE seq = 3 AND value IS NULL"), 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM event_field WHERE value IS NULL"), 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM journal WHERE erases = 1"), 1); /* it is noted there, too */
  chain_ends_at(st, &s.mem, added.seq);
  store_close(st);
  scratch_end(&s);
  crossed(&c);
}
/* One setting a version, however often it is opened; no mark in its texts that would cut them. */
static void a_program_leaves_its_texts_once(void **state) {
  (void)state;
  struct scratch s;
  struct journal_texts texts = {0};
  struct sql_journal_texts_rows rows = {0};
  struct err e = {0};
  size_t writing = 0;
  scratch_begin(&s);
  for (int i = 0; i < 3; i++) store_close(scratch_open(&s, NULL));
  struct store *st = scratch_open(&s, NULL), *other = scratch_open(&s, NULL);
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(sql_journal_texts(r, &s.mem, &(struct sql_journal_texts_in){STORE_TENANT}, SIZE_MAX, &rows, &e));
  assert_int_equal(rows.len, 1);
  assert_true(journal_read_texts(&s.mem, rows.at[0].value, &texts, &e));
  for (size_t i = 0; i < sql_statement_count; i++) {
    if (!sql_statements[i].writes) continue;
    const struct journal_text *t = &texts.at[writing++];
    assert_string_equal(t->sql.text, sql_statements[i].text);
    assert_string_equal(t->sql.types, sql_statements[i].types);
    assert_int_equal(t->sql.binds, sql_statements[i].binds);
    assert_int_equal(t->sql.erases, sql_statements[i].erases);
    assert_true(t->hash == journal_hash(&sql_statements[i]));
  }
  assert_int_equal(texts.len, writing);
  assert_false(journal_read_texts(&s.mem, STR("1\ts"), &texts, &e));
  store_read_end(&r);
  store_close(st);
  store_close(other);
  scratch_end(&s);
}

/* The journal knows statements by their texts: one that erases must not read like one that does not. */
static void what_erases_has_a_text_of_its_own(void **state) {
  (void)state;
  for (size_t i = 0; i < sql_statement_count; i++)
    for (size_t k = 0; k < i; k++)
      if (sql_statements[i].erases != sql_statements[k].erases &&
          !strcmp(sql_statements[i].text, sql_statements[k].text))
        fail_msg("%s reads like %s", sql_statements[i].name, sql_statements[k].name);
}

UNIT_TESTS(journal) = {
    cmocka_unit_test(what_erases_has_a_text_of_its_own),
    cmocka_unit_test(what_an_older_program_wrote_is_run),
    cmocka_unit_test(a_program_leaves_its_texts_once),
    cmocka_unit_test(a_change_of_the_schema_is_crossed),
    cmocka_unit_test(what_is_erased_behind_the_change_is_erased),
    cmocka_unit_test(any_event_after_the_backup_is_reached),
    cmocka_unit_test(writers_at_once_are_in_order),
    cmocka_unit_test(what_cannot_be_done_is_said),
    cmocka_unit_test(a_journal_that_is_behind_is_noticed),
    cmocka_unit_test(an_act_is_never_cut_in_two),
    cmocka_unit_test(a_backup_trims_and_holds_the_way),
    cmocka_unit_test(what_was_erased_does_not_come_back),
    cmocka_unit_test(a_backup_is_not_brought_to_its_end_past_what_was_erased),
    cmocka_unit_test(what_the_same_group_erased_does_not_come_back),
    cmocka_unit_test(a_time_is_an_event),
    cmocka_unit_test(only_what_was_kept_is_in_it),
};
UNIT_COUNT(journal);
