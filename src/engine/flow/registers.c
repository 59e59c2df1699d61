/* A record without states is a register: its keepers add to it, change it and end what is in it. Here it is given the two states
 * and the three acts that this means, so that everything behind the load knows only records with states. */
#include "declare/check.h"
#include "engine/flow/load.h"
#include "texts.h"

static struct word word_of(struct str s) { return (struct word){.text = s}; }
static struct word label_of(int msg) { return word_of(msg_template(LANG_ZH, msg)); }

static void add_state(struct arena *mem, struct record *r, const char *name, int label, bool ends) {
  struct state *s = &vec_push(mem, &r->states);
  *s = (struct state){.head.name = word_of(str_of(name)), .label = label_of(label)};
  s->end.which = ends;
}
static struct act *add_act(struct arena *mem, struct record *r, const char *name, int label, const char *from,
                           const char *to) {
  struct act *a = &vec_push(mem, &r->acts);
  *a = (struct act){.head.name = word_of(str_of(name)), .label = label_of(label), .who = r->keepers};
  vec_push(mem, &a->from) = word_of(str_of(from));
  vec_push(mem, &a->to).state = word_of(str_of(to));
  return a;
}
void flow_open_register(struct arena *mem, struct record *r) {
  if (r->states.len) return;
  add_state(mem, r, "kept", MSG_flow_register_kept, false);
  add_state(mem, r, "over", MSG_flow_register_over, true);
  struct act *add = add_act(mem, r, "add", MSG_flow_register_add, "start", "kept");
  vec_each(const struct field, f, &r->fields) {
    if (has_expr(&f->value)) continue;
    vec_push(mem, is_yes(f->need) ? &add->asks : &add->may) = f->head.name;
  }
  struct act *change = add_act(mem, r, "change", MSG_flow_register_change, "kept", "same");
  vec_each(const struct field, f, &r->fields)
    if (!has_expr(&f->value)) vec_push(mem, &change->may) = f->head.name;
  if (is_yes(r->versions)) /* the day from which the change is true */
    vec_push(mem, &change->takes) = (struct named_type){
        .head.name = word_of(FLOW_FROM), .type.type = TYPE_date, .label = label_of(MSG_flow_register_from)};
  (void)add_act(mem, r, "end", MSG_flow_register_end, "kept", "over");
}
