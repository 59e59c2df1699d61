/* Look-ups in decision tables: row by row, since tables of law are short; phrases of keywords are sorted and tried at each
 * character among those that begin with it. */
#include "declare/rules_table.h"

#include <stdlib.h>

#include "base/utf8.h"

const struct rules_version *table_version(const struct rules_table *t, struct date day) {
  const struct rules_version *in_force = NULL;
  vec_each(const struct rules_version, v, &t->versions)
    if (date_cmp(v->since, day) <= 0) in_force = v;
  return in_force;
}
const struct value *rule_row_give(const struct rule_row *row, struct str name) {
  for (size_t i = 0; i < row->table->give_count; i++)
    if (str_eq(row->table->gives[i], name)) return &row->gives[i];
  return NULL;
}

/* ---- decision tables ---- */

enum match { MATCH_NOT, MATCH_AT_UPPER_END, MATCH };
static enum match cell_match(const struct rule_cell *c, const struct value *key) {
  if (c->kind == CELL_ANY) return MATCH;
  if (c->kind == CELL_VALUE) return value_same(&c->value, key) ? MATCH : MATCH_NOT;
  if (c->has_from && value_cmp(key, &c->from) == VALUE_LESS) return MATCH_NOT;
  if (!c->has_to) return MATCH;
  const enum value_order end = value_cmp(key, &c->to);
  if (end == VALUE_MORE) return MATCH_NOT;
  const bool is_point = c->has_from && value_same(&c->from, &c->to);
  return end == VALUE_EQUAL && !is_point ? MATCH_AT_UPPER_END : MATCH;
}
static enum match row_match(const struct rules_table *t, const struct rule_row *row, const struct value *keys) {
  enum match all = MATCH;
  for (size_t i = 0; i < t->key_count && all; i++) {
    const enum match one = cell_match(&row->keys[i], &keys[i]);
    if (one < all) all = one;
  }
  return all;
}
static void rows_matching(struct arena *mem, const struct rules_version *v, const struct rules_table *t,
                          const struct value *keys, enum match wanted, rule_rows *out) {
  vec_each(const struct rule_row, row, &v->rows)
    if (row_match(t, row, keys) == wanted) vec_push(mem, out) = row;
}
void table_look(struct arena *mem, const struct rules_version *v, const struct rules_table *t, const struct value *keys,
                rule_rows *out) {
  rows_matching(mem, v, t, keys, MATCH, out);
  if (!out->len) rows_matching(mem, v, t, keys, MATCH_AT_UPPER_END, out);
  if (t->hit != HIT_ALL && out->len) out->len = 1;
}

/* ---- keywords ---- */

typedef VEC(const struct rule_row *) row_list;
static struct str phrase_of(const struct rule_row *row) { return row->keys[0].value.text; }
static int by_phrase(const void *a, const void *b) {
  const struct rule_row *const *x = a, *const *y = b;
  const int order = str_cmp(phrase_of(*x), phrase_of(*y));
  return order ? order : (*x)->number - (*y)->number;
}
/* Rows by their phrases, those without one left out. */
static row_list phrases_sorted(struct arena *mem, const struct rules_version *v) {
  row_list list = {0};
  vec_each(const struct rule_row, row, &v->rows)
    if (phrase_of(row).len) vec_push(mem, &list) = row;
  if (list.len) qsort(list.at, list.len, sizeof *list.at, by_phrase);
  return list;
}
/* The first phrase that is not before this text. */
static size_t lower_bound(const row_list *list, struct str text) {
  size_t low = 0, high = list->len;
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (str_cmp(phrase_of(list->at[mid]), text) < 0) low = mid + 1;
    else high = mid;
  }
  return low;
}
/* The longest phrase with which the rest begins: among those that begin with its first character. */
static const struct rule_row *longest_at(const row_list *list, struct str rest) {
  const struct str first = str_slice(rest, 0, utf8_len(rest, 0));
  const struct rule_row *best = NULL;
  for (size_t i = lower_bound(list, first); i < list->len && str_starts(phrase_of(list->at[i]), first); i++)
    if (str_starts(rest, phrase_of(list->at[i])) && (!best || phrase_of(list->at[i]).len > phrase_of(best).len))
      best = list->at[i];
  return best;
}

struct result {               /* of what was found: one for each distinct first given value */
  const struct rule_row *row; /* the heaviest */
  struct ratio sum;
};
typedef VEC(struct result) results;
static const struct value *weight_of(const struct rules_table *t, const struct rule_row *row) {
  return &row->gives[t->weight];
}
static bool add_result(struct arena *mem, results *all, const struct rules_table *t, const struct rule_row *row) {
  const struct value *weight = weight_of(t, row);
  if (weight->kind != VALUE_NUMBER) return true;
  vec_each(struct result, r, all) {
    if (!value_same(&r->row->gives[0], &row->gives[0])) continue;
    if (value_cmp(weight, weight_of(t, r->row)) == VALUE_MORE) r->row = row;
    return ratio_add(r->sum, weight->number, &r->sum);
  }
  vec_push(mem, all) = (struct result){row, weight->number};
  return true;
}
static const struct rule_row *greatest(const results *all) {
  const struct result *best = NULL;
  bool is_tie = false;
  vec_each(const struct result, r, all) {
    const int order = best ? ratio_cmp(r->sum, best->sum) : 1;
    is_tie = order ? is_tie && order < 0 : true;
    if (order > 0) best = r;
  }
  return best && !is_tie ? best->row : NULL;
}
const struct rule_row *table_classify(struct arena *mem, const struct rules_version *v, const struct rules_table *t,
                                      struct str text, rule_rows *found) {
  const row_list phrases = phrases_sorted(mem, v);
  results all = {0};
  for (size_t i = 0; i < text.len;) {
    const struct rule_row *row = longest_at(&phrases, str_from(text, i));
    if (row) {
      vec_push(mem, found) = row;
      if (!add_result(mem, &all, t, row)) return NULL;
    }
    i += row ? phrase_of(row).len : utf8_len(text, i);
  }
  return greatest(&all);
}
