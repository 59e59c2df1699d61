/* Bytes to UTF-8 with nothing lost.
 *
 * UTF-8 is the hot path: one strict check, and no copy when it holds. Other encodings go through iconv in short slices;
 * each slice is encoded back and compared, so that the layer can promise to give the file again byte for byte, also
 * where two codes stand for one character: those become edits. iconv stops at a bad byte: skip, mark, go on. */
#include "text/decode.h"

#include <errno.h>
#include <iconv.h>

#include "base/must.h"
#include "base/utf8.h"
#include "text/guess.h"
#include "text/weave.h"

static const struct str REPLACEMENT = STR_INIT("\xEF\xBF\xBD");
enum { SLICE = 768 }; /* bytes between two checkpoints */

/* ---- the check ---- */

/* Passes over characters of U+3000..U+9FFF from i on: nearly all of a plan. Returns where they end. */
static size_t pass_han(struct str s, size_t i) {
  const unsigned char *p = (const unsigned char *)s.at;
  for (uint32_t w; i + sizeof w <= s.len; i += 3) {
    memcpy(&w, p + i, sizeof w);
    if (p[i] < 0xE3 || p[i] > 0xE9 || (w & 0x00C0C000u) != 0x00808000u) break;
  }
  return i;
}

/* Strict UTF-8 from `from` on: the place of the first fault, or s.len. *io_breaks becomes true when a character that
 * decode_newlines changes may be there. */
static size_t check_utf8(struct str s, size_t from, bool *io_breaks) {
  const unsigned char *p = (const unsigned char *)s.at;
  for (size_t i = pass_han(s, from); i < s.len; i = pass_han(s, i)) {
    const size_t n = utf8_sequence(p + i, s.len - i);
    if (!n) return i;
    *io_breaks |= (p[i] >= '\v' && p[i] <= '\r') || (p[i] == 0xE2 && p[i + 1] == 0x80 && (p[i + 2] & 0xFE) == 0xA8);
    i += n;
  }
  return s.len;
}

/* ---- UTF-8 with damage ---- */

/* A lead byte with the continuation bytes that follow it, but not enough of them; else one byte. */
static size_t bad_utf8_len(struct str s, size_t i) {
  const unsigned char *p = (const unsigned char *)s.at + i;
  const size_t want = p[0] >= 0xF0 && p[0] <= 0xF4 ? 3 : p[0] >= 0xE0 ? 2 : 1;
  if (p[0] < 0xE0 || p[0] > 0xF4) return 1;
  size_t n = 1;
  while (n < want && i + n < s.len && (p[n] & 0xC0) == 0x80) n++;
  return n;
}

static void repair_line(struct weave *w, size_t end) {
  const struct str in = w->l->in;
  while (w->at < end) {
    const size_t good = utf8_valid_len(str_slice(in, w->at, end));
    weave_keep(w, good);
    if (w->at == end) return;
    size_t n = bad_utf8_len(in, w->at);
    if (n > end - w->at) n = end - w->at;
    weave_edit(w, n, REPLACEMENT, EDIT_BYTES, true);
  }
}

/* A line of GB18030 in a file of UTF-8: decoded as a whole, marked for a person to look at. */
static bool repair_gb_line(struct weave *w, iconv_t gb, size_t end) {
  const struct str line = str_slice(w->l->in, w->at, end);
  if (!guess_line_is_gb(line)) return false;
  const size_t most = line.len * 2 + 4;
  char *text = arena_take(w->mem, most), *to = text, *from = (char *)(uintptr_t)line.at;
  size_t left = line.len, room = most;
  if (iconv(gb, &from, &left, &to, &room) == (size_t)-1) return false;
  weave_edit(w, line.len, (struct str){text, most - room}, EDIT_BYTES, true);
  return true;
}

static size_t line_end(struct str s, size_t from) {
  const char *p = from < s.len ? memchr(s.at + from, '\n', s.len - from) : NULL;
  return p ? (size_t)(p - s.at) : s.len;
}

static void repair_utf8(struct arena *mem, struct str bytes, size_t bom, struct layer *l) {
  struct weave w;
  const bool damaged = !utf8_valid(str_from(bytes, bom));
  weave_begin(&w, mem, bytes, damaged ? bytes.len * 3 + 8 : bytes.len, l);
  if (bom) weave_edit(&w, bom, STR(""), EDIT_BOM, false);
  iconv_t gb = damaged ? iconv_open("UTF-8", "GB18030") : (iconv_t)-1;
  while (damaged && w.at < bytes.len) {
    const size_t end = line_end(bytes, w.at);
    const struct str line = str_slice(bytes, w.at, end);
    if (utf8_valid(line)) {
      weave_keep_to(&w, end);
    } else if (gb == (iconv_t)-1 || !repair_gb_line(&w, gb, end)) {
      repair_line(&w, end);
    }
    if (w.at < bytes.len) weave_keep(&w, 1);
  }
  if (gb != (iconv_t)-1) iconv_close(gb);
  weave_end(&w);
}

/* ---- other encodings ---- */

struct coder {
  struct weave w;
  const char *codec;
  iconv_t to_utf8, back;
};

static bool is_pair(const char *codec, const unsigned char *p, size_t left) {
  if (left < 2 || p[0] < 0x81 || p[0] == 0xFF) return false;
  if (*codec == 'B') return (p[1] >= 0x40 && p[1] <= 0x7E) || (p[1] >= 0xA1 && p[1] != 0xFF);
  return p[1] >= 0x40 && p[1] != 0x7F && p[1] != 0xFF;
}

/* Bytes of the character at p, whether iconv knows it or not. */
static size_t char_len(const char *codec, const unsigned char *p, size_t left) {
  size_t n = 1;
  if (*codec == 'U') {
    const unsigned char high = left < 2 ? 0 : codec[6] == 'B' ? p[0] : p[1];
    const unsigned char next = left < 4 ? 0 : codec[6] == 'B' ? p[2] : p[3];
    n = (high & 0xFC) == 0xD8 && (next & 0xFC) == 0xDC ? 4 : 2;
  } else if (is_pair(codec, p, left)) {
    n = 2;
  } else if (*codec == 'G' && left >= 4 && p[0] > 0x80 && p[1] >= 0x30 && p[1] <= 0x39 && p[2] > 0x80 && p[3] >= 0x30 &&
             p[3] <= 0x39) {
    n = 4;
  }
  return n < left ? n : left;
}

/* Converts at most `n` bytes at the weave's place behind its output; returns bytes read, *out_made written. */
static size_t convert(struct coder *c, size_t n, size_t *out_made) {
  struct weave *w = &c->w;
  char *from = (char *)(uintptr_t)w->l->in.at + w->at, *to = w->out + w->out_len;
  const char *start = from;
  size_t left = n, room = w->out_most - w->out_len;
  const size_t had = room;
  (void)iconv(c->to_utf8, &from, &left, &to, &room);
  *out_made = had - room;
  return (size_t)(from - start);
}

static bool gives_back(struct coder *c, size_t read, size_t made) {
  char again[SLICE + 16], *to = again, *from = c->w.out + c->w.out_len;
  size_t left = made, room = sizeof again;
  if (iconv(c->back, &from, &left, &to, &room) == (size_t)-1) return false;
  const size_t n = sizeof again - room;
  return n == read && memcmp(again, c->w.l->in.at + c->w.at, n) == 0;
}

static void accept(struct coder *c, size_t read, size_t made) {
  c->w.at += read;
  c->w.out_len += made;
}

/* One character: plain, or an edit when it is no character or has a second code. */
static void decode_char(struct coder *c, size_t end) {
  struct weave *w = &c->w;
  const size_t n = char_len(c->codec, (const unsigned char *)w->l->in.at + w->at, end - w->at);
  size_t made = 0;
  const size_t read = convert(c, n, &made);
  if (read != n) {
    weave_edit(w, n, REPLACEMENT, EDIT_BYTES, true);
  } else if (gives_back(c, read, made)) {
    accept(c, read, made);
  } else {
    char text[16];
    must(made <= sizeof text);
    memcpy(text, w->out + w->out_len, made);
    weave_edit(w, n, (struct str){text, made}, EDIT_BYTES, false);
  }
}

static void decode_stretch(struct coder *c, size_t end) {
  struct weave *w = &c->w;
  while (w->at < end) {
    const struct codec_point here = {(uint32_t)w->at, (uint32_t)w->out_len};
    if (!w->l->points.len || here.in_at - vec_last(&w->l->points).in_at >= SLICE / 2)
      vec_push(w->mem, &w->l->points) = here;
    const size_t n = end - w->at < SLICE ? end - w->at : SLICE;
    size_t made = 0;
    const size_t read = convert(c, n, &made);
    if (read && gives_back(c, read, made)) {
      accept(c, read, made);
      continue;
    }
    const size_t stop = w->at + (read ? read : 1);
    while (w->at < stop) decode_char(c, end);
  }
}

/* Lines of UTF-8 in a file of GB18030 or BIG5 stay as they are, as doubts. */
static void decode_lines(struct coder *c) {
  struct weave *w = &c->w;
  const struct str in = w->l->in;
  size_t from = w->at;
  while (from < in.len) {
    const size_t end = line_end(in, from), next = end < in.len ? end + 1 : end;
    const struct str line = str_slice(in, from, end);
    if (guess_line_is_utf8(line)) {
      decode_stretch(c, from);
      if (w->at == from) weave_edit(w, line.len, line, EDIT_BYTES, true);
    } else if (next - w->at > SLICE) {
      decode_stretch(c, next);
    }
    from = next;
  }
  decode_stretch(c, in.len);
}

static bool decode_codec(struct arena *mem, struct str bytes, const char *codec, size_t bom, struct layer *l) {
  struct coder c = {.codec = codec, .to_utf8 = iconv_open("UTF-8", codec)};
  if (c.to_utf8 == (iconv_t)-1) return false;
  c.back = iconv_open(codec, "UTF-8");
  const bool has_back = c.back != (iconv_t)-1;
  if (has_back) {
    weave_begin(&c.w, mem, bytes, bytes.len * 3 + 64, l);
    l->codec = codec;
    if (bom) weave_edit(&c.w, bom, STR(""), EDIT_BOM, false);
    if (*codec == 'U') decode_stretch(&c, bytes.len);
    else decode_lines(&c);
    l->out = (struct str){c.w.out, c.w.out_len};
    iconv_close(c.back);
  }
  iconv_close(c.to_utf8);
  return has_back;
}

/* ---- the whole ---- */

static const char *bom_encoding(struct str bytes, size_t *out_len) {
  const char *name = NULL;
  *out_len = 0;
  if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
    name = "UTF-8";
    *out_len = 3;
  } else if (str_starts(bytes, STR("\xFF\xFE"))) {
    name = "UTF-16LE";
    *out_len = 2;
  } else if (str_starts(bytes, STR("\xFE\xFF"))) {
    name = "UTF-16BE";
    *out_len = 2;
  }
  return name;
}

bool decode_bytes(struct arena *mem, struct str bytes, struct str hint, struct decoded *out) {
  size_t bom = 0;
  struct decoded d = {.encoding = bom_encoding(bytes, &bom), .may_break = true};
  const bool has_nul = !d.encoding && bytes.len && memchr(bytes.at, 0, bytes.len);
  bool breaks = false;
  if (!d.encoding && !has_nul && check_utf8(bytes, 0, &breaks) == bytes.len) {
    *out = (struct decoded){.encoding = "UTF-8", .may_break = breaks};
    return true;
  }
  if (!d.encoding) d.encoding = guess_encoding(bytes, hint);
  if (!d.encoding) return false;
  if (str_eqz(STR("UTF-8"), d.encoding)) {
    d.has_layer = bom || !utf8_valid(bytes);
    if (d.has_layer) repair_utf8(mem, bytes, bom, &d.layer);
  } else {
    d.has_layer = true;
    if (!decode_codec(mem, bytes, d.encoding, bom, &d.layer)) return false;
  }
  *out = d;
  return true;
}

/* ---- line ends ---- */

enum { BREAKS = 5 };
static const struct str breaks[BREAKS] = {STR_INIT("\r"), STR_INIT("\f"), STR_INIT("\v"), STR_INIT("\xE2\x80\xA8"),
                                          STR_INIT("\xE2\x80\xA9")};

static size_t find_from(struct str s, size_t from, struct str what) {
  const size_t i = str_find(str_from(s, from), what);
  return i == STR_NONE ? s.len : from + i;
}

/* Each kind of line end has its own cursor, moved only when it has been used: linear whatever the mix. */
bool decode_newlines(struct arena *mem, struct str text, struct layer *l) {
  size_t next[BREAKS], first = 0;
  for (size_t k = 0; k < BREAKS; k++) {
    next[k] = find_from(text, 0, breaks[k]);
    if (next[k] < next[first]) first = k;
  }
  if (next[first] == text.len) return false;
  struct weave w;
  weave_begin(&w, mem, text, text.len, l);
  while (next[first] < text.len) {
    weave_keep_to(&w, next[first]);
    const bool pair = first == 0 && w.at + 1 < text.len && text.at[w.at + 1] == '\n';
    weave_edit(&w, pair ? 2 : breaks[first].len, STR("\n"), EDIT_NEWLINE, false);
    next[first] = find_from(text, w.at, breaks[first]);
    for (size_t k = 0; k < BREAKS; k++)
      if (next[k] < next[first]) first = k;
  }
  weave_end(&w);
  return true;
}
