/* /ledger: the tasks of a plan in the order of the plan, section by section, with what came of each item below it: who leads, by when,
 * the lamp, how far. Filters keep what stands above a row that fits. */
#include "app/ledger_tree.h"
#include "app/views_ledger.h"
#include "pages.h"
#include "texts.h"

enum { OPEN_MOST = 200, SHOWN_MOST = 400, SOON_DAYS = 14 };
enum show { SHOW_EVERY, SHOW_OVER, SHOW_SOON, SHOW_UNSIGNED, SHOW_DONE, SHOWS };
static const char *const shows[SHOWS] = {"all", "over", "soon", "unsigned", "done"};
static const int labels[SHOWS] = {MSG_ledger_all, MSG_ledger_over, MSG_ledger_soon, MSG_ledger_unsigned,
                                  MSG_ledger_done};
static const int64_t day_us = INT64_C(86400) * 1000000;

struct ledger_page {
  struct web_request *rq;
  struct ledger_outline plan;
  ledger_tasks tasks;
  enum show show;
  struct str unit, words;
  bool *fits; /* itself or something below it */
  VEC(struct str) open;
  bool all_open;
  VEC(int32_t) shown; /* tasks whose row is shown: their lamps are asked for */
  size_t rows;
  bool cut; /* more rows than are shown */
};

/* ---- what fits ---- */

static bool is_soon(const struct ledger_page *p, const struct ledger_task *t) {
  return t->is_running && !t->is_over && t->due_us - p->rq->now_us < SOON_DAYS * day_us;
}
static bool shows_it(const struct ledger_page *p, const struct ledger_task *t, enum show show) {
  switch (show) {
    case SHOW_OVER: return t->is_over;
    case SHOW_SOON: return is_soon(p, t);
    case SHOW_UNSIGNED: return str_eqz(t->state, "issued") || str_eqz(t->state, "returned");
    case SHOW_DONE: return t->is_ended;
    default: return true;
  }
}
static bool fits(const struct ledger_page *p, const struct ledger_task *t) {
  if (!shows_it(p, t, p->show)) return false;
  if (p->unit.len && !str_eq(t->unit, p->unit)) return false;
  return !p->words.len || str_find(t->title, p->words) != STR_NONE || str_find(t->number, p->words) != STR_NONE;
}
/* A task stands behind the one it is a part of, so that from the end everything below is known. */
static void judge(struct ledger_page *p) {
  p->fits = arena_new_n(p->rq->mem, bool, p->tasks.len + 1);
  for (size_t i = 0; i < p->tasks.len; i++) {
    if (!fits(p, &p->tasks.at[i])) continue;
    for (int32_t k = (int32_t)i; k >= 0 && !p->fits[k]; k = p->tasks.at[k].parent) p->fits[k] = true;
  }
}
static bool is_filtered(const struct ledger_page *p) { return p->show || p->unit.len || p->words.len; }

/* ---- addresses ---- */

static struct str ids_but(struct ledger_page *p, struct str id, bool *out_was) {
  struct str list = {0};
  *out_was = false;
  vec_each(const struct str, o, &p->open) {
    if (str_eq(*o, id)) *out_was = true;
    else list = list.len ? str_fmt(p->rq->mem, STRF "," STRF, STRA(list), STRA(*o)) : *o;
  }
  return list;
}
static struct str address(struct ledger_page *p, enum show show, struct str open) {
  struct str s = str_fmt(p->rq->mem, "/ledger?plan=" STRF "&show=%s", STRA(p->plan.id), shows[show]);
  if (p->unit.len) s = str_fmt(p->rq->mem, STRF "&unit=" STRF, STRA(s), STRA(p->unit));
  if (p->words.len) s = str_fmt(p->rq->mem, STRF "&q=" STRF, STRA(s), STRA(web_escape(p->rq->mem, p->words)));
  return open.len ? str_fmt(p->rq->mem, STRF "&open=" STRF, STRA(s), STRA(open)) : s;
}
static bool is_open(struct ledger_page *p, struct str id) {
  bool was = false;
  if (p->all_open || is_filtered(p)) return true;
  (void)ids_but(p, id, &was);
  return was;
}
static struct str toggle(struct ledger_page *p, struct str id) {
  bool was = false;
  const struct str others = ids_but(p, id, &was);
  if (was || p->open.len >= OPEN_MOST) return address(p, p->show, others);
  return address(p, p->show, others.len ? str_fmt(p->rq->mem, STRF "," STRF, STRA(others), STRA(id)) : id);
}

/* ---- rows ---- */

static int elapsed(const struct ledger_page *p, const struct ledger_task *t) {
  const int64_t all = t->due_us - t->started_us, gone = p->rq->now_us - t->started_us;
  if (!t->due_us || all <= 0 || t->is_ended) return -1;
  return gone <= 0 ? 0 : gone >= all ? 100 : (int)(gone * 100 / all);
}
static void add_row(struct ledger_page *p, struct view_ledger_band *band, int32_t at, struct str number, int depth) {
  const struct ledger_task *t = &p->tasks.at[at];
  if (!p->fits[at]) return;
  if (++p->rows > SHOWN_MOST) {
    p->cut = true;
    return;
  }
  const bool open = t->children.len && is_open(p, t->id);
  struct view_ledger_row row = {.number = number,
                                .title = t->title,
                                .href = str_fmt(p->rq->mem, "/s/task/task/" STRF, STRA(t->id)),
                                .unit = t->unit_name,
                                .due = ledger_day(p->rq, t->due),
                                .state = ledger_state_says(p->rq, t->state),
                                .depth = depth,
                                .at = at,
                                .share = t->share,
                                .has_share = t->share >= 0,
                                .mark = elapsed(p, t),
                                .is_open = open};
  row.has_mark = row.mark >= 0;
  if (row.has_share) row.percent = str_fmt(p->rq->mem, "%d%%", t->share);
  if (t->children.len && !is_filtered(p)) row.toggle = toggle(p, t->id);
  vec_push(p->rq->mem, &band->rows) = row;
  vec_push(p->rq->mem, &p->shown) = at;
  for (size_t i = 0; open && i < t->children.len; i++) add_row(p, band, t->children.at[i], STR(""), depth + 1);
}
static struct str percent_of(struct ledger_page *p, const struct view_ledger_band *band) {
  int sum = 0, n = 0;
  vec_each(const struct view_ledger_row, r, &band->rows)
    if (!r->depth && r->has_share) sum += r->share, n++;
  return n ? str_fmt(p->rq->mem, "%d%%", sum / n) : (struct str){0};
}
static bool is_top(const struct ledger_task *t) { return t->parent < 0; }
static void add_entry(struct ledger_page *p, struct view_ledger_band *band, const struct ledger_entry *x) {
  const struct str number = x->number;
  bool any = false;
  for (size_t i = 0; i < p->tasks.len; i++) {
    const struct ledger_task *t = &p->tasks.at[i];
    if (!is_top(t) || !str_eq(t->item, x->item)) continue;
    add_row(p, band, (int32_t)i, any ? STR("") : number, 0);
    any = true;
  }
  if (any || is_filtered(p)) return;
  vec_push(p->rq->mem, &band->rows) = (struct view_ledger_row){
      .number = number, .title = x->title, .state = page_text(p->rq, MSG_ledger_not_handed), .at = -1};
}
static void fill_bands(struct ledger_page *p, struct view_ledger *v) {
  vec_each(const struct ledger_section, s, &p->plan.sections) {
    struct view_ledger_band band = {.label = s->label};
    vec_each(const struct ledger_entry, x, &s->entries) add_entry(p, &band, x);
    if (!band.rows.len) continue;
    size_t n = 0;
    vec_each(const struct view_ledger_row, r, &band.rows) n += !r->depth;
    const struct msg_arg args[] = {{"n", str_int(p->rq->mem, (int64_t)n)}};
    band.count = msg_text(p->rq->mem, p->rq->lang, MSG_ledger_n, args, 1);
    band.percent = percent_of(p, &band);
    vec_push(p->rq->mem, &v->bands) = band;
  }
}
static bool fill_lamps(struct ledger_page *p, struct store *s, struct view_ledger *v, struct err *e) {
  TRY(ledger_lamps(p->rq, s, &p->tasks, p->shown.at, p->shown.len, e));
  vec_each(struct view_ledger_band, b, &v->bands)
    vec_each(struct view_ledger_row, r, &b->rows) {
      if (r->at < 0) continue;
      const struct ledger_task *t = &p->tasks.at[r->at];
      r->lamp = t->lamp;
      r->says = t->says;
      if (!r->lamp.len) r->says = r->state;
    }
  return true;
}

/* ---- filters ---- */

static void fill_tabs(struct ledger_page *p, struct view_ledger *v) {
  for (int i = 0; i < SHOWS; i++) {
    size_t n = 0;
    vec_each(const struct ledger_task, t, &p->tasks)
      n += (i ? shows_it(p, t, (enum show)i) : is_top(t)) && (!p->unit.len || str_eq(t->unit, p->unit));
    vec_push(p->rq->mem, &v->tabs) = (struct view_link){.href = address(p, (enum show)i, (struct str){0}),
                                                        .label = page_text(p->rq, labels[i]),
                                                        .count = str_int(p->rq->mem, (int64_t)n),
                                                        .current = (int)p->show == i};
  }
}
static void fill_units(struct ledger_page *p, struct view_ledger *v) {
  vec_each(const struct ledger_task, t, &p->tasks) {
    bool known = !t->unit.len;
    vec_each(const struct view_option, k, &v->units) known |= str_eq(k->value, t->unit);
    if (known) continue;
    vec_push(p->rq->mem, &v->units) = (struct view_option){t->unit, t->unit_name, str_eq(p->unit, t->unit)};
  }
}
static bool fill_plans(struct ledger_page *p, const struct str *ids, size_t n, struct view_ledger *v, struct err *e) {
  for (size_t i = 0; i < n; i++) {
    struct ledger_outline other;
    if (str_eq(ids[i], p->plan.id)) other = p->plan;
    else TRY(ledger_outline(p->rq, ids[i], &other, e));
    vec_push(p->rq->mem, &v->plans) = (struct view_option){ids[i], other.title, str_eq(ids[i], p->plan.id)};
  }
  return true;
}

/* ---- the page ---- */

static void read_ask(struct ledger_page *p) {
  struct str rest = web_query(p->rq, "open"), one;
  const struct str show = web_query(p->rq, "show");
  for (int i = 0; i < SHOWS; i++)
    if (str_eqz(show, shows[i])) p->show = (enum show)i;
  p->unit = str_trim(web_query(p->rq, "unit"));
  p->words = str_trim(web_query(p->rq, "q"));
  p->all_open = str_eqz(rest, "all");
  while (!p->all_open && rest.len && p->open.len < OPEN_MOST) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    if (one.len) vec_push(p->rq->mem, &p->open) = one;
  }
}
static void write_json(const struct ledger_page *p, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_str(j, "plan", p->plan.id);
  json_open(j, "rows", '[');
  for (size_t i = 0; i < p->tasks.len; i++) {
    const struct ledger_task *t = &p->tasks.at[i];
    if (!p->fits[i]) continue;
    json_open(j, NULL, '{');
    json_str(j, "id", t->id);
    json_str(j, "number", t->number);
    json_str(j, "title", t->title);
    json_str(j, "state", t->state);
    json_str(j, "item", t->item);
    json_str(j, "parent", t->above);
    json_str(j, "unit", t->unit);
    json_str(j, "due", t->due);
    json_bool(j, "over", t->is_over);
    if (t->share >= 0) json_int(j, "share", t->share);
    else json_str_or_null(j, "share", (struct str){0});
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str(j, "next", STR(""));
  json_close(j, '}');
}
static bool write_page(struct ledger_page *p, struct store *s, const struct str *ids, size_t n, struct web_response *rs,
                       struct err *e) {
  struct web_request *rq = p->rq;
  struct view_ledger v = {.lang = rq->lang,
                          .f = page_frame(rq, page_text(rq, MSG_ledger_title), PAGE_LEDGER, "ui/js/table.js")};
  v.has_plan = n > 0;
  v.sees_plans = page_may(rq, "plan.see");
  v.id = p->plan.id;
  v.title = p->plan.title;
  v.show = str_of(shows[p->show]);
  v.words = p->words;
  v.is_all_open = p->all_open;
  if (n) {
    fill_bands(p, &v);
    fill_tabs(p, &v);
    fill_units(p, &v);
    TRY(fill_lamps(p, s, &v, e) && fill_plans(p, ids, n, &v, e));
    v.open_all = p->all_open ? address(p, p->show, (struct str){0}) : address(p, p->show, STR("all"));
    v.assign_href = page_may(rq, "plan.assign") ? str_fmt(rq->mem, "/plans/" STRF "/assign?show=todo", STRA(p->plan.id))
                                                : (struct str){0};
  }
  v.is_none = n && !v.bands.len;
  if (p->cut) v.cut = page_text(rq, MSG_ledger_cut);
  page_ledger(&rs->body, &v);
  return true;
}
static bool show_ledger(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  struct ledger_page p = {.rq = rq};
  struct str *ids = NULL, plan = web_query(rq, "plan");
  size_t n = 0;
  read_ask(&p);
  TRY(s && ledger_plans(rq, s, &ids, &n, e));
  if (!plan.len && n) plan = ids[0];
  if (plan.len) TRY(ledger_outline(rq, plan, &p.plan, e) && ledger_tasks_of(rq, s, plan, &p.tasks, e));
  judge(&p);
  if (rq->json) write_json(&p, rs);
  else return write_page(&p, s, ids, plan.len ? n : 0, rs, e);
  return true;
}

const struct route page_ledger_routes[] = {
    {GET, "/ledger", "system.see", show_ledger, "the tasks of a plan as a tree, in the order of the plan",
     .query = "plan show unit q open"},
    {0},
};
