/* The words of `gangmu system`, each in a file of its own beside cmd_system.c. */
#ifndef CLI_SYSTEM_H
#define CLI_SYSTEM_H
#include "cli/cli.h"
#include "declare/system.h"

enum {
  SYSTEM_OPT_JSON = 256,
  SYSTEM_OPT_CHECK,
  SYSTEM_OPT_PLAYED,
  SYSTEM_OPT_DB = 260,
  SYSTEM_OPT_KEYS
}; /* rows of cmd_system_options */

int system_format_cmd(struct cli *cli, int argc, char **argv);
int system_schema(struct cli *cli, int argc, char **argv);
int system_reference(struct cli *cli, int argc, char **argv);
int system_new(struct cli *cli, int argc, char **argv);
int system_diff(struct cli *cli, int argc, char **argv);
int system_try(struct cli *cli, int argc, char **argv);
int system_rows(struct cli *cli, int argc, char **argv);
int system_paper(struct cli *cli, int argc, char **argv);
int system_draw_cmd(struct cli *cli, int argc, char **argv);

int system_faults(struct cli *cli, const struct faults *f); /* prints them; CLI_FOUND */
int system_usage(struct cli *cli);                          /* refuses, with the usage line */
#endif
