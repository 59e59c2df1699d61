/* A declaration in: whatever it is, it is read and checked to the end; every fault has a place in the text, a sentence in both
 * languages and, when printed, a line of its own. */
#include "base/embed.h"
#include "base/limits.h"
#include "declare/system.h"
#include "declare/units.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  const struct str kinds[] = {STR_INIT("school"), STR_INIT("bureau"), STR_INIT("department")};
  struct units units;
  struct err e = {0};
  const struct embedded *said = embed_find(STR("rules/units.yaml"));
  must(said && units_parse(&mem, said->bytes, &units, &e));
  const struct world world = {.unit_kinds = kinds, .unit_kind_count = COUNT_OF(kinds), .units = &units};
  struct faults f = {.mem = &mem};
  struct system *s;
  const bool read = system_read(&f, STR("system.yaml"), (struct str){(const char *)data, size}, &s);
  must(read == (s != NULL) && (read || f.errors));
  if (read) system_check(&f, s, &world);
  vec_each(const struct fault, x, &f.all) must(x->at.line >= 1 && x->at.column >= 1 && x->at.width >= 0 && x->msg);
  faults_print(&f, LANG_ZH, &out);
  struct json_out j = {.to = &out};
  json_open(&j, NULL, '[');
  faults_json(&f, LANG_EN, &j);
  json_close(&j, ']');
  must(!out.broken);
  return 0;
}
