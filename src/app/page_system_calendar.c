/* A month: each day with what falls on it by the date, or the deadline of the clock, that views.calendar names. */
#include "app/systems_ways.h"
#include "base/clock.h"
#include "texts.h"

enum { CARDS = 3, WEEK = 7, DAYS_MAX = 42, YEAR_LEAST = 1900, YEAR_MOST = 2200 };
static const int64_t day_us = 86400000000, zone_us = 8 * 3600000000;

struct month {
  struct date first;
  int32_t from, today; /* from: the Monday that the page begins with */
  bool is_read;        /* they are few: all of them, newest first */
  list_rows rows;
};

/* ---- which ---- */

static bool read_month(struct web_request *rq, struct month *out, struct err *e) {
  const struct str given = str_trim(web_query(rq, "month"));
  const struct date today = clock_today(rq->now_us);
  out->first = (struct date){today.year, today.month, 1};
  out->today = date_to_days(today);
  if (given.len && (!date_parse(str_fmt(rq->mem, STRF "-01", STRA(given)), 0, &out->first) || !date_valid(out->first) ||
                    out->first.year < YEAR_LEAST || out->first.year > YEAR_MOST))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("month"), "value", given);
  const int32_t first = date_to_days(out->first);
  out->from = first - (first + 3) % WEEK; /* 1970-01-01 was a Thursday */
  return true;
}
static struct str month_word(struct arena *mem, struct date d) { return str_slice(date_iso(mem, d), 0, 7); }
static struct date month_beside(struct date d, int step) {
  const int n = d.year * 12 + d.month - 1 + step;
  return (struct date){(int16_t)(n / 12), (int8_t)(n % 12 + 1), 1};
}

/* ---- one day ---- */

static void add(struct list_query *q, int column, enum list_op op, struct store_value v) {
  must(q->filter_count < LIST_FILTERS_MAX);
  q->filters[q->filter_count++] = (struct list_filter){column, op, v};
}
/* The newest first: of one day an index has them in this order. */
static struct list_query by_id(struct system_ways *w) {
  struct list_query q = w->asked->query;
  q.sort = q.id;
  q.falling = true;
  return q;
}
/* The rows of this day, and the list that shows all of them. */
static void ask_day(struct system_ways *w, int32_t day, struct list_query *q, struct str *out_href) {
  const struct system_list *l = w->a->list;
  struct arena *mem = w->rq->mem;
  const int64_t begins = day * day_us - zone_us;
  *q = by_id(w);
  *out_href = STR("");
  if (l->calendar_clock) {
    systems_list_due(w->rq, w->a, begins, begins + day_us - 1, &q->scope);
    return;
  }
  const struct table_column *c = &l->columns[l->calendar];
  const struct str iso = date_iso(mem, date_of_days(day));
  if (l->list.columns[c->sql].type == 'i') {
    add(q, c->sql, LIST_LEAST, store_number(begins));
    add(q, c->sql, LIST_MOST, store_number(begins + day_us - 1));
  } else {
    add(q, c->sql, LIST_IS, store_text(iso));
  }
  if (c->filter == TABLE_RANGE)
    *out_href = system_list_href(w, str_fmt(mem, "%s_from", c->name).at, iso, str_fmt(mem, "%s_to", c->name).at, iso);
}
/* Of the month that was read whole: those of the day, the first of them as cards. */
static bool take_day(struct system_ways *w, const struct month *m, const struct list_query *q, view_lcards *out,
                     struct str *out_count, struct err *e) {
  const struct list_filter *from = &q->filters[q->filter_count - 1]; /* the day itself, or its last µs */
  int64_t n = 0;
  vec_each(const struct list_row, r, &m->rows) {
    const struct store_value *v = &r->at[from->column];
    const bool is =
        v->type == 'i' ? v->n > from->value.n - day_us && v->n <= from->value.n : str_eq(v->s, from->value.s);
    if (is && ++n <= CARDS) TRY(system_card(w, r->at[LIST_ID].s, out, e));
  }
  *out_count = str_int(w->rq->mem, n);
  return true;
}
static bool read_day(struct system_ways *w, const struct list_query *q, view_lcards *out, struct str *out_count,
                     struct err *e) {
  TRY(system_cards(w, q, CARDS, out, e));
  *out_count = str_int(w->rq->mem, (int64_t)out->len);
  return out->len < CARDS || table_count_of(w->rq, w->a->x.run.session, &w->a->list->table, q, out_count, e);
}
static bool fill_day(struct system_ways *w, const struct month *m, int32_t day, view_ldays *out, struct err *e) {
  struct arena *mem = w->rq->mem;
  struct list_query q;
  struct view_lday d = {0};
  const struct date date = date_of_days(day);
  view_lcards cards = {0};
  ask_day(w, day, &q, &d.href);
  if (w->json) {
    json_open(w->json, NULL, '{');
    json_str(w->json, "day", date_iso(mem, date));
    json_open(w->json, "rows", '[');
  }
  TRY(m->is_read ? take_day(w, m, &q, &cards, &d.count, e) : read_day(w, &q, &cards, &d.count, e));
  if (w->json) {
    json_close(w->json, ']');
    json_str(w->json, "count", d.count);
    json_close(w->json, '}');
    return true;
  }
  d.has_more = cards.len == CARDS && !str_eq(d.count, str_int(mem, CARDS));
  d.day = str_int(mem, date.day);
  d.says = w->rq->lang == LANG_ZH ? date_zh_short(mem, date) : date_iso(mem, date);
  d.is_today = day == m->today;
  d.is_out = date.month != m->first.month;
  d.is_rest = !calendar_works(w->a->x.run.flow->calendar, day);
  d.cards = cards;
  vec_push(mem, out) = d;
  return true;
}

/* ---- the month ---- */

static struct str month_href(struct system_ways *w, struct date month) {
  return system_list_href(w, "by", STR("calendar"), "month", month_word(w->rq->mem, month));
}
static void fill_head(struct system_ways *w, const struct month *m) {
  static const int days[WEEK] = {MSG_lists_mon, MSG_lists_tue, MSG_lists_wed, MSG_lists_thu,
                                 MSG_lists_fri, MSG_lists_sat, MSG_lists_sun};
  struct view_system_list *v = w->v;
  v->month = w->rq->lang == LANG_ZH ? date_zh(w->rq->mem, (struct date){m->first.year, m->first.month, 0})
                                    : month_word(w->rq->mem, m->first);
  v->month_prev = month_href(w, month_beside(m->first, -1));
  v->month_next = month_href(w, month_beside(m->first, 1));
  v->month_now = system_list_href(w, "by", STR("calendar"), NULL, STR(""));
  for (int i = 0; i < WEEK; i++) vec_push(w->rq->mem, &v->weekdays) = page_text(w->rq, days[i]);
}
/* Whoever sees few is read a month at once, not a day and a day. */
static bool read_few(struct system_ways *w, struct month *m, int32_t end, struct err *e) {
  const struct system_list *l = w->a->list;
  struct list_query q = by_id(w);
  if (l->calendar_clock) return true;
  const int column = l->columns[l->calendar].sql;
  const bool is_moment = l->list.columns[column].type == 'i';
  const int32_t last = m->from + (end - m->from + WEEK - 1) / WEEK * WEEK - 1;
  add(&q, column, LIST_LEAST,
      is_moment ? store_number(m->from * day_us - zone_us) : store_text(date_iso(w->rq->mem, date_of_days(m->from))));
  add(&q, column, LIST_MOST,
      is_moment ? store_number((last + 1) * day_us - zone_us - 1)
                : store_text(date_iso(w->rq->mem, date_of_days(last))));
  return store_list_all(w->a->x.run.session, w->rq->mem, &l->list, &q, &m->rows, &m->is_read, e);
}
bool system_calendar(struct system_ways *w, struct err *e) {
  struct month m = {0};
  TRY(read_month(w->rq, &m, e));
  const int32_t end = date_to_days(month_beside(m.first, 1));
  TRY(read_few(w, &m, end, e));
  if (w->json) json_str(w->json, "month", month_word(w->rq->mem, m.first));
  if (w->json) json_open(w->json, "days", '[');
  else fill_head(w, &m);
  for (int32_t day = m.from; day < end; day += WEEK) {
    struct view_lweek week = {0};
    for (int32_t i = 0; i < WEEK; i++)
      if (!w->json || (day + i < end && day + i >= date_to_days(m.first))) TRY(fill_day(w, &m, day + i, &week.days, e));
    if (!w->json) vec_push(w->rq->mem, &w->v->weeks) = week;
  }
  if (w->json) json_close(w->json, ']');
  return true;
}
