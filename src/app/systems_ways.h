/* The same records another way than as rows: by state on a board, by day in a calendar, by place on a map. What is asked of the list
 * (filters, words, tab) holds for all of them; each reads a bounded number and says how many there are. */
#ifndef APP_SYSTEMS_WAYS_H
#define APP_SYSTEMS_WAYS_H
#include "app/systems_list.h"
#include "app/views_lists.h"

enum system_way { WAY_LIST, WAY_BOARD, WAY_CALENDAR, WAY_MAP, WAY_COUNT };
struct system_ways { /* one answer */
  struct web_request *rq;
  struct system_asked *a;
  const struct table_rows *asked; /* its query: filters and scope, no page of its own */
  struct view_system_list *v;
  struct json_out *json; /* NULL: a page */
};
/* Which the list has: it always has a board when something says what its columns are. */
bool system_has_way(const struct system_list *l, enum system_way w);
extern const char *const system_way_words[WAY_COUNT]; /* in the address; of the list none */
MUST_CHECK bool system_board(struct system_ways *w, struct err *e);
MUST_CHECK bool system_calendar(struct system_ways *w, struct err *e);
MUST_CHECK bool system_map(struct system_ways *w, struct err *e);

/* One record that is seen, as a card of a page or into an open array. */
MUST_CHECK bool system_card(struct system_ways *w, struct str id, view_lcards *out, struct err *e);
/* At most `most` rows of the query. */
MUST_CHECK bool system_cards(struct system_ways *w, const struct list_query *q, size_t most, view_lcards *out,
                             struct err *e);
/* The list with `name` set to `value` and no way of its own; a second one when it is not NULL. */
struct str system_list_href(struct system_ways *w, const char *name, struct str value, const char *name2,
                            struct str value2);
/* From one way to another, beside the tabs of the list. */
void system_ways_fill(struct web_request *rq, struct system_asked *a, struct view_table *io);
#endif
