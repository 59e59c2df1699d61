/* A plan as the ledger goes through it: sections, and in each the items that are work. */
#include "app/assign.h"
#include "app/ledger_tree.h"
#include "engine/plan/correct.h"
#include "text/numeral.h"

struct str assign_section(struct arena *mem, const struct section *s) {
  if (s->number <= 0 || !s->title.len) return s->title;
  return str_fmt(mem, STRF "、" STRF, STRA(numeral_zh_text(mem, s->number)), STRA(s->title));
}
static void add_document(struct arena *mem, const struct plan_view *v, int32_t d, struct ledger_outline *out) {
  const struct document *doc = &v->plan->documents.at[d];
  const struct section *last = NULL;
  for (size_t i = 0; i < doc->items.len; i++) {
    const struct item *it = &doc->items.at[i];
    const struct section *s = &doc->sections.at[it->section];
    if (it->is_group) continue;
    if (s != last) vec_push(mem, &out->sections) = (struct ledger_section){.label = assign_section(mem, s)};
    last = s;
    vec_push(mem, &vec_last(&out->sections).entries) =
        (struct ledger_entry){correct_key_text(mem, v->corrected->documents[d].items[i].key),
                              plan_item_number(mem, v->plan, it), str_dup(mem, it->title)};
  }
}
bool ledger_outline(struct web_request *rq, struct str plan, struct ledger_outline *out, struct err *e) {
  AUTO_VIEW *v = NULL;
  struct plans_who *who = arena_new(rq->mem, struct plans_who);
  *who = *page_who(rq);
  who->act = STR("");
  TRY(plans_open(plans_of(rq), rq->mem, who, plan, 0, &v, e));
  *out = (struct ledger_outline){.id = str_dup(rq->mem, v->row.id), .title = str_dup(rq->mem, v->row.title)};
  out->can_assign = v->may.assign && !v->row.voided;
  for (size_t d = 0; d < v->plan->documents.len; d++) add_document(rq->mem, v, (int32_t)d, out);
  vec_each(struct ledger_section, s, &out->sections) {
    s->label = str_dup(rq->mem, s->label);
    vec_each(struct ledger_entry, x, &s->entries) x->number = str_dup(rq->mem, x->number);
  }
  return true;
}
