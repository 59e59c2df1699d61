/* Packages from the program or a folder become what can be run, once, at the start; a run belongs to one request. The engine
 * asks back here who may act and how people are told: the same condition decides what a list shows and what may be done. */
#include "app/systems_form.h"
#include "app/systems_list.h"

#include "app/notices.h"
#include "app/systems_turns.h"
#include "app/systems_world.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/yaml.h"
#include "declare/check.h"
#include "declare/units.h"
#include "engine/flow/upgrade.h"
#include "engine/register/org.h"
#include "sql.h"
#include "texts.h"

struct systems {
  struct arena mem;
  struct store *store;
  struct world world;
  struct flow flow;
  struct flow_run names;       /* units that tables name; used while loading */
  struct rights_model *models; /* one each of flow.systems */
  struct system_list *lists;   /* one each of their records, in order */
  struct turns *turns;         /* of public forms */
};

/* ---- start ---- */

/* Names of the units of the demo, in which demo rows are told. */
static bool add_units(struct arena *mem, const char *path, const char *key, struct world *out, struct err *e) {
  const struct embedded *said = embed_find(str_of(path));
  VEC(struct str) names = {0};
  struct yaml *root = NULL;
  TRY(!said || yaml_parse(mem, str_of(path), said->bytes, &root, e));
  const struct yaml *list = root ? yaml_get(root, key) : NULL;
  for (size_t i = 0; i < out->demo_unit_count; i++) vec_push(mem, &names) = out->demo_units[i];
  for (const struct yaml *y = list ? list->child : NULL; y; y = y->next) {
    const struct yaml *name = yaml_get(y, "name");
    if (name && name->kind == YAML_SCALAR) vec_push(mem, &names) = name->text;
  }
  out->demo_units = names.at;
  out->demo_unit_count = names.len;
  return true;
}
bool systems_world(struct arena *mem, struct world *out, struct err *e) {
  const struct org_rules *rules = org_rules_known();
  const struct embedded *said = embed_find(STR("rules/units.yaml"));
  struct str *kinds = arena_new_n(mem, struct str, rules->kind_count);
  struct units *units = arena_new(mem, struct units);
  for (size_t i = 0; i < rules->kind_count; i++) kinds[i] = rules->kinds[i].name;
  *out = (struct world){.unit_kinds = kinds, .unit_kind_count = rules->kind_count, .units = units};
  must(said);
  TRY(add_units(mem, "demo/units.yaml", "units", out, e) && add_units(mem, "demo/org.yaml", "acts", out, e));
  return units_parse(mem, said->bytes, units, e);
}
typedef VEC(struct package) packages;
static bool load_folder(struct arena *mem, struct str dir, packages *out, struct err *e) {
  struct str_list names = {0};
  TRY(file_folders(mem, dir, &names, e));
  for (size_t i = 0; i < names.len; i++)
    TRY(package_load(mem, str_fmt(mem, STRF "/" STRF, STRA(dir), STRA(names.at[i])), &vec_push(mem, out), e));
  return true;
}
static bool has_package(const packages *all, struct str name) {
  vec_each(const struct package, p, all)
    if (str_eq(p->name, name)) return true;
  return false;
}
/* One package, and of those that are built in what it uses. */
static bool load_one(struct arena *mem, struct str dir, packages *out, struct err *e) {
  package_names known = {0};
  packages_built_in(mem, &known);
  TRY(package_load(mem, dir, &vec_push(mem, out), e));
  for (size_t i = 0; i < out->len; i++) {
    const struct package_file *said = package_file(&out->at[i], STR("system.yaml"));
    struct faults told = {.mem = mem, .file = STR("system.yaml")};
    struct system *read = NULL;
    if (!said || !system_read(&told, told.file, said->text, &read)) continue; /* flow_load says what is wrong */
    vec_each(const struct uses, u, &read->uses)
      vec_each(const struct str, name, &known)
        if (str_eq(*name, u->head.name.text) && !has_package(out, *name))
          TRY(package_built_in(mem, *name, &vec_push(mem, out), e));
  }
  return true;
}
static bool load_built_in(struct arena *mem, packages *out, struct err *e) {
  package_names names = {0};
  packages_built_in(mem, &names);
  vec_each(const struct str, name, &names) TRY(package_built_in(mem, *name, &vec_push(mem, out), e));
  return true;
}
bool systems_compartments(struct arena *mem, struct str **out, size_t *out_n, struct err *e) {
  packages all = {0};
  VEC(struct str) names = {0};
  TRY(load_built_in(mem, &all, e));
  vec_each(struct package, p, &all) {
    const struct package_file *said = package_file(p, STR("system.yaml"));
    struct faults told = {.mem = mem, .file = STR("system.yaml")};
    if (!said || !system_read(&told, told.file, said->text, &p->system)) continue;
    const struct privacy *x = p->system->privacy;
    if (x && has_word(x->compartment)) vec_push(mem, &names) = x->compartment.text;
  }
  *out = names.at;
  *out_n = names.len;
  return true;
}
/* A unit that a table names. One that is not here is a missing value: a package may be written for an authority whose tree is
 * not complete yet. */
static bool find_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  struct systems *s = reader->world;
  AUTO_ARENA mem = {0};
  struct sql_system_unit_named_rows rows = {0};
  struct err ignored = {0};
  *out = value_none(NONE_missing);
  if (t->kind != KIND_UNIT) return false;
  AUTO_READ *r = store_read_begin(s->store, &ignored);
  const struct sql_system_unit_named_in in = {STORE_TENANT, said};
  if (!r || !sql_system_unit_named(r, &mem, &in, 1, &rows, &ignored) || !rows.len) return true;
  *out = flow_thing_value(flow_thing(&s->names, FLOW_UNIT, NULL, rows.at[0].id));
  return true;
}
static bool refuse_faults(const struct faults *told, struct err *e) {
  for (size_t i = 0; i < told->all.len; i++) {
    const struct fault *x = &told->all.at[i];
    if (fault_level(x->code) != FAULT_ERROR) continue;
    const struct str place = str_fmt(told->mem, STRF ":%d:%d", STRA(x->file), x->at.line, x->at.column);
    (void)fail(e, ERR_INVALID, MSG_systems_fault, "code", str_of(fault_word(x->code)), "place", place);
    return err_hint(e, MSG_systems_fault_hint);
  }
  return fail(e, ERR_BUG, MSG_systems_fault, "code", STR(""), "place", STR(""));
}
static bool make_models(struct systems *s, struct err *e) {
  s->models = arena_new_n(&s->mem, struct rights_model, s->flow.systems.len);
  for (size_t i = 0; i < s->flow.systems.len; i++) TRY(systems_model(&s->mem, s->flow.systems.at[i], &s->models[i], e));
  return true;
}
/* Forms keep some names for themselves. */
static bool check_inputs(const struct flow *f, struct err *e) {
  for (size_t i = 0; i < f->systems.len; i++)
    vec_each(const struct record, r, &f->systems.at[i]->system->records)
      vec_each(const struct act, a, &r->acts)
        for (size_t k = 0; k < a->asks.len + a->may.len; k++) {
          const struct str name = k < a->asks.len ? a->asks.at[k].text : a->may.at[k - a->asks.len].text;
          if (system_is_control(name))
            return fail(e, ERR_INVALID, MSG_systems_reserved, "name", name, "act", a->label.text);
        }
  return true;
}
static bool load(struct systems *s, struct str dir, int64_t now_us, struct faults *told, struct err *e) {
  packages all = {0};
  told->mem = &s->mem;
  TRY(systems_world(&s->mem, &s->world, e));
  const bool is_one = dir.len && file_exists(str_fmt(&s->mem, STRF "/system.yaml", STRA(dir)));
  TRY(is_one    ? load_one(&s->mem, dir, &all, e)
      : dir.len ? load_folder(&s->mem, dir, &all, e)
                : load_built_in(&s->mem, &all, e));
  flow_begin(&s->names, &s->flow, NULL, &s->mem, NULL, now_us);
  const struct value_reader reader = {s->world.units, calendar_known(), s, find_thing};
  return flow_load(&s->mem, &s->world, &reader, all.at, all.len, told, &s->flow, e) && check_inputs(&s->flow, e) &&
         make_models(s, e) && systems_lists_make(&s->mem, &s->flow, &s->lists, e);
}
bool systems_load(struct store *store, struct str dir, int64_t now_us, struct faults *told, struct systems **out,
                  struct err *e) {
  struct arena mem = {0};
  struct systems *s = arena_new(&mem, struct systems);
  s->mem = mem; /* s itself lives in it */
  s->store = store;
  s->turns = turns_new(&s->mem);
  *out = s;
  return load(s, dir, now_us, told, e);
}
static struct flow_run *begin_own(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct system_run *x = arena_new(mem, struct system_run);
  systems_begin_for(x, arg, session, mem, NULL, now_us, LANG_ZH);
  return &x->run;
}
struct flow_starter systems_starter(struct systems *s) {
  return (struct flow_starter){s, begin_own};
}
bool systems_install(struct systems *s, bool is_draft, int64_t now_us, struct err *e) {
  s->flow.is_draft = is_draft;
  const struct flow_starter starter = systems_starter(s);
  return flow_take_over(&s->flow, s->store, &starter, now_us, e);
}
bool systems_rehearse(struct systems *s, int64_t now_us, struct arena *mem, flow_upgrades *out, struct err *e) {
  const struct flow_starter starter = systems_starter(s);
  return flow_rehearse(&s->flow, s->store, &starter, now_us, mem, out, e);
}
static bool read_clean(struct store *store, struct str dir, int64_t now_us, struct systems **out, struct err *e) {
  struct faults told = {0};
  if (systems_load(store, dir, now_us, &told, out, e)) return true;
  return !e->code ? refuse_faults(&told, e) : false;
}
static bool or_stopped(bool ok, struct systems **io) {
  if (ok) return true;
  systems_stop(*io);
  *io = NULL;
  return false;
}
bool systems_read(struct store *store, struct str dir, int64_t now_us, struct systems **out, struct err *e) {
  return or_stopped(read_clean(store, dir, now_us, out, e), out);
}
bool systems_start(struct store *store, struct str dir, int64_t now_us, struct systems **out, struct err *e) {
  return or_stopped(read_clean(store, dir, now_us, out, e) && systems_install(*out, false, now_us, e), out);
}
void systems_stop(struct systems *s) {
  if (!s) return;
  turns_drop(s->turns);
  struct arena mem = s->mem;
  arena_drop(&mem);
}
const struct world *systems_world_of(const struct systems *s) { return &s->world; }
const struct flow *systems_flow(const struct systems *s) { return &s->flow; }
struct turns *systems_turns(const struct systems *s) {
  return s->turns;
}
const struct rights_model *systems_model_of(const struct systems *s, const struct flow_system *of) {
  for (size_t i = 0; i < s->flow.systems.len; i++)
    if (s->flow.systems.at[i] == of) return &s->models[i];
  return NULL;
}

const struct system_list *systems_list_of(const struct systems *s, const struct flow_record *r) {
  const struct system_list *l = s->lists;
  while (l->record && l->record != r) l++;
  return l->record ? l : NULL;
}
const struct table_said *systems_table(const struct systems *s, struct str name) {
  const struct flow_record *r = s ? flow_record(&s->flow, name) : NULL;
  return r ? &systems_list_of(s, r)->table : NULL;
}

const struct rights_role *systems_role(const struct systems *s, struct str role) {
  for (size_t i = 0; s && i < s->flow.systems.len; i++) {
    const struct rights_role *r = rights_role(&s->models[i], role);
    if (r) return r;
  }
  return NULL;
}
struct str systems_role_label(const struct systems *s, struct str role) {
  const struct rights_role *r = systems_role(s, role);
  return r && r->label.len ? r->label : role;
}
void systems_roles(const struct systems *s, struct arena *mem, system_roles *out) {
  for (size_t i = 0; i < s->flow.systems.len; i++)
    vec_each(const struct rights_role, r, &s->models[i].roles)
      vec_push(mem, out) = (struct system_role){r, s->flow.systems.at[i]->system->label.text};
}

/* ---- what is seen, what may be done ---- */

struct one_view {
  const struct flow_record *record;
  struct rights_view all, own; /* own: without the posts of others who are away */
};
struct system_views {
  struct rights_person all, own;
  VEC(struct one_view *) made;
};
static void split_posts(struct arena *mem, const struct rights_person *holds, struct str purpose,
                        struct system_views *v) {
  v->all = v->own = *holds;
  v->all.purpose = v->own.purpose = purpose;
  memset(&v->own.posts, 0, sizeof v->own.posts);
  vec_each(const struct rights_post, p, &holds->posts)
    if (!p->instead_of.len) vec_push(mem, &v->own.posts) = *p;
}
static struct one_view *view_of(struct system_run *x, const struct flow_record *r) {
  struct arena *mem = x->run.mem;
  for (size_t i = 0; i < x->views->made.len; i++)
    if (x->views->made.at[i]->record == r) return x->views->made.at[i];
  struct one_view *v = arena_new(mem, struct one_view);
  const struct rights_model *m = systems_model_of(x->systems, r->system);
  const struct rights_record *rec = rights_record(m, r->name);
  v->record = r;
  rights_compile(mem, m, rec, &x->views->all, &v->all);
  rights_compile(mem, m, rec, &x->views->own, &v->own);
  vec_push(mem, &x->views->made) = v;
  return v;
}
const struct rights_view *systems_view(struct system_run *x, const struct flow_record *r) {
  return &view_of(x, r)->all;
}
static bool is_free(const struct system_run *x) { return !x->who || x->who->is_program; }
bool systems_sees(struct system_run *x, const struct flow_record *r, struct str id, bool *out, struct err *e) {
  *out = true;
  if (is_free(x)) return true;
  const struct rights_view *v = systems_view(x, r);
  return rights_check(x->run.session, x->run.mem, v->record, &v->seen, id, out, e);
}
bool systems_reads(struct system_run *x, const struct flow_record *r, struct str id, enum class_said class, bool *out,
                   struct err *e) {
  const enum rights_class c = (enum rights_class)(class - CLASS_open + RIGHTS_CLASS_open);
  *out = class <= CLASS_inner || (is_free(x) && class != CLASS_sealed);
  if (*out || is_free(x)) return true;
  const struct rights_view *v = systems_view(x, r);
  return rights_check(x->run.session, x->run.mem, v->record, &v->class[c], id, out, e);
}
bool systems_row(struct system_run *x, const struct flow_record *r, struct str id, struct flow_row **out,
                 struct err *e) {
  bool seen = false;
  TRY(systems_sees(x, r, id, &seen, e));
  if (seen) TRY(flow_row(&x->run, r, id, out, e));
  return (seen && *out) || fail(e, ERR_NOT_FOUND, MSG_systems_none);
}
static const struct rights_act *act_of(const struct rights_record *rec, struct str act) {
  vec_each(const struct rights_act, a, &rec->acts)
    if (str_eq(a->name, act)) return a;
  return NULL;
}
static bool act_holds(struct system_run *x, const struct rights_view *v, const struct rights_person *p, struct str id,
                      struct str act, bool *out, struct err *e) {
  struct rights_condition may;
  rights_compile_act(x->run.mem, v, p, act, &may);
  return rights_check(x->run.session, x->run.mem, v->record, &may, id, out, e);
}
/* In one's own posts, or in the post of somebody who is away: then both names stand in the record. */
static bool host_may(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                     bool *out, bool *out_seen, struct err *e) {
  struct system_run *x = arg;
  *out = *out_seen = true;
  if (is_free(x)) return true;
  struct one_view *v = view_of(x, r);
  TRY(systems_sees(x, r, id, out_seen, e));
  TRY(act_holds(x, &v->own, &x->views->own, id, act, out, e));
  if (*out || x->views->own.posts.len == x->views->all.posts.len) return true;
  TRY(act_holds(x, &v->all, &x->views->all, id, act, out, e));
  const struct rights_act *a = act_of(v->all.record, act);
  vec_each(const struct rights_post, p, &x->views->all.posts)
    for (size_t i = 0; *out && a && !run->instead_of.len && i < a->who.len; i++)
      if (p->instead_of.len && str_eq(p->role, a->who.at[i].role)) run->instead_of = p->instead_of;
  return true;
}
static bool host_sees(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, bool *out,
                      struct err *e) {
  struct system_run *x = arg;
  (void)run;
  *out = true;
  return is_free(x) || systems_sees(x, r, id, out, e);
}
/* Whoever has no account is told by other ways than ours. */
static bool host_notify(void *arg, struct flow_run *run, struct str person, struct str text, struct str link,
                        struct err *e) {
  struct sql_system_login_of who = {0};
  bool found = false;
  (void)arg;
  TRY(sql_system_login_of(run->session, run->mem, &(struct sql_system_login_of_in){STORE_TENANT, person}, &who, &found,
                          e));
  const struct notice n = {.person = who.login,
                           .kind = NOTICE_NEWS,
                           .msg = MSG_notice_of_system,
                           .about = text,
                           .link = link,
                           .tell_us = run->tell_us};
  return !found || notice_add(run->session, run->now_us, &n, e);
}

/* ---- runs ---- */

void systems_begin_for(struct system_run *x, struct systems *s, struct store *session, struct arena *mem,
                       const struct who *who, int64_t now_us, enum lang lang) {
  struct flow_host *host = arena_new(mem, struct flow_host);
  *host = (struct flow_host){x, host_may, host_notify, host_sees};
  *x = (struct system_run){.systems = s, .who = who, .views = arena_new(mem, struct system_views)};
  flow_begin(&x->run, &s->flow, session, mem, host, now_us);
  x->run.lang = lang;
  x->run.by = who && !who->is_program ? FLOW_BY_PERSON : FLOW_BY_SYSTEM;
  if (who) x->run.person = who->person;
  if (who) split_posts(mem, &who->holds, STR(""), x->views);
}
void systems_begin(struct system_run *x, struct web_request *rq, struct store *session) {
  systems_begin_for(x, app_of(rq)->systems, session, rq->mem, who_of(rq), rq->now_us, rq->lang);
  x->run.actor = rq->actor;
  x->run.purpose = str_trim(web_query(rq, "purpose"));
  if (who_of(rq)) split_posts(rq->mem, &who_of(rq)->holds, x->run.purpose, x->views);
}

/* ---- at all ---- */

static bool holds_role(const struct system_run *x, struct str role) {
  vec_each(const struct rights_post, p, &x->who->holds.posts)
    if (str_eq(p->role, role)) return true;
  return false;
}
bool systems_has_role(const struct system_run *x, const struct flow_system *s) {
  if (is_free(x)) return true;
  vec_each(const struct rights_role, r, &systems_model_of(x->systems, s)->roles)
    if (holds_role(x, r->name)) return true;
  return false;
}
const struct rights_post *systems_start_post(const struct system_run *x, const struct flow_record *r,
                                             const struct act *a) {
  const struct rights_record *rec = rights_record(systems_model_of(x->systems, r->system), r->name);
  const struct rights_act *act = act_of(rec, a->head.name.text);
  for (size_t i = 0; act && i < act->who.len; i++) {
    const struct rights_who *w = &act->who.at[i];
    if (w->kind != RIGHTS_ROLE && w->kind != RIGHTS_ROLE_AT) continue;
    vec_each(const struct rights_post, p, &x->who->holds.posts)
      if (str_eq(p->role, w->role)) return p;
  }
  return NULL;
}
bool systems_may_start(const struct system_run *x, const struct flow_record *r, const struct act *a) {
  if (systems_start_post(x, r, a)) return true;
  const struct rights_act *act =
      act_of(rights_record(systems_model_of(x->systems, r->system), r->name), a->head.name.text);
  for (size_t i = 0; act && i < act->who.len; i++)
    if (act->who.at[i].kind == RIGHTS_SELF_AT && systems_has_role(x, r->system)) return true;
  return false;
}
bool systems_is_for_people(const struct act *a) { return act_by_person(a); }
bool systems_is_start(const struct act *a) { return words_have(&a->from, STR("start")); }

/* ---- addresses ---- */

bool systems_place(struct web_request *rq, struct system_place *out, struct err *e) {
  struct system_run x;
  const struct str record = web_param(rq, "record"), act = web_param(rq, "act");
  systems_begin(&x, rq, NULL);
  *out = (struct system_place){.id = web_param(rq, "id")};
  out->system = flow_system(systems_flow(app_of(rq)->systems), web_param(rq, "system"));
  if (!out->system || !systems_has_role(&x, out->system)) return fail(e, ERR_NOT_FOUND, MSG_systems_no_system);
  if (record.len) out->record = flow_record_in(out->system, record);
  if (record.len && !out->record) return fail(e, ERR_NOT_FOUND, MSG_systems_no_record);
  if (act.len) out->act = part_find(&out->record->record->acts, act);
  return !act.len || (out->act && systems_is_for_people(out->act)) || fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
}
