/* Lists of things as people use them: filter, sort, choose columns, page by key both ways, search, keep views, take away
 * as XLSX or CSV, print. A list is declared as data: columns over a `-- list` block of the store (store/list.h).
 *
 *   static const struct table_column columns[] = {
 *     {"title", MSG_plans_col_title, SQL_plan_list_title, TABLE_TEXT, .flags = TABLE_SORTS | TABLE_HEAD, .width = 40},
 *     {"year", MSG_plans_col_year, SQL_plan_list_year, TABLE_NUMBER, TABLE_CHOICE, .flags = TABLE_SORTS, .all = ...},
 *   };
 *   const struct table_said plans_table = {.name = "plans", .path = "/plans", .row_path = "/plans/", .list = &sql_plan_list,
 *                                     .columns = columns, .count = COUNT_OF(columns), .sort = "created",
 *                                     .id = SQL_plan_list_id, .search = SQL_plan_list_search, ...};
 *
 * First use, a whole page in one call (ui/pages/list.html: title, one button, the list):
 *
 *   static bool show_units(struct web_request *rq, struct web_response *rs, struct err *e) {
 *     const struct store_value fixed[] = {store_text(STORE_TENANT)};
 *     return table_page(rq, rs, &units_table, &(struct table_ask){.fixed = fixed}, &(struct table_head){...}, e);
 *   }
 *
 * Second use, inside a page of one's own, with {{include table.html table}} in its template:
 *
 *   struct table_rows rows;
 *   TRY(table_read(rq, &plans_table, &ask, &rows, e));
 *   if (table_sent(rq, rs, &plans_table, &rows)) return true;            // JSON, a file, or a part for htmx
 *   v.table = table_view(rq, &plans_table, &rows);
 *
 * The route says what a list understands: .query = TABLE_QUERY " year issuer".
 *
 * Addresses. ?q= words (all must occur) · ?NAME= a choice · ?NAME_from= ?NAME_to= a range · ?sort=NAME the column's own
 * way (words and days of the calendar rise, numbers and moments fall), ?sort=-NAME the other · ?col=NAME once for each
 * column shown · ?rows=compact low rows · ?after= ?before= keys out of `next` and `prev` · ?as=csv|xlsx|jsonl · ?view=ID of a saved view.
 * Unknown values are refused (ERR_INVALID). JSON: {rows, next, prev}. Files hold exactly the rows and columns that the
 * page shows, of all pages, at most TABLE_EXPORT_MAX; more is refused with the number. */
#ifndef APP_TABLE_H
#define APP_TABLE_H
#include "app/frame.h"
#include "app/views_table.h"
#include "store/list.h"

enum table_type {
  TABLE_TEXT,
  TABLE_NUMBER, /* right; 0 is an empty cell */
  TABLE_DAY,    /* text: ISO day */
  TABLE_TIME,   /* µs since 1970; 0 is empty */
  TABLE_WORD,   /* text: one of `words`, shown by the catalogue's `prefix` + word */
};
enum table_filter {
  TABLE_NO_FILTER,
  TABLE_CHOICE /* of what occurs, or of `words` */,
  TABLE_RANGE /* number, day, time */
};
enum {
  TABLE_SORTS = 1,  /* there is an index for it: (tenant, ..., column, id) */
  TABLE_HEAD = 2,   /* names the row: first, a link to row_path + id, cannot be left out */
  TABLE_OFF = 4,    /* shown only when chosen */
  TABLE_FILES = 8,  /* in files and JSON only */
  TABLE_MUTED = 16, /* not needed on a phone */
  TABLE_ALONG = 32, /* its choice is offered while it is shown, or asked for */
  TABLE_EXACT = 64, /* pages show what `says` gives, files the number itself */
  TABLE_RIGHT = 128 /* as numbers stand, whatever its type */
};
struct table_choice {  /* what a column can hold, told by whoever made the list while the program runs */
  const char *word;    /* in the address */
  struct str label[2]; /* by language */
  int64_t n;           /* of a column of numbers: what stands for the word */
};
struct table_column {
  const char *name; /* a-z and _ */
  int label;
  int sql; /* SQL_<list>_<column> */
  enum table_type type;
  enum table_filter filter;
  const char *words, *prefix;
  int all; /* text of a choice's first line: "all years" */
  unsigned flags;
  int width; /* characters in XLSX; 0 = 12 */
  int by;    /* SQL_..., sorted by that column instead; 0 = its own */
  /* Of a list that is made while the program runs: its texts are its own. */
  struct str text; /* for label 0 */
  const struct table_choice *choices;
  size_t choice_count;
  struct str unit; /* of a number: said in the head of files */
  uint8_t places;  /* behind the point: 12345 with 2 is 123.45 */
};
struct table_tab { /* a view that everybody has */
  const char *word;
  int label;
  struct list_filter filters[3];
  size_t count;
};

struct table_bulk { /* one act on the rows that are ticked: a form with `pick` for each */
  const char *action;
  int label;
  bool posts;
};
struct table_rows;
struct table_said {
  const char *name, *path, *row_path; /* name: of saved views; row_path NULL: rows are no links */
  int title;
  struct str text; /* for title 0 */
  const void *of;  /* what its functions know it by; NULL: nothing */
  const struct store_list *list;
  const struct table_column *columns;
  size_t count;
  const char *sort; /* as in the address */
  int id, search;   /* columns of the list; search 0 = cannot be searched, or the page asks (table_ask) */
  int search_label; /* 0 = there is no field for words */
  const char *tab;  /* name in the address; the first tab is that of the plain address */
  const struct table_tab *tabs;
  size_t tab_count;
  int help;              /* text of the "?" beside the list; 0 = none */
  int empty, empty_says; /* texts when there is nothing at all */
  const char *empty_href;
  int empty_verb;
  const char *empty_act;         /* the verb is offered to those who may do it; NULL = to all */
  const struct table_bulk *bulk; /* ended by .action NULL */
  int pick_label;                /* "choose {title}" for the box of a row; needs bulk */
  bool lines;                    /* its files are offered as JSON Lines too */
  /* Reads into .more what rows have beside their columns; a page, JSON or a piece of a file at a time. May be NULL. */
  bool (*read)(struct web_request *rq, const struct table_said *t, const struct table_rows *asked, struct store *r,
               struct arena *mem, list_rows *io, struct err *e);
  /* What people read in a cell, on pages and in files; .at NULL = as it is. May be NULL. */
  struct str (*says)(struct web_request *rq, const struct table_column *c, const struct list_row *row);
  /* May change what is shown of a row: table_cell(io, SQL_...) is NULL when the column is not shown. May be NULL. */
  void (*row)(struct web_request *rq, const struct list_row *row, struct view_trow *io);
  /* The same for the whole page, when more must be read for it. May be NULL. */
  bool (*page)(struct web_request *rq, struct store *r, const struct table_rows *rows, struct view_table *io,
               struct err *e);
  /* Fields of a row in JSON; NULL: all columns under their names, and id. */
  void (*json)(struct json_out *j, const struct list_row *row);
};
/* What no column holds: the page has put its condition into `scope` and says here how it is chosen. */
struct table_told {
  const char *name; /* in the address */
  int label, all;
  view_options options; /* none: it is typed */
};
/* For conditions that no index answers: no question may hold a reader of the store for long. One page then looks through at
 * most `most` rows, along the id that the list is sorted by, and says where it stopped; the next page goes on from there. */
struct table_look {
  int64_t low, high; /* ids there can be */
  int64_t most;      /* 0: an index finds the rows, look through all */
};
struct table_ask {
  const struct store_value *fixed; /* parameters of the list's block */
  struct list_scope scope;         /* what this person may see, and what is asked for by `told` and by words */
  const struct table_told *told;
  size_t told_count;
  struct table_look look;
  void *of; /* what the list's functions know this question by; NULL: nothing */
};
#define TABLE_QUERY "q sort col rows after before as view"

enum { TABLE_COLUMNS_MAX = 32 };
struct table_rows {
  list_rows rows;
  struct str next, prev; /* keys; empty when there is no such page */
  int64_t count;         /* of all pages; -1 unknown */
  bool more;             /* there are more than `count` */
  bool stopped;          /* not all was looked through: */
  int64_t stopped_at;    /* up to this id, this one included */
  /* what was asked */
  struct list_query query;
  const struct table_ask *ask;
  bool shown[TABLE_COLUMNS_MAX], filtered, compact;
  int sort, tab; /* in columns and tabs */
  struct view_saved {
    struct str id, name, query;
    bool is_default;
  } * saved;
  size_t saved_count, saved_now; /* saved_now: index + 1; 0 = none */
};
/* For a page that makes conditions of the address itself: first, so that a person's default view stands in the address. */
MUST_CHECK bool table_begin(struct web_request *rq, const struct table_said *t, struct err *e);
/* What is typed into a range of moments: the first µs of its first day, the last of its last. */
MUST_CHECK bool table_moment(struct web_request *rq, const char *column, bool is_last, int64_t *out_us, bool *out_has,
                             struct err *e);
/* Reads the address alone: out->query, for whoever shows the rows another way. */
MUST_CHECK bool table_asked(struct web_request *rq, const struct table_said *t, const struct table_ask *ask,
                            struct table_rows *out, struct err *e);
/* Refuses what the address asks for and is not there. A person's default view is taken for the plain address. */
MUST_CHECK bool table_read(struct web_request *rq, const struct table_said *t, const struct table_ask *ask,
                           struct table_rows *out, struct err *e);
/* A row's place in the order, for ?after=. */
struct str table_key(struct arena *mem, const struct list_query *q, const struct list_row *r);
/* Answers everything but a whole page; *out_sent says whether it did. */
MUST_CHECK bool table_sent(struct web_request *rq, struct web_response *rs, const struct table_said *t,
                           struct table_rows *rows, bool *out_sent, struct err *e);
/* The members rows, next, prev of an open object. */
void table_json(struct json_out *j, const struct table_said *t, const struct table_rows *rows);
MUST_CHECK bool table_view(struct web_request *rq, const struct table_said *t, struct table_rows *rows,
                           struct view_table *out, struct err *e);
struct table_head {
  enum page_place place;
  struct str says, back;
  struct str act_href, act_label; /* the page's button; empty = none */
};
MUST_CHECK bool table_page(struct web_request *rq, struct web_response *rs, const struct table_said *t,
                           const struct table_ask *ask, const struct table_head *head, struct err *e);

struct str table_label(const struct web_request *rq, const struct table_column *c);
struct str table_title(const struct web_request *rq, const struct table_said *t);
struct view_tcell *table_cell(struct view_trow *row, int sql);
/* A value as people read it; empty for 0 and nothing. */
struct str table_value(struct web_request *rq, const struct table_column *c, const struct store_value *v);

/* ---- what is kept between requests: counts and choices, until this process commits something, or for two seconds ---- */

struct table_kept;
struct table_kept *table_kept_new(void);
void table_kept_drop(struct table_kept *k);
MUST_CHECK bool table_count(struct web_request *rq, struct store *r, const struct table_said *t, struct table_rows *io,
                            struct err *e);
/* How many rows another question of the list has: "12", "1000+". */
MUST_CHECK bool table_count_of(struct web_request *rq, struct store *r, const struct table_said *t,
                               const struct list_query *q, struct str *out, struct err *e);
MUST_CHECK bool table_choices(struct web_request *rq, struct store *r, const struct table_said *t,
                              const struct table_rows *rows, const struct table_column *c, list_rows *out,
                              struct err *e);

/* ---- saved views (table_views.c) ---- */

MUST_CHECK bool table_views_read(struct web_request *rq, struct store *r, const struct table_said *t,
                                 struct table_rows *io, struct err *e);
/* The person whose views these are. */
struct str table_person(const struct web_request *rq);
/* Where a view that was kept is shown; empty: its list is not there any more. */
struct str table_view_address(const struct web_request *rq, struct str list, struct str id, struct str query);
extern const struct route table_routes[];
/* The lists that views may be saved for; and those of systems, "pairs.visit" (systems.c). */
extern const struct table_said *const tables[]; /* ended by NULL */
const struct table_said *systems_table(const struct systems *s, struct str name);
extern const struct table_said audit_table, plans_table, people_table, views_table, notices_table;
#endif
