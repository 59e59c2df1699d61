/* From YAML to struct system, by the tables of language.c: one function for each shape, none for a construct. Goes on after
 * a fault, so that one run tells as much as it can. */
#include "declare/read.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "declare/duration.h"
#include "texts.h"

enum { FLOW_DEPTH_MOST = 6 };

struct reader {
  struct faults *f;
  struct arena *mem;
};
typedef VEC(char) any_vec; /* every VEC has this form; elements of another size */

static bool read_part(struct reader *r, const struct part *p, const struct yaml *y, void *out);

/* ---- places ---- */

struct place node_place(const struct yaml *y) {
  const int width = y->kind == YAML_SCALAR && !y->quoted ? (int)utf8_count(y->text) : 0;
  return (struct place){y->line, y->column, width};
}
struct place key_place(const struct yaml *y) {
  return y->key_line ? (struct place){y->key_line, y->key_column, (int)utf8_count(y->key)} : node_place(y);
}
static struct word word_of(const struct yaml *y) {
  return (struct word){y->text, node_place(y), y->quoted && !y->block};
}
static struct word word_of_key(const struct yaml *y) { return (struct word){y->key, key_place(y), 0}; }

/* ---- one value ---- */

static bool is_empty(const struct yaml *y) {
  return y->kind == YAML_SCALAR && !y->quoted &&
         (!y->text.len || str_eqz(y->text, "~") || str_eqz(y->text, "null") || str_eqz(y->text, "Null") ||
          str_eqz(y->text, "NULL"));
}
static bool want(struct reader *r, const struct yaml *y, enum yaml_kind kind) {
  if (y->kind == kind) return true;
  struct fault *x = fault_arg(faults_add(r->f, FAULT_Y006, key_place(y)), "key", y->key);
  x->msg = kind == YAML_MAP ? MSG_declare_want_map : kind == YAML_LIST ? MSG_declare_want_list : MSG_declare_want_text;
  return false;
}
static bool refuse(struct reader *r, const struct yaml *y, int msg, struct str form) {
  struct fault *x = fault_arg(faults_add(r->f, FAULT_Y013, node_place(y)), "text", y->text);
  x->msg = msg;
  (void)fault_arg(x, "form", form);
  return false;
}
static bool fits(struct reader *r, const struct yaml *y, size_t most) {
  if (utf8_count(y->text) <= most) return true;
  struct fault *x = faults_add(r->f, FAULT_Y012, node_place(y));
  x->msg = MSG_declare_text_long;
  (void)fault_arg(fault_arg(x, "key", y->key), "limit", str_int(r->mem, (int64_t)most));
  return false;
}
static bool is_date(struct str s) {
  struct date d;
  return s.len == sizeof "2026-01-01" - 1 && s.at[4] == '-' && s.at[7] == '-' && date_parse(s, 0, &d);
}

static bool read_choice(struct reader *r, const struct key *k, const struct yaml *y, struct choice_word *out) {
  struct str left = str_of(k->words), one;
  struct nearest near = nearest_to(y->text);
  out->word = word_of(y);
  for (int i = 1; left.len; i++) {
    if (!str_cut(left, STR(" "), &one, &left)) {
      one = left;
      left = (struct str){0};
    }
    if (str_eq(y->text, one)) {
      out->which = i;
      return true;
    }
    nearest_offer(&near, one);
  }
  struct fault *x = fault_arg(faults_add(r->f, FAULT_Y011, node_place(y)), "text", y->text);
  (void)fault_arg(fault_arg(x, "key", y->key), "words", str_of(k->words));
  return false;
}

static bool read_expr(struct reader *r, const struct yaml *y, struct expr_word *out) {
  struct expr_fault said = {0};
  out->word = word_of(y);
  if (y->block) return refuse(r, y, MSG_declare_expr_block, (struct str){0});
  if (expr_parse(r->mem, y->text, &out->tree, &said)) return true;
  out->tree = NULL;
  tell_syntax(r->f, out->word, &said);
  return false;
}

static bool read_word(struct reader *r, enum shape shape, const struct yaml *y, struct word *out) {
  struct duration duration;
  *out = word_of(y);
  switch (shape) {
    case SHAPE_LABEL: return fits(r, y, LANGUAGE_LABEL_MAX);
    case SHAPE_NAME: return word_is_name(y->text) || refuse(r, y, MSG_declare_name_form, (struct str){0});
    case SHAPE_PATH: return word_is_path(y->text) || refuse(r, y, MSG_declare_name_form, (struct str){0});
    case SHAPE_DATE: return is_date(y->text) || refuse(r, y, MSG_declare_date_form, (struct str){0});
    case SHAPE_DURATION:
      return duration_parse(y->text, &duration) || refuse(r, y, MSG_declare_duration_form, (struct str){0});
    default: return fits(r, y, LANGUAGE_TEXT_MAX);
  }
}
static bool read_number(struct reader *r, const struct yaml *y, struct number_word *out) {
  out->word = word_of(y);
  return word_whole(y->text, &out->n) || refuse(r, y, MSG_declare_number_form, (struct str){0});
}

static bool read_scalar(struct reader *r, const struct key *k, const struct yaml *y, void *out) {
  if (is_empty(y)) {
    (void)fault_arg(faults_add(r->f, FAULT_Y007, y->text.len ? node_place(y) : key_place(y)), "key", y->key);
    const bool is_text = k->shape == SHAPE_TEXT || k->shape == SHAPE_LABEL;
    if (is_text && out) *(struct word *)out = word_of(y); /* it was written; nobody need ask for it again */
    return false;
  }
  TRY(want(r, y, YAML_SCALAR));
  switch (k->shape) {
    case SHAPE_NUMBER: return read_number(r, y, out);
    case SHAPE_CHOICE: return read_choice(r, k, y, out);
    case SHAPE_EXPR: return read_expr(r, y, out);
    case SHAPE_TYPE: return type_said_read(r->f, word_of(y), out);
    default: return read_word(r, k->shape, y, out);
  }
}
static bool read_value(struct reader *r, const struct key *k, const struct yaml *y, void *out) {
  return k->shape == SHAPE_PART ? read_part(r, k->part, y, out) : read_scalar(r, k, y, out);
}

/* ---- lists and maps ---- */

static void *add_element(struct reader *r, const struct key *k, void *vec) {
  any_vec *v = vec;
  void *at = v->at;
  const size_t size = key_size(k), i = v->len < v->cap ? v->len++ : vec_more(r->mem, &at, &v->len, &v->cap, size);
  v->at = at ? at : v->at;
  return (char *)v->at + i * size;
}
static void check_defined(struct reader *r, const struct part *p, const struct yaml *y) {
  const bool is_bad = !word_is_name(y->key), is_reserved = expr_reserved(y->key);
  if (p->free_names || (!is_bad && !is_reserved)) return;
  struct fault *x = fault_arg(faults_add(r->f, FAULT_N001, key_place(y)), "name", y->key);
  if (is_bad) x->msg = MSG_declare_name_form;
}
static bool has_room(struct reader *r, const struct key *k, const struct yaml *y) {
  const size_t most = (size_t)(k->most ? k->most : LANGUAGE_ELEMENTS_MAX);
  if (y->count <= most) return true;
  (void)fault_arg(fault_arg(faults_add(r->f, FAULT_Y012, key_place(y)), "key", y->key), "limit",
                  str_int(r->mem, (int64_t)most));
  return false;
}
static bool read_many(struct reader *r, const struct key *k, const struct yaml *y, void *vec) {
  const bool is_map = k->many == MAP;
  if (k->many == ONE_OR_LIST && y->kind != YAML_LIST) return read_value(r, k, y, add_element(r, k, vec));
  if (is_empty(y)) return read_scalar(r, k, y, NULL);
  TRY(want(r, y, is_map ? YAML_MAP : YAML_LIST) && has_room(r, k, y));
  bool ok = true;
  for (const struct yaml *c = y->child; c; c = c->next) {
    if (is_map) check_defined(r, k->part, c);
    ok = read_value(r, k, c, add_element(r, k, vec)) && ok;
  }
  return ok;
}

/* ---- parts ---- */

/* In a map between braces a comma ends the value: what follows it looks like a key without a value. */
static bool is_cut(const struct yaml *map, const struct yaml *y) {
  return map->flow && is_empty(y) && !word_is_name(y->key);
}

static void unknown_key(struct reader *r, const struct part *p, const struct yaml *map, const struct yaml *y) {
  if (is_cut(map, y)) {
    (void)fault_arg(faults_add(r->f, FAULT_Y008, key_place(y)), "key", y->key);
    return;
  }
  struct nearest near = nearest_to(y->key);
  for (size_t i = 0; i < p->count; i++) nearest_offer(&near, str_of(p->keys[i].name));
  struct fault *x = fault_arg(faults_add(r->f, FAULT_Y004, key_place(y)), "key", y->key);
  (void)fault_arg(x, "part", map->key.len ? map->key : STR("system.yaml"));
  if (!near.best.len) return;
  x->hint = MSG_declare_near_hint;
  (void)fault_arg(x, "near", near.best);
}
static bool read_key(struct reader *r, const struct key *k, const struct yaml *y, char *out) {
  void *to = out + k->at;
  if (k->shape == SHAPE_LATER) {
    (void)fault_arg(faults_add(r->f, FAULT_Y015, key_place(y)), "key", y->key);
    return false;
  }
  if (k->shape == SHAPE_YAML) {
    *(const struct yaml **)to = y;
    return true;
  }
  if (k->many != ONE) return read_many(r, k, y, to);
  if (k->shape != SHAPE_PART) return read_scalar(r, k, y, to);
  void *part = arena_take(r->mem, k->part->size);
  *(void **)to = part;
  return read_part(r, k->part, y, part);
}
static bool read_keys(struct reader *r, const struct part *p, const struct yaml *y, void *out) {
  bool ok = true;
  for (const struct yaml *c = y->child; c; c = c->next) {
    const struct key *k = language_key(p, c->key);
    if (!k) unknown_key(r, p, y, c);
    ok = k && read_key(r, k, c, out) && ok;
  }
  for (size_t i = 0; i < p->count; i++) {
    if (!p->keys[i].need || yaml_get(y, p->keys[i].name)) continue;
    struct fault *x = fault_arg(faults_add(r->f, FAULT_Y005, key_place(y)), "key", str_of(p->keys[i].name));
    (void)fault_arg(x, "part", y->key.len ? y->key : str_of(p->name));
    ok = false;
  }
  return ok;
}
static bool read_part(struct reader *r, const struct part *p, const struct yaml *y, void *out) {
  *(struct head *)out = (struct head){word_of_key(y), node_place(y), y};
  if (!y->key.len) ((struct head *)out)->name = (struct word){0};
  if (p->whole) return read_key(r, p->whole, y, out);
  if (y->kind == YAML_MAP) return read_keys(r, p, y, out);
  if (!p->brief) {
    if (is_empty(y)) return read_scalar(r, &p->keys[0], y, NULL);
    return want(r, y, YAML_MAP);
  }
  return read_key(r, language_key(p, str_of(p->brief)), y, out);
}

/* ---- the file ---- */

static void check_flow(struct reader *r, const struct yaml *y, int depth) {
  const int here = y->flow ? depth + 1 : depth;
  const bool is_long = y->flow && !depth && y->end_line > y->line;
  if (is_long || (y->flow && here == FLOW_DEPTH_MOST + 1)) (void)faults_add(r->f, FAULT_Y009, node_place(y));
  if (is_long || here > FLOW_DEPTH_MOST) return;
  for (const struct yaml *c = y->child; c; c = c->next) check_flow(r, c, here);
}
static bool check_bytes(struct faults *f, struct str text) {
  static const struct {
    const char *bytes;
    int msg;
  } refused[] = {{"\t", MSG_declare_tab}, {"\r", MSG_declare_cr}, {"\xEF\xBB\xBF", MSG_declare_bom}};
  for (size_t i = 0; i < COUNT_OF(refused); i++) {
    const size_t at = str_find(text, str_of(refused[i].bytes));
    if (at == STR_NONE) continue;
    struct place place = {1, 1, 0};
    for (size_t k = 0; k < at; k++) {
      place.line += text.at[k] == '\n';
      place.column = text.at[k] == '\n' ? 1 : place.column + (((unsigned char)text.at[k] & 0xC0) != 0x80);
    }
    faults_add(f, FAULT_Y001, place)->msg = refused[i].msg;
    return false;
  }
  return true;
}
static enum fault_code code_of(int msg) {
  switch (msg) {
    case MSG_not_utf8: return FAULT_Y001;
    case MSG_yaml_anchor:
    case MSG_yaml_tag:
    case MSG_yaml_merge:
    case MSG_yaml_key_kind:
    case MSG_yaml_documents: return FAULT_Y002;
    case MSG_yaml_duplicate: return FAULT_Y003;
    case MSG_yaml_depth: return FAULT_Y009;
    default: return FAULT_Y010;
  }
}
static bool fail_yaml(struct faults *f, const struct err *e) {
  struct fault *x = faults_add(f, code_of(e->msg), (struct place){e->line ? e->line : 1, e->column ? e->column : 1, 0});
  x->msg = e->msg;
  x->hint = e->hint;
  for (int i = 0; i < e->arg_count; i++) (void)fault_arg(x, e->args[i].name, str_dup(f->mem, e->args[i].value));
  return false;
}

bool declare_parse(struct faults *f, struct str file, struct str text, struct yaml **out) {
  struct err e = {0};
  if (text.len > DECLARE_FILE_MAX) {
    struct fault *x = faults_add(f, FAULT_Y012, (struct place){1, 1, 0});
    (void)fault_arg(fault_arg(x, "key", file), "limit", str_fmt(f->mem, "%d kB", DECLARE_FILE_MAX >> 10));
    x->msg = MSG_declare_file_large;
    return false;
  }
  TRY(check_bytes(f, text));
  return yaml_parse(f->mem, file, text, out, &e) || fail_yaml(f, &e);
}

bool system_read(struct faults *f, struct str file, struct str text, struct system **out) {
  struct yaml *root;
  struct reader r = {f, f->mem};
  f->file = file;
  f->text = text;
  *out = NULL;
  TRY(declare_parse(f, file, text, &root));
  check_flow(&r, root, 0);
  *out = arena_new(f->mem, struct system);
  (void)read_part(&r, &language_system, root, *out); /* what is missing was told */
  return true;
}
