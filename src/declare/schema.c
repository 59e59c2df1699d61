/* The schema for editors. A scalar may come as a number or a flag, because an editor's YAML reader guesses types that this
 * language leaves to the key. */
#include "declare/schema.h"

#include "base/json.h"
#include "declare/duration.h"
#include "declare/language.h"
#include "declare/system.h"
#include "texts.h"

#define SCHEMA_DRAFT "https://json-schema.org/draft/2020-12/schema"
#define NAME_FORM "[a-z][a-z0-9_]{0,30}"

struct schema {
  struct json_out j;
  struct arena *mem;
  enum lang lang;
};

static void put_words(struct schema *s, const char *key, struct str left) {
  struct str one;
  json_open(&s->j, key, '[');
  while (str_cut(left, STR(" "), &one, &left)) json_str(&s->j, NULL, one);
  json_str(&s->j, NULL, left);
  json_close(&s->j, ']');
}
static void put_scalar(struct schema *s, int most) {
  put_words(s, "type", STR("string number boolean"));
  json_int(&s->j, "maxLength", most);
}
static void put_pattern(struct schema *s, struct str pattern) {
  json_z(&s->j, "type", "string");
  json_str(&s->j, "pattern", pattern);
}
static void put_number(struct schema *s) {
  put_words(s, "type", STR("integer string"));
  json_int(&s->j, "minimum", 0);
  json_z(&s->j, "pattern", "^(0|[1-9][0-9]*)$");
}
static void put_type(struct schema *s) {
  struct str all = STR("^(");
  for (int t = TYPE_missing + 1; t < TYPE_WORD_COUNT; t++)
    all = str_fmt(s->mem, STRF "%s%s", STRA(all), t > 1 ? "|" : "", type_word_name((enum type_word)t));
  put_pattern(s, str_join(s->mem, all, STR(")(\\([^)]*\\))?$")));
}
static void put_duration(struct schema *s) {
#define X(word, family, n) "|" #word
  static const char units[] = "" DURATION_UNITS(X);
#undef X
  put_pattern(s, str_fmt(s->mem, "^-?(0|[1-9][0-9]*) (%s)$", units + 1));
}
static void put_one(struct schema *s, const struct key *k) {
  switch (k->shape) {
    case SHAPE_TEXT:
    case SHAPE_EXPR: put_scalar(s, LANGUAGE_TEXT_MAX); break;
    case SHAPE_LABEL: put_scalar(s, LANGUAGE_LABEL_MAX); break;
    case SHAPE_NAME: put_pattern(s, STR("^" NAME_FORM "$")); break;
    case SHAPE_PATH: put_pattern(s, STR("^" NAME_FORM "(\\." NAME_FORM ")*$")); break;
    case SHAPE_DATE: put_pattern(s, STR("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")); break;
    case SHAPE_DURATION: put_duration(s); break;
    case SHAPE_NUMBER: put_number(s); break;
    case SHAPE_CHOICE: put_words(s, "enum", str_of(k->words)); break;
    case SHAPE_TYPE: put_type(s); break;
    case SHAPE_PART: json_str(&s->j, "$ref", str_fmt(s->mem, "#/$defs/%s", k->part->name)); break;
    case SHAPE_YAML: break;
    case SHAPE_LATER:
      json_open(&s->j, "not", '{');
      json_close(&s->j, '}');
      break;
  }
}
static int most_of(const struct key *k) { return k->most ? k->most : LANGUAGE_ELEMENTS_MAX; }
static void put_object_of_one(struct schema *s, const char *name, const struct key *k) {
  json_open(&s->j, name, '{');
  put_one(s, k);
  json_close(&s->j, '}');
}
static void put_array(struct schema *s, const struct key *k) {
  json_z(&s->j, "type", "array");
  put_object_of_one(s, "items", k);
  json_int(&s->j, "maxItems", most_of(k));
}
static void put_map(struct schema *s, const struct key *k) {
  json_z(&s->j, "type", "object");
  if (!k->part->free_names) {
    json_open(&s->j, "propertyNames", '{');
    json_z(&s->j, "pattern", "^" NAME_FORM "$");
    json_close(&s->j, '}');
  }
  put_object_of_one(s, "additionalProperties", k);
  json_int(&s->j, "maxProperties", most_of(k));
}
static void put_one_or_list(struct schema *s, const struct key *k) {
  json_open(&s->j, "anyOf", '[');
  put_object_of_one(s, NULL, k);
  json_open(&s->j, NULL, '{');
  put_array(s, k);
  json_close(&s->j, '}');
  json_close(&s->j, ']');
}
static void put_value(struct schema *s, const struct key *k) {
  switch (k->many) {
    case ONE: put_one(s, k); break;
    case LIST: put_array(s, k); break;
    case ONE_OR_LIST: put_one_or_list(s, k); break;
    case MAP: put_map(s, k); break;
  }
}

static void put_keys(struct schema *s, const struct part *p) {
  json_z(&s->j, "type", "object");
  json_open(&s->j, "properties", '{');
  for (size_t i = 0; i < p->count; i++) {
    json_open(&s->j, p->keys[i].name, '{');
    json_str(&s->j, "description", language_key_says(s->lang, p, &p->keys[i]));
    put_value(s, &p->keys[i]);
    json_close(&s->j, '}');
  }
  json_close(&s->j, '}');
  json_open(&s->j, "required", '[');
  for (size_t i = 0; i < p->count; i++)
    if (p->keys[i].need) json_z(&s->j, NULL, p->keys[i].name);
  json_close(&s->j, ']');
  json_bool(&s->j, "additionalProperties", false);
}
/* Where a part has a key that is meant by a value alone, either will do. */
static void put_brief(struct schema *s, const struct part *p) {
  json_open(&s->j, "anyOf", '[');
  json_open(&s->j, NULL, '{');
  put_keys(s, p);
  json_close(&s->j, '}');
  json_open(&s->j, NULL, '{');
  put_value(s, language_key(p, str_of(p->brief)));
  json_close(&s->j, '}');
  json_close(&s->j, ']');
}
static void put_part(struct schema *s, const struct part *p) {
  json_open(&s->j, p->name, '{');
  json_str(&s->j, "title", language_part_says(s->lang, p));
  if (p->whole) put_value(s, p->whole);
  else if (p->brief) put_brief(s, p);
  else put_keys(s, p);
  json_close(&s->j, '}');
}
void schema_json(enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  struct schema s = {.j = {.to = out, .pretty = true}, .mem = &mem, .lang = lang};
  part_list parts;
  language_parts(&mem, &parts);
  json_open(&s.j, NULL, '{');
  json_z(&s.j, "$schema", SCHEMA_DRAFT);
  json_str(&s.j, "title", msg_template(lang, MSG_language_schema_title));
  json_z(&s.j, "$ref", "#/$defs/system");
  json_open(&s.j, "$defs", '{');
  for (size_t i = 0; i < parts.len; i++) put_part(&s, parts.at[i]);
  json_close(&s.j, '}');
  json_close(&s.j, '}');
  buf_byte(out, '\n');
}
