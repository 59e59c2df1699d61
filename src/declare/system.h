/* A system as it was declared: the tree of struct system, filled from system.yaml by the tables of language.c. Every word
 * keeps its place. Names are not looked up here; system_check does that.
 *
 * To add a construct: a struct here, its keys in language.c, its checks in check_*.c; format, editors' schema and the
 * reference follow from the table. */
#ifndef DECLARE_SYSTEM_H
#define DECLARE_SYSTEM_H
#include "declare/expr.h"
#include "declare/faults.h"

struct yaml;

/* ---- values ---- */

struct word { /* a text with its place; text.at NULL = not written */
  struct str text;
  struct place at;
  int inset; /* characters between the place and the text: 1 behind a quotation mark */
};
static inline bool has_word(struct word w) { return w.text.at != NULL; }
typedef VEC(struct word) words;
struct number_word {
  struct word word;
  int64_t n;
};
struct choice_word { /* one of the words that the key allows */
  struct word word;
  int which; /* from 1; 0 = not written */
};
struct expr_word {
  struct word word;
  struct expr *tree; /* NULL = not written, or not to be read (a fault was told) */
};
typedef VEC(struct expr_word) expr_words;
static inline bool has_expr(const struct expr_word *x) { return has_word(x->word); }

/* Types of fields, keys of tables and inputs. */
#define TYPE_WORDS(X)                                                                                                  \
  X(text) X(code) X(flag) X(count) X(decimal) X(money) X(date) X(moment) X(time) X(span) X(duration) X(year) X(period) \
      X(choice) X(choices) X(unit) X(units) X(person) X(persons) X(phone) X(bank_account) X(id_number) X(credit_code)  \
          X(place) X(file) X(files) X(photos) X(signature) X(ref) X(refs) X(sheet) X(rows) X(range)
enum type_word {
  TYPE_missing,
#define X(word) TYPE_##word,
  TYPE_WORDS(X)
#undef X
      TYPE_WORD_COUNT
};
const char *type_word_name(enum type_word t);
enum { TYPE_UNIT_MAX = 24 }; /* bytes of a unit of measure */
struct type_said {           /* text(60), count(所), decimal(2, m²), choice(class), ref(pkg.record), units(5) */
  struct word word;
  enum type_word type;
  int64_t most;          /* text(n), units(n), files(n), photos(n), refs(r, n); 0 = not said */
  int places;            /* decimal(p, …) */
  struct str unit, name; /* count(unit), decimal(p, unit); choice(list), unit(kind), person(role), ref(record), … */
};

/* ---- what every named part begins with ---- */

struct head {
  struct word name;        /* its key; of an element of a list nothing */
  struct place at;         /* of what is said of it */
  const struct yaml *yaml; /* NULL: not written */
};

struct named_words { /* name: [words] */
  struct head head;
  words list;
};
struct named_expr { /* name: expression */
  struct head head;
  struct expr_word value;
};
typedef VEC(struct named_expr) named_exprs;
struct named_text { /* name: text */
  struct head head;
  struct word text;
};
typedef VEC(struct named_text) named_texts;
struct named_type { /* name: type */
  struct head head;
  struct type_said type;
  struct word label;
};
typedef VEC(struct named_type) named_types;

/* ---- roles, lists, tables ---- */

struct sees {
  struct head head; /* record */
  struct choice_word scope;
  struct expr_word where;
};
enum sees_scope { SEES_all = 1, SEES_below, SEES_unit, SEES_mine, SEES_asked, SEES_about, SEES_none };
struct role {
  struct head head;
  struct word label;
  words at;
  VEC(struct sees) sees;
};
struct list_item {
  struct head head; /* code */
  struct word label, until;
};
struct list {
  struct head head;
  struct word label, from;
  struct choice_word ordered;
  VEC(struct list_item) items;
};
struct table_row {
  struct head head;
  words cells;
};
struct table_version { /* earlier rows: since when, from where */
  struct head head;
  struct word since, source, file;
  VEC(struct table_row) rows;
};
enum table_hit { TABLE_ONE = 1, TABLE_FIRST, TABLE_ALL };
struct table {
  struct head head;
  struct word label, since, source, from, file;
  struct choice_word kind, hit; /* kind: words */
  named_types key, gives;
  VEC(struct table_row) rows;
  VEC(struct table_version) versions;
};

/* ---- records ---- */

enum class_said { CLASS_open = 1, CLASS_inner, CLASS_personal, CLASS_sensitive, CLASS_sealed };
struct field;
typedef VEC(struct field) fields;
struct field {
  struct head head;
  struct type_said is;
  struct word label, back, was, std, help, hint, source;
  struct choice_word need, once, class, unique, search, as_of;
  struct expr_word default_, value;
  struct number_word most; /* of rows */
  words key;               /* of rows */
  fields fields;           /* of rows */
};
struct check {
  struct head head;
  struct word id, says, at, source;
  struct expr_word must;
  struct choice_word level; /* warn */
};

struct effect;
typedef VEC(struct effect) effects;
struct effect_set_row {
  struct head head;
  struct word in;
  struct expr_word where;
  named_exprs set;
};
struct effect_create {
  struct head head;
  struct word record, act;
  named_exprs with;
};
struct effect_do {
  struct head head;
  struct word act;
  struct expr_word on;
  named_exprs with;
};
struct effect_each {
  struct head head;
  struct expr_word in;
  struct word as;
  struct choice_word batch;
  effects does;
};
struct effect_open {
  struct head head;
  struct word round;
};
struct effect_extend {
  struct head head;
  struct word clock;
  struct expr_word by, to;
};
struct effect_notify {
  struct head head;
  words to;
  struct word text;
  struct choice_word by; /* phone */
  expr_words holes;      /* of text, in their order; read by the check */
};
struct effect_task {
  struct head head;
  struct word title, kind, follows, into;
  struct expr_word unit, due, source;
  expr_words holes; /* of title */
};
struct effect_merge {
  struct head head;
  struct expr_word into;
};
struct effect { /* when, and exactly one of the others */
  struct head head;
  struct expr_word when;
  named_exprs set;
  struct effect_set_row *set_row;
  struct effect_create *create;
  struct effect_do *do_;
  struct effect_each *each;
  struct effect_open *open;
  struct effect_extend *extend;
  struct effect_notify *notify;
  struct effect_task *task;
  struct word paper;
  struct effect_merge *merge;
};

struct state {
  struct head head;
  struct word label, note;
  struct choice_word end, frozen;
  effects enter;
};
struct act_case {
  struct head head;
  struct expr_word when;
  struct word state;
};
struct act {
  struct head head;
  struct word label, says, confirm, help;
  words from, who, back, asks, may;
  VEC(struct act_case) to;
  expr_words except;
  named_types takes;
  struct choice_word then, bulk;
  struct expr_word when;
  effects does;
};
struct round_add {
  struct head head;
  words who, where;
  struct number_word most;
};
enum round_order { ORDER_together = 1, ORDER_one_by_one };
enum round_silent { SILENT_pass = 1, SILENT_next, SILENT_stop };
struct round {
  struct head head;
  struct word label, as, then, else_;
  struct expr_word asks, done, fails, limit;
  fields answer;
  struct choice_word order, silent, blind;
  struct round_add *add;
};
struct clock_pauses {
  struct head head;
  words in;
  struct word most, reason, then;
  struct number_word times;
  struct expr_word while_;
};
struct clock_level {
  struct head head;
  struct word at, act;
  struct expr_word when;
  effects does;
};
struct clock {
  struct head head;
  struct word label;
  words starts, stops;
  struct expr_word limit, until;
  struct clock_pauses *pauses;
  struct choice_word restarts;
  VEC(struct clock_level) levels;
};
struct exclusive {
  struct head head;
  words key;
  struct word during;
};
struct duplicates {
  struct head head;
  struct word window, offers;
  words same, like;
};
struct views {
  struct head head;
  expr_words list;
  struct word board, calendar, map;
};
struct record {
  struct head head;
  struct word label, number, belongs, about;
  words key, shared, keepers;
  struct choice_word versions;
  struct number_word most;
  fields fields;
  VEC(struct check) checks;
  VEC(struct state) states;
  VEC(struct act) acts;
  VEC(struct round) rounds;
  VEC(struct clock) clocks;
  VEC(struct exclusive) exclusive;
  struct duplicates *duplicates;
  struct views *views;
};

/* ---- around them ---- */

struct measure {
  struct head head;
  struct word label, unit, of, at, rows;
  struct expr_word where, sum, distinct, mean, median, on, value;
  struct choice_word count, stock;
  expr_words by;
};
struct message_field { /* of an incoming message: a type; of an outgoing one: an expression */
  struct head head;
  struct type_said is;
  struct word label;
  struct expr_word value;
  struct choice_word need;
};
enum message_way { WAY_in = 1, WAY_out, WAY_ask, WAY_answer };
struct message {
  struct head head;
  struct word label, from, to, of;
  struct choice_word way, form;
  words on;
  struct expr_word when, key;
  VEC(struct message_field) fields;
  effects does;
};
struct paper {
  struct head head;
  struct word label, of, template_, number;
  struct choice_word form, verify;
  words on, who;
  struct expr_word when;
};
struct form_limit {
  struct head head;
  struct number_word each;
  struct choice_word per;
};
enum form_identity { IDENTITY_none = 1, IDENTITY_sealed, IDENTITY_account, IDENTITY_once };
struct public_form {
  struct head head;
  struct word label, act;
  struct choice_word identity;
  named_exprs fixed;
  words find_by;
  struct form_limit *limit;
};
struct public_page {
  struct head head;
  struct word label, of;
  struct expr_word where, until;
  words find_by;
  expr_words shows;
};
struct public_part {
  struct head head;
  VEC(struct public_form) forms;
  VEC(struct public_page) pages;
};
struct opens {
  struct head head; /* class */
  words to;
  struct word purpose;
};
struct opening {
  struct head head;
  struct word label, purpose;
  words fields, who, tells;
  struct expr_word when;
  struct number_word keys;
};
struct consent {
  struct head head;
  struct word record, given;
  words covers;
};
struct release {
  struct head head;
  struct word id, from, to, why;
};
enum keep_then { KEEP_delete = 1, KEEP_archive };
struct keep {
  struct head head; /* record or record.field */
  struct word for_, after;
  struct choice_word then;
};
struct privacy {
  struct head head;
  struct word rule, why, compartment;
  named_texts purposes;
  struct number_word cell;
  VEC(struct opens) opens;
  VEC(struct opening) openings;
  struct consent *consent;
  VEC(struct release) releases;
  VEC(struct keep) keep;
  words never;
};
struct offer_part {
  struct head head; /* breakdown */
  VEC(struct named_words) codes;
};
struct offer {
  struct head head;
  struct word measure, unit;
  words words;
  VEC(struct offer_part) parts;
};
struct bulletin {
  struct head head;
  struct word label, of;
  struct expr_word where;
  expr_words shows;
};
struct ledger {
  struct head head;
  VEC(struct offer) offers;
  VEC(struct bulletin) bulletin;
};
struct menu {
  struct head head;
  struct word group;
  struct number_word order;
};
struct uses {
  struct head head; /* package */
  const struct yaml *said;
};
struct system {
  struct head head;
  struct number_word gangmu, version;
  struct word system, label, summary;
  words rows, basis;
  struct menu *menu;
  VEC(struct uses) uses;
  VEC(struct role) roles;
  VEC(struct list) lists;
  VEC(struct table) tables;
  VEC(struct record) records;
  VEC(struct measure) measures;
  VEC(struct message) messages;
  VEC(struct paper) papers;
  struct public_part *public;
  struct privacy *privacy;
  struct ledger *ledger;
};

/* Reads a declaration. Faults go to f (f->file and f->text are set); false when the file is no YAML of the strict subset
 * and nothing could be read. What could be read is in *out all the same, so that one run tells as much as it can. All of it
 * lives in f->mem; `text` must live as long. */
MUST_CHECK bool system_read(struct faults *f, struct str file, struct str text, struct system **out);
/* What a declaration speaks of and does not declare itself. */
struct units;
struct world {
  const struct str *unit_kinds;
  size_t unit_kind_count;
  const struct str *demo_units; /* that demo rows may name; none: any */
  size_t demo_unit_count;
  const struct units *units; /* rules/units.yaml */
};
/* Everything that can be told without other packages: names, shapes of the flow, clocks, rounds, rights. Sorts f. */
void system_check(struct faults *f, const struct system *s, const struct world *w);
#endif
