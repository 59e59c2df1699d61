/* The arithmetic of official codes (GB 32100, GB 11714, GB 11643, GB/T 2260) and what each refusal says. */
#include "engine/register/codes.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"

enum { CREDIT_LEN = 18, IDENTITY_LEN = 18, IDENTITY_OLD = 15, PUPIL_LEN = 19, SCHOOL_LEN = 10, REGION_LEN = 6 };

struct code_rules {
  bool demo, province[100];
  struct str demo_region, demo_telephone;
};

const char *code_word(enum code_kind kind) {
  static const char *const words[] = {
#define X(name, word) word,
      CODES(X)
#undef X
  };
  return words[kind];
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct code_rules real, demo;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_built_in(void) {
  const struct embedded *f = embed_find(STR("rules/org/regions.yaml"));
  struct code_rules *r = &built_in.real;
  struct yaml *root = NULL;
  struct err e = {0};
  must(f && yaml_parse(&built_in.mem, str_of(f->path), f->bytes, &root, &e));
  const struct yaml *list = yaml_get(root, "provinces");
  const struct yaml *region = yaml_get(root, "demo_region"), *phone = yaml_get(root, "demo_telephone");
  must(list && region && phone);
  for (const struct yaml *y = list->child; y; y = y->next) {
    int64_t n = 0;
    must(str_to_int(y->text, &n) && n >= 0 && n < 100);
    r->province[n] = true;
  }
  r->demo_region = region->text;
  r->demo_telephone = phone->text;
  built_in.demo = *r;
  built_in.demo.demo = true;
}
const struct code_rules *code_rules_known(bool demo) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return demo ? &built_in.demo : &built_in.real;
}

/* Without blanks and dashes, full width made half, capitals. */
static struct str tidy(struct arena *mem, struct str typed) {
  char *out = arena_take(mem, typed.len);
  size_t n = 0;
  typed.len = utf8_valid_len(typed);
  for (size_t i = 0; i < typed.len;) {
    const size_t from = i;
    uint32_t c = utf8_next(typed, &i);
    if (c > 0xFF00 && c < 0xFF5F) c -= 0xFEE0;
    if (c == ' ' || c == '-' || c == 0x3000 || c == 0xA0) continue;
    if (c >= 'a' && c <= 'z') c -= 32;
    if (c < 0x80) {
      out[n++] = (char)c;
      continue;
    }
    memcpy(out + n, typed.at + from, i - from);
    n += i - from;
  }
  return (struct str){out, n};
}
static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (s.at[i] < '0' || s.at[i] > '9') return false;
  return s.len > 0;
}
static int two(struct str s, size_t at) { return (s.at[at] - '0') * 10 + s.at[at + 1] - '0'; }

/* ---- GB/T 2260 ---- */

static bool region_ok(const struct code_rules *r, struct str s, bool whole) {
  if (s.len != REGION_LEN || !all_digits(s)) return false;
  if (str_eq(s, r->demo_region)) return r->demo;
  const int city = two(s, 2), county = two(s, 4);
  if (!r->province[two(s, 0)]) return false;
  if (!city) return !whole && !county;
  if (city > 70 && city != 90) return false;
  return county || !whole;
}

/* ---- GB 11643 ---- */

static char identity_check(struct str seventeen) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < COUNT_OF(weights); i++) sum += weights[i] * (seventeen.at[i] - '0');
  return "10X98765432"[sum % 11];
}
static struct str lengthen(struct arena *mem, struct str old) {
  char *z = arena_take(mem, IDENTITY_LEN);
  memcpy(z, old.at, 6);
  memcpy(z + 6, "19", 2);
  memcpy(z + 8, old.at + 6, 9);
  z[17] = identity_check((struct str){z, 17});
  return (struct str){z, IDENTITY_LEN};
}
/* Birthday and check digit of 18 characters; the message to say, or 0. */
static int eighteen_wrong(struct str s, struct date today) {
  if (s.len != IDENTITY_LEN || !all_digits(str_slice(s, 0, 17))) return MSG_code_identity_form;
  if (s.at[17] != 'X' && (s.at[17] < '0' || s.at[17] > '9')) return MSG_code_identity_form;
  const struct date born = {
      .year = (int16_t)(two(s, 6) * 100 + two(s, 8)), .month = (int8_t)two(s, 10), .day = (int8_t)two(s, 12)};
  if (born.year < 1800 || !date_valid(born)) return MSG_code_identity_day;
  if (date_cmp(born, today) > 0) return MSG_code_identity_future;
  return identity_check(s) == s.at[17] ? 0 : MSG_code_identity_digit;
}
static int identity_wrong(struct arena *mem, const struct code_rules *r, struct date today, struct str *io) {
  if (io->len == IDENTITY_OLD && all_digits(*io)) *io = lengthen(mem, *io);
  if (io->len != IDENTITY_LEN) return MSG_code_identity_form;
  const int wrong = eighteen_wrong(*io, today);
  if (wrong) return wrong;
  return region_ok(r, str_slice(*io, 0, REGION_LEN), true) ? 0 : MSG_code_identity_region;
}

/* ---- 学籍号 ---- */

static int pupil_wrong(struct arena *mem, const struct code_rules *r, struct date today, struct str s) {
  struct str rest = str_from(s, 1);
  if (s.len != PUPIL_LEN) return MSG_code_pupil_form;
  switch (s.at[0]) {
    case 'G': return identity_wrong(mem, r, today, &rest) ? MSG_code_pupil_digit : 0;
    case 'J': return eighteen_wrong(rest, today) ? MSG_code_pupil_digit : 0;
    case 'L': return all_digits(rest) ? 0 : MSG_code_pupil_form;
    default: return MSG_code_pupil_form;
  }
}

/* ---- GB 32100, GB 11714 ---- */

static int credit_value(char c) {
  static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const char *at = c ? memchr(letters, c, sizeof letters - 1) : NULL;
  return at ? (int)(at - letters) : -1;
}
static char organisation_check(struct str eight) {
  static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < COUNT_OF(weights); i++) {
    const char c = eight.at[i];
    sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
  }
  return "0X987654321"[sum % 11];
}
static int credit_wrong(struct str s) {
  int sum = 0, weight = 1;
  if (s.len != CREDIT_LEN) return MSG_code_credit_form;
  for (size_t i = 0; i < CREDIT_LEN; i++) {
    const int value = credit_value(s.at[i]);
    if (value < 0) return MSG_code_credit_form;
    if (i == CREDIT_LEN - 1) return value == (31 - sum % 31) % 31 ? 0 : MSG_code_credit_digit;
    if (i == CREDIT_LEN - 2 && organisation_check(str_slice(s, 8, 16)) != s.at[i]) return MSG_code_credit_inner;
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return 0;
}

/* ---- telephones ---- */

static int phone_wrong(const struct code_rules *r, struct str s) {
  if (!all_digits(s)) return MSG_code_phone;
  if (s.len == 11 && str_starts(s, r->demo_telephone)) return r->demo ? 0 : MSG_code_phone;
  if (s.len == 11 && s.at[0] == '1') return s.at[1] >= '3' ? 0 : MSG_code_phone;
  const bool has_area = s.at[0] == '0' && s.len >= 10 && s.len <= 12;
  return has_area || s.len == 7 || s.len == 8 ? 0 : MSG_code_phone;
}

bool code_check(struct arena *mem, const struct code_rules *rules, enum code_kind kind, struct date today,
                struct str typed, struct str *out, struct err *e) {
  struct str s = tidy(mem, str_trim(typed));
  int wrong = 0;
  switch (kind) {
    case CODE_CREDIT: wrong = credit_wrong(s); break;
    case CODE_IDENTITY: wrong = identity_wrong(mem, rules, today, &s); break;
    case CODE_PUPIL: wrong = pupil_wrong(mem, rules, today, s); break;
    case CODE_SCHOOL: wrong = s.len == SCHOOL_LEN && all_digits(s) ? 0 : MSG_code_school; break;
    case CODE_REGION: wrong = region_ok(rules, s, false) ? 0 : MSG_code_region; break;
    case CODE_PHONE: wrong = phone_wrong(rules, s); break;
    case CODE_KIND_COUNT: break;
  }
  if (wrong) return fail(e, ERR_INVALID, wrong, "value", code_masked(mem, s));
  *out = s;
  return true;
}

struct str code_masked(struct arena *mem, struct str code) {
  enum { SHOWN_TAIL = 4 };
  char *z = str_z(mem, code);
  const size_t head = code.len > 14 ? 6 : 3;
  if (!all_digits(str_slice(code, 1, code.len - (code.len > 1)))) return code; /* no number: nothing to hide */
  for (size_t i = head; i + SHOWN_TAIL < code.len; i++) z[i] = '*';
  return (struct str){z, code.len};
}
