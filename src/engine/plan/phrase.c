/* Clauses, words and small sets for the passes over an item's words.
 *
 * Promises: every function is linear in what it reads; looking back or ahead is bounded by CLAUSE_REACH; a bracket that
 * is never closed ends with its sentence. */
#include "engine/plan/phrase.h"

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"

enum { CLAUSE_REACH = 720 /* bytes: a clause longer than this is no clause a reader could follow */ };

static bool is_ascii_digit(struct str s, size_t i) { return i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; }

enum mark mark_at(struct str text, size_t at) {
  switch (utf8_at(text, at)) {
    case ',': return at && is_ascii_digit(text, at - 1) && is_ascii_digit(text, at + 1) ? MARK_NONE : MARK_COMMA;
    case 0xFF0C: return MARK_COMMA;
    case ':':
    case 0xFF1A: return MARK_COLON;
    case ';':
    case 0xFF1B: return MARK_SEMICOLON;
    case '!':
    case '?':
    case '\n':
    case 0x0B:
    case '\t':
    case 0x3002:
    case 0xFF01:
    case 0xFF1F: return MARK_STOP;
    default: return MARK_NONE;
  }
}

int bracket_turn(uint32_t c) {
  switch (c) {
    case '(':
    case '[':
    case 0xFF08:
    case 0x3014:
    case 0x3010:
    case 0xFF3B:
    case 0x300A:
    case 0x3008:
    case 0x201C:
    case 0x300C:
    case 0x300E: return 1;
    case ')':
    case ']':
    case 0xFF09:
    case 0x3015:
    case 0x3011:
    case 0xFF3D:
    case 0x300B:
    case 0x3009:
    case 0x201D:
    case 0x300D:
    case 0x300F: return -1;
    default: return 0;
  }
}

static int deeper(int depth, int by) {
  depth += by;
  if (depth < 0) return 0;
  return depth > PLAN_DEPTH_MAX ? PLAN_DEPTH_MAX : depth;
}

struct span span_trim(const struct plan *p, struct span s) {
  const struct str text = plan_text(p, s), cut = str_trim(text);
  if (!cut.len) return (struct span){s.at, s.at};
  const uint32_t at = s.at + (uint32_t)(cut.at - text.at);
  return (struct span){at, at + (uint32_t)cut.len};
}

/* What the sign is outside brackets. */
static enum mark mark_of(const struct sign *s) {
  static const uint8_t marks[] = {
      [SIGN_COMMA] = MARK_COMMA, [SIGN_COLON] = MARK_COLON, [SIGN_SEMICOLON] = MARK_SEMICOLON,
      [SIGN_STOP] = MARK_STOP,   [SIGN_LINE] = MARK_STOP,   [SIGN_OTHER] = MARK_NONE};
  return (enum mark)marks[s->kind];
}

bool clause_next(const struct plan *p, struct span region, uint32_t *io_at, struct clause *out) {
  int depth = 0;
  if (*io_at >= region.end) return false;
  for (const struct sign *s = sign_from(&p->signs, *io_at); s->at < region.end; s++) {
    const enum mark mark = mark_of(s);
    if (mark == MARK_STOP || (mark && !depth)) {
      out->at = span_trim(p, (struct span){*io_at, s->at});
      out->mark = mark;
      *io_at = s->at + s->len;
      if (span_len(out->at)) return true;
      depth = 0;
    } else {
      depth = deeper(depth, sign_turn(s));
    }
  }
  out->at = span_trim(p, (struct span){*io_at, region.end});
  out->mark = MARK_NONE;
  *io_at = region.end;
  return span_len(out->at) > 0;
}

uint32_t clause_start(const struct plan *p, uint32_t from, uint32_t at) {
  int depth = 0;
  if (at <= from) return at;
  for (const struct sign *s = sign_from(&p->signs, at); s-- > p->signs.at;) {
    const uint32_t behind = s->at + s->len;
    if (s->at < from || at - behind >= CLAUSE_REACH) break;
    const enum mark mark = mark_of(s);
    const int turn = sign_turn(s);
    if (mark == MARK_STOP || (mark && !depth) || (turn > 0 && !depth)) return behind;
    depth = deeper(depth, -turn);
  }
  if (at - from <= CLAUSE_REACH) return from;
  size_t i = at - CLAUSE_REACH;
  while (i > from && ((unsigned char)p->folded.at[i] & 0xC0) == 0x80) i--;
  return (uint32_t)i;
}

uint32_t clause_end(const struct plan *p, uint32_t at, uint32_t to) {
  int depth = 0;
  if (at >= to) return at;
  const uint32_t reach = to - at < CLAUSE_REACH ? to : at + CLAUSE_REACH;
  for (const struct sign *s = sign_from(&p->signs, at); s->at < reach; s++) {
    const enum mark mark = mark_of(s);
    const int turn = sign_turn(s);
    if (mark == MARK_STOP || (mark && !depth) || (turn < 0 && !depth)) return s->at;
    depth = deeper(depth, turn);
  }
  size_t i = reach;
  while (i < to && ((unsigned char)p->folded.at[i] & 0xC0) == 0x80) i++;
  return (uint32_t)i;
}

struct word_walk word_walk(const struct plan *p, struct span region, lex_bits groups) {
  must(!(groups & ~LEX_WALKED));
  return (struct word_walk){
      p, groups, region.at, region.end, lex_first(&p->hits, region.at), sign_from(&p->signs, region.at), 0};
}

/* Moves to the next hit of the wanted groups that ends inside the region, brackets on the way counted; hits are
 * sorted longer first. False at the end. */
static bool to_next_hit(struct word_walk *w, struct token *out) {
  const lex_hits *hits = &w->p->hits;
  const struct lexicon *lx = w->p->options.lexicon;
  for (; w->hit < hits->len && hits->at[w->hit].at < w->end; w->hit++) {
    const struct lex_hit *h = &hits->at[w->hit];
    if (h->at < w->at || h->at + h->len > w->end) continue;
    const lex_bits groups = lexicon_groups(lx, h->word);
    if (!(groups & w->groups)) continue;
    *out = (struct token){{h->at, h->at + h->len}, groups};
    return true;
  }
  return false;
}

static void walk_brackets(struct word_walk *w, uint32_t to) {
  for (; w->sign->at < to; w->sign++)
    if (w->sign->at >= w->at) w->depth = deeper(w->depth, sign_turn(w->sign)); /* none inside the last word */
  w->at = to;
}

bool word_next(struct word_walk *w, struct token *out) {
  while (to_next_hit(w, out)) {
    walk_brackets(w, out->at.at);
    if (w->depth) {
      w->hit++; /* inside brackets */
      continue;
    }
    w->at = out->at.end;
    return true;
  }
  w->at = w->end;
  return false;
}

uint32_t skip_bracket(const struct plan *p, uint32_t at, uint32_t to) {
  const uint32_t c = utf8_at(p->folded, at);
  if (at >= to || (c != '(' && c != 0xFF08 && c != 0x3014 && c != '[')) return at;
  int depth = 0;
  for (size_t i = at; i < to && i - at < CLAUSE_REACH;) {
    depth = deeper(depth, bracket_of(utf8_next(p->folded, &i)));
    if (!depth) return (uint32_t)i;
  }
  return at;
}

uint32_t past_word_of(const struct plan *p, uint32_t at, uint32_t to, lex_bits groups) {
  const struct lex_word *w = at < to ? lexicon_at(p->options.lexicon, p->folded, at, groups) : NULL;
  return w && at + w->text.len <= to ? at + (uint32_t)w->text.len : at;
}

static bool is_blank(uint32_t c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0x0B || c == 0x3000 || c == 0xA0 ||
         (c >= 0x2002 && c <= 0x200A);
}

struct str str_squeeze(struct arena *a, struct str s) {
  size_t i = 0, kept = 0;
  while (i < s.len)
    if (utf8_is_inner(s, i)) i += 3;
    else if (is_blank(utf8_next(s, &i))) break;
  if (i == s.len && (!s.len || !is_blank(utf8_at(s, utf8_back(s, s.len))))) return s;
  char *to = arena_take(a, s.len);
  for (i = 0; i < s.len;) {
    const size_t at = i;
    if (is_blank(utf8_next(s, &i))) continue;
    memcpy(to + kept, s.at + at, i - at);
    kept += i - at;
  }
  return (struct str){to, kept};
}

int32_t measure_holding(const struct item *it, uint32_t at, size_t *io_hint) {
  size_t i = *io_hint;
  while (i < it->measures.len && it->measures.at[i].at.end <= at) i++;
  *io_hint = i;
  return i < it->measures.len && it->measures.at[i].at.at <= at ? (int32_t)i : NO_INDEX;
}

/* Eight bytes at a time: names are short and asked for often. Good while the program runs, on this machine. */
static uint64_t set_hash(struct str s) {
  const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t h = s.len, x;
  size_t i = 0;
  for (; s.len - i >= sizeof x; i += sizeof x) {
    memcpy(&x, s.at + i, sizeof x);
    h = (h ^ x) * odd;
    h ^= h >> 32;
  }
  for (x = 0; i < s.len; i++) x = x << 8 | (unsigned char)s.at[i];
  h = (h ^ x) * odd;
  return h ^ h >> 32;
}

static size_t slot_of(const struct str_set *set, struct str s) {
  size_t i = (size_t)set_hash(s) & set->mask;
  while (set->slots[i].at && !str_eq(set->slots[i], s)) i = (i + 1) & set->mask;
  return i;
}

bool str_set_has(const struct str_set *set, struct str s) {
  return set->count && s.len && set->slots[slot_of(set, s)].at != NULL;
}

void str_set_add(struct arena *a, struct str_set *set, struct str s) {
  if (!s.len || str_set_has(set, s)) return;
  if (set->count * 2 >= (set->slots ? set->mask + 1 : 0)) {
    const struct str_set old = *set;
    const size_t size = old.slots ? (old.mask + 1) * 2 : 64;
    *set = (struct str_set){arena_new_n(a, struct str, size), size - 1, 0};
    for (size_t i = 0; old.slots && i <= old.mask; i++)
      if (old.slots[i].at) str_set_add(a, set, old.slots[i]);
  }
  set->slots[slot_of(set, s)] = s;
  set->count++;
}
