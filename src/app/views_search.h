/* What the search and the gallery of parts show. */
#ifndef APP_VIEWS_SEARCH_H
#define APP_VIEWS_SEARCH_H
#include "app/views.h"

struct view_found {
  struct str href, icon, small;
  VEC(struct view_run) runs; /* is_new: what was found */
  bool is_song;              /* words of the authority */
};
struct view_found_group {
  struct str label, more; /* more: address of the whole list; empty = all are here */
  VEC(struct view_found) rows;
};
struct view_search {
  enum lang lang;
  struct view_frame f;
  struct str words, icons, says;
  VEC(struct view_found_group) groups;
  bool asked;
};
struct view_lamp { /* css: g y r n d, the shape as well */
  struct str icons, css, word, says;
};
struct view_part_field { /* a field of a form: error below the help; both are told with the field */
  struct str icons, id, name, label, value, help, error, help_id, error_id, described, unit, css;
  bool is_optional, is_area;
};
struct view_error_line {
  struct str href, says;
};
struct view_errors { /* on top of a form that was refused; links to the fields */
  struct str icons, says;
  VEC(struct view_error_line) lines;
};
struct view_tip { /* a small "?" that opens a sentence */
  struct str label, says;
};
struct view_parts {
  enum lang lang;
  struct view_frame f;
  view_links colours, sizes;
  VEC(struct view_lamp) lamps;
  VEC(struct view_part_field) fields;
  struct view_errors errors;
  struct view_tip tip;
  bool was_sent, asks;
};
#endif
