/* What a condition says of the element of its query: which sides of an equality can be known before any element is seen. */
#include "declare/type.h"

struct str expr_element_field(const struct expr *x, struct str held) {
  if (x->kind == EXPR_NAME && x->bound == BOUND_ELEMENT && !held.len) return x->text;
  const bool is_held = x->kind == EXPR_PATH && x->a->bound == BOUND_HELD && held.len && str_eq(x->a->text, held);
  return is_held ? x->text : (struct str){0};
}

/* bare: do bare names mean the fields of our element here? Inside a query without a name they mean another's. */
static bool is_about(const struct expr *x, struct str held, bool bare) {
  if (!x) return false;
  if (x->bound == BOUND_ELEMENT) return bare && !held.len;
  if (x->bound == BOUND_HELD) return held.len && str_eq(x->text, held);
  for (size_t i = 0; i < x->args.len; i++)
    if (is_about(x->args.at[i], held, bare)) return true;
  const bool inside = bare && !(x->kind == EXPR_QUERY && !x->text.len);
  if (is_about(x->a, held, bare) || is_about(x->c, held, inside)) return true;
  const bool is_named = x->kind == EXPR_EACH && x->b->kind == EXPR_QUERY && !x->b->text.len; /* named by `for` */
  if (!is_named) return is_about(x->b, held, inside);
  return is_about(x->b->a, held, bare) || is_about(x->b->b, held, bare) || is_about(x->b->c, held, bare);
}
bool expr_about_element(const struct expr *x, struct str held) { return is_about(x, held, true); }
