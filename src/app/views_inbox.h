/* What the inbox shows. As in views.h: a template only places things. */
#ifndef APP_VIEWS_INBOX_H
#define APP_VIEWS_INBOX_H
#include "app/views.h"

struct view_inbox_row {
  struct str href, title, about, act, act_href;
  struct str css, says, due; /* lamp: g y r n */
};
struct view_inbox {
  enum lang lang;
  struct view_frame f;
  struct str finds; /* the finding in a sentence; empty = nothing waits */
  view_links tabs;
  VEC(struct view_inbox_row) rows;
  bool is_narrowed;
};
#endif
