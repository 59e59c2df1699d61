/* The machine's time and randomness. Everything else receives them as values, so that engines and tests are the
 * same on every day. Civil time is that of China, +08:00 without summer time; no time-zone data is read. */
#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

#include "base/must.h"

enum { SECOND_US = 1000000, DAY_SECONDS = 86400, ZONE_SECONDS = 8 * 3600 };

static int64_t read_us(clockid_t id) {
  struct timespec t;
  must(clock_gettime(id, &t) == 0);
  return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

/* house: allow mutable - the one place of the program's time; 0 = the machine's */
static _Atomic int64_t story_us;

int64_t clock_now_us(void) {
  const int64_t story = atomic_load(&story_us);
  return story ? story : read_us(CLOCK_REALTIME);
}
void clock_story(int64_t now_us) { atomic_store(&story_us, now_us); }
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

/* Every row of a list and every line of the log has one: written digit by digit, without printf. */
static void put_digits(char *p, int n, int width) {
  for (int i = width; i-- > 0; n /= 10) p[i] = (char)('0' + n % 10);
}
struct str clock_rfc3339(struct arena *a, int64_t us) {
  static const char shape[] = "0000-00-00T00:00:00.000000+08:00";
  const int64_t seconds = floor_div(us, SECOND_US) + ZONE_SECONDS;
  const int fraction = (int)(us - floor_div(us, SECOND_US) * SECOND_US);
  const int32_t days = (int32_t)floor_div(seconds, DAY_SECONDS);
  const int second = (int)(seconds - (int64_t)days * DAY_SECONDS);
  const struct date d = date_of_days(days);
  char *z = arena_take(a, sizeof shape);
  memcpy(z, shape, sizeof shape);
  put_digits(z, d.year, 4);
  put_digits(z + 5, d.month, 2);
  put_digits(z + 8, d.day, 2);
  put_digits(z + 11, second / 3600, 2);
  put_digits(z + 14, second / 60 % 60, 2);
  put_digits(z + 17, second % 60, 2);
  put_digits(z + 20, fraction, 6);
  return (struct str){z, sizeof shape - 1};
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
