/* Targets beside each other. Values are compared exactly, with 万 and 亿 taken out; a target pairs with one that counts
 * the same thing in the same unit, then with one of the same unit whose thing contains the other's, then with the only
 * one left of its unit. */
#include "engine/plan/compare_moves.h"

enum { TARGETS_MOST = 128 }; /* of one item; more are compared by place only, to keep the cost down */

static const char *const kinds[] = {"same", "changed", "new", "gone"};
static const char *const moves[] = {"same", "up", "down", "other", "new", "gone", "short"};
static const char *const modes[] = {"auto", "copies", "years", "levels"};
static const char *const fields[] = {"title", "number", "issuer", "year", "date", "preamble"};
static const char *const reasons[] = {"words", "title", "place", "document", "name", "fixed", "split"};

const char *row_kind_word(enum row_kind k) { return kinds[k]; }
const char *move_kind_word(enum move_kind k) { return moves[k]; }
const char *compare_mode_word(enum compare_mode m) { return modes[m]; }
const char *compare_field_word(enum compare_field f) { return fields[f]; }
const char *reason_word(unsigned bit) {
  for (size_t i = 0; i < COUNT_OF(reasons); i++)
    if (bit == 1u << i) return reasons[i];
  return "";
}

bool target_plain(const struct target *t, struct dec *out_value, struct str *out_unit) {
  struct str unit = t->unit;
  int shift = 0;
  if (!t->has_value) return false;
  for (bool more = true; more;) {
    more = true;
    if (str_starts(unit, STR("万"))) shift += 4;
    else if (str_starts(unit, STR("亿"))) shift += 8;
    else if (str_starts(unit, STR("千"))) shift += 3;
    else more = false;
    if (more) unit = str_from(unit, 3);
  }
  *out_unit = unit;
  return dec_shift(t->value, shift, out_value);
}

static bool has_part(struct str a, struct str b) {
  if (!a.len || !b.len) return false;
  return str_find(a, b) != STR_NONE || str_find(b, a) != STR_NONE;
}

enum likeness { LIKE_WHAT, LIKE_PART, LIKE_UNIT, LIKE_COUNT };
static bool alike(const struct target *a, const struct target *b, enum likeness how) {
  struct dec va, vb;
  struct str ua, ub;
  if (a->unsure || b->unsure || !target_plain(a, &va, &ua) || !target_plain(b, &vb, &ub) || !str_eq(ua, ub))
    return false;
  if ((a->part_of >= 0) != (b->part_of >= 0)) return false;
  if (how == LIKE_WHAT) return a->what.len && str_eq(a->what, b->what) && a->level == b->level;
  return how == LIKE_UNIT || has_part(a->what, b->what);
}

static size_t count_alike(const struct item *it, const struct target *t, const int32_t *partner, enum likeness how) {
  size_t n = 0;
  for (size_t i = 0; i < it->targets.len; i++) n += partner[i] < 0 && alike(&it->targets.at[i], t, how);
  return n;
}

static void pair_targets(const struct item *l, const struct item *r, enum likeness how, int32_t *of_left,
                         int32_t *of_right) {
  for (size_t i = 0; i < l->targets.len; i++) {
    if (of_left[i] >= 0) continue;
    for (size_t j = 0; j < r->targets.len; j++) {
      if (of_right[j] >= 0 || !alike(&l->targets.at[i], &r->targets.at[j], how)) continue;
      if (how == LIKE_UNIT && (count_alike(r, &l->targets.at[i], of_right, how) != 1 ||
                               count_alike(l, &r->targets.at[j], of_left, how) != 1))
        continue;
      of_left[i] = (int32_t)j;
      of_right[j] = (int32_t)i;
      break;
    }
  }
}

static struct target_move move_of(const struct target *a, const struct target *b, int32_t i, int32_t j) {
  struct target_move m = {.left = i, .right = j, .kind = MOVE_OTHER};
  struct dec va, vb;
  if (!target_plain(a, &va, &m.unit) || !target_plain(b, &vb, &m.unit)) return m;
  const int order = dec_cmp(va, vb);
  m.kind = order < 0 ? MOVE_UP : order > 0 ? MOVE_DOWN : MOVE_SAME;
  const bool restated = a->bound != b->bound || a->strength != b->strength || a->has_max != b->has_max ||
                        (a->has_max && !dec_eq(a->value_max, b->value_max));
  if (m.kind == MOVE_SAME && restated) m.kind = MOVE_OTHER;
  /* Shown in the unit as written when both write it alike: 0.56万个, not 5600个. */
  if (str_eq(a->unit, b->unit)) {
    m.unit = b->unit;
    m.has_change = dec_sub(b->value, a->value, &m.change);
  } else {
    m.has_change = dec_sub(vb, va, &m.change);
  }
  return m;
}

static int32_t *no_partners(struct arena *mem, size_t n) {
  int32_t *p = arena_new_n(mem, int32_t, n);
  for (size_t i = 0; i < n; i++) p[i] = NO_INDEX;
  return p;
}

void compare_moves(struct arena *mem, const struct item *left, const struct item *right, struct compare_row *row) {
  int32_t *of_left = no_partners(mem, left->targets.len), *of_right = no_partners(mem, right->targets.len);
  if (left->targets.len <= TARGETS_MOST && right->targets.len <= TARGETS_MOST)
    for (int how = 0; how < LIKE_COUNT; how++) pair_targets(left, right, (enum likeness)how, of_left, of_right);
  for (size_t i = 0; i < left->targets.len; i++)
    if (of_left[i] >= 0)
      vec_push(mem, &row->moves) =
          move_of(&left->targets.at[i], &right->targets.at[of_left[i]], (int32_t)i, of_left[i]);
    else if (!left->targets.at[i].unsure)
      vec_push(mem, &row->moves) =
          (struct target_move){MOVE_GONE, (int32_t)i, NO_INDEX, false, {0}, left->targets.at[i].unit};
  for (size_t j = 0; j < right->targets.len; j++)
    if (of_right[j] < 0 && !right->targets.at[j].unsure)
      vec_push(mem, &row->moves) =
          (struct target_move){MOVE_NEW, NO_INDEX, (int32_t)j, false, {0}, right->targets.at[j].unit};
}

/* ---- levels ---- */

struct sum {
  struct dec value;
  bool any;
};

/* Rows of one upper item stand wherever its lower items do; they are chained by the upper item. */
static uint32_t *chain_rows(struct arena *mem, const struct plan_comparison *c, uint32_t ***out_heads) {
  uint32_t *next = arena_new_n(mem, uint32_t, c->rows.len);
  uint32_t **heads = arena_new_n(mem, uint32_t *, c->left->documents.len);
  for (size_t d = 0; d < c->left->documents.len; d++)
    heads[d] = arena_new_n(mem, uint32_t, c->left->documents.at[d].items.len);
  for (size_t i = c->rows.len; i-- > 0;) {
    const struct compare_row *row = &c->rows.at[i];
    if (item_ref_none(row->left) || item_ref_none(row->right)) continue;
    uint32_t *head = &heads[row->left.document][row->left.item];
    next[i] = *head;
    *head = (uint32_t)i + 1;
  }
  *out_heads = heads;
  return next;
}

static void add_row(const struct plan_comparison *c, const struct compare_row *row, int32_t target, struct sum *s) {
  vec_each(struct target_move, m, &row->moves) {
    struct dec value;
    struct str unit;
    if (m->left != target || m->right < 0) continue;
    const struct target *t = &item_at(c->right, row->right)->targets.at[m->right];
    if (target_plain(t, &value, &unit) && (s->any ? dec_add(s->value, value, &s->value) : true)) {
      if (!s->any) s->value = value;
      s->any = true;
    }
  }
}

/* Shares are not added up: the lower plan's own share is compared. */
static void judge(const struct plan_comparison *c, uint32_t head, const uint32_t *next, struct compare_row *row,
                  struct target_move *m) {
  const struct target *upper = &item_at(c->left, row->left)->targets.at[m->left];
  struct dec want;
  struct sum s = {0};
  if (!target_plain(upper, &want, &m->unit)) return;
  if (str_find(upper->unit, STR("%")) != STR_NONE) add_row(c, row, m->left, &s);
  else
    for (uint32_t i = head; i; i = next[i - 1]) add_row(c, &c->rows.at[i - 1], m->left, &s);
  if (!s.any || upper->bound == BOUND_LE) return;
  m->has_change = dec_sub(s.value, want, &m->change);
  m->kind = dec_cmp(s.value, want) < 0 ? MOVE_SHORT : dec_eq(s.value, want) ? MOVE_SAME : MOVE_UP;
}

void compare_cover(struct arena *mem, struct plan_comparison *c) {
  uint32_t **heads;
  const uint32_t *next = chain_rows(mem, c, &heads);
  vec_each(struct compare_row, row, &c->rows) {
    if (item_ref_none(row->left) || item_ref_none(row->right)) continue;
    vec_each(struct target_move, m, &row->moves)
      if (m->left >= 0 && m->right >= 0) judge(c, heads[row->left.document][row->left.item], next, row, m);
  }
}
