/* Papers of records: filled with the record as it stands at the end of the act, numbered, and kept as what they say. Whoever prints
 * later gets that: a record that goes on, or a template that changes, does not change what was made. The bytes are drawn at the
 * first print (paper_print_store.c): drawing takes twenty times as long as the act, most papers are never printed, and each would
 * weigh a hundred times what it says. */
#include "engine/flow/paper.h"

#include "base/clock.h"
#include "base/hash.h"
#include "declare/check.h"
#include "declare/number.h"
#include "engine/flow/act.h"
#include "engine/flow/env.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

struct printing {
  struct flow_run *run;
  const struct flow_row *row;
};
static struct str name_of(void *arg, struct arena *mem, const struct type *t, const struct value *v) {
  const struct printing *p = arg;
  struct str out = {0};
  struct err quiet = {0};
  (void)mem;
  return flow_show(p->run, p->row->record->system, t, v, &out, &quiet) ? out : STR("");
}
static bool head_of(struct flow_run *run, const struct flow_row *row, const struct paper *said, struct office_head *out,
                    struct err *e) {
  struct sql_flow_authority top = {0};
  const struct str series =
      str_fmt(run->mem, STRF "." STRF, STRA(row->record->system->name), STRA(said->head.name.text));
  bool found = false;
  uint64_t chance = 0;
  *out = (struct office_head){.day = clock_today(run->now_us)};
  TRY(sql_flow_authority(run->session, run->mem, &(struct sql_flow_authority_in){STORE_TENANT}, &top, &found, e));
  if (found) out->authority = top.name;
  if (has_word(said->number)) TRY(flow_number_next(run, series, said->number.text, &out->number, e));
  random_bytes(&chance, sizeof chance);
  if (is_yes(said->verify)) out->verify = verify_number(run->mem, chance);
  return true;
}
static bool fill(struct flow_run *run, struct flow_row *row, const struct paper_template *t,
                 const struct office_head *head, struct str *out, struct err *e) {
  const struct flow_about about = {.self = row};
  struct printing printing = {run, row};
  struct flow_env world;
  struct eval_env env;
  struct paper_said said;
  TRY(flow_env_begin(run, &about, &world, &env, e));
  const struct paper_job job = {t, &env, {&printing, name_of}, *head};
  return paper_fill(run->mem, &job, &said, e) && paper_keep(run->mem, &said, out, e);
}
static bool note(struct flow_run *run, const struct flow_row *row, const struct sql_flow_paper_insert_in *in,
                 struct err *e) {
  struct event *ev = arena_new(run->mem, struct event);
  int64_t seq;
  *ev = (struct event){.at_us = run->now_us,
                       .actor = run->actor.len ? run->actor : STR("system"),
                       .record = row->record->name,
                       .id = row->id,
                       .act = STR("paper")};
  event_add(ev, STR("paper"), in->paper);
  event_add(ev, STR("number"), in->number);
  event_add(ev, STR("said"), hash_hex(run->mem, hash_sha256(in->said)));
  return event_append(run->session, run->mem, ev, &seq, e);
}
bool flow_paper(struct flow_step *s, struct str name, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  const struct flow_system *system = row->record->system;
  const struct paper *said = part_find(&system->system->papers, name);
  struct office_head head;
  if (!said || !has_word(said->template_)) return fail(e, ERR_BUG, MSG_paper_none_such, "name", name);
  struct sql_flow_paper_insert_in in = {.tenant = STORE_TENANT,
                                        .id = store_new_id(run->mem, clock_now_us()),
                                        .record = row->record->name,
                                        .owner = row->id,
                                        .paper = name,
                                        .person = run->person,
                                        .at_us = run->now_us};
  TRY(head_of(run, row, said, &head, e));
  TRY(fill(run, row, &system->papers[said - system->system->papers.at], &head, &in.said, e));
  in.number = head.number;
  in.verify = verify_read(run->mem, head.verify); /* without the blanks that it is printed with */
  return sql_flow_paper_insert(run->session, &in, NULL, e) && note(run, row, &in, e);
}
