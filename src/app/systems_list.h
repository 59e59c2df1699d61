/* Lists of records as the component of lists takes them (table.h): for each record of a package one, made at the start from what
 * views.list names; and what is asked of it. Columns, conditions, order and search speak only of fields that every reader of
 * the record sees (open, inner), so that no answer tells what a reader may not read. */
#ifndef APP_SYSTEMS_LIST_H
#define APP_SYSTEMS_LIST_H
#include "app/systems.h"
#include "app/table.h"
#include "engine/flow/lists.h"

/* Places of the columns that every such list has; those of fields come behind them. */
enum system_column { LIST_ID, LIST_NUMBER, LIST_STATE, LIST_ENDED, LIST_CREATED, LIST_CHANGED, LIST_FIELDS };
/* What a column shows besides what its table holds. */
struct system_shows {
  const struct flow_field *field; /* NULL: none */
  const struct clock *clock;      /* NULL: none */
  bool is_state;
};
struct system_list {
  const struct flow_record *record;
  struct table_said table;
  struct store_list list;
  struct table_column columns[TABLE_COLUMNS_MAX];
  struct system_shows shows[TABLE_COLUMNS_MAX]; /* as columns */
  const struct clock *clock;                    /* the one that lists name, else its first; NULL: none */
  int board, calendar, map;                     /* which column they go by; -1: there is none */
  const struct clock *calendar_clock;           /* or its deadline; NULL: not */
  int longitude;                                /* of the map: in `list`, the latitude is the column's own */
};
/* What a row has beside its columns. */
struct system_more {
  const struct system_list *list;
  struct system_run *x; /* good as long as what it was read with */
  struct flow_row *row;
  struct str *says;  /* as columns; .at NULL: as the table holds it */
  struct str *lamps; /* as columns */
};
MUST_CHECK bool systems_lists_make(struct arena *mem, const struct flow *f, struct system_list **out, struct err *e);
const struct system_list *systems_list_of(const struct systems *s, const struct flow_record *r);

/* What the address asks for besides columns: show, unit, q. It all lives in the request. */
enum system_show { SHOW_ALL, SHOW_OPEN, SHOW_OVER, SHOW_MINE, SHOW_COUNT };
extern const char *const system_show_words[SHOW_COUNT];
struct system_asked {
  struct system_run x;
  const struct system_list *list;
  struct store_value fixed[1];
  struct table_told told[1];
  struct list_few found; /* by the words that are asked for */
  struct table_ask ask;
};
/* ERR_INVALID for a unit that is not there. x: begun, of a reader. */
MUST_CHECK bool systems_list_ask(struct web_request *rq, struct system_asked *io, struct err *e);
/* The scope with another tab chosen. */
void systems_list_scope(struct web_request *rq, struct system_asked *a, enum system_show show, struct list_scope *out);

/* For the component: what rows say, as pages, files and programs read it. */
MUST_CHECK bool system_rows_read(struct web_request *rq, const struct table_said *t, const struct table_rows *asked,
                                 struct store *r, struct arena *mem, list_rows *io, struct err *e);
struct str system_cell_says(struct web_request *rq, const struct table_column *c, const struct list_row *row);
void system_row_show(struct web_request *rq, const struct list_row *row, struct view_trow *io);
void system_row_json(struct json_out *j, const struct list_row *row);
/* How many each tab holds. */
MUST_CHECK bool system_list_tabs(struct web_request *rq, struct store *r, const struct table_rows *rows,
                                 struct view_table *io, struct err *e);
/* id, number, state …, fields and clocks of a row that is seen, into an open object. */
MUST_CHECK bool system_fields_json(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e);

/* What is asked, of it those whose calendar_clock runs out then. */
void systems_list_due(struct web_request *rq, struct system_asked *a, int64_t from_us, int64_t until_us,
                      struct list_scope *out);

/* How a clock stands: the letter of its lamp (lamp.h), and in words (剩3个工作日, 逾期2天, 暂停); both empty: it was never started. */
struct system_lamp {
  struct str css, says;
};
MUST_CHECK bool systems_lamp(struct system_run *x, const struct flow_row *row, const struct clock *c,
                             struct system_lamp *out, struct err *e);
#endif
