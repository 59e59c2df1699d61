/* The words by which records are found: number and the fields that are declared `search: yes`, in the rows of store/search.h, written
 * with the record. What only some of its readers may read (class personal) stands in a row of its own, so that whoever asks can be
 * asked for the right to that class; sensitive and sealed fields are never there. */
#include "engine/flow/words.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "engine/flow/flow.h"
#include "engine/flow/lists.h"
#include "store/list.h"
#include "store/search.h"
#include "text/fold_table.h"
#include "text/han.h"

static bool is_found_by(const struct flow_field *f) {
  return f->field->search.which == 1 && f->class <= CLASS_personal && f->place == FLOW_COLUMN;
}
static bool is_touched(const struct flow_row *row, bool is_new) {
  for (size_t i = 0; i < row->record->fields.len; i++)
    if (is_found_by(&row->record->fields.at[i]) && (is_new || row->changed_field[i])) return true;
  return is_new && row->number.len;
}
static struct str first_bytes(struct str s, size_t n) {
  if (s.len <= n) return s;
  while (n && ((unsigned char)s.at[n] & 0xC0) == 0x80) n--;
  return str_slice(s, 0, n);
}
static struct str words_of(struct flow_run *run, const struct flow_row *row, bool is_personal) {
  AUTO_BUF b = BUF_MAX(SEARCH_TEXT_MAX);
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    const struct value *v = &row->fields[i];
    if (!is_found_by(f) || (f->class == CLASS_personal) != is_personal || v->kind != VALUE_TEXT) continue;
    const size_t room = SEARCH_TEXT_MAX - b.len - (b.len > 0);
    if (SEARCH_TEXT_MAX - b.len <= 1) break; /* the rest is not searched */
    if (b.len) buf_byte(&b, '\n');
    buf_str(&b, first_bytes(v->text, room));
  }
  return han_fold(run->mem, str_dup(run->mem, buf_view(&b)));
}
static bool put(struct flow_run *run, const struct flow_row *row, const char *kind, struct str title, struct str body,
                struct err *e) {
  const struct search_row found = {str_of(kind), flow_words_id(run->mem, row->record->name, row->id), STR(""), title,
                                   body};
  if (title.len || body.len) return search_put(run->session, &found, e);
  return search_drop(run->session, found.kind, found.id, e);
}
struct str flow_words_id(struct arena *mem, struct str record, struct str id) {
  return str_fmt(mem, STRF "/" STRF, STRA(record), STRA(id));
}
bool flow_words_put(struct flow_run *run, const struct flow_row *row, bool is_new, struct err *e) {
  if (!is_touched(row, is_new)) return true;
  const struct str personal = words_of(run, row, true);
  TRY(put(run, row, FLOW_WORDS, han_fold(run->mem, row->number), words_of(run, row, false), e));
  return (is_new && !personal.len) || put(run, row, FLOW_WORDS_PERSONAL, STR(""), personal, e);
}
bool flow_words_erased(const struct flow *f, struct store *tx, struct arena *mem, const struct flow_record *r,
                       struct str id, struct err *e) {
  static const char *const kinds[] = {FLOW_WORDS, FLOW_WORDS_PERSONAL};
  struct flow_row *row = NULL;
  struct flow_run run;
  flow_begin(&run, f, tx, mem, NULL, 0);
  TRY(flow_row(&run, r, id, &row, e));
  for (int i = 0; i < 2; i++) {
    struct search_row left = {.kind = str_of(kinds[i]), .id = flow_words_id(mem, r->name, id), .unit = STR("")};
    left.title = row && !i ? row->number : STR("");
    left.body = row ? words_of(&run, row, i == 1) : STR("");
    TRY(search_erase(tx, &left, e));
  }
  return true;
}

/* ---- for lists ---- */

/* Lists look through all texts when none is declared to be searched: those are not among the words. */
static bool is_searched(const struct flow_record *r) {
  bool is = false;
  vec_each(const struct flow_field, f, &r->fields) is |= f->field->search.which == 1;
  return is;
}
/* What a character folds to by the word it stands in cannot be said of a part of that word. */
static bool folds_alone(struct str s) {
  for (size_t i = 0; i < s.len;)
    if (han_mark(utf8_next(s, &i)) & HAN_CONTEXT) return false;
  return true;
}
bool flow_words_few(struct store *session, struct arena *mem, const struct flow_record *r, struct str said, size_t most,
                    struct list_few *out, struct err *e) {
  struct str asked[FLOW_LIST_WORDS];
  const size_t count = flow_list_words(said, asked);
  size_t n = 0;
  *out = (struct list_few){0};
  for (size_t i = 0; i < count; i++)
    if (utf8_valid(asked[i]) && folds_alone(asked[i])) asked[n++] = han_fold(mem, asked[i]);
  return !n || !is_searched(r) || search_few(session, mem, STR(FLOW_WORDS), r->name, asked, n, most, out, e);
}
