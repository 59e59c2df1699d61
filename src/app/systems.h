/* Systems at work, as a service: the packages that were loaded, who may do what in them, and a run of the engine for whoever
 * asks. What a declaration means is engine/flow; what a person sees is engine/rights; here they meet.
 *
 *   AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
 *   struct system_run x;
 *   TRY(r && systems_begin(&x, rq, r, e));             // or with the session of an act
 *   TRY(systems_row(&x, record, id, &row, e));          // ERR_NOT_FOUND: not there, or not seen */
#ifndef APP_SYSTEMS_H
#define APP_SYSTEMS_H
#include "app/frame.h"
#include "app/systems_start.h"
#include "engine/flow/upgrade.h"

const struct flow *systems_flow(const struct systems *s);
struct turns;
struct turns *systems_turns(const struct systems *s); /* how often public forms were used (systems_turns.h) */

/* ---- rights: one model for each system (systems_rights.c) ---- */

/* Roles are named system.role, records system.record, as posts and events name them. ERR_INVALID for a `where` that is no
 * condition of rows. Lives in mem. */
MUST_CHECK bool systems_model(struct arena *mem, const struct flow_system *s, struct rights_model *out, struct err *e);
const struct rights_model *systems_model_of(const struct systems *s, const struct flow_system *of);
/* Does this act name no person at all (public, clock, system)? */
bool systems_is_for_people(const struct act *a);

/* ---- a run ---- */

struct system_views;
struct system_run { /* one session of the store, one person */
  struct flow_run run;
  struct systems *systems;
  const struct who *who;      /* NULL: nobody is asked, the program itself is at work */
  struct system_views *views; /* private: what was worked out of rights */
};
/* who NULL: the program's own work (clocks). The host's arg is the run itself. */
void systems_begin_for(struct system_run *x, struct systems *s, struct store *session, struct arena *mem,
                       const struct who *who, int64_t now_us, enum lang lang);
/* What taking them into force would do; nothing is changed (engine/flow/upgrade.h). */
MUST_CHECK bool systems_rehearse(struct systems *s, int64_t now_us, struct arena *mem, flow_upgrades *out,
                                 struct err *e);
struct flow_starter systems_starter(struct systems *s); /* runs of the program's own work */
void systems_begin(struct system_run *x, struct web_request *rq, struct store *session);
/* What they see of a record, compiled once in a run. */
const struct rights_view *systems_view(struct system_run *x, const struct flow_record *r);
/* The record, if it is there and seen; else ERR_NOT_FOUND. */
MUST_CHECK bool systems_row(struct system_run *x, const struct flow_record *r, struct str id, struct flow_row **out,
                            struct err *e);
MUST_CHECK bool systems_sees(struct system_run *x, const struct flow_record *r, struct str id, bool *out,
                             struct err *e);
/* May fields of this class be read, of this record that is seen? */
MUST_CHECK bool systems_reads(struct system_run *x, const struct flow_record *r, struct str id, enum class_said class,
                              bool *out, struct err *e);
/* May they ask for a start act at all: do they hold a role that it names? */
bool systems_may_start(const struct system_run *x, const struct flow_record *r, const struct act *a);
/* The first of their posts whose role may do the start act; NULL: none. */
const struct rights_post *systems_start_post(const struct system_run *x, const struct flow_record *r,
                                             const struct act *a);
/* Do they hold any role of the system, and so see its pages? */
bool systems_has_role(const struct system_run *x, const struct flow_system *s);

/* ---- what an address names: ERR_NOT_FOUND when there is no such thing ---- */

struct system_place {
  struct flow_system *system;
  struct flow_record *record;
  const struct act *act;
  struct str id; /* empty: no record, a start act */
};
MUST_CHECK bool systems_place(struct web_request *rq, struct system_place *out, struct err *e);

/* ---- JSON ---- */

/* {data, can, cannot, links} of a record that is seen. */
MUST_CHECK bool systems_record_json(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e);
/* Its own members into an open object: id, number, state, rev … */
void systems_head_json(struct system_run *x, const struct flow_row *row, struct json_out *j);
/* {name: {label, lamp, due, left, over, used, paused, running}} of its clocks, as `clocks`. */
MUST_CHECK bool systems_clocks_json(struct system_run *x, const struct flow_row *row, struct json_out *j,
                                    struct err *e);
/* One value under its name; `told`: how a record, unit, person is named. */
MUST_CHECK bool systems_value_json(struct system_run *x, const struct flow_system *s, const char *key,
                                   const struct type_said *is, const struct type *t, const struct value *v,
                                   struct json_out *j, struct err *e);
/* {"at", "words"}: degrees, and the address that was written beside them or instead. */
void systems_place_json(const char *key, const struct value *v, struct str address, struct json_out *j);
/* 950.00: digits with the places of its type. */
struct str systems_number(const struct system_run *x, const struct type_said *is, const struct value *v);
/* A clock or a round of a record, for flow_clock_field and flow_round_field. */
const struct flow_thing *systems_part(struct system_run *x, enum flow_thing_kind kind, const struct flow_row *row,
                                      struct str name);
/* Is the act a start act? */
bool systems_is_start(const struct act *a);
#endif
