/* SQL compiler: the files of src/store/sql/ -> sql.h and sql.c, one typed C function for each named statement.
 *
 *   sqlc OUT.h OUT.c FILE.sql...
 *
 * A file is a row of blocks. Each block:
 *
 *   -- name: task_list
 *   -- doc: tasks of a plan in order of due day            (optional; becomes the comment in sql.h)
 *   -- in: tenant str, plan str, unit str, after int, most int
 *   -- out: id str, title str, due int?, weight int
 *   -- many
 *   SELECT id, title, due, weight FROM task WHERE tenant = :tenant AND plan = :plan AND place > :after
 *   -- if unit
 *     AND unit = :unit
 *   -- end
 *   ORDER BY place LIMIT :most;
 *
 * Types: str, int, bool, blob; with `?` the value may be absent (NULL): `str?` and `blob?` are a struct str whose .at
 * is NULL, `int?` is a struct store_int {has, n}. A plain str or blob with .at NULL is bound as empty, not as NULL.
 * Parameters are written :name, each declared one is used and each used one declared. Other comments in a block are
 * not allowed between `-- name` and `;` (free ones stand before the first block or after a `;`).
 *
 * `-- erases` in the head of an exec marks what a retention rule takes away for good: a restore to an earlier point runs it
 * again (docs/decisions/0008-restore-to-a-point.md).
 *
 * `-- if NAME` ... `-- else` ... `-- end` (own lines, at most 5 names in a block; a name may open several parts, and
 * parts may stand in one another) chooses fragments: the struct gets a `bool with_NAME`. Every combination is a statement of its own, made
 * here at build, so no SQL text is ever put together at run time. A parameter of a part that is left out is not bound.
 *
 * What comes out (store/statement.h declares what it calls):
 *
 *   struct sql_task_list_in { struct str tenant, plan, unit; int64_t after, most; bool with_unit; };
 *   struct sql_task_list { struct str id, title; struct store_int due; int64_t weight; };
 *   struct sql_task_list_rows { struct sql_task_list *at; size_t len, cap; };        (only for many)
 *
 *   -- exec   bool sql_X(struct store *st, const struct sql_X_in *in, int64_t *out_changed, struct err *e);
 *             out_changed may be NULL.
 *   -- one    bool sql_X(struct store *st, struct arena *mem, const struct sql_X_in *in, struct sql_X *out,
 *                        bool *out_found, struct err *e);
 *             With out_found NULL an absent row is the error ERR_NOT_FOUND; else *out is untouched then.
 *   -- many   bool sql_X(struct store *st, struct arena *mem, const struct sql_X_in *in, size_t most,
 *                        struct sql_X_rows *out, struct err *e);
 *             Rows are added to *out until there are `most` of them from this call; the rest is not fetched.
 *
 * A statement without `-- in:` has no `in` parameter. Call it with a compound literal:
 *   sql_task_list(st, mem, &(struct sql_task_list_in){.tenant = t, .plan = p, .most = 51}, 51, &rows, e)
 *
 * `-- list` makes no function but a description for store/list.h, which adds conditions, order and page at run time:
 *   const struct store_list sql_task_table;            and an enum of its columns: SQL_task_table_id, ..._title
 * Its text is SELECT ... FROM ... WHERE ..., without order and limit, one plain expression for each name of `-- out:`;
 * parameters stand behind FROM only and are given by place, in the order of `-- in:`.
 *
 * Refused, with file:line: a name twice, unknown types, a missing `;` or a second statement in a block, and what is
 * not plain for every engine: ON CONFLICT, INSERT OR, REPLACE INTO, RETURNING, AUTOINCREMENT, SERIAL, LISTEN, PRAGMA,
 * ILIKE, GLOB, MATCH, `::` casts, ?-parameters; and what is not the same when it runs again: RANDOM, CURRENT_TIMESTAMP. (Full-text search lives in store/search_*.c of each engine.) */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/vec.h"

enum { FILE_MOST = 1 << 20, OUT_MOST = 64 << 20, CONDITIONS_MOST = 5 };
enum kind { KIND_NONE, KIND_EXEC, KIND_ONE, KIND_MANY, KIND_LIST };
enum type { TYPE_STR, TYPE_INT, TYPE_BOOL, TYPE_BLOB, TYPE_COUNT };

struct field {
  struct str name;
  enum type type;
  bool nullable, used;
};
struct choice { /* the conditions that must be set and those that must not, one bit each */
  unsigned set, unset;
};
struct piece { /* a stretch of SQL, there when its choice is made */
  struct str text;
  struct choice when;
  int line;
};
struct block {
  struct str name, doc;
  int line, first_index;
  enum kind kind;
  bool writes, erases;
  VEC(struct field) in;
  VEC(struct field) out;
  VEC(struct piece) pieces;
  struct str conditions[CONDITIONS_MOST];
  int condition_count;
  struct str from;         /* of a list: what stands behind its columns */
  VEC(struct str) columns; /* of a list: the expressions */
};
struct compiler {
  struct arena *mem;
  const char *path;
  int line, errors, statements;
  VEC(struct block) blocks;
  struct choice open[CONDITIONS_MOST + 1]; /* [depth] holds here: that of all `-- if` that are open */
  int depth;
  bool in_body;
};

static void complain(struct compiler *c, int line, const char *what, struct str about) {
  (void)fprintf(stderr, "%s:%d: error: %s: " STRF "\n", c->path, line, what, STRA(about));
  c->errors++;
}

static bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

static bool is_word(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (!is_word_byte(s.at[i])) return false;
  return s.len && !(s.at[0] >= '0' && s.at[0] <= '9');
}

/* ---- reading ---- */

static bool read_type(struct str word, struct field *f) {
  static const char *const names[TYPE_COUNT] = {"str", "int", "bool", "blob"};
  f->nullable = str_ends(word, STR("?"));
  if (f->nullable) word.len--;
  for (int i = 0; i < TYPE_COUNT; i++) {
    f->type = (enum type)i;
    if (str_eqz(word, names[i])) return !(f->nullable && f->type == TYPE_BOOL);
  }
  return false;
}

static void read_fields(struct compiler *c, struct str list, bool is_in) {
  struct block *b = &vec_last(&c->blocks);
  while (list.len) {
    struct str one = list, rest = {0}, name, type;
    if (str_cut(list, STR(","), &one, &rest)) list = rest;
    else list.len = 0;
    one = str_trim(one);
    struct field f = {0};
    if (!str_cut(one, STR(" "), &name, &type) || !is_word(name) || !read_type(str_trim(type), &f)) {
      complain(c, c->line, "expected `name type` with type str, int, bool, blob or one with ? behind", one);
      return;
    }
    f.name = name;
    if (is_in) vec_push(c->mem, &b->in) = f;
    else vec_push(c->mem, &b->out) = f;
  }
}

static void begin_block(struct compiler *c, struct str name) {
  if (!is_word(name)) complain(c, c->line, "a name is made of a-z, 0-9 and _", name);
  vec_each(struct block, b, &c->blocks)
    if (str_eq(b->name, name)) complain(c, c->line, "this name stands twice", name);
  vec_push(c->mem, &c->blocks) = (struct block){.name = name, .line = c->line};
  c->depth = 0;
  c->in_body = true;
}

static int condition_of(struct compiler *c, struct block *b, struct str name) {
  for (int i = 0; i < b->condition_count; i++)
    if (str_eq(b->conditions[i], name)) return i;
  if (b->condition_count == CONDITIONS_MOST || !is_word(name)) {
    complain(c, c->line, "at most five conditions in a block, named a-z, 0-9 and _", name);
    return 0;
  }
  b->conditions[b->condition_count] = name;
  return b->condition_count++;
}

/* The condition of the innermost open `-- if`, as a bit; 0 when none is open. */
static unsigned innermost(const struct compiler *c) {
  if (!c->depth) return 0;
  const struct choice here = c->open[c->depth], around = c->open[c->depth - 1];
  return (here.set | here.unset) & ~(around.set | around.unset);
}

static void read_if(struct compiler *c, struct str name) {
  const struct choice around = c->open[c->depth];
  const unsigned bit = 1u << condition_of(c, &vec_last(&c->blocks), name);
  if (((around.set | around.unset) & bit) || c->depth == CONDITIONS_MOST) {
    complain(c, c->line, "this is decided already by an `-- if` around it", name);
    return;
  }
  c->open[++c->depth] = (struct choice){around.set | bit, around.unset};
}

static void read_branch(struct compiler *c, struct str words) {
  const unsigned bit = innermost(c);
  if (str_starts(words, STR("if "))) {
    read_if(c, str_trim(str_from(words, 3)));
  } else if (!bit || (str_eqz(words, "else") && (c->open[c->depth].unset & bit))) {
    complain(c, c->line, "`-- else` and `-- end` need an open `-- if`", words);
  } else if (str_eqz(words, "else")) {
    c->open[c->depth].set &= ~bit;
    c->open[c->depth].unset |= bit;
  } else {
    c->depth--;
  }
}

static void read_directive(struct compiler *c, struct str words) {
  struct block *b = c->in_body ? &vec_last(&c->blocks) : NULL;
  if (str_starts(words, STR("name:"))) {
    if (b) complain(c, c->line, "the block before does not end with `;`", b->name);
    begin_block(c, str_trim(str_from(words, 5)));
    return;
  }
  if (!b) return; /* a free comment */
  const bool has_sql = b->pieces.len > 0;
  if (str_starts(words, STR("if ")) || str_eqz(words, "else") || str_eqz(words, "end")) read_branch(c, words);
  else if (has_sql) complain(c, c->line, "no comments inside a statement", words);
  else if (str_starts(words, STR("doc:"))) b->doc = str_trim(str_from(words, 4));
  else if (str_starts(words, STR("in:"))) read_fields(c, str_from(words, 3), true);
  else if (str_starts(words, STR("out:"))) read_fields(c, str_from(words, 4), false);
  else if (str_eqz(words, "erases")) b->erases = true;
  else if (str_eqz(words, "exec")) b->kind = KIND_EXEC;
  else if (str_eqz(words, "one")) b->kind = KIND_ONE;
  else if (str_eqz(words, "many")) b->kind = KIND_MANY;
  else if (str_eqz(words, "list")) b->kind = KIND_LIST;
  else complain(c, c->line, "unknown line in the head of a block", words);
}

static void read_line(struct compiler *c, struct str line) {
  struct str text = str_trim(line);
  if (!text.len) return;
  if (str_starts(text, STR("--"))) {
    read_directive(c, str_trim(str_from(text, 2)));
    return;
  }
  if (!c->in_body) {
    complain(c, c->line, "SQL outside a block; write `-- name:` first", text);
    return;
  }
  const bool is_last = str_ends(text, STR(";"));
  if (is_last) text.len--;
  struct block *b = &vec_last(&c->blocks);
  vec_push(c->mem, &b->pieces) = (struct piece){text, c->open[c->depth], c->line};
  if (!is_last) return;
  if (c->depth) complain(c, c->line, "`-- if` is still open at the end of", b->name);
  c->in_body = false;
}

static bool read_file(struct compiler *c, struct err *e) {
  struct str text, line;
  TRY(file_read(c->mem, str_of(c->path), FILE_MOST, &text, e));
  c->in_body = false;
  for (c->line = 1; text.len; c->line++) {
    if (!str_cut(text, STR("\n"), &line, &text)) {
      line = text;
      text.len = 0;
    }
    read_line(c, line);
  }
  if (c->in_body) complain(c, c->line, "the statement does not end with `;`", vec_last(&c->blocks).name);
  return true;
}

/* ---- checking ---- */

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

/* Letters in capitals, text between quotes blanked, runs of blanks as one: for looking up words. */
static struct str bare(struct arena *mem, struct str sql) {
  char *p = arena_take(mem, sql.len + 3);
  size_t n = 0;
  char quote = 0;
  p[n++] = ' ';
  for (size_t i = 0; i < sql.len; i++) {
    char c = sql.at[i];
    if (quote) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      c = '_';
    }
    const bool keep = c == '_' || c == ':' || c == '?' || c == ';' || (upper(c) >= 'A' && upper(c) <= 'Z');
    if (!keep && !(c >= '0' && c <= '9')) c = ' ';
    if (c != ' ' || p[n - 1] != ' ') p[n++] = upper(c);
  }
  p[n++] = ' ';
  return (struct str){p, n};
}

static void check_plain(struct compiler *c, const struct piece *piece) {
  static const char *const banned[] = {" ON CONFLICT ",
                                       " INSERT OR ",
                                       " REPLACE INTO ",
                                       " RETURNING ",
                                       " AUTOINCREMENT ",
                                       " SERIAL ",
                                       " LISTEN ",
                                       " PRAGMA ",
                                       " ILIKE ",
                                       " GLOB ",
                                       " MATCH ",
                                       " CURRENT_TIMESTAMP ",
                                       " RANDOM ",
                                       "::",
                                       "?",
                                       ";"};
  const struct str text = bare(c->mem, piece->text);
  for (size_t i = 0; i < COUNT_OF(banned); i++)
    if (str_find(text, str_of(banned[i])) != STR_NONE)
      complain(c, piece->line, "not plain for every engine", str_of(banned[i]));
}

static struct field *find_param(struct block *b, struct str name) {
  vec_each(struct field, f, &b->in)
    if (str_eq(f->name, name)) return f;
  return NULL;
}

/* The next :name in s from *io_i, outside quotes; text before it is from..at. False at the end. */
static bool next_param(struct str s, size_t *io_i, size_t *out_at, struct str *out_name) {
  char quote = 0;
  for (size_t i = *io_i; i < s.len; i++) {
    const char c = s.at[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == ':') {
      size_t end = i + 1;
      while (end < s.len && is_word_byte(s.at[end])) end++;
      *out_at = i;
      *out_name = str_slice(s, i + 1, end);
      *io_i = end;
      return true;
    }
  }
  return false;
}

static void check_params(struct compiler *c, struct block *b) {
  vec_each(struct piece, p, &b->pieces) {
    size_t i = 0, at;
    struct str name;
    while (next_param(p->text, &i, &at, &name)) {
      struct field *f = find_param(b, name);
      if (f) f->used = true;
      else complain(c, p->line, "this parameter is not declared in `-- in:`", name);
    }
  }
  vec_each(struct field, f, &b->in)
    if (!f->used) complain(c, b->line, "this parameter is declared but not used", f->name);
}

/* Where one of the words stands in capitals outside brackets and quotes, from `at` on; the end when nowhere. */
static size_t find_outside(struct str s, size_t at, const char *const *words, size_t n) {
  int depth = 0;
  char quote = 0;
  for (size_t i = at; i < s.len; i++) {
    const char c = s.at[i];
    if (quote) quote = c == quote ? 0 : quote;
    else if (c == '\'' || c == '"') quote = c;
    else if (c == '(') depth++;
    else if (c == ')') depth--;
    for (size_t k = 0; !depth && !quote && k < n; k++)
      if (str_starts(str_from(s, i), str_of(words[k]))) return i;
  }
  return s.len;
}

/* SQLite numbers parameters by their first place, whatever they are called. */
static bool in_order(const struct block *b) {
  struct str name = {0};
  size_t i = 0, at = 0, known = 0;
  while (next_param(b->from, &i, &at, &name)) {
    size_t n = 0;
    while (n < known && !str_eq(b->in.at[n].name, name)) n++;
    if (n < known) continue;
    if (known == b->in.len || !str_eq(b->in.at[known++].name, name)) return false;
  }
  return true;
}
/* A list is cut into its columns and what follows them. */
static void check_list(struct compiler *c, struct block *b) {
  static const char *const from[] = {" FROM "}, *const where[] = {" WHERE "}, *const comma[] = {","},
                           *const tail[] = {" ORDER ", " LIMIT ", " GROUP ", " UNION "};
  struct str all = {0}, name;
  size_t at = 7, i = 0;
  vec_each(struct piece, p, &b->pieces) all = str_fmt(c->mem, STRF STRF " ", STRA(all), STRA(p->text));
  const size_t end = find_outside(all, 0, from, 1);
  b->from = str_trim(str_from(all, end));
  if (b->condition_count || !str_starts(all, STR("SELECT ")) || find_outside(all, end, where, 1) == all.len ||
      find_outside(all, 0, tail, COUNT_OF(tail)) != all.len)
    complain(c, b->line, "a list is SELECT ... FROM ... WHERE ..., without conditions, order and limit", b->name);
  if (next_param(str_slice(all, 0, end), &i, &i, &name))
    complain(c, b->line, "parameters of a list stand behind FROM", b->name);
  if (!in_order(b)) complain(c, b->line, "`-- in:` of a list has its parameters as they stand behind FROM", b->name);
  for (const struct str head = str_slice(all, 0, end); at < head.len;) {
    const size_t stop = find_outside(head, at, comma, 1);
    vec_push(c->mem, &b->columns) = str_trim(str_slice(head, at, stop));
    at = stop + 1;
  }
  if (b->columns.len != b->out.len)
    complain(c, b->line, "a list has one expression for each name of `-- out:`", b->name);
}

static void check_block(struct compiler *c, struct block *b) {
  if (b->kind == KIND_NONE) complain(c, b->line, "a block needs `-- exec`, `-- one`, `-- many` or `-- list`", b->name);
  if ((b->kind == KIND_EXEC) != (b->out.len == 0))
    complain(c, b->line, "`-- out:` belongs to one and many, not to exec", b->name);
  if (!b->pieces.len) return;
  vec_each(struct piece, p, &b->pieces) check_plain(c, p);
  check_params(c, b);
  const struct str first = bare(c->mem, b->pieces.at[0].text);
  b->writes =
      str_starts(first, STR(" INSERT ")) || str_starts(first, STR(" UPDATE ")) || str_starts(first, STR(" DELETE "));
  if (!b->writes && !str_starts(first, STR(" SELECT ")) && !str_starts(first, STR(" WITH ")))
    complain(c, b->line, "a statement begins with SELECT, WITH, INSERT, UPDATE or DELETE", b->name);
  if (b->erases && !b->writes) complain(c, b->line, "`-- erases` belongs to a statement that writes", b->name);
  if (b->writes != (b->kind == KIND_EXEC))
    complain(c, b->line, "writing goes with exec, reading with one or many", b->name);
  if (b->kind == KIND_LIST) check_list(c, b);
}

/* ---- writing ---- */

static const char *c_type(const struct field *f) {
  if (f->type == TYPE_BOOL) return "bool ";
  if (f->type == TYPE_INT) return f->nullable ? "struct store_int " : "int64_t ";
  return "struct str ";
}

static const char *call_type(const struct field *f) { /* the end of helper and column names */
  static const char *const names[] = {"str", "int", "bool", "blob"};
  static const char *const maybe[] = {"str_maybe", "int_maybe", "", "blob_maybe"};
  return f->nullable ? maybe[f->type] : names[f->type];
}

static void put_signature(struct buf *o, const struct block *b) {
  const bool reads = b->kind != KIND_EXEC;
  buf_fmt(o, "bool sql_" STRF "(struct store *st", STRA(b->name));
  if (reads) buf_z(o, ", struct arena *mem");
  if (b->in.len || b->condition_count) buf_fmt(o, ", const struct sql_" STRF "_in *in", STRA(b->name));
  if (b->kind == KIND_EXEC) buf_z(o, ", int64_t *out_changed");
  if (b->kind == KIND_ONE) buf_fmt(o, ", struct sql_" STRF " *out, bool *out_found", STRA(b->name));
  if (b->kind == KIND_MANY) buf_fmt(o, ", size_t most, struct sql_" STRF "_rows *out", STRA(b->name));
  buf_z(o, ", struct err *e)");
}

static void put_types(struct buf *o, const struct block *b) {
  if (b->in.len || b->condition_count) {
    buf_fmt(o, "struct sql_" STRF "_in {\n", STRA(b->name));
    vec_each(const struct field, f, &b->in) buf_fmt(o, "  %s" STRF ";\n", c_type(f), STRA(f->name));
    for (int i = 0; i < b->condition_count; i++) buf_fmt(o, "  bool with_" STRF ";\n", STRA(b->conditions[i]));
    buf_z(o, "};\n");
  }
  if (b->kind == KIND_EXEC) return;
  buf_fmt(o, "struct sql_" STRF " {\n", STRA(b->name));
  vec_each(const struct field, f, &b->out) buf_fmt(o, "  %s" STRF ";\n", c_type(f), STRA(f->name));
  buf_z(o, "};\n");
  if (b->kind == KIND_MANY)
    buf_fmt(o, "struct sql_" STRF "_rows {\n  struct sql_" STRF " *at;\n  size_t len, cap;\n};\n", STRA(b->name),
            STRA(b->name));
}

static void put_list_header(struct buf *o, const struct block *b) {
  buf_fmt(o, "extern const struct store_list sql_" STRF ";\nenum {", STRA(b->name));
  vec_each(const struct field, f, &b->out) buf_fmt(o, " SQL_" STRF "_" STRF ",", STRA(b->name), STRA(f->name));
  buf_z(o, " };\n");
}

static void put_header(struct buf *o, const struct compiler *c) {
  buf_z(o,
        "/* Made by tools/sqlc.c from src/store/sql/. Do not edit. */\n#ifndef SQL_H\n#define SQL_H\n"
        "#include \"base/vec.h\"\n#include \"store/statement.h\"\n");
  vec_each(const struct block, b, &c->blocks) {
    buf_z(o, "\n");
    if (b->doc.len) buf_fmt(o, "/* " STRF " */\n", STRA(b->doc));
    if (b->kind == KIND_LIST) {
      put_list_header(o, b);
      continue;
    }
    put_types(o, b);
    buf_z(o, "MUST_CHECK ");
    put_signature(o, b);
    buf_z(o, ";\n");
  }
  buf_z(o, "#endif\n");
}

struct variant { /* one combination of conditions */
  struct block *block;
  unsigned mask;
  VEC(const struct field *) binds; /* in the order of $1, $2 */
};

static size_t number_of(struct compiler *c, struct variant *v, struct str name) {
  const struct field *f = find_param(v->block, name);
  for (size_t i = 0; i < v->binds.len; i++)
    if (v->binds.at[i] == f) return i + 1;
  vec_push(c->mem, &v->binds) = f;
  return v->binds.len;
}

static void put_quoted(struct buf *o, struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"' || s.at[i] == '\\') buf_byte(o, '\\');
    buf_byte(o, s.at[i]);
  }
}

static bool is_chosen(const struct piece *p, unsigned mask) {
  return (p->when.set & ~mask) == 0 && (p->when.unset & mask) == 0;
}

/* SQL as a C literal, its parameters as $1, $2. */
static void put_sql(struct compiler *c, struct buf *o, struct variant *v, struct str sql) {
  size_t i = 0, from = 0, at;
  struct str name;
  buf_byte(o, '"');
  while (next_param(sql, &i, &at, &name)) {
    put_quoted(o, str_slice(sql, from, at));
    buf_fmt(o, "$%zu", number_of(c, v, name));
    from = i;
  }
  put_quoted(o, str_from(sql, from));
  buf_z(o, " \"");
}

static void put_text(struct compiler *c, struct buf *o, struct variant *v) {
  vec_each(const struct piece, p, &v->block->pieces) {
    if (!is_chosen(p, v->mask)) continue;
    buf_z(o, "\n   ");
    put_sql(c, o, v, p->text);
  }
}

/* The description of a list: parameters are numbered as `-- in:` has them. */
static void put_list(struct buf *o, struct compiler *c, struct block *b) {
  struct variant v = {.block = b};
  vec_each(const struct field, f, &b->in) vec_push(c->mem, &v.binds) = f;
  buf_fmt(o, "static const struct store_column columns_" STRF "[] = {\n", STRA(b->name));
  for (size_t i = 0; i < b->out.len; i++) {
    const struct field *f = &b->out.at[i];
    buf_fmt(o, "  {\"" STRF "\", ", STRA(f->name));
    put_sql(c, o, &v, b->columns.at[i]);
    buf_fmt(o, ", '%c', %s},\n", "siib"[f->type], f -> nullable ? "true" : "false");
  }
  buf_fmt(o, "};\nconst struct store_list sql_" STRF " = {\"" STRF "\",\n  ", STRA(b->name), STRA(b->name));
  put_sql(c, o, &v, b->from);
  buf_z(o, ",\n  \"");
  for (size_t i = 0; i < b->in.len; i++) buf_byte(o, "siib"[b->in.at[i].type]);
  buf_fmt(o, "\", columns_" STRF ", %zu};\n", STRA(b->name), b->out.len);
}
static void put_lists(struct buf *o, struct compiler *c) {
  vec_each(struct block, b, &c->blocks)
    if (b->kind == KIND_LIST) put_list(o, c, b);
  buf_z(o, "const struct store_list *const sql_lists[] = {");
  vec_each(const struct block, b, &c->blocks)
    if (b->kind == KIND_LIST) buf_fmt(o, "&sql_" STRF ", ", STRA(b->name));
  buf_z(o, "NULL};\n");
}

static unsigned variants(const struct block *b) { return 1u << b->condition_count; }

static void put_table(struct buf *o, struct compiler *c) {
  buf_z(o, "const struct store_sql sql_statements[] = {\n");
  vec_each(struct block, b, &c->blocks) {
    b->first_index = c->statements;
    if (b->kind == KIND_LIST) continue;
    for (unsigned mask = 0; mask < variants(b); mask++) {
      struct variant v = {.block = b, .mask = mask};
      buf_fmt(o, "  {\"" STRF "\",", STRA(b->name));
      put_text(c, o, &v);
      buf_fmt(o, ",\n   %d, %zu, %zu, \"", c->statements++, v.binds.len, b->out.len);
      for (size_t i = 0; i < v.binds.len; i++) buf_byte(o, "siib"[v.binds.at[i]->type]);
      buf_fmt(o, "\", %s, %s},\n", b->writes ? "true" : "false", b->erases ? "true" : "false");
    }
  }
  buf_z(o, "  {0},\n};\nconst size_t sql_statement_count = sizeof sql_statements / sizeof sql_statements[0] - 1;\n");
}

static void put_binds(struct buf *o, struct compiler *c, struct block *b) {
  AUTO_BUF ignored = BUF_MAX(OUT_MOST);
  const bool several = b->condition_count > 0;
  if (several) buf_z(o, "  switch (variant) {\n");
  for (unsigned mask = 0; mask < variants(b); mask++) {
    struct variant v = {.block = b, .mask = mask};
    put_text(c, &ignored, &v);
    if (several) buf_fmt(o, "    case %u:\n", mask);
    for (size_t i = 0; i < v.binds.len; i++)
      buf_fmt(o, "%sbind_%s(s, %zu, in->" STRF ");\n", several ? "      " : "  ", call_type(v.binds.at[i]), i + 1,
              STRA(v.binds.at[i]->name));
    if (several) buf_z(o, "      break;\n");
  }
  if (several) buf_z(o, "    default: break;\n  }\n");
}

static void put_reader(struct buf *o, const struct block *b) {
  if (b->kind == KIND_EXEC) return;
  buf_fmt(o,
          "\nstatic void read_" STRF "(struct store_stmt *s, struct arena *mem, struct sql_" STRF
          " *out) {\n  (void)mem;\n",
          STRA(b->name), STRA(b->name));
  for (size_t i = 0; i < b->out.len; i++) {
    const struct field *f = &b->out.at[i];
    buf_fmt(o, "  out->" STRF " = column_%s(s, %zu, mem);\n", STRA(f->name), call_type(f), i);
  }
  buf_z(o, "}\n");
}

static void put_run(struct buf *o, const struct block *b) {
  if (b->kind == KIND_EXEC) {
    buf_z(o,
          "  bool row = false;\n  const bool ok = store_step(s, &row, e);\n"
          "  if (ok && out_changed) *out_changed = store_changed(s);\n  store_reset(s);\n  return ok;\n}\n");
  } else if (b->kind == KIND_ONE) {
    buf_fmt(o,
            "  bool row = false;\n  const bool ok = store_step(s, &row, e);\n  if (ok && row) read_" STRF
            "(s, mem, out);\n"
            "  store_reset(s);\n  if (!ok) return false;\n  if (out_found) *out_found = row;\n"
            "  return row || out_found || fail(e, ERR_NOT_FOUND, MSG_row_absent);\n}\n",
            STRA(b->name));
  } else {
    buf_fmt(o,
            "  bool ok = true, row = true;\n  for (size_t n = 0; n < most; n++) {\n"
            "    ok = store_step(s, &row, e);\n    if (!ok || !row) break;\n"
            "    vec_push(mem, out) = (struct sql_" STRF "){0};\n    read_" STRF
            "(s, mem, &vec_last(out));\n  }\n"
            "  store_reset(s);\n  return ok;\n}\n",
            STRA(b->name), STRA(b->name));
  }
}

static void put_function(struct buf *o, struct compiler *c, struct block *b) {
  put_reader(o, b);
  buf_z(o, "\n");
  put_signature(o, b);
  buf_z(o, " {\n");
  if (b->condition_count) buf_z(o, "  const unsigned variant = 0");
  for (int i = 0; i < b->condition_count; i++)
    buf_fmt(o, " | (in->with_" STRF " ? %uu : 0u)", STRA(b->conditions[i]), 1u << i);
  if (b->condition_count) buf_z(o, ";\n");
  buf_fmt(o, "  struct store_stmt *s = store_prepare(st, &sql_statements[%d%s], e);\n  if (!s) return false;\n",
          b->first_index, b->condition_count ? " + variant" : "");
  put_binds(o, c, b);
  put_run(o, b);
}

static const char prelude[] =
    "/* Made by tools/sqlc.c from src/store/sql/. Do not edit. */\n#include \"sql.h\"\n\n#include \"texts.h\"\n\n"
    "#define HELPER __attribute__((unused)) static\n"
    "HELPER void bind_str(struct store_stmt *s, int i, struct str v) { store_bind_str(s, i, v.at ? v : STR(\"\")); }\n"
    "HELPER void bind_blob(struct store_stmt *s, int i, struct str v) { store_bind_blob(s, i, v.at ? v : STR(\"\")); "
    "}\n"
    "HELPER void bind_int(struct store_stmt *s, int i, int64_t v) { store_bind_int(s, i, v); }\n"
    "HELPER void bind_bool(struct store_stmt *s, int i, bool v) { store_bind_int(s, i, v ? 1 : 0); }\n"
    "HELPER void bind_str_maybe(struct store_stmt *s, int i, struct str v) {\n"
    "  if (v.at) store_bind_str(s, i, v);\n  else store_bind_null(s, i);\n}\n"
    "HELPER void bind_blob_maybe(struct store_stmt *s, int i, struct str v) {\n"
    "  if (v.at) store_bind_blob(s, i, v);\n  else store_bind_null(s, i);\n}\n"
    "HELPER void bind_int_maybe(struct store_stmt *s, int i, struct store_int v) {\n"
    "  if (v.has) store_bind_int(s, i, v.n);\n  else store_bind_null(s, i);\n}\n"
    "HELPER struct str column_str(struct store_stmt *s, int i, struct arena *mem) { return store_column_str(s, i, "
    "mem); }\n"
    "HELPER struct str column_blob(struct store_stmt *s, int i, struct arena *mem) { return store_column_blob(s, i, "
    "mem); }\n"
    "HELPER int64_t column_int(struct store_stmt *s, int i, struct arena *mem) {\n"
    "  (void)mem;\n  return store_column_int(s, i);\n}\n"
    "HELPER bool column_bool(struct store_stmt *s, int i, struct arena *mem) {\n"
    "  (void)mem;\n  return store_column_int(s, i) != 0;\n}\n"
    "HELPER struct str column_str_maybe(struct store_stmt *s, int i, struct arena *mem) {\n"
    "  return store_column_null(s, i) ? (struct str){0} : store_column_str(s, i, mem);\n}\n"
    "HELPER struct str column_blob_maybe(struct store_stmt *s, int i, struct arena *mem) {\n"
    "  return store_column_null(s, i) ? (struct str){0} : store_column_blob(s, i, mem);\n}\n"
    "HELPER struct store_int column_int_maybe(struct store_stmt *s, int i, struct arena *mem) {\n"
    "  (void)mem;\n"
    "  return store_column_null(s, i) ? (struct store_int){0} : (struct store_int){true, store_column_int(s, "
    "i)};\n}\n\n";

static bool run(struct arena *mem, int argc, char **argv, struct err *e) {
  struct compiler c = {.mem = mem};
  for (int i = 3; i < argc; i++) {
    c.path = argv[i];
    const size_t first = c.blocks.len;
    TRY(read_file(&c, e));
    for (size_t k = first; k < c.blocks.len; k++) check_block(&c, &c.blocks.at[k]);
  }
  if (c.errors) exit(1);
  AUTO_BUF h = BUF_MAX(OUT_MOST);
  AUTO_BUF s = BUF_MAX(OUT_MOST);
  put_header(&h, &c);
  buf_z(&s, prelude);
  put_table(&s, &c);
  put_lists(&s, &c);
  vec_each(struct block, b, &c.blocks)
    if (b->kind != KIND_LIST) put_function(&s, &c, b);
  must(!h.broken && !s.broken);
  TRY(file_write(str_of(argv[1]), buf_view(&h), e));
  return file_write(str_of(argv[2]), buf_view(&s), e);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    (void)fprintf(stderr, "usage: sqlc OUT.h OUT.c FILE.sql...\n");
    return 2;
  }
  AUTO_ARENA mem = {0};
  struct err e = {0};
  if (run(&mem, argc, argv, &e)) return 0;
  const struct str says = err_says(&mem, LANG_EN, &e);
  (void)fprintf(stderr, "sqlc: error: " STRF "\n", STRA(says));
  return 1;
}
