/* Lists: what an address asks for becomes a query of the store, and its rows with the keys of the pages beside. */
#include "app/table.h"

#include "base/clock.h"
#include "sql.h"
#include "texts.h"
#include "web/form.h"

enum { PAGE_ROWS = 50, WORDS_MAX = 3, WORD_BYTES = 200, DAY_US = 86400, ZONE_SECONDS = 8 * 3600 };

static bool bad_word(const char *name, struct str value, struct err *e) {
  return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", str_of(name), "value", value);
}
static bool falls_first(const struct table_column *c) { return c->type == TABLE_NUMBER || c->type == TABLE_TIME; }

/* ---- reading the address ---- */

/* What is asked of the column itself is found in its own order. */
static bool is_filtered_by(const struct table_rows *rows, int column) {
  for (size_t i = 0; i < rows->query.filter_count; i++)
    if (rows->query.filters[i].column == column) return true;
  return false;
}
static bool read_sort(struct web_request *rq, const struct table_said *t, struct table_rows *out, struct err *e) {
  struct str word = web_query(rq, "sort");
  if (!word.len) word = str_of(t->sort);
  const bool turned = str_starts(word, STR("-"));
  const struct str name = str_from(word, turned);
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    if (!(c->flags & TABLE_SORTS) || !str_eqz(name, c->name)) continue;
    out->sort = (int)i;
    out->query.sort = c->by && !is_filtered_by(out, c->sql) ? c->by : c->sql;
    out->query.falling = falls_first(c) != turned;
    return true;
  }
  return bad_word("sort", word, e);
}
static void add_filter(struct table_rows *out, int column, enum list_op op, struct store_value v) {
  must(out->query.filter_count < LIST_FILTERS_MAX); /* as a table declares them, twice its columns and a few */
  out->query.filters[out->query.filter_count++] = (struct list_filter){column, op, v};
}
static bool is_number(const struct table_said *t, const struct table_column *c) {
  return t->list->columns[c->sql].type == 'i';
}
static bool is_word_of(const char *words, struct str word) {
  for (struct str rest = str_of(words), head = rest; rest.len;) {
    if (!str_cut(rest, STR(" "), &head, &rest)) head = rest, rest = (struct str){0};
    if (str_eq(head, word)) return true;
  }
  return false;
}
static bool is_choice(const struct table_column *c, struct str word, int64_t *out_n) {
  for (size_t i = 0; i < c->choice_count; i++) {
    if (!str_eqz(word, c->choices[i].word)) continue;
    *out_n = c->choices[i].n;
    return true;
  }
  return false;
}
static bool read_choice(struct web_request *rq, const struct table_said *t, const struct table_column *c,
                        struct table_rows *out, struct err *e) {
  const struct str given = str_trim(web_query(rq, c->name));
  int64_t n = 0;
  if (!given.len) return true;
  if (!c->choices && is_number(t, c) && !str_to_int(given, &n)) return bad_word(c->name, given, e);
  if (c->words && !is_word_of(c->words, given)) return bad_word(c->name, given, e);
  if (c->choices && !is_choice(c, given, &n)) return bad_word(c->name, given, e);
  add_filter(out, c->sql, LIST_IS, is_number(t, c) ? store_number(n) : store_text(given));
  out->filtered = true;
  return true;
}
/* A day or a number; a day of moments is its first or its last µs. */
static bool parse_bound(struct web_request *rq, const char *column, enum table_type type, bool is_last,
                        struct store_value *out, bool *out_has, struct err *e) {
  const struct str name = str_fmt(rq->mem, "%s_%s", column, is_last ? "to" : "from");
  const struct str given = str_trim(web_query(rq, str_z(rq->mem, name)));
  struct date day = {0};
  *out = (struct store_value){.type = 'i'};
  *out_has = given.len > 0;
  if (!given.len) return true;
  const bool ok = type == TABLE_NUMBER ? str_to_int(given, &out->n)
                                       : date_parse(given, clock_today(rq->now_us).year, &day) && date_valid(day);
  if (!ok) return bad_word(str_z(rq->mem, name), given, e);
  if (type == TABLE_DAY) *out = store_text(date_iso(rq->mem, day));
  if (type == TABLE_TIME) out->n = ((int64_t)(date_to_days(day) + is_last) * DAY_US - ZONE_SECONDS) * 1000000 - is_last;
  return true;
}
bool table_moment(struct web_request *rq, const char *column, bool is_last, int64_t *out_us, bool *out_has,
                  struct err *e) {
  struct store_value v = {0};
  TRY(parse_bound(rq, column, TABLE_TIME, is_last, &v, out_has, e));
  *out_us = v.n;
  return true;
}
static bool read_bound(struct web_request *rq, const struct table_column *c, bool is_last, struct table_rows *out,
                       struct err *e) {
  struct store_value v = {0};
  bool has = false;
  TRY(parse_bound(rq, c->name, c->type, is_last, &v, &has, e));
  if (!has) return true;
  add_filter(out, c->sql, is_last ? LIST_MOST : LIST_LEAST, v);
  out->filtered = true;
  return true;
}
static bool read_filters(struct web_request *rq, const struct table_said *t, struct table_rows *out, struct err *e) {
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    if (c->filter == TABLE_CHOICE) TRY(read_choice(rq, t, c, out, e));
    if (c->filter != TABLE_RANGE) continue;
    TRY(read_bound(rq, c, false, out, e));
    TRY(read_bound(rq, c, true, out, e));
  }
  return true;
}
static void read_search(struct web_request *rq, const struct table_said *t, struct table_rows *out) {
  struct str rest = str_trim(web_query(rq, "q"));
  if (!t->search) return;
  for (int i = 0; i < WORDS_MAX && rest.len; rest = str_trim(rest)) {
    struct str word = rest, tail = {0};
    if (i == WORDS_MAX - 1 || !str_cut(rest, STR(" "), &word, &tail)) word = rest, tail = (struct str){0};
    rest = tail;
    if (!word.len) continue;
    add_filter(out, t->search, LIST_HAS, store_text(str_slice(word, 0, WORD_BYTES)));
    out->filtered = true;
    i++;
  }
}
/* The page has made conditions of these. */
static void read_told(struct web_request *rq, const struct table_said *t, struct table_rows *out) {
  if (!t->search && t->search_label && str_trim(web_query(rq, "q")).len) out->filtered = true;
  for (size_t i = 0; i < out->ask->told_count; i++)
    if (web_query(rq, out->ask->told[i].name).len) out->filtered = true;
}
static bool read_tab(struct web_request *rq, const struct table_said *t, struct table_rows *out, struct err *e) {
  const struct str word = t->tab ? web_query(rq, t->tab) : STR("");
  for (size_t i = 0; i < t->tab_count; i++) {
    if (word.len && !str_eqz(word, t->tabs[i].word)) continue;
    out->tab = (int)i;
    for (size_t k = 0; k < t->tabs[i].count; k++) {
      const struct list_filter *f = &t->tabs[i].filters[k];
      add_filter(out, f->column, f->op, f->value);
    }
    return true;
  }
  return !word.len || bad_word(t->tab, word, e);
}
static void read_columns(struct web_request *rq, const struct table_said *t, struct table_rows *out) {
  bool chosen = false;
  for (size_t i = 0; i < t->count; i++) {
    for (size_t k = 0; k < rq->query_count; k++)
      if (str_eqz(rq->query[k].name, "col") && str_eqz(rq->query[k].value, t->columns[i].name))
        chosen = out->shown[i] = true;
  }
  for (size_t i = 0; i < t->count; i++) {
    const unsigned flags = t->columns[i].flags;
    if (!chosen) out->shown[i] = !(flags & TABLE_OFF);
    if (flags & TABLE_HEAD) out->shown[i] = true;
    if (flags & TABLE_FILES) out->shown[i] = false;
  }
}

static bool read_density(struct web_request *rq, struct table_rows *out, struct err *e) {
  const struct str word = web_query(rq, "rows");
  out->compact = str_eqz(word, "compact");
  return !word.len || out->compact || bad_word("rows", word, e);
}

/* ---- pages ---- */

/* A row's place: `id.value`, or `id` when it has none; the id has no dot. */
struct str table_key(struct arena *mem, const struct list_query *q, const struct list_row *r) {
  const struct store_value *v = &r->at[q->sort], *id = &r->at[q->id];
  const struct str head = id->type == 'i' ? str_int(mem, id->n) : id->s;
  if (v->null) return head;
  if (v->type == 'i') return str_fmt(mem, STRF ".%lld", STRA(head), (long long)v->n);
  return str_fmt(mem, STRF "." STRF, STRA(head), STRA(v->s));
}
static bool value_of(char type, struct str s, struct store_value *out) {
  *out = store_text(s);
  if (type != 'i') return true;
  *out = store_number(0);
  return str_to_int(s, &out->n);
}
static bool read_key(struct web_request *rq, const struct table_said *t, struct list_query *q, struct err *e) {
  const struct str after = web_query(rq, "after"), before = web_query(rq, "before");
  const struct str key = before.len ? before : after;
  struct str id = {0}, value = {0};
  if (!key.len) return true;
  const struct store_column *sort = &t->list->columns[q->sort];
  q->has_key = true;
  q->backward = before.len > 0;
  const bool has_value = str_cut(key, STR("."), &id, &value);
  if (!has_value) id = key;
  if (!has_value) q->key = store_none(sort->type);
  if ((has_value ? value_of(sort->type, value, &q->key) : sort->nullable) &&
      value_of(t->list->columns[q->id].type, id, &q->key_id))
    return true;
  return bad_word(before.len ? "before" : "after", key, e);
}
static void add_bound(struct list_query *q, enum list_op op, int64_t n) {
  must(q->filter_count < LIST_FILTERS_MAX);
  q->filters[q->filter_count++] = (struct list_filter){q->id, op, store_number(n)};
}
/* The stretch of ids that this page looks through: from its key on, the way it is read. */
static void add_stretch(const struct table_look *look, struct list_query *q, struct table_rows *out) {
  int64_t low = look->low, high = look->high;
  must(q->sort == q->id);
  out->stopped = false;
  if (q->falling != q->backward) {
    if (q->has_key && q->key.n <= high) high = q->key.n > low ? q->key.n - 1 : low - 1;
    out->stopped = high - low >= look->most;
    if (out->stopped) low = out->stopped_at = high - look->most + 1;
  } else {
    if (q->has_key && q->key.n >= low) low = q->key.n < high ? q->key.n + 1 : high + 1;
    out->stopped = high - low >= look->most;
    if (out->stopped) high = out->stopped_at = low + look->most - 1;
  }
  add_bound(q, LIST_LEAST, low);
  add_bound(q, LIST_MOST, high);
}
static bool read_rows(struct web_request *rq, struct store *r, const struct table_said *t, struct table_rows *out,
                      struct err *e) {
  struct list_query q = out->query;
  if (out->ask->look.most) add_stretch(&out->ask->look, &q, out);
  TRY(store_list_rows(r, rq->mem, t->list, &q, PAGE_ROWS + 1, &out->rows, e));
  if (out->rows.len > PAGE_ROWS) out->stopped = false;
  return true;
}
/* A page that is not full because the look stopped goes on where it did. */
static void go_on(struct web_request *rq, struct table_rows *out) {
  const struct str key = str_fmt(rq->mem, "%lld.%lld", (long long)out->stopped_at, (long long)out->stopped_at);
  *(out->query.backward ? &out->prev : &out->next) = key;
}
/* One row more than a page says whether there is another page. Going back, a page that would not be full begins at the
 * first row instead. */
static bool read_page(struct web_request *rq, struct store *r, const struct table_said *t, struct table_rows *out,
                      struct err *e) {
  struct list_query *q = &out->query;
  TRY(read_rows(rq, r, t, out, e));
  if (q->backward && out->rows.len <= PAGE_ROWS && !out->stopped) {
    q->backward = q->has_key = false;
    out->rows.len = 0;
    TRY(read_rows(rq, r, t, out, e));
  }
  const bool more = out->rows.len > PAGE_ROWS;
  if (more && q->backward) out->rows.at++;
  if (more) out->rows.len = PAGE_ROWS;
  if (t->read) TRY(t->read(rq, t, out, r, rq->mem, &out->rows, e));
  if (out->stopped) go_on(rq, out);
  if (!out->rows.len) return true;
  if (more || q->backward) out->next = table_key(rq->mem, q, &vec_last(&out->rows));
  if (q->has_key && (more || !q->backward)) out->prev = table_key(rq->mem, q, &out->rows.at[0]);
  return true;
}

/* ---- the whole ---- */

static bool is_plain(const struct web_request *rq) {
  for (size_t i = 0; i < rq->query_count; i++)
    if (!str_eqz(rq->query[i].name, "did") && !str_eqz(rq->query[i].name, "lang")) return false;
  return !rq->json;
}
/* The plain address is answered as the person's default view. */
static bool take_default(struct web_request *rq, const struct table_rows *rows, struct err *e) {
  for (size_t i = 0; i < rows->saved_count; i++) {
    const struct view_saved *v = &rows->saved[i];
    if (!v->is_default) continue;
    web_fields fields = {0};
    for (size_t k = 0; k < rq->query_count; k++) vec_push(rq->mem, &fields) = rq->query[k];
    vec_push(rq->mem, &fields) = (struct web_field){.name = STR("view"), .value = v->id};
    TRY(form_urlencoded(rq->mem, v->query, &fields, e));
    rq->query = fields.at;
    rq->query_count = fields.len;
    return true;
  }
  return true;
}
bool table_begin(struct web_request *rq, const struct table_said *t, struct err *e) {
  struct table_rows rows = {0};
  if (!is_plain(rq)) return true;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  return r && table_views_read(rq, r, t, &rows, e) && take_default(rq, &rows, e);
}
static bool read_address(struct web_request *rq, struct store *r, const struct table_said *t,
                         const struct table_ask *ask, struct table_rows *out, struct err *e) {
  struct table_ask *own = arena_new(rq->mem, struct table_ask); /* read again when a file is sent */
  *own = *ask;
  *out = (struct table_rows){.count = -1, .ask = own};
  out->query = (struct list_query){.fixed = ask->fixed, .scope = ask->scope, .id = t->id};
  must(t->count <= TABLE_COLUMNS_MAX);
  TRY(table_views_read(rq, r, t, out, e));
  if (is_plain(rq)) TRY(take_default(rq, out, e));
  TRY(read_tab(rq, t, out, e));
  TRY(read_filters(rq, t, out, e));
  read_search(rq, t, out);
  read_told(rq, t, out);
  TRY(read_sort(rq, t, out, e));
  TRY(read_key(rq, t, &out->query, e));
  read_columns(rq, t, out);
  return read_density(rq, out, e);
}
bool table_asked(struct web_request *rq, const struct table_said *t, const struct table_ask *ask,
                 struct table_rows *out, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  return r && read_address(rq, r, t, ask, out, e);
}
bool table_read(struct web_request *rq, const struct table_said *t, const struct table_ask *ask, struct table_rows *out,
                struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !read_address(rq, r, t, ask, out, e)) return false;
  if (web_query(rq, "as").len) return true; /* a file reads for itself */
  TRY(read_page(rq, r, t, out, e));
  const bool is_part = ask->look.most && (out->next.len || out->prev.len);
  return rq->json || is_part || table_count(rq, r, t, out, e);
}

struct str table_label(const struct web_request *rq, const struct table_column *c) {
  return c->label ? page_text(rq, c->label) : c->text;
}
struct str table_title(const struct web_request *rq, const struct table_said *t) {
  return t->title ? page_text(rq, t->title) : t->text;
}
struct view_tcell *table_cell(struct view_trow *row, int sql) {
  for (size_t i = 0; i < row->cells.len; i++)
    if (row->cells.at[i].sql == sql) return &row->cells.at[i];
  return NULL;
}
struct str table_value(struct web_request *rq, const struct table_column *c, const struct store_value *v) {
  struct date day = {0};
  if (v->null || (v->type == 'i' ? !v->n : !v->s.len)) return (struct str){0};
  if (c->type == TABLE_TIME) return page_when(rq, v->n);
  if (c->type == TABLE_WORD) return page_text_of(rq->mem, rq->lang, c->prefix, str_z(rq->mem, v->s));
  if (c->type == TABLE_DAY && rq->lang == LANG_ZH && date_parse(v->s, 0, &day)) return date_zh(rq->mem, day);
  return v->type == 'i' ? str_int(rq->mem, v->n) : v->s;
}
