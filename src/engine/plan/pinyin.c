/* Pinyin syllables (GB/T 16159 spelling): does a Latin stretch read as one syllable of Standard Chinese?
 *
 * Each final lists the initials it goes with, so non-syllables such as xx, km or vip are refused. A tone mark may
 * stand on one vowel; u with two dots is also written v. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

/* `-` is the syllable without initial (ai, er); zh ch sh are written Z C S. */
struct final {
  struct str text;
  const char *initials;
};
static const struct final finals_a[] = {
    {STR_INIT("a"), "bpmfdtnlgkhZCSzcsyw-"},    {STR_INIT("ai"), "bpmdtnlgkhZCSzcsw-"},
    {STR_INIT("ao"), "bpmdtnlgkhZCSrzcsy-"},    {STR_INIT("an"), "bpmfdtnlgkhZCSrzcsyw-"},
    {STR_INIT("ang"), "bpmfdtnlgkhZCSrzcsyw-"},
};
static const struct final finals_o[] = {
    {STR_INIT("o"), "bpmflyw-"},
    {STR_INIT("ou"), "pmfdtnlgkhZCSrzcsy-"},
    {STR_INIT("ong"), "dtnlgkhZCrzcsy"},
};
static const struct final finals_e[] = {
    {STR_INIT("e"), "mdtnlgkhZCSrzcsy-"},
    {STR_INIT("ei"), "bpmfdnlgkhZSzw-"},
    {STR_INIT("en"), "bpmfdngkhZCSrzcsw-"},
    {STR_INIT("eng"), "bpmfdtnlgkhZCSrzcsw-"},
    {STR_INIT("er"), "-"},
};
static const struct final finals_i[] = {
    {STR_INIT("i"), "bpmdtnlZCSrzcsjqxy"}, {STR_INIT("ia"), "dljqx"},
    {STR_INIT("ie"), "bpmdtnljqx"},        {STR_INIT("iao"), "bpmdtnljqx"},
    {STR_INIT("iu"), "mdnljqx"},           {STR_INIT("ian"), "bpmdtnljqx"},
    {STR_INIT("in"), "bpmnljqxy"},         {STR_INIT("iang"), "nljqx"},
    {STR_INIT("ing"), "bpmdtnljqxy"},      {STR_INIT("iong"), "jqx"},
};
static const struct final finals_u[] = {
    {STR_INIT("u"), "bpmfdtnlgkhZCSrzcsjqxyw"},
    {STR_INIT("ua"), "gkhZCSr"},
    {STR_INIT("uo"), "dtnlgkhZCSrzcs"},
    {STR_INIT("uai"), "gkhZCS"},
    {STR_INIT("ui"), "dtgkhZCSrzcs"},
    {STR_INIT("uan"), "dtnlgkhZCSrzcsjqxy"},
    {STR_INIT("un"), "dtnlgkhZCSrzcsjqxy"},
    {STR_INIT("uang"), "gkhZCS"},
    {STR_INIT("ue"), "jqxynl"},
};
static const struct final finals_v[] = {
    {STR_INIT("v"), "nljqxy"},
    {STR_INIT("ve"), "nljqxy"},
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

/* The letters are small ones, and there is one at least. */
static bool is_syllable(struct str s) {
  const bool is_vowel = finals[s.at[0] - 'a'].count > 0;
  char initial = is_vowel ? '-' : s.at[0];
  size_t i = !is_vowel;
  if (i && s.len > 2 && s.at[1] == 'h' && (initial == 'z' || initial == 'c' || initial == 's')) {
    initial = (char)(initial - 'a' + 'A');
    i++;
  }
  if (i == s.len) return false;
  const struct str rest = str_from(s, i);
  const struct final *f = finals[rest.at[0] - 'a'].at;
  for (const struct final *end = f + finals[rest.at[0] - 'a'].count; f < end; f++)
    if (str_eq(rest, f->text)) return strchr(f->initials, initial) != NULL;
  return false;
}

size_t pinyin_at(struct str text, size_t i, bool *out_toned) {
  enum { SYLLABLE_MAX = 6 };
  char letters[SYLLABLE_MAX + 1];
  size_t n = 0, at = i;
  int tones = 0;
  while (at < text.len && n <= SYLLABLE_MAX) {
    size_t next = at;
    const uint32_t c = utf8_next(text, &next);
    const char vowel = c < 0x80 ? 0 : plain_vowel(c);
    if (!vowel && !(c >= 'a' && c <= 'z')) break;
    tones += vowel && c != 0xFC; /* two dots are no tone */
    letters[n++] = vowel ? vowel : (char)c;
    at = next;
  }
  if (n == 0 || n > SYLLABLE_MAX || tones > 1 || !is_syllable((struct str){letters, n})) return 0;
  *out_toned = tones > 0;
  return at - i;
}
