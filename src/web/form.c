/* Forms. Multipart follows RFC 7578: parts between "CR LF -- boundary", found with memmem, so the cost is linear in the
 * body whatever it holds; file bytes are views into the body and never copied. */
#include "web/form.h"

#include <strings.h>

#include "base/utf8.h"
#include "texts.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
static bool clean_text(struct str s) { return utf8_valid(s) && (!s.len || !memchr(s.at, 0, s.len)); }

bool form_unescape(struct arena *mem, struct str s, bool plus, struct str *out) {
  char *z = arena_take(mem, s.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.at[i];
    if (c == '%') {
      if (s.len - i < 3 || hex_digit(s.at[i + 1]) < 0 || hex_digit(s.at[i + 2]) < 0) return false;
      c = (char)(hex_digit(s.at[i + 1]) << 4 | hex_digit(s.at[i + 2]));
      i += 2;
    } else if (plus && c == '+') {
      c = ' ';
    }
    z[n++] = c;
  }
  *out = (struct str){z, n};
  return clean_text(*out);
}

bool form_path(struct arena *mem, struct str raw, struct str *out) {
  if (!raw.len || raw.at[0] != '/') return false;
  for (size_t i = 0; i + 2 < raw.len; i++) { /* %2F and %5C would change the steps after they were parted */
    if (raw.at[i] != '%') continue;
    const int c = hex_digit(raw.at[i + 1]) * 16 + hex_digit(raw.at[i + 2]);
    if (c == '/' || c == '\\') return false;
  }
  if (!form_unescape(mem, raw, false, out)) return false;
  for (size_t i = 0; i < out->len; i++) {
    const unsigned char c = (unsigned char)out->at[i];
    if (c < 0x20 || c == 0x7F || c == '\\') return false;
    if (c == '/' && i + 1 < out->len && (out->at[i + 1] == '/' || out->at[i + 1] == '.')) return false;
  }
  return true;
}

struct str form_escape(struct arena *mem, struct str s, bool path) {
  static const char digits[] = "0123456789ABCDEF";
  char *z = arena_take_n(mem, s.len + 1, 3);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || (path && c == '/');
    if (plain) {
      z[n++] = (char)c;
      continue;
    }
    z[n++] = '%';
    z[n++] = digits[c >> 4];
    z[n++] = digits[c & 15];
  }
  return (struct str){z, n};
}

bool form_same_word(struct str a, struct str b) {
  return a.len == b.len && (!a.len || !strncasecmp(a.at, b.at, a.len));
}

/* ---- ceilings ---- */

static bool add_field(struct arena *mem, web_fields *out, struct web_field f, struct err *e) {
  if (out->len >= FORM_FIELDS_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_web_too_many_fields, "limit", str_int(mem, FORM_FIELDS_MAX));
  if (!f.is_file && f.value.len > FIELD_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_web_too_large, "limit", str_fmt(mem, "%d KB", FIELD_MAX >> 10));
  if (f.is_file && f.value.len > PLAN_FILE_MAX) {
    (void)fail(e, ERR_TOO_LARGE, MSG_web_too_large, "limit", str_fmt(mem, "%d MB", PLAN_FILE_MAX >> 20));
    return err_hint(e, MSG_web_too_large_hint);
  }
  vec_push(mem, out) = f;
  return true;
}
static bool bad_form(struct err *e) { return fail(e, ERR_BAD_REQUEST, MSG_web_bad_form); }

/* ---- urlencoded ---- */

bool form_urlencoded(struct arena *mem, struct str body, web_fields *out, struct err *e) {
  while (body.len) {
    struct str pair = body, rest = {0};
    if (!str_cut(body, STR("&"), &pair, &rest)) pair = body, rest = (struct str){0};
    body = rest;
    if (!pair.len) continue;
    struct str name = pair, value = STR("");
    struct web_field f = {0};
    if (!str_cut(pair, STR("="), &name, &value)) name = pair, value = STR("");
    if (!form_unescape(mem, name, true, &f.name) || !form_unescape(mem, value, true, &f.value)) return bad_form(e);
    TRY(add_field(mem, out, f, e));
  }
  return true;
}

/* ---- multipart ---- */

/* One parameter at *io_at of the header: key and value; false at the end or when it cannot be read. */
static bool next_parameter(struct arena *mem, struct str h, size_t *io_at, struct str *out_key, struct str *out_value) {
  size_t i = *io_at;
  while (i < h.len && (h.at[i] == ';' || h.at[i] == ' ' || h.at[i] == '\t')) i++;
  const size_t key = i;
  while (i < h.len && h.at[i] != '=' && h.at[i] != ';') i++;
  if (i >= h.len || h.at[i] != '=') {
    *io_at = i;
    *out_key = str_trim(str_slice(h, key, i));
    *out_value = STR("");
    return i > key;
  }
  *out_key = str_trim(str_slice(h, key, i));
  i++;
  if (i < h.len && h.at[i] == '"') {
    char *z = arena_take(mem, h.len - i);
    size_t n = 0;
    for (i++; i < h.len && h.at[i] != '"'; i++) {
      if (h.at[i] == '\\' && i + 1 < h.len && (h.at[i + 1] == '"' || h.at[i + 1] == '\\')) i++;
      z[n++] = h.at[i];
    }
    if (i >= h.len) return false;
    *out_value = (struct str){z, n};
    i++;
  } else {
    const size_t from = i;
    while (i < h.len && h.at[i] != ';') i++;
    *out_value = str_trim(str_slice(h, from, i));
  }
  *io_at = i;
  return true;
}
bool form_parameter(struct arena *mem, struct str header, const char *key, struct str *out) {
  size_t at = 0;
  struct str name = {0}, value = {0};
  while (at < header.len && next_parameter(mem, header, &at, &name, &value)) {
    if (!form_same_word(name, str_of(key))) continue;
    *out = value;
    return true;
  }
  return false;
}
bool form_boundary(struct str content_type, struct str *out) {
  static const struct str kind = STR_INIT("multipart/form-data");
  if (content_type.len < kind.len || !form_same_word(str_slice(content_type, 0, kind.len), kind)) return false;
  AUTO_ARENA mem = {0};
  struct str found = {0};
  if (!form_parameter(&mem, str_from(content_type, kind.len), "boundary", &found)) return false;
  if (!found.len || found.len > 70) return false;  /* RFC 2046: 1 to 70 characters */
  const size_t at = str_find(content_type, found); /* the caller's own bytes, not the copy */
  if (at == STR_NONE) return false;
  *out = str_slice(content_type, at, at + found.len);
  return true;
}

/* Browsers send %22 and line ends escaped in names; a path is cut to its last step, whichever slash it has. */
static struct str last_step(struct str name) {
  size_t from = 0;
  for (size_t i = 0; i < name.len; i++) {
    if (name.at[i] == '/' || name.at[i] == '\\') from = i + 1;
  }
  return str_from(name, from);
}
static bool part_header(struct arena *mem, struct str line, struct web_field *out) {
  struct str name = {0}, value = {0};
  if (!str_cut(line, STR(":"), &name, &value)) return false;
  if (!form_same_word(str_trim(name), STR("Content-Disposition"))) return true;
  value = str_trim(value);
  if (value.len < 9 || !form_same_word(str_slice(value, 0, 9), STR("form-data"))) return false;
  if (!form_parameter(mem, str_from(value, 9), "name", &out->name)) return false;
  if (form_parameter(mem, str_from(value, 9), "filename", &out->file_name)) {
    out->is_file = true;
    out->file_name = last_step(out->file_name);
  }
  return clean_text(out->name) && clean_text(out->file_name);
}
/* Headers up to the empty line; *io_part is then the value. */
static bool part_headers(struct arena *mem, struct str *io_part, struct web_field *out) {
  for (int lines = 0; lines < 16; lines++) {
    struct str line = {0}, rest = {0};
    if (!str_cut(*io_part, STR("\r\n"), &line, &rest)) return false;
    *io_part = rest;
    if (!line.len) return out->name.at != NULL;
    if (line.len > 4096 || !part_header(mem, line, out)) return false;
  }
  return false;
}

bool form_multipart(struct arena *mem, struct str body, struct str boundary, web_fields *out, struct err *e) {
  const struct str first = str_join(mem, STR("--"), boundary);
  const struct str between = str_join(mem, STR("\r\n"), first);
  if (!str_starts(body, first)) {
    struct str ignored = {0};
    if (!str_cut(body, between, &ignored, &body)) return bad_form(e);
  } else {
    body = str_from(body, first.len);
  }
  while (!str_starts(body, STR("--"))) {
    if (!str_starts(body, STR("\r\n"))) return bad_form(e);
    struct str part = {0}, rest = {0};
    if (!str_cut(str_from(body, 2), between, &part, &rest)) return bad_form(e);
    struct web_field f = {0};
    if (!part_headers(mem, &part, &f)) return bad_form(e);
    f.value = part;
    if (!f.is_file && !clean_text(part)) return bad_form(e);
    TRY(add_field(mem, out, f, e));
    body = rest;
  }
  return true;
}

/* ---- JSON ---- */

static bool json_field(struct arena *mem, const char *name, const json_t *v, web_fields *out, struct err *e) {
  struct web_field f = {.name = str_dup(mem, str_of(name)), .value = STR("")};
  if (json_is_string(v)) f.value = str_dup(mem, (struct str){json_string_value(v), json_string_length(v)});
  else if (json_is_integer(v)) f.value = str_int(mem, json_integer_value(v));
  else if (json_is_boolean(v)) f.value = json_is_true(v) ? STR("yes") : STR("no");
  else if (!json_is_null(v)) return bad_form(e);
  if (!clean_text(f.value)) return bad_form(e);
  return add_field(mem, out, f, e);
}
bool form_json(struct arena *mem, struct str body, web_fields *out, struct err *e) {
  AUTO_JSON *root = NULL;
  TRY(json_parse(body, &root, e));
  if (!json_is_object(root)) return bad_form(e);
  const char *name = NULL;
  json_t *v = NULL;
  json_object_foreach(root, name, v) TRY(json_field(mem, name, v, out, e));
  return true;
}
