/* The stage without a server: functions of cli/scenario_stage.h that do nothing, and answers made on the spot. */
#include "fake.h"

#include "base/embed.h"
#include "declare/units.h"

static const char declaration[] =
    "gangmu: 1\nsystem: toy\nlabel: 玩具\nversion: 1\n"
    "roles:\n  maker: {label: 制作人, at: [department], sees: {thing: all}}\n"
    "records:\n  thing:\n    label: 东西\n    fields:\n"
    "      title: {is: text(40), label: 名称, need: yes}\n      due: {is: date, label: 期限}\n"
    "    states:\n      open: 在办\n      closed: {label: 办结, end: yes}\n"
    "    acts:\n      make: {label: 登记, from: start, to: open, who: [maker], asks: [title], may: [due]}\n"
    "      close: {label: 办结, from: open, to: closed, who: [maker]}\n"
    "privacy: {rule: none, why: 测试}\n";
static const char story_head[] =
    "scenario: 试\nsystem: toy\ndemo: yunlan\nstart: 2026-03-02 09:00\n"
    "actors:\n  an: {role: maker, at: 办公室}\nsteps:\n";

/* ---- the stage ---- */

bool stage_begin(struct scene *s, story_actors *actors, int64_t start_us, struct err *e) {
  (void)e;
  s->now_us = start_us;
  vec_each(struct story_actor, a, actors) a->id = STR("person-an");
  vec_push(s->mem, &s->units) = (struct story_unit){STR("办公室"), STR("unit-office")};
  return true;
}
void stage_end(struct scene *s) { (void)s; }
bool stage_start(struct scene *s, struct err *e) { return (void)s, (void)e, true; }
void stage_stop(struct scene *s) { (void)s; }
void stage_kill(struct scene *s) { (void)s; }
bool stage_say(struct scene *s, struct str line, int64_t *out_us, struct err *e) {
  struct str word, rest;
  (void)e;
  if (str_cut(line, STR(" "), &word, &rest)) (void)str_to_int(rest, &s->now_us);
  if (out_us) *out_us = s->now_us;
  return true;
}
bool stage_save(struct scene *s, struct str *out_copy, struct err *e) {
  return (void)s, (void)e, *out_copy = STR("copy"), true;
}
bool stage_restore(struct scene *s, struct str copy, struct err *e) { return (void)s, (void)copy, (void)e, true; }
void stage_forget(struct scene *s, struct str copy) { (void)s, (void)copy; }
bool stage_run(struct scene *s, const char *const *argv, int *out_status, struct err *e) {
  return (void)s, (void)argv, (void)e, *out_status = 1, true;
}
struct str stage_keys(const struct scene *s) {
  return (void)s, STR("keys");
}
struct str stage_log_tail(struct scene *s, size_t most) {
  return (void)s, (void)most, STR("");
}

/* ---- the server ---- */

static void answer(struct play *p, struct http_reply *out, int status, struct str body) {
  struct err e = {0};
  *out = (struct http_reply){.status = status, .head = STR(""), .body = str_dup(p->mem, body)};
  assert_true(json_parse(out->body, &out->json, &e));
}
static void refuse(struct play *p, struct http_reply *out, int status, const char *code) {
  answer(p, out, status,
         str_fmt(p->mem, "{\"code\": \"%s\", \"says\": \"不行\", \"at\": {\"field\": \"title\"}}", code));
}
static void give_record(struct play *p, struct fake *f, struct http_reply *out) {
  answer(p, out, 200,
         str_fmt(p->mem,
                 "{\"data\": {\"id\": \"r1\", \"number\": \"N1\", \"state\": \"%s\", \"rev\": %d, \"fields\": "
                 "{\"title\": \"灯\", "
                 "\"due\": null, \"share\": \"60.00\", \"unit\": {\"id\": \"unit-office\", \"name\": \"办公室\"}, "
                 "\"parts\": [\"a\", \"b\"]}, \"clocks\": {\"fix\": {\"due\": \"2026-03-09T17:30:00+08:00\", \"over\": "
                 "false}}}}",
                 f->state, f->rev));
}
static void act(struct play *p, struct fake *f, const struct http_ask *ask, struct http_reply *out) {
  const bool empty = str_find(ask->body, STR("\"title\"")) == STR_NONE;
  if (str_ends(ask->path, STR("/thing/acts/make"))) {
    if (empty && f->manner == FAKE_TRACE) f->made++;
    if (empty) return refuse(p, out, 422, "invalid");
    f->made = 1;
    return give_record(p, f, out);
  }
  if (!str_ends(ask->path, STR("/r1/acts/close"))) return refuse(p, out, 404, "not_found");
  if (!strcmp(f->state, "open")) f->state = "closed", f->rev++;
  else return f->rev += f->manner == FAKE_TRACE, refuse(p, out, 409, "guard");
  give_record(p, f, out);
}
static bool serve(struct play *p, struct browser *b, const struct http_ask *ask, struct http_reply *out,
                  struct err *e) {
  struct fake *f = &((struct fake_run *)((char *)p->result - offsetof(struct fake_run, result)))->server;
  (void)b, (void)e;
  f->sends++;
  if (str_eqz(ask->path, "/api/v1/session")) return answer(p, out, 200, STR("{\"data\": {\"token\": \"t\"}}")), true;
  if (str_eqz(ask->path, "/api/v1/sign-in")) {
    f->sign_ins++;
    return answer(p, out, 200, STR("{\"data\": {\"token\": \"u\"}}")), true;
  }
  if (f->expired) return f->expired = false, refuse(p, out, 401, "sign_in"), true;
  if (f->manner == FAKE_GONE) return refuse(p, out, 404, "not_found"), true;
  if (!strcmp(ask->method, "POST")) return act(p, f, ask, out), true;
  if (str_ends(ask->path, STR("/thing/r1"))) return give_record(p, f, out), true;
  if (str_ends(ask->path, STR("/thing")))
    return answer(p, out, 200,
                  f->made > 1 ? STR("{\"rows\": [{\"id\": \"r1\"}, {\"id\": \"r2\"}], \"next\": null}")
                  : f->made   ? STR("{\"rows\": [{\"id\": \"r1\"}], \"next\": null}")
                              : STR("{\"rows\": [], \"next\": null}")),
           true;
  return refuse(p, out, 404, "not_found"), true;
}

/* ---- a run ---- */

void fake_play(struct fake_run *r, enum fake_manner manner, const char *steps) {
  struct units *units;
  struct faults f = {0};
  struct err e = {0};
  *r = (struct fake_run){.server = {.manner = manner, .rev = 1, .state = "open"}, .options = {.interleavings = 1}};
  f.mem = &r->mem;
  units = arena_new(&r->mem, struct units);
  assert_true(units_parse(&r->mem, embed_find(STR("rules/units.yaml"))->bytes, units, &e));
  r->package.name = STR("toy");
  vec_push(&r->mem, &r->package.files) = (struct package_file){STR("system.yaml"), str_of(declaration)};
  vec_push(&r->mem, &r->package.files) =
      (struct package_file){STR("scenario.yaml"), str_fmt(&r->mem, "%s%s", story_head, steps)};
  static const struct str kinds[] = {STR_INIT("department")};
  package_check(&f, &r->package, STR(""), &(struct world){.unit_kinds = kinds, .unit_kind_count = 1, .units = units});
  assert_non_null(r->package.system);
  r->scene = (struct scene){.mem = &r->mem, .password = STR("x")};
  r->play = (struct play){.mem = &r->mem,
                          .options = &r->options,
                          .packages = &r->package,
                          .package_count = 1,
                          .file = STR("scenario.yaml"),
                          .stage = &r->scene,
                          .result = &r->result,
                          .send = serve};
  play_story(&r->play);
}
void fake_end(struct fake_run *r) {
  play_end(&r->play);
  arena_drop(&r->mem);
}
