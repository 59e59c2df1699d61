/* `gangmu system new NAME`, `gangmu system diff OLD NEW` and `gangmu system draw DIR [RECORD]`. */
#include <stdio.h>

#include "app/systems_start.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
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
static void put_lines(struct cli *cli, int head, const upgrade_lines *lines, struct buf *out) {
  if (lines->len) buf_fmt(out, STRF "\n", STRA(msg_template(cli->lang, head)));
  vec_each(const struct upgrade_line, x, lines) {
    const struct str says = msg_text(&cli->mem, cli->lang, x->says, &x->arg, x->arg.name ? 1 : 0);
    buf_fmt(out, "  %c " STRF, x->sign, STRA(x->path));
    if (x->label.len) buf_fmt(out, cli->lang == LANG_ZH ? "（" STRF "）" : " (" STRF ")", STRA(x->label));
    buf_fmt(out, cli->lang == LANG_ZH ? "：" STRF "\n" : ": " STRF "\n", STRA(says));
  }
}
static struct str text_of_system(const struct package *p) {
  vec_each(const struct package_file, x, &p->files)
    if (str_eqz(x->path, "system.yaml")) return x->text;
  return (struct str){0};
}
int system_diff(struct cli *cli, int argc, char **argv) {
  struct err e = {0};
  struct str value;
  struct package before, now;
  struct upgrade u;
  AUTO_BUF out = BUF_MAX(RENDER_MAX);
  if (cli_option(cli, argc, argv, &value) != -1) return CLI_REFUSED;
  const int at = cli_first_file();
  if (at + 2 != argc) return system_usage(cli);
  const struct str old_dir = str_of(argv[at]), new_dir = str_of(argv[at + 1]);
  if (load_clean(cli, old_dir, &before) || load_clean(cli, new_dir, &now)) return CLI_REFUSED;
  const struct str a = before.system->system.text, b = now.system->system.text;
  if (!str_eq(a, b)) {
    (void)fail(&e, ERR_INVALID, MSG_upgrade_other, "old", a, "new", b);
    return cli_refuse(cli, &e);
  }
  struct faults f = {.mem = &cli->mem, .text = text_of_system(&now)};
  f.file = str_join(&cli->mem, new_dir, STR("/system.yaml"));
  upgrade_compare(&f, &before, &now, &u);
  put_lines(cli, MSG_upgrade_auto, &u.automatic, &out);
  put_lines(cli, MSG_upgrade_told, &u.told, &out);
  if (f.errors) buf_fmt(&out, STRF "\n", STRA(msg_template(cli->lang, MSG_upgrade_unsafe)));
  faults_print(&f, cli->lang, &out);
  if (!out.len) buf_fmt(&out, STRF "\n", STRA(msg_template(cli->lang, MSG_upgrade_same)));
  if (!cli_write(cli, STR(""), buf_view(&out), false, &e)) return cli_refuse(cli, &e);
  return f.errors ? CLI_FOUND : CLI_CLEAN;
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
