/* Patterns are walked part by part; the checker of declarations walks them the same way, so that no hole means two things. */
#include "declare/number.h"

#include "base/buf.h"
#include "base/vec.h"

static struct number_part hole_of(struct str inner) {
  static const struct {
    const char *word;
    enum number_part_kind kind;
  } known[] = {{"yyyy", NUMBER_YEAR}, {"mm", NUMBER_MONTH}, {"dd", NUMBER_DAY}, {"seq", NUMBER_COUNTER}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_eqz(inner, known[i].word)) return (struct number_part){known[i].kind, inner, 1};
  const bool counts = inner.len == 5 && str_starts(inner, STR("seq:")) && inner.at[4] >= '1' && inner.at[4] <= '9';
  if (counts) return (struct number_part){NUMBER_COUNTER, inner, inner.at[4] - '0'};
  return (struct number_part){NUMBER_BAD, inner, 0};
}
bool number_next(struct str pattern, size_t *at, struct number_part *out) {
  const struct str rest = str_from(pattern, *at);
  if (!rest.len) return false;
  const size_t open = str_find(rest, STR("{"));
  if (open) {
    *out = (struct number_part){NUMBER_TEXT, str_slice(rest, 0, open), 0};
    *at += out->text.len;
    return true;
  }
  const size_t close = str_find(rest, STR("}"));
  *out = close == STR_NONE ? (struct number_part){.kind = NUMBER_BAD} : hole_of(str_slice(rest, 1, close));
  *at = close == STR_NONE ? pattern.len : *at + close + 1;
  return true;
}
static struct str filled(struct arena *mem, struct str pattern, struct date day, int64_t count, bool is_series) {
  struct number_part p;
  struct str out = STR("");
  for (size_t at = 0; number_next(pattern, &at, &p);) {
    if (p.kind == NUMBER_COUNTER && is_series) return out;
    const int width = p.kind == NUMBER_YEAR ? 4 : p.kind == NUMBER_COUNTER ? p.width : 2;
    const int64_t n = p.kind == NUMBER_YEAR    ? day.year
                      : p.kind == NUMBER_MONTH ? day.month
                      : p.kind == NUMBER_DAY   ? day.day
                                               : count;
    const bool is_text = p.kind == NUMBER_TEXT || p.kind == NUMBER_BAD;
    out = str_join(mem, out, is_text ? p.text : str_fmt(mem, "%0*lld", width, (long long)n));
  }
  return out;
}
struct str number_series(struct arena *mem, struct str pattern, struct date day) {
  return filled(mem, pattern, day, 0, true);
}
struct str number_text(struct arena *mem, struct str pattern, struct date day, int64_t count) {
  return filled(mem, pattern, day, count, false);
}

/* ---- numbers that can be verified ---- */

enum { VERIFY_DIGITS = 16, VERIFY_GROUP = 4 };

/* ISO 7064:2003, 7.2 and 8.2: the remainder that the digits so far leave; a whole number leaves 1. */
static int remainder_after(int carried, char digit) {
  const int sum = (carried + digit - '0') % 10;
  return 2 * (sum ? sum : 10) % 11;
}
struct str verify_number(struct arena *mem, uint64_t chance) {
  char digits[VERIFY_DIGITS];
  struct str out = STR("");
  int carried = 10;
  for (size_t i = 0; i + 1 < VERIFY_DIGITS; i++, chance /= 10) {
    digits[i] = (char)('0' + chance % 10);
    carried = remainder_after(carried, digits[i]);
  }
  digits[VERIFY_DIGITS - 1] = (char)('0' + (11 - carried) % 10);
  for (size_t i = 0; i < VERIFY_DIGITS; i += VERIFY_GROUP)
    out = str_fmt(mem, STRF "%s%.*s", STRA(out), i ? " " : "", VERIFY_GROUP, digits + i);
  return out;
}
struct str verify_read(struct arena *mem, struct str typed) {
  char *digits = arena_take(mem, VERIFY_DIGITS);
  size_t n = 0;
  int carried = 10;
  for (size_t i = 0; i < typed.len; i++) {
    const char c = typed.at[i];
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9' || n == VERIFY_DIGITS) return STR("");
    digits[n++] = c;
    if (n < VERIFY_DIGITS) carried = remainder_after(carried, c);
  }
  const bool holds = n == VERIFY_DIGITS && (carried + digits[n - 1] - '0') % 10 == 1;
  return holds ? (struct str){digits, n} : STR("");
}
