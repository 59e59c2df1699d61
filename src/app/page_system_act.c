/* An act on a record of a system: what was sent becomes values by the types of the declaration, the engine does the act whole
 * or not at all, and the record as it is then is the answer. */
#include "app/systems_form.h"
#include "sql.h"
#include "texts.h"

/* ---- what is asked ---- */

static struct str said_of(struct web_request *rq, const char *control, const char *header) {
  const struct str s = header ? web_header_in(rq, header) : (struct str){0};
  return s.len ? s : str_trim(web_field(rq, control));
}
/* "3", or as an entity tag: 3 in quotes. */
static bool read_rev(struct web_request *rq, int64_t *out, struct err *e) {
  struct str s = said_of(rq, "rev", "If-Match");
  if (s.len > 2 && s.at[0] == '"' && s.at[s.len - 1] == '"') s = str_slice(s, 1, s.len - 1);
  *out = 0;
  return !s.len || (str_to_int(s, out) && *out > 0) || fail(e, ERR_BAD_REQUEST, MSG_systems_rev);
}
struct asked { /* an act of the store: may run again */
  struct web_request *rq;
  const struct system_place *at;
  int64_t rev;
  struct flow_done done;
};
/* Whoever may not act learns nothing from what they send: that they may not comes before what is wrong with it. */
static bool check_right(struct system_run *x, const struct system_place *at, struct err *e) {
  const struct str act = at->act->head.name.text;
  bool may = false, seen = true;
  if (!at->id.len) may = systems_may_start(x, at->record, at->act);
  else TRY(x->run.host->may(x->run.host->arg, &x->run, at->record, at->id, act, &may, &seen, e));
  if (!seen) return fail(e, ERR_NOT_FOUND, MSG_systems_none);
  return may || fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", at->act->label.text);
}
static bool read_inputs(struct system_run *x, struct web_request *rq, const struct system_place *at, flow_inputs *out,
                        struct err *e) {
  struct err bad = {0};
  if (!at->id.len) TRY(check_right(x, at, e)); /* of a record, the engine asks before it looks at them */
  if ((rq->json || system_names_resolve(x, rq, at, &bad)) && system_inputs_read(x, rq, at, out, &bad)) return true;
  TRY(check_right(x, at, e));
  *e = bad;
  return false;
}
static bool run_act(struct store *tx, void *arg, struct err *e) {
  struct asked *w = arg;
  struct web_request *rq = w->rq;
  struct system_run x;
  flow_inputs inputs = {0};
  systems_begin(&x, rq, tx);
  TRY(read_inputs(&x, rq, w->at, &inputs, e));
  const struct flow_ask ask = {.record = w->at->record,
                               .act = w->at->act->head.name.text,
                               .id = w->at->id,
                               .inputs = inputs.at,
                               .input_count = inputs.len,
                               .rev = w->rev,
                               .key = said_of(rq, "key", "Idempotency-Key"),
                               .back_to = said_of(rq, "back_to", NULL),
                               .is_confirmed = str_eqz(web_field(rq, "confirmed"), "yes")};
  w->done = (struct flow_done){0};
  TRY(flow_act(&x.run, &ask, &w->done, e));
  if (!w->done.is_replayed) TRY(system_files_keep(&x, w->at, STR(""), &inputs, w->done.id, e));
  return system_draft_drop(&x, w->at, e);
}
static struct str list_address(const struct web_request *rq, const struct system_place *at) {
  return str_fmt(rq->mem, "/s/" STRF "/" STRF, STRA(at->system->name), STRA(at->record->record->head.name.text));
}
static bool post_act(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w = {.rq = rq, .at = &at};
  bool shown = false;
  TRY(systems_place(rq, &at, e));
  if (systems_is_start(at.act) != !at.id.len) return fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
  TRY(read_rev(rq, &w.rev, e));
  TRY(system_files_take(rq, &at, e));
  if (!rq->json && system_form_holds(rq)) return system_form_again(rq, rs, &at, NULL, e);
  if (!rq->json && !at.id.len) TRY(system_form_alike(rq, rs, &at, &shown, e));
  if (shown) return true;
  if (!store_write(app_of(rq)->store, run_act, &w, e))
    return !rq->json && err_http(e->code) < 500 && system_form_again(rq, rs, &at, e, e);
  const struct system_answered a = {at.record, w.done.id, &w.done, "?did=system-act", list_address(rq, &at)};
  return system_answer(rq, rs, &a, e);
}

const struct route page_system_act_routes[] = {
    {POST, "/s/{system}/{record}/acts/{act}", "system.act", post_act,
     "a start act: a new record; fields are the inputs of the declaration, confirmed=yes to warnings; Idempotency-Key",
     .form = "key confirmed alike", .flags = ROUTE_UPLOAD},
    {POST, "/s/{system}/{record}/{id}/acts/{act}", "system.act", post_act,
     "an act on a record; If-Match: its rev; back_to: the state to return to", .form = "rev key back_to confirmed",
     .flags = ROUTE_UPLOAD},
    {0},
};
