/* The history of the tree and acts on it. An act checks, changes versions and checks what only shows afterwards (a unit under
 * itself); when that fails, the versions it touched are put back as they were. */
#include "engine/register/org.h"

#include "texts.h"

struct name_entry { /* a unit that was ever called so */
  uint64_t hash;
  uint32_t unit, next; /* next: index + 1 */
};
struct org_index {
  uint32_t *ids, *names; /* index + 1 by hash */
  size_t id_room, name_room;
  VEC(struct name_entry) entries;
};
struct saved {
  uint32_t unit;
  org_versions versions;
  bool changed;
};
struct work {
  struct org *o;
  const struct org_act *a;
  struct err *e;
  VEC(struct saved) saved;
};

const char *org_deed_word(enum org_deed deed) {
  static const char *const words[] = {
#define X(name, word) word,
      ORG_ACTS(X)
#undef X
  };
  return words[deed];
}
bool org_deed_of(struct str word, enum org_deed *out) {
  for (int i = 0; i < ORG_DEED_COUNT; i++) {
    if (!str_eqz(word, org_deed_word((enum org_deed)i))) continue;
    *out = (enum org_deed)i;
    return true;
  }
  return false;
}

/* ---- index ---- */

void org_begin(struct org *o, struct arena *mem, const struct org_rules *rules) {
  *o = (struct org){.mem = mem, .rules = rules, .index = arena_new(mem, struct org_index)};
}
static void put_id(struct org *o, size_t unit) {
  struct org_index *x = o->index;
  size_t at = str_hash(o->units.at[unit].id) & (x->id_room - 1);
  while (x->ids[at]) at = (at + 1) & (x->id_room - 1);
  x->ids[at] = (uint32_t)unit + 1;
}
static size_t add_unit(struct org *o, struct str id) {
  struct org_index *x = o->index;
  vec_push(o->mem, &o->units).id = str_dup(o->mem, id);
  if (o->units.len * 2 > x->id_room) {
    x->id_room = x->id_room ? x->id_room * 2 : 256;
    x->ids = arena_new_n(o->mem, uint32_t, x->id_room);
    for (size_t i = 0; i < o->units.len; i++) put_id(o, i);
  } else {
    put_id(o, o->units.len - 1);
  }
  return o->units.len - 1;
}
struct org_unit *org_find(const struct org *o, struct str id) {
  const struct org_index *x = o->index;
  if (!x->id_room) return NULL;
  for (size_t at = str_hash(id) & (x->id_room - 1); x->ids[at]; at = (at + 1) & (x->id_room - 1)) {
    struct org_unit *u = &o->units.at[x->ids[at] - 1];
    if (str_eq(u->id, id)) return u;
  }
  return NULL;
}
static void hang_entry(struct org_index *x, size_t entry) {
  uint32_t *head = &x->names[x->entries.at[entry].hash & (x->name_room - 1)];
  x->entries.at[entry].next = *head;
  *head = (uint32_t)entry + 1;
}
static void put_name(struct org *o, size_t unit, struct str name) {
  struct org_index *x = o->index;
  vec_push(o->mem, &x->entries) = (struct name_entry){.hash = str_hash(name), .unit = (uint32_t)unit};
  if (x->entries.len > x->name_room) {
    x->name_room = x->name_room ? x->name_room * 2 : 256;
    x->names = arena_new_n(o->mem, uint32_t, x->name_room);
    for (size_t i = 0; i < x->entries.len; i++) hang_entry(x, i);
  } else {
    hang_entry(x, x->entries.len - 1);
  }
}

void org_load(struct org *o, struct str id, struct org_version v) {
  struct org_unit *u = org_find(o, id);
  const size_t i = u ? (size_t)(u - o->units.at) : add_unit(o, id);
  vec_push(o->mem, &o->units.at[i].versions) = v;
  put_name(o, i, v.name);
}
const struct org_version *org_on(const struct org_unit *u, int32_t day) {
  for (size_t i = u->versions.len; i-- > 0;)
    if (u->versions.at[i].from <= day) return u->versions.at[i].until >= day ? &u->versions.at[i] : NULL;
  return NULL;
}

/* ---- changing versions ---- */

static struct org_unit *touch(struct work *w, size_t unit) {
  struct org_unit *u = &w->o->units.at[unit];
  bool known = false;
  vec_each(const struct saved, s, &w->saved) known = known || s->unit == unit;
  if (!known) {
    struct saved *s = &vec_push(w->o->mem, &w->saved);
    *s = (struct saved){.unit = (uint32_t)unit, .changed = u->changed};
    vec_each(const struct org_version, v, &u->versions) vec_push(w->o->mem, &s->versions) = *v;
  }
  u->changed = true;
  return u;
}
static void put_back(struct work *w) {
  vec_each(const struct saved, s, &w->saved) {
    w->o->units.at[s->unit].versions.at = s->versions.at;
    w->o->units.at[s->unit].versions.len = s->versions.len;
    w->o->units.at[s->unit].versions.cap = s->versions.cap;
    w->o->units.at[s->unit].changed = s->changed;
  }
}
/* The version that begins on `day`; the one that holds then is cut in two when need be. */
static struct org_version *cut(struct work *w, struct org_unit *u, int32_t day) {
  size_t i = u->versions.len;
  while (u->versions.at[i - 1].from > day) i--;
  if (u->versions.at[i - 1].from == day) return &u->versions.at[i - 1];
  vec_push(w->o->mem, &u->versions) = (struct org_version){0};
  for (size_t k = u->versions.len - 1; k > i; k--) u->versions.at[k] = u->versions.at[k - 1];
  u->versions.at[i] = u->versions.at[i - 1];
  u->versions.at[i].from = day;
  u->versions.at[i - 1].until = day - 1;
  return &u->versions.at[i];
}

/* ---- questions ---- */

static struct str day_text(struct work *w, int32_t day) { return date_iso(w->o->mem, date_of_days(day)); }
static struct str label(const struct org_unit *u) { return vec_last(&u->versions).name; }

/* A unit that lives on the day and of which nothing later is known. */
static bool find_live(struct work *w, struct str id, size_t *out, struct err *e) {
  const struct org_unit *u = org_find(w->o, id);
  if (!u) return fail(e, ERR_NOT_FOUND, MSG_org_no_unit);
  const struct org_version *v = org_on(u, w->a->day);
  if (!v) return fail(e, ERR_GUARD, MSG_org_not_there, "name", label(u), "day", day_text(w, w->a->day));
  if (v->until != ORG_OPEN)
    return fail(e, ERR_GUARD, MSG_org_later_known, "name", label(u), "day", day_text(w, v->until + 1));
  *out = (size_t)(u - w->o->units.at);
  return true;
}
static bool clashes(const struct org *o, struct str name, struct str parent, int32_t from, int32_t until,
                    const struct org_unit *but) {
  const struct org_index *x = o->index;
  const uint64_t hash = str_hash(name);
  for (uint32_t k = x->name_room ? x->names[hash & (x->name_room - 1)] : 0; k; k = x->entries.at[k - 1].next) {
    const struct org_unit *u = &o->units.at[x->entries.at[k - 1].unit];
    if (x->entries.at[k - 1].hash != hash || u == but) continue;
    vec_each(const struct org_version, v, &u->versions)
      if (v->from <= until && v->until >= from && str_eq(v->name, name) && str_eq(v->parent, parent)) return true;
  }
  return false;
}
static bool free_name(struct work *w, struct str name, struct str parent, const struct org_unit *but, struct err *e) {
  if (!str_trim(name).len) return fail(e, ERR_INVALID, MSG_org_needs_name);
  if (!clashes(w->o, name, parent, w->a->day, ORG_OPEN, but)) return true;
  return fail(e, ERR_DUPLICATE, MSG_org_name_taken, "unit", name);
}
/* The parent lives from the day on, and the kind may stand under it. */
static bool fits_under(struct work *w, struct str kind, struct str parent, struct err *e) {
  struct str above = {0};
  if (!org_kind(w->o->rules, kind)) return fail(e, ERR_INVALID, MSG_org_no_kind, "kind", kind);
  if (parent.len) {
    const struct org_unit *p = org_find(w->o, parent);
    if (!p) return fail(e, ERR_NOT_FOUND, MSG_org_no_parent);
    if (org_founded(p) > w->a->day || org_last_day(p) != ORG_OPEN)
      return fail(e, ERR_GUARD, MSG_org_parent_not_there, "name", label(p), "day", day_text(w, w->a->day));
    above = p->versions.at[0].kind;
  }
  if (org_may_stand(w->o->rules, kind, above)) return true;
  return fail(e, ERR_GUARD, above.len ? MSG_org_wrong_place : MSG_org_not_alone, "kind", kind, "above", above);
}

/* Walking up from a unit on a day comes back to it. */
static bool comes_back(const struct org *o, const struct org_unit *unit, int32_t day) {
  const struct org_unit *u = unit;
  for (size_t steps = 0; steps <= o->units.len; steps++) {
    const struct org_version *v = org_on(u, day);
    if (!v || !v->parent.len) return false;
    u = org_find(o, v->parent);
    if (!u) return false;
    if (u == unit) return true;
  }
  return true;
}
/* Every tree from the day on is the tree of that day or of one on which some version begins. */
static bool no_cycle(struct work *w, size_t unit) {
  const struct org_unit *u = &w->o->units.at[unit];
  if (comes_back(w->o, u, w->a->day)) return fail(w->e, ERR_GUARD, MSG_org_under_itself, "name", label(u));
  vec_each(const struct org_unit, x, &w->o->units) {
    for (size_t i = x->versions.len; i-- > 0 && x->versions.at[i].from > w->a->day;) {
      if (comes_back(w->o, u, x->versions.at[i].from))
        return fail(w->e, ERR_GUARD, MSG_org_under_itself, "name", label(u));
    }
  }
  return true;
}

/* ---- acts ---- */

static bool found(struct work *w, struct str kind, struct str parent) {
  const struct org_act *a = w->a;
  if (!a->unit.len || org_find(w->o, a->unit)) return fail(w->e, ERR_DUPLICATE, MSG_org_id_taken, "id", a->unit);
  TRY(fits_under(w, kind, parent, w->e));
  TRY(free_name(w, a->name, parent, NULL, w->e));
  const struct org_version v = {.from = a->day,
                                .until = ORG_OPEN,
                                .name = str_dup(w->o->mem, a->name),
                                .kind = str_dup(w->o->mem, kind),
                                .parent = str_dup(w->o->mem, parent),
                                .place = a->place};
  org_load(w->o, a->unit, v);
  vec_last(&w->o->units).changed = true;
  return true;
}
static bool rename_unit(struct work *w) {
  size_t unit = 0;
  TRY(find_live(w, w->a->unit, &unit, w->e));
  const struct org_version *now = org_on(&w->o->units.at[unit], w->a->day);
  if (str_eq(now->name, w->a->name)) return fail(w->e, ERR_INVALID, MSG_org_same);
  TRY(free_name(w, w->a->name, now->parent, &w->o->units.at[unit], w->e));
  cut(w, touch(w, unit), w->a->day)->name = str_dup(w->o->mem, w->a->name);
  put_name(w->o, unit, w->a->name);
  return true;
}
static bool move(struct work *w) {
  size_t unit = 0;
  TRY(find_live(w, w->a->unit, &unit, w->e));
  const struct org_version *now = org_on(&w->o->units.at[unit], w->a->day);
  if (str_eq(now->parent, w->a->parent)) return fail(w->e, ERR_INVALID, MSG_org_same);
  TRY(fits_under(w, now->kind, w->a->parent, w->e));
  TRY(free_name(w, now->name, w->a->parent, &w->o->units.at[unit], w->e));
  cut(w, touch(w, unit), w->a->day)->parent = str_dup(w->o->mem, w->a->parent);
  return no_cycle(w, unit);
}
static bool end_unit(struct work *w, size_t unit) {
  struct org_unit *u = &w->o->units.at[unit];
  if (org_founded(u) >= w->a->day)
    return fail(w->e, ERR_GUARD, MSG_org_too_early, "name", label(u), "day", day_text(w, org_founded(u)));
  u = touch(w, unit);
  if (vec_last(&u->versions).from == w->a->day) u->versions.len--; /* what began on this very day never was */
  vec_last(&u->versions).until = w->a->day - 1;
  return true;
}
/* What stands under `from` on or after the day goes under `to`; a name that is there already gets from's name behind. */
static bool hand_over_one(struct work *w, size_t child, struct str from, struct str to, struct str from_name) {
  const int32_t day = w->a->day;
  struct org_unit *u = touch(w, child);
  bool was_under = false;
  for (size_t i = 0; i < u->versions.len; i++) {
    const struct org_version *v = &u->versions.at[i];
    if (v->until < day) continue;
    if (!str_eq(v->parent, from)) {
      was_under = false;
      continue;
    }
    if (v->from > day && !was_under)
      return fail(w->e, ERR_GUARD, MSG_org_later_known, "name", v->name, "day", day_text(w, v->from));
    struct org_version *n = cut(w, u, v->from > day ? v->from : day);
    if (clashes(w->o, n->name, to, n->from, n->until, u)) {
      /* a name that only comes to clash later, or changes later, is for people to settle */
      if (n->from != day || n->until != ORG_OPEN || !clashes(w->o, n->name, to, day, day, u))
        return fail(w->e, ERR_DUPLICATE, MSG_org_name_taken, "unit", n->name);
      const struct msg_arg args[] = {{"name", n->name}, {"was", from_name}};
      n->name = msg_text(w->o->mem, LANG_ZH, MSG_org_name_of, args, COUNT_OF(args)); /* names are kept in Chinese */
      put_name(w->o, child, n->name);
      if (clashes(w->o, n->name, to, n->from, n->until, u))
        return fail(w->e, ERR_DUPLICATE, MSG_org_name_taken, "unit", n->name);
    }
    n->parent = to;
    was_under = true;
    i = (size_t)(n - u->versions.at);
  }
  return true;
}
static bool is_under_after(const struct org_unit *u, struct str parent, int32_t day) {
  vec_each(const struct org_version, v, &u->versions)
    if (v->until >= day && str_eq(v->parent, parent)) return true;
  return false;
}
static bool merge(struct work *w) {
  size_t unit = 0, into = 0;
  TRY(find_live(w, w->a->unit, &unit, w->e));
  TRY(find_live(w, w->a->other, &into, w->e));
  const struct str from = w->o->units.at[unit].id, to = w->o->units.at[into].id;
  const struct org_version *a = org_on(&w->o->units.at[unit], w->a->day);
  const struct org_version *b = org_on(&w->o->units.at[into], w->a->day);
  if (unit == into) return fail(w->e, ERR_INVALID, MSG_org_into_itself);
  if (!str_eq(a->kind, b->kind)) return fail(w->e, ERR_GUARD, MSG_org_other_kind);
  const struct str from_name = a->name;
  for (size_t i = 0; i < w->o->units.len; i++) {
    if (is_under_after(&w->o->units.at[i], from, w->a->day)) TRY(hand_over_one(w, i, from, to, from_name));
  }
  TRY(end_unit(w, unit));
  return no_cycle(w, into);
}
static bool split(struct work *w) {
  size_t other = 0, child = 0;
  TRY(find_live(w, w->a->other, &other, w->e));
  const struct org_version was = *org_on(&w->o->units.at[other], w->a->day);
  for (size_t i = 0; i < w->a->with_count; i++) {
    TRY(find_live(w, w->a->with[i], &child, w->e));
    if (!str_eq(org_on(&w->o->units.at[child], w->a->day)->parent, w->a->other))
      return fail(w->e, ERR_INVALID, MSG_org_not_under, "name", label(&w->o->units.at[child]));
  }
  TRY(found(w, was.kind, was.parent)); /* last that can fail */
  const struct str id = vec_last(&w->o->units).id;
  for (size_t i = 0; i < w->a->with_count; i++) {
    const size_t at = (size_t)(org_find(w->o, w->a->with[i]) - w->o->units.at);
    cut(w, touch(w, at), w->a->day)->parent = id;
  }
  return true;
}
static bool close_unit(struct work *w) {
  size_t unit = 0;
  TRY(find_live(w, w->a->unit, &unit, w->e));
  vec_each(const struct org_unit, u, &w->o->units) {
    if (is_under_after(u, w->a->unit, w->a->day))
      return fail(w->e, ERR_GUARD, MSG_org_has_under, "name", label(&w->o->units.at[unit]), "under", label(u));
  }
  return end_unit(w, unit);
}

bool org_apply(struct org *o, const struct org_act *a, struct err *e) {
  struct work w = {.o = o, .a = a, .e = e};
  bool ok = false;
  switch (a->deed) {
    case ORG_FOUND: ok = found(&w, a->kind, a->parent); break;
    case ORG_RENAME: ok = rename_unit(&w); break;
    case ORG_MOVE: ok = move(&w); break;
    case ORG_MERGE: ok = merge(&w); break;
    case ORG_SPLIT: ok = split(&w); break;
    case ORG_CLOSE: ok = close_unit(&w); break;
    case ORG_DEED_COUNT: break;
  }
  if (!ok) put_back(&w);
  return ok;
}

/* ---- a day's tree ---- */

void org_under(const struct org *o, struct arena *mem, struct str parent, int32_t day, org_list *out) {
  vec_each(const struct org_unit, u, &o->units) {
    const struct org_version *v = org_on(u, day);
    if (!v || !str_eq(v->parent, parent)) continue;
    size_t at = out->len;
    vec_push(mem, out) = u;
    for (; at > 0 && org_on(out->at[at - 1], day)->place > v->place; at--) {
      const struct org_unit *swap = out->at[at];
      out->at[at] = out->at[at - 1];
      out->at[at - 1] = swap;
    }
  }
}
void org_called(const struct org *o, struct arena *mem, struct str name, org_list *out) {
  const struct org_index *x = o->index;
  const uint64_t hash = str_hash(name);
  for (uint32_t k = x->name_room ? x->names[hash & (x->name_room - 1)] : 0; k; k = x->entries.at[k - 1].next) {
    const struct org_unit *u = &o->units.at[x->entries.at[k - 1].unit];
    bool known = x->entries.at[k - 1].hash != hash;
    for (size_t i = 0; i < out->len; i++) known = known || out->at[i] == u;
    if (!known) vec_push(mem, out) = u;
  }
}
static const char *unit_broken(const struct org *o, const struct org_unit *u, int32_t day) {
  const struct org_version *v = org_on(u, day);
  for (size_t i = 1; i < u->versions.len; i++)
    if (u->versions.at[i].from != u->versions.at[i - 1].until + 1) return "versions leave a gap";
  if (vec_last(&u->versions).from > vec_last(&u->versions).until) return "a version ends before it begins";
  if (!v) return NULL;
  if (clashes(o, v->name, v->parent, day, day, u)) return "two names under one parent";
  if (!v->parent.len) return org_may_stand(o->rules, v->kind, v->parent) ? NULL : "stands alone";
  const struct org_unit *p = org_find(o, v->parent);
  if (!p || !org_on(p, day)) return "the parent is not there";
  if (!org_may_stand(o->rules, v->kind, org_on(p, day)->kind)) return "stands where it may not";
  return comes_back(o, u, day) ? "a unit under itself" : NULL;
}
const char *org_broken(const struct org *o, int32_t day) {
  vec_each(const struct org_unit, u, &o->units) {
    const char *broken = unit_broken(o, u, day);
    if (broken) return broken;
  }
  return NULL;
}
