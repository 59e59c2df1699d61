/* 关注: records and views that somebody wants at hand. What stands in the list is read under their rights of the moment: a record that is not seen any
 * more is not named. When a record goes on, those who follow it are told that it has, not how (engine/flow/followers_store.c). */
#ifndef APP_FOLLOWS_H
#define APP_FOLLOWS_H
#include "app/systems.h"
#include "app/views_system.h"

/* Of whoever asks, the newest first, at most `most`. */
MUST_CHECK bool follows_read(struct system_run *x, struct web_request *rq, size_t most, view_follows *out,
                             struct err *e);
/* Do they follow this record, and are they told? For its page. */
MUST_CHECK bool follows_of_record(struct system_run *x, const struct flow_row *row, struct view_follow *out,
                                  struct err *e);
#endif
