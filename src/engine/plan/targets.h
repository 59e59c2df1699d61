/* From quantities to targets: what the passes over an item's numbers share.
 *
 * targets.c walks the words of a stretch once, keeping what stands before a number (struct before), has each
 * quantity judged by the ordered table of target_rules.c, and makes targets of those that stay. target_parts.c ties parts to
 * totals; target_words.c says what is counted; duties.c reads duties, universals and comparisons from the same
 * reading. */
#ifndef ENGINE_PLAN_TARGETS_H
#define ENGINE_PLAN_TARGETS_H
#include "engine/plan/phrase.h"
#include "engine/plan/quantity.h"

enum verdict { VERDICT_TARGET, VERDICT_UNSURE, VERDICT_NONE };

/* One judged quantity: for tests and for whoever asks why a number is or is not a target. */
struct judged {
  struct span at; /* number and measure */
  enum verdict verdict;
  const char *why; /* name of the rule */
};
typedef VEC(struct judged) judged_list;

/* What stands between the start of the clause (or sentence) and the number. Places are bytes in folded; 0 = none. */
struct before {
  uint32_t verb_at, verb_end; /* last verb of the clause, the longest there */
  lex_bits verb_groups;
  uint32_t bound_at, bound_end; /* last bound word since the quantity before */
  enum bound bound;
  bool bound_exact;
  enum level level;      /* of the clause */
  uint32_t level_end;    /* behind the last word of a level */
  uint32_t existing_end; /* 依托 充分发挥 现有 with no verb behind it */
  bool existing_soft;
  enum strength strength;
  bool past;         /* of the sentence */
  bool now;          /* of the clause: a word or date of the plan's time stood before */
  enum every every;  /* 每学期: of the clause */
  uint32_t head_end; /* 第 前 每 */
  uint32_t head_at;
  uint32_t slogan_end;
  uint32_t each_at;                    /* 分别 */
  int each_index;                      /* how many quantities since then */
  uint32_t compare_at;                 /* 在 比 较, + 1; since the quantity before */
  struct span from;                    /* 从, since the quantity before */
  struct span joint_first, joint_last; /* joiners since the quantity before */
  bool joint_verb;                     /* a counting verb since the quantity before */
  uint32_t opens_end;                  /* 其中 */
  bool totals;                         /* 共, since the quantity before */
  uint32_t sentence_at;                /* where the sentence starts */
};

/* A target with what its neighbours need to know of it. */
struct made {
  struct quantity q;
  uint32_t sentence;  /* running over all stretches */
  uint32_t words_end; /* where the words before the number end: at its bound or itself */
  uint32_t bound_end; /* of a bound before it, else 0 */
  bool opens, totals, own_verb;
  bool each;
  int each_index;
  uint32_t each_at, clause_at;
};
typedef VEC(struct made) made_list;

struct soft_aim { /* 明显提高 */
  struct span word;
  uint32_t clause_at, clause_end;
};

struct walk {
  const struct plan *p;
  const struct document *doc;
  struct item *it;
  struct arena *scratch;
  struct reader reader;
  const struct reading *reading; /* of the stretch at hand */
  made_list made;                /* one for each of it->targets that has a number, same index */
  VEC(struct soft_aim) soft;
  judged_list *judged; /* or NULL */
  size_t hit, time;
  size_t counted; /* last quantity of the stretch that was no name or date, + 1 */
  uint32_t clause, sentence, sentence_base;
  struct before b;
  const struct section *section; /* the last one asked, and whether it tells of the past */
  bool section_facts;
  bool facts; /* the section or item tells of the past */
  uint32_t mute_past, mute_universal, mute_part;
  uint32_t passed;     /* end of the last quantity: words inside it say nothing of the next */
  size_t counted_base; /* targets made before this stretch */
  struct dec from;     /* the start value that waits for its target */
  uint32_t from_at;    /* its 从 */
  bool has_from;
  enum bound carried; /* a bound that may reach further, with its sentence and kind */
  uint32_t carried_sentence;
  enum quantity_kind carried_kind;
};

/* All quantities of an item with the verdict on each; the item's own facts are added to it as plan_targets does. */
void targets_of_item(const struct plan *p, const struct document *doc, struct item *it, struct arena *scratch,
                     judged_list *judged);
void target_words(struct walk *w, size_t index, uint32_t member_end); /* what, denominator, end of the clause part */
void target_parts(struct walk *w);
void duties_of_stretch(struct walk *w, struct span stretch);
void soft_targets(struct walk *w); /* of the whole item, after duties_of_stretch of all its stretches */
/* s without words of the groups at its start. */
struct str words_dropped(const struct lexicon *lx, struct str s, lex_bits groups);
/* What the rules look at. */
struct look {
  const struct walk *w;
  const struct before *b;
  const struct quantity *q;
  enum bound bound; /* of its own words */
  bool bounded;
  bool exact;                  /* 达到 right before it */
  bool making;                 /* a verb of making stands right before it */
  bool near;                   /* or any verb that makes an amount: 发放 投入 */
  const struct lex_word *tail; /* number_tail behind it, or NULL */
};
struct target_rule {
  const char *why;
  bool (*applies)(const struct look *l);
  enum verdict verdict;
};
/* The first rule that applies; there is always one. */
const struct target_rule *target_rule(const struct look *l);

enum every every_of(struct str value);
int32_t measure_at(const struct item *it, uint32_t at); /* index of the measure that holds the place, NO_INDEX */
#endif
