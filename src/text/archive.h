/* The package of a DOCX or XLSX: a ZIP in memory with ceilings, and its XML parts as events.
 *
 * Refused with a message: more than CONTAINER_PARTS_MAX members, more than CONTAINER_INFLATE_MAX bytes unpacked over
 * all parts that are read, elements nested deeper than CONTAINER_DEPTH_MAX, a document type (no entities are ever
 * expanded), damage. */
#ifndef TEXT_ARCHIVE_H
#define TEXT_ARCHIVE_H
#include "base/err.h"

struct zip;
struct archive {
  struct arena *mem;
  struct str name; /* of the file, for refusals */
  struct zip *zip;
  size_t unpacked;
};

enum archive_kind { ARCHIVE_OTHER, ARCHIVE_DOCX, ARCHIVE_XLSX };
enum archive_kind archive_kind_of(struct str bytes);

MUST_CHECK bool archive_open(struct archive *a, struct arena *mem, struct str name, struct str bytes, struct err *e);
void archive_drop(struct archive *a);
bool archive_has(const struct archive *a, struct str part);

/* An XML element as it is met: `name` without its prefix; `prefix` may be empty. */
struct xml_tag {
  struct str prefix, name;
  const char **attributes; /* expat's: name, value, ..., NULL */
};
struct xml_events {
  void *ctx;
  void (*start)(void *ctx, const struct xml_tag *tag); /* each may be NULL */
  void (*end)(void *ctx, const struct xml_tag *tag);
  void (*text)(void *ctx, struct str text);
};
/* Streams a part through the events. A part that is not there is no error: nothing happens. */
MUST_CHECK bool archive_parse(struct archive *a, struct str part, const struct xml_events *on, struct err *e);
/* Value of an attribute whose name without prefix is `name`; empty when absent. Borrowed for the event. */
struct str xml_get(const struct xml_tag *tag, const char *name);
/* Its number; `otherwise` when it is absent or no number. */
int64_t xml_int(const struct xml_tag *tag, const char *name, int64_t otherwise);
/* An on/off property as OOXML writes it: present without val is on. */
bool xml_on(const struct xml_tag *tag);
static inline bool xml_is(const struct xml_tag *tag, const char *name) { return str_eqz(tag->name, name); }
/* Target part of a relationship file of `base` ("xl/workbook.xml") by id or, with id empty, by the end of its type. */
MUST_CHECK bool archive_target(struct archive *a, struct str base, struct str id, struct str type_end,
                               struct str *out_part, struct err *e);
#endif
