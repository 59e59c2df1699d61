/* A template is walked once; open elements and blocks stand on one stack, so that neither may cross the other, and each knows
 * the part of the tree that it fills. */
#include "declare/paper.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "declare/typing.h"
#include "texts.h"

enum { OPEN_MOST = 24 };
struct open_part {
  struct paper_part *part;
  enum paper_element inside; /* the nearest element: of a block the one around it */
  bool binds;                /* each … as */
};
struct template_walk {
  struct typing t;
  const struct record *record;
  struct paper_part *top;
  struct str text;
  size_t at;
  int line;
  size_t line_start; /* bytes */
  struct open_part open[OPEN_MOST];
  size_t depth;
  bool is_lost; /* an element is unknown or crosses another: what is inside which is not known any more */
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

/* ---- the tree ---- */

static struct open_part inmost(const struct template_walk *w) {
  return w->depth ? w->open[w->depth - 1] : (struct open_part){w->top, PAPER_top, false};
}
static struct paper_part *add(struct template_walk *w, enum paper_part_kind kind) {
  struct paper_part *made = arena_new(w->t.c->mem, struct paper_part), *into = inmost(w).part;
  made->kind = kind;
  if (into->last) into->last->next = made;
  else into->first = made;
  into->last = made;
  return made;
}
/* P013: it stands where it cannot stand. */
static void tell_place(struct template_walk *w, size_t from, size_t to, int msg) {
  if (!w->is_lost) tell_here(w, FAULT_P013, from, to, msg);
}
static void tell_lost(struct template_walk *w, size_t from, size_t to, int msg) {
  tell_here(w, FAULT_P013, from, to, msg);
  w->is_lost = true;
}
static bool push(struct template_walk *w, struct paper_part *part, size_t from, size_t to) {
  if (w->depth == OPEN_MOST) {
    tell_here(w, FAULT_P013, from, to, MSG_declare_paper_deep);
    return false;
  }
  const enum paper_element inside = part->kind == PAPER_ELEMENT ? part->element : inmost(w).inside;
  w->open[w->depth++] = (struct open_part){part, inside, false};
  return true;
}

/* ---- elements ---- */

#define BIT(word) (1u << PAPER_##word)
static const unsigned INLINE =
    BIT(h1) | BIT(h2) | BIT(h3) | BIT(p) | BIT(li) | BIT(dt) | BIT(dd) | BIT(caption) | BIT(th) | BIT(td) | BIT(strong);
/* Where it may stand. */
static unsigned places_of(enum paper_element x) {
  switch (x) {
    case PAPER_br:
    case PAPER_strong: return INLINE;
    case PAPER_li: return BIT(ol) | BIT(ul);
    case PAPER_dt:
    case PAPER_dd: return BIT(dl);
    case PAPER_caption:
    case PAPER_thead:
    case PAPER_tbody: return BIT(table);
    case PAPER_tr: return BIT(table) | BIT(thead) | BIT(tbody);
    case PAPER_th:
    case PAPER_td: return BIT(tr);
    default: return BIT(top);
  }
}
static bool holds_text(const struct template_walk *w) { return INLINE & 1u << inmost(w).inside; }
static enum paper_element element_of(struct str name) {
  static const char *const known[] = {"",
#define X(word) #word,
                                      PAPER_ELEMENTS(X)
#undef X
  };
  for (size_t i = 1; i < COUNT_OF(known); i++)
    if (str_eqz(name, known[i])) return (enum paper_element)i;
  return PAPER_top;
}
static void close_element(struct template_walk *w, enum paper_element x, size_t from) {
  const struct paper_part *open = inmost(w).part;
  if (w->depth && open->kind == PAPER_ELEMENT && open->element == x) w->depth--;
  else tell_lost(w, from, w->at, MSG_declare_paper_crossed);
}
static void open_element(struct template_walk *w, enum paper_element x, size_t from) {
  if (!(places_of(x) & 1u << inmost(w).inside)) tell_place(w, from, w->at, MSG_declare_paper_place);
  struct paper_part *part = add(w, PAPER_ELEMENT);
  part->element = x;
  if (x != PAPER_br) (void)push(w, part, from, w->at);
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
  const enum paper_element x = element_of(closes ? str_from(name, 1) : name);
  if (x == PAPER_top) tell_lost(w, from, w->at, 0);
  else if (closes) close_element(w, x, from);
  else open_element(w, x, from);
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
  struct paper_part *part = add(w, PAPER_EACH);
  struct type_answer set;
  struct expr *tree;
  if (!push(w, part, from, to) || !read_expr(w, from, to, NULL, &set, &tree)) return;
  if (tree->kind != EXPR_QUERY || !tree->text.len || !set.type.set) {
    tell_here(w, FAULT_Y013, from, to, MSG_declare_paper_each);
    return;
  }
  part->text = tree->text;
  part->tree = tree;
  part->cost = set.cost;
  part->type = set.type;
  part->type.set = false;
  vec_push(w->t.c->mem, &w->t.m.bound) = (struct bound){tree->text, part->type};
  w->open[w->depth - 1].binds = true;
}
static void on_if(struct template_walk *w, size_t from, size_t to) {
  const struct type flag = type_of(KIND_FLAG);
  struct paper_part *part = add(w, PAPER_IF);
  struct type_answer answer;
  struct expr *tree;
  if (!push(w, part, from, to) || !read_expr(w, from, to, &flag, &answer, &tree)) return;
  part->tree = tree;
  part->cost = answer.cost;
}
static void on_end(struct template_walk *w, size_t from, size_t to) {
  if (!w->depth || inmost(w).part->kind == PAPER_ELEMENT) {
    tell_here(w, FAULT_P013, from, to, MSG_declare_paper_crossed);
    return;
  }
  if (w->open[--w->depth].binds) w->t.m.bound.len--;
}
/* label(field) shows what the field is called. */
static bool is_label(struct template_walk *w, struct str inner, size_t from) {
  if (!str_starts(inner, STR("label(")) || !str_ends(inner, STR(")"))) return false;
  const struct word name = {str_slice(inner, 6, inner.len - 1), place_at(w, from + 6, from + inner.len - 1), 0};
  const int msg = system_field_label(name.text);
  struct paper_part *part = add(w, PAPER_LABEL);
  if (msg) {
    part->text = msg_template(LANG_ZH, msg);
    return true;
  }
  const struct field *f = part_refer(w->t.c, &w->record->fields, name, MSG_declare_kind_field);
  if (f) part->text = f->label.text;
  return true;
}
/* Sets of rows, clocks and the like have no words of their own. */
static bool has_words(const struct type *t) {
  switch (t->kind) {
    case KIND_ROW:
    case KIND_SHEET:
    case KIND_CLOCK:
    case KIND_ROUND:
    case KIND_TABLE_ROW:
    case KIND_BOOK:
    case KIND_ACCOUNT: return false;
    default: return true;
  }
}
static void on_value(struct template_walk *w, size_t from, size_t to) {
  struct type_answer answer;
  struct expr *tree;
  if (!read_expr(w, from, to, NULL, &answer, &tree)) return;
  if (!has_words(&answer.type)) tell_here(w, FAULT_Y013, from, to, MSG_declare_paper_wordless);
  struct paper_part *part = add(w, PAPER_VALUE);
  part->tree = tree;
  part->cost = answer.cost;
  part->type = answer.type;
}
static void on_hole(struct template_walk *w) {
  const size_t from = w->at + 1, end = str_find(str_from(w->text, from), STR("}"));
  if (end == STR_NONE) {
    tell_here(w, FAULT_P013, w->at, from, MSG_declare_paper_open);
    w->at = w->text.len;
    return;
  }
  const size_t to = from + end;
  const struct str inner = str_slice(w->text, from, to);
  w->at = to + 1;
  if (str_eqz(inner, "end")) {
    on_end(w, from, to);
  } else if (str_starts(inner, STR("each "))) {
    on_each(w, from + 5, to);
  } else if (str_starts(inner, STR("if "))) {
    on_if(w, from + 3, to);
  } else {
    if (!holds_text(w)) tell_place(w, from - 1, w->at, MSG_declare_paper_loose);
    if (!is_label(w, inner, from)) on_value(w, from, to);
  }
}

/* Between elements that hold no text there are only blanks. */
static void on_text(struct template_walk *w) {
  const size_t from = w->at;
  const int line = w->line;
  const size_t line_start = w->line_start;
  for (; w->at < w->text.len && w->text.at[w->at] != '<' && w->text.at[w->at] != '{'; w->at++) {
    if (w->text.at[w->at] != '\n') continue;
    w->line++;
    w->line_start = w->at + 1;
  }
  const struct str said = str_slice(w->text, from, w->at);
  if (holds_text(w)) {
    add(w, PAPER_TEXT)->text = said;
  } else if (str_trim(said).len) {
    struct template_walk before = *w;
    before.line = line;
    before.line_start = line_start;
    tell_place(&before, from, from + utf8_len(said, 0), MSG_declare_paper_loose);
  }
}
static void walk(struct template_walk *w) {
  while (w->at < w->text.len) {
    if (w->text.at[w->at] == '<') on_element(w);
    else if (w->text.at[w->at] == '{') on_hole(w);
    else on_text(w);
  }
  if (!w->depth) return;
  const size_t last = w->text.len ? utf8_back(w->text, w->text.len) : 0;
  tell_here(w, FAULT_P013, last, last, MSG_declare_paper_unended);
}
bool paper_read(struct faults *f, const struct system *s, const struct world *w, const struct paper *p, struct str file,
                struct str text, struct paper_template *out) {
  struct checker *c = arena_new(f->mem, struct checker); /* types that the tree keeps point into what it made */
  const size_t errors = f->errors;
  *c = (struct checker){f, f->mem, s, w};
  *out = (struct paper_template){.paper = p, .record = part_find(&s->records, p->of.text)};
  out->top.kind = PAPER_ELEMENT;
  struct template_walk walker = {.record = out->record, .top = &out->top, .text = text, .line = 1};
  const struct str file_before = f->file, text_before = f->text;
  if (!walker.record || !utf8_valid(text)) return false;
  f->file = file;
  f->text = text;
  typing_begin(&walker.t, c);
  meaning_of(&walker.t.m, walker.record);
  walk(&walker);
  f->file = file_before;
  f->text = text_before;
  return f->errors == errors;
}
