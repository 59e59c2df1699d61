/* YAML in: a refusal has a place; a tree has no node deeper than the ceiling and counts its children rightly. */
#include "base/limits.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct yaml *y, int depth) {
  must(depth <= YAML_DEPTH_MAX + 1 && y->line >= 1 && y->column >= 1);
  size_t n = 0;
  for (const struct yaml *c = y->child; c; c = c->next, n++) walk(c, depth + 1);
  must(n == y->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct yaml *root = NULL;
  if (yaml_parse(&mem, STR("fuzz.yaml"), (struct str){(const char *)data, size}, &root, &e)) walk(root, 0);
  else must(e.code != ERR_NONE);
  return 0;
}
