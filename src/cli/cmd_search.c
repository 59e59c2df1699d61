/* `gangmu search find WORDS`: what the search finds, with what was found in brackets. `gangmu search rebuild`: makes it
 * again from the records, also while a server runs. */
#include <stdio.h>

#include "app/find.h"
#include "app/systems_start.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "cli/serve.h"
#include "texts.h"

const struct cli_option cmd_search_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"systems", 0, "DIR", MSG_set_systems}, {0}};
enum { OPTION_DB = 256, OPTION_SYSTEMS };
enum { SHOWN_ROWS = 20, LINE_BYTES = 4 * SEARCH_TEXT_MAX };

static struct str marked(struct arena *mem, struct str text, const search_spans *marks) {
  AUTO_BUF b = BUF_MAX(LINE_BYTES);
  size_t at = 0;
  vec_each(const struct search_span, m, marks) {
    buf_str(&b, str_slice(text, at, m->at));
    buf_fmt(&b, "[" STRF "]", STRA(str_slice(text, m->at, m->end)));
    at = m->end;
  }
  buf_str(&b, str_from(text, at));
  return str_replace(mem, str_dup(mem, buf_view(&b)), STR("\n"), STR(" "));
}
static bool show(struct cli *cli, struct opened *o, struct str words, size_t *out_count, struct err *e) {
  struct search_hits hits;
  const struct search_question q = {.words = words, .most = SHOWN_ROWS};
  AUTO_READ *r = store_read_begin(o->store, e);
  if (!r || !find_words(r, &cli->mem, &who_program, &q, &hits, e)) return false;
  vec_each(const struct search_hit, h, &hits.rows) {
    const struct str title = marked(&cli->mem, h->row.title, &h->title_at);
    const struct str body = marked(&cli->mem, h->row.body, &h->body_at);
    printf(STRF "\t" STRF "\t" STRF "\t" STRF "\n", STRA(h->row.kind), STRA(h->row.id), STRA(title), STRA(body));
  }
  *out_count = hits.rows.len;
  return true;
}
static bool rebuild(struct cli *cli, struct opened *o, struct str systems_dir, struct err *e) {
  int64_t rows = 0;
  struct systems *systems = NULL;
  TRY(systems_read(o->store, systems_dir, clock_now_us(), &systems, e));
  const bool ok = find_rebuild(o->plans, systems, o->store, &rows, e);
  systems_stop(systems);
  if (!ok) return false;
  const struct msg_arg arg = {"rows", str_int(&cli->mem, rows)};
  printf(STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_search_rebuilt, &arg, 1)));
  return true;
}
int cmd_search(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, dir = STR(""), value = {0}, words = STR("");
  struct opened o = {0};
  struct err e = {0};
  size_t count = 1;
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return CLI_REFUSED;
    *(c == OPTION_DB ? &db : &dir) = value;
  }
  const int first = cli_first_file();
  const struct str verb = first < argc ? str_of(argv[first]) : STR("");
  const bool is_rebuild = str_eqz(verb, "rebuild");
  for (int i = first + 1; i < argc; i++) words = str_fmt(&cli->mem, STRF " %s", STRA(words), argv[i]);
  if (!db.len || (!is_rebuild && !str_eqz(verb, "find")))
    return cli_refuse_msg(cli, MSG_cli_needs_two, "options", str_of(cli->command->usage), 0, NULL, STR(""));
  bool ok = opened_begin(&o, db, STR(""), true, &e);
  ok = ok && (is_rebuild ? rebuild(cli, &o, dir, &e) : show(cli, &o, words, &count, &e));
  opened_end(&o);
  if (!ok) return cli_refuse(cli, &e);
  return count ? CLI_CLEAN : CLI_FOUND;
}
