/* Composition: which piece stands where, in which style, with which widths. The measures of gbt9704 are those of GB/T 9704-2012, 5 to 8;
 * the other forms follow what offices print. Nothing is drawn here and no typeface is asked, so that this is the same everywhere. */
#include "text/office.h"

#include "base/must.h"
#include "base/utf8.h"
#include "texts.h"

#define MM(n) ((int)((n)*1440 / 25.4 + 0.5))
enum {
  SHORT_SIDE = 11906,
  LONG_SIDE = 16838, /* A4 */
  PITCH = 579,       /* 22 lines in 225 mm */
  SIZE = 32,         /* 3号 */
  CHARACTER = 320,
};

/* face, size, pitch, align, indent, squeeze, red */
static const struct office_look looks[][STYLE_COUNT] =
    {
        [OFFICE_GBT9704] =
            {
                [STYLE_AUTHORITY] = {FACE_TITLE, 96, 1200, ALIGN_CENTRE, 0, 0, true},
                [STYLE_NUMBER] = {FACE_FANGSONG, SIZE, PITCH, ALIGN_CENTRE, 0, 0, false},
                [STYLE_TITLE] = {FACE_TITLE, 44, 680, ALIGN_CENTRE, 0, 0, false},
                [STYLE_ADDRESSEE] = {FACE_FANGSONG, SIZE, PITCH, ALIGN_BOTH, 0, 5, false},
                [STYLE_BODY] = {FACE_FANGSONG, SIZE, PITCH, ALIGN_BOTH, 2, 5, false},
                [STYLE_SECTION] = {FACE_HEI, SIZE, PITCH, ALIGN_BOTH, 2, 5, false},
                [STYLE_POINT] = {FACE_KAI, SIZE, PITCH, ALIGN_BOTH, 2, 5, false},
                [STYLE_CAPTION] = {FACE_HEI, 28, 560, ALIGN_CENTRE, 0, 0, false},
                [STYLE_CELL] = {FACE_FANGSONG, 24, 360, ALIGN_LEFT, 0, 0, false},
                [STYLE_CELL_HEAD] = {FACE_HEI, 24, 360, ALIGN_CENTRE, 0, 0, false},
                [STYLE_SIGNER] = {FACE_FANGSONG, SIZE, PITCH, ALIGN_RIGHT, 0, 0, false},
                [STYLE_IMPRINT] = {FACE_FANGSONG, 28, 520, ALIGN_LEFT, 0, 0, false},
                [STYLE_NOTE] = {FACE_FANGSONG, 24, 400, ALIGN_LEFT, 0, 0, false},
            },
        [OFFICE_PLAIN] =
            {
                [STYLE_NUMBER] = {FACE_FANGSONG, 24, 480, ALIGN_RIGHT, 0, 0, false},
                [STYLE_TITLE] = {FACE_TITLE, 44, 680, ALIGN_CENTRE, 0, 0, false},
                [STYLE_ADDRESSEE] = {FACE_FANGSONG, 28, 520, ALIGN_BOTH, 0, 0, false},
                [STYLE_BODY] = {FACE_FANGSONG, 28, 520, ALIGN_BOTH, 2, 0, false},
                [STYLE_SECTION] = {FACE_HEI, 28, 560, ALIGN_BOTH, 0, 0, false},
                [STYLE_POINT] = {FACE_KAI, 28, 520, ALIGN_BOTH, 0, 0, false},
                [STYLE_CAPTION] = {FACE_HEI, 28, 560, ALIGN_CENTRE, 0, 0, false},
                [STYLE_CELL] = {FACE_FANGSONG, 28, 460, ALIGN_LEFT, 0, 0, false},
                [STYLE_CELL_HEAD] = {FACE_HEI, 28, 460, ALIGN_CENTRE, 0, 0, false},
                [STYLE_SIGNER] = {FACE_FANGSONG, 28, 520, ALIGN_RIGHT, 0, 0, false},
                [STYLE_IMPRINT] = {FACE_FANGSONG, 28, 520, ALIGN_LEFT, 0, 0, false},
                [STYLE_NOTE] = {FACE_FANGSONG, 21, 360, ALIGN_LEFT, 0, 0, false},
            },
        [OFFICE_LIST] =
            {
                [STYLE_NUMBER] = {FACE_FANGSONG, 24, 420, ALIGN_RIGHT, 0, 0, false},
                [STYLE_TITLE] = {FACE_TITLE, 40, 640, ALIGN_CENTRE, 0, 0, false},
                [STYLE_ADDRESSEE] = {FACE_FANGSONG, 24, 440, ALIGN_LEFT, 0, 0, false},
                [STYLE_BODY] = {FACE_FANGSONG, 24, 440, ALIGN_LEFT, 0, 0, false},
                [STYLE_SECTION] = {FACE_HEI, 28, 520, ALIGN_LEFT, 0, 0, false},
                [STYLE_POINT] = {FACE_KAI, 24, 440, ALIGN_LEFT, 0, 0, false},
                [STYLE_CAPTION] = {FACE_HEI, 24, 480, ALIGN_CENTRE, 0, 0, false},
                [STYLE_CELL] = {FACE_FANGSONG, 24, 380, ALIGN_LEFT, 0, 0, false},
                [STYLE_CELL_HEAD] = {FACE_HEI, 24, 380, ALIGN_CENTRE, 0, 0, false},
                [STYLE_SIGNER] = {FACE_FANGSONG, 24, 440, ALIGN_RIGHT, 0, 0, false},
                [STYLE_IMPRINT] = {FACE_FANGSONG, 24, 440, ALIGN_LEFT, 0, 0, false},
                [STYLE_NOTE] = {FACE_FANGSONG, 21, 360, ALIGN_LEFT, 0, 0, false},
            },
        [OFFICE_CERTIFICATE] =
            {
                [STYLE_NUMBER] = {FACE_KAI, 28, 480, ALIGN_CENTRE, 0, 0, false},
                [STYLE_TITLE] = {FACE_TITLE, 72, 1100, ALIGN_CENTRE, 0, 0, false},
                [STYLE_ADDRESSEE] = {FACE_KAI, 32, 560, ALIGN_BOTH, 0, 0, false},
                [STYLE_BODY] = {FACE_KAI, 32, 560, ALIGN_BOTH, 2, 0, false},
                [STYLE_SECTION] = {FACE_HEI, 32, 620, ALIGN_CENTRE, 0, 0, false},
                [STYLE_POINT] = {FACE_KAI, 32, 560, ALIGN_BOTH, 0, 0, false},
                [STYLE_CAPTION] = {FACE_HEI, 28, 560, ALIGN_CENTRE, 0, 0, false},
                [STYLE_CELL] = {FACE_KAI, 32, 480, ALIGN_LEFT, 0, 0, false},
                [STYLE_CELL_HEAD] = {FACE_HEI, 32, 480, ALIGN_CENTRE, 0, 0, false},
                [STYLE_SIGNER] = {FACE_KAI, 32, 560, ALIGN_RIGHT, 0, 0, false},
                [STYLE_IMPRINT] = {FACE_KAI, 28, 520, ALIGN_LEFT, 0, 0, false},
                [STYLE_NOTE] = {FACE_SONG, 21, 360, ALIGN_CENTRE, 0, 0, false},
            },
};

struct composer {
  struct arena *mem;
  enum office_form form;
  const struct office_head *head;
  struct office_sheet *sheet;
  struct err *e;
};

/* ---- measuring ---- */

/* Capitals of a Western typeface are three quarters of a character wide, other letters and digits half of one. */
int office_measure(struct str s) {
  int quarters = 0;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    quarters += c >= 0x2000 ? 4 : c >= 'A' && c <= 'Z' ? 3 : 2;
  }
  return (quarters + 1) / 2;
}
static int measure_runs(const doc_runs *runs) {
  int most = 0, now = 0;
  vec_each(const struct doc_run, r, runs) {
    now = r->breaks ? 0 : now + office_measure(r->text);
    if (now > most) most = now;
  }
  return most;
}
static doc_runs runs_of(struct arena *mem, struct str text) {
  doc_runs runs = {0};
  vec_push(mem, &runs) = (struct doc_run){.text = text};
  return runs;
}

/* ---- pieces ---- */

static struct office_piece *put(struct composer *c, enum office_piece_kind kind) {
  struct office_piece *p = &vec_push(c->mem, &c->sheet->pieces);
  p->kind = kind;
  return p;
}
static void put_space(struct composer *c, int height) {
  struct office_piece *p = put(c, PIECE_SPACE);
  p->height = height;
  p->keeps = true;
}
static struct office_piece *put_text(struct composer *c, enum office_style style, doc_runs runs) {
  struct office_piece *p = put(c, PIECE_TEXT);
  p->style = style;
  p->runs = runs;
  return p;
}
static struct office_piece *put_line(struct composer *c, enum office_style style, struct str text) {
  return put_text(c, style, runs_of(c->mem, text));
}
/* Several lines of a title are about equally long: 7.3.1 wants a trapezium or a lozenge. */
static void put_title(struct composer *c, const struct doc_block *b) {
  const struct office_look *look = &c->sheet->looks[STYLE_TITLE];
  const int width = office_width(c->sheet), half = look->size * 5, wanted = measure_runs(&b->runs) * half;
  struct office_piece *p = put_text(c, STYLE_TITLE, b->runs);
  p->keeps = true;
  if (wanted <= width) return;
  const int lines = (wanted + width - 1) / width, line = wanted / lines + 2 * half;
  if (line < width) p->left = p->right = (width - line) / 2;
}

/* ---- tables ---- */

enum { COLUMN_MOST = 44, COLUMN_LEAST = 4, COLUMN_SHORT = 20 }; /* halves of a character */

static size_t columns_of(const struct doc_block *b) {
  size_t n = 0;
  vec_each(const struct doc_row, r, &b->rows)
    if (r->cells.len > n) n = r->cells.len;
  return n;
}
static int wanted_width(const struct doc_block *b, size_t column) {
  int most = COLUMN_LEAST;
  vec_each(const struct doc_row, r, &b->rows) {
    const int n =
        column < r->cells.len ? measure_runs(&r->cells.at[column].runs) + 1 : 0; /* marks are no exact halves */
    if (n > most) most = n;
  }
  return most;
}
/* Each column gets what its widest cell wants as long as there is enough; else those that want most share what the others leave. */
static void share_width(struct office_table *t, const int *wanted, int half, int width) {
  int open[OFFICE_COLUMNS_MAX], left = width, sum = 0;
  size_t n = 0;
  for (size_t i = 0; i < t->columns; i++) {
    t->width[i] = (wanted[i] < COLUMN_MOST ? wanted[i] : COLUMN_MOST) * half + 2 * OFFICE_CELL_SIDE;
    sum += t->width[i];
    open[n++] = (int)i;
  }
  for (bool again = sum > width; again && n;) {
    const int fair = left / (int)n;
    size_t kept = 0;
    again = false;
    for (size_t k = 0; k < n; k++) {
      const int i = open[k];
      if (t->width[i] > fair) open[kept++] = i;
      else left -= t->width[i], again = true;
    }
    n = kept;
  }
  for (size_t k = 0; sum > width && k < n; k++) t->width[open[k]] = left / (int)n;
  sum = 0;
  for (size_t i = 0; i < t->columns; i++) sum += t->width[i];
  int given = 0;
  for (size_t i = 0; i + 1 < t->columns; i++) given += t->width[i] = (int)((int64_t)t->width[i] * width / sum);
  t->width[t->columns - 1] = width - given;
}
static bool put_table(struct composer *c, const struct doc_block *b) {
  int wanted[OFFICE_COLUMNS_MAX];
  struct office_table *t = arena_new(c->mem, struct office_table);
  *t = (struct office_table){.rows = b->rows.at, .row_count = b->rows.len, .columns = columns_of(b), .lined = true};
  if (!t->columns) return true;
  if (t->columns > OFFICE_COLUMNS_MAX)
    return fail(c->e, ERR_TOO_LARGE, MSG_paper_columns, "limit", str_int(c->mem, OFFICE_COLUMNS_MAX));
  for (size_t i = 0; i < t->columns; i++) {
    wanted[i] = wanted_width(b, i);
    t->centred[i] = wanted[i] <= COLUMN_SHORT;
  }
  t->padding = 60;
  share_width(t, wanted, c->sheet->looks[STYLE_CELL].size * 5, office_width(c->sheet));
  if (b->runs.len) put_text(c, STYLE_CAPTION, b->runs)->keeps = true;
  put(c, PIECE_TABLE)->table = t;
  return true;
}

/* ---- entries: 编号 … ---- */

static struct str joined(struct arena *mem, const doc_runs *runs) {
  struct str out = STR("");
  vec_each(const struct doc_run, r, runs) out = str_join(mem, out, r->text);
  return out;
}
/* In a running text an entry is a paragraph: 编号：WT2026-00001. */
static void put_entry(struct composer *c, const struct doc_block *b) {
  doc_runs runs = {0};
  vec_push(c->mem, &runs) = (struct doc_run){.text = str_join(c->mem, joined(c->mem, &b->term), STR("："))};
  vec_each(const struct doc_run, r, &b->runs) vec_push(c->mem, &runs) = *r;
  (void)put_text(c, STYLE_BODY, runs);
}
/* Elsewhere entries behind one another are a table of two columns. Returns how many there were. */
static size_t put_entries(struct composer *c, const struct doc_block *b, size_t most) {
  size_t n = 0;
  int label = 8;
  const bool is_certificate = c->form == OFFICE_CERTIFICATE;
  while (n < most && b[n].kind == DOC_ENTRY) n++;
  struct doc_row *rows = arena_new_n(c->mem, struct doc_row, n);
  for (size_t i = 0; i < n; i++) {
    doc_runs term = b[i].term;
    if (is_certificate) term = runs_of(c->mem, str_join(c->mem, joined(c->mem, &term), STR("：")));
    vec_push(c->mem, &rows[i].cells) = (struct doc_cell){term, true};
    vec_push(c->mem, &rows[i].cells) = (struct doc_cell){b[i].runs, false};
    if (measure_runs(&term) > label) label = measure_runs(&term);
  }
  const struct office_look *look = &c->sheet->looks[STYLE_CELL];
  const int width = office_width(c->sheet), half = look->size * 5;
  struct office_table *t = arena_new(c->mem, struct office_table);
  *t = (struct office_table){.rows = rows, .row_count = n, .columns = 2, .lined = !is_certificate, .padding = 100};
  t->width[0] = (label + 4 < 24 ? label + 4 : 24) * half + 2 * OFFICE_CELL_SIDE;
  if (is_certificate) {
    t->width[0] = width * 2 / 5;
    t->padding = 20;
  }
  t->width[1] = width - t->width[0];
  put(c, PIECE_TABLE)->table = t;
  return n;
}

/* ---- the parts of a document ---- */

/* The first paragraph that ends with a colon says whom it is to. */
static bool is_addressee(const struct doc_block *b) {
  return b->kind == DOC_PARA && b->runs.len && str_ends(vec_last(&b->runs).text, STR("："));
}
static void put_item(struct composer *c, const struct doc_block *b) {
  doc_runs runs = {0};
  if (b->number) vec_push(c->mem, &runs) = (struct doc_run){.text = str_fmt(c->mem, "%d. ", b->number)};
  vec_each(const struct doc_run, r, &b->runs) vec_push(c->mem, &runs) = *r;
  (void)put_text(c, STYLE_BODY, runs);
}
static bool put_blocks(struct composer *c, const struct document *d) {
  bool may_address = c->form == OFFICE_GBT9704 || c->form == OFFICE_PLAIN;
  for (size_t i = 0; i < d->blocks.len; i++) {
    const struct doc_block *b = &d->blocks.at[i];
    const bool is_table = b->kind == DOC_TABLE || (b->kind == DOC_ENTRY && c->form != OFFICE_GBT9704);
    const bool is_first = !i || d->blocks.at[i - 1].kind == DOC_TITLE;
    if (is_table && !is_first) put_space(c, 160);
    switch (b->kind) {
      case DOC_TITLE:
        put_title(c, b);
        put_space(c, c->form == OFFICE_GBT9704 ? PITCH : 240);
        break;
      case DOC_SECTION: put_text(c, STYLE_SECTION, b->runs)->keeps = true; break;
      case DOC_POINT: put_text(c, STYLE_POINT, b->runs)->keeps = true; break;
      case DOC_PARA:
        (void)put_text(c, may_address && is_addressee(b) ? STYLE_ADDRESSEE : STYLE_BODY, b->runs);
        may_address = false;
        break;
      case DOC_ITEM: put_item(c, b); break;
      case DOC_ENTRY:
        if (!is_table) put_entry(c, b);
        else i += put_entries(c, b, d->blocks.len - i) - 1;
        break;
      case DOC_TABLE: TRY(put_table(c, b)); break;
    }
    if (is_table && i + 1 < d->blocks.len) put_space(c, 160);
  }
  return true;
}

/* 发文机关标志, 发文字号, red line: 7.2. */
static void put_red_head(struct composer *c) {
  if (c->head->authority.len) {
    const int size = c->sheet->looks[STYLE_AUTHORITY].size, width = office_width(c->sheet);
    const int halves = office_measure(c->head->authority), fits = width / (halves * 5) / 2 * 2;
    put_space(c, MM(35) - 160); /* of its line some lies above the type */
    put_line(c, STYLE_AUTHORITY, c->head->authority)->size = fits < size ? fits : 0;
  }
  if (c->head->number.len) {
    put_space(c, 2 * PITCH);
    (void)put_line(c, STYLE_NUMBER, c->head->number);
  }
  if (c->head->authority.len || c->head->number.len) {
    put_space(c, MM(4) - 120);
    (void)put(c, PIECE_RULE);
    put_space(c, 2 * PITCH);
  }
}
static void put_number(struct composer *c) {
  if (!c->head->number.len) return;
  const bool is_certificate = c->form == OFFICE_CERTIFICATE;
  (void)put_line(c, STYLE_NUMBER, is_certificate ? c->head->number : str_join(c->mem, STR("编号："), c->head->number));
}
/* 署名 and 成文日期: the day ends four characters before the margin, the name stands centred above it (7.3.5.1). */
static void put_signature(struct composer *c) {
  const struct str day = date_none(c->head->day) ? STR("") : date_zh(c->mem, c->head->day);
  const int half = c->sheet->looks[STYLE_SIGNER].size * 5;
  const int margin = c->form == OFFICE_LIST || c->form == OFFICE_PLAIN ? 2 * half : 8 * half;
  const int name_width = office_measure(c->head->authority) * half, day_width = office_measure(day) * half;
  const int name_right = margin + (day_width - name_width) / 2;
  const int shift = name_right < 0 ? -name_right : 0;
  if (!day.len && !c->head->authority.len) return;
  if (c->sheet->pieces.len && c->form != OFFICE_LIST) vec_last(&c->sheet->pieces).keeps = true;
  put_space(c, c->form == OFFICE_GBT9704 ? 2 * PITCH : c->form == OFFICE_PLAIN ? 400 : 160);
  if (c->head->authority.len) {
    struct office_piece *p = put_line(c, STYLE_SIGNER, c->head->authority);
    p->right = name_right + shift;
    p->keeps = day.len > 0;
  }
  if (day.len) put_line(c, STYLE_SIGNER, day)->right = margin + shift;
}
static void put_verify(struct composer *c) {
  if (!c->head->verify.len) return;
  struct str says = str_join(c->mem, STR("验证编号："), c->head->verify);
  if (c->head->verify_at.len) says = str_fmt(c->mem, STRF "　查验：" STRF, STRA(says), STRA(c->head->verify_at));
  put_space(c, 200);
  (void)put_line(c, STYLE_NOTE, says);
}
static void put_imprint(struct composer *c) {
  office_pieces *to = &c->sheet->imprint;
  const struct office_head *h = c->head;
  if (!h->printer.len) return;
  if (h->copies.len)
    vec_push(c->mem, to) =
        (struct office_piece){.kind = PIECE_TEXT,
                              .style = STYLE_IMPRINT,
                              .runs = runs_of(c->mem, str_fmt(c->mem, "抄送：" STRF "。", STRA(h->copies)))};
  struct office_piece *p = &vec_push(c->mem, to);
  *p = (struct office_piece){.kind = PIECE_TEXT, .style = STYLE_IMPRINT, .runs = runs_of(c->mem, h->printer)};
  if (!date_none(h->day)) p->aside = str_join(c->mem, date_zh(c->mem, h->day), STR("印发"));
  for (size_t i = 0; i < to->len; i++) to->at[i].left = to->at[i].right = 280; /* a character of 4号 */
}

static void lay_out_page(struct office_sheet *s, enum office_form form) {
  const bool is_across = form == OFFICE_CERTIFICATE || form == OFFICE_LIST;
  s->page_width = is_across ? LONG_SIDE : SHORT_SIDE;
  s->page_height = is_across ? SHORT_SIDE : LONG_SIDE;
  s->folio = form == OFFICE_GBT9704 ? FOLIO_OUTSIDE : form == OFFICE_CERTIFICATE ? FOLIO_NONE : FOLIO_CENTRE;
  s->framed = form == OFFICE_CERTIFICATE;
  s->top = s->bottom = s->left = s->right = form == OFFICE_CERTIFICATE ? MM(28) : MM(22);
  if (form == OFFICE_PLAIN) s->top = s->bottom = MM(28);
  if (form == OFFICE_CERTIFICATE) s->left = s->right = MM(45);
  if (form != OFFICE_GBT9704) return;
  s->top = MM(37);
  s->bottom = MM(35);
  s->left = MM(28);
  s->right = MM(26);
}
bool office_compose(struct arena *mem, const struct document *d, const struct office_head *head, enum office_form form,
                    struct office_sheet *out, struct err *e) {
  struct composer c = {mem, form, head, out, e};
  *out = (struct office_sheet){.looks = looks[form], .day = head->day, .title = STR("")};
  lay_out_page(out, form);
  vec_each(const struct doc_block, b, &d->blocks)
    if (b->kind == DOC_TITLE && !out->title.len) out->title = joined(mem, &b->runs);
  if (form == OFFICE_GBT9704) put_red_head(&c);
  else if (form != OFFICE_CERTIFICATE) put_number(&c);
  else put_space(&c, d->blocks.len < 10 ? (int)(10 - d->blocks.len) * 120 : 0); /* what there is stands in the middle */
  TRY(put_blocks(&c, d));
  if (form == OFFICE_CERTIFICATE) put_number(&c);
  put_signature(&c);
  put_verify(&c);
  if (form == OFFICE_GBT9704) put_imprint(&c);
  return true;
}
