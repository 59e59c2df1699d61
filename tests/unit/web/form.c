/* Forms and paths, good and hostile. */
#include "web/form.h"

#include "base/buf.h"
#include "unit.h"

static void unescapes_strictly(void **state) {
  (void)state;
  struct arena mem = {0};
  struct str out = {0};
  static const struct {
    const char *in, *out;
  } good[] = {{"a%20b+c", "a b c"}, {"%E5%B8%82", "市"}, {"", ""}, {"%41", "A"}, {"%2B", "+"}, {"a%25", "a%"}};
  for (size_t i = 0; i < COUNT_OF(good); i++) {
    assert_true(form_unescape(&mem, str_of(good[i].in), true, &out));
    assert_str(out, good[i].out);
  }
  static const char *const bad[] = {"%", "a%2", "%zz", "%00", "%ff", "%E5%B8", "%c0%af", "%ed%a0%80"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(form_unescape(&mem, str_of(bad[i]), true, &out));
  assert_true(form_unescape(&mem, STR("a+b"), false, &out));
  assert_str(out, "a+b");
  arena_drop(&mem);
}
static void refuses_paths_that_climb(void **state) {
  (void)state;
  struct arena mem = {0};
  struct str out = {0};
  static const char *const bad[] = {"",       "plans",  "//x",   "/a//b",  "/..",  "/a/../b", "/.git", "/a/%2e%2e/b",
                                    "/a%2fb", "/a%5Cb", "/a\\b", "/a%0ab", "/%7f", "/a%2Fb",  "*"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(form_path(&mem, str_of(bad[i]), &out));
  assert_true(form_path(&mem, STR("/plans/%E5%B8%82/items/1:2.9"), &out));
  assert_str(out, "/plans/市/items/1:2.9");
  arena_drop(&mem);
}
static void escapes_and_comes_back(void **state) {
  (void)state;
  struct arena mem = {0};
  struct str out = {0};
  const struct str s = STR("a b/市?&=+%\"'");
  assert_true(form_unescape(&mem, form_escape(&mem, s, false), true, &out));
  assert_true(str_eq(out, s));
  assert_str(form_escape(&mem, STR("/a b"), true), "/a%20b");
  arena_drop(&mem);
}
static void reads_urlencoded(void **state) {
  (void)state;
  struct arena mem = {0};
  struct err e = {0};
  web_fields f = {0};
  assert_true(form_urlencoded(&mem, STR("a=1&b=%E5%B8%82&&c&a=2&=x"), &f, &e));
  assert_int_equal(f.len, 5);
  assert_str(f.at[0].name, "a");
  assert_str(f.at[1].value, "市");
  assert_str(f.at[2].name, "c");
  assert_str(f.at[2].value, "");
  assert_str(f.at[3].value, "2");
  assert_false(form_urlencoded(&mem, STR("a=%"), &f, &e));
  assert_int_equal(e.code, ERR_BAD_REQUEST);
  arena_drop(&mem);
}
static void counts_fields_and_bytes(void **state) {
  (void)state;
  struct arena mem = {0};
  struct buf b = BUF_MAX(1 << 20);
  for (int i = 0; i < FORM_FIELDS_MAX; i++) buf_fmt(&b, "%sa%d=1", i ? "&" : "", i);
  struct err e = {0};
  web_fields f = {0};
  assert_true(form_urlencoded(&mem, buf_view(&b), &f, &e)); /* at the ceiling */
  buf_z(&b, "&x=1");
  f = (web_fields){0};
  assert_false(form_urlencoded(&mem, buf_view(&b), &f, &e)); /* one above */
  assert_int_equal(e.code, ERR_TOO_LARGE);
  buf_clear(&b);
  buf_z(&b, "a=");
  for (int i = 0; i < FIELD_MAX; i++) buf_byte(&b, 'x');
  f = (web_fields){0};
  e = (struct err){0};
  assert_true(form_urlencoded(&mem, buf_view(&b), &f, &e));
  buf_byte(&b, 'x');
  f = (web_fields){0};
  assert_false(form_urlencoded(&mem, buf_view(&b), &f, &e));
  assert_int_equal(e.code, ERR_TOO_LARGE);
  buf_drop(&b);
  arena_drop(&mem);
}

static bool multipart(struct arena *mem, const char *body, web_fields *f, struct err *e) {
  *f = (web_fields){0};
  *e = (struct err){0};
  return form_multipart(mem, str_of(body), STR("b"), f, e);
}
static void reads_multipart(void **state) {
  (void)state;
  struct arena mem = {0};
  struct err e;
  web_fields f;
  assert_true(
      multipart(&mem,
                "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n工作要点\r\n"
                "--b\r\ncontent-disposition: FORM-DATA; name=file; filename=\"C:\\\\tmp\\\\a \\\"x\\\".txt\"\r\n"
                "Content-Type: text/plain\r\n\r\nline\r\n--not\r\n\r\n--b--\r\nepilogue",
                &f, &e));
  assert_int_equal(f.len, 2);
  assert_str(f.at[0].value, "工作要点");
  assert_false(f.at[0].is_file);
  assert_true(f.at[1].is_file);
  assert_str(f.at[1].file_name, "a \"x\".txt");
  assert_str(f.at[1].value, "line\r\n--not\r\n");
  assert_true(multipart(&mem, "--b--", &f, &e));
  assert_int_equal(f.len, 0);
  assert_true(
      multipart(&mem, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--b--", &f, &e));
  assert_true(f.at[0].is_file && !f.at[0].value.len && !f.at[0].file_name.len);
  arena_drop(&mem);
}
static void refuses_malformed_multipart(void **state) {
  (void)state;
  struct arena mem = {0};
  struct err e;
  web_fields f;
  static const char *const bad[] = {
      "",
      "--b",
      "--b\r\n",
      "no border at all",
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut",
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nno empty line\r\n--b--",
      "--b\r\nContent-Disposition: form-data; name=\"never closed\r\n\r\nx\r\n--b--",
      "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--",
      "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
      "--b\r\nContent-Type: text/plain\r\n\r\nno name\r\n--b--",
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\xfe\r\n--b--",
      "--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--b--",
      "--bX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--",
  };
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    assert_false(multipart(&mem, bad[i], &f, &e));
    assert_int_equal(e.code, ERR_BAD_REQUEST);
  }
  arena_drop(&mem);
}
static void finds_the_border(void **state) {
  (void)state;
  struct str b = {0};
  assert_true(form_boundary(STR("multipart/form-data; boundary=----WebKit7d"), &b));
  assert_str(b, "----WebKit7d");
  assert_true(form_boundary(STR("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""), &b));
  assert_str(b, "a b");
  static const char *const bad[] = {
      "",
      "text/plain",
      "multipart/form-data",
      "multipart/form-data; boundary=",
      "multipart/form-data; boundary=\"\"",
      "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(form_boundary(str_of(bad[i]), &b));
}
static void reads_flat_json(void **state) {
  (void)state;
  struct arena mem = {0};
  struct err e = {0};
  web_fields f = {0};
  assert_true(form_json(&mem, STR("{\"a\": \"市\", \"n\": 12, \"yes\": true, \"none\": null}"), &f, &e));
  assert_int_equal(f.len, 4);
  assert_str(f.at[0].value, "市");
  assert_str(f.at[1].value, "12");
  assert_str(f.at[2].value, "yes");
  assert_str(f.at[3].value, "");
  static const char *const bad[] = {
      "", "[]", "{\"a\": []}", "{\"a\": {}}", "{\"a\": 1, \"a\": 2}", "{\"a\": \"x\\u0000y\"}", "{", "{\"a\": 1.5}"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    f = (web_fields){0};
    e = (struct err){0};
    assert_false(form_json(&mem, str_of(bad[i]), &f, &e));
  }
  arena_drop(&mem);
}

UNIT_TESTS(form) = {
    cmocka_unit_test(unescapes_strictly),
    cmocka_unit_test(refuses_paths_that_climb),
    cmocka_unit_test(escapes_and_comes_back),
    cmocka_unit_test(reads_urlencoded),
    cmocka_unit_test(counts_fields_and_bytes),
    cmocka_unit_test(reads_multipart),
    cmocka_unit_test(refuses_malformed_multipart),
    cmocka_unit_test(finds_the_border),
    cmocka_unit_test(reads_flat_json),
};
UNIT_COUNT(form);
