/* The record as a list like all others: filters, columns, views, files. What its indexes find, an object's events, a
 * person's, a time's, is looked through as a whole as long as it is little; else, and for words in values, a page looks
 * through a stretch of the chain and the next one goes on from there. */
#include "app/accounts.h"
#include "app/audit.h"
#include "app/page.h"
#include "sql.h"
#include "texts.h"

enum { LOOK_MOST = 10000, KINDS_OF_LAST = 5000, ACTORS_MOST = 8, CONDITION_MAX = 4096, HASH_SHOWN = 12 };
enum { SLACK_US = 600 * 1000000 };

static const struct table_column columns[] = {
    {"what", MSG_audit_col_act, SQL_event_list_act, .flags = TABLE_HEAD, .width = 16},
    {"object", MSG_audit_col_record, SQL_event_list_record, .width = 30},
    {"changes", MSG_audit_col_changes, SQL_event_list_payload, .width = 60},
    {"reason", MSG_audit_col_reason, SQL_event_list_to_state, .flags = TABLE_FILES, .width = 30},
    {"actor", MSG_audit_col_actor, SQL_event_list_actor, .width = 16},
    {"at", MSG_audit_col_at, SQL_event_list_at_us, TABLE_TIME, TABLE_RANGE, .flags = TABLE_SORTS, .width = 20,
     .by = SQL_event_list_seq},
    {"seq", MSG_audit_col_seq, SQL_event_list_seq, TABLE_NUMBER, .width = 8},
    {"valid", MSG_audit_col_valid, SQL_event_list_valid, TABLE_DAY, .flags = TABLE_OFF, .width = 12},
    {"id", MSG_audit_col_id, SQL_event_list_id, .flags = TABLE_OFF, .width = 24},
    {"name", MSG_audit_col_name, SQL_event_list_from_state, .flags = TABLE_FILES, .width = 30},
    {"prev", MSG_audit_col_prev, SQL_event_list_prev, .flags = TABLE_FILES, .width = 20},
    {"payload", MSG_audit_col_payload, SQL_event_list_payload, .flags = TABLE_FILES, .width = 20},
    {"hash", MSG_audit_col_hash, SQL_event_list_hash, .flags = TABLE_MUTED, .width = 66},
};

/* ---- rows ---- */

static bool read_event(struct store *r, struct arena *mem, struct list_row *io, struct err *e) {
  const struct store_value *at = io->at;
  struct history_event *ev = arena_new(mem, struct history_event);
  *ev = (struct history_event){.seq = at[SQL_event_list_seq].n,
                               .at_us = at[SQL_event_list_at_us].n,
                               .valid = at[SQL_event_list_valid].s,
                               .actor = at[SQL_event_list_actor].s,
                               .record = at[SQL_event_list_record].s,
                               .id = at[SQL_event_list_id].s,
                               .act = at[SQL_event_list_act].s,
                               .from = at[SQL_event_list_from_state].s,
                               .to = at[SQL_event_list_to_state].s,
                               .reason = STR(""),
                               .prev = at[SQL_event_list_prev].s,
                               .payload = at[SQL_event_list_payload].s,
                               .hash = at[SQL_event_list_hash].s};
  io->more = ev;
  return history_fill(r, mem, ev, e);
}
static bool read_events(struct web_request *rq, const struct table_said *t, const struct table_rows *asked,
                        struct store *r, struct arena *mem, list_rows *io, struct err *e) {
  (void)rq, (void)t, (void)asked;
  vec_each(struct list_row, row, io) TRY(read_event(r, mem, row, e));
  return true;
}
static struct str object_says(struct web_request *rq, const struct history_event *ev) {
  return str_fmt(rq->mem, STRF " " STRF, STRA(history_record_says(rq->mem, rq->lang, ev->record)),
                 STRA(ev->name.len ? ev->name : ev->id));
}
/* By the column's name: what is made of several columns of the row has none of its own. */
static struct str cell_says(struct web_request *rq, const struct table_column *c, const struct list_row *row) {
  const struct history_event *ev = row->more;
  const struct str name = str_of(c->name);
  if (str_eqz(name, "what")) return history_act_says(rq->mem, rq->lang, ev->record, ev->act);
  if (str_eqz(name, "object")) return object_says(rq, ev);
  if (str_eqz(name, "changes")) return history_changes_say(rq->mem, rq->lang, app_of(rq)->systems, ev);
  if (str_eqz(name, "reason")) return ev->reason;
  if (str_eqz(name, "at")) return audit_moment(rq->mem, ev->at_us);
  return str_eqz(name, "name") ? ev->name : (struct str){0};
}
static void show_row(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  const struct history_event *ev = row->more;
  struct view_tcell *object = table_cell(io, SQL_event_list_record);
  struct view_tcell *chg = table_cell(io, SQL_event_list_payload), *at = table_cell(io, SQL_event_list_at_us);
  struct view_tcell *hash = table_cell(io, SQL_event_list_hash);
  const bool is_erasable = str_eqz(ev->record, "person") && page_may(rq, "person.erase");
  const struct msg_arg why = {"why", ev->reason};
  if (object) object->href = is_erasable ? str_join(rq->mem, STR("/audit/people/"), ev->id) : history_href(rq, ev);
  if (chg) chg->css = STR("chg");
  if (chg && ev->reason.len) chg->sub = msg_text(rq->mem, rq->lang, MSG_history_why, &why, 1);
  struct view_tcell *actor = table_cell(io, SQL_event_list_actor);
  if (actor) actor->css = STR("nb");
  if (at) at->css = STR("num nb");
  if (hash) hash->text = str_join(rq->mem, str_slice(ev->hash, 0, HASH_SHOWN), STR("…"));
  if (hash) hash->css = STR("code off");
}
static void put_row(struct json_out *j, const struct list_row *row) { history_event_json(row->more, j); }
static bool fill_page(struct web_request *rq, struct store *r, const struct table_rows *rows, struct view_table *io,
                      struct err *e) {
  struct sql_event_at at = {0};
  bool found = false;
  if (!rows->stopped) return true;
  TRY(sql_event_at(r, rq->mem, &(struct sql_event_at_in){STORE_TENANT, rows->stopped_at}, &at, &found, e));
  const struct msg_arg args[] = {{"n", str_int(rq->mem, LOOK_MOST)}, {"when", audit_moment(rq->mem, at.at_us)}};
  io->stopped = msg_text(rq->mem, rq->lang, MSG_audit_looked, args, COUNT_OF(args));
  return true;
}
const struct table_said audit_table = {.name = "audit",
                                       .path = "/audit",
                                       .title = MSG_audit_title,
                                       .list = &sql_event_list,
                                       .columns = columns,
                                       .count = COUNT_OF(columns),
                                       .sort = "at",
                                       .id = SQL_event_list_seq,
                                       .search_label = MSG_audit_words,
                                       .help = MSG_audit_tip,
                                       .empty = MSG_history_none,
                                       .lines = true,
                                       .read = read_events,
                                       .says = cell_says,
                                       .row = show_row,
                                       .page = fill_page,
                                       .json = put_row};

/* ---- what is asked for ---- */

struct asking {
  struct web_request *rq;
  struct store *s;
  struct audit_ask *ask;
  struct buf sql;
};
static void add_value(struct asking *a, struct store_value v) {
  must(a->ask->value_count < COUNT_OF(a->ask->values));
  a->ask->values[a->ask->value_count++] = v;
}
static void add(struct asking *a, const char *sql, struct store_value v) {
  buf_fmt(&a->sql, "%s%s", a->sql.len ? " AND " : "", sql);
  add_value(a, v);
}
static void add_any_of(struct asking *a, const char *column, const struct str *values, size_t n) {
  buf_fmt(&a->sql, "%s%s IN (", a->sql.len ? " AND " : "", column);
  for (size_t i = 0; i < n; i++) {
    buf_z(&a->sql, i ? ", @" : "@");
    add_value(a, store_text(values[i]));
  }
  buf_byte(&a->sql, ')');
}
static struct str asked(struct asking *a, const char *name) { return str_trim(web_query(a->rq, name)); }
/* As the record has it, or a login or a name of accounts. */
static bool add_actor(struct asking *a, struct err *e) {
  struct sql_account_called_rows rows = {0};
  struct str names[ACTORS_MOST + 1] = {asked(a, "actor")};
  size_t n = 1;
  if (!names[0].len) return true;
  TRY(sql_account_called(a->s, a->rq->mem, &(struct sql_account_called_in){STORE_TENANT, names[0]}, ACTORS_MOST, &rows,
                         e));
  vec_each(const struct sql_account_called, c, &rows) names[n++] = actor_of(a->rq->mem, c->name, c->login);
  add_any_of(a, "x.actor", names, n);
  return true;
}
/* The index begins with the kind of record: an id alone is asked for under each. */
static void add_object(struct asking *a, const struct table_told *records) {
  const struct str record = asked(a, "record"), id = asked(a, "id");
  struct str kinds[AUDIT_RECORDS];
  size_t n = 0;
  if (!id.len) return;
  if (record.len) kinds[n++] = record;
  else
    vec_each(const struct view_option, o, &records->options) kinds[n++] = o->value;
  if (n) add_any_of(a, "x.record", kinds, n);
  add(a, "x.id = @", store_text(id));
}
static bool event_since(struct asking *a, int64_t at_us, int64_t *out_seq, bool *out_found, struct err *e) {
  struct sql_event_since row = {0};
  TRY(sql_event_since(a->s, a->rq->mem, &(struct sql_event_since_in){STORE_TENANT, at_us}, &row, out_found, e));
  *out_seq = row.seq;
  return true;
}
/* Days become numbers of events, which everything is ordered by. Moments of several servers may cross by a little in the
 * chain: the bounds are taken wider, and the column of the list asks for the moment itself. */
static bool add_days(struct asking *a, struct err *e) {
  struct table_look *look = &a->ask->ask.look;
  struct sql_chain_get head = {0};
  int64_t from_us = 0, until_us = 0, seq = 0;
  bool found = false, has_from = false, has_until = false;
  TRY(sql_chain_get(a->s, a->rq->mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *look = (struct table_look){.low = 1, .high = head.seq};
  TRY(table_moment(a->rq, "at", false, &from_us, &has_from, e));
  TRY(table_moment(a->rq, "at", true, &until_us, &has_until, e));
  if (has_from) {
    TRY(event_since(a, from_us - SLACK_US, &seq, &found, e));
    look->low = found ? seq : head.seq + 1;
    add(a, "x.seq >= @", store_number(look->low));
  }
  if (has_until) {
    TRY(event_since(a, until_us + SLACK_US, &seq, &found, e));
    if (found) look->high = seq;
    add(a, "x.seq <= @", store_number(look->high));
  }
  return true;
}
static struct str pattern_of(struct arena *mem, struct str words) {
  struct str out = str_replace(mem, words, STR("\\"), STR("\\\\"));
  out = str_replace(mem, out, STR("%"), STR("\\%"));
  return str_fmt(mem, "%%" STRF "%%", STRA(str_replace(mem, out, STR("_"), STR("\\_"))));
}
/* Is what the indexes find so little that all of it can be looked through? */
static bool count_found(struct asking *a, bool *out_few, struct err *e) {
  const struct table_look *look = &a->ask->ask.look;
  const struct list_query q = {
      .fixed = a->ask->fixed,
      .scope = {.sql = a->sql.len ? str_z(a->rq->mem, str_dup(a->rq->mem, buf_view(&a->sql))) : NULL,
                .values = a->ask->values,
                .count = a->ask->value_count}};
  int64_t n = 0;
  *out_few = look->high - look->low < LOOK_MOST;
  if (*out_few || !a->sql.len) return true;
  TRY(store_list_count(a->s, a->rq->mem, &sql_event_list, &q, LOOK_MOST + 1, &n, e));
  *out_few = n <= LOOK_MOST;
  return true;
}
/* What has no index. */
static void add_rest(struct asking *a, bool is_few) {
  const struct str record = asked(a, "record"), act = asked(a, "act"), text = asked(a, "q");
  const size_t before = a->ask->value_count;
  if (record.len && !asked(a, "id").len) add(a, "x.record = @", store_text(record));
  if (act.len) add(a, "x.act = @", store_text(act));
  if (text.len) {
    const struct store_value pattern = store_text(pattern_of(a->rq->mem, text));
    add(a, "(x.id LIKE @ ESCAPE '\\'", pattern);
    buf_z(&a->sql,
          " OR EXISTS (SELECT 1 FROM event_field f WHERE f.tenant = x.tenant AND f.seq = x.seq AND f.value "
          "LIKE @ ESCAPE '\\'))");
    add_value(a, pattern);
  }
  if (a->ask->value_count > before && !is_few) a->ask->ask.look.most = LOOK_MOST;
}

/* ---- what can be chosen ---- */

static void add_choice(struct asking *a, struct table_told *io, struct str value, struct str label) {
  vec_each(const struct view_option, o, &io->options) {
    if (str_eq(o->value, value)) return;
  }
  const struct view_option option = {value, label, str_eq(value, asked(a, io->name))};
  if (value.len) vec_push(a->rq->mem, &io->options) = option;
}
static bool fill_records(struct asking *a, struct table_told *io, struct err *e) {
  struct web_request *rq = a->rq;
  struct sql_event_record_after row = {.record = STR("")};
  for (bool found = true; found && io->options.len < AUDIT_RECORDS - 1;) {
    const struct sql_event_record_after_in in = {STORE_TENANT, row.record};
    TRY(sql_event_record_after(a->s, rq->mem, &in, &row, &found, e));
    if (found) add_choice(a, io, row.record, history_record_says(rq->mem, rq->lang, row.record));
  }
  const struct str now = asked(a, "record");
  add_choice(a, io, now, history_record_says(rq->mem, rq->lang, now));
  return true;
}
static bool fill_acts(struct asking *a, struct table_told *io, struct err *e) {
  struct web_request *rq = a->rq;
  struct sql_event_acts_rows rows = {0};
  const struct str record = asked(a, "record"), now = asked(a, "act");
  const struct sql_event_acts_in in = {STORE_TENANT, KINDS_OF_LAST};
  TRY(sql_event_acts(a->s, rq->mem, &in, AUDIT_KINDS, &rows, e));
  vec_each(const struct sql_event_acts, k, &rows)
    if (!record.len || str_eq(record, k->record))
      add_choice(a, io, k->act, history_act_says(rq->mem, rq->lang, k->record, k->act));
  add_choice(a, io, now, history_act_says(rq->mem, rq->lang, record, now));
  return true;
}

bool audit_ask(struct web_request *rq, struct store *s, struct audit_ask *out, struct err *e) {
  struct asking a = {.rq = rq, .s = s, .ask = out, .sql = BUF_MAX(CONDITION_MAX)};
  bool is_few = false;
  *out = (struct audit_ask){.fixed = {store_text(STORE_TENANT)},
                            .told = {{.name = "record", MSG_audit_col_record, MSG_audit_all_records, {0}},
                                     {.name = "act", MSG_audit_col_act, MSG_audit_all_acts, {0}},
                                     {.name = "actor", MSG_audit_col_actor, 0, {0}},
                                     {.name = "id", MSG_audit_col_id, 0, {0}}}};
  bool ok = add_actor(&a, e) && fill_records(&a, &out->told[0], e);
  if (ok) add_object(&a, &out->told[0]);
  ok = ok && add_days(&a, e) && fill_acts(&a, &out->told[1], e) && count_found(&a, &is_few, e);
  if (ok) add_rest(&a, is_few);
  must(!a.sql.broken);
  out->ask.fixed = out->fixed;
  out->ask.told = out->told;
  out->ask.told_count = COUNT_OF(out->told);
  if (ok && a.sql.len)
    out->ask.scope = (struct list_scope){
        .sql = str_z(rq->mem, str_dup(rq->mem, buf_view(&a.sql))), .values = out->values, .count = out->value_count};
  buf_drop(&a.sql);
  return ok;
}
