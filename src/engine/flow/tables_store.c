/* Installing: what a declaration needs that the database does not have yet. The declaration in force is kept as it was read, so that
 * the next version is compared with what really made the tables. */
#include "engine/flow/measure.h"
#include "engine/flow/tables.h"
#include "sql.h"
#include "store/compose.h"
#include "store/declared.h"
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

/* The records and fields of the declaration that made the tables, as far as tables go. */
static bool read_before(struct arena *mem, const struct flow_system *now, struct str said, struct package *out,
                        struct flow_system *before, struct err *e) {
  struct faults told = {.mem = mem, .file = STR("system.yaml"), .text = said};
  *out = (struct package){.name = now->name};
  vec_push(mem, &out->files) = (struct package_file){STR("system.yaml"), said};
  if (!system_read(&told, told.file, said, &out->system) || told.errors)
    return fail(e, ERR_CONFLICT, MSG_flow_installed_unread, "system", now->name);
  system_check(&told, out->system,
               now->typed->c.w); /* types of computed fields; what it tells was told when it was installed */
  return flow_fill(mem, now->typed->c.w, &now->typed->reader, out, before, e);
}
static bool has_rows(struct store *tx, struct arena *mem, struct str table, bool *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(mem);
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " LIMIT 1");
  struct store_stmt *s = compose_prepare(&c, tx, 1, e);
  if (!s) return false;
  const bool ok = store_step(s, out, e);
  store_reset(s);
  return ok;
}
/* What migrations/ say is to be done to the rows there are. Nothing does it yet: with rows of that record it is refused, so that
 * none is left in a state that is no more. */
static bool refuse_told(struct store *tx, struct arena *mem, const struct flow_system *now, const upgrade_lines *told,
                        struct err *e) {
  vec_each(const struct upgrade_line, x, told) {
    struct str section, rest, record, more;
    bool any = false;
    if (!str_cut(x->path, STR("."), &section, &rest) || !str_cut(rest, STR("."), &record, &more)) continue;
    const struct flow_record *r = flow_record_in(now, record);
    if (r) TRY(has_rows(tx, mem, r->table, &any, e));
    if (any) return fail(e, ERR_CONFLICT, MSG_flow_upgrade_migrates, "system", now->name, "path", x->path);
  }
  return true;
}
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
static bool may_upgrade(struct store *tx, struct arena *mem, const struct package *before,
                        const struct flow_system *now, bool is_draft, struct err *e) {
  struct faults told = {.mem = mem, .file = STR("system.yaml"), .text = said_of(now)};
  struct upgrade up = {0};
  upgrade_compare(&told, before, &now->package, &up);
  for (size_t i = 0; i < told.all.len; i++) {
    const struct fault *x = &told.all.at[i];
    if (fault_level(x->code) != FAULT_ERROR || (is_draft && x->code == FAULT_U010)) continue;
    (void)fail(e, ERR_CONFLICT, MSG_flow_upgrade_unsafe, "system", now->name, "code", str_of(fault_word(x->code)));
    (void)err_because(e, x->msg ? x->msg : fault_sentence(x->code), x->args, x->arg_count);
    return err_at(e, STR("system.yaml"), x->at.line, x->at.column);
  }
  return refuse_told(tx, mem, now, &up.told, e) && count_anew(tx, mem, now, &up.automatic, e);
}
static void rename_step(struct arena *mem, const struct flow_record *r, struct str from, struct str to,
                        flow_steps *out) {
  vec_push(mem, out) = str_fmt(mem, "ALTER TABLE \"" STRF "\" RENAME COLUMN \"" STRF "\" TO \"" STRF "\"",
                               STRA(r->table), STRA(from), STRA(to));
}
static void change_record(struct arena *mem, const struct flow_record *before, const struct flow_record *now,
                          flow_steps *out) {
  vec_each(const struct flow_field, f, &now->fields) {
    const struct flow_field *was = flow_field(before, has_word(f->field->was) ? f->field->was.text : f->name);
    if (!was || was->place != f->place) {
      flow_table_column(mem, now, f, out);
      continue;
    }
    for (int i = 0; i < 3; i++)
      if (f->column[i].len && !str_eq(f->column[i], was->column[i]))
        rename_step(mem, now, was->column[i], f->column[i], out);
  }
}
static bool upgrade(const struct flow *f, const struct flow_system *s, const struct sql_system_installed_get *is,
                    struct store *tx, struct arena *mem, int64_t now_us, struct err *e) {
  struct package package;
  struct flow_system before;
  flow_steps steps = {0};
  if (s->system->version.n < is->version)
    return fail(e, ERR_CONFLICT, MSG_flow_version_lower, "system", s->name, "n", str_int(mem, is->version));
  if (!str_eq(is->said, said_of(s))) {
    TRY(read_before(mem, s, is->said, &package, &before, e) && may_upgrade(tx, mem, &package, s, f->is_draft, e));
    vec_each(const struct flow_record, r, &s->records) {
      const struct flow_record *was = flow_record_in(&before, r->record->head.name.text);
      if (was) change_record(mem, was, r, &steps);
      else flow_table_record(mem, r, &steps);
    }
  }
  TRY(run_steps(tx, mem, &steps, e));
  return sql_system_installed_change(tx,
                                     &(struct sql_system_installed_change_in){.tenant = STORE_TENANT,
                                                                              .system = s->name,
                                                                              .version = s->system->version.n,
                                                                              .digest = s->digest,
                                                                              .said = said_of(s),
                                                                              .at_us = now_us},
                                     NULL, e);
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
    else if (!str_eq(is.digest, s->digest)) TRY(upgrade(f, s, &is, tx, &mem, now_us, e));
  }
  return true;
}
