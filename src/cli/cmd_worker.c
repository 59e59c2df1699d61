/* `gangmu worker`: the fenced child that reads untrusted containers. Not for people: it speaks on its descriptors only
 * (text/worker.h). */
#include "cli/cli.h"
#include "text/worker.h"

const struct cli_option cmd_worker_options[] = {{0}};

int cmd_worker(struct cli *cli, int argc, char **argv) {
  (void)cli, (void)argc, (void)argv;
  return worker_main();
}
