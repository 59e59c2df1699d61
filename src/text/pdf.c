/* PDF to text: pdftotext in a fence, then lines joined back into paragraphs.
 *
 * pdftotext -layout keeps the indentation, and indentation is how Chinese documents mark a paragraph: two characters at
 * its first line. A line goes on in the next when it reaches the right edge of its page and the next begins at the left
 * edge, across pages too. Page numbers and lines that stand first or last on most pages are left out. Radical forms
 * (⽂) become characters. poppler is GPL and large, so it is another program and not linked. */
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/extract.h"
#include "text/radicals.h"
#include "text/worker.h"
#include "texts.h"

enum {
  OUTPUT_MOST = 64 << 20, /* -layout writes many blanks */
  INDENT_LEAST = 2,       /* columns beyond the left edge that begin a paragraph */
  FULL_SHARE = 80,        /* of 100: a line that reaches so far right goes on */
  HEAD_PAGES = 3,         /* pages that must share a running head */
  HEAD_CHARS = 60,
};

struct pdf_line {
  struct str text;        /* without blanks at its ends */
  uint32_t indent, right; /* in columns; a Han character takes two */
  uint32_t page, number;
  bool left_out;
};
struct pdf {
  struct extract *x;
  VEC(struct pdf_line) lines;
  VEC(uint32_t) page_at; /* first line of each page */
  uint32_t left, right;  /* edges of the text, of the whole document */
};

/* ---- lines ---- */

static uint32_t columns_of(struct str s) {
  uint32_t n = 0;
  for (size_t i = 0; i < s.len;) n += utf8_next(s, &i) >= 0x2E80 ? 2 : 1;
  return n;
}

static void add_line(struct pdf *p, struct str raw, uint32_t page, uint32_t number) {
  size_t blanks = 0;
  while (blanks < raw.len && raw.at[blanks] == ' ') blanks++;
  const struct str text = str_trim(raw);
  if (!text.len) return;
  const uint32_t wide = (uint32_t)(text.at - raw.at - (ptrdiff_t)blanks) / 3 * 2; /* U+3000 used for indentation */
  vec_push(p->x->mem, &p->lines) = (struct pdf_line){.text = text,
                                                     .indent = (uint32_t)blanks + wide,
                                                     .right = (uint32_t)blanks + wide + columns_of(text),
                                                     .page = page,
                                                     .number = number};
}

static void split_lines(struct pdf *p, struct str out) {
  uint32_t page = 1, number = 0;
  vec_push(p->x->mem, &p->page_at) = 0;
  for (size_t from = 0; from < out.len;) {
    size_t to = from;
    while (to < out.len && out.at[to] != '\n' && out.at[to] != '\f') to++;
    number++;
    add_line(p, str_slice(out, from, to), page, number);
    if (to < out.len && out.at[to] == '\f') {
      page++;
      number = 0;
      vec_push(p->x->mem, &p->page_at) = (uint32_t)p->lines.len;
    }
    from = to + 1;
  }
}

/* ---- furniture ---- */

/* — 12 —, - 12 -, 12, 第12页, 第 1 页 共 12 页, 1/12 */
static bool is_page_number(struct str s) {
  bool digit = false;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    if (is_digit(c)) digit = true;
    else if (c != ' ' && c != '-' && c != 0x2014 && c != 0x2013 && c != 0x2D7 && c != 0xB7 && c != '/' && c != 0x7B2C &&
             c != 0x9875 && c != 0x5171 && c != 0xFF0D && c != 0x2500 && c != 0x3000)
      return false;
  }
  return digit && s.len <= HEAD_CHARS;
}

static struct pdf_line *edge_line(struct pdf *p, size_t page, bool last) {
  const size_t from = p->page_at.at[page], to = page + 1 < p->page_at.len ? p->page_at.at[page + 1] : p->lines.len;
  for (size_t k = 0; k < to - from; k++) {
    struct pdf_line *l = &p->lines.at[last ? to - 1 - k : from + k];
    if (!l->left_out) return l;
  }
  return NULL;
}

static void drop_page_numbers(struct pdf *p) {
  for (size_t page = 0; page < p->page_at.len; page++)
    for (int last = 0; last < 2; last++) {
      struct pdf_line *l = edge_line(p, page, last);
      if (l && is_page_number(l->text)) l->left_out = true;
    }
}

/* A short line that stands first (or last) on three pages or more, and on half of all, belongs to the paper. */
static bool drop_running(struct pdf *p, bool last) {
  struct str best = {0};
  size_t votes = 0, same = 0;
  for (size_t page = 0; page < p->page_at.len; page++) { /* Boyer and Moore's majority vote */
    const struct pdf_line *l = edge_line(p, page, last);
    if (!l) continue;
    if (!votes) best = l->text;
    if (str_eq(l->text, best)) votes++;
    else votes--;
  }
  for (size_t page = 0; page < p->page_at.len; page++) {
    const struct pdf_line *l = edge_line(p, page, last);
    same += l && str_eq(l->text, best);
  }
  if (!best.len || same < HEAD_PAGES || same * 2 < p->page_at.len || best.len > HEAD_CHARS * 3) return false;
  for (size_t page = 0; page < p->page_at.len; page++) {
    struct pdf_line *l = edge_line(p, page, last);
    if (l && str_eq(l->text, best)) l->left_out = true;
  }
  return true;
}

/* ---- paragraphs ---- */

static void find_edges(struct pdf *p) {
  enum { COLUMNS = 512 };
  uint32_t *indents = arena_new_n(p->x->mem, uint32_t, COLUMNS), *rights = arena_new_n(p->x->mem, uint32_t, COLUMNS);
  size_t count = 0, seen = 0;
  vec_each(const struct pdf_line, l, &p->lines) {
    if (l->left_out) continue;
    indents[l->indent < COLUMNS ? l->indent : COLUMNS - 1]++;
    rights[l->right < COLUMNS ? l->right : COLUMNS - 1]++;
    count++;
  }
  for (uint32_t i = 0; i < COLUMNS && seen * 20 <= count; i++) { /* the leftmost that a twentieth of the lines reach */
    seen += indents[i];
    p->left = i;
  }
  seen = 0;
  for (uint32_t i = COLUMNS; i-- > 0 && seen * 20 <= count;) {
    seen += rights[i];
    p->right = i;
  }
}

static bool ends_sentence(struct str s) {
  static const struct str ends[] = {STR_INIT("。"), STR_INIT("；"), STR_INIT("："), STR_INIT("！"), STR_INIT("？"),
                                    STR_INIT("”"),  STR_INIT("）"), STR_INIT(";"),  STR_INIT("."),  STR_INIT(":")};
  for (size_t i = 0; i < COUNT_OF(ends); i++)
    if (str_ends(s, ends[i])) return true;
  return false;
}

/* 一、 （一） (一) 1. 第一 : what begins a paragraph even without indentation. */
static bool begins_numbered(struct str s) {
  size_t i = 0;
  uint32_t c = utf8_next(s, &i);
  if (c == 0xFF08 || c == '(' || c == 0x7B2C) c = utf8_at(s, i);
  static const struct str numerals = STR_INIT("一二三四五六七八九十");
  for (size_t k = 0; k < numerals.len; k += 3)
    if (c == utf8_at(numerals, k)) return true;
  size_t digits = 0;
  while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9') digits++;
  const uint32_t behind = utf8_at(s, digits);
  return digits && digits < 4 && (behind == '.' || behind == 0xFF0E || behind == 0x3001);
}

static bool goes_on(const struct pdf *p, const struct pdf_line *a, const struct pdf_line *b) {
  const uint32_t width = p->right > p->left ? p->right - p->left : 1;
  const bool full = a->right > p->left && (uint64_t)(a->right - p->left) * 100 >= (uint64_t)width * FULL_SHARE;
  if (!full || b->indent >= p->left + INDENT_LEAST) return false;
  return !(ends_sentence(a->text) && begins_numbered(b->text));
}

static bool is_word_char(uint32_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

static void put_line(struct pdf *p, struct str s, bool joins) {
  struct buf *out = &p->x->text;
  if (joins && out->len && is_word_char((unsigned char)out->at[out->len - 1]) && is_word_char(utf8_at(s, 0)))
    buf_byte(out, ' ');
  for (size_t i = 0; i < s.len;) {
    const size_t from = i;
    const uint32_t c = utf8_next(s, &i);
    const struct str whole = radical_whole(c);
    if (whole.len) buf_str(out, whole);
    else if (c == ' ' && out->len && out->at[out->len - 1] == ' ') continue;
    else if (c < 0x20) buf_byte(out, ' ');
    else buf_add(out, s.at + from, i - from);
  }
}

static void put_paragraphs(struct pdf *p) {
  const struct pdf_line *before = NULL;
  vec_each(const struct pdf_line, l, &p->lines) {
    if (l->left_out) continue;
    const bool joins = before && goes_on(p, before, l);
    if (before && !joins) buf_byte(&p->x->text, '\n');
    const uint32_t at = (uint32_t)p->x->text.len;
    put_line(p, l->text, joins);
    extract_place(
        p->x, (struct place){
                  .at = {at, 0}, .part = (uint16_t)(l->page < UINT16_MAX ? l->page : UINT16_MAX), .para = l->number});
    before = l;
  }
  buf_byte(&p->x->text, '\n');
}

/* ---- the whole ---- */

static bool refuse(struct extract *x, int msg, int hint, struct err *e) {
  fail(e, ERR_INVALID, msg, "name", x->name);
  return err_hint(e, hint);
}

static bool check_result(struct extract *x, const struct child_result *r, struct err *e) {
  if (r->exit_status == 127) {
    fail(e, ERR_BUSY, MSG_source_pdf_tool);
    return err_hint(e, MSG_source_pdf_tool_hint);
  }
  if (r->timed_out) {
    fail(e, ERR_TOO_LARGE, MSG_worker_timeout, "name", x->name, "limit", str_int(x->mem, WORKER_SECONDS));
    return err_hint(e, MSG_worker_timeout_hint);
  }
  if (r->too_much) {
    fail(e, ERR_TOO_LARGE, MSG_source_text_large, "name", x->name, "limit",
         str_fmt(x->mem, "%d MiB", PLAN_FILE_MAX >> 20));
    return err_hint(e, MSG_source_too_large_hint);
  }
  if (str_find(r->err_text, STR("Incorrect password")) != STR_NONE || r->exit_status == 3)
    return refuse(x, MSG_source_encrypted, MSG_source_encrypted_hint, e);
  if (r->exit_status != 0) return refuse(x, MSG_source_pdf_broken, MSG_source_pdf_broken_hint, e);
  return true;
}

static bool has_words(struct str s) {
  size_t letters = 0;
  for (size_t i = 0; i < s.len && letters < 8; i++) letters += (unsigned char)s.at[i] > '9';
  return letters >= 8;
}

bool pdf_join(struct extract *x, struct str laid_out, struct err *e) {
  if (!has_words(laid_out)) return refuse(x, MSG_source_pdf_scanned, MSG_source_pdf_scanned_hint, e);
  if (!utf8_valid(laid_out)) return refuse(x, MSG_source_pdf_broken, MSG_source_pdf_broken_hint, e);
  struct pdf p = {.x = x};
  split_lines(&p, laid_out);
  drop_page_numbers(&p);
  if (drop_running(&p, false)) drop_page_numbers(&p);
  if (drop_running(&p, true)) drop_page_numbers(&p);
  find_edges(&p);
  put_paragraphs(&p);
  return true;
}

bool pdf_read(struct extract *x, struct str bytes, struct err *e) {
  static const char *const argv[] = {"pdftotext", "-layout", "-enc", "UTF-8", "-eol", "unix", "-", "-", NULL};
  struct child_result r = {0};
  TRY(child_run(x->mem, argv, bytes, OUTPUT_MOST, &r, e));
  TRY(check_result(x, &r, e));
  return pdf_join(x, r.out, e);
}
