/* The commands of the program: one row of cli_commands a command, one cmd_*.c a row. Help is made from the rows.
 *
 * To add a command: write cmd_NAME.c with `int cmd_NAME(struct cli *, int argc, char **argv)`, declare it below, and add
 * its row to the table in main.c (with a text cli_help_NAME in both languages). argv[0] is the command's own name, so
 * getopt_long works as usual. Exit status: 0 clean, 1 the work found errors or differences, 2 refused. */
#ifndef CLI_CLI_H
#define CLI_CLI_H
#include "base/buf.h"
#include "base/err.h"

struct cli {
  struct arena mem; /* lives as long as the command */
  enum lang lang;
  const struct cli_command *command;
};
struct cli_option {
  const char *name;  /* long name */
  char letter;       /* short name or 0 */
  const char *value; /* what it takes, "FILE", or NULL */
  int help;          /* message id */
};
struct cli_command {
  const char *name, *usage; /* "compile [options] FILE..." */
  int help;                 /* message id; 0 = not listed */
  int (*run)(struct cli *cli, int argc, char **argv);
  const struct cli_option *options; /* ends with a zero row; may be NULL */
};
extern const struct cli_command cli_commands[];

enum { CLI_CLEAN, CLI_FOUND, CLI_REFUSED };

/* Reads the next option of `cli->command`, as getopt_long does: the option's letter, or 256 + its row when it has
 * none; -1 at the end; '?' after saying what is wrong. The value is in *out_value. --lang is handled here. */
int cli_option(struct cli *cli, int argc, char **argv, struct str *out_value);
int cli_first_file(void); /* index in argv behind the options */

/* Says the error to standard error, as `file:line:column: error: text` and a hint; returns CLI_REFUSED. */
int cli_refuse(struct cli *cli, const struct err *e);
/* The same for a message of its own with one hole; hint may be 0. */
int cli_refuse_msg(struct cli *cli, int msg, const char *hole, struct str value, int hint, const char *hint_hole,
                   struct str hint_value);
/* Writes to the file, or to standard output when path is empty; `binary` refuses a terminal. */
MUST_CHECK bool cli_write(struct cli *cli, struct str path, struct str bytes, bool binary, struct err *e);

int cmd_compile(struct cli *cli, int argc, char **argv);
int cmd_compare(struct cli *cli, int argc, char **argv);
int cmd_index(struct cli *cli, int argc, char **argv);
/* Other commands: absent in a build without their file, then their row is not shown. */
__attribute__((weak)) int cmd_worker(struct cli *cli, int argc, char **argv);
__attribute__((weak)) int cmd_serve(struct cli *cli, int argc, char **argv);
__attribute__((weak)) int cmd_demo(struct cli *cli, int argc, char **argv);
int cmd_verify(struct cli *cli, int argc, char **argv);
int cmd_anchor(struct cli *cli, int argc, char **argv);
int cmd_keys(struct cli *cli, int argc, char **argv);
int cmd_backup(struct cli *cli, int argc, char **argv);
int cmd_restore(struct cli *cli, int argc, char **argv);
int cmd_move(struct cli *cli, int argc, char **argv);
int cmd_org(struct cli *cli, int argc, char **argv);
int cmd_migrate(struct cli *cli, int argc, char **argv);
int cmd_doctor(struct cli *cli, int argc, char **argv);
int cmd_account(struct cli *cli, int argc, char **argv);
int cmd_config(struct cli *cli, int argc, char **argv);
int cmd_search(struct cli *cli, int argc, char **argv);
int cmd_system(struct cli *cli, int argc, char **argv);
int cmd_scenario(struct cli *cli, int argc, char **argv);
extern const struct cli_option cmd_compile_options[], cmd_compare_options[], cmd_index_options[];
extern const struct cli_option cmd_verify_options[], cmd_anchor_options[], cmd_keys_options[];
extern const struct cli_option cmd_backup_options[], cmd_restore_options[], cmd_move_options[], cmd_migrate_options[],
    cmd_doctor_options[], cmd_config_options[], cmd_search_options[], cmd_account_options[], cmd_org_options[],
    cmd_system_options[], cmd_scenario_options[];
__attribute__((weak)) extern const struct cli_option cmd_serve_options[], cmd_demo_options[], cmd_worker_options[];
#endif
