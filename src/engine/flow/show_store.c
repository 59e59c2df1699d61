/* Values and texts as people read them: labels of codes, names of units and people, 2026-03-02, 1,234.50元. */
#include "base/must.h"
#include "declare/base_known.h"
#include "declare/check.h"
#include "engine/flow/env.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { PLACES_MOST = 6, FINE_PLACES = 3, SET_SHOWN = 50 };

static bool give(struct str *out, struct str s) {
  *out = s;
  return true;
}
static struct str said(const struct flow_run *run, int msg) { return msg_template(run->lang, msg); }

/* ---- numbers and time ---- */

/* How many places numbers of this type have: of 0.01 元 two. */
static bool places_of(const struct type *t, struct ratio factor, unsigned *out) {
  struct ratio step;
  if (t->fraction || ratio_is_zero(t->step) || !ratio_div(t->step, factor, &step)) return false;
  const int n = ratio_places(step);
  *out = (unsigned)n;
  return n >= 0 && n <= PLACES_MOST;
}
/* 1234567 with two places: 12,345.67 */
static struct str grouped(struct arena *mem, int64_t digits, unsigned places) {
  char text[32], out[48];
  const bool is_less = digits < 0;
  size_t n = 0, from = sizeof out;
  for (uint64_t d = is_less ? 0 - (uint64_t)digits : (uint64_t)digits; d || n <= places; d /= 10)
    text[n++] = (char)('0' + d % 10);
  for (size_t i = 0; i < n; i++) {
    if (i && i == places) out[--from] = '.';
    if (i > places && (i - places) % 3 == 0) out[--from] = ',';
    out[--from] = text[i];
  }
  if (is_less) out[--from] = '-';
  return str_dup(mem, (struct str){out + from, sizeof out - from});
}
/* Letters stand apart from their number (5 kg), Chinese words and signs do not (3次, 20%). */
static struct str with_unit(struct arena *mem, struct str number, struct str unit) {
  const bool is_apart =
      unit.len && ((unit.at[0] >= 'a' && unit.at[0] <= 'z') || (unit.at[0] >= 'A' && unit.at[0] <= 'Z'));
  return str_fmt(mem, STRF "%s" STRF, STRA(number), is_apart ? " " : "", STRA(unit));
}
static struct str show_number(struct flow_run *run, const struct type *t, const struct value *v) {
  struct dimension d;
  struct ratio factor;
  unsigned places = 0;
  int64_t digits = 0;
  const bool is_known = t->kind == KIND_NUMBER && units_read(run->flow->units, t->said, &d, &factor) &&
                        dimension_same(d, v->unit) && places_of(t, factor, &places) &&
                        value_stored(run->flow->units, v, t->said, places, &digits);
  if (is_known && places >= FINE_PLACES) /* 41, not 41.0000 */
    for (; places && digits % 10 == 0; places--) digits /= 10;
  if (is_known) return with_unit(run->mem, grouped(run->mem, digits, places), t->said);
  return value_show(run->mem, run->flow->units, v, t->kind == KIND_NUMBER ? t->said : STR(""));
}
static struct str show_duration(struct flow_run *run, struct duration d) {
  static const int msgs[DURATION_UNIT_COUNT] = {
#define X(word, family, n) MSG_flow_##word,
      DURATION_UNITS(X)
#undef X
  };
  const struct msg_arg n = {"n", str_int(run->mem, d.n)};
  return msg_text(run->mem, run->lang, msgs[d.unit], &n, 1);
}

/* ---- codes ---- */

static struct str kind_label(const struct flow_run *run, struct str code) {
  const int msg = msg_find(str_join(run->mem, STR("unit_kind_"), code));
  return msg ? said(run, msg) : code;
}
struct str flow_code_shown(const struct flow_run *run, const struct codes *list, struct str code) {
  const struct list_item *item = list && list->list ? part_find(&list->list->items, code) : NULL;
  const struct state *state = list && list->states ? part_find(&list->states->states, code) : NULL;
  const struct base_list *base = list && list->base.len ? base_list_find(list->base) : NULL;
  const int place = base ? base_code_place(base, code) : -1;
  if (item) return item->label.text;
  if (state) return state->label.text;
  if (place >= 0) return base->items.at[place].label[run->lang];
  return list && list->kinds ? kind_label(run, code) : code;
}

/* ---- things ---- */

/* What tells one record from another: its number, else its first text. */
static bool show_record(struct flow_run *run, struct flow_thing *t, struct str *out, struct err *e) {
  if (!t->row && t->record) TRY(flow_row(run, t->record, t->id, &t->row, e));
  if (!t->row) return give(out, STR(""));
  if (t->row->number.len) return give(out, t->row->number);
  vec_each(const struct flow_field, f, &t->record->fields) {
    struct value v;
    if (f->type.kind != KIND_TEXT || f->type.set || f->class > CLASS_inner || f->place != FLOW_COLUMN) continue;
    TRY(flow_row_field(run, t->row, (size_t)(f - t->record->fields.at), &v, e));
    if (v.kind == VALUE_TEXT) return give(out, v.text);
  }
  return give(out, t->record->record->label.text);
}
static bool show_file(struct flow_run *run, struct str id, struct str *out, struct err *e) {
  struct sql_flow_file_get f;
  bool is_there = false;
  TRY(sql_flow_file_get(run->session, run->mem, &(struct sql_flow_file_get_in){STORE_TENANT, id}, &f, &is_there, e));
  return give(out, is_there ? f.name : STR(""));
}
static bool show_thing(struct flow_run *run, const struct value *v, struct str *out, struct err *e) {
  struct flow_thing *t = v->thing.at ? flow_thing_of(v) : NULL;
  struct value name = {0};
  if (!t) return give(out, STR(""));
  switch (t->kind) {
    case FLOW_RECORD: return show_record(run, t, out, e);
    case FLOW_FILE: return show_file(run, t->id, out, e);
    case FLOW_UNIT: TRY(flow_unit_field(run, t, STR("name"), &name, e)); break;
    case FLOW_PERSON: TRY(flow_person_field(run, t, STR("name"), &name, e)); break;
    default: break;
  }
  return give(out, name.kind == VALUE_TEXT ? name.text : STR(""));
}

/* ---- values ---- */

static bool show_one(struct flow_run *run, const struct type *t, const struct value *v, struct str *out,
                     struct err *e) {
  switch (v->kind) {
    case VALUE_NONE: return give(out, STR(""));
    case VALUE_FLAG: return give(out, said(run, v->flag ? MSG_flow_yes : MSG_flow_no));
    case VALUE_CODE: return give(out, flow_code_shown(run, t->kind == KIND_CODE ? t->of : NULL, v->text));
    case VALUE_NUMBER: return give(out, show_number(run, t, v));
    case VALUE_DURATION: return give(out, show_duration(run, v->duration));
    case VALUE_THING: return show_thing(run, v, out, e);
    default: return give(out, value_show(run->mem, run->flow->units, v, STR("")));
  }
}
static bool show_set(struct flow_run *run, const struct type *t, const struct value *v, struct str *out,
                     struct err *e) {
  const struct str between = said(run, MSG_flow_between);
  *out = STR("");
  for (size_t i = 0; i < v->set.len && i < SET_SHOWN; i++) {
    struct str one;
    TRY(show_one(run, t, &v->set.at[i], &one, e));
    if (i) *out = str_join(run->mem, *out, between);
    *out = str_join(run->mem, *out, one);
  }
  if (v->set.len > SET_SHOWN) *out = str_join(run->mem, *out, STR("…"));
  return true;
}
bool flow_show(struct flow_run *run, const struct flow_system *s, const struct type *t, const struct value *v,
               struct str *out, struct err *e) {
  (void)s;
  return v->kind == VALUE_SET ? show_set(run, t, v, out, e) : show_one(run, t, v, out, e);
}

/* ---- texts with holes ---- */

/* Trees that the check has read, or those that are read now: of texts that stand in no declaration. */
static bool find_holes(struct flow_run *run, const struct flow_about *about, const struct word *text,
                       const struct flow_system *s, const expr_words **out, struct err *e) {
  *out = flow_holes_of(run->flow, text);
  if (*out) return true;
  expr_words *made = arena_new(run->mem, expr_words);
  struct str hole;
  for (size_t at = 0; text_hole(text->text, &at, &hole);) {
    struct type_answer answer;
    struct expr_word *x = &vec_push(run->mem, made);
    TRY(typed_expr(s->typed, run->mem, about->self ? about->self->record->record : NULL, hole, NULL, &x->tree, &answer,
                   e));
    x->word.text = hole;
  }
  *out = made;
  return true;
}
bool flow_text(struct flow_run *run, const struct flow_about *about, const struct word *text, struct str *out,
               struct err *e) {
  const struct flow_system *s = about->system ? about->system : about->self ? about->self->record->system : NULL;
  const expr_words *holes = NULL;
  size_t at = 0, done = 0, i = 0;
  struct str hole, shown;
  must(s != NULL);
  TRY(find_holes(run, about, text, s, &holes, e));
  *out = STR("");
  while (i < holes->len && text_hole(text->text, &at, &hole)) {
    const struct str before = str_slice(text->text, done, (size_t)(hole.at - text->text.at) - 1);
    struct value v;
    const struct expr *x = holes->at[i++].tree;
    TRY(flow_eval(run, about, x, NULL, &v, e) && flow_show(run, s, x->type, &v, &shown, e));
    *out = str_fmt(run->mem, STRF STRF STRF, STRA(*out), STRA(before), STRA(shown));
    done = at;
  }
  *out = str_join(run->mem, *out, str_from(text->text, done));
  return true;
}
