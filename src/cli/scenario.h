/* The player of stories (declarations.md, chapter Stories): reads scenario.yaml, plays it over HTTP against a real server, and says
 * what came otherwise than expected. Nothing passes by default: a key of `expect` that is not known, an answer that does not come,
 * a part of the API that is not there, each is a failure of its step.
 *
 *   cmd_scenario.c       the command: folders, options, the sum of it all
 *   scenario_stage.c     store, server and clock              scenario_http.c    requests
 *   scenario_play.c      one story from its start to its end  scenario_steps.c   the verbs
 *   scenario_names.c     names into ids, inputs               scenario_where.c   conditions over what the server answered
 *   scenario_expect.c    what is expected of a record         scenario_around.c  and of what lies around it
 *   scenario_twice.c     together, crash, replay, examples    scenario_cover.c   what was never touched
 *   scenario_message.c   messages of other bodies
 *   scenario_report.c    failures for people, JSON            scenario_page.c    the run as a page */
#ifndef CLI_SCENARIO_H
#define CLI_SCENARIO_H
#include "base/yaml.h"
#include "cli/cli.h"
#include "cli/scenario_http.h"
#include "cli/scenario_stage.h"
#include "declare/calendar.h"
#include "declare/package.h"

enum { NOBODY = -1 };

typedef VEC(struct str) str_vec;

/* ---- what came of it ---- */

enum step_verdict { STEP_PASSED, STEP_FAILED, STEP_NOT_YET, STEP_LEFT_OUT };
struct miss { /* expected, got; why may be empty */
  struct str expected, got, why;
};
struct step_result {
  struct str no; /* 21; 3.2 inside another step */
  struct str file;
  int line;
  struct str say, who, what; /* what: `do hazard.report {…}` */
  struct str needs;
  enum step_verdict verdict;
  int64_t at_us; /* the story's moment */
  VEC(struct miss) misses;
};
typedef VEC(struct step_result *) step_results; /* results do not move */
struct story_result {
  struct str file, title, engine;
  step_results steps;
  struct str broken; /* why it could not be played at all; empty = it was */
  int64_t ms;        /* that it took */
  int passed, failed, not_yet;
};

/* ---- a story being played ---- */

struct player {                    /* an actor */
  const struct story_actor *actor; /* NULL: public, without an account */
  struct str name;
  struct browser browser;
  bool signed_in;
  VEC(struct str) notices; /* ids of notices that an earlier step relied on */
};
struct kept_input {
  struct str field, text; /* as the story wrote it, for `shows` and `hides` */
};
struct named { /* a record with a name in the story */
  struct str name, system, record, id, number, lookup;
  int witness; /* who saw it last; NOBODY */
  VEC(struct kept_input) inputs;
};
struct party { /* another body, with the key that it was given */
  struct str name, id, secret;
};
struct sent { /* the last change, for replay */
  int who;
  struct http_ask ask;
  struct http_reply reply;
  bool is;
};
struct touch { /* for coverage */
  struct str code, at, says;
};
struct coverage { /* of all stories of a package: "act visit.note", "check visit.has_due" … */
  struct arena *mem;
  str_vec touched;
};
struct play_options {
  int step;          /* play to this step and stop; 0 = all */
  int interleavings; /* of `together` */
  int64_t seed;
};
struct play {
  struct arena *mem;
  enum lang lang;
  const struct play_options *options;
  const struct package *packages; /* first its own, then those it uses */
  size_t package_count;
  struct str file;
  struct yaml *root;
  struct scene *stage;
  story_actors actors;
  VEC(struct player) players;
  VEC(struct named *) records;
  VEC(struct yaml *) defined; /* `define` and `let`: key and value */
  VEC(json_t *) answers;      /* owned; dropped at the end */
  VEC(struct touch) refusals; /* that the server gave */
  struct sent last;
  VEC(struct party) parties;
  int requests, files;
  struct story_result *result;
  struct coverage *coverage;
  /* Who talks to the server: http_send, or a test. */
  bool (*send)(struct play *p, struct browser *b, const struct http_ask *ask, struct http_reply *out, struct err *e);
};
struct step { /* one step while it is played */
  struct play *p;
  const struct yaml *y;
  struct step_result *r;
  int who; /* whose step it is; NOBODY */
  const struct yaml *expect;
  struct http_reply reply;
  struct named *record; /* that was made, acted on or seen */
  json_t *rows;         /* of a list; borrowed */
  bool replayed;
  bool is_opening; /* sealed fields were read: they stand in the answer alone */
};

/* ---- scenario_play.c ---- */

/* Plays the story whose text is in `file` of the first package. What goes wrong is in the result. */
void play_story(struct play *p);
void play_end(struct play *p);
/* Steps one after the other; `outer` is the number of the step they stand in, empty at the top. */
void play_steps(struct play *p, const struct yaml *list, struct str outer);
void play_one(struct play *p, const struct yaml *step, struct str no);
/* Another miss; the step has failed. Texts live in p->mem. */
void step_miss(struct step *s, struct str expected, struct str got, struct str why);
void step_miss_msg(struct step *s, int msg, const char *hole, struct str value, struct str got);

/* ---- asking (scenario_ask.c) ---- */

int player_called(const struct play *p, struct str name); /* NOBODY: no such actor */
/* Signed in first, and again when the session is over. False: no answer came. */
MUST_CHECK bool play_ask(struct play *p, int who, struct http_ask *ask, struct http_reply *out, struct err *e);
MUST_CHECK bool play_get(struct play *p, int who, struct str path, struct http_reply *out, struct err *e);
/* A change with a key of its own. */
MUST_CHECK bool play_post(struct play *p, int who, struct str path, json_t *body, struct str rev,
                          struct http_reply *out, struct err *e);
MUST_CHECK bool play_sign_in(struct play *p, int who, struct err *e);
const char *reply_code(const struct http_reply *r); /* "guard"; "" for none */
struct str reply_at(const struct http_reply *r);    /* the field that a refusal is about; empty for none */
json_t *reply_data(const struct http_reply *r);     /* NULL = none */
struct str reply_shown(struct play *p, const struct http_reply *r);
/* The record as this actor sees it; NULL: not at all. */
json_t *record_seen_by(struct play *p, int who, struct named *n, struct http_reply *out);
/* As anybody sees it: the one who saw it last first. */
json_t *record_seen(struct play *p, struct named *n);
/* All rows of a list as the actor sees them; NULL: refused, see *out. The array is owned by p. */
json_t *list_seen(struct play *p, int who, struct str system, struct str record, struct http_reply *out);

/* ---- messages (scenario_message.c) ---- */

/* At the start of a story: a key for each body that sends its system messages. */
MUST_CHECK bool parties_begin(struct play *p, struct err *e);
/* Sends it with this body (taken over), signed; the answer is in s->reply. */
MUST_CHECK bool message_send(struct step *s, const struct message *m, json_t *body, struct err *e);
void expect_messages(struct step *s, const struct yaml *y);

/* ---- names (scenario_names.c) ---- */

const struct system *system_called(const struct play *p, struct str name);
const struct record *record_called(const struct play *p, struct str system, struct str record);
struct named *named_called(const struct play *p, struct str name);
struct named *name_record(struct play *p, struct str name, struct str system, struct str record, struct str id);
struct str unit_id(const struct play *p, struct str name);   /* empty: none is called so */
struct str person_id(const struct play *p, struct str name); /* of an actor */
/* `order.register`, `rectify.order.raise`, `a.close`, `a.joint`: what stands before the last point, and what behind. */
struct aim {
  struct str system, record, word; /* word: the act, the round … */
  struct named *named;             /* NULL: a record type */
};
MUST_CHECK bool target_read(const struct play *p, struct str text, struct aim *out);
/* A text of the story: `a.number` is that record's, a defined word what it stands for. */
struct str text_meant(struct play *p, struct str text);
const struct yaml *node_meant(struct play *p, const struct yaml *y);
struct input_types { /* where types of inputs come from */
  const struct system *system;
  const struct record *record;
  const struct act *act;
  const struct round *round;
  const struct message *message;
  enum type_word party; /* of whom a round asks: unit or person; 0: none is asked for */
};
/* Inputs as the API takes them, flat. Files are uploaded by `who`; with out_files the body has their names, and the fields that
 * hold them are listed: a form of the public carries them along. keep: notes what was given (may be NULL). */
MUST_CHECK bool inputs_make(struct play *p, int who, const struct input_types *types, const struct yaml *with,
                            struct named *keep, str_vec *out_files, json_t **out, struct err *e);
struct str file_bytes(struct play *p, struct str name); /* a small file that begins as its ending says */

/* ---- comparing (scenario_expect.c, scenario_around.c) ---- */

bool value_fits(struct play *p, const json_t *got, const struct yaml *expected);
struct str json_shown(struct play *p, const json_t *j);
struct str yaml_shown(struct play *p, const struct yaml *y);
struct str json_text(const json_t *j); /* of a JSON string; empty else. Borrowed */
/* All keys of `expect`. */
void expect_all(struct step *s);
void expect_refused(struct step *s, const struct yaml *refused, const struct http_reply *r);
/* Keys about what is not a record: notices, measures, log, chain …; false: it does not know the key. */
bool expect_around(struct step *s, const struct yaml *key);
/* Is it one of the keys that wait for the plan's ledger and the bulletin? */
bool is_later(struct str key);

/* ---- conditions (scenario_where.c) ---- */

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN, TRUTH_NO_SENSE };
/* Over one record as JSON (NULL: only named records may be spoken of). TRUTH_NO_SENSE: it cannot be judged here; *why says. */
enum truth where_holds(struct play *p, const json_t *record, struct str text, struct str *why);

/* 2026-03-09 10:00, or +2 workdays from now. */
bool story_moment(struct str text, int64_t now_us, int64_t *out);
void step_clock(struct step *s, struct str text);

/* ---- verbs (scenario_steps.c, scenario_twice.c) ---- */

void step_verb(struct step *s, const struct yaml *verb);
void verb_do(struct step *s, const struct yaml *verb);
void verb_together(struct step *s, const struct yaml *verb);
void verb_replay(struct step *s, const struct yaml *verb);
void verb_repeat(struct step *s, const struct yaml *verb);
void verb_run(struct step *s, const struct yaml *verb);
void verb_sweep(struct step *s, const struct yaml *verb);
void verb_crash(struct step *s, const struct yaml *crash);
/* The request of a `do`, ready to be sent. False: a miss was told. */
struct prepared_do {
  struct aim t;
  const struct act *act; /* NULL: an act that the declaration lacks, or a keeper's */
  struct str path, rev;
  json_t *body;        /* owned by p->answers */
  struct named *fresh; /* for inputs of a record that is being started */
};
MUST_CHECK bool do_prepare(struct step *s, const struct yaml *verb, struct prepared_do *out);
void do_done(struct step *s, const struct prepared_do *d);

/* ---- reports ---- */

/* Notes what the story's events and refusals touched. */
/* A path that was asked for: a figure, a public page. */
void cover_path(struct play *p, struct str path);
void cover_story(struct play *p);
/* What of the declaration no story touched, as hints (Z009). */
void cover_untouched(const struct coverage *c, const struct system *s, str_vec *out);
struct run_result { /* of one package */
  struct str dir, digest;
  const struct system *system;
  VEC(struct story_result) stories;
  str_vec untouched;
};
typedef VEC(struct run_result) run_results;
/* how: ends of the line by which a step is played again, behind `--step N`. */
void report_text(struct cli *cli, const struct run_result *r, struct str how, struct buf *out);
void report_json(const struct run_result *r, struct json_out *j);
MUST_CHECK bool report_page(struct cli *cli, const run_results *all, struct buf *out, struct err *e);
const char *verdict_word(enum step_verdict v); /* "passed" */
#endif
