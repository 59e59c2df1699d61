/* Corrections: they hold on their fact over a new compilation and a new draft, nothing is lost, checks follow them. */
#include "engine/plan/correct.h"

#include "engine/plan/render.h"
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

/* ---- heads, blanks, links ---- */

static const char notice[] =
    "云岚市教育局关于印发《云岚市教育局2026年工作要点》的通知\n云教发〔2026〕3号\n各县区教育局，各直属学校：\n"
    "云岚市教育局2026年工作要点\n一、提升基础教育\n（一）推进学校建设。竣工学校41所，其中幼儿园17所、小学24所。新建操场"
    "xx处。"
    "（发展规划处）\n二、加强保障\n（二）规范培训。开展检查3次。（监管处）\n";

static struct correction on_head(int subject, uint64_t key, const char *field, const char *to) {
  return (struct correction){
      .act = CORRECT_SET, .subject = subject, .key = key, .field = str_of(field), .value = str_of(to)};
}
static void the_head_of_a_document_is_set(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, notice);
  const uint64_t key = correct_document_key(&m.plan, 0);
  const struct correction list[] = {on_head(CORRECT_DOCUMENT, key, "issuer", "甲局、云岚市教育局"),
                                    on_head(CORRECT_DOCUMENT, key, "addressees", "各学校"),
                                    on_head(CORRECT_DOCUMENT, key, "notice_title", "通知"),
                                    on_head(CORRECT_DOCUMENT, key, "year_to", "2028")};
  const size_t issuers = m.plan.documents.at[0].issuers.len;
  apply(&m, list, COUNT_OF(list));
  const struct document *d = &m.r.plan.documents.at[0];
  assert_int_equal(d->issuers.len, 2);
  assert_str(d->issuers.at[0].text, "甲局");
  assert_str(d->addressees.text, "各学校");
  assert_str(d->notice_title.text, "通知");
  assert_int_equal(d->year_to, 2028);
  assert_int_equal(m.plan.documents.at[0].issuers.len, issuers); /* the compiled plan stays */
  assert_int_equal(m.r.marks.len, 4);
  assert_int_equal(m.r.orphans.len, 0);
  arena_drop(&m.mem);
}
static void a_year_that_a_person_gave_is_no_doubt(void **state) {
  (void)state;
  struct made m = {0};
  make(&m,
       "云岚市教育局2023年工作要点\n2022年是“十四五”规划的开局之年。\n一、推进\n（一）建设。新建学校3所。（规划处）\n");
  assert_int_equal(count_code(&m.plan, DIAG_year_doubt), 1);
  const struct correction c = on_head(CORRECT_DOCUMENT, correct_document_key(&m.plan, 0), "year", "2023");
  apply(&m, &c, 1);
  assert_int_equal(count_code(&m.r.plan, DIAG_year_doubt), 0);
  assert_int_equal(m.r.plan.documents.at[0].year, 2023);
  arena_drop(&m.mem);
}
static void a_section_is_renamed_and_found_again(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, notice);
  make(&b,
       "云岚市教育局2026年工作要点\n一、新的一节\n（一）新的一条。举办展览1次。（安全处）\n二、提升基础教育\n（二）推进"
       "学校建设。"
       "竣工学校41所。（发展规划处）\n");
  const uint64_t key = correct_section_key(&a.plan, 0, 0);
  struct correction list[] = {on_head(CORRECT_SECTION, key, "title", "办好基础教育"),
                              on_head(CORRECT_SECTION, key, "number", "9")};
  for (size_t i = 0; i < 2; i++) list[i].words = a.plan.documents.at[0].sections.at[0].title;
  apply(&a, list, 2);
  assert_str(a.r.plan.documents.at[0].sections.at[0].title, "办好基础教育");
  assert_int_equal(a.r.plan.documents.at[0].sections.at[0].number, 9);
  assert_str(a.plan.documents.at[0].sections.at[0].title, "提升基础教育");
  apply(&b, list, 2); /* it is the second one now */
  assert_int_equal(b.r.orphans.len, 0);
  assert_str(b.r.plan.documents.at[0].sections.at[1].title, "办好基础教育");
  int32_t d = 0, i = 0, index = 0;
  assert_true(correct_find(&b.r, CORRECT_SECTION, correct_section_key(&b.plan, 0, 1), &d, &i, &index));
  assert_int_equal(index, 1);
  assert_int_equal(i, NO_INDEX);
  list[0].words = list[1].words = STR("没有的一节");
  list[0].key = list[1].key = 1;
  apply(&b, list, 2);
  assert_int_equal(b.r.orphans.len, 2);
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}
static void a_blank_is_filled_in(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, notice);
  assert_int_equal(count_code(&m.plan, DIAG_placeholder), 1);
  const struct correction c = {.act = CORRECT_SET,
                               .subject = FACT_PLACEHOLDER,
                               .key = plan_fact_key(&m.plan, 0, 0, FACT_PLACEHOLDER, 0),
                               .item = correct_item_key(&m.plan, 0, 0),
                               .field = STR("fill"),
                               .value = STR("12")};
  apply(&m, &c, 1);
  assert_int_equal(count_code(&m.r.plan, DIAG_placeholder), 0);
  assert_str(corrected_item(&m, 0)->placeholders.at[0].fill, "12");
  assert_str(corrected_item(&m, 0)->placeholders.at[0].text, "xx");
  arena_drop(&m.mem);
}
static void a_part_leaves_its_total_and_comes_back(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  const struct correction out = on_target(&m, 17, "part_of", "");
  apply(&m, &out, 1);
  assert_int_equal(corrected_item(&m, 0)->targets.at[1].part_of, NO_INDEX);
  assert_int_equal(count_code(&m.r.plan, DIAG_sum_ok), 0); /* the others no longer make 41 */
  const struct correction both[] = {out, on_target(&m, 17, "part_of", "竣工学校41所")};
  apply(&m, both, 2);
  assert_int_equal(m.r.orphans.len, 0);
  assert_int_equal(corrected_item(&m, 0)->targets.at[1].part_of, 0);
  assert_int_equal(count_code(&m.r.plan, DIAG_sum_ok), 1);
  arena_drop(&m.mem);
}
static void a_link_to_nothing_is_an_orphan(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  const char *const names[] = {"新增学位3个", "0000000000000001", "小学14所"}; /* the last is a part itself */
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    const struct correction c = on_target(&m, 17, "part_of", names[i]);
    apply(&m, &c, 1);
    assert_int_equal(m.r.orphans.len, 1);
    assert_int_equal(corrected_item(&m, 0)->targets.at[1].part_of, 0);
  }
  const struct correction itself = on_target(&m, 41, "part_of", "竣工学校41所");
  apply(&m, &itself, 1);
  assert_int_equal(m.r.orphans.len, 1);
  arena_drop(&m.mem);
}
static void what_was_added_follows_its_item(void **state) {
  (void)state;
  struct made a = {0}, b = {0};
  make(&a, text);
  make(&b,
       "云岚市教育局2026年工作要点\n一、提升基础教育\n（一）新的一条。举办1次展览。（安全处）\n（二）规范校外培训。"
       "年底前完成3次检查。（基础教育处）\n");
  const uint64_t item = correct_item_key(&a.plan, 0, 1);
  const struct correction list[] = {
      {.act = CORRECT_ADD, .subject = FACT_PARTY, .key = 77, .item = item, .item_title = STR("规范校外培训")},
      {.act = CORRECT_SET,
       .subject = FACT_PARTY,
       .key = 77,
       .item = item,
       .field = STR("name"),
       .value = STR("安全处")}};
  apply(&b, list, 2);
  assert_int_equal(b.r.orphans.len, 0);
  assert_str(vec_last(&corrected_item(&b, 1)->parties).name, "安全处");
  arena_drop(&a.mem);
  arena_drop(&b.mem);
}
/* What a person changed is told in their words, in the tables and reports too. */
static void exports_say_what_was_corrected(void **state) {
  (void)state;
  struct made m = {0};
  make(&m, text);
  const struct correction list[] = {on_target(&m, 41, "value", "42"),
                                    {.act = CORRECT_SET,
                                     .subject = CORRECT_ITEM,
                                     .key = correct_item_key(&m.plan, 0, 1),
                                     .field = STR("number"),
                                     .value = STR("5")}};
  AUTO_BUF csv = BUF_MAX(1 << 16);
  apply(&m, list, 2);
  render_csv(&m.r.plan, LANG_ZH, &csv);
  const struct str said = buf_view(&csv);
  assert_true(str_find(said, STR("学校42所")) != STR_NONE);
  assert_true(str_find(said, STR("（五）规范校外培训")) != STR_NONE);
  arena_drop(&m.mem);
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
      {CORRECT_DOCUMENT, "issuer", "甲局；乙局, 丙局、", "甲局、乙局、丙局"},
      {CORRECT_DOCUMENT, "issuer", "", ""},
      {CORRECT_DOCUMENT, "issuer", "甲\n乙", NULL},
      {CORRECT_DOCUMENT, "year_to", "2030", "2030"},
      {CORRECT_SECTION, "number", "", ""},
      {FACT_PLACEHOLDER, "fill", "", ""},
      {FACT_PLACEHOLDER, "blank", "", NULL},
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
    if (field->subject >= FACT_KIND_COUNT || field->type == CORRECT_LINK) continue;
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
    assert_str(correct_value(&m.mem, &m.r, d, i, field->subject, index, field), value);
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
    cmocka_unit_test(the_head_of_a_document_is_set),
    cmocka_unit_test(a_year_that_a_person_gave_is_no_doubt),
    cmocka_unit_test(a_section_is_renamed_and_found_again),
    cmocka_unit_test(a_blank_is_filled_in),
    cmocka_unit_test(a_part_leaves_its_total_and_comes_back),
    cmocka_unit_test(a_link_to_nothing_is_an_orphan),
    cmocka_unit_test(what_was_added_follows_its_item),
    cmocka_unit_test(exports_say_what_was_corrected),
    cmocka_unit_test(checks_what_was_typed),
    cmocka_unit_test(every_field_comes_back),
    cmocka_unit_test(keys_are_sixteen_digits),
};
UNIT_COUNT(correct);
