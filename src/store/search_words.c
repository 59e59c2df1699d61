/* Texts and questions cut into words, and said in the ways of the two engines. Words hold no quotes, blanks, wildcards
 * or marks of any kind, so that nothing needs escaping in what is made here. */
#include "store/search_words.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "texts.h"

enum { RUN_MAX = 40, LINE_MAX = 8 * SEARCH_TEXT_MAX };

/* ---- words ---- */

static uint32_t compared(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c = c - 0xFF01 + 0x21; /* full width */
  return c >= 'A' && c <= 'Z' ? c + 32 : c;
}
static bool is_run_char(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
/* Letters outside ASCII: all but the blocks of marks, symbols, blanks and private use. */
static bool is_letter(uint32_t c) {
  static const uint32_t none[][2] = {{0x00, 0xBF},     {0xD7, 0xD7},       {0xF7, 0xF7},       {0x300, 0x36F},
                                     {0x2000, 0x2BFF}, {0x2E00, 0x2FFF},   {0x3000, 0x3004},   {0x3008, 0x3040},
                                     {0x3099, 0x309C}, {0x30A0, 0x30A0},   {0x30FB, 0x30FB},   {0x3200, 0x33FF},
                                     {0x4DC0, 0x4DFF}, {0xD800, 0xF8FF},   {0xFE00, 0xFE6F},   {0xFF00, 0xFF65},
                                     {0xFFE0, 0xFFFF}, {0x1D000, 0x1FFFF}, {0xE0000, 0x10FFFF}};
  for (size_t i = 0; i < COUNT_OF(none); i++)
    if (c >= none[i][0] && c <= none[i][1]) return false;
  return true;
}

void search_cut(struct arena *mem, struct str text, search_words *out) {
  char *run = NULL; /* of the word that letters and digits still join */
  for (size_t i = 0, at; (at = i) < text.len;) {
    const uint32_t c = compared(utf8_next(text, &i));
    if (is_run_char(c)) {
      if (!run || vec_last(out).word.len == RUN_MAX) {
        run = arena_take(mem, RUN_MAX);
        vec_push(mem, out) = (struct search_word){{run, 0}, (uint32_t)at, 0, true};
      }
      struct search_word *w = &vec_last(out);
      run[w->word.len++] = (char)c;
      w->end = (uint32_t)i;
      continue;
    }
    run = NULL;
    if (is_letter(c))
      vec_push(mem, out) = (struct search_word){str_slice(text, at, i), (uint32_t)at, (uint32_t)i, false};
  }
}

static size_t blank_len(struct str s, size_t i) {
  const unsigned char c = (unsigned char)s.at[i];
  if (c <= ' ') return 1;
  return utf8_at(s, i) == 0x3000 ? 3 : 0;
}
bool search_parse(struct arena *mem, struct str question, struct search_asked *out, struct err *e) {
  *out = (struct search_asked){0};
  if (question.len > SEARCH_QUESTION_MAX || !utf8_valid(question)) return fail(e, ERR_INVALID, MSG_search_too_long);
  for (size_t i = 0, end; i < question.len; i = end) {
    search_words words = {0};
    for (end = i; end < question.len && !blank_len(question, end);) end += utf8_len(question, end);
    search_cut(mem, str_slice(question, i, end), &words);
    if (words.len && out->count == SEARCH_PHRASES_MAX) return fail(e, ERR_INVALID, MSG_search_too_long);
    if (words.len) out->phrases[out->count++] = words;
    while (end < question.len && blank_len(question, end)) end += blank_len(question, end);
  }
  return true;
}

/* ---- for the engines ---- */

static void put_words(struct buf *b, const search_words *words) {
  vec_each(const struct search_word, w, words) {
    buf_byte(b, ' ');
    buf_str(b, w->word);
  }
}
static void cut_row(struct arena *mem, const struct search_row *row, search_words *title, search_words *body) {
  search_cut(mem, row->title, title);
  search_cut(mem, row->body, body);
}
struct str search_line(struct arena *mem, const struct search_row *row) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  search_words title = {0}, body = {0};
  cut_row(mem, row, &title, &body);
  buf_fmt(&b, "=" STRF " |", STRA(row->kind));
  put_words(&b, &title);
  buf_z(&b, " |");
  put_words(&b, &body);
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}
/* True when word i has another single letter right behind it, with which it makes a pair. */
static bool has_pair(const search_words *words, size_t i) {
  return i + 1 < words->len && !words->at[i].is_run && !words->at[i + 1].is_run;
}
static void put_gram(struct buf *b, const search_words *words, size_t i) {
  buf_fmt(b, "'" STRF, STRA(words->at[i].word));
  if (has_pair(words, i)) buf_str(b, words->at[i + 1].word);
  buf_byte(b, '\'');
}
static void put_grams(struct buf *b, const search_words *words) {
  for (size_t i = 0; i < words->len; i++) {
    buf_byte(b, ' ');
    put_gram(b, words, i);
  }
}
struct str search_grams(struct arena *mem, const struct search_row *row) {
  AUTO_BUF b = BUF_MAX(2 * LINE_MAX);
  search_words title = {0}, body = {0};
  cut_row(mem, row, &title, &body);
  buf_fmt(&b, "'=" STRF "'", STRA(row->kind));
  put_grams(&b, &title);
  put_grams(&b, &body);
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}

struct str search_match(struct arena *mem, const struct search_asked *q, struct str kind) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  if (kind.len) buf_fmt(&b, "\"=" STRF "\"", STRA(kind));
  for (size_t i = 0; i < q->count; i++) {
    buf_z(&b, b.len ? " AND \"" : "\"");
    put_words(&b, &q->phrases[i]);
    buf_z(&b, vec_last(&q->phrases[i]).is_run ? "\"*" : "\"");
  }
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}
/* The last word alone: a run may go on, and a single letter begins the pair that it makes with what follows. When it is
 * the end of a pair, that pair says it already. */
struct str search_tsquery(struct arena *mem, const struct search_asked *q, struct str kind) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  if (kind.len) buf_fmt(&b, "'=" STRF "'", STRA(kind));
  for (size_t i = 0; i < q->count; i++) {
    const search_words *words = &q->phrases[i];
    for (size_t k = 0; k < words->len; k++) {
      const bool is_last = k + 1 == words->len, in_pair = k > 0 && has_pair(words, k - 1);
      if (in_pair && !has_pair(words, k)) continue;
      buf_z(&b, b.len ? " & " : "");
      put_gram(&b, words, k);
      if (is_last) buf_z(&b, ":*");
    }
  }
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}
struct str search_like(struct arena *mem, const struct search_asked *q, size_t phrase) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  buf_byte(&b, '%');
  if (phrase < q->count) put_words(&b, &q->phrases[phrase]);
  if (phrase < q->count) buf_byte(&b, '%');
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}

/* ---- marks ---- */

static bool stands_at(const search_words *text, size_t at, const search_words *phrase) {
  if (at + phrase->len > text->len) return false;
  for (size_t k = 0; k < phrase->len; k++) {
    const struct str have = text->at[at + k].word, want = phrase->at[k].word;
    const bool may_go_on = k + 1 == phrase->len && phrase->at[k].is_run;
    if (may_go_on ? !str_starts(have, want) : !str_eq(have, want)) return false;
  }
  return true;
}
/* Adds a place that begins not before the last one's begin: joined with it when they touch. */
static void add_mark(struct arena *mem, search_spans *out, struct search_span at) {
  if (out->len && at.at <= vec_last(out).end) {
    if (at.end > vec_last(out).end) vec_last(out).end = at.end;
  } else if (out->len < SEARCH_MARKS_MAX) {
    vec_push(mem, out) = at;
  }
}
void search_mark(struct arena *mem, const struct search_asked *q, struct str text, search_spans *out) {
  search_words words = {0};
  search_cut(mem, text, &words);
  for (size_t i = 0; i < words.len; i++) {
    uint32_t end = 0; /* of the longest phrase that begins here */
    for (size_t k = 0; k < q->count; k++) {
      const search_words *phrase = &q->phrases[k];
      if (!stands_at(&words, i, phrase)) continue;
      if (words.at[i + phrase->len - 1].end > end) end = words.at[i + phrase->len - 1].end;
    }
    if (end) add_mark(mem, out, (struct search_span){words.at[i].at, end});
  }
}
