/* How fast is the whole compiler, and how much memory does it take? From the file's bytes to the checked tree, on one
 * core, against OpenCC's t2s (Traditional to Simplified, nothing else) on the same bytes in the same run, in turns.
 *
 *   bench_plan [FILE...]      without files: the demo's plans, and one generated plan of 4 MB
 *
 * Prints a line a file and the bars: at least 5 times opencc, at most 12 x input + 32 MiB. Exit 1 when a bar is missed. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/plan/plan.h"
#include "text/numeral.h"

enum { ROUNDS = 5, ROUND_US = 60000, RATIO_MIN = 5, MEMORY_FACTOR = 12, MEMORY_FREE = 32 << 20, BIG = 4 << 20 };

struct result {
  double ours, opencc; /* bytes a microsecond = MB/s, best round */
  size_t memory;
};

static size_t compile_once(struct str name, struct str bytes) {
  AUTO_ARENA mem = {0};
  struct source source = {0};
  struct plan *p = arena_new(&mem, struct plan);
  const struct plan_options options = {0};
  struct err e = {0};
  if (!source_open(&mem, name, bytes, false, &source, &e) || !plan_compile(&mem, &source, &options, p, &e)) {
    AUTO_ARENA say = {0};
    fprintf(stderr, STRF ": " STRF "\n", STRA(name), STRA(err_says(&say, LANG_EN, &e)));
    exit(2);
  }
  return mem.taken;
}

static double rate(size_t bytes, int times, int64_t us) { return us ? (double)bytes * times / (double)us : 0; }

static double run_ours(struct str name, struct str bytes, size_t *out_memory) {
  const int64_t began = clock_steady_us();
  int times = 0;
  do {
    *out_memory = compile_once(name, bytes);
    times++;
  } while (clock_steady_us() - began < ROUND_US);
  return rate(bytes.len, times, clock_steady_us() - began);
}

static double run_opencc(opencc_t cc, struct str bytes) {
  const int64_t began = clock_steady_us();
  int times = 0;
  do {
    char *out = opencc_convert_utf8(cc, bytes.at, bytes.len);
    must(out);
    opencc_convert_utf8_free(out);
    times++;
  } while (clock_steady_us() - began < ROUND_US);
  return rate(bytes.len, times, clock_steady_us() - began);
}

static struct result measure(opencc_t cc, struct str name, struct str bytes) {
  struct result r = {0};
  for (int i = 0; i < ROUNDS; i++) {
    const double a = run_ours(name, bytes, &r.memory), b = run_opencc(cc, bytes);
    if (a > r.ours) r.ours = a;
    if (b > r.opencc) r.opencc = b;
  }
  return r;
}

static bool report(opencc_t cc, struct str name, struct str bytes) {
  const struct result r = measure(cc, name, bytes);
  const size_t limit = MEMORY_FACTOR * bytes.len + MEMORY_FREE;
  const double ratio = r.ours / r.opencc;
  const bool good = ratio >= RATIO_MIN && r.memory <= limit;
  printf("%-28.*s %9zu bytes  %7.1f MB/s  opencc %6.1f MB/s  ratio %5.1f  %7.3f ms  memory %5.1f x  %s\n",
         STRA(file_base(name)), bytes.len, r.ours, r.opencc, ratio, (double)bytes.len / r.ours / 1000,
         (double)r.memory / (double)bytes.len, good ? "ok" : "MISSED");
  (void)fflush(stdout);
  return good;
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

static bool bench_built_in(opencc_t cc, struct arena *mem) {
  size_t n = 0;
  bool good = true;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++)
    if (str_starts(str_of(all[i].path), STR("demo/plans/")) && str_ends(str_of(all[i].path), STR(".txt")))
      good &= report(cc, str_of(all[i].path), all[i].bytes);
  return report(cc, STR("generated.txt"), big_plan(mem)) && good;
}

int main(int argc, char **argv) {
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
