/* The tasks of a plan as a tree: sections and items in the order of the plan, below them the tasks that came of them and their parts, as
 * far as whoever asks sees them. Knows neither the compiler nor the declarations (the tags of both cannot stand together): the plan
 * gives an outline, the store gives tasks. All of it lives in the request. */
#ifndef APP_LEDGER_TREE_H
#define APP_LEDGER_TREE_H
#include "app/frame.h"

struct ledger_entry {
  struct str item, number, title; /* item: key, as origins name it */
};
struct ledger_section {
  struct str label;
  VEC(struct ledger_entry) entries;
};
struct ledger_outline {
  struct str id, title;
  bool can_assign; /* may whoever asks hand it out? */
  VEC(struct ledger_section) sections;
};
/* Of a plan that is seen; else ERR_NOT_FOUND. */
MUST_CHECK bool ledger_outline(struct web_request *rq, struct str plan, struct ledger_outline *out, struct err *e);

enum { LEDGER_TASKS_MAX = 20000 };
struct ledger_task {
  struct str id, number, title, state, unit, unit_name, due, above, item;
  int share;                  /* 0..100; -1: not known */
  int64_t due_us, started_us; /* of its clock `due`; 0: there is none */
  bool is_ended, is_over, is_running;
  int32_t parent; /* among the tasks, -1; those that stand above without being seen are not there */
  VEC(int32_t) children;
  struct str lamp, says; /* when they were asked for (ledger_lamps) */
};
typedef VEC(struct ledger_task) ledger_tasks;
/* Of all plans that whoever asks sees tasks of, newest first: *out_ids. */
MUST_CHECK bool ledger_plans(struct web_request *rq, struct store *s, struct str **out_ids, size_t *out_n,
                             struct err *e);
/* By their numbers, that is in the order in which they were made. ERR_GUARD when tasks are not installed; ERR_TOO_MANY above the ceiling. */
MUST_CHECK bool ledger_tasks_of(struct web_request *rq, struct store *s, struct str plan, ledger_tasks *out,
                                struct err *e);
/* Lamps of these, from their clocks. */
MUST_CHECK bool ledger_lamps(struct web_request *rq, struct store *s, ledger_tasks *io, const int32_t *which, size_t n,
                             struct err *e);
/* What state a task has, in words. */
struct str ledger_state_says(struct web_request *rq, struct str state);
/* 6月30日 of an ISO day; empty of none. */
struct str ledger_day(struct web_request *rq, struct str iso);

#endif
