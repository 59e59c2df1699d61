/* Rows of a list of records: what stands in the cells that are no plain value of a column, and the clocks' lamps. Read a page, or a
 * piece of a file, at a time, so that names of units and people are looked up once. */
#include "app/systems_list.h"
#include "base/clock.h"
#include "engine/flow/lamp.h"
#include "engine/flow/read.h"
#include "texts.h"

enum { CELL_MOST = 120 };
static const int64_t hour_us = 3600000000;

/* ---- lamps ---- */

static struct str with(struct system_run *x, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(x->run.mem, x->run.lang, msg, &arg, 1);
}
static struct str left_says(struct system_run *x, const struct duration *left) {
  static const int units[] = {
#define X(word, family, n) [DURATION_##word] = MSG_systems_unit_##word,
      DURATION_UNITS(X)
#undef X
  };
  return with(x, MSG_systems_left, "left", with(x, units[left->unit], "n", str_int(x->run.mem, left->n)));
}
static struct str over_says(struct system_run *x, int64_t us) {
  if (us >= 24 * hour_us) return with(x, MSG_lists_over_days, "n", str_int(x->run.mem, us / (24 * hour_us)));
  if (us >= hour_us) return with(x, MSG_lists_over_hours, "n", str_int(x->run.mem, us / hour_us));
  return msg_template(x->run.lang, MSG_systems_over);
}
bool systems_lamp(struct system_run *x, const struct flow_row *row, const struct clock *c, struct system_lamp *out,
                  struct err *e) {
  struct clock_reading k = {0};
  *out = (struct system_lamp){0};
  TRY(flow_clock_read(&x->run, row->record, row->id, c, &k, e));
  out->css = str_of(lamp_css(lamp_of(&k, lamp_rules())));
  if (!k.is_started) return true;
  if (!k.is_running && !k.is_paused)
    out->says = msg_template(x->run.lang, k.is_over ? MSG_lists_was_late : MSG_lists_in_time);
  else if (k.is_paused) out->says = msg_template(x->run.lang, MSG_systems_paused);
  else if (k.due == CLOCK_NEVER) out->says = STR("");
  else out->says = k.is_over ? over_says(x, x->run.now_us - k.due) : left_says(x, &k.left);
  return true;
}

/* ---- cells ---- */

static bool is_plain(const struct system_shows *s) { /* as its column holds it */
  if (!s->field || s->field->place != FLOW_COLUMN) return !s->field;
  const enum type_word t = s->field->field->is.type;
  return t == TYPE_text || t == TYPE_code || t == TYPE_date || t == TYPE_moment;
}
static bool fill_cell(struct system_more *m, size_t i, struct err *e) {
  const struct system_shows *s = &m->list->shows[i];
  const struct flow_record *r = m->list->record;
  struct value v = {0};
  if (s->is_state) {
    m->says[i] = flow_state_label(r, m->row->state);
    if (m->row->ended) m->lamps[i] = STR("d");
    return true;
  }
  if (s->clock) {
    struct system_lamp lamp;
    TRY(systems_lamp(m->x, m->row, s->clock, &lamp, e));
    m->says[i] = lamp.says.at ? lamp.says : STR("");
    m->lamps[i] = lamp.css;
    return true;
  }
  if (is_plain(s)) return true;
  const size_t field = (size_t)(s->field - r->fields.at);
  TRY(flow_row_field(&m->x->run, m->row, field, &v, e));
  TRY(flow_show(&m->x->run, r->system, &s->field->type, &v, &m->says[i], e));
  if (s->field->place == FLOW_POINT && m->row->words[field].len) m->says[i] = m->row->words[field];
  if (!m->says[i].at) m->says[i] = STR("");
  return true;
}
static bool fill_row(struct system_more *m, const bool *shown, struct str id, bool *out_is, struct err *e) {
  const size_t n = m->list->table.count;
  m->says = arena_new_n(m->x->run.mem, struct str, n);
  m->lamps = arena_new_n(m->x->run.mem, struct str, n);
  TRY(flow_row(&m->x->run, m->list->record, id, &m->row, e));
  *out_is = m->row != NULL;
  for (size_t i = 0; m->row && i < n; i++)
    if (shown[i]) TRY(fill_cell(m, i, e));
  return true;
}
bool system_rows_read(struct web_request *rq, const struct table_said *t, const struct table_rows *asked,
                      struct store *r, struct arena *mem, list_rows *io, struct err *e) {
  struct system_run *x = arena_new(mem, struct system_run);
  if (rq->json && !web_query(rq, "as").len) return true; /* read with the rows */
  systems_begin_for(x, app_of(rq)->systems, r, mem, who_of(rq), rq->now_us, rq->lang);
  vec_each(struct list_row, row, io) {
    struct system_more *m = arena_new(mem, struct system_more);
    bool is = false;
    *m = (struct system_more){.list = t->of, .x = x};
    TRY(fill_row(m, asked->shown, row->at[LIST_ID].s, &is, e));
    if (is) row->more = m;
  }
  return true;
}
static size_t place_of(const struct system_list *l, const struct table_column *c) { return (size_t)(c - l->columns); }
struct str system_cell_says(struct web_request *rq, const struct table_column *c, const struct list_row *row) {
  const struct system_more *m = row->more;
  if (!m) return (struct str){0};
  const struct str says = m->says[place_of(m->list, c)];
  const struct store_value *v = &row->at[c->sql];
  const bool is_empty = says.at ? !says.len : v->type == 's' && !v->s.len;
  if (is_empty && (c->flags & TABLE_HEAD)) return m->list->record->record->label.text; /* a link has a name */
  (void)rq;
  return says;
}
static struct str cut_to(struct arena *mem, struct str s) {
  size_t n = CELL_MOST;
  if (s.len <= CELL_MOST) return s;
  while (n && ((unsigned char)s.at[n] & 0xC0) == 0x80) n--;
  return str_join(mem, str_slice(s, 0, n), STR("…"));
}
void system_row_show(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  const struct system_more *m = row->more;
  for (size_t i = 0; m && i < m->list->table.count; i++) {
    const struct system_shows *s = &m->list->shows[i];
    struct view_tcell *cell = table_cell(io, m->list->columns[i].sql);
    if (!cell) continue;
    cell->text = cut_to(rq->mem, cell->text);
    cell->lamp = m->lamps[i];
    cell->is_chip = s->is_state && !m->lamps[i].len;
    if (s->clock) cell->css = STR("lm");
  }
}

/* ---- for programs ---- */

bool system_fields_json(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e) {
  const struct flow_record *r = row->record;
  systems_head_json(x, row, j);
  json_open(j, "fields", '{');
  for (size_t i = 0; i < r->fields.len; i++) {
    const struct flow_field *f = &r->fields.at[i];
    AUTO_ARENA mem = {0};
    struct value v = {0};
    if (f->class > CLASS_inner || f->place > FLOW_POINT) continue; /* sets and what is live: on the record's own page */
    TRY(flow_row_field(&x->run, row, i, &v, e));
    TRY(systems_value_json(x, r->system, str_z(&mem, f->name), &f->field->is, &f->type, &v, j, e));
  }
  json_close(j, '}');
  return !r->record->clocks.len || systems_clocks_json(x, row, j, e);
}
/* A line of a file; what cannot be read any more leaves it short. */
void system_row_json(struct json_out *j, const struct list_row *row) {
  const struct system_more *m = row->more;
  struct err ignored = {0};
  if (!m || !system_fields_json(m->x, m->row, j, &ignored)) return;
}
