/* `gangmu system new NAME`, `gangmu system diff OLD NEW` and `gangmu system draw DIR [RECORD]`. */
#include <stdio.h>

#include "app/systems.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/record.h"
#include "cli/system.h"
#include "declare/draw.h"
#include "declare/read.h"
#include "declare/upgrade.h"
#include "texts.h"

/* ---- new ---- */

#define SKELETON "rules/declare/new/"
static bool put_skeleton(struct cli *cli, struct str path, const char *file, struct err *e) {
  const struct embedded *x = embed_find(str_fmt(&cli->mem, SKELETON "%s", file));
  must(x);
  const struct str text = str_replace(&cli->mem, x->bytes, STR("{name}"), file_base(path));
  return file_write(str_fmt(&cli->mem, STRF "/%s", STRA(path), file), text, e);
}
/* An underline would let two systems make one name of a table: a_b + c and a + b_c. */
static bool is_system_name(struct str s) {
  return word_is_name(s) && str_find(s, STR("_")) == STR_NONE && !expr_reserved(s);
}
int system_new(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str value;
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  if (cli_first_file() + 1 != argc) return system_usage(cli);
  const struct str path = str_of(argv[cli_first_file()]), name = file_base(path);
  if (!is_system_name(name)) return cli_refuse_msg(cli, MSG_declare_new_name, "name", name, 0, NULL, STR(""));
  if (file_exists(path)) return cli_refuse_msg(cli, MSG_declare_new_there, "path", path, 0, NULL, STR(""));
  if (!file_make_folder(path, &e) || !put_skeleton(cli, path, "system.yaml", &e) ||
      !put_skeleton(cli, path, "scenario.yaml", &e))
    return cli_refuse(cli, &e);
  const struct str says = msg_text(&cli->mem, cli->lang, MSG_declare_new_made, &(struct msg_arg){"path", path}, 1);
  printf(STRF "\n", STRA(says));
  return CLI_CLEAN;
}

/* ---- diff ---- */

static int load_clean(struct cli *cli, struct str dir, struct package *p) {
  struct err e = {0};
  struct faults f = {.mem = &cli->mem};
  struct world world;
  if (!systems_world(&cli->mem, &world, &e) || !package_load(&cli->mem, dir, p, &e)) return cli_refuse(cli, &e);
  package_check(&f, p, str_join(&cli->mem, dir, STR("/")), &world);
  return f.errors ? cli_refuse_msg(cli, MSG_upgrade_unread, "path", dir, 0, NULL, STR("")) : CLI_CLEAN;
}
/* A database against which the difference is held: how many records each line is about, and a rehearsal. */
struct tried {
  struct store *store;
  struct keys *keys;       /* NULL: none */
  struct systems *systems; /* NULL: there is none */
  struct store *reader;
};
/* "records.visit.states.open" is about those in that state, everything else of a record about all of them. */
static int64_t rows_of(struct cli *cli, const struct tried *t, struct str path) {
  struct str section, record = {0}, part = {0}, name = {0}, rest;
  struct err ignored = {0};
  int64_t n = -1;
  if (!t->reader || !str_cut(path, STR("."), &section, &rest) || !str_eqz(section, "records")) return -1;
  if (!str_cut(rest, STR("."), &record, &rest)) return -1;
  if (!str_cut(rest, STR("."), &part, &name) || !str_eqz(part, "states") || str_find(name, STR(".")) != STR_NONE)
    name = (struct str){0};
  const struct flow *f = systems_flow(t->systems);
  const struct flow_record *r = flow_record_in(f->systems.at[f->systems.len - 1], record);
  return r && flow_upgrade_rows(t->reader, &cli->mem, r, name, &n, &ignored) ? n : -1;
}
static void put_lines(struct cli *cli, int head, const upgrade_lines *lines, const struct tried *t, struct buf *out) {
  const bool is_zh = cli->lang == LANG_ZH;
  if (lines->len) buf_fmt(out, STRF "\n", STRA(msg_template(cli->lang, head)));
  vec_each(const struct upgrade_line, x, lines) {
    const struct str says = msg_text(&cli->mem, cli->lang, x->says, &x->arg, x->arg.name ? 1 : 0);
    const int64_t n = rows_of(cli, t, x->path);
    buf_fmt(out, "  %c " STRF, x->sign, STRA(x->path));
    if (x->label.len) buf_fmt(out, is_zh ? "（" STRF "）" : " (" STRF ")", STRA(x->label));
    buf_fmt(out, is_zh ? "：" STRF : ": " STRF, STRA(says));
    const struct msg_arg arg = {"n", str_int(&cli->mem, n)};
    if (n >= 0) buf_str(out, msg_text(&cli->mem, cli->lang, MSG_upgrade_rows, &arg, 1));
    buf_byte(out, '\n');
  }
}
static bool try_begin(struct str db, struct str keys, struct str dir, struct tried *t, struct err *e) {
  struct faults told = {0};
  TRY(record_keys(keys, db, false, &t->keys, e));
  TRY(store_open(db, &(struct store_options){.existing = true, .keys = t->keys}, &t->store, e));
  if (!systems_load(t->store, dir, clock_now_us(), &told, &t->systems, e))
    return e->code ? false : fail(e, ERR_INVALID, MSG_upgrade_unread, "path", dir);
  t->reader = store_read_begin(t->store, e);
  return t->reader != NULL;
}
static void try_end(struct tried *t) {
  if (t->reader) store_read_end(&t->reader);
  systems_stop(t->systems);
  store_close(t->store);
  keys_close(t->keys);
}
/* False: it would be refused. */
static bool put_rehearsal(struct cli *cli, struct tried *t, struct buf *out) {
  flow_upgrades would = {0};
  struct err e = {0};
  store_read_end(&t->reader); /* tables are changed, and back again */
  if (!systems_rehearse(t->systems, clock_now_us(), &cli->mem, &would, &e)) {
    const struct msg_arg why = {"why", err_says(&cli->mem, cli->lang, &e)};
    buf_fmt(out, STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_upgrade_refused, &why, 1)));
    return false;
  }
  buf_fmt(out, STRF "\n", STRA(msg_template(cli->lang, MSG_upgrade_would)));
  vec_each(const struct flow_upgraded, u, &would)
    vec_each(const struct flow_upgraded_record, r, &u->records) {
      const struct msg_arg args[] = {{"record", r->record->record->label.text},
                                     {"seen", str_int(&cli->mem, r->seen)},
                                     {"changed", str_int(&cli->mem, r->changed)},
                                     {"moved", str_int(&cli->mem, r->moved)}};
      buf_fmt(out, "  " STRF "\n", STRA(msg_text(&cli->mem, cli->lang, MSG_upgrade_counts, args, COUNT_OF(args))));
    }
  return true;
}
static struct str text_of_system(const struct package *p) {
  vec_each(const struct package_file, x, &p->files)
    if (str_eqz(x->path, "system.yaml")) return x->text;
  return (struct str){0};
}
static bool read_options(struct cli *cli, int argc, char **argv, struct str *out_db, struct str *out_keys) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == SYSTEM_OPT_DB) *out_db = value;
    else if (c == SYSTEM_OPT_KEYS) *out_keys = value;
    else return false;
  }
  return true;
}
/* What the declarations tell, and what the records there are say to it. */
static bool put_diff(struct cli *cli, const struct package *before, const struct package *now, struct str dir,
                     struct tried *t, struct buf *out) {
  struct upgrade u;
  struct faults f = {.mem = &cli->mem, .text = text_of_system(now)};
  f.file = str_join(&cli->mem, dir, STR("/system.yaml"));
  upgrade_compare(&f, before, now, &u);
  put_lines(cli, MSG_upgrade_auto, &u.automatic, t, out);
  put_lines(cli, MSG_upgrade_told, &u.told, t, out);
  if (f.errors) buf_fmt(out, STRF "\n", STRA(msg_template(cli->lang, MSG_upgrade_unsafe)));
  faults_print(&f, cli->lang, out);
  if (!out->len) buf_fmt(out, STRF "\n", STRA(msg_template(cli->lang, MSG_upgrade_same)));
  return (f.errors || !t->reader || put_rehearsal(cli, t, out)) && !f.errors;
}
int system_diff(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str db = {0}, keys = {0};
  struct package before, now;
  struct tried t = {.systems = NULL};
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  if (!read_options(cli, argc, argv, &db, &keys)) return CLI_REFUSED;
  const int at = cli_first_file();
  if (at + 2 != argc) return system_usage(cli);
  const struct str old_dir = str_of(argv[at]), new_dir = str_of(argv[at + 1]);
  if (load_clean(cli, old_dir, &before) || load_clean(cli, new_dir, &now)) return CLI_REFUSED;
  const struct str a = before.system->system.text, b = now.system->system.text;
  bool ok = str_eq(a, b) || fail(&e, ERR_INVALID, MSG_upgrade_other, "old", a, "new", b);
  bool is_clean = false;
  ok = ok && (!db.len || try_begin(db, keys, new_dir, &t, &e));
  if (ok) is_clean = put_diff(cli, &before, &now, new_dir, &t, &out);
  try_end(&t);
  if (!ok || !cli_write(cli, STR(""), buf_view(&out), false, &e)) return cli_refuse(cli, &e);
  return is_clean ? CLI_CLEAN : CLI_FOUND;
}

/* ---- draw ---- */

int system_draw_cmd(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str value;
  struct package p;
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  const int at = cli_first_file();
  if (at >= argc || at + 2 < argc) return system_usage(cli);
  const struct str wanted = at + 1 < argc ? str_of(argv[at + 1]) : STR("");
  if (load_clean(cli, str_of(argv[at]), &p)) return CLI_REFUSED;
  vec_each(const struct record, r, &p.system->records) {
    if (wanted.len && !str_eq(r->head.name.text, wanted)) continue;
    if (out.len) buf_z(&out, "\n\n");
    system_draw(p.system, r, cli->lang, &out);
  }
  if (!out.len) return cli_refuse_msg(cli, MSG_declare_no_record, "name", wanted, 0, NULL, STR(""));
  return cli_write(cli, STR(""), buf_view(&out), false, &e) ? CLI_CLEAN : cli_refuse(cli, &e);
}
