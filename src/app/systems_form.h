/* What an act asks for, between a form or JSON and the engine: names and types are the declaration's. */
#ifndef APP_SYSTEMS_FORM_H
#define APP_SYSTEMS_FORM_H
#include "app/systems.h"

typedef VEC(struct flow_input) flow_inputs;
/* Names that forms keep for themselves: rev, key, back_to, confirmed, do, token. An act that asks for one of them is refused when the
 * package is loaded. */
bool system_is_control(struct str name);
/* Reads what was sent for the act by its types: sets joined with a comma or sent several times, rows as NAME.0.COLUMN (empty
 * ones are left out), places as "31.2304,121.4737 words". What was not sent is no input; empty is missing. ERR_INVALID names the input, also
 * one that the act does not take. */
MUST_CHECK bool system_inputs_read(struct system_run *x, struct web_request *rq, const struct system_place *at,
                                   flow_inputs *out, struct err *e);
/* All values sent under a name, joined with a comma; *out_has: it was sent. */
struct str system_sent(const struct web_request *rq, struct str name, bool *out_has);
/* "/s/pairs/visit/01j…" + tail */
struct str system_address(struct arena *mem, const struct flow_record *r, struct str id, const char *tail);
#endif
