/* What pages show: one struct a page, filled by page_*.c and written by the templates in ui/. All comparing, counting and
 * formatting is done here; a template only places things. Everything lives in the request's arena. */
#ifndef APP_VIEWS_H
#define APP_VIEWS_H
#include "base/msg.h"
#include "base/vec.h"

struct view_nav { /* an entry of the rail, and of the bar on a phone */
  struct str href, label, icon;
  int count;        /* unread notices; 0 = none said */
  struct str waits; /* what waits for the person: 14, 50+; empty = nothing */
  bool current, rule, counts;
  bool aside; /* has no place on the bar */
};
struct view_frame {
  enum lang lang;
  struct str title;          /* of the window */
  struct str head;           /* beside the back arrow on a phone */
  struct str back;           /* address of the step above; empty on the first page */
  struct str authority;      /* under the mark */
  struct str who, who_roles; /* signed in; empty = nobody */
  struct str token, css, icons, htmx, keys_js, frame_js, page_js;
  struct str other_lang; /* address of this page in the other language */
  struct str other_lang_name;
  struct str broken; /* a declaration that was saved and has faults, while it is being written */
  bool work;         /* folded rail */
  VEC(struct view_nav) nav, bar;
  struct str unread;
  bool is_en, has_unread, at_me, can_search;
};
struct view_link {
  struct str href, label, count;
  bool current, has_count, is_rule; /* is_rule: a line before it */
};
typedef VEC(struct view_link) view_links;
struct view_move { /* what it is, and how it is now or has moved */
  struct str what, change, delta;
};
struct view_option {
  struct str value, label;
  bool chosen;
};
typedef VEC(struct view_option) view_options;
struct view_input { /* one field of a form */
  struct str name, label, value, help, error;
  view_options options;
  bool is_select, is_number, wide, full, first, is_unit; /* wide: half of the form; full: all of it */
};
typedef VEC(struct view_input) view_inputs;

/* ---- /plans ---- */
struct view_upload {
  enum lang lang;
  struct view_frame f;
  struct str title, year, level, replaces, replaces_title, refusal, refusal_hint, refusal_href, most;
  struct str too_large; /* sentence with {size}, for the script */
  view_options levels;
  view_options units; /* empty when there is nothing to choose */
};
struct view_confirm { /* a question of its own page: voiding, restoring */
  enum lang lang;
  struct view_frame f;
  struct str question, body, action, verb, back, rev;
  bool is_danger;
};

/* ---- /plans/{id} ---- */
struct view_piece {
  struct str text, css, href, sup;
  bool is_mark, is_bold, is_break, current;
};
struct view_note { /* in the margin */
  struct str css, head, was, text;
  struct str times; /* 5处, when it stands for several; else empty */
  int count;
};
struct view_row {
  struct str line, id, anchor;
  bool is_heading, is_title, is_off, current;
  int more; /* notes that found no place */
  VEC(struct view_piece) pieces;
  VEC(struct view_note) notes;
};
struct view_cell {
  struct str href, css, number, says;
  bool current;
};
struct view_strip {
  struct str label, document; /* document: where another one begins */
  struct str href;            /* of a folded part: its cells are not shown */
  struct str folded;          /* 100条 */
  size_t folded_count;
  VEC(struct view_cell) cells;
};
struct view_answer {
  struct str word, label, key;
  bool needs_reason;
};
struct view_question {
  struct str text, hint, diag, css, error;
  bool needs_reason;
  VEC(struct view_answer) answers;
};
typedef VEC(struct view_question) view_questions;
struct view_fact {
  struct str no_text, id, href, css, kind, text, small, bound, value, unit, tag;
  struct str subject, key, sum, before, error;
  bool on, is_part;
  view_questions questions;
  view_inputs inputs;
};
struct view_history_line {
  struct str when, actor, what, why, detail;
  bool undone;
};
struct view_panel {
  struct str section, number, title, item, step, state, due, reason, error, title_href, section_href, add_subject,
      head_subject, head_key, head_label;
  struct str refused; /* why an act on the whole item was refused */
  bool has_items, can_accept, can_unaccept, is_error, is_live;
  view_questions questions;
  VEC(struct view_fact) facts;
  view_inputs head_inputs, add_inputs;
  view_links add_kinds, measures, quotes;
};
struct view_review {
  enum lang lang;
  struct view_frame f;
  struct str about; /* issuer, 文号 and date of the document */
  struct str id, title, draft, rev, meta, back, said, finding, file_href, history_href, draft_href, path, edit_document;
  struct str compare_href, compare_label, assign_href, accept_clear, undo, old, orphans, orphans_href, more_before,
      more_after;
  struct str next_step; /* item to go on to after acceptance */
  struct str prev, next, prev_doubt, next_doubt, prev_fact, next_fact, leave, edit; /* addresses of the keys */
  bool is_editing, can_undo_said;
  VEC(struct str) unit_names; /* offered where a unit is typed */
  view_links chips, units, kinds, exports;
  struct str unit_label, kind_label;
  bool unit_on, kind_on;
  VEC(struct view_strip) strips;
  VEC(struct view_row) rows;
  struct view_panel p;
};
struct view_orphan { /* an act whose place is gone */
  struct str seq, act, what, item, why, who, error;
  VEC(struct view_move) lines; /* fields and what they were set to */
  view_options places;
  bool is_open, is_first; /* no place is likely: one is to be chosen */
};
struct view_orphans {
  enum lang lang;
  struct view_frame f;
  struct str id, title, back, rev, said, finding;
  bool can_undo, is_live;
  VEC(struct view_orphan) rows;
};
/* ---- /compare ---- */
struct view_run {
  struct str text;
  bool is_gone, is_new;
};
struct view_made { /* what a person decided about a pair */
  struct str says, seq, item;
};
struct view_compare_row {
  struct str left_title, right_title, left_href, right_href, relation, small, question;
  VEC(struct view_run) left, right;
  VEC(struct view_move) moves;
  VEC(struct view_made) made;
  struct str left_key, right_key, id;
  bool has_left, has_right, can_cut, can_confirm;
};
struct view_compare_section {
  struct str title;
  VEC(struct view_compare_row) rows;
};
struct view_tally {
  struct str count, label;
};
struct view_compare {
  enum lang lang;
  struct view_frame f;
  struct str title, left_head, right_head, swap_href, left_id, right_id, show, mode, finding, said, missing_left,
      missing_right;
  struct view_made undo; /* of the act just done */
  view_links chips, exports, modes;
  VEC(struct view_tally) tally;
  VEC(struct view_move) meta;
  VEC(struct view_compare_section) sections;
  bool is_copies, can_link;
};
struct view_compare_choose {
  enum lang lang;
  struct view_frame f;
  bool can_upload;
  view_options left, right;
};

/* ---- the rest ---- */
struct view_error {
  enum lang lang;
  struct view_frame f;
  struct str says, hint, number;
};
struct view_help {
  enum lang lang;
  struct view_frame f;
};
#endif
