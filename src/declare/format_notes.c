/* Comments, which the YAML reader drops, taken from the source and hung on the entries they speak of. Between the scalars
 * (whose places the reader keeps) stand only brackets, dashes, colons and blanks, so every `#` there begins a comment.
 * A comment on a line of its own belongs to the entry below it, unless it is indented deeper: then it ends the map or list
 * above it. A comment behind something stays behind it. */
#include "base/utf8.h"
#include "declare/format_tree.h"

struct spot {
  int line, column;
};
struct note {
  struct spot at;
  struct str text; /* empty: a blank line */
  bool alone;      /* nothing before it on its line */
  size_t before;   /* so many items begin before it */
};
struct span {
  struct spot from, to;
};
struct scan {
  struct arena *mem;
  struct str text;
  size_t i;
  struct spot at;
  VEC(struct span) scalars;
  VEC(struct note) notes;
};

static bool is_before(struct spot a, struct spot b) { return a.line != b.line ? a.line < b.line : a.column < b.column; }
static struct spot value_start(const struct yaml *y) { return (struct spot){y->line, y->column}; }
static struct spot value_end(const struct yaml *y) { return (struct spot){y->end_line, y->end_column}; }
static struct spot item_start(const struct item *x) {
  return x->y->key_line ? (struct spot){x->y->key_line, x->y->key_column} : value_start(x->y);
}

/* ---- find them ---- */

static void add_span(struct scan *s, struct spot from, struct spot to) {
  if (is_before(from, to)) vec_push(s->mem, &s->scalars) = (struct span){from, to};
}
static void add_scalars(struct scan *s, const struct item_list *all) {
  for (size_t i = 0; i < all->len; i++) {
    const struct yaml *y = all->at[i]->y;
    if (y->key_line) add_span(s, item_start(all->at[i]), (struct spot){y->key_end_line, y->key_end_column});
    if (y->kind != YAML_SCALAR) continue;
    add_span(s, y->block ? (struct spot){y->line + 1, 1} : value_start(y),
             value_end(y)); /* a comment may follow the | */
  }
}
/* YAML 1.1 knows five line breaks; a CR was refused before. */
static bool is_break(uint32_t c) { return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }
static uint32_t step(struct scan *s) {
  const uint32_t c = utf8_next(s->text, &s->i);
  s->at.column++;
  if (is_break(c)) s->at = (struct spot){s->at.line + 1, 1};
  return c;
}
static void take_note(struct scan *s, bool alone) {
  const struct spot at = s->at;
  const size_t from = s->i;
  size_t to = from;
  while (to < s->text.len && !is_break(utf8_at(s->text, to))) {
    s->i = to;
    (void)step(s);
    to = s->i;
  }
  while (to > from && s->text.at[to - 1] == ' ') to--;
  vec_push(s->mem, &s->notes) = (struct note){at, str_slice(s->text, from, to), alone, 0};
}
/* The blank lines behind a block count as its own for YAML, and not for a person. */
static void skip_scalar(struct scan *s, struct spot to) {
  bool blank = false, filled = false; /* the last whole line; something on this one */
  while (s->i < s->text.len && is_before(s->at, to)) {
    const uint32_t c = step(s);
    if (is_break(c)) blank = !filled;
    filled = !is_break(c) && (filled || c != ' ');
  }
  if (blank && s->at.column == 1) vec_push(s->mem, &s->notes) = (struct note){s->at, {0}, true, 0};
}
static void find_notes(struct scan *s) {
  bool fresh = true; /* nothing but blanks on this line so far */
  const struct span *next = s->scalars.at, *end = next ? next + s->scalars.len : NULL;
  while (s->i < s->text.len) {
    if (next < end && !is_before(s->at, next->from)) {
      skip_scalar(s, next++->to);
      fresh = s->at.column == 1;
    } else if (s->text.at[s->i] == '#') {
      take_note(s, fresh);
      fresh = false;
    } else {
      const struct spot at = s->at;
      const uint32_t c = step(s);
      if (is_break(c) && fresh) vec_push(s->mem, &s->notes) = (struct note){at, {0}, true, 0};
      fresh = is_break(c) || (fresh && c == ' ');
    }
  }
}
static void count_before(struct scan *s, const struct item_list *all) {
  size_t n = 0;
  vec_each(struct note, x, &s->notes) {
    while (n < all->len && is_before(item_start(all->at[n]), x->at)) n++;
    x->before = n;
  }
}

/* ---- hang them ---- */

struct hanger {
  struct arena *mem;
  struct item *root;
  const struct item_list *all;
};
static struct item *last_before(const struct hanger *h, const struct note *x) {
  return x->before ? h->all->at[x->before - 1] : NULL;
}
static struct item *first_after(const struct hanger *h, const struct note *x) {
  return x->before < h->all->len ? h->all->at[x->before] : NULL;
}
/* What holds a comment cannot stay between brackets on one line. */
static void open_brackets(const struct hanger *h, const struct note *x) {
  for (struct item *p = x->text.len ? last_before(h, x) : NULL; p; p = p->parent)
    if (p->y->flow && is_before(x->at, value_end(p->y))) p->block = true;
}
/* The entry that stands on lines of its own: whatever is between brackets is one. */
static struct item *whole_entry(struct item *p) {
  struct item *whole = p;
  for (; p; p = p->parent)
    if (item_is_flow(p)) whole = p;
  return whole;
}
static bool is_leaf(const struct item *p) { return p->y->kind == YAML_SCALAR || item_is_flow(p); }
static bool is_within(const struct item *x, const struct item *ancestor) {
  while (x && x != ancestor) x = x->parent;
  return x;
}
/* The map or list that a comment on its own line ends; NULL: it belongs to what follows. */
static struct item *ended_by(const struct hanger *h, const struct note *x, struct item *p, const struct item *next) {
  for (struct item *a = p; a; a = a->parent)
    if (a->y->flow && a->block && is_before(x->at, value_end(a->y)) && !is_within(next, a)) return a;
  if (!next) {
    for (struct item *a = p; a && a != h->root; a = a->parent)
      if (!is_leaf(a) && !a->y->flow && a->y->column <= x->at.column) return a;
    return h->root;
  }
  if (next->parent == p || x->at.column <= next->parent->y->column) return NULL;
  for (struct item *a = p; a && a != next->parent; a = a->parent)
    if (!is_leaf(a) && !a->y->flow && a->y->column <= x->at.column && !is_within(next, a)) return a;
  return NULL;
}
static notes *place_alone(const struct hanger *h, const struct note *x) {
  struct item *p = whole_entry(last_before(h, x)), *next = first_after(h, x);
  if (!p) return &h->root->above;
  if (is_leaf(p) && is_before(x->at, value_start(p->y))) return &p->above;
  struct item *ended = ended_by(h, x, p, next);
  return ended ? &ended->foot : &next->above;
}
static bool hang_tail(const struct hanger *h, const struct note *x) {
  struct item *p = whole_entry(last_before(h, x));
  if (x->alone || !p) return false;
  if (item_start(p).line != x->at.line && !(is_leaf(p) && p->y->end_line == x->at.line)) return false;
  if (p->tail.len) vec_push(h->mem, &p->above) = x->text;
  else p->tail = x->text;
  return true;
}
/* A blank line goes with the comment below it, or else with the next entry. */
static void hang_blank(const struct hanger *h, const struct note *blank, notes *place) {
  struct item *next = blank ? first_after(h, blank) : NULL;
  if (next && whole_entry(next) == next && !place) place = blank->before ? &next->above : &h->root->above;
  if (blank && place) vec_push(h->mem, place) = (struct str){0};
}
static void hang(const struct hanger *h, const struct note *x, const struct note *blank) {
  const bool same_gap = blank && blank->before == x->before;
  notes *place = x->text.len && !hang_tail(h, x) ? place_alone(h, x) : NULL;
  if (!same_gap || place) hang_blank(h, blank, same_gap ? place : NULL);
  if (place) vec_push(h->mem, place) = x->text;
}
void format_notes(struct arena *mem, struct str text, struct item *root, const struct item_list *all) {
  struct scan s = {.mem = mem, .text = text, .at = {1, 1}};
  const struct hanger h = {mem, root, all};
  add_scalars(&s, all);
  find_notes(&s);
  count_before(&s, all);
  vec_each(const struct note, x, &s.notes) open_brackets(&h, x);
  const struct note *blank = NULL;
  vec_each(const struct note, x, &s.notes) {
    hang(&h, x, blank);
    blank = x->text.len ? NULL : x;
  }
  hang_blank(&h, blank, NULL);
}
