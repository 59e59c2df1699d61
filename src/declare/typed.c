/* The world of a system that was checked, made once more and kept: its meaning, its tables, its reader of values. Reading an
 * expression later adds to that world (types of lists and rows), so it is done on a copy. */
#include "declare/typed.h"

#include "texts.h"

enum { TYPED_COST = 100000 };

static struct type *types_of(struct typed *t, const named_types *columns) {
  struct type *out = arena_new_n(t->c.mem, struct type, columns->len);
  for (size_t i = 0; i < columns->len; i++) out[i] = meaning_said_type(&t->m, &columns->at[i].type);
  return out;
}
bool typed_begin(struct arena *mem, const struct package *p, const struct world *w, const struct value_reader *reader,
                 struct typed **out, struct err *e) {
  struct typed *t = arena_new(mem, struct typed);
  t->faults.mem = mem;
  t->c = (struct checker){&t->faults, mem, p->system, w};
  meaning_begin(&t->m, &t->c, w->units, TYPED_COST);
  t->reader = *reader;
  t->tables = arena_new_n(mem, struct rules_table, p->system->tables.len);
  for (size_t i = 0; i < p->system->tables.len; i++) {
    const struct table *said = &p->system->tables.at[i];
    TRY(rules_table_of(mem, &t->reader, said, types_of(t, &said->key), types_of(t, &said->gives), &t->tables[i], e));
  }
  *out = t;
  return true;
}
struct type typed_field(struct typed *t, const struct record *r, const struct field *f) {
  return meaning_field_type(&t->m, r, f);
}

static bool refuse(int msg, struct str text, const struct msg_arg *args, size_t count, int column, struct err *e) {
  (void)fail(e, ERR_INVALID, MSG_typed_expr, "text", text);
  (void)err_because(e, msg, args, count);
  return err_at(e, (struct str){0}, 1, column + 1);
}
/* A world of its own, in which the bare names are those of a record. */
static struct typed *world_of(const struct typed *t, struct arena *mem, const struct record *r) {
  struct typed *own = arena_new(mem, struct typed);
  own->faults.mem = mem;
  own->c = (struct checker){&own->faults, mem, t->c.s, t->c.w};
  meaning_begin(&own->m, &own->c, t->c.w->units, TYPED_COST);
  meaning_of(&own->m, r);
  return own;
}
static bool read_in(struct typed *own, struct str text, const struct type *want, struct expr **out,
                    struct type_answer *answer, struct err *e) {
  struct arena *mem = own->faults.mem;
  struct expr_fault said = {0};
  type_faults faults = {0};
  if (!expr_parse(mem, text, out, &said)) return refuse(said.msg, text, said.args, said.arg_count, said.from, e);
  if (type_check(mem, *out, &own->m.env, want, answer, &faults)) return true;
  struct type_fault *x = &faults.at[0];
  return refuse(x->msg ? x->msg : fault_sentence(x->code), text, x->args, x->arg_count, x->from, e);
}
bool typed_expr(const struct typed *t, struct arena *mem, const struct record *r, struct str text,
                const struct type *want, struct expr **out, struct type_answer *answer, struct err *e) {
  return read_in(world_of(t, mem, r), text, want, out, answer, e);
}
bool typed_value(const struct typed *t, struct arena *mem, const struct record *r, const struct field *gives,
                 struct str text, struct expr **out, struct err *e) {
  struct typed *own = world_of(t, mem, r);
  const struct type want = meaning_field_type(&own->m, r, gives);
  struct type_answer answer;
  return read_in(own, text, &want, out, &answer, e);
}
