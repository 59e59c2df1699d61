/* Names of a story are names of people, units, records and files; the API wants ids. What a text means follows from the declared
 * type of the input it stands for, never from how it looks. */
#include "cli/scenario.h"
#include "declare/check.h"
#include "declare/story.h"
#include "texts.h"

/* ---- who is who ---- */

const struct system *system_called(const struct play *p, struct str name) {
  for (size_t i = 0; i < p->package_count; i++)
    if (str_eq(p->packages[i].name, name)) return p->packages[i].system;
  return NULL;
}
const struct record *record_called(const struct play *p, struct str system, struct str record) {
  const struct system *s = system_called(p, system);
  return s ? part_find(&s->records, record) : NULL;
}
struct named *named_called(const struct play *p, struct str name) {
  for (size_t i = p->records.len; i-- > 0;)
    if (str_eq(p->records.at[i]->name, name)) return p->records.at[i];
  return NULL;
}
struct named *name_record(struct play *p, struct str name, struct str system, struct str record, struct str id) {
  struct named *n = arena_new(p->mem, struct named);
  *n = (struct named){.name = name, .system = system, .record = record, .id = id, .witness = NOBODY};
  vec_push(p->mem, &p->records) = n;
  return n;
}
struct str unit_id(const struct play *p, struct str name) {
  vec_each(const struct story_unit, u, &p->stage->units)
    if (str_eq(u->name, name)) return u->id;
  return STR("");
}
struct str person_id(const struct play *p, struct str name) {
  const int who = player_called(p, name);
  return who != NOBODY && p->players.at[who].actor ? p->players.at[who].actor->id : STR("");
}
bool target_read(const struct play *p, struct str text, struct aim *out) {
  const size_t dot = str_rfind(text, STR("."));
  *out = (struct aim){0};
  if (dot == STR_NONE) return false;
  const struct str head = str_slice(text, 0, dot);
  out->word = str_from(text, dot + 1);
  out->named = named_called(p, head);
  out->system = out->named ? out->named->system : p->packages[0].name;
  out->record = out->named ? out->named->record : head;
  if (!out->named) (void)str_cut(head, STR("."), &out->system, &out->record);
  return true;
}

/* ---- what is meant ---- */

const struct yaml *node_meant(struct play *p, const struct yaml *y) {
  if (!y || y->kind != YAML_SCALAR || y->quoted) return y;
  for (size_t i = p->defined.len; i-- > 0;)
    if (str_eq(p->defined.at[i]->key, y->text)) return p->defined.at[i];
  return y;
}
/* A system field or a field of the record, as somebody sees it now. */
static struct str field_now(struct play *p, struct named *n, struct str field) {
  if (str_eqz(field, "lookup")) return n->lookup;
  const json_t *data = record_seen(p, n);
  const json_t *got = json_object_get(json_object_get(data, "fields"), str_z(p->mem, field));
  if (!got) got = json_object_get(data, str_z(p->mem, field));
  return json_is_string(got) ? json_text(got) : got ? json_shown(p, got) : STR("");
}
struct str text_meant(struct play *p, struct str text) {
  struct str head, field;
  if (!str_cut(text, STR("."), &head, &field) || !word_is_name(field)) return text;
  struct named *n = named_called(p, head);
  return n ? field_now(p, n, field) : text;
}

/* ---- inputs ---- */

struct making {
  struct play *p;
  int who;
  const struct input_types *types;
  json_t *body;
  str_vec *files; /* NULL: they are uploaded first */
};
static bool put(struct making *m, struct str name, struct str value) {
  return json_object_set_new(m->body, str_z(m->p->mem, name), json_stringn(value.at, value.len)) == 0;
}
/* Small files that are what their ending says, as far as their first bytes tell. */
struct str file_bytes(struct play *p, struct str name) {
  static const char jpeg[] = "\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xD9";
  static const char png[] = "\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR";
  if (str_ends(name, STR(".jpg"))) return (struct str){jpeg, sizeof jpeg - 1};
  if (str_ends(name, STR(".png"))) return (struct str){png, sizeof png - 1};
  if (str_ends(name, STR(".pdf")))
    return str_fmt(p->mem, "%%PDF-1.4\n%% " STRF " %d\n%%%%EOF\n", STRA(name), ++p->files);
  return str_fmt(p->mem, STRF " %d\n", STRA(name), ++p->files);
}
static bool upload(struct making *m, struct str name, struct str *out_id, struct err *e) {
  struct play *p = m->p;
  AUTO_BUF b = BUF_MAX(1 << 20);
  struct http_reply r = {0};
  buf_fmt(&b, "--story\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" STRF "\"\r\n", STRA(name));
  buf_z(&b, "Content-Type: application/octet-stream\r\n\r\n");
  buf_str(&b, file_bytes(p, name));
  buf_z(&b, "\r\n--story--\r\n");
  struct http_ask ask = {.method = "POST",
                         .path = STR("/api/v1/files"),
                         .type = STR("multipart/form-data; boundary=story"),
                         .body = str_dup(p->mem, buf_view(&b))};
  TRY(play_ask(p, m->who, &ask, &r, e));
  *out_id = json_text(json_object_get(reply_data(&r), "id"));
  return out_id->len || fail(e, ERR_NOT_FOUND, MSG_scenario_no_upload, "name", name, "said", reply_shown(p, &r));
}
static struct str ref_meant(struct play *p, struct str text) {
  const struct named *n = named_called(p, text);
  return n ? n->id : text;
}
static bool one_meant(struct making *m, enum type_word type, struct str text, struct str *out, struct err *e) {
  struct play *p = m->p;
  *out = text_meant(p, text);
  if (str_eqz(text, "none")) return *out = STR(""), true;
  switch (type) {
    case TYPE_unit:
    case TYPE_units: *out = unit_id(p, text); return out->len || fail(e, ERR_INVALID, MSG_story_no_unit, "name", text);
    case TYPE_person:
    case TYPE_persons:
      *out = person_id(p, text);
      return out->len || fail(e, ERR_INVALID, MSG_story_no_person, "name", text);
    case TYPE_ref:
    case TYPE_refs: *out = ref_meant(p, text); return true;
    case TYPE_file:
    case TYPE_files:
    case TYPE_photos: return m->files ? (*out = text, true) : upload(m, text, out, e);
    default: return true;
  }
}
static bool put_list(struct making *m, struct str name, enum type_word type, const struct yaml *y, struct err *e) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  const char *between = type == TYPE_span ? ".." : ",";
  for (const struct yaml *one = y->child; one; one = one->next) {
    struct str text = {0};
    TRY(one_meant(m, type, one->text, &text, e));
    if (one != y->child) buf_z(&b, between);
    buf_str(&b, text);
  }
  return put(m, name, str_dup(m->p->mem, buf_view(&b)));
}
static bool put_value(struct making *m, struct str name, const struct field *f, enum type_word type,
                      const struct yaml *y, struct err *e);

/* A row is a map, or a list in the order of the columns; a list of values makes rows of the first column. */
static bool put_row(struct making *m, struct str name, const struct field *f, size_t i, const struct yaml *row,
                    struct err *e) {
  size_t k = 0;
  for (const struct yaml *one = row->kind == YAML_SCALAR ? row : row->child; one; one = one->next, k++) {
    const struct field *column = row->kind == YAML_MAP ? part_find(&f->fields, one->key)
                                 : k < f->fields.len   ? &f->fields.at[k]
                                                       : NULL;
    const struct str column_name = column ? column->head.name.text : one->key;
    const struct str path = str_fmt(m->p->mem, STRF ".%zu." STRF, STRA(name), i, STRA(column_name));
    TRY(put_value(m, path, column, column ? column->is.type : TYPE_text, one, e));
    if (row->kind == YAML_SCALAR) break;
  }
  return true;
}
static bool put_rows(struct making *m, struct str name, const struct field *f, const struct yaml *y, struct err *e) {
  size_t i = 0;
  for (const struct yaml *row = y->child; row; row = row->next) TRY(put_row(m, name, f, i++, row, e));
  return true;
}
static bool put_value(struct making *m, struct str name, const struct field *f, enum type_word type,
                      const struct yaml *y, struct err *e) {
  struct str text = {0};
  y = node_meant(m->p, y);
  const bool is_file = type == TYPE_file || type == TYPE_files || type == TYPE_photos;
  if (is_file && m->files) vec_push(m->p->mem, m->files) = name;
  if (type == TYPE_rows && f && y->kind == YAML_LIST) return put_rows(m, name, f, y, e);
  if (y->kind == YAML_LIST) return put_list(m, name, type, y, e);
  if (y->kind == YAML_MAP) return fail(e, ERR_INVALID, MSG_scenario_bad_input, "name", name);
  return one_meant(m, type, y->text, &text, e) && put(m, name, text);
}
static const struct type_said *takes_type(const named_types *takes, struct str name) {
  const struct named_type *t = part_find(takes, name);
  return t ? &t->type : NULL;
}
static bool put_input(struct making *m, const struct yaml *y, struct err *e) {
  const struct input_types *x = m->types;
  const struct field *f = x->round    ? part_find(&x->round->answer, y->key)
                          : x->record ? field_find(x->record, y->key)
                                      : NULL;
  const struct message_field *sent = x->message ? part_find(&x->message->fields, y->key) : NULL;
  const struct type_said *taken = x->act ? takes_type(&x->act->takes, y->key) : NULL;
  if (x->party && str_eqz(y->key, "party")) return put_value(m, y->key, NULL, x->party, y, e);
  const enum type_word type = taken ? taken->type : sent ? sent->is.type : f ? f->is.type : TYPE_text;
  return put_value(m, y->key, f, type, y, e);
}
static void keep_input(struct play *p, struct named *keep, const struct yaml *y) {
  if (keep && y->kind == YAML_SCALAR) vec_push(p->mem, &keep->inputs) = (struct kept_input){y->key, y->text};
}
bool inputs_make(struct play *p, int who, const struct input_types *types, const struct yaml *with, struct named *keep,
                 str_vec *out_files, json_t **out, struct err *e) {
  struct making m = {p, who, types, json_object(), out_files};
  vec_push(p->mem, &p->answers) = m.body;
  *out = m.body;
  with = node_meant(p, with);
  for (const struct yaml *y = with && with->kind == YAML_MAP ? with->child : NULL; y; y = y->next) {
    TRY(put_input(&m, y, e));
    keep_input(p, keep, y);
  }
  return true;
}
