/* The words of the compiler, found in one pass.
 *
 * A trie over characters: the first character indexes an array (basic plane) and leads to a node; further edges sit in one
 * open-addressed hash table keyed by (node, character). A text is scanned by walking the trie from every character;
 * words are short, so this is linear in practice and bounded by the longest word in the worst case. Tries: E. Fredkin,
 * "Trie Memory", CACM 3(9), 1960. The lexicon is read-only after lexicon_build and owns nothing outside its arena. */
#include "engine/plan/lexicon.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"

struct trie_node {
  uint32_t word;    /* index + 1, 0 = none ends here */
  uint32_t has_edge; /* some longer word goes on */
};
struct trie_edge {
  uint64_t key; /* (node << 21 | character) + 1, 0 = free */
  uint32_t to;
};
struct lexicon {
  uint32_t first[0x10000];
  VEC(struct trie_node) nodes; /* node 0 is the root */
  struct trie_edge *edges;
  size_t edge_mask, edge_count;
  VEC(struct lex_word) words;
  size_t longest; /* characters */
};

static const struct {
  const char *name;
} group_names[LEX_GROUP_COUNT] = {
#define X(name) {#name},
    LEX_GROUPS(X)
#undef X
};
_Static_assert(LEX_GROUP_COUNT <= 128, "groups are bits of one word");

/* ---- trie ---- */

static uint64_t edge_key(uint32_t node, uint32_t c) { return ((uint64_t)node << 21 | c) + 1; }

static size_t edge_slot(const struct lexicon *lx, uint64_t key) {
  uint64_t h = key * 0x9E3779B97F4A7C15u;
  size_t i = (size_t)(h >> 20) & lx->edge_mask;
  while (lx->edges[i].key && lx->edges[i].key != key) i = (i + 1) & lx->edge_mask;
  return i;
}

static uint32_t step(const struct lexicon *lx, uint32_t node, uint32_t c) {
  if (node == 0 && c < 0x10000) return lx->first[c];
  if (!lx->nodes.at[node].has_edge) return 0;
  return lx->edges[edge_slot(lx, edge_key(node, c))].to;
}

static void grow_edges(struct arena *mem, struct lexicon *lx) {
  if (lx->edges && lx->edge_count * 2 < lx->edge_mask + 1) return;
  const size_t old_size = lx->edges ? lx->edge_mask + 1 : 0, size = old_size ? old_size * 2 : 4096;
  const struct trie_edge *old = lx->edges;
  lx->edges = arena_new_n(mem, struct trie_edge, size);
  lx->edge_mask = size - 1;
  for (size_t i = 0; i < old_size; i++)
    if (old[i].key) lx->edges[edge_slot(lx, old[i].key)] = old[i];
}

static uint32_t step_or_add(struct arena *mem, struct lexicon *lx, uint32_t node, uint32_t c) {
  const uint32_t found = step(lx, node, c);
  if (found) return found;
  const uint32_t made = (uint32_t)lx->nodes.len;
  vec_push(mem, &lx->nodes) = (struct trie_node){0};
  lx->nodes.at[node].has_edge = 1;
  if (node == 0 && c < 0x10000) {
    lx->first[c] = made;
    return made;
  }
  grow_edges(mem, lx);
  const size_t slot = edge_slot(lx, edge_key(node, c));
  lx->edges[slot] = (struct trie_edge){edge_key(node, c), made};
  lx->edge_count++;
  return made;
}

static struct lex_word *word_for(struct arena *mem, struct lexicon *lx, struct str text) {
  uint32_t node = 0;
  size_t chars = 0;
  for (size_t i = 0; i < text.len; chars++) node = step_or_add(mem, lx, node, utf8_next(text, &i));
  if (chars > lx->longest) lx->longest = chars;
  if (!lx->nodes.at[node].word) {
    vec_push(mem, &lx->words) = (struct lex_word){.text = str_dup(mem, text)};
    lx->nodes.at[node].word = (uint32_t)lx->words.len;
  }
  return &lx->words.at[lx->nodes.at[node].word - 1];
}

/* ---- reading the yaml ---- */

static bool add_word(struct arena *mem, struct lexicon *lx, struct str file, const struct yaml *y, struct str text,
                     int group, struct err *e) {
  if (!text.len || text.len > 96) {
    (void)fail(e, ERR_INVALID, MSG_lexicon_bad_word, "word", text);
    return err_at(e, file, y->line, y->column);
  }
  if (lx->words.len >= UINT16_MAX - 1) return fail(e, ERR_TOO_LARGE, MSG_lexicon_too_many);
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
  grow_edges(mem, lx);
  for (size_t i = 0; i < n; i++) {
    AUTO_ARENA scratch = {0};
    struct yaml *root = NULL;
    TRY(yaml_parse(&scratch, names[i], texts[i], &root, e));
    for (const struct yaml *group = root->child; group; group = group->next)
      TRY(add_group(mem, lx, names[i], group, e));
  }
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
  must(lexicon_build(&built_in.mem, names, texts, n, &built_in.lexicon, &e)); /* a test builds it too and shows the error */
}

const struct lexicon *lexicon_default(void) {
  must(pthread_once(&built_in.once, build_default) == 0);
  return built_in.lexicon;
}

/* ---- use ---- */

const struct lex_word *lexicon_word(const struct lexicon *lx, uint16_t word) { return &lx->words.at[word]; }
size_t lexicon_word_count(const struct lexicon *lx) { return lx->words.len; }

void lexicon_scan(struct arena *mem, const struct lexicon *lx, struct str text, lex_hits *out) {
  for (size_t at = 0; at < text.len;) {
    size_t i = at;
    const size_t first_hit = out->len;
    uint32_t node = step(lx, 0, utf8_next(text, &i));
    const size_t next = i;
    while (node) {
      const uint32_t word = lx->nodes.at[node].word;
      if (word)
        vec_push(mem, out) = (struct lex_hit){(uint32_t)at, (uint16_t)(i - at), (uint16_t)(word - 1)};
      if (i >= text.len || !lx->nodes.at[node].has_edge) break;
      node = step(lx, node, utf8_next(text, &i));
    }
    for (size_t lo = first_hit, hi = out->len; hi > lo + 1; lo++) { /* longer first */
      hi--;
      const struct lex_hit t = out->at[lo];
      out->at[lo] = out->at[hi];
      out->at[hi] = t;
    }
    at = next;
  }
}

const struct lex_word *lexicon_at(const struct lexicon *lx, struct str text, size_t at, lex_bits groups) {
  const struct lex_word *best = NULL;
  uint32_t node = 0;
  for (size_t i = at; i < text.len;) {
    node = step(lx, node, utf8_next(text, &i));
    if (!node) break;
    const uint32_t word = lx->nodes.at[node].word;
    if (word && (lx->words.at[word - 1].groups & groups)) best = &lx->words.at[word - 1];
  }
  return best;
}

/* The word that is exactly s, or NULL. */
static const struct lex_word *exact(const struct lexicon *lx, struct str s) {
  uint32_t node = 0;
  for (size_t i = 0; i < s.len;) {
    node = step(lx, node, utf8_next(s, &i));
    if (!node) return NULL;
  }
  const uint32_t word = lx->nodes.at[node].word;
  return word ? &lx->words.at[word - 1] : NULL;
}

const struct lex_word *lexicon_before(const struct lexicon *lx, struct str text, size_t end, lex_bits groups) {
  const struct lex_word *best = NULL;
  size_t start = end;
  for (size_t chars = 0; start > 0 && chars < lx->longest; chars++) {
    start = utf8_back(text, start);
    const struct lex_word *w = exact(lx, str_slice(text, start, end));
    if (w && (w->groups & groups)) best = w;
  }
  return best;
}

size_t lex_first(const lex_hits *hits, uint32_t place) {
  size_t lo = 0, hi = hits->len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (hits->at[mid].at < place) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
