/* /ledger/overview: how a plan stands, in one screen: a sentence, the lamps of every unit by the sections of the plan, what is over and what
 * comes due. Counts the tasks that stand for items; their parts are in the ledger. */
#include "app/ledger_tree.h"
#include "app/views_ledger.h"
#include "pages.h"
#include "texts.h"

enum { TOPS_MOST = 1000, LISTED = 8, SOON_DAYS = 14 };
static const int64_t day_us = INT64_C(86400) * 1000000;

struct overview {
  struct web_request *rq;
  struct ledger_outline plan;
  ledger_tasks tasks;
  VEC(int32_t) tops;
  struct view_overview *v;
};

static struct str numbered(struct web_request *rq, int msg, size_t n) {
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)n)}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}
static struct str address(struct overview *o, const char *show, struct str unit) {
  const struct str s = str_fmt(o->rq->mem, "/ledger?plan=" STRF "&show=%s", STRA(o->plan.id), show);
  return unit.len ? str_fmt(o->rq->mem, STRF "&unit=" STRF, STRA(s), STRA(unit)) : s;
}
/* 一、扩大资源供给 of 一、扩大资源供给，把学位建到群众家门口. */
static struct str short_label(struct str label) {
  struct str head, rest;
  return str_cut(label, STR("，"), &head, &rest) ? head : label;
}
static int section_of(const struct overview *o, struct str item) {
  for (size_t s = 0; s < o->plan.sections.len; s++)
    vec_each(const struct ledger_entry, x, &o->plan.sections.at[s].entries)
      if (str_eq(x->item, item)) return (int)s;
  return -1;
}

/* ---- the matrix ---- */

static struct view_overview_row *row_of(struct overview *o, const struct ledger_task *t) {
  const struct str name = t->unit_name.len ? t->unit_name : page_text(o->rq, MSG_overview_nobody);
  vec_each(struct view_overview_row, r, &o->v->rows)
    if (str_eq(r->unit, name)) return r;
  struct view_overview_row row = {.unit = name};
  if (t->unit.len) row.href = address(o, "all", t->unit);
  for (size_t i = 0; i < o->plan.sections.len; i++) vec_push(o->rq->mem, &row.cells) = (struct view_overview_cell){0};
  vec_push(o->rq->mem, &o->v->rows) = row;
  return &vec_last(&o->v->rows);
}
static void fill_matrix(struct overview *o) {
  vec_each(const struct ledger_section, s, &o->plan.sections)
    vec_push(o->rq->mem, &o->v->heads) = (struct view_overview_head){short_label(s->label), s->label, 0};
  vec_each(const int32_t, at, &o->tops) {
    const struct ledger_task *t = &o->tasks.at[*at];
    const int section = section_of(o, t->item);
    struct view_overview_row *row = row_of(o, t);
    if (section < 0) continue; /* its item is no more in the plan */
    row->total++;
    o->v->heads.at[section].total++;
    vec_push(o->rq->mem, &row->cells.at[section].lamps) =
        (struct view_overview_lamp){.css = t->lamp.len ? t->lamp : STR("n"),
                                    .href = str_fmt(o->rq->mem, "/s/task/task/" STRF, STRA(t->id)),
                                    .says = str_fmt(o->rq->mem, STRF " " STRF, STRA(t->title),
                                                    STRA(t->says.len ? t->says : ledger_state_says(o->rq, t->state)))};
  }
}

/* ---- the lists, the sentence ---- */

static void list_task(struct overview *o, view_links *list, const struct ledger_task *t) {
  if (list->len >= LISTED) return;
  const struct str day = ledger_day(o->rq, t->due);
  vec_push(o->rq->mem, list) =
      (struct view_link){.href = str_fmt(o->rq->mem, "/s/task/task/" STRF, STRA(t->id)),
                         .label = t->title,
                         .count = str_fmt(o->rq->mem, STRF "%s" STRF "%s" STRF, STRA(t->says), day.len ? " · " : "",
                                          STRA(day), t->unit_name.len ? " · " : "", STRA(t->unit_name))};
}
static void fill_lists(struct overview *o) {
  size_t over = 0, near = 0, done = 0;
  vec_each(const int32_t, at, &o->tops) {
    const struct ledger_task *t = &o->tasks.at[*at];
    done += t->is_ended;
    over += t->is_over;
    near += !t->is_over && str_eqz(t->lamp, "y");
    if (t->is_over) list_task(o, &o->v->over, t);
    else if (t->is_running && t->due_us - o->rq->now_us < SOON_DAYS * day_us) list_task(o, &o->v->soon, t);
  }
  o->v->all_says = numbered(o->rq, MSG_overview_all, o->tops.len);
  o->v->over_n = over ? str_int(o->rq->mem, (int64_t)over) : (struct str){0};
  o->v->near_n = near ? str_int(o->rq->mem, (int64_t)near) : (struct str){0};
  o->v->done_n = done ? str_int(o->rq->mem, (int64_t)done) : (struct str){0};
  o->v->rest_says = numbered(o->rq, MSG_overview_rest, o->tops.len - over - near - done);
  o->v->over_href = address(o, "over", (struct str){0});
  o->v->soon_href = address(o, "soon", (struct str){0});
  o->v->done_href = address(o, "done", (struct str){0});
}

/* ---- the page ---- */

static void write_json(const struct overview *o, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_str(j, "plan", o->plan.id);
  json_open(j, "rows", '[');
  vec_each(const struct view_overview_row, r, &o->v->rows) {
    json_open(j, NULL, '{');
    json_str(j, "unit", r->unit);
    json_int(j, "total", r->total);
    json_open(j, "sections", '[');
    vec_each(const struct view_overview_cell, c, &r->cells) {
      json_open(j, NULL, '[');
      vec_each(const struct view_overview_lamp, l, &c->lamps) json_str(j, NULL, l->css);
      json_close(j, ']');
    }
    json_close(j, ']');
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str(j, "next", STR(""));
  json_close(j, '}');
}
static bool read_tasks(struct overview *o, struct store *s, struct err *e) {
  TRY(ledger_outline(o->rq, o->plan.id, &o->plan, e) && ledger_tasks_of(o->rq, s, o->plan.id, &o->tasks, e));
  for (size_t i = 0; i < o->tasks.len && o->tops.len < TOPS_MOST; i++)
    if (o->tasks.at[i].parent < 0) vec_push(o->rq->mem, &o->tops) = (int32_t)i;
  return ledger_lamps(o->rq, s, &o->tasks, o->tops.at, o->tops.len, e);
}
static bool show_overview(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  struct view_overview v = {.lang = rq->lang,
                            .f = page_frame(rq, page_text(rq, MSG_overview_title), PAGE_LEDGER, NULL)};
  struct overview o = {.rq = rq, .v = &v};
  struct str *ids = NULL;
  size_t n = 0;
  TRY(s && ledger_plans(rq, s, &ids, &n, e));
  o.plan.id = web_query(rq, "plan");
  if (!o.plan.id.len && n) o.plan.id = ids[0];
  if (o.plan.id.len) TRY(read_tasks(&o, s, e));
  v.has_plan = o.plan.id.len > 0;
  v.title = o.plan.title;
  v.ledger_href = v.has_plan ? address(&o, "all", (struct str){0}) : STR("/ledger");
  v.as_of = page_moment_of(rq->mem, rq->now_us);
  fill_matrix(&o);
  fill_lists(&o);
  v.is_none = !o.tops.len;
  if (rq->json) write_json(&o, rs);
  else page_overview(&rs->body, &v);
  return true;
}

const struct route page_ledger_home_routes[] = {
    {GET, "/ledger/overview", "system.see", show_overview,
     "how a plan stands: lamps by unit and section, what is over, what comes due", .query = "plan"},
    {0},
};
