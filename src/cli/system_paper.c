/* `gangmu system paper [-o FILE] DIR PAPER`: a paper of a package as it would be printed, filled from the demo rows, so that whoever
 * writes a template sees it without a server. The ending of FILE says which: .pdf or .docx. */
#include <stdio.h>
#include "app/systems.h"

#include "base/clock.h"
#include "cli/system.h"
#include "engine/flow/paper_sample.h"
#include "texts.h"

/* False without an error: faults of the package were told. */
static bool make(struct cli *cli, struct str dir, struct str paper, struct faults *f, struct paper_made *made,
                 struct err *e) {
  struct world world;
  struct package p;
  const struct office_head head = {.authority = msg_template(LANG_ZH, MSG_paper_sample_authority),
                                   .printer = msg_template(LANG_ZH, MSG_paper_sample_printer),
                                   .verify_at = STR("https://example.org/verify")};
  TRY(systems_world(&cli->mem, &world, e) && package_load(&cli->mem, dir, &p, e));
  package_check(f, &p, str_join(&cli->mem, dir, STR("/")), &world);
  if (!p.system || f->errors) return false;
  return paper_sample(&cli->mem, &p, &world, paper, head, clock_now_us(), made, e);
}
static void say(struct cli *cli, struct str path, const struct paper_made *made) {
  const struct msg_arg args[] = {{"path", path}, {"n", str_int(&cli->mem, made->pages)}};
  fprintf(stderr, STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_paper_made, args, COUNT_OF(args))));
  if (made->unknown) fprintf(stderr, STRF "\n", STRA(msg_template(cli->lang, MSG_paper_boxes)));
}
int system_paper(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str value, path = {0};
  struct faults f = {.mem = &cli->mem};
  struct paper_made made;
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;) {
    if (option != 'o') return CLI_REFUSED;
    path = value;
  }
  const int at = cli_first_file();
  const bool is_docx = str_ends(path, STR(".docx"));
  if (at + 2 != argc || (path.len && !is_docx && !str_ends(path, STR(".pdf")))) return system_usage(cli);
  const struct str paper = str_of(argv[at + 1]);
  if (!path.len) path = str_join(&cli->mem, paper, STR(".pdf"));
  if (!make(cli, str_of(argv[at]), paper, &f, &made, &e))
    return f.errors ? system_faults(cli, &f) : cli_refuse(cli, &e);
  if (!cli_write(cli, path, is_docx ? made.docx : made.pdf, true, &e)) return cli_refuse(cli, &e);
  say(cli, path, &made);
  return CLI_CLEAN;
}
