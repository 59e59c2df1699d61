/* A board: a column for each state, or each code of the field that views.board names, with the newest of it and how many
 * there are; the rest stands behind a link into the list. */
#include "app/systems_ways.h"
#include "declare/check.h"
#include "texts.h"

enum { CARDS = 8 };

static bool count_says(struct system_ways *w, const struct list_query *q, size_t shown, struct str *out,
                       struct err *e) {
  struct arena *mem = w->rq->mem;
  *out = str_int(mem, (int64_t)shown);
  if (shown < CARDS) return true;
  return table_count_of(w->rq, w->a->x.run.session, &w->a->list->table, q, out, e);
}
static bool fill_column(struct system_ways *w, const struct table_column *c, const struct table_choice *code,
                        struct err *e) {
  struct view_lcolumn column = {.label = code->label[w->rq->lang]};
  const bool is_number = w->a->list->list.columns[c->sql].type == 'i';
  struct list_query q = w->asked->query;
  must(q.filter_count < LIST_FILTERS_MAX);
  q.filters[q.filter_count++] =
      (struct list_filter){c->sql, LIST_IS, is_number ? store_number(code->n) : store_text(str_of(code->word))};
  if (w->json) {
    json_open(w->json, NULL, '{');
    json_z(w->json, "code", code->word);
    json_str(w->json, "label", column.label);
    json_open(w->json, "rows", '[');
  }
  TRY(system_cards(w, &q, CARDS, &column.cards, e));
  TRY(count_says(w, &q, column.cards.len, &column.count, e));
  if (w->json) {
    json_close(w->json, ']');
    json_str(w->json, "count", column.count);
    json_close(w->json, '}');
    return true;
  }
  column.href = system_list_href(w, c->name, str_of(code->word), NULL, STR(""));
  column.has_more = column.cards.len == CARDS && !str_eq(column.count, str_int(w->rq->mem, CARDS));
  const struct state *s = part_find(&w->a->list->record->record->states, str_of(code->word));
  column.is_end = !strcmp(c->name, "state") && s && s->end.which == 1;
  if (!column.is_end || column.cards.len) vec_push(w->rq->mem, &w->v->columns) = column;
  return true;
}
bool system_board(struct system_ways *w, struct err *e) {
  const struct table_column *c = &w->a->list->columns[w->a->list->board];
  const struct str asked = web_query(w->rq, c->name);
  if (w->json) json_open(w->json, "columns", '[');
  for (size_t i = 0; i < c->choice_count; i++)
    if (!asked.len || str_eqz(asked, c->choices[i].word)) TRY(fill_column(w, c, &c->choices[i], e));
  if (w->json) json_close(w->json, ']');
  return true;
}
