/* Counters in arrays that are made once at start; a request costs three relaxed additions. Routes are found by their
 * address in the sorted list. The times are kept as cumulative buckets only when they are written. */
#include "web/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

static const int statuses[] = {200, 204, 303, 304, 400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 500, 503, 0};
static const int64_t edges_us[] = {500,   1000,   2500,   5000,   10000,   25000,
                                   50000, 100000, 250000, 500000, 1000000, 5000000};
enum { STATUSES = COUNT_OF(statuses), EDGES = COUNT_OF(edges_us) };

struct counts {
  const struct route *route;
  const char *method, *path;
  atomic_uint_fast64_t status[STATUSES], took[EDGES + 1], us;
};
struct metrics {
  struct counts *routes, file, none;
  size_t count;
  atomic_uint_fast64_t bytes;
};

static int by_address(const void *a, const void *b) {
  const struct counts *x = a, *y = b;
  return (x->route > y->route) - (x->route < y->route);
}
struct metrics *metrics_new(struct arena *mem, const struct route *const *tables) {
  struct metrics *m = arena_new(mem, struct metrics);
  for (const struct route *const *t = tables; *t; t++)
    for (const struct route *r = *t; r->path; r++) m->count++;
  m->routes = arena_new_n(mem, struct counts, m->count);
  size_t n = 0;
  for (const struct route *const *t = tables; *t; t++) {
    for (const struct route *r = *t; r->path; r++, n++) {
      m->routes[n].route = r;
      m->routes[n].method = r->method == POST ? "POST" : "GET";
      m->routes[n].path = r->path;
    }
  }
  qsort(m->routes, m->count, sizeof m->routes[0], by_address);
  m->file.method = m->none.method = "";
  m->file.path = "/static";
  m->none.path = "";
  return m;
}

static void add(atomic_uint_fast64_t *n, uint64_t more) {
  (void)atomic_fetch_add_explicit(n, more, memory_order_relaxed);
}
static uint64_t read_count(const atomic_uint_fast64_t *n) { return atomic_load_explicit(n, memory_order_relaxed); }

void metrics_count(struct metrics *m, const struct route *route, bool is_file, int status, int64_t us, uint64_t bytes) {
  const struct counts key = {.route = route};
  struct counts *c = route ? bsearch(&key, m->routes, m->count, sizeof m->routes[0], by_address) : NULL;
  size_t s = 0, t = 0;
  if (!c) c = is_file ? &m->file : &m->none;
  while (statuses[s] && statuses[s] != status) s++;
  while (t < EDGES && us > edges_us[t]) t++;
  add(&c->status[s], 1);
  add(&c->took[t], 1);
  add(&c->us, (uint64_t)us);
  add(&m->bytes, bytes);
}

static const struct counts *counts_at(const struct metrics *m, size_t i) {
  return i < m->count ? &m->routes[i] : i == m->count ? &m->file : &m->none;
}
static void write_requests(const struct counts *c, struct buf *o) {
  for (size_t s = 0; s < STATUSES; s++) {
    const uint64_t n = read_count(&c->status[s]);
    if (!n) continue;
    buf_fmt(o, "gangmu_requests_total{method=\"%s\",route=\"%s\",status=\"%d\"} %llu\n", c->method, c->path,
            statuses[s], (unsigned long long)n);
  }
}
static void write_times(const struct counts *c, struct buf *o) {
  uint64_t n = 0, all = 0;
  for (size_t t = 0; t <= EDGES; t++) all += read_count(&c->took[t]);
  if (!all) return;
  for (size_t t = 0; t < EDGES; t++) {
    n += read_count(&c->took[t]);
    buf_fmt(o, "gangmu_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%lld.%04lld\"} %llu\n", c->method,
            c->path, (long long)(edges_us[t] / 1000000), (long long)(edges_us[t] % 1000000 / 100),
            (unsigned long long)n);
  }
  const uint64_t us = read_count(&c->us);
  buf_fmt(o, "gangmu_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %llu\n", c->method, c->path,
          (unsigned long long)all);
  buf_fmt(o, "gangmu_request_seconds_sum{method=\"%s\",route=\"%s\"} %llu.%06llu\n", c->method, c->path,
          (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
  buf_fmt(o, "gangmu_request_seconds_count{method=\"%s\",route=\"%s\"} %llu\n", c->method, c->path,
          (unsigned long long)all);
}
void metrics_write(const struct metrics *m, struct buf *out) {
  buf_z(out, "# HELP gangmu_requests_total Requests answered.\n# TYPE gangmu_requests_total counter\n");
  for (size_t i = 0; i < m->count + 2; i++) write_requests(counts_at(m, i), out);
  buf_z(out,
        "# HELP gangmu_request_seconds From the request line to the last byte of the answer.\n"
        "# TYPE gangmu_request_seconds histogram\n");
  for (size_t i = 0; i < m->count + 2; i++) write_times(counts_at(m, i), out);
  web_metric(out, "gangmu_sent_bytes_total", "counter", "Bytes of answers, without headers.",
             (int64_t)read_count(&m->bytes));
}
