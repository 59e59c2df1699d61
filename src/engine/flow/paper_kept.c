/* What a paper says, between the act that makes it and its first print: a document and its head as one text of JSON. A run is a text,
 * a strong one stands in brackets, a break is null. Read back it is the same document, and so draws the same bytes. */
#include "base/json.h"
#include "base/limits.h"
#include "engine/flow/paper.h"
#include "texts.h"

enum { KEPT_MAX = 4 * PAPER_TEXT_MAX };
static const char *const kinds[] = {
    [DOC_TITLE] = "title", [DOC_SECTION] = "section", [DOC_POINT] = "point", [DOC_PARA] = "para",
    [DOC_ITEM] = "item",   [DOC_ENTRY] = "entry",     [DOC_TABLE] = "table"};
static const char *const forms[] = {[OFFICE_PLAIN] = "plain",
                                    [OFFICE_GBT9704] = "gbt9704",
                                    [OFFICE_CERTIFICATE] = "certificate",
                                    [OFFICE_LIST] = "list"};

/* ---- out ---- */

static void put_runs(struct json_out *j, const char *key, const doc_runs *runs) {
  json_open(j, key, '[');
  vec_each(const struct doc_run, r, runs) {
    if (r->breaks) {
      json_nil(j, NULL);
      continue;
    }
    if (r->strong) json_open(j, NULL, '[');
    json_str(j, NULL, r->text);
    if (r->strong) json_close(j, ']');
  }
  json_close(j, ']');
}
static void put_row(struct json_out *j, const struct doc_row *row) {
  json_open(j, NULL, '{');
  json_bool(j, "head", row->head);
  json_open(j, "cells", '[');
  vec_each(const struct doc_cell, c, &row->cells) {
    json_open(j, NULL, '{');
    json_bool(j, "head", c->head);
    put_runs(j, "text", &c->runs);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
static void put_block(struct json_out *j, const struct doc_block *b) {
  json_open(j, NULL, '{');
  json_z(j, "is", kinds[b->kind]);
  if (b->number) json_int(j, "n", b->number);
  if (b->term.len) put_runs(j, "term", &b->term);
  put_runs(j, "text", &b->runs);
  if (b->rows.len) json_open(j, "rows", '[');
  vec_each(const struct doc_row, row, &b->rows) put_row(j, row);
  if (b->rows.len) json_close(j, ']');
  json_close(j, '}');
}
/* The words of the head by their names. */
static const struct {
  const char *key;
  size_t at;
} head_words[] = {
    {"authority", offsetof(struct office_head, authority)}, {"number", offsetof(struct office_head, number)},
    {"copies", offsetof(struct office_head, copies)},       {"printer", offsetof(struct office_head, printer)},
    {"verify", offsetof(struct office_head, verify)},       {"verify_at", offsetof(struct office_head, verify_at)}};
static struct str *word_at(struct office_head *h, size_t i) { return (struct str *)((char *)h + head_words[i].at); }

bool paper_keep(struct arena *mem, const struct paper_said *said, struct str *out, struct err *e) {
  AUTO_BUF text = BUF_MAX(KEPT_MAX);
  struct json_out j = {.to = &text};
  struct office_head head = said->head;
  json_open(&j, NULL, '{');
  json_z(&j, "form", forms[said->form]);
  json_str(&j, "day", date_iso(mem, head.day));
  for (size_t i = 0; i < COUNT_OF(head_words); i++)
    if (word_at(&head, i)->len) json_str(&j, head_words[i].key, *word_at(&head, i));
  json_open(&j, "blocks", '[');
  vec_each(const struct doc_block, b, &said->document.blocks) put_block(&j, b);
  json_close(&j, ']');
  json_close(&j, '}');
  if (text.broken) return fail(e, ERR_TOO_LARGE, MSG_paper_large, "limit", str_int(mem, PAPER_TEXT_MAX));
  *out = str_dup(mem, buf_view(&text));
  return true;
}

/* ---- in ---- */

static bool spoilt(struct err *e) { return fail(e, ERR_STORE, MSG_paper_spoilt); }
static bool text_of(struct arena *mem, const json_t *j, struct str *out) {
  if (json_is_string(j)) *out = str_dup(mem, (struct str){json_string_value(j), json_string_length(j)});
  return json_is_string(j);
}
static bool place_of(const json_t *j, const char *const *names, size_t n, int *out) {
  for (size_t i = 0; json_is_string(j) && i < n; i++)
    if (!strcmp(json_string_value(j), names[i])) return *out = (int)i, true;
  return false;
}
static bool read_runs(struct arena *mem, const json_t *list, doc_runs *out) {
  size_t i;
  const json_t *one;
  json_array_foreach(list, i, one) {
    struct doc_run *r = &vec_push(mem, out);
    *r = (struct doc_run){.strong = json_is_array(one), .breaks = json_is_null(one)};
    if (!r->breaks && !text_of(mem, r->strong ? json_array_get(one, 0) : one, &r->text)) return false;
  }
  return true;
}
static bool read_row(struct arena *mem, const json_t *said, struct doc_row *row) {
  size_t i;
  const json_t *one;
  row->head = json_is_true(json_object_get(said, "head"));
  json_array_foreach(json_object_get(said, "cells"), i, one) {
    struct doc_cell *c = &vec_push(mem, &row->cells);
    *c = (struct doc_cell){.head = json_is_true(json_object_get(one, "head"))};
    if (!read_runs(mem, json_object_get(one, "text"), &c->runs)) return false;
  }
  return true;
}
static bool read_block(struct arena *mem, const json_t *said, struct doc_block *b) {
  int kind = 0;
  size_t i;
  const json_t *one;
  if (!place_of(json_object_get(said, "is"), kinds, COUNT_OF(kinds), &kind)) return false;
  *b = (struct doc_block){.kind = (enum doc_kind)kind, .number = (int)json_integer_value(json_object_get(said, "n"))};
  if (!read_runs(mem, json_object_get(said, "term"), &b->term)) return false;
  if (!read_runs(mem, json_object_get(said, "text"), &b->runs)) return false;
  json_array_foreach(json_object_get(said, "rows"), i, one) {
    struct doc_row *row = &vec_push(mem, &b->rows);
    *row = (struct doc_row){0};
    if (!read_row(mem, one, row)) return false;
  }
  return true;
}
static bool read_head(struct arena *mem, const json_t *said, struct office_head *head) {
  struct str day = {0};
  for (size_t i = 0; i < COUNT_OF(head_words); i++) {
    const json_t *one = json_object_get(said, head_words[i].key);
    if (one && !text_of(mem, one, word_at(head, i))) return false;
  }
  return text_of(mem, json_object_get(said, "day"), &day) && (!day.len || date_parse(day, 0, &head->day));
}
bool paper_kept(struct arena *mem, struct str text, struct paper_said *out, struct err *e) {
  AUTO_JSON *root = NULL;
  struct err why = {0};
  int form = 0;
  size_t i;
  const json_t *one;
  *out = (struct paper_said){0};
  if (!json_parse(text, &root, &why)) return spoilt(e);
  if (!place_of(json_object_get(root, "form"), forms, COUNT_OF(forms), &form)) return spoilt(e);
  out->form = (enum office_form)form;
  if (!read_head(mem, root, &out->head)) return spoilt(e);
  json_array_foreach(json_object_get(root, "blocks"), i,
                     one) if (!read_block(mem, one, &vec_push(mem, &out->document.blocks))) return spoilt(e);
  return true;
}
