/* The words by which records are found (store/search.h). Kind FLOW_WORDS: title the number, body the fields `search: yes` that every
 * reader of the record sees. Kind FLOW_WORDS_PERSONAL: body those of class personal. Ids are "pairs.visit/01j…". */
#ifndef ENGINE_FLOW_WORDS_H
#define ENGINE_FLOW_WORDS_H
#include "base/err.h"

#define FLOW_WORDS "record"
#define FLOW_WORDS_PERSONAL "record_personal"
struct store;
struct flow;
struct flow_run;
struct flow_row;
struct flow_record;

struct list_few;
/* For a list that is asked for words (lists.h): the records that may hold them, as search_few has it; sql NULL when they
 * cannot be found by an index. */
MUST_CHECK bool flow_words_few(struct store *session, struct arena *mem, const struct flow_record *r, struct str said,
                               size_t most, struct list_few *out, struct err *e);
struct str flow_words_id(struct arena *mem, struct str record, struct str id);
/* When the row is written, before its changes are forgotten; costs nothing when no such field changed. */
MUST_CHECK bool flow_words_put(struct flow_run *run, const struct flow_row *row, bool is_new, struct err *e);
/* After values of the record were erased in this act, or the record itself: only what is left is found. */
MUST_CHECK bool flow_words_erased(const struct flow *f, struct store *tx, struct arena *mem,
                                  const struct flow_record *r, struct str id, struct err *e);
/* All words of a record type, made again; in acts of its own, a portion each. */
MUST_CHECK bool flow_words_again(const struct flow *f, struct store *store, const struct flow_record *r, struct err *e);
#endif
