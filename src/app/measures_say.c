/* Figures in words and in JSON: in the unit of the measure, as far as it is exact or two places; what cannot be told says why. */
#include "app/measures_ask.h"
#include "declare/check.h"
#include "texts.h"

enum { PLACES = 2 };

/* Places that are shown: all that money has, else as many as it takes, no more than two. */
static unsigned places_of(const struct flow_measure *m, struct ratio n) {
  unsigned fixed = m->how == FLOW_SUM ? m->places : 0;
  for (size_t i = 0; i < m->parts.len; i++)
    if (m->parts.at[i]->how == FLOW_SUM && str_eq(m->parts.at[i]->said, m->said)) fixed = m->parts.at[i]->places;
  const int exact = ratio_places(n);
  if (fixed > PLACES) fixed = PLACES;
  return exact < 0 || exact > PLACES ? PLACES : (unsigned)exact > fixed ? (unsigned)exact : fixed;
}
static bool in_unit(struct system_run *x, const struct gauge_cube *c, size_t place, struct ratio *out) {
  struct dimension d;
  struct ratio factor;
  const struct gauge_figure *f = &c->at[place];
  return !f->is_hidden && f->value.kind == VALUE_NUMBER &&
         units_read(x->run.flow->units, c->measure->said, &d, &factor) && ratio_div(f->value.number, factor, out);
}
static bool rounded(struct ratio n, unsigned places, struct ratio *out) {
  struct ratio step = ratio_int(1);
  for (unsigned i = 0; i < places; i++)
    if (!ratio_div(step, ratio_int(10), &step)) return false;
  return ratio_round(n, step, ROUND_NEAR, out);
}
bool measures_number(struct system_run *x, const struct gauge_cube *c, size_t place, struct ratio *out) {
  struct ratio n;
  return in_unit(x, c, place, &n) && rounded(n, places_of(c->measure, n), out);
}
static struct str why_not(struct system_run *x, const struct gauge_cube *c, size_t place) {
  struct arena *mem = x->run.mem;
  const struct gauge_figure *f = &c->at[place];
  if (f->is_hidden) {
    const struct msg_arg args[] = {{"n", str_int(mem, c->measure->cell)}};
    return msg_text(mem, x->run.lang, MSG_measures_hidden, args, 1);
  }
  const struct msg_arg args[] = {{"why", msg_text(mem, x->run.lang, none_msg(f->value.why), NULL, 0)}};
  return msg_text(mem, x->run.lang, MSG_measures_none, args, 1);
}
bool measures_says(struct system_run *x, const struct gauge_cube *c, size_t place, struct str *out, struct err *e) {
  struct ratio n, factor, base;
  struct dimension d;
  struct type t;
  if (!in_unit(x, c, place, &n)) return *out = why_not(x, c, place), true;
  const unsigned places = places_of(c->measure, n);
  if (rounded(n, places, &n) && units_read(x->run.flow->units, c->measure->said, &d, &factor) &&
      ratio_mul(n, factor, &base) && type_number(x->run.flow->units, (int)places, c->measure->said, &t)) {
    const struct value v = value_number(base, d);
    return flow_show(&x->run, c->measure->system, &t, &v, out, e);
  }
  *out = ratio_text(x->run.mem, n);
  return true;
}
/* 12.50: digits with their places. */
static struct str digits(struct arena *mem, struct ratio n, unsigned places) {
  int64_t scaled = 0;
  int64_t unit = 1;
  if (!rounded(n, places, &n) || !ratio_scaled(n, places, &scaled)) return ratio_text(mem, n);
  for (unsigned i = 0; i < places; i++) unit *= 10;
  const int64_t whole = scaled < 0 ? -(scaled / unit) : scaled / unit,
                rest = scaled < 0 ? -(scaled % unit) : scaled % unit;
  if (!places) return str_int(mem, scaled);
  return str_fmt(mem, "%s%lld.%0*lld", scaled < 0 ? "-" : "", (long long)whole, (int)places, (long long)rest);
}
bool measures_json(struct system_run *x, const struct gauge_cube *c, size_t place, struct json_out *j, struct err *e) {
  struct arena *mem = x->run.mem;
  const struct gauge_figure *f = &c->at[place];
  struct ratio n;
  struct str says;
  TRY(measures_says(x, c, place, &says, e));
  if (in_unit(x, c, place, &n)) {
    const bool is_share = str_eqz(c->measure->said, "%");
    const struct str text = digits(mem, n, places_of(c->measure, n));
    json_str(j, "value", is_share ? str_join(mem, text, STR("%")) : text);
    json_str(j, "exact", ratio_text(mem, n));
  } else {
    json_nil(j, "value");
    json_str(j, "why", f->is_hidden ? STR("too_small") : says);
  }
  json_str(j, "says", says);
  if (f->is_hidden) json_bool(j, "hidden", true);
  else json_int(j, "n", f->n);
  return true;
}
struct str measures_code_says(const struct flow_measure *m, int by, struct str code, enum lang lang,
                              struct arena *mem) {
  const struct list *list = by >= 0 ? m->by.at[by].list : NULL;
  const struct list_item *item = list ? part_find(&list->items, code) : NULL;
  if (item) return item->label.text;
  return code.len ? code : msg_text(mem, lang, MSG_systems_unsaid, NULL, 0);
}
