/* All systems of the program, installed in a database with a small office: bureau b0 with department d0, districts r0 r1, schools
 * s0 … s5 under them; people p0 … of whom p0 holds every role of every system at the bureau. */
#ifndef UNIT_FLOW_WORLD_H
#define UNIT_FLOW_WORLD_H
#include "../store/scratch.h"
#include "engine/flow/env.h"

enum { WORLD_PEOPLE = 12, WORLD_SCHOOLS = 6 };
#define WORLD_NOW INT64_C(1795320000000000) /* 2026-11-22 at noon, UTC+8 */
struct world_of {
  struct scratch scratch;
  struct store *store;
  struct arena mem;
  struct flow flow;
};
void world_begin(struct world_of *w);
void world_end(struct world_of *w);
/* Runs work in one act, with a run that has begun; fails the test when it refuses. */
typedef void (*world_work)(struct flow_run *run, void *arg);
void world_act(struct world_of *w, world_work work, void *arg);
/* The value of an expression about a record. */
struct value world_eval(struct flow_run *run, struct flow_row *self, const char *text);
/* A record that was written, its fields read from texts: "school=s0;on=2026-03-02". */
struct flow_row *world_row(struct flow_run *run, const char *record, const char *state, const char *texts);
#endif
