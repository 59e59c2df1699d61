/* Puts files into the program: embed.c with the table of base/embed.h.
 *
 *   embed OUT.c ROOT LIST
 *
 * LIST has one path a line, relative to ROOT, which is also its name in the program; `name=path` embeds a file of
 * another place (made by the build, from npm) under that name. A gzip form is kept where it saves at least a tenth
 * and the file is of a kind that goes to browsers; its header has no time, so the same input gives the same bytes.
 * The etag is the first 16 digits of the SHA-256. The table is sorted by name; a name twice is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/vec.h"

enum { FILE_MOST = 32 << 20, OUT_MOST = 512 << 20, GZIP_WINDOW = 15 + 16, LINE_BYTES = 100 };

struct item {
  struct str name, path;
};

static int by_name(const void *a, const void *b) {
  return str_cmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

/* The gzip form, or nothing where it does not save a tenth. New, in a. */
static struct str compressed(struct arena *a, struct str s) {
  z_stream z = {0};
  if (s.len < 256 || deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    return (struct str){0};
  const size_t room = deflateBound(&z, s.len);
  char *p = arena_take(a, room);
  z.next_in = (Bytef *)(uintptr_t)s.at;
  z.avail_in = (uInt)s.len;
  z.next_out = (Bytef *)p;
  z.avail_out = (uInt)room;
  const int rc = deflate(&z, Z_FINISH);
  const size_t n = room - z.avail_out;
  (void)deflateEnd(&z);
  return rc == Z_STREAM_END && n <= s.len - s.len / 10 ? (struct str){p, n} : (struct str){0};
}

/* A string literal of any bytes, in lines; octal escapes always have three digits. */
static void put_bytes(struct buf *o, struct str s) {
  static const char octal[] = "01234567";
  buf_z(o, "{\"");
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    if (i && i % LINE_BYTES == 0) buf_z(o, "\"\n  \"");
    if (c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '?') {
      buf_byte(o, (char)c);
    } else {
      const char code[] = {'\\', octal[c >> 6], octal[(c >> 3) & 7], octal[c & 7]};
      buf_add(o, code, sizeof code);
    }
  }
  buf_fmt(o, "\", %zu}", s.len);
}

static bool put_item(struct buf *o, struct str root, const struct item *it, struct err *e) {
  AUTO_ARENA mem = {0};
  struct str path = it->path, bytes;
  if (path.at[0] != '/') path = str_fmt(&mem, STRF "/" STRF, STRA(root), STRA(path));
  TRY(file_read(&mem, path, FILE_MOST, &bytes, e));
  const struct str gzip = compressed(&mem, bytes);
  buf_fmt(o, "  {\"" STRF "\",\n  ", STRA(it->name));
  put_bytes(o, bytes);
  buf_z(o, ",\n  ");
  if (gzip.len) put_bytes(o, gzip);
  else buf_z(o, "{0}");
  buf_fmt(o, ",\n  \"%.16s\"},\n", hash_hex(&mem, hash_sha256(bytes)).at);
  return true;
}

static const char tail[] =
    "\n"
    "const struct embedded *embed_find(struct str path) {\n"
    "  size_t low = 0, high = sizeof files / sizeof files[0] - 1;\n"
    "  while (low < high) {\n"
    "    const size_t mid = (low + high) / 2;\n"
    "    const size_t len = strlen(files[mid].path);\n"
    "    const int c = memcmp(files[mid].path, path.at ? path.at : \"\", len < path.len ? len : path.len);\n"
    "    const int order = c ? c : (len > path.len) - (len < path.len);\n"
    "    if (order == 0) return &files[mid];\n"
    "    if (order < 0) low = mid + 1;\n"
    "    else high = mid;\n"
    "  }\n"
    "  return NULL;\n"
    "}\n\n"
    "const struct embedded *embed_all(size_t *out_count) {\n"
    "  *out_count = sizeof files / sizeof files[0] - 1;\n"
    "  return files;\n"
    "}\n";

static bool run(struct arena *mem, char **argv, struct err *e) {
  struct str list, line;
  VEC(struct item) items = {0};
  TRY(file_read(mem, str_of(argv[3]), FILE_MOST, &list, e));
  while (str_cut(list, STR("\n"), &line, &list)) {
    struct item it = {line, line};
    (void)str_cut(line, STR("="), &it.name, &it.path);
    if (line.len) vec_push(mem, &items) = it;
  }
  if (items.len) qsort(items.at, items.len, sizeof *items.at, by_name);
  AUTO_BUF o = BUF_MAX(OUT_MOST);
  buf_z(&o,
        "/* Made by tools/embed.c. Do not edit. */\n#include \"base/embed.h\"\n\nstatic const struct embedded files[] "
        "= {\n");
  for (size_t i = 0; i < items.len; i++) {
    if (i && str_eq(items.at[i].name, items.at[i - 1].name)) {
      (void)fprintf(stderr, "%s: error: " STRF " stands twice\n", argv[3], STRA(items.at[i].name));
      exit(1);
    }
    TRY(put_item(&o, str_of(argv[2]), &items.at[i], e));
  }
  buf_z(&o, "  {0},\n};\n");
  buf_z(&o, tail);
  must(!o.broken);
  return file_write(str_of(argv[1]), buf_view(&o), e);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    (void)fprintf(stderr, "usage: embed OUT.c ROOT LIST\n");
    return 2;
  }
  AUTO_ARENA mem = {0};
  struct err e = {0};
  if (run(&mem, argv, &e)) return 0;
  const struct str says = err_says(&mem, LANG_EN, &e);
  (void)fprintf(stderr, "%s: error: " STRF "\n", argv[3], STRA(says));
  return 1;
}
