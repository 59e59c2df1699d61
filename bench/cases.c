/* Fills a database with cases of systems/hazard, each of them by the acts that people do: one after the other through a year of
 * days, with the clocks that come due in between. Nothing is put into a table past the engine but the files that an act names.
 *
 *   bench_cases DATABASE COUNT SCHOOL-PERSON SAFETY-PERSON [KEYS]
 *
 * bench/cases.py makes the database before (units, people, posts) and measures the program on it afterwards. A case goes from
 * reported to closed within eight days; of the last days some stand in each state. Says what one act cost on average, with its
 * share of commits and clocks. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/clockwork.h"
#include "app/systems_form.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/seal.h"
#include "sql.h"
#include "texts.h"

enum { DAYS = 320, A_TIME = 500, SCHOOLS_MAX = 1000, ASSIGN = 1, PLAN = 2, FIX = 5, CLOSE = 8 };
struct filling {
  struct keys *keys;
  struct store *store;
  struct systems *systems;
  struct arena mem;
  struct str school_person, safety_person;
  struct str school[SCHOOLS_MAX];
  size_t school_count;
  int64_t count, today_us, acts;
  struct str *ids;   /* of the cases, by number; empty = not there, or closed */
  int64_t done, end; /* of what one transaction does: cases from done to before end */
  int step;
  struct str file; /* hash of the one that all acts name */
};
static const int64_t first_us = INT64_C(1767312000000000); /* 2026-01-02 08:00: its tables hold from 2026 */

static void say(const struct err *e) {
  AUTO_ARENA mem = {0};
  printf(STRF "\n", STRA(err_says(&mem, LANG_EN, e)));
  exit(2);
}
static uint64_t mixed(uint64_t n) {
  n = (n + UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
  return n ^ n >> 31;
}

/* ---- one act ---- */

struct told { /* name=words of an input, until NULL */
  const char *name;
  struct str words;
};
static bool act(struct filling *f, struct store *tx, struct arena *mem, const char *name, struct str person,
                struct str id, const struct told *told, struct str *out_id, struct err *e) {
  struct system_run x;
  flow_inputs in = {0};
  struct flow_done done;
  systems_begin_for(&x, f->systems, tx, mem, NULL, f->today_us, LANG_ZH);
  const struct flow_record *r = flow_record(systems_flow(f->systems), STR("hazard.hazard"));
  const struct system_place at = {.record = flow_record_in(r->system, STR("hazard")), .id = id};
  x.run.by = FLOW_BY_PERSON;
  x.run.person = x.run.actor = person;
  for (; told->name; told++) {
    struct flow_input *i = &vec_push(mem, &in);
    i->name = str_of(told->name);
    const struct flow_field *field = flow_field(r, i->name);
    TRY(flow_read(&x.run, r->system, i->name, field->field->label.text, &field->field->is, &field->type, told->words,
                  &i->value, e));
  }
  const struct flow_ask ask = {
      .record = r, .act = str_of(name), .id = id, .inputs = in.at, .input_count = in.len, .is_confirmed = true};
  TRY(flow_act(&x.run, &ask, &done, e) && system_files_keep(&x, &at, STR(""), &in, done.id, e));
  if (out_id) *out_id = str_dup(&f->mem, done.id);
  f->acts++;
  return true;
}
static bool report(struct filling *f, struct store *tx, struct arena *mem, int64_t n, struct err *e) {
  static const char *const kinds[] = {"building", "fire", "power", "food", "lab", "gear", "guard", "dorm"};
  static const char *const odds[][2] = {{"rare", "slight"},     {"possible", "slight"}, {"rare", "moderate"},
                                        {"rare", "serious"},    {"likely", "slight"},   {"possible", "moderate"},
                                        {"likely", "moderate"}, {"rare", "fatal"}};
  const uint64_t m = mixed((uint64_t)n);
  const struct str spot = str_fmt(mem, "%d号楼%d层%d室", (int)(m % 7 + 1), (int)(m >> 8) % 6 + 1, (int)(m >> 16 & 255));
  const char *const *odd = odds[(m >> 24) % COUNT_OF(odds)];
  const struct told told[] = {
      {"school", f->school[(m >> 32) % f->school_count]},
      {"kind", str_of(kinds[(m >> 44) % COUNT_OF(kinds)])},
      {"spot", spot},
      {"what", str_fmt(mem, "排查第%d号：门窗、线路或设施有损坏，须在期限内修复", (int)n)},
      {"found_on", date_iso(mem, clock_today(f->today_us))},
      {"likelihood", str_of(odd[0])},
      {"severity", str_of(odd[1])},
      {0},
  };
  return act(f, tx, mem, "report", f->school_person, STR(""), told, &f->ids[n], e);
}
static bool fixed(struct filling *f, struct store *tx, struct arena *mem, int64_t n, struct err *e) {
  const struct str file = store_new_id(mem, f->today_us);
  const struct sql_flow_file_insert_in in = {.tenant = STORE_TENANT,
                                             .id = file,
                                             .hash = f->file,
                                             .name = STR("整改后.jpg"),
                                             .type = STR("image/jpeg"),
                                             .size = 1,
                                             .person = f->school_person,
                                             .at_us = f->today_us};
  const struct told told[] = {
      {"result", STR("已修复，现场复核合格")}, {"after", file}, {"cause", STR("使用频繁")}, {0}};
  TRY(sql_flow_file_insert(tx, &in, NULL, e));
  return act(f, tx, mem, "fix", f->school_person, f->ids[n], told, NULL, e);
}
static bool step(struct filling *f, struct store *tx, struct arena *mem, int64_t n, struct err *e) {
  const struct told assign[] = {{"fixer", f->school_person}, {0}}, plan[] = {{"how", STR("更换并加固")}, {0}},
                    close[] = {{"findings", STR("现场合格")}, {0}}, dismiss[] = {{"why", STR("误报")}, {0}};
  const struct str id = f->ids[n];
  if (f->step == 0) return report(f, tx, mem, n, e);
  if (!id.len) return true;
  if (f->step == ASSIGN && n % 50 == 7) {
    f->ids[n] = STR("");
    return act(f, tx, mem, "dismiss", f->safety_person, id, dismiss, NULL, e);
  }
  if (f->step == ASSIGN) return act(f, tx, mem, "assign", f->school_person, id, assign, NULL, e);
  if (f->step == PLAN) return act(f, tx, mem, "plan", f->school_person, id, plan, NULL, e);
  if (f->step == FIX) return fixed(f, tx, mem, n, e);
  return act(f, tx, mem, "close", f->safety_person, id, close, NULL, e);
}

/* ---- days ---- */

/* A hazard that has come back is a major one: what it needs besides is not done here, it stays open. */
static bool some(struct store *tx, void *arg, struct err *e) {
  struct filling *f = arg;
  for (int64_t n = f->done; n < f->end; n++) {
    AUTO_ARENA mem = {0};
    struct err why = {0};
    if (step(f, tx, &mem, n, &why)) continue;
    if (f->step != PLAN || why.code != ERR_INVALID) return *e = why, false;
    f->ids[n] = STR("");
  }
  return true;
}
static int64_t first_of(const struct filling *f, int day) { return f->count * (day < 0 ? 0 : day) / DAYS; }
static bool day_steps(struct filling *f, int day, struct err *e) {
  static const int steps[] = {0, ASSIGN, PLAN, FIX, CLOSE};
  for (size_t i = 0; i < COUNT_OF(steps); i++) {
    f->step = steps[i];
    const int of = day - f->step;
    for (f->done = first_of(f, of); of >= 0 && f->done < first_of(f, of + 1); f->done = f->end) {
      const int64_t last = first_of(f, of + 1);
      f->end = f->done + A_TIME < last ? f->done + A_TIME : last;
      f->today_us = first_us + (int64_t)day * 86400 * SECOND_US + (int64_t)i * 3600 * SECOND_US;
      TRY(store_write(f->store, some, f, e));
    }
  }
  return clockwork_run(f->systems, f->store, f->today_us + SECOND_US, e);
}
static bool schools(struct filling *f, struct err *e) {
  AUTO_READ *r = store_read_begin(f->store, e);
  struct sql_unit_versions_rows rows = {0};
  if (!r) return false;
  TRY(sql_unit_versions(r, &f->mem, &(struct sql_unit_versions_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_unit_versions, u, &rows)
    if (str_eqz(u->kind, "school") && str_eqz(u->until_day, "9999-12-31") && f->school_count < SCHOOLS_MAX)
      f->school[f->school_count++] = u->unit;
  return f->school_count || fail(e, ERR_NOT_FOUND, MSG_gauge_unit);
}
static bool fill(struct filling *f, struct str db, struct str keys, struct err *e) {
  TRY(keys_open(keys, &f->keys, e));
  TRY(store_open(db, &(struct store_options){.existing = true, .keys = f->keys}, &f->store, e));
  clock_story(first_us);
  TRY(systems_start(f->store, STR(""), first_us, &f->systems, e) && schools(f, e));
  f->ids = arena_new_n(&f->mem, struct str, (size_t)f->count);
  f->file = hash_hex(&f->mem, hash_sm3(STR("x")));
  for (int day = 0; day < DAYS; day++) TRY(day_steps(f, day, e));
  return true;
}
int main(int argc, char **argv) {
  struct filling f = {0};
  struct err e = {0};
  if (argc < 5 || argc > 6 || !str_to_int(str_of(argv[2]), &f.count) || f.count <= 0) return 2;
  f.school_person = str_of(argv[3]);
  f.safety_person = str_of(argv[4]);
  const struct str keys = argc == 6 ? str_of(argv[5]) : str_fmt(&f.mem, "%s.keys", argv[1]);
  if (!fill(&f, str_of(argv[1]), keys, &e)) say(&e);
  printf("%lld cases by %lld acts, %.2f ms of processor each\n", (long long)f.count, (long long)f.acts,
         (double)clock() * 1000 / CLOCKS_PER_SEC / (double)f.acts);
  systems_stop(f.systems);
  store_close(f.store);
  keys_close(f.keys);
  arena_drop(&f.mem);
  return 0;
}
