/* Files of records: sent first, then part of a record by the act that names them; read by who reads the field they stand in. A file
 * that no act has taken is its sender's alone. */
#include "app/systems_form.h"
#include "base/file.h"
#include "base/hash.h"
#include "sql.h"
#include "texts.h"

/* ---- sending ---- */

static const char *media_of(struct str name) {
  static const struct {
    const char *extension, *type;
  } known[] = {{"pdf", "application/pdf"},
               {"jpg", "image/jpeg"},
               {"jpeg", "image/jpeg"},
               {"png", "image/png"},
               {"txt", "text/plain; charset=utf-8"}};
  const struct str is = file_extension(name);
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (str_eqz(is, known[i].extension)) return known[i].type;
  return "application/octet-stream";
}
struct keeping {
  struct web_request *rq;
  const struct web_field *file;
  struct str id;
};
static bool keep(struct store *tx, void *arg, struct err *e) {
  struct keeping *w = arg;
  struct arena *mem = w->rq->mem;
  const struct str hash = hash_hex(mem, hash_sm3(w->file->value));
  const struct str person = who_of(w->rq)->person;
  struct sql_file_has has = {0};
  struct sql_system_files_loose loose = {0};
  bool found = false;
  TRY(sql_system_files_loose(tx, mem, &(struct sql_system_files_loose_in){STORE_TENANT, person}, &loose, NULL, e));
  if (loose.n >= FILES_LOOSE_MAX)
    return fail(e, ERR_TOO_MANY, MSG_systems_files_loose, "limit", str_int(mem, FILES_LOOSE_MAX));
  TRY(sql_file_has(tx, mem, &(struct sql_file_has_in){STORE_TENANT, hash}, &has, &found, e));
  const int64_t size = (int64_t)w->file->value.len;
  if (!found) TRY(sql_file_insert(tx, &(struct sql_file_insert_in){STORE_TENANT, hash, size, w->file->value}, NULL, e));
  w->id = store_new_id(mem, w->rq->now_us);
  return sql_flow_file_insert(tx,
                              &(struct sql_flow_file_insert_in){.tenant = STORE_TENANT,
                                                                .id = w->id,
                                                                .hash = hash,
                                                                .name = w->file->file_name,
                                                                .type = str_of(media_of(w->file->file_name)),
                                                                .size = size,
                                                                .person = person,
                                                                .at_us = w->rq->now_us},
                              NULL, e);
}
bool system_file_keep(struct web_request *rq, const struct web_field *file, struct str *out_id, struct err *e) {
  struct keeping w = {.rq = rq, .file = file};
  if (!file->file_name.len || !file->value.len) return fail(e, ERR_INVALID, MSG_systems_file_empty, "name", file->name);
  TRY(store_write(app_of(rq)->store, keep, &w, e));
  *out_id = w.id;
  return true;
}
static bool post_file(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct web_field *file = web_file(rq, "file");
  struct str id = {0};
  if (!file) return fail(e, ERR_INVALID, MSG_systems_file_empty, "name", STR("file"));
  TRY(system_file_keep(rq, file, &id, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", id);
  json_str(j, "name", file->file_name);
  json_int(j, "size", (int64_t)file->value.len);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

/* ---- reading ---- */

static bool may_read(struct system_run *x, const struct sql_flow_file_get *f, bool *out, struct err *e) {
  const struct flow_record *r = flow_record(x->run.flow, f->record);
  const struct flow_field *field = r ? flow_field(r, f->field) : NULL;
  *out = !f->record.len && str_eq(f->person, x->run.person);
  if (!field) return true;
  TRY(systems_sees(x, r, f->owner, out, e));
  return !*out || systems_reads(x, r, f->owner, field->class, out, e);
}
static bool show_file(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct sql_flow_file_get f = {0};
  struct sql_file_get bytes = {0};
  struct system_run x;
  bool found = false;
  if (!r) return false;
  const struct str id = web_param(rq, "id");
  TRY(sql_flow_file_get(r, rq->mem, &(struct sql_flow_file_get_in){STORE_TENANT, id}, &f, &found, e));
  systems_begin(&x, rq, r);
  if (found) TRY(may_read(&x, &f, &found, e));
  if (found) TRY(sql_file_get(r, rq->mem, &(struct sql_file_get_in){STORE_TENANT, f.hash}, &bytes, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_systems_no_file);
  web_download(rq, rs, f.name, str_z(rq->mem, f.type));
  buf_str(&rs->body, bytes.bytes);
  return true;
}

const struct route page_system_file_routes[] = {
    {POST, "/files", "system.act", post_file, "a file for an act: its id is the input", .form = "file!",
     .flags = ROUTE_UPLOAD | ROUTE_API_ONLY},
    {GET, "/files/{id}", "system.see", show_file, "a file of a record that is seen", .flags = ROUTE_PAGE_ONLY},
    {0},
};
