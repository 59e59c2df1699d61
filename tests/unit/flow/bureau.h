/* All packages of systems/ on a database of their own, a small authority, and a host that lets everybody do everything: rights have
 * tests of their own. */
#ifndef UNIT_FLOW_BUREAU_H
#define UNIT_FLOW_BUREAU_H
#include "../store/scratch.h"
#include "base/clock.h"
#include "base/embed.h"
#include "engine/flow/jobs.h"
#include "engine/register/org.h"

struct bureau_told {
  struct str person, text, link;
  int64_t tell_us;
};
struct bureau {
  struct scratch scratch;
  struct store *store;
  struct flow flow;
  int64_t now_us;
  VEC(struct bureau_told) told; /* lives in scratch.mem */
  bool denies;                  /* the host lets nobody do anything */
};
void bureau_begin(struct bureau *w);
/* The same with one package of the test's own, of this name and text. keys: may be NULL. */
void bureau_begin_own(struct bureau *w, const char *name, const char *text, struct keys *keys);
void bureau_end(struct bureau *w);
/* One act as a person does it; inputs are texts as a form sends them, ended by a NULL name. Answers the code of the refusal. */
struct bureau_input {
  const char *name, *value;
};
enum err_code bureau_act(struct bureau *w, const char *person, const char *record, const char *id, const char *act,
                         const struct bureau_input *inputs, struct flow_done *out, struct err *e);
#define INPUTS(...) ((const struct bureau_input[]){__VA_ARGS__, {0}})
/* How the program's own work begins. */
struct flow_starter bureau_starter(struct bureau *w);
/* A field as people read it; "" when it is missing. Lives in scratch.mem. */
struct str bureau_field(struct bureau *w, const char *record, struct str id, const char *field);
#endif
