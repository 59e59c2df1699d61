/* What the search takes a text for: its words, and the lines that an engine's index is given of them. Private to the store.
 *
 * A Han character is a word of its own, and so is any other letter that is not ASCII; a run of ASCII letters and digits
 * is one word, in lower case, full width as half width. Everything else only parts words. A question is cut at blanks
 * into phrases that must all occur; a phrase occurs where its words stand one after the other, and a run of letters or
 * digits at its end may go on ("202" finds 2026). Texts of different fields never make one phrase. */
#ifndef STORE_SEARCH_WORDS_H
#define STORE_SEARCH_WORDS_H
#include "base/limits.h"
#include "store/search.h"

struct search_word {
  struct str word;  /* as it is compared */
  uint32_t at, end; /* its bytes in the text */
  bool is_run;      /* letters or digits */
};
typedef VEC(struct search_word) search_words;
struct search_asked {
  search_words phrases[SEARCH_PHRASES_MAX];
  size_t count; /* 0: nothing to look for */
};

/* Words of valid UTF-8, in order. They point into `text` or live in mem. */
void search_cut(struct arena *mem, struct str text, search_words *out);
/* Refuses a question that is no UTF-8 or too long (ERR_INVALID). */
MUST_CHECK bool search_parse(struct arena *mem, struct str question, struct search_asked *out, struct err *e);
/* Every word with a blank before it, fields parted: what SQLite's index is made of and LIKE looks at. */
struct str search_line(struct arena *mem, const struct search_row *row);
/* The same as a tsvector: pairs of neighbours, and alone what has no neighbour behind it. */
struct str search_grams(struct arena *mem, const struct search_row *row);
/* Rows are found by what stands within a run, too: for 4711 the index has "~711", "~11" and "~1" besides. Not those of more than
 * SEARCH_TAILS_MAX bytes: whoever asks so is given them all, by the word "~" in their lines. */
bool search_is_long(const struct search_row *row);
/* The run from its letter `at` on, behind "~"; `next` is the word that follows it. RUN_MAX letters at most: a longer run was cut
 * into several words. */
enum { SEARCH_RUN_MAX = 40 };
struct search_tail {
  char text[SEARCH_RUN_MAX + 1];
  size_t len;
};
void search_tail_of(struct str run, struct str next, size_t at, struct search_tail *out);
/* Texts that may begin and end within a run. One that an index cannot be asked for is left out. */
void search_parse_within(struct arena *mem, const struct str *texts, size_t count, struct search_asked *out);
/* What all rows hold that have these texts in them, and perhaps others, of the records whose ids begin with `of` and "/". */
struct str search_match_within(struct arena *mem, const struct search_asked *q, struct str of);
struct str search_tsquery_within(struct arena *mem, const struct search_asked *q, struct str of);
/* The question for SQLite's index and as a tsquery; kind may be empty. */
struct str search_match(struct arena *mem, const struct search_asked *q, struct str kind);
struct str search_tsquery(struct arena *mem, const struct search_asked *q, struct str kind);
/* For LIKE on search_line; "%" for the phrases that were not asked. */
struct str search_like(struct arena *mem, const struct search_asked *q, size_t phrase);
/* Where the phrases stand in a text: sorted, apart from one another, at most SEARCH_MARKS_MAX. */
void search_mark(struct arena *mem, const struct search_asked *q, struct str text, search_spans *out);
#endif
