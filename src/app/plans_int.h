/* Between the files of the plan service. */
#ifndef APP_PLANS_INT_H
#define APP_PLANS_INT_H
#include <pthread.h>

#include "app/plans.h"

/* A thing in the cache: a compiled file, or a plan as it is shown (which holds the compiled file it came from). */
struct plan_entry {
  struct arena mem; /* owns the entry itself and all it points to */
  struct str key;
  int refs;                               /* readers, and the cache itself */
  uint64_t used;                          /* tick of the last use */
  struct plan_entry *prev, *next, *chain; /* in order of use; in the hash table */
  struct plan *compiled;                  /* a compiled file */
  struct plan_entry *from;                /* a view: its compiled file */
  struct plan_view view;
  acceptances accepted;
};
enum { CACHE_SLOTS = 1 << 14 };
struct plans {
  struct arena mem;
  struct store *store;
  pthread_mutex_t lock; /* the cache and the dictionary */
  struct plan_entry ring, *slots[CACHE_SLOTS];
  size_t bytes, most;
  int64_t hits, misses, entries;
  struct str *units; /* names and aliases; replaced whole */
  size_t unit_count;
  uint64_t units_digest; /* of them all: the same in every process that knows the same names */
  int64_t units_seq, units_until;
};

/* Takes a reference; NULL when it is not there. */
struct plan_entry *cache_get(struct plans *s, struct str key);
/* A new entry with one reference for the caller; not in the cache yet. */
struct plan_entry *cache_new(struct str key);
/* Puts it in (or gives the one that another thread put there meanwhile), and drops what has not been used longest. */
struct plan_entry *cache_put(struct plans *s, struct plan_entry *x);
void cache_release(struct plans *s, struct plan_entry *x);
void cache_drop_all(struct plans *s);

/* The names of units as this or another process left them, at most a second old. Takes a reader: not inside one. */
MUST_CHECK bool units_renew(struct plans *s, struct err *e);
/* Opens and compiles bytes; the result is kept. */
MUST_CHECK bool compiled_get(struct plans *s, struct str name, struct str hash, struct str bytes, int year,
                             struct plan_entry **out, struct err *e);
/* Figures for the list and the states of items, from what a correction gave. */
struct figures {
  int items, accepted, errors, doubts, documents;
};
struct figures figures_of(const struct correct_result *r, const acceptances *accepted);
enum item_state state_of(const struct item *it, const struct correct_item *ci, const struct acceptance *a);
const struct acceptance *acceptance_of(const acceptances *list, uint64_t item);
/* What the list shows of a field of the first document's head: title, number, year and the first issuer. */
void row_follow(struct plan_row *row, struct str field, struct str value);
/* May they do the act on this plan (who.h)? Asked again inside the act that writes. */
MUST_CHECK bool plans_may(struct store *at, const struct plans_who *who, struct str id, struct err *e);
bool rev_is(const struct plan_row *row, int64_t seen);

/* A plan ready to be kept: compiled, with its row. */
struct prepared {
  struct plan_row row;
  struct str bytes;
  int option_year;
  struct plan_entry *compiled;
};
MUST_CHECK bool plans_prepare(struct plans *s, struct arena *mem, const struct plans_who *who,
                              const struct plans_upload *up, struct prepared *out, struct err *e);
/* Inside an act: keeps a new plan of the unit p->row.unit with its event. */
MUST_CHECK bool plans_keep(struct store *tx, struct arena *mem, const struct plans_who *who, const struct prepared *p,
                           struct err *e);
struct event plan_event_begin(const struct plans_who *who, struct str id, struct str act);
#endif
