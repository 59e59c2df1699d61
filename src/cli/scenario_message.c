/* Messages of a story: for each body that sends some the story's own administrator has a key made, with which the player signs; what
 * went out is counted at the same administrator's. */
#include "base/clock.h"
#include "cli/scenario.h"
#include "engine/flow/message.h"
#include "texts.h"

#define ADMINISTRATOR STR("story-system") /* story_make makes the account */

static int administrator(struct play *p) {
  const int known = player_called(p, ADMINISTRATOR);
  if (known != NOBODY) return known;
  struct story_actor *a = arena_new(p->mem, struct story_actor);
  *a = (struct story_actor){.name = ADMINISTRATOR, .admin = STR("system")};
  vec_push(p->mem, &p->players) = (struct player){.actor = a, .name = a->name};
  return (int)p->players.len - 1;
}
static const struct party *party_called(const struct play *p, struct str name) {
  vec_each(const struct party, x, &p->parties)
    if (str_eq(x->name, name)) return x;
  return NULL;
}
static bool party_begin(struct play *p, struct str name, struct err *e) {
  struct http_reply r = {0};
  const struct str system = p->packages[0].name;
  json_t *body = json_pack("{s:s%, s:s%}", "system", system.at, system.len, "party", name.at, name.len);
  vec_push(p->mem, &p->answers) = body;
  TRY(play_post(p, administrator(p), STR("/api/v1/admin/messages/keys"), body, STR(""), &r, e));
  const json_t *once = json_object_get(reply_data(&r), "once");
  vec_push(p->mem, &p->parties) =
      (struct party){name, json_text(json_array_get(once, 0)), json_text(json_array_get(once, 1))};
  return json_array_size(once) == 2 ||
         fail(e, ERR_FORBIDDEN, MSG_scenario_no_key, "name", name, "said", reply_shown(p, &r));
}
bool parties_begin(struct play *p, struct err *e) {
  p->parties.len = 0;
  vec_each(const struct message, m, &p->packages[0].system->messages)
    if (m->way.which == WAY_in && !party_called(p, m->from.text)) TRY(party_begin(p, m->from.text, e));
  p->last = (struct sent){0};
  return true;
}
bool message_send(struct step *s, const struct message *m, json_t *body, struct err *e) {
  struct play *p = s->p;
  const struct yaml *from = yaml_get(s->y, "from");
  const struct party *by = party_called(p, from ? from->text : m->from.text);
  const struct str path = str_fmt(p->mem, "/api/v1/s/" STRF "/messages/" STRF, STRA(p->packages[0].name),
                                  STRA(m->head.name.text)),
                   text = json_shown(p, body), moment = str_int(p->mem, p->stage->now_us / SECOND_US);
  vec_push(p->mem, &p->answers) = body;
  if (!by) return fail(e, ERR_INVALID, MSG_scenario_no_name, "name", from ? from->text : m->from.text);
  const struct str sign = flow_signature(p->mem, by->secret, "POST", path, moment, text);
  struct http_ask ask = {.method = "POST", .path = path, .type = STR("application/json"), .body = text};
  ask.headers = str_fmt(p->mem, "Message-Key: " STRF "\r\nMessage-Moment: " STRF "\r\nMessage-Signature: " STRF "\r\n",
                        STRA(by->id), STRA(moment), STRA(sign));
  TRY(play_ask(p, s->who, &ask, &s->reply, e));
  p->last = (struct sent){s->who, ask, s->reply, true};
  return true;
}

/* ---- what went out ---- */

static bool went_out(struct play *p, struct str message, struct http_reply *r, int64_t *out, struct err *e) {
  const struct str path =
      str_fmt(p->mem, "/api/v1/admin/messages/" STRF "/" STRF, STRA(p->packages[0].name), STRA(message));
  TRY(play_get(p, administrator(p), path, r, e));
  const json_t *n = json_object_get(reply_data(r), "count");
  *out = json_integer_value(n);
  return json_is_integer(n) || fail(e, ERR_NOT_FOUND, MSG_scenario_no_name, "name", message);
}
/* All that the story has sent so far. */
void expect_messages(struct step *s, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct yaml *out = yaml_get(one, "out"), *count = yaml_get(one, "count");
    struct http_reply r = {0};
    struct err e = {0};
    int64_t n = 0, wanted = -1;
    const bool ok = out && count && str_to_int(count->text, &wanted) && went_out(s->p, out->text, &r, &n, &e);
    if (!ok || n != wanted)
      step_miss(s, str_fmt(s->p->mem, "messages " STRF, STRA(yaml_shown(s->p, one))),
                ok ? str_int(s->p->mem, n) : reply_shown(s->p, &r), STR(""));
  }
}
