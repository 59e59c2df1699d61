/* From sums to figures: periods to slots, rows to places of the cube, places to values. */
#include "engine/flow/gauge.h"

#include <stdlib.h>

#include "base/must.h"
#include "texts.h"

/* ---- periods ---- */

static bool begins_month(int64_t day) { return date_of_days((int32_t)day).day == 1; }
static bool ends_month(int64_t day) { return begins_month(day + 1); }
static int64_t month_first(int64_t slot) {
  return date_to_days((struct date){(int16_t)(slot / 12), (int8_t)(slot % 12 + 1), 1});
}
static const struct gauge_slots nothing = {1, 0, 1, 0, 1, 0};

/* A stock: all that came before its last day. */
static struct gauge_slots slots_until(int64_t day) {
  struct gauge_slots out = nothing;
  out.month_from = 0;
  out.month_to = flow_month_slot(day) - !ends_month(day);
  if (ends_month(day)) return out;
  out.day_from = month_first(flow_month_slot(day));
  out.day_to = day;
  return out;
}
struct gauge_slots gauge_slots(const struct gauge_span *s, bool is_stock) {
  if (is_stock) return slots_until(s->to);
  struct gauge_slots out = nothing;
  out.month_from = flow_month_slot(s->from) + !begins_month(s->from);
  out.month_to = flow_month_slot(s->to) - !ends_month(s->to);
  if (out.month_from > out.month_to) { /* within a month, or over the end of one */
    out = nothing;
    out.day_from = s->from;
    out.day_to = s->to;
    return out;
  }
  if (!begins_month(s->from)) {
    out.day_from = s->from;
    out.day_to = month_first(out.month_from) - 1;
  }
  if (!ends_month(s->to)) {
    out.tail_from = month_first(out.month_to + 1);
    out.tail_to = s->to;
  }
  return out;
}
struct gauge_slots gauge_hull(const struct gauge_span *s, size_t count, bool is_stock) {
  const struct gauge_span all = {s[0].from, s[count - 1].to, {0}};
  bool by_months = true;
  for (size_t i = 0; i < count; i++) by_months &= ends_month(s[i].to) && (is_stock || begins_month(s[i].from));
  if (by_months) return gauge_slots(&all, is_stock);
  struct gauge_slots out = nothing;
  out.day_from = is_stock ? month_first(flow_month_slot(s[0].to)) : all.from;
  out.day_to = all.to;
  if (!is_stock) return out;
  out.month_from = 0;
  out.month_to = flow_month_slot(out.day_from) - 1;
  return out;
}
bool gauge_counts(const struct gauge_span *s, bool is_stock, int grain, int64_t slot) {
  if (is_stock) return grain ? slot <= s->to : slot <= flow_month_slot(s->to);
  if (grain) return slot >= s->from && slot <= s->to;
  return slot >= flow_month_slot(s->from) && slot <= flow_month_slot(s->to);
}

bool gauge_period(const struct calendar *c, struct str kind, struct str text, struct period *out, struct err *e) {
  enum { YEAR_LEN = 4, PART_LEN = 6 };
  enum period_kind k = text.len == YEAR_LEN ? PERIOD_year : text.len == PART_LEN ? PERIOD_quarter : PERIOD_month;
  if ((kind.len && !period_kind_of(kind, &k)) || !period_parse(c, k, text, out))
    return fail(e, ERR_INVALID, MSG_gauge_period, "name", STR("period"), "value", str_slice(text, 0, 40));
  return true;
}
struct gauge_span gauge_span_of(struct arena *mem, const struct calendar *c, struct period p) {
  return (struct gauge_span){date_to_days(period_start(c, p)), date_to_days(period_end(c, p)), period_text(mem, p)};
}

/* ---- places ---- */

struct str gauge_code(struct str codes, int by) {
  struct str head, rest = codes;
  for (int i = 0; str_cut(rest, STR("\x1f"), &head, &rest); i++)
    if (i == by) return head;
  return rest; /* the last */
}
static size_t code_place(const struct gauge_cube *c, struct str code) {
  for (size_t i = 1; i < c->codes.len; i++)
    if (str_eq(c->codes.at[i], code)) return i;
  return 0;
}
/* Codes of a list in its order, then others as they were found; what is not filled in comes last. */
static bool find_codes(struct arena *mem, const gauge_raws *raws, int by, struct gauge_cube *c, struct err *e) {
  bool has_empty = false;
  vec_push(mem, &c->codes) = (struct str){0};
  if (by < 0) return true;
  const struct list *list = c->measure->by.at[by].list;
  if (list)
    vec_each(const struct list_item, item, &list->items) vec_push(mem, &c->codes) = item->head.name.text;
  vec_each(const struct gauge_raw, r, raws) {
    const struct str code = gauge_code(r->codes, by);
    has_empty |= !code.len;
    if (code.len && !code_place(c, code)) vec_push(mem, &c->codes) = code;
    if (c->codes.len > GAUGE_CODES_MAX)
      return fail(e, ERR_TOO_LARGE, MSG_gauge_codes, "limit", str_int(mem, GAUGE_CODES_MAX));
  }
  if (has_empty) vec_push(mem, &c->codes) = (struct str){0};
  return true;
}

/* ---- values ---- */

struct heap { /* what came together at one place */
  int64_t n, total, holes;
};
struct keyed { /* the same by key: different ones, values of a median */
  size_t place;
  struct str key;
  int64_t n;
};
typedef VEC(struct keyed) keyeds;
static int by_key(const void *x, const void *y) {
  const struct keyed *a = x, *b = y;
  return a->place != b->place ? (a->place < b->place ? -1 : 1) : str_cmp(a->key, b->key);
}
static int by_number(const void *x, const void *y) {
  const struct keyed *a = x, *b = y;
  int64_t n = 0, m = 0;
  if (a->place != b->place) return a->place < b->place ? -1 : 1;
  (void)(str_to_int(a->key, &n) && str_to_int(b->key, &m));
  return n < m ? -1 : n > m;
}
static bool scaled(int64_t digits, int64_t by, unsigned places, struct ratio *out) {
  __int128 scale = by;
  for (unsigned i = 0; i < places; i++) scale *= 10;
  return ratio_of(digits, scale, out);
}
static struct value number(const struct flow_measure *m, int64_t digits, int64_t by, unsigned places) {
  struct ratio r;
  return scaled(digits, by, places, &r) ? value_number(r, m->unit) : value_none(NONE_unknown);
}
static struct value value_of(const struct flow_measure *m, const struct heap *h) {
  if (h->holes && m->how != FLOW_COUNT) return value_none(NONE_missing);
  switch (m->how) {
    case FLOW_SUM: return number(m, h->total, 1, m->places);
    case FLOW_MEAN: return h->n ? number(m, h->total, h->n, m->places) : value_none(NONE_empty);
    case FLOW_MEDIAN: return value_none(NONE_empty); /* until its keys are settled */
    case FLOW_DISTINCT: return number(m, 0, 1, 0);
    default: return number(m, h->n, 1, 0);
  }
}
/* Keys of one place, sorted and each once: how many there are; the value in the middle. */
static struct value middle(const struct flow_measure *m, const struct keyed *k, size_t count, int64_t n) {
  int64_t low = 0, high = 0, before = 0;
  if (!n) return value_none(NONE_empty);
  for (size_t i = 0; i < count; before += k[i].n, i++) {
    int64_t v = 0;
    (void)str_to_int(k[i].key, &v);
    if (before <= (n - 1) / 2) low = v;
    if (before <= n / 2) high = v;
  }
  return number(m, low + high, 2, m->places);
}
static void settle_keys(keyeds *keys, struct gauge_cube *c, const struct heap *heaps) {
  const bool is_median = c->measure->how == FLOW_MEDIAN;
  size_t kept = 0;
  if (keys->len) qsort(keys->at, keys->len, sizeof *keys->at, is_median ? by_number : by_key);
  for (size_t i = 0; i < keys->len;) {
    struct keyed one = keys->at[i];
    for (i++; i < keys->len && !by_key(&one, &keys->at[i]); i++) one.n += keys->at[i].n;
    if (one.n > 0) keys->at[kept++] = one;
  }
  for (size_t i = 0; i < kept;) {
    const size_t from = i, place = keys->at[i].place;
    int64_t n = 0;
    for (; i < kept && keys->at[i].place == place; i++) n += keys->at[i].n;
    struct gauge_figure *f = &c->at[place];
    f->n = is_median ? n : (int64_t)(i - from);
    if (!is_median) f->value = number(c->measure, f->n, 1, 0);
    else if (!heaps[place].holes) f->value = middle(c->measure, &keys->at[from], i - from, n);
  }
}
bool gauge_fold(struct arena *mem, const gauge_raws *raws, int by, struct gauge_cube *c, struct err *e) {
  const bool is_keyed = c->measure->how == FLOW_DISTINCT || c->measure->how == FLOW_MEDIAN;
  keyeds keys = {0};
  TRY(find_codes(mem, raws, by, c, e));
  const size_t count = c->unit_count * c->span_count * c->codes.len;
  if (count > GAUGE_CELLS_MAX) return fail(e, ERR_TOO_LARGE, MSG_gauge_cells, "limit", str_int(mem, GAUGE_CELLS_MAX));
  struct heap *heaps = arena_new_n(mem, struct heap, count);
  c->at = arena_new_n(mem, struct gauge_figure, count);
  vec_each(const struct gauge_raw, r, raws) {
    const struct str said = by < 0 ? (struct str){0} : gauge_code(r->codes, by);
    const size_t code = by < 0 ? 0 : said.len ? code_place(c, said) : c->codes.len - 1;
    const size_t places[] = {gauge_place(c, r->unit, r->span, 0), gauge_place(c, r->unit, r->span, code)};
    for (size_t i = 0; i < (code ? 2U : 1U); i++) {
      struct heap *h = &heaps[places[i]];
      h->n += r->n;
      h->total += r->total;
      h->holes += r->holes;
      if (is_keyed && !r->holes) vec_push(mem, &keys) = (struct keyed){places[i], r->key, r->n};
    }
  }
  for (size_t i = 0; i < count; i++)
    c->at[i] = (struct gauge_figure){.value = value_of(c->measure, &heaps[i]), .n = is_keyed ? 0 : heaps[i].n};
  if (is_keyed) settle_keys(&keys, c, heaps);
  return true;
}

/* ---- what may not be told ---- */

struct line { /* places that stand in a row; the first is their total, if has_total */
  size_t first, step, count;
  bool has_total;
};
/* A line gives away a place when it is the only one hidden; and a few, when their sum is fewer than may be told. */
static bool gives_away(const struct gauge_cube *c, const struct line *l, int64_t cell) {
  size_t hidden = 0;
  int64_t sum = 0;
  for (size_t i = 0; i < l->count; i++) {
    const struct gauge_figure *f = &c->at[l->first + i * l->step];
    hidden += f->is_hidden;
    if (f->is_hidden) sum += f->n;
  }
  if (l->has_total && c->at[l->first].is_hidden) return hidden == 1;
  return hidden == 1 || (hidden > 1 && sum < cell);
}
static bool hide_smallest(struct gauge_cube *c, const struct line *l) {
  struct gauge_figure *least = NULL;
  for (size_t i = l->has_total; i < l->count; i++) {
    struct gauge_figure *f = &c->at[l->first + i * l->step];
    if (!f->is_hidden && (!least || f->n < least->n)) least = f;
  }
  if (!least && l->has_total && !c->at[l->first].is_hidden) least = &c->at[l->first];
  if (least) least->is_hidden = true;
  return least != NULL;
}
static bool hide_in(struct gauge_cube *c, struct line l, int64_t cell) {
  bool any = false;
  while (l.count > 1 && gives_away(c, &l, cell) && hide_smallest(c, &l)) any = true;
  return any;
}
static bool hide_round(struct gauge_cube *c, int64_t cell) {
  bool any = false;
  for (size_t u = 0; u < c->unit_count; u++)
    for (size_t s = 0; s < c->span_count; s++)
      any |= hide_in(c, (struct line){gauge_place(c, u, s, 0), 1, c->codes.len, true}, cell);
  for (size_t s = 0; s < c->span_count; s++)
    for (size_t k = 0; k < c->codes.len; k++)
      any |=
          hide_in(c, (struct line){gauge_place(c, 0, s, k), c->span_count * c->codes.len, c->unit_count, true}, cell);
  for (size_t u = 0; u < c->unit_count && !c->measure->is_stock; u++)
    for (size_t k = 0; k < c->codes.len; k++)
      any |= hide_in(c, (struct line){gauge_place(c, u, 0, k), c->codes.len, c->span_count, false}, cell);
  return any;
}
void gauge_hide(struct gauge_cube *c, int64_t cell) {
  const size_t count = c->unit_count * c->span_count * c->codes.len;
  for (size_t i = 0; i < count; i++) c->at[i].is_hidden |= c->at[i].n < cell;
  while (hide_round(c, cell)) {
  }
}
