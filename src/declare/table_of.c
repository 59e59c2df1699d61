/* Declared tables to tables that can be looked into. */
#include "declare/system.h"
#include "declare/value_read.h"
#include "texts.h"

struct filler {
  struct arena *mem;
  const struct value_reader *reader;
  const struct table *said;
  const struct type *keys, *gives;
  struct rules_table *table;
  struct err *e;
};

static bool refuse(const struct filler *f, struct word cell) {
  (void)fail(f->e, ERR_INVALID, MSG_table_cell, "table", f->said->head.name.text, "text", cell.text);
  return err_at(f->e, (struct str){0}, cell.at.line, cell.at.column);
}
static bool fill_row(const struct filler *f, const struct table_row *said, struct rules_version *v) {
  const size_t keys = f->said->key.len, gives = f->said->gives.len;
  if (said->cells.len != keys + gives)
    return refuse(f, (struct word){.text = said->head.name.text, .at = said->head.at});
  struct rule_cell *cells = arena_new_n(f->mem, struct rule_cell, keys);
  struct value *given = arena_new_n(f->mem, struct value, gives);
  for (size_t i = 0; i < keys; i++)
    if (!rule_cell_read(f->mem, f->reader, &f->keys[i], said->cells.at[i].text, &cells[i]))
      return refuse(f, said->cells.at[i]);
  for (size_t i = 0; i < gives; i++)
    if (!value_read(f->mem, f->reader, &f->gives[i], said->cells.at[keys + i].text, &given[i]))
      return refuse(f, said->cells.at[keys + i]);
  const int number = (int)v->rows.len + 1;
  vec_push(f->mem, &v->rows) = (struct rule_row){f->table, cells, given, number};
  return true;
}
/* In its place by `since`; without one it was always in force. */
static struct rules_version *add_version(const struct filler *f, struct word since) {
  struct rules_version v = {.since = {1, 1, 1}};
  if (has_word(since) && !date_parse(since.text, 0, &v.since)) v.since = (struct date){1, 1, 1};
  size_t i = f->table->versions.len;
  vec_push(f->mem, &f->table->versions) = v;
  for (; i && date_cmp(f->table->versions.at[i - 1].since, v.since) > 0; i--)
    f->table->versions.at[i] = f->table->versions.at[i - 1];
  f->table->versions.at[i] = v;
  return &f->table->versions.at[i];
}

static const struct str *give_names(struct arena *mem, const struct table *t, size_t *out_weight) {
  struct str *names = arena_new_n(mem, struct str, t->gives.len);
  *out_weight = 0;
  for (size_t i = 0; i < t->gives.len; i++) {
    names[i] = t->gives.at[i].head.name.text;
    if (str_eqz(names[i], "weight")) *out_weight = i;
  }
  return names;
}
static enum rules_hit hit_of(const struct table *t) {
  return t->hit.which == TABLE_FIRST ? HIT_FIRST : t->hit.which == TABLE_ALL ? HIT_ALL : HIT_ONE;
}
bool rules_table_of(struct arena *mem, const struct value_reader *reader, const struct table *t,
                    const struct type *keys, const struct type *gives, struct rules_table *out, struct err *e) {
  *out = (struct rules_table){
      .name = t->head.name.text, .hit = hit_of(t), .key_count = t->key.len, .give_count = t->gives.len};
  out->gives = give_names(mem, t, &out->weight);
  const struct filler f = {mem, reader, t, keys, gives, out, e};
  struct rules_version *v = add_version(&f, t->since);
  vec_each(const struct table_row, row, &t->rows) TRY(fill_row(&f, row, v));
  vec_each(const struct table_version, earlier, &t->versions) {
    v = add_version(&f, earlier->since);
    vec_each(const struct table_row, row, &earlier->rows) TRY(fill_row(&f, row, v));
  }
  return true;
}
