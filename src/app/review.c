/* Items, filters and addresses of the review page. What is shown is decided here once; rows, notes and panel only read
 * it. Linear in items and facts. */
#include "app/review.h"

#include "texts.h"

/* More facts than a person could look through (a whole book in one line) are not shown one by one. */
enum { FACTS_SHOWN = 600 };

static bool add_fact(struct arena *mem, fact_refs *out, struct fact_ref f) {
  if (out->len >= FACTS_SHOWN) return false;
  vec_push(mem, out) = f;
  return true;
}

static void add_targets(struct arena *mem, const struct item *it, fact_refs *out, int32_t *number) {
  for (size_t i = 0; i < it->targets.len; i++) {
    if (it->targets.at[i].part_of >= 0) continue;
    if (!add_fact(mem, out, (struct fact_ref){FACT_TARGET, (int32_t)i, ++*number})) return;
    for (size_t k = 0; k < it->targets.len; k++)
      if (it->targets.at[k].part_of == (int32_t)i)
        (void)add_fact(mem, out, (struct fact_ref){FACT_TARGET, (int32_t)k, 0});
  }
}

static size_t count_of(const struct item *it, enum fact_kind kind) {
  switch (kind) {
    case FACT_DUTY: return it->duties.len;
    case FACT_UNIVERSAL: return it->universals.len;
    case FACT_COMPARISON: return it->comparisons.len;
    case FACT_DELIVERABLE: return it->deliverables.len;
    case FACT_TIME: return it->times.len;
    case FACT_NAME: return it->names.len;
    case FACT_PLACEHOLDER: return it->placeholders.len;
    default: return 0;
  }
}

void review_facts(struct arena *mem, const struct item *it, fact_refs *out) {
  static const enum fact_kind order[] = {FACT_DUTY, FACT_UNIVERSAL, FACT_COMPARISON, FACT_DELIVERABLE,
                                         FACT_TIME, FACT_NAME,      FACT_PLACEHOLDER};
  int32_t number = 0;
  for (int role = ROLE_LEAD; role <= ROLE_GUIDE; role++)
    for (size_t i = 0; i < it->parties.len; i++)
      if ((int)it->parties.at[i].role == role)
        (void)add_fact(mem, out, (struct fact_ref){FACT_PARTY, (int32_t)i, ++number});
  add_targets(mem, it, out, &number);
  for (size_t k = 0; k < COUNT_OF(order); k++) {
    for (size_t i = 0; i < count_of(it, order[k]); i++) {
      if (order[k] == FACT_NAME && it->names.at[i].kind >= NAME_SLOGAN) continue;
      if (!add_fact(mem, out, (struct fact_ref){order[k], (int32_t)i, ++number})) return;
    }
  }
  for (size_t i = 0; i < it->names.len; i++)
    if (it->names.at[i].kind >= NAME_SLOGAN && !add_fact(mem, out, (struct fact_ref){FACT_NAME, (int32_t)i, 0})) return;
  for (size_t i = 0; i < it->measures.len; i++)
    if (!add_fact(mem, out, (struct fact_ref){FACT_MEASURE, (int32_t)i, 0})) return;
}

/* The total that a listed target belongs to: itself, or what it is part of. NO_INDEX for other facts. */
static int32_t total_of(const struct item *it, struct fact_ref f) {
  if (f.kind != FACT_TARGET) return NO_INDEX;
  const int32_t whole = it->targets.at[f.index].part_of;
  return whole >= 0 ? whole : f.index;
}

bool review_is_listed(const struct review *r, size_t fact) {
  const struct fact_ref f = r->facts.at[fact];
  if (f.number) return true;
  if (f.kind != FACT_TARGET) return r->fact == (int32_t)fact;
  const struct item *it = r->items.at[r->current].item;
  return r->fact != NO_INDEX && total_of(it, r->facts.at[r->fact]) == total_of(it, f);
}

struct span review_fact_span(const struct item *it, struct fact_ref r) {
  const size_t i = (size_t)r.index;
  switch (r.kind) {
    case FACT_PARTY: return it->parties.at[i].at;
    case FACT_TARGET: return it->targets.at[i].at;
    case FACT_DELIVERABLE: return it->deliverables.at[i].at;
    case FACT_NAME: return it->names.at[i].at;
    case FACT_TIME: return it->times.at[i].at;
    case FACT_DUTY: return it->duties.at[i].at;
    case FACT_UNIVERSAL: return it->universals.at[i].at;
    case FACT_COMPARISON: return it->comparisons.at[i].at;
    case FACT_PLACEHOLDER: return it->placeholders.at[i].at;
    default: return it->measures.at[i].at;
  }
}

bool review_item_lacks_unit(const struct plan *p, const struct item *it) {
  (void)p;
  for (size_t i = 0; i < it->parties.len; i++)
    if (it->parties.at[i].role == ROLE_LEAD) return false;
  return true;
}

static bool has_unit(const struct item *it, struct str unit) {
  for (size_t i = 0; i < it->parties.len; i++)
    if (str_eq(it->parties.at[i].name, unit)) return true;
  return false;
}

bool review_has_kind(const struct item *it, int kind) {
  switch (kind) {
    case FACT_TARGET: return it->targets.len > 0;
    case FACT_DELIVERABLE: return it->deliverables.len > 0;
    case FACT_DUTY: return it->duties.len > 0;
    case FACT_UNIVERSAL: return it->universals.len > 0;
    case FACT_COMPARISON: return it->comparisons.len > 0;
    case FACT_NAME: return it->names.len > 0;
    case FACT_TIME: return it->times.len > 0;
    case FACT_PLACEHOLDER: return it->placeholders.len > 0;
    default: return it->parties.len > 0;
  }
}

static bool is_shown(const struct review *r, const struct review_item *x) {
  if (r->unit.len && !has_unit(x->item, r->unit)) return false;
  if (r->kind != NO_INDEX && !review_has_kind(x->item, r->kind)) return false;
  switch (r->show) {
    case SHOW_DOUBT: return x->state == ITEM_DOUBT || x->state == ITEM_ERROR;
    case SHOW_NO_UNIT: return review_item_lacks_unit(r->v->plan, x->item);
    case SHOW_INFERRED: return x->item->due.inferred;
    case SHOW_OPEN: return x->state != ITEM_ACCEPTED;
    default: return true;
  }
}

uint64_t review_key(const struct review *r, const struct review_item *it, struct fact_ref f) {
  const struct correct_item *c = &r->v->corrected->documents[it->ref.document].items[it->ref.item];
  return (size_t)f.index < c->keys[f.kind].len ? c->keys[f.kind].at[f.index] : 0;
}

static void find_fact(struct review *r, struct str fact) {
  r->fact = NO_INDEX;
  if (r->current == NO_INDEX) return;
  const struct review_item *it = &r->items.at[r->current];
  review_facts(r->mem, it->item, &r->facts);
  r->has_fact_key = correct_key_of(fact, &r->fact_key);
  for (size_t i = 0; r->has_fact_key && i < r->facts.len; i++)
    if (review_key(r, it, r->facts.at[i]) == r->fact_key) r->fact = (int32_t)i;
}

void review_start(struct review *r, struct str item, struct str fact) {
  struct item_ref wanted = {NO_INDEX, NO_INDEX};
  const bool asked = item.len && plans_item_of(r->v, item, &wanted);
  const struct plan *p = r->v->plan;
  r->current = NO_INDEX;
  for (size_t d = 0; d < p->documents.len; d++) {
    for (size_t i = 0; i < p->documents.at[d].items.len; i++) {
      const struct item *it = &p->documents.at[d].items.at[i];
      if (it->is_group) continue;
      const struct item_ref ref = {(int32_t)d, (int32_t)i};
      struct review_item x = {ref, plans_item_step(r->mem, r->v, ref), it, r->v->items[d][i].state, false};
      x.shown = is_shown(r, &x);
      vec_push(r->mem, &r->items) = x;
      if (asked && ref.document == wanted.document && ref.item == wanted.item) r->current = (int32_t)r->items.len - 1;
    }
  }
  for (size_t i = 0; r->current == NO_INDEX && i < r->items.len; i++)
    if (r->items.at[i].shown && (r->items.at[i].state != ITEM_ACCEPTED || r->show != SHOW_ALL)) r->current = (int32_t)i;
  if (r->current == NO_INDEX && r->items.len) r->current = 0;
  find_fact(r, fact);
}

static void add_query(struct buf *b, const char *name, struct str value) {
  if (!value.len) return;
  buf_byte(b, memchr(b->at, '?', b->len) ? '&' : '?');
  buf_z(b, name);
  buf_byte(b, '=');
  for (size_t i = 0; i < value.len; i++) {
    const unsigned char c = (unsigned char)value.at[i];
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
        c == '_' || c == ':')
      buf_byte(b, (char)c);
    else buf_fmt(b, "%%%02X", c);
  }
}

static const char *const show_words[SHOW_COUNT] = {"", "doubt", "no-unit", "inferred", "open"};

struct str review_href(const struct review *r, struct str item, struct str fact, struct str more) {
  AUTO_BUF b = BUF_MAX(4096);
  buf_str(&b, r->path);
  add_query(&b, "draft", r->draft);
  add_query(&b, "show", str_of(show_words[r->show]));
  add_query(&b, "unit", r->unit);
  if (r->kind != NO_INDEX) add_query(&b, "kind", str_of(correct_subject_word(r->kind)));
  add_query(&b, "item", item);
  add_query(&b, "fact", fact);
  if (more.len) {
    buf_byte(&b, memchr(b.at, '?', b.len) ? '&' : '?');
    buf_str(&b, more);
  }
  return str_dup(r->mem, buf_view(&b));
}
