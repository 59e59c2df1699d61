/* The stage of a story: a throw-away store, the server that serves it as a child of ours, the socket through which its clock is
 * moved, and copies of the whole. One story at a time; several stages may stand beside one another. */
#ifndef CLI_SCENARIO_STAGE_H
#define CLI_SCENARIO_STAGE_H
#include "app/story.h"
#include "base/err.h"

enum { SCENE_COMPARTMENTS = 64 };
struct scene {
  struct arena *mem;
  struct str base;    /* where its databases are: a folder, or a PostgreSQL database */
  struct str folder;  /* of its own: socket, keys, log of the server */
  struct str systems; /* folder of the packages */
  struct str name, where;
  struct str password;                         /* of every account */
  struct str compartments[SCENE_COMPARTMENTS]; /* whose sealed fields need a key */
  size_t compartment_count;
  story_units units;
  bool rows; /* the demo rows of the packages are there when it begins */
  bool keep; /* leave the store and the log behind */
  int pid, port, control;
  int copies;
  int64_t now_us; /* the story's moment, as the server told it last */
};
/* Makes the store with the demo and these actors, and starts the server at that moment. */
MUST_CHECK bool stage_begin(struct scene *s, story_actors *actors, int64_t start_us, struct err *e);
/* Stops the server, takes everything away. */
void stage_end(struct scene *s);

MUST_CHECK bool stage_start(struct scene *s, struct err *e);
void stage_stop(struct scene *s); /* in order; and when it is gone already */
void stage_kill(struct scene *s); /* as a power failure would */
/* A line to the socket; *out_us (may be NULL) is the story's moment. */
MUST_CHECK bool stage_say(struct scene *s, struct str line, int64_t *out_us, struct err *e);
/* Keeps the store as it is now under a name of its own; and puts it back. The server is stopped and started again. */
MUST_CHECK bool stage_save(struct scene *s, struct str *out_copy, struct err *e);
MUST_CHECK bool stage_restore(struct scene *s, struct str copy, struct err *e);
void stage_forget(struct scene *s, struct str copy);
/* Runs this program with these words (NULL behind the last) and gives its status; what it prints goes to the log. */
MUST_CHECK bool stage_run(struct scene *s, const char *const *words, int *out_status, struct err *e);
/* Flags that name the store: --db WHERE --keys RING. In s->mem. */
struct str stage_keys(const struct scene *s);
/* The end of what the server wrote to its log, for a failure. In mem. */
struct str stage_log_tail(struct scene *s, size_t most);
#endif
