/* Pinyin syllables (GB/T 16159 spelling): does a Latin stretch read as one syllable of Standard Chinese?
 *
 * Each final lists the initials it goes with, so non-syllables such as xx, km or vip are refused. A tone mark may
 * stand on one vowel; u with two dots is also written v. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

/* `-` is the syllable without initial (ai, er); zh ch sh are written Z C S. */
static const struct {
  const char *final, *initials;
} finals[] = {
    {"a", "bpmfdtnlgkhZCSzcsyw-"},
    {"o", "bpmflyw-"},
    {"e", "mdtnlgkhZCSrzcsy-"},
    {"ai", "bpmdtnlgkhZCSzcsw-"},
    {"ei", "bpmfdnlgkhZSzw-"},
    {"ao", "bpmdtnlgkhZCSrzcsy-"},
    {"ou", "pmfdtnlgkhZCSrzcsy-"},
    {"an", "bpmfdtnlgkhZCSrzcsyw-"},
    {"en", "bpmfdngkhZCSrzcsw-"},
    {"ang", "bpmfdtnlgkhZCSrzcsyw-"},
    {"eng", "bpmfdtnlgkhZCSrzcsw-"},
    {"ong", "dtnlgkhZCrzcsy"},
    {"i", "bpmdtnlZCSrzcsjqxy"},
    {"ia", "dljqx"},
    {"ie", "bpmdtnljqx"},
    {"iao", "bpmdtnljqx"},
    {"iu", "mdnljqx"},
    {"ian", "bpmdtnljqx"},
    {"in", "bpmnljqxy"},
    {"iang", "nljqx"},
    {"ing", "bpmdtnljqxy"},
    {"iong", "jqx"},
    {"u", "bpmfdtnlgkhZCSrzcsjqxyw"},
    {"ua", "gkhZCSr"},
    {"uo", "dtnlgkhZCSrzcs"},
    {"uai", "gkhZCS"},
    {"ui", "dtgkhZCSrzcs"},
    {"uan", "dtnlgkhZCSrzcsjqxy"},
    {"un", "dtnlgkhZCSrzcsjqxy"},
    {"uang", "gkhZCS"},
    {"ue", "jqxynl"},
    {"v", "nljqxy"},
    {"ve", "nljqxy"},
    {"er", "-"},
};

/* The plain letter of a toned vowel; 0 when the character is none. */
static char plain_vowel(uint32_t c) {
  static const char *const rows[] = {"aāáǎàɑ", "eēéěèê", "iīíǐì", "oōóǒò", "uūúǔù", "vüǖǘǚǜ", "nńňǹ"};
  enum { LAST = 0x251 }; /* ɑ */
  if (c > LAST) return 0;
  for (size_t r = 0; r < COUNT_OF(rows); r++) {
    const struct str row = str_of(rows[r]);
    for (size_t i = 1; i < row.len;)
      if (utf8_next(row, &i) == c) return row.at[0];
  }
  return 0;
}

static bool is_syllable(struct str s) {
  char initial = '-';
  size_t i = 0;
  if (s.len > 1 && strchr("bpmfdtnlgkhjqxrzcsyw", s.at[0])) initial = s.at[i++];
  if (i == 1 && s.len > 2 && s.at[1] == 'h' && strchr("zcs", initial)) {
    initial = (char)(initial - 'a' + 'A');
    i++;
  }
  const struct str final = str_from(s, i);
  for (size_t f = 0; f < COUNT_OF(finals); f++)
    if (final.len && final.at[0] == finals[f].final[0] && str_eqz(final, finals[f].final))
      return strchr(finals[f].initials, initial) != NULL;
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
