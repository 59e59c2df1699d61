/* Events with their values, turned into what changed. `was.X` and `now.X` are the two sides of one change; every other value
 * stands for itself. */
#include "app/history.h"

#include "app/page.h"
#include "app/systems_start.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { PAGE_ROWS = 50 };

/* ---- reading ---- */

static struct history_change *change_of(struct arena *mem, struct history_event *ev, struct str field) {
  vec_each(struct history_change, c, &ev->changes) {
    if (str_eq(c->field, field)) return c;
  }
  vec_push(mem, &ev->changes) = (struct history_change){.field = field, .before = STR(""), .after = STR("")};
  return &vec_last(&ev->changes);
}
static void take_value(struct arena *mem, struct history_event *ev, const struct sql_event_fields *f) {
  const bool was = str_starts(f->field, STR("was.")), now = str_starts(f->field, STR("now."));
  if (f->value.at && str_eqz(f->field, "reason")) {
    ev->reason = f->value;
    return;
  }
  struct history_change *c = change_of(mem, ev, was || now ? str_from(f->field, 4) : f->field);
  if (!f->value.at) c->erased = true;
  else if (event_is_sealed(f->value)) c->sealed = true;
  else *(was ? &c->before : &c->after) = f->value;
}
static struct str hex_of(struct arena *mem, struct str bytes) {
  static const char digits[] = "0123456789abcdef";
  char *out = arena_take(mem, 2 * bytes.len + 1);
  for (size_t i = 0; i < bytes.len; i++) {
    out[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
    out[2 * i + 1] = digits[(unsigned char)bytes.at[i] & 15];
  }
  return (struct str){bytes.at ? out : NULL, 2 * bytes.len};
}
static bool read_values(struct store *s, struct arena *mem, struct history_event *ev, struct err *e) {
  struct sql_event_fields_rows rows = {0};
  TRY(sql_event_fields(s, mem, &(struct sql_event_fields_in){STORE_TENANT, ev->seq}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_event_fields, f, &rows) {
    take_value(mem, ev, f);
    vec_push(mem, &ev->proofs) = (struct history_proof){f->field, f->value, hex_of(mem, f->salt), f->hash};
  }
  return true;
}

/* What an object is called now. An id that is not there any more stays an id. */
static bool name_of(struct store *s, struct arena *mem, struct str record, struct str id, struct str *out,
                    struct err *e) {
  struct sql_plan_get plan = {.title = STR("")};
  struct sql_person_get person = {.name = STR("")};
  struct sql_unit_get unit = {.name = STR("")};
  bool found = false;
  *out = STR("");
  if (str_eqz(record, "plan")) {
    TRY(sql_plan_get(s, mem, &(struct sql_plan_get_in){STORE_TENANT, id}, &plan, &found, e));
    *out = plan.title;
  } else if (str_eqz(record, "person")) {
    TRY(sql_person_get(s, mem, &(struct sql_person_get_in){STORE_TENANT, id}, &person, &found, e));
    *out = person.name;
  } else if (str_eqz(record, "account")) {
    struct sql_account_get account = {.name = STR("")};
    TRY(sql_account_get(s, mem, &(struct sql_account_get_in){STORE_TENANT, id}, &account, &found, e));
    *out = account.name;
  } else if (str_eqz(record, "unit")) {
    TRY(sql_unit_get(s, mem, &(struct sql_unit_get_in){STORE_TENANT, id}, &unit, &found, e));
    *out = unit.name;
  }
  return true;
}
/* Which values are ids, and of what. */
static const char *record_of(struct str field) {
  static const struct {
    const char *field, *record;
  } ids[] = {{"unit", "unit"}, {"parent", "unit"}, {"other", "unit"}, {"person", "person"}, {"deputy", "person"}};
  for (size_t i = 0; i < COUNT_OF(ids); i++)
    if (str_eqz(field, ids[i].field)) return ids[i].record;
  return NULL;
}
static bool name_value(struct store *s, struct arena *mem, const char *record, struct str *io, struct err *e) {
  struct str name = {0};
  if (!io->len) return true;
  TRY(name_of(s, mem, str_of(record), *io, &name, e));
  if (name.len) *io = name;
  return true;
}
/* ---- people who are named in what happened to another ---- */

static struct history_proof *proof_of(struct history_event *ev, const char *field) {
  vec_each(struct history_proof, p, &ev->proofs)
    if (str_eqz(p->field, field) && p->value.at) return p;
  return NULL;
}
/* A guardian stands in an event as the row that says whose guardian they are. */
static bool person_named(struct store *s, struct arena *mem, const char *field, struct str value, struct str *out,
                         struct err *e) {
  struct sql_guardian_get row = {0};
  bool found = false;
  *out = value;
  if (strcmp(field, "guardian") != 0) return true;
  TRY(sql_guardian_get(s, mem, &(struct sql_guardian_get_in){STORE_TENANT, value}, &row, &found, e));
  if (found) *out = row.person;
  return true;
}
/* The hash of a value that is left out stays: the chain can be computed as before. */
static void hide(struct arena *mem, struct history_event *ev, const char *field) {
  static const char *const heads[] = {"", "was.", "now."};
  for (size_t i = 0; i < COUNT_OF(heads); i++) {
    struct history_proof *p = proof_of(ev, str_fmt(mem, "%s%s", heads[i], field).at);
    if (p) p->value = p->salt = (struct str){0};
  }
  struct history_change *c = change_of(mem, ev, str_of(field));
  *c = (struct history_change){.field = c->field, .before = STR(""), .after = STR(""), .hidden = true};
}
static bool hide_people(struct store *s, struct arena *mem, const struct who *asks, struct history_event *ev,
                        struct err *e) {
  static const char *const fields[] = {"deputy", "guardian", "person"};
  for (size_t i = 0; asks && i < COUNT_OF(fields); i++) {
    const struct history_proof *p = proof_of(ev, fields[i]);
    struct str person = {0};
    bool seen = false;
    if (!p || !p->value.len) continue;
    TRY(person_named(s, mem, fields[i], p->value, &person, e));
    TRY(who_filter(asks, s, "person", &person, 1, &seen, e));
    if (!seen) hide(mem, ev, fields[i]);
  }
  return true;
}

/* For people: objects and ids by their names. The proof keeps what was written. */
static bool read_names(struct store *s, struct arena *mem, struct history_event *ev, struct err *e) {
  TRY(name_of(s, mem, ev->record, ev->id, &ev->name, e));
  vec_each(struct history_change, c, &ev->changes) {
    const char *record = record_of(c->field);
    if (!record) continue;
    TRY(name_value(s, mem, record, &c->before, e));
    TRY(name_value(s, mem, record, &c->after, e));
  }
  return true;
}

bool history_fill(struct store *s, struct arena *mem, struct history_event *io, struct err *e) {
  return read_values(s, mem, io, e) && read_names(s, mem, io, e);
}
static struct history_event event_of(const struct sql_event_history *r) {
  return (struct history_event){.seq = r->seq,
                                .at_us = r->at_us,
                                .valid = r->valid,
                                .actor = r->actor,
                                .record = r->record,
                                .id = r->id,
                                .act = r->act,
                                .from = r->from_state,
                                .to = r->to_state,
                                .reason = STR(""),
                                .prev = r->prev,
                                .payload = r->payload,
                                .hash = r->hash};
}
bool history_read(struct store *s, struct arena *mem, const struct history_query *q, struct history *out,
                  struct err *e) {
  struct sql_event_history_rows rows = {0};
  const int most = q->most <= 0 ? PAGE_ROWS : q->most > HISTORY_MOST ? HISTORY_MOST : q->most;
  const struct sql_event_history_in in = {.tenant = STORE_TENANT,
                                          .record = q->record,
                                          .id = q->id,
                                          .before = q->before > 0 ? q->before : INT64_MAX,
                                          .act = q->act,
                                          .most = most + 1,
                                          .with_act = q->act.len > 0};
  *out = (struct history){0};
  TRY(sql_event_history(s, mem, &in, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len && i < (size_t)most; i++) {
    struct history_event ev = event_of(&rows.at[i]);
    TRY(read_values(s, mem, &ev, e) && hide_people(s, mem, q->asks, &ev, e) && read_names(s, mem, &ev, e));
    vec_push(mem, &out->rows) = ev;
  }
  if (rows.len > (size_t)most) out->next = vec_last(&out->rows).seq;
  return true;
}

/* ---- in words ---- */

/* The text `head` + a + "_" + b, with - and . as _; not found: empty. */
static struct str word_of(struct arena *mem, enum lang lang, const char *head, struct str a, struct str b) {
  struct str key =
      b.len ? str_fmt(mem, "%s" STRF "_" STRF, head, STRA(a), STRA(b)) : str_fmt(mem, "%s" STRF, head, STRA(a));
  key = str_replace(mem, str_replace(mem, key, STR("-"), STR("_")), STR("."), STR("_"));
  const int msg = msg_find(key);
  return msg ? msg_text(mem, lang, msg, NULL, 0) : STR("");
}
struct str history_act_says(struct arena *mem, enum lang lang, struct str record, struct str act) {
  struct str out = word_of(mem, lang, "event_", record, act);
  if (!out.len) out = word_of(mem, lang, "act_", act, STR(""));
  return out.len ? out : act;
}
struct str history_record_says(struct arena *mem, enum lang lang, struct str record) {
  const struct str out = word_of(mem, lang, "event_record_", record, STR(""));
  return out.len ? out : record;
}
/* A digest is known by its beginning; the whole stands in the files. */
static struct str shown(struct arena *mem, struct str value) {
  enum { DIGEST = 64, DIGEST_SHOWN = 12 };
  bool is_digest = value.len == DIGEST;
  for (size_t i = 0; is_digest && i < value.len; i++)
    is_digest = (value.at[i] >= '0' && value.at[i] <= '9') || (value.at[i] >= 'a' && value.at[i] <= 'f');
  return is_digest ? str_fmt(mem, "%.*s…", DIGEST_SHOWN, value.at) : value;
}
/* Words that stand in events for what has a text, or a title in rules/roles.yaml or in a package. */
static struct str word_says(struct arena *mem, enum lang lang, const struct systems *systems, struct str field,
                            struct str value) {
  static const struct {
    const char *field, *head;
  } words[] = {{"kin", "kin_"}, {"kind", "unit_kind_"}, {"stage", "unit_stage_"}, {"way", "event_way_"}};
  const bool is_admin = str_eqz(field, "admin");
  for (size_t i = 0; i < COUNT_OF(words); i++)
    if (str_eqz(field, words[i].field)) return word_of(mem, lang, words[i].head, value, STR(""));
  const struct role_rule *role = is_admin || str_eqz(field, "role") ? roles_role(roles_known(), value, is_admin) : NULL;
  if (role) return role->label[lang];
  return str_eqz(field, "role") && systems_role(systems, value) ? systems_role_label(systems, value) : STR("");
}
static struct str value_says(struct arena *mem, enum lang lang, const struct systems *systems, struct str field,
                             struct str value) {
  struct str out = word_says(mem, lang, systems, field, value), one = {0}, rest = value;
  while (str_eqz(field, "fields") && rest.len) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    const struct str word = word_of(mem, lang, "event_field_", one, STR(""));
    out = page_listed(mem, lang, out, word.len ? word : one);
  }
  return out.len ? out : shown(mem, value);
}
static struct str change_says(struct arena *mem, enum lang lang, const struct systems *systems,
                              const struct history_change *c) {
  struct str label = word_of(mem, lang, "event_field_", c->field, STR(""));
  if (!label.len) label = word_of(mem, lang, "field_", c->field, STR(""));
  if (!label.len) label = c->field;
  const int instead = c->hidden   ? MSG_history_hidden
                      : c->sealed ? MSG_history_sealed
                      : c->erased ? MSG_history_erased
                                  : 0;
  if (instead) return str_fmt(mem, STRF " " STRF, STRA(label), STRA(msg_template(lang, instead)));
  if (!c->before.len)
    return str_fmt(mem, STRF " " STRF, STRA(label), STRA(value_says(mem, lang, systems, c->field, c->after)));
  return str_fmt(mem, STRF " " STRF " → " STRF, STRA(label), STRA(value_says(mem, lang, systems, c->field, c->before)),
                 STRA(c->after.len ? value_says(mem, lang, systems, c->field, c->after) : STR("—")));
}
/* Ids of rows that have no name: for programs, which read them in the values. */
static bool is_handle(struct str field) {
  static const char *const handles[] = {"post", "delegation", "session", "token"};
  for (size_t i = 0; i < COUNT_OF(handles); i++)
    if (str_eqz(field, handles[i])) return true;
  return false;
}
struct str history_changes_say(struct arena *mem, enum lang lang, const struct systems *systems,
                               const struct history_event *ev) {
  const char *part = lang == LANG_ZH ? "；" : "; ";
  struct str out = STR("");
  if (ev->from.len || ev->to.len) {
    const struct history_change state = {.field = STR("state"), .before = ev->from, .after = ev->to};
    out = change_says(mem, lang, systems, &state);
  }
  if (ev->valid.len) {
    const struct msg_arg arg = {"day", ev->valid};
    out = str_fmt(mem, STRF "%s" STRF, STRA(out), out.len ? part : "",
                  STRA(msg_text(mem, lang, MSG_history_valid, &arg, 1)));
  }
  vec_each(const struct history_change, c, &ev->changes) {
    if (is_handle(c->field)) continue;
    out = str_fmt(mem, STRF "%s" STRF, STRA(out), out.len ? part : "", STRA(change_says(mem, lang, systems, c)));
  }
  return out;
}
struct str history_href(struct web_request *rq, const struct history_event *ev) {
  static const struct {
    const char *record, *path, *act;
  } pages[] = {{"plan", "/plans/", "plan.see"},
               {"person", "/people/", "unit.see"},
               {"unit", "/units/", "unit.see"},
               {"anchor", "/audit/anchors/", "audit.read"}};
  for (size_t i = 0; i < COUNT_OF(pages); i++) {
    if (!str_eqz(ev->record, pages[i].record)) continue;
    if (can(who_of(rq), pages[i].act)) return str_fmt(rq->mem, "%s" STRF, pages[i].path, STRA(ev->id));
    return str_fmt(rq->mem, "/audit?record=" STRF "&id=" STRF, STRA(ev->record), STRA(ev->id));
  }
  return STR("");
}

void history_view(struct web_request *rq, const struct history *h, struct view_history_part *out) {
  *out = (struct view_history_part){.lang = rq->lang};
  vec_each(const struct history_event, ev, &h->rows) {
    vec_push(rq->mem, &out->rows) =
        (struct view_history_line){.when = page_when(rq, ev->at_us),
                                   .actor = ev->actor,
                                   .what = history_act_says(rq->mem, rq->lang, ev->record, ev->act),
                                   .why = ev->reason,
                                   .detail = history_changes_say(rq->mem, rq->lang, app_of(rq)->systems, ev)};
  }
  if (h->next) out->next = web_here(rq, "before", str_int(rq->mem, h->next));
}

/* ---- JSON ---- */

static void put_change(const struct history_change *c, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "field", c->field);
  json_str(j, "before", c->before);
  json_str(j, "after", c->after);
  if (c->sealed) json_bool(j, "sealed", true);
  if (c->erased) json_bool(j, "erased", true);
  if (c->hidden) json_bool(j, "hidden", true);
  json_close(j, '}');
}
static void put_proof(const struct history_proof *p, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "field", p->field);
  json_str_or_null(j, "value", p->value);
  json_str_or_null(j, "salt", p->salt);
  json_str(j, "hash", p->hash);
  json_close(j, '}');
}
void history_event_json(const struct history_event *ev, struct json_out *j) {
  AUTO_ARENA mem = {0};
  json_int(j, "seq", ev->seq);
  json_int(j, "at_us", ev->at_us);
  json_str(j, "at", clock_rfc3339(&mem, ev->at_us));
  json_str(j, "valid", ev->valid);
  json_str(j, "actor", ev->actor);
  json_str(j, "record", ev->record);
  json_str(j, "id", ev->id);
  json_str(j, "name", ev->name);
  json_str(j, "act", ev->act);
  json_str(j, "from", ev->from);
  json_str(j, "to", ev->to);
  json_str(j, "reason", ev->reason);
  json_open(j, "changes", '[');
  vec_each(const struct history_change, c, &ev->changes) put_change(c, j);
  json_close(j, ']');
  json_open(j, "values", '[');
  vec_each(const struct history_proof, p, &ev->proofs) put_proof(p, j);
  json_close(j, ']');
  json_str(j, "prev", ev->prev);
  json_str(j, "payload", ev->payload);
  json_str(j, "hash", ev->hash);
}
