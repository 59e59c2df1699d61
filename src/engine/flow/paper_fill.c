/* Template to document: one walk. Blanks of the template are those of a file, not of a document: between Chinese characters there is
 * none. Blanks of values stay; a break in a value begins a new paragraph, in a cell a new line. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/flow/paper.h"
#include "texts.h"

struct filler {
  struct arena *mem;
  const struct paper_job *job;
  struct eval_env env;
  struct document *out;
  doc_runs line, term; /* being filled */
  struct buf text;     /* of the last run of the line */
  bool strong, blank, has_term, in_head, in_paragraph;
  uint32_t last; /* character of the line; 0 = it is empty */
  int item;      /* number of the next item; 0 = items have none */
  size_t bytes, parts;
  struct err *e;
};

static bool too_large(struct filler *f, int most) {
  return fail(f->e, ERR_TOO_LARGE, MSG_paper_large, "limit", str_int(f->mem, most));
}
static bool count_part(struct filler *f) { return ++f->parts <= PAPER_PARTS_MAX || too_large(f, PAPER_PARTS_MAX); }
static bool count_bytes(struct filler *f, size_t n) {
  f->bytes += n;
  return f->bytes <= PAPER_TEXT_MAX || too_large(f, PAPER_TEXT_MAX);
}

/* ---- a line of runs ---- */

static bool end_run(struct filler *f) {
  if (!f->text.len) return true;
  vec_push(f->mem, &f->line) = (struct doc_run){.text = str_dup(f->mem, buf_view(&f->text)), .strong = f->strong};
  buf_clear(&f->text);
  return count_part(f);
}
static bool end_line(struct filler *f) {
  f->blank = false;
  return end_run(f);
}
static bool add_break(struct filler *f) {
  TRY(end_line(f));
  f->last = 0;
  vec_push(f->mem, &f->line) = (struct doc_run){.breaks = true};
  return count_part(f);
}
static doc_runs take_line(struct filler *f) {
  const doc_runs line = f->line;
  f->line = (doc_runs){0};
  f->last = 0;
  return line;
}
static bool is_wide(uint32_t c) { return c >= 0x2000; }
/* A blank between words of letters; none beside a Chinese character or at the beginning. */
static void settle_blank(struct filler *f, uint32_t next) {
  if (f->blank && f->last && !is_wide(f->last) && !is_wide(next)) buf_byte(&f->text, ' ');
  f->blank = false;
}
static bool add_template_text(struct filler *f, struct str s) {
  TRY(count_bytes(f, s.len));
  for (size_t i = 0; i < s.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(s, &i);
    if (c <= ' ') {
      f->blank = true;
      continue;
    }
    settle_blank(f, c);
    buf_add(&f->text, s.at + from, i - from);
    f->last = c;
  }
  return true;
}
static bool put_block(struct filler *f, struct doc_block b) {
  vec_push(f->mem, &f->out->blocks) = b;
  return count_part(f);
}
static bool break_value(struct filler *f) {
  if (!f->in_paragraph) return add_break(f);
  TRY(end_line(f));
  return put_block(f, (struct doc_block){.kind = DOC_PARA, .runs = take_line(f)});
}
static bool add_value(struct filler *f, struct str s) {
  s.len = utf8_valid_len(s);
  TRY(count_bytes(f, s.len));
  if (s.len) settle_blank(f, utf8_at(s, 0));
  for (size_t i = 0; i < s.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(s, &i);
    if (c == '\n') {
      TRY(break_value(f));
    } else if (c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != 0x2028 && c != 0x2029) {
      buf_add(&f->text, s.at + from, i - from);
      f->last = c;
    }
  }
  return true;
}

/* ---- holes ---- */

static bool work_out(struct filler *f, const struct paper_part *p, struct value *out) {
  return eval(f->mem, p->tree, &f->env, p->cost, NULL, out, f->e);
}
typedef bool fill_list(struct filler *f, const struct paper_part *first);
static bool fill_each(struct filler *f, const struct paper_part *p, fill_list *fill) {
  const struct eval_held *before = f->env.held;
  struct value set;
  TRY(work_out(f, p, &set));
  for (size_t i = 0; i < set.set.len; i++) {
    const struct eval_held held = {p->text, set.set.at[i], before};
    f->env.held = &held;
    const bool ok = count_part(f) && fill(f, p->first);
    f->env.held = before;
    TRY(ok);
  }
  return true;
}
static bool fill_if(struct filler *f, const struct paper_part *p, fill_list *fill) {
  struct value when;
  TRY(work_out(f, p, &when));
  return !value_is_yes(&when) || fill(f, p->first);
}
static bool fill_value(struct filler *f, const struct paper_part *p) {
  struct value v;
  TRY(work_out(f, p, &v));
  return add_value(f, paper_show(f->mem, f->env.units, &f->job->names, &p->type, &v));
}

/* ---- text in elements ---- */

static bool fill_inline(struct filler *f, const struct paper_part *first);
static bool fill_strong(struct filler *f, const struct paper_part *p) {
  const bool before = f->strong;
  if (!before) TRY(end_run(f));
  f->strong = true;
  TRY(fill_inline(f, p->first));
  if (!before) TRY(end_run(f));
  f->strong = before;
  return true;
}
static bool fill_inline(struct filler *f, const struct paper_part *first) {
  for (const struct paper_part *p = first; p; p = p->next) {
    switch (p->kind) {
      case PAPER_TEXT: TRY(add_template_text(f, p->text)); break;
      case PAPER_LABEL: TRY(add_value(f, p->text)); break;
      case PAPER_VALUE: TRY(fill_value(f, p)); break;
      case PAPER_EACH: TRY(fill_each(f, p, fill_inline)); break;
      case PAPER_IF: TRY(fill_if(f, p, fill_inline)); break;
      case PAPER_ELEMENT: TRY(p->element == PAPER_br ? add_break(f) : fill_strong(f, p)); break;
    }
  }
  return true;
}
static bool read_line(struct filler *f, const struct paper_part *p, doc_runs *out) {
  f->in_paragraph = p->element == PAPER_p;
  TRY(fill_inline(f, p->first) && end_line(f));
  f->in_paragraph = false;
  *out = take_line(f);
  return true;
}

/* ---- elements ---- */

static bool fill_blocks(struct filler *f, const struct paper_part *first);

static bool fill_text(struct filler *f, const struct paper_part *p, enum doc_kind kind) {
  doc_runs runs;
  TRY(read_line(f, p, &runs));
  const int number = kind == DOC_ITEM && f->item ? f->item++ : 0;
  return put_block(f, (struct doc_block){.kind = kind, .number = number, .runs = runs});
}
static bool fill_items(struct filler *f, const struct paper_part *p) {
  f->item = p->element == PAPER_ol;
  return fill_blocks(f, p->first);
}
/* A term without anything behind it stands alone. */
static bool end_term(struct filler *f, doc_runs runs) {
  const doc_runs term = f->term;
  f->term = (doc_runs){0};
  f->has_term = false;
  return put_block(f, (struct doc_block){.kind = DOC_ENTRY, .term = term, .runs = runs});
}
static bool fill_entries(struct filler *f, const struct paper_part *p) {
  TRY(fill_blocks(f, p->first));
  return !f->has_term || end_term(f, (doc_runs){0});
}
static bool fill_term(struct filler *f, const struct paper_part *p) {
  if (f->has_term) TRY(end_term(f, (doc_runs){0}));
  f->has_term = true;
  return read_line(f, p, &f->term);
}
static bool fill_meaning(struct filler *f, const struct paper_part *p) {
  doc_runs runs;
  return read_line(f, p, &runs) && end_term(f, runs);
}
static bool fill_caption(struct filler *f, const struct paper_part *p) {
  return read_line(f, p, &vec_last(&f->out->blocks).runs);
}
static bool fill_head(struct filler *f, const struct paper_part *p) {
  f->in_head = true;
  TRY(fill_blocks(f, p->first));
  f->in_head = false;
  return true;
}
static bool fill_row(struct filler *f, const struct paper_part *p) {
  struct doc_block *table = &vec_last(&f->out->blocks);
  vec_push(f->mem, &table->rows) = (struct doc_row){.head = f->in_head};
  return count_part(f) && fill_blocks(f, p->first);
}
static bool fill_cell(struct filler *f, const struct paper_part *p) {
  struct doc_block *table = &vec_last(&f->out->blocks);
  struct doc_cell cell = {.head = p->element == PAPER_th};
  TRY(read_line(f, p, &cell.runs));
  vec_push(f->mem, &vec_last(&table->rows).cells) = cell;
  return count_part(f);
}
static bool fill_element(struct filler *f, const struct paper_part *p) {
  switch (p->element) {
    case PAPER_h1: return fill_text(f, p, DOC_TITLE);
    case PAPER_h2: return fill_text(f, p, DOC_SECTION);
    case PAPER_h3: return fill_text(f, p, DOC_POINT);
    case PAPER_p: return fill_text(f, p, DOC_PARA);
    case PAPER_ol:
    case PAPER_ul: return fill_items(f, p);
    case PAPER_li: return fill_text(f, p, DOC_ITEM);
    case PAPER_dl: return fill_entries(f, p);
    case PAPER_dt: return fill_term(f, p);
    case PAPER_dd: return fill_meaning(f, p);
    case PAPER_table: return put_block(f, (struct doc_block){.kind = DOC_TABLE}) && fill_blocks(f, p->first);
    case PAPER_caption: return fill_caption(f, p);
    case PAPER_thead: return fill_head(f, p);
    case PAPER_tr: return fill_row(f, p);
    case PAPER_th:
    case PAPER_td: return fill_cell(f, p);
    default: return fill_blocks(f, p->first);
  }
}
static bool fill_blocks(struct filler *f, const struct paper_part *first) {
  for (const struct paper_part *p = first; p; p = p->next) {
    switch (p->kind) {
      case PAPER_EACH: TRY(fill_each(f, p, fill_blocks)); break;
      case PAPER_IF: TRY(fill_if(f, p, fill_blocks)); break;
      case PAPER_ELEMENT: TRY(fill_element(f, p)); break;
      default: break; /* blanks */
    }
  }
  return true;
}

static enum office_form form_of(const struct paper *said) {
  enum { FORM_GBT9704 = 1, FORM_CERTIFICATE, FORM_LIST, FORM_PLAIN }; /* the words of `form:` */
  static const enum office_form forms[] = {[0] = OFFICE_PLAIN,
                                           [FORM_GBT9704] = OFFICE_GBT9704,
                                           [FORM_CERTIFICATE] = OFFICE_CERTIFICATE,
                                           [FORM_LIST] = OFFICE_LIST,
                                           [FORM_PLAIN] = OFFICE_PLAIN};
  return forms[said->form.which];
}
bool paper_fill(struct arena *mem, const struct paper_job *job, struct paper_said *out, struct err *e) {
  struct filler f = {
      .mem = mem, .job = job, .env = *job->env, .out = &out->document, .text = BUF_MAX(2 * PAPER_TEXT_MAX), .e = e};
  *out = (struct paper_said){.head = job->head, .form = form_of(job->template->paper)};
  const bool ok = fill_blocks(&f, job->template->top.first);
  buf_drop(&f.text);
  return ok;
}
bool paper_draw(struct arena *mem, const struct paper_said *said, struct paper_made *out, struct err *e) {
  struct office_sheet sheet;
  struct office_pdf pdf;
  TRY(office_compose(mem, &said->document, &said->head, said->form, &sheet, e));
  TRY(office_pdf(mem, &sheet, &pdf, e) && office_docx(mem, &sheet, &out->docx, e));
  out->pdf = pdf.bytes;
  out->pages = pdf.pages;
  out->unknown = pdf.unknown;
  return true;
}
