/* The settings of the server: one table says which there are, of what kind, with which default and which limits; the file,
 * the environment, the flags of `serve`, the checks and the help are all made from it.
 *
 * A value comes from the file, is beaten by the environment (GANGMU_TLS_KEY for tls-key), and that by a flag. To add one:
 * a line below, and its help as set_NAME in both languages. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H
#include "base/limits.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "web/peer.h"

enum setting_kind {
  SETTING_TEXT,
  SETTING_SECRET, /* never shown */
  SETTING_FLAG,   /* yes or no */
  SETTING_NUMBER, /* whole, within limits */
  SETTING_LISTEN, /* ADDRESS:PORT */
  SETTING_LEVEL,  /* of the log */
  SETTING_FILE,   /* must be readable */
  SETTING_NETS,   /* a list of addresses and networks */
  SETTING_HOSTS,  /* a list of names */
  SETTING_HEADER, /* name of a header that means nothing else here */
};
/* id, name, kind, what it takes, default, least, most */
#define SETTINGS(X)                                                       \
  X(db, "db", TEXT, "DATABASE", "", 0, 0)                                 \
  X(listen, "listen", LISTEN, "ADDR:PORT", "127.0.0.1:8080", 0, 0)        \
  X(tls_certificate, "tls-certificate", FILE, "FILE", "", 0, 0)           \
  X(tls_key, "tls-key", FILE, "FILE", "", 0, 0)                           \
  X(proxy, "proxy", NETS, "ADDR,…", "", 0, 0)                             \
  X(sign_in_header, "sign-in-header", HEADER, "NAME", "", 0, 0)           \
  X(hosts, "hosts", HOSTS, "NAME,…", "", 0, 0)                            \
  X(authority, "authority", TEXT, "NAME", "", 0, 0)                       \
  X(keys, "keys", FILE, "FILE", "", 0, 0)                                 \
  X(anchor_key, "anchor-key", FILE, "FILE", "", 0, 0)                     \
  X(anchor_outside, "anchor-outside", FLAG, NULL, "no", 0, 0)             \
  X(systems, "systems", TEXT, "DIR", "", 0, 0)                            \
  X(demo, "demo", FLAG, NULL, "no", 0, 0)                                 \
  X(story, "story", TEXT, "SOCKET", "", 0, 0)                             \
  X(log, "log", LEVEL, "LEVEL", "info", 0, 0)                             \
  X(metrics_token, "metrics-token", SECRET, "TOKEN", "", 16, 200)         \
  X(readers, "readers", NUMBER, "N", "8", 1, 8)                           \
  X(cache_mb, "cache-mb", NUMBER, "MB", "256", 1, 65536)                  \
  X(connections, "connections", NUMBER, "N", "1000", 16, 20000)           \
  X(per_address, "connections-per-address", NUMBER, "N", "600", 1, 20000) \
  X(header_seconds, "header-seconds", NUMBER, "S", "20", 1, 300)          \
  X(idle_seconds, "idle-seconds", NUMBER, "S", "15", 1, 300)              \
  X(stop_seconds, "stop-seconds", NUMBER, "S", "30", 1, 600)

enum setting {
#define SETTING_ID(id, ...) SET_##id,
  SETTINGS(SETTING_ID)
#undef SETTING_ID
      SET_COUNT
};
/* Rows of cli_option for a command that takes all settings as flags; --config is the last. */
#define SETTING_OPTION(id, name, kind, value, fallback, least, most) {name, 0, value, MSG_set_##id},
#define SETTING_OPTIONS \
  SETTINGS(SETTING_OPTION){"config", 0, "FILE", MSG_cli_option_config}, { 0 }

enum setting_from { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_FLAG };
struct setting_value {
  struct str text; /* lists: parts with a comma between */
  enum setting_from from;
  int line; /* in the file */
};
/* Something that is not right, and where it stands. */
struct setting_problem {
  struct str place; /* "gangmu.conf:7", "GANGMU_LISTEN", "--listen" */
  struct err err;
};
struct settings {
  struct str file; /* empty = none */
  struct setting_value values[SET_COUNT];
  VEC(struct setting_problem) problems;
};

/* Reads the flags that are left in argv, the file they or the environment name, and the environment, and checks each
 * value and how they go together. Always fills `out`; what is wrong is in its problems. False after saying what is wrong
 * with the command line itself. */
bool settings_read(struct cli *cli, int argc, char **argv, struct settings *out);
/* The same without flags, for a file (empty = the one the environment names, if any). */
void settings_check(struct cli *cli, struct str file, struct settings *out);
/* Says the problem to standard error; returns CLI_REFUSED. */
int setting_refuse(struct cli *cli, const struct setting_problem *p);

const char *setting_name(enum setting s);
enum setting_kind setting_kind(enum setting s);
struct str setting_place(struct arena *mem, const struct settings *set, enum setting s); /* where a value comes from */

/* Values of settings that were read without a problem. */
struct str setting_text(const struct settings *set, enum setting s);
int setting_number(const struct settings *set, enum setting s);
bool setting_flag(const struct settings *set, enum setting s);
int setting_level(const struct settings *set); /* enum log_level */
typedef VEC(struct str) setting_names;
void setting_list(struct arena *mem, const struct settings *set, enum setting s, setting_names *out);
#endif
