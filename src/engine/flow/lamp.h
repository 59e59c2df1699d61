/* The lamp of a clock, from its reading alone: nobody types it. Rules are data (rules/lamps.yaml). Amber: at most the share of the time is
 * left, counted in the clock's own whole units (a limit of 30 days has 10 left on day 20) or to the moment, whichever is first; or, when the
 * whole is more than `over` days or working days, at most `days` are left. Source of the rule: custom of 督办, no law. */
#ifndef ENGINE_FLOW_LAMP_H
#define ENGINE_FLOW_LAMP_H
#include "engine/flow/clock.h"

enum lamp {
  LAMP_NONE, /* it was never started, or runs without an end */
  LAMP_GREEN,
  LAMP_AMBER,
  LAMP_RED,
  LAMP_GREY, /* it stands still in time */
  LAMP_DONE
};
struct lamp_rules {
  int64_t part, of, days, over;
};
const struct lamp_rules *lamp_rules(void); /* of this program; read once */
enum lamp lamp_of(const struct clock_reading *k, const struct lamp_rules *rules);
const char *lamp_word(enum lamp lamp); /* none green amber red grey done */
const char *lamp_css(enum lamp lamp);  /* the letter that its shape is drawn by: "" g y r n d */
#endif
