/* Posts when the tree changes: who holds which post, in memory. Pure. */
#ifndef ENGINE_REGISTER_POSTS_H
#define ENGINE_REGISTER_POSTS_H
#include "base/str.h"
#include "base/vec.h"

struct org_post {
  struct str id, person, unit, role, title;
  int32_t from, until; /* days since 1970, both included */
  bool changed, added; /* added: has no id yet */
};
typedef VEC(struct org_post) org_posts;

/* Posts at `unit` go on at `into` from the day on: what runs over the day is cut in two, what begins later moves whole. */
void org_posts_merge(struct arena *mem, org_posts *posts, struct str unit, struct str into, int32_t day);
/* Posts at `unit` end the day before. False, with its first day, when one begins on the day or later. */
bool org_posts_close(org_posts *posts, struct str unit, int32_t day, int32_t *out_begins);
#endif
