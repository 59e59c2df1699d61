/* Counts and choices of lists are the same for many requests and cost a walk over the rows: they are kept as long as
 * no event is appended, by this process or another. What is kept belongs to one exact question, the scope of who asks
 * included. */
#include <pthread.h>

#include "app/table.h"
#include "sql.h"
#include "texts.h"

enum { KEPT_ENTRIES = 128, COUNT_MAX = 1000, CHOICES_MAX = 50 };

struct kept_entry {
  uint64_t key;
  int64_t seq, count; /* of the last event when it was read */
  struct arena mem;
  list_rows rows;
};
struct table_kept {
  pthread_mutex_t lock;
  struct arena mem;
  struct kept_entry entries[KEPT_ENTRIES];
};

struct table_kept *table_kept_new(void) {
  struct arena mem = {0};
  struct table_kept *k = arena_new(&mem, struct table_kept);
  k->mem = mem;
  (void)pthread_mutex_init(&k->lock, NULL);
  return k;
}
void table_kept_drop(struct table_kept *k) {
  if (!k) return;
  for (size_t i = 0; i < KEPT_ENTRIES; i++) arena_drop(&k->entries[i].mem);
  (void)pthread_mutex_destroy(&k->lock);
  struct arena mem = k->mem; /* k itself lives in it */
  arena_drop(&mem);
}

/* ---- one question as a number ---- */

static void add_number(struct buf *b, int64_t n) { buf_add(b, &n, sizeof n); }
static void add_text(struct buf *b, struct str s) {
  add_number(b, (int64_t)s.len);
  buf_str(b, s);
}
static void add_value(struct buf *b, const struct store_value *v) {
  buf_byte(b, v->type);
  add_number(b, v->n);
  add_text(b, v->s);
}
static uint64_t key_of(const struct table_said *t, const struct list_query *q, int column) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  add_text(&b, str_of(t->list->name));
  add_number(&b, column);
  for (size_t i = 0; t->list->types[i]; i++) add_value(&b, &q->fixed[i]);
  add_text(&b, str_of(q->scope.sql));
  for (size_t i = 0; i < q->scope.count; i++) add_value(&b, &q->scope.values[i]);
  for (size_t i = 0; i < q->filter_count; i++) {
    add_number(&b, q->filters[i].column);
    add_number(&b, (int)q->filters[i].op);
    add_value(&b, &q->filters[i].value);
  }
  must(!b.broken);
  return str_hash(buf_view(&b));
}

/* ---- the store of answers ---- */

static list_rows copy_rows(struct arena *mem, const list_rows *from) {
  list_rows out = {0};
  for (size_t i = 0; i < from->len; i++) {
    struct store_value *v = arena_new(mem, struct store_value);
    *v = from->at[i].at[0];
    if (v->type != 'i') v->s = str_dup(mem, v->s);
    vec_push(mem, &out) = (struct list_row){.at = v};
  }
  return out;
}
static bool last_event(struct store *r, struct arena *mem, int64_t *out, struct err *e) {
  struct sql_chain_get head = {0};
  bool found = false;
  TRY(sql_chain_get(r, mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *out = head.seq;
  return true;
}
static bool take(struct table_kept *k, int64_t seq, uint64_t key, struct arena *mem, int64_t *out_count,
                 list_rows *out) {
  struct kept_entry *x = &k->entries[key % KEPT_ENTRIES];
  (void)pthread_mutex_lock(&k->lock);
  const bool good = x->key == key && x->seq == seq;
  if (good && out_count) *out_count = x->count;
  if (good && out) *out = copy_rows(mem, &x->rows);
  (void)pthread_mutex_unlock(&k->lock);
  return good;
}
static void put(struct table_kept *k, int64_t seq, uint64_t key, int64_t count, const list_rows *rows) {
  struct kept_entry *x = &k->entries[key % KEPT_ENTRIES];
  (void)pthread_mutex_lock(&k->lock);
  arena_drop(&x->mem);
  *x = (struct kept_entry){.key = key, .seq = seq, .count = count};
  x->rows = copy_rows(&x->mem, rows);
  (void)pthread_mutex_unlock(&k->lock);
}

static bool count(struct web_request *rq, struct store *r, const struct table_said *t, const struct list_query *q,
                  int64_t *out, struct err *e) {
  struct table_kept *kept = app_of(rq)->kept;
  const uint64_t key = key_of(t, q, -1);
  const list_rows none = {0};
  int64_t seq = 0;
  TRY(last_event(r, rq->mem, &seq, e));
  if (take(kept, seq, key, rq->mem, out, NULL)) return true;
  TRY(store_list_count(r, rq->mem, t->list, q, COUNT_MAX + 1, out, e));
  put(kept, seq, key, *out, &none);
  return true;
}
bool table_count_of(struct web_request *rq, struct store *r, const struct table_said *t, const struct list_query *q,
                    struct str *out, struct err *e) {
  int64_t n = 0;
  TRY(count(rq, r, t, q, &n, e));
  *out = str_fmt(rq->mem, "%lld%s", (long long)(n > COUNT_MAX ? COUNT_MAX : n), n > COUNT_MAX ? "+" : "");
  return true;
}
bool table_count(struct web_request *rq, struct store *r, const struct table_said *t, struct table_rows *io,
                 struct err *e) {
  int64_t n = (int64_t)io->rows.len;
  const bool whole = !io->next.len && !io->prev.len;
  if (!whole) TRY(count(rq, r, t, &io->query, &n, e));
  io->more = n > COUNT_MAX;
  io->count = io->more ? COUNT_MAX : n;
  return true;
}
/* Of all rows of the tab, whatever else is asked for: what can be chosen does not shrink by choosing. */
bool table_choices(struct web_request *rq, struct store *r, const struct table_said *t, const struct table_rows *rows,
                   const struct table_column *c, list_rows *out, struct err *e) {
  struct app *app = app_of(rq);
  struct list_query q = rows->query;
  q.filter_count = t->tab_count ? t->tabs[rows->tab].count : 0;
  const uint64_t key = key_of(t, &q, c->sql);
  int64_t seq = 0;
  TRY(last_event(r, rq->mem, &seq, e));
  if (take(app->kept, seq, key, rq->mem, NULL, out)) return true;
  TRY(store_list_choices(r, rq->mem, t->list, &q, c->sql, CHOICES_MAX, out, e));
  put(app->kept, seq, key, 0, out);
  return true;
}
