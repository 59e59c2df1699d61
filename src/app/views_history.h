/* What templates of the record show. */
#ifndef APP_VIEWS_HISTORY_H
#define APP_VIEWS_HISTORY_H
#include "app/views.h"
#include "app/views_table.h"

struct view_history_part {
  enum lang lang;
  VEC(struct view_history_line) rows;
  struct str next; /* address of the older ones; empty = none */
};
struct view_history { /* of one object, on a page of its own */
  enum lang lang;
  struct view_frame f;
  struct str title, back, above, above_href; /* above: what the object is one of */
  struct view_history_part list;
};
struct view_number {
  struct str what, value, word;
  bool is_lost; /* value: why it cannot be read */
};
struct view_sight { /* sensitive values: first what for, then they */
  enum lang lang;
  struct view_frame f;
  struct str name, back, action, history_href, purpose, error;
  bool is_shown;
  VEC(struct view_number) numbers;
};
struct view_erase { /* what is kept of a person, and its end */
  enum lang lang;
  struct view_frame f;
  struct str name, said, action, history_href, reason, error, values;
  VEC(struct str) fields;
  bool is_kept;
};
struct view_audit {
  enum lang lang;
  struct view_frame f;
  struct str said, finding; /* state of the chain, in a sentence */
  struct str head, anchor, anchor_href, checked;
  bool is_anchored, is_bad;
  struct view_table table;
};
struct view_anchor_row {
  struct str day, href, seq, at, actor, signer;
};
struct view_anchors {
  enum lang lang;
  struct view_frame f;
  VEC(struct view_anchor_row) rows;
  struct str next;
};
struct view_sheet {
  enum lang lang;
  struct view_frame f;
  struct str day, events, seq, at, actor, signer, signature, check, text_href, docx_href;
  VEC(struct str) hash; /* lines of groups */
};
#endif
