/* What people changed by hand in a compiled plan, put onto it.
 *
 * The compiler's result is never altered: `correct_apply` makes a second plan in which every fact, title and diagnostic
 * stands as corrected, with a list that says what was changed, what the compiler had, and which corrections no longer
 * find their fact ("orphans": the text changed under them). Nothing is ever dropped silently. Diagnostics are computed
 * anew from the corrected facts, so a mended sum loses its error.
 *
 * A correction hangs on a key (plan_fact_key, correct_item_key, correct_diag_key) that stays the same when the file is
 * compiled again; when a new draft moved the item, it is found by its title and words if they fit exactly one place.
 * Pure: no store, no clock. Everything lives in the arena given. */
#ifndef ENGINE_PLAN_CORRECT_H
#define ENGINE_PLAN_CORRECT_H
#include "engine/plan/plan.h"

enum correct_act { CORRECT_SET, CORRECT_ADD, CORRECT_REMOVE, CORRECT_ANSWER, CORRECT_ACT_COUNT };
/* What is corrected: a kind of fact, or one of these. */
enum { CORRECT_ITEM = FACT_KIND_COUNT, CORRECT_SECTION, CORRECT_DOCUMENT, CORRECT_SUBJECT_COUNT };

struct correction {
  enum correct_act act;
  int subject;   /* enum fact_kind, CORRECT_ITEM, CORRECT_SECTION or CORRECT_DOCUMENT */
  uint64_t key;  /* of the fact (item, section, document); of the diagnostic for ANSWER; chosen by the caller for ADD */
  uint64_t item; /* correct_item_key of its item; 0 for CORRECT_SECTION and CORRECT_DOCUMENT */
  struct str field, value; /* SET: one field. ANSWER: value is the answer's word. Empty else */
  struct str item_title,
      words; /* second anchors: the item's title and the fact's words (section's title) as they stood */
  /* who, when, why: carried along for those who show them */
  int64_t seq, at_us; /* number and moment of its event */
  struct str actor, reason;
};

/* ---- fields that can be set ---- */

enum correct_type {
  CORRECT_TEXT,   /* any text, one line */
  CORRECT_NUMBER, /* 1,080  3.3  三十三; empty = none where `optional` */
  CORRECT_COUNT,  /* whole number */
  CORRECT_DATE,   /* 2026-5-18, 2026年5月18日 */
  CORRECT_YEAR,
  CORRECT_CHOICE, /* one of `choices` (words as in the JSON) */
  CORRECT_YES_NO, /* "yes" "no" */
  CORRECT_NAMES,  /* several names: 甲局、乙局 */
  CORRECT_LINK    /* another fact of the same item, by correct_link */
};
struct correct_field {
  int subject;
  const char *name; /* as in the JSON: "name" "role" "value" "unit" ... */
  enum correct_type type;
  bool optional;              /* may be emptied */
  bool main;                  /* must be given when a fact is added */
  const char *const *choices; /* ends with NULL; CORRECT_CHOICE only. Label: MSG_choice_<field>_<word, - as _> */
  int label;                  /* message id: MSG_field_<name> */
  enum fact_kind to;          /* CORRECT_LINK: kind of the fact that it leads to */
  uint16_t at, has;           /* private: where it is in the fact's struct; its `has_` flag, 0 = none */
};
extern const struct correct_field correct_fields[];
extern const size_t correct_field_count;
const struct correct_field *correct_field(int subject, struct str name); /* or NULL */
const char *correct_subject_word(int subject); /* "party" "target" ... "item" "section" "document" */
bool correct_subject_of(struct str word, int *out_subject);
const char *correct_act_word(enum correct_act act); /* "set" "add" "remove" "answer" */

/* Checks what a person typed and gives its canonical form (dates ISO, digits ASCII, choices exact). ERR_INVALID;
 * the error's argument "name" is the field's. Whether a CORRECT_LINK leads to a fact, correct_linked says. */
MUST_CHECK bool correct_check(struct arena *mem, const struct correct_field *field, struct str typed, struct str *out,
                              struct err *e);

/* ---- answers to doubts ---- */

enum answer_effect { ANSWER_KEEP, ANSWER_SET, ANSWER_REMOVE }; /* KEEP: leave the facts, drop the doubt */
struct correct_answer {
  enum diag_code code;
  const char *word; /* "as-is", "floor", "interval", "commitment", "no-commitment", ... */
  int label;        /* message id: MSG_answer_<word, - as _> */
  enum answer_effect effect;
  const char *field, *value; /* of ANSWER_SET */
  bool needs_reason;         /* an error may be left standing only with a reason */
};
/* The answers that fit a diagnostic, in the order in which they are numbered; n = 0 when it only wants editing. */
const struct correct_answer *correct_answers(enum diag_code code, size_t *out_n);

/* ---- keys ---- */

uint64_t correct_document_key(const struct plan *p, int document);
uint64_t correct_item_key(const struct plan *p, int document, int item);
uint64_t correct_section_key(const struct plan *p, int document, int section);
/* Sixteen hex digits, as forms and addresses carry a key; the reverse refuses anything else. */
struct str correct_key_text(struct arena *mem, uint64_t key);
bool correct_key_of(struct str text, uint64_t *out_key);

/* ---- applying ---- */

struct correct_mark {     /* a correction that holds */
  uint32_t correction;    /* index in the list given */
  int32_t document, item; /* NO_INDEX for the fields of a document or section */
  int32_t index;          /* of the fact or section in the corrected plan; NO_INDEX when it was removed, or neither */
  struct str before;      /* the compiler's value of the field (SET), or the removed fact's words */
};
struct correct_item { /* beside each item of a document, same index */
  uint64_t key;
  uint64_t digest;                     /* of its words and corrected facts: what a person accepts */
  uint32_t errors, warnings;           /* diagnostics that stand, about this item */
  VEC(uint64_t) keys[FACT_KIND_COUNT]; /* of the facts, same index as in the corrected item */
  bool touched;                        /* a correction or answer holds in it */
};
struct correct_document {
  uint64_t key;
  struct correct_item *items; /* as many as the document has */
  uint64_t *sections;         /* keys, as many as the document has */
};
struct correct_result {
  struct plan plan; /* as corrected; shares everything unchanged with the compiled one */
  struct correct_document *documents;
  VEC(uint64_t) diag_keys; /* same index as plan.diags */
  VEC(struct correct_mark) marks;
  VEC(uint32_t) orphans; /* indexes of corrections that found no place */
};
/* Later corrections win over earlier ones of the same field. `compiled` is only read and must outlive the result. */
void correct_apply(struct arena *mem, const struct plan *compiled, const struct correction *list, size_t n,
                   struct correct_result *out);
/* The facts of one kind of an item: first element and how many; *out_size bytes each; every one begins with its span. */
const void *correct_facts(const struct item *it, enum fact_kind kind, size_t *out_len, size_t *out_size);
/* Words of the text that a fact stands on. Borrowed from the plan. */
struct str correct_words(const struct plan *p, const struct item *it, enum fact_kind kind, int index);
/* The place of a fact, item, section or document in the corrected plan; false when there is none. A section's place is
 * its index, its item NO_INDEX. */
bool correct_find(const struct correct_result *r, int subject, uint64_t key, int32_t *out_document, int32_t *out_item,
                  int32_t *out_index);
/* The value of a field as a form shows it and as a correction stores it; empty when there is none. New, in mem.
 * index: of the fact or section; for an item and a document it is ignored. */
struct str correct_value(struct arena *mem, const struct correct_result *r, int document, int item, int subject,
                         int index, const struct correct_field *field);

/* ---- links between facts of one item ---- */

/* How a link names a fact: by its words, when they are short and no earlier fact of the kind has the same; else by its
 * key. New, in mem. */
struct str correct_link(struct arena *mem, const struct correct_result *r, int document, int item, enum fact_kind kind,
                        int index);
/* The fact that a link names; NO_INDEX when there is none. */
int32_t correct_linked(const struct correct_result *r, int document, int item, enum fact_kind kind, struct str name);
/* Whether a fact (index NO_INDEX: one to be added) may lead there: a part of a total is no total itself. */
bool correct_may_link(const struct correct_result *r, int document, int item, int subject, int index,
                      const struct correct_field *field, int32_t to);
#endif
