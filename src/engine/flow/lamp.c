/* Lamps of clocks. Reads rules/lamps.yaml, once; it is part of the program: what is wrong with it is a broken promise. */
#include "engine/flow/lamp.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/yaml.h"

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct lamp_rules rules;
} built_in = {.once = PTHREAD_ONCE_INIT};

static int64_t number_of(const struct yaml *y, const char *key) {
  const struct yaml *said = yaml_get(y, key);
  int64_t n = 0;
  must(said && str_to_int(said->text, &n) && n > 0);
  return n;
}
static void read_built_in(void) {
  AUTO_ARENA mem = {0};
  const struct embedded *f = embed_find(STR("rules/lamps.yaml"));
  struct yaml *root = NULL;
  struct err e = {0};
  must(f && yaml_parse(&mem, str_of(f->path), f->bytes, &root, &e));
  const struct yaml *amber = yaml_get(root, "amber");
  must(amber);
  built_in.rules = (struct lamp_rules){number_of(amber, "part"), number_of(amber, "of"), number_of(amber, "days"),
                                       number_of(amber, "over")};
}
const struct lamp_rules *lamp_rules(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.rules;
}

/* part of `of` or less; what is too large to be multiplied is far from its end. */
static bool is_share(int64_t left, int64_t whole, const struct lamp_rules *rules) {
  int64_t a, b;
  return !__builtin_mul_overflow(left, rules->of, &a) && !__builtin_mul_overflow(whole, rules->part, &b) && a <= b;
}
static bool is_near(const struct clock_reading *k, const struct lamp_rules *rules) {
  const bool is_days = k->left.unit == DURATION_days || k->left.unit == DURATION_workdays;
  if (is_share(k->left.n, k->whole.n, rules) || is_share(k->left_us, k->left_us + k->used_us, rules)) return true;
  return is_days && k->whole.n > rules->over && k->left.n <= rules->days;
}
enum lamp lamp_of(const struct clock_reading *k, const struct lamp_rules *rules) {
  if (!k->is_started) return LAMP_NONE;
  if (!k->is_running && !k->is_paused) return LAMP_DONE;
  if (k->is_over) return LAMP_RED;
  if (k->is_paused) return LAMP_GREY;
  if (k->due == CLOCK_NEVER) return LAMP_NONE;
  return is_near(k, rules) ? LAMP_AMBER : LAMP_GREEN;
}
static const struct {
  const char *word, *css;
} lamps[] = {[LAMP_NONE] = {"none", ""}, [LAMP_GREEN] = {"green", "g"}, [LAMP_AMBER] = {"amber", "y"},
             [LAMP_RED] = {"red", "r"},  [LAMP_GREY] = {"grey", "n"},   [LAMP_DONE] = {"done", "d"}};
const char *lamp_word(enum lamp lamp) { return lamps[lamp].word; }
const char *lamp_css(enum lamp lamp) { return lamps[lamp].css; }
