/* Rows of a sheet as acts. Every row is tried, so that all that is wrong is said at once: an act that tries fails at its end
 * and takes everything back. Rows of one person stand together in a portion, so that what one makes the next finds. */
#include "app/org_sheets.h"

#include <stdlib.h>

#include "base/limits.h"
#include "engine/register/find.h"
#include "sql.h"
#include "texts.h"

enum outcome { IS_MADE, IS_CHANGED, IS_SAME };
struct importing {
  struct arena *mem; /* of the caller: problems live there */
  struct org_import *io;
  struct org_session *s;
  struct org *tree;
  size_t from, end; /* the portion */
  struct counts {
    size_t bad, made, changed, same, differ;
  } before;           /* it */
  bool dry, finished; /* finished: every row was tried */
  bool compare;       /* with the outcomes of the trial before */
};

static struct str cell(const struct importing *w, const struct sheet_row *r, const char *key) {
  return sheet_cell(&w->io->sheet, r, key);
}
/* A refusal that says there is nothing to do. */
static bool is_same(bool ok, int msg, struct err *e, bool *out_same) {
  *out_same = !ok && e->msg == msg;
  if (*out_same) *e = (struct err){0};
  return ok || *out_same;
}
/* A word of the data by itself or by what people call it: 学校, School, school. */
static struct str word_of(struct importing *w, const char *head, const struct str *words, size_t n, struct str typed) {
  for (size_t i = 0; i < n; i++) {
    const int msg = msg_find(str_fmt(w->s->mem, "%s" STRF, head, STRA(words[i])));
    if (str_eq(typed, words[i]) ||
        (msg && (str_eq(typed, msg_template(LANG_ZH, msg)) || str_eq(typed, msg_template(LANG_EN, msg)))))
      return words[i];
  }
  return typed;
}

/* ---- units ---- */

static struct str kind_typed(struct importing *w, struct str typed) {
  struct str words[ORG_KINDS_MAX];
  for (size_t i = 0; i < w->s->rules->kind_count; i++) words[i] = w->s->rules->kinds[i].name;
  return word_of(w, "unit_kind_", words, w->s->rules->kind_count, typed);
}
static struct str stage_typed(struct importing *w, struct str kind, struct str typed) {
  const struct org_kind *k = org_kind(w->s->rules, kind);
  return k ? word_of(w, "unit_stage_", k->stages, k->stage_count, typed) : typed;
}
static const struct org_unit *unit_there(struct importing *w, struct str id, struct str name, struct str parent) {
  const int32_t today = date_to_days(w->s->today);
  org_list list = {0};
  const struct org_unit *u = id.len ? org_find(w->tree, id) : NULL;
  if (u || id.len) return u;
  org_called(w->tree, w->s->mem, name, &list);
  for (size_t i = 0; i < list.len; i++) {
    const struct org_version *v = org_on(list.at[i], today);
    if (v && str_eq(v->name, name) && str_eq(v->parent, parent)) return list.at[i];
  }
  return NULL;
}
static bool add_aliases(struct importing *w, struct str unit, struct str typed, struct err *e) {
  struct str rest = str_replace(w->s->mem, typed, STR(";"), STR("；")), one = {0};
  while (rest.len) {
    if (!str_cut(rest, STR("；"), &one, &rest)) one = rest, rest = (struct str){0};
    TRY(org_words(one, &one, e));
    if (one.len) TRY(org_unit_alias(w->s, unit, one, e));
  }
  return true;
}
static bool is_id(struct str id) {
  for (size_t i = 0; i < id.len; i++)
    if (!((id.at[i] >= 'a' && id.at[i] <= 'z') || (id.at[i] >= '0' && id.at[i] <= '9'))) return false;
  return id.len <= 32;
}
static bool unit_as_it_is(struct importing *w, const struct org_unit *u, const struct org_order *o, enum outcome *out,
                          struct err *e) {
  const struct org_version *v = org_on(u, date_to_days(w->s->today));
  bool same = false;
  if (!v || !str_eq(v->name, o->name) || !str_eq(v->parent, o->parent) || !str_eq(v->kind, o->kind))
    return fail(e, ERR_GUARD, MSG_import_other_unit, "name", v ? v->name : vec_last(&u->versions).name);
  TRY(is_same(org_unit_describe(w->s, u->id, 0, &o->details, e), MSG_org_same, e, &same));
  *out = same ? IS_SAME : IS_CHANGED;
  return true;
}
static bool unit_row(struct importing *w, const struct sheet_row *r, enum outcome *out, struct err *e) {
  struct org_order o = {.deed = ORG_FOUND, .unit = cell(w, r, "id"), .day = cell(w, r, "founded")};
  struct str iso = {0}, id = {0};
  int64_t place = 0;
  o.kind = kind_typed(w, cell(w, r, "kind"));
  o.details = (struct org_details){stage_typed(w, o.kind, cell(w, r, "stage")), cell(w, r, "credit"),
                                   cell(w, r, "school"), cell(w, r, "region")};
  TRY(org_words(cell(w, r, "name"), &o.name, e));
  TRY(org_day(w->s, o.day, date_iso(w->s->mem, w->s->today), &iso, e));
  if (!is_id(o.unit)) return fail(e, ERR_INVALID, MSG_import_bad_id, "value", str_slice(o.unit, 0, 60));
  if (cell(w, r, "place").len && (!str_to_int(cell(w, r, "place"), &place) || place < 0 || place > 1000000))
    return fail(e, ERR_INVALID, MSG_import_bad_place, "value", str_slice(cell(w, r, "place"), 0, 60));
  o.place = (int)place;
  o.parent = STR("");
  if (cell(w, r, "parent").len)
    TRY(org_find_named(w->tree, cell(w, r, "parent"), date_to_days(w->s->today), &o.parent, e));
  const struct org_unit *u = unit_there(w, o.unit, o.name, o.parent);
  if (u) {
    TRY(unit_as_it_is(w, u, &o, out, e));
    return add_aliases(w, u->id, cell(w, r, "aliases"), e);
  }
  *out = IS_MADE;
  TRY(org_unit_do(w->s, &o, &id, e));
  return add_aliases(w, id, cell(w, r, "aliases"), e);
}

/* ---- people ---- */

static bool by_number(struct importing *w, enum code_kind kind, struct str typed, struct str name, struct str *out,
                      struct err *e) {
  struct register_people same = {0};
  struct err ignored = {0};
  struct str code = {0};
  if (!typed.len || !code_check(w->s->mem, w->s->codes, kind, w->s->today, typed, &code, &ignored)) return true;
  TRY(register_store_same(w->s->tx, w->s->mem, kind, code, &same, e));
  vec_each(const struct str, id, &same) {
    struct sql_person_get row = {0};
    TRY(sql_person_get(w->s->tx, w->s->mem, &(struct sql_person_get_in){STORE_TENANT, *id}, &row, NULL, e));
    if (kind != CODE_PHONE || str_eq(row.name, name)) *out = *id; /* a telephone alone may be a family's */
  }
  return true;
}
/* The person of a row, made when there is none: by id, else by a number, else by name and telephone. */
static bool person_row(struct importing *w, struct org_person *p, enum outcome *out, struct err *e) {
  struct sql_person_get row = {0};
  bool found = false, same = false;
  if (!is_id(p->id)) return fail(e, ERR_INVALID, MSG_import_bad_id, "value", str_slice(p->id, 0, 60));
  TRY(org_words(p->name, &p->name, e));
  if (p->id.len)
    TRY(sql_person_get(w->s->tx, w->s->mem, &(struct sql_person_get_in){STORE_TENANT, p->id}, &row, &found, e));
  if (!p->id.len) {
    TRY(by_number(w, CODE_PHONE, p->phone, p->name, &p->id, e));
    TRY(by_number(w, CODE_PUPIL, p->pupil_code, p->name, &p->id, e));
    TRY(by_number(w, CODE_IDENTITY, p->identity, p->name, &p->id, e));
    found = p->id.len > 0;
  }
  if (!found) {
    *out = IS_MADE;
    return w->io->may_keep ? org_person_add(w->s, p, &p->id, e) : fail(e, ERR_FORBIDDEN, MSG_import_not_keep);
  }
  TRY(is_same(org_person_change(w->s, p, 0, true, e), MSG_org_same, e, &same));
  *out = same ? IS_SAME : IS_CHANGED;
  return same || w->io->may_keep || fail(e, ERR_FORBIDDEN, MSG_import_not_keep);
}
static bool post_row(struct importing *w, struct org_post_order *p, struct str unit, enum outcome *out, struct err *e) {
  struct str day = {0};
  bool same = false;
  TRY(org_day(w->s, p->from, date_iso(w->s->mem, w->s->today), &day, e));
  TRY(org_find_named(w->tree, unit, date_to_days(w->s->today), &p->unit, e));
  TRY(is_same(org_post_add(w->s, p, NULL, e), MSG_people_post_twice, e, &same));
  if (!same && *out == IS_SAME) *out = IS_CHANGED;
  return true;
}
static bool people_row(struct importing *w, const struct sheet_row *r, enum outcome *out, struct err *e) {
  struct org_person p = {.id = cell(w, r, "id"),
                         .name = cell(w, r, "name"),
                         .identity = cell(w, r, "identity"),
                         .phone = cell(w, r, "phone")};
  const struct str unit = cell(w, r, "unit"), role = cell(w, r, "role");
  TRY(person_row(w, &p, out, e));
  if (!unit.len && !role.len) return true;
  if (!unit.len || !role.len) return fail(e, ERR_INVALID, MSG_import_unit_and_role);
  struct org_post_order post = {.person = p.id,
                                .role = role,
                                .title = cell(w, r, "title"),
                                .from = cell(w, r, "from"),
                                .until = cell(w, r, "until")};
  const enum outcome person = *out;
  TRY(post_row(w, &post, unit, out, e));
  if (*out == person && person != IS_MADE) return true; /* the post is there already */
  if (!w->io->may_grant) return fail(e, ERR_FORBIDDEN, MSG_import_not_grant);
  return !str_eq(p.id, w->io->self) || !p.id.len || fail(e, ERR_GUARD, MSG_admin_self);
}
/* Somebody who is there, by id, or by a name that only one person has. */
static bool person_there(struct importing *w, struct str id, struct str name, struct str *out, struct err *e) {
  struct sql_person_get row = {0};
  struct sql_person_named_rows rows = {0};
  bool found = false;
  *out = id;
  if (!id.len) {
    TRY(sql_person_named(w->s->tx, w->s->mem, &(struct sql_person_named_in){STORE_TENANT, name}, 2, &rows, e));
    if (rows.len == 1) *out = rows.at[0].id;
    if (!rows.len) return fail(e, ERR_NOT_FOUND, MSG_people_not_named, "name", str_slice(name, 0, 200));
    return rows.len == 1 || fail(e, ERR_INVALID, MSG_people_several, "name", str_slice(name, 0, 90));
  }
  TRY(sql_person_get(w->s->tx, w->s->mem, &(struct sql_person_get_in){STORE_TENANT, id}, &row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_none);
  return str_eq(row.name, name) || fail(e, ERR_GUARD, MSG_import_other_person, "name", row.name);
}
static bool posts_row(struct importing *w, const struct sheet_row *r, enum outcome *out, struct err *e) {
  struct org_post_order post = {.role = cell(w, r, "role"),
                                .title = cell(w, r, "title"),
                                .from = cell(w, r, "from"),
                                .until = cell(w, r, "until")};
  if (!w->io->may_grant) return fail(e, ERR_FORBIDDEN, MSG_import_not_grant);
  TRY(person_there(w, cell(w, r, "id"), cell(w, r, "name"), &post.person, e));
  if (str_eq(post.person, w->io->self)) return fail(e, ERR_GUARD, MSG_admin_self);
  TRY(post_row(w, &post, cell(w, r, "unit"), out, e));
  if (*out == IS_CHANGED) *out = IS_MADE;
  return true;
}
static bool guardian_cells(struct importing *w, const struct sheet_row *r, int n, struct str pupil, enum outcome *out,
                           struct err *e) {
  static const char *const keys[2][6] = {{"g1_id", "g1", "g1_kin", "g1_phone", "g1_identity", "g1_from"},
                                         {"g2_id", "g2", "g2_kin", "g2_phone", "g2_identity", "g2_from"}};
  struct org_person p = {.id = cell(w, r, keys[n][0]),
                         .name = cell(w, r, keys[n][1]),
                         .phone = cell(w, r, keys[n][3]),
                         .identity = cell(w, r, keys[n][4])};
  enum outcome person = IS_SAME;
  bool same = false;
  if (!p.name.len && !p.id.len && !p.phone.len && !p.identity.len) return true;
  TRY(person_row(w, &p, &person, e));
  const struct str kin = word_of(w, "kin_", w->s->rules->kin, w->s->rules->kin_count, cell(w, r, keys[n][2]));
  TRY(is_same(org_guardian_add(w->s, p.id, pupil, kin, cell(w, r, keys[n][5]), STR(""), e), MSG_people_guardian_twice,
              e, &same));
  if ((!same || person != IS_SAME) && *out == IS_SAME) *out = IS_CHANGED;
  return true;
}
static bool pupil_row(struct importing *w, const struct sheet_row *r, enum outcome *out, struct err *e) {
  struct org_person p = {.id = cell(w, r, "id"),
                         .name = cell(w, r, "name"),
                         .identity = cell(w, r, "identity"),
                         .pupil_code = cell(w, r, "pupil_code"),
                         .is_pupil = true};
  TRY(person_row(w, &p, out, e));
  struct org_post_order post = {
      .person = p.id, .role = STR("pupil"), .from = cell(w, r, "from"), .until = cell(w, r, "until")};
  if (!cell(w, r, "class").len) return fail(e, ERR_INVALID, MSG_import_no_class);
  TRY(post_row(w, &post, cell(w, r, "class"), out, e));
  for (int n = 0; n < 2; n++) TRY(guardian_cells(w, r, n, p.id, out, e));
  return true;
}

/* ---- the whole ---- */

static struct str outcome_says(struct importing *w, char outcome) {
  const int msg = outcome == 'n'   ? MSG_import_is_new
                  : outcome == 'c' ? MSG_import_is_changed
                  : outcome == 's' ? MSG_import_is_same
                                   : MSG_import_is_bad;
  return msg_text(w->mem, w->io->lang, msg, NULL, 0);
}
/* A row that is wrong says so by itself. */
static void note_outcome(struct importing *w, size_t i, char outcome) {
  struct org_import *io = w->io;
  io->outcomes[i] = outcome;
  if (!w->compare || outcome == 'b' || io->tried.at[i] == outcome) return;
  const struct msg_arg args[] = {{"was", outcome_says(w, io->tried.at[i])}, {"now", outcome_says(w, outcome)}};
  io->problems[i] = msg_text(w->mem, io->lang, MSG_import_row_differs, args, COUNT_OF(args));
  io->differ++;
}
/* A row that is wrong is noted; what the store itself refuses ends the run. */
static bool try_row(struct importing *w, size_t i, struct err *e) {
  static bool (*const runs[])(struct importing *, const struct sheet_row *, enum outcome *, struct err *) = {
      unit_row, people_row, posts_row, pupil_row};
  struct org_import *io = w->io;
  struct err wrong = {0};
  enum outcome outcome = IS_SAME;
  io->problems[i] = STR("");
  if (runs[io->what](w, &io->sheet.rows.at[i], &outcome, &wrong)) {
    io->made += outcome == IS_MADE;
    io->changed += outcome == IS_CHANGED;
    io->same += outcome == IS_SAME;
    note_outcome(w, i, outcome == IS_MADE ? 'n' : outcome == IS_CHANGED ? 'c' : 's');
    return true;
  }
  if (err_http(wrong.code) >= 500) {
    *e = wrong;
    return false;
  }
  io->problems[i] = err_says(w->mem, io->lang, &wrong);
  io->bad++;
  note_outcome(w, i, 'b');
  return true;
}
static bool run(struct org_session *s, void *arg, struct err *e) {
  struct importing *w = arg;
  struct org_import *io = w->io;
  w->s = s;
  w->finished = false; /* the act may run again */
  io->bad = w->before.bad;
  io->made = w->before.made;
  io->changed = w->before.changed;
  io->same = w->before.same;
  io->differ = w->before.differ;
  TRY(org_session_tree(s, &w->tree, e));
  for (size_t i = w->from; i < w->end; i++) TRY(try_row(w, i, e));
  w->finished = true;
  return (!w->dry && !io->bad && !io->differ) || fail(e, ERR_GUARD, MSG_import_not_taken);
}
static bool same_cell(const struct org_import *io, size_t i, const char *key) {
  return str_eq(sheet_cell(&io->sheet, &io->sheet.rows.at[i], key),
                sheet_cell(&io->sheet, &io->sheet.rows.at[i - 1], key));
}
static size_t portion_end(const struct org_import *io, size_t from) {
  const size_t n = io->sheet.rows.len;
  size_t end = from + IMPORT_PORTION;
  if (io->what == ORG_UNITS || end >= n) return n;
  while (end < n && end < from + 2 * IMPORT_PORTION && same_cell(io, end, "id") && same_cell(io, end, "name")) end++;
  return end;
}
/* Portion by portion; one with a row that is wrong is not written, nor is any behind it. */
static bool run_all(struct store *store, const struct plans_who *who, struct importing *w, bool dry, struct err *e) {
  struct org_import *io = w->io;
  io->bad = io->made = io->changed = io->same = io->differ = 0;
  w->dry = dry;
  for (w->from = 0; w->from < io->sheet.rows.len && (dry || (!io->bad && !io->differ)); w->from = w->end) {
    w->end = portion_end(io, w->from);
    w->before = (struct counts){io->bad, io->made, io->changed, io->same, io->differ};
    if (org_write(store, who, run, w, e)) {
      io->written = w->end;
      continue;
    }
    if (!w->finished || e->msg != MSG_import_not_taken) return false;
    *e = (struct err){0};
  }
  return true;
}

/* ---- numbers that stand twice ---- */

struct numbered {
  struct str number, id;
  size_t row;
};
static int by_number_and_row(const void *a, const void *b) {
  const struct numbered *x = a, *y = b;
  const int c = str_cmp(x->number, y->number);
  return c ? c : (x->row > y->row) - (x->row < y->row);
}
/* Portions are tried apart, and do not see that a number is given to two people of the sheet. */
static void find_twice(struct importing *w, const char *key) {
  struct org_import *io = w->io;
  const size_t n = io->sheet.rows.len;
  struct numbered *all = arena_new_n(w->mem, struct numbered, n);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    const struct str number = cell(w, &io->sheet.rows.at[i], key), id = cell(w, &io->sheet.rows.at[i], "id");
    if (number.len && id.len) all[count++] = (struct numbered){number, id, i};
  }
  if (count) qsort(all, count, sizeof *all, by_number_and_row);
  for (size_t i = 1; i < count; i++) {
    if (!str_eq(all[i].number, all[i - 1].number) || str_eq(all[i].id, all[i - 1].id)) continue;
    const struct msg_arg arg = {"person", cell(w, &io->sheet.rows.at[all[i - 1].row], "name")};
    if (io->problems[all[i].row].len) continue;
    io->problems[all[i].row] = msg_text(w->mem, io->lang, MSG_people_taken, &arg, 1);
    io->bad++;
  }
}

bool org_import(struct store *store, struct arena *mem, const struct plans_who *who, struct org_import *io,
                struct err *e) {
  struct importing w = {.mem = mem, .io = io};
  struct source source = {0};
  if (io->bytes.len > IMPORT_FILE_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_import_too_large, "limit", str_fmt(mem, "%d MB", IMPORT_FILE_MAX >> 20));
  TRY(source_open(mem, io->name, io->bytes, true, &source, e));
  if (source.container != SOURCE_CSV && source.container != SOURCE_XLSX && source.container != SOURCE_TEXT)
    return fail(e, ERR_INVALID, MSG_import_wrong_file);
  TRY(sheet_read(mem, org_sheet_form(io->what), &source, &io->sheet, e));
  io->problems = arena_new_n(mem, struct str, io->sheet.rows.len);
  io->outcomes = arena_take(mem, io->sheet.rows.len);
  w.compare = !io->dry && io->tried.len == io->sheet.rows.len;
  const bool one = io->sheet.rows.len <= portion_end(io, 0); /* tries and takes at once */
  TRY(run_all(store, who, &w, io->dry || !one, e));
  if (!one && (io->what == ORG_PEOPLE || io->what == ORG_PUPILS)) find_twice(&w, "identity");
  if (!one && io->what == ORG_PUPILS) find_twice(&w, "pupil_code");
  w.compare = false; /* what one portion has made is there for the next, which it was not in the trial */
  if (!io->dry && !one && !io->bad && !io->differ) TRY(run_all(store, who, &w, false, e));
  io->taken = io->written == io->sheet.rows.len;
  return true;
}
