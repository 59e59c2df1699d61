/* Numbers that Word and WPS draw but do not store.
 *
 * A paragraph names a list and a level; the list names a shape; the shape's level has a format and a pattern such as
 * （%1） or %1.%2. Stepping a level restarts the deeper ones. The counters belong to the shape, so that two lists of
 * one shape continue each other, unless a list states its own start: that holds at its first use (ECMA-376 17.9). */
#include "text/docx_number.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/utf8.h"
#include "text/numeral.h"

enum { PATTERN_MAX = 96 /* bytes of a number's pattern */, LISTS_MAX = 8192 /* further lists are not numbered */ };

/* ---- reading ---- */

static struct list_level *level_of(struct lists *l, int n) {
  if (n < 0 || n >= LIST_LEVELS) return NULL;
  if (l->shape) return &l->shape->level[n];
  if (!l->list) return NULL;
  if (!l->list->own) l->list->own = arena_new_n(l->mem, struct list_level, LIST_LEVELS);
  return &l->list->own[n];
}

static void open_level(struct lists *l, const struct xml_tag *tag) {
  l->open = level_of(l, (int)xml_int(tag, "ilvl", -1));
  if (l->open) *l->open = (struct list_level){.known = true, .start = 1, .restart = -1, .format = STR("decimal")};
}

static void level_property(struct lists *l, const struct xml_tag *tag) {
  struct list_level *v = l->open;
  const struct str val = xml_get(tag, "val");
  if (xml_is(tag, "start")) v->start = xml_int(tag, "val", 1);
  else if (xml_is(tag, "numFmt")) v->format = str_dup(l->mem, val);
  else if (xml_is(tag, "lvlText") && val.len <= PATTERN_MAX) v->text = str_dup(l->mem, val);
  else if (xml_is(tag, "pStyle")) v->style = str_dup(l->mem, val);
  else if (xml_is(tag, "isLgl")) v->legal = xml_on(tag);
  else if (xml_is(tag, "suff")) v->tight = str_eqz(val, "nothing");
  else if (xml_is(tag, "lvlRestart")) v->restart = (int)xml_int(tag, "val", -1);
}

static void open_list(struct lists *l, const struct xml_tag *tag) {
  if (l->lists.len == LISTS_MAX) return;
  vec_push(l->mem, &l->lists) = (struct list){.id = xml_int(tag, "numId", -1), .shape_id = -1};
  l->list = &vec_last(&l->lists);
  for (int i = 0; i < LIST_LEVELS; i++) l->list->start[i] = -1;
}

static void on_start(void *ctx, const struct xml_tag *tag) {
  struct lists *l = ctx;
  if (xml_is(tag, "abstractNum")) {
    if (l->shapes.len == LISTS_MAX) return;
    vec_push(l->mem, &l->shapes) = (struct list_shape){.id = xml_int(tag, "abstractNumId", -1)};
    l->shape = &vec_last(&l->shapes);
  } else if (xml_is(tag, "num")) {
    open_list(l, tag);
  } else if (xml_is(tag, "lvl")) {
    open_level(l, tag);
  } else if (l->open) {
    level_property(l, tag);
  } else if (l->shape && xml_is(tag, "styleLink")) {
    l->shape->style = str_dup(l->mem, xml_get(tag, "val"));
  } else if (l->shape && xml_is(tag, "numStyleLink")) {
    l->shape->style_link = str_dup(l->mem, xml_get(tag, "val"));
  } else if (l->list && xml_is(tag, "abstractNumId")) {
    l->list->shape_id = xml_int(tag, "val", -1);
  } else if (l->list && xml_is(tag, "lvlOverride")) {
    l->open_level = (int)xml_int(tag, "ilvl", -1);
  } else if (l->list && xml_is(tag, "startOverride") && l->open_level >= 0 && l->open_level < LIST_LEVELS) {
    l->list->start[l->open_level] = xml_int(tag, "val", 1);
  }
}

static void on_end(void *ctx, const struct xml_tag *tag) {
  struct lists *l = ctx;
  if (xml_is(tag, "lvl")) l->open = NULL;
  if (xml_is(tag, "abstractNum")) l->shape = NULL;
  if (xml_is(tag, "num")) l->list = NULL;
}

static int by_shape_id(const void *a, const void *b) {
  const int64_t x = ((const struct list_shape *)a)->id, y = ((const struct list_shape *)b)->id;
  return (x > y) - (x < y);
}
static int by_list_id(const void *a, const void *b) {
  const int64_t x = ((const struct list *)a)->id, y = ((const struct list *)b)->id;
  return (x > y) - (x < y);
}

/* A shape may only point to the style whose shape really holds the levels. */
static void follow_links(struct lists *l) {
  vec_each(struct list_shape, s, &l->shapes)
    for (size_t i = 0; s->style_link.len && !s->link && i < l->shapes.len; i++)
      if (str_eq(l->shapes.at[i].style, s->style_link)) s->link = &l->shapes.at[i];
}

bool lists_read(struct lists *l, struct archive *a, struct str part, struct err *e) {
  const struct xml_events on = {.ctx = l, .start = on_start, .end = on_end};
  TRY(archive_parse(a, part, &on, e));
  if (l->shapes.len) qsort(l->shapes.at, l->shapes.len, sizeof *l->shapes.at, by_shape_id);
  if (l->lists.len) qsort(l->lists.at, l->lists.len, sizeof *l->lists.at, by_list_id);
  follow_links(l);
  return true;
}

/* ---- finding ---- */

static struct list *find_list(const struct lists *l, int64_t id) {
  const struct list key = {.id = id};
  return l->lists.len ? bsearch(&key, l->lists.at, l->lists.len, sizeof key, by_list_id) : NULL;
}

static struct list_shape *find_shape(const struct lists *l, int64_t id) {
  const struct list_shape key = {.id = id};
  struct list_shape *s = l->shapes.len ? bsearch(&key, l->shapes.at, l->shapes.len, sizeof key, by_shape_id) : NULL;
  return s && s->link ? s->link : s;
}

int lists_style_level(const struct lists *l, int64_t list_id, struct str style, int otherwise) {
  const struct list *list = find_list(l, list_id);
  const struct list_shape *shape = list ? find_shape(l, list->shape_id) : NULL;
  for (int i = 0; shape && style.len && i < LIST_LEVELS; i++)
    if (str_eq(shape->level[i].style, style)) return i;
  return otherwise;
}

/* ---- formats ---- */

static struct str roman(struct arena *mem, int64_t n, bool upper) {
  static const struct {
    int value;
    const char *low, *high;
  } parts[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"},  {400, "cd", "CD"}, {100, "c", "C"},
               {90, "xc", "XC"}, {50, "l", "L"},    {40, "xl", "XL"}, {10, "x", "X"},    {9, "ix", "IX"},
               {5, "v", "V"},    {4, "iv", "IV"},   {1, "i", "I"}};
  struct str s = {0};
  for (size_t i = 0; i < COUNT_OF(parts) && n < 4000; i++)
    for (; n >= parts[i].value; n -= parts[i].value) s = str_join(mem, s, str_of(upper ? parts[i].high : parts[i].low));
  return s;
}

/* a ... z aa bb: the letter is repeated, as Word does. */
static struct str letters(struct arena *mem, int64_t n, char first) {
  const size_t times = (size_t)((n - 1) / 26 + 1);
  if (n < 1 || times > 16) return str_int(mem, n);
  char *z = arena_take(mem, times);
  memset(z, first + (char)((n - 1) % 26), times);
  return (struct str){z, times};
}

static struct str code_point(struct arena *mem, uint32_t c) {
  char *z = arena_take(mem, 4);
  return (struct str){z, utf8_put(z, c)};
}

/* Every decimal digit replaced by the n-th sign of `signs`. */
static struct str digits_as(struct arena *mem, int64_t n, const char *const signs[10]) {
  struct str s = {0}, plain = str_int(mem, n);
  for (size_t i = 0; i < plain.len; i++) {
    const char c = plain.at[i];
    s = str_join(mem, s, c == '-' ? STR("-") : str_of(signs[c - '0']));
  }
  return s;
}

static struct str numeral_formal(struct arena *mem, int64_t n) {
  static const char *const pairs[][2] = {{"一", "壹"}, {"二", "贰"}, {"三", "叁"}, {"四", "肆"},
                                         {"五", "伍"}, {"六", "陆"}, {"七", "柒"}, {"八", "捌"},
                                         {"九", "玖"}, {"十", "拾"}, {"百", "佰"}, {"千", "仟"}};
  struct str s = numeral_zh_text(mem, n);
  for (size_t i = 0; i < COUNT_OF(pairs); i++) s = str_replace(mem, s, str_of(pairs[i][0]), str_of(pairs[i][1]));
  return s;
}

/* Signs that Unicode holds ready for 1 .. `most`. */
static const struct ready {
  const char *format;
  uint32_t first;
  int64_t most;
} ready[] = {
    {"decimalEnclosedCircle", 0x2460, 20},   {"decimalEnclosedCircleChinese", 0x2460, 20},
    {"decimalEnclosedParen", 0x2474, 20},    {"decimalEnclosedFullstop", 0x2488, 20},
    {"ideographEnclosedCircle", 0x3280, 10},
};

static const char *const STEMS = "甲乙丙丁戊己庚辛壬癸";
static const char *const BRANCHES = "子丑寅卯辰巳午未申酉戌亥";

static struct str number_text(struct arena *mem, struct str format, int64_t n) {
  static const char *const zh[10] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  static const char *const wide[10] = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
  for (size_t i = 0; i < COUNT_OF(ready); i++)
    if (str_eqz(format, ready[i].format) && n >= 1 && n <= ready[i].most)
      return code_point(mem, ready[i].first + (uint32_t)(n - 1));
  if (str_eqz(format, "none")) return (struct str){0};
  if (str_eqz(format, "ideographTraditional") && n >= 1 && n <= 10)
    return str_dup(mem, (struct str){STEMS + 3 * (n - 1), 3});
  if (str_eqz(format, "ideographZodiac") && n >= 1 && n <= 12)
    return str_dup(mem, (struct str){BRANCHES + 3 * (n - 1), 3});
  if (str_eqz(format, "ideographLegalTraditional") || str_eqz(format, "chineseLegalSimplified"))
    return numeral_formal(mem, n);
  if (str_eqz(format, "ideographDigital") || str_eqz(format, "taiwaneseDigital")) return digits_as(mem, n, zh);
  if ((str_starts(format, STR("chinese")) || str_starts(format, STR("japanese")) ||
       str_starts(format, STR("taiwanese"))) &&
      n >= 0 && n < 100000000)
    return numeral_zh_text(mem, n);
  if (str_starts(format, STR("decimalFullWidth"))) return digits_as(mem, n, wide);
  if (str_eqz(format, "decimalZero") && n >= 0 && n < 10) return str_fmt(mem, "0%lld", (long long)n);
  if (str_eqz(format, "upperRoman") || str_eqz(format, "lowerRoman")) return roman(mem, n, format.at[0] == 'u');
  if (str_eqz(format, "upperLetter")) return letters(mem, n, 'A');
  if (str_eqz(format, "lowerLetter")) return letters(mem, n, 'a');
  return str_int(mem, n);
}

/* ---- stepping ---- */

static const struct list_level *level_in(const struct list *list, const struct list_shape *shape, int n) {
  return list->own && list->own[n].known ? &list->own[n] : &shape->level[n];
}

static void step(struct list *list, struct list_shape *shape, int level) {
  const struct list_level *v = level_in(list, shape, level);
  if (list->start[level] >= 0 && !list->restarted[level]) {
    shape->count[level] = list->start[level];
    list->restarted[level] = true;
  } else if (!shape->begun[level]) {
    shape->count[level] = v->start;
  } else if (shape->count[level] < INT32_MAX) {
    shape->count[level]++;
  }
  shape->begun[level] = true;
  for (int i = 0; i < level; i++) { /* a level that was skipped counts as begun */
    if (!shape->begun[i]) shape->count[i] = level_in(list, shape, i)->start;
    shape->begun[i] = true;
  }
  for (int i = level + 1; i < LIST_LEVELS; i++) {
    const int restart = level_in(list, shape, i)->restart;
    if (restart == -1 || (restart > 0 && level < restart)) shape->begun[i] = false;
  }
}

static struct str fill_pattern(struct lists *l, struct list *list, struct list_shape *shape, int level) {
  const struct list_level *v = level_in(list, shape, level);
  struct str out = {0};
  size_t from = 0;
  for (size_t i = 0; i + 1 < v->text.len; i++) {
    const int n = v->text.at[i + 1] - '1';
    if (v->text.at[i] != '%' || n < 0 || n >= LIST_LEVELS) continue;
    const struct str format = v->legal && n != level ? STR("decimal") : level_in(list, shape, n)->format;
    out = str_join(l->mem, out, str_slice(v->text, from, i));
    out = str_join(l->mem, out, number_text(l->mem, format, shape->count[n]));
    from = i + 2;
    i++;
  }
  return str_join(l->mem, out, str_from(v->text, from));
}

struct str lists_next(struct lists *l, int64_t list_id, int level) {
  struct list *list = find_list(l, list_id);
  struct list_shape *shape = list ? find_shape(l, list->shape_id) : NULL;
  if (!shape || level < 0 || level >= LIST_LEVELS || !level_in(list, shape, level)->known) return (struct str){0};
  step(list, shape, level);
  const struct list_level *v = level_in(list, shape, level);
  if (str_eqz(v->format, "bullet")) return v->text.len ? STR("• ") : (struct str){0};
  const struct str s = fill_pattern(l, list, shape, level);
  const bool ascii_end = s.len && (unsigned char)s.at[s.len - 1] < 0x80 && s.at[s.len - 1] != ' ';
  return ascii_end && !v->tight ? str_join(l->mem, s, STR(" ")) : s;
}
