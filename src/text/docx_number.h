/* Automatic numbering of a DOCX: numbering.xml read, and its counters run along the paragraphs. Private to text/. */
#ifndef TEXT_DOCX_NUMBER_H
#define TEXT_DOCX_NUMBER_H
#include "base/vec.h"
#include "text/archive.h"

enum { LIST_LEVELS = 9 };
struct list_level {
  bool known, legal, tight; /* tight: nothing between number and text */
  int64_t start;
  int restart; /* w:lvlRestart: level (from 1) whose step restarts this one; 0 never, -1 as usual */
  struct str format, text, style;
};
struct list_shape { /* w:abstractNum */
  int64_t id;
  struct str style, style_link; /* w:styleLink, w:numStyleLink */
  struct list_shape *link;      /* the shape that style_link leads to */
  struct list_level level[LIST_LEVELS];
  int64_t count[LIST_LEVELS]; /* counters are shared by the lists of one shape */
  bool begun[LIST_LEVELS];
};
struct list { /* w:num */
  int64_t id, shape_id;
  int64_t start[LIST_LEVELS]; /* w:startOverride, -1 = none */
  bool restarted[LIST_LEVELS];
  struct list_level *own; /* w:lvlOverride/w:lvl, LIST_LEVELS of them, or NULL */
};
struct lists {
  struct arena *mem;
  VEC(struct list_shape) shapes;
  VEC(struct list) lists;
  struct list_level *open; /* while reading */
  struct list_shape *shape;
  struct list *list;
  int open_level;
};

MUST_CHECK bool lists_read(struct lists *l, struct archive *a, struct str part, struct err *e);
/* Level of the list that belongs to a paragraph style, or `otherwise`. */
int lists_style_level(const struct lists *l, int64_t list_id, struct str style, int otherwise);
/* Steps the list and gives the number's text with a blank behind it where one is needed; empty for none. */
struct str lists_next(struct lists *l, int64_t list_id, int level);
#endif
