/* The store of a story: the demo's units and people, and besides for each actor a person with an account and posts in the roles of
 * packages. Only `gangmu scenario` makes one, and only such a store may be served with a clock that can be moved. */
#ifndef APP_STORY_H
#define APP_STORY_H
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

struct plans;
struct store;

struct story_post {
  struct str role, unit; /* "pairs.office"; name or other name of the unit */
};
struct story_actor {
  struct str name;   /* also the login, and the person's name */
  struct str admin;  /* system, security, audit; empty: a person */
  struct str person; /* a person of the demo, by name; empty: made for the story */
  VEC(struct story_post) posts;
  struct str id; /* of the person; written by story_make, empty for an administrator */
};
typedef VEC(struct story_actor) story_actors;
struct story_unit {
  struct str name, id; /* an alias has a row of its own */
};
typedef VEC(struct story_unit) story_units;

/* Fills an empty store. All accounts have this password; administrators that the story does not name are made as well, so that
 * the server makes none. Refuses (ERR_INVALID) a unit or person that the demo does not have, naming it. Texts live in mem. */
MUST_CHECK bool story_make(struct plans *s, struct store *store, struct arena *mem, struct str password, int64_t now_us,
                           story_actors *io, story_units *out_units, struct err *e);
/* The moment of its last event; 0: it is no store of a story. */
MUST_CHECK bool story_stands_at(struct store *store, int64_t *out_us, struct err *e);
/* Every event of the store, in order: what a story's acts left behind. Texts last as long as the call. */
typedef void (*story_visit)(void *arg, struct str record, struct str act, struct str to);
MUST_CHECK bool story_events(struct str where, story_visit visit, void *arg, struct err *e);
/* And what came of them, each once: kind `level` (record, clock, as declared), `fired` (record, clock, bits of its levels), `end` (record,
 * round, outcome), `field` (record, field), `paper` (record, paper), `message` (system, message), `notice` (its address). */
typedef void (*story_mark)(void *arg, struct str kind, struct str record, struct str name, struct str what);
MUST_CHECK bool story_marks(struct str where, story_mark visit, void *arg, struct err *e);

/* The run of stories as one file that can be sent around: no address in it leads anywhere, its styles are those of the program. */
struct view_story_page;
void story_page(struct buf *out, const struct view_story_page *v);
#endif
