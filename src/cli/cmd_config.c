/* `gangmu config check [FILE]`: everything that is wrong with the settings, each with its place, before a server is started
 * with them. `gangmu config show`: what holds, and where it comes from; takes the flags of `serve`. */
#include <stdio.h>

#include "cli/settings.h"
#include "texts.h"

const struct cli_option cmd_config_options[] = {SETTING_OPTIONS};

static void say(struct cli *cli, int msg, const struct msg_arg *args, size_t n) {
  printf(STRF "\n", STRA(msg_text(&cli->mem, cli->lang, msg, args, n)));
}
static int check(struct cli *cli, int argc, char **argv) {
  struct settings set;
  struct str value;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  const int first = cli_first_file();
  settings_check(cli, first < argc ? str_of(argv[first]) : STR(""), &set);
  vec_each(const struct setting_problem, p, &set.problems) (void)setting_refuse(cli, p);
  if (set.problems.len) return CLI_FOUND;
  const struct msg_arg arg = {"file", set.file};
  say(cli, set.file.len ? MSG_config_good : MSG_config_good_no_file, &arg, 1);
  return CLI_CLEAN;
}

static void show_value(struct cli *cli, const struct settings *set, enum setting s) {
  const struct str text = setting_text(set, s), place = setting_place(&cli->mem, set, s);
  const struct str shown = setting_kind(s) == SETTING_SECRET && text.len ? STR("***") : text;
  printf("%-24s = %-32.*s # " STRF "\n", setting_name(s), STRA(str_fmt(&cli->mem, "\"" STRF "\"", STRA(shown))),
         STRA(place.len ? place : msg_template(cli->lang, MSG_config_default)));
}
static int show(struct cli *cli, int argc, char **argv) {
  struct settings set;
  if (!settings_read(cli, argc, argv, &set)) return CLI_REFUSED;
  for (enum setting s = 0; s < SET_COUNT; s++) show_value(cli, &set, s);
  vec_each(const struct setting_problem, p, &set.problems) (void)setting_refuse(cli, p);
  return set.problems.len ? CLI_FOUND : CLI_CLEAN;
}

int cmd_config(struct cli *cli, int argc, char **argv) {
  const struct str word = argc > 1 ? str_of(argv[1]) : STR("");
  if (str_eqz(word, "check")) return check(cli, argc - 1, argv + 1);
  if (str_eqz(word, "show")) return show(cli, argc - 1, argv + 1);
  return cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
}
