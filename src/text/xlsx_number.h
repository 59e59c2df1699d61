/* Numbers of a spreadsheet as a person sees them: dates, percentages, and no binary rubbish. Private to text/. */
#ifndef TEXT_XLSX_NUMBER_H
#define TEXT_XLSX_NUMBER_H
#include "base/dec.h"

enum number_look { LOOK_PLAIN, LOOK_PERCENT, LOOK_DATE };
/* By the number of a built-in format, and by a format's own code when it has one. */
enum number_look look_of_format(int64_t id, struct str code);
/* "0.28999999999999998" and "1.2E+3" as exact decimals of 15 digits, which is what a spreadsheet shows. */
MUST_CHECK bool number_read(struct str s, struct dec *out);
/* The cell's text: 2026年6月30日, 85%, 0.29; `raw` itself when it is no number that fits. */
struct str number_look_text(struct arena *mem, struct str raw, enum number_look look, bool is_1904);
#endif
