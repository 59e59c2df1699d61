/* What the pages of the ledger show. */
#ifndef APP_VIEWS_LEDGER_H
#define APP_VIEWS_LEDGER_H
#include "app/views.h"

/* ---- /plans/{id}/assign ---- */

struct view_hand_row {
  struct str key, number, title, href, state, css, said;   /* said: what is missing, in words */
  struct str unit, others, due, due_tag, strangers, gives; /* gives: 目标3 · 成果1 */
  struct str task_href;
  view_options by;
  bool can, chosen;
};
struct view_hand_band {
  struct str label, count;
  VEC(struct view_hand_row) rows;
};
struct view_hand {
  enum lang lang;
  struct view_frame f;
  struct str id, title, back, rev, said, error, finding, prev, next;
  view_links chips;
  VEC(struct view_hand_band) bands;
  VEC(struct str) unit_names;
  bool can_hand, none;
};
#endif
