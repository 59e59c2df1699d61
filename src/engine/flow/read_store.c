/* What a form or the API sends, read by the type of its field. Nothing is guessed: what does not fit is refused by the name of the
 * field, and what stands for a thing is an id that is there. */
#include "base/clock.h"
#include "base/utf8.h"
#include "declare/check.h"
#include "declare/value_read.h"
#include "engine/flow/env.h"
#include "engine/flow/read.h"
#include "engine/flow/rows.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { CODE_MOST = 40, SAID_MOST = 100000 };

struct reading_of {
  struct flow_run *run;
  const struct flow_system *system;
  struct str name, label;
  const struct type_said *is;
  const struct type *type;
  struct err *e;
};

static bool refuse_form(struct reading_of *r, int form) {
  const struct msg_arg places = {"places", str_int(r->run->mem, r->is->type == TYPE_money ? 2 : r->is->places)};
  return fail(r->e, ERR_INVALID, MSG_flow_read_form, "name", r->name, "label", r->label, "form",
              msg_text(r->run->mem, r->run->lang, form, &places, 1));
}
static bool refuse(struct reading_of *r, int msg) {
  return err_set(r->e, ERR_INVALID, msg, __FILE__, "name", r->name, "label", r->label, (const char *)0);
}
static bool refuse_most(struct reading_of *r, int msg, int64_t most) {
  return err_set(r->e, ERR_INVALID, msg, __FILE__, "name", r->name, "label", r->label, "limit",
                 str_int(r->run->mem, most), (const char *)0);
}

/* ---- texts ---- */

static bool read_text(struct reading_of *r, struct str said, struct value *out) {
  for (size_t i = 0; i < said.len; i++) {
    const unsigned char c = (unsigned char)said.at[i];
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) return refuse_form(r, MSG_flow_form_text);
  }
  if (!utf8_valid(said)) return refuse_form(r, MSG_flow_form_text);
  if (r->is->most && utf8_count(said) > (size_t)r->is->most) return refuse_most(r, MSG_flow_read_long, r->is->most);
  return flow_give(out, value_text(said));
}
static bool read_code(struct reading_of *r, struct str said, struct value *out) {
  for (size_t i = 0; i < said.len; i++) {
    const char c = said.at[i];
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_letter && c != '_' && c != '.' && c != '-') return refuse_form(r, MSG_flow_form_code);
  }
  return said.len <= CODE_MOST ? flow_give(out, value_text(said)) : refuse_form(r, MSG_flow_form_code);
}
static bool read_checked(struct reading_of *r, struct str said, struct value *out) {
  static const int forms[] = {[TYPE_phone] = MSG_flow_form_phone,
                              [TYPE_bank_account] = MSG_flow_form_bank_account,
                              [TYPE_id_number] = MSG_flow_form_id_number,
                              [TYPE_credit_code] = MSG_flow_form_credit_code};
  struct str kept;
  if (!flow_form_read(r->run->mem, r->is->type, said, &kept)) return refuse_form(r, forms[r->is->type]);
  return flow_give(out, value_text(kept));
}

/* ---- choices ---- */

/* A code with an end may be chosen until that day; records that have it keep it. */
static bool may_choose(struct reading_of *r, struct str code) {
  const struct list *l = part_find(&r->system->system->lists, r->is->name);
  const struct codes *codes = r->type->kind == KIND_CODE ? r->type->of : NULL;
  const struct list_item *item = l ? part_find(&l->items, code) : NULL;
  struct date until;
  if (!l) return codes && flow_code_place(codes, code) >= 0;
  if (!item) return false;
  return !has_word(item->until) || !date_parse(item->until.text, 0, &until) ||
         date_cmp(clock_today(r->run->now_us), until) <= 0;
}

/* ---- things ---- */

static bool read_unit(struct reading_of *r, struct str id, struct value *out) {
  struct sql_unit_get u;
  bool is_there = false;
  TRY(sql_unit_get(r->run->session, r->run->mem, &(struct sql_unit_get_in){STORE_TENANT, id}, &u, &is_there, r->e));
  if (!is_there || str_cmp(u.closed_day, flow_today(r->run)) <= 0) return refuse(r, MSG_flow_read_gone);
  if (r->is->name.len && !str_eq(r->is->name, u.kind)) return refuse(r, MSG_flow_read_kind);
  return flow_give(out, flow_thing_value(flow_thing(r->run, FLOW_UNIT, NULL, id)));
}
static bool read_person(struct reading_of *r, struct str id, struct value *out) {
  struct sql_flow_person_there p;
  struct sql_flow_post_held_rows posts = {0};
  struct flow_run *run = r->run;
  bool is_there = false;
  TRY(sql_flow_person_there(run->session, run->mem, &(struct sql_flow_person_there_in){STORE_TENANT, id}, &p, &is_there,
                            r->e));
  if (!is_there) return refuse(r, MSG_flow_read_gone);
  *out = flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, id));
  const struct role *role = part_find(&r->system->system->roles, r->is->name);
  if (!role) return true;
  const struct str full = str_fmt(run->mem, STRF "." STRF, STRA(r->system->name), STRA(r->is->name));
  const struct sql_flow_post_held_in in = {STORE_TENANT, id, full, flow_today(run)};
  TRY(sql_flow_post_held(run->session, run->mem, &in, SIZE_MAX, &posts, r->e));
  if (posts.len) return true;
  return fail(r->e, ERR_INVALID, MSG_flow_read_post, "name", r->name, "label", r->label, "role", role->label.text);
}
bool flow_sees(struct flow_run *run, const struct flow_record *r, struct str id, bool *out, struct err *e) {
  *out = run->by != FLOW_BY_PUBLIC;
  if (run->by != FLOW_BY_PERSON || !run->host || !run->host->sees) return true;
  return run->host->sees(run->host->arg, run, r, id, out, e);
}
static bool read_ref(struct reading_of *r, struct str id, struct value *out) {
  struct flow_run *run = r->run;
  const struct flow_record *to =
      r->type->kind == KIND_RECORD ? flow_record_of(run->flow, r->type->of) : flow_record(run->flow, r->is->name);
  struct flow_row *row = NULL;
  bool is_seen = true;
  if (to) TRY(flow_row(run, to, id, &row, r->e));
  if (row && run->by == FLOW_BY_PERSON) TRY(flow_sees(run, to, id, &is_seen, r->e));
  if (!is_seen) return fail(r->e, ERR_NOT_FOUND, MSG_flow_read_gone, "name", r->name, "label", r->label);
  return row ? flow_give(out, flow_thing_value(flow_thing(run, FLOW_RECORD, to, id))) : refuse(r, MSG_flow_read_gone);
}
/* One that this person sent and nobody has taken yet, or one that is part of a record: that it is this one, the act sees. */
static bool read_file(struct reading_of *r, struct str id, struct value *out) {
  struct flow_run *run = r->run;
  struct sql_flow_file_get f;
  bool is_there = false;
  TRY(sql_flow_file_get(run->session, run->mem, &(struct sql_flow_file_get_in){STORE_TENANT, id}, &f, &is_there, r->e));
  if (!is_there || (!f.record.len && !str_eq(f.person, run->person))) return refuse(r, MSG_flow_read_gone);
  return flow_give(out, flow_thing_value(flow_thing(run, FLOW_FILE, NULL, id)));
}

/* ---- numbers, time, places ---- */

/* 2026-03-02T09:00:30+08:00, 2026-03-02T09:00 (civil), or with a blank. */
static bool read_moment(struct reading_of *r, struct str said, int64_t *out) {
  static const struct type moment = {.kind = KIND_MOMENT};
  struct value v;
  struct str civil = said, zone = {0};
  int64_t hours = 0, minutes = 0, away = 0;
  if (said.len > 16 && said.at[10] == 'T' && str_ends(said, STR("Z"))) {
    civil = str_slice(said, 0, said.len - 1);
    away = CIVIL_US;
  } else if (said.len > 16 && said.at[10] == 'T' && (said.at[said.len - 6] == '+' || said.at[said.len - 6] == '-')) {
    zone = str_from(said, said.len - 6);
    civil = str_slice(said, 0, said.len - 6);
    if (zone.at[3] != ':' || !str_to_int(str_slice(zone, 1, 3), &hours) ||
        !str_to_int(str_slice(zone, 4, 6), &minutes) || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
      return false;
    away = CIVIL_US - (zone.at[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60) * SECOND_US;
  }
  char *text = str_z(r->run->mem, civil);
  if (civil.len > 10 && text[10] == 'T') text[10] = ' ';
  if (!value_read(r->run->mem, &r->system->typed->reader, &moment, str_of(text), &v) || v.kind != VALUE_MOMENT)
    return false;
  *out = v.moment + away;
  return true;
}
static bool read_span(struct reading_of *r, struct str said, struct value *out) {
  struct str from, to;
  *out = (struct value){.kind = VALUE_SPAN};
  return str_cut(said, STR(".."), &from, &to) && read_moment(r, str_trim(from), &out->span.from) &&
         read_moment(r, str_trim(to), &out->span.to) && out->span.from < out->span.to;
}
static int form_of(const struct type *t) {
  switch (t->kind) {
    case KIND_FLAG: return MSG_flow_form_flag;
    case KIND_DATE: return MSG_flow_form_date;
    case KIND_MOMENT: return MSG_flow_form_moment;
    case KIND_TIME: return MSG_flow_form_time;
    case KIND_SPAN: return MSG_flow_form_span;
    case KIND_DURATION: return MSG_flow_form_duration;
    case KIND_PERIOD: return MSG_flow_form_period;
    case KIND_PLACE: return MSG_flow_form_place;
    default: return MSG_flow_form_number;
  }
}
static bool read_plain(struct reading_of *r, struct str said, struct value *out) {
  const struct type *t = r->type;
  bool is_good = false;
  int64_t digits;
  if (t->kind == KIND_MOMENT) {
    is_good = read_moment(r, said, &out->moment);
    out->kind = VALUE_MOMENT;
  } else if (t->kind == KIND_SPAN) {
    is_good = read_span(r, said, out);
  } else {
    is_good = value_read(r->run->mem, &r->system->typed->reader, t, said, out) && !value_is_none(out);
  }
  if (is_good && out->kind == VALUE_NUMBER) /* what its column cannot hold */
    is_good = value_stored(r->run->flow->units, out, t->said, r->is->type == TYPE_money ? 2 : (unsigned)r->is->places,
                           &digits);
  return is_good || refuse_form(r, form_of(t));
}

/* ---- one, several ---- */

static bool read_one(struct reading_of *r, struct str said, struct value *out) {
  *out = (struct value){0};
  switch (r->is->type) {
    case TYPE_text: return read_text(r, said, out);
    case TYPE_code: return read_code(r, said, out);
    case TYPE_phone:
    case TYPE_bank_account:
    case TYPE_id_number:
    case TYPE_credit_code: return read_checked(r, said, out);
    case TYPE_choice:
    case TYPE_choices: return may_choose(r, said) ? flow_give(out, value_code(said)) : refuse(r, MSG_flow_read_code);
    case TYPE_unit:
    case TYPE_units: return read_unit(r, said, out);
    case TYPE_person:
    case TYPE_persons: return read_person(r, said, out);
    case TYPE_ref:
    case TYPE_refs: return read_ref(r, said, out);
    case TYPE_file:
    case TYPE_files:
    case TYPE_photos:
    case TYPE_signature: return read_file(r, said, out);
    default: return read_plain(r, said, out);
  }
}
static bool read_set(struct reading_of *r, struct str said, struct value *out) {
  VEC(struct value) all = {0};
  const int64_t most = r->type->most ? r->type->most : FLOW_SET_MOST;
  for (struct str rest = said; rest.len;) {
    struct str head = rest, tail = {0};
    struct value v;
    (void)str_cut(rest, STR(","), &head, &tail);
    rest = tail;
    head = str_trim(head);
    if (!head.len) continue;
    if ((int64_t)all.len == most) return refuse_most(r, MSG_flow_read_many, most);
    TRY(read_one(r, head, &v));
    bool is_known = false;
    vec_each(const struct value, x, &all) is_known |= value_same(x, &v);
    if (!is_known) vec_push(r->run->mem, &all) = v;
  }
  return flow_give(out, value_set(all.at, all.len));
}
static bool is_several(enum type_word t) {
  return t == TYPE_choices || t == TYPE_units || t == TYPE_persons || t == TYPE_refs || t == TYPE_files ||
         t == TYPE_photos;
}
bool flow_read(struct flow_run *run, const struct flow_system *s, struct str name, struct str label,
               const struct type_said *is, const struct type *t, struct str said, struct value *out, struct err *e) {
  struct type element = *t;
  struct reading_of r = {run, s, name, label, is, &element, e};
  if (said.len > SAID_MOST) return refuse_most(&r, MSG_flow_read_long, SAID_MOST);
  said = str_dup(run->mem, str_trim(said));
  const bool is_set = is_several(is->type);
  element.set = false;
  if (is_set) return read_set(&r, said, out);
  return said.len ? read_one(&r, said, out) : flow_give(out, value_none(NONE_missing));
}
