/* The decision, in one place (who.h): what the posts of today hold, and on which rows. Rows are judged by engine/rights,
 * acts by rules/roles.yaml; both are one model here. */
#include <pthread.h>

#include "app/page.h"
#include "app/systems_start.h"
#include "app/who.h"
#include "base/embed.h"
#include "base/must.h"
#include "texts.h"

/* ---- the model: the mistake in it is a mistake of the program, found by the tests ---- */

enum { RECORDS_MAX = 8 };
struct kept {
  struct arena mem;
  struct rights_model model;
};
static pthread_once_t once = PTHREAD_ONCE_INIT; /* house: allow mutable - the model is read once */
static struct kept kept;                        /* house: allow mutable - and constant from then on */

/* Whose role may do the act: those of rules/roles.yaml. */
static struct rights_act act_of(const struct act_rule *rule) {
  struct rights_act act = {.name = rule->name};
  vec_each(const struct role_rule, role, &roles_known()->roles) {
    if (!role_may(role, rule->name)) continue;
    must(rights_role(&kept.model, role->name));
    vec_push(&kept.mem, &act.who) = (struct rights_who){.kind = RIGHTS_ROLE, .role = role->name};
  }
  return act;
}
static void read_model(void) {
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/rights/kernel.yaml"));
  must(f && rights_read(&kept.mem, str_of(f->path), f->bytes, &kept.model, &e));
  must(kept.model.records.len <= RECORDS_MAX);
  vec_each(const struct act_rule, rule, &roles_known()->acts) {
    vec_each(const struct str, on, &rule->on) {
      must(rights_record(&kept.model, *on));
      vec_each(struct rights_record, rec, &kept.model.records)
        if (str_eq(rec->name, *on)) vec_push(&kept.mem, &rec->acts) = act_of(rule);
    }
  }
}
const struct rights_model *who_model(void) {
  must(pthread_once(&once, read_model) == 0);
  return &kept.model;
}

/* ---- who asks ---- */

struct who_views {
  struct arena *mem;
  bool made[RECORDS_MAX];
  struct rights_view at[RECORDS_MAX];
};
const struct who who_program = {.is_program = true};

bool who_load(struct store *s, struct arena *mem, int64_t now_us, struct who *w, struct err *e) {
  const struct rights_model *m = who_model();
  w->views = arena_new(mem, struct who_views);
  w->views->mem = mem;
  if (!w->admin.len) return !w->person.len || rights_person_load(s, mem, m, w->person, now_us, &w->holds, e);
  w->holds = (struct rights_person){.id = w->person.len ? w->person : w->admin, .today = rights_day(mem, now_us)};
  vec_push(mem, &w->holds.posts) = (struct rights_post){.role = w->admin}; /* and no other role */
  return true;
}
const struct rights_view *who_view(const struct who *w, const struct rights_record *record) {
  const struct rights_model *m = who_model();
  struct who_views *v = w->views;
  const size_t i = (size_t)(record - m->records.at);
  if (!v->made[i]) rights_compile(v->mem, m, record, &w->holds, &v->at[i]);
  v->made[i] = true;
  return &v->at[i];
}

static struct str post_says(struct arena *mem, const struct who *w, enum lang lang, const struct rights_post *p) {
  const struct role_rule *role = roles_role(roles_known(), p->role, false);
  const struct msg_arg args[] = {{"role", role ? role->label[lang] : systems_role_label(w->systems, p->role)},
                                 {"unit", p->unit_name}};
  return msg_text(mem, lang, MSG_who_post, args, COUNT_OF(args));
}
struct str who_roles(struct arena *mem, const struct who *w, enum lang lang) {
  const struct roles *r = roles_known();
  if (w->admin.len) {
    const struct role_rule *role = roles_role(r, w->admin, true);
    return role ? role->label[lang] : w->admin;
  }
  enum { POSTS_SAID = 2 };
  const size_t n = w->holds.posts.len;
  struct str all = STR("");
  size_t said = 0;
  for (int of_systems = 0; of_systems < 2; of_systems++) /* what somebody is in the office comes first */
    vec_each(const struct rights_post, p, &w->holds.posts)
      if ((roles_role(r, p->role, false) == NULL) == of_systems && said++ < POSTS_SAID)
        all = page_listed(mem, lang, all, post_says(mem, w, lang, p));
  const struct msg_arg arg = {"n", str_int(mem, (int64_t)n)};
  return n <= POSTS_SAID ? all : str_join(mem, all, msg_text(mem, lang, MSG_who_posts_more, &arg, 1));
}

/* ---- an act at all ---- */

static bool has_scope(const struct who *w, struct str act);
static bool has_role(const struct who *w, struct str act);
/* Acts that no role of rules/roles.yaml holds: they are about having signed in at all, or a package decides. True when the act is
 * one of them. */
static bool outside_roles(const struct who *w, struct str act, bool *out_may) {
  const bool is_person = w && !w->scopes.len;
  if (str_eqz(act, "system.see") || str_eqz(act, "system.act")) {
    *out_may = w && !w->must_change && w->holds.posts.len && !w->admin.len && has_scope(w, act);
    return true;
  }
  if (str_eqz(act, "search.see")) {
    const bool has_any = w && w->holds.posts.len && (!w->admin.len || has_role(w, STR("unit.see")));
    *out_may = has_any && !w->must_change && has_scope(w, act);
    return true;
  }
  if (str_eqz(act, "open")) *out_may = true;
  else if (str_eqz(act, "leave") || str_eqz(act, "self.password")) *out_may = is_person;
  else if (str_eqz(act, "self")) *out_may = is_person && !w->must_change;
  else return false;
  return true;
}
static bool has_role(const struct who *w, struct str act) {
  vec_each(const struct rights_post, p, &w->holds.posts) {
    const struct role_rule *role = roles_role(roles_known(), p->role, w->admin.len > 0);
    if (role && role_may(role, act)) return true;
  }
  return false;
}
static bool has_word(struct str words, struct str word) {
  while (words.len) {
    struct str one = words, rest = {0};
    if (!str_cut(words, STR(" "), &one, &rest)) one = words, rest = (struct str){0};
    if (str_eq(one, word)) return true;
    words = rest;
  }
  return false;
}
static bool is_to_see(struct str act) { return str_ends(act, STR(".see")); }
/* A program's token may less than its owner: to see, everything, or acts by name. */
static bool has_scope(const struct who *w, struct str act) {
  if (!w->scopes.len || has_word(w->scopes, STR("act")) || has_word(w->scopes, act)) return true;
  return has_word(w->scopes, STR("read")) && is_to_see(act);
}
static bool refuse(const struct who *w, enum lang lang, struct str act, int msg, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct act_rule *rule = roles_act(roles_known(), act);
  if (w->must_change) return fail(e, ERR_FORBIDDEN, MSG_may_change_first);
  const struct str roles = who_roles(&mem, w, lang);
  (void)fail(e, ERR_FORBIDDEN, msg, "act", rule ? rule->label[lang] : act, "roles",
             roles.len ? roles : msg_text(&mem, lang, MSG_who_no_post, NULL, 0));
  return err_hint(e, MSG_may_not_hint);
}
static bool may_at_all(const struct who *w, enum lang lang, struct str act, struct err *e) {
  bool ok = false;
  const bool outside = outside_roles(w, act, &ok);
  if (outside && ok) return true;
  if (!w) return fail(e, ERR_SIGN_IN, MSG_may_sign_in);
  if (!outside && !w->must_change && has_role(w, act) && has_scope(w, act)) return true;
  return refuse(w, lang, act, w->scopes.len ? MSG_may_not_token : MSG_may_not, e);
}

/* ---- on a thing ---- */

static bool is_of(const struct rights_record *rec, const char *table) { return str_eqz(rec->table, table); }
/* act empty: is it seen? Else: is it seen by a role that holds the act? */
static bool holds_on(const struct who *w, struct str act, const struct object *on, bool *out_is, struct err *e) {
  *out_is = false;
  vec_each(const struct rights_record, rec, &who_model()->records) {
    struct rights_condition may_act;
    if (!is_of(rec, on->table) || *out_is) continue;
    const struct rights_view *v = who_view(w, rec);
    if (act.len) rights_compile_act(w->views->mem, v, &w->holds, act, &may_act);
    TRY(rights_check(on->at, w->views->mem, rec, act.len ? &may_act : &v->seen, on->id, out_is, e));
  }
  return true;
}
bool may(const struct who *w, enum lang lang, struct str act, const struct object *on, struct err *e) {
  bool is = false;
  if (w && w->is_program) return true;
  if (!w && on) return fail(e, ERR_NOT_FOUND, on->absent);
  if (act.len) TRY(may_at_all(w, lang, act, e));
  if (!on) return true;
  const bool to_see = !act.len || is_to_see(act);
  if (!to_see) TRY(holds_on(w, act, on, &is, e));
  if (is) return true;
  TRY(holds_on(w, STR(""), on, &is, e));
  if (!is) return fail(e, ERR_NOT_FOUND, on->absent);
  return to_see || refuse(w, lang, act, MSG_may_not_here, e);
}
bool can(const struct who *w, const char *act) {
  struct err ignored = {0};
  return may(w, LANG_ZH, str_of(act), NULL, &ignored);
}
bool can_on(const struct who *w, const char *act, const struct object *on, bool *out_may, struct err *e) {
  struct err why = {0};
  *out_may = may(w, LANG_ZH, str_of(act), on, &why);
  if (*out_may || why.code == ERR_FORBIDDEN || why.code == ERR_NOT_FOUND || why.code == ERR_SIGN_IN) return true;
  *e = why;
  return false;
}

/* ---- many ---- */

/* act empty: which are seen. */
static bool filter(const struct who *w, struct store *s, struct str act, const char *table, const struct str *ids,
                   size_t n, bool *out_in, struct err *e) {
  for (size_t i = 0; i < n; i++) out_in[i] = w->is_program;
  if (w->is_program) return true;
  bool *one = arena_new_n(w->views->mem, bool, RIGHTS_FILTER_MAX);
  vec_each(const struct rights_record, rec, &who_model()->records) {
    struct rights_condition may_act;
    if (!is_of(rec, table)) continue;
    const struct rights_view *v = who_view(w, rec);
    if (act.len) rights_compile_act(w->views->mem, v, &w->holds, act, &may_act);
    const struct rights_condition *seen = act.len ? &may_act : &v->seen;
    for (size_t from = 0; from < n; from += RIGHTS_FILTER_MAX) {
      const size_t count = n - from < RIGHTS_FILTER_MAX ? n - from : RIGHTS_FILTER_MAX;
      TRY(rights_filter(s, w->views->mem, rec, seen, ids + from, count, one, e));
      for (size_t i = 0; i < count; i++) out_in[from + i] |= one[i];
    }
  }
  return true;
}
bool who_filter(const struct who *w, struct store *s, const char *table, const struct str *ids, size_t n, bool *out_in,
                struct err *e) {
  return filter(w, s, STR(""), table, ids, n, out_in, e);
}
bool who_filter_act(const struct who *w, struct store *s, const char *act, const char *table, const struct str *ids,
                    size_t n, bool *out_in, struct err *e) {
  for (size_t i = 0; i < n; i++) out_in[i] = false;
  return !can(w, act) || filter(w, s, str_of(act), table, ids, n, out_in, e);
}
/* Classes above inner are each shown to fewer than the one before; of a record without any of the fields nothing is. */
static const struct rights_condition *readable(const struct rights_view *v, const char *const *fields) {
  int highest = -1;
  for (; *fields; fields++) {
    const struct rights_field *f = rights_field(v->record, str_of(*fields));
    if (f && (int)f->class > highest) highest = (int)f->class;
  }
  return highest < 0 ? NULL : &v->class[highest];
}
void who_condition(const struct who *w, const char *table, const char *const *fields, struct rights_condition *out) {
  *out = (struct rights_condition){.sql = STR("1 = 0"), .never = true};
  if (w->is_program) *out = (struct rights_condition){.sql = STR("1 = 1"), .always = true};
  vec_each(const struct rights_record, rec, &who_model()->records) {
    if (!is_of(rec, table) || out->always) continue;
    const struct rights_condition *seen = readable(who_view(w, rec), fields);
    if (!seen || seen->never) continue;
    const bool first = out->never || seen->always;
    if (first) out->values.len = 0;
    out->sql = first ? str_fmt(w->views->mem, "(" STRF ")", STRA(seen->sql))
                     : str_fmt(w->views->mem, STRF " OR (" STRF ")", STRA(out->sql), STRA(seen->sql));
    vec_each(const struct str, x, &seen->values) vec_push(w->views->mem, &out->values) = *x;
    out->never = false;
    out->always = seen->always;
  }
}
size_t who_seats(const struct who *w, struct str act, const char *table, struct str *out) {
  size_t n = 0;
  const struct rights_record *of = NULL;
  vec_each(const struct rights_record, rec, &who_model()->records)
    if (!of && is_of(rec, table)) of = rec;
  vec_each(const struct rights_post, p, &w->holds.posts) {
    const struct role_rule *role = roles_role(roles_known(), p->role, w->admin.len > 0);
    const struct str seat = rights_seat(of, &w->holds, p);
    bool known = !seat.len || !role || !role_may(role, act) || n == RIGHTS_POSTS_MAX;
    for (size_t i = 0; i < n; i++) known |= str_eq(out[i], seat);
    if (!known) out[n++] = seat;
  }
  return n;
}
void who_alike(const struct who *w, const char *table, const char *column, struct rights_condition *out) {
  *out = (struct rights_condition){.sql = STR("1 = 0"), .never = true};
  if (w->is_program) return;
  vec_each(const struct rights_record, rec, &who_model()->records)
    if (is_of(rec, table) && out->never)
      rights_compile_alike(w->views->mem, who_view(w, rec), &w->holds, str_of(column), out);
}
void who_ids(const struct who *w, const char *table, int most, struct rights_condition *out) {
  *out = (struct rights_condition){.never = true};
  vec_each(const struct rights_record, rec, &who_model()->records) {
    struct rights_condition one;
    if (w->is_program || !is_of(rec, table)) continue;
    const struct rights_view *v = who_view(w, rec);
    rights_compile_ids(w->views->mem, v, most, &one);
    if (v->seen.always) out->always = true;
    if (one.never) continue;
    out->sql = out->never ? one.sql : str_fmt(w->views->mem, STRF " UNION ALL " STRF, STRA(out->sql), STRA(one.sql));
    vec_each(const struct str, x, &one.values) vec_push(w->views->mem, &out->values) = *x;
    out->never = false;
  }
  out->never |= out->always;
}
bool who_reads(const struct who *w, struct store *s, const char *table, struct str id, const char *field,
               struct str purpose, bool *out_may, struct err *e) {
  *out_may = w->is_program;
  vec_each(const struct rights_record, rec, &who_model()->records) {
    struct rights_person stated = w->holds;
    struct rights_view v;
    if (!is_of(rec, table) || *out_may || !rights_field(rec, str_of(field))) continue;
    stated.purpose = purpose;
    if (purpose.len) rights_compile(w->views->mem, who_model(), rec, &stated, &v);
    else v = *who_view(w, rec);
    TRY(rights_check(s, w->views->mem, rec, &v.class[rights_class_of(rec, str_of(field))], id, out_may, e));
  }
  return true;
}
