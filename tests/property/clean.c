/* Laws of cleaning on any text: property_clean [FILE...] (default: a text made here and demo/plans).
 *
 *   loss          the cleaned text with every edit undone is the source, byte for byte
 *   stillness     cleaning a cleaned text leaves it as it is, a document as well as a heap of damage
 *   sameness      the same text gives the same bytes and edits
 *   places        a span of the cleaned text lies in the source, and spans keep their order
 *   folding       every Han character folds as OpenCC's tw2s has it, those of rules/plan/fold.yaml left out
 * Each file is tried as it is and with its lines shuffled, its bytes changed, and pieces of damage thrown in. */
#include <opencc/opencc.h>
#include <stdio.h>

#include "base/file.h"
#include "base/utf8.h"
#include "engine/plan/plan.h"
#include "text/fold_table.h"
#include "text/han.h"

static unsigned seed = 7;
static unsigned chance(unsigned n) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 16) % n;
}

static int failures;
static void law(bool holds, const char *name, struct str text) {
  if (holds) return;
  failures++;
  fprintf(stderr, "broken: %s in %.*s\n", name, (int)(text.len > 300 ? 300 : text.len), text.at);
}

static struct plan clean(struct arena *mem, struct str text) {
  struct plan p = {.mem = mem, .source = {.text = text}, .options = {.lexicon = lexicon_default()}};
  struct err e = {0};
  must(plan_clean(&p, &e));
  return p;
}

static bool same_edits(const struct layer *a, const struct layer *b) {
  if (a->edits.len != b->edits.len) return false;
  for (size_t i = 0; i < a->edits.len; i++) {
    const struct edit *x = &a->edits.at[i], *y = &b->edits.at[i];
    if (x->in_at != y->in_at || x->in_len != y->in_len || x->out_at != y->out_at || x->kind != y->kind ||
        x->doubt != y->doubt)
      return false;
  }
  return true;
}

static void check_places(const struct plan *p, struct str text) {
  uint32_t before = 0;
  for (uint32_t at = 0; at < p->clean.len; at += 1 + chance(64)) {
    const struct span s = layer_in_span(&p->cleaning, (struct span){at, at + 1});
    law(s.at <= s.end && s.end <= text.len, "places", text);
    law(s.at >= before || s.end >= before, "order of places", text);
    before = s.at;
  }
}

static void check(struct str text) {
  AUTO_ARENA mem = {0};
  if (!utf8_valid(text)) return;
  const struct plan one = clean(&mem, text), two = clean(&mem, text), again = clean(&mem, one.clean);
  law(layer_holds(&mem, &one.cleaning), "loss", text);
  law(str_eq(one.clean, two.clean) && same_edits(&one.cleaning, &two.cleaning), "sameness", text);
  law(utf8_valid(one.clean) && one.folded.len == one.clean.len, "valid text", text);
  law(str_eq(again.clean, one.clean), "stillness", text);
  check_places(&one, text);
}

/* Lines in another order, some bytes changed, some damage thrown in. */
static struct str mutated(struct arena *mem, struct str text) {
  static const char *const junk[] = {
      "(xué)", "?",     "?;",    "（fā）", " ",  "　", "\n", "&nbsp;",       "\xEE\x80\x80", "\xE2\x80\x8B",
      "３",    "鶎咏M", "?qū)W", "（",     "）", "“",  "\t", "责任编辑：某", "打印\n"};
  struct str out = {0}, rest = text, line;
  while (rest.len && out.len < 20000) {
    const struct str from = str_from(text, chance((unsigned)text.len));
    if (!str_cut(from, STR("\n"), &line, &rest)) line = from;
    while (line.len && ((unsigned char)line.at[0] & 0xC0) == 0x80) line = str_from(line, 1);
    size_t cut = line.len > 400 ? 100 + chance(300) : line.len;
    while (cut < line.len && ((unsigned char)line.at[cut] & 0xC0) == 0x80) cut++;
    out = str_join(mem, out, str_slice(line, 0, cut));
    out = str_join(mem, out, str_of(junk[chance(sizeof junk / sizeof *junk)]));
    if (chance(3) == 0) out = str_join(mem, out, STR("\n"));
    if (chance(40) == 0) break;
  }
  return out;
}

static void check_folding(struct str text) {
  opencc_t cc = opencc_open("tw2s.json");
  for (size_t i = 0; i < text.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(text, &i);
    if (!is_han(c) || i - from != 3 || (han_mark(c) & HAN_CONTEXT)) continue;
    if (utf8_valid_len(str_slice(text, from, i)) != i - from) continue;
    char *want = opencc_convert_utf8(cc, text.at + from, 3);
    AUTO_ARENA mem = {0};
    law(strlen(want) != 3 || str_eqz(han_fold(&mem, str_slice(text, from, i)), want), "folding",
        str_slice(text, from, i));
    opencc_convert_utf8_free(want);
  }
  opencc_close(cc);
}

int main(int argc, char **argv) {
  enum { ROUNDS = 60 };
  static const char *const own =
      "某省教育廳2026年工作要點\n一、總體要求\n(一)加強學(xué)校黨(dǎng)建。推進(jìn)學?;鶎咏M織工作,完善教育體系。\n"
      "1.建设学校３－５所。（牵头部\n门：办公室）\n二、重点任务?小学?初中?高中\n打印 关闭\n";
  static const char *const files[] = {NULL, "demo/plans/dongshan-2026.txt", "demo/plans/lanhai-2026.txt",
                                      "demo/plans/yunlan-2026.txt"};
  int checked = 0;
  const int count = argc > 1 ? argc - 1 : (int)(sizeof files / sizeof *files);
  for (int i = 0; i < count; i++) {
    AUTO_ARENA mem = {0};
    const char *path = argc > 1 ? argv[i + 1] : files[i];
    struct str text = str_of(own);
    struct err e = {0};
    if (path && !file_read(&mem, str_of(path), 1 << 22, &text, &e)) return 2;
    check(text);
    check_folding(text);
    for (int round = 0; round < ROUNDS; round++, checked++) {
      AUTO_ARENA scratch = {0};
      check(mutated(&scratch, text));
    }
  }
  printf("%d texts, %d laws broken\n", checked, failures);
  return failures != 0;
}
