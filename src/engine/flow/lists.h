/* What is asked of a list of records besides its columns, as one condition that store/list.h takes, and where the rows are found
 * when they are few. Whatever is asked for speaks of fields that every reader of the record sees. */
#ifndef ENGINE_FLOW_LISTS_H
#define ENGINE_FLOW_LISTS_H
#include "engine/flow/flow.h"

struct list_scope;

struct flow_asked {
  struct str
      seen; /* the condition of what the reader sees, over the alias r, with @ for each value; empty: everything */
  const struct str *seen_values;
  size_t seen_count;
  struct str words;             /* each of the first three must occur in the number or a text */
  const struct list_few *found; /* flow_words_few of them; NULL: all rows are looked through */
  struct str unit;              /* it belongs to it or is shared with it, or with one below; empty = not asked */
  struct str mine;              /* this person made it or stands in it; empty = not asked */
  struct str clock;             /* this one runs, and its deadline lies in from_us .. until_us; empty = not asked */
  int64_t from_us, until_us;
  bool open; /* it has not ended */
  bool over; /* a clock of it is running, or stands still, behind its deadline at now_us */
  int64_t now_us;
};
/* A part of *out lives in mem, a part in *a, which must outlive it. */
void flow_list_scope(struct arena *mem, const struct flow_record *r, const struct flow_asked *a,
                     struct list_scope *out);
/* The words that are asked for, as they were typed. */
enum { FLOW_LIST_WORDS = 3 };
size_t flow_list_words(struct str said, struct str out[FLOW_LIST_WORDS]);
/* Can it be asked for by a unit, by one's own part, by clocks? */
bool flow_list_has_unit(const struct flow_record *r);
#endif
