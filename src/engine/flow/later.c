/* Parts of the engine that are being built in their own files; each goes from here when it comes there. Until then they refuse, or
 * say that there is nothing. */
#include "engine/flow/flow.h"
#include "texts.h"

static bool refuse(struct str name, struct err *e) { return fail(e, ERR_GUARD, MSG_flow_no_system, "name", name); }
bool flow_clocks(struct flow_step *s, struct err *e) {
  (void)s, (void)e;
  return true;
}
bool flow_clock_extend(struct flow_step *s, const struct effect_extend *x, struct err *e) {
  (void)s;
  return refuse(x->clock.text, e);
}
bool flow_clock_field(struct flow_run *run, const struct flow_thing *clock, struct str name, struct value *out,
                      struct err *e) {
  (void)run, (void)clock, (void)e;
  const bool flag = str_eqz(name, "over") || str_eqz(name, "paused") || str_eqz(name, "running");
  *out = flag ? value_flag(false) : value_none(NONE_missing);
  return true;
}
bool flow_merge(struct flow_step *s, const struct flow_thing *into, struct err *e) {
  (void)s;
  return refuse(into->id, e);
}
bool flow_paper(struct flow_step *s, struct str paper, struct err *e) {
  (void)s;
  return refuse(paper, e);
}
bool flow_messages(struct flow_step *s, struct err *e) {
  (void)s, (void)e;
  return true;
}
