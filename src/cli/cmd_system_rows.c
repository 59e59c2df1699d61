/* `gangmu system rows [--played FILE] DIR...`: which rows of the catalogue these packages fulfil and how far each has come;
 * docs/systems.md is made of it. FILE says what came of the stories (docs/stories.txt, written where they are played): a line for
 * each story and engine. What was played counts only for the files it was played with, and when no story and no engine is left out. */
#include <stdio.h>
#include <stdlib.h>

#include "app/systems_start.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/system.h"
#include "declare/package.h"
#include "texts.h"

struct row {
  struct str row; /* S098; empty: a package that others build on */
  const struct package *package;
  bool is_good;
};
typedef VEC(struct row) rows;

static int by_row(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  const int order = str_cmp(x->row, y->row);
  return order ? order : str_cmp(x->package->name, y->package->name);
}
static void add_rows(struct arena *mem, rows *out, const struct package *p, bool is_good) {
  if (!p->system->rows.len) vec_push(mem, out) = (struct row){STR("—"), p, is_good};
  vec_each(const struct word, w, &p->system->rows) vec_push(mem, out) = (struct row){w->text, p, is_good};
}
static size_t stories_of(const struct package *p) {
  size_t n = 0;
  vec_each(const struct package_file, f, &p->files)
    n += str_eqz(f->path, "scenario.yaml") || str_starts(f->path, STR("scenarios/"));
  return n;
}

/* ---- what came of the stories ---- */

enum { ENGINES = 2, DIGEST_SHOWN = 16 };
struct played { /* of one package; the worse engine counts */
  size_t lines;
  int64_t passed[ENGINES], failed[ENGINES], later[ENGINES];
};
static bool next_word(struct str *io, struct str *out) {
  const bool more = str_cut(*io, STR(" "), out, io);
  if (!more) *out = *io, *io = (struct str){0};
  return out->len > 0;
}
static void add_line(struct played *out, struct str line) {
  struct str story, engine, word;
  int64_t n[3] = {0};
  if (!next_word(&line, &story) || !next_word(&line, &engine)) return;
  const int i = str_eqz(engine, "postgresql");
  for (int k = 0; k < 3; k++)
    if (!next_word(&line, &word) || !str_to_int(word, &n[k])) return;
  out->lines++;
  out->passed[i] += n[0];
  out->failed[i] += n[1];
  out->later[i] += n[2];
}
static struct played played_of(struct arena *mem, struct str results, const struct package *p) {
  struct played out = {0};
  struct str line;
  const struct str head =
      str_fmt(mem, STRF " " STRF " ", STRA(p->name), STRA(str_slice(package_digest(mem, p), 0, DIGEST_SHOWN)));
  while (results.len) {
    if (!str_cut(results, STR("\n"), &line, &results)) line = results, results = (struct str){0};
    if (str_starts(line, head)) add_line(&out, str_from(line, head.len));
  }
  return out;
}
static struct str state_of(struct cli *cli, struct str results, const struct row *r) {
  const struct played d = played_of(&cli->mem, results, r->package);
  const int worse = d.failed[1] > d.failed[0] || (d.failed[1] == d.failed[0] && d.passed[1] < d.passed[0]);
  const struct msg_arg args[] = {{"passed", str_int(&cli->mem, d.passed[worse])},
                                 {"failed", str_int(&cli->mem, d.failed[worse])},
                                 {"later", str_int(&cli->mem, d.later[worse])}};
  const int msg = !r->is_good                                   ? MSG_system_row_faulty
                  : d.lines != ENGINES * stories_of(r->package) ? MSG_system_row_checked
                  : d.failed[worse]                             ? MSG_system_row_failed
                  : d.later[worse]                              ? MSG_system_row_later
                                                                : MSG_system_row_played;
  return msg_text(&cli->mem, cli->lang, msg, args, COUNT_OF(args));
}

/* ---- the table ---- */

static void put_row(struct cli *cli, struct str results, struct buf *out, const struct row *r) {
  const struct system *s = r->package->system;
  size_t acts = 0;
  vec_each(const struct record, x, &s->records) acts += x->acts.len;
  buf_fmt(out, "| " STRF " | `" STRF "` | " STRF " | %zu | %zu | %zu | " STRF " |\n", STRA(r->row),
          STRA(r->package->name), STRA(s->label.text), s->records.len, acts, stories_of(r->package),
          STRA(state_of(cli, results, r)));
}
static bool put_all(struct cli *cli, struct str results, int argc, char **argv, struct buf *out, struct err *e) {
  struct arena *mem = &cli->mem;
  struct world world;
  rows all = {0};
  TRY(systems_world(mem, &world, e));
  for (int i = cli_first_file(); i < argc; i++) {
    struct package *p = arena_new(mem, struct package);
    struct faults f = {.mem = mem};
    TRY(package_load(mem, str_of(argv[i]), p, e));
    package_check(&f, p, STR(""), &world);
    if (p->system) add_rows(mem, &all, p, !f.errors);
  }
  if (all.len) qsort(all.at, all.len, sizeof *all.at, by_row);
  buf_fmt(out, STRF "\n|---|---|---|---|---|---|---|\n", STRA(msg_template(cli->lang, MSG_system_rows_head)));
  vec_each(const struct row, r, &all) put_row(cli, results, out, r);
  return true;
}

int system_rows(struct cli *cli, int argc, char **argv) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  struct err e = {0};
  struct str value, results = {0};
  for (int option; (option = cli_option(cli, argc, argv, &value)) != -1;) {
    if (option != SYSTEM_OPT_PLAYED) return CLI_REFUSED;
    if (!file_read(&cli->mem, value, YAML_FILE_MAX, &results, &e)) return cli_refuse(cli, &e);
  }
  if (cli_first_file() == argc) return system_usage(cli);
  if (!put_all(cli, results, argc, argv, &out, &e) || !cli_write(cli, STR(""), buf_view(&out), false, &e))
    return cli_refuse(cli, &e);
  return CLI_CLEAN;
}
