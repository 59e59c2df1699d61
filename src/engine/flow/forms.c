/* Checked forms of numbers that people have: telephone, account, identity number, unified credit code. Blanks and dashes in what is
 * typed are forgiven, letters are made capitals. Sources: GB 11643-1999 (identity), GB 32100-2015 (credit code). */
#include "base/date.h"
#include "engine/flow/read.h"

enum { ID_LEN = 18, CREDIT_LEN = 18, ACCOUNT_LEAST = 8, ACCOUNT_MOST = 32, PHONE_LEAST = 7, PHONE_MOST = 12 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool all_digits(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (!is_digit(s.at[i])) return false;
  return true;
}
static struct str tidy(struct arena *mem, struct str s) {
  char *out = arena_take(mem, s.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c != ' ' && c != '-') out[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return (struct str){out, n};
}
static bool is_id(struct str s) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  static const char checks[] = "10X98765432";
  int64_t year = 0, month = 0, day = 0;
  int sum = 0;
  if (s.len != ID_LEN || !all_digits(str_slice(s, 0, ID_LEN - 1))) return false;
  for (int i = 0; i < ID_LEN - 1; i++) sum += (s.at[i] - '0') * weights[i];
  if (!str_to_int(str_slice(s, 6, 10), &year) || !str_to_int(str_slice(s, 10, 12), &month) ||
      !str_to_int(str_slice(s, 12, 14), &day))
    return false;
  return checks[sum % 11] == s.at[ID_LEN - 1] && date_valid((struct date){(int16_t)year, (int8_t)month, (int8_t)day});
}
/* Σ cᵢ·3^(i-1) over 17 places; the last makes it a multiple of 31. */
static bool is_credit_code(struct str s) {
  static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  int sum = 0, weight = 1;
  if (s.len != CREDIT_LEN) return false;
  for (int i = 0; i < CREDIT_LEN; i++) {
    const char *at = s.at[i] ? strchr(letters, s.at[i]) : NULL;
    if (!at) return false;
    sum += (int)(at - letters) * (i == CREDIT_LEN - 1 ? 1 : weight);
    weight = weight * 3 % 31;
  }
  return sum % 31 == 0;
}
/* 100… is given to nobody: the demo's people and those of stories have such numbers. */
static bool is_phone(struct str s) {
  if (!all_digits(s) || s.len < PHONE_LEAST || s.len > PHONE_MOST) return false;
  if (s.at[0] == '1') return s.len == 11 && (s.at[1] >= '3' || str_starts(s, STR("100")));
  return s.at[0] != '0' || s.len >= 10;
}
bool flow_form_read(struct arena *mem, enum type_word t, struct str said, struct str *out) {
  *out = tidy(mem, said);
  switch (t) {
    case TYPE_phone: return is_phone(*out);
    case TYPE_bank_account: return all_digits(*out) && out->len >= ACCOUNT_LEAST && out->len <= ACCOUNT_MOST;
    case TYPE_id_number: return is_id(*out);
    default: return is_credit_code(*out);
  }
}
