/* The review page, made from an open plan: rows of the source with marks and margin notes, the strip of items, and the
 * panel of the current item. Reads only; everything returned lives in the request's arena. */
#ifndef APP_REVIEW_H
#define APP_REVIEW_H
#include "app/plans.h"
#include "app/views.h"

enum review_show { SHOW_ALL, SHOW_DOUBT, SHOW_NO_UNIT, SHOW_INFERRED, SHOW_OPEN, SHOW_COUNT };

/* One fact of an item, in the order in which the panel lists and numbers them. */
struct fact_ref {
  enum fact_kind kind;
  int32_t index;
  int32_t number; /* as shown; parts of a total have none of their own: 0 */
};
typedef VEC(struct fact_ref) fact_refs;
/* Slogans and quotations, and the measures, are the skeleton of the text: they come last, without a number, and are
 * listed only when open. */
void review_facts(struct arena *mem, const struct item *it, fact_refs *out);
struct review;
/* Parts of a total are listed only while their total or one of them is open. */
bool review_is_listed(const struct review *r, size_t fact);
struct span review_fact_span(const struct item *it, struct fact_ref r);

/* One item in reading order, groups left out. */
struct review_item {
  struct item_ref ref;
  struct str step; /* for addresses: 2.9 */
  const struct item *item;
  enum item_state state;
  bool shown; /* by the filters */
};
struct review {
  struct arena *mem;
  enum lang lang;
  const struct plan_view *v;
  struct str path;  /* /plans/{id} */
  struct str draft; /* asked for; empty = the latest */
  VEC(struct review_item) items;
  int32_t current; /* index of items, NO_INDEX when the plan has none */
  fact_refs facts; /* of the current item */
  int32_t fact;    /* index of facts, NO_INDEX */
  bool has_fact_key;
  uint64_t fact_key;
  enum review_show show;
  struct str unit; /* filter by a unit's name; empty = all */
  int kind;        /* filter by enum fact_kind; NO_INDEX = all */
  int editing;     /* CORRECT_ITEM, CORRECT_SECTION, CORRECT_DOCUMENT: the form of the head of one; else NO_INDEX */
  int adding;      /* subject of the fact to add by hand; NO_INDEX */
  /* a refused form: what was typed and what is wrong with it */
  struct str bad_subject, bad_key, bad_says, bad_field, reason;
  const struct plan_edit *typed;
  size_t typed_count;
};
/* Is this what stands, and does whoever looks at it correct it? */
static inline bool review_may_correct(const struct review *r) {
  return r->v->latest && !r->v->row.voided && r->v->may.correct;
}
/* Items, the current one and fact, filters; `item` is a step, `fact` a key of sixteen digits. */
void review_start(struct review *r, struct str item, struct str fact);
/* Address of this page with another item, fact or part; NULL parts keep nothing. New, in r->mem. */
struct str review_href(const struct review *r, struct str item, struct str fact, struct str more);
uint64_t review_key(const struct review *r, const struct review_item *it, struct fact_ref f);
bool review_has_kind(const struct item *it, int kind);
bool review_item_lacks_unit(const struct plan *p, const struct item *it);

void review_rows(const struct review *r, struct view_review *v); /* review_rows.c */
void review_notes(const struct review *r, struct view_review *v, const uint32_t *row_at,
                  size_t rows);                                  /* review_notes.c */
void review_panel(const struct review *r, struct view_panel *p); /* review_panel.c */
/* What the fact is, as the list says it: kind, words, quantity. */
void review_fact(const struct review *r, const struct item *it, struct fact_ref ref, struct view_fact *f);
/* Doubts and errors that stand about a fact (or, with NO_INDEX, about the item itself). */
void review_questions(const struct review *r, const struct review_item *it, struct fact_ref ref, bool of_item,
                      view_questions *out);
#endif
