/* Turns what is declared and what a person holds into conditions. A grant is a role that sees the record, with the posts
 * by which the person holds it; a condition is the grants joined by OR. Every value is a place (@); how many there are of
 * a kind is rounded up to a power of two by saying the last again, so that few different texts exist to be prepared.
 *
 * A deputy acts in the post of somebody who is away: the scope of the post goes over (all, below, unit, asked as the
 * unit's role); what hangs on the person (mine, about, asked as a person) stays with that person. */
#include "base/buf.h"
#include "engine/rights/rights.h"

enum { TEXT_MAX = 128 << 10, TOPS_FEW = 4 };

struct maker {
  struct arena *mem;
  const struct rights_record *rec;
  const struct rights_person *p;
  struct buf text;
  struct rights_condition *to;
};
typedef VEC(struct str) strs;

static void put(struct maker *k, const char *sql) { buf_z(&k->text, sql); }
static void name(struct maker *k, struct str s) { buf_fmt(&k->text, "\"" STRF "\"", STRA(s)); }
static void value(struct maker *k, struct str v) {
  buf_byte(&k->text, '@');
  vec_push(k->mem, &k->to->values) = v;
}
/* (@, @, @, @): as many places as the next power of two. */
static void set(struct maker *k, const struct str *at, size_t n) {
  size_t places = 1;
  while (places < n) places *= 2;
  for (size_t i = 0; i < places; i++) {
    put(k, i ? ", " : "(");
    value(k, at[i < n ? i : n - 1]);
  }
  put(k, ")");
}

/* ---- units of a grant ---- */

static bool has(const strs *list, struct str s) {
  vec_each(const struct str, x, list)
    if (str_eq(*x, s)) return true;
  return false;
}
static const struct rights_place *place_of(const struct rights_person *p, struct str unit) {
  vec_each(const struct rights_place, x, &p->places)
    if (str_eq(x->unit, unit)) return x;
  return NULL;
}
static bool is_office(const struct rights_record *rec, struct str kind) {
  vec_each(const struct str, x, &rec->offices)
    if (str_eq(*x, kind)) return true;
  return false;
}
struct str rights_seat(const struct rights_record *rec, const struct rights_person *p, const struct rights_post *post) {
  const struct rights_place *at = is_office(rec, post->kind) ? place_of(p, post->unit) : NULL;
  while (at && at->parent.len && is_office(rec, at->kind)) at = place_of(p, at->parent);
  return at ? at->unit : post->unit;
}
/* Is there another of these units above it? Then its subtree is in the other's. */
static bool is_covered(const struct maker *k, const strs *units, struct str unit) {
  const struct rights_place *at = place_of(k->p, unit);
  while (at && at->parent.len) {
    if (has(units, at->parent)) return true;
    at = place_of(k->p, at->parent);
  }
  return false;
}
static strs units_of(const struct maker *k, const struct rights_grant *g) {
  strs all = {0}, tops = {0};
  for (size_t i = 0; i < g->posts.len; i++) {
    const struct str seat = rights_seat(k->rec, k->p, g->posts.at[i]);
    if (!has(&all, seat)) vec_push(k->mem, &all) = seat;
  }
  if (g->sees->word != RIGHTS_below) return all;
  vec_each(struct str, u, &all)
    if (!is_covered(k, &all, *u)) vec_push(k->mem, &tops) = *u;
  return tops;
}
static bool is_own(const struct rights_grant *g) {
  for (size_t i = 0; i < g->posts.len; i++)
    if (!g->posts.at[i]->instead_of.len) return true;
  return false;
}

/* Two roles of one person often see the same: the very same rows are asked for once. */
static bool has_same_units(const struct maker *k, const struct rights_grant *a, const struct rights_grant *b) {
  const strs x = units_of(k, a), y = units_of(k, b);
  bool same = x.len == y.len;
  for (size_t i = 0; same && i < x.len; i++) same = str_eq(x.at[i], y.at[i]);
  return same;
}
static bool shows_the_same(const struct maker *k, const struct rights_grant *a, const struct rights_grant *b) {
  const enum rights_word word = a->sees->word;
  if (word != b->sees->word || !str_eq(a->sees->says, b->sees->says)) return false;
  if (word == RIGHTS_unit || word == RIGHTS_below) return has_same_units(k, a, b);
  return word != RIGHTS_asked; /* as each role of its own */
}

/* ---- terms ---- */

static void put_tested(struct maker *k, const char *sql, struct str v) {
  put(k, sql);
  value(k, v);
}
/* Rows of the row's own in a side table, those that hold today. */
static void side_rows(struct maker *k, const struct rights_link *side, const char *also) {
  put(k, "EXISTS (SELECT 1 FROM ");
  name(k, side->table);
  put(k, " s");
  put(k, also);
  put(k, " WHERE s.tenant = r.tenant AND s.");
  name(k, side->owner);
  put(k, " = r.");
  name(k, side->on.len ? side->on : STR("id"));
  if (side->dated) put_tested(k, " AND s.from_day <= ", k->p->today);
  if (side->dated) put_tested(k, " AND s.until_day >= ", k->p->today);
  if (side->role.len) put_tested(k, " AND s.role = ", side->role);
  if (side->not_role.len) put_tested(k, " AND s.role <> ", side->not_role);
}
/* The row's column, or one of its rows in the side table, is one of these. */
static void is_one_of(struct maker *k, const struct rights_column *c, const struct str *at, size_t n) {
  if (c->many) {
    side_rows(k, &c->link, "");
    put(k, " AND s.");
    name(k, c->link.value);
    put(k, " IN ");
  } else {
    put(k, "r.");
    name(k, c->name);
    put(k, " IN ");
  }
  set(k, at, n);
  if (c->many) put(k, ")");
}
/* The outer row is named once more in a way that keeps planners from making a table of all units first; and of many tops
 * each unit's few are compared, not each top looked up. */
static void is_below(struct maker *k, const struct rights_column *c, const strs *tops) {
  if (c->many) {
    side_rows(k, &c->link, ", unit_path p");
    put(k, " AND p.tenant = s.tenant AND p.unit = s.");
    name(k, c->link.value);
  } else {
    put(k, "EXISTS (SELECT 1 FROM unit_path p WHERE p.tenant = r.tenant AND p.unit = r.");
    name(k, c->name);
  }
  put(k, tops->len > TOPS_FEW ? " AND COALESCE(p.above, p.unit) IN " : " AND p.above IN ");
  set(k, tops->at, tops->len);
  put(k, " AND r.id IS NOT NULL)");
}
static void is_ward(struct maker *k) {
  put(k, "EXISTS (SELECT 1 FROM guardian g WHERE g.tenant = r.tenant AND g.person = ");
  value(k, k->p->id);
  put(k, " AND g.pupil = r.");
  name(k, k->rec->about);
  put(k, " AND g.from_day <= ");
  value(k, k->p->today);
  put(k, " AND g.until_day >= ");
  value(k, k->p->today);
  put(k, ")");
}
static void is_asked(struct maker *k, struct str role, const struct str *at, size_t n) {
  put(k, "EXISTS (SELECT 1 FROM round_party q WHERE q.tenant = r.tenant AND q.record = ");
  value(k, k->rec->name);
  put(k, " AND q.id = r.id AND q.role = ");
  value(k, role);
  put(k, " AND q.party IN ");
  set(k, at, n);
  put(k, ")");
}
static void unit_terms(struct maker *k, const struct rights_grant *g) {
  const strs units = units_of(k, g);
  for (size_t i = 0; i < k->rec->units.len; i++) {
    if (i) put(k, " OR ");
    if (g->sees->word == RIGHTS_below) is_below(k, &k->rec->units.at[i], &units);
    else is_one_of(k, &k->rec->units.at[i], units.at, units.len);
  }
}
static void mine_terms(struct maker *k) {
  for (size_t i = 0; i < k->rec->persons.len; i++) {
    if (i) put(k, " OR ");
    is_one_of(k, &k->rec->persons.at[i], &k->p->id, 1);
  }
  if (!k->rec->about.len) return;
  if (k->rec->persons.len) put(k, " OR ");
  is_ward(k);
}
static void asked_terms(struct maker *k, const struct rights_grant *g) {
  const strs units = units_of(k, g);
  is_asked(k, g->role->name, units.at, units.len);
  if (!is_own(g)) return;
  put(k, " OR ");
  is_asked(k, STR(""), &k->p->id, 1);
}
static void where_terms(struct maker *k, const rights_where *where) {
  vec_each(const struct rights_test, t, where) {
    put(k, " AND r.");
    name(k, t->field);
    switch (t->op) {
      case RIGHTS_IN: put(k, " IN "); break;
      case RIGHTS_NOT_IN: put(k, " NOT IN "); break;
      case RIGHTS_MISSING: put(k, " IS NULL"); break;
      case RIGHTS_PRESENT: put(k, " IS NOT NULL"); break;
      case RIGHTS_YES: put(k, " = 1"); break;
      case RIGHTS_NO: put(k, " = 0"); break;
    }
    if (t->values.len) set(k, t->values.at, t->values.len);
  }
}
static void grant_terms(struct maker *k, const struct rights_grant *g) {
  put(k, "(");
  switch (g->sees->word) {
    case RIGHTS_below:
    case RIGHTS_unit: unit_terms(k, g); break;
    case RIGHTS_mine: mine_terms(k); break;
    case RIGHTS_asked: asked_terms(k, g); break;
    case RIGHTS_about: is_one_of(k, &(struct rights_column){.name = k->rec->about}, &k->p->id, 1); break;
    default: put(k, "1 = 1"); break;
  }
  put(k, ")");
  where_terms(k, &g->sees->where);
}

/* ---- conditions ---- */

typedef bool (*grant_filter)(const struct rights_grant *g, const void *arg);

static bool is_said(const struct maker *k, const struct rights_view *v, size_t at, grant_filter fits, const void *arg) {
  for (size_t i = 0; i < at; i++) {
    const struct rights_grant *g = &v->grants.at[i];
    if ((!fits || fits(g, arg)) && shows_the_same(k, g, &v->grants.at[at])) return true;
  }
  return false;
}

static struct rights_condition condition_of(struct maker *k, const struct rights_view *v, grant_filter fits,
                                            const void *arg) {
  struct rights_condition c = {.never = true};
  k->text = BUF_MAX(TEXT_MAX);
  k->to = &c;
  for (size_t i = 0; i < v->grants.len && !c.always; i++) {
    const struct rights_grant *g = &v->grants.at[i];
    if ((fits && !fits(g, arg)) || is_said(k, v, i, fits, arg)) continue;
    c.always = g->sees->word == RIGHTS_all && !g->sees->where.len;
    put(k, c.never ? "(" : " OR (");
    grant_terms(k, g);
    put(k, ")");
    c.never = false;
  }
  if (c.never || c.always || k->text.broken) {
    c.values.len = 0;
    c.never = !c.always;
    c.sql = c.always ? STR("1 = 1") : STR("1 = 0");
  } else {
    put(k, " OR 1 = 0"); /* keeps planners from driving the query by a grant: see the decision */
    c.sql = str_dup(k->mem, buf_view(&k->text));
  }
  buf_drop(&k->text);
  return c;
}

static bool holds(const struct rights_person *p, const struct rights_role *role, enum rights_word word,
                  const struct rights_post *post) {
  const bool personal = word == RIGHTS_mine || word == RIGHTS_about;
  return str_eq(post->role, role->name) && !(personal && post->instead_of.len) && p->id.len;
}
static void find_grants(struct arena *mem, const struct rights_model *m, const struct rights_person *p,
                        struct rights_view *v) {
  vec_each(const struct rights_role, role, &m->roles) {
    vec_each(const struct rights_sees, sees, &role->sees) {
      struct rights_grant g = {.role = role, .sees = sees};
      if (!str_eq(sees->record, v->record->name) || sees->word == RIGHTS_none) continue;
      vec_each(const struct rights_post, post, &p->posts)
        if (holds(p, role, sees->word, post)) vec_push(mem, &g.posts) = post;
      if (g.posts.len) vec_push(mem, &v->grants) = g;
    }
  }
}
struct opened {
  const struct rights_opens *opens;
};
static bool may_open(const struct rights_grant *g, const void *arg) {
  const struct rights_opens *o = ((const struct opened *)arg)->opens;
  vec_each(const struct str, to, &o->to)
    if (str_eq(*to, g->role->name)) return true;
  return false;
}
static bool nobody(const struct rights_grant *g, const void *arg) { return !g && arg; }

static void find_classes(struct maker *k, const struct rights_model *m, const struct rights_person *p,
                         struct rights_view *v) {
  for (int c = 0; c < RIGHTS_CLASS_COUNT; c++) {
    const struct opened o = {&m->opens[c]};
    const bool purpose = p->purpose.len && str_eq(p->purpose, o.opens->purpose);
    if (c <= RIGHTS_CLASS_inner) v->class[c] = v->seen;
    else if (c == RIGHTS_CLASS_personal || (c == RIGHTS_CLASS_sensitive && purpose))
      v->class[c] = condition_of(k, v, may_open, &o);
    else v->class[c] = condition_of(k, v, nobody, &o);
  }
}

/* ---- streams ---- */

static void add_values(struct maker *k, struct rights_view *v, struct rights_stream s, const struct str *at, size_t n) {
  for (size_t i = 0; i < n; i++) vec_push(k->mem, &s.values) = at[i];
  vec_push(k->mem, &v->streams) = s;
}
static struct rights_stream by_column(const struct rights_column *c, enum rights_source source,
                                      const struct rights_grant *g) {
  struct rights_stream s = {.source = source, .where = &g->sees->where, .column = c->name, .area = c->area};
  if (!c->many) return s;
  s.column = (struct str){0};
  s.side = &c->link;
  s.link = c->link.table;
  s.link_id = c->link.owner;
  s.link_value = c->link.value;
  return s;
}
static void add_asked(struct maker *k, struct rights_view *v, const struct rights_grant *g) {
  const strs units = units_of(k, g);
  struct rights_stream s = {.source = RIGHTS_VALUES,
                            .link = STR("round_party"),
                            .link_id = STR("id"),
                            .link_value = STR("party"),
                            .record = k->rec->name,
                            .role = g->role->name,
                            .where = &g->sees->where};
  add_values(k, v, s, units.at, units.len);
  s.role = STR("");
  if (is_own(g)) add_values(k, v, s, &k->p->id, 1);
}
static void add_mine(struct maker *k, struct rights_view *v, const struct rights_grant *g) {
  vec_each(const struct rights_column, c, &k->rec->persons)
    add_values(k, v, by_column(c, RIGHTS_VALUES, g), &k->p->id, 1);
  const struct rights_column about = {.name = k->rec->about};
  if (about.name.len) add_values(k, v, by_column(&about, RIGHTS_WARDS, g), &k->p->id, 1);
}
static void find_streams(struct maker *k, struct rights_view *v) {
  for (size_t i = 0; i < v->grants.len; i++) {
    const struct rights_grant *g = &v->grants.at[i];
    const bool below = g->sees->word == RIGHTS_below;
    if (is_said(k, v, i, NULL, NULL)) continue;
    const strs units = units_of(k, g);
    if (below || g->sees->word == RIGHTS_unit)
      vec_each(const struct rights_column, c, &k->rec->units)
        add_values(k, v, by_column(c, below ? RIGHTS_BELOW : RIGHTS_VALUES, g), units.at, units.len);
    if (g->sees->word == RIGHTS_mine) add_mine(k, v, g);
    if (g->sees->word == RIGHTS_asked) add_asked(k, v, g);
    if (g->sees->word == RIGHTS_all)
      add_values(k, v, (struct rights_stream){.source = RIGHTS_EVERY, .where = &g->sees->where}, NULL, 0);
    if (g->sees->word == RIGHTS_about)
      add_values(k, v, by_column(&(struct rights_column){.name = k->rec->about}, RIGHTS_VALUES, g), &k->p->id, 1);
  }
}

void rights_compile(struct arena *mem, const struct rights_model *m, const struct rights_record *record,
                    const struct rights_person *p, struct rights_view *out) {
  struct maker k = {.mem = mem, .rec = record, .p = p};
  *out = (struct rights_view){.model = m, .record = record, .person = p->id, .today = p->today};
  find_grants(mem, m, p, out);
  out->seen = condition_of(&k, out, NULL, NULL);
  find_classes(&k, m, p, out);
  find_streams(&k, out);
}

static bool by_unit_alone(const struct rights_grant *g, const void *arg) {
  const enum rights_word w = g->sees->word;
  return arg && !g->sees->where.len && (w == RIGHTS_unit || w == RIGHTS_below || w == RIGHTS_all);
}
void rights_compile_alike(struct arena *mem, const struct rights_view *v, const struct rights_person *p,
                          struct str column, struct rights_condition *out) {
  const rights_columns *units = &v->record->units;
  const bool is_it = units->len == 1 && !units->at[0].many && str_eq(units->at[0].name, column);
  struct maker k = {.mem = mem, .rec = v->record, .p = p};
  *out = condition_of(&k, v, by_unit_alone, is_it ? v : NULL);
}
static bool is_this(const struct rights_grant *g, const void *arg) { return g == arg; }
void rights_compile_grant(struct arena *mem, const struct rights_view *v, const struct rights_grant *g,
                          const struct rights_person *p, struct rights_condition *out) {
  struct maker k = {.mem = mem, .rec = v->record, .p = p};
  *out = condition_of(&k, v, is_this, g);
}

/* ---- acts ---- */

static bool is_role(const struct rights_grant *g, const void *arg) {
  return str_eq(g->role->name, *(const struct str *)arg);
}
/* The field of an act's `role@field`, as a column. */
static struct rights_column field_column(const struct rights_record *r, struct str field) {
  const struct rights_field *f = rights_field(r, field);
  return f ? (struct rights_column){.name = field, .many = f->many, .link = f->link}
           : (struct rights_column){.name = field};
}
static void role_at(struct maker *k, const struct rights_who *who) {
  strs units = {0};
  vec_each(const struct rights_post, post, &k->p->posts) {
    const struct str seat = rights_seat(k->rec, k->p, post);
    if (str_eq(post->role, who->role) && !has(&units, seat)) vec_push(k->mem, &units) = seat;
  }
  const struct rights_column c = field_column(k->rec, who->field);
  if (units.len) is_one_of(k, &c, units.at, units.len);
  else put(k, "1 = 0");
}
static void who_terms(struct maker *k, const struct rights_view *v, const struct rights_who *who) {
  const struct rights_column self = field_column(k->rec, who->kind == RIGHTS_CREATOR ? k->rec->creator : who->field);
  if (who->kind == RIGHTS_ROLE_AT) role_at(k, who);
  else if ((who->kind == RIGHTS_SELF_AT || who->kind == RIGHTS_CREATOR) && self.name.len)
    is_one_of(k, &self, &k->p->id, 1);
  else if (who->kind == RIGHTS_ROLE) {
    struct maker inner = *k;
    const struct rights_condition c = condition_of(&inner, v, is_role, &who->role);
    buf_str(&k->text, c.sql);
    vec_each(const struct str, x, &c.values) vec_push(k->mem, &k->to->values) = *x;
  } else put(k, "1 = 0");
}
void rights_compile_act(struct arena *mem, const struct rights_view *v, const struct rights_person *p, struct str act,
                        struct rights_condition *out) {
  struct maker k = {.mem = mem, .rec = v->record, .p = p, .to = out, .text = BUF_MAX(TEXT_MAX)};
  *out = (struct rights_condition){.sql = STR("1 = 0"), .never = true};
  vec_each(const struct rights_act, a, &v->record->acts) {
    if (!str_eq(a->name, act) || v->seen.never || !a->who.len) continue;
    buf_fmt(&k.text, "(" STRF ") AND (", STRA(v->seen.sql));
    vec_each(const struct str, x, &v->seen.values) vec_push(mem, &out->values) = *x;
    for (size_t i = 0; i < a->who.len; i++) {
      put(&k, i ? " OR (" : "(");
      who_terms(&k, v, &a->who.at[i]);
      put(&k, ")");
    }
    put(&k, ")");
    out->never = k.text.broken;
    if (!out->never) out->sql = str_dup(mem, buf_view(&k.text));
    else out->values.len = 0;
  }
  buf_drop(&k.text);
}
