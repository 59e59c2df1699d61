/* Does any input make the compiler slower than its length? Each hostile text is compiled at 1 MB and at 4 MB; for each
 * of the two doublings the time may at most double and a bit, on the average of both: on one of them the text leaves the
 * processor's cache, which costs a factor once and says nothing about growth. (The least of some turns of the thread's own
 * computing time, so that the machine's other work does not count.) And none of them, a single line of 5 MB among them, may keep a person waiting.
 *
 *   bench_double              Exit 1 when a bar is missed. Refusals are answers like others and are timed as well. */
#include <math.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "engine/plan/plan.h"

enum { TURNS = 9, MEGABYTE = 1 << 20, LONG_LINE = 5, WAIT_MS = 2000 };
static const double twice = 2.6;

/* head, then unit again and again (a %d in it counts), then tail */
static const struct {
  const char *name, *head, *unit, *tail;
} kinds[] = {
    {"digits", "", "1", ""},
    {"open brackets", "", "（", ""},
    {"open quotes", "", "“", ""},
    {"open titles", "", "《", ""},
    {"commas", "", "、", ""},
    {"one line", "", "加强学校建设", ""},
    {"numbers alone", "", "一、\n", ""},
    {"question marks", "", "?", ""},
    {"damage", "", "学?校", ""},
    {"rare characters", "", "龘靐", ""},
    {"readings", "", "學(xué)", ""},
    {"ampersands", "", "&", ""},
    {"brackets", "", "（）", ""},
    {"borders", "", "|", ""},
    {"lines", "", "一\n", ""},
    {"bullets", "", "——好的\n", ""},
    {"short items", "", "%d.新增学校3所。\n", ""},
    {"targets", "一、工作\n（一）建设。", "新增学校3所；", "\n（二）好的。内容多。\n"},
    {"enumeration", "一、工作\n（一）建设。新增", "学校10所、", "。\n（二）好的。内容多。\n"},
    {"parts", "一、工作\n（一）建设。", "其中，力争不低于3所，", "\n（二）好的。内容多。\n"},
    {"offices", "一、工作\n（一）建设。（责任单位：", "甲处、", "）\n（二）好的。内容多。\n"},
    {"labels", "一、工作\n", "（责任单位：甲处）", "\n二、好\n"},
    {"titles", "一、工作\n（一）建设。制定", "《某办法》、", "。\n（二）好的。内容多。\n"},
    {"quotes", "一、工作\n（一）建设。", "“甲乙”、", "\n（二）好的。内容多。\n"},
    {"dates", "一、工作\n（一）建设。", "2026年6月底前，", "\n（二）好的。内容多。\n"},
    {"documents", "", "篇%d：工作要点\n一、好\n", ""},
    {"rows", "序号\t任务\t责任单位\n", "%d\t新增学校3所\t甲处\n", ""},
};

static struct str hostile(struct arena *mem, size_t kind, size_t len) {
  AUTO_BUF b = BUF_MAX(len + 4096);
  const struct str unit = str_of(kinds[kind].unit), hole = STR("%d");
  struct str left, right;
  const bool counts = str_cut(unit, hole, &left, &right);
  buf_z(&b, kinds[kind].head);
  for (int n = 1; b.len + 64 < len; n++)
    if (counts) buf_fmt(&b, STRF "%d" STRF, STRA(left), n, STRA(right));
    else buf_add(&b, unit.at, unit.len);
  buf_z(&b, kinds[kind].tail);
  return str_dup(mem, buf_view(&b));
}

static double compile_ms(struct str bytes) {
  AUTO_ARENA mem = {0};
  struct source source = {0};
  struct plan p;
  const struct plan_options options = {0};
  struct err e = {0};
  const int64_t began = clock_cpu_ns();
  (void)(source_open(&mem, STR("hostile.txt"), bytes, false, &source, &e) &&
         plan_compile(&mem, &source, &options, &p, &e));
  return (double)(clock_cpu_ns() - began) / 1e6;
}

static double least_ms(struct str bytes) {
  double least = compile_ms(bytes);
  for (int i = 1; i < TURNS; i++) {
    const double ms = compile_ms(bytes);
    if (ms < least) least = ms;
  }
  return least;
}

static bool check(size_t kind) {
  AUTO_ARENA mem = {0};
  const double once = least_ms(hostile(&mem, kind, MEGABYTE)), all = least_ms(hostile(&mem, kind, 4 * MEGABYTE));
  const double doubling = sqrt(all / once);
  const double longest = compile_ms(hostile(&mem, kind, LONG_LINE * MEGABYTE));
  const bool good = doubling <= twice && longest <= WAIT_MS;
  printf("%-18s 1 MB %7.1f ms  4 MB %7.1f ms (x %.2f a doubling)  %d MB %7.1f ms  %s\n", kinds[kind].name, once, all,
         doubling, LONG_LINE, longest, good ? "ok" : "MISSED");
  (void)fflush(stdout);
  return good;
}

int main(void) {
  arena_setup();
  bool good = true;
  (void)lexicon_default(); /* made once, not timed */
  for (size_t k = 0; k < COUNT_OF(kinds); k++) good &= check(k);
  printf("bars: twice the text at most %.1f times the time, %d MB in %d ms: %s\n", twice, LONG_LINE, WAIT_MS,
         good ? "held" : "missed");
  return good ? 0 : 1;
}
