/* Another version of a package takes over the records there are, in a real store: what is carried over, set, renamed, worked out and
 * counted anew; what is refused as a whole; a process that dies in the middle; clocks that run on. And what acts leave to be done for each
 * of many, with processes that die over it. */
#include "engine/flow/upgrade.h"

#include <sys/wait.h>

#include "../store/scratch.h"
#include "base/file.h"
#include "declare/units.h"
#include "engine/flow/clock.h"
#include "engine/flow/measure.h"
#include "store/search.h"

#define HEAD(version) HEAD_SEEN(version, "")
#define HEAD_SEEN(version, more)                                                                                \
  "gangmu: 1\nsystem: toy\nlabel: 试验\nrows: [S020]\nversion: " version                                        \
  "\nsummary: 试验用\nroles:\n  office: {label: 办公室, at: [bureau], sees: {job: all" more                     \
  "}}\nlists:\n  color: "                                                                                       \
  "{label: 颜色, items: {red: 红, blue: 蓝, grey: 灰}}\nrecords:\n  job:\n    label: 事项\n    number: " \
  "J{seq:4}\n    belongs: school\n    fields:\n      school: {is: unit(school), label: 学校, need: yes}\n"
#define FOOT "privacy: {rule: none, why: 试验}\n"
#define MEASURES                                                                                                          \
  "measures:\n  open: {label: 在办, unit: 件, of: job, where: state = .open, count: yes, stock: yes, at: school, by: " \
  "[color]}\n"

static const char first[] = HEAD("1")
    "      title: {is: text(40), label: 标题, search: yes}\n"
    "      code:  {is: text(20), label: 旧码}\n"
    "      size:  {is: text(20), label: 大小}\n"
    "      color: {is: choice(color), label: 颜色}\n"
    "      rate:  {is: \"decimal(1, %)\", label: 比例}\n"
    "      tags:  {is: choices(color), label: 标记}\n"
    "      note:  {is: text(40), label: 备注}\n"
    "      gone:  {is: text(40), label: 不要了}\n"
    "      bits:  {is: rows, label: 明细, fields: {what: {is: choice(color), label: 颜色}}}\n"
    "    states: {open: 在办, checking: 核查, done: {label: 办结, end: yes}}\n"
    "    clocks:\n      fix:\n        label: 期限\n        starts: [open]\n        stops: [done]\n        limit: 10 workdays\n        levels:\n"
    "          - at: 1/2\n            does:\n              - set: {note: \"\\\"半\\\"\"}\n"
    "          - at: due\n            does:\n              - set: {note: \"\\\"到期\\\"\"}\n"
    "    acts:\n"
    "      make:  {label: 登记, from: start, to: open, who: [office, system], asks: [school, title], may: [code, size, "
    "color, rate, tags, note, gone, bits]}\n"
    "      check: {label: 核查, from: open, to: checking, who: [office, system]}\n"
    "      close: {label: 办结, from: [open, checking], to: done, who: [office, system]}\n"
    "      back:  {label: 退回, from: done, to: back, back: [open, checking], who: [office, system]}\n" MEASURES FOOT;
/* checking is now called looking; code is called label; size is a number; color is needed; rate is finer; tags are called marks;
 * twice is worked out; title is not searched any more, label is; gone is gone. */
static const char second[] = HEAD("2")
    "      title: {is: text(60), label: 标题}\n"
    "      label: {is: text(20), label: 新码, was: code, search: yes}\n"
    "      size:  {is: count(个), label: 大小}\n"
    "      color: {is: choice(color), label: 颜色, need: yes}\n"
    "      rate:  {is: \"decimal(2, %)\", label: 比例}\n"
    "      marks: {is: choices(color), label: 标记, was: tags}\n"
    "      note:  {is: text(40), label: 备注}\n"
    "      twice: {is: count(个), label: 两倍, value: size * 2}\n"
    "      bits:  {is: rows, label: 明细, fields: {what: {is: choice(color), label: 颜色}, n: {is: count(个), label: 数}}}\n"
    "    checks:\n      - {id: small, must: \"size < 100 个\", says: 太大了, at: size}\n"
    "    states: {open: 在办, looking: 察看, done: {label: 办结, end: yes}}\n"
    "    clocks:\n      fix:\n        label: 期限\n        starts: [open]\n        stops: [done]\n        limit: 10 workdays\n        levels:\n"
    "          - at: 1/4\n            does:\n              - set: {note: \"\\\"四分之一\\\"\"}\n"
    "          - at: 1/2\n            does:\n              - set: {note: \"\\\"半\\\"\"}\n"
    "          - at: -1 workdays\n            does:\n              - set: {note: \"\\\"还有一天\\\"\"}\n"
    "    acts:\n"
    "      make:  {label: 登记, from: start, to: open, who: [office, system], asks: [school, title], may: [label, size, "
    "color, rate, marks, note, bits]}\n"
    "      check: {label: 核查, from: open, to: looking, who: [office, system]}\n"
    "      close: {label: 办结, from: [open, looking], to: done, who: [office, system]}\n"
    "      back:  {label: 退回, from: done, to: back, back: [open, looking], who: [office, system]}\n" MEASURES FOOT;
static const char way[] =
    "from: 1\nto: 2\njob:\n  states: {checking: looking}\n  set:\n    size: \"if size is none then none else len(size) "
    "* 1 个\"\n"
    "    color: \"if color is none then .grey else color\"\n";

/* ---- the world ---- */

struct toy {
  struct scratch s;
  struct store *store;
  struct flow flow;
  struct world world;
  struct units units;
  int64_t now_us;
  int dies_at; /* the process dies when so many runs have begun; 0 = never */
  int begun;
};
static bool no_thing(const struct value_reader *reader, const struct type *t, struct str text, struct value *out) {
  (void)reader, (void)t, (void)text, (void)out;
  return false;
}
static void check(struct toy *t, bool ok, const struct err *e) {
  if (!ok) fail_msg(STRF " (%s)", STRA(err_says(&t->s.mem, LANG_EN, e)), e->where ? e->where : "");
}
static void load(struct toy *t, const char *text, const char *migration) {
  static const struct str kinds[] = {STR_INIT("bureau"), STR_INIT("district"), STR_INIT("school")};
  struct arena *mem = &t->s.mem;
  struct faults told = {.mem = mem};
  struct err e = {0};
  struct str units;
  check(t, file_read(mem, STR("rules/units.yaml"), 1 << 20, &units, &e) && units_parse(mem, units, &t->units, &e), &e);
  t->world = (struct world){.unit_kinds = kinds, .unit_kind_count = COUNT_OF(kinds), .units = &t->units};
  const struct value_reader reader = {&t->units, calendar_known(), NULL, no_thing};
  struct package *p = arena_new(mem, struct package);
  p->name = STR("toy");
  vec_push(mem, &p->files) = (struct package_file){STR("system.yaml"), str_of(text)};
  vec_push(mem, &p->files) = (struct package_file){
      STR("scenario.yaml"), STR("scenario: 试验\nsystem: toy\nstart: 2026-03-02 09:00\nactors: {}\nsteps: []\n")};
  if (migration) vec_push(mem, &p->files) = (struct package_file){STR("migrations/002.yaml"), str_of(migration)};
  if (flow_load(mem, &t->world, &reader, p, 1, &told, &t->flow, &e)) return;
  vec_each(const struct fault, x, &told.all)
    if (fault_level(x->code) == FAULT_ERROR) fail_msg("%s line %d", fault_word(x->code), x->at.line);
  fail_msg(STRF, STRA(err_says(mem, LANG_EN, &e)));
}
static struct flow_run *start(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct toy *t = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  if (t->dies_at && ++t->begun >= t->dies_at) _exit(9);
  flow_begin(run, &t->flow, session, mem, NULL, now_us);
  run->by = FLOW_BY_SYSTEM;
  return run;
}
static bool take_over(struct toy *t, const char *text, const char *migration, struct err *e) {
  const struct flow_starter starter = {t, start};
  load(t, text, migration);
  return flow_take_over(&t->flow, t->store, &starter, t->now_us, e);
}
static void upgrade(struct toy *t, const char *text, const char *migration) {
  struct err e = {0};
  check(t, take_over(t, text, migration, &e), &e);
}
static void add_unit(struct toy *t, const char *id, const char *kind) {
  char sql[600];
  (void)snprintf(
      sql, sizeof sql,
      "INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials) "
      "VALUES ('local', '%s', '2000-01-01', '9999-12-31', '%s', '%s', '', 1, '', '')",
      id, id, kind);
  (void)scratch_sql(&t->s, sql);
  (void)snprintf(sql, sizeof sql, "INSERT INTO unit (tenant, id, name, kind) VALUES ('local', '%s', '%s', '%s')", id,
                 id, kind);
  (void)scratch_sql(&t->s, sql);
}
static int64_t at(int month, int day, int hour) {
  const struct date d = {2026, (int8_t)month, (int8_t)day};
  return day_moment(date_to_days(d), (int64_t)hour * 3600 * SECOND_US);
}
static void begin_with(struct toy *t, const char *text) {
  *t = (struct toy){.now_us = at(3, 2, 9)}; /* a Monday */
  scratch_begin(&t->s);
  t->store = scratch_open(&t->s, NULL);
  upgrade(t, text, NULL);
  add_unit(t, "s0000000000000000000", "school");
}
static void begin(struct toy *t) { begin_with(t, first); }
static void end(struct toy *t) {
  store_close(t->store);
  scratch_end(&t->s);
}

/* ---- acts and fields ---- */

struct input {
  const char *name, *value;
};
#define INPUTS(...) ((const struct input[]){__VA_ARGS__, {0}})
struct doing {
  struct toy *t;
  const char *act;
  struct str id;
  const struct input *inputs;
  struct flow_done done;
  const char *back_to;
};
static bool do_act(struct store *tx, void *arg, struct err *e) {
  struct doing *d = arg;
  AUTO_ARENA mem = {0};
  struct flow_run *run = start(d->t, tx, &mem, d->t->now_us);
  const struct flow_record *r = flow_record(run->flow, STR("toy.job"));
  struct flow_input in[8] = {0};
  struct flow_ask ask = {.record = r, .act = str_of(d->act), .id = d->id, .inputs = in};
  if (d->back_to) ask.back_to = str_of(d->back_to);
  for (const struct input *x = d->inputs; x && x->name; x++) {
    const struct flow_field *f = flow_field(r, str_of(x->name));
    struct flow_input *to = &in[ask.input_count++];
    to->name = f->name;
    if (f->field->is.type == TYPE_unit)
      to->value = flow_thing_value(flow_thing(run, FLOW_UNIT, NULL, str_of(x->value)));
    else TRY(flow_read(run, r->system, f->name, f->name, &f->field->is, &f->type, str_of(x->value), &to->value, e));
  }
  TRY(flow_act(run, &ask, &d->done, e));
  d->done.id = str_dup(&d->t->s.mem, d->done.id);
  return true;
}
static struct str act(struct toy *t, const char *name, struct str id, const struct input *inputs, const char *back_to) {
  struct doing d = {.t = t, .act = name, .id = id, .inputs = inputs, .back_to = back_to};
  struct err e = {0};
  check(t, store_write(t->store, do_act, &d, &e), &e);
  return d.done.id;
}
#define SCHOOL \
  { "school", "s0000000000000000000" }
struct field_read {
  struct toy *t;
  struct str id;
  const char *field;
  struct str out;
};
static bool read_field(struct store *session, void *arg, struct err *e) {
  struct field_read *r = arg;
  struct flow_run *run = start(r->t, session, &r->t->s.mem, r->t->now_us);
  const struct flow_record *of = flow_record(run->flow, STR("toy.job"));
  const struct flow_field *f = flow_field(of, str_of(r->field));
  struct flow_row *row = NULL;
  struct value v;
  TRY(flow_row(run, of, r->id, &row, e));
  r->out = row->state;
  if (!f) return true;
  return flow_row_field(run, row, (size_t)(f - of->fields.at), &v, e) &&
         flow_show(run, of->system, &f->type, &v, &r->out, e);
}
static struct str field(struct toy *t, struct str id, const char *name) {
  struct field_read r = {.t = t, .id = id, .field = name};
  struct err e = {0};
  check(t, store_read(t->store, read_field, &r, &e), &e);
  return r.out;
}
static void is_field(struct toy *t, struct str id, const char *name, const char *want) {
  const struct str got = field(t, id, name);
  if (!str_eqz(got, want)) fail_msg("%s: " STRF " instead of %s", name, STRA(got), want);
}
static int64_t count(struct toy *t, const char *sql) { return scratch_sql(&t->s, sql); }
static int64_t found(struct toy *t, const char *said) {
  char sql[300];
  (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM search_row WHERE kind = 'record' AND body LIKE '%%%s%%'", said);
  return count(t, sql);
}
static void facts_agree(struct toy *t) {
  AUTO_ARENA mem = {0};
  struct flow_facts_proof proof;
  struct err e = {0};
  AUTO_READ *r = store_read_begin(t->store, &e);
  check(t, flow_facts_check(start(t, r, &mem, t->now_us), &proof, &e), &e);
  if (proof.faults || !proof.facts)
    fail_msg("%d of %d, " STRF " " STRF, (int)proof.faults, (int)proof.facts, STRA(proof.id), STRA(proof.what));
}
static struct flow_jobs run_until(struct toy *t, int64_t until) {
  const struct flow_starter starter = {t, start};
  struct flow_jobs jobs;
  struct err e = {0};
  t->now_us = until;
  check(t, flow_jobs_run(&t->flow, t->store, &starter, until, &jobs, &e), &e);
  check(t, flow_facts_day(&t->flow, t->store, &starter, until, &e), &e);
  return jobs;
}

/* ---- tests ---- */

#define MIGRATED "SELECT count(*) FROM event WHERE act = 'migrated'"

static void test_records_go_along(void **state) {
  (void)state;
  struct toy t;
  begin(&t);
  const struct str a = act(&t, "make", STR(""),
                           INPUTS(SCHOOL, {"title", "路灯不亮"}, {"code", "甲十二"}, {"size", "abcd"}, {"color", "red"},
                                  {"rate", "12.5%"}, {"tags", "red,blue"}, {"gone", "旧话"}),
                           NULL);
  const struct str b = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "门坏了"}), NULL);
  (void)act(&t, "check", b, NULL, NULL);
  const struct str c = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "已办"}, {"color", "blue"}), NULL);
  (void)act(&t, "check", c, NULL, NULL);
  (void)act(&t, "close", c, NULL, NULL);
  assert_int_equal(found(&t, "路灯"), 1);
  upgrade(&t, second, way);
  is_field(&t, a, "label", "甲十二");
  is_field(&t, a, "size", "4个");
  is_field(&t, a, "twice", "8个");
  is_field(&t, a, "color", "红");
  is_field(&t, a, "rate", "12.50%");
  is_field(&t, a, "marks", "红、蓝");
  is_field(&t, a, "", "open");
  is_field(&t, b, "color", "灰");
  is_field(&t, b, "", "looking");
  is_field(&t, b, "twice", "");
  is_field(&t, c, "", "done");
  assert_int_equal(found(&t, "路灯"), 0);
  assert_int_equal(found(&t, "甲十二"), 1);
  assert_int_equal(count(&t, MIGRATED), 2); /* nothing of c is another */
  assert_int_equal(count(&t,
                         "SELECT count(*) FROM event WHERE act = 'migrated' AND from_state = 'checking' AND to_state = "
                         "'looking'"),
                   1);
  assert_int_equal(count(&t, "SELECT count(*) FROM event WHERE act = 'upgrade' AND id = 'toy'"), 1);
  assert_int_equal(count(&t, "SELECT changed FROM flow_upgrade WHERE done_us > 0 AND from_version = 1 AND version = 2"),
                   2);
  facts_agree(&t);
  (void)act(&t, "back", c, NULL, "looking"); /* where it was when that was called checking */
  is_field(&t, c, "", "looking");
  const struct str d = act(&t, "make", STR(""),
                           INPUTS(SCHOOL, {"title", "新的"}, {"color", "red"}, {"size", "7"}, {"rate", "1.25%"}), NULL);
  is_field(&t, d, "twice", "14个");
  is_field(&t, d, "rate", "1.25%");
  upgrade(&t, second, way); /* again: nothing to do */
  assert_int_equal(count(&t, MIGRATED), 2);
  assert_int_equal(count(&t, "SELECT count(*) FROM event WHERE act = 'upgrade'"), 1);
  run_until(&t, at(3, 3, 9));
  facts_agree(&t);
  end(&t);
}
static void test_one_refused_record_refuses_all(void **state) {
  (void)state;
  struct toy t;
  struct err e = {0};
  begin(&t);
  (void)act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "一"}, {"size", "abc"}), NULL);
  (void)act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "二"}, {"size", "abcdefgh"}), NULL);
  const int64_t events = count(&t, "SELECT count(*) FROM event"),
                steps = count(&t, "SELECT count(*) FROM declared_step");
  const char *strict =
      "from: 1\nto: 2\njob:\n  states: {checking: looking}\n  set: {size: \"len(size) * 20 个\", color: "
      "\"if color is none then .grey else color\"}\n";
  assert_false(take_over(&t, second, strict, &e));
  const struct str says = err_says(&t.s.mem, LANG_ZH, &e);
  assert_int_equal(e.code, ERR_CONFLICT);
  if (str_find(says, STR("J0002")) == STR_NONE || str_find(says, STR("太大了")) == STR_NONE) fail_msg(STRF, STRA(says));
  assert_int_equal(count(&t, "SELECT count(*) FROM event"), events);
  assert_int_equal(count(&t, "SELECT count(*) FROM declared_step"), steps);
  assert_int_equal(count(&t, "SELECT version FROM system_installed WHERE system = 'toy'"), 1);
  assert_int_equal(count(&t, "SELECT count(*) FROM flow_upgrade"), 0);
  /* an expression that cannot be read, a need that is not met, a name that is not there */
  static const char *const wrong[] = {"set: {size: lenn(size), color: .grey}", "set: {size: none, color: color}",
                                      "set: {size: none, colour: .grey}", "set: {size: none, color: .green}"};
  for (size_t i = 0; i < COUNT_OF(wrong); i++) {
    struct err why = {0};
    const struct str text = str_fmt(&t.s.mem, "from: 1\nto: 2\njob:\n  states: {checking: looking}\n  %s\n", wrong[i]);
    assert_false(take_over(&t, second, str_z(&t.s.mem, text), &why));
    assert_int_equal(count(&t, "SELECT count(*) FROM declared_step"), steps);
  }
  load(&t, first, NULL); /* the old one goes on */
  (void)act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "三"}, {"code", "x"}), NULL);
  upgrade(&t, second, way);
  end(&t);
}
static void make_many(struct toy *t, int n) {
  for (int i = 0; i < n; i++) (void)act(t, "make", STR(""), INPUTS(SCHOOL, {"title", "一"}, {"size", "abc"}), NULL);
}
/* In a process of its own, which dies as if by kill -9 when so many runs have begun. */
static void die(struct toy *t, int dies_at) {
  store_close(t->store);
  const pid_t child = fork();
  int status = 0;
  if (child == 0) {
    struct err e = {0};
    t->store = scratch_open(&t->s, NULL);
    t->begun = 0;
    t->dies_at = dies_at;
    _exit(take_over(t, second, way, &e) ? 0 : 1);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 9);
  t->store = scratch_open(&t->s, NULL);
}
static void test_goes_on_after_a_death(void **state) {
  (void)state;
  enum { MANY = 230 };
  struct toy t;
  struct err e = {0};
  begin(&t);
  make_many(&t, MANY);
  die(&t, 50); /* in the rehearsal */
  assert_int_equal(count(&t, "SELECT count(*) FROM flow_upgrade"), 0);
  assert_int_equal(count(&t, MIGRATED), 0);
  const int rehearsal = 2 * MANY + 3, portion = 2 * 100 + 1;
  die(&t, rehearsal + portion + 30); /* in the second portion */
  assert_int_equal(count(&t, MIGRATED), 100);
  assert_int_equal(count(&t, "SELECT seen FROM flow_upgrade WHERE done_us = 0"), 100);
  assert_false(take_over(&t, first, NULL, &e)); /* nobody else can begin there */
  assert_int_equal(e.code, ERR_CONFLICT);
  die(&t, portion + 10);
  assert_int_equal(count(&t, MIGRATED), 200);
  upgrade(&t, second, way);
  assert_int_equal(count(&t, MIGRATED), MANY);
  assert_int_equal(count(&t, "SELECT count(DISTINCT id) FROM event WHERE act = 'migrated'"), MANY);
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_job WHERE size = 3 AND twice = 6 AND color = 'grey'"), MANY);
  assert_int_equal(count(&t, "SELECT changed FROM flow_upgrade WHERE done_us > 0"), MANY);
  facts_agree(&t);
  end(&t);
}
static void test_what_was_removed_comes_back_empty(void **state) {
  (void)state;
  struct toy t;
  begin(&t);
  const struct str a = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "一"}, {"gone", "旧话"}), NULL);
  upgrade(&t, second, way);
  const struct str text = str_replace(&t.s.mem, str_of(second), STR("version: 2"), STR("version: 3"));
  const struct str third = str_replace(&t.s.mem, text, STR("      note:  {is"),
                                       STR("      gone:  {is: date, label: 日期}\n      note:  {is"));
  upgrade(&t, str_z(&t.s.mem, third), way); /* the way of 1 to 2 is not gone again */
  is_field(&t, a, "gone", "");
  is_field(&t, a, "color", "灰");
  assert_int_equal(count(&t, MIGRATED), 1);
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_job WHERE gone__1 = '旧话'"), 1);
  end(&t);
}
static void test_clocks_follow(void **state) {
  (void)state;
  struct toy t;
  begin(&t);
  const struct str a = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "一"}), NULL);
  run_until(&t, at(3, 10, 9)); /* six days later: half of the time is over */
  is_field(&t, a, "note", "半");
  const int64_t due = count(&t, "SELECT due_us FROM flow_clock");
  upgrade(&t, second,
          way); /* a quarter is over too, but was not asked for then; due fires no more, one day before does */
  assert_int_equal(count(&t, "SELECT due_us FROM flow_clock"), due);
  run_until(&t, at(3, 10, 17));
  is_field(&t, a, "note", "半");
  run_until(&t, at(3, 14, 9));
  is_field(&t, a, "note", "还有一天");
  run_until(&t, at(3, 25, 9));
  is_field(&t, a, "note", "还有一天");
  end(&t);
}
static void test_recompute(void **state) {
  (void)state;
  struct toy t;
  AUTO_ARENA mem = {0};
  struct err e = {0};
  begin(&t);
  const struct str a = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "一"}, {"color", "red"}), NULL);
  const struct str b = act(&t, "make", STR(""), INPUTS(SCHOOL, {"title", "二"}), NULL);
  (void)act(&t, "close", b, NULL, NULL);
  t.now_us = at(3, 4, 9);
  const struct str longer = str_replace(&t.s.mem, str_of(second), STR("limit: 10 workdays"), STR("limit: 20 workdays"));
  const struct str told = str_join(&t.s.mem, str_of(way), STR("  recompute: [fix]\n"));
  const struct flow_starter starter = {&t, start};
  flow_upgrades would;
  load(&t, str_z(&t.s.mem, longer), str_z(&t.s.mem, told));
  check(&t, flow_rehearse(&t.flow, t.store, &starter, t.now_us, &mem, &would, &e), &e);
  assert_int_equal(would.len, 1);
  assert_int_equal(would.at[0].from, 1);
  assert_int_equal(would.at[0].records.at[0].seen, 2);
  assert_int_equal(would.at[0].records.at[0].changed, 1); /* b has no color yet */
  assert_int_equal(would.at[0].records.at[0].moved, 1);
  assert_int_equal(count(&t, "SELECT version FROM system_installed WHERE system = 'toy'"), 1);
  upgrade(&t, str_z(&t.s.mem, longer), str_z(&t.s.mem, told));
  const int64_t due = count(&t, "SELECT due_us FROM flow_clock WHERE phase = 1");
  assert_int_equal(due, at(3, 30, 17) + INT64_C(1800) * SECOND_US);
  assert_int_equal(count(&t, "SELECT moved FROM flow_upgrade"), 1);
  assert_int_equal(count(&t, MIGRATED), 2);
  run_until(&t, at(3, 9, 17));
  is_field(&t, a, "note", "四分之一");
  run_until(&t, at(3, 16, 17));
  is_field(&t, a, "note", "半");
  facts_agree(&t);
  end(&t);
}

/* ---- batches ---- */

static const char parts[] = HEAD_SEEN("1", ", part: all")
    "      n: {is: count(个), label: 数}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    acts:\n"
    "      make: {label: 登记, from: start, to: open, who: [office, system], asks: [school]}\n"
    "      send:\n        label: 下发\n        from: open\n        to: same\n        who: [office, system]\n        does:\n"
    "          - each: {in: parts, as: x, batch: yes, does: [{set: {n: \"(if n is none then 0 个 else n) + 1 个\"}}, {do: "
    "{act: mark, on: x}}]}\n"
    "      close: {label: 办结, from: open, to: done, who: [office, system]}\n"
    "  part:\n    label: 一份\n    fields:\n      job:  {is: ref(job), label: 事项, need: yes, back: parts}\n"
    "      bad:  {is: flag, label: 坏的, default: no}\n      seen: {is: count(次), label: 次数, default: 0 次}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    acts:\n"
    "      cut:  {label: 分出, from: start, to: open, who: [office, system], asks: [job], may: [bad]}\n"
    "      mark: {label: 标记, from: open, to: same, who: [office, system], when: bad = no, says: 坏的不能标记, does: [{set: "
    "{seen: seen + 1 次}}]}\n"
    "      end:  {label: 结束, from: open, to: done, who: [office, system]}\n" FOOT;
struct cutting {
  struct toy *t;
  struct str job;
  int n, bad;
};
static bool cut(struct store *tx, void *arg, struct err *e) {
  const struct cutting *c = arg;
  for (int i = 0; i < c->n; i++) {
    AUTO_ARENA mem = {0};
    struct flow_run *run = start(c->t, tx, &mem, c->t->now_us);
    struct flow_done done;
    const struct flow_record *job = flow_record(run->flow, STR("toy.job"));
    const struct flow_input in[] = {{STR("job"), flow_thing_value(flow_thing(run, FLOW_RECORD, job, c->job)), {0}},
                                    {STR("bad"), value_flag(i == c->bad), {0}}};
    const struct flow_ask ask = {
        .record = flow_record(run->flow, STR("toy.part")), .act = STR("cut"), .inputs = in, .input_count = 2};
    TRY(flow_act(run, &ask, &done, e));
  }
  return true;
}
static bool work_off(struct toy *t, struct flow_jobs *out, struct err *e) {
  const struct flow_starter starter = {t, start};
  *out = (struct flow_jobs){0};
  return flow_batches_run(&t->flow, t->store, &starter, t->now_us, out, e);
}
static void die_working(struct toy *t, int dies_at) {
  store_close(t->store);
  const pid_t child = fork();
  int status = 0;
  if (child == 0) {
    struct flow_jobs jobs;
    struct err e = {0};
    t->store = scratch_open(&t->s, NULL);
    t->begun = 0;
    t->dies_at = dies_at;
    _exit(work_off(t, &jobs, &e) ? 0 : 1);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 9);
  t->store = scratch_open(&t->s, NULL);
}
static void test_batch(void **state) {
  (void)state;
  enum { PARTS = 40 };
  struct toy t;
  struct flow_jobs jobs;
  struct err e = {0};
  begin_with(&t, parts);
  struct cutting c = {&t, act(&t, "make", STR(""), INPUTS(SCHOOL), NULL), PARTS, 7};
  check(&t, store_write(t.store, cut, &c, &e), &e);
  (void)act(&t, "send", c.job, NULL, NULL);
  assert_int_equal(count(&t, "SELECT count FROM flow_batch WHERE done_us = 0"), PARTS); /* kept, not done */
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_part WHERE seen > 0"), 0);
  die_working(&t, 20); /* of 19 begun runs one is the refused one's second */
  const int64_t done = count(&t, "SELECT count(*) FROM toy_part WHERE seen = 1");
  assert_int_equal(count(&t, "SELECT next FROM flow_batch"), done + 1);
  assert_true(done >= 10 && done < PARTS - 10);
  die_working(&t, 3);
  check(&t, work_off(&t, &jobs, &e), &e);
  assert_int_equal(jobs.failed, 0);
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_part WHERE seen = 1"), PARTS - 1); /* once each */
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_part WHERE seen = 0"), 1);
  assert_int_equal(count(&t, "SELECT n FROM toy_job"), PARTS - 1); /* what is refused changes nothing */
  assert_int_equal(count(&t, "SELECT count(*) FROM flow_batch_failed WHERE says LIKE '%坏的不能标记%'"), 1);
  assert_int_equal(count(&t, "SELECT count(*) FROM event WHERE act = 'batch_refused'"), 1);
  assert_int_equal(count(&t, "SELECT failed FROM flow_batch WHERE done_us > 0"), 1);
  assert_int_equal(count(&t, "SELECT count(*) FROM flow_batch_part"), 0);
  check(&t, work_off(&t, &jobs, &e), &e);
  assert_int_equal(jobs.done + jobs.failed, 0); /* nothing is left */
  (void)act(&t, "send", c.job, NULL, NULL);     /* again is another batch */
  check(&t, work_off(&t, &jobs, &e), &e);
  assert_int_equal(jobs.done, PARTS - 1);
  assert_int_equal(jobs.failed, 1);
  assert_int_equal(count(&t, "SELECT count(*) FROM toy_part WHERE seen = 2"), PARTS - 1);
  end(&t);
}

UNIT_TESTS(upgrade) = {cmocka_unit_test(test_batch),

                       cmocka_unit_test(test_records_go_along),
                       cmocka_unit_test(test_one_refused_record_refuses_all),
                       cmocka_unit_test(test_goes_on_after_a_death),
                       cmocka_unit_test(test_what_was_removed_comes_back_empty),
                       cmocka_unit_test(test_clocks_follow),
                       cmocka_unit_test(test_recompute)};
UNIT_COUNT(upgrade);
