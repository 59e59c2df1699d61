/* A declaration in: what can be laid out is so again, stays readable, and can be drawn. */
#include "base/limits.h"
#include "declare/draw.h"
#include "declare/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  AUTO_BUF drawn = BUF_MAX(RENDER_MAX);
  struct faults f = {.mem = &mem}, again = {.mem = &mem};
  struct str once, twice;
  struct system *s;
  if (!system_format(&f, STR("system.yaml"), (struct str){(const char *)data, size}, &once)) {
    must(f.errors);
    return 0;
  }
  if (once.len > DECLARE_FILE_MAX) return 0;
  must(system_format(&again, STR("system.yaml"), once, &twice) && str_eq(once, twice));
  must(system_read(&again, STR("system.yaml"), once, &s));
  vec_each(const struct record, r, &s->records) system_draw(s, r, LANG_ZH, &drawn);
  must(!drawn.broken);
  return 0;
}
