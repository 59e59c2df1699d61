/* Numbers with measures as they are read, before anybody asks what they mean. */
#include "engine/plan/quantity.h"
#include "unit.h"

#include "one_item.h"

struct wanted {
  const char *text; /* holds one quantity, or none when unit is NULL */
  const char *value, *max, *unit;
  enum quantity_kind kind;
};

static const struct wanted wanted[] = {
    {"竣工学校41所", "41", NULL, "所", QUANTITY_COUNT},
    {"增加学位3.3万个", "3.3", NULL, "万个", QUANTITY_COUNT},
    {"投入1,080万元", "1080", NULL, "万元", QUANTITY_MONEY},
    {"安排5000余万元", "5000", NULL, "万元", QUANTITY_MONEY},
    {"新增２００张", "200", NULL, "张", QUANTITY_COUNT},
    {"基地3-5所", "3", "5", "所", QUANTITY_COUNT},
    {"基地3～5所", "3", "5", "所", QUANTITY_COUNT},
    {"基地3所至5所", "3", "5", "所", QUANTITY_COUNT},
    {"提高60%—70%", "60", "70", "%", QUANTITY_SHARE},
    {"达到95％", "95", NULL, "%", QUANTITY_SHARE},
    {"形成一两项", "1", "2", "项", QUANTITY_COUNT},
    {"打造三五个", "3", "5", "个", QUANTITY_COUNT},
    {"百分之八十", "80", NULL, "%", QUANTITY_SHARE},
    {"三分之一", "1", NULL, "/3", QUANTITY_SHARE},
    {"选派百名", "100", NULL, "名", QUANTITY_COUNT},
    {"5千名", "5000", NULL, "名", QUANTITY_COUNT},
    {"招募三万人", "3", NULL, "万人", QUANTITY_COUNT},
    {"提高2个百分点", "2", NULL, "个百分点", QUANTITY_SHARE},
    {"浓度35微克/立方米", "35", NULL, "微克/立方米", QUANTITY_SIZE},
    {"接入1000M", "1000", NULL, "M", QUANTITY_RATE},
    {"第六批", "6", NULL, "批", QUANTITY_ORDINAL},
    {"2019—2022年", "2019", "2022", "年", QUANTITY_ORDINAL},
    {"新增5艟", "5", NULL, "艟", QUANTITY_UNLISTED},
    {"推进5G", NULL, NULL, NULL, 0},
    {"构建1+N体系", NULL, NULL, NULL, 0},
    {"合作20+20", NULL, NULL, NULL, 0},
    {"比例1:19", NULL, NULL, NULL, 0},
    {"比例1∶1.25", NULL, NULL, NULL, 0},
    {"比例3∶4∶3", NULL, NULL, NULL, 0},
    {"比例1比20", NULL, NULL, NULL, 0},
    {"时间8:30", NULL, NULL, NULL, 0},
    {"IPv6", NULL, NULL, NULL, 0},
    {"PM2.5", NULL, NULL, NULL, 0},
    {"一体化", NULL, NULL, NULL, 0},
    {"12345678901234567890个", NULL, NULL, NULL, 0},
};

static void reads_number_measure_and_range(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(wanted); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    const struct wanted *w = &wanted[i];
    one_item(&mem, &p, str_of(w->text));
    struct reader reader = {.p = &p, .scratch = &mem};
    const struct reading r = *quantity_read(&reader, the_item(&p)->at);
    if (r.quantities.len != (w->unit ? 1u : 0u)) print_error("in %s\n", w->text);
    assert_int_equal(r.quantities.len, w->unit ? 1 : 0);
    if (!w->unit) continue;
    const struct quantity *q = &r.quantities.at[0];
    assert_str(dec_text(&mem, q->value), w->value);
    assert_int_equal(q->has_max, w->max != NULL);
    if (w->max) assert_str(dec_text(&mem, q->max), w->max);
    assert_str(q->unit, w->unit);
    assert_int_equal(q->kind, w->kind);
  }
}

static void knows_quotes_brackets_and_clauses(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("推进“4个中心”，新建（含改建2所）3所。《5项规定》、6项"));
  struct reader reader = {.p = &p, .scratch = &mem};
  const struct reading r = *quantity_read(&reader, the_item(&p)->at);
  assert_int_equal(r.quantities.len, 5);
  static const bool quoted[] = {true, false, false, true, false};
  static const int depth[] = {0, 1, 0, 0, 0};
  static const uint32_t clause[] = {0, 1, 1, 2, 2};
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(r.quantities.at[i].quoted, quoted[i]);
    assert_int_equal(r.quantities.at[i].depth, depth[i]);
    assert_int_equal(r.quantities.at[i].clause, clause[i]);
  }
  assert_int_equal(r.books.len, 1);
}

/* Ten times the text may not cost a hundred times the quantities or bytes. */
static void stays_linear_on_numbers_only(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, many(&mem, "1个、", 100000));
  struct reader reader = {.p = &p, .scratch = &mem};
  const struct reading r = *quantity_read(&reader, the_item(&p)->at);
  assert_int_equal(r.quantities.len, 100000);
  assert_int_equal(r.clauses.len, 1);
}

UNIT_TESTS(quantity) = {
    cmocka_unit_test(reads_number_measure_and_range),
    cmocka_unit_test(knows_quotes_brackets_and_clauses),
    cmocka_unit_test(stays_linear_on_numbers_only),
};
UNIT_COUNT(quantity);
