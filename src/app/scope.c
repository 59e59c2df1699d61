/* See scope.h. The model is read at the first use and never changes; a mistake in it is a mistake of the program, found by
 * the tests. */
#include "app/scope.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "texts.h"

struct kept {
  struct arena mem;
  struct rights_model model;
};
static pthread_once_t once = PTHREAD_ONCE_INIT; /* house: allow mutable - the model is read once */
static struct kept kept;                        /* house: allow mutable - and constant from then on */

static void read_model(void) {
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/rights/kernel.yaml"));
  must(f && rights_read(&kept.mem, str_of(f->path), f->bytes, &kept.model, &e));
  must(kept.model.records.len <= SCOPE_RECORDS);
}
const struct rights_model *scope_model(void) {
  must(pthread_once(&once, read_model) == 0);
  return &kept.model;
}

bool scope_of(struct store *s, struct arena *mem, struct str person, struct str admin, int64_t now_us,
              struct scope *out, struct err *e) {
  const struct rights_model *m = scope_model();
  *out = (struct scope){.mem = mem, .now_us = now_us};
  TRY(rights_person_load(s, mem, person, now_us, &out->person, e));
  if (admin.len) { /* has no other role */
    out->person.posts.len = 0;
    out->person.id = person.len ? person : admin;
    vec_push(mem, &out->person.posts) = (struct rights_post){.role = admin};
  }
  for (size_t i = 0; i < m->records.len; i++) rights_compile(mem, m, &m->records.at[i], &out->person, &out->views[i]);
  return true;
}

static bool is_of(const struct rights_view *v, const char *table) {
  return v->record && str_eqz(v->record->table, table);
}
bool scope_filter(struct scope *c, struct store *s, const char *table, const struct str *ids, size_t n, bool *out_in,
                  struct err *e) {
  bool *one = arena_new_n(c->mem, bool, RIGHTS_FILTER_MAX);
  for (size_t i = 0; i < n; i++) out_in[i] = false;
  for (size_t v = 0; v < SCOPE_RECORDS; v++) {
    const struct rights_view *view = &c->views[v];
    if (!is_of(view, table)) continue;
    for (size_t from = 0; from < n; from += RIGHTS_FILTER_MAX) {
      const size_t count = n - from < RIGHTS_FILTER_MAX ? n - from : RIGHTS_FILTER_MAX;
      TRY(rights_filter(s, c->mem, view->record, &view->seen, ids + from, count, one, e));
      for (size_t i = 0; i < count; i++) out_in[from + i] |= one[i];
    }
  }
  return true;
}
bool scope_check(struct scope *c, struct store *s, const char *table, struct str id, int msg, struct err *e) {
  bool in = false;
  for (size_t v = 0; v < SCOPE_RECORDS && !in; v++)
    if (is_of(&c->views[v], table)) TRY(rights_check(s, c->mem, c->views[v].record, &c->views[v].seen, id, &in, e));
  return in || fail(e, ERR_NOT_FOUND, msg);
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
void scope_condition(struct scope *c, const char *table, const char *const *fields, struct rights_condition *out) {
  *out = (struct rights_condition){.sql = STR("1 = 0"), .never = true};
  for (size_t v = 0; v < SCOPE_RECORDS; v++) {
    const struct rights_condition *seen = is_of(&c->views[v], table) ? readable(&c->views[v], fields) : NULL;
    if (!seen || seen->never) continue;
    out->sql = out->never ? str_fmt(c->mem, "(" STRF ")", STRA(seen->sql))
                          : str_fmt(c->mem, STRF " OR (" STRF ")", STRA(out->sql), STRA(seen->sql));
    vec_each(const struct str, x, &seen->values) vec_push(c->mem, &out->values) = *x;
    out->never = false;
    out->always |= seen->always;
  }
}
