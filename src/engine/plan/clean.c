/* Cleaning: source.text -> clean, as one layer of logged edits, and its fold.
 *
 * The passes run one after another, each on the text that the former left, and their layers are composed, so that
 * every edit is stated against the source. Most texts need none of the character passes: one scan looks for the few
 * characters that can begin a damage, and only the passes that are called for run. Nothing is copied until the first
 * change. Byte shifts come first: their readings and question marks are evidence that the later passes remove.
 *
 * What one pass mends, an earlier one can learn from: a reading stands behind its character once the line end between
 * them is gone. So all passes run again while the last round may have left something to do, which is nearly never; a
 * cleaned text is one that they leave as it is. */
#include "engine/plan/plan.h"
#include "engine/plan/repair.h"
#include "text/han.h"

/* What is made on the way dies at the end; the last text and its edits are copied to the plan. */
struct cleaner {
  struct arena *scratch;
  const struct lexicon *lx;
  struct layer whole;
  unsigned made;   /* kinds of the edits of this round, as bits */
  bool has_doubt;  /* it left something as it was */
  bool has_parted; /* lines that only blanks had parted */
  bool traditional;
  struct str folded; /* `whole.out` folded; nothing when that has changed since */
};
enum { ROUNDS_MOST = 6 }; /* two are rare, four were never seen */

static void take(struct cleaner *w, const changes *list) {
  if (list->len == 0) return;
  vec_each(const struct change, c, list) {
    w->has_doubt |= c->doubt;
    if (!c->doubt) w->made |= 1u << c->kind;
  }
  w->folded = (struct str){0};
  struct layer step, whole;
  layer_make(w->scratch, w->whole.out, list, &step);
  if (w->whole.edits.len) layer_compose(w->scratch, &w->whole, &step, &whole);
  else whole = step;
  w->whole = whole;
}

static void repair(struct cleaner *w) {
  const unsigned suspects = repair_suspects(w->whole.out);
  if (suspects & SUSPECT_SHIFT) {
    changes list = {0};
    repair_shifts(w->scratch, w->lx, w->whole.out, &list);
    take(w, &list);
  }
  if (suspects & (SUSPECT_PINYIN | SUSPECT_ENTITY | SUSPECT_CHAR)) {
    changes list = {0};
    repair_chars(w->scratch, w->whole.out, &list);
    take(w, &list);
  }
  if (suspects & SUSPECT_QUESTION) {
    changes list = {0};
    repair_questions(w->scratch, w->lx, w->whole.out, &list);
    take(w, &list);
  }
  changes breaks = {0};
  repair_run_on(w->scratch, w->lx, w->whole.out, &breaks);
  take(w, &breaks);
  changes lines = {0};
  w->has_parted = repair_lines(w->scratch, w->lx, w->whole.out, &lines);
  take(w, &lines);
}

static struct str folded(struct cleaner *w) {
  if (!w->folded.at) w->folded = w->traditional ? han_fold(w->scratch, w->whole.out) : w->whole.out;
  return w->folded;
}

static void clean_once(struct cleaner *w) {
  w->made = 0;
  w->has_doubt = false;
  repair(w);
  w->traditional = han_is_traditional(w->whole.out);
  w->folded = (struct str){0};
  changes rows = {0};
  repair_rows(w->scratch, w->lx, folded(w), &rows);
  take(w, &rows);
  changes contents = {0};
  trim_contents(w->scratch, w->lx, folded(w), &contents);
  take(w, &contents);
  changes page = {0};
  trim_furniture(w->scratch, w->lx, folded(w), &page);
  take(w, &page);
}

/* Lines that were joined or cut make other lines of their neighbours, and so do blanks that parted them. All else
 * matters only to suspicious characters that are left: to a place of doubt, or when others were mended. */
static bool may_go_on(const struct cleaner *w) {
  const unsigned lines = 1u << EDIT_LINE_JOIN | 1u << EDIT_LINE_BREAK | 1u << EDIT_CELL,
                 quiet = 1u << EDIT_BLANK | 1u << EDIT_FURNITURE;
  if ((w->made & lines) || w->has_parted) return true;
  return (w->has_doubt ? w->made : w->made & ~quiet) && repair_suspects(w->whole.out);
}

bool plan_clean(struct plan *p, struct err *e) {
  (void)e;
  AUTO_ARENA scratch = {0};
  const struct str text = p->source.text;
  struct cleaner w = {.scratch = &scratch, .lx = p->options.lexicon, .whole = {.in = text, .out = text}};
  clean_once(&w);
  for (int round = 1; round < ROUNDS_MOST && may_go_on(&w); round++) clean_once(&w);

  p->cleaning = (struct layer){.in = text, .out = w.whole.edits.len ? str_dup(p->mem, w.whole.out) : text};
  if (w.whole.edits.len) {
    const size_t n = w.whole.edits.len;
    p->cleaning.edits.at = arena_new_n(p->mem, struct edit, n);
    memcpy(p->cleaning.edits.at, w.whole.edits.at, n * sizeof(struct edit));
    p->cleaning.edits.len = p->cleaning.edits.cap = n;
  }
  p->clean = p->cleaning.out;
  p->traditional = w.traditional;
  p->folded = w.traditional ? str_dup(p->mem, folded(&w)) : p->clean;
  return true;
}
