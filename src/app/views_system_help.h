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
struct view_hrecord {
  struct str id, label, keepers;
  VEC(struct view_hstate) states;
};
struct view_hline { /* what: says */
  struct str label, says, about;
};
typedef VEC(struct view_hline) view_hlines;
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
