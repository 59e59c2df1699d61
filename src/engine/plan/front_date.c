/* Dates and document numbers as offices write them on a line of their own: 2026年3月1日, 二〇二六年三月一日, 某办公室 2026年3月1日印发,
 * 2026327 from which a page lost the characters; 某教发〔2026〕7号. Pure, linear in the line. */
#include "base/utf8.h"
#include "engine/plan/structure.h"
#include "text/numeral.h"

/* 二〇二六年三月一日 */
static bool date_zh_digits(struct str s, struct date *out) {
  int64_t y = 0, m = 0, d = 0;
  const size_t a = numeral_zh(s, 0, &y);
  if (!a || y < 1900 || y > 2100 || !str_starts(str_from(s, a), STR("年"))) return false;
  const size_t b = numeral_zh(s, a + 3, &m);
  if (!b || !str_starts(str_from(s, a + 3 + b), STR("月"))) return false;
  const size_t c = numeral_zh(s, a + b + 6, &d);
  if (!c || !str_starts(str_from(s, a + b + c + 6), STR("日"))) return false;
  *out = (struct date){(int16_t)y, (int8_t)m, (int8_t)d};
  return date_valid(*out);
}

static struct str strip_brackets(struct str s) {
  if (str_starts(s, STR("（")) && str_ends(s, STR("）"))) return str_trim(str_slice(s, 3, s.len - 3));
  if (str_starts(s, STR("(")) && str_ends(s, STR(")"))) return str_trim(str_slice(s, 1, s.len - 1));
  return s;
}

/* 2019910 without its 年月日: the reading when there is but one. */
static bool date_bare_digits(struct str s, struct date *out) {
  if (s.len < 6 || s.len > 8) return false;
  int64_t n = 0;
  if (!str_to_int(s, &n) || !str_to_int(str_slice(s, 0, 4), &n) || n < 1990 || n > 2100) return false;
  int found = 0;
  for (size_t cut = 5; cut <= 6; cut++) {
    int64_t m = 0, d = 0;
    if (!str_to_int(str_slice(s, 4, cut), &m) || !str_to_int(str_from(s, cut), &d) || d > 31 || m > 12) continue;
    if (s.at[cut] == '0' && s.len - cut == 1) continue;
    const struct date date = {(int16_t)n, (int8_t)m, (int8_t)d};
    if (s.len - cut <= 2 && date_valid(date)) {
      *out = date;
      found++;
    }
  }
  return found == 1;
}

/* A line that is a date, maybe with 印发 behind and a name before it in the 印发 line. */
bool line_date(const struct work *w, struct str s, struct date *out) {
  if (s.len > SHORT_CHARS * 3) return false;
  s = strip_brackets(s);
  const size_t issued = front_word_end(w->lx, s, "issued");
  if (issued) {
    s = str_trim(str_slice(s, 0, s.len - issued));
    const size_t gap = str_rfind(s, STR(" ")), wide = str_rfind(s, STR("　"));
    if (wide != STR_NONE && (gap == STR_NONE || wide > gap)) s = str_from(s, wide + 3);
    else if (gap != STR_NONE && memchr(s.at, 'x', s.len) == NULL && str_find(str_from(s, gap), STR("年")) != STR_NONE)
      s = str_from(s, gap + 1);
  }
  s = str_replace(w->tmp, str_replace(w->tmp, s, STR(" "), STR("")), STR("　"), STR(""));
  for (size_t i = 0; issued && i < s.len && i < 90; i++) { /* 某办公室2026年3月1日印发 */
    if ((i == 0 || ((unsigned char)s.at[i] & 0xC0) != 0x80) &&
        (date_parse(str_from(s, i), 0, out) || date_zh_digits(str_from(s, i), out)))
      return out->year > 0 && out->day > 0;
  }
  return (date_zh_digits(s, out) || date_parse(s, 0, out) || date_bare_digits(s, out)) && out->year >= 1949 &&
         out->year <= 2100;
}

static bool is_open_bracket(uint32_t c) {
  return c == 0x3014 || c == '[' || c == '(' || c == 0xFF08 || c == 0x3010 || c == 0xFF3B;
}
static bool ends_word(uint32_t c) {
  return !c || c == ' ' || c == '\t' || c == 0x3000 || c == 0xFF1A || c == ':' || c == 0xFF08 || c == '(' ||
         c == 0x3002 || c == 0xFF0C;
}

/* 文号: letters, a bracketed year, digits, 号. */
bool line_number(struct str s, struct span *out) {
  for (size_t i = 0; i < s.len;) {
    const size_t open = i;
    if (!is_open_bracket(utf8_next(s, &i)) || i + 4 >= s.len || open == 0) continue;
    int64_t year = 0;
    if (!str_to_int(str_slice(s, i, i + 4), &year) || year < 1949 || year > 2100) continue;
    size_t at = i + 4;
    (void)utf8_next(s, &at);
    while (at < s.len && s.at[at] == ' ') at++;
    if (str_starts(str_from(s, at), STR("第"))) at += 3;
    struct dec d;
    const size_t digits = numeral_arabic(s, at, &d);
    const struct str rest = str_from(s, at + digits);
    if (!digits || !str_starts(rest, STR("号"))) continue;
    size_t begin = open;
    if (begin > 3 && s.at[begin - 1] == ' ' && s.at[begin - 2] != ' ') begin--; /* 某政 [2026] 7号 */
    while (begin > 0 && !ends_word(utf8_at(s, utf8_back(s, begin)))) begin = utf8_back(s, begin);
    if (begin + 1 >= open) continue;
    *out = (struct span){(uint32_t)begin, (uint32_t)(at + digits + 3)};
    return true;
  }
  return false;
}
