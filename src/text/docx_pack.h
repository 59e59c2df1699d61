/* What every DOCX needs that we write: texts in XML, parts in a ZIP with fixed times. Private to text/. */
#ifndef TEXT_DOCX_PACK_H
#define TEXT_DOCX_PACK_H
#include "base/buf.h"
#include "base/err.h"

#define DOCX_XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define DOCX_NS_WORD "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define DOCX_NS_LINK "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""

/* For text and attributes alike; what XML 1.0 cannot hold is left out. */
void docx_escape(struct buf *b, struct str s);
/* The parts under word/, document.xml first; their types and links are made here. A name ends in its kind: footer1.xml is a footer. */
struct docx_part {
  const char *name;
  struct str bytes;
};
/* The bytes live in mem. Refuses what passes PAGE_MAX. */
MUST_CHECK bool docx_pack(struct arena *mem, const struct docx_part *parts, size_t n, struct str *out, struct err *e);
#endif
