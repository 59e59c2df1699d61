#include "bureau.h"

/* ---- the authority ---- */

static const char *const units[][4] = {{"u-bureau", "市教育局", "bureau", ""},
                                       {"u-office", "办公室", "department", "u-bureau"},
                                       {"u-plan", "发展规划与财务处", "department", "u-bureau"},
                                       {"u-safety", "安全处", "department", "u-bureau"},
                                       {"u-east", "东山区教育局", "district", "u-bureau"},
                                       {"u-one", "东山一小", "school", "u-east"},
                                       {"u-two", "西河中学", "school", "u-east"}};
static const char *const posts[][3] = {{"p-lead", "u-bureau", "pairs.leader"}, {"p-lead2", "u-bureau", "pairs.leader"},
                                       {"p-ban", "u-office", "pairs.office"},  {"p-head", "u-one", "pairs.school"},
                                       {"p-cai", "u-plan", "pairs.handler"},   {"p-cai2", "u-plan", "task.handler"},
                                       {"p-doer", "u-office", "task.handler"}, {"p-an2", "u-safety", "task.handler"}};
static void fill(struct scratch *s) {
  char sql[512];
  for (size_t i = 0; i < COUNT_OF(units); i++) {
    const char *const *u = units[i];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', '%s', '%s', '%s', %s%s%s)", u[0],
                   u[1], u[2], *u[3] ? "'" : "NULL", u[3], *u[3] ? "'" : "");
    (void)scratch_sql(s, sql);
    for (const char *above = u[0]; *above;) {
      size_t k = 0;
      (void)snprintf(sql, sizeof sql, "INSERT INTO unit_path (tenant, above, unit) VALUES ('local', '%s', '%s')", above,
                     u[0]);
      (void)scratch_sql(s, sql);
      while (strcmp(units[k][0], above) != 0) k++;
      above = units[k][3];
    }
  }
  for (size_t i = 0; i < COUNT_OF(posts); i++) {
    const char *const *p = posts[i];
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO person (tenant, id, name, created_us, updated_us, rev) VALUES ('local', '%s', '%s', 0, 0, 1)",
        p[0], p[0]);
    (void)scratch_sql(s, sql);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES "
                   "('local', 'o-%s', '%s', '%s', '%s', '', '2020-01-01', '9999-12-31')",
                   p[0], p[0], p[1], p[2]);
    (void)scratch_sql(s, sql);
  }
}

/* ---- the packages ---- */

static bool unit_by_name(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  struct arena *mem = reader->world;
  for (size_t i = 0; t->kind == KIND_UNIT && i < COUNT_OF(units); i++) {
    if (!str_eqz(said, units[i][1])) continue;
    struct flow_thing *u = arena_new(mem, struct flow_thing);
    *u = (struct flow_thing){.kind = FLOW_UNIT, .id = str_of(units[i][0])};
    *out = value_thing(0, u);
    return true;
  }
  *out = value_none(NONE_missing); /* an authority that lacks it */
  return true;
}
static struct package *packages_of(struct arena *mem, const char *name, const char *text, size_t *out_n) {
  package_names names = {0};
  struct err e = {0};
  if (!name) packages_built_in(mem, &names);
  *out_n = name ? 1 : names.len;
  struct package *all = arena_new_n(mem, struct package, *out_n);
  for (size_t i = 0; i < names.len; i++) assert_true(package_built_in(mem, names.at[i], &all[i], &e));
  if (!name) return all;
  all->name = str_of(name);
  vec_push(mem, &all->files) = (struct package_file){STR("system.yaml"), str_of(text)};
  vec_push(mem, &all->files) = (struct package_file){
      STR("scenario.yaml"),
      str_fmt(mem, "scenario: 试验\nsystem: %s\nstart: 2026-03-02 09:00\nactors: {}\nsteps: []\n", name)};
  return all;
}
static void load(struct bureau *w, const char *name, const char *text) {
  struct arena *mem = &w->scratch.mem;
  const struct org_rules *rules = org_rules_known();
  struct str *kinds = arena_new_n(mem, struct str, rules->kind_count);
  struct units *said = arena_new(mem, struct units);
  struct err e = {0};
  struct faults told = {.mem = mem};
  size_t n = 0;
  for (size_t i = 0; i < rules->kind_count; i++) kinds[i] = rules->kinds[i].name;
  assert_true(units_parse(mem, embed_find(STR("rules/units.yaml"))->bytes, said, &e));
  struct world *world = arena_new(mem, struct world);
  *world = (struct world){.unit_kinds = kinds, .unit_kind_count = rules->kind_count, .units = said};
  struct package *all = packages_of(mem, name, text, &n);
  const struct value_reader reader = {.units = said, .calendar = calendar_known(), .world = mem, .thing = unit_by_name};
  if (!flow_load(mem, world, &reader, all, n, &told, &w->flow, &e))
    fail_msg("%s line %d " STRF " (%zu)", told.all.len ? fault_word(told.all.at[0].code) : "",
             told.all.len ? told.all.at[0].at.line : 0, STRA(err_says(mem, LANG_EN, &e)), told.errors);
}
static bool install(struct store *tx, void *arg, struct err *e) {
  const struct bureau *w = arg;
  return flow_install(&w->flow, tx, w->now_us, e);
}
void bureau_begin(struct bureau *w) { bureau_begin_own(w, NULL, NULL, NULL); }
void bureau_begin_own(struct bureau *w, const char *name, const char *text, struct keys *keys) {
  struct err e = {0};
  *w = (struct bureau){.now_us = INT64_C(1772413200000000)}; /* 2026-03-02 09:00 */
  scratch_begin(&w->scratch);
  w->store = scratch_open(&w->scratch, &(struct store_options){.keys = keys});
  load(w, name, text);
  if (!store_write(w->store, install, w, &e)) fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  fill(&w->scratch);
}
void bureau_end(struct bureau *w) {
  store_close(w->store);
  scratch_end(&w->scratch);
}

/* ---- acts ---- */

static bool host_may(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                     bool *out, bool *out_seen, struct err *e) {
  const struct bureau *w = arg;
  (void)run, (void)r, (void)id, (void)act, (void)e;
  *out_seen = true;
  *out = !w->denies;
  return true;
}
static bool host_notify(void *arg, struct flow_run *run, struct str person, struct str text, struct str link,
                        struct err *e) {
  struct bureau *w = arg;
  struct arena *mem = &w->scratch.mem;
  (void)e;
  vec_push(mem, &w->told) =
      (struct bureau_told){str_dup(mem, person), str_dup(mem, text), str_dup(mem, link), run->tell_us};
  return true;
}
struct acting {
  struct bureau *w;
  const char *person, *record, *id, *act;
  const struct bureau_input *inputs;
  struct flow_done *out;
};
static const struct type_said *said_type(const struct flow_record *r, const struct act *a, struct str name,
                                         struct type *out) {
  const struct flow_field *f = flow_field(r, name);
  if (f) return *out = f->type, &f->field->is;
  for (size_t i = 0; a && i < a->takes.len; i++) {
    if (!str_eq(a->takes.at[i].head.name.text, name)) continue;
    *out = meaning_said_type(&r->system->typed->m, &a->takes.at[i].type);
    return &a->takes.at[i].type;
  }
  return NULL;
}
/* Rows of a form: "a|b; c|d", cells in the order of the columns, an empty one is missing. */
static bool read_rows(struct flow_run *run, const struct flow_record *r, const struct flow_field *f, struct str said,
                      struct value *out, struct err *e) {
  VEC(struct value) all = {0};
  for (struct str line, rest = said; said.len; said = rest) {
    if (!str_cut(said, STR(";"), &line, &rest)) line = said, rest = (struct str){0};
    struct flow_thing *t = flow_thing(run, FLOW_ROW_OF, r, STR(""));
    t->columns = f->rows;
    t->value_count = f->row_count;
    t->values = arena_new_n(run->mem, struct value, f->row_count);
    for (size_t i = 0; i < f->row_count && line.len; i++) {
      struct str cell = line, after = {0};
      if (!str_cut(line, STR("|"), &cell, &after)) cell = line, after = (struct str){0};
      line = after;
      const struct flow_field *c = &f->rows[i];
      TRY(flow_read(run, r->system, c->name, c->name, &c->field->is, &c->type, str_trim(cell), &t->values[i], e));
    }
    vec_push(run->mem, &all) = flow_thing_value(t);
  }
  *out = value_set(all.at, all.len);
  return true;
}
static bool do_act(struct store *tx, void *arg, struct err *e) {
  const struct acting *a = arg;
  struct bureau *w = a->w;
  struct arena *mem = &w->scratch.mem;
  struct flow_run run;
  const struct flow_host host = {w, host_may, host_notify, NULL};
  const struct flow_record *r = flow_record(&w->flow, str_of(a->record));
  const struct act *act = part_find(&r->record->acts, str_of(a->act));
  struct flow_input in[32] = {0};
  struct flow_ask ask = {.record = r, .act = str_of(a->act), .id = str_of(a->id ? a->id : ""), .inputs = in};
  flow_begin(&run, &w->flow, tx, mem, &host, w->now_us);
  run.person = run.actor = str_of(a->person);
  for (const struct bureau_input *x = a->inputs; x && x->name; x++) {
    struct type t = {0};
    const struct type_said *is = said_type(r, act, str_of(x->name), &t);
    if (!strcmp(x->name, "key")) {
      ask.key = str_of(x->value);
      continue;
    }
    if (!strcmp(x->name, "back_to")) {
      ask.back_to = str_of(x->value);
      continue;
    }
    assert_non_null(is);
    in[ask.input_count].name = str_of(x->name);
    struct value *v = &in[ask.input_count].value;
    const struct flow_field *f = flow_field(r, str_of(x->name));
    if (is->type == TYPE_rows) TRY(read_rows(&run, r, f, str_of(x->value), v, e));
    else TRY(flow_read(&run, r->system, str_of(x->name), str_of(x->name), is, &t, str_of(x->value), v, e));
    ask.input_count++;
  }
  return flow_act(&run, &ask, a->out, e);
}
enum err_code bureau_act(struct bureau *w, const char *person, const char *record, const char *id, const char *act,
                         const struct bureau_input *inputs, struct flow_done *out, struct err *e) {
  struct acting a = {w, person, record, id, act, inputs, out};
  *e = (struct err){0};
  return store_write(w->store, do_act, &a, e) ? ERR_NONE : e->code;
}
static struct flow_run *begin_run(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct bureau *w = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  struct flow_host *host = arena_new(mem, struct flow_host);
  *host = (struct flow_host){w, host_may, host_notify, NULL};
  flow_begin(run, &w->flow, session, mem, host, now_us);
  run->by = FLOW_BY_CLOCK;
  return run;
}
struct flow_starter bureau_starter(struct bureau *w) {
  return (struct flow_starter){w, begin_run};
}
struct str bureau_field(struct bureau *w, const char *record, struct str id, const char *field) {
  struct err e = {0};
  struct flow_run run;
  struct flow_row *row = NULL;
  struct value v;
  struct str out = {0};
  const struct flow_host host = {w, host_may, host_notify, NULL};
  const struct flow_record *r = flow_record(&w->flow, str_of(record));
  const struct flow_field *f = flow_field(r, str_of(field));
  AUTO_READ *session = store_read_begin(w->store, &e);
  assert_non_null(session);
  flow_begin(&run, &w->flow, session, &w->scratch.mem, &host, w->now_us);
  assert_true(flow_row(&run, r, id, &row, &e));
  assert_non_null(row);
  if (!strcmp(field, "state")) return row->state;
  assert_non_null(f);
  if (!flow_row_field(&run, row, (size_t)(f - r->fields.at), &v, &e) ||
      !flow_show(&run, r->system, &f->type, &v, &out, &e))
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  return out;
}
