/* What the files of expressions share. Private to src/engine/flow. */
#ifndef ENGINE_FLOW_ENV_H
#define ENGINE_FLOW_ENV_H
#include "engine/flow/flow.h"

enum { FLOW_SET_MOST = SET_MOST }; /* elements of a set that is read from the store */

/* What stands behind an eval_env. */
struct flow_env {
  struct flow_run *run;
  const struct flow_about *about;
  const struct flow_system *system;
};
static inline bool flow_give(struct value *out, struct value v) {
  *out = v;
  return true;
}
/* run.c: a thing of a record (clock, round), kept by its name and its record. */
struct flow_thing *flow_thing_at(struct flow_run *run, enum flow_thing_kind kind, const struct flow_thing *of,
                                 struct str name);
/* The record in memory as a thing; a draft that is not the one that was read is a thing of its own with the same number. */
struct flow_thing *flow_thing_row(struct flow_run *run, struct flow_row *row);
/* Where the answer to a question that is asked again in this run is kept: values NULL when it was not asked before. */
struct flow_thing *flow_kept(struct flow_run *run, struct str question);
struct str flow_today(struct flow_run *run); /* ISO day */

/* env_things_store.c: fields of units and people; sets of records that refer to one. */
MUST_CHECK bool flow_unit_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out,
                                struct err *e);
MUST_CHECK bool flow_person_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out,
                                  struct err *e);
MUST_CHECK bool flow_units(struct flow_run *run, struct value *out, struct err *e);
/* *out_is: there is a set of this name. */
MUST_CHECK bool flow_back_set(struct flow_run *run, const struct flow_record *r, struct str id, struct str name,
                              bool *out_is, struct value *out, struct err *e);
MUST_CHECK bool flow_all(struct flow_run *run, const struct flow_record *r, const struct equality *equal, size_t count,
                         struct value *out, struct err *e);

/* versions_store.c: is the field as of that day another than what stands in the table? *out_is false: it is not. */
MUST_CHECK bool flow_version(struct flow_run *run, const struct flow_row *row, struct str field, struct date day,
                             bool *out_is, struct value *out, struct err *e);

/* env_store.c: the environment of expressions about something; world and about must live as long. */
MUST_CHECK bool flow_env_begin(struct flow_run *run, const struct flow_about *about, struct flow_env *world,
                               struct eval_env *env, struct err *e);

/* env_people_store.c */
enum flow_holding { FLOW_ANYWHERE, FLOW_AT, FLOW_AT_OR_ABOVE };
/* Who holds the role today or stands in for a holder; role: as table post has it. */
MUST_CHECK bool flow_holders(struct flow_run *run, struct str role, enum flow_holding how, struct str unit,
                             struct value *out, struct err *e);
/* The functions on people, units and what was done; label: role, act, state, clock, round. */
MUST_CHECK bool flow_function(const struct flow_env *env, enum function f, struct str label, const struct value *args,
                              size_t count, struct value *out, struct err *e);

/* holes.c: the expressions in texts, found by where the text stands; NULL: it is none of a declaration. */
void flow_gather_holes(struct flow *f);
const expr_words *flow_holes_of(const struct flow *f, const struct word *text);

/* show_store.c */
struct str flow_code_shown(const struct flow_run *run, const struct codes *list, struct str code);

/* codes.c: places in ordered lists, as eval.h wants them; labels. */
int flow_code_place(const struct codes *list, struct str code);
struct str flow_code_at(const struct codes *list, int place);
#endif
