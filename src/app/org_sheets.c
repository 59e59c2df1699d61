/* What the sheets hold, the drafts that wait, and the export. */
#include "app/org_sheets.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/seal.h"
#include "engine/account/roles.h"
#include "engine/register/find.h"
#include "engine/register/register_store.h"
#include "sql.h"
#include "texts.h"

static const struct sheet_column unit_columns[] = {
    {"id", MSG_sheet_id, false},           {"name", MSG_units_col_name, true},      {"kind", MSG_units_kind, true},
    {"parent", MSG_unit_parent, false},    {"stage", MSG_unit_stage, false},        {"place", MSG_sheet_place, false},
    {"credit", MSG_unit_credit, false},    {"school", MSG_unit_school_code, false}, {"region", MSG_unit_region, false},
    {"founded", MSG_sheet_founded, false}, {"aliases", MSG_unit_aliases, false}};
static const struct sheet_column people_columns[] = {
    {"id", MSG_sheet_id, false},        {"name", MSG_people_col_name, true},  {"identity", MSG_person_identity, false},
    {"phone", MSG_person_phone, false}, {"unit", MSG_people_col_unit, false}, {"role", MSG_people_col_role, false},
    {"title", MSG_person_title, false}, {"from", MSG_sheet_from, false},      {"until", MSG_sheet_until, false}};
static const struct sheet_column post_columns[] = {
    {"id", MSG_sheet_id, false},         {"name", MSG_people_col_name, true}, {"unit", MSG_people_col_unit, true},
    {"role", MSG_people_col_role, true}, {"title", MSG_person_title, false},  {"from", MSG_sheet_from, false},
    {"until", MSG_sheet_until, false}};
static const struct sheet_column pupil_columns[] = {{"id", MSG_sheet_id, false},
                                                    {"name", MSG_people_col_name, true},
                                                    {"pupil_code", MSG_person_pupil_code, false},
                                                    {"identity", MSG_person_identity, false},
                                                    {"class", MSG_sheet_class, true},
                                                    {"from", MSG_sheet_from, false},
                                                    {"until", MSG_sheet_until, false},
                                                    {"g1_id", MSG_sheet_g1_id, false},
                                                    {"g1", MSG_sheet_g1, false},
                                                    {"g1_kin", MSG_sheet_g1_kin, false},
                                                    {"g1_phone", MSG_sheet_g1_phone, false},
                                                    {"g1_identity", MSG_sheet_g1_identity, false},
                                                    {"g1_from", MSG_sheet_g1_from, false},
                                                    {"g2_id", MSG_sheet_g2_id, false},
                                                    {"g2", MSG_sheet_g2, false},
                                                    {"g2_kin", MSG_sheet_g2_kin, false},
                                                    {"g2_phone", MSG_sheet_g2_phone, false},
                                                    {"g2_identity", MSG_sheet_g2_identity, false},
                                                    {"g2_from", MSG_sheet_g2_from, false}};
static const struct sheet_form forms[ORG_SHEET_COUNT] = {
    {"units", MSG_units_title, unit_columns, COUNT_OF(unit_columns)},
    {"people", MSG_people_title, people_columns, COUNT_OF(people_columns)},
    {"posts", MSG_sheet_posts, post_columns, COUNT_OF(post_columns)},
    {"pupils", MSG_sheet_pupils, pupil_columns, COUNT_OF(pupil_columns)}};

const char *org_sheet_word(enum org_sheet what) { return forms[what].what; }
const struct sheet_form *org_sheet_form(enum org_sheet what) { return &forms[what]; }
bool org_sheet_of(struct str word, enum org_sheet *out) {
  for (int i = 0; i < ORG_SHEET_COUNT; i++) {
    if (!str_eqz(word, forms[i].what)) continue;
    *out = (enum org_sheet)i;
    return true;
  }
  return false;
}

/* ---- drafts ---- */

struct draft_work {
  const struct plans_who *who;
  const struct org_import *import;
  struct str id, bytes; /* bytes: the outcomes, a line end, the file; sealed where there may be numbers */
};
enum { DRAFT_US_DAY = 86400, US = 1000000 };
static bool drop_old(struct store *tx, const struct plans_who *who, struct str id, struct err *e) {
  const int64_t before = who->now_us - (int64_t)DRAFT_US_DAY * US;
  return sql_import_draft_drop(tx, &(struct sql_import_draft_drop_in){STORE_TENANT, id, before}, NULL, e);
}
static bool has_numbers(enum org_sheet what) { return what == ORG_PEOPLE || what == ORG_PUPILS; }
static struct seal_place draft_place(struct str id) {
  return (struct seal_place){STORE_TENANT, STR("import_draft"), STR("bytes"), id};
}
static bool keep_act(struct store *tx, void *arg, struct err *e) {
  const struct draft_work *w = arg;
  TRY(drop_old(tx, w->who, STR(""), e));
  return sql_import_draft_insert(tx,
                                 &(struct sql_import_draft_insert_in){.tenant = STORE_TENANT,
                                                                      .id = w->id,
                                                                      .what = str_of(org_sheet_word(w->import->what)),
                                                                      .name = w->import->name,
                                                                      .bytes = w->bytes,
                                                                      .actor = w->who->actor,
                                                                      .at_us = w->who->now_us},
                                 NULL, e);
}
bool org_draft_keep(struct store *store, struct arena *mem, const struct plans_who *who, const struct org_import *i,
                    struct str *out_id, struct err *e) {
  struct draft_work w = {.who = who, .import = i, .id = store_new_id(mem, who->now_us)};
  const struct str line = {i->outcomes, i->sheet.rows.len};
  const struct seal_place at = draft_place(w.id);
  w.bytes = str_join(mem, str_join(mem, line, STR("\n")), i->bytes);
  if (has_numbers(i->what)) TRY(seal_cell(store_keys(store), mem, REGISTER_COMPARTMENT, &at, w.bytes, &w.bytes, e));
  *out_id = w.id;
  return store_write(store, keep_act, &w, e);
}
bool org_draft_get(struct store *store, struct arena *mem, const struct plans_who *who, struct str id,
                   struct org_import *out, struct err *e) {
  struct sql_import_draft_get row = {0};
  bool found = false;
  AUTO_READ *s = store_read_begin(store, e);
  if (!s) return false;
  TRY(sql_import_draft_get(s, mem, &(struct sql_import_draft_get_in){STORE_TENANT, id}, &row, &found, e));
  if (!found || !str_eq(row.actor, who->actor) || !org_sheet_of(row.what, &out->what))
    return fail(e, ERR_NOT_FOUND, MSG_import_gone);
  const struct seal_place at = draft_place(id);
  out->name = row.name;
  if (has_numbers(out->what)) TRY(seal_open(store_keys(s), mem, REGISTER_COMPARTMENT, &at, row.bytes, &row.bytes, e));
  return str_cut(row.bytes, STR("\n"), &out->tried, &out->bytes) || fail(e, ERR_NOT_FOUND, MSG_import_gone);
}
static bool forget_act(struct store *tx, void *arg, struct err *e) {
  const struct sql_import_draft_bare_rows *rows = arg;
  vec_each(const struct sql_import_draft_bare, r, rows)
    TRY(sql_import_draft_drop(tx, &(struct sql_import_draft_drop_in){STORE_TENANT, r->id, 0}, NULL, e));
  return true;
}
bool org_drafts_forget_bare(struct store *store, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_import_draft_bare_rows rows = {0};
  const struct sql_import_draft_bare_in in = {STORE_TENANT, STR("sm4."), STR("aes.")};
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !sql_import_draft_bare(r, &mem, &in, SIZE_MAX, &rows, e)) return false;
  store_read_end(&r);
  return !rows.len || store_write(store, forget_act, &rows, e);
}
static bool drop_act(struct store *tx, void *arg, struct err *e) {
  const struct draft_work *w = arg;
  return drop_old(tx, w->who, w->id, e);
}
bool org_draft_drop(struct store *store, const struct plans_who *who, struct str id, struct err *e) {
  struct draft_work w = {.who = who, .id = id};
  return store_write(store, drop_act, &w, e);
}

/* ---- export ---- */

struct exporting {
  struct store *s;
  struct arena *mem;
  struct str day;
  struct org tree;
  bool numbers;
  struct sheet *out;
};

static bool new_row(struct exporting *x, struct sheet_row **out, struct err *e) {
  if (x->out->rows.len == IMPORT_ROWS_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_sheet_too_long, "limit", str_int(x->mem, IMPORT_ROWS_MAX));
  *out = &vec_push(x->mem, &x->out->rows);
  (*out)->number = (uint32_t)x->out->rows.len + 1;
  for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++) (*out)->cells[i] = STR("");
  return true;
}
static struct str open_end(struct str until) { return str_eqz(until, "9999-12-31") ? STR("") : until; }
static struct str path_of(struct exporting *x, struct str unit) {
  const struct org_unit *u = unit.len ? org_find(&x->tree, unit) : NULL;
  return u ? org_path(&x->tree, x->mem, u, register_day(x->day)) : STR("");
}
static struct str word_says(struct exporting *x, const char *head, struct str word) {
  const int msg = word.len ? msg_find(str_fmt(x->mem, "%s" STRF, head, STRA(word))) : 0;
  return msg ? msg_template(LANG_ZH, msg) : word;
}
static bool add_aliases(struct exporting *x, struct str unit, struct str *out, struct err *e) {
  struct sql_unit_alias_of_rows rows = {0};
  TRY(sql_unit_alias_of(x->s, x->mem, &(struct sql_unit_alias_of_in){STORE_TENANT, unit}, 100, &rows, e));
  vec_each(const struct sql_unit_alias_of, r, &rows)
    *out = out->len ? str_fmt(x->mem, STRF "；" STRF, STRA(*out), STRA(r->alias)) : r->alias;
  return true;
}
/* By path: what stands above comes before what stands under it. */
static int by_path(const void *a, const void *b) {
  const struct sheet_row *left = a, *right = b;
  const int above = str_cmp(left->cells[SHEET_COLUMNS_MAX - 1], right->cells[SHEET_COLUMNS_MAX - 1]);
  return above ? above : str_cmp(left->cells[0], right->cells[0]);
}
static bool export_units(struct exporting *x, struct err *e) {
  struct sql_unit_export_rows rows = {0};
  const struct sql_unit_export_in in = {STORE_TENANT, x->day, STR(""), IMPORT_ROWS_MAX + 1};
  TRY(sql_unit_export(x->s, x->mem, &in, IMPORT_ROWS_MAX + 1, &rows, e));
  vec_each(const struct sql_unit_export, r, &rows) {
    struct sheet_row *row = NULL;
    struct str aliases = STR("");
    TRY(new_row(x, &row, e));
    TRY(add_aliases(x, r->unit, &aliases, e));
    sheet_set(x->out, row, "id", r->unit);
    sheet_set(x->out, row, "name", r->name);
    sheet_set(x->out, row, "kind", word_says(x, "unit_kind_", r->kind));
    sheet_set(x->out, row, "parent", path_of(x, r->parent));
    sheet_set(x->out, row, "stage", word_says(x, "unit_stage_", r->stage));
    sheet_set(x->out, row, "place", str_int(x->mem, r->place));
    sheet_set(x->out, row, "credit", r->credit_code);
    sheet_set(x->out, row, "school", r->school_code);
    sheet_set(x->out, row, "region", r->region);
    sheet_set(x->out, row, "founded", r->from_day);
    sheet_set(x->out, row, "aliases", aliases);
    row->cells[SHEET_COLUMNS_MAX - 1] = path_of(x, r->unit); /* behind the columns: to sort by */
  }
  if (x->out->rows.len) qsort(x->out->rows.at, x->out->rows.len, sizeof *x->out->rows.at, by_path);
  return true;
}
static bool number_of(struct exporting *x, struct str person, enum code_kind kind, struct sheet_row *row,
                      const char *key, struct err *e) {
  struct str value = STR("");
  if (x->numbers) TRY(register_store_secret(x->s, x->mem, person, kind, &value, e));
  sheet_set(x->out, row, key, value);
  return true;
}
static void put_post(struct exporting *x, const struct sql_person_export *r, struct sheet_row *row) {
  sheet_set(x->out, row, "unit", path_of(x, r->unit));
  sheet_set(x->out, row, "role", roles_say(roles_known(), LANG_ZH, r->role));
  sheet_set(x->out, row, "title", r->title);
  sheet_set(x->out, row, "from", r->from_day);
  sheet_set(x->out, row, "until", open_end(r->until_day));
}
static bool export_people(struct exporting *x, struct err *e) {
  struct sql_person_export_rows rows = {0};
  const struct sql_person_export_in in = {STORE_TENANT, x->day, IMPORT_ROWS_MAX + 1};
  TRY(sql_person_export(x->s, x->mem, &in, IMPORT_ROWS_MAX + 1, &rows, e));
  vec_each(const struct sql_person_export, r, &rows) {
    struct sheet_row *row = NULL;
    TRY(new_row(x, &row, e));
    sheet_set(x->out, row, "id", r->id);
    sheet_set(x->out, row, "name", r->name);
    TRY(number_of(x, r->id, CODE_IDENTITY, row, "identity", e));
    TRY(number_of(x, r->id, CODE_PHONE, row, "phone", e));
    if (!r->unit.at) continue;
    put_post(x, r, row);
  }
  return true;
}
static bool export_posts(struct exporting *x, struct err *e) {
  struct sql_person_export_rows rows = {0};
  const struct sql_person_export_in in = {STORE_TENANT, x->day, IMPORT_ROWS_MAX + 1};
  TRY(sql_person_export(x->s, x->mem, &in, IMPORT_ROWS_MAX + 1, &rows, e));
  vec_each(const struct sql_person_export, r, &rows) {
    struct sheet_row *row = NULL;
    if (!r->unit.at) continue;
    TRY(new_row(x, &row, e));
    sheet_set(x->out, row, "id", r->id);
    sheet_set(x->out, row, "name", r->name);
    put_post(x, r, row);
  }
  return true;
}
static bool export_guardian(struct exporting *x, const struct sql_guardian_of *g, int n, struct sheet_row *row,
                            struct err *e) {
  static const char *const keys[2][6] = {{"g1_id", "g1", "g1_kin", "g1_phone", "g1_identity", "g1_from"},
                                         {"g2_id", "g2", "g2_kin", "g2_phone", "g2_identity", "g2_from"}};
  sheet_set(x->out, row, keys[n][0], g->person);
  sheet_set(x->out, row, keys[n][1], g->name);
  sheet_set(x->out, row, keys[n][2], word_says(x, "kin_", g->kin));
  TRY(number_of(x, g->person, CODE_PHONE, row, keys[n][3], e));
  TRY(number_of(x, g->person, CODE_IDENTITY, row, keys[n][4], e));
  sheet_set(x->out, row, keys[n][5], g->from_day);
  return true;
}
/* A pupil with more than two guardians takes another row for the others. */
static bool export_guardians(struct exporting *x, struct sheet_row *row, struct err *e) {
  enum { GUARDIANS_MOST = 20 };
  struct sql_guardian_of_rows rows = {0};
  const struct sheet_row first = *row;
  int n = 0;
  TRY(sql_guardian_of(x->s, x->mem, &(struct sql_guardian_of_in){STORE_TENANT, sheet_cell(x->out, row, "id"), true},
                      GUARDIANS_MOST, &rows, e));
  vec_each(const struct sql_guardian_of, g, &rows) {
    if (str_cmp(g->from_day, x->day) > 0 || str_cmp(g->until_day, x->day) < 0) continue;
    if (n == 2) {
      TRY(new_row(x, &row, e));
      memcpy(row->cells, first.cells, sizeof row->cells);
      n = 0;
    }
    TRY(export_guardian(x, g, n++, row, e));
  }
  return true;
}
static bool export_pupils(struct exporting *x, struct err *e) {
  struct sql_pupil_export_rows rows = {0};
  const struct sql_pupil_export_in in = {STORE_TENANT, x->day, IMPORT_ROWS_MAX + 1};
  TRY(sql_pupil_export(x->s, x->mem, &in, IMPORT_ROWS_MAX + 1, &rows, e));
  vec_each(const struct sql_pupil_export, r, &rows) {
    struct sheet_row *row = NULL;
    TRY(new_row(x, &row, e));
    sheet_set(x->out, row, "id", r->id);
    sheet_set(x->out, row, "name", r->name);
    TRY(number_of(x, r->id, CODE_PUPIL, row, "pupil_code", e));
    TRY(number_of(x, r->id, CODE_IDENTITY, row, "identity", e));
    sheet_set(x->out, row, "class", path_of(x, r->unit));
    sheet_set(x->out, row, "from", r->from_day);
    sheet_set(x->out, row, "until", open_end(r->until_day));
    TRY(export_guardians(x, row, e));
  }
  return true;
}
struct giving {
  const struct plans_who *who;
  struct str what;
};
static bool give_act(struct org_session *s, void *arg, struct err *e) {
  const struct giving *g = arg;
  struct event ev = org_event(s, "export", g->what, "reveal", STR(""));
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
bool org_export(struct store *store, struct arena *mem, const struct plans_who *who, enum org_sheet what,
                struct str day, bool numbers, struct sheet *out, struct err *e) {
  struct exporting x = {.mem = mem, .day = day, .numbers = numbers, .out = out};
  struct giving g = {who, str_of(org_sheet_word(what))};
  if (numbers && (what == ORG_PEOPLE || what == ORG_PUPILS)) TRY(org_write(store, who, give_act, &g, e));
  AUTO_READ *s = store_read_begin(store, e);
  if (!s) return false;
  x.s = s;
  *out = (struct sheet){.form = org_sheet_form(what)};
  org_begin(&x.tree, mem, NULL);
  TRY(register_store_read(s, &x.tree, e));
  if (what == ORG_UNITS) return export_units(&x, e);
  if (what == ORG_PEOPLE) return export_people(&x, e);
  return what == ORG_POSTS ? export_posts(&x, e) : export_pupils(&x, e);
}
