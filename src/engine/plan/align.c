/* Alignment by rare character pairs, in a large collection also by runs of six; see align.h. The work is: hash (linear), sort postings (radix, linear), weigh
 * (linear), and for each text walk the postings of its rarest pairs, at most RARE_MAX lists of at most `cap` entries. */
#include "engine/plan/align.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/utf8.h"

enum {
  FEATURES_MAX = 4096,       /* pairs kept of one text in a small collection */
  FEATURES_MIN = 32,         /* and in a very large one */
  FEATURES_BUDGET = 8 << 20, /* pairs kept in all, about */
  CAP = 64,                  /* longest posting list that gives candidates */
  RARE_MAX = 32,             /* lists walked for one text, when the collection is large */
  SMALL = 4096,              /* texts: below this every list is walked */
  TRIED_FACTOR = 4,          /* candidates scored exactly for one wanted pair */
  RUN = 6                    /* characters of a run: rare enough to find like items among a million */
};

struct posting {
  uint32_t hash, text;
};
struct align {
  struct arena *mem;
  size_t keep; /* pairs kept of a text */
  VEC(struct posting) postings;
  VEC(uint32_t) plans; /* plan of each text */
  uint32_t *scratch;   /* hashes of the text being added */
  size_t scratch_cap;
  /* made by align_find */
  uint32_t *run_at; /* first posting of each run (distinct hash); one more at the end */
  size_t run_count;
  uint32_t *weight; /* of each run */
  uint32_t *row_at; /* first row of each text; one more at the end */
  uint32_t *rows;   /* runs of each text, rising */
  uint64_t *total;  /* summed weight of each text */
};

static uint32_t mix(uint64_t h) {
  h *= UINT64_C(0x9E3779B97F4A7C15);
  h ^= h >> 29;
  h *= UINT64_C(0xBF58476D1CE4E5B9);
  return (uint32_t)(h >> 32);
}

/* Han, letters and digits count; marks and blanks do not. */
static bool counts(uint32_t c) {
  return is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
}

static size_t hash_pairs(struct str s, uint32_t seed, uint32_t *out) {
  uint32_t before = 0;
  size_t n = 0;
  for (size_t i = 0; i < s.len;) {
    uint32_t c = utf8_next(s, &i);
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    if (!counts(c)) continue;
    if (before) out[n++] = mix(((uint64_t)seed << 56) ^ ((uint64_t)before << 28) ^ c);
    before = c;
  }
  return n;
}

/* Runs of RUN characters, by a rolling product (Karp and Rabin 1987), and the whole text as one. */
static size_t hash_runs(struct str s, uint32_t *out) {
  static const uint64_t base = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t power = 1, h = 0, whole = 7;
  uint32_t window[RUN] = {0};
  size_t n = 0, seen = 0;
  for (int i = 0; i < RUN; i++) power *= base;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    if (!counts(c)) continue;
    h = h * base + c - power * window[seen % RUN];
    window[seen++ % RUN] = c;
    whole = whole * base + c;
    if (seen >= RUN) out[n++] = mix(h ^ 2);
  }
  if (seen) out[n++] = mix(whole ^ 3) >> 8; /* small hashes stay in the sketch */
  return n;
}

static int by_hash(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static size_t drop_repeats(uint32_t *h, size_t n) {
  size_t k = 0;
  qsort(h, n, sizeof *h, by_hash);
  for (size_t i = 0; i < n; i++)
    if (!k || h[k - 1] != h[i]) h[k++] = h[i];
  return k;
}

struct align *align_begin(struct arena *mem, size_t expected) {
  struct align *al = arena_new(mem, struct align);
  al->mem = mem;
  al->keep = expected ? FEATURES_BUDGET / expected : FEATURES_MAX;
  if (al->keep > FEATURES_MAX) al->keep = FEATURES_MAX;
  if (al->keep < FEATURES_MIN) al->keep = FEATURES_MIN;
  return al;
}

static void keep_smallest(struct align *al, uint32_t number, uint32_t *hashes, size_t n, size_t most) {
  n = drop_repeats(hashes, n);
  if (n > most) n = most;
  for (size_t i = 0; i < n; i++) vec_push(al->mem, &al->postings) = (struct posting){hashes[i], number};
}

uint32_t align_add(struct align *al, uint32_t plan, struct str title, struct str text) {
  const uint32_t number = (uint32_t)al->plans.len;
  const size_t need = 2 * title.len + text.len + 1;
  const bool is_large = al->keep < FEATURES_MAX; /* pairs alone are too common then */
  vec_push(al->mem, &al->plans) = plan;
  if (need > al->scratch_cap) {
    al->scratch_cap = need * 2;
    al->scratch = arena_new_n(al->mem, uint32_t, al->scratch_cap);
  }
  size_t n = hash_pairs(title, 0, al->scratch);
  n += hash_pairs(title, 1, al->scratch + n);
  n += hash_pairs(text, 0, al->scratch + n);
  keep_smallest(al, number, al->scratch, n, is_large ? al->keep / 2 : al->keep);
  if (is_large) keep_smallest(al, number, al->scratch, hash_runs(text, al->scratch), al->keep / 2);
  return number;
}

/* ---- the index ---- */

/* LSD radix sort by hash, two passes; stable, so texts stay in order inside a hash. */
static void sort_postings(struct align *al) {
  enum { DIGITS = 1 << 16 };
  const size_t n = al->postings.len;
  struct posting *from = al->postings.at, *to = arena_new_n(al->mem, struct posting, n);
  uint32_t *count = arena_new_n(al->mem, uint32_t, DIGITS + 1);
  for (int shift = 0; shift < 32; shift += 16) {
    memset(count, 0, (DIGITS + 1) * sizeof *count);
    for (size_t i = 0; i < n; i++) count[((from[i].hash >> shift) & (DIGITS - 1)) + 1]++;
    for (size_t d = 0; d < DIGITS; d++) count[d + 1] += count[d];
    for (size_t i = 0; i < n; i++) to[count[(from[i].hash >> shift) & (DIGITS - 1)]++] = from[i];
    struct posting *swap = from;
    from = to;
    to = swap;
  }
  al->postings.at = from;
}

/* 16 * log2(n / df) + 1 in whole numbers: the place of the top bit and four bits below it. */
static uint32_t log2_16(uint64_t x) {
  uint32_t top = 0;
  while (x >> (top + 1)) top++;
  const uint64_t below = top >= 4 ? (x >> (top - 4)) & 15 : (x << (4 - top)) & 15;
  return 16 * top + (uint32_t)below;
}

static void find_runs(struct align *al) {
  const size_t n = al->postings.len;
  al->run_at = arena_new_n(al->mem, uint32_t, n + 1);
  for (size_t i = 0; i < n; i++)
    if (!i || al->postings.at[i].hash != al->postings.at[i - 1].hash) al->run_at[al->run_count++] = (uint32_t)i;
  al->run_at[al->run_count] = (uint32_t)n;
  al->weight = arena_new_n(al->mem, uint32_t, al->run_count + 1);
  const uint32_t all = log2_16(al->plans.len + 1);
  for (size_t r = 0; r < al->run_count; r++) {
    const uint32_t df = log2_16(al->run_at[r + 1] - al->run_at[r]);
    al->weight[r] = (all > df ? all - df : 0) + 1;
  }
}

static void fill_rows(struct align *al) {
  const size_t texts = al->plans.len;
  al->row_at = arena_new_n(al->mem, uint32_t, texts + 2);
  al->rows = arena_new_n(al->mem, uint32_t, al->postings.len);
  al->total = arena_new_n(al->mem, uint64_t, texts);
  vec_each(struct posting, p, &al->postings) al->row_at[p->text + 2]++;
  for (size_t t = 0; t + 1 < texts + 2; t++) al->row_at[t + 1] += al->row_at[t];
  for (size_t r = 0; r < al->run_count; r++)
    for (uint32_t i = al->run_at[r]; i < al->run_at[r + 1]; i++) {
      const uint32_t t = al->postings.at[i].text;
      al->rows[al->row_at[t + 1]++] = (uint32_t)r;
      al->total[t] += al->weight[r];
    }
}

/* ---- candidates ---- */

struct search {
  struct align *al;
  int least;
  size_t most, tried;
  uint32_t *shared; /* weight shared with the text in hand, by text; zero between texts */
  VEC(uint32_t) touched;
  align_pairs *out;
};

static uint32_t df_of(const struct align *al, uint32_t run) { return al->run_at[run + 1] - al->run_at[run]; }

/* Longest list worth walking for a text, so that no more than RARE_MAX lists are. */
static uint32_t df_limit(const struct align *al, uint32_t text) {
  uint32_t of_df[CAP + 1] = {0}, sum = 0;
  if (al->plans.len <= SMALL) return CAP;
  for (uint32_t i = al->row_at[text]; i < al->row_at[text + 1]; i++)
    if (df_of(al, al->rows[i]) <= CAP) of_df[df_of(al, al->rows[i])]++;
  for (uint32_t df = 2; df <= CAP; df++) {
    sum += of_df[df];
    if (sum > RARE_MAX) return df > 2 ? df - 1 : 2;
  }
  return CAP;
}

static void walk_list(struct search *s, uint32_t text, uint32_t run) {
  const struct align *al = s->al;
  for (uint32_t i = al->run_at[run]; i < al->run_at[run + 1]; i++) {
    const uint32_t other = al->postings.at[i].text;
    if (al->plans.at[other] <= al->plans.at[text]) continue; /* each pair once, from its left side */
    if (!s->shared[other]) vec_push(al->mem, &s->touched) = other;
    s->shared[other] += al->weight[run];
  }
}

static uint64_t shared_weight(const struct align *al, uint32_t a, uint32_t b) {
  uint32_t i = al->row_at[a], j = al->row_at[b];
  uint64_t sum = 0;
  while (i < al->row_at[a + 1] && j < al->row_at[b + 1]) {
    if (al->rows[i] == al->rows[j]) sum += al->weight[al->rows[i]];
    const bool first = al->rows[i] <= al->rows[j], second = al->rows[j] <= al->rows[i];
    i += first;
    j += second;
  }
  return sum;
}

static void score_pair(struct search *s, uint32_t left, uint32_t right) {
  const struct align *al = s->al;
  const uint64_t shared = shared_weight(al, left, right), l = al->total[left], r = al->total[right];
  if (!l || !r) return;
  const uint64_t score = 2000 * shared / (l + r), covered = 1000 * shared / (l < r ? l : r);
  if ((int)score < s->least && (int)covered < s->least) return;
  vec_push(al->mem, s->out) = (struct align_pair){left, right, (uint16_t)score, (uint16_t)covered};
}

/* The `tried` touched texts that share most come first (selection by repeated halving would be faster; lists are short). */
static void keep_best(struct search *s) {
  const size_t n = s->touched.len, keep = s->tried < n ? s->tried : n;
  for (size_t k = 0; k < keep; k++) {
    size_t best = k;
    for (size_t i = k + 1; i < n; i++)
      if (s->shared[s->touched.at[i]] > s->shared[s->touched.at[best]] ||
          (s->shared[s->touched.at[i]] == s->shared[s->touched.at[best]] && s->touched.at[i] < s->touched.at[best]))
        best = i;
    const uint32_t swap = s->touched.at[k];
    s->touched.at[k] = s->touched.at[best];
    s->touched.at[best] = swap;
  }
}

static void search_text(struct search *s, uint32_t text) {
  const struct align *al = s->al;
  const uint32_t limit = df_limit(al, text);
  s->touched.len = 0;
  for (uint32_t i = al->row_at[text]; i < al->row_at[text + 1]; i++) {
    const uint32_t df = df_of(al, al->rows[i]);
    if (df > 1 && df <= limit) walk_list(s, text, al->rows[i]);
  }
  keep_best(s);
  for (size_t i = 0; i < s->touched.len && i < s->tried; i++) score_pair(s, text, s->touched.at[i]);
  vec_each(uint32_t, t, &s->touched) s->shared[*t] = 0;
}

static int by_score(const void *a, const void *b) {
  const struct align_pair *x = a, *y = b;
  if (x->score != y->score) return x->score < y->score ? 1 : -1;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  return (x->right > y->right) - (x->right < y->right);
}

void align_find(struct align *al, int least, int most, align_pairs *out) {
  *out = (align_pairs){0};
  if (!al->postings.len) return;
  sort_postings(al);
  find_runs(al);
  fill_rows(al);
  struct search s = {.al = al, .least = least, .most = (size_t)most, .tried = (size_t)most * TRIED_FACTOR, .out = out};
  s.shared = arena_new_n(al->mem, uint32_t, al->plans.len);
  for (uint32_t t = 0; t < al->plans.len; t++) search_text(&s, t);
  if (out->len) qsort(out->at, out->len, sizeof *out->at, by_score);
}
