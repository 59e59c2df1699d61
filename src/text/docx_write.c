/* DOCX out: four XML parts in a ZIP with fixed times.
 *
 * The text of document.xml is written as the calls come, so memory is one buffer. Sizes are those of GB/T 9704-2012 in
 * half points; widths in twentieths of a point (dxa, 1 mm = 56.7). The typefaces named are what offices have; Word
 * replaces those that are missing. Nothing but text from outside gets into the XML, and it is escaped in one place. */
#include "text/docx_write.h"

#include "base/limits.h"
#include "base/must.h"
#include "text/docx_pack.h"
#include "texts.h"

enum {
  BODY_MOST = 64 << 20,
  DXA_PER_100MM = 5669,
  SHORT_SIDE = 11906,
  LONG_SIDE = 16838, /* A4 */
  TOP = 2098,
  BOTTOM = 1984,
  LEFT = 1587,
  RIGHT = 1474,        /* 37, 35, 28, 26 mm */
  TABLE_MARGIN = 1417, /* 25 mm on all sides of a landscape table */
  FOOTER = 1417,
};

/* The page number between dashes, 14 pt 宋体, as the standard has it. */
static const char FOOTER_XML[] = DOCX_XML_HEAD
    "<w:ftr " DOCX_NS_WORD
    "><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>"
    "<w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr>"
    "<w:t xml:space=\"preserve\">— </w:t></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:rPr><w:rFonts w:ascii=\"宋体\" "
    "w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>"
    "<w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr>"
    "<w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>";

static const struct look {
  const char *id, *name, *font;
  int half_points, outline; /* outline -1: body text */
  const char *paragraph;    /* alignment, spacing, indent */
} looks[] = {
    [DOCX_TITLE] = {"PlanTitle", "Title", "方正小标宋简体", 44, -1,
                    "<w:spacing w:before=\"200\" w:after=\"200\"/><w:jc w:val=\"center\"/>"},
    [DOCX_HEADING1] = {"Heading1", "heading 1", "黑体", 32, 0, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>"},
    [DOCX_HEADING2] = {"Heading2", "heading 2", "楷体_GB2312", 32, 1,
                       "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>"},
    [DOCX_BODY] = {"PlanBody", "Body Text", "仿宋_GB2312", 32, -1,
                   "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>"},
    [DOCX_PLAIN] = {"PlanNote", "Plan Note", "仿宋_GB2312", 24, -1, ""},
};
static const char CELL_STYLE[] = "PlanCell", CELL_HEAD_STYLE[] = "PlanCellHead";

/* ---- the body ---- */

static void put_paragraph(struct buf *b, const char *style, const char *properties, struct str text) {
  buf_fmt(b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style, properties);
  if (text.len) {
    buf_z(b, "<w:r><w:t xml:space=\"preserve\">");
    docx_escape(b, text);
    buf_z(b, "</w:t></w:r>");
  }
  buf_z(b, "</w:p>");
}

/* One paragraph for each line of the text, at least one. */
static void put_paragraphs(struct buf *b, const char *style, const char *properties, struct str text) {
  struct str line, rest;
  while (str_cut(text, STR("\n"), &line, &rest)) {
    put_paragraph(b, style, properties, line);
    text = rest;
  }
  put_paragraph(b, style, properties, text);
}

struct docx docx_begin(struct arena *mem, bool landscape) {
  struct docx d = {.mem = mem, .body = BUF_MAX(BODY_MOST), .landscape = landscape};
  buf_z(&d.body, DOCX_XML_HEAD);
  buf_z(&d.body, "<w:document " DOCX_NS_WORD " " DOCX_NS_LINK "><w:body>");
  return d;
}

void docx_para(struct docx *d, enum docx_style style, struct str text) {
  put_paragraphs(&d->body, looks[style].id, "", text);
}

static uint32_t text_width(const struct docx *d) {
  return (uint32_t)(d->landscape ? LONG_SIDE - 2 * TABLE_MARGIN : SHORT_SIDE - LEFT - RIGHT);
}

static uint32_t column_width(const struct docx *d, size_t i) {
  uint64_t sum = 0;
  for (size_t k = 0; k < d->columns; k++) sum += d->column[k].width_mm;
  return sum ? (uint32_t)((uint64_t)text_width(d) * d->column[i].width_mm / sum) : text_width(d) / d->columns;
}

static void put_cell(struct docx *d, size_t i, const char *style, bool centred, struct str text) {
  buf_fmt(&d->body, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>",
          column_width(d, i));
  put_paragraphs(&d->body, style, centred ? "<w:jc w:val=\"center\"/>" : "", text);
  buf_z(&d->body, "</w:tc>");
}

void docx_table_begin(struct docx *d, const struct docx_column *columns, size_t n) {
  must(n >= 1 && n <= DOCX_COLUMNS_MAX && !d->columns);
  d->columns = (uint32_t)n;
  d->column = columns;
  struct buf *b = &d->body;
  buf_fmt(b, "<w:tbl><w:tblPr><w:tblW w:w=\"%u\" w:type=\"dxa\"/><w:tblBorders>", text_width(d));
  static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
  for (size_t i = 0; i < COUNT_OF(sides); i++)
    buf_fmt(b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
  buf_z(b, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
  for (size_t i = 0; i < n; i++) buf_fmt(b, "<w:gridCol w:w=\"%u\"/>", column_width(d, i));
  buf_z(b, "</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
  for (size_t i = 0; i < n; i++) put_cell(d, i, CELL_HEAD_STYLE, true, columns[i].title);
  buf_z(b, "</w:tr>");
}

void docx_row(struct docx *d, const struct str *cells) {
  must(d->columns > 0);
  buf_z(&d->body, "<w:tr>");
  for (size_t i = 0; i < d->columns; i++) put_cell(d, i, CELL_STYLE, d->column[i].centred, cells[i]);
  buf_z(&d->body, "</w:tr>");
}

void docx_row_merged(struct docx *d, struct str text) {
  must(d->columns > 0);
  buf_fmt(&d->body, "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>",
          text_width(d));
  if (d->columns > 1) buf_fmt(&d->body, "<w:gridSpan w:val=\"%u\"/>", d->columns);
  buf_z(&d->body, "</w:tcPr>");
  put_paragraphs(&d->body, CELL_HEAD_STYLE, "", text);
  buf_z(&d->body, "</w:tc></w:tr>");
}

void docx_table_end(struct docx *d) {
  must(d->columns > 0);
  d->columns = 0;
  d->column = NULL;
  buf_z(&d->body, "</w:tbl>");
}

static void end_body(struct docx *d) {
  struct buf *b = &d->body;
  const int width = d->landscape ? LONG_SIDE : SHORT_SIDE, height = d->landscape ? SHORT_SIDE : LONG_SIDE;
  buf_z(b, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>");
  buf_fmt(b, "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>", width, height, d->landscape ? " w:orient=\"landscape\"" : "");
  buf_fmt(b,
          "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"851\" w:footer=\"%d\" "
          "w:gutter=\"0\"/>",
          d->landscape ? TABLE_MARGIN : TOP, d->landscape ? TABLE_MARGIN : RIGHT, d->landscape ? TABLE_MARGIN : BOTTOM,
          d->landscape ? TABLE_MARGIN : LEFT, d->landscape ? FOOTER / 2 : FOOTER);
  buf_z(b, "</w:sectPr></w:body></w:document>");
}

/* ---- styles ---- */

static void put_style(struct buf *b, const char *id, const char *name, const char *font, int half_points, int outline,
                      const char *paragraph, bool bold) {
  buf_fmt(b, "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:qFormat/><w:pPr>%s", id, name,
          paragraph);
  if (outline >= 0) buf_fmt(b, "<w:outlineLvl w:val=\"%d\"/>", outline);
  buf_fmt(b,
          "</w:pPr><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"%s\"/>%s"
          "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>",
          font, bold ? "<w:b/>" : "", half_points, half_points);
}

static void put_styles(struct buf *b) {
  buf_z(b, DOCX_XML_HEAD);
  buf_z(b, "<w:styles " DOCX_NS_WORD
           "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" "
           "w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋_GB2312\"/><w:sz w:val=\"32\"/><w:lang w:val=\"en-US\" "
           "w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line=\"560\" "
           "w:lineRule=\"exact\"/></w:pPr></w:pPrDefault></w:docDefaults>");
  for (size_t i = 0; i < COUNT_OF(looks); i++)
    put_style(b, looks[i].id, looks[i].name, looks[i].font, looks[i].half_points, looks[i].outline, looks[i].paragraph,
              false);
  const char *tight = "<w:spacing w:line=\"320\" w:lineRule=\"exact\"/>";
  put_style(b, CELL_STYLE, "Plan Cell", "仿宋_GB2312", 24, -1, tight, false);
  put_style(b, CELL_HEAD_STYLE, "Plan Cell Head", "黑体", 24, -1, tight, false);
  buf_z(b, "</w:styles>");
}

bool docx_finish(struct docx *d, struct str *out_bytes, struct err *e) {
  if (d->columns) docx_table_end(d);
  end_body(d);
  AUTO_BUF styles = BUF_MAX(1 << 16);
  put_styles(&styles);
  const struct docx_part parts[] = {
      {"document.xml", buf_view(&d->body)}, {"styles.xml", buf_view(&styles)}, {"footer1.xml", str_of(FOOTER_XML)}};
  must(!styles.broken);
  if (d->body.broken) {
    docx_drop(d);
    return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(d->mem, "%d MiB", PAGE_MAX >> 20));
  }
  const bool done = docx_pack(d->mem, parts, COUNT_OF(parts), out_bytes, e);
  docx_drop(d);
  return done;
}

void docx_drop(struct docx *d) { buf_drop(&d->body); }
