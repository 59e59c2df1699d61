/* Rows of the store as structs of the engine, and back. Keys of facts are stored as hex text, so that an analyst can join
 * them and no engine's integers matter. */
#include "engine/plan/plan_store.h"

#include "sql.h"
#include "texts.h"

#define ROW_OF(r)                                    \
  ((struct plan_row){.id = (r)->id,                  \
                     .unit = (r)->unit,              \
                     .title = (r)->title,            \
                     .issuer = (r)->issuer,          \
                     .number = (r)->number,          \
                     .year = (int)(r)->year,         \
                     .level = (r)->level,            \
                     .name = (r)->name,              \
                     .container = (r)->container,    \
                     .file = (r)->file,              \
                     .size = (r)->size,              \
                     .draft = (int)(r)->draft,       \
                     .voided = (r)->voided != 0,     \
                     .created_us = (r)->created_us,  \
                     .updated_us = (r)->updated_us,  \
                     .rev = (r)->rev,                \
                     .items = (int)(r)->items,       \
                     .accepted = (int)(r)->accepted, \
                     .errors = (int)(r)->errors,     \
                     .doubts = (int)(r)->doubts,     \
                     .documents = (int)(r)->documents})

static struct str lower(struct arena *mem, struct str s) {
  char *z = str_z(mem, s);
  for (size_t i = 0; i < s.len; i++) {
    if (z[i] >= 'A' && z[i] <= 'Z') z[i] = (char)(z[i] + 32);
  }
  return (struct str){z, s.len};
}
struct plan_row plan_store_listed(const struct list_row *row) {
#define TEXT(name) (row->at[SQL_plan_list_##name].s)
#define NUMBER(name) (row->at[SQL_plan_list_##name].n)
  return (struct plan_row){.id = TEXT(id),
                           .unit = TEXT(unit),
                           .title = TEXT(title),
                           .issuer = TEXT(issuer),
                           .number = TEXT(number),
                           .year = (int)NUMBER(year),
                           .level = TEXT(level),
                           .name = TEXT(name),
                           .container = TEXT(container),
                           .file = TEXT(file),
                           .size = NUMBER(size),
                           .draft = (int)NUMBER(draft),
                           .voided = NUMBER(voided) != 0,
                           .created_us = NUMBER(created_us),
                           .updated_us = NUMBER(updated_us),
                           .rev = NUMBER(rev),
                           .items = (int)NUMBER(items),
                           .accepted = (int)NUMBER(accepted),
                           .errors = (int)NUMBER(errors),
                           .doubts = (int)NUMBER(doubts),
                           .documents = (int)NUMBER(documents)};
#undef TEXT
#undef NUMBER
}
bool plan_store_newest(struct store *s, struct arena *mem, struct list_scope scope, size_t most, plan_rows *out,
                       struct err *e) {
  const struct store_value fixed[] = {store_text(STORE_TENANT)};
  const struct list_query q = {.fixed = fixed,
                               .scope = scope,
                               .filters = {{SQL_plan_list_voided, LIST_IS, store_number(0)}},
                               .filter_count = 1,
                               .sort = SQL_plan_list_created_us,
                               .id = SQL_plan_list_id,
                               .falling = true};
  list_rows rows = {0};
  TRY(store_list_rows(s, mem, &sql_plan_list, &q, most, &rows, e));
  for (size_t i = 0; i < rows.len; i++) vec_push(mem, out) = plan_store_listed(&rows.at[i]);
  return true;
}
bool plan_store_row(struct store *s, struct arena *mem, struct str id, struct plan_row *out, bool *out_found,
                    struct err *e) {
  struct sql_plan_get r = {0};
  TRY(sql_plan_get(s, mem, &(struct sql_plan_get_in){.tenant = STORE_TENANT, .id = id}, &r, out_found, e));
  if (*out_found) *out = ROW_OF(&r);
  return true;
}
bool plan_store_by_file(struct store *s, struct arena *mem, struct str file, size_t most, struct str *out_ids,
                        size_t *out_n, struct err *e) {
  struct sql_plan_by_file_rows rows = {0};
  const struct sql_plan_by_file_in in = {.tenant = STORE_TENANT, .file = file, .most = (int64_t)most};
  TRY(sql_plan_by_file(s, mem, &in, most, &rows, e));
  for (size_t i = 0; i < rows.len; i++) out_ids[i] = rows.at[i].id;
  *out_n = rows.len;
  return true;
}

static enum correct_act act_of(struct str word) {
  for (int i = 0; i < CORRECT_ACT_COUNT; i++) {
    if (str_eqz(word, correct_act_word((enum correct_act)i))) return (enum correct_act)i;
  }
  return CORRECT_SET;
}
bool plan_store_corrections(struct store *s, struct arena *mem, struct str id, corrections *out, struct err *e) {
  struct sql_correction_all_rows rows = {0};
  TRY(sql_correction_all(s, mem, &(struct sql_correction_all_in){.tenant = STORE_TENANT, .plan = id}, SIZE_MAX, &rows,
                         e));
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_correction_all *r = &rows.at[i];
    struct correction c = {.act = act_of(r->act),
                           .field = r->field,
                           .value = r->value,
                           .item_title = r->item_title,
                           .words = r->words,
                           .seq = r->seq,
                           .at_us = r->at_us,
                           .actor = r->actor,
                           .reason = r->reason};
    if (!correct_subject_of(r->subject, &c.subject) || !correct_key_of(r->fact, &c.key) ||
        !correct_key_of(r->item, &c.item))
      return fail(e, ERR_BUG, MSG_store_failed, "what", STR("plan_correction"));
    vec_push(mem, out) = c;
  }
  return true;
}
bool plan_store_acceptances(struct store *s, struct arena *mem, struct str id, acceptances *out, struct err *e) {
  struct sql_acceptance_all_rows rows = {0};
  TRY(sql_acceptance_all(s, mem, &(struct sql_acceptance_all_in){.tenant = STORE_TENANT, .plan = id}, SIZE_MAX, &rows,
                         e));
  for (size_t i = 0; i < rows.len; i++) {
    struct acceptance a = {.actor = rows.at[i].actor, .at_us = rows.at[i].at_us, .seq = rows.at[i].seq};
    if (!correct_key_of(rows.at[i].item, &a.item) || !correct_key_of(rows.at[i].digest, &a.digest))
      return fail(e, ERR_BUG, MSG_store_failed, "what", STR("plan_acceptance"));
    vec_push(mem, out) = a;
  }
  return true;
}

/* ---- inside an act ---- */

bool plan_store_put_file(struct store *s, struct arena *mem, struct str hash, struct str bytes, struct err *e) {
  struct sql_file_has has = {0};
  bool found = false;
  TRY(sql_file_has(s, mem, &(struct sql_file_has_in){.tenant = STORE_TENANT, .hash = hash}, &has, &found, e));
  return found || sql_file_insert(s,
                                  &(struct sql_file_insert_in){
                                      .tenant = STORE_TENANT, .hash = hash, .size = (int64_t)bytes.len, .bytes = bytes},
                                  NULL, e);
}
static struct str search_text(struct arena *mem, const struct plan_row *r) {
  return lower(mem, str_fmt(mem, STRF "\n" STRF "\n" STRF "\n" STRF, STRA(r->title), STRA(r->issuer), STRA(r->number),
                            STRA(r->name)));
}
static bool insert_draft(struct store *s, const struct plan_row *r, int year, struct str actor, int64_t at_us,
                         struct err *e) {
  return sql_plan_draft_insert(s,
                               &(struct sql_plan_draft_insert_in){.tenant = STORE_TENANT,
                                                                  .plan = r->id,
                                                                  .draft = r->draft,
                                                                  .name = r->name,
                                                                  .file = r->file,
                                                                  .year = year,
                                                                  .actor = actor,
                                                                  .at_us = at_us},
                               NULL, e);
}
bool plan_store_insert(struct store *s, struct arena *mem, const struct plan_row *r, int year, struct str actor,
                       struct err *e) {
  TRY(sql_plan_insert(s,
                      &(struct sql_plan_insert_in){.tenant = STORE_TENANT,
                                                   .id = r->id,
                                                   .unit = r->unit,
                                                   .title = r->title,
                                                   .issuer = r->issuer,
                                                   .number = r->number,
                                                   .year = r->year,
                                                   .level = r->level,
                                                   .name = r->name,
                                                   .container = r->container,
                                                   .file = r->file,
                                                   .size = r->size,
                                                   .at_us = r->created_us,
                                                   .items = r->items,
                                                   .errors = r->errors,
                                                   .doubts = r->doubts,
                                                   .documents = r->documents,
                                                   .search = search_text(mem, r)},
                      NULL, e));
  return insert_draft(s, r, year, actor, r->created_us, e);
}
bool plan_store_add_draft(struct store *s, const struct plan_row *r, int year, struct str actor, int64_t at_us,
                          struct err *e) {
  TRY(sql_plan_set_draft(s,
                         &(struct sql_plan_set_draft_in){.tenant = STORE_TENANT,
                                                         .id = r->id,
                                                         .draft = r->draft,
                                                         .name = r->name,
                                                         .container = r->container,
                                                         .file = r->file,
                                                         .size = r->size},
                         NULL, e));
  return insert_draft(s, r, year, actor, at_us, e);
}
bool plan_store_describe(struct store *s, struct arena *mem, const struct plan_row *r, struct err *e) {
  return sql_plan_describe(s,
                           &(struct sql_plan_describe_in){.tenant = STORE_TENANT,
                                                          .id = r->id,
                                                          .title = r->title,
                                                          .issuer = r->issuer,
                                                          .number = r->number,
                                                          .year = r->year,
                                                          .level = r->level,
                                                          .search = search_text(mem, r)},
                           NULL, e);
}
bool plan_store_changed(struct store *s, const struct plan_row *r, int64_t at_us, struct err *e) {
  int64_t changed = 0;
  TRY(sql_plan_change(s,
                      &(struct sql_plan_change_in){.tenant = STORE_TENANT,
                                                   .id = r->id,
                                                   .was = r->rev,
                                                   .at_us = at_us,
                                                   .items = r->items,
                                                   .accepted = r->accepted,
                                                   .errors = r->errors,
                                                   .doubts = r->doubts,
                                                   .documents = r->documents,
                                                   .accepted_all = r->items && r->items == r->accepted},
                      &changed, e));
  return changed == 1 || fail(e, ERR_CONFLICT, MSG_plans_conflict);
}
bool plan_store_void(struct store *s, const struct plan_row *r, bool voided, int64_t at_us, struct err *e) {
  int64_t changed = 0;
  TRY(sql_plan_set_voided(s,
                          &(struct sql_plan_set_voided_in){
                              .tenant = STORE_TENANT, .id = r->id, .was = r->rev, .at_us = at_us, .voided = voided},
                          &changed, e));
  return changed == 1 || fail(e, ERR_CONFLICT, MSG_plans_conflict);
}
bool plan_store_correction(struct store *s, struct arena *mem, struct str id, int64_t seq, int n,
                           const struct correction *c, struct err *e) {
  return sql_correction_insert(s,
                               &(struct sql_correction_insert_in){.tenant = STORE_TENANT,
                                                                  .plan = id,
                                                                  .seq = seq,
                                                                  .n = n,
                                                                  .act = str_of(correct_act_word(c->act)),
                                                                  .subject = str_of(correct_subject_word(c->subject)),
                                                                  .fact = correct_key_text(mem, c->key),
                                                                  .item = correct_key_text(mem, c->item),
                                                                  .field = c->field,
                                                                  .value = c->value,
                                                                  .item_title = c->item_title,
                                                                  .words = c->words,
                                                                  .actor = c->actor,
                                                                  .at_us = c->at_us,
                                                                  .reason = c->reason},
                               NULL, e);
}

bool plan_store_gaps(struct store *s, struct arena *mem, struct plan_gaps *out, struct err *e) {
  struct sql_plan_gaps r = {0};
  TRY(sql_plan_gaps(s, mem, &(struct sql_plan_gaps_in){STORE_TENANT}, &r, NULL, e));
  *out = (struct plan_gaps){r.files, r.unsearched, r.stray_search};
  return true;
}
