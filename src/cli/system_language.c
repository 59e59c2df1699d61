/* `gangmu system schema`: JSON Schema of system.yaml for editors. `gangmu system reference [keys|faults]`: the tables of
 * docs/declarations.md. */
#include "base/limits.h"
#include "cli/system.h"
#include "declare/schema.h"
#include "texts.h"

static int write_made(struct cli *cli, int argc, char **argv, void (*make)(enum lang lang, struct buf *out)) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  struct err e = {0};
  struct str value;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  make(cli->lang, &out);
  return cli_write(cli, STR(""), buf_view(&out), false, &e) ? CLI_CLEAN : cli_refuse(cli, &e);
}
int system_schema(struct cli *cli, int argc, char **argv) { return write_made(cli, argc, argv, schema_json); }
int system_reference(struct cli *cli, int argc, char **argv) {
  const struct str what = argc > 1 ? str_of(argv[1]) : STR("keys");
  return write_made(cli, argc, argv, str_eqz(what, "faults") ? reference_faults : reference_keys);
}
