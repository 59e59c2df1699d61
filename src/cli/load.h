/* Files into plans, for the commands that take plans. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H
#include "cli/cli.h"
#include "engine/plan/plan.h"

struct load_options {
  int year;
  struct str org_dictionary; /* file, one name a line, or empty */
  struct str rules;          /* folder of further word lists, or empty */
  struct plan_options plan;  /* made by load_prepare */
};
/* Reads the dictionary and the word lists. */
MUST_CHECK bool load_prepare(struct cli *cli, struct load_options *o, struct err *e);
/* Reads and compiles one file; "-" is standard input. The plan lives in cli->mem. */
MUST_CHECK bool load_plan(struct cli *cli, const struct load_options *o, struct str path, struct plan *out,
                          struct err *e);
/* The same into an arena of the caller. */
MUST_CHECK bool load_plan_in(struct arena *mem, const struct load_options *o, struct str path, struct plan *out,
                             struct err *e);
#endif
