/* Names into pinyin. A name is walked once: a listed word wins over its characters, a family name at the head over both. */
#include "text/reading.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/reading_table.h"

enum { KEY_MAX = 4096 };

struct maker {
  struct buf key, initials;
  bool in_word; /* letters and digits are going on */
};

static void put_syllable(struct maker *m, struct str s) {
  if (!s.len) return;
  if (m->key.len) buf_byte(&m->key, ' ');
  buf_str(&m->key, s);
  buf_str(&m->initials, str_slice(s, 0, utf8_len(s, 0)));
  m->in_word = false;
}
static void put_word(struct maker *m, struct str reading) {
  for (struct str head, rest = reading; rest.len;) {
    if (!str_cut(rest, STR(" "), &head, &rest)) head = rest, rest = (struct str){0};
    put_syllable(m, head);
  }
}
static void put_letter(struct maker *m, char c) {
  if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
  if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
    m->in_word = false;
    return;
  }
  if (!m->in_word && m->key.len) buf_byte(&m->key, ' ');
  buf_byte(&m->key, c);
  buf_byte(&m->initials, c);
  m->in_word = true;
}
static const struct reading_word *word_at(const struct reading_word *list, size_t n, struct str s) {
  const struct reading_word *best = NULL;
  for (size_t i = 0; i < n; i++)
    if (str_starts(s, list[i].word) && (!best || list[i].word.len > best->word.len)) best = &list[i];
  return best;
}
static void put_char(struct maker *m, struct str name, size_t at, uint32_t c) {
  if (c >= READING_FIRST && c <= READING_LAST && reading_of_char[c - READING_FIRST])
    put_syllable(m, str_of(reading_syllables[reading_of_char[c - READING_FIRST]]));
  else if (c == 0x3007) put_syllable(m, STR("ling"));
  else if (c > 0xFF00 && c < 0xFF5F) put_letter(m, (char)(c - 0xFEE0));
  else if (c < 0x80) put_letter(m, (char)c);
  else if (is_han(c)) put_syllable(m, str_slice(name, at, at + utf8_len(name, at)));
  else m->in_word = false;
}

struct reading reading_make(struct arena *mem, struct str name, bool is_person) {
  struct maker m = {.key = BUF_MAX(KEY_MAX), .initials = BUF_MAX(KEY_MAX)};
  size_t at = 0;
  if (utf8_valid_len(name) != name.len) name.len = utf8_valid_len(name);
  const struct reading_word *w = is_person ? word_at(reading_surnames, reading_surnames_count, name) : NULL;
  while (at < name.len) {
    if (!w) w = word_at(reading_words, reading_words_count, str_from(name, at));
    if (w) {
      put_word(&m, w->reading);
      at += w->word.len;
      w = NULL;
      continue;
    }
    const size_t from = at;
    put_char(&m, name, from, utf8_next(name, &at));
  }
  const struct reading out = {str_dup(mem, buf_view(&m.key)), str_dup(mem, buf_view(&m.initials))};
  buf_drop(&m.key);
  buf_drop(&m.initials);
  return out;
}
