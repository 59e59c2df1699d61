/* Handing out: what is chosen becomes a list of records that are to be made, tasks with their targets and deliverables behind them, and
 * is made whole in one transaction with the event of the plan. */
#include "app/assign.h"
#include "app/ledger.h"
#include "app/plans_int.h"
#include "engine/plan/correct.h"
#include "engine/plan/render.h"
#include "texts.h"

struct handing {
  struct web_request *rq;
  struct arena *mem;
  const struct plan_view *v;
  const struct hand_choice *choices;
  size_t n;
  struct hand_done *done;
  ledger_births births;
  /* of the item that is being handed out */
  const struct item *it;
  const struct correct_item *ci;
  const struct hand_item *h;
  const struct hand_choice *choice;
  struct str source;
  int32_t *targets; /* where each target of the item stands among the births */
};

/* ---- one record ---- */

static int32_t birth(struct handing *h, const char *record, const char *act, struct str fact, struct str title,
                     struct str words) {
  vec_push(h->mem, &h->births) = (struct ledger_birth){.record = record,
                                                       .act = act,
                                                       .item = correct_key_text(h->mem, h->h->key),
                                                       .digest = correct_key_text(h->mem, h->h->digest),
                                                       .path = plans_item_step(h->mem, h->v, h->h->ref),
                                                       .fact = fact,
                                                       .title = title,
                                                       .words = words};
  return (int32_t)h->births.len - 1;
}
static void say(struct handing *h, const char *name, struct str text) {
  if (text.len) vec_push(h->mem, &vec_last(&h->births).said) = (struct ledger_said){name, text, LEDGER_NONE};
}
static void say_of(struct handing *h, const char *name, int32_t of) {
  if (of != LEDGER_NONE) vec_push(h->mem, &vec_last(&h->births).said) = (struct ledger_said){name, STR(""), of};
}
static struct str fact_key(const struct handing *h, enum fact_kind kind, int32_t index) {
  return correct_key_text(h->mem, h->ci->keys[kind].at[index]);
}
/* each-district: codes of lists have no hyphens. */
static void say_code(struct handing *h, const char *name, const char *word) {
  say(h, name, str_replace(h->mem, str_of(word), STR("-"), STR("_")));
}
static void say_number(struct handing *h, const char *name, bool has, struct dec value) {
  if (has) say(h, name, dec_text(h->mem, value));
}

/* ---- targets, deliverables ---- */

static void add_target(struct handing *h, int32_t index, int32_t task, int32_t total) {
  const struct target *t = &h->it->targets.at[index];
  const struct str title = render_target(h->mem, t, LANG_ZH);
  const struct str words = correct_words(h->v->plan, h->it, FACT_TARGET, index);
  const int year = t->year ? t->year : h->v->row.year;
  h->targets[index] =
      birth(h, "target.target", "set", fact_key(h, FACT_TARGET, index), title, words.len ? words : title);
  say(h, "title", title);
  say(h, "what", words.len ? words : title);
  say(h, "unit", h->choice->unit);
  say(h, "source", h->source);
  say_of(h, "task", task);
  say_of(h, "part_of", total);
  say_number(h, "goal", true, t->value);
  say_number(h, "goal_to", t->has_max, t->value_max);
  say_number(h, "goal_from", t->has_from, t->from);
  say(h, "goal_unit", t->unit);
  say_code(h, "bound", bound_word(t->bound));
  say_code(h, "strength", strength_word(t->strength));
  say_code(h, "level", level_word(t->level));
  if (year) say(h, "year", str_int(h->mem, year));
  say(h, "due", h->choice->due);
}
static void add_result(struct handing *h, int32_t index, int32_t task) {
  const struct deliverable *d = &h->it->deliverables.at[index];
  (void)birth(h, "deliverable.deliverable", "plan", fact_key(h, FACT_DELIVERABLE, index), d->title,
              correct_words(h->v->plan, h->it, FACT_DELIVERABLE, index));
  say(h, "title", d->title);
  say(h, "unit", h->choice->unit);
  say(h, "source", h->source);
  say_of(h, "task", task);
  say_code(h, "promised", stage_word(d->stage));
  say(h, "due", h->choice->due);
}

/* ---- tasks ---- */

/* A measure keeps the date of its own words as long as it is not later than the one that was chosen for the item. */
static struct str due_of(const struct handing *h, const struct assign_task *t) {
  const struct str own = date_iso(h->mem, t->due.to);
  const bool takes = t->measure != NO_INDEX && !t->due.inferred && h->choice->due.len;
  return takes && str_cmp(own, h->choice->due) < 0 ? own : h->choice->due;
}
static int32_t add_task(struct handing *h, const struct assign_task *t, int32_t above) {
  const bool starts = h->choice->unit.len && h->choice->due.len;
  const struct str due = due_of(h, t);
  const bool stated = h->choice->is_due_stated || !str_eq(due, h->choice->due);
  const int32_t task =
      birth(h, "task.task", starts ? "make" : "draft",
            t->measure == NO_INDEX ? STR("") : fact_key(h, FACT_MEASURE, t->measure), t->title, t->words);
  say(h, "title", t->title);
  say(h, "what", t->words);
  say(h, "kind", t->is_event ? STR("event") : STR("plan"));
  say(h, "unit", h->choice->unit);
  if (above == LEDGER_NONE) say(h, "joints", h->choice->others);
  say(h, "source", h->source);
  say_of(h, "parent", above);
  say(h, "due", due);
  say(h, "due_kind", stated ? STR("stated") : STR("derived"));
  vec_each(const int32_t, i, &t->targets) {
    const int32_t total = h->it->targets.at[*i].part_of;
    add_target(h, *i, task, total >= 0 ? h->targets[total] : LEDGER_NONE);
  }
  vec_each(const int32_t, i, &t->results) add_result(h, *i, task);
  return task;
}
static void add_item(struct handing *h) {
  assign_tasks tasks;
  int32_t above = LEDGER_NONE;
  h->source = assign_source(h->mem, h->v->plan, &h->v->plan->documents.at[h->h->ref.document], h->it);
  h->targets = arena_new_n(h->mem, int32_t, h->it->targets.len + 1);
  assign_item(h->mem, h->v->plan, h->it, h->choice->by, &tasks);
  vec_each(const struct assign_task, t, &tasks) {
    const int32_t task = add_task(h, t, above);
    if (t->measure == NO_INDEX) above = task;
  }
  h->done->items++;
}

/* ---- the act ---- */

static bool choose(struct handing *h, const hand_items *items, const struct hand_choice *c, struct err *e) {
  h->h = NULL;
  vec_each(const struct hand_item, x, items)
    if (x->key == c->key) h->h = x;
  if (!h->h) return fail(e, ERR_NOT_FOUND, MSG_ledger_no_item);
  h->it = &h->v->plan->documents.at[h->h->ref.document].items.at[h->h->ref.item];
  h->ci = &h->v->corrected->documents[h->h->ref.document].items[h->h->ref.item];
  h->choice = c;
  if (h->h->task.len) return fail(e, ERR_GUARD, MSG_ledger_handed_out, "item", h->it->title);
  return h->h->state != HAND_WAITS || fail(e, ERR_GUARD, MSG_ledger_not_accepted, "item", h->it->title);
}
static bool make(struct handing *h, struct store *tx, struct err *e) {
  struct event ev = plan_event_begin(page_who(h->rq), h->v->row.id, STR("assign"));
  struct ledger_from from = {.plan = h->v->row.id, .draft = h->v->row.draft};
  struct str *ids = arena_new_n(h->mem, struct str, h->births.len);
  if (h->births.len > HAND_RECORDS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_ledger_too_many, "limit", str_int(h->mem, HAND_RECORDS_MAX));
  event_add(&ev, STR("count"), str_int(h->mem, (int64_t)h->n));
  TRY(event_append(tx, h->mem, &ev, &from.seq, e) && ledger_make(h->rq, tx, &from, &h->births, ids, e));
  if (!ids[0].len) return fail(e, ERR_GUARD, MSG_ledger_no_package);
  for (size_t i = 0; i < h->births.len; i++) {
    const char *record = h->births.at[i].record;
    size_t *count = !strcmp(record, "task.task")       ? &h->done->tasks
                    : !strcmp(record, "target.target") ? &h->done->targets
                                                       : &h->done->results;
    *count += ids[i].len > 0;
  }
  return true;
}
static bool hand_out(struct store *tx, void *arg, struct err *e) {
  struct handing *h = arg;
  struct plan_row row = {0};
  hand_items items;
  bool found = false;
  *h->done = (struct hand_done){0};
  h->births = (ledger_births){0};
  TRY(page_may_on(h->rq, tx, "plan", h->v->row.id, MSG_plans_none, e));
  TRY(plan_store_row(tx, h->mem, h->v->row.id, &row, &found, e));
  if (!found || row.rev != h->v->row.rev) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  TRY(assign_items(tx, h->mem, h->v, &items, e));
  for (size_t i = 0; i < h->n; i++) {
    TRY(choose(h, &items, &h->choices[i], e));
    add_item(h);
  }
  return make(h, tx, e);
}
bool assign_hand_out(struct web_request *rq, const struct plan_view *v, const struct hand_choice *choices, size_t n,
                     struct hand_done *out, struct err *e) {
  struct handing h = {.rq = rq, .mem = rq->mem, .v = v, .choices = choices, .n = n, .done = out};
  if (!n) return fail(e, ERR_INVALID, MSG_ledger_none_chosen);
  if (n > HAND_ITEMS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_ledger_too_many_items, "limit", str_int(rq->mem, HAND_ITEMS_MAX));
  if (v->row.voided) return fail(e, ERR_GUARD, MSG_plans_is_void);
  return store_write(app_of(rq)->store, hand_out, &h, e);
}
