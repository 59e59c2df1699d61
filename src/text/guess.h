/* Which encoding bytes are in, judged by what they would say. Names are those of iconv. */
#ifndef TEXT_GUESS_H
#define TEXT_GUESS_H
#include "base/str.h"

/* "UTF-8" (perhaps damaged), "UTF-16LE", "UTF-16BE", "GB18030", "BIG5", or NULL: none of them. `hint` as in decode.h.
 * A byte order mark is not looked at. */
const char *guess_encoding(struct str bytes, struct str hint);
/* True for a line that is surely UTF-8: valid, with Han characters in it. */
bool guess_line_is_utf8(struct str line);
/* True for a line that is surely GB18030: no damage, nearly all of it common Chinese characters. */
bool guess_line_is_gb(struct str line);
/* Share of bytes that no text holds (NUL and controls), in 1/1000. */
unsigned guess_control_share(struct str bytes);
#endif
