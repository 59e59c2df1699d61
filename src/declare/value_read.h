/* Words to values: cells of tables, sheets of import, inputs of forms, expectations of a story. The other way round is value_show. */
#ifndef DECLARE_VALUE_READ_H
#define DECLARE_VALUE_READ_H
#include "declare/rules_table.h"
#include "declare/type.h"

struct table; /* system.h */
struct value_reader {
  const struct units *units;
  const struct calendar *calendar;
  void *world;
  /* A unit, person or record by its words; NULL or false: there is none of them. */
  bool (*thing)(const struct value_reader *reader, const struct type *t, struct str said, struct value *out);
};
/* `none` is missing; flags yes and no; numbers as 1200.50, with or without their unit (33.5%, 5 kg); dates 2026-03-02; moments
 * 2026-03-02 09:00 in civil time, with seconds if wanted; times 09:00; spans moment..moment; 10 workdays; periods as in period.h;
 * places 31.2304,121.4737; codes and texts as they stand; sets parted by commas. False: not so, or a number with more places
 * than its type has. Texts of the value are views of what was said, sets live in mem. */
MUST_CHECK bool value_read(struct arena *mem, const struct value_reader *reader, const struct type *t, struct str said,
                           struct value *out);
/* A key cell: `*` is any, 0..4, 70.., ..5 a range, anything else a value. */
MUST_CHECK bool rule_cell_read(struct arena *mem, const struct value_reader *reader, const struct type *t,
                               struct str said, struct rule_cell *out);
/* A table as it was declared, with its versions; keys and gives: the types of its columns (a column `range` has that of its numbers).
 * False: a cell cannot be read, told in e with its row. Names and texts stay views of
 * the declaration; rows point to *out, which has to stay where it is. */
MUST_CHECK bool rules_table_of(struct arena *mem, const struct value_reader *reader, const struct table *t,
                               const struct type *keys, const struct type *gives, struct rules_table *out,
                               struct err *e);
#endif
