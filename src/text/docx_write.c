/* DOCX out: four XML parts in a ZIP with fixed times.
 *
 * The text of document.xml is written as the calls come, so memory is one buffer. Sizes are those of GB/T 9704-2012 in
 * half points; widths in twentieths of a point (dxa, 1 mm = 56.7). The typefaces named are what offices have; Word
 * replaces those that are missing. Nothing but text from outside gets into the XML, and it is escaped in one place. */
#include "text/docx_write.h"

#include <zip.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
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

static const char HEAD[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
#define NS_WORD "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define NS_LINK "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define TYPE_LINK "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define TYPE_WORD "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const char CONTENT_TYPES[] =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE_WORD
    "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE_WORD
    "styles+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" TYPE_WORD "footer+xml\"/></Types>";
static const char PACKAGE_LINKS[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" TYPE_LINK "officeDocument\" Target=\"word/document.xml\"/></Relationships>";
static const char DOCUMENT_LINKS[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" TYPE_LINK
    "styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" TYPE_LINK "footer\" Target=\"footer1.xml\"/></Relationships>";
/* The page number between dashes, 14 pt 宋体, as the standard has it. */
static const char FOOTER_XML[] =
    "<w:ftr " NS_WORD
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

/* Escapes for text and attributes alike; what XML 1.0 cannot hold is left out. */
static void put_escaped(struct buf *b, struct str s) {
  for (size_t i = 0; i < s.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(s, &i);
    if (c == '&') buf_z(b, "&amp;");
    else if (c == '<') buf_z(b, "&lt;");
    else if (c == '>') buf_z(b, "&gt;");
    else if (c == '"') buf_z(b, "&quot;");
    else if (c == '\t') buf_z(b, " ");
    else if (c >= 0x20 && c != 0xFFFE && c != 0xFFFF) buf_add(b, s.at + from, i - from);
  }
}

static void put_paragraph(struct buf *b, const char *style, const char *properties, struct str text) {
  buf_fmt(b, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style, properties);
  if (text.len) {
    buf_z(b, "<w:r><w:t xml:space=\"preserve\">");
    put_escaped(b, text);
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
  buf_z(&d.body, HEAD);
  buf_z(&d.body, "<w:document " NS_WORD " " NS_LINK "><w:body>");
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
  buf_z(b, HEAD);
  buf_z(b, "<w:styles " NS_WORD
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

/* ---- the package ---- */

struct member {
  const char *name;
  struct str bytes;
};

static bool add_member(zip_t *zip, const struct member *m) {
  zip_source_t *source = zip_source_buffer(zip, m->bytes.at, m->bytes.len, 0);
  if (!source) return false;
  const zip_int64_t index = zip_file_add(zip, m->name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  return zip_file_set_dostime(zip, (zip_uint64_t)index, 0, 0x21, 0) == 0; /* 1980-01-01 00:00 */
}

static bool read_all(zip_source_t *packed, struct arena *mem, struct str *out) {
  zip_stat_t st;
  if (zip_source_stat(packed, &st) != 0 || !(st.valid & ZIP_STAT_SIZE) || st.size > PAGE_MAX) return false;
  if (zip_source_open(packed) != 0) return false;
  char *at = arena_take(mem, st.size);
  const zip_int64_t n = zip_source_read(packed, at, st.size);
  (void)zip_source_close(packed);
  *out = (struct str){at, st.size};
  return n >= 0 && (zip_uint64_t)n == st.size;
}

static bool pack(struct arena *mem, const struct member *members, size_t n, struct str *out) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *packed = zip_source_buffer_create(NULL, 0, 0, &error);
  if (!packed) return false;
  zip_source_keep(packed);
  zip_t *zip = zip_open_from_source(packed, ZIP_TRUNCATE, &error);
  bool done = zip != NULL;
  if (!zip) zip_source_free(packed);
  for (size_t i = 0; done && i < n; i++) done = add_member(zip, &members[i]);
  if (zip && done) done = zip_close(zip) == 0;
  if (zip && !done) zip_discard(zip);
  done = done && read_all(packed, mem, out);
  zip_source_free(packed);
  zip_error_fini(&error);
  return done;
}

static struct str with_head(struct arena *mem, const char *xml) { return str_fmt(mem, "%s%s", HEAD, xml); }

bool docx_finish(struct docx *d, struct str *out_bytes, struct err *e) {
  if (d->columns) docx_table_end(d);
  end_body(d);
  AUTO_BUF styles = BUF_MAX(1 << 16);
  put_styles(&styles);
  const struct member members[] = {
      {"[Content_Types].xml", with_head(d->mem, CONTENT_TYPES)},
      {"_rels/.rels", with_head(d->mem, PACKAGE_LINKS)},
      {"word/document.xml", buf_view(&d->body)},
      {"word/_rels/document.xml.rels", with_head(d->mem, DOCUMENT_LINKS)},
      {"word/styles.xml", buf_view(&styles)},
      {"word/footer1.xml", with_head(d->mem, FOOTER_XML)},
  };
  must(!styles.broken);
  const bool done = !d->body.broken && pack(d->mem, members, COUNT_OF(members), out_bytes);
  docx_drop(d);
  if (done) return true;
  return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(d->mem, "%d MiB", PAGE_MAX >> 20));
}

void docx_drop(struct docx *d) { buf_drop(&d->body); }
