/* Which systems there are for somebody, by the groups of the menu, with what is open and over in each; and the door of one: its
 * records, what one may begin there. Both say first what presses. */
#include "app/follows.h"
#include "app/measures_ask.h"
#include "app/systems_counts.h"
#include "app/systems_form.h"
#include "base/clock.h"
#include "declare/check.h"
#include "pages.h"
#include "texts.h"

enum { DUES_SHOWN = 6, DUES_READ = 2 * DUES_SHOWN, SOON_DAYS = 7, SHEETS_SHOWN = 8, FOLLOWS_SHOWN = 8 };

static bool sees_any(struct system_run *x, const struct flow_record *r) {
  return !x->who || x->who->is_program || systems_view(x, r)->grants.len;
}

/* ---- what presses ---- */

struct pressing { /* of all records that were counted */
  int64_t open, over;
  system_dues dues;
};
static bool press(struct system_run *x, const struct flow_record *r, struct system_count *out, struct pressing *io,
                  struct err *e) {
  TRY(systems_count(x, r, out, e));
  TRY(systems_due(x, r, x->run.now_us + SOON_DAYS * DAY_US, DUES_READ, &io->dues, e));
  if (out->ends) io->open += out->open;
  io->over += out->over;
  return true;
}
static struct str number(struct arena *mem, int64_t n) {
  if (n >= SYSTEM_COUNT_MOST) return str_fmt(mem, "%d+", SYSTEM_COUNT_MOST - 1);
  return n ? str_int(mem, n) : STR("");
}
static bool fill_due(struct system_run *x, struct web_request *rq, const struct system_due *d,
                     struct view_system_home *v, struct err *e) {
  const int32_t left = moment_day(d->due_us) - moment_day(x->run.now_us);
  const bool is_over = d->due_us < x->run.now_us;
  struct view_sdue *to = NULL;
  if ((is_over ? v->overdue.len : v->due.len) == DUES_SHOWN) return true;
  to = is_over ? &vec_push(rq->mem, &v->overdue) : &vec_push(rq->mem, &v->due);
  TRY(system_record_told(x, d->record, d->id, &to->title, e));
  to->href = system_address(rq->mem, d->record, d->id, "");
  to->about = str_fmt(rq->mem, STRF " · " STRF, STRA(d->record->system->system->label.text), STRA(d->clock));
  to->lamp = is_over ? STR("r") : STR("y");
  to->head = page_text(rq, is_over ? MSG_systems_due_over : left ? MSG_systems_due_left : MSG_systems_due_today);
  to->days = left ? str_int(rq->mem, left < 0 ? -left : left) : STR("");
  to->tail = left ? page_text(rq, MSG_systems_due_days) : STR("");
  return true;
}
static bool fill_pressing(struct system_run *x, struct web_request *rq, const struct pressing *p,
                          struct view_system_home *v, struct err *e) {
  v->over = number(rq->mem, p->over);
  vec_each(const struct system_due, d, &p->dues) TRY(fill_due(x, rq, d, v, e));
  return true;
}

/* ---- all ---- */

static struct str group_of(struct web_request *rq, const struct flow_system *s) {
  const struct menu *m = s->system->menu;
  return m && has_word(m->group) ? m->group.text : page_text(rq, MSG_systems_title);
}
static int64_t order_of(const struct flow_system *s) { return s->system->menu ? s->system->menu->order.n : INT64_MAX; }
static struct view_sgroup_links *group_called(struct web_request *rq, struct view_system_home *v, struct str title) {
  vec_each(struct view_sgroup_links, g, &v->groups)
    if (str_eq(g->title, title)) return g;
  struct view_sgroup_links *g = &vec_push(rq->mem, &v->groups);
  g->title = title;
  return g;
}
struct own { /* a system one has a role in */
  const struct flow_system *system;
  int64_t open, over;
  bool ends; /* something in it can be open */
};
typedef VEC(struct own) own_list;
/* In the order of the menu. */
static void own_systems(struct system_run *x, own_list *out) {
  const struct flow *f = x->run.flow;
  for (size_t i = 0; i < f->systems.len; i++) {
    if (!systems_has_role(x, f->systems.at[i])) continue;
    vec_push(x->run.mem, out) = (struct own){.system = f->systems.at[i]};
    for (size_t k = out->len - 1; k > 0 && order_of(out->at[k].system) < order_of(out->at[k - 1].system); k--) {
      const struct own s = out->at[k];
      out->at[k] = out->at[k - 1];
      out->at[k - 1] = s;
    }
  }
}
static bool count_own(struct system_run *x, own_list *all, struct pressing *out, struct err *e) {
  vec_each(struct own, s, all)
    vec_each(const struct flow_record, r, &s->system->records) {
      struct system_count n;
      if (!sees_any(x, r)) continue;
      TRY(press(x, r, &n, out, e));
      if (n.ends) s->open += n.open;
      s->over += n.over;
      s->ends |= n.ends;
    }
  return true;
}
static void list_json(struct web_response *rs, const own_list *all) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < all->len; i++) {
    const struct own *s = &all->at[i];
    json_open(j, NULL, '{');
    json_str(j, "system", s->system->name);
    json_str(j, "label", s->system->system->label.text);
    json_int(j, "version", s->system->system->version.n);
    json_str(j, "summary", s->system->system->summary.text);
    json_int(j, "open", s->open);
    json_int(j, "over", s->over);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_nil(j, "next");
  json_close(j, '}');
}
static bool is_wanted(const struct flow_system *s, struct str q) {
  return !q.len || str_find(s->system->label.text, q) != STR_NONE || str_find(s->system->summary.text, q) != STR_NONE;
}
static void fill_groups(struct web_request *rq, const own_list *all, struct view_system_home *v) {
  vec_each(const struct own, s, all) {
    const struct system *said = s->system->system;
    if (!is_wanted(s->system, v->q)) continue;
    struct view_sgroup_links *g = group_called(rq, v, group_of(rq, s->system));
    vec_push(rq->mem, &g->entries) = (struct view_sentry){.href = str_fmt(rq->mem, "/s/" STRF, STRA(s->system->name)),
                                                          .label = said->label.text,
                                                          .says = said->summary.text,
                                                          .open = s->ends ? number(rq->mem, s->open) : STR(""),
                                                          .over = number(rq->mem, s->over)};
  }
}
static bool show_systems(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_home v = {.lang = rq->lang, .title = page_text(rq, MSG_systems_title)};
  struct system_run x;
  struct pressing p = {0};
  own_list all = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  own_systems(&x, &all);
  TRY(count_own(&x, &all, &p, e));
  if (rq->json) {
    list_json(rs, &all);
    return true;
  }
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)all.len)}, {"open", str_int(rq->mem, p.open)}};
  v.q = str_trim(web_query(rq, "q"));
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  if (all.len) v.lead = msg_text(rq->mem, rq->lang, MSG_systems_lead, args, COUNT_OF(args));
  v.all_href = STR("/s");
  fill_groups(rq, &all, &v);
  TRY(fill_pressing(&x, rq, &p, &v, e) && follows_read(&x, rq, FOLLOWS_SHOWN, &v.follows, e));
  page_system_home(&rs->body, &v);
  return true;
}

/* ---- one ---- */

static void system_json(struct system_run *x, const struct flow_system *s, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "system", s->name);
  json_str(j, "label", s->system->label.text);
  json_int(j, "version", s->system->version.n);
  json_open(j, "records", '[');
  vec_each(const struct flow_record, r, &s->records) {
    if (!sees_any(x, r)) continue;
    json_open(j, NULL, '{');
    json_str(j, "record", r->record->head.name.text);
    json_str(j, "label", r->record->label.text);
    json_open(j, "can", '[');
    vec_each(const struct act, a, &r->record->acts)
      if (systems_is_start(a) && systems_may_start(x, r, a)) json_str(j, NULL, a->head.name.text);
    json_close(j, ']');
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}
static bool fill_record(struct system_run *x, struct web_request *rq, const struct flow_record *r,
                        struct view_system_home *v, struct view_sgroup_links *records, struct pressing *io,
                        struct err *e) {
  const struct str href = str_fmt(rq->mem, "/s/" STRF "/" STRF, STRA(r->system->name), STRA(r->record->head.name.text));
  struct system_count n;
  TRY(press(x, r, &n, io, e));
  const int all = n.ends ? MSG_systems_entry_open : MSG_systems_entry_all;
  const struct msg_arg arg = {"n", str_int(rq->mem, n.open)};
  vec_push(rq->mem, &records->entries) =
      (struct view_sentry){.href = href,
                           .label = r->record->label.text,
                           .says = n.open ? msg_text(rq->mem, rq->lang, all, &arg, 1) : STR(""),
                           .over = number(rq->mem, n.over)};
  vec_each(const struct act, a, &r->record->acts)
    if (systems_is_start(a) && systems_may_start(x, r, a))
      vec_push(rq->mem, &v->acts) =
          (struct view_link){.href = str_fmt(rq->mem, STRF "/acts/" STRF, STRA(href), STRA(a->head.name.text)),
                             .label = a->label.text,
                             .current = !v->acts.len};
  return true;
}
static bool fill_system(struct system_run *x, struct web_request *rq, const struct flow_system *s,
                        struct view_system_home *v, struct err *e) {
  struct pressing p = {0};
  struct str home;
  struct view_sgroup_links *records = &vec_push(rq->mem, &v->groups);
  records->title = page_text(rq, MSG_systems_records);
  vec_each(const struct flow_record, r, &s->records)
    if (sees_any(x, r)) TRY(fill_record(x, rq, r, v, records, &p, e));
  vec_each(const struct view_link, a, &v->acts)
    if (v->sheets.len < SHEETS_SHOWN)
      vec_push(rq->mem, &v->sheets) =
          (struct view_link){.href = str_join(rq->mem, a->href, STR("/sheet")), .label = a->label};
  if (measures_home(x, s, &home))
    vec_push(rq->mem, &v->more) = (struct view_link){.href = str_fmt(rq->mem, "/s/" STRF "/measures", STRA(s->name)),
                                                     .label = page_text(rq, MSG_measures_title)};
  vec_push(rq->mem, &v->more) = (struct view_link){.href = str_fmt(rq->mem, "/s/" STRF "/help", STRA(s->name)),
                                                   .label = page_text(rq, MSG_systems_help)};
  return fill_pressing(x, rq, &p, v, e);
}
static bool show_system(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_home v = {.lang = rq->lang, .is_one = true};
  struct system_place at;
  struct system_run x;
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  if (rq->json) {
    system_json(&x, at.system, rs);
    return true;
  }
  v.title = at.system->system->label.text;
  v.says = at.system->system->summary.text;
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  v.f.back = STR("/s");
  TRY(fill_system(&x, rq, at.system, &v, e));
  page_system_home(&rs->body, &v);
  return true;
}

const struct route page_system_home_routes[] = {
    {GET, "/s", "system.see", show_systems, "the systems one has a role in, what is open and over in them",
     .query = "q"},
    {GET, "/s/{system}", "system.see", show_system, "one system: its records, and what one may begin", .query = NULL},
    {0},
};
