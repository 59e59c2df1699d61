/* How fast is the whole compiler, and how much memory does it take? From the file's bytes to the checked tree, on one
 * core, against OpenCC's t2s (Traditional to Simplified, nothing else) on the same bytes in the same run, in turns.
 * Times are the thread's own computing time; what is printed is the median of the turns, so that other programs on the
 * machine disturb little.
 *
 *   bench_plan [FILE...]      without files: the demo's plans, all of them in a row until 3 MB, one generated plan of 4 MB
 *
 * Prints for each file the whole, each pass and the JSON that is written from it, then the bars: at least 5 times opencc,
 * at most 12 x input + 32 MiB, less than 1 ms for a plan of up to 25 kB. Exit 1 when a bar is missed. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/plan/plan.h"
#include "engine/plan/render.h"
#include "text/numeral.h"

enum {
  TURNS = 7,
  TURN_NS = 40000000,
  RATIO_MIN = 5,
  MEMORY_FACTOR = 12,
  MEMORY_FREE = 32 << 20,
  BIG = 4 << 20,
  MANY = 3 << 20
};
enum { SMALL = 25 << 10, SMALL_MS = 1 };

enum pass { OPEN, CLEAN, SCAN, STRUCTURE, MEASURES, PARTIES, DELIVERABLES, NAMES, TIMES, TARGETS, CHECK, PASSES };
static const char *const pass_words[] = {"open",         "clean", "scan",  "structure", "measures", "parties",
                                         "deliverables", "names", "times", "targets",   "check"};

struct turn { /* bytes a nanosecond * 1000 = MB/s */
  double ours, opencc, ratio;
};
struct result {
  struct turn median;
  int64_t passes[PASSES]; /* shortest of all runs, ns */
  int64_t json;           /* ns */
  size_t memory, json_len;
};

static void give_up(struct str name, const struct err *e) {
  AUTO_ARENA say = {0};
  fprintf(stderr, STRF ": " STRF "\n", STRA(name), STRA(err_says(&say, LANG_EN, e)));
  exit(2);
}

static size_t compile_once(struct str name, struct str bytes) {
  AUTO_ARENA mem = {0};
  struct source source = {0};
  struct plan *p = arena_new(&mem, struct plan);
  const struct plan_options options = {0};
  struct err e = {0};
  if (!source_open(&mem, name, bytes, false, &source, &e) || !plan_compile(&mem, &source, &options, p, &e))
    give_up(name, &e);
  return mem.taken;
}

static void note(struct result *r, enum pass pass, int64_t *io_began) {
  const int64_t now = clock_cpu_ns(), ns = now - *io_began;
  if (!r->passes[pass] || ns < r->passes[pass]) r->passes[pass] = ns ? ns : 1;
  *io_began = clock_cpu_ns();
}

/* As plan_compile does it, with the clock read between the passes. */
static void time_passes(struct str name, struct str bytes, struct result *r) {
  static void (*const extract[])(struct plan *) = {plan_measures, plan_parties, plan_deliverables, plan_names,
                                                   plan_times,    plan_targets, plan_check};
  AUTO_ARENA mem = {0};
  struct err e = {0};
  int64_t began = clock_cpu_ns();
  struct plan p = {.mem = &mem, .options.lexicon = lexicon_default()};
  if (!source_open(&mem, name, bytes, false, &p.source, &e)) give_up(name, &e);
  note(r, OPEN, &began);
  if (!plan_clean(&p, &e)) give_up(name, &e);
  note(r, CLEAN, &began);
  plan_scan(&p);
  note(r, SCAN, &began);
  if (!plan_structure(&p, &e)) give_up(name, &e);
  note(r, STRUCTURE, &began);
  for (int i = MEASURES; i < PASSES; i++) {
    extract[i - MEASURES](&p);
    note(r, (enum pass)i, &began);
  }
  AUTO_BUF json = BUF_MAX(SIZE_MAX / 2);
  began = clock_cpu_ns();
  render_json(&p, LANG_ZH, &json);
  const int64_t ns = clock_cpu_ns() - began;
  if (!r->json || ns < r->json) r->json = ns;
  r->json_len = json.len;
}

static double rate(size_t bytes, int times, int64_t ns) { return ns ? (double)bytes * times * 1000 / (double)ns : 0; }

static double run_ours(struct str name, struct str bytes, size_t *out_memory) {
  const int64_t began = clock_cpu_ns();
  int times = 0;
  do {
    *out_memory = compile_once(name, bytes);
    times++;
  } while (clock_cpu_ns() - began < TURN_NS);
  return rate(bytes.len, times, clock_cpu_ns() - began);
}

static double run_opencc(opencc_t cc, struct str bytes) {
  const int64_t began = clock_cpu_ns();
  int times = 0;
  do {
    char *out = opencc_convert_utf8(cc, bytes.at, bytes.len);
    must(out);
    opencc_convert_utf8_free(out);
    times++;
  } while (clock_cpu_ns() - began < TURN_NS);
  return rate(bytes.len, times, clock_cpu_ns() - began);
}

static int by_ratio(const void *a, const void *b) {
  const double x = ((const struct turn *)a)->ratio, y = ((const struct turn *)b)->ratio;
  return (x > y) - (x < y);
}

static struct result measure(opencc_t cc, struct str name, struct str bytes) {
  struct result r = {0};
  struct turn turns[TURNS];
  for (int i = 0; i < TURNS; i++) {
    turns[i].ours = run_ours(name, bytes, &r.memory);
    turns[i].opencc = run_opencc(cc, bytes);
    turns[i].ratio = turns[i].ours / turns[i].opencc;
    time_passes(name, bytes, &r);
  }
  qsort(turns, TURNS, sizeof *turns, by_ratio);
  r.median = turns[TURNS / 2];
  return r;
}

static bool report(opencc_t cc, struct str name, struct str bytes) {
  const struct result r = measure(cc, name, bytes);
  const double ms = (double)bytes.len / r.median.ours / 1000;
  const bool fast = r.median.ratio >= RATIO_MIN, slim = r.memory <= MEMORY_FACTOR * bytes.len + MEMORY_FREE;
  const bool prompt = bytes.len > SMALL || ms < SMALL_MS;
  printf("%-28.*s %9zu bytes  %6.1f MB/s  opencc %5.1f MB/s  ratio %5.1f  %8.3f ms  memory %5.1f x  %s\n",
         STRA(file_base(name)), bytes.len, r.median.ours, r.median.opencc, r.median.ratio, ms,
         (double)r.memory / (double)bytes.len, fast && slim && prompt ? "ok" : "MISSED");
  printf("  MB/s:");
  for (int i = 0; i < PASSES; i++) printf(" %s %.0f", pass_words[i], rate(bytes.len, 1, r.passes[i]));
  printf("; JSON %zu bytes in %.3f ms\n", r.json_len, (double)r.json / 1e6);
  (void)fflush(stdout);
  return fast && slim && prompt;
}

/* Sections of thirty items, each of its own words and numbers. */
static struct str big_plan(struct arena *mem) {
  static const char *const works[] = {"学校建设", "教师培训", "课后服务", "校园安全",
                                      "阳光食堂", "体育锻炼", "职业教育", "智慧校园"};
  AUTO_BUF b = BUF_MAX(BIG + (1 << 16));
  buf_z(&b, "云岚市教育局2026年工作要点\n");
  int item = 0;
  for (int section = 1; b.len < BIG; section++) {
    buf_fmt(&b, STRF "、推进第%d片区教育发展\n", STRA(numeral_zh_text(mem, section)), section);
    for (int i = 1; i <= 30; i++, item++)
      buf_fmt(
          &b,
          "（" STRF
          "）加强%s工作。深入推进%s第%d片区改革，出台《第%d片区%s管理办法》，新增示范学校%d所，其中小学%d所、初中%d所。"
          "%d月底前完成“阳光%d号”行动验收，每学期检查不少于%d次，覆盖率达到%d%%以上。（牵头负责：%"
          "s处；配合单位：督导室）\n",
          STRA(numeral_zh_text(mem, i)), works[item % 8], works[(item / 8) % 8], item, item, works[(item / 3) % 8],
          item % 90 + 10, (item % 90 + 10) / 2, item % 90 + 10 - (item % 90 + 10) / 2, item % 12 + 1, item,
          item % 4 + 1, item % 100, works[item % 8]);
  }
  return str_dup(mem, buf_view(&b));
}

static bool is_demo(const struct embedded *file) {
  return str_starts(str_of(file->path), STR("demo/plans/")) && str_ends(str_of(file->path), STR(".txt"));
}

static struct str many_plans(struct arena *mem, const struct embedded *all, size_t n) {
  AUTO_BUF b = BUF_MAX(BIG + (1 << 20));
  while (b.len < MANY && !b.broken)
    for (size_t i = 0; i < n; i++)
      if (is_demo(&all[i])) buf_fmt(&b, STRF "\n", STRA(all[i].bytes));
  return str_dup(mem, buf_view(&b));
}

static bool bench_built_in(opencc_t cc, struct arena *mem) {
  size_t n = 0;
  bool good = true;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++)
    if (is_demo(&all[i])) good &= report(cc, str_of(all[i].path), all[i].bytes);
  good &= report(cc, STR("many.txt"), many_plans(mem, all, n));
  return report(cc, STR("generated.txt"), big_plan(mem)) && good;
}

int main(int argc, char **argv) {
  arena_setup();
  AUTO_ARENA mem = {0};
  struct err e = {0};
  bool good = true;
  opencc_t cc = opencc_open("t2s.json");
  must(cc != (opencc_t)-1);
  if (argc < 2) good = bench_built_in(cc, &mem);
  for (int i = 1; i < argc; i++) {
    struct str bytes;
    if (!file_read(&mem, str_of(argv[i]), PLAN_FILE_MAX, &bytes, &e)) {
      fprintf(stderr, STRF "\n", STRA(err_says(&mem, LANG_EN, &e)));
      return 2;
    }
    good &= report(cc, str_of(argv[i]), bytes);
  }
  opencc_close(cc);
  printf("bars: ratio >= %d, memory <= %d x input + %d MiB: %s\n", RATIO_MIN, MEMORY_FACTOR, MEMORY_FREE >> 20,
         good ? "held" : "missed");
  return good ? 0 : 1;
}
