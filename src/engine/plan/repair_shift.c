/* Byte shifts: GBK text in which a byte was lost or stood alone, so that the following bytes paired wrongly until an
 * ASCII byte set them right again (学?;鶎咏M织 for 学校基层组织). docs/decisions/0003-byte-shift.md tells how such
 * damage comes about and what was measured.
 *
 * Suspicious places are cut out with some sound text on both sides, written as tokens, and read again by the beam
 * search of repair_beam.c. A reading is taken only when it is much better than the text as it stands and no other
 * reading comes near it; else the place is flagged and left untouched. */
#include "engine/plan/repair_shift.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/fold_table.h"

enum { LOOK_BACK = 2, SOUND_BEHIND = 20, STRETCH_MAX = 240, BUDGET = 6000000, PLACE_COST = 1500 };
enum {
  GAIN_LEAST = 18 * COST_BIT,
  MARGIN_LEAST = 1 * COST_BIT,
  MARGIN_MARK = 3 * COST_BIT,
  MARGIN_UNUSUAL = 6 * COST_BIT,
  GAIN_FLAG = 12 * COST_BIT
};

static size_t next_char(struct str text, size_t at) {
  utf8_next(text, &at);
  return at;
}

struct shifts {
  struct arena *mem;
  struct arena *scratch;
  struct model *m;
  struct search *search;
  tokens list; /* of the place at hand */
  struct str text;
  changes *out;
  int64_t budget;
};

static bool is_private(uint32_t c) { return c >= 0xE000 && c <= 0xF8FF; }

/* Letters and signs of GBK that official texts hardly use: Bopomofo, Cyrillic, kana, box drawing, numbered signs. */
static bool is_odd_sign(uint32_t c) {
  return (c >= 0x0370 && c <= 0x04FF) || (c >= 0x3040 && c <= 0x312F) || (c >= 0x2500 && c <= 0x259F) ||
         is_private(c) || (c >= 0x2474 && c <= 0x249B) || (c >= 0x3200 && c <= 0x33FF) ||
         (c >= 0x02C7 && c <= 0x02D9) || (c >= 0xFE30 && c <= 0xFE6F);
}

bool is_odd_char(uint32_t c) { return is_odd_sign(c) || is_rare_han(c); }

/* `?yin)` */
static size_t torn_at(struct str text, size_t i, uint32_t *out_hash) {
  bool is_toned = false;
  const size_t n = text.at[i] == '?' ? pinyin_at(text, i + 1, &is_toned) : 0;
  if (!n || i + 1 + n >= text.len || text.at[i + 1 + n] != ')') return 0;
  *out_hash = reading_hash(str_slice(text, i + 1, i + 1 + n));
  return n + 2;
}

static size_t reading_at(struct str text, size_t i, uint32_t *out_hash) {
  bool is_toned = false;
  const size_t n = text.at[i] == '(' ? pinyin_bracket_at(text, i, &is_toned) : 0;
  if (!n || !is_toned || text.at[i + n - 1] != ')') return 0;
  *out_hash = reading_hash(str_slice(text, i + 1, i + n - 1));
  return n;
}

static struct token read_token(struct str text, size_t i) {
  struct token t = {.at = {(uint32_t)i, 0}};
  size_t n = torn_at(text, i, &t.hash);
  if (n) {
    t.kind = TOKEN_TORN, t.odd = true;
  } else if ((n = reading_at(text, i, &t.hash)) != 0) {
    t.kind = TOKEN_READING;
  } else {
    size_t next = i;
    t.c = utf8_next(text, &next);
    n = next - i;
    t.code = (uint16_t)(t.c < 0x80 ? 0 : gbk_code(t.c));
    t.kind = t.c == '?' ? TOKEN_QUESTION : t.c < 0x80 ? TOKEN_ASCII : t.code ? TOKEN_PAIR : TOKEN_OTHER;
    t.odd = t.kind == TOKEN_QUESTION || is_odd_char(t.c);
  }
  t.at.end = (uint32_t)(i + n);
  return t;
}

/* The stretch around a suspicious place: up to the line's end, or until enough sound text follows. */
static void read_stretch(struct arena *mem, struct str text, size_t from, tokens *out) {
  size_t sound = 0;
  for (size_t i = from; i < text.len && text.at[i] != '\n' && out->len < STRETCH_MAX && sound < SOUND_BEHIND;) {
    const struct token t = read_token(text, i);
    sound = t.odd ? 0 : sound + 1;
    vec_push(mem, out) = t;
    i = t.at.end;
  }
}

/* Start of the character before i, a reading behind it passed over; i when there is none. */
static size_t char_before(struct str text, size_t i) {
  enum { READING_MAX = 12 };
  if (i > 0 && text.at[i - 1] == ')') {
    size_t open = i - 1;
    while (open > 0 && i - open < READING_MAX && text.at[open] != '(') open--;
    bool is_toned = false;
    if (pinyin_bracket_at(text, open, &is_toned) == i - open) i = open;
  }
  return i ? utf8_back(text, i) : 0;
}

/* Starts before the place with sound characters of the same line. */
static size_t stretch_start(struct str text, size_t at) {
  for (int n = 0; n < LOOK_BACK && at > 0; n++) {
    const size_t before = char_before(text, at);
    if ((unsigned char)text.at[before] < 0x80) break;
    at = before;
  }
  return at;
}

/* True when a damage may begin at i: a ? in the middle of Chinese text, or odd characters close together. */
static bool may_begin(struct str text, size_t i, uint32_t c) {
  enum { NEAR = 4 };
  if (c == '?') {
    const uint32_t left = i ? utf8_at(text, char_before(text, i)) : 0, right = utf8_at(text, i + 1);
    return left >= 0x80 && left != 0x3000 && right && right != '\n' && right != ' ' && right != 0x3000 &&
           right != 0x201D;
  }
  if (!is_odd_char(c)) return false;
  utf8_next(text, &i);
  for (int n = 0; n < NEAR && i < text.len && text.at[i] != '\n'; n++)
    if (is_odd_char(utf8_next(text, &i))) return true;
  return false;
}

/* ?; ?! ??: a byte was cut off. */
static bool is_cut(const tokens *list, size_t i) {
  if (list->at[i].kind != TOKEN_QUESTION || i + 1 >= list->len) return false;
  const uint32_t c = list->at[i + 1].c;
  return c == ';' || c == '!' || c == '?';
}

/* Is there more than lone question marks? Then a person should look even when no reading was found. */
static bool is_surely_damaged(const tokens *list, size_t *out_last) {
  size_t odd = 0, first = 0;
  bool is_torn = false, is_strange = false;
  for (size_t i = 0; i < list->len; i++) {
    if (!list->at[i].odd) continue;
    enum { NEAR = 8 };
    if (odd && i - *out_last > NEAR) break;
    if (odd++ == 0) first = i;
    *out_last = i;
    is_torn |= list->at[i].kind == TOKEN_TORN;
    is_strange |= list->at[i].kind != TOKEN_QUESTION || is_cut(list, i);
  }
  return is_torn || (is_strange && odd >= 2 && *out_last - first < odd * 3);
}

static size_t first_odd(const tokens *list) {
  for (size_t i = 0; i < list->len; i++)
    if (list->at[i].odd) return i;
  return 0;
}

/* A ? before a half-width mark or a torn reading is how the known sites damage their texts; a ? before anything else
 * may hide a whole character. */
static bool is_usual(struct str text, const struct piece *p) {
  const struct str seen = str_slice(text, p->at.at, p->at.end);
  uint32_t hash;
  return seen.len > 1 && seen.at[0] == '?' && (strchr(";!?", seen.at[1]) || torn_at(text, p->at.at, &hash));
}

/* The longer the stretch, the more could be otherwise: the margin asked for grows with it. */
static bool is_sure(const struct model *m, struct str text, const struct shift_result *r) {
  enum { SHORT = 6, EACH = 2 };
  if (r->pieces.len == 0 || !r->is_known || r->gain < GAIN_LEAST) return false;
  int asked = r->made > SHORT ? (r->made - SHORT) * EACH : 0;
  vec_each(const struct piece, p, &r->pieces) {
    const int one = !is_usual(text, p)                      ? MARGIN_UNUSUAL
                    : model_is_mark(m, utf8_at(p->with, 0)) ? MARGIN_MARK
                                                            : MARGIN_LEAST;
    if (r->margin < one + asked) return false;
  }
  return true;
}

/* Reads one suspicious place again. Returns where to go on. */
static size_t repair_place(struct shifts *w, size_t at) {
  w->budget -= PLACE_COST;
  const size_t floor = w->out->len ? vec_last(w->out).at.end : 0;
  size_t from = stretch_start(w->text, at);
  if (from < floor) from = floor;
  tokens *list = &w->list;
  list->len = 0;
  read_stretch(w->scratch, w->text, from, list);
  const uint32_t left = from ? utf8_at(w->text, char_before(w->text, from)) : 0;
  struct shift_result r = {0};
  (void)shift_search(w->search, w->text, list, left, &w->budget, &r);
  if (is_sure(w->m, w->text, &r)) {
    vec_each(const struct piece, p, &r.pieces)
      change_add(w->mem, w->out, p->at.at, p->at.end, str_dup(w->mem, p->with), EDIT_BYTE_SHIFT, false);
    const size_t end = vec_last(w->out).at.end;
    return end > at ? end : next_char(w->text, at);
  }
  size_t last = first_odd(list);
  const bool is_damaged = is_surely_damaged(list, &last);
  if (!is_damaged && !(r.pieces.len && r.gain >= GAIN_FLAG)) return next_char(w->text, at);
  const struct span all = {list->at[first_odd(list)].at.at, list->at[last].at.end};
  change_add(w->mem, w->out, all.at, all.end, str_slice(w->text, all.at, all.end), EDIT_BYTE_SHIFT, true);
  return all.end > at ? all.end : next_char(w->text, at);
}

void repair_shifts(struct arena *mem, const struct lexicon *lx, struct str text, const struct suspects *found,
                   changes *out) {
  AUTO_ARENA scratch = {0};
  struct shifts w = {.mem = mem, .scratch = &scratch, .text = text, .out = out, .budget = BUDGET};
  size_t done = 0;
  vec_each(const uint32_t, at, &found->odd) {
    if (*at < done || !may_begin(text, *at, utf8_at(text, *at))) continue;
    if (!w.m) {
      w.m = model_make(&scratch, lx, text, found->tally.script > 0);
      w.search = search_make(&scratch, w.m);
    }
    if (w.budget <= 0) { /* hardly a text: say so once and leave the rest */
      const size_t next = next_char(text, *at);
      change_add(mem, out, *at, next, str_slice(text, *at, next), EDIT_BYTE_SHIFT, true);
      return;
    }
    done = repair_place(&w, *at);
  }
}
