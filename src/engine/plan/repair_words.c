/* What every language model of the byte-shift repair begins with: what each character is, and what the words of the
 * field (rules/plan/common.yaml) and all words of the lexicon say about which characters go together.
 *
 * Characters are counted folded, so that Simplified words serve Traditional texts; each folded character has a small
 * number, its id, so that the tables of a document stay small. Made once for the built-in lexicon. */
#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "engine/plan/repair_shift.h"
#include "text/fold_table.h"

bool is_rare_han(uint32_t c) {
  if (c < HAN_FIRST || c > HAN_LAST) return is_han(c) && c != 0x3007 && c != 0x3005;
  return !(han_marks[c - HAN_FIRST] & HAN_LISTED);
}

/* Folded, and punctuation in one width. */
static uint32_t plain(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + 0x21;
  return c < 0x10000 ? han_fold_char(c) : 0xFFFD;
}

/* Characters that may stand in a sound document; a ? or a rare character and its neighbours teach nothing. */
static bool teaches(uint32_t c) {
  if (c == '?' || c < 0x20) return false;
  if (is_han(c)) return !is_rare_han(c);
  return c < 0x80 || (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3015) || (c >= 0xFF01 && c <= 0xFF5E) ||
         c == 0xB7;
}

/* Marks stand before and behind nearly everything: their neighbours say little. */
static bool is_plain_mark(uint32_t c) {
  return c == ',' || c == ':' || c == ';' || (c >= 0x3001 && c <= 0x3002) || (c >= 0x300A && c <= 0x300B) ||
         c == 0x201C || c == 0x201D;
}

static enum char_level level_of(uint32_t c) {
  if (!is_han(c)) return teaches(c) ? LEVEL_PLAIN : LEVEL_SYMBOL;
  const unsigned mark = han_mark(c) | han_mark(han_fold_char(c));
  return mark & HAN_LEVEL1 ? LEVEL_PLAIN : mark & HAN_LEVEL2 ? LEVEL_SECOND : LEVEL_OUTSIDE;
}

/* ---- making ---- */

struct maker {
  struct arena *mem, *scratch;
  struct words *words;
  uint16_t *id_of;    /* of a folded character */
  VEC(uint16_t) text; /* the ids of all words, one after another, a 0 behind each */
};

/* Rare characters of the lexicon may find no id left and are not counted then. */
static unsigned id_for(struct maker *m, uint32_t folded) {
  if (!m->id_of[folded] && m->words->ids < IDS) m->id_of[folded] = (uint16_t)m->words->ids++;
  return m->id_of[folded];
}

static void describe_chars(struct maker *m) {
  m->words->ids = 1;
  for (uint32_t c = 0; c < 0x10000; c++) {
    const unsigned mark = han_mark(c);
    m->words->info[c] = (struct char_info){.is_mark = is_plain_mark(plain(c)),
                                           .teaches = teaches(c),
                                           .is_rare = is_rare_han(c),
                                           .level = level_of(c),
                                           .is_letter = c >= 'a' && c <= 'z',
                                           .is_traditional = (mark & HAN_TRADITIONAL) != 0,
                                           .is_simplified = (mark & HAN_SIMPLIFIED) != 0};
    if (teaches(c)) (void)id_for(m, plain(c));
  }
}

static void put_form(struct words *w, struct form f) {
  const unsigned id = w->info[f.c].id;
  w->forms[--w->first_form[id]] = f;
  w->form_bytes[0][id] |= 1u << (f.code >> 8 & 31);
  w->form_bytes[1][id] |= 1u << (f.code & 31);
}

/* Ids for all characters, and the characters of each id, sorted by counting. */
static void give_ids(struct maker *m) {
  struct words *w = m->words;
  uint16_t *first = w->first_form;
  size_t n = 0;
  for (uint32_t c = 0; c < 0x10000; c++) {
    const unsigned id = m->id_of[plain(c)];
    w->info[c].id = id & (IDS - 1);
    if (!id || !char_to_gbk[c]) continue;
    first[id]++;
    n++;
  }
  for (int id = 1; id <= IDS; id++) first[id] = (uint16_t)(first[id] + first[id - 1]);
  w->forms = arena_new_n(m->mem, struct form, n);
  for (uint32_t c = 0x10000; c-- > 0;)
    if (w->info[c].id && char_to_gbk[c]) put_form(w, (struct form){(uint16_t)c, char_to_gbk[c]});
}

static void add_word(struct maker *m, struct str word) {
  for (size_t i = 0; i < word.len; m->words->counts.total++)
    vec_push(m->scratch, &m->text) = (uint16_t)id_for(m, plain(utf8_next(word, &i)));
  vec_push(m->scratch, &m->text) = 0;
}

static void read_rules(struct maker *m) {
  const struct embedded *file = embed_find(STR("rules/plan/common.yaml"));
  if (NEVER(!file)) return;
  struct yaml *root = NULL;
  struct err e = {0};
  must(yaml_parse(m->mem, str_of(file->path), file->bytes, &root, &e));
  const struct yaml *common = yaml_get(root, "common"), *readings = yaml_get(root, "reading");
  for (const struct yaml *w = common ? common->child : NULL; w; w = w->next) add_word(m, w->text);
  for (const struct yaml *r = readings ? readings->child : NULL; r; r = r->next)
    vec_push(m->mem, &m->words->readings) =
        (struct reading){.hash = reading_hash(r->text), .c = (uint16_t)utf8_at(r->key, 0)};
}

/* Words of up to four characters teach how characters follow one another; longer entries are phrases that stand in the
 * lexicon to tell cases apart, and would count their pieces again and again. */
enum { WORD_TAUGHT_BYTES = 12 };

static struct words *make_words(struct arena *mem, const struct lexicon *lx) {
  AUTO_ARENA scratch = {0};
  struct maker m = {.mem = mem,
                    .scratch = &scratch,
                    .words = arena_new(mem, struct words),
                    .id_of = arena_new_n(&scratch, uint16_t, 0x10000)};
  describe_chars(&m);
  read_rules(&m);
  for (size_t i = 0; i < lexicon_word_count(lx); i++) {
    const struct str word = lexicon_word(lx, (uint16_t)i)->text;
    if (word.len <= WORD_TAUGHT_BYTES) add_word(&m, word);
  }
  vec_push(&scratch, &m.text) = 0;
  grams_make(mem, m.text.at, m.text.len - 1, NULL, &m.words->grams, &m.words->counts);
  grams_finish(&m.words->grams);
  give_ids(&m);
  lists_rank(mem, m.words);
  return m.words;
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  const struct words *words; /* of the built-in lexicon */
} built_in = {.once = PTHREAD_ONCE_INIT};

static void make_built_in(void) { built_in.words = make_words(&built_in.mem, lexicon_default()); }

const struct words *words_for(struct arena *mem, const struct lexicon *lx) {
  if (lx != lexicon_default()) return make_words(mem, lx);
  must(pthread_once(&built_in.once, make_built_in) == 0);
  return built_in.words;
}
