/* Layers: places carried back and forth through edits.
 *
 * A place in `out` that belongs to dropped bytes on both sides is mapped so that spans stay tight: a start goes
 * behind what was dropped, an end before it. Inside a replacement there is no finer truth than the replacement as a
 * whole, except where it left the bytes as they were (a doubt).
 *
 * A codec layer changes every byte, so its places are found by walking character by character from the nearest
 * checkpoint or edit; one character of the codec is one character of the text. */
#include "text/layer.h"

#include <errno.h>
#include <iconv.h>

#include "base/utf8.h"

const char *edit_word(enum edit_kind kind) {
  static const char *const words[EDIT_KIND_COUNT] = {
#define X(name, word) word,
      EDIT_KINDS(X)
#undef X
  };
  return words[kind];
}

/* ---- finding places ---- */

enum side { SIDE_IN, SIDE_OUT };

static uint32_t start_of(const struct edit *e, enum side side) { return side == SIDE_IN ? e->in_at : e->out_at; }

/* How many edits start before `place`, or at it when `with_equal`. */
static size_t edits_before(const struct layer *l, enum side side, uint32_t place, bool with_equal) {
  size_t low = 0, high = l->edits.len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const uint32_t at = start_of(&l->edits.at[middle], side);
    if (at < place || (with_equal && at == place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

static bool leaves_as_is(const struct layer *l, const struct edit *e) {
  return e->in_len == e->out_len && memcmp(l->in.at + e->in_at, l->out.at + e->out_at, e->in_len) == 0;
}

/* Bytes of the codec's character at in[i]; 1 at least. */
static size_t codec_char_len(const char *codec, struct str in, size_t i) {
  const unsigned char *p = (const unsigned char *)in.at + i;
  const size_t left = in.len - i;
  size_t n = 1;
  if (!strncmp(codec, "UTF-16", 6)) {
    const unsigned char high = left < 2 ? 0 : strstr(codec, "BE") ? p[0] : p[1];
    n = high >= 0xD8 && high <= 0xDB ? 4 : 2;
  } else if (!strcmp(codec, "GB18030")) {
    n = p[0] < 0x80 || left < 2 ? 1 : p[1] >= 0x30 && p[1] <= 0x39 ? 4 : 2;
  } else if (!strncmp(codec, "GB", 2) || !strncmp(codec, "BIG5", 4) || !strncmp(codec, "CP9", 3)) {
    n = p[0] <= 0x80 ? 1 : 2;
  }
  return n <= left ? n : left;
}

/* The nearest place known on both sides that is not behind `place` on the given side. */
static struct codec_point codec_anchor(const struct layer *l, enum side side, uint32_t place) {
  struct codec_point anchor = {0, 0};
  size_t low = 0, high = l->points.len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const struct codec_point *pt = &l->points.at[middle];
    if ((side == SIDE_IN ? pt->in_at : pt->out_at) <= place) low = middle + 1;
    else high = middle;
  }
  if (low) anchor = l->points.at[low - 1];
  const size_t n = edits_before(l, side, place, true);
  if (n == 0) return anchor;
  const struct edit *e = &l->edits.at[n - 1];
  const struct codec_point end = {e->in_at + e->in_len, e->out_at + e->out_len};
  const bool is_behind = (side == SIDE_IN ? end.in_at : end.out_at) > place;
  if (is_behind) return (struct codec_point){e->in_at, e->out_at};
  return end.in_at >= anchor.in_at ? end : anchor;
}

/* Walks plain characters from a known point until the side's place is reached or passed. */
static struct codec_point codec_walk(const struct layer *l, enum side side, uint32_t place) {
  struct codec_point p = codec_anchor(l, side, place);
  while ((side == SIDE_IN ? p.in_at : p.out_at) < place && p.in_at < l->in.len && p.out_at < l->out.len) {
    size_t out_at = p.out_at;
    utf8_next(l->out, &out_at);
    const struct codec_point next = {p.in_at + (uint32_t)codec_char_len(l->codec, l->in, p.in_at), (uint32_t)out_at};
    if ((side == SIDE_IN ? next.in_at : next.out_at) > place) break; /* a place inside a character: its start */
    p = next;
  }
  return p;
}

static uint32_t codec_in_at(const struct layer *l, uint32_t out_at, bool is_end) {
  if (is_end) {
    const size_t n = edits_before(l, SIDE_OUT, out_at, false);
    const struct edit *e = n ? &l->edits.at[n - 1] : NULL;
    if (e && out_at <= e->out_at + e->out_len) return e->in_at + e->in_len;
    const size_t m = edits_before(l, SIDE_OUT, out_at, true);
    if (m > n) return l->edits.at[n].in_at; /* edits exactly here: the end stands before the first */
  }
  const size_t n = edits_before(l, SIDE_OUT, out_at, true);
  const struct edit *e = n ? &l->edits.at[n - 1] : NULL;
  if (e && out_at < e->out_at + e->out_len) return e->in_at;
  return codec_walk(l, SIDE_OUT, out_at).in_at;
}

uint32_t layer_in_at(const struct layer *l, uint32_t out_at, bool is_end) {
  if (out_at > l->out.len) out_at = (uint32_t)l->out.len;
  if (l->codec) return codec_in_at(l, out_at, is_end);
  const size_t n = edits_before(l, SIDE_OUT, out_at, !is_end);
  if (n == 0) return out_at;
  const struct edit *e = &l->edits.at[n - 1];
  if (out_at >= e->out_at + e->out_len) return e->in_at + e->in_len + (out_at - e->out_at - e->out_len);
  if (leaves_as_is(l, e)) return e->in_at + (out_at - e->out_at);
  return is_end ? e->in_at + e->in_len : e->in_at;
}

uint32_t layer_out_at(const struct layer *l, uint32_t in_at) {
  if (in_at > l->in.len) in_at = (uint32_t)l->in.len;
  const size_t n = edits_before(l, SIDE_IN, in_at, true);
  const struct edit *e = n ? &l->edits.at[n - 1] : NULL;
  if (e && in_at < e->in_at + e->in_len) return leaves_as_is(l, e) ? e->out_at + (in_at - e->in_at) : e->out_at;
  if (l->codec) return codec_walk(l, SIDE_IN, in_at).out_at;
  return e ? e->out_at + e->out_len + (in_at - e->in_at - e->in_len) : in_at;
}

struct span layer_in_span(const struct layer *l, struct span out) {
  const uint32_t at = layer_in_at(l, out.at, false);
  if (out.end <= out.at) return (struct span){at, at};
  const uint32_t end = layer_in_at(l, out.end, true);
  return (struct span){at, end > at ? end : at};
}

/* ---- making ---- */

void layer_make(struct arena *mem, struct str in, const changes *list, struct layer *out) {
  struct layer l = {.in = in, .out = in};
  size_t size = in.len;
  vec_each(struct change, c, list) size = size - (c->at.end - c->at.at) + c->with.len;
  char *text = list->len ? arena_room(mem, size) : NULL;
  l.edits.cap = list->len;
  l.edits.at = list->len ? arena_new_n(mem, struct edit, list->len) : NULL;
  uint32_t in_at = 0, out_at = 0;
  vec_each(struct change, c, list) {
    must(c->at.at >= in_at && c->at.end >= c->at.at && c->at.end <= in.len);
    memcpy(text + out_at, in.at + in_at, c->at.at - in_at);
    out_at += c->at.at - in_at;
    if (c->with.len) memcpy(text + out_at, c->with.at, c->with.len);
    vec_push(mem, &l.edits) = (struct edit){.in_at = c->at.at,
                                            .in_len = c->at.end - c->at.at,
                                            .out_at = out_at,
                                            .out_len = (uint32_t)c->with.len,
                                            .kind = c->kind,
                                            .doubt = c->doubt};
    out_at += (uint32_t)c->with.len;
    in_at = c->at.end;
  }
  if (list->len) {
    memcpy(text + out_at, in.at + in_at, in.len - in_at);
    l.out = (struct str){text, size};
  }
  *out = l;
}

/* ---- composing ---- */

/* Edits of both layers that overlap in the middle text, while they are gathered. */
struct cluster {
  uint32_t at, end;                  /* in the middle text */
  const struct edit *first, *last_a; /* a: of the first layer */
  const struct edit *last_b;         /* b: of the second layer */
  size_t count;
  bool doubt_a, doubt_b, has_shift, has_trim;
  bool is_settled; /* what was in doubt was mended after all */
};

struct compose {
  const struct layer *a, *b;
  size_t i, j;              /* next edit of a, of b */
  int64_t shift_a, shift_b; /* in - middle and out - middle behind the edits taken so far */
};

static uint32_t a_at(const struct edit *e) { return e->out_at; }
static uint32_t a_end(const struct edit *e) { return e->out_at + e->out_len; }
static uint32_t b_at(const struct edit *e) { return e->in_at; }
static uint32_t b_end(const struct edit *e) { return e->in_at + e->in_len; }

static void take_a(struct compose *w, struct cluster *c) {
  const struct edit *e = &w->a->edits.at[w->i++];
  if (c->count++ == 0) c->at = a_at(e), c->end = a_end(e);
  if (a_end(e) > c->end) c->end = a_end(e);
  c->last_a = e;
  c->doubt_a |= e->doubt;
  c->has_shift |= e->kind == EDIT_BYTE_SHIFT;
  w->shift_a = (int64_t)e->in_at + e->in_len - a_end(e);
}

static void take_b(struct compose *w, struct cluster *c) {
  const struct edit *e = &w->b->edits.at[w->j++];
  if (c->count++ == 0) c->at = b_at(e), c->end = b_end(e);
  if (b_end(e) > c->end) c->end = b_end(e);
  c->last_b = e;
  c->doubt_b |= e->doubt;
  c->has_trim |= e->kind == EDIT_FURNITURE;
  c->is_settled |= e->kind == EDIT_BYTE_SHIFT && !e->doubt;
  w->shift_b = (int64_t)e->out_at + e->out_len - b_end(e);
}

static bool overlaps(uint32_t at, const struct cluster *c) { return at < c->end && at >= c->at; }

/* A dropped stretch at the very start of the next edit is its neighbour, not part of it. */
static bool a_first(const struct compose *w) {
  if (w->i >= w->a->edits.len) return false;
  if (w->j >= w->b->edits.len) return true;
  const struct edit *a = &w->a->edits.at[w->i], *b = &w->b->edits.at[w->j];
  if (a_at(a) != b_at(b)) return a_at(a) < b_at(b);
  return a_end(a) == a_at(a) || b_end(b) > b_at(b);
}

static uint8_t kind_of(const struct cluster *c) {
  if (!c->last_b) return c->last_a->kind;
  return c->has_shift && !c->has_trim ? (uint8_t)EDIT_BYTE_SHIFT : c->last_b->kind;
}

static struct edit next_cluster(struct compose *w) {
  const int64_t before_a = w->shift_a, before_b = w->shift_b;
  struct cluster c = {0};
  if (a_first(w)) take_a(w, &c);
  else take_b(w, &c);
  for (;;) {
    const struct edit *a = w->i < w->a->edits.len ? &w->a->edits.at[w->i] : NULL;
    const struct edit *b = w->j < w->b->edits.len ? &w->b->edits.at[w->j] : NULL;
    if (a && overlaps(a_at(a), &c)) take_a(w, &c);
    else if (b && overlaps(b_at(b), &c)) take_b(w, &c);
    else break;
  }
  const uint32_t in_at = (uint32_t)(c.at + before_a), out_at = (uint32_t)(c.at + before_b);
  return (struct edit){.in_at = in_at,
                       .in_len = (uint32_t)(c.end + w->shift_a) - in_at,
                       .out_at = out_at,
                       .out_len = (uint32_t)(c.end + w->shift_b) - out_at,
                       .kind = kind_of(&c),
                       .doubt = c.doubt_b || (c.doubt_a && !c.has_trim && !c.is_settled)};
}

void layer_compose(struct arena *mem, const struct layer *first, const struct layer *second, struct layer *out) {
  must(!first->codec && !second->codec && first->out.len == second->in.len);
  struct layer l = {.in = first->in, .out = second->out};
  struct compose w = {.a = first, .b = second};
  l.edits.cap = first->edits.len + second->edits.len;
  l.edits.at = arena_new_n(mem, struct edit, l.edits.cap);
  while (w.i < first->edits.len || w.j < second->edits.len) vec_push(mem, &l.edits) = next_cluster(&w);
  *out = l;
}

/* ---- the law of loss ---- */

/* Bytes of `in` that the plain stretch of out stands for, equal or not; STR_NONE when it does not. */
static size_t encode_matches(iconv_t cd, struct str in, struct str plain) {
  char *from = (char *)(uintptr_t)plain.at;
  size_t left = plain.len, at = 0;
  while (left) {
    char buffer[4096], *to = buffer;
    size_t room = sizeof buffer;
    const size_t rc = iconv(cd, &from, &left, &to, &room);
    const size_t made = sizeof buffer - room;
    if ((rc == STR_NONE && errno != E2BIG) || made == 0 || made > in.len - at) return STR_NONE;
    if (memcmp(in.at + at, buffer, made) != 0) return STR_NONE;
    at += made;
  }
  return at;
}

static bool plain_holds(iconv_t cd, bool has_codec, struct str in, struct str out) {
  if (!has_codec) return str_eq(in, out);
  return encode_matches(cd, in, out) == in.len;
}

static bool edits_hold(iconv_t cd, const struct layer *l) {
  uint32_t in_at = 0, out_at = 0;
  vec_each(const struct edit, e, &l->edits) {
    if (e->in_at < in_at || e->out_at < out_at) return false;
    if (e->in_at + (uint64_t)e->in_len > l->in.len || e->out_at + (uint64_t)e->out_len > l->out.len) return false;
    if (!plain_holds(cd, l->codec, str_slice(l->in, in_at, e->in_at), str_slice(l->out, out_at, e->out_at)))
      return false;
    in_at = e->in_at + e->in_len;
    out_at = e->out_at + e->out_len;
  }
  return plain_holds(cd, l->codec, str_from(l->in, in_at), str_from(l->out, out_at));
}

bool layer_holds(struct arena *mem, const struct layer *l) {
  (void)mem;
  iconv_t cd = (iconv_t)0;
  if (l->codec) cd = iconv_open(l->codec, "UTF-8");
  if (l->codec && cd == (iconv_t)-1) return false;
  const bool holds = edits_hold(cd, l);
  if (l->codec) iconv_close(cd);
  return holds;
}
