/* Full-text search, the same on every engine: words of any length, one Han character a word.
 *
 * The rows are the program's own table (search_row), written in the act that writes the record; the engine's index over
 * them (SQLite: FTS5; PostgreSQL: pairs of characters in a GIN index) is written with them and never copied: it can be
 * made again from the rows. What counts as a word stands in search_words.h. Scripts are folded by the caller
 * (text/han.h keeps offsets), in texts and in questions alike. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H
#include "base/err.h"
#include "base/vec.h"

struct store;
struct search_row {
  struct str kind, id; /* kind: a-z, 0-9, _; the record's own id */
  struct str unit;     /* whose it is, for rights; may be empty */
  struct str title, body;
};

/* ---- inside an act ---- */

/* Adds the row or brings it up to date; one that has not changed costs a read. A text is cut at SEARCH_TEXT_MAX bytes.
 * ERR_INVALID when a text is no UTF-8. */
MUST_CHECK bool search_put(struct store *tx, const struct search_row *row, struct err *e);
/* Makes `rows` all that there is of the kind below `prefix`, which ends with "/". Rows added together are found in
 * their order. Two rows of one id are refused (ERR_BUG). */
MUST_CHECK bool search_put_all(struct store *tx, struct str kind, struct str prefix, const struct search_row *rows,
                               size_t count, struct err *e);
MUST_CHECK bool search_drop(struct store *tx, struct str kind, struct str id, struct err *e);
/* Leaves of the row, if there is one, only these words, or nothing of it where they are empty; for good: a restore to an earlier point
 * takes the others away again. */
MUST_CHECK bool search_erase(struct store *tx, const struct search_row *left, struct err *e);
/* All rows of a kind, but not from the index: search_rebuild must follow in the same act. */
MUST_CHECK bool search_drop_kind(struct store *tx, struct str kind, struct err *e);
/* Makes the engine's index again from the rows. */
MUST_CHECK bool search_rebuild(struct store *tx, struct err *e);

/* ---- asking ---- */

struct search_span {
  uint32_t at, end; /* bytes */
};
typedef VEC(struct search_span) search_spans;
struct search_hit {
  int64_t doc; /* place in the order: newer ones are higher */
  struct search_row row;
  search_spans title_at, body_at; /* what was found, at most SEARCH_MARKS_MAX each */
};
struct search_question {
  struct str words; /* blanks part phrases; all must occur in the row */
  struct str kind;  /* empty = all */
  int64_t before;   /* 0, or `next` of the page before */
  int most;         /* 1..SEARCH_HITS_MAX; 0 = the maximum */
  /* May the person see it? NULL = yes. Asked of at most SEARCH_LOOKS_MAX rows a page. */
  bool (*may_see)(void *arg, const struct search_row *row);
  void *arg;
};
struct search_hits {
  VEC(struct search_hit) rows; /* latest added first */
  int64_t next;                /* for `before`; 0 = there is no more. A page may be short and have more behind it */
};
/* Nothing is found for a question without a word. ERR_INVALID when it is no UTF-8 or longer than the ceilings. */
MUST_CHECK bool search_find(struct store *session, struct arena *mem, const struct search_question *q,
                            struct search_hits *out, struct err *e);

/* Rows for a list (store/list.h): ids, without `of` and "/", of the records of this kind whose ids begin so, as far as they may have
 * all these texts in them, anywhere, large letters as small; perhaps others. sql NULL when the index cannot be asked for any of
 * the texts; known LIST_MANY when there are more than `most`. */
struct list_few;
MUST_CHECK bool search_few(struct store *session, struct arena *mem, struct str kind, struct str of,
                           const struct str *texts, size_t count, size_t most, struct list_few *out, struct err *e);

/* Does the index hold all rows and nothing else? *out_rows: how many rows there are, *out_bad: how many of those that
 * were looked at are not found. */
struct search_state {
  int64_t rows, indexed, looked, lost;
};
MUST_CHECK bool search_check(struct store *session, struct search_state *out, struct err *e);
/* At the opening: makes the index again when another version of the program made it. */
MUST_CHECK bool search_begin(struct store *st, struct err *e);
#endif
