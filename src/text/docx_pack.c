/* The container of a DOCX: [Content_Types].xml and links are made of the names of the parts. */
#include "text/docx_pack.h"

#include <zip.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "texts.h"

void docx_escape(struct buf *b, struct str s) {
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

/* ---- types and links ---- */

#define TYPE_LINK "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define TYPE_WORD "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"

static const char package_links[] = DOCX_XML_HEAD "<Relationships xmlns=\"" PACKAGE
                                                  "relationships\">"
                                                  "<Relationship Id=\"rId1\" Type=\"" TYPE_LINK
                                                  "officeDocument\" Target=\"word/document.xml\"/></Relationships>";

/* footer1.xml is a footer. */
static struct str kind_of(const char *name) {
  struct str kind = str_of(name);
  kind.len -= sizeof ".xml" - 1;
  while (kind.at[kind.len - 1] <= '9') kind.len--;
  return kind;
}
static void put_types(struct buf *b, const struct docx_part *parts, size_t n) {
  buf_z(b, DOCX_XML_HEAD "<Types xmlns=\"" PACKAGE
                         "content-types\"><Default Extension=\"rels\" "
                         "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                         "<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
  for (size_t i = 0; i < n; i++)
    buf_fmt(b, "<Override PartName=\"/word/%s\" ContentType=\"" TYPE_WORD STRF "%s+xml\"/>", parts[i].name,
            STRA(kind_of(parts[i].name)), i ? "" : ".main");
  buf_z(b, "</Types>");
}
/* The first part is the document; rId1 is the part behind it, and so on. */
static void put_links(struct buf *b, const struct docx_part *parts, size_t n) {
  buf_z(b, DOCX_XML_HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">");
  for (size_t i = 1; i < n; i++)
    buf_fmt(b, "<Relationship Id=\"rId%zu\" Type=\"" TYPE_LINK STRF "\" Target=\"%s\"/>", i,
            STRA(kind_of(parts[i].name)), parts[i].name);
  buf_z(b, "</Relationships>");
}

/* ---- the package ---- */

static bool add_member(zip_t *zip, const char *name, struct str bytes) {
  zip_source_t *source = zip_source_buffer(zip, bytes.at, bytes.len, 0);
  if (!source) return false;
  const zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
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

static bool add_parts(struct arena *mem, zip_t *zip, const struct docx_part *parts, size_t n, struct str types,
                      struct str links) {
  TRY(add_member(zip, "[Content_Types].xml", types) && add_member(zip, "_rels/.rels", str_of(package_links)));
  TRY(add_member(zip, "word/_rels/document.xml.rels", links));
  for (size_t i = 0; i < n; i++)
    TRY(add_member(zip, str_z(mem, str_fmt(mem, "word/%s", parts[i].name)), parts[i].bytes));
  return true;
}
static bool pack(struct arena *mem, const struct docx_part *parts, size_t n, struct str *out) {
  AUTO_BUF types = BUF_MAX(1 << 16), links = BUF_MAX(1 << 16);
  zip_error_t error;
  put_types(&types, parts, n);
  put_links(&links, parts, n);
  zip_error_init(&error);
  zip_source_t *packed = zip_source_buffer_create(NULL, 0, 0, &error);
  if (!packed) return false;
  zip_source_keep(packed);
  zip_t *zip = zip_open_from_source(packed, ZIP_TRUNCATE, &error);
  if (!zip) zip_source_free(packed);
  bool done = zip && add_parts(mem, zip, parts, n, buf_view(&types), buf_view(&links));
  if (zip && done) done = zip_close(zip) == 0;
  if (zip && !done) zip_discard(zip);
  done = done && read_all(packed, mem, out);
  zip_source_free(packed);
  zip_error_fini(&error);
  return done;
}
bool docx_pack(struct arena *mem, const struct docx_part *parts, size_t n, struct str *out, struct err *e) {
  if (pack(mem, parts, n, out)) return true;
  return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(mem, "%d MiB", PAGE_MAX >> 20));
}
