/* Bytes to UTF-8: which encoding, and the layer that leads from it.
 *
 * Order: byte order mark; strict UTF-8; UTF-16 without mark; then UTF-8 with damage, GB18030 or BIG5 by how well the
 * bytes make common Chinese characters. In a file of one encoding a line of the other (UTF-8 and GB18030) is decoded by
 * itself and marked as a doubt. Nothing is left out: bytes that are no text become U+FFFD, an edit of kind BYTES each. */
#ifndef TEXT_DECODE_H
#define TEXT_DECODE_H
#include "text/layer.h"

struct decoded {
  const char *encoding; /* "UTF-8", "GB18030", "BIG5", "UTF-16LE", "UTF-16BE" */
  bool has_layer;       /* false: the bytes are the text */
  bool may_break;       /* false: decode_newlines would find nothing */
  struct layer layer;
};
/* `hint` is a charset that the file itself states (HTML), may be empty; it wins where the bytes leave a choice.
 * False when the bytes are text in none of the encodings. */
MUST_CHECK bool decode_bytes(struct arena *mem, struct str bytes, struct str hint, struct decoded *out);
/* CR LF, CR, U+2028 and U+2029 -> LF. False when there is nothing to change (l is then untouched). */
bool decode_newlines(struct arena *mem, struct str text, struct layer *l);
#endif
