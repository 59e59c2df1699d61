/* The statistics pages for people: a finding in words, then tables; a chart drawn here as SVG, with the table beside it that says the
 * same. Files hold what the page shows. */
#include "app/measures_ask.h"
#include "app/systems_form.h"
#include "app/views_measures.h"
#include "declare/check.h"
#include "pages.h"
#include "sql.h"
#include "text/xlsx_write.h"
#include "texts.h"

enum { LINE_W = 116, LINE_H = 24, LINE_AT = 2, CHART_W = 640, CHART_H = 132, CHART_TOP = 24, BAR_SHARE = 60 };

/* ---- addresses ---- */

static struct str period_query(const struct measures_ask *a, struct period p) {
  struct arena *mem = a->rq->mem;
  return str_fmt(mem, "&every=" STRF "&period=" STRF, STRA(period_kind_word(a->kind)), STRA(period_text(mem, p)));
}
static struct str address(const struct measures_ask *a, const struct flow_measure *m, struct str unit, struct period p,
                          const char *tail) {
  return str_fmt(a->rq->mem, "/s/" STRF "/measures%s" STRF "%s?at=" STRF STRF, STRA(a->system->name), m ? "/" : "",
                 STRA(m ? m->measure->head.name.text : STR("")), tail, STRA(unit), STRA(period_query(a, p)));
}
static struct str text_of(const struct measures_ask *a, int msg) { return page_text(a->rq, msg); }

/* ---- which unit, which period ---- */

static void add_unit(const struct measures_ask *a, struct str id, struct str name, view_options *out) {
  vec_each(const struct view_option, o, out)
    if (str_eq(o->value, id)) return;
  vec_push(a->rq->mem, out) = (struct view_option){id, name, str_eq(id, a->unit)};
}
/* Everything, what stands above the unit and may be read, the unit, and what stands below it. */
static bool add_units(struct measures_ask *a, const struct gauge *g, view_options *out, struct err *e) {
  struct sql_rights_places_rows above = {0};
  struct arena *mem = a->rq->mem;
  const struct flow_measure *m = a->measure ? a->measure : &a->system->measures.at[0];
  bool may = false;
  TRY(measures_may(&a->x, m, STR(""), &may, e));
  if (may) add_unit(a, STR(""), text_of(a, MSG_measures_everywhere), out);
  if (a->unit.len)
    TRY(sql_rights_places(a->x.run.session, mem, &(struct sql_rights_places_in){STORE_TENANT, a->unit}, SIZE_MAX,
                          &above, e));
  vec_each(const struct sql_rights_places, p, &above) {
    struct sql_rights_unit_name row;
    bool found = false;
    TRY(measures_may(&a->x, m, p->unit, &may, e));
    if (may)
      TRY(sql_rights_unit_name(a->x.run.session, mem, &(struct sql_rights_unit_name_in){STORE_TENANT, p->unit}, &row,
                               &found, e));
    if (found) add_unit(a, p->unit, row.name, out);
  }
  for (size_t i = 1; i < g->unit_count; i++) {
    TRY(measures_may(&a->x, m, g->units[i].id, &may, e));
    if (may) add_unit(a, g->units[i].id, g->units[i].name, out);
  }
  return true;
}
static bool fill_form(struct measures_ask *a, const struct gauge *g, struct view_mform *f, struct err *e) {
  struct arena *mem = a->rq->mem;
  const struct calendar *c = a->x.run.flow->calendar;
  f->action = str_fmt(mem, "/s/" STRF "/measures%s" STRF, STRA(a->system->name), a->measure ? "/" : "",
                      STRA(a->measure ? a->measure->measure->head.name.text : STR("")));
  f->period = a->span.name;
  f->earlier = address(a, a->measure, a->unit, period_step(c, a->period, -1), "");
  f->later = address(a, a->measure, a->unit, period_step(c, a->period, 1), "");
  for (int k = 0; k < PERIOD_KIND_COUNT; k++) {
    const struct str word = period_kind_word((enum period_kind)k);
    vec_push(mem, &f->kinds) = (struct view_option){
        word, page_text_of(mem, a->rq->lang, "measures_every_", str_z(mem, word)), k == (int)a->kind};
  }
  return add_units(a, g, &f->units, e);
}
static struct str unit_says(const struct measures_ask *a, const struct gauge *g) {
  return a->unit.len ? g->units[0].name : text_of(a, MSG_measures_everywhere);
}

/* ---- small pictures ---- */

struct known { /* of a row of periods */
  bool is[MEASURES_ROW];
  struct ratio n[MEASURES_ROW], low, high;
  int count;
};
static struct known known_of(struct measures_ask *a, const struct gauge_cube *c) {
  struct known k = {.low = ratio_int(0), .high = ratio_int(0)};
  for (size_t s = 0; s < c->span_count; s++) {
    k.is[s] = measures_number(&a->x, c, gauge_place(c, 0, s, 0), &k.n[s]);
    if (!k.is[s]) continue;
    if (ratio_cmp(k.n[s], k.high) > 0) k.high = k.n[s];
    if (ratio_cmp(k.n[s], k.low) < 0) k.low = k.n[s];
    k.count++;
  }
  return k;
}
/* Where n stands between low and high on a scale of so many points. */
static int scale_of(struct ratio n, struct ratio low, struct ratio high, int points) {
  struct ratio part, all, at, whole;
  if (!ratio_sub(n, low, &part) || !ratio_sub(high, low, &all) || ratio_is_zero(all) || !ratio_div(part, all, &at) ||
      !ratio_mul(at, ratio_int(points), &at) || !ratio_round(at, ratio_int(1), ROUND_NEAR, &whole))
    return 0;
  return (int)whole.n;
}
static struct str line_of(struct arena *mem, const struct known *k, int width, int height, int left, int top,
                          int *out_x, int *out_y) {
  struct str points = {0};
  for (int s = 0; s < MEASURES_ROW; s++) {
    if (!k->is[s]) continue;
    *out_x = left + width * s / (MEASURES_ROW - 1);
    *out_y = top + height - scale_of(k->n[s], k->low, k->high, height);
    points = str_fmt(mem, STRF "%s%d,%d", STRA(points), points.len ? " " : "", *out_x, *out_y);
  }
  return points;
}

/* ---- all measures ---- */

static bool fill_row(struct measures_ask *a, struct gauge *g, const struct flow_measure *m, struct view_mrow *r,
                     struct err *e) {
  const struct gauge_cube *c;
  const size_t last = MEASURES_ROW - 1;
  TRY(gauge_ask(g, m, &c, e));
  const struct known k = known_of(a, c);
  *r = (struct view_mrow){.href = address(a, m, a->unit, a->period, ""), .label = m->label};
  TRY(measures_says(&a->x, c, gauge_place(c, 0, last, 0), &r->says, e));
  TRY(measures_says(&a->x, c, gauge_place(c, 0, last - 1, 0), &r->before, e));
  r->is_none = !k.is[last];
  if (!k.is[last - 1]) r->before = STR("");
  r->small = text_of(a, m->how == FLOW_FORMULA ? MSG_measures_is_formula
                        : m->is_stock          ? MSG_measures_is_stock
                                               : MSG_measures_is_flow);
  r->has_line = k.count > 1 && !ratio_is_zero(k.high);
  if (r->has_line) r->points = line_of(a->rq->mem, &k, LINE_W, LINE_H, LINE_AT, LINE_AT, &r->dot_x, &r->dot_y);
  return true;
}
static bool fill_rows(struct measures_ask *a, struct gauge *g, view_mrows *out, struct err *e) {
  vec_each(const struct flow_measure, m, &a->system->measures) {
    bool may = false;
    TRY(measures_may(&a->x, m, a->unit, &may, e));
    if (may) TRY(fill_row(a, g, m, &vec_push(a->rq->mem, out), e));
  }
  return true;
}

/* ---- files ---- */

struct grid { /* a file: labels, then a column for each period */
  struct measures_ask *a;
  struct buf *csv;
  struct xlsx *xlsx;
};
static void put_csv(struct buf *out, struct str s) {
  buf_byte(out, '"');
  if (s.len && strchr("=+-@\t\r", s.at[0])) buf_byte(out, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"') buf_byte(out, '"');
    buf_byte(out, s.at[i]);
  }
  buf_byte(out, '"');
}
static void put_text(struct grid *g, struct str s, bool is_first) {
  if (g->xlsx) {
    xlsx_text(g->xlsx, s);
    return;
  }
  if (!is_first) buf_byte(g->csv, ',');
  put_csv(g->csv, s);
}
static bool put_cube_line(struct grid *g, struct str label, const struct gauge_cube *c, size_t unit, struct err *e) {
  put_text(g, label, true);
  put_text(g, c->measure->said, false);
  for (size_t s = 0; s < c->span_count; s++) {
    struct str says;
    TRY(measures_says(&g->a->x, c, gauge_place(c, unit, s, 0), &says, e));
    put_text(g, says, false);
  }
  if (g->xlsx) xlsx_row_end(g->xlsx);
  else buf_z(g->csv, "\r\n");
  return true;
}
static void begin_grid(struct grid *g, struct str title, int label) {
  struct measures_ask *a = g->a;
  struct xlsx_column columns[MEASURES_ROW + 2] = {{text_of(a, label), 30, false},
                                                  {text_of(a, MSG_measures_unit), 8, false}};
  for (size_t i = 0; i < MEASURES_ROW; i++) columns[i + 2] = (struct xlsx_column){a->row[i].name, 14, false};
  if (g->xlsx) {
    xlsx_sheet(g->xlsx, str_slice(a->system->system->label.text, 0, 60), title, columns, MEASURES_ROW + 2);
    return;
  }
  buf_z(g->csv, "\xEF\xBB\xBF");
  for (size_t i = 0; i < MEASURES_ROW + 2; i++) put_text(g, columns[i].title, i == 0);
  buf_z(g->csv, "\r\n");
}
static bool put_grid(struct grid *g, struct gauge *q, struct str title, struct err *e) {
  struct measures_ask *a = g->a;
  begin_grid(g, title, a->measure ? MSG_measures_at : MSG_measures_measure);
  if (a->measure) {
    const struct gauge_cube *c;
    TRY(gauge_ask(q, a->measure, &c, e));
    for (size_t u = 0; u < c->unit_count; u++)
      TRY(put_cube_line(g, u || a->unit.len ? c->units[u].name : text_of(a, MSG_measures_everywhere), c, u, e));
    return true;
  }
  vec_each(const struct flow_measure, m, &a->system->measures) {
    const struct gauge_cube *c;
    bool may = false;
    TRY(measures_may(&a->x, m, a->unit, &may, e));
    if (!may) continue;
    TRY(gauge_ask(q, m, &c, e));
    TRY(put_cube_line(g, m->label, c, 0, e));
  }
  return true;
}
/* *out_sent: the address asked for a file, and it is the answer. */
static bool send_file(struct measures_ask *a, struct gauge *q, struct web_response *rs, bool *out_sent, struct err *e) {
  const struct str as = web_query(a->rq, "as");
  const bool is_xlsx = str_eqz(as, "xlsx");
  struct grid g = {.a = a, .csv = &rs->body};
  *out_sent = as.len > 0;
  if (!as.len) return true;
  if (!is_xlsx && !str_eqz(as, "csv")) return fail(e, ERR_INVALID, MSG_measures_as, "name", STR("as"));
  const struct str label = a->measure ? a->measure->label : a->system->system->label.text;
  const struct str title =
      str_fmt(a->rq->mem, STRF " " STRF " " STRF, STRA(label), STRA(unit_says(a, q)), STRA(a->span.name));
  web_download(
      a->rq, rs, str_fmt(a->rq->mem, STRF ".%s", STRA(title), is_xlsx ? "xlsx" : "csv"),
      is_xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8");
  if (!is_xlsx) return put_grid(&g, q, title, e);
  AUTO_XLSX x = {0};
  struct str bytes;
  TRY(xlsx_begin(&x, a->rq->mem, e));
  g.xlsx = &x;
  TRY(put_grid(&g, q, title, e) && xlsx_finish(&x, &bytes, e));
  buf_str(&rs->body, bytes);
  return true;
}

/* ---- the page of all ---- */

static struct str as_file(struct measures_ask *a, const char *as) { return web_here(a->rq, "as", str_of(as)); }
bool measures_show_all(struct measures_ask *a, struct web_response *rs, struct err *e) {
  struct web_request *rq = a->rq;
  struct gauge g, below;
  bool sent = false;
  struct view_measures v = {.lang = rq->lang,
                            .f = page_frame(rq, text_of(a, MSG_measures_title), PAGE_SYSTEMS, NULL),
                            .title = text_of(a, MSG_measures_title),
                            .system = a->system->system->label.text,
                            .system_href = str_fmt(rq->mem, "/s/" STRF, STRA(a->system->name)),
                            .period = a->span.name,
                            .before = a->row[MEASURES_ROW - 2].name,
                            .xlsx = as_file(a, "xlsx"),
                            .csv = as_file(a, "csv")};
  v.f.back = v.system_href;
  TRY(gauge_begin(&g, &a->x.run, a->unit, false, a->row, MEASURES_ROW, STR(""), e));
  TRY(send_file(a, &g, rs, &sent, e));
  if (sent) return true;
  TRY(gauge_begin(&below, &a->x.run, a->unit, true, &a->span, 1, STR(""), e));
  TRY(fill_form(a, &below, &v.form, e) && fill_rows(a, &g, &v.rows, e));
  const struct msg_arg args[] = {
      {"at", unit_says(a, &g)}, {"period", a->span.name}, {"n", str_int(rq->mem, (int64_t)v.rows.len)}};
  v.finding = msg_text(rq->mem, rq->lang, MSG_measures_finding, args, COUNT_OF(args));
  page_system_measures(&rs->body, &v);
  return true;
}

/* ---- the page of one ---- */

static bool fill_chart(struct measures_ask *a, const struct gauge_cube *c, struct view_measure *v, struct err *e) {
  const struct known k = known_of(a, c);
  const int step = CHART_W / MEASURES_ROW;
  int x = 0, y = 0;
  v->is_line = a->measure->is_stock || a->measure->how == FLOW_FORMULA || a->measure->how == FLOW_MEAN;
  v->has_chart = k.count > 1 && !ratio_is_zero(k.high);
  for (int s = 0; s < MEASURES_ROW; s++) {
    struct view_mbar *b = &vec_push(a->rq->mem, &v->bars);
    struct view_mrow *r = &vec_push(a->rq->mem, &v->row);
    const int height = k.is[s] ? scale_of(k.n[s], k.low, k.high, CHART_H) : 0;
    *b = (struct view_mbar){.x = s * step + step * (100 - BAR_SHARE) / 200,
                            .y = CHART_TOP + CHART_H - height,
                            .width = step * BAR_SHARE / 100,
                            .height = height,
                            .label_x = s * step + step / 2,
                            .name = a->row[s].name,
                            .is_known = k.is[s],
                            .is_last = s == MEASURES_ROW - 1,
                            .is_middle = s % 4 != 3};
    TRY(measures_says(&a->x, c, gauge_place(c, 0, (size_t)s, 0), &b->says, e));
    *r = (struct view_mrow){.label = b->name, .says = b->says};
  }
  v->points = line_of(a->rq->mem, &k, step * (MEASURES_ROW - 1), CHART_H, step / 2, CHART_TOP, &x, &y);
  return true;
}
/* Bars of a table: each beside the longest; of shares, of a hundred. */
static void fill_bars(struct measures_ask *a, const struct gauge_cube *c, const size_t *places, view_mrows *rows) {
  struct ratio n, high = str_eqz(a->measure->said, "%") ? ratio_int(100) : ratio_int(0);
  for (size_t i = 0; i < rows->len; i++)
    if (measures_number(&a->x, c, places[i], &n) && ratio_cmp(n, high) > 0) high = n;
  for (size_t i = 0; i < rows->len; i++) {
    rows->at[i].has_bar = measures_number(&a->x, c, places[i], &n) && ratio_sign(n) >= 0 && !ratio_is_zero(high);
    if (rows->at[i].has_bar) rows->at[i].bar = scale_of(n, ratio_int(0), high, 100);
  }
}
static bool fill_codes(struct measures_ask *a, size_t by, struct view_measure *v, struct err *e) {
  const struct gauge_cube *c;
  struct gauge g;
  const struct flow_measure *m = a->measure;
  TRY(gauge_begin(&g, &a->x.run, a->unit, false, &a->span, 1, m->by.at[by].name, e));
  TRY(gauge_ask(&g, m, &c, e));
  struct view_mtable *t = &vec_push(a->rq->mem, &v->tables);
  const struct msg_arg args[] = {{"by", m->by.at[by].label}};
  *t = (struct view_mtable){.title = msg_text(a->rq->mem, a->rq->lang, MSG_measures_by, args, 1),
                            .head = m->by.at[by].label};
  size_t *places = arena_new_n(a->rq->mem, size_t, c->codes.len);
  for (size_t k = 1; k < c->codes.len; k++) {
    struct view_mrow *r = &vec_push(a->rq->mem, &t->rows);
    r->label = measures_code_says(m, (int)by, c->codes.at[k], a->rq->lang, a->rq->mem);
    places[k - 1] = k;
    TRY(measures_says(&a->x, c, k, &r->says, e));
    if (m->record && c->at[k].n && !c->at[k].is_hidden)
      r->href = str_fmt(a->rq->mem, STRF "&by=" STRF "&code=" STRF, STRA(address(a, m, a->unit, a->period, "/records")),
                        STRA(web_escape(a->rq->mem, m->by.at[by].name)), STRA(web_escape(a->rq->mem, c->codes.at[k])));
  }
  fill_bars(a, c, places, &t->rows);
  return true;
}
static bool fill_below(struct measures_ask *a, struct gauge *g, struct view_measure *v, struct err *e) {
  const struct gauge_cube *c;
  TRY(gauge_ask(g, a->measure, &c, e));
  size_t *places = arena_new_n(a->rq->mem, size_t, c->unit_count);
  for (size_t u = 1; u < c->unit_count; u++) {
    bool may = false;
    TRY(measures_may(&a->x, a->measure, c->units[u].id, &may, e));
    if (!may) continue;
    const bool is_nothing = !c->at[gauge_place(c, u, 0, 0)].n && !c->at[gauge_place(c, u, 0, 0)].is_hidden;
    if (!is_nothing) places[v->below.len] = gauge_place(c, u, 0, 0);
    struct view_mrow *r = is_nothing ? &vec_push(a->rq->mem, &v->others) : &vec_push(a->rq->mem, &v->below);
    r->label = c->units[u].name;
    r->href = address(a, a->measure, c->units[u].id, a->period, "");
    TRY(measures_says(&a->x, c, gauge_place(c, u, 0, 0), &r->says, e));
  }
  fill_bars(a, c, places, &v->below);
  const struct msg_arg args[] = {{"n", str_int(a->rq->mem, (int64_t)v->others.len)}};
  if (v->others.len) v->others_title = msg_text(a->rq->mem, a->rq->lang, MSG_measures_others, args, 1);
  return true;
}
static void fill_head(struct measures_ask *a, struct view_measure *v) {
  struct web_request *rq = a->rq;
  const struct flow_measure *m = a->measure;
  *v = (struct view_measure){.lang = rq->lang, .f = page_frame(rq, m->label, PAGE_SYSTEMS, NULL), .title = m->label};
  v->system = a->system->system->label.text;
  v->system_href = str_fmt(rq->mem, "/s/" STRF, STRA(a->system->name));
  v->all_href = address(a, NULL, a->unit, a->period, "");
  v->f.back = v->all_href;
  v->unit = m->said;
  v->xlsx = as_file(a, "xlsx");
  v->csv = as_file(a, "csv");
  if (m->record) v->records = address(a, m, a->unit, a->period, "/records");
  for (size_t i = 0; i < m->parts.len; i++)
    v->made_of = page_listed(rq->mem, rq->lang, v->made_of, m->parts.at[i]->label);
}
bool measures_show_one(struct measures_ask *a, struct web_response *rs, struct err *e) {
  struct web_request *rq = a->rq;
  struct gauge row, below;
  struct view_measure v;
  const struct gauge_cube *c;
  bool sent = false;
  TRY(gauge_begin(&row, &a->x.run, a->unit, web_query(rq, "as").len > 0, a->row, MEASURES_ROW, STR(""), e));
  TRY(send_file(a, &row, rs, &sent, e));
  if (sent) return true;
  fill_head(a, &v);
  TRY(gauge_begin(&below, &a->x.run, a->unit, true, &a->span, 1, STR(""), e));
  TRY(gauge_ask(&row, a->measure, &c, e) && fill_chart(a, c, &v, e));
  for (size_t i = 0; i < a->measure->by.len; i++) TRY(fill_codes(a, i, &v, e));
  TRY(fill_below(a, &below, &v, e) && fill_form(a, &below, &v.form, e));
  v.says = v.row.at[MEASURES_ROW - 1].says;
  const struct msg_arg args[] = {
      {"at", unit_says(a, &row)}, {"period", a->span.name}, {"measure", a->measure->label}, {"value", v.says}};
  v.finding = msg_text(rq->mem, rq->lang, MSG_measures_one_finding, args, COUNT_OF(args));
  v.chart_says = msg_text(rq->mem, rq->lang, MSG_measures_chart, args, COUNT_OF(args));
  page_system_measure(&rs->body, &v);
  return true;
}

/* ---- records behind a figure ---- */

void measures_show_records(struct measures_ask *a, struct flow_row **rows, size_t count, struct str next,
                           struct web_response *rs) {
  struct web_request *rq = a->rq;
  struct view_mrecords v = {.lang = rq->lang,
                            .f = page_frame(rq, a->measure->label, PAGE_SYSTEMS, NULL),
                            .title = a->measure->label,
                            .system = a->system->system->label.text,
                            .system_href = str_fmt(rq->mem, "/s/" STRF, STRA(a->system->name)),
                            .measure_href = address(a, a->measure, a->unit, a->period, ""),
                            .next = next.len ? web_here(rq, "after", next) : next};
  v.f.back = v.measure_href;
  const struct msg_arg args[] = {{"period", a->span.name}};
  v.says = msg_text(rq->mem, rq->lang, MSG_measures_records_says, args, 1);
  for (size_t i = 0; i < count; i++) {
    struct view_mrow *r = &vec_push(rq->mem, &v.rows);
    r->href = system_address(rq->mem, rows[i]->record, rows[i]->id, "");
    r->label = rows[i]->number.len ? rows[i]->number : rows[i]->id;
    r->says = flow_state_label(rows[i]->record, rows[i]->state);
    r->small = page_when(rq, rows[i]->created);
  }
  page_system_measure_records(&rs->body, &v);
}
