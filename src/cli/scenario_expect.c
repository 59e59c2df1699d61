/* What a step expects, held against what the server says now. A value of a story is a text, a list or a map; what the API gives for
 * it may be a text, a number, a flag, or an object with id, code or number: both sides are brought to the same before they are
 * compared, and what cannot be brought there does not fit. */
#include "cli/scenario.h"
#include "declare/check.h"
#include "texts.h"

enum { PLAIN_LEAST = 6 }; /* bytes: what is shorter stands in any page by chance */

/* ---- two values ---- */

struct str yaml_shown(struct play *p, const struct yaml *y) {
  AUTO_BUF b = BUF_MAX(1 << 16);
  if (y->kind == YAML_SCALAR) return y->text;
  buf_byte(&b, y->kind == YAML_MAP ? '{' : '[');
  for (const struct yaml *one = y->child; one; one = one->next) {
    if (one != y->child) buf_z(&b, ", ");
    if (y->kind == YAML_MAP) buf_fmt(&b, STRF ": ", STRA(one->key));
    buf_str(&b, yaml_shown(p, one));
  }
  buf_byte(&b, y->kind == YAML_MAP ? '}' : ']');
  return str_dup(p->mem, buf_view(&b));
}
/* 60% and 60; 125 g and 125: a number without what stands behind it. */
static bool number_of(struct str s, struct dec *out) {
  size_t n = 0;
  while (n < s.len && ((s.at[n] >= '0' && s.at[n] <= '9') || strchr("-.,", s.at[n]))) n++;
  return n && dec_parse(str_slice(s, 0, n), out) && !(n < s.len && (s.at[n] == ':' || s.at[n] == '-'));
}
/* 2026-03-02 09:00 and 2026-03-02T09:00:00.001+08:00 */
static bool same_moment(struct str expected, struct str got) {
  return expected.len == 16 && got.len > 16 && got.at[10] == 'T' &&
         str_eq(str_slice(expected, 0, 10), str_slice(got, 0, 10)) &&
         str_eq(str_from(expected, 11), str_slice(got, 11, 16));
}
static bool text_fits(struct play *p, struct str expected, struct str got) {
  struct dec a, b;
  if (str_eq(expected, got) || same_moment(expected, got)) return true;
  const struct named *n = named_called(p, expected);
  const struct str unit = unit_id(p, expected), person = person_id(p, expected);
  if ((n && str_eq(n->id, got)) || (unit.len && str_eq(unit, got)) || (person.len && str_eq(person, got))) return true;
  return number_of(expected, &a) && number_of(got, &b) && dec_eq(a, b);
}
static bool object_fits(struct play *p, const json_t *got, struct str expected) {
  static const char *const keys[] = {"id", "code", "number", "name", "label"};
  for (size_t i = 0; i < COUNT_OF(keys); i++) {
    const json_t *part = json_object_get(got, keys[i]);
    if (json_is_string(part) && text_fits(p, expected, json_text(part))) return true;
  }
  return false;
}
static bool is_missing(const json_t *got) {
  return !got || json_is_null(got) || (json_is_string(got) && !json_string_length(got)) ||
         (json_is_array(got) && !json_array_size(got));
}
static bool scalar_fits(struct play *p, const json_t *got, struct str expected) {
  if (str_eqz(expected, "none")) return is_missing(got);
  expected = text_meant(p, expected);
  if (json_is_boolean(got)) return str_eqz(expected, json_is_true(got) ? "yes" : "no");
  if (json_is_string(got)) return text_fits(p, expected, json_text(got));
  if (json_is_object(got)) return object_fits(p, got, expected);
  if (json_is_number(got)) return text_fits(p, expected, json_shown(p, got));
  return false;
}
/* As sets: each of the story in one of the server's, none left over. */
static bool list_fits(struct play *p, const json_t *got, const struct yaml *expected) {
  const size_t n = json_array_size(got);
  bool *used = arena_new_n(p->mem, bool, n);
  if (!json_is_array(got) || n != expected->count) return is_missing(got) && !expected->count;
  for (const struct yaml *one = expected->child; one; one = one->next) {
    size_t i = 0;
    while (i < n && (used[i] || !value_fits(p, json_array_get(got, i), one))) i++;
    if (i == n) return false;
    used[i] = true;
  }
  return true;
}
bool value_fits(struct play *p, const json_t *got, const struct yaml *expected) {
  if (expected->kind == YAML_SCALAR) return scalar_fits(p, got, expected->text);
  if (expected->kind == YAML_LIST) return list_fits(p, got, expected);
  for (const struct yaml *one = expected->child; one; one = one->next)
    if (!value_fits(p, json_object_get(got, str_z(p->mem, one->key)), one)) return false;
  return true;
}

/* ---- a refusal ---- */

/* A cell is of its table: lines.0.item is at lines. */
static bool is_at(struct str want, struct str got) {
  return str_eq(want, got) || (str_starts(got, want) && got.len > want.len && got.at[want.len] == '.');
}
void expect_refused(struct step *s, const struct yaml *refused, const struct http_reply *r) {
  static const char *const keys[] = {"code", "at", "says"};
  bool all = r->status >= 400;
  for (const struct yaml *y = refused->child; all && y; y = y->next) {
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(keys); i++) known = known || str_eqz(y->key, keys[i]);
    all = known &&
          (str_eqz(y->key, "at") ? is_at(y->text, reply_at(r))
                                 : str_eq(y->text, json_text(json_object_get(r->json, str_z(s->p->mem, y->key)))));
  }
  if (!all || !refused->count)
    step_miss(s, str_fmt(s->p->mem, "refused " STRF, STRA(yaml_shown(s->p, refused))), reply_shown(s->p, r), STR(""));
}

/* ---- a record ---- */

static json_t *view_of(struct step *s) {
  struct http_reply r = {0};
  if (!s->record) return NULL;
  json_t *data =
      s->who != NOBODY && s->p->players.at[s->who].actor ? record_seen_by(s->p, s->who, s->record, &r) : NULL;
  return data ? data : record_seen(s->p, s->record);
}
static bool needs_record(struct step *s, const struct yaml *key, json_t **out) {
  *out = view_of(s);
  if (*out) return true;
  step_miss_msg(s, MSG_scenario_no_record, "key", key->key, reply_shown(s->p, &s->reply));
  return false;
}
static void expect_state(struct step *s, const struct yaml *y) {
  json_t *data;
  bool fits = false;
  if (!needs_record(s, y, &data)) return;
  const struct str state = json_text(json_object_get(data, "state"));
  const json_t *code = json_object_get(json_object_get(data, "state"), "code");
  const struct str got = code ? json_text(code) : state;
  for (const struct yaml *one = y->kind == YAML_LIST ? y->child : y; one; one = y->kind == YAML_LIST ? one->next : NULL)
    fits = fits || str_eq(one->text, got);
  if (!fits) step_miss(s, str_fmt(s->p->mem, "state = " STRF, STRA(yaml_shown(s->p, y))), got, STR(""));
}
/* `lines.amount`: what the rows of a form have in that column. */
static const json_t *column_of(struct play *p, const json_t *of, struct str name) {
  struct str head, column;
  size_t i;
  json_t *line, *all;
  if (!str_cut(name, STR("."), &head, &column)) return NULL;
  const json_t *lines = json_object_get(of, str_z(p->mem, head));
  if (!json_is_array(lines)) return NULL;
  vec_push(p->mem, &p->answers) = all = json_array();
  json_array_foreach(lines, i, line)(void) json_array_append(all, json_object_get(line, str_z(p->mem, column)));
  return all;
}
/* *out_there: this actor's answer has the field at all, missing or not. */
static const json_t *field_of(struct play *p, const json_t *data, struct str name, bool *out_there) {
  const char *key = str_z(p->mem, name);
  const json_t *got = json_object_get(json_object_get(data, "fields"), key);
  if (!got) got = column_of(p, json_object_get(data, "fields"), name);
  if (!got) got = json_object_get(data, key);
  *out_there = got != NULL;
  return got;
}
/* A field that the actor may not read is looked for in the answers to the others. */
static const json_t *field_seen(struct step *s, const json_t *data, struct str name) {
  bool there = false;
  struct http_reply r = {0};
  const json_t *got = field_of(s->p, data, name, &there);
  for (int i = 0; !there && i < (int)s->p->players.len; i++) {
    const struct player *x = &s->p->players.at[i];
    if (x->actor && !x->actor->admin.len && (data = record_seen_by(s->p, i, s->record, &r)))
      got = field_of(s->p, data, name, &there);
  }
  return got;
}
static void expect_fields(struct step *s, const struct yaml *y) {
  json_t *data;
  if (!needs_record(s, y, &data)) return;
  for (const struct yaml *one = y->child; one; one = one->next) {
    const json_t *got = field_seen(s, data, one->key);
    if (value_fits(s->p, got, one)) continue;
    step_miss(s, str_fmt(s->p->mem, STRF " = " STRF, STRA(one->key), STRA(yaml_shown(s->p, one))),
              got ? json_shown(s->p, got) : msg_template(s->p->lang, MSG_scenario_absent), STR(""));
  }
}
static void expect_clock(struct step *s, const struct yaml *y) {
  json_t *data;
  if (!needs_record(s, y, &data)) return;
  for (const struct yaml *clock = y->child; clock; clock = clock->next) {
    const json_t *got = json_object_get(json_object_get(data, "clocks"), str_z(s->p->mem, clock->key));
    for (const struct yaml *one = clock->child; one; one = one->next) {
      const json_t *part = json_object_get(got, str_z(s->p->mem, one->key));
      if (part && value_fits(s->p, part, one)) continue;
      step_miss(s,
                str_fmt(s->p->mem, "clock(" STRF ")." STRF " = " STRF, STRA(clock->key), STRA(one->key),
                        STRA(yaml_shown(s->p, one))),
                part ? json_shown(s->p, part) : msg_template(s->p->lang, MSG_scenario_absent), STR(""));
    }
  }
}
static void expect_papers(struct step *s, const struct yaml *y) {
  json_t *data, *names = json_array(), *one;
  size_t i;
  vec_push(s->p->mem, &s->p->answers) = names;
  if (!needs_record(s, y, &data)) return;
  json_array_foreach(json_object_get(data, "papers"), i, one) {
    json_t *name = json_is_string(one) ? one : json_object_get(one, "name");
    bool there = false;
    for (size_t k = 0; k < json_array_size(names); k++) there = there || json_equal(json_array_get(names, k), name);
    if (name && !there) (void)json_array_append(names, name);
  }
  if (!list_fits(s->p, names, y))
    step_miss(s, str_fmt(s->p->mem, "papers = " STRF, STRA(yaml_shown(s->p, y))), json_shown(s->p, names), STR(""));
}
static void expect_of(struct step *s, const struct yaml *y) {
  struct named *const record = s->record;
  const struct yaml *const outer = s->expect;
  for (const struct yaml *one = y->child; one; one = one->next) {
    s->record = named_called(s->p, one->key);
    s->expect = one;
    if (s->record) expect_all(s);
    else step_miss_msg(s, MSG_scenario_no_name, "name", one->key, STR("-"));
  }
  s->record = record;
  s->expect = outer;
}

/* ---- what is shown, what is not ---- */

static struct str escaped(struct play *p, struct str s) {
  s = str_replace(p->mem, s, STR("&"), STR("&amp;"));
  s = str_replace(p->mem, s, STR("<"), STR("&lt;"));
  s = str_replace(p->mem, s, STR(">"), STR("&gt;"));
  return str_replace(p->mem, s, STR("\""), STR("&quot;"));
}
/* Does the field show what was given, letter by letter? A code shows its label, a unit its name of today. */
static bool is_plain(const struct play *p, const struct named *n, struct str name) {
  const struct record *r = n ? record_called(p, n->system, n->record) : NULL;
  const struct field *f = r ? field_find(r, name) : NULL;
  const enum type_word t = f ? f->is.type : TYPE_missing;
  return t == TYPE_text || t == TYPE_code || t == TYPE_phone || t == TYPE_id_number;
}
/* What the story gave as this field, last; empty = it never did. */
static struct str given_as(const struct play *p, const struct named *n, struct str field) {
  if (!is_plain(p, n, field)) return STR("");
  for (size_t i = n ? n->inputs.len : 0; i-- > 0;)
    if (str_eq(n->inputs.at[i].field, field)) return n->inputs.at[i].text;
  return STR("");
}
/* The page for the same eyes; empty for an answer that has none. */
static struct str page_seen(struct step *s) {
  struct http_reply r = {0};
  struct err e = {0};
  if (!s->record || s->who == NOBODY || !s->p->players.at[s->who].actor) return STR("");
  const struct str path = str_fmt(s->p->mem, "/s/" STRF "/" STRF "/" STRF, STRA(s->record->system),
                                  STRA(s->record->record), STRA(s->record->id));
  if (!play_get(s->p, s->who, path, &r, &e)) return STR("");
  if (r.status != 200) step_miss_msg(s, MSG_scenario_page, "path", path, reply_shown(s->p, &r));
  return r.body;
}
static bool rows_have(const json_t *rows, const char *key) {
  const json_t *row;
  size_t i;
  json_array_foreach(rows, i, row) {
    const json_t *got = json_object_get(json_object_get(row, "fields"), key);
    if (!is_missing(got ? got : json_object_get(row, key))) return true;
  }
  return false;
}
static bool answer_has(struct step *s, struct str name) {
  const json_t *data = reply_data(&s->reply);
  const char *key = str_z(s->p->mem, name);
  const json_t *got = json_object_get(json_object_get(data, "fields"), key);
  return !is_missing(got ? got : json_object_get(data, key)) || rows_have(s->rows, key);
}
/* A field of the record, or what the first row of a public page says. */
static const json_t *value_shown(const struct step *s, struct str name) {
  const char *key = str_z(s->p->mem, name);
  const json_t *row = json_array_get(json_object_get(s->reply.json, "rows"), 0);
  const json_t *got = json_object_get(json_object_get(reply_data(&s->reply), "fields"), key);
  return got ? got : json_object_get(row, key);
}
/* What an opening gave stands in its answer alone, not on the page of the record. */
static void expect_shows(struct step *s, const struct yaml *y) {
  const struct str page = page_seen(s);
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct str name = y->kind == YAML_MAP ? one->key : one->text, given = given_as(s->p, s->record, name);
    const json_t *got = value_shown(s, name);
    if (!answer_has(s, name)) step_miss_msg(s, MSG_scenario_shows, "name", name, reply_shown(s->p, &s->reply));
    else if (y->kind == YAML_MAP && !value_fits(s->p, got, one))
      step_miss(s, str_fmt(s->p->mem, STRF " = " STRF, STRA(name), STRA(one->text)), json_shown(s->p, got), STR(""));
    const bool on_page = page.len && given.len > PLAIN_LEAST && str_find(page, escaped(s->p, given)) != STR_NONE;
    if (s->is_opening && on_page) step_miss_msg(s, MSG_scenario_page_hides, "name", name, given);
    if (!s->is_opening && page.len && given.len > PLAIN_LEAST && !on_page)
      step_miss_msg(s, MSG_scenario_page_shows, "name", name, given);
  }
}
static void expect_hides(struct step *s, const struct yaml *y) {
  const struct str page = page_seen(s);
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct str given = given_as(s->p, s->record, one->text);
    if (answer_has(s, one->text)) step_miss_msg(s, MSG_scenario_hides, "name", one->text, reply_shown(s->p, &s->reply));
    if (given.len <= PLAIN_LEAST) continue;
    if (str_find(s->reply.body, given) != STR_NONE) step_miss_msg(s, MSG_scenario_hides, "name", one->text, given);
    if (str_find(page, escaped(s->p, given)) != STR_NONE)
      step_miss_msg(s, MSG_scenario_page_hides, "name", one->text, given);
  }
}
/* How a unit, person or record is told: {id, name}, {code, label}. Its members are no fields. */
static bool is_told(const json_t *object) {
  static const char *const keys[] = {"id", "name", "code", "label", "number"};
  size_t n = 0;
  for (size_t i = 0; i < COUNT_OF(keys); i++) n += json_object_get(object, keys[i]) != NULL;
  return n == json_object_size(object) && (json_object_get(object, "id") || json_object_get(object, "code"));
}
static bool has_field(const json_t *j, const char *name) {
  const json_t *one;
  const char *key;
  size_t i;
  bool found = json_is_object(j) && !is_told(j) && json_object_get(j, name);
  if (json_is_object(j)) json_object_foreach((json_t *)(uintptr_t)j, key, one) found = found || has_field(one, name);
  else json_array_foreach(j, i, one) found = found || has_field(one, name);
  return found;
}
/* No such field, no value of these fields anywhere in the answer. */
static void expect_never(struct step *s, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    if (has_field(s->reply.json, str_z(s->p->mem, one->text)))
      step_miss_msg(s, MSG_scenario_hides, "name", one->text, reply_shown(s->p, &s->reply));
    vec_each(__typeof__(struct named *), n, &s->p->records) {
      const struct str given = given_as(s->p, *n, one->text);
      if (given.len > PLAIN_LEAST && str_find(s->reply.body, given) != STR_NONE)
        step_miss_msg(s, MSG_scenario_hides, "name", one->text, given);
    }
  }
}

/* ---- rows ---- */

static void expect_count(struct step *s, const struct yaml *y) {
  int64_t n = 0;
  const size_t got = json_array_size(s->rows);
  if (s->rows && str_to_int(y->text, &n) && (size_t)n == got) return;
  step_miss(s, str_fmt(s->p->mem, "count = " STRF, STRA(y->text)),
            s->rows ? str_int(s->p->mem, (int64_t)got) : reply_shown(s->p, &s->reply), STR(""));
}
static void expect_rows(struct step *s, const struct yaml *y) {
  json_t *ids = json_array(), *row;
  size_t i;
  vec_push(s->p->mem, &s->p->answers) = ids;
  json_array_foreach(s->rows, i, row)(void) json_array_append(ids, json_object_get(row, "id"));
  if (s->rows && list_fits(s->p, ids, y)) return;
  step_miss(s, str_fmt(s->p->mem, "rows = " STRF, STRA(yaml_shown(s->p, y))),
            s->rows ? json_shown(s->p, ids) : reply_shown(s->p, &s->reply), STR(""));
}
static void expect_replayed(struct step *s, const struct yaml *y) {
  if (str_eqz(y->text, s->replayed ? "yes" : "no")) return;
  step_miss(s, str_fmt(s->p->mem, "replayed = " STRF, STRA(y->text)), reply_shown(s->p, &s->reply), STR(""));
}

/* ---- all of it ---- */

void expect_all(struct step *s) {
  static const struct {
    const char *key;
    void (*run)(struct step *s, const struct yaml *y);
  } known[] = {
      {"state", expect_state}, {"fields", expect_fields}, {"clock", expect_clock},      {"papers", expect_papers},
      {"of", expect_of},       {"shows", expect_shows},   {"hides", expect_hides},      {"never", expect_never},
      {"count", expect_count}, {"rows", expect_rows},     {"replayed", expect_replayed}};
  for (const struct yaml *y = s->expect ? s->expect->child : NULL; y; y = y->next) {
    size_t i = 0;
    if (s->r->needs.len && is_later(y->key)) continue; /* told as not yet */
    while (i < COUNT_OF(known) && !str_eqz(y->key, known[i].key)) i++;
    if (i < COUNT_OF(known)) known[i].run(s, y);
    else if (!expect_around(s, y)) step_miss_msg(s, MSG_scenario_unknown, "key", y->key, STR("-"));
  }
}
