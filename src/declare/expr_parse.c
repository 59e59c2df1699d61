/* Expressions: text to tree. One function for binary operators, driven by their binding (precedence climbing); the rest
 * follows the grammar line by line. Bounds: characters before the first word is read, nesting at each level that calls
 * itself, steps of a path. The first fault ends it, with the bytes it is about. */
#include "base/utf8.h"
#include "declare/expr_lex.h"
#include "texts.h"

struct parser {
  struct arena *mem;
  struct lexer lexer;
  struct token now, next; /* two words ahead tell `at:` and `not in` */
  int end;                /* of the word before `now` */
  int depth;
};

static bool read_query(struct parser *p, struct expr **out);
static bool read_expr(struct parser *p, struct expr **out);

/* ---- words ---- */

static bool advance(struct parser *p) {
  p->end = p->now.to;
  p->now = p->next;
  return expr_lex(&p->lexer, &p->next);
}
static bool is_word(const struct token *t, enum expr_word w) { return t->kind == TOKEN_WORD && t->word == w; }
static struct str source_of(const struct parser *p, const struct token *t) {
  return str_slice(p->lexer.source, (size_t)t->from, (size_t)t->to);
}

/* Refuses the word that stands here. */
static bool refuse_here(struct parser *p, int msg, const char *hole, struct str value) {
  return expr_refuse(p->lexer.fault, msg, p->now.from, p->now.to, hole, value);
}
static bool refuse_expected(struct parser *p, struct str wanted) {
  const bool at_end = p->now.kind == TOKEN_END;
  (void)refuse_here(p, at_end ? MSG_expr_expected_end : MSG_expr_expected, "wanted", wanted);
  if (!at_end) p->lexer.fault->args[p->lexer.fault->arg_count++] = (struct msg_arg){"found", source_of(p, &p->now)};
  return false;
}
static bool expect_word(struct parser *p, enum expr_word w, struct str wanted) {
  return is_word(&p->now, w) ? advance(p) : refuse_expected(p, wanted);
}
/* A name, of a field or of what is held. */
static bool expect_name(struct parser *p, struct str *out) {
  if (p->now.kind == TOKEN_WORD) return refuse_here(p, MSG_expr_reserved, "word", p->now.text);
  if (p->now.kind != TOKEN_NAME) {
    const bool at_end = p->now.kind == TOKEN_END;
    return refuse_here(p, at_end ? MSG_expr_name_end : MSG_expr_name, at_end ? "" : "found", source_of(p, &p->now));
  }
  *out = p->now.text;
  return advance(p);
}

static struct expr *node(struct parser *p, enum expr_kind kind, int from) {
  struct expr *x = arena_new(p->mem, struct expr);
  x->kind = kind;
  x->from = from;
  x->to = p->end;
  return x;
}

static bool enter(struct parser *p) {
  if (++p->depth <= EXPR_DEPTH_MAX) return true;
  return refuse_here(p, MSG_expr_deep, "limit", str_int(p->mem, EXPR_DEPTH_MAX));
}
static bool leave(struct parser *p) {
  p->depth--;
  return true;
}

/* ---- values, calls, paths ---- */

/* Behind `(`: queries up to `)`, which is taken. With a call `at:` may end them. */
static bool read_list(struct parser *p, struct expr *into, bool is_call, int open) {
  while (p->now.kind != TOKEN_CLOSE) {
    if (into->args.len || into->b) {
      if (p->now.kind == TOKEN_END) return expr_refuse(p->lexer.fault, MSG_expr_bracket, open, open + 1, "", STR(""));
      if (p->now.kind != TOKEN_COMMA || into->b) return refuse_expected(p, into->b ? STR(")") : STR(", )"));
      TRY(advance(p));
    }
    if (is_call && p->now.kind == TOKEN_NAME && p->next.kind == TOKEN_COLON) {
      if (!str_eqz(p->now.text, "at")) return refuse_here(p, MSG_expr_named, "name", p->now.text);
      TRY(advance(p) && advance(p) && read_query(p, &into->b));
    } else {
      struct expr *x;
      TRY(read_query(p, &x));
      vec_push(p->mem, &into->args) = x;
    }
    if (p->now.kind == TOKEN_END) return expr_refuse(p->lexer.fault, MSG_expr_bracket, open, open + 1, "", STR(""));
  }
  return advance(p);
}

/* `(args)` behind a name, if it stands there. */
static bool read_call(struct parser *p, struct expr *x) {
  if (p->now.kind != TOKEN_OPEN) return true;
  const int open = p->now.from;
  x->kind = EXPR_CALL;
  TRY(enter(p) && advance(p));
  if (p->now.kind == TOKEN_END) return expr_refuse(p->lexer.fault, MSG_expr_bracket, open, open + 1, "", STR(""));
  TRY(read_list(p, x, true, open) && leave(p));
  x->to = p->end;
  return true;
}

/* (x) is x with its brackets in its place; (a, b) and () are sets. */
static bool read_brackets(struct parser *p, struct expr **out) {
  const int from = p->now.from;
  TRY(enter(p) && advance(p));
  struct expr *set = node(p, EXPR_SET, from);
  if (p->now.kind == TOKEN_END) return expr_refuse(p->lexer.fault, MSG_expr_bracket, from, from + 1, "", STR(""));
  TRY(read_list(p, set, false, from) && leave(p));
  *out = set->args.len == 1 ? set->args.at[0] : set;
  (*out)->from = from;
  (*out)->to = p->end;
  return true;
}

static bool read_literal(struct parser *p, enum expr_kind kind, struct expr **out) {
  const struct token t = p->now;
  TRY(advance(p));
  struct expr *x = node(p, kind, t.from);
  x->text = kind == EXPR_TEXT || kind == EXPR_NAME ? t.text : (struct str){0};
  x->number = t.number;
  x->unit = t.unit;
  x->date = t.date;
  *out = x;
  return true;
}
static bool read_code(struct parser *p, struct expr **out) {
  const int from = p->now.from;
  struct str text;
  TRY(advance(p) && expect_name(p, &text));
  *out = node(p, EXPR_CODE, from);
  (*out)->text = text;
  return true;
}
static bool read_word_value(struct parser *p, struct expr **out) {
  if (is_word(&p->now, WORD_yes)) return read_literal(p, EXPR_YES, out);
  if (is_word(&p->now, WORD_no)) return read_literal(p, EXPR_NO, out);
  if (is_word(&p->now, WORD_none)) return read_literal(p, EXPR_NONE, out);
  if (is_word(&p->now, WORD_if) || is_word(&p->now, WORD_not))
    return refuse_here(p, MSG_expr_wrap, "word", p->now.text);
  return refuse_here(p, MSG_expr_value, "found", p->now.text);
}

static bool read_prim(struct parser *p, struct expr **out) {
  switch (p->now.kind) {
    case TOKEN_NUMBER: return read_literal(p, EXPR_NUMBER, out);
    case TOKEN_TEXT: return read_literal(p, EXPR_TEXT, out);
    case TOKEN_DATE: return read_literal(p, EXPR_DATE, out);
    case TOKEN_DOT: return read_code(p, out);
    case TOKEN_OPEN: return read_brackets(p, out);
    case TOKEN_WORD: return read_word_value(p, out);
    case TOKEN_NAME: return read_literal(p, EXPR_NAME, out) && read_call(p, *out);
    case TOKEN_END: return refuse_here(p, MSG_expr_value_end, "", STR(""));
    default: return refuse_here(p, MSG_expr_value, "found", source_of(p, &p->now));
  }
}

static int steps_of(const struct expr *x) {
  int n = 0;
  for (; x->a && (x->kind == EXPR_PATH || x->kind == EXPR_CALL); x = x->a) n++;
  return n;
}
static bool read_post(struct parser *p, struct expr **out) {
  const int from = p->now.from;
  const bool is_digits = p->now.kind == TOKEN_NUMBER || p->now.kind == TOKEN_DATE; /* (5 元).x, not 5 元.x */
  TRY(read_prim(p, out));
  while (p->now.kind == TOKEN_DOT && !is_digits) {
    if (steps_of(*out) == EXPR_PATH_MAX)
      return expr_refuse(p->lexer.fault, MSG_expr_path, from, p->next.to, "limit", str_int(p->mem, EXPR_PATH_MAX));
    struct str name;
    TRY(advance(p) && expect_name(p, &name));
    struct expr *x = node(p, EXPR_PATH, from);
    x->a = *out;
    x->text = name;
    TRY(read_call(p, x));
    *out = x;
  }
  return true;
}

static bool read_unary(struct parser *p, struct expr **out) {
  if (p->now.kind != TOKEN_MINUS) return read_post(p, out);
  const int from = p->now.from;
  struct expr *a;
  TRY(enter(p) && advance(p) && read_unary(p, &a) && leave(p));
  *out = node(p, EXPR_MINUS, from);
  (*out)->a = a;
  return true;
}

/* ---- operators ---- */

enum binding { BIND_NOTHING, BIND_OR, BIND_AND, BIND_COMPARE, BIND_SUM, BIND_TERM };
struct operator{
  enum binding binding;
  enum expr_op op;
};
static struct operator word_operator(const struct parser *p) {
  switch (p->now.word) {
    case WORD_or: return (struct operator){BIND_OR, OP_OR};
    case WORD_and: return (struct operator){BIND_AND, OP_AND};
    case WORD_div: return (struct operator){BIND_TERM, OP_INT_DIV};
    case WORD_mod: return (struct operator){BIND_TERM, OP_MOD};
    case WORD_in: return (struct operator){BIND_COMPARE, OP_IN};
    case WORD_is: return (struct operator){BIND_COMPARE, OP_EQ}; /* its right side is read by read_is */
    case WORD_not: return (struct operator){is_word(&p->next, WORD_in) ? BIND_COMPARE : BIND_NOTHING, OP_NOT_IN};
    default: return (struct operator){BIND_NOTHING, OP_OR};
  }
}
static struct operator operator_here(const struct parser *p) {
  switch (p->now.kind) {
    case TOKEN_WORD: return word_operator(p);
    case TOKEN_EQ: return (struct operator){BIND_COMPARE, OP_EQ};
    case TOKEN_NE: return (struct operator){BIND_COMPARE, OP_NE};
    case TOKEN_LT: return (struct operator){BIND_COMPARE, OP_LT};
    case TOKEN_LE: return (struct operator){BIND_COMPARE, OP_LE};
    case TOKEN_GT: return (struct operator){BIND_COMPARE, OP_GT};
    case TOKEN_GE: return (struct operator){BIND_COMPARE, OP_GE};
    case TOKEN_PLUS: return (struct operator){BIND_SUM, OP_ADD};
    case TOKEN_MINUS: return (struct operator){BIND_SUM, OP_SUB};
    case TOKEN_STAR: return (struct operator){BIND_TERM, OP_MUL};
    case TOKEN_SLASH: return (struct operator){BIND_TERM, OP_DIV};
    default: return (struct operator){BIND_NOTHING, OP_OR};
  }
}

static bool read_binary(struct parser *p, enum binding binding, struct expr **out);

/* Behind a value: `is none`, `is not none`. */
static bool read_is(struct parser *p, struct expr *a, struct expr **out) {
  enum expr_kind kind = EXPR_IS_NONE;
  TRY(advance(p));
  if (is_word(&p->now, WORD_not)) {
    kind = EXPR_IS_SOME;
    TRY(advance(p));
  }
  TRY(expect_word(p, WORD_none, STR("none")));
  *out = node(p, kind, a->from);
  (*out)->a = a;
  return true;
}

/* The operands of `and` and `or`: `not` binds more strongly than these and less than comparison. */
static bool read_not(struct parser *p, struct expr **out) {
  if (!is_word(&p->now, WORD_not)) return read_binary(p, BIND_COMPARE, out);
  const int from = p->now.from;
  struct expr *a;
  TRY(enter(p) && advance(p) && read_not(p, &a) && leave(p));
  *out = node(p, EXPR_NOT, from);
  (*out)->a = a;
  return true;
}

/* What stands on either side of an operator of this binding: whatever binds more strongly. */
static bool read_operand(struct parser *p, enum binding b, struct expr **out) {
  if (b == BIND_AND) return read_not(p, out);
  return b == BIND_TERM ? read_unary(p, out) : read_binary(p, (enum binding)(b + 1), out);
}

static bool read_binary(struct parser *p, enum binding binding, struct expr **out) {
  TRY(read_operand(p, binding, out));
  for (;;) {
    const struct operator o = operator_here(p);
    if (o.binding != binding) return true;
    struct expr *a = *out, *b;
    if (binding == BIND_COMPARE && is_word(&p->now, WORD_is)) {
      TRY(read_is(p, a, out));
    } else {
      if (o.op == OP_NOT_IN) TRY(advance(p));
      TRY(advance(p) && read_operand(p, binding, &b));
      *out = node(p, EXPR_BOTH, a->from);
      (*out)->op = o.op;
      (*out)->a = a;
      (*out)->b = b;
    }
    if (binding == BIND_COMPARE && operator_here(p).binding == BIND_COMPARE)
      return refuse_here(p, MSG_expr_chain, "", STR(""));
  }
}

static bool read_if(struct parser *p, struct expr **out) {
  const int from = p->now.from;
  struct expr *a, *b, *c;
  TRY(enter(p) && advance(p) && read_expr(p, &a) && expect_word(p, WORD_then, STR("then")));
  TRY(read_expr(p, &b) && expect_word(p, WORD_else, STR("else")) && read_expr(p, &c) && leave(p));
  *out = node(p, EXPR_IF, from);
  (*out)->a = a;
  (*out)->b = b;
  (*out)->c = c;
  return true;
}
static bool read_expr(struct parser *p, struct expr **out) {
  return is_word(&p->now, WORD_if) ? read_if(p, out) : read_binary(p, BIND_OR, out);
}

/* ---- queries ---- */

static bool read_each(struct parser *p, struct expr *a, struct expr **out) {
  struct str name;
  struct expr *b;
  TRY(enter(p) && advance(p) && expect_name(p, &name) && expect_word(p, WORD_in, STR("in")));
  TRY(read_query(p, &b) && leave(p));
  *out = node(p, EXPR_EACH, a->from);
  (*out)->a = a;
  (*out)->text = name;
  (*out)->b = b;
  return true;
}
static bool read_query(struct parser *p, struct expr **out) {
  struct expr *a, *where = NULL, *by = NULL;
  struct str name = {0};
  TRY(read_expr(p, &a));
  if (is_word(&p->now, WORD_for)) return read_each(p, a, out);
  if (is_word(&p->now, WORD_as)) TRY(advance(p) && expect_name(p, &name));
  if (is_word(&p->now, WORD_where)) TRY(advance(p) && read_expr(p, &where));
  if (is_word(&p->now, WORD_by)) TRY(advance(p) && read_expr(p, &by));
  *out = a;
  if (!name.len && !where && !by) return true;
  *out = node(p, EXPR_QUERY, a->from);
  (*out)->a = a;
  (*out)->text = name;
  (*out)->b = where;
  (*out)->c = by;
  return true;
}

/* ---- the whole ---- */

static bool check_source(struct arena *mem, struct str s, struct expr_fault *f) {
  const size_t valid = utf8_valid_len(s);
  if (valid < s.len) return expr_refuse(f, MSG_expr_utf8, (int)valid, (int)valid + 1, "", STR(""));
  if (s.len <= EXPR_LENGTH_MAX || utf8_count(s) <= EXPR_LENGTH_MAX) return true;
  return expr_refuse(f, MSG_expr_long, 0, (int)s.len, "limit", str_int(mem, EXPR_LENGTH_MAX));
}

bool expr_parse(struct arena *mem, struct str source, struct expr **out, struct expr_fault *fault) {
  if (source.len > INT32_MAX) source.len = INT32_MAX;
  TRY(check_source(mem, source, fault));
  struct parser p = {.mem = mem, .lexer = {.source = source, .fault = fault}};
  TRY(advance(&p) && advance(&p));
  p.end = 0;
  if (p.now.kind == TOKEN_END) return expr_refuse(fault, MSG_expr_empty, 0, (int)source.len, "", STR(""));
  struct expr *x;
  TRY(read_query(&p, &x));
  if (p.now.kind != TOKEN_END) return refuse_here(&p, MSG_expr_more, "found", source_of(&p, &p.now));
  *out = x;
  return true;
}
