/* Diagnostics: what a careful reader would ask about, each with its place and a hint. The facts are only read; what is
 * said follows from them alone, so the same checks run on a plan that people have corrected. Errors come first, so that
 * the ceiling on their number cuts the least important. Every check is linear, or bounded, in the size of the plan. */
#include "engine/plan/check.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/render.h"

enum {
  PLAIN_TEXT_CHARS = 3000, /* a text shorter than this may be a single item without numbers */
  CHARS_A_VERB = 150,      /* a plan has a verb of the field at least this often; a novel has not */
  BODY_SHARE = 4           /* items with a body: 3 of 4, then one without is odd */
};

struct diag *check_add(struct checker *c, enum diag_code code, struct span at, int document, int item) {
  if (c->p->diags.len < PLAN_DIAGS_MAX) return plan_add_diag(c->p, code, at, document, item);
  c->left_out++;
  c->spare = (struct diag){0};
  return &c->spare;
}

void check_arg(struct diag *d, const char *name, struct str value) {
  if (NEVER(d->arg_count >= (int)COUNT_OF(d->args))) return;
  d->args[d->arg_count++] = (struct msg_arg){name, value};
}

struct str check_path(struct checker *c, int document, int item) {
  return render_path(c->p->mem, &c->p->documents.at[document].items.at[item]);
}

struct seen seen_new(struct arena *a, size_t most) {
  size_t size = 16;
  while (size < 2 * most) size *= 2;
  return (struct seen){arena_new_n(a, uint64_t, size), arena_new_n(a, int32_t, size), size - 1};
}

int32_t seen_put(struct seen *s, uint64_t key, int32_t value) {
  size_t i = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & s->mask;
  if (!key) key = 1;
  while (s->keys[i] && s->keys[i] != key) i = (i + 1) & s->mask;
  if (s->keys[i]) return s->values[i];
  s->keys[i] = key;
  s->values[i] = value;
  return -1;
}

static struct str int_text(struct checker *c, int64_t n) { return str_int(c->p->mem, n); }

/* Where to say something about a whole document. */
static struct span document_place(const struct document *d) {
  if (d->title.at.end > d->title.at.at) return d->title.at;
  if (d->items.len) return d->items.at[0].number_at;
  return (struct span){d->at.at, d->at.at};
}

static struct span item_place(const struct item *it) {
  if (it->title_at.end > it->title_at.at) return it->title_at;
  return it->number_at.end > it->number_at.at ? it->number_at : (struct span){it->at.at, it->at.at};
}

/* ---- is it a plan at all ---- */

#define PLAN_VERBS                                                                                                 \
  (LEX_BIT(verb_document) | LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | \
   LEX_BIT(verb_basis) | LEX_BIT(verb_start))

static size_t count_verbs(const struct plan *p) {
  size_t n = 0;
  vec_each(struct lex_hit, h, &p->hits) n += lexicon_hit_in(p->options.lexicon, h->word, PLAN_VERBS);
  return n;
}

static bool has_numbers(const struct plan *p) {
  vec_each(struct document, d, &p->documents) {
    if (d->is_table && d->items.len) return true;
    vec_each(struct item, it, &d->items)
      if (it->number > 0 && it->number_at.end > it->number_at.at) return true;
  }
  return false;
}

static size_t item_count(const struct plan *p) {
  size_t n = 0;
  vec_each(struct document, d, &p->documents) n += d->items.len;
  return n;
}

static void check_kind(struct checker *c) {
  const struct plan *p = c->p;
  const size_t chars = p->clean.len / 3;
  const bool is_long = chars >= PLAIN_TEXT_CHARS;
  const bool speaks_so = count_verbs(p) * CHARS_A_VERB >= chars;
  if (item_count(p) && (!is_long || (has_numbers(p) && speaks_so))) return;
  check_add(c, DIAG_not_plan, (struct span){0, 0}, NO_INDEX, NO_INDEX);
}

/* ---- numbering ---- */

static void say_number(struct checker *c, const struct item *it, int d, int i, int before) {
  if (it->number == before) {
    check_arg(check_add(c, DIAG_number_repeated, it->number_at, d, i), "number", int_text(c, it->number));
    return;
  }
  if (it->number == before + 1 || it->number == 1) return;
  struct diag *g = check_add(c, it->number > before ? DIAG_number_gap : DIAG_number_repeated, it->number_at, d, i);
  if (it->number > before) {
    check_arg(g, "before", int_text(c, before));
    check_arg(g, "after", int_text(c, it->number));
  } else {
    check_arg(g, "number", int_text(c, it->number));
  }
}

static bool is_sibling(const struct item *a, const struct item *b) {
  return a->depth == b->depth && a->depth > 0 && a->section == b->section && a->parent == b->parent &&
         memcmp(a->path, b->path, sizeof(int32_t) * (size_t)(a->depth - 1)) == 0;
}

/* Numbers go up by one among siblings; the first sibling begins with 1 or goes on where the level left off (items that
 * are numbered through the whole text). */
static void check_item_numbers(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  int32_t last[PATH_MAX_DEPTH + 1];
  for (int k = 0; k <= PATH_MAX_DEPTH; k++) last[k] = NO_INDEX;
  for (size_t i = 0; i < doc->items.len; i++) {
    const struct item *it = &doc->items.at[i];
    if (it->depth < 1 || it->depth > PATH_MAX_DEPTH || it->number < 1 || it->number_at.end <= it->number_at.at)
      continue;
    const struct item *before = last[it->depth] < 0 ? NULL : &doc->items.at[last[it->depth]];
    const bool sibling = before && is_sibling(before, it);
    if (sibling) say_number(c, it, d, (int)i, before->number);
    else if (it->number != 1 && !(before && it->number == before->number + 1))
      say_number(c, it, d, (int)i, before && it->number > before->number ? before->number : 0);
    last[it->depth] = (int32_t)i;
    for (int k = it->depth + 1; k <= PATH_MAX_DEPTH && !doc->sections.len; k++) last[k] = NO_INDEX;
  }
}

static void check_section_numbers(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  int before = 0;
  vec_each(struct section, s, &doc->sections) {
    if (s->number < 1) continue;
    const struct span at = {s->at.at, s->title_at.at > s->at.at ? s->title_at.at : s->at.at};
    if (s->number == before) {
      check_arg(check_add(c, DIAG_number_repeated, at, d, NO_INDEX), "number", int_text(c, s->number));
    } else if (s->number > before + 1) {
      struct diag *g = check_add(c, DIAG_number_gap, at, d, NO_INDEX);
      check_arg(g, "before", int_text(c, before));
      check_arg(g, "after", int_text(c, s->number));
    }
    before = s->number;
  }
}

/* ---- who ---- */

static bool has_lead(const struct item *it) {
  vec_each(struct party, x, &it->parties)
    if (x->role == ROLE_LEAD) return true;
  return false;
}

/* Plans that name a lead for some items name it for all; plans that name none leave one question, not forty. */
static void check_units(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  size_t work = 0, led = 0;
  vec_each(struct item, it, &doc->items) {
    work += !it->is_group;
    led += !it->is_group && has_lead(it);
  }
  if (!work || led == work) return;
  if (!led) {
    struct diag *all = check_add(c, DIAG_no_unit, document_place(doc), d, NO_INDEX);
    all->severity = SEVERITY_NOTE;
    return check_arg(all, "count", int_text(c, (int64_t)work));
  }
  for (size_t i = 0; i < doc->items.len; i++) {
    const struct item *it = &doc->items.at[i];
    if (it->is_group || has_lead(it)) continue;
    check_arg(check_add(c, DIAG_no_unit, item_place(it), d, (int)i), "path", check_path(c, d, (int)i));
  }
}

/* ---- how much ---- */

static void say_target(struct checker *c, enum diag_code code, const struct target *t, int d, int i, int k) {
  const struct span at = t->number_at.end > t->number_at.at ? t->number_at : t->at;
  struct diag *g = check_add(c, code, at, d, i);
  g->fact = FACT_TARGET;
  g->fact_index = k;
  check_arg(g, "words", plan_text(c->p, at));
}

/* 普惠性幼儿园覆盖率 says of what; 压减文件会议15% changes something, it is no share either. */
static bool is_bare_share(const struct plan *p, const struct target *t) {
  if (!str_eqz(t->unit, "%") || t->denominator.len) return false;
  for (size_t i = t->at.at; i < t->at.end; (void)utf8_next(p->folded, &i))
    if (lexicon_at(p->options.lexicon, p->folded, i, LEX_BIT(rate_word))) return false;
  return true;
}

/* 每月开展1次: the number stands in a duty with a count. Duties are in the order of the text. */
static bool is_duty_count(const struct item *it, const struct target *t) {
  size_t lo = 0, hi = it->duties.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (it->duties.at[mid].at.end <= t->number_at.at) lo = mid + 1;
    else hi = mid;
  }
  return lo < it->duties.len && it->duties.at[lo].has_count && it->duties.at[lo].at.at <= t->number_at.at;
}

static void check_target(struct checker *c, const struct target *t, int d, int i, int k) {
  if (!t->has_value) return say_target(c, DIAG_soft_target, t, d, i, k);
  if (t->unsure && is_duty_count(&c->p->documents.at[d].items.at[i], t)) return; /* its duty says it */
  if (t->unsure) return say_target(c, DIAG_existing_count, t, d, i, k);
  if (t->has_max || t->bound == BOUND_RANGE) say_target(c, DIAG_range_bound, t, d, i, k);
  else if (t->bound_unsure) say_target(c, DIAG_bound_carried, t, d, i, k);
  if (is_bare_share(c->p, t)) say_target(c, DIAG_no_denominator, t, d, i, k);
}

/* ---- when ---- */

static void check_time(struct checker *c, const struct when *w, int d, int i, int k) {
  const int year = c->p->documents.at[d].year;
  if (!year || w->kind != TIME_DUE || date_none(w->to) || w->to.year >= year) return;
  struct diag *g = check_add(c, DIAG_date_before_plan, w->at, d, i);
  g->fact = FACT_TIME;
  g->fact_index = k;
  check_arg(g, "date", date_iso(c->p->mem, w->to));
  check_arg(g, "year", int_text(c, year));
}

static void check_due(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  const struct date date = {(int16_t)(doc->year_to ? doc->year_to : doc->year), 12, 31}; /* not a heading's quarter */
  int64_t n = 0;
  vec_each(struct item, it, &doc->items) {
    if (it->is_group || !it->due.inferred || it->due.at.end > it->due.at.at) continue;
    n += !date_none(it->due.to) && date_cmp(it->due.to, date) == 0;
  }
  if (!n) return;
  struct diag *g = check_add(c, DIAG_date_inferred, document_place(doc), d, NO_INDEX);
  check_arg(g, "count", int_text(c, n));
  check_arg(g, "date", date_iso(c->p->mem, date));
}

static void check_year(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  if (c->p->options.year || !doc->year_labelled || !doc->year_internal || doc->year_labelled == doc->year_internal)
    return;
  struct diag *g = check_add(c, DIAG_year_doubt, document_place(doc), d, NO_INDEX);
  check_arg(g, "labelled", int_text(c, doc->year_labelled));
  check_arg(g, "internal", int_text(c, doc->year_internal));
}

/* ---- what is missing ---- */

static bool has_body(const struct plan *p, const struct item *it) {
  if (str_trim(plan_text(p, it->body_at)).len) return true;
  vec_each(struct span, x, &it->extra)
    if (str_trim(plan_text(p, *x)).len) return true;
  return false;
}

static void check_empty(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  size_t work = 0, with_body = 0;
  vec_each(struct item, it, &doc->items) {
    work += !it->is_group;
    with_body += !it->is_group && has_body(c->p, it);
  }
  const bool odd_without = with_body * BODY_SHARE >= work * (BODY_SHARE - 1);
  for (size_t i = 0; i < doc->items.len; i++) {
    const struct item *it = &doc->items.at[i];
    if (it->is_group || has_body(c->p, it) || (it->title.len && !odd_without)) continue;
    check_arg(check_add(c, DIAG_empty_item, item_place(it), d, (int)i), "path", check_path(c, d, (int)i));
  }
}

static void check_item(struct checker *c, const struct item *it, int d, int i) {
  for (size_t k = 0; k < it->targets.len; k++) check_target(c, &it->targets.at[k], d, i, (int)k);
  for (size_t k = 0; k < it->times.len; k++) check_time(c, &it->times.at[k], d, i, (int)k);
  for (size_t k = 0; k < it->placeholders.len; k++) {
    if (it->placeholders.at[k].fill.len) continue;
    struct diag *g = check_add(c, DIAG_placeholder, it->placeholders.at[k].at, d, i);
    g->fact = FACT_PLACEHOLDER;
    g->fact_index = (int32_t)k;
    check_arg(g, "words", it->placeholders.at[k].text);
  }
}

static void check_document(struct checker *c, int d) {
  const struct document *doc = &c->p->documents.at[d];
  check_year(c, d);
  check_section_numbers(c, d);
  check_item_numbers(c, d);
  check_units(c, d);
  check_due(c, d);
  check_empty(c, d);
  for (size_t i = 0; i < doc->items.len; i++) check_item(c, &doc->items.at[i], d, (int)i);
}

/* ---- order ---- */

static int by_place(const void *a, const void *b) {
  const struct diag *x = a, *y = b;
  if (x->at.at != y->at.at) return x->at.at < y->at.at ? -1 : 1;
  if (x->code != y->code) return x->code < y->code ? -1 : 1;
  if (x->at.end != y->at.end) return x->at.end < y->at.end ? -1 : 1;
  return (x->fact_index > y->fact_index) - (x->fact_index < y->fact_index);
}

static void finish(struct checker *c) {
  struct plan *p = c->p;
  if (p->diags.len) qsort(p->diags.at, p->diags.len, sizeof *p->diags.at, by_place);
  if (!c->left_out) return;
  const uint32_t end = (uint32_t)p->clean.len;
  check_arg(plan_add_diag(p, DIAG_too_many, (struct span){end, end}, NO_INDEX, NO_INDEX), "count",
            int_text(c, (int64_t)c->left_out));
}

void plan_check(struct plan *p) {
  struct checker c = {.p = p};
  memset(&p->diags, 0, sizeof p->diags); /* a fresh list: the old one may belong to another plan */
  check_kind(&c);
  check_damage(&c);
  check_sums(&c);
  for (size_t d = 0; d < p->documents.len; d++) check_document(&c, (int)d);
  check_documents(&c);
  check_names(&c);
  check_balance(&c);
  check_sentences(&c);
  finish(&c);
  arena_drop(&c.scratch);
}
