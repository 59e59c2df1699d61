/* Files into plans: reads, opens (untrusted containers in the fenced child) and compiles. */
#include "cli/load.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "texts.h"

/* One name a line; blank lines and lines that begin with # are left out. */
static bool read_units(struct cli *cli, struct load_options *o, struct err *e) {
  struct str text, line;
  VEC(struct str) units = {0};
  TRY(file_read(&cli->mem, o->org_dictionary, YAML_FILE_MAX, &text, e));
  if (str_starts(text, STR("\xEF\xBB\xBF"))) text = str_from(text, 3);
  while (text.len) {
    if (!str_cut(text, STR("\n"), &line, &text)) line = text, text = (struct str){0};
    line = str_trim(line);
    if (str_ends(line, STR("\r"))) line = str_trim(str_slice(line, 0, line.len - 1));
    if (line.len && line.at[0] != '#') vec_push(&cli->mem, &units) = line;
  }
  o->plan.units = units.at;
  o->plan.unit_count = units.len;
  return true;
}

typedef VEC(struct str) strs;

/* The program's own words, as lexicon_default takes them. */
static void own_words(struct cli *cli, strs *names, strs *texts) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    if (!str_starts(str_of(all[i].path), STR("rules/plan/words"))) continue;
    vec_push(&cli->mem, names) = str_of(all[i].path);
    vec_push(&cli->mem, texts) = all[i].bytes;
  }
}

/* Then every yaml file of the folder. */
static bool read_rules(struct cli *cli, struct load_options *o, struct err *e) {
  strs names = {0}, texts = {0};
  struct str_list files;
  own_words(cli, &names, &texts);
  TRY(file_list(&cli->mem, o->rules, &files, e));
  for (size_t i = 0; i < files.len; i++) {
    struct str text;
    if (!str_ends(files.at[i], STR(".yaml"))) continue;
    const struct str path = str_fmt(&cli->mem, STRF "/" STRF, STRA(o->rules), STRA(files.at[i]));
    TRY(file_read(&cli->mem, path, YAML_FILE_MAX, &text, e));
    vec_push(&cli->mem, &names) = path;
    vec_push(&cli->mem, &texts) = text;
  }
  return lexicon_build(&cli->mem, names.at, texts.at, names.len, &o->plan.lexicon, e);
}

bool load_prepare(struct cli *cli, struct load_options *o, struct err *e) {
  o->plan = (struct plan_options){.year = o->year};
  if (o->org_dictionary.len) TRY(read_units(cli, o, e));
  if (o->rules.len) TRY(read_rules(cli, o, e));
  return true;
}

bool load_plan_in(struct arena *mem, const struct load_options *o, struct str path, struct plan *out, struct err *e) {
  struct source *source = arena_new(mem, struct source);
  struct str bytes;
  TRY(file_read(mem, path, PLAN_FILE_MAX, &bytes, e));
  if (!source_open(mem, path, bytes, true, source, e) || !plan_compile(mem, source, &o->plan, out, e)) {
    if (!e->file.len) e->file = path;
    return false;
  }
  return true;
}

bool load_plan(struct cli *cli, const struct load_options *o, struct str path, struct plan *out, struct err *e) {
  return load_plan_in(&cli->mem, o, path, out, e);
}
