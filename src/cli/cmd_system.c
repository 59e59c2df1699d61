/* `gangmu system WORD`: what an author of declarations works with. `check DIR...` tells what is wrong with the folder of a
 * business system, before anybody installs it; the other words stand in system_*.c. */
#include <stdio.h>

#include "app/systems_start.h"
#include "base/limits.h"
#include "cli/system.h"
#include "declare/package.h"
#include "texts.h"

const struct cli_option cmd_system_options[] = {
    {"json", 0, NULL, MSG_cli_option_json},
    {"check", 0, NULL, MSG_cli_option_layout_check},
    {"played", 0, "FILE", MSG_cli_option_played},
    {"output", 'o', "FILE", MSG_cli_option_paper_output},
    {"db", 0, "DATABASE", MSG_cli_option_diff_db},
    {"keys", 0, "FILE", MSG_cli_option_keys},
    {0},
};

struct checking {
  struct cli *cli;
  bool json;
  struct world world;
  size_t errors, warnings, left_out;
};

static void say_totals(const struct checking *o) {
  struct cli *cli = o->cli;
  const struct msg_arg args[] = {{"errors", str_int(&cli->mem, (int64_t)o->errors)},
                                 {"warnings", str_int(&cli->mem, (int64_t)o->warnings)},
                                 {"n", str_int(&cli->mem, (int64_t)o->left_out)}};
  const int msg = o->errors || o->warnings ? MSG_declare_totals : MSG_declare_none_found;
  if (o->left_out)
    fprintf(stderr, STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_declare_left_out, args, COUNT_OF(args))));
  fprintf(stderr, STRF "\n", STRA(msg_text(&cli->mem, cli->lang, msg, args, COUNT_OF(args))));
}
static bool read_folder(struct checking *o, struct str dir, struct package *p, struct faults *f, struct err *e) {
  *f = (struct faults){.mem = &o->cli->mem};
  TRY(package_load(&o->cli->mem, dir, p, e));
  const bool slash = str_ends(dir, STR("/"));
  package_check(f, p, slash ? dir : str_join(&o->cli->mem, dir, STR("/")), &o->world);
  return true;
}
static bool say_faults(struct checking *o, struct faults *all, size_t n, struct err *e) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  struct json_out j = {.to = &out, .pretty = true};
  if (o->json) json_open(&j, NULL, '[');
  for (size_t i = 0; i < n; i++) {
    if (o->json) faults_json(&all[i], o->cli->lang, &j);
    else faults_print(&all[i], o->cli->lang, &out);
    o->errors += all[i].errors;
    o->warnings += all[i].warnings;
    o->left_out += all[i].left_out;
  }
  if (o->json) json_close(&j, ']');
  TRY(cli_write(o->cli, STR(""), buf_view(&out), false, e));
  if (!o->json) say_totals(o);
  return true;
}
static bool check_folders(struct checking *o, int argc, char **argv, struct err *e) {
  struct arena *mem = &o->cli->mem;
  const size_t n = (size_t)(argc - cli_first_file());
  struct package *packages = arena_new_n(mem, struct package, n);
  struct faults *faults = arena_new_n(mem, struct faults, n);
  for (size_t i = 0; i < n; i++)
    TRY(read_folder(o, str_of(argv[(size_t)cli_first_file() + i]), &packages[i], &faults[i], e));
  for (size_t i = 0; i < n; i++) packages_check_uses(&faults[i], packages, n, i);
  return say_faults(o, faults, n, e);
}

static int check(struct cli *cli, int argc, char **argv) {
  struct checking o = {.cli = cli};
  struct err e = {0};
  struct str value;
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;) {
    if (option != SYSTEM_OPT_JSON) return CLI_REFUSED;
    o.json = true;
  }
  if (cli_first_file() == argc)
    return cli_refuse_msg(cli, MSG_cli_no_file, NULL, STR(""), MSG_cli_usage, "usage", str_of(cli->command->usage));
  if (!systems_world(&cli->mem, &o.world, &e) || !check_folders(&o, argc, argv, &e)) return cli_refuse(cli, &e);
  return o.errors ? CLI_FOUND : CLI_CLEAN;
}

int system_usage(struct cli *cli) {
  return cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
}
int cmd_system(struct cli *cli, int argc, char **argv) {
  static const struct {
    const char *word;
    int (*run)(struct cli *cli, int argc, char **argv);
  } known[] = {
      {"check", check},    {"format", system_format_cmd}, {"schema", system_schema}, {"reference", system_reference},
      {"new", system_new}, {"diff", system_diff},         {"draw", system_draw_cmd}, {"rows", system_rows},
      {"try", system_try}, {"paper", system_paper}};
  const struct str word = argc > 1 ? str_of(argv[1]) : STR("");
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (str_eqz(word, known[i].word)) return known[i].run(cli, argc - 1, argv + 1);
  return system_usage(cli);
}
