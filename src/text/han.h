/* Chinese script: Traditional folded to Simplified, character for character and byte for byte, so that an offset
 * in the folded text is the same offset in the original. The table is made at build from OpenCC's tw2s data; the few
 * characters that fold by context (著 乾 瞭 藉 ...) follow rules/plan/fold.yaml. */
#ifndef TEXT_HAN_H
#define TEXT_HAN_H
#include "base/str.h"

/* The folded text, same length; `text` itself when nothing changes. Valid UTF-8 in, valid UTF-8 out. */
struct str han_fold(struct arena *a, struct str text);
#endif
