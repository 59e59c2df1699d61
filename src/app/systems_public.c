/* Forms and pages for everybody. The act runs as `public`: no person, no address, no account becomes part of it; what a page may show was
 * settled when the declaration was checked, and is asked here again. */
#include "app/systems_public.h"

#include "app/systems_turns.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "declare/check.h"
#include "sql.h"
#include "store/compose.h"
#include "texts.h"

enum { LOOKS_AT_ONCE = 200 };

/* ---- what an address names ---- */

static bool is_switched_off(const struct system *s) {
  return s->privacy && words_have(&s->privacy->never, STR("public"));
}
/* What shows records to whoever comes. A form, and a page that is found by what only its writer holds, publish nothing. */
static bool lists_to_all(const struct public_place *p) { return p->page && !p->page->find_by.len; }
bool public_place(struct web_request *rq, bool is_form, struct public_place *out, struct err *e) {
  const struct str part = web_param(rq, "part");
  struct str record = {0}, act = {0};
  *out = (struct public_place){.system = flow_system(systems_flow(app_of(rq)->systems), web_param(rq, "system"))};
  const struct public_part *p = out->system ? out->system->system->public : NULL;
  if (p && is_form) out->form = part_find(&p->forms, part);
  else if (p) out->page = part_find(&p->pages, part);
  if (!out->form && !out->page) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  if (lists_to_all(out) && is_switched_off(out->system->system)) return fail(e, ERR_NEVER, MSG_public_never);
  if (out->form && out->form->identity.which > IDENTITY_sealed) return fail(e, ERR_GUARD, MSG_public_identity);
  if (out->form && !str_cut(out->form->act.text, STR("."), &record, &act)) record = out->form->act.text;
  out->record = flow_record_in(out->system, out->form ? record : out->page->of.text);
  if (out->form && out->record) out->act = part_find(&out->record->record->acts, act);
  return (out->record && (out->page || out->act)) || fail(e, ERR_NOT_FOUND, MSG_web_not_found);
}
void public_begin(struct system_run *x, struct web_request *rq, struct store *session) {
  systems_begin_for(x, app_of(rq)->systems, session, rq->mem, NULL, rq->now_us, rq->lang);
  x->run.by = FLOW_BY_PUBLIC;
}

/* ---- finding ---- */

static bool is_key(const words *find_by, struct str name) { return words_have(find_by, name); }
/* Lookups are small letters, whatever a telephone makes of the first one. */
static struct str typed_key(struct web_request *rq, struct str name, bool from_form) {
  AUTO_ARENA mem = {0};
  const char *key = str_z(&mem, name);
  const struct str said = str_trim(from_form ? web_field(rq, key) : web_query(rq, key));
  if (!str_eqz(name, "lookup")) return said;
  char *out = arena_take(rq->mem, said.len + 1);
  for (size_t i = 0; i < said.len; i++)
    out[i] = (char)(said.at[i] >= 'A' && said.at[i] <= 'Z' ? said.at[i] - 'A' + 'a' : said.at[i]);
  return (struct str){out, said.len};
}
static bool find(struct system_run *x, struct web_request *rq, const struct flow_record *r, const words *find_by,
                 bool from_form, struct flow_row **out, struct err *e) {
  struct equality *equal = arena_new_n(rq->mem, struct equality, find_by->len);
  struct str *ids = NULL;
  size_t n = 0;
  for (size_t i = 0; i < find_by->len; i++) {
    const struct str said = typed_key(rq, find_by->at[i].text, from_form);
    if (!said.len)
      return fail(e, ERR_INVALID, MSG_flow_asked, "name", find_by->at[i].text, "label", find_by->at[i].text);
    equal[i] = (struct equality){find_by->at[i].text, value_text(said)};
  }
  TRY(flow_rows_where(&x->run, r, equal, find_by->len, 2, &ids, &n, e));
  if (n != 1) return fail(e, ERR_NOT_FOUND, MSG_public_not_found);
  TRY(flow_row(&x->run, r, ids[0], out, e));
  return *out || fail(e, ERR_NOT_FOUND, MSG_public_not_found);
}

/* ---- a form ---- */

bool public_is_fixed(const struct public_form *f, struct str name) { return part_find(&f->fixed, name) != NULL; }
bool public_can_fill(const struct public_form *f, const struct flow_field *field) {
  const enum type_word t = field->field->is.type;
  return !public_is_fixed(f, field->name) && t != TYPE_person && t != TYPE_persons && t != TYPE_signature;
}
static bool is_of_frame(struct str name) {
  return str_eqz(name, "token") || str_eqz(name, "key") || str_eqz(name, "do");
}

struct sending { /* an act of the store: may run again */
  struct web_request *rq;
  const struct public_place *at;
  struct flow_done done;
};
/* The file stands in the store from the same moment as the record that has it. */
static bool keep_file(struct sending *w, struct store *tx, const struct web_field *f, struct str *out_id,
                      struct err *e) {
  struct arena *mem = w->rq->mem;
  const struct str hash = hash_hex(mem, hash_sm3(f->value));
  const int64_t size = (int64_t)f->value.len;
  struct sql_file_has has = {0};
  bool found = false;
  TRY(sql_file_has(tx, mem, &(struct sql_file_has_in){STORE_TENANT, hash}, &has, &found, e));
  if (!found) TRY(sql_file_insert(tx, &(struct sql_file_insert_in){STORE_TENANT, hash, size, f->value}, NULL, e));
  *out_id = store_new_id(mem, w->rq->now_us);
  const struct sql_flow_file_insert_in in = {.tenant = STORE_TENANT,
                                             .id = *out_id,
                                             .hash = hash,
                                             .name = f->file_name,
                                             .type = STR("application/octet-stream"),
                                             .size = size,
                                             .person = STR(""),
                                             .at_us = w->rq->now_us};
  return sql_flow_file_insert(tx, &in, NULL, e);
}
/* The fields that are inputs of the act, files by their new ids. */
static bool inputs_alone(struct sending *w, struct store *tx, struct web_request *own, struct err *e) {
  const struct public_form *f = w->at->form;
  *own = *w->rq;
  own->fields = arena_new_n(w->rq->mem, struct web_field, w->rq->field_count);
  own->field_count = 0;
  for (size_t i = 0; i < w->rq->field_count; i++) {
    struct web_field x = w->rq->fields[i];
    if (is_key(&f->find_by, x.name) || is_of_frame(x.name) || (x.is_file && !x.value.len)) continue;
    if (public_is_fixed(f, x.name))
      return fail(e, ERR_INVALID, MSG_systems_no_input, "name", x.name, "act", w->at->act->label.text);
    if (x.is_file) TRY(keep_file(w, tx, &x, &x.value, e));
    x.is_file = false;
    own->fields[own->field_count++] = x;
  }
  return true;
}
static bool add_fixed(struct sending *w, struct system_run *x, flow_inputs *io, struct err *e) {
  vec_each(const struct named_expr, said, &w->at->form->fixed) {
    struct flow_input *in = &vec_push(w->rq->mem, io);
    *in = (struct flow_input){.name = said->head.name.text};
    TRY(flow_eval(&x->run, &(struct flow_about){.system = w->at->system}, said->value.tree, NULL, &in->value, e));
  }
  return true;
}
static bool send(struct store *tx, void *arg, struct err *e) {
  struct sending *w = arg;
  struct web_request own;
  struct system_run x;
  struct flow_row *row = NULL;
  flow_inputs inputs = {0};
  public_begin(&x, w->rq, tx);
  if (w->at->form->find_by.len) TRY(find(&x, w->rq, w->at->record, &w->at->form->find_by, true, &row, e));
  const struct system_place place = {w->at->system, w->at->record, w->at->act, row ? row->id : (struct str){0}};
  TRY(inputs_alone(w, tx, &own, e));
  if (!own.json) TRY(system_names_resolve(&x, &own, &place, e));
  TRY(system_inputs_read(&x, &own, &place, &inputs, e) && add_fixed(w, &x, &inputs, e));
  const struct str key =
      web_header_in(w->rq, "Idempotency-Key").len ? web_header_in(w->rq, "Idempotency-Key") : web_field(w->rq, "key");
  const struct flow_ask ask = {.record = w->at->record,
                               .act = w->at->act->head.name.text,
                               .id = place.id,
                               .inputs = inputs.at,
                               .input_count = inputs.len,
                               .key = key,
                               .is_confirmed = str_eqz(web_field(w->rq, "confirmed"), "yes")};
  w->done = (struct flow_done){0};
  return flow_act(&x.run, &ask, &w->done, e);
}
static int64_t term_end(const struct form_limit *l, int64_t now_us) {
  enum { PER_HOUR = 1, PER_DAY, PER_WEEK, PER_MONTH, PER_YEAR };
  const struct date today = clock_today(now_us);
  struct date next = date_of_days(date_to_days(today) + 1);
  if (l->per.which == PER_HOUR) return (now_us / (3600 * SECOND_US) + 1) * 3600 * SECOND_US;
  if (l->per.which == PER_WEEK) next = date_of_days(date_to_days(today) + 7 - (date_to_days(today) + 3) % 7);
  if (l->per.which == PER_MONTH && today.month == 12) next = (struct date){(int16_t)(today.year + 1), 1, 1};
  else if (l->per.which == PER_MONTH) next = (struct date){today.year, (int8_t)(today.month + 1), 1};
  if (l->per.which == PER_YEAR) next = (struct date){(int16_t)(today.year + 1), 1, 1};
  return date_to_days(next) * 86400 * SECOND_US - CIVIL_US;
}
bool public_send(struct web_request *rq, const struct public_place *at, struct flow_done *out, struct err *e) {
  struct sending w = {.rq = rq, .at = at};
  struct turns *turns = systems_turns(app_of(rq)->systems);
  const struct form_limit *l = at->form->limit;
  const struct str form = str_fmt(rq->mem, STRF "/" STRF, STRA(at->system->name), STRA(at->form->head.name.text));
  TRY(turns_take(turns, form, rq->address, rq->now_us, term_end(l, rq->now_us), l->each.n, e));
  const bool ok = store_write(app_of(rq)->store, send, &w, e);
  if (!ok || w.done.is_replayed) turns_give(turns, form, rq->address);
  *out = w.done;
  return ok;
}

/* ---- a page ---- */

bool public_is_asked(const struct web_request *rq, const struct public_page *p) {
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < p->find_by.len; i++)
    if (!web_query(rq, str_z(&mem, p->find_by.at[i].text)).len) return false;
  return true;
}
static bool is_over(const struct value *until, int64_t now_us) {
  if (until->kind == VALUE_MOMENT) return now_us >= until->moment;
  return until->kind != VALUE_DATE || date_cmp(clock_today(now_us), until->date) > 0;
}
static bool stands(struct system_run *x, const struct public_page *p, struct flow_row *row, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  struct value until = {0};
  TRY(flow_holds(&x->run, &about, &p->where, out, e));
  if (!*out || !p->until.tree) return true;
  TRY(flow_eval(&x->run, &about, p->until.tree, NULL, &until, e));
  *out = !is_over(&until, x->run.now_us);
  return true;
}
/* `state = .posted`, alone or among what must hold besides: the store looks for it by an index. */
static struct str state_of(const struct expr *x) {
  if (!x || x->kind != EXPR_BOTH) return (struct str){0};
  if (x->op == OP_AND) {
    const struct str a = state_of(x->a);
    return a.len ? a : state_of(x->b);
  }
  const bool is = x->op == OP_EQ && x->a->kind == EXPR_NAME && str_eqz(x->a->text, "state") && x->b->kind == EXPR_CODE;
  return is ? x->b->text : (struct str){0};
}
typedef VEC(struct str) ids_list;
static bool some_ids(struct system_run *x, const struct public_place *at, struct str after, ids_list *out,
                     struct err *e) {
  AUTO_COMPOSE c = COMPOSE(x->run.mem);
  const struct str state = state_of(at->page->where.tree);
  bool more = true, ok = true;
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, at->record->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  if (state.len) compose_z(&c, " AND \"state\" = "), (void)compose_str(&c, state);
  if (after.len) compose_z(&c, " AND \"id\" < "), (void)compose_str(&c, after);
  compose_z(&c, " ORDER BY \"id\" DESC LIMIT ");
  compose_bound(&c, LOOKS_AT_ONCE);
  struct store_stmt *s = compose_prepare(&c, x->run.session, 1, e);
  if (!s) return false;
  out->len = 0;
  while ((ok = store_step(s, &more, e)) && more) vec_push(x->run.mem, out) = store_column_str(s, 0, x->run.mem);
  store_reset(s);
  return ok;
}
static bool list(struct system_run *x, const struct public_place *at, struct str after, flow_row_list *out,
                 struct str *out_next, struct err *e) {
  ids_list ids = {0};
  for (int looked = 0; looked < PUBLIC_LOOKS_MAX; looked += LOOKS_AT_ONCE) {
    TRY(some_ids(x, at, after, &ids, e));
    for (size_t i = 0; i < ids.len; i++) {
      struct flow_row *row = NULL;
      bool is = false;
      *out_next = after = ids.at[i];
      TRY(flow_row(&x->run, at->record, ids.at[i], &row, e));
      if (row) TRY(stands(x, at->page, row, &is, e));
      if (is) vec_push(x->run.mem, out) = row;
      if (out->len == PUBLIC_ROWS_MAX) return true;
    }
    if (ids.len < LOOKS_AT_ONCE) return *out_next = (struct str){0}, true;
  }
  return true;
}
bool public_rows(struct system_run *x, struct web_request *rq, const struct public_place *at, struct str after,
                 flow_row_list *out, struct str *out_next, struct err *e) {
  struct flow_row *row = NULL;
  bool is = false;
  *out_next = (struct str){0};
  if (!at->page->find_by.len) return list(x, at, after, out, out_next, e);
  TRY(find(x, rq, at->record, &at->page->find_by, false, &row, e) && stands(x, at->page, row, &is, e));
  if (!is) return fail(e, ERR_NOT_FOUND, MSG_public_not_found);
  vec_push(x->run.mem, out) = row;
  return true;
}

/* ---- what is shown ---- */

static struct str label_of(struct system_run *x, const struct flow_record *r, const struct expr *tree) {
  static const struct {
    const char *name;
    int msg;
  } system[] = {{"number", MSG_systems_number}, {"state", MSG_systems_state}, {"created", MSG_public_created}};
  const struct flow_field *f = flow_field(r, tree->text);
  const struct expr *clock = tree->kind == EXPR_PATH && tree->a->kind == EXPR_CALL ? tree->a : NULL;
  if (clock && clock->args.len) {
    const struct clock *c = part_find(&r->record->clocks, clock->args.at[0]->text);
    if (c) return c->label.text;
  }
  if (f) return f->field->label.text;
  for (size_t i = 0; i < COUNT_OF(system); i++)
    if (tree->kind == EXPR_NAME && str_eqz(tree->text, system[i].name)) return msg_template(x->run.lang, system[i].msg);
  return tree->text;
}
bool public_value_of(struct system_run *x, struct flow_row *row, const struct expr_word *shown,
                     struct public_value *out, struct err *e) {
  static const struct type_said plain;
  const struct flow_record *r = row->record;
  const struct flow_field *f = shown->tree->kind == EXPR_NAME ? flow_field(r, shown->tree->text) : NULL;
  const struct flow_about about = {.self = row};
  if (f && f->class > CLASS_inner) return fail(e, ERR_NEVER, MSG_public_never);
  *out = (struct public_value){.name = shown->word.text,
                               .label = label_of(x, r, shown->tree),
                               .is = f ? &f->field->is : &plain,
                               .type = f ? &f->type : shown->tree->type,
                               .words = f && f->place == FLOW_POINT ? row->words[f - r->fields.at] : STR("")};
  return flow_eval(&x->run, &about, shown->tree, NULL, &out->value, e);
}
