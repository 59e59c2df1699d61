/* Records that may be about the same thing, as `duplicates:` says: made within the window, with the same values in its fields, and, where
 * texts are named, with a good part of their pairs of characters in common. A hint for people: nothing is refused by it. */
#include "engine/flow/alike.h"

#include "base/utf8.h"
#include "declare/check.h"
#include "declare/duration.h"
#include "engine/flow/rows.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"

enum { LOOKED = 100, PAIRS_MOST = 512, ALIKE_SHARE = 40 }; /* per cent of the pairs of the shorter text */
typedef VEC(uint64_t) pair_list;

static void pairs_of(struct arena *mem, struct str s, pair_list *out) {
  uint32_t before = 0;
  for (size_t i = 0; i < s.len && out->len < PAIRS_MOST;) {
    const uint32_t c = utf8_next(s, &i);
    const uint64_t pair = (uint64_t)before << 32 | c;
    bool known = c <= ' ' || before <= ' ';
    for (size_t k = 0; !known && k < out->len; k++) known = out->at[k] == pair;
    if (!known) vec_push(mem, out) = pair;
    before = c;
  }
}
static bool is_like(struct arena *mem, struct str a, struct str b) {
  pair_list x = {0}, y = {0};
  size_t both = 0;
  pairs_of(mem, a, &x);
  pairs_of(mem, b, &y);
  const size_t least = x.len < y.len ? x.len : y.len;
  for (size_t i = 0; i < x.len; i++)
    for (size_t k = 0; k < y.len; k++) both += x.at[i] == y.at[k];
  return least && both * 100 >= least * ALIKE_SHARE;
}
/* Without a text on both sides there is nothing to tell them apart by. */
static bool any_like(struct flow_run *run, const struct flow_row *row, const struct flow_row *other) {
  const words *like = &row->record->record->duplicates->like;
  bool compared = false;
  vec_each(const struct word, w, like) {
    const struct flow_field *f = flow_field(row->record, w->text);
    if (!f || f->place != FLOW_COLUMN || f->class > CLASS_inner) continue;
    const size_t i = (size_t)(f - row->record->fields.at);
    const struct value *a = &row->fields[i], *b = &other->fields[i];
    if (a->kind != VALUE_TEXT || b->kind != VALUE_TEXT) continue;
    compared = true;
    if (is_like(run->mem, a->text, b->text)) return true;
  }
  return !compared;
}
/* False: a field that has to be the same is missing, so nothing is. */
static bool put_same(struct flow_run *run, const struct flow_row *row, struct compose *c, bool *out_is, struct err *e) {
  *out_is = row->record->record->duplicates->same.len > 0;
  vec_each(const struct word, w, &row->record->record->duplicates->same) {
    const struct flow_field *f = flow_field(row->record, w->text);
    struct store_value cell;
    if (!f || f->place != FLOW_COLUMN) continue;
    const struct value *v = &row->fields[f - row->record->fields.at];
    if (value_is_none(v)) *out_is = false;
    if (!*out_is) return true;
    TRY(flow_cells(run, f, v, STR(""), &cell, e));
    compose_z(c, " AND ");
    compose_name(c, f->column[0]);
    compose_z(c, " = ");
    (void)compose_value(c, cell);
  }
  return true;
}
static bool read_ids(struct flow_run *run, struct compose *c, struct str out[LOOKED], size_t *out_n, struct err *e) {
  struct store_stmt *s = compose_prepare(c, run->session, 1, e);
  bool found = false, ok = s != NULL;
  while (ok && *out_n < LOOKED && (ok = store_step(s, &found, e)) && found)
    out[(*out_n)++] = store_column_str(s, 0, run->mem);
  if (s) store_reset(s);
  return ok;
}
bool flow_alike(struct flow_run *run, const struct flow_row *row, flow_alikes *out, struct err *e) {
  const struct duplicates *said = row->record->record->duplicates;
  struct duration window;
  struct str ids[LOOKED];
  size_t n = 0;
  int64_t since = 0;
  bool is = false;
  if (!said || !duration_parse(said->window.text, &window)) return true;
  window.n = -window.n;
  if (!moment_plus(run->flow->calendar, row->rev ? row->created : run->now_us, window, &since)) return true;
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, row->record->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"created\" >= ");
  (void)compose_int(&c, since);
  TRY(put_same(run, row, &c, &is, e));
  if (!is) return true;
  compose_z(&c, " ORDER BY \"created\" DESC LIMIT ");
  compose_bound(&c, LOOKED);
  TRY(read_ids(run, &c, ids, &n, e));
  for (size_t i = 0; i < n; i++) {
    struct flow_row *other = NULL;
    if (str_eq(ids[i], row->id)) continue;
    TRY(flow_row(run, row->record, ids[i], &other, e));
    if (other && any_like(run, row, other)) vec_push(run->mem, out) = other;
  }
  return true;
}
