/* Records of a system in a list: asked, put in order, counted, taken away by the one component for lists, under the scope of who
 * asks. Programs may add `where`, a condition in the language of declarations; it is worked out row by row, so it looks through
 * a bounded number. */
#include "app/systems_form.h"
#include "app/systems_ways.h"
#include "declare/check.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { WHERE_PAGE = 100, WHERE_LOOKS = 5000 };

/* ---- where ---- */

struct asked { /* a condition on one's own fields */
  struct system_run *x;
  const struct flow_record *record;
  const struct expr *where;
};
struct forbidden {
  const struct flow_record *record;
  bool is;
};
/* A condition that somebody types must not tell what they may not read: it speaks of the record's own fields that every
 * reader sees, of its clocks, and of no other record. */
static void look_at(void *arg, const struct expr *x) {
  struct forbidden *f = arg;
  const struct flow_field *field =
      x->kind == EXPR_NAME && x->bound == BOUND_FIELD ? flow_field(f->record, x->text) : NULL;
  if (field && field->class > CLASS_inner) f->is = true;
  if (x->kind == EXPR_QUERY || x->kind == EXPR_EACH) f->is = true;
  if (x->kind != EXPR_PATH || !x->a->type) return;
  const enum kind of = x->a->type->kind;
  if (of == KIND_RECORD || of == KIND_BAD || of == KIND_PERSON || of == KIND_ROUND || x->a->type->set) f->is = true;
}
static bool read_where(struct web_request *rq, struct asked *o, struct err *e) {
  static const struct type flag = {.kind = KIND_FLAG};
  const struct str text = str_trim(web_query(rq, "where"));
  struct type_answer answer;
  struct expr *tree = NULL;
  struct forbidden f = {o->record, false};
  if (!text.len) return true;
  if (!typed_expr(o->record->system->typed, rq->mem, o->record->record, text, &flag, &tree, &answer, e)) return false;
  expr_walk(tree, look_at, &f);
  if (f.is || answer.is_looking_around) return fail(e, ERR_INVALID, MSG_systems_where, "name", STR("where"));
  o->where = tree;
  return true;
}
static bool fits(struct asked *o, struct flow_row *row, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  struct value v = value_flag(true);
  if (o->where) TRY(flow_eval(&o->x->run, &about, o->where, NULL, &v, e));
  *out = value_is_yes(&v);
  return true;
}
typedef VEC(struct flow_row *) row_list;
/* Goes through what the list asks for, in its order, until a page is full or enough was looked through. */
static bool find_where(struct asked *o, const struct system_list *l, const struct table_rows *asked, row_list *out,
                       struct str *out_next, struct err *e) {
  struct arena *mem = o->x->run.mem;
  struct list_query q = asked->query;
  for (int looked = 0; out->len < WHERE_PAGE && looked < WHERE_LOOKS; looked += WHERE_PAGE) {
    list_rows rows = {0};
    TRY(store_list_rows(o->x->run.session, mem, &l->list, &q, WHERE_PAGE, &rows, e));
    for (size_t i = 0; i < rows.len && out->len < WHERE_PAGE; i++) {
      struct flow_row *row = NULL;
      bool is = false;
      q.has_key = true;
      q.key = rows.at[i].at[q.sort];
      q.key_id = rows.at[i].at[q.id];
      *out_next = table_key(mem, &q, &rows.at[i]);
      TRY(flow_row(&o->x->run, o->record, q.key_id.s, &row, e));
      if (row) TRY(fits(o, row, &is, e));
      if (is) vec_push(mem, out) = row;
    }
    if (rows.len < WHERE_PAGE && out->len < WHERE_PAGE) *out_next = (struct str){0};
    if (rows.len < WHERE_PAGE) return true;
  }
  return true;
}

/* ---- for programs ---- */

static bool list_json(struct web_request *rq, struct web_response *rs, struct system_asked *a, struct asked *o,
                      const struct table_rows *rows, struct err *e) {
  row_list found = {0};
  struct str next = rows->next, prev = rows->prev;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&a->x, rq, r);
  if (o->where) {
    prev = (struct str){0};
    TRY(find_where(o, a->list, rows, &found, &next, e));
  } else {
    vec_each(const struct list_row, at, &rows->rows) {
      struct flow_row *row = NULL;
      TRY(flow_row(&a->x.run, o->record, at->at[LIST_ID].s, &row, e));
      if (row) vec_push(rq->mem, &found) = row;
    }
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < found.len; i++) {
    json_open(j, NULL, '{');
    TRY(system_fields_json(&a->x, found.at[i], j, e));
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str_or_null(j, "next", next.len ? next : (struct str){0});
  json_str_or_null(j, "prev", prev.len ? prev : (struct str){0});
  json_close(j, '}');
  return true;
}

/* ---- for people ---- */

static void fill_acts(struct system_asked *a, struct view_system_list *v) {
  const struct flow_record *r = a->list->record;
  struct arena *mem = a->x.run.mem;
  vec_each(const struct act, act, &r->record->acts) {
    if (!systems_is_start(act) || !systems_may_start(&a->x, r, act)) continue;
    const bool is_first = !v->acts.len;
    vec_push(mem, &v->acts) =
        (struct view_link){.href = str_fmt(mem, "%s/acts/" STRF, a->list->table.path, STRA(act->head.name.text)),
                           .label = act->label.text,
                           .current = is_first};
  }
}
/* The tools above the rows stay; what only rows have goes, and what they lead to stays on this way. */
static void keep_way(struct system_ways *w, enum system_way now) {
  struct arena *mem = w->rq->mem;
  struct view_table *t = &w->v->table;
  const struct str by = str_of(system_way_words[now]);
  t->sorts.len = t->columns.len = 0;
  t->has_form = true;
  vec_push(mem, &t->hidden) = (struct view_hidden){STR("by"), by};
  vec_each(struct view_link, l, &t->tabs)
    l->href =
        str_fmt(mem, STRF "%sby=" STRF, STRA(l->href), str_find(l->href, STR("?")) == STR_NONE ? "?" : "&", STRA(by));
}
static bool show_way(struct system_ways *w, enum system_way way, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  if (!r) return false;
  systems_begin(&w->a->x, w->rq, r);
  if (w->v) w->v->is_board = way == WAY_BOARD;
  if (w->v) w->v->is_calendar = way == WAY_CALENDAR;
  if (w->v) w->v->is_map = way == WAY_MAP;
  return way == WAY_BOARD ? system_board(w, e) : way == WAY_CALENDAR ? system_calendar(w, e) : system_map(w, e);
}
static bool list_page(struct web_request *rq, struct web_response *rs, struct system_asked *a, enum system_way way,
                      struct table_rows *rows, struct err *e) {
  const struct flow_record *r = a->list->record;
  struct view_system_list v = {.lang = rq->lang, .title = r->record->label.text};
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, "ui/js/table.js");
  v.system = r->system->system->label.text;
  v.system_href = v.f.back = str_fmt(rq->mem, "/s/" STRF, STRA(r->system->name));
  v.said = page_said(rq);
  fill_acts(a, &v);
  struct system_ways w = {.rq = rq, .a = a, .asked = rows, .v = &v};
  TRY(table_view(rq, &a->list->table, rows, &v.table, e));
  if (way) keep_way(&w, way);
  if (way) TRY(show_way(&w, way, e));
  page_system_list(&rs->body, &v);
  return true;
}

/* `never: [export]` switches files off for a package. */
static bool may_take(struct web_request *rq, const struct flow_system *s, struct err *e) {
  const struct privacy *p = s->system->privacy;
  if (!web_query(rq, "as").len || !p || !words_have(&p->never, STR("export"))) return true;
  return fail(e, ERR_NEVER, MSG_lists_never);
}
static bool begin(struct web_request *rq, const struct system_place *at, struct system_asked *a, struct asked *o,
                  struct err *e) {
  a->list = systems_list_of(app_of(rq)->systems, at->record);
  a->ask.of = a;
  TRY(may_take(rq, at->system, e) && table_begin(rq, &a->list->table, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&a->x, rq, r);
  *o = (struct asked){.x = &a->x, .record = at->record};
  return read_where(rq, o, e) && systems_list_ask(rq, a, e);
}
static bool read_way(struct web_request *rq, const struct system_list *l, enum system_way *out, struct err *e) {
  const struct str word = web_query(rq, "by");
  for (int i = 0; i < WAY_COUNT; i++)
    if (str_eqz(word, system_way_words[i]) && system_has_way(l, (enum system_way)i)) {
      *out = (enum system_way)i;
      return true;
    }
  return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("by"), "value", word);
}
static bool way_json(struct web_request *rq, struct web_response *rs, struct system_asked *a, enum system_way way,
                     const struct table_rows *rows, struct err *e) {
  struct system_ways w = {.rq = rq, .a = a, .asked = rows, .json = web_json(rs)};
  json_open(w.json, NULL, '{');
  TRY(show_way(&w, way, e));
  json_close(w.json, '}');
  return true;
}
static bool show_list(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_asked *a = arena_new(rq->mem, struct system_asked); /* a file is read when the handler is over */
  struct asked o;
  struct table_rows rows;
  bool sent = false;
  TRY(systems_place(rq, &at, e));
  TRY(begin(rq, &at, a, &o, e));
  enum system_way way = WAY_LIST;
  TRY(read_way(rq, a->list, &way, e));
  if (way) {
    TRY(table_asked(rq, &a->list->table, &a->ask, &rows, e));
    return rq->json ? way_json(rq, rs, a, way, &rows, e) : list_page(rq, rs, a, way, &rows, e);
  }
  TRY(table_read(rq, &a->list->table, &a->ask, &rows, e));
  if (rq->json && !web_query(rq, "as").len) return list_json(rq, rs, a, &o, &rows, e);
  TRY(table_sent(rq, rs, &a->list->table, &rows, &sent, e));
  return sent || list_page(rq, rs, a, WAY_LIST, &rows, e);
}

const struct route page_system_list_routes[] = {
    {GET, "/s/{system}/{record}", "system.see", show_list,
     "records that are seen; where: a condition over their own fields; and every field of the list by its name; by: "
     "board, "
     "calendar (month), map",
     .query = TABLE_QUERY " show by month state unit where created_from created_to"},
    {0},
};
