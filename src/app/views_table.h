/* What ui/parts/table.html shows; filled by table_view.c. */
#ifndef APP_VIEWS_TABLE_H
#define APP_VIEWS_TABLE_H
#include "app/views.h"
#include "app/views_search.h"

struct view_tcell {
  struct str text, href, sub, tag, tag2, css, label; /* label: said before the value on a phone */
  struct str bar;                                    /* width of a bar, 0..100; empty = none */
  int sql;
  struct str lamp; /* g y r n d: the text stands beside it; empty = none */
  bool is_head, is_chip;
};
struct view_trow {
  struct str id, pick, act_href, act_label, act_of; /* pick: name of its box; empty = none */
  VEC(struct view_tcell) cells;
};
struct view_thead {
  struct str label, href, css, sort; /* sort: of aria-sort; empty = not this one */
  bool falls;
};
struct view_tfilter {
  struct str name, label, all, from, to, from_name, to_name;
  view_options options;
  bool is_range, is_day, is_typed; /* typed: the value stands in `from` */
};
struct view_hidden {
  struct str name, value;
};
struct view_way { /* list, board, calendar, map */
  struct str href, label, icon;
  bool current;
};
struct view_table {
  enum lang lang;
  struct str path, name, token, icons, title, authority, printed, query;
  struct str search, search_label, count, first, next, prev, clear, csv, xlsx, lines;
  struct str density; /* the same list with the other height of rows */
  struct str asked;   /* how many conditions; empty = none */
  struct str stopped; /* up to where was looked; empty = everything */
  struct str view_id, view_name, view_reset, pick_action, pick_label, empty, empty_says, empty_href, empty_verb;
  struct view_tip tip;
  view_links tabs, views;
  VEC(struct view_way) ways; /* the same otherwise than as a list */
  VEC(struct view_tfilter) filters, ranges;
  VEC(struct view_thead) heads;
  VEC(struct view_trow) rows;
  VEC(struct view_hidden) hidden, kept; /* what the filters, what the choice of columns carries on */
  view_options sorts, columns;
  bool has_search, has_tabs, has_picks, has_acts, is_filtered, is_paged, has_form, has_foot, compact, pick_posts,
      ranges_open;
  bool view_changed, view_default, can_save;
};
struct view_plans {
  enum lang lang;
  struct view_frame f;
  struct str said, finding; /* finding: the page's sentence */
  bool can_upload;
  struct view_table table;
};
struct view_list { /* a page that is a list and nothing more */
  enum lang lang;
  struct view_frame f;
  struct str title, says, act_href, act_label, said;
  struct view_table table;
};
#endif
