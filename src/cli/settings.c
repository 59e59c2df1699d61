/* Settings from the file, the environment and the flags. libconfuse reads the file's syntax and hands over texts; what a
 * text may be is decided here, in one way for all three sources.
 *
 * libconfuse stops at a key it does not know. To say everything that is wrong at once, that line is blanked and the file
 * read again: each turn takes one line away, so it ends. */
#include "cli/settings.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "texts.h"
#include "web/form.h"
#include "web/tls.h"

enum { CONFIG_MAX = 256 << 10, TURNS_MAX = 200, NAME_MAX_BYTES = 40, OPTION_FIRST = 256 };

static const struct {
  const char *name;
  enum setting_kind kind;
  const char *fallback;
  int64_t least, most;
} table[SET_COUNT] = {
#define SETTING_ROW(id, name, kind, value, fallback, least, most) {name, SETTING_##kind, fallback, least, most},
    SETTINGS(SETTING_ROW)
#undef SETTING_ROW
};

const char *setting_name(enum setting s) { return table[s].name; }
enum setting_kind setting_kind(enum setting s) { return table[s].kind; }

/* ---- values ---- */

struct str setting_text(const struct settings *set, enum setting s) {
  return set->values[s].text;
}
int setting_number(const struct settings *set, enum setting s) {
  int64_t n = 0;
  return str_to_int(set->values[s].text, &n) ? (int)n : 0;
}
static bool flag_of(struct str word, bool *out) {
  static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
  for (size_t i = 0; i < COUNT_OF(words); i++) {
    if (!str_eqz(word, words[i])) continue;
    *out = i % 2;
    return true;
  }
  return false;
}
bool setting_flag(const struct settings *set, enum setting s) {
  bool yes = false;
  return flag_of(set->values[s].text, &yes) && yes;
}
static bool level_of(struct str word, int *out) {
  static const char *const words[] = {"debug", "info", "warn", "error"};
  for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
    if (!str_eqz(word, words[i])) continue;
    *out = i;
    return true;
  }
  return false;
}
int setting_level(const struct settings *set) {
  int level = LOG_INFO;
  (void)level_of(set->values[SET_log].text, &level);
  return level;
}
void setting_list(struct arena *mem, const struct settings *set, enum setting s, setting_names *out) {
  struct str rest = set->values[s].text, one = {0};
  while (rest.len) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    one = str_trim(one);
    if (one.len) vec_push(mem, out) = one;
  }
}
/* tls-key -> GANGMU_TLS_KEY */
static char *variable_of(struct arena *mem, enum setting s) {
  char *z = str_z(mem, str_fmt(mem, "GANGMU_%s", table[s].name));
  for (char *p = z; *p; p++) *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
  return z;
}
struct str setting_place(struct arena *mem, const struct settings *set, enum setting s) {
  const struct setting_value *v = &set->values[s];
  switch (v->from) {
    case FROM_FLAG: return str_fmt(mem, "--%s", table[s].name);
    case FROM_FILE: return str_fmt(mem, STRF ":%d", STRA(set->file), v->line);
    case FROM_ENVIRONMENT: return str_of(variable_of(mem, s));
    case FROM_DEFAULT: break;
  }
  return STR("");
}

/* ---- problems ---- */

static struct err *problem(struct cli *cli, struct settings *set, struct str place) {
  struct setting_problem *p = &vec_push(&cli->mem, &set->problems);
  p->place = place;
  return &p->err;
}
static struct err *problem_of(struct cli *cli, struct settings *set, enum setting s) {
  return problem(cli, set, setting_place(&cli->mem, set, s));
}
int setting_refuse(struct cli *cli, const struct setting_problem *p) {
  const struct str place = p->place.len ? p->place : STR("gangmu"), hint = err_hint_says(&cli->mem, cli->lang, &p->err);
  fprintf(stderr, STRF ": error: " STRF "\n", STRA(place), STRA(err_says(&cli->mem, cli->lang, &p->err)));
  if (hint.len) fprintf(stderr, "    " STRF ": " STRF "\n", STRA(msg_template(cli->lang, MSG_plan_hint)), STRA(hint));
  return CLI_REFUSED;
}

/* Changes of one byte that make one word of the other. */
static int distance(struct str a, struct str b) {
  int row[NAME_MAX_BYTES + 1];
  for (size_t j = 0; j <= b.len; j++) row[j] = (int)j;
  for (size_t i = 1; i <= a.len; i++) {
    int corner = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= b.len; j++) {
      const int above = row[j], change = corner + (a.at[i - 1] != b.at[j - 1]);
      const int least = row[j - 1] < above ? row[j - 1] + 1 : above + 1;
      row[j] = change < least ? change : least;
      corner = above;
    }
  }
  return row[b.len];
}
static const char *nearest(struct str name, int *out_distance) {
  const char *best = table[0].name;
  *out_distance = NAME_MAX_BYTES;
  for (size_t i = 0; i < SET_COUNT; i++) {
    const int d = distance(str_slice(name, 0, NAME_MAX_BYTES), str_of(table[i].name));
    if (d < *out_distance) *out_distance = d, best = table[i].name;
  }
  return best;
}
static void unknown(struct cli *cli, struct settings *set, struct str place, struct str name) {
  int far = 0;
  struct err *e = problem(cli, set, place);
  const char *near = nearest(name, &far);
  (void)fail(e, ERR_INVALID, MSG_config_unknown, "name", name, "near", str_of(near));
  if ((size_t)far * 2 <= name.len) (void)err_hint(e, MSG_config_near);
}

/* ---- the file ---- */

struct reading {
  struct cli *cli;
  struct settings *set;
  struct str unknown; /* key that stopped the reading */
  int line;
  char says[200];
};
/* house: allow mutable - libconfuse hands its callbacks nothing of ours */
static _Thread_local struct reading *current;

__attribute__((format(printf, 2, 0))) static void on_error(cfg_t *cfg, const char *format, va_list ap) {
  struct str head = {0}, tail = {0}, name = {0};
  (void)vsnprintf(current->says, sizeof current->says, format, ap);
  current->line = cfg->line;
  if (str_starts(str_of(current->says), STR("no such option")) &&
      str_cut(str_of(current->says), STR("'"), &head, &tail) && str_cut(tail, STR("'"), &name, &tail))
    current->unknown = str_dup(&current->cli->mem, name);
}
/* Called for each value: remembers the line. */
static int on_value(cfg_t *cfg, cfg_opt_t *opt) {
  for (size_t i = 0; i < SET_COUNT; i++)
    if (!strcmp(opt->name, table[i].name)) current->set->values[i].line = cfg->line;
  return 0;
}

static bool is_list(size_t s) { return table[s].kind == SETTING_NETS || table[s].kind == SETTING_HOSTS; }

static cfg_t *prepare(struct arena *mem) {
  cfg_opt_t *opts = arena_new_n(mem, cfg_opt_t, SET_COUNT + 1);
  for (size_t i = 0; i < SET_COUNT; i++) {
    const cfg_opt_t one = CFG_STR(table[i].name, NULL, CFGF_NODEFAULT);
    const cfg_opt_t many = CFG_STR_LIST(table[i].name, NULL, CFGF_NODEFAULT);
    opts[i] = is_list(i) ? many : one;
  }
  const cfg_opt_t end = CFG_END();
  opts[SET_COUNT] = end;
  cfg_t *cfg = cfg_init(opts, CFGF_NONE);
  must(cfg);
  (void)cfg_set_error_function(cfg, on_error);
  for (size_t i = 0; i < SET_COUNT; i++) (void)cfg_set_validate_func(cfg, table[i].name, on_value);
  return cfg;
}
static void take_values(struct arena *mem, cfg_t *cfg, struct settings *set) {
  for (size_t i = 0; i < SET_COUNT; i++) {
    cfg_opt_t *opt = cfg_getopt(cfg, table[i].name);
    struct setting_value *v = &set->values[i];
    if (!v->line) continue;
    v->from = FROM_FILE;
    v->text = STR("");
    for (unsigned k = 0; k < cfg_opt_size(opt); k++)
      v->text = str_fmt(mem, STRF "%s%s", STRA(v->text), k ? "," : "", cfg_opt_getnstr(opt, k));
  }
}
static char *blank_to_end(char *text) {
  for (; *text && *text != '\n'; text++) *text = ' ';
  return text;
}
static void blank_line(char *text, int line) {
  for (; *text && line > 1; text++) line -= *text == '\n';
  (void)blank_to_end(text);
}
/* libconfuse 3.3 counts the lines behind a comment wrongly, so it is given none. */
static void blank_comments(char *text) {
  char quote = 0;
  for (; *text; text++) {
    if (quote && *text == '\\' && text[1]) text++;
    else if (quote) quote = *text == quote ? 0 : quote;
    else if (*text == '"' || *text == '\'') quote = *text;
    else if (*text == '#' && !*(text = blank_to_end(text))) return;
  }
}
/* One turn over the text: true when it was read to its end. */
static bool turn(struct reading *r, char *text) {
  AUTO_ARENA mem = {0};
  *r = (struct reading){.cli = r->cli, .set = r->set};
  for (size_t i = 0; i < SET_COUNT; i++) r->set->values[i].line = 0;
  cfg_t *cfg = prepare(&mem);
  const bool ok = cfg_parse_buf(cfg, text) == CFG_SUCCESS;
  take_values(&r->cli->mem, cfg, r->set);
  (void)cfg_free(cfg);
  return ok;
}
static void read_text(struct cli *cli, struct settings *set, char *text) {
  struct reading r = {.cli = cli, .set = set};
  current = &r;
  blank_comments(text);
  for (int i = 0; i < TURNS_MAX && !turn(&r, text); i++) {
    const struct str place = str_fmt(&cli->mem, STRF ":%d", STRA(set->file), r.line);
    if (!r.unknown.len) {
      (void)fail(problem(cli, set, place), ERR_INVALID, MSG_config_syntax, "what", str_of(r.says));
      break;
    }
    unknown(cli, set, place, r.unknown);
    blank_line(text, r.line);
  }
  current = NULL;
}
/* A file that holds a secret is for its owner and group. */
static void check_modes(struct cli *cli, struct settings *set) {
  struct stat st;
  const bool secret = set->values[SET_metrics_token].from == FROM_FILE;
  if (secret && stat(str_z(&cli->mem, set->file), &st) == 0 && (st.st_mode & S_IRWXO))
    (void)fail(problem(cli, set, set->file), ERR_INVALID, MSG_config_open, "file", set->file);
}
static void read_file(struct cli *cli, struct settings *set) {
  struct str text = {0};
  struct err e = {0};
  if (!set->file.len) return;
  if (!file_read(&cli->mem, set->file, CONFIG_MAX, &text, &e)) {
    *problem(cli, set, set->file) = e;
    return;
  }
  read_text(cli, set, str_z(&cli->mem, text));
  check_modes(cli, set);
}

/* ---- the environment ---- */

static void take_environment(struct cli *cli, struct settings *set) {
  for (enum setting s = 0; s < SET_COUNT; s++) {
    const char *z = getenv(variable_of(&cli->mem, s));
    if (z) set->values[s] = (struct setting_value){str_dup(&cli->mem, str_of(z)), FROM_ENVIRONMENT, 0};
  }
}
/* A variable that looks like one of ours and is none: most likely a slip of the pen. */
static void find_strangers(struct cli *cli, struct settings *set) {
  for (char **z = environ; *z; z++) {
    struct str name = str_of(*z), value;
    bool known = false;
    if (!str_starts(name, STR("GANGMU_")) || !str_cut(name, STR("="), &name, &value)) continue;
    for (enum setting s = 0; s < SET_COUNT && !known; s++) known = str_eqz(name, variable_of(&cli->mem, s));
    if (known || str_eqz(name, "GANGMU_CONFIG")) continue;
    char *word = str_z(&cli->mem, str_from(name, 7));
    for (char *p = word; *p; p++) *p = *p == '_' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    unknown(cli, set, name, str_of(word));
  }
}

/* ---- checks ---- */

static bool is_host(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']'))
      return false;
  }
  return s.len > 0;
}
static bool is_readable(struct arena *mem, struct str path, struct err *e) {
  return !access(str_z(mem, path), R_OK) || fail(e, ERR_INVALID, MSG_file_denied, "path", path);
}
static bool list_is_good(struct arena *mem, const struct settings *set, enum setting s, struct str *out_bad) {
  setting_names all = {0};
  struct peer_net net;
  setting_list(mem, set, s, &all);
  vec_each(const struct str, x, &all) {
    *out_bad = *x;
    if (table[s].kind == SETTING_NETS ? !peer_net_parse(*x, &net) : !is_host(*x)) return false;
  }
  return true;
}
static int wanted(enum setting_kind kind) {
  switch (kind) {
    case SETTING_FLAG: return MSG_config_wants_flag;
    case SETTING_LEVEL: return MSG_config_wants_level;
    case SETTING_LISTEN: return MSG_config_wants_listen;
    case SETTING_NETS: return MSG_config_wants_nets;
    case SETTING_HOSTS: return MSG_config_wants_hosts;
    case SETTING_HEADER: return MSG_config_wants_header;
    case SETTING_NUMBER: return MSG_config_wants_number;
    case SETTING_SECRET: return MSG_config_wants_secret;
    case SETTING_TEXT:
    case SETTING_FILE: break;
  }
  return 0;
}
/* A word of RFC 9110 that no browser, proxy or library gives a meaning of its own. */
static bool is_header(struct str name) {
  static const char *const taken[] = {"Host",
                                      "Cookie",
                                      "Authorization",
                                      "Connection",
                                      "Content-Length",
                                      "Content-Type",
                                      "Transfer-Encoding",
                                      "X-Token",
                                      "Origin",
                                      "Referer",
                                      "User-Agent",
                                      "Accept",
                                      "Accept-Language",
                                      "Accept-Encoding",
                                      "Via",
                                      "Forwarded",
                                      "HX-Request",
                                      "X-Requested-With"};
  static const char *const heads[] = {"X-Forwarded-", "Sec-", "If-", "Proxy-", "Access-"};
  if (name.len < 3 || name.len > HEADER_NAME_MAX) return false;
  for (size_t i = 0; i < name.len; i++)
    if (!strchr("-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", name.at[i])) return false;
  for (size_t i = 0; i < COUNT_OF(taken); i++)
    if (form_same_word(name, str_of(taken[i]))) return false;
  for (size_t i = 0; i < COUNT_OF(heads); i++)
    if (form_same_word(str_slice(name, 0, strlen(heads[i])), str_of(heads[i]))) return false;
  return true;
}
static bool is_good(struct arena *mem, const struct settings *set, enum setting s, struct str *out_bad) {
  const struct str text = set->values[s].text;
  const size_t least = (size_t)table[s].least, most = (size_t)table[s].most;
  struct str host;
  uint16_t port = 0;
  int64_t n = 0;
  int level = 0;
  bool yes = false;
  *out_bad = text;
  switch (table[s].kind) {
    case SETTING_FLAG: return flag_of(text, &yes);
    case SETTING_LEVEL: return level_of(text, &level);
    case SETTING_LISTEN: return peer_listen_parse(text, &host, &port);
    case SETTING_NUMBER: return str_to_int(text, &n) && n >= table[s].least && n <= table[s].most;
    case SETTING_NETS:
    case SETTING_HOSTS: return list_is_good(mem, set, s, out_bad);
    case SETTING_HEADER: return !text.len || is_header(text);
    case SETTING_SECRET: *out_bad = STR("***"); return !text.len || (text.len >= least && text.len <= most);
    case SETTING_TEXT:
    case SETTING_FILE: break;
  }
  return true;
}
static void check_value(struct cli *cli, struct settings *set, enum setting s) {
  struct str bad = {0};
  struct err e = {0};
  const struct str text = set->values[s].text;
  if (!is_good(&cli->mem, set, s, &bad)) {
    struct err *at = problem_of(cli, set, s);
    (void)fail(at, ERR_INVALID, wanted(table[s].kind), "name", str_of(table[s].name), "value", bad, "least",
               str_int(&cli->mem, table[s].least), "most", str_int(&cli->mem, table[s].most));
  } else if (table[s].kind == SETTING_FILE && text.len && !is_readable(&cli->mem, text, &e)) {
    *problem_of(cli, set, s) = e;
  }
}

static bool beyond_loopback(const struct settings *set) {
  struct str host;
  struct peer at;
  uint16_t port = 0;
  return peer_listen_parse(set->values[SET_listen].text, &host, &port) && peer_parse(host, &at) &&
         !peer_is_loopback(&at);
}
static void check_reach(struct cli *cli, struct settings *set) {
  const struct str listen = set->values[SET_listen].text;
  const bool proxy = set->values[SET_proxy].text.len, tls = set->values[SET_tls_certificate].text.len;
  if (!beyond_loopback(set)) return;
  if (!proxy && !tls)
    (void)fail(problem_of(cli, set, SET_listen), ERR_INVALID, MSG_web_not_loopback, "address", listen);
  if (!set->values[SET_hosts].text.len)
    (void)fail(problem_of(cli, set, SET_listen), ERR_INVALID, MSG_web_needs_hosts, "address", listen);
  if (setting_flag(set, SET_demo))
    (void)fail(problem_of(cli, set, SET_demo), ERR_INVALID, MSG_config_demo, "address", listen);
}
static void check_together(struct cli *cli, struct settings *set) {
  const struct str certificate = set->values[SET_tls_certificate].text, key = set->values[SET_tls_key].text;
  struct err e = {0};
  if (!set->values[SET_db].text.len) (void)fail(problem(cli, set, set->file), ERR_INVALID, MSG_cli_needs_db);
  if (!certificate.len != !key.len)
    (void)fail(problem_of(cli, set, key.len ? SET_tls_key : SET_tls_certificate), ERR_INVALID, MSG_config_half_tls);
  else if (certificate.len && file_exists(certificate) && file_exists(key) && !tls_check(certificate, key, &e))
    *problem_of(cli, set, SET_tls_certificate) = e;
  if (set->values[SET_sign_in_header].text.len && !set->values[SET_proxy].text.len)
    (void)fail(problem_of(cli, set, SET_sign_in_header), ERR_INVALID, MSG_config_header_alone);
  check_reach(cli, set);
}
static void finish(struct cli *cli, struct settings *set) {
  for (enum setting s = 0; s < SET_COUNT; s++) check_value(cli, set, s);
  check_together(cli, set);
}

/* ---- all together ---- */

static void begin(struct settings *set) {
  *set = (struct settings){0};
  for (size_t i = 0; i < SET_COUNT; i++) set->values[i].text = str_of(table[i].fallback);
}
static struct str named_file(struct str given) { return given.len ? given : str_of(getenv("GANGMU_CONFIG")); }

void settings_check(struct cli *cli, struct str file, struct settings *out) {
  begin(out);
  out->file = named_file(file);
  read_file(cli, out);
  take_environment(cli, out);
  find_strangers(cli, out);
  finish(cli, out);
}
bool settings_read(struct cli *cli, int argc, char **argv, struct settings *out) {
  struct setting_value flags[SET_COUNT] = {0};
  struct str value = {0}, file = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    const int row = c - OPTION_FIRST;
    if (row == SET_COUNT) file = value;
    else if (row < 0 || row > SET_COUNT) return false;
    else flags[row] = (struct setting_value){table[row].kind == SETTING_FLAG ? STR("yes") : value, FROM_FLAG, 0};
  }
  begin(out);
  out->file = named_file(file);
  read_file(cli, out);
  take_environment(cli, out);
  for (size_t i = 0; i < SET_COUNT; i++)
    if (flags[i].from == FROM_FLAG) out->values[i] = flags[i];
  finish(cli, out);
  return true;
}
