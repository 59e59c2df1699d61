/* What the help page of a system and the pages of packages show. */
#ifndef APP_VIEWS_SYSTEM_HELP_H
#define APP_VIEWS_SYSTEM_HELP_H
#include "app/views.h"

struct view_hact {
  struct str label, to, who;
};
struct view_hstate {
  struct str label, clocks;
  bool is_end;
  VEC(struct view_hact) acts;
};
struct view_hshape { /* of a drawing (declare/draw.h) */
  int x, y, w, h;
  struct str text;
  bool is_box, is_start, is_end, is_label, is_act, is_line, is_head; /* none: a dot */
};
struct view_hrecord {
  struct str id, label, keepers, drawn; /* drawn: what the drawing is called */
  int width, height;
  VEC(struct view_hshape) shapes; /* none: it has no states */
  VEC(struct view_hstate) states;
};
struct view_hline { /* what: says */
  struct str label, says, about;
};
typedef VEC(struct view_hline) view_hlines;
struct json_out;
/* [{label, says, about}], about where there is one. */
void views_help_lines(struct json_out *j, const char *name, const view_hlines *list);
struct view_system_help {
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, summary, never;
  VEC(struct str) basis;
  VEC(struct view_hrecord) records;
  view_hlines roles, clocks, keeps, releases, openings;
};

struct view_package_row {
  struct str href, label, name, version, digest, installed, stories;
};
struct view_failed_row {
  struct str href, label, clock, says, when, again, tries;
};
struct view_packages {
  enum lang lang;
  struct view_frame f;
  struct str title, said, retry;
  VEC(struct view_package_row) rows;
  VEC(struct view_failed_row) failed;
};
struct view_package {
  enum lang lang;
  struct view_frame f;
  struct str title, back, digest, help_href;
  view_hlines facts, records, faults;
};
#endif
