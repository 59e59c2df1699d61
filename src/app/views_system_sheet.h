/* What the page shows on which records are taken in from a sheet. */
#ifndef APP_VIEWS_SYSTEM_SHEET_H
#define APP_VIEWS_SYSTEM_SHEET_H
#include "app/views_org.h"

struct view_system_sheet {
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, list, list_href, action, xlsx_href, csv_href, most, refusal, hint;
  view_links open; /* that are on their way */
  /* one of them; work empty: none is shown */
  struct str work, name, summary, take, problems_href, more;
  VEC(struct view_import_line) lines; /* what was refused */
  int bar;                            /* 0..100 */
  bool goes_on, can_take, is_taking, is_over, is_good;
};
#endif
