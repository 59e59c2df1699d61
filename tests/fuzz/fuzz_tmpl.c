/* Template text: the compiler accepts with C made, or refuses with a line; it never does neither. */
#include "base/must.h"
#include "tmpl/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct tmpl t = {.mem = &mem, .functions = BUF_MAX(8 << 20), .says = BUF_MAX(1 << 20)};
  const bool ok = tmpl_compile(&t, STR("ui/pages/fuzz.html"), (struct str){(const char *)data, size});
  must(ok ? t.functions.len > 0 : t.says.len > 0 || t.functions.broken || size > (1 << 18));
  tmpl_drop(&t);
  return 0;
}
