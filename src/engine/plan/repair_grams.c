/* The table of neighbours, made by sorting: a place for each neighbour of each character is counted off. */
#include "engine/plan/repair_grams.h"

/* Puts what follows each character side by side, in the order of the text. Returns by id where its row begins. */
static uint32_t *gather(struct arena *mem, const uint16_t *ids, size_t n, uint16_t *out) {
  uint32_t *const first = arena_new_n(mem, uint32_t, IDS + 2); /* moved up by one, which filling takes back */
  for (size_t i = 0; i < n; i++) first[ids[i] + 2]++;
  for (uint32_t id = 2; id < IDS + 2; id++) first[id] += first[id - 1];
  for (size_t i = 0; i < n; i++) out[first[ids[i] + 1]++] = ids[i + 1];
  return first;
}

/* Counts the different ones of a row. Nothing branches on whether a neighbour is new: every other one is. `met`: by
 * right one the last left one it was met behind; the known ones, and 0, count as met. */
static void count_row(const struct grams *g, const struct grams *known, uint32_t left, uint16_t *met,
                      struct counts *io) {
  const uint32_t from = g->first[left], end = g->first[left + 1];
  const uint32_t single = io->single[left] + (end - from);
  io->single[left] = (uint16_t)(single < UINT16_MAX ? single : UINT16_MAX);
  met[0] = (uint16_t)left;
  for (uint32_t i = known ? known->first[left] : 0, k = known ? known->end[left] : 0; i < k; i++)
    met[known->right[i]] = (uint16_t)left;
  for (uint32_t i = from; i < end; i++) {
    const uint16_t right = g->right[i];
    const bool is_new = met[right] != left;
    met[right] = (uint16_t)left;
    io->lefts[right] = (uint16_t)(io->lefts[right] + is_new);
    io->pairs += is_new;
  }
}

void grams_make(struct arena *mem, const uint16_t *ids, size_t n, const struct grams *known, struct grams *out,
                struct counts *io) {
  AUTO_ARENA scratch = {0};
  uint16_t *met = arena_new_n(&scratch, uint16_t, IDS);
  struct grams g = {.right = arena_new_n(mem, uint16_t, n),
                    .count = arena_new_n(mem, uint16_t, n),
                    .end = arena_new_n(mem, uint32_t, IDS),
                    .place = arena_new_n(mem, uint32_t, IDS)};
  g.first = gather(mem, ids, n, g.right);
  for (uint32_t left = 1; left < IDS; left++)
    if (g.first[left] < g.first[left + 1]) count_row(&g, known, left, met, io);
  *out = g;
}

void grams_settle(struct grams *g, uint32_t left) {
  const uint32_t row = g->first[left];
  uint32_t to = row;
  for (uint32_t from = row; left && from < g->first[left + 1]; from++) {
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
  for (uint32_t left = 0; left < IDS; left++) grams_settle(g, left);
}
