/* Facts in words: the short forms that tables, reports and pages show, and the words of enums in the JSON. Numbers,
 * dates and bounds are written as the plan has them (3—5所, 不少于2次, ≥72%); nothing is rounded or converted. */
#include "engine/plan/render.h"
#include "texts.h"

static const char *const formats[RENDER_FORMAT_COUNT] = {"json", "text", "markdown", "csv", "xlsx", "docx"};
static const char *const bounds[] = {"eq", "ge", "le", "about", "range"};
static const char *const strengths[] = {"hard", "strive", "encourage", "explore"};
static const char *const levels[] = {"",           "whole",      "each-province-unit", "each-district", "each-school",
                                     "each-class", "each-person"};
static const char *const everies[] = {"", "day", "week", "month", "quarter", "term", "year", "other"};
static const char *const times[] = {"due", "period", "recur", "horizon"};
static const char *const roles[] = {"lead", "assist", "guide"};
static const char *const stages[] = {"basis", "draft", "made", "issued"};
static const char *const names[] = {"programme", "platform", "event", "honour", "slogan", "other"};
static const char *const verbs[] = {"", "document", "count", "state", "event", "soft", "basis", "start"};
static const char *const severities[] = {"note", "warning", "error"};

/* A value outside its enum would be a bug of a pass; the empty word shows it without harm. */
#define WORD_OF(table, i) ((size_t)(i) < COUNT_OF(table) ? (table)[i] : "")

const char *render_format_word(enum render_format f) { return WORD_OF(formats, f); }
const char *bound_word(enum bound b) { return WORD_OF(bounds, b); }
const char *strength_word(enum strength s) { return WORD_OF(strengths, s); }
const char *level_word(enum level l) { return WORD_OF(levels, l); }
const char *every_word(enum every e) { return WORD_OF(everies, e); }
const char *time_word(enum time_kind k) { return WORD_OF(times, k); }
const char *role_word(enum role r) { return WORD_OF(roles, r); }
const char *stage_word(enum stage s) { return WORD_OF(stages, s); }
const char *name_word(enum name_kind k) { return WORD_OF(names, k); }
const char *verb_word(enum verb_class v) { return WORD_OF(verbs, v); }
const char *severity_word(enum severity s) { return WORD_OF(severities, s); }

bool render_format_of(struct str word, enum render_format *out_format) {
  for (int f = 0; f < RENDER_FORMAT_COUNT; f++)
    if (str_eqz(word, formats[f])) {
      *out_format = (enum render_format)f;
      return true;
    }
  return false;
}

static struct str with(struct arena *a, enum lang lang, int msg, const char *hole, struct str value) {
  return msg_text(a, lang, msg, &(struct msg_arg){hole, value}, 1);
}

static struct str quantity(struct arena *a, const struct target *t, enum lang lang) {
  const struct str value = dec_text(a, t->value);
  struct str q = str_join(a, value, t->unit);
  if (t->has_max) q = str_fmt(a, STRF "—" STRF STRF, STRA(value), STRA(dec_text(a, t->value_max)), STRA(t->unit));
  if (t->has_from) {
    const struct str from = str_join(a, dec_text(a, t->from), t->unit);
    const struct msg_arg args[] = {{"from", from}, {"value", q}};
    return msg_text(a, lang, dec_cmp(t->from, t->value) < 0 ? MSG_plan_from : MSG_plan_from_other, args, 2);
  }
  switch (t->bound) {
    case BOUND_GE: return str_join(a, STR("≥"), q);
    case BOUND_LE: return str_join(a, STR("≤"), q);
    case BOUND_ABOUT: return with(a, lang, MSG_plan_about, "value", q);
    case BOUND_EQ:
    case BOUND_RANGE: break;
  }
  return q;
}

struct str render_target(struct arena *a, const struct target *t, enum lang lang) {
  static const int prefix[] = {0, MSG_plan_strive, MSG_plan_encourage, MSG_plan_explore};
  if (!t->has_value) return str_fmt(a, STRF "（" STRF "）", STRA(t->what), STRA(msg_template(lang, MSG_plan_soft)));
  struct str text = quantity(a, t, lang);
  if (t->strength > STRENGTH_HARD && (size_t)t->strength < COUNT_OF(prefix))
    text = str_join(a, msg_template(lang, prefix[t->strength]), text);
  text = str_join(a, t->what, text);
  if (t->year) text = str_join(a, text, with(a, lang, MSG_plan_year_mark, "year", str_int(a, t->year)));
  return text;
}

struct str render_when(struct arena *a, const struct when *w, enum lang lang) {
  const struct str to = lang == LANG_ZH ? date_zh(a, w->to) : date_iso(a, w->to);
  if (date_none(w->to)) return STR("");
  return w->inferred ? with(a, lang, MSG_table_inferred, "date", to) : to;
}

/* For facts that a person changed: their words in the plan say something else. */
static struct str word_of(enum lang lang, const char *head, const char *tail) {
  AUTO_ARENA mem = {0};
  const int msg = msg_find(str_replace(&mem, str_fmt(&mem, "%s%s", head, tail), STR("-"), STR("_")));
  return msg ? msg_template(lang, msg) : str_of(tail);
}
struct str render_duty(struct arena *a, const struct duty *d, enum lang lang) {
  const struct str every = word_of(lang, "choice_every_", d->every ? every_word(d->every) : "none");
  const struct str what = str_fmt(a, STRF " " STRF, STRA(every), STRA(d->what));
  if (!d->has_count) return what;
  const struct str count = with(a, lang, MSG_plan_times, "n", dec_text(a, d->count));
  return str_fmt(a, STRF " %s" STRF, STRA(what),
                 d->bound == BOUND_GE   ? "≥"
                 : d->bound == BOUND_LE ? "≤"
                                        : "",
                 STRA(count));
}
struct str render_comparison(struct arena *a, const struct comparison *c, enum lang lang) {
  const struct str bound = word_of(lang, "choice_bound_", bound_word(c->bound));
  return str_fmt(a, STRF "%s" STRF " " STRF, STRA(c->subject), c->subject.len ? " " : "", STRA(bound), STRA(c->object));
}

struct str render_path(struct arena *a, const struct item *it) {
  struct str path = {0};
  for (int i = 0; i < it->depth && i < PATH_MAX_DEPTH; i++)
    path = str_join(a, path, str_fmt(a, i ? ".%d" : "%d", it->path[i]));
  return path;
}

struct str render_parties(struct arena *a, const struct item *it, enum role role) {
  struct str all = {0};
  vec_each(struct party, x, &it->parties) {
    if (x->role != role) continue;
    if (all.len) all = str_join(a, all, STR("、"));
    all = str_join(a, all, x->name);
  }
  return all;
}

/* Some codes speak of one item or of the whole text. */
static int diag_msg(const struct diag *d) {
  static const int messages[DIAG_CODE_COUNT] = {
#define X(name, word, severity) MSG_diag_##name,
      DIAG_CODES(X)
#undef X
  };
  if (d->code == DIAG_no_unit && d->item < 0) return MSG_diag_no_unit_all;
  if (d->code == DIAG_unit_unknown && d->item < 0) return MSG_diag_unit_unknown_all;
  if (d->code == DIAG_unit_unknown && d->arg_count > 1) return MSG_diag_unit_unknown_near;
  return messages[d->code];
}

/* Dates stand in the arguments as ISO; people read them in their own form. */
static struct str fill(struct arena *a, const struct diag *d, enum lang lang, int msg) {
  struct msg_arg args[COUNT_OF(d->args)];
  for (int i = 0; i < d->arg_count; i++) {
    struct date date;
    args[i] = d->args[i];
    if (lang == LANG_ZH && str_eqz(str_of(args[i].name), "date") && date_parse(args[i].value, 0, &date))
      args[i].value = date_zh(a, date);
  }
  return msg_text(a, lang, msg, args, (size_t)d->arg_count);
}

struct str render_diag(struct arena *a, const struct diag *d, enum lang lang) {
  return fill(a, d, lang, diag_msg(d));
}

struct str render_diag_hint(struct arena *a, const struct diag *d, enum lang lang) {
  static const int hints[DIAG_CODE_COUNT] = {
#define X(name, word, severity) MSG_hint_##name,
      DIAG_CODES(X)
#undef X
  };
  return fill(a, d, lang, hints[d->code]);
}
