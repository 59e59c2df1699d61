/* `gangmu scenario DIR|STORY…`: plays the stories of packages, each on a store and a server of its own, and says what came otherwise
 * than they tell. Ends with 0 only when every step that can be played passed. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/systems.h"

#include "app/systems_start.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/scenario.h"
#include "cli/system.h"
#include "texts.h"

const struct cli_option cmd_scenario_options[] = {
    {"db", 0, "sqlite|URL", MSG_cli_option_story_db}, {"step", 0, "N", MSG_cli_option_story_step},
    {"seed", 0, "N", MSG_cli_option_story_seed},      {"interleavings", 0, "N", MSG_cli_option_story_turns},
    {"keep", 0, NULL, MSG_cli_option_story_keep},     {"record", 0, "FILE.html", MSG_cli_option_story_record},
    {"json", 0, NULL, MSG_cli_option_json},           {0}};
enum { OPT_DB = 256, OPT_STEP, OPT_SEED, OPT_TURNS, OPT_KEEP, OPT_RECORD, OPT_JSON };
enum { PACKAGES_MOST = 64, TURNS_DEFAULT = 20, TURNS_MOST = 1000, STEPS_MOST = 2000 };

struct scenario_order {
  struct cli *cli;
  struct play_options options;
  struct str db, record, folder;
  bool json, keep;
  struct world world;
  int stories;
};

/* ---- packages ---- */

static bool load_package(struct scenario_order *o, struct str dir, struct package *p, struct err *e) {
  struct faults f = {.mem = &o->cli->mem};
  TRY(package_load(&o->cli->mem, dir, p, e));
  package_check(&f, p, STR(""), &o->world);
  if (p->system && !f.errors) return true;
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  faults_print(&f, o->cli->lang, &out);
  (void)fwrite(out.at, 1, out.len, stderr);
  return fail(e, ERR_INVALID, MSG_scenario_faulty, "dir", dir);
}
/* Those that it uses, and those that these use, from the folder beside it. */
static bool load_used(struct scenario_order *o, struct str folder, struct package *all, size_t *n, struct err *e) {
  for (size_t i = 0; i < *n; i++) {
    vec_each(const struct uses, u, &all[i].system->uses) {
      bool there = false;
      for (size_t k = 0; k < *n; k++) there = there || str_eq(all[k].name, u->head.name.text);
      if (there || *n == PACKAGES_MOST) continue;
      const struct str dir = str_fmt(&o->cli->mem, STRF "/" STRF, STRA(folder), STRA(u->head.name.text));
      TRY(load_package(o, dir, &all[*n], e));
      ++*n;
    }
  }
  return true;
}

/* ---- stories ---- */

static bool send_real(struct play *p, struct browser *b, const struct http_ask *ask, struct http_reply *out,
                      struct err *e) {
  return http_send(p->mem, p->stage->port, b, ask, out, e);
}
static struct str random_word(struct arena *mem) {
  unsigned char chance[12];
  random_bytes(chance, sizeof chance);
  char *z = arena_take(mem, 2 * sizeof chance + 4);
  for (size_t i = 0; i < sizeof chance; i++) {
    z[2 * i] = (char)('a' + chance[i] % 16);
    z[2 * i + 1] = (char)('a' + chance[i] / 16);
  }
  memcpy(z + 2 * sizeof chance, "Z7-", 4);
  return str_of(z);
}
/* A folder of links to these packages alone: the server of a story knows its own and those that it uses, and starts the sooner. What
 * the effect `task` makes is of a package that nobody names. */
static const char *const always_there = "task";

static bool link_package(struct arena *mem, struct str folder, struct str at, struct str name, struct err *e) {
  const char *from = str_z(mem, str_fmt(mem, STRF "/" STRF, STRA(folder), STRA(name)));
  const char *to = str_z(mem, str_fmt(mem, STRF "/" STRF, STRA(at), STRA(name)));
  char real[PATH_MAX];
  if (realpath(from, real) && symlink(real, to) == 0) return true;
  return fail(e, ERR_STORE, MSG_file_unwritable, "path", str_of(to), "reason", str_of(strerror(errno)));
}
static bool link_packages(struct scenario_order *o, const struct package *all, size_t n, struct str folder,
                          struct str at, struct err *e) {
  struct arena *mem = &o->cli->mem;
  bool there = !file_exists(str_fmt(mem, STRF "/%s/system.yaml", STRA(folder), always_there));
  TRY(file_make_folder(at, e));
  for (size_t i = 0; i < n; i++) {
    there = there || str_eqz(all[i].name, always_there);
    TRY(link_package(mem, folder, at, all[i].name, e));
  }
  return there || link_package(mem, folder, at, str_of(always_there), e);
}
static void unlink_packages(struct scenario_order *o, const struct package *all, size_t n, struct str at) {
  struct arena *mem = &o->cli->mem;
  for (size_t i = 0; i < n; i++) (void)unlink(str_z(mem, str_fmt(mem, STRF "/" STRF, STRA(at), STRA(all[i].name))));
  (void)unlink(str_z(mem, str_fmt(mem, STRF "/%s", STRA(at), always_there)));
  (void)rmdir(str_z(mem, at));
}
static void play(struct scenario_order *o, const struct package *all, size_t n, struct str folder, struct str file,
                 struct coverage *coverage, struct story_result *out) {
  struct arena *mem = &o->cli->mem;
  struct scene stage = {.mem = mem,
                        .base = o->db.len ? o->db : o->folder,
                        .folder = o->folder,
                        .name = str_fmt(mem, "gangmu_story_%d_%d", (int)getpid(), ++o->stories),
                        .password = random_word(mem),
                        .keep = o->keep};
  struct play p = {.mem = mem,
                   .lang = o->cli->lang,
                   .options = &o->options,
                   .packages = all,
                   .package_count = n,
                   .file = file,
                   .stage = &stage,
                   .result = out,
                   .coverage = coverage,
                   .send = send_real};
  for (size_t i = 0; i < n && i < SCENE_COMPARTMENTS; i++) {
    const struct privacy *said = all[i].system->privacy;
    stage.compartments[stage.compartment_count++] =
        said && has_word(said->compartment) ? said->compartment.text : all[i].name;
  }
  const int64_t begun = clock_steady_us();
  struct err e = {0};
  *out = (struct story_result){.file = file, .engine = o->db.len ? STR("postgresql") : STR("sqlite")};
  stage.systems = str_fmt(mem, STRF "/" STRF ".systems", STRA(o->folder), STRA(stage.name));
  if (link_packages(o, all, n, folder, stage.systems, &e)) play_story(&p);
  else out->broken = err_says(mem, o->cli->lang, &e), out->failed = 1;
  play_end(&p);
  if (!o->keep) unlink_packages(o, all, n, stage.systems);
  out->ms = (clock_steady_us() - begun) / 1000;
  if (o->keep) fprintf(stderr, STRF "\n", STRA(stage.where));
}
static bool is_story(struct str path) { return str_eqz(path, "scenario.yaml") || str_starts(path, STR("scenarios/")); }

/* systems/pairs, or one story of it: systems/pairs/scenarios/more.yaml */
static struct str folder_of(struct str path, struct str *out_only) {
  *out_only = STR("");
  while (path.len > 1 && str_ends(path, STR("/"))) path.len--;
  if (!str_ends(path, STR(".yaml"))) return path;
  const struct str dir = file_folder(path);
  const bool deep = str_eqz(file_base(dir), "scenarios");
  const struct str package = deep ? file_folder(dir) : dir;
  *out_only = str_from(path, str_eqz(package, ".") && !str_starts(path, STR(".")) ? 0 : package.len + 1);
  return package;
}
static bool play_package(struct scenario_order *o, struct str path, struct run_result *out, struct err *e) {
  struct arena *mem = &o->cli->mem;
  struct package *all = arena_new_n(mem, struct package, PACKAGES_MOST);
  struct coverage *coverage = arena_new(mem, struct coverage);
  struct str only;
  size_t n = 1;
  const struct str dir = folder_of(path, &only), folder = file_folder(dir);
  coverage->mem = mem;
  *out = (struct run_result){.dir = dir};
  TRY(load_package(o, dir, &all[0], e) && load_used(o, folder, all, &n, e));
  out->system = all[0].system;
  out->digest = package_digest(mem, &all[0]);
  vec_each(const struct package_file, x, &all[0].files) {
    if (!is_story(x->path) || (only.len && !str_eq(only, x->path))) continue;
    play(o, all, n, folder, x->path, coverage, &vec_push(mem, &out->stories));
  }
  if (!out->stories.len) return fail(e, ERR_NOT_FOUND, MSG_scenario_none, "dir", path);
  if (!only.len && !o->options.step) cover_untouched(coverage, out->system, &out->untouched);
  return true;
}

/* ---- the command ---- */

static bool read_number(struct cli *cli, struct str value, int64_t least, int64_t most, int64_t *out) {
  if (str_to_int(value, out) && *out >= least && *out <= most) return true;
  (void)cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
  return false;
}
static bool read_options(struct scenario_order *o, int argc, char **argv) {
  struct str value = {0};
  int64_t n = 0;
  for (int c; (c = cli_option(o->cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    if (c == OPT_DB) o->db = str_eqz(value, "sqlite") ? STR("") : value;
    else if (c == OPT_KEEP) o->keep = true;
    else if (c == OPT_JSON) o->json = true;
    else if (c == OPT_RECORD) o->record = value;
    else if (!read_number(o->cli, value, c == OPT_STEP,
                          c == OPT_STEP    ? STEPS_MOST
                          : c == OPT_TURNS ? TURNS_MOST
                                           : INT32_MAX,
                          &n))
      return false;
    if (c == OPT_STEP) o->options.step = (int)n;
    if (c == OPT_SEED) o->options.seed = n;
    if (c == OPT_TURNS) o->options.interleavings = (int)n;
  }
  return true;
}
static bool make_folder(struct scenario_order *o, struct err *e) {
  const char *given = getenv("TMPDIR");
  char *name = str_z(&o->cli->mem, str_fmt(&o->cli->mem, "%s/gangmu-story-XXXXXX", given && *given ? given : P_tmpdir));
  if (!mkdtemp(name)) return fail(e, ERR_STORE, MSG_file_unwritable, "path", str_of(name), "reason", STR(""));
  o->folder = str_of(name);
  return true;
}
static bool tell_runs(struct scenario_order *o, const run_results *all, struct err *e) {
  AUTO_BUF out = BUF_MAX(RENDER_MAX), page = BUF_MAX(RENDER_MAX);
  struct json_out j = {.to = &out, .pretty = true};
  const struct str how =
      str_fmt(&o->cli->mem, " --db %s --seed %lld --keep", o->db.len ? "URL" : "sqlite", (long long)o->options.seed);
  if (o->json) json_open(&j, NULL, '[');
  vec_each(const struct run_result, r, all) {
    if (o->json) report_json(r, &j);
    else report_text(o->cli, r, how, &out);
  }
  if (o->json) json_close(&j, ']');
  TRY(cli_write(o->cli, STR(""), buf_view(&out), false, e));
  if (!o->record.len) return true;
  return report_page(o->cli, all, &page, e) && cli_write(o->cli, o->record, buf_view(&page), false, e);
}
static bool run_all(struct scenario_order *o, int argc, char **argv, int *out_failed, struct err *e) {
  run_results all = {0};
  TRY(systems_world(&o->cli->mem, &o->world, e) && make_folder(o, e));
  for (int i = cli_first_file(); i < argc; i++) {
    struct run_result *r = &vec_push(&o->cli->mem, &all);
    TRY(play_package(o, str_of(argv[i]), r, e));
    vec_each(const struct story_result, s, &r->stories) *out_failed += s->failed;
  }
  return tell_runs(o, &all, e);
}
int cmd_scenario(struct cli *cli, int argc, char **argv) {
  struct scenario_order o = {.cli = cli, .options = {.interleavings = TURNS_DEFAULT, .seed = 1}};
  struct err e = {0};
  int failed = 0;
  if (!read_options(&o, argc, argv)) return CLI_REFUSED;
  if (cli_first_file() == argc) return system_usage(cli);
  const bool ok = run_all(&o, argc, argv, &failed, &e);
  if (o.folder.len && !o.keep) (void)rmdir(str_z(&cli->mem, o.folder));
  if (!ok) return cli_refuse(cli, &e);
  return failed ? CLI_FOUND : CLI_CLEAN;
}
