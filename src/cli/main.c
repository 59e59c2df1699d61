/* The program's door: finds the command in the table, the language in the options or the environment, and runs it.
 * Everything people read comes from the message catalogue; nothing else in the program looks at the environment. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "texts.h"

static int cmd_help(struct cli *cli, int argc, char **argv);
static int cmd_version(struct cli *cli, int argc, char **argv);

const struct cli_command cli_commands[] = {
    {"compile",
     "compile [--format json|text|markdown|csv|xlsx|docx] [--year Y] [--org-dictionary FILE] [--schema] "
     "[--rules DIR] [-o FILE] FILE...",
     MSG_cli_help_compile, cmd_compile, cmd_compile_options},
    {"compare", "compare [--format json|text|markdown|html] [--mode copies|years|levels] [--links FILE] [-o FILE] A B",
     MSG_cli_help_compare, cmd_compare, cmd_compare_options},
    {"index", "index [--least N] [-o FILE] DIR|FILE...", MSG_cli_help_index, cmd_index, cmd_index_options},
    {"serve", "serve --db DATABASE [--config FILE] [--SETTING VALUE]...", MSG_cli_help_serve, cmd_serve,
     cmd_serve_options},
    {"config", "config check [FILE] | config show [--config FILE] [--SETTING VALUE]...", MSG_cli_help_config,
     cmd_config, cmd_config_options},
    {"demo", "demo --db DATABASE [--people] [--keys FILE]", MSG_cli_help_demo, cmd_demo, cmd_demo_options},
    {"account", "account --db DATABASE [--reset LOGIN]", MSG_cli_help_account, cmd_account, cmd_account_options},
    {"org", "org tree|export|import --db DATABASE [--what units|people|posts|pupils] [--at DAY] [FILE]",
     MSG_cli_help_org, cmd_org, cmd_org_options},
    {"verify", "verify --db DATABASE [--keys FILE]", MSG_cli_help_verify, cmd_verify, cmd_verify_options},
    {"anchor",
     "anchor make --db DATABASE [--key FILE] | print --db DATABASE [--day DAY] [--format text|docx] [-o FILE] | check "
     "--db "
     "DATABASE --seq N --hash HEX | check --db DATABASE --day DAY --key FILE | key --key FILE",
     MSG_cli_help_anchor, cmd_anchor, cmd_anchor_options},
    {"keys",
     "keys new --keys FILE [--compartment NAME] [--suite sm4|aes] | list --keys FILE | rotate|reseal|retire --keys "
     "FILE --db "
     "DATABASE --compartment NAME [--suite sm4|aes]",
     MSG_cli_help_keys, cmd_keys, cmd_keys_options},
    {"backup", "backup --db DATABASE --to FILE | --check FILE", MSG_cli_help_backup, cmd_backup, cmd_backup_options},
    {"restore", "restore --from FILE --db DATABASE [--journal DATABASE [--to-event SEQ | --to-time TIME]]",
     MSG_cli_help_restore, cmd_restore, cmd_restore_options},
    {"move", "move --db DATABASE --to DATABASE", MSG_cli_help_move, cmd_move, cmd_move_options},
    {"migrate", "migrate --db DATABASE [--dry-run]", MSG_cli_help_migrate, cmd_migrate, cmd_migrate_options},
    {"doctor", "doctor --db DATABASE | --config FILE [SETTINGS]", MSG_cli_help_doctor, cmd_doctor, cmd_doctor_options},
    {"search", "search find|rebuild --db DATABASE [WORDS...]", MSG_cli_help_search, cmd_search, cmd_search_options},
    {"system", "system check|format|diff|new|draw|paper|schema|reference|rows|try [options] [DIR...]",
     MSG_cli_help_system, cmd_system, cmd_system_options},
    {"scenario",
     "scenario [--db sqlite|URL] [--step N] [--seed N] [--interleavings N] [--keep] [--record FILE.html] [--json] "
     "DIR|STORY...",
     MSG_cli_help_scenario, cmd_scenario, cmd_scenario_options},
    {"worker", "worker", 0, cmd_worker, cmd_worker_options},
    {"help", "help [COMMAND]", MSG_cli_help_help, cmd_help, NULL},
    {"version", "version", MSG_cli_help_version, cmd_version, NULL},
    {0},
};

static const struct cli_command *find_command(struct str name) {
  for (const struct cli_command *c = cli_commands; c->name; c++)
    if (c->run && str_eqz(name, c->name)) return c;
  return NULL;
}

/* ---- language ---- */

static bool lang_of(struct str word, enum lang *out_lang) {
  if (str_starts(word, STR("zh"))) *out_lang = LANG_ZH;
  else if (str_starts(word, STR("en"))) *out_lang = LANG_EN;
  else return false;
  return true;
}

/* Chinese unless the environment clearly says English. */
static enum lang lang_of_environment(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  enum lang lang = LANG_ZH;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    const struct str value = str_of(getenv(names[i]));
    if (value.len) {
      (void)lang_of(value, &lang);
      break;
    }
  }
  return lang;
}

/* ---- saying what is wrong ---- */

int cli_refuse_msg(struct cli *cli, int msg, const char *hole, struct str value, int hint, const char *hint_hole,
                   struct str hint_value) {
  const struct msg_arg arg = {hole, value}, hint_arg = {hint_hole, hint_value};
  const struct str text = msg_text(&cli->mem, cli->lang, msg, &arg, hole ? 1 : 0);
  fprintf(stderr, "gangmu: " STRF "\n", STRA(text));
  if (hint) {
    const struct str more = msg_text(&cli->mem, cli->lang, hint, &hint_arg, hint_hole ? 1 : 0);
    fprintf(stderr, "    " STRF ": " STRF "\n", STRA(msg_template(cli->lang, MSG_plan_hint)), STRA(more));
  }
  return CLI_REFUSED;
}

static struct str place_of(struct cli *cli, const struct err *e) {
  if (!e->file.len) return STR("gangmu");
  if (!e->line) return e->file;
  return str_fmt(&cli->mem, STRF ":%d:%d", STRA(e->file), e->line, e->column);
}

int cli_refuse(struct cli *cli, const struct err *e) {
  fprintf(stderr, STRF ": error: " STRF "\n", STRA(place_of(cli, e)), STRA(err_says(&cli->mem, cli->lang, e)));
  const struct str hint = err_hint_says(&cli->mem, cli->lang, e);
  if (hint.len) fprintf(stderr, "    " STRF ": " STRF "\n", STRA(msg_template(cli->lang, MSG_plan_hint)), STRA(hint));
  return CLI_REFUSED;
}

bool cli_write(struct cli *cli, struct str path, struct str bytes, bool binary, struct err *e) {
  (void)cli;
  if (path.len && !str_eqz(path, "-")) return file_write(path, bytes, e);
  if (binary && isatty(STDOUT_FILENO)) return fail(e, ERR_INVALID, MSG_cli_terminal);
  const bool ok = fwrite(bytes.at, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0;
  return ok || fail(e, ERR_STORE, MSG_file_unwritable, "path", STR("-"), "reason", STR(""));
}

/* ---- options ---- */

enum { OPTIONS_MAX = 40, NO_LETTER = 256 };

struct option_tables {
  struct option longs[OPTIONS_MAX + 2];
  char shorts[2 * OPTIONS_MAX + 4];
};

/* The command's rows as getopt_long wants them; --lang is every command's. */
static void fill_options(const struct cli_option *rows, struct option_tables *out) {
  size_t n = 0, s = 0;
  out->shorts[s++] = ':';
  for (; rows && rows[n].name; n++) {
    must(n < OPTIONS_MAX);
    const int value = rows[n].letter ? rows[n].letter : NO_LETTER + (int)n;
    out->longs[n] = (struct option){rows[n].name, rows[n].value ? required_argument : no_argument, NULL, value};
    if (!rows[n].letter) continue;
    out->shorts[s++] = rows[n].letter;
    if (rows[n].value) out->shorts[s++] = ':';
  }
  out->longs[n] = (struct option){"lang", required_argument, NULL, 'L'};
}

static int wrong_option(struct cli *cli, int got, char **argv) {
  const struct str name = str_of(argv[optind > 1 ? optind - 1 : optind]);
  (void)cli_refuse_msg(cli, got == ':' ? MSG_cli_missing_value : MSG_cli_unknown_option, "name", name, MSG_cli_usage,
                       "usage", str_of(cli->command->usage));
  return '?';
}

int cli_option(struct cli *cli, int argc, char **argv, struct str *out_value) {
  struct option_tables t = {0};
  fill_options(cli->command->options, &t);
  opterr = 0;
  const int got = getopt_long(argc, argv, t.shorts, t.longs, NULL);
  *out_value = str_of(optarg);
  if (got == 'L') {
    if (lang_of(*out_value, &cli->lang)) return cli_option(cli, argc, argv, out_value);
    (void)cli_refuse_msg(cli, MSG_cli_bad_lang, "name", *out_value, 0, NULL, STR(""));
    return '?';
  }
  return got == '?' || got == ':' ? wrong_option(cli, got, argv) : got;
}

int cli_first_file(void) { return optind; }

/* ---- help, made from the table ---- */

static void show_option(struct cli *cli, const char *name, char letter, const char *value, int help) {
  const struct str form = str_fmt(&cli->mem, "%s--%s%s%s", letter ? (char[]){'-', letter, ',', ' ', 0} : "    ", name,
                                  value ? " " : "", value ? value : "");
  printf("  %-28.*s " STRF "\n", STRA(form), STRA(msg_template(cli->lang, help)));
}

static void show_command(struct cli *cli, const struct cli_command *c) {
  const struct msg_arg usage = {"usage", str_of(c->usage)};
  printf(STRF "\n" STRF "\n\n", STRA(msg_text(&cli->mem, cli->lang, MSG_cli_usage, &usage, 1)),
         STRA(msg_template(cli->lang, c->help ? c->help : MSG_cli_help_worker)));
  for (const struct cli_option *o = c->options; o && o->name; o++)
    show_option(cli, o->name, o->letter, o->value, o->help);
  show_option(cli, "lang", 0, "zh|en", MSG_cli_option_lang);
}

static void show_all(struct cli *cli) {
  const struct msg_arg version = {"version", STR(GANGMU_VERSION)};
  printf(STRF "\n\n" STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_cli_about, &version, 1)),
         STRA(msg_template(cli->lang, MSG_cli_commands)));
  for (const struct cli_command *c = cli_commands; c->name; c++)
    if (c->run && c->help) printf("  %-10s " STRF "\n", c->name, STRA(msg_template(cli->lang, c->help)));
  printf("\n" STRF "\n", STRA(msg_template(cli->lang, MSG_cli_more)));
}

static int unknown_command(struct cli *cli, const char *name) {
  return cli_refuse_msg(cli, MSG_cli_unknown_command, "name", str_of(name), MSG_cli_unknown_command_hint, NULL,
                        STR(""));
}

static int cmd_help(struct cli *cli, int argc, char **argv) {
  struct str value;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  if (cli_first_file() == argc) {
    show_all(cli);
    return CLI_CLEAN;
  }
  const struct cli_command *c = find_command(str_of(argv[cli_first_file()]));
  if (!c) return unknown_command(cli, argv[cli_first_file()]);
  show_command(cli, c);
  return CLI_CLEAN;
}

static int cmd_version(struct cli *cli, int argc, char **argv) {
  (void)cli, (void)argc, (void)argv;
  printf("gangmu %s\n", GANGMU_VERSION);
  return CLI_CLEAN;
}

/* Help is shown before any option is read; its language is looked for by itself. */
static void take_lang(struct cli *cli, int argc, char **argv) {
  for (int i = 2; i + 1 < argc; i++)
    if (strcmp(argv[i], "--lang") == 0) (void)lang_of(str_of(argv[i + 1]), &cli->lang);
}

/* --help and --version are read as commands, an empty line as help. */
static struct str command_name(int argc, char **argv) {
  const struct str name = argc > 1 ? str_of(argv[1]) : STR("help");
  if (str_eqz(name, "--help") || str_eqz(name, "-h")) return STR("help");
  return str_eqz(name, "--version") || str_eqz(name, "-V") ? STR("version") : name;
}

/* `gangmu compile --help`, wherever it stands before a `--`. */
static bool asks_help(int argc, char **argv) {
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
  return false;
}

int main(int argc, char **argv) {
  arena_setup();
  struct cli cli = {.lang = lang_of_environment()};
  cli.command = find_command(command_name(argc, argv));
  int status = CLI_REFUSED;
  if (!cli.command) {
    (void)unknown_command(&cli, argv[1]);
  } else if (asks_help(argc, argv)) {
    take_lang(&cli, argc, argv);
    show_command(&cli, cli.command);
    status = CLI_CLEAN;
  } else if (argc > 1) status = cli.command->run(&cli, argc - 1, argv + 1);
  else show_all(&cli);
  arena_drop(&cli.mem);
  return status;
}
