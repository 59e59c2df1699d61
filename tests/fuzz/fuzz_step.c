/* Steps of declared tables: what is read as one is words, names, brackets and commas alone, names what it is about, and is one
 * statement to an engine; read again in one line it is the same step. */
#include <sqlite3.h>

#include "store/compose.h"
#include "store/declared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_names(const struct declared_step *s) {
  must(s->kind == DECLARED_DROP ? !s->table.len : compose_is_name(s->table));
  must(s->kind == DECLARED_ADD || s->kind == DECLARED_RENAME ? !s->made.len && compose_is_name(s->column)
                                                             : compose_is_name(s->made));
  must(s->kind == DECLARED_RENAME ? compose_is_name(s->to) : !s->to.len);
  must(s->kind != DECLARED_TABLE || str_eq(s->made, s->table));
}
/* It may still name a column twice or none: that is the database's to say. */
static void check_is_one(const char *sql) {
  sqlite3 *db = NULL;
  sqlite3_stmt *st = NULL;
  const char *rest = "";
  must(sqlite3_open(":memory:", &db) == SQLITE_OK);
  if (sqlite3_prepare_v2(db, sql, -1, &st, &rest) == SQLITE_OK) must(!*rest);
  (void)sqlite3_finalize(st);
  (void)sqlite3_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct declared_step step, again;
  const struct str text = {(const char *)data, size};
  if (!declared_read(text, &step)) return 0;
  for (size_t i = 0; i < size; i++)
    must(data[i] == '\n' || (data[i] >= ' ' && data[i] < 0x7F && !strchr("';-/*`[]", (char)data[i])));
  check_names(&step);
  check_is_one(str_z(&mem, text));
  must(declared_read(str_replace(&mem, text, STR("\n"), STR(" ")), &again));
  must(again.kind == step.kind && str_eq(again.table, step.table) && str_eq(again.made, step.made));
  return 0;
}
