/* The machine's time and randomness. Everything else receives them as values, so that engines and tests are the
 * same on every day. Civil time is that of China, +08:00 without summer time; no time-zone data is read. */
#include "base/clock.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "base/must.h"

enum { SECOND_US = 1000000, DAY_SECONDS = 86400, ZONE_SECONDS = 8 * 3600 };

static int64_t read_us(clockid_t id) {
  struct timespec t;
  must(clock_gettime(id, &t) == 0);
  return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t clock_now_us(void) { return read_us(CLOCK_REALTIME); }
int64_t clock_steady_us(void) { return read_us(CLOCK_MONOTONIC); }

void clock_sleep_us(int64_t us) {
  struct timespec left = {us / SECOND_US, us % SECOND_US * 1000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

int64_t clock_cpu_ns(void) {
  struct timespec t;
  must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
  return (int64_t)t.tv_sec * SECOND_US * 1000 + t.tv_nsec;
}

/* Division that rounds down, for moments before 1970. */
static int64_t floor_div(int64_t n, int64_t by) { return n / by - (n % by < 0); }

struct date clock_today(int64_t now_us) {
  const int64_t seconds = floor_div(now_us, SECOND_US) + ZONE_SECONDS;
  return date_of_days((int32_t)floor_div(seconds, DAY_SECONDS));
}

struct str clock_rfc3339(struct arena *a, int64_t us) {
  const int64_t seconds = floor_div(us, SECOND_US) + ZONE_SECONDS;
  const int fraction = (int)(us - floor_div(us, SECOND_US) * SECOND_US);
  const int32_t days = (int32_t)floor_div(seconds, DAY_SECONDS);
  const int second = (int)(seconds - (int64_t)days * DAY_SECONDS);
  const struct date d = date_of_days(days);
  return str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+08:00", d.year, d.month, d.day, second / 3600, second / 60 % 60,
                 second % 60, fraction);
}

void random_bytes(void *out, size_t n) {
  char *p = out;
  while (n) {
    const ssize_t got = getrandom(p, n, 0);
    if (got < 0 && errno == EINTR) continue;
    must(got > 0);
    p += got;
    n -= (size_t)got;
  }
}
