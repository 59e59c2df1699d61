/* Which systems there are for somebody, by the groups of the menu, and the door of each: its records, what one may begin there. */
#include "app/measures_ask.h"
#include "app/systems_form.h"
#include "declare/check.h"
#include "pages.h"
#include "texts.h"

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
/* The systems one has a role in, in the order of the menu. */
typedef VEC(const struct flow_system *) system_list;
static void own_systems(struct system_run *x, system_list *out) {
  const struct flow *f = x->run.flow;
  for (size_t i = 0; i < f->systems.len; i++) {
    if (!systems_has_role(x, f->systems.at[i])) continue;
    vec_push(x->run.mem, out) = f->systems.at[i];
    for (size_t k = out->len - 1; k > 0 && order_of(out->at[k]) < order_of(out->at[k - 1]); k--) {
      const struct flow_system *s = out->at[k];
      out->at[k] = out->at[k - 1];
      out->at[k - 1] = s;
    }
  }
}
static void list_json(struct web_response *rs, const system_list *all) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < all->len; i++) {
    const struct flow_system *s = all->at[i];
    json_open(j, NULL, '{');
    json_str(j, "system", s->name);
    json_str(j, "label", s->system->label.text);
    json_int(j, "version", s->system->version.n);
    json_str(j, "summary", s->system->summary.text);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_nil(j, "next");
  json_close(j, '}');
}
static bool show_systems(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_home v = {.lang = rq->lang, .title = page_text(rq, MSG_systems_title)};
  struct system_run x;
  system_list all = {0};
  (void)e;
  systems_begin(&x, rq, NULL);
  own_systems(&x, &all);
  if (rq->json) {
    list_json(rs, &all);
    return true;
  }
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  for (size_t i = 0; i < all.len; i++) {
    const struct flow_system *s = all.at[i];
    struct view_sgroup_links *g = group_called(rq, &v, group_of(rq, s));
    vec_push(rq->mem, &g->entries) = (struct view_sentry){str_fmt(rq->mem, "/s/" STRF, STRA(s->name)),
                                                          s->system->label.text, s->system->summary.text};
  }
  page_system_home(&rs->body, &v);
  return true;
}

/* ---- one ---- */

static bool sees_any(struct system_run *x, const struct flow_record *r) {
  return !x->who || x->who->is_program || systems_view(x, r)->grants.len;
}
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
static void fill_system(struct system_run *x, struct web_request *rq, const struct flow_system *s,
                        struct view_system_home *v) {
  struct view_sgroup_links *records = &vec_push(rq->mem, &v->groups);
  records->title = page_text(rq, MSG_systems_records);
  struct str home;
  if (measures_home(x, s, &home))
    vec_push(rq->mem, &v->acts) = (struct view_link){.href = str_fmt(rq->mem, "/s/" STRF "/measures", STRA(s->name)),
                                                     .label = page_text(rq, MSG_measures_title)};
  vec_each(const struct flow_record, r, &s->records) {
    const struct str href = str_fmt(rq->mem, "/s/" STRF "/" STRF, STRA(s->name), STRA(r->record->head.name.text));
    if (!sees_any(x, r)) continue;
    vec_push(rq->mem, &records->entries) = (struct view_sentry){href, r->record->label.text, {0}};
    vec_each(const struct act, a, &r->record->acts)
      if (systems_is_start(a) && systems_may_start(x, r, a))
        vec_push(rq->mem, &v->acts) = (struct view_link){
            .href = str_fmt(rq->mem, STRF "/acts/" STRF, STRA(href), STRA(a->head.name.text)), .label = a->label.text};
  }
}
static bool show_system(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_home v = {.lang = rq->lang, .is_one = true};
  struct system_place at;
  struct system_run x;
  TRY(systems_place(rq, &at, e));
  systems_begin(&x, rq, NULL);
  if (rq->json) {
    system_json(&x, at.system, rs);
    return true;
  }
  v.title = at.system->system->label.text;
  v.says = at.system->system->summary.text;
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  v.f.back = STR("/s");
  fill_system(&x, rq, at.system, &v);
  page_system_home(&rs->body, &v);
  return true;
}

const struct route page_system_home_routes[] = {
    {GET, "/s", "system.see", show_systems, "the systems one has a role in", .query = NULL},
    {GET, "/s/{system}", "system.see", show_system, "one system: its records, and what one may begin", .query = NULL},
    {0},
};
