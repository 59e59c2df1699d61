/* Official codes: what is typed becomes the form in which it is kept, or is refused with the standard named.
 *
 *   credit    统一社会信用代码  GB 32100-2015: 18 of 0-9 A-Z without I O S V Z; Σ cᵢ·3^(i-1) mod 31; the organisation's
 *             code in it (GB 11714: weights 3 7 9 10 5 8 4 2 mod 11) is checked too
 *   identity  公民身份号码  GB 11643-1999: region, a day that exists and is not to come, Σ aᵢ·2^(18-i) mod 11; 15 digits
 *             become 18
 *   pupil     全国学籍号: G + identity number, J + 18 with the same check digit, L + 18 digits without (temporary)
 *   school    学校(机构)标识码: 10 digits, nothing is known of their inside
 *   region    GB/T 2260: province, city, county
 *   phone     11 digits from 1, or area code and number
 *
 * Full-width digits and blanks in what is typed are forgiven, letters are made capitals. */
#ifndef ENGINE_REGISTER_CODES_H
#define ENGINE_REGISTER_CODES_H
#include "base/date.h"
#include "base/err.h"

#define CODES(X)          \
  X(CREDIT, "credit")     \
  X(IDENTITY, "identity") \
  X(PUPIL, "pupil_code")  \
  X(SCHOOL, "school")     \
  X(REGION, "region")     \
  X(PHONE, "phone")

enum code_kind {
#define X(name, word) CODE_##name,
  CODES(X)
#undef X
      CODE_KIND_COUNT
};
const char *code_word(enum code_kind kind);

struct code_rules;
/* Those of the program (rules/org/regions.yaml), read once. demo: numbers that exist nowhere are taken too (region 999999,
 * telephone 100…). */
const struct code_rules *code_rules_known(bool demo);
/* ERR_INVALID naming the code and its standard. *out is new. */
MUST_CHECK bool code_check(struct arena *mem, const struct code_rules *rules, enum code_kind kind, struct date today,
                           struct str typed, struct str *out, struct err *e);
/* As it may be shown to people who need not know it: 999999********001X. New. */
struct str code_masked(struct arena *mem, struct str code);
#endif
