/* Puts the statement of a list together from its block and the conditions asked for, runs it, and gives the rows back.
 * The text depends on which conditions there are, not on their values, so that engines can keep it prepared. */
#include "store/list.h"

#include "base/buf.h"
#include "store/compose.h"

#include "texts.h"

enum { TEXT_MAX = 1 << 20, ALIKE_MOST = 4, FEW_ENOUGH = 100, FEW_STEP = 10 };

enum part {
  PART_ALL,
  PART_HELD,
  PART_MISSING
}; /* of the rows, by whether they have a value in the column of the order */
struct maker {
  struct arena *mem;
  enum part part;
  struct list_few few; /* the rows are few and found by their ids; sql NULL: not */
  const struct store_list *list;
  struct buf text;
  VEC(struct store_value) binds;
};

/* The very same text, as conditions of rights say it many times, has one place. */
static void put_value(struct maker *m, struct store_value v) {
  for (size_t i = 0; v.type == 's' && v.s.len && i < m->binds.len; i++) {
    if (m->binds.at[i].type != 's' || m->binds.at[i].s.at != v.s.at || m->binds.at[i].s.len != v.s.len) continue;
    buf_fmt(&m->text, "$%zu", i + 1);
    return;
  }
  vec_push(m->mem, &m->binds) = v;
  buf_fmt(&m->text, "$%zu", m->binds.len);
}
static const char *expression(const struct maker *m, int column) {
  must(column >= 0 && (size_t)column < m->list->count);
  return m->list->columns[column].sql;
}

struct str list_like(struct arena *mem, struct str word) {
  char *z = arena_take(mem, word.len * 2 + 2);
  size_t n = 0;
  z[n++] = '%';
  for (size_t i = 0; i < word.len; i++) {
    const char c = word.at[i];
    if (c == '%' || c == '_' || c == '\\') z[n++] = '\\';
    z[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  z[n++] = '%';
  return (struct str){z, n};
}
static void put_filter(struct maker *m, const struct list_filter *f) {
  static const char *const ops[] = {" = ", " <> ", " >= ", " <= ", " LIKE "};
  buf_fmt(&m->text, " AND %s%s", expression(m, f->column), ops[f->op]);
  put_value(m, f->op == LIST_HAS ? store_text(list_like(m->mem, f->value.s)) : f->value);
  if (f->op == LIST_HAS) buf_z(&m->text, " ESCAPE '\\'");
}
static void put_given(struct maker *m, const char *sql, const struct store_value *values, size_t count) {
  size_t next = 0;
  for (const char *p = sql; *p; p++) {
    const bool is_operator = p[0] == '@' && p[1] == '@';
    must(*p != '@' || is_operator || next < count);
    if (is_operator) buf_z(&m->text, "@@"), p++;
    else if (*p == '@') put_value(m, values[next++]);
    else buf_byte(&m->text, *p);
  }
  buf_byte(&m->text, ')');
}
static void put_scope(struct maker *m, const char *sql, const struct store_value *values, size_t count) {
  if (!sql) return;
  buf_z(&m->text, " AND (");
  put_given(m, sql, values, count);
}
static void put_fixed(struct maker *m, const struct list_query *q) {
  const size_t n = strlen(m->list->types);
  for (size_t i = 0; i < n; i++) { /* the block numbers its own parameters from 1 */
    must(q->fixed[i].type == m->list->types[i]);
    vec_push(m->mem, &m->binds) = q->fixed[i];
  }
}
/* FROM and the block's own condition. */
static void put_block(struct maker *m, const struct list_query *q) {
  put_fixed(m, q);
  buf_fmt(&m->text, " %s", m->list->from);
}
/* What may be seen, what is asked for. */
static void put_asked(struct maker *m, const struct list_query *q) {
  must(q->filter_count <= LIST_FILTERS_MAX);
  put_scope(m, q->scope.sql, q->scope.values, q->scope.count);
  for (size_t i = 0; i < q->filter_count; i++) put_filter(m, &q->filters[i]);
}
static void put_conditions(struct maker *m, const struct list_query *q) {
  put_block(m, q);
  if (m->few.sql) {
    buf_fmt(&m->text, " AND %s IN (", expression(m, q->id));
    put_given(m, m->few.sql, m->few.values, m->few.count);
  }
  put_asked(m, q);
}
/* The few stand before the table: each is looked up as it comes, so that a count that has reached its end looks at no more. */
static void put_counted(struct maker *m, const struct list_query *q) {
  static const char from[] = "FROM ";
  const char *block = m->list->from;
  must(!strncmp(block, from, sizeof from - 1));
  put_fixed(m, q);
  if (m->few.sql) {
    buf_z(&m->text, "WITH few (few_id) AS (");
    put_given(m, m->few.sql, m->few.values, m->few.count);
    buf_fmt(&m->text,
            " SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT DISTINCT few_id FROM few) AS found CROSS JOIN %s AND %s = "
            "found.few_id",
            block + sizeof from - 1, expression(m, q->id));
  } else {
    buf_fmt(&m->text, "SELECT COUNT(*) FROM (SELECT 1 %s", block);
  }
  put_asked(m, q);
}
/* Few rows are put in order after they were found: an order that no index has keeps planners from walking one. The id is said
 * once: in an order of ids twice SQLite does not see that of an index. */
static void put_order(struct maker *m, const struct list_query *q, size_t most) {
  const bool falls = q->falling != q->backward, is_missing = m->part == PART_MISSING;
  const bool by_id = is_missing || q->sort == q->id;
  const char *column = expression(m, q->sort), *id = expression(m, q->id), *way = falls ? " DESC" : "";
  const char *sort = m->few.sql && !is_missing ? str_fmt(m->mem, "COALESCE(%s, %s)", column, column).at : column;
  must(!m->list->columns[q->id].nullable && (m->part || !m->list->columns[q->sort].nullable));
  if (m->part) buf_fmt(&m->text, " AND %s IS %sNULL", column, is_missing ? "" : "NOT ");
  if (q->has_key && by_id) {
    buf_fmt(&m->text, " AND %s %s ", id, falls ? "<" : ">");
    put_value(m, q->key_id);
  } else if (q->has_key) {
    buf_fmt(&m->text, " AND (%s, %s) %s (", sort, id, falls ? "<" : ">");
    put_value(m, q->key);
    buf_z(&m->text, ", ");
    put_value(m, q->key_id);
    buf_byte(&m->text, ')');
  }
  buf_fmt(&m->text, " ORDER BY %s%s", is_missing ? id : sort, way);
  if (!by_id) buf_fmt(&m->text, ", %s%s", id, way);
  /* digits: a planner that is not told how many are wanted plans for all of them */
  buf_fmt(&m->text, " LIMIT %zu", most);
}

/* `type` is a capital when the column may hold nothing. */
enum { CAPITAL = 'a' - 'A' };
static struct store_value read_cell(struct store_stmt *s, struct arena *mem, int at, char type) {
  const bool may_lack = type < 'a';
  struct store_value v = {.type = may_lack ? (char)(type + CAPITAL) : type,
                          .null = may_lack && store_column_null(s, at)};
  if (v.null) return v;
  if (v.type == 'i') v.n = store_column_int(s, at);
  else v.s = store_column_str(s, at, mem);
  return v;
}
static bool read_rows(struct store_stmt *s, const struct maker *m, const char *types, list_rows *out, struct err *e) {
  const size_t n = strlen(types);
  for (bool row = true; row;) {
    TRY(store_step(s, &row, e));
    if (!row) return true;
    struct store_value *at = arena_new_n(m->mem, struct store_value, n);
    for (size_t i = 0; i < n; i++) at[i] = read_cell(s, m->mem, (int)i, types[i]);
    vec_push(m->mem, out) = (struct list_row){.at = at};
  }
  return true;
}
/* types: of the columns of the answer, as read_cell takes them. */
static bool run(struct maker *m, struct store *session, const char *types, list_rows *out, struct err *e) {
  const bool fits = !m->text.broken && m->binds.len <= COMPOSE_BINDS_MAX;
  const struct str text = fits ? str_dup(m->mem, buf_view(&m->text)) : STR("");
  buf_drop(&m->text);
  if (!fits) return fail(e, ERR_BUG, MSG_store_failed, "what", STR("a list with too many conditions"));
  const size_t n = m->binds.len;
  char *bound = arena_take(m->mem, n + 1);
  for (size_t i = 0; i < n; i++) bound[i] = m->binds.at[i].type;
  bound[n] = 0;
  const struct store_sql sql = {.name = m->list->name,
                                .text = str_z(m->mem, text),
                                .index = STORE_COMPOSED,
                                .binds = (int)n,
                                .columns = (int)strlen(types),
                                .types = bound};
  struct store_stmt *s = store_prepare(session, &sql, e);
  if (!s) return false;
  for (size_t i = 0; i < n; i++) {
    const struct store_value *v = &m->binds.at[i];
    if (v->type == 'i') store_bind_int(s, (int)i + 1, v->n);
    else store_bind_str(s, (int)i + 1, v->s.at ? v->s : STR(""));
  }
  const bool ok = read_rows(s, m, types, out, e);
  store_reset(s);
  return ok;
}
static struct maker begin(struct arena *mem, const struct store_list *l) {
  return (struct maker){.mem = mem, .list = l, .text = BUF_MAX(TEXT_MAX)};
}
/* The rows that have what the filters of one column ask for, by its index. Engines that know nothing of a table's values rather
 * walk it in the order asked for, past all that do not fit. */
static struct list_few filter_few(struct arena *mem, const struct store_list *l, const struct list_query *q,
                                  size_t at) {
  static const char *const ops[] = {[LIST_IS] = "=", [LIST_LEAST] = ">=", [LIST_MOST] = "<="};
  const int column = q->filters[at].column;
  struct store_value *values = arena_new_n(mem, struct store_value, q->filter_count);
  struct list_few few = {0};
  for (size_t i = 0; i < q->filter_count; i++) {
    const struct list_filter *f = &q->filters[i];
    if (f->column != column || f->op == LIST_NOT || f->op == LIST_HAS) continue;
    if (i < at) return (struct list_few){0}; /* was tried with the first of them */
    if (!few.sql) few.sql = str_fmt(mem, "SELECT %s %s", l->columns[q->id].sql, l->from).at;
    few.sql = str_fmt(mem, "%s AND %s %s @", few.sql, l->columns[column].sql, ops[f->op]).at;
    values[few.count++] = f->value;
    few.of = f->op == LIST_IS;
  }
  few.values = values;
  return few;
}
/* How many ids it gives, counted no further than it matters; in steps, so that few different texts exist. */
static bool count_few(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                      const struct list_few *few, size_t few_most, size_t *out, struct err *e) {
  struct maker m = begin(mem, l);
  list_rows rows = {0};
  size_t step = FEW_ENOUGH;
  while (step < few_most) step *= FEW_STEP;
  put_fixed(&m, q);
  buf_z(&m.text, "SELECT COUNT(*) FROM (SELECT * FROM (");
  put_given(&m, few->sql, few->values, few->count);
  buf_fmt(&m.text, " AS ids LIMIT %zu) AS counted", step + 1);
  TRY(run(&m, session, "i", &rows, e));
  *out = (size_t)rows.at[0].at[0].n;
  return true;
}
/* A maker for the rows of the scope; with the fewest that hold all of them when any are few. */
static bool begin_scope(struct store *session, struct arena *mem, const struct store_list *l,
                        const struct list_query *q, size_t few_most, struct maker *out, struct err *e) {
  const size_t asked = q->scope.asked_count, filters = q->scope.is_indexed ? q->filter_count : 0;
  size_t most = few_most, n = 0;
  *out = begin(mem, l);
  for (size_t i = 0; i <= asked + filters && most > FEW_ENOUGH; i++) {
    struct list_few few = {0};
    if (i < asked) few = q->scope.asked[i];
    else if (i < asked + filters) few = filter_few(mem, l, q, i - asked);
    else if (q->scope.few) few = q->scope.few(mem, q->scope.few_of);
    if (!few.sql) continue;
    n = few.known ? few.known - 1 : 0;
    if (!few.known) TRY(count_few(session, mem, l, q, &few, most, &n, e));
    if (n > most) continue;
    out->few = few;
    most = n;
  }
  return true;
}

/* Equal in an indexed column and in order of ids: its index (tenant, column, id) has them in this order, and a page stops at its end. */
static bool is_in_order(const struct list_query *q, const struct list_few *few) { return few->of && q->sort == q->id; }
/* Where words are asked for that many rows may hold, a walk past those that do not costs more. */
static size_t page_few(const struct list_query *q) {
  for (size_t i = 0; i < q->scope.asked_count; i++)
    if (q->scope.asked[i].known == LIST_MANY) return LIST_FEW_ALL;
  return LIST_FEW;
}
static bool read_part(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                      enum part part, size_t most, list_rows *out, struct err *e) {
  struct maker m;
  TRY(begin_scope(session, mem, l, q, page_few(q), &m, e));
  if (is_in_order(q, &m.few)) m.few = (struct list_few){0};
  char *types = arena_take(mem, l->count + 1);
  m.part = part;
  for (size_t i = 0; i < l->count; i++) {
    buf_z(&m.text, i ? ", " : "SELECT ");
    buf_z(&m.text, l->columns[i].sql);
    types[i] = l->columns[i].nullable ? (char)(l->columns[i].type - CAPITAL) : l->columns[i].type;
  }
  types[l->count] = 0;
  put_conditions(&m, q);
  put_order(&m, q, most);
  return run(&m, session, types, out, e);
}
/* An index has rows without a value apart from the others: the one part is read to its end, then the other begun. */
static bool read_parts(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                       size_t most, list_rows *out, struct err *e) {
  const enum part first = q->backward ? PART_MISSING : PART_HELD, second = q->backward ? PART_HELD : PART_MISSING;
  const enum part begun = !q->has_key ? first : q->key.null ? PART_MISSING : PART_HELD;
  const size_t before = out->len;
  struct list_query rest = *q;
  TRY(read_part(session, mem, l, q, begun, most, out, e));
  if (begun == second || out->len - before == most) return true;
  rest.has_key = false;
  return read_part(session, mem, l, &rest, second, most - (out->len - before), out, e);
}
static bool read_page(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                      size_t most, list_rows *out, struct err *e) {
  const size_t first = out->len;
  if (l->columns[q->sort].nullable) TRY(read_parts(session, mem, l, q, most, out, e));
  else TRY(read_part(session, mem, l, q, PART_ALL, most, out, e));
  for (size_t a = first, b = out->len; q->backward && a + 1 < b; a++) {
    const struct list_row row = out->at[a];
    out->at[a] = out->at[--b];
    out->at[b] = row;
  }
  return true;
}

/* ---- a page that is probably seen as a whole ---- */

struct alike {
  const struct list_row *at[ALIKE_MOST]; /* one for each value of the column */
  size_t len;
};
static bool find_alike(const list_rows *rows, size_t from, int column, struct alike *out) {
  *out = (struct alike){0};
  for (size_t i = from; i < rows->len; i++) {
    size_t k = 0;
    while (k < out->len && !str_eq(out->at[k]->at[column].s, rows->at[i].at[column].s)) k++;
    if (k == ALIKE_MOST) return false;
    if (k == out->len) out->at[out->len++] = &rows->at[i];
  }
  return out->len > 0;
}
static bool are_seen(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                     const struct alike *of, bool *out_are, struct err *e) {
  struct maker m = begin(mem, l);
  list_rows rows = {0};
  buf_z(&m.text, "SELECT COUNT(*)");
  put_block(&m, q);
  put_scope(&m, q->scope.alike, q->scope.alike_values, q->scope.alike_count);
  for (size_t i = 0; i < ALIKE_MOST; i++) { /* always as many places: one statement */
    buf_fmt(&m.text, i ? ", " : " AND %s IN (", expression(&m, q->id));
    put_value(&m, of->at[i < of->len ? i : 0]->at[q->id]);
  }
  buf_byte(&m.text, ')');
  TRY(run(&m, session, "i", &rows, e));
  *out_are = rows.at[0].at[0].n == (int64_t)of->len;
  return true;
}
bool store_list_rows(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                     size_t most, list_rows *out, struct err *e) {
  struct list_query open = *q;
  struct alike alike;
  const size_t first = out->len;
  bool are = false;
  if (!q->scope.alike) return read_page(session, mem, l, q, most, out, e);
  open.scope = (struct list_scope){0};
  TRY(read_page(session, mem, l, &open, most, out, e));
  if (out->len == first) return true;
  if (find_alike(out, first, q->scope.column, &alike)) TRY(are_seen(session, mem, l, q, &alike, &are, e));
  if (are) return true;
  out->len = first;
  return read_page(session, mem, l, q, most, out, e);
}
bool store_list_all(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                    list_rows *out, bool *out_are, struct err *e) {
  struct maker m;
  TRY(begin_scope(session, mem, l, q, LIST_FEW, &m, e));
  *out_are = m.few.sql != NULL;
  buf_drop(&m.text);
  return !*out_are || read_page(session, mem, l, q, LIST_FEW, out, e);
}
bool store_list_count(struct store *session, struct arena *mem, const struct store_list *l, const struct list_query *q,
                      int64_t most, int64_t *out, struct err *e) {
  struct maker m;
  list_rows rows = {0};
  TRY(begin_scope(session, mem, l, q, LIST_FEW_ALL, &m, e));
  for (size_t i = 0; i < q->scope.asked_count && !m.few.sql; i++)
    if (q->scope.asked[i].known == LIST_MANY) m.few = q->scope.asked[i]; /* the count ends at its ceiling */
  put_counted(&m, q);
  buf_fmt(&m.text, " LIMIT %lld) AS counted", (long long)most);
  TRY(run(&m, session, "i", &rows, e));
  *out = rows.at[0].at[0].n;
  return true;
}
bool store_list_choices(struct store *session, struct arena *mem, const struct store_list *l,
                        const struct list_query *q, int column, size_t most, list_rows *out, struct err *e) {
  struct maker m;
  TRY(begin_scope(session, mem, l, q, LIST_FEW_ALL, &m, e));
  const char *sql = expression(&m, column), types[2] = {l->columns[column].type, 0};
  buf_fmt(&m.text, "SELECT DISTINCT %s", sql);
  put_conditions(&m, q);
  buf_fmt(&m.text, " AND %s <> ", sql);
  put_value(&m, types[0] == 'i' ? store_number(0) : store_text(STR("")));
  buf_fmt(&m.text, " ORDER BY %s LIMIT %zu", sql, most);
  return run(&m, session, types, out, e);
}

/* ---- over a declared table ---- */

bool store_list_of(struct arena *mem, struct str table, const struct list_name *columns, size_t count,
                   struct store_list *out, struct err *e) {
  struct store_column *made = arena_new_n(mem, struct store_column, count);
  bool ok = compose_is_name(table);
  for (size_t i = 0; i < count; i++) {
    ok = ok && compose_is_name(columns[i].column);
    made[i] = (struct store_column){columns[i].name, str_fmt(mem, "r.\"" STRF "\"", STRA(columns[i].column)).at,
                                    columns[i].type, columns[i].nullable};
  }
  *out = (struct store_list){str_z(mem, table), str_fmt(mem, "FROM \"" STRF "\" r WHERE r.tenant = $1", STRA(table)).at,
                             "s", made, count};
  return ok || fail(e, ERR_BUG, MSG_store_failed, "what", STR("a list over what is no table"));
}
