/* Words of an expression: what expr_lex.c gives to expr_parse.c. Private to them. */
#ifndef DECLARE_EXPR_LEX_H
#define DECLARE_EXPR_LEX_H
#include "declare/expr.h"

/* Reserved words: their tokens are TOKEN_WORD + place in this list. */
#define EXPR_WORDS(X) \
  X(and) X(as) X(by) X(div) X(else) X(for) X(if) X(in) X(is) X(mod) X(no) X(none) X(not) X(or) X(then) X(where) X(yes)
enum expr_word {
#define X(word) WORD_##word,
  EXPR_WORDS(X)
#undef X
      WORD_COUNT
};
enum token_kind {
  TOKEN_END,
  TOKEN_NUMBER, /* with its unit */
  TOKEN_TEXT,
  TOKEN_DATE,
  TOKEN_NAME,
  TOKEN_WORD, /* reserved */
  TOKEN_DOT,
  TOKEN_COMMA,
  TOKEN_COLON,
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_EQ,
  TOKEN_NE,
  TOKEN_LT,
  TOKEN_LE,
  TOKEN_GT,
  TOKEN_GE,
  TOKEN_PLUS,
  TOKEN_MINUS,
  TOKEN_STAR,
  TOKEN_SLASH
};
struct token {
  enum token_kind kind;
  enum expr_word word;
  int from, to;
  struct str text, unit; /* name, word, text without quotes; unit of a number, empty = none */
  struct dec number;
  struct date date;
};
struct lexer {
  struct str source; /* valid UTF-8, at most EXPR_LENGTH_MAX characters */
  size_t at;
  struct expr_fault *fault;
};
/* The next token; at the end TOKEN_END again and again. False: *l->fault. */
MUST_CHECK bool expr_lex(struct lexer *l, struct token *out);
/* Sets the fault and returns false; hole "" = the message has none. */
bool expr_refuse(struct expr_fault *f, int msg, int from, int to, const char *hole, struct str value);
#endif
