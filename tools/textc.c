/* Message compiler: ui/texts/zh.yaml and en.yaml -> texts.h (enum msg) and texts.c (tables).
 *
 *   textc OUT.h OUT.c zh.yaml en.yaml
 *
 * A text file holds `key: text with {holes}`, one a line, and comments. A text is plain or in double quotes with the
 * escapes \" \\ \n \t; what YAML would read as something else must be quoted. Keys are [a-z0-9_]. Refused, with
 * file:line: a duplicate key, a key that one language lacks, holes that differ between the languages, an empty
 * text. The build stops then. Uses only the parts of base that need no generated code. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { FILE_MOST = 4 << 20, OUT_MOST = 16 << 20, LANGS = 2 };

struct entry {
  struct str key, text;
  int line;
};
struct catalogue {
  const char *path;
  VEC(struct entry) entries;
  struct entry **sorted;
  int errors;
};

static void complain(struct catalogue *c, int line, const char *what, struct str about) {
  (void)fprintf(stderr, "%s:%d: error: %s: " STRF "\n", c->path, line, what, STRA(about));
  c->errors++;
}

static bool read_file(struct arena *mem, const char *path, struct str *out) {
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  char *p = arena_take(mem, FILE_MOST);
  const size_t n = fread(p, 1, FILE_MOST, f);
  const bool ok = !ferror(f) && feof(f);
  (void)fclose(f);
  *out = (struct str){p, n};
  return ok;
}

static bool is_key(struct str s) {
  if (!s.len || (s.at[0] >= '0' && s.at[0] <= '9')) return false;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

/* The inside of a double-quoted text; false when it does not end or an escape is unknown. */
static bool unquote(struct arena *mem, struct str s, struct str *out) {
  char *p = arena_take(mem, s.len + 1);
  size_t n = 0, i = 1;
  for (; i < s.len && s.at[i] != '"'; i++) {
    char c = s.at[i];
    if (c == '\\') {
      if (++i == s.len) return false;
      c = s.at[i];
      if (c == 'n') c = '\n';
      else if (c == 't') c = '\t';
      else if (c != '"' && c != '\\') return false;
    }
    p[n++] = c;
  }
  if (i == s.len) return false;
  const struct str rest = str_trim(str_from(s, i + 1));
  if (rest.len && rest.at[0] != '#') return false;
  *out = (struct str){p, n};
  return true;
}

static bool plain_is_safe(struct str s) {
  if (s.len && strchr("{}[]&*!|>'%@`,#?-", s.at[0])) return false;
  return str_find(s, STR(": ")) == STR_NONE && str_find(s, STR(" #")) == STR_NONE && !str_ends(s, STR(":"));
}

static void parse_line(struct arena *mem, struct catalogue *c, struct str line, int number) {
  struct str key, text;
  const struct str body = str_trim(line);
  if (!body.len || body.at[0] == '#') return;
  if (!str_cut(line, STR(":"), &key, &text)) {
    complain(c, number, "expected `key: text`", body);
    return;
  }
  text = str_trim(text);
  if (!is_key(key)) {
    complain(c, number, "a key is made of a-z, 0-9 and _, at the start of the line", key);
  } else if (text.len && text.at[0] == '"') {
    if (!unquote(mem, text, &text)) complain(c, number, "the quoted text does not end, or has an unknown escape", key);
  } else if (!plain_is_safe(text)) {
    complain(c, number, "this text needs double quotes", key);
  }
  if (!text.len) complain(c, number, "the text is empty", key);
  vec_push(mem, &c->entries) = (struct entry){key, text, number};
}

static int by_key(const void *a, const void *b) {
  const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
  const int order = str_cmp(x->key, y->key);
  return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void read_catalogue(struct arena *mem, struct catalogue *c) {
  struct str text, line;
  if (!read_file(mem, c->path, &text) || !utf8_valid(text)) {
    complain(c, 1, "cannot be read as UTF-8", str_of(c->path));
    return;
  }
  for (int number = 1; text.len; number++) {
    if (!str_cut(text, STR("\n"), &line, &text)) {
      line = text;
      text.len = 0;
    }
    parse_line(mem, c, line, number);
  }
  c->sorted = arena_new_n(mem, struct entry *, c->entries.len);
  for (size_t i = 0; i < c->entries.len; i++) c->sorted[i] = &c->entries.at[i];
  if (c->entries.len) qsort(c->sorted, c->entries.len, sizeof *c->sorted, by_key);
  for (size_t i = 1; i < c->entries.len; i++)
    if (str_eq(c->sorted[i - 1]->key, c->sorted[i]->key))
      complain(c, c->sorted[i]->line, "this key stands twice", c->sorted[i]->key);
}

static struct entry *find(const struct catalogue *c, struct str key) {
  size_t low = 0, high = c->entries.len;
  while (low < high) {
    const size_t mid = (low + high) / 2;
    const int order = str_cmp(c->sorted[mid]->key, key);
    if (!order) return c->sorted[mid];
    if (order < 0) low = mid + 1;
    else high = mid;
  }
  return NULL;
}

/* Every hole of `from` stands in `in`. */
static bool holes_within(struct str from, struct str in) {
  struct str head, tail, name, rest;
  while (str_cut(from, STR("{"), &head, &tail) && str_cut(tail, STR("}"), &name, &rest)) {
    const struct str hole = {name.at - 1, name.len + 2};
    if (str_find(in, hole) == STR_NONE) return false;
    from = rest;
  }
  return true;
}

static void compare(struct catalogue *c, const struct catalogue *other) {
  for (size_t i = 0; i < c->entries.len; i++) {
    struct entry *x = &c->entries.at[i];
    const struct entry *y = find(other, x->key);
    if (!y) complain(c, x->line, "the other language lacks this key", x->key);
    else if (!holes_within(x->text, y->text))
      complain(c, x->line, "the other language lacks a hole of this text", x->key);
  }
}

static void put_literal(struct buf *o, struct str s) {
  buf_z(o, "{\"");
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c == '"' || c == '\\' || c == '?') buf_byte(o, '\\');
    if (c == '\n') buf_z(o, "\\n");
    else if (c == '\t') buf_z(o, "\\t");
    else buf_byte(o, c);
  }
  buf_fmt(o, "\", %zu},\n", s.len);
}

static void put_header(struct buf *o, const struct catalogue *zh) {
  buf_z(o,
        "/* Made by tools/textc.c from ui/texts/. Do not edit. */\n#ifndef TEXTS_H\n#define TEXTS_H\nenum msg {\n  "
        "MSG_NONE,\n");
  for (size_t i = 0; i < zh->entries.len; i++) buf_fmt(o, "  MSG_" STRF ",\n", STRA(zh->entries.at[i].key));
  buf_z(o, "  MSG_COUNT\n};\n#endif\n");
}

/* msg_find: a search by halves over the ids in order of their keys. */
static void put_find(struct buf *o, const struct catalogue *zh) {
  buf_z(o, "\nstatic const unsigned short sorted[] = {\n");
  for (size_t i = 0; i < zh->entries.len; i++) buf_fmt(o, "  MSG_" STRF ",\n", STRA(zh->sorted[i]->key));
  buf_z(o,
        "};\nint msg_find(struct str key) {\n"
        "  size_t low = 0, high = sizeof sorted / sizeof sorted[0];\n"
        "  while (low < high) {\n"
        "    const size_t mid = (low + high) / 2;\n"
        "    const int order = str_cmp(str_of(keys[sorted[mid]]), key);\n"
        "    if (order == 0) return sorted[mid];\n"
        "    if (order < 0) low = mid + 1;\n"
        "    else high = mid;\n"
        "  }\n"
        "  return 0;\n"
        "}\n");
}

static void put_source(struct buf *o, const struct catalogue *zh, const struct catalogue *en) {
  buf_z(o,
        "/* Made by tools/textc.c from ui/texts/. Do not edit. */\n#include \"base/msg.h\"\n#include \"texts.h\"\n\n");
  buf_z(o, "static const char *const keys[MSG_COUNT] = {\n  \"\",\n");
  for (size_t i = 0; i < zh->entries.len; i++) buf_fmt(o, "  \"" STRF "\",\n", STRA(zh->entries.at[i].key));
  buf_z(o, "};\n\nstatic const struct str texts[LANG_COUNT][MSG_COUNT] = {\n  [LANG_ZH] = {{\"\", 0},\n");
  for (size_t i = 0; i < zh->entries.len; i++) put_literal(o, zh->entries.at[i].text);
  buf_z(o, "  },\n  [LANG_EN] = {{\"\", 0},\n");
  for (size_t i = 0; i < zh->entries.len; i++) put_literal(o, find(en, zh->entries.at[i].key)->text);
  buf_z(o,
        "  },\n};\n\n"
        "static int inside(int msg) { return msg > 0 && msg < MSG_COUNT ? msg : 0; }\n"
        "struct str msg_template(enum lang lang, int msg) { return texts[lang == LANG_EN ? LANG_EN : "
        "LANG_ZH][inside(msg)]; }\n"
        "const char *msg_key(int msg) { return keys[inside(msg)]; }\n");
  put_find(o, zh);
}

static bool write_file(const char *path, const struct buf *o) {
  FILE *f = o->broken ? NULL : fopen(path, "wb");
  if (!f) return false;
  const bool ok = fwrite(o->at, 1, o->len, f) == o->len;
  return fclose(f) == 0 && ok;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    (void)fprintf(stderr, "usage: textc OUT.h OUT.c zh.yaml en.yaml\n");
    return 2;
  }
  AUTO_ARENA mem = {0};
  struct catalogue langs[LANGS] = {{.path = argv[3]}, {.path = argv[4]}};
  for (int i = 0; i < LANGS; i++) read_catalogue(&mem, &langs[i]);
  compare(&langs[0], &langs[1]);
  compare(&langs[1], &langs[0]);
  if (langs[0].errors || langs[1].errors) return 1;
  AUTO_BUF h = BUF_MAX(OUT_MOST);
  AUTO_BUF c = BUF_MAX(OUT_MOST);
  put_header(&h, &langs[0]);
  put_source(&c, &langs[0], &langs[1]);
  if (!write_file(argv[1], &h) || !write_file(argv[2], &c)) {
    (void)fprintf(stderr, "%s: error: cannot be written\n", argv[1]);
    return 1;
  }
  return 0;
}
