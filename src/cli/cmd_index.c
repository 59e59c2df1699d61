/* gangmu index: many plans at once. Each file is compiled in memory of its own, its items go into one alignment, and the
 * pairs of items of different plans that say the same come out as JSON lines, best first:
 *
 *   {"score":934,"covered":960,"left":{"source":"a.txt","path":"2.9","title":"…"},"right":{…}}
 *
 * A file that cannot be read is named on standard error and left out; exit status 1 then. */
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "engine/plan/align.h"
#include "engine/plan/render.h"
#include "texts.h"

enum { OPT_LEAST = 256, LEAST = 500, PARTNERS = 8, ITEMS_OF_A_PLAN = 40 };
const struct cli_option cmd_index_options[] = {
    {"least", 0, "N", MSG_cli_option_least},
    {"output", 'o', "FILE", MSG_cli_option_output},
    {0},
};

struct indexed { /* an item as it stands in the output */
  uint32_t file;
  struct str path, title;
};
struct job {
  struct cli *cli;
  int least;
  struct str output;
  VEC(struct str) files;
  struct align *align;
  VEC(struct indexed) items;
  size_t plans, refused;
};

static bool is_folder(struct arena *mem, struct str path, struct str_list *out) {
  struct err quiet = {0};
  return !str_eqz(path, "-") && file_list(mem, path, out, &quiet);
}

/* Folders give their plain files, sorted by name. */
static bool list_files(struct job *job, int argc, char **argv, struct err *e) {
  struct arena *mem = &job->cli->mem;
  for (int i = cli_first_file(); i < argc; i++) {
    const struct str path = str_of(argv[i]);
    struct str_list names;
    if (!is_folder(mem, path, &names)) {
      vec_push(mem, &job->files) = path;
      continue;
    }
    for (size_t k = 0; k < names.len; k++)
      vec_push(mem, &job->files) = str_fmt(mem, STRF "/" STRF, STRA(path), STRA(names.at[k]));
  }
  if (job->files.len <= INDEX_FILES_MAX) return true;
  return fail(e, ERR_TOO_MANY, MSG_cli_too_many_files, "limit", str_int(mem, INDEX_FILES_MAX));
}

static void add_item(struct job *job, struct arena *scratch, const struct plan *p, const struct item *it,
                     uint32_t file) {
  struct arena *mem = &job->cli->mem;
  align_add(job->align, file, it->title, plan_item_text(scratch, p, it));
  vec_push(mem, &job->items) = (struct indexed){file, render_path(mem, it), str_dup(mem, it->title)};
}

static void add_file(struct job *job, uint32_t file) {
  AUTO_ARENA scratch = {0};
  struct plan *p = arena_new(&scratch, struct plan);
  const struct load_options load = {0};
  struct err e = {0};
  if (!load_plan_in(&scratch, &load, job->files.at[file], p, &e)) {
    (void)cli_refuse(job->cli, &e);
    job->refused++;
    return;
  }
  job->plans++;
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items)
      if (!it->is_group) add_item(job, &scratch, p, it, file);
}

static void put_item(struct job *job, struct json_out *j, const char *key, uint32_t i) {
  const struct indexed *it = &job->items.at[i];
  json_open(j, key, '{');
  json_str(j, "source", job->files.at[it->file]);
  json_str(j, "path", it->path);
  json_str(j, "title", it->title);
  json_close(j, '}');
}

static void put_pair(struct job *job, struct buf *out, const struct align_pair *p) {
  struct json_out j = {.to = out};
  json_open(&j, NULL, '{');
  json_int(&j, "score", p->score);
  json_int(&j, "covered", p->covered);
  put_item(job, &j, "left", p->left);
  put_item(job, &j, "right", p->right);
  json_close(&j, '}');
  buf_byte(out, '\n');
}

static bool write_pairs(struct job *job, const align_pairs *pairs, struct err *e) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  vec_each(struct align_pair, p, pairs) put_pair(job, &out, p);
  if (out.broken) return fail(e, ERR_TOO_LARGE, MSG_cli_output_too_large, "limit", STR("256 MB"));
  return cli_write(job->cli, job->output, buf_view(&out), false, e);
}

static void say_summary(struct job *job, size_t pairs) {
  struct arena *mem = &job->cli->mem;
  const struct msg_arg args[] = {{"plans", str_int(mem, (int64_t)job->plans)},
                                 {"items", str_int(mem, (int64_t)job->items.len)},
                                 {"pairs", str_int(mem, (int64_t)pairs)}};
  fprintf(stderr, STRF "\n", STRA(msg_text(mem, job->cli->lang, MSG_cli_index_summary, args, COUNT_OF(args))));
}

static bool take_option(struct job *job, int option, struct str value) {
  int64_t n;
  if (option == 'o') job->output = value;
  else if (option != OPT_LEAST) return false;
  else if (str_to_int(value, &n) && n >= 0 && n <= 1000) job->least = (int)n;
  else return (void)cli_refuse_msg(job->cli, MSG_cli_bad_number, "name", value, 0, NULL, STR("")), false;
  return true;
}

int cmd_index(struct cli *cli, int argc, char **argv) {
  struct job job = {.cli = cli, .least = LEAST};
  struct err e = {0};
  struct str value;
  align_pairs pairs;
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;)
    if (!take_option(&job, option, value)) return CLI_REFUSED;
  if (cli_first_file() == argc)
    return cli_refuse_msg(cli, MSG_cli_no_file, NULL, STR(""), MSG_cli_usage, "usage", str_of(cli->command->usage));
  if (!list_files(&job, argc, argv, &e)) return cli_refuse(cli, &e);
  job.align = align_begin(&cli->mem, job.files.len * ITEMS_OF_A_PLAN);
  for (uint32_t i = 0; i < job.files.len; i++) add_file(&job, i);
  align_find(job.align, job.least, PARTNERS, &pairs);
  if (!write_pairs(&job, &pairs, &e)) return cli_refuse(cli, &e);
  say_summary(&job, pairs.len);
  return job.refused ? CLI_FOUND : CLI_CLEAN;
}
