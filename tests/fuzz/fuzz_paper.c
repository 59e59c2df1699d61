/* A template of a paper in: it is walked to its end, and every fault has a place in it; one without faults can be filled, whatever
 * the values are, and composed in each form. */
#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "declare/calendar.h"
#include "declare/meaning.h"
#include "engine/flow/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char said[] =
    "gangmu: 1\nsystem: s\nlabel: S\nversion: 1\nroles: {r: {label: R, at: [school]}}\n"
    "records: {t: {label: T, keepers: [r], fields: {a: {is: text(9), label: A}, b: {is: rows, label: B, fields: "
    "{c: {is: money, label: C}}}}}}\npapers: {p: {label: P, of: t, template: papers/p.html}}\nprivacy: {rule: none}\n";

/* ---- values: texts that try to be more, amounts, three rows ---- */

static bool give_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                       struct str name, struct value *out, struct err *e) {
  (void)thing, (void)of, (void)e;
  *out = value_none(NONE_missing);
  if (str_eqz(name, "a")) *out = value_text(STR("<p>{a}</p>\n\n&\t第一，\x7F 二"));
  if (str_eqz(name, "number")) *out = value_text(STR("B2026-1"));
  if (str_eqz(name, "c")) *out = value_number(ratio_int(1234567), (struct dimension){0});
  if (str_eqz(name, "created")) *out = value_moment(env->now);
  if (str_eqz(name, "b")) {
    struct value *rows = arena_new_n(mem, struct value, 3);
    for (int i = 0; i < 3; i++) rows[i] = value_thing(i, NULL);
    *out = value_set(rows, 3);
  }
  return true;
}
static bool give_global(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                        struct err *e) {
  (void)mem, (void)e;
  *out = str_eqz(name, "this") ? env->self : value_none(NONE_unknown);
  return true;
}
static bool give_all(const struct eval_env *env, struct arena *mem, const struct type *record,
                     const struct equality *equal, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)record, (void)equal, (void)count, (void)e;
  *out = value_set(NULL, 0);
  return true;
}
static bool give_function(const struct eval_env *env, struct arena *mem, enum function fn, struct str label,
                          const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)fn, (void)label, (void)args, (void)count, (void)e;
  *out = value_none(NONE_unknown);
  return true;
}
static int no_place(const struct eval_env *env, const void *list, struct str code) {
  (void)env, (void)list, (void)code;
  return -1;
}
static struct str no_code(const struct eval_env *env, const void *list, int place) {
  (void)env, (void)list, (void)place;
  return STR("");
}

static void check_runs(const doc_runs *runs) {
  vec_each(const struct doc_run, r, runs) {
    must(utf8_valid(r->text) && (!r->breaks || !r->text.len));
    for (size_t i = 0; i < r->text.len; i++) must((unsigned char)r->text.at[i] >= ' ');
  }
}
static void check_document(struct arena *mem, const struct document *d) {
  const struct office_head head = {.authority = STR("A"), .number = STR("1"), .day = {2026, 3, 2}, .printer = STR("P")};
  vec_each(const struct doc_block, b, &d->blocks) {
    check_runs(&b->runs);
    check_runs(&b->term);
    must(b->kind == DOC_TABLE || !b->rows.len);
    vec_each(const struct doc_row, row, &b->rows)
      vec_each(const struct doc_cell, cell, &row->cells) check_runs(&cell->runs);
  }
  for (enum office_form form = OFFICE_PLAIN; form <= OFFICE_LIST; form++) {
    struct office_sheet sheet;
    struct err e = {0};
    if (!office_compose(mem, d, &head, form, &sheet, &e)) continue;
    vec_each(const struct office_piece, p, &sheet.pieces) {
      int sum = 0;
      for (size_t i = 0; p->table && i < p->table->columns; i++) sum += p->table->width[i];
      must(p->kind != PIECE_TABLE || sum == office_width(&sheet));
    }
  }
}
/* What is kept of it says the same. */
static void check_kept(struct arena *mem, const struct paper_said *d) {
  struct paper_said again;
  struct str kept, twice;
  struct err e = {0};
  if (!paper_keep(mem, d, &kept, &e)) return;
  must(paper_kept(mem, kept, &again, &e) && paper_keep(mem, &again, &twice, &e) && str_eq(kept, twice));
  must(again.document.blocks.len == d->document.blocks.len && again.form == d->form);
}
static void fill(struct arena *mem, const struct paper_template *read, const struct units *units) {
  const struct type self = meaning_record_type(read->record);
  const struct eval_env env = {.units = units,
                               .calendar = calendar_known(),
                               .now = INT64_C(1772413200000000),
                               .reference_day = {2026, 3, 2},
                               .self = value_thing(1, NULL),
                               .self_type = &self,
                               .global = give_global,
                               .field = give_field,
                               .all = give_all,
                               .function = give_function,
                               .code_place = no_place,
                               .code_at = no_code};
  const struct paper_job job = {.template = read, .env = &env};
  struct paper_said d;
  struct err e = {0};
  if (!paper_fill(mem, &job, &d, &e)) {
    must(e.msg);
    return;
  }
  check_document(mem, &d.document);
  check_kept(mem, &d);
}

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
  const struct world world = {.unit_kinds = &kind, .unit_kind_count = 1, .units = &units};
  must(system_read(&f, STR("system.yaml"), str_of(said), &s) && !f.errors);
  const struct str text = {(const char *)data, size};
  const bool is_good = paper_read(&f, s, &world, &s->papers.at[0], STR("p.html"), text, &read);
  vec_each(const struct fault, x, &f.all) must(x->at.line >= 1 && x->at.column >= 1 && x->at.width >= 0 && x->msg);
  faults_print(&f, LANG_ZH, &out);
  must(is_good == (!f.errors && utf8_valid(text)));
  if (is_good) fill(&mem, &read, &units);
  return 0;
}
