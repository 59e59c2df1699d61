/* What plans become: records of packages that are begun by their own start acts, each with the place of the plan that it comes from
 * (docs/decisions/0019-ledger.md). Knows neither the compiler nor the declarations: what is to be made is names and texts.
 *
 * `mem` is the request's; what is returned lives there. */
#ifndef APP_LEDGER_H
#define APP_LEDGER_H
#include "app/frame.h"
#include "base/json.h"

struct system_run;
struct flow_row;

/* ---- making ---- */

enum { LEDGER_NONE = -1 };
struct ledger_said { /* an input, as a form would send it */
  const char *name;
  struct str text;
  int32_t of; /* LEDGER_NONE; else the id of this record of the list, which stands before */
};
struct ledger_birth {
  const char *record, *act; /* "task.task", "make" */
  VEC(struct ledger_said) said;
  struct str item, digest, path, fact, title, words; /* where it comes from; fact empty: the item itself */
};
typedef VEC(struct ledger_birth) ledger_births;
struct ledger_from {
  struct str plan;
  int64_t draft, seq; /* of the event of the plan that goes with it */
};
/* Inside an act, as whoever asks: begins them in their order; out_ids: one for each, empty when its package is not there. Inputs that an
 * act does not take are left out; from_unit is the unit for which they may begin it. Refuses what the packages refuse. */
MUST_CHECK bool ledger_make(struct web_request *rq, struct store *tx, const struct ledger_from *from,
                            const ledger_births *births, struct str *out_ids, struct err *e);

/* ---- where a record comes from ---- */

struct ledger_origin {
  struct str plan, plan_title, item, fact, path, title, words;
  int64_t draft, share;
};
typedef VEC(struct ledger_origin) ledger_origins;
/* Those whose plan they see. */
MUST_CHECK bool ledger_origins_of(struct store *s, struct arena *mem, const struct who *w, struct str record,
                                  struct str id, ledger_origins *out, struct err *e);
/* "origins": [...] into an open object; links with the words in `count`. */
MUST_CHECK bool ledger_origins_json(struct system_run *x, const struct flow_row *row, struct json_out *j,
                                    struct err *e);
MUST_CHECK bool ledger_origins_fill(struct system_run *x, const struct flow_row *row, view_links *out, struct err *e);
#endif
