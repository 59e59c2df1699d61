/* JSON out as a stream onto a buffer: the writer keeps only whether each open level has an element yet, so a reply
 * of any size costs its own bytes. JSON in by jansson with duplicate keys refused; it refuses bad UTF-8, trailing
 * text, NaN and integers above 64 bits by itself. Misuse of the writer (a key in an array, too deep) is a broken
 * promise, not an error. */
#include "base/json.h"

#include "base/must.h"
#include "texts.h"

static void new_line(struct json_out *j) {
  if (!j->pretty) return;
  buf_byte(j->to, '\n');
  for (int i = 0; i < j->depth; i++) buf_z(j->to, "  ");
}

static void put_text(struct buf *o, struct str s) {
  static const char hex[] = "0123456789abcdef";
  size_t from = 0;
  buf_byte(o, '"');
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    buf_add(o, s.at + from, i - from);
    from = i + 1;
    if (c == '"' || c == '\\') {
      const char two[] = {'\\', (char)c};
      buf_add(o, two, sizeof two);
    } else if (c == '\n') {
      buf_z(o, "\\n");
    } else if (c == '\t') {
      buf_z(o, "\\t");
    } else {
      const char six[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
      buf_add(o, six, sizeof six);
    }
  }
  if (from < s.len) buf_add(o, s.at + from, s.len - from);
  buf_byte(o, '"');
}

/* What stands before a value: comma, line, key. */
static void lead(struct json_out *j, const char *key) {
  if (j->depth) {
    if (j->has[j->depth - 1]) buf_byte(j->to, ',');
    j->has[j->depth - 1] = true;
    new_line(j);
  }
  if (!key) return;
  put_text(j->to, str_of(key));
  buf_z(j->to, j->pretty ? ": " : ":");
}

void json_open(struct json_out *j, const char *key, char bracket) {
  lead(j, key);
  buf_byte(j->to, bracket);
  must(j->depth < JSON_DEPTH);
  j->has[j->depth++] = false;
}

void json_close(struct json_out *j, char bracket) {
  must(j->depth > 0);
  const bool had = j->has[--j->depth];
  if (had) new_line(j);
  buf_byte(j->to, bracket);
}

void json_str(struct json_out *j, const char *key, struct str s) {
  lead(j, key);
  put_text(j->to, s);
}

void json_str_or_null(struct json_out *j, const char *key, struct str s) {
  if (s.at) json_str(j, key, s);
  else json_nil(j, key);
}

void json_z(struct json_out *j, const char *key, const char *z) { json_str(j, key, str_of(z)); }

void json_int(struct json_out *j, const char *key, int64_t n) {
  lead(j, key);
  buf_int(j->to, n);
}

void json_bool(struct json_out *j, const char *key, bool b) {
  lead(j, key);
  buf_z(j->to, b ? "true" : "false");
}

void json_nil(struct json_out *j, const char *key) {
  lead(j, key);
  buf_z(j->to, "null");
}

void json_dec(struct json_out *j, const char *key, struct dec d) {
  AUTO_ARENA mem = {0};
  lead(j, key);
  buf_str(j->to, dec_text(&mem, d));
}

bool json_parse(struct str s, json_t **out, struct err *e) {
  json_error_t why;
  json_t *root = json_loadb(s.at ? s.at : "", s.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
  if (!root) {
    (void)fail(e, ERR_BAD_REQUEST, MSG_json_syntax, "reason", str_of(why.text));
    (void)err_hint(e, MSG_json_syntax_hint);
    return err_at(e, (struct str){0}, why.line > 0 ? why.line : 1, why.column > 0 ? why.column : 1);
  }
  *out = root;
  return true;
}
