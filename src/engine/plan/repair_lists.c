/* Candidates: the characters that a byte may have belonged to whose neighbour is lost, the cheapest first.
 *
 * Most of them stand nowhere in the document; what these cost, and so their order, was worked out beforehand for the
 * words that every model begins with (lists_rank), but for one number. The characters that the document holds are few for
 * each byte; they are put in among the others when a list is first asked for. */
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
    if (!c || model_is_mark(m, c)) continue;
    list[n] = model_alone(m, c, lead << 8 | trail);
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

static void add_own(struct model *m, const struct form *f) {
  if (!shown_char(f->code >> 8, f->code & 0xFF)) return;
  const unsigned bytes[2] = {f->code >> 8, f->code & 0xFF};
  struct own_char *own = &vec_push(m->mem, &m->own);
  own->form = *f;
  for (int k = 0; k < 2; k++) {
    own->next[k] = m->own_first[k][bytes[k]];
    m->own_first[k][bytes[k]] = (uint16_t)m->own.len;
  }
}

void lists_begin(struct model *m) {
  const struct words *w = m->words;
  for (size_t i = 0; i < m->grams.used_count; i++) {
    const struct form *end, *f = model_forms(m, m->grams.used[i], &end);
    m->is_own[m->grams.used[i]] = true;
    for (; f < end; f++)
      if (!model_is_mark(m, f->c)) add_own(m, f);
  }
  for (const uint16_t *id = w->marks; *id; id++) {
    const struct form *end, *f = model_forms(m, *id, &end);
    for (; f < end; f++) add_own(m, f);
  }
}

static bool is_wanted(const struct model *m, enum list_kind kind, bool is_whole, const struct candidate *c) {
  return (is_whole || c->cost < model_far_cost(m)) && (kind != BY_LEAD_VANISHING || may_vanish(c->trail));
}

/* The characters of the document with the byte, in order. Returns how many. */
static size_t own_list(const struct model *m, enum list_kind kind, unsigned byte, bool is_whole,
                       struct candidate *list) {
  const int by = kind == BY_TRAIL;
  size_t n = 0;
  for (unsigned at = m->own_first[by][byte]; at; at = m->own.at[at - 1].next[by]) {
    const struct form *f = &m->own.at[at - 1].form;
    const struct candidate new = model_alone(m, f->c, f->code);
    if (!is_wanted(m, kind, is_whole, &new)) continue;
    size_t i = n++;
    for (; i && is_before(&new, &list[i - 1]); i--) list[i] = list[i - 1];
    list[i] = new;
  }
  return n;
}

/* Both in one order. The characters that stand in no list of the country and in no word come last, so they are left out
 * until they are asked for. */
static void list_all(struct model *m, enum list_kind kind, unsigned byte, struct candidates *out) {
  const struct ranked *ranked = &m->words->ranked[m->traditional][kind == BY_TRAIL][byte];
  struct candidate own[LIST_MOST];
  const size_t own_count = own_list(m, kind, byte, out->is_whole, own),
               len = out->is_whole ? ranked->len : ranked->near;
  const int shift = m->lg_pairs - RANKED_PAIRS; /* what all cost more, or less, in this document */
  size_t next = 0, n = 0;
  struct candidate *to = arena_new_n(m->mem, struct candidate, len + own_count);
  for (size_t i = 0; i < len; i++) {
    struct candidate c = ranked->at[i];
    if (m->is_own[c.id] || (kind == BY_LEAD_VANISHING && !may_vanish(c.trail))) continue;
    c.cost = (int16_t)(c.cost + shift);
    while (next < own_count && is_before(&own[next], &c)) to[n++] = own[next++];
    to[n++] = c;
  }
  while (next < own_count) to[n++] = own[next++];
  out->at = to;
  out->len = n;
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
