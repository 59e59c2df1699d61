/* Fields of a form made from the types of a declaration: what each looks like, what can be chosen, what stands in it. */
#include "app/systems_form.h"
#include "declare/base_known.h"
#include "declare/check.h"
#include "sql.h"
#include "texts.h"

enum { AREA_FROM = 120, CHOSEN_MOST = 60, OFFERED_MOST = 400, REFS_OFFERED = 100, ROWS_AT_FIRST = 1, ROWS_MOST = 60 };

/* ---- what was typed ---- */

/* All that was sent under a name, joined with a comma; what stands in the record when nothing was sent at all. */
static struct str typed_of(const struct form_made *m, struct str name, bool *out_has) {
  struct str all = STR("");
  *out_has = false;
  for (size_t i = 0; i < m->typed_count; i++) {
    const struct web_field *f = &m->typed[i];
    if (f->is_file || !str_eq(f->name, name)) continue;
    *out_has = true;
    const struct str v = str_trim(f->value);
    if (v.len) all = all.len ? str_fmt(m->mem, STRF "," STRF, STRA(all), STRA(v)) : v;
  }
  return all;
}
static struct str input_of(const struct form_made *m, const struct flow_field *f, const struct value *v);
static struct str set_input(const struct form_made *m, const struct flow_field *f, const struct value *v) {
  struct str all = STR("");
  for (size_t i = 0; i < v->set.len; i++) {
    const struct str one = input_of(m, f, &v->set.at[i]);
    all = all.len ? str_fmt(m->mem, STRF "," STRF, STRA(all), STRA(one)) : one;
  }
  return all;
}
/* As it would be typed: flow_read reads it again. */
static struct str input_of(const struct form_made *m, const struct flow_field *f, const struct value *v) {
  const struct flow_thing *t;
  switch (v->kind) {
    case VALUE_NONE: return STR("");
    case VALUE_FLAG: return v->flag ? STR("yes") : STR("no");
    case VALUE_TEXT:
    case VALUE_CODE: return v->text;
    case VALUE_THING: return (t = flow_thing_of(v)) ? t->id : STR("");
    case VALUE_NUMBER: return systems_number(m->x, &f->field->is, v);
    case VALUE_MOMENT: return page_moment_of(m->mem, v->moment);
    case VALUE_SPAN:
      return str_fmt(m->mem, STRF ".." STRF, STRA(page_moment_of(m->mem, v->span.from)),
                     STRA(page_moment_of(m->mem, v->span.to)));
    case VALUE_SET: return set_input(m, f, v);
    default: return value_show(m->mem, m->x->run.flow->units, v, STR(""));
  }
}
static bool is_there(struct str list, struct str one) {
  struct str head, rest = list;
  while (rest.len) {
    if (!str_cut(rest, STR(","), &head, &rest)) head = rest, rest = (struct str){0};
    if (str_eq(head, one)) return true;
  }
  return false;
}

/* ---- what can be chosen ---- */

static void offer(const struct form_made *m, struct view_sfield *v, struct str value, struct str label) {
  vec_push(m->mem, &v->options) = (struct view_option){value, label, is_there(v->value, value)};
}
static void offer_codes(const struct form_made *m, const struct type *t, struct view_sfield *v) {
  const struct codes *c = t->of;
  const struct base_list *base = c && c->base.len ? base_list_find(c->base) : NULL;
  for (size_t i = 0; base && i < base->items.len; i++)
    offer(m, v, base->items.at[i].code, base->items.at[i].label[m->rq->lang]);
  for (size_t i = 0; c && c->list && i < c->list->items.len; i++) {
    const struct list_item *item = &c->list->items.at[i];
    const bool is_over = has_word(item->until) && str_cmp(item->until.text, m->today) < 0;
    if (!is_over || is_there(v->value, item->head.name.text)) offer(m, v, item->head.name.text, item->label.text);
  }
}
static bool offer_units(const struct form_made *m, const struct type_said *is, struct view_sfield *v, struct err *e) {
  struct sql_system_units_rows rows = {0};
  const struct sql_system_units_in in = {
      .tenant = STORE_TENANT, .kind = is->name, .today = m->today, .any = !is->name.len, .most = OFFERED_MOST};
  TRY(sql_system_units(m->x->run.session, m->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_system_units, r, &rows) offer(m, v, r->id, r->name);
  return true;
}
static bool offer_people(const struct form_made *m, const struct type_said *is, struct view_sfield *v, struct err *e) {
  struct sql_system_people_rows rows = {0};
  if (!is->name.len) return true;
  const struct sql_system_people_in in = {
      .tenant = STORE_TENANT,
      .role = str_fmt(m->mem, STRF "." STRF, STRA(m->record->system->name), STRA(is->name)),
      .today = m->today,
      .most = OFFERED_MOST};
  TRY(sql_system_people(m->x->run.session, m->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_system_people, r, &rows)
    offer(m, v, r->id, str_fmt(m->mem, STRF "（" STRF "）", STRA(r->name), STRA(r->unit)));
  return true;
}
/* The newest that are seen. */
static bool offer_records(const struct form_made *m, const struct flow_field *f, struct view_sfield *v, struct err *e) {
  const struct flow_record *of = flow_referred(m->x->run.flow, f);
  const struct rights_list q = {.types = "", .most = REFS_OFFERED};
  rights_rows rows = {0};
  if (!of) return true;
  TRY(rights_list(m->x->run.session, m->mem, systems_view(m->x, of), &q, &rows, e));
  vec_each(const struct rights_row, r, &rows) {
    struct str told;
    TRY(system_record_told(m->x, of, r->at[0].s, &told, e));
    offer(m, v, r->at[0].s, told);
  }
  return true;
}
static bool offer_all(const struct form_made *m, const struct flow_field *f, struct view_sfield *v, struct err *e) {
  switch (f->field->is.type) {
    case TYPE_choice:
    case TYPE_choices: offer_codes(m, &f->type, v); return true;
    case TYPE_unit:
    case TYPE_units: return offer_units(m, &f->field->is, v, e);
    case TYPE_person:
    case TYPE_persons: return offer_people(m, &f->field->is, v, e);
    case TYPE_ref:
    case TYPE_refs: return offer_records(m, f, v, e);
    default: return true;
  }
}

/* ---- how it looks ---- */

static bool is_many(enum type_word t) {
  return t == TYPE_choices || t == TYPE_units || t == TYPE_persons || t == TYPE_refs || t == TYPE_files ||
         t == TYPE_photos;
}
/* Many to choose from are typed, with those there are offered beside; names are read as well as ids. */
static void typed_names(struct form_made *m, struct view_sfield *v) {
  struct view_slist *l = &vec_push(m->mem, &m->v->lists);
  struct str said = STR("");
  l->id = v->list = str_fmt(m->mem, "l-" STRF, STRA(v->name));
  for (size_t i = 0; i < v->options.len; i++) {
    const struct view_option *o = &v->options.at[i];
    vec_push(m->mem, &l->words) = o->label;
    if (o->chosen) said = said.len ? str_fmt(m->mem, STRF "、" STRF, STRA(said), STRA(o->label)) : o->label;
  }
  if (said.len) v->value = said;
  v->options.len = 0;
}
static void add_none(struct form_made *m, struct view_sfield *v, int msg) {
  view_options all = {0};
  vec_push(m->mem, &all) = (struct view_option){STR(""), page_text(m->rq, msg), !v->value.len};
  vec_each(const struct view_option, o, &v->options) vec_push(m->mem, &all) = *o;
  v->options = all;
}
static void look_flag(struct form_made *m, struct view_sfield *v) {
  v->is_radio = true;
  vec_push(m->mem, &v->options) =
      (struct view_option){STR("yes"), page_text(m->rq, MSG_systems_yes), str_eqz(v->value, "yes")};
  vec_push(m->mem, &v->options) =
      (struct view_option){STR("no"), page_text(m->rq, MSG_systems_no), str_eqz(v->value, "no")};
  if (v->is_optional)
    vec_push(m->mem, &v->options) = (struct view_option){STR(""), page_text(m->rq, MSG_systems_unsaid), !v->value.len};
}
static void look_span(struct form_made *m, struct view_sfield *v) {
  struct str from = v->value, to = STR("");
  v->is_span = true;
  if (!str_cut(v->value, STR(".."), &from, &to)) (void)str_cut(v->value, STR(","), &from, &to);
  v->value = str_trim(from);
  v->value2 = str_trim(to);
  v->id2 = str_fmt(m->mem, STRF "-to", STRA(v->id));
  v->label2 = page_text(m->rq, MSG_systems_to);
}
static bool look_files(struct form_made *m, struct view_sfield *v, struct err *e) {
  struct str head, rest = v->value;
  v->is_files = true;
  while (rest.len) {
    struct sql_flow_file_get f = {0};
    bool found = false;
    if (!str_cut(rest, STR(","), &head, &rest)) head = rest, rest = (struct str){0};
    TRY(sql_flow_file_get(m->x->run.session, m->mem, &(struct sql_flow_file_get_in){STORE_TENANT, head}, &f, &found,
                          e));
    if (found) vec_push(m->mem, &v->files) = (struct view_option){head, f.name, true};
  }
  return true;
}
/* In words, with where it is beside it: what a telephone gives, when it is asked to. */
static void look_place(struct form_made *m, const struct flow_field *f, struct view_sfield *v) {
  const size_t i = m->row && f->place == FLOW_POINT ? (size_t)(f - m->record->fields.at) : SIZE_MAX;
  bool typed = false;
  v->is_place = true;
  v->at_name = str_fmt(m->mem, STRF SYSTEM_AT, STRA(v->name));
  v->at = typed_of(m, v->at_name, &typed);
  if (m->typed_count) return;
  v->at = v->value;
  v->value = i < m->record->fields.len && m->row->rev ? m->row->words[i] : STR("");
}
static bool look(struct form_made *m, const struct flow_field *f, struct view_sfield *v, struct err *e) {
  const struct type_said *is = &f->field->is;
  v->is_many = is_many(is->type);
  TRY(offer_all(m, f, v, e));
  switch (is->type) {
    case TYPE_text: v->is_area = is->most >= AREA_FROM; break;
    case TYPE_flag: look_flag(m, v); break;
    case TYPE_span: look_span(m, v); break;
    case TYPE_place: /* in a row there is one cell for it */
      if (f->place == FLOW_POINT) look_place(m, f, v);
      break;
    case TYPE_date: v->css = "in-d"; break;
    case TYPE_moment: v->css = "in-t"; break;
    case TYPE_count:
    case TYPE_decimal:
    case TYPE_money:
      v->is_number = true;
      v->css = "in-n";
      v->unit = is->type == TYPE_money ? m->x->run.flow->units->money : is->unit;
      break;
    case TYPE_file:
    case TYPE_files:
    case TYPE_photos: return look_files(m, v, e);
    default: break;
  }
  const bool chosen =
      is->type == TYPE_choice || is->type == TYPE_choices || is->type == TYPE_ref || is->type == TYPE_refs;
  if (!v->options.len || v->is_radio) return true;
  if (!chosen && v->options.len > CHOSEN_MOST) typed_names(m, v);
  else if (v->is_many) v->is_checks = true;
  else v->is_select = true;
  if (v->is_select) add_none(m, v, v->is_optional ? MSG_systems_unsaid : MSG_systems_choose);
  return true;
}

/* ---- a field, rows ---- */

static struct str help_of(struct form_made *m, const struct field *f) {
  static const struct {
    enum type_word type;
    int msg;
  } forms[] = {{TYPE_date, MSG_systems_form_date},     {TYPE_moment, MSG_systems_form_moment},
               {TYPE_span, MSG_systems_form_span},     {TYPE_duration, MSG_systems_form_duration},
               {TYPE_time, MSG_systems_form_time},     {TYPE_place, MSG_systems_form_place},
               {TYPE_period, MSG_systems_form_period}, {TYPE_year, MSG_systems_form_year}};
  struct str said = f->help.text.len ? f->help.text : f->hint.text;
  for (size_t i = 0; !said.len && i < COUNT_OF(forms); i++)
    if (forms[i].type == f->is.type) said = page_text(m->rq, forms[i].msg);
  return said;
}
static bool fill_one(struct form_made *m, const struct flow_field *f, struct str name, const struct value *now,
                     struct view_sfield *v, struct err *e) {
  bool has = false;
  v->name = name;
  v->id = str_fmt(m->mem, "f-" STRF, STRA(name));
  v->label = f->field->label.text;
  v->help = help_of(m, f->field);
  v->source = f->field->source.text;
  v->css = "";
  v->value = typed_of(m, name, &has);
  if (!has && !m->typed_count) v->value = input_of(m, f, now);
  if (str_eq(m->error_at, name)) v->error = m->error;
  if (v->error.len) v->described = str_fmt(m->mem, "e-" STRF, STRA(name));
  else if (v->help.len) v->described = str_fmt(m->mem, "h-" STRF, STRA(name));
  return look(m, f, v, e);
}
static size_t rows_typed(const struct form_made *m, struct str name) {
  size_t n = 0;
  for (size_t i = 0; i < m->typed_count; i++) {
    struct str head, rest, row, column;
    int64_t at = 0;
    if (str_cut(m->typed[i].name, STR("."), &head, &rest) && str_eq(head, name) &&
        str_cut(rest, STR("."), &row, &column) && str_to_int(row, &at) && at >= 0 && (size_t)at + 1 > n)
      n = (size_t)at + 1;
  }
  return n;
}
/* A row that was taken out leaves a gap in the numbers. */
static bool was_typed(const struct form_made *m, struct str name, size_t row) {
  const struct str head = str_fmt(m->mem, STRF ".%zu.", STRA(name), row);
  for (size_t i = 0; i < m->typed_count; i++)
    if (str_starts(m->typed[i].name, head)) return true;
  return false;
}
static bool fill_row(struct form_made *m, const struct flow_field *f, size_t row, const struct flow_thing *now,
                     struct view_srow *v, struct err *e) {
  const struct value none = {0};
  v->drop = str_fmt(m->mem, "drop:" STRF ":%zu", STRA(f->name), row);
  for (size_t i = 0; i < f->row_count; i++) {
    const struct str name = str_fmt(m->mem, STRF ".%zu." STRF, STRA(f->name), row, STRA(f->rows[i].name));
    struct view_sfield *c = &vec_push(m->mem, &v->cells);
    c->is_optional = f->rows[i].field->need.which != 1;
    TRY(fill_one(m, &f->rows[i], name, now && i < now->value_count ? &now->values[i] : &none, c, e));
    c->described = STR("");
  }
  return true;
}
static bool fill_rows(struct form_made *m, const struct flow_field *f, const struct value *now, struct view_sfield *v,
                      struct err *e) {
  const size_t had = now->kind == VALUE_SET && !m->typed_count ? now->set.len : 0;
  const size_t typed = m->typed_count ? rows_typed(m, f->name) : had;
  size_t n = typed;
  m->v->has_rows = v->is_rows = true;
  v->name = f->name;
  v->id = str_fmt(m->mem, "f-" STRF, STRA(f->name));
  v->label = f->field->label.text;
  v->help = f->field->help.text;
  v->add = str_fmt(m->mem, "add:" STRF, STRA(f->name));
  if (str_eq(m->error_at, f->name)) v->error = m->error;
  if (str_eq(m->add_to, f->name) || !n) n += ROWS_AT_FIRST;
  for (size_t i = 0; i < n && v->rows.len < ROWS_MOST; i++) {
    const struct flow_thing *t = i < had ? flow_thing_of(&now->set.at[i]) : NULL;
    if (m->drop_row >= 0 && str_eq(m->drop_from, f->name) && (size_t)m->drop_row == i) continue;
    if (m->typed_count && i < typed && !was_typed(m, f->name, i)) continue;
    TRY(fill_row(m, f, i, t, &vec_push(m->mem, &v->rows), e));
  }
  if (!v->rows.len) TRY(fill_row(m, f, n, NULL, &vec_push(m->mem, &v->rows), e)); /* the last one was taken out */
  return true;
}
/* Somebody who begins something at school means their own. */
static struct value own_unit(const struct form_made *m, const struct flow_field *f) {
  const struct str head = str_join(m->mem, m->record->system->name, STR("."));
  if (m->row || f->field->is.type != TYPE_unit || !m->x->who) return (struct value){0};
  vec_each(const struct rights_post, p, &m->x->who->holds.posts)
    if (str_starts(p->role, head) && str_eq(p->kind, f->field->is.name))
      return flow_thing_value(flow_thing(&m->x->run, FLOW_UNIT, NULL, p->unit));
  return (struct value){0};
}
bool system_field_fill(struct form_made *m, const struct flow_field *f, bool is_optional, struct err *e) {
  struct view_sfield *v = &vec_push(m->mem, &m->v->fields);
  struct value now = own_unit(m, f);
  v->is_optional = is_optional;
  bool may = m->row && m->row->rev && f != m->record->from;
  if (may)
    TRY(systems_reads(m->x, m->record, m->row->id, f->class, &may, e)); /* what one may not read one may still write */
  if (may) TRY(flow_row_field(&m->x->run, m->row, (size_t)(f - m->record->fields.at), &now, e));
  return f->field->is.type == TYPE_rows ? fill_rows(m, f, &now, v, e) : fill_one(m, f, f->name, &now, v, e);
}
bool system_answer_fill(struct form_made *m, const struct flow_field *f, const struct value *now, struct err *e) {
  struct view_sfield *v = &vec_push(m->mem, &m->v->fields);
  v->is_optional = f->field->need.which != 1;
  return f->field->is.type == TYPE_rows ? fill_rows(m, f, now, v, e) : fill_one(m, f, f->name, now, v, e);
}
