/* gangmu compile: files in, facts out. One FILE gives one JSON object, several an array with `same_as` filled in for
 * copies of one document; a file that cannot be read is said, the others are compiled all the same. Diagnostics of the other formats stand in front of the report, or go to standard error when
 * the output is a table. */
#include <stdio.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "engine/plan/compare.h"
#include "engine/plan/render.h"
#include "texts.h"

enum { OPT_SCHEMA = 256, OPT_FORMAT, OPT_YEAR, OPT_ORG, OPT_RULES };
const struct cli_option cmd_compile_options[] = {
    {"schema", 0, NULL, MSG_cli_option_schema},
    {"format", 0, "FORMAT", MSG_cli_option_format},
    {"year", 0, "YEAR", MSG_cli_option_year},
    {"org-dictionary", 0, "FILE", MSG_cli_option_org},
    {"rules", 0, "DIR", MSG_cli_option_rules},
    {"output", 'o', "FILE", MSG_cli_option_output},
    {0},
};

struct job {
  struct cli *cli;
  struct load_options load;
  enum render_format format;
  bool wants_schema;
  struct str output;
  char **files;
  int file_count;
  bool is_array; /* several files were given */
  struct plan *plans;
};

static int bad_format(struct cli *cli, struct str word) {
  return cli_refuse_msg(cli, MSG_cli_bad_format, "name", word, MSG_cli_bad_format_hint, "formats",
                        STR("json text markdown csv xlsx docx"));
}

static bool read_year(struct cli *cli, struct str word, int *out_year) {
  int64_t n;
  if (str_to_int(word, &n) && n >= 1900 && n <= 2999) {
    *out_year = (int)n;
    return true;
  }
  (void)cli_refuse_msg(cli, MSG_cli_bad_year, "name", word, MSG_cli_bad_year_hint, NULL, STR(""));
  return false;
}

static bool take_option(struct job *job, int option, struct str value) {
  switch (option) {
    case OPT_SCHEMA: job->wants_schema = true; return true;
    case OPT_FORMAT: return render_format_of(value, &job->format) || (bad_format(job->cli, value), false);
    case OPT_YEAR: return read_year(job->cli, value, &job->load.year);
    case OPT_ORG: job->load.org_dictionary = value; return true;
    case OPT_RULES: job->load.rules = value; return true;
    case 'o': job->output = value; return true;
    default: return false;
  }
}

static bool take_options(struct job *job, int argc, char **argv) {
  struct str value;
  for (int option; (option = cli_option(job->cli, argc, argv, &value)) != -1;) TRY(take_option(job, option, value));
  job->files = argv + cli_first_file();
  job->file_count = argc - cli_first_file();
  return true;
}

static int check_files(struct job *job) {
  struct cli *cli = job->cli;
  if (!job->file_count)
    return cli_refuse_msg(cli, MSG_cli_no_file, NULL, STR(""), MSG_cli_usage, "usage", str_of(cli->command->usage));
  if (job->file_count > PLAN_FILES_MAX)
    return cli_refuse_msg(cli, MSG_cli_too_many_files, "limit", str_int(&cli->mem, PLAN_FILES_MAX),
                          MSG_cli_too_many_files_hint, NULL, STR(""));
  if (job->file_count > 1 && job->format >= RENDER_CSV)
    return cli_refuse_msg(cli, MSG_cli_one_file_only, "name", str_of(render_format_word(job->format)), 0, NULL,
                          STR(""));
  return CLI_CLEAN;
}

static int show_schema(struct job *job) {
  const struct embedded *schema = embed_find(STR("rules/plan/plan.schema.json"));
  struct err e = {0};
  must(schema);
  return cli_write(job->cli, job->output, schema->bytes, false, &e) ? CLI_CLEAN : cli_refuse(job->cli, &e);
}

/* ---- writing ---- */

/* Names of the other files that are copies of file i: items of the same words in the same order. */
static size_t copies_of(struct job *job, int i, struct str *out) {
  size_t n = 0;
  for (int k = 0; k < job->file_count; k++)
    if (k != i && plan_is_copy(&job->plans[i], &job->plans[k])) out[n++] = str_of(job->files[k]);
  return n;
}

static void write_json(struct job *job, struct buf *out) {
  struct json_out j = {.to = out};
  struct str *same = arena_new_n(&job->cli->mem, struct str, (size_t)job->file_count);
  if (job->is_array) json_open(&j, NULL, '[');
  for (int i = 0; i < job->file_count; i++)
    render_json_plan(&j, &job->plans[i], same, copies_of(job, i, same), job->cli->lang);
  if (job->is_array) json_close(&j, ']');
  buf_byte(out, '\n');
}

static bool write_tables(struct job *job, struct buf *out, struct err *e) {
  const enum lang lang = job->cli->lang;
  switch (job->format) {
    case RENDER_XLSX: return render_xlsx(job->plans, lang, out, e);
    case RENDER_DOCX: return render_docx(job->plans, lang, out, e);
    case RENDER_CSV: render_csv(job->plans, lang, out); return true;
    case RENDER_MARKDOWN:
      for (int i = 0; i < job->file_count; i++) render_markdown(&job->plans[i], lang, out);
      return true;
    case RENDER_TEXT:
      for (int i = 0; i < job->file_count; i++) render_text(&job->plans[i], lang, out);
      return true;
    case RENDER_JSON:
    case RENDER_FORMAT_COUNT: break;
  }
  write_json(job, out);
  return true;
}

static bool write_out(struct job *job, struct err *e) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  TRY(write_tables(job, &out, e));
  if (out.broken) return fail(e, ERR_TOO_LARGE, MSG_cli_output_too_large, "limit", STR("256 MB"));
  return cli_write(job->cli, job->output, buf_view(&out), job->format >= RENDER_XLSX, e);
}

static void say_diags(struct job *job) {
  AUTO_BUF diags = BUF_MAX(PAGE_MAX);
  if (job->format == RENDER_JSON || job->format == RENDER_TEXT) return;
  for (int i = 0; i < job->file_count; i++) render_diags(&job->plans[i], job->cli->lang, &diags);
  fprintf(stderr, STRF, STRA(buf_view(&diags)));
}

static bool has_errors(const struct plan *p) {
  vec_each(struct diag, d, &p->diags)
    if (d->severity == SEVERITY_ERROR) return true;
  return false;
}

/* Compiles every file; those that cannot be read are said and left out. The worst status of all. */
static int load_all(struct job *job) {
  int status = CLI_CLEAN, kept = 0;
  job->plans = arena_new_n(&job->cli->mem, struct plan, (size_t)job->file_count);
  job->is_array = job->file_count > 1;
  for (int i = 0; i < job->file_count; i++) {
    struct err e = {0};
    if (!load_plan(job->cli, &job->load, str_of(job->files[i]), &job->plans[kept], &e)) {
      status = cli_refuse(job->cli, &e);
      continue;
    }
    if (has_errors(&job->plans[kept]) && status == CLI_CLEAN) status = CLI_FOUND;
    job->files[kept++] = job->files[i];
  }
  job->file_count = kept;
  return status;
}

int cmd_compile(struct cli *cli, int argc, char **argv) {
  struct job job = {.cli = cli, .format = RENDER_JSON};
  struct err e = {0};
  if (!take_options(&job, argc, argv)) return CLI_REFUSED;
  if (job.wants_schema) return show_schema(&job);
  if (check_files(&job) != CLI_CLEAN) return CLI_REFUSED;
  if (!load_prepare(cli, &job.load, &e)) return cli_refuse(cli, &e);
  const int status = load_all(&job);
  if (!job.file_count) return status;
  if (!write_out(&job, &e)) return cli_refuse(cli, &e);
  say_diags(&job);
  return status;
}
