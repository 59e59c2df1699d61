/* One run: what it has read is kept here, a thing once however often it is spoken of. Two values are the same thing when their
 * numbers are, so a number is a hash of what the thing is; ids of records hold 52 bits of chance. */
#include "base/clock.h"
#include "base/must.h"
#include "engine/flow/env.h"

enum { SLOTS_FIRST = 64 };

struct flow_things {
  struct flow_thing **slots; /* open addressing by number; at most half of them used */
  size_t cap, used;
  int64_t values; /* of FLOW_VALUES and FLOW_ROW_OF, each a thing of its own */
};

void flow_begin(struct flow_run *run, const struct flow *f, struct store *session, struct arena *mem,
                const struct flow_host *host, int64_t now_us) {
  *run = (struct flow_run){.flow = f,
                           .session = session,
                           .mem = mem,
                           .host = host,
                           .now_us = now_us - now_us % SECOND_US,
                           .known_us = now_us};
  run->things = arena_new(mem, struct flow_things);
}
struct str flow_today(struct flow_run *run) {
  return date_iso(run->mem, clock_today(run->now_us));
}

/* ---- numbers ---- */

static uint64_t mix(uint64_t h, uint64_t x) {
  h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
  return h ^ (h >> 29);
}
static int64_t number_of(enum flow_thing_kind kind, const struct flow_record *record, const struct flow_thing *of,
                         struct str id) {
  uint64_t h = mix((uint64_t)kind + 1, record ? str_hash(record->name) : 0);
  h = mix(h, of ? (uint64_t)of->no : 0);
  return (int64_t)mix(h, str_hash(id));
}

/* ---- the hash ---- */

static size_t slot_of(const struct flow_things *t, int64_t no) {
  size_t i = (size_t)((uint64_t)no >> 7) & (t->cap - 1);
  while (t->slots[i] && t->slots[i]->no != no) i = (i + 1) & (t->cap - 1);
  return i;
}
static void grow(struct flow_run *run) {
  struct flow_things *t = run->things, more = *t;
  more.cap = t->cap ? t->cap * 2 : SLOTS_FIRST;
  more.slots = arena_new_n(run->mem, struct flow_thing *, more.cap);
  for (size_t i = 0; i < t->cap; i++)
    if (t->slots[i]) more.slots[slot_of(&more, t->slots[i]->no)] = t->slots[i];
  *t = more;
}
static struct flow_thing *keep(struct flow_run *run, struct flow_thing like) {
  struct flow_things *t = run->things;
  if (2 * (t->used + 1) > t->cap) grow(run);
  const size_t i = slot_of(t, like.no);
  if (t->slots[i]) return t->slots[i];
  t->slots[i] = arena_new(run->mem, struct flow_thing);
  *t->slots[i] = like;
  t->slots[i]->id = str_dup(run->mem, like.id);
  t->used++;
  return t->slots[i];
}

struct flow_thing *flow_thing(struct flow_run *run, enum flow_thing_kind kind, const struct flow_record *record,
                              struct str id) {
  if (kind != FLOW_VALUES && kind != FLOW_ROW_OF)
    return keep(run,
                (struct flow_thing){.kind = kind, .no = number_of(kind, record, NULL, id), .id = id, .record = record});
  struct flow_thing *t = arena_new(run->mem, struct flow_thing);
  *t = (struct flow_thing){.kind = kind, .no = ++run->things->values, .id = id, .record = record};
  return t;
}
struct flow_thing *flow_thing_at(struct flow_run *run, enum flow_thing_kind kind, const struct flow_thing *of,
                                 struct str name) {
  struct flow_thing like = {.kind = kind, .id = name, .record = of->record, .of = of};
  like.no = number_of(kind, of->record, of, name);
  struct flow_thing *t = keep(run, like);
  t->of = of; /* the draft that is spoken of now */
  return t;
}
struct flow_thing *flow_thing_row(struct flow_run *run, struct flow_row *row) {
  struct flow_thing *t = flow_thing(run, FLOW_RECORD, row->record, row->id);
  if (t->row == row) return t;
  struct flow_thing *own = arena_new(run->mem, struct flow_thing);
  *own = *t;
  own->row = row;
  return own;
}
struct flow_thing *flow_kept(struct flow_run *run, struct str question) {
  struct flow_thing like = {.kind = FLOW_VALUES, .id = question, .no = number_of(FLOW_VALUES, NULL, NULL, question)};
  return keep(run, like);
}

struct value flow_thing_value(const struct flow_thing *t) {
  return value_thing(t->no, t);
}
struct flow_thing *flow_thing_of(const struct value *v) {
  must(v->kind == VALUE_THING);
  return (struct flow_thing *)(uintptr_t)v->thing.at;
}
