/* The answer to what was done to a record: the record as it is then. Whoever has passed it on, or whose round has ended, may see it no more;
 * a program is told where it went, a person goes on elsewhere. */
#include "app/systems_form.h"

static void put_done(const struct flow_done *done, struct json_out *j) {
  json_open(j, "done", '{');
  json_int(j, "seq", done->seq);
  json_bool(j, "replayed", done->is_replayed);
  json_str(j, "lookup", done->lookup);
  json_open(j, "warnings", '[');
  vec_each(const struct str, s, &done->warnings) json_str(j, NULL, *s);
  json_close(j, ']');
  json_close(j, '}');
}
/* All that is told of one that is not seen. */
static void put_unseen(const struct system_answered *a, struct json_out *j) {
  json_open(j, "data", '{');
  json_str(j, "id", a->id);
  if (a->done) {
    json_str(j, "number", a->done->number);
    json_str(j, "state", a->done->state);
    json_int(j, "rev", a->done->rev);
  }
  json_close(j, '}');
}
bool system_answer(struct web_request *rq, struct web_response *rs, const struct system_answered *a, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct system_run x;
  struct flow_row *row = NULL;
  bool seen = false;
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_sees(&x, a->record, a->id, &seen, e));
  if (!rq->json) {
    web_redirect(rs, seen ? system_address(rq->mem, a->record, a->id, a->did) : a->unseen_to);
    return true;
  }
  if (seen) TRY(flow_row(&x.run, a->record, a->id, &row, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  if (row) TRY(systems_record_json(&x, row, j, e));
  else put_unseen(a, j);
  if (a->done) put_done(a->done, j);
  json_close(j, '}');
  return true;
}
