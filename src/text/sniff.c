/* Magic numbers, and a look at the text where there is none.
 *
 * The extension decides only between kinds of text; a .txt that begins with <!DOCTYPE html> is a page all the same, and
 * a .docx that is a PDF is read as a PDF. */
#include "text/sniff.h"

#include "base/file.h"
#include "base/must.h"
#include "text/guess.h"

static const struct {
  struct str magic;
  size_t at;
  enum sniffed what;
} magics[] = {
    {STR_INIT("%PDF-"), 0, SNIFF_PDF},
    {STR_INIT("PK\x03\x04"), 0, SNIFF_ZIP},
    {STR_INIT("PK\x05\x06"), 0, SNIFF_ZIP},
    {STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, SNIFF_OLE},
    {STR_INIT("\x89PNG"), 0, SNIFF_IMAGE},
    {STR_INIT("\xFF\xD8\xFF"), 0, SNIFF_IMAGE},
    {STR_INIT("GIF8"), 0, SNIFF_IMAGE},
    {STR_INIT("BM"), 0, SNIFF_IMAGE},
    {STR_INIT("II*\0"), 0, SNIFF_IMAGE},
    {STR_INIT("MM\0*"), 0, SNIFF_IMAGE},
    {STR_INIT("WEBP"), 8, SNIFF_IMAGE},
    {STR_INIT("ftyphei"), 4, SNIFF_IMAGE},
    {STR_INIT("Rar!"), 0, SNIFF_ARCHIVE},
    {STR_INIT("7z\xBC\xAF"), 0, SNIFF_ARCHIVE},
    {STR_INIT("\x1F\x8B"), 0, SNIFF_ARCHIVE},
    {STR_INIT("BZh"), 0, SNIFF_ARCHIVE},
    {STR_INIT("\xFD"
              "7zXZ"),
     0, SNIFF_ARCHIVE},
    {STR_INIT("ustar"), 257, SNIFF_ARCHIVE},
    {STR_INIT("MZ"), 0, SNIFF_PROGRAM},
    {STR_INIT("\x7F"
              "ELF"),
     0, SNIFF_PROGRAM},
    {STR_INIT("SQLite format 3"), 0, SNIFF_BINARY},
    {STR_INIT("ftyp"), 4, SNIFF_MEDIA},
    {STR_INIT("ID3"), 0, SNIFF_MEDIA},
    {STR_INIT("RIFF"), 0, SNIFF_MEDIA},
    {STR_INIT("OggS"), 0, SNIFF_MEDIA},
    {STR_INIT("{\\rtf"), 0, SNIFF_RTF},
};

/* UTF-16LE, as names are written inside an OLE file. */
static bool ole_is_encrypted(struct str bytes) {
  static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
  return str_find(bytes, (struct str){name, sizeof name - 1}) != STR_NONE;
}

/* Two letters of ASCII are a weak sign: text may begin with them. */
static bool weak_magic_fails(struct str magic, struct str bytes) {
  return magic.len < 3 && magic.at[0] > 0x40 && guess_control_share(bytes) < 20;
}

enum { CONTROL_SHARE_MAX = 20 /* of 1000 bytes; more is no text */, PDF_PREFIX = 1024 };

enum sniffed sniff_bytes(struct str name, struct str bytes) {
  (void)name;
  for (size_t i = 0; i < COUNT_OF(magics); i++) {
    if (!str_starts(str_from(bytes, magics[i].at), magics[i].magic) || weak_magic_fails(magics[i].magic, bytes))
      continue;
    if (magics[i].what != SNIFF_OLE) return magics[i].what;
    return ole_is_encrypted(bytes) ? SNIFF_OLE_ENCRYPTED : SNIFF_OLE;
  }
  if (guess_control_share(bytes) > CONTROL_SHARE_MAX) {
    const char *codec = guess_encoding(bytes, STR(""));
    const bool has_mark = str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"));
    if (!has_mark && (!codec || strncmp(codec, "UTF-16", 6) != 0)) {
      return str_find(str_slice(bytes, 0, PDF_PREFIX), STR("%PDF-")) != STR_NONE ? SNIFF_PDF : SNIFF_BINARY;
    }
  }
  return SNIFF_TEXT;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

static bool starts_nocase(struct str s, const char *z) {
  size_t i = 0;
  for (; z[i]; i++)
    if (i >= s.len || lower(s.at[i]) != z[i]) return false;
  return true;
}

static bool has_extension(struct str name, const char *z) {
  const struct str ext = file_extension(name);
  return starts_nocase(ext, z) && ext.len == strlen(z);
}

static bool looks_like_html(struct str text) {
  static const char *const heads[] = {"<!doctype html", "<html", "<head", "<body",  "<!--", "<meta",
                                      "<div",           "<p>",   "<p ",   "<table", "<h1",  "<h2",
                                      "<span",          "<title"};
  const struct str s = str_trim(str_slice(text, 0, 4096));
  for (size_t i = 0; i < COUNT_OF(heads); i++)
    if (starts_nocase(s, heads[i])) return true;
  return starts_nocase(s, "<?xml") && str_find(s, STR("<html")) != STR_NONE;
}

enum sniffed sniff_text(struct str name, struct str text) {
  if (looks_like_html(text) || has_extension(name, "html") || has_extension(name, "htm") ||
      has_extension(name, "xhtml"))
    return SNIFF_HTML;
  if (has_extension(name, "csv") || has_extension(name, "tsv")) return SNIFF_CSV;
  if (has_extension(name, "md") || has_extension(name, "markdown")) return SNIFF_MARKDOWN;
  return SNIFF_TEXT;
}
