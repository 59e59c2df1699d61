/* readgen OUT.c READINGS.yaml: the tables of src/text/reading_table.h, made at build.
 *
 * The commonest reading of every Han character of U+4E00..U+9FFF comes from ICU's Han-Latin, without tones, ü as v. Words in
 * which a character reads otherwise, and family names, are those of rules/org/readings.yaml. ICU is needed at build only. */
#include <stdio.h>
#include <stdlib.h>
#include <unicode/utrans.h>

#include "base/file.h"
#include "base/vec.h"
#include "base/yaml.h"
#include "text/reading_table.h"

enum { HAN_COUNT = READING_LAST - READING_FIRST + 1, SYLLABLES_MAX = 600 };

static char syllables[SYLLABLES_MAX][READING_BYTES];
static size_t syllable_count = 1; /* the first is empty: no reading */
static uint16_t reading_of[HAN_COUNT];

_Noreturn static void give_up(const char *what) {
  fprintf(stderr, "readgen: %s\n", what);
  exit(1);
}

static uint16_t syllable(const char *z) {
  for (size_t i = 1; i < syllable_count; i++)
    if (strcmp(syllables[i], z) == 0) return (uint16_t)i;
  if (syllable_count == SYLLABLES_MAX) give_up("more syllables than there are");
  memcpy(syllables[syllable_count], z, strlen(z) + 1);
  return (uint16_t)syllable_count++;
}

/* Decomposed Latin letters without their tones; false when it is no syllable. */
static bool plain(const UChar *from, int32_t n, char *out) {
  size_t len = 0;
  for (int32_t i = 0; i < n; i++) {
    const UChar c = from[i];
    if (c == 0x308 && len && out[len - 1] == 'u') out[len - 1] = 'v';
    else if (c >= 'a' && c <= 'z' && len + 1 < READING_BYTES) out[len++] = (char)c;
    else if (c < 0x300 || c > 0x36F) return false;
  }
  out[len] = 0;
  return len > 0;
}

static void read_all(void) {
  UErrorCode rc = U_ZERO_ERROR;
  static const UChar id[] = u"Han-Latin; NFD";
  UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &rc);
  if (U_FAILURE(rc)) give_up(u_errorName(rc));
  for (uint32_t c = READING_FIRST; c <= READING_LAST; c++) {
    UChar text[32] = {(UChar)c};
    char z[READING_BYTES];
    int32_t len = 1, limit = 1;
    utrans_transUChars(t, text, &len, 32, 0, &limit, &rc);
    if (U_FAILURE(rc)) give_up(u_errorName(rc));
    if (plain(text, len, z)) reading_of[c - READING_FIRST] = syllable(z);
  }
  utrans_close(t);
}

/* key: word, value: its reading, a syllable a character. */
static void write_words(FILE *f, const char *name, const struct yaml *map) {
  if (!map || map->kind != YAML_MAP) give_up("readings.yaml: `words` and `surnames` are needed");
  fprintf(f, "const struct reading_word %s[] = {\n", name);
  for (const struct yaml *y = map->child; y; y = y->next)
    fprintf(f, "  {{\"" STRF "\", %zu}, {\"" STRF "\", %zu}},\n", STRA(y->key), y->key.len, STRA(y->text), y->text.len);
  fprintf(f, "};\nconst size_t %s_count = %zu;\n", name, map->count);
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str text = {0};
  struct yaml *root = NULL;
  if (argc != 3) give_up("usage: readgen OUT.c READINGS.yaml");
  if (!file_read(&mem, str_of(argv[2]), 1 << 20, &text, &e) || !yaml_parse(&mem, str_of(argv[2]), text, &root, &e))
    give_up(str_z(&mem, err_says(&mem, LANG_EN, &e)));
  FILE *f = fopen(argv[1], "w");
  if (!f) give_up("cannot write");
  read_all();
  fprintf(f, "#include \"text/reading_table.h\"\nconst char *const reading_syllables[] = {\n");
  for (size_t i = 0; i < syllable_count; i++) fprintf(f, "\"%s\",%s", syllables[i], i % 12 == 11 ? "\n" : "");
  fprintf(f, "};\nconst uint16_t reading_of_char[READING_LAST - READING_FIRST + 1] = {\n");
  for (size_t i = 0; i < HAN_COUNT; i++) fprintf(f, "%u,%s", reading_of[i], i % 24 == 23 ? "\n" : "");
  fprintf(f, "};\n");
  write_words(f, "reading_words", yaml_get(root, "words"));
  write_words(f, "reading_surnames", yaml_get(root, "surnames"));
  return fclose(f) == 0 ? 0 : 1;
}
