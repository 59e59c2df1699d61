/* The compiled conditions against an evaluator that knows nothing of them: random trees, posts, stand-ins, guardians,
 * rounds and records; for every person and record the naive answer, by the words of the language, must be what SQL says,
 * one by one, in lists of every way of paging and by every plan, and in counts. The fields have names that are words of
 * SQL. */
#include "../store/scratch.h"
#include "base/buf.h"
#include "engine/rights/rights_store.h"
#include "store/unit_path.h"

enum { UNITS = 24, PERSONS = 9, THINGS = 50, POSTS = 26, WARDS = 8, AWAY = 6, WORLDS = 8, NONE = -1, SET = 3 };

static const char declaration[] =
    "system: case\n"
    "roles:\n"
    "  chief: {sees: {thing: all}}\n"
    "  filtered: {sees: {thing: {scope: all, where: 'state in (.open, .done) and not ended'}}}\n"
    "  district: {sees: {thing: below, person: below}}\n"
    "  narrowed: {sees: {thing: {scope: below, where: state != .draft}}}\n"
    "  school: {sees: {thing: unit, person: unit, issued: unit}}\n"
    "  worker: {sees: {thing: mine, person: mine}}\n"
    "  expert: {sees: {thing: {scope: asked, where: on is not none}}}\n"
    "  pupil: {sees: {thing: about, person: about}}\n"
    "  nothing: {sees: {thing: none}}\n"
    "  stranger: {at: [public]}\n"
    "records:\n"
    "  thing:\n"
    "    belongs: from\n"
    "    shared: [on, group]\n"
    "    about: user\n"
    "    fields:\n"
    "      from: {is: unit, area: area}\n"
    "      on: {is: unit}\n"
    "      group: {is: units(3)}\n"
    "      user: {is: person}\n"
    "      order: {is: person}\n"
    "      where: {is: persons}\n"
    "      limit: {is: count}\n"
    "      phone: {is: phone}\n"
    "      illness: {is: text, class: sensitive}\n"
    "      caller: {is: text, class: sealed}\n"
    "    acts:\n"
    "      fix: {who: [self@order, chief]}\n"
    "      sign: {who: [school@on, creator]}\n"
    "      look: {who: [district, narrowed]}\n"
    "      join: {who: [expert@group, self@where]}\n"
    "      tick: {who: [clock]}\n"
    "  person:\n" /* of the kernel: where one belongs is said by the posts held today */
    "    table: person\n"
    "    creator: none\n"
    "    belongs: at\n"
    "    about: id\n"
    "    fields:\n"
    "      at: {is: units(9), link: {table: post, owner: person, value: unit, dated: yes, not_role: pupil}}\n"
    "      id: {is: person}\n"
    "  issued:\n" /* a thing as the units below its own see it; a post at a department counts above it */
    "    table: case_thing\n"
    "    creator: none\n"
    "    belongs: reach\n"
    "    offices: [department]\n"
    "    fields:\n"
    "      from: {is: unit}\n"
    "      reach: {is: units(9), link: {table: unit_path, on: from, owner: above, value: unit}}\n"
    "privacy:\n"
    "  purposes: {handle: 办理}\n"
    "  opens:\n"
    "    personal: {to: [district, expert]}\n"
    "    sensitive: {to: [school, worker], purpose: handle}\n";
static const char *const roles[] = {"chief",  "filtered", "district", "narrowed", "school",
                                    "worker", "expert",   "pupil",    "nothing",  "stranger"};
enum role { CHIEF, FILTERED, DISTRICT, NARROWED, SCHOOL, WORKER, EXPERT, PUPIL, NOTHING, STRANGER, ROLES };
static const char *const states[] = {"draft", "open", "done"};
static const char *const days[] = {"2026-01-01", "2026-11-21", "2026-11-22", "2026-11-23", "9999-12-31"};
enum { TODAY = 2 };
static const int64_t now_us = INT64_C(1795312800000000); /* 2026-11-22 at noon */

struct thing {
  int school, area, lead, child, fixer, creator, state, ended, rank;
  int joints[SET], helpers[SET], asked_units[SET], asked_persons[SET]; /* asked of experts at the unit */
};
struct post {
  int person, unit, role, from, until;
};
struct away {
  int post, deputy, from, until;
};
struct ward {
  int guardian, pupil, from, until;
};
struct world {
  uint64_t chance;
  int parent[UNITS], former[UNITS]; /* what a unit stood under before; NONE */
  struct post posts[POSTS];
  struct away away[AWAY];
  struct ward wards[WARDS];
  struct thing things[THINGS];
};

static int chance(struct world *w, int most) {
  w->chance = w->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((w->chance >> 33) % (uint64_t)most);
}
static int maybe(struct world *w, int most) { return chance(w, 3) ? chance(w, most) : NONE; }
static void some(struct world *w, int set[SET], int most) {
  for (int i = 0; i < SET; i++) {
    set[i] = chance(w, 4) ? NONE : chance(w, most);
    for (int k = 0; k < i; k++)
      if (set[k] == set[i]) set[i] = NONE;
  }
}
static void make_world(struct world *w, uint64_t seed) {
  *w = (struct world){.chance = seed};
  const int crowd = chance(w, 3) ? PERSONS : 1; /* or one person holds every post */
  for (int i = 0; i < UNITS; i++) w->parent[i] = i ? chance(w, i) / (chance(w, 3) ? 1 : 3) : NONE;
  for (int i = 0; i < UNITS; i++) w->former[i] = seed % 2 && i > UNITS - 8 ? chance(w, UNITS / 3) : NONE;
  for (int i = 0; i < POSTS; i++)
    w->posts[i] = (struct post){chance(w, crowd), chance(w, UNITS), chance(w, ROLES), chance(w, 4), 1 + chance(w, 4)};
  for (int i = 0; i < AWAY; i++)
    w->away[i] = (struct away){chance(w, POSTS), chance(w, PERSONS), chance(w, 4), 1 + chance(w, 4)};
  for (int i = 0; i < WARDS; i++)
    w->wards[i] = (struct ward){chance(w, PERSONS), chance(w, PERSONS), chance(w, 4), 1 + chance(w, 4)};
  for (int i = 0; i < THINGS; i++) {
    struct thing *t = &w->things[i];
    *t = (struct thing){.school = chance(w, UNITS),
                        .lead = maybe(w, UNITS),
                        .child = maybe(w, PERSONS),
                        .fixer = maybe(w, PERSONS),
                        .creator = chance(w, PERSONS),
                        .state = chance(w, 3),
                        .ended = chance(w, 2),
                        .rank = chance(w, 5)};
    t->area = w->parent[t->school] == NONE ? t->school : w->parent[t->school];
    if (w->former[t->school] != NONE && chance(w, 2)) t->area = w->former[t->school];
    some(w, t->joints, UNITS);
    some(w, t->helpers, PERSONS);
    some(w, t->asked_units, UNITS);
    some(w, t->asked_persons, PERSONS);
  }
}

/* ---- the naive evaluator ---- */

static bool holds(int from, int until) { return from <= TODAY && until >= TODAY; }
static bool is_under(const struct world *w, int unit, int above) {
  for (; unit != NONE; unit = w->parent[unit])
    if (unit == above) return true;
  return false;
}
static bool in(const int set[SET], int x) {
  for (int i = 0; i < SET; i++)
    if (set[i] == x && x != NONE) return true;
  return false;
}
static bool reaches(const struct world *w, const struct thing *t, int unit, bool below) {
  if (below ? is_under(w, t->school, unit) : t->school == unit) return true;
  if (t->lead != NONE && (below ? is_under(w, t->lead, unit) : t->lead == unit)) return true;
  for (int i = 0; i < SET; i++)
    if (t->joints[i] != NONE && (below ? is_under(w, t->joints[i], unit) : t->joints[i] == unit)) return true;
  return false;
}
static bool is_mine(const struct world *w, const struct thing *t, int person) {
  if (t->child == person || t->fixer == person || t->creator == person || in(t->helpers, person)) return true;
  for (int i = 0; i < WARDS; i++)
    if (w->wards[i].guardian == person && w->wards[i].pupil == t->child && t->child != NONE &&
        holds(w->wards[i].from, w->wards[i].until))
      return true;
  return false;
}
/* Sight through one post, that of another who is away among them. */
static bool post_sees(const struct world *w, const struct thing *t, int person, const struct post *p, bool own) {
  switch (p->role) {
    case CHIEF: return true;
    case FILTERED: return t->state != 0 && !t->ended;
    case DISTRICT: return reaches(w, t, p->unit, true);
    case NARROWED: return t->state != 0 && reaches(w, t, p->unit, true);
    case SCHOOL: return reaches(w, t, p->unit, false);
    case WORKER: return own && is_mine(w, t, person);
    case EXPERT: return t->lead != NONE && (in(t->asked_units, p->unit) || (own && in(t->asked_persons, person)));
    case PUPIL: return own && t->child == person;
    default: return false;
  }
}
/* Does the person see it through a role of these (a bit each)? */
static bool sees(const struct world *w, const struct thing *t, int person, unsigned with) {
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    if (!(with >> p->role & 1) || !holds(p->from, p->until)) continue;
    if (p->person == person && post_sees(w, t, person, p, true)) return true;
    for (int k = 0; k < AWAY; k++) {
      const struct away *a = &w->away[k];
      if (a->post == i && a->deputy == person && p->person != person && holds(a->from, a->until) &&
          post_sees(w, t, person, p, false))
        return true;
    }
  }
  return false;
}
/* Holds the role at one of these units. */
static bool has_role_at(const struct world *w, int person, int role, const int set[SET]) {
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    if (p->role != role || !in(set, p->unit) || !holds(p->from, p->until)) continue;
    if (p->person == person) return true;
    for (int k = 0; k < AWAY; k++)
      if (w->away[k].post == i && w->away[k].deputy == person && holds(w->away[k].from, w->away[k].until)) return true;
  }
  return false;
}
enum { ALL_ROLES = (1 << ROLES) - 1 };
static const char *const acts[] = {"fix", "sign", "look", "join", "tick", "none"};
static bool may_act(const struct world *w, const struct thing *t, int person, int act) {
  if (!sees(w, t, person, ALL_ROLES)) return false;
  switch (act) {
    case 0: return t->fixer == person || sees(w, t, person, 1u << CHIEF);
    case 1: return t->creator == person || has_role_at(w, person, SCHOOL, (int[SET]){t->lead, NONE, NONE});
    case 2: return sees(w, t, person, 1u << DISTRICT | 1u << NARROWED);
    case 3: return in(t->helpers, person) || has_role_at(w, person, EXPERT, t->joints);
    default: return false;
  }
}

/* ---- people as records ---- */

static bool is_ward(const struct world *w, int guardian, int pupil) {
  for (int i = 0; i < WARDS; i++)
    if (w->wards[i].guardian == guardian && w->wards[i].pupil == pupil && holds(w->wards[i].from, w->wards[i].until))
      return true;
  return false;
}
static bool works_at(const struct world *w, int person, int unit, bool below) {
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    if (p->person == person && p->role != PUPIL && holds(p->from, p->until) &&
        (below ? is_under(w, p->unit, unit) : p->unit == unit))
      return true;
  }
  return false;
}
static bool post_sees_person(const struct world *w, int other, int person, const struct post *p, bool own) {
  switch (p->role) {
    case DISTRICT: return works_at(w, other, p->unit, true);
    case SCHOOL: return works_at(w, other, p->unit, false);
    case WORKER: return own && (other == person || is_ward(w, person, other));
    case PUPIL: return own && other == person;
    default: return false;
  }
}
static bool sees_person(const struct world *w, int other, int person) {
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    if (!holds(p->from, p->until)) continue;
    if (p->person == person && post_sees_person(w, other, person, p, true)) return true;
    for (int k = 0; k < AWAY; k++) {
      const struct away *a = &w->away[k];
      if (a->post == i && a->deputy == person && p->person != person && holds(a->from, a->until) &&
          post_sees_person(w, other, person, p, false))
        return true;
    }
  }
  return false;
}

static bool is_department(int unit) { return unit % 3 == 1; }
static int seat_of(const struct world *w, int unit) {
  while (is_department(unit) && w->parent[unit] != NONE) unit = w->parent[unit];
  return unit;
}
static bool sees_issued(const struct world *w, const struct thing *t, int person) {
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    bool mine = p->person == person;
    if (!holds(p->from, p->until) || p->role != SCHOOL) continue;
    for (int k = 0; k < AWAY; k++)
      mine |= w->away[k].post == i && w->away[k].deputy == person && holds(w->away[k].from, w->away[k].until);
    if (mine && is_under(w, seat_of(w, p->unit), t->school)) return true;
  }
  return false;
}

/* ---- the same world as rows ---- */

static void put_id(struct buf *b, char kind, int n) {
  if (n == NONE) buf_z(b, "NULL");
  else buf_fmt(b, "'%c%03d'", kind, n);
}
static void put_days(struct buf *b, int from, int until) { buf_fmt(b, ", '%s', '%s'", days[from], days[until]); }
static void put_set(struct buf *b, const char *table, int owner, const int set[SET], char kind) {
  for (int i = 0; i < SET; i++) {
    if (set[i] == NONE) continue;
    buf_fmt(b, "INSERT INTO %s VALUES ('local', 't%03d', %d, '%c%03d');", table, owner, i, kind, set[i]);
  }
}
static void put_asked(struct buf *b, int thing, const char *role, const int set[SET], char kind) {
  for (int i = 0; i < SET; i++) {
    if (set[i] == NONE) continue;
    buf_fmt(
        b,
        "INSERT INTO round_party (tenant, record, role, party, id) VALUES ('local', 'thing', '%s', '%c%03d', 't%03d');",
        role, kind, set[i], thing);
  }
}
static void put_thing(struct buf *b, const struct thing *t, int i) {
  buf_fmt(b,
          "INSERT INTO case_thing (tenant, id, state, ended, \"limit\", \"from\", area, creator, \"on\", \"user\", "
          "\"order\") VALUES "
          "('local', "
          "'t%03d', '%s', %d, %d, 'u%03d', 'u%03d', 'p%03d', ",
          i, states[t->state], t->ended, t->rank, t->school, t->area, t->creator);
  put_id(b, 'u', t->lead);
  buf_z(b, ", ");
  put_id(b, 'p', t->child);
  buf_z(b, ", ");
  put_id(b, 'p', t->fixer);
  buf_z(b, ");");
  put_set(b, "case_thing__group", i, t->joints, 'u');
  put_set(b, "case_thing__where", i, t->helpers, 'p');
  put_asked(b, i, "expert", t->asked_units, 'u');
  put_asked(b, i, "", t->asked_persons, 'p');
}
static void put_people(struct buf *b, const struct world *w) {
  for (int i = 0; i < PERSONS; i++)
    buf_fmt(
        b,
        "INSERT INTO person (tenant, id, name, created_us, updated_us, rev) VALUES ('local', 'p%03d', 'x', 0, 0, 0);",
        i);
  for (int i = 0; i < POSTS; i++) {
    const struct post *p = &w->posts[i];
    buf_fmt(b,
            "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES ('local', 'o%03d', "
            "'p%03d', 'u%03d', '%s', ''",
            i, p->person, p->unit, roles[p->role]);
    put_days(b, p->from, p->until);
    buf_z(b, ");");
  }
  for (int i = 0; i < AWAY; i++) {
    buf_fmt(b,
            "INSERT INTO delegation (tenant, id, post, deputy, reason, from_day, until_day) VALUES ('local', 'd%03d', "
            "'o%03d', 'p%03d', ''",
            i, w->away[i].post, w->away[i].deputy);
    put_days(b, w->away[i].from, w->away[i].until);
    buf_z(b, ");");
  }
  for (int i = 0; i < WARDS; i++) {
    buf_fmt(b,
            "INSERT INTO guardian (tenant, id, person, pupil, kin, from_day, until_day) VALUES ('local', 'g%03d', "
            "'p%03d', 'p%03d', ''",
            i, w->wards[i].guardian, w->wards[i].pupil);
    put_days(b, w->wards[i].from, w->wards[i].until);
    buf_z(b, ");");
  }
}
static void write_world(struct scratch *s, const struct world *w) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  if (!scratch_cluster) buf_z(&b, "PRAGMA foreign_keys=OFF;BEGIN;"); /* else each row waits for the disk */
  buf_z(&b,
        "DELETE FROM case_thing;DELETE FROM case_thing__group;DELETE FROM case_thing__where;DELETE FROM "
        "round_party;DELETE FROM unit_area;DELETE FROM guardian;DELETE FROM delegation;DELETE FROM post;DELETE FROM "
        "person;DELETE FROM unit;");
  for (int i = 0; i < UNITS; i++) {
    buf_fmt(&b, "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', 'u%03d', 'n%d', '%s', ", i, i,
            is_department(i) ? "department" : "school");
    put_id(&b, 'u', w->parent[i]);
    buf_z(&b, ");");
    if (w->former[i] != NONE)
      buf_fmt(&b, "INSERT INTO unit_area (tenant, above, area, own) VALUES ('local', 'u%03d', 'u%03d', 1);", i,
              w->former[i]);
  }
  put_people(&b, w);
  for (int i = 0; i < THINGS; i++) put_thing(&b, &w->things[i], i);
  if (!scratch_cluster) buf_z(&b, "COMMIT;");
  buf_byte(&b, 0);
  assert_false(b.broken);
  (void)scratch_sql(s, b.at);
}
static void make_tables(struct scratch *s) {
  const char *integer = scratch_cluster ? "bigint" : "INTEGER";
  const char *text = scratch_cluster ? "text COLLATE \"C\"" : "TEXT";
  AUTO_BUF b = BUF_MAX(1 << 16);
  buf_fmt(&b,
          "CREATE TABLE case_thing (tenant %s NOT NULL, id %s NOT NULL, state %s NOT NULL, ended %s NOT NULL, "
          "\"limit\" %s NOT "
          "NULL, \"from\" %s NOT NULL, area %s NOT NULL, creator %s NOT NULL, \"on\" %s, \"user\" %s, \"order\" %s, "
          "PRIMARY KEY "
          "(tenant, id));",
          text, text, text, integer, integer, text, text, text, text, text, text);
  for (int i = 0; i < 2; i++)
    buf_fmt(&b,
            "CREATE TABLE case_thing__%s (tenant %s NOT NULL, owner %s NOT NULL, seq %s NOT NULL, value %s NOT NULL, "
            "PRIMARY KEY (tenant, owner, seq));",
            i ? "group" : "where", text, text, integer, text);
  buf_byte(&b, 0);
  (void)scratch_sql(s, b.at);
}

/* ---- comparing ---- */

struct trial {
  struct scratch *s;
  struct store *st; /* a reader */
  struct arena *mem;
  const struct world *w;
  const struct rights_model *m;
  const struct rights_record *rec;
  struct rights_person p;
  struct rights_view v;
  int person;
};
static void check_one(struct trial *t, const struct rights_condition *c, int thing, bool expected, const char *what) {
  AUTO_ARENA mem = {0};
  bool is = false;
  struct err e = {0};
  const struct str id = str_fmt(&mem, "t%03d", thing);
  if (!rights_check(t->st, &mem, t->rec, c, id, &is, &e)) fail_msg(STRF, STRA(err_says(&mem, LANG_EN, &e)));
  if (is != expected)
    fail_msg("p%03d %s t%03d: %d, not %d by " STRF, t->person, what, thing, is, expected, STRA(c->sql));
}
/* The ids that lists of few begin with: a row is among them exactly when it is seen. */
static struct rights_condition by_ids(struct trial *t) {
  struct rights_condition ids;
  rights_compile_ids(t->mem, &t->v, THINGS + 1, &ids);
  assert_true(ids.never == t->v.seen.never);
  ids.sql = str_fmt(t->mem, "r.id IN (" STRF ")", STRA(ids.sql));
  return ids;
}
static void check_each(struct trial *t) {
  const bool handles = t->p.purpose.len > 0;
  const struct rights_condition ids = by_ids(t);
  struct rights_condition act[COUNT_OF(acts)];
  for (size_t a = 0; a < COUNT_OF(acts); a++) rights_compile_act(t->mem, &t->v, &t->p, str_of(acts[a]), &act[a]);
  for (int i = 0; i < THINGS; i++) {
    const struct thing *x = &t->w->things[i];
    check_one(t, &t->v.seen, i, sees(t->w, x, t->person, ALL_ROLES), "sees");
    check_one(t, &ids, i, sees(t->w, x, t->person, ALL_ROLES), "has among the ids");
    check_one(t, &t->v.class[RIGHTS_CLASS_personal], i, sees(t->w, x, t->person, 1u << DISTRICT | 1u << EXPERT),
              "reads the phone of");
    check_one(t, &t->v.class[RIGHTS_CLASS_sensitive], i,
              handles && sees(t->w, x, t->person, 1u << SCHOOL | 1u << WORKER), "reads the illness of");
    check_one(t, &t->v.class[RIGHTS_CLASS_sealed], i, false, "opens");
    for (size_t a = 0; a < COUNT_OF(acts); a++) check_one(t, &act[a], i, may_act(t->w, x, t->person, (int)a), acts[a]);
  }
  check_one(t, &t->v.seen, THINGS + 7, false, "sees what is not there, "); /* a guessed id */
}

/* Things in the order of the list; returns how many. */
static int expected_list(const struct trial *t, bool by_rank, bool rising, int out[THINGS]) {
  int n = 0;
  for (int rank = 0; rank < (by_rank ? 5 : 1); rank++)
    for (int i = 0; i < THINGS; i++)
      if ((!by_rank || t->w->things[i].rank == rank) && sees(t->w, &t->w->things[i], t->person, ALL_ROLES))
        out[n++] = i;
  for (int a = 0, b = n - 1; !rising && a < b; a++, b--) {
    const int x = out[a];
    out[a] = out[b];
    out[b] = x;
  }
  return n;
}
static void check_list(struct trial *t, struct rights_list q) {
  AUTO_ARENA mem = {0};
  int want[THINGS], at = 0;
  const int n = expected_list(t, q.sort.len > 0, q.rising, want);
  const struct str columns[] = {STR("from"), STR("ended")};
  q.columns = columns;
  q.types = "si";
  for (;;) {
    rights_rows rows = {0};
    struct err e = {0};
    if (!rights_list(t->st, &mem, &t->v, &q, &rows, &e)) fail_msg(STRF, STRA(err_says(&mem, LANG_EN, &e)));
    if (!rows.len) break;
    assert_true(rows.len <= (size_t)q.most);
    for (size_t i = 0; i < rows.len; i++, at++) {
      if (at >= n || !str_eq(rows.at[i].at[0].s, str_fmt(&mem, "t%03d", want[at])))
        fail_msg("p%03d row %d is " STRF " (%d wanted; most %d, seeks %d, window %d, sort " STRF ")", t->person, at,
                 STRA(rows.at[i].at[0].s), at < n ? want[at] : NONE, q.most, q.seeks_first, q.window, STRA(q.sort));
      assert_true(str_eq(rows.at[i].at[q.sort.len ? 2 : 1].s, str_fmt(&mem, "u%03d", t->w->things[want[at]].school)));
    }
    q.after = true;
    q.after_id = vec_last(&rows).at[0].s;
    if (q.sort.len) q.after_sort = vec_last(&rows).at[1];
  }
  assert_int_equal(at, n);
}
static void check_lists(struct trial *t) {
  static const int most[] = {1, 4, 100}, plans[][2] = {{0, 0}, {1, 3}, {1, 20}};
  for (size_t m = 0; m < COUNT_OF(most); m++) {
    for (size_t p = 0; p < COUNT_OF(plans); p++) {
      if (most[m] == 1 && (t->person + (int)p) % 3) continue; /* the longest way, not for everybody */
      for (int sorted = 0; sorted < 4; sorted++)
        check_list(t, (struct rights_list){.sort = sorted & 1 ? STR("limit") : STR(""),
                                           .sort_type = 'i',
                                           .rising = sorted & 2,
                                           .most = most[m],
                                           .seeks_first = plans[p][0],
                                           .window = plans[p][1]});
    }
  }
}
static void check_counts(struct trial *t) {
  int unused[THINGS];
  struct err e = {0};
  const int n = expected_list(t, false, true, unused);
  for (int most = 1; most < THINGS * 2; most *= 5) {
    int64_t got = NONE;
    if (!rights_count(t->st, t->mem, &t->v, most, &got, &e)) fail_msg(STRF, STRA(err_says(t->mem, LANG_EN, &e)));
    assert_int_equal(got, n < most ? n : most);
  }
}

static void check_people(struct trial *t) {
  struct rights_view v;
  struct err e = {0};
  struct str ids[PERSONS];
  bool in_it[PERSONS] = {0};
  const struct rights_record *rec = rights_record(t->m, STR("person"));
  rights_compile(t->mem, t->m, rec, &t->p, &v);
  for (int i = 0; i < PERSONS; i++) ids[i] = str_fmt(t->mem, "p%03d", i);
  assert_true(rights_filter(t->st, t->mem, rec, &v.seen, ids, PERSONS, in_it, &e));
  size_t n = 0;
  for (int i = 0; i < PERSONS; i++) {
    bool is = false;
    assert_true(rights_check(t->st, t->mem, rec, &v.seen, ids[i], &is, &e));
    if (is != sees_person(t->w, i, t->person) || is != in_it[i]) fail_msg("p%03d sees p%03d: %d", t->person, i, is);
    n += is;
  }
  for (int plan = 0; plan < 2; plan++) {
    rights_rows rows = {0};
    const struct rights_list q = {.types = "", .most = 100, .seeks_first = plan, .window = 2};
    assert_true(rights_list(t->st, t->mem, &v, &q, &rows, &e));
    assert_int_equal(rows.len, n);
  }
  int64_t counted = 0;
  assert_true(rights_count(t->st, t->mem, &v, 100, &counted, &e));
  assert_int_equal(counted, n);
}

static void check_issued(struct trial *t) {
  struct rights_view v;
  struct err e = {0};
  const struct rights_record *rec = rights_record(t->m, STR("issued"));
  rights_compile(t->mem, t->m, rec, &t->p, &v);
  size_t n = 0;
  for (int i = 0; i < THINGS; i++) {
    bool is = false;
    assert_true(rights_check(t->st, t->mem, rec, &v.seen, str_fmt(t->mem, "t%03d", i), &is, &e));
    if (is != sees_issued(t->w, &t->w->things[i], t->person)) fail_msg("p%03d sees issued t%03d: %d", t->person, i, is);
    n += is;
  }
  for (int plan = 0; plan < 4; plan++) {
    rights_rows rows = {0};
    const struct rights_list q = {.types = "",
                                  .most = 100,
                                  .seeks_first = plan % 2,
                                  .window = 2,
                                  .sort = plan / 2 ? STR("limit") : STR(""),
                                  .sort_type = 'i'};
    if (!rights_list(t->st, t->mem, &v, &q, &rows, &e)) fail_msg(STRF, STRA(err_says(t->mem, LANG_EN, &e)));
    assert_int_equal(rows.len, n);
  }
  int64_t counted = 0;
  assert_true(rights_count(t->st, t->mem, &v, 100, &counted, &e));
  assert_int_equal(counted, n);
}

/* Whoever sees a thing is among those who are asked whether they do. */
static void check_candidates(struct store *st, const struct world *w, const struct rights_model *m) {
  AUTO_READ *r = store_read_begin(st, &(struct err){0});
  assert_non_null(r);
  for (int i = 0; i < THINGS; i += 7) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    struct str *who = NULL;
    size_t n = 0;
    assert_true(rights_candidates(r, &mem, m, m->records.at, str_fmt(&mem, "t%03d", i), str_of(days[TODAY]), 100, &who,
                                  &n, &e));
    for (int p = 0; p < PERSONS; p++) {
      bool is = false;
      for (size_t k = 0; k < n; k++) is |= str_eq(who[k], str_fmt(&mem, "p%03d", p));
      if (!is && sees(w, &w->things[i], p, ALL_ROLES)) fail_msg("p%03d is not asked of t%03d", p, i);
    }
  }
}

static bool refresh(struct store *tx, void *arg, struct err *e) { return unit_path_refresh(tx, arg, now_us, e); }
static void check_person(struct trial *t, uint64_t seed) {
  struct err e = {0};
  const struct str id = str_fmt(t->mem, "p%03d", t->person);
  if (!rights_person_load(t->st, t->mem, t->m, id, now_us, &t->p, &e))
    fail_msg(STRF, STRA(err_says(t->mem, LANG_EN, &e)));
  if ((seed + (uint64_t)t->person) % 2) t->p.purpose = STR("handle");
  rights_compile(t->mem, t->m, t->rec, &t->p, &t->v);
  check_each(t);
  check_lists(t);
  check_counts(t);
  check_people(t);
  check_issued(t);
}
static void agrees_with_the_naive_evaluator(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct rights_model m;
  struct world *w = test_malloc(sizeof *w);
  scratch_begin(&s);
  assert_true(rights_read(&s.mem, STR("case.yaml"), str_of(declaration), &m, &e));
  struct store *st = scratch_open(&s, NULL);
  make_tables(&s);
  for (uint64_t seed = 1; seed <= WORLDS; seed++) {
    make_world(w, seed);
    write_world(&s, w);
    assert_true(store_write(st, refresh, &s.mem, &e));
    check_candidates(st, w, &m);
    for (int person = 0; person < PERSONS; person++) {
      AUTO_ARENA mem = {0};
      AUTO_READ *r = store_read_begin(st, &e);
      assert_non_null(r);
      struct trial t = {.s = &s, .st = r, .mem = &mem, .w = w, .m = &m, .rec = m.records.at, .person = person};
      check_person(&t, seed);
    }
  }
  store_close(st);
  test_free(w);
  scratch_end(&s);
}

UNIT_TESTS(against) = {
    cmocka_unit_test(agrees_with_the_naive_evaluator),
};
UNIT_COUNT(against);
