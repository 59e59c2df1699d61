/* What a file is, by its content first and its extension second. */
#ifndef TEXT_SNIFF_H
#define TEXT_SNIFF_H
#include "text/source.h"

enum sniffed {
  SNIFF_TEXT,
  SNIFF_MARKDOWN,
  SNIFF_HTML,
  SNIFF_CSV,
  SNIFF_ZIP /* docx, xlsx or another archive */,
  SNIFF_PDF,
  SNIFF_OLE,
  SNIFF_OLE_ENCRYPTED,
  SNIFF_IMAGE,
  SNIFF_ARCHIVE,
  SNIFF_PROGRAM,
  SNIFF_MEDIA,
  SNIFF_RTF,
  SNIFF_BINARY,
};
enum sniffed sniff_bytes(struct str name, struct str bytes);
/* Of text that is UTF-8 already: HTML, CSV, Markdown or plain. */
enum sniffed sniff_text(struct str name, struct str text);
#endif
