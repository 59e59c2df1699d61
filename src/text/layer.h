/* Layers: how a text came from another text, byte for byte.
 *
 * What an office gives us passes through layers: bytes -> UTF-8 (decode), markup -> text (HTML, CSV, Markdown),
 * damaged -> clean (repair, trim). Each layer is `in`, `out` and a sorted list of edits; what lies between two
 * edits is the same in both. So nothing is lost and every place in the result has its place in the file:
 *
 *   law of loss: out with every edit undone = in, byte for byte (layer_holds).
 *
 * A layer whose every character changes (GB18030 -> UTF-8) is a codec layer: it has no edits for plain characters, only for
 * bytes that could not be decoded, and a list of checkpoints for positions. */
#ifndef TEXT_LAYER_H
#define TEXT_LAYER_H
#include "base/err.h"
#include "base/vec.h"

struct span {
  uint32_t at, end; /* bytes, half open */
};

#define EDIT_KINDS(X)                                                                           \
  X(BOM, "bom")                     /* byte order mark dropped */                               \
  X(BYTES, "bytes")                 /* bytes that are no text in the encoding; out is U+FFFD */ \
  X(MARKUP, "markup")               /* tags, separators, quotes of the container */             \
  X(ENTITY, "entity")               /* &nbsp; &#8220; */                                        \
  X(NEWLINE, "newline")             /* CR LF, CR, U+2028 -> LF */                               \
  X(PINYIN, "pinyin")               /* bracketed reading after a Han character */               \
  X(BYTE_SHIFT, "byte-shift")       /* GBK pairs that slipped by one byte */                    \
  X(INVISIBLE, "invisible")         /* zero-width, private-use, control characters */           \
  X(QUESTION_MARK, "question-mark") /* ? that stands for a lost 、 or quote */                 \
  X(LINE_JOIN, "line-join")         /* a line broken inside a sentence or label */              \
  X(LINE_BREAK, "line-break")       /* a heading run together with the text before it */        \
  X(CELL, "cell")                   /* a table that lost its cells: line ends become tabs */    \
  X(WIDTH, "width")                 /* full-width letters and digits */                         \
  X(BLANK, "blank")                 /* indentation, blank lines, stray blanks */                \
  X(FURNITURE, "furniture")         /* page furniture before and after the document: a trim */

enum edit_kind {
#define X(name, word) EDIT_##name,
  EDIT_KINDS(X)
#undef X
      EDIT_KIND_COUNT
};

struct edit {
  uint32_t in_at, in_len;   /* the bytes of `in` it stands for */
  uint32_t out_at, out_len; /* the bytes of `out` it became; 0 = dropped */
  uint8_t kind;
  bool doubt; /* a person should look: not unique, or left as it was (in = out) */
};

struct codec_point {
  uint32_t in_at, out_at;
};
struct layer {
  struct str in, out;
  VEC(struct edit) edits;         /* by in_at; in_at and out_at both rise */
  const char *codec;              /* iconv name when this is a codec layer, else NULL */
  VEC(struct codec_point) points; /* codec layer: one every few hundred characters */
};

/* One change on the way to a layer: the bytes `at` of the input become `with`. */
struct change {
  struct span at;
  struct str with;
  uint8_t kind;
  bool doubt;
};
typedef VEC(struct change) changes;

const char *edit_word(enum edit_kind kind);
/* The layer that makes the changes, which are sorted and do not overlap. `out` is `in` itself when there are none. */
void layer_make(struct arena *mem, struct str in, const changes *list, struct layer *out);
/* first (in -> middle) and second (middle -> out) as one layer, in linear time. Edits of the two that overlap become
 * one edit with the kind of the later, or byte-shift when the earlier is one and the later is no trim. A doubt stays,
 * but for one that the later trims or surely mends as a byte-shift. No codecs. */
void layer_compose(struct arena *mem, const struct layer *first, const struct layer *second, struct layer *out);
/* Place in `in` of a place in `out`. Inside a replacement: its start, and for an end place (is_end) its end. */
uint32_t layer_in_at(const struct layer *l, uint32_t out_at, bool is_end);
uint32_t layer_out_at(const struct layer *l, uint32_t in_at); /* the reverse; a dropped place gives where it was */
struct span layer_in_span(const struct layer *l, struct span out);
/* True when undoing the edits (and re-encoding, for a codec layer) gives `in` again. For tests and fuzzers. */
bool layer_holds(struct arena *mem, const struct layer *l);
#endif
