/* What the page of saved declarations shows. */
#ifndef APP_VIEWS_DEVELOP_H
#define APP_VIEWS_DEVELOP_H
#include "app/views.h"

struct view_installed {
  struct str name, label, version;
};
struct view_develop {
  enum lang lang;
  struct view_frame f;
  struct str says, since, text; /* text: as on the console; empty when there is nothing to say */
  bool is_broken;
  VEC(struct view_installed) systems;
};
#endif
