/* Conditions of a story (`where`, `if`, `always`) over what the server answered: the language's own expressions, worked out here a
 * second time over JSON, so that the server is not its own judge. Only what stories say: comparisons of fields, codes, dates and
 * other records, clocks, and, or, not. */
#include "cli/scenario.h"
#include "declare/expr.h"
#include "texts.h"

struct seen { /* a value; at NULL = missing */
  struct str text;
  bool no_sense;
};
struct condition {
  struct play *p;
  const json_t *record;
  struct str why;
};
static struct seen look(struct condition *c, const struct expr *x);

static struct seen no_sense(struct condition *c, const struct expr *x) {
  if (!c->why.len) c->why = expr_text(c->p->mem, x);
  return (struct seen){.no_sense = true};
}
static struct seen said(struct str text) { return (struct seen){.text = text}; }
static const json_t *member(const json_t *thing, const char *name) {
  const json_t *field = json_object_get(json_object_get(thing, "fields"), name);
  return field ? field : json_object_get(thing, name);
}
/* Units, people, references and codes are objects; what they are compared by is their id or code. */
static struct seen of_json(struct condition *c, const json_t *j) {
  if (!j || json_is_null(j)) return (struct seen){0};
  if (json_is_boolean(j)) return said(json_is_true(j) ? STR("yes") : STR("no"));
  if (json_is_string(j)) return said(json_text(j));
  if (json_is_object(j) && json_object_get(j, "code")) return said(json_text(json_object_get(j, "code")));
  if (json_is_object(j) && json_object_get(j, "id")) return said(json_text(json_object_get(j, "id")));
  return said(json_shown(c->p, j));
}
/* The JSON that a path leads to; *out_named: a record of the story as such. */
static const json_t *walk(struct condition *c, const struct expr *x, struct named **out_named) {
  *out_named = NULL;
  if (x->kind == EXPR_NAME) {
    const json_t *own = c->record ? member(c->record, str_z(c->p->mem, x->text)) : NULL;
    if (!own) *out_named = named_called(c->p, x->text);
    return own;
  }
  if (x->kind == EXPR_CALL && !x->a && str_eqz(x->text, "clock") && x->args.len == 1)
    return json_object_get(json_object_get(c->record, "clocks"), str_z(c->p->mem, x->args.at[0]->text));
  if (x->kind != EXPR_PATH) return NULL;
  struct named *n = NULL;
  const json_t *head = walk(c, x->a, &n);
  if (n) head = record_seen(c->p, n);
  return member(head, str_z(c->p->mem, x->text));
}
static struct seen look_name(struct condition *c, const struct expr *x) {
  struct named *n = NULL;
  const json_t *got = walk(c, x, &n);
  return n ? said(n->id) : of_json(c, got);
}
/* date(x): the day of a moment. */
static struct seen look_call(struct condition *c, const struct expr *x) {
  if (x->a || !str_eqz(x->text, "date") || x->args.len != 1) return no_sense(c, x);
  struct seen of = look(c, x->args.at[0]);
  if (of.text.len > 10) of.text.len = 10;
  return of;
}
static struct seen truth_said(enum truth t) {
  return t == TRUTH_UNKNOWN ? (struct seen){0} : said(t == TRUTH_YES ? STR("yes") : STR("no"));
}
static enum truth truth_of(struct seen s) {
  if (s.no_sense) return TRUTH_NO_SENSE;
  if (!s.text.at) return TRUTH_UNKNOWN;
  return str_eqz(s.text, "yes") ? TRUTH_YES : str_eqz(s.text, "no") ? TRUTH_NO : TRUTH_NO_SENSE;
}
static int compare(struct str a, struct str b) {
  struct dec x, y;
  if (dec_parse(a, &x) && dec_parse(b, &y)) return dec_cmp(x, y);
  return str_cmp(a, b);
}
static enum truth compared(enum expr_op op, struct str a, struct str b) {
  const int order = compare(a, b);
  const bool yes = op == OP_EQ   ? order == 0
                   : op == OP_NE ? order != 0
                   : op == OP_LT ? order < 0
                   : op == OP_LE ? order <= 0
                   : op == OP_GT ? order > 0
                                 : order >= 0;
  return yes ? TRUTH_YES : TRUTH_NO;
}
static enum truth both(enum expr_op op, enum truth a, enum truth b) {
  if (a == TRUTH_NO_SENSE || b == TRUTH_NO_SENSE) return TRUTH_NO_SENSE;
  const enum truth strong = op == OP_OR ? TRUTH_YES : TRUTH_NO;
  if (a == strong || b == strong) return strong;
  return a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : op == OP_OR ? TRUTH_NO : TRUTH_YES;
}
static enum truth in_set(struct condition *c, const struct expr *x) {
  const struct seen a = look(c, x->a);
  if (x->b->kind != EXPR_SET) return TRUTH_NO_SENSE;
  bool found = false;
  for (size_t i = 0; i < x->b->args.len; i++) {
    const struct seen one = look(c, x->b->args.at[i]);
    found = found || (a.text.at && one.text.at && compare(a.text, one.text) == 0);
  }
  if (a.no_sense) return TRUTH_NO_SENSE;
  return found == (x->op == OP_IN) ? TRUTH_YES : TRUTH_NO;
}
static struct seen look_both(struct condition *c, const struct expr *x) {
  if (x->op == OP_IN || x->op == OP_NOT_IN) return truth_said(in_set(c, x));
  if (x->op > OP_GE) return no_sense(c, x);
  const struct seen a = look(c, x->a), b = look(c, x->b);
  if (a.no_sense || b.no_sense) return no_sense(c, x);
  if (x->op == OP_OR || x->op == OP_AND) return truth_said(both(x->op, truth_of(a), truth_of(b)));
  if (!a.text.at || !b.text.at) return (struct seen){0};
  return truth_said(compared(x->op, a.text, b.text));
}
static struct seen look(struct condition *c, const struct expr *x) {
  struct play *p = c->p;
  switch (x->kind) {
    case EXPR_TEXT:
    case EXPR_CODE: return said(x->text);
    case EXPR_NUMBER: return said(dec_text(p->mem, x->number));
    case EXPR_DATE: return said(date_iso(p->mem, x->date));
    case EXPR_YES: return said(STR("yes"));
    case EXPR_NO: return said(STR("no"));
    case EXPR_NONE: return (struct seen){0};
    case EXPR_NAME:
    case EXPR_PATH: return look_name(c, x);
    case EXPR_CALL: return look_call(c, x);
    case EXPR_BOTH: return look_both(c, x);
    case EXPR_IS_NONE: return truth_said(look(c, x->a).text.at ? TRUTH_NO : TRUTH_YES);
    case EXPR_IS_SOME: return truth_said(look(c, x->a).text.at ? TRUTH_YES : TRUTH_NO);
    case EXPR_NOT: {
      const enum truth t = truth_of(look(c, x->a));
      if (t == TRUTH_NO_SENSE) return no_sense(c, x);
      return truth_said(t == TRUTH_YES ? TRUTH_NO : t == TRUTH_NO ? TRUTH_YES : TRUTH_UNKNOWN);
    }
    default: return no_sense(c, x);
  }
}
enum truth where_holds(struct play *p, const json_t *record, struct str text, struct str *why) {
  struct condition c = {p, record, {0}};
  struct expr_fault fault;
  struct expr *x;
  *why = text;
  if (!expr_parse(p->mem, text, &x, &fault)) return TRUTH_NO_SENSE;
  const enum truth t = truth_of(look(&c, x));
  if (c.why.len) *why = c.why;
  return t;
}
