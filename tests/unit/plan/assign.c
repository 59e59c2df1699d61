/* Items as work: one task or one for each measure, and every fact with the task it belongs to. */
#include "engine/plan/assign.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "text/source.h"
#include "unit.h"

static struct plan compiled(struct arena *mem, const char *text) {
  struct source *src = arena_new(mem, struct source);
  struct plan p;
  struct err e = {0};
  assert_true(source_open(mem, STR("plan.txt"), str_of(text), false, src, &e));
  const struct plan_options options = {.year = 2026};
  assert_true(plan_compile(mem, src, &options, &p, &e));
  return p;
}
static const char text[] =
    "云岚市教育局2026年工作要点\n\n一、扩大资源供给\n"
    "（一）加快学校建设。竣工学校41所，其中幼儿园17所、小学24所。出台《建设管理办法》，6月底前印发。"
    "召开全市推进会。（牵头：规划处；配合：基教处）\n"
    "（二）加强督查。严格落实各项要求。（牵头：督导处）\n";

static const struct item *item_of(const struct plan *p, size_t i) {
  size_t at = 0;
  vec_each(const struct item, it, &p->documents.at[0].items)
    if (!it->is_group && at++ == i) return it;
  fail_msg("no such item");
  return NULL;
}
static void whole_item(void **state) {
  AUTO_ARENA mem = {0};
  (void)state;
  const struct plan p = compiled(&mem, text);
  const struct item *it = item_of(&p, 0);
  assign_tasks tasks;
  assign_item(&mem, &p, it, ASSIGN_ITEM, &tasks);
  assert_int_equal(tasks.len, 1);
  const struct assign_task *t = &tasks.at[0];
  assert_true(str_eqz(t->title, "加快学校建设"));
  assert_int_equal(t->measure, NO_INDEX);
  assert_int_equal(t->targets.len, 3);
  assert_true(it->targets.at[t->targets.at[0]].part_of < 0);
  assert_int_equal(it->targets.at[t->targets.at[1]].part_of, t->targets.at[0]);
  assert_int_equal(t->results.len, 1);
  assert_false(t->is_event);
}
static void by_measures(void **state) {
  AUTO_ARENA mem = {0};
  (void)state;
  const struct plan p = compiled(&mem, text);
  const struct item *it = item_of(&p, 0);
  assign_tasks tasks;
  assign_item(&mem, &p, it, ASSIGN_MEASURE, &tasks);
  assert_int_equal(tasks.len, assign_measures(it));
  assert_true(tasks.len >= 4);
  size_t targets = 0, results = 0, events = 0;
  vec_each(const struct assign_task, t, &tasks) {
    targets += t->targets.len;
    results += t->results.len;
    events += t->is_event;
    if (t->results.len) assert_int_equal(t->due.to.month, 6); /* its own date */
    if (t->targets.len) {
      assert_int_equal(t->targets.len, 3); /* parts stand with their total */
      assert_non_null(memmem(t->title.at, t->title.len, "竣工", 6));
    }
  }
  assert_int_equal(targets, 3);
  assert_int_equal(results, 1);
  assert_int_equal(events, 1);
}
static void cannot_be_parted(void **state) {
  AUTO_ARENA mem = {0};
  (void)state;
  const struct plan p = compiled(&mem, text);
  const struct item *it = item_of(&p, 1);
  assign_tasks tasks;
  assert_int_equal(assign_measures(it), 1);
  assign_item(&mem, &p, it, ASSIGN_MEASURE, &tasks);
  assert_int_equal(tasks.len, 1);
}
static void titles_are_cut(void **state) {
  AUTO_ARENA mem = {0};
  AUTO_BUF long_text = BUF_MAX(1 << 16);
  (void)state;
  buf_z(&long_text, "云岚市教育局2026年工作要点\n\n一、扩大资源供给\n（一）建设");
  for (int i = 0; i < 100; i++) buf_z(&long_text, "学校");
  buf_z(&long_text, "41所。\n（二）加强督查。\n");
  buf_byte(&long_text, 0);
  const struct plan p = compiled(&mem, long_text.at);
  assign_tasks tasks;
  assign_item(&mem, &p, item_of(&p, 0), ASSIGN_ITEM, &tasks);
  size_t chars = 0;
  for (size_t i = 0; i < tasks.at[0].title.len; chars++) i += utf8_len(tasks.at[0].title, i);
  assert_int_equal(chars, ASSIGN_TITLE_CHARS);
}

UNIT_TESTS(assign) = {cmocka_unit_test(whole_item), cmocka_unit_test(by_measures), cmocka_unit_test(cannot_be_parted),
                      cmocka_unit_test(titles_are_cut)};
UNIT_COUNT(assign);
