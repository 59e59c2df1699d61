/* Reads the sections of a declaration that say who may see and do what. Every refusal names file, line and column; what
 * other sections mean is not judged here, so that a whole package can be handed in as it stands. */
#include "base/limits.h"
#include "base/yaml.h"
#include "engine/rights/rights.h"
#include "texts.h"

enum { NAME_MOST = 31 };

static const char *const words[] = {
#define X(word) #word,
    RIGHTS_WORDS(X)
#undef X
};
static const char *const classes[] = {
#define X(word) #word,
    RIGHTS_CLASSES(X)
#undef X
};
const char *rights_word_name(enum rights_word w) { return words[w]; }
const char *rights_class_name(enum rights_class c) { return classes[c]; }

struct reader {
  struct arena *mem;
  struct str file;
  struct rights_model *m;
  struct err *e;
};

static bool refuse(const struct reader *r, const struct yaml *at, int msg, struct str name) {
  (void)fail(r->e, ERR_INVALID, msg, "name", name);
  return err_at(r->e, r->file, at->line, at->column);
}
static bool refuse_key(const struct reader *r, const struct yaml *at, int msg) {
  (void)fail(r->e, ERR_INVALID, msg, "name", at->key);
  return err_at(r->e, r->file, at->key_line, at->key_column);
}
static bool want(const struct reader *r, const struct yaml *y, enum yaml_kind kind) {
  return y->kind == kind || refuse(r, y, MSG_rights_shape, y->key);
}
static bool is_name(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (!(c >= 'a' && c <= 'z') && (!i || (!(c >= '0' && c <= '9') && c != '_'))) return false;
  }
  return s.len && s.len <= NAME_MOST;
}
static bool read_name(const struct reader *r, const struct yaml *y, struct str *out) {
  TRY(want(r, y, YAML_SCALAR));
  *out = y->text;
  return is_name(y->text) || refuse(r, y, MSG_rights_name, y->text);
}
static bool check_key(const struct reader *r, const struct yaml *y) {
  return is_name(y->key) || refuse_key(r, y, MSG_rights_name);
}
static bool find_word(struct str s, const char *const *list, size_t n, int *out) {
  for (size_t i = 0; i < n; i++) {
    if (!str_eqz(s, list[i])) continue;
    *out = (int)i;
    return true;
  }
  return false;
}
static struct str text_of(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y && y->kind == YAML_SCALAR ? y->text : (struct str){0};
}
typedef VEC(struct str) names;
static bool read_names(const struct reader *r, const struct yaml *y, names *out) {
  if (!y) return true;
  TRY(want(r, y, YAML_LIST));
  for (const struct yaml *c = y->child; c; c = c->next) TRY(read_name(r, c, &vec_push(r->mem, out)));
  return true;
}

/* ---- where ---- */

struct scan {
  struct arena *mem;
  struct str text, file;
  size_t at;
  int line, column;
  struct err *e;
};
static bool refuse_where(struct scan *s) {
  (void)fail(s->e, ERR_INVALID, MSG_rights_where, "name", s->text);
  return err_at(s->e, s->file, s->line, s->column + (int)s->at);
}
static void blanks(struct scan *s) {
  while (s->at < s->text.len && s->text.at[s->at] == ' ') s->at++;
}
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }
/* A word of letters, or a sign. */
static struct str next(struct scan *s) {
  blanks(s);
  const size_t from = s->at;
  while (s->at < s->text.len && is_letter(s->text.at[s->at])) s->at++;
  if (s->at > from || s->at == s->text.len) return str_slice(s->text, from, s->at);
  const bool two = str_starts(str_from(s->text, from), STR("!="));
  s->at += two ? 2 : 1;
  return str_slice(s->text, from, s->at);
}
static bool takes(struct scan *s, const char *word) {
  const size_t from = s->at;
  if (str_eqz(next(s), word)) return true;
  s->at = from;
  return false;
}
static bool read_code(struct scan *s, struct rights_test *t) {
  if (!takes(s, ".")) return refuse_where(s);
  const struct str code = next(s);
  if (!code.len || !is_letter(code.at[0])) return refuse_where(s);
  vec_push(s->mem, &t->values) = code;
  return true;
}
static bool read_set(struct scan *s, struct rights_test *t) {
  if (!takes(s, "(")) return refuse_where(s);
  do TRY(read_code(s, t));
  while (takes(s, ","));
  return takes(s, ")") || refuse_where(s);
}
static bool read_compared(struct scan *s, struct rights_test *t, enum rights_op op) {
  t->op = op;
  if (takes(s, "yes")) {
    t->op = op == RIGHTS_IN ? RIGHTS_YES : RIGHTS_NO;
    return true;
  }
  if (takes(s, "no")) {
    t->op = op == RIGHTS_IN ? RIGHTS_NO : RIGHTS_YES;
    return true;
  }
  return read_code(s, t);
}
static bool read_test(struct scan *s, struct rights_test *t) {
  const bool negated = takes(s, "not");
  t->field = next(s);
  if (!is_name(t->field)) return refuse_where(s);
  t->op = negated ? RIGHTS_NO : RIGHTS_YES;
  if (negated) return true;
  if (takes(s, "=")) return read_compared(s, t, RIGHTS_IN);
  if (takes(s, "!=")) return read_compared(s, t, RIGHTS_NOT_IN);
  if (takes(s, "is")) {
    t->op = takes(s, "not") ? RIGHTS_PRESENT : RIGHTS_MISSING;
    return takes(s, "none") || refuse_where(s);
  }
  const bool without = takes(s, "not");
  if (!takes(s, "in")) return !without || refuse_where(s);
  t->op = without ? RIGHTS_NOT_IN : RIGHTS_IN;
  return read_set(s, t);
}
bool rights_where_read(struct arena *mem, struct str text, struct str file, int line, int column, rights_where *out,
                       struct err *e) {
  struct scan s = {mem, text, file, 0, line, column, e};
  do {
    if (out->len == RIGHTS_TESTS_MAX) return refuse_where(&s);
    TRY(read_test(&s, &vec_push(mem, out)));
  } while (takes(&s, "and"));
  blanks(&s);
  return s.at == text.len || refuse_where(&s);
}

/* ---- roles ---- */

static bool read_word(const struct reader *r, const struct yaml *y, enum rights_word *out) {
  int n = 0;
  TRY(want(r, y, YAML_SCALAR));
  if (!find_word(y->text, words, RIGHTS_WORD_COUNT, &n)) return refuse(r, y, MSG_rights_word, y->text);
  *out = (enum rights_word)n;
  return true;
}
static bool read_sees(const struct reader *r, const struct yaml *y, struct rights_sees *out) {
  out->record = y->key;
  if (y->kind == YAML_SCALAR) return read_word(r, y, &out->word);
  TRY(want(r, y, YAML_MAP));
  for (const struct yaml *c = y->child; c; c = c->next) {
    if (str_eqz(c->key, "scope")) {
      TRY(read_word(r, c, &out->word));
    } else if (str_eqz(c->key, "where")) {
      TRY(want(r, c, YAML_SCALAR));
      out->says = c->text;
      TRY(rights_where_read(r->mem, c->text, r->file, c->line, c->column + c->quoted, &out->where, r->e));
    } else {
      return refuse_key(r, c, MSG_rights_key);
    }
  }
  return yaml_get(y, "scope") || refuse(r, y, MSG_rights_shape, y->key);
}
static bool read_role(const struct reader *r, const struct yaml *y) {
  struct rights_role role = {.name = y->key, .label = text_of(y, "label")};
  names at = {0};
  TRY(check_key(r, y) && want(r, y, YAML_MAP) && read_names(r, yaml_get(y, "at"), &at));
  for (size_t i = 0; i < at.len; i++) vec_push(r->mem, &role.at) = at.at[i];
  const struct yaml *sees = yaml_get(y, "sees");
  if (sees) TRY(want(r, sees, YAML_MAP));
  for (const struct yaml *c = sees ? sees->child : NULL; c; c = c->next) {
    if (!rights_record(r->m, c->key)) return refuse_key(r, c, MSG_rights_record);
    TRY(read_sees(r, c, &vec_push(r->mem, &role.sees)));
  }
  vec_push(r->mem, &r->m->roles) = role;
  return true;
}

/* ---- records ---- */

static enum rights_class least_class(struct str is) {
  if (str_eqz(is, "bank_account") || str_eqz(is, "id_number")) return RIGHTS_CLASS_sensitive;
  return str_eqz(is, "phone") ? RIGHTS_CLASS_personal : RIGHTS_CLASS_open;
}
static bool is_type(struct str is, const char *type) {
  const struct str t = str_of(type);
  return str_starts(is, t) && (is.len == t.len || is.at[t.len] == '(');
}
/* link: {table: post, owner: person, value: unit, on: id, dated: yes, role: pupil | not_role: pupil} */
static bool read_link(const struct reader *r, const struct yaml *y, struct rights_link *out) {
  if (!y) return true;
  TRY(want(r, y, YAML_MAP));
  for (const struct yaml *c = y->child; c; c = c->next) {
    struct str word = {0};
    TRY(read_name(r, c, &word));
    if (str_eqz(c->key, "table")) out->table = word;
    else if (str_eqz(c->key, "owner")) out->owner = word;
    else if (str_eqz(c->key, "value")) out->value = word;
    else if (str_eqz(c->key, "on")) out->on = word;
    else if (str_eqz(c->key, "role")) out->role = word;
    else if (str_eqz(c->key, "not_role")) out->not_role = word;
    else if (str_eqz(c->key, "dated") && str_eqz(word, "yes")) out->dated = true;
    else return refuse_key(r, c, MSG_rights_key);
  }
  return (out->table.len && out->owner.len && out->value.len) || refuse(r, y, MSG_rights_shape, STR("link"));
}
static bool read_field(const struct reader *r, const struct yaml *y, struct rights_record *rec) {
  int class = RIGHTS_CLASS_inner;
  TRY(check_key(r, y) && want(r, y, YAML_MAP));
  const struct yaml *c = yaml_get(y, "class");
  const struct str is = text_of(y, "is");
  if (c && (c->kind != YAML_SCALAR || !find_word(c->text, classes, RIGHTS_CLASS_COUNT, &class)))
    return refuse(r, c, MSG_rights_class, c->text);
  if (class < (int)least_class(is)) class = (int)least_class(is);
  const bool many = is_type(is, "persons") || is_type(is, "units");
  struct rights_field f = {.name = y->key, .class = (enum rights_class) class, .many = many};
  if (many)
    f.link = (struct rights_link){.table = str_fmt(r->mem, STRF "__" STRF, STRA(rec->table), STRA(f.name)),
                                  .owner = STR("owner"),
                                  .value = STR("value")};
  const struct yaml *link = yaml_get(y, "link");
  if (link && !many) return refuse(r, link, MSG_rights_field_type, f.name);
  TRY(read_link(r, link, &f.link));
  if (f.link.on.len && !rights_field(rec, f.link.on)) return refuse(r, link, MSG_rights_field, f.link.on);
  const struct yaml *area = yaml_get(y, "area");
  if (area && !is_type(is, "unit")) return refuse(r, area, MSG_rights_field_type, f.name);
  if (area) TRY(read_name(r, area, &f.area));
  vec_push(r->mem, &rec->fields) = f;
  if (is_type(is, "person") || is_type(is, "persons"))
    vec_push(r->mem, &rec->persons) = (struct rights_column){.name = f.name, .many = many, .link = f.link};
  return true;
}
/* The name of a field that `belongs`, `shared` or `about` speaks of. */
static bool read_column(const struct reader *r, const struct rights_record *rec, const struct yaml *fields,
                        const struct yaml *y, struct rights_column *out, const char *type, const char *many) {
  TRY(read_name(r, y, &out->name));
  for (const struct yaml *f = fields ? fields->child : NULL; f; f = f->next) {
    const struct str is = text_of(f, "is");
    if (!str_eq(f->key, y->text)) continue;
    const struct rights_field *field = rights_field(rec, y->text);
    out->many = is_type(is, many);
    if (field) out->link = field->link;
    if (field) out->area = field->area;
    return out->many || is_type(is, type) || refuse(r, y, MSG_rights_field_type, y->text);
  }
  return refuse(r, y, MSG_rights_field, y->text);
}
static bool read_units(const struct reader *r, const struct yaml *y, struct rights_record *rec) {
  const struct yaml *belongs = yaml_get(y, "belongs"), *shared = yaml_get(y, "shared"), *about = yaml_get(y, "about");
  const struct yaml *fields = yaml_get(y, "fields");
  struct rights_column subject = {0};
  if (belongs) TRY(read_column(r, rec, fields, belongs, &vec_push(r->mem, &rec->units), "unit", "units"));
  if (shared) TRY(want(r, shared, YAML_LIST));
  for (const struct yaml *c = shared ? shared->child : NULL; c; c = c->next)
    TRY(read_column(r, rec, fields, c, &vec_push(r->mem, &rec->units), "unit", "units"));
  if (!about) return true;
  TRY(read_column(r, rec, fields, about, &subject, "person", "persons"));
  rec->about = subject.name;
  return !subject.many || refuse(r, about, MSG_rights_field_type, about->text);
}
static bool read_record(const struct reader *r, const struct yaml *y) {
  struct rights_record rec = {.name = y->key, .label = text_of(y, "label"), .table = text_of(y, "table")};
  const struct str creator = text_of(y, "creator");
  names offices = {0};
  TRY(check_key(r, y) && want(r, y, YAML_MAP) && read_names(r, yaml_get(y, "offices"), &offices));
  for (size_t i = 0; i < offices.len; i++) vec_push(r->mem, &rec.offices) = offices.at[i];
  if (!rec.label.len) rec.label = rec.name;
  if (!rec.table.len) rec.table = str_fmt(r->mem, STRF "_" STRF, STRA(r->m->system), STRA(rec.name));
  const struct yaml *fields = yaml_get(y, "fields");
  if (fields) TRY(want(r, fields, YAML_MAP));
  for (const struct yaml *f = fields ? fields->child : NULL; f; f = f->next) TRY(read_field(r, f, &rec));
  TRY(read_units(r, y, &rec));
  rec.creator = str_eqz(creator, "none") ? (struct str){0} : creator.len ? creator : STR("creator");
  if (rec.creator.len) vec_push(r->mem, &rec.persons) = (struct rights_column){.name = rec.creator};
  vec_push(r->mem, &r->m->records) = rec;
  return true;
}

/* ---- acts ---- */

static bool has_field(const struct rights_record *rec, struct str name) {
  if (str_eqz(name, "state") || str_eqz(name, "ended")) return true;
  return rights_field(rec, name) != NULL;
}
/* One term of `who`; roles are known by now. */
static bool read_who(const struct reader *r, const struct yaml *y, const struct rights_record *rec,
                     struct rights_act *act) {
  struct rights_who who = {.kind = RIGHTS_ROLE, .role = y->text};
  struct str head, tail;
  TRY(want(r, y, YAML_SCALAR));
  if (str_cut(y->text, STR("@"), &head, &tail)) {
    const bool self = str_eqz(head, "self");
    who = (struct rights_who){self ? RIGHTS_SELF_AT : RIGHTS_ROLE_AT, self ? (struct str){0} : head, tail};
    if (!has_field(rec, tail)) return refuse(r, y, MSG_rights_field, tail);
  } else if (str_eqz(y->text, "creator")) {
    who = (struct rights_who){.kind = RIGHTS_CREATOR};
  } else if (str_eqz(y->text, "public") || str_eqz(y->text, "clock") || str_eqz(y->text, "system")) {
    who = (struct rights_who){.kind = RIGHTS_NOT_A_PERSON};
  }
  if (who.role.len && !rights_role(r->m, who.role)) return refuse(r, y, MSG_rights_role, who.role);
  vec_push(r->mem, &act->who) = who;
  return true;
}
static bool read_acts(const struct reader *r, const struct yaml *y, struct rights_record *rec) {
  if (!y) return true;
  TRY(want(r, y, YAML_MAP));
  for (const struct yaml *a = y->child; a; a = a->next) {
    struct rights_act *act = &vec_push(r->mem, &rec->acts);
    TRY(check_key(r, a) && want(r, a, YAML_MAP));
    act->name = a->key;
    const struct yaml *who = yaml_get(a, "who");
    if (!who) return refuse_key(r, a, MSG_rights_no_who);
    TRY(want(r, who, YAML_LIST));
    for (const struct yaml *c = who->child; c; c = c->next) TRY(read_who(r, c, rec, act));
  }
  return true;
}

/* ---- privacy ---- */

static bool read_opens(const struct reader *r, const struct yaml *y) {
  int class = 0;
  if (!find_word(y->key, classes, RIGHTS_CLASS_COUNT, &class)) return refuse_key(r, y, MSG_rights_class);
  if (class != RIGHTS_CLASS_personal && class != RIGHTS_CLASS_sensitive) return refuse_key(r, y, MSG_rights_class);
  TRY(want(r, y, YAML_MAP));
  struct rights_opens *o = &r->m->opens[class];
  names to = {0};
  TRY(read_names(r, yaml_get(y, "to"), &to));
  for (size_t i = 0; i < to.len; i++) {
    if (!rights_role(r->m, to.at[i])) return refuse(r, yaml_get(y, "to"), MSG_rights_role, to.at[i]);
    vec_push(r->mem, &o->to) = to.at[i];
  }
  const struct yaml *purpose = yaml_get(y, "purpose");
  if (!purpose) return class == RIGHTS_CLASS_personal || refuse(r, y, MSG_rights_no_purpose, y->key);
  TRY(read_name(r, purpose, &o->purpose));
  for (size_t i = 0; i < r->m->purposes.len; i++)
    if (str_eq(r->m->purposes.at[i], o->purpose)) return true;
  return refuse(r, purpose, MSG_rights_purpose, purpose->text);
}
static bool read_privacy(const struct reader *r, const struct yaml *y) {
  if (!y) return true;
  TRY(want(r, y, YAML_MAP));
  r->m->compartment = text_of(y, "compartment");
  const struct yaml *purposes = yaml_get(y, "purposes"), *opens = yaml_get(y, "opens");
  if (purposes) TRY(want(r, purposes, YAML_MAP));
  for (const struct yaml *p = purposes ? purposes->child : NULL; p; p = p->next) {
    TRY(check_key(r, p));
    vec_push(r->mem, &r->m->purposes) = p->key;
  }
  if (opens) TRY(want(r, opens, YAML_MAP));
  for (const struct yaml *o = opens ? opens->child : NULL; o; o = o->next) TRY(read_opens(r, o));
  return true;
}

/* ---- what can never hold ---- */

static bool check_sees(const struct reader *r, const struct yaml *at, const struct rights_sees *s) {
  const struct rights_record *rec = rights_record(r->m, s->record);
  const bool unit = s->word == RIGHTS_unit || s->word == RIGHTS_below;
  if ((unit && !rec->units.len) || (s->word == RIGHTS_about && !rec->about.len) ||
      (s->word == RIGHTS_mine && !rec->persons.len && !rec->about.len))
    return refuse_key(r, at, MSG_rights_no_column);
  vec_each(struct rights_test, t, &s->where)
    if (!has_field(rec, t->field)) return refuse(r, at, MSG_rights_field, t->field);
  return true;
}
static bool check_roles(const struct reader *r, const struct yaml *roles) {
  const struct yaml *y = roles ? roles->child : NULL;
  vec_each(struct rights_role, role, &r->m->roles) {
    const struct yaml *sees = yaml_get(y, "sees"), *at = sees ? sees->child : NULL;
    for (size_t i = 0; i < role->sees.len; i++, at = at->next) TRY(check_sees(r, at, &role->sees.at[i]));
    y = y->next;
  }
  return true;
}
bool rights_read(struct arena *mem, struct str name, struct str text, struct rights_model *out, struct err *e) {
  struct reader r = {mem, name, out, e};
  struct yaml *top = NULL;
  *out = (struct rights_model){0};
  TRY(yaml_parse(mem, name, text, &top, e));
  TRY(want(&r, top, YAML_MAP));
  const struct yaml *system = yaml_get(top, "system"), *records = yaml_get(top, "records");
  const struct yaml *roles = yaml_get(top, "roles"), *privacy = yaml_get(top, "privacy");
  if (!system || !records) return refuse(&r, top, MSG_rights_shape, system ? STR("records") : STR("system"));
  TRY(read_name(&r, system, &out->system));
  TRY(want(&r, records, YAML_MAP));
  for (const struct yaml *y = records->child; y; y = y->next) TRY(read_record(&r, y));
  if (roles) TRY(want(&r, roles, YAML_MAP));
  for (const struct yaml *y = roles ? roles->child : NULL; y; y = y->next) TRY(read_role(&r, y));
  TRY(check_roles(&r, roles));
  size_t n = 0;
  for (const struct yaml *y = records->child; y; y = y->next)
    TRY(read_acts(&r, yaml_get(y, "acts"), &out->records.at[n++]));
  return read_privacy(&r, privacy);
}

const struct rights_record *rights_record(const struct rights_model *m, struct str name) {
  vec_each(const struct rights_record, rec, &m->records)
    if (str_eq(rec->name, name)) return rec;
  return NULL;
}
const struct rights_role *rights_role(const struct rights_model *m, struct str name) {
  vec_each(const struct rights_role, role, &m->roles)
    if (str_eq(role->name, name)) return role;
  return NULL;
}
const struct rights_field *rights_field(const struct rights_record *r, struct str name) {
  vec_each(const struct rights_field, f, &r->fields)
    if (str_eq(f->name, name)) return f;
  return NULL;
}
enum rights_class rights_class_of(const struct rights_record *r, struct str field) {
  const struct rights_field *f = rights_field(r, field);
  return f ? f->class : RIGHTS_CLASS_sealed;
}
