/* The words by which titles, notices and signatures are known, each with what it tells (front_word in the rules). */
#include "base/utf8.h"
#include "engine/plan/structure.h"

static size_t told(const struct lex_word *word, const char *what) {
  return word && str_eqz(lex_value(word, LEX_front_word), what) ? word->text.len : 0;
}

size_t front_word_at(const struct lexicon *lx, struct str s, size_t at, const char *what) {
  return told(lexicon_at(lx, s, at, LEX_BIT(front_word)), what);
}

size_t front_word_end(const struct lexicon *lx, struct str s, const char *what) {
  return told(lexicon_before(lx, s, s.len, LEX_BIT(front_word)), what);
}

size_t front_word_find(const struct lexicon *lx, struct str s, const char *what) {
  for (size_t i = 0; i < s.len; (void)utf8_next(s, &i))
    if (front_word_at(lx, s, i, what)) return i;
  return STR_NONE;
}
