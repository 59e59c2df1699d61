/* CSV to text: separators become TAB, quotes go, a break inside a quoted field becomes U+000B. RFC 4180, leniently.
 *
 * The separator is the one of , ; TAB that stands most evenly outside quotes in the first lines. A quote counts only
 * at the start of a field, as spreadsheets have it; a quote that is never closed ends with the file. */
#include "base/must.h"
#include "text/extract.h"
#include "text/weave.h"

enum { LINES_SEEN = 50 };

/* Lines of the first LINES_SEEN that hold the separator, outside quotes. */
static int lines_with(struct str text, char separator) {
  int lines = 0, with = 0;
  bool quoted = false, found = false;
  for (size_t i = 0; i < text.len && lines < LINES_SEEN; i++) {
    const char c = text.at[i];
    if (c == '"') quoted = !quoted;
    else if (c == separator && !quoted) found = true;
    else if (c == '\n' && !quoted) {
      lines++;
      with += found;
      found = false;
    }
  }
  return with + found;
}

static char find_separator(struct str text) {
  static const char separators[] = "\t,;";
  char best = ',';
  int most = 0;
  for (const char *s = separators; *s; s++) {
    const int n = lines_with(text, *s);
    if (n > most) {
      most = n;
      best = *s;
    }
  }
  return best;
}

struct csv {
  struct weave w;
  struct str in;
  char separator;
  uint32_t row, cell, cell_at;
  place_list *places;
};

static void end_cell(struct csv *c) {
  const struct place p = {.at = {c->cell_at, (uint32_t)c->w.out_len},
                          .part = 1,
                          .table = 1,
                          .row = (uint16_t)(c->row < UINT16_MAX ? c->row : UINT16_MAX),
                          .cell = (uint16_t)(c->cell < UINT16_MAX ? c->cell : UINT16_MAX)};
  if (p.at.end > p.at.at) vec_push(c->w.mem, c->places) = p;
}

/* What is inside quotes, up to and with the closing one. */
static void read_quoted(struct csv *c) {
  struct weave *w = &c->w;
  weave_edit(w, 1, STR(""), EDIT_MARKUP, false);
  while (w->at < c->in.len) {
    const char ch = c->in.at[w->at];
    if (ch == '"') {
      const bool twice = w->at + 1 < c->in.len && c->in.at[w->at + 1] == '"';
      weave_edit(w, 1, STR(""), EDIT_MARKUP, false);
      if (!twice) return;
      weave_keep(w, 1);
    } else if (ch == '\n') {
      weave_edit(w, 1, STR("\v"), EDIT_MARKUP, false);
    } else if (ch == '\t') {
      weave_edit(w, 1, STR(" "), EDIT_MARKUP, false);
    } else {
      weave_keep(w, 1);
    }
  }
}

static void read_cell(struct csv *c) {
  struct weave *w = &c->w;
  c->cell_at = (uint32_t)w->out_len;
  c->cell++;
  if (w->at < c->in.len && c->in.at[w->at] == '"') read_quoted(c);
  size_t end = w->at;
  while (end < c->in.len && c->in.at[end] != '\n' && c->in.at[end] != c->separator) {
    if (c->in.at[end] == '\t') {
      weave_keep_to(w, end);
      weave_edit(w, 1, STR(" "), EDIT_MARKUP, false);
    }
    end++;
  }
  weave_keep_to(w, end);
  end_cell(c);
}

bool csv_read(struct arena *mem, struct str text, struct layer *l, place_list *places) {
  struct csv c = {.in = text, .separator = find_separator(text), .row = 1, .places = places};
  weave_begin(&c.w, mem, text, text.len, l);
  while (c.w.at < text.len) {
    read_cell(&c);
    if (c.w.at == text.len) break;
    if (text.at[c.w.at] == '\n') {
      weave_keep(&c.w, 1);
      c.row++;
      c.cell = 0;
    } else if (c.separator == '\t') {
      weave_keep(&c.w, 1);
    } else {
      weave_edit(&c.w, 1, STR("\t"), EDIT_MARKUP, false);
    }
  }
  weave_end(&c.w);
  return true;
}
