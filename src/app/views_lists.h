/* What the pages of lists of records show: the list, and the same records in other orders. */
#ifndef APP_VIEWS_LISTS_H
#define APP_VIEWS_LISTS_H
#include "app/views.h"
#include "app/views_table.h"

struct view_way { /* list, board, calendar, map */
  struct str href, label, icon;
  bool current;
};
struct view_system_list {
  enum lang lang;
  struct view_frame f;
  struct str title, says, system, system_href, said;
  view_links acts;
  VEC(struct view_way) ways;
  struct view_table table;
};
#endif
