/* Pinyin syllables (GB/T 16159 spelling): does a Latin stretch read as one syllable of Standard Chinese?
 *
 * Each final lists the initials it goes with, so non-syllables such as xx, km or vip are refused. A tone mark may
 * stand on one vowel; u with two dots is also written v. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

/* `-` is the syllable without initial (ai, er); zh ch sh are written Z C S. */
struct final {
  char text[4];
  const char *initials;
};
static const struct final finals_a[] = {
    {"a", "bpmfdtnlgkhZCSzcsyw-"},   {"ai", "bpmdtnlgkhZCSzcsw-"},     {"ao", "bpmdtnlgkhZCSrzcsy-"},
    {"an", "bpmfdtnlgkhZCSrzcsyw-"}, {"ang", "bpmfdtnlgkhZCSrzcsyw-"},
};
static const struct final finals_o[] = {
    {"o", "bpmflyw-"},
    {"ou", "pmfdtnlgkhZCSrzcsy-"},
    {"ong", "dtnlgkhZCrzcsy"},
};
static const struct final finals_e[] = {
    {"e", "mdtnlgkhZCSrzcsy-"},
    {"ei", "bpmfdnlgkhZSzw-"},
    {"en", "bpmfdngkhZCSrzcsw-"},
    {"eng", "bpmfdtnlgkhZCSrzcsw-"},
    {"er", "-"},
};
static const struct final finals_i[] = {
    {"i", "bpmdtnlZCSrzcsjqxy"}, {"ia", "dljqx"},     {"ie", "bpmdtnljqx"}, {"iao", "bpmdtnljqx"},  {"iu", "mdnljqx"},
    {"ian", "bpmdtnljqx"},       {"in", "bpmnljqxy"}, {"iang", "nljqx"},    {"ing", "bpmdtnljqxy"}, {"iong", "jqx"},
};
static const struct final finals_u[] = {
    {"u", "bpmfdtnlgkhZCSrzcsjqxyw"},
    {"ua", "gkhZCSr"},
    {"uo", "dtnlgkhZCSrzcs"},
    {"uai", "gkhZCS"},
    {"ui", "dtgkhZCSrzcs"},
    {"uan", "dtnlgkhZCSrzcsjqxy"},
    {"un", "dtnlgkhZCSrzcsjqxy"},
    {"uang", "gkhZCS"},
    {"ue", "jqxynl"},
};
static const struct final finals_v[] = {
    {"v", "nljqxy"},
    {"ve", "nljqxy"},
};
/* By the first letter of the final. */
static const struct {
  const struct final *at;
  size_t count;
} finals[26] = {
    ['a' - 'a'] = {finals_a, COUNT_OF(finals_a)}, ['e' - 'a'] = {finals_e, COUNT_OF(finals_e)},
    ['i' - 'a'] = {finals_i, COUNT_OF(finals_i)}, ['o' - 'a'] = {finals_o, COUNT_OF(finals_o)},
    ['u' - 'a'] = {finals_u, COUNT_OF(finals_u)}, ['v' - 'a'] = {finals_v, COUNT_OF(finals_v)},
};

/* The plain letter of a toned vowel (ü is v); 0 when the character is none. */
static char plain_vowel(uint32_t c) {
  enum { FIRST = 0xE0 };
  static const char letters[] = {
      [0x101 - FIRST] = 'a', [0xE1 - FIRST] = 'a',  [0x1CE - FIRST] = 'a', [0xE0 - FIRST] = 'a',
      [0x251 - FIRST] = 'a', /* āáǎàɑ */
      [0x113 - FIRST] = 'e', [0xE9 - FIRST] = 'e',  [0x11B - FIRST] = 'e', [0xE8 - FIRST] = 'e',
      [0xEA - FIRST] = 'e',                                                                      /* ēéěèê */
      [0x12B - FIRST] = 'i', [0xED - FIRST] = 'i',  [0x1D0 - FIRST] = 'i', [0xEC - FIRST] = 'i', /* īíǐì */
      [0x14D - FIRST] = 'o', [0xF3 - FIRST] = 'o',  [0x1D2 - FIRST] = 'o', [0xF2 - FIRST] = 'o', /* ōóǒò */
      [0x16B - FIRST] = 'u', [0xFA - FIRST] = 'u',  [0x1D4 - FIRST] = 'u', [0xF9 - FIRST] = 'u', /* ūúǔù */
      [0xFC - FIRST] = 'v',  [0x1D6 - FIRST] = 'v', [0x1D8 - FIRST] = 'v', [0x1DA - FIRST] = 'v',
      [0x1DC - FIRST] = 'v',                                               /* üǖǘǚǜ */
      [0x144 - FIRST] = 'n', [0x148 - FIRST] = 'n', [0x1F9 - FIRST] = 'n', /* ńňǹ */
  };
  return c >= FIRST && c - FIRST < sizeof letters ? letters[c - FIRST] : 0;
}

static bool is_letter(uint32_t c) { return (c >= 'a' && c <= 'z') || plain_vowel(c); }

/* n > 0 small letters, and zeros behind them as far as a final reaches. */
static bool is_syllable(const char *letters, size_t n) {
  const bool is_vowel = finals[letters[0] - 'a'].count > 0;
  char initial = is_vowel ? '-' : letters[0];
  size_t i = !is_vowel;
  if (i && n > 2 && letters[1] == 'h' && (initial == 'z' || initial == 'c' || initial == 's')) {
    initial = (char)(initial - 'a' + 'A');
    i++;
  }
  const char *rest = letters + i;
  if (i == n || n - i > sizeof((struct final *)0)->text) return false;
  const struct final *f = finals[rest[0] - 'a'].at;
  for (const struct final *end = f + finals[rest[0] - 'a'].count; f < end; f++)
    if (memcmp(rest, f->text, sizeof f->text) == 0) return strchr(f->initials, initial) != NULL;
  return false;
}

size_t pinyin_at(struct str text, size_t i, bool *out_toned) {
  enum { SYLLABLE_MAX = 6 };
  char letters[SYLLABLE_MAX + sizeof((struct final *)0)->text] = {0};
  size_t n = 0, at = i;
  int tones = 0;
  while (at < text.len && n < SYLLABLE_MAX) {
    const char plain = text.at[at];
    if (plain >= 'a' && plain <= 'z') {
      letters[n++] = plain;
      at++;
      continue;
    }
    size_t next = at;
    const uint32_t c = utf8_next(text, &next);
    const char vowel = plain_vowel(c);
    if (!vowel) break;
    tones += c != 0xFC; /* two dots are no tone */
    letters[n++] = vowel;
    at = next;
  }
  const bool is_longer = at < text.len && n == SYLLABLE_MAX && is_letter(utf8_at(text, at));
  if (n == 0 || is_longer || tones > 1 || !is_syllable(letters, n)) return 0;
  *out_toned = tones > 0;
  return at - i;
}
