/* Where a record of a package comes from: items of plans, with the words that stood there when it was handed out. Shown to whoever sees
 * the plan. */
#include "app/ledger.h"
#include "app/systems.h"
#include "app/views_system.h"
#include "sql.h"
#include "texts.h"

enum { ORIGINS_MOST = 50 };

bool ledger_origins_of(struct store *s, struct arena *mem, const struct who *w, struct str record, struct str id,
                       ledger_origins *out, struct err *e) {
  struct sql_origin_of_rows rows = {0};
  struct str *plans = NULL;
  bool *sees = NULL;
  *out = (ledger_origins){0};
  TRY(sql_origin_of(s, mem, &(struct sql_origin_of_in){STORE_TENANT, record, id, ORIGINS_MOST}, ORIGINS_MOST, &rows,
                    e));
  plans = arena_new_n(mem, struct str, rows.len + 1);
  sees = arena_new_n(mem, bool, rows.len + 1);
  for (size_t i = 0; i < rows.len; i++) plans[i] = rows.at[i].plan;
  TRY(who_filter(w, s, "plan", plans, rows.len, sees, e));
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_origin_of *r = &rows.at[i];
    if (!sees[i]) continue;
    vec_push(mem, out) = (struct ledger_origin){.plan = r->plan,
                                                .plan_title = r->plan_title,
                                                .item = r->item,
                                                .fact = r->fact,
                                                .path = r->path,
                                                .title = r->title,
                                                .words = r->words,
                                                .draft = r->draft,
                                                .share = r->share};
  }
  return true;
}

bool ledger_origins_json(struct system_run *x, const struct flow_row *row, struct json_out *j, struct err *e) {
  ledger_origins all;
  TRY(ledger_origins_of(x->run.session, x->run.mem, x->who, row->record->name, row->id, &all, e));
  json_open(j, "origins", '[');
  vec_each(const struct ledger_origin, o, &all) {
    json_open(j, NULL, '{');
    json_str(j, "plan", o->plan);
    json_str(j, "title", o->plan_title);
    json_str(j, "item", o->item);
    json_str(j, "path", o->path);
    json_str(j, "fact", o->fact);
    json_str(j, "words", o->words);
    json_close(j, '}');
  }
  json_close(j, ']');
  return true;
}
/* 《云岚市教育局2026年工作要点》2.9 */
bool ledger_origins_fill(struct system_run *x, const struct flow_row *row, view_links *out, struct err *e) {
  ledger_origins all;
  struct arena *mem = x->run.mem;
  TRY(ledger_origins_of(x->run.session, mem, x->who, row->record->name, row->id, &all, e));
  vec_each(const struct ledger_origin, o, &all) {
    const struct msg_arg args[] = {{"plan", o->plan_title}, {"path", o->path}};
    vec_push(mem, out) =
        (struct view_link){.href = str_fmt(mem, "/plans/" STRF "?item=" STRF "%s" STRF, STRA(o->plan), STRA(o->path),
                                           o->fact.len ? "&fact=" : "", STRA(o->fact)),
                           .label = msg_text(mem, x->run.lang, MSG_ledger_origin, args, COUNT_OF(args)),
                           .count = o->words};
  }
  return true;
}
