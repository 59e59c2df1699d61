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

/* 8 * log2(n), n >= 1; linear between powers of two. */
static int lg8(uint32_t n) {
  if (n < 2) return 0;
  const int top = 31 - __builtin_clz(n);
  return top * COST_BIT + (int)(((uint64_t)(n - (1u << top)) * COST_BIT) >> top);
}

/* ---- readings ---- */

uint32_t reading_hash(struct str syllable) { return (uint32_t)str_hash(syllable); }

static void add_reading(struct model *m, uint32_t c, struct str syllable) {
  enum { READINGS_MAX = 2000 };
  const struct reading new = {.hash = reading_hash(syllable), .c = (uint16_t)c};
  uint16_t *known = &m->reading_of[c % COUNT_OF(m->reading_of)]; /* most characters have one reading */
  if (*known < m->readings.len && m->readings.at[*known].c == c && m->readings.at[*known].hash == new.hash) return;
  for (size_t i = 0; i < m->readings.len; i++)
    if (m->readings.at[i].c == c && m->readings.at[i].hash == new.hash) {
      *known = (uint16_t)i;
      return;
    }
  if (m->readings.len < READINGS_MAX) vec_push(m->mem, &m->readings) = new;
}

/* ---- the document ---- */

/* ( in one width or the other; commas begin with the same byte as the wide one. */
static bool opens_bracket(struct str text, size_t i) {
  return text.at[i] == '(' || (text.at[i] == '\xEF' && str_starts(str_from(text, i), STR("（")));
}

static void count_pair(struct model *m, uint32_t left, uint32_t right) {
  const uint32_t pair = left << ID_BITS | right;
  if (!grams_count(m->mem, &m->grams, pair)) return;
  if (model_may_know(m, pair) && grams_find(&m->words->grams, pair)->pair) return;
  m->pairs++;
  count_up(&m->lefts[right]);
  pair_bit_set(m->maybe, pair);
}

static void read_text(struct model *m, struct str text) {
  enum { MUTE = 24 }; /* characters behind a suspicious one that may be slipped, too */
  uint32_t left = 0, left_raw = 0;
  int mute = 0, script = 0;
  for (size_t i = 0; i < text.len;) {
    bool is_toned = false;
    const size_t reading = opens_bracket(text, i) ? pinyin_bracket_at(text, i, &is_toned) : 0;
    if (reading) {
      const size_t open = text.at[i] == '(' ? 1 : 3, close = text.at[i + reading - 1] == ')' ? 1 : 3;
      if (is_han(left_raw)) add_reading(m, left_raw, str_slice(text, i + open, i + reading - close));
      i += reading;
      continue;
    }
    const uint32_t raw = utf8_next(text, &i);
    const struct char_info *info = model_info(m, raw);
    script += info->script;
    if (raw == '?' || info->is_rare) mute = left_raw >= 0x80 ? MUTE : mute;
    left_raw = raw;
    if (raw == '\n') mute = 0;
    if (mute > 0 || !info->teaches) {
      mute--;
      left = 0;
      continue;
    }
    m->seen[raw / 8] = (uint8_t)(m->seen[raw / 8] | 1 << raw % 8);
    count_up(&m->single[info->id]);
    m->total++;
    if (left) count_pair(m, left, info->id);
    left = info->id;
  }
  m->traditional = script > 0;
}

enum { PAIRS_LEAST = 8192 };

struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text) {
  enum { BYTES_A_PAIR = 8 }; /* a document says most things more than once */
  struct model *m = arena_new(mem, struct model);
  const struct words *w = words_for(mem, lx);
  m->mem = mem;
  m->words = w;
  m->pairs = w->pairs, m->total = w->total;
  memcpy(m->maybe, w->maybe, sizeof m->maybe);
  memcpy(m->single, w->single, sizeof m->single);
  memcpy(m->lefts, w->lefts, sizeof m->lefts);
  vec_each(const struct reading, r, &w->readings) vec_push(mem, &m->readings) = *r;
  grams_init(mem, &m->grams, text.len / BYTES_A_PAIR);
  read_text(m, text);
  m->lg_pairs = lg8(m->pairs > PAIRS_LEAST ? m->pairs : PAIRS_LEAST);
  m->lg_total = lg8(m->total > PAIRS_LEAST ? m->total : PAIRS_LEAST);
  return m;
}

static bool is_seen(const struct model *m, uint32_t c) { return c < 0x10000 && m->seen[c / 8] >> c % 8 & 1; }

/* The next gram behind `left` whose right one, as some character that folds to it, the document shows. */
uint32_t model_follower(const struct model *m, uint32_t left, uint32_t *io_place, uint32_t *io_c) {
  if (!*io_place) {
    if (!is_han(left) || !is_seen(m, left)) return 0;
    *io_place = m->grams.first[model_info(m, left)->id];
  }
  while (*io_place) {
    const struct gram *g = &m->grams.at[*io_place - 1];
    uint32_t c = *io_c;
    c = c ? m->words->same[c] : m->words->char_of[g->pair & (IDS - 1)];
    while (c && !(is_han(c) && is_seen(m, c))) c = m->words->same[c];
    *io_c = c;
    if (c) return c;
    *io_place = g->next;
  }
  return 0;
}

/* ---- costs ---- */

enum { COST_BACK_OFF = 3 * COST_BIT, COST_LEAST = 4 };

static int kind_cost(const struct model *m, const struct char_info *info, uint32_t c) {
  return is_seen(m, c) ? info->seen : info->unseen[m->traditional];
}

/* After a character it was never seen behind, less what the left one adds. */
static int lone_cost(const struct model *m, const struct char_info *info) {
  if (info->is_mark) return COST_BIT + m->lg_total - lg8(m->single[info->id]);
  return m->lg_pairs - lg8(m->lefts[info->id]) + (m->lefts[info->id] ? 0 : COST_BIT);
}

static int left_cost(const struct char_info *left) { return left->is_mark ? COST_BIT : COST_BACK_OFF; }

int model_left_cost(const struct model *m, uint32_t left, uint32_t *out_key) {
  const struct char_info *info = model_info(m, left);
  *out_key = (uint32_t)info->id << ID_BITS;
  return left ? left_cost(info) : 0;
}

int model_cost(const struct model *m, uint32_t left, uint32_t c) {
  const struct char_info *a = model_info(m, left), *b = model_info(m, c);
  const int kind = kind_cost(m, b, c), alone = lone_cost(m, b) + kind + (b->is_mark ? 0 : left_cost(a));
  if (!left) return alone - COST_BACK_OFF;
  const uint32_t pair = (uint32_t)a->id << ID_BITS | b->id;
  if (!model_may_know(m, pair)) return alone;
  const uint32_t n = (uint32_t)grams_find(&m->grams, pair)->count + (uint32_t)grams_find(&m->words->grams, pair)->count;
  if (!n) return alone;
  /* each pair gives 3/4 of a sighting to what was not seen */
  const int best = lg8(4 * (m->single[a->id] + 2u)) - lg8(4 * n - 3) + kind / 2;
  return best < COST_LEAST ? COST_LEAST : best < alone ? best : alone;
}

bool model_is_common(const struct model *m, uint32_t c) {
  enum { MANY = 4 };
  return m->lefts[model_info(m, c)->id] >= MANY;
}

bool model_is_everywhere(const struct model *m, uint32_t c) {
  enum { MOST = 96 };
  return m->lefts[model_info(m, c)->id] >= MOST;
}

bool model_is_mark(const struct model *m, uint32_t c) { return model_info(m, c)->is_mark; }

bool model_knows(const struct model *m, uint32_t a, uint32_t b) {
  const uint32_t pair = (uint32_t)model_info(m, a)->id << ID_BITS | model_info(m, b)->id;
  return grams_find(&m->grams, pair)->pair || grams_find(&m->words->grams, pair)->pair;
}

/* ---- candidates ---- */

/* Marks do not pay for the left one: that is taken off beforehand. */
static void add_candidate(const struct model *m, struct candidates *list, unsigned lead, unsigned trail) {
  const uint32_t c = gbk_char(lead, trail);
  if (!c || (c >= 0xE000 && c <= 0xF8FF)) return;
  const struct char_info *info = model_info(m, c);
  const int cost = lone_cost(m, info) + kind_cost(m, info, c) - (info->is_mark ? COST_BACK_OFF : 0);
  list->at[list->len++] = (struct candidate){(uint16_t)c, info->id, (int16_t)cost, (uint8_t)lead, (uint8_t)trail};
}

enum { LIST_MOST = 0x100 };

/* By counting; costs lie well within the range, what does not is put at its end. */
static void sort_candidates(struct candidates *list) {
  enum { LEAST = -32, RANGE = 320 };
  uint16_t starts[RANGE + 1] = {0};
  struct candidate sorted[LIST_MOST];
  for (size_t i = 0; i < list->len; i++) {
    const int cost = list->at[i].cost - LEAST;
    starts[(cost < 0 ? 0 : cost < RANGE ? cost : RANGE - 1) + 1]++;
  }
  for (int k = 1; k <= RANGE; k++) starts[k] = (uint16_t)(starts[k] + starts[k - 1]);
  for (size_t i = 0; i < list->len; i++) {
    const int cost = list->at[i].cost - LEAST;
    sorted[starts[cost < 0 ? 0 : cost < RANGE ? cost : RANGE - 1]++] = list->at[i];
  }
  memcpy(list->at, sorted, list->len * sizeof *sorted);
}

const struct candidates *model_by_lead(struct model *m, unsigned lead) {
  struct candidates *list = &m->by_lead[lead & 0xFF];
  if (list->at) return list;
  list->at = arena_new_n(m->mem, struct candidate, LIST_MOST);
  for (unsigned trail = GBK_TRAIL_FIRST; trail <= 0xFE; trail++) add_candidate(m, list, lead, trail);
  sort_candidates(list);
  return list;
}

const struct candidates *model_by_trail(struct model *m, unsigned trail) {
  struct candidates *list = &m->by_trail[trail & 0xFF];
  if (list->at) return list;
  list->at = arena_new_n(m->mem, struct candidate, LIST_MOST);
  for (unsigned lead = GBK_LEAD_FIRST; lead <= 0xFE; lead++) add_candidate(m, list, lead, trail);
  sort_candidates(list);
  return list;
}

const struct candidates *model_by_vanishing(struct model *m, unsigned lead) {
  struct candidates *list = &m->by_vanishing[lead & 0xFF];
  if (list->at) return list;
  list->at = arena_new_n(m->mem, struct candidate, LIST_MOST);
  for (unsigned trail = GBK_TRAIL_FIRST; trail <= 0xFE; trail++)
    if (may_vanish(trail)) add_candidate(m, list, lead, trail);
  sort_candidates(list);
  return list;
}
