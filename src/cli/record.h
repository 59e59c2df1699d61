/* What the commands of the record share: verify, anchor, keys. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H
#include "base/seal.h"
#include "cli/cli.h"
#include "store/event.h"
#include "store/store.h"

/* The key ring: the named file; else, of a database in a file, FILE.keys, made when it is not there and `make`; else none. */
MUST_CHECK bool record_keys(struct str file, struct str db, bool make, struct keys **out, struct err *e);
struct record_opened {
  struct store *store;
  struct keys *keys; /* NULL: none */
};
MUST_CHECK bool record_open(struct record_opened *o, struct str db, struct str keys, struct err *e);
void record_close(struct record_opened *o);

struct str cli_actor(void); /* who acts on the command line */
void cli_say(struct cli *cli, int msg, const struct msg_arg *args, size_t n);
struct str cli_number(struct cli *cli, int64_t n);
/* A finding in words: 第3条记录的“理由”被改动。 New, in mem. */
struct str event_finding_says(struct arena *mem, enum lang lang, const struct event_finding *f);
/* The word behind the command (`make` of `gangmu anchor make`) as a row of words, -1 after saying what is wrong. */
int cli_verb(struct cli *cli, int argc, char **argv, const char *const *words, size_t n);
#endif
