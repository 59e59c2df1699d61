/* Plans as a service: what pages, API and commands do with them. Every change is one event in the chain (who, when, why)
 * and one transaction; what is refused changes nothing.
 *
 * `mem` is the caller's arena (a request's); what is returned lives there unless said otherwise. Functions may be
 * called from many threads. `struct plans` holds the store, the cache of compiled plans and the units' dictionary. */
#ifndef APP_PLANS_H
#define APP_PLANS_H
#include "app/who.h"
#include "base/buf.h"
#include "base/json.h"
#include "engine/plan/compare.h"
#include "engine/plan/plan_store.h"
#include "engine/plan/render.h"

struct plans;

/* Who asks or acts, by whose rights. A plan that they do not see is told like one that is not there (ERR_NOT_FOUND); an act
 * asks again in the transaction that writes. */
struct plans_who {
  struct str actor;  /* web: rq->actor */
  struct str reason; /* why; may be empty */
  int64_t now_us;
  const struct who *asks; /* NULL: nobody, who sees no plan; &who_program: the program itself */
  enum lang lang;
  struct str act; /* of the route; empty = only to see */
};

/* ---- the list ---- */

enum plan_status { PLAN_ANY, PLAN_OPEN, PLAN_ACCEPTED, PLAN_VOID }; /* 待核对, 已接受, 已作废; ANY = not void */
const char *plan_status_word(enum plan_status s);                   /* "any" "open" "accepted" "void" */
bool plan_status_of(struct str word, enum plan_status *out);

/* struct plan_row is in engine/plan/plan_store.h: what lists show of a plan. */
static inline enum plan_status plan_row_status(const struct plan_row *r) {
  return r->voided ? PLAN_VOID : r->items && r->accepted == r->items ? PLAN_ACCEPTED : PLAN_OPEN;
}
/* The newest that are not void, at most `most`; lists that page and filter are plans_table (page_plans.c). */
MUST_CHECK bool plans_newest(struct plans *s, struct arena *mem, const struct plans_who *who, size_t most,
                             plan_rows *out, struct err *e);
/* What they see of plans, for lists (table.h). In mem. */
struct list_scope plans_scope(struct arena *mem, const struct who *w);
void plans_row_json(const struct plan_row *r, struct json_out *j); /* its fields, into an object that is open */

/* ---- upload ---- */

struct plans_upload {
  struct str name, bytes; /* as the browser gave them */
  struct str title;       /* empty = from the text, else the file's name */
  int year;               /* 0 = from the text */
  struct str level;
  struct str issuer;   /* empty = from the text */
  struct str replaces; /* id of the plan of which this is a newer draft; empty = a new plan */
  struct str unit;     /* whose a new plan is; empty = of the first post that may upload */
};
/* Compiles and keeps. Refuses what source_open and plan_compile refuse; ERR_INVALID for a unit at which they hold no post
 * that may upload; ERR_DUPLICATE when the very same bytes are kept already in a plan that they see and that is not void
 * (*out_id is then that plan). */
MUST_CHECK bool plans_add(struct plans *s, struct arena *mem, const struct plans_who *who,
                          const struct plans_upload *up, struct str *out_id, struct err *e);

/* ---- one plan ---- */

enum item_state {
  ITEM_GROUP, /* heading of items: not work, cannot be accepted */
  ITEM_OPEN,  /* 待核对, nothing doubtful */
  ITEM_DOUBT, /* 存疑: warnings stand */
  ITEM_ERROR, /* errors stand: cannot be accepted */
  ITEM_ACCEPTED,
  ITEM_CHANGED, /* was accepted; its words or facts have changed since: 待核对 again */
  ITEM_STATE_COUNT
};
const char *item_state_word(enum item_state s); /* "group" "open" "doubt" "error" "accepted" "changed" */
struct item_review {
  uint64_t key; /* for forms: correct_key_text */
  enum item_state state;
  struct str accepted_by;
  int64_t accepted_us;
};
struct plan_offers {
  bool correct, accept, upload, voids, link, assign;
};
struct plan_view {
  struct plan_row row;
  struct str etag;                        /* changes with everything that is shown */
  const struct plan *compiled;            /* as the compiler left it */
  struct plan *plan;                      /* as corrected: what is shown, exported, compared */
  const struct correct_result *corrected; /* keys, marks, orphans; see engine/plan/correct.h */
  const struct correction *corrections;   /* those that hold, oldest first; marks and orphans index it */
  size_t correction_count;
  struct item_review **items; /* items[document][item] */
  uint32_t counts[ITEM_STATE_COUNT];
  struct str undo; /* act that plans_undo would take back ("correct" "accept" ...); empty = none */
  int64_t undo_seq;
  struct plan_offers may;   /* what whoever asks may do on it */
  bool latest;              /* false when an older draft was asked for: nothing can be changed then */
  struct plan_entry *entry; /* private: held in the cache while the view is open */
  struct plans *service;    /* private */
};
/* draft 0 = the latest. The view is read-only, shared among requests, and must be closed (AUTO_VIEW). */
MUST_CHECK bool plans_open(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int draft,
                           struct plan_view **out, struct err *e);
void plans_close(struct plan_view **io);
#define AUTO_VIEW __attribute__((cleanup(plans_close))) struct plan_view
/* {data: {plan row, heads: per document and section, review: per item, corrections, orphans, plan: the published schema},
 * can, links} */
void plans_view_json(const struct plan_view *v, enum lang lang, struct json_out *j);
/* One item of it: "2.9" of the first document, or document.path as "1:2.9"; the address step {item}. */
bool plans_item_of(const struct plan_view *v, struct str step, struct item_ref *out);
struct str plans_item_step(struct arena *mem, const struct plan_view *v, struct item_ref r);
void plans_item_json(const struct plan_view *v, struct item_ref r, enum lang lang, struct json_out *j);

/* The file as it was uploaded. */
MUST_CHECK bool plans_file(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int draft,
                           struct str *out_name, struct str *out_bytes, struct err *e);
/* ---- changes. `rev`: what the person has seen; 0 = whatever stands. ERR_CONFLICT when the plan has moved on. ---- */

struct plan_edit {
  struct str field, value; /* as typed; checked with correct_check */
};
struct plan_change {
  enum correct_act act;
  int subject;                   /* enum fact_kind, CORRECT_ITEM, CORRECT_DOCUMENT */
  uint64_t key;                  /* SET, REMOVE: the fact's, item's or document's; ANSWER: the diagnostic's */
  uint64_t item;                 /* ADD: the item's */
  const struct plan_edit *edits; /* SET: those that differ count; ADD: its fields; ANSWER: one, its value is the word */
  size_t edit_count;
};
/* *out_key: of what was changed or added; may be NULL. ERR_INVALID when nothing differs or a value cannot be. */
MUST_CHECK bool plans_correct(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id,
                              int64_t rev, const struct plan_change *change, uint64_t *out_key, struct err *e);
/* Hangs an orphaned act (its seq) on another fact, item or section of its kind; one that added a fact, on an item; or
 * drops it (key 0). ERR_NOT_FOUND when it is no orphan. */
MUST_CHECK bool plans_reattach(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id,
                               int64_t rev, int64_t seq, uint64_t key, struct err *e);
/* Accepts an item (ERR_GUARD when errors stand), or takes acceptance back. */
MUST_CHECK bool plans_accept(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id,
                             int64_t rev, uint64_t item, bool accept, struct err *e);
/* All items without error and without doubt, at once. ERR_GUARD when there is none. */
MUST_CHECK bool plans_accept_clear(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id,
                                   int64_t rev, int *out_count, struct err *e);
/* Takes the last act back that was not taken back yet (correction, answer, acceptance, link); a new event says so. */
MUST_CHECK bool plans_undo(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                           struct err *e);
/* Void: out of the lists, nothing is lost, can be restored. */
MUST_CHECK bool plans_void(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int64_t rev,
                           bool voided, struct err *e);
/* ---- export and comparison ---- */

struct plans_export {
  struct str name; /* "云岚市教育局2026年工作要点.xlsx" */
  const char *type;
};
/* The corrected plan in a format, written to out. */
MUST_CHECK bool plans_export(const struct plan_view *v, struct arena *mem, enum render_format format, enum lang lang,
                             struct buf *out, struct plans_export *out_file, struct err *e);

struct plans_link_made { /* a link that a person confirmed or cut, and that holds */
  int64_t seq;
  struct compare_link link;
};
struct plans_comparison {
  const struct plan_view *left, *right;
  struct plan_comparison c;
  VEC(struct plans_link_made) made;
  struct str etag;
};
/* Both views must stay open as long as the comparison is used; older year or upper level first, by the caller's choice. */
MUST_CHECK bool plans_compare(struct plans *s, struct arena *mem, const struct plan_view *left,
                              const struct plan_view *right, enum compare_mode mode, struct plans_comparison *out,
                              struct err *e);
bool plans_compare_mode_of(struct str word, enum compare_mode *out); /* "auto" "copies" "years" "levels" */
void plans_compare_json(const struct plans_comparison *c, enum lang lang, struct json_out *j);
/* Takes a link of these two plans back, whatever was done since; ERR_NOT_FOUND when it does not hold any more. */
MUST_CHECK bool plans_unlink(struct plans *s, struct arena *mem, const struct plans_who *who, struct str left_id,
                             struct str right_id, int64_t seq, struct err *e);
/* Confirms (cut = false) or cuts a link between two items, by their keys. Undone by plans_unlink, or by plans_undo of the
 * left plan. */
MUST_CHECK bool plans_link(struct plans *s, struct arena *mem, const struct plans_who *who, struct str left_id,
                           uint64_t left_item, struct str right_id, uint64_t right_item, bool cut, struct err *e);

/* ---- history ---- */

struct plan_change_line {
  struct str field, before, after; /* "value" 41 → 42; before or after may be empty */
};
struct plan_event {
  int64_t seq, at_us;
  struct str actor, act; /* "upload" "draft" "correct" "add" "remove" "answer" "reattach" "discard" "accept"
                                 "accept-clear" "unaccept" "undo" "link" "cut" "void" "restore" */
  struct str reason;
  struct str item, words; /* title of the item and words of the fact it is about; may be empty */
  struct str subject;     /* what was corrected: "target" "document" ...; may be empty */
  bool undone;
  VEC(struct plan_change_line) lines;
  struct str hash; /* of the chain, hex */
};
struct plan_history {
  VEC(struct plan_event) rows; /* newest first */
  int64_t next;                /* `before` of the next page; 0 = none */
};
MUST_CHECK bool plans_history(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id,
                              int64_t before, int most, struct plan_history *out, struct err *e);
void plans_history_json(const struct plan_history *h, struct json_out *j);

/* ---- life ---- */

/* Takes the store (not owned). cache_bytes: what compiled plans may hold in memory. */
MUST_CHECK bool plans_start(struct store *store, size_t cache_bytes, struct plans **out, struct err *e);
void plans_stop(struct plans *s);
/* Names and aliases of the units' dictionary, to be offered where one is typed; they live as long as the service. */
void plans_unit_names(struct plans *s, const struct str **out, size_t *out_n);
/* Reads the units' dictionary again after units were changed. */
MUST_CHECK bool plans_reload_units(struct plans *s, struct err *e);

/* Of what is kept compiled. */
struct plans_stats {
  int64_t bytes, entries, hits, misses;
};
void plans_stats(struct plans *s, struct plans_stats *out);
#endif
