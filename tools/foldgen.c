/* foldgen OUT.c FOLD.yaml: the tables of src/text/fold_table.h, made at build.
 *
 * - Traditional to Simplified for every single Han character of three UTF-8 bytes, from OpenCC's tw2s. Characters
 *   are given to OpenCC one a line, so that its phrases do not come in; where context decides, rules/plan/fold.yaml does.
 * - Characters of one script only: Traditional = tw2s changes it; Simplified = s2t changes it and tw2s does not.
 * - GB 2312 levels (level 1, rows 16..55, holds the common characters), GBK in both directions, from iconv.
 *
 * OpenCC and iconv are needed at build only: the program itself reads tables and nothing else. */
#include <iconv.h>
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "text/fold_table.h"

enum { HAN_COUNT = HAN_LAST - HAN_FIRST + 1, GBK_COUNT = GBK_LEADS * GBK_TRAILS };

static uint32_t folded[HAN_COUNT];
static uint8_t marks[HAN_COUNT];
static uint16_t gbk_to[GBK_COUNT];
static uint16_t to_gbk[0x10000];

_Noreturn static void give_up(const char *what) {
  fprintf(stderr, "foldgen: %s\n", what);
  exit(1);
}

/* Every character through one OpenCC configuration, one a line; a character whose result has another length stays. */
static void convert(const char *config, uint32_t *out) {
  AUTO_BUF in = BUF_MAX(1 << 20);
  for (uint32_t c = HAN_FIRST; c <= HAN_LAST; c++) {
    char bytes[4];
    buf_add(&in, bytes, utf8_put(bytes, c));
    buf_byte(&in, '\n');
  }
  opencc_t cc = opencc_open(config);
  if (cc == (opencc_t)-1) give_up(opencc_error());
  char *text = opencc_convert_utf8(cc, in.at, in.len);
  if (!text) give_up(opencc_error());
  struct str rest = str_of(text), line;
  for (uint32_t c = HAN_FIRST; c <= HAN_LAST; c++) {
    if (!str_cut(rest, STR("\n"), &line, &rest)) give_up("OpenCC lost a line");
    out[c - HAN_FIRST] = line.len == 3 ? utf8_at(line, 0) : c;
  }
  opencc_convert_utf8_free(text);
  opencc_close(cc);
}

static void make_gbk(void) {
  iconv_t cd = iconv_open("UTF-16LE", "GBK");
  if (cd == (iconv_t)-1) give_up("iconv knows no GBK");
  for (unsigned lead = GBK_LEAD_FIRST; lead <= 0xFE; lead++)
    for (unsigned trail = GBK_TRAIL_FIRST; trail <= 0xFE; trail++) {
      char from[2] = {(char)lead, (char)trail}, to[4] = {0}, *f = from, *t = to;
      size_t left = 2, room = 4;
      if (iconv(cd, &f, &left, &t, &room) == (size_t)-1 || left || room != 2) {
        iconv(cd, NULL, NULL, NULL, NULL);
        continue;
      }
      const uint16_t c = (uint16_t)((unsigned char)to[0] | (unsigned char)to[1] << 8);
      gbk_to[(lead - GBK_LEAD_FIRST) * GBK_TRAILS + trail - GBK_TRAIL_FIRST] = c;
      to_gbk[c] = (uint16_t)(lead << 8 | trail);
    }
  iconv_close(cd);
}

static void make_marks(void) {
  static uint32_t traditional[HAN_COUNT];
  convert("tw2s.json", folded);
  convert("s2t.json", traditional);
  for (uint32_t i = 0; i < HAN_COUNT; i++) {
    const uint32_t c = HAN_FIRST + i;
    const unsigned code = to_gbk[c], lead = code >> 8;
    if (folded[i] != c) marks[i] |= HAN_TRADITIONAL;
    if (folded[i] == c && traditional[i] != c) marks[i] |= HAN_SIMPLIFIED;
    if ((code & 0xFF) < 0xA1) continue;
    if (lead >= 0xB0 && lead <= 0xD7) marks[i] |= HAN_LEVEL1;
    if (lead >= 0xD8 && lead <= 0xF7) marks[i] |= HAN_LEVEL2;
  }
}

/* When all folding is known: what is in GB 2312 itself or folds to something in it. */
static void mark_listed(void) {
  const unsigned levels = HAN_LEVEL1 | HAN_LEVEL2;
  for (uint32_t i = 0; i < HAN_COUNT; i++) {
    const uint32_t to = folded[i] - HAN_FIRST;
    if ((marks[i] & levels) || (to < HAN_COUNT && (marks[to] & levels))) marks[i] |= HAN_LISTED;
  }
}

static void write_numbers(FILE *f, const char *head, const uint16_t *at, size_t n) {
  fprintf(f, "%s = {", head);
  for (size_t i = 0; i < n; i++) fprintf(f, "%s%u,", i % 24 ? "" : "\n", at[i]);
  fprintf(f, "};\n");
}

/* One entry of fold.yaml: the character, what it folds to, and the words in which it becomes something else. */
static size_t write_context(FILE *f, const struct yaml *entry) {
  const uint32_t key = utf8_at(entry->key, 0);
  const struct yaml *to = yaml_get(entry, "fold"), *words = yaml_get(entry, "words");
  if (!to || !words || entry->key.len != 3 || to->text.len != 3)
    give_up("fold.yaml: a character needs `fold` and `words`");
  if (key < HAN_FIRST || key > HAN_LAST) give_up("fold.yaml: not a Han character");
  folded[key - HAN_FIRST] = utf8_at(to->text, 0);
  marks[key - HAN_FIRST] |= HAN_CONTEXT;
  size_t n = 0;
  for (const struct yaml *w = words->child; w; w = w->next, n++) {
    const size_t at = str_find(w->key, entry->key);
    if (at == STR_NONE || w->key.len != w->text.len)
      give_up("fold.yaml: a word must hold its character and keep its length");
    fprintf(f, "  {%uu, %zu, {\"" STRF "\", %zu}, {\"" STRF "\", %zu}},\n", key, at, STRA(w->key), w->key.len,
            STRA(w->text), w->text.len);
  }
  return n;
}

static void write_all(FILE *f, const struct yaml *rules) {
  fprintf(f, "/* Made by tools/foldgen.c. */\n#include \"text/fold_table.h\"\n");
  size_t count = 0;
  fprintf(f, "const struct fold_word fold_words[] = {\n");
  for (const struct yaml *e = rules->child; e; e = e->next) count += write_context(f, e);
  fprintf(f, "};\nconst size_t fold_word_count = %zu;\n", count);
  mark_listed();
  static uint16_t narrow[HAN_COUNT];
  for (size_t i = 0; i < HAN_COUNT; i++) narrow[i] = (uint16_t)folded[i];
  write_numbers(f, "const uint16_t fold_to[HAN_LAST - HAN_FIRST + 1]", narrow, HAN_COUNT);
  for (size_t i = 0; i < HAN_COUNT; i++) narrow[i] = marks[i];
  write_numbers(f, "const uint8_t han_marks[HAN_LAST - HAN_FIRST + 1]", narrow, HAN_COUNT);
  write_numbers(f, "const uint16_t gbk_to_char[GBK_LEADS * GBK_TRAILS]", gbk_to, GBK_COUNT);
  write_numbers(f, "const uint16_t char_to_gbk[0x10000]", to_gbk, 0x10000);
}

int main(int argc, char **argv) {
  if (argc != 3) give_up("usage: foldgen OUT.c FOLD.yaml");
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str text;
  struct yaml *rules;
  if (!file_read(&mem, str_of(argv[2]), 1 << 20, &text, &e) || !yaml_parse(&mem, str_of(argv[2]), text, &rules, &e))
    give_up("fold.yaml cannot be read");
  make_gbk();
  make_marks();
  FILE *f = fopen(argv[1], "w");
  if (!f) give_up(argv[1]);
  write_all(f, rules);
  if (fclose(f) != 0) give_up(argv[1]);
  return 0;
}
