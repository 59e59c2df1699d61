/* gangmu compare: two plans beside each other. Exit 0 the same, 1 different, 2 refused. */
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "engine/plan/compare.h"
#include "engine/plan/render.h"
#include "texts.h"

enum { OPT_FORMAT = 256, OPT_MODE, OPT_LINKS };
const struct cli_option cmd_compare_options[] = {
    {"format", 0, "FORMAT", MSG_cli_option_format},
    {"mode", 0, "MODE", MSG_cli_option_mode},
    {"links", 0, "FILE", MSG_cli_option_links},
    {"output", 'o', "FILE", MSG_cli_option_output},
    {0},
};

struct job {
  struct cli *cli;
  enum compare_format format;
  struct compare_options options;
  struct str links, output;
};

static bool take_format(struct job *job, struct str word) {
  static const char *const words[] = {"json", "text", "markdown", "html"};
  for (size_t i = 0; i < COUNT_OF(words); i++)
    if (str_eqz(word, words[i])) {
      job->format = (enum compare_format)i;
      return true;
    }
  (void)cli_refuse_msg(job->cli, MSG_cli_bad_format, "name", word, MSG_cli_bad_format_hint, "formats",
                       STR("json text markdown html"));
  return false;
}

static bool take_mode(struct job *job, struct str word) {
  for (int m = COMPARE_AUTO; m <= COMPARE_LEVELS; m++)
    if (str_eqz(word, compare_mode_word((enum compare_mode)m))) {
      job->options.mode = (enum compare_mode)m;
      return true;
    }
  (void)cli_refuse_msg(job->cli, MSG_cli_bad_format, "name", word, MSG_cli_bad_format_hint, "formats",
                       STR("auto copies years levels"));
  return false;
}

static bool take_option(struct job *job, int option, struct str value) {
  switch (option) {
    case OPT_FORMAT: return take_format(job, value);
    case OPT_MODE: return take_mode(job, value);
    case OPT_LINKS: job->links = value; return true;
    case 'o': job->output = value; return true;
    default: return false;
  }
}

/* ---- links that a person confirmed or cut: `1.2 2.3` or `1.2 2.3 cut` a line ---- */

static bool find_path(struct arena *mem, const struct plan *p, struct str word, struct item_ref *out) {
  struct str doc, path;
  int64_t number = 1;
  if (!str_cut(word, STR(":"), &doc, &path)) path = word;
  else if (!str_to_int(doc, &number)) return false;
  if (number < 1 || (size_t)number > p->documents.len) return false;
  const struct document *d = &p->documents.at[number - 1];
  for (size_t i = 0; i < d->items.len; i++)
    if (str_eq(render_path(mem, &d->items.at[i]), path)) {
      *out = (struct item_ref){(int32_t)number - 1, (int32_t)i};
      return true;
    }
  return false;
}

static bool read_link(struct job *job, struct str line, const struct plan *p, struct compare_link *out) {
  struct str left, right, rest;
  if (!str_cut(line, STR(" "), &left, &rest)) return false;
  rest = str_trim(rest);
  if (str_cut(rest, STR(" "), &right, &rest)) out->cut = str_eqz(str_trim(rest), "cut");
  else right = rest, out->cut = false;
  return (out->cut || str_eq(right, rest)) && find_path(&job->cli->mem, &p[0], left, &out->left) &&
         find_path(&job->cli->mem, &p[1], right, &out->right);
}

static bool read_links(struct job *job, const struct plan *plans, struct err *e) {
  VEC(struct compare_link) links = {0};
  struct str text, line;
  struct arena *mem = &job->cli->mem;
  int number = 0;
  TRY(file_read(mem, job->links, FORM_MAX, &text, e));
  while (text.len) {
    if (!str_cut(text, STR("\n"), &line, &text)) line = text, text = (struct str){0};
    number++;
    line = str_trim(line);
    if (!line.len || line.at[0] == '#') continue;
    if (!read_link(job, line, plans, &vec_push(mem, &links))) {
      fail(e, ERR_INVALID, MSG_cli_bad_links, "line", str_int(mem, number));
      err_hint(e, MSG_cli_bad_links_hint);
      return err_at(e, job->links, number, 1);
    }
  }
  job->options.links = links.at;
  job->options.link_count = links.len;
  return true;
}

static bool compare_files(struct job *job, char **files, bool *out_same, struct err *e) {
  const struct load_options load = {0};
  struct plan *plans = arena_new_n(&job->cli->mem, struct plan, 2);
  struct plan_comparison c;
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  for (int i = 0; i < 2; i++) TRY(load_plan(job->cli, &load, str_of(files[i]), &plans[i], e));
  if (job->links.len) TRY(read_links(job, plans, e));
  plan_compare(&job->cli->mem, &plans[0], &plans[1], &job->options, &c);
  compare_render(&job->cli->mem, &c, job->format, job->cli->lang, &out);
  if (out.broken) return fail(e, ERR_TOO_LARGE, MSG_cli_output_too_large, "limit", STR("256 MB"));
  *out_same = c.same;
  return cli_write(job->cli, job->output, buf_view(&out), false, e);
}

int cmd_compare(struct cli *cli, int argc, char **argv) {
  struct job job = {.cli = cli, .format = COMPARE_TEXT};
  struct err e = {0};
  struct str value;
  bool same = false;
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;)
    if (!take_option(&job, option, value)) return CLI_REFUSED;
  if (argc - cli_first_file() != 2)
    return cli_refuse_msg(cli, MSG_cli_two_files, NULL, STR(""), MSG_cli_usage, "usage", str_of(cli->command->usage));
  if (!compare_files(&job, argv + cli_first_file(), &same, &e)) return cli_refuse(cli, &e);
  return same ? CLI_CLEAN : CLI_FOUND;
}
