/* From an accepted plan to work: what each item would be handed out as, and the handing out. What it becomes are records of the packages
 * `task`, `target` and `deliverable`; where each comes from in the plan stands in ledger_origin (docs/decisions/0019-ledger.md).
 *
 * `mem` is the request's; what is returned lives there. */
#ifndef APP_ASSIGN_H
#define APP_ASSIGN_H
#include "app/page.h"
#include "engine/plan/assign.h"

enum {
  HAND_ITEMS_MAX = 100,
  HAND_RECORDS_MAX = 600,
  HAND_OTHERS_MAX = 20
}; /* at a time; units besides the one that leads */

/* ---- what would be handed out ---- */

enum hand_state {
  HAND_WAITS,   /* not accepted yet */
  HAND_NO_UNIT, /* nobody leads: can only be handed out beforehand, and nothing starts until it is completed */
  HAND_READY,
  HAND_DONE,
  HAND_CHANGED, /* handed out; its words or facts have changed since */
  HAND_STATE_COUNT
};
const char *hand_state_word(enum hand_state s); /* "waits" "no-unit" "ready" "done" "changed" */
struct hand_unit {
  struct str id, name;
};
struct hand_item {
  struct item_ref ref;
  uint64_t key, digest;
  enum hand_state state;
  struct hand_unit lead;        /* id empty: none was found */
  VEC(struct hand_unit) others; /* take part, and further leads */
  VEC(struct str) strangers;    /* names in the plan that are no unit here, or more than one */
  struct when due;
  size_t tasks, targets, results; /* by measures; 1 = it cannot be parted */
  struct str task;                /* HAND_DONE, HAND_CHANGED: the record that stands for it */
};
typedef VEC(struct hand_item) hand_items;
/* Every item that is work, in the order of the plan. Units are found by name and alias, first among those under the plan's own unit; a
 * department of another authority is never meant. */
MUST_CHECK bool assign_items(struct store *s, struct arena *mem, const struct plan_view *v, hand_items *out,
                             struct err *e);

/* A section as people name it: 二、扩大资源供给. New, in mem, or borrowed from the plan. */
struct str assign_section(struct arena *mem, const struct section *s);

/* ---- handing out ---- */

struct hand_choice {
  uint64_t key;
  enum assign_by by;
  struct str unit, others; /* ids, others joined with a comma; unit empty: nobody yet */
  struct str due;          /* ISO day; empty: none yet */
  bool is_due_stated;      /* a person gave it, or the plan says it */
};
struct hand_done {
  size_t items, tasks, targets, results;
};
/* The items that are chosen, all or none of them, as whoever asks (who must hold a role that may hand out tasks). Refuses items that
 * are not accepted or were handed out (ERR_GUARD), more than the ceilings (ERR_TOO_MANY), a plan that has moved on (ERR_CONFLICT),
 * and what the packages refuse. */
MUST_CHECK bool assign_hand_out(struct web_request *rq, const struct plan_view *v, const struct hand_choice *choices,
                                size_t n, struct hand_done *out, struct err *e);
#endif
