/* One SVG sprite of the icons in use.
 *
 *   sprite OUT.svg LIST LUCIDE_DIR OWN.svg...
 *
 * LIST names icons of lucide-static, one a line, `#` begins a comment: each becomes the symbol `i-NAME`. Each OWN file
 * becomes the symbol named as the file. A symbol keeps viewBox and how it is drawn; the width of strokes is left to
 * the style sheet. A name that lucide does not have stops the build. */
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"

enum { FILE_MOST = 1 << 20, OUT_MOST = 4 << 20 };

/* The value of name="..." in the root tag, empty when absent. */
static struct str attribute(struct arena *mem, struct str tag, const char *name) {
  struct str head, tail, value, rest;
  const struct str open = str_fmt(mem, " %s=\"", name);
  if (!str_cut(str_replace(mem, tag, STR("\n"), STR(" ")), open, &head, &tail) ||
      !str_cut(tail, STR("\""), &value, &rest))
    return (struct str){0};
  return value;
}

static bool add_symbol(struct arena *mem, struct buf *o, struct str id, struct str path, struct err *e) {
  static const char *const kept[] = {"viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin"};
  struct str text, before, rest, tag, inner, after;
  TRY(file_read(mem, path, FILE_MOST, &text, e));
  if (!str_cut(text, STR("<svg"), &before, &rest) || !str_cut(rest, STR(">"), &tag, &rest) ||
      !str_cut(rest, STR("</svg>"), &inner, &after)) {
    (void)fprintf(stderr, STRF ":1: error: not an svg\n", STRA(path));
    return false;
  }
  buf_fmt(o, "<symbol id=\"" STRF "\"", STRA(id));
  for (size_t i = 0; i < COUNT_OF(kept); i++) {
    const struct str value = attribute(mem, tag, kept[i]);
    if (value.len) buf_fmt(o, " %s=\"" STRF "\"", kept[i], STRA(value));
  }
  buf_byte(o, '>');
  for (struct str line; inner.len;) {
    if (!str_cut(inner, STR("\n"), &line, &inner)) {
      line = inner;
      inner.len = 0;
    }
    buf_str(o, str_trim(line));
  }
  buf_z(o, "</symbol>\n");
  return true;
}

static bool run(struct arena *mem, int argc, char **argv, struct err *e) {
  struct str list, line;
  AUTO_BUF o = BUF_MAX(OUT_MOST);
  TRY(file_read(mem, str_of(argv[2]), FILE_MOST, &list, e));
  buf_z(&o, "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- symbols i-*: Lucide, ISC licence -->\n");
  while (str_cut(list, STR("\n"), &line, &list)) {
    line = str_trim(line);
    if (!line.len || line.at[0] == '#') continue;
    const struct str path = str_fmt(mem, "%s/" STRF ".svg", argv[3], STRA(line));
    TRY(add_symbol(mem, &o, str_join(mem, STR("i-"), line), path, e));
  }
  for (int i = 4; i < argc; i++) {
    const struct str path = str_of(argv[i]), name = file_base(path);
    TRY(add_symbol(mem, &o, str_slice(name, 0, name.len - 4), path, e));
  }
  buf_z(&o, "</svg>\n");
  return file_write(str_of(argv[1]), buf_view(&o), e);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    (void)fprintf(stderr, "usage: sprite OUT.svg LIST LUCIDE_DIR OWN.svg...\n");
    return 2;
  }
  AUTO_ARENA mem = {0};
  struct err e = {0};
  if (run(&mem, argc, argv, &e)) return 0;
  const struct str says = e.code ? err_says(&mem, LANG_EN, &e) : (struct str){0};
  if (says.len) (void)fprintf(stderr, "%s: error: " STRF "\n", argv[2], STRA(says));
  return 1;
}
