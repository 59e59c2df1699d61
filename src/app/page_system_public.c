/* Public forms and pages of systems for programs, and for stories: nobody is signed in, nothing is asked of who they are. */
#include "app/systems_public.h"
#include "texts.h"

static bool put_row(struct system_run *x, const struct public_place *at, struct flow_row *row, struct json_out *j,
                    struct err *e) {
  AUTO_ARENA mem = {0};
  json_open(j, NULL, '{');
  for (size_t i = 0; i < at->page->shows.len; i++) {
    struct public_value v;
    TRY(public_value_of(x, row, &at->page->shows.at[i], &v, e));
    if (v.words.len) systems_place_json(str_z(&mem, v.name), &v.value, v.words, j);
    else TRY(systems_value_json(x, at->system, str_z(&mem, v.name), v.is, v.type, &v.value, j, e));
  }
  json_close(j, '}');
  return true;
}
static bool get_page(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct public_place at;
  struct system_run x;
  flow_row_list rows = {0};
  struct str next = {0};
  TRY(public_place(rq, false, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  public_begin(&x, rq, r);
  TRY(public_rows(&x, rq, &at, web_query(rq, "after"), &rows, &next, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < rows.len; i++) TRY(put_row(&x, &at, rows.at[i], j, e));
  json_close(j, ']');
  json_str_or_null(j, "next", next);
  json_close(j, '}');
  return true;
}
static bool post_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct public_place at;
  struct flow_done done;
  TRY(public_place(rq, true, &at, e) && public_send(rq, &at, &done, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", done.id);
  json_str(j, "number", done.number);
  json_str(j, "lookup", done.lookup);
  json_str(j, "state", done.state);
  json_close(j, '}');
  json_open(j, "done", '{');
  json_bool(j, "replayed", done.is_replayed);
  json_open(j, "warnings", '[');
  vec_each(const struct str, s, &done.warnings) json_str(j, NULL, *s);
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

const struct route page_system_public_routes[] = {
    {GET, "/s/{system}/public/{part}", "open", get_page,
     "a public page: its records, or the one that is asked for by its keys", .query = "after",
     .flags = ROUTE_API_ONLY | ROUTE_NOBODY},
    {POST, "/s/{system}/public/{part}", "open", post_form,
     "a public form: an act by nobody; answers the number and the word to ask for it by", .form = "key confirmed",
     .flags = ROUTE_API_ONLY | ROUTE_NOBODY | ROUTE_UPLOAD},
    {0},
};
