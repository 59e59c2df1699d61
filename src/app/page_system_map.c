/* Records by place: a drawing to scale with a point for each, without any map of others beneath it, and the same as a table. */
#include "app/systems_ways.h"
#include "texts.h"

enum { POINTS_MOST = 300, WIDE = 1000, HIGH_LEAST = 360, HIGH_MOST = 1000, EDGE = 40, BAR_MOST = 250, MARK = 26 };
static const double metres_a_degree = 111320, least_metres = 800, e7 = 1e7;

struct on_map { /* metres east and south of the middle */
  double x, y;
};
struct sheet {
  double west, east, north, south; /* degrees */
  double scale;                    /* drawing units a metre */
  int high;
};
static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }
/* How much shorter a degree of longitude is there: the cosine by its series, right to 3e-5 as far as the poles. */
static double shrink(const struct sheet *s) {
  const double x = (s->north + s->south) / 2 * 3.14159265358979 / 180, y = x * x;
  return 1 - y / 2 * (1 - y / 12 * (1 - y / 30 * (1 - y / 56)));
}
static double across(const struct sheet *s) { return (s->east - s->west) * metres_a_degree * shrink(s); }
static double down(const struct sheet *s) { return (s->north - s->south) * metres_a_degree; }
static void widen(double *low, double *high, double wanted) {
  const double lack = wanted - (*high - *low);
  if (lack > 0) *low -= lack / 2, *high += lack / 2;
}
/* The drawing that holds all points with an edge around them. */
static struct sheet sheet_of(const struct list_row *rows, size_t n, int lat, int lon) {
  struct sheet s = {.west = 180, .east = -180, .north = -90, .south = 90};
  for (size_t i = 0; i < n; i++) {
    const double y = (double)rows[i].at[lat].n / e7, x = (double)rows[i].at[lon].n / e7;
    s.west = least(s.west, x), s.east = most(s.east, x), s.south = least(s.south, y), s.north = most(s.north, y);
  }
  widen(&s.south, &s.north, least_metres / metres_a_degree);
  widen(&s.west, &s.east, least_metres / metres_a_degree);
  s.scale = least((WIDE - 2 * EDGE) / across(&s), (HIGH_MOST - 2 * EDGE) / down(&s));
  s.high = (int)(down(&s) * s.scale) + 2 * EDGE;
  if (s.high < HIGH_LEAST) s.high = HIGH_LEAST;
  return s;
}
static struct on_map place_on(const struct sheet *s, double lat, double lon) {
  const double a_degree = shrink(s) * metres_a_degree * s->scale;
  return (struct on_map){WIDE / 2.0 + (lon - (s->east + s->west) / 2) * a_degree,
                         s->high / 2.0 - (lat - (s->north + s->south) / 2) * metres_a_degree * s->scale};
}
/* The longest of 1, 2, 5 times a power of ten that the bar can be. */
static void fill_bar(struct system_ways *w, const struct sheet *s) {
  static const int steps[] = {1, 2, 5};
  struct arena *mem = w->rq->mem;
  int64_t best = 1;
  for (int64_t tens = 1; tens < 10000000; tens *= 10)
    for (size_t i = 0; i < COUNT_OF(steps); i++)
      if ((double)(tens * steps[i]) * s->scale <= BAR_MOST) best = tens * steps[i];
  w->v->bar = str_fmt(mem, "%.0f", (double)best * s->scale);
  w->v->bar_says =
      best >= 1000 ? str_fmt(mem, "%lld km", (long long)(best / 1000)) : str_fmt(mem, "%lld m", (long long)best);
  w->v->bar_y = str_int(mem, s->high - EDGE / 2);
  w->v->map_high = str_int(mem, s->high);
  w->v->map_wide = str_int(mem, WIDE);
}
static bool fill_point(struct system_ways *w, const struct sheet *s, const struct list_row *at, int lat, int lon,
                       struct err *e) {
  const struct system_list *l = w->a->list;
  const size_t field = (size_t)(l->shows[l->map].field - l->record->fields.at);
  struct arena *mem = w->rq->mem;
  struct flow_row *row = NULL;
  view_lcards cards = {0};
  TRY(system_card(w, at->at[LIST_ID].s, &cards, e));
  TRY(flow_row(&w->a->x.run, l->record, at->at[LIST_ID].s, &row, e));
  if (w->json || !cards.len || !row) return true;
  const double y = (double)at->at[lat].n / e7, x = (double)at->at[lon].n / e7;
  const struct on_map spot = place_on(s, y, x);
  vec_push(mem, &w->v->points) = (struct view_lpoint){.card = cards.at[0],
                                                      .x = str_fmt(mem, "%.1f", spot.x - MARK / 2.0),
                                                      .y = str_fmt(mem, "%.1f", spot.y - MARK / 2.0),
                                                      .shape = cards.at[0].lamp.len ? cards.at[0].lamp
                                                               : row->ended         ? STR("d")
                                                                                    : STR("n"),
                                                      .where = row->words[field],
                                                      .at = str_fmt(mem, "%.4f, %.4f", y, x)};
  return true;
}
bool system_map(struct system_ways *w, struct err *e) {
  const struct system_list *l = w->a->list;
  const int lat = l->columns[l->map].sql, lon = l->longitude;
  struct list_query q = w->asked->query;
  list_rows rows = {0};
  q.sort = q.id = LIST_ID;
  must(q.filter_count < LIST_FILTERS_MAX);
  q.filters[q.filter_count++] = (struct list_filter){lat, LIST_LEAST, store_number(-900000000)}; /* it has a place */
  TRY(store_list_rows(w->a->x.run.session, w->rq->mem, &l->list, &q, POINTS_MOST, &rows, e));
  const struct sheet s = sheet_of(rows.at, rows.len, lat, lon);
  if (w->json) json_open(w->json, "rows", '[');
  for (size_t i = 0; i < rows.len; i++) TRY(fill_point(w, &s, &rows.at[i], lat, lon, e));
  if (w->json) {
    json_close(w->json, ']');
    json_bool(w->json, "all", rows.len < POINTS_MOST);
    return true;
  }
  if (rows.len) fill_bar(w, &s);
  const struct msg_arg n = {"n", str_int(w->rq->mem, (int64_t)rows.len)};
  w->v->map_says =
      msg_text(w->rq->mem, w->rq->lang, rows.len == POINTS_MOST ? MSG_lists_map_newest : MSG_lists_map_says, &n, 1);
  return true;
}
