/* PDF by pango and cairo: pango breaks lines (no mark at the beginning of a line that may not stand there), this file sets them: on exact
 * pitches, over pages, tables row by row with their head repeated. A line's place depends on its pitch and size alone, never on what a
 * typeface says of itself, so that a sheet is laid out alike with the office's own typefaces and with the free ones. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/office.h"
#include "texts.h"

/* What an office has, then what Debian has: AR PL SungtiL and KaitiM (fonts-arphic-gbsn00lp, -gkai00mp) cover GB 2312, Noto CJK the rest. */
static const char *const families[FACE_COUNT] = {
    [FACE_TITLE] = "方正小标宋简体,FZXiaoBiaoSong-B05S,Noto Serif CJK SC",
    [FACE_FANGSONG] = "仿宋_GB2312,FangSong_GB2312,仿宋,FangSong,AR PL SungtiL GB,Noto Serif CJK SC",
    [FACE_HEI] = "黑体,SimHei,Noto Sans CJK SC",
    [FACE_KAI] = "楷体_GB2312,KaiTi_GB2312,楷体,KaiTi,AR PL KaitiM GB,Noto Serif CJK SC",
    [FACE_SONG] = "宋体,SimSun,AR PL SungtiL GB,Noto Serif CJK SC",
};
static const char latin_family[] = "Times New Roman,Liberation Serif,Noto Serif CJK SC";
static const double RED = 0.86,
                    BASE = 0.37; /* the middle of a character lies this much of its size above its foot line */
enum { LINE_WIDTH = 10, FOLIO_DROP = 397, TEXT_MOST = 1 << 20 };

struct pdf {
  const struct office_sheet *s;
  struct arena *mem;
  struct buf out;
  cairo_surface_t *surface;
  cairo_t *cairo;
  PangoFontMap *fonts; /* of this document alone: none waits in each thread of a server */
  PangoContext *pango;
  int y, page, unknown; /* y: from the upper edge of the paper, twentieths */
  bool failed;          /* too many pages: nothing more is drawn */
};
static void end_pdf(struct pdf *p) {
  if (p->cairo) cairo_destroy(p->cairo);
  if (p->surface) cairo_surface_destroy(p->surface);
  if (p->pango) g_object_unref(p->pango);
  if (p->fonts) g_object_unref(p->fonts);
  buf_drop(&p->out);
}
#define AUTO_PDF __attribute__((cleanup(end_pdf))) struct pdf
static void end_layout(PangoLayout **l) {
  if (*l) g_object_unref(*l);
}
#define AUTO_LAYOUT __attribute__((cleanup(end_layout))) PangoLayout *

static double points(int twentieths) { return twentieths / 20.0; }
static int units(int twentieths) { return twentieths * PANGO_SCALE / 20; }
static int bottom_of(const struct pdf *p) { return p->s->page_height - p->s->bottom; }

/* ---- text to lines ---- */

static PangoFontDescription *font_of(const char *family, const struct office_look *look, int size) {
  PangoFontDescription *d = pango_font_description_new();
  pango_font_description_set_family_static(d, family);
  pango_font_description_set_size(d, size * PANGO_SCALE / 2);
  if (look->face == FACE_TITLE) pango_font_description_set_weight(d, PANGO_WEIGHT_SEMIBOLD);
  return d;
}
static void add_attribute(PangoAttrList *list, PangoAttribute *a, size_t from, size_t to) {
  a->start_index = (guint)from;
  a->end_index = (guint)to;
  pango_attr_list_insert(list, a);
}
/* Letters and digits are of the Western typeface; marks stay Chinese, whole characters wide. */
static void add_latin(PangoAttrList *list, struct str text) {
  for (size_t i = 0; i < text.len; i++) {
    const size_t from = i;
    while (i < text.len && (unsigned char)text.at[i] > ' ' && (unsigned char)text.at[i] < 0x7F) i++;
    if (i > from) add_attribute(list, pango_attr_family_new(latin_family), from, i);
  }
}
static PangoLayout *layout_of(struct pdf *p, const struct office_look *look, int size, const doc_runs *runs,
                              int width) {
  PangoLayout *l = pango_layout_new(p->pango);
  PangoAttrList *list = pango_attr_list_new();
  AUTO_BUF text = BUF_MAX(TEXT_MOST);
  vec_each(const struct doc_run, r, runs) {
    const size_t from = text.len;
    if (r->breaks) buf_z(&text, "\xE2\x80\xA8"); /* U+2028 */
    else buf_str(&text, r->text);
    if (r->strong) add_attribute(list, pango_attr_family_new(families[FACE_HEI]), from, text.len);
  }
  add_latin(list, buf_view(&text));
  if (look->squeeze) pango_attr_list_insert(list, pango_attr_letter_spacing_new(-units(look->squeeze)));
  PangoFontDescription *font = font_of(families[look->face], look, size);
  pango_layout_set_font_description(l, font);
  pango_font_description_free(font);
  pango_layout_set_attributes(l, list);
  pango_attr_list_unref(list);
  pango_layout_set_text(l, text.len ? text.at : "", (int)text.len);
  pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(l, units(width));
  pango_layout_set_justify(l, look->align == ALIGN_BOTH);
  pango_layout_set_alignment(l, look->align == ALIGN_CENTRE  ? PANGO_ALIGN_CENTER
                                : look->align == ALIGN_RIGHT ? PANGO_ALIGN_RIGHT
                                                             : PANGO_ALIGN_LEFT);
  pango_layout_set_indent(l, units(look->indent * (size * 10 - look->squeeze)));
  p->unknown += pango_layout_get_unknown_glyphs_count(l);
  return l;
}

/* ---- pages ---- */

static void draw_line(struct pdf *p, int x, int y, int to_x, int to_y, int width) {
  cairo_set_line_width(p->cairo, points(width));
  cairo_move_to(p->cairo, points(x), points(y));
  cairo_line_to(p->cairo, points(to_x), points(to_y));
  cairo_stroke(p->cairo);
}
/* Lines from..to of a layout at x; the first lies at y. */
static void draw_lines(struct pdf *p, const struct office_look *look, int size, PangoLayout *l, int x, int y, int from,
                       int to) {
  PangoLayoutIter *i = pango_layout_get_iter(l);
  if (look->red) cairo_set_source_rgb(p->cairo, RED, 0, 0);
  for (int n = 0; n < to; n++) {
    PangoRectangle box;
    pango_layout_iter_get_line_extents(i, NULL, &box);
    if (n >= from) {
      const double foot = points(y + (n - from) * look->pitch) + points(look->pitch) / 2 + size / 2.0 * BASE;
      cairo_move_to(p->cairo, points(x) + (double)box.x / PANGO_SCALE, foot);
      pango_cairo_show_layout_line(p->cairo, pango_layout_iter_get_line_readonly(i));
    }
    if (!pango_layout_iter_next_line(i)) break;
  }
  pango_layout_iter_free(i);
  cairo_set_source_rgb(p->cairo, 0, 0, 0);
}
static void draw_folio(struct pdf *p) {
  static const struct office_look look = {FACE_SONG, 28, 400, ALIGN_LEFT, 0, 0, false};
  const struct office_sheet *s = p->s;
  doc_runs runs = {0};
  int width = 0;
  if (s->folio == FOLIO_NONE) return;
  vec_push(p->mem, &runs) = (struct doc_run){.text = str_fmt(p->mem, "— %d —", p->page)};
  AUTO_LAYOUT l = layout_of(p, &look, look.size, &runs, office_width(s));
  pango_layout_get_size(l, &width, NULL);
  width = width * 20 / PANGO_SCALE;
  const int room = office_width(s) - width;
  const int x = s->folio == FOLIO_CENTRE ? room / 2 : p->page % 2 ? room - 280 : 280;
  draw_lines(p, &look, look.size, l, s->left + x, bottom_of(p) + FOLIO_DROP - 100, 0, 1);
}
/* Two lines, the outer one thick. */
static void draw_frame(struct pdf *p) {
  const struct office_sheet *s = p->s;
  static const struct { int inset, width; } frames[] = {{800, 60}, {900, 15}};
  for (size_t i = 0; s->framed && i < COUNT_OF(frames); i++) {
    const int inset = frames[i].inset;
    cairo_set_line_width(p->cairo, points(frames[i].width));
    cairo_rectangle(p->cairo, points(inset), points(inset), points(s->page_width - 2 * inset),
                    points(s->page_height - 2 * inset));
    cairo_stroke(p->cairo);
  }
}
static void begin_page(struct pdf *p) {
  if (p->page) {
    draw_folio(p);
    cairo_show_page(p->cairo);
  }
  p->page++;
  p->failed = p->page > PAPER_PAGES_MAX;
  p->y = p->s->top;
  draw_frame(p);
}
static bool fits(const struct pdf *p, int height) { return p->y + height <= bottom_of(p); }
/* A new page, unless this one is empty. */
static void need(struct pdf *p, int height) {
  if (!fits(p, height) && p->y > p->s->top) begin_page(p);
}

/* ---- tables ---- */

struct laid_row {
  PangoLayout *cell[OFFICE_COLUMNS_MAX];
  int lines[OFFICE_COLUMNS_MAX], most; /* of the fullest cell */
  const struct doc_row *row;
};
static const struct office_look *cell_look(const struct pdf *p, const struct doc_row *row, size_t i) {
  const bool head = row->head || (i < row->cells.len && row->cells.at[i].head);
  return &p->s->looks[head ? STYLE_CELL_HEAD : STYLE_CELL];
}
static void free_row(struct laid_row *r) {
  for (size_t i = 0; i < OFFICE_COLUMNS_MAX; i++)
    if (r->cell[i]) g_object_unref(r->cell[i]);
}
#define AUTO_ROW __attribute__((cleanup(free_row))) struct laid_row
static void lay_row(struct pdf *p, const struct office_table *t, const struct doc_row *row, struct laid_row *out) {
  static const doc_runs nothing = {0};
  *out = (struct laid_row){.row = row, .most = 1};
  for (size_t i = 0; i < t->columns; i++) {
    struct office_look look = *cell_look(p, row, i);
    if (t->centred[i]) look.align = ALIGN_CENTRE;
    if (!t->lined && look.align == ALIGN_CENTRE) look.align = ALIGN_RIGHT;
    out->cell[i] = layout_of(p, &look, look.size, i < row->cells.len ? &row->cells.at[i].runs : &nothing,
                             t->width[i] - 2 * OFFICE_CELL_SIDE);
    out->lines[i] = pango_layout_get_line_count(out->cell[i]);
    if (out->lines[i] > out->most) out->most = out->lines[i];
  }
}
static int row_height(const struct pdf *p, const struct office_table *t, int lines) {
  return lines * p->s->looks[STYLE_CELL].pitch + 2 * t->padding;
}
/* Lines from..to of each cell; a row that is drawn whole has its text in the middle. */
static void draw_row(struct pdf *p, const struct office_table *t, const struct laid_row *r, int from, int to) {
  const int height = row_height(p, t, to - from), pitch = p->s->looks[STYLE_CELL].pitch;
  const bool whole = !from && to == r->most;
  int x = p->s->left;
  for (size_t i = 0; i < t->columns; i++) {
    const int last = r->lines[i] < to ? r->lines[i] : to,
              lead = whole && t->lined ? (r->most - r->lines[i]) * pitch / 2 : 0;
    const struct office_look *look = cell_look(p, r->row, i);
    if (last > from)
      draw_lines(p, look, look->size, r->cell[i], x + OFFICE_CELL_SIDE, p->y + t->padding + lead, from, last);
    if (t->lined) draw_line(p, x, p->y, x, p->y + height, LINE_WIDTH);
    x += t->width[i];
  }
  if (t->lined) {
    draw_line(p, x, p->y, x, p->y + height, LINE_WIDTH);
    draw_line(p, p->s->left, p->y, x, p->y, LINE_WIDTH);
    draw_line(p, p->s->left, p->y + height, x, p->y + height, LINE_WIDTH);
  }
  p->y += height;
}
static void draw_heads(struct pdf *p, const struct office_table *t) {
  for (size_t i = 0; i < t->row_count && t->rows[i].head && !p->failed; i++) {
    AUTO_ROW r;
    lay_row(p, t, &t->rows[i], &r);
    draw_row(p, t, &r, 0, r.most);
  }
}
/* A row that fits on no page is cut between lines. */
static void put_row(struct pdf *p, const struct office_table *t, const struct laid_row *r) {
  const int pitch = p->s->looks[STYLE_CELL].pitch;
  for (int from = 0; from < r->most && !p->failed;) {
    if (!fits(p, row_height(p, t, from ? 1 : r->most)) && p->y > p->s->top) {
      begin_page(p);
      if (!r->row->head) draw_heads(p, t);
    }
    const int room = (bottom_of(p) - p->y - 2 * t->padding) / pitch, rest = r->most - from;
    const int now = rest <= room ? rest : room < 1 ? 1 : room;
    draw_row(p, t, r, from, from + now);
    from += now;
  }
}
static int first_rows_height(struct pdf *p, const struct office_table *t) {
  int height = 0;
  for (size_t i = 0; i < t->row_count; i++) {
    AUTO_ROW r;
    lay_row(p, t, &t->rows[i], &r);
    height += row_height(p, t, r.most);
    if (!t->rows[i].head) break;
  }
  return height;
}
static void put_table(struct pdf *p, const struct office_table *t) {
  const int least = first_rows_height(p, t);
  if (least <= bottom_of(p) - p->s->top) need(p, least);
  for (size_t i = 0; i < t->row_count && !p->failed; i++) {
    AUTO_ROW r;
    lay_row(p, t, &t->rows[i], &r);
    put_row(p, t, &r);
  }
}

/* ---- pieces ---- */

enum { KEPT_LINES = 2, SHORT_LINES = 4 };
static PangoLayout *piece_layout(struct pdf *p, const struct office_piece *x) {
  const struct office_look *look = &p->s->looks[x->style];
  return layout_of(p, look, x->size ? x->size : look->size, &x->runs, office_width(p->s) - x->left - x->right);
}
/* What piece i and those that it keeps need of a page to begin on it. */
static int least_height(struct pdf *p, size_t i) {
  int height = 0;
  for (; i < p->s->pieces.len; i++) {
    const struct office_piece *x = &p->s->pieces.at[i];
    if (x->kind == PIECE_TABLE) return height + first_rows_height(p, x->table);
    if (x->kind == PIECE_TEXT) {
      AUTO_LAYOUT l = piece_layout(p, x);
      const int lines = pango_layout_get_line_count(l);
      const bool is_long = lines > SHORT_LINES || !x->keeps;
      height += (is_long && lines > KEPT_LINES ? KEPT_LINES : lines) * p->s->looks[x->style].pitch;
      if (is_long) return height;
    }
    if (x->kind == PIECE_SPACE) height += x->height;
    if (!x->keeps && x->kind != PIECE_RULE) return height;
  }
  return height;
}
static void put_text(struct pdf *p, size_t i) {
  const struct office_piece *x = &p->s->pieces.at[i];
  const struct office_look *look = &p->s->looks[x->style];
  AUTO_LAYOUT l = piece_layout(p, x);
  const int lines = pango_layout_get_line_count(l), page = bottom_of(p) - p->s->top;
  const int followers = x->keeps ? least_height(p, i + 1) : 0;
  for (int n = 0; n < lines && !p->failed; n++) {
    const int rest = lines - n;
    int least = look->pitch;
    if (!n && rest >= KEPT_LINES) least = KEPT_LINES * look->pitch;
    if (rest == KEPT_LINES || (!n && lines <= SHORT_LINES && x->keeps)) least = rest * look->pitch + followers;
    if (least > page) least = look->pitch;
    need(p, least);
    draw_lines(p, look, x->size ? x->size : look->size, l, p->s->left + x->left, p->y, n, n + 1);
    p->y += look->pitch;
  }
}
static void put_rule(struct pdf *p) {
  cairo_set_source_rgb(p->cairo, RED, 0, 0);
  draw_line(p, p->s->left, p->y, p->s->page_width - p->s->right, p->y, 40);
  cairo_set_source_rgb(p->cairo, 0, 0, 0);
}
/* 版记: between lines at the foot of the last page; 7.4. */
static void put_imprint(struct pdf *p) {
  enum { THICK = 20, THIN = 14 }; /* 0.35 mm, 0.25 mm */
  const struct office_sheet *s = p->s;
  const struct office_look *look = &s->looks[STYLE_IMPRINT];
  const int height = (int)s->imprint.len * look->pitch, right = s->page_width - s->right;
  if (!s->imprint.len || p->failed) return;
  need(p, height + look->pitch);
  int y = bottom_of(p) - height;
  draw_line(p, s->left, y, right, y, THICK);
  vec_each(const struct office_piece, x, &s->imprint) {
    struct office_look aside = *look;
    doc_runs runs = {0};
    aside.align = ALIGN_RIGHT;
    vec_push(p->mem, &runs) = (struct doc_run){.text = x->aside};
    AUTO_LAYOUT l = layout_of(p, look, look->size, &x->runs, office_width(s) - x->left - x->right);
    AUTO_LAYOUT r = layout_of(p, &aside, look->size, &runs, office_width(s) - x->left - x->right);
    if (x != s->imprint.at) draw_line(p, s->left, y, right, y, THIN);
    draw_lines(p, look, look->size, l, s->left + x->left, y, 0, 1);
    draw_lines(p, &aside, look->size, r, s->left + x->left, y, 0, 1);
    y += look->pitch;
  }
  draw_line(p, s->left, y, right, y, THICK);
}
static void put_pieces(struct pdf *p) {
  begin_page(p);
  for (size_t i = 0; i < p->s->pieces.len && !p->failed; i++) {
    const struct office_piece *x = &p->s->pieces.at[i];
    switch (x->kind) {
      case PIECE_TEXT: put_text(p, i); break;
      case PIECE_TABLE: put_table(p, x->table); break;
      case PIECE_RULE: put_rule(p); break;
      case PIECE_SPACE:
        if (x->keeps && least_height(p, i) <= bottom_of(p) - p->s->top) need(p, least_height(p, i));
        if (p->y > p->s->top || p->page == 1) p->y += x->height; /* not at the head of a page */
        break;
    }
  }
  put_imprint(p);
  draw_folio(p);
}

/* ---- the file ---- */

static cairo_status_t take_bytes(void *to, const unsigned char *bytes, unsigned n) {
  struct buf *b = to;
  buf_add(b, bytes, n);
  return b->broken ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}
static void begin_pdf(struct pdf *p) {
  const struct office_sheet *s = p->s;
  p->surface = cairo_pdf_surface_create_for_stream(take_bytes, &p->out, points(s->page_width), points(s->page_height));
  const struct date day = date_none(s->day) ? (struct date){1980, 1, 1} : s->day;
  const struct str made = str_fmt(p->mem, STRF "T00:00:00Z", STRA(date_iso(p->mem, day)));
  cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, str_z(p->mem, made));
  cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, str_z(p->mem, s->title));
  p->cairo = cairo_create(p->surface);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  p->fonts = pango_cairo_font_map_new();
  p->pango = pango_font_map_create_context(p->fonts);
  pango_cairo_context_set_font_options(p->pango, options);
  cairo_font_options_destroy(options);
  pango_cairo_context_set_resolution(p->pango, 72);
  pango_context_set_language(p->pango, pango_language_from_string("zh-cn"));
  pango_context_set_base_dir(p->pango, PANGO_DIRECTION_LTR);
  pango_context_set_round_glyph_positions(p->pango, FALSE);
}
bool office_pdf(struct arena *mem, const struct office_sheet *s, struct office_pdf *out, struct err *e) {
  AUTO_PDF p = {.s = s, .mem = mem, .out = BUF_MAX(PAGE_MAX)};
  begin_pdf(&p);
  put_pieces(&p);
  cairo_surface_finish(p.surface);
  if (p.failed) return fail(e, ERR_TOO_LARGE, MSG_paper_pages, "limit", str_int(mem, PAPER_PAGES_MAX));
  if (p.out.broken || cairo_surface_status(p.surface) != CAIRO_STATUS_SUCCESS)
    return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(mem, "%d MiB", PAGE_MAX >> 20));
  *out = (struct office_pdf){str_dup(mem, buf_view(&p.out)), p.page, p.unknown};
  return true;
}
