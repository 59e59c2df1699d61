/* Expressions: tree to text, the one way to write it. Brackets stand where the tree would be read otherwise: each kind of
 * node has a level, each place says which level it takes without brackets. */
#include "base/buf.h"
#include "declare/expr.h"

enum level {
  LEVEL_QUERY,
  LEVEL_EXPR,
  LEVEL_OR,
  LEVEL_AND,
  LEVEL_NOT,
  LEVEL_COMPARE,
  LEVEL_SUM,
  LEVEL_TERM,
  LEVEL_UNARY,
  LEVEL_POST
};
static const struct {
  const char *sign;
  enum level level;
} operators[] = {[OP_OR] = {" or ", LEVEL_OR},         [OP_AND] = {" and ", LEVEL_AND},
                 [OP_EQ] = {" = ", LEVEL_COMPARE},     [OP_NE] = {" != ", LEVEL_COMPARE},
                 [OP_LT] = {" < ", LEVEL_COMPARE},     [OP_LE] = {" <= ", LEVEL_COMPARE},
                 [OP_GT] = {" > ", LEVEL_COMPARE},     [OP_GE] = {" >= ", LEVEL_COMPARE},
                 [OP_IN] = {" in ", LEVEL_COMPARE},    [OP_NOT_IN] = {" not in ", LEVEL_COMPARE},
                 [OP_ADD] = {" + ", LEVEL_SUM},        [OP_SUB] = {" - ", LEVEL_SUM},
                 [OP_MUL] = {" * ", LEVEL_TERM},       [OP_DIV] = {" / ", LEVEL_TERM},
                 [OP_INT_DIV] = {" div ", LEVEL_TERM}, [OP_MOD] = {" mod ", LEVEL_TERM}};

struct writer {
  struct arena *mem;
  struct buf out;
};
static void write_at(struct writer *w, const struct expr *x, enum level least);

static enum level level_of(const struct expr *x) {
  switch (x->kind) {
    case EXPR_QUERY:
    case EXPR_EACH: return LEVEL_QUERY;
    case EXPR_IF: return LEVEL_EXPR;
    case EXPR_BOTH: return operators[x->op].level;
    case EXPR_NOT: return LEVEL_NOT;
    case EXPR_IS_NONE:
    case EXPR_IS_SOME: return LEVEL_COMPARE;
    case EXPR_MINUS:
    case EXPR_NUMBER:
    case EXPR_DATE: return LEVEL_UNARY; /* a point behind digits would belong to them */
    default: return LEVEL_POST;
  }
}

static void write_both(struct writer *w, const struct expr *x) {
  const enum level own = operators[x->op].level; /* comparisons do not chain; the others lean to the left */
  write_at(w, x->a, own == LEVEL_COMPARE ? own + 1 : own);
  buf_z(&w->out, operators[x->op].sign);
  write_at(w, x->b, own + 1);
}
static void write_number(struct writer *w, const struct expr *x) {
  buf_str(&w->out, dec_text(w->mem, x->number));
  if (x->unit.len && !str_eqz(x->unit, "%")) buf_byte(&w->out, ' ');
  buf_str(&w->out, x->unit);
}
static void write_text(struct writer *w, struct str s) {
  const char quote = str_find(s, STR("'")) == STR_NONE ? '\'' : '"';
  buf_byte(&w->out, quote);
  buf_str(&w->out, s);
  buf_byte(&w->out, quote);
}
static void write_list(struct writer *w, const struct expr *x) {
  buf_byte(&w->out, '(');
  for (size_t i = 0; i < x->args.len; i++) {
    if (i) buf_z(&w->out, ", ");
    write_at(w, x->args.at[i], LEVEL_QUERY);
  }
  if (x->kind == EXPR_CALL && x->b) {
    buf_z(&w->out, x->args.len ? ", at: " : "at: ");
    write_at(w, x->b, LEVEL_QUERY);
  }
  buf_byte(&w->out, ')');
}
static void write_path(struct writer *w, const struct expr *x) {
  if (x->a) {
    write_at(w, x->a, LEVEL_POST);
    buf_byte(&w->out, '.');
  }
  buf_str(&w->out, x->text);
  if (x->kind == EXPR_CALL) write_list(w, x);
}
/* word x */
static void write_part(struct writer *w, const char *word, const struct expr *x, enum level least) {
  if (!x) return;
  buf_z(&w->out, word);
  write_at(w, x, least);
}
static void write_query(struct writer *w, const struct expr *x) {
  write_at(w, x->a, LEVEL_EXPR);
  if (x->text.len) {
    buf_z(&w->out, x->kind == EXPR_EACH ? " for " : " as ");
    buf_str(&w->out, x->text);
  }
  const bool is_each = x->kind == EXPR_EACH;
  write_part(w, is_each ? " in " : " where ", x->b, is_each ? LEVEL_QUERY : LEVEL_EXPR);
  write_part(w, " by ", x->c, LEVEL_EXPR);
}

static void write_one(struct writer *w, const struct expr *x) {
  switch (x->kind) {
    case EXPR_NUMBER: write_number(w, x); return;
    case EXPR_TEXT: write_text(w, x->text); return;
    case EXPR_DATE: buf_str(&w->out, date_iso(w->mem, x->date)); return;
    case EXPR_CODE:
      buf_byte(&w->out, '.');
      buf_str(&w->out, x->text);
      return;
    case EXPR_YES: buf_z(&w->out, "yes"); return;
    case EXPR_NO: buf_z(&w->out, "no"); return;
    case EXPR_NONE: buf_z(&w->out, "none"); return;
    case EXPR_NAME:
    case EXPR_PATH:
    case EXPR_CALL: write_path(w, x); return;
    case EXPR_SET: write_list(w, x); return;
    case EXPR_MINUS: write_part(w, "-", x->a, LEVEL_UNARY); return;
    case EXPR_NOT: write_part(w, "not ", x->a, LEVEL_NOT); return;
    case EXPR_BOTH: write_both(w, x); return;
    case EXPR_IS_NONE:
    case EXPR_IS_SOME:
      write_at(w, x->a, LEVEL_SUM);
      buf_z(&w->out, x->kind == EXPR_IS_NONE ? " is none" : " is not none");
      return;
    case EXPR_IF:
      write_part(w, "if ", x->a, LEVEL_EXPR);
      write_part(w, " then ", x->b, LEVEL_EXPR);
      write_part(w, " else ", x->c, LEVEL_EXPR);
      return;
    case EXPR_QUERY:
    case EXPR_EACH: write_query(w, x); return;
  }
}
static void write_at(struct writer *w, const struct expr *x, enum level least) {
  const bool in_brackets = level_of(x) < least;
  if (in_brackets) buf_byte(&w->out, '(');
  write_one(w, x);
  if (in_brackets) buf_byte(&w->out, ')');
}

struct str expr_text(struct arena *mem, const struct expr *x) {
  struct writer w = {mem, BUF_MAX((size_t)EXPR_LENGTH_MAX * 16)};
  write_at(&w, x, LEVEL_QUERY);
  const struct str out = str_dup(mem, buf_view(&w.out));
  buf_drop(&w.out);
  return out;
}
