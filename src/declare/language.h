/* The language as a table: which parts there are, which keys each has, what may stand behind them and where it goes in the
 * structs of system.h. The reader, the formatter, the schema for editors and the reference are all made from it. */
#ifndef DECLARE_LANGUAGE_H
#define DECLARE_LANGUAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/msg.h"
#include "base/vec.h"

/* What one value is; in brackets the struct that takes it. */
#define SHAPES(X)                                                        \
  X(TEXT)     /* any text [word] */                                      \
  X(LABEL)    /* a short text for people [word] */                       \
  X(NAME)     /* a name of this package [word] */                        \
  X(PATH)     /* names with points between them [word] */                \
  X(DATE)     /* 2026-03-02 [word] */                                    \
  X(DURATION) /* 10 workdays [word] */                                   \
  X(NUMBER)   /* [number_word] */                                        \
  X(CHOICE)   /* one of the words in `words` [choice_word] */            \
  X(EXPR)     /* [expr_word] */                                          \
  X(TYPE)     /* [type_said] */                                          \
  X(PART)     /* keys of their own [part->size; ONE: a pointer to it] */ \
  X(YAML)     /* as it stands [const struct yaml *] */                   \
  X(LATER)    /* of the language, but not of this version */
enum shape {
#define X(name) SHAPE_##name,
  SHAPES(X)
#undef X
};
enum many { ONE, LIST, ONE_OR_LIST, MAP };

struct part;
struct key {
  const char *name;
  enum shape shape;
  enum many many;
  size_t at; /* in the struct of the part */
  bool need;
  const char *words; /* of CHOICE, between blanks; their order is that of the enum */
  const struct part *part;
  int most; /* elements of LIST and MAP; 0 = LANGUAGE_ELEMENTS_MAX */
};
enum { LANGUAGE_ELEMENTS_MAX = 100, LANGUAGE_TEXT_MAX = 1000, LANGUAGE_LABEL_MAX = 40 }; /* elements; characters */
/* Every struct of a part begins with a struct head. */
struct part {
  const char *name;
  size_t size;
  const struct key *keys;
  size_t count;
  const char *brief;       /* the key that is meant when no map stands there */
  const struct key *whole; /* all keys are names of its elements; NULL = no */
  bool free_names; /* its names in a map are not names of the language: classes, record.field, codes of others */
};
extern const struct part language_system;
size_t key_size(const struct key *k);                                  /* bytes of one value */
const struct key *language_key(const struct part *p, struct str name); /* NULL = it has none */
/* What a part is called and what a key means, for people: texts language_part_PART, language_PART_KEY or language_any_KEY. */
struct str language_part_says(enum lang lang, const struct part *p);
struct str language_key_says(enum lang lang, const struct part *p, const struct key *k);
/* Every part, each once, the system first and then in the order in which the keys lead to them. */
typedef VEC(const struct part *) part_list;
void language_parts(struct arena *mem, part_list *out);
#endif
