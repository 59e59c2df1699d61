/* The house rules that a machine can judge. Run in every test run:
 *
 *   house FILE...            paths relative to the project's root; prints file:line: message, exit 1 when there is one
 *
 * Direction of includes (DESIGN.md 3), banned functions, sizes of files and functions, floating point in engines,
 * mutable globals, markup made trusted, commented-out code, literal colours outside the tokens, machine paths, Chinese
 * words in strings where texts come from the catalogue.
 * A line that must differ carries, on it or on the line before, a comment `house: allow WORD - why`, where WORD is
 * the banned name, `mutable`, `trust` or `words`. Lengths have no excuse. */
#include <stdio.h>

#include "base/file.h"
#include "base/vec.h"

enum { FILE_MOST = 8 << 20, LINES_MOST = 1000, FUNCTION_MOST = 100 };

struct source {
  struct arena *mem;
  struct str path, text;
  char *code;        /* the text with comments and the insides of strings blanked; same length, same lines */
  VEC(size_t) lines; /* where each begins */
  int errors;
};

static struct str line_at(const struct source *s, size_t i) {
  const size_t from = s->lines.at[i], to = i + 1 < s->lines.len ? s->lines.at[i + 1] - 1 : s->text.len;
  return str_slice(s->text, from, to);
}

static size_t line_of(const struct source *s, size_t at) {
  size_t low = 0, high = s->lines.len;
  while (high - low > 1) {
    const size_t mid = (low + high) / 2;
    if (s->lines.at[mid] <= at) low = mid;
    else high = mid;
  }
  return low;
}

static bool is_allowed(const struct source *s, size_t line, struct str word) {
  const struct str note = str_fmt(s->mem, "house: allow " STRF " -", STRA(word));
  for (size_t i = line ? line - 1 : 0; i <= line; i++)
    if (str_find(line_at(s, i), note) != STR_NONE) return true;
  return false;
}

static void complain(struct source *s, size_t line, const char *what, struct str about) {
  (void)printf(STRF ":%zu: %s" STRF "\n", STRA(s->path), line + 1, what, STRA(about));
  s->errors++;
}

static bool has_ending(const struct source *s, const char *ending) { return str_ends(s->path, str_of(ending)); }
static bool is_under(const struct source *s, const char *folder) { return str_starts(s->path, str_of(folder)); }
static bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- C without comments and strings ---- */

static size_t blank_until(char *p, size_t i, size_t n, const char *end) {
  const size_t len = strlen(end);
  for (; i < n; i++) {
    if (n - i >= len && memcmp(p + i, end, len) == 0) return i + len;
    if (p[i] != '\n') p[i] = ' ';
  }
  return n;
}

static size_t blank_quoted(char *p, size_t i, size_t n) {
  const char quote = p[i];
  for (i++; i < n && p[i] != quote && p[i] != '\n'; i++) {
    if (p[i] == '\\' && i + 1 < n && p[i + 1] != '\n') p[i++] = ' ';
    p[i] = ' ';
  }
  return i + 1;
}

static void strip(struct source *s) {
  char *p = s->code = str_z(s->mem, s->text);
  const size_t n = s->text.len;
  for (size_t i = 0; i < n;) {
    if (p[i] == '/' && i + 1 < n && p[i + 1] == '*') {
      const size_t end = blank_until(p, i, n, "*/");
      if (end >= 2 && end <= n) p[end - 1] = p[end - 2] = ' ';
      i = end;
    } else if (p[i] == '/' && i + 1 < n && p[i + 1] == '/') {
      i = blank_until(p, i, n, "\n");
    } else if (p[i] == '"' || p[i] == '\'') {
      i = blank_quoted(p, i, n);
    } else {
      i++;
    }
  }
}

/* ---- direction ---- */

static const struct {
  const char *folder, *may; /* may include: folders, each with a blank around */
} layers[] = {
    {"src/base/", " base "},
    {"src/text/", " base text "},
    {"src/store/", " base store "},
    {"src/declare/", " base declare "},
    {"src/web/", " base web "},
    {"src/app/", " base text store declare engine web app "},
    {"src/cli/", " base text store declare engine web app cli "},
    {"tools/", " base text tmpl "},
};

static bool is_store_side(const struct source *s) { return has_ending(s, "_store.c") || has_ending(s, "_store.h"); }

/* Which generated headers a file may see. */
static bool may_see_generated(const struct source *s, struct str header) {
  if (str_eqz(header, "texts.h") || !is_under(s, "src/")) return true;
  if (str_eqz(header, "sql.h")) return is_under(s, "src/store/") || is_under(s, "src/app/") || is_store_side(s);
  return !str_eqz(header, "pages.h") || is_under(s, "src/app/");
}

static bool may_include(const struct source *s, struct str header) {
  struct str folder, rest, engine, more;
  if (!str_cut(header, STR("/"), &folder, &rest)) return may_see_generated(s, header);
  const struct str padded = str_fmt(s->mem, " " STRF " ", STRA(folder));
  for (size_t i = 0; i < COUNT_OF(layers); i++)
    if (is_under(s, layers[i].folder)) return str_find(str_of(layers[i].may), padded) != STR_NONE;
  if (!is_under(s, "src/engine/")) return true;
  if (str_eqz(folder, "store")) return is_store_side(s);
  if (!str_eqz(folder, "engine"))
    return str_eqz(folder, "base") || str_eqz(folder, "text") || str_eqz(folder, "declare");
  if (!str_cut(rest, STR("/"), &engine, &more)) return false;
  return str_starts(s->path, str_fmt(s->mem, "src/engine/" STRF "/", STRA(engine)));
}

static void check_includes(struct source *s) {
  for (size_t i = 0; i < s->lines.len; i++) {
    struct str head, tail, header, rest;
    const struct str line = str_trim(line_at(s, i));
    if (!str_starts(line, STR("#include \"")) || !str_cut(line, STR("\""), &head, &tail)) continue;
    if (!str_cut(tail, STR("\""), &header, &rest)) continue;
    if (!may_include(s, header)) complain(s, i, "this layer may not include ", header);
  }
}

/* ---- banned names ---- */

static const struct {
  const char *name, *where; /* where it is allowed: a folder or a file; "" nowhere */
} banned[] = {
    {"strcpy", ""},
    {"strcat", ""},
    {"strncpy", ""},
    {"strncat", ""},
    {"sprintf", ""},
    {"vsprintf", ""},
    {"strtok", ""},
    {"strtok_r", ""},
    {"atoi", ""},
    {"atol", ""},
    {"atof", ""},
    {"strtol", ""},
    {"strtoll", ""},
    {"strtoul", ""},
    {"strtoull", ""},
    {"strtod", ""},
    {"gets", ""},
    {"scanf", ""},
    {"sscanf", ""},
    {"fscanf", ""},
    {"alloca", ""},
    {"setjmp", ""},
    {"longjmp", ""},
    {"assert", ""},
    {"system", ""},
    {"popen", ""},
    {"rand", ""},
    {"srand", ""},
    {"malloc", "src/base/"},
    {"calloc", "src/base/"},
    {"realloc", "src/base/"},
    {"free", "src/base/"},
    {"strdup", "src/base/"},
    {"getenv", "src/cli/"},
    {"time", "src/base/clock.c"},
    {"gettimeofday", "src/base/clock.c"},
    {"localtime", ""},
    {"gmtime", ""},
    {"clock_gettime", "src/base/clock.c"},
};

static bool is_banned_here(const struct source *s, struct str word) {
  for (size_t i = 0; i < COUNT_OF(banned); i++)
    if (str_eqz(word, banned[i].name)) return !*banned[i].where || !is_under(s, banned[i].where);
  return false;
}

static void check_words(struct source *s) {
  const bool exact = is_under(s, "src/engine/") || is_under(s, "src/base/");
  const char *p = s->code;
  for (size_t i = 0; i < s->text.len; i++) {
    if (!is_word_byte(p[i])) continue;
    const size_t from = i;
    while (i < s->text.len && is_word_byte(p[i])) i++;
    const struct str word = {p + from, i - from};
    const bool is_member = from && (p[from - 1] == '.' || (from > 1 && p[from - 1] == '>' && p[from - 2] == '-'));
    const size_t line = line_of(s, from);
    if (p[i] == '(' && !is_member && is_banned_here(s, word) && !is_allowed(s, line, word))
      complain(s, line, "banned function: ", word);
    if (exact && (str_eqz(word, "float") || str_eqz(word, "double")))
      complain(s, line, "no floating point here: ", word);
    if (str_eqz(word, "html_trust") && !str_eqz(s->path, "src/web/html.h") && !is_allowed(s, line, STR("trust")))
      complain(s, line, "only a file that draws a document's text may trust markup: ", word);
  }
}

/* ---- mutable globals ---- */

/* The declaration behind `static`, up to what ends it; is it something that can change? */
static bool is_mutable(struct str declaration, char end) {
  if (end == '(') return false;
  const size_t star = str_rfind(declaration, STR("*"));
  const struct str last = star == STR_NONE ? declaration : str_from(declaration, star);
  return str_find(last, STR("const ")) == STR_NONE && !str_starts(str_trim(declaration), STR("inline")) &&
         str_find(declaration, STR("_Noreturn")) == STR_NONE;
}

static void check_static(struct source *s) {
  const struct str code = {s->code, s->text.len};
  size_t at = 0;
  for (size_t step; (step = str_find(str_from(code, at), STR("static "))) != STR_NONE;) {
    const size_t from = at + step, begin = from + 7;
    size_t end = begin;
    at = begin;
    if (from && is_word_byte(s->code[from - 1])) continue;
    while (end < code.len && !strchr(";={(", s->code[end])) end++;
    if (end == code.len || !is_mutable(str_slice(code, begin, end), s->code[end])) continue;
    const size_t line = line_of(s, from);
    if (!is_allowed(s, line, STR("mutable")))
      complain(s, line, "mutable state: ", str_trim(str_slice(code, begin, end)));
  }
}

/* ---- sizes ---- */

/* Depth-0 `{` behind `)` opens a function. */
static void check_functions(struct source *s) {
  int depth = 0;
  size_t begin = 0;
  char before = 0;
  bool in_function = false;
  for (size_t i = 0; i < s->text.len; i++) {
    const char c = s->code[i];
    if (c == '#' && (i == 0 || s->code[i - 1] == '\n')) { /* a directive, with its continued lines */
      while (i < s->text.len && !(s->code[i] == '\n' && s->code[i - 1] != '\\')) i++;
      continue;
    }
    if (c == '{' && depth++ == 0) {
      in_function = before == ')';
      begin = line_of(s, i);
    }
    if (c == '}' && --depth == 0 && in_function) {
      const size_t length = line_of(s, i) - begin + 1;
      if (length > FUNCTION_MOST)
        complain(s, begin, "this function is longer than 100 lines: ", str_int(s->mem, (int64_t)length));
    }
    if (c != ' ' && c != '\n' && c != '\t') before = c;
  }
}

static void check_comments(struct source *s) {
  for (size_t i = 0; i < s->lines.len; i++) {
    const struct str line = str_trim(line_at(s, i));
    if (!str_starts(line, STR("//"))) continue;
    if (str_ends(line, STR(";")) || str_ends(line, STR("{")) || str_ends(line, STR("}")))
      complain(s, i, "commented-out code", (struct str){0});
  }
  if (is_under(s, "src/") && has_ending(s, ".c") && !str_starts(s->text, STR("/*")))
    complain(s, 0, "a source begins with a comment: what for, what it promises", (struct str){0});
  if (is_under(s, "src/") && has_ending(s, ".h") && !str_starts(s->text, STR("/*")))
    complain(s, 0, "a header begins with its contract", (struct str){0});
}

/* ---- words for people ---- */

/* U+4E00..U+9FFF; marks between words are no words. */
static bool is_han(const char *p) {
  const unsigned char lead = (unsigned char)p[0], next = (unsigned char)p[1];
  return lead == 0xE4 ? next >= 0xB8 : lead > 0xE4 && lead <= 0xE9;
}
/* The language of plans is the matter of base, text and the compiler; elsewhere what people read stands in ui/texts. */
static bool has_words_in_data(const struct source *s) {
  static const char *const own[] = {"src/base/", "src/text/", "src/engine/plan/"};
  for (size_t i = 0; i < COUNT_OF(own); i++)
    if (is_under(s, own[i])) return false;
  return true;
}
static void check_texts(struct source *s) {
  bool inside = false;
  for (size_t i = 0, told = SIZE_MAX; i + 1 < s->text.len; i++) {
    if (s->code[i] == '"') inside = !inside;
    if (!inside || !is_han(s->text.at + i)) continue;
    const size_t line = line_of(s, i);
    if (line != told && !is_allowed(s, line, STR("words")))
      complain(s, line, "words in C: they belong in ui/texts or in data", STR(""));
    told = line;
  }
}

/* ---- all files ---- */

static void check_paths(struct source *s) {
  static const char *const machine[] = {
      "/wo"
      "rk/",
      "/ro"
      "ot/",
      "/ho"
      "me/",
      "registry.npm"
      "js"};
  for (size_t k = 0; k < COUNT_OF(machine); k++) {
    const size_t at = str_find(s->text, str_of(machine[k]));
    if (at != STR_NONE) complain(s, line_of(s, at), "a path or host of one machine: ", str_of(machine[k]));
  }
}

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static bool has_colour(struct str value) {
  static const char *const calls[] = {"rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "lab("};
  for (size_t i = 0; i < COUNT_OF(calls); i++)
    if (str_find(value, str_of(calls[i])) != STR_NONE) return true;
  for (size_t i = 0; i < value.len; i++) {
    size_t n = 0;
    if (value.at[i] != '#') continue;
    while (i + 1 + n < value.len && is_hex(value.at[i + 1 + n])) n++;
    if (n == 3 || n == 4 || n == 6 || n == 8) return true;
  }
  return false;
}

static void check_colours(struct source *s) {
  if (str_find(s->path, STR("tokens")) != STR_NONE) return;
  const struct str code = {s->code, s->text.len};
  for (size_t i = 0; i < code.len; i++) {
    if (s->code[i] != ':') continue;
    size_t end = i;
    while (end < code.len && !strchr(";{}\n", s->code[end])) end++;
    if (end < code.len && s->code[end] == '{') continue; /* a selector */
    if (has_colour(str_slice(code, i, end))) complain(s, line_of(s, i), "a colour outside the tokens", (struct str){0});
    i = end;
  }
}

static void check(struct source *s) {
  vec_push(s->mem, &s->lines) = 0;
  for (size_t i = 0; i < s->text.len; i++)
    if (s->text.at[i] == '\n' && i + 1 < s->text.len) vec_push(s->mem, &s->lines) = i + 1;
  check_paths(s);
  strip(s);
  if (has_ending(s, ".css")) check_colours(s);
  if (!has_ending(s, ".c") && !has_ending(s, ".h")) return;
  if (s->lines.len > LINES_MOST) complain(s, LINES_MOST, "this file is longer than 1000 lines", (struct str){0});
  check_includes(s);
  check_functions(s);
  check_comments(s);
  if (!is_under(s, "src/")) return;
  check_words(s);
  check_static(s);
  if (has_words_in_data(s)) check_texts(s);
}

int main(int argc, char **argv) {
  int errors = 0;
  for (int i = 1; i < argc; i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    struct source s = {.mem = &mem, .path = str_of(argv[i])};
    if (!file_read(&mem, s.path, FILE_MOST, &s.text, &e)) {
      (void)printf("%s:1: cannot be read\n", argv[i]);
      errors++;
      continue;
    }
    check(&s);
    errors += s.errors;
  }
  return errors ? 1 : 0;
}
