/* JSON out: a streaming writer on a buf, for replies of any size. JSON in: jansson, made strict. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <jansson.h>

#include "base/buf.h"
#include "base/dec.h"
#include "base/err.h"

enum { JSON_DEPTH = 32 };
struct json_out {
  struct buf *to;
  int depth;
  bool pretty;          /* two blanks a level, one element a line */
  bool has[JSON_DEPTH]; /* something stands in the open level already */
};
/* Keys are given as NULL inside an array and at the top. Invalid UTF-8 must not be passed. */
void json_open(struct json_out *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_out *j, char bracket);                 /* '}' or ']' */
void json_str(struct json_out *j, const char *key, struct str s);
void json_str_or_null(struct json_out *j, const char *key, struct str s); /* null when s.at is NULL */
void json_z(struct json_out *j, const char *key, const char *z);
void json_int(struct json_out *j, const char *key, int64_t n);
void json_bool(struct json_out *j, const char *key, bool b);
void json_nil(struct json_out *j, const char *key);
void json_dec(struct json_out *j, const char *key, struct dec d); /* as a number, exact digits */

/* Parses with duplicate keys refused; the error has line and column. The caller owns the result (json_decref). */
MUST_CHECK bool json_parse(struct str s, json_t **out, struct err *e);
static inline void json_drop(json_t **j) { json_decref(*j); }
#define AUTO_JSON __attribute__((cleanup(json_drop))) json_t
#endif
