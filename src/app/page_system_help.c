/* The help page of a system, from its declaration alone: what it is for and by what law, each record's states with what leads out of
 * them and who may do it, clocks in words, how long what is kept, and what leaves its compartment. */
#include "app/systems_form.h"
#include "app/views_system_help.h"
#include "declare/check.h"
#include "declare/draw.h"
#include "pages.h"
#include "texts.h"

struct helping {
  struct web_request *rq;
  struct arena *mem;
  const struct flow_system *of;
  const struct system *s;
  struct view_system_help *v;
};
static struct str say(const struct helping *h, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(h->mem, h->rq->lang, msg, &arg, 1);
}
static struct str listed(const struct helping *h, struct str list, struct str one) {
  return page_listed(h->mem, h->rq->lang, list, one);
}
static struct str lasts(const struct helping *h, struct str said) {
  struct duration d;
  struct flow_run run = {.mem = h->mem, .lang = h->rq->lang};
  const struct value v = duration_parse(said, &d) ? value_duration(d) : (struct value){0};
  const struct type t = {.kind = KIND_DURATION};
  struct str out = said;
  struct err quiet = {0};
  if (!value_is_none(&v) && !flow_show(&run, h->of, &t, &v, &out, &quiet)) out = said;
  return out;
}

/* ---- states ---- */

static void fill_state(const struct helping *h, const drawn_states *all, const struct drawn_state *x,
                       struct view_hrecord *to) {
  struct view_hstate *state = &vec_push(h->mem, &to->states);
  *state = (struct view_hstate){.label = x->label, .clocks = x->clocks, .is_end = x->is_end};
  vec_each(const struct drawn_act, a, &x->acts)
    vec_push(h->mem, &state->acts) =
        (struct view_hact){a->label, system_draw_target(h->mem, all, a, h->rq->lang), a->who};
}
/* A register has one state, and nothing to draw. */
static void fill_drawing(const struct helping *h, const drawn_states *all, struct view_hrecord *to) {
  struct drawn_plan plan;
  if (all->len < 2) return;
  system_draw_plan(h->mem, all, &plan);
  to->width = plan.width;
  to->height = plan.height;
  vec_each(const struct drawn_shape, x, &plan.shapes) {
    struct view_hshape *v = &vec_push(h->mem, &to->shapes);
    *v = (struct view_hshape){.x = x->x, .y = x->y, .w = x->w, .h = x->h, .text = x->text};
    v->is_box = x->kind == DRAWN_START || x->kind == DRAWN_BOX || x->kind == DRAWN_END;
    v->is_start = x->kind == DRAWN_START;
    v->is_end = x->kind == DRAWN_END;
    v->is_label = x->kind == DRAWN_LABEL;
    v->is_act = x->kind == DRAWN_ACT;
    v->is_line = x->kind == DRAWN_LINE;
    v->is_head = x->kind == DRAWN_HEAD;
  }
}
static void fill_record(const struct helping *h, const struct record *r) {
  struct view_hrecord *to = &vec_push(h->mem, &h->v->records);
  drawn_states all = {0};
  *to = (struct view_hrecord){.id = str_join(h->mem, STR("r-"), r->head.name.text), .label = r->label.text};
  to->drawn = say(h, MSG_help_drawn, "record", r->label.text);
  if (r->keepers.len)
    to->keepers = say(h, MSG_draw_register, "who", system_draw_who(h->mem, h->s, r, &r->keepers, h->rq->lang));
  system_drawn(h->mem, h->s, r, h->rq->lang, &all);
  vec_each(const struct drawn_state, x, &all) fill_state(h, &all, x, to);
  fill_drawing(h, &all, to);
}

/* ---- roles ---- */

static struct str record_label(const struct helping *h, struct str name) {
  const struct record *r = part_find(&h->s->records, name);
  return r ? r->label.text : name;
}
static void fill_roles(const struct helping *h) {
  static const int scopes[] = {
      [SEES_all] = MSG_help_sees_all,   [SEES_below] = MSG_help_sees_below, [SEES_unit] = MSG_help_sees_unit,
      [SEES_mine] = MSG_help_sees_mine, [SEES_asked] = MSG_help_sees_asked, [SEES_about] = MSG_help_sees_about};
  vec_each(const struct role, r, &h->s->roles) {
    struct str sees = STR(""), at = STR("");
    vec_each(const struct word, w, &r->at)
      at = listed(h, at, page_text_of(h->mem, h->rq->lang, "unit_kind_", str_z(h->mem, w->text)));
    vec_each(const struct sees, x, &r->sees) {
      if (x->scope.which < SEES_all || x->scope.which > SEES_about) continue;
      sees = listed(h, sees, say(h, scopes[x->scope.which], "record", record_label(h, x->head.name.text)));
    }
    vec_push(h->mem, &h->v->roles) = (struct view_hline){r->label.text, sees, at};
  }
}

/* ---- clocks ---- */

/* A limit that is written out is said in words; another one is said to follow from the rules, as it is written. */
static struct str limit_says(const struct helping *h, const struct record *r, const struct clock *k) {
  if (has_expr(&k->until)) {
    const struct field *f = field_find(r, k->until.word.text);
    return say(h, f ? MSG_help_clock_until : MSG_help_clock_rule, "what", f ? f->label.text : k->until.word.text);
  }
  struct duration d;
  const struct str said = k->limit.word.text;
  return duration_parse(said, &d) ? lasts(h, said) : say(h, MSG_help_clock_rule, "what", said);
}
static void fill_clocks(const struct helping *h) {
  vec_each(const struct record, r, &h->s->records)
    vec_each(const struct clock, k, &r->clocks) {
      struct str from = STR("");
      vec_each(const struct word, w, &k->starts) {
        const struct state *state = part_find(&r->states, w->text);
        if (state) from = listed(h, from, state->label.text);
      }
      vec_push(h->mem, &h->v->clocks) = (struct view_hline){
          k->label.text, limit_says(h, r, k), from.len ? say(h, MSG_help_clock_from, "state", from) : from};
    }
}

/* ---- privacy ---- */

static struct str what_kept(const struct helping *h, struct str name) {
  struct str record = name, field = STR("");
  (void)str_cut(name, STR("."), &record, &field);
  const struct record *r = part_find(&h->s->records, record);
  const struct field *f = r && field.len ? field_find(r, field) : NULL;
  return f ? str_fmt(h->mem, STRF " · " STRF, STRA(r->label.text), STRA(f->label.text)) : record_label(h, record);
}
static void fill_privacy(const struct helping *h) {
  const struct privacy *p = h->s->privacy;
  if (!p) return;
  vec_each(const struct keep, k, &p->keep) {
    const struct str how = page_text(h->rq, k->then.which == 2 ? MSG_help_keep_archive : MSG_help_keep_delete);
    vec_push(h->mem, &h->v->keeps) = (struct view_hline){what_kept(h, k->head.name.text), lasts(h, k->for_.text), how};
  }
  vec_each(const struct release, x, &p->releases)
    vec_push(h->mem, &h->v->releases) = (struct view_hline){x->from.text, x->why.text, x->to.text};
  vec_each(const struct opening, x, &p->openings)
    vec_push(h->mem, &h->v->openings) =
        (struct view_hline){x->label.text, system_draw_who(h->mem, h->s, NULL, &x->who, h->rq->lang),
                            x->keys.n > 1 ? page_text(h->rq, MSG_help_two_keys) : STR("")};
  vec_each(const struct word, w, &p->never)
    h->v->never = listed(h, h->v->never, page_text_of(h->mem, h->rq->lang, "help_never_", str_z(h->mem, w->text)));
}

/* ---- the page ---- */

static void put_record(struct json_out *j, const struct view_hrecord *r) {
  json_open(j, NULL, '{');
  json_str(j, "label", r->label);
  json_open(j, "states", '[');
  vec_each(const struct view_hstate, s, &r->states) {
    json_open(j, NULL, '{');
    json_str(j, "label", s->label);
    json_open(j, "acts", '[');
    vec_each(const struct view_hact, a, &s->acts) {
      json_open(j, NULL, '{');
      json_str(j, "label", a->label);
      json_str(j, "to", a->to);
      json_str(j, "who", a->who);
      json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
static void help_json(const struct view_system_help *v, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "system", v->system);
  json_str(j, "summary", v->summary);
  json_open(j, "basis", '[');
  vec_each(const struct str, b, &v->basis) json_str(j, NULL, *b);
  json_close(j, ']');
  json_open(j, "records", '[');
  vec_each(const struct view_hrecord, r, &v->records) put_record(j, r);
  json_close(j, ']');
  views_help_lines(j, "roles", &v->roles);
  views_help_lines(j, "clocks", &v->clocks);
  views_help_lines(j, "keeps", &v->keeps);
  views_help_lines(j, "releases", &v->releases);
  views_help_lines(j, "openings", &v->openings);
  json_close(j, '}');
  json_close(j, '}');
}
static bool show_help(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_help v = {.lang = rq->lang, .title = page_text(rq, MSG_systems_help)};
  struct system_place at;
  TRY(systems_place(rq, &at, e));
  const struct helping h = {rq, rq->mem, at.system, at.system->system, &v};
  v.system = h.s->label.text;
  v.system_href = str_fmt(rq->mem, "/s/" STRF, STRA(at.system->name));
  v.summary = h.s->summary.text;
  vec_each(const struct word, w, &h.s->basis) vec_push(rq->mem, &v.basis) = w->text;
  vec_each(const struct record, r, &h.s->records) fill_record(&h, r);
  fill_roles(&h);
  fill_clocks(&h);
  fill_privacy(&h);
  if (rq->json) {
    help_json(&v, rs);
    return true;
  }
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  v.f.back = v.system_href;
  page_system_help(&rs->body, &v);
  return true;
}

const struct route page_system_help_routes[] = {
    {GET, "/s/{system}/help", "system.see", show_help, "a system explained from its declaration", .query = NULL},
    {0},
};
