/* Rows of the search and the engine's index over them, written in one transaction. An index entry is taken out by the
 * very words it was made of, so these are always computed from the row as it stands, by the same functions; when they
 * change between versions of the program (SEARCH_MADE), the index is made again before anything else. */
#include "store/search.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "sql.h"
#include "store/driver.h"
#include "store/list.h"
#include "store/search_words.h"
#include "store/session.h"
#include "texts.h"

enum { SEARCH_MADE = 2, PAGE_ROWS = 64, ROWS_CHECKED = 20000 };

/* ---- the engine's index ---- */

static struct store_stmt *own_statement(struct store *s, enum search_statement which, struct err *e) {
  return store_prepare(s, &store_connection(s)->driver->search[which], e);
}
static bool finish(struct store_stmt *st, struct err *e) {
  bool row = false;
  const bool ok = store_step(st, &row, e);
  store_reset(st);
  return ok;
}
static bool index_change(struct store *tx, enum search_statement which, int64_t doc, const struct search_row *row,
                         struct err *e) {
  AUTO_ARENA mem = {0};
  struct store_stmt *st = own_statement(tx, which, e);
  if (!st) return false;
  const int binds = store_connection(tx)->driver->search[which].binds;
  store_bind_str(st, 1, STORE_TENANT);
  store_bind_int(st, 2, doc);
  if (binds > 2) store_bind_str(st, 3, search_line(&mem, row));
  if (binds > 3) store_bind_str(st, 4, search_grams(&mem, row));
  return finish(st, e);
}
static bool index_add(struct store *tx, int64_t doc, const struct search_row *row, struct err *e) {
  return index_change(tx, SEARCH_ADD, doc, row, e);
}
static bool index_remove(struct store *tx, int64_t doc, const struct search_row *row, struct err *e) {
  return index_change(tx, SEARCH_REMOVE, doc, row, e);
}

/* ---- rows ---- */

static bool is_kind(struct str kind) {
  for (size_t i = 0; i < kind.len; i++) {
    const char c = kind.at[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return kind.len > 0 && kind.len <= 40;
}
static struct str bounded(struct str s) {
  size_t most = SEARCH_TEXT_MAX;
  if (s.len <= most) return s;
  while (most && ((unsigned char)s.at[most] & 0xC0) == 0x80) most--;
  return str_slice(s, 0, most);
}
static bool check_row(const struct search_row *in, struct search_row *out, struct err *e) {
  must(is_kind(in->kind) && in->id.len);
  *out = *in;
  out->title = bounded(in->title);
  out->body = bounded(in->body);
  return (utf8_valid(out->title) && utf8_valid(out->body)) || fail(e, ERR_INVALID, MSG_search_no_text);
}
static bool is_same(const struct search_row *a, const struct search_row *b) {
  return str_eq(a->unit, b->unit) && str_eq(a->title, b->title) && str_eq(a->body, b->body);
}

/* Numbers for n new rows: *out_last is the highest of them. */
static bool take_docs(struct store *tx, int64_t n, int64_t *out_last, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_search_head_get head = {0};
  bool found = false;
  int64_t changed = 0;
  TRY(sql_search_head_get(tx, &mem, &(struct sql_search_head_get_in){STORE_TENANT}, &head, &found, e));
  if (!found) {
    struct err why = {0};
    if (!sql_search_head_start(tx, &(struct sql_search_head_start_in){STORE_TENANT, SEARCH_MADE}, NULL, &why))
      return fail(e, why.code == ERR_DUPLICATE ? ERR_BUSY : why.code, MSG_store_busy); /* another began it now */
  }
  *out_last = head.doc + n;
  TRY(sql_search_head_move(tx, &(struct sql_search_head_move_in){STORE_TENANT, *out_last, head.doc}, &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}

static bool add_row(struct store *tx, int64_t doc, const struct search_row *r, struct err *e) {
  TRY(sql_search_row_insert(
      tx, &(struct sql_search_row_insert_in){STORE_TENANT, r->kind, r->id, doc, r->unit, r->title, r->body}, NULL, e));
  return index_add(tx, doc, r, e);
}
static bool change_row(struct store *tx, int64_t doc, const struct search_row *was, const struct search_row *r,
                       struct err *e) {
  if (is_same(was, r)) return true;
  TRY(index_remove(tx, doc, was, e));
  TRY(sql_search_row_update(
      tx, &(struct sql_search_row_update_in){STORE_TENANT, r->kind, r->id, r->unit, r->title, r->body}, NULL, e));
  return index_add(tx, doc, r, e);
}
static bool drop_row(struct store *tx, int64_t doc, const struct search_row *was, struct err *e) {
  TRY(index_remove(tx, doc, was, e));
  return sql_search_row_delete(tx, &(struct sql_search_row_delete_in){STORE_TENANT, was->kind, was->id}, NULL, e);
}

static bool get_row(struct store *tx, struct arena *mem, struct str kind, struct str id, struct search_row *out,
                    int64_t *out_doc, bool *out_found, struct err *e) {
  struct sql_search_row_get got = {0};
  TRY(sql_search_row_get(tx, mem, &(struct sql_search_row_get_in){STORE_TENANT, kind, id}, &got, out_found, e));
  *out = (struct search_row){kind, id, got.unit, got.title, got.body};
  *out_doc = got.doc;
  return true;
}
bool search_put(struct store *tx, const struct search_row *row, struct err *e) {
  AUTO_ARENA mem = {0};
  struct search_row now, was;
  int64_t doc = 0;
  bool found = false;
  TRY(check_row(row, &now, e) && get_row(tx, &mem, row->kind, row->id, &was, &doc, &found, e));
  if (found) return change_row(tx, doc, &was, &now, e);
  return take_docs(tx, 1, &doc, e) && add_row(tx, doc, &now, e);
}
bool search_drop(struct store *tx, struct str kind, struct str id, struct err *e) {
  AUTO_ARENA mem = {0};
  struct search_row was;
  int64_t doc = 0;
  bool found = false;
  TRY(get_row(tx, &mem, kind, id, &was, &doc, &found, e));
  return !found || drop_row(tx, doc, &was, e);
}

static bool erase_row(struct store *tx, int64_t doc, const struct search_row *was, const struct search_row *left,
                      struct err *e) {
  TRY(index_remove(tx, doc, was, e));
  if (!left->title.len && !left->body.len)
    return sql_search_row_erase_all(tx, &(struct sql_search_row_erase_all_in){STORE_TENANT, was->kind, was->id}, NULL,
                                    e);
  TRY(sql_search_row_erase(
      tx, &(struct sql_search_row_erase_in){STORE_TENANT, was->kind, was->id, left->title, left->body}, NULL, e));
  return index_add(tx, doc, &(struct search_row){was->kind, was->id, was->unit, left->title, left->body}, e);
}
bool search_erase(struct store *tx, const struct search_row *left, struct err *e) {
  AUTO_ARENA mem = {0};
  struct search_row now, was;
  int64_t doc = 0;
  bool found = false;
  TRY(check_row(left, &now, e) && get_row(tx, &mem, left->kind, left->id, &was, &doc, &found, e));
  return !found || erase_row(tx, doc, &was, &now, e);
}
bool search_drop_kind(struct store *tx, struct str kind, struct err *e) {
  return sql_search_kind_delete(tx, &(struct sql_search_kind_delete_in){STORE_TENANT, kind}, NULL, e);
}

/* ---- many rows at once ---- */

struct placed { /* a wanted row and where it stands among those */
  struct search_row row;
  size_t place;
  bool is_new;
};
static int by_id(const void *a, const void *b) {
  return str_cmp(((const struct placed *)a)->row.id, ((const struct placed *)b)->row.id);
}
static int by_place(const void *a, const void *b) {
  const size_t x = ((const struct placed *)a)->place, y = ((const struct placed *)b)->place;
  return (x > y) - (x < y);
}
static bool sort_wanted(struct arena *mem, struct str prefix, const struct search_row *rows, size_t count,
                        struct placed **out, struct err *e) {
  struct placed *all = *out = arena_new_n(mem, struct placed, count);
  for (size_t i = 0; i < count; i++) {
    must(str_starts(rows[i].id, prefix));
    all[i].place = i;
    TRY(check_row(&rows[i], &all[i].row, e));
  }
  qsort(all, count, sizeof *all, by_id);
  for (size_t i = 1; i < count; i++)
    if (str_eq(all[i - 1].row.id, all[i].row.id)) return fail(e, ERR_BUG, MSG_store_failed, "what", all[i].row.id);
  return true;
}
/* Both are in order of their ids: what is only there is dropped, what is in both is brought up to date, and what is only
 * wanted is marked. */
static bool merge(struct store *tx, struct str kind, const struct sql_search_row_under_rows *have, struct placed *want,
                  size_t count, int64_t *out_new, struct err *e) {
  size_t h = 0, w = 0;
  while (h < have->len || w < count) {
    const int order = h == have->len ? 1 : w == count ? -1 : str_cmp(have->at[h].id, want[w].row.id);
    if (order > 0) {
      want[w++].is_new = true;
      ++*out_new;
      continue;
    }
    const struct sql_search_row_under *was = &have->at[h++];
    const struct search_row old = {kind, was->id, was->unit, was->title, was->body};
    if (order < 0) TRY(drop_row(tx, was->doc, &old, e));
    else TRY(change_row(tx, was->doc, &old, &want[w++].row, e));
  }
  return true;
}
bool search_put_all(struct store *tx, struct str kind, struct str prefix, const struct search_row *rows, size_t count,
                    struct err *e) {
  AUTO_ARENA mem = {0};
  struct placed *want = NULL;
  struct sql_search_row_under_rows have = {0};
  int64_t fresh = 0, doc = 0;
  must(str_ends(prefix, STR("/")));
  const struct str until = str_join(&mem, str_slice(prefix, 0, prefix.len - 1), STR("0")); /* follows "/" */
  TRY(sort_wanted(&mem, prefix, rows, count, &want, e));
  TRY(sql_search_row_under(tx, &mem, &(struct sql_search_row_under_in){STORE_TENANT, kind, prefix, until}, SIZE_MAX,
                           &have, e));
  TRY(merge(tx, kind, &have, want, count, &fresh, e));
  if (!fresh) return true;
  TRY(take_docs(tx, fresh, &doc, e));
  qsort(want, count, sizeof *want, by_place);
  for (size_t i = 0; i < count; i++)
    if (want[i].is_new) TRY(add_row(tx, doc--, &want[i].row, e));
  return true;
}

/* ---- the whole index ---- */

/* Hands every row to `take`, in order. */
static bool each_row(struct store *s,
                     bool (*take)(struct store *s, int64_t doc, const struct search_row *row, void *arg, struct err *e),
                     void *arg, struct err *e) {
  for (int64_t after = 0;;) {
    AUTO_ARENA mem = {0};
    struct sql_search_row_page_rows rows = {0};
    TRY(sql_search_row_page(s, &mem, &(struct sql_search_row_page_in){STORE_TENANT, after}, SIZE_MAX, &rows, e));
    vec_each(const struct sql_search_row_page, r, &rows) {
      const struct search_row row = {r->kind, r->id, r->unit, r->title, r->body};
      TRY(take(s, r->doc, &row, arg, e));
    }
    if (!rows.len) return true;
    after = vec_last(&rows).doc;
  }
}
static bool add_to_index(struct store *tx, int64_t doc, const struct search_row *row, void *arg, struct err *e) {
  (void)arg;
  return index_add(tx, doc, row, e);
}
bool search_rebuild(struct store *tx, struct err *e) {
  struct store_stmt *st = own_statement(tx, SEARCH_CLEAR, e);
  if (!st) return false;
  store_bind_str(st, 1, STORE_TENANT);
  TRY(finish(st, e) && each_row(tx, add_to_index, NULL, e));
  return sql_search_head_made(tx, &(struct sql_search_head_made_in){STORE_TENANT, SEARCH_MADE}, NULL, e);
}
/* ---- asking ---- */

static void ask(struct store_stmt *st, int binds, struct arena *mem, const struct search_asked *q, struct str kind,
                int64_t before, int most) {
  const bool grams = binds > 4;
  store_bind_str(st, 1, STORE_TENANT);
  store_bind_str(st, 2, grams ? search_tsquery(mem, q, kind) : search_match(mem, q, kind));
  store_bind_int(st, 3, before);
  store_bind_int(st, 4, most);
  for (int i = 5; i <= binds; i++) store_bind_str(st, i, search_like(mem, q, (size_t)i - 5));
}
/* One page of rows from the index; *out_more when there may be others. */
static bool find_page(struct store *s, struct arena *mem, const struct search_asked *q, struct str kind, int64_t before,
                      struct search_hits *out, struct err *e) {
  struct store_stmt *st = own_statement(s, SEARCH_FIND, e);
  bool row = false, ok = true;
  if (!st) return false;
  ask(st, store_connection(s)->driver->search[SEARCH_FIND].binds, mem, q, kind, before, PAGE_ROWS);
  while ((ok = store_step(st, &row, e)) && row) {
    vec_push(mem, &out->rows) = (struct search_hit){
        .doc = store_column_int(st, 0),
        .row = {store_column_str(st, 1, mem), store_column_str(st, 2, mem), store_column_str(st, 3, mem),
                store_column_str(st, 4, mem), store_column_str(st, 5, mem)}};
  }
  store_reset(st);
  return ok;
}
static void keep_hit(struct arena *mem, const struct search_asked *q, struct search_hit hit, struct search_hits *out) {
  search_mark(mem, q, hit.row.title, &hit.title_at);
  search_mark(mem, q, hit.row.body, &hit.body_at);
  vec_push(mem, &out->rows) = hit;
}
bool search_find(struct store *s, struct arena *mem, const struct search_question *q, struct search_hits *out,
                 struct err *e) {
  struct search_asked asked;
  const size_t most = q->most > 0 && q->most < SEARCH_HITS_MAX ? (size_t)q->most : SEARCH_HITS_MAX;
  *out = (struct search_hits){0};
  TRY(search_parse(mem, q->words, &asked, e));
  if (!asked.count) return true;
  if (q->kind.len && !is_kind(q->kind)) return fail(e, ERR_INVALID, MSG_search_no_text);
  int64_t before = q->before > 0 ? q->before : INT64_MAX;
  for (int looked = 0;;) {
    struct search_hits page = {0};
    TRY(find_page(s, mem, &asked, q->kind, before, &page, e));
    vec_each(const struct search_hit, h, &page.rows) {
      if (out->rows.len == most || looked == SEARCH_LOOKS_MAX) {
        out->next = before;
        return true;
      }
      before = h->doc;
      looked++;
      if (!q->may_see || q->may_see(q->arg, &h->row)) keep_hit(mem, &asked, *h, out);
    }
    if (page.rows.len < PAGE_ROWS) return true;
  }
}

/* ---- for lists ---- */

static bool count_within(struct store *s, struct str question, size_t most, int64_t *out, struct err *e) {
  struct store_stmt *st = own_statement(s, SEARCH_WITHIN, e);
  bool row = false;
  if (!st) return false;
  store_bind_str(st, 1, STORE_TENANT);
  store_bind_str(st, 2, question);
  store_bind_int(st, 3, (int64_t)most + 1);
  const bool ok = store_step(st, &row, e);
  if (ok && row) *out = store_column_int(st, 0);
  store_reset(st);
  return ok;
}
bool search_few(struct store *s, struct arena *mem, struct str kind, struct str of, const struct str *texts,
                size_t count, size_t most, struct list_few *out, struct err *e) {
  const struct driver *d = store_connection(s)->driver;
  struct search_asked asked;
  int64_t n = 0;
  *out = (struct list_few){0};
  search_parse_within(mem, texts, count, &asked);
  if (!asked.count) return true;
  const bool grams = d->search[SEARCH_FIND].binds > 4;
  const struct str question = grams ? search_tsquery_within(mem, &asked, of) : search_match_within(mem, &asked, of);
  TRY(count_within(s, question, most, &n, e));
  struct store_value *values = arena_new_n(mem, struct store_value, 3);
  values[0] = store_text(question);
  values[1] = store_text(STORE_TENANT);
  values[2] = store_text(kind);
  *out = (struct list_few){.sql = str_fmt(mem, "SELECT substr(s.id, %zu) %s", of.len + 2, d->search_ids).at,
                           .values = values,
                           .count = 3,
                           .known = n > (int64_t)most ? (size_t)LIST_MANY : (size_t)n + 1};
  return true;
}

/* ---- is it whole? ---- */

struct checking {
  struct search_state *state;
  int64_t every, n;
};
/* The row must be found by its own words. */
static bool check_one(struct store *s, int64_t doc, const struct search_row *row, void *arg, struct err *e) {
  struct checking *c = arg;
  AUTO_ARENA mem = {0};
  struct search_asked q = {0};
  bool found = false;
  if (c->n++ % c->every) return true;
  search_cut(&mem, row->title.len ? row->title : row->body, &q.phrases[0]);
  q.count = q.phrases[0].len > 0;
  struct store_stmt *st = own_statement(s, SEARCH_FIND, e);
  if (!st) return false;
  ask(st, store_connection(s)->driver->search[SEARCH_FIND].binds, &mem, &q, row->kind, doc + 1, 1);
  const bool ok = store_step(st, &found, e);
  c->state->looked++;
  c->state->lost += ok && !(found && store_column_int(st, 0) == doc);
  store_reset(st);
  return ok;
}
bool search_check(struct store *s, struct search_state *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_search_row_count count = {0};
  *out = (struct search_state){0};
  TRY(sql_search_row_count(s, &mem, &(struct sql_search_row_count_in){STORE_TENANT}, &count, NULL, e));
  struct store_stmt *st = own_statement(s, SEARCH_COUNT, e);
  bool row = false;
  if (!st) return false;
  store_bind_str(st, 1, STORE_TENANT);
  const bool ok = store_step(st, &row, e);
  out->rows = count.rows;
  if (ok && row) out->indexed = store_column_int(st, 0);
  store_reset(st);
  return ok && each_row(s, check_one, &(struct checking){out, 1 + count.rows / ROWS_CHECKED, 0}, e);
}

/* The newest row is looked at: after a copy into an older schema none is in the index. */
static bool newest_is_found(struct store *s, struct arena *mem, bool *out, struct err *e) {
  struct sql_search_row_last_rows last = {0};
  struct search_state state = {0};
  TRY(sql_search_row_last(s, mem, &(struct sql_search_row_last_in){STORE_TENANT}, 1, &last, e));
  for (size_t i = 0; i < last.len; i++) {
    const struct search_row row = {last.at[i].kind, last.at[i].id, STR(""), last.at[i].title, last.at[i].body};
    TRY(check_one(s, last.at[i].doc, &row, &(struct checking){&state, 1, 0}, e));
  }
  *out = !state.lost;
  return true;
}
static bool rebuild_act(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  return search_rebuild(tx, e);
}
bool search_begin(struct store *st, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_search_head_get head = {0};
  bool used = false, found = true;
  AUTO_READ *r = store_read_begin(st, e);
  if (!r || !sql_search_head_get(r, &mem, &(struct sql_search_head_get_in){STORE_TENANT}, &head, &used, e))
    return false;
  if (used && head.made == SEARCH_MADE) TRY(newest_is_found(r, &mem, &found, e));
  store_read_end(&r);
  return !used || (found && head.made == SEARCH_MADE) || store_write_unnoted(st, rebuild_act, NULL, e);
}
