/* What every package has without declaring it (rules/declare/base.yaml): the lists base.stage, base.grade, base.sex, and the
 * posts that adviser_of, head_of and pupils ask for. */
#ifndef DECLARE_BASE_KNOWN_H
#define DECLARE_BASE_KNOWN_H
#include "base/msg.h"
#include "base/vec.h"

struct base_item {
  struct str code, label[LANG_COUNT];
};
struct base_list {
  struct str name; /* "base.stage" */
  VEC(struct base_item) items;
};
struct base_posts {
  struct str function; /* "adviser_of" */
  VEC(struct str) roles;
};
struct base_known {
  VEC(struct base_list) lists;
  VEC(struct base_posts) posts;
};
const struct base_known *base_known(void);               /* read once; borrowed for good */
const struct base_list *base_list_find(struct str name); /* "base.stage"; NULL = there is none */
int base_code_place(const struct base_list *l, struct str code);
const struct base_posts *base_posts_of(struct str function); /* never NULL for those of the file */
#endif
