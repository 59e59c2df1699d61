/* What board, calendar and map share: cards, and the ways from one to another with what is asked for kept. */
#include "app/systems_ways.h"

#include "app/systems_form.h"
#include "declare/check.h"
#include "texts.h"
#include "web/form.h"

const char *const system_way_words[WAY_COUNT] = {"", "board", "calendar", "map"};

bool system_has_way(const struct system_list *l, enum system_way w) {
  const int columns[WAY_COUNT] = {[WAY_BOARD] = l->board, [WAY_CALENDAR] = l->calendar, [WAY_MAP] = l->map};
  return w == WAY_LIST || columns[w] >= 0 || (w == WAY_CALENDAR && l->calendar_clock);
}
struct str system_list_href(struct system_ways *w, const char *name, struct str value, const char *name2,
                            struct str value2) {
  static const char *const drop[] = {"by", "month", "after", "before", "did", "lang", "as"};
  const struct web_request *rq = w->rq;
  struct arena *mem = rq->mem;
  AUTO_BUF b = BUF_MAX(HTTP_HEADER_MAX * 4);
  for (size_t i = 0; i < rq->query_count; i++) {
    const struct web_field *f = &rq->query[i];
    bool out = !f->value.len || str_eqz(f->name, name) || (name2 && str_eqz(f->name, name2));
    for (size_t k = 0; k < COUNT_OF(drop); k++) out = out || str_eqz(f->name, drop[k]);
    if (out) continue;
    buf_fmt(&b, "%s" STRF "=", b.len ? "&" : "", STRA(form_escape(mem, f->name, false)));
    buf_str(&b, form_escape(mem, f->value, false));
  }
  if (value.len) buf_fmt(&b, "%s%s=" STRF, b.len ? "&" : "", name, STRA(form_escape(mem, value, false)));
  if (name2 && value2.len) buf_fmt(&b, "%s%s=" STRF, b.len ? "&" : "", name2, STRA(form_escape(mem, value2, false)));
  return str_fmt(mem, "%s%s" STRF, w->a->list->table.path, b.len ? "?" : "", STRA(buf_view(&b)));
}

void system_ways_fill(struct web_request *rq, struct system_asked *a, struct view_table *io) {
  static const int labels[WAY_COUNT] = {MSG_lists_as_list, MSG_lists_as_board, MSG_lists_as_calendar, MSG_lists_as_map};
  static const char *const icons[WAY_COUNT] = {"rows-3", "square-kanban", "calendar-days", "map-pin"};
  struct system_ways w = {.rq = rq, .a = a};
  const struct str now = web_query(rq, "by");
  for (int i = 0; i < WAY_COUNT; i++)
    if (system_has_way(a->list, (enum system_way)i))
      vec_push(rq->mem, &io->ways) =
          (struct view_way){.href = system_list_href(&w, "by", str_of(system_way_words[i]), NULL, STR("")),
                            .label = page_text(rq, labels[i]),
                            .icon = str_of(icons[i]),
                            .current = str_eqz(now, system_way_words[i])};
  if (io->ways.len == 1) io->ways.len = 0;
}

/* ---- cards ---- */

static struct str cut_number(struct str told, struct str number) {
  const struct str rest = number.len && str_starts(told, number) ? str_trim(str_from(told, number.len)) : told;
  return rest.len ? rest : told;
}
static bool unit_says(struct system_run *x, struct flow_row *row, struct str *out, struct err *e) {
  const struct flow_field *f = flow_field(row->record, row->record->record->belongs.text);
  struct value v = {0};
  *out = STR("");
  if (!f || f->place != FLOW_COLUMN || f->class > CLASS_inner) return true;
  TRY(flow_row_field(&x->run, row, (size_t)(f - row->record->fields.at), &v, e));
  return flow_show(&x->run, row->record->system, &f->type, &v, out, e);
}
static bool make_card(struct system_ways *w, struct flow_row *row, struct view_lcard *out, struct err *e) {
  struct system_run *x = &w->a->x;
  struct system_lamp lamp = {0};
  struct str unit;
  TRY(system_record_told(x, row->record, row->id, &out->title, e));
  TRY(unit_says(x, row, &unit, e));
  if (w->a->list->clock) TRY(systems_lamp(x, row, w->a->list->clock, &lamp, e));
  out->title = cut_number(out->title, row->number);
  out->href = system_address(x->run.mem, row->record, row->id, "");
  out->number = row->number;
  out->unit = unit;
  out->lamp = row->ended ? STR("") : lamp.css;
  out->lamp_says = row->ended ? STR("") : lamp.says;
  return true;
}
bool system_card(struct system_ways *w, struct str id, view_lcards *out, struct err *e) {
  struct system_run *x = &w->a->x;
  struct flow_row *row = NULL;
  TRY(flow_row(&x->run, w->a->list->record, id, &row, e));
  if (!row) return true;
  struct view_lcard *card = &vec_push(x->run.mem, out); /* counted for programs too */
  if (!w->json) return make_card(w, row, card, e);
  json_open(w->json, NULL, '{');
  TRY(system_fields_json(x, row, w->json, e));
  json_close(w->json, '}');
  return true;
}
bool system_cards(struct system_ways *w, const struct list_query *q, size_t most, view_lcards *out, struct err *e) {
  struct system_run *x = &w->a->x;
  list_rows rows = {0};
  TRY(store_list_rows(x->run.session, x->run.mem, &w->a->list->list, q, most, &rows, e));
  vec_each(const struct list_row, at, &rows) TRY(system_card(w, at->at[LIST_ID].s, out, e));
  return true;
}
