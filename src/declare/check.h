/* The checks of system_check, private to src/declare. Each file adds faults of one kind; none depends on another's result. */
#ifndef DECLARE_CHECK_H
#define DECLARE_CHECK_H
#include "declare/read.h"

struct checker {
  struct faults *f;
  struct arena *mem;
  const struct system *s;
  const struct world *w;
};

/* The part of this name, or NULL: part_find(&s->roles, name). Every part begins with a struct head. */
const void *parts_find(const void *at, size_t len, size_t size, struct str name);
#define part_find(vec, name) ((__typeof__(&(vec)->at[0]))parts_find((vec)->at, (vec)->len, sizeof *(vec)->at, (name)))
/* The same, telling N003 with the nearest name when there is none. kind: MSG_declare_kind_… */
const void *parts_refer(struct checker *c, const void *at, size_t len, size_t size, struct word name, int kind);
#define part_refer(c, vec, word, kind) \
  ((__typeof__(&(vec)->at[0]))parts_refer((c), (vec)->at, (vec)->len, sizeof *(vec)->at, (word), (kind)))

bool words_have(const words *list, struct str text);
static inline bool is_yes(struct choice_word w) { return w.which == 1; }
struct fault *tell(struct checker *c, enum fault_code code, struct word at, const char *hole, struct str value);

/* `handler@lead`, `self@fixer`, `creator`, `public`, `clock`, `system`, `safety`. */
enum who_kind { WHO_ROLE, WHO_ROLE_AT, WHO_SELF_AT, WHO_CREATOR, WHO_PUBLIC, WHO_CLOCK, WHO_SYSTEM };
struct who_said {
  enum who_kind kind;
  struct str role, field;
};
struct who_said who_read(struct str term);
bool act_has(const struct act *a, enum who_kind kind);
bool act_by_person(const struct act *a); /* somebody, or anyone through a form */
bool act_by_itself(const struct act *a); /* a person or a clock */
/* The act that `do` means: of r itself when done on `this`, else the one record's that has an act of this name. NULL when there
 * is none, or *out_several: then only the type of `on` tells. out_r may be NULL. */
const struct act *act_done(const struct system *s, const struct record *r, const struct effect_do *x, bool *out_several,
                           const struct record **out_r);

/* The next {hole} of a text from byte *io_at on; *io_at moves behind its bracket. */
bool text_hole(struct str text, size_t *io_at, struct str *out);

/* Fields every record has without declaring them; TYPE_missing = none of them. */
enum type_word system_field(struct str name);
int system_field_label(struct str name); /* its text for people; 0 = none of them */
const struct field *field_find(const struct record *r, struct str name);
/* `phone`, or `question.phone` when the record is `question`; NULL: the record has none of that name. */
const struct field *field_said(const struct record *r, struct str said);
/* A reference that the record has from its start and never changes: no later act takes it, no effect sets it, no merging turns it. It leads
 * to what was there before. */
bool field_given_at_start(const struct system *s, const struct record *r, const struct field *f);
/* The one record whose fields an opening reads: the first that has its first field. NULL = none. */
const struct record *opening_record(const struct system *s, const struct opening *o);
/* The type of a field of the record, declared or of the system. */
enum type_word field_type(const struct record *r, struct str name);
bool is_unit_type(enum type_word t);
bool is_person_type(enum type_word t);
bool is_date_type(enum type_word t);

/* Every expression of a system, with the record it is about (NULL: none) — for checks that look at all of them. */
typedef void (*expr_visit)(void *arg, const struct record *r, const struct expr_word *x);
void system_exprs(const struct system *s, expr_visit visit, void *arg);
/* Every node of a tree, the outer ones first. */
typedef void (*node_visit)(void *arg, const struct expr *x);
void expr_walk(const struct expr *x, node_visit visit, void *arg);
/* Every effect of a list, those inside `each` among them. */
typedef void (*effect_visit)(void *arg, const struct effect *x);
void effects_walk(const effects *list, effect_visit visit, void *arg);

void system_check_names(struct checker *c);  /* check_names.c: N… of roles, lists, tables, records, fields */
void system_check_acts(struct checker *c);   /* check_acts.c: N… F… of acts and their effects */
void system_check_flow(struct checker *c);   /* check_flow.c: F001 F002 F010 F011 C001 */
void system_check_clocks(struct checker *c); /* check_clocks.c: C… R… */
void system_check_tables(struct checker *c); /* check_tables.c: T003 T004 */
void system_check_types(struct checker *c);  /* check_types.c, leaks.c: T… P001 P002 P003 P006 P008 X003 */
void system_check_around(struct checker *c); /* check_around.c: measures, messages, papers, public, privacy, ledger */
#endif
