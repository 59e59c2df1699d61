/* Durations: one table of units with families; arithmetic within a family in its smallest unit. */
#include "declare/duration.h"

#include "base/must.h"

static const struct {
  struct str word;
  enum duration_family family;
  int64_t parts;
} table[DURATION_UNIT_COUNT] = {
#define X(word, family, n) {STR_INIT(#word), DURATION_##family, n},
    DURATION_UNITS(X)
#undef X
};
static const int64_t MOST = 999999999999999999;

bool duration_unit_of(struct str word, enum duration_unit *out) {
  for (size_t i = 0; i < DURATION_UNIT_COUNT; i++)
    if (str_eq(word, table[i].word)) {
      *out = (enum duration_unit)i;
      return true;
    }
  return false;
}
enum duration_family duration_family(enum duration_unit u) { return table[u].family; }

bool duration_parse(struct str s, struct duration *out) {
  struct str head, tail;
  struct duration d;
  if (!str_cut(s, STR(" "), &head, &tail) || !str_to_int(head, &d.n) || !duration_unit_of(tail, &d.unit)) return false;
  if (d.n > MOST || d.n < -MOST) return false;
  *out = d;
  return true;
}
struct str duration_text(struct arena *mem, struct duration d) {
  return str_fmt(mem, "%lld " STRF, (long long)d.n, STRA(table[d.unit].word));
}

static __int128 parts_of(struct duration d) { return (__int128)d.n * table[d.unit].parts; }
static int sign_of(int64_t n) { return (n > 0) - (n < 0); }

enum duration_order duration_cmp(struct duration a, struct duration b) {
  const int x = sign_of(a.n), y = sign_of(b.n);
  if (x != y || !x) return x < y ? DURATION_LESS : x > y ? DURATION_MORE : DURATION_EQUAL;
  if (table[a.unit].family != table[b.unit].family) return DURATION_UNLIKE;
  const __int128 p = parts_of(a), q = parts_of(b);
  return p < q ? DURATION_LESS : p > q ? DURATION_MORE : DURATION_EQUAL;
}

/* So many smallest parts, in the unit if they go into it. */
static bool of_parts(__int128 parts, enum duration_unit unit, struct duration *out) {
  while (parts % table[unit].parts != 0) unit--; /* a family's units stand together, the smallest (1) first */
  parts /= table[unit].parts;
  if (parts > MOST || parts < -MOST) return false;
  *out = (struct duration){(int64_t)parts, unit};
  return true;
}

bool duration_add(struct duration a, struct duration b, struct duration *out) {
  const bool is_zero = !a.n || !b.n; /* nothing can be added to anything */
  if (is_zero && table[a.unit].family != table[b.unit].family) {
    *out = a.n ? a : b;
    return true;
  }
  if (table[a.unit].family != table[b.unit].family) return false;
  const enum duration_unit unit = table[a.unit].parts < table[b.unit].parts ? a.unit : b.unit;
  return of_parts(parts_of(a) + parts_of(b), unit, out);
}
bool duration_mul(struct duration a, struct ratio by, struct duration *out) {
  struct ratio r;
  if (!ratio_mul((struct ratio){parts_of(a), 1}, by, &r) || !ratio_is_whole(r)) return false;
  return of_parts(r.n, a.unit, out);
}
bool duration_div(struct duration a, struct duration b, struct ratio *out) {
  if (!b.n || table[a.unit].family != table[b.unit].family) return false;
  return ratio_of(parts_of(a), parts_of(b), out);
}
