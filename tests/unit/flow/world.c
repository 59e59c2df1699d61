/* The office that the tests of this folder share. */
#include "world.h"

#include "base/embed.h"
#include "base/yaml.h"
#include "store/unit_path.h"

static bool no_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  (void)reader;
  *out = value_thing((int64_t)(str_hash(said) >> 1), NULL); /* nobody here has the name */
  return t->kind == KIND_UNIT;
}
static void read_world(struct arena *mem, struct world *out) {
  const struct embedded *f = embed_find(STR("rules/org/kinds.yaml"));
  struct yaml *root = NULL;
  struct err e = {0};
  struct units *units = arena_new(mem, struct units);
  assert_true(yaml_parse(mem, str_of(f->path), f->bytes, &root, &e));
  const struct yaml *kinds = yaml_get(root, "kinds");
  struct str *names = arena_new_n(mem, struct str, kinds->count);
  size_t n = 0;
  for (const struct yaml *y = kinds->child; y; y = y->next) names[n++] = y->key;
  assert_true(units_parse(mem, embed_find(STR("rules/units.yaml"))->bytes, units, &e));
  *out = (struct world){.unit_kinds = names, .unit_kind_count = n, .units = units};
}
static void load(struct world_of *w) {
  struct world *world = arena_new(&w->mem, struct world);
  package_names names = {0};
  struct faults told = {0};
  struct err e = {0};
  read_world(&w->mem, world);
  packages_built_in(&w->mem, &names);
  struct package *all = arena_new_n(&w->mem, struct package, names.len);
  for (size_t i = 0; i < names.len; i++) assert_true(package_built_in(&w->mem, names.at[i], &all[i], &e));
  const struct value_reader reader = {.units = world->units, .calendar = calendar_known(), .thing = no_thing};
  if (!flow_load(&w->mem, world, &reader, all, names.len, &told, &w->flow, &e))
    fail_msg("%zu faults, " STRF, told.errors, STRA(err_says(&w->mem, LANG_EN, &e)));
}

static void put_unit(struct buf *b, const char *id, const char *kind, const char *parent) {
  buf_fmt(b,
          "INSERT INTO unit (tenant, id, name, kind, parent, stage, school_code) VALUES ('local', '%s', '名%s', '%s', ",
          id, id, kind);
  if (parent) buf_fmt(b, "'%s'", parent);
  else buf_z(b, "NULL");
  buf_fmt(b, ", '%s', '%s');", str_eqz(str_of(kind), "school") ? "primary" : "", id);
  buf_fmt(b,
          "INSERT INTO unit_version (tenant, unit, from_day, until_day, name, kind, parent, place, reading, initials) "
          "VALUES "
          "('local', '%s', '2020-01-01', '9999-12-31', '名%s', '%s', '%s', 0, '', '');",
          id, id, kind, parent ? parent : "");
}
static void put_office(struct world_of *w, struct buf *b) {
  put_unit(b, "b0", "bureau", NULL);
  put_unit(b, "d0", "department", "b0");
  put_unit(b, "i0", "institution", "b0");
  put_unit(b, "r0", "district", "b0");
  put_unit(b, "r1", "district", "b0");
  for (int i = 0; i < WORLD_SCHOOLS; i++) {
    char id[8];
    (void)snprintf(id, sizeof id, "s%d", i);
    put_unit(b, id, "school", i % 2 ? "r1" : "r0");
  }
  for (int i = 0; i < WORLD_PEOPLE; i++)
    buf_fmt(
        b,
        "INSERT INTO person (tenant, id, name, created_us, updated_us, rev) VALUES ('local', 'p%d', '人%d', 0, 0, 1);",
        i, i);
  int n = 0;
  for (size_t i = 0; i < w->flow.systems.len; i++)
    vec_each(const struct role, r, &w->flow.systems.at[i]->system->roles)
      buf_fmt(
          b,
          "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', 'a%d', 'p0', "
          "'b0', '" STRF "." STRF "', '', '2020-01-01', '9999-12-31');",
          n++, STRA(w->flow.systems.at[i]->name), STRA(r->head.name.text));
  buf_z(b,
        "INSERT INTO flow_file (tenant, id, hash, name, type, size, record, owner, field, person, at_us) VALUES "
        "('local', 'f0', 'h', '照片.jpg', 'image/jpeg', 3, '', '', '', 'p0', 0);");
}
static bool install(struct store *tx, void *arg, struct err *e) {
  struct world_of *w = arg;
  AUTO_ARENA mem = {0};
  return flow_install(&w->flow, tx, WORLD_NOW, e) && unit_path_refresh(tx, &mem, WORLD_NOW, e);
}
void world_begin(struct world_of *w) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  struct err e = {0};
  *w = (struct world_of){.store = NULL};
  load(w);
  scratch_begin(&w->scratch);
  w->store = scratch_open(&w->scratch, &(struct store_options){.readers = 1});
  put_office(w, &b);
  (void)scratch_sql(&w->scratch, str_z(&w->mem, buf_view(&b)));
  if (!store_write(w->store, install, w, &e)) fail_msg(STRF, STRA(err_says(&w->mem, LANG_EN, &e)));
}
void world_end(struct world_of *w) {
  store_close(w->store);
  scratch_end(&w->scratch);
  arena_drop(&w->mem);
}

struct act_of {
  struct world_of *w;
  world_work work;
  void *arg;
};
static bool run_act(struct store *tx, void *arg, struct err *e) {
  struct act_of *a = arg;
  AUTO_ARENA mem = {0};
  struct flow_run run;
  (void)e;
  flow_begin(&run, &a->w->flow, tx, &mem, NULL, WORLD_NOW);
  run.person = STR("p0");
  a->work(&run, a->arg);
  return true;
}
void world_act(struct world_of *w, world_work work, void *arg) {
  struct act_of a = {w, work, arg};
  struct err e = {0};
  if (!store_write(w->store, run_act, &a, &e)) fail_msg(STRF, STRA(err_says(&w->mem, LANG_EN, &e)));
}

struct value world_eval(struct flow_run *run, struct flow_row *self, const char *text) {
  const struct flow_about about = {.self = self};
  struct type_answer answer;
  struct expr *x = NULL;
  struct value v = {0};
  struct err e = {0};
  if (!typed_expr(self->record->system->typed, run->mem, self->record->record, str_of(text), NULL, &x, &answer, &e) ||
      !flow_eval(run, &about, x, NULL, &v, &e))
    fail_msg("%s: " STRF, text, STRA(err_says(run->mem, LANG_EN, &e)));
  return v;
}
static void set_field(struct flow_run *run, struct flow_row *row, struct str name, struct str said) {
  const struct flow_field *f = flow_field(row->record, name);
  struct value v;
  struct err e = {0};
  assert_non_null(f);
  if (!flow_read(run, row->record->system, name, name, &f->field->is, &f->type, said, &v, &e))
    fail_msg(STRF "=" STRF ": " STRF, STRA(name), STRA(said), STRA(err_says(run->mem, LANG_EN, &e)));
  flow_row_set(row, (size_t)(f - row->record->fields.at), v);
}
struct flow_row *world_row(struct flow_run *run, const char *record, const char *state, const char *texts) {
  struct flow_record *r = flow_record(run->flow, str_of(record));
  struct err e = {0};
  assert_non_null(r);
  struct flow_row *row = flow_row_new(run, r);
  row->state = str_of(state);
  for (struct str rest = str_of(texts); rest.len;) {
    struct str one = rest, tail = {0}, name, said;
    (void)str_cut(rest, STR(";"), &one, &tail);
    assert_true(str_cut(one, STR("="), &name, &said));
    set_field(run, row, name, said);
    rest = tail;
  }
  if (!flow_settle_self(run, row, true, &e) || !flow_row_write(run, row, &e) || !flow_settle_others(run, row, NULL, &e))
    fail_msg("%s: " STRF, record, STRA(err_says(run->mem, LANG_EN, &e)));
  return row;
}
