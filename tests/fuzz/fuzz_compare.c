/* Two texts, parted by a NUL byte, compiled and compared both ways: no crash, no hang; every item of the right
 * that is no group stands in a row, no row is empty, and every form of the comparison can be written. */
#include "base/buf.h"
#include "base/utf8.h"
#include "engine/plan/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIDES_MAX = 1 << 15, OUT_MAX = 64 << 20 };

static bool compiled(struct arena *mem, struct str text, struct plan *out) {
  struct source source = {0};
  struct err e = {0};
  const struct plan_options options = {0};
  return source_open(mem, STR("fuzz.txt"), str_dup(mem, text), false, &source, &e) &&
         plan_compile(mem, &source, &options, out, &e);
}

static size_t items(const struct plan *p) {
  size_t n = 0;
  vec_each(const struct document, d, &p->documents)
    vec_each(const struct item, it, &d->items) n += !it->is_group;
  return n;
}

static void check(struct arena *mem, const struct plan *left, const struct plan *right) {
  struct plan_comparison c;
  plan_compare(mem, left, right, NULL, &c);
  must(c.counts[ROW_SAME] + c.counts[ROW_CHANGED] + c.counts[ROW_NEW] == items(right));
  vec_each(const struct compare_row, r, &c.rows) must(item_at(left, r->left) || item_at(right, r->right));
  for (int f = COMPARE_JSON; f <= COMPARE_HTML; f++) {
    AUTO_BUF out = BUF_MAX(OUT_MAX);
    compare_render(mem, &c, (enum compare_format)f, LANG_ZH, &out);
    must(!out.broken && out.len && utf8_valid(buf_view(&out)));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct str left, right;
  struct plan a = {0}, b = {0};
  const struct str both = {(const char *)data, size};
  if (size > SIDES_MAX || !str_cut(both, STR("\0"), &left, &right)) return 0;
  if (!compiled(&mem, left, &a) || !compiled(&mem, right, &b)) return 0;
  check(&mem, &a, &b);
  check(&mem, &b, &a);
  return 0;
}
