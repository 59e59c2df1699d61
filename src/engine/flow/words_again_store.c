/* The words of records made again from the records, some at a time, while others work on: nothing is missing meanwhile that was there
 * before, because each record's words are put in the place of its own. Words of what is no record any more go. */
#include "engine/flow/words.h"

#include "engine/flow/flow.h"
#include "sql.h"
#include "store/compose.h"
#include "store/search.h"
#include "store/statement.h"
#include "store/store.h"

enum { PORTION = 200 };
struct again {
  const struct flow *flow;
  const struct flow_record *record;
  const char *kind; /* of the words that are looked through */
  struct arena *mem;
  struct str after, last; /* ids; last: of this portion, empty: there was none */
};

static bool put_again(struct flow_run *run, struct again *a, struct str id, struct err *e) {
  struct flow_row *row = NULL;
  a->last = str_dup(a->mem, id);
  TRY(flow_row(run, a->record, id, &row, e));
  return !row || flow_words_put(run, row, true, e);
}
static bool put_some(struct store *tx, void *arg, struct err *e) {
  struct again *a = arg;
  AUTO_ARENA mem = {0};
  AUTO_COMPOSE c = COMPOSE(&mem);
  VEC(struct str) ids = {0};
  struct flow_run run;
  bool more = true, ok = true;
  flow_begin(&run, a->flow, tx, &mem, NULL, 0);
  a->last = STR("");
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, a->record->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"id\" > ");
  (void)compose_str(&c, a->after);
  compose_z(&c, " ORDER BY \"id\" LIMIT ");
  compose_bound(&c, PORTION);
  struct store_stmt *s = compose_prepare(&c, tx, 1, e);
  if (!s) return false;
  while ((ok = store_step(s, &more, e)) && more) vec_push(&mem, &ids) = store_column_str(s, 0, &mem);
  store_reset(s);
  for (size_t i = 0; ok && i < ids.len; i++) ok = put_again(&run, a, ids.at[i], e);
  return ok;
}
static bool drop_stray(struct flow_run *run, struct again *a, struct str id, struct err *e) {
  struct flow_row *row = NULL;
  a->last = str_dup(a->mem, id);
  TRY(flow_row(run, a->record, str_from(id, a->record->name.len + 1), &row, e));
  return row || search_drop(run->session, str_of(a->kind), id, e);
}
static bool look_at_some(struct store *tx, void *arg, struct err *e) {
  struct again *a = arg;
  AUTO_ARENA mem = {0};
  struct flow_run run;
  struct sql_search_row_ids_rows rows = {0};
  flow_begin(&run, a->flow, tx, &mem, NULL, 0);
  a->last = STR("");
  const struct sql_search_row_ids_in in = {.tenant = STORE_TENANT,
                                           .kind = str_of(a->kind),
                                           .after = a->after,
                                           .until = str_join(&mem, a->record->name, STR("0")), /* follows "/" */
                                           .most = PORTION};
  TRY(sql_search_row_ids(tx, &mem, &in, PORTION, &rows, e));
  vec_each(const struct sql_search_row_ids, r, &rows) TRY(drop_stray(&run, a, r->id, e));
  return true;
}
static bool portions(struct again *a, struct store *store, store_act act, struct str first, struct err *e) {
  a->after = first;
  for (;;) {
    TRY(store_write(store, act, a, e));
    if (!a->last.len) return true;
    a->after = a->last;
  }
}
bool flow_words_again(const struct flow *f, struct store *store, const struct flow_record *r, struct err *e) {
  static const char *const kinds[] = {FLOW_WORDS, FLOW_WORDS_PERSONAL};
  AUTO_ARENA mem = {0};
  struct again a = {.flow = f, .record = r, .mem = &mem};
  TRY(portions(&a, store, put_some, STR(""), e));
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    a.kind = kinds[i];
    TRY(portions(&a, store, look_at_some, flow_words_id(&mem, r->name, STR("")), e));
  }
  return true;
}
