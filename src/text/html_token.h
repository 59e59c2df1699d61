/* HTML tokens with their places: one tag, comment or stretch of text at a time. Private to text/. */
#ifndef TEXT_HTML_TOKEN_H
#define TEXT_HTML_TOKEN_H
#include "base/str.h"

enum { TAG_NAME_MAX = 15 };
enum html_kind { HTML_TEXT, HTML_OPEN, HTML_CLOSE, HTML_OTHER /* comment, doctype, instruction */, HTML_END };
struct html_token {
  enum html_kind kind;
  size_t at, end;
  char name[TAG_NAME_MAX + 1]; /* lower case, cut; empty but for tags */
};
struct html_tokens {
  struct str in;
  size_t at, last_quote[2]; /* behind these no " and ' comes any more */
};
struct html_tokens html_tokens_of(struct str in);
struct html_token html_next(struct html_tokens *t);
/* Place of `</name` at or behind `from`, in.len when there is none. */
size_t html_find_close(struct str in, size_t from, const char *name);
/* Value of a numeric attribute of a tag, 1 when absent. */
unsigned html_number(struct str tag, const char *attribute);
/* Decodes the entity at s[i] ('&') to out (8 bytes); returns its length in the file, 0 when it is none. */
size_t html_entity(struct str s, size_t i, char out[8], size_t *out_len);
#endif
