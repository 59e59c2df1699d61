/* The table of neighbours, made by sorting: a place for each neighbour of each character is counted off. */
#include "engine/plan/repair_grams.h"

/* Puts what follows each character side by side, in the order of the text. */
static void gather(const uint16_t *ids, size_t n, struct grams *g) {
  uint32_t *const last = g->last;
  size_t used = 0;
  for (size_t i = 0; i < n; i++) {
    const uint32_t met = last[ids[i]]++; /* counts at first */
    g->used[used] = ids[i];
    used += !met;
  }
  uint32_t next = 0;
  for (size_t k = 0; k < used; k++) {
    const uint16_t id = g->used[k];
    const uint32_t len = last[id];
    g->first[id] = last[id] = next;
    next += len;
  }
  uint16_t *const right = g->right;
  for (size_t i = 0; i < n; i++) right[last[ids[i]]++] = ids[i + 1];
  g->first[0] = g->last[0] = 0; /* what is none has no neighbours */
  g->used_count = used;
}

/* Counts the different ones of a row. Nothing branches on whether a neighbour is new: every other one is. `met`: by
 * right one the last left one it was met behind; the known ones, and 0, count as met. */
static void count_row(const struct grams *g, const struct grams *known, uint32_t left, uint16_t *met,
                      struct counts *io) {
  const uint32_t first = g->first[left], last = g->last[left];
  const struct row old = known ? grams_settled(known, left) : (struct row){0};
  const uint32_t single = io->single[left] + (last - first);
  io->single[left] = (uint16_t)(single < UINT16_MAX ? single : UINT16_MAX);
  met[0] = (uint16_t)left;
  for (uint32_t i = 0; i < old.len; i++) met[old.right[i]] = (uint16_t)left;
  uint32_t pairs = 0;
  for (uint32_t i = first; i < last; i++) {
    const uint16_t right = g->right[i];
    const bool is_new = met[right] != left;
    met[right] = (uint16_t)left;
    io->lefts[right] = (uint16_t)(io->lefts[right] + is_new);
    pairs += is_new;
  }
  io->pairs += pairs;
}

/* The rows of the words lie far apart, in no order: they are asked for some rows before they are read. */
static void fetch_ahead(const struct grams *known, const struct grams *g, size_t k) {
  enum { PLACES = 12, ROWS = 6 };
  if (k + PLACES >= g->used_count) return;
  __builtin_prefetch(&known->first[g->used[k + PLACES]]);
  __builtin_prefetch(&known->end[g->used[k + PLACES]]);
  __builtin_prefetch(&known->right[known->first[g->used[k + ROWS]]]);
}

void grams_make(struct arena *mem, const uint16_t *ids, size_t n, const struct grams *known, struct grams *out,
                struct counts *io) {
  AUTO_ARENA scratch = {0};
  uint16_t *met = arena_new_n(&scratch, uint16_t, IDS);
  *out = (struct grams){.right = arena_room(mem, n * sizeof(uint16_t)),
                        .count = arena_room(mem, n * sizeof(uint16_t)), /* of rows that were asked for */
                        .first = arena_new_n(mem, uint32_t, IDS),
                        .last = arena_new_n(mem, uint32_t, IDS),
                        .end = arena_new_n(mem, uint32_t, IDS),
                        .place = arena_new_n(mem, uint32_t, IDS),
                        .used = arena_new_n(mem, uint16_t, IDS + 1)};
  gather(ids, n, out);
  for (size_t k = 0; k < out->used_count; k++) {
    if (known) fetch_ahead(known, out, k);
    if (out->used[k]) count_row(out, known, out->used[k], met, io);
  }
}

void grams_settle(struct grams *g, uint32_t left) {
  const uint32_t row = g->first[left];
  uint32_t to = row;
  for (uint32_t from = row; from < g->last[left]; from++) {
    const uint16_t right = g->right[from];
    const uint32_t at = g->place[right];
    if (!right) continue;
    if (at >= row && at < to && g->right[at] == right) { /* what other rows left there does not fit */
      g->count[at] = (uint16_t)(g->count[at] + (g->count[at] < UINT16_MAX));
      continue;
    }
    g->right[to] = right;
    g->count[to] = 1;
    g->place[right] = to++;
  }
  g->end[left] = to;
}

void grams_finish(struct grams *g) {
  for (size_t k = 0; k < g->used_count; k++) grams_settle(g, g->used[k]);
}
