/* A lenient tokenizer in the spirit of the HTML standard's, without a tree: it cannot nest, so it cannot be nested to
 * death. Why it is our own: docs/decisions/0002-html-positions.md.
 *
 * Linear: every byte is consumed by the token that looks at it. An attribute's quote that is never closed would make
 * each tag search to the end; the place of the last quote, found once, tells that beforehand. */
#include "text/html_token.h"

#include "base/must.h"
#include "base/utf8.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

struct html_tokens html_tokens_of(struct str in) {
  struct html_tokens t = {.in = in};
  const char *a = in.len ? memrchr(in.at, '"', in.len) : NULL, *b = in.len ? memrchr(in.at, '\'', in.len) : NULL;
  t.last_quote[0] = a ? (size_t)(a - in.at) : 0;
  t.last_quote[1] = b ? (size_t)(b - in.at) : 0;
  return t;
}

static size_t find_char(struct str s, size_t from, char c) {
  const char *p = from < s.len ? memchr(s.at + from, c, s.len - from) : NULL;
  return p ? (size_t)(p - s.at) : s.len;
}

/* Behind the '>' of the tag whose name ends at i. */
static size_t tag_end(const struct html_tokens *t, size_t i) {
  bool behind_equals = false;
  for (; i < t->in.len; i++) {
    const char c = t->in.at[i];
    if (c == '>') return i + 1;
    const bool quote = c == '"' || c == '\'';
    if (quote && behind_equals && i < t->last_quote[c == '\'']) i = find_char(t->in, i + 1, c);
    if (c != ' ' && c != '\n') behind_equals = c == '=';
  }
  return t->in.len;
}

static void read_tag(const struct html_tokens *t, struct html_token *k) {
  size_t i = k->at + (k->kind == HTML_CLOSE ? 2 : 1), n = 0;
  for (; i < t->in.len; i++) {
    const char c = lower(t->in.at[i]);
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != ':') break;
    if (n < TAG_NAME_MAX) k->name[n++] = c;
  }
  k->end = tag_end(t, i);
}

static size_t behind(struct str s, size_t from, struct str mark) {
  const size_t i = str_find(str_from(s, from), mark);
  return i == STR_NONE ? s.len : from + i + mark.len;
}

/* What begins at '<', or HTML_TEXT when it is only a less-than sign. */
static struct html_token read_markup(const struct html_tokens *t) {
  const struct str in = t->in;
  struct html_token k = {.kind = HTML_TEXT, .at = t->at};
  const char c = t->at + 1 < in.len ? in.at[t->at + 1] : ' ', d = t->at + 2 < in.len ? in.at[t->at + 2] : ' ';
  if (is_letter(c) || (c == '/' && is_letter(d))) {
    k.kind = c == '/' ? HTML_CLOSE : HTML_OPEN;
    read_tag(t, &k);
  } else if (str_starts(str_from(in, t->at), STR("<!--"))) {
    k.kind = HTML_OTHER;
    k.end = behind(in, t->at + 4, STR("-->"));
  } else if (c == '!' || c == '?' || c == '/') {
    k.kind = HTML_OTHER;
    k.end = behind(in, t->at, STR(">"));
  }
  return k;
}

/* The next '<' that may begin markup; others are less-than signs in the text. */
static size_t next_markup(struct str in, size_t from) {
  size_t i = find_char(in, from, '<');
  while (i + 1 < in.len) {
    const char c = in.at[i + 1];
    if (is_letter(c) || c == '/' || c == '!' || c == '?') return i;
    i = find_char(in, i + 1, '<');
  }
  return in.len;
}

struct html_token html_next(struct html_tokens *t) {
  struct html_token k = {.kind = HTML_END, .at = t->at, .end = t->at};
  if (t->at >= t->in.len) return k;
  size_t text_from = t->at;
  if (t->in.at[t->at] == '<') {
    k = read_markup(t);
    text_from = t->at + 1;
  }
  if (t->in.at[t->at] != '<' || k.kind == HTML_TEXT) {
    k.kind = HTML_TEXT;
    k.end = next_markup(t->in, text_from);
  }
  t->at = k.end;
  return k;
}

size_t html_find_close(struct str in, size_t from, const char *name) {
  const size_t n = strlen(name);
  for (size_t i = find_char(in, from, '<'); i < in.len; i = find_char(in, i + 1, '<')) {
    if (in.len - i < n + 2) return in.len;
    if (in.at[i + 1] != '/') continue;
    size_t k = 0;
    while (k < n && lower(in.at[i + 2 + k]) == name[k]) k++;
    if (k == n) return i;
  }
  return in.len;
}

unsigned html_number(struct str tag, const char *attribute) {
  const struct str name = str_of(attribute);
  for (size_t i = 0; i + name.len < tag.len; i++) {
    size_t k = 0;
    while (k < name.len && lower(tag.at[i + k]) == name.at[k]) k++;
    if (k < name.len) continue;
    i += k;
    while (i < tag.len && (tag.at[i] == ' ' || tag.at[i] == '=' || tag.at[i] == '"' || tag.at[i] == '\'')) i++;
    unsigned n = 0;
    for (; i < tag.len && tag.at[i] >= '0' && tag.at[i] <= '9' && n < 10000; i++)
      n = n * 10 + (unsigned)(tag.at[i] - '0');
    return n ? n : 1;
  }
  return 1;
}

/* ---- entities ---- */

static const struct {
  const char *name;
  uint32_t c;
} entities[] = {
    {"nbsp", 0xA0},     {"amp", '&'},       {"lt", '<'},        {"gt", '>'},       {"quot", '"'},
    {"apos", '\''},     {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"mdash", 0x2014},  {"ndash", 0x2013},  {"hellip", 0x2026}, {"middot", 0xB7},  {"emsp", 0x2003},
    {"ensp", 0x2002},   {"thinsp", 0x2009}, {"bull", 0x2022},   {"times", 0xD7},   {"divide", 0xF7},
    {"copy", 0xA9},     {"reg", 0xAE},      {"trade", 0x2122},  {"deg", 0xB0},     {"permil", 0x2030},
    {"yen", 0xA5},      {"sect", 0xA7},     {"plusmn", 0xB1},   {"laquo", 0xAB},   {"raquo", 0xBB},
    {"le", 0x2264},     {"ge", 0x2265},     {"ne", 0x2260},     {"larr", 0x2190},  {"rarr", 0x2192},
    {"frac12", 0xBD},   {"lang", 0x2329},   {"rang", 0x232A},   {"zwj", 0x200D},   {"zwnj", 0x200C},
    {"shy", 0xAD},      {"sup2", 0xB2},     {"sdot", 0x22C5},   {"tilde", 0x2DC},  {"lsaquo", 0x2039},
    {"rsaquo", 0x203A}, {"sim", 0x223C},    {"cap", 0x2229},
};

/* Numbers 128 to 159 mean Windows-1252 in pages, as the HTML standard has it. */
static uint32_t from_windows(uint32_t c) {
  static const uint16_t high[32] = {0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                    0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17D,  0,
                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178};
  return c >= 0x80 && c < 0xA0 && high[c - 0x80] ? high[c - 0x80] : c;
}

static size_t numeric_entity(struct str s, size_t i, uint32_t *out_c) {
  size_t k = i + 2;
  const bool hex = k < s.len && lower(s.at[k]) == 'x';
  const size_t digits_at = k += hex;
  uint32_t c = 0;
  for (; k < s.len && k - digits_at < 8; k++) {
    const char d = lower(s.at[k]);
    const uint32_t v = d >= '0' && d <= '9'          ? (uint32_t)(d - '0')
                       : hex && d >= 'a' && d <= 'f' ? (uint32_t)(d - 'a' + 10)
                                                     : 99;
    if (v == 99) break;
    c = c > 0x110000 ? c : c * (hex ? 16 : 10) + v;
  }
  if (k == digits_at) return 0;
  c = from_windows(c);
  *out_c = c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c;
  return k - i + (k < s.len && s.at[k] == ';');
}

size_t html_entity(struct str s, size_t i, char out[8], size_t *out_len) {
  uint32_t c = 0;
  size_t n = 0;
  if (i + 1 < s.len && s.at[i + 1] == '#') n = numeric_entity(s, i, &c);
  for (size_t k = 0; !n && k < COUNT_OF(entities); k++) {
    if (i + 1 >= s.len || entities[k].name[0] != s.at[i + 1]) continue;
    const struct str name = str_of(entities[k].name);
    const struct str rest = str_from(s, i + 1);
    if (!str_starts(rest, name)) continue;
    const bool closed = name.len < rest.len && rest.at[name.len] == ';';
    if (!closed && (k > 4 || (name.len < rest.len && is_letter(rest.at[name.len])))) continue;
    n = 1 + name.len + closed;
    c = entities[k].c;
  }
  if (n) *out_len = utf8_put(out, c);
  return n;
}
