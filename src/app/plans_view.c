/* A plan as it is shown: row, file, compiled, corrected, accepted. It is built once for each revision and shared by all
 * who look at it; each reader gets a shallow copy whose scratch memory is its own. */
#include "app/plans_int.h"
#include "base/hash.h"
#include "sql.h"
#include "texts.h"

/* ---- compiled files ---- */

/* One for each file, year asked for and state of the dictionary; the compiler's version is the program's. */
static struct str compiled_key(struct arena *mem, struct plans *s, struct str hash, int year) {
  return str_fmt(mem, "f:" STRF ":%d:%llx", STRA(hash), year,
                 (unsigned long long)__atomic_load_n(&s->units_digest, __ATOMIC_RELAXED));
}
static bool compile(struct plans *s, struct plan_entry *x, struct str name, struct str bytes, int year, struct err *e) {
  struct arena *mem = &x->mem;
  struct source *source = arena_new(mem, struct source);
  x->compiled = arena_new(mem, struct plan);
  TRY(source_open(mem, str_dup(mem, name), str_dup(mem, bytes), true, source, e));
  struct plan_options options = {.year = year};
  (void)pthread_mutex_lock(&s->lock);
  options.units = s->unit_count ? s->units : NULL; /* old dictionaries stay until the end: few and small */
  options.unit_count = s->unit_count;
  (void)pthread_mutex_unlock(&s->lock);
  return plan_compile(mem, source, &options, x->compiled, e);
}
bool compiled_get(struct plans *s, struct str name, struct str hash, struct str bytes, int year,
                  struct plan_entry **out, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str key = compiled_key(&mem, s, hash, year);
  *out = cache_get(s, key);
  if (*out) return true;
  struct plan_entry *x = cache_new(key);
  if (!compile(s, x, name, bytes, year, e)) {
    cache_release(s, x);
    return false;
  }
  *out = cache_put(s, x);
  return true;
}

/* ---- states and figures ---- */

const struct acceptance *acceptance_of(const acceptances *list, uint64_t item) {
  for (size_t i = list->len; i-- > 0;) {
    if (list->at[i].item == item) return &list->at[i];
  }
  return NULL;
}
enum item_state state_of(const struct item *it, const struct correct_item *ci, const struct acceptance *a) {
  if (it->is_group) return ITEM_GROUP;
  if (a && a->digest == ci->digest) return ITEM_ACCEPTED;
  if (ci->errors) return ITEM_ERROR;
  if (a) return ITEM_CHANGED;
  return ci->warnings ? ITEM_DOUBT : ITEM_OPEN;
}
struct figures figures_of(const struct correct_result *r, const acceptances *accepted) {
  struct figures f = {.documents = (int)r->plan.documents.len};
  for (size_t d = 0; d < r->plan.documents.len; d++) {
    const struct document *doc = &r->plan.documents.at[d];
    for (size_t i = 0; i < doc->items.len; i++) {
      const struct correct_item *ci = &r->documents[d].items[i];
      if (doc->items.at[i].is_group) continue;
      f.items++;
      f.accepted += state_of(&doc->items.at[i], ci, acceptance_of(accepted, ci->key)) == ITEM_ACCEPTED;
    }
  }
  for (size_t i = 0; i < r->plan.diags.len; i++) {
    f.errors += r->plan.diags.at[i].severity == SEVERITY_ERROR;
    f.doubts += r->plan.diags.at[i].severity == SEVERITY_WARNING;
  }
  return f;
}
const char *item_state_word(enum item_state s) {
  static const char *const words[ITEM_STATE_COUNT] = {"group", "open", "doubt", "error", "accepted", "changed"};
  return words[s];
}

/* ---- building ---- */

static void review_items(struct plan_entry *x) {
  const struct correct_result *r = x->view.corrected;
  struct plan_view *v = &x->view;
  v->items = arena_new_n(&x->mem, struct item_review *, r->plan.documents.len);
  for (size_t d = 0; d < r->plan.documents.len; d++) {
    const struct document *doc = &r->plan.documents.at[d];
    v->items[d] = arena_new_n(&x->mem, struct item_review, doc->items.len);
    for (size_t i = 0; i < doc->items.len; i++) {
      const struct correct_item *ci = &r->documents[d].items[i];
      const struct acceptance *a = acceptance_of(&x->accepted, ci->key);
      struct item_review *it = &v->items[d][i];
      *it = (struct item_review){.key = ci->key, .state = state_of(&doc->items.at[i], ci, a)};
      if (a && it->state == ITEM_ACCEPTED) it->accepted_by = a->actor, it->accepted_us = a->at_us;
      v->counts[it->state]++;
    }
  }
}
static struct plan_row row_copy(struct arena *mem, const struct plan_row *r) {
  struct plan_row c = *r;
  struct str *const texts[] = {&c.id,    &c.unit, &c.title,     &c.issuer, &c.number,
                               &c.level, &c.name, &c.container, &c.file};
  for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = str_dup(mem, *texts[i]);
  return c;
}
static bool read_state(struct store *r, struct plan_entry *x, struct err *e) {
  struct plan_view *v = &x->view;
  if (!v->latest) return true; /* what was corrected later does not belong to an older draft */
  corrections list = {0};
  struct sql_plan_act_last_rows last = {0};
  TRY(plan_store_corrections(r, &x->mem, v->row.id, &list, e));
  TRY(plan_store_acceptances(r, &x->mem, v->row.id, &x->accepted, e));
  TRY(sql_plan_act_last(r, &x->mem, &(struct sql_plan_act_last_in){.tenant = STORE_TENANT, .plan = v->row.id}, 1, &last,
                        e));
  v->corrections = list.at;
  v->correction_count = list.len;
  v->undo = last.len ? last.at[0].act : STR("");
  v->undo_seq = last.len ? last.at[0].seq : 0;
  return true;
}
static bool read_compiled(struct plans *s, struct store *r, struct plan_entry *x,
                          const struct sql_plan_draft_get *draft, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str key = compiled_key(&mem, s, draft->file, (int)draft->year);
  x->from = cache_get(s, key);
  if (x->from) return true;
  struct sql_file_get file = {0};
  TRY(sql_file_get(r, &mem, &(struct sql_file_get_in){.tenant = STORE_TENANT, .hash = draft->file}, &file, NULL, e));
  return compiled_get(s, draft->name, draft->file, file.bytes, (int)draft->year, &x->from, e);
}
static bool build(struct plans *s, struct store *r, struct plan_entry *x, const struct plan_row *row,
                  const struct sql_plan_draft_get *draft, struct err *e) {
  struct plan_view *v = &x->view;
  v->row = row_copy(&x->mem, row);
  v->latest = draft->draft == row->draft;
  TRY(read_state(r, x, e));
  TRY(read_compiled(s, r, x, draft, e));
  struct correct_result *result = arena_new(&x->mem, struct correct_result);
  correct_apply(&x->mem, x->from->compiled, v->corrections, v->correction_count, result);
  v->compiled = x->from->compiled;
  v->corrected = result;
  v->plan = &result->plan;
  int line = 0, column = 0;
  plan_line_column(v->plan, 0, &line, &column); /* the index is made now, while nobody else sees the plan */
  review_items(x);
  return true;
}
static bool find_draft(struct store *r, struct arena *mem, struct str id, int draft, struct sql_plan_draft_get *out,
                       struct err *e) {
  bool found = false;
  TRY(sql_plan_draft_get(r, mem, &(struct sql_plan_draft_get_in){.tenant = STORE_TENANT, .plan = id, .draft = draft},
                         out, &found, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_plans_no_draft, "draft", str_int(mem, draft));
}
bool plans_may(struct store *at, const struct plans_who *who, struct str id, struct err *e) {
  return may(who->asks, who->lang, who->act, &(struct object){at, "plan", id, MSG_plans_none}, e);
}
static bool read_row(struct store *r, struct arena *mem, const struct plans_who *who, struct str id,
                     struct plan_row *row, struct err *e) {
  bool found = false;
  TRY(plans_may(r, who, id, e));
  TRY(plan_store_row(r, mem, id, row, &found, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_plans_none);
}
static bool find_offers(struct store *r, const struct plans_who *who, struct str id, struct plan_offers *out,
                        struct err *e) {
  const struct object plan = {r, "plan", id, MSG_plans_none};
  const struct {
    const char *act;
    bool *may;
  } acts[] = {{"plan.correct", &out->correct}, {"plan.accept", &out->accept}, {"plan.upload", &out->upload},
              {"plan.void", &out->voids},      {"plan.link", &out->link},     {"plan.assign", &out->assign}};
  for (size_t i = 0; i < COUNT_OF(acts); i++) TRY(can_on(who->asks, acts[i].act, &plan, acts[i].may, e));
  return true;
}
/* The reader's own copy: what it scribbles in goes to its own arena. */
static struct plan_view *view_for(struct arena *mem, struct plan_entry *x) {
  struct plan_view *v = arena_new(mem, struct plan_view);
  *v = x->view;
  v->plan = arena_new(mem, struct plan);
  *v->plan = x->view.corrected->plan;
  v->plan->mem = mem;
  v->entry = x;
  return v;
}
bool plans_open(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int draft,
                struct plan_view **out, struct err *e) {
  TRY(units_renew(s, e));
  AUTO_READ *r = store_read_begin(s->store, e);
  struct plan_row row = {0};
  struct sql_plan_draft_get d = {0};
  if (!r) return false;
  struct plan_offers offers = {0};
  TRY(read_row(r, mem, who, id, &row, e) && find_offers(r, who, id, &offers, e));
  if (draft <= 0) draft = row.draft;
  const struct str key = str_fmt(mem, "v:" STRF ":%d:%lld:%llx", STRA(id), draft, (long long)row.rev,
                                 (unsigned long long)__atomic_load_n(&s->units_digest, __ATOMIC_RELAXED));
  struct plan_entry *x = cache_get(s, key);
  if (!x) {
    TRY(find_draft(r, mem, id, draft, &d, e));
    x = cache_new(key);
    if (!build(s, r, x, &row, &d, e)) {
      cache_release(s, x);
      return false;
    }
    x->view.etag = x->key;
    x = cache_put(s, x);
  }
  *out = view_for(mem, x);
  (*out)->service = s;
  (*out)->may = offers;
  (*out)->etag = str_fmt(mem, STRF ":%d%d%d%d%d%d", STRA(x->key), offers.correct, offers.accept, offers.upload,
                         offers.voids, offers.link, offers.assign);
  return true;
}
void plans_close(struct plan_view **io) {
  struct plan_view *v = *io;
  if (!v) return;
  *io = NULL;
  cache_release(v->service, v->entry);
}

/* ---- files ---- */

bool plans_file(struct plans *s, struct arena *mem, const struct plans_who *who, struct str id, int draft,
                struct str *out_name, struct str *out_bytes, struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  struct plan_row row = {0};
  struct sql_plan_draft_get d = {0};
  struct sql_file_get file = {0};
  if (!r) return false;
  TRY(read_row(r, mem, who, id, &row, e));
  TRY(find_draft(r, mem, id, draft > 0 ? draft : row.draft, &d, e));
  TRY(sql_file_get(r, mem, &(struct sql_file_get_in){.tenant = STORE_TENANT, .hash = d.file}, &file, NULL, e));
  *out_name = d.name;
  *out_bytes = file.bytes;
  return true;
}
