/* Values: the three-valued logic, order, and how they are shown and stored. */
#include "declare/value.h"

#include "base/must.h"
#include "texts.h"

int none_msg(enum none_reason why) {
  static const int msgs[NONE_REASON_COUNT] = {
#define X(word) MSG_none_##word,
      NONE_REASONS(X)
#undef X
  };
  return msgs[why];
}

struct value value_and(struct value a, struct value b) {
  if (value_is_no(&a) || value_is_no(&b)) return value_flag(false);
  return value_is_none(&a) ? a : b;
}
struct value value_or(struct value a, struct value b) {
  if (value_is_yes(&a) || value_is_yes(&b)) return value_flag(true);
  return value_is_none(&a) ? a : b;
}
struct value value_not(struct value a) {
  return value_is_none(&a) ? a : value_flag(!a.flag);
}

static enum value_order order_of(int64_t a, int64_t b) { return a < b ? VALUE_LESS : a > b ? VALUE_MORE : VALUE_EQUAL; }
static enum value_order sign_order(int sign) { return sign < 0 ? VALUE_LESS : sign > 0 ? VALUE_MORE : VALUE_EQUAL; }

enum value_order value_cmp(const struct value *a, const struct value *b) {
  must(a->kind == b->kind && a->kind != VALUE_NONE);
  switch (a->kind) {
    case VALUE_FLAG: return order_of(a->flag, b->flag);
    case VALUE_CODE: return str_eq(a->text, b->text) ? VALUE_EQUAL : VALUE_MORE;
    case VALUE_TEXT: return sign_order(str_cmp(a->text, b->text));
    case VALUE_NUMBER: return sign_order(ratio_cmp(a->number, b->number));
    case VALUE_DATE: return sign_order(date_cmp(a->date, b->date));
    case VALUE_MOMENT: return order_of(a->moment, b->moment);
    case VALUE_TIME: return order_of(a->time, b->time);
    case VALUE_SPAN: return a->span.from == b->span.from && a->span.to == b->span.to ? VALUE_EQUAL : VALUE_MORE;
    case VALUE_DURATION: return (enum value_order)(int)duration_cmp(a->duration, b->duration);
    case VALUE_PERIOD:
      return a->period.kind == b->period.kind ? sign_order(period_cmp(a->period, b->period)) : VALUE_MORE;
    case VALUE_PLACE:
      return a->place.latitude_e7 == b->place.latitude_e7 && a->place.longitude_e7 == b->place.longitude_e7
                 ? VALUE_EQUAL
                 : VALUE_MORE;
    case VALUE_THING: return order_of(a->thing.id, b->thing.id);
    default: return value_same(a, b) ? VALUE_EQUAL : VALUE_MORE;
  }
}

static bool has_each(const struct value *set, const struct value *other) {
  for (size_t i = 0; i < set->set.len; i++) {
    bool is_there = false;
    for (size_t k = 0; k < other->set.len && !is_there; k++) is_there = value_same(&set->set.at[i], &other->set.at[k]);
    if (!is_there) return false;
  }
  return true;
}
static bool is_word(const struct value *v) { return v->kind == VALUE_CODE || v->kind == VALUE_TEXT; }
bool value_same(const struct value *a, const struct value *b) {
  if (is_word(a) && is_word(b)) return str_eq(a->text, b->text); /* a code of no list is told by its letters */
  if (a->kind != b->kind) return false;
  if (a->kind == VALUE_NONE) return true;
  if (a->kind == VALUE_SET) return has_each(a, b) && has_each(b, a);
  return value_cmp(a, b) == VALUE_EQUAL;
}

/* ---- showing ---- */

static struct str show_moment(struct arena *mem, int64_t us) {
  const int32_t day = moment_day(us);
  const int64_t seconds = (us - day_moment(day, 0)) / SECOND_US;
  const struct str date = date_iso(mem, date_of_days(day));
  const int h = (int)(seconds / 3600), m = (int)(seconds / 60 % 60), s = (int)(seconds % 60);
  return s ? str_fmt(mem, STRF " %02d:%02d:%02d", STRA(date), h, m, s)
           : str_fmt(mem, STRF " %02d:%02d", STRA(date), h, m);
}
static struct str show_number(struct arena *mem, const struct units *u, const struct value *v, struct str said) {
  struct dimension d;
  struct ratio factor, n = v->number;
  const bool is_told =
      said.len && units_read(u, said, &d, &factor) && dimension_same(d, v->unit) && ratio_div(n, factor, &n);
  const struct str number = ratio_text(mem, n), unit = is_told ? said : dimension_text(mem, u, v->unit);
  if (!unit.len) return number;
  return str_fmt(mem, STRF "%s" STRF, STRA(number), str_eqz(unit, "%") || str_eqz(unit, "‰") ? "" : " ", STRA(unit));
}
static struct str show_spot(struct arena *mem, struct spot p) {
  const struct ratio e7 = {10000000, 1};
  struct ratio north, east;
  if (!ratio_div(ratio_int(p.latitude_e7), e7, &north) || !ratio_div(ratio_int(p.longitude_e7), e7, &east))
    return STR("");
  return str_fmt(mem, STRF "," STRF, STRA(ratio_text(mem, north)), STRA(ratio_text(mem, east)));
}
static struct str show_set(struct arena *mem, const struct units *u, const struct value *v, struct str said) {
  struct str out = STR("(");
  enum { SHOWN = 12 };
  for (size_t i = 0; i < v->set.len && i < SHOWN; i++)
    out = str_fmt(mem, STRF "%s" STRF, STRA(out), i ? ", " : "", STRA(value_show(mem, u, &v->set.at[i], said)));
  return str_fmt(mem, STRF "%s)", STRA(out), v->set.len > SHOWN ? ", …" : "");
}
struct str value_show(struct arena *mem, const struct units *u, const struct value *v, struct str said) {
  switch (v->kind) {
    case VALUE_NONE: return STR("none");
    case VALUE_FLAG: return v->flag ? STR("yes") : STR("no");
    case VALUE_CODE: return str_join(mem, STR("."), v->text);
    case VALUE_TEXT: return v->text;
    case VALUE_NUMBER: return show_number(mem, u, v, said);
    case VALUE_DATE: return date_iso(mem, v->date);
    case VALUE_MOMENT: return show_moment(mem, v->moment);
    case VALUE_TIME: return str_fmt(mem, "%02d:%02d", v->time / 3600, v->time / 60 % 60);
    case VALUE_SPAN:
      return str_fmt(mem, STRF "–" STRF, STRA(show_moment(mem, v->span.from)), STRA(show_moment(mem, v->span.to)));
    case VALUE_DURATION: return duration_text(mem, v->duration);
    case VALUE_PERIOD: return period_text(mem, v->period);
    case VALUE_PLACE: return show_spot(mem, v->place);
    case VALUE_THING: return str_fmt(mem, "#%lld", (long long)v->thing.id);
    case VALUE_SET: return show_set(mem, u, v, said);
  }
  return STR("");
}

/* ---- storing ---- */

bool value_stored(const struct units *u, const struct value *v, struct str said, unsigned places, int64_t *out) {
  struct dimension d;
  struct ratio factor, n;
  if (v->kind != VALUE_NUMBER || !units_read(u, said, &d, &factor)) return false;
  return ratio_div(v->number, factor, &n) && ratio_scaled(n, places, out);
}
bool value_of_stored(const struct units *u, int64_t digits, unsigned places, struct str said, struct value *out) {
  struct dimension d;
  struct ratio factor, n, scale = ratio_int(1);
  for (unsigned i = 0; i < places; i++)
    if (!ratio_mul(scale, ratio_int(10), &scale)) return false;
  if (!units_read(u, said, &d, &factor) || !ratio_div(ratio_int(digits), scale, &n) || !ratio_mul(n, factor, &n))
    return false;
  *out = value_number(n, d);
  return true;
}
