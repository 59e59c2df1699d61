/* A merger keeps people: nobody is without the post they had on the day before. */
#include "engine/register/posts.h"

void org_posts_merge(struct arena *mem, org_posts *posts, struct str unit, struct str into, int32_t day) {
  const size_t n = posts->len;
  for (size_t i = 0; i < n; i++) {
    struct org_post p = posts->at[i];
    if (!str_eq(p.unit, unit) || p.until < day) continue;
    posts->at[i].changed = true;
    if (p.from >= day) {
      posts->at[i].unit = into;
      continue;
    }
    posts->at[i].until = day - 1;
    p.unit = into;
    p.from = day;
    p.id = STR("");
    p.added = true;
    vec_push(mem, posts) = p;
  }
}

bool org_posts_close(org_posts *posts, struct str unit, int32_t day, int32_t *out_begins) {
  vec_each(const struct org_post, p, posts) {
    if (!str_eq(p->unit, unit) || p->from < day) continue;
    *out_begins = p->from;
    return false;
  }
  vec_each(struct org_post, p, posts) {
    if (!str_eq(p->unit, unit) || p->until < day) continue;
    p->until = day - 1;
    p->changed = true;
  }
  return true;
}
