/* What the pages of units and people show. As in views.h: a template only places things. */
#ifndef APP_VIEWS_ORG_H
#define APP_VIEWS_ORG_H
#include "app/views.h"
#include "app/views_table.h"

struct view_unit_row {
  struct str id, href, name, word, kind, place, code, toggle; /* word: the kind for programs; place: where it stands,
                                                                in a list of what was found */
  const char *level;                                          /* css class of the depth */
  bool is_open, can_open, is_more;                            /* is_more: goes on elsewhere */
};
struct view_units {
  enum lang lang;
  struct view_frame f;
  struct str at, search, first, next, said, finding, past, found_href, export_href;
  view_options kinds;
  VEC(struct view_unit_row) rows;
  bool is_search, can_act;
};
struct view_pair {
  struct str what, says, href;
  bool is_lost; /* says: why it cannot be read */
};
typedef VEC(struct view_pair) view_pairs;
struct view_act_line {
  struct str day, says, why, told;
};
struct view_post_row {
  struct str who, who_href, role, unit, unit_href, title, from, until, end_href, deputy_href;
  bool is_over;
};
typedef VEC(struct view_post_row) view_post_rows;
struct view_unit {
  enum lang lang;
  struct view_frame f;
  struct str name, kind, at, note, said, back, found_href, next_under, next_posts, next_pupils, first_under;
  view_links above, acts;
  view_pairs facts;
  VEC(struct view_unit_row) under;
  view_post_rows posts, pupils;
  VEC(struct view_act_line) lines;
  bool is_class, has_pupils;
};
struct view_people {
  enum lang lang;
  struct view_frame f;
  struct str said;
  struct view_table table;
  bool can_keep, can_grant;
};
struct view_person {
  enum lang lang;
  struct view_frame f;
  struct str name, said, token, change_href, post_href, guardian_href, rights_href, numbers_href, history_href;
  view_pairs facts;
  view_post_rows posts, given, taken, guardians, pupils;
  bool is_pupil, can_keep, can_grant;
};
struct view_org_field { /* one field of a form about a unit or a person */
  struct str name, label, help, value, error, list;
  view_options options; /* a select; of checks: each with a box */
  bool is_select, is_checks, is_day, is_optional, is_hidden;
};
struct view_org_form {
  enum lang lang;
  struct view_frame f;
  struct str title, says, action, act, verb, back, rev, refusal, hint;
  VEC(struct view_org_field) fields;
  VEC(struct str) units, people; /* offered where one is typed */
  bool is_danger, is_unit;
};
struct view_import_line {
  struct str row, says, name;
};
struct view_import {
  enum lang lang;
  struct view_frame f;
  struct str draft, name, what, what_word, summary, refusal, hint, problems_href, back, most;
  view_options kinds;
  VEC(struct view_import_line) lines;
  view_links templates;
  bool can_take, is_preview;
};
#endif
