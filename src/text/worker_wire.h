/* What parent and worker say to each other: little-endian numbers and length-prefixed bytes, checked on reading.
 *
 * Request: "GMW1", container, name, bytes. Answer: "GMR1", 0, text, sheet names, places -- or "GMR1", 1, a refusal.
 * The reader of the answer believes nothing: lengths, message numbers, spans and order are checked, text must be UTF-8. */
#ifndef TEXT_WORKER_WIRE_H
#define TEXT_WORKER_WIRE_H
#include "base/limits.h"
#include "text/extract.h"

enum { WIRE_REQUEST_MAX = PLAN_FILE_MAX + (1 << 20), WIRE_ANSWER_MAX = 256 << 20 };
struct wire_task {
  enum container container;
  struct str name, bytes; /* borrowed */
};
/* The head of a request; the file's bytes follow it. */
struct str wire_request(struct arena *mem, enum container container, struct str name, size_t bytes);
MUST_CHECK bool wire_read_request(struct str s, struct wire_task *out);
void wire_put_extract(struct buf *b, const struct extract *x);
void wire_put_refusal(struct buf *b, const struct err *e);
/* True when the answer is well formed: then either x is filled or e is set. */
MUST_CHECK bool wire_read_answer(struct str s, struct extract *x, struct err *e);
#endif
