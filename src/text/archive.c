/* libzip and expat behind ceilings.
 *
 * Sizes in a ZIP's directory are claims, so what is counted are the bytes that really come out. A document type
 * declaration is refused outright: OOXML has none, and without one no entity can be expanded. expat itself does not
 * recurse over elements; the depth is bounded for the sake of those who keep a stack beside it. */
#include "text/archive.h"

#include <expat.h>
#include <zip.h>

#include "base/limits.h"
#include "base/must.h"
#include "texts.h"

enum { CHUNK = 64 << 10 };

static zip_t *open_bytes(struct str bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
  if (source && !zip) zip_source_free(source);
  zip_error_fini(&error);
  return zip;
}

/* By the names of members, which stand in the file in the clear: what has not been fenced parses nothing. */
enum archive_kind archive_kind_of(struct str bytes) {
  if (str_find(bytes, STR("word/document")) != STR_NONE) return ARCHIVE_DOCX;
  if (str_find(bytes, STR("xl/workbook")) != STR_NONE) return ARCHIVE_XLSX;
  return ARCHIVE_OTHER;
}

static bool broken(const struct archive *a, struct str part, struct err *e) {
  fail(e, ERR_INVALID, MSG_source_office_broken, "name", a->name, "part", part);
  return err_hint(e, MSG_source_office_broken_hint);
}

bool archive_open(struct archive *a, struct arena *mem, struct str name, struct str bytes, struct err *e) {
  *a = (struct archive){.mem = mem, .name = name, .zip = open_bytes(bytes)};
  if (!a->zip) return broken(a, STR("zip"), e);
  if (zip_get_num_entries(a->zip, 0) > CONTAINER_PARTS_MAX) {
    fail(e, ERR_TOO_LARGE, MSG_source_parts, "name", name, "limit", str_int(mem, CONTAINER_PARTS_MAX));
    err_hint(e, MSG_source_unpacks_hint);
    archive_drop(a);
    return false;
  }
  return true;
}

void archive_drop(struct archive *a) {
  if (a && a->zip) {
    zip_discard(a->zip);
    a->zip = NULL;
  }
}

bool archive_has(const struct archive *a, struct str part) {
  return zip_name_locate(a->zip, str_z(a->mem, part), ZIP_FL_NOCASE) >= 0;
}

/* ---- XML ---- */

struct reading {
  const struct xml_events *on;
  XML_Parser parser;
  int depth;
  bool too_deep, has_type;
};

static struct xml_tag tag_of(const char *name, const char **attributes) {
  const struct str whole = str_of(name);
  struct xml_tag tag = {.name = whole, .attributes = attributes};
  str_cut(whole, STR(":"), &tag.prefix, &tag.name);
  return tag;
}

static void on_start(void *ctx, const char *name, const char **attributes) {
  struct reading *r = ctx;
  if (++r->depth > CONTAINER_DEPTH_MAX) {
    r->too_deep = true;
    (void)XML_StopParser(r->parser, XML_FALSE);
    return;
  }
  const struct xml_tag tag = tag_of(name, attributes);
  if (r->on->start) r->on->start(r->on->ctx, &tag);
}

static void on_end(void *ctx, const char *name) {
  struct reading *r = ctx;
  r->depth--;
  const struct xml_tag tag = tag_of(name, NULL);
  if (r->on->end && !r->too_deep) r->on->end(r->on->ctx, &tag);
}

static void on_text(void *ctx, const char *at, int len) {
  struct reading *r = ctx;
  if (r->on->text) r->on->text(r->on->ctx, (struct str){at, (size_t)len});
}

static void on_type(void *ctx, const char *name, const char *sysid, const char *pubid, int has_subset) {
  struct reading *r = ctx;
  (void)name, (void)sysid, (void)pubid, (void)has_subset;
  r->has_type = true;
  (void)XML_StopParser(r->parser, XML_FALSE);
}

static bool refuse_unpacked(const struct archive *a, struct err *e) {
  fail(e, ERR_TOO_LARGE, MSG_source_unpacks, "name", a->name, "limit",
       str_fmt(a->mem, "%d MiB", CONTAINER_INFLATE_MAX >> 20));
  return err_hint(e, MSG_source_unpacks_hint);
}

static bool feed(struct archive *a, zip_file_t *file, struct str part, struct reading *r, struct err *e) {
  for (zip_int64_t n = 1; n > 0;) {
    void *room = XML_GetBuffer(r->parser, CHUNK);
    if (!room) return broken(a, part, e);
    n = zip_fread(file, room, CHUNK);
    if (n < 0) return broken(a, part, e);
    a->unpacked += (size_t)n;
    if (a->unpacked > CONTAINER_INFLATE_MAX) return refuse_unpacked(a, e);
    if (XML_ParseBuffer(r->parser, (int)n, n == 0) != XML_STATUS_OK) {
      if (!r->too_deep) return broken(a, part, e);
      fail(e, ERR_INVALID, MSG_source_deep, "name", a->name, "limit", str_int(a->mem, CONTAINER_DEPTH_MAX));
      return err_hint(e, MSG_source_unpacks_hint);
    }
  }
  return true;
}

bool archive_parse(struct archive *a, struct str part, const struct xml_events *on, struct err *e) {
  const zip_int64_t index = zip_name_locate(a->zip, str_z(a->mem, part), ZIP_FL_NOCASE);
  if (index < 0) return true;
  zip_file_t *file = zip_fopen_index(a->zip, (zip_uint64_t)index, 0);
  if (!file) return broken(a, part, e);
  struct reading r = {.on = on, .parser = XML_ParserCreate(NULL)};
  must(r.parser != NULL);
  XML_SetUserData(r.parser, &r);
  XML_SetElementHandler(r.parser, on_start, on_end);
  XML_SetCharacterDataHandler(r.parser, on_text);
  XML_SetStartDoctypeDeclHandler(r.parser, on_type);
  const bool fed = feed(a, file, part, &r, e);
  XML_ParserFree(r.parser);
  zip_fclose(file);
  return fed;
}

struct str xml_get(const struct xml_tag *tag, const char *name) {
  for (const char **p = tag->attributes; p && p[0]; p += 2) {
    const char *colon = strchr(p[0], ':');
    if (strcmp(colon ? colon + 1 : p[0], name) == 0) return str_of(p[1]);
  }
  return (struct str){0};
}

int64_t xml_int(const struct xml_tag *tag, const char *name, int64_t otherwise) {
  int64_t n = otherwise;
  return str_to_int(xml_get(tag, name), &n) ? n : otherwise;
}

bool xml_on(const struct xml_tag *tag) {
  const struct str v = xml_get(tag, "val");
  return !(str_eqz(v, "0") || str_eqz(v, "false") || str_eqz(v, "off") || str_eqz(v, "none"));
}

/* ---- relationships ---- */

struct finding {
  struct arena *mem;
  struct str id, type_end, target;
};

static void find_start(void *ctx, const struct xml_tag *tag) {
  struct finding *f = ctx;
  if (f->target.len || !xml_is(tag, "Relationship")) return;
  const bool found = f->id.len ? str_eq(xml_get(tag, "Id"), f->id) : str_ends(xml_get(tag, "Type"), f->type_end);
  if (found && !str_eqz(xml_get(tag, "TargetMode"), "External")) f->target = str_dup(f->mem, xml_get(tag, "Target"));
}

/* "xl/workbook.xml" -> "xl/" and "workbook.xml" */
static void split_path(struct str path, struct str *out_dir, struct str *out_base) {
  const size_t slash = str_rfind(path, STR("/"));
  *out_dir = slash == STR_NONE ? STR("") : str_slice(path, 0, slash + 1);
  *out_base = slash == STR_NONE ? path : str_from(path, slash + 1);
}

bool archive_target(struct archive *a, struct str base, struct str id, struct str type_end, struct str *out_part,
                    struct err *e) {
  struct finding f = {.mem = a->mem, .id = id, .type_end = type_end};
  struct str dir, file;
  split_path(base, &dir, &file);
  const struct str rels = str_fmt(a->mem, STRF "_rels/" STRF ".rels", STRA(dir), STRA(file));
  const struct xml_events on = {.ctx = &f, .start = find_start};
  TRY(archive_parse(a, rels, &on, e));
  *out_part = (struct str){0};
  if (!f.target.len) return true;
  *out_part = f.target.at[0] == '/' ? str_from(f.target, 1) : str_join(a->mem, dir, f.target);
  return true;
}
