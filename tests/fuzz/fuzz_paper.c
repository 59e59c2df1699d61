/* A template of a paper in: it is walked to its end, and every fault has a place in it. */
#include "base/embed.h"
#include "base/limits.h"
#include "declare/paper.h"
#include "declare/units.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char said[] =
    "gangmu: 1\nsystem: s\nlabel: S\nversion: 1\nroles: {r: {label: R, at: [school]}}\n"
    "records: {t: {label: T, keepers: [r], fields: {a: {is: text(9), label: A}, b: {is: rows, label: B, fields: "
    "{c: {is: money, label: C}}}}}}\npapers: {p: {label: P, of: t, template: papers/p.html}}\nprivacy: {rule: none}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  struct units units;
  struct err e = {0};
  struct faults f = {.mem = &mem};
  struct system *s;
  struct paper_template read;
  const struct embedded *rules = embed_find(STR("rules/units.yaml"));
  must(rules && units_parse(&mem, rules->bytes, &units, &e));
  const struct str kind = STR("school");
  const struct world world = {&kind, 1, &units};
  must(system_read(&f, STR("system.yaml"), str_of(said), &s) && !f.errors);
  (void)paper_read(&f, s, &world, &s->papers.at[0], STR("p.html"), (struct str){(const char *)data, size}, &read);
  vec_each(const struct fault, x, &f.all) must(x->at.line >= 1 && x->at.column >= 1 && x->at.width >= 0 && x->msg);
  faults_print(&f, LANG_ZH, &out);
  return 0;
}
