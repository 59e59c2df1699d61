/* Decision tables: rows have the right number of cells, their cells fit the key's types; no two rows answer the same
 * question; questions that no row answers are named. Rows are compared pairwise as boxes in the space of the key (each
 * column a set of codes or a range); gaps are looked for by counting, over the codes alone. */
#include "declare/check.h"
#include "declare/duration.h"
#include "texts.h"

enum { COMPARED_MOST = 2000, GAPS_TOLD = 3, KEYS_MOST = 8, SPACE_MOST = 20000 };

static bool is_any(struct str cell) { return str_eqz(cell, "*"); }

/* ---- cells ---- */

struct range {
  bool has_low, has_high;
  struct dec low, high;
};
/* 0..4, 70.., ..5, 25..45, and a plain number */
static bool read_range(struct str s, struct range *out) {
  struct str low, high;
  *out = (struct range){0};
  if (!str_cut(s, STR(".."), &low, &high)) {
    out->has_low = out->has_high = true;
    out->high = out->low;
    return dec_parse(s, &out->low) && dec_parse(s, &out->high);
  }
  out->has_low = low.len > 0;
  out->has_high = high.len > 0;
  return (low.len || high.len) && (!low.len || dec_parse(low, &out->low)) && (!high.len || dec_parse(high, &out->high));
}
/* They share more than an end: an end belongs to the upper row, so that bands tile. */
static bool ranges_meet(const struct range *a, const struct range *b) {
  const bool point_a = a->has_low && a->has_high && dec_eq(a->low, a->high);
  const bool point_b = b->has_low && b->has_high && dec_eq(b->low, b->high);
  if (point_a && point_b) return dec_eq(a->low, b->low);
  const bool below = a->has_high && b->has_low && dec_cmp(a->high, b->low) <= 0;
  const bool above = b->has_high && a->has_low && dec_cmp(b->high, a->low) <= 0;
  return !below && !above;
}
static bool cells_meet(enum type_word t, struct str a, struct str b) {
  struct range x, y;
  if (is_any(a) || is_any(b)) return true;
  if (t == TYPE_range) return read_range(a, &x) && read_range(b, &y) && ranges_meet(&x, &y);
  return str_eq(a, b);
}

static void check_cell(struct checker *c, const struct named_type *column, const struct word *cell, bool is_key) {
  struct range range;
  if (is_key ? is_any(cell->text) : str_eqz(cell->text, "none")) return;
  if (column->type.type == TYPE_choice) {
    const struct list *l = part_find(&c->s->lists, column->type.name);
    if (l && !has_word(l->from) && !part_find(&l->items, cell->text))
      (void)fault_arg(tell(c, FAULT_T010, *cell, "name", cell->text), "list", column->type.name);
  } else if (column->type.type == TYPE_range && !read_range(cell->text, &range)) {
    tell(c, FAULT_Y013, *cell, "text", cell->text)->msg = MSG_declare_range_form;
  } else if (column->type.type == TYPE_duration) {
    struct duration duration;
    if (!duration_parse(cell->text, &duration))
      tell(c, FAULT_Y013, *cell, "text", cell->text)->msg = MSG_declare_duration_form;
  }
}
static bool check_row(struct checker *c, const struct table *t, const struct table_row *row) {
  const size_t columns = t->key.len + t->gives.len;
  if (row->cells.len != columns) {
    struct fault *x = fault_arg(faults_add(c->f, FAULT_Y006, row->head.at), "n", str_int(c->mem, (int64_t)columns));
    x->msg = MSG_declare_row_cells;
    return false;
  }
  for (size_t i = 0; i < columns; i++) {
    const bool is_key = i < t->key.len;
    check_cell(c, is_key ? &t->key.at[i] : &t->gives.at[i - t->key.len], &row->cells.at[i], is_key);
  }
  return true;
}

/* ---- rows against rows ---- */

static struct str key_text(struct checker *c, const struct table *t, const struct table_row *row) {
  struct str out = {0};
  for (size_t i = 0; i < t->key.len; i++)
    out = str_fmt(c->mem, STRF "%s" STRF, STRA(out), i ? " × " : "", STRA(row->cells.at[i].text));
  return out;
}
static bool rows_meet(const struct table *t, const struct table_row *a, const struct table_row *b) {
  for (size_t i = 0; i < t->key.len; i++)
    if (!cells_meet(t->key.at[i].type.type, a->cells.at[i].text, b->cells.at[i].text)) return false;
  return true;
}
static void check_overlap(struct checker *c, const struct table *t) {
  const size_t n = t->rows.len < COMPARED_MOST ? t->rows.len : COMPARED_MOST;
  for (size_t i = 1; i < n; i++)
    for (size_t k = 0; k < i; k++) {
      const struct table_row *a = &t->rows.at[k], *b = &t->rows.at[i];
      if (!rows_meet(t, a, b)) continue;
      struct fault *x = fault_arg(faults_add(c->f, FAULT_T003, b->head.at), "key", key_text(c, t, b));
      (void)fault_arg(x, "line", str_int(c->mem, a->head.at.line));
      break;
    }
}

/* ---- questions without an answer ---- */

static const struct list *codes_of(struct checker *c, const struct named_type *column) {
  const struct list *l = column->type.type == TYPE_choice ? part_find(&c->s->lists, column->type.name) : NULL;
  return l && !has_word(l->from) && l->items.len ? l : NULL;
}
static bool is_answered(const struct table *t, const struct list **lists, const size_t *at) {
  vec_each(const struct table_row, row, &t->rows) {
    bool fits = true;
    for (size_t i = 0; fits && i < t->key.len; i++) {
      const struct str cell = row->cells.at[i].text;
      fits = is_any(cell) || str_eq(cell, lists[i]->items.at[at[i]].head.name.text);
    }
    if (fits) return true;
  }
  return false;
}
static void tell_gap(struct checker *c, const struct table *t, const struct list **lists, const size_t *at) {
  struct str key = {0};
  for (size_t i = 0; i < t->key.len; i++)
    key = str_fmt(c->mem, STRF "%s" STRF, STRA(key), i ? " × " : "", STRA(lists[i]->items.at[at[i]].head.name.text));
  (void)tell(c, FAULT_T004, t->head.name, "key", key);
}
/* Counts through all questions as a wheel counter does. */
static void check_gaps(struct checker *c, const struct table *t) {
  const struct list *lists[KEYS_MOST];
  size_t at[KEYS_MOST] = {0}, space = 1, told = 0;
  if (t->key.len > KEYS_MOST || !t->key.len) return;
  for (size_t i = 0; i < t->key.len; i++) {
    lists[i] = codes_of(c, &t->key.at[i]);
    if (!lists[i] || (space *= lists[i]->items.len) > SPACE_MOST) return;
  }
  for (size_t k = 0; k < space && told < GAPS_TOLD; k++) {
    size_t left = k;
    for (size_t i = 0; i < t->key.len; i++) {
      at[i] = left % lists[i]->items.len;
      left /= lists[i]->items.len;
    }
    if (is_answered(t, lists, at)) continue;
    tell_gap(c, t, lists, at);
    told++;
  }
}

void system_check_tables(struct checker *c) {
  vec_each(const struct table, t, &c->s->tables) {
    bool whole = true;
    const bool has_file = has_word(t->file) || has_word(t->from);
    vec_each(const struct table_row, row, &t->rows) whole = check_row(c, t, row) && whole;
    if (!whole || has_file || t->kind.which || t->hit.which > TABLE_ONE) continue;
    check_overlap(c, t);
    check_gaps(c, t);
  }
}
