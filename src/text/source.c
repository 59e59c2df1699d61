/* Files as text: what kind, which encoding, which reader, and the way back.
 *
 * Text files pass through at most three layers: decode (bytes -> UTF-8), line ends, markup. Clean UTF-8 passes
 * through none: `text` is then the file itself. Containers give extracted text with places. Every refusal is made here
 * or in the reader that saw it, with a message for the person who chose the file. */
#include "text/source.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "text/archive.h"
#include "text/decode.h"
#include "text/extract.h"
#include "text/guess.h"
#include "text/sniff.h"
#include "text/worker.h"
#include "texts.h"

const char *container_word(enum container c) {
  static const char *const words[] = {"txt", "md", "html", "csv", "docx", "xlsx", "pdf"};
  return words[c];
}

static struct str size_text(struct arena *mem, size_t n) {
  if (n < 1 << 20) return str_fmt(mem, "%zu kB", (n + 1023) >> 10);
  return str_fmt(mem, "%zu MiB", (n + (1 << 20) - 1) >> 20);
}

static bool refuse_kind(struct str name, int kind, struct err *e) {
  fail(e, ERR_INVALID, kind, "name", name);
  return err_hint(e, MSG_source_binary_hint);
}

/* ---- text files ---- */

static void add_layer(struct source *s, const struct layer *l) {
  s->layers[s->layer_count++] = *l;
  s->text = l->out;
}

typedef bool (*markup_reader)(struct arena *, struct str, struct layer *, place_list *);

static void open_markup(struct arena *mem, struct source *s, markup_reader read) {
  struct layer l;
  place_list places = {0};
  if (!read(mem, s->text, &l, &places)) return;
  add_layer(s, &l);
  s->places.at = places.at;
  s->places.len = places.len;
  s->places.cap = places.cap;
}

static bool is_blank(struct str text) {
  for (size_t at = 0; at < text.len; at += 4096)
    if (str_trim(str_slice(text, at, at + 4096)).len) return false;
  return true;
}

static bool open_text(struct arena *mem, struct source *s, struct err *e) {
  struct decoded d;
  struct layer l;
  s->text = s->file;
  if (!decode_bytes(mem, s->file, html_charset(s->file), &d)) {
    fail(e, ERR_INVALID, MSG_source_encoding, "name", s->name);
    return err_hint(e, MSG_source_encoding_hint);
  }
  s->encoding = d.encoding;
  if (d.has_layer) add_layer(s, &d.layer);
  if (d.may_break && decode_newlines(mem, s->text, &l)) add_layer(s, &l);
  if (is_blank(s->text)) {
    fail(e, ERR_INVALID, MSG_source_empty, "name", s->name);
    return err_hint(e, MSG_source_empty_hint);
  }
  static const struct {
    enum container container;
    markup_reader read;
  } kinds[] = {[SNIFF_TEXT] = {SOURCE_TEXT, NULL},
               [SNIFF_MARKDOWN] = {SOURCE_MARKDOWN, markdown_read},
               [SNIFF_HTML] = {SOURCE_HTML, html_read},
               [SNIFF_CSV] = {SOURCE_CSV, csv_read}};
  const enum sniffed kind = sniff_text(s->name, s->text);
  s->container = kinds[kind].container;
  if (kinds[kind].read) open_markup(mem, s, kinds[kind].read);
  if (!is_blank(s->text)) return true;
  fail(e, ERR_INVALID, MSG_source_no_text, "name", s->name);
  return err_hint(e, MSG_source_no_text_hint);
}

/* ---- containers ---- */

static bool open_container(struct arena *mem, struct source *s, bool fenced, struct err *e) {
  struct extract x = {.mem = mem, .name = s->name, .text = BUF_MAX(PLAN_FILE_MAX)};
  /* pdftotext is a fenced child in any case: it is another program. */
  const bool done = fenced && s->container != SOURCE_PDF ? worker_extract(&x, s->container, s->file, e)
                                                         : extract_run(&x, s->container, s->file, e);
  if (done) {
    s->text = str_dup(mem, buf_view(&x.text));
    s->places.at = x.places.at;
    s->places.len = x.places.len;
    s->places.cap = x.places.cap;
  }
  buf_drop(&x.text);
  return done;
}

static bool open_zip(struct arena *mem, struct source *s, bool fenced, struct err *e) {
  const enum archive_kind kind = archive_kind_of(s->file);
  if (kind == ARCHIVE_OTHER) return refuse_kind(s->name, MSG_source_is_archive, e);
  s->container = kind == ARCHIVE_DOCX ? SOURCE_DOCX : SOURCE_XLSX;
  return open_container(mem, s, fenced, e);
}

static bool open_kind(struct arena *mem, struct source *s, bool fenced, struct err *e) {
  switch (sniff_bytes(s->name, s->file)) {
    case SNIFF_ZIP: return open_zip(mem, s, fenced, e);
    case SNIFF_PDF: s->container = SOURCE_PDF; return open_container(mem, s, fenced, e);
    case SNIFF_OLE: fail(e, ERR_INVALID, MSG_source_ole, "name", s->name); return err_hint(e, MSG_source_ole_hint);
    case SNIFF_OLE_ENCRYPTED:
      fail(e, ERR_INVALID, MSG_source_encrypted, "name", s->name);
      return err_hint(e, MSG_source_encrypted_hint);
    case SNIFF_IMAGE: return refuse_kind(s->name, MSG_source_is_image, e);
    case SNIFF_ARCHIVE: return refuse_kind(s->name, MSG_source_is_archive, e);
    case SNIFF_PROGRAM: return refuse_kind(s->name, MSG_source_is_program, e);
    case SNIFF_MEDIA: return refuse_kind(s->name, MSG_source_is_media, e);
    case SNIFF_RTF: return refuse_kind(s->name, MSG_source_is_rtf, e);
    case SNIFF_BINARY: return refuse_kind(s->name, MSG_source_is_binary, e);
    case SNIFF_TEXT:
    case SNIFF_MARKDOWN:
    case SNIFF_HTML:
    case SNIFF_CSV: break;
  }
  return open_text(mem, s, e);
}

bool source_open(struct arena *mem, struct str name, struct str bytes, bool fenced, struct source *out, struct err *e) {
  const struct str base = file_base(name);
  if (bytes.len == 0) {
    fail(e, ERR_INVALID, MSG_source_empty, "name", base);
    return err_hint(e, MSG_source_empty_hint);
  }
  if (bytes.len > PLAN_FILE_MAX) {
    fail(e, ERR_TOO_LARGE, MSG_source_too_large, "name", base, "size", size_text(mem, bytes.len), "limit",
         size_text(mem, PLAN_FILE_MAX));
    return err_hint(e, MSG_source_too_large_hint);
  }
  struct source s = {.name = base, .file = bytes};
  TRY(open_kind(mem, &s, fenced, e));
  *out = s;
  return true;
}

/* ---- the way back ---- */

struct span source_span(const struct source *s, struct span text) {
  for (int i = s->layer_count; i-- > 0;) text = layer_in_span(&s->layers[i], text);
  return text;
}

const struct place *source_place(const struct source *s, uint32_t text_at) {
  size_t low = 0, high = s->places.len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (s->places.at[middle].at.at <= text_at) low = middle + 1;
    else high = middle;
  }
  const struct place *p = low ? &s->places.at[low - 1] : NULL;
  return p && (text_at < p->at.end || (p->at.end == s->text.len && text_at == p->at.end)) ? p : NULL;
}
