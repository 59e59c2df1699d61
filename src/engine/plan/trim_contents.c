/* A table of contents (目录, the headings with or without the numbers of their pages) before the text it lists.
 *
 * It begins with its word alone on a line and ends where its first entry stands again, as the heading it announced. Only
 * when every line between is short and none is a sentence: else the word names something else, and nothing is cut. */
#include "base/utf8.h"
#include "engine/plan/phrase.h"
#include "engine/plan/repair.h"

enum { LOOK_LINES = 80, ENTRIES_LEAST = 2, ENTRIES_MAX = 400, ENTRY_CHARS = 60 };

static struct span line_from(struct str text, size_t from) {
  const char *nl = memchr(text.at + from, '\n', text.len - from);
  return (struct span){(uint32_t)from, (uint32_t)(nl ? (size_t)(nl - text.at) : text.len)};
}

static bool is_contents_word(struct arena *mem, const struct lexicon *lx, struct str line) {
  if (line.len > WORD_BYTES_MAX) return false;
  const struct str word = str_squeeze(mem, str_trim(line));
  const struct lex_word *found = lexicon_at(lx, word, 0, LEX_BIT(furniture));
  return found && found->text.len == word.len && str_eqz(lex_value(found, LEX_furniture), "contents");
}

/* Between a heading and the number of its page. */
static bool is_leader(uint32_t c) {
  return is_digit(c) || c == ' ' || c == 0x3000 || c == 0xA0 || c == '.' || c == 0x2026 || c == 0xB7 || c == '-' ||
         c == '_' || c == 0x2014 || c == '\t' || c == 0x22EF;
}
static struct str without_page(struct str line) {
  line = str_trim(line);
  while (line.len) {
    const size_t last = utf8_back(line, line.len);
    if (!is_leader(utf8_at(line, last))) break;
    line.len = last;
  }
  return line;
}

static bool is_entry(struct str line) {
  return utf8_count(line) <= ENTRY_CHARS && str_find(line, STR("。")) == STR_NONE;
}

/* Where the text begins that the entries from `from` on announce; 0 when they are no entries. */
static size_t contents_end(struct str text, size_t from) {
  struct str first = {0};
  size_t at = from;
  for (int n = 0; n < ENTRIES_MAX && at < text.len; n++) {
    const struct span l = line_from(text, at);
    const struct str line = str_trim(str_slice(text, l.at, l.end));
    if (n >= ENTRIES_LEAST && str_starts(line, first)) return at;
    if (!is_entry(line)) return 0;
    if (!first.len) first = without_page(line);
    if (!first.len) return 0;
    at = l.end + 1;
  }
  return 0;
}

void trim_contents(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out) {
  size_t at = 0;
  for (int n = 0; n < LOOK_LINES && at < folded.len; n++) {
    const struct span l = line_from(folded, at);
    const size_t next = (size_t)l.end + 1;
    if (is_contents_word(mem, lx, str_slice(folded, l.at, l.end))) {
      const size_t end = contents_end(folded, next);
      if (end) change_add(mem, out, l.at, end, STR(""), EDIT_FURNITURE, false);
      return;
    }
    at = next;
  }
}
