/* One shape for what goes wrong: bool result, `struct err *` last, result must be used.
 *
 * An err is made for two readers: a code for programs (tests, HTTP status, exit status) and a message with
 * holes, place and hint for people. `e` is never NULL; the first error wins; library code never logs and never
 * exits, the border (web, cli) does. Codes and their HTTP status are those of the API (docs/api). */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include <stdbool.h>

#include "base/msg.h"
#include "base/must.h"
#include "base/str.h"

#define OUTCOMES(X)                  \
  X(BAD_REQUEST, 400, "bad_request") \
  X(SIGN_IN, 401, "sign_in")         \
  X(FORBIDDEN, 403, "forbidden")     \
  X(TWO_KEYS, 403, "two_keys")       \
  X(NEVER, 403, "never")             \
  X(NOT_FOUND, 404, "not_found")     \
  X(GUARD, 409, "guard")             \
  X(CONFLICT, 409, "conflict")       \
  X(DUPLICATE, 409, "duplicate")     \
  X(EXCLUSIVE, 409, "exclusive")     \
  X(FROZEN, 409, "frozen")           \
  X(KEY_REUSED, 409, "key_reused")   \
  X(CONFIRM, 409, "confirm")         \
  X(TOO_LARGE, 413, "too_large")     \
  X(INVALID, 422, "invalid")         \
  X(TOO_SMALL, 422, "too_small")     \
  X(TOO_MANY, 429, "too_many")       \
  X(BUG, 500, "bug")                 \
  X(BUSY, 503, "busy")               \
  X(STORE, 503, "store")

enum err_code {
  ERR_NONE,
#define X(name, http, word) ERR_##name,
  OUTCOMES(X)
#undef X
      ERR_COUNT
  };

enum { ERR_ARGS = 4, ERR_VALUES = 480 };

struct err {
  enum err_code code;
  int msg, hint;     /* message ids; 0 = none */
  struct str file;   /* the person's document, borrowed by the caller's choice; may be empty */
  int line, column;  /* in it, from 1; 0 = unknown */
  const char *where; /* in ours: "engine/plan/structure.c:88" */
  int arg_count;
  struct msg_arg args[ERR_ARGS]; /* values point into `values` */
  int why, why_count;            /* a message inside the message, for its hole {why}; 0 = none */
  struct msg_arg why_args[ERR_ARGS];
  size_t values_used;
  char values[ERR_VALUES];
};

int err_http(enum err_code code);
const char *err_word(enum err_code code); /* "not_found" */

/* Sets the error if none is set yet; returns false always. Pairs of (const char *hole, struct str value) end
 * with NULL; values are copied (cut at a character border when they are too long). Used through fail(). */
bool err_set(struct err *e, enum err_code code, int msg, const char *where, ...);
/* fail(e, ERR_TOO_LARGE, MSG_file_too_large, "limit", STR("16 MB")) */
#define fail(e, code, msg, ...) \
  err_set((e), (code), (int)(msg), __FILE__ ":" MUST_LINE(__LINE__), ##__VA_ARGS__, (const char *)0)
/* What stands for {why} in the message of the error that is already set: in the language in which it will be said. Returns false; at
 * most ERR_ARGS args. */
bool err_because(struct err *e, int msg, const struct msg_arg *args, size_t count);
/* Adds a hint or a place to the error that is already set; returns false. */
bool err_hint(struct err *e, int msg);
bool err_at(struct err *e, struct str file, int line, int column);
/* The field of a form that a refusal (invalid, duplicate, exclusive, confirm) is about: its first hole, when that is called "name"; else empty. Borrowed. */
struct str err_field(const struct err *e);
/* The message for a person, holes filled. New, in a. */
struct str err_says(struct arena *a, enum lang lang, const struct err *e);
struct str err_hint_says(struct arena *a, enum lang lang, const struct err *e);

#define TRY(call)              \
  do {                         \
    if (!(call)) return false; \
  } while (0)
#endif
