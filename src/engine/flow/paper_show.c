/* Values as an office writes them (GB/T 15835 for numbers, GB/T 9704 for days). Every word of it stands in the texts. */
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "declare/base_known.h"
#include "declare/meaning.h"
#include "engine/flow/paper.h"
#include "texts.h"

struct shower {
  struct arena *mem;
  const struct units *units;
  const struct paper_names *names;
};

/* Papers are in the language of their templates. */
static struct str word(int msg) { return msg_template(LANG_ZH, msg); }
static struct str filled(struct arena *mem, int msg, const struct msg_arg *args, size_t n) {
  return msg_text(mem, LANG_ZH, msg, args, n);
}

/* ---- numbers ---- */

/* 1234567 -> 1,234,567 */
static struct str grouped(struct arena *mem, struct str digits) {
  struct str out = STR("");
  for (size_t from = 0; from < digits.len;) {
    const size_t rest = digits.len - from, step = rest % 3 ? rest % 3 : 3;
    out = str_fmt(mem, STRF "%s" STRF, STRA(out), from ? "," : "", STRA(str_slice(digits, from, from + step)));
    from += step;
  }
  return out;
}
static struct str decimal(struct arena *mem, struct ratio n, int places) {
  struct ratio step = ratio_int(1), rounded;
  int64_t scaled, one = 1;
  for (int i = 0; i < places; i++) one *= 10;
  if (!ratio_of(1, one, &step) || !ratio_round(n, step, ROUND_NEAR, &rounded) ||
      !ratio_scaled(rounded, (unsigned)places, &scaled))
    return ratio_text(mem, n);
  const int64_t size = scaled < 0 ? -scaled : scaled;
  const struct str whole = grouped(mem, str_int(mem, size / one));
  const char *sign = scaled < 0 ? "-" : "";
  if (!places) return str_fmt(mem, "%s" STRF, sign, STRA(whole));
  return str_fmt(mem, "%s" STRF ".%0*lld", sign, STRA(whole), places, (long long)(size % one));
}
/* As many places as the type has; a fraction gets four at most. */
static int places_of(const struct type *t, struct ratio factor, struct ratio n) {
  enum { FRACTION_PLACES = 4, PLACES_MOST = 12 };
  struct ratio step;
  const bool is_stepped = !t->fraction && t->step.d && t->step.n && ratio_div(t->step, factor, &step);
  const int places = ratio_places(is_stepped ? step : n), most = is_stepped ? PLACES_MOST : FRACTION_PLACES;
  return places < 0 || places > most ? most : places;
}
static struct str show_number(const struct shower *s, const struct type *t, const struct value *v) {
  struct dimension d;
  struct ratio factor = ratio_int(1), n = v->number;
  struct str said = t->said;
  const bool is_told = said.len && units_read(s->units, said, &d, &factor) && dimension_same(d, v->unit) &&
                       ratio_div(v->number, factor, &n);
  if (!is_told) {
    said = dimension_text(s->mem, s->units, v->unit);
    factor = ratio_int(1);
  }
  const struct str digits = decimal(s->mem, n, places_of(t, factor, n));
  const bool is_apart = said.len && ((said.at[0] | 32) >= 'a' && (said.at[0] | 32) <= 'z'); /* 5 kg, but 5所, 5% */
  return str_fmt(s->mem, STRF "%s" STRF, STRA(digits), is_apart ? " " : "", STRA(said));
}

/* ---- time ---- */

static struct str clock_words(struct arena *mem, int64_t seconds) {
  const struct msg_arg args[] = {{"hour", str_int(mem, seconds / 3600)},
                                 {"minute", str_fmt(mem, "%02d", (int)(seconds / 60 % 60))}};
  return filled(mem, seconds / 60 % 60 ? MSG_paper_time_minute : MSG_paper_time_hour, args, COUNT_OF(args));
}
static int64_t second_of_day(int64_t us) { return (us - day_moment(moment_day(us), 0)) / SECOND_US; }
/* A term that ends with its day is told by the day. */
static bool ends_day(int64_t us) { return second_of_day(us) >= 86400 - 60; }
static struct str day_words(struct arena *mem, int64_t us) { return date_zh(mem, date_of_days(moment_day(us))); }
static struct str moment_words(struct arena *mem, int64_t us) {
  const struct str day = day_words(mem, us);
  return ends_day(us) ? day : str_join(mem, day, clock_words(mem, second_of_day(us)));
}
static struct str show_span(struct arena *mem, int64_t from, int64_t to) {
  const bool in_days = !second_of_day(from) && (ends_day(to) || !second_of_day(to));
  const int64_t last = second_of_day(to) || to <= from ? to : to - SECOND_US;
  struct str a = in_days ? day_words(mem, from) : moment_words(mem, from), b = moment_words(mem, to);
  if (in_days) b = day_words(mem, last);
  else if (moment_day(from) == moment_day(to)) b = clock_words(mem, second_of_day(to));
  if (str_eq(a, b)) return a;
  const struct msg_arg args[] = {{"from", a}, {"to", b}};
  return filled(mem, MSG_paper_span, args, COUNT_OF(args));
}
static struct str show_duration(struct arena *mem, struct duration d) {
  static const int msgs[] = {
#define X(word, family, n) MSG_paper_duration_##word,
      DURATION_UNITS(X)
#undef X
  };
  return filled(mem, msgs[d.unit], &(struct msg_arg){"n", str_int(mem, d.n)}, 1);
}
static struct str show_period(struct arena *mem, struct period p) {
  static const int msgs[] = {
#define X(word) MSG_paper_period_##word,
      PERIOD_KINDS(X)
#undef X
  };
  const struct str ordinals = word(MSG_paper_ordinals);
  size_t at = 0;
  for (int i = 1; i < p.n && at < ordinals.len; i++) at += utf8_len(ordinals, at);
  const struct msg_arg args[] = {
      {"year", str_int(mem, p.year)},
      {"next", str_int(mem, p.year + 1)},
      {"n", str_int(mem, p.n)},
      {"nth", at < ordinals.len ? str_slice(ordinals, at, at + utf8_len(ordinals, at)) : str_int(mem, p.n)},
  };
  return filled(mem, msgs[p.kind], args, COUNT_OF(args));
}
static struct str show_spot(struct arena *mem, struct spot p) {
  struct ratio e7 = ratio_int(10000000), north = ratio_int(0), east = ratio_int(0);
  (void)(ratio_div(ratio_int(p.latitude_e7), e7, &north) && ratio_div(ratio_int(p.longitude_e7), e7, &east));
  const struct msg_arg args[] = {{"north", ratio_text(mem, north)}, {"east", ratio_text(mem, east)}};
  return filled(mem, MSG_paper_place, args, COUNT_OF(args));
}

/* ---- values ---- */

static struct str label_of(const struct codes *k, struct str code) {
  const struct list_item *item = k && k->list ? part_find(&k->list->items, code) : NULL;
  const struct state *state = k && k->states ? part_find(&k->states->states, code) : NULL;
  const struct base_list *base = k && k->base.len ? base_list_find(k->base) : NULL;
  const int place = base ? base_code_place(base, code) : -1;
  if (place >= 0) return base->items.at[place].label[LANG_ZH];
  return item ? item->label.text : state ? state->label.text : STR("");
}
static struct str name_of(const struct shower *s, const struct type *t, const struct value *v) {
  return s->names->name ? s->names->name(s->names->arg, s->mem, t, v) : STR("");
}
static struct str show_code(const struct shower *s, const struct type *t, const struct value *v) {
  struct str label = label_of(t->kind == KIND_CODE ? t->of : NULL, v->text);
  if (!label.len) label = name_of(s, t, v);
  return label.len ? label : v->text;
}
static struct str show_set(const struct shower *s, const struct type *t, const struct value *v) {
  struct type one = *t;
  struct str out = STR("");
  one.set = false;
  for (size_t i = 0; i < v->set.len; i++) {
    const struct str says = paper_show(s->mem, s->units, s->names, &one, &v->set.at[i]);
    out = str_fmt(s->mem, STRF STRF STRF, STRA(out), STRA(i ? word(MSG_page_list_mark) : STR("")), STRA(says));
    if (out.len > PAPER_TEXT_MAX) break; /* filling refuses it */
  }
  return v->set.len ? out : word(MSG_paper_none);
}
struct str paper_show(struct arena *mem, const struct units *units, const struct paper_names *names,
                      const struct type *t, const struct value *v) {
  const struct shower s = {mem, units, names};
  struct str name;
  switch (v->kind) {
    case VALUE_NONE: return word(MSG_paper_none);
    case VALUE_FLAG: return word(v->flag ? MSG_paper_yes : MSG_paper_no);
    case VALUE_CODE: return show_code(&s, t, v);
    case VALUE_TEXT: return t->kind == KIND_CODE ? show_code(&s, t, v) : v->text;
    case VALUE_NUMBER: return show_number(&s, t, v);
    case VALUE_DATE: return date_zh(mem, v->date);
    case VALUE_MOMENT: return moment_words(mem, v->moment);
    case VALUE_TIME: return clock_words(mem, v->time);
    case VALUE_SPAN: return show_span(mem, v->span.from, v->span.to);
    case VALUE_DURATION: return show_duration(mem, v->duration);
    case VALUE_PERIOD: return show_period(mem, v->period);
    case VALUE_PLACE: return show_spot(mem, v->place);
    case VALUE_THING: name = name_of(&s, t, v); return name.len ? name : word(MSG_paper_none);
    case VALUE_SET: return show_set(&s, t, v);
  }
  return STR("");
}
