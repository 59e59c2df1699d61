/* See compose.h. The check of the finished text is the second lock: whatever mistake is made in putting it together, no
 * literal, no second statement and no comment can stand in it. */
#include "store/compose.h"

#include "base/must.h"
#include "texts.h"

bool compose_is_name(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    const bool letter = c >= 'a' && c <= 'z';
    if (!letter && (!i || ((c < '0' || c > '9') && c != '_'))) return false;
  }
  return s.len && s.len <= COMPOSE_NAME_MAX;
}

void compose_drop(struct compose *c) { buf_drop(&c->text); }
void compose_z(struct compose *c, const char *sql) { buf_z(&c->text, sql); }
void compose_name(struct compose *c, struct str name) {
  if (!compose_is_name(name)) c->broken = true;
  buf_byte(&c->text, '"');
  buf_str(&c->text, name);
  buf_byte(&c->text, '"');
}
void compose_place(struct compose *c, int place) {
  buf_byte(&c->text, '$');
  buf_int(&c->text, place);
}
void compose_bound(struct compose *c, int most) { buf_int(&c->text, most > 0 ? most : 0); }
int compose_value(struct compose *c, struct store_value value) {
  if (c->binds.len == COMPOSE_BINDS_MAX) c->broken = true;
  else vec_push(c->mem, &c->binds) = value;
  compose_place(c, (int)c->binds.len);
  return (int)c->binds.len;
}
int compose_str(struct compose *c, struct str value) { return compose_value(c, store_text(value)); }
int compose_int(struct compose *c, int64_t value) { return compose_value(c, store_number(value)); }
int compose_blob(struct compose *c, struct str value) { return compose_value(c, store_blob(value)); }
int compose_null(struct compose *c, char type) { return compose_value(c, store_none(type)); }
void compose_condition(struct compose *c, struct str sql, const struct str *values, size_t count) {
  size_t used = 0;
  for (size_t i = 0; i < sql.len; i++) {
    if (sql.at[i] != '@') buf_byte(&c->text, sql.at[i]);
    else if (used < count) (void)compose_str(c, values[used++]);
    else c->broken = true;
  }
  if (used != count) c->broken = true;
}
struct str compose_as_scope(struct compose *c, struct store_value **out_values, size_t *out_count) {
  char *out = arena_take(c->mem, c->text.len + 1);
  size_t n = 0, count = 0;
  *out_values = arena_new_n(c->mem, struct store_value, c->text.len); /* no text has more places than bytes */
  must(!c->broken && !c->text.broken);
  for (size_t i = 0; i < c->text.len; i++) {
    out[n++] = c->text.at[i] == '$' ? '@' : c->text.at[i];
    if (c->text.at[i] != '$') continue;
    size_t place = 0;
    while (i + 1 < c->text.len && c->text.at[i + 1] >= '0' && c->text.at[i + 1] <= '9')
      place = place * 10 + (size_t)(c->text.at[++i] - '0');
    must(place && place <= c->binds.len);
    (*out_values)[count++] = c->binds.at[place - 1];
  }
  *out_count = count;
  return (struct str){out, n};
}
struct str compose_as_condition(struct compose *c, struct str **out_values, size_t *out_count) {
  struct store_value *values = NULL;
  const struct str sql = compose_as_scope(c, &values, out_count);
  *out_values = arena_new_n(c->mem, struct str, *out_count);
  for (size_t i = 0; i < *out_count; i++) {
    must(values[i].type == 's');
    (*out_values)[i] = values[i].s;
  }
  return sql;
}

/* ---- the lock ---- */

/* What a finished text is made of: words, quoted names, places, signs. */
struct scan {
  struct str rest;
  int depth; /* brackets that are open */
};
static bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}
static size_t token_len(struct str s) {
  size_t n = 1;
  if (s.at[0] == '"')
    while (n < s.len && s.at[n++] != '"') {
    }
  else if (is_word_byte(s.at[0]))
    while (n < s.len && is_word_byte(s.at[n])) n++;
  return n;
}
/* Empty at the end. */
static struct str next_token(struct scan *s) {
  while (s->rest.len && s->rest.at[0] == ' ') s->rest = str_from(s->rest, 1);
  if (!s->rest.len) return s->rest;
  const struct str got = str_slice(s->rest, 0, token_len(s->rest));
  s->rest = str_from(s->rest, got.len);
  s->depth += str_eqz(got, "(") - str_eqz(got, ")");
  return got;
}
static bool is_word(struct str token, const char *word) {
  if (token.len != strlen(word)) return false;
  for (size_t i = 0; i < token.len; i++) {
    const char c = token.at[i];
    if ((c >= 'a' && c <= 'z' ? (char)(c - 32) : c) != word[i]) return false;
  }
  return true;
}
static bool is_one_of(struct str token, const char *const *words, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (is_word(token, words[i])) return true;
  return false;
}
/* No literal, no comment, no second statement. */
static bool is_plain(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c < ' ' || c > '~' || c == '\'' || c == ';' || c == '\\' || c == '@') return false;
    if (i && (c == '-' || c == '*') && (s.at[i - 1] == '-' || s.at[i - 1] == '/')) return false;
  }
  return true;
}
static bool reads(struct str s) {
  static const char *const never[] = {"INSERT", "INTO", "UPDATE", "DELETE", "SET"};
  struct scan at = {.rest = s};
  if (!str_starts(s, STR("SELECT ")) && !str_starts(s, STR("WITH "))) return false;
  for (struct str t = next_token(&at); t.len; t = next_token(&at))
    if (is_one_of(t, never, COUNT_OF(never))) return false;
  return true;
}
/* WHERE "tenant" = $n and, if anything, AND; no OR beside it. */
static bool keeps_to_tenant(struct str s) {
  struct scan at = {.rest = s};
  struct str t = next_token(&at);
  while (t.len && (at.depth || !is_word(t, "WHERE"))) t = next_token(&at);
  if (!str_eqz(next_token(&at), "\"tenant\"") || !str_eqz(next_token(&at), "=")) return false;
  t = next_token(&at);
  if (!str_starts(t, STR("$"))) return false;
  t = next_token(&at);
  if (t.len && !is_word(t, "AND")) return false;
  for (; t.len; t = next_token(&at))
    if (at.depth < 0 || (!at.depth && is_word(t, "OR"))) return false;
  return !at.depth;
}
static bool writes(struct str s) {
  if (str_starts(s, STR("INSERT INTO \""))) return true;
  return (str_starts(s, STR("UPDATE \"")) || str_starts(s, STR("DELETE FROM \""))) && keeps_to_tenant(s);
}

/* ---- running ---- */

static void bind(struct store_stmt *s, int at, const struct store_value *v) {
  if (v->null) store_bind_null(s, at);
  else if (v->type == 'i') store_bind_int(s, at, v->n);
  else if (v->type == 'b') store_bind_blob(s, at, v->s);
  else store_bind_str(s, at, v->s);
}
static struct store_stmt *prepare(struct compose *c, struct store *session, struct store_sql sql, struct err *e) {
  char *types = arena_take(c->mem, c->binds.len + 1);
  for (size_t i = 0; i < c->binds.len; i++) types[i] = c->binds.at[i].type;
  types[c->binds.len] = 0;
  const struct str text = buf_view(&c->text);
  if (c->broken || c->text.broken || !is_plain(text) || !(sql.writes ? writes(text) : reads(text))) {
    (void)fail(e, ERR_BUG, MSG_store_failed, "what", STR("a composed statement was refused"));
    return NULL;
  }
  sql.name = "composed";
  sql.text = str_z(c->mem, text);
  sql.index = STORE_COMPOSED;
  sql.binds = (int)c->binds.len;
  sql.types = types;
  struct store_stmt *s = store_prepare(session, &sql, e);
  for (size_t i = 0; s && i < c->binds.len; i++) bind(s, (int)i + 1, &c->binds.at[i]);
  return s;
}
struct store_stmt *compose_prepare(struct compose *c, struct store *session, int columns, struct err *e) {
  return prepare(c, session, (struct store_sql){.columns = columns}, e);
}
static bool run(struct compose *c, struct store *session, bool erases, int64_t *out_changed, struct err *e) {
  struct store_stmt *s = prepare(c, session, (struct store_sql){.writes = true, .erases = erases}, e);
  bool row = false;
  if (!s) return false;
  const bool ok = store_step(s, &row, e);
  if (ok && out_changed) *out_changed = store_changed(s);
  store_reset(s);
  return ok;
}
bool compose_run(struct compose *c, struct store *session, int64_t *out_changed, struct err *e) {
  return run(c, session, false, out_changed, e);
}
bool compose_run_erasing(struct compose *c, struct store *session, int64_t *out_changed, struct err *e) {
  return run(c, session, true, out_changed, e);
}
