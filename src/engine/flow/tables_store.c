/* Installing: what a declaration needs that the database does not have yet. The declaration in force is kept as it was read, so that
 * the next version is compared with what really made the tables. What is to be done to records is upgrade_store.c. */
#include "declare/check.h"
#include "engine/flow/measure.h"
#include "engine/flow/tables_change_store.h"
#include "engine/flow/upgrade_plan.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

static struct str said_of(const struct flow_system *s) {
  const struct package_file *f = package_file(&s->package, STR("system.yaml"));
  return f ? f->text : STR("");
}
static bool run_steps(struct store *tx, struct arena *mem, const flow_steps *steps, struct err *e) {
  for (size_t i = 0; i < steps->len; i++) TRY(store_declare(tx, mem, steps->at[i], e));
  return true;
}
static bool install_new(const struct flow_system *s, struct store *tx, struct arena *mem, int64_t now_us,
                        struct err *e) {
  flow_steps steps = {0};
  flow_tables(mem, s, &steps);
  TRY(run_steps(tx, mem, &steps, e));
  return sql_system_installed_add(tx,
                                  &(struct sql_system_installed_add_in){.tenant = STORE_TENANT,
                                                                        .system = s->name,
                                                                        .version = s->system->version.n,
                                                                        .digest = s->digest,
                                                                        .said = said_of(s),
                                                                        .at_us = now_us},
                                  NULL, e);
}

/* ---- a later version ---- */

/* Measures that are new or mean something else: a label changes nothing. */
static bool is_of(struct str path, struct str measure) {
  struct str section, rest, name, more;
  if (!str_cut(path, STR("."), &section, &rest) || !str_eqz(section, "measures")) return false;
  if (!str_cut(rest, STR("."), &name, &more)) name = rest, more = (struct str){0};
  return str_eq(name, measure) && !str_eqz(more, "label");
}
static bool count_anew(struct store *tx, struct arena *mem, const struct flow_system *now, const upgrade_lines *lines,
                       struct err *e) {
  vec_each(const struct flow_measure, m, &now->measures) {
    bool changed = false;
    struct str system, name;
    if (m->how == FLOW_FORMULA || !str_cut(m->name, STR("."), &system, &name)) continue;
    vec_each(const struct upgrade_line, x, lines) changed |= is_of(x->path, name);
    if (changed) TRY(flow_facts_stale(m, tx, mem, e));
  }
  return true;
}
static bool may_upgrade(const struct flow_system *now, const struct faults *told, bool is_draft, struct err *e) {
  for (size_t i = 0; i < told->all.len; i++) {
    const struct fault *x = &told->all.at[i];
    if (fault_level(x->code) != FAULT_ERROR || (is_draft && x->code == FAULT_U010)) continue;
    (void)fail(e, ERR_CONFLICT, MSG_flow_upgrade_unsafe, "system", now->name, "code", str_of(fault_word(x->code)));
    (void)err_because(e, x->msg ? x->msg : fault_sentence(x->code), x->args, x->arg_count);
    return err_at(e, x->file, x->at.line, x->at.column);
  }
  return true;
}
/* Clocks that are no more: nothing of them comes. */
static bool silence_clocks(struct store *tx, struct arena *mem, const struct flow_plan *p, struct err *e) {
  vec_each(const struct flow_record, r, &p->now->records) {
    const struct flow_record *before = flow_record_in(&p->before, r->record->head.name.text);
    for (size_t i = 0; before && i < before->record->clocks.len; i++) {
      const struct str clock = str_dup(mem, before->record->clocks.at[i].head.name.text);
      if (part_find(&r->record->clocks, clock)) continue;
      TRY(sql_flow_clock_silence(tx, &(struct sql_flow_clock_silence_in){STORE_TENANT, r->name, clock}, NULL, e));
      TRY(sql_flow_clock_failed_silence(tx, &(struct sql_flow_clock_failed_silence_in){STORE_TENANT, r->name, clock},
                                        NULL, e));
    }
  }
  return true;
}
/* What names a field in the tables that all systems share. */
static bool rename_fields(struct store *tx, const struct flow_plan *p, struct err *e) {
  vec_each(const struct flow_record, r, &p->now->records) {
    const struct flow_record *before = flow_record_in(&p->before, r->record->head.name.text);
    if (!before) continue;
    vec_each(const struct flow_field, f, &r->fields) {
      const struct flow_field *was = flow_was(before, r, f);
      if (!was || str_eq(was->name, f->name)) continue;
      const struct sql_flow_file_field_in file = {STORE_TENANT, r->name, was->name, f->name};
      const struct sql_flow_version_field_in version = {STORE_TENANT, r->name, was->name, f->name};
      TRY(sql_flow_file_field(tx, &file, NULL, e) && sql_flow_version_field(tx, &version, NULL, e));
    }
  }
  return true;
}
static bool change_tables(struct store *tx, struct arena *mem, const struct flow_plan *p, struct err *e) {
  flow_made_list made;
  flow_steps steps = {0};
  TRY(flow_made_read(tx, mem, &made, e));
  vec_each(const struct flow_record, r, &p->now->records) {
    const struct flow_record *was = flow_record_in(&p->before, r->record->head.name.text);
    if (was) flow_tables_change(mem, was, r, &made, &steps);
    else flow_table_record(mem, r, &steps);
  }
  return run_steps(tx, mem, &steps, e);
}
static bool note_begun(struct store *tx, const struct flow_system *s, const struct sql_system_installed_get *is,
                       int64_t now_us, struct err *e) {
  TRY(sql_flow_upgrade_drop(tx, &(struct sql_flow_upgrade_drop_in){STORE_TENANT, s->name}, NULL, e));
  return sql_flow_upgrade_begin(tx,
                                &(struct sql_flow_upgrade_begin_in){.tenant = STORE_TENANT,
                                                                    .system = s->name,
                                                                    .from_version = is->version,
                                                                    .version = s->system->version.n,
                                                                    .said = is->said,
                                                                    .now = now_us},
                                NULL, e);
}
static bool upgrade(const struct flow *f, const struct flow_system *s, const struct sql_system_installed_get *is,
                    struct store *tx, struct arena *mem, int64_t now_us, struct err *e) {
  struct flow_plan plan;
  struct faults told;
  if (s->system->version.n < is->version)
    return fail(e, ERR_CONFLICT, MSG_flow_version_lower, "system", s->name, "n", str_int(mem, is->version));
  if (!str_eq(is->said, said_of(s))) {
    TRY(flow_plan_read(mem, s, is->said, &told, &plan, e) && may_upgrade(s, &told, f->is_draft, e));
    TRY(change_tables(tx, mem, &plan, e) && count_anew(tx, mem, s, &plan.said.automatic, e));
    TRY(silence_clocks(tx, mem, &plan, e) && rename_fields(tx, &plan, e) && note_begun(tx, s, is, now_us, e));
  }
  return sql_system_installed_change(tx,
                                     &(struct sql_system_installed_change_in){.tenant = STORE_TENANT,
                                                                              .system = s->name,
                                                                              .version = s->system->version.n,
                                                                              .digest = s->digest,
                                                                              .said = said_of(s),
                                                                              .at_us = now_us},
                                     NULL, e);
}
/* Half done means that some records are of the old version and some of the new: no third one can begin there. */
static bool is_whole(struct store *tx, struct arena *mem, const struct flow_system *s, struct err *e) {
  struct sql_flow_upgrade_get is = {0};
  bool there = false;
  TRY(sql_flow_upgrade_get(tx, mem, &(struct sql_flow_upgrade_get_in){STORE_TENANT, s->name}, &is, &there, e));
  if (!there || is.done_us) return true;
  return fail(e, ERR_CONFLICT, MSG_flow_upgrade_half, "system", s->name, "n", str_int(mem, is.version));
}

bool flow_install(const struct flow *f, struct store *tx, int64_t now_us, struct err *e) {
  for (size_t i = 0; i < f->systems.len; i++) {
    AUTO_ARENA mem = {0};
    const struct flow_system *s = f->systems.at[i];
    struct sql_system_installed_get is = {0};
    bool there = false;
    TRY(sql_system_installed_get(tx, &mem, &(struct sql_system_installed_get_in){STORE_TENANT, s->name}, &is, &there,
                                 e));
    if (!there) TRY(install_new(s, tx, &mem, now_us, e));
    else if (!str_eq(is.digest, s->digest)) TRY(is_whole(tx, &mem, s, e) && upgrade(f, s, &is, tx, &mem, now_us, e));
  }
  return true;
}
