/* The condition of a list of people, put together from what the program itself says; every value has its place. */
#include "app/people.h"

#include "app/page_org.h"
#include "engine/register/register_store.h"
#include "sql.h"

enum { WORDS_MAX = 3, WORD_BYTES = 200, TEXT_MAX = 512 << 10, NEAR_MOST = 2000 };
typedef VEC(struct store_value) store_values;

struct maker {
  struct store *s;
  const struct who *w;
  struct arena *mem;
  struct buf text;
  store_values values;
};
static void put(struct maker *k, const char *sql) { buf_z(&k->text, sql); }
static void value(struct maker *k, struct str v) { vec_push(k->mem, &k->values) = store_text(v); }
static void put_with(struct maker *k, const char *sql, struct str v) {
  put(k, sql);
  value(k, v);
}
static void put_condition(struct maker *k, const struct rights_condition *x) {
  put(k, "(");
  buf_str(&k->text, x->sql);
  put(k, ")");
  vec_each(const struct str, v, &x->values) value(k, *v);
}

/* ---- a scope with few people ---- */

static bool is_people(const struct rights_record *rec) { return str_eqz(rec->table, "person"); }
static bool is_near(struct maker *k, bool *out, struct err *e) {
  int64_t all = 0;
  *out = false;
  vec_each(const struct rights_record, rec, &who_model()->records) {
    const struct rights_view *v = is_people(rec) ? who_view(k->w, rec) : NULL;
    int64_t n = 0;
    if (!v || v->seen.never) continue;
    if (v->seen.always) return true;
    TRY(rights_count(k->s, k->mem, v, NEAR_MOST + 1, &n, e));
    all += n;
  }
  *out = all <= NEAR_MOST;
  return true;
}
static void put_set(struct maker *k, const char *sql, const struct rights_stream *x) {
  put(k, sql);
  for (size_t i = 0; i < x->values.len; i++) put_with(k, i ? ", @" : " IN (@", x->values.at[i]);
  put(k, ")");
}
static void put_name(struct maker *k, const char *sql, struct str name) {
  buf_fmt(&k->text, "%s\"" STRF "\"", sql, STRA(name));
}
/* The ids of a stream's rows, and perhaps others: days and roles are for the condition itself. */
static void put_stream(struct maker *k, const struct rights_stream *x) {
  const bool below = x->source == RIGHTS_BELOW;
  if (x->link.len) {
    put_name(k, "SELECT k.", x->link_id);
    put_name(k, below ? " FROM unit_path p CROSS JOIN " : " FROM ", x->link);
    put_with(k, " k WHERE k.tenant = @", STORE_TENANT);
    put_name(k, below ? " AND p.tenant = k.tenant AND p.unit = k." : " AND k.", x->link_value);
    put_set(k, below ? " AND p.above" : "", x);
  } else if (x->source == RIGHTS_WARDS) {
    put_with(k, "SELECT g.pupil FROM guardian g WHERE g.tenant = @", STORE_TENANT);
    put_set(k, " AND g.person", x);
  } else {
    put_with(k, "SELECT o.id FROM person o WHERE o.tenant = @", STORE_TENANT);
    put_set(k, " AND o.id", x);
  }
}
/* Says to the engine what the condition leaves to it to find out row by row: few can be in it. Changes no answer. */
static bool put_near(struct maker *k, struct err *e) {
  bool near = false, first = true;
  TRY(is_near(k, &near, e));
  vec_each(const struct rights_record, rec, &who_model()->records) {
    if (!near || !is_people(rec)) continue;
    vec_each(const struct rights_stream, x, &who_view(k->w, rec)->streams) {
      put(k, first ? "(r.id IN (" : " UNION ALL ");
      put_stream(k, x);
      first = false;
    }
  }
  put(k, first ? "1 = 1" : ") OR 1 = 0)"); /* keeps planners from a join for each row: the ids are gathered once */
  return true;
}

/* ---- words ---- */

static void put_ids(struct maker *k, const struct str *ids, size_t n, const struct rights_condition *may) {
  if (!n || may->never) return;
  for (size_t i = 0; i < n; i++) put_with(k, i ? ", @" : " OR (r.id IN (@", ids[i]);
  put(k, ") AND ");
  put_condition(k, may);
  put(k, ")");
}
/* Rows whose telephone it is and whose telephone may be read. */
static bool put_phone(struct maker *k, struct str word, struct err *e) {
  static const char *const fields[] = {"phone", NULL};
  struct rights_condition may = {0};
  struct register_people same = {0};
  struct err ignored = {0};
  struct str code = {0};
  struct date today = {0};
  (void)date_parse(k->w->holds.today, 0, &today);
  if (!code_check(k->mem, code_rules_known(true), CODE_PHONE, today, word, &code, &ignored)) return true;
  who_condition(k->w, "person", fields, &may);
  if (!may.never) TRY(register_store_same(k->s, k->mem, CODE_PHONE, code, &same, e));
  put_ids(k, same.at, same.len, &may);
  return true;
}
static bool put_token(struct maker *k, struct str word, struct err *e) {
  static const char *const fields[] = {"token", NULL};
  struct rights_condition may = {0};
  struct sql_pupil_by_token row = {0};
  bool found = false;
  TRY(sql_pupil_by_token(k->s, k->mem, &(struct sql_pupil_by_token_in){STORE_TENANT, word}, &row, &found, e));
  if (found) who_condition(k->w, "person", fields, &may);
  put_ids(k, &row.person, found, &may);
  return true;
}
static bool put_word(struct maker *k, struct str word, struct err *e) {
  put_with(k, " AND (r.name LIKE @ ESCAPE '\\'", page_org_like(k->mem, word, true));
  put_with(k, " OR r.initials LIKE @ ESCAPE '\\'", page_org_like(k->mem, word, false));
  put_with(k, " OR r.id = @", word);
  TRY(put_token(k, word, e));
  TRY(put_phone(k, word, e));
  put(k, ")");
  return true;
}
static bool put_words(struct maker *k, struct str words, struct err *e) {
  struct str rest = str_trim(words), word = {0}, tail = {0};
  for (int n = 1; rest.len; n++) {
    if (n == WORDS_MAX || !str_cut(rest, STR(" "), &word, &tail)) word = rest, tail = STR("");
    TRY(put_word(k, str_slice(word, 0, WORD_BYTES), e));
    rest = str_trim(tail);
  }
  return true;
}

/* ---- posts of today ---- */

static void put_posts(struct maker *k, const struct people_asked *a) {
  const struct str today = k->w->holds.today;
  if (!a->role.len && !a->unit.len) return;
  put(k, " AND (EXISTS (SELECT 1 FROM post h");
  if (a->unit.len) put(k, ", unit_path b");
  put_with(k, " WHERE h.tenant = r.tenant AND h.person = r.id AND h.from_day <= @", today);
  put_with(k, " AND h.until_day >= @", today);
  if (a->role.len) put_with(k, " AND h.role = @", a->role);
  if (a->unit.len) put_with(k, " AND b.tenant = h.tenant AND b.unit = h.unit AND b.above = @", a->unit);
  put(k, ") OR 1 = 0)"); /* asked of each row as it comes, not made a join */
}

/* ---- the whole ---- */

/* What a list tells of everybody in it. */
static const char *const told[] = {"name", "posts", "classes", NULL};

static bool make(struct maker *k, const struct people_asked *a, struct list_scope *out, struct err *e) {
  struct rights_condition seen = {0};
  who_condition(k->w, "person", told, &seen);
  TRY(put_near(k, e)); /* what costs least a row stands first */
  TRY(put_words(k, a->words, e));
  put_posts(k, a);
  put(k, " AND ");
  put_condition(k, &seen);
  must(!k->text.broken);
  const struct str text = str_dup(k->mem, buf_view(&k->text));
  *out = (struct list_scope){.sql = str_z(k->mem, text), .values = k->values.at, .count = k->values.len};
  return true;
}
bool people_condition(struct store *s, struct arena *mem, const struct who *w, const struct people_asked *asked,
                      struct list_scope *out, struct err *e) {
  struct maker k = {.s = s, .w = w, .mem = mem, .text = BUF_MAX(TEXT_MAX)};
  const bool ok = make(&k, asked, out, e);
  buf_drop(&k.text);
  return ok;
}
bool people_find(struct store *s, struct arena *mem, const struct who *w, struct str words, size_t most, list_rows *out,
                 struct err *e) {
  const struct store_value fixed[] = {store_text(w->holds.today), store_text(STORE_TENANT)};
  struct list_query q = {.fixed = fixed, .sort = SQL_person_list_reading, .id = SQL_person_list_id};
  TRY(people_condition(s, mem, w, &(struct people_asked){.words = words}, &q.scope, e));
  return store_list_rows(s, mem, &sql_person_list, &q, most, out, e);
}
