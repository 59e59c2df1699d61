/* Uploads, and the service's life. A file is opened and compiled before anything is written, so that a refusal leaves
 * nothing behind; then file, plan and event go in together. */
#include "app/find.h"
#include "app/notices.h"
#include "app/plans_int.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "sql.h"
#include "texts.h"

enum { NAME_BYTES = 255, TITLE_BYTES = 1500, UNITS_US = 1000000, SAME_FILE_MAX = 64 };

typedef VEC(struct str) strs;

/* ---- units ---- */

static bool read_seq(struct store *r, struct arena *mem, int64_t *out, struct err *e) {
  struct sql_chain_get head = {0};
  bool found = false;
  TRY(sql_chain_get(r, mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *out = head.seq;
  return true;
}
static bool read_names(struct store *r, struct arena *mem, strs *out, struct err *e) {
  struct sql_unit_all_rows units = {0};
  struct sql_unit_alias_all_rows aliases = {0};
  TRY(sql_unit_all(r, mem, &(struct sql_unit_all_in){.tenant = STORE_TENANT}, SIZE_MAX, &units, e));
  TRY(sql_unit_alias_all(r, mem, &(struct sql_unit_alias_all_in){.tenant = STORE_TENANT}, SIZE_MAX, &aliases, e));
  for (size_t i = 0; i < units.len; i++) vec_push(mem, out) = units.at[i].name;
  for (size_t i = 0; i < aliases.len; i++) vec_push(mem, out) = aliases.at[i].alias;
  return true;
}
static uint64_t digest_of(const strs *names) {
  uint64_t digest = names->len;
  vec_each(const struct str, x, names) digest = (digest ^ str_hash(*x)) * 0x100000001B3u;
  return digest;
}
/* The old ones stay: a compilation may be reading them, and they are few. */
static void take_names(struct plans *s, const strs *names) {
  const uint64_t digest = digest_of(names);
  if (digest == s->units_digest) return;
  s->units = arena_new_n(&s->mem, struct str, names->len);
  for (size_t i = 0; i < names->len; i++) s->units[i] = str_dup(&s->mem, names->at[i]);
  s->unit_count = names->len;
  __atomic_store_n(&s->units_digest, digest, __ATOMIC_RELAXED);
}
static bool reload(struct plans *s, bool only_if_changed, struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  AUTO_ARENA mem = {0};
  strs names = {0};
  int64_t seq = 0;
  if (!r || !read_seq(r, &mem, &seq, e)) return false;
  const bool same = only_if_changed && seq == __atomic_load_n(&s->units_seq, __ATOMIC_RELAXED);
  if (!same) TRY(read_names(r, &mem, &names, e));
  (void)pthread_mutex_lock(&s->lock);
  if (!same) take_names(s, &names);
  __atomic_store_n(&s->units_seq, seq, __ATOMIC_RELAXED);
  __atomic_store_n(&s->units_until, clock_steady_us() + UNITS_US, __ATOMIC_RELAXED);
  (void)pthread_mutex_unlock(&s->lock);
  return true;
}
bool plans_reload_units(struct plans *s, struct err *e) { return reload(s, false, e); }
bool units_renew(struct plans *s, struct err *e) {
  return clock_steady_us() < __atomic_load_n(&s->units_until, __ATOMIC_RELAXED) || reload(s, true, e);
}

void plans_unit_names(struct plans *s, const struct str **out, size_t *out_n) {
  (void)pthread_mutex_lock(&s->lock);
  *out = s->units;
  *out_n = s->unit_count;
  (void)pthread_mutex_unlock(&s->lock);
}

/* ---- life ---- */

bool plans_start(struct store *store, size_t cache_bytes, struct plans **out, struct err *e) {
  struct arena mem = {0};
  struct plans *s = arena_new(&mem, struct plans);
  s->store = store;
  s->most = cache_bytes;
  s->ring.next = s->ring.prev = &s->ring;
  s->mem = mem;
  (void)pthread_mutex_init(&s->lock, NULL);
  if (!plans_reload_units(s, e)) {
    plans_stop(s);
    return false;
  }
  *out = s;
  return true;
}
void plans_stop(struct plans *s) {
  if (!s) return;
  cache_drop_all(s);
  (void)pthread_mutex_destroy(&s->lock);
  struct arena mem = s->mem; /* s itself lives in it */
  arena_drop(&mem);
}

/* ---- one file ---- */

static struct str first_of(struct str given, struct str found, struct str other) {
  given = str_trim(given);
  return given.len ? given : found.len ? found : other;
}
/* Cut at a character's border. */
static struct str at_most(struct str s, size_t most) {
  if (s.len <= most) return s;
  while (most && ((unsigned char)s.at[most] & 0xC0) == 0x80) most--;
  return str_slice(s, 0, most);
}
static struct str stem(struct str name) {
  const struct str ext = file_extension(name);
  return ext.len ? str_slice(name, 0, name.len - ext.len - 1) : name;
}
static void describe_row(struct plan_row *row, const struct plans_upload *up, const struct plan *p) {
  const struct document *d = p->documents.len ? &p->documents.at[0] : NULL;
  const struct str none = STR("");
  row->title = at_most(first_of(up->title, d ? d->title.text : none, stem(row->name)), TITLE_BYTES);
  row->issuer = at_most(first_of(up->issuer, d && d->issuers.len ? d->issuers.at[0].text : none, none), TITLE_BYTES);
  row->number = at_most(d && d->number.text.at ? d->number.text : none, TITLE_BYTES);
  row->year = up->year ? up->year : d ? d->year : 0;
  row->level = str_trim(up->level);
}
void row_follow(struct plan_row *row, struct str field, struct str value) {
  struct str rest = {0};
  int64_t n = 0;
  if (str_eqz(field, "title") && value.len) row->title = value;
  if (str_eqz(field, "number")) row->number = value;
  if (str_eqz(field, "year")) row->year = str_to_int(value, &n) ? (int)n : 0;
  if (str_eqz(field, "issuer") && !str_cut(value, STR("、"), &row->issuer, &rest)) row->issuer = value;
}
/* A draft's head as corrected: what a person set stays set. */
static void follow_corrections(struct arena *mem, struct plan_row *row, const struct correct_result *r,
                               const corrections *list) {
  vec_each(const struct correct_mark, m, &r->marks) {
    const struct correction *c = &list->at[m->correction];
    const struct correct_field *f = correct_field(CORRECT_DOCUMENT, c->field);
    if (c->subject == CORRECT_DOCUMENT && c->act == CORRECT_SET && f && m->document == 0)
      row_follow(row, c->field, correct_value(mem, r, 0, NO_INDEX, CORRECT_DOCUMENT, 0, f));
  }
}
/* Whose a new plan is: of a unit at which a post may upload. */
static bool unit_of(const struct who *w, struct str asked, struct str *out, struct err *e) {
  struct str seats[RIGHTS_POSTS_MAX];
  const size_t n = w->is_program ? 0 : who_seats(w, STR("plan.upload"), "plan", seats);
  *out = n && !asked.len ? seats[0] : STR("");
  if (w->is_program) *out = asked;
  for (size_t i = 0; i < n; i++)
    if (str_eq(seats[i], asked)) *out = asked;
  return out->len || fail(e, ERR_INVALID, MSG_plans_no_unit);
}
bool plans_prepare(struct plans *s, struct arena *mem, const struct plans_who *who, const struct plans_upload *up,
                   struct prepared *out, struct err *e) {
  struct plan_row *row = &out->row;
  *out = (struct prepared){.bytes = up->bytes, .option_year = up->year};
  row->name = at_most(up->name.len ? up->name : STR("plan.txt"), NAME_BYTES);
  row->file = hash_hex(mem, hash_sm3(up->bytes));
  row->size = (int64_t)up->bytes.len;
  row->draft = 1;
  row->created_us = who->now_us;
  TRY(units_renew(s, e));
  TRY(compiled_get(s, row->name, row->file, up->bytes, up->year, &out->compiled, e));
  const struct plan *p = out->compiled->compiled;
  AUTO_ARENA scratch = {0};
  struct correct_result r;
  correct_apply(&scratch, p, NULL, 0, &r);
  const struct figures f = figures_of(&r, &(acceptances){0});
  row->items = f.items;
  row->errors = f.errors;
  row->doubts = f.doubts;
  row->documents = f.documents;
  row->container = str_of(container_word(p->source.container));
  row->id = store_new_id(mem, who->now_us);
  describe_row(row, up, p);
  return up->replaces.len || unit_of(who->asks, up->unit, &row->unit, e);
}
static void tell_file(struct arena *mem, struct event *ev, const struct plan_row *row) {
  event_add(ev, STR("item"), row->title);
  event_add(ev, STR("now.name"), row->name);
  event_add(ev, STR("now.file"), row->file);
  if (row->unit.len) event_add(ev, STR("now.unit"), row->unit);
  event_add(ev, STR("now.size"), str_int(mem, row->size));
}
/* Whoever uploads a plan is asked to look at what stayed doubtful. */
static bool ask_to_check(struct store *tx, struct arena *mem, const struct plans_who *who, const struct plan_row *row,
                         struct err *e) {
  if (!row->errors && !row->doubts) return true;
  const struct notice n = {.person = who->actor,
                           .kind = NOTICE_TODO,
                           .msg = MSG_notice_to_check,
                           .about = row->title,
                           .n = row->errors + row->doubts,
                           .link = str_fmt(mem, "/plans/" STRF "?show=doubt", STRA(row->id)),
                           .plan = row->id};
  return notice_add(tx, who->now_us, &n, e);
}
/* Whose corrections found no place in the newer draft is told so, once each. */
static bool tell_orphans(struct store *tx, struct arena *mem, const struct plans_who *who, const struct plan_row *row,
                         const struct correct_result *r, const corrections *list, struct err *e) {
  for (size_t i = 0; i < r->orphans.len; i++) {
    const struct str actor = list->at[r->orphans.at[i]].actor;
    int64_t theirs = 0;
    bool told = false;
    for (size_t k = 0; k < r->orphans.len; k++) {
      const bool same = str_eq(list->at[r->orphans.at[k]].actor, actor);
      theirs += same;
      told = told || (same && k < i);
    }
    if (told) continue;
    const struct notice n = {.person = actor,
                             .kind = NOTICE_TODO,
                             .msg = MSG_notice_orphans,
                             .about = row->title,
                             .n = theirs,
                             .link = str_fmt(mem, "/plans/" STRF "/orphans", STRA(row->id)),
                             .plan = row->id};
    TRY(notice_add(tx, who->now_us, &n, e));
  }
  return true;
}
bool plans_keep(struct store *tx, struct arena *mem, const struct plans_who *who, const struct prepared *p,
                struct err *e) {
  struct event ev = plan_event_begin(who, p->row.id, STR("upload"));
  tell_file(mem, &ev, &p->row);
  TRY(plan_store_put_file(tx, mem, p->row.file, p->bytes, e));
  TRY(plan_store_insert(tx, mem, &p->row, p->option_year, who->actor, e));
  TRY(plans_may(tx, who, p->row.id, e)); /* a post may have ended since the request began */
  TRY(find_put_plan(tx, &p->row, p->compiled->compiled, e));
  TRY(ask_to_check(tx, mem, who, &p->row, e));
  return event_append(tx, mem, &ev, NULL, e);
}

struct add {
  struct arena *mem;
  const struct plans_who *who;
  struct prepared p;
  struct str replaces, duplicate;
};
static bool refuse_same_file(struct store *tx, struct add *a, struct err *e) {
  struct plan_row row = {0};
  struct str ids[SAME_FILE_MAX];
  bool found = false, seen[SAME_FILE_MAX] = {0};
  size_t n = 0;
  TRY(plan_store_by_file(tx, a->mem, a->p.row.file, SAME_FILE_MAX, ids, &n, e));
  if (n) TRY(who_filter(a->who->asks, tx, "plan", ids, n, seen, e));
  a->duplicate = STR("");
  for (size_t i = 0; i < n && !a->duplicate.len; i++)
    if (seen[i]) a->duplicate = ids[i];
  if (!a->duplicate.len) return true; /* what others keep is not told */
  TRY(plan_store_row(tx, a->mem, a->duplicate, &row, &found, e));
  return fail(e, ERR_DUPLICATE, MSG_plans_duplicate, "title", row.title);
}
/* A newer draft takes the place of the latest; corrections and acceptance stay with the plan. */
static bool keep_draft(struct store *tx, struct add *a, struct err *e) {
  struct plan_row old = {0};
  corrections list = {0};
  acceptances accepted = {0};
  struct correct_result r;
  bool found = false;
  TRY(plans_may(tx, a->who, a->replaces, e));
  TRY(plan_store_row(tx, a->mem, a->replaces, &old, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_plans_none);
  if (old.voided) return fail(e, ERR_GUARD, MSG_plans_is_void);
  TRY(plan_store_corrections(tx, a->mem, old.id, &list, e));
  TRY(plan_store_acceptances(tx, a->mem, old.id, &accepted, e));
  correct_apply(a->mem, a->p.compiled->compiled, list.at, list.len, &r);
  const struct figures f = figures_of(&r, &accepted);
  struct plan_row row = a->p.row;
  row.id = old.id;
  row.draft = old.draft + 1;
  row.rev = old.rev;
  row.items = f.items;
  row.accepted = f.accepted;
  row.errors = f.errors;
  row.doubts = f.doubts;
  if (!row.level.len) row.level = old.level;
  if (!row.issuer.len) row.issuer = old.issuer;
  follow_corrections(a->mem, &row, &r, &list);
  struct event ev = plan_event_begin(a->who, row.id, STR("draft"));
  tell_file(a->mem, &ev, &row);
  event_add(&ev, STR("was.file"), old.file);
  event_add(&ev, STR("now.draft"), str_int(a->mem, row.draft));
  TRY(plan_store_put_file(tx, a->mem, row.file, a->p.bytes, e));
  TRY(plan_store_add_draft(tx, &row, a->p.option_year, a->who->actor, a->who->now_us, e));
  TRY(plan_store_describe(tx, a->mem, &row, e));
  TRY(find_put_plan(tx, &row, &r.plan, e));
  TRY(tell_orphans(tx, a->mem, a->who, &row, &r, &list, e));
  TRY(event_append(tx, a->mem, &ev, NULL, e));
  return plan_store_changed(tx, &row, a->who->now_us, e);
}
static bool write_add(struct store *tx, void *arg, struct err *e) {
  struct add *a = arg;
  TRY(refuse_same_file(tx, a, e));
  return a->replaces.len ? keep_draft(tx, a, e) : plans_keep(tx, a->mem, a->who, &a->p, e);
}
bool plans_add(struct plans *s, struct arena *mem, const struct plans_who *who, const struct plans_upload *up,
               struct str *out_id, struct err *e) {
  struct add a = {.mem = mem, .who = who, .replaces = up->replaces, .duplicate = STR("")};
  if (!up->name.len && !up->bytes.len) return fail(e, ERR_INVALID, MSG_plans_no_file);
  TRY(plans_prepare(s, mem, who, up, &a.p, e));
  const bool ok = store_write(s->store, write_add, &a, e);
  *out_id = a.duplicate.len ? a.duplicate : a.replaces.len ? a.replaces : a.p.row.id;
  cache_release(s, a.p.compiled);
  return ok;
}
