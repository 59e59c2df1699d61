/* What is a sign, and the room that they are written to. */
#include "engine/plan/signs.h"

#include "base/utf8.h"

const uint8_t sign_kinds[0x10000] = {
    [','] = SIGN_COMMA,
    [0xFF0C] = SIGN_COMMA,
    [':'] = SIGN_COLON,
    [0xFF1A] = SIGN_COLON,
    [';'] = SIGN_SEMICOLON,
    [0xFF1B] = SIGN_SEMICOLON,
    ['!'] = SIGN_STOP,
    ['?'] = SIGN_STOP,
    [0x3002] = SIGN_STOP,
    [0xFF01] = SIGN_STOP,
    [0xFF1F] = SIGN_STOP,
    ['\t'] = SIGN_LINE,
    ['\n'] = SIGN_LINE,
    ['\v'] = SIGN_LINE,
    ['('] = SIGN_OPEN,
    [')'] = SIGN_CLOSE,
    ['['] = SIGN_OPEN,
    [']'] = SIGN_CLOSE,
    [0xFF08] = SIGN_OPEN,
    [0xFF09] = SIGN_CLOSE,
    [0x3014] = SIGN_OPEN,
    [0x3015] = SIGN_CLOSE,
    [0x3010] = SIGN_OPEN,
    [0x3011] = SIGN_CLOSE,
    [0xFF3B] = SIGN_OPEN,
    [0xFF3D] = SIGN_CLOSE,
    [0x300A] = SIGN_OPEN,
    [0x300B] = SIGN_CLOSE,
    [0x3008] = SIGN_OPEN,
    [0x3009] = SIGN_CLOSE,
    [0x201C] = SIGN_OPEN,
    [0x201D] = SIGN_CLOSE,
    [0x300C] = SIGN_OPEN,
    [0x300D] = SIGN_CLOSE,
    [0x300E] = SIGN_OPEN,
    [0x300F] = SIGN_CLOSE,
    [0x2018 ... 0x2019] = SIGN_QUOTE,
    ['"'] = SIGN_QUOTE,
    [0xFF02] = SIGN_QUOTE,
    ['0' ... '9'] = SIGN_DIGIT,
    [0xFF10 ... 0xFF19] = SIGN_DIGIT,
    [0x3007] = SIGN_NUMERAL,
    [0x4E00] = SIGN_NUMERAL,
    [0x4E03] = SIGN_NUMERAL,
    [0x4E09] = SIGN_NUMERAL,
    [0x4E24] = SIGN_NUMERAL,
    [0x4E5D] = SIGN_NUMERAL,
    [0x4E8C] = SIGN_NUMERAL,
    [0x4E94] = SIGN_NUMERAL,
    [0x516B] = SIGN_NUMERAL,
    [0x516D] = SIGN_NUMERAL,
    [0x5341] = SIGN_NUMERAL,
    [0x5343] = SIGN_NUMERAL,
    [0x534A] = SIGN_NUMERAL,
    [0x56DB] = SIGN_NUMERAL,
    [0x767E] = SIGN_NUMERAL,
    [0x96F6] = SIGN_NUMERAL,
    ['x'] = SIGN_OTHER,
    ['X'] = SIGN_OTHER,
    ['*'] = SIGN_OTHER,
    ['_'] = SIGN_OTHER,
    [0xFF58] = SIGN_OTHER,
    [0xFF38] = SIGN_OTHER,
    [0xFF0A] = SIGN_OTHER,
    [0xFF3F] = SIGN_OTHER,
    [0xD7] = SIGN_OTHER,
    [0x2715] = SIGN_OTHER,
    [0x25CB] = SIGN_OTHER,
    [0x25A1] = SIGN_OTHER,
    [0x25EF] = SIGN_OTHER,
    [0x67D0] = SIGN_OTHER,
    [0x2461] = SIGN_OTHER,
};

static bool is_ascii_digit(struct str s, size_t i) { return i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; }

/* A comma between digits parts nothing, and of a run of digits the first one will do. */
bool sign_is_inside_number(struct str text, size_t at, unsigned char c) {
  if (c == ',') return at && is_ascii_digit(text, at - 1) && is_ascii_digit(text, at + 1);
  return at && is_digit(c) && is_digit(utf8_at(text, utf8_back(text, at)));
}

/* The last place stays free for the sign that bars the end. */
struct sign *signs_room(struct arena *mem, size_t text_len, struct signs *s, const struct sign *to,
                        const struct sign **out_full) {
  const size_t len = to ? (size_t)(to - s->at) : 0, cap = s->cap ? s->cap * 2 : text_len / 12 + 64;
  s->at = arena_grow(mem, s->at, s->cap * sizeof *s->at, cap * sizeof *s->at);
  s->cap = cap;
  *out_full = s->at + cap - 1;
  return s->at + len;
}

/* For every SIGN_MARK_BYTES of the text the first sign behind them, one more than the last before. */
static void mark_signs(struct arena *mem, struct str text, struct signs *s) {
  const size_t count = text.len / SIGN_MARK_BYTES + 1;
  s->marks = arena_new_n(mem, uint32_t, count + 1);
  for (size_t i = 0; i < s->len; i++) s->marks[s->at[i].at / SIGN_MARK_BYTES + 1] = (uint32_t)i + 1;
  for (size_t k = 1; k < count; k++)
    if (!s->marks[k]) s->marks[k] = s->marks[k - 1];
}

void signs_end(struct arena *mem, struct str text, struct signs *s, struct sign *to) {
  *to = (struct sign){.at = UINT32_MAX};
  s->len = (size_t)(to - s->at);
  mark_signs(mem, text, s);
}
