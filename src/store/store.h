/* One store for everything that must last.
 *
 * Writing goes through store_write(store, act, arg, e): the act runs inside a transaction, may run several times (after
 * a serialization failure or a busy database) and touches nothing outside it; when one of its statements fails, the act
 * fails. A writer thread runs the queued acts, each in a savepoint, many per commit, and answers after the sync: many
 * writers never see "locked".
 * Reading goes through store_read or AUTO_READ: a snapshot on a connection of a small pool; readers never wait for
 * the writer.
 *
 * A `struct store` is either the opened store or a session of it, which acts and readers are handed; the generated
 * functions of sql.h take a session. Plain SQL only, so that engines that speak PostgreSQL can stand behind the same
 * interface: ids are made by the program, `tenant` is the first column of every key. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "base/err.h"

struct store;
struct keys;
typedef bool (*store_act)(struct store *session, void *arg, struct err *e);

struct store_options {
  int readers;       /* connections to read with, 1..8; 0 = 8 */
  bool existing;     /* refuse when the file is not there yet, instead of making it */
  bool as_it_is;     /* an older schema is not brought forward; nothing can be written then, whatever the schema */
  int schema;        /* brings it forward to this older one, for a copy and the journal; 0 = of this program */
  struct keys *keys; /* for sealed values; outlives the store. NULL: what is sealed can be neither written nor read */
  /* For tests: asked before each commit; true makes it fail as a busy database would. */
  bool (*inject)(void *arg);
  void *inject_arg;
};
/* Opens an SQLite file (made when absent) or a PostgreSQL database (postgresql://…, which must exist), brings its schema
 * forward, starts the writer. Refuses a database that is not of this program (ERR_INVALID), one with a newer schema
 * (ERR_INVALID), and what cannot be opened (ERR_STORE). */
MUST_CHECK bool store_open(struct str where, const struct store_options *options, struct store **out, struct err *e);
/* Waits for acts in the queue, checkpoints, frees. Accepts NULL. No reader may be open any more. */
void store_close(struct store *s);

/* Runs act in a transaction and answers when it is on disk; false leaves nothing behind. Called inside an act, it runs
 * in the same transaction. */
MUST_CHECK bool store_write(struct store *s, store_act act, void *arg, struct err *e);
/* Runs act on a snapshot; a statement that writes is refused. */
MUST_CHECK bool store_read(struct store *s, store_act act, void *arg, struct err *e);
/* The same without a callback: NULL and *e set when none can be had. */
struct store *store_read_begin(struct store *s, struct err *e);
void store_read_end(struct store **io);
#define AUTO_READ __attribute__((cleanup(store_read_end))) struct store

/* The authority whose data this is; first column of every key. One tenant a store until there are several hosts. */
#define STORE_TENANT STR("local")

/* What would be done to a database to bring it forward, in its engine's own words; empty when nothing. Writes nothing. */
MUST_CHECK bool store_migration(struct str where, struct arena *mem, struct str *out_sql, int *out_from, struct err *e);
/* Asks the engine whether the database itself is sound and its settings keep what was answered; empty = yes. */
MUST_CHECK bool store_sound(struct store *session, struct arena *mem, struct str *out_problem, struct err *e);
bool store_is_url(struct str where); /* postgresql://…; else it is a file */

struct keys *store_keys(struct store *s);  /* as given to store_open; also of a session */
int store_schema_version(void);            /* of this program */
int store_schema_of(struct store *s);      /* of the database */
const char *store_engine(struct store *s); /* "sqlite" or "postgresql" */
int64_t store_commits(struct store *s);    /* for the bench: transactions that reached the disk */

struct store_stats {
  int64_t commits, acts;                     /* on disk; acts by commits is the size of a group */
  int64_t retries;                           /* transactions that were run again */
  int queued;                                /* acts that wait or are being run */
  int readers, readers_busy, readers_wanted; /* wanted: threads that wait for one */
};
void store_stats(struct store *s, struct store_stats *out);

/* A new id: 20 characters 0-9a-z without i l o u, rising with time: 48 bits of milliseconds, 52 of chance. New, in a. */
struct str store_new_id(struct arena *a, int64_t now_us);
#endif
