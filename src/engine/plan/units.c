/* Splitting lists of offices. See units.h for what makes it hard.
 *
 * The list is cut at 、 ， / and line ends; pieces that do not end like an office are then joined to the following ones or
 * left alone, by the rules in join_to(); last, 和 与 及 part two offices when both sides are whole offices by themselves.
 * Promises: linear in the list; a list of more than UNITS_MAX pieces is cut off there. */
#include "engine/plan/units.h"

#include "base/limits.h"
#include "base/utf8.h"

enum {
  UNITS_MAX = 200,
  CONJOINED_LEAST = 9 /* bytes: 学院与学科建设处 is one office */,
  NAME_BYTES = 360 /* longer is no name; keeps the looking back linear */
};

struct unit_book unit_book(struct plan *p) {
  struct unit_book book = {.p = p};
  for (size_t i = 0; i < p->options.unit_count; i++) str_set_add(p->mem, &book.given, p->options.units[i]);
  return book;
}

bool parts_units(uint32_t c) {
  return c == 0x3001 || c == 0xFF0C || c == ',' || c == '/' || c == 0xFF0F || c == '\n' || c == 0x0B || c == '\t' ||
         c == 0xFF1B || c == ';' || c == 0xFF64 || c == '|';
}

static struct str name_of(const struct unit_book *book, struct span at) {
  if (span_len(at) > NAME_BYTES) return (struct str){0};
  return str_squeeze(book->p->mem, str_trim(plan_text(book->p, at)));
}

static bool is_known(struct unit_book *book, struct span at) {
  if (span_len(at) > NAME_BYTES) return false;
  if (book->given.count || book->seen.count) {
    const struct str name = name_of(book, at);
    if (str_set_has(&book->given, name) || str_set_has(&book->seen, name)) return true;
  }
  book->missed = true;
  return false;
}

/* Without a bracket group at its end: 各直属学校（单位） -> 各直属学校. */
static struct span without_bracket(const struct plan *p, struct span at) {
  if (at.end <= at.at || span_len(at) > NAME_BYTES) return at;
  const size_t last = utf8_back(p->folded, at.end);
  if (bracket_of(utf8_at(p->folded, last)) >= 0) return at;
  int depth = 0;
  for (size_t i = at.end; i > at.at;) {
    i = utf8_back(p->folded, i);
    depth -= bracket_of(utf8_at(p->folded, i));
    if (!depth) return i > at.at ? (struct span){at.at, (uint32_t)i} : at;
  }
  return at;
}

bool has_ending(const struct plan *p, struct span at, lex_bits group) {
  const struct str name = plan_text(p, at);
  const struct lex_word *w = lexicon_before(p->options.lexicon, name, name.len, group);
  if (w && w->text.len < name.len) return true;
  const struct span bare = without_bracket(p, at);
  if (bare.end == at.end) return false;
  const struct str base = plan_text(p, bare);
  w = lexicon_before(p->options.lexicon, base, base.len, group);
  return w && w->text.len < base.len;
}

static bool is_whole_word(const struct plan *p, struct span at) {
  const struct lex_word *w = lexicon_at(p->options.lexicon, p->folded, at.at, LEX_BIT(unit_word));
  return w && w->text.len == span_len(at);
}

/* 装备中心, 教研室: an ending that is a name by itself. */
static bool is_whole_ending(const struct plan *p, struct span at) {
  if (span_len(at) < 9) return false;
  const struct lex_word *w = lexicon_at(p->options.lexicon, p->folded, at.at, LEX_BIT(unit_suffix));
  return w && w->text.len == span_len(at);
}

bool is_unit(struct unit_book *book, struct span at) {
  if (!span_len(at)) return false;
  return has_ending(book->p, at, LEX_BIT(unit_suffix)) || is_whole_word(book->p, at) || is_whole_ending(book->p, at) ||
         is_known(book, at);
}

/* ---- the end of the list ---- */

static bool is_class_of_units(const struct plan *p, struct str s) {
  const struct lex_word *w = lexicon_at(p->options.lexicon, s, 0, LEX_BIT(unit_class));
  return !s.len || (w && w->text.len == s.len);
}

/* Cuts 等, 等部门, 等有关单位 off; 高等, 中等 and 同等 are no such 等. */
static struct span without_etc(const struct plan *p, struct span list) {
  const struct str text = plan_text(p, list);
  const size_t at = str_rfind(text, STR("等"));
  if (at == STR_NONE || at == 0 || !is_class_of_units(p, str_trim(str_from(text, at + 3)))) return list;
  if (at + 3 < text.len && lexicon_before(p->options.lexicon, text, at + 3, LEX_BIT(not_etc))) return list;
  return (struct span){list.at, list.at + (uint32_t)at};
}

/* ---- pieces ---- */

struct pieces {
  struct span at[UNITS_MAX];
  bool unit[UNITS_MAX];
  size_t len;
  bool any_unit;
};

static void add_piece(struct unit_book *book, struct pieces *out, uint32_t from, uint32_t to) {
  const struct span at = span_trim(book->p, without_etc(book->p, span_trim(book->p, (struct span){from, to})));
  if (!span_len(at) || out->len == UNITS_MAX) return;
  out->at[out->len] = at;
  out->unit[out->len] = is_unit(book, at);
  out->any_unit |= out->unit[out->len++];
}

static bool is_inner_blank(uint32_t c) { return c == ' ' || c == 0x3000 || c == 0xA0; }

static void cut_pieces(struct unit_book *book, struct span list, struct pieces *out) {
  const struct str text = book->p->folded;
  uint32_t from = list.at;
  int depth = 0;
  *out = (struct pieces){0};
  for (size_t i = list.at; i < list.end;) {
    const uint32_t at = (uint32_t)i, c = utf8_next(text, &i);
    depth += bracket_of(c);
    if (depth < 0 || depth > PLAN_DEPTH_MAX) depth = 0;
    if (depth) continue;
    const bool blank_parts = is_inner_blank(c) && at > from && is_unit(book, (struct span){from, at});
    if (!parts_units(c) && !blank_parts) continue;
    add_piece(book, out, from, at);
    from = (uint32_t)i;
  }
  add_piece(book, out, from, list.end);
}

/* ---- joining ---- */

static bool starts_generic(const struct plan *p, struct span at) {
  return past_word_of(p, at.at, at.end, LEX_BIT(unit_generic)) != at.at;
}

static bool starts_as_place(const struct plan *p, struct span at) {
  return lexicon_at(p->options.lexicon, p->folded, at.at, LEX_BIT(unit_joined)) != NULL;
}

/* 各街道、区直各部门; 各街道，区商务局; 各镇、市财政局: what follows is an office of the level above, or the mark parts more. */
static bool ends_below(const struct plan *p, struct span at, struct span next) {
  const struct str name = plan_text(p, at), behind = plan_text(p, next);
  const struct lexicon *lx = p->options.lexicon;
  if (lexicon_before(lx, name, name.len, LEX_BIT(unit_below))) return true;
  if (behind.len > 3 && lexicon_at(lx, behind, 3, LEX_BIT(level_tail))) return true;
  return utf8_at(p->folded, at.end) != 0x3001;
}

/* 各区、市政府; 各市、县（市、区）教育局: a place behind 各 goes on with the next piece. 各区、市教育局、市财政局 does not:
 * there 市 means the office's own city. */
static bool place_goes_on(struct unit_book *book, const struct pieces *ps, size_t i) {
  const struct plan *p = book->p;
  if (i + 1 >= ps->len || !starts_generic(p, ps->at[i]) || !starts_as_place(p, ps->at[i + 1])) return false;
  if (!has_ending(p, ps->at[i], LEX_BIT(unit_place)) || is_known(book, ps->at[i + 1])) return false;
  if (ends_below(p, ps->at[i], ps->at[i + 1])) return false;
  return i + 2 >= ps->len || !starts_as_place(p, ps->at[i + 2]);
}

static bool holds_conjunction(const struct plan *p, struct span at) {
  for (size_t i = at.at; i < at.end; (void)utf8_next(p->folded, &i))
    if (lexicon_at(p->options.lexicon, p->folded, i, LEX_BIT(unit_link))) return true;
  return false;
}

/* Pieces i..last, of which only the last ends like an office: one office, or several of which the first are short names? */
static bool is_one_office(struct unit_book *book, const struct pieces *ps, size_t i, size_t last) {
  const struct plan *p = book->p;
  const struct span whole = {ps->at[i].at, ps->at[last].end};
  if (is_known(book, whole)) return true;
  if (is_known(book, ps->at[last])) return false;
  for (size_t k = i; k < last; k++)
    if (is_known(book, ps->at[k])) return false;
  if (!has_ending(p, ps->at[last], LEX_BIT(unit_inner))) return false; /* 公安、市场监管局 are two */
  return holds_conjunction(p, ps->at[last]) || last - i < 3;
}

/* Index of the last piece of the office that begins with piece i. */
static size_t join_to(struct unit_book *book, const struct pieces *ps, size_t i) {
  if (place_goes_on(book, ps, i)) return i + 1;
  if (ps->unit[i] || !ps->any_unit) return i;
  size_t last = i + 1;
  while (last < ps->len && !ps->unit[last]) last++;
  return last < ps->len && is_one_office(book, ps, i, last) ? last : i;
}

/* ---- 和 与 及 ---- */

static bool can_stand_alone(struct unit_book *book, struct span at) {
  if (is_known(book, at) || is_whole_word(book->p, at)) return true;
  return span_len(at) >= CONJOINED_LEAST && has_ending(book->p, at, LEX_BIT(unit_strong) | LEX_BIT(unit_inner));
}

static uint32_t conjunction_at(const struct plan *p, size_t at) {
  const struct lex_word *w =
      at < p->folded.len ? lexicon_at(p->options.lexicon, p->folded, at, LEX_BIT(unit_link)) : NULL;
  return w ? (uint32_t)w->text.len : 0;
}

static void add_conjoined(struct unit_book *book, struct span at, bool learn, unit_list *out) {
  struct plan *p = book->p;
  uint32_t from = at.at;
  bool asked = false; /* most names hold no conjunction: only one that does is looked up */
  for (size_t i = at.at; i < at.end;) {
    const uint32_t len = conjunction_at(p, i);
    if (len && !asked && is_known(book, at)) break;
    asked |= len > 0;
    const struct span left = {from, (uint32_t)i}, right = {(uint32_t)i + len, at.end};
    if (len && right.at < right.end && can_stand_alone(book, left) && is_unit(book, right)) {
      vec_push(p->mem, out) = left;
      if (learn) str_set_add(p->mem, &book->seen, name_of(book, left));
      from = right.at;
      i = right.at;
      continue;
    }
    (void)utf8_next(p->folded, &i);
  }
  vec_push(p->mem, out) = (struct span){from, at.end};
  if (learn) str_set_add(p->mem, &book->seen, name_of(book, (struct span){from, at.end}));
}

void units_split(struct unit_book *book, struct span list, bool learn, unit_list *out) {
  struct pieces ps;
  cut_pieces(book, without_etc(book->p, span_trim(book->p, list)), &ps);
  bool certain = true; /* the piece before ends like an office: this one begins one */
  for (size_t i = 0; i < ps.len;) {
    const size_t last = join_to(book, &ps, i);
    const bool whole = last == i && ps.unit[i] && certain && !starts_as_place(book->p, ps.at[i]);
    const bool named = last > i && last + 1 == ps.len && i == 0 && holds_conjunction(book->p, ps.at[last]);
    const bool placed = last == i && ps.unit[i] && starts_as_place(book->p, ps.at[i]) && (ps.len == 1 || i == 0);
    add_conjoined(book, (struct span){ps.at[i].at, ps.at[last].end}, learn && (whole || named || placed), out);
    certain = ps.unit[last];
    i = last + 1;
  }
}
