/* A published plan, compiled: text -> clean text -> tree -> facts, every one tied to its words.
 *
 * Places are byte offsets in `clean` (struct span). `folded` is the same text in Simplified script, byte for byte
 * of equal length; all matching and all output texts use it. From a place in clean the way back to the file is
 * layers: `cleaning` (clean <- source.text), then source_span().
 *
 * Everything is owned by the arena given to plan_compile and dies with it. The compiler is pure: no clock, no file,
 * no network, no global state; same input, same bytes out. */
#ifndef ENGINE_PLAN_PLAN_H
#define ENGINE_PLAN_PLAN_H
#include "base/date.h"
#include "base/dec.h"
#include "engine/plan/lexicon.h"
#include "engine/plan/signs.h"
#include "text/source.h"

/* ---- the tree: every byte of `clean` belongs to exactly one leaf ---- */

enum node_kind {
  NODE_FILE, /* root */
  NODE_DOCUMENT,
  NODE_FRONT, /* 文号, issuer, title, addressees, date before the body */
  NODE_PREAMBLE,
  NODE_SECTION,
  NODE_ITEM,    /* numbered; groups (items that hold numbered items) too */
  NODE_HEADING, /* leaf: number and title as they stand, without the body */
  NODE_PARAGRAPH,
  NODE_SENTENCE, /* leaf: with its final mark */
  NODE_LABEL,    /* leaf: （牵头负责：…） */
  NODE_TABLE,
  NODE_ROW,
  NODE_CELL,    /* leaf */
  NODE_CLOSING, /* signature, date, 抄送, closing paragraph */
  NODE_LINE,    /* leaf: a line of front or closing */
  NODE_BLANK,   /* leaf: line ends and blanks between the others */
  NODE_KIND_COUNT
};
struct node {
  enum node_kind kind;
  struct span at;
  uint32_t parent, first_child, next; /* indexes into plan.nodes; 0 = none (node 0 is the root) */
};

/* ---- facts ---- */

enum fact_kind {
  FACT_PARTY,
  FACT_TARGET,
  FACT_DELIVERABLE,
  FACT_NAME,
  FACT_TIME,
  FACT_DUTY,
  FACT_UNIVERSAL,
  FACT_COMPARISON,
  FACT_PLACEHOLDER,
  FACT_MEASURE,
  FACT_KIND_COUNT
};

enum role { ROLE_LEAD, ROLE_ASSIST, ROLE_GUIDE };
struct party {
  struct span at;  /* the name in the text (of the rule or column when inherited) */
  struct str name; /* folded, brackets and blanks folded */
  enum role role;
  bool in_label;  /* from a label or table column; else from words in the text (会同省人社厅) */
  bool inherited; /* stated for the section, the group or the whole text */
  bool listed;    /* stands in the dictionary of units given by the user */
};

enum bound { BOUND_EQ, BOUND_GE, BOUND_LE, BOUND_ABOUT, BOUND_RANGE };
enum strength { STRENGTH_HARD, STRENGTH_STRIVE, STRENGTH_ENCOURAGE, STRENGTH_EXPLORE };
enum level {
  LEVEL_NONE,
  LEVEL_WHOLE,
  LEVEL_EACH_PROVINCE_UNIT,
  LEVEL_EACH_DISTRICT,
  LEVEL_EACH_SCHOOL,
  LEVEL_EACH_CLASS,
  LEVEL_EACH_PERSON
};
#define NO_INDEX (-1)
struct target {
  struct span at;                    /* its clause: 竣工学校41所 */
  struct span number_at;             /* 41所 */
  struct str what;                   /* what is counted: 学校 */
  struct dec value, value_max, from; /* in `unit`; 3.3万个 is 3.3 and 万个 */
  bool has_max, has_from;
  struct str unit;
  enum bound bound;
  enum strength strength;
  enum level level;
  struct str denominator; /* of a percentage: 中小学; empty otherwise */
  int32_t part_of;        /* index of the total among the item's targets, NO_INDEX */
  int32_t measure;        /* index of its measure in the item, NO_INDEX */
  int16_t year;           /* horizon year, 0 = the plan's */
  bool has_value;         /* false: soft target without a number (明显提高) */
  bool unsure;            /* a person should say whether this is a commitment (size of an existing set ...) */
  bool bound_unsure;      /* a bound read further on (不少于10个…,10所…) or a range that may be a floor */
  bool by_hand;           /* here and below: a person changed or added it, so that its words no longer say it */
};

enum stage { STAGE_BASIS, STAGE_DRAFT, STAGE_MADE, STAGE_ISSUED };
struct deliverable {
  struct span at;    /* with its marks */
  struct str title;  /* without 《》 */
  struct str action; /* governing verb as written, compounds whole */
  bool marked;       /* written with 《》 */
  bool is_new;       /* to be produced or revised */
  bool unsure;       /* a newspaper, a textbook: arguably none */
  enum stage stage;  /* the state that the verb promises */
  int32_t measure;
};

enum name_kind { NAME_PROGRAMME, NAME_PLATFORM, NAME_EVENT, NAME_HONOUR, NAME_SLOGAN, NAME_OTHER };
struct name {
  struct span at; /* inside the quotes */
  struct str text;
  enum name_kind kind; /* NAME_SLOGAN and NAME_OTHER are written to `quotes`, the others to `names` in the JSON */
};

enum time_kind { TIME_DUE, TIME_PERIOD, TIME_RECUR, TIME_HORIZON };
enum every { EVERY_NONE, EVERY_DAY, EVERY_WEEK, EVERY_MONTH, EVERY_QUARTER, EVERY_TERM, EVERY_YEAR, EVERY_OTHER };
struct when {
  struct span at;
  enum time_kind kind;
  struct date from, to; /* to = due date */
  enum every every;
  bool inferred; /* 推定: derived, not written as a date */
  int32_t measure;
};

struct duty { /* recurring: 每学期不少于2次 */
  struct span at;
  enum every every;
  struct dec count; /* times per period; 0 digits with has_count false when unsaid */
  bool has_count;
  enum bound bound;
  struct str what;
  int32_t measure;
  bool by_hand;
};
struct universal { /* for all members of a list: 全覆盖, 每个…都, 100% */
  struct span at;
  struct str list; /* 每个县(市、区)、开发区 */
  int32_t measure;
  bool by_hand;
};
struct comparison { /* 不低于当地公务员平均工资; 只增不减 */
  struct span at;
  enum bound bound;
  struct str subject, object;
  int32_t measure;
  bool by_hand;
};
struct placeholder {
  struct span at;        /* xx, ** */
  struct str text, fill; /* as it stands; what a person filled in, empty = open */
};

enum verb_class { VERB_NONE, VERB_DOCUMENT, VERB_COUNT, VERB_STATE, VERB_EVENT, VERB_SOFT, VERB_BASIS, VERB_START };
struct measure { /* a clause with one main verb */
  struct span at, verb_at, object_at;
  struct str verb, object;
  enum verb_class verb_class;
  enum strength strength;
};

/* ---- items, sections, documents ---- */

/* A cell of a table row that became an item, with what its column's head says. Parties read lead, assist, guide
 * and unit (unit: lead when alone, assist beside a lead column); times read time; result is the form of the outcome. */
enum cell_role {
  CELL_OTHER,
  CELL_NUMBER,
  CELL_GROUP,
  CELL_TASK,
  CELL_BODY,
  CELL_GOAL,
  CELL_LEAD,
  CELL_ASSIST,
  CELL_GUIDE,
  CELL_UNIT,
  CELL_TIME,
  CELL_RESULT,
  CELL_NOTE
};
struct cell {
  struct span at; /* trimmed; may hold U+000B between paragraphs */
  enum cell_role role;
  bool inherited; /* stands in a row above (vertically merged): `at` is the place there */
};

typedef VEC(struct span) plan_spans;
struct reading; /* quantity.h */

enum { PATH_MAX_DEPTH = 6 };
struct item {
  int32_t number;
  int32_t expected; /* what the sequence asked for here: == number when in order; number > expected is a gap,
                              number < expected is repeated or out of order */
  int32_t path[PATH_MAX_DEPTH];
  int depth;             /* numbers in path: [2,9] is 2 */
  struct span number_at; /* （九） */
  struct span title_at;  /* without number and final mark; empty when the item has no title */
  struct str title;      /* folded */
  struct span at;        /* number, title, body, label */
  struct span body_at;   /* after the title, before the label */
  bool is_group;         /* holds numbered items itself: shown as a heading, not as work */
  int32_t parent;        /* index of the group in the document's items, NO_INDEX */
  uint32_t section;      /* index in the document's sections */
  uint32_t node;
  VEC(struct span) labels; /* responsibility labels and, for tables, unit cells */
  VEC(struct span) extra;  /* further body stretches (paragraphs after sub-items, cells of its row) */
  VEC(struct span)
  points; /* enumerated parts inside the body: 一是…；二是…, （1）…；（2）…, —— and ① lines; in order */
  VEC(struct cell) cells;   /* table items only; unit cells stand in `labels` too */
  plan_spans stretches;     /* its own words, title and all: see plan_item_stretches */
  struct reading *readings; /* of the stretches, NULL before somebody asks: see quantities_of */
  VEC(struct party) parties;
  VEC(struct measure) measures;
  VEC(struct target) targets;
  VEC(struct deliverable) deliverables;
  VEC(struct name) names;
  VEC(struct when) times;
  VEC(struct duty) duties;
  VEC(struct universal) universals;
  VEC(struct comparison) comparisons;
  VEC(struct placeholder) placeholders;
  struct when due; /* the item's own due date: stated, else 31 December of the plan year, inferred */
  bool renumbered; /* by a person: number_at no longer says it */
};
struct section {
  int32_t number;   /* 0 for an unnumbered one */
  int32_t expected; /* as in struct item; 0 for an unnumbered one */
  struct str title;
  struct span title_at, at;
  uint32_t node;
  uint32_t first_item, item_count; /* in the document's items, groups included, in order */
  VEC(struct span) labels;         /* responsibility stated under the heading for all that is below it */
};
struct text_at {
  struct span at;
  struct str text;
};
struct document {
  struct text_at title, number, notice_title, addressees;
  VEC(struct text_at) issuers;
  int16_t year;                         /* the plan's year, 0 = none or in doubt */
  int16_t year_labelled, year_internal; /* when page and text disagree; 0 otherwise */
  int16_t year_to;                      /* last year of a plan over several years, 0 = none */
  struct date date;
  struct span date_at, preamble_at, at;
  uint32_t node;
  bool is_table; /* 任务分解表: its items come from rows */
  VEC(struct section) sections;
  VEC(struct item) items; /* all, in order of the text */
  VEC(struct span) rules; /* sentences that state a rule for the whole text (列第一位者为牵头单位，下同) */
};

/* ---- diagnostics ---- */

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };
/* Codes as users see them; each has MSG_diag_<name> and MSG_hint_<name> with - as _. */
#define DIAG_CODES(X)                                                        \
  X(no_unit, "no-unit", WARNING)                                             \
  X(sum, "sum", ERROR)                   /* parts do not add up */           \
  X(sum_ok, "sum-ok", NOTE)              /* parts were checked and add up */ \
  X(soft_target, "soft-target", WARNING) /* no measure */                    \
  X(range_bound, "range-bound", WARNING) /* 3-5所: floor or interval? */    \
  X(bound_carried, "bound-carried", WARNING)                                 \
  X(existing_count, "existing-count", NOTE)                                  \
  X(no_denominator, "no-denominator", NOTE)                                  \
  X(date_before_plan, "date-before-plan", WARNING)                           \
  X(date_inferred, "date-inferred", NOTE)                                    \
  X(number_gap, "number-gap", WARNING)                                       \
  X(number_repeated, "number-repeated", WARNING)                             \
  X(unit_unknown, "unit-unknown", WARNING) /* not in the dictionary */       \
  X(placeholder, "placeholder", WARNING)                                     \
  X(damage, "damage", ERROR) /* suspected and not mended */                  \
  X(damage_mended, "damage-mended", NOTE)                                    \
  X(year_doubt, "year-doubt", WARNING)                                       \
  X(document_twice, "document-twice", WARNING)                               \
  X(document_withdrawn, "document-withdrawn", WARNING)                       \
  X(sentence_twice, "sentence-twice", WARNING)                               \
  X(name_variants, "name-variants", NOTE)                                    \
  X(unbalanced, "unbalanced", WARNING) /* brackets or quotes */              \
  X(empty_item, "empty-item", WARNING)                                       \
  X(not_plan, "not-plan", ERROR) /* no numbered structure found */           \
  X(too_many, "too-many", NOTE)  /* further diagnostics left out */

enum diag_code {
#define X(name, word, severity) DIAG_##name,
  DIAG_CODES(X)
#undef X
      DIAG_CODE_COUNT
};
struct diag {
  enum diag_code code;
  enum severity severity;
  struct span at;
  int32_t document, item; /* indexes, NO_INDEX */
  enum fact_kind fact;    /* with fact_index, when it is about a fact */
  int32_t fact_index;     /* NO_INDEX */
  struct msg_arg args[3]; /* holes of the message; values in the plan's arena */
  int arg_count;
};

/* ---- the whole ---- */

struct plan_options {
  int year;                      /* the plan year when the caller knows it; 0 = find it */
  const struct lexicon *lexicon; /* NULL = lexicon_default() */
  const struct str *units;       /* dictionary of units, one full name or alias each; may be NULL */
  size_t unit_count;
};
struct plan {
  struct arena *mem;
  struct source source;
  struct plan_options options;
  struct layer cleaning; /* source.text -> clean; its edits are the repairs and trims */
  struct str clean, folded;
  bool traditional;
  lex_hits hits;      /* of the lexicon in folded */
  struct signs signs; /* of folded */
  VEC(struct node) nodes;
  VEC(struct document) documents;
  VEC(struct diag) diags;    /* sorted by place, then code */
  VEC(uint32_t) line_starts; /* index of plan_line_column: lines, and characters before every 4096th byte */
  VEC(uint32_t) char_marks;
};

/* Compiles an opened source. Refuses only what is no text of a plan at all; what is doubtful is compiled and said
 * in diags. `source` is copied shallowly and must live as long as mem. */
MUST_CHECK bool plan_compile(struct arena *mem, const struct source *source, const struct plan_options *options,
                             struct plan *out, struct err *e);

/* The passes, in order; each reads what the earlier ones left in p. */
MUST_CHECK bool plan_clean(struct plan *p, struct err *e); /* clean.c: repair, trim, fold -> cleaning, clean, folded */
void plan_scan(struct plan *p);                            /* plan.c: folded -> hits, signs */
MUST_CHECK bool plan_structure(struct plan *p,
                               struct err *e); /* structure.c: nodes, documents, sections, items, labels */
void plan_parties(struct plan *p);             /* parties.c: units and roles */
void plan_measures(struct plan *p);            /* measures.c: clauses, verbs, strength */
void plan_deliverables(struct plan *p);        /* deliverables.c: 《》 and unmarked documents */
void plan_names(struct plan *p);               /* names.c: quoted names and slogans, placeholders */
void plan_times(struct plan *p);               /* times.c: dates, periods, recurrence, due dates */
void plan_targets(struct plan *p); /* targets.c: quantities, bounds, parts; duties, universals, comparisons */
void plan_check(struct plan *p);   /* check.c: diagnostics */

/* ---- helpers over the tree ---- */

static inline struct str plan_text(const struct plan *p, struct span at) { return str_slice(p->folded, at.at, at.end); }
/* Span in the source of a span of clean: bytes of the file, or of the extracted text for docx, xlsx, pdf. */
struct span plan_source_span(const struct plan *p, struct span clean);
/* Line and column (in characters, from 1) in the source of a place in clean. Lines are those of the file, or the
 * paragraph for containers. Builds an index on first use; `p` is not const for that. */
void plan_line_column(struct plan *p, uint32_t clean_at, int *out_line, int *out_column);
/* An item's number as it stands, （九）; with a number that a person gave, in the same shape. New, in mem. */
struct str plan_item_number(struct arena *mem, const struct plan *p, const struct item *it);
/* Text of an item's body with paragraphs joined, labels left out. New, in mem. */
struct str plan_item_text(struct arena *mem, const struct plan *p, const struct item *it);
/* The stretches of an item's own words: title (when with_title), body and extra, with labels and line ends left out, in
 * order, none empty. Facts are looked for in these. New, in mem. */
plan_spans plan_item_stretches(struct arena *mem, const struct plan *p, const struct item *it, bool with_title);
/* True for a label, cell or rule sentence of the document: `at` lies inside one of the item's labels. */
bool plan_in_label(const struct item *it, uint32_t at);
/* A name for a fact that stays the same over recompilation: hash of document, path, kind, words and their
 * how-manieth occurrence in the item. Corrections by hand hang on it. */
uint64_t plan_fact_key(const struct plan *p, int document, int item, enum fact_kind kind, int index);
struct diag *plan_add_diag(struct plan *p, enum diag_code code, struct span at, int document, int item);
const char *diag_word(enum diag_code code);
enum severity diag_severity(enum diag_code code);
#endif
