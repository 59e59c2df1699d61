/* Totals and their parts, added up exactly: 101 = 37+35+22+6+1; 3.3万 = 0.8+1.2+1.1+0.2. A sum that was checked and
 * holds is said too: silence would not prove that anybody looked. */
#include "engine/plan/check.h"
#include "engine/plan/compare_moves.h"
#include "text/numeral.h"

struct sum {
  struct dec total, parts; /* without 万 */
  struct str unit;
  size_t count;
  bool same_units; /* all written in the total's unit, so the sum can be shown as written */
  bool open;       /* the list of parts ends in 等, or a part has a bound: less than the total is no error */
  bool fits;       /* all parts could be added */
  struct buf *shown;
};

/* The list of parts is open: 等 stands right behind the last one. */
static bool is_open_behind(const struct plan *p, const struct target *t) {
  const struct str rest = str_from(p->folded, t->at.end > t->number_at.end ? t->number_at.end : t->at.end);
  return str_starts(rest, STR("等"));
}

static void add_part(const struct plan *p, const struct target *total, const struct target *part, struct sum *s) {
  struct dec value;
  struct str unit;
  if (!target_plain(part, &value, &unit) || !str_eq(unit, s->unit)) return;
  s->fits &= s->count ? dec_add(s->parts, value, &s->parts) : (s->parts = value, true);
  s->count++;
  s->same_units &= str_eq(part->unit, total->unit);
  s->open = (s->open && part->bound != BOUND_EQ) || is_open_behind(p, part) || part->bound == BOUND_ABOUT;
}

static struct str sum_text(struct checker *c, const struct item *it, int32_t total, const struct sum *s) {
  struct arena *mem = c->p->mem;
  struct str text = {0};
  vec_each(struct target, t, &it->targets) {
    struct dec value;
    struct str unit;
    if (t->part_of != total || !target_plain(t, &value, &unit) || !str_eq(unit, s->unit)) continue;
    if (text.len) text = str_join(mem, text, STR("+"));
    text = str_join(mem, text, dec_text(mem, s->same_units ? t->value : value));
  }
  return text;
}

/* In the total's own unit where the parts use it too. */
static struct str shown(struct checker *c, struct dec plain, const struct target *total, const struct sum *s) {
  struct dec value = plain, own;
  if (s->same_units) {
    struct dec whole;
    struct str unit;
    int shift = 0;
    while (shift < 12 && target_plain(total, &whole, &unit) && dec_shift(total->value, shift, &own) &&
           !dec_eq(own, whole))
      shift++;
    if (!dec_shift(plain, -shift, &value)) value = plain;
  }
  return dec_text(c->p->mem, value);
}

/* 公开招聘1600人，其中特殊教育教师30人、心理教师40人: a few kinds are named, not all. Parts that make less than two
 * thirds of the total are taken as such. */
static bool is_selection(const struct sum *s) {
  struct dec twice, thrice = s->parts;
  for (int i = 0; i < 2; i++)
    if (!dec_add(thrice, s->parts, &thrice)) return false;
  return dec_add(s->total, s->total, &twice) && dec_cmp(thrice, twice) < 0;
}

static void say_sum(struct checker *c, int d, int i, int32_t k, const struct sum *s) {
  const struct item *it = &c->p->documents.at[d].items.at[i];
  const struct target *t = &it->targets.at[k];
  const int order = dec_cmp(s->parts, s->total);
  struct dec difference;
  if (order < 0 && is_selection(s)) return;
  if (order < 0 && (s->open || s->count < 2 || t->bound == BOUND_LE || t->bound == BOUND_ABOUT)) return;
  if (order > 0 && (t->bound == BOUND_GE || t->bound == BOUND_ABOUT)) return;
  if (t->has_max || !dec_sub(order > 0 ? s->parts : s->total, order > 0 ? s->total : s->parts, &difference)) return;
  struct diag *g = check_add(c, order ? DIAG_sum : DIAG_sum_ok, t->number_at, d, i);
  g->fact = FACT_TARGET;
  g->fact_index = k;
  struct str text = sum_text(c, it, k, s);
  check_arg(g, "total", str_join(c->p->mem, shown(c, s->total, t, s), STR("")));
  if (order) text = str_fmt(c->p->mem, STRF "=" STRF, STRA(text), STRA(shown(c, s->parts, t, s)));
  check_arg(g, "sum", text);
  if (order) check_arg(g, "difference", shown(c, difference, t, s));
}

/* One pass over the parts adds each to its total. */
static void check_item_sums(struct checker *c, int d, int i) {
  const struct item *it = &c->p->documents.at[d].items.at[i];
  const size_t n = it->targets.len;
  struct sum *sums = NULL;
  for (size_t k = 0; k < n; k++) {
    const int32_t total = it->targets.at[k].part_of;
    if (total < 0 || (size_t)total >= n) continue;
    if (!sums) sums = arena_new_n(&c->scratch, struct sum, n);
    struct sum *s = &sums[total];
    if (!s->count) {
      s->same_units = s->fits = true;
      if (!target_plain(&it->targets.at[total], &s->total, &s->unit)) continue;
    }
    add_part(c->p, &it->targets.at[total], &it->targets.at[k], s);
  }
  for (size_t k = 0; sums && k < n; k++)
    if (sums[k].count && sums[k].fits) say_sum(c, d, i, (int32_t)k, &sums[k]);
}

void check_sums(struct checker *c) {
  for (size_t d = 0; d < c->p->documents.len; d++)
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++) check_item_sums(c, (int)d, (int)i);
}
