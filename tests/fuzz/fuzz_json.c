/* JSON in, and what was read written out again. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {0};
  AUTO_JSON *root = NULL;
  if (!json_parse((struct str){(const char *)data, size}, &root, &e)) must(e.code != ERR_NONE && e.line >= 1);
  AUTO_BUF o = BUF_MAX(1 << 20);
  struct json_out j = {.to = &o};
  if (root && json_is_string(root)) {
    json_str(&j, NULL, (struct str){json_string_value(root), json_string_length(root)});
    json_t *again = NULL;
    must(o.broken || json_parse(buf_view(&o), &again, &e));
    must(o.broken || json_equal(root, again));
    json_decref(again);
  }
  return 0;
}
