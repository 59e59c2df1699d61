/* Corrections put onto a compiled plan, in five steps: copy what can change; name every fact by its key; apply the
 * corrections in their order; close the gaps of removed facts and mend the indexes; compute the diagnostics anew and
 * leave out the answered ones. Keys come from the compiled plan, before anything is moved, so that they do not depend
 * on other corrections. */
#include "engine/plan/correct.h"

#include <stddef.h>
#include <stdlib.h>

#include "engine/plan/correct_int.h"

/* ---- facts of any kind ---- */

typedef VEC(char) any_vec; /* every VEC has this layout */
static const struct {
  uint16_t at, size, by_hand; /* by_hand: place of the flag, 0 = none */
} kinds[FACT_KIND_COUNT] = {
    [FACT_PARTY] = {offsetof(struct item, parties), sizeof(struct party), 0},
    [FACT_TARGET] = {offsetof(struct item, targets), sizeof(struct target), offsetof(struct target, by_hand)},
    [FACT_DELIVERABLE] = {offsetof(struct item, deliverables), sizeof(struct deliverable), 0},
    [FACT_NAME] = {offsetof(struct item, names), sizeof(struct name), 0},
    [FACT_TIME] = {offsetof(struct item, times), sizeof(struct when), 0},
    [FACT_DUTY] = {offsetof(struct item, duties), sizeof(struct duty), offsetof(struct duty, by_hand)},
    [FACT_UNIVERSAL] = {offsetof(struct item, universals), sizeof(struct universal),
                        offsetof(struct universal, by_hand)},
    [FACT_COMPARISON] = {offsetof(struct item, comparisons), sizeof(struct comparison),
                         offsetof(struct comparison, by_hand)},
    [FACT_PLACEHOLDER] = {offsetof(struct item, placeholders), sizeof(struct placeholder), 0},
    [FACT_MEASURE] = {offsetof(struct item, measures), sizeof(struct measure), 0},
};
static any_vec *facts_of(struct item *it, int kind) { return (any_vec *)(void *)((char *)it + kinds[kind].at); }
static void *fact_at(struct item *it, int kind, size_t index) {
  return facts_of(it, kind)->at + index * kinds[kind].size;
}

const void *correct_facts(const struct item *it, enum fact_kind kind, size_t *out_len, size_t *out_size) {
  const any_vec *v = (const any_vec *)(const void *)((const char *)it + kinds[kind].at);
  *out_len = v->len;
  *out_size = kinds[kind].size;
  return v->at;
}
struct str correct_words(const struct plan *p, const struct item *it, enum fact_kind kind, int index) {
  size_t len = 0, size = 0;
  const char *at = correct_facts(it, kind, &len, &size);
  if (index < 0 || (size_t)index >= len) return STR("");
  return plan_text(p, *(const struct span *)(const void *)(at + (size_t)index * size));
}

/* ---- keys ---- */

uint64_t correct_document_key(const struct plan *p, int document) {
  (void)p; /* by place: there is seldom more than one, and every word of its head can be corrected */
  return correct_mix(str_hash(STR("document")), (uint64_t)document);
}
uint64_t correct_item_key(const struct plan *p, int document, int item) {
  const struct item *it = &p->documents.at[document].items.at[item];
  uint64_t h = correct_document_key(p, document);
  for (int i = 0; i < it->depth && i < PATH_MAX_DEPTH; i++) h = correct_mix(h, (uint64_t)it->path[i]);
  return correct_mix(h, str_hash(it->title.len ? it->title : str_slice(plan_text(p, it->body_at), 0, 60)));
}
/* By number and title; the how-manieth of its like, as sections without either do occur. */
uint64_t correct_section_key(const struct plan *p, int document, int section) {
  const struct document *d = &p->documents.at[document];
  const struct section *s = &d->sections.at[section];
  uint64_t nth = 0;
  for (int i = 0; i < section; i++)
    nth += d->sections.at[i].number == s->number && str_eq(d->sections.at[i].title, s->title);
  const uint64_t h = correct_mix(correct_document_key(p, document), str_hash(STR("section")));
  return correct_mix(correct_mix(h, (uint64_t)s->number), correct_mix(str_hash(s->title), nth));
}
struct str correct_key_text(struct arena *mem, uint64_t key) {
  return str_fmt(mem, "%016llx", (unsigned long long)key);
}
bool correct_key_of(struct str s, uint64_t *out) {
  uint64_t key = 0;
  if (s.len != 16) return false;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    const int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (d < 0) return false;
    key = key << 4 | (uint64_t)d;
  }
  *out = key;
  return true;
}

/* ---- the work ---- */

struct spot {
  uint64_t key;
  int32_t document, item, subject, index;
};
struct work {
  struct arena *mem;
  const struct plan *compiled;
  const struct correction *list;
  struct correct_result *out;
  VEC(struct spot) places; /* of facts, items and documents; sorted by key */
  VEC(struct spot) removed, added;
};

static void *copy(struct arena *mem, const void *at, size_t len, size_t size) {
  void *to = arena_take_n(mem, len, size);
  if (len) memcpy(to, at, len * size);
  return to;
}
static void copy_item(struct arena *mem, struct item *it) {
  for (int k = 0; k < FACT_KIND_COUNT; k++) {
    any_vec *v = facts_of(it, k);
    v->at = copy(mem, v->at, v->len, kinds[k].size);
    v->cap = v->len;
  }
}
static void copy_plan(struct work *w) {
  struct plan *p = &w->out->plan;
  *p = *w->compiled;
  p->mem = w->mem;
  p->documents.at = copy(w->mem, p->documents.at, p->documents.len, sizeof *p->documents.at);
  p->documents.cap = p->documents.len;
  vec_each(struct document, d, &p->documents) {
    d->items.at = copy(w->mem, d->items.at, d->items.len, sizeof *d->items.at);
    d->items.cap = d->items.len;
    d->sections.at = copy(w->mem, d->sections.at, d->sections.len, sizeof *d->sections.at);
    d->sections.cap = d->sections.len;
    vec_each(struct item, it, &d->items) copy_item(w->mem, it);
  }
}

static int by_key(const void *a, const void *b) {
  const struct spot *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  if (x->document != y->document) return x->document < y->document ? -1 : 1;
  if (x->item != y->item) return x->item < y->item ? -1 : 1;
  if (x->subject != y->subject) return x->subject < y->subject ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}
static void name_item(struct work *w, int d, int i) {
  struct correct_item *ci = &w->out->documents[d].items[i];
  struct item *it = &w->out->plan.documents.at[d].items.at[i];
  ci->key = correct_item_key(w->compiled, d, i);
  vec_push(w->mem, &w->places) = (struct spot){ci->key, d, i, CORRECT_ITEM, 0};
  for (int k = 0; k < FACT_KIND_COUNT; k++) {
    for (size_t n = 0; n < facts_of(it, k)->len; n++) {
      const uint64_t key = plan_fact_key(w->compiled, d, i, (enum fact_kind)k, (int)n);
      vec_push(w->mem, &ci->keys[k]) = key;
      vec_push(w->mem, &w->places) = (struct spot){key, d, i, k, (int32_t)n};
    }
  }
}
static void name_sections(struct work *w, int d) {
  const size_t n = w->out->plan.documents.at[d].sections.len;
  uint64_t *keys = w->out->documents[d].sections = arena_new_n(w->mem, uint64_t, n);
  for (size_t i = 0; i < n; i++) {
    keys[i] = correct_section_key(w->compiled, d, (int)i);
    vec_push(w->mem, &w->places) = (struct spot){keys[i], d, NO_INDEX, CORRECT_SECTION, (int32_t)i};
  }
}
static void name_all(struct work *w) {
  struct plan *p = &w->out->plan;
  w->out->documents = arena_new_n(w->mem, struct correct_document, p->documents.len);
  for (size_t d = 0; d < p->documents.len; d++) {
    const size_t items = p->documents.at[d].items.len;
    w->out->documents[d].key = correct_document_key(w->compiled, (int)d);
    w->out->documents[d].items = arena_new_n(w->mem, struct correct_item, items);
    vec_push(w->mem, &w->places) = (struct spot){w->out->documents[d].key, (int32_t)d, NO_INDEX, CORRECT_DOCUMENT, 0};
    name_sections(w, (int)d);
    for (size_t i = 0; i < items; i++) name_item(w, (int)d, (int)i);
  }
  if (w->places.len) qsort(w->places.at, w->places.len, sizeof *w->places.at, by_key);
}

static const struct spot *find_place(const struct work *w, uint64_t key, int subject) {
  size_t low = 0, high = w->places.len;
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (w->places.at[mid].key < key) low = mid + 1;
    else high = mid;
  }
  for (; low < w->places.len && w->places.at[low].key == key; low++) {
    if (w->places.at[low].subject == subject) return &w->places.at[low];
  }
  return NULL;
}
static bool fits(const struct work *w, const struct spot *at, const struct correction *c) {
  if (at->subject != c->subject) return false;
  const struct document *d = &w->compiled->documents.at[at->document];
  if (at->subject == CORRECT_SECTION) return str_eq(d->sections.at[at->index].title, c->words);
  const struct item *it = &d->items.at[at->item];
  if (!str_eq(it->title, c->item_title)) return false;
  return c->subject == CORRECT_ITEM ||
         str_eq(correct_words(w->compiled, it, (enum fact_kind)at->subject, at->index), c->words);
}
/* The second anchors: the item's title and the fact's words, if they fit exactly one place. */
static const struct spot *find_moved(const struct work *w, const struct correction *c) {
  const struct spot *found = NULL;
  if (c->subject == CORRECT_DOCUMENT || (!c->item_title.len && !c->words.len)) return NULL;
  for (size_t i = 0; i < w->places.len; i++) {
    const struct spot *at = &w->places.at[i];
    if (at->subject == CORRECT_DOCUMENT || !fits(w, at, c)) continue;
    if (found) return NULL;
    found = at;
  }
  return found;
}
/* Added facts are few, and keep their key wherever their item goes. */
static const struct spot *added_place(const struct work *w, const struct correction *c) {
  for (size_t i = w->added.len; i-- > 0;)
    if (w->added.at[i].key == c->key && w->added.at[i].subject == c->subject) return &w->added.at[i];
  return NULL;
}

static void mark(struct work *w, uint32_t n, const struct spot *at, int32_t index, struct str before) {
  vec_push(w->mem, &w->out->marks) = (struct correct_mark){n, at->document, at->item, index, before};
  if (at->item >= 0) w->out->documents[at->document].items[at->item].touched = true;
}
static void *subject_at(struct work *w, const struct spot *at) {
  struct document *d = &w->out->plan.documents.at[at->document];
  if (at->subject == CORRECT_DOCUMENT) return d;
  if (at->subject == CORRECT_SECTION) return &d->sections.at[at->index];
  struct item *it = &d->items.at[at->item];
  return at->subject == CORRECT_ITEM ? (void *)it : fact_at(it, at->subject, (size_t)at->index);
}
static void settle_party(const struct work *w, struct party *x) {
  x->listed = false;
  for (size_t i = 0; i < w->compiled->options.unit_count && !x->listed; i++)
    x->listed = str_eq(x->name, w->compiled->options.units[i]);
}
/* What the compiler was not sure of and a person has now said: a date is no longer derived, a value no question, the
 * year no contradiction, a unit listed or not by its new name. */
static void settle(const struct work *w, const struct correction *c, const struct correct_field *f, void *fact) {
  const bool is_due = str_eqz(c->field, "due"), is_bound = str_eqz(c->field, "bound"),
             is_year = str_eqz(c->field, "year");
  switch (c->subject) {
    case FACT_PARTY: settle_party(w, fact); break;
    case FACT_TIME: ((struct when *)fact)->inferred = false; break;
    case FACT_DELIVERABLE: ((struct deliverable *)fact)->unsure = false; break;
    case FACT_TARGET:
      ((struct target *)fact)->unsure = false;
      if (is_bound) ((struct target *)fact)->bound_unsure = false;
      break;
    case CORRECT_ITEM:
      if (is_due) ((struct item *)fact)->due.inferred = false;
      if (f->type == CORRECT_COUNT) ((struct item *)fact)->renumbered = true;
      break;
    case CORRECT_DOCUMENT:
      if (is_year) ((struct document *)fact)->year_labelled = ((struct document *)fact)->year_internal = 0;
      break;
    default: break;
  }
  if (c->subject < FACT_KIND_COUNT && kinds[c->subject].by_hand && correct_says(f))
    *((bool *)fact + kinds[c->subject].by_hand) = true;
}
/* Links are written as the index of the fact that they name; false when it is not there or cannot be linked. */
static bool write_link(struct work *w, const struct correct_field *f, const struct spot *at, struct str name) {
  int32_t *link = (int32_t *)(void *)((char *)subject_at(w, at) + f->at);
  int32_t to = NO_INDEX;
  if (name.len) {
    to = correct_linked(w->out, at->document, at->item, f->to, name);
    if (to < 0 || !correct_may_link(w->out, at->document, at->item, at->subject, at->index, f, to)) return false;
  }
  *link = to;
  return true;
}
static void apply_set(struct work *w, uint32_t n, const struct spot *at) {
  const struct correction *c = &w->list[n];
  const struct correct_field *f = correct_field(c->subject, c->field);
  struct str before = {0};
  bool ok = f != NULL;
  if (ok) before = str_dup(w->mem, correct_value(w->mem, w->out, at->document, at->item, c->subject, at->index, f));
  if (ok && f->type == CORRECT_LINK) ok = write_link(w, f, at, c->value);
  else if (ok) correct_write(w->mem, f, subject_at(w, at), c->value);
  if (!ok) {
    vec_push(w->mem, &w->out->orphans) = n;
    return;
  }
  settle(w, c, f, subject_at(w, at));
  mark(w, n, at, at->subject < FACT_KIND_COUNT || at->subject == CORRECT_SECTION ? at->index : NO_INDEX, before);
}
/* A fact made by hand leads nowhere yet; its document is one to be made. */
static void blank(int subject, void *fact) {
  for (size_t i = 0; i < correct_field_count; i++) {
    const struct correct_field *f = &correct_fields[i];
    if (f->subject == subject && f->type == CORRECT_LINK) *(int32_t *)(void *)((char *)fact + f->at) = NO_INDEX;
  }
  if (kinds[subject].by_hand) *((bool *)fact + kinds[subject].by_hand) = true;
  if (subject != FACT_DELIVERABLE) return;
  struct deliverable *d = fact;
  d->is_new = d->marked = true;
  d->stage = STAGE_MADE;
}
static void apply_add(struct work *w, uint32_t n, const struct spot *item) {
  const struct correction *c = &w->list[n];
  struct item *it = &w->out->plan.documents.at[item->document].items.at[item->item];
  any_vec *v = facts_of(it, c->subject);
  void *room = arena_take_n(w->mem, v->len + 1, kinds[c->subject].size);
  if (v->len) memcpy(room, v->at, v->len * kinds[c->subject].size);
  v->at = room;
  v->cap = ++v->len;
  void *fact = fact_at(it, c->subject, v->len - 1);
  *(struct span *)fact = (struct span){it->at.at, it->at.at}; /* stands nowhere in the text */
  blank(c->subject, fact);
  vec_push(w->mem, &w->out->documents[item->document].items[item->item].keys[c->subject]) = c->key;
  vec_push(w->mem, &w->added) = (struct spot){c->key, item->document, item->item, c->subject, (int32_t)v->len - 1};
  mark(w, n, item, (int32_t)v->len - 1, STR(""));
}
static void apply_remove(struct work *w, uint32_t n, const struct spot *at) {
  struct item *it = &w->out->plan.documents.at[at->document].items.at[at->item];
  vec_push(w->mem, &w->removed) = *at;
  mark(w, n, at, NO_INDEX, correct_words(&w->out->plan, it, (enum fact_kind)at->subject, at->index));
}
static void apply_one(struct work *w, uint32_t n) {
  const struct correction *c = &w->list[n];
  if (c->act == CORRECT_ANSWER) return; /* when the diagnostics stand */
  if (c->act == CORRECT_ADD) {
    const struct correction item = {.subject = CORRECT_ITEM, .item_title = c->item_title};
    const struct spot *at = find_place(w, c->item, CORRECT_ITEM);
    if (!at) at = find_moved(w, &item);
    if (at && c->subject < FACT_KIND_COUNT) apply_add(w, n, at);
    else vec_push(w->mem, &w->out->orphans) = n;
    return;
  }
  const struct spot *at = find_place(w, c->key, c->subject);
  if (!at) at = added_place(w, c);
  if (!at) at = find_moved(w, c);
  if (!at) vec_push(w->mem, &w->out->orphans) = n;
  else if (c->act == CORRECT_SET) apply_set(w, n, at);
  else if (c->subject < FACT_KIND_COUNT) apply_remove(w, n, at);
}

/* ---- gaps ---- */

static int32_t moved_index(int32_t index, size_t gone) {
  return index == (int32_t)gone ? NO_INDEX : index > (int32_t)gone ? index - 1 : index;
}
static void move_links(struct item *it, int kind, size_t gone) {
  if (kind == FACT_TARGET)
    vec_each(struct target, t, &it->targets) t->part_of = moved_index(t->part_of, gone);
  if (kind != FACT_MEASURE) return;
  vec_each(struct target, t, &it->targets) t->measure = moved_index(t->measure, gone);
  vec_each(struct deliverable, d, &it->deliverables) d->measure = moved_index(d->measure, gone);
  vec_each(struct when, x, &it->times) x->measure = moved_index(x->measure, gone);
  vec_each(struct duty, x, &it->duties) x->measure = moved_index(x->measure, gone);
  vec_each(struct universal, x, &it->universals) x->measure = moved_index(x->measure, gone);
  vec_each(struct comparison, x, &it->comparisons) x->measure = moved_index(x->measure, gone);
}
static void close_gap(struct work *w, const struct spot *r) {
  struct item *it = &w->out->plan.documents.at[r->document].items.at[r->item];
  struct correct_item *ci = &w->out->documents[r->document].items[r->item];
  any_vec *v = facts_of(it, r->subject);
  const size_t size = kinds[r->subject].size, i = (size_t)r->index;
  memmove(v->at + i * size, v->at + (i + 1) * size, (v->len - i - 1) * size);
  v->len--;
  memmove(ci->keys[r->subject].at + i, ci->keys[r->subject].at + i + 1,
          (ci->keys[r->subject].len - i - 1) * sizeof(uint64_t));
  ci->keys[r->subject].len--;
  move_links(it, r->subject, i);
  vec_each(struct correct_mark, m, &w->out->marks) {
    if (m->document == r->document && m->item == r->item && w->list[m->correction].subject == r->subject)
      m->index = moved_index(m->index, i);
  }
}
static int later_first(const void *a, const void *b) {
  return ((const struct spot *)b)->index - ((const struct spot *)a)->index;
}
static void close_gaps(struct work *w) {
  if (!w->removed.len) return;
  qsort(w->removed.at, w->removed.len, sizeof *w->removed.at, later_first);
  for (size_t i = 0; i < w->removed.len; i++) {
    bool again = false; /* removed twice */
    for (size_t k = 0; k < i; k++) again = again || !by_key(&w->removed.at[k], &w->removed.at[i]);
    if (!again) close_gap(w, &w->removed.at[i]);
  }
}

/* ---- diagnostics ---- */

static uint64_t diag_base(const struct work *w, const struct diag *d) {
  uint64_t h = correct_mix(str_hash(str_of(diag_word(d->code))), 0);
  if (d->document < 0) return correct_mix(h, str_hash(plan_text(&w->out->plan, d->at)));
  const struct correct_document *cd = &w->out->documents[d->document];
  h = correct_mix(h, d->item >= 0 ? cd->items[d->item].key : cd->key);
  if (d->item >= 0 && d->fact_index >= 0 && (size_t)d->fact_index < cd->items[d->item].keys[d->fact].len)
    return correct_mix(h, cd->items[d->item].keys[d->fact].at[d->fact_index]);
  return correct_mix(h, str_hash(plan_text(&w->out->plan, d->at)));
}
struct base {
  uint64_t h;
  size_t i;
};
static int by_base(const void *a, const void *b) {
  const struct base *x = a, *y = b;
  return x->h != y->h ? (x->h < y->h ? -1 : 1) : x->i < y->i ? -1 : x->i > y->i;
}
/* The how-manieth of its like goes into a diagnostic's key. */
static void name_diags(struct work *w) {
  const struct plan *p = &w->out->plan;
  struct base *b = arena_new_n(w->mem, struct base, p->diags.len);
  for (size_t i = 0; i < p->diags.len; i++) {
    b[i] = (struct base){diag_base(w, &p->diags.at[i]), i};
    vec_push(w->mem, &w->out->diag_keys) = 0;
  }
  if (p->diags.len) qsort(b, p->diags.len, sizeof *b, by_base);
  uint64_t nth = 0;
  for (size_t i = 0; i < p->diags.len; i++) {
    nth = i && b[i].h == b[i - 1].h ? nth + 1 : 0;
    w->out->diag_keys.at[b[i].i] = correct_mix(b[i].h, nth);
  }
}
static bool answered(struct work *w, const struct diag *d, uint64_t key, size_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (w->list[i].act != CORRECT_ANSWER || w->list[i].key != key) continue;
    const struct spot at = {0, d->document, d->item, 0, 0};
    mark(w, i, &at, NO_INDEX, str_of(diag_word(d->code)));
    if (d->document >= 0 && d->item >= 0 && d->fact == FACT_TARGET && d->fact_index >= 0) {
      struct item *it = &w->out->plan.documents.at[d->document].items.at[d->item];
      if ((size_t)d->fact_index < it->targets.len)
        it->targets.at[d->fact_index].unsure = it->targets.at[d->fact_index].bound_unsure = false;
    }
    return true;
  }
  return false;
}
static bool same_diag(const struct diag *a, const struct diag *b) {
  return a->code == b->code && a->at.at == b->at.at && a->at.end == b->at.end && a->document == b->document &&
         a->item == b->item;
}
/* What the checks say of the corrected facts takes the place of what they said of the compiled ones; what other passes
 * found (damage, trims) stays. */
static void check_anew(struct work *w) {
  struct plan old = *w->compiled, *p = &w->out->plan;
  old.mem = w->mem;
  memset(&old.diags, 0, sizeof old.diags);
  struct plan fresh = w->out->plan;
  fresh.diags = old.diags;
  plan_check(&old);
  plan_check(&fresh);
  const struct plan *compiled = w->compiled;
  memset(&p->diags, 0, sizeof p->diags);
  size_t k = 0;
  for (size_t i = 0; i < compiled->diags.len; i++) { /* both lists are sorted by place, then code */
    while (k < old.diags.len && old.diags.at[k].at.at < compiled->diags.at[i].at.at) k++;
    bool from_check = false;
    for (size_t m = k; m < old.diags.len && old.diags.at[m].at.at == compiled->diags.at[i].at.at; m++)
      from_check = from_check || same_diag(&old.diags.at[m], &compiled->diags.at[i]);
    if (!from_check) vec_push(w->mem, &p->diags) = compiled->diags.at[i];
  }
  for (size_t i = 0; i < fresh.diags.len; i++) vec_push(w->mem, &p->diags) = fresh.diags.at[i];
}
static int by_place(const void *a, const void *b) {
  const struct diag *x = a, *y = b;
  if (x->at.at != y->at.at) return x->at.at < y->at.at ? -1 : 1;
  return x->code != y->code ? (x->code < y->code ? -1 : 1) : x->at.end < y->at.end ? -1 : x->at.end > y->at.end;
}
static void drop_answered(struct work *w, size_t n) {
  struct plan *p = &w->out->plan;
  size_t kept = 0;
  for (size_t i = 0; i < p->diags.len; i++) {
    if (answered(w, &p->diags.at[i], w->out->diag_keys.at[i], n)) continue;
    p->diags.at[kept] = p->diags.at[i];
    w->out->diag_keys.at[kept++] = w->out->diag_keys.at[i];
  }
  p->diags.len = w->out->diag_keys.len = kept;
}
static void copy_diags(struct work *w) {
  struct plan *p = &w->out->plan;
  p->diags.at = copy(w->mem, w->compiled->diags.at, w->compiled->diags.len, sizeof *p->diags.at);
  p->diags.cap = p->diags.len;
}

/* ---- what a person accepts ---- */

static uint64_t item_digest(struct work *w, int d, int i) {
  const struct plan *p = &w->out->plan;
  const struct item *it = &p->documents.at[d].items.at[i];
  uint64_t h = str_hash(plan_text(p, it->at));
  for (size_t f = 0; f < correct_field_count; f++) {
    const struct correct_field *field = &correct_fields[f];
    if (field->subject == CORRECT_ITEM) h = correct_hash(field, it, h);
    if (field->subject >= FACT_KIND_COUNT) continue;
    size_t len = 0, size = 0;
    const char *at = correct_facts(it, (enum fact_kind)field->subject, &len, &size);
    for (size_t k = 0; k < len; k++) h = correct_hash(field, at + k * size, h);
    h = correct_mix(h, len);
  }
  return h;
}
static void sum_up(struct work *w) {
  const struct plan *p = &w->out->plan;
  for (size_t i = 0; i < p->diags.len; i++) {
    const struct diag *d = &p->diags.at[i];
    if (d->document < 0 || d->item < 0) continue;
    struct correct_item *ci = &w->out->documents[d->document].items[d->item];
    if (d->severity == SEVERITY_ERROR) ci->errors++;
    if (d->severity == SEVERITY_WARNING) ci->warnings++;
  }
  for (size_t d = 0; d < p->documents.len; d++) {
    for (size_t i = 0; i < p->documents.at[d].items.len; i++)
      w->out->documents[d].items[i].digest = item_digest(w, (int)d, (int)i);
  }
}

void correct_apply(struct arena *mem, const struct plan *compiled, const struct correction *list, size_t n,
                   struct correct_result *out) {
  struct work w = {.mem = mem, .compiled = compiled, .list = list, .out = out};
  *out = (struct correct_result){0};
  copy_plan(&w);
  name_all(&w);
  for (uint32_t i = 0; i < n; i++) apply_one(&w, i);
  close_gaps(&w);
  if (out->marks.len) {
    check_anew(&w);
    if (out->plan.diags.len) qsort(out->plan.diags.at, out->plan.diags.len, sizeof *out->plan.diags.at, by_place);
  } else {
    copy_diags(&w);
  }
  name_diags(&w);
  drop_answered(&w, n);
  sum_up(&w);
}

bool correct_find(const struct correct_result *r, int subject, uint64_t key, int32_t *out_document, int32_t *out_item,
                  int32_t *out_index) {
  for (size_t d = 0; d < r->plan.documents.len; d++) {
    *out_document = (int32_t)d;
    *out_item = *out_index = NO_INDEX;
    if (subject == CORRECT_DOCUMENT && r->documents[d].key == key) return true;
    for (size_t s = 0; subject == CORRECT_SECTION && s < r->plan.documents.at[d].sections.len; s++) {
      *out_index = (int32_t)s;
      if (r->documents[d].sections[s] == key) return true;
    }
    for (size_t i = 0; i < r->plan.documents.at[d].items.len; i++) {
      const struct correct_item *ci = &r->documents[d].items[i];
      *out_item = (int32_t)i;
      if (subject == CORRECT_ITEM && ci->key == key) return true;
      for (size_t k = 0; subject < FACT_KIND_COUNT && k < ci->keys[subject].len; k++) {
        *out_index = (int32_t)k;
        if (ci->keys[subject].at[k] == key) return true;
      }
    }
  }
  *out_document = *out_item = *out_index = NO_INDEX;
  return false;
}
