/* The whole compiler on any bytes: no crash, no hang; text and tree stay whole. States what holds for every input:
 * every layer gives its input back, the leaves of the tree are the cleaned text, every fact lies in it on whole
 * characters, and every output can be written. */
#include "base/utf8.h"
#include "engine/plan/compare.h"
#include "engine/plan/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_MAX = 1 << 16, OUT_MAX = 64 << 20 };

static void check_span(const struct plan *p, struct span at) {
  must(at.at <= at.end && at.end <= p->clean.len);
  must(utf8_valid(plan_text(p, at)));
  const struct span src = plan_source_span(p, at);
  must(src.at <= src.end);
}

/* Leaves follow one another without gap or overlap. */
static void check_tree(const struct plan *p) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < p->nodes.len;) {
    const struct node *n = &p->nodes.at[i];
    must(n->at.at <= n->at.end && n->at.end <= p->clean.len);
    if (n->first_child) {
      i = n->first_child;
      continue;
    }
    must(n->at.at == at || i == 0);
    at = n->at.end;
    while (i && !p->nodes.at[i].next) i = p->nodes.at[i].parent;
    if (!i) break;
    i = p->nodes.at[i].next;
  }
  must(at == p->clean.len);
}

static void check_item(const struct plan *p, const struct item *it) {
  check_span(p, it->at);
  check_span(p, it->body_at);
  vec_each(struct party, x, &it->parties) check_span(p, x->at);
  vec_each(struct measure, x, &it->measures) check_span(p, x->at);
  vec_each(struct target, x, &it->targets) {
    check_span(p, x->at);
    check_span(p, x->number_at);
    must(x->part_of < (int32_t)it->targets.len && x->measure < (int32_t)it->measures.len);
  }
  vec_each(struct deliverable, x, &it->deliverables) check_span(p, x->at);
  vec_each(struct name, x, &it->names) check_span(p, x->at);
  vec_each(struct when, x, &it->times) check_span(p, x->at);
  vec_each(struct duty, x, &it->duties) check_span(p, x->at);
  vec_each(struct universal, x, &it->universals) check_span(p, x->at);
  vec_each(struct comparison, x, &it->comparisons) check_span(p, x->at);
  vec_each(struct placeholder, x, &it->placeholders) check_span(p, x->at);
}

static void check_output(struct arena *mem, struct plan *p) {
  AUTO_BUF out = BUF_MAX(OUT_MAX);
  AUTO_JSON *root = NULL;
  struct err e = {0};
  struct plan_comparison c;
  render_json(p, LANG_ZH, &out);
  json_error_t why; /* a NUL that was dropped stands in the log of edits as \u0000 */
  root = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
  must(!out.broken && root);
  render_text(p, LANG_EN, &out);
  render_csv(p, LANG_ZH, &out);
  render_markdown(p, LANG_EN, &out);
  must(!out.broken && utf8_valid(buf_view(&out)));
  must(render_xlsx(p, LANG_ZH, &out, &e) && render_docx(p, LANG_ZH, &out, &e));
  plan_compare(mem, p, p, NULL, &c);
  must(c.counts[ROW_NEW] == 0 || c.mode != COMPARE_COPIES);
  compare_render(mem, &c, COMPARE_TEXT, LANG_ZH, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct source source = {0};
  struct plan p = {0};
  struct err e = {0};
  const struct plan_options options = {0};
  if (size > FUZZ_MAX) return 0;
  const struct str bytes = str_dup(&mem, (struct str){(const char *)data, size});
  const bool ok =
      source_open(&mem, STR("fuzz.txt"), bytes, false, &source, &e) && plan_compile(&mem, &source, &options, &p, &e);
  must(ok || (e.code != ERR_NONE && e.msg));
  if (!ok) return 0;
  for (int i = 0; i < source.layer_count; i++) must(layer_holds(&mem, &source.layers[i]));
  must(layer_holds(&mem, &p.cleaning));
  must(p.clean.len == p.folded.len && utf8_valid(p.clean) && utf8_valid(p.folded));
  check_tree(&p);
  vec_each(struct document, d, &p.documents)
    vec_each(struct item, it, &d->items) check_item(&p, it);
  vec_each(struct diag, d, &p.diags) check_span(&p, d->at);
  check_output(&mem, &p);
  return 0;
}
