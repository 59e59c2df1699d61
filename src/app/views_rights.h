/* What the pages about rights show. */
#ifndef APP_VIEWS_RIGHTS_H
#define APP_VIEWS_RIGHTS_H
#include "app/views.h"

struct view_right { /* one role that sees one record */
  struct str record, word, where, through, classes;
  struct str acts; /* what that role may do on it */
};
struct view_may { /* one act */
  struct str act, says, on, through;
};
struct view_mays { /* those of one kind */
  struct str label;
  VEC(struct view_may) rows;
};
typedef VEC(struct view_right) view_rights;
struct view_rights_person {
  enum lang lang;
  struct view_frame f;
  struct str name, says, posts, back;
  VEC(struct view_mays) acts;
  view_rights rows;
};
struct view_seer { /* href empty: an administrator's account without a person */
  struct str href, name;
  view_rights rows; /* why */
};
struct view_rights_record {
  enum lang lang;
  struct view_frame f;
  struct str title, says, more;
  VEC(struct view_seer) rows;
};
#endif
