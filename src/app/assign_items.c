/* What the items of a plan would be handed out as: their units found in the organisation, what was handed out already. */
#include "app/assign.h"
#include "engine/plan/correct.h"
#include "engine/register/org.h"
#include "sql.h"

static const char *const state_words[HAND_STATE_COUNT] = {"waits", "no-unit", "ready", "done", "changed"};
const char *hand_state_word(enum hand_state s) { return state_words[s]; }

enum { HANDED_MOST = 100000, NAMED_MOST = 4 };

struct looking {
  struct store *s;
  struct arena *mem;
  const struct plan_view *v;
  struct sql_origin_handed_rows handed;
};

/* ---- units ---- */

/* Departments belong to one authority: those of another are never meant by their name alone. */
static bool is_inner(struct str kind) { return str_eqz(kind, "department") || str_eqz(kind, "class"); }
/* The one unit of this name: those under the plan's own come first, and one of them is enough. */
static bool find_unit(struct looking *l, struct str name, struct hand_unit *out, struct err *e) {
  struct sql_unit_called_rows rows = {0};
  size_t near = 0, far = 0;
  TRY(sql_unit_called(l->s, l->mem, &(struct sql_unit_called_in){STORE_TENANT, name, l->v->row.unit, NAMED_MOST},
                      NAMED_MOST, &rows, e));
  *out = (struct hand_unit){0};
  vec_each(const struct sql_unit_called, r, &rows) {
    near += r->near != 0;
    far += !r->near && !is_inner(r->kind);
    if (r->near ? near == 1 : !near && far == 1 && !is_inner(r->kind)) *out = (struct hand_unit){r->id, r->name};
  }
  if (near > 1 || (!near && far > 1)) *out = (struct hand_unit){0};
  return true;
}
static bool has_unit(const struct hand_item *h, struct str id) {
  if (str_eq(h->lead.id, id)) return true;
  vec_each(const struct hand_unit, u, &h->others)
    if (str_eq(u->id, id)) return true;
  return false;
}
static void add_unit(struct looking *l, struct hand_item *h, struct hand_unit u, bool leads) {
  if (has_unit(h, u.id)) return;
  if (leads && !h->lead.id.len) h->lead = u;
  else if (h->others.len < HAND_OTHERS_MAX) vec_push(l->mem, &h->others) = u;
}
/* 各县区教育局: all units of a kind under the plan's own. */
static bool add_all(struct looking *l, struct hand_item *h, struct str kind, struct err *e) {
  struct sql_unit_of_kind_rows rows = {0};
  TRY(sql_unit_of_kind(l->s, l->mem, &(struct sql_unit_of_kind_in){STORE_TENANT, kind, l->v->row.unit, HAND_OTHERS_MAX},
                       HAND_OTHERS_MAX, &rows, e));
  vec_each(const struct sql_unit_of_kind, r, &rows) add_unit(l, h, (struct hand_unit){r->id, r->name}, false);
  return true;
}
static bool add_party(struct looking *l, struct hand_item *h, const struct party *p, struct err *e) {
  const struct org_kind *all = org_kind_called(org_rules_known(), p->name);
  struct hand_unit u = {0};
  if (all) return add_all(l, h, all->name, e);
  TRY(find_unit(l, p->name, &u, e));
  if (u.id.len) add_unit(l, h, u, p->role == ROLE_LEAD);
  else vec_push(l->mem, &h->strangers) = p->name;
  return true;
}

/* ---- items ---- */

static const struct sql_origin_handed *handed(const struct looking *l, uint64_t key) {
  const struct str item = correct_key_text(l->mem, key);
  vec_each(const struct sql_origin_handed, r, &l->handed)
    if (str_eq(r->item, item)) return r;
  return NULL;
}
static void judge(struct looking *l, struct hand_item *h) {
  const struct sql_origin_handed *r = handed(l, h->key);
  const enum item_state accepted = l->v->items[h->ref.document][h->ref.item].state;
  h->state = !h->lead.id.len ? HAND_NO_UNIT : HAND_READY;
  if (accepted != ITEM_ACCEPTED) h->state = HAND_WAITS;
  if (!r) return;
  h->task = r->id;
  h->state = str_eq(r->digest, correct_key_text(l->mem, h->digest)) ? HAND_DONE : HAND_CHANGED;
}
static bool add_item(struct looking *l, struct item_ref ref, hand_items *out, struct err *e) {
  const struct item *it = &l->v->plan->documents.at[ref.document].items.at[ref.item];
  const struct correct_item *ci = &l->v->corrected->documents[ref.document].items[ref.item];
  struct hand_item h = {.ref = ref, .key = ci->key, .digest = ci->digest, .due = it->due};
  assign_tasks tasks;
  vec_each(const struct party, p, &it->parties) TRY(add_party(l, &h, p, e));
  assign_item(l->mem, l->v->plan, it, ASSIGN_ITEM, &tasks);
  h.tasks = assign_measures(it);
  h.targets = tasks.at[0].targets.len;
  h.results = tasks.at[0].results.len;
  judge(l, &h);
  vec_push(l->mem, out) = h;
  return true;
}
bool assign_items(struct store *s, struct arena *mem, const struct plan_view *v, hand_items *out, struct err *e) {
  struct looking l = {s, mem, v, {0}};
  *out = (hand_items){0};
  TRY(sql_origin_handed(s, mem, &(struct sql_origin_handed_in){STORE_TENANT, v->row.id, HANDED_MOST}, HANDED_MOST,
                        &l.handed, e));
  for (size_t d = 0; d < v->plan->documents.len; d++)
    for (size_t i = 0; i < v->plan->documents.at[d].items.len; i++)
      if (!v->plan->documents.at[d].items.at[i].is_group)
        TRY(add_item(&l, (struct item_ref){(int32_t)d, (int32_t)i}, out, e));
  return true;
}
