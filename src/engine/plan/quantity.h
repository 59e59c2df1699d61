/* Numbers with their measures, found in a stretch of an item's words.
 *
 * Reading knows nothing of aims: it says what stands there (3-5所, 十余个, 3.3万个, 60%, 一两项), in which clause and
 * part of an enumeration, whether inside quotes or brackets, and what bound its own words give. Whether it is a
 * target is decided in targets.c. What cannot be a quantity at all is passed over here: 2.0, 5G, 1+N, 20+20, 1:1,
 * 8:30, numbers without a measure. Years and ordinals are read, with the kind that says so. Linear in the text. */
#ifndef ENGINE_PLAN_QUANTITY_H
#define ENGINE_PLAN_QUANTITY_H
#include "engine/plan/plan.h"

enum quantity_kind {
  QUANTITY_COUNT,
  QUANTITY_TIMES,
  QUANTITY_SHARE,
  QUANTITY_MONEY,
  QUANTITY_SIZE,
  QUANTITY_RATE,
  QUANTITY_LESSON,
  QUANTITY_SPAN,
  QUANTITY_AGE,
  QUANTITY_EDITION, /* 期 轮: says which, unless so many are held */
  QUANTITY_ORDINAL,
  QUANTITY_UNLISTED
};
struct quantity {
  struct span at;    /* number and measure: 41所, 3-5所, 3所至5所 */
  struct span whole; /* with a bound behind it: 8个以上 */
  uint32_t clause;   /* index of its clause */
  struct dec value, max;
  bool has_max;
  struct str unit; /* 所, 万个, %, 个百分点 */
  enum quantity_kind kind;
  enum bound after; /* by the words inside and behind: 余 左右 以上 以内; BOUND_EQ = none */
  bool han;         /* written in Chinese numerals */
  bool one;         /* a bare 一 or 1 written in Chinese */
  bool firm;        /* its measure counts buildings or people: 一所, 一名 */
  bool quoted;      /* inside quotes or 《》 */
  int depth;        /* brackets around it */
};
struct quantity_clause {
  struct span at;    /* between ，。；：！？ and line ends */
  uint32_t mark;     /* what ends it; 0 = the stretch */
  uint32_t sentence; /* index of its sentence (。！？ and line ends part them) */
};
struct reading {
  VEC(struct quantity) quantities;
  VEC(struct quantity_clause) clauses;
  plan_spans books; /* 《…》, outermost */
};

struct reader {
  const struct plan *p;
  struct arena *scratch;
  struct reading last;
  bool keeps;  /* quantities_of keeps what it reads with the items, up to a bound */
  size_t kept; /* bytes so far */
};
/* Reads a stretch of p->folded. The reading lives in the reader, up to the next one. */
const struct reading *quantity_read(struct reader *r, struct span stretch);
/* The reading of the item's i-th stretch: the one that a reader that keeps has left with the item, else read now, as by
 * quantity_read. */
const struct reading *quantities_of(struct reader *r, struct item *it, size_t i);
/* The text of a unit as written in the lexicon for a share in any width: ％ is %. */
struct str quantity_unit(struct str measure);
#endif
