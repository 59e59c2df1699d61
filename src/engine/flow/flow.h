/* Systems at work: packages that were loaded and checked, their records in real tables, and the one way to change a record, an
 * act. What a declaration says is in struct system; here stands what running it needs besides.
 *
 *   flow_load            packages -> struct flow, never changed afterwards: many threads read it
 *   flow_install         tables for what is declared (tables_store.c)
 *   flow_begin           a run: one session of the store, one moment, one person; keeps what it has read
 *   flow_row, flow_eval  a record and its fields; expressions about it (row_store.c, env_store.c)
 *   flow_act             one act, whole or not at all (act_store.c), its effects (effects_store.c), rounds, clocks, what
 *                        follows in computed fields (settle_store.c)
 *
 * Rights are not decided here: the program hands in how (struct flow_host), so that the condition of a list is the condition
 * of an act. */
#ifndef ENGINE_FLOW_FLOW_H
#define ENGINE_FLOW_FLOW_H
#include "declare/calendar.h"
#include "declare/eval.h"
#include "declare/typed.h"

struct paper_template;

struct store;

/* ---- what is loaded ---- */

enum flow_place {
  FLOW_COLUMN, /* one column of the record's table */
  FLOW_SPAN,   /* two: from, to (microseconds) */
  FLOW_POINT,  /* three: latitude, longitude (1e-7 degrees), words of the address */
  FLOW_SIDE,   /* a table of its own (tenant, owner, seq, value): sets and files */
  FLOW_ROWS,   /* a table of its own (tenant, owner, seq, columns): rows of the form */
  FLOW_SEALED, /* a cell in RECORD__sealed (tenant, owner, field, compartment, cell); also of rows, see sealed.h */
  FLOW_LIVE    /* nowhere: worked out when it is read */
};
struct flow_field {
  const struct field *field;
  struct str name;
  struct type type;
  enum flow_place place;
  struct str column[3];  /* as the place says */
  struct str side;       /* table of FLOW_SIDE, FLOW_ROWS */
  char kind;             /* of its column: s text, i integer */
  enum class_said class; /* what it is at least: phone is personal; rows are what their most secret column is */
  bool is_computed, is_once;
  struct flow_field *rows; /* columns of rows */
  size_t row_count;
};
static inline bool flow_is_rows(const struct flow_field *f) { return f->field->is.type == TYPE_rows; }
struct flow_system;
struct flow_record;
struct flow_asking { /* a round, and the fields of its answers */
  const struct round *round;
  const struct flow_record *record;
  struct flow_field *fields;
  size_t count;
};
struct flow_measure;
struct flow_record {
  const struct record *record;
  struct flow_system *system;
  struct str name;                /* "pairs.visit": of events, rights, clocks */
  struct str table;               /* "pairs_visit" */
  VEC(struct flow_field) fields;  /* as record->fields */
  VEC(struct flow_asking) rounds; /* as record->rounds */
  struct str area; /* column for the area of `belongs` (migration 015); empty: it belongs to nobody, or to several */
  struct type type;
  struct flow_walks *walks; /* computed fields that read it; NULL = none */
  struct flow_field *from;  /* what a change of a register with versions asks besides: since when; NULL = it has none */
};
#define FLOW_FROM STR("from")
struct flow_system {
  const struct system *system;
  struct package package;
  struct typed *typed;     /* types, tables, expressions read later */
  struct str name, digest; /* digest of its files, for what is installed */
  VEC(struct flow_record) records;
  VEC(struct flow_measure) measures; /* measure.h */
  struct paper_template *papers;     /* as system->papers, read */
};
struct flow_holes { /* of a text with holes: their expressions */
  const char *at;   /* where the text stands in the declaration */
  const expr_words *holes;
};
struct flow {
  struct arena *mem;
  const struct units *units;
  const struct calendar *calendar;
  bool is_draft;                     /* being written: what changes need not have a greater version */
  VEC(struct flow_system *) systems; /* in the order of `uses`: what others need comes first */
  VEC(struct flow_holes) texts;      /* by `at` */
};
/* Takes packages that were loaded (package_load, package_built_in), checks them alone and against one another. False: faults were
 * told (told->errors), or *e. All of it lives in mem; what the packages hold must live as long. reader: how units are found by their
 * names in tables. */
MUST_CHECK bool flow_load(struct arena *mem, const struct world *w, const struct value_reader *reader,
                          struct package *packages, size_t count, struct faults *told, struct flow *out, struct err *e);
struct flow_system *flow_system(const struct flow *f, struct str name);              /* NULL = there is none */
struct flow_record *flow_record(const struct flow *f, struct str system_and_record); /* "pairs.visit" */
struct flow_record *flow_record_in(const struct flow_system *s, struct str record);
struct flow_record *flow_record_of(const struct flow *f, const struct record *r);
struct flow_field *flow_field(const struct flow_record *r, struct str name); /* a declared one; NULL = none */
/* How people call an input of an act that is no field: its label, else that of the field of this name, else the name. */
struct str flow_taken_label(const struct flow_record *r, const struct named_type *taken);
struct str flow_state_label(const struct flow_record *r, struct str state);
struct str flow_code_label(const struct flow_system *s, struct str list, struct str code);

/* ---- tables ---- */

/* The steps of DDL that make a system's tables, in order; and those that lead from what is there to it. Pure. */
typedef VEC(struct str) flow_steps;
void flow_tables(struct arena *mem, const struct flow_system *s, flow_steps *out);
/* Is there an index by this field's column (tenant, column, id)? Lists are put in order and asked by such fields alone. */
bool flow_is_found_by(const struct flow_record *r, const struct flow_field *f);
/* Inside an act: makes the tables of each system that has none yet, changes those of a new version, notes what is installed and that its
 * records are still to come along (engine/flow/upgrade.h, which is what a program calls). Refuses a lower version than the one
 * installed, and a change that `system diff` refuses (ERR_CONFLICT, saying which). */
MUST_CHECK bool flow_install(const struct flow *f, struct store *tx, int64_t now_us, struct err *e);

/* ---- a run ---- */

enum flow_by { FLOW_BY_PERSON, FLOW_BY_PUBLIC, FLOW_BY_CLOCK, FLOW_BY_SYSTEM };
struct flow_run;
/* What the program decides and does for the engine. `session` is the run's own. */
struct flow_host {
  void *arg;
  /* May the run's person do the act on this record, which is in its table: sight and `who`? Writes *out; a person who does not
   * even see it: *out_seen false. */
  bool (*may)(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act, bool *out,
              bool *out_seen, struct err *e);
  /* Tells a person, see run->tell_us; `link` is an address of ours. */
  bool (*notify)(void *arg, struct flow_run *run, struct str person, struct str text, struct str link, struct err *e);
  /* Does the run's person see this record at all? NULL: everything. */
  bool (*sees)(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, bool *out, struct err *e);
};
/* What was done to a record, oldest first: its rows in table flow_act, and the act that is being done from the moment when its
 * target state is chosen. */
struct flow_deed {
  int64_t n, at_us;
  struct str act, person, instead_of, from, to;
};
typedef VEC(struct flow_deed) flow_deeds;
enum flow_thing_kind {
  FLOW_RECORD,
  FLOW_ROW_OF,
  FLOW_UNIT,
  FLOW_PERSON,
  FLOW_FILE,
  FLOW_CLOCK,
  FLOW_ROUND,
  FLOW_VALUES
};
struct flow_row;
/* What value.thing.at points to. Two values are the same thing when their numbers are: a hash of kind, record and id. */
struct flow_thing {
  enum flow_thing_kind kind;
  int64_t no;
  struct str id;                    /* of records, units, people, files; of clocks and rounds: their name */
  const struct flow_record *record; /* of records, clocks, rounds, rows */
  struct flow_row *row;             /* of records once read */
  flow_deeds *deeds;                /* of records once read */
  const struct flow_thing *of;      /* clocks, rounds, rows: of which record */
  const struct flow_field *columns; /* FLOW_ROW_OF: what its values are; FLOW_VALUES (takes, message, answers): NULL */
  const struct str *names;          /* FLOW_VALUES: names of the values */
  struct value *values;             /* FLOW_ROW_OF, FLOW_VALUES */
  size_t value_count;
};
/* A record in memory. Missing fields are missing values; sets are sets. */
struct flow_row {
  const struct flow_record *record;
  struct str id, number, lookup, state; /* state empty: it is being started, or the record has none */
  int64_t rev, created, changed;        /* rev 0: it is not in its table yet */
  struct str creator;                   /* person; empty = none */
  bool ended;
  struct date ended_on;
  struct value *fields; /* as record->fields; those not read yet: see read */
  struct str *words;    /* of places: the address; else empty */
  bool *read;           /* sets, rows and sealed fields are read when first asked for */
  bool *changed_field;  /* since it was read: to be written */
};
struct flow_bound {
  struct str name;
  struct value value;
};
struct flow_run {
  const struct flow *flow;
  struct store *session;
  struct arena *mem;
  const struct flow_host *host;
  int64_t now_us;   /* the moment of everything in it */
  int64_t known_us; /* of its events: the same, unless a level of a clock is caught up */
  int64_t tell_us;  /* people are called about what it tells them from then on; 0 = at once */
  enum lang lang;
  enum flow_by by;
  struct str person;          /* whose act it is; empty: of the clock, the system, the public */
  struct str instead_of;      /* whose post it is done in; empty: one's own */
  struct str actor;           /* as events name them */
  struct str purpose;         /* stated for reading sensitive fields */
  struct eval_notes *notes;   /* of the act that is being done: rows of tables that decided; NULL = none are kept */
  int depth;                  /* of acts that acts do */
  struct flow_later *later;   /* acts that are to be done when the one that is being done is over */
  struct flow_things *things; /* private */
};
void flow_begin(struct flow_run *run, const struct flow *f, struct store *session, struct arena *mem,
                const struct flow_host *host, int64_t now_us);
/* The thing of this kind and id, made when it is new; of FLOW_VALUES and FLOW_ROW_OF each is new. */
struct flow_thing *flow_thing(struct flow_run *run, enum flow_thing_kind kind, const struct flow_record *record,
                              struct str id);
struct value flow_thing_value(const struct flow_thing *t);
struct flow_thing *flow_thing_of(const struct value *v); /* of a VALUE_THING that is not a row of a table */

/* ---- rows (row_store.c) ---- */

/* Reads a record once in a run; *out NULL when there is none. Sight is not asked. */
MUST_CHECK bool flow_row(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_row **out,
                         struct err *e);
/* One of its fields: read when it was not, worked out when it is live. i: index of the field. */
MUST_CHECK bool flow_row_field(struct flow_run *run, struct flow_row *row, size_t i, struct value *out, struct err *e);
void flow_row_set(struct flow_row *row, size_t i, struct value v); /* in memory */
/* A new one in memory, with an id. */
struct flow_row *flow_row_new(struct flow_run *run, const struct flow_record *r);
/* Writes it: INSERT when rev is 0, else what changed, if the row in the table has still this rev (ERR_CONFLICT). rev + 1. */
MUST_CHECK bool flow_row_write(struct flow_run *run, struct flow_row *row, struct err *e);
/* Ids of the records for which all equalities hold (fields with one column, or state, number, id), by id; at most `most`. */
MUST_CHECK bool flow_rows_where(struct flow_run *run, const struct flow_record *r, const struct equality *equal,
                                size_t count, size_t most, struct str **out, size_t *out_n, struct err *e);
/* The record that a ref or refs field points to, of this package or another; NULL when that is not loaded. */
const struct flow_record *flow_referred(const struct flow *f, const struct flow_field *field);

MUST_CHECK bool flow_deeds_of(struct flow_run *run, const struct flow_record *r, struct str id, flow_deeds **out,
                              struct err *e);

/* ---- expressions (env_store.c) ---- */

/* What an expression may speak of besides the record. All may be NULL. */
struct flow_about {
  const struct flow_system *system; /* of the expression; NULL: that of self */
  struct flow_row *self;
  struct flow_row *before;            /* `before` */
  struct flow_thing *takes, *message; /* without self, bare names are those of the message */
  struct flow_thing *answers;         /* the round (FLOW_ROUND) whose answers they are */
  const struct flow_thing *element;   /* bare names are the fields of this row of a form instead of self's */
  const struct flow_bound *bound;     /* by each … as */
  size_t bound_count;
};
MUST_CHECK bool flow_eval(struct flow_run *run, const struct flow_about *about, const struct expr *x,
                          struct eval_notes *notes, struct value *out, struct err *e);
/* Does the condition hold (yes), is it refused (no)? An absent one holds. */
MUST_CHECK bool flow_holds(struct flow_run *run, const struct flow_about *about, const struct expr_word *x, bool *out,
                           struct err *e);
/* A text with holes, `{number}：{clock(sign).due}`, as people read it. */
MUST_CHECK bool flow_text(struct flow_run *run, const struct flow_about *about, const struct word *text,
                          struct str *out, struct err *e);
/* A value of this type as people read it: labels of codes, names of units and people, 2026-03-02, 1,234.50元; "" when missing. */
MUST_CHECK bool flow_show(struct flow_run *run, const struct flow_system *s, const struct type *t,
                          const struct value *v, struct str *out, struct err *e);
/* What a form or the API sends as a field's text, read by its type; ERR_INVALID names the field and says its label. Units, people, records and files
 * are ids that must be there (a person of a role must hold it; a unit be of its kind). */
MUST_CHECK bool flow_read(struct flow_run *run, const struct flow_system *s, struct str name, struct str label,
                          const struct type_said *is, const struct type *t, struct str said, struct value *out,
                          struct err *e);
/* What an answer or a version was kept as, and its event says, as a value again. */
struct value flow_words_value(struct flow_run *run, const struct flow_field *f, struct str said);
/* Persons whom a term of `who` or of notify.to names for this record: holders of the role whose scope covers it, at the unit of a
 * field, the persons in a field, the creator. */
MUST_CHECK bool flow_persons(struct flow_run *run, const struct flow_about *about, struct str term, struct str **out,
                             size_t *out_n, struct err *e);

/* ---- acts (act_store.c) ---- */

struct flow_input {
  struct str name;
  struct value value;
  struct str words; /* of a place: its address */
};
struct flow_ask {
  const struct flow_record *record;
  struct str act;
  struct str id; /* empty: a start act */
  const struct flow_input *inputs;
  size_t input_count;
  int64_t rev;        /* that the person saw; 0 = whatever it is */
  struct str key;     /* the same request sent again gives the first answer; empty = none */
  struct str back_to; /* state chosen for `to: back` */
  bool is_confirmed;  /* warnings of checks were read */
};
struct flow_done {
  struct str id, number, lookup, state;
  int64_t rev, seq;
  bool is_replayed;
  VEC(struct str) warnings; /* checks of level warn that were confirmed */
};
/* Inside store_write. Refuses with the codes of the API: not_found, forbidden, guard, conflict, invalid (naming the field),
 * exclusive, duplicate, too_many. Nothing is left when it refuses. */
MUST_CHECK bool flow_act(struct flow_run *run, const struct flow_ask *ask, struct flow_done *out, struct err *e);
/* May it be asked for now, and if not why: for pages. code ERR_NONE: yes. Never refuses for inputs, which are not there. */
struct flow_can {
  const struct act *act;
  enum err_code code;
  struct str says;
};
typedef VEC(struct flow_can) flow_cans;
MUST_CHECK bool flow_can_do(struct flow_run *run, const struct flow_record *r, struct flow_row *row,
                            const struct act *a, struct flow_can *out, struct err *e);
MUST_CHECK bool flow_can(struct flow_run *run, const struct flow_record *r, struct flow_row *row, flow_cans *out,
                         struct err *e);

/* ---- what an act sets going; called by act_store.c and the scheduler ---- */

struct flow_step { /* an act that is being done */
  struct flow_run *run;
  struct flow_about about;      /* the draft is self */
  const struct act *act;        /* NULL: a level of a clock, a message */
  const struct flow_record *of; /* without a self: some record of the system whose message it is */
  struct str from;              /* state it was in; empty at the start */
  int64_t seq;                  /* of its event, once it is written */
  size_t deed;                  /* its place among the deeds of the record */
  struct flow_done *done;
  struct value
      *coming; /* what fields of a register will be from another day on, as its event says it; NULL = nothing */
  struct date from_day;           /* and from which day */
  const struct flow_record *made; /* without a self: of which record `done` is, the first that was made or acted on */
  bool *touched; /* fields that effects have changed and that are written already: they belong to the event too */
};
MUST_CHECK bool flow_effects(struct flow_step *s, const effects *list, struct err *e); /* effects_store.c */
/* Clocks start, stop, pause, go on, and follow their `until`, after the draft has taken its state. clock_store.c */
MUST_CHECK bool flow_clocks(struct flow_step *s, struct err *e);
/* What the clocks of a record follow was worked out anew because of another record: its `until`, its condition of standing still. */
MUST_CHECK bool flow_clocks_follow(struct flow_run *run, struct flow_row *row, struct err *e);
/* All of a record stop now: it ends otherwise than by an act of its own. */
MUST_CHECK bool flow_clocks_end(struct flow_run *run, const struct flow_row *row, struct err *e);
MUST_CHECK bool flow_clock_extend(struct flow_step *s, const struct effect_extend *x, struct err *e);
/* .due .left .over .used .paused .running of a record's clock; one never started has them too. */
MUST_CHECK bool flow_clock_field(struct flow_run *run, const struct flow_thing *clock, struct str name,
                                 struct value *out, struct err *e);
/* The same for pages; a clock that was never started has a reading too (engine/flow/clock.h). */
struct clock_reading;
void flow_clock_part(const struct clock_reading *x, struct str name, struct value *out); /* .due .left … of it */
MUST_CHECK bool flow_clock_read(struct flow_run *run, const struct flow_record *r, struct str id,
                                const struct clock *said, struct clock_reading *out, struct err *e);
/* What comes while it runs, in the order of the moments; nothing when it does not run. */
struct flow_rung {
  const struct clock_level *level;
  int64_t at_us;
};
typedef VEC(struct flow_rung) flow_ladder;
MUST_CHECK bool flow_clock_ladder(struct flow_run *run, const struct flow_record *r, struct str id,
                                  const struct clock *said, flow_ladder *out, struct err *e);
/* Tasks that wait for the state which was entered. effects_store.c */
MUST_CHECK bool flow_follow(struct flow_step *s, struct err *e);
/* This record ends as merged into another; its files, people and sets go over. merge_store.c */
MUST_CHECK bool flow_merge(struct flow_step *s, const struct flow_thing *into, struct err *e);
/* How secret it is: the highest class of what its template can show. paper_class.c */
enum class_said flow_paper_class(const struct flow_record *r, const struct paper_template *t);
/* Makes a paper and keeps it as it is. paper_store.c */
MUST_CHECK bool flow_paper(struct flow_step *s, struct str paper, struct err *e);
/* Rounds. rounds_store.c */
MUST_CHECK bool flow_round_open(struct flow_step *s, struct str round, struct err *e);
MUST_CHECK bool flow_round_field(struct flow_run *run, const struct flow_thing *round, struct str name,
                                 struct value *out, struct err *e);
/* Computed fields of this record and of all that read it, in the same transaction. settle_store.c */
MUST_CHECK bool flow_settle_self(struct flow_run *run, struct flow_row *row, bool at_start, struct err *e);
MUST_CHECK bool flow_settle_others(struct flow_run *run, const struct flow_row *row, const struct flow_row *before,
                                   struct err *e);

/* Facts of measures, at the end of an act: of its own record; of one that changed otherwise (a clock is over, a computed field
 * followed). facts_store.c, measure.h */
MUST_CHECK bool flow_facts(struct flow_step *s, struct err *e);
MUST_CHECK bool flow_facts_touch(struct flow_run *run, const struct flow_record *r, struct str id, struct err *e);
#endif
