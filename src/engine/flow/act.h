/* Parts of an act; see flow.h. Private to this engine. */
#ifndef ENGINE_FLOW_ACT_H
#define ENGINE_FLOW_ACT_H
#include "engine/flow/rows.h"

/* ---- act_rules_store.c ---- */

/* The state that the act leads to, deeds counted with this one. ERR_INVALID at "back_to" when a choice is missing or none of the states. */
MUST_CHECK bool flow_target(struct flow_step *s, const struct flow_ask *ask, struct str *out, struct err *e);
/* needs, checks, exclusive: on the draft as it would be. Warnings are added to s->done, or refused until they are confirmed. */
MUST_CHECK bool flow_judge(struct flow_step *s, bool is_confirmed, struct err *e);
/* No other record has the same unique fields or key; ERR_DUPLICATE names the field. Before it is written. */
MUST_CHECK bool flow_unique(struct flow_step *s, struct err *e);
/* Persons who may not, whatever their role; the deputy counts for whom they stand in. ERR_FORBIDDEN. */
MUST_CHECK bool flow_excepted(struct flow_step *s, struct err *e);
/* Puts inputs into the draft and into `takes`; defaults at the start. Refuses what the act does not take. */
MUST_CHECK bool flow_fill_draft(struct flow_step *s, const struct flow_ask *ask, struct err *e);
MUST_CHECK bool flow_asks_there(struct flow_step *s, const struct flow_ask *ask, struct err *e);

/* ---- lines_store.c: rows of a form ---- */

/* Defaults of columns, in the rows that were given. */
MUST_CHECK bool flow_lines_fill(struct flow_step *s, struct err *e);
/* Rows that were changed: not more than the field says, none lacks what it needs, no two have the same key. */
MUST_CHECK bool flow_lines_judge(struct flow_step *s, struct err *e);

/* ---- versions_store.c: registers whose values are true from a day on ---- */

/* The draft's changes are true from the day that the act takes: they are kept with it, and the draft is what is true today. */
MUST_CHECK bool flow_versions_keep(struct flow_step *s, struct err *e);

/* ---- act_store.c ---- */

/* The draft is in this state now, ended when the state ends it. */
void flow_take_state(struct flow_step *s, struct str to);
/* From here on `times` and `did` count this act; its target is not known yet. */
MUST_CHECK bool flow_deed_add(struct flow_step *s, struct err *e);
/* An act that the system does on a record once the act that is being done is over, and the doing of those that wait. */
MUST_CHECK bool flow_act_later(struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                               struct err *e);
MUST_CHECK bool flow_acts_later(struct flow_run *run, struct err *e);

/* ---- batch_store.c ---- */

/* `each … batch: yes`: what it does is kept for every element of the set, to be done by flow_batches_run. ERR_TOO_LARGE, ERR_INVALID for
 * elements that are neither records, units, people nor codes. */
MUST_CHECK bool flow_batch_add(struct flow_step *s, const struct effect_each *x, const struct value *set,
                               struct err *e);

/* ---- act_note_store.c: what stays of an act ---- */

/* Event, deed, key; s->seq is set. */
MUST_CHECK bool flow_note(struct flow_step *s, const struct flow_ask *ask, struct err *e);
int64_t flow_deed_next(const flow_deeds *deeds); /* the number of the one behind them */
/* The event of a level of a clock: what it changed. refused: what it was refused with; empty = it came about. */
MUST_CHECK bool flow_note_level(struct flow_step *s, struct str clock, struct str level, struct str refused,
                                struct err *e);
/* The event of a register in which the day of a change has come. */
MUST_CHECK bool flow_note_version(struct flow_step *s, struct err *e);
/* The event of a record that another was merged into, or that referred to it: what changed, and which one it was. */
MUST_CHECK bool flow_note_merge(struct flow_step *s, struct str act, struct str merged, struct err *e);
/* The event of a record for an element of one of its batches: what changed in it, or (says not empty) why it was refused. */
MUST_CHECK bool flow_note_batch(struct flow_step *s, struct str element, struct str says, struct err *e);
/* The event of a record that went along with another version of its declaration; clocks: deadlines that moved. */
MUST_CHECK bool flow_note_migrated(struct flow_step *s, int64_t from, int64_t to, struct str clocks, struct err *e);
/* Was this request answered before? *out_is: *out is the answer. ERR_KEY_REUSED when it asked for something else. */
MUST_CHECK bool flow_replay(struct flow_run *run, const struct flow_ask *ask, struct flow_done *out, bool *out_is,
                            struct err *e);
/* The next number of a series, {yyyy} {mm} {dd} {seq:4} filled; it begins anew when what stands before it changes. */
MUST_CHECK bool flow_number_next(struct flow_run *run, struct str series, struct str pattern, struct str *out,
                                 struct err *e);
/* A secret by which an outsider finds a record: 12 of 32 letters and digits, 60 bits of chance. */
struct str flow_lookup_new(struct arena *mem);
/* Those who follow the record, when its state is another one now. followers_store.c */
MUST_CHECK bool flow_tell_followers(struct flow_step *s, struct err *e);
#endif
