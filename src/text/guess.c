/* Guessing an encoding without any list of characters.
 *
 * GB 2312 and Big5 both sort their characters by use: level 1 holds the few thousand that make up nearly all of a
 * text, and stands in rows of its own. So the share of level 1 among the pairs of bytes tells which of the two made
 * them, on 24 bytes already; uchardet has a vote beside it. UTF-16 without a mark is told by its high bytes, which for
 * Chinese text and ASCII fall into a handful of blocks and always on the same side of the pair. */
#include "text/guess.h"

#include <uchardet.h>

#include "base/utf8.h"

enum {
  SAMPLE = 256 << 10, /* bytes that are looked at */
  COMMON = 1000,      /* worth of a pair in level 1 or punctuation */
  EXTENSION = 350,    /* of a GBK pair beyond GB 2312: usual in Traditional text, rare otherwise */
  BAD = -2000,        /* of a byte that cannot stand where it stands */
  VOTE = 120,         /* of uchardet, and of a charset stated in the file */
  STATED = 300,
  ACCEPT = 300,      /* below this the bytes are no Chinese text in the encoding */
  SURE = 700,        /* for a single line in a file of another encoding */
  UTF16_SHARE = 900, /* of the units, in 1/1000, with a high byte of Chinese text or ASCII */
};

struct tally {
  int64_t worth;
  int64_t pairs, bad;
};

static bool within(unsigned c, unsigned from, unsigned to) { return c >= from && c <= to; }

static int gb_worth(unsigned lead, unsigned trail) {
  if (trail < 0xA1) return within(lead, 0xA1, 0xA7) ? BAD : EXTENSION;
  if (within(lead, 0xA1, 0xA3) || within(lead, 0xB0, 0xD7)) return COMMON;
  if (within(lead, 0xAA, 0xAF) || lead > 0xF7) return BAD;
  return lead < 0xA1 ? EXTENSION : 0;
}

/* Bytes of the pair (or four) at p, of `left` bytes, and its worth; 0 when there is none. */
typedef size_t pair_reader(const unsigned char *p, size_t left, int64_t *out_worth);

static size_t gb_pair(const unsigned char *p, size_t left, int64_t *out_worth) {
  const unsigned lead = p[0], trail = left > 1 ? p[1] : 0;
  if (!within(lead, 0x81, 0xFE)) return 0;
  if (trail >= 0x40 && trail != 0x7F && trail != 0xFF) {
    *out_worth = gb_worth(lead, trail);
    return 2;
  }
  *out_worth = 0;
  return left > 3 && within(trail, 0x30, 0x39) && within(p[2], 0x81, 0xFE) && within(p[3], 0x30, 0x39) ? 4 : 0;
}

static size_t big5_pair(const unsigned char *p, size_t left, int64_t *out_worth) {
  const unsigned lead = p[0], trail = left > 1 ? p[1] : 0;
  *out_worth = lead <= 0xC6 ? COMMON : within(lead, 0xC7, 0xC8) ? BAD : 0;
  return within(lead, 0xA1, 0xF9) && (within(trail, 0x40, 0x7E) || within(trail, 0xA1, 0xFE)) ? 2 : 0;
}

static struct tally tally_of(struct str s, pair_reader *read) {
  struct tally t = {0};
  const unsigned char *p = (const unsigned char *)s.at;
  for (size_t i = 0; i < s.len;) {
    int64_t worth = 0;
    const size_t used = p[i] < 0x80 ? 0 : read(p + i, s.len - i, &worth);
    t.pairs += used > 0;
    t.bad += used == 0 && p[i] >= 0x80;
    t.worth += used ? worth : 0;
    i += used ? used : 1;
  }
  return t;
}

/* Mean worth of a pair, damage counted in. */
static int64_t score(struct tally t) { return t.pairs ? (t.worth + t.bad * BAD) / (t.pairs + t.bad) : BAD; }

/* Well-formed sequences of three bytes against bytes that are not UTF-8. */
static bool is_damaged_utf8(struct str s) {
  size_t good = 0, bad = 0;
  const unsigned char *p = (const unsigned char *)s.at;
  for (size_t i = 0; i < s.len;) {
    if (p[i] < 0x80) {
      i++;
      continue;
    }
    const size_t most = s.len - i < 4 ? s.len - i : 4;
    size_t n = most >= 3 ? 3 : most;
    while (n && !(utf8_valid(str_slice(s, i, i + n)) && (p[i + n - 1] & 0xC0) == 0x80)) n--;
    good += n == 3;
    bad += n == 0;
    i += n ? n : 1;
  }
  return good * 3 > bad;
}

static bool is_text_high(unsigned high, unsigned low) {
  if (high == 0) return low >= 0x20 || low == '\n' || low == '\r' || low == '\t';
  return within(high, 0x4E, 0x9F) || high == 0x20 || high == 0x30 || high == 0xFF || high == 0x22;
}

static const char *guess_utf16(struct str s) {
  const unsigned char *p = (const unsigned char *)s.at;
  const size_t units = s.len / 2;
  size_t little = 0, big = 0;
  for (size_t i = 0; i < units; i++) {
    little += is_text_high(p[2 * i + 1], p[2 * i]);
    big += is_text_high(p[2 * i], p[2 * i + 1]);
  }
  if (units < 2 || (little > big ? little : big) * 1000 < units * UTF16_SHARE) return NULL;
  return little > big ? "UTF-16LE" : "UTF-16BE";
}

static bool names_gb(struct str charset) {
  return charset.len >= 2 && (charset.at[0] | 0x20) == 'g' && (charset.at[1] | 0x20) == 'b';
}
static bool names_big5(struct str charset) {
  return charset.len >= 3 && (charset.at[0] | 0x20) == 'b' && (charset.at[1] | 0x20) == 'i';
}

static void uchardet_votes(struct str s, int64_t *io_gb, int64_t *io_big5) {
  uchardet_t u = uchardet_new();
  if (!u) return;
  if (uchardet_handle_data(u, s.at, s.len) == 0) {
    uchardet_data_end(u);
    const struct str name = str_of(uchardet_get_charset(u));
    if (names_gb(name)) *io_gb += VOTE;
    if (names_big5(name)) *io_big5 += VOTE;
  }
  uchardet_delete(u);
}

/* Where the text stops being plain ASCII: only from there on is there anything to tell. */
static size_t first_high(struct str s) {
  size_t i = 0;
  while (i < s.len && (unsigned char)s.at[i] < 0x80) i++;
  return i;
}

const char *guess_encoding(struct str bytes, struct str hint) {
  const bool has_nul = bytes.len && memchr(bytes.at, 0, bytes.len) != NULL;
  if (!has_nul && utf8_valid(bytes)) return "UTF-8";
  const char *wide = guess_utf16(str_slice(bytes, 0, SAMPLE));
  if (wide) return wide;
  const size_t from = first_high(bytes);
  const struct str s = str_slice(bytes, from, from + SAMPLE);
  if (is_damaged_utf8(s)) return "UTF-8";
  int64_t gb = score(tally_of(s, gb_pair)), big5 = score(tally_of(s, big5_pair));
  if (gb < ACCEPT && big5 < ACCEPT) return NULL;
  uchardet_votes(s, &gb, &big5);
  if (names_gb(hint)) gb += STATED;
  if (names_big5(hint)) big5 += STATED;
  return big5 > gb ? "BIG5" : "GB18030";
}

bool guess_line_is_utf8(struct str line) {
  if (!utf8_valid(line)) return false;
  size_t han = 0;
  for (size_t i = 0; i < line.len;) {
    const uint32_t c = utf8_next(line, &i);
    if (is_han(c)) han++;
    else if (c >= 0x80 && c < 0x2000) return false; /* what GB pairs look like by accident */
  }
  return han >= 2;
}

bool guess_line_is_gb(struct str line) {
  const struct tally t = tally_of(line, gb_pair);
  return t.pairs >= 2 && t.bad == 0 && score(t) >= SURE;
}

unsigned guess_control_share(struct str bytes) {
  enum { BLOCK = 240 }; /* a byte can count that far, and many count at once */
  size_t controls = 0;
  const struct str s = str_slice(bytes, 0, SAMPLE);
  for (size_t from = 0; from < s.len; from += BLOCK) {
    const unsigned char *p = (const unsigned char *)s.at + from;
    const size_t n = s.len - from < BLOCK ? s.len - from : BLOCK;
    uint8_t here = 0;
    for (size_t i = 0; i < n; i++)
      here = (uint8_t)(here + ((p[i] < 0x20) & !((p[i] >= '\t') & (p[i] <= '\r')) & (p[i] != 0x1B)));
    controls += here;
  }
  return s.len ? (unsigned)(controls * 1000 / s.len) : 0;
}
