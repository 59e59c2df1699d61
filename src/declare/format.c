/* The tree of the file, put in order by the tables of language.c and written. Before the result is given away it is read
 * again and compared: a formatter that changes a meaning would be worse than none. */
#include "declare/format.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "declare/format_tree.h"
#include "declare/language.h"
#include "declare/system.h"
#include "texts.h"

enum { FLOW_COLUMNS = 240, STEP = 2, NAME_COLUMNS = 14, OUT_TIMES = 140 };

/* ---- the tree ---- */

struct planting {
  struct arena *mem;
  struct item_list all;
};
static void plant_children(struct planting *g, struct item *parent) {
  struct item **to = &parent->child;
  for (const struct yaml *c = parent->y->child; c; c = c->next) {
    struct item *x = arena_new(g->mem, struct item);
    *x = (struct item){.y = c, .parent = parent};
    *to = x;
    to = &x->next;
    vec_push(g->mem, &g->all) = x;
    plant_children(g, x);
  }
}

/* ---- the order ---- */

/* Keys that the table does not know stay behind the one they followed. */
static void sort_keys(struct item *map, const struct part *p) {
  int rank = -1;
  struct item *sorted = NULL;
  for (struct item *x = map->child, *next; x; x = next) {
    next = x->next;
    const struct key *k = language_key(p, x->y->key);
    x->rank = rank = k ? (int)(k - p->keys) : rank;
    struct item **to = &sorted;
    while (*to && (*to)->rank <= x->rank) to = &(*to)->next;
    x->next = *to;
    *to = x;
  }
  map->child = sorted;
}
static void order_part(struct item *x, const struct part *p);
static void order_value(struct item *x, const struct key *k) {
  if (k->shape != SHAPE_PART) return;
  if (k->many == ONE || (k->many == ONE_OR_LIST && x->y->kind != YAML_LIST)) order_part(x, k->part);
  else
    for (struct item *c = x->child; c; c = c->next) {
      c->named = k->many == MAP;
      order_part(c, k->part);
    }
}
static void order_part(struct item *x, const struct part *p) {
  if (p->whole) order_value(x, p->whole);
  if (p->whole || x->y->kind != YAML_MAP) return;
  for (struct item *c = x->child; c; c = c->next) {
    const struct key *k = language_key(p, c->y->key);
    if (k) order_value(c, k);
  }
  sort_keys(x, p);
}

/* ---- writing ---- */

struct writer {
  struct arena *mem;
  struct buf *out;
  bool blank;   /* a blank line is due before the next one */
  bool opened;  /* nothing stands in this map or list yet */
  bool on_dash; /* behind `- ` */
};
static void begin_line(struct writer *w, int indent) {
  if (!w->on_dash) {
    if (w->out->len) buf_byte(w->out, '\n');
    if (w->blank && !w->opened) buf_byte(w->out, '\n');
    buf_fmt(w->out, "%*s", indent, "");
  }
  w->blank = w->opened = w->on_dash = false;
}
static void put_notes(struct writer *w, const notes *n, int indent) {
  vec_each(const struct str, x, n) {
    if (!x->len) {
      w->blank = true;
      continue;
    }
    begin_line(w, indent);
    buf_str(w->out, *x);
  }
}
static bool is_nothing(const struct item *x) { return x->y->kind == YAML_SCALAR && !x->y->quoted && !x->y->text.len; }
static bool may_flow(const struct item *x) {
  const bool is_list = x->y->kind == YAML_LIST;
  if (x->y->kind == YAML_SCALAR) return !format_can_block(x->y);
  if (!item_is_flow(x)) return false;
  for (const struct item *c = x->child; c; c = c->next)
    if (!may_flow(c) || (is_list && is_nothing(c))) return false;
  return true;
}
static void put_flow(struct buf *out, const struct item *x) {
  if (x->y->kind == YAML_SCALAR) {
    format_scalar(out, x->y, true);
    return;
  }
  const bool is_map = x->y->kind == YAML_MAP;
  buf_byte(out, is_map ? '{' : '[');
  for (const struct item *c = x->child; c; c = c->next) {
    if (c != x->child) buf_z(out, ", ");
    if (is_map) format_key(out, c->y->key, true);
    if (is_map && !is_nothing(c)) buf_z(out, ": ");
    put_flow(out, c);
  }
  buf_byte(out, is_map ? '}' : ']');
}
static int key_columns(const struct item *x) {
  AUTO_BUF key = BUF_MAX(DECLARE_FILE_MAX * 2);
  if (x->y->key_line) format_key(&key, x->y->key, false);
  return (int)utf8_count(buf_view(&key));
}
static bool stays_flow(const struct writer *w, const struct item *x, int indent) {
  AUTO_BUF line = BUF_MAX(w->out->max);
  if (!x->child) return true;
  if (!may_flow(x)) return false;
  buf_fmt(&line, "%*s", indent, "");
  const int name = key_columns(x);
  buf_fmt(&line, "%*s", name && x->named && name < NAME_COLUMNS ? NAME_COLUMNS : name, "");
  buf_z(&line, name ? ": " : "- ");
  put_flow(&line, x);
  return utf8_count(buf_view(&line)) <= FLOW_COLUMNS;
}
static void move_notes(struct writer *w, notes *from, notes *to) {
  vec_each(const struct str, x, from) vec_push(w->mem, to) = *x;
  from->len = 0;
}
/* The first entry of an element stands on the line of its dash: what is above it goes above the dash. */
static void lift_notes(struct writer *w, struct item *x, int indent) {
  for (struct item *a = x; a->parent->y->kind == YAML_LIST && !stays_flow(w, a, indent); a = a->child, indent += STEP) {
    if (a->tail.len) vec_push(w->mem, &x->above) = a->tail;
    a->tail = (struct str){0};
    move_notes(w, &a->child->above, &x->above);
  }
}
static void put_tail(struct writer *w, const struct item *x) {
  if (x->tail.len) buf_fmt(w->out, " " STRF, STRA(x->tail));
}
static void put_children(struct writer *w, struct item *x, int indent);
static void put_leaf(struct writer *w, const struct item *x, int indent) {
  const bool is_block = x->y->kind == YAML_SCALAR && format_can_block(x->y);
  if (!is_nothing(x)) buf_fmt(w->out, "%*s", x->pad + 1, "");
  if (is_block) format_block(w->out, x->y, indent + STEP, x->tail);
  else if (x->y->kind == YAML_SCALAR) format_scalar(w->out, x->y, false);
  else put_flow(w->out, x);
  if (!is_block) put_tail(w, x);
}
static void put_inner(struct writer *w, struct item *x, int indent) {
  w->on_dash = x->parent->y->kind == YAML_LIST;
  if (w->on_dash) buf_byte(w->out, ' ');
  put_tail(w, x);
  w->opened = true;
  put_children(w, x, indent + STEP);
}
static void put_item(struct writer *w, struct item *x, int indent) {
  const bool is_leaf = stays_flow(w, x, indent), is_later_section = !x->parent->parent && x != x->parent->child;
  if (!is_leaf) lift_notes(w, x, indent);
  if (!x->child) move_notes(w, &x->foot, &x->above);
  if (is_later_section && !is_leaf && x->y->kind == YAML_MAP) w->blank = true;
  put_notes(w, &x->above, indent);
  begin_line(w, indent);
  if (x->parent->y->kind == YAML_LIST) {
    buf_byte(w->out, '-');
  } else {
    format_key(w->out, x->y->key, false);
    buf_byte(w->out, ':');
  }
  if (is_leaf) put_leaf(w, x, indent);
  else put_inner(w, x, indent);
}
/* A column goes through neighbours on one line each; very long names stand out of it. */
static bool in_column(const struct writer *w, const struct item *x, int indent) {
  return x->named && stays_flow(w, x, indent) && !format_can_block(x->y);
}
static void set_columns(const struct writer *w, struct item *first, int indent) {
  for (struct item *from = first, *to; from; from = to) {
    int widest = 0;
    for (to = from; to && in_column(w, to, indent) && (to == from || !to->above.len); to = to->next) {
      const int name = key_columns(to);
      if (name <= NAME_COLUMNS && name > widest) widest = name;
    }
    for (struct item *x = from; x != to; x = x->next) {
      const int name = key_columns(x);
      x->pad = name < widest ? widest - name : 0;
    }
    if (to == from) to = from->next;
  }
}
static void put_children(struct writer *w, struct item *x, int indent) {
  set_columns(w, x->child, indent);
  for (struct item *c = x->child; c; c = c->next) put_item(w, c, indent);
  put_notes(w, &x->foot, indent);
}

/* ---- the same ---- */

static bool is_same(const struct item *x, const struct yaml *y) {
  if (x->y->kind != y->kind || x->y->count != y->count || !str_eq(x->y->key, y->key) || !str_eq(x->y->text, y->text) ||
      format_is_missing(x->y) != format_is_missing(y))
    return false;
  const struct yaml *d = y->child;
  for (const struct item *c = x->child; c; c = c->next, d = d->next)
    if (!is_same(c, d)) return false;
  return true;
}
static bool is_kept(struct faults *f, const struct item *root, struct str out) {
  struct err e = {0};
  struct yaml *again;
  if (yaml_parse(f->mem, f->file, out, &again, &e) && is_same(root, again)) return true;
  (void)faults_add(f, FAULT_Y016, (struct place){1, 1, 0});
  return false;
}

bool system_format(struct faults *f, struct str file, struct str text, struct str *out) {
  struct system *s;
  TRY(system_read(f, file, text, &s) && s->head.yaml->kind == YAML_MAP);
  struct planting g = {.mem = f->mem};
  struct item root = {.y = s->head.yaml, .block = true};
  AUTO_BUF to = BUF_MAX((size_t)DECLARE_FILE_MAX * OUT_TIMES);
  struct writer w = {.mem = f->mem, .out = &to, .opened = true};
  plant_children(&g, &root);
  format_notes(f->mem, text, &root, &g.all);
  order_part(&root, &language_system);
  put_notes(&w, &root.above, 0);
  put_children(&w, &root, 0);
  buf_byte(&to, '\n');
  must(!to.broken);
  *out = str_dup(f->mem, buf_view(&to));
  return is_kept(f, &root, *out);
}
