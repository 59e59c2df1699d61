/* Expressions over the store. Every expression of every system of the program is worked out on an empty and on a filled record; the
 * past, other records, units, people and forms answer as the language says; holders are what a naive reader finds. */
#include "base/utf8.h"
#include "declare/check.h"
#include "world.h"

/* ---- everything that is declared ---- */

struct sweep {
  struct flow_run *run;
  struct flow_row *row;
  int seen;
};
static void work_out(void *arg, const struct record *r, const struct expr_word *x) {
  struct sweep *s = arg;
  struct flow_row *before = s->row;
  struct value v;
  struct err e = {0};
  if (r != s->row->record->record || !x->tree->type) return; /* `done: all` is no expression */
  const struct flow_about about = {.self = s->row, .before = before};
  s->seen++;
  if (flow_eval(s->run, &about, x->tree, NULL, &v, &e)) return;
  if (e.code == ERR_INVALID && str_find(x->word.text, STR("the(")) != STR_NONE)
    return; /* none there: refused as said */
  fail_msg(STRF ": " STRF, STRA(x->word.text), STRA(err_says(s->run->mem, LANG_EN, &e)));
}
static const char *sample_of(const struct flow_field *f) {
  switch (f->field->is.type) {
    case TYPE_text: return "文字";
    case TYPE_code: return "a-1";
    case TYPE_flag: return "yes";
    case TYPE_count:
    case TYPE_decimal:
    case TYPE_money: return "3";
    case TYPE_date: return "2026-03-02";
    case TYPE_moment: return "2026-03-02T09:00:00+08:00";
    case TYPE_time: return "09:00";
    case TYPE_span: return "2026-03-02 09:00..2026-03-02 11:00";
    case TYPE_duration: return "10 workdays";
    case TYPE_year: return "2026";
    case TYPE_person:
    case TYPE_persons: return "p0";
    case TYPE_place: return "31.2304,121.4737";
    case TYPE_file:
    case TYPE_files:
    case TYPE_photos:
    case TYPE_signature: return "f0";
    case TYPE_phone: return "13800001234";
    case TYPE_credit_code: return "91350100M000100Y43";
    default: return "";
  }
}
static struct str said_of(struct flow_run *run, const struct flow_system *s, const struct flow_field *f) {
  const struct type_said *is = &f->field->is;
  const struct list *l = part_find(&s->system->lists, is->name);
  struct str *ids = NULL;
  size_t n = 0;
  struct err e = {0};
  if (is->type == TYPE_choice || is->type == TYPE_choices)
    return l && l->items.len ? l->items.at[0].head.name.text : STR("primary");
  if (is->type == TYPE_unit || is->type == TYPE_units)
    return str_eqz(is->name, "department")    ? STR("d0")
           : str_eqz(is->name, "institution") ? STR("i0")
           : str_eqz(is->name, "district")    ? STR("r0")
                                              : STR("s0");
  if (is->type == TYPE_ref || is->type == TYPE_refs) {
    const struct flow_record *to = flow_referred(run->flow, f);
    assert_true(flow_rows_where(run, to, NULL, 0, 1, &ids, &n, &e));
    return n ? ids[0] : STR("");
  }
  return str_of(sample_of(f));
}
static void fill(struct flow_run *run, struct flow_row *row) {
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    struct value v;
    struct err e = {0};
    if (f->is_computed || f->place == FLOW_SEALED || f->place == FLOW_ROWS) continue; /* no keys here; rows have none */
    const struct str said = said_of(run, row->record->system, f);
    if (!flow_read(run, row->record->system, f->name, f->name, &f->field->is, &f->type, said, &v, &e))
      fail_msg(STRF "." STRF ": " STRF, STRA(row->record->name), STRA(f->name), STRA(err_says(run->mem, LANG_EN, &e)));
    flow_row_set(row, i, v);
  }
}
static int sweep_record(struct flow_run *run, const struct flow_record *r, bool is_filled) {
  struct sweep s = {.run = run, .row = flow_row_new(run, r)};
  struct err e = {0};
  s.row->state = r->record->states.len ? r->record->states.at[0].head.name.text : STR("");
  if (is_filled) fill(run, s.row);
  if (is_filled && !flow_settle_self(run, s.row, true, &e))
    fail_msg(STRF ": " STRF, STRA(r->name), STRA(err_says(run->mem, LANG_EN, &e)));
  system_exprs(r->system->system, work_out, &s);
  if (is_filled && !flow_row_write(run, s.row, &e))
    fail_msg(STRF ": " STRF, STRA(r->name), STRA(err_says(run->mem, LANG_EN, &e)));
  if (is_filled) system_exprs(r->system->system, work_out, &s); /* once more, its sets read from tables */
  return s.seen;
}
static void sweep_all(struct flow_run *run, void *arg) {
  int *seen = arg;
  for (int filled = 0; filled < 2; filled++)
    for (size_t i = 0; i < run->flow->systems.len; i++)
      vec_each(const struct flow_record, r, &run->flow->systems.at[i]->records) *seen += sweep_record(run, r, filled);
}
static void every_expression_is_worked_out(void **state) {
  struct world_of w;
  int seen = 0;
  (void)state;
  world_begin(&w);
  world_act(&w, sweep_all, &seen);
  assert_true(seen > 3000);
  world_end(&w);
}

/* Each text with holes is filled, by the expressions that the check has read. */
static void of_effect(void *arg, const struct effect *x) {
  struct sweep *s = arg;
  const struct flow_about about = {.self = s->row};
  const struct word *text = x->notify ? &x->notify->text : x->task ? &x->task->title : NULL;
  struct str out;
  struct err e = {0};
  if (!text) return;
  assert_non_null(flow_holes_of(s->run->flow, text));
  if (!flow_text(s->run, &about, text, &out, &e))
    fail_msg(STRF ": " STRF, STRA(text->text), STRA(err_says(s->run->mem, LANG_EN, &e)));
  assert_true(str_find(out, STR("{")) == STR_NONE && utf8_valid(out));
  s->seen++;
}
static void fill_texts(struct flow_run *run, void *arg) {
  int *seen = arg;
  for (size_t i = 0; i < run->flow->systems.len; i++)
    vec_each(const struct flow_record, r, &run->flow->systems.at[i]->records) {
      struct sweep s = {.run = run, .row = flow_row_new(run, r)};
      fill(run, s.row);
      vec_each(const struct act, a, &r->record->acts) effects_walk(&a->does, of_effect, &s);
      vec_each(const struct state, x, &r->record->states) effects_walk(&x->enter, of_effect, &s);
      vec_each(const struct clock, c, &r->record->clocks)
        vec_each(const struct clock_level, l, &c->levels) effects_walk(&l->does, of_effect, &s);
      *seen += s.seen;
    }
}
static void every_text_is_filled(void **state) {
  struct world_of w;
  int seen = 0;
  (void)state;
  world_begin(&w);
  world_act(&w, fill_texts, &seen);
  assert_true(seen > 200);
  assert_int_equal(seen, w.flow.texts.len);
  world_end(&w);
}

/* ---- what names say ---- */

static void add_deed(struct flow_run *run, const struct flow_row *row, const char *act, const char *person,
                     const char *from, const char *to) {
  flow_deeds *deeds;
  struct err e = {0};
  assert_true(flow_deeds_of(run, row->record, row->id, &deeds, &e));
  vec_push(run->mem, deeds) = (struct flow_deed){.n = (int64_t)deeds->len + 1,
                                                 .at_us = WORLD_NOW - DAY_US + (int64_t)deeds->len * SECOND_US,
                                                 .act = str_of(act),
                                                 .person = str_of(person),
                                                 .from = str_of(from),
                                                 .to = str_of(to)};
}
static void check_number(struct flow_run *run, struct flow_row *row, const char *text, int64_t n) {
  const struct value v = world_eval(run, row, text);
  assert_int_equal(v.kind, VALUE_NUMBER);
  if (ratio_cmp(v.number, ratio_int(n))) fail_msg("%s is " STRF, text, STRA(ratio_text(run->mem, v.number)));
}
static void check_flag(struct flow_run *run, struct flow_row *row, const char *text, bool is) {
  const struct value v = world_eval(run, row, text);
  if (v.kind != VALUE_FLAG || v.flag != is) fail_msg("%s is not %s", text, is ? "yes" : "no");
}
static void check_shown(struct flow_run *run, struct flow_row *row, const char *text, const char *shown) {
  const struct word w = {.text = str_of(text)};
  const struct flow_about about = {.self = row};
  struct str out;
  struct err e = {0};
  if (!flow_text(run, &about, &w, &out, &e)) fail_msg("%s: " STRF, text, STRA(err_says(run->mem, LANG_EN, &e)));
  assert_str(out, shown);
}
static void ask_names(struct flow_run *run, void *arg) {
  (void)arg;
  struct flow_row *pair =
      world_row(run, "pairs.pair", "active", "leader=p0;school=s0;term=2026-01-01 00:00..2026-12-31 00:00;basis=文");
  char texts[400];
  (void)snprintf(texts, sizeof texts, "pair=%.*s;on=2026-03-02;way=visit,talk;note=好", STRA(pair->id));
  struct flow_row *visit = world_row(run, "pairs.visit", "noted", texts);
  (void)snprintf(texts, sizeof texts, "visit=%.*s;topic=staff;what=缺教师;unit=s1;due=2026-12-01", STRA(visit->id));
  struct flow_row *problem = world_row(run, "pairs.problem", "raised", texts);
  /* paths, and sets seen from the other side */
  check_flag(run, problem, "visit.pair = visit.pair and visit.pair.school = school", true);
  check_number(run, visit, "count(problems)", 1);
  check_number(run, pair, "count(visits.problems where topic = .staff)", 1);
  check_number(run, pair, "count(all(problem) where school = this.school and state = .raised)", 1);
  check_flag(run, problem, "rev = 1 and created <= now and not ended and ended_on is none and creator = actor", true);
  /* units and people */
  check_flag(run, problem, "school.kind = .school and school.parent = school.district and school.stage = .primary",
             true);
  check_flag(run, problem, "leader.unit = school.parent.parent", true);
  check_flag(run, problem, "actor in holders(office) and count(holders(office, unit)) = 0", true);
  check_flag(run, problem, "unit_of('s1') = unit and unit_of('zz') is none and person_of('x') is none", true);
  check_number(run, problem, "count(units where kind = .school)", WORLD_SCHOOLS);
  check_flag(run, problem, "clock(assign).over or clock(assign).running", false);
  /* as people read them */
  check_shown(run, problem, "{school}：{what}（{topic}），{due}前，{state}",
              "名s0：缺教师（教师队伍），2026-12-01前，待交办");
  check_shown(run, visit, "{leader} {way} {problems_count}", "人0 实地走访、座谈 1个");
  check_shown(run, problem, "{answer}{workdays(due, due)}", "0个工作日");
  /* the past */
  add_deed(run, problem, "raise", "p1", "", "raised");
  add_deed(run, problem, "assign", "p2", "raised", "tasked");
  add_deed(run, problem, "answer", "p3", "tasked", "answered");
  add_deed(run, problem, "confirm", "p4", "answered", "solved");
  check_number(run, problem, "count(did(answer))", 1);
  add_deed(run, problem, "reopen", "p5", "solved", "raised");
  check_number(run, problem, "count(did(answer))", 0);
  check_number(run, problem, "count(did(reopen))", 1);
  check_number(run, problem, "times(reopen) + times(answer)", 2);
  check_flag(run, problem, "entered(raised) > entered(solved) and entered(explained) is none", true);
}
static void names_mean_what_the_language_says(void **state) {
  struct world_of w;
  (void)state;
  world_begin(&w);
  world_act(&w, ask_names, NULL);
  world_end(&w);
}

/* ---- forms ---- */

static bool reads(struct flow_run *run, const struct flow_record *r, const char *field, const char *said) {
  const struct flow_field *f = flow_field(r, str_of(field));
  struct value v;
  struct err e = {0};
  const bool ok = flow_read(run, r->system, f->name, f->name, &f->field->is, &f->type, str_of(said), &v, &e);
  if (!ok) assert_int_equal(e.code, ERR_INVALID);
  if (!ok) assert_true(str_eq(err_field(&e), f->name));
  return ok;
}
static void read_forms(struct flow_run *run, void *arg) {
  const struct flow_record *visit = flow_record(run->flow, STR("pairs.visit")),
                           *pair = flow_record(run->flow, STR("pairs.pair"));
  const struct flow_record *hazard = flow_record(run->flow, STR("hazard.hazard"));
  (void)arg;
  assert_true(reads(run, visit, "on", "2026-03-02") && reads(run, visit, "on", ""));
  assert_false(reads(run, visit, "on", "2026-02-30") || reads(run, visit, "on", "none"));
  assert_true(reads(run, visit, "way", " visit, talk,visit "));
  assert_false(reads(run, visit, "way", "visit,fly"));
  assert_true(reads(run, pair, "school", "s0"));
  assert_false(reads(run, pair, "school", "d0") || reads(run, pair, "school", "x"));
  assert_true(reads(run, pair, "leader", "p0"));
  assert_false(reads(run, pair, "leader", "p1") || reads(run, pair, "leader", "nobody"));
  assert_true(reads(run, pair, "term", "2026-01-01T08:00+08:00..2026-02-01 08:00"));
  assert_false(reads(run, pair, "term", "2026-02-01 08:00..2026-01-01 08:00"));
  assert_false(reads(run, visit, "pair", "zz") || reads(run, visit, "photos", "zz"));
  assert_true(reads(run, visit, "photos", "f0"));
  assert_true(reads(run, hazard, "money", "1200.50") && reads(run, hazard, "money", "12 元"));
  assert_false(reads(run, hazard, "money", "0.001") || reads(run, hazard, "money", "999999999999999999999"));
  assert_false(reads(run, hazard, "severity", "none") || reads(run, hazard, "stopped", "maybe"));
  assert_false(reads(run, hazard, "what", "\x01") || reads(run, hazard, "what", "\xff"));
  char long_text[2000] = {0};
  memset(long_text, 'x', 501);
  assert_false(reads(run, hazard, "what", long_text));
  long_text[500] = 0;
  assert_true(reads(run, hazard, "what", long_text));
}
static void forms_are_read_by_their_type(void **state) {
  struct world_of w;
  (void)state;
  world_begin(&w);
  world_act(&w, read_forms, NULL);
  world_end(&w);
}

/* ---- holders, against a naive reader ---- */

enum { POSTS = 40, AWAY = 10, ROUNDS = 30 };
static const char *const roles[] = {"hazard.guard", "hazard.principal", "hazard.district", "hazard.safety"};
static const char *const places[] = {"b0", "d0", "r0", "r1", "s0", "s1", "s2"};
static const char *const above_s0[] = {"s0", "r0", "b0"};
struct post {
  int role, place, person;
  bool is_today;
};
struct away {
  int post, deputy;
  bool is_today;
};
struct holding {
  struct post posts[POSTS];
  struct away away[AWAY];
};
static unsigned dice(unsigned *seed, unsigned n) { return (*seed = *seed * 1664525u + 1013904223u) / 65536u % n; }
static bool fits(const struct post *p, int role, const char *const *at, size_t n) {
  bool is_there = !at;
  for (size_t i = 0; i < n; i++) is_there |= str_eq(str_of(places[p->place]), str_of(at[i]));
  return p->is_today && p->role == role && is_there;
}
static bool holds(const struct holding *h, int person, int role, const char *const *at, size_t n) {
  for (int i = 0; i < POSTS; i++)
    if (h->posts[i].person == person && fits(&h->posts[i], role, at, n)) return true;
  for (int i = 0; i < AWAY; i++)
    if (h->away[i].is_today && h->away[i].deputy == person && fits(&h->posts[h->away[i].post], role, at, n))
      return true;
  return false;
}
static void put_holding(struct world_of *w, const struct holding *h) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  buf_z(&b, "DELETE FROM delegation; DELETE FROM post;");
  for (int i = 0; i < POSTS; i++)
    buf_fmt(
        &b,
        "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', 'o%d', 'p%d', "
        "'%s', '%s', '', '2020-01-01', '%s');",
        i, h->posts[i].person, places[h->posts[i].place], roles[h->posts[i].role],
        h->posts[i].is_today ? "2026-11-22" : "2026-11-21");
  for (int i = 0; i < AWAY; i++)
    buf_fmt(
        &b,
        "INSERT INTO delegation (tenant, id, post, deputy, reason, from_day, until_day) VALUES ('local', 'd%d', 'o%d', "
        "'p%d', '', '%s', '9999-12-31');",
        i, h->away[i].post, h->away[i].deputy, h->away[i].is_today ? "2026-11-22" : "2026-11-23");
  (void)scratch_sql(&w->scratch, str_z(&w->mem, buf_view(&b)));
}
static void expect(struct flow_run *run, const struct holding *h, struct flow_row *row, const char *term, int role,
                   const char *const *at, size_t n) {
  const struct flow_about about = {.self = row};
  struct str *found = NULL;
  size_t count = 0;
  struct err e = {0};
  assert_true(flow_persons(run, &about, str_of(term), &found, &count, &e));
  size_t wanted = 0;
  for (int p = 0; p < WORLD_PEOPLE; p++) {
    const struct str id = str_fmt(run->mem, "p%d", p);
    bool is_found = false;
    for (size_t i = 0; i < count; i++) is_found |= str_eq(found[i], id);
    if (is_found != holds(h, p, role, at, n)) fail_msg("%s: p%d", term, p);
    wanted += is_found;
  }
  assert_int_equal(wanted, count);
}
static void compare_holders(struct flow_run *run, void *arg) {
  const struct holding *h = arg;
  struct flow_row *row = flow_row_new(run, flow_record(run->flow, STR("hazard.hazard")));
  struct err e = {0};
  struct value school;
  const struct flow_field *f = flow_field(row->record, STR("school"));
  assert_true(flow_read(run, row->record->system, f->name, f->name, &f->field->is, &f->type, STR("s0"), &school, &e));
  flow_row_set(row, (size_t)(f - row->record->fields.at), school);
  expect(run, h, row, "guard", 0, above_s0, 1);    /* sees: unit */
  expect(run, h, row, "district", 2, above_s0, 3); /* sees: below */
  expect(run, h, row, "safety", 3, NULL, 0);       /* sees: all */
  expect(run, h, row, "principal@school", 1, above_s0, 1);
  expect(run, h, row, "nobody", 0, above_s0, 0);
}
static void holders_are_what_a_naive_reader_finds(void **state) {
  struct world_of w;
  unsigned seed = 7;
  (void)state;
  world_begin(&w);
  for (int round = 0; round < ROUNDS; round++) {
    struct holding h;
    for (int i = 0; i < POSTS; i++)
      h.posts[i] = (struct post){(int)dice(&seed, COUNT_OF(roles)), (int)dice(&seed, COUNT_OF(places)),
                                 (int)dice(&seed, WORLD_PEOPLE), dice(&seed, 4) > 0};
    for (int i = 0; i < AWAY; i++)
      h.away[i] = (struct away){(int)dice(&seed, POSTS), (int)dice(&seed, WORLD_PEOPLE), dice(&seed, 4) > 0};
    put_holding(&w, &h);
    world_act(&w, compare_holders, &h);
  }
  world_end(&w);
}

UNIT_TESTS(env) = {
    cmocka_unit_test(every_expression_is_worked_out),        cmocka_unit_test(every_text_is_filled),
    cmocka_unit_test(names_mean_what_the_language_says),     cmocka_unit_test(forms_are_read_by_their_type),
    cmocka_unit_test(holders_are_what_a_naive_reader_finds),
};
UNIT_COUNT(env);
