/* Weaving: a layer made in one pass over its input, keeping, replacing and dropping as it goes.
 *
 * Neighbouring edits of one kind become one edit (entities, bytes and doubts stay single), so that `</p>\n<p>` is one edit and a file
 * of nothing but tags stays small. The result lives in the arena; weave_begin must be told the most bytes that can come
 * out, which every user of it can bound by the length of the input. */
#ifndef TEXT_WEAVE_H
#define TEXT_WEAVE_H
#include "text/layer.h"

struct weave {
  struct arena *mem;
  struct layer *l;
  char *out;
  size_t out_len, out_most;
  size_t at; /* next byte of the input */
};

void weave_begin(struct weave *w, struct arena *mem, struct str in, size_t out_most, struct layer *l);
void weave_keep(struct weave *w, size_t n); /* the next n bytes stay as they are */
static inline void weave_keep_to(struct weave *w, size_t at) { weave_keep(w, at - w->at); }
void weave_edit(struct weave *w, size_t n, struct str with, enum edit_kind kind,
                bool doubt);     /* n bytes become `with` */
void weave_end(struct weave *w); /* keeps the rest; without edits out is in itself */
/* The last byte that came out, 0 at the start. */
static inline char weave_last(const struct weave *w) { return w->out_len ? w->out[w->out_len - 1] : '\0'; }
#endif
