/* Filling the holes of a text. Templates and keys come from the generated tables (tools/textc.c). */
#include "base/msg.h"

static const struct msg_arg *find_arg(const struct msg_arg *args, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(name, args[i].name)) return &args[i];
  return NULL;
}

struct str msg_text(struct arena *a, enum lang lang, int msg, const struct msg_arg *args, size_t n) {
  struct str rest = msg_template(lang, msg), out = {0}, head, tail, name, after;
  while (str_cut(rest, STR("{"), &head, &tail) && str_cut(tail, STR("}"), &name, &after)) {
    const struct msg_arg *arg = find_arg(args, n, name);
    out = str_join(a, out, head);
    out = str_join(a, out, arg ? arg->value : str_join(a, str_join(a, STR("{"), name), STR("}")));
    rest = after;
  }
  return out.len ? str_join(a, out, rest) : rest;
}
