/* From template text to C: literal stretches go through the place walker into buf_add calls, directives become C
 * statements with a #line back to the template. One pass, no tree: blocks stand on a small stack that remembers the
 * place where each began. The first refusal ends a template; the others are still read. */
#include "tmpl/template.h"

#include "base/file.h"
#include "tmpl/place.h"

enum { BLOCKS_MOST = 32, LITERAL_MOST = 1 << 20, LITERAL_LINE = 96 };
enum block_kind { BLOCK_IF, BLOCK_FOR, BLOCK_WRAP };

struct block {
  enum block_kind kind;
  int line;
  struct place start, end;
  bool has_end, has_else;
  struct str name; /* loop variable, or name of the wrapping part */
  struct str over; /* what the loop runs over, or the argument of the part, in C */
};
struct gen {
  struct tmpl *t;
  struct str path, text;
  int line;
  struct place place;
  struct buf literal, body;
  struct tmpl_function f;
  struct str lang; /* where the view keeps its language, in C */
  bool uses_lang;
  int depth;
  struct block blocks[BLOCKS_MOST];
};

static bool refuse(struct gen *g, const char *why, struct str about) {
  buf_fmt(&g->t->says, STRF ":%d: error: %s", STRA(g->path), g->line, why);
  if (about.len) buf_fmt(&g->t->says, ": " STRF, STRA(about));
  buf_byte(&g->t->says, '\n');
  return false;
}

/* ---- output ---- */

static void put_c_literal(struct buf *o, struct str s) {
  buf_z(o, "  buf_add(o, \"");
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    if (i && i % LITERAL_LINE == 0) buf_z(o, "\"\n    \"");
    if (c == '\n') buf_z(o, "\\n");
    else if (c == '"' || c == '\\' || c == '?') buf_fmt(o, "\\%c", c);
    else if (c < ' ' || c >= 127) buf_fmt(o, "\\%03o", c);
    else buf_byte(o, (char)c);
  }
  buf_fmt(o, "\", %zu);\n", s.len);
}

static void flush(struct gen *g) {
  if (g->literal.len) put_c_literal(&g->body, buf_view(&g->literal));
  buf_clear(&g->literal);
}

static void put_line(struct gen *g) { buf_fmt(&g->body, "#line %d \"" STRF "\"\n", g->line, STRA(g->path)); }

/* ---- names ---- */

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_digit_byte(char c) { return c >= '0' && c <= '9'; }

static size_t ident_len(struct str s) {
  size_t n = 0;
  if (!s.len || !is_letter(s.at[0])) return 0;
  while (n < s.len && (is_letter(s.at[n]) || is_digit_byte(s.at[n]))) n++;
  return n;
}

static bool is_ident(struct str s) { return s.len && ident_len(s) == s.len; }

static bool is_loop_name(const struct gen *g, struct str name) {
  for (int i = 0; i < g->depth; i++)
    if (g->blocks[i].kind == BLOCK_FOR && !g->blocks[i].has_else && str_eq(g->blocks[i].name, name)) return true;
  return false;
}

/* `t.title` -> `t->title`, `v.x` -> `v->x`, `a.b` -> `v->a.b`, `t` -> `*t`. */
static bool resolve(struct gen *g, struct str name, struct str *out) {
  const size_t n = ident_len(name);
  for (struct str rest = str_from(name, n); rest.len;) {
    const size_t dot = str_starts(rest, STR("->")) ? 2 : rest.at[0] == '.' ? 1 : 0;
    const size_t more = ident_len(str_from(rest, dot));
    if (!n || !dot || !more) return refuse(g, "expected a name such as title or t.title", name);
    rest = str_from(rest, dot + more);
  }
  if (!n) return refuse(g, "expected a name such as title or t.title", name);
  const struct str head = str_slice(name, 0, n);
  struct str tail = str_from(name, n);
  const bool is_pointer = str_eqz(head, "v") || is_loop_name(g, head);
  if (!is_pointer) {
    *out = str_fmt(g->t->mem, "v->" STRF, STRA(name));
    return true;
  }
  if (str_starts(tail, STR("."))) tail = str_from(tail, 1);
  else if (tail.len) tail = str_from(tail, 2);
  *out =
      tail.len ? str_fmt(g->t->mem, STRF "->" STRF, STRA(head), STRA(tail)) : str_fmt(g->t->mem, "*" STRF, STRA(head));
  return true;
}

static bool function_name(struct gen *g, struct str file, struct str *out) {
  if (!str_ends(file, STR(".html")) || file.len == 5) return refuse(g, "expected the name of a file of ui/parts", file);
  struct str name = str_dup(g->t->mem, str_slice(file, 0, file.len - 5));
  char *p = str_z(g->t->mem, name);
  for (size_t i = 0; i < name.len; i++)
    if (p[i] == '-') p[i] = '_';
  *out = (struct str){p, name.len};
  return is_ident(*out) || refuse(g, "a template's name is made of a-z, 0-9, - and _", file);
}

/* The argument of include and wrap: a pointer. */
static bool pointer_to(struct gen *g, struct str name, struct str *out) {
  if (!name.len) name = STR("v");
  struct str value;
  TRY(resolve(g, name, &value));
  *out = value.at[0] == '*' ? str_from(value, 1) : str_fmt(g->t->mem, "&" STRF, STRA(value));
  return true;
}

/* ---- values and texts ---- */

static const char *no_writer(struct gen *g, const char *why, struct str about) {
  (void)refuse(g, why, about);
  return NULL;
}

/* The function that writes a value in this place; NULL and refused when none may stand here. */
static const char *writer(struct gen *g, struct str about) {
  struct place *p = &g->place;
  p->blank = false;
  if (p->spot == IN_TEXT) {
    if (place_inside(p, "script")) return no_writer(g, "no value in a script", about);
    return place_inside(p, "textarea") || place_inside(p, "title") ? "html_put_attr" : "html_put";
  }
  if (p->spot != IN_VALUE) return no_writer(g, "a value may stand only in text and in quoted attributes", about);
  if (p->attr == ATTR_NO_VALUE) return no_writer(g, "no value in this attribute", p->name);
  if (p->attr == ATTR_PLAIN) return "html_put_attr";
  const bool is_first = p->url == URL_EMPTY, is_own = p->attr == ATTR_URL_OWN;
  if (p->url == URL_VALUE_FIRST) return no_writer(g, "put `?`, `#` or `&` between two values of an address", about);
  p->url = is_first ? URL_VALUE_FIRST : URL_BEGUN;
  return !is_first ? "html_put_url_part" : is_own ? "html_put_url_own" : "html_put_url";
}

static bool put_value(struct gen *g, struct str name) {
  struct str value;
  TRY(resolve(g, name, &value));
  const char *put = writer(g, name);
  if (!put) return false;
  put_line(g);
  buf_fmt(&g->body, "  %s(o, " STRF ");\n", put, STRA(value));
  return true;
}

static struct str next_word(struct str *io) {
  struct str word, rest;
  *io = str_trim(*io);
  if (!str_cut(*io, STR(" "), &word, &rest)) {
    word = *io;
    rest = (struct str){0};
  }
  *io = str_trim(rest);
  return word;
}

static bool put_text(struct gen *g, struct str words) {
  const struct str key = next_word(&words);
  if (!is_ident(key)) return refuse(g, "expected the key of a text", key);
  if (g->place.spot == IN_VALUE && g->place.attr != ATTR_PLAIN)
    return refuse(g, "no text in this attribute", g->place.name);
  if (!writer(g, key)) return false;
  g->uses_lang = true;
  put_line(g);
  buf_fmt(&g->body, "  html_put_msg(o, lang, MSG_" STRF ", ", STRA(key));
  if (!words.len) {
    buf_z(&g->body, "NULL, 0);\n");
    return true;
  }
  size_t count = 0;
  buf_z(&g->body, "(const struct html_arg[]){");
  while (words.len) {
    struct str hole, name, value;
    const struct str pair = next_word(&words);
    if (!str_cut(pair, STR("="), &hole, &name) || !is_ident(hole)) return refuse(g, "expected hole=value", pair);
    TRY(resolve(g, name, &value));
    buf_fmt(&g->body, "html_arg(\"" STRF "\", " STRF "), ", STRA(hole), STRA(value));
    count++;
  }
  buf_fmt(&g->body, "}, %zu);\n", count);
  return true;
}

/* ---- blocks ---- */

static bool open_block(struct gen *g, struct block b) {
  if (g->depth == BLOCKS_MOST) return refuse(g, "blocks nested too deep", (struct str){0});
  b.line = g->line;
  b.start = g->place;
  g->blocks[g->depth++] = b;
  return true;
}

static bool condition(struct gen *g, struct str words, struct str *out) {
  const bool negated = str_starts(words, STR("not "));
  struct str value;
  TRY(resolve(g, negated ? str_trim(str_from(words, 4)) : words, &value));
  *out = str_fmt(g->t->mem, "%shtml_true(" STRF ")", negated ? "!" : "", STRA(value));
  return true;
}

static bool put_if(struct gen *g, struct str words) {
  struct str test;
  TRY(condition(g, words, &test));
  put_line(g);
  buf_fmt(&g->body, "  if (" STRF ") {\n", STRA(test));
  return open_block(g, (struct block){.kind = BLOCK_IF});
}

static bool put_for(struct gen *g, struct str words) {
  const struct str name = next_word(&words), in = next_word(&words);
  struct str over;
  if (!is_ident(name) || !str_eqz(in, "in")) return refuse(g, "expected `for NAME in LIST`", name);
  if (str_eqz(name, "v") || str_eqz(name, "o") || str_eqz(name, "lang") || is_loop_name(g, name))
    return refuse(g, "this name is taken", name);
  TRY(resolve(g, words, &over));
  put_line(g);
  buf_fmt(&g->body, "  for (size_t i_" STRF " = 0; i_" STRF " < (size_t)(" STRF ").len; i_" STRF "++) {\n", STRA(name),
          STRA(name), STRA(over), STRA(name));
  buf_fmt(&g->body, "  __auto_type " STRF " = &(" STRF ").at[i_" STRF "];\n  (void)" STRF ";\n", STRA(name), STRA(over),
          STRA(name), STRA(name));
  return open_block(g, (struct block){.kind = BLOCK_FOR, .name = name, .over = over});
}

/* A branch ends here: it must end where the others did. */
static bool end_branch(struct gen *g, struct block *b) {
  if (b->kind == BLOCK_FOR && !b->has_else) { /* the body may follow itself or nothing */
    b->end = b->start;
    b->has_end = true;
  }
  if (!b->has_end) b->end = g->place;
  else if (!place_join(&b->end, &g->place))
    return refuse(g, "the branches of this block end in different places of the HTML", (struct str){0});
  b->has_end = true;
  return true;
}

static bool put_else(struct gen *g, struct str words) {
  struct block *b = g->depth ? &g->blocks[g->depth - 1] : NULL;
  if (!b || b->kind == BLOCK_WRAP || b->has_else) return refuse(g, "`else` without its `if` or `for`", words);
  TRY(end_branch(g, b));
  g->place = b->start;
  if (!words.len) {
    b->has_else = true;
    if (b->kind == BLOCK_FOR) buf_fmt(&g->body, "  }\n  if (!(" STRF ").len) {\n", STRA(b->over));
    else buf_z(&g->body, "  } else {\n");
    return true;
  }
  struct str test;
  if (b->kind != BLOCK_IF || !str_starts(words, STR("if ")))
    return refuse(g, "expected `else` or `else if NAME`", words);
  TRY(condition(g, str_trim(str_from(words, 3)), &test));
  put_line(g);
  buf_fmt(&g->body, "  } else if (" STRF ") {\n", STRA(test));
  return true;
}

static void put_part(struct gen *g, struct str name, const char *which, struct str argument) {
  g->uses_lang = true;
  g->place.blank = false;
  put_line(g);
  buf_fmt(&g->body, "  part_" STRF "%s(o, lang, " STRF ");\n", STRA(name), which, STRA(argument));
}

static bool put_end(struct gen *g) {
  if (!g->depth) return refuse(g, "`end` without its block", (struct str){0});
  struct block *b = &g->blocks[g->depth - 1];
  if (b->kind == BLOCK_WRAP) {
    if (g->place.spot != IN_TEXT || !place_join(&b->start, &g->place))
      return refuse(g, "what is wrapped must be whole elements", b->name);
    put_part(g, b->name, "_close", b->over);
  } else {
    TRY(end_branch(g, b));
    if (!b->has_else && !place_join(&b->end, &b->start))
      return refuse(g, "without an `else` a block must end where it began in the HTML", (struct str){0});
    buf_z(&g->body, "  }\n");
    g->place = b->end;
  }
  g->depth--;
  return true;
}

/* ---- parts ---- */

static bool may_hold_elements(struct gen *g, struct str about) {
  const struct place *p = &g->place;
  const bool ok =
      p->spot == IN_TEXT && !place_inside(p, "script") && !place_inside(p, "textarea") && !place_inside(p, "title");
  return ok || refuse(g, "a part may stand only where elements may", about);
}

static bool put_include(struct gen *g, struct str words, bool wraps) {
  const struct str file = next_word(&words);
  struct str name, argument;
  TRY(may_hold_elements(g, file));
  TRY(function_name(g, file, &name));
  TRY(pointer_to(g, words, &argument));
  put_part(g, name, wraps ? "_open" : "", argument);
  return !wraps || open_block(g, (struct block){.kind = BLOCK_WRAP, .name = name, .over = argument});
}

static void put_signature(struct buf *o, const struct tmpl_function *f, const char *which) {
  if (f->is_part)
    buf_fmt(o, "void part_" STRF "%s(struct buf *o, enum lang lang, const " STRF " *v)", STRA(f->name), which,
            STRA(f->view));
  else buf_fmt(o, "void page_" STRF "(struct buf *o, const " STRF " *v)", STRA(f->name), STRA(f->view));
}

static bool put_content(struct gen *g) {
  if (!g->f.is_part || g->depth || g->f.has_content)
    return refuse(g, "`content` stands once in a part, outside of blocks", STR("content"));
  TRY(may_hold_elements(g, STR("content")));
  g->f.has_content = true;
  buf_z(&g->body, "}\n\n");
  put_signature(&g->body, &g->f, "_close");
  buf_z(&g->body, " {\n  (void)v;\n  (void)lang;\n");
  return true;
}

/* ---- reading ---- */

static bool read_view(struct gen *g, struct str words) {
  if (g->f.view.len) return refuse(g, "a second `view` line", words);
  struct str view, rest, header, more;
  if (!str_cut(words, STR(" from \""), &view, &rest) || !str_cut(rest, STR("\""), &header, &more) ||
      !str_starts(view, STR("struct ")) || !is_ident(str_from(view, 7)))
    return refuse(g, "expected {{view struct NAME from \"folder/file.h\"}}", words);
  g->f.view = view;
  g->f.header = header;
  g->place.blank = true; /* the line's own end is not part of the page */
  more = str_trim(more);
  if (!more.len) return true;
  if (!str_starts(more, STR("lang "))) return refuse(g, "expected `lang NAME`", more);
  return resolve(g, str_trim(str_from(more, 5)), &g->lang);
}

static bool directive(struct gen *g, struct str words) {
  const struct str whole = words;
  if (str_starts(words, STR("#"))) return true;
  if (g->place.spot == IN_COMMENT || g->place.spot == IN_DECL || g->place.spot == IN_OPEN || g->place.spot == IN_CLOSE)
    return refuse(g, "nothing may be filled in here", whole);
  const bool is_naming = g->place.spot == IN_NAME || g->place.spot == IN_ATTR;
  const char *why = place_settle(&g->place);
  if (why) return refuse(g, why, g->place.name);
  const struct str first = next_word(&words);
  if (!g->f.view.len && !str_eqz(first, "view"))
    return refuse(g, "the first line must be {{view struct NAME from \"file.h\"}}", whole);
  if (str_eqz(first, "view")) return read_view(g, words);
  if (str_eqz(first, "if") && words.len) return put_if(g, words);
  if (str_eqz(first, "for") && words.len) return put_for(g, words);
  if (str_eqz(first, "else")) return put_else(g, words);
  if (str_eqz(first, "end") && !words.len) return put_end(g);
  if (str_eqz(first, "t") && words.len) return put_text(g, words);
  if (str_eqz(first, "include") && words.len) return put_include(g, words, false);
  if (str_eqz(first, "wrap") && words.len) return put_include(g, words, true);
  if (str_eqz(first, "content") && !words.len) return put_content(g);
  if (words.len) return refuse(g, "unknown directive", whole);
  if (is_naming) return refuse(g, "a value may stand only in text and in quoted attributes", whole);
  return put_value(g, first);
}

static bool read_template(struct gen *g) {
  for (size_t i = 0; i < g->text.len;) {
    const struct str rest = str_from(g->text, i);
    if (str_starts(rest, STR("{{"))) {
      const size_t end = str_find(rest, STR("}}")), line_end = str_find(rest, STR("\n"));
      if (end == STR_NONE || line_end < end) return refuse(g, "`{{` without `}}` on its line", (struct str){0});
      flush(g);
      const bool first = !g->f.view.len;
      TRY(directive(g, str_trim(str_slice(rest, 2, end))));
      i += end + 2;
      if (first && g->f.view.len && i < g->text.len && g->text.at[i] == '\n') { /* its line is no part of the HTML */
        g->line++;
        i++;
      }
      continue;
    }
    if (g->text.at[i] == '\0') return refuse(g, "a NUL byte", (struct str){0});
    const char *why = place_byte(&g->place, g->text, i, &g->literal);
    if (why)
      return refuse(g, why, str_eq(g->place.tag, (struct str){0}) ? g->place.tag : str_slice(g->place.tag, 0, 40));
    if (g->text.at[i] == '\n') g->line++;
    i++;
  }
  flush(g);
  if (g->depth) {
    g->line = g->blocks[g->depth - 1].line;
    return refuse(g, "this block is not closed by `end`", g->blocks[g->depth - 1].name);
  }
  if (g->place.depth) return refuse(g, "an element is not closed", g->place.open[g->place.depth - 1]);
  if (g->place.spot != IN_TEXT) return refuse(g, "the file ends inside a tag or comment", (struct str){0});
  return g->f.view.len || refuse(g, "the first line must be {{view struct NAME from \"file.h\"}}", (struct str){0});
}

static void put_function(struct gen *g) {
  struct buf *o = &g->t->functions;
  buf_z(o, "\n");
  put_signature(o, &g->f, g->f.has_content ? "_open" : "");
  buf_z(o, " {\n  (void)v;\n");
  if (g->f.is_part) buf_z(o, "  (void)lang;\n");
  else if (g->uses_lang) buf_fmt(o, "  const enum lang lang = " STRF ";\n", STRA(g->lang));
  buf_str(o, buf_view(&g->body));
  buf_z(o, "}\n");
}

static bool is_taken(struct gen *g) {
  vec_each(const struct tmpl_function, f, &g->t->made) {
    if (f->is_part == g->f.is_part && str_eq(f->name, g->f.name)) return true;
  }
  return false;
}

bool tmpl_compile(struct tmpl *t, struct str path, struct str text) {
  struct gen *g = arena_new(t->mem, struct gen);
  g->t = t;
  g->path = path;
  g->text = str_ends(text, STR("\n")) ? str_slice(text, 0, text.len - 1) : text; /* a part may stand inside a line */
  g->line = 1;
  g->lang = STR("v->lang");
  g->literal = BUF_MAX(LITERAL_MOST);
  g->body = BUF_MAX(t->functions.max);
  g->f.is_part = str_find(path, STR("parts/")) != STR_NONE;
  bool ok = function_name(g, file_base(path), &g->f.name) && read_template(g);
  if (ok && is_taken(g)) ok = refuse(g, "two templates make this name", g->f.name);
  if (ok) put_function(g);
  if (ok) vec_push(t->mem, &t->made) = g->f;
  ok = ok && !g->body.broken && !g->literal.broken;
  buf_drop(&g->literal);
  buf_drop(&g->body);
  return ok;
}

void tmpl_header(const struct tmpl *t, struct buf *out) {
  buf_z(out,
        "/* Made by tools/tmplc.c from ui/. Do not edit. */\n#ifndef PAGES_H\n#define PAGES_H\n#include "
        "\"web/html.h\"\n");
  for (size_t i = 0; i < t->made.len; i++) {
    bool is_new = true;
    for (size_t k = 0; k < i; k++) is_new = is_new && !str_eq(t->made.at[k].header, t->made.at[i].header);
    if (is_new) buf_fmt(out, "#include \"" STRF "\"\n", STRA(t->made.at[i].header));
  }
  buf_z(out, "\n");
  vec_each(const struct tmpl_function, f, &t->made) {
    put_signature(out, f, f->has_content ? "_open" : "");
    buf_z(out, ";\n");
    if (!f->has_content) continue;
    put_signature(out, f, "_close");
    buf_z(out, ";\n");
  }
  buf_z(out, "#endif\n");
}

void tmpl_source(const struct tmpl *t, struct buf *out) {
  buf_z(out, "/* Made by tools/tmplc.c from ui/. Do not edit. */\n#include \"pages.h\"\n\n#include \"texts.h\"\n");
  buf_str(out, buf_view(&t->functions));
}

void tmpl_drop(struct tmpl *t) {
  buf_drop(&t->functions);
  buf_drop(&t->says);
}
