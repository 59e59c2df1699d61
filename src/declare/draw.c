/* Each state with the acts that leave it, where they lead and who does them. A flow of boxes and arrows crosses itself from
 * the sixth state on; a list by states stays readable, and a reader follows it with a finger. */
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
static struct str state_label(const struct drawing *d, struct str name) {
  if (str_eqz(name, "same")) return msg_template(d->lang, MSG_draw_same);
  vec_each(const struct state, x, &d->r->states)
    if (str_eq(x->head.name.text, name)) return x->label.text;
  return name;
}
static struct str states_back(const struct drawing *d, const struct act *a) {
  struct str all = {0};
  vec_each(const struct word, x, &a->back) add_word(d, &all, state_label(d, x->text));
  return str_fmt(d->mem, STRF " " STRF, STRA(msg_template(d->lang, MSG_draw_back)), STRA(all));
}
static struct str clocks_of(const struct drawing *d, struct str state) {
  struct str all = {0};
  vec_each(const struct clock, c, &d->r->clocks)
    vec_each(const struct word, x, &c->starts)
      if (str_eq(x->text, state)) add_word(d, &all, c->label.text);
  return all.len ? str_fmt(d->mem, "  (" STRF ")", STRA(one_hole(d, MSG_draw_clocks, "names", all))) : all;
}

/* ---- lines ---- */

static int cells(struct str s) {
  int n = 0;
  for (size_t i = 0; i < s.len;) n += utf8_next(s, &i) >= 0x2E80 ? 2 : 1;
  return n;
}
static void put_with_who(const struct drawing *d, struct str line, const struct act *a) {
  const int gap = WHO_COLUMN - cells(line);
  buf_fmt(d->out, STRF "%*s" STRF "\n", STRA(line), gap > 2 ? gap : 2, "", STRA(who_of(d, &a->who)));
}
static void put_cases(const struct drawing *d, const struct act *a, bool last) {
  for (size_t i = 0; i < a->to.len; i++) {
    const struct act_case *c = &a->to.at[i];
    const struct str when = has_expr(&c->when) ? c->when.word.text : msg_template(d->lang, MSG_draw_else);
    buf_fmt(d->out, "  %s    %s " STRF " → " STRF "\n", last ? " " : "│", i + 1 < a->to.len ? "├" : "└", STRA(when),
            STRA(state_label(d, c->state.text)));
  }
}
static void put_act(const struct drawing *d, const struct act *a, bool last) {
  const char *branch = last ? "└─" : "├─";
  if (a->to.len > 1) {
    put_with_who(d, str_fmt(d->mem, "  %s " STRF, branch, STRA(a->label.text)), a);
    put_cases(d, a, last);
    return;
  }
  const struct str to = a->to.len ? a->to.at[0].state.text : STR("same");
  const struct str where = str_eqz(to, "back") ? states_back(d, a) : state_label(d, to);
  put_with_who(d, str_fmt(d->mem, "  %s " STRF " → " STRF, branch, STRA(a->label.text), STRA(where)), a);
}
static bool is_from(const struct act *a, struct str state) {
  vec_each(const struct word, x, &a->from)
    if (str_eq(x->text, state)) return true;
  return false;
}
static void put_acts(const struct drawing *d, struct str state) {
  const struct act *last = NULL;
  vec_each(const struct act, a, &d->r->acts)
    if (is_from(a, state)) last = a;
  vec_each(const struct act, a, &d->r->acts)
    if (is_from(a, state)) put_act(d, a, a == last);
}

struct str system_draw_who(struct arena *mem, const struct system *s, const struct record *r, const words *who,
                           enum lang lang) {
  const struct drawing d = {.mem = mem, .s = s, .r = r, .lang = lang};
  return who_of(&d, who);
}
struct str system_draw_target(struct arena *mem, const struct record *r, const struct act *a, enum lang lang) {
  const struct drawing d = {.mem = mem, .r = r, .lang = lang};
  struct str all = {0};
  vec_each(const struct act_case, c, &a->to) {
    const struct str to = c->state.text;
    add_word(&d, &all, str_eqz(to, "back") ? states_back(&d, a) : state_label(&d, to));
  }
  return all.len ? all : msg_template(lang, MSG_draw_same);
}
void system_draw(const struct system *s, const struct record *r, enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct drawing d = {&mem, s, r, lang, out};
  buf_fmt(out, STRF "  " STRF "\n", STRA(r->label.text), STRA(r->head.name.text));
  if (!r->states.len) {
    buf_fmt(out, "  " STRF "\n", STRA(one_hole(&d, MSG_draw_register, "who", who_of(&d, &r->keepers))));
    return;
  }
  buf_fmt(out, "\n○ " STRF STRF "\n", STRA(msg_template(lang, MSG_draw_start)), STRA(clocks_of(&d, STR("start"))));
  put_acts(&d, STR("start"));
  vec_each(const struct state, x, &r->states) {
    const struct str name = x->head.name.text;
    buf_fmt(out, "\n%s " STRF "  " STRF STRF "\n", x->end.which == 1 ? "◉" : "●", STRA(x->label.text), STRA(name),
            STRA(clocks_of(&d, name)));
    put_acts(&d, name);
  }
}
