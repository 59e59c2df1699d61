/* Units as vectors of powers: four factors are enough for what an office counts (元 per 人 per 天 has three), sorted by
 * number so that equal vectors are equal bytes. */
#include "declare/units.h"

#include "base/yaml.h"
#include "texts.h"

static const struct unit_known *known(const struct units *u, struct str name) {
  vec_each(const struct unit_known, k, &u->known)
    if (str_eq(k->name, name)) return k;
  return NULL;
}

/* ---- vectors ---- */

static bool put(struct dimension *d, uint8_t unit, int power) {
  size_t i = 0, n = 0;
  while (n < UNIT_FACTORS && d->power[n]) n++;
  while (i < n && d->unit[i] < unit) i++;
  if (i < n && d->unit[i] == unit) power += d->power[i];
  else if (n == UNIT_FACTORS) return false;
  else {
    memmove(d->unit + i + 1, d->unit + i, n - i);
    memmove(d->power + i + 1, d->power + i, n - i);
    n++;
  }
  if (power > UNIT_POWER_MAX || power < -UNIT_POWER_MAX) return false;
  d->unit[i] = unit;
  d->power[i] = (int8_t)power;
  if (power) return true;
  memmove(d->unit + i, d->unit + i + 1, n - i - 1);
  memmove(d->power + i, d->power + i + 1, n - i - 1);
  d->unit[n - 1] = 0;
  d->power[n - 1] = 0;
  return true;
}
bool dimension_same(struct dimension a, struct dimension b) { return memcmp(&a, &b, sizeof a) == 0; }

bool dimension_mul(struct dimension a, struct dimension b, bool divide, struct dimension *out) {
  struct dimension d = a;
  for (size_t i = 0; i < UNIT_FACTORS && b.power[i]; i++)
    if (!put(&d, b.unit[i], divide ? -b.power[i] : b.power[i])) return false;
  *out = d;
  return true;
}
bool dimension_counts(const struct units *u, struct dimension d) {
  return d.power[0] == 1 && d.power[1] == 0 && u->known.at[d.unit[0] - 1].is_counting;
}

static void add_factor(struct arena *mem, const struct units *u, struct dimension d, size_t i, struct str *out) {
  static const char *const powers[] = {"", "", "²", "³", "⁴", "⁵", "⁶"};
  const int power = d.power[i] < 0 ? -d.power[i] : d.power[i];
  *out = str_fmt(mem, STRF "%s" STRF "%s", STRA(*out),
                 d.power[i] < 0 ? "/"
                 : out->len     ? "·"
                                : "",
                 STRA(u->known.at[d.unit[i] - 1].name), powers[power]);
}
struct str dimension_text(struct arena *mem, const struct units *u, struct dimension d) {
  struct str out = {0};
  for (int below = 0; below < 2; below++)
    for (size_t i = 0; i < UNIT_FACTORS && d.power[i]; i++)
      if ((d.power[i] < 0) == below) add_factor(mem, u, d, i, &out);
  return str_starts(out, STR("/")) ? str_join(mem, STR("1"), out) : out;
}

/* ---- words ---- */

bool units_read(const struct units *u, struct str said, struct dimension *out, struct ratio *out_factor) {
  struct dimension d = {0};
  struct ratio factor = ratio_int(1);
  bool divide = false;
  for (struct str rest = said; rest.len; divide = true) {
    struct str word = rest, tail = {0};
    if (str_cut(rest, STR("/"), &word, &tail) && !tail.len) return false;
    const struct unit_known *k = known(u, word);
    if (!k || !dimension_mul(d, k->of, divide, &d)) return false;
    if (!(divide ? ratio_div(factor, k->factor, &factor) : ratio_mul(factor, k->factor, &factor))) return false;
    rest = tail;
  }
  *out = d;
  *out_factor = factor;
  return true;
}

static struct unit_known *add(struct arena *mem, struct units *u, struct str name) {
  if (known(u, name) || u->known.len == UNITS_MAX) return NULL;
  struct unit_known *k = &vec_push(mem, &u->known);
  *k = (struct unit_known){.name = name, .factor = ratio_int(1)};
  return k;
}
static bool add_bases(struct arena *mem, struct units *u, const struct yaml *list, bool is_counting) {
  for (const struct yaml *y = list ? list->child : NULL; y; y = y->next) {
    struct unit_known *k = add(mem, u, y->text);
    if (!k) return false;
    k->is_counting = is_counting;
    if (!put(&k->of, (uint8_t)u->known.len, 1)) return false;
  }
  return true;
}
/* name: 1000 g; m²: 1 m m */
static bool add_made(struct arena *mem, struct units *u, const struct yaml *y) {
  struct str rest = y->text, word = rest, tail = {0};
  struct dec number;
  struct unit_known made = {.name = y->key};
  (void)str_cut(rest, STR(" "), &word, &tail);
  if (!dec_parse(word, &number)) return false;
  made.factor = ratio_of_dec(number);
  for (rest = tail; rest.len; rest = tail) {
    word = rest;
    tail = (struct str){0};
    (void)str_cut(rest, STR(" "), &word, &tail);
    const struct unit_known *k = known(u, word);
    if (!k || !dimension_mul(made.of, k->of, false, &made.of) || !ratio_mul(made.factor, k->factor, &made.factor))
      return false;
  }
  struct unit_known *k = add(mem, u, made.name);
  if (k) *k = made;
  return k != NULL;
}

bool units_parse(struct arena *mem, struct str yaml, struct units *out, struct err *e) {
  struct yaml *root;
  struct units u = {0};
  TRY(yaml_parse(mem, STR("rules/units.yaml"), yaml, &root, e));
  const struct yaml *made = yaml_get(root, "made");
  bool is_good =
      add_bases(mem, &u, yaml_get(root, "counting"), true) && add_bases(mem, &u, yaml_get(root, "measured"), false);
  const struct yaml *money = yaml_get(root, "money");
  u.money = money ? money->text : STR("");
  for (const struct yaml *y = made ? made->child : NULL; y && is_good; y = y->next) is_good = add_made(mem, &u, y);
  if (!is_good) {
    const struct str last = u.known.len ? vec_last(&u.known).name : (struct str){0};
    return fail(e, ERR_INVALID, MSG_units_rule, "name", last);
  }
  *out = u;
  return true;
}
