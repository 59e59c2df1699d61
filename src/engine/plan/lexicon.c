/* The words of the compiler, found in one pass.
 *
 * A trie over characters: the first character indexes an array of ranks (basic plane) and so leads to a node; further edges sit in
 * one open-addressed hash table keyed by (node, character), behind a filter of 64 bits in each node that turns most
 * characters away at once. A second trie holds the words backwards. Each node knows the groups of all words through it,
 * so that a walk for some groups ends as early as it can.
 *
 * A text is scanned character by character. About half of all places begin a word, in no order that a processor could
 * foresee, so the scan decides with as few branches as it can: a word of one character is written always and counted
 * when there is one, and the trie is walked only where the first two characters of a longer word stand, which a hashed
 * set of bits tells (B. H. Bloom, CACM 13(7), 1970). Words are short, so this is linear in practice and bounded by the
 * longest word in the worst case. Tries: E. Fredkin, "Trie Memory", CACM 3(9), 1960. The lexicon is read-only after
 * lexicon_build and owns nothing outside its arena. */
#include "engine/plan/lexicon.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"

struct trie_node {
  uint64_t filter;  /* bit (character & 63) of every edge */
  uint32_t through; /* which of the sets: groups of the words that end here or further on */
  uint16_t word;    /* index + 1, 0 = none ends here */
  uint16_t walked;  /* the same when the scan looks for it */
};
/* The characters that words begin with. Most places of a text are turned away here, so it is kept small: each such
 * character has a rank, and what is asked of it lies side by side. */
struct trie_top {
  uint16_t rank[0x10000]; /* 0 = no word begins with it */
  VEC(uint32_t) nodes;    /* by rank */
  lex_bits *through;      /* of these nodes; nothing for 0 */
};
/* An edge: its key ((node << 21 | character) + 1) and 24 bits of where it leads to, together small; 0 = free. */
typedef uint64_t trie_slot;
enum { SLOT_TO_BITS = 24, NODES_MAX = 1 << (64 - SLOT_TO_BITS - 21) };
/* Two characters that words of the scan begin with: (first << 21 | second) and 22 bits; 0 = free. When such words go on
 * from there, the last bit is set and the others are the node that the two lead to; else they are the word: index + 1. */
typedef uint64_t trie_pair;
enum { PAIR_TO_BITS = 22, PAIR_GOES_ON = 1, PAIR_BITS = 16 };
/* What the scan asks of one character: its kind of sign, and above that the word of the scan of it alone: index + 1. */
enum { ONE_KIND_BITS = 4, ONE_KIND = (1 << ONE_KIND_BITS) - 1 };
_Static_assert((int)SIGN_OTHER <= (int)ONE_KIND, "a kind of sign has four bits");
struct lexicon {
  struct lexicon_top top;
  struct trie_top ends[2];     /* of the words read forwards, and backwards: by their root */
  VEC(struct trie_node) nodes; /* node 0 is the root, node 1 that of the backward trie */
  trie_slot *slots;            /* the edges */
  size_t slot_mask, slot_count;
  VEC(lex_bits) sets;                       /* of groups: few differ */
  uint32_t ones[0x10000];                   /* of one character */
  uint64_t pair_set[(1 << PAIR_BITS) / 64]; /* bits of the first two characters of longer words */
  trie_pair *pairs;                         /* the same exactly, by hash */
  size_t pair_mask;
  VEC(struct lex_word) words;
};
enum { ROOT = 0, ROOT_BACK = 1 };

static const struct {
  const char *name;
} group_names[LEX_GROUP_COUNT] = {
#define X(name) {#name},
    LEX_GROUPS(X)
#undef X
};
enum { MARK_BYTES = 32 }; /* two hits or three: fewer than a search in halves would cost */
_Static_assert(LEX_GROUP_COUNT <= 128, "groups are bits of one word");

/* ---- building the trie ---- */

static uint64_t edge_key(uint32_t node, uint32_t c) { return ((uint64_t)node << 21 | c) + 1; }

static uint32_t slot_to(trie_slot slot) { return slot & ((1u << SLOT_TO_BITS) - 1); }

static size_t slot_of(const struct lexicon *lx, uint64_t key) {
  uint64_t h = key * 0x9E3779B97F4A7C15u;
  size_t i = (size_t)(h >> 20) & lx->slot_mask;
  while (lx->slots[i] && lx->slots[i] >> SLOT_TO_BITS != key) i = (i + 1) & lx->slot_mask;
  return i;
}

static void grow_slots(struct arena *mem, struct lexicon *lx) {
  if (lx->slots && lx->slot_count * 2 < lx->slot_mask + 1) return;
  const size_t old_size = lx->slots ? lx->slot_mask + 1 : 0, size = old_size ? old_size * 2 : 4096;
  const trie_slot *old = lx->slots;
  lx->slots = arena_new_n(mem, trie_slot, size);
  lx->slot_mask = size - 1;
  for (size_t i = 0; i < old_size; i++)
    if (old[i]) lx->slots[slot_of(lx, old[i] >> SLOT_TO_BITS)] = old[i];
}

static uint32_t step_or_add(struct arena *mem, struct lexicon *lx, uint32_t node, uint32_t c) {
  struct trie_top *top = node <= ROOT_BACK && c < 0x10000 ? &lx->ends[node] : NULL;
  if (top && top->rank[c]) return top->nodes.at[top->rank[c]];
  grow_slots(mem, lx);
  const size_t slot = slot_of(lx, edge_key(node, c));
  if (!top && lx->slots[slot]) return slot_to(lx->slots[slot]);
  const uint32_t made = (uint32_t)lx->nodes.len;
  vec_push(mem, &lx->nodes) = (struct trie_node){0};
  if (top) {
    top->rank[c] = (uint16_t)top->nodes.len;
    vec_push(mem, &top->nodes) = made;
    return made;
  }
  lx->slots[slot] = edge_key(node, c) << SLOT_TO_BITS | made;
  lx->slot_count++;
  return made;
}

static struct lex_word *word_for(struct arena *mem, struct lexicon *lx, struct str text) {
  uint32_t node = ROOT, back = ROOT_BACK;
  for (size_t i = 0; i < text.len;) node = step_or_add(mem, lx, node, utf8_next(text, &i));
  if (!lx->nodes.at[node].word) {
    for (size_t i = text.len; i > 0;) {
      i = utf8_back(text, i);
      back = step_or_add(mem, lx, back, utf8_at(text, i));
    }
    vec_push(mem, &lx->words) = (struct lex_word){.text = str_dup(mem, text)};
    lx->nodes.at[node].word = lx->nodes.at[back].word = (uint16_t)lx->words.len;
  }
  return &lx->words.at[lx->nodes.at[node].word - 1];
}

/* ---- walking it ---- */

static inline uint32_t step(const struct lexicon *lx, uint32_t at, uint32_t c) {
  if (!(lx->nodes.at[at].filter >> (c & 63) & 1)) return 0;
  return slot_to(lx->slots[slot_of(lx, edge_key(at, c))]);
}

/* Do words of the groups end at the node or further on? */
static inline bool leads_to(const struct lexicon *lx, uint32_t node, lex_bits groups) {
  return (lx->sets.at[lx->nodes.at[node].through] & groups) != 0;
}

/* The node of the first or, read backwards, last character of words of the groups; 0 = there are none. */
static inline uint32_t step_top(const struct lexicon *lx, uint32_t root, uint32_t c, lex_bits groups) {
  if (c >= 0x10000) {
    const uint32_t node = step(lx, root, c);
    return leads_to(lx, node, groups) ? node : 0;
  }
  const struct trie_top *top = &lx->ends[root];
  const uint32_t rank = top->rank[c];
  return top->through[rank] & groups ? top->nodes.at[rank] : 0;
}

/* Word of the scan of one character beyond the basic plane: index + 1, 0 = none. */
static uint32_t single_far(const struct lexicon *lx, uint32_t c) { return lx->nodes.at[step(lx, ROOT, c)].walked; }

/* ---- how words begin ---- */

/* What the scan asks of two characters that follow one another. */
static inline uint32_t pair_hash(uint32_t first, uint32_t second) {
  return (first * UINT32_C(0x9E3779B1) ^ second * UINT32_C(0x85EBCA6B)) >> (32 - PAIR_BITS);
}

static inline trie_pair *pair_slot(const struct lexicon *lx, uint32_t hash, uint32_t first, uint32_t second) {
  const uint64_t key = (uint64_t)first << 21 | second;
  size_t i = hash & lx->pair_mask;
  while (lx->pairs[i] && lx->pairs[i] >> PAIR_TO_BITS != key) i = (i + 1) & lx->pair_mask;
  return &lx->pairs[i];
}

static inline uint32_t pair_to(trie_pair pair) { return (uint32_t)(pair & ((1u << PAIR_TO_BITS) - 1)) >> 1; }

static void add_start(struct lexicon *lx, struct str word, uint16_t index) {
  size_t i = 0;
  const uint32_t first = utf8_next(word, &i);
  if (i == word.len) {
    if (first < 0x10000) lx->ones[first] |= (index + 1u) << ONE_KIND_BITS;
    return;
  }
  const uint32_t second = utf8_next(word, &i), hash = pair_hash(first, second);
  trie_pair *pair = pair_slot(lx, hash, first, second);
  lx->pair_set[hash / 64] |= UINT64_C(1) << (hash & 63);
  if (*pair & PAIR_GOES_ON) return;
  const uint32_t node = step(lx, step_top(lx, ROOT, first, LEX_WALKED), second);
  const uint32_t to = i < word.len ? node << 1 | PAIR_GOES_ON : (index + 1u) << 1;
  *pair = ((uint64_t)first << 21 | second) << PAIR_TO_BITS | to;
}

/* How words begin, for the scan. */
static void add_starts(struct arena *mem, struct lexicon *lx) {
  size_t walked = 0, size = 1024;
  vec_each(const struct lex_word, w, &lx->words) walked += (w->groups & LEX_WALKED) != 0;
  while (size < walked * 4 / 3) size *= 2; /* many begin alike */
  lx->pairs = arena_new_n(mem, trie_pair, size);
  lx->pair_mask = size - 1;
  for (size_t c = 0; c < COUNT_OF(lx->ones); c++) lx->ones[c] = sign_kinds[c];
  for (size_t i = 0; i < lx->words.len; i++)
    if (lx->words.at[i].groups & LEX_WALKED) add_start(lx, lx->words.at[i].text, (uint16_t)i);
}

/* The number of a set; `known` is a hash table of numbers + 1. */
static uint32_t set_number(struct arena *mem, struct lexicon *lx, uint32_t *known, size_t mask, lex_bits set) {
  const uint64_t h = ((uint64_t)set ^ (uint64_t)(set >> 64) * 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu;
  size_t i = (size_t)(h >> 24) & mask;
  for (; known[i]; i = (i + 1) & mask)
    if (lx->sets.at[known[i] - 1] == set) return known[i] - 1;
  vec_push(mem, &lx->sets) = set;
  known[i] = (uint32_t)lx->sets.len;
  return known[i] - 1;
}

static void number_sets(struct arena *mem, struct lexicon *lx, const lex_bits *through) {
  AUTO_ARENA scratch = {0};
  size_t size = 1024;
  while (size < lx->nodes.len * 2) size *= 2;
  uint32_t *known = arena_new_n(&scratch, uint32_t, size);
  for (size_t k = 0; k < lx->nodes.len; k++) lx->nodes.at[k].through = set_number(mem, lx, known, size - 1, through[k]);
  for (struct trie_top *top = lx->ends; top < lx->ends + COUNT_OF(lx->ends); top++) {
    top->through = arena_new_n(mem, lex_bits, top->nodes.len);
    for (size_t i = 1; i < top->nodes.len; i++) top->through[i] = through[top->nodes.at[i]];
    lx->top.rank[top - lx->ends] = top->rank;
    lx->top.through[top - lx->ends] = top->through;
  }
}

/* Children have higher numbers than their parents, so groups rise in one sweep. */
static void freeze(struct arena *mem, struct lexicon *lx) {
  AUTO_ARENA scratch = {0};
  uint32_t *parent = arena_new_n(&scratch, uint32_t, lx->nodes.len);
  lex_bits *through = arena_new_n(&scratch, lex_bits, lx->nodes.len);
  lex_bits *groups = arena_new_n(mem, lex_bits, lx->words.len);
  for (size_t i = 0; i <= lx->slot_mask; i++) {
    if (!lx->slots[i]) continue;
    const uint64_t key = (lx->slots[i] >> SLOT_TO_BITS) - 1;
    parent[slot_to(lx->slots[i])] = (uint32_t)(key >> 21);
    lx->nodes.at[key >> 21].filter |= UINT64_C(1) << (key & 63);
  }
  for (size_t k = lx->nodes.len; k-- > 0;) {
    struct trie_node *node = &lx->nodes.at[k];
    const lex_bits own = node->word ? lx->words.at[node->word - 1].groups : 0;
    node->walked = own & LEX_WALKED ? node->word : 0;
    through[k] |= own;
    through[parent[k]] |= through[k];
  }
  number_sets(mem, lx, through);
  for (size_t i = 0; i < lx->words.len; i++) groups[i] = lx->words.at[i].groups;
  lx->top.groups = groups;
  add_starts(mem, lx);
}

/* ---- reading the yaml ---- */

static bool add_word(struct arena *mem, struct lexicon *lx, struct str file, const struct yaml *y, struct str text,
                     int group, struct err *e) {
  if (!text.len || text.len > WORD_BYTES_MAX) {
    (void)fail(e, ERR_INVALID, MSG_lexicon_bad_word, "word", text);
    return err_at(e, file, y->line, y->column);
  }
  if (lx->words.len >= UINT16_MAX - 1 || lx->nodes.len >= NODES_MAX - 2 * WORD_BYTES_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_lexicon_too_many);
  struct lex_word *w = word_for(mem, lx, text);
  w->groups |= (lex_bits)1 << group;
  if (y->key.len) {
    int64_t n = 0;
    if (str_to_int(y->text, &n)) w->number = n;
    w->value = str_dup(mem, y->text);
    struct lex_value *v = arena_new(mem, struct lex_value);
    *v = (struct lex_value){(enum lex_group)group, w->value, w->values}; /* a later file's value comes first */
    w->values = v;
  }
  return true;
}

static int group_of(struct str name) {
  for (int g = 0; g < LEX_GROUP_COUNT; g++)
    if (str_eqz(name, group_names[g].name)) return g;
  return -1;
}

static bool add_group(struct arena *mem, struct lexicon *lx, struct str file, const struct yaml *group, struct err *e) {
  const int g = group_of(group->key);
  if (g < 0) {
    (void)fail(e, ERR_INVALID, MSG_lexicon_unknown_group, "group", group->key);
    return err_at(e, file, group->key_line, group->key_column);
  }
  for (const struct yaml *y = group->child; y; y = y->next) {
    if (y->kind != YAML_SCALAR) {
      (void)fail(e, ERR_INVALID, MSG_lexicon_not_word, "group", group->key);
      return err_at(e, file, y->line, y->column);
    }
    TRY(add_word(mem, lx, file, y, group->kind == YAML_MAP ? y->key : y->text, g, e));
  }
  return true;
}

bool lexicon_build(struct arena *mem, const struct str *names, const struct str *texts, size_t n,
                   const struct lexicon **out, struct err *e) {
  struct lexicon *lx = arena_new(mem, struct lexicon);
  vec_push(mem, &lx->nodes) = (struct trie_node){0};
  vec_push(mem, &lx->nodes) = (struct trie_node){0};
  grow_slots(mem, lx);
  vec_push(mem, &lx->ends[ROOT].nodes) = 0;
  vec_push(mem, &lx->ends[ROOT_BACK].nodes) = 0;
  for (size_t i = 0; i < n; i++) {
    AUTO_ARENA scratch = {0};
    struct yaml *root = NULL;
    TRY(yaml_parse(&scratch, names[i], texts[i], &root, e));
    for (const struct yaml *group = root->child; group; group = group->next)
      TRY(add_group(mem, lx, names[i], group, e));
  }
  freeze(mem, lx);
  *out = lx;
  return true;
}

/* ---- the built-in one ---- */

enum { DEFAULT_FILES_MAX = 32 };
/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  const struct lexicon *lexicon;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void build_default(void) {
  struct str names[DEFAULT_FILES_MAX], texts[DEFAULT_FILES_MAX];
  size_t n = 0, files = 0;
  const struct embedded *all = embed_all(&files);
  for (size_t i = 0; i < files; i++) {
    if (!str_starts(str_of(all[i].path), STR("rules/plan/words"))) continue;
    must(n < DEFAULT_FILES_MAX);
    names[n] = str_of(all[i].path);
    texts[n++] = all[i].bytes;
  }
  struct err e = {0};
  must(lexicon_build(&built_in.mem, names, texts, n, &built_in.lexicon,
                     &e)); /* a test builds it too and shows the error */
}

const struct lexicon *lexicon_default(void) {
  must(pthread_once(&built_in.once, build_default) == 0);
  return built_in.lexicon;
}

/* ---- use ---- */

const struct lex_word *lexicon_word(const struct lexicon *lx, uint16_t word) { return &lx->words.at[word]; }
size_t lexicon_word_count(const struct lexicon *lx) { return lx->words.len; }

/* For every MARK_BYTES of the text the first hit behind them, which is one more than the last before: lex_first need not
 * search. */
static void mark_hits(struct arena *mem, struct str text, lex_hits *hits) {
  hits->mark_count = text.len / MARK_BYTES + 1;
  hits->marks = arena_new_n(mem, uint32_t, hits->mark_count + 1);
  for (size_t i = 0; i < hits->len; i++) hits->marks[hits->at[i].at / MARK_BYTES + 1] = (uint32_t)i + 1;
  for (size_t k = 1; k < hits->mark_count; k++)
    if (!hits->marks[k]) hits->marks[k] = hits->marks[k - 1];
}

/* Words of the scan of two characters and more that start at text[at] with the pair; `i` is behind it. Returns where the
 * next hit goes. */
static inline struct lex_hit *scan_from(const struct lexicon *lx, struct str text, size_t at, size_t i, trie_pair pair,
                                        struct lex_hit *to) {
  const bool goes_on = pair & PAIR_GOES_ON;
  uint32_t node = goes_on ? pair_to(pair) : 0, word = goes_on ? lx->nodes.at[node].walked : pair_to(pair);
  struct lex_hit *lo = to;
  *to = (struct lex_hit){(uint32_t)at, (uint16_t)(i - at), (uint16_t)(word - 1)}; /* every other is a word */
  to += word != 0;
  if (!goes_on) return to;
  while (node && i < text.len) {
    node = step(lx, node, utf8_next(text, &i));
    word = lx->nodes.at[node].walked;
    if (word) *to++ = (struct lex_hit){(uint32_t)at, (uint16_t)(i - at), (uint16_t)(word - 1)};
  }
  for (struct lex_hit *hi = to; hi > lo + 1; lo++) { /* longer first */
    hi--;
    const struct lex_hit t = *lo;
    *lo = *hi;
    *hi = t;
  }
  return to;
}

/* More room, for texts of usual words enough at once. Returns where the next hit goes. */
static struct lex_hit *make_room(struct arena *mem, size_t text_len, lex_hits *out, const struct lex_hit *to,
                                 const struct lex_hit **out_full) {
  const size_t len = to ? (size_t)(to - out->at) : 0;
  const size_t cap = out->cap ? out->cap * 2 : text_len / 10 + 2 * WORD_BYTES_MAX;
  out->at = arena_grow(mem, out->at, out->cap * sizeof *out->at, cap * sizeof *out->at);
  out->cap = cap;
  *out_full = out->at + cap - WORD_BYTES_MAX; /* behind it there is not room for all words of one place */
  return out->at + len;
}

static uint32_t one_of(const struct lexicon *lx, uint32_t c) {
  return c < 0x10000 ? lx->ones[c] : single_far(lx, c) << ONE_KIND_BITS;
}

void lexicon_scan(struct arena *mem, const struct lexicon *lx, struct str text, lex_hits *out, struct signs *signs) {
  const struct lex_hit *full = NULL;
  const struct sign *signs_full = NULL;
  struct lex_hit *to = make_room(mem, text.len, out, NULL, &full);
  struct sign *sign = signs_room(mem, text.len, signs, NULL, &signs_full);
  size_t next = 0;
  uint32_t c = text.len ? utf8_next(text, &next) : 0;
  for (size_t at = 0; at < text.len;) {
    size_t behind = next;
    const uint32_t following = next < text.len ? utf8_next(text, &behind) : 0, hash = pair_hash(c, following);
    const uint32_t one = one_of(lx, c);
    if (to >= full) to = make_room(mem, text.len, out, to, &full);
    if (lx->pair_set[hash / 64] >> (hash & 63) & 1)
      to = scan_from(lx, text, at, behind, *pair_slot(lx, hash, c, following), to);
    if (one) {
      const uint32_t word = one >> ONE_KIND_BITS;
      uint32_t kind = one & ONE_KIND;
      if (c < 0x80 && sign_is_inside_number(text, at, (unsigned char)c)) kind = SIGN_NONE;
      if (sign == signs_full) sign = signs_room(mem, text.len, signs, sign, &signs_full);
      *to = (struct lex_hit){(uint32_t)at, (uint16_t)(next - at), (uint16_t)(word - 1)};
      to += word != 0;
      *sign = (struct sign){(uint32_t)at, (uint16_t)c, (uint8_t)(next - at), (uint8_t)kind};
      sign += kind != SIGN_NONE;
    }
    at = next;
    next = behind;
    c = following;
  }
  out->len = (size_t)(to - out->at);
  mark_hits(mem, text, out);
  signs_end(mem, text, signs, sign);
}

const struct lex_word *lexicon_longest_at(const struct lexicon *lx, struct str text, size_t at, lex_bits groups) {
  uint32_t node = step_top(lx, ROOT, utf8_next(text, &at), groups), best = 0;
  while (node) {
    const uint32_t word = lx->nodes.at[node].word;
    if (word && (lx->top.groups[word - 1] & groups)) best = word;
    if (at >= text.len) break;
    node = step(lx, node, utf8_next(text, &at));
    if (!leads_to(lx, node, groups)) break;
  }
  return best ? &lx->words.at[best - 1] : NULL;
}

const struct lex_word *lexicon_longest_before(const struct lexicon *lx, struct str text, size_t end, lex_bits groups) {
  size_t i = utf8_back(text, end);
  uint32_t node = step_top(lx, ROOT_BACK, utf8_at(text, i), groups), best = 0;
  while (node) {
    const uint32_t word = lx->nodes.at[node].word;
    if (word && (lx->top.groups[word - 1] & groups)) best = word;
    if (i == 0) break;
    i = utf8_back(text, i);
    node = step(lx, node, utf8_at(text, i));
    if (!leads_to(lx, node, groups)) break;
  }
  return best ? &lx->words.at[best - 1] : NULL;
}

size_t lex_first(const lex_hits *hits, uint32_t place) {
  const size_t k = place / MARK_BYTES;
  if (k >= hits->mark_count) return hits->len;
  size_t i = hits->marks[k];
  while (i < hits->len && hits->at[i].at < place) i++;
  return i;
}
