/* Strict YAML by libyaml's events. The events are folded into a tree with a stack of open nodes, never by
 * recursion; what declarations and rule tables do not need (anchors, aliases, tags, merge keys, a second document,
 * keys that are not scalars) is refused with its place. Duplicate keys are found by sorting the keys of each map
 * when it closes. Every scalar stays text. */
#include "base/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "texts.h"

struct open_node {
  struct yaml *node, *last;
  bool has_key; /* in a map: the key is read, its value comes next */
  struct str key;
  yaml_mark_t key_start, key_end;
};

struct reader {
  struct arena *mem;
  struct str name;
  struct err *e;
  struct yaml *root;
  bool ended;
  int depth;
  struct open_node open[YAML_DEPTH_MAX];
};

static bool at(const struct reader *r, yaml_mark_t mark) {
  return err_at(r->e, r->name, (int)mark.line + 1, (int)mark.column + 1);
}

static bool refuse(const struct reader *r, yaml_mark_t mark, enum msg what) {
  (void)fail(r->e, ERR_INVALID, what);
  (void)err_hint(r->e, MSG_yaml_refused_hint);
  return at(r, mark);
}

static int by_key(const void *a, const void *b) {
  const struct yaml *x = *(struct yaml *const *)a, *y = *(struct yaml *const *)b;
  const int order = str_cmp(x->key, y->key);
  if (order) return order;
  if (x->key_line != y->key_line) return x->key_line < y->key_line ? -1 : 1;
  return (x->key_column > y->key_column) - (x->key_column < y->key_column);
}

static bool keys_differ(const struct reader *r, const struct yaml *map) {
  AUTO_ARENA mem = {0};
  struct yaml **all = arena_new_n(&mem, struct yaml *, map->count + 1);
  size_t n = 0;
  for (struct yaml *c = map->child; c; c = c->next) all[n++] = c;
  qsort(all, n, sizeof *all, by_key);
  for (size_t i = 1; i < n; i++) {
    if (!str_eq(all[i - 1]->key, all[i]->key)) continue;
    (void)fail(r->e, ERR_INVALID, MSG_yaml_duplicate, "key", all[i]->key);
    (void)err_hint(r->e, MSG_yaml_duplicate_hint);
    return err_at(r->e, r->name, all[i]->key_line, all[i]->key_column);
  }
  return true;
}

/* Puts a node where the next one belongs. */
static void attach(struct reader *r, struct yaml *node) {
  if (!r->depth) {
    r->root = node;
    return;
  }
  struct open_node *o = &r->open[r->depth - 1];
  if (o->node->kind == YAML_MAP) {
    node->key = o->key;
    node->key_line = (int)o->key_start.line + 1;
    node->key_column = (int)o->key_start.column + 1;
    node->key_end_line = (int)o->key_end.line + 1;
    node->key_end_column = (int)o->key_end.column + 1;
    o->has_key = false;
  }
  if (o->last) o->last->next = node;
  else o->node->child = node;
  o->last = node;
  o->node->count++;
}

static void end_node(struct yaml *node, yaml_mark_t mark) {
  node->end_line = (int)mark.line + 1;
  node->end_column = (int)mark.column + 1;
}
static struct yaml *new_node(struct reader *r, enum yaml_kind kind, yaml_mark_t mark) {
  struct yaml *node = arena_new(r->mem, struct yaml);
  node->kind = kind;
  node->line = (int)mark.line + 1;
  node->column = (int)mark.column + 1;
  return node;
}

static bool awaits_key(const struct reader *r) {
  return r->depth && r->open[r->depth - 1].node->kind == YAML_MAP && !r->open[r->depth - 1].has_key;
}

static bool on_scalar(struct reader *r, const yaml_event_t *ev) {
  if (ev->data.scalar.anchor) return refuse(r, ev->start_mark, MSG_yaml_anchor);
  if (ev->data.scalar.tag) return refuse(r, ev->start_mark, MSG_yaml_tag);
  const bool quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  const struct str text = str_dup(r->mem, (struct str){(const char *)ev->data.scalar.value, ev->data.scalar.length});
  if (awaits_key(r)) {
    if (!quoted && str_eqz(text, "<<")) return refuse(r, ev->start_mark, MSG_yaml_merge);
    struct open_node *o = &r->open[r->depth - 1];
    o->key = text;
    o->key_start = ev->start_mark;
    o->key_end = ev->end_mark;
    o->has_key = true;
    return true;
  }
  struct yaml *node = new_node(r, YAML_SCALAR, ev->start_mark);
  end_node(node, ev->end_mark);
  node->text = text;
  node->quoted = quoted;
  node->block = ev->data.scalar.style == YAML_LITERAL_SCALAR_STYLE || ev->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
  attach(r, node);
  return true;
}

static bool on_open(struct reader *r, enum yaml_kind kind, const yaml_event_t *ev) {
  const bool is_map = kind == YAML_MAP;
  if (is_map ? ev->data.mapping_start.anchor : ev->data.sequence_start.anchor)
    return refuse(r, ev->start_mark, MSG_yaml_anchor);
  if (is_map ? ev->data.mapping_start.tag : ev->data.sequence_start.tag) return refuse(r, ev->start_mark, MSG_yaml_tag);
  if (awaits_key(r)) return refuse(r, ev->start_mark, MSG_yaml_key_kind);
  if (r->depth == YAML_DEPTH_MAX) {
    (void)fail(r->e, ERR_TOO_LARGE, MSG_yaml_depth, "limit", str_int(r->mem, YAML_DEPTH_MAX));
    (void)err_hint(r->e, MSG_yaml_depth_hint);
    return at(r, ev->start_mark);
  }
  struct yaml *node = new_node(r, kind, ev->start_mark);
  node->flow = is_map ? ev->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                      : ev->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
  attach(r, node);
  r->open[r->depth++] = (struct open_node){.node = node};
  return true;
}

static bool on_close(struct reader *r, yaml_mark_t mark) {
  struct yaml *node = r->open[--r->depth].node;
  end_node(node, mark);
  return node->kind != YAML_MAP || keys_differ(r, node);
}

static bool on_event(struct reader *r, const yaml_event_t *ev) {
  switch (ev->type) {
    case YAML_SCALAR_EVENT: return on_scalar(r, ev);
    case YAML_MAPPING_START_EVENT: return on_open(r, YAML_MAP, ev);
    case YAML_SEQUENCE_START_EVENT: return on_open(r, YAML_LIST, ev);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: return on_close(r, ev->end_mark);
    case YAML_ALIAS_EVENT: return refuse(r, ev->start_mark, MSG_yaml_anchor);
    case YAML_DOCUMENT_START_EVENT:
      if (r->root) return refuse(r, ev->start_mark, MSG_yaml_documents);
      return !ev->data.document_start.tag_directives.start ||
             ev->data.document_start.tag_directives.start == ev->data.document_start.tag_directives.end ||
             refuse(r, ev->start_mark, MSG_yaml_tag);
    case YAML_STREAM_END_EVENT: r->ended = true; return true;
    default: return true;
  }
}

static bool fail_syntax(const struct reader *r, const yaml_parser_t *p) {
  (void)fail(r->e, ERR_INVALID, MSG_yaml_syntax, "reason", str_of(p->problem ? p->problem : ""));
  return at(r, p->problem_mark);
}

static bool read_events(struct reader *r, yaml_parser_t *p) {
  while (!r->ended) {
    yaml_event_t ev;
    if (!yaml_parser_parse(p, &ev)) return fail_syntax(r, p);
    const bool ok = on_event(r, &ev);
    yaml_event_delete(&ev);
    if (!ok) return false;
  }
  return true;
}

static bool check_text(struct arena *a, struct str name, struct str text, struct err *e) {
  if (text.len > YAML_FILE_MAX) {
    (void)fail(e, ERR_TOO_LARGE, MSG_file_too_large, "path", name, "limit", str_fmt(a, "%d MB", YAML_FILE_MAX >> 20));
    return err_hint(e, MSG_file_too_large_hint);
  }
  const size_t good = utf8_valid_len(text);
  if (good == text.len) return true;
  (void)fail(e, ERR_INVALID, MSG_not_utf8, "byte", str_int(a, (int64_t)(good + 1)));
  (void)err_hint(e, MSG_not_utf8_hint);
  return err_at(e, name, 1, 1);
}

bool yaml_parse(struct arena *a, struct str name, struct str text, struct yaml **out, struct err *e) {
  TRY(check_text(a, name, text, e));
  yaml_parser_t p;
  must(yaml_parser_initialize(&p) == 1);
  yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&p, (const unsigned char *)(text.at ? text.at : ""), text.len);
  struct reader *r = arena_new(a, struct reader);
  r->mem = a;
  r->name = name;
  r->e = e;
  const bool ok = read_events(r, &p);
  yaml_parser_delete(&p);
  TRY(ok);
  const bool is_empty = !r->root || (r->root->kind == YAML_SCALAR && !r->root->quoted && !r->root->text.len);
  if (is_empty) {
    (void)fail(e, ERR_INVALID, MSG_yaml_empty);
    return err_at(e, name, 1, 1);
  }
  *out = r->root;
  return true;
}

struct yaml *yaml_get(const struct yaml *map, const char *key) {
  if (!map || map->kind != YAML_MAP) return NULL;
  for (struct yaml *c = map->child; c; c = c->next)
    if (str_eqz(c->key, key)) return c;
  return NULL;
}
