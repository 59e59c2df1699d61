/* What the pages about rights show. */
#ifndef APP_VIEWS_RIGHTS_H
#define APP_VIEWS_RIGHTS_H
#include "app/views.h"

struct view_right { /* one role that sees one record */
  struct str record, word, where, through, classes;
};
typedef VEC(struct view_right) view_rights;
struct view_rights_person {
  enum lang lang;
  struct view_frame f;
  struct str name, says, posts;
  view_rights rows;
};
struct view_seer {
  struct str href, name;
  view_rights rows; /* why; .record is empty */
};
struct view_rights_record {
  enum lang lang;
  struct view_frame f;
  struct str title, says, more;
  VEC(struct view_seer) rows;
};
#endif
