/* The checks of plan_check, private to check*.c. Each adds diagnostics through check_add, which keeps the ceiling. */
#ifndef ENGINE_PLAN_CHECK_H
#define ENGINE_PLAN_CHECK_H
#include "engine/plan/plan.h"

struct checker {
  struct plan *p;
  struct arena scratch; /* tables of one run */
  size_t left_out;      /* diagnostics beyond PLAN_DIAGS_MAX */
  struct diag spare;    /* where those go */
};

/* Never NULL; item and document may be NO_INDEX. */
struct diag *check_add(struct checker *c, enum diag_code code, struct span at, int document, int item);
/* The value must live in the plan's arena. */
void check_arg(struct diag *d, const char *name, struct str value);
struct str check_path(struct checker *c, int document, int item); /* 2.9 */

void check_sums(struct checker *c);      /* check_sums.c: sum, sum-ok */
void check_damage(struct checker *c);    /* check_text.c: damage, damage-mended */
void check_balance(struct checker *c);   /* check_text.c: unbalanced */
void check_sentences(struct checker *c); /* check_text.c: sentence-twice */
void check_names(struct checker *c);     /* check_names.c: name-variants, unit-unknown */
void check_documents(struct checker *c); /* check_names.c: document-twice, document-withdrawn */

/* A hash table of 64-bit keys for linear passes: returns the value noted for key, or notes `value` and returns -1. */
struct seen {
  uint64_t *keys;
  int32_t *values;
  size_t mask;
};
struct seen seen_new(struct arena *a, size_t most);
int32_t seen_put(struct seen *s, uint64_t key, int32_t value);
#endif
