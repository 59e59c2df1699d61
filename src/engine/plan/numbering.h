/* Numbers at the beginning of lines: what shape they have and whether they stand in a sequence.
 *
 * A marker is only a candidate; numbering_fit says how it fits the levels that are open. The method is the usual
 * one-pass stack of open list levels (as in Markdown and outline readers), each level holding the shape and the last
 * number seen: a candidate that continues a level closes all deeper ones, a candidate 1 of a shape that is not open
 * begins a level below. A weak candidate (a digit follows: 2.2035年) is taken only when it is exactly the number
 * that is due; a strong one may also jump or repeat, and the jump is kept for the check. */
#ifndef ENGINE_PLAN_NUMBERING_H
#define ENGINE_PLAN_NUMBERING_H
#include "engine/plan/plan.h"

enum shape {
  SHAPE_NONE,
  SHAPE_PART,         /* 第一部分 第一章 */
  SHAPE_ARTICLE,      /* 第一条 */
  SHAPE_ORDINAL,      /* 第一、 */
  SHAPE_HAN,          /* 一、 */
  SHAPE_HAN_PAREN,    /* （一） ㈠ */
  SHAPE_ARABIC,       /* 1. 1． 1、 ⒈ */
  SHAPE_DECIMAL2,     /* 1.1 */
  SHAPE_DECIMAL3,     /* 1.1.1 */
  SHAPE_ARABIC_PAREN, /* （1） ⑴ */
  SHAPE_HALF_PAREN,   /* 1) */
  SHAPE_CIRCLED,      /* ① */
  SHAPE_DEGREE,       /* 1° */
  SHAPE_BULLET,       /* —— - • */
  SHAPE_HEADING,      /* a heading without number */
  SHAPE_COUNT
};
struct marker {
  uint32_t at, end;      /* the number with its marks */
  uint32_t after;        /* where the text begins */
  int32_t number, upper; /* upper: the 1 of 1.2 */
  uint8_t shape;
  bool weak;
};

enum { NUMBERING_DEPTH = 8, NUMBER_MAX = 999, NUMBER_JUMP_MAX = 12 };
struct numbering {
  struct {
    uint8_t shape;
    int32_t number, upper;
  } open[NUMBERING_DEPTH];
  int depth;
  int32_t last[SHAPE_COUNT]; /* last number of a shape that was closed, for numbers that run through the text */
  bool runs[SHAPE_COUNT];    /* it did run through before */
};
enum fit { FIT_NONE, FIT_FAULT, FIT_START, FIT_NEXT };
struct place_found {
  enum fit fit;
  int depth; /* from 0 */
  int32_t expected;
};

enum { MARKER_READINGS = 2 };
/* Readings of the beginning of a line text[from..to), likelier first; returns how many. */
int marker_read(const struct lexicon *lx, struct str text, uint32_t from, uint32_t to,
                struct marker out[MARKER_READINGS]);
struct place_found numbering_fit(const struct numbering *n, const struct marker *m);
void numbering_take(struct numbering *n, const struct marker *m, struct place_found at);
/* A heading without number: everything below level 0 closes, numbers below may begin anew. */
void numbering_heading(struct numbering *n);
static inline bool shape_is_minor(int shape) { return shape >= SHAPE_ARABIC_PAREN && shape <= SHAPE_DEGREE; }
#endif
