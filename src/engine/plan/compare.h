/* Two plans beside each other: which item became which, and what moved.
 *
 * Three questions share one answer: two copies of one document (exact differences), two years of one authority
 * (kept, changed, new, gone; targets up or down), two levels (what of the upper plan the lower one took up, and
 * where its quantities do not cover the upper one's). Items are aligned by what they say (align.h), one to many
 * where an item was split or merged; every link has a score and its reasons, and a person can fix or cut it.
 *
 * Pure and deterministic; everything lives in `mem`; both plans must outlive the comparison. Rows come in the order
 * of the right plan, with what is gone behind the row that followed its neighbour; nothing of either plan is left out. */
#ifndef ENGINE_PLAN_COMPARE_H
#define ENGINE_PLAN_COMPARE_H
#include "engine/plan/plan.h"

enum compare_mode { COMPARE_AUTO, COMPARE_COPIES, COMPARE_YEARS, COMPARE_LEVELS };

struct item_ref {
  int32_t document, item; /* NO_INDEX, NO_INDEX = none */
};
static inline bool item_ref_none(struct item_ref r) { return r.item < 0; }

/* What a person decided before: these two belong together, or do not. */
struct compare_link {
  struct item_ref left, right;
  bool cut;
};

enum row_kind {
  ROW_SAME,    /* 保留: the same words (width of marks and blanks apart) */
  ROW_CHANGED, /* 有改 */
  ROW_NEW,     /* 新增: right only */
  ROW_GONE,    /* 不再列出: left only; between levels: not taken up */
  ROW_KIND_COUNT
};
/* Why two items were linked; bits. */
enum {
  REASON_WORDS = 1,    /* rare words in common */
  REASON_TITLE = 2,    /* equal titles */
  REASON_PLACE = 4,    /* same number in the same section */
  REASON_DOCUMENT = 8, /* the same document is named in both */
  REASON_NAME = 16,    /* the same programme is named in both */
  REASON_FIXED = 32,   /* a person said so */
  REASON_SPLIT = 64    /* one of several partners */
};

enum diff_op { DIFF_SAME, DIFF_GONE, DIFF_NEW };
struct diff_run {
  enum diff_op op;
  struct str text; /* SAME and GONE: words of the left; NEW: of the right */
};
typedef VEC(struct diff_run) diff_runs;

enum move_kind {
  MOVE_SAME,
  MOVE_UP,
  MOVE_DOWN,
  MOVE_OTHER, /* bound or unit differs, no plain difference of values */
  MOVE_NEW,
  MOVE_GONE,
  MOVE_SHORT, /* levels: the lower plan's quantities together are less than the upper one's */
  MOVE_KIND_COUNT
};
struct target_move {
  enum move_kind kind;
  int32_t left, right; /* targets of the row's items, NO_INDEX */
  bool has_change;
  struct dec change; /* right - left, both in `unit` */
  struct str unit;   /* of the right, else of the left */
};

struct compare_row {
  enum row_kind kind;
  struct item_ref left, right;
  int score; /* 0..1000; 1000 = the same words */
  unsigned reasons;
  bool unsure;             /* a question for a person: near the border, or a rival is nearly as good */
  struct item_ref nearest; /* of NEW and GONE: the most similar item on the other side, NO_INDEX when none */
  int nearest_score;
  diff_runs title_diff, text_diff;
  VEC(struct target_move) moves;
};

enum compare_field { FIELD_TITLE, FIELD_NUMBER, FIELD_ISSUER, FIELD_YEAR, FIELD_DATE, FIELD_PREAMBLE, FIELD_COUNT };
struct compare_meta { /* a field of the documents that differs */
  int32_t left_document, right_document;
  enum compare_field field;
  struct str left, right;
};

struct plan_comparison {
  enum compare_mode mode; /* never AUTO */
  const struct plan *left, *right;
  VEC(struct compare_row) rows;
  VEC(struct compare_meta) meta;
  uint32_t counts[ROW_KIND_COUNT]; /* items of the right (GONE: of the left), each once */
  uint32_t moves[MOVE_KIND_COUNT];
  uint32_t unsure;
  bool same; /* no difference at all */
};

struct compare_options {
  enum compare_mode mode;
  const struct compare_link *links;
  size_t link_count;
};
void plan_compare(struct arena *mem, const struct plan *left, const struct plan *right,
                  const struct compare_options *options, struct plan_comparison *out);

const char *row_kind_word(enum row_kind kind);         /* "same" "changed" "new" "gone" */
const char *move_kind_word(enum move_kind kind);       /* "same" "up" ... */
const char *compare_mode_word(enum compare_mode mode); /* "copies" "years" "levels" */
const char *compare_field_word(enum compare_field field);
const char *reason_word(unsigned bit);                               /* "words" "title" ... */
const struct item *item_at(const struct plan *p, struct item_ref r); /* or NULL */

/* Word-level difference of two texts; widths of marks and blanks do not count. Cost is bounded: texts that differ too
 * much come out as one GONE and one NEW run around their common ends. */
void plan_diff(struct arena *mem, struct str left, struct str right, diff_runs *out);
/* The two plans are copies of one document: as many items, the same titles in the same order but for one in ten. */
bool plan_is_copy(const struct plan *left, const struct plan *right);
/* The two texts are the same but for blanks and the width of marks. */
bool plan_same_words(struct str left, struct str right);
uint64_t plan_words_hash(struct str s, uint64_t seed); /* equal for the same words */

enum compare_format { COMPARE_JSON, COMPARE_TEXT, COMPARE_MARKDOWN, COMPARE_HTML };
struct buf;
void compare_render(struct arena *mem, const struct plan_comparison *c, enum compare_format format, enum lang lang,
                    struct buf *out);
#endif
