/* The only place that asks the machine for the time or for randomness. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include "base/date.h"

int64_t clock_now_us(void); /* microseconds since 1970, UTC */
/* For stories (`serve --story`, `scenario`) alone: from now on it is this moment until another is told, so that a slow machine
 * changes nothing and what took two days took two days. 0: the machine's time again. */
void clock_story(int64_t now_us);
int64_t clock_steady_us(void);                         /* monotonic, for durations */
void clock_sleep_us(int64_t us);                       /* waits at least so long */
int64_t clock_cpu_ns(void);                            /* this thread's own computing time, for benches */
struct date clock_today(int64_t now_us);               /* civil date at +08:00 */
struct str clock_rfc3339(struct arena *a, int64_t us); /* 2026-05-20T08:30:00.123456+08:00 */
void random_bytes(void *out, size_t n);                /* getrandom(2) */
#endif
