/* Lists of plans, paged by key: the next page begins behind the last row's sort value and id, so that what comes and goes
 * between two pages moves nothing. */
#include "app/plans_int.h"
#include "base/clock.h"
#include "sql.h"
#include "texts.h"

enum { PAGE_ROWS = 50, PAGE_ROWS_MAX = 200, CHOICES_US = 2000000 };

static const char *const status_words[] = {"any", "open", "accepted", "void"};
static const char *const sort_words[] = {"newest", "title", "year"};
const char *plan_status_word(enum plan_status s) { return status_words[s]; }
const char *plan_sort_word(enum plan_sort s) { return sort_words[s]; }
bool plan_status_of(struct str word, enum plan_status *out) {
  for (size_t i = 0; i < COUNT_OF(status_words); i++) {
    if (!str_eqz(word, status_words[i])) continue;
    *out = (enum plan_status)i;
    return true;
  }
  return false;
}
bool plan_sort_of(struct str word, enum plan_sort *out) {
  for (size_t i = 0; i < COUNT_OF(sort_words); i++) {
    if (!str_eqz(word, sort_words[i])) continue;
    *out = (enum plan_sort)i;
    return true;
  }
  return false;
}

/* The key of a row: `id` and its sort value, parted by a dot; the id has none. */
static struct str key_of(struct arena *mem, const struct plan_row *r, enum plan_sort sort) {
  if (sort == PLAN_BY_TITLE) return str_fmt(mem, STRF "." STRF, STRA(r->id), STRA(r->title));
  return str_fmt(mem, STRF ".%lld", STRA(r->id), (long long)(sort == PLAN_BY_YEAR ? r->year : r->created_us));
}
static bool read_after(const struct plans_query *q, struct plan_filter *f, struct err *e) {
  struct str value = {0};
  if (!q->after.len) return true;
  f->after = true;
  const bool ok =
      str_cut(q->after, STR("."), &f->after_id, &value) && (q->sort == PLAN_BY_TITLE || str_to_int(value, &f->after_n));
  f->after_title = value;
  return ok || fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("after"), "value", q->after);
}
static void read_words(struct str search, struct str words[3]) {
  for (int i = 0; i < 3 && search.len; search = str_trim(search)) {
    struct str word = search, rest = {0};
    if (i == 2 || !str_cut(search, STR(" "), &word, &rest)) word = search, rest = (struct str){0};
    if (word.len) words[i++] = str_slice(word, 0, 200);
    search = rest;
  }
}
/* Years and issuers to choose from change seldom and cost a walk over all plans: kept until this process commits
 * something, or for two seconds (another process may write too). */
static void take_choices(struct plans *s, struct arena *mem, struct plans_list *out) {
  for (size_t i = 0; i < s->year_count; i++) vec_push(mem, &out->years) = s->years[i];
  for (size_t i = 0; i < s->issuer_count; i++) vec_push(mem, &out->issuers) = str_dup(mem, s->issuers[i]);
}
static bool kept_choices(struct plans *s, struct arena *mem, struct plans_list *out) {
  (void)pthread_mutex_lock(&s->lock);
  const bool good = s->choices_commit == store_commits(s->store) && clock_steady_us() < s->choices_until;
  if (good) take_choices(s, mem, out);
  (void)pthread_mutex_unlock(&s->lock);
  return good;
}
static bool read_choices(struct plans *s, struct store *r, struct arena *mem, struct plans_list *out, struct err *e) {
  struct sql_plan_years_rows years = {0};
  struct sql_plan_issuers_rows issuers = {0};
  if (kept_choices(s, mem, out)) return true;
  const int64_t commit = store_commits(s->store);
  TRY(sql_plan_years(r, mem, &(struct sql_plan_years_in){.tenant = STORE_TENANT}, CHOICES_MAX, &years, e));
  TRY(sql_plan_issuers(r, mem, &(struct sql_plan_issuers_in){.tenant = STORE_TENANT}, CHOICES_MAX, &issuers, e));
  (void)pthread_mutex_lock(&s->lock);
  arena_drop(&s->choices_mem);
  s->choices_mem = (struct arena){0};
  s->year_count = years.len;
  s->issuer_count = issuers.len;
  for (size_t i = 0; i < years.len; i++) s->years[i] = (int)years.at[i].year;
  for (size_t i = 0; i < issuers.len; i++) s->issuers[i] = str_dup(&s->choices_mem, issuers.at[i].issuer);
  s->choices_commit = commit;
  s->choices_until = clock_steady_us() + CHOICES_US;
  take_choices(s, mem, out);
  (void)pthread_mutex_unlock(&s->lock);
  return true;
}
bool plans_list(struct plans *s, struct arena *mem, const struct plans_query *q, struct plans_list *out,
                struct err *e) {
  static const enum plan_order orders[] = {ORDER_NEWEST, ORDER_TITLE, ORDER_YEAR};
  const int page = q->most <= 0 ? PAGE_ROWS : q->most > PAGE_ROWS_MAX ? PAGE_ROWS_MAX : q->most;
  struct plan_filter f = {.order = orders[q->sort],
                          .voided = q->status == PLAN_VOID,
                          .year = q->year,
                          .issuer = q->issuer,
                          .accepted_all = q->status == PLAN_OPEN       ? 0
                                          : q->status == PLAN_ACCEPTED ? 1
                                                                       : -1,
                          .most = page + 1};
  *out = (struct plans_list){.next = STR("")};
  TRY(read_after(q, &f, e));
  read_words(str_trim(q->search), f.words);
  AUTO_READ *r = store_read_begin(s->store, e);
  if (!r) return false;
  TRY(plan_store_list(r, mem, &f, &out->rows, e));
  if (out->rows.len > (size_t)page) {
    out->rows.len = (size_t)page;
    out->next = key_of(mem, &vec_last(&out->rows), q->sort);
  }
  return read_choices(s, r, mem, out, e);
}
