/* Texts for people. ui/texts/zh.yaml and en.yaml hold `key: text with {holes}`; the build turns them into
 * `enum msg { MSG_<key> ... }` (texts.h) and tables, and refuses a key that one language lacks. */
#ifndef BASE_MSG_H
#define BASE_MSG_H
#include "base/arena.h"
#include "base/str.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

struct msg_arg {
  const char *name; /* the hole, without braces */
  struct str value;
};

/* The text with its holes, from the generated tables (texts.c). */
struct str msg_template(enum lang lang, int msg);
/* The key of a message, as in the yaml; borrowed and static. */
const char *msg_key(int msg);
/* The id of a key; 0 when there is none. For keys that are put together ("item_" + a word). */
int msg_find(struct str key);
/* The message with its holes filled; a hole without a value stays as `{name}`. New, in a. */
struct str msg_text(struct arena *a, enum lang lang, int msg, const struct msg_arg *args, size_t n);
#endif
