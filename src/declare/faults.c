/* Collects what is wrong and tells it. A Han character takes two columns of a terminal, so the caret counts them twice. */
#include "declare/faults.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "texts.h"

static const struct {
  const char *word, *key;
  enum fault_level level;
  int msg;
} codes[] = {
#define X(code, lower, level) {#code, "declare_" #lower "_hint", FAULT_##level, MSG_declare_##lower},
    FAULT_CODES(X)
#undef X
};
const char *fault_word(enum fault_code code) { return codes[code].word; }
enum fault_level fault_level(enum fault_code code) { return codes[code].level; }
int fault_sentence(enum fault_code code) { return codes[code].msg; }
int fault_hint(enum fault_code code) { return msg_find(str_of(codes[code].key)); }

struct fault *faults_add(struct faults *f, enum fault_code code, struct place at) {
  f->spare = (struct fault){.code = code};
  if (!at.line) return &f->spare;
  if (codes[code].level == FAULT_ERROR) f->errors++;
  else f->warnings++;
  struct fault *x = &f->spare;
  if (f->all.len < FAULTS_MAX) x = &vec_push(f->mem, &f->all);
  else f->left_out++;
  *x = (struct fault){.code = code, .file = f->file, .text = f->text, .at = at, .msg = codes[code].msg};
  x->hint = fault_hint(code);
  return x;
}
struct fault *fault_arg(struct fault *x, const char *hole, struct str value) {
  if (x->arg_count < FAULT_ARGS) x->args[x->arg_count++] = (struct msg_arg){hole, value};
  return x;
}

static int by_place(const void *a, const void *b) {
  const struct fault *x = a, *y = b;
  const int file = str_cmp(x->file, y->file);
  if (file) return file;
  if (x->at.line != y->at.line) return x->at.line < y->at.line ? -1 : 1;
  if (x->at.column != y->at.column) return x->at.column < y->at.column ? -1 : 1;
  return (x->code > y->code) - (x->code < y->code);
}
static bool is_same(const struct fault *x, const struct fault *y) {
  bool same = x->code == y->code && x->msg == y->msg && x->arg_count == y->arg_count && !by_place(x, y);
  for (size_t i = 0; same && i < x->arg_count; i++) same = str_eq(x->args[i].value, y->args[i].value);
  return same;
}
void faults_sort(struct faults *f) {
  if (!f->all.len) return;
  qsort(f->all.at, f->all.len, sizeof *f->all.at, by_place);
  size_t kept = 1;
  for (size_t i = 1; i < f->all.len; i++) {
    if (!is_same(&f->all.at[kept - 1], &f->all.at[i])) f->all.at[kept++] = f->all.at[i];
    else if (codes[f->all.at[i].code].level == FAULT_ERROR) f->errors--;
    else f->warnings--;
  }
  f->all.len = kept;
}

/* A sentence of a fault; the hole {kind} is a word of the same language. */
static struct str says(const struct faults *f, enum lang lang, const struct fault *x, int msg) {
  struct msg_arg args[FAULT_ARGS + 1];
  size_t n = x->arg_count;
  memcpy(args, x->args, n * sizeof *args);
  if (x->kind) args[n++] = (struct msg_arg){"kind", msg_template(lang, x->kind)};
  return msg_text(f->mem, lang, msg, args, n);
}

/* ---- for a terminal ---- */

static struct str line_of(struct str text, int line) {
  struct str head = {0};
  for (int i = 0; i < line; i++)
    if (!str_cut(text, STR("\n"), &head, &text)) {
      head = text;
      text = (struct str){0};
    }
  return head;
}
static void put_n(struct buf *out, char c, int n) {
  for (int i = 0; i < n; i++) buf_byte(out, c);
}
enum { SHOWN_MOST = 240, GUTTER = 7 };
static void put_caret(const struct fault *x, struct str line, struct buf *out) {
  int column = 1, before = 0, width = 0;
  for (size_t i = 0; i < line.len && column < x->at.column + (x->at.width ? x->at.width : 1);) {
    const int cells = utf8_next(line, &i) >= 0x2E80 ? 2 : 1;
    if (column++ < x->at.column) before += cells;
    else width += cells;
  }
  put_n(out, ' ', GUTTER);
  buf_z(out, " | ");
  put_n(out, ' ', before);
  buf_byte(out, '^');
  put_n(out, '~', width - 1);
  buf_byte(out, '\n');
}
static void put_line(const struct fault *x, struct buf *out) {
  const struct str line = line_of(x->text, x->at.line);
  if (!line.len || !utf8_valid(line) || utf8_count(line) > SHOWN_MOST) return;
  buf_fmt(out, "%*d | " STRF "\n", GUTTER, x->at.line, STRA(line));
  put_caret(x, line, out);
}
void faults_print(const struct faults *f, enum lang lang, struct buf *out) {
  vec_each(const struct fault, x, &f->all) {
    buf_fmt(out, STRF ":%d:%d: %s: ", STRA(x->file), x->at.line, x->at.column, fault_word(x->code));
    buf_str(out, says(f, lang, x, x->msg));
    buf_byte(out, '\n');
    put_line(x, out);
    if (!x->hint) continue;
    buf_z(out, "  hint: ");
    buf_str(out, says(f, lang, x, x->hint));
    buf_byte(out, '\n');
  }
}

void faults_json(const struct faults *f, enum lang lang, struct json_out *j) {
  vec_each(const struct fault, x, &f->all) {
    json_open(j, NULL, '{');
    json_z(j, "code", fault_word(x->code));
    json_z(j, "level", fault_level(x->code) == FAULT_ERROR ? "error" : "warning");
    json_str(j, "file", x->file);
    json_int(j, "line", x->at.line);
    json_int(j, "column", x->at.column);
    json_int(j, "width", x->at.width);
    json_str(j, "says", says(f, lang, x, x->msg));
    json_str_or_null(j, "hint", x->hint ? says(f, lang, x, x->hint) : (struct str){0});
    json_close(j, '}');
  }
}

/* ---- nearest name ---- */

enum { NEAR_MOST = 32 };
static int least(int a, int b) { return a < b ? a : b; }
/* Optimal string alignment distance by three rows. */
static int distance(struct str a, struct str b) {
  int rows[3][NEAR_MOST + 1] = {0};
  for (int j = 0; j <= (int)b.len; j++) rows[0][j] = j;
  for (int i = 1; i <= (int)a.len; i++) {
    int *now = rows[i % 3];
    const int *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
    now[0] = i;
    for (int j = 1; j <= (int)b.len; j++) {
      const bool same = a.at[i - 1] == b.at[j - 1];
      now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same);
      const bool swapped = i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
      if (swapped) now[j] = least(now[j], before[j - 2] + 1);
    }
  }
  return rows[a.len % 3][b.len];
}
void nearest_offer(struct nearest *n, struct str name) {
  if (n->wanted.len > NEAR_MOST || name.len > NEAR_MOST) return;
  const int d = distance(n->wanted, name);
  if (d >= n->distance || d * 2 > (int)n->wanted.len) return;
  n->distance = d;
  n->best = name;
}
