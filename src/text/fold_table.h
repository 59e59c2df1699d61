/* Tables of characters that tools/foldgen.c makes at build: folding, scripts, levels, GBK. Read-only. */
#ifndef TEXT_FOLD_TABLE_H
#define TEXT_FOLD_TABLE_H
#include "base/str.h"

enum {
  HAN_FIRST = 0x3400,
  HAN_LAST = 0x9FFF, /* the Han characters of three UTF-8 bytes */
  GBK_LEAD_FIRST = 0x81,
  GBK_LEADS = 0xFE - 0x81 + 1,
  GBK_TRAIL_FIRST = 0x40,
  GBK_TRAILS = 0xFE - 0x40 + 1,
};
enum han_mark {
  HAN_TRADITIONAL = 1, /* has another Simplified form */
  HAN_SIMPLIFIED = 2,  /* has another Traditional form */
  HAN_LEVEL1 = 4,      /* GB 2312 level 1 */
  HAN_LEVEL2 = 8,      /* GB 2312 level 2 */
  HAN_CONTEXT = 16,    /* folds by the word it stands in */
  HAN_LISTED = 32,     /* it or its Simplified form is in GB 2312: hardly any document of today holds another */
};
/* In `word` (Simplified but for its character) the whole becomes `with`. */
struct fold_word {
  uint32_t key; /* the character */
  uint32_t at;  /* its place in the word, in bytes */
  struct str word, with;
};
extern const struct fold_word fold_words[];
extern const size_t fold_word_count;
extern const uint16_t fold_to[HAN_LAST - HAN_FIRST + 1];
extern const uint8_t han_marks[HAN_LAST - HAN_FIRST + 1];
extern const uint16_t gbk_to_char[GBK_LEADS * GBK_TRAILS]; /* 0 = no character */
extern const uint16_t char_to_gbk[0x10000];                /* 0 = not in GBK */

static inline unsigned han_mark(uint32_t c) { return c >= HAN_FIRST && c <= HAN_LAST ? han_marks[c - HAN_FIRST] : 0; }
/* By how much a character with these marks makes a text Traditional. */
static inline int han_script_of(unsigned mark) {
  return (int)(mark & HAN_TRADITIONAL) - (int)((mark & HAN_SIMPLIFIED) >> 1);
}
static inline uint32_t han_fold_char(uint32_t c) {
  return c >= HAN_FIRST && c <= HAN_LAST ? fold_to[c - HAN_FIRST] : c;
}
/* The character of a GBK pair, private-use ones of the user-defined areas too; 0 when the pair is none. */
uint32_t gbk_char(unsigned lead, unsigned trail);
/* The pair lead * 256 + trail of a character; 0 when GBK has none. */
unsigned gbk_code(uint32_t c);
/* True for the pairs that GBK leaves to its users: texts that pass through Unicode lose them. */
bool gbk_is_user_area(unsigned lead, unsigned trail);
#endif
