/* Notices: adding, counting, and the stream that tells an open page when its count has changed.
 *
 * A stream looks four times a second whether this process has committed anything, and every two seconds anyway, because
 * another process may have; only then it counts, by an index. One stream for each person: the newest page has it, the one
 * before is told to leave and asks again when it is looked at. */
#include "app/notices.h"

#include <pthread.h>

#include "app/plans.h"
#include "app/systems_inbox.h"
#include "app/table.h"
#include "base/clock.h"
#include "sql.h"
#include "texts.h"

enum { LOOK_US = 250000, ANYWAY_US = 2000000, BEAT_US = 8000000, COUNTS = 256, READ_AT_ONCE = 1000 };

struct slot { /* the stream of a person; number 0 = free */
  uint64_t person;
  int64_t number;
};
struct notices {
  pthread_mutex_t lock;
  struct arena mem;
  int64_t last;
  struct slot slots[LIVE_STREAMS_MAX];
  struct {
    uint64_t person;
    int64_t commit, until;
    int n, waiting;
    bool more; /* wait besides */
  } counts[COUNTS];
};

struct notices *notices_new(void) {
  struct arena mem = {0};
  struct notices *n = arena_new(&mem, struct notices);
  n->mem = mem;
  (void)pthread_mutex_init(&n->lock, NULL);
  return n;
}
void notices_drop(struct notices *n) {
  if (!n) return;
  (void)pthread_mutex_destroy(&n->lock);
  struct arena mem = n->mem; /* n itself lives in it */
  arena_drop(&mem);
}

bool notice_add(struct store *tx, int64_t now_us, const struct notice *n, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct sql_notice_insert_in in = {.tenant = STORE_TENANT,
                                          .id = store_new_id(&mem, now_us),
                                          .person = actor_login(n->person),
                                          .kind = n->kind == NOTICE_TODO ? STR("todo") : STR("news"),
                                          .msg = str_of(msg_key(n->msg)),
                                          .about = n->about,
                                          .n = n->n,
                                          .link = n->link,
                                          .plan = n->plan.at ? n->plan : STR(""),
                                          .at_us = now_us,
                                          .tell_us = n->tell_us};
  return sql_notice_insert(tx, &in, NULL, e);
}

/* ---- counting ---- */

static void add_values(struct arena *mem, struct list_scope *io, const struct store_value *values, size_t n) {
  struct store_value *all = arena_new_n(mem, struct store_value, io->count + n);
  for (size_t i = 0; i < io->count; i++) all[i] = io->values[i];
  for (size_t i = 0; i < n; i++) all[io->count + i] = values[i];
  io->values = all;
  io->count += n;
}
/* Whose: one's own, and to-dos about plans of those one stands in for. */
static void add_owners(struct arena *mem, const struct who *w, struct list_scope *io) {
  struct store_value values[RIGHTS_POSTS_MAX + 1] = {store_text(w->login)};
  size_t n = 1;
  AUTO_BUF b = BUF_MAX(RIGHTS_POSTS_MAX * 4 + 256);
  for (size_t i = 0; i < w->holds.posts.len; i++) {
    const struct str holder = w->holds.posts.at[i].instead_of;
    bool is_new = holder.len > 0;
    for (size_t k = 1; k < n; k++) is_new = is_new && !str_eq(values[k].s, holder);
    if (is_new) values[n++] = store_text(holder);
  }
  buf_z(&b, n > 1 ? "(x.person = @ OR (x.kind = 'todo' AND x.plan <> '' AND x.person IN (SELECT a.login FROM account a "
                    "WHERE a.tenant = x.tenant AND a.person IN ("
                  : "x.person = @");
  for (size_t i = 1; i < n; i++) buf_z(&b, i > 1 ? ", @" : "@");
  if (n > 1) buf_z(&b, "))))");
  io->sql = str_z(mem, buf_view(&b));
  add_values(mem, io, values, n);
}
/* And about no plan, or about one that is seen. */
static struct list_scope scope_of(struct arena *mem, const struct who *w) {
  static const char seen[] =
      "(x.plan = '' OR EXISTS (SELECT 1 FROM plan r WHERE r.tenant = x.tenant AND r.id = x.plan AND (";
  struct list_scope out = {0};
  const struct list_scope plan = plans_scope(mem, w);
  add_owners(mem, w, &out);
  if (!plan.sql) return out;
  out.sql = str_z(mem, str_fmt(mem, "%s AND %s%s)))", out.sql, seen, plan.sql));
  add_values(mem, &out, plan.values, plan.count);
  return out;
}
static void count_waiting(struct web_request *rq, int *out, bool *out_more) {
  struct err e = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, &e);
  *out = 0;
  *out_more = false;
  if (r && !systems_waiting(rq, r, out, out_more, &e)) *out = 0;
}
/* Those that call by now. */
static int count(struct web_request *rq) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  int64_t n = 0;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, &e);
  const struct store_value fixed[] = {store_text(STORE_TENANT)}, now = store_number(clock_now_us());
  struct list_scope scope = scope_of(&mem, who_of(rq));
  scope.sql = str_z(&mem, str_fmt(&mem, "%s AND x.tell_us <= @", scope.sql));
  add_values(&mem, &scope, &now, 1);
  const struct list_query q = {.fixed = fixed,
                               .scope = scope,
                               .filters = {{SQL_notice_list_read_us, LIST_IS, store_number(0)}},
                               .filter_count = 1};
  return r && store_list_count(r, &mem, &sql_notice_list, &q, NOTICES_SHOWN_MAX, &n, &e) ? (int)n : 0;
}
void notices_look(struct web_request *rq) {
  struct app *app = app_of(rq);
  struct notices *x = app->notices;
  if (!rq->actor.len) return;
  const uint64_t key = str_hash(rq->actor);
  const size_t at = key % COUNTS;
  const int64_t commit = store_commits(app->store), now = clock_steady_us();
  (void)pthread_mutex_lock(&x->lock);
  const bool kept = x->counts[at].person == key && x->counts[at].commit == commit && now < x->counts[at].until;
  (void)pthread_mutex_unlock(&x->lock);
  if (kept) return;
  const int n = count(rq);
  int waiting;
  bool more;
  count_waiting(rq, &waiting, &more);
  (void)pthread_mutex_lock(&x->lock);
  x->counts[at].waiting = waiting;
  x->counts[at].more = more;
  x->counts[at].person = key;
  x->counts[at].commit = commit;
  x->counts[at].until = now + ANYWAY_US;
  x->counts[at].n = n;
  (void)pthread_mutex_unlock(&x->lock);
}
int notices_unread(struct web_request *rq) {
  struct notices *x = app_of(rq)->notices;
  const uint64_t key = str_hash(rq->actor);
  if (!rq->actor.len) return 0;
  (void)pthread_mutex_lock(&x->lock);
  const int n = x->counts[key % COUNTS].person == key ? x->counts[key % COUNTS].n : 0;
  (void)pthread_mutex_unlock(&x->lock);
  return n;
}

struct str notices_waiting(struct web_request *rq) {
  struct notices *x = app_of(rq)->notices;
  const uint64_t key = str_hash(rq->actor);
  if (!rq->actor.len) return STR("");
  (void)pthread_mutex_lock(&x->lock);
  const bool is_known = x->counts[key % COUNTS].person == key;
  const int n = is_known ? x->counts[key % COUNTS].waiting : 0;
  const bool more = is_known && x->counts[key % COUNTS].more;
  (void)pthread_mutex_unlock(&x->lock);
  return n ? str_fmt(rq->mem, "%d%s", n, more ? "+" : "") : STR("");
}

/* ---- the stream ---- */

struct stream {
  struct web_request *rq;
  struct notices *all;
  uint64_t person;
  int64_t number, commit, looked, beaten;
  int said; /* the count that the page has; -1 none yet */
};
static bool enter(struct stream *s) {
  struct slot *mine = NULL;
  (void)pthread_mutex_lock(&s->all->lock);
  for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
    struct slot *x = &s->all->slots[i];
    if (x->number && x->person != s->person) continue;
    if (!mine || x->number) mine = x;
  }
  if (mine) *mine = (struct slot){s->person, s->number = ++s->all->last};
  (void)pthread_mutex_unlock(&s->all->lock);
  return mine != NULL;
}
static bool is_mine(struct stream *s, bool leave) {
  bool found = false;
  (void)pthread_mutex_lock(&s->all->lock);
  for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
    struct slot *x = &s->all->slots[i];
    if (x->number != s->number) continue;
    found = true;
    if (leave) x->number = 0;
  }
  (void)pthread_mutex_unlock(&s->all->lock);
  return found;
}
static void leave(void *arg) { (void)is_mine(arg, true); }

static bool tell(struct stream *s, struct buf *out) {
  struct store *store = app_of(s->rq)->store;
  const int64_t now = clock_steady_us(), commit = store_commits(store);
  if (s->said < 0 || commit != s->commit || now - s->looked > ANYWAY_US) {
    const int n = count(s->rq);
    s->commit = commit;
    s->looked = now;
    if (n != s->said) buf_fmt(out, "event: notices\ndata: {\"unread\":%d}\n\n", n);
    s->said = n;
  }
  if (!out->len && now - s->beaten > BEAT_US) buf_z(out, ": here\n\n"); /* so that a dead connection shows */
  if (out->len) s->beaten = now;
  return out->len > 0;
}
static bool next_event(void *arg, struct buf *out, bool *io_more, struct err *e) {
  struct stream *s = arg;
  (void)e;
  while (!tell(s, out)) {
    clock_sleep_us(LOOK_US);
    *io_more = !web_ending(s->rq) && is_mine(s, false);
    if (*io_more) continue;
    buf_z(out, "event: leave\ndata: {}\n\n");
    return true;
  }
  return true;
}
static bool open_stream(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct stream *s = arena_new(rq->mem, struct stream);
  *s = (struct stream){.rq = rq, .all = app_of(rq)->notices, .person = str_hash(rq->actor), .said = -1};
  if (!enter(s)) return fail(e, ERR_BUSY, MSG_web_busy);
  rs->type = "text/event-stream; charset=utf-8";
  rs->stream = (struct web_stream){.next = next_event, .ended = leave, .arg = s, .live = true};
  return true;
}

/* ---- the list of one's own ---- */

static const struct table_column columns[] = {
    {"what", MSG_notice_what, SQL_notice_list_msg, .flags = TABLE_HEAD, .width = 60},
    {"kind", MSG_notice_kind, SQL_notice_list_kind, TABLE_WORD, TABLE_CHOICE, .words = "todo news",
     .prefix = "notice_kind_"},
    {"at", MSG_notice_at, SQL_notice_list_at_us, TABLE_TIME, TABLE_RANGE, .flags = TABLE_SORTS, .width = 18},
    {"read", MSG_notice_read, SQL_notice_list_read_us, TABLE_TIME, .flags = TABLE_OFF, .width = 18},
};
static const struct table_tab tabs[] = {
    {"unread", MSG_notice_tab_unread, {{SQL_notice_list_read_us, LIST_IS, {.type = 'i', .n = 0}}}, 1},
    {"all", MSG_table_all, {{0}}, 0},
};
static const struct table_bulk bulk = {"/notices/read", MSG_notice_mark_read, true};

static struct str says(struct arena *mem, enum lang lang, const struct list_row *row) {
  const int msg = msg_find(row->at[SQL_notice_list_msg].s);
  const struct msg_arg args[] = {{"about", row->at[SQL_notice_list_about].s},
                                 {"n", str_int(mem, row->at[SQL_notice_list_n].n)}};
  return msg ? msg_text(mem, lang, msg, args, COUNT_OF(args)) : row->at[SQL_notice_list_about].s;
}
static void show_row(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  struct view_tcell *head = table_cell(io, SQL_notice_list_msg);
  head->text = says(rq->mem, rq->lang, row);
  head->href = row->at[SQL_notice_list_link].s;
  const struct msg_arg name = {"name", row->at[SQL_notice_list_name].s};
  if (!str_eq(row->at[SQL_notice_list_person].s, who_of(rq)->login))
    head->tag = msg_text(rq->mem, rq->lang, MSG_notice_instead, &name, 1);
  if (row->at[SQL_notice_list_read_us].n) io->pick = (struct str){0};
}
static void put_row(struct json_out *j, const struct list_row *row) {
  AUTO_ARENA mem = {0};
  json_str(j, "id", row->at[SQL_notice_list_id].s);
  json_str(j, "kind", row->at[SQL_notice_list_kind].s);
  json_str(j, "says", says(&mem, LANG_ZH, row));
  json_str(j, "link", row->at[SQL_notice_list_link].s);
  json_str(j, "at", clock_rfc3339(&mem, row->at[SQL_notice_list_at_us].n));
  json_str(j, "of", row->at[SQL_notice_list_person].s);
  json_bool(j, "read", row->at[SQL_notice_list_read_us].n > 0);
  if (row->at[SQL_notice_list_tell_us].n > row->at[SQL_notice_list_at_us].n)
    json_str(j, "calls", clock_rfc3339(&mem, row->at[SQL_notice_list_tell_us].n));
}
const struct table_said notices_table = {.name = "notices",
                                         .path = "/notices",
                                         .title = MSG_notice_title,
                                         .list = &sql_notice_list,
                                         .columns = columns,
                                         .count = COUNT_OF(columns),
                                         .sort = "at",
                                         .id = SQL_notice_list_id,
                                         .tab = "show",
                                         .tabs = tabs,
                                         .tab_count = COUNT_OF(tabs),
                                         .help = MSG_notice_tip,
                                         .empty = MSG_notice_none,
                                         .empty_says = MSG_notice_none_says,
                                         .bulk = &bulk,
                                         .pick_label = MSG_notice_pick,
                                         .row = show_row,
                                         .json = put_row};
static bool show_notices(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct store_value fixed[] = {store_text(STORE_TENANT)};
  const struct table_ask ask = {.fixed = fixed, .scope = scope_of(rq->mem, who_of(rq))};
  return table_page(rq, rs, &notices_table, &ask,
                    &(struct table_head){PAGE_NOTICES, .says = page_text(rq, MSG_notice_says)}, e);
}

/* ---- reading them ---- */

struct read_work {
  struct web_request *rq;
  bool all;
};
/* Of those that are seen, this one; all when id is empty, at most READ_AT_ONCE. */
static bool mark_seen(struct store *tx, struct arena *mem, const struct read_work *w, struct str id, struct err *e) {
  const struct store_value fixed[] = {store_text(STORE_TENANT)};
  struct list_query q = {.fixed = fixed,
                         .scope = scope_of(mem, who_of(w->rq)),
                         .filters = {{SQL_notice_list_read_us, LIST_IS, store_number(0)}},
                         .filter_count = 1,
                         .sort = SQL_notice_list_at_us,
                         .id = SQL_notice_list_id};
  list_rows rows = {0};
  if (id.len) q.filters[q.filter_count++] = (struct list_filter){SQL_notice_list_id, LIST_IS, store_text(id)};
  TRY(store_list_rows(tx, mem, &sql_notice_list, &q, READ_AT_ONCE, &rows, e));
  for (size_t i = 0; i < rows.len; i++)
    TRY(sql_notice_read(
        tx, &(struct sql_notice_read_in){STORE_TENANT, rows.at[i].at[SQL_notice_list_id].s, w->rq->now_us}, NULL, e));
  return true;
}
static bool mark(struct store *tx, void *arg, struct err *e) {
  const struct read_work *w = arg;
  struct web_request *rq = w->rq;
  AUTO_ARENA mem = {0};
  if (w->all)
    return sql_notice_read_all(tx, &(struct sql_notice_read_all_in){STORE_TENANT, who_of(rq)->login, rq->now_us}, NULL,
                               e) &&
           mark_seen(tx, &mem, w, STR(""), e);
  for (size_t i = 0; i < rq->field_count; i++)
    if (str_eqz(rq->fields[i].name, "pick") && rq->fields[i].value.len)
      TRY(mark_seen(tx, &mem, w, rq->fields[i].value, e));
  return true;
}
/* Having read a notice is no act on a record: it is the reader's own bookmark, and leaves no event. */
static bool read_notices(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct read_work w = {rq, str_eqz(web_field(rq, "all"), "yes")};
  TRY(store_write(app_of(rq)->store, mark, &w, e));
  if (!rq->json) {
    web_redirect(rs, STR("/notices?did=notice-read"));
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "unread", count(rq));
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
const struct route notice_routes[] = {
    {GET, "/notices", "self", show_notices, "what waits for you, and what you should know",
     .query = TABLE_QUERY " kind show at_from at_to"},
    {GET, "/notices/stream", "self", open_stream, "server-sent events: the count of unread notices",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/notices/read", "self", read_notices, "mark as read: those picked, or all", .form = "pick all"},
    {0},
};
