/* The run-time half of the templates: escaping by place. Clean stretches go out in one piece; only the five bytes
 * that mean something in HTML stop the copy. Addresses are judged as a browser reads them: control characters,
 * blanks at the front and backslashes are refused, because browsers forgive them and so hide a scheme. */
#include "web/html.h"

static const char *entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
  }
}

enum { WORD = 8 };
static const uint64_t ones = 0x0101010101010101;
/* Where a byte of x is c there is a bit set, and none set when no byte is: Mycroft's test (Warren, Hacker's Delight, 6-1). */
static inline uint64_t has(uint64_t x, char c) {
  const uint64_t y = x ^ (ones * (unsigned char)c);
  return (y - ones) & ~y & ones << 7;
}
/* The n bytes at p, of which the shorter ones are taken twice or thrice. */
static inline uint64_t word_of(const char *p, size_t n) {
  uint64_t x = 0;
  uint32_t a, b;
  if (n >= WORD) {
    memcpy(&x, p, sizeof x);
  } else if (n >= sizeof a) {
    memcpy(&a, p, sizeof a);
    memcpy(&b, p + n - sizeof b, sizeof b);
    x = a | (uint64_t)b << 32;
  } else if (n) {
    x = (unsigned char)p[0] | (unsigned)(unsigned char)p[n / 2] << 8 | (unsigned)(unsigned char)p[n - 1] << 16;
  }
  return x;
}
/* May any of the bytes have to be written otherwise? & " ' differ in the bits 1 and 4 (and # with them), < > in the bit 2. */
static inline bool any_special(uint64_t x) {
  return (has(x | ones * ('&' ^ '"' ^ 1), '\'') | has(x | ones * ('<' ^ '>'), '>')) != 0;
}
/* Nothing in it has to be written otherwise, which is so nearly always. The last word may lie over the one before. */
static bool is_plain(struct str s) {
  size_t i = 0;
  for (; s.len - i >= WORD; i += WORD)
    if (any_special(word_of(s.at + i, WORD))) return false;
  if (i == s.len) return true;
  return !any_special(i ? word_of(s.at + s.len - WORD, WORD) : word_of(s.at, s.len));
}
void html_put_str(struct buf *o, struct str s) {
  size_t from = 0;
  if (is_plain(s)) {
    buf_add(o, s.at, s.len);
    return;
  }
  for (size_t i = 0, to; i < s.len; i = to) {
    to = s.len - i < WORD ? s.len : i + WORD;
    if (!any_special(word_of(s.at + i, to - i))) continue;
    for (; i < to; i++) {
      const char *e = entity(s.at[i]);
      if (!e) continue;
      buf_add(o, s.at + from, i - from);
      buf_z(o, e);
      from = i + 1;
    }
  }
  if (from < s.len) buf_add(o, s.at + from, s.len - from);
}

void html_put_z(struct buf *o, const char *z) { html_put_str(o, str_of(z)); }

void html_put_int(struct buf *o, int64_t n) { buf_int(o, n); }

static bool is_unreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/* Is there a control character among the next eight bytes, of which n are left? */
static inline bool any_control(const char *p, size_t n) {
  for (size_t i = 0; n < WORD && i < n; i++)
    if ((unsigned char)p[i] < ' ' || p[i] == 127) return true;
  if (n < WORD) return false;
  const uint64_t x = word_of(p, n), top = ones << 7;
  return (((x - ones * ' ') & ~x & top) | has(x, 127)) != 0; /* below the blank: Hacker's Delight, 6-1, too */
}

/* Relative to this site, or (unless own) https. */
static bool is_safe_address(struct str s, bool own) {
  if (s.len && (s.at[0] == ' ' || s.at[0] == '\\')) return false;
  if (s.len > 1 && s.at[0] == '/' && (s.at[1] == '/' || s.at[1] == '\\')) return false;
  for (size_t i = 0; i < s.len; i += WORD)
    if (any_control(s.at + i, s.len - i)) return false;
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '/' || s.at[i] == '?' || s.at[i] == '#') return true;
    if (s.at[i] == ':') return !own && i == 5 && memcmp(s.at, "https", 5) == 0;
  }
  return true;
}

void html_put_url(struct buf *o, struct str s) { html_put_str(o, is_safe_address(s, false) ? s : STR("#")); }
void html_put_url_own(struct buf *o, struct str s) { html_put_str(o, is_safe_address(s, true) ? s : STR("#")); }

void html_put_url_part_str(struct buf *o, struct str s) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    const char code[] = {'%', hex[c >> 4], hex[c & 15]};
    if (is_unreserved(c)) buf_byte(o, (char)c);
    else buf_add(o, code, sizeof code);
  }
}

void html_put_url_part_int(struct buf *o, int64_t n) { html_put_int(o, n); }

static const struct html_arg *find_arg(const struct html_arg *args, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, args[i].name)) return &args[i];
  return NULL;
}

void html_put_msg(struct buf *o, enum lang lang, int msg, const struct html_arg *args, size_t n) {
  struct str rest = msg_template(lang, msg), head, tail, name, after;
  while (str_cut(rest, STR("{"), &head, &tail) && str_cut(tail, STR("}"), &name, &after)) {
    const struct html_arg *arg = find_arg(args, n, name);
    html_put_str(o, head);
    if (arg && arg->text.at) html_put_str(o, arg->text);
    else if (arg) html_put_int(o, arg->number);
    else html_put_str(o, (struct str){name.at - 1, name.len + 2});
    rest = after;
  }
  html_put_str(o, rest);
}
