/* Whose figures somebody may read: a role that sees records of all units, of its unit and those below, or of its unit alone, reads
 * the figures of these units. Roles that see single records (one's own, those one was asked about) read no figures. */
#include "app/measures_ask.h"
#include "sql.h"

static void add_grants(struct system_run *x, const struct flow_record *r, struct measures_reach *out) {
  const struct rights_view *v = systems_view(x, r);
  vec_each(const struct rights_grant, g, &v->grants)
    for (size_t i = 0; i < g->posts.len; i++) {
      const struct str seat = rights_seat(v->record, &x->who->holds, g->posts.at[i]);
      out->all |= g->sees->word == RIGHTS_all;
      if (g->sees->word == RIGHTS_below) vec_push(x->run.mem, &out->below) = seat;
      if (g->sees->word == RIGHTS_unit) vec_push(x->run.mem, &out->exact) = seat;
    }
}
static bool is_free(const struct system_run *x) { return !x->who || x->who->is_program; }
static void reach_of(struct system_run *x, const struct flow_record *r, struct measures_reach *out) {
  *out = (struct measures_reach){.all = is_free(x)};
  if (!is_free(x)) add_grants(x, r, out);
}
void measures_reach(struct system_run *x, const struct flow_measure *m, struct measures_reach *out) {
  *out = (struct measures_reach){.all = true};
  if (m->record) {
    reach_of(x, m->record, out);
    return;
  }
  for (size_t i = 0; i < m->parts.len; i++) { /* the narrowest of them; each is asked when it is read */
    struct measures_reach one;
    reach_of(x, m->parts.at[i]->record, &one);
    if (!one.all || i == 0) *out = one;
  }
}
static bool is_in(const struct str *list, size_t n, struct str unit) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i], unit)) return true;
  return false;
}
static bool reaches(struct system_run *x, const struct measures_reach *r, struct str unit, bool *out, struct err *e) {
  struct sql_rights_places_rows above = {0};
  *out = r->all || is_in(r->exact.at, r->exact.len, unit);
  if (*out || !unit.len || !r->below.len) return true;
  TRY(sql_rights_places(x->run.session, x->run.mem, &(struct sql_rights_places_in){STORE_TENANT, unit}, SIZE_MAX,
                        &above, e));
  vec_each(const struct sql_rights_places, p, &above) *out |= is_in(r->below.at, r->below.len, p->unit);
  return true;
}
bool measures_may(struct system_run *x, const struct flow_measure *m, struct str unit, bool *out, struct err *e) {
  *out = true;
  for (size_t i = 0; *out && i < (m->record ? 1 : m->parts.len); i++) {
    struct measures_reach r;
    reach_of(x, m->record ? m->record : m->parts.at[i]->record, &r);
    TRY(reaches(x, &r, unit, out, e));
  }
  return true;
}
bool measures_home(struct system_run *x, const struct flow_system *s, struct str *out) {
  bool any = false;
  *out = (struct str){0};
  vec_each(const struct flow_measure, m, &s->measures) {
    struct measures_reach r;
    measures_reach(x, m, &r);
    if (r.all) return *out = (struct str){0}, true;
    if (any || !(r.below.len || r.exact.len)) continue;
    *out = r.below.len ? r.below.at[0] : r.exact.at[0];
    any = true;
  }
  return any;
}
