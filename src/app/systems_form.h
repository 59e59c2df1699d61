/* What an act asks for, between a form or JSON and the engine: names and types are the declaration's. */
#ifndef APP_SYSTEMS_FORM_H
#define APP_SYSTEMS_FORM_H
#include "app/systems.h"
#include "app/views_system.h"

typedef VEC(struct flow_input) flow_inputs;
/* Names that forms keep for themselves: rev, key, back_to, confirmed, do, token, alike. An act that asks for one of them is refused when the
 * package is loaded. */
bool system_is_control(struct str name);
#define SYSTEM_AT ".at" /* behind the name of a place: its degrees, apart from its words */
/* Reads what was sent for the act by its types: sets joined with a comma or sent several times, rows as NAME.0.COLUMN (empty
 * ones are left out), places as "31.2304,121.4737 words", as words alone, or as words and NAME.at with the degrees. What was not sent is no input; empty is missing. ERR_INVALID names the input, also
 * one that the act does not take. */
MUST_CHECK bool system_inputs_read(struct system_run *x, struct web_request *rq, const struct system_place *at,
                                   flow_inputs *out, struct err *e);
/* The files among them are the record's from now on: one's own that no act has taken, or those it has already; else ERR_INVALID. Behind
 * the act, which may be a replay of one that took them; round: whose answers they are, empty = of an act. */
MUST_CHECK bool system_files_keep(struct system_run *x, const struct system_place *at, struct str round,
                                  const flow_inputs *inputs, struct str id, struct err *e);
/* One of them, of an act or of an answer; nothing is added when it was not sent. */
MUST_CHECK bool system_input_read(struct system_run *x, struct web_request *rq, const struct system_place *at,
                                  const struct flow_field *f, flow_inputs *out, struct err *e);
/* All values sent under a name, joined with a comma; *out_has: it was sent. */
struct str system_sent(const struct web_request *rq, struct str name, bool *out_has);
/* "/s/pairs/visit/01j…" + tail */
struct str system_address(struct arena *mem, const struct flow_record *r, struct str id, const char *tail);
/* What is answered to an act, or to what a party of a round sent. */
struct system_answered {
  const struct flow_record *record;
  struct str id;
  const struct flow_done *done; /* NULL: of a round */
  const char *did;              /* the notice on the record's page */
  struct str unseen_to;         /* where a person goes who sees the record no more */
};
MUST_CHECK bool system_answer(struct web_request *rq, struct web_response *rs, const struct system_answered *a,
                              struct err *e);

/* ---- pages ---- */

#define SYSTEM_FORM_JS "ui/js/form.js" /* rows without a way to the server, one's position */
struct form_made {                     /* a form that is being filled for a page */
  struct system_run *x;
  struct web_request *rq;
  struct arena *mem;
  const struct flow_record *record;
  struct flow_row *row; /* NULL: a start act */
  struct str today;
  const struct web_field *typed; /* what stands in it: sent just now, or a draft; none: what the record has */
  size_t typed_count;
  struct str error_at, error;   /* the input that was refused, and why */
  struct str add_to, drop_from; /* rows */
  int64_t drop_row;             /* -1: none */
  struct view_system_form *v;
};
/* Adds the field of this input to the form. */
MUST_CHECK bool system_field_fill(struct form_made *m, const struct flow_field *f, bool is_optional, struct err *e);
/* The field of an answer; now: what stands in it, a missing value for nothing. */
MUST_CHECK bool system_answer_fill(struct form_made *m, const struct flow_field *f, const struct value *now,
                                   struct err *e);
/* The id of what was typed for a unit or person of this field: what was typed when it is no name of just one. */
MUST_CHECK bool system_name_id(struct system_run *x, const struct flow_field *f, struct str typed, struct str *out,
                               struct err *e);
/* Names that were typed for units, people and records become their ids, in the fields of the request. */
MUST_CHECK bool system_names_resolve(struct system_run *x, struct web_request *rq, const struct system_place *at,
                                     struct err *e);
/* Keeps the files that came with the form and puts their ids in their place. */
MUST_CHECK bool system_files_take(struct web_request *rq, const struct system_place *at, struct err *e);
MUST_CHECK bool system_file_keep(struct web_request *rq, const struct web_field *file, struct str *out_id,
                                 struct err *e);
/* A button of the form that sends nothing yet: a draft, a row more or less. */
bool system_form_holds(const struct web_request *rq);
/* Which row it adds or takes out ("add:parts", "drop:parts:2"). */
void system_form_button(struct form_made *m);
/* The form again: as it stood, with why it was refused (NULL: it was not; *why is emptied). */
MUST_CHECK bool system_form_again(struct web_request *rq, struct web_response *rs, const struct system_place *at,
                                  struct err *why, struct err *e);
/* Before a record is begun: the form again with those that are seen and may be about the same; *out_shown false: there are none, or they were
 * shown already. */
MUST_CHECK bool system_form_alike(struct web_request *rq, struct web_response *rs, const struct system_place *at,
                                  bool *out_shown, struct err *e);
/* Links to records that are seen and may be about the same as the row, newest first. */
MUST_CHECK bool system_alike_links(struct system_run *x, const struct flow_row *row, view_links *out, struct err *e);
MUST_CHECK bool system_draft_drop(struct system_run *x, const struct system_place *at, struct err *e);
/* How a record is called where it is chosen or linked: its number and what it is about. */
MUST_CHECK bool system_record_told(struct system_run *x, const struct flow_record *r, struct str id, struct str *out,
                                   struct err *e);
/* The act that a state waits for (systems_inbox.h); NULL: none. */
const struct act *system_awaited(const struct record *r, struct str state);
/* 9个工作日: a duration as people say it. */
struct str system_duration_says(struct arena *mem, enum lang lang, struct duration d);
/* The page of a record that is seen. */
MUST_CHECK bool system_record_page(struct system_run *x, struct web_request *rq, struct flow_row *row,
                                   struct web_response *rs, struct err *e);
#endif
