/* Stories (scenario.yaml), as far as they can be judged without playing them: who acts, what they do, on which record, with which
 * inputs, and what is expected, all have to be there. */
#ifndef DECLARE_STORY_H
#define DECLARE_STORY_H
#include "declare/system.h"

struct yaml;
/* The verb of a step (its key says which), or NULL: it only expects, or defines. */
const struct yaml *story_verb(const struct yaml *step);
bool story_word(struct str key); /* may a step have this key? */
/* Adds faults of this file (Z…). Records, acts and roles of other packages are not judged. */
void story_check(struct faults *f, const struct system *s, struct str file, struct str text);
#endif
