/* What a step expects beside its record: notices, measures, the history, the chain of events, the bytes on the disk. Each is asked
 * of the server (or of this program's other commands) when the step is done. */
#include <unistd.h>

#include "base/file.h"
#include "cli/scenario.h"
#include "texts.h"

enum { DISK_FILE_MAX = 1 << 30 };

bool is_later(struct str key) { return str_eqz(key, "tasks") || str_eqz(key, "ledger") || str_eqz(key, "bulletin"); }

/* ---- notices ---- */

static bool is_used(const struct player *x, struct str id) {
  vec_each(const struct str, s, &x->notices)
    if (str_eq(*s, id)) return true;
  return false;
}
static bool says_so(const json_t *row, const struct yaml *want) {
  const struct yaml *has = yaml_get(want, "has"), *is = yaml_get(want, "is");
  const struct str says = json_text(json_object_get(row, "says"));
  return (has || is) && (!has || str_find(says, has->text) != STR_NONE) && (!is || str_eq(says, is->text));
}
/* Each notice serves the steps once: what an earlier step relied on is no news. */
static void expect_notice(struct step *s, const struct yaml *want, str_vec *taken) {
  struct play *p = s->p;
  const struct yaml *to = yaml_get(want, "to");
  const int who = to ? player_called(p, to->text) : NOBODY;
  struct http_reply r = {0};
  struct err e = {0};
  const json_t *row;
  size_t i;
  if (who == NOBODY || !p->players.at[who].actor)
    return step_miss_msg(s, MSG_scenario_no_name, "name", to ? to->text : STR("to"), STR("-"));
  if (!play_get(p, who, STR("/api/v1/notices?show=all"), &r, &e) || r.status != 200)
    return step_miss(s, yaml_shown(p, want), reply_shown(p, &r), STR(""));
  json_array_foreach(json_object_get(r.json, "rows"), i, row) {
    const struct str id = json_text(json_object_get(row, "id"));
    if (is_used(&p->players.at[who], id) || !says_so(row, want)) continue;
    vec_push(p->mem, taken) = id;
    vec_push(p->mem, taken) = p->players.at[who].name;
    return;
  }
  AUTO_BUF b = BUF_MAX(1 << 16);
  json_array_foreach(json_object_get(r.json, "rows"), i, row) if (i < 3)
      buf_fmt(&b, "%s" STRF, i ? " / " : "", STRA(json_text(json_object_get(row, "says"))));
  step_miss(s, str_fmt(p->mem, "notices " STRF, STRA(yaml_shown(p, want))),
            b.len ? str_dup(p->mem, buf_view(&b)) : msg_template(p->lang, MSG_scenario_no_notice), STR(""));
}
static void expect_notices(struct step *s, const struct yaml *y) {
  str_vec taken = {0};
  for (const struct yaml *one = y->child; one; one = one->next) expect_notice(s, one, &taken);
  for (size_t i = 0; i + 1 < taken.len; i += 2)
    vec_push(s->p->mem, &s->p->players.at[player_called(s->p, taken.at[i + 1])].notices) = taken.at[i];
}

/* ---- measures ---- */

static struct str measure_path(struct play *p, const struct yaml *y) {
  struct str system, measure;
  const struct yaml *at = yaml_get(y, "at"), *period = yaml_get(y, "period");
  if (!str_cut(y->key, STR("."), &system, &measure)) system = p->packages[0].name, measure = y->key;
  const struct str unit = at ? unit_id(p, at->text) : STR("");
  return str_fmt(p->mem, "/api/v1/s/" STRF "/measures/" STRF "?at=" STRF "%s" STRF, STRA(system), STRA(measure),
                 STRA(unit), period ? "&period=" : "", STRA(period ? http_escape(p->mem, period->text) : STR("")));
}
/* Whoever may see it: the actor first, then the others. */
static const json_t *measured(struct step *s, struct str path, struct http_reply *out) {
  struct play *p = s->p;
  struct err e = {0};
  for (int i = -1; i < (int)p->players.len; i++) {
    const int who = i < 0 ? s->who : i;
    if (who == NOBODY || !p->players.at[who].actor || p->players.at[who].actor->admin.len) continue;
    if (play_get(p, who, path, out, &e) && reply_data(out)) return json_object_get(reply_data(out), "value");
  }
  return NULL;
}
static void expect_measures(struct step *s, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    struct http_reply r = {0};
    const struct yaml *value = yaml_get(one, "value");
    const json_t *got = measured(s, measure_path(s->p, one), &r);
    if (got && value && value_fits(s->p, got, value)) continue;
    step_miss(s, str_fmt(s->p->mem, STRF " " STRF, STRA(one->key), STRA(yaml_shown(s->p, one))),
              got ? json_shown(s->p, got) : reply_shown(s->p, &r), STR(""));
  }
}

/* ---- lists and history ---- */

static bool is_person(const struct play *p, int who) {
  return who != NOBODY && p->players.at[who].actor && !p->players.at[who].actor->admin.len;
}
/* As whoever did the step, or the last change; where nobody of the story did, as the one who sees most. */
static json_t *list_of_step(struct step *s, struct str system, struct str record, struct http_reply *out) {
  struct play *p = s->p;
  json_t *most = NULL;
  if (is_person(p, s->who)) return list_seen(p, s->who, system, record, out);
  if (p->last.is && is_person(p, p->last.who)) return list_seen(p, p->last.who, system, record, out);
  for (int i = 0; i < (int)p->players.len; i++) {
    json_t *rows = is_person(p, i) ? list_seen(p, i, system, record, out) : NULL;
    if (rows && (!most || json_array_size(rows) > json_array_size(most))) most = rows;
  }
  return most;
}
static void expect_list(struct step *s, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct yaml *state = yaml_get(one, "state"), *count = yaml_get(one, "count");
    struct http_reply r = {0};
    struct str system, record;
    if (!str_cut(one->key, STR("."), &system, &record)) system = s->p->packages[0].name, record = one->key;
    json_t *rows = list_of_step(s, system, record, &r), *row;
    size_t i;
    int64_t n = 0, wanted = -1;
    json_array_foreach(rows, i, row) {
      const json_t *code = json_object_get(json_object_get(row, "state"), "code");
      n += !state || value_fits(s->p, code ? code : json_object_get(row, "state"), state);
    }
    if (rows && count && str_to_int(count->text, &wanted) && n == wanted) continue;
    step_miss(s, str_fmt(s->p->mem, "list " STRF " " STRF, STRA(one->key), STRA(yaml_shown(s->p, one))),
              rows ? str_int(s->p->mem, n) : reply_shown(s->p, &r), STR(""));
  }
}
/* One line of the record's history: act or event, by whom. */
static bool deed_fits(struct play *p, const json_t *deed, const struct yaml *want) {
  for (const struct yaml *y = want->child; y; y = y->next) {
    const char *key = str_eqz(y->key, "event") ? "act" : str_z(p->mem, y->key);
    const json_t *got = json_object_get(deed, key);
    if (!got || !value_fits(p, got, y)) return false;
  }
  return want->count > 0;
}
static void expect_log(struct step *s, const struct yaml *y) {
  struct http_reply r = {0};
  struct err e = {0};
  const struct named *n = s->record;
  const int who = n ? n->witness : NOBODY;
  if (who == NOBODY) return step_miss_msg(s, MSG_scenario_no_record, "key", y->key, STR("-"));
  const struct str path =
      str_fmt(s->p->mem, "/api/v1/s/" STRF "/" STRF "/" STRF "/history", STRA(n->system), STRA(n->record), STRA(n->id));
  const bool ok = play_get(s->p, who, path, &r, &e) && r.status == 200;
  for (const struct yaml *one = y->child; one; one = one->next) {
    const json_t *deed;
    size_t i;
    bool found = false;
    json_array_foreach(json_object_get(r.json, "rows"), i, deed) found = found || deed_fits(s->p, deed, one);
    if (!ok || !found)
      step_miss(s, str_fmt(s->p->mem, "log " STRF, STRA(yaml_shown(s->p, one))), reply_shown(s->p, &r), STR(""));
  }
}

/* ---- the record as a whole ---- */

static void expect_chain(struct step *s, const struct yaml *y) {
  struct scene *g = s->p->stage;
  struct err e = {0};
  int status = -1;
  const char *const argv[] = {
      "gangmu", "verify", "--db", str_z(g->mem, g->where), "--keys", str_z(g->mem, stage_keys(g)), NULL};
  if (str_eqz(y->text, "ok") && stage_run(g, argv, &status, &e) && status == 0) return;
  step_miss(s, str_fmt(s->p->mem, "chain = " STRF, STRA(y->text)), str_fmt(s->p->mem, "gangmu verify: %d", status),
            stage_log_tail(g, 300));
}
static void expect_recount(struct step *s, const struct yaml *y) {
  struct err e = {0};
  if (str_eqz(y->text, "measures") && stage_say(s->p->stage, STR("recount"), NULL, &e)) return;
  step_miss(s, str_fmt(s->p->mem, "recompute = " STRF, STRA(y->text)),
            e.code ? err_says(s->p->mem, s->p->lang, &e) : STR("-"), STR(""));
}
/* Also with a blank between the characters, as an index of characters would keep it. */
static bool file_holds(struct arena *mem, struct str file, struct str text) {
  struct str bytes = {0};
  struct err e = {0};
  AUTO_BUF spaced = BUF_MAX(1 << 16);
  for (size_t i = 0; i < text.len; i++) {
    if (i && ((unsigned char)text.at[i] & 0xC0) != 0x80) buf_byte(&spaced, ' ');
    buf_byte(&spaced, text.at[i]);
  }
  if (!file_exists(file) || !file_read(mem, file, DISK_FILE_MAX, &bytes, &e)) return false;
  return str_find(bytes, text) != STR_NONE || str_find(bytes, buf_view(&spaced)) != STR_NONE;
}
static struct str copy_path(struct scene *g) {
  return str_fmt(g->mem, STRF "/" STRF ".backup", STRA(g->folder), STRA(g->name));
}
static bool make_copy(struct scene *g, int *out_status) {
  const struct str copy = copy_path(g);
  const char *const argv[] = {"gangmu", "backup", "--db", str_z(g->mem, g->where), "--to", str_z(g->mem, copy), NULL};
  struct err e = {0};
  AUTO_ARENA mem = {0};
  (void)unlink(str_z(&mem, copy));
  return stage_run(g, argv, out_status, &e) && *out_status == 0;
}
/* A backup, and on SQLite the file and its log as they are: no byte of it may say this. */
static void expect_disk(struct step *s, const struct yaml *y) {
  static const char *const ends[] = {"", "-wal"};
  struct scene *g = s->p->stage;
  AUTO_ARENA mem = {0};
  const struct yaml *never = yaml_get(y, "never");
  const struct str copy = copy_path(g);
  int status = -1;
  if (!never || !make_copy(g, &status))
    return step_miss(s, STR("search_disk"), str_fmt(s->p->mem, "gangmu backup: %d", status), stage_log_tail(g, 300));
  bool found = file_holds(&mem, copy, never->text);
  for (size_t i = 0; i < COUNT_OF(ends); i++)
    found = found || file_holds(&mem, str_fmt(&mem, STRF "%s", STRA(g->where), ends[i]), never->text);
  (void)unlink(str_z(&mem, copy));
  if (found) step_miss_msg(s, MSG_scenario_on_disk, "text", never->text, never->text);
}
/* What of a record was taken away when its time was over: the field is gone for those who could read it, of all that have ended. The
 * journal holds it until the next backup takes it along (docs/operations.md): that backup is made here. */
static void expect_deleted(struct step *s, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct yaml *record = yaml_get(one, "record"), *field = yaml_get(one, "field");
    vec_each(__typeof__(struct named *), n, &s->p->records) {
      if (!record || !str_eq((*n)->record, record->text)) continue;
      const json_t *data = record_seen(s->p, *n);
      if (field && json_is_null(json_object_get(data, "ended_on"))) continue;
      const json_t *got =
          field ? json_object_get(json_object_get(data, "fields"), str_z(s->p->mem, field->text)) : data;
      if (got && !json_is_null(got) && !(json_is_string(got) && !json_string_length(got)))
        step_miss(s, str_fmt(s->p->mem, "deleted " STRF, STRA(yaml_shown(s->p, one))), json_shown(s->p, got), STR(""));
    }
  }
  int status = -1;
  if (!make_copy(s->p->stage, &status))
    step_miss(s, STR("deleted"), str_fmt(s->p->mem, "gangmu backup: %d", status), stage_log_tail(s->p->stage, 300));
}

bool expect_around(struct step *s, const struct yaml *y) {
  static const struct {
    const char *key;
    void (*run)(struct step *s, const struct yaml *y);
  } known[] = {{"notices", expect_notices}, {"measures", expect_measures}, {"list", expect_list},
               {"log", expect_log},         {"chain", expect_chain},       {"search_disk", expect_disk},
               {"deleted", expect_deleted}, {"recompute", expect_recount}, {"messages", expect_messages}};
  for (size_t i = 0; i < COUNT_OF(known); i++) {
    if (!str_eqz(y->key, known[i].key)) continue;
    known[i].run(s, y);
    return true;
  }
  return false;
}
