/* Words to values, by the type that is wanted; nothing is guessed from the spelling. */
#include "declare/value_read.h"

static const int64_t HOUR_SECONDS = 3600;

/* ---- parts ---- */

static bool read_number(const struct value_reader *r, const struct type *t, struct str s, struct value *out) {
  struct str number = s, unit = {0};
  struct dec d;
  struct dimension said;
  struct ratio n, factor, times;
  if (str_ends(s, STR("%"))) {
    number = str_slice(s, 0, s.len - 1);
    unit = STR("%");
  } else if (str_cut(s, STR(" "), &number, &unit) && !unit.len) {
    return false;
  }
  if (!dec_parse(number, &d) || !units_read(r->units, unit.len ? unit : t->said, &said, &factor)) return false;
  if (!dimension_same(said, t->unit) || !ratio_mul(ratio_of_dec(d), factor, &n)) return false;
  const bool is_free = t->fraction || ratio_is_zero(t->step);
  if (!is_free && (!ratio_div(n, t->step, &times) || !ratio_is_whole(times))) return false;
  *out = value_number(n, t->unit);
  return true;
}

static bool two_digits(struct str s, size_t at, int64_t most, int64_t *out) {
  return at + 2 <= s.len && s.at[at] != '-' && str_to_int(str_slice(s, at, at + 2), out) && *out <= most;
}
/* 09:00 or 09:00:30, in seconds. */
static bool read_time(struct str s, int32_t *out) {
  int64_t hour, minute, second = 0;
  if ((s.len != 5 && s.len != 8) || s.at[2] != ':' || !two_digits(s, 0, 23, &hour) || !two_digits(s, 3, 59, &minute))
    return false;
  if (s.len == 8 && (s.at[5] != ':' || !two_digits(s, 6, 59, &second))) return false;
  *out = (int32_t)(hour * HOUR_SECONDS + minute * 60 + second);
  return true;
}
static bool read_date(struct str s, struct date *out) {
  return s.len == 10 && s.at[4] == '-' && s.at[7] == '-' && date_parse(s, 0, out);
}
static bool read_moment(struct str s, int64_t *out) {
  struct date d;
  int32_t seconds;
  if (s.len < 16 || s.at[10] != ' ' || !read_date(str_slice(s, 0, 10), &d) || !read_time(str_from(s, 11), &seconds))
    return false;
  *out = day_moment(date_to_days(d), seconds * SECOND_US);
  return true;
}
static bool read_span(struct str s, struct value *out) {
  struct str from, to;
  *out = (struct value){.kind = VALUE_SPAN};
  if (!str_cut(s, STR(".."), &from, &to)) return false;
  return read_moment(from, &out->span.from) && read_moment(to, &out->span.to) && out->span.from <= out->span.to;
}
static bool read_degrees(struct str s, int64_t most, int32_t *out) {
  struct dec d;
  int64_t n;
  if (!dec_parse(s, &d) || !ratio_scaled(ratio_of_dec(d), 7, &n) || n > most * 10000000 || n < -most * 10000000)
    return false;
  *out = (int32_t)n;
  return true;
}
static bool read_place(struct str s, struct value *out) {
  struct str north, east;
  *out = (struct value){.kind = VALUE_PLACE};
  return str_cut(s, STR(","), &north, &east) && read_degrees(str_trim(north), 90, &out->place.latitude_e7) &&
         read_degrees(str_trim(east), 180, &out->place.longitude_e7);
}

/* ---- values ---- */

static bool read_one(const struct value_reader *r, const struct type *t, struct str s, struct value *out) {
  switch (t->kind) {
    case KIND_FLAG: *out = value_flag(str_eqz(s, "yes")); return out->flag || str_eqz(s, "no");
    case KIND_CODE: *out = value_code(str_starts(s, STR(".")) ? str_from(s, 1) : s); return out->text.len > 0;
    case KIND_TEXT: *out = value_text(s); return true;
    case KIND_NUMBER: return read_number(r, t, s, out);
    case KIND_DATE: out->kind = VALUE_DATE; return read_date(s, &out->date);
    case KIND_MOMENT: out->kind = VALUE_MOMENT; return read_moment(s, &out->moment);
    case KIND_TIME: out->kind = VALUE_TIME; return read_time(s, &out->time);
    case KIND_SPAN: return read_span(s, out);
    case KIND_DURATION: out->kind = VALUE_DURATION; return duration_parse(s, &out->duration);
    case KIND_PERIOD: out->kind = VALUE_PERIOD; return period_parse(r->calendar, t->period, s, &out->period);
    case KIND_PLACE: return read_place(s, out);
    default: return r->thing && r->thing(r, t, s, out);
  }
}
static bool read_set(struct arena *mem, const struct value_reader *r, const struct type *t, struct str said,
                     struct value *out) {
  VEC(struct value) all = {0};
  struct type element = *t;
  element.set = false;
  for (struct str rest = str_trim(said); rest.len;) {
    struct str head = rest, tail = {0};
    struct value v = {0};
    const bool has_more = str_cut(rest, STR(","), &head, &tail);
    if (!read_one(r, &element, str_trim(head), &v) || (has_more && !str_trim(tail).len)) return false;
    vec_push(mem, &all) = v;
    rest = tail;
  }
  *out = value_set(all.at, all.len);
  return true;
}
bool value_read(struct arena *mem, const struct value_reader *reader, const struct type *t, struct str said,
                struct value *out) {
  struct value v = value_none(NONE_missing);
  const bool is_none = str_eqz(said, "none");
  if (is_none && t->set) v = value_set(NULL, 0);
  const bool is_good = is_none || (t->set ? read_set(mem, reader, t, said, &v) : read_one(reader, t, said, &v));
  if (is_good) *out = v;
  return is_good;
}

bool rule_cell_read(struct arena *mem, const struct value_reader *reader, const struct type *t, struct str said,
                    struct rule_cell *out) {
  struct rule_cell c = {.kind = CELL_ANY};
  struct str from, to;
  if (!str_eqz(said, "*")) {
    c.kind = t->kind == KIND_NUMBER && str_cut(said, STR(".."), &from, &to) ? CELL_RANGE : CELL_VALUE;
    if (c.kind == CELL_VALUE) {
      if (!value_read(mem, reader, t, said, &c.value)) return false;
    } else {
      c.has_from = from.len > 0;
      c.has_to = to.len > 0;
      if (c.has_from && !value_read(mem, reader, t, from, &c.from)) return false;
      if (c.has_to && !value_read(mem, reader, t, to, &c.to)) return false;
    }
  }
  *out = c;
  return true;
}
