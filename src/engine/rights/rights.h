/* Who may see and do what: roles x records x scope words x compartment x purpose x class, as declared, turned into one
 * condition that reads, writes, exports, searches and counts all use. Pure: what a person holds today is handed in, what
 * comes out is a condition in SQL with places for values, and the streams by which a list is found fast.
 *
 * The language is that of system packages (roles, sees, privacy): a role sees a record by one word, a person holds roles
 * at units by posts. What nobody declared nobody may: a missing role, record, word or class gives an empty condition.
 * Choice of tables and plans: docs/decisions/0011-rights.md. */
#ifndef ENGINE_RIGHTS_RIGHTS_H
#define ENGINE_RIGHTS_RIGHTS_H
#include "base/err.h"
#include "base/vec.h"

/* From nothing to everything. */
#define RIGHTS_WORDS(X) X(none) X(about) X(asked) X(mine) X(unit) X(below) X(all)
enum rights_word {
#define X(word) RIGHTS_##word,
  RIGHTS_WORDS(X)
#undef X
      RIGHTS_WORD_COUNT
};
#define RIGHTS_CLASSES(X) X(open) X(inner) X(personal) X(sensitive) X(sealed)
enum rights_class {
#define X(word) RIGHTS_CLASS_##word,
  RIGHTS_CLASSES(X)
#undef X
      RIGHTS_CLASS_COUNT
};
const char *rights_word_name(enum rights_word w);
const char *rights_class_name(enum rights_class c);

/* ---- what is declared ---- */

/* `where`: tests joined by `and`. A comparison with a missing value is unknown, and only yes counts. */
enum rights_op { RIGHTS_IN, RIGHTS_NOT_IN, RIGHTS_MISSING, RIGHTS_PRESENT, RIGHTS_YES, RIGHTS_NO };
struct rights_test {
  struct str field;
  enum rights_op op;
  VEC(struct str) values; /* codes */
};
typedef VEC(struct rights_test) rights_where;

struct rights_sees {
  struct str record;
  enum rights_word word;
  rights_where where;
  struct str says; /* `where` as it was written */
};
struct rights_role {
  struct str name, label;
  VEC(struct str) at; /* kinds of units */
  VEC(struct rights_sees) sees;
};
/* A field that holds units or persons; `many` = in a table of its own: RECORD__FIELD (tenant, owner, value), or one that
 * the declaration of a kernel record names (`link`): which columns are owner and value, whether its rows hold from from_day
 * until until_day, and of which role they are or are not. `on`: the column of the record that the owner is compared with. */
struct rights_link {
  struct str table, owner, value;
  struct str on;             /* empty = id */
  struct str role, not_role; /* empty = any */
  bool dated;
};
struct rights_column {
  struct str name;
  bool many;
  struct rights_link link; /* of many */
  struct str area;         /* column of the row's area (migration 015); empty = none */
};
typedef VEC(struct rights_column) rights_columns;
struct rights_field {
  struct str name;
  enum rights_class class;
  bool many;
  struct rights_link link;
  struct str area;
};
/* Who may do an act: one fitting term is enough. */
enum rights_who_kind { RIGHTS_ROLE, RIGHTS_ROLE_AT, RIGHTS_SELF_AT, RIGHTS_CREATOR, RIGHTS_NOT_A_PERSON };
struct rights_who {
  enum rights_who_kind kind;
  struct str role, field;
};
struct rights_act {
  struct str name;
  VEC(struct rights_who) who;
};
struct rights_record {
  struct str name, label, table;
  rights_columns units;    /* belongs first, then shared */
  rights_columns persons;  /* fields, and the creator */
  struct str creator;      /* column; empty = none */
  struct str about;        /* column of the data subject; empty = none */
  VEC(struct str) offices; /* kinds of units that act for the one they are a part of */
  VEC(struct rights_field) fields;
  VEC(struct rights_act) acts;
};
struct rights_opens { /* who may read a class, for what */
  VEC(struct str) to;
  struct str purpose;
};
struct rights_model {
  struct str system, compartment; /* compartment empty = none */
  VEC(struct rights_role) roles;
  VEC(struct rights_record) records;
  VEC(struct str) purposes;
  struct rights_opens opens[RIGHTS_CLASS_COUNT];
};
/* Reads `system`, `roles`, `records` and `privacy` of a declaration; other sections are for others. Refuses, with line and
 * column: unknown words, classes, roles, records and fields, a `where` that is not of the simple form, and a word that
 * can never hold because the record has no column for it. All texts live in mem or in `text`. */
MUST_CHECK bool rights_read(struct arena *mem, struct str name, struct str text, struct rights_model *out,
                            struct err *e);
const struct rights_record *rights_record(const struct rights_model *m, struct str name); /* NULL = not declared */
const struct rights_role *rights_role(const struct rights_model *m, struct str name);
/* `state != .draft and not ended`; places are counted from line and column. */
MUST_CHECK bool rights_where_read(struct arena *mem, struct str text, struct str file, int line, int column,
                                  rights_where *out, struct err *e);

/* ---- what a person holds today ---- */

struct rights_post {
  struct str id, role, title;
  struct str unit, unit_name, kind;
  struct str instead_of; /* the holder who is away, whose post this person acts in; empty = one's own */
};
struct rights_place {            /* a unit of a post, or one above it */
  struct str unit, kind, parent; /* parent empty = none */
};
struct rights_person {
  struct str id;
  struct str today;   /* ISO day */
  struct str purpose; /* stated for this reading; empty = none */
  VEC(struct rights_post) posts;
  VEC(struct rights_place) places; /* of more than one post, or of one at an office */
};
/* Where a post counts for records of this kind: its unit, or when that is an office the unit above that it acts for. */
struct str rights_seat(const struct rights_record *record, const struct rights_person *p,
                       const struct rights_post *post);

/* ---- the condition ---- */

/* Why something is seen: one role, one word, at these units. */
struct rights_grant {
  const struct rights_role *role;
  const struct rights_sees *sees;
  VEC(const struct rights_post *) posts; /* through which */
};
/* SQL over the alias r of the record's table; each @ is the place of the next value. */
struct rights_condition {
  struct str sql;
  VEC(struct str) values;
  bool never, always;
};
/* Where rows of a list can be had in order: rows whose column (or link) has one of these values. */
enum rights_source { RIGHTS_EVERY, RIGHTS_VALUES, RIGHTS_BELOW, RIGHTS_WARDS };
struct rights_stream {
  enum rights_source source;
  struct str column;              /* of the record's table; empty when a link or EVERY */
  struct str area;                /* of BELOW: the column by which its rows are had in larger pieces; empty = none */
  bool sifted;                    /* some of its rows are not seen: each is asked */
  const struct rights_link *side; /* the column's own table; NULL: round_party */
  struct str link, link_id;       /* a table (tenant, [record, role,] value, id) and its column of the record's id */
  struct str link_value;          /* its column of the value */
  struct str record, role;        /* of round_party; empty for a side table */
  VEC(struct str) values;         /* units or persons; of BELOW the tops */
  const rights_where *where;
};
struct rights_view {
  const struct rights_model *model;
  const struct rights_record *record;
  struct str person, today;
  VEC(struct rights_grant) grants;
  struct rights_condition seen;                      /* all grants */
  VEC(struct rights_stream) streams;                 /* of seen: a row of it is in at least one, and no other row */
  struct rights_condition class[RIGHTS_CLASS_COUNT]; /* rows whose fields of this class may be read */
};
/* What the person sees of a record and of the classes of its fields. Never fails: no right is an empty condition. A class
 * above inner is read only through a role that `opens` names, by the scope of that very role, sensitive only with the
 * purpose stated; sealed by no condition at all. Whoever filters, sorts or searches by a field uses the condition of its
 * class, else the answer would tell what must not be read. */
void rights_compile(struct arena *mem, const struct rights_model *m, const struct rights_record *record,
                    const struct rights_person *p, struct rights_view *out);
/* The part of `seen` that asks for nothing but this column: two rows with the same value in it are seen alike. */
void rights_compile_alike(struct arena *mem, const struct rights_view *v, const struct rights_person *p,
                          struct str column, struct rights_condition *out);
/* The condition of one grant alone, to say why. */
void rights_compile_grant(struct arena *mem, const struct rights_view *v, const struct rights_grant *g,
                          const struct rights_person *p, struct rights_condition *out);
/* Who may do an act on a record: sight and `who`. Empty for an act that is not declared. */
void rights_compile_act(struct arena *mem, const struct rights_view *v, const struct rights_person *p, struct str act,
                        struct rights_condition *out);
const struct rights_field *rights_field(const struct rights_record *r, struct str name); /* NULL = not declared */
/* The class of a field; RIGHTS_CLASS_sealed when it is not declared. */
enum rights_class rights_class_of(const struct rights_record *r, struct str field);
#endif
