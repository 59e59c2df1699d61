/* Cleaning: source.text -> clean, as one layer of logged edits, and its fold.
 *
 * The passes run one after another, each on the text that the former left, and their layers are composed, so that
 * every edit is stated against the source. Most texts need none of the character passes: one scan looks for the few
 * characters that can begin a damage, and only the passes that are called for run. Nothing is copied until the first
 * change. Byte shifts come first: their readings and question marks are evidence that the later passes remove. */
#include "engine/plan/plan.h"
#include "engine/plan/repair.h"
#include "text/han.h"

static void take(struct plan *p, const changes *list) {
  if (list->len == 0) return;
  struct layer step, whole;
  layer_make(p->mem, p->clean, list, &step);
  if (p->cleaning.edits.len)
    layer_compose(p->mem, &p->cleaning, &step, &whole);
  else
    whole = step;
  p->cleaning = whole;
  p->clean = step.out;
}

static void fold(struct plan *p) {
  p->traditional = han_is_traditional(p->clean);
  p->folded = p->traditional ? han_fold(p->mem, p->clean) : p->clean;
}

bool plan_clean(struct plan *p, struct err *e) {
  (void)e;
  const struct lexicon *lx = p->options.lexicon;
  p->clean = p->source.text;
  p->cleaning = (struct layer){.in = p->clean, .out = p->clean};
  const unsigned suspects = repair_suspects(p->clean);
  if (suspects & SUSPECT_SHIFT) {
    changes list = {0};
    repair_shifts(p->mem, lx, p->clean, &list);
    take(p, &list);
  }
  if (suspects & (SUSPECT_PINYIN | SUSPECT_ENTITY | SUSPECT_CHAR)) {
    changes list = {0};
    repair_chars(p->mem, p->clean, &list);
    take(p, &list);
  }
  if (suspects & SUSPECT_QUESTION) {
    changes list = {0};
    repair_questions(p->mem, lx, p->clean, &list);
    take(p, &list);
  }
  changes lines = {0}, page = {0};
  repair_lines(p->mem, lx, p->clean, &lines);
  take(p, &lines);
  fold(p);
  trim_furniture(p->mem, lx, p->folded, &page);
  take(p, &page);
  if (page.len) fold(p);
  return true;
}
