/* What the page shows on which records are taken in from a sheet. */
#ifndef APP_VIEWS_SYSTEM_SHEET_H
#define APP_VIEWS_SYSTEM_SHEET_H
#include "app/views_org.h"

struct view_system_sheet {
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, list, list_href, action, xlsx_href, csv_href, most, summary, refusal, hint;
  struct str sheet; /* what was tried, as CSV: to be taken, or given back with what is wrong */
  VEC(struct view_import_line) lines;
  bool can_take;
};
#endif
