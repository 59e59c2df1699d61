/* `gangmu system format [--check] DIR|FILE...`: the one layout of a declaration. `-` is standard input to standard output,
 * for editors. */
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/system.h"
#include "declare/format.h"
#include "texts.h"

static int first_difference(struct str a, struct str b) {
  int line = 1;
  for (size_t i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++) line += a.at[i] == '\n';
  return line;
}
static int say_difference(struct cli *cli, struct str path, int line) {
  const struct str says = msg_template(cli->lang, MSG_declare_not_formatted);
  printf(STRF ":%d: " STRF "\n", STRA(path), line, STRA(says));
  return CLI_FOUND;
}
/* Of a folder its system.yaml. */
static struct str path_of(struct cli *cli, struct str said) {
  struct str_list names;
  struct err no_folder = {0};
  if (str_eqz(said, "-") || !file_list(&cli->mem, said, &names, &no_folder)) return said;
  while (said.len > 1 && str_ends(said, STR("/"))) said.len--;
  return str_join(&cli->mem, said, STR("/system.yaml"));
}
static int format_one(struct cli *cli, struct str said, bool only_check) {
  struct err e = {0};
  const struct str path = path_of(cli, said);
  struct str text, made;
  struct faults f = {.mem = &cli->mem};
  if (!file_read(&cli->mem, path, DECLARE_FILE_MAX, &text, &e)) return cli_refuse(cli, &e);
  if (!system_format(&f, path, text, &made)) {
    AUTO_BUF out = BUF_MAX(RENDER_MAX);
    faults_print(&f, cli->lang, &out);
    fprintf(stderr, STRF, STRA(buf_view(&out)));
    return CLI_REFUSED;
  }
  const bool same = str_eq(text, made), to_stdout = str_eqz(path, "-");
  if (only_check) return same ? CLI_CLEAN : say_difference(cli, path, first_difference(text, made));
  if (same && !to_stdout) return CLI_CLEAN;
  const bool ok = to_stdout ? cli_write(cli, STR(""), made, false, &e) : file_write(path, made, &e);
  return ok ? CLI_CLEAN : cli_refuse(cli, &e);
}
int system_format_cmd(struct cli *cli, int argc, char **argv) {
  bool only_check = false;
  int worst = CLI_CLEAN;
  struct str value;
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;) {
    if (option != SYSTEM_OPT_CHECK) return CLI_REFUSED;
    only_check = true;
  }
  if (cli_first_file() == argc)
    return cli_refuse_msg(cli, MSG_cli_no_file, NULL, STR(""), MSG_cli_usage, "usage", str_of(cli->command->usage));
  for (int i = cli_first_file(); i < argc; i++) {
    const int status = format_one(cli, str_of(argv[i]), only_check);
    worst = status > worst ? status : worst;
  }
  return worst;
}
