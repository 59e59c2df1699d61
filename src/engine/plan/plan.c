/* The order of the passes of the plan compiler. Each pass has a file of its own and only adds to `struct plan`; this
 * file decides what runs after what. */
#include "engine/plan/plan.h"

#include "base/utf8.h"
#include "text/han.h"
#include "texts.h"

/* A novel, a list, a web page: said at once instead of a tree without meaning. */
static bool refuse_no_plan(const struct plan *p, struct err *e) {
  vec_each(struct diag, d, &p->diags)
    if (d->code == DIAG_not_plan) {
      fail(e, ERR_INVALID, MSG_diag_not_plan);
      err_at(e, p->source.name, 0, 0);
      return err_hint(e, MSG_hint_not_plan);
    }
  return true;
}

bool plan_compile(struct arena *mem, const struct source *source, const struct plan_options *options,
                  struct plan *out, struct err *e) {
  struct plan p = {.mem = mem, .source = *source, .options = *options};
  if (!p.options.lexicon) p.options.lexicon = lexicon_default();
  TRY(plan_clean(&p, e));
  lexicon_scan(mem, p.options.lexicon, p.folded, &p.hits);
  TRY(plan_structure(&p, e));
  plan_measures(&p);
  plan_parties(&p);
  plan_deliverables(&p);
  plan_names(&p);
  plan_times(&p);
  plan_targets(&p);
  plan_check(&p);
  TRY(refuse_no_plan(&p, e));
  *out = p;
  return true;
}

struct span plan_source_span(const struct plan *p, struct span clean) {
  return source_span(&p->source, layer_in_span(&p->cleaning, clean));
}

struct diag *plan_add_diag(struct plan *p, enum diag_code code, struct span at, int document, int item) {
  vec_push(p->mem, &p->diags) = (struct diag){
      .code = code, .severity = diag_severity(code), .at = at, .document = document, .item = item, .fact_index = NO_INDEX};
  return &vec_last(&p->diags);
}

static const struct {
  const char *word;
  enum severity severity;
} codes[DIAG_CODE_COUNT] = {
#define X(name, word, severity) {word, SEVERITY_##severity},
    DIAG_CODES(X)
#undef X
};

const char *diag_word(enum diag_code code) { return codes[code].word; }
enum severity diag_severity(enum diag_code code) { return codes[code].severity; }
