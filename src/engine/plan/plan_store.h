/* Plans in the store: rows, drafts, corrections, acceptance, links. The only file of the engine that names statements.
 * Functions take a session (store_read_begin, or the one an act is given); what they return lives in `mem`. Nothing
 * here decides: app/plans does, and calls these inside one act. */
#ifndef ENGINE_PLAN_PLAN_STORE_H
#define ENGINE_PLAN_PLAN_STORE_H
#include "engine/plan/correct.h"
#include "store/event.h"
#include "store/list.h"
#include "store/store.h"

struct plan_row {
  struct str id, unit;              /* unit: whose it is */
  struct str title, issuer, number; /* number: 文号 */
  int year;                         /* 0 = none or in doubt */
  struct str level;                 /* "province" "city" "district" "" */
  struct str name, container;       /* of the file: "要点.docx", "docx" */
  struct str file;                  /* SM3 of its bytes, hex */
  int64_t size;
  int draft; /* 1, 2, ...: 第2稿 */
  bool voided;
  int64_t created_us, updated_us;
  int64_t rev;         /* grows with every change; If-Match, field `rev` */
  int items, accepted; /* items that are work (groups are not counted) */
  int errors, doubts;  /* diagnostics that stand: errors; warnings */
  int documents;
};
typedef VEC(struct plan_row) plan_rows;
typedef VEC(struct correction) corrections;
struct acceptance {
  uint64_t item, digest;
  struct str actor;
  int64_t at_us, seq;
};
typedef VEC(struct acceptance) acceptances;

/* Those that are not void, latest first; scope as in a list, sql NULL: all. */
MUST_CHECK bool plan_store_newest(struct store *s, struct arena *mem, struct list_scope scope, size_t most,
                                  plan_rows *out, struct err *e);
/* Of a row of the list sql_plan_list. */
struct plan_row plan_store_listed(const struct list_row *r);
/* *out_found false when there is none. */
MUST_CHECK bool plan_store_row(struct store *s, struct arena *mem, struct str id, struct plan_row *out, bool *out_found,
                               struct err *e);
/* The plans, not void, whose latest draft has these bytes; at most `most`. */
MUST_CHECK bool plan_store_by_file(struct store *s, struct arena *mem, struct str file, size_t most,
                                   struct str *out_ids, size_t *out_n, struct err *e);
MUST_CHECK bool plan_store_corrections(struct store *s, struct arena *mem, struct str id, corrections *out,
                                       struct err *e);
MUST_CHECK bool plan_store_acceptances(struct store *s, struct arena *mem, struct str id, acceptances *out,
                                       struct err *e);

/* For the doctor: files that no draft refers to, plans that the search does not know, its rows without a plan. */
struct plan_gaps {
  int64_t files, unsearched, stray_search;
};
MUST_CHECK bool plan_store_gaps(struct store *s, struct arena *mem, struct plan_gaps *out, struct err *e);

/* ---- inside an act ---- */

MUST_CHECK bool plan_store_put_file(struct store *s, struct arena *mem, struct str hash, struct str bytes,
                                    struct err *e);
/* A new plan with its first draft; row->id, figures and file are set. */
MUST_CHECK bool plan_store_insert(struct store *s, struct arena *mem, const struct plan_row *row, int option_year,
                                  struct str actor, struct err *e);
MUST_CHECK bool plan_store_add_draft(struct store *s, const struct plan_row *row, int option_year, struct str actor,
                                     int64_t at_us, struct err *e);
/* Title, issuer, 文号, year, level as they stand in row. */
MUST_CHECK bool plan_store_describe(struct store *s, struct arena *mem, const struct plan_row *row, struct err *e);
/* Writes the figures of `row` and its new revision; ERR_CONFLICT when its rev is no longer row->rev. */
MUST_CHECK bool plan_store_changed(struct store *s, const struct plan_row *row, int64_t at_us, struct err *e);
MUST_CHECK bool plan_store_void(struct store *s, const struct plan_row *row, bool voided, int64_t at_us, struct err *e);
MUST_CHECK bool plan_store_correction(struct store *s, struct arena *mem, struct str id, int64_t seq, int n,
                                      const struct correction *c, struct err *e);
#endif
