/* The router: words before names, methods, bounds; and what openapi makes of a table. */
#include "web/route.h"

#include "unit.h"

static bool nothing(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)rq, (void)rs, (void)e;
  return true;
}
static const struct route table[] = {
    {GET, "/", "open", nothing, "home", .flags = ROUTE_PAGE_ONLY},
    {GET, "/plans", "plan.see", nothing, "list", .query = "q year"},
    {POST, "/plans", "plan.upload", nothing, "upload", .form = "file! title", .flags = ROUTE_UPLOAD},
    {GET, "/plans/new", "plan.upload", nothing, "form", .flags = ROUTE_PAGE_ONLY},
    {GET, "/plans/{id}", "plan.see", nothing, "one", .query = "draft"},
    {GET, "/plans/{id}/items/{item}", "plan.see", nothing, "item", .query = NULL},
    {POST, "/plans/{id}/accept", "plan.accept", nothing, "accept", .form = "item!"},
    {GET, "/plans/new/hint", "plan.see", nothing, "hint", .query = NULL},
    {0},
};
static const struct route *const tables[] = {table, NULL};

static const char *found(enum web_method method, const char *path, struct str params[ROUTE_PARAMS], bool *other) {
  struct arena mem = {0};
  const struct router *r = router_new(&mem, tables);
  const struct route *t = router_find(r, method, str_of(path), params, other);
  arena_drop(&mem);
  return t ? t->help : NULL;
}
static void finds_words_before_names(void **state) {
  (void)state;
  struct str p[ROUTE_PARAMS];
  bool other = false;
  assert_string_equal(found(GET, "/", p, &other), "home");
  assert_string_equal(found(GET, "/plans", p, &other), "list");
  assert_string_equal(found(GET, "/plans/", p, &other), "list");
  assert_string_equal(found(POST, "/plans", p, &other), "upload");
  assert_string_equal(found(GET, "/plans/new", p, &other), "form");
  assert_string_equal(found(GET, "/plans/newer", p, &other), "one");
  assert_str(p[0], "newer");
  assert_string_equal(found(GET, "/plans/new/items/2", p, &other), "item"); /* back from the word's branch */
  assert_str(p[0], "new");
  assert_str(p[1], "2");
}
static void tells_what_is_not_there(void **state) {
  (void)state;
  struct str p[ROUTE_PARAMS];
  bool other = false;
  assert_null(found(GET, "/nope", p, &other));
  assert_false(other);
  assert_null(found(GET, "/plans/x/accept", p, &other));
  assert_true(other); /* another method */
  assert_null(found(GET, "/plans/x/items", p, &other));
  assert_false(other);
  assert_null(found(GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", p, &other));
  assert_null(found(0, "/plans", p, &other));
}
static void openapi_follows_the_table(void **state) {
  (void)state;
  struct buf b = BUF_MAX(1 << 20);
  struct json_out j = {.to = &b};
  struct err e = {0};
  json_t *doc = NULL;
  web_openapi(tables, &j);
  assert_true(json_parse(buf_view(&b), &doc, &e));
  const json_t *paths = json_object_get(doc, "paths");
  assert_int_equal(json_object_size(paths), 5); /* pages without twin are left out */
  const json_t *plans = json_object_get(paths, "/plans");
  assert_non_null(json_object_get(plans, "get"));
  assert_non_null(json_object_get(json_object_get(json_object_get(plans, "post"), "requestBody"), "content"));
  const json_t *item =
      json_object_get(json_object_get(json_object_get(paths, "/plans/{id}/items/{item}"), "get"), "parameters");
  assert_int_equal(json_array_size(item), 2);
  json_decref(doc);
  buf_drop(&b);
}

UNIT_TESTS(route) = {
    cmocka_unit_test(finds_words_before_names),
    cmocka_unit_test(tells_what_is_not_there),
    cmocka_unit_test(openapi_follows_the_table),
};
UNIT_COUNT(route);
