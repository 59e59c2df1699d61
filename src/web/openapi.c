/* The description of the API for programs, made from the same tables that serve it: it cannot tell another story. */
#include "web/web.h"

/* Calls `put` for each word of a blank-separated list. */
static void each_word(const char *words, void (*put)(struct json_out *j, struct str word), struct json_out *j) {
  struct str rest = str_of(words);
  while (rest.len) {
    struct str word = rest, tail = {0};
    if (!str_cut(rest, STR(" "), &word, &tail)) word = rest, tail = (struct str){0};
    if (word.len) put(j, word);
    rest = tail;
  }
}
static void put_parameter(struct json_out *j, struct str name, const char *in, bool required) {
  json_open(j, NULL, '{');
  json_str(j, "name", name);
  json_z(j, "in", in);
  if (required) json_bool(j, "required", true);
  json_open(j, "schema", '{');
  json_z(j, "type", "string");
  json_close(j, '}');
  json_close(j, '}');
}
static void put_query(struct json_out *j, struct str word) { put_parameter(j, word, "query", false); }
static void put_path_parameters(struct json_out *j, struct str path) {
  for (size_t at = 0; at < path.len; at++) {
    if (path.at[at] != '{') continue;
    size_t end = at;
    while (end < path.len && path.at[end] != '}') end++;
    put_parameter(j, str_slice(path, at + 1, end), "path", true);
  }
}
static void put_field(struct json_out *j, struct str word) {
  AUTO_ARENA mem = {0};
  const bool required = str_ends(word, STR("!"));
  const struct str name = required ? str_slice(word, 0, word.len - 1) : word;
  json_open(j, str_z(&mem, name), '{');
  json_z(j, "type", "string");
  if (str_eq(name, STR("file"))) json_z(j, "format", "binary");
  json_close(j, '}');
}
static void put_required(struct json_out *j, struct str word) {
  if (str_ends(word, STR("!"))) json_str(j, NULL, str_slice(word, 0, word.len - 1));
}
static void put_schema(struct json_out *j, const struct route *r) {
  json_open(j, "schema", '{');
  json_z(j, "type", "object");
  json_open(j, "properties", '{');
  each_word(r->form, put_field, j);
  json_close(j, '}');
  if (strchr(r->form, '!')) {
    json_open(j, "required", '[');
    each_word(r->form, put_required, j);
    json_close(j, ']');
  }
  json_close(j, '}');
}
static void put_body(struct json_out *j, const struct route *r) {
  json_open(j, "requestBody", '{');
  json_open(j, "content", '{');
  json_open(j, (r->flags & ROUTE_UPLOAD) ? "multipart/form-data" : "application/x-www-form-urlencoded", '{');
  put_schema(j, r);
  json_close(j, '}');
  if (!(r->flags & ROUTE_UPLOAD)) {
    json_open(j, "application/json", '{');
    put_schema(j, r);
    json_close(j, '}');
  }
  json_close(j, '}');
  json_close(j, '}');
}
static void put_answers(struct json_out *j) {
  json_open(j, "responses", '{');
  json_open(j, "200", '{');
  json_z(j, "description", "done; lists are {rows, next}, things {data, can, links}");
  json_close(j, '}');
  json_open(j, "default", '{');
  json_z(j, "description", "refused");
  json_open(j, "content", '{');
  json_open(j, "application/json", '{');
  json_open(j, "schema", '{');
  json_z(j, "$ref", "#/components/schemas/refusal");
  for (int i = 0; i < 5; i++) json_close(j, '}');
}
static void put_route(struct json_out *j, const struct route *r) {
  json_open(j, r->method == GET ? "get" : "post", '{');
  json_z(j, "summary", r->help);
  json_z(j, "x-act", r->act);
  json_open(j, "parameters", '[');
  put_path_parameters(j, str_of(r->path));
  if (r->query) each_word(r->query, put_query, j);
  if (r->method == POST) put_parameter(j, STR("X-Token"), "header", true);
  json_close(j, ']');
  if (r->form) put_body(j, r);
  put_answers(j);
  json_close(j, '}');
}
/* Both methods of one path stand in one object: a path is written where its first route stands. */
static bool is_first(const struct route *const *tables, const struct route *r) {
  for (; *tables; tables++) {
    for (const struct route *t = *tables; t->path; t++) {
      if (t == r) return true;
      if (!(t->flags & (ROUTE_PAGE_ONLY | ROUTE_PLAIN)) && !strcmp(t->path, r->path)) return false;
    }
  }
  return true;
}
static void put_path(struct json_out *j, const struct route *const *tables, const struct route *first) {
  json_open(j, first->path, '{');
  for (; *tables; tables++) {
    for (const struct route *t = *tables; t->path; t++) {
      if (!(t->flags & (ROUTE_PAGE_ONLY | ROUTE_PLAIN)) && !strcmp(t->path, first->path)) put_route(j, t);
    }
  }
  json_close(j, '}');
}
static void put_refusal(struct json_out *j) {
  static const char *const texts[] = {"code", "says", "hint", "request"};
  json_open(j, "components", '{');
  json_open(j, "schemas", '{');
  json_open(j, "refusal", '{');
  json_z(j, "type", "object");
  json_open(j, "properties", '{');
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    json_open(j, texts[i], '{');
    json_z(j, "type", "string");
    json_close(j, '}');
  }
  json_open(j, "at", '{');
  json_z(j, "description", "null, or the place in the person's document: file, line, column");
  for (int i = 0; i < 5; i++) json_close(j, '}');
}
void web_openapi(const struct route *const *routes, struct json_out *j) {
  json_open(j, NULL, '{');
  json_z(j, "openapi", "3.1.0");
  json_open(j, "info", '{');
  json_z(j, "title", "Gangmu");
  json_z(j, "version", GANGMU_VERSION);
  json_close(j, '}');
  json_open(j, "servers", '[');
  json_open(j, NULL, '{');
  json_z(j, "url", "/api/v1");
  json_close(j, '}');
  json_close(j, ']');
  json_open(j, "paths", '{');
  for (const struct route *const *t = routes; *t; t++) {
    for (const struct route *r = *t; r->path; r++) {
      if (!(r->flags & (ROUTE_PAGE_ONLY | ROUTE_PLAIN)) && is_first(routes, r)) put_path(j, routes, r);
    }
  }
  json_close(j, '}');
  put_refusal(j);
  json_close(j, '}');
}
