/* Corrections: they hold on their fact over a new compilation and a new draft, nothing is lost, checks follow them. */
#include "engine/plan/correct.h"

#include "unit.h"

static const char text[] =
    "云岚市教育局2026年工作要点\n一、提升基础教育\n（一）推进学校建设。竣工学校41所，其中幼儿园17所、小学14所、初中10所"
    "。（发展规划与财务处）\n"
    "（二）规范校外培训。印发《校外培训管理办法》，年底前完成3次检查。（校外教育培训监管处，基础教育处）\n";

struct made {
  struct arena mem;
  struct plan plan;
  struct correct_result r;
};
static void make(struct made *m, const char *source_text) {
  struct err e = {0};
  struct source *s = arena_new(&m->mem, struct source);
  assert_true(source_open(&m->mem, STR("a.txt"), str_dup(&m->mem, str_of(source_text)), false, s, &e));
  assert_true(plan_compile(&m->mem, s, &(struct plan_options){0}, &m->plan, &e));
}
static void apply(struct made *m, const struct correction *list, size_t n) {
  correct_apply(&m->mem, &m->plan, list, n, &m->r);
}
/* A correction on the target with this value, as the service would store it. */
static struct correction on_target(struct made *m, int64_t value, const char *field, const char *to) {
  for (size_t i = 0; i < m->plan.documents.at[0].items.len; i++) {
    const struct item *it = &m->plan.documents.at[0].items.at[i];
    for (size_t k = 0; k < it->targets.len; k++) {
      if (!it->targets.at[k].has_value || !dec_eq(it->targets.at[k].value, dec_int(value))) continue;
      return (struct correction){.act = CORRECT_SET,
                                 .subject = FACT_TARGET,
                                 .field = str_of(field),
                                 .value = str_of(to),
                                 .key = plan_fact_key(&m->plan, 0, (int)i, FACT_TARGET, (int)k),
                                 .item = correct_item_key(&m->plan, 0, (int)i),
                                 .item_title = it->title,
                                 .words = correct_words(&m->plan, it, FACT_TARGET, (int)k)};
    }
  }
  fail_msg("no target with this value");
  return (struct correction){0};
}
static const struct item *corrected_item(const struct made *m, size_t i) {
  return &m->r.plan.documents.at[0].items.at[i];
}
static size_t count_code(const struct plan *p, enum diag_code code) {
  size_t n = 0;
  for (size_t i = 0; i < p->diags.len; i++) n += p->diags.at[i].code == code;
  return n;
}

static void without_corrections_nothing_differs(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  apply(&m, NULL, 0);
  assert_int_equal(m.r.plan.diags.len, m.plan.diags.len);
  assert_int_equal(m.r.marks.len, 0);
  assert_int_equal(m.r.orphans.len, 0);
  arena_drop(&m.mem);
}
static void a_value_is_set_and_sums_are_checked_anew(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  assert_int_equal(count_code(&m.plan, DIAG_sum), 0);
  const struct correction c = on_target(&m, 41, "value", "42");
  apply(&m, &c, 1);
  assert_true(dec_eq(corrected_item(&m, 0)->targets.at[0].value, dec_int(42)));
  assert_true(
      dec_eq(m.plan.documents.at[0].items.at[0].targets.at[0].value, dec_int(41))); /* the compiled plan stays */
  assert_int_equal(count_code(&m.r.plan, DIAG_sum), 1);
  assert_int_equal(m.r.documents[0].items[0].errors, 1);
  assert_int_equal(m.r.marks.len, 1);
  assert_str(m.r.marks.at[0].before, "41");
  assert_true(m.r.documents[0].items[0].touched && !m.r.documents[0].items[1].touched);
  arena_drop(&m.mem);
}
static void the_later_of_two_wins(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  const struct correction list[] = {on_target(&m, 41, "value", "42"), on_target(&m, 41, "value", "41")};
  apply(&m, list, 2);
  assert_true(dec_eq(corrected_item(&m, 0)->targets.at[0].value, dec_int(41)));
  assert_int_equal(count_code(&m.r.plan, DIAG_sum), 0);
  arena_drop(&m.mem);
}
static void a_removed_fact_mends_the_indexes(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  struct correction c = on_target(&m, 17, "", "");
  c.act = CORRECT_REMOVE;
  const size_t before = m.plan.documents.at[0].items.at[0].targets.len;
  const struct correction list[] = {c, c}; /* twice is once */
  apply(&m, list, 2);
  const struct item *it = corrected_item(&m, 0);
  assert_int_equal(it->targets.len, before - 1);
  assert_int_equal(m.r.documents[0].items[0].keys[FACT_TARGET].len, before - 1);
  for (size_t i = 0; i < it->targets.len; i++) assert_true(it->targets.at[i].part_of < (int32_t)it->targets.len);
  int32_t d = 0, i = 0, index = 0;
  assert_false(correct_find(&m.r, FACT_TARGET, c.key, &d, &i, &index));
  arena_drop(&m.mem);
}
static void a_fact_is_added_and_can_be_corrected(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  const uint64_t item = correct_item_key(&m.plan, 0, 1);
  const struct correction list[] = {
      {.act = CORRECT_ADD, .subject = FACT_PARTY, .key = 77, .item = item},
      {.act = CORRECT_SET,
       .subject = FACT_PARTY,
       .key = 77,
       .item = item,
       .field = STR("name"),
       .value = STR("安全处")},
      {.act = CORRECT_SET, .subject = FACT_PARTY, .key = 77, .item = item, .field = STR("role"), .value = STR("guide")},
  };
  apply(&m, list, 3);
  const struct item *it = corrected_item(&m, 1);
  const struct party *p = &vec_last(&it->parties);
  assert_str(p->name, "安全处");
  assert_int_equal(p->role, ROLE_GUIDE);
  assert_int_equal(it->parties.len, m.plan.documents.at[0].items.at[1].parties.len + 1);
  arena_drop(&m.mem);
}
static void corrections_live_over_a_new_compilation(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, text);
  make(&b, text);
  const struct correction c = on_target(&a, 41, "value", "42");
  apply(&b, &c, 1);
  assert_int_equal(b.r.orphans.len, 0);
  assert_true(dec_eq(corrected_item(&b, 0)->targets.at[0].value, dec_int(42)));
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}
/* A new item in front moves the numbers: title and words find the fact again. */
static void corrections_follow_an_item_that_moved(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, text);
  make(&b,
       "云岚市教育局2026年工作要点\n一、提升基础教育\n（一）新的一条。举办1次展览。（安全处）\n（二）推进学校建设。竣工"
       "学校41所，其中幼儿园17所、小学14所、初中10所。"
       "（发展规划与财务处）\n");
  const struct correction c = on_target(&a, 41, "value", "42");
  apply(&b, &c, 1);
  assert_int_equal(b.r.orphans.len, 0);
  assert_true(dec_eq(corrected_item(&b, 1)->targets.at[0].value, dec_int(42)));
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}
static void what_finds_no_place_is_an_orphan(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, text);
  make(&b, "云岚市教育局2026年工作要点\n一、提升基础教育\n（一）推进学校建设。竣工学校44所。（发展规划与财务处）\n");
  const struct correction c = on_target(&a, 41, "value", "42");
  apply(&b, &c, 1);
  assert_int_equal(b.r.orphans.len, 1);
  assert_int_equal(b.r.marks.len, 0);
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}
static void an_answered_doubt_is_gone_and_only_it(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  struct correction list[2] = {on_target(&m, 41, "value", "42")};
  apply(&m, list, 1);
  const size_t all = m.r.plan.diags.len;
  size_t i = 0;
  while (m.r.plan.diags.at[i].code != DIAG_sum) i++;
  list[1] = (struct correction){
      .act = CORRECT_ANSWER, .subject = CORRECT_ITEM, .key = m.r.diag_keys.at[i], .value = STR("as-is")};
  apply(&m, list, 2);
  assert_int_equal(m.r.plan.diags.len, all - 1);
  assert_int_equal(count_code(&m.r.plan, DIAG_sum), 0);
  assert_int_equal(m.r.documents[0].items[0].errors, 0);
  arena_drop(&m.mem);
}
static void the_digest_follows_words_and_facts(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, text);
  make(&b, text);
  apply(&a, NULL, 0);
  const struct correction c = on_target(&b, 41, "unit", "座");
  apply(&b, &c, 1);
  assert_true(a.r.documents[0].items[0].digest != b.r.documents[0].items[0].digest);
  assert_true(a.r.documents[0].items[1].digest == b.r.documents[0].items[1].digest);
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}

static void checks_what_was_typed(void **state) {
  (void)state;
  struct arena mem = {0};
  static const struct {
    int subject;
    const char *field, *typed, *out; /* NULL = refused */
  } all[] = {
      {FACT_TARGET, "value", "1,080", "1080"},
      {FACT_TARGET, "value", "１０８０", "1080"},
      {FACT_TARGET, "value", " 3.30 ", "3.3"},
      {FACT_TARGET, "value", "三十三", "33"},
      {FACT_TARGET, "value", "", ""},
      {FACT_TARGET, "value", "若干", NULL},
      {FACT_TARGET, "value", "3所", NULL},
      {FACT_TARGET, "bound", "ge", "ge"},
      {FACT_TARGET, "bound", "at least", NULL},
      {FACT_TARGET, "year", "2026", "2026"},
      {FACT_TARGET, "year", "26", NULL},
      {FACT_TARGET, "what", "", NULL},
      {FACT_TIME, "due", "2026-5-18", "2026-05-18"},
      {FACT_TIME, "due", "2026年5月18日", "2026-05-18"},
      {FACT_TIME, "due", "5月", NULL},
      {FACT_DELIVERABLE, "new", "yes", "yes"},
      {FACT_DELIVERABLE, "new", "true", NULL},
      {FACT_PARTY, "name", " 安全处 ", "安全处"},
      {FACT_PARTY, "name", "甲\n乙", NULL},
      {CORRECT_ITEM, "number", "九", "9"},
      {CORRECT_ITEM, "number", "-1", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    struct str out = {0};
    struct err e = {0};
    const struct correct_field *f = correct_field(all[i].subject, str_of(all[i].field));
    assert_non_null(f);
    const bool ok = correct_check(&mem, f, str_of(all[i].typed), &out, &e);
    if (all[i].out) assert_str(out, all[i].out);
    else assert_int_equal(e.code, ERR_INVALID);
    assert_int_equal(ok, all[i].out != NULL);
  }
  arena_drop(&mem);
}
/* Reading a field gives what writing it took, for every field of every kind of fact in a plan. */
static void every_field_comes_back(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  for (size_t f = 0; f < correct_field_count; f++) {
    const struct correct_field *field = &correct_fields[f];
    if (field->subject >= FACT_KIND_COUNT) continue;
    const char *value = field->type == CORRECT_CHOICE   ? field->choices[1]
                        : field->type == CORRECT_DATE   ? "2027-01-31"
                        : field->type == CORRECT_YES_NO ? "yes"
                        : field->type == CORRECT_TEXT   ? "文字"
                                                        : "2027";
    const uint64_t item = correct_item_key(&m.plan, 0, 0);
    const struct correction list[] = {{.act = CORRECT_ADD, .subject = field->subject, .key = 5, .item = item},
                                      {.act = CORRECT_SET,
                                       .subject = field->subject,
                                       .key = 5,
                                       .item = item,
                                       .field = str_of(field->name),
                                       .value = str_of(value)}};
    apply(&m, list, 2);
    int32_t d = 0, i = 0, index = 0;
    assert_true(correct_find(&m.r, field->subject, 5, &d, &i, &index));
    assert_str(correct_value(&m.mem, &m.r.plan, d, i, field->subject, index, field), value);
  }
  arena_drop(&m.mem);
}
static void keys_are_sixteen_digits(void **state) {
  (void)state;
  struct arena mem = {0};
  uint64_t key = 0;
  assert_true(correct_key_of(correct_key_text(&mem, UINT64_C(0xFEDCBA9876543210)), &key));
  assert_true(key == UINT64_C(0xFEDCBA9876543210));
  assert_false(correct_key_of(STR("123"), &key));
  assert_false(correct_key_of(STR("FEDCBA9876543210"), &key));
  assert_false(correct_key_of(STR("fedcba987654321g"), &key));
  arena_drop(&mem);
}

UNIT_TESTS(correct) = {
    cmocka_unit_test(without_corrections_nothing_differs),
    cmocka_unit_test(a_value_is_set_and_sums_are_checked_anew),
    cmocka_unit_test(the_later_of_two_wins),
    cmocka_unit_test(a_removed_fact_mends_the_indexes),
    cmocka_unit_test(a_fact_is_added_and_can_be_corrected),
    cmocka_unit_test(corrections_live_over_a_new_compilation),
    cmocka_unit_test(corrections_follow_an_item_that_moved),
    cmocka_unit_test(what_finds_no_place_is_an_orphan),
    cmocka_unit_test(an_answered_doubt_is_gone_and_only_it),
    cmocka_unit_test(the_digest_follows_words_and_facts),
    cmocka_unit_test(checks_what_was_typed),
    cmocka_unit_test(every_field_comes_back),
    cmocka_unit_test(keys_are_sixteen_digits),
};
UNIT_COUNT(correct);
