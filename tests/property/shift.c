/* Property of the byte-shift repair: text that is damaged here as the sites do it comes back or is flagged, and is
 * hardly ever mended to something else.
 *
 * Usage: property_shift [FILE...] (clean UTF-8 documents; default: demo/plans). Each document is damaged many times, once at a time, by
 *   fold     the byte before a full-width ; ! ? that arose across two characters is cut off (学?;鶎咏M织),
 *   torn     a reading is put behind a false pair (向?qū)W),
 *   dropped  the first byte of a character is lost and shown as ?.
 * Then the bytes are decoded as a browser would: pairs of the user-defined areas vanish, a lone byte is shown as ?.
 * Exit status 1 when a bar is missed. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "engine/plan/plan.h"
#include "engine/plan/repair_shift.h"
#include "text/fold_table.h"

enum damage { DAMAGE_FOLD, DAMAGE_TORN, DAMAGE_DROPPED, DAMAGE_COUNT };
static const char *const damage_words[] = {"fold", "torn", "dropped"};
struct outcomes {
  int made, mended, flagged, left, wrong;
};

/* GBK bytes of a line; empty when a character has none. */
static bool to_gbk(struct str line, struct buf *out) {
  for (size_t i = 0; i < line.len;) {
    const uint32_t c = utf8_next(line, &i);
    const unsigned code = gbk_code(c);
    if (c >= 0x80 && !code) return false;
    if (code) buf_byte(out, (char)(code >> 8));
    buf_byte(out, (char)(c < 0x80 ? c : code & 0xFF));
  }
  return !out->broken;
}

static void put_char(struct buf *out, uint32_t c) {
  char bytes[4];
  if (c >= 0xFF01 && c <= 0xFF5E) c = c - 0xFF01 + 0x21; /* the sites fold full width */
  buf_add(out, bytes, utf8_put(bytes, c));
}

/* What a site shows of the bytes. */
static void decode(struct str bytes, struct buf *out) {
  for (size_t i = 0; i < bytes.len;) {
    const unsigned a = (unsigned char)bytes.at[i], b = i + 1 < bytes.len ? (unsigned char)bytes.at[i + 1] : 0;
    if (a < 0x80) {
      buf_byte(out, (char)a), i++;
    } else if (b < 0x40 || a == 0x80 || a == 0xFF || b == 0xFF || b == 0x7F) {
      buf_byte(out, '?'), i++;
    } else {
      const uint32_t c = gbk_char(a, b);
      if (c && !(c >= 0xE000 && c <= 0xF8FF)) put_char(out, c);
      i += 2;
    }
  }
}

/* A random Han character of the line, as the place of its first byte in GBK; STR_NONE when there is none. */
static size_t pick(struct str gbk, unsigned *io_seed, enum damage kind, const char **out_reading) {
  static const struct {
    const char *c, *reading;
  } listed[] = {{"區", "qū"}, {"負", "fù"},    {"數", "shù"}, {"驅", "qū"},  {"驗", "yàn"},
                {"發", "fā"}, {"學", "xué"},   {"實", "shí"}, {"設", "shè"}, {"業", "yè"},
                {"務", "wù"}, {"強", "qiáng"}, {"質", "zhì"}, {"優", "yōu"}, {"創", "chuàng"}};
  size_t found = STR_NONE, n = 0;
  for (size_t i = 0; i + 3 < gbk.len;) {
    const unsigned char *p = (const unsigned char *)gbk.at + i;
    if (p[0] < 0x80) {
      i++;
      continue;
    }
    bool fits = false;
    if (kind == DAMAGE_FOLD) fits = p[1] == 0xA3 && (p[2] == 0xBB || p[2] == 0xA1 || p[2] == 0xBF);
    if (kind == DAMAGE_DROPPED) fits = p[0] >= 0xB0 && p[1] >= 0x81 && p[2] >= 0xB0;
    for (size_t k = 0; kind == DAMAGE_TORN && k < sizeof listed / sizeof *listed; k++) {
      const unsigned code = gbk_code(utf8_at(str_of(listed[k].c), 0));
      if (p[1] == code >> 8 && p[2] == (code & 0xFF)) fits = true, *out_reading = listed[k].reading;
    }
    if (fits && (*io_seed = *io_seed * 1103515245u + 12345u) >> 16 % 7 && ((*io_seed >> 16) % ++n == 0)) found = i;
    i += 2;
  }
  return found;
}

/* The line damaged once; false when it offers no place. */
static bool damage(struct str line, enum damage kind, unsigned *io_seed, struct buf *out) {
  AUTO_BUF gbk = BUF_MAX(1 << 20);
  AUTO_BUF bad = BUF_MAX(1 << 20);
  if (!to_gbk(line, &gbk)) return false;
  const struct str b = buf_view(&gbk);
  const char *reading = "";
  const size_t at = pick(b, io_seed, kind, &reading);
  if (at == STR_NONE) return false;
  buf_add(&bad, b.at, at);
  if (kind == DAMAGE_FOLD) {
    buf_byte(&bad, '?');
    buf_byte(&bad, (char)((unsigned char)b.at[at + 2] & 0x7F));
    buf_str(&bad, str_from(b, at + 3));
  } else if (kind == DAMAGE_TORN) {
    buf_add(&bad, b.at + at, 2);
    buf_z(&bad, "?\x01"); /* the lone byte and the bracket it swallowed */
    buf_str(&bad, str_from(b, at + 3));
  } else {
    buf_byte(&bad, '?');
    buf_str(&bad, str_from(b, at + 1));
  }
  AUTO_BUF shown = BUF_MAX(1 << 20);
  decode(buf_view(&bad), &shown);
  const struct str s = buf_view(&shown);
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] != 1) buf_byte(out, s.at[i]);
    else buf_fmt(out, "%s)", reading);
  }
  return true;
}

static struct str clean_of(struct arena *mem, struct str text, const struct layer **out_layer) {
  struct plan *p = arena_new(mem, struct plan);
  struct err e = {0};
  p->mem = mem;
  p->source.text = text;
  p->options.lexicon = lexicon_default();
  must(plan_clean(p, &e));
  must(layer_holds(mem, &p->cleaning));
  *out_layer = &p->cleaning;
  return p->clean;
}

static void judge(struct str text, struct str line, enum damage kind, unsigned *io_seed, struct outcomes *t,
                  bool verbose) {
  AUTO_ARENA mem = {0};
  AUTO_BUF bad = BUF_MAX(1 << 20);
  if (!damage(line, kind, io_seed, &bad)) return;
  const struct layer *layer, *sound_layer;
  const struct str damaged = str_replace(&mem, text, line, buf_view(&bad));
  const struct str got = clean_of(&mem, damaged, &layer), wanted = clean_of(&mem, text, &sound_layer);
  bool is_flagged = false, is_changed = false;
  vec_each(const struct edit, e, &layer->edits) {
    if (e->kind != EDIT_BYTE_SHIFT && e->kind != EDIT_QUESTION_MARK) continue;
    is_flagged |= e->doubt;
    is_changed |= !e->doubt;
  }
  t->made++;
  struct str a = got, b = wanted; /* marks that the decoding folded count as equal */
  static const char *const wide[][2] = {{"，", ","}, {"；", ";"}, {"：", ":"}, {"（", "("},
                                        {"）", ")"}, {"！", "!"}, {"？", "?"}};
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
    a = str_replace(&mem, a, str_of(wide[i][0]), str_of(wide[i][1]));
    b = str_replace(&mem, b, str_of(wide[i][0]), str_of(wide[i][1]));
  }
  const bool is_right = str_eq(a, b);
  if (is_right) t->mended++;
  else if (is_changed) t->wrong++;
  else if (is_flagged) t->flagged++;
  else t->left++;
  if (verbose && !is_right && is_changed)
    vec_each(const struct edit, e, &layer->edits)
      if (e->kind == EDIT_BYTE_SHIFT && !e->doubt)
        fprintf(stderr, "wrong: %.*s -> %.*s\n", (int)e->in_len, damaged.at + e->in_at, (int)e->out_len,
                got.at + e->out_at);
}

static void run(struct str text, struct outcomes *tallies, int rounds, bool verbose) {
  unsigned seed = 1;
  for (int kind = 0; kind < DAMAGE_COUNT; kind++)
    for (int round = 0; round < rounds; round++) {
      struct str rest = text, line;
      int n = 0;
      while (rest.len && str_cut(rest, STR("\n"), &line, &rest))
        if (line.len > 120 && (seed = seed * 69069u + 1) % 3 == 0 && n++ < 40)
          judge(text, line, (enum damage)kind, &seed, &tallies[kind], verbose);
    }
}

int main(int argc, char **argv) {
  static const char *const files[] = {"demo/plans/dongshan-2026.txt", "demo/plans/lanhai-2026.txt",
                                      "demo/plans/yunlan-2026.txt"};
  const int count = argc > 1 ? argc - 1 : (int)(sizeof files / sizeof *files);
  int status = 0;
  const bool verbose = getenv("VERBOSE") != NULL;
  for (int script = 0; script < 2; script++) {
    struct outcomes tallies[DAMAGE_COUNT] = {0};
    for (int i = 0; i < count; i++) {
      AUTO_ARENA mem = {0};
      struct str text;
      struct err e = {0};
      if (!file_read(&mem, str_of(argc > 1 ? argv[i + 1] : files[i]), 1 << 22, &text, &e)) return 2;
      if (script == 1) {
        opencc_t cc = opencc_open("s2t.json");
        char *t = opencc_convert_utf8(cc, text.at, text.len);
        text = str_dup(&mem, str_of(t));
        opencc_convert_utf8_free(t);
        opencc_close(cc);
      }
      run(text, tallies, 2, verbose);
    }
    for (int k = 0; k < DAMAGE_COUNT; k++) {
      const struct outcomes *t = &tallies[k];
      printf("%s %-8s made %4d mended %4d flagged %4d left %4d wrong %4d\n", script ? "traditional" : "simplified ",
             damage_words[k], t->made, t->mended, t->flagged, t->left, t->wrong);
      if (t->wrong * 100 > t->made) status = 1;
    }
  }
  return status;
}
