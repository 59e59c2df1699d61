/* Reading of a level: a share of the time given, an amount before or behind the end, the end itself. The check of packages and
 * the clocks that run read it here. */
#include "declare/level.h"

#include "base/must.h"

enum { LEVEL_AMOUNT_MOST = 1000000 };

static bool read_share(struct str s, struct level *out) {
  struct str above, below;
  int64_t part, of;
  if (!str_cut(s, STR("/"), &above, &below) || !str_to_int(above, &part) || !str_to_int(below, &of)) return false;
  if (part <= 0 || part >= of || of > 100) return false;
  *out = (struct level){.side = LEVEL_SHARE, .part = (int)part, .of = (int)of};
  return true;
}
bool level_parse(struct str s, struct level *out) {
  struct duration by;
  if (str_eqz(s, "due")) {
    *out = (struct level){.side = LEVEL_DUE};
    return true;
  }
  if (read_share(s, out)) return true;
  const char sign = s.len ? s.at[0] : 0;
  if ((sign != '+' && sign != '-') || !duration_parse(str_from(s, 1), &by)) return false;
  if (by.n < 0 || by.n > LEVEL_AMOUNT_MOST) return false;
  *out = (struct level){.side = sign == '+' ? LEVEL_BEHIND : LEVEL_BEFORE, .by = by};
  return true;
}
