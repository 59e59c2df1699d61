/* What the statistics pages of a system show. As in views.h: a template only places things. */
#ifndef APP_VIEWS_MEASURES_H
#define APP_VIEWS_MEASURES_H
#include "app/views.h"

struct view_mform { /* which unit, which period; the answer to a choice is another address */
  struct str action, period, earlier, later;
  view_options units, kinds;
};
struct view_mrow {
  struct str href, label, small, says, before;
  struct str points; /* of a line of twelve periods, in 120 x 28; empty = too few are known */
  int dot_x, dot_y;  /* its end */
  int bar;           /* 0..100 of the longest */
  bool has_line, has_bar, is_none;
};
typedef VEC(struct view_mrow) view_mrows;
struct view_measures { /* all of them */
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, finding, period, before, xlsx, csv;
  struct view_mform form;
  view_mrows rows;
};
struct view_mbar { /* of the chart, in 640 x 180 */
  int x, y, width, height, label_x;
  struct str name, says;
  bool is_known, is_last, is_middle; /* is_middle: its name has no room on a phone */
};
struct view_mtable {
  struct str title, head;
  view_mrows rows;
};
struct view_measure { /* one */
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, all_href, finding, says, why, made_of, unit, records, xlsx, csv, chart_says;
  struct view_mform form;
  VEC(struct view_mbar) bars;
  struct str points; /* instead of bars: shares, and what is left at the end of a period */
  bool is_line, has_chart;
  view_mrows row;                 /* the same as a table */
  VEC(struct view_mtable) tables; /* by breakdown */
  view_mrows below, others;       /* others: of which there is nothing */
  struct str others_title;
};
struct view_mrecords {
  enum lang lang;
  struct view_frame f;
  struct str title, says, system, system_href, measure_href, next;
  view_mrows rows;
};
#endif
