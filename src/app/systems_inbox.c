/* The inbox is asked of each kind of record in one statement, by the condition of the act that is awaited in each of its states and the
 * moment when its first clock is due; rounds by the parties one answers for. Only what is shown is read whole. */
#include "app/systems_inbox.h"

#include <stdlib.h>

#include "app/systems_form.h"
#include "declare/check.h"
#include "engine/flow/lamp.h"
#include "engine/flow/rounds.h"
#include "store/compose.h"
#include "store/store.h"
#include "texts.h"

enum { LOOKED = 200, UNITS_MOST = 64 };
struct waiting { /* a record, or a round of it */
  const struct flow_record *record;
  const struct flow_asking *asking; /* NULL: an act */
  struct str id;
  int64_t due;
  const struct act *act;
  struct flow_row *row;
};
struct gathering {
  struct system_run x;
  struct web_request *rq;
  VEC(struct waiting) found;
  bool counts; /* how many is asked, not which come first: what is found first is taken, and no clock is read */
  bool more;
};

/* ---- whom a state waits for ---- */

static size_t place_of(const struct record *r, struct str state) {
  const struct state *s = part_find(&r->states, state);
  return s ? (size_t)(s - r->states.at) : 0;
}
/* How far an act is from being the one that this state waits for: whether all it leads to are ends, then whether all lie behind, then
 * from how many states it can be done. SIZE_MAX: it does not move the record on. */
static size_t distance(const struct record *r, const struct act *a, struct str state) {
  enum { FORWARD = 1000, OPEN = 1000000 };
  bool moves = false, opens = false, leads_on = false;
  if (!words_have(&a->from, state) || !systems_is_for_people(a)) return SIZE_MAX;
  vec_each(const struct act_case, c, &a->to) {
    const struct state *to = part_find(&r->states, c->state.text);
    if (!to || str_eq(to->head.name.text, state)) continue; /* same, back */
    moves = true;
    opens |= !is_yes(to->end);
    leads_on |= (size_t)(to - r->states.at) > place_of(r, state);
  }
  if (!moves) return SIZE_MAX;
  return (size_t)((opens ? 0 : OPEN) + (leads_on ? 0 : FORWARD)) + a->from.len;
}
const struct act *system_awaited(const struct record *r, struct str state) {
  const struct act *best = NULL;
  size_t least = SIZE_MAX;
  vec_each(const struct act, a, &r->acts) {
    const size_t d = distance(r, a, state);
    if (d < least) best = a, least = d;
  }
  return best;
}
static bool is_narrow(const struct rights_who *w) { return w->kind == RIGHTS_ROLE_AT || w->kind == RIGHTS_SELF_AT; }
/* The act alone, with its narrow terms when it has any; those are said. */
static bool narrow(struct arena *mem, const struct rights_act *of, struct rights_act *out) {
  bool has_narrow = false;
  *out = (struct rights_act){.name = of->name};
  for (size_t i = 0; i < of->who.len; i++) has_narrow |= is_narrow(&of->who.at[i]);
  for (size_t i = 0; i < of->who.len; i++)
    if (!has_narrow || is_narrow(&of->who.at[i])) vec_push(mem, &out->who) = of->who.at[i];
  return has_narrow;
}
static bool condition_of(struct gathering *g, const struct flow_record *r, const struct act *a,
                         struct rights_condition *out, bool *out_narrow) {
  struct arena *mem = g->rq->mem;
  struct rights_view v = *systems_view(&g->x, r);
  struct rights_record record = *v.record;
  struct rights_act act = {0};
  *out_narrow = false;
  vec_each(const struct rights_act, one, &v.record->acts)
    if (str_eq(one->name, a->head.name.text)) *out_narrow = narrow(mem, one, &act);
  record.acts.len = 0;
  record.acts.cap = 0;
  record.acts.at = NULL;
  vec_push(mem, &record.acts) = act;
  v.record = &record;
  rights_compile_act(mem, &v, &who_of(g->rq)->holds, a->head.name.text, out);
  return !out->never;
}

/* ---- asking ---- */

/* Each clock has a name: told so, SQLite goes by the key of the record instead of through all clocks that run. */
static void put_due(const struct gathering *g, struct compose *c, const struct flow_record *r) {
  if (g->counts) return;
  compose_z(c,
            ", COALESCE((SELECT MIN(c.\"due_us\") FROM \"flow_clock\" c WHERE c.\"tenant\" = r.\"tenant\" AND "
            "c.\"record\" = ");
  (void)compose_str(c, r->name);
  compose_z(c, " AND c.\"id\" = r.\"id\" AND c.\"phase\" = ");
  (void)compose_int(c, CLOCK_RUNNING);
  compose_z(c, " AND c.\"clock\" > ");
  (void)compose_str(c, STR(""));
  compose_z(c, "), ");
  (void)compose_int(c, INT64_MAX);
  compose_z(c, ") AS \"due_at\"");
}
/* Few of many cases are open: by their states an index finds them. */
static void put_open(struct compose *c, const struct flow_record *r) {
  bool any = false;
  vec_each(const struct state, s, &r->record->states) {
    if (is_yes(s->end)) continue;
    compose_z(c, any ? ", " : " AND r.\"state\" IN (");
    (void)compose_str(c, s->head.name.text);
    any = true;
  }
  if (any) compose_z(c, ")");
}
static void put_running(struct compose *c, const struct flow_record *r) {
  compose_z(c, " AND EXISTS (SELECT 1 FROM \"flow_clock\" k WHERE k.\"tenant\" = r.\"tenant\" AND k.\"record\" = ");
  (void)compose_str(c, r->name);
  compose_z(c, " AND k.\"id\" = r.\"id\" AND k.\"phase\" = ");
  (void)compose_int(c, CLOCK_RUNNING);
  compose_z(c, " AND k.\"clock\" > ");
  (void)compose_str(c, STR(""));
  compose_z(c, ")");
}
/* False: nothing of this kind can wait for them. */
static bool put_states(struct gathering *g, struct compose *c, const struct flow_record *r) {
  bool any = false;
  vec_each(const struct state, s, &r->record->states) {
    struct rights_condition may;
    bool is_named = false;
    const struct act *a = system_awaited(r->record, s->head.name.text);
    if (!a || is_yes(s->end) || !condition_of(g, r, a, &may, &is_named)) continue;
    compose_z(c, any ? " OR (r.\"state\" = " : " AND ((r.\"state\" = ");
    (void)compose_str(c, s->head.name.text);
    compose_z(c, " AND ");
    compose_condition(c, may.sql, may.values.at, may.values.len);
    if (!is_named) put_running(c, r);
    compose_z(c, ")");
    any = true;
  }
  if (any) compose_z(c, ")");
  return any;
}
static bool take(struct gathering *g, struct store_stmt *s, const struct flow_record *r, struct err *e) {
  bool row = false, ok = s != NULL;
  size_t n = 0;
  while (ok && (ok = store_step(s, &row, e)) && row) {
    vec_push(g->rq->mem, &g->found) = (struct waiting){
        .record = r, .id = store_column_str(s, 0, g->rq->mem), .due = g->counts ? INT64_MAX : store_column_int(s, 1)};
    n++;
  }
  if (s) store_reset(s);
  g->more |= n == LOOKED;
  return ok;
}
static bool gather_records(struct gathering *g, const struct flow_record *r, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(g->rq->mem);
  if (!systems_view(&g->x, r)->grants.len) return true;
  compose_z(&c, "SELECT r.\"id\"");
  put_due(g, &c, r);
  compose_z(&c, " FROM ");
  compose_name(&c, r->table);
  compose_z(&c, " r WHERE r.\"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND r.\"ended\" = ");
  (void)compose_int(&c, 0);
  put_open(&c, r);
  if (!put_states(g, &c, r)) return true;
  compose_z(&c, g->counts ? " LIMIT " : " ORDER BY \"due_at\", r.\"id\" LIMIT ");
  compose_bound(&c, LOOKED);
  return take(g, compose_prepare(&c, g->x.run.session, g->counts ? 1 : 2, e), r, e);
}
/* Parties that they may answer for: themselves and whom they stand in for; of units those where they hold the role. */
static size_t parties_of(struct gathering *g, const struct flow_asking *a, struct str out[UNITS_MOST]) {
  const struct who *w = who_of(g->rq);
  const struct str role = str_fmt(g->rq->mem, STRF "." STRF, STRA(a->record->system->name), STRA(a->round->as.text));
  const bool of_units = a->round->as.text.len > 0;
  size_t n = 0;
  if (!of_units && w->person.len) out[n++] = w->person;
  vec_each(const struct rights_post, p, &w->holds.posts) {
    const struct str one = of_units ? (str_eq(p->role, role) ? p->unit : STR("")) : p->instead_of;
    if (one.len && n < UNITS_MOST) out[n++] = one;
  }
  return n;
}
static bool gather_rounds(struct gathering *g, const struct flow_asking *a, struct err *e) {
  struct str parties[UNITS_MOST];
  const size_t n = parties_of(g, a, parties), from = g->found.len;
  AUTO_COMPOSE c = COMPOSE(g->rq->mem);
  if (!n) return true;
  compose_z(&c, "SELECT p.\"id\", MIN(CASE WHEN p.\"due_us\" > ");
  (void)compose_int(&c, 0);
  compose_z(&c, " THEN p.\"due_us\" ELSE ");
  (void)compose_int(&c, INT64_MAX);
  compose_z(&c,
            " END) FROM \"flow_party\" p JOIN \"flow_round\" x ON x.\"tenant\" = p.\"tenant\" AND x.\"record\" = "
            "p.\"record\" AND x.\"id\" = p.\"id\" AND x.\"round\" = p.\"round\" AND x.\"n\" = p.\"n\" WHERE "
            "p.\"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND p.\"record\" = ");
  (void)compose_str(&c, a->record->name);
  compose_z(&c, " AND p.\"round\" = ");
  (void)compose_str(&c, a->round->head.name.text);
  compose_z(&c, " AND x.\"closed_us\" = ");
  (void)compose_int(&c, 0);
  compose_z(&c, " AND p.\"state\" IN (");
  (void)compose_str(&c, STR("asked"));
  compose_z(&c, ", ");
  (void)compose_str(&c, STR("deputy"));
  compose_z(&c, ") AND p.\"party\" IN (");
  for (size_t i = 0; i < n; i++) compose_z(&c, i ? ", " : ""), (void)compose_str(&c, parties[i]);
  compose_z(&c, ") GROUP BY p.\"id\" ORDER BY 2, 1 LIMIT ");
  compose_bound(&c, LOOKED);
  TRY(take(g, compose_prepare(&c, g->x.run.session, 2, e), a->record, e));
  for (size_t i = from; i < g->found.len; i++) g->found.at[i].asking = a;
  return true;
}
static int by_due(const void *a, const void *b) {
  const struct waiting *x = a, *y = b;
  if (x->due != y->due) return x->due < y->due ? -1 : 1;
  return str_cmp(x->id, y->id);
}
static bool gather(struct gathering *g, struct str system, struct err *e) {
  const struct flow *f = g->x.run.flow;
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct flow_system *s = f->systems.at[i];
    if ((system.len && !str_eq(system, s->name)) || !systems_has_role(&g->x, s)) continue;
    vec_each(const struct flow_record, r, &s->records) {
      TRY(gather_records(g, r, e));
      vec_each(const struct flow_asking, a, &r->rounds) TRY(gather_rounds(g, a, e));
    }
  }
  if (g->found.len) qsort(g->found.at, g->found.len, sizeof *g->found.at, by_due);
  return true;
}

/* ---- can it be done now? ---- */

/* Can they do what is awaited, or else another act that moves it on? */
static bool is_act_open(struct gathering *g, struct waiting *w, bool *out, struct err *e) {
  const struct record *r = w->record->record;
  const struct act *first = system_awaited(r, w->row->state);
  struct flow_can can = {0};
  *out = false;
  if (!first) return true;
  TRY(flow_can_do(&g->x.run, w->record, w->row, first, &can, e));
  w->act = first;
  *out = can.code == ERR_NONE;
  vec_each(const struct act, a, &r->acts) {
    if (*out || a == first || distance(r, a, w->row->state) == SIZE_MAX) continue;
    TRY(flow_can_do(&g->x.run, w->record, w->row, a, &can, e));
    w->act = a;
    *out = can.code == ERR_NONE;
  }
  return true;
}
/* A round is, when it is still theirs to answer. */
static bool is_open(struct gathering *g, struct waiting *w, bool *out, struct err *e) {
  flow_rounds rounds = {0};
  *out = false;
  TRY(flow_row(&g->x.run, w->record, w->id, &w->row, e));
  if (!w->row) return true;
  if (!w->asking) return is_act_open(g, w, out, e);
  TRY(systems_sees(&g->x, w->record, w->id, out, e));
  if (*out) TRY(flow_rounds_of(&g->x.run, w->record, w->id, &rounds, e));
  bool mine = false;
  vec_each(const struct flow_round, r, &rounds) {
    size_t at = SIZE_MAX;
    if (r->asking != w->asking || r->closed_us) continue;
    TRY(flow_round_mine(&g->x.run, r, &at, e));
    mine |= at != SIZE_MAX && r->parties.at[at].state != PARTY_ANSWERED;
  }
  *out = *out && mine;
  return true;
}
/* Of those that were found in the order of their due the first `most` that can be done. */
static bool keep_open(struct gathering *g, size_t most, struct err *e) {
  size_t kept = 0;
  for (size_t i = 0; i < g->found.len; i++) {
    bool is = false;
    if (kept == most) {
      g->more = true;
      break;
    }
    TRY(is_open(g, &g->found.at[i], &is, e));
    if (is) g->found.at[kept++] = g->found.at[i];
  }
  g->found.len = kept;
  return true;
}

/* ---- what is shown ---- */

/* Of the clock that is due first. */
static bool fill_clock(struct gathering *g, const struct waiting *w, struct inbox_row *to, struct err *e) {
  vec_each(const struct clock, c, &w->record->record->clocks) {
    struct clock_reading now;
    TRY(flow_clock_read(&g->x.run, w->record, w->id, c, &now, e));
    if (!now.is_running || now.due != w->due) continue;
    to->is_over = now.is_over;
    to->is_soon = lamp_of(&now, lamp_rules()) == LAMP_AMBER;
    to->left = system_duration_says(g->rq->mem, g->rq->lang, now.left);
    return true;
  }
  return true;
}
static bool fill(struct gathering *g, const struct waiting *w, struct inbox_row *to, struct err *e) {
  struct arena *mem = g->rq->mem;
  const struct flow_record *r = w->record;
  *to = (struct inbox_row){.system = r->system->name,
                           .system_label = r->system->system->label.text,
                           .record = r->record->head.name.text,
                           .id = w->id,
                           .number = w->row->number,
                           .href = system_address(mem, r, w->id, ""),
                           .state = w->row->state,
                           .state_label = flow_state_label(r, w->row->state),
                           .due_us = w->due};
  TRY(system_record_told(&g->x, r, w->id, &to->title, e));
  if (!w->asking) {
    const bool is_only = w->act->from.len == 1; /* the one thing to do there */
    to->act = w->act->head.name.text;
    to->act_label = is_only ? w->act->label.text : page_text(g->rq, MSG_inbox_handle);
    to->act_href = is_only ? str_fmt(mem, STRF "/acts/" STRF, STRA(to->href), STRA(to->act)) : to->href;
    return w->due == INT64_MAX || fill_clock(g, w, to, e);
  }
  to->round = w->asking->round->head.name.text;
  to->act_label = w->asking->round->label.text;
  to->act_href = str_fmt(mem, STRF "#r-" STRF, STRA(to->href), STRA(to->round));
  to->is_over = w->due < g->rq->now_us;
  to->is_soon = !to->is_over && w->due != INT64_MAX && w->due - g->rq->now_us < INT64_C(86400) * SECOND_US;
  return true;
}
static bool open_up(struct web_request *rq, struct store *session, struct str system, size_t most, bool counts,
                    struct gathering *g, struct err *e) {
  *g = (struct gathering){.rq = rq, .counts = counts};
  systems_begin(&g->x, rq, session);
  return gather(g, system, e) && keep_open(g, most, e);
}
bool systems_inbox(struct web_request *rq, struct store *session, struct str system, struct inbox *out, struct err *e) {
  struct gathering g;
  TRY(open_up(rq, session, system, INBOX_ROWS, false, &g, e));
  vec_each(const struct waiting, w, &g.found) TRY(fill(&g, w, &vec_push(rq->mem, &out->rows), e));
  out->more = g.more;
  return true;
}
bool systems_waiting(struct web_request *rq, struct store *session, int *out, bool *out_more, struct err *e) {
  struct gathering g;
  *out = 0;
  *out_more = false;
  if (!who_of(rq) || !can(who_of(rq), "system.see")) return true;
  TRY(open_up(rq, session, STR(""), INBOX_COUNTED, true, &g, e));
  *out = (int)g.found.len;
  *out_more = g.more;
  return true;
}
