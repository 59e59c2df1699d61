/* A checked system kept for running: types of fields, tables that can be looked into, and expressions read later against it (a
 * condition of a list, a hole of a text). The trees of the declaration itself were typed by the check. */
#ifndef DECLARE_TYPED_H
#define DECLARE_TYPED_H
#include "declare/meaning.h"
#include "declare/package.h"
#include "declare/rules_table.h"
#include "declare/value_read.h"

struct typed {
  struct faults faults; /* of expressions read later; emptied by each */
  struct checker c;
  struct meaning m;
  struct rules_table *tables; /* one each of system->tables */
  struct value_reader reader;
};
/* ERR_INVALID when a cell of a table cannot be read. reader: how things in tables are found by their words. Lives in mem. */
MUST_CHECK bool typed_begin(struct arena *mem, const struct package *p, const struct world *w,
                            const struct value_reader *reader, struct typed **out, struct err *e);
struct type typed_field(struct typed *t, const struct record *r, const struct field *f);
/* Reads an expression about a record (NULL: none). What is read lives in mem, t is only read: several threads may. ERR_INVALID says
 * what is wrong with it, in words and with its place in the text. want NULL: anything. */
MUST_CHECK bool typed_expr(const struct typed *t, struct arena *mem, const struct record *r, struct str text,
                           const struct type *want, struct expr **out, struct type_answer *answer, struct err *e);
/* The same of an expression that gives the value of a field; `gives` need not be a field of r. */
MUST_CHECK bool typed_value(const struct typed *t, struct arena *mem, const struct record *r, const struct field *gives,
                            struct str text, struct expr **out, struct err *e);
#endif
