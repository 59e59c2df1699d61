/* Values of expressions. Missing is a value of its own that says why; it is neither 0 nor no. Flags are three-valued:
 * yes, no, or missing (unknown). Numbers are exact and in base units (1 kg is 1000 with the dimension of g). */
#ifndef DECLARE_VALUE_H
#define DECLARE_VALUE_H
#include "declare/period.h"
#include "declare/units.h"

/* Why something is missing; MSG_none_<word> says it. */
#define NONE_REASONS(X)                                                        \
  X(missing) /* 缺数: not filled in */                                       \
  X(zero)    /* 分母为0 */                                                  \
  X(empty)   /* the smallest, mean … of nothing */                           \
  X(unlike)  /* durations of two kinds, which no calendar makes comparable */  \
  X(no_row)  /* a table, or a scale, says nothing about it */                  \
  X(tie)     /* keywords speak for several rows alike, or none was found */    \
  X(beyond)  /* no date beyond the years 1 to 9999, no code beyond the last */ \
  X(unknown) /* an office's figure that could not be had */
enum none_reason {
#define X(word) NONE_##word,
  NONE_REASONS(X)
#undef X
      NONE_REASON_COUNT
};
int none_msg(enum none_reason why); /* text for people */

struct thing {    /* a record, row, unit, person, clock, round, sheet, file …: what it is, the environment knows */
  int64_t id;     /* two things of one type are the same when their ids are */
  const void *at; /* for the environment; may be NULL */
};
struct spot { /* WGS-84 */
  int32_t latitude_e7, longitude_e7;
};
enum value_kind {
  VALUE_NONE, /* zeroed memory: missing, 缺数 */
  VALUE_FLAG,
  VALUE_CODE, /* of a list; a code of no list is a text */
  VALUE_TEXT,
  VALUE_NUMBER,
  VALUE_DATE,
  VALUE_MOMENT,
  VALUE_TIME,
  VALUE_SPAN,
  VALUE_DURATION,
  VALUE_PERIOD,
  VALUE_PLACE,
  VALUE_THING,
  VALUE_SET
};
struct value {
  enum value_kind kind;
  union {
    enum none_reason why;
    bool flag;
    struct str text; /* code, text */
    struct {
      struct ratio number;
      struct dimension unit;
    };
    struct date date;
    int64_t moment; /* microseconds since 1970 UTC */
    int32_t time;   /* seconds of the day */
    struct {
      int64_t from, to; /* moments, `to` excluded */
    } span;
    struct duration duration;
    struct period period;
    struct spot place;
    struct thing thing;
    struct {
      const struct value *at;
      size_t len;
    } set; /* never missing; order means nothing unless it was sorted */
  };
};

static inline struct value value_none(enum none_reason why) { return (struct value){.kind = VALUE_NONE, .why = why}; }
static inline struct value value_flag(bool b) { return (struct value){.kind = VALUE_FLAG, .flag = b}; }
static inline struct value value_code(struct str s) { return (struct value){.kind = VALUE_CODE, .text = s}; }
static inline struct value value_text(struct str s) { return (struct value){.kind = VALUE_TEXT, .text = s}; }
static inline struct value value_number(struct ratio n, struct dimension unit) {
  return (struct value){.kind = VALUE_NUMBER, .number = n, .unit = unit};
}
static inline struct value value_int(int64_t n) { return value_number(ratio_int(n), (struct dimension){0}); }
static inline struct value value_date(struct date d) { return (struct value){.kind = VALUE_DATE, .date = d}; }
static inline struct value value_moment(int64_t us) { return (struct value){.kind = VALUE_MOMENT, .moment = us}; }
static inline struct value value_duration(struct duration d) {
  return (struct value){.kind = VALUE_DURATION, .duration = d};
}
static inline struct value value_period(struct period p) { return (struct value){.kind = VALUE_PERIOD, .period = p}; }
static inline struct value value_thing(int64_t id, const void *at) {
  return (struct value){.kind = VALUE_THING, .thing = {id, at}};
}
static inline struct value value_set(const struct value *at, size_t len) {
  return (struct value){.kind = VALUE_SET, .set = {at, len}};
}
static inline bool value_is_none(const struct value *v) { return v->kind == VALUE_NONE; }
static inline bool value_is_yes(const struct value *v) { return v->kind == VALUE_FLAG && v->flag; }
static inline bool value_is_no(const struct value *v) { return v->kind == VALUE_FLAG && !v->flag; }

/* Three-valued: unknown or yes = yes, unknown and no = no. The reason of the left side wins. */
struct value value_and(struct value a, struct value b);
struct value value_or(struct value a, struct value b);
struct value value_not(struct value a);

enum value_order { VALUE_LESS = -1, VALUE_EQUAL, VALUE_MORE, VALUE_UNLIKE };
/* Both present and of one kind. Codes, places and things are only equal or MORE; durations may be UNLIKE; texts go by bytes. */
enum value_order value_cmp(const struct value *a, const struct value *b);
/* The same for sets, as sets: each element of one in the other. */
bool value_same(const struct value *a, const struct value *b);

/* As forms and notices show it before labels are put in: 1200, 33.5%, 2026-03-02, 2026-03-02 09:00, 10 workdays; a missing value as
 * `none`. `said`: the unit in which a number is to be told, empty for its own. New, in mem. */
struct str value_show(struct arena *mem, const struct units *u, const struct value *v, struct str said);
/* A number as it is stored: digits in the unit said, with so many places. False: a fraction or too long. */
MUST_CHECK bool value_stored(const struct units *u, const struct value *v, struct str said, unsigned places,
                             int64_t *out);
/* And back. False: the unit is unknown. */
MUST_CHECK bool value_of_stored(const struct units *u, int64_t digits, unsigned places, struct str said,
                                struct value *out);
#endif
