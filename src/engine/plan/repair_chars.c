/* Repairs of single characters: bracketed readings, entities, invisible characters, full-width letters and digits.
 *
 * A reading is taken out only directly behind a Han character, or behind another one, and only when it is a syllable;
 * without a tone mark a short one is trusted only in a text that has toned ones or several longer ones, since (ai) may
 * be a word. Chinese punctuation keeps its
 * width; a full-width sign of arithmetic is narrowed only between digits. Placeholders (xx, full-width X) stay. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

struct chars {
  struct arena *mem;
  struct str text;
  changes *out;
  bool has_readings; /* the text has a toned reading somewhere, or several that can be nothing else */
  size_t read_to;    /* end of the last reading: 國(guo)(guo) */
};
enum { SURE_LEN = 5 /* three letters in half-width brackets */, SURE_READINGS = 4 };

static bool is_open(uint32_t c) { return c == '(' || c == 0xFF08; }
static bool is_close(uint32_t c) { return c == ')' || c == 0xFF09; }
static uint32_t before(struct str text, size_t i) { return i ? utf8_at(text, utf8_back(text, i)) : 0; }

size_t pinyin_bracket_at(struct str text, size_t i, bool *out_toned) {
  size_t at = i;
  if (!is_open(utf8_at(text, at))) return 0;
  utf8_next(text, &at);
  const size_t n = pinyin_at(text, at, out_toned);
  if (n == 0 || !is_close(utf8_at(text, at + n))) return 0;
  at += n;
  utf8_next(text, &at);
  return at - i;
}

/* Syllables of two letters (fa, he, ai) are also words and names of models. */
static bool is_trusted(const struct chars *w, size_t len, bool is_toned) {
  return is_toned || w->has_readings || len >= SURE_LEN;
}

static size_t repair_reading(struct chars *w, size_t i) {
  bool is_toned = false;
  const bool follows = is_han(before(w->text, i)) || (i && w->read_to == i);
  const size_t n = follows ? pinyin_bracket_at(w->text, i, &is_toned) : 0;
  if (n == 0 || !is_trusted(w, n, is_toned)) return 0;
  change_add(w->mem, w->out, i, i + n, STR(""), EDIT_PINYIN, false);
  w->read_to = i + n;
  return n;
}

static bool any_readings(struct str text) {
  int sure = 0;
  for (size_t i = 0; i < text.len; i++) {
    bool is_toned = false;
    if ((text.at[i] != '(' && text.at[i] != '\xEF') || !is_open(utf8_at(text, i)) || !is_han(before(text, i))) continue;
    const size_t n = pinyin_bracket_at(text, i, &is_toned);
    sure += n >= SURE_LEN;
    if (is_toned || sure >= SURE_READINGS) return true;
  }
  return false;
}

/* ---- entities ---- */

static const struct {
  struct str name, text;
} entities[] = {
    {STR_INIT("nbsp"), STR_INIT(" ")},   {STR_INIT("ensp"), STR_INIT(" ")},   {STR_INIT("emsp"), STR_INIT(" ")},
    {STR_INIT("thinsp"), STR_INIT(" ")}, {STR_INIT("amp"), STR_INIT("&")},    {STR_INIT("lt"), STR_INIT("<")},
    {STR_INIT("gt"), STR_INIT(">")},     {STR_INIT("quot"), STR_INIT("\"")},  {STR_INIT("apos"), STR_INIT("'")},
    {STR_INIT("ldquo"), STR_INIT("“")},  {STR_INIT("rdquo"), STR_INIT("”")},  {STR_INIT("lsquo"), STR_INIT("‘")},
    {STR_INIT("rsquo"), STR_INIT("’")},  {STR_INIT("mdash"), STR_INIT("—")},  {STR_INIT("ndash"), STR_INIT("–")},
    {STR_INIT("hellip"), STR_INIT("…")}, {STR_INIT("middot"), STR_INIT("·")}, {STR_INIT("times"), STR_INIT("×")},
    {STR_INIT("bull"), STR_INIT("•")},   {STR_INIT("permil"), STR_INIT("‰")}, {STR_INIT("deg"), STR_INIT("°")},
    {STR_INIT("ge"), STR_INIT("≥")},     {STR_INIT("le"), STR_INIT("≤")},     {STR_INIT("plusmn"), STR_INIT("±")},
    {STR_INIT("laquo"), STR_INIT("«")},  {STR_INIT("raquo"), STR_INIT("»")},  {STR_INIT("copy"), STR_INIT("©")},
    {STR_INIT("zwnj"), STR_INIT("")},    {STR_INIT("zwj"), STR_INIT("")},     {STR_INIT("shy"), STR_INIT("")},
};

static int digit_of(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

/* The character of &#8220; or &#x201C; with i behind the #; 0 when it is none. *io_i moves to the semicolon. */
static uint32_t numeric(struct str text, size_t *io_i) {
  size_t i = *io_i;
  const int base = i < text.len && (text.at[i] | 0x20) == 'x' ? 16 : 10;
  if (base == 16) i++;
  uint32_t c = 0;
  const size_t first = i;
  for (; i < text.len && i - first < 7 && digit_of(text.at[i], base) >= 0; i++)
    c = c * (uint32_t)base + (uint32_t)digit_of(text.at[i], base);
  if (i == first || i >= text.len || text.at[i] != ';') return 0;
  *io_i = i;
  const bool is_text = c == '\t' || c == '\n' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c <= 0x10FFFF);
  return is_text ? c : 0;
}

/* Length of the entity at text[i] (an &) and what it stands for; escaped twice (&amp;nbsp;) is taken as meant once. */
static size_t entity_at(struct arena *mem, struct str text, size_t i, struct str *out_text) {
  size_t at = i + 1;
  if (at >= text.len || (text.at[at] != '#' && (text.at[at] < 'a' || text.at[at] > 'z'))) return 0;
  if (str_starts(str_from(text, at), STR("amp;")) && at + 4 < text.len) {
    const size_t inner = at + 4;
    const bool is_numeric = text.at[inner] == '#';
    if (is_numeric || digit_of((char)(text.at[inner] | 0x20), 36) >= 0 || (text.at[inner] | 0x20) >= 'a') at = inner;
  }
  if (at < text.len && text.at[at] == '#') {
    size_t end = at + 1;
    const uint32_t c = numeric(text, &end);
    if (!c) return 0;
    char *bytes = arena_take(mem, 4);
    *out_text = c == 0xA0 ? STR(" ") : (struct str){bytes, utf8_put(bytes, c)};
    return end + 1 - i;
  }
  for (int round = 0; round < 2; round++, at = i + 1)
    for (size_t k = 0; k < COUNT_OF(entities); k++) {
      const size_t end = at + entities[k].name.len;
      if (str_starts(str_from(text, at), entities[k].name) && end < text.len && text.at[end] == ';') {
        *out_text = entities[k].text;
        return end + 1 - i;
      }
    }
  return 0;
}

static size_t repair_entity(struct chars *w, size_t i) {
  struct str with;
  const size_t n = entity_at(w->mem, w->text, i, &with);
  if (n) change_add(w->mem, w->out, i, i + n, with, EDIT_ENTITY, false);
  return n;
}

/* ---- invisible ---- */

static bool is_private(uint32_t c) { return c >= 0xE000 && c <= 0xF8FF; }
static bool is_invisible(uint32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t' && c != '\v' && c != '\r') || c == 0x7F || (c >= 0x80 && c < 0xA0) ||
         c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC) || is_private(c);
}

/* A private-use character between two Han characters may be a character that was lost: a person should look. */
static size_t repair_invisible(struct chars *w, size_t i, uint32_t c, size_t next) {
  if (c == '\r' || c == 0x2028 || c == 0x2029) {
    const bool is_pair = c == '\r' && next < w->text.len && w->text.at[next] == '\n';
    change_add(w->mem, w->out, i, is_pair ? next + 1 : next, STR("\n"), EDIT_NEWLINE, false);
    return (is_pair ? next + 1 : next) - i;
  }
  if (!is_invisible(c)) return 0;
  const bool is_doubt = is_private(c) && is_han(before(w->text, i)) && is_han(utf8_at(w->text, next));
  change_add(w->mem, w->out, i, next, STR(""), EDIT_INVISIBLE, is_doubt);
  return next - i;
}

/* ---- width ---- */

static bool is_wide_word(uint32_t c) {
  return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
}
static bool is_word(uint32_t c) {
  return is_wide_word(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
static bool is_wide_x(uint32_t c) { return c == 0xFF38 || c == 0xFF58; }

/* - . / + between digits or letters; . also behind the number of a heading; % behind a digit. */
static bool is_wide_sign(uint32_t c, uint32_t left, uint32_t right) {
  if (c == 0xFF05) return is_digit(left);
  if (c == 0xFF0E) return is_digit(left);
  return (c == 0xFF0D || c == 0xFF0B || c == 0xFF0F) && is_word(left) && is_word(right);
}

static const char narrow[] =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

static size_t repair_width(struct chars *w, size_t i, uint32_t c, size_t next) {
  if (c < 0xFF01 || c > 0xFF5E) return 0;
  const uint32_t left = before(w->text, i), right = utf8_at(w->text, next);
  if (is_wide_x(c) && (is_wide_x(left) || is_wide_x(right))) return 0;
  if (!is_wide_word(c) && !is_wide_sign(c, left, right)) return 0;
  change_add(w->mem, w->out, i, next, ((struct str){narrow + (c - 0xFF01), 1}), EDIT_WIDTH, false);
  return next - i;
}

/* Bytes of a character by its first one; 0 when it may need repair. */
static const uint8_t plain_len[256] = {[0x20 ... '%'] = 1,  ['\''] = 1,          [')' ... 0x7E] = 1,
                                       [0x80 ... 0xC1] = 1, [0xC3 ... 0xDF] = 2, [0xE0 ... 0xE1] = 3,
                                       [0xE3 ... 0xED] = 3};

void repair_chars(struct arena *mem, struct str text, changes *out) {
  struct chars w = {.mem = mem, .text = text, .out = out, .has_readings = any_readings(text)};
  for (size_t i = 0; i < text.len;) {
    const unsigned char lead = (unsigned char)text.at[i];
    if (lead >= 0xE3 && lead <= 0xED) { /* foreseen, where the table would have to be waited for */
      i += 3;
      continue;
    }
    const size_t plain = plain_len[lead];
    i += plain;
    if (plain) continue;
    size_t next = i, done = 0;
    const uint32_t c = utf8_next(text, &next);
    if (is_open(c)) done = repair_reading(&w, i);
    else if (c == '&') done = repair_entity(&w, i);
    else done = repair_invisible(&w, i, c, next);
    if (!done) done = repair_width(&w, i, c, next);
    i = done ? i + done : next;
  }
}
