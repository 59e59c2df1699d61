/* The fields of facts that a person can set: one table, from which forms, checks, reading and writing follow. A field is
 * a place in the fact's struct, so that nothing is said twice; enums are named by the words of the JSON. */
#include <stddef.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "engine/plan/correct_int.h"
#include "engine/plan/render.h"
#include "text/numeral.h"
#include "texts.h"

enum { TEXT_CHARS_MAX = 500, YEAR_LEAST = 1949, YEAR_MOST = 2100, COUNT_MOST = 100000 };

static const char *const roles[] = {"lead", "assist", "guide", NULL};
static const char *const bounds[] = {"eq", "ge", "le", "about", "range", NULL};
static const char *const strengths[] = {"hard", "strive", "encourage", "explore", NULL};
static const char *const levels[] = {"none",        "whole",      "each-province-unit", "each-district",
                                     "each-school", "each-class", "each-person",        NULL};
static const char *const stages[] = {"basis", "draft", "made", "issued", NULL};
static const char *const name_kinds[] = {"programme", "platform", "event", "honour", "slogan", "other", NULL};
static const char *const time_kinds[] = {"due", "period", "recur", "horizon", NULL};
static const char *const everies[] = {"none", "day", "week", "month", "quarter", "term", "year", "other", NULL};
static const char *const verb_classes[] = {"none", "document", "count", "state", "event",
                                           "soft", "basis",    "start", NULL};

#define AT(T, member) (uint16_t) offsetof(struct T, member)
#define TEXT_FIELD(subject, T, member, name, optional, main) \
  { subject, #name, CORRECT_TEXT, optional, main, NULL, MSG_field_##name, 0, AT(T, member), 0 }
#define CHOICE_FIELD(subject, T, member, name, list) \
  { subject, #name, CORRECT_CHOICE, false, false, list, MSG_field_##name, 0, AT(T, member), 0 }
#define NUMBER_FIELD(subject, T, member, flag) \
  { subject, #member, CORRECT_NUMBER, true, false, NULL, MSG_field_##member, 0, AT(T, member), AT(T, flag) }
#define LINK_FIELD(subject, T, member, to) \
  { subject, #member, CORRECT_LINK, true, false, NULL, MSG_field_##member, to, AT(T, member), 0 }
#define YES_NO_FIELD(subject, T, member, name) \
  { subject, #name, CORRECT_YES_NO, false, false, NULL, MSG_field_##name, 0, AT(T, member), 0 }
#define YEAR_FIELD(subject, T, member) \
  { subject, #member, CORRECT_YEAR, true, false, NULL, MSG_field_##member, 0, AT(T, member), 0 }
#define DATE_FIELD(subject, T, member, name, main) \
  { subject, #name, CORRECT_DATE, true, main, NULL, MSG_field_##name, 0, AT(T, member), 0 }

const struct correct_field correct_fields[] = {
    TEXT_FIELD(FACT_PARTY, party, name, name, false, true),
    CHOICE_FIELD(FACT_PARTY, party, role, role, roles),
    TEXT_FIELD(FACT_TARGET, target, what, what, false, true),
    NUMBER_FIELD(FACT_TARGET, target, value, has_value),
    NUMBER_FIELD(FACT_TARGET, target, value_max, has_max),
    NUMBER_FIELD(FACT_TARGET, target, from, has_from),
    TEXT_FIELD(FACT_TARGET, target, unit, unit, true, false),
    CHOICE_FIELD(FACT_TARGET, target, bound, bound, bounds),
    CHOICE_FIELD(FACT_TARGET, target, strength, strength, strengths),
    CHOICE_FIELD(FACT_TARGET, target, level, level, levels),
    TEXT_FIELD(FACT_TARGET, target, denominator, denominator, true, false),
    YEAR_FIELD(FACT_TARGET, target, year),
    LINK_FIELD(FACT_TARGET, target, part_of, FACT_TARGET),
    LINK_FIELD(FACT_TARGET, target, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_DELIVERABLE, deliverable, title, title, false, true),
    TEXT_FIELD(FACT_DELIVERABLE, deliverable, action, action, true, false),
    YES_NO_FIELD(FACT_DELIVERABLE, deliverable, is_new, new),
    CHOICE_FIELD(FACT_DELIVERABLE, deliverable, stage, stage, stages),
    YES_NO_FIELD(FACT_DELIVERABLE, deliverable, marked, marked),
    LINK_FIELD(FACT_DELIVERABLE, deliverable, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_NAME, name, text, name, false, true),
    CHOICE_FIELD(FACT_NAME, name, kind, kind, name_kinds),
    DATE_FIELD(FACT_TIME, when, to, due, true),
    DATE_FIELD(FACT_TIME, when, from, start, false),
    CHOICE_FIELD(FACT_TIME, when, kind, kind, time_kinds),
    CHOICE_FIELD(FACT_TIME, when, every, every, everies),
    LINK_FIELD(FACT_TIME, when, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_DUTY, duty, what, what, true, true),
    NUMBER_FIELD(FACT_DUTY, duty, count, has_count),
    CHOICE_FIELD(FACT_DUTY, duty, every, every, everies),
    CHOICE_FIELD(FACT_DUTY, duty, bound, bound, bounds),
    LINK_FIELD(FACT_DUTY, duty, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_UNIVERSAL, universal, list, list, false, true),
    LINK_FIELD(FACT_UNIVERSAL, universal, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_COMPARISON, comparison, subject, compared, true, true),
    TEXT_FIELD(FACT_COMPARISON, comparison, object, object, true, false),
    CHOICE_FIELD(FACT_COMPARISON, comparison, bound, bound, bounds),
    LINK_FIELD(FACT_COMPARISON, comparison, measure, FACT_MEASURE),
    TEXT_FIELD(FACT_PLACEHOLDER, placeholder, fill, fill, true, false),
    TEXT_FIELD(FACT_PLACEHOLDER, placeholder, text, blank, false, true),
    TEXT_FIELD(FACT_MEASURE, measure, verb, verb, false, true),
    TEXT_FIELD(FACT_MEASURE, measure, object, object, true, false),
    CHOICE_FIELD(FACT_MEASURE, measure, verb_class, verb_class, verb_classes),
    CHOICE_FIELD(FACT_MEASURE, measure, strength, strength, strengths),
    TEXT_FIELD(CORRECT_ITEM, item, title, title, true, false),
    {CORRECT_ITEM, "number", CORRECT_COUNT, false, false, NULL, MSG_field_number, 0, AT(item, number), 0},
    DATE_FIELD(CORRECT_ITEM, item, due.to, due, false),
    TEXT_FIELD(CORRECT_SECTION, section, title, title, true, false),
    {CORRECT_SECTION, "number", CORRECT_COUNT, true, false, NULL, MSG_field_number, 0, AT(section, number), 0},
    TEXT_FIELD(CORRECT_DOCUMENT, document, title.text, title, false, false),
    TEXT_FIELD(CORRECT_DOCUMENT, document, notice_title.text, notice_title, true, false),
    TEXT_FIELD(CORRECT_DOCUMENT, document, addressees.text, addressees, true, false),
    {CORRECT_DOCUMENT, "issuer", CORRECT_NAMES, true, false, NULL, MSG_field_issuer, 0, AT(document, issuers), 0},
    {CORRECT_DOCUMENT, "number", CORRECT_TEXT, true, false, NULL, MSG_field_document_number, 0,
     AT(document, number.text), 0},
    DATE_FIELD(CORRECT_DOCUMENT, document, date, date, false),
    YEAR_FIELD(CORRECT_DOCUMENT, document, year),
    YEAR_FIELD(CORRECT_DOCUMENT, document, year_to),
};
const size_t correct_field_count = COUNT_OF(correct_fields);

const struct correct_field *correct_field(int subject, struct str name) {
  for (size_t i = 0; i < correct_field_count; i++) {
    if (correct_fields[i].subject == subject && str_eqz(name, correct_fields[i].name)) return &correct_fields[i];
  }
  return NULL;
}

static const char *const subjects[CORRECT_SUBJECT_COUNT] = {
    [FACT_PARTY] = "party",
    [FACT_TARGET] = "target",
    [FACT_DELIVERABLE] = "deliverable",
    [FACT_NAME] = "name",
    [FACT_TIME] = "time",
    [FACT_DUTY] = "duty",
    [FACT_UNIVERSAL] = "universal",
    [FACT_COMPARISON] = "comparison",
    [FACT_PLACEHOLDER] = "placeholder",
    [FACT_MEASURE] = "measure",
    [CORRECT_ITEM] = "item",
    [CORRECT_SECTION] = "section",
    [CORRECT_DOCUMENT] = "document",
};
const char *correct_subject_word(int subject) { return subjects[subject]; }
bool correct_subject_of(struct str word, int *out) {
  for (int i = 0; i < CORRECT_SUBJECT_COUNT; i++) {
    if (!str_eqz(word, subjects[i])) continue;
    *out = i;
    return true;
  }
  return false;
}
static const char *const acts[CORRECT_ACT_COUNT] = {"set", "add", "remove", "answer"};
const char *correct_act_word(enum correct_act act) { return acts[act]; }

/* ---- answers ---- */

static const struct correct_answer answers[] = {
    {DIAG_range_bound, "floor", MSG_answer_floor, ANSWER_SET, "bound", "ge", false},
    {DIAG_range_bound, "interval", MSG_answer_interval, ANSWER_SET, "bound", "range", false},
    {DIAG_bound_carried, "at-least", MSG_answer_at_least, ANSWER_SET, "bound", "ge", false},
    {DIAG_bound_carried, "exact", MSG_answer_exact, ANSWER_SET, "bound", "eq", false},
    {DIAG_existing_count, "commitment", MSG_answer_commitment, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_existing_count, "no-commitment", MSG_answer_no_commitment, ANSWER_REMOVE, NULL, NULL, false},
    {DIAG_sum, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, true},
    {DIAG_damage, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, true},
    {DIAG_not_plan, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, true},
    {DIAG_no_unit, "no-matter", MSG_answer_no_matter, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_soft_target, "no-matter", MSG_answer_no_matter, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_no_denominator, "no-matter", MSG_answer_no_matter, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_date_before_plan, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_number_gap, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_number_repeated, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_unit_unknown, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_placeholder, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_year_doubt, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_document_twice, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_document_withdrawn, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_sentence_twice, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_unbalanced, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
    {DIAG_empty_item, "as-is", MSG_answer_as_is, ANSWER_KEEP, NULL, NULL, false},
};
const struct correct_answer *correct_answers(enum diag_code code, size_t *out_n) {
  size_t first = 0, n = 0;
  while (first < COUNT_OF(answers) && answers[first].code != code) first++;
  while (first + n < COUNT_OF(answers) && answers[first + n].code == code) n++;
  *out_n = n;
  return n ? &answers[first] : NULL;
}

/* ---- reading and writing a field ---- */

static struct str choice_text(const struct correct_field *f, int i) {
  for (int k = 0; f->choices[k]; k++) {
    if (k == i) return str_of(f->choices[k]);
  }
  return STR("");
}
static struct str count_text(struct arena *mem, int32_t n, bool optional) {
  return optional && n <= 0 ? STR("") : str_int(mem, n);
}
typedef VEC(struct text_at) names; /* every VEC has this layout */
static struct str read_names(struct arena *mem, const names *list) {
  struct str all = STR("");
  for (size_t i = 0; i < list->len; i++)
    all = all.len ? str_fmt(mem, STRF "、" STRF, STRA(all), STRA(list->at[i].text)) : list->at[i].text;
  return all;
}
/* A name that stood there before keeps its place in the text; the list is a new one, as the old may be shared. */
static void write_names(struct arena *mem, names *list, struct str value) {
  names fresh = {0};
  for (struct str name = {0}, rest = str_dup(mem, value); rest.len;) {
    if (!str_cut(rest, STR("、"), &name, &rest)) {
      name = rest;
      rest = (struct str){0};
    }
    struct text_at x = {.text = name};
    for (size_t i = 0; i < list->len; i++)
      if (str_eq(list->at[i].text, name)) x.at = list->at[i].at;
    vec_push(mem, &fresh) = x;
  }
  *list = fresh;
}
struct str correct_read(struct arena *mem, const struct correct_field *f, const void *fact) {
  const char *p = (const char *)fact + f->at;
  if (f->has && !*((const bool *)fact + f->has)) return STR("");
  switch (f->type) {
    case CORRECT_TEXT: return *(const struct str *)(const void *)p;
    case CORRECT_NUMBER: return dec_text(mem, *(const struct dec *)(const void *)p);
    case CORRECT_COUNT: return count_text(mem, *(const int32_t *)(const void *)p, f->optional);
    case CORRECT_LINK: return count_text(mem, *(const int32_t *)(const void *)p, false);
    case CORRECT_NAMES: return read_names(mem, (const names *)(const void *)p);
    case CORRECT_DATE: return date_iso(mem, *(const struct date *)(const void *)p);
    case CORRECT_YEAR: {
      const int year = *(const int16_t *)(const void *)p;
      return year ? str_int(mem, year) : STR("");
    }
    case CORRECT_CHOICE: return choice_text(f, *(const int *)(const void *)p);
    case CORRECT_YES_NO: return *(const bool *)p ? STR("yes") : STR("no");
  }
  return STR("");
}
void correct_write(struct arena *mem, const struct correct_field *f, void *fact, struct str value) {
  char *p = (char *)fact + f->at;
  int64_t n = 0;
  if (f->has) *((bool *)fact + f->has) = value.len > 0;
  switch (f->type) {
    case CORRECT_TEXT: *(struct str *)(void *)p = str_dup(mem, value); break;
    case CORRECT_NUMBER:
      if (!dec_parse(value, (struct dec *)(void *)p)) *(struct dec *)(void *)p = (struct dec){0};
      break;
    case CORRECT_COUNT:
      if (str_to_int(value, &n) || !value.len) *(int32_t *)(void *)p = (int32_t)n;
      break;
    case CORRECT_NAMES: write_names(mem, (names *)(void *)p, value); break;
    case CORRECT_LINK: break; /* correct.c knows the item */
    case CORRECT_DATE:
      *(struct date *)(void *)p = (struct date){0};
      (void)date_parse(value, 0, (struct date *)(void *)p);
      break;
    case CORRECT_YEAR: *(int16_t *)(void *)p = str_to_int(value, &n) ? (int16_t)n : 0; break;
    case CORRECT_CHOICE:
      for (int k = 0; f->choices[k]; k++) {
        if (str_eqz(value, f->choices[k])) *(int *)(void *)p = k;
      }
      break;
    case CORRECT_YES_NO: *(bool *)p = str_eqz(value, "yes"); break;
  }
}
uint64_t correct_hash(const struct correct_field *f, const void *fact, uint64_t seed) {
  AUTO_ARENA mem = {0};
  return correct_mix(seed, str_hash(correct_read(&mem, f, fact)));
}

/* ---- what a person typed ---- */

static bool refuse(struct err *e, int msg, const struct correct_field *f, struct str value) {
  return fail(e, ERR_INVALID, msg, "name", str_of(f->name), "value", value);
}
static bool check_text(struct arena *mem, const struct correct_field *f, struct str s, struct err *e) {
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)s.at[i] < 0x20) return refuse(e, MSG_correct_bad_text, f, s);
  }
  if (utf8_count(s) > TEXT_CHARS_MAX)
    return fail(e, ERR_INVALID, MSG_plans_too_long, "name", str_of(f->name), "limit", str_int(mem, TEXT_CHARS_MAX));
  return true;
}
/* 甲局、乙局; commas and semicolons of both widths part names too. */
static struct str canonical_names(struct arena *mem, struct str s) {
  static const char *const marks[] = {"；", ";", "，", ",", "\t"};
  AUTO_BUF b = BUF_MAX(TEXT_CHARS_MAX * 4 + 64);
  for (size_t i = 0; i < COUNT_OF(marks); i++) s = str_replace(mem, s, str_of(marks[i]), STR("、"));
  for (struct str name = {0}; s.len;) {
    if (!str_cut(s, STR("、"), &name, &s)) {
      name = s;
      s = (struct str){0};
    }
    name = str_trim(name);
    if (name.len) buf_fmt(&b, "%s" STRF, b.len ? "、" : "", STRA(name));
  }
  return str_dup(mem, buf_view(&b));
}
/* 1,080, １０８０, 3.3, 三十三. */
static bool read_number(struct str s, struct dec *out) {
  int64_t n = 0;
  size_t used = numeral_arabic(s, 0, out);
  if (used == s.len) return true;
  used = numeral_zh(s, 0, &n);
  *out = dec_int(n);
  return used == s.len;
}
static bool check_whole(struct arena *mem, const struct correct_field *f, struct str s, int64_t least, int64_t most,
                        struct str *out, struct err *e) {
  struct dec d = {0};
  if (!read_number(s, &d) || d.scale || d.digits < least || d.digits > most)
    return refuse(e, MSG_correct_bad_number, f, s);
  *out = str_int(mem, d.digits);
  return true;
}
bool correct_check(struct arena *mem, const struct correct_field *f, struct str typed, struct str *out, struct err *e) {
  const struct str s = str_trim(typed);
  struct dec d = {0};
  struct date day = {0};
  *out = s;
  if (!s.len) return f->optional || refuse(e, MSG_correct_needed, f, s);
  switch (f->type) {
    case CORRECT_TEXT:
    case CORRECT_LINK: return check_text(mem, f, s, e);
    case CORRECT_NAMES:
      TRY(check_text(mem, f, s, e));
      *out = canonical_names(mem, s);
      return true;
    case CORRECT_NUMBER:
      if (!read_number(s, &d)) return refuse(e, MSG_correct_bad_number, f, s);
      *out = dec_text(mem, d);
      return true;
    case CORRECT_COUNT: return check_whole(mem, f, s, 0, COUNT_MOST, out, e);
    case CORRECT_YEAR: return check_whole(mem, f, s, YEAR_LEAST, YEAR_MOST, out, e);
    case CORRECT_DATE:
      if (!date_parse(s, 0, &day)) return refuse(e, MSG_correct_bad_date, f, s);
      *out = date_iso(mem, day);
      return true;
    case CORRECT_YES_NO:
      if (!str_eqz(s, "yes") && !str_eqz(s, "no")) return refuse(e, MSG_correct_bad_choice, f, s);
      return true;
    case CORRECT_CHOICE:
      for (int k = 0; f->choices[k]; k++) {
        if (str_eqz(s, f->choices[k])) return true;
      }
      return refuse(e, MSG_correct_bad_choice, f, s);
  }
  return false;
}
