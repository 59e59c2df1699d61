/* Views of the templates under test. */
#ifndef TEMPLATES_VIEWS_H
#define TEMPLATES_VIEWS_H
#include "base/vec.h"
#include "web/html.h"

struct view_frame {
  enum lang lang;
  struct str title, css;
};
struct view_task {
  struct str title, link;
  struct html note;
  int id;
  bool is_late;
};
struct view_tasks {
  struct view_frame f;
  struct str title;
  VEC(struct view_task) tasks;
  int count;
  bool is_late;
};
struct view_inner {
  struct str name;
};
struct view_outer {
  struct str name;
  VEC(struct view_inner) inner;
};
struct view_places {
  enum lang lang;
  struct str word, none, link, other;
  struct html trusted;
  int number;
  int64_t large;
  bool yes;
  VEC(struct view_outer) list;
};
#endif
