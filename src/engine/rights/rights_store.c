/* A scoped list in bounded work, whatever the scope and however its rows lie.
 *
 * Two plans. *Walk*: follow the key from its end and keep what the condition lets through; good when many rows are seen.
 * *Seek*: each unit (or person) of the scope is a stream of rows in key order by its own index; take the head of each,
 * keep the streams whose head is among the best `most`, and merge those: no row before the last of these heads can be
 * missing (the threshold of Fagin, Lotem and Naor, JCSS 66(4), 2003). Which: the streams are counted, no further than
 * SEEKS_FIRST; when they are few, seek; else walk a window of rows, and seek only when they were not enough. Where the table
 * knows areas, these take the place of the units under them: at once when a scope is one or two, else for the last step. */
#include "engine/rights/rights_store.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "sql.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"
#include "texts.h"

enum {
  SEEKS_FIRST = 300,
  WINDOW = 500,
  WINDOW_AREAS = 250,
  DIRECT_MOST = 8,
  CHOSEN_MOST = 256,
  AREAS_MOST = 128,
  AREAS_FIRST = 32,
  AREAS_DIRECT = 2
};

/* ---- what a person holds ---- */

struct str rights_day(struct arena *mem, int64_t now_us) {
  return date_iso(mem, clock_today(now_us));
}
static bool has_place(const struct rights_person *p, struct str unit) {
  vec_each(const struct rights_place, x, &p->places)
    if (str_eq(x->unit, unit)) return true;
  return false;
}
/* What is above one unit that is known is known too. */
static bool load_places(struct store *s, struct arena *mem, struct str unit, struct rights_person *p, struct err *e) {
  struct sql_rights_places_rows rows = {0};
  if (has_place(p, unit)) return true;
  TRY(sql_rights_places(s, mem, &(struct sql_rights_places_in){STORE_TENANT, unit}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_rights_places, r, &rows)
    if (!has_place(p, r->unit)) vec_push(mem, &p->places) = (struct rights_place){r->unit, r->kind, r->parent};
  return true;
}
/* One post at a unit that is no office for anything stands for itself. */
static bool wants_places(const struct rights_model *m, const struct rights_person *p) {
  if (p->posts.len != 1) return p->posts.len > 1;
  vec_each(const struct rights_record, rec, &m->records)
    vec_each(const struct str, kind, &rec->offices)
      if (str_eq(*kind, p->posts.at[0].kind)) return true;
  return false;
}
static int by_id(const void *a, const void *b) {
  return str_cmp(((const struct sql_rights_posts *)a)->id, ((const struct sql_rights_posts *)b)->id);
}
bool rights_person_load(struct store *s, struct arena *mem, const struct rights_model *m, struct str person,
                        int64_t now_us, struct rights_person *out, struct err *e) {
  struct sql_rights_posts_rows rows = {0};
  const struct str today = rights_day(mem, now_us);
  *out = (struct rights_person){.id = person, .today = today};
  TRY(sql_rights_posts(s, mem, &(struct sql_rights_posts_in){STORE_TENANT, person, today}, RIGHTS_POSTS_MAX + 1, &rows,
                       e));
  if (rows.len > RIGHTS_POSTS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_rights_posts, "limit", str_int(mem, RIGHTS_POSTS_MAX));
  if (rows.len) qsort(rows.at, rows.len, sizeof *rows.at, by_id);
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_rights_posts *r = &rows.at[i];
    if (i && str_eq(r->id, rows.at[i - 1].id)) continue;
    const struct str instead = str_eq(r->holder, person) ? (struct str){0} : r->holder;
    vec_push(mem, &out->posts) = (struct rights_post){.id = r->id,
                                                      .role = r->role,
                                                      .title = r->title,
                                                      .unit = r->unit,
                                                      .unit_name = r->unit_name,
                                                      .kind = r->kind,
                                                      .instead_of = instead};
  }
  const bool wants = wants_places(m, out);
  for (size_t i = 0; wants && i < rows.len; i++) TRY(load_places(s, mem, rows.at[i].unit, out, e));
  return true;
}

/* ---- one record ---- */

bool rights_check(struct store *s, struct arena *mem, const struct rights_record *record,
                  const struct rights_condition *c, struct str id, bool *out_in, struct err *e) {
  AUTO_COMPOSE q = COMPOSE(mem);
  *out_in = false;
  if (c->never) return true;
  compose_z(&q, "SELECT 1 FROM ");
  compose_name(&q, record->table);
  compose_z(&q, " r WHERE r.tenant = ");
  (void)compose_str(&q, STORE_TENANT);
  compose_z(&q, " AND r.id = ");
  (void)compose_str(&q, id);
  compose_z(&q, " AND (");
  compose_condition(&q, c->sql, c->values.at, c->values.len);
  compose_z(&q, ")");
  struct store_stmt *st = compose_prepare(&q, s, 1, e);
  const bool ok = st && store_step(st, out_in, e);
  store_reset(st);
  return ok;
}

static bool mark_found(struct store_stmt *st, struct arena *mem, const struct str *ids, size_t n, bool *out_in,
                       struct err *e) {
  for (bool row = true;;) {
    TRY(store_step(st, &row, e));
    if (!row) return true;
    const struct str id = store_column_str(st, 0, mem);
    for (size_t i = 0; i < n; i++)
      if (str_eq(ids[i], id)) out_in[i] = true;
  }
}
bool rights_filter(struct store *s, struct arena *mem, const struct rights_record *record,
                   const struct rights_condition *c, const struct str *ids, size_t n, bool *out_in, struct err *e) {
  AUTO_COMPOSE q = COMPOSE(mem);
  must(n <= RIGHTS_FILTER_MAX);
  for (size_t i = 0; i < n; i++) out_in[i] = c->always;
  if (c->never || c->always || !n) return true;
  compose_z(&q,
            "SELECT r.id FROM (VALUES "); /* IN would let a planner walk an index of units and ids from end to end */
  size_t places = 1;
  while (places < n) places *= 2;
  for (size_t i = 0; i < places; i++) {
    compose_z(&q, i ? ", (" : "(");
    (void)compose_str(&q, ids[i < n ? i : n - 1]);
    compose_z(&q, ")");
  }
  compose_z(&q, ") v CROSS JOIN ");
  compose_name(&q, record->table);
  compose_z(&q, " r WHERE r.tenant = ");
  (void)compose_str(&q, STORE_TENANT);
  compose_z(&q, " AND r.id = v.column1 AND (");
  compose_condition(&q, c->sql, c->values.at, c->values.len);
  compose_z(&q, ")");
  struct store_stmt *st = compose_prepare(&q, s, 1, e);
  const bool ok = st && mark_found(st, mem, ids, n, out_in, e);
  store_reset(st);
  return ok;
}

/* ---- parts of the statements ---- */

struct lister {
  struct store *s;
  struct arena *mem;
  const struct rights_view *v;
  const struct rights_list *q;         /* NULL: a count */
  const struct rights_stream *streams; /* of v, or some of them by areas */
  size_t stream_count;
  struct compose c;
  int tenant, after_id, after_sort; /* places already given in c */
  bool bounded;                     /* rows behind `bound` are left out */
  struct str bound_id;
  struct rights_value bound_sort;
  int bound_id_place, bound_sort_place;
};
static void begin(struct lister *l) {
  compose_drop(&l->c);
  l->c = COMPOSE(l->mem);
  l->tenant = l->after_id = l->after_sort = l->bound_id_place = l->bound_sort_place = 0;
}
static void z(struct lister *l, const char *sql) { compose_z(&l->c, sql); }
static void name(struct lister *l, struct str s) { compose_name(&l->c, s); }
static void put_str(struct lister *l, int *place, struct str v) {
  if (*place) compose_place(&l->c, *place);
  else *place = compose_str(&l->c, v);
}
static void put_int(struct lister *l, int *place, int64_t v) {
  if (*place) compose_place(&l->c, *place);
  else *place = compose_int(&l->c, v);
}
static void put_tenant(struct lister *l) { put_str(l, &l->tenant, STORE_TENANT); }
/* What many branches say alike has one place. */
static void put_same(struct lister *l, struct str v) {
  for (size_t i = 0; i < l->c.binds.len; i++) {
    if (l->c.binds.at[i].type != 's' || l->c.binds.at[i].s.at != v.at || l->c.binds.at[i].s.len != v.len) continue;
    compose_place(&l->c, (int)i + 1);
    return;
  }
  (void)compose_str(&l->c, v);
}
static void put_set(struct lister *l, const struct str *at, size_t n) {
  size_t places = 1;
  while (places < n) places *= 2;
  for (size_t i = 0; i < places; i++) {
    z(l, i ? ", " : "(");
    put_same(l, at[i < n ? i : n - 1]);
  }
  z(l, ")");
}
static bool sorts(const struct lister *l) { return l->q && l->q->sort.len; }

/* A stream by a link that asks nothing of the record itself: the link's rows are found without it. A link's row goes with
 * its record. */
static bool is_link_only(const struct lister *l, const struct rights_stream *s) {
  return s->link.len && !sorts(l) && !s->where->len && !(s->side && s->side->on.len);
}
/* A link over time may say the same twice: a person holds two posts at one unit. */
static bool repeats(const struct rights_stream *s) { return s->side && s->side->dated; }
/* The id of a row; of a stream by a link it is read from the link, whose index has the order. */
static void put_id(struct lister *l, const struct rights_stream *s) {
  const bool by_link = !sorts(l) && s->link.len && !(s->side && s->side->on.len) && (!repeats(s) || is_link_only(l, s));
  z(l, by_link ? "k." : "r.");
  name(l, by_link ? s->link_id : STR("id"));
}
/* The id, or "(r.sort, r.id)", compared with a key. */
static void put_key(struct lister *l, const struct rights_stream *s, const char *op, int *sort_place,
                    const struct rights_value *sort, int *id_place, struct str id) {
  z(l, " AND ");
  if (sorts(l)) {
    z(l, "(r.");
    name(l, l->q->sort);
    z(l, ", r.id)");
  } else {
    put_id(l, s);
  }
  z(l, op);
  if (sorts(l)) {
    z(l, "(");
    if (l->q->sort_type == 'i') put_int(l, sort_place, sort->n);
    else put_str(l, sort_place, sort->s);
    z(l, ", ");
  }
  put_str(l, id_place, id);
  if (sorts(l)) z(l, ")");
}
static void put_range(struct lister *l, const struct rights_stream *s) {
  if (l->q && l->q->after)
    put_key(l, s, l->q->rising ? " > " : " < ", &l->after_sort, &l->q->after_sort, &l->after_id, l->q->after_id);
  if (l->bounded)
    put_key(l, s, l->q->rising ? " <= " : " >= ", &l->bound_sort_place, &l->bound_sort, &l->bound_id_place,
            l->bound_id);
}
static void put_order(struct lister *l, const struct rights_stream *s) {
  const char *way = l->q->rising ? "" : " DESC";
  z(l, " ORDER BY ");
  if (sorts(l)) {
    z(l, "r.");
    name(l, l->q->sort);
    z(l, way);
    z(l, ", ");
  }
  put_id(l, s);
  z(l, way);
}
static void put_columns(struct lister *l) {
  z(l, "r.id");
  if (sorts(l)) {
    z(l, ", r.");
    name(l, l->q->sort);
  }
  for (size_t i = 0; i < strlen(l->q->types); i++) {
    z(l, ", r.");
    name(l, l->q->columns[i]);
  }
}
static void put_where(struct lister *l, const rights_where *where) {
  static const char *const ops[] = {" IN ", " NOT IN ", " IS NULL", " IS NOT NULL", " = 1", " = 0"};
  if (!where) return;
  vec_each(const struct rights_test, t, where) {
    z(l, " AND r.");
    name(l, t->field);
    z(l, ops[t->op]);
    if (t->values.len) put_set(l, t->values.at, t->values.len);
  }
}
static void put_seen(struct lister *l) {
  size_t used = 0;
  for (size_t i = 0; i < l->v->seen.sql.len; i++) {
    const char c = l->v->seen.sql.at[i];
    if (c == '@') put_same(l, l->v->seen.values.at[used++]);
    else buf_byte(&l->c.text, c);
  }
}
static const struct rights_stream every_row = {.source = RIGHTS_EVERY};

/* Of a side table: the rows that hold today, of the roles that count. */
static void put_side(struct lister *l, const struct rights_link *side) {
  if (side->dated) z(l, " AND k.from_day <= "), put_same(l, l->v->today);
  if (side->dated) z(l, " AND k.until_day >= "), put_same(l, l->v->today);
  if (side->role.len) z(l, " AND k.role = "), put_same(l, side->role);
  if (side->not_role.len) z(l, " AND k.role <> "), put_same(l, side->not_role);
}
/* FROM and WHERE of the rows of a stream; `value` writes what the column is compared with. */
static void put_stream(struct lister *l, const struct rights_stream *s, const char *from,
                       void (*value)(struct lister *, const void *), const void *arg) {
  const bool alone = is_link_only(l, s);
  z(l, from);
  if (s->link.len) {
    name(l, s->link);
    z(l, alone ? " k" : " k CROSS JOIN ");
  }
  if (!alone) {
    name(l, l->v->record->table);
    z(l, " r");
  }
  z(l, s->link.len ? " WHERE k.tenant = " : " WHERE r.tenant = ");
  put_tenant(l);
  if (s->source != RIGHTS_EVERY) {
    z(l, s->link.len ? " AND k." : " AND r.");
    name(l, s->link.len ? s->link_value : s->column);
    value(l, arg);
  }
  if (s->side) put_side(l, s->side);
  if (s->record.len) {
    z(l, " AND k.record = ");
    put_same(l, s->record);
    z(l, " AND k.role = ");
    put_same(l, s->role);
  }
  if (s->link.len && !alone) {
    z(l, " AND r.tenant = k.tenant AND r.");
    name(l, s->side && s->side->on.len ? s->side->on : STR("id"));
    z(l, " = k.");
    name(l, s->link_id);
  }
  put_range(l, s);
  put_where(l, s->where);
  if (s->sifted) z(l, " AND ("), put_seen(l), z(l, ")");
}
static void put_sources(struct lister *l, const struct rights_stream *s) {
  if (s->source == RIGHTS_BELOW) {
    z(l, "SELECT p.unit AS val FROM unit_path p WHERE p.tenant = ");
    put_tenant(l);
    z(l, " AND p.above IN ");
    put_set(l, s->values.at, s->values.len);
  } else if (s->source == RIGHTS_WARDS) {
    z(l, "SELECT DISTINCT g.pupil AS val FROM guardian g WHERE g.tenant = ");
    put_tenant(l);
    z(l, " AND g.person = ");
    put_same(l, l->v->person);
    z(l, " AND g.from_day <= ");
    put_same(l, l->v->today);
    z(l, " AND g.until_day >= ");
    put_same(l, l->v->today);
  } else {
    z(l, "SELECT p.id AS val FROM unit p WHERE p.tenant = ");
    put_tenant(l);
    z(l, " AND p.id IN ");
    put_set(l, s->values.at, s->values.len);
  }
}

/* ---- reading rows ---- */

static struct rights_value read_value(struct store_stmt *st, struct arena *mem, int column, char type) {
  struct rights_value v = {.null = store_column_null(st, column)};
  if (v.null) return v;
  if (type == 'i') v.n = store_column_int(st, column);
  else v.s = store_column_str(st, column, mem);
  return v;
}
static bool read_rows(struct lister *l, const char *types, rights_rows *out, struct err *e) {
  const size_t n = strlen(types);
  struct store_stmt *st = compose_prepare(&l->c, l->s, (int)n, e);
  bool row = true, ok = st != NULL;
  while (ok && (ok = store_step(st, &row, e)) && row) {
    struct rights_row r = {arena_new_n(l->mem, struct rights_value, n)};
    for (size_t i = 0; i < n; i++) r.at[i] = read_value(st, l->mem, (int)i, types[i]);
    vec_push(l->mem, out) = r;
  }
  store_reset(st);
  return ok;
}
static const char *row_types(const struct lister *l) {
  const char sort[] = {sorts(l) ? l->q->sort_type : 0, 0};
  return str_z(l->mem, str_fmt(l->mem, "s%s%s", sort, l->q->types));
}
static const char *key_types(const struct lister *l) { return !sorts(l) ? "s" : l->q->sort_type == 'i' ? "si" : "ss"; }

/* ---- walk ---- */

/* Where seeking is cheap less is walked. */
static int window(const struct lister *l) {
  bool has_areas = false;
  vec_each(const struct rights_stream, s, &l->v->streams) has_areas |= s->area.len > 0;
  return l->q->window ? l->q->window : has_areas ? WINDOW_AREAS : WINDOW;
}
/* The key of the row at the end of the window; *out_is false when there are not so many. */
static bool find_window(struct lister *l, bool *out_is, struct err *e) {
  rights_rows rows = {0};
  begin(l);
  z(l, "SELECT r.id");
  if (sorts(l)) {
    z(l, ", r.");
    name(l, l->q->sort);
  }
  put_stream(l, &every_row, " FROM ", NULL, NULL);
  put_order(l, &every_row);
  z(l, " LIMIT 1 OFFSET ");
  compose_bound(&l->c, window(l) - 1);
  TRY(read_rows(l, key_types(l), &rows, e));
  *out_is = rows.len > 0;
  if (!*out_is) return true;
  l->bound_id = rows.at[0].at[0].s;
  if (sorts(l)) l->bound_sort = rows.at[0].at[1];
  return true;
}
static bool walk(struct lister *l, rights_rows *out, struct err *e) {
  begin(l);
  z(l, "SELECT ");
  put_columns(l);
  put_stream(l, &every_row, " FROM ", NULL, NULL);
  z(l, " AND (");
  put_seen(l);
  z(l, ")");
  put_order(l, &every_row);
  z(l, " LIMIT ");
  compose_bound(&l->c, l->q->most);
  return read_rows(l, row_types(l), out, e);
}

/* ---- seek ---- */

struct chosen {
  const struct rights_stream *stream;
  struct str value;
};
struct choice {
  struct chosen at[CHOSEN_MOST];
  size_t count;
  bool too_many;
};
static void choose(struct choice *c, const struct rights_stream *s, struct str value) {
  if (c->count == CHOSEN_MOST) c->too_many = true;
  else c->at[c->count++] = (struct chosen){s, value};
}
/* Few values, known: their heads need not be looked at. */
static bool is_direct(const struct rights_stream *s) {
  return s->source == RIGHTS_EVERY || (s->source == RIGHTS_VALUES && s->values.len <= DIRECT_MOST);
}
static void equals_source(struct lister *l, const void *arg) {
  (void)arg;
  z(l, " = v.val");
}
static void equals_value(struct lister *l, const void *arg) {
  z(l, " = ");
  (void)compose_str(&l->c, *(const struct str *)arg);
}
/* A head that is not there sorts last. */
static void put_head(struct lister *l, const struct rights_stream *s, bool of_sort) {
  z(l, ", COALESCE((SELECT ");
  if (of_sort) {
    z(l, "r.");
    name(l, l->q->sort);
  } else {
    put_id(l, s);
  }
  put_stream(l, s, " FROM ", equals_source, NULL);
  put_order(l, s);
  z(l, " LIMIT 1), ");
  if (of_sort && l->q->sort_type == 'i') (void)compose_int(&l->c, l->q->rising ? INT64_MAX : INT64_MIN);
  else (void)compose_str(&l->c, l->q->rising ? STR("~") : STR(""));
  z(l, of_sort ? ") AS hs" : ") AS h");
}
static void put_heads(struct lister *l, size_t at) {
  const struct rights_stream *s = &l->streams[at];
  z(l, "SELECT ");
  (void)compose_int(&l->c, (int64_t)at);
  z(l, " AS b, v.val");
  put_head(l, s, false);
  if (sorts(l)) put_head(l, s, true);
  z(l, " FROM (");
  put_sources(l, s);
  z(l, ") v");
}
static bool is_absent(const struct lister *l, struct str head) {
  return !head.len || (l->q->rising && str_eqz(head, "~"));
}

static bool take_heads(struct lister *l, const rights_rows *heads, struct choice *c) {
  int distinct = 0;
  struct str last = {0};
  for (size_t i = 0; i < heads->len; i++) {
    const struct rights_value *h = heads->at[i].at;
    if (is_absent(l, h[2].s)) break;
    if (!str_eq(h[2].s, last)) {
      if (distinct == l->q->most) break;
      distinct++;
      last = h[2].s;
      l->bound_id = last;
      if (sorts(l)) l->bound_sort = h[3];
    }
    choose(c, &l->streams[h[0].n], h[1].s);
  }
  l->bounded = distinct == l->q->most;
  return true;
}
static bool find_heads(struct lister *l, struct choice *c, struct err *e) {
  rights_rows heads = {0};
  int many = 0;
  begin(l);
  z(l, "SELECT b, val, h");
  z(l, sorts(l) ? ", hs FROM (" : " FROM (");
  for (size_t i = 0; i < l->stream_count; i++) {
    if (is_direct(&l->streams[i])) continue;
    if (many++) z(l, " UNION ALL ");
    put_heads(l, i);
  }
  if (!many) return true;
  const char *way = l->q->rising ? "" : " DESC";
  z(l, ") x ORDER BY ");
  if (sorts(l)) z(l, "hs"), z(l, way), z(l, ", ");
  z(l, "h");
  z(l, way);
  z(l, " LIMIT ");
  compose_bound(&l->c, (l->q->most + 1) * many);
  TRY(read_rows(l, !sorts(l) ? "iss" : l->q->sort_type == 'i' ? "issi" : "isss", &heads, e));
  return take_heads(l, &heads, c);
}
static void put_branch(struct lister *l, const struct chosen *c) {
  const bool alone = is_link_only(l, c->stream);
  z(l, repeats(c->stream) && !alone ? "SELECT * FROM (SELECT DISTINCT " : "SELECT * FROM (SELECT ");
  put_columns(l);
  if (alone) {
    z(l, " FROM ");
    name(l, l->v->record->table);
    z(l, " r WHERE r.tenant = ");
    put_tenant(l);
    z(l, repeats(c->stream) ? " AND r.id IN (SELECT DISTINCT " : " AND r.id IN (SELECT ");
    put_id(l, c->stream);
  }
  put_stream(l, c->stream, " FROM ", equals_value, &c->value);
  put_order(l, c->stream);
  z(l, " LIMIT ");
  compose_bound(&l->c, l->q->most);
  z(l, alone ? ")) b" : ") b");
}
/* Branches of one stream in a row, as many as the next power of two, so that few texts exist. */
static void put_branches(struct lister *l, const struct choice *c) {
  bool first = true;
  for (size_t s = 0; s < l->stream_count; s++) {
    const struct chosen *last = NULL;
    size_t n = 0, places = 1;
    for (size_t i = 0; i < c->count; i++) {
      if (c->at[i].stream != &l->streams[s]) continue;
      if (!first) z(l, " UNION ");
      first = false;
      last = &c->at[i];
      put_branch(l, last);
      n++;
    }
    while (places < n) places *= 2;
    for (; last && n < places; n++) {
      z(l, " UNION ");
      put_branch(l, last);
    }
  }
}
static bool seek(struct lister *l, rights_rows *out, struct err *e) {
  struct choice *c = arena_new(l->mem, struct choice);
  TRY(find_heads(l, c, e));
  for (size_t i = 0; i < l->stream_count; i++) {
    const struct rights_stream *s = &l->streams[i];
    for (size_t k = 0; is_direct(s) && k < s->values.len; k++) choose(c, s, s->values.at[k]);
    if (s->source == RIGHTS_EVERY) choose(c, s, STR(""));
  }
  if (!c->count) return true;
  begin(l);
  if (c->too_many) { /* more posts and columns than one statement holds */
    l->bounded = false;
    return walk(l, out, e);
  }
  put_branches(l, c);
  const char *way = l->q->rising ? "" : " DESC";
  z(l, " ORDER BY ");
  if (sorts(l)) z(l, "2"), z(l, way), z(l, ", ");
  z(l, "1");
  z(l, way);
  z(l, " LIMIT ");
  compose_bound(&l->c, l->q->most);
  return read_rows(l, row_types(l), out, e);
}

static int seeks_first(const struct lister *l) { return l->q->seeks_first ? l->q->seeks_first : SEEKS_FIRST; }
/* How many streams there are, no further than one more than are sought at once. */
static bool count_streams(struct lister *l, int64_t *out, struct err *e) {
  for (size_t i = 0; i < l->v->streams.len && *out <= seeks_first(l); i++) {
    const struct rights_stream *s = &l->v->streams.at[i];
    rights_rows rows = {0};
    if (s->source != RIGHTS_BELOW) continue;
    begin(l);
    z(l, "SELECT count(*) FROM (");
    put_sources(l, s);
    z(l, " LIMIT ");
    compose_bound(&l->c, seeks_first(l) + 1);
    z(l, ") x");
    TRY(read_rows(l, "i", &rows, e));
    *out += rows.at[0].at[0].n;
  }
  return true;
}

/* ---- by areas ---- */

static void take_units(struct lister *l) {
  l->streams = l->v->streams.at;
  l->stream_count = l->v->streams.len;
}
/* Of the units below the tops of a stream: their areas, and whether each of these lies below the tops itself. */
static bool find_areas(struct lister *l, const struct rights_stream *s, rights_rows *out, struct err *e) {
  begin(l);
  z(l, "SELECT a.area, CASE WHEN EXISTS (SELECT 1 FROM unit_path p WHERE p.tenant = ");
  put_tenant(l);
  z(l, " AND p.unit = a.area AND p.above IN ");
  put_set(l, s->values.at, s->values.len);
  z(l, ") THEN 1 ELSE 0 END FROM (SELECT DISTINCT k.area FROM unit_area k WHERE k.tenant = ");
  put_tenant(l);
  z(l, " AND k.own = 0 AND k.above IN ");
  put_set(l, s->values.at, s->values.len);
  z(l, ") a LIMIT ");
  compose_bound(&l->c, AREAS_MOST + 1);
  return read_rows(l, "si", out, e);
}
/* The stream as two: the tops' own rows, and the areas of those below. Not when there are many areas, nor when one lies
 * outside (a unit came from there): a piece with rows of others could be walked for long. */
static bool split(struct lister *l, const struct rights_stream *s, struct rights_stream out[2], bool *out_did,
                  struct err *e) {
  rights_rows areas = {0};
  TRY(find_areas(l, s, &areas, e));
  *out_did = areas.len <= AREAS_MOST;
  out[0] = (struct rights_stream){.source = RIGHTS_VALUES, .column = s->column, .where = s->where};
  out[1] = (struct rights_stream){.source = RIGHTS_VALUES, .column = s->area, .where = s->where, .sifted = true};
  for (size_t i = 0; i < s->values.len; i++) vec_push(l->mem, &out[0].values) = s->values.at[i];
  vec_each(const struct rights_row, r, &areas) {
    vec_push(l->mem, &out[1].values) = r->at[0].s;
    if (!r->at[1].n) *out_did = false;
  }
  return true;
}
/* Streams of very many units become streams of the areas in which their rows lie, when the table knows areas: no row is lost,
 * and of each area the rows that are seen are read (all but those of units that have left since). */
static bool take_areas(struct lister *l, struct err *e) {
  struct rights_stream *own = arena_new_n(l->mem, struct rights_stream, l->v->streams.len * 2);
  size_t n = 0;
  vec_each(const struct rights_stream, s, &l->v->streams) {
    bool did = false;
    if (s->source == RIGHTS_BELOW && s->area.len) TRY(split(l, s, &own[n], &did, e));
    if (!did) own[n] = *s;
    n += did ? 2 : 1;
  }
  l->streams = own;
  l->stream_count = n;
  return true;
}

/* Nothing is left but few areas and the tops: less than a window. */
static bool is_small(const struct lister *l) {
  size_t n = 0;
  for (size_t i = 0; i < l->stream_count; i++) {
    if (l->streams[i].source == RIGHTS_BELOW) return false;
    n += l->streams[i].sifted ? l->streams[i].values.len : 0;
  }
  return n <= AREAS_DIRECT;
}

static bool find_rows(struct lister *l, rights_rows *out, struct err *e) {
  int64_t streams = 0;
  const size_t before = out->len;
  if (l->v->seen.never || l->q->most <= 0) return true;
  if (l->v->seen.always) return walk(l, out, e);
  TRY(count_streams(l, &streams, e));
  if (streams > AREAS_FIRST || streams > seeks_first(l)) {
    TRY(take_areas(l, e));
    if (is_small(l)) return seek(l, out, e);
  }
  if (streams <= seeks_first(l)) {
    take_units(l);
    return seek(l, out, e);
  }
  TRY(find_window(l, &l->bounded, e));
  TRY(walk(l, out, e));
  if (!l->bounded || out->len - before == (size_t)l->q->most) return true;
  out->len = before;
  l->bounded = false;
  return seek(l, out, e);
}
bool rights_list(struct store *s, struct arena *mem, const struct rights_view *v, const struct rights_list *q,
                 rights_rows *out, struct err *e) {
  struct lister l = {.s = s, .mem = mem, .v = v, .q = q, .c = COMPOSE(mem)};
  take_units(&l);
  const bool ok = find_rows(&l, out, e);
  compose_drop(&l.c);
  return ok;
}

/* ---- counts ---- */

/* Ids of a stream's rows, from the units inward, so that rows outside the scope are never touched. */
static void put_ids(struct lister *l, const struct rights_stream *s, int most) {
  const bool one = s->source == RIGHTS_EVERY || (s->source == RIGHTS_VALUES && s->values.len == 1);
  z(l, "SELECT * FROM (SELECT ");
  if (repeats(s) || (s->link.len && !one)) z(l, "DISTINCT ");
  put_id(l, s);
  if (one) {
    put_stream(l, s, " FROM ", equals_value, s->values.at);
  } else {
    z(l, " FROM (");
    put_sources(l, s);
    z(l, ") v");
    put_stream(l, s, " CROSS JOIN ", equals_source, NULL);
  }
  z(l, " LIMIT ");
  compose_bound(&l->c, most);
  z(l, ") b");
}
static void put_all_ids(struct lister *l, const char *joined_by, int most) {
  for (size_t i = 0; i < l->v->streams.len && !l->v->seen.always; i++) {
    if (i) z(l, joined_by);
    put_ids(l, &l->v->streams.at[i], most);
  }
  if (l->v->seen.always) put_ids(l, &every_row, most);
}
static bool count_rows(struct lister *l, int most, int64_t *out, struct err *e) {
  rights_rows rows = {0};
  if (l->v->seen.never) return true;
  begin(l);
  z(l, "SELECT count(*) FROM (");
  put_all_ids(l, " UNION ", most);
  z(l, ") x");
  TRY(read_rows(l, "i", &rows, e));
  *out = rows.at[0].at[0].n < most ? rows.at[0].at[0].n : most;
  return true;
}
bool rights_count(struct store *s, struct arena *mem, const struct rights_view *v, int most, int64_t *out,
                  struct err *e) {
  struct lister l = {.s = s, .mem = mem, .v = v, .c = COMPOSE(mem)};
  *out = 0;
  const bool ok = count_rows(&l, most, out, e);
  compose_drop(&l.c);
  return ok;
}
void rights_compile_ids(struct arena *mem, const struct rights_view *v, int most, struct rights_condition *out) {
  struct lister l = {.mem = mem, .v = v};
  *out = (struct rights_condition){.sql = STR("SELECT NULL WHERE 1 = 0"), .never = v->seen.never};
  if (out->never) return;
  begin(&l);
  put_all_ids(&l, " UNION ALL ", most);
  struct str *values = NULL;
  size_t n = 0;
  out->sql = compose_as_condition(&l.c, &values, &n);
  for (size_t i = 0; i < n; i++) vec_push(mem, &out->values) = values[i];
  compose_drop(&l.c);
}
