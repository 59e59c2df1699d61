/* `gangmu system try DIR RECORD EXPRESSION [FIELD=VALUE]...`: what an expression comes to on a record that is only thought of, part by
 * part: which row of a table answers, which part is missing. */
#include <stdio.h>

#include "app/systems_start.h"
#include "base/clock.h"
#include "base/limits.h"
#include "cli/system.h"
#include "declare/trial.h"
#include "texts.h"

static bool read_given(struct cli *cli, int argc, char **argv, int first, struct trial_given *out, struct err *e) {
  for (int i = first; i < argc; i++) {
    struct trial_given *g = &out[i - first];
    if (!str_cut(str_of(argv[i]), STR("="), &g->field, &g->text))
      return fail(e, ERR_INVALID, MSG_cli_usage, "usage", str_of(cli->command->usage));
  }
  return true;
}
static void say(const struct trial_answer *a) {
  printf(STRF, STRA(a->explained));
  printf("= " STRF "   (" STRF ")\n", STRA(a->value), STRA(a->type));
}
int system_faults(struct cli *cli, const struct faults *f) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  faults_print(f, cli->lang, &out);
  fwrite(out.at, 1, out.len, stderr);
  return CLI_FOUND;
}

int system_try(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str value;
  struct world world;
  struct package p;
  struct faults quiet = {.mem = &cli->mem}, f = {.mem = &cli->mem};
  struct trial_answer answer;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  const int first = cli_first_file();
  if (argc < first + 3) return system_usage(cli);
  const size_t count = (size_t)(argc - first - 3);
  struct trial_given *given = arena_new_n(&cli->mem, struct trial_given, count + 1);
  const bool ready = read_given(cli, argc, argv, first + 3, given, &e) && systems_world(&cli->mem, &world, &e) &&
                     package_load(&cli->mem, str_of(argv[first]), &p, &e);
  if (!ready) return cli_refuse(cli, &e);
  package_check(&quiet, &p, STR(""), &world);
  if (!p.system || quiet.errors) return system_faults(cli, &quiet);
  f.text = str_of(argv[first + 2]);
  if (trial(&f, &p, &world, str_of(argv[first + 1]), f.text, given, count, clock_now_us(), &answer, &e)) {
    say(&answer);
    return CLI_CLEAN;
  }
  return f.errors ? system_faults(cli, &f) : cli_refuse(cli, &e);
}
