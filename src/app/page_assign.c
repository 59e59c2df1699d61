/* /plans/{id}/assign: the accepted items of a plan as rows of a sheet that the office goes through and hands out: who leads, who takes
 * part, by when, as one task or one for each measure. What is not typed is what the plan says. */
#include "app/assign.h"
#include "app/views_ledger.h"
#include "engine/plan/correct.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { SHOWN = 60 };
enum show { SHOW_ALL, SHOW_TODO, SHOW_NO_UNIT, SHOW_DONE, SHOW_WAITS, SHOW_COUNT_OF };
static const char *const shows[SHOW_COUNT_OF] = {"all", "todo", "no-unit", "done", "waits"};
static const int show_labels[SHOW_COUNT_OF] = {MSG_assign_all, MSG_assign_todo, MSG_assign_no_unit, MSG_assign_done,
                                               MSG_assign_waits};

struct assign_page {
  struct web_request *rq;
  const struct plan_view *v;
  hand_items items;
  enum show show;
  int64_t from;
  bool keeps; /* refused: what was typed stands */
};

static bool shows_it(const struct hand_item *h, enum show show) {
  switch (show) {
    case SHOW_TODO: return h->state == HAND_READY || h->state == HAND_NO_UNIT;
    case SHOW_NO_UNIT: return h->state == HAND_NO_UNIT;
    case SHOW_DONE: return h->state == HAND_DONE || h->state == HAND_CHANGED;
    case SHOW_WAITS: return h->state == HAND_WAITS;
    default: return true;
  }
}
static size_t how_many(const hand_items *items, enum show show) {
  size_t n = 0;
  vec_each(const struct hand_item, h, items) n += shows_it(h, show);
  return n;
}
static struct str numbered(struct web_request *rq, int msg, size_t n) {
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)n)}};
  return msg_text(rq->mem, rq->lang, msg, args, COUNT_OF(args));
}

/* ---- what was typed ---- */

/* unit.KEY, as the forms of this page name it. */
static const char *field_name(struct web_request *rq, const char *what, uint64_t key) {
  return str_z(rq->mem, str_fmt(rq->mem, "%s." STRF, what, STRA(correct_key_text(rq->mem, key))));
}
static bool typed(struct web_request *rq, const char *what, uint64_t key, struct str *out) {
  const struct str name = str_of(field_name(rq, what, key));
  for (size_t i = 0; i < rq->field_count; i++)
    if (str_eq(rq->fields[i].name, name)) return *out = str_trim(rq->fields[i].value), true;
  return false;
}
static bool is_chosen(struct web_request *rq, uint64_t key) {
  const struct str id = correct_key_text(rq->mem, key);
  for (size_t i = 0; i < rq->field_count; i++) {
    struct str rest = rq->fields[i].value, one;
    if (!str_eqz(rq->fields[i].name, "pick")) continue;
    while (str_cut(rest, STR(","), &one, &rest))
      if (str_eq(str_trim(one), id)) return true;
    if (str_eq(str_trim(rest), id)) return true;
  }
  return false;
}

/* ---- the page ---- */

static struct str names_of(struct web_request *rq, const struct hand_item *h) {
  struct str list = {0};
  vec_each(const struct hand_unit, u, &h->others) list = page_listed(rq->mem, rq->lang, list, u->name);
  return list;
}
static void choose_by(struct assign_page *p, const struct hand_item *h, struct view_hand_row *row) {
  struct web_request *rq = p->rq;
  struct str by = {0};
  enum assign_by now = ASSIGN_ITEM;
  if (p->keeps && typed(rq, "by", h->key, &by)) (void)assign_by_of(by, &now);
  vec_push(rq->mem, &row->by) =
      (struct view_option){STR("item"), page_text(rq, MSG_assign_by_item), now == ASSIGN_ITEM};
  if (h->tasks > 1)
    vec_push(rq->mem, &row->by) =
        (struct view_option){STR("measure"), numbered(rq, MSG_assign_by_measure, h->tasks - 1), now == ASSIGN_MEASURE};
}
static struct str gives(struct web_request *rq, const struct hand_item *h) {
  struct str out = {0};
  if (h->targets) out = numbered(rq, MSG_assign_targets, h->targets);
  if (!h->results) return out;
  const struct str results = numbered(rq, MSG_assign_results, h->results);
  return out.len ? str_fmt(rq->mem, STRF " · " STRF, STRA(out), STRA(results)) : results;
}
static struct str strangers(struct web_request *rq, const struct hand_item *h) {
  struct str list = {0};
  vec_each(const struct str, s, &h->strangers) list = page_listed(rq->mem, rq->lang, list, *s);
  const struct msg_arg args[] = {{"names", list}};
  return list.len ? msg_text(rq->mem, rq->lang, MSG_assign_strangers, args, COUNT_OF(args)) : list;
}
static void fill_inputs(struct assign_page *p, const struct hand_item *h, struct view_hand_row *row) {
  struct web_request *rq = p->rq;
  row->unit = h->lead.name;
  row->others = names_of(rq, h);
  row->due = h->due.kind == TIME_DUE || h->due.to.year ? date_iso(rq->mem, h->due.to) : (struct str){0};
  if (h->due.inferred) row->due_tag = page_text(rq, MSG_assign_inferred);
  row->can = h->state == HAND_READY || h->state == HAND_NO_UNIT;
  row->chosen = h->state == HAND_READY;
  if (!p->keeps) return;
  (void)typed(rq, "unit", h->key, &row->unit);
  (void)typed(rq, "others", h->key, &row->others);
  (void)typed(rq, "due", h->key, &row->due);
  row->chosen = is_chosen(rq, h->key);
}
static struct view_hand_row make_row(struct assign_page *p, const struct hand_item *h) {
  static const int says[HAND_STATE_COUNT] = {MSG_hand_waits, MSG_hand_no_unit, MSG_hand_ready, MSG_hand_done,
                                             MSG_hand_changed};
  static const char *const css[HAND_STATE_COUNT] = {"", "tag-amber", "", "tag-green", "tag-amber"};
  struct web_request *rq = p->rq;
  const struct item *it = &p->v->plan->documents.at[h->ref.document].items.at[h->ref.item];
  const struct str step = plans_item_step(rq->mem, p->v, h->ref);
  struct view_hand_row row = {.key = correct_key_text(rq->mem, h->key),
                              .number = plan_item_number(rq->mem, p->v->plan, it),
                              .title = it->title,
                              .href = str_fmt(rq->mem, "/plans/" STRF "?item=" STRF, STRA(p->v->row.id), STRA(step)),
                              .state = h->state == HAND_READY ? STR("") : page_text(rq, says[h->state]),
                              .css = str_of(css[h->state]),
                              .gives = gives(rq, h),
                              .strangers = strangers(rq, h)};
  if (!row.title.len) row.title = step;
  if (h->task.len) row.task_href = str_fmt(rq->mem, "/s/task/task/" STRF, STRA(h->task));
  fill_inputs(p, h, &row);
  choose_by(p, h, &row);
  return row;
}
static void fill_rows(struct assign_page *p, struct view_hand *v) {
  size_t at = 0, shown = 0;
  const struct section *last = NULL;
  vec_each(const struct hand_item, h, &p->items) {
    const struct document *d = &p->v->plan->documents.at[h->ref.document];
    const struct section *s = &d->sections.at[d->items.at[h->ref.item].section];
    if (!shows_it(h, p->show) || (int64_t)at++ < p->from) continue;
    if (shown++ == SHOWN) {
      v->next = str_fmt(p->rq->mem, "?show=%s&from=%d", shows[p->show], (int)p->from + SHOWN);
      break;
    }
    if (s != last) vec_push(p->rq->mem, &v->bands) = (struct view_hand_band){.label = assign_section(p->rq->mem, s)};
    last = s;
    vec_push(p->rq->mem, &vec_last(&v->bands).rows) = make_row(p, h);
  }
  if (p->from)
    v->prev = str_fmt(p->rq->mem, "?show=%s&from=%d", shows[p->show], p->from > SHOWN ? (int)p->from - SHOWN : 0);
  vec_each(struct view_hand_band, b, &v->bands) b->count = numbered(p->rq, MSG_assign_n, b->rows.len);
}
static void fill_chips(struct assign_page *p, struct view_hand *v) {
  for (int i = 0; i < SHOW_COUNT_OF; i++)
    vec_push(p->rq->mem, &v->chips) =
        (struct view_link){.href = str_fmt(p->rq->mem, "?show=%s", shows[i]),
                           .label = page_text(p->rq, show_labels[i]),
                           .count = str_int(p->rq->mem, (int64_t)how_many(&p->items, (enum show)i)),
                           .current = (int)p->show == i};
}
static void write_page(struct assign_page *p, const struct err *refused, struct web_response *rs) {
  struct web_request *rq = p->rq;
  const struct plan_row *row = &p->v->row;
  const struct str *names = NULL;
  size_t n = 0;
  struct view_hand v = {.lang = rq->lang,
                        .f = page_frame(rq, page_text(rq, MSG_assign_title), PAGE_PLANS, "ui/js/table.js")};
  v.id = row->id;
  v.title = row->title;
  v.back = v.f.back = str_fmt(rq->mem, "/plans/" STRF, STRA(row->id));
  v.rev = str_int(rq->mem, row->rev);
  v.said = page_said(rq);
  if (refused) v.error = err_says(rq->mem, rq->lang, refused);
  v.can_hand = p->v->may.assign && !row->voided;
  v.finding = numbered(rq, MSG_assign_finding, how_many(&p->items, SHOW_TODO));
  fill_chips(p, &v);
  fill_rows(p, &v);
  v.none = !v.bands.len;
  plans_unit_names(plans_of(rq), &names, &n);
  for (size_t i = 0; i < n; i++) vec_push(rq->mem, &v.unit_names) = names[i];
  page_assign(&rs->body, &v);
}
static void write_json(const struct assign_page *p, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  struct arena *mem = p->rq->mem;
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct hand_item, h, &p->items) {
    if (!shows_it(h, p->show)) continue;
    json_open(j, NULL, '{');
    json_str(j, "item", correct_key_text(mem, h->key));
    json_str(j, "path", plans_item_step(mem, p->v, h->ref));
    json_str(j, "title", p->v->plan->documents.at[h->ref.document].items.at[h->ref.item].title);
    json_str(j, "state", str_of(hand_state_word(h->state)));
    json_str(j, "unit", h->lead.id);
    json_open(j, "others", '[');
    vec_each(const struct hand_unit, u, &h->others) json_str(j, NULL, u->id);
    json_close(j, ']');
    json_str(j, "due", date_iso(mem, h->due.to));
    json_bool(j, "inferred", h->due.inferred);
    json_int(j, "tasks", (int64_t)h->tasks);
    json_int(j, "targets", (int64_t)h->targets);
    json_int(j, "results", (int64_t)h->results);
    json_str(j, "task", h->task);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str(j, "next", STR(""));
  json_close(j, '}');
}
static bool read_page(struct assign_page *p, struct store *s, struct err *e) {
  const struct str show = web_query(p->rq, "show");
  for (int i = 0; i < SHOW_COUNT_OF; i++)
    if (str_eqz(show, shows[i])) p->show = (enum show)i;
  TRY(web_int(p->rq, "from", 0, 1000000, 0, &p->from, e));
  return assign_items(s, p->rq->mem, p->v, &p->items, e);
}
static bool show_assign(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct assign_page p = {.rq = rq, .v = v};
  TRY(r && read_page(&p, r, e));
  if (rq->json) write_json(&p, rs);
  else write_page(&p, NULL, rs);
  return true;
}

/* ---- handing out ---- */

struct reading {
  struct assign_page *p;
  struct store *s;
};
static bool unit_of(const struct reading *r, const struct hand_item *h, struct str said, struct str *out,
                    struct err *e) {
  struct sql_unit_called_rows rows = {0};
  struct sql_unit_get unit = {0};
  bool found = false;
  struct arena *mem = r->p->rq->mem;
  *out = (struct str){0};
  if (!said.len) return true;
  if (str_eq(said, h->lead.name)) return *out = h->lead.id, true;
  vec_each(const struct hand_unit, u, &h->others)
    if (str_eq(u->name, said)) return *out = u->id, true;
  TRY(sql_unit_get(r->s, mem, &(struct sql_unit_get_in){STORE_TENANT, said}, &unit, &found, e));
  if (found) return *out = said, true;
  TRY(sql_unit_called(r->s, mem, &(struct sql_unit_called_in){STORE_TENANT, said, r->p->v->row.unit, 2}, 2, &rows, e));
  const bool one = rows.len == 1 || (rows.len > 1 && rows.at[0].near && !rows.at[1].near);
  if (!one)
    return fail(e, ERR_INVALID, rows.len ? MSG_assign_unit_twice : MSG_assign_unit_none, "name", STR("unit"), "unit",
                said);
  *out = rows.at[0].id;
  return true;
}
static bool units_of(const struct reading *r, const struct hand_item *h, struct str said, struct str *out,
                     struct err *e) {
  struct arena *mem = r->p->rq->mem;
  struct str rest = str_replace(mem, str_replace(mem, said, STR("、"), STR(",")), STR("，"), STR(",")), one, id;
  *out = (struct str){0};
  while (rest.len) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    TRY(unit_of(r, h, str_trim(one), &id, e));
    if (id.len) *out = out->len ? str_fmt(mem, STRF "," STRF, STRA(*out), STRA(id)) : id;
  }
  return true;
}
static bool read_due(struct web_request *rq, const struct hand_item *h, struct hand_choice *c, struct err *e) {
  const struct str own = date_iso(rq->mem, h->due.to);
  struct str said = own;
  struct date day;
  (void)typed(rq, "due", h->key, &said);
  if (said.len && !date_parse(said, h->due.to.year, &day))
    return fail(e, ERR_INVALID, MSG_assign_bad_day, "value", said);
  c->due = said.len ? date_iso(rq->mem, day) : said;
  c->is_due_stated = !h->due.inferred || !str_eq(c->due, own);
  return true;
}
/* What was typed; what was not sent is what the plan says. */
static bool read_choice(const struct reading *r, const struct hand_item *h, struct hand_choice *out, struct err *e) {
  struct web_request *rq = r->p->rq;
  struct str unit = h->lead.name, others = names_of(rq, h), by = {0};
  struct hand_choice c = {.key = h->key};
  (void)typed(rq, "unit", h->key, &unit);
  (void)typed(rq, "others", h->key, &others);
  if (typed(rq, "by", h->key, &by) && !assign_by_of(by, &c.by))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("by"), "value", by);
  TRY(unit_of(r, h, unit, &c.unit, e) && units_of(r, h, others, &c.others, e) && read_due(rq, h, &c, e));
  *out = c;
  return true;
}
static bool hand_out(struct assign_page *p, struct hand_done *done, struct err *e) {
  AUTO_READ *s = store_read_begin(app_of(p->rq)->store, e);
  struct hand_choice choices[HAND_ITEMS_MAX];
  const struct reading r = {p, s};
  size_t n = 0;
  TRY(s && read_page(p, s, e));
  vec_each(const struct hand_item, h, &p->items) {
    if (!is_chosen(p->rq, h->key)) continue;
    if (n == HAND_ITEMS_MAX)
      return fail(e, ERR_TOO_MANY, MSG_ledger_too_many_items, "limit", str_int(p->rq->mem, HAND_ITEMS_MAX));
    TRY(read_choice(&r, h, &choices[n++], e));
  }
  return assign_hand_out(p->rq, p->v, choices, n, done, e);
}
static void answer_json(const struct hand_done *done, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "items", (int64_t)done->items);
  json_int(j, "tasks", (int64_t)done->tasks);
  json_int(j, "targets", (int64_t)done->targets);
  json_int(j, "results", (int64_t)done->results);
  json_close(j, '}');
  json_close(j, '}');
}
static bool post_assign(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  struct hand_done done;
  int64_t rev = 0;
  TRY(web_int(rq, "rev", 0, INT64_MAX, 0, &rev, e));
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  struct assign_page p = {.rq = rq, .v = v};
  if (rev && rev != v->row.rev) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  if (hand_out(&p, &done, e)) {
    if (rq->json) answer_json(&done, rs);
    else web_redirect(rs, str_fmt(rq->mem, "/plans/" STRF "/assign?show=done&did=assign", STRA(v->row.id)));
    return true;
  }
  if (rq->json || err_http(e->code) >= 500 || !p.items.len) return false;
  const struct err refused = *e;
  p.keeps = true;
  rs->status = err_http(e->code);
  *e = (struct err){0};
  write_page(&p, &refused, rs);
  return true;
}

const struct route page_assign_routes[] = {
    {GET, "/plans/{id}/assign", "plan.assign", show_assign,
     "items of an accepted plan and what they would be handed out as", .query = "show from"},
    {POST, "/plans/{id}/assign", "plan.assign", post_assign,
     "hand out the items picked: tasks, targets and deliverables are made; unit.KEY others.KEY due.KEY by.KEY (item, "
     "measure) where "
     "they differ from the plan",
     .form = "pick! rev", .query = "show from"},
    {0},
};
