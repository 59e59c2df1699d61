/* For the system administrator: messages that wait, in and out, and the other bodies with their keys and addresses. What a message says
 * is not shown here; whoever takes one along by hand is noted. */
#include "app/systems.h"
#include "app/views_messages.h"
#include "base/clock.h"
#include "engine/flow/message.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"
#include "web/post.h"

enum { ROWS = 100, RECEIPTS = 200, ADDRESS_MAX = 500 };

struct other { /* another body that a system speaks with */
  const struct flow_system *system;
  struct str name, address;
  bool sends, takes;
  struct sql_message_key_list_rows keys;
};
typedef VEC(struct other) other_list;
struct waiting {
  struct sql_message_in_list_rows in;
  struct sql_message_out_list_rows out;
  bool more_in, more_out;
  other_list parties;
};

/* ---- what there is ---- */

static struct other *party_of(struct arena *mem, other_list *all, const struct flow_system *s, struct str name) {
  vec_each(struct other, p, all)
    if (p->system == s && str_eq(p->name, name)) return p;
  struct other *p = &vec_push(mem, all);
  *p = (struct other){.system = s, .name = name};
  return p;
}
static void find_parties(struct arena *mem, const struct flow *f, other_list *out) {
  for (size_t i = 0; i < f->systems.len; i++)
    vec_each(const struct message, m, &f->systems.at[i]->system->messages) {
      if (m->way.which == WAY_in) party_of(mem, out, f->systems.at[i], m->from.text)->sends = true;
      if (m->way.which == WAY_out) party_of(mem, out, f->systems.at[i], m->to.text)->takes = true;
    }
}
static bool load_party(struct store *r, struct arena *mem, struct other *p, struct err *e) {
  struct sql_message_address_get is = {0};
  const struct sql_message_address_get_in at = {STORE_TENANT, p->system->name, p->name};
  const struct sql_message_key_list_in of = {STORE_TENANT, p->system->name, p->name};
  bool found = false;
  TRY(sql_message_address_get(r, mem, &at, &is, &found, e));
  if (found) p->address = is.address;
  return sql_message_key_list(r, mem, &of, SIZE_MAX, &p->keys, e);
}
static bool load(struct web_request *rq, struct waiting *out, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct str system = {0}, id = {0};
  if (!r) return false;
  (void)str_cut(web_query(rq, "after_in"), STR(":"), &system, &id);
  TRY(sql_message_in_list(r, rq->mem, &(struct sql_message_in_list_in){STORE_TENANT, system, id, ROWS + 1}, ROWS + 1,
                          &out->in, e));
  TRY(sql_message_out_list(r, rq->mem,
                           &(struct sql_message_out_list_in){STORE_TENANT, web_query(rq, "after_out"), ROWS + 1},
                           ROWS + 1, &out->out, e));
  out->more_in = out->in.len > ROWS;
  out->more_out = out->out.len > ROWS;
  if (out->more_in) out->in.len = ROWS;
  if (out->more_out) out->out.len = ROWS;
  find_parties(rq->mem, systems_flow(app_of(rq)->systems), &out->parties);
  vec_each(struct other, p, &out->parties) TRY(load_party(r, rq->mem, p, e));
  return true;
}
static struct str after_in(struct web_request *rq, const struct waiting *w) {
  const struct sql_message_in_list *last = &w->in.at[w->in.len - 1];
  return str_fmt(rq->mem, STRF ":" STRF, STRA(last->system), STRA(last->id));
}

/* ---- JSON ---- */

static void put_in(struct web_request *rq, const struct sql_message_in_list *x, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "id", x->id);
  json_str(j, "system", x->system);
  json_str(j, "message", x->message);
  json_str(j, "key", x->key);
  json_str(j, "says", x->says);
  json_int(j, "tries", x->tries);
  json_str(j, "came", clock_rfc3339(rq->mem, x->came_us));
  json_close(j, '}');
}
static void put_out(struct web_request *rq, const struct sql_message_out_list *x, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "id", x->id);
  json_str(j, "system", x->system);
  json_str(j, "message", x->message);
  json_str(j, "party", x->party);
  json_str(j, "key", x->key);
  json_str(j, "says", x->says);
  json_int(j, "tries", x->tries);
  json_str(j, "made", clock_rfc3339(rq->mem, x->made_us));
  json_close(j, '}');
}
static void put_party(struct web_request *rq, const struct other *p, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "system", p->system->name);
  json_str(j, "party", p->name);
  json_bool(j, "sends", p->sends);
  json_bool(j, "takes", p->takes);
  json_str(j, "address", p->address);
  json_open(j, "keys", '[');
  for (size_t i = 0; i < p->keys.len; i++) {
    json_open(j, NULL, '{');
    json_str(j, "id", p->keys.at[i].id);
    json_str(j, "made", clock_rfc3339(rq->mem, p->keys.at[i].made_us));
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
static void put_all(struct web_request *rq, const struct waiting *w, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "in", '[');
  vec_each(const struct sql_message_in_list, x, &w->in) put_in(rq, x, j);
  json_close(j, ']');
  json_str_or_null(j, "next_in", w->more_in ? after_in(rq, w) : (struct str){0});
  json_open(j, "out", '[');
  vec_each(const struct sql_message_out_list, x, &w->out) put_out(rq, x, j);
  json_close(j, ']');
  json_str_or_null(j, "next_out", w->more_out ? vec_last(&w->out).id : (struct str){0});
  json_open(j, "parties", '[');
  vec_each(const struct other, p, &w->parties) put_party(rq, p, j);
  json_close(j, ']');
  json_close(j, '}');
}

/* ---- the page ---- */

static struct str called(struct web_request *rq, struct str system, struct str message, struct str *out_party) {
  const struct flow_system *s = flow_system(systems_flow(app_of(rq)->systems), system);
  const struct message *in = flow_message(s, message, WAY_in), *m = in ? in : flow_message(s, message, WAY_out);
  if (!m) return str_fmt(rq->mem, STRF "." STRF, STRA(system), STRA(message));
  *out_party = in ? m->from.text : m->to.text;
  return str_fmt(rq->mem, STRF " · " STRF, STRA(s->system->label.text), STRA(m->label.text));
}
static void show_party(struct web_request *rq, const struct other *p, struct view_messages *v) {
  struct view_party *to = &vec_push(rq->mem, &v->parties);
  const int ways = p->sends && p->takes ? MSG_messages_both : p->sends ? MSG_messages_sends : MSG_messages_takes;
  *to = (struct view_party){.system = p->system->name,
                            .system_label = p->system->system->label.text,
                            .name = p->name,
                            .address = p->address,
                            .ways = page_text(rq, ways),
                            .takes = p->takes};
  vec_each(const struct message, m, &p->system->system->messages)
    if (m->way.which == WAY_out && str_eq(m->to.text, p->name))
      vec_push(rq->mem, &to->out) = (struct view_link){
          .href = str_fmt(rq->mem, "/admin/messages/" STRF "/" STRF, STRA(p->system->name), STRA(m->head.name.text)),
          .label = m->label.text};
  for (size_t i = 0; i < p->keys.len; i++)
    vec_push(rq->mem, &to->keys) = (struct view_party_key){p->keys.at[i].id, page_when(rq, p->keys.at[i].made_us)};
}
static bool write_page(struct web_request *rq, struct web_response *rs, struct str error, struct err *e) {
  struct waiting w = {0};
  TRY(load(rq, &w, e));
  if (rq->json) return put_all(rq, &w, web_json(rs)), true;
  struct view_messages v = {.lang = rq->lang,
                            .f = page_frame(rq, page_text(rq, MSG_messages_title), PAGE_MESSAGES, NULL),
                            .said = page_said(rq),
                            .error = error};
  vec_each(const struct sql_message_in_list, x, &w.in) {
    struct view_message *to = &vec_push(rq->mem, &v.in);
    *to = (struct view_message){.id = x->id, .key = x->key, .says = x->says, .when = page_when(rq, x->came_us)};
    to->what = called(rq, x->system, x->message, &to->party);
    to->tries = str_int(rq->mem, x->tries);
  }
  vec_each(const struct sql_message_out_list, x, &w.out) {
    struct view_message *to = &vec_push(rq->mem, &v.out);
    *to = (struct view_message){.id = x->id, .key = x->key, .says = x->says, .when = page_when(rq, x->made_us)};
    to->what = called(rq, x->system, x->message, &to->party);
    to->tries = str_int(rq->mem, x->tries);
    if (x->again_us > rq->now_us) to->again = page_when(rq, x->again_us);
  }
  if (w.more_in) v.next_in = web_here(rq, "after_in", after_in(rq, &w));
  if (w.more_out) v.next_out = web_here(rq, "after_out", vec_last(&w.out).id);
  vec_each(const struct other, p, &w.parties) show_party(rq, p, &v);
  page_messages(&rs->body, &v);
  return true;
}
static bool show(struct web_request *rq, struct web_response *rs, struct err *e) {
  return write_page(rq, rs, STR(""), e);
}
struct receipts {
  int64_t count;
  struct sql_message_out_sent_rows rows;
};
static void put_receipts(struct web_request *rq, const struct receipts *all, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "count", all->count);
  json_close(j, '}');
  json_open(j, "rows", '[');
  vec_each(const struct sql_message_out_sent, x, &all->rows) {
    json_open(j, NULL, '{');
    json_str(j, "id", x->id);
    json_str(j, "key", x->key);
    json_str(j, "phase", x->phase);
    json_str(j, "receipt", x->says);
    json_str(j, "digest", x->digest);
    json_str(j, "made", clock_rfc3339(rq->mem, x->made_us));
    json_str(j, "sent", clock_rfc3339(rq->mem, x->sent_us));
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
static void page_of_receipts(struct web_request *rq, struct web_response *rs, const struct flow_system *s,
                             const struct message *m, const struct receipts *all) {
  const struct msg_arg n = {"n", str_int(rq->mem, all->count)};
  struct view_receipts v = {
      .lang = rq->lang,
      .f = page_frame(rq, page_text(rq, MSG_messages_title), PAGE_MESSAGES, NULL),
      .title = str_fmt(rq->mem, STRF " · " STRF, STRA(s->system->label.text), STRA(m->label.text)),
      .count = msg_text(rq->mem, rq->lang, MSG_messages_count, &n, 1)};
  v.f.back = STR("/admin/messages");
  vec_each(const struct sql_message_out_sent, x, &all->rows)
    vec_push(rq->mem, &v.rows) = (struct view_receipt){
        .key = x->key,
        .made = page_when(rq, x->made_us),
        .sent = page_when(rq, x->sent_us),
        .phase = page_text(rq, str_eqz(x->phase, "sent") ? MSG_messages_was_sent : MSG_messages_was_handed),
        .says = x->says,
        .digest = x->digest};
  page_receipts(&rs->body, &v);
}
static bool show_receipts(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str system = web_param(rq, "system"), message = web_param(rq, "message");
  const struct flow_system *s = flow_system(systems_flow(app_of(rq)->systems), system);
  const struct message *m = flow_message(s, message, WAY_out);
  struct receipts all = {0};
  struct sql_message_out_count n = {0};
  if (!m) return fail(e, ERR_NOT_FOUND, MSG_message_none);
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(sql_message_out_count(r, rq->mem, &(struct sql_message_out_count_in){STORE_TENANT, system, message}, &n, NULL,
                            e));
  TRY(sql_message_out_sent(r, rq->mem, &(struct sql_message_out_sent_in){STORE_TENANT, system, message, RECEIPTS},
                           RECEIPTS, &all.rows, e));
  all.count = n.n;
  if (rq->json) put_receipts(rq, &all, web_json(rs));
  else page_of_receipts(rq, rs, s, m, &all);
  return true;
}

/* ---- acts ---- */

struct doing { /* an act of the store: may run again */
  struct web_request *rq;
  bool (*run)(struct doing *w, struct flow_run *run, struct err *e);
  struct str id, system, party, address;
  struct flow_key key;
  struct flow_posted posted;
  const struct err *why;
};
static bool run_doing(struct store *tx, void *arg, struct err *e) {
  struct doing *w = arg;
  struct system_run x;
  systems_begin_for(&x, app_of(w->rq)->systems, tx, w->rq->mem, NULL, w->rq->now_us, w->rq->lang);
  x.run.actor = w->rq->actor;
  return w->run(w, &x.run, e);
}
static bool act(struct web_request *rq, struct doing *w, bool (*run)(struct doing *, struct flow_run *, struct err *),
                struct err *e) {
  w->rq = rq;
  w->run = run;
  w->id = web_param(rq, "id");
  return store_write(app_of(rq)->store, run_doing, w, e);
}
static bool ended(struct web_request *rq, struct web_response *rs, bool ok, struct err *e) {
  if (ok && rq->json) return write_page(rq, rs, STR(""), e);
  if (ok) return web_redirect(rs, STR("/admin/messages?did=messages-do")), true;
  if (rq->json || err_http(e->code) >= 500) return false;
  const struct str says = err_says(rq->mem, rq->lang, e);
  rs->status = err_http(e->code);
  *e = (struct err){0};
  return write_page(rq, rs, says, e);
}
static bool do_again(struct doing *w, struct flow_run *run, struct err *e) {
  struct flow_arrival a;
  struct flow_taken taken;
  return flow_message_waiting(run, w->id, &a, e) && flow_message_take(run, &a, &taken, e);
}
static bool do_wait(struct doing *w, struct flow_run *run, struct err *e) {
  struct flow_arrival a;
  return flow_message_waiting(run, w->id, &a, e) && flow_message_wait(run, &a, w->why, e);
}
/* Refused again: the row says why now. */
static bool post_again(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  struct err ignored = {0};
  if (act(rq, &w, do_again, e)) return ended(rq, rs, true, e);
  w.why = e;
  if (flow_message_waits(e)) (void)act(rq, &w, do_wait, &ignored);
  return ended(rq, rs, false, e);
}
static bool do_close(struct doing *w, struct flow_run *run, struct err *e) {
  return flow_message_close(run, w->id, web_field(w->rq, "reason"), e);
}
static bool post_close(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  return ended(rq, rs, act(rq, &w, do_close, e), e);
}
static bool do_fetch(struct doing *w, struct flow_run *run, struct err *e) {
  return flow_message_read(run, w->id, &w->posted, e) && flow_message_fetched(run, &w->posted, e);
}
static bool post_fetch(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  TRY(act(rq, &w, do_fetch, e));
  web_download(rq, rs, str_fmt(rq->mem, STRF ".json", STRA(w.id)), "application/json; charset=utf-8");
  buf_str(&rs->body, w.posted.body);
  return true;
}
static bool do_hand(struct doing *w, struct flow_run *run, struct err *e) { return flow_message_handed(run, w->id, e); }
static bool post_hand(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  return ended(rq, rs, act(rq, &w, do_hand, e), e);
}
/* A body that the system speaks with, the way that is asked for. */
static bool known_party(struct web_request *rq, bool takes, struct doing *w, struct err *e) {
  other_list all = {0};
  find_parties(rq->mem, systems_flow(app_of(rq)->systems), &all);
  w->system = str_trim(web_field(rq, "system"));
  w->party = str_trim(web_field(rq, "party"));
  vec_each(const struct other, p, &all)
    if (str_eq(p->system->name, w->system) && str_eq(p->name, w->party) && (p->takes || !takes)) return true;
  return fail(e, ERR_NOT_FOUND, MSG_messages_no_party);
}
static bool do_key(struct doing *w, struct flow_run *run, struct err *e) {
  return flow_key_make(run, w->system, w->party, &w->key, e);
}
static bool post_key(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  if (!known_party(rq, false, &w, e) || !act(rq, &w, do_key, e)) return ended(rq, rs, false, e);
  const struct str once[] = {w.key.id, w.key.secret};
  return page_once(rq, rs, MSG_messages_key_made, MSG_messages_key_says, once, 2);
}
static bool do_end(struct doing *w, struct flow_run *run, struct err *e) { return flow_key_end(run, w->id, e); }
static bool post_end(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {0};
  return ended(rq, rs, act(rq, &w, do_end, e), e);
}
static bool do_move(struct doing *w, struct flow_run *run, struct err *e) {
  return flow_party_move(run, w->system, w->party, w->address, e);
}
static bool post_move(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct doing w = {.address = str_trim(web_field(rq, "address"))};
  bool ok = known_party(rq, true, &w, e);
  if (ok && w.address.len > ADDRESS_MAX) ok = fail(e, ERR_INVALID, MSG_post_address, "name", STR("address"));
  if (ok && w.address.len) ok = web_post_address(w.address, e);
  return ended(rq, rs, ok && act(rq, &w, do_move, e), e);
}

const struct route page_messages_routes[] = {
    {GET, "/admin/messages", "message.see", show, "messages that wait, and the bodies they come from and go to",
     .query = "after_in after_out"},
    {GET, "/admin/messages/{system}/{message}", "message.see", show_receipts,
     "how many of an outgoing message there ever were, and the receipts of the last ones", .query = NULL},
    {POST, "/admin/messages/in/{id}/again", "message.manage", post_again, "tries a message that was refused again",
     .form = NULL},
    {POST, "/admin/messages/in/{id}/close", "message.manage", post_close, "puts one aside for good", .form = "reason!"},
    {POST, "/admin/messages/out/{id}/fetch", "message.manage", post_fetch, "one that waits, as a file; noted",
     .form = NULL},
    {POST, "/admin/messages/out/{id}/handed", "message.manage", post_hand, "it was handed over by other means",
     .form = NULL},
    {POST, "/admin/messages/keys", "message.manage", post_key, "a key for a body; shown this once, behind its id",
     .form = "system! party!"},
    {POST, "/admin/messages/keys/{id}/end", "message.manage", post_end, "withdraws a key", .form = NULL},
    {POST, "/admin/messages/address", "message.manage", post_move, "where messages for a body go; empty: they wait",
     .form = "system! party! address"},
    {0},
};
