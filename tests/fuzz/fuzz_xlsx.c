/* Parts of a XLSX, parted by NUL bytes, packed and read; input that begins with PK is taken as the package itself. What
 * comes out is UTF-8 with places in order, or a refusal. */
#include "../zipped.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str package(struct arena *mem, struct str in) {
  static const char *const names[] = {"xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                      "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"};
  struct zipped members[COUNT_OF(names)];
  struct str rest;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    members[i] = (struct zipped){names[i], in};
    rest = (struct str){0};
    if (str_cut(in, STR("\0"), &members[i].bytes, &rest)) in = rest;
    else in = (struct str){0};
  }
  return zipped(mem, members, COUNT_OF(names));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  const struct str in = {(const char *)data, size};
  struct extract x = {.mem = &mem, .name = STR("fuzz"), .text = BUF_MAX(PLAN_FILE_MAX)};
  const struct str bytes = str_starts(in, STR("PK")) ? in : package(&mem, in);
  if (extract_run(&x, SOURCE_XLSX, bytes, &e)) {
    must(utf8_valid(buf_view(&x.text)));
    uint32_t before = 0;
    vec_each(const struct place, p, &x.places) {
      must(p->at.at >= before && p->at.end >= p->at.at && p->at.end <= x.text.len);
      before = p->at.at;
    }
  } else {
    must(e.code != ERR_NONE && e.msg != 0);
  }
  buf_drop(&x.text);
  return 0;
}
