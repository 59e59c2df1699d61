/* People as lists and searches find them: one condition of who may see them and what is asked for, the same for rows,
 * counts, choices and files.
 *
 * What is asked for is asked of the fields that say it, and so only of rows whose fields of that class the asker may read
 * (rules/rights/kernel.yaml): whoever may not read telephones finds nobody by one. A word is a part of the name, the
 * beginning of its initials in pinyin, or whole: an id, a pupil's token, a telephone. Identity numbers are read only for a
 * purpose that is stated, and are not searched for. */
#ifndef APP_PEOPLE_H
#define APP_PEOPLE_H
#include "app/who.h"
#include "base/clock.h"
#include "store/list.h"

struct people_asked {
  struct str words; /* each of the first few must fit */
  struct str role;  /* held today */
  struct str unit;  /* held there today, or at a unit below */
};
/* *out lives in mem. */
MUST_CHECK bool people_condition(struct store *s, struct arena *mem, const struct who *w,
                                 const struct people_asked *asked, struct list_scope *out, struct err *e);
/* The first people, by name in pinyin; rows of sql_person_list. */
MUST_CHECK bool people_find(struct store *s, struct arena *mem, const struct who *w, struct str words, size_t most,
                            list_rows *out, struct err *e);
#endif
