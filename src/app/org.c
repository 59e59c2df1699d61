/* Acts on units. The engine decides on the whole history; here what it decided becomes rows and events, and the posts at a
 * unit that is merged or closed follow it. Versions are written once, at the end of the session, however many acts it had. */
#include "app/org.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/flow/tree.h"
#include "engine/register/posts.h"
#include "sql.h"
#include "texts.h"

enum { YEARS_AHEAD = 5, DAYS_FIRST = -25567 /* 1900-01-01 */ };

/* ---- sessions ---- */

static bool is_demo(struct store *tx, struct arena *mem, bool *out, struct err *e) {
  struct sql_setting_get row = {0};
  return sql_setting_get(tx, mem, &(struct sql_setting_get_in){STORE_TENANT, STR("demo")}, &row, out, e);
}
bool org_write_in(struct store *tx, struct arena *mem, const struct plans_who *who, org_deeds run, void *arg,
                  struct err *e) {
  struct org_session s = {.tx = tx, .mem = mem, .who = who, .today = clock_today(who->now_us)};
  bool demo = false;
  TRY(is_demo(tx, mem, &demo, e));
  s.rules = org_rules_known();
  s.codes = code_rules_known(demo);
  TRY(run(&s, arg, e));
  return !s.tree || (register_store_write(tx, mem, s.tree, who->now_us, e) && flow_facts_tree(tx, mem, e));
}
struct writing {
  const struct plans_who *who;
  org_deeds run;
  void *arg;
};
static bool write_act(struct store *tx, void *arg, struct err *e) {
  const struct writing *w = arg;
  AUTO_ARENA mem = {0};
  return org_write_in(tx, &mem, w->who, w->run, w->arg, e);
}
bool org_write(struct store *store, const struct plans_who *who, org_deeds run, void *arg, struct err *e) {
  struct writing w = {who, run, arg};
  return store_write(store, write_act, &w, e);
}
static bool day_act(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  bool any = false;
  return register_store_day(tx, &mem, *(const int64_t *)arg, &any, e);
}
bool org_new_day(struct store *store, int64_t now_us, struct err *e) { return store_write(store, day_act, &now_us, e); }

bool org_session_tree(struct org_session *s, struct org **out, struct err *e) {
  if (!s->tree) {
    struct org *o = arena_new(s->mem, struct org);
    org_begin(o, s->mem, s->rules);
    TRY(register_store_read(s->tx, o, e));
    s->tree = o;
  }
  *out = s->tree;
  return true;
}

/* ---- small things ---- */

bool org_day(struct org_session *s, struct str typed, struct str absent, struct str *out_iso, struct err *e) {
  const struct str day = str_trim(typed);
  struct date d = {0};
  if (!day.len) {
    *out_iso = absent;
    return true;
  }
  if (!date_parse(day, s->today.year, &d) || !date_valid(d))
    return fail(e, ERR_INVALID, MSG_org_bad_day, "value", str_slice(day, 0, 40));
  struct date last = s->today;
  last.year = (int16_t)(last.year + YEARS_AHEAD);
  const int32_t n = date_to_days(d);
  if (n != ORG_OPEN && (n < DAYS_FIRST || n > date_to_days(last)))
    return fail(e, ERR_INVALID, MSG_org_far_day, "day", date_zh(s->mem, last));
  *out_iso = date_iso(s->mem, d);
  return true;
}
bool org_words(struct str typed, struct str *out, struct err *e) {
  *out = str_trim(typed);
  if (out->len && (memchr("=+-@", out->at[0], 4) || out->at[0] == '\'')) /* a spreadsheet would take it for a formula */
    return fail(e, ERR_INVALID, MSG_org_bad_begin, "name", str_slice(*out, 0, 60));
  for (size_t i = 0; i < out->len; i++)
    if ((unsigned char)out->at[i] < ' ' || out->at[i] == '/')
      return fail(e, ERR_INVALID, MSG_org_bad_letter, "name", str_slice(*out, 0, 60));
  if (utf8_count(*out) <= NAME_MAX_CHARS) return true;
  AUTO_ARENA mem = {0};
  return fail(e, ERR_TOO_LARGE, MSG_org_too_long, "name", str_slice(*out, 0, 60), "limit",
              str_int(&mem, NAME_MAX_CHARS));
}
struct event org_event(struct org_session *s, const char *record, struct str id, const char *act, struct str day) {
  enum { REASON_BYTES = 4000 };
  struct event ev = {.at_us = s->who->now_us,
                     .valid = day,
                     .actor = s->who->actor,
                     .record = str_of(record),
                     .id = id,
                     .act = str_of(act),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("reason"), str_slice(s->who->reason, 0, REASON_BYTES));
  return ev;
}
void org_told(struct org_session *s, struct event *ev, const char *field, struct str before, struct str after) {
  if (str_eq(before, after)) return;
  event_add(ev, str_fmt(s->mem, "was.%s", field), before);
  event_add(ev, str_fmt(s->mem, "now.%s", field), after);
}

/* ---- codes and stage ---- */

static bool check_stage(const struct org_kind *k, struct str stage, struct err *e) {
  for (size_t i = 0; k && i < k->stage_count; i++)
    if (str_eq(k->stages[i], stage)) return true;
  return !stage.len || fail(e, ERR_INVALID, MSG_org_bad_stage, "value", stage);
}
static bool check_code(struct org_session *s, enum code_kind kind, struct str typed, struct str *out, struct err *e) {
  *out = STR("");
  return !str_trim(typed).len || code_check(s->mem, s->codes, kind, s->today, typed, out, e);
}
static bool check_free(struct org_session *s, struct str unit, struct str code, bool is_credit, struct err *e) {
  struct sql_unit_by_code_rows rows = {0};
  if (!code.len) return true;
  TRY(sql_unit_by_code(s->tx, s->mem, &(struct sql_unit_by_code_in){STORE_TENANT, code, is_credit}, 5, &rows, e));
  vec_each(const struct sql_unit_by_code, r, &rows)
    if (!str_eq(r->id, unit)) return fail(e, ERR_DUPLICATE, MSG_org_code_taken, "code", code, "name", r->name);
  return true;
}
static bool check_details(struct org_session *s, struct str unit, struct str kind, const struct org_details *d,
                          struct org_details *out, struct err *e) {
  out->stage = str_trim(d->stage);
  TRY(check_stage(org_kind(s->rules, kind), out->stage, e));
  TRY(check_code(s, CODE_CREDIT, d->credit_code, &out->credit_code, e));
  TRY(check_code(s, CODE_SCHOOL, d->school_code, &out->school_code, e));
  TRY(check_code(s, CODE_REGION, d->region, &out->region, e));
  TRY(check_free(s, unit, out->credit_code, true, e));
  return check_free(s, unit, out->school_code, false, e);
}
static bool write_details(struct org_session *s, struct str unit, int64_t rev, const struct org_details *d,
                          struct err *e) {
  int64_t changed = 0;
  TRY(sql_unit_describe(s->tx,
                        &(struct sql_unit_describe_in){.tenant = STORE_TENANT,
                                                       .id = unit,
                                                       .was = rev,
                                                       .stage = d->stage,
                                                       .credit_code = d->credit_code,
                                                       .school_code = d->school_code,
                                                       .region = d->region,
                                                       .at_us = s->who->now_us},
                        &changed, e));
  return changed == 1 || fail(e, ERR_CONFLICT, MSG_plans_conflict);
}
static void tell_details(struct org_session *s, struct event *ev, const struct org_details *was,
                         const struct org_details *now) {
  org_told(s, ev, "stage", was->stage, now->stage);
  org_told(s, ev, "credit_code", was->credit_code, now->credit_code);
  org_told(s, ev, "school_code", was->school_code, now->school_code);
  org_told(s, ev, "region", was->region, now->region);
}
bool org_unit_describe(struct org_session *s, struct str unit, int64_t rev, const struct org_details *d,
                       struct err *e) {
  struct sql_unit_get row = {0};
  struct org_details now = {0};
  bool found = false;
  TRY(sql_unit_get(s->tx, s->mem, &(struct sql_unit_get_in){STORE_TENANT, unit}, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_org_no_unit);
  if (rev && rev != row.rev) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  TRY(check_details(s, unit, row.kind, d, &now, e));
  const struct org_details was = {row.stage, row.credit_code, row.school_code, row.region};
  struct event ev = org_event(s, "unit", unit, "describe", STR(""));
  const size_t before = ev.count;
  tell_details(s, &ev, &was, &now);
  if (ev.count == before) return fail(e, ERR_INVALID, MSG_org_same);
  TRY(write_details(s, unit, row.rev, &now, e));
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
bool org_unit_alias(struct org_session *s, struct str unit, struct str alias, struct err *e) {
  struct sql_unit_alias_of_rows rows = {0};
  TRY(sql_unit_alias_of(s->tx, s->mem, &(struct sql_unit_alias_of_in){STORE_TENANT, unit}, 100, &rows, e));
  vec_each(const struct sql_unit_alias_of, r, &rows)
    if (str_eq(r->alias, alias)) return true;
  return sql_unit_alias_insert(s->tx, &(struct sql_unit_alias_insert_in){STORE_TENANT, unit, alias}, NULL, e);
}

/* ---- posts of a unit that ends ---- */

static bool read_posts(struct org_session *s, struct str unit, struct str day, org_posts *out, struct err *e) {
  struct sql_post_from_rows rows = {0};
  TRY(sql_post_from(s->tx, s->mem, &(struct sql_post_from_in){STORE_TENANT, unit, day}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_post_from, r, &rows)
    vec_push(s->mem, out) = (struct org_post){.id = r->id,
                                              .person = r->person,
                                              .unit = r->unit,
                                              .role = r->role,
                                              .title = r->title,
                                              .from = register_day(r->from_day),
                                              .until = register_day(r->until_day)};
  return true;
}
/* The id of a post that goes on at another unit follows from the one before, so that the same acts give the same rows. */
static struct str next_id(struct arena *mem, const struct org_post *p) {
  const struct str text =
      str_fmt(mem, STRF "\n" STRF "\n" STRF "\n%d", STRA(p->person), STRA(p->unit), STRA(p->role), p->from);
  return str_slice(hash_hex(mem, hash_sm3(str_join(mem, text, p->title))), 0, 20);
}
static bool write_posts(struct org_session *s, const org_posts *posts, struct err *e) {
  vec_each(const struct org_post, p, posts) {
    const struct str until = register_day_text(s->mem, p->until);
    if (p->added)
      TRY(sql_post_insert(s->tx,
                          &(struct sql_post_insert_in){.tenant = STORE_TENANT,
                                                       .id = next_id(s->mem, p),
                                                       .person = p->person,
                                                       .unit = p->unit,
                                                       .role = p->role,
                                                       .title = p->title,
                                                       .from_day = register_day_text(s->mem, p->from),
                                                       .until_day = until},
                          NULL, e));
    else if (p->changed)
      TRY(sql_post_change(s->tx, &(struct sql_post_change_in){STORE_TENANT, p->id, p->unit, until}, NULL, e));
  }
  return true;
}
static bool follow_posts(struct org_session *s, const struct org_act *a, struct str day, struct err *e) {
  org_posts posts = {0};
  int32_t begins = 0;
  if (a->deed != ORG_MERGE && a->deed != ORG_CLOSE) return true;
  TRY(read_posts(s, a->unit, day, &posts, e));
  if (a->deed == ORG_MERGE) org_posts_merge(s->mem, &posts, a->unit, a->other, a->day);
  else if (!org_posts_close(&posts, a->unit, a->day, &begins))
    return fail(e, ERR_GUARD, MSG_org_post_later, "day", register_day_text(s->mem, begins));
  return write_posts(s, &posts, e);
}

/* ---- the acts ---- */

/* Before and after of what the act changes, for the ledger: names, or the unit above. */
struct act_lines {
  struct str name, was, now, kind, parent;
};
static struct str name_on(const struct org *o, struct str id, int32_t day) {
  const struct org_unit *u = id.len ? org_find(o, id) : NULL;
  const struct org_version *v = u ? org_on(u, day) : NULL;
  return v ? v->name : STR("");
}
static struct act_lines before_of(const struct org *o, const struct org_act *a) {
  const bool is_new = a->deed == ORG_FOUND || a->deed == ORG_SPLIT;
  const struct org_unit *u = org_find(o, a->deed == ORG_SPLIT ? a->other : a->unit);
  const struct org_version *v = u ? org_on(u, a->day) : NULL;
  struct act_lines c = {.name = is_new ? a->name : v ? v->name : STR(""), .kind = a->kind, .parent = a->parent};
  if (a->deed == ORG_SPLIT && v) c.kind = v->kind, c.parent = v->parent;
  switch (a->deed) {
    case ORG_FOUND: c.now = a->name; break;
    case ORG_RENAME:
      c.was = c.name;
      c.now = a->name;
      break;
    case ORG_MOVE:
      c.was = v ? name_on(o, v->parent, a->day) : STR("");
      c.now = name_on(o, a->parent, a->day);
      break;
    case ORG_MERGE:
      c.was = c.name;
      c.now = name_on(o, a->other, a->day);
      break;
    case ORG_SPLIT:
      c.was = v ? v->name : STR("");
      c.now = a->name;
      break;
    case ORG_CLOSE:
    case ORG_DEED_COUNT: c.was = c.name; break;
  }
  return c;
}
static bool tell(struct org_session *s, const struct org_act *a, const struct act_lines *c, struct str day,
                 const struct org_details *d, struct err *e) {
  const struct org_details none = {STR(""), STR(""), STR(""), STR("")};
  int64_t seq = 0;
  struct event ev = org_event(s, "unit", a->unit, org_deed_word(a->deed), day);
  event_add(&ev, STR("name"), c->name);
  org_told(s, &ev, a->deed == ORG_MOVE ? "parent" : "name", c->was, c->now);
  event_add(&ev, STR("kind"), c->kind);
  event_add(&ev, STR("parent"), c->parent);
  event_add(&ev, STR("other"), a->other);
  if (a->with_count) event_add(&ev, STR("count"), str_int(s->mem, (int64_t)a->with_count));
  tell_details(s, &ev, &none, d);
  TRY(event_append(s->tx, s->mem, &ev, &seq, e));
  return sql_unit_act_insert(s->tx,
                             &(struct sql_unit_act_insert_in){.tenant = STORE_TENANT,
                                                              .unit = a->unit,
                                                              .seq = seq,
                                                              .act = ev.act,
                                                              .day = day,
                                                              .other = a->other,
                                                              .was = c->was,
                                                              .now = c->now,
                                                              .actor = s->who->actor,
                                                              .at_us = s->who->now_us,
                                                              .reason = s->who->reason},
                             NULL, e);
}
static bool read_order(struct org_session *s, const struct org_order *order, struct org_act *a, struct str *out_day,
                       struct err *e) {
  *a = (struct org_act){.deed = order->deed,
                        .unit = order->unit,
                        .kind = str_trim(order->kind),
                        .parent = str_trim(order->parent),
                        .other = str_trim(order->other),
                        .place = order->place,
                        .with = order->with,
                        .with_count = order->with_count};
  TRY(org_words(order->name, &a->name, e));
  TRY(org_day(s, order->day, date_iso(s->mem, s->today), out_day, e));
  a->day = register_day(*out_day);
  if ((a->deed == ORG_FOUND || a->deed == ORG_SPLIT) && !a->unit.len) a->unit = store_new_id(s->mem, s->who->now_us);
  if (a->deed == ORG_SPLIT && !a->other.len) return fail(e, ERR_NOT_FOUND, MSG_org_no_unit);
  if (!a->other.at) a->other = STR("");
  if (!a->parent.at) a->parent = STR("");
  return true;
}
static bool found_row(struct org_session *s, const struct org_act *a, const struct act_lines *c,
                      const struct org_details *typed, struct org_details *out, struct err *e) {
  TRY(register_store_found(s->tx, a, c->kind, c->parent, e));
  TRY(check_details(s, a->unit, c->kind, typed, out, e));
  const bool any = out->stage.len || out->credit_code.len || out->school_code.len || out->region.len;
  return !any || write_details(s, a->unit, 0, out, e);
}
bool org_unit_do(struct org_session *s, const struct org_order *order, struct str *out_id, struct err *e) {
  struct org *o = NULL;
  struct org_act a = {0};
  struct org_details d = {STR(""), STR(""), STR(""), STR("")};
  struct str day = {0};
  TRY(org_session_tree(s, &o, e));
  TRY(read_order(s, order, &a, &day, e));
  const struct act_lines c = before_of(o, &a);
  const bool is_new = a.deed == ORG_FOUND || a.deed == ORG_SPLIT;
  if (is_new && o->units.len >= ORG_UNITS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_org_too_many, "limit", str_int(s->mem, ORG_UNITS_MAX));
  TRY(org_apply(o, &a, e));
  if (is_new) TRY(found_row(s, &a, &c, &order->details, &d, e));
  TRY(follow_posts(s, &a, day, e));
  if (a.deed == ORG_RENAME) TRY(org_unit_alias(s, a.unit, c.was, e)); /* old papers use the old name */
  TRY(tell(s, &a, &c, day, &d, e));
  if (out_id) *out_id = a.unit;
  return true;
}
