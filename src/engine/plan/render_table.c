/* The 重点任务分解表 that offices use: 序号 条目 任务 牵头 配合 目标 期限 成果, one row an item, sections as rows of their own.
 * The rows are made once; CSV, XLSX, DOCX and Markdown only write them down. A cell that a spreadsheet would read as a
 * formula is made a text; line ends inside cells part several targets or documents. */
#include "base/limits.h"
#include "engine/plan/render.h"
#include "text/docx_write.h"
#include "text/numeral.h"
#include "text/xlsx_write.h"
#include "texts.h"

enum column { COL_NUMBER, COL_ITEM, COL_TASK, COL_LEAD, COL_ASSIST, COL_TARGETS, COL_DUE, COL_RESULTS, COL_COUNT };
static const int heads[COL_COUNT] = {MSG_table_number, MSG_table_item,    MSG_table_task, MSG_table_lead,
                                     MSG_table_assist, MSG_table_targets, MSG_table_due,  MSG_table_results};

struct table_row {
  struct str band; /* a section's or document's name; the cells are then empty */
  struct str cell[COL_COUNT];
};
struct table {
  struct arena *mem;
  struct plan *p;
  enum lang lang;
  struct str title;
  VEC(struct table_row) rows;
};

static void add_line(struct buf *cell, struct str line) {
  if (cell->len) buf_byte(cell, '\n');
  buf_str(cell, line);
}

static struct str result_of(struct table *t, const struct deliverable *d) {
  const struct str title = d->marked ? str_fmt(t->mem, "《" STRF "》", STRA(d->title)) : d->title;
  return d->stage == STAGE_DRAFT ? str_join(t->mem, title, msg_template(t->lang, MSG_table_draft)) : title;
}

enum { CLAUSE_MOST = 120 };

/* The parts of every total of an item as chains, in their order: made in one pass, for a line of 5 MB holds a hundred
 * thousand targets. */
struct parts {
  int32_t *first, *next; /* by target; NO_INDEX ends a chain */
};

static struct parts parts_of(struct arena *mem, const struct item *it) {
  const size_t n = it->targets.len;
  struct parts all = {arena_new_n(mem, int32_t, n), arena_new_n(mem, int32_t, n)};
  for (size_t i = 0; i < n; i++) all.first[i] = all.next[i] = NO_INDEX;
  for (size_t i = n; i-- > 0;) {
    const int32_t total = it->targets.at[i].part_of;
    if (total < 0) continue;
    all.next[i] = all.first[total];
    all.first[total] = (int32_t)i;
  }
  return all;
}

/* The words of the plan when they are short, with the parts of a total behind it. */
static struct str target_line(struct table *t, const struct item *it, const struct parts *all, size_t at) {
  const struct target *x = &it->targets.at[at];
  const struct str words = plan_text(t->p, x->at);
  const struct str line =
      words.len && words.len <= CLAUSE_MOST && !x->by_hand ? words : render_target(t->mem, x, t->lang);
  AUTO_BUF parts = BUF_MAX(RENDER_MAX);
  for (int32_t i = all->first[at]; i >= 0; i = all->next[i]) {
    if (parts.len) buf_z(&parts, "、");
    buf_str(&parts, render_target(t->mem, &it->targets.at[i], t->lang));
  }
  const struct msg_arg args[] = {{"total", line}, {"parts", buf_view(&parts)}};
  return parts.len ? msg_text(t->mem, t->lang, MSG_table_parts, args, COUNT_OF(args)) : line;
}

static struct str targets_of(struct table *t, const struct item *it) {
  AUTO_ARENA tmp = {0};
  AUTO_BUF cell = BUF_MAX(RENDER_MAX);
  const struct parts all = parts_of(&tmp, it);
  for (size_t i = 0; i < it->targets.len; i++) {
    const struct target *x = &it->targets.at[i];
    if (x->has_value && !x->unsure && x->part_of < 0) add_line(&cell, target_line(t, it, &all, i));
  }
  return str_dup(t->mem, buf_view(&cell));
}

static struct str results_of(struct table *t, const struct item *it) {
  AUTO_BUF cell = BUF_MAX(RENDER_MAX);
  vec_each(struct deliverable, d, &it->deliverables)
    if (d->is_new) add_line(&cell, result_of(t, d));
  return str_dup(t->mem, buf_view(&cell));
}

/* Number and title as the plan has them: （九）扩充学位供给. */
static struct str heading_of(struct table *t, const struct item *it) {
  const struct str number = plan_item_number(t->mem, t->p, it);
  const struct str line = str_trim(str_join(t->mem, number, it->title));
  return line.len ? line : render_path(t->mem, it);
}

static struct str band_of(struct table *t, const struct section *s) {
  if (s->number <= 0 || !s->title.len) return s->title;
  return str_fmt(t->mem, STRF "、" STRF, STRA(numeral_zh_text(t->mem, s->number)), STRA(s->title));
}

/* The words of the plan; what a person filled in for a blank is said behind them. */
static struct str task_of(struct table *t, const struct item *it) {
  struct str text = plan_item_text(t->mem, t->p, it);
  vec_each(struct placeholder, x, &it->placeholders) {
    const struct msg_arg args[] = {{"blank", x->text}, {"fill", x->fill}};
    if (x->fill.len)
      text = str_fmt(t->mem, STRF "%s" STRF, STRA(text), text.len ? "\n" : "",
                     STRA(msg_text(t->mem, t->lang, MSG_table_fill, args, COUNT_OF(args))));
  }
  return text;
}

static void add_item(struct table *t, const struct item *it, int number) {
  struct table_row row = {0};
  row.cell[COL_NUMBER] = str_int(t->mem, number);
  row.cell[COL_ITEM] = heading_of(t, it);
  row.cell[COL_TASK] = task_of(t, it);
  row.cell[COL_LEAD] = render_parties(t->mem, it, ROLE_LEAD);
  row.cell[COL_ASSIST] = render_parties(t->mem, it, ROLE_ASSIST);
  row.cell[COL_TARGETS] = targets_of(t, it);
  row.cell[COL_DUE] = render_when(t->mem, &it->due, t->lang);
  row.cell[COL_RESULTS] = results_of(t, it);
  vec_push(t->mem, &t->rows) = row;
}

static void add_document(struct table *t, const struct document *d, bool with_title) {
  int number = 0;
  uint32_t section = UINT32_MAX;
  if (with_title && d->title.text.len) vec_push(t->mem, &t->rows) = (struct table_row){.band = d->title.text};
  vec_each(struct item, it, &d->items) {
    if (it->section != section && it->section < d->sections.len) {
      section = it->section;
      if (d->sections.at[section].title.len)
        vec_push(t->mem, &t->rows) = (struct table_row){.band = band_of(t, &d->sections.at[section])};
    }
    if (!it->is_group) add_item(t, it, ++number);
  }
}

static struct table table_of(struct arena *mem, struct plan *p, enum lang lang) {
  struct table t = {.mem = mem, .p = p, .lang = lang};
  const struct document *first = p->documents.len ? p->documents.at : NULL;
  const struct str name = first && first->title.text.len ? first->title.text : (struct str){0};
  t.title = msg_text(mem, lang, MSG_table_title, &(struct msg_arg){"title", name}, 1);
  vec_each(struct document, d, &p->documents) add_document(&t, d, p->documents.len > 1);
  return t;
}

static struct str head_of(const struct table *t, int column) { return msg_template(t->lang, heads[column]); }

/* ---- CSV: RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8 ---- */

static bool is_formula(struct str s) { return s.len && strchr("=+-@\t\r", s.at[0]) != NULL; }

static void put_csv(struct buf *out, struct str s, bool last) {
  buf_byte(out, '"');
  if (is_formula(s)) buf_byte(out, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"') buf_byte(out, '"');
    buf_byte(out, s.at[i]);
  }
  buf_z(out, last ? "\"\r\n" : "\",");
}

void render_csv(struct plan *p, enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct table t = table_of(&mem, p, lang);
  buf_z(out, "\xEF\xBB\xBF");
  for (int c = 0; c < COL_COUNT; c++) put_csv(out, head_of(&t, c), c == COL_COUNT - 1);
  vec_each(struct table_row, row, &t.rows)
    for (int c = 0; c < COL_COUNT; c++)
      put_csv(out, row->band.len && c == COL_ITEM ? row->band : row->cell[c], c == COL_COUNT - 1);
}

/* ---- Markdown ---- */

static void put_markdown(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '\n') buf_z(out, "<br>");
    else {
      if (strchr("|\\*_`<>[]", s.at[i])) buf_byte(out, '\\');
      buf_byte(out, s.at[i]);
    }
  }
}

static void put_markdown_head(const struct table *t, struct buf *out) {
  for (int c = 0; c < COL_COUNT; c++) buf_fmt(out, "| " STRF " ", STRA(head_of(t, c)));
  buf_z(out, "|\n");
  for (int c = 0; c < COL_COUNT; c++) buf_z(out, "| --- ");
  buf_z(out, "|\n");
}

void render_markdown(struct plan *p, enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct table t = table_of(&mem, p, lang);
  bool open = false;
  buf_z(out, "# ");
  put_markdown(out, t.title);
  buf_byte(out, '\n');
  vec_each(struct table_row, row, &t.rows) {
    if (row->band.len) {
      buf_z(out, "\n## ");
      put_markdown(out, row->band);
      buf_byte(out, '\n');
      open = false;
      continue;
    }
    if (!open) buf_byte(out, '\n');
    if (!open) put_markdown_head(&t, out);
    open = true;
    for (int c = 0; c < COL_COUNT; c++) {
      buf_z(out, "| ");
      put_markdown(out, row->cell[c]);
      buf_byte(out, ' ');
    }
    buf_z(out, "|\n");
  }
}

/* ---- XLSX and DOCX ---- */

static void put_xlsx_row(struct xlsx *x, const struct table_row *row) {
  if (row->band.len) {
    xlsx_band(x, row->band);
    return;
  }
  for (int c = 0; c < COL_COUNT; c++) {
    int64_t n;
    if (c == COL_NUMBER && str_to_int(row->cell[c], &n)) xlsx_number(x, dec_int(n));
    else xlsx_text(x, row->cell[c]);
  }
  xlsx_row_end(x);
}

bool render_xlsx(struct plan *p, enum lang lang, struct buf *out, struct err *e) {
  static const uint32_t widths[COL_COUNT] = {6, 24, 60, 18, 20, 30, 22, 30};
  AUTO_ARENA mem = {0};
  AUTO_XLSX x = {0};
  struct str bytes;
  struct xlsx_column columns[COL_COUNT];
  const struct table t = table_of(&mem, p, lang);
  for (int c = 0; c < COL_COUNT; c++) columns[c] = (struct xlsx_column){head_of(&t, c), widths[c], c != COL_NUMBER};
  TRY(xlsx_begin(&x, &mem, e));
  xlsx_sheet(&x, msg_template(lang, MSG_table_sheet), t.title, columns, COL_COUNT);
  vec_each(struct table_row, row, &t.rows) put_xlsx_row(&x, row);
  TRY(xlsx_finish(&x, &bytes, e));
  buf_str(out, bytes);
  return true;
}

bool render_docx(struct plan *p, enum lang lang, struct buf *out, struct err *e) {
  static const uint32_t widths[COL_COUNT] = {12, 36, 80, 26, 26, 32, 24, 34};
  AUTO_ARENA mem = {0};
  struct str bytes;
  struct docx_column columns[COL_COUNT];
  const struct table t = table_of(&mem, p, lang);
  for (int c = 0; c < COL_COUNT; c++)
    columns[c] = (struct docx_column){head_of(&t, c), widths[c], c == COL_NUMBER || c == COL_DUE};
  AUTO_DOCX d = docx_begin(&mem, true);
  docx_para(&d, DOCX_TITLE, t.title);
  docx_table_begin(&d, columns, COL_COUNT);
  vec_each(struct table_row, row, &t.rows) {
    if (row->band.len) docx_row_merged(&d, row->band);
    else docx_row(&d, row->cell);
  }
  docx_table_end(&d);
  TRY(docx_finish(&d, &bytes, e));
  buf_str(out, bytes);
  return true;
}
