/* Clauses and the verbs in them: what the passes over an item's words share.
 *
 * A clause ends at ，。；：！？ or a line end outside brackets and quotes; 、 does not end one. Brackets that are never
 * closed are given up at the end of the sentence, so that one of them cannot swallow the text. All places are those of
 * p->folded. Nothing here owns memory. */
#ifndef ENGINE_PLAN_PHRASE_H
#define ENGINE_PLAN_PHRASE_H
#include "engine/plan/plan.h"

enum mark { MARK_NONE, MARK_COMMA, MARK_COLON, MARK_SEMICOLON, MARK_STOP };
/* What a character is outside brackets; a comma between digits is none. */
enum mark mark_at(struct str text, size_t at);
int bracket_turn(uint32_t c);
/* +1 for an opening bracket, quote or 《, -1 for a closing one, else 0. */
static inline int bracket_of(uint32_t c) { return c - 0x3400 < 0xBB00 ? 0 : bracket_turn(c); } /* Han and more: none */

struct clause {
  struct span at; /* without its mark, blanks trimmed */
  enum mark mark; /* that ends it; MARK_NONE at the end of the region */
};
/* The next clause from *io_at; false at the end of the region. */
bool clause_next(const struct plan *p, struct span region, uint32_t *io_at, struct clause *out);
/* Start of the clause that holds `at`, not before `from` and not further than a few hundred bytes back. An opening
 * bracket around `at` starts one too. */
uint32_t clause_start(const struct plan *p, uint32_t from, uint32_t at);
/* End of the clause that holds `at`: the place of its mark, at most `to`. A closing bracket around `at` ends it. */
uint32_t clause_end(const struct plan *p, uint32_t at, uint32_t to);

/* Words of some groups from left to right, the longest at each place, none overlapping, none inside brackets. */
struct word_walk {
  const struct plan *p;
  lex_bits groups;
  uint32_t at, end;
  size_t hit;
  const struct sign *sign;
  int depth;
};
struct token {
  struct span at;
  lex_bits groups; /* all groups of the word */
};
struct word_walk word_walk(const struct plan *p, struct span region, lex_bits groups);
bool word_next(struct word_walk *w, struct token *out);

#define LEX_VERBS                                                                                                  \
  (LEX_BIT(verb_document) | LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | \
   LEX_BIT(verb_basis) | LEX_BIT(verb_start) | LEX_BIT(verb_use))

static inline uint32_t span_len(struct span s) { return s.end - s.at; }
struct span span_trim(const struct plan *p, struct span s); /* ASCII and wide blanks at both ends */
/* Past one bracketed group that starts at `at` (（试行）, (2019-2022年)), else `at`. */
uint32_t skip_bracket(const struct plan *p, uint32_t at, uint32_t to);
/* Behind a word of the groups that starts at `at` and ends by `to`, else `at`. */
uint32_t past_word_of(const struct plan *p, uint32_t at, uint32_t to, lex_bits groups);
/* s with blanks and line ends dropped; s itself when it has none. */
struct str str_squeeze(struct arena *a, struct str s);
/* Index of the item's measure that holds `at`, NO_INDEX; io_hint speeds up calls with rising places. */
int32_t measure_holding(const struct item *it, uint32_t at, size_t *io_hint);

/* A set of texts (open addressing); the texts are borrowed. */
struct str_set {
  struct str *slots;
  size_t mask, count;
};
bool str_set_has(const struct str_set *set, struct str s);
void str_set_add(struct arena *a, struct str_set *set, struct str s);
#endif
