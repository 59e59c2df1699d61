/* What an address asks of a list of records, as one condition: what the reader sees, and of it the tab, the unit, the words. */
#include "app/systems_ways.h"
#include "engine/flow/words.h"
#include "engine/rights/rights_store.h"
#include "sql.h"
#include "texts.h"

enum { UNITS_SHOWN = 40 };
const char *const system_show_words[SHOW_COUNT] = {"all", "open", "over", "mine"};

/* ---- what is seen ---- */

static struct list_few seen_few(struct arena *mem, const void *view) {
  struct rights_condition few;
  rights_compile_ids(mem, view, LIST_FEW_ALL + 1, &few);
  if (few.never) return (struct list_few){0};
  struct store_value *values = arena_new_n(mem, struct store_value, few.values.len);
  for (size_t i = 0; i < few.values.len; i++) values[i] = store_text(few.values.at[i]);
  return (struct list_few){.sql = str_z(mem, few.sql), .values = values, .count = few.values.len};
}
static void make_scope(struct web_request *rq, struct system_asked *a, struct flow_asked *asked,
                       struct list_scope *out) {
  const struct who *w = who_of(rq);
  const struct rights_view *v = w->is_program ? NULL : systems_view(&a->x, a->list->record);
  const bool all = !v || v->seen.always;
  asked->words = web_query(rq, "q");
  asked->found = &a->found;
  asked->unit = str_trim(web_query(rq, "unit"));
  asked->now_us = rq->now_us;
  if (!all) {
    asked->seen = v->seen.sql;
    asked->seen_values = v->seen.values.at;
    asked->seen_count = v->seen.values.len;
  }
  flow_list_scope(rq->mem, a->list->record, asked, out);
  if (all) return;
  out->few = seen_few;
  out->few_of = v;
}
static struct flow_asked asked_by(struct web_request *rq, enum system_show show) {
  const struct str person = who_of(rq)->person;
  struct flow_asked asked = {.open = show == SHOW_OPEN, .over = show == SHOW_OVER};
  if (show == SHOW_MINE) asked.mine = person.len ? person : STR("-"); /* nobody's */
  return asked;
}
void systems_list_scope(struct web_request *rq, struct system_asked *a, enum system_show show, struct list_scope *out) {
  struct flow_asked asked = asked_by(rq, show);
  make_scope(rq, a, &asked, out);
}
/* ---- units to choose from ---- */

static void add_option(struct web_request *rq, struct table_told *io, struct str id, struct str name) {
  vec_each(const struct view_option, o, &io->options)
    if (str_eq(o->value, id)) return;
  vec_push(rq->mem, &io->options) = (struct view_option){id, name, str_eq(id, str_trim(web_query(rq, "unit")))};
}
/* One's own, the authorities, and the one that is asked for. */
static bool fill_units(struct web_request *rq, struct store *r, struct table_told *io, struct err *e) {
  struct sql_unit_authority_rows rows = {0};
  struct sql_unit_get unit = {0};
  const struct str asked = str_trim(web_query(rq, "unit"));
  bool found = false;
  vec_each(const struct rights_post, post, &who_of(rq)->holds.posts)
    if (post->unit.len) add_option(rq, io, post->unit, post->unit_name);
  TRY(sql_unit_authority(r, rq->mem, &(struct sql_unit_authority_in){STORE_TENANT, UNITS_SHOWN}, UNITS_SHOWN, &rows,
                         e));
  vec_each(const struct sql_unit_authority, u, &rows) add_option(rq, io, u->id, u->name);
  if (!asked.len) return true;
  TRY(sql_unit_get(r, rq->mem, &(struct sql_unit_get_in){STORE_TENANT, asked}, &unit, &found, e));
  if (found) add_option(rq, io, asked, unit.name);
  return found || fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("unit"), "value", str_slice(asked, 0, 60));
}
static enum system_show show_of(struct str word) {
  for (int i = 0; i < SHOW_COUNT; i++)
    if (str_eqz(word, system_show_words[i])) return (enum system_show)i;
  return SHOW_ALL; /* the list refuses words that it has no tab for */
}
static enum system_show asked_show(struct web_request *rq) { return show_of(web_query(rq, "show")); }
void systems_list_due(struct web_request *rq, struct system_asked *a, int64_t from_us, int64_t until_us,
                      struct list_scope *out) {
  struct flow_asked asked = asked_by(rq, asked_show(rq));
  asked.clock = a->list->calendar_clock->head.name.text;
  asked.from_us = from_us;
  asked.until_us = until_us;
  make_scope(rq, a, &asked, out);
}
bool systems_list_ask(struct web_request *rq, struct system_asked *io, struct err *e) {
  io->fixed[0] = store_text(STORE_TENANT);
  io->ask.fixed = io->fixed;
  TRY(flow_words_few(io->x.run.session, rq->mem, io->list->record, web_query(rq, "q"), LIST_FEW, &io->found, e));
  systems_list_scope(rq, io, asked_show(rq), &io->ask.scope);
  if (!flow_list_has_unit(io->list->record)) return true;
  io->told[0] = (struct table_told){"unit", MSG_lists_unit, MSG_lists_all_units, {0}};
  if (!rq->json || web_query(rq, "unit").len) TRY(fill_units(rq, io->x.run.session, &io->told[0], e));
  io->ask.told = io->told;
  io->ask.told_count = 1;
  return true;
}

/* ---- tabs ---- */

bool system_list_tabs(struct web_request *rq, struct store *r, const struct table_rows *rows, struct view_table *io,
                      struct err *e) {
  struct system_asked *a = (struct system_asked *)rows->ask->of;
  const struct table_said *t = &a->list->table;
  struct list_query q = rows->query;
  q.has_key = q.backward = false;
  system_ways_fill(rq, a, io);
  for (size_t i = 0; i < t->tab_count && i < io->tabs.len; i++) {
    struct view_link *l = &io->tabs.at[i];
    systems_list_scope(rq, a, show_of(str_of(t->tabs[i].word)), &q.scope);
    TRY(table_count_of(rq, r, t, &q, &l->count, e));
    l->has_count = true;
  }
  return true;
}
