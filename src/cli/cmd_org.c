/* `gangmu org tree|import|export`: units and people from the command line, by the same acts as on the pages. */
#include <stdio.h>

#include "app/app.h"
#include "app/org_sheets.h"
#include "app/systems_start.h"
#include "app/who.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/record.h"
#include "cli/serve.h"
#include "texts.h"

enum {
  OPTION_DB = 256,
  OPTION_AT,
  OPTION_WHAT,
  OPTION_DRY,
  OPTION_PROBLEMS,
  OPTION_FORMAT,
  OPTION_NUMBERS,
  OPTION_KEYS
};
const struct cli_option cmd_org_options[] = {{"db", 0, "DATABASE", MSG_cli_option_db},
                                             {"at", 0, "DAY", MSG_cli_option_org_at},
                                             {"what", 0, "WHAT", MSG_cli_option_org_what},
                                             {"dry-run", 0, NULL, MSG_cli_option_org_dry},
                                             {"problems", 0, "FILE", MSG_cli_option_org_problems},
                                             {"format", 0, "csv|xlsx", MSG_cli_option_org_format},
                                             {"numbers", 0, NULL, MSG_cli_option_org_numbers},
                                             {"keys", 0, "FILE", MSG_cli_option_keys},
                                             {"output", 'o', "FILE", MSG_cli_option_output},
                                             {0}};
struct settings {
  struct str db, keys, at, format, problems, output, verb, file;
  enum org_sheet what;
  bool dry, numbers;
};

static bool read_settings(struct cli *cli, int argc, char **argv, struct settings *s) {
  struct str value = {0};
  *s = (struct settings){.format = STR("csv")};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    switch (c) {
      case OPTION_DB: s->db = value; break;
      case OPTION_AT: s->at = value; break;
      case OPTION_WHAT:
        if (!org_sheet_of(value, &s->what)) return false;
        break;
      case OPTION_DRY: s->dry = true; break;
      case OPTION_PROBLEMS: s->problems = value; break;
      case OPTION_FORMAT: s->format = value; break;
      case OPTION_NUMBERS: s->numbers = true; break;
      case OPTION_KEYS: s->keys = value; break;
      case 'o': s->output = value; break;
      default: return false;
    }
  }
  const int at = cli_first_file();
  if (at < argc) s->verb = str_of(argv[at]);
  if (at + 1 < argc) s->file = str_of(argv[at + 1]);
  return true;
}
static int usage(struct cli *cli) {
  return cli_refuse_msg(cli, MSG_cli_org_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
}
static struct plans_who myself(void) {
  return (struct plans_who){
      .actor = msg_template(LANG_ZH, MSG_cli_org_actor), .reason = STR(""), .now_us = clock_now_us()};
}
static bool read_day(struct cli *cli, const struct settings *s, struct str *out, struct err *e) {
  const struct date today = clock_today(clock_now_us());
  struct date d = today;
  if (s->at.len && (!date_parse(s->at, today.year, &d) || !date_valid(d)))
    return fail(e, ERR_INVALID, MSG_org_bad_day, "value", s->at);
  *out = date_iso(&cli->mem, d);
  return true;
}
static bool is_xlsx(struct str name) { return str_ends(name, STR(".xlsx")); }

/* ---- tree ---- */

static void print_under(struct cli *cli, const struct org *o, struct str parent, int32_t day, int depth) {
  org_list list = {0};
  org_under(o, &cli->mem, parent, day, &list);
  for (size_t i = 0; i < list.len && depth < UNIT_DEPTH_MAX; i++) {
    const struct org_version *v = org_on(list.at[i], day);
    const int msg = msg_find(str_fmt(&cli->mem, "unit_kind_" STRF, STRA(v->kind)));
    printf("%*s" STRF "  " STRF "  " STRF "\n", depth * 2, "", STRA(v->name),
           STRA(msg ? msg_template(cli->lang, msg) : v->kind), STRA(list.at[i]->id));
    print_under(cli, o, list.at[i]->id, day, depth + 1);
  }
}
static bool tree(struct cli *cli, struct store *store, const struct settings *s, struct err *e) {
  struct str day = {0};
  struct org o;
  TRY(read_day(cli, s, &day, e));
  AUTO_READ *r = store_read_begin(store, e);
  if (!r) return false;
  org_begin(&o, &cli->mem, NULL);
  TRY(register_store_read(r, &o, e));
  print_under(cli, &o, STR(""), register_day(day), 0);
  return true;
}

/* ---- import, export ---- */

static bool write_problems(struct cli *cli, const struct settings *s, const struct org_import *i, struct err *e) {
  struct str bytes = {0};
  if (!s->problems.len) return true;
  TRY(sheet_write(&cli->mem, &i->sheet, i->problems, cli->lang, is_xlsx(s->problems) ? SHEET_XLSX : SHEET_CSV, &bytes,
                  e));
  return cli_write(cli, s->problems, bytes, false, e);
}
/* Sheets of people name roles of packages too: of those that are built in. */
static bool import(struct cli *cli, struct store *store, const struct settings *s, const struct systems *systems,
                   bool *out_clean, struct err *e) {
  const struct who program = {.is_program = true, .systems = systems};
  struct plans_who who = myself();
  struct org_import i = {
      .what = s->what, .name = s->file, .lang = cli->lang, .dry = s->dry, .may_keep = true, .may_grant = true};
  TRY(file_read(&cli->mem, s->file, IMPORT_FILE_MAX, &i.bytes, e));
  who.asks = &program;
  TRY(org_import(store, &cli->mem, &who, &i, e));
  for (size_t r = 0; r < i.sheet.rows.len; r++) {
    if (!i.problems[r].len) continue;
    const struct msg_arg args[] = {{"row", str_fmt(&cli->mem, "%u", i.sheet.rows.at[r].number)},
                                   {"says", i.problems[r]}};
    fprintf(stderr, STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_cli_org_row, args, 2)));
  }
  const struct msg_arg args[] = {{"rows", str_int(&cli->mem, (int64_t)i.sheet.rows.len)},
                                 {"made", str_int(&cli->mem, (int64_t)i.made)},
                                 {"changed", str_int(&cli->mem, (int64_t)i.changed)},
                                 {"same", str_int(&cli->mem, (int64_t)i.same)},
                                 {"bad", str_int(&cli->mem, (int64_t)i.bad)}};
  printf(STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_cli_org_imported, args, COUNT_OF(args))));
  *out_clean = i.bad == 0;
  return write_problems(cli, s, &i, e);
}
static bool export(struct cli *cli, struct store *store, const struct settings *s, struct err *e) {
  const struct plans_who who = myself();
  const bool xlsx = str_eqz(s->format, "xlsx");
  struct sheet sheet = {0};
  struct str day = {0}, bytes = {0};
  TRY(read_day(cli, s, &day, e));
  TRY(org_export(store, &cli->mem, &who, s->what, day, s->numbers, &sheet, e));
  TRY(sheet_write(&cli->mem, &sheet, NULL, cli->lang, xlsx ? SHEET_XLSX : SHEET_CSV, &bytes, e));
  return cli_write(cli, s->output, bytes, xlsx, e);
}

int cmd_org(struct cli *cli, int argc, char **argv) {
  struct settings s;
  struct store *store = NULL;
  struct keys *keys = NULL;
  struct systems *systems = NULL;
  struct err e = {0};
  bool clean = true, ok = false;
  if (!read_settings(cli, argc, argv, &s)) return CLI_REFUSED;
  const bool is_import = str_eqz(s.verb, "import");
  if (!s.db.len) return cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  if ((!is_import && !str_eqz(s.verb, "tree") && !str_eqz(s.verb, "export")) || is_import != (s.file.len > 0))
    return usage(cli);
  if (record_keys(s.keys, s.db, is_import, &keys, &e) &&
      store_open(s.db, &(struct store_options){.existing = !is_import, .keys = keys}, &store, &e) &&
      (!is_import || systems_read(store, STR(""), clock_now_us(), &systems, &e)))
    ok = is_import                 ? import(cli, store, &s, systems, &clean, &e)
         : str_eqz(s.verb, "tree") ? tree(cli, store, &s, &e)
                                   : export(cli, store, &s, &e);
  systems_stop(systems);
  store_close(store);
  keys_close(keys);
  if (!ok) return cli_refuse(cli, &e);
  return clean ? CLI_CLEAN : CLI_FOUND;
}
