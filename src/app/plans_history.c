/* The events of a plan, as people read them. */
#include "app/plans_int.h"
#include "sql.h"
#include "texts.h"

enum { EVENTS_PAGE = 50, EVENTS_PAGE_MAX = 200 };

static struct plan_change_line *line_of(struct arena *mem, struct plan_event *ev, struct str field) {
  vec_each(struct plan_change_line, l, &ev->lines) {
    if (str_eq(l->field, field)) return l;
  }
  vec_push(mem, &ev->lines) = (struct plan_change_line){field, STR(""), STR("")};
  return &vec_last(&ev->lines);
}
static bool read_fields(struct store *r, struct arena *mem, struct plan_event *ev, struct err *e) {
  struct sql_event_fields_rows rows = {0};
  TRY(sql_event_fields(r, mem, &(struct sql_event_fields_in){STORE_TENANT, ev->seq}, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    const struct str field = rows.at[i].field, value = rows.at[i].value.at ? rows.at[i].value : STR("");
    if (str_eqz(field, "reason")) ev->reason = value;
    else if (str_eqz(field, "item")) ev->item = value;
    else if (str_eqz(field, "words")) ev->words = value;
    else if (str_eqz(field, "subject")) ev->subject = value;
    else if (str_starts(field, STR("was."))) line_of(mem, ev, str_from(field, 4))->before = value;
    else if (str_starts(field, STR("now."))) line_of(mem, ev, str_from(field, 4))->after = value;
  }
  return true;
}
static bool mark_undone(struct store *r, struct arena *mem, struct str id, struct plan_history *h, struct err *e) {
  struct sql_plan_act_undone_rows rows = {0};
  if (!h->rows.len) return true;
  TRY(sql_plan_act_undone(r, mem, &(struct sql_plan_act_undone_in){STORE_TENANT, id, vec_last(&h->rows).seq}, SIZE_MAX,
                          &rows, e));
  for (size_t i = 0, k = rows.len; i < h->rows.len; i++) { /* newest first against oldest first */
    while (k && rows.at[k - 1].seq > h->rows.at[i].seq) k--;
    h->rows.at[i].undone = k && rows.at[k - 1].seq == h->rows.at[i].seq;
  }
  return true;
}
bool plans_history(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t before,
                   int most, struct plan_history *out, struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  struct sql_event_of_rows rows = {0};
  struct plan_row row = {0};
  bool found = false;
  if (!r) return false;
  *out = (struct plan_history){0};
  TRY(plans_may(r, who, id, e));
  TRY(plan_store_row(r, mem, id, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_plans_none);
  const int page = most <= 0 ? EVENTS_PAGE : most > EVENTS_PAGE_MAX ? EVENTS_PAGE_MAX : most;
  TRY(sql_event_of(r, mem,
                   &(struct sql_event_of_in){.tenant = STORE_TENANT,
                                             .record = STR("plan"),
                                             .id = id,
                                             .before = before > 0 ? before : INT64_MAX,
                                             .most = page + 1},
                   (size_t)page + 1, &rows, e));
  for (size_t i = 0; i < rows.len && i < (size_t)page; i++) {
    const struct sql_event_of *v = &rows.at[i];
    struct plan_event ev = {.seq = v->seq,
                            .at_us = v->at_us,
                            .actor = v->actor,
                            .act = v->act,
                            .hash = v->hash,
                            .reason = STR(""),
                            .item = STR(""),
                            .words = STR(""),
                            .subject = STR("")};
    TRY(read_fields(r, mem, &ev, e));
    vec_push(mem, &out->rows) = ev;
  }
  if (rows.len > (size_t)page) out->next = vec_last(&out->rows).seq;
  return mark_undone(r, mem, id, out, e);
}
