/* What the pages of lists of records show: the list, and the same records by state, by day, by place. */
#ifndef APP_VIEWS_LISTS_H
#define APP_VIEWS_LISTS_H
#include "app/views.h"
#include "app/views_table.h"

struct view_lcard {
  struct str href, title, number, unit, lamp, lamp_says;
};
typedef VEC(struct view_lcard) view_lcards;
struct view_lcolumn {
  struct str label, count, href;
  bool has_more, is_end;
  view_lcards cards;
};
struct view_lday {
  struct str day, says, count, href; /* says: in words, for a phone */
  bool has_more, is_today, is_out, is_rest;
  view_lcards cards;
};
typedef VEC(struct view_lday) view_ldays;
struct view_lweek {
  view_ldays days;
};
struct view_lpoint {
  struct view_lcard card;
  struct str x, y, shape, where, at; /* shape: of its lamp; x, y: of its corner */
};
struct view_system_list {
  enum lang lang;
  struct view_frame f;
  struct str title, says, system, system_href, said;
  view_links acts;
  VEC(struct view_way) ways;
  struct view_table table;
  bool is_board, is_calendar, is_map;
  VEC(struct view_lcolumn) columns;
  struct str month, month_prev, month_next, month_now;
  VEC(struct str) weekdays;
  VEC(struct view_lweek) weeks;
  struct str map_says, map_wide, map_high, bar, bar_says, bar_y;
  VEC(struct view_lpoint) points;
};
#endif
