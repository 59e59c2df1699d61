/* Facts of real records in a real store, on both engines: random acts over many days, units that move from one district to another;
 * each evening what is true is noted by hand. In the end every figure of every evening is asked for, and facts and sums are
 * held against records and facts by the second way. */
#include "../store/scratch.h"
#include "base/file.h"
#include "declare/units.h"
#include "engine/flow/gauge.h"
#include "engine/flow/jobs.h"

enum { SCHOOLS = 4, JOBS = 24, DAYS = 50, ACTS = 5, FIRST = 20500 /* 2026-02-16 */ };
static const char said[] =
    "gangmu: 1\nsystem: toy\nlabel: 试验\nrows: [S020]\nversion: 1\nsummary: 试验用\n"
    "roles:\n  office: {label: 办公室, at: [bureau], sees: {job: all}}\n"
    "lists:\n  color: {label: 颜色, items: {red: 红, blue: 蓝}}\n"
    "records:\n  job:\n    label: 事项\n    belongs: school\n    fields:\n"
    "      school: {is: unit(school), label: 学校, need: yes}\n"
    "      color:  {is: choice(color), label: 颜色}\n"
    "      on:     {is: date, label: 日期}\n"
    "      due:    {is: date, label: 期限}\n"
    "      cost:   {is: money, label: 金额}\n"
    "      bits:   {is: rows, label: 明细, fields: {what: {is: choice(color), label: 颜色}, n: {is: count(个), label: "
    "数}}}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    clocks: {fix: {label: 期限, starts: open, stops: [done], until: due}}\n"
    "    acts:\n"
    "      make:   {label: 登记, from: start, to: open, who: [office, system], asks: [school], may: [color, on, due, "
    "cost, bits]}\n"
    "      edit:   {label: 修改, from: open, to: same, who: [office, system], may: [school, color, on, due, cost, "
    "bits]}\n"
    "      close:  {label: 办结, from: open, to: done, who: [office, system]}\n"
    "      reopen: {label: 重开, from: done, to: open, who: [office, system]}\n"
    "measures:\n"
    "  dated:  {label: 件数, unit: 件, of: job, count: yes, on: on, at: school, by: [color]}\n"
    "  spent:  {label: 金额, unit: 元, of: job, sum: cost, on: on, at: school, by: [color]}\n"
    "  open:   {label: 在办, unit: 件, of: job, where: state = .open, count: yes, stock: yes, at: school, by: "
    "[color]}\n"
    "  schools: {label: 学校, unit: 所, of: job, where: state = .open, distinct: school, stock: yes, at: school}\n"
    "  soon:   {label: 将到期, unit: 件, of: job, where: state = .open and due <= period.end + 3 days, count: yes, "
    "stock: yes, at: school}\n"
    "  late:   {label: 逾期, unit: 件, of: job, where: state = .open and clock(fix).over, count: yes, stock: yes, at: "
    "school}\n"
    "  bits:   {label: 明细, unit: 个, of: job, rows: bits, sum: bits.n, on: on, at: school}\n"
    "  back:   {label: 重开过, unit: 件, of: job, where: times(reopen) > 0, count: yes, on: on, at: school}\n"
    "  each:   {label: 每件金额, unit: 元, value: spent / dated}\n"
    "privacy: {rule: none, why: 试验}\n";

struct job {
  char id[32];
  bool is_open, reopened;
  int school, color, on, due, cost, made; /* color 0 none; on, due: day from FIRST, -1 none; cost in 分, -1 none */
};
struct toy {
  struct scratch s;
  struct store *store;
  struct flow flow;
  struct world world;
  struct units units;
  uint64_t chance;
  int district[SCHOOLS], day, jobs;
  struct job job[JOBS];
  int open[DAYS][2][3], soon[DAYS], late[DAYS], schools[DAYS]; /* of an evening: by district and color; in all */
  int under[DAYS][SCHOOLS];
};
static int pick(struct toy *t, int n) {
  t->chance = t->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((t->chance >> 33) % (uint64_t)n);
}
static int64_t now_of(const struct toy *t) { return day_moment(FIRST + t->day, INT64_C(36000) * SECOND_US); }

/* ---- beginning ---- */

static bool no_thing(const struct value_reader *reader, const struct type *t, struct str text, struct value *out) {
  (void)reader, (void)t, (void)text, (void)out;
  return false;
}
static void check(struct toy *t, bool ok, const struct err *e) {
  if (!ok) fail_msg(STRF " (%s)", STRA(err_says(&t->s.mem, LANG_EN, e)), e->where ? e->where : "");
}
static void load(struct toy *t, struct str text) {
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
  vec_push(mem, &p->files) = (struct package_file){STR("system.yaml"), text};
  vec_push(mem, &p->files) = (struct package_file){
      STR("scenario.yaml"), STR("scenario: 试验\nsystem: toy\nstart: 2026-03-02 09:00\nactors: {}\nsteps: []\n")};
  if (!flow_load(mem, &t->world, &reader, p, 1, &told, &t->flow, &e))
    fail_msg("%s line %d " STRF, told.all.len ? fault_word(told.all.at[0].code) : "",
             told.all.len ? told.all.at[0].at.line : 0, STRA(err_says(mem, LANG_EN, &e)));
}
static void add_unit(struct toy *t, const char *id, const char *parent, const char *kind) {
  char sql[600];
  (void)snprintf(
      sql, sizeof sql,
      "INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials) "
      "VALUES ('local', '%s', '2000-01-01', '9999-12-31', '%s', '%s', '%s', 1, '', '')",
      id, id, kind, parent);
  (void)scratch_sql(&t->s, sql);
  (void)snprintf(sql, sizeof sql,
                 "INSERT INTO unit (tenant, id, name, kind, parent) "
                 "VALUES ('local', '%s', '%s', '%s', NULLIF('%s', ''))",
                 id, id, kind, parent);
  (void)scratch_sql(&t->s, sql);
}
static const char *const schools[] = {"s0000000000000000000", "s1111111111111111111", "s2222222222222222222",
                                      "s3333333333333333333"};
static const char *const districts[] = {"d0000000000000000000", "d1111111111111111111"};
static const char top[] = "b0000000000000000000";
static bool install(struct store *tx, void *arg, struct err *e) {
  struct toy *t = arg;
  return flow_install(&t->flow, tx, now_of(t), e);
}
static void begin(struct toy *t, uint64_t chance) {
  struct err e = {0};
  *t = (struct toy){.chance = chance};
  scratch_begin(&t->s);
  t->store = scratch_open(&t->s, NULL);
  load(t, str_of(said));
  check(t, store_write(t->store, install, t, &e), &e);
  add_unit(t, top, "", "bureau");
  for (int i = 0; i < 2; i++) add_unit(t, districts[i], top, "district");
  for (int i = 0; i < SCHOOLS; i++) {
    t->district[i] = pick(t, 2);
    add_unit(t, schools[i], districts[t->district[i]], "school");
  }
}

/* ---- acts ---- */

struct deed {
  struct toy *t;
  const char *act;
  struct job *job;
  struct flow_input inputs[8];
  size_t count;
};
static bool act(struct store *tx, void *arg, struct err *e) {
  struct deed *d = arg;
  AUTO_ARENA mem = {0};
  struct flow_run run;
  struct flow_done done;
  flow_begin(&run, &d->t->flow, tx, &mem, NULL, now_of(d->t));
  run.by = FLOW_BY_SYSTEM;
  run.actor = STR("test");
  for (size_t i = 0; i < d->count; i++) {
    struct value *v = &d->inputs[i].value;
    if (str_eqz(d->inputs[i].name, "school"))
      *v = flow_thing_value(flow_thing(&run, FLOW_UNIT, NULL, str_of(schools[d->job->school])));
  }
  struct flow_record *r = flow_record(&d->t->flow, STR("toy.job"));
  const struct flow_ask ask = {
      .record = r, .act = str_of(d->act), .id = str_of(d->job->id), .inputs = d->inputs, .input_count = d->count};
  TRY(flow_act(&run, &ask, &done, e));
  (void)snprintf(d->job->id, sizeof d->job->id, STRF, STRA(done.id));
  return true;
}
static struct value day_value(int day) {
  return day < 0 ? value_none(NONE_missing) : value_date(date_of_days(FIRST + day));
}
static void put(struct deed *d, const char *name, struct value v) {
  d->inputs[d->count++] = (struct flow_input){.name = str_of(name), .value = v};
}
static void fill(struct deed *d) {
  struct toy *t = d->t;
  struct job *j = d->job;
  static const char *const colors[] = {"", "red", "blue"};
  struct ratio cost;
  j->school = pick(t, SCHOOLS);
  j->color = pick(t, 3);
  j->on = pick(t, DAYS + 5) - 5;
  j->due = pick(t, DAYS);
  j->cost = pick(t, 2000);
  put(d, "school", value_none(NONE_missing));
  put(d, "color", j->color ? value_code(str_of(colors[j->color])) : value_none(NONE_missing));
  put(d, "on", day_value(j->on));
  put(d, "due", day_value(j->due));
  assert_true(ratio_of(j->cost, 100, &cost));
  put(d, "cost", value_number(cost, flow_measure(&t->flow, STR("toy.spent"))->unit));
}
static void do_act(struct toy *t) {
  struct err e = {0};
  const bool is_new = t->jobs < JOBS && pick(t, 3) == 0;
  if (!is_new && !t->jobs) return;
  struct job *j = &t->job[is_new ? t->jobs++ : pick(t, t->jobs)];
  struct deed d = {.t = t, .job = j};
  d.act = is_new ? "make" : !j->is_open ? "reopen" : pick(t, 2) ? "edit" : "close";
  if (is_new) j->made = t->day;
  j->reopened |= !is_new && !j->is_open;
  j->is_open = !str_eqz(str_of(d.act), "close");
  if (is_new || str_eqz(str_of(d.act), "edit")) fill(&d);
  check(t, store_write(t->store, act, &d, &e), &e);
}
static bool follow(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  AUTO_ARENA mem = {0};
  return flow_facts_tree(tx, &mem, e);
}
/* A school moves to the other district, from today on. */
static void move(struct toy *t) {
  char sql[600];
  struct err e = {0};
  const int s = pick(t, SCHOOLS);
  const struct str today = date_iso(&t->s.mem, date_of_days(FIRST + t->day)),
                   yesterday = date_iso(&t->s.mem, date_of_days(FIRST + t->day - 1));
  if (t->day < 2 || (t->under[t->day - 1][s] != t->district[s])) return;
  (void)snprintf(sql, sizeof sql,
                 "DELETE FROM unit_version WHERE unit = '%s' AND from_day = '" STRF
                 "'; UPDATE unit_version SET until_day = '" STRF "' WHERE unit = '%s' AND until_day = '9999-12-31'",
                 schools[s], STRA(today), STRA(yesterday), schools[s]);
  (void)scratch_sql(&t->s, sql);
  t->district[s] = 1 - t->district[s];
  (void)snprintf(
      sql, sizeof sql,
      "INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials) "
      "VALUES ('local', '%s', '" STRF "', '9999-12-31', 'x', 'school', '%s', 1, '', '')",
      schools[s], STRA(today), districts[t->district[s]]);
  (void)scratch_sql(&t->s, sql);
  check(t, store_write(t->store, follow, t, &e), &e);
}
static void note_evening(struct toy *t) {
  bool seen[SCHOOLS] = {0};
  for (int i = 0; i < t->jobs; i++) {
    const struct job *j = &t->job[i];
    if (!j->is_open) continue;
    for (int d = 0; d < t->day && j->made == t->day; d++) /* what it says may be true of days before */
      t->soon[d] += j->due <= d + 3;
    t->open[t->day][t->district[j->school]][j->color]++;
    t->soon[t->day] += j->due <= t->day + 3;
    t->late[t->day] += j->due < t->day;
    t->schools[t->day] += !seen[j->school];
    seen[j->school] = true;
  }
  for (int s = 0; s < SCHOOLS; s++) t->under[t->day][s] = t->district[s];
}

/* ---- figures ---- */

struct asked {
  struct toy *t;
  struct flow_run run;
  struct arena mem;
  struct store *reader;
};
static int64_t whole(const struct gauge_figure *f, int64_t by) {
  struct ratio r;
  assert_int_equal(f->value.kind, VALUE_NUMBER);
  assert_true(ratio_mul(f->value.number, ratio_int(by), &r) && r.d == 1);
  return (int64_t)r.n;
}
static const struct gauge_cube *ask_cube(struct asked *a, const char *measure, const char *unit, int from, int to,
                                         const char *by, bool below) {
  struct gauge *g = arena_new(&a->mem, struct gauge);
  struct gauge_span *span = arena_new(&a->mem, struct gauge_span);
  const struct gauge_cube *c = NULL;
  struct err e = {0};
  *span = (struct gauge_span){FIRST + from, FIRST + to, STR("")};
  check(a->t, gauge_begin(g, &a->run, str_of(unit), below, span, 1, str_of(by), &e), &e);
  check(a->t, gauge_ask(g, flow_measure(&a->t->flow, str_of(measure)), &c, &e), &e);
  return c;
}
static void hold_evenings(struct asked *a) {
  struct toy *t = a->t;
  for (int day = scratch_cluster ? DAYS - 15 : 0; day < DAYS; day++) {
    const struct gauge_cube *c = ask_cube(a, "toy.open", top, day, day, "color", true);
    assert_int_equal(c->unit_count, 3);
    for (size_t u = 1; u < 3; u++)
      for (size_t k = 1; k < c->codes.len; k++) {
        const int district = str_eqz(c->units[u].id, districts[1]), color = str_eqz(c->codes.at[k], "red")    ? 1
                                                                            : str_eqz(c->codes.at[k], "blue") ? 2
                                                                                                              : 0;
        assert_int_equal(whole(&c->at[gauge_place(c, u, 0, k)], 1), t->open[day][district][color]);
      }
    assert_int_equal(whole(&ask_cube(a, "toy.schools", top, day, day, "", false)->at[0], 1), t->schools[day]);
    assert_int_equal(whole(&ask_cube(a, "toy.late", top, day, day, "", false)->at[0], 1), t->late[day]);
    assert_int_equal(whole(&ask_cube(a, "toy.soon", "", day, day, "", false)->at[0], 1), t->soon[day]);
  }
}
/* Rows by day: what the records say now, in the district that the school stood under on the day. */
static void hold_rows(struct asked *a) {
  struct toy *t = a->t;
  for (int i = 0; i < 40; i++) {
    const int district = pick(t, 3), from = pick(t, DAYS), to = from + pick(t, DAYS - from);
    const char *unit = district == 2 ? top : districts[district];
    int n = 0, cost = 0, back = 0;
    for (int k = 0; k < t->jobs; k++) {
      const struct job *j = &t->job[k];
      if (j->on < from || j->on > to || (district < 2 && t->under[j->on][j->school] != district)) continue;
      n++;
      cost += j->cost;
      back += j->reopened;
    }
    assert_int_equal(whole(&ask_cube(a, "toy.dated", unit, from, to, "", false)->at[0], 1), n);
    assert_int_equal(whole(&ask_cube(a, "toy.spent", unit, from, to, "", false)->at[0], 100), cost);
    assert_int_equal(whole(&ask_cube(a, "toy.back", unit, from, to, "", false)->at[0], 1), back);
    const struct gauge_figure *each = &ask_cube(a, "toy.each", unit, from, to, "", false)->at[0];
    if (n) assert_int_equal(whole(each, 100 * n), cost);
    else assert_true(value_is_none(&each->value) && each->value.why == NONE_zero);
    const struct gauge_span span = {FIRST + from, FIRST + to, STR("")};
    struct err e = {0};
    struct str *ids;
    size_t count = 0;
    check(t,
          gauge_records(&a->run, flow_measure(&t->flow, STR("toy.dated")), str_of(unit), &span, -1, NULL, STR(""), JOBS,
                        &ids, &count, &e),
          &e);
    assert_int_equal((int)count, n);
  }
}
static void hold_second_way(struct asked *a) {
  struct flow_facts_proof proof;
  struct err e = {0};
  check(a->t, flow_facts_check(&a->run, &proof, &e), &e);
  assert_true(proof.facts > 0 && proof.sums > 0);
  if (proof.faults)
    fail_msg("%d faults, " STRF " " STRF " " STRF, (int)proof.faults, STRA(proof.measure), STRA(proof.id),
             STRA(proof.what));
}
static void ask(struct toy *t, void (*hold)(struct asked *)) {
  struct asked a = {.t = t};
  struct err e = {0};
  a.reader = store_read_begin(t->store, &e);
  assert_non_null(a.reader);
  flow_begin(&a.run, &t->flow, a.reader, &a.mem, NULL, now_of(t));
  hold(&a);
  store_read_end(&a.reader);
  arena_drop(&a.mem);
}
static void live(struct toy *t) {
  for (t->day = 0; t->day < DAYS; t->day++) {
    for (int i = 0; i < ACTS; i++) do_act(t);
    if (pick(t, 6) == 0) move(t);
    note_evening(t);
  }
  t->day = DAYS - 1;
}
static void end(struct toy *t) {
  store_close(t->store);
  scratch_end(&t->s);
}
static void figures_follow_the_acts(void **state) {
  (void)state;
  for (uint64_t i = 1; i <= (scratch_cluster ? 1 : 3); i++) {
    struct toy t;
    begin(&t, i);
    live(&t);
    ask(&t, hold_evenings);
    ask(&t, hold_rows);
    ask(&t, hold_second_way);
    end(&t);
  }
}

/* ---- worked out anew ---- */

static bool rebuild(struct store *tx, void *arg, struct err *e) {
  struct toy *t = arg;
  AUTO_ARENA mem = {0};
  struct flow_run run;
  flow_begin(&run, &t->flow, tx, &mem, NULL, now_of(t));
  vec_each(const struct flow_measure, m, &t->flow.systems.at[0]->measures)
    if (m->how != FLOW_FORMULA) TRY(flow_facts_rebuild(&run, m, e));
  return true;
}
static void rebuilt_is_what_was_kept(void **state) {
  (void)state;
  struct toy t;
  struct err e = {0};
  begin(&t, 11);
  live(&t);
  check(&t, store_write(t.store, rebuild, &t, &e), &e);
  ask(&t, hold_rows);
  ask(&t, hold_second_way);
  end(&t);
}
static struct flow_run *begin_run(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct toy *t = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  flow_begin(run, &t->flow, session, mem, NULL, now_us);
  run->by = FLOW_BY_CLOCK;
  return run;
}
/* What a measure says now is counted, over all that was there; what the others have counted stays as it was. */
static void another_version_counts_anew(void **state) {
  (void)state;
  struct toy t;
  struct err e = {0};
  begin(&t, 12);
  live(&t);
  const int64_t open = scratch_sql(&t.s, "SELECT count(*) FROM flow_fact WHERE measure = 'toy.open'");
  struct arena *mem = &t.s.mem;
  struct str text = str_replace(mem, str_of(said), STR("version: 1"), STR("version: 2"));
  text = str_replace(mem, text, STR("sum: cost, on: on, at: school, by: [color]}"),
                     STR("where: color = .red, sum: cost, on: on, at: school, by: [color]}\n"
                         "  made:   {label: 登记, unit: 件, of: job, count: yes, on: created, at: school}"));
  load(&t, text);
  check(&t, store_write(t.store, install, &t, &e), &e);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM flow_fact WHERE measure = 'toy.spent'"), 0);
  const struct flow_starter starter = {&t, begin_run};
  for (int i = 0; i < 2; i++) check(&t, flow_facts_day(&t.flow, t.store, &starter, now_of(&t), &e), &e);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM flow_fact WHERE measure = 'toy.open'"), open);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM flow_fact WHERE measure = 'toy.made'"), t.jobs);
  assert_true(scratch_sql(&t.s, "SELECT count(*) FROM flow_fact WHERE measure = 'toy.spent'") > 0);
  ask(&t, hold_second_way);
  end(&t);
}
static void what_was_altered_is_found(void **state) {
  (void)state;
  struct toy t;
  struct err e = {0};
  struct flow_facts_proof proof;
  begin(&t, 5);
  live(&t);
  (void)scratch_sql(&t.s, "UPDATE flow_fact_sum SET n = n + 1 WHERE measure = 'toy.open' AND grain = 0");
  struct asked a = {.t = &t};
  a.reader = store_read_begin(t.store, &e);
  assert_non_null(a.reader);
  flow_begin(&a.run, &t.flow, a.reader, &a.mem, NULL, now_of(&t));
  check(&t, flow_facts_check(&a.run, &proof, &e), &e);
  assert_true(proof.faults > 0);
  assert_str(proof.measure, "toy.open");
  store_read_end(&a.reader);
  arena_drop(&a.mem);
  end(&t);
}

UNIT_TESTS(facts) = {cmocka_unit_test(figures_follow_the_acts), cmocka_unit_test(rebuilt_is_what_was_kept),
                     cmocka_unit_test(another_version_counts_anew), cmocka_unit_test(what_was_altered_is_found)};
UNIT_COUNT(facts);
