/* The table of functions. */
#include "declare/function.h"

#include "base/must.h"

static const struct function_form forms[] = {
#define X(word, least, most, form) {STR_INIT(#word), least, most, form},
    FUNCTIONS(X)
#undef X
};

const struct function_form *function_form(enum function f) {
  must(f > FUNCTION_none && f < FUNCTION_asked_round);
  return &forms[f - 1];
}
enum function function_find(struct str name) {
  for (size_t i = 0; i < COUNT_OF(forms); i++)
    if (str_eq(forms[i].name, name)) return (enum function)(i + 1);
  return FUNCTION_none;
}
char function_letter(enum function f, size_t arg) {
  const char *form = function_form(f)->form;
  const size_t n = strlen(form);
  return form[arg < n ? arg : n - 1];
}
