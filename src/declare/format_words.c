/* Scalars of the formatter: plain where YAML reads them back as they are, else between double quotation marks, the one way
 * of quoting here. Texts over several lines stay blocks. */
#include "base/utf8.h"
#include "declare/format_tree.h"

/* ---- plain or quoted ---- */

/* Stands in a text as it is: no control character, no line break of any kind, no byte-order mark. */
static bool is_safe(uint32_t c) {
  return (c >= 0x20 && c < 0x7F) ||
         (c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF);
}
static bool all_safe(struct str s, bool lines) {
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    if (!is_safe(c) && !(lines && c == '\n')) return false;
  }
  return true;
}
static bool is_one_of(char c, const char *set) { return c && strchr(set, c); }
static bool begins_plain(struct str s) {
  const char second = s.len > 1 ? s.at[1] : ' ';
  if (s.at[0] == '-') return second != ' ' && !str_starts(s, STR("---"));
  return !is_one_of(s.at[0], "?:,[]{}#&*!|>'\"%@` ") && !str_starts(s, STR("...")) && !str_eqz(s, "<<");
}
static bool ends_at(struct str s, size_t i, bool in_flow) {
  const char c = s.at[i], next = i + 1 < s.len ? s.at[i + 1] : '\0', before = i ? s.at[i - 1] : ' ';
  if (c == '#') return before == ' ';
  if (in_flow && is_one_of(c, ",[]{}")) return true;
  if (in_flow && c == '?') return !next || next == ' ';
  return c == ':' && (!next || next == ' ' || (in_flow && next == '?'));
}
static bool can_be_plain(struct str s, bool in_flow) {
  if (!s.len || !begins_plain(s) || s.at[s.len - 1] == ' ' || !all_safe(s, false)) return false;
  for (size_t i = 0; i < s.len; i++)
    if (ends_at(s, i, in_flow)) return false;
  return true;
}
static void put_escaped(struct buf *out, uint32_t c, struct str as_is) {
  if (c == '"' || c == '\\') buf_fmt(out, "\\%c", (char)c);
  else if (c == '\n') buf_z(out, "\\n");
  else if (c == '\t') buf_z(out, "\\t");
  else if (is_safe(c)) buf_str(out, as_is);
  else buf_fmt(out, c < 0x100 ? "\\x%02X" : "\\u%04X", (unsigned)c);
}
static void put_quoted(struct buf *out, struct str s) {
  buf_byte(out, '"');
  for (size_t i = 0; i < s.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(s, &i);
    put_escaped(out, c, str_slice(s, from, i));
  }
  buf_byte(out, '"');
}
void format_key(struct buf *out, struct str key, bool in_flow) {
  if (can_be_plain(key, in_flow)) buf_str(out, key);
  else put_quoted(out, key);
}
static bool is_missing_word(struct str s) {
  return !s.len || str_eqz(s, "~") || str_eqz(s, "null") || str_eqz(s, "Null") || str_eqz(s, "NULL");
}
bool format_is_missing(const struct yaml *y) {
  return y->kind == YAML_SCALAR && !y->quoted && is_missing_word(y->text);
}
void format_scalar(struct buf *out, const struct yaml *y, bool in_flow) {
  const bool as_is = is_missing_word(y->text) ? !y->quoted : can_be_plain(y->text, in_flow);
  if (as_is) buf_str(out, y->text);
  else put_quoted(out, y->text);
}

/* ---- over several lines ---- */

static bool is_blank(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (s.at[i] != ' ') return false;
  return true;
}
bool format_can_block(const struct yaml *y) {
  struct str line, rest = y->text;
  bool begun = false;
  if (!y->block || !all_safe(y->text, true) || str_ends(y->text, STR("\n\n"))) return false;
  while (rest.len) {
    if (!str_cut(rest, STR("\n"), &line, &rest)) {
      line = rest;
      rest = (struct str){0};
    }
    if (line.len && (is_blank(line) || (!begun && line.at[0] == ' '))) return false;
    begun = begun || line.len;
  }
  return begun;
}
void format_block(struct buf *out, const struct yaml *y, int indent, struct str tail) {
  struct str line, rest = y->text;
  buf_z(out, str_ends(y->text, STR("\n")) ? "|" : "|-");
  if (tail.len) buf_fmt(out, " " STRF, STRA(tail));
  while (rest.len) {
    if (!str_cut(rest, STR("\n"), &line, &rest)) {
      line = rest;
      rest = (struct str){0};
    }
    buf_fmt(out, line.len ? "\n%*s" : "\n", line.len ? indent : 0, "");
    buf_str(out, line);
  }
}
