/* From two declarations to what is done to each record. A record is read as it was by a declaration of its own: the fields of the new
 * version, but as they were where their values are to be carried over or worked out anew, and behind them those that are gone. So an
 * expression of migrations/ speaks of what was, with the lists and functions of the new version. */
#include "base/yaml.h"
#include "declare/check.h"
#include "engine/flow/tables_change_store.h"
#include "engine/flow/upgrade_plan.h"
#include "texts.h"

/* ---- reading ---- */

static struct str said_of(const struct flow_system *s) {
  const struct package_file *f = package_file(&s->package, STR("system.yaml"));
  return f ? f->text : STR("");
}
/* The records and fields of the declaration that made the tables, as far as tables go. */
static bool read_before(struct arena *mem, const struct flow_system *now, struct str said, struct flow_plan *out,
                        struct err *e) {
  struct faults told = {.mem = mem, .file = STR("system.yaml"), .text = said};
  out->package = (struct package){.name = now->name};
  vec_push(mem, &out->package.files) = (struct package_file){STR("system.yaml"), said};
  if (!system_read(&told, told.file, said, &out->package.system) || told.errors)
    return fail(e, ERR_CONFLICT, MSG_flow_installed_unread, "system", now->name);
  system_check(&told, out->package.system,
               now->typed->c.w); /* types of computed fields; what it tells was told when it was installed */
  return flow_fill(mem, now->typed->c.w, &now->typed->reader, &out->package, &out->before, e);
}
bool flow_plan_read(struct arena *mem, const struct flow_system *now, struct str said_before, struct faults *told,
                    struct flow_plan *out, struct err *e) {
  *out = (struct flow_plan){.now = now};
  TRY(read_before(mem, now, said_before, out, e));
  *told = (struct faults){.mem = mem, .file = STR("system.yaml"), .text = said_of(now)};
  upgrade_compare(told, &out->package, &now->package, &out->said);
  return true;
}

/* ---- as it was ---- */

static bool same_type(const struct type_said *a, const struct type_said *b) {
  return a->type == b->type && a->places == b->places && str_eq(a->unit, b->unit) && str_eq(a->name, b->name);
}
/* The field as it was, under the name that it has now. */
static void add_old(struct arena *mem, struct flow_turn *t, const flow_made_list *made, const struct flow_field *was,
                    const struct flow_field *f) {
  struct flow_field old = *was;
  struct field said = *was->field;
  const bool stays = f && flow_way_of(was, f) == FLOW_WAY_STAYS;
  said.value = (struct expr_word){0};
  if (f) said.head.name = f->field->head.name;
  old.is_computed = old.is_once = false;
  if (was->place != FLOW_SEALED) old.name = said.head.name.text; /* a sealed cell is found by the name it had */
  for (int i = 0; i < flow_columns_of(was); i++)
    old.column[i] = stays ? f->column[i] : flow_moved_column(made, t->now, was->column[i]);
  vec_push(mem, &t->said->fields) = said;
  vec_push(mem, &t->old.fields) = old;
}
/* What is in the way of being read as it was. */
static bool is_other(const struct flow_field *was, const struct flow_field *f) {
  const enum flow_way way = flow_way_of(was, f);
  return way == FLOW_WAY_MOVES || (way == FLOW_WAY_STAYS && !same_type(&was->field->is, &f->field->is));
}
static bool is_gone(const struct flow_record *before, const struct flow_record *now, const struct flow_field *w) {
  vec_each(const struct flow_field, f, &now->fields)
    if (flow_was(before, now, f) == w) return false;
  return w->place != FLOW_LIVE;
}
/* `said` and `old` have the fields of now in their places. */
static void make_old(struct arena *mem, struct flow_turn *t, const struct flow_plan *p, const flow_made_list *made,
                     const struct flow_record *before) {
  const struct flow_record *now = t->now;
  t->old = *now;
  t->said = arena_new(mem, struct record);
  *t->said = *now->record;
  memset(&t->said->fields, 0, sizeof t->said->fields);
  memset(&t->old.fields, 0, sizeof t->old.fields);
  vec_each(const struct flow_field, f, &now->fields) {
    const struct flow_field *was = flow_was(before, now, f);
    if (is_other(was, f)) {
      add_old(mem, t, made, was, f);
      continue;
    }
    vec_push(mem, &t->said->fields) = *f->field;
    vec_push(mem, &t->old.fields) = *f;
  }
  vec_each(const struct flow_field, w, &before->fields)
    if (is_gone(before, now, w)) add_old(mem, t, made, w, NULL);
  for (size_t i = 0; i < t->old.fields.len; i++) {
    t->old.fields.at[i].field = &t->said->fields.at[i];
    t->old.fields.at[i].type = typed_field(p->now->typed, t->said, &t->said->fields.at[i]);
  }
  t->old.record = t->said;
  t->old.type = meaning_record_type(t->said);
}

/* ---- what is given ---- */

static bool add_set(struct arena *mem, struct flow_turn *t, const struct flow_plan *p, const struct migration_said *s,
                    struct err *e) {
  struct flow_giving g = {0};
  const struct flow_field *f = flow_field(t->now, s->name);
  must(f);
  g.to = (size_t)(f - t->now->fields.at);
  if (!typed_value(p->now->typed, mem, t->said, f->field, s->text, &g.x, e))
    return err_at(e, s->file->path, s->at->line, s->at->column);
  vec_push(mem, &t->gives) = g;
  return true;
}
static bool add_gives(struct arena *mem, struct flow_turn *t, const struct flow_plan *p,
                      const struct flow_record *before, struct err *e) {
  for (size_t i = 0; i < t->now->fields.len; i++) {
    const struct flow_field *f = &t->now->fields.at[i];
    const struct flow_field *was = flow_was(before, t->now, f);
    const bool is_set = t->told && migration_says(&t->told->set, f->name);
    if (flow_way_of(was, f) != FLOW_WAY_MOVES || f->is_computed || is_set) continue;
    vec_push(mem, &t->gives) = (struct flow_giving){.to = i, .from = i};
  }
  if (t->told)
    vec_each(const struct migration_said, s, &t->told->set) TRY(add_set(mem, t, p, s, e));
  return true;
}

/* ---- what else is another one ---- */

static bool same_words(const struct expr_word *a, const struct expr_word *b) {
  return str_eq(a->word.text, b->word.text);
}
static bool is_computed_anew(const struct flow_field *was, const struct flow_field *f) {
  if (f->is_computed && f->place != FLOW_LIVE && !f->is_once)
    return !was || !was->is_computed || was->place == FLOW_LIVE || !same_words(&was->field->value, &f->field->value);
  for (size_t i = 0; i < f->row_count; i++) {
    const struct flow_field *g = &f->rows[i], *w = NULL;
    for (size_t k = 0; was && k < was->row_count; k++)
      if (str_eq(was->rows[k].name, g->name)) w = &was->rows[k];
    if (is_computed_anew(w, g)) return true;
  }
  return false;
}
static bool is_searched(const struct flow_field *f) { return f && f->field->search.which == 1; }
static bool is_found_anew(const struct flow_record *before, const struct flow_record *now) {
  vec_each(const struct flow_field, f, &now->fields) {
    const struct flow_field *was = flow_was(before, now, f);
    if (is_searched(was) != is_searched(f) || (is_searched(f) && was->class != f->class)) return true;
  }
  vec_each(const struct flow_field, w, &before->fields)
    if (is_searched(w) && !flow_field(now, w->name)) return true;
  return false;
}
static bool is_ended_anew(const struct record *was, const struct record *now) {
  vec_each(const struct state, s, &now->states) {
    const struct state *w = part_find(&was->states, s->head.name.text);
    if (w && is_yes(w->end) != is_yes(s->end)) return true;
  }
  return false;
}
/* "records.visit.clocks.due…": the clock, if it is one of this record. */
static bool clock_of(struct arena *mem, struct str path, struct str record, struct str *out, bool *out_whole) {
  const struct str head = str_fmt(mem, "records." STRF ".clocks.", STRA(record));
  struct str rest;
  if (!str_starts(path, head)) return false;
  path = str_from(path, head.len);
  *out_whole = !str_cut(path, STR("."), out, &rest);
  if (*out_whole) *out = path;
  return true;
}
static void find_clocks(struct arena *mem, struct flow_turn *t, const upgrade_lines *lines) {
  vec_each(const struct upgrade_line, x, lines) {
    struct str clock = {0};
    bool is_whole = false, is_known = false;
    if (!clock_of(mem, x->path, t->now->record->head.name.text, &clock, &is_whole)) continue;
    if (is_whole && x->sign == '-') continue; /* there is none any more */
    for (size_t i = 0; i < t->clocks.len; i++) is_known |= str_eq(t->clocks.at[i], clock);
    if (!is_known) vec_push(mem, &t->clocks) = clock;
  }
}

bool flow_plan_turns(struct store *tx, struct arena *mem, struct flow_plan *io, struct err *e) {
  flow_made_list made;
  TRY(flow_made_read(tx, mem, &made, e));
  vec_each(const struct flow_record, r, &io->now->records) {
    const struct str name = r->record->head.name.text;
    const struct flow_record *before = flow_record_in(&io->before, name);
    struct flow_turn t = {.now = r, .told = migration_of(&io->said.migrations, name)};
    if (!before) continue;
    t.was = before->record;
    find_clocks(mem, &t, &io->said.automatic);
    t.is_found = is_found_anew(before, r);
    t.is_area_new = r->area.len && !before->area.len;
    t.is_ended_new = is_ended_anew(before->record, r->record);
    vec_each(const struct flow_field, f, &r->fields) t.is_worked_out |= is_computed_anew(flow_was(before, r, f), f);
    struct flow_turn *kept = &vec_push(mem, &io->turns); /* expressions point into it */
    *kept = t;
    make_old(mem, kept, io, &made, before);
    TRY(add_gives(mem, kept, io, before, e));
  }
  return true;
}
