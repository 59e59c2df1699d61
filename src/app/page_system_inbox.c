/* 待办: everything that somebody can do now, over all systems, by due. */
#include "app/frame.h"
#include "app/systems_inbox.h"
#include "app/views_inbox.h"
#include "base/clock.h"
#include "pages.h"
#include "store/store.h"
#include "texts.h"

static struct str due_of(struct arena *mem, const struct inbox_row *r) {
  return r->due_us == INT64_MAX ? (struct str){0} : clock_rfc3339(mem, r->due_us);
}
static void put_row(struct arena *mem, const struct inbox_row *r, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "system", r->system);
  json_str(j, "system_label", r->system_label);
  json_str(j, "record", r->record);
  json_str(j, "id", r->id);
  json_str(j, "number", r->number);
  json_str(j, "title", r->title);
  json_str(j, "link", r->href);
  json_str(j, "state", r->state);
  json_str(j, "state_label", r->state_label);
  json_str_or_null(j, "act", r->act);
  json_str_or_null(j, "round", r->round);
  json_str(j, "label", r->act_label);
  json_str_or_null(j, "due", due_of(mem, r));
  json_bool(j, "over", r->is_over);
  json_close(j, '}');
}
static void put_json(struct web_request *rq, const struct inbox *all, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct inbox_row, r, &all->rows) put_row(rq->mem, r, j);
  json_close(j, ']');
  json_nil(j, "next");
  json_bool(j, "more", all->more);
  json_close(j, '}');
}

/* ---- the page ---- */

static struct str said_with(struct web_request *rq, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(rq->mem, rq->lang, msg, &arg, 1);
}
static void fill_lamp(struct web_request *rq, const struct inbox_row *r, struct view_inbox_row *to) {
  const bool has_due = r->due_us != INT64_MAX;
  to->css = r->is_over ? STR("r") : r->is_soon ? STR("y") : has_due ? STR("g") : STR("n");
  to->says = r->is_over    ? page_text(rq, MSG_systems_over)
             : r->left.len ? said_with(rq, MSG_systems_left, "left", r->left)
             : has_due     ? page_text(rq, MSG_inbox_running)
                           : page_text(rq, MSG_inbox_no_due);
  if (has_due) to->due = said_with(rq, MSG_systems_due, "at", page_moment_of(rq->mem, r->due_us));
}
static void fill_row(struct web_request *rq, const struct inbox_row *r, struct view_inbox_row *to) {
  fill_lamp(rq, r, to);
  to->href = r->href;
  to->title = r->title;
  to->about = str_fmt(rq->mem, STRF " · " STRF, STRA(r->system_label), STRA(r->state_label));
  if (!r->state_label.len) to->about = r->system_label;
  to->act_href = r->act_href;
  to->act = r->act_label;
}
/* The systems that something waits in, with how many; only when nothing was chosen all are known. */
static void fill_tabs(struct web_request *rq, const struct inbox *all, struct str chosen, struct view_inbox *v) {
  vec_push(rq->mem, &v->tabs) =
      (struct view_link){.href = STR("/inbox"), .label = page_text(rq, MSG_systems_all), .current = !chosen.len};
  vec_each(const struct inbox_row, r, &all->rows) {
    const struct str href = str_fmt(rq->mem, "/inbox?system=" STRF, STRA(r->system));
    int64_t n = 0;
    bool known = false;
    vec_each(const struct view_link, l, &v->tabs) known |= str_eq(l->href, href);
    if (known) continue;
    vec_each(const struct inbox_row, other, &all->rows) n += str_eq(other->system, r->system);
    vec_push(rq->mem, &v->tabs) = (struct view_link){.href = href,
                                                     .label = r->system_label,
                                                     .count = str_int(rq->mem, n),
                                                     .has_count = true,
                                                     .current = str_eq(chosen, r->system)};
  }
  if (v->tabs.len < 3) v->tabs.len = 0;
}
/* 14项待办，其中2项逾期。 */
static struct str finding(struct web_request *rq, const struct inbox *all) {
  int64_t over = 0;
  vec_each(const struct inbox_row, r, &all->rows) over += r->is_over;
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)all->rows.len)}, {"over", str_int(rq->mem, over)}};
  const int msg = all->more ? MSG_inbox_finds_more : over ? MSG_inbox_finds_over : MSG_inbox_finds;
  return msg_text(rq->mem, rq->lang, msg, args, COUNT_OF(args));
}
static bool show_inbox(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str chosen = web_query(rq, "system");
  struct view_inbox v = {.lang = rq->lang, .is_narrowed = chosen.len > 0};
  struct inbox all = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(systems_inbox(rq, r, rq->json ? chosen : STR(""), &all, e));
  if (rq->json) {
    put_json(rq, &all, web_json(rs));
    return true;
  }
  v.f = page_frame(rq, page_text(rq, MSG_inbox_title), PAGE_INBOX, NULL);
  fill_tabs(rq, &all, chosen, &v);
  struct inbox shown = {.more = all.more};
  if (chosen.len && all.more) TRY(systems_inbox(rq, r, chosen, &shown, e)); /* those of others filled the page */
  else
    vec_each(const struct inbox_row, one, &all.rows)
      if (!chosen.len || str_eq(one->system, chosen)) vec_push(rq->mem, &shown.rows) = *one;
  if (shown.rows.len) v.finds = finding(rq, &shown);
  vec_each(const struct inbox_row, one, &shown.rows) fill_row(rq, one, &vec_push(rq->mem, &v.rows));
  page_inbox(&rs->body, &v);
  return true;
}

const struct route page_system_inbox_routes[] = {
    {GET, "/inbox", "system.see", show_inbox, "what one can do now over all systems, by due; system: of one",
     .query = "system"},
    {0},
};
