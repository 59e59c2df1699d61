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

/* What a pass makes dies with it, and a layer with the next one; the last text and its edits are copied to the plan. */
struct cleaner {
  struct arena *scratch; /* of the round */
  struct arena *holds, *spare;
  const struct lexicon *lx;
  struct layer whole; /* in `holds` */
  unsigned made;      /* kinds of the edits of this round, as bits */
  bool has_doubt;     /* it left something as it was */
  bool has_parted;    /* lines that only blanks had parted */
  struct tally tally; /* of `whole.out` */
  bool unsure;        /* a bracket stands beside a change: the tally may not hold */
  bool traditional;   /* what the round says of the script */
  struct str folded;  /* `whole.out` folded; nothing when that has changed since */
};
enum { ROUNDS_MOST = 6 }; /* two are rare, four were never seen */

/* Does no word that folds by its context lie across what changes? Lines, and words of ASCII put in, part words. */
static bool parts_words(struct str text, const struct change *c) {
  const bool begins = c->at.at == 0 || (unsigned char)text.at[c->at.at - 1] < 0x80;
  const bool ends = c->at.end == text.len || (unsigned char)text.at[c->at.end] < 0x80;
  for (size_t i = 0; i < c->with.len; i++)
    if ((unsigned char)c->with.at[i] >= 0x80) return false;
  return begins || ends || c->with.len;
}

/* What is folded stays folded where whole lines go: then the change is made there, too. */
static void take_folded(struct cleaner *w, const changes *list) {
  if (!w->folded.at) return;
  bool good = w->traditional;
  vec_each(const struct change, c, list) good = good && parts_words(w->folded, c);
  struct layer step = {0};
  if (good) layer_make(w->scratch, w->folded, list, &step);
  w->folded = step.out;
}

static bool ends_open(struct str s) { return str_ends(s, STR("(")) || str_ends(s, STR("（")); }

static void tally_change(struct cleaner *w, const struct change *c) {
  const struct str before = str_slice(w->whole.out, 0, c->at.at), old = str_slice(w->whole.out, c->at.at, c->at.end);
  if (old.len) repair_weigh(old, -1, &w->tally);
  if (c->with.len) repair_weigh(c->with, 1, &w->tally);
  w->unsure |= ends_open(before) || ends_open(old) || ends_open(c->with);
}

static void take(struct cleaner *w, const changes *list) {
  if (list->len == 0) return;
  vec_each(const struct change, c, list) {
    w->has_doubt |= c->doubt;
    if (!c->doubt) w->made |= 1u << c->kind;
    tally_change(w, c);
  }
  take_folded(w, list);
  struct layer step, whole;
  layer_make(w->spare, w->whole.out, list, &step);
  layer_compose(w->spare, &w->whole, &step, &whole);
  whole.out = step.out;
  w->whole = whole;
  arena_drop(w->holds);
  struct arena *const free = w->holds;
  w->holds = w->spare;
  w->spare = free;
}

static void repair_characters(struct cleaner *w) {
  AUTO_ARENA looked = {0};
  struct suspects found = {0};
  repair_look(&looked, w->whole.out, &found);
  w->tally = found.tally;
  w->unsure = false;
  const unsigned suspects = found.kinds;
  if (suspects & SUSPECT_SHIFT) {
    AUTO_ARENA mem = {0};
    changes list = {0};
    repair_shifts(&mem, w->lx, w->whole.out, &found, &list);
    take(w, &list);
  }
  if (suspects & (SUSPECT_PINYIN | SUSPECT_ENTITY | SUSPECT_CHAR)) {
    AUTO_ARENA mem = {0};
    changes list = {0};
    repair_chars(&mem, w->whole.out, &list);
    take(w, &list);
  }
  if (suspects & SUSPECT_QUESTION) {
    AUTO_ARENA mem = {0};
    changes list = {0};
    repair_questions(&mem, w->lx, w->whole.out, &list);
    take(w, &list);
  }
}

static void repair_all_lines(struct cleaner *w) {
  AUTO_ARENA cut = {0};
  changes breaks = {0};
  repair_run_on(&cut, w->lx, w->whole.out, &breaks);
  take(w, &breaks);
  AUTO_ARENA joined = {0};
  changes lines = {0};
  w->has_parted = repair_lines(&joined, w->lx, w->whole.out, &lines);
  take(w, &lines);
}

static struct str folded(struct cleaner *w) {
  if (!w->folded.at) w->folded = w->traditional ? han_fold(w->scratch, w->whole.out) : w->whole.out;
  return w->folded;
}

static void clean_once(struct cleaner *w) {
  arena_drop(w->scratch);
  w->folded = (struct str){0}; /* it lay there */
  w->made = 0;
  w->has_doubt = false;
  repair_characters(w);
  repair_all_lines(w);
  w->traditional = w->tally.script > 0;
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
  if (!(w->has_doubt ? w->made : w->made & ~quiet)) return false;
  if (!w->unsure && w->tally.odd) return true;
  if (!w->unsure && w->tally.rare < 2) return false;
  AUTO_ARENA looked = {0};
  struct suspects left = {0};
  repair_look(&looked, w->whole.out, &left);
  return left.kinds != 0;
}

bool plan_clean(struct plan *p, struct err *e) {
  (void)e;
  AUTO_ARENA scratch = {0};
  AUTO_ARENA one = {0};
  AUTO_ARENA two = {0};
  const struct str text = p->source.text;
  struct cleaner w = {
      .scratch = &scratch, .holds = &one, .spare = &two, .lx = p->options.lexicon, .whole = {.in = text, .out = text}};
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
