/* The verbs of a step: each is one request, or a few, as a person would send them; then what it brought is compared. */
#include "cli/scenario.h"
#include "declare/check.h"
#include "texts.h"

static struct str rev_text(struct play *p, const json_t *data) {
  const json_t *rev = json_object_get(data, "rev");
  return json_is_string(rev) ? json_text(rev) : rev ? json_shown(p, rev) : STR("");
}
static void miss_err(struct step *s, const struct err *e) {
  step_miss(s, err_says(s->p->mem, s->p->lang, e), STR("-"), STR(""));
}
static bool needs_actor(struct step *s) {
  if (s->who != NOBODY) return true;
  step_miss_msg(s, MSG_scenario_no_actor, "name", STR("as"), STR("-"));
  return false;
}
/* The answer was a yes where the step wants one, or the refusal that it wants. False: there is nothing to go on with. */
static bool judge_reply(struct step *s) {
  const struct yaml *refused = yaml_get(s->y, "refused");
  if (refused) {
    expect_refused(s, refused, &s->reply);
    return false;
  }
  if (s->reply.status >= 200 && s->reply.status < 300) return true;
  step_miss_msg(s, MSG_scenario_wanted_yes, "what", s->r->what, reply_shown(s->p, &s->reply));
  return false;
}
static const struct yaml *name_of(const struct step *s) { return yaml_get(s->y, "name"); }

/* ---- do ---- */

static struct str do_path(struct play *p, const struct aim *t) {
  if (t->named)
    return str_fmt(p->mem, "/api/v1/s/" STRF "/" STRF "/" STRF "/acts/" STRF, STRA(t->system), STRA(t->record),
                   STRA(t->named->id), STRA(t->word));
  return str_fmt(p->mem, "/api/v1/s/" STRF "/" STRF "/acts/" STRF, STRA(t->system), STRA(t->record), STRA(t->word));
}
bool do_prepare(struct step *s, const struct yaml *verb, struct prepared_do *out) {
  struct play *p = s->p;
  struct err e = {0};
  *out = (struct prepared_do){0};
  if (!needs_actor(s)) return false;
  if (!target_read(p, verb->text, &out->t) || (!out->t.named && !record_called(p, out->t.system, out->t.record))) {
    step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
    return false;
  }
  const struct record *record = record_called(p, out->t.system, out->t.record);
  out->act = record ? part_find(&record->acts, out->t.word) : NULL;
  const struct input_types types = {.system = system_called(p, out->t.system), .record = record, .act = out->act};
  const struct yaml *with = yaml_get(s->y, "with");
  out->fresh = out->t.named ? out->t.named : name_record(p, STR(""), out->t.system, out->t.record, STR(""));
  if (!inputs_make(p, s->who, &types, with, yaml_get(s->y, "refused") ? NULL : out->fresh, NULL, &out->body, &e)) {
    miss_err(s, &e);
    return false;
  }
  json_t *back =
      json_object_get(out->body, "to"); /* of an act that goes back: the state, under the name that forms keep */
  if (back && out->act && out->act->back.len) {
    (void)json_object_set(out->body, "back_to", back);
    (void)json_object_del(out->body, "to");
  }
  (void)json_object_set_new(out->body, "confirmed", json_string("yes")); /* whoever acts has read the warnings */
  if (out->t.named) {
    struct http_reply r = {0};
    out->rev = rev_text(p, record_seen_by(p, s->who, out->t.named, &r));
  }
  out->path = do_path(p, &out->t);
  return true;
}
/* What the server gave back makes, or changes, a record of the story. */
void do_done(struct step *s, const struct prepared_do *d) {
  const json_t *data = reply_data(&s->reply);
  struct named *n = d->fresh;
  if (!d->t.named) {
    n->id = json_text(json_object_get(data, "id"));
    n->number = json_text(json_object_get(data, "number"));
    n->lookup = json_text(json_object_get(json_object_get(s->reply.json, "done"), "lookup"));
    n->witness = s->who;
    if (!n->id.len) step_miss_msg(s, MSG_scenario_no_id, "what", s->r->what, reply_shown(s->p, &s->reply));
    if (name_of(s)) n->name = name_of(s)->text;
  }
  s->record = n;
}
/* A refused step must leave no trace. */
struct trace {
  struct str rev;
  size_t rows;
  bool is_list;
};
static struct trace trace_of(struct step *s, const struct prepared_do *d) {
  struct trace t = {0};
  struct http_reply r = {0};
  if (d->t.named) t.rev = rev_text(s->p, record_seen(s->p, d->t.named));
  else {
    const json_t *rows = list_seen(s->p, s->who, d->t.system, d->t.record, &r);
    t.is_list = rows != NULL;
    t.rows = json_array_size(rows);
  }
  return t;
}
static void compare_traces(struct step *s, const struct trace *a, const struct trace *b) {
  if (!str_eq(a->rev, b->rev))
    step_miss(s, str_fmt(s->p->mem, "rev = " STRF, STRA(a->rev)), b->rev, msg_template(s->p->lang, MSG_scenario_trace));
  if (a->is_list && b->is_list && a->rows != b->rows)
    step_miss(s, str_fmt(s->p->mem, "count = %zu", a->rows), str_fmt(s->p->mem, "%zu", b->rows),
              msg_template(s->p->lang, MSG_scenario_trace));
}
/* An example whose outcome is `ok`, or the check that refuses. */
static void judge_outcome(struct step *s, const struct prepared_do *d, const struct yaml *outcome) {
  struct play *p = s->p;
  if (str_eqz(outcome->text, "ok")) {
    if (judge_reply(s)) do_done(s, d);
    return;
  }
  const struct record *record = record_called(p, d->t.system, d->t.record);
  const struct check *check = NULL;
  vec_each(const struct check, c, record ? &record->checks : &(__typeof__(record->checks)){0})
    if (str_eq(c->id.text, outcome->text)) check = c;
  const struct str says = json_text(json_object_get(s->reply.json, "says"));
  if (!check || s->reply.status != 422 || !str_eq(says, check->says.text))
    step_miss(s,
              str_fmt(p->mem, "outcome = " STRF "%s" STRF, STRA(outcome->text), check ? ": " : "",
                      STRA(check ? check->says.text : STR(""))),
              reply_shown(p, &s->reply), STR(""));
}
void verb_do(struct step *s, const struct yaml *verb) {
  struct prepared_do d;
  struct trace before = {0};
  struct err e = {0};
  const struct yaml *outcome = yaml_get(s->y, "outcome");
  const bool refused = yaml_get(s->y, "refused") != NULL;
  if (!do_prepare(s, verb, &d)) return;
  if (refused) before = trace_of(s, &d);
  if (!play_post(s->p, s->who, d.path, d.body, d.rev, &s->reply, &e)) return miss_err(s, &e);
  if (outcome) return judge_outcome(s, &d, outcome);
  if (judge_reply(s)) do_done(s, &d);
  if (!refused) return;
  const struct trace after = trace_of(s, &d);
  compare_traces(s, &before, &after);
}

/* ---- reading ---- */

static void verb_see(struct step *s, const struct yaml *verb) {
  struct named *n = named_called(s->p, verb->text);
  if (!needs_actor(s)) return;
  if (!n) return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  (void)record_seen_by(s->p, s->who, n, &s->reply);
  if (judge_reply(s)) s->record = n;
}
static json_t *filtered(struct step *s, json_t *rows, struct str system, struct str record, const struct yaml *where) {
  json_t *kept = json_array(), *row;
  size_t i;
  vec_push(s->p->mem, &s->p->answers) = kept;
  json_array_foreach(rows, i, row) {
    struct http_reply r = {0};
    struct str why = {0};
    struct named *n = name_record(s->p, STR(""), system, record, json_text(json_object_get(row, "id")));
    const json_t *data = where ? record_seen_by(s->p, s->who, n, &r) : row;
    const enum truth t = where ? where_holds(s->p, data, where->text, &why) : TRUTH_YES;
    if (t == TRUTH_NO_SENSE) step_miss_msg(s, MSG_scenario_no_sense, "what", why, reply_shown(s->p, &r));
    if (t == TRUTH_YES) (void)json_array_append(kept, row);
  }
  return kept;
}
static void verb_list(struct step *s, const struct yaml *verb) {
  struct play *p = s->p;
  struct str system, record;
  if (!needs_actor(s)) return;
  if (!str_cut(verb->text, STR("."), &system, &record)) system = p->packages[0].name, record = verb->text;
  json_t *rows = list_seen(p, s->who, system, record, &s->reply);
  if (!judge_reply(s)) return;
  if (!rows) return step_miss_msg(s, MSG_scenario_wanted_yes, "what", s->r->what, reply_shown(p, &s->reply));
  s->rows = filtered(s, rows, system, record, yaml_get(s->y, "where"));
  if (!name_of(s)) return;
  if (json_array_size(s->rows) != 1)
    return step_miss_msg(s, MSG_scenario_one_row, "name", name_of(s)->text,
                         str_int(p->mem, (int64_t)json_array_size(s->rows)));
  s->record =
      name_record(p, name_of(s)->text, system, record, json_text(json_object_get(json_array_get(s->rows, 0), "id")));
  s->record->witness = s->who;
}
static void get_rows(struct step *s, struct str path) {
  struct err e = {0};
  if (!needs_actor(s)) return;
  if (!play_get(s->p, s->who, path, &s->reply, &e)) return miss_err(s, &e);
  if (!judge_reply(s)) return;
  s->rows = json_object_get(s->reply.json, "rows");
  if (!s->rows) s->rows = json_object_get(reply_data(&s->reply), "rows");
  if (!s->rows && json_is_array(reply_data(&s->reply))) s->rows = reply_data(&s->reply);
}
static void verb_search(struct step *s, const struct yaml *verb) {
  get_rows(s, str_fmt(s->p->mem, "/api/v1/search?q=" STRF, STRA(http_escape(s->p->mem, verb->text))));
}
static void verb_export(struct step *s, const struct yaml *verb) {
  struct str system, record;
  if (!str_cut(verb->text, STR("."), &system, &record)) system = s->p->packages[0].name, record = verb->text;
  get_rows(s, str_fmt(s->p->mem, "/api/v1/s/" STRF "/" STRF "/export", STRA(system), STRA(record)));
}
static void verb_measure(struct step *s, const struct yaml *verb) {
  struct str system, measure;
  const struct yaml *with = yaml_get(s->y, "with");
  const struct yaml *at = yaml_get(with, "at"), *period = yaml_get(with, "period");
  if (!str_cut(verb->text, STR("."), &system, &measure)) system = s->p->packages[0].name, measure = verb->text;
  get_rows(s,
           str_fmt(s->p->mem, "/api/v1/s/" STRF "/measures/" STRF "?at=" STRF "&period=" STRF, STRA(system),
                   STRA(measure), STRA(at ? unit_id(s->p, at->text) : STR("")), STRA(period ? period->text : STR(""))));
}

/* ---- rounds, openings, papers ---- */

/* POST /s/SYSTEM/RECORD/ID/FOLDER/WORD[/more] with inputs of these types. */
static void post_part(struct step *s, const struct yaml *verb, const char *folder, const char *more) {
  struct play *p = s->p;
  struct aim t;
  struct err e = {0};
  json_t *body;
  if (!needs_actor(s)) return;
  if (!target_read(p, verb->text, &t) || !t.named)
    return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  const struct record *record = record_called(p, t.system, t.record);
  const bool is_round = str_eqz(str_of(folder), "rounds");
  const struct round *round = record && is_round ? part_find(&record->rounds, t.word) : NULL;
  const struct input_types types = {.round = round && !str_eqz(str_of(more), "/add") ? round : NULL,
                                    .party = round && round->as.text.len ? TYPE_unit
                                             : round                     ? TYPE_person
                                                                         : TYPE_missing};
  if (!inputs_make(p, s->who, &types, yaml_get(s->y, "with"), NULL, NULL, &body, &e)) return miss_err(s, &e);
  const struct str path = str_fmt(p->mem, "/api/v1/s/" STRF "/" STRF "/" STRF "/%s/" STRF "%s", STRA(t.system),
                                  STRA(t.record), STRA(t.named->id), folder, STRA(t.word), more);
  if (!play_post(p, s->who, path, body, STR(""), &s->reply, &e)) return miss_err(s, &e);
  s->record = t.named;
  (void)judge_reply(s);
}
static void verb_answer(struct step *s, const struct yaml *verb) { post_part(s, verb, "rounds", "/answer"); }
static void verb_open(struct step *s, const struct yaml *verb) {
  s->is_opening = true;
  post_part(s, verb, "openings", "");
}
static void verb_print(struct step *s, const struct yaml *verb) { post_part(s, verb, "papers", ""); }
/* 加签: the party is a unit or a person. */
static void verb_add(struct step *s, const struct yaml *verb) { post_part(s, verb, "rounds", "/add"); }

/* ---- away ---- */

/* Somebody is away until a day: each of their posts is given to a deputy, by whoever gives posts. */
static bool stand_in(struct step *s, struct str id, const json_t *post, const struct yaml *with, struct err *e) {
  static const char *const days[] = {"from", "until"};
  struct play *p = s->p;
  const struct yaml *deputy = yaml_get(with, "deputy");
  const struct str deputy_id = deputy ? person_id(p, deputy->text) : STR("");
  json_t *body = json_object();
  vec_push(p->mem, &p->answers) = body;
  (void)json_object_set_new(body, "act", json_string("delegate"));
  (void)json_object_set_new(body, "post", json_stringn(post ? json_string_value(post) : "", json_string_length(post)));
  (void)json_object_set_new(body, "deputy", json_stringn(deputy_id.at, deputy_id.len));
  (void)json_object_set_new(body, "reason", json_string("story"));
  for (size_t i = 0; i < COUNT_OF(days); i++) {
    const struct yaml *y = yaml_get(with, days[i]);
    if (y) (void)json_object_set_new(body, days[i], json_stringn(y->text.at, y->text.len));
  }
  const struct str path = str_fmt(p->mem, "/api/v1/people/" STRF "/acts", STRA(id));
  return play_post(p, s->who, path, body, STR(""), &s->reply, e);
}
static void verb_away(struct step *s, const struct yaml *verb) {
  struct play *p = s->p;
  const struct str id = person_id(p, verb->text);
  struct http_reply r = {0};
  struct err e = {0};
  const json_t *post;
  size_t i;
  if (!needs_actor(s)) return;
  if (!id.len) return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  if (!play_get(p, s->who, str_fmt(p->mem, "/api/v1/people/" STRF, STRA(id)), &r, &e)) return miss_err(s, &e);
  const json_t *posts = json_object_get(reply_data(&r), "posts");
  if (!json_array_size(posts)) return step_miss_msg(s, MSG_scenario_wanted_yes, "what", s->r->what, reply_shown(p, &r));
  json_array_foreach(posts, i, post) {
    if (!stand_in(s, id, json_object_get(post, "id"), yaml_get(s->y, "with"), &e)) return miss_err(s, &e);
    if (!judge_reply(s)) return;
  }
}

/* ---- the public, and other bodies ---- */

static void public_query(struct step *s, struct buf *b) {
  const struct yaml *with = yaml_get(s->y, "with");
  for (const struct yaml *y = with ? with->child : NULL; y; y = y->next)
    buf_fmt(b, "%c" STRF "=" STRF, y == with->child ? '?' : '&', STRA(y->key),
            STRA(http_escape(s->p->mem, text_meant(s->p, y->text))));
}
/* A step without an actor is done by somebody who is nobody. */
static void as_public(struct step *s) {
  if (s->who == NOBODY) s->who = player_called(s->p, STR("public"));
}
static void verb_page(struct step *s, const struct yaml *verb) {
  AUTO_BUF query = BUF_MAX(1 << 16);
  struct str system, page;
  as_public(s);
  if (!str_cut(verb->text, STR("/"), &system, &page))
    return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  public_query(s, &query);
  get_rows(
      s, str_fmt(s->p->mem, "/api/v1/s/" STRF "/public/" STRF STRF, STRA(system), STRA(page), STRA(buf_view(&query))));
}
static void put_part(struct buf *b, const char *key, struct str file, struct str bytes) {
  buf_fmt(b, "--story\r\nContent-Disposition: form-data; name=\"%s\"", key);
  if (file.len) buf_fmt(b, "; filename=\"" STRF "\"\r\nContent-Type: application/octet-stream", STRA(file));
  buf_z(b, "\r\n\r\n");
  buf_str(b, bytes);
  buf_z(b, "\r\n");
}
static bool is_file(const str_vec *files, const char *key) {
  vec_each(const struct str, f, files)
    if (str_eqz(*f, key)) return true;
  return false;
}
static struct str form_body(struct play *p, const json_t *body, const str_vec *files) {
  AUTO_BUF b = BUF_MAX(4 << 20);
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)body, key, value) {
    struct str rest = json_text(value), one;
    if (!is_file(files, key)) put_part(&b, key, STR(""), rest);
    while (is_file(files, key) && rest.len) {
      if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
      put_part(&b, key, one, file_bytes(p, one));
    }
  }
  buf_z(&b, "--story--\r\n");
  return str_dup(p->mem, buf_view(&b));
}
static const struct public_form *form_called(const struct system *sys, struct str name) {
  return sys && sys->public ? part_find(&sys->public->forms, name) : NULL;
}
/* The form of a record that is there already finds it by what was typed. */
static struct named *record_of_form(struct step *s, const struct yaml *with, struct named *fresh) {
  const struct yaml *number = yaml_get(with, "number");
  struct str head, rest;
  if (number && str_cut(number->text, STR("."), &head, &rest)) return named_called(s->p, head);
  return fresh;
}
/* The public gets a number; the story wants the record, which somebody of the office sees in the list. */
static void find_by_number(struct step *s, struct named *n) {
  for (int i = 0; !n->id.len && i < (int)s->p->players.len; i++) {
    struct http_reply r = {0};
    json_t *row;
    size_t k;
    const struct player *x = &s->p->players.at[i];
    if (!x->actor || x->actor->admin.len) continue;
    json_array_foreach(list_seen(s->p, i, n->system, n->record, &r), k, row) {
      if (!str_eq(json_text(json_object_get(row, "number")), n->number)) continue;
      n->id = json_text(json_object_get(row, "id"));
      n->witness = i;
    }
  }
}
static void form_done(struct step *s, struct named *n) {
  const json_t *data = reply_data(&s->reply);
  if (!n->id.len && !n->number.len) {
    n->id = json_text(json_object_get(data, "id"));
    n->number = json_text(json_object_get(data, "number"));
    n->lookup = json_text(json_object_get(data, "lookup"));
    if (!n->lookup.len) n->lookup = json_text(json_object_get(json_object_get(s->reply.json, "done"), "lookup"));
    if (name_of(s)) n->name = name_of(s)->text;
    if (n->number.len) find_by_number(s, n);
  }
  s->record = n;
}
static void verb_form(struct step *s, const struct yaml *verb) {
  struct play *p = s->p;
  struct str system, name;
  struct err e = {0};
  str_vec files = {0};
  json_t *body;
  as_public(s);
  if (!needs_actor(s)) return;
  (void)str_cut(verb->text, STR("/"), &system, &name);
  const struct public_form *form = form_called(system_called(p, system), name);
  struct str record, act;
  if (!form || !str_cut(form->act.text, STR("."), &record, &act))
    return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  const struct record *r = record_called(p, system, record);
  const struct input_types types = {
      .system = system_called(p, system), .record = r, .act = r ? part_find(&r->acts, act) : NULL};
  const struct yaml *with = node_meant(p, yaml_get(s->y, "with"));
  struct named *n = record_of_form(s, with, NULL);
  if (!n) n = name_record(p, STR(""), system, record, STR(""));
  if (!inputs_make(p, s->who, &types, with, n, &files, &body, &e)) return miss_err(s, &e);
  struct http_ask ask = {.method = "POST",
                         .path = str_fmt(p->mem, "/api/v1/s/" STRF "/public/" STRF, STRA(system), STRA(name)),
                         .type = STR("multipart/form-data; boundary=story"),
                         .body = form_body(p, body, &files),
                         .key = str_fmt(p->mem, "story-%lld-%d", (long long)p->options->seed, ++p->requests)};
  if (!play_ask(p, s->who, &ask, &s->reply, &e)) return miss_err(s, &e);
  p->last = (struct sent){s->who, ask, s->reply, true};
  if (judge_reply(s)) form_done(s, n);
}
static void verb_message(struct step *s, const struct yaml *verb) {
  struct play *p = s->p;
  struct err e = {0};
  json_t *body;
  const struct system *sys = p->packages[0].system;
  const struct message *m = part_find(&sys->messages, verb->text);
  if (!m) return step_miss_msg(s, MSG_scenario_no_name, "name", verb->text, STR("-"));
  as_public(s);
  const struct input_types types = {.system = sys, .message = m};
  if (!inputs_make(p, s->who, &types, yaml_get(s->y, "with"), NULL, NULL, &body, &e)) return miss_err(s, &e);
  if (!message_send(s, m, body, &e)) return miss_err(s, &e);
  if (!judge_reply(s)) return;
  const json_t *data = reply_data(&s->reply);
  s->replayed = json_is_true(json_object_get(json_object_get(s->reply.json, "done"), "replayed"));
  const struct str id = json_text(json_object_get(data, "id")), record = json_text(json_object_get(data, "record"));
  if (name_of(s)) s->record = name_record(p, name_of(s)->text, p->packages[0].name, record, id);
}

/* ---- time ---- */

static bool moment_of(struct str text, int64_t *out) {
  int64_t hour = 0, minute = 0;
  struct date d;
  if (text.len != 16 || !date_parse(str_slice(text, 0, 10), 0, &d)) return false;
  if (!str_to_int(str_slice(text, 11, 13), &hour) || !str_to_int(str_from(text, 14), &minute)) return false;
  *out = day_moment(date_to_days(d), (hour * 60 + minute) * 60 * SECOND_US);
  return true;
}
bool story_moment(struct str text, int64_t now_us, int64_t *out) {
  struct duration by;
  if (!str_starts(text, STR("+"))) return moment_of(text, out);
  return duration_parse(str_from(text, 1), &by) && moment_plus(calendar_known(), now_us, by, out);
}
void step_clock(struct step *s, struct str text) {
  int64_t to = 0;
  struct err e = {0};
  if (!story_moment(text, s->p->stage->now_us, &to))
    return step_miss_msg(s, MSG_scenario_no_sense, "what", text, STR("-"));
  const struct str line = str_fmt(s->p->mem, "clock %lld", (long long)to);
  if (!stage_say(s->p->stage, line, NULL, &e)) miss_err(s, &e);
}
static void verb_clock(struct step *s, const struct yaml *verb) { step_clock(s, verb->text); }
static void verb_jobs(struct step *s, const struct yaml *verb) {
  struct err e = {0};
  if (!str_eqz(verb->text, "all")) return step_miss_msg(s, MSG_scenario_no_sense, "what", verb->text, STR("-"));
  if (!stage_say(s->p->stage, STR("jobs"), NULL, &e)) miss_err(s, &e);
}

/* ---- all verbs ---- */

void step_verb(struct step *s, const struct yaml *verb) {
  static const struct {
    const char *word;
    void (*run)(struct step *s, const struct yaml *verb);
  } known[] = {
      {"do", verb_do},           {"see", verb_see},         {"list", verb_list},     {"search", verb_search},
      {"export", verb_export},   {"measure", verb_measure}, {"answer", verb_answer}, {"open", verb_open},
      {"print", verb_print},     {"add", verb_add},         {"page", verb_page},     {"form", verb_form},
      {"message", verb_message}, {"clock", verb_clock},     {"jobs", verb_jobs},     {"together", verb_together},
      {"replay", verb_replay},   {"repeat", verb_repeat},   {"run", verb_run},       {"sweep", verb_sweep},
      {"away", verb_away}};
  const struct yaml *crash = yaml_get(s->y, "crash");
  if (crash) return verb_crash(s, crash);
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (str_eqz(verb->key, known[i].word)) return known[i].run(s, verb);
  step_miss_msg(s, MSG_scenario_unknown, "key", verb->key, STR("-"));
}
