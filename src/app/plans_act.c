/* Changes to a plan. Each is read from what the person saw, checked, and written in one act: the event, the rows that
 * follow from it, the figures of the list and the new revision. When no revision was asked for and somebody was faster,
 * it is done again on what stands now. */
#include "app/find.h"
#include "app/plans_int.h"
#include "base/clock.h"
#include "sql.h"
#include "texts.h"

enum { RUNS_MAX = 5, REASON_BYTES = 4000 };

/* A field of the first document's head in the list: what the list and the text said before the correction. */
struct followed {
  struct str field, list, was;
};
struct edit_work {
  struct plans *service;
  struct arena *mem;
  const struct plans_who *who;
  struct plan_view *view;
  struct event event;
  bool undoable;
  corrections add;
  acceptances accept;
  VEC(uint64_t) unaccept;
  VEC(int64_t) retire;         /* seqs of corrections that this act replaces or drops */
  int64_t undo;                /* seq of the act that is taken back */
  VEC(struct followed) follow; /* fields of the list's row that go with this act */
  struct plan_row row;
};

struct event plan_event_begin(const struct plans_who *who, struct str id, struct str act) {
  struct event ev = {.at_us = who->now_us,
                     .valid = STR(""),
                     .actor = who->actor,
                     .record = STR("plan"),
                     .id = id,
                     .act = act,
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("reason"), str_slice(who->reason, 0, REASON_BYTES));
  return ev;
}
bool rev_is(const struct plan_row *row, int64_t seen) { return !seen || row->rev == seen; }

static bool begin(struct edit_work *c, struct str id, int64_t rev, bool void_too, struct err *e) {
  TRY(plans_open(c->service, c->mem, c->who, id, 0, &c->view, e));
  c->row = c->view->row;
  if (!rev_is(&c->row, rev)) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  if (c->row.voided && !void_too) return fail(e, ERR_GUARD, MSG_plans_is_void);
  return true;
}

/* ---- the act ---- */

static bool undo_rows(struct store *tx, struct edit_work *c, int64_t seq, struct err *e) {
  const struct str id = c->row.id;
  int64_t changed = 0;
  TRY(sql_plan_act_undo(tx, &(struct sql_plan_act_undo_in){STORE_TENANT, id, c->undo, seq}, &changed, e));
  if (changed != 1) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  TRY(sql_correction_undo(tx, &(struct sql_correction_undo_in){STORE_TENANT, id, c->undo, seq}, NULL, e));
  TRY(sql_correction_redo(tx, &(struct sql_correction_redo_in){STORE_TENANT, id, c->undo}, NULL, e));
  TRY(sql_acceptance_end_act(tx, &(struct sql_acceptance_end_act_in){STORE_TENANT, id, c->undo, seq}, NULL, e));
  TRY(sql_acceptance_redo(tx, &(struct sql_acceptance_redo_in){STORE_TENANT, id, c->undo}, NULL, e));
  return sql_link_undo(tx, &(struct sql_link_undo_in){STORE_TENANT, id, c->undo, seq}, NULL, e);
}
static bool write_rows(struct store *tx, struct edit_work *c, int64_t seq, struct err *e) {
  const struct str id = c->row.id;
  for (size_t i = 0; i < c->retire.len; i++)
    TRY(sql_correction_undo(tx, &(struct sql_correction_undo_in){STORE_TENANT, id, c->retire.at[i], seq}, NULL, e));
  if (c->undo) TRY(undo_rows(tx, c, seq, e));
  for (size_t i = 0; i < c->add.len; i++) TRY(plan_store_correction(tx, c->mem, id, seq, (int)i, &c->add.at[i], e));
  for (size_t i = 0; i < c->unaccept.len; i++) {
    TRY(sql_acceptance_end_item(
        tx, &(struct sql_acceptance_end_item_in){STORE_TENANT, id, correct_key_text(c->mem, c->unaccept.at[i]), seq},
        NULL, e));
  }
  for (size_t i = 0; i < c->accept.len; i++) {
    const struct str item = correct_key_text(c->mem, c->accept.at[i].item);
    TRY(sql_acceptance_end_item(tx, &(struct sql_acceptance_end_item_in){STORE_TENANT, id, item, seq}, NULL, e));
    TRY(sql_acceptance_insert(
        tx,
        &(struct sql_acceptance_insert_in){.tenant = STORE_TENANT,
                                           .plan = id,
                                           .seq = seq,
                                           .item = item,
                                           .digest = correct_key_text(c->mem, c->accept.at[i].digest),
                                           .actor = c->who->actor,
                                           .at_us = c->who->now_us},
        NULL, e));
  }
  if (c->undoable)
    TRY(sql_plan_act_insert(tx, &(struct sql_plan_act_insert_in){STORE_TENANT, id, seq, c->event.act}, NULL, e));
  return true;
}
/* A title or year that was given at the upload and not read from the text comes back by undoing; else the list says
 * what the corrected text says. */
static struct str list_value(const struct edit_work *c, const struct followed *x, const struct correct_result *r) {
  struct plan_row was = c->row, list = c->row;
  row_follow(&was, x->field, x->was);
  row_follow(&list, x->field, x->list);
  const bool given = !str_eq(was.title, list.title) || !str_eq(was.number, list.number) || was.year != list.year ||
                     !str_eq(was.issuer, list.issuer);
  if (c->undo && given) return x->list;
  return correct_value(c->mem, r, 0, NO_INDEX, CORRECT_DOCUMENT, 0, correct_field(CORRECT_DOCUMENT, x->field));
}
/* The list's figures follow from the rows as they now stand. */
static bool write_figures(struct store *tx, struct edit_work *c, struct err *e) {
  AUTO_ARENA mem = {0};
  corrections list = {0};
  acceptances accepted = {0};
  struct correct_result r;
  TRY(plan_store_corrections(tx, &mem, c->row.id, &list, e));
  TRY(plan_store_acceptances(tx, &mem, c->row.id, &accepted, e));
  correct_apply(&mem, c->view->compiled, list.at, list.len, &r);
  const struct figures f = figures_of(&r, &accepted);
  struct plan_row row = c->row;
  row.items = f.items;
  row.accepted = f.accepted;
  row.errors = f.errors;
  row.doubts = f.doubts;
  row.documents = f.documents;
  vec_each(const struct followed, x, &c->follow) row_follow(&row, x->field, list_value(c, x, &r));
  if (c->follow.len) TRY(plan_store_describe(tx, c->mem, &row, e));
  if (c->add.len || c->retire.len || c->undo) TRY(find_put_plan(tx, &row, &r.plan, e));
  return plan_store_changed(tx, &row, c->who->now_us, e);
}
static bool write_change(struct store *tx, void *arg, struct err *e) {
  struct edit_work *c = arg;
  int64_t seq = 0;
  TRY(plans_may(tx, c->who, c->row.id, e));
  TRY(event_append(tx, c->mem, &c->event, &seq, e));
  TRY(write_rows(tx, c, seq, e));
  return write_figures(tx, c, e);
}

/* Prepares with `prepare` and writes; again from the start after a conflict that the person did not ask to hear of. */
typedef bool (*prepare_change)(struct edit_work *c, const void *what, struct err *e);
struct ask {
  struct plans *service;
  struct arena *mem;
  const struct plans_who *who;
  struct str id;
  int64_t rev;
  bool void_too;
};
static bool try_change(const struct ask *a, prepare_change prepare, const void *what, struct err *e) {
  struct edit_work *c = arena_new(a->mem, struct edit_work);
  c->service = a->service;
  c->mem = a->mem;
  c->who = a->who;
  const bool ok = begin(c, a->id, a->rev, a->void_too, e) && prepare(c, what, e) &&
                  store_write(a->service->store, write_change, c, e);
  plans_close(&c->view);
  return ok;
}
static bool change_plan(const struct ask *a, prepare_change prepare, const void *what, struct err *e) {
  for (int i = 0; i < RUNS_MAX; i++) {
    *e = (struct err){0};
    if (try_change(a, prepare, what, e)) return true;
    if (e->code != ERR_CONFLICT || a->rev) return false;
  }
  return false;
}

/* ---- corrections ---- */

struct where {
  int32_t document, item, index;
};
static bool find(const struct edit_work *c, int subject, uint64_t key, struct where *w, struct err *e) {
  if (subject >= 0 && subject < CORRECT_SUBJECT_COUNT &&
      correct_find(c->view->corrected, subject, key, &w->document, &w->item, &w->index))
    return true;
  return fail(e, ERR_NOT_FOUND, MSG_plans_no_fact);
}
static struct correction correction_at(struct edit_work *c, enum correct_act act, int subject, uint64_t key,
                                       struct where w) {
  struct correction x = {.act = act,
                         .subject = subject,
                         .key = key,
                         .field = STR(""),
                         .value = STR(""),
                         .item_title = STR(""),
                         .words = STR(""),
                         .actor = c->who->actor,
                         .at_us = c->who->now_us,
                         .reason = str_slice(c->who->reason, 0, REASON_BYTES)};
  if (subject == CORRECT_SECTION) x.words = c->view->compiled->documents.at[w.document].sections.at[w.index].title;
  if (w.document < 0 || w.item < 0) return x;
  const struct item *it = &c->view->compiled->documents.at[w.document].items.at[w.item];
  x.item = c->view->corrected->documents[w.document].items[w.item].key;
  x.item_title = it->title;
  if (subject < FACT_KIND_COUNT && w.index >= 0)
    x.words = correct_words(c->view->plan, &c->view->plan->documents.at[w.document].items.at[w.item],
                            (enum fact_kind)subject, w.index);
  return x;
}
/* What the history says of it. */
static void tell(struct edit_work *c, const struct correction *x) {
  event_add(&c->event, STR("subject"), str_of(correct_subject_word(x->subject)));
  event_add(&c->event, STR("key"), correct_key_text(c->mem, x->key));
  event_add(&c->event, STR("item"), x->item_title);
  event_add(&c->event, STR("words"), str_slice(x->words, 0, REASON_BYTES));
}
static void tell_line(struct edit_work *c, const char *field, struct str before, struct str after) {
  event_add(&c->event, str_fmt(c->mem, "was.%s", field), before);
  event_add(&c->event, str_fmt(c->mem, "now.%s", field), after);
}
/* What was typed, as it is kept. A link must lead to a fact of the item that it may lead to. */
static bool check_value(struct edit_work *c, const struct correct_field *f, struct str typed, struct where w,
                        struct str *out, struct err *e) {
  const struct correct_result *r = c->view->corrected;
  TRY(correct_check(c->mem, f, typed, out, e));
  if (f->type != CORRECT_LINK || !out->len) return true;
  const int32_t to = correct_linked(r, w.document, w.item, f->to, *out);
  if (to < 0 || !correct_may_link(r, w.document, w.item, f->subject, w.index, f, to))
    return fail(e, ERR_INVALID, MSG_correct_bad_link, "name", str_of(f->name), "value", *out);
  *out = correct_link(c->mem, r, w.document, w.item, f->to, to);
  return true;
}
static bool set_field(struct edit_work *c, int subject, uint64_t key, struct where w, const struct plan_edit *edit,
                      struct err *e) {
  const struct correct_field *f = correct_field(subject, edit->field);
  struct str value = {0};
  if (!f) return fail(e, ERR_INVALID, MSG_correct_no_field, "name", edit->field);
  TRY(check_value(c, f, edit->value, w, &value, e));
  const struct str before = correct_value(c->mem, c->view->corrected, w.document, w.item, subject, w.index, f);
  if (str_eq(before, value)) return true;
  struct correction x = correction_at(c, CORRECT_SET, subject, key, w);
  x.field = str_of(f->name);
  x.value = value;
  if (!c->add.len) tell(c, &x);
  tell_line(c, f->name, before, value);
  vec_push(c->mem, &c->add) = x;
  return true;
}
static struct str listed(struct arena *mem, const struct plan_row *row, struct str field) {
  if (str_eqz(field, "title")) return row->title;
  if (str_eqz(field, "number")) return row->number;
  if (str_eqz(field, "issuer")) return row->issuer;
  return str_eqz(field, "year") && row->year ? str_int(mem, row->year) : STR("");
}
/* A corrected head of the first document shows in the list too; what the list said stays in the event, for undoing. */
static void follow_document(struct edit_work *c) {
  static const char *const fields[] = {"title", "number", "issuer", "year"};
  for (size_t i = 0; i < c->add.len; i++) {
    const struct correction *x = &c->add.at[i];
    if (x->subject != CORRECT_DOCUMENT || x->key != c->view->corrected->documents[0].key) continue;
    for (size_t k = 0; k < COUNT_OF(fields); k++) {
      if (!str_eqz(x->field, fields[k])) continue;
      const struct str list = listed(c->mem, &c->row, x->field);
      vec_push(c->mem, &c->follow) = (struct followed){.field = x->field, .list = list};
      event_add(&c->event, str_fmt(c->mem, "list.%s", fields[k]), list);
    }
  }
}
static bool prepare_set(struct edit_work *c, const struct plan_change *p, struct err *e) {
  struct where w;
  TRY(find(c, p->subject, p->key, &w, e));
  c->event = plan_event_begin(c->who, c->row.id, STR("correct"));
  for (size_t i = 0; i < p->edit_count; i++) TRY(set_field(c, p->subject, p->key, w, &p->edits[i], e));
  if (!c->add.len) return fail(e, ERR_INVALID, MSG_plans_same);
  follow_document(c);
  return true;
}
static bool prepare_remove(struct edit_work *c, const struct plan_change *p, struct err *e) {
  struct where w;
  if (p->subject >= FACT_KIND_COUNT) return fail(e, ERR_INVALID, MSG_plans_no_fact);
  TRY(find(c, p->subject, p->key, &w, e));
  c->event = plan_event_begin(c->who, c->row.id, STR("remove"));
  const struct correction x = correction_at(c, CORRECT_REMOVE, p->subject, p->key, w);
  tell(c, &x);
  vec_push(c->mem, &c->add) = x;
  return true;
}
static const struct plan_edit *edit_of(const struct plan_change *p, const char *field) {
  for (size_t i = 0; i < p->edit_count; i++) {
    if (str_eqz(p->edits[i].field, field)) return &p->edits[i];
  }
  return NULL;
}
static bool prepare_add(struct edit_work *c, const struct plan_change *p, uint64_t key, struct err *e) {
  struct where w;
  if (p->subject < 0 || p->subject >= FACT_KIND_COUNT) return fail(e, ERR_INVALID, MSG_plans_no_fact);
  TRY(find(c, CORRECT_ITEM, p->item, &w, e));
  w.index = NO_INDEX;
  c->event = plan_event_begin(c->who, c->row.id, STR("add"));
  const struct correction add = correction_at(c, CORRECT_ADD, p->subject, key, w);
  tell(c, &add);
  vec_push(c->mem, &c->add) = add;
  for (size_t i = 0; i < correct_field_count; i++) {
    const struct correct_field *f = &correct_fields[i];
    if (f->subject != p->subject) continue;
    const struct plan_edit *edit = edit_of(p, f->name);
    struct str value = STR("");
    if (edit && str_trim(edit->value).len) TRY(check_value(c, f, edit->value, w, &value, e));
    if (f->main && !value.len) return fail(e, ERR_INVALID, MSG_correct_needed, "name", str_of(f->name));
    if (!value.len) continue;
    struct correction x = add;
    x.act = CORRECT_SET;
    x.field = str_of(f->name);
    x.value = value;
    tell_line(c, f->name, STR(""), value);
    vec_push(c->mem, &c->add) = x;
  }
  return true;
}
static const struct correct_answer *answer_of(enum diag_code code, struct str word) {
  size_t n = 0;
  const struct correct_answer *a = correct_answers(code, &n);
  for (size_t i = 0; i < n; i++) {
    if (str_eqz(word, a[i].word)) return &a[i];
  }
  return NULL;
}
static void answer_fact(struct edit_work *c, const struct diag *d, const struct correct_answer *a, struct where w) {
  const struct correct_item *ci = &c->view->corrected->documents[w.document].items[w.item];
  if (d->fact_index < 0 || (size_t)d->fact_index >= ci->keys[d->fact].len) return;
  w.index = d->fact_index;
  struct correction x = correction_at(c, a->effect == ANSWER_SET ? CORRECT_SET : CORRECT_REMOVE, (int)d->fact,
                                      ci->keys[d->fact].at[d->fact_index], w);
  if (a->effect == ANSWER_SET) {
    x.field = str_of(a->field);
    x.value = str_of(a->value);
  }
  vec_push(c->mem, &c->add) = x;
}
static bool prepare_answer(struct edit_work *c, const struct plan_change *p, struct err *e) {
  const struct correct_result *r = c->view->corrected;
  size_t i = 0;
  while (i < r->diag_keys.len && r->diag_keys.at[i] != p->key) i++;
  if (i == r->diag_keys.len) return fail(e, ERR_NOT_FOUND, MSG_plans_no_fact);
  const struct diag *d = &r->plan.diags.at[i];
  const struct str word = p->edit_count ? p->edits[0].value : STR("");
  const struct correct_answer *a = answer_of(d->code, word);
  if (!a) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", str_of(diag_word(d->code)), "value", word);
  if (a->needs_reason && !c->who->reason.len) return fail(e, ERR_INVALID, MSG_plans_reason_needed);
  const struct where w = {d->document, d->item, NO_INDEX};
  struct correction x = correction_at(c, CORRECT_ANSWER, d->item >= 0 ? CORRECT_ITEM : CORRECT_DOCUMENT, p->key, w);
  x.field = str_of(diag_word(d->code));
  x.value = str_of(a->word);
  x.words = plan_text(&r->plan, d->at);
  c->event = plan_event_begin(c->who, c->row.id, STR("answer"));
  tell(c, &x);
  tell_line(c, diag_word(d->code), STR(""), x.value);
  vec_push(c->mem, &c->add) = x;
  if (a->effect != ANSWER_KEEP && d->document >= 0 && d->item >= 0) answer_fact(c, d, a, w);
  return true;
}
struct correct_ask {
  const struct plan_change *change;
  uint64_t key;
};
static bool prepare_correct(struct edit_work *c, const void *what, struct err *e) {
  const struct correct_ask *ask = what;
  c->undoable = true;
  switch (ask->change->act) {
    case CORRECT_SET: return prepare_set(c, ask->change, e);
    case CORRECT_ADD: return prepare_add(c, ask->change, ask->key, e);
    case CORRECT_REMOVE: return prepare_remove(c, ask->change, e);
    case CORRECT_ANSWER: return prepare_answer(c, ask->change, e);
    case CORRECT_ACT_COUNT: break;
  }
  return fail(e, ERR_BAD_REQUEST, MSG_web_bad_form);
}
bool plans_correct(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                   const struct plan_change *change, uint64_t *out_key, struct err *e) {
  struct correct_ask what = {change, change->key};
  if (change->act == CORRECT_ADD) random_bytes(&what.key, sizeof what.key);
  TRY(change_plan(&(struct ask){s, mem, who, id, rev, false}, prepare_correct, &what, e));
  if (out_key) *out_key = what.key;
  return true;
}

/* ---- orphans ---- */

struct reattach_ask {
  int64_t seq;
  uint64_t key;
};
/* An act is hung up whole: fields of an added fact go with it, an answer stays as it was given. */
static bool reattach_one(struct edit_work *c, const struct correction *old, uint64_t added, uint64_t key,
                         struct err *e) {
  struct where w = {NO_INDEX, NO_INDEX, NO_INDEX};
  struct correction x = *old;
  const bool of_added = added && old->key == added;
  if (old->act != CORRECT_ANSWER) {
    TRY(find(c, of_added ? CORRECT_ITEM : old->subject, key, &w, e));
    if (of_added) w.index = NO_INDEX;
    x = correction_at(c, old->act, old->subject, of_added ? old->key : key, w);
    x.field = old->field;
    x.value = old->value;
    x.reason = old->reason;
    if (!c->add.len) tell_line(c, "place", old->item_title, x.item_title.len ? x.item_title : x.words);
  }
  vec_push(c->mem, &c->add) = x;
  return true;
}
static bool is_orphan(const struct plan_view *v, int64_t seq) {
  for (size_t i = 0; i < v->corrected->orphans.len; i++)
    if (v->corrections[v->corrected->orphans.at[i]].seq == seq) return true;
  return false;
}
static bool prepare_reattach(struct edit_work *c, const void *what, struct err *e) {
  const struct reattach_ask *ask = what;
  const struct plan_view *v = c->view;
  const struct correction *first = NULL;
  uint64_t added = 0;
  c->undoable = true;
  c->event = plan_event_begin(c->who, c->row.id, ask->key ? STR("reattach") : STR("discard"));
  for (size_t i = 0; i < v->correction_count; i++) {
    if (v->corrections[i].seq != ask->seq) continue;
    if (!first) first = &v->corrections[i];
    if (v->corrections[i].act == CORRECT_ADD) added = v->corrections[i].key;
  }
  if (!first || !is_orphan(v, ask->seq)) return fail(e, ERR_NOT_FOUND, MSG_plans_no_orphan);
  tell(c, first);
  for (size_t i = 0; i < v->correction_count; i++) { /* what was done to an added fact later goes where it goes */
    const struct correction *old = &v->corrections[i];
    if (old->seq != ask->seq && (!added || old->key != added)) continue;
    if (!c->retire.len || vec_last(&c->retire) != old->seq) vec_push(c->mem, &c->retire) = old->seq;
    if (ask->key) TRY(reattach_one(c, old, added, ask->key, e));
  }
  return true;
}
bool plans_reattach(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                    int64_t seq, uint64_t key, struct err *e) {
  return change_plan(&(struct ask){s, mem, who, id, rev, false}, prepare_reattach, &(struct reattach_ask){seq, key}, e);
}

/* ---- acceptance ---- */

struct accept_ask {
  uint64_t item;
  bool accept;
};
static void accept_item(struct edit_work *c, int32_t d, int32_t i) {
  const struct correct_item *ci = &c->view->corrected->documents[d].items[i];
  vec_push(c->mem, &c->accept) = (struct acceptance){.item = ci->key, .digest = ci->digest};
}
static bool prepare_accept(struct edit_work *c, const void *what, struct err *e) {
  const struct accept_ask *ask = what;
  struct where w;
  TRY(find(c, CORRECT_ITEM, ask->item, &w, e));
  const enum item_state state = c->view->items[w.document][w.item].state;
  const struct item *it = &c->view->plan->documents.at[w.document].items.at[w.item];
  if (state == ITEM_GROUP) return fail(e, ERR_GUARD, MSG_plans_item_group);
  if (ask->accept && state == ITEM_ACCEPTED) return fail(e, ERR_INVALID, MSG_plans_same);
  if (ask->accept && c->view->corrected->documents[w.document].items[w.item].errors)
    return fail(e, ERR_GUARD, MSG_plans_item_errors);
  if (!ask->accept && state != ITEM_ACCEPTED && state != ITEM_CHANGED)
    return fail(e, ERR_GUARD, MSG_plans_not_accepted);
  c->undoable = true;
  c->event = plan_event_begin(c->who, c->row.id, ask->accept ? STR("accept") : STR("unaccept"));
  event_add(&c->event, STR("item"), it->title);
  event_add(&c->event, STR("key"), correct_key_text(c->mem, ask->item));
  if (ask->accept) accept_item(c, w.document, w.item);
  else vec_push(c->mem, &c->unaccept) = ask->item;
  return true;
}
bool plans_accept(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                  uint64_t item, bool accept, struct err *e) {
  return change_plan(&(struct ask){s, mem, who, id, rev, false}, prepare_accept,
                     &(struct accept_ask){.item = item, .accept = accept}, e);
}
struct clear_ask {
  int *count;
};
static bool prepare_clear(struct edit_work *c, const void *what, struct err *e) {
  const struct clear_ask *ask = what;
  for (size_t d = 0; d < c->view->plan->documents.len; d++) {
    for (size_t i = 0; i < c->view->plan->documents.at[d].items.len; i++) {
      const enum item_state state = c->view->items[d][i].state;
      const struct correct_item *ci = &c->view->corrected->documents[d].items[i];
      if (state == ITEM_OPEN || (state == ITEM_CHANGED && !ci->errors && !ci->warnings))
        accept_item(c, (int32_t)d, (int32_t)i);
    }
  }
  *ask->count = (int)c->accept.len;
  if (!c->accept.len) return fail(e, ERR_GUARD, MSG_plans_none_clear);
  c->undoable = true;
  c->event = plan_event_begin(c->who, c->row.id, STR("accept-clear"));
  event_add(&c->event, STR("now.count"), str_int(c->mem, (int64_t)c->accept.len));
  return true;
}
bool plans_accept_clear(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                        int *out_count, struct err *e) {
  int count = 0;
  TRY(change_plan(&(struct ask){s, mem, who, id, rev, false}, prepare_clear, &(struct clear_ask){&count}, e));
  if (out_count) *out_count = count;
  return true;
}

/* ---- undo, void ---- */

/* What the act to be taken back had changed in the list. */
static bool follow_back(struct edit_work *c, struct err *e) {
  AUTO_READ *r = store_read_begin(c->service->store, e);
  struct sql_event_fields_rows rows = {0};
  if (!r) return false;
  TRY(sql_event_fields(r, c->mem, &(struct sql_event_fields_in){STORE_TENANT, c->view->undo_seq}, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    if (!str_starts(rows.at[i].field, STR("list."))) continue;
    struct followed x = {.field = str_from(rows.at[i].field, 5), .list = STR(""), .was = STR("")};
    if (rows.at[i].value.at) x.list = rows.at[i].value;
    for (size_t k = 0; k < rows.len; k++)
      if (str_eq(rows.at[k].field, str_fmt(c->mem, "was." STRF, STRA(x.field))) && rows.at[k].value.at)
        x.was = rows.at[k].value;
    vec_push(c->mem, &c->follow) = x;
  }
  return true;
}
static bool prepare_undo(struct edit_work *c, const void *what, struct err *e) {
  (void)what;
  if (!c->view->undo_seq) return fail(e, ERR_GUARD, MSG_plans_nothing_undo);
  TRY(follow_back(c, e));
  c->undo = c->view->undo_seq;
  c->event = plan_event_begin(c->who, c->row.id, STR("undo"));
  event_add(&c->event, STR("was.act"), c->view->undo);
  event_add(&c->event, STR("seq"), str_int(c->mem, c->undo));
  return true;
}
bool plans_undo(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                struct err *e) {
  return change_plan(&(struct ask){s, mem, who, id, rev, false}, prepare_undo, NULL, e);
}

static bool write_void(struct store *tx, void *arg, struct err *e) {
  struct edit_work *c = arg;
  TRY(plans_may(tx, c->who, c->row.id, e));
  TRY(event_append(tx, c->mem, &c->event, NULL, e));
  TRY(c->row.voided ? find_put_plan(tx, &c->row, c->view->plan, e) : find_drop_plan(tx, c->row.id, e));
  return plan_store_void(tx, &c->row, !c->row.voided, c->who->now_us, e);
}
bool plans_void(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                bool voided, struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  struct edit_work *c = arena_new(mem, struct edit_work);
  bool found = false;
  if (!r || !plans_may(r, who, id, e)) return false;
  TRY(plan_store_row(r, mem, id, &c->row, &found, e));
  store_read_end(&r);
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_plans_none);
  if (!rev_is(&c->row, rev)) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  if (c->row.voided == voided) return fail(e, ERR_INVALID, MSG_plans_same);
  c->mem = mem;
  c->who = who;
  c->event = plan_event_begin(who, id, voided ? STR("void") : STR("restore"));
  c->event.from = voided ? STR("kept") : STR("void");
  c->event.to = voided ? STR("void") : STR("kept");
  event_add(&c->event, STR("item"), c->row.title);
  if (!voided) TRY(plans_open(s, mem, who, id, 0, &c->view, e)); /* what will be found again */
  const bool ok = store_write(s->store, write_void, c, e);
  plans_close(&c->view);
  return ok;
}
