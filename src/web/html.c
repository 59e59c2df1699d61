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
/* Where a byte of x is c there is a bit set, and none set when no byte is: Mycroft's test (Warren, Hacker's Delight, 6-1). */
static uint64_t has(uint64_t x, char c) {
  const uint64_t ones = 0x0101010101010101, y = x ^ (ones * (unsigned char)c);
  return (y - ones) & ~y & ones << 7;
}
/* Must any of the eight bytes at p be written otherwise? */
static bool any_special(const char *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
  return has(x, '&') | has(x, '<') | has(x, '>') | has(x, '"') | has(x, '\'');
}
void html_put_str(struct buf *o, struct str s) {
  size_t from = 0;
  for (size_t i = 0, to; i < s.len; i = to) {
    to = s.len - i < WORD ? s.len : i + WORD;
    if (to - i == WORD && !any_special(s.at + i)) continue;
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

/* Relative to this site, or (unless own) https. */
static bool is_safe_address(struct str s, bool own) {
  if (s.len && (s.at[0] == ' ' || s.at[0] == '\\')) return false;
  if (s.len > 1 && s.at[0] == '/' && (s.at[1] == '/' || s.at[1] == '\\')) return false;
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.at[i] < ' ' || s.at[i] == 127) return false;
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
