/* Pinyin of names, to sort and to search by: the same on every machine and every database engine, for it is stored.
 *
 * Without tones, ü as v: 云岚市实验小学 -> key "yun lan shi shi yan xiao xue", initials "ylssyxx". Letters and digits stay
 * (full width made half, capitals small), everything else is left out. Readings in context and of family names follow
 * rules/org/readings.yaml; a character without a known reading stands for itself, behind all others. */
#ifndef TEXT_READING_H
#define TEXT_READING_H
#include "base/str.h"

struct reading {
  struct str key, initials; /* new */
};
/* is_person: the name begins with a family name. */
struct reading reading_make(struct arena *mem, struct str name, bool is_person);
#endif
