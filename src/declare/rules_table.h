/* Decision tables and tables of keywords, with their versions: what look() and classify() read. Filled by whoever knows the
 * declaration; nothing here changes them. */
#ifndef DECLARE_RULES_TABLE_H
#define DECLARE_RULES_TABLE_H
#include "base/vec.h"
#include "declare/value.h"

enum cell_kind { CELL_ANY, CELL_VALUE, CELL_RANGE };
struct rule_cell {
  enum cell_kind kind;
  struct value value;    /* CELL_VALUE */
  bool has_from, has_to; /* CELL_RANGE: 0..4, 70.., ..5; both ends belong to it, but see table_look */
  struct value from, to;
};
struct rules_table;
struct rule_row {
  const struct rules_table *table;
  const struct rule_cell *keys; /* one a key column */
  const struct value *gives;    /* one a given column */
  int number;                   /* in its version, from 1, for the event */
};
struct rules_version {
  struct date since;
  VEC(struct rule_row) rows;
};
enum rules_hit { HIT_ONE, HIT_FIRST, HIT_ALL };
struct rules_table {
  struct str name;
  enum rules_hit hit;
  size_t key_count, give_count;
  const struct str *gives;            /* names of the given columns */
  size_t weight;                      /* keywords: the column that is added up */
  VEC(struct rules_version) versions; /* by since, oldest first */
};
typedef VEC(const struct rule_row *) rule_rows;

/* The version in force on that day; NULL: none yet. */
const struct rules_version *table_version(const struct rules_table *t, struct date day);
/* Rows that fit, as `hit` says: at most one, the first, or all. Where two rows share an end of a range, it belongs to the one
 * that begins there. Keys are present values of the columns' types. */
void table_look(struct arena *mem, const struct rules_version *v, const struct rules_table *t, const struct value *keys,
                rule_rows *out);
/* Keywords: adds up the weight of each result (the first given column) over all phrases found in the text, the longest at each
 * place, each place once. The heaviest row of the result with the greatest sum; NULL on a tie, or when none is found. Appends the
 * rows whose phrases were found, in their order in the text. */
const struct rule_row *table_classify(struct arena *mem, const struct rules_version *v, const struct rules_table *t,
                                      struct str text, rule_rows *found);
/* The given column of this name, or NULL. */
const struct value *rule_row_give(const struct rule_row *row, struct str name);
#endif
