/* Forms of the acts on units and people. Each act is a row of a table: its fields, and what runs when it is sent. A form that
 * is refused comes again with everything that was typed. */
#include "app/page_org.h"
#include "app/systems_start.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "engine/register/find.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum field_type {
  FIELD_TEXT,
  FIELD_DAY,
  FIELD_UNIT,
  FIELD_PERSON,
  FIELD_KIND,
  FIELD_STAGE,
  FIELD_ROLE,
  FIELD_KIN,
  FIELD_UNDER,
  FIELD_HIDDEN
};
enum { OPTIONAL = 1, FIELDS_MAX = 8, UNITS_OFFERED = 600, UNDER_SHOWN = 200 };
struct form_field {
  const char *name;
  int label, help;
  enum field_type type;
  unsigned flags;
};
struct act_form {
  const char *act;
  int title, verb, says;
  bool is_danger;
  struct form_field fields[FIELDS_MAX];
  org_deeds run; /* its arg is a struct sent */
};
struct sent { /* an act that was sent: where it is about, and where people go afterwards */
  struct web_request *rq;
  const struct act_form *form;
  struct str id; /* of the unit or person; empty for a new one */
  bool is_unit;
  char done[24]; /* id of what is shown afterwards: the store's memory dies with the act */
  size_t done_len;
};
#define NAME \
  { "name", MSG_units_col_name, 0, FIELD_TEXT, 0 }
#define DAY \
  { "day", MSG_org_day_from, MSG_org_day_help, FIELD_DAY, OPTIONAL }
#define REASON \
  { "reason", MSG_form_reason, 0, FIELD_TEXT, OPTIONAL }
#define STAGE \
  { "stage", MSG_unit_stage, 0, FIELD_STAGE, OPTIONAL }
#define CREDIT \
  { "credit_code", MSG_unit_credit, MSG_unit_credit_help, FIELD_TEXT, OPTIONAL }
#define SCHOOL \
  { "school_code", MSG_unit_school_code, 0, FIELD_TEXT, OPTIONAL }
#define REGION \
  { "region", MSG_unit_region, 0, FIELD_TEXT, OPTIONAL }

static struct str field_of(const struct sent *x, const char *name) { return str_trim(web_field(x->rq, name)); }
static void done_is(struct sent *x, struct str id) {
  x->done_len = id.len < sizeof x->done ? id.len : sizeof x->done;
  memcpy(x->done, id.at, x->done_len);
}

/* ---- what is typed becomes ids ---- */

static bool unit_typed(struct org_session *s, struct str typed, struct str day, struct str *out, struct err *e) {
  struct org *o = NULL;
  struct str iso = {0};
  *out = STR("");
  if (!typed.len) return true;
  TRY(org_session_tree(s, &o, e));
  TRY(org_day(s, day, date_iso(s->mem, s->today), &iso, e));
  return org_find_named(o, typed, register_day(iso), out, e);
}
static bool one_person(struct str *out, bool *io_found, struct str id, struct str typed, struct err *e) {
  if (*io_found && !str_eq(*out, id)) return fail(e, ERR_INVALID, MSG_people_several, "name", str_slice(typed, 0, 90));
  *out = id;
  *io_found = true;
  return true;
}
/* By id, identity number, telephone, or a name that only one person has. */
static bool person_typed(struct org_session *s, struct str typed, struct str *out, struct err *e) {
  static const enum code_kind kinds[] = {CODE_IDENTITY, CODE_PUPIL, CODE_PHONE};
  struct sql_person_get row = {0};
  struct sql_person_named_rows rows = {0};
  bool found = false;
  TRY(sql_person_get(s->tx, s->mem, &(struct sql_person_get_in){STORE_TENANT, typed}, &row, &found, e));
  if (found) return one_person(out, &(bool){false}, typed, typed, e);
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    struct err ignored = {0};
    struct str code = {0};
    struct register_people same = {0};
    if (!code_check(s->mem, s->codes, kinds[i], s->today, typed, &code, &ignored)) continue;
    TRY(register_store_same(s->tx, s->mem, kinds[i], code, &same, e));
    vec_each(const struct str, id, &same) TRY(one_person(out, &found, *id, typed, e));
    if (found) return true;
  }
  TRY(sql_person_named(s->tx, s->mem, &(struct sql_person_named_in){STORE_TENANT, typed}, 2, &rows, e));
  vec_each(const struct sql_person_named, r, &rows) TRY(one_person(out, &found, r->id, typed, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_people_not_named, "name", str_slice(typed, 0, 200));
}

/* ---- acts ---- */

static bool run_unit(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  struct str id = {0}, with[UNDER_SHOWN];
  struct org_order o = {
      .unit = x->id, .day = field_of(x, "day"), .name = field_of(x, "name"), .kind = field_of(x, "kind"), .with = with};
  o.details = (struct org_details){field_of(x, "stage"), field_of(x, "credit_code"), field_of(x, "school_code"),
                                   field_of(x, "region")};
  if (!org_deed_of(str_of(x->form->act), &o.deed)) return fail(e, ERR_BUG, MSG_org_same);
  TRY(unit_typed(s, field_of(x, "parent"), o.day, &o.parent, e));
  TRY(unit_typed(s, field_of(x, "other"), o.day, &o.other, e));
  if (o.deed == ORG_SPLIT) {
    o.unit = STR("");
    o.other = x->id;
    for (size_t i = 0; i < x->rq->field_count && o.with_count < UNDER_SHOWN; i++)
      if (str_eqz(x->rq->fields[i].name, "with")) with[o.with_count++] = x->rq->fields[i].value;
  }
  TRY(org_unit_do(s, &o, &id, e));
  done_is(x, o.deed == ORG_MERGE ? o.other : id);
  return true;
}
static bool run_describe(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  const struct org_details d = {field_of(x, "stage"), field_of(x, "credit_code"), field_of(x, "school_code"),
                                field_of(x, "region")};
  int64_t rev = 0;
  TRY(web_int(x->rq, "rev", 0, INT64_MAX, 0, &rev, e));
  done_is(x, x->id);
  return org_unit_describe(s, x->id, rev, &d, e);
}
static struct org_person person_of(const struct sent *x) {
  return (struct org_person){.id = x->id,
                             .name = field_of(x, "name"),
                             .identity = field_of(x, "identity"),
                             .phone = field_of(x, "phone"),
                             .pupil_code = field_of(x, "pupil_code")};
}
static bool run_add(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  struct str id = {0};
  const struct org_person p = person_of(x);
  TRY(org_person_add(s, &p, &id, e));
  done_is(x, id);
  return true;
}
static bool run_change(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  const struct org_person p = person_of(x);
  int64_t rev = 0;
  TRY(web_int(x->rq, "rev", 0, INT64_MAX, 0, &rev, e));
  done_is(x, x->id);
  return org_person_change(s, &p, rev, true, e); /* numbers are not shown, so an empty field keeps them */
}
static bool run_post(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  struct org_post_order p = {.person = x->id,
                             .role = field_of(x, "role"),
                             .title = field_of(x, "title"),
                             .from = field_of(x, "from"),
                             .until = field_of(x, "until")};
  TRY(unit_typed(s, field_of(x, "unit"), p.from, &p.unit, e));
  done_is(x, x->id);
  return org_post_add(s, &p, NULL, e);
}
static bool run_post_end(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  done_is(x, x->id);
  return org_post_end(s, field_of(x, "post"), field_of(x, "until"), e);
}
static bool run_delegate(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  struct str deputy = {0};
  TRY(person_typed(s, field_of(x, "deputy"), &deputy, e));
  done_is(x, x->id);
  return org_delegate(s, field_of(x, "post"), deputy, field_of(x, "from"), field_of(x, "until"), e);
}
static bool run_delegate_end(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  done_is(x, x->id);
  return org_delegate_end(s, field_of(x, "delegation"), field_of(x, "until"), e);
}
static bool run_guardian(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  struct str person = {0};
  TRY(person_typed(s, field_of(x, "person"), &person, e));
  done_is(x, x->id);
  return org_guardian_add(s, person, x->id, field_of(x, "kin"), field_of(x, "from"), field_of(x, "until"), e);
}
static bool run_guardian_end(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  done_is(x, x->id);
  return org_guardian_end(s, field_of(x, "guardian"), field_of(x, "until"), e);
}

#define FROM \
  { "from", MSG_people_col_from, MSG_org_day_help, FIELD_DAY, OPTIONAL }
#define UNTIL \
  { "until", MSG_people_until, MSG_people_until_help, FIELD_DAY, OPTIONAL }
#define LAST \
  { "until", MSG_people_last_day, MSG_org_day_help, FIELD_DAY, OPTIONAL }
#define IDENTITY \
  { "identity", MSG_person_identity, MSG_person_number_help, FIELD_TEXT, OPTIONAL }
#define PHONE \
  { "phone", MSG_person_phone, 0, FIELD_TEXT, OPTIONAL }
#define PUPIL_CODE \
  { "pupil_code", MSG_person_pupil_code, 0, FIELD_TEXT, OPTIONAL }

static const struct act_form unit_forms[] = {
    {"found",
     MSG_unit_do_found,
     MSG_unit_do_found,
     MSG_unit_says_found,
     false,
     {NAME,
      {"kind", MSG_units_kind, 0, FIELD_KIND, 0},
      {"parent", MSG_unit_parent, MSG_unit_named_help, FIELD_UNIT, OPTIONAL},
      DAY,
      STAGE,
      CREDIT,
      SCHOOL,
      REASON},
     run_unit},
    {"rename", MSG_unit_do_rename, MSG_unit_do_rename, MSG_unit_says_rename, false, {NAME, DAY, REASON}, run_unit},
    {"move",
     MSG_unit_do_move,
     MSG_unit_do_move,
     MSG_unit_says_move,
     false,
     {{"parent", MSG_unit_parent, MSG_unit_named_help, FIELD_UNIT, OPTIONAL}, DAY, REASON},
     run_unit},
    {"merge",
     MSG_unit_do_merge,
     MSG_unit_do_merge,
     MSG_unit_says_merge,
     true,
     {{"other", MSG_unit_into, MSG_unit_named_help, FIELD_UNIT, 0}, DAY, REASON},
     run_unit},
    {"split",
     MSG_unit_do_split,
     MSG_unit_do_split,
     MSG_unit_says_split,
     false,
     {NAME, {"with", MSG_unit_with, 0, FIELD_UNDER, OPTIONAL}, DAY, REASON},
     run_unit},
    {"close", MSG_unit_do_close, MSG_unit_do_close, MSG_unit_says_close, true, {DAY, REASON}, run_unit},
    {"describe", MSG_unit_do_describe, MSG_form_save, 0, false, {STAGE, CREDIT, SCHOOL, REGION, REASON}, run_describe},
    {0},
};
static const struct act_form person_forms[] = {
    {"add",
     MSG_person_do_add,
     MSG_person_do_add,
     0,
     false,
     {{"name", MSG_people_col_name, 0, FIELD_TEXT, 0}, IDENTITY, PHONE, REASON},
     run_add},
    {"change",
     MSG_person_do_change,
     MSG_form_save,
     MSG_person_says_change,
     false,
     {{"name", MSG_people_col_name, 0, FIELD_TEXT, 0}, IDENTITY, PHONE, PUPIL_CODE, REASON},
     run_change},
    {"post",
     MSG_person_do_post,
     MSG_person_do_post,
     0,
     false,
     {{"unit", MSG_people_col_unit, MSG_unit_named_help, FIELD_UNIT, 0},
      {"role", MSG_people_col_role, 0, FIELD_ROLE, 0},
      {"title", MSG_person_title, MSG_person_title_help, FIELD_TEXT, OPTIONAL},
      FROM,
      UNTIL,
      REASON},
     run_post},
    {"post-end",
     MSG_person_do_post_end,
     MSG_person_do_post_end,
     0,
     false,
     {{"post", 0, 0, FIELD_HIDDEN, 0}, LAST, REASON},
     run_post_end},
    {"delegate",
     MSG_person_do_delegate,
     MSG_person_do_delegate,
     MSG_person_says_delegate,
     false,
     {{"post", 0, 0, FIELD_HIDDEN, 0},
      {"deputy", MSG_person_deputy, MSG_person_named_help, FIELD_PERSON, 0},
      FROM,
      UNTIL,
      REASON},
     run_delegate},
    {"delegate-end",
     MSG_person_do_delegate_end,
     MSG_person_do_delegate_end,
     0,
     false,
     {{"delegation", 0, 0, FIELD_HIDDEN, 0}, LAST, REASON},
     run_delegate_end},
    {"guardian",
     MSG_person_do_guardian,
     MSG_person_do_guardian,
     0,
     false,
     {{"person", MSG_person_guardian, MSG_person_named_help, FIELD_PERSON, 0},
      {"kin", MSG_person_kin, 0, FIELD_KIN, 0},
      FROM,
      UNTIL,
      REASON},
     run_guardian},
    {"guardian-end",
     MSG_person_do_guardian_end,
     MSG_person_do_guardian_end,
     0,
     false,
     {{"guardian", 0, 0, FIELD_HIDDEN, 0}, LAST, REASON},
     run_guardian_end},
    {0},
};

static bool find_form(const struct act_form *table, struct str act, const struct act_form **out, struct err *e) {
  for (const struct act_form *f = table; f->act; f++) {
    if (!str_eqz(act, f->act)) continue;
    *out = f;
    return true;
  }
  return fail(e, ERR_NOT_FOUND, MSG_org_no_act);
}

/* ---- showing ---- */

struct shown_form {
  struct web_request *rq;
  struct store *s;
  const struct act_form *form;
  struct str id;
  struct sql_unit_get unit; /* of a unit's form */
  bool is_unit, is_again;   /* again: what was typed stands in it */
  struct view_org_form v;
};

static struct str value_now(const struct shown_form *p, const char *name) {
  if (p->is_again) return web_field(p->rq, name);
  const struct str asked = web_query(p->rq, name);
  if (asked.len || !p->id.len || !p->is_unit) return asked;
  if (str_eqz(str_of(name), "name") && str_eqz(str_of(p->form->act), "rename")) return p->unit.name;
  if (!str_eqz(str_of(p->form->act), "describe")) return asked;
  if (strcmp(name, "stage") == 0) return p->unit.stage;
  if (strcmp(name, "credit_code") == 0) return p->unit.credit_code;
  if (strcmp(name, "school_code") == 0) return p->unit.school_code;
  return strcmp(name, "region") == 0 ? p->unit.region : asked;
}
static void add_option(struct shown_form *p, struct view_org_field *x, struct str value, struct str label) {
  vec_push(p->rq->mem, &x->options) = (struct view_option){value, label, str_eq(value, x->value)};
}
static void fill_choices(struct shown_form *p, struct view_org_field *x, enum field_type type) {
  struct web_request *rq = p->rq;
  AUTO_ARENA scratch = {0};
  const struct org_rules *rules = org_rules_known();
  if (type == FIELD_STAGE) add_option(p, x, STR(""), STR("—"));
  for (size_t i = 0; type == FIELD_KIND && i < rules->kind_count; i++)
    add_option(p, x, rules->kinds[i].name, page_org_kind(rq, rules->kinds[i].name));
  for (size_t k = 0; type == FIELD_STAGE && k < rules->kind_count; k++)
    for (size_t i = 0; i < rules->kinds[k].stage_count; i++)
      add_option(p, x, rules->kinds[k].stages[i],
                 page_text_of(rq->mem, rq->lang, "unit_stage_", str_z(&scratch, rules->kinds[k].stages[i])));
  for (size_t i = 0; type == FIELD_KIN && i < rules->kin_count; i++)
    add_option(p, x, rules->kin[i], page_text_of(rq->mem, rq->lang, "kin_", str_z(&scratch, rules->kin[i])));
  vec_each(const struct role_rule, r, &roles_known()->roles)
    if (type == FIELD_ROLE && !r->is_administrator) add_option(p, x, r->name, r->label[rq->lang]);
  system_roles roles = {0};
  if (type == FIELD_ROLE) systems_roles(app_of(rq)->systems, rq->mem, &roles);
  vec_each(const struct system_role, r, &roles) {
    const struct msg_arg args[] = {{"system", r->system}, {"role", r->role->label}};
    add_option(p, x, r->role->name, msg_text(rq->mem, rq->lang, MSG_people_role_of_system, args, COUNT_OF(args)));
  }
}
static bool was_ticked(const struct shown_form *p, struct str id) {
  for (size_t i = 0; p->is_again && i < p->rq->field_count; i++)
    if (str_eqz(p->rq->fields[i].name, "with") && str_eq(p->rq->fields[i].value, id)) return true;
  return false;
}
static bool fill_under(struct shown_form *p, struct view_org_field *x, struct err *e) {
  struct sql_unit_under_rows rows = {0};
  const struct str today = date_iso(p->rq->mem, clock_today(p->rq->now_us));
  const struct sql_unit_under_in in = {.tenant = STORE_TENANT, .parent = p->id, .day = today, .most = UNDER_SHOWN};
  TRY(sql_unit_under(p->s, p->rq->mem, &in, UNDER_SHOWN, &rows, e));
  vec_each(const struct sql_unit_under, r, &rows)
    vec_push(p->rq->mem, &x->options) = (struct view_option){r->unit, r->name, was_ticked(p, r->unit)};
  return true;
}
static bool fill_field(struct shown_form *p, const struct form_field *f, struct err *e) {
  struct view_org_field x = {.name = str_of(f->name), .value = value_now(p, f->name)};
  if (f->label) x.label = page_text(p->rq, f->label);
  if (f->help) x.help = page_text(p->rq, f->help);
  x.is_optional = f->flags & OPTIONAL;
  x.is_hidden = f->type == FIELD_HIDDEN;
  x.is_day = f->type == FIELD_DAY;
  x.is_checks = f->type == FIELD_UNDER;
  x.is_select = f->type >= FIELD_KIND && f->type <= FIELD_KIN;
  if (f->type == FIELD_UNIT) x.list = STR("units");
  if (x.is_select) fill_choices(p, &x, f->type);
  if (x.is_checks) TRY(fill_under(p, &x, e));
  if (x.is_checks && !x.options.len) return true;
  vec_push(p->rq->mem, &p->v.fields) = x;
  return true;
}
static void offer_units(struct shown_form *p) {
  const struct str *names = NULL;
  size_t n = 0;
  bool wanted = false;
  vec_each(const struct view_org_field, x, &p->v.fields) wanted = wanted || x->list.len;
  if (!wanted) return;
  plans_unit_names(plans_of(p->rq), &names, &n);
  for (size_t i = 0; i < n && i < UNITS_OFFERED; i++) vec_push(p->rq->mem, &p->v.units) = names[i];
}
/* About whom: the unit's or the person's name stands under the title. */
static bool fill_about(struct shown_form *p, struct err *e) {
  struct arena *mem = p->rq->mem;
  struct sql_person_get person = {0};
  bool found = false;
  if (!p->id.len) return true;
  if (p->is_unit) TRY(sql_unit_get(p->s, mem, &(struct sql_unit_get_in){STORE_TENANT, p->id}, &p->unit, &found, e));
  else TRY(sql_person_get(p->s, mem, &(struct sql_person_get_in){STORE_TENANT, p->id}, &person, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, p->is_unit ? MSG_org_no_unit : MSG_people_none);
  const struct str name = p->is_unit ? p->unit.name : person.name;
  p->v.title = str_fmt(mem, STRF "：" STRF, STRA(page_text(p->rq, p->form->title)), STRA(name));
  p->v.rev = str_int(mem, p->is_unit ? p->unit.rev : person.rev);
  return true;
}
/* Posts are rights: they are given and taken by another administrator than the one who keeps units and people, and not to
 * oneself. s NULL: asks for the act at all, before anything is read. */
static bool may_form(const struct web_request *rq, const struct act_form *form, bool is_unit, struct str id,
                     struct store *s, struct err *e) {
  static const char *const grants[] = {"post", "post-end", "delegate", "delegate-end"};
  const struct object on = {s, is_unit ? "unit" : "person", id, is_unit ? MSG_org_no_unit : MSG_people_none};
  bool is_grant = false;
  for (size_t i = 0; i < COUNT_OF(grants); i++) is_grant |= !strcmp(form->act, grants[i]);
  TRY(may(who_of(rq), rq->lang, is_grant ? STR("role.grant") : STR("unit.manage"), s && id.len ? &on : NULL, e));
  return !is_grant || !str_eq(id, who_of(rq)->person) || fail(e, ERR_GUARD, MSG_admin_self);
}
static bool show_form(struct shown_form *p, struct web_response *rs, struct err *e) {
  struct web_request *rq = p->rq;
  const char *head = p->is_unit ? "/units" : "/people";
  p->v.lang = rq->lang;
  p->v.title = page_text(rq, p->form->title);
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  if (!s) return false;
  p->s = s;
  TRY(may_form(rq, p->form, p->is_unit, p->id, s, e));
  TRY(fill_about(p, e));
  for (size_t i = 0; i < FIELDS_MAX && p->form->fields[i].name; i++) TRY(fill_field(p, &p->form->fields[i], e));
  if (!p->is_unit && p->id.len && str_eqz(str_of(p->form->act), "change") && !p->is_again) {
    struct sql_person_get person = {0};
    TRY(sql_person_get(s, rq->mem, &(struct sql_person_get_in){STORE_TENANT, p->id}, &person, NULL, e));
    p->v.fields.at[0].value = person.name;
  }
  offer_units(p);
  p->v.f = page_frame(rq, p->v.title, p->is_unit ? PAGE_UNITS : PAGE_PEOPLE, NULL);
  if (p->form->says) p->v.says = page_text(rq, p->form->says);
  p->v.act = str_of(p->form->act);
  p->v.verb = page_text(rq, p->form->verb);
  p->v.is_danger = p->form->is_danger;
  p->v.is_unit = p->is_unit;
  p->v.action = p->id.len ? str_fmt(rq->mem, "%s/" STRF "/acts", head, STRA(p->id)) : str_of(head);
  p->v.back = p->id.len ? str_fmt(rq->mem, "%s/" STRF, head, STRA(p->id)) : str_of(head);
  p->v.f.back = p->v.back;
  page_org_form(&rs->body, &p->v);
  return true;
}
static bool ask(struct web_request *rq, struct web_response *rs, bool is_unit, struct str act, struct err *e) {
  struct shown_form p = {.rq = rq, .id = web_param(rq, "id"), .is_unit = is_unit};
  TRY(find_form(is_unit ? unit_forms : person_forms, act, &p.form, e));
  TRY(may_form(rq, p.form, is_unit, p.id, NULL, e));
  return show_form(&p, rs, e);
}
static bool ask_unit(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask(rq, rs, true, web_query(rq, "act"), e);
}
static bool ask_new_unit(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask(rq, rs, true, STR("found"), e);
}
static bool ask_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask(rq, rs, false, web_query(rq, "act"), e);
}
static bool ask_new_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask(rq, rs, false, STR("add"), e);
}

/* ---- sending ---- */

static bool refuse(struct sent *x, struct web_response *rs, bool is_unit, struct err *e) {
  struct shown_form p = {.rq = x->rq, .form = x->form, .id = x->id, .is_unit = is_unit, .is_again = true};
  struct err second = {0};
  if (x->rq->json || err_http(e->code) >= 500 || e->code == ERR_BAD_REQUEST) return false;
  p.v.refusal = err_says(x->rq->mem, x->rq->lang, e);
  p.v.hint = err_hint_says(x->rq->mem, x->rq->lang, e);
  rs->status = err_http(e->code);
  if (!show_form(&p, rs, &second)) return false;
  *e = (struct err){0};
  return true;
}
/* What may not be seen is not there, and nothing is done to it: asked in the transaction that writes. */
static bool run_seen(struct org_session *s, void *arg, struct err *e) {
  struct sent *x = arg;
  TRY(may_form(x->rq, x->form, x->is_unit, x->id, s->tx, e));
  return x->form->run(s, x, e);
}
static bool act(struct web_request *rq, struct web_response *rs, bool is_unit, struct str word, struct err *e) {
  struct sent x = {.rq = rq, .id = web_param(rq, "id"), .is_unit = is_unit};
  TRY(find_form(is_unit ? unit_forms : person_forms, word, &x.form, e));
  TRY(may_form(rq, x.form, is_unit, x.id, NULL, e));
  if (!x.id.at) x.id = STR("");
  if (!org_write(app_of(rq)->store, page_who(rq), run_seen, &x, e)) return refuse(&x, rs, is_unit, e);
  if (is_unit) TRY(plans_reload_units(plans_of(rq), e));
  const struct str done = str_dup(rq->mem, (struct str){x.done, x.done_len});
  if (rq->json) return is_unit ? page_unit_show(rq, rs, done, e) : page_person_show(rq, rs, done, e);
  web_redirect(rs, str_fmt(rq->mem, "%s/" STRF "?did=org-%s", is_unit ? "/units" : "/people", STRA(done), x.form->act));
  return true;
}
static bool act_unit(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str word = web_field(rq, "act");
  return act(rq, rs, true, str_eqz(word, "found") ? STR("") : word, e);
}
static bool found_unit(struct web_request *rq, struct web_response *rs, struct err *e) {
  return act(rq, rs, true, STR("found"), e);
}
static bool act_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str word = web_field(rq, "act");
  return act(rq, rs, false, str_eqz(word, "add") ? STR("") : word, e);
}
static bool add_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  return act(rq, rs, false, STR("add"), e);
}

const struct route page_org_form_routes[] = {
    {GET, "/units/new", "unit.manage", ask_new_unit, "the form of a new unit", .query = "parent kind",
     .flags = ROUTE_PAGE_ONLY},
    {GET, "/units/{id}/do", "unit.manage", ask_unit, "the form of an act on a unit", .query = "act",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/units", "unit.manage", found_unit, "found a unit",
     .form = "name! kind! parent day stage credit_code school_code region reason"},
    {POST, "/units/{id}/acts", "unit.manage", act_unit, "rename, move, merge, split, close or describe a unit",
     .form = "act! day name parent other with stage credit_code school_code region reason rev"},
    {GET, "/people/new", "unit.manage", ask_new_person, "the form of a new person", .flags = ROUTE_PAGE_ONLY},
    {GET, "/people/{id}/do", "unit.see", ask_person, "the form of an act on a person",
     .query = "act post delegation guardian", .flags = ROUTE_PAGE_ONLY},
    {POST, "/people", "unit.manage", add_person, "a new person", .form = "name! identity phone reason"},
    {POST, "/people/{id}/acts", "unit.see", act_person,
     "change, post, post-end, delegate, delegate-end, guardian, guardian-end",
     .form = "act! name identity phone pupil_code unit role title from until post deputy delegation person kin "
             "guardian reason rev"},
    {0},
};
