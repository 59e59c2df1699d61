/* Personal data in texts: hiding the middle of a number or a name; finding what must not stand in a public text. Sources: GB
 * 11643-1999 (identity numbers), ISO/IEC 7812-1 (check digit of cards), the numbering plan of mobile telephones. */
#include "base/utf8.h"
#include "declare/eval.h"

/* Ends that stay: of eleven and more characters three and four, of seven two and two, of a name the first. */
struct str text_mask(struct arena *mem, struct str s) {
  const size_t n = utf8_count(s);
  const size_t head = n >= 11 ? 3 : n >= 7 ? 2 : n >= 2, tail = n >= 11 ? 4 : n >= 7 ? 2 : 0;
  char *out = arena_take(mem, s.len + 1);
  size_t len = 0, at = 0;
  for (size_t i = 0; at < s.len; i++) {
    const size_t width = utf8_len(s, at);
    if (i < head || i >= n - tail) memcpy(out + len, s.at + at, width);
    else out[len] = '*';
    len += i < head || i >= n - tail ? width : 1;
    at += width;
  }
  return (struct str){out, len};
}

enum { ID_DIGITS = 18, CARD_LEAST = 16, CARD_MOST = 19, MOBILE_DIGITS = 11 };

static bool is_id(const char *d) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  static const char checks[] = "10X98765432";
  int sum = 0, year = 0, month = (d[10] - '0') * 10 + d[11] - '0', day = (d[12] - '0') * 10 + d[13] - '0';
  for (int i = 0; i < ID_DIGITS - 1; i++) {
    if (d[i] == 'X') return false;
    sum += (d[i] - '0') * weights[i];
  }
  for (int i = 6; i < 10; i++) year = year * 10 + d[i] - '0';
  return checks[sum % 11] == d[ID_DIGITS - 1] && date_valid((struct date){(int16_t)year, (int8_t)month, (int8_t)day});
}
static bool is_card(const char *d, size_t n) {
  int sum = 0;
  for (size_t i = 0; i < n; i++) {
    const int x = d[n - 1 - i] - '0', twice = x * 2 > 9 ? x * 2 - 9 : x * 2;
    if (x < 0 || x > 9) return false;
    sum += i % 2 ? twice : x;
  }
  return sum % 10 == 0;
}
static bool is_personal_number(const char *d, size_t n) {
  /* 100… is nobody's: the numbers of the demo's people, who are to be protected like others */
  if (n == MOBILE_DIGITS) return d[0] == '1' && ((d[1] >= '3' && d[1] <= '9') || (d[1] == '0' && d[2] == '0'));
  return (n == ID_DIGITS && is_id(d)) || (n >= CARD_LEAST && n <= CARD_MOST && is_card(d, n));
}
static bool is_mail_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}
static bool has_mail(struct str s) {
  for (size_t i = 1; i + 3 < s.len; i++) {
    if (s.at[i] != '@' || !is_mail_byte(s.at[i - 1])) continue;
    size_t end = i + 1, points = 0;
    for (; end < s.len && is_mail_byte(s.at[end]); end++) points += s.at[end] == '.' && end > i + 1 && end + 1 < s.len;
    if (points) return true;
  }
  return false;
}
/* A digit, also full-width, or the X that may end an identity number; 0 for anything else. */
static char digit_of(uint32_t c) {
  if (c >= 0xFF10 && c <= 0xFF19) c -= 0xFF10 - '0';
  if (c == 'x' || c == 'X') return 'X';
  return c >= '0' && c <= '9' ? (char)c : 0;
}
/* A run of digits of whatever length, parted from others by anything else. */
struct run {
  char digits[CARD_MOST];
  size_t n;
};
static void run_add(struct run *run, char d) {
  if (run->n < CARD_MOST) run->digits[run->n] = d;
  run->n++;
}
static bool run_is_personal(const struct run *run) {
  return run->n <= CARD_MOST && is_personal_number(run->digits, run->n);
}

bool text_has_personal(struct str s) {
  struct run run = {.n = 0};
  for (size_t i = 0; i < s.len;) {
    const char d = digit_of(utf8_next(s, &i));
    if (d && (d != 'X' || run.n == ID_DIGITS - 1)) {
      run_add(&run, d);
    } else {
      if (run_is_personal(&run)) return true;
      run.n = 0;
    }
  }
  return run_is_personal(&run) || has_mail(s);
}
