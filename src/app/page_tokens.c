/* Tokens for programs: made with a name, scopes and an end, shown once, ended by their owner. */
#include "app/page_me.h"
#include "pages.h"
#include "texts.h"

enum { DAYS_OFFERED = 90 };

/* The boxes of the form come as several fields of one name; a program sends one with blanks. */
static struct str scopes_field(struct web_request *rq) {
  struct str all = STR("");
  for (size_t i = 0; i < rq->field_count; i++) {
    const struct web_field *f = &rq->fields[i];
    if (f->is_file || !str_eqz(f->name, "scopes") || !f->value.len) continue;
    all = all.len ? str_fmt(rq->mem, STRF " " STRF, STRA(all), STRA(f->value)) : f->value;
  }
  return all;
}
static void offer(struct web_request *rq, struct view_token_form *v, struct str word, struct str label) {
  bool chosen = false;
  for (size_t i = 0; i < rq->field_count; i++)
    chosen |= str_eqz(rq->fields[i].name, "scopes") && str_eq(rq->fields[i].value, word);
  vec_push(rq->mem, &v->scopes) = (struct view_option){word, label, chosen};
}
static bool write_form(struct web_request *rq, struct web_response *rs, const struct err *refused) {
  const struct roles *roles = roles_known();
  struct view_token_form v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_token_title), PAGE_ME, NULL)};
  v.f.back = STR("/me");
  v.is_demo = who_of(rq)->is_demo;
  v.name = web_field(rq, "name");
  v.days = web_has_field(rq, "days") ? web_field(rq, "days") : str_int(rq->mem, DAYS_OFFERED);
  offer(rq, &v, STR("read"), page_text(rq, MSG_token_read));
  offer(rq, &v, STR("act"), page_text(rq, MSG_token_act));
  AUTO_ARENA scratch = {0};
  for (size_t i = 0; i < roles->acts.len; i++)
    if (can(who_of(rq), str_z(&scratch, roles->acts.at[i].name)))
      offer(rq, &v, roles->acts.at[i].name, roles->acts.at[i].label[rq->lang]);
  if (refused) {
    const struct str says = err_says(rq->mem, rq->lang, refused), field = err_field(refused);
    if (str_eqz(field, "name")) v.name_error = says;
    else if (str_eqz(field, "days")) v.days_error = says;
    else if (str_eqz(field, "scopes")) v.scopes_error = says;
    else if (str_eqz(field, "old")) v.old_error = says;
    else v.error = says;
  }
  page_token_form(&rs->body, &v);
  return true;
}
static bool show_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  if (!who_of(rq)->admin.len) return write_form(rq, rs, NULL);
  return fail(e, ERR_GUARD, MSG_token_admin);
}
static bool make_token(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct token_wish wish = {.name = web_field(rq, "name"), .scopes = scopes_field(rq)};
  struct str token = {0};
  struct err refused = {0};
  int64_t days = 0;
  bool ok = web_int(rq, "days", 1, INT16_MAX, DAYS_OFFERED, &days, e);
  wish.days = (int)days;
  ok = ok && accounts_token_make(rq, &wish, web_field(rq, "old"), &token, e);
  if (ok) return page_once(rq, rs, MSG_token_made, MSG_token_made_says, &token, 1);
  return page_me_refused(rq, rs, e, &refused) && write_form(rq, rs, &refused);
}
static bool end_token(struct web_request *rq, struct web_response *rs, struct err *e) {
  return accounts_token_end(rq, web_param(rq, "token"), e) && page_me_done(rq, rs, "/me?did=token_end", e);
}

const struct route page_tokens_routes[] = {
    {GET, "/me/tokens/new", "self", show_form, "the form for a token", .flags = ROUTE_PAGE_ONLY},
    {POST, "/me/tokens", "self", make_token, "a token for a program, shown this once",
     .form = "name! scopes! days old"},
    {POST, "/me/tokens/{token}/end", "self", end_token, "end a token", .form = ""},
    {0},
};
