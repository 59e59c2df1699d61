/* The clerk's notes in the margin: what was repaired (before and after), sums that were checked and add up, doubts and
 * errors. Each stands beside the row it is about; many repairs of one kind in a row are told together. */
#include "app/page.h"
#include "app/review.h"
#include "texts.h"

enum { NOTES_PER_ROW = 8, SAMPLES = 2 };

struct repair_group {
  enum edit_kind kind;
  bool doubt;
  int count;
  struct str was, now; /* of the first ones, joined */
};

/* Row that holds a place; STR_NONE when none is shown there. */
static size_t row_of(const uint32_t *row_at, size_t rows, uint32_t place) {
  size_t lo = 0, hi = rows;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (row_at[mid + 1] <= place) lo = mid + 1;
    else hi = mid;
  }
  return lo < rows && row_at[lo] <= place ? lo : STR_NONE;
}

static struct str counted(const struct review *r, int msg, int n) {
  const struct msg_arg args[] = {{"n", str_int(r->mem, n)}};
  return msg_text(r->mem, r->lang, msg, args, 1);
}

/* The same note twice in a row is one note with its number; what finds no place any more is counted in the last one. */
static void add_note(const struct review *r, struct view_row *row, struct view_note n) {
  for (size_t i = 0; i < row->notes.len; i++) {
    struct view_note *same = &row->notes.at[i];
    if (!str_eq(same->css, n.css) || !str_eq(same->head, n.head) || !str_eq(same->text, n.text) ||
        !str_eq(same->was, n.was))
      continue;
    same->times = counted(r, MSG_note_times, ++same->count + 1);
    return;
  }
  if (row->notes.len < NOTES_PER_ROW) {
    vec_push(r->mem, &row->notes) = n;
    return;
  }
  row->more++;
  vec_last(&row->notes) = (struct view_note){.css = STR("mn"), .head = counted(r, MSG_note_more, row->more + 1)};
}

static struct str visible(struct arena *mem, struct str s) {
  return str_replace(mem, str_replace(mem, s, STR("\n"), STR("⏎")), STR("\r"), STR(""));
}

/* One character before and after make a lone mark readable. */
static struct str with_context(const struct review *r, struct str text, struct span at) {
  uint32_t from = at.at, to = at.end;
  if (from) {
    do from--;
    while (from && ((unsigned char)text.at[from] & 0xC0) == 0x80);
  }
  if (from < at.at && (text.at[from] == '\n' || text.at[from] == '\t')) from = at.at;
  return visible(r->mem, str_slice(text, from, to));
}

static void end_group(const struct review *r, struct view_row *row, struct repair_group *g) {
  if (!g->count) return;
  const struct str kind = page_text_of(r->mem, r->lang, "repair_", edit_word(g->kind));
  const struct msg_arg args[] = {{"kind", kind}, {"n", str_int(r->mem, g->count)}};
  const int head = g->doubt ? MSG_note_damage : g->count > 1 ? MSG_note_repairs : MSG_note_repair;
  add_note(r, row,
           (struct view_note){.css = g->doubt ? STR("mn mn-y") : STR("mn"),
                              .head = msg_text(r->mem, r->lang, head, args, 2),
                              .was = g->was,
                              .text = g->now});
  g->count = 0;
}

static void add_repairs(const struct review *r, struct view_review *v, const uint32_t *row_at, size_t rows) {
  const struct layer *l = &r->v->plan->cleaning;
  struct repair_group g = {0};
  size_t last = STR_NONE;
  for (size_t i = 0; i < l->edits.len; i++) {
    const struct edit *e = &l->edits.at[i];
    if (e->kind == EDIT_FURNITURE || e->kind == EDIT_BLANK || e->kind == EDIT_NEWLINE) continue;
    const size_t row = row_of(row_at, rows, e->out_at);
    if (row == STR_NONE) continue;
    if (g.count && (row != last || g.kind != (enum edit_kind)e->kind || g.doubt != e->doubt))
      end_group(r, &v->rows.at[last], &g);
    if (!g.count) g = (struct repair_group){.kind = e->kind, .doubt = e->doubt};
    last = row;
    if (g.count++ >= SAMPLES) continue;
    const struct str was = with_context(r, l->in, (struct span){e->in_at, e->in_at + e->in_len});
    const struct str now = with_context(r, l->out, (struct span){e->out_at, e->out_at + e->out_len});
    g.was = g.was.len ? str_join(r->mem, str_join(r->mem, g.was, STR(" ")), was) : was;
    if (!e->doubt) g.now = g.now.len ? str_join(r->mem, str_join(r->mem, g.now, STR(" ")), now) : now;
  }
  if (g.count) end_group(r, &v->rows.at[last], &g);
}

static void add_trims(const struct review *r, struct view_review *v) {
  const struct layer *l = &r->v->plan->cleaning;
  int n = 0;
  for (size_t i = 0; i < l->edits.len; i++) n += l->edits.at[i].kind == EDIT_FURNITURE;
  if (!n || !v->rows.len) return;
  add_note(r, &v->rows.at[0],
           (struct view_note){.css = STR("mn"),
                              .head = counted(r, MSG_note_trims, n),
                              .text = msg_text(r->mem, r->lang, MSG_note_trims_says, NULL, 0)});
}

/* The text is read in Simplified script; a plan in Traditional keeps its own characters in the file and in repairs. */
static void add_script(const struct review *r, struct view_review *v) {
  const struct plan *p = r->v->plan;
  if (!v->rows.len || str_eq(p->clean, p->folded)) return;
  int n = 0;
  for (size_t i = 0; i < p->clean.len && i < p->folded.len; i++)
    n += ((unsigned char)p->clean.at[i] & 0xC0) != 0x80 &&
         memcmp(p->clean.at + i, p->folded.at + i, i + 3 <= p->clean.len ? 3 : 1) != 0;
  add_note(r, &v->rows.at[0],
           (struct view_note){.css = STR("mn"),
                              .head = counted(r, MSG_note_script, n),
                              .text = msg_text(r->mem, r->lang, MSG_note_script_says, NULL, 0)});
}

static void add_diags(const struct review *r, struct view_review *v, const uint32_t *row_at, size_t rows) {
  const struct plan *p = r->v->plan;
  for (size_t i = 0; i < p->diags.len; i++) {
    const struct diag *d = &p->diags.at[i];
    const bool fine = d->code == DIAG_sum_ok;
    if (d->severity == SEVERITY_NOTE && !fine) continue;
    if (d->code == DIAG_damage) continue; /* the repair note says it */
    const size_t row = row_of(row_at, rows, d->at.at);
    if (row == STR_NONE) continue;
    const char *css = fine ? "mn mn-g" : d->severity == SEVERITY_ERROR ? "mn mn-r" : "mn mn-y";
    const int lead = fine ? 0 : d->severity == SEVERITY_ERROR ? MSG_note_error : MSG_note_doubt;
    struct str head = page_text_of(r->mem, r->lang, "short_", diag_word(d->code));
    if (lead) {
      const struct msg_arg args[] = {{"what", head}};
      head = msg_text(r->mem, r->lang, lead, args, 1);
    }
    struct str text = render_diag(r->mem, d, r->lang), sum = {0};
    if (fine && (str_cut(text, STR("："), &sum, &sum) || str_cut(text, STR(", "), &sum, &sum))) text = sum;
    struct view_row *to = &v->rows.at[row];
    if (fine && to->notes.len && str_eqz(vec_last(&to->notes).css, css)) {
      struct view_note *n = &vec_last(&to->notes);
      n->text = str_fmt(r->mem, STRF "\n" STRF, STRA(n->text), STRA(text));
      continue;
    }
    add_note(r, to, (struct view_note){.css = str_of(css), .head = head, .text = text});
  }
}

void review_notes(const struct review *r, struct view_review *v, const uint32_t *row_at, size_t rows) {
  add_trims(r, v);
  add_script(r, v);
  add_repairs(r, v, row_at, rows);
  add_diags(r, v, row_at, rows);
}
