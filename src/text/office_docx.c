/* DOCX of a composed sheet: each style a style of Word, so that a clerk who goes on writing stays in the form; lengths as they were
 * composed. The typefaces named are those of the standard; Word replaces what is missing. */
#include "base/limits.h"
#include "base/must.h"
#include "text/docx_pack.h"
#include "text/office.h"
#include "texts.h"

static const char *const faces[FACE_COUNT] = {[FACE_TITLE] = "方正小标宋简体",
                                              [FACE_FANGSONG] = "仿宋_GB2312",
                                              [FACE_HEI] = "黑体",
                                              [FACE_KAI] = "楷体_GB2312",
                                              [FACE_SONG] = "宋体"};
/* id, name as Word knows it, level of the outline (-1 = text) */
static const struct {
  const char *id, *name;
  int outline;
} styles[STYLE_COUNT] = {[STYLE_AUTHORITY] = {"Authority", "Authority", -1},
                         [STYLE_NUMBER] = {"Number", "Document Number", -1},
                         [STYLE_TITLE] = {"Title", "Title", -1},
                         [STYLE_ADDRESSEE] = {"Addressee", "Addressee", -1},
                         [STYLE_BODY] = {"BodyText", "Body Text", -1},
                         [STYLE_SECTION] = {"Heading1", "heading 1", 0},
                         [STYLE_POINT] = {"Heading2", "heading 2", 1},
                         [STYLE_CAPTION] = {"Caption", "caption", -1},
                         [STYLE_CELL] = {"Cell", "Cell", -1},
                         [STYLE_CELL_HEAD] = {"CellHead", "Cell Head", -1},
                         [STYLE_SIGNER] = {"Signature", "Signature", -1},
                         [STYLE_IMPRINT] = {"Imprint", "Imprint", -1},
                         [STYLE_NOTE] = {"Note", "Note", -1}};
static const char *const alignments[] = {
    [ALIGN_LEFT] = "left", [ALIGN_CENTRE] = "center", [ALIGN_RIGHT] = "right", [ALIGN_BOTH] = "both"};

struct writer {
  const struct office_sheet *s;
  struct buf *b;
};

/* ---- styles ---- */

static void put_fonts(struct buf *b, const char *face) {
  buf_fmt(b,
          "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\" "
          "w:eastAsia=\"%s\"/>",
          face);
}
static void put_size(struct buf *b, int size) { buf_fmt(b, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", size, size); }
static void put_style(struct buf *b, enum office_style i, const struct office_look *look) {
  buf_fmt(b, "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:qFormat/><w:pPr>", styles[i].id,
          styles[i].name);
  buf_fmt(b, "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"%d\" w:lineRule=\"exact\"/>", look->pitch);
  if (look->indent)
    buf_fmt(b, "<w:ind w:firstLineChars=\"%d\" w:firstLine=\"%d\"/>", look->indent * 100,
            look->indent * look->size * 10);
  buf_fmt(b, "<w:jc w:val=\"%s\"/>", alignments[look->align]);
  if (styles[i].outline >= 0) buf_fmt(b, "<w:outlineLvl w:val=\"%d\"/>", styles[i].outline);
  buf_z(b, "</w:pPr><w:rPr>");
  put_fonts(b, faces[look->face]);
  if (look->red) buf_z(b, "<w:color w:val=\"DB0000\"/>");
  if (look->squeeze) buf_fmt(b, "<w:spacing w:val=\"-%d\"/>", look->squeeze);
  put_size(b, look->size);
  buf_z(b, "</w:rPr></w:style>");
}
static void put_styles(struct buf *b, const struct office_sheet *s) {
  buf_z(b, DOCX_XML_HEAD "<w:styles " DOCX_NS_WORD "><w:docDefaults><w:rPrDefault><w:rPr>");
  put_fonts(b, faces[FACE_FANGSONG]);
  buf_z(b,
        "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        "<w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>");
  for (size_t i = 0; i < STYLE_COUNT; i++)
    if (s->looks[i].size) put_style(b, (enum office_style)i, &s->looks[i]);
  buf_z(b, "</w:styles>");
}

/* ---- text ---- */

static void put_run(struct buf *b, const struct doc_run *r, int size) {
  buf_z(b, "<w:r>");
  if (r->strong || size) buf_z(b, "<w:rPr>");
  if (r->strong) buf_fmt(b, "<w:rFonts w:eastAsia=\"%s\"/>", faces[FACE_HEI]);
  if (size) put_size(b, size);
  if (r->strong || size) buf_z(b, "</w:rPr>");
  if (r->breaks) {
    buf_z(b, "<w:br/>");
  } else {
    buf_z(b, "<w:t xml:space=\"preserve\">");
    docx_escape(b, r->text);
    buf_z(b, "</w:t>");
  }
  buf_z(b, "</w:r>");
}
static void put_runs(struct buf *b, const doc_runs *runs, int size) {
  vec_each(const struct doc_run, r, runs)
    if (r->breaks || r->text.len) put_run(b, r, size);
}
static void put_text(struct writer *w, const struct office_piece *p) {
  const struct office_look *look = &w->s->looks[p->style];
  buf_fmt(w->b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s", styles[p->style].id, p->keeps ? "<w:keepNext/>" : "");
  if (p->left || p->right) {
    buf_fmt(w->b, "<w:ind w:left=\"%d\" w:right=\"%d\"", p->left, p->right);
    if (look->indent) buf_fmt(w->b, " w:firstLine=\"%d\"", look->indent * look->size * 10);
    buf_z(w->b, "/>");
  }
  buf_z(w->b, "</w:pPr>");
  put_runs(w->b, &p->runs, p->size);
  buf_z(w->b, "</w:p>");
}
static void put_space(struct writer *w, int height, bool keeps, const char *border) {
  buf_fmt(w->b,
          "<w:p><w:pPr>%s%s<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"%d\" w:lineRule=\"exact\"/></w:pPr></w:p>",
          keeps ? "<w:keepNext/>" : "", border, height);
}

/* ---- tables ---- */

static void put_cell(struct writer *w, const struct office_table *t, const struct doc_row *row, size_t i) {
  static const doc_runs nothing = {0};
  const struct doc_cell *cell = i < row->cells.len ? &row->cells.at[i] : NULL;
  const bool head = row->head || (cell && cell->head);
  const char *align = t->centred[i] ? "<w:jc w:val=\"center\"/>" : !t->lined && head ? "<w:jc w:val=\"right\"/>" : "";
  buf_fmt(w->b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/><w:vAlign w:val=\"%s\"/></w:tcPr>", t->width[i],
          t->lined ? "center" : "top");
  buf_fmt(w->b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", styles[head ? STYLE_CELL_HEAD : STYLE_CELL].id,
          align);
  put_runs(w->b, cell ? &cell->runs : &nothing, 0);
  buf_z(w->b, "</w:p></w:tc>");
}
static void put_table(struct writer *w, const struct office_table *t) {
  static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
  struct buf *b = w->b;
  buf_fmt(b, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblInd w:w=\"%d\" w:type=\"dxa\"/>",
          office_width(w->s), OFFICE_CELL_SIDE);
  if (t->lined) buf_z(b, "<w:tblBorders>");
  for (size_t i = 0; t->lined && i < COUNT_OF(sides); i++)
    buf_fmt(b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
  if (t->lined) buf_z(b, "</w:tblBorders>");
  buf_fmt(b,
          "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:top w:w=\"%d\" w:type=\"dxa\"/><w:left w:w=\"%d\" "
          "w:type=\"dxa\"/><w:bottom w:w=\"%d\" w:type=\"dxa\"/><w:right w:w=\"%d\" "
          "w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
          t->padding, OFFICE_CELL_SIDE, t->padding, OFFICE_CELL_SIDE);
  for (size_t i = 0; i < t->columns; i++) buf_fmt(b, "<w:gridCol w:w=\"%d\"/>", t->width[i]);
  buf_z(b, "</w:tblGrid>");
  for (size_t r = 0; r < t->row_count; r++) {
    buf_fmt(b, "<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>", t->rows[r].head ? "<w:tblHeader/>" : "");
    for (size_t i = 0; i < t->columns; i++) put_cell(w, t, &t->rows[r], i);
    buf_z(b, "</w:tr>");
  }
  buf_z(b, "</w:tbl>");
}

/* ---- imprint and page ---- */

/* In a frame at the foot of the page on which the text ends. */
static void put_imprint(struct writer *w) {
  const struct office_sheet *s = w->s;
  const int width = office_width(s);
  for (size_t i = 0; i < s->imprint.len; i++) {
    const struct office_piece *p = &s->imprint.at[i];
    const bool is_last = i + 1 == s->imprint.len;
    buf_fmt(w->b,
            "<w:p><w:pPr><w:pStyle w:val=\"%s\"/><w:framePr w:w=\"%d\" w:hSpace=\"0\" w:wrap=\"around\" "
            "w:vAnchor=\"margin\" w:hAnchor=\"margin\" w:xAlign=\"left\" w:yAlign=\"bottom\"/><w:pBdr>",
            styles[p->style].id, width);
    buf_fmt(w->b, "<w:top w:val=\"single\" w:sz=\"%d\" w:space=\"1\" w:color=\"000000\"/>", i ? 6 : 8);
    if (is_last) buf_z(w->b, "<w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"000000\"/>");
    buf_fmt(w->b,
            "</w:pBdr><w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs><w:ind w:left=\"%d\" w:right=\"%d\"/>",
            width - p->right, p->left, p->right);
    buf_z(w->b, "</w:pPr>");
    put_runs(w->b, &p->runs, 0);
    if (p->aside.len) buf_z(w->b, "<w:r><w:tab/></w:r>");
    if (p->aside.len) put_run(w->b, &(struct doc_run){.text = p->aside}, 0);
    buf_z(w->b, "</w:p>");
  }
}
static void put_page(struct writer *w) {
  const struct office_sheet *s = w->s;
  buf_z(w->b, "<w:sectPr>");
  if (s->folio != FOLIO_NONE) buf_z(w->b, "<w:footerReference w:type=\"default\" r:id=\"rId3\"/>");
  if (s->folio == FOLIO_OUTSIDE) buf_z(w->b, "<w:footerReference w:type=\"even\" r:id=\"rId4\"/>");
  buf_fmt(w->b, "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>", s->page_width, s->page_height,
          s->page_width > s->page_height ? " w:orient=\"landscape\"" : "");
  buf_fmt(w->b,
          "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"400\" w:footer=\"%d\" "
          "w:gutter=\"0\"/>",
          s->top, s->right, s->bottom, s->left, s->folio == FOLIO_OUTSIDE ? 1200 : 600);
  for (size_t i = 0; s->framed && i < 4; i++) {
    static const char *const sides[] = {"top", "left", "bottom", "right"};
    buf_fmt(w->b, "%s<w:%s w:val=\"thickThinSmallGap\" w:sz=\"36\" w:space=\"31\" w:color=\"000000\"/>%s",
            i ? "" : "<w:pgBorders w:offsetFrom=\"page\">", sides[i], i == 3 ? "</w:pgBorders>" : "");
  }
  buf_z(w->b, "</w:sectPr>");
}
static void put_body(struct writer *w) {
  static const char rule[] =
      "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"16\" w:space=\"0\" w:color=\"DB0000\"/></w:pBdr>";
  buf_z(w->b, DOCX_XML_HEAD "<w:document " DOCX_NS_WORD " " DOCX_NS_LINK "><w:body>");
  vec_each(const struct office_piece, p, &w->s->pieces) {
    switch (p->kind) {
      case PIECE_TEXT: put_text(w, p); break;
      case PIECE_TABLE: put_table(w, p->table); break;
      case PIECE_SPACE: put_space(w, p->height, p->keeps, ""); break;
      case PIECE_RULE: put_space(w, 20, true, rule); break;
    }
  }
  put_imprint(w);
  put_page(w);
  buf_z(w->b, "</w:body></w:document>");
}
static struct str footer(struct arena *mem, const char *properties) {
  static const char run[] =
      "<w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz "
      "w:val=\"28\"/></w:rPr>";
  return str_fmt(mem,
                 DOCX_XML_HEAD "<w:ftr " DOCX_NS_WORD
                               "><w:p><w:pPr>%s</w:pPr>%s<w:t xml:space=\"preserve\">— </w:t></w:r><w:fldSimple "
                               "w:instr=\" PAGE \">%s<w:t>1</w:t></w:r></w:fldSimple>%s<w:t "
                               "xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
                 properties, run, run, run);
}
bool office_docx(struct arena *mem, const struct office_sheet *s, struct str *out, struct err *e) {
  AUTO_BUF body = BUF_MAX(PAGE_MAX), looks = BUF_MAX(1 << 16);
  struct writer w = {s, &body};
  const bool outside = s->folio == FOLIO_OUTSIDE;
  put_body(&w);
  put_styles(&looks, s);
  must(!looks.broken);
  if (body.broken) return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(mem, "%d MiB", PAGE_MAX >> 20));
  const struct str settings = str_fmt(mem, DOCX_XML_HEAD "<w:settings " DOCX_NS_WORD ">%s</w:settings>",
                                      outside ? "<w:evenAndOddHeaders/>" : "");
  const struct docx_part parts[] = {
      {"document.xml", buf_view(&body)},
      {"styles.xml", buf_view(&looks)},
      {"settings.xml", settings},
      {"footer1.xml",
       footer(mem, outside ? "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>" : "<w:jc w:val=\"center\"/>")},
      {"footer2.xml", footer(mem, "<w:ind w:left=\"280\"/>")},
  };
  return docx_pack(mem, parts,
                   COUNT_OF(parts) - (s->folio == FOLIO_OUTSIDE  ? 0
                                      : s->folio == FOLIO_CENTRE ? 1
                                                                 : 2),
                   out, e);
}
