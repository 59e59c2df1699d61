/* Units and people of the demo: founded, renamed and merged by the same acts as everywhere else, on days of the past. Ids
 * follow from names, so that stories can name them; what is there already stays as it is. */
#include "app/demo_int.h"
#include "base/date.h"
#include "sql.h"
#include "texts.h"

struct demo_org {
  struct org_session *s;
  struct org *tree;
  struct demo *d;
  const struct yaml *org, *people;
  struct str since;
  int made; /* people with an invented name */
};

struct str demo_id(struct arena *mem, const char *head, struct str of, struct str name) {
  const uint64_t h = str_hash(str_fmt(mem, STRF "\n" STRF, STRA(of), STRA(name)));
  return str_fmt(mem, "%s%012llx", head, (unsigned long long)(h & UINT64_C(0xFFFFFFFFFFFF)));
}
static const struct org_version *last_of(const struct org_unit *u) { return &vec_last(&u->versions); }
/* The first unit that is called so, under `parent` when that is given. */
static const struct org_unit *named(const struct demo_org *w, struct str name, struct str parent) {
  vec_each(const struct org_unit, u, &w->tree->units) {
    if (!str_eq(last_of(u)->name, name)) continue;
    const struct org_unit *p = parent.len ? org_find(w->tree, last_of(u)->parent) : NULL;
    if (!parent.len || (p && str_eq(last_of(p)->name, parent))) return u;
  }
  return NULL;
}
static bool id_named(const struct demo_org *w, struct str unit, struct str name, struct str *out, struct err *e) {
  const struct org_unit *u = name.len ? named(w, name, STR("")) : NULL;
  if (name.len && !u) return fail(e, ERR_INVALID, MSG_demo_no_parent, "unit", unit, "parent", name);
  *out = u ? u->id : STR("");
  return true;
}

/* ---- units ---- */

static bool found(struct demo_org *w, const struct yaml *y, struct str parent_name, struct str day, int place,
                  struct err *e) {
  struct org_order o = {.deed = ORG_FOUND,
                        .day = day,
                        .name = demo_text(y, "name"),
                        .kind = demo_text(y, "kind"),
                        .place = place,
                        .details = {.stage = demo_text(y, "stage")}};
  o.unit = demo_id(w->s->mem, "demo", parent_name, o.name);
  if (org_find(w->tree, o.unit)) return true;
  TRY(id_named(w, o.name, parent_name, &o.parent, e));
  TRY(org_unit_do(w->s, &o, NULL, e));
  const struct yaml *aliases = yaml_get(y, "aliases");
  for (const struct yaml *a = aliases ? aliases->child : NULL; a; a = a->next)
    TRY(org_unit_alias(w->s, o.unit, a->text, e));
  w->d->count.units++;
  return true;
}
static bool found_all(struct demo_org *w, struct err *e) {
  int place = 0;
  for (const struct yaml *y = w->d->units->child; y; y = y->next)
    TRY(found(w, y, demo_text(y, "parent"), w->since, ++place, e));
  return true;
}
/* A person with an invented name in a post of a unit from a day on. */
static bool employ(struct demo_org *w, const struct org_unit *u, struct str role, struct str title, struct str day,
                   struct err *e);

static bool act(struct demo_org *w, const struct yaml *y, struct err *e) {
  struct org_order o = {.day = demo_text(y, "day"), .name = demo_text(y, "name")};
  struct plans_who who = *w->s->who, *const kept = &w->d->who;
  int64_t place = 0;
  if (str_eqz(demo_text(y, "act"), "found")) {
    (void)str_to_int(demo_text(y, "place"), &place);
    return found(w, y, demo_text(y, "under"), o.day, (int)place, e);
  }
  TRY(id_named(w, o.name, demo_text(y, "unit"), &o.unit, e));
  if (str_eqz(demo_text(y, "act"), "employ"))
    return employ(w, org_find(w->tree, o.unit), demo_text(y, "role"), demo_text(y, "title"), o.day, e);
  TRY(id_named(w, o.name, demo_text(y, "into"), &o.other, e));
  must(org_deed_of(demo_text(y, "act"), &o.deed));
  who.reason = demo_text(y, "reason");
  w->s->who = &who;
  const bool ok = org_unit_do(w->s, &o, NULL, e);
  w->s->who = kept;
  return ok;
}
static bool found_classes(struct demo_org *w, const struct yaml *y, struct err *e) {
  const struct str school = demo_text(y, "school");
  const struct yaml *names = yaml_get(y, "names");
  int place = 0;
  for (const struct yaml *n = names->child; n; n = n->next) {
    struct org_order o = {.deed = ORG_FOUND, .day = demo_text(y, "day"), .name = n->text, .kind = STR("class")};
    o.unit = demo_id(w->s->mem, "demo", school, n->text);
    o.place = ++place;
    if (org_find(w->tree, o.unit)) continue;
    TRY(id_named(w, o.name, school, &o.parent, e));
    TRY(org_unit_do(w->s, &o, NULL, e));
    w->d->count.units++;
  }
  return true;
}

/* ---- people ---- */

static struct str pick(const struct yaml *list, size_t n) {
  const struct yaml *y = list->child;
  for (n %= list->count; n--;) y = y->next;
  return y->text;
}
static bool add_person(struct demo_org *w, const struct org_person *p, struct err *e) {
  TRY(org_person_add(w->s, p, NULL, e));
  w->d->count.people++;
  return true;
}
static bool is_there(struct demo_org *w, struct str id, bool *out, struct err *e) {
  struct sql_person_get row = {0};
  return sql_person_get(w->s->tx, w->s->mem, &(struct sql_person_get_in){STORE_TENANT, id}, &row, out, e);
}
static bool employ(struct demo_org *w, const struct org_unit *u, struct str role, struct str title, struct str day,
                   struct err *e) {
  bool there = false;
  const size_t n = (size_t)w->made++;
  const struct str which = str_fmt(w->s->mem, STRF "\n" STRF, STRA(role), STRA(title));
  const struct org_person p = {
      .id = demo_id(w->s->mem, "who", u->id, which),
      .name = str_join(w->s->mem, pick(yaml_get(w->org, "surnames"), n), pick(yaml_get(w->org, "given"), n / 20 + n)),
      .phone = str_fmt(w->s->mem, "100%08zu", 1000 + n)};
  TRY(is_there(w, p.id, &there, e));
  if (there) return true;
  TRY(add_person(w, &p, e));
  const struct org_post_order post = {.id = demo_id(w->s->mem, "post", u->id, which),
                                      .person = p.id,
                                      .unit = u->id,
                                      .role = role,
                                      .title = title,
                                      .from = day};
  return org_post_add(w->s, &post, NULL, e);
}
static struct str head_title(const struct org_unit *u, const struct yaml *rule) {
  const struct yaml *endings = yaml_get(rule, "endings");
  for (const struct yaml *y = endings ? endings->child : NULL; y; y = y->next)
    if (str_ends(last_of(u)->name, y->key)) return y->text;
  return demo_text(rule, "title");
}
static bool employ_all(struct demo_org *w, struct err *e) {
  const struct yaml *heads = yaml_get(w->org, "heads"), *clerks = yaml_get(w->org, "clerks");
  for (size_t i = 0; i < w->tree->units.len; i++) {
    const struct org_unit *u = &w->tree->units.at[i];
    AUTO_ARENA scratch = {0};
    const char *kind = str_z(&scratch, last_of(u)->kind);
    const struct yaml *head = yaml_get(heads, kind), *clerk = yaml_get(clerks, kind);
    if (org_last_day(u) != ORG_OPEN || !last_of(u)->parent.len) continue;
    const struct str since = register_day_text(w->s->mem, org_founded(u));
    if (head) TRY(employ(w, u, demo_text(head, "role"), head_title(u, head), since, e));
    if (clerk) TRY(employ(w, u, demo_text(clerk, "role"), demo_text(clerk, "title"), since, e));
  }
  return true;
}
static bool listed_person(struct demo_org *w, const struct yaml *y, struct err *e) {
  struct org_person p = {.name = demo_text(y, "name"),
                         .phone = demo_text(y, "phone"),
                         .identity = demo_text(y, "identity"),
                         .is_pupil = str_eqz(demo_text(y, "role"), "pupil")};
  struct org_post_order post = {.role = demo_text(y, "role"), .from = STR("2025-09-01")};
  bool there = false;
  p.id = demo_id(w->s->mem, "who", demo_text(y, "role"), p.name);
  post.id = demo_id(w->s->mem, "post", demo_text(y, "role"), p.name);
  post.person = p.id;
  TRY(is_there(w, p.id, &there, e));
  if (there) return true;
  TRY(add_person(w, &p, e));
  const bool of_class = demo_text(y, "class").len > 0;
  const struct org_unit *u =
      named(w, demo_text(y, of_class ? "class" : "unit"), of_class ? demo_text(y, "unit") : STR(""));
  if (!u) return fail(e, ERR_INVALID, MSG_demo_no_parent, "unit", p.name, "parent", demo_text(y, "unit"));
  post.unit = u->id;
  return org_post_add(w->s, &post, NULL, e);
}
static bool guardians(struct demo_org *w, const struct yaml *y, struct err *e) {
  const struct yaml *of = yaml_get(y, "of");
  const struct str person = demo_id(w->s->mem, "who", demo_text(y, "role"), demo_text(y, "name"));
  for (const struct yaml *o = of ? of->child : NULL; o; o = o->next) {
    const struct str pupil = demo_id(w->s->mem, "who", STR("pupil"), o->text);
    struct sql_guardian_same_rows same = {0};
    TRY(sql_guardian_same(w->s->tx, w->s->mem,
                          &(struct sql_guardian_same_in){STORE_TENANT, person, pupil, STR("0"), STR("9999-12-31")}, 1,
                          &same, e));
    if (!same.len) TRY(org_guardian_add(w->s, person, pupil, demo_text(y, "kin"), STR("2025-09-01"), STR(""), e));
  }
  return true;
}

/* ---- the whole ---- */

static bool load(struct org_session *s, void *arg, struct err *e) {
  struct demo_org *w = arg;
  w->s = s;
  w->made = 0;
  w->d->count.units = w->d->count.people = 0;
  TRY(org_session_tree(s, &w->tree, e));
  TRY(found_all(w, e));
  const bool is_new = w->d->count.units > 0;
  for (const struct yaml *y = yaml_get(w->org, "acts")->child; is_new && y; y = y->next) TRY(act(w, y, e));
  for (const struct yaml *y = yaml_get(w->org, "classes")->child; y; y = y->next) TRY(found_classes(w, y, e));
  TRY(employ_all(w, e));
  for (const struct yaml *y = w->people->child; y; y = y->next) TRY(listed_person(w, y, e));
  for (const struct yaml *y = w->people->child; y; y = y->next) TRY(guardians(w, y, e));
  return true;
}
static bool mark(struct store *tx, void *arg, struct err *e) {
  struct demo *d = arg;
  struct sql_setting_get row = {0};
  bool found = false;
  TRY(sql_setting_get(tx, &d->mem, &(struct sql_setting_get_in){STORE_TENANT, STR("demo")}, &row, &found, e));
  return found || sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, STR("demo"), STR("1")}, NULL, e);
}
bool demo_load_org(struct store *store, struct demo *d, struct err *e) {
  struct demo_org w = {.d = d};
  struct yaml *since = NULL, *people = NULL;
  TRY(demo_list(&d->mem, "people.yaml", "people", &people, e));
  TRY(demo_list(&d->mem, "org.yaml", "since", &since, e));
  TRY(demo_root(&d->mem, "org.yaml", &w.org, e));
  w.people = people;
  w.since = since->text;
  TRY(store_write(store, mark, d, e)); /* from here on the demo's numbers are taken */
  return org_write(store, &d->who, load, &w, e);
}
