/* Numerals as Chinese documents write them. */
#ifndef TEXT_NUMERAL_H
#define TEXT_NUMERAL_H
#include "base/dec.h"

/* Reads a Chinese numeral at s[i]: 三十三, 一百零一, 二〇二六, 两, 廿, 百, 千, 十. Returns bytes read, 0 if none. */
size_t numeral_zh(struct str s, size_t i, int64_t *out_n);
/* Reads Arabic digits (ASCII or full width, 1,080 and 3.3 too) at s[i]. Returns bytes read, 0 if none. */
size_t numeral_arabic(struct str s, size_t i, struct dec *out_d);
/* 1 -> 一, 33 -> 三十三, 101 -> 一百零一; 0 <= n < 100,000,000. New, in a. */
struct str numeral_zh_text(struct arena *a, int64_t n);
#endif
