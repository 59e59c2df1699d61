/* Neighbours in a text: which characters follow a character, and how often. Every occurrence has a place in the row of
 * its left one; a row is brought down to different ones when they are first asked for, since most never are. Private to
 * the byte-shift repair. */
#ifndef ENGINE_PLAN_REPAIR_GRAMS_H
#define ENGINE_PLAN_REPAIR_GRAMS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A character that is ever counted has an id, the same for all that fold to one another; 0 = never counted. */
enum { IDS = 1 << 13 };

struct grams {
  uint16_t *right, *count; /* by left one; what was met first stands first */
  uint32_t *first, *last;  /* by left id: its row; empty when the text does not hold it */
  uint32_t *end;           /* of the different ones in it; 0 until they were asked for */
  uint32_t *place;         /* of a right one in the row at hand (grams_row) */
  uint16_t *used;          /* the ids that the text holds, as they were met */
  size_t used_count;
};
struct row {
  const uint16_t *right, *count;
  uint32_t len;
};
/* How often each character was met, and how many different ones stand before it (Kneser and Ney 1995). */
struct counts {
  uint16_t single[IDS], lefts[IDS];
  uint32_t pairs, total; /* different pairs; characters */
};

/* Counts the neighbours of a sequence of ids, in which 0 stands between two that are none; ids[n] is there and 0. Pairs
 * that `known` has (NULL: none) are no different ones. Adds to `io` all but the total. */
void grams_make(struct arena *mem, const uint16_t *ids, size_t n, const struct grams *known, struct grams *out,
                struct counts *io);
/* All rows, for a table that several threads read. */
void grams_finish(struct grams *g);
void grams_settle(struct grams *g, uint32_t left);

/* Does the text hold the character? */
static inline bool grams_has(const struct grams *g, uint32_t id) { return g->last[id] != 0; }

/* The row as it is, which must be settled. */
static inline struct row grams_settled(const struct grams *g, uint32_t left) {
  const uint32_t at = g->first[left];
  return (struct row){g->right + at, g->count + at, g->end[left] - at};
}

/* What follows the character. */
static inline struct row grams_row(struct grams *g, uint32_t left) {
  if (!g->end[left] && g->last[left]) grams_settle(g, left);
  return grams_settled(g, left);
}

/* How often it follows; 0 = never. */
static inline uint32_t row_count(struct row row, uint32_t right) {
  uint16_t n = 0;
  for (uint32_t i = 0; i < row.len; i++) n = (uint16_t)(n | (row.right[i] == right ? row.count[i] : 0));
  return n;
}

/* The same for one row of the table: as long as nobody asked for its different ones its occurrences are counted. */
static inline uint32_t grams_count(struct grams *g, uint32_t left, uint32_t right) {
  const uint32_t first = g->first[left], last = g->last[left];
  if (g->end[left] || last - first > UINT16_MAX) return row_count(grams_row(g, left), right);
  if (!right) return 0;
  uint16_t n = 0;
  for (uint32_t i = first; i < last; i++) n = (uint16_t)(n + (g->right[i] == right));
  return n;
}
#endif
