/* Each state with the acts that leave it, where they lead and who does them: read from the declaration, and as lines. In a terminal a flow
 * of boxes and arrows crosses itself from the sixth state on; a list by states stays readable, and a reader follows it with a finger. */
#include "declare/draw.h"

#include "base/utf8.h"
#include "texts.h"

enum { WHO_COLUMN = 44 };
struct drawing {
  struct arena *mem;
  const struct system *s;
  const struct record *r;
  enum lang lang;
  struct buf *out;
};

/* ---- words ---- */

static struct str one_hole(const struct drawing *d, int msg, const char *hole, struct str value) {
  return msg_text(d->mem, d->lang, msg, &(struct msg_arg){hole, value}, 1);
}
static void add_word(const struct drawing *d, struct str *list, struct str word) {
  *list = list->len ? str_fmt(d->mem, STRF "%s" STRF, STRA(*list), d->lang == LANG_ZH ? "、" : ", ", STRA(word)) : word;
}
static struct str field_label(const struct drawing *d, struct str name) {
  for (size_t i = 0; d->r && i < d->r->fields.len; i++)
    if (str_eq(d->r->fields.at[i].head.name.text, name)) return d->r->fields.at[i].label.text;
  return name;
}
static struct str role_label(const struct drawing *d, struct str name) {
  static const struct {
    const char *word;
    int msg;
  } known[] = {{"creator", MSG_draw_creator},
               {"public", MSG_draw_public},
               {"clock", MSG_draw_clock},
               {"system", MSG_draw_system}};
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (str_eqz(name, known[i].word)) return msg_template(d->lang, known[i].msg);
  vec_each(const struct role, x, &d->s->roles)
    if (str_eq(x->head.name.text, name)) return x->label.text;
  return name;
}
static struct str who_of(const struct drawing *d, const words *who) {
  struct str all = {0}, role, field;
  vec_each(const struct word, x, who) {
    struct str one = role_label(d, x->text);
    if (str_cut(x->text, STR("@"), &role, &field)) {
      const struct str at = field_label(d, field);
      const bool self = str_eqz(role, "self");
      one = self ? one_hole(d, MSG_draw_self, "field", at)
                 : str_fmt(d->mem, STRF "@" STRF, STRA(role_label(d, role)), STRA(at));
    }
    add_word(d, &all, one);
  }
  return all;
}
static struct str clocks_of(const struct drawing *d, struct str state) {
  struct str all = {0};
  vec_each(const struct clock, c, &d->r->clocks)
    vec_each(const struct word, x, &c->starts)
      if (str_eq(x->text, state)) add_word(d, &all, c->label.text);
  return all.len ? one_hole(d, MSG_draw_clocks, "names", all) : all;
}
struct str system_draw_who(struct arena *mem, const struct system *s, const struct record *r, const words *who,
                           enum lang lang) {
  const struct drawing d = {.mem = mem, .s = s, .r = r, .lang = lang};
  return who_of(&d, who);
}
static struct str state_label(const struct drawing *d, const drawn_states *all, size_t state) {
  return state == DRAWN_SAME ? msg_template(d->lang, MSG_draw_same) : all->at[state].label;
}
struct str system_draw_target(struct arena *mem, const drawn_states *all, const struct drawn_act *a, enum lang lang) {
  const struct drawing d = {.mem = mem, .lang = lang};
  struct str list = {0};
  vec_each(const struct drawn_case, c, &a->cases) add_word(&d, &list, state_label(&d, all, c->state));
  return a->is_back ? str_fmt(mem, STRF " " STRF, STRA(msg_template(lang, MSG_draw_back)), STRA(list)) : list;
}

/* ---- what is drawn ---- */

static size_t state_at(const drawn_states *all, struct str name) {
  for (size_t i = 1; i < all->len; i++)
    if (str_eq(all->at[i].name, name)) return i;
  return DRAWN_SAME;
}
static void read_act(const struct drawing *d, const drawn_states *all, const struct act *a, struct drawn_act *to) {
  *to = (struct drawn_act){.label = a->label.text, .who = who_of(d, &a->who)};
  to->is_back = a->to.len == 1 && str_eqz(a->to.at[0].state.text, "back");
  for (size_t i = 0; to->is_back && i < a->back.len; i++)
    vec_push(d->mem, &to->cases) = (struct drawn_case){.state = state_at(all, a->back.at[i].text)};
  for (size_t i = 0; !to->is_back && i < a->to.len; i++) {
    const struct act_case *c = &a->to.at[i];
    struct str when = has_expr(&c->when) ? c->when.word.text : msg_template(d->lang, MSG_draw_else);
    if (a->to.len == 1) when = (struct str){0};
    vec_push(d->mem, &to->cases) = (struct drawn_case){when, state_at(all, c->state.text)};
  }
  if (!to->cases.len) vec_push(d->mem, &to->cases) = (struct drawn_case){.state = DRAWN_SAME};
}
static bool is_from(const struct act *a, struct str state) {
  vec_each(const struct word, x, &a->from)
    if (str_eq(x->text, state)) return true;
  return false;
}
void system_drawn(struct arena *mem, const struct system *s, const struct record *r, enum lang lang,
                  drawn_states *out) {
  const struct drawing d = {.mem = mem, .s = s, .r = r, .lang = lang};
  vec_push(mem, out) = (struct drawn_state){.name = STR("start"), .label = msg_template(lang, MSG_draw_start)};
  vec_each(const struct state, x, &r->states)
    vec_push(mem, out) =
        (struct drawn_state){.name = x->head.name.text, .label = x->label.text, .is_end = x->end.which == 1};
  vec_each(struct drawn_state, x, out) {
    x->clocks = clocks_of(&d, x->name);
    vec_each(const struct act, a, &r->acts)
      if (is_from(a, x->name)) read_act(&d, out, a, &vec_push(mem, &x->acts));
  }
}

/* ---- lines ---- */

int system_draw_cells(struct str s) {
  int n = 0;
  for (size_t i = 0; i < s.len;) n += utf8_next(s, &i) >= 0x2E80 ? 2 : 1;
  return n;
}
static void put_with_who(const struct drawing *d, struct str line, struct str who) {
  const int gap = WHO_COLUMN - system_draw_cells(line);
  buf_fmt(d->out, STRF "%*s" STRF "\n", STRA(line), gap > 2 ? gap : 2, "", STRA(who));
}
static void put_act(const struct drawing *d, const drawn_states *all, const struct drawn_act *a, bool last) {
  const char *branch = last ? "└─" : "├─";
  const bool has_cases = !a->is_back && a->cases.len > 1;
  struct str line = str_fmt(d->mem, "  %s " STRF, branch, STRA(a->label));
  if (!has_cases)
    line = str_fmt(d->mem, STRF " → " STRF, STRA(line), STRA(system_draw_target(d->mem, all, a, d->lang)));
  put_with_who(d, line, a->who);
  for (size_t i = 0; has_cases && i < a->cases.len; i++)
    buf_fmt(d->out, "  %s    %s " STRF " → " STRF "\n", last ? " " : "│", i + 1 < a->cases.len ? "├" : "└",
            STRA(a->cases.at[i].when), STRA(state_label(d, all, a->cases.at[i].state)));
}
void system_draw(const struct system *s, const struct record *r, enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct drawing d = {&mem, s, r, lang, out};
  drawn_states all = {0};
  buf_fmt(out, STRF "  " STRF "\n", STRA(r->label.text), STRA(r->head.name.text));
  if (!r->states.len) {
    buf_fmt(out, "  " STRF "\n", STRA(one_hole(&d, MSG_draw_register, "who", who_of(&d, &r->keepers))));
    return;
  }
  system_drawn(&mem, s, r, lang, &all);
  for (size_t i = 0; i < all.len; i++) {
    const struct drawn_state *x = &all.at[i];
    buf_fmt(out, "\n%s " STRF, !i ? "○" : x->is_end ? "◉" : "●", STRA(x->label));
    if (i) buf_fmt(out, "  " STRF, STRA(x->name));
    if (x->clocks.len) buf_fmt(out, "  (" STRF ")", STRA(x->clocks));
    buf_byte(out, '\n');
    for (size_t k = 0; k < x->acts.len; k++) put_act(&d, &all, &x->acts.at[k], k + 1 == x->acts.len);
  }
}
