/* What a document teaches about its own language: counts of characters and of neighbours, and readings.
 *
 * The cost of a character after another is that of a bigram model (in eighths of a bit) that backs off to the number
 * of different neighbours: 校 is common but follows few characters, 。 follows nearly all. Most of the
 * knowledge comes from the document itself, since an official text says the same things many times; the words of the
 * field (rules/plan/common.yaml) and all words of the lexicon stand behind it. Everything is counted folded, so that
 * Simplified words serve Traditional texts. What is suspicious itself is not counted: it must not prove itself. */
#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "engine/plan/repair_shift.h"
#include "text/fold_table.h"
#include "text/han.h"

enum { GRAMS_FIRST = 1 << 14, GRAMS_MOST = 1 << 20, COUNT_MOST = 60000, FOLLOWERS_MAX = 1 << 20 };

/* 8 * log2(n), n >= 1; linear between powers of two. */
static int lg8(uint32_t n) {
  if (n < 2) return 0;
  const int top = 31 - __builtin_clz(n);
  return top * COST_BIT + (int)(((uint64_t)(n - (1u << top)) * COST_BIT) >> top);
}

/* Folded, and punctuation in one width. */
static uint32_t plain(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + 0x21;
  return c < 0x10000 ? han_fold_char(c) : 0xFFFD;
}

bool is_rare_han(uint32_t c) {
  if (c < HAN_FIRST || c > HAN_LAST) return is_han(c) && c != 0x3007 && c != 0x3005;
  return !(han_mark(c) & (HAN_LEVEL1 | HAN_LEVEL2)) && !(han_mark(han_fold_char(c)) & (HAN_LEVEL1 | HAN_LEVEL2));
}

static struct gram *find(const struct model *m, uint32_t pair) {
  uint32_t i = (pair * 2654435761u) >> 7 & m->gram_mask;
  while (m->grams[i].pair && m->grams[i].pair != pair) i = (i + 1) & m->gram_mask;
  return &m->grams[i];
}

static void grow(struct arena *mem, struct model *m) {
  struct gram *old = m->grams;
  const uint32_t old_size = old ? m->gram_mask + 1 : 0, size = old ? old_size * 2 : GRAMS_FIRST;
  m->grams = arena_new_n(mem, struct gram, size);
  m->gram_mask = size - 1;
  for (uint32_t i = 0; i < old_size; i++)
    if (old[i].pair) *find(m, old[i].pair) = old[i];
}

static struct gram *gram_for(struct arena *mem, struct model *m, uint32_t pair) {
  if (!m->grams || (m->gram_count * 2 > m->gram_mask && m->gram_mask + 1 < GRAMS_MOST)) grow(mem, m);
  struct gram *g = find(m, pair);
  if (g->pair) return g;
  if (m->gram_count + 1 >= GRAMS_MOST / 4 * 3) return NULL; /* a huge text has taught enough */
  g->pair = pair;
  const uint32_t bit = pair_bit(pair);
  m->maybe[bit / 64] |= UINT64_C(1) << bit % 64;
  m->gram_count++;
  m->pairs++;
  if (m->lefts[pair & 0xFFFF] < COUNT_MOST) m->lefts[pair & 0xFFFF]++;
  return g;
}

static void count_pair(struct arena *mem, struct model *m, uint32_t a, uint32_t b, bool is_word) {
  struct gram *g = gram_for(mem, m, a << 16 | b);
  if (!g) return;
  uint16_t *n = is_word ? &g->common : &g->count;
  if (*n < COUNT_MOST) ++*n;
}

static void count_single(struct model *m, uint32_t c) {
  if (m->single[c] < COUNT_MOST) m->single[c]++;
  m->total++;
}

static void count_word(struct arena *mem, struct model *m, struct str word) {
  uint32_t left = 0;
  for (size_t i = 0; i < word.len;) {
    const uint32_t c = plain(utf8_next(word, &i));
    count_single(m, c);
    if (left) count_pair(mem, m, left, c, true);
    left = c;
  }
}

/* ---- readings ---- */

uint32_t reading_hash(struct str syllable) { return (uint32_t)str_hash(syllable); }

static void add_reading(struct arena *mem, struct model *m, uint32_t c, struct str syllable, bool is_own) {
  const uint32_t hash = reading_hash(syllable);
  vec_each(struct reading, r, &m->readings)
    if (r->c == c && r->hash == hash) {
      r->is_own |= is_own;
      return;
    }
  enum { READINGS_MAX = 2000 };
  if (m->readings.len < READINGS_MAX)
    vec_push(mem, &m->readings) = (struct reading){.hash = hash, .c = (uint16_t)c, .is_own = is_own};
}

static void read_rules(struct arena *mem, struct model *m) {
  const struct embedded *file = embed_find(STR("rules/plan/common.yaml"));
  if (NEVER(!file)) return;
  struct yaml *root = NULL;
  struct err e = {0};
  must(yaml_parse(mem, str_of(file->path), file->bytes, &root, &e));
  const struct yaml *common = yaml_get(root, "common"), *readings = yaml_get(root, "reading");
  for (const struct yaml *w = common ? common->child : NULL; w; w = w->next) count_word(mem, m, w->text);
  for (const struct yaml *r = readings ? readings->child : NULL; r; r = r->next)
    add_reading(mem, m, utf8_at(r->key, 0), r->text, false);
}

/* ---- the document ---- */

/* Characters that may stand in a sound document; a ? or a rare character and its neighbours teach nothing. */
static bool teaches(uint32_t c) {
  if (c == '?' || c < 0x20 || c >= 0x10000) return false;
  if (is_han(c)) return !is_rare_han(c);
  return c < 0x80 || (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3015) || (c >= 0xFF01 && c <= 0xFF5E) ||
         c == 0xB7;
}

/* ( in one width or the other; commas begin with the same byte as the wide one. */
static bool opens_bracket(struct str text, size_t i) {
  return text.at[i] == '(' || (text.at[i] == '\xEF' && str_starts(str_from(text, i), STR("（")));
}

static void read_text(struct arena *mem, struct model *m, struct str text) {
  enum { MUTE = 24 }; /* characters behind a suspicious one that may be slipped, too */
  uint32_t left = 0, left_raw = 0, left_taught = 0;
  int mute = 0;
  for (size_t i = 0; i < text.len;) {
    bool is_toned = false;
    const size_t reading = opens_bracket(text, i) ? pinyin_bracket_at(text, i, &is_toned) : 0;
    if (reading) {
      const size_t open = text.at[i] == '(' ? 1 : 3, close = text.at[i + reading - 1] == ')' ? 1 : 3;
      if (is_han(left_raw)) add_reading(mem, m, left_raw, str_slice(text, i + open, i + reading - close), true);
      i += reading;
      continue;
    }
    const uint32_t raw = utf8_next(text, &i), c = plain(raw);
    if (raw == '?' || is_rare_han(raw)) mute = left_raw >= 0x80 ? MUTE : mute;
    left_raw = raw;
    if (raw == '\n') mute = 0;
    if (mute > 0 || !teaches(raw)) {
      mute--;
      left = 0;
      continue;
    }
    m->seen[raw / 8] = (uint8_t)(m->seen[raw / 8] | 1 << raw % 8);
    count_single(m, c);
    if (left) count_pair(mem, m, left, c, false);
    if (left && is_han(left_taught) && is_han(raw) && m->followers.len < FOLLOWERS_MAX)
      vec_push(mem, &m->followers) = left_taught << 16 | raw;
    left = c;
    left_taught = raw;
  }
}

/* By radix, a byte at a time from the lowest (Hollerith's way): linear, and the pairs are many. */
static void sort_numbers(uint32_t *at, uint32_t *spare, size_t n) {
  for (int shift = 0; shift < 32; shift += 8) {
    size_t starts[257] = {0};
    for (size_t i = 0; i < n; i++) starts[(at[i] >> shift & 0xFF) + 1]++;
    for (int k = 1; k < 256; k++) starts[k] += starts[k - 1];
    for (size_t i = 0; i < n; i++) spare[starts[at[i] >> shift & 0xFF]++] = at[i];
    uint32_t *const t = at;
    at = spare;
    spare = t;
  }
}

static void sort_followers(struct arena *mem, struct model *m) {
  if (m->followers.len == 0) return;
  sort_numbers(m->followers.at, arena_new_n(mem, uint32_t, m->followers.len), m->followers.len);
  size_t n = 1;
  for (size_t i = 1; i < m->followers.len; i++)
    if (m->followers.at[i] != m->followers.at[n - 1]) m->followers.at[n++] = m->followers.at[i];
  m->followers.len = n;
}

const uint32_t *model_followers(const struct model *m, uint32_t left, size_t *out_count) {
  *out_count = 0;
  if (m->followers.len == 0) return NULL;
  size_t low = 0, high = m->followers.len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (m->followers.at[middle] < left << 16) low = middle + 1;
    else high = middle;
  }
  size_t n = 0;
  while (low + n < m->followers.len && m->followers.at[low + n] >> 16 == left) n++;
  *out_count = n;
  return m->followers.at + low;
}

/* Words of up to four characters teach how characters follow one another; longer entries are phrases that stand in the
 * lexicon to tell cases apart, and would count their pieces again and again. */
enum { WORD_TAUGHT_BYTES = 12 };

/* What every model begins with: the rules and the words of the lexicon. */
static struct model *model_of_words(struct arena *mem, const struct lexicon *lx) {
  struct model *m = arena_new(mem, struct model);
  grow(mem, m);
  read_rules(mem, m);
  for (size_t i = 0; i < lexicon_word_count(lx); i++) {
    const struct str word = lexicon_word(lx, (uint16_t)i)->text;
    if (word.len <= WORD_TAUGHT_BYTES) count_word(mem, m, word);
  }
  return m;
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  const struct model *model; /* of the built-in lexicon */
} words = {.once = PTHREAD_ONCE_INIT};

static void make_words(void) { words.model = model_of_words(&words.mem, lexicon_default()); }

static struct model *copy_words(struct arena *mem) {
  must(pthread_once(&words.once, make_words) == 0);
  struct model *m = arena_new(mem, struct model);
  *m = *words.model;
  m->grams = arena_new_n(mem, struct gram, m->gram_mask + 1);
  memcpy(m->grams, words.model->grams, (m->gram_mask + 1) * sizeof *m->grams);
  m->readings.at = arena_new_n(mem, struct reading, m->readings.cap);
  if (m->readings.len) memcpy(m->readings.at, words.model->readings.at, m->readings.len * sizeof *m->readings.at);
  return m;
}

struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text) {
  struct model *m = lx == lexicon_default() ? copy_words(mem) : model_of_words(mem, lx);
  m->mem = mem;
  m->traditional = han_is_traditional(text);
  read_text(mem, m, text);
  sort_followers(mem, m);
  return m;
}

/* ---- costs ---- */

enum {
  COST_BACK_OFF = 3 * COST_BIT,
  COST_LEVEL2 = 3 * COST_BIT,
  COST_OUTSIDE = 8 * COST_BIT,
  COST_OTHER_SCRIPT = 6 * COST_BIT,
  COST_SYMBOL = 10 * COST_BIT,
  COST_LETTER = 6 * COST_BIT,
  COST_LEAST = 4,
  PAIRS_LEAST = 8192,
};

/* What a character costs by what it is, beyond its count. */
static int cost_of_kind(const struct model *m, uint32_t c) {
  const bool is_seen = c < 0x10000 && m->seen[c / 8] >> c % 8 & 1;
  if (!is_han(c)) return !teaches(c) ? COST_SYMBOL : c >= 'a' && c <= 'z' && !is_seen ? COST_LETTER : 0;
  int cost = 0;
  const unsigned mark = han_mark(c), folded = han_mark(han_fold_char(c));
  if (!is_seen && (mark & (m->traditional ? HAN_SIMPLIFIED : HAN_TRADITIONAL))) cost += COST_OTHER_SCRIPT;
  if (!((mark | folded) & HAN_LEVEL1)) cost += (mark | folded) & HAN_LEVEL2 ? COST_LEVEL2 : COST_OUTSIDE;
  return is_seen && cost > COST_BIT ? cost / 4 : cost;
}

/* Marks stand before and behind nearly everything: their neighbours say little. */
static bool is_plain_mark(uint32_t c) {
  return c == ',' || c == ':' || c == ';' || (c >= 0x3001 && c <= 0x3002) || (c >= 0x300A && c <= 0x300B) ||
         c == 0x201C || c == 0x201D;
}

static struct lone_cost lone_cost(const struct model *m, uint32_t c) {
  const uint32_t b = plain(c);
  const int kind = cost_of_kind(m, c);
  const uint32_t pairs = m->pairs > PAIRS_LEAST ? m->pairs : PAIRS_LEAST,
                 total = m->total > PAIRS_LEAST ? m->total : PAIRS_LEAST;
  const int cost = is_plain_mark(b) ? COST_BIT + lg8(total) - lg8(m->single[b]) + kind
                                    : lg8(pairs) - lg8(m->lefts[b]) + (m->lefts[b] ? 0 : COST_BIT) + kind;
  return (struct lone_cost){(uint16_t)c, (uint16_t)cost, (uint16_t)kind, true};
}

static struct lone_cost lone_of(struct model *m, uint32_t c) {
  if (c >= 0x10000) return lone_cost(m, c);
  struct lone_cost *slot = &m->lone[c % LONE_SLOTS];
  if (!slot->is_known || slot->c != c) *slot = lone_cost(m, c);
  return *slot;
}

static int left_cost(uint32_t a) { return is_plain_mark(a) ? COST_BIT : COST_BACK_OFF; }

int model_left_cost(uint32_t left, uint32_t *out_key) {
  const uint32_t a = plain(left);
  *out_key = a << 16;
  return left ? left_cost(a) : 0;
}

/* Marks do not pay for the left one: that is taken off beforehand. */
static void add_candidate(struct model *m, struct candidates *list, unsigned lead, unsigned trail) {
  const uint32_t c = gbk_char(lead, trail), b = plain(c);
  if (!c || (c >= 0xE000 && c <= 0xF8FF)) return;
  const int cost = lone_of(m, c).cost - (is_plain_mark(b) ? COST_BACK_OFF : 0);
  list->at[list->len++] = (struct candidate){(uint16_t)c, (uint16_t)b, (int16_t)cost, (uint8_t)lead, (uint8_t)trail};
}

const struct candidates *model_by_lead(struct model *m, unsigned lead) {
  struct candidates *list = &m->by_lead[lead & 0xFF];
  if (list->at) return list;
  list->at = arena_new_n(m->mem, struct candidate, 0x100);
  for (unsigned trail = GBK_TRAIL_FIRST; trail <= 0xFE; trail++) add_candidate(m, list, lead, trail);
  return list;
}

const struct candidates *model_by_trail(struct model *m, unsigned trail) {
  struct candidates *list = &m->by_trail[trail & 0xFF];
  if (list->at) return list;
  list->at = arena_new_n(m->mem, struct candidate, 0x100);
  for (unsigned lead = 0x81; lead <= 0xFE; lead++) add_candidate(m, list, lead, trail);
  return list;
}

int model_cost(struct model *m, uint32_t left, uint32_t c) {
  const uint32_t a = plain(left), b = plain(c);
  const struct lone_cost lone = lone_of(m, c);
  const int kind = lone.kind, alone = lone.cost + (is_plain_mark(b) ? 0 : left_cost(a));
  if (!left) return alone - COST_BACK_OFF;
  if (!model_may_know(m, a << 16 | b)) return alone;
  const struct gram *g = find(m, a << 16 | b);
  if (!g->pair) return alone;
  const uint32_t n = (uint32_t)g->count + g->common; /* each pair gives 3/4 of a sighting to what was not seen */
  const int best = lg8(4 * (m->single[a] + 2u)) - lg8(4 * n - 3) + kind / 2;
  return best < COST_LEAST ? COST_LEAST : best < alone ? best : alone;
}

bool model_is_common(const struct model *m, uint32_t c) {
  enum { MANY = 4 };
  return m->lefts[plain(c)] >= MANY;
}

bool model_is_everywhere(const struct model *m, uint32_t c) {
  enum { MOST = 96 };
  return m->lefts[plain(c)] >= MOST;
}

bool model_is_mark(uint32_t c) { return is_plain_mark(plain(c)); }

bool model_knows(const struct model *m, uint32_t a, uint32_t b) {
  return find(m, plain(a) << 16 | plain(b))->pair != 0;
}
