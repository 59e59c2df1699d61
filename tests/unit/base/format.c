/* json, yaml, hash, clock, embed. */
#include "base/clock.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"
#include "unit.h"

static void json_writes_escaped_and_pretty(void **state) {
  (void)state;
  AUTO_BUF o = BUF_MAX(4096);
  struct json_out j = {.to = &o};
  json_open(&j, NULL, '{');
  json_str(&j, "a\"b", STR("x\n\x01\\\"中"));
  json_open(&j, "list", '[');
  json_int(&j, NULL, -3);
  json_dec(&j, NULL, (struct dec){33, 1});
  json_bool(&j, NULL, true);
  json_nil(&j, NULL);
  json_close(&j, ']');
  json_str_or_null(&j, "n", (struct str){0});
  json_close(&j, '}');
  assert_str(buf_view(&o), "{\"a\\\"b\":\"x\\n\\u0001\\\\\\\"中\",\"list\":[-3,3.3,true,null],\"n\":null}");
  buf_clear(&o);
  j = (struct json_out){.to = &o, .pretty = true};
  json_open(&j, NULL, '{');
  json_open(&j, "e", '[');
  json_close(&j, ']');
  json_int(&j, "n", 1);
  json_close(&j, '}');
  assert_str(buf_view(&o), "{\n  \"e\": [],\n  \"n\": 1\n}");
}

static void json_refuses_what_is_not_strict(void **state) {
  (void)state;
  static const char *const bad[] = {"",    "{\"a\":1,\"a\":2}",       "[1,]", "01", "NaN", "\"\xff\"", "[1] x",
                                    "'a'", "123456789012345678901234"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    AUTO_JSON *root = NULL;
    struct err e = {0};
    if (json_parse(str_of(bad[i]), &root, &e)) fail_msg("%s is taken", bad[i]);
    assert_int_equal(e.code, ERR_BAD_REQUEST);
    assert_true(e.line >= 1 && e.column >= 1);
  }
  AUTO_JSON *root = NULL;
  struct err e = {0};
  assert_false(json_parse(STR("{\n \"a\": }"), &root, &e));
  assert_int_equal(e.line, 2);
  struct err none = {0};
  assert_true(json_parse(STR("{\"a\": [1, \"中\"]}"), &root, &none));
  assert_int_equal(json_array_size(json_object_get(root, "a")), 2);
}

static void yaml_makes_a_tree_with_places(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct yaml *root;
  assert_true(yaml_parse(&mem, STR("f"), STR("# c\na: 1\nlist:\n  - x\n  - {k: \"v:w\"}\ntext: |\n  两\n  行\nnone:\n"),
                         &root, &e));
  assert_int_equal(root->kind, YAML_MAP);
  assert_int_equal(root->count, 4);
  assert_str(yaml_get(root, "a")->text, "1");
  assert_false(yaml_get(root, "a")->quoted);
  const struct yaml *list = yaml_get(root, "list");
  assert_int_equal(list->count, 2);
  assert_int_equal(list->key_line, 3);
  const struct yaml *k = yaml_get(list->child->next, "k");
  assert_str(k->text, "v:w");
  assert_true(k->quoted);
  assert_int_equal(k->line, 5);
  assert_int_equal(k->column, 9);
  assert_str(yaml_get(root, "text")->text, "两\n行\n");
  assert_str(yaml_get(root, "none")->text, "");
  assert_null(yaml_get(root, "absent"));
  assert_null(yaml_get(k, "absent"));
}

static void refuses_yaml(const char *text, int msg, int line, int column) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct yaml *root;
  if (yaml_parse(&mem, STR("f.yaml"), str_of(text), &root, &e)) fail_msg("%s is taken", text);
  assert_string_equal(msg_key(e.msg), msg_key(msg));
  assert_int_equal(e.line, line);
  assert_int_equal(e.column, column);
  assert_str(e.file, "f.yaml");
}

static void yaml_refuses_what_is_not_needed(void **state) {
  (void)state;
  refuses_yaml("a: 1\nb: 2\na: 3\n", MSG_yaml_duplicate, 3, 1);
  refuses_yaml("x:\n  k: 1\n  \"k\": 2\n", MSG_yaml_duplicate, 3, 3);
  refuses_yaml("a: &n 1\n", MSG_yaml_anchor, 1, 4);
  refuses_yaml("a: *n\n", MSG_yaml_anchor, 1, 4);
  refuses_yaml("a: !!int 1\n", MSG_yaml_tag, 1, 4);
  refuses_yaml("a: !x [1]\n", MSG_yaml_tag, 1, 4);
  refuses_yaml("<<: {a: 1}\n", MSG_yaml_merge, 1, 1);
  refuses_yaml("? [a]\n: b\n", MSG_yaml_key_kind, 1, 3);
  refuses_yaml("a: 1\n---\nb: 2\n", MSG_yaml_documents, 2, 1);
  refuses_yaml("", MSG_yaml_empty, 1, 1);
  refuses_yaml("# only a comment\n", MSG_yaml_empty, 1, 1);
  refuses_yaml("a: \xff\n", MSG_not_utf8, 1, 1);
  refuses_yaml("a: [1\nb: 2\n", MSG_yaml_syntax, 2, 2);
}

static void yaml_has_a_ceiling_of_depth(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  AUTO_BUF b = BUF_MAX(1024);
  struct err e = {0};
  struct yaml *root;
  for (int i = 0; i < YAML_DEPTH_MAX; i++) buf_byte(&b, '[');
  for (int i = 0; i < YAML_DEPTH_MAX; i++) buf_byte(&b, ']');
  assert_true(yaml_parse(&mem, STR("at"), buf_view(&b), &root, &e));
  buf_clear(&b);
  for (int i = 0; i <= YAML_DEPTH_MAX; i++) buf_byte(&b, '[');
  for (int i = 0; i <= YAML_DEPTH_MAX; i++) buf_byte(&b, ']');
  assert_false(yaml_parse(&mem, STR("above"), buf_view(&b), &root, &e));
  assert_int_equal(e.msg, MSG_yaml_depth);
  assert_int_equal(e.column, YAML_DEPTH_MAX + 1);
}

static void yaml_has_a_ceiling_of_size(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  char *text = arena_take(&mem, YAML_FILE_MAX + 1);
  memset(text, '#', YAML_FILE_MAX + 1);
  memcpy(text, "a\n", 2);
  struct err e = {0};
  struct yaml *root;
  assert_true(yaml_parse(&mem, STR("at"), (struct str){text, YAML_FILE_MAX}, &root, &e));
  assert_false(yaml_parse(&mem, STR("above"), (struct str){text, YAML_FILE_MAX + 1}, &root, &e));
  assert_int_equal(e.code, ERR_TOO_LARGE);
}

static void digests_match_the_standards(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  /* GB/T 32905-2016, annex A */
  assert_str(hash_hex(&mem, hash_sm3(STR("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  struct hash_state *h = hash_sm3_begin();
  for (int i = 0; i < 16; i++) hash_add(h, STR("abcd"));
  assert_str(hash_hex(&mem, hash_end(h)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  /* FIPS 180-4 */
  assert_str(hash_hex(&mem, hash_sha256(STR("abc"))),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_str(hash_hex(&mem, hash_sha256((struct str){0})),
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void clock_writes_chinese_civil_time(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(clock_rfc3339(&mem, 0), "1970-01-01T08:00:00.000000+08:00");
  assert_str(clock_rfc3339(&mem, INT64_C(1779237000123456)), "2026-05-20T08:30:00.123456+08:00");
  assert_str(clock_rfc3339(&mem, -1), "1970-01-01T07:59:59.999999+08:00");
  assert_str(date_iso(&mem, clock_today(INT64_C(1779206400000000))), "2026-05-20"); /* midnight there */
  assert_str(date_iso(&mem, clock_today(INT64_C(1779206399999999))), "2026-05-19");
  assert_true(clock_now_us() > INT64_C(1700000000000000));
  const int64_t before = clock_steady_us();
  assert_true(clock_steady_us() >= before);
}

static void random_bytes_differ(void **state) {
  (void)state;
  unsigned char a[32] = {0}, b[32] = {0};
  random_bytes(a, sizeof a);
  random_bytes(b, sizeof b);
  assert_memory_not_equal(a, b, sizeof a);
}

static void embedded_files_are_found(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  assert_true(n > 3);
  for (size_t i = 0; i < n; i++) {
    assert_ptr_equal(embed_find(str_of(all[i].path)), &all[i]);
    const struct str hex = hash_hex(&mem, hash_sha256(all[i].bytes));
    assert_str(str_slice(hex, 0, 16), all[i].etag);
    assert_true(all[i].gzip.len == 0 || all[i].gzip.len <= all[i].bytes.len - all[i].bytes.len / 10);
  }
  assert_null(embed_find(STR("rules/plan/word")));
  assert_null(embed_find(STR("")));
  assert_null(embed_find((struct str){0}));
  assert_non_null(embed_find(STR("vendor/htmx.min.js")));
}

UNIT_TESTS(format) = {
    cmocka_unit_test(json_writes_escaped_and_pretty),
    cmocka_unit_test(json_refuses_what_is_not_strict),
    cmocka_unit_test(yaml_makes_a_tree_with_places),
    cmocka_unit_test(yaml_refuses_what_is_not_needed),
    cmocka_unit_test(yaml_has_a_ceiling_of_depth),
    cmocka_unit_test(yaml_has_a_ceiling_of_size),
    cmocka_unit_test(digests_match_the_standards),
    cmocka_unit_test(clock_writes_chinese_civil_time),
    cmocka_unit_test(random_bytes_differ),
    cmocka_unit_test(embedded_files_are_found),
};
UNIT_COUNT(format);
