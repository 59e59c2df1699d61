/* Acts on people: who they are, which posts they hold and for how long, who stands in for them, whose guardians they are. */
#include "app/org.h"
#include "app/systems_start.h"
#include "app/who.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "sql.h"
#include "text/reading.h"
#include "texts.h"

#define OPEN_DAY STR("9999-12-31")

/* ---- who they are ---- */

static bool read_person(struct org_session *s, struct str id, struct sql_person_get *out, struct err *e) {
  bool found = false;
  TRY(sql_person_get(s->tx, s->mem, &(struct sql_person_get_in){STORE_TENANT, id}, out, &found, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_people_none);
}
struct number {
  enum code_kind kind;
  struct str typed, value;
};
/* A telephone may be shared in a family; the other numbers are one person's. */
static bool check_number(struct org_session *s, struct str person, struct number *n, struct err *e) {
  struct register_people same = {0};
  n->value = STR("");
  if (!str_trim(n->typed).len) return true;
  TRY(code_check(s->mem, s->codes, n->kind, s->today, n->typed, &n->value, e));
  if (n->kind == CODE_PHONE) return true;
  TRY(register_store_same(s->tx, s->mem, n->kind, n->value, &same, e));
  vec_each(const struct str, other, &same) {
    struct sql_person_get row = {0};
    if (str_eq(*other, person)) continue;
    TRY(read_person(s, *other, &row, e));
    return fail(e, ERR_DUPLICATE, MSG_people_taken, "person", row.name);
  }
  return true;
}
/* The chain keeps no number, only which one changed and how it looks to those who need not know it. */
static bool set_number(struct org_session *s, struct str person, const struct number *n, struct event *ev,
                       struct err *e) {
  struct str was = {0};
  TRY(register_store_secret(s->tx, s->mem, person, n->kind, &was, e));
  if (str_eq(was, n->value)) return true;
  org_told(s, ev, code_word(n->kind), code_masked(s->mem, was), code_masked(s->mem, n->value));
  return register_store_set_secret(s->tx, s->mem, person, n->kind, n->value, e);
}
static bool make_pupil(struct org_session *s, struct str person, struct err *e) {
  enum { TOKEN_BYTES = 10 };
  unsigned char bytes[TOKEN_BYTES];
  char *z = arena_take(s->mem, 2 * TOKEN_BYTES);
  struct sql_pupil_get have = {0};
  bool found = false;
  TRY(sql_pupil_get(s->tx, s->mem, &(struct sql_pupil_get_in){STORE_TENANT, person}, &have, &found, e));
  if (found) return true;
  random_bytes(bytes, sizeof bytes);
  for (size_t i = 0; i < TOKEN_BYTES; i++) {
    z[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
    z[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
  }
  const struct str token = {z, 2 * TOKEN_BYTES};
  return sql_pupil_insert(s->tx, &(struct sql_pupil_insert_in){STORE_TENANT, person, token}, NULL, e);
}
static bool set_numbers(struct org_session *s, const struct org_person *p, struct str id, bool keep, struct event *ev,
                        struct err *e) {
  struct number numbers[] = {{.kind = CODE_IDENTITY, .typed = p->identity},
                             {.kind = CODE_PHONE, .typed = p->phone},
                             {.kind = CODE_PUPIL, .typed = p->pupil_code}};
  for (size_t i = 0; i < COUNT_OF(numbers); i++) {
    if (keep && !str_trim(numbers[i].typed).len) continue;
    TRY(check_number(s, id, &numbers[i], e));
    TRY(set_number(s, id, &numbers[i], ev, e));
  }
  return true;
}
bool org_person_add(struct org_session *s, const struct org_person *p, struct str *out_id, struct err *e) {
  struct str name = {0};
  const struct str id = p->id.len ? p->id : store_new_id(s->mem, s->who->now_us);
  TRY(org_words(p->name, &name, e));
  if (!name.len) return fail(e, ERR_INVALID, MSG_people_needs_name);
  const struct reading reading = reading_make(s->mem, name, true);
  TRY(sql_person_insert(s->tx,
                        &(struct sql_person_insert_in){.tenant = STORE_TENANT,
                                                       .id = id,
                                                       .name = name,
                                                       .reading = reading.key,
                                                       .initials = reading.initials,
                                                       .at_us = s->who->now_us},
                        NULL, e));
  struct event ev = org_event(s, "person", id, "add", STR(""));
  org_told(s, &ev, "name", STR(""), name);
  if (p->is_pupil) TRY(make_pupil(s, id, e));
  TRY(set_numbers(s, p, id, true, &ev, e));
  if (out_id) *out_id = id;
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
bool org_person_change(struct org_session *s, const struct org_person *p, int64_t rev, bool keep, struct err *e) {
  struct sql_person_get was = {0};
  struct str name = {0};
  int64_t changed = 0;
  TRY(read_person(s, p->id, &was, e));
  if (rev && rev != was.rev) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  TRY(org_words(p->name, &name, e));
  if (!name.len) return fail(e, ERR_INVALID, MSG_people_needs_name);
  struct event ev = org_event(s, "person", p->id, "change", STR(""));
  const size_t before = ev.count;
  org_told(s, &ev, "name", was.name, name);
  if (p->is_pupil) TRY(make_pupil(s, p->id, e));
  TRY(set_numbers(s, p, p->id, keep, &ev, e));
  if (ev.count == before) return fail(e, ERR_INVALID, MSG_org_same);
  const struct reading reading = reading_make(s->mem, name, true);
  TRY(sql_person_rename(s->tx,
                        &(struct sql_person_rename_in){.tenant = STORE_TENANT,
                                                       .id = p->id,
                                                       .was = was.rev,
                                                       .name = name,
                                                       .reading = reading.key,
                                                       .initials = reading.initials,
                                                       .at_us = s->who->now_us},
                        &changed, e));
  if (changed != 1) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}

/* ---- posts ---- */

static bool read_days(struct org_session *s, struct str from, struct str until, struct str *out_from,
                      struct str *out_until, struct err *e) {
  TRY(org_day(s, from, date_iso(s->mem, s->today), out_from, e));
  TRY(org_day(s, until, OPEN_DAY, out_until, e));
  if (str_cmp(*out_from, *out_until) <= 0) return true;
  return fail(e, ERR_INVALID, MSG_people_post_order, "from", *out_from, "until", *out_until);
}
/* Packages declare roles too: those of the packages that are at work for whoever asks. */
static const struct rights_role *role_of_package(const struct org_session *s, struct str role) {
  return s->who->asks ? systems_role(s->who->asks->systems, role) : NULL;
}
/* As posts hold it: one of ours by its name or by what it is called, one of a package by its name. Empty: there is none. */
static struct str role_named(const struct org_session *s, struct str said) {
  const struct role_rule *ours = roles_called(roles_known(), said);
  if (ours) return ours->name;
  return role_of_package(s, said) ? said : STR("");
}
static bool stands_at(const struct org_session *s, struct str role, struct str unit_kind) {
  const struct role_rule *ours = roles_role(roles_known(), role, false);
  if (ours) return role_stands_at(ours, unit_kind);
  const struct rights_role *theirs = role_of_package(s, role);
  for (size_t i = 0; theirs && i < theirs->at.len; i++)
    if (str_eq(theirs->at.at[i], unit_kind)) return true;
  return false;
}
/* The unit lives all of that time, and the role can be held there. */
static bool check_place(struct org_session *s, struct str unit, struct str role, struct str from, struct str until,
                        struct str *out_name, struct err *e) {
  struct sql_unit_versions_of_rows rows = {0};
  TRY(sql_unit_versions_of(s->tx, s->mem, &(struct sql_unit_versions_of_in){STORE_TENANT, unit}, SIZE_MAX, &rows, e));
  const struct org_unit *fresh = s->tree ? org_find(s->tree, unit) : NULL;
  if (!rows.len && !fresh) return fail(e, ERR_NOT_FOUND, MSG_org_no_unit);
  const struct str name = fresh ? vec_last(&fresh->versions).name : vec_last(&rows).name;
  const struct str kind = fresh ? fresh->versions.at[0].kind : rows.at[0].kind;
  const struct str first = fresh ? register_day_text(s->mem, org_founded(fresh)) : rows.at[0].from_day;
  const struct str last = fresh ? register_day_text(s->mem, org_last_day(fresh)) : vec_last(&rows).until_day;
  *out_name = name;
  if (str_cmp(from, first) < 0 || str_cmp(until, last) > 0)
    return fail(e, ERR_GUARD, MSG_people_unit_not_there, "name", name);
  return stands_at(s, role, kind) || fail(e, ERR_INVALID, MSG_people_no_role, "role", role);
}
bool org_post_add(struct org_session *s, const struct org_post_order *p, struct str *out_id, struct err *e) {
  struct sql_person_get person = {0};
  struct sql_post_same_rows same = {0};
  struct str from = {0}, until = {0}, title = {0}, unit_name = {0};
  const struct str id = p->id.len ? p->id : store_new_id(s->mem, s->who->now_us);
  const struct str role = role_named(s, str_trim(p->role));
  TRY(read_person(s, p->person, &person, e));
  TRY(read_days(s, p->from, p->until, &from, &until, e));
  TRY(org_words(p->title, &title, e));
  if (!role.len) return fail(e, ERR_INVALID, MSG_people_no_role, "role", str_slice(p->role, 0, 60));
  TRY(check_place(s, p->unit, role, from, until, &unit_name, e));
  TRY(sql_post_same(s->tx, s->mem, &(struct sql_post_same_in){STORE_TENANT, p->person, p->unit, role, from, until}, 1,
                    &same, e));
  if (same.len) return fail(e, ERR_DUPLICATE, MSG_people_post_twice);
  if (str_eqz(role, "pupil")) TRY(make_pupil(s, p->person, e));
  TRY(sql_post_insert(
      s->tx, &(struct sql_post_insert_in){STORE_TENANT, id, p->person, p->unit, role, title, from, until}, NULL, e));
  struct event ev = org_event(s, "person", p->person, "post", from);
  event_add(&ev, STR("post"), id);
  event_add(&ev, STR("unit"), p->unit);
  org_told(s, &ev, "unit", STR(""), unit_name);
  org_told(s, &ev, "role", STR(""), role);
  org_told(s, &ev, "title", STR(""), title);
  if (!str_eq(until, OPEN_DAY)) org_told(s, &ev, "until", STR(""), until);
  if (out_id) *out_id = id;
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
/* What ends must have begun; its new end is not after the old one. */
static bool read_end(struct org_session *s, struct str typed, struct str from, struct str until, struct str *out,
                     struct err *e) {
  TRY(org_day(s, typed, date_iso(s->mem, s->today), out, e));
  if (str_cmp(*out, from) >= 0 && str_cmp(*out, until) <= 0) return true;
  return fail(e, ERR_INVALID, MSG_people_post_order, "from", str_cmp(*out, from) < 0 ? from : *out, "until",
              str_cmp(*out, from) < 0 ? *out : until);
}
bool org_post_end(struct org_session *s, struct str post, struct str last_day, struct err *e) {
  struct sql_post_get row = {0};
  struct str day = {0};
  bool found = false;
  TRY(sql_post_get(s->tx, s->mem, &(struct sql_post_get_in){STORE_TENANT, post}, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_no_post);
  TRY(read_end(s, last_day, row.from_day, row.until_day, &day, e));
  TRY(sql_post_change(s->tx, &(struct sql_post_change_in){STORE_TENANT, post, row.unit, day}, NULL, e));
  struct event ev = org_event(s, "person", row.person, "post-end", day);
  event_add(&ev, STR("post"), post);
  event_add(&ev, STR("unit"), row.unit);
  event_add(&ev, STR("role"), row.role);
  org_told(s, &ev, "until", row.until_day, day);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}

/* ---- delegation ---- */

bool org_delegate(struct org_session *s, struct str post, struct str deputy, struct str from, struct str until,
                  struct err *e) {
  struct sql_post_get row = {0};
  struct sql_person_get person = {0};
  struct sql_delegation_same_rows same = {0};
  struct str first = {0}, last = {0};
  const struct str id = store_new_id(s->mem, s->who->now_us);
  bool found = false;
  TRY(sql_post_get(s->tx, s->mem, &(struct sql_post_get_in){STORE_TENANT, post}, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_no_post);
  TRY(read_person(s, deputy, &person, e));
  if (str_eq(deputy, row.person)) return fail(e, ERR_INVALID, MSG_people_self_deputy);
  TRY(read_days(s, from, until, &first, &last, e));
  if (str_cmp(first, row.from_day) < 0 || str_cmp(last, row.until_day) > 0)
    return fail(e, ERR_GUARD, MSG_people_delegate_outside, "from", row.from_day, "until", row.until_day);
  TRY(sql_delegation_same(s->tx, s->mem, &(struct sql_delegation_same_in){STORE_TENANT, post, first, last}, 1, &same,
                          e));
  if (same.len) return fail(e, ERR_DUPLICATE, MSG_people_delegate_twice);
  const struct sql_delegation_insert_in in = {STORE_TENANT, id, post, deputy, first, last, s->who->reason};
  TRY(sql_delegation_insert(s->tx, &in, NULL, e));
  struct event ev = org_event(s, "person", row.person, "delegate", first);
  event_add(&ev, STR("delegation"), id);
  event_add(&ev, STR("post"), post);
  event_add(&ev, STR("role"), row.role);
  event_add(&ev, STR("deputy"), deputy);
  org_told(s, &ev, "deputy", STR(""), person.name);
  if (!str_eq(last, OPEN_DAY)) org_told(s, &ev, "until", STR(""), last);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
bool org_delegate_end(struct org_session *s, struct str delegation, struct str last_day, struct err *e) {
  struct sql_delegation_get row = {0};
  struct sql_post_get post = {0};
  struct str day = {0};
  bool found = false;
  const struct sql_delegation_get_in in = {STORE_TENANT, delegation};
  TRY(sql_delegation_get(s->tx, s->mem, &in, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_no_delegation);
  TRY(sql_post_get(s->tx, s->mem, &(struct sql_post_get_in){STORE_TENANT, row.post}, &post, NULL, e));
  TRY(read_end(s, last_day, row.from_day, row.until_day, &day, e));
  TRY(sql_delegation_end(s->tx, &(struct sql_delegation_end_in){STORE_TENANT, delegation, day}, NULL, e));
  struct event ev = org_event(s, "person", post.person, "delegate-end", day);
  event_add(&ev, STR("delegation"), delegation);
  event_add(&ev, STR("deputy"), row.deputy);
  org_told(s, &ev, "until", row.until_day, day);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}

/* ---- guardians ---- */

static bool is_kin(const struct org_rules *r, struct str kin) {
  for (size_t i = 0; i < r->kin_count; i++)
    if (str_eq(r->kin[i], kin)) return true;
  return false;
}
bool org_guardian_add(struct org_session *s, struct str person, struct str pupil, struct str kin, struct str from,
                      struct str until, struct err *e) {
  struct sql_person_get guardian = {0}, child = {0};
  struct sql_pupil_get token = {0};
  struct sql_guardian_same_rows same = {0};
  struct str first = {0}, last = {0};
  const struct str id = store_new_id(s->mem, s->who->now_us);
  bool found = false;
  TRY(read_person(s, person, &guardian, e));
  TRY(read_person(s, pupil, &child, e));
  if (str_eq(person, pupil)) return fail(e, ERR_INVALID, MSG_people_own_guardian);
  if (!is_kin(s->rules, kin)) return fail(e, ERR_INVALID, MSG_people_bad_kin, "value", str_slice(kin, 0, 60));
  TRY(sql_pupil_get(s->tx, s->mem, &(struct sql_pupil_get_in){STORE_TENANT, pupil}, &token, &found, e));
  if (!found) return fail(e, ERR_GUARD, MSG_people_not_pupil, "name", child.name);
  TRY(read_days(s, from, until, &first, &last, e));
  TRY(sql_guardian_same(s->tx, s->mem, &(struct sql_guardian_same_in){STORE_TENANT, person, pupil, first, last}, 1,
                        &same, e));
  if (same.len) return fail(e, ERR_DUPLICATE, MSG_people_guardian_twice);
  TRY(sql_guardian_insert(s->tx, &(struct sql_guardian_insert_in){STORE_TENANT, id, person, pupil, kin, first, last},
                          NULL, e));
  struct event ev = org_event(s, "person", pupil, "guardian", first);
  event_add(&ev, STR("guardian"), id);
  event_add(&ev, STR("person"), person);
  org_told(s, &ev, "guardian", STR(""), guardian.name);
  org_told(s, &ev, "kin", STR(""), kin);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
bool org_guardian_end(struct org_session *s, struct str guardian, struct str last_day, struct err *e) {
  struct sql_guardian_get row = {0};
  struct str day = {0};
  bool found = false;
  TRY(sql_guardian_get(s->tx, s->mem, &(struct sql_guardian_get_in){STORE_TENANT, guardian}, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_no_guardian);
  TRY(read_end(s, last_day, row.from_day, row.until_day, &day, e));
  TRY(sql_guardian_end(s->tx, &(struct sql_guardian_end_in){STORE_TENANT, guardian, day}, NULL, e));
  struct event ev = org_event(s, "person", row.pupil, "guardian-end", day);
  event_add(&ev, STR("guardian"), guardian);
  event_add(&ev, STR("person"), row.person);
  org_told(s, &ev, "until", row.until_day, day);
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
