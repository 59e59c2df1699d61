/* The one shape of errors. The first error wins; values are copied into the err itself (cut at a character border),
 * so that it can be kept, copied and shown after everything else is gone. */
#include "base/err.h"

#include <stdarg.h>

static const struct {
  int http;
  const char *word;
} outcomes[ERR_COUNT] = {[ERR_NONE] = {200, "none"},
#define X(name, http, word) [ERR_##name] = {http, word},
                         OUTCOMES(X)
#undef X
};

int err_http(enum err_code code) { return outcomes[code].http; }
const char *err_word(enum err_code code) { return outcomes[code].word; }

/* Line ends, control characters and marks that turn the direction of writing do not pass from a name into a message: it
 * stays one line and reads as it is written. The length stays. */
static void make_plain(char *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const unsigned char *c = (const unsigned char *)p + i;
    if (*c < 0x20 || *c == 0x7F) p[i] = '?';
    const bool turns =
        i + 2 < n && c[0] == 0xE2 &&
        ((c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE) || (c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9));
    if (turns) memcpy(p + i, "\xEF\xBF\xBD", 3);
  }
}

static struct str keep_value(struct err *e, struct str v) {
  size_t n = ERR_VALUES - e->values_used;
  if (v.len < n) n = v.len;
  while (n && n < v.len && ((unsigned char)v.at[n] & 0xC0) == 0x80) n--;
  char *p = e->values + e->values_used;
  if (n) memcpy(p, v.at, n);
  make_plain(p, n);
  e->values_used += n;
  return (struct str){p, n};
}

bool err_set(struct err *e, enum err_code code, int msg, const char *where, ...) {
  if (e->code != ERR_NONE) return false;
  e->code = code;
  e->msg = msg;
  e->where = where;
  va_list ap;
  va_start(ap, where);
  for (const char *name; (name = va_arg(ap, const char *)) != NULL;) {
    const struct str value = va_arg(ap, struct str);
    if (NEVER(e->arg_count == ERR_ARGS)) break;
    const struct msg_arg arg = {name, keep_value(e, value)};
    e->args[e->arg_count++] = arg;
  }
  va_end(ap);
  return false;
}

bool err_because(struct err *e, int msg, const struct msg_arg *args, size_t count) {
  if (e->why) return false;
  e->why = msg;
  for (size_t i = 0; i < count && !NEVER(i == ERR_ARGS); i++)
    e->why_args[e->why_count++] = (struct msg_arg){args[i].name, keep_value(e, args[i].value)};
  return false;
}

bool err_hint(struct err *e, int msg) {
  if (!e->hint) e->hint = msg;
  return false;
}

bool err_at(struct err *e, struct str file, int line, int column) {
  if (!e->line) {
    e->file = file;
    e->line = line;
    e->column = column;
  }
  return false;
}

/* An err may have been copied: the values are found anew by their order. */
static const char *fresh(const char *p, const struct msg_arg *args, int count, struct msg_arg *out) {
  for (int i = 0; i < count; i++) {
    out[i] = (struct msg_arg){args[i].name, {p, args[i].value.len}};
    p += args[i].value.len;
  }
  return p;
}
enum { ALL_ARGS = ERR_ARGS + 1 }; /* with why */
static size_t fresh_args(struct arena *a, enum lang lang, const struct err *e, struct msg_arg out[ALL_ARGS]) {
  struct msg_arg why[ERR_ARGS];
  const char *rest = fresh(e->values, e->args, e->arg_count, out);
  if (!e->why) return (size_t)e->arg_count;
  (void)fresh(rest, e->why_args, e->why_count, why);
  out[e->arg_count] = (struct msg_arg){"why", msg_text(a, lang, e->why, why, (size_t)e->why_count)};
  return (size_t)e->arg_count + 1;
}

struct str err_field(const struct err *e) {
  const bool is_of_field =
      e->code == ERR_INVALID || e->code == ERR_DUPLICATE || e->code == ERR_EXCLUSIVE || e->code == ERR_CONFIRM;
  const bool has = is_of_field && e->arg_count && !strcmp(e->args[0].name, "name");
  return has ? (struct str){e->values, e->args[0].value.len}
             : (struct str){0}; /* the first value; found anew, as above */
}
struct str err_says(struct arena *a, enum lang lang, const struct err *e) {
  struct msg_arg args[ALL_ARGS];
  const size_t n = fresh_args(a, lang, e, args);
  return msg_text(a, lang, e->msg, args, n);
}

struct str err_hint_says(struct arena *a, enum lang lang, const struct err *e) {
  struct msg_arg args[ALL_ARGS];
  const size_t n = fresh_args(a, lang, e, args);
  return e->hint ? msg_text(a, lang, e->hint, args, n) : (struct str){0};
}
