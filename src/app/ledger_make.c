/* Records of packages are begun by their own acts; every one keeps the words it comes from. What an act does not take is left out: an
 * office may have changed its packages. */
#include "app/ledger.h"
#include "app/systems_form.h"
#include "sql.h"

enum { WHOLE = 10000 }; /* hundredths of a percent */

struct making {
  struct system_run x;
  struct arena *mem;
  const struct ledger_from *from;
  const ledger_births *births;
  struct str *ids;
};

static const struct act *start_of(const struct flow_record *r, const char *name) {
  vec_each(const struct act, a, &r->record->acts)
    if (str_eqz(a->head.name.text, name) && systems_is_start(a)) return a;
  return NULL;
}
static bool input(struct making *m, const struct flow_record *r, const struct act *a, struct str name, struct str text,
                  flow_inputs *out, struct err *e) {
  const struct flow_field *f = flow_field(r, name);
  struct flow_input in = {.name = name};
  if (!f || !text.len || !(words_have(&a->asks, name) || words_have(&a->may, name))) return true;
  TRY(flow_read(&m->x.run, r->system, name, f->field->label.text, &f->field->is, &f->type, text, &in.value, e));
  vec_push(m->mem, out) = in;
  return true;
}
static bool inputs_of(struct making *m, const struct flow_record *r, const struct act *a, const struct ledger_birth *b,
                      flow_inputs *out, struct err *e) {
  const struct rights_post *post = systems_start_post(&m->x, r, a);
  vec_each(const struct ledger_said, s, &b->said)
    TRY(input(m, r, a, str_of(s->name), s->of == LEDGER_NONE ? s->text : m->ids[s->of], out, e));
  return !post || input(m, r, a, STR("from_unit"), post->unit, out, e);
}
static bool keep_origin(struct making *m, const struct flow_record *r, struct str id, const struct ledger_birth *b,
                        struct err *e) {
  const struct sql_origin_insert_in row = {.tenant = STORE_TENANT,
                                           .record = r->name,
                                           .id = id,
                                           .plan = m->from->plan,
                                           .item = b->item,
                                           .fact = b->fact,
                                           .draft = m->from->draft,
                                           .digest = b->digest,
                                           .path = b->path,
                                           .title = b->title,
                                           .words = b->words,
                                           .share = WHOLE,
                                           .seq = m->from->seq};
  return sql_origin_insert(m->x.run.session, &row, NULL, e);
}
static bool begin(struct making *m, const struct ledger_birth *b, struct str *out_id, struct err *e) {
  const struct flow_record *r = flow_record(m->x.run.flow, str_of(b->record));
  const struct act *a = r ? start_of(r, b->act) : NULL;
  flow_inputs inputs = {0};
  struct flow_done done = {0};
  *out_id = (struct str){0};
  if (!a) return true;
  TRY(inputs_of(m, r, a, b, &inputs, e));
  const struct flow_ask ask = {
      .record = r, .act = a->head.name.text, .inputs = inputs.at, .input_count = inputs.len, .is_confirmed = true};
  TRY(flow_act(&m->x.run, &ask, &done, e));
  *out_id = done.id;
  return keep_origin(m, r, done.id, b, e);
}
bool ledger_make(struct web_request *rq, struct store *tx, const struct ledger_from *from, const ledger_births *births,
                 struct str *out_ids, struct err *e) {
  struct making m = {.mem = rq->mem, .from = from, .births = births, .ids = out_ids};
  systems_begin(&m.x, rq, tx);
  for (size_t i = 0; i < births->len; i++) TRY(begin(&m, &births->at[i], &out_ids[i], e));
  return true;
}
