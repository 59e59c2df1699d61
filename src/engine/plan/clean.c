/* Cleaning: source.text -> clean, as one layer of logged edits, and its fold.
 *
 * The passes run one after another, each on the text that the former left, and their layers are composed, so that
 * every edit is stated against the source. Most texts need none of the character passes: one scan looks for the few
 * characters that can begin a damage, and only the passes that are called for run. Nothing is copied until the first
 * change. Byte shifts come first: their readings and question marks are evidence that the later passes remove. */
#include "engine/plan/plan.h"
#include "engine/plan/repair.h"
#include "text/han.h"

/* What is made on the way dies at the end; the last text and its edits are copied to the plan. */
struct cleaner {
  struct arena *scratch;
  const struct lexicon *lx;
  struct layer whole;
};

static void take(struct cleaner *w, const changes *list) {
  if (list->len == 0) return;
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
  repair_lines(w->scratch, w->lx, w->whole.out, &lines);
  take(w, &lines);
}

bool plan_clean(struct plan *p, struct err *e) {
  (void)e;
  AUTO_ARENA scratch = {0};
  const struct str text = p->source.text;
  struct cleaner w = {.scratch = &scratch, .lx = p->options.lexicon, .whole = {.in = text, .out = text}};
  repair(&w);
  p->traditional = han_is_traditional(w.whole.out);
  struct str folded = p->traditional ? han_fold(&scratch, w.whole.out) : w.whole.out;
  changes rows = {0};
  repair_rows(&scratch, w.lx, folded, &rows);
  take(&w, &rows);
  if (rows.len) folded = p->traditional ? han_fold(&scratch, w.whole.out) : w.whole.out;
  changes contents = {0};
  trim_contents(&scratch, w.lx, folded, &contents);
  take(&w, &contents);
  if (contents.len) folded = p->traditional ? han_fold(&scratch, w.whole.out) : w.whole.out;
  changes page = {0};
  trim_furniture(&scratch, w.lx, folded, &page);
  take(&w, &page);

  p->cleaning = (struct layer){.in = text, .out = w.whole.edits.len ? str_dup(p->mem, w.whole.out) : text};
  if (w.whole.edits.len) {
    const size_t n = w.whole.edits.len;
    p->cleaning.edits.at = arena_new_n(p->mem, struct edit, n);
    memcpy(p->cleaning.edits.at, w.whole.edits.at, n * sizeof(struct edit));
    p->cleaning.edits.len = p->cleaning.edits.cap = n;
  }
  p->clean = p->cleaning.out;
  p->folded = p->traditional ? han_fold(p->mem, p->clean) : p->clean;
  return true;
}
