/* What the index of words finds is asked about in stretches, each kind of record once a stretch, by the condition that its list has:
 * an index knows nothing of rights. Words of class personal are a kind of their own and ask for the right to read that class. */
#include "app/systems_search.h"

#include "app/systems_form.h"
#include "base/utf8.h"
#include "engine/flow/words.h"
#include "sql.h"
#include "text/han.h"

enum { STRETCH = 50, STRETCHES = 10 };
struct found {
  const struct flow_record *record;
  struct str id;
  const struct search_hit *words;
};
struct finding {
  struct system_run x;
  struct web_request *rq;
  const char *kind;
  size_t most;
  system_hits *out;
};
static bool add(struct finding *f, const struct found *h, struct err *e) {
  struct system_hit hit = {.href = system_address(f->rq->mem, h->record, h->id, ""),
                           .label = h->record->record->label.text,
                           .words = *h->words};
  for (size_t i = 0; i < f->out->len; i++)
    if (str_eq(f->out->at[i].href, hit.href)) return true; /* found by both kinds of words */
  TRY(system_record_told(&f->x, h->record, h->id, &hit.told, e));
  vec_push(f->rq->mem, f->out) = hit;
  return true;
}
/* Which of these are of this record and may be shown? */
static bool ask(struct finding *f, const struct flow_record *r, const struct found *hits, size_t n, bool *shown,
                struct err *e) {
  const struct rights_view *v = systems_view(&f->x, r);
  const bool is_personal = !strcmp(f->kind, FLOW_WORDS_PERSONAL);
  struct str ids[STRETCH];
  bool in[STRETCH];
  size_t at[STRETCH], count = 0;
  for (size_t i = 0; i < n; i++)
    if (hits[i].record == r) at[count] = i, ids[count++] = hits[i].id;
  TRY(rights_filter(f->x.run.session, f->rq->mem, v->record, is_personal ? &v->class[RIGHTS_CLASS_personal] : &v->seen,
                    ids, count, in, e));
  for (size_t i = 0; i < count; i++) shown[at[i]] = in[i];
  return true;
}
static bool keep(struct finding *f, const struct search_hits *all, struct err *e) {
  struct found hits[STRETCH];
  bool shown[STRETCH] = {0};
  size_t n = 0;
  for (size_t i = 0; i < all->rows.len && n < STRETCH; i++) {
    struct str record;
    if (!str_cut(all->rows.at[i].row.id, STR("/"), &record, &hits[n].id)) continue;
    hits[n].record = flow_record(f->x.run.flow, record);
    hits[n].words = &all->rows.at[i];
    if (hits[n].record) n++; /* else its system is not loaded any more */
  }
  for (size_t i = 0; i < n; i++) {
    bool asked = false;
    for (size_t k = 0; k < i; k++) asked |= hits[k].record == hits[i].record;
    if (!asked) TRY(ask(f, hits[i].record, hits, n, shown, e));
  }
  for (size_t i = 0; i < n && f->out->len < f->most; i++)
    if (shown[i]) TRY(add(f, &hits[i], e));
  return true;
}
static bool find_kind(struct finding *f, struct str said, bool *out_more, struct err *e) {
  struct search_question q = {.words = said, .kind = str_of(f->kind), .most = STRETCH};
  for (int i = 0; i < STRETCHES; i++) {
    struct search_hits all = {0};
    TRY(search_find(f->x.run.session, f->rq->mem, &q, &all, e) && keep(f, &all, e));
    q.before = all.next;
    if (!all.next || f->out->len == f->most) break;
  }
  *out_more |= q.before > 0;
  return true;
}
bool systems_find(struct web_request *rq, struct store *session, struct str said, size_t most, system_hits *out,
                  bool *out_more, struct err *e) {
  const char *const kinds[] = {FLOW_WORDS, FLOW_WORDS_PERSONAL};
  const struct str folded = utf8_valid(said) ? han_fold(rq->mem, said) : said;
  struct finding f = {.rq = rq, .most = most, .out = out};
  *out_more = false;
  systems_begin(&f.x, rq, session);
  for (size_t i = 0; i < COUNT_OF(kinds) && out->len < most; i++) {
    f.kind = kinds[i];
    TRY(find_kind(&f, folded, out_more, e));
  }
  return true;
}

/* ---- made again ---- */

/* Of packages that are in force as they were read. */
static bool is_in_force(struct store *store, const struct flow_system *s, bool *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_system_installed_get is = {0};
  AUTO_READ *r = store_read_begin(store, e);
  if (!r) return false;
  TRY(sql_system_installed_get(r, &mem, &(struct sql_system_installed_get_in){STORE_TENANT, s->name}, &is, out, e));
  *out = *out && str_eq(is.digest, s->digest);
  return true;
}
bool systems_words_again(const struct systems *systems, struct store *store, struct err *e) {
  const struct flow *f = systems_flow(systems);
  for (size_t i = 0; i < f->systems.len; i++) {
    bool is = false;
    TRY(is_in_force(store, f->systems.at[i], &is, e));
    if (!is) continue;
    vec_each(const struct flow_record, r, &f->systems.at[i]->records) TRY(flow_words_again(f, store, r, e));
  }
  return true;
}
