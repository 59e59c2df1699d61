/* Times: when a thing is due, over which period, how often, by which horizon.
 *
 * Dates in digits or numerals are read by quantity.c like all numbers (2026年, 6月, 30日 are ordinals there); here those
 * that touch are put together (2026年6月30日, 3月至5月) and read with the word behind them (底前, 上旬, 份). Dates in words
 * (年内, 每学期, 秋季开学前) are hits of the lexicon with a small value that says what they mean. Both run in step through
 * the stretch, so that 2026年 gives its year to 上半年. Times inside quotes, 《》 and the brackets of a name
 * （2026—2035年） are none. What a school year makes of a word is `inferred`. */
#include "base/utf8.h"
#include "engine/plan/phrase.h"
#include "engine/plan/targets.h"
#include "text/numeral.h"

struct clock {
  const struct plan *p;
  struct item *it;
  int year; /* of the plan, 0 = unknown */
  const struct reading *reading;
  struct span stretch;
  size_t hit, book;
  uint32_t done;        /* everything before is read */
  int16_t year_at_hand; /* 2026年 right before `done`, 0 = none */
};

static struct date last_of_month(int year, int month) {
  return (struct date){(int16_t)year, (int8_t)month, (int8_t)date_month_days(year, month)};
}
static struct date day_before(struct date d) { return date_of_days(date_to_days(d) - 1); }
static uint32_t char_at(const struct clock *k, size_t at) { return utf8_at(k->p->folded, at); }
static uint32_t char_before(const struct clock *k, size_t at) {
  return at > k->stretch.at ? utf8_at(k->p->folded, utf8_back(k->p->folded, at)) : 0;
}

static struct when *add_when(struct clock *k, struct span at, enum time_kind kind, struct date from, struct date to) {
  vec_push(k->p->mem, &k->it->times) =
      (struct when){.at = at, .kind = kind, .from = from, .to = to, .measure = measure_at(k->it, at.at)};
  return &vec_last(&k->it->times);
}

/* ---- dates from numbers ---- */

/* One date, as far as it is written. */
struct parts {
  int year, month, day, day_to;
  int month_to, year_to; /* 3-5月, 2019—2022年; 0 = none */
  bool school_year;
};

static bool whole(struct dec d, int lo, int hi, int *out) {
  if (d.scale || d.digits < lo || d.digits > hi) return false;
  *out = (int)d.digits;
  return true;
}

/* Which part of a date is measured in this unit: "year", "school", "month" or "day"; empty when none is. */
static struct str date_unit(const struct clock *k, struct str unit) {
  const struct lex_word *w = lexicon_at(k->p->options.lexicon, unit, 0, LEX_BIT(date_unit));
  return w && w->text.len == unit.len ? lex_value(w, LEX_date_unit) : (struct str){0};
}

static bool take_year(const struct clock *k, const struct quantity *q, struct parts *d) {
  const struct str unit = date_unit(k, q->unit);
  const bool school = str_eqz(unit, "school");
  if (!school && !str_eqz(unit, "year")) return false;
  if (!whole(q->value, 1990, 2100, &d->year)) return false;
  if (q->has_max && !whole(q->max, d->year, 2100, &d->year_to)) return false;
  d->school_year = school;
  return true;
}

static bool take_month(const struct clock *k, const struct quantity *q, struct parts *d) {
  if (!str_eqz(date_unit(k, q->unit), "month")) return false;
  if (!whole(q->value, 1, 12, &d->month)) return false;
  return !q->has_max || whole(q->max, 1, 12, &d->month_to);
}

static bool take_day(const struct clock *k, const struct quantity *q, struct parts *d) {
  if (!str_eqz(date_unit(k, q->unit), "day") || !whole(q->value, 1, 31, &d->day)) return false;
  return !q->has_max || whole(q->max, d->day, 31, &d->day_to); /* 2月25—28日 */
}

static bool ordinal_at(const struct clock *k, size_t i, uint32_t at) {
  const struct quantity *q = &k->reading->quantities.at[i];
  return i < k->reading->quantities.len && q->kind == QUANTITY_ORDINAL && q->at.at == at;
}

/* Year, month and day that touch, starting with quantity *io_i; *io_i is then behind them. A day alone counts only
 * behind a full date: 9月15日至30日. */
static bool read_parts(const struct clock *k, size_t *io_i, bool day_only, struct parts *d, uint32_t *out_end) {
  const struct quantity *q = k->reading->quantities.at;
  size_t i = *io_i;
  uint32_t end = q[i].at.at;
  *d = (struct parts){0};
  if (take_year(k, &q[i], d)) end = q[i++].at.end;
  if (!d->year_to && ordinal_at(k, i, end) && take_month(k, &q[i], d)) end = q[i++].at.end;
  if (d->month && !d->month_to && ordinal_at(k, i, end) && take_day(k, &q[i], d)) end = q[i++].at.end;
  if (day_only && i == *io_i && take_day(k, &q[i], d)) end = q[i++].at.end;
  if (i == *io_i) return false;
  *io_i = i;
  *out_end = end;
  return true;
}

static struct date first_day(const struct parts *d, int year) {
  if (d->school_year) return (struct date){(int16_t)year, 9, 1};
  return (struct date){(int16_t)year, (int8_t)(d->month ? d->month : 1), (int8_t)(d->day ? d->day : 1)};
}

static struct date last_day(const struct parts *d, int year) {
  const int month = d->month_to ? d->month_to : d->month ? d->month : 12;
  if (d->school_year) return (struct date){(int16_t)(d->year_to ? d->year_to : d->year + 1), 7, 10};
  if (d->year_to) return last_of_month(d->year_to, 12);
  if (!d->day) return last_of_month(year, month);
  const struct date day = {(int16_t)year, (int8_t)month, (int8_t)(d->day_to ? d->day_to : d->day)};
  return date_valid(day) ? day : last_of_month(year, month);
}

/* The tenth, the twentieth or the end of the month, the eve of the date. Says whether the word makes it due. */
static bool apply_tail(const struct clock *k, uint32_t *io_end, const struct parts *d, struct date from,
                       struct date *io_to, bool *out_inferred, enum time_kind *io_kind) {
  const struct lex_word *w =
      *io_end < k->p->folded.len ? lexicon_at(k->p->options.lexicon, k->p->folded, *io_end, LEX_BIT(date_tail)) : NULL;
  const struct str word = w ? lex_value(w, LEX_date_tail) : (struct str){0};
  if (!w || date_none(*io_to)) return w != NULL && !str_eqz(word, "past");
  if (str_eqz(word, "past")) return false;
  if (str_eqz(word, "start")) { /* 自2026年9月1日起: it has no end */
    *io_to = (struct date){0};
    return false;
  }
  const bool in_month = d->month && !d->day && !d->month_to;
  if (str_eqz(word, "first") && in_month) io_to->day = 10;
  else if (str_eqz(word, "middle") && in_month) io_to->day = 20;
  else if (str_eqz(word, "before") && !d->day) {
    *io_to = day_before(from); /* 2027年前, 6月前: not later than the eve */
    *out_inferred = true;
  } else if (str_eqz(word, "whole") || str_eqz(word, "by")) {
    *io_end += (uint32_t)w->text.len;
    return str_eqz(word, "by");
  }
  *io_end += (uint32_t)w->text.len;
  *io_kind = TIME_DUE;
  return true;
}

/* A second date behind 至, 到 or a dash. */
static bool read_second(const struct clock *k, const struct parts *first, size_t *io_i, uint32_t *io_end,
                        struct parts *out) {
  uint32_t at = *io_end;
  for (int n = 0; n < 2; n++) {
    const uint32_t c = char_at(k, at);
    const bool mark = c == '-' || c == '~' || c == 0xFF0D || c == 0xFF5E || (c >= 0x2010 && c <= 0x2015) ||
                      c == 0x301C || c == 0x81F3 || c == 0x5230;
    if (!mark) break;
    at += c < 0x80 ? 1 : 3;
  }
  if (at == *io_end || *io_i >= k->reading->quantities.len || !ordinal_at(k, *io_i, at)) return false;
  if (!read_parts(k, io_i, first->day != 0, out, io_end)) return false;
  if (!out->month && out->day) out->month = first->month;
  return true;
}

/* 到2035年, 至2027年: a horizon. */
static bool behind_until(const struct clock *k, uint32_t at) {
  const uint32_t c = char_before(k, at);
  return c == 0x5230 || c == 0x81F3;
}

/* 到2026年底和2030年: the second is a horizon as the first. */
static bool behind_other_year(const struct clock *k, uint32_t at, enum time_kind *out_kind) {
  const uint32_t c = char_before(k, at);
  if ((c != 0x548C && c != 0x3001) || !k->it->times.len) return false;
  const struct when *last = &vec_last(&k->it->times);
  if (last->at.end + 3 != at || (last->kind != TIME_DUE && last->kind != TIME_HORIZON)) return false;
  *out_kind = last->kind;
  return true;
}

/* （2026—2028年） is part of a name when the bracket holds nothing else and no word of a due date. */
static bool names_a_plan(const struct clock *k, struct span at, enum time_kind kind) {
  const uint32_t before = char_before(k, at.at), after = char_at(k, at.end);
  return kind != TIME_DUE && (before == '(' || before == 0xFF08) && (after == ')' || after == 0xFF09);
}

/* 截至2025年底. */
static bool behind_fact(const struct clock *k, uint32_t at) {
  return lexicon_before(k->p->options.lexicon, k->p->folded, at, LEX_BIT(past_word)) != NULL;
}

/* 2025年12月31日前建成的幼儿园: the date tells of what it describes. */
static bool has_of_behind(const struct clock *k, uint32_t end) {
  const struct str rest = str_slice(k->p->folded, end, end + 60 < k->stretch.end ? end + 60 : k->stretch.end);
  for (size_t i = 0; i + 3 <= rest.len;) {
    const uint32_t c = utf8_at(rest, i);
    if (c == 0x7684) return true;
    if (c == 0xFF0C || c == ',' || c == 0x3002 || c == 0xFF1B || c == ';' || c == '\n') return false;
    i += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  return false;
}

/* 三年内建成, 力争两年内, 今后五年: due then (`within`: 内 stands behind); but 离校2年内毕业生 describes somebody. */
static bool is_promise(const struct clock *k, uint32_t at, bool within) {
  if (within && at == k->stretch.at) return true;
  const uint32_t c = char_before(k, at);
  if (c == 0x7528) return true; /* 用三年时间 */
  if (within && (c == 0x5728 || mark_at(k->p->folded, utf8_back(k->p->folded, at)) != MARK_NONE)) return true; /* 在 */
  return lexicon_before(k->p->options.lexicon, k->p->folded, at,
                        LEX_BIT(present_word) | LEX_BIT(soften) | LEX_BIT(level)) != NULL;
}

/* 三年行动, 五年规划: a horizon counted from the plan's year; 3年内. */
static void read_span_of_years(struct clock *k, const struct quantity *q) {
  int years = 0;
  if (!str_eqz(q->unit, "年") || q->has_max || !whole(q->value, 2, 20, &years) || q->quoted || !k->year) return;
  const struct lex_word *w =
      lexicon_at(k->p->options.lexicon, k->p->folded, q->at.end, LEX_BIT(name_head) | LEX_BIT(document_head));
  const bool within = char_at(k, q->at.end) == 0x5185 || (!w && is_promise(k, q->at.at, false));
  if (!w && !within) return;
  struct when *t =
      add_when(k,
               (struct span){q->at.at, q->at.end + (uint32_t)(w                                 ? w->text.len
                                                              : char_at(k, q->at.end) == 0x5185 ? 3
                                                                                                : 0)},
               TIME_HORIZON, (struct date){(int16_t)k->year, 1, 1}, last_of_month(k->year + years - 1, 12));
  t->inferred = true;
  if (!w && is_promise(k, q->at.at, true)) t->from = (struct date){0};
}

/* 明年6月底前: one time, not two. */
static void take_next_year(struct clock *k, const struct parts *d, uint32_t at) {
  if (!d->year && k->year_at_hand && k->done == at && k->it->times.len && vec_last(&k->it->times).at.end == at)
    k->it->times.len--;
}

static void read_date(struct clock *k, size_t *io_i) {
  const struct quantity *q = &k->reading->quantities.at[*io_i];
  struct parts d, second = {0};
  uint32_t end = 0;
  size_t i = *io_i;
  const bool ordinal_head =
      lexicon_before(k->p->options.lexicon, k->p->folded, q->at.at, LEX_BIT(number_head)) != NULL &&
      char_before(k, q->at.at) == 0x7B2C; /* 第3日 */
  if (q->kind != QUANTITY_ORDINAL || ordinal_head || !read_parts(k, &i, false, &d, &end)) {
    if (q->kind == QUANTITY_ORDINAL) read_span_of_years(k, q);
    ++*io_i;
    return;
  }
  *io_i = i;
  const bool written = d.year != 0;
  take_next_year(k, &d, q->at.at);
  const int year = d.year ? d.year : k->year_at_hand && k->done == q->at.at ? k->year_at_hand : k->year;
  const bool until = behind_until(k, q->at.at);
  struct date from = year ? first_day(&d, year) : (struct date){0}, to = year ? last_day(&d, year) : (struct date){0};
  const bool range = read_second(k, &d, io_i, &end, &second);
  if (range && year) to = last_day(&second, second.year ? second.year : d.school_year ? d.year + 1 : year);
  enum time_kind kind = TIME_PERIOD;
  bool inferred = d.school_year || second.school_year;
  const bool tailed = apply_tail(k, &end, range ? &second : &d, from, &to, &inferred, &kind);
  if (tailed && kind != TIME_DUE) kind = d.day || !range ? kind : TIME_PERIOD;
  if (kind == TIME_PERIOD && written && !d.month && !range) (void)behind_other_year(k, q->at.at, &kind);
  if (until && written && !d.month) kind = k->year && d.year > k->year ? TIME_HORIZON : TIME_DUE;
  k->done = end;
  k->year_at_hand = written && !d.month && !range && !tailed ? (int16_t)d.year : 0;
  if (q->quoted || (!d.month && names_a_plan(k, (struct span){q->at.at, end}, kind))) return;
  if (kind == TIME_DUE && k->year && !date_none(to) && to.year < k->year &&
      (has_of_behind(k, end) || behind_fact(k, q->at.at)))
    kind = TIME_PERIOD;
  if (kind == TIME_DUE || kind == TIME_HORIZON || (!date_none(to) && date_cmp(from, to) > 0)) from = (struct date){0};
  struct when *t = add_when(k, (struct span){q->at.at, end}, kind, from, to);
  t->inferred = inferred;
}

/* ---- dates in words ---- */

static int two_digits(struct str s, size_t at) {
  return at + 1 < s.len ? (s.at[at] - '0') * 10 + (s.at[at + 1] - '0') : 0;
}

static struct date month_day(struct str s, size_t at, int year) {
  return year ? (struct date){(int16_t)year, (int8_t)two_digits(s, at), (int8_t)two_digits(s, at + 3)}
              : (struct date){0};
}

static int four_digits(struct str s, size_t at) { return two_digits(s, at) * 100 + two_digits(s, at + 2); }

/* “十五五”期间, “十五五”末: the years of a five-year plan. Only its end is a date that is stated. */
static void read_plan_years(struct clock *k, struct span at, struct str value, bool end) {
  const int to = four_digits(value, end ? 4 : 10);
  const bool ahead = k->year && to > k->year;
  struct when *t = add_when(k, at, end || ahead ? TIME_HORIZON : TIME_PERIOD, (struct date){0}, last_of_month(to, 12));
  if (!end) t->from = (struct date){(int16_t)four_digits(value, 5), 1, 1};
  t->inferred = !end;
}

/* What stands behind a period: 起 leaves it open, 前 and 底 make it due. */
static void apply_word_tail(const struct clock *k, struct when *t) {
  const struct lex_word *tail = lexicon_at(k->p->options.lexicon, k->p->folded, t->at.end, LEX_BIT(date_tail));
  if (!tail || char_at(k, t->at.end) == 0x521D) return; /* 初 */
  const struct str value = lex_value(tail, LEX_date_tail);
  if (str_eqz(value, "start")) t->to = (struct date){0};
  else if (!str_eqz(value, "past")) t->kind = TIME_DUE;
}

/* 每人每月750元: the measure of a sum, nothing that recurs. */
static bool is_rate_of_pay(const struct clock *k, uint32_t end) {
  enum { REACH = 24 };
  const struct reading *r = k->reading;
  size_t lo = 0, hi = r->quantities.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (r->quantities.at[mid].at.at < end) lo = mid + 1;
    else hi = mid;
  }
  if (lo == r->quantities.len) return false;
  const struct quantity *q = &r->quantities.at[lo];
  if (q->kind != QUANTITY_MONEY || q->at.at - end > REACH) return false;
  for (size_t i = end; i < q->at.at;) {
    if (mark_at(k->p->folded, i) != MARK_NONE) return false;
    (void)utf8_next(k->p->folded, &i);
  }
  return true;
}

static void read_word(struct clock *k, const struct lex_hit *h, const struct lex_word *w) {
  const struct str value = lex_value(w, LEX_time_word);
  const struct str due = STR("due "), period = STR("period "), next = STR("next ");
  const bool joined = k->year_at_hand && k->done == h->at; /* 2026年上半年 */
  const int year = joined ? k->year_at_hand : k->year;
  struct span at = {h->at, h->at + h->len};
  if (joined && k->it->times.len && vec_last(&k->it->times).at.end == h->at) {
    at.at = vec_last(&k->it->times).at.at;
    k->it->times.len--;
  }
  k->done = at.end;
  k->year_at_hand = 0;
  struct when *t;
  if (every_of(value)) {
    if (is_rate_of_pay(k, at.end)) return;
    t = add_when(k, at, TIME_RECUR, (struct date){0}, (struct date){0});
    t->every = every_of(value);
  } else if (str_starts(value, due)) {
    t = add_when(k, at, TIME_DUE, (struct date){0}, month_day(value, due.len, year));
  } else if (str_starts(value, period)) {
    t = add_when(k, at, TIME_PERIOD, month_day(value, period.len, year), month_day(value, period.len + 6, year));
    apply_word_tail(k, t);
  } else if (str_starts(value, next)) {
    const int then = k->year ? k->year + 1 : 0;
    t = add_when(k, at, TIME_PERIOD, month_day(value, next.len, then), month_day(value, next.len + 6, then));
    k->year_at_hand = (int16_t)then;
    apply_word_tail(k, t);
  } else if (str_starts(value, STR("span ")) || str_starts(value, STR("end "))) {
    read_plan_years(k, at, value, str_starts(value, STR("end ")));
    return;
  } else {
    return;
  }
  t->inferred = str_ends(value, STR("derived"));
}

static bool is_number_before(const struct clock *k, uint32_t at) {
  const uint32_t c = char_before(k, at);
  int64_t n;
  return is_digit(c) || (at >= 3 && numeral_zh(k->p->folded, at - 3, &n) == 3 && is_han(c));
}

static bool in_book(struct clock *k, uint32_t at) {
  while (k->book < k->reading->books.len && k->reading->books.at[k->book].end <= at) k->book++;
  return k->book < k->reading->books.len && k->reading->books.at[k->book].at <= at;
}

/* Words up to `until`. A word counts when it is no piece of what was read and not inside 《》. */
static void read_words(struct clock *k, uint32_t until) {
  const lex_hits *hits = &k->p->hits;
  for (; k->hit < hits->len && hits->at[k->hit].at < until; k->hit++) {
    const struct lex_hit *h = &hits->at[k->hit];
    if (h->at < k->done || !lexicon_hit_in(k->p->options.lexicon, h->word, LEX_BIT(time_word))) continue;
    if (in_book(k, h->at)) continue;
    const struct lex_word *w = lexicon_word(k->p->options.lexicon, h->word);
    if (is_number_before(k, h->at)) continue; /* 3年内 is no 年内 */
    read_word(k, h, w);
  }
}

static void read_stretch(struct clock *k, const struct reading *reading, struct span stretch) {
  k->stretch = stretch;
  k->reading = reading;
  k->hit = lex_first(&k->p->hits, stretch.at);
  k->done = stretch.at;
  k->book = 0;
  k->year_at_hand = 0;
  for (size_t i = 0; i < k->reading->quantities.len;) {
    read_words(k, k->reading->quantities.at[i].at.at);
    if (k->reading->quantities.at[i].at.at < k->done) i++;
    else read_date(k, &i);
  }
  read_words(k, stretch.end);
}

/* A cell that is nothing but a date in digits: 2026-06-30, 2026.6. */
static void read_cell(struct clock *k, struct reader *r, struct span cell) {
  const size_t before = k->it->times.len;
  read_stretch(k, quantity_read(r, cell), cell);
  struct date d;
  const struct str text = str_trim(plan_text(k->p, cell));
  if (k->it->times.len == before && date_parse(text, k->year, &d))
    (void)add_when(k, cell, TIME_DUE, (struct date){0}, d);
}

/* ---- due dates ---- */

/* The latest date that the item itself states; a horizon only when there is nothing nearer. */
static struct when due_of(const struct item *it, const struct document *doc) {
  const struct when *best = NULL;
  vec_each(const struct when, t, &it->times) {
    if (t->kind == TIME_RECUR || date_none(t->to) || (doc->year && t->to.year < doc->year)) continue;
    if (t->kind == TIME_HORIZON && t->inferred && !date_none(t->from)) continue; /* the span of a plan's name */
    const bool far = t->kind == TIME_HORIZON, best_far = best && best->kind == TIME_HORIZON;
    if (!best || (best_far && !far) || (best_far == far && date_cmp(t->to, best->to) > 0)) best = t;
  }
  if (best)
    return (struct when){
        .at = best->at, .kind = TIME_DUE, .to = best->to, .inferred = best->inferred, .measure = best->measure};
  struct when none = {.kind = TIME_DUE, .inferred = true, .measure = NO_INDEX};
  const int year = doc->year_to ? doc->year_to : doc->year;
  if (year) none.to = last_of_month(year, 12);
  return none;
}

static void times_of_item(struct clock *k, struct reader *r, const struct document *doc) {
  struct item *it = k->it;
  for (size_t i = 0; i < it->stretches.len; i++) read_stretch(k, quantities_of(r, it, i), it->stretches.at[i]);
  if (!it->cells.len)
    vec_each(struct span, s, &it->labels) read_stretch(k, quantity_read(r, *s), *s);
  vec_each(struct cell, c, &it->cells)
    if (c->role == CELL_TIME) read_cell(k, r, c->at);
  it->due = due_of(it, doc);
}

/* 第二季度 as the heading of a group: what its items do not say otherwise is due by then. */
static void due_of_group(const struct document *doc, struct item *it) {
  if (!it->due.inferred || span_len(it->due.at)) return;
  for (int32_t g = it->parent; g != NO_INDEX; g = doc->items.at[g].parent) {
    const struct item *group = &doc->items.at[g];
    const struct when *due = &group->due;
    if (due->inferred || due->at.at < group->title_at.at || due->at.end > group->title_at.end) continue;
    it->due.to = due->to;
    return;
  }
}

void plan_times(struct plan *p) {
  AUTO_ARENA scratch = {0};
  struct reader reader = {.p = p, .scratch = &scratch, .keeps = true};
  vec_each(struct document, doc, &p->documents)
    vec_each(struct item, it, &doc->items) {
      struct clock k = {.p = p, .it = it, .year = doc->year};
      times_of_item(&k, &reader, doc);
      due_of_group(doc, it);
    }
}
