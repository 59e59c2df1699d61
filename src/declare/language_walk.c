/* The tables of the language for those who show it: all parts in order, and what each key means in words. */
#include "base/must.h"
#include "declare/language.h"

enum { KEY_NAME_MOST = 80 };

static void add_part(struct arena *mem, part_list *out, const struct part *p) {
  for (size_t i = 0; i < out->len; i++)
    if (out->at[i] == p) return;
  vec_push(mem, out) = p;
  if (p->whole && p->whole->part) add_part(mem, out, p->whole->part);
  for (size_t i = 0; i < p->count; i++)
    if (p->keys[i].shape == SHAPE_PART) add_part(mem, out, p->keys[i].part);
}
void language_parts(struct arena *mem, part_list *out) {
  *out = (part_list){0};
  add_part(mem, out, &language_system);
}

static struct str says(enum lang lang, const char *first, const char *second) {
  char name[KEY_NAME_MOST];
  size_t n = 0;
  for (const char *const parts[] = {"language_", first, "_", second}, *const *p = parts; p < parts + 4; p++) {
    const struct str s = str_of(*p);
    must(n + s.len < sizeof name);
    memcpy(name + n, s.at, s.len);
    n += s.len;
  }
  const int msg = msg_find((struct str){name, n});
  return msg ? msg_template(lang, msg) : (struct str){0};
}
struct str language_part_says(enum lang lang, const struct part *p) {
  return says(lang, "part", p->name);
}
struct str language_key_says(enum lang lang, const struct part *p, const struct key *k) {
  if (k->shape == SHAPE_LATER) return says(lang, "any", "later");
  const struct str own = says(lang, p->name, k->name);
  return own.len ? own : says(lang, "any", k->name);
}
