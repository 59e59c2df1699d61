/* Two plans beside each other; see compare.h. Steps: list the items of both, find candidate pairs (align.h), raise the
 * score of pairs with equal titles, places, documents or names, keep what a person fixed, take the best pairs first
 * (each item once, near in order when scores are equal: a stable matching), give items that were split or merged a
 * second link, lay out the rows, and say word by word and target by target what differs. */
#include "engine/plan/compare.h"

#include <stdlib.h>

#include "engine/plan/align.h"
#include "engine/plan/compare_moves.h"
#include "engine/plan/render.h"

enum {
  LEAST = 120,         /* candidates below this are not looked at */
  ACCEPT = 330,        /* a link from here on */
  ACCEPT_LEVELS = 260, /* plans of two levels say the same in other words */
  SURE = 480,          /* no question from here on */
  RIVAL = 40,          /* a rival this near makes it a question */
  SPLIT = 560,         /* a second link: this much of the smaller one stands in the larger */
  SPLIT_LEVELS = 420,
  PARTNERS = 8,    /* candidates kept of one item */
  RIVALS = 4,      /* of these remembered as rivals */
  FACTS_MOST = 64, /* documents and names of an item that count as reasons */
  BONUS_TITLE = 160,
  BONUS_PLACE = 30,
  BONUS_DOCUMENT = 60,
  BONUS_NAME = 40
};

struct side {
  const struct plan *plan;
  VEC(struct item_ref) refs; /* items that are work, in order */
  struct str *texts;         /* bodies, labels left out */
};
struct link {
  uint32_t left, right; /* indexes of refs */
  int score, covered;
  unsigned reasons;
};
struct matcher {
  struct arena *mem;
  struct side l, r;
  VEC(struct link) found;           /* candidates, best first */
  VEC(struct link) links;           /* taken */
  uint32_t *left_link, *right_link; /* index in links + 1 of the first link of a ref */
  uint32_t *best_left, *best_right; /* RIVALS indexes in found + 1 of each ref */
  int accept, split;
  const struct compare_options *options;
  struct plan_comparison *out;
};

const struct item *item_at(const struct plan *p, struct item_ref r) {
  if (r.document < 0 || (size_t)r.document >= p->documents.len) return NULL;
  const struct document *d = &p->documents.at[r.document];
  return r.item < 0 || (size_t)r.item >= d->items.len ? NULL : &d->items.at[r.item];
}

static void list_side(struct arena *mem, const struct plan *p, struct side *s) {
  s->plan = p;
  for (size_t d = 0; d < p->documents.len; d++)
    for (size_t i = 0; i < p->documents.at[d].items.len; i++)
      if (!p->documents.at[d].items.at[i].is_group) vec_push(mem, &s->refs) = (struct item_ref){(int32_t)d, (int32_t)i};
  s->texts = arena_new_n(mem, struct str, s->refs.len);
  for (size_t i = 0; i < s->refs.len; i++) s->texts[i] = plan_item_text(mem, p, item_at(p, s->refs.at[i]));
}

static const struct item *left_item(const struct matcher *m, uint32_t i) { return item_at(m->l.plan, m->l.refs.at[i]); }
static const struct item *right_item(const struct matcher *m, uint32_t i) {
  return item_at(m->r.plan, m->r.refs.at[i]);
}

/* ---- candidates and their reasons ---- */

static size_t at_most(size_t n) { return n < FACTS_MOST ? n : FACTS_MOST; }

static bool share_document(const struct item *a, const struct item *b) {
  for (size_t i = 0; i < at_most(a->deliverables.len); i++)
    for (size_t j = 0; j < at_most(b->deliverables.len); j++)
      if (str_eq(a->deliverables.at[i].title, b->deliverables.at[j].title)) return true;
  return false;
}

static bool share_name(const struct item *a, const struct item *b) {
  for (size_t i = 0; i < at_most(a->names.len); i++)
    for (size_t j = 0; j < at_most(b->names.len); j++)
      if (a->names.at[i].kind != NAME_SLOGAN && str_eq(a->names.at[i].text, b->names.at[j].text)) return true;
  return false;
}

static bool same_place(const struct matcher *m, const struct link *k) {
  const struct item *a = left_item(m, k->left), *b = right_item(m, k->right);
  return a->depth == b->depth && memcmp(a->path, b->path, sizeof(int32_t) * (size_t)a->depth) == 0;
}

static void give_reasons(const struct matcher *m, struct link *k) {
  const struct item *a = left_item(m, k->left), *b = right_item(m, k->right);
  k->reasons |= REASON_WORDS;
  if (a->title.len && plan_same_words(a->title, b->title)) k->reasons |= REASON_TITLE, k->score += BONUS_TITLE;
  if (same_place(m, k)) k->reasons |= REASON_PLACE, k->score += BONUS_PLACE;
  if (share_document(a, b)) k->reasons |= REASON_DOCUMENT, k->score += BONUS_DOCUMENT;
  if (share_name(a, b)) k->reasons |= REASON_NAME, k->score += BONUS_NAME;
  if (k->score > 999) k->score = 999;
  if (plan_same_words(a->title, b->title) && plan_same_words(m->l.texts[k->left], m->r.texts[k->right]))
    k->score = 1000;
}

static uint32_t distance(const struct link *k) { return k->left > k->right ? k->left - k->right : k->right - k->left; }

static int by_worth(const void *a, const void *b) {
  const struct link *x = a, *y = b;
  if (x->score != y->score) return x->score < y->score ? 1 : -1;
  if (distance(x) != distance(y)) return distance(x) < distance(y) ? -1 : 1;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  return (x->right > y->right) - (x->right < y->right);
}

struct keyed {
  uint64_t key;
  uint32_t i;
};

static int by_key(const void *a, const void *b) {
  const struct keyed *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return (x->i > y->i) - (x->i < y->i);
}

static struct keyed *keys_of(struct arena *mem, const struct side *s) {
  struct keyed *k = arena_new_n(mem, struct keyed, s->refs.len);
  for (uint32_t i = 0; i < s->refs.len; i++)
    k[i] = (struct keyed){plan_words_hash(s->texts[i], plan_words_hash(item_at(s->plan, s->refs.at[i])->title, 0)), i};
  if (s->refs.len) qsort(k, s->refs.len, sizeof *k, by_key);
  return k;
}

/* Items of the same words belong together however common the words are; equal ones pair in order. */
static void find_equal(struct matcher *m) {
  const struct keyed *l = keys_of(m->mem, &m->l), *r = keys_of(m->mem, &m->r);
  for (size_t i = 0, j = 0; i < m->l.refs.len && j < m->r.refs.len;) {
    if (l[i].key == r[j].key) {
      struct link k = {.left = l[i++].i, .right = r[j++].i, .covered = 1000};
      give_reasons(m, &k);
      if (k.score == 1000) vec_push(m->mem, &m->found) = k;
    } else if (l[i].key < r[j].key) {
      i++;
    } else {
      j++;
    }
  }
}

static void find_candidates(struct matcher *m) {
  struct align *al = align_begin(m->mem, m->l.refs.len + m->r.refs.len);
  align_pairs pairs;
  for (uint32_t i = 0; i < m->l.refs.len; i++) align_add(al, 0, left_item(m, i)->title, m->l.texts[i]);
  for (uint32_t i = 0; i < m->r.refs.len; i++) align_add(al, 1, right_item(m, i)->title, m->r.texts[i]);
  align_find(al, LEAST, PARTNERS, &pairs);
  vec_each(struct align_pair, p, &pairs) {
    struct link k = {
        .left = p->left, .right = p->right - (uint32_t)m->l.refs.len, .score = p->score, .covered = p->covered};
    give_reasons(m, &k);
    vec_push(m->mem, &m->found) = k;
  }
  find_equal(m);
  if (m->found.len) qsort(m->found.at, m->found.len, sizeof *m->found.at, by_worth);
}

/* ---- matching ---- */

static void take(struct matcher *m, struct link k) {
  vec_push(m->mem, &m->links) = k;
  if (!m->left_link[k.left]) m->left_link[k.left] = (uint32_t)m->links.len;
  if (!m->right_link[k.right]) m->right_link[k.right] = (uint32_t)m->links.len;
}

static int compare_refs(struct item_ref a, struct item_ref b) {
  if (a.document != b.document) return a.document < b.document ? -1 : 1;
  return (a.item > b.item) - (a.item < b.item);
}

static bool find_ref(const struct side *s, struct item_ref r, uint32_t *out_i) {
  size_t lo = 0, hi = s->refs.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (compare_refs(s->refs.at[mid], r) < 0) lo = mid + 1;
    else hi = mid;
  }
  *out_i = (uint32_t)lo;
  return lo < s->refs.len && compare_refs(s->refs.at[lo], r) == 0;
}

static void take_fixed(struct matcher *m) {
  for (size_t i = 0; i < m->options->link_count; i++) {
    const struct compare_link *f = &m->options->links[i];
    struct link k = {.reasons = REASON_FIXED};
    if (f->cut || !find_ref(&m->l, f->left, &k.left) || !find_ref(&m->r, f->right, &k.right)) continue;
    vec_each(struct link, c, &m->found)
      if (c->left == k.left && c->right == k.right) k.score = c->score, k.covered = c->covered, k.reasons |= c->reasons;
    take(m, k);
  }
}

static bool is_cut(const struct matcher *m, const struct link *k) {
  for (size_t i = 0; i < m->options->link_count; i++) {
    const struct compare_link *f = &m->options->links[i];
    if (f->cut && !compare_refs(f->left, m->l.refs.at[k->left]) && !compare_refs(f->right, m->r.refs.at[k->right]))
      return true;
  }
  return false;
}

static void take_best(struct matcher *m) {
  vec_each(struct link, k, &m->found)
    if (k->score >= m->accept && !m->left_link[k->left] && !m->right_link[k->right] && !is_cut(m, k)) take(m, *k);
}

/* An item that was split: its other part still says a good share of it. Or merged: the reverse. */
static void take_splits(struct matcher *m) {
  vec_each(struct link, k, &m->found) {
    const bool left_free = !m->left_link[k->left], right_free = !m->right_link[k->right];
    if (left_free == right_free || k->covered < m->split || k->score < m->accept || is_cut(m, k)) continue;
    struct link second = *k;
    second.reasons |= REASON_SPLIT;
    take(m, second);
  }
}

/* ---- rows ---- */

/* The best candidates of every item, so that rivals of a link are found without searching. */
static void note_best(struct matcher *m) {
  m->best_left = arena_new_n(m->mem, uint32_t, m->l.refs.len * RIVALS);
  m->best_right = arena_new_n(m->mem, uint32_t, m->r.refs.len * RIVALS);
  for (size_t i = 0; i < m->found.len; i++) {
    const struct link *k = &m->found.at[i];
    uint32_t *const lists[] = {m->best_left + (size_t)k->left * RIVALS, m->best_right + (size_t)k->right * RIVALS};
    for (int side = 0; side < 2; side++) {
      int n = 0;
      while (n < RIVALS && lists[side][n]) n++;
      if (n < RIVALS) lists[side][n] = (uint32_t)i + 1;
    }
  }
}

/* Another candidate is nearly as good and its other item is not better off elsewhere. */
static bool is_rival(const struct matcher *m, const struct link *k, const struct link *c) {
  if ((c->left == k->left && c->right == k->right) || c->score < k->score - RIVAL) return false;
  const uint32_t at = c->left == k->left ? m->right_link[c->right] : m->left_link[c->left];
  return !at || m->links.at[at - 1].score < c->score;
}

static bool has_rival(const struct matcher *m, const struct link *k) {
  const uint32_t *lists[] = {m->best_left + (size_t)k->left * RIVALS, m->best_right + (size_t)k->right * RIVALS};
  if (k->score == 1000) return false;
  for (int side = 0; side < 2; side++)
    for (int n = 0; n < RIVALS && lists[side][n]; n++)
      if (is_rival(m, k, &m->found.at[lists[side][n] - 1])) return true;
  return false;
}

static struct compare_row row_of(struct matcher *m, const struct link *k) {
  const struct item *a = left_item(m, k->left), *b = right_item(m, k->right);
  struct compare_row row = {.left = m->l.refs.at[k->left],
                            .right = m->r.refs.at[k->right],
                            .score = k->score,
                            .reasons = k->reasons,
                            .nearest = {NO_INDEX, NO_INDEX}};
  const struct str ta = m->l.texts[k->left], tb = m->r.texts[k->right];
  const bool same = plan_same_words(a->title, b->title) && plan_same_words(ta, tb);
  row.kind = same ? ROW_SAME : ROW_CHANGED;
  row.unsure = !same && !(k->reasons & REASON_FIXED) && (k->score < SURE || has_rival(m, k));
  plan_diff(m->mem, a->title, b->title, &row.title_diff);
  plan_diff(m->mem, ta, tb, &row.text_diff);
  compare_moves(m->mem, a, b, &row);
  return row;
}

static struct compare_row lone_row(const struct matcher *m, uint32_t i, bool is_left) {
  const struct item_ref none = {NO_INDEX, NO_INDEX};
  struct compare_row row = {.kind = is_left ? ROW_GONE : ROW_NEW, .left = none, .right = none, .nearest = none};
  *(is_left ? &row.left : &row.right) = (is_left ? &m->l : &m->r)->refs.at[i];
  return row;
}

struct slot {           /* where a row stands */
  int64_t major, minor; /* right order, then left order */
  uint32_t link;        /* index + 1, or 0 */
  uint32_t item;        /* of a lone row */
  bool is_left;
};

static int by_slot(const void *a, const void *b) {
  const struct slot *x = a, *y = b;
  if (x->major != y->major) return x->major < y->major ? -1 : 1;
  return (x->minor > y->minor) - (x->minor < y->minor);
}

/* What is gone stands behind the row of the item before it in the older plan. */
static size_t fill_slots(struct matcher *m, struct slot *s) {
  size_t n = 0;
  for (size_t i = 0; i < m->links.len; i++)
    s[n++] = (struct slot){2 * (int64_t)m->links.at[i].right, m->links.at[i].left, (uint32_t)i + 1, 0, false};
  for (uint32_t r = 0; r < m->r.refs.len; r++)
    if (!m->right_link[r]) s[n++] = (struct slot){2 * (int64_t)r, 0, 0, r, false};
  int64_t anchor = -1;
  for (uint32_t l = 0; l < m->l.refs.len; l++) {
    if (m->left_link[l]) anchor = 2 * (int64_t)m->links.at[m->left_link[l] - 1].right + 1;
    else s[n++] = (struct slot){anchor, l, 0, l, true};
  }
  return n;
}

static void lay_rows(struct matcher *m) {
  struct slot *s = arena_new_n(m->mem, struct slot, m->links.len + m->l.refs.len + m->r.refs.len);
  const size_t n = fill_slots(m, s);
  if (n) qsort(s, n, sizeof *s, by_slot);
  for (size_t i = 0; i < n; i++)
    vec_push(m->mem, &m->out->rows) =
        s[i].link ? row_of(m, &m->links.at[s[i].link - 1]) : lone_row(m, s[i].item, s[i].is_left);
}

/* The most similar item of a lone one, linked or not, so that a person can judge. */
static void find_nearest(struct matcher *m) {
  struct link *best_left = arena_new_n(m->mem, struct link, m->l.refs.len);
  struct link *best_right = arena_new_n(m->mem, struct link, m->r.refs.len);
  vec_each(struct link, k, &m->found) {
    if (!best_left[k->left].score) best_left[k->left] = *k;
    if (!best_right[k->right].score) best_right[k->right] = *k;
  }
  vec_each(struct compare_row, row, &m->out->rows) {
    uint32_t i;
    if (row->kind == ROW_GONE && find_ref(&m->l, row->left, &i) && best_left[i].score)
      row->nearest = m->r.refs.at[best_left[i].right], row->nearest_score = best_left[i].score;
    if (row->kind == ROW_NEW && find_ref(&m->r, row->right, &i) && best_right[i].score)
      row->nearest = m->l.refs.at[best_right[i].left], row->nearest_score = best_right[i].score;
  }
}

/* ---- the documents themselves ---- */

static struct str issuers_of(struct arena *mem, const struct document *d) {
  struct str all = {0};
  vec_each(struct text_at, x, &d->issuers)
    all = all.len ? str_fmt(mem, STRF "、" STRF, STRA(all), STRA(x->text)) : x->text;
  return all;
}

static struct str year_text(struct arena *mem, int year) { return year ? str_int(mem, year) : (struct str){0}; }

static void compare_documents(struct matcher *m, size_t i) {
  const struct document *a = &m->l.plan->documents.at[i], *b = &m->r.plan->documents.at[i];
  const struct str left[FIELD_COUNT] = {a->title.text,
                                        a->number.text,
                                        issuers_of(m->mem, a),
                                        year_text(m->mem, a->year),
                                        date_iso(m->mem, a->date),
                                        plan_text(m->l.plan, a->preamble_at)};
  const struct str right[FIELD_COUNT] = {b->title.text,
                                         b->number.text,
                                         issuers_of(m->mem, b),
                                         year_text(m->mem, b->year),
                                         date_iso(m->mem, b->date),
                                         plan_text(m->r.plan, b->preamble_at)};
  for (int f = 0; f < FIELD_COUNT; f++)
    if (!plan_same_words(left[f], right[f]))
      vec_push(m->mem, &m->out->meta) =
          (struct compare_meta){(int32_t)i, (int32_t)i, (enum compare_field)f, left[f], right[f]};
}

bool plan_is_copy(const struct plan *left, const struct plan *right) {
  AUTO_ARENA mem = {0};
  struct side l = {0}, r = {0};
  list_side(&mem, left, &l);
  list_side(&mem, right, &r);
  size_t same = 0;
  if (!l.refs.len || l.refs.len != r.refs.len) return false;
  for (size_t i = 0; i < l.refs.len; i++)
    same += plan_same_words(item_at(left, l.refs.at[i])->title, item_at(right, r.refs.at[i])->title) &&
            (item_at(left, l.refs.at[i])->title.len || plan_same_words(l.texts[i], r.texts[i]));
  if (same * 10 < l.refs.len * 9) return false;
  same = 0;
  for (size_t i = 0; i < l.refs.len; i++) same += plan_same_words(l.texts[i], r.texts[i]);
  return same * 10 >= l.refs.len * 6;
}

static bool is_digit_byte(char c) { return c >= '0' && c <= '9'; }

/* 云岚市教育局2025年工作要点 and …2026年… are the same title but for figures. */
static bool same_but_figures(struct str a, struct str b) {
  size_t i = 0, j = 0;
  for (;;) {
    while (i < a.len && is_digit_byte(a.at[i])) i++;
    while (j < b.len && is_digit_byte(b.at[j])) j++;
    if (i >= a.len || j >= b.len) return i >= a.len && j >= b.len;
    if (a.at[i++] != b.at[j++]) return false;
  }
}

static enum compare_mode mode_of(const struct plan *left, const struct plan *right) {
  if (plan_is_copy(left, right)) return COMPARE_COPIES;
  if (!left->documents.len || !right->documents.len) return COMPARE_YEARS;
  const struct document *a = left->documents.at, *b = right->documents.at;
  if (same_but_figures(a->title.text, b->title.text)) return COMPARE_YEARS;
  vec_each(struct text_at, x, &a->issuers)
    vec_each(struct text_at, y, &b->issuers)
      if (str_eq(x->text, y->text)) return COMPARE_YEARS;
  if (a->issuers.len && b->issuers.len) return COMPARE_LEVELS;
  return a->year && a->year == b->year ? COMPARE_LEVELS : COMPARE_YEARS;
}

static void count(struct plan_comparison *c) {
  struct item_ref before = {NO_INDEX, NO_INDEX};
  c->same = !c->meta.len;
  vec_each(struct compare_row, row, &c->rows) {
    c->same &= row->kind == ROW_SAME;
    c->unsure += row->unsure;
    vec_each(struct target_move, mv, &row->moves) c->moves[mv->kind]++;
    if (row->kind == ROW_GONE || compare_refs(before, row->right)) c->counts[row->kind]++;
    if (row->kind != ROW_GONE) before = row->right;
  }
}

void plan_compare(struct arena *mem, const struct plan *left, const struct plan *right,
                  const struct compare_options *options, struct plan_comparison *out) {
  static const struct compare_options none = {0};
  *out = (struct plan_comparison){.left = left, .right = right};
  struct matcher m = {.mem = mem, .options = options ? options : &none, .out = out};
  out->mode = m.options->mode == COMPARE_AUTO ? mode_of(left, right) : m.options->mode;
  m.accept = out->mode == COMPARE_LEVELS ? ACCEPT_LEVELS : ACCEPT;
  m.split = out->mode == COMPARE_LEVELS ? SPLIT_LEVELS : SPLIT;
  list_side(mem, left, &m.l);
  list_side(mem, right, &m.r);
  m.left_link = arena_new_n(mem, uint32_t, m.l.refs.len);
  m.right_link = arena_new_n(mem, uint32_t, m.r.refs.len);
  find_candidates(&m);
  take_fixed(&m);
  take_best(&m);
  take_splits(&m);
  note_best(&m);
  lay_rows(&m);
  find_nearest(&m);
  for (size_t i = 0; i < left->documents.len && i < right->documents.len; i++) compare_documents(&m, i);
  if (out->mode == COMPARE_LEVELS) compare_cover(mem, out);
  count(out);
}
