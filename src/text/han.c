/* Folding of scripts and the GBK tables' readers.
 *
 * Folding keeps every character's length in UTF-8, so offsets hold in both texts. A character that folds by context
 * looks at the words listed for it; the words are matched against the folded neighbourhood, so one spelling serves
 * Traditional and Simplified surroundings. Nothing is copied until the first character that changes. */
#include "text/han.h"

#include "base/utf8.h"
#include "text/fold_table.h"

/* ---- GBK ---- */

bool gbk_is_user_area(unsigned lead, unsigned trail) {
  if (trail >= 0xA1 && trail <= 0xFE) return (lead >= 0xAA && lead <= 0xAF) || (lead >= 0xF8 && lead <= 0xFE);
  return lead >= 0xA1 && lead <= 0xA7 && trail >= 0x40 && trail <= 0xA0 && trail != 0x7F;
}

/* The user areas lie in three blocks from U+E000 (GB 18030-2000, table of user-defined codes). */
enum { USER_1 = 0xE000, USER_2 = 0xE234, USER_3 = 0xE4C6, USER_END = 0xE766, USER_ROW = 94, USER_3_ROW = 96 };

static uint32_t user_char(unsigned lead, unsigned trail) {
  if (lead >= 0xAA && lead <= 0xAF) return USER_1 + (lead - 0xAA) * USER_ROW + trail - 0xA1;
  if (lead >= 0xF8) return USER_2 + (lead - 0xF8) * USER_ROW + trail - 0xA1;
  return USER_3 + (lead - 0xA1) * USER_3_ROW + trail - (trail > 0x7F ? 0x41 : 0x40);
}

uint32_t gbk_char(unsigned lead, unsigned trail) {
  if (lead < GBK_LEAD_FIRST || lead > 0xFE || trail < GBK_TRAIL_FIRST || trail > 0xFE) return 0;
  const uint32_t c = gbk_to_char[(lead - GBK_LEAD_FIRST) * GBK_TRAILS + trail - GBK_TRAIL_FIRST];
  return c ? c : gbk_is_user_area(lead, trail) ? user_char(lead, trail) : 0;
}

unsigned gbk_code(uint32_t c) {
  if (c >= USER_3 && c < USER_END) {
    const unsigned trail = (c - USER_3) % USER_3_ROW + 0x40;
    return (0xA1 + (c - USER_3) / USER_3_ROW) << 8 | (trail >= 0x7F ? trail + 1 : trail);
  }
  if (c >= USER_2 && c < USER_3) return (0xF8 + (c - USER_2) / USER_ROW) << 8 | (0xA1 + (c - USER_2) % USER_ROW);
  if (c >= USER_1 && c < USER_2) return (0xAA + (c - USER_1) / USER_ROW) << 8 | (0xA1 + (c - USER_1) % USER_ROW);
  return c < 0x10000 ? char_to_gbk[c] : 0;
}

/* ---- folding ---- */

/* True for the first byte of U+3000..U+9FFF. */
static bool is_han_lead(unsigned char byte) { return byte >= 0xE3 && byte <= 0xE9; }

static size_t char_len(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

/* True when `word` stands around the character at text[at]; what lies before it is compared folded, too. */
static bool word_stands(struct str text, size_t at, const struct fold_word *w) {
  if (at < w->at || at - w->at + w->word.len > text.len) return false;
  const size_t from = at - w->at;
  for (size_t i = 0; i < w->word.len;) {
    const unsigned char lead = (unsigned char)text.at[from + i];
    if (!is_han_lead(lead)) return false;
    const uint32_t c = utf8_at(text, from + i), wanted = utf8_next(w->word, &i);
    if (c != wanted && han_fold_char(c) != wanted) return false;
  }
  return true;
}

static const struct fold_word *context_word(struct str text, size_t at, uint32_t c) {
  const struct fold_word *best = NULL;
  for (size_t i = 0; i < fold_word_count; i++)
    if (fold_words[i].key == c && word_stands(text, at, &fold_words[i]))
      if (!best || fold_words[i].word.len > best->word.len) best = &fold_words[i];
  return best;
}

/* What the character at text[at] becomes, in its word when it has one. The characters around it keep their own rule
 * unless the word changes them (甚麼). */
static uint32_t fold_at(struct str text, size_t at, uint32_t c) {
  const struct fold_word *w = han_mark(c) & HAN_CONTEXT ? context_word(text, at, c) : NULL;
  return w ? utf8_at(w->with, w->at) : han_fold_char(c);
}

/* Every form has three bytes (tools/foldgen.c). */
static void put_three(char *out, uint32_t c) {
  out[0] = (char)(0xE0 | c >> 12);
  out[1] = (char)(0x80 | (c >> 6 & 0x3F));
  out[2] = (char)(0x80 | (c & 0x3F));
}

/* Of the characters that may fold, the first that does, from i on; its place, or the end. */
static size_t first_folding(struct str text, size_t i) {
  const unsigned char *p = (const unsigned char *)text.at;
  for (; i < text.len; i += char_len(p[i])) {
    if (!is_han_lead(p[i])) continue;
    const uint32_t c = utf8_three(p + i);
    if ((han_mark(c) & (HAN_TRADITIONAL | HAN_CONTEXT)) && fold_at(text, i, c) != c) return i;
  }
  return text.len;
}

/* In a Traditional text every fourth character folds, and nobody could foresee which: from the first one on each is
 * written, changed or not. */
struct str han_fold(struct arena *a, struct str text) {
  const unsigned char *p = (const unsigned char *)text.at;
  size_t i = first_folding(text, 0);
  if (i == text.len) return text;
  char *out = arena_room(a, text.len);
  memcpy(out, text.at, text.len);
  while (i < text.len) {
    for (; i < text.len && p[i] >= 0xE4 && p[i] <= 0xE9; i += 3) { /* U+4000..U+9FFF */
      const uint32_t c = utf8_three(p + i), to = fold_to[c - HAN_FIRST];
      put_three(out + i, han_marks[c - HAN_FIRST] & HAN_CONTEXT ? fold_at(text, i, c) : to);
    }
    if (i == text.len) break;
    if (p[i] < 0x80) {
      i++;
      continue;
    }
    if (p[i] == 0xE3) put_three(out + i, fold_at(text, i, utf8_three(p + i)));
    i += char_len(p[i]);
  }
  return (struct str){out, text.len};
}
