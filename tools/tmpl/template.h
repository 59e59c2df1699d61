/* The template compiler itself; the language is described in tools/tmplc.c. Works on memory only, so that a fuzzer
 * can drive it. */
#ifndef TMPL_TEMPLATE_H
#define TMPL_TEMPLATE_H
#include "base/buf.h"
#include "base/vec.h"

struct tmpl_function {
  struct str name;   /* "plan_list" */
  struct str view;   /* "struct view_plans" */
  struct str header; /* "app/views.h" */
  bool is_part, has_content;
};
struct tmpl {
  struct arena *mem;
  VEC(struct tmpl_function) made;
  struct buf functions; /* C of all templates so far */
  struct buf says;      /* refusals, one a line: path:line: error: text */
};
/* Adds one template; false when it is refused (t->says tells). path and text must outlive t. */
bool tmpl_compile(struct tmpl *t, struct str path, struct str text);
void tmpl_header(const struct tmpl *t, struct buf *out);
void tmpl_source(const struct tmpl *t, struct buf *out);
void tmpl_drop(struct tmpl *t);
#endif
