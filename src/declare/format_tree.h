/* What the formatter lays out: the nodes of the file in the order they will have, with the comments of the source at the
 * entry they belong to. Private to format*.c. */
#ifndef DECLARE_FORMAT_TREE_H
#define DECLARE_FORMAT_TREE_H
#include "base/buf.h"
#include "base/vec.h"
#include "base/yaml.h"

typedef VEC(struct str) notes; /* lines of comment with their `#`; an empty one is a blank line */
struct item {
  const struct yaml *y;
  struct item *parent, *child, *next;
  notes above, foot; /* foot: behind the last entry of a map or list; the root's `above` is the head of the file */
  struct str tail;   /* a comment at the end of its line */
  bool block;        /* between brackets, but to be written over lines */
  int rank;          /* its key's place in the table */
  bool named;        /* its key is a name of the author's: such stand in columns */
  int pad;           /* blanks before its value */
};
/* Comments and blank lines of the text to their items. `all`: every item but the root, in the order of the text. */
struct item_list {
  struct item **at;
  size_t len, cap;
};
void format_notes(struct arena *mem, struct str text, struct item *root, const struct item_list *all);
static inline bool item_is_flow(const struct item *x) { return x->y->flow && !x->block; }

/* A key or value on one line, in quotes exactly when it needs them. */
void format_key(struct buf *out, struct str key, bool in_flow);
void format_scalar(struct buf *out, const struct yaml *y, bool in_flow);
/* Nothing, ~ or null without quotation marks; between them these are texts. */
bool format_is_missing(const struct yaml *y);
/* A scalar that was written as a block and can stay one; false: it cannot. Lines are indented by `indent`. */
bool format_can_block(const struct yaml *y);
void format_block(struct buf *out, const struct yaml *y, int indent, struct str tail);
#endif
