/* SQL compiler: src/store/sql/*.sql -> sql.h and sql.c, one typed C function for each named statement.
 *
 *   sqlc OUT.h OUT.c FILE.sql...
 *
 * A file is a row of blocks. Each block:
 *
 *   -- name: task_list
 *   -- doc: tasks of a plan in order of due day            (optional; becomes the comment in sql.h)
 *   -- in: tenant str, plan str, unit str, after int, most int
 *   -- out: id str, title str, due int?, weight int
 *   -- many
 *   SELECT id, title, due, weight FROM task WHERE tenant = :tenant AND plan = :plan AND place > :after
 *   -- if unit
 *     AND unit = :unit
 *   -- end
 *   ORDER BY place LIMIT :most;
 *
 * Types: str, int, bool, blob; with `?` the value may be absent (NULL): `str?` and `blob?` are a struct str whose .at
 * is NULL, `int?` is a struct store_int {has, n}. A plain str or blob with .at NULL is bound as empty, not as NULL.
 * Parameters are written :name, each declared one is used and each used one declared. Other comments in a block are
 * not allowed between `-- name` and `;` (free ones stand before the first block or after a `;`).
 *
 * `-- if NAME` ... `-- else` ... `-- end` (own lines, not nested, at most 5 names in a block; a name may open several
 * parts) chooses fragments: the struct gets a `bool with_NAME`. Every combination is a statement of its own, made
 * here at build, so no SQL text is ever put together at run time. A parameter of a part that is left out is not bound.
 *
 * What comes out (store/statement.h declares what it calls):
 *
 *   struct sql_task_list_in { struct str tenant, plan, unit; int64_t after, most; bool with_unit; };
 *   struct sql_task_list { struct str id, title; struct store_int due; int64_t weight; };
 *   struct sql_task_list_rows { struct sql_task_list *at; size_t len, cap; };        (only for many)
 *
 *   -- exec   bool sql_X(struct store *st, const struct sql_X_in *in, int64_t *out_changed, struct err *e);
 *             out_changed may be NULL.
 *   -- one    bool sql_X(struct store *st, struct arena *mem, const struct sql_X_in *in, struct sql_X *out,
 *                        bool *out_found, struct err *e);
 *             With out_found NULL an absent row is the error ERR_NOT_FOUND; else *out is untouched then.
 *   -- many   bool sql_X(struct store *st, struct arena *mem, const struct sql_X_in *in, size_t most,
 *                        struct sql_X_rows *out, struct err *e);
 *             Rows are added to *out until there are `most` of them from this call; the rest is not fetched.
 *
 * A statement without `-- in:` has no `in` parameter. Call it with a compound literal:
 *   sql_task_list(st, mem, &(struct sql_task_list_in){.tenant = t, .plan = p, .most = 51}, 51, &rows, e)
 *
 * Refused, with file:line: a name twice, unknown types, a missing `;` or a second statement in a block, and what is
 * not plain for every engine: ON CONFLICT, INSERT OR, REPLACE INTO, RETURNING, AUTOINCREMENT, SERIAL, LISTEN, PRAGMA,
 * ILIKE, GLOB, MATCH, `::` casts, ?-parameters. (Full-text search lives in store/search_*.c of each engine.) */
#include <stdio.h>

int main(void) {
  (void)fprintf(stderr, "sqlc: being written\n");
  return 1;
}
