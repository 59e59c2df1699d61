/* See compose.h. The check of the finished text is the second lock: whatever mistake is made in putting it together, no
 * literal, no second statement and no comment can stand in it. */
#include "store/compose.h"

#include "base/must.h"
#include "store/statement.h"
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
  buf_fmt(&c->text, "\"" STRF "\"", STRA(name));
}
void compose_place(struct compose *c, int place) { buf_fmt(&c->text, "$%d", place); }
void compose_bound(struct compose *c, int most) { buf_fmt(&c->text, "%d", most > 0 ? most : 0); }
static int add(struct compose *c, struct compose_bind b) {
  if (c->binds.len == COMPOSE_BINDS_MAX) c->broken = true;
  else vec_push(c->mem, &c->binds) = b;
  compose_place(c, (int)c->binds.len);
  return (int)c->binds.len;
}
int compose_str(struct compose *c, struct str value) { return add(c, (struct compose_bind){.s = value}); }
int compose_int(struct compose *c, int64_t value) { return add(c, (struct compose_bind){.is_int = true, .n = value}); }
void compose_condition(struct compose *c, struct str sql, const struct str *values, size_t count) {
  size_t used = 0;
  for (size_t i = 0; i < sql.len; i++) {
    if (sql.at[i] != '@') buf_byte(&c->text, sql.at[i]);
    else if (used < count) (void)compose_str(c, values[used++]);
    else c->broken = true;
  }
  if (used != count) c->broken = true;
}
struct str compose_as_condition(struct compose *c, struct str **out_values, size_t *out_count) {
  char *out = arena_take(c->mem, c->text.len + 1);
  size_t n = 0, count = 0;
  *out_values = arena_new_n(c->mem, struct str, c->text.len); /* no text has more places than bytes */
  must(!c->broken && !c->text.broken);
  for (size_t i = 0; i < c->text.len; i++) {
    out[n++] = c->text.at[i] == '$' ? '@' : c->text.at[i];
    if (c->text.at[i] != '$') continue;
    size_t place = 0;
    while (i + 1 < c->text.len && c->text.at[i + 1] >= '0' && c->text.at[i + 1] <= '9')
      place = place * 10 + (size_t)(c->text.at[++i] - '0');
    must(place && place <= c->binds.len && !c->binds.at[place - 1].is_int);
    (*out_values)[count++] = c->binds.at[place - 1].s;
  }
  *out_count = count;
  return (struct str){out, n};
}

/* Reads, one statement, no literal, no comment. */
static bool is_safe(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c < ' ' || c > '~' || c == '\'' || c == ';' || c == '\\' || c == '@') return false;
    if (i && (c == '-' || c == '*') && (s.at[i - 1] == '-' || s.at[i - 1] == '/')) return false;
  }
  return str_starts(s, STR("SELECT ")) || str_starts(s, STR("WITH "));
}

struct store_stmt *compose_prepare(struct compose *c, struct store *session, int columns, struct err *e) {
  char *types = arena_take(c->mem, c->binds.len + 1);
  for (size_t i = 0; i < c->binds.len; i++) types[i] = c->binds.at[i].is_int ? 'i' : 's';
  const struct str text = buf_view(&c->text);
  if (c->broken || c->text.broken || !is_safe(text)) {
    (void)fail(e, ERR_BUG, MSG_store_failed, "what", STR("a composed statement was refused"));
    return NULL;
  }
  const struct store_sql sql = {.name = "composed",
                                .text = str_z(c->mem, text),
                                .index = STORE_COMPOSED,
                                .binds = (int)c->binds.len,
                                .columns = columns,
                                .types = types};
  struct store_stmt *s = store_prepare(session, &sql, e);
  for (size_t i = 0; s && i < c->binds.len; i++) {
    if (c->binds.at[i].is_int) store_bind_int(s, (int)i + 1, c->binds.at[i].n);
    else store_bind_str(s, (int)i + 1, c->binds.at[i].s);
  }
  return s;
}
