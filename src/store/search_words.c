/* Texts and questions cut into words, and said in the ways of the two engines. Words hold no quotes, blanks, wildcards
 * or marks of any kind, so that nothing needs escaping in what is made here. */
#include "store/search_words.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "texts.h"

enum { RUN_MAX = SEARCH_RUN_MAX, LINE_MAX = 8 * SEARCH_TEXT_MAX };

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
/* What the record is of: the id as far as "/"; empty when there is none. */
static struct str of_row(const struct search_row *row) {
  struct str of = {0}, rest;
  return str_cut(row->id, STR("/"), &of, &rest) ? of : STR("");
}
bool search_is_long(const struct search_row *row) { return row->title.len + row->body.len > SEARCH_TAILS_MAX; }
struct str search_line(struct arena *mem, const struct search_row *row) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  search_words title = {0}, body = {0};
  const struct str of = of_row(row);
  cut_row(mem, row, &title, &body);
  buf_fmt(&b, "=" STRF, STRA(row->kind));
  if (of.len) buf_fmt(&b, " =" STRF, STRA(of));
  buf_z(&b, search_is_long(row) ? " ~ |" : " |");
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
void search_tail_of(struct str run, struct str next, size_t at, struct search_tail *out) {
  const bool goes_on = run.len == RUN_MAX && next.len && is_run_char((unsigned char)next.at[0]);
  out->text[0] = '~';
  out->len = 1;
  for (size_t i = at; i < run.len; i++) out->text[out->len++] = run.at[i];
  for (size_t i = 0; goes_on && i < next.len && out->len <= RUN_MAX; i++) out->text[out->len++] = next.at[i];
}
static void put_tails(struct buf *b, const search_words *words) {
  for (size_t i = 0; i < words->len; i++) {
    const struct search_word *w = &words->at[i];
    const struct str next = i + 1 < words->len ? words->at[i + 1].word : STR("");
    for (size_t at = 1; w->is_run && at < w->word.len; at++) {
      struct search_tail tail;
      search_tail_of(w->word, next, at, &tail);
      buf_fmt(b, " '%.*s'", (int)tail.len, tail.text);
    }
  }
}
struct str search_grams(struct arena *mem, const struct search_row *row) {
  AUTO_BUF b = BUF_MAX(2 * LINE_MAX);
  search_words title = {0}, body = {0};
  cut_row(mem, row, &title, &body);
  const struct str of = of_row(row);
  buf_fmt(&b, "'=" STRF "'", STRA(row->kind));
  if (of.len) buf_fmt(&b, " '=" STRF "'", STRA(of));
  put_grams(&b, &title);
  put_grams(&b, &body);
  if (search_is_long(row)) buf_z(&b, " '~'");
  else put_tails(&b, &title), put_tails(&b, &body);
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
static void put_pairs(struct buf *b, const search_words *words, size_t from) {
  for (size_t k = from; k < words->len; k++) {
    const bool is_last = k + 1 == words->len, in_pair = k > from && has_pair(words, k - 1);
    if (in_pair && !has_pair(words, k)) continue;
    buf_z(b, k > from ? " & " : "");
    put_gram(b, words, k);
    if (is_last) buf_z(b, ":*");
  }
}
/* The last word alone: a run may go on, and a single letter begins the pair that it makes with what follows. When it is
 * the end of a pair, that pair says it already. */
struct str search_tsquery(struct arena *mem, const struct search_asked *q, struct str kind) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  if (kind.len) buf_fmt(&b, "'=" STRF "'", STRA(kind));
  for (size_t i = 0; i < q->count; i++) {
    buf_z(&b, b.len ? " & " : "");
    put_pairs(&b, &q->phrases[i], 0);
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

/* ---- what stands anywhere, also within a run ---- */

/* A run that was cut into several words was cut elsewhere when more stands before it. */
static bool begins_cut(const search_words *words) {
  const struct search_word *w = words->at;
  return words->len > 1 && w[0].is_run && w[1].is_run && w[0].end == w[1].at;
}
void search_parse_within(struct arena *mem, const struct str *texts, size_t count, struct search_asked *out) {
  *out = (struct search_asked){0};
  for (size_t i = 0; i < count && out->count < SEARCH_PHRASES_MAX; i++) {
    search_words words = {0};
    if (texts[i].len > SEARCH_QUESTION_MAX || !utf8_valid(texts[i])) continue;
    search_cut(mem, texts[i], &words);
    if (words.len && !begins_cut(&words)) out->phrases[out->count++] = words;
  }
}
/* A run at the beginning may be the end of a longer one: it is asked for apart from what follows. */
struct str search_match_within(struct arena *mem, const struct search_asked *q, struct str of) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  buf_fmt(&b, "\"=" STRF "\" AND (\"~\" OR (", STRA(of));
  for (size_t i = 0; i < q->count; i++) {
    const search_words *words = &q->phrases[i];
    const struct str head = words->at[0].word;
    const size_t from = words->at[0].is_run;
    buf_z(&b, i ? " AND " : "");
    if (from) buf_fmt(&b, "(\"" STRF "\"* OR \"~" STRF "\"*)", STRA(head), STRA(head));
    if (from == words->len) continue;
    buf_z(&b, from ? " AND \"" : "\"");
    put_words(&b, &(search_words){words->at + from, words->len - from, 0});
    buf_z(&b, vec_last(words).is_run ? "\"*" : "\"");
  }
  buf_z(&b, "))");
  must(!b.broken);
  return str_dup(mem, buf_view(&b));
}
struct str search_tsquery_within(struct arena *mem, const struct search_asked *q, struct str of) {
  AUTO_BUF b = BUF_MAX(LINE_MAX);
  buf_fmt(&b, "'=" STRF "' & ('~' | ", STRA(of));
  for (size_t i = 0; i < q->count; i++) {
    const struct str head = q->phrases[i].at[0].word;
    const size_t from = q->phrases[i].at[0].is_run;
    buf_z(&b, i ? " & " : "(");
    if (from) buf_fmt(&b, "('" STRF "':* | '~" STRF "':*)", STRA(head), STRA(head));
    if (from && q->phrases[i].len > 1) buf_z(&b, " & ");
    put_pairs(&b, &q->phrases[i], from);
  }
  buf_z(&b, "))");
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
