/* What is counted of requests: by route and status, how long they took, bytes sent. Private to web. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H
#include "web/web.h"

struct metrics;
struct metrics *metrics_new(struct arena *mem, const struct route *const *tables);
/* route: NULL for files and for what has no route. Called by many threads. */
void metrics_count(struct metrics *m, const struct route *route, bool is_file, int status, int64_t us, uint64_t bytes);
/* In the text format of Prometheus; only what has happened at least once. */
void metrics_write(const struct metrics *m, struct buf *out);
#endif
