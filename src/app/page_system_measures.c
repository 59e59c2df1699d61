/* Statistics of a system: all its measures at a unit over a period; one measure by its breakdowns and by the units below; the records
 * behind a figure. Rights are of the unit asked for, and of each record that is opened. */
#include "app/measures_ask.h"
#include "app/systems_form.h"
#include "base/clock.h"
#include "texts.h"

enum { RECORDS_PAGE = 100 };

/* ---- what is asked ---- */

static bool read_period(struct measures_ask *a, struct err *e) {
  struct web_request *rq = a->rq;
  const struct calendar *c = a->x.run.flow->calendar;
  const struct str every = web_query(rq, "every"), said = web_query(rq, "period");
  a->kind = rq->json ? PERIOD_year : PERIOD_month;
  a->is_said = said.len > 0;
  if (every.len && !period_kind_of(every, &a->kind))
    return fail(e, ERR_INVALID, MSG_gauge_period, "name", STR("every"), "value", str_slice(every, 0, 40));
  if (a->is_said) {
    TRY(gauge_period(c, every, said, &a->period, e));
    a->kind = a->period.kind;
  } else {
    a->period = period_of(c, a->kind, clock_today(rq->now_us));
  }
  struct period p = a->period;
  for (int i = MEASURES_ROW - 1; i >= 0; i--, p = period_step(c, p, -1)) a->row[i] = gauge_span_of(rq->mem, c, p);
  a->span = a->row[MEASURES_ROW - 1];
  if (!a->is_said && rq->json && a->measure && a->measure->is_stock) /* as it is now */
    a->span.from = a->span.to = moment_day(rq->now_us);
  return true;
}
static bool read_unit(struct measures_ask *a, struct err *e) {
  bool may = true;
  a->unit = web_query(a->rq, "at");
  if (!a->unit.len && !measures_home(&a->x, a->system, &a->unit)) return fail(e, ERR_NOT_FOUND, MSG_measures_no_reach);
  if (a->measure) TRY(measures_may(&a->x, a->measure, a->unit, &may, e));
  return may || fail(e, ERR_NOT_FOUND, MSG_measures_no_reach);
}
bool measures_read(struct web_request *rq, struct store *r, struct measures_ask *a, struct err *e) {
  struct system_place at;
  const struct str name = web_param(rq, "measure");
  *a = (struct measures_ask){.rq = rq};
  TRY(systems_place(rq, &at, e));
  systems_begin(&a->x, rq, r);
  a->system = at.system;
  a->measure = name.len ? flow_measure_in(at.system, name) : NULL;
  if (name.len && !a->measure) return fail(e, ERR_NOT_FOUND, MSG_measures_no_measure);
  return read_unit(a, e) && read_period(a, e);
}

/* ---- JSON ---- */

static void put_head(struct measures_ask *a, const struct gauge_unit *unit, struct json_out *j) {
  struct arena *mem = a->rq->mem;
  if (unit->id.len) {
    json_open(j, "at", '{');
    json_str(j, "id", unit->id);
    json_str(j, "name", unit->name);
    json_close(j, '}');
  } else {
    json_nil(j, "at");
  }
  json_open(j, "period", '{');
  json_str(j, "name", a->span.name);
  json_str(j, "kind", period_kind_word(a->kind));
  json_str(j, "from", date_iso(mem, date_of_days((int32_t)a->span.from)));
  json_str(j, "to", date_iso(mem, date_of_days((int32_t)a->span.to)));
  json_close(j, '}');
}
static void put_measure(const struct flow_measure *m, struct json_out *j) {
  json_str(j, "measure", m->measure->head.name.text);
  json_str(j, "label", m->label);
  json_str(j, "unit", m->said);
  json_bool(j, "stock", m->is_stock);
}
static bool put_all(struct measures_ask *a, struct json_out *j, struct err *e) {
  struct gauge g;
  TRY(gauge_begin(&g, &a->x.run, a->unit, false, &a->span, 1, STR(""), e));
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  put_head(a, &g.units[0], j);
  json_open(j, "measures", '[');
  vec_each(const struct flow_measure, m, &a->system->measures) {
    const struct gauge_cube *c;
    bool may = false;
    TRY(measures_may(&a->x, m, a->unit, &may, e));
    if (!may) continue;
    TRY(gauge_ask(&g, m, &c, e));
    json_open(j, NULL, '{');
    put_measure(m, j);
    TRY(measures_json(&a->x, c, 0, j, e));
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
static bool put_codes(struct measures_ask *a, struct str by, struct json_out *j, struct err *e) {
  const struct gauge_cube *c;
  struct gauge g;
  TRY(gauge_begin(&g, &a->x.run, a->unit, false, &a->span, 1, by, e));
  TRY(gauge_ask(&g, a->measure, &c, e));
  json_open(j, "by", '{');
  json_str(j, "name", by);
  json_open(j, "codes", '[');
  for (size_t k = 1; k < c->codes.len; k++) {
    json_open(j, NULL, '{');
    json_str(j, "code", c->codes.at[k]);
    json_str(j, "label",
             measures_code_says(a->measure, flow_measure_by(a->measure, by), c->codes.at[k], a->rq->lang, a->rq->mem));
    TRY(measures_json(&a->x, c, k, j, e));
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  return true;
}
static bool put_below(struct measures_ask *a, struct json_out *j, struct err *e) {
  const struct gauge_cube *c;
  struct gauge g;
  TRY(gauge_begin(&g, &a->x.run, a->unit, true, &a->span, 1, STR(""), e));
  TRY(gauge_ask(&g, a->measure, &c, e));
  json_open(j, "below", '[');
  for (size_t u = 1; u < c->unit_count; u++) {
    json_open(j, NULL, '{');
    json_str(j, "id", c->units[u].id);
    json_str(j, "name", c->units[u].name);
    TRY(measures_json(&a->x, c, gauge_place(c, u, 0, 0), j, e));
    json_close(j, '}');
  }
  json_close(j, ']');
  return true;
}
/* The figure itself; one of too few people is refused, so that nobody takes it for nothing. */
static bool put_one(struct measures_ask *a, struct json_out *j, struct err *e) {
  const struct gauge_cube *c;
  struct gauge g;
  const struct str by = web_query(a->rq, "by");
  TRY(gauge_begin(&g, &a->x.run, a->unit, false, &a->span, 1, STR(""), e));
  TRY(gauge_ask(&g, a->measure, &c, e));
  if (c->at[0].is_hidden)
    return fail(e, ERR_TOO_SMALL, MSG_measures_too_small, "n", str_int(a->rq->mem, a->measure->cell));
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  put_measure(a->measure, j);
  put_head(a, &g.units[0], j);
  TRY(measures_json(&a->x, c, 0, j, e));
  if (by.len) TRY(put_codes(a, by, j, e));
  if (str_eqz(web_query(a->rq, "below"), "yes")) TRY(put_below(a, j, e));
  json_close(j, '}');
  json_open(j, "links", '{');
  if (a->measure->record)
    json_str(j, "records",
             str_fmt(a->rq->mem, "/api/v1/s/" STRF "/measures/" STRF "/records?at=" STRF "&every=" STRF "&period=" STRF,
                     STRA(a->system->name), STRA(a->measure->measure->head.name.text), STRA(a->unit),
                     STRA(period_kind_word(a->kind)), STRA(a->span.name)));
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

/* ---- handlers ---- */

static bool show_all(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct measures_ask a;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  TRY(r && measures_read(rq, r, &a, e));
  return rq->json ? put_all(&a, web_json(rs), e) : measures_show_all(&a, rs, e);
}
static bool show_one(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct measures_ask a;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  TRY(r && measures_read(rq, r, &a, e));
  return rq->json ? put_one(&a, web_json(rs), e) : measures_show_one(&a, rs, e);
}

/* ---- records behind a figure ---- */

/* Without `by` all of the figure; code: of that breakdown. Records that one does not see are left out. */
static bool read_records(struct measures_ask *a, struct flow_row **rows, size_t *out_n, struct str *out_next,
                         struct err *e) {
  struct web_request *rq = a->rq;
  struct str *ids = NULL;
  size_t count = 0;
  const struct str by = web_query(rq, "by"), code = web_query(rq, "code");
  const int at = by.len ? flow_measure_by(a->measure, by) : -1;
  if (by.len && at < 0) return fail(e, ERR_NOT_FOUND, MSG_gauge_by, "name", by);
  TRY(gauge_records(&a->x.run, a->measure, a->unit, &a->span, at, by.len ? &code : NULL, web_query(rq, "after"),
                    RECORDS_PAGE, &ids, &count, e));
  for (size_t i = 0; i < count; i++) {
    bool seen = false;
    TRY(systems_sees(&a->x, a->measure->record, ids[i], &seen, e));
    if (!seen) continue;
    TRY(flow_row(&a->x.run, a->measure->record, ids[i], &rows[*out_n], e));
    *out_n += rows[*out_n] != NULL;
  }
  if (count == RECORDS_PAGE) *out_next = ids[count - 1];
  return true;
}
static bool show_records(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct measures_ask a;
  struct flow_row *rows[RECORDS_PAGE];
  struct str next = {0};
  size_t count = 0;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  TRY(r && measures_read(rq, r, &a, e));
  if (!a.measure->record) return fail(e, ERR_NOT_FOUND, MSG_measures_no_records);
  TRY(read_records(&a, rows, &count, &next, e));
  if (!rq->json) return measures_show_records(&a, rows, count, next, rs), true;
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < count; i++) {
    json_open(j, NULL, '{');
    systems_head_json(&a.x, rows[i], j);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str_or_null(j, "next", next);
  json_close(j, '}');
  return true;
}

const struct route page_system_measures_routes[] = {
    {GET, "/s/{system}/measures", "system.see", show_all,
     "all measures at a unit over a period (2026, 2026-1, 2026-03; every: week month quarter term school_year year)",
     .query = "at period every as"},
    {GET, "/s/{system}/measures/{measure}", "system.see", show_one,
     "one measure; by: a breakdown, below=yes: each unit below", .query = "at period every by below as"},
    {GET, "/s/{system}/measures/{measure}/records", "system.see", show_records, "records behind a figure that are seen",
     .query = "at period every by code after"},
    {0},
};
