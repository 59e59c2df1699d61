/* Rows of the search made of records. A plan's items are put as one: what has not changed since costs a comparison, so
 * that a correction of one item writes one row. */
#include "app/find.h"

#include <stdlib.h>

#include "app/systems_start.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "sql.h"
#include "text/han.h"

bool find_put(struct store *tx, const struct search_row *row, struct err *e) {
  AUTO_ARENA mem = {0};
  struct search_row folded = *row;
  folded.title = han_fold(&mem, row->title);
  folded.body = han_fold(&mem, row->body);
  return search_put(tx, &folded, e);
}

/* ---- plans ---- */

static const struct str plan_kind = STR_INIT("plan"), item_kind = STR_INIT("item");

static struct str plan_body(struct arena *mem, const struct plan_row *r) {
  const struct str year = r->year ? str_int(mem, r->year) : STR("");
  return str_fmt(mem, STRF "\n" STRF "\n" STRF "\n" STRF, STRA(r->issuer), STRA(r->number), STRA(r->name), STRA(year));
}
static struct str item_body(struct arena *mem, const struct plan *p, const struct item *it) {
  AUTO_BUF b = BUF_MAX(SEARCH_TEXT_MAX);
  const plan_spans spans = plan_item_stretches(mem, p, it, false);
  vec_each(const struct span, s, &spans) {
    if (b.len) buf_byte(&b, '\n');
    const struct str words = str_slice(p->folded, s->at, s->end);
    if (words.len > SEARCH_TEXT_MAX - b.len) break; /* the rest is not searched */
    buf_str(&b, words);
  }
  return str_dup(mem, buf_view(&b));
}
/* "2.9", in a further document "2:2.9". */
static struct str item_step(struct arena *mem, size_t document, const struct item *it) {
  const struct str path = render_path(mem, it);
  return document ? str_fmt(mem, "%zu:" STRF, document + 1, STRA(path)) : path;
}
struct numbered {
  struct str step;
  size_t index;
};
static int by_step(const void *a, const void *b) {
  const struct numbered *x = a, *y = b;
  const int order = str_cmp(x->step, y->step);
  return order ? order : (x->index > y->index) - (x->index < y->index);
}
/* Steps of a document's items, each its own: "~2" stands behind the second of one number. */
static struct str *own_steps(struct arena *mem, const struct plan *p, size_t document) {
  const struct document *d = &p->documents.at[document];
  struct numbered *all = arena_new_n(mem, struct numbered, d->items.len);
  struct str *out = arena_new_n(mem, struct str, d->items.len);
  for (size_t i = 0; i < d->items.len; i++) all[i] = (struct numbered){item_step(mem, document, &d->items.at[i]), i};
  qsort(all, d->items.len, sizeof *all, by_step);
  for (size_t i = 0, nth = 1; i < d->items.len; i++) {
    nth = i && str_eq(all[i - 1].step, all[i].step) ? nth + 1 : 1;
    out[all[i].index] = nth > 1 ? str_fmt(mem, STRF "~%zu", STRA(all[i].step), nth) : all[i].step;
  }
  return out;
}
bool find_put_plan(struct store *tx, const struct plan_row *row, const struct plan *p, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str prefix = str_join(&mem, row->id, STR("/"));
  VEC(struct search_row) rows = {0};
  for (size_t d = 0; d < p->documents.len; d++) {
    const struct str *steps = own_steps(&mem, p, d);
    for (size_t i = 0; i < p->documents.at[d].items.len; i++) {
      const struct item *it = &p->documents.at[d].items.at[i];
      vec_push(&mem, &rows) =
          (struct search_row){item_kind, str_join(&mem, prefix, steps[i]), STR(""), it->title, item_body(&mem, p, it)};
    }
  }
  TRY(search_put_all(tx, item_kind, prefix, rows.at, rows.len, e));
  return find_put(tx, &(struct search_row){plan_kind, row->id, STR(""), row->title, plan_body(&mem, row)}, e);
}
bool find_drop_plan(struct store *tx, struct str id, struct err *e) {
  AUTO_ARENA mem = {0};
  return search_put_all(tx, item_kind, str_join(&mem, id, STR("/")), NULL, 0, e) && search_drop(tx, plan_kind, id, e);
}

/* ---- asking ---- */

/* Hits of one plan come together: each plan is asked about once. */
struct seen_plan {
  struct str id;
  bool is;
};
struct looker {
  struct arena *mem;
  struct store *s;
  const struct who *who;
  VEC(struct seen_plan) known;
  struct err *e;
  bool failed;
};
static bool sees_row(void *arg, const struct search_row *row) {
  struct looker *l = arg;
  struct str plan = row->id, step;
  if (str_eq(row->kind, item_kind)) (void)str_cut(row->id, STR("/"), &plan, &step);
  vec_each(const struct seen_plan, x, &l->known)
    if (str_eq(x->id, plan)) return x->is;
  struct seen_plan now = {.id = str_dup(l->mem, plan)};
  l->failed = l->failed || !who_filter(l->who, l->s, "plan", &now.id, 1, &now.is, l->e);
  if (l->failed) return false;
  vec_push(l->mem, &l->known) = now;
  return now.is;
}
bool find_words(struct store *session, struct arena *mem, const struct who *who, const struct search_question *q,
                struct search_hits *out, struct err *e) {
  struct looker l = {.mem = mem, .s = session, .who = who, .e = e};
  struct search_question folded = *q;
  if (utf8_valid(q->words)) folded.words = han_fold(mem, q->words);
  folded.may_see = sees_row;
  folded.arg = &l;
  return search_find(session, mem, &folded, out, e) && !l.failed;
}
struct str find_address(struct arena *mem, const struct search_row *row) {
  struct str plan, step, same;
  if (str_eq(row->kind, plan_kind)) return str_fmt(mem, "/plans/" STRF, STRA(row->id));
  if (!str_eq(row->kind, item_kind) || !str_cut(row->id, STR("/"), &plan, &step)) return STR("");
  (void)str_cut(step, STR("~"), &step, &same);
  return str_fmt(mem, "/plans/" STRF "?item=" STRF, STRA(plan), STRA(step));
}

/* ---- all of it ---- */

static bool forget_plans(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  return search_drop_kind(tx, plan_kind, e) && search_drop_kind(tx, item_kind, e) && search_rebuild(tx, e);
}
static bool put_view(struct store *tx, void *arg, struct err *e) {
  const struct plan_view *v = arg;
  struct plan_row row = {0};
  AUTO_ARENA mem = {0};
  bool found = false;
  TRY(plan_store_row(tx, &mem, v->row.id, &row, &found, e));
  if (!found || row.voided) return true;
  return row.rev == v->row.rev ? find_put_plan(tx, &v->row, v->plan, e) : fail(e, ERR_CONFLICT, 0);
}
/* Again when the plan was changed meanwhile. */
static const struct plans_who program = {.asks = &who_program};
static bool put_again(struct plans *s, struct store *store, struct str id, struct err *e) {
  do {
    AUTO_ARENA mem = {0};
    AUTO_VIEW *v = NULL;
    *e = (struct err){0};
    if (plans_open(s, &mem, &program, id, 0, &v, e) && store_write(store, put_view, v, e)) return true;
  } while (e->code == ERR_CONFLICT);
  return false;
}
bool find_rebuild(struct plans *s, const struct systems *systems, struct store *store, int64_t *out_rows,
                  struct err *e) {
  AUTO_ARENA mem = {0};
  plan_rows all = {0};
  struct sql_search_row_count count = {0};
  TRY(store_write(store, forget_plans, NULL, e));
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !plan_store_newest(r, &mem, (struct list_scope){0}, INT32_MAX, &all, e)) return false;
  store_read_end(&r);
  for (size_t i = all.len; i > 0; i--) TRY(put_again(s, store, all.at[i - 1].id, e));
  if (systems) TRY(systems_words_again(systems, store, e));
  AUTO_READ *after = store_read_begin(store, e);
  if (!after || !sql_search_row_count(after, &mem, &(struct sql_search_row_count_in){STORE_TENANT}, &count, NULL, e))
    return false;
  *out_rows = count.rows;
  return true;
}
bool find_begin(struct plans *s, struct store *store, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_search_head_get head = {0};
  plan_rows some = {0};
  bool found = false;
  int64_t rows = 0;
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !sql_search_head_get(r, &mem, &(struct sql_search_head_get_in){STORE_TENANT}, &head, &found, e) ||
      !plan_store_newest(r, &mem, (struct list_scope){0}, 1, &some, e))
    return false;
  store_read_end(&r);
  return found || !some.len || find_rebuild(s, NULL, store, &rows, e);
}
