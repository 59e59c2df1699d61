/* Filling the holes of a text. Templates and keys come from the generated tables (tools/textc.c). */
#include "base/msg.h"

static const struct msg_arg *find_arg(const struct msg_arg *args, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, args[i].name)) return &args[i];
  return NULL;
}

/* Up to the next hole, whose name it gives; *io_rest moves behind it. */
static bool next_hole(struct str *io_rest, struct str *out_head, struct str *out_name) {
  const struct str s = *io_rest;
  const char *open = s.len ? memchr(s.at, '{', s.len) : NULL;
  const char *close = open ? memchr(open, '}', s.len - (size_t)(open - s.at)) : NULL;
  if (!close) return false;
  *out_head = str_slice(s, 0, (size_t)(open - s.at));
  *out_name = (struct str){open + 1, (size_t)(close - open - 1)};
  *io_rest = str_from(s, (size_t)(close + 1 - s.at));
  return true;
}

/* What stands in the hole; the hole itself when nobody fills it. */
static struct str filling(const struct msg_arg *args, size_t n, struct str name) {
  const struct msg_arg *arg = find_arg(args, n, name);
  return arg ? arg->value : (struct str){name.at - 1, name.len + 2};
}

static char *put(char *to, struct str s) { return s.len ? (char *)memcpy(to, s.at, s.len) + s.len : to; }

/* Gone over twice: once for how long it becomes. */
struct str msg_text(struct arena *a, enum lang lang, int msg, const struct msg_arg *args, size_t n) {
  const struct str text = msg_template(lang, msg);
  struct str rest = text, head, name;
  size_t len = 0;
  while (next_hole(&rest, &head, &name)) len += head.len + filling(args, n, name).len;
  if (rest.len == text.len) return text;
  char *const out = arena_room(a, len + rest.len + 1), *to = out;
  for (rest = text; next_hole(&rest, &head, &name);) to = put(put(to, head), filling(args, n, name));
  to = put(to, rest);
  *to = 0;
  return (struct str){out, (size_t)(to - out)};
}
