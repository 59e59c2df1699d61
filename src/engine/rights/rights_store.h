/* Rights against the database: what a person holds today, one record, lists, counts. Every function takes a session of
 * the store (a reader, or an act: writing checks by the same condition in its own transaction). */
#ifndef ENGINE_RIGHTS_RIGHTS_STORE_H
#define ENGINE_RIGHTS_RIGHTS_STORE_H
#include "engine/rights/rights.h"

struct store;
/* The day of a moment, as rights speak of days. */
struct str rights_day(struct arena *mem, int64_t now_us);
/* Posts held on the day of now_us, those of others who are away among them, and where their units stand as far as the
 * model asks for it. Nothing is found for an unknown person.
 * Refuses more than RIGHTS_POSTS_MAX posts (ERR_TOO_MANY). */
MUST_CHECK bool rights_person_load(struct store *s, struct arena *mem, const struct rights_model *m, struct str person,
                                   int64_t now_us, struct rights_person *out, struct err *e);

/* Is the record of this id in the condition? False for one that does not exist: the caller answers not_found to both. */
MUST_CHECK bool rights_check(struct store *s, struct arena *mem, const struct rights_record *record,
                             const struct rights_condition *c, struct str id, bool *out_in, struct err *e);
/* Which of these records are in the condition, in one question: for rows found by other means (a search, an index of
 * names). out_in: one for each id, at most RIGHTS_FILTER_MAX. */
enum { RIGHTS_FILTER_MAX = 256 };
MUST_CHECK bool rights_filter(struct store *s, struct arena *mem, const struct rights_record *record,
                              const struct rights_condition *c, const struct str *ids, size_t n, bool *out_in,
                              struct err *e);

struct rights_value {
  bool null;
  int64_t n;
  struct str s;
};
struct rights_row {
  struct rights_value *at; /* [0] id, [1] the sort column when there is one, then the columns asked for */
};
typedef VEC(struct rights_row) rights_rows;
struct rights_list {
  const struct str *columns;
  const char *types; /* of the columns, a letter each: s text, i integer */
  struct str sort;   /* column, never NULL in the table; empty = by id, that is by when it was made */
  char sort_type;
  bool rising; /* else falling */
  bool after;  /* rows behind this key only */
  struct str after_id;
  struct rights_value after_sort;
  int most;
  int seeks_first, window; /* which plan, for tests and the bench; 0 = as measured */
};
/* Rows in order that the view shows, found by walking the key or by seeking in the units of the scope, whichever is
 * bounded; exact either way. Indexes it lives by: (tenant, id), and for each column of scope (tenant, column, id), or
 * with the sort column before the id; for a column that has an area (tenant, area, id) likewise. */
MUST_CHECK bool rights_list(struct store *s, struct arena *mem, const struct rights_view *v,
                            const struct rights_list *q, rights_rows *out, struct err *e);
/* How many records the view shows, counted no further than `most`. */
MUST_CHECK bool rights_count(struct store *s, struct arena *mem, const struct rights_view *v, int most, int64_t *out,
                             struct err *e);

/* SQL that gives the ids of the rows seen, from the scope inward and of each stream at most `most`, with @ for each value:
 * for lists put together elsewhere that show few of many. Some may come twice. Never when the view shows nothing. */
void rights_compile_ids(struct arena *mem, const struct rights_view *v, int most, struct rights_condition *out);

/* Who might see a record: a superset found by the units, people and parties it names, at most `most` of each role. Whether
 * one of them does is for rights_check. */
MUST_CHECK bool rights_candidates(struct store *s, struct arena *mem, const struct rights_model *m,
                                  const struct rights_record *record, struct str id, struct str today, int most,
                                  struct str **out, size_t *out_n, struct err *e);
#endif
