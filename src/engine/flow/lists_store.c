/* Conditions of lists of records. The names are the declaration's, every value has its place; each condition comes with a second
 * statement that finds its rows from the other side, by an index, for when they are few of many. */
#include "engine/flow/lists.h"

#include "declare/check.h"
#include "engine/flow/clock.h"
#include "store/compose.h"
#include "store/list.h"

enum { WORD_BYTES = 200, TEXTS_MAX = 8, FEW_MAX = 6 };

struct scope_maker {
  struct arena *mem;
  const struct flow_record *r;
  const struct flow_asked *a;
  struct compose where, ids; /* ids: of one condition */
  bool begun;                /* where has a condition */
  struct list_few *few;
  size_t few_count;
};
static void and_(struct scope_maker *m) {
  compose_z(&m->where, m->begun ? " AND " : "");
  m->begun = true;
}
static void text(struct compose *c, const char *sql, struct str value) {
  compose_z(c, sql);
  (void)compose_str(c, value);
}
static void number(struct compose *c, const char *sql, int64_t value) {
  compose_z(c, sql);
  (void)compose_int(c, value);
}
static void named(struct compose *c, const char *sql, struct str name) {
  compose_z(c, sql);
  compose_name(c, name);
}
/* The statement of ids that was put together is one of those that are tried. */
static void keep_few(struct scope_maker *m) {
  struct list_few *f = &m->few[m->few_count++];
  struct store_value *values = NULL;
  f->sql = str_z(m->mem, compose_as_scope(&m->ids, &values, &f->count));
  f->values = values;
  compose_drop(&m->ids);
  m->ids = COMPOSE(m->mem);
}

/* ---- units ---- */

static bool is_scope_column(const struct flow_record *r, struct str name) {
  const struct flow_field *f = flow_field(r, name);
  return f && f->place == FLOW_COLUMN && f->class <= CLASS_inner && is_unit_type(f->field->is.type);
}
bool flow_list_has_unit(const struct flow_record *r) {
  if (is_scope_column(r, r->record->belongs.text)) return true;
  vec_each(const struct word, w, &r->record->shared)
    if (is_scope_column(r, w->text)) return true;
  return false;
}
static void by_unit(struct scope_maker *m, struct str column, bool *io_first) {
  if (!is_scope_column(m->r, column)) return;
  compose_z(&m->where, *io_first ? "(" : " OR ");
  named(&m->where, "EXISTS (SELECT 1 FROM unit_path p WHERE p.tenant = r.tenant AND p.unit = r.", column);
  text(&m->where, " AND p.above = ", m->a->unit);
  compose_z(&m->where, ")");
  compose_z(&m->ids, *io_first ? "" : " UNION ALL ");
  named(&m->ids, "SELECT x.id FROM unit_path p CROSS JOIN ", m->r->table);
  text(&m->ids, " x WHERE p.tenant = ", STORE_TENANT);
  text(&m->ids, " AND p.above = ", m->a->unit);
  text(&m->ids, " AND x.tenant = ", STORE_TENANT);
  named(&m->ids, " AND x.", column);
  compose_z(&m->ids, " = p.unit");
  *io_first = false;
}
static void put_unit(struct scope_maker *m) {
  bool first = true;
  if (!m->a->unit.len || !flow_list_has_unit(m->r)) return;
  and_(m);
  by_unit(m, m->r->record->belongs.text, &first);
  vec_each(const struct word, w, &m->r->record->shared) by_unit(m, w->text, &first);
  compose_z(&m->where, ")");
  keep_few(m);
}

/* ---- one's own ---- */

static void by_column(struct scope_maker *m, struct str column) {
  named(&m->where, " OR r.", column);
  text(&m->where, " = ", m->a->mine);
  named(&m->ids, " UNION ALL SELECT x.id FROM ", m->r->table);
  text(&m->ids, " x WHERE x.tenant = ", STORE_TENANT);
  named(&m->ids, " AND x.", column);
  text(&m->ids, " = ", m->a->mine);
}
static void by_side(struct scope_maker *m, const struct flow_field *f) {
  named(&m->where, " OR EXISTS (SELECT 1 FROM ", f->side);
  text(&m->where, " s WHERE s.tenant = r.tenant AND s.owner = r.id AND s.value = ", m->a->mine);
  compose_z(&m->where, ")");
  named(&m->ids, " UNION ALL SELECT s.owner FROM ", f->side);
  text(&m->ids, " s WHERE s.tenant = ", STORE_TENANT);
  text(&m->ids, " AND s.value = ", m->a->mine);
}
static void put_mine(struct scope_maker *m) {
  if (!m->a->mine.len) return;
  and_(m);
  text(&m->where, "(r.creator = ", m->a->mine);
  named(&m->ids, "SELECT x.id FROM ", m->r->table);
  text(&m->ids, " x WHERE x.tenant = ", STORE_TENANT);
  text(&m->ids, " AND x.creator = ", m->a->mine);
  vec_each(const struct flow_field, f, &m->r->fields) {
    if (!is_person_type(f->field->is.type) || f->class > CLASS_inner) continue;
    if (f->place == FLOW_COLUMN) by_column(m, f->name);
    if (f->place == FLOW_SIDE) by_side(m, f);
  }
  compose_z(&m->where, ")");
  keep_few(m);
}

/* ---- open ---- */

/* By the index of states: there is none of what has ended. */
static void put_open(struct scope_maker *m) {
  bool first = true;
  if (!m->a->open) return;
  and_(m);
  number(&m->where, "r.ended = ", 0);
  named(&m->ids, "SELECT x.id FROM ", m->r->table);
  text(&m->ids, " x WHERE x.tenant = ", STORE_TENANT);
  vec_each(const struct state, s, &m->r->record->states) {
    if (is_yes(s->end)) continue;
    text(&m->ids, first ? " AND x.state IN (" : ", ", s->head.name.text);
    first = false;
  }
  compose_z(&m->ids, first ? "" : ")");
  keep_few(m);
}

/* ---- clocks ---- */

static void put_clock_of(struct compose *c, struct str record) {
  text(c, "SELECT k.id FROM flow_clock k WHERE k.tenant = ", STORE_TENANT);
  text(c, " AND k.record = ", record);
}
static void put_phase(struct compose *c, enum clock_phase phase) { number(c, " AND k.phase = ", phase); }
/* As clock_read has it: behind the deadline now, or when it was stopped; or it was so before the deadline moved. */
static void put_over(struct scope_maker *m) {
  if (!m->a->over) return;
  and_(m);
  text(&m->where, "EXISTS (SELECT 1 FROM flow_clock k WHERE k.tenant = r.tenant AND k.record = ", m->r->name);
  number(&m->where, " AND k.id = r.id AND ((k.phase = ", CLOCK_RUNNING);
  number(&m->where, " AND (k.late = 1 OR k.due_us < ", m->a->now_us);
  number(&m->where, ")) OR (k.phase = ", CLOCK_PAUSED);
  compose_z(&m->where, " AND (k.late = 1 OR k.from_us > k.due_us))))");
  put_clock_of(&m->ids, m->r->name);
  put_phase(&m->ids, CLOCK_RUNNING);
  number(&m->ids, " AND k.late = 0 AND k.due_us < ", m->a->now_us);
  compose_z(&m->ids, " UNION ALL ");
  put_clock_of(&m->ids, m->r->name);
  put_phase(&m->ids, CLOCK_RUNNING);
  compose_z(&m->ids, " AND k.late = 1 UNION ALL ");
  put_clock_of(&m->ids, m->r->name);
  put_phase(&m->ids, CLOCK_PAUSED);
  keep_few(m);
}

static void put_due(struct scope_maker *m) {
  if (!m->a->clock.len) return;
  and_(m);
  text(&m->where, "EXISTS (SELECT 1 FROM flow_clock k WHERE k.tenant = r.tenant AND k.record = ", m->r->name);
  text(&m->where, " AND k.id = r.id AND k.clock = ", m->a->clock);
  put_phase(&m->where, CLOCK_RUNNING);
  number(&m->where, " AND k.due_us >= ", m->a->from_us);
  number(&m->where, " AND k.due_us <= ", m->a->until_us);
  compose_z(&m->where, ")");
  for (int late = 0; late < 2; late++) {
    compose_z(&m->ids, late ? " UNION ALL " : "");
    put_clock_of(&m->ids, m->r->name);
    put_phase(&m->ids, CLOCK_RUNNING);
    number(&m->ids, " AND k.late = ", late);
    number(&m->ids, " AND k.due_us >= ", m->a->from_us);
    number(&m->ids, " AND k.due_us <= ", m->a->until_us);
  }
  keep_few(m);
}

/* ---- words ---- */

static void put_like(struct scope_maker *m, struct str column, struct str like, bool *io_first) {
  named(&m->where, *io_first ? "(LOWER(r." : " OR LOWER(r.", column);
  text(&m->where, ") LIKE ", like);
  text(&m->where, " ESCAPE ", STR("\\"));
  *io_first = false;
}
/* What the declaration says is searched; when it says nothing, all texts. */
static bool is_searched(const struct flow_record *r, const struct flow_field *f) {
  const enum type_word t = f->field->is.type;
  bool said = false;
  vec_each(const struct flow_field, other, &r->fields) said = said || other->field->search.which == 1;
  return f->place == FLOW_COLUMN && f->class <= CLASS_inner && (t == TYPE_text || t == TYPE_code) &&
         (!said || f->field->search.which == 1);
}
static void put_word(struct scope_maker *m, struct str word) {
  const struct str like = list_like(m->mem, word);
  bool first = true;
  size_t n = 0;
  and_(m);
  put_like(m, STR("number"), like, &first);
  vec_each(const struct flow_field, f, &m->r->fields)
    if (is_searched(m->r, f) && n++ < TEXTS_MAX) put_like(m, f->name, like, &first);
  compose_z(&m->where, ")");
}
size_t flow_list_words(struct str said, struct str out[FLOW_LIST_WORDS]) {
  struct str rest = str_trim(said), word = {0}, tail = {0};
  size_t n = 0;
  while (rest.len) {
    if (n + 1 == FLOW_LIST_WORDS || !str_cut(rest, STR(" "), &word, &tail)) word = rest, tail = STR("");
    out[n++] = str_slice(word, 0, WORD_BYTES);
    rest = str_trim(tail);
  }
  return n;
}
static void put_words(struct scope_maker *m) {
  struct str asked[FLOW_LIST_WORDS];
  const size_t n = flow_list_words(m->a->words, asked);
  for (size_t i = 0; i < n; i++) put_word(m, asked[i]);
  if (n && m->a->found && m->a->found->sql) m->few[m->few_count++] = *m->a->found;
}

void flow_list_scope(struct arena *mem, const struct flow_record *r, const struct flow_asked *a,
                     struct list_scope *out) {
  struct scope_maker m = {.mem = mem, .r = r, .a = a, .where = COMPOSE(mem), .ids = COMPOSE(mem)};
  struct store_value *values = NULL;
  *out = (struct list_scope){0};
  m.few = arena_new_n(mem, struct list_few, FEW_MAX);
  put_unit(&m); /* what costs least a row stands first */
  put_mine(&m);
  put_open(&m);
  put_over(&m);
  put_due(&m);
  put_words(&m);
  if (a->seen.len) {
    and_(&m);
    compose_z(&m.where, "(");
    compose_condition(&m.where, a->seen, a->seen_values, a->seen_count);
    compose_z(&m.where, ")");
  }
  if (m.begun) out->sql = str_z(mem, compose_as_scope(&m.where, &values, &out->count));
  out->values = values;
  out->asked = m.few;
  out->asked_count = m.few_count;
  out->is_indexed = true;
  compose_drop(&m.where);
  compose_drop(&m.ids);
}
