/* People: the list by name, one person with posts, delegations, guardians. Of numbers the ends are
 * shown, to whom that class of fields is open. */
#include "app/page_org.h"
#include "app/people.h"
#include "app/sight.h"
#include "app/table.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { POSTS_SHOWN = 4, UNITS_SHOWN = 40, ROWS_SHOWN = 200 };

struct people_page {
  struct web_request *rq;
  struct store *s;
  struct str today;
};

static struct str person_href(struct web_request *rq, struct str id) {
  return str_fmt(rq->mem, "/people/" STRF, STRA(id));
}
/* ---- the list ---- */

static struct str role_says(struct web_request *rq, struct str role, struct str title) {
  return title.len || !role.len ? title : page_role(rq, role);
}
static const struct table_column columns[] = {
    {"name", MSG_people_col_name, SQL_person_list_name, .by = SQL_person_list_reading,
     .flags = TABLE_SORTS | TABLE_HEAD, .width = 16},
    {"post", MSG_people_col_post, SQL_person_list_title, .width = 18},
    {"role", MSG_people_col_role, SQL_person_list_role, .flags = TABLE_OFF, .width = 18},
    {"unit", MSG_people_col_unit, SQL_person_list_unit_name, .width = 30},
    {"above", MSG_people_col_above, SQL_person_list_above, .flags = TABLE_OFF, .width = 24},
    {"since", MSG_people_col_since, SQL_person_list_since, TABLE_DAY, .flags = TABLE_MUTED, .width = 14},
    {"created", MSG_people_col_created, SQL_person_list_created_us, TABLE_TIME, TABLE_RANGE,
     .flags = TABLE_SORTS | TABLE_OFF, .width = 18},
};
static struct str cell_says(struct web_request *rq, const struct table_column *c, const struct list_row *row) {
  const struct str role = row->at[SQL_person_list_role].s;
  if (c->sql == SQL_person_list_title) return role_says(rq, role, row->at[SQL_person_list_title].s);
  return c->sql == SQL_person_list_role ? role_says(rq, role, STR("")) : (struct str){0};
}
static void show_row(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  struct view_tcell *unit = table_cell(io, SQL_person_list_unit_name);
  const struct str kind = row->at[SQL_person_list_unit_kind].s;
  const bool is_part = str_eqz(kind, "class") || str_eqz(kind, "department"); /* many are called alike */
  if (!unit || !unit->text.len) return;
  unit->href = str_join(rq->mem, STR("/units/"), row->at[SQL_person_list_unit].s);
  if (is_part && !table_cell(io, SQL_person_list_above)) unit->sub = row->at[SQL_person_list_above].s;
}
/* Below the post: others that are held today. 另任：班主任（一年级1班） */
static bool other_posts(struct web_request *rq, struct store *r, const struct list_row *row, struct str *out,
                        struct err *e) {
  struct sql_post_of_person_rows rows = {0};
  const struct str today = date_iso(rq->mem, clock_today(rq->now_us));
  bool first = true;
  const struct sql_post_of_person_in in = {STORE_TENANT, row->at[SQL_person_list_id].s};
  TRY(sql_post_of_person(r, rq->mem, &in, POSTS_SHOWN, &rows, e));
  vec_each(const struct sql_post_of_person, p, &rows) {
    if (str_cmp(p->from_day, today) > 0 || str_cmp(p->until_day, today) < 0) continue;
    const bool is_main = first && str_eq(p->unit, row->at[SQL_person_list_unit].s) &&
                         str_eq(p->role, row->at[SQL_person_list_role].s) &&
                         str_eq(p->from_day, row->at[SQL_person_list_since].s);
    const struct msg_arg args[] = {{"role", role_says(rq, p->role, p->title)}, {"unit", p->unit_name}};
    if (is_main) first = false;
    else *out = page_listed(rq->mem, rq->lang, *out, msg_text(rq->mem, rq->lang, MSG_who_post, args, COUNT_OF(args)));
  }
  return true;
}
static bool fill_page(struct web_request *rq, struct store *r, const struct table_rows *rows, struct view_table *io,
                      struct err *e) {
  for (size_t i = 0; i < io->rows.len; i++) {
    struct view_tcell *post = table_cell(&io->rows.at[i], SQL_person_list_title);
    struct str others = {0};
    if (!post) return true;
    TRY(other_posts(rq, r, &rows->rows.at[i], &others, e));
    if (others.len) post->sub = page_org_text(rq, MSG_people_also, "posts", others);
  }
  return true;
}
const struct table_said people_table = {.name = "people",
                                        .path = "/people",
                                        .row_path = "/people/",
                                        .title = MSG_people_title,
                                        .list = &sql_person_list,
                                        .columns = columns,
                                        .count = COUNT_OF(columns),
                                        .sort = "name",
                                        .id = SQL_person_list_id,
                                        .search_label = MSG_people_search,
                                        .help = MSG_people_tip,
                                        .empty = MSG_people_empty,
                                        .empty_says = MSG_people_empty_says,
                                        .empty_href = "/people",
                                        .empty_verb = MSG_people_title,
                                        .says = cell_says,
                                        .row = show_row,
                                        .page = fill_page};

static void add_option(struct web_request *rq, struct table_told *io, struct str id, struct str name) {
  vec_each(const struct view_option, o, &io->options) {
    if (str_eq(o->value, id)) return;
  }
  vec_push(rq->mem, &io->options) = (struct view_option){id, name, str_eq(id, web_query(rq, io->name))};
}
/* The authorities, one's own units, and the one that is asked for. */
static bool fill_units(struct people_page *p, struct table_told *io, struct err *e) {
  struct sql_unit_authority_rows rows = {0};
  struct sql_unit_get unit = {0};
  const struct who *w = who_of(p->rq);
  const struct str asked = web_query(p->rq, "unit");
  bool found = false;
  vec_each(const struct rights_post, post, &w->holds.posts)
    if (post->unit.len) add_option(p->rq, io, post->unit, post->unit_name);
  TRY(sql_unit_authority(p->s, p->rq->mem, &(struct sql_unit_authority_in){STORE_TENANT, UNITS_SHOWN}, UNITS_SHOWN,
                         &rows, e));
  vec_each(const struct sql_unit_authority, u, &rows) add_option(p->rq, io, u->id, u->name);
  if (!asked.len) return true;
  TRY(sql_unit_get(p->s, p->rq->mem, &(struct sql_unit_get_in){STORE_TENANT, asked}, &unit, &found, e));
  if (found) add_option(p->rq, io, asked, unit.name);
  return found || fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("unit"), "value", str_slice(asked, 0, 60));
}
static bool fill_roles(struct people_page *p, struct table_told *io, struct err *e) {
  const struct str asked = web_query(p->rq, "role");
  vec_each(const struct role_rule, r, &roles_known()->roles)
    if (!r->is_administrator) add_option(p->rq, io, r->name, r->label[p->rq->lang]);
  return !asked.len || roles_role(roles_known(), asked, false) ||
         fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("role"), "value", str_slice(asked, 0, 60));
}
struct list_asked {
  struct store_value fixed[2];
  struct table_told told[2];
  struct table_ask ask;
};
static bool make_asked(struct people_page *p, struct list_asked *io, struct err *e) {
  struct web_request *rq = p->rq;
  const struct people_asked asked = {web_query(rq, "q"), web_query(rq, "role"), web_query(rq, "unit")};
  *io = (struct list_asked){.fixed = {store_text(p->today), store_text(STORE_TENANT)},
                            .told = {{"role", MSG_people_col_role, MSG_people_all_roles, {0}},
                                     {"unit", MSG_people_col_unit, MSG_people_all_units, {0}}}};
  TRY(fill_roles(p, &io->told[0], e));
  TRY(fill_units(p, &io->told[1], e));
  io->ask = (struct table_ask){.fixed = io->fixed, .told = io->told, .told_count = COUNT_OF(io->told)};
  return people_condition(p->s, rq->mem, who_of(rq), &asked, &io->ask.scope, e);
}
static bool begin(struct people_page *p, struct err *e) {
  p->today = date_iso(p->rq->mem, clock_today(p->rq->now_us));
  p->s = store_read_begin(app_of(p->rq)->store, e);
  return p->s != NULL;
}
static bool show_people(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct people_page p = {.rq = rq};
  struct list_asked *asked = arena_new(rq->mem, struct list_asked); /* a file is read when the handler is over */
  struct table_rows rows;
  bool sent = false;
  TRY(table_begin(rq, &people_table, e));
  const bool ok = begin(&p, e) && make_asked(&p, asked, e);
  store_read_end(&p.s);
  if (!ok) return false;
  TRY(table_read(rq, &people_table, &asked->ask, &rows, e));
  TRY(table_sent(rq, rs, &people_table, &rows, &sent, e));
  if (sent) return true;
  struct view_people v = {.lang = rq->lang,
                          .f = page_frame(rq, page_text(rq, MSG_people_title), PAGE_PEOPLE, "ui/js/table.js")};
  v.said = page_said(rq);
  v.can_keep = can(who_of(rq), "unit.manage");
  v.can_grant = can(who_of(rq), "role.grant");
  TRY(table_view(rq, &people_table, &rows, &v.table, e));
  page_people(&rs->body, &v);
  return true;
}

/* ---- one person ---- */

static struct view_post_row time_row(struct people_page *p, struct str from, struct str until) {
  return (struct view_post_row){.from = page_org_day_says(p->rq, from),
                                .until = page_org_day_says(p->rq, until),
                                .is_over = str_cmp(until, p->today) < 0};
}
static struct str do_href(struct web_request *rq, struct str person, const char *act, const char *field,
                          struct str id) {
  return str_fmt(rq->mem, "/people/" STRF "/do?act=%s&%s=" STRF, STRA(person), act, field, STRA(id));
}
static bool fill_posts(struct people_page *p, struct str person, struct view_person *v, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_post_of_person_rows rows = {0};
  const bool may_grant = rq->json || can(who_of(rq), "role.grant"); /* programs read ids there */
  TRY(sql_post_of_person(p->s, rq->mem, &(struct sql_post_of_person_in){STORE_TENANT, person}, ROWS_SHOWN, &rows, e));
  vec_each(const struct sql_post_of_person, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    row.unit = r->unit_name;
    row.unit_href = str_fmt(rq->mem, "/units/" STRF, STRA(r->unit));
    row.role = page_role(rq, r->role);
    row.title = r->title;
    if (may_grant && !row.is_over) row.end_href = do_href(rq, person, "post-end", "post", r->id);
    if (may_grant && !row.is_over) row.deputy_href = do_href(rq, person, "delegate", "post", r->id);
    vec_push(rq->mem, &v->posts) = row;
  }
  return true;
}
/* Who is named beside a person and not seen stands there without name, number or link: that somebody stands in, or is a
 * guardian, belongs to the person who is seen. */
static bool put_who(struct people_page *p, struct str person, struct str name, struct view_post_row *io,
                    struct err *e) {
  bool seen = false;
  TRY(who_filter(who_of(p->rq), p->s, "person", &person, 1, &seen, e));
  io->who = seen ? name : page_text(p->rq, MSG_person_not_seen);
  if (seen) io->who_href = person_href(p->rq, person);
  return true;
}
static bool fill_delegations(struct people_page *p, struct str person, bool given, view_post_rows *out, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_delegation_of_person_rows rows = {0};
  const bool may_grant = rq->json || can(who_of(rq), "role.grant");
  TRY(sql_delegation_of_person(p->s, rq->mem, &(struct sql_delegation_of_person_in){STORE_TENANT, person, given},
                               ROWS_SHOWN, &rows, e));
  vec_each(const struct sql_delegation_of_person, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    TRY(put_who(p, r->other, r->other_name, &row, e));
    row.unit = r->unit_name;
    row.role = page_role(rq, r->role);
    if (given && may_grant && !row.is_over) row.end_href = do_href(rq, person, "delegate-end", "delegation", r->id);
    vec_push(rq->mem, out) = row;
  }
  return true;
}
static bool fill_guardians(struct people_page *p, struct str person, bool of_pupil, view_post_rows *out,
                           struct err *e) {
  struct web_request *rq = p->rq;
  AUTO_ARENA scratch = {0};
  struct sql_guardian_of_rows rows = {0};
  const bool may_keep = rq->json || can(who_of(rq), "unit.manage");
  TRY(sql_guardian_of(p->s, rq->mem, &(struct sql_guardian_of_in){STORE_TENANT, person, of_pupil}, ROWS_SHOWN, &rows,
                      e));
  vec_each(const struct sql_guardian_of, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    TRY(put_who(p, r->person, r->name, &row, e));
    row.role = page_text_of(rq->mem, rq->lang, "kin_", str_z(&scratch, r->kin));
    if (of_pupil && may_keep && !row.is_over) row.end_href = do_href(rq, person, "guardian-end", "guardian", r->id);
    vec_push(rq->mem, out) = row;
  }
  return true;
}
static bool holds(const struct sql_person_secret_fields_rows *held, enum code_kind kind) {
  vec_each(const struct sql_person_secret_fields, f, held)
    if (str_eqz(f->field, code_word(kind))) return true;
  return false;
}
/* Rights are asked of the numbers that there are: most people have none. */
static bool fill_facts(struct people_page *p, struct str person, struct view_person *v, struct err *e) {
  static const int labels[SIGHT_FIELDS] = {MSG_person_identity, MSG_person_phone, MSG_person_pupil_code};
  struct web_request *rq = p->rq;
  struct sql_pupil_get pupil = {0};
  struct sql_person_secret_fields_rows held = {0};
  TRY(sql_person_secret_fields(p->s, rq->mem, &(struct sql_person_secret_fields_in){STORE_TENANT, person}, SIGHT_FIELDS,
                               &held, e));
  for (size_t i = 0; i < SIGHT_FIELDS; i++) {
    struct str value = {0}, why = {0};
    if (!holds(&held, sight_fields[i].kind)) continue;
    TRY(sight_number(p->s, rq->mem, who_of(rq), rq->lang, person, &sight_fields[i], STR(""), &value, &why, e));
    if (!value.len && !why.len) continue;
    vec_push(rq->mem, &v->facts) =
        (struct view_pair){.what = page_text(rq, labels[i]), .says = why.len ? why : value, .is_lost = why.len > 0};
  }
  TRY(sql_pupil_get(p->s, rq->mem, &(struct sql_pupil_get_in){STORE_TENANT, person}, &pupil, &v->is_pupil, e));
  if (!v->is_pupil) return true;
  v->token = pupil.token;
  vec_push(rq->mem, &v->facts) = (struct view_pair){.what = page_text(rq, MSG_person_token), .says = pupil.token};
  return true;
}
static bool read_one(struct people_page *p, struct str id, struct view_person *v, struct sql_person_get *row,
                     struct err *e) {
  bool found = false;
  TRY(sql_person_get(p->s, p->rq->mem, &(struct sql_person_get_in){STORE_TENANT, id}, row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_none);
  TRY(page_may_on(p->rq, p->s, "person", id, MSG_people_none, e));
  TRY(fill_facts(p, id, v, e));
  TRY(fill_posts(p, id, v, e));
  if (v->posts.len) TRY(fill_delegations(p, id, true, &v->given, e)); /* given of a post */
  TRY(fill_delegations(p, id, false, &v->taken, e));
  if (v->is_pupil) TRY(fill_guardians(p, id, true, &v->guardians, e));
  return fill_guardians(p, id, false, &v->pupils, e);
}
static void rows_json(struct json_out *j, const char *key, const view_post_rows *rows) {
  json_open(j, key, '[');
  vec_each(const struct view_post_row, r, rows) {
    json_open(j, NULL, '{');
    if (r->who_href.len) json_str(j, "who", r->who);
    if (r->who_href.len) json_str(j, "person", str_from(r->who_href, sizeof "/people/" - 1));
    if (r->unit.len) json_str(j, "unit", r->unit);
    json_str(j, "role", r->role);
    if (r->title.len) json_str(j, "title", r->title);
    json_str(j, "from", r->from);
    json_str(j, "until", r->until);
    const size_t at = str_rfind(r->end_href, STR("="));
    if (at != STR_NONE) json_str(j, "id", str_from(r->end_href, at + 1));
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void person_json(struct str id, const struct view_person *v, const struct sql_person_get *row,
                        struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", id);
  json_str(j, "name", row->name);
  json_int(j, "rev", row->rev);
  if (v->is_pupil) json_str(j, "token", v->token);
  json_open(j, "facts", '[');
  vec_each(const struct view_pair, f, &v->facts) {
    json_open(j, NULL, '{');
    json_str(j, "what", f->what);
    json_str(j, "says", f->says);
    if (f->is_lost) json_bool(j, "unreadable", true);
    json_close(j, '}');
  }
  json_close(j, ']');
  rows_json(j, "posts", &v->posts);
  rows_json(j, "given", &v->given);
  rows_json(j, "taken", &v->taken);
  rows_json(j, "guardians", &v->guardians);
  rows_json(j, "pupils", &v->pupils);
  json_close(j, '}');
  json_close(j, '}');
}
bool page_person_show(struct web_request *rq, struct web_response *rs, struct str id, struct err *e) {
  struct people_page p = {.rq = rq};
  struct view_person v = {.lang = rq->lang};
  struct sql_person_get row = {0};
  const bool ok = begin(&p, e) && read_one(&p, id, &v, &row, e);
  store_read_end(&p.s);
  if (!ok) return false;
  if (rq->json) {
    person_json(id, &v, &row, web_json(rs));
    return true;
  }
  v.name = row.name;
  v.f = page_frame(rq, row.name, PAGE_PEOPLE, NULL);
  v.f.back = STR("/people");
  v.said = page_said(rq);
  v.can_keep = can(who_of(rq), "unit.manage");
  v.can_grant = can(who_of(rq), "role.grant");
  v.change_href = str_fmt(rq->mem, "/people/" STRF "/do?act=change", STRA(id));
  if (can(who_of(rq), "person.numbers")) v.numbers_href = str_fmt(rq->mem, "/people/" STRF "/numbers", STRA(id));
  v.history_href = str_fmt(rq->mem, "/people/" STRF "/history", STRA(id));
  v.post_href = str_fmt(rq->mem, "/people/" STRF "/do?act=post", STRA(id));
  v.guardian_href = str_fmt(rq->mem, "/people/" STRF "/do?act=guardian", STRA(id));
  if (can(who_of(rq), "role.grant")) v.rights_href = str_fmt(rq->mem, "/rights/person/" STRF, STRA(id));
  page_person(&rs->body, &v);
  return true;
}
static bool show_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  return page_person_show(rq, rs, web_param(rq, "id"), e);
}

const struct route page_people_routes[] = {
    {GET, "/people", "unit.see", show_people, "people by name, role or unit",
     .query = TABLE_QUERY " role unit created_from created_to"},
    {GET, "/people/{id}", "unit.see", show_person, "one person: posts, delegations, guardians", .query = NULL},
    {0},
};
