/* Links between facts of one item: a part and its total, a fact and its clause. A correction names the other fact by its
 * words, because they stay what they are when the item gets another number and the keys of its facts change. */
#include "engine/plan/correct_int.h"

static const struct item *item_of(const struct correct_result *r, int document, int item) {
  return &r->plan.documents.at[document].items.at[item];
}
/* Longer clauses (bytes), and facts behind so many others of the item, are named by their keys. */
enum { WORDS_MOST = 600, LOOK_MOST = 512 };
static bool can_name(struct str words) {
  for (size_t i = 0; i < words.len; i++)
    if ((unsigned char)words.at[i] < 0x20) return false;
  return words.len > 0 && words.len <= WORDS_MOST;
}
static int32_t first_with(const struct correct_result *r, const struct item *it, enum fact_kind kind,
                          struct str words) {
  size_t len = 0, size = 0;
  (void)correct_facts(it, kind, &len, &size);
  for (size_t i = 0; i < len; i++)
    if (str_eq(correct_words(&r->plan, it, kind, (int)i), words)) return (int32_t)i;
  return NO_INDEX;
}

struct str correct_link(struct arena *mem, const struct correct_result *r, int document, int item, enum fact_kind kind,
                        int index) {
  const struct item *it = item_of(r, document, item);
  const struct correct_item *ci = &r->documents[document].items[item];
  if (index < 0 || (size_t)index >= ci->keys[kind].len) return STR("");
  const struct str words = correct_words(&r->plan, it, kind, index);
  if (index < LOOK_MOST && can_name(words) && first_with(r, it, kind, words) == index) return words;
  return correct_key_text(mem, ci->keys[kind].at[index]);
}

int32_t correct_linked(const struct correct_result *r, int document, int item, enum fact_kind kind, struct str name) {
  const struct correct_item *ci = &r->documents[document].items[item];
  uint64_t key = 0;
  for (size_t i = 0; correct_key_of(name, &key) && i < ci->keys[kind].len; i++)
    if (ci->keys[kind].at[i] == key) return (int32_t)i;
  return can_name(name) ? first_with(r, item_of(r, document, item), kind, name) : NO_INDEX;
}

bool correct_may_link(const struct correct_result *r, int document, int item, int subject, int index,
                      const struct correct_field *f, int32_t to) {
  const struct item *it = item_of(r, document, item);
  if (f->to != FACT_TARGET || subject != FACT_TARGET) return to >= 0;
  if (to < 0 || (size_t)to >= it->targets.len || to == index || it->targets.at[to].part_of >= 0) return false;
  vec_each(struct target, t, &it->targets)
    if (index >= 0 && t->part_of == index) return false;
  return true;
}

struct str correct_value(struct arena *mem, const struct correct_result *r, int document, int item, int subject,
                         int index, const struct correct_field *f) {
  const struct document *d = &r->plan.documents.at[document];
  size_t len = 0, size = 0;
  if (subject == CORRECT_DOCUMENT) return correct_read(mem, f, d);
  if (subject == CORRECT_SECTION) return correct_read(mem, f, &d->sections.at[index]);
  const struct item *it = &d->items.at[item];
  if (subject == CORRECT_ITEM) return correct_read(mem, f, it);
  const char *at = correct_facts(it, (enum fact_kind)subject, &len, &size);
  if (index < 0 || (size_t)index >= len) return STR("");
  const char *fact = at + (size_t)index * size;
  if (f->type != CORRECT_LINK) return correct_read(mem, f, fact);
  return correct_link(mem, r, document, item, f->to, *(const int32_t *)(const void *)(fact + f->at));
}
