/* `gangmu system rows DIR...`: which rows of the catalogue these packages fulfil and how far each has come; docs/systems.md is
 * made of it. */
#include <stdio.h>
#include <stdlib.h>

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
static void put_row(struct cli *cli, struct buf *out, const struct row *r) {
  const struct system *s = r->package->system;
  size_t acts = 0;
  vec_each(const struct record, x, &s->records) acts += x->acts.len;
  const int state = r->is_good ? MSG_system_row_checked : MSG_system_row_faulty;
  buf_fmt(out, "| " STRF " | `" STRF "` | " STRF " | %zu | %zu | %zu | " STRF " |\n", STRA(r->row),
          STRA(r->package->name), STRA(s->label.text), s->records.len, acts, stories_of(r->package),
          STRA(msg_template(cli->lang, state)));
}
static bool put_all(struct cli *cli, int argc, char **argv, struct buf *out, struct err *e) {
  struct arena *mem = &cli->mem;
  struct world world;
  rows all = {0};
  TRY(system_world(mem, &world, e));
  for (int i = cli_first_file(); i < argc; i++) {
    struct package *p = arena_new(mem, struct package);
    struct faults f = {.mem = mem};
    TRY(package_load(mem, str_of(argv[i]), p, e));
    package_check(&f, p, STR(""), &world);
    if (p->system) add_rows(mem, &all, p, !f.errors);
  }
  if (all.len) qsort(all.at, all.len, sizeof *all.at, by_row);
  buf_fmt(out, STRF "\n|---|---|---|---|---|---|---|\n", STRA(msg_template(cli->lang, MSG_system_rows_head)));
  vec_each(const struct row, r, &all) put_row(cli, out, r);
  return true;
}

int system_rows(struct cli *cli, int argc, char **argv) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  struct err e = {0};
  struct str value;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  if (cli_first_file() == argc) return system_usage(cli);
  if (!put_all(cli, argc, argv, &out, &e) || !cli_write(cli, STR(""), buf_view(&out), false, &e))
    return cli_refuse(cli, &e);
  return CLI_CLEAN;
}
