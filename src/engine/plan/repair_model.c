/* What a document teaches about its own language: counts of characters and of neighbours, and readings.
 *
 * The cost of a character after another is that of a bigram model (in eighths of a bit) that backs off to the number
 * of different neighbours: 校 is common but follows few characters, 。 follows nearly all. Most of the
 * knowledge comes from the document itself, since an official text says the same things many times; the words of
 * repair_words.c stand behind it. Everything is counted folded, in one pass over the text. What is suspicious itself is
 * not counted: it must not prove itself. */
#include "base/utf8.h"
#include "engine/plan/repair_shift.h"
#include "text/fold_table.h"

/* 8 * log2(n), linear between powers of two; 0 for n = 0. */
static int lg8(uint32_t n) {
  const uint32_t some = n ? n : 1;
  const int top = 31 - __builtin_clz(some);
  return top * COST_BIT + (int)(((uint64_t)(some - (1u << top)) * COST_BIT) >> top);
}

/* ---- readings ---- */

uint32_t reading_hash(struct str syllable) { return (uint32_t)str_hash(syllable); }

static void add_reading(struct model *m, uint32_t c, uint32_t hash) {
  enum { READINGS_MAX = 2000 };
  const struct reading new = {.hash = hash, .c = (uint16_t)c};
  uint16_t *known = &m->reading_of[c % COUNT_OF(m->reading_of)]; /* most characters have one reading */
  if (*known < m->readings.len && m->readings.at[*known].c == c && m->readings.at[*known].hash == new.hash) return;
  for (size_t i = 0; i < m->readings.len; i++)
    if (m->readings.at[i].c == c && m->readings.at[i].hash == new.hash) {
      *known = (uint16_t)i;
      return;
    }
  if (m->readings.len < READINGS_MAX) vec_push(m->mem, &m->readings) = new;
}

const reading_list *model_readings(struct model *m) {
  vec_each(const struct heard, h, &m->heard) add_reading(m, h->c, reading_hash(h->syllable));
  m->heard.len = 0;
  return &m->readings;
}

/* ---- the document ---- */

/* The bracketed reading at i, when it is one, belongs to the character before. Returns its length. */
static size_t take_reading(struct model *m, struct str text, size_t i, uint32_t left) {
  bool is_toned = false;
  const size_t n = pinyin_bracket_at(text, i, &is_toned);
  if (!n || !is_han(left)) return n;
  const size_t open = text.at[i] == '(' ? 1 : 3, close = text.at[i + n - 1] == ')' ? 1 : 3;
  vec_push(m->mem, &m->heard) = (struct heard){left, str_slice(text, i + open, i + n - close)};
  return n;
}

/* The ids of the characters that teach, a 0 where neighbours are none, and one at the end. Returns how many. */
static size_t read_text(struct model *m, struct str text, uint16_t *ids) {
  enum { MUTE = 24 }; /* characters behind a suspicious one that may be slipped, too */
  uint32_t left_raw = 0;
  size_t n = 0, parted = 0;
  int mute = 0;
  for (size_t i = 0; i < text.len;) {
    const unsigned char *p = (const unsigned char *)text.at + i;
    uint32_t raw;
    if (p[0] >= 0xE4 && p[0] <= 0xE9) { /* nearly all Han characters */
      raw = utf8_three(p);
      i += 3;
    } else {
      const size_t skip = p[0] == '(' || p[0] == 0xEF ? take_reading(m, text, i, left_raw) : 0; /* in either width */
      i += skip;
      if (skip) continue;
      raw = utf8_next(text, &i);
    }
    const struct char_info info = *model_info(m, raw);
    if (info.teaches && mute <= 0) {
      m->seen[raw] = true;
      ids[n++] = (uint16_t)info.id;
      left_raw = raw;
      continue;
    }
    if (raw == '?' || info.is_rare) mute = left_raw >= 0x80 ? MUTE : mute;
    left_raw = raw;
    if (raw == '\n') mute = 0;
    mute--;
    parted++;
    ids[n++] = 0;
  }
  ids[n] = 0;
  m->counts.total += (uint32_t)(n - parted);
  return n;
}

enum { PAIRS_LEAST = 8192 };

struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text, bool is_traditional) {
  AUTO_ARENA scratch = {0};
  struct model *m = arena_new(mem, struct model);
  const struct words *w = words_for(mem, lx);
  m->mem = mem;
  m->words = w;
  m->traditional = is_traditional;
  m->counts = w->counts;
  vec_each(const struct reading, r, &w->readings) vec_push(mem, &m->readings) = *r;
  uint16_t *ids = arena_room(&scratch, (text.len + 1) * sizeof *ids); /* a text has a ceiling */
  grams_make(mem, ids, read_text(m, text, ids), &w->grams, &m->grams, &m->counts);
  m->lg_pairs = lg8(m->counts.pairs > PAIRS_LEAST ? m->counts.pairs : PAIRS_LEAST);
  m->lg_total = lg8(m->counts.total > PAIRS_LEAST ? m->counts.total : PAIRS_LEAST);
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
};

/* What a character costs by what it is, beyond its count; what the document shows is no stranger. */
static int kind_cost(const struct model *m, struct char_info info, uint32_t c) {
  static const uint8_t unseen[] = {0, COST_LEVEL2, COST_OUTSIDE, COST_SYMBOL},
                       seen[] = {0, COST_LEVEL2 / 4, COST_OUTSIDE / 4, COST_SYMBOL};
  if (model_has(m, c)) return seen[info.level];
  const bool is_other = m->traditional ? info.is_simplified : info.is_traditional;
  return unseen[info.level] + (is_other ? COST_OTHER_SCRIPT : 0) + (info.is_letter ? COST_LETTER : 0);
}

/* After a character it was never seen behind, less what the left one adds. */
static int lone_cost(const struct model *m, struct char_info info) {
  if (info.is_mark) return COST_BIT + m->lg_total - lg8(m->counts.single[info.id]);
  return m->lg_pairs - lg8(m->counts.lefts[info.id]) + (m->counts.lefts[info.id] ? 0 : COST_BIT);
}

static int left_cost(struct char_info left) { return left.is_mark ? COST_BIT : COST_BACK_OFF; }

int model_left_cost(const struct model *m, uint32_t left) { return left ? left_cost(*model_info(m, left)) : 0; }

struct row model_own_row(struct model *m, uint32_t left) {
  return grams_row(&m->grams, model_info(m, left)->id);
}

struct row model_word_row(const struct model *m, uint32_t left) {
  return grams_settled(&m->words->grams, model_info(m, left)->id);
}

static uint32_t pair_count(struct model *m, uint32_t left, uint32_t right_id) {
  enum { MOST = 0xFFF };
  const uint32_t n =
      grams_count(&m->grams, model_info(m, left)->id, right_id) + row_count(model_word_row(m, left), right_id);
  return n < MOST ? n : MOST;
}

int model_cost(struct model *m, uint32_t left, uint32_t c) {
  const struct char_info a = *model_info(m, left), b = *model_info(m, c);
  const int kind = kind_cost(m, b, c), alone = lone_cost(m, b) + kind + (b.is_mark ? 0 : left_cost(a));
  if (!left) return alone - COST_BACK_OFF;
  const uint32_t n = pair_count(m, left, b.id);
  if (!n) return alone;
  /* each pair gives 3/4 of a sighting to what was not seen */
  const int best = lg8(4 * (m->counts.single[a.id] + 2u)) - lg8(4 * n - 3) + kind / 2;
  return best < COST_LEAST ? COST_LEAST : best < alone ? best : alone;
}

bool model_is_common(const struct model *m, uint32_t c) {
  enum { MANY = 4 };
  return m->counts.lefts[model_info(m, c)->id] >= MANY;
}

bool model_is_everywhere(const struct model *m, uint32_t c) {
  enum { MOST = 96 };
  return m->counts.lefts[model_info(m, c)->id] >= MOST;
}

bool model_is_mark(const struct model *m, uint32_t c) { return model_info(m, c)->is_mark; }

bool model_knows(struct model *m, uint32_t a, uint32_t b) { return pair_count(m, a, model_info(m, b)->id) > 0; }

/* ---- candidates ---- */

struct candidate model_alone(const struct model *m, uint32_t c, unsigned code) {
  const struct char_info info = *model_info(m, c);
  const int cost = lone_cost(m, info) + kind_cost(m, info, c) - (info.is_mark ? COST_BACK_OFF : 0);
  return (struct candidate){(uint16_t)c,           info.id, info.is_mark, (int16_t)cost, (uint8_t)(code >> 8),
                            (uint8_t)(code & 0xFF)};
}

int model_far_cost(const struct model *m) { return m->lg_pairs + COST_OUTSIDE; }
