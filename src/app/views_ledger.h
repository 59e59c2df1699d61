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

/* ---- /ledger ---- */

struct view_ledger_row {
  struct str number, title, href, unit, due, state, lamp, says, percent,
      toggle;                 /* toggle: address that opens or closes it */
  int depth, at, share, mark; /* mark: share of the time that is gone */
  bool has_share, has_mark, is_open;
};
struct view_ledger_band {
  struct str label, count, percent;
  VEC(struct view_ledger_row) rows;
};
struct view_ledger {
  enum lang lang;
  struct view_frame f;
  struct str id, title, show, words, open_all, assign_href, cut;
  view_links tabs;
  view_options plans, units;
  VEC(struct view_ledger_band) bands;
  bool has_plan, is_none, is_all_open, sees_plans;
};

/* ---- /ledger/overview ---- */

struct view_overview_lamp {
  struct str css, href, says;
};
struct view_overview_cell {
  VEC(struct view_overview_lamp) lamps;
};
struct view_overview_row {
  struct str unit, href;
  VEC(struct view_overview_cell) cells; /* one for each head */
  int total;
};
struct view_overview_head {
  struct str label, full;
  int total;
};
struct view_overview {
  enum lang lang;
  struct view_frame f;
  struct str title, ledger_href, as_of, all_says, rest_says, over_n, near_n, done_n, over_href, soon_href, done_href;
  VEC(struct view_overview_head) heads;
  VEC(struct view_overview_row) rows;
  view_links over, soon; /* count: what is said of it */
  bool has_plan, is_none;
};
#endif
