/* The order of the passes of the plan compiler. Each pass has a file of its own and only adds to `struct plan`; this
 * file decides what runs after what. */
#include "engine/plan/plan.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "text/han.h"
#include "texts.h"

/* ---- what is no plan ---- */

enum { LINE_LONG = 256 << 10 /* bytes: nobody's paragraph */ };

struct shape {
  size_t longest_line;
  int depth; /* brackets open at once */
};

static struct shape shape_of(struct str text) {
  struct shape shape = {0};
  int open = 0;
  size_t line = 0;
  for (size_t i = 0; i < text.len;) {
    const uint32_t c = utf8_next(text, &i);
    if (c == '\n') line = i;
    else if (i - line > shape.longest_line) shape.longest_line = i - line;
    if (c == '(' || c == 0xFF08 || c == '[' || c == 0x3014 || c == 0x300A) open++;
    else if ((c == ')' || c == 0xFF09 || c == ']' || c == 0x3015 || c == 0x300B) && open) open--;
    if (open > shape.depth) shape.depth = open;
  }
  return shape;
}

static bool refuse(const struct plan *p, struct err *e, int msg, int hint, const char *hole, size_t n) {
  AUTO_ARENA mem = {0};
  if (hole) fail(e, ERR_INVALID, msg, hole, str_int(&mem, (int64_t)n));
  else fail(e, ERR_INVALID, msg);
  err_at(e, p->source.name, 0, 0);
  return err_hint(e, hint);
}

/* A novel, a heap of brackets, one endless line: said at once, each with its own reason, instead of a tree without
 * meaning. */
static bool refuse_no_plan(const struct plan *p, struct err *e) {
  bool found = true;
  vec_each(struct diag, d, &p->diags) found = found && d->code != DIAG_not_plan;
  if (found) return true;
  const struct shape shape = shape_of(p->folded);
  if (shape.depth > PLAN_DEPTH_MAX)
    return refuse(p, e, MSG_not_plan_brackets, MSG_not_plan_brackets_hint, "depth", (size_t)shape.depth);
  if (shape.longest_line > LINE_LONG)
    return refuse(p, e, MSG_not_plan_line, MSG_not_plan_line_hint, "size", shape.longest_line >> 10);
  return refuse(p, e, MSG_diag_not_plan, MSG_hint_not_plan, NULL, 0);
}

void plan_scan(struct plan *p) { lexicon_scan(p->mem, p->options.lexicon, p->folded, &p->hits, &p->signs); }

bool plan_compile(struct arena *mem, const struct source *source, const struct plan_options *options, struct plan *out,
                  struct err *e) {
  struct plan p = {.mem = mem, .source = *source, .options = *options};
  if (!p.options.lexicon) p.options.lexicon = lexicon_default();
  TRY(plan_clean(&p, e));
  plan_scan(&p);
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
  vec_push(p->mem, &p->diags) = (struct diag){.code = code,
                                              .severity = diag_severity(code),
                                              .at = at,
                                              .document = document,
                                              .item = item,
                                              .fact_index = NO_INDEX};
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
