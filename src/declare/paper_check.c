/* A template is text, elements of a short list and holes: {expression}, {label(field)}, {each rows as r}…{end}, {if expression}…{end}.
 * It is walked once; open elements and blocks stand on one stack, so that neither may cross the other. */
#include "declare/paper_check.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "declare/typing.h"
#include "texts.h"

enum { OPEN_MOST = 24 };
struct open_part {
  struct str name; /* of an element; empty: a block */
  bool binds;      /* each … as */
};
struct template_walk {
  struct typing t;
  const struct record *record;
  struct str text;
  size_t at;
  int line;
  size_t line_start; /* bytes */
  struct open_part open[OPEN_MOST];
  size_t depth;
};

static struct place place_at(const struct template_walk *w, size_t from, size_t to) {
  const int column = (int)utf8_count(str_slice(w->text, w->line_start, from)) + 1;
  return (struct place){w->line, column, (int)utf8_count(str_slice(w->text, from, to))};
}
/* msg 0: the usual sentence of the code, with its hint. */
static void tell_here(struct template_walk *w, enum fault_code code, size_t from, size_t to, int msg) {
  struct fault *x = fault_arg(faults_add(w->t.c->f, code, place_at(w, from, to)), "name", str_slice(w->text, from, to));
  if (!msg) return;
  x->msg = msg;
  x->hint = 0;
}
static bool push(struct template_walk *w, struct str name, size_t from, size_t to) {
  if (w->depth == OPEN_MOST) {
    tell_here(w, FAULT_P013, from, to, MSG_declare_paper_deep);
    return false;
  }
  w->open[w->depth++] = (struct open_part){name, false};
  return true;
}

/* ---- elements ---- */

static bool is_element(struct str name) {
  static const char *const known[] = {"h1", "h2", "h3",    "p",       "br",    "strong", "ol", "ul", "li", "dl",
                                      "dt", "dd", "table", "caption", "thead", "tbody",  "tr", "th", "td"};
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (str_eqz(name, known[i])) return true;
  return false;
}
static void on_element(struct template_walk *w) {
  const size_t from = w->at, end = str_find(str_from(w->text, from), STR(">"));
  if (end == STR_NONE) {
    tell_here(w, FAULT_P013, from, from + 1, MSG_declare_paper_open);
    w->at = w->text.len;
    return;
  }
  w->at = from + end + 1;
  struct str name = str_slice(w->text, from + 1, from + end);
  const bool closes = str_starts(name, STR("/"));
  if (closes) name = str_from(name, 1);
  if (!is_element(name)) {
    tell_here(w, FAULT_P013, from, w->at, 0);
  } else if (closes) {
    const bool fits = w->depth && str_eq(w->open[w->depth - 1].name, name);
    if (fits) w->depth--;
    else tell_here(w, FAULT_P013, from, w->at, MSG_declare_paper_crossed);
  } else if (!str_eqz(name, "br")) {
    (void)push(w, name, from, w->at);
  }
}

/* ---- holes ---- */

static bool read_expr(struct template_walk *w, size_t from, size_t to, const struct type *want, struct type_answer *out,
                      struct expr **out_tree) {
  struct expr_fault said = {0};
  struct expr_word x = {.word = {str_slice(w->text, from, to), place_at(w, from, to), 0}};
  if (!expr_parse(w->t.c->mem, x.word.text, &x.tree, &said)) {
    tell_syntax(w->t.c->f, x.word, &said);
    return false;
  }
  *out_tree = x.tree;
  return typing_expr(&w->t, &x, want, out);
}
/* {each lines as l where l.over > 0 元} */
static void on_each(struct template_walk *w, size_t from, size_t to) {
  struct type_answer set;
  struct expr *tree;
  if (!push(w, STR(""), from, to) || !read_expr(w, from, to, NULL, &set, &tree)) return;
  if (tree->kind != EXPR_QUERY || !tree->text.len || !set.type.set) {
    tell_here(w, FAULT_Y013, from, to, MSG_declare_paper_each);
    return;
  }
  struct type one = set.type;
  one.set = false;
  vec_push(w->t.c->mem, &w->t.m.bound) = (struct bound){tree->text, one};
  w->open[w->depth - 1].binds = true;
}
static void on_end(struct template_walk *w, size_t from, size_t to) {
  const bool fits = w->depth && !w->open[w->depth - 1].name.len;
  if (!fits) {
    tell_here(w, FAULT_P013, from, to, MSG_declare_paper_crossed);
    return;
  }
  if (w->open[--w->depth].binds) w->t.m.bound.len--;
}
/* label(field) shows what the field is called. */
static bool is_label(struct template_walk *w, struct str inner, size_t from) {
  if (!str_starts(inner, STR("label(")) || !str_ends(inner, STR(")"))) return false;
  const struct word name = {str_slice(inner, 6, inner.len - 1), place_at(w, from + 6, from + inner.len - 1), 0};
  const bool ours = system_field(name.text) == TYPE_missing && str_find(name.text, STR(".")) == STR_NONE;
  if (ours) (void)part_refer(w->t.c, &w->record->fields, name, MSG_declare_kind_field);
  return true;
}
static void on_hole(struct template_walk *w) {
  const size_t from = w->at + 1, end = str_find(str_from(w->text, from), STR("}"));
  const struct type flag = type_of(KIND_FLAG);
  struct type_answer answer;
  struct expr *tree;
  if (end == STR_NONE) {
    tell_here(w, FAULT_P013, w->at, from, MSG_declare_paper_open);
    w->at = w->text.len;
    return;
  }
  const size_t to = from + end;
  const struct str inner = str_slice(w->text, from, to);
  w->at = to + 1;
  if (str_eqz(inner, "end")) on_end(w, from, to);
  else if (str_starts(inner, STR("each "))) on_each(w, from + 5, to);
  else if (str_starts(inner, STR("if ")))
    (void)(push(w, STR(""), from, to) && read_expr(w, from + 3, to, &flag, &answer, &tree));
  else if (!is_label(w, inner, from)) (void)read_expr(w, from, to, NULL, &answer, &tree);
}

static void walk(struct template_walk *w) {
  while (w->at < w->text.len) {
    const char c = w->text.at[w->at];
    if (c == '<') {
      on_element(w);
    } else if (c == '{') {
      on_hole(w);
    } else {
      w->at++;
      if (c != '\n') continue;
      w->line++;
      w->line_start = w->at;
    }
  }
  if (!w->depth) return;
  const size_t last = w->text.len ? utf8_back(w->text, w->text.len) : 0;
  tell_here(w, FAULT_P013, last, last, MSG_declare_paper_unended);
}
void paper_check(struct faults *f, const struct system *s, const struct world *w, const struct paper *p,
                 struct str file, struct str text) {
  struct checker c = {f, f->mem, s, w};
  struct template_walk walker = {.record = part_find(&s->records, p->of.text), .text = text, .line = 1};
  const struct str file_before = f->file, text_before = f->text;
  if (!walker.record || !utf8_valid(text)) return;
  f->file = file;
  f->text = text;
  typing_begin(&walker.t, &c);
  meaning_of(&walker.t.m, walker.record);
  walk(&walker);
  f->file = file_before;
  f->text = text_before;
}
