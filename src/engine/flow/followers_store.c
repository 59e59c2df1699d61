/* People who follow a record are told when it comes to another state: that it went on, not how, for they may not see it any more; what it is
 * now the record itself says, to whoever sees it. */
#include "base/limits.h"
#include "engine/flow/act.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

bool flow_tell_followers(struct flow_step *s, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  const struct flow_record *r = row->record;
  struct sql_follow_told_rows rows = {0};
  const struct sql_follow_told_in in = {STORE_TENANT, r->name, row->id, run->person.len ? run->person : STR("-"),
                                        FOLLOWERS_TOLD_MAX};
  if (!s->from.len || str_eq(s->from, row->state)) return true;
  TRY(sql_follow_told(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  const struct str link = str_fmt(run->mem, "/s/" STRF "/" STRF "/" STRF, STRA(r->system->name),
                                  STRA(r->record->head.name.text), STRA(row->id));
  const struct msg_arg args[] = {{"record", r->record->label.text}, {"number", row->number}};
  const struct str text = msg_text(run->mem, run->lang, MSG_flow_followed, args, COUNT_OF(args));
  vec_each(const struct sql_follow_told, x, &rows)
    TRY(run->host->notify(run->host->arg, run, x->person, text, link, e));
  return true;
}
