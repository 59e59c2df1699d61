/* Rules of signing in: the two YAML files as numbers, the judgement of a password, the clock of the delays.
 *
 * Delays double: 15 s, 30 s, 1 min … up to a quarter of an hour. An attacker gets about a hundred guesses a day for one
 * name, and the name's owner is never locked out for longer than the last delay. */
#include "engine/account/rules.h"

#include <pthread.h>
#include <stdio.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"

enum { AROUND_MOST = 6 }; /* characters before or behind a common password that do not make it another one */
static const int64_t SECOND_US = 1000000;

/* ---- reading ---- */

static bool number(const struct yaml *map, const char *key, int *out, struct err *e) {
  const struct yaml *y = map && map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
  int64_t n = 0;
  if (!y || !str_to_int(y->text, &n) || n < 0 || n > 1000000)
    return fail(e, ERR_INVALID, MSG_rules_no_number, "key", str_of(key));
  *out = (int)n;
  return true;
}
static bool read_delay(const struct yaml *delays, const char *key, struct delay_rule *out, struct err *e) {
  const struct yaml *y = delays && delays->kind == YAML_MAP ? yaml_get(delays, key) : NULL;
  int hours = 0;
  TRY(number(y, "free", &out->free, e) && number(y, "first_seconds", &out->first_seconds, e));
  TRY(number(y, "most_seconds", &out->most_seconds, e) && number(y, "forget_hours", &hours, e));
  out->forget_us = hours * 3600 * SECOND_US;
  return true;
}
bool sign_in_rules_parse(struct arena *mem, struct str password, struct str sign_in, struct sign_in_rules *out,
                         struct err *e) {
  struct yaml *p = NULL, *s = NULL;
  int minutes = 0, hours = 0;
  TRY(yaml_parse(mem, STR("rules/password.yaml"), password, &p, e));
  TRY(yaml_parse(mem, STR("rules/sign-in.yaml"), sign_in, &s, e));
  TRY(number(p, "least", &out->password.least, e) && number(p, "classes", &out->password.classes, e));
  const struct yaml *common = yaml_get(p, "common"), *delays = yaml_get(s, "delay"), *session = yaml_get(s, "session");
  for (const struct yaml *y = common ? common->child : NULL; y; y = y->next)
    vec_push(mem, &out->password.common) = y->text;
  TRY(read_delay(delays, "login", &out->login, e) && read_delay(delays, "address", &out->address, e));
  TRY(number(session, "idle_minutes", &minutes, e) && number(session, "absolute_hours", &hours, e));
  TRY(number(yaml_get(s, "token"), "most_days", &out->token_days, e));
  out->idle_us = minutes * 60 * SECOND_US;
  out->absolute_us = hours * 3600 * SECOND_US;
  return true;
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct sign_in_rules rules;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_built_in(void) {
  const struct embedded *p = embed_find(STR("rules/password.yaml")), *s = embed_find(STR("rules/sign-in.yaml"));
  struct err e = {0};
  must(p && s && sign_in_rules_parse(&built_in.mem, p->bytes, s->bytes, &built_in.rules, &e));
}
const struct sign_in_rules *sign_in_rules_known(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.rules;
}

/* ---- passwords ---- */

static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
static bool is_figure(char c) { return c >= '0' && c <= '9'; }
static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

static struct str small_letters(struct arena *mem, struct str s) {
  char *z = str_z(mem, s);
  for (size_t i = 0; i < s.len; i++)
    if (is_capital(z[i])) z[i] = (char)(z[i] + 32);
  return (struct str){z, s.len};
}
static struct str turned_round(struct arena *mem, struct str s) {
  char *z = arena_take(mem, s.len + 1);
  for (size_t i = 0; i < s.len; i++) z[i] = s.at[s.len - 1 - i];
  return (struct str){z, s.len};
}
static int classes_of(struct str s) {
  bool small = false, capital = false, digit = false, other = false;
  for (size_t i = 0; i < s.len; i++) {
    small |= is_small(s.at[i]);
    capital |= is_capital(s.at[i]);
    digit |= is_figure(s.at[i]);
    other |= !is_small(s.at[i]) && !is_capital(s.at[i]) && !is_figure(s.at[i]);
  }
  return small + capital + digit + other;
}
static bool has_letter(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (is_small(s.at[i]) || (unsigned char)s.at[i] >= 0x80) return true;
  return false;
}
static bool is_common(const struct password_rules *r, struct str small) {
  vec_each(const struct str, word, &r->common) {
    const size_t at = str_find(small, *word);
    if (at == STR_NONE || !word->len) continue;
    const struct str before = str_slice(small, 0, at), behind = str_from(small, at + word->len);
    if (before.len <= AROUND_MOST && behind.len <= AROUND_MOST && !has_letter(before) && !has_letter(behind))
      return true;
  }
  return false;
}
static size_t characters(struct str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.len; i += utf8_len(s, i)) n++;
  return n;
}

static bool refuse(struct err *e, int msg, int n) {
  char text[16];
  const int len = snprintf(text, sizeof text, "%d", n);
  return fail(e, ERR_INVALID, msg, "name", STR("password"), "n", ((struct str){text, (size_t)len}));
}
bool password_is_good(const struct password_rules *r, struct str login, struct str password, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str small = small_letters(&mem, password), name = small_letters(&mem, login);
  if (characters(password) < (size_t)r->least) return refuse(e, MSG_password_short, r->least);
  if (password.len > PASSWORD_MAX) return refuse(e, MSG_password_long, PASSWORD_MAX);
  if (classes_of(password) < r->classes) return refuse(e, MSG_password_classes, r->classes);
  if (name.len && (str_find(small, name) != STR_NONE || str_find(small, turned_round(&mem, name)) != STR_NONE))
    return refuse(e, MSG_password_login, 0);
  return !is_common(r, small) || refuse(e, MSG_password_common, 0);
}

struct str password_make(struct arena *mem, const unsigned char chance[20]) {
  static const char letters[33] = "abcdefghijkmnpqrstuvwxyz23456789"; /* none that look alike */
  char *z = arena_take(mem, 32);
  size_t n = 0;
  for (size_t i = 0; i < 20; i++) {
    if (i && i % 4 == 0) z[n++] = '-';
    z[n++] = letters[chance[i] & 31];
  }
  return (struct str){z, n};
}

bool login_fold(struct arena *mem, struct str typed, struct str *out) {
  const struct str s = small_letters(mem, str_trim(typed));
  if (!s.len || s.len > LOGIN_MAX) return false;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    const bool plain =
        is_small(c) || is_figure(c) || (unsigned char)c >= 0x80 || c == '.' || c == '-' || c == '_' || c == '@';
    if (!plain) return false;
  }
  *out = s;
  return true;
}

/* ---- clocks ---- */

int64_t delay_until(const struct delay_rule *r, int64_t failures, int64_t now_us) {
  if (failures < r->free) return now_us;
  int64_t seconds = r->first_seconds;
  for (int64_t i = r->free; i < failures && seconds < r->most_seconds; i++) seconds *= 2;
  return now_us + (seconds < r->most_seconds ? seconds : r->most_seconds) * SECOND_US;
}
int64_t delay_count(const struct delay_rule *r, int64_t failures, int64_t last_us, int64_t now_us) {
  return now_us - last_us > r->forget_us ? 0 : failures;
}
bool session_is_live(const struct sign_in_rules *r, int64_t created_us, int64_t seen_us, int64_t now_us) {
  return now_us - seen_us <= r->idle_us && now_us - created_us <= r->absolute_us;
}
