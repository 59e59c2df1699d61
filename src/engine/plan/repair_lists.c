/* Candidates: the characters that a byte may have belonged to whose neighbour is lost, the cheapest first.
 *
 * Most of them stand nowhere in the document; what these cost, and so their order, was worked out beforehand for the
 * words that every model begins with (lists_rank), but for one number. The others are few for each byte; they are put in
 * among them when a list is first asked for. */
#include "base/must.h"
#include "engine/plan/repair_shift.h"

enum { LIST_MOST = 0x100 };
/* What is ranked costs as in a document with this much for all its pairs (eighths of a bit). */
enum { RANKED_PAIRS = 16 * COST_BIT };

static bool is_before(const struct candidate *a, const struct candidate *b) {
  return a->cost != b->cost ? a->cost < b->cost : (a->lead << 8 | a->trail) < (b->lead << 8 | b->trail);
}

/* ---- of the words ---- */

enum { COST_RANGE = 512 };

/* Keeps the list, sorted by counting. */
static struct ranked keep_sorted(struct arena *mem, const struct candidate *from, size_t n, int far) {
  uint16_t starts[COST_RANGE + 1] = {0};
  uint32_t near = 0;
  for (size_t i = 0; i < n; i++) {
    starts[from[i].cost + 1]++;
    near += from[i].cost < far;
  }
  for (size_t k = 1; k < COST_RANGE; k++) starts[k + 1] = (uint16_t)(starts[k + 1] + starts[k]);
  struct candidate *to = arena_new_n(mem, struct candidate, n);
  for (size_t i = 0; i < n; i++) to[starts[from[i].cost]++] = from[i];
  return (struct ranked){to, near, (uint32_t)n};
}

/* Counts the other byte up. */
static struct ranked rank_byte(struct arena *mem, const struct model *m, bool by_trail, unsigned byte) {
  struct candidate list[LIST_MOST];
  size_t n = 0;
  for (unsigned other = by_trail ? GBK_LEAD_FIRST : GBK_TRAIL_FIRST; other <= 0xFE; other++) {
    const unsigned lead = by_trail ? other : byte, trail = by_trail ? byte : other;
    const uint32_t c = shown_char(lead, trail);
    if (!c) continue;
    list[n] = model_alone(m, c, lead << 8 | trail);
    if (list[n].is_mark) list[n].cost = 0;
    must(list[n].cost >= 0 && list[n].cost < COST_RANGE);
    n++;
  }
  return keep_sorted(mem, list, n, model_far_cost(m));
}

void lists_rank(struct arena *mem, struct words *w) {
  AUTO_ARENA scratch = {0};
  struct model *m = arena_new(&scratch, struct model); /* of an empty document */
  m->words = w;
  m->counts = w->counts;
  m->lg_pairs = RANKED_PAIRS;
  for (int script = 0; script < 2; script++) {
    m->traditional = script;
    for (unsigned byte = GBK_LEAD_FIRST; byte <= 0xFE; byte++)
      w->ranked[script][0][byte] = rank_byte(mem, m, false, byte);
    for (unsigned byte = GBK_TRAIL_FIRST; byte <= 0xFE; byte++)
      w->ranked[script][1][byte] = rank_byte(mem, m, true, byte);
  }
}

/* ---- of the document ---- */

/* What the document holds, and marks, cost what it says. */
static bool is_own(const struct model *m, const struct candidate *c) {
  return c->is_mark || grams_has(&m->grams, c->id);
}

static void put_sorted(struct candidate new, struct candidate *list, size_t n) {
  for (; n && is_before(&new, &list[n - 1]); n--) list[n] = list[n - 1];
  list[n] = new;
}

/* The characters that stand in no list of the country and in no word come last, so they are left out until they are asked
 * for. */
static void list_all(struct model *m, enum list_kind kind, unsigned byte, struct candidates *out) {
  const struct ranked *ranked = &m->words->ranked[m->traditional][kind == BY_TRAIL][byte];
  const int shift = m->lg_pairs - RANKED_PAIRS; /* what all cost more, or less, in this document */
  struct candidate own[LIST_MOST];
  size_t own_count = 0, n = 0;
  struct candidate *to = arena_new_n(m->mem, struct candidate, ranked->len);
  for (size_t i = 0; i < ranked->len; i++) {
    struct candidate c = ranked->at[i];
    if (kind == BY_LEAD_VANISHING && !may_vanish(c.trail)) continue;
    if (is_own(m, &c)) {
      c = model_alone(m, c.c, (unsigned)c.lead << 8 | c.trail);
      if (out->is_whole || c.cost < model_far_cost(m)) put_sorted(c, own, own_count++);
    } else if (out->is_whole || i < ranked->near) {
      c.cost = (int16_t)(c.cost + shift);
      to[n++] = c;
    }
  }
  out->at = to;
  out->len = n + own_count;
  for (size_t k = out->len; own_count;) { /* in one order, from the end */
    const bool is_others = n && is_before(&own[own_count - 1], &to[n - 1]);
    to[--k] = is_others ? to[--n] : own[--own_count];
  }
}

const struct candidate *model_candidate(struct model *m, enum list_kind kind, unsigned byte, size_t i, int most) {
  if (byte < (kind == BY_TRAIL ? GBK_TRAIL_FIRST : GBK_LEAD_FIRST) || byte > 0xFE) return NULL;
  struct candidates *list = &m->lists[kind][byte];
  if (!list->at) list_all(m, kind, byte, list);
  if (i >= list->len && !list->is_whole && most >= model_far_cost(m)) {
    list->is_whole = true;
    list_all(m, kind, byte, list);
  }
  return i < list->len && list->at[i].cost <= most ? &list->at[i] : NULL;
}
