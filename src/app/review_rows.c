/* The source as rows: one paragraph a row, its words cut into pieces where a fact is marked.
 *
 * Marks are spans of facts. They nest (a date inside a target's clause) or follow one another; at every place the
 * innermost one shows. A stack over marks sorted by start gives the pieces in one sweep. */
#include <stdlib.h>

#include "app/page.h"
#include "app/review.h"
#include "texts.h"

enum { MARK_DEPTH = 12, ROWS_AT_ONCE = 700, ROW_BYTES = 60000 };

struct mark {
  struct span at;
  int32_t item; /* index of review.items */
  int32_t fact; /* index in its list of facts */
  struct fact_ref ref;
  bool doubt;
};
typedef VEC(struct mark) marks;

struct row_info {
  struct span at;
  int32_t item; /* index of review.items, NO_INDEX */
  bool heading, title, off;
  uint32_t bold_end; /* number and title of an item stand before this */
};
typedef VEC(struct row_info) row_infos;

static const char *mark_class(const struct mark *m) {
  switch (m->ref.kind) {
    case FACT_PARTY: return m->doubt ? "m m-unit m-doubt" : "m m-unit";
    case FACT_DELIVERABLE: return m->doubt ? "m m-doc m-doubt" : "m m-doc";
    case FACT_TIME: return m->doubt ? "m m-time m-doubt" : "m m-time";
    case FACT_NAME: return m->doubt ? "m m-name m-doubt" : "m m-name";
    case FACT_PLACEHOLDER: return "m m-name m-doubt";
    default: return m->doubt ? "m m-target m-doubt" : m->ref.number ? "m m-target" : "m m-part";
  }
}

/* ---- marks ---- */

static int by_start(const void *a, const void *b) {
  const struct mark *x = a, *y = b;
  if (x->at.at != y->at.at) return x->at.at < y->at.at ? -1 : 1;
  if (x->at.end != y->at.end) return x->at.end > y->at.end ? -1 : 1;
  return (x->fact > y->fact) - (x->fact < y->fact);
}

/* Facts that a warning or an error stands about, as sorted numbers. */
typedef VEC(uint64_t) doubt_list;

static uint64_t doubt_number(struct item_ref ref, struct fact_ref f) {
  return (uint64_t)ref.document << 52 | (uint64_t)ref.item << 28 | (uint64_t)f.kind << 24 | (uint64_t)f.index;
}

static int by_number(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static void collect_doubts(const struct review *r, doubt_list *out) {
  const struct plan *p = r->v->plan;
  for (size_t i = 0; i < p->diags.len; i++) {
    const struct diag *d = &p->diags.at[i];
    if (d->severity < SEVERITY_WARNING || d->item < 0 || d->fact_index < 0) continue;
    vec_push(r->mem, out) =
        doubt_number((struct item_ref){d->document, d->item}, (struct fact_ref){d->fact, d->fact_index, 0});
  }
  if (out->len) qsort(out->at, out->len, sizeof *out->at, by_number);
}

static bool in_doubt(const doubt_list *doubts, struct item_ref ref, struct fact_ref f) {
  const uint64_t n = doubt_number(ref, f);
  return doubts->len && bsearch(&n, doubts->at, doubts->len, sizeof n, by_number) != NULL;
}

static void collect_marks(const struct review *r, marks *out) {
  doubt_list doubts = {0};
  collect_doubts(r, &doubts);
  for (size_t i = 0; i < r->items.len; i++) {
    const struct review_item *x = &r->items.at[i];
    fact_refs facts = {0};
    review_facts(r->mem, x->item, &facts);
    for (size_t f = 0; f < facts.len; f++) {
      if (!facts.at[f].number && facts.at[f].kind != FACT_TARGET) continue;
      const struct span at = review_fact_span(x->item, facts.at[f]);
      if (at.at >= at.end) continue;
      vec_push(r->mem, out) =
          (struct mark){at, (int32_t)i, (int32_t)f, facts.at[f], in_doubt(&doubts, x->ref, facts.at[f])};
    }
  }
  if (out->len) qsort(out->at, out->len, sizeof *out->at, by_start);
}

/* ---- pieces ---- */

struct cutter {
  const struct review *r;
  struct view_row *row;
  const struct row_info *info;
};

static void put_text(struct cutter *c, struct span at, const struct mark *m) {
  if (at.at >= at.end) return;
  struct view_piece p = {.text = plan_text(c->r->v->plan, at)};
  if (m) {
    const struct review_item *x = &c->r->items.at[m->item];
    const struct str key = correct_key_text(c->r->mem, review_key(c->r, x, m->ref));
    p.is_mark = true;
    p.css = str_of(mark_class(m));
    p.href = review_href(c->r, x->step, key, (struct str){0});
    p.current = m->item == c->r->current && m->fact == c->r->fact;
  }
  p.is_bold = at.end <= c->info->bold_end;
  vec_push(c->r->mem, &c->row->pieces) = p;
}

/* Cuts at cell borders and where the bold head ends. */
static void put(struct cutter *c, struct span at, const struct mark *m) {
  const struct str text = c->r->v->plan->folded;
  while (at.at < at.end) {
    uint32_t stop = at.at;
    while (stop < at.end && text.at[stop] != '\t' && text.at[stop] != '\v' && stop != c->info->bold_end) stop++;
    put_text(c, (struct span){at.at, stop}, m);
    at.at = stop;
    if (stop == at.end) break;
    if (text.at[stop] == '\t' || text.at[stop] == '\v') {
      vec_push(c->r->mem, &c->row->pieces) = (struct view_piece){.text = STR(" · "), .is_break = true};
      at.at++;
    } else {
      const uint32_t next = stop + 1;
      uint32_t end = next;
      while (end < at.end && text.at[end] != '\t' && text.at[end] != '\v') end++;
      put_text(c, (struct span){stop, end}, m);
      at.at = end;
    }
  }
}

static void number_last(struct cutter *c, const struct mark *m) {
  if (m->item != c->r->current || !c->row->pieces.len || !m->ref.number) return;
  vec_last(&c->row->pieces).sup = str_int(c->r->mem, m->ref.number);
}

/* Where a row's words end on the page: a paragraph of megabytes is broken off. */
static uint32_t row_end(const struct cutter *c) {
  const struct span at = c->info->at;
  if (at.end - at.at <= ROW_BYTES) return at.end;
  uint32_t end = at.at + ROW_BYTES;
  while (end > at.at && ((unsigned char)c->r->v->plan->folded.at[end] & 0xC0) == 0x80) end--;
  return end;
}

static void cut_row(struct cutter *c, const marks *all, size_t *io_next) {
  struct mark stack[MARK_DEPTH];
  size_t depth = 0, i = *io_next;
  uint32_t pos = c->info->at.at;
  const uint32_t end = row_end(c);
  for (; i < all->len && all->at[i].at.at < end; i++) {
    struct mark m = all->at[i];
    if (m.at.end <= pos || m.at.at < c->info->at.at) continue;
    for (; depth && stack[depth - 1].at.end <= m.at.at; depth--) {
      put(c, (struct span){pos, stack[depth - 1].at.end}, &stack[depth - 1]);
      pos = stack[depth - 1].at.end;
      number_last(c, &stack[depth - 1]);
    }
    if (depth == MARK_DEPTH) continue;
    put(c, (struct span){pos, m.at.at}, depth ? &stack[depth - 1] : NULL);
    pos = m.at.at;
    const uint32_t limit = depth ? stack[depth - 1].at.end : end;
    if (m.at.end > limit) m.at.end = limit;
    stack[depth++] = m;
  }
  for (; depth; depth--) {
    put(c, (struct span){pos, stack[depth - 1].at.end}, &stack[depth - 1]);
    pos = stack[depth - 1].at.end;
    number_last(c, &stack[depth - 1]);
  }
  put(c, (struct span){pos, end}, NULL);
  if (end < c->info->at.end)
    vec_push(c->r->mem, &c->row->pieces) = (struct view_piece){.text = STR(" ……"), .is_break = true};
  *io_next = i;
}

/* ---- rows ---- */

static void cut_lines(const struct review *r, row_infos *out) {
  const struct str text = r->v->plan->folded;
  for (size_t at = 0; at < text.len;) {
    const char *nl = memchr(text.at + at, '\n', text.len - at);
    const size_t end = nl ? (size_t)(nl - text.at) : text.len;
    if (end > at)
      vec_push(r->mem, out) = (struct row_info){.at = {(uint32_t)at, (uint32_t)end}, .item = NO_INDEX, .off = true};
    at = end + 1;
  }
}

/* First row that ends behind a place. */
static size_t row_of(const row_infos *rows, uint32_t place) {
  size_t lo = 0, hi = rows->len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (rows->at[mid].at.end <= place) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

static void name_rows(const struct review *r, row_infos *rows) {
  const struct plan *p = r->v->plan;
  for (size_t d = 0; d < p->documents.len; d++) {
    const struct document *doc = &p->documents.at[d];
    for (size_t i = row_of(rows, doc->preamble_at.at);
         doc->preamble_at.end && i < rows->len && rows->at[i].at.at < doc->preamble_at.end; i++)
      rows->at[i].off = false;
    for (size_t s = 0; s < doc->sections.len; s++) {
      const size_t i = row_of(rows, doc->sections.at[s].title_at.at);
      if (i < rows->len && doc->sections.at[s].title_at.end) rows->at[i].heading = true;
    }
    const size_t t = row_of(rows, doc->title.at.at);
    if (t < rows->len && doc->title.at.end) rows->at[t].title = true;
    for (size_t g = 0; g < doc->items.len; g++) {
      const size_t i = row_of(rows, doc->items.at[g].at.at);
      if (doc->items.at[g].is_group && i < rows->len) rows->at[i].heading = true;
    }
  }
  for (size_t x = 0; x < r->items.len; x++) {
    const struct item *it = r->items.at[x].item;
    const size_t first = row_of(rows, it->at.at);
    for (size_t i = first; i < rows->len && rows->at[i].at.at < it->at.end; i++) {
      rows->at[i].item = (int32_t)x;
      rows->at[i].off = false;
      if (i == first && it->title_at.end > it->title_at.at) {
        uint32_t end = it->title_at.end;
        const struct str rest = str_from(p->folded, end);
        if (str_starts(rest, STR("。")) || str_starts(rest, STR("："))) end += 3;
        rows->at[i].bold_end = end;
      }
    }
  }
}

/* A very long plan is shown around the current item; links lead on. */
static void choose_window(const struct review *r, const row_infos *rows, size_t *out_from, size_t *out_to) {
  *out_from = 0;
  *out_to = rows->len;
  if (rows->len <= ROWS_AT_ONCE) return;
  const size_t here = r->current == NO_INDEX ? 0 : row_of(rows, r->items.at[r->current].item->at.at);
  *out_from = here > ROWS_AT_ONCE / 2 ? here - ROWS_AT_ONCE / 2 : 0;
  *out_to = *out_from + ROWS_AT_ONCE < rows->len ? *out_from + ROWS_AT_ONCE : rows->len;
}

static void link_window(const struct review *r, struct view_review *v, const row_infos *rows, size_t from, size_t to) {
  for (size_t i = from; i-- > 0;) {
    if (rows->at[i].item == NO_INDEX) continue;
    v->more_before = review_href(r, r->items.at[rows->at[i].item].step, (struct str){0}, (struct str){0});
    break;
  }
  for (size_t i = to; i < rows->len; i++) {
    if (rows->at[i].item == NO_INDEX) continue;
    v->more_after = review_href(r, r->items.at[rows->at[i].item].step, (struct str){0}, (struct str){0});
    break;
  }
}

void review_rows(const struct review *r, struct view_review *v) {
  row_infos rows = {0};
  marks all = {0};
  cut_lines(r, &rows);
  name_rows(r, &rows);
  collect_marks(r, &all);
  size_t from = 0, to = 0, next = 0;
  choose_window(r, &rows, &from, &to);
  link_window(r, v, &rows, from, to);
  uint32_t *row_at = arena_new_n(r->mem, uint32_t, to - from + 1);
  size_t shown = 0;
  for (size_t i = from; i < to; i++) {
    const struct row_info *info = &rows.at[i];
    if (info->item != NO_INDEX && !r->items.at[info->item].shown) continue;
    vec_push(r->mem, &v->rows) = (struct view_row){.line = str_int(r->mem, (int64_t)(i + 1))};
    struct view_row *row = &vec_last(&v->rows);
    row->is_heading = info->heading && info->item == NO_INDEX;
    row->is_title = info->title;
    row->is_off = info->off && !info->heading && !info->title;
    row->current = info->item != NO_INDEX && info->item == r->current;
    row->id = str_fmt(r->mem, "r%zu", i + 1);
    row_at[shown++] = info->at.at;
    struct cutter c = {r, row, info};
    while (next < all.len && all.at[next].at.end <= info->at.at) next++;
    cut_row(&c, &all, &next);
  }
  row_at[shown] = to < rows.len ? rows.at[to].at.at : (uint32_t)r->v->plan->clean.len + 1;
  review_notes(r, v, row_at, shown);
}
