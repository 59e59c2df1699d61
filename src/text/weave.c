/* One pass from input to output with the edits noted.
 *
 * The bytes that stay are copied at once, so the cost is that of memcpy plus the edits. Out of bounds is a bug of
 * the caller (must), never a property of the input. */
#include "text/weave.h"

#include "base/must.h"

void weave_begin(struct weave *w, struct arena *mem, struct str in, size_t out_most, struct layer *l) {
  *l = (struct layer){.in = in, .out = in};
  *w = (struct weave){.mem = mem, .l = l, .out = arena_take(mem, out_most), .out_most = out_most};
}

static void put(struct weave *w, const char *bytes, size_t n) {
  must(n <= w->out_most - w->out_len);
  if (n) memcpy(w->out + w->out_len, bytes, n);
  w->out_len += n;
}

void weave_keep(struct weave *w, size_t n) {
  must(n <= w->l->in.len - w->at);
  put(w, w->l->in.at + w->at, n);
  w->at += n;
}

static bool joins(const struct weave *w, enum edit_kind kind, bool doubt) {
  if (!w->l->edits.len || doubt || kind == EDIT_ENTITY || kind == EDIT_BYTES) return false;
  const struct edit *last = &vec_last(&w->l->edits);
  return last->kind == kind && !last->doubt && last->in_at + last->in_len == w->at &&
         last->out_at + last->out_len == w->out_len;
}

void weave_edit(struct weave *w, size_t n, struct str with, enum edit_kind kind, bool doubt) {
  must(n <= w->l->in.len - w->at);
  if (!joins(w, kind, doubt))
    vec_push(w->mem, &w->l->edits) =
        (struct edit){.in_at = (uint32_t)w->at, .out_at = (uint32_t)w->out_len, .kind = (uint8_t)kind, .doubt = doubt};
  struct edit *e = &vec_last(&w->l->edits);
  e->in_len += (uint32_t)n;
  e->out_len += (uint32_t)with.len;
  put(w, with.at, with.len);
  w->at += n;
}

void weave_end(struct weave *w) {
  if (!w->l->edits.len) return;
  weave_keep(w, w->l->in.len - w->at);
  w->l->out = (struct str){w->out, w->out_len};
}
