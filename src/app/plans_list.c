/* Plans in a row: the words of their states, what of them is seen, and the newest to choose from. */
#include "app/plans_int.h"
#include "sql.h"

static const char *const status_words[] = {"any", "open", "accepted", "void"};
const char *plan_status_word(enum plan_status s) { return status_words[s]; }

static const struct store_value *values_of(struct arena *mem, const struct rights_condition *c) {
  struct store_value *values = arena_new_n(mem, struct store_value, c->values.len);
  for (size_t i = 0; i < c->values.len; i++) values[i] = store_text(c->values.at[i]);
  return values;
}
static struct list_few few_of(struct arena *mem, const void *who) {
  struct rights_condition few;
  who_ids(who, "plan", LIST_FEW_ALL + 1, &few);
  if (few.never) return (struct list_few){0};
  return (struct list_few){.sql = str_z(mem, few.sql), .values = values_of(mem, &few), .count = few.values.len};
}
struct list_scope plans_scope(struct arena *mem, const struct who *w) {
  static const char *const told[] = {"title", NULL};
  struct rights_condition c, alike;
  who_condition(w, "plan", told, &c);
  if (c.always) return (struct list_scope){0};
  who_alike(w, "plan", "unit", &alike);
  return (struct list_scope){.sql = str_z(mem, c.sql),
                             .values = values_of(mem, &c),
                             .count = c.values.len,
                             .column = SQL_plan_list_unit,
                             .alike = alike.never ? NULL : str_z(mem, alike.sql),
                             .alike_values = values_of(mem, &alike),
                             .alike_count = alike.values.len,
                             .few = few_of,
                             .few_of = w};
}
bool plans_newest(struct plans *s, struct arena *mem, const struct plans_who *who, size_t most, plan_rows *out,
                  struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  return r && plan_store_newest(r, mem, plans_scope(mem, who->asks), most, out, e);
}
