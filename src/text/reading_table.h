/* Tables of readings that tools/readgen.c makes at build. Private to text/reading.c. */
#ifndef TEXT_READING_TABLE_H
#define TEXT_READING_TABLE_H
#include "base/str.h"

enum { READING_FIRST = 0x4E00, READING_LAST = 0x9FFF, READING_BYTES = 8 };
struct reading_word {
  struct str word, reading; /* 重庆: chong qing */
};
extern const char *const reading_syllables[]; /* 0 = none */
extern const uint16_t reading_of_char[READING_LAST - READING_FIRST + 1];
extern const struct reading_word reading_words[], reading_surnames[];
extern const size_t reading_words_count, reading_surnames_count;
#endif
