/* What packages have without declaring it: the words of the kernel's register are among them, in an order that means something. */
#include "declare/base_known.h"
#include "base/embed.h"
#include "base/yaml.h"
#include "unit.h"

static void lists_have_orders(void **state) {
  (void)state;
  const struct base_list *stage = base_list_find(STR("base.stage")), *grade = base_list_find(STR("base.grade"));
  assert_non_null(stage);
  assert_non_null(grade);
  assert_non_null(base_list_find(STR("base.sex")));
  assert_null(base_list_find(STR("base.shoe")));
  assert_null(base_list_find(STR("stage")));
  assert_true(base_code_place(stage, STR("primary")) < base_code_place(stage, STR("junior")));
  assert_true(base_code_place(grade, STR("g9")) + 1 == base_code_place(grade, STR("g10")));
  assert_int_equal(base_code_place(stage, STR("g1")), -1);
  vec_each(const struct base_list, l, &base_known()->lists)
    vec_each(const struct base_item, i, &l->items) assert_true(i->label[LANG_ZH].len && i->label[LANG_EN].len);
}
/* A unit's stage is a code of base.stage: rules/org/kinds.yaml names no other. */
static void stages_of_kinds_are_known(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct yaml *root = NULL;
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/org/kinds.yaml"));
  int seen = 0;
  assert_non_null(f);
  assert_true(yaml_parse(&mem, str_of(f->path), f->bytes, &root, &e));
  for (const struct yaml *kind = yaml_get(root, "kinds")->child; kind; kind = kind->next) {
    const struct yaml *stages = yaml_get(kind, "stages");
    for (const struct yaml *s = stages ? stages->child : NULL; s; s = s->next, seen++)
      assert_true(base_code_place(base_list_find(STR("base.stage")), s->text) >= 0);
  }
  assert_int_equal(seen, (int)base_list_find(STR("base.stage"))->items.len);
}
/* The posts of functions are roles of the program. */
static void posts_are_roles(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct yaml *root = NULL;
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/roles.yaml"));
  assert_true(f && yaml_parse(&mem, str_of(f->path), f->bytes, &root, &e));
  vec_each(const struct base_posts, p, &base_known()->posts) {
    assert_true(p->roles.len > 0);
    vec_each(const struct str, role, &p->roles) {
      const struct yaml *found = yaml_get(yaml_get(root, "roles"), str_z(&mem, *role));
      assert_non_null(found);
    }
  }
}

UNIT_TESTS(base_known) = {
    cmocka_unit_test(lists_have_orders),
    cmocka_unit_test(stages_of_kinds_are_known),
    cmocka_unit_test(posts_are_roles),
};
UNIT_COUNT(base_known);
