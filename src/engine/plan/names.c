/* Names: the quoted words of an item, told apart: a programme, platform, event or honour, or else a slogan or a mere
 * quotation. And the places that are still to be filled in (xx, **).
 *
 * Quoted words are a name when a noun that makes names stands in them at the end (“领航计划”), behind them (“阳光食堂”平台;
 * one noun may serve a whole list: “A”“B”等品牌项目), or when a verb that carries programmes out has them as its object.
 * Lists of slogans and of nouns that exclude a name come first. What is a name in one item of a document is a name in the
 * others. The rules are a table, tried in order. Quotes inside 《》 belong to the title and are not taken.
 * Promises: one pass over the text, a bounded look ahead. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/phrase.h"

enum { QUOTE_REACH = 300, HEAD_REACH = 60, CHAIN_MAX = 32, NEAR_REACH = 15 };

struct quote {
  struct span at;     /* inside the marks */
  struct span outer;  /* with them */
  uint32_t chain_end; /* where the words behind the list that it stands in begin */
  uint32_t chain_at;  /* where that list begins */
};
typedef VEC(struct quote) quote_list;

/* ---- finding quotes ---- */

static uint32_t closing_of(uint32_t c) {
  switch (c) {
    case 0x201C: return 0x201D;
    case 0x300C: return 0x300D;
    case 0x300E: return 0x300F;
    case 0x2018: return 0x2019;
    case '"':
    case 0xFF02: return c;
    default: return 0;
  }
}

/* The sign that closes the quote which `open` opens, NULL when it is not closed in its sentence. */
static const struct sign *close_of(const struct sign *open, uint32_t to) {
  const uint32_t closing = closing_of(open->c);
  int depth = 1;
  for (const struct sign *s = open + 1; s->at < to && s->at - open->at < QUOTE_REACH; s++) {
    if (s->c == closing && !--depth) return s;
    if (s->c == open->c && open->c != closing && ++depth > PLAN_DEPTH_MAX) return NULL;
    if (s->c == '\n' || s->c == 0x3002) return NULL;
  }
  return NULL;
}

static const struct deliverable *title_around(const struct item *it, uint32_t at, size_t *io_hint) {
  size_t i = *io_hint;
  while (i < it->deliverables.len && (!it->deliverables.at[i].marked || it->deliverables.at[i].at.end <= at)) i++;
  *io_hint = i;
  return i < it->deliverables.len && it->deliverables.at[i].at.at <= at ? &it->deliverables.at[i] : NULL;
}

static void find_quotes(const struct plan *p, const struct item *it, struct span stretch, quote_list *out) {
  size_t hint = 0;
  uint32_t done = stretch.at;
  for (const struct sign *s = sign_from(&p->signs, stretch.at); s->at < stretch.end; s++) {
    if (s->at < done || !closing_of(s->c)) continue;
    const struct deliverable *d = title_around(it, s->at, &hint);
    if (d) {
      done = d->at.end;
      continue;
    }
    const struct sign *close = close_of(s, stretch.end);
    if (!close) continue;
    done = close->at + close->len;
    vec_push(p->mem, out) = (struct quote){.at = {s->at + s->len, close->at}, .outer = {s->at, done}};
  }
}

static bool starts_at(const struct plan *p, uint32_t at, const char *word) {
  return str_starts(str_from(p->folded, at), str_of(word));
}

static uint32_t past_link(const struct plan *p, uint32_t at) {
  while (starts_at(p, at, " ")) at++;
  return starts_at(p, at, "，") ? at + 3 : past_word_of(p, at, (uint32_t)p->folded.len, LEX_BIT(list_link));
}

/* Quotes that follow one another with at most a link between share what stands behind the last one. */
static void link_quotes(const struct plan *p, quote_list *quotes) {
  for (size_t i = quotes->len; i > 0; i--) {
    struct quote *q = &quotes->at[i - 1];
    q->chain_end = q->outer.end;
    if (i < quotes->len && past_link(p, q->outer.end) == quotes->at[i].outer.at) q->chain_end = quotes->at[i].chain_end;
  }
  for (size_t i = 0; i < quotes->len; i++) {
    struct quote *q = &quotes->at[i];
    const bool linked = i > 0 && past_link(p, quotes->at[i - 1].outer.end) == q->outer.at;
    q->chain_at = linked ? quotes->at[i - 1].chain_at : q->outer.at;
  }
}

/* ---- what they are ---- */

struct sight { /* what the rules look at */
  const struct plan *p;
  const struct item *it;
  const struct quote *q;
  struct str text; /* blanks dropped */
  uint32_t stretch_at, stretch_end;
};

static bool kind_of_head(const struct lex_word *w, bool close, enum name_kind *out) {
  static const struct {
    lex_bits group;
    enum name_kind kind;
  } kinds[] = {
      {LEX_BIT(name_platform), NAME_PLATFORM}, {LEX_BIT(name_event), NAME_EVENT}, {LEX_BIT(name_honour), NAME_HONOUR}};
  *out = NAME_PROGRAMME;
  for (size_t i = 0; i < COUNT_OF(kinds); i++)
    if (w->groups & kinds[i].group) *out = kinds[i].kind;
  return close || !(w->groups & LEX_BIT(name_mode));
}

static bool is_listed_slogan(const struct sight *s, enum name_kind *out) {
  const struct lex_word *w = lexicon_at(s->p->options.lexicon, s->text, 0, LEX_BIT(slogan));
  *out = NAME_SLOGAN;
  return w && w->text.len == s->text.len;
}

static bool is_single(const struct sight *s, enum name_kind *out) {
  *out = NAME_OTHER;
  return utf8_count(s->text) < 2;
}

/* The first noun of name_head behind the list, inside its noun phrase: “秋白党支部”建设行动, “A”“B”等志愿服务项目. */
static bool has_head_behind(const struct sight *s, enum name_kind *out) {
  const struct plan *p = s->p;
  uint32_t from = s->q->chain_end;
  if (starts_at(p, from, "等")) from += 3;
  for (size_t i = from; i < s->stretch_end && i - from < HEAD_REACH;) {
    const struct lex_word *w = lexicon_at(p->options.lexicon, p->folded, i, LEX_BIT(name_head));
    if (w && kind_of_head(w, i - from <= NEAR_REACH, out)) return true;
    const size_t at = i;
    const uint32_t c = utf8_next(p->folded, &i);
    if (!is_han(c) || starts_at(p, (uint32_t)at, "的") || starts_at(p, (uint32_t)at, "和")) return false;
  }
  return false;
}

static bool at_phrase_end(const struct sight *s, uint32_t at) {
  return at >= s->stretch_end || !is_han(utf8_at(s->p->folded, at)) || starts_at(s->p, at, "等");
}

static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (s.at[i] < '0' || s.at[i] > '9') return false;
  return s.len > 0;
}

/* 1+N, 532, 3126, 5+2: digits, letters and signs only, unless a service of that number follows (12345热线). */
static bool is_code(const struct sight *s, enum name_kind *out) {
  for (size_t i = 0; i < s->text.len; i++)
    if ((unsigned char)s->text.at[i] >= 0x80) return false;
  if (has_head_behind(s, out) && *out == NAME_PLATFORM && all_digits(s->text)) return true;
  *out = NAME_SLOGAN;
  return s->text.len > 0 && s->text.at[0] >= '0' && s->text.at[0] <= '9';
}

static bool has_head_inside(const struct sight *s, enum name_kind *out) {
  const struct lex_word *w = lexicon_before(s->p->options.lexicon, s->text, s->text.len, LEX_BIT(name_head));
  return w && w->text.len < s->text.len && kind_of_head(w, false, out);
}

static bool has_stop_behind(const struct sight *s, enum name_kind *out) {
  *out = NAME_OTHER;
  const struct lex_word *w = lexicon_at(s->p->options.lexicon, s->p->folded, s->q->chain_end, LEX_BIT(name_stop));
  return w && at_phrase_end(s, s->q->chain_end + (uint32_t)w->text.len);
}

/* The last verb before the list in its clause carries things out: 实施教师“县管校聘”. */
static bool is_object_of_carrying(const struct sight *s) {
  const struct plan *p = s->p;
  struct word_walk w =
      word_walk(p, (struct span){clause_start(p, s->stretch_at, s->q->chain_at), s->q->chain_at}, LEX_VERBS);
  struct token t;
  bool carries = false;
  while (word_next(&w, &t)) {
    const bool adjacent = t.at.end == s->q->chain_at;
    carries = ((t.groups & (LEX_BIT(verb_start) | LEX_BIT(verb_carry))) && !(t.groups & LEX_BIT(verb_basis))) ||
              ((t.groups & (LEX_BIT(verb_count) | LEX_BIT(verb_event))) && adjacent);
  }
  return carries;
}

/* 实施“优才”, 加快“阳光食堂”建设: carried out, and no other noun behind. */
static bool is_carried_out(const struct sight *s, enum name_kind *out) {
  *out = NAME_PROGRAMME;
  const uint32_t end = s->q->chain_end;
  const struct lex_word *after = lexicon_at(s->p->options.lexicon, s->p->folded, end, LEX_BIT(verb_count));
  if (after && at_phrase_end(s, end + (uint32_t)after->text.len)) return true;
  return at_phrase_end(s, end) && is_object_of_carrying(s);
}

static const struct {
  const char *why;
  bool (*holds)(const struct sight *s, enum name_kind *out);
} rules[] = {
    {"it is a known slogan: 放管服", is_listed_slogan},
    {"it is one character: 去“筹”", is_single},
    {"it is a code: 1+N", is_code},
    {"its last word makes a name: 领航计划", has_head_inside},
    {"the noun behind it excludes a name: “…”旗帜", has_stop_behind},
    {"the noun behind it makes a name: “…”培育工程", has_head_behind},
    {"it is carried out: 实施“…”", is_carried_out},
};

static enum name_kind kind_of(const struct sight *s) {
  enum name_kind kind = NAME_OTHER;
  for (size_t i = 0; i < COUNT_OF(rules); i++)
    if (rules[i].holds(s, &kind)) return kind;
  return NAME_OTHER;
}

/* ---- the passes ---- */

static bool is_proper(enum name_kind kind) { return kind != NAME_SLOGAN && kind != NAME_OTHER; }

static struct name *find_name(const struct item *it, struct str text) {
  vec_each(struct name, n, &it->names)
    if (str_eq(n->text, text)) return n;
  return NULL;
}

enum { NAMES_COMPARED = 256 /* further quotes of one item are listed without looking for the same one */ };

static void add_name(struct plan *p, struct item *it, const struct sight *s) {
  if (!s->text.len) return;
  const enum name_kind kind = kind_of(s);
  struct name *known = it->names.len < NAMES_COMPARED ? find_name(it, s->text) : NULL;
  if (!known) vec_push(p->mem, &it->names) = (struct name){s->q->at, s->text, kind};
  else if (is_proper(kind) && !is_proper(known->kind)) known->kind = kind;
}

static void stretch_names(struct plan *p, struct item *it, struct span stretch) {
  quote_list quotes = {0};
  find_quotes(p, it, stretch, &quotes);
  link_quotes(p, &quotes);
  vec_each(const struct quote, q, &quotes) {
    const struct sight s = {.p = p,
                            .it = it,
                            .q = q,
                            .stretch_at = stretch.at,
                            .stretch_end = stretch.end,
                            .text = str_squeeze(p->mem, str_trim(plan_text(p, q->at)))};
    add_name(p, it, &s);
  }
}

/* A name in one item is a name wherever the document quotes it. */
static void spread_names(struct plan *p, struct document *d) {
  struct str_set proper = {0};
  vec_each(struct item, it, &d->items)
    vec_each(struct name, n, &it->names)
      if (is_proper(n->kind)) str_set_add(p->mem, &proper, n->text);
  vec_each(struct item, other, &d->items)
    vec_each(struct name, n, &other->names)
      if (n->kind == NAME_OTHER && str_set_has(&proper, n->text)) n->kind = NAME_PROGRAMME;
}

/* ---- placeholders ---- */

static bool is_latin(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/* The class of a redaction mark; 0 for any other character. Marks of one class run together. */
static int redaction(uint32_t c) {
  switch (c) {
    case 'x':
    case 'X': return 1;
    case 0xFF58:
    case 0xFF38: return 2;
    case '*':
    case 0xFF0A: return 3;
    case 0xD7:
    case 0x2715: return 4;
    case 0x25CB:
    case 0x25A1:
    case 0x25EF:
    case 0x3007: return 5;
    case '_':
    case 0xFF3F: return 6;
    case 0x67D0: return 7;
    default: return 0;
  }
}

static bool is_zh_digit(uint32_t c) {
  static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D,
                                    0x4E03, 0x516B, 0x4E5D, 0x5341, 0x96F6};
  for (size_t i = 0; i < COUNT_OF(digits); i++)
    if (digits[i] == c) return true;
  return false;
}

static bool is_placeholder(const struct plan *p, struct span run, int class_of, size_t chars) {
  const uint32_t before = run.at ? utf8_at(p->folded, utf8_back(p->folded, run.at)) : 0,
                 after = utf8_at(p->folded, run.end);
  if (class_of == 4 && chars == 1) return is_han(after) && !is_digit(before); /* ×年×月 */
  if (chars < 2) return false;
  if (class_of == 1) return !(is_latin(before) && !is_digit(before)) && !(is_latin(after) && !is_digit(after));
  if (class_of == 5) return !is_zh_digit(before) && !is_zh_digit(after); /* 二〇〇八 */
  return class_of != 7 || chars == 2;
}

static void item_placeholders(struct plan *p, struct item *it) {
  uint32_t done = it->at.at;
  for (const struct sign *s = sign_from(&p->signs, it->at.at); s->at < it->at.end; s++) {
    const int c = s->at < done ? 0 : redaction(s->c);
    if (!c) continue;
    size_t chars = 1, next = s->at + s->len;
    done = s->at + s->len;
    while (next < it->at.end && redaction(utf8_next(p->folded, &next)) == c) {
      chars++;
      done = (uint32_t)next;
    }
    const struct span run = {s->at, done};
    if (is_placeholder(p, run, c, chars))
      vec_push(p->mem, &it->placeholders) = (struct placeholder){run, plan_text(p, run), STR("")};
  }
}

void plan_names(struct plan *p) {
  vec_each(struct document, d, &p->documents) {
    vec_each(struct item, it, &d->items) {
      vec_each(const struct span, s, &it->stretches) stretch_names(p, it, *s);
      if (!it->is_group) item_placeholders(p, it);
    }
    spread_names(p, d);
  }
}
