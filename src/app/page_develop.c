/* What became of the declaration that was saved last, and what is in effect: for whoever writes declarations (systems_watch.h).
 * There is no such page on any other server. */
#include "app/systems.h"
#include "app/systems_watch.h"
#include "app/views_develop.h"
#include "pages.h"
#include "texts.h"

static void develop_json(const struct systems_news *n, const struct flow *f, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_bool(j, "broken", n->is_broken);
  json_str(j, "says", n->text);
  json_open(j, "systems", '[');
  for (size_t i = 0; i < f->systems.len; i++) {
    json_open(j, NULL, '{');
    json_str(j, "system", f->systems.at[i]->name);
    json_int(j, "version", f->systems.at[i]->system->version.n);
    json_str(j, "digest", f->systems.at[i]->digest);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}
static void fill_systems(struct web_request *rq, const struct flow *f, struct view_develop *v) {
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct flow_system *s = f->systems.at[i];
    const struct msg_arg n = {"n", str_int(rq->mem, s->system->version.n)};
    vec_push(rq->mem, &v->systems) = (struct view_installed){s->name, s->system->label.text,
                                                             msg_text(rq->mem, rq->lang, MSG_develop_version, &n, 1)};
  }
}
static bool show_develop(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct systems_watch *w = app_of(rq)->watch;
  const struct flow *f = systems_flow(app_of(rq)->systems);
  struct systems_news news;
  if (!w) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  systems_watch_news(w, rq->mem, rq->lang, &news);
  if (rq->json) {
    develop_json(&news, f, web_json(rs));
    return true;
  }
  const int says = news.is_broken ? MSG_develop_broken : news.at_us ? MSG_develop_good : MSG_develop_none;
  struct view_develop v = {.lang = rq->lang,
                           .f = page_frame(rq, page_text(rq, MSG_develop_title), PAGE_OTHER, NULL),
                           .says = page_text(rq, says),
                           .text = news.text,
                           .is_broken = news.is_broken};
  const struct msg_arg when = {"when", page_when(rq, news.at_us)};
  if (news.at_us) v.since = msg_text(rq->mem, rq->lang, MSG_develop_since, &when, 1);
  v.f.broken = STR(""); /* it is said below */
  fill_systems(rq, f, &v);
  page_develop(&rs->body, &v);
  return true;
}
const struct route page_develop_routes[] = {
    {GET, "/develop", "self", show_develop, "while declarations are written: what became of the one saved last",
     .flags = 0},
    {0},
};
