/* Before and after the body: titles, numbers, addressees, issuers, dates, the plan's year.
 *
 * Every line above the first number is one of a few kinds, told by its form and by words that are data (title_end,
 * front_meta, names of units). A notice 关于印发《…》的通知 covers the plan that follows: its title and
 * addressees are kept apart, its signature and date are the plan's. A date is taken only from where an office puts one: under
 * the title, behind a signature, in the index block; the date of a page that posts the text again is not. */
#include "base/utf8.h"
#include "engine/plan/phrase.h"
#include "engine/plan/structure.h"

enum front_kind { F_SHORT, F_TITLE, F_UNIT, F_TEXT, F_META, F_NUMBER, F_DATE, F_TO, F_ATTACH };

#define UNIT_WORDS (LEX_BIT(unit_suffix) | LEX_BIT(unit_word))

/* ---- kinds of lines ---- */

static bool ends_unit(const struct work *w, struct str s) {
  return s.len >= 6 && s.len <= UNIT_CHARS * 3 * 2 && lexicon_before(w->lx, s, s.len, UNIT_WORDS) != NULL;
}

/* • 索引号： of a list without its bullet. */
static struct str without_bullet(struct str s) {
  static const char *const bullets[] = {"•", "·", "●", "■", "◆"};
  for (size_t i = 0; i < COUNT_OF(bullets); i++)
    if (str_starts(s, str_of(bullets[i]))) return str_trim(str_from(s, strlen(bullets[i])));
  return s;
}

/* The key of an index block that the text begins with, NULL when it begins with none. */
static const struct lex_word *meta_key(const struct work *w, struct str s) {
  const struct lex_word *word = lexicon_at(w->lx, s, 0, LEX_BIT(front_meta));
  if (!word) return NULL;
  const uint32_t c = utf8_at(s, word->text.len);
  return c == ':' || c == 0xFF1A || c == '\t' || c == ' ' || c == 0x3000 || c == 0 ? word : NULL;
}

static bool is_addressees(const struct work *w, struct str s) {
  if (!str_ends(s, STR("：")) && !str_ends(s, STR(":"))) return false;
  if (str_find(s, STR("。")) != STR_NONE) return false;
  const size_t end = s.len - (str_ends(s, STR(":")) ? 1 : 3);
  const struct str names = str_trim(str_slice(s, 0, end));
  return front_word_at(w->lx, names, 0, "each") || lexicon_before(w->lx, names, names.len, UNIT_WORDS) != NULL;
}

/* …印发给你们: the sentence by which a notice hands out what it covers. */
static bool hands_out(const struct work *w, struct str s) {
  const size_t at = front_word_find(w->lx, s, "hands");
  return at != STR_NONE && lexicon_before(w->lx, s, at, LEX_BIT(notice_word)) != NULL;
}

static enum front_kind kind_of(const struct work *w, uint32_t line) {
  const struct str s = line_text(w, line);
  const struct lex_word *word;
  struct span number;
  struct date date;
  bool alone;
  if (meta_key(w, without_bullet(s))) return F_META;
  if (w->lines.at[line].row) return F_META;
  if (is_addressees(w, s)) return F_TO;
  if (line_is_sentence(s) || hands_out(w, s)) return F_TEXT;
  if (line_is_attachment(w->lx, s, &alone)) return F_ATTACH;
  if (line_date(w, s, &date)) return F_DATE;
  if (line_number(s, &number) && s.len - (number.end - number.at) <= 24) return F_NUMBER;
  if (line_ends_title(w, s, &word)) return F_TITLE;
  return ends_unit(w, s) ? F_UNIT : F_SHORT;
}

/* 索引号： and nothing behind it: its value stands on the next line. */
static bool is_key_alone(const struct work *w, uint32_t line) {
  const struct str s = without_bullet(line_text(w, line));
  const struct lex_word *key = meta_key(w, s);
  if (!key) return false;
  const struct str rest = str_from(s, key->text.len);
  return str_eqz(rest, ":") || str_eqz(rest, "：");
}

/* Lines are values where the block is written so: key, value, key, value. One key alone says nothing. */
static void mark_values(const struct work *w, uint32_t first, uint32_t end, uint8_t *kinds) {
  uint32_t alone = 0;
  for (uint32_t k = first; k < end; k++) alone += kinds[k - first] == F_META && is_key_alone(w, k);
  for (uint32_t k = first; alone >= 2 && k + 1 < end; k++)
    if (kinds[k - first] == F_META && is_key_alone(w, k)) kinds[k + 1 - first] = F_META;
}

/* ---- bounds ---- */

static uint32_t first_task_row(const struct work *w, const struct part *part) {
  struct table_head head;
  for (uint32_t k = part->first; k < part->last; k++)
    if (table_read_head(w, k, &head)) return k;
  return part->last;
}

static bool has_closing_phrase(const struct work *w, uint32_t line) {
  const struct line *l = &w->lines.at[line];
  const struct str s = line_text(w, line);
  if (str_ends(s, STR("！")) || str_ends(s, STR("!"))) return true;
  for (size_t h = lex_first(&w->p->hits, l->from); h < w->p->hits.len && w->p->hits.at[h].at < l->to; h++)
    if (lexicon_hit_in(w->lx, w->p->hits.at[h].word, LEX_BIT(closing_phrase))) return true;
  return false;
}

/* Signature, date, enclosures, 抄送 and what a page sets below them. */
static uint32_t closing_lines(const struct work *w, uint32_t floor, uint32_t end) {
  uint32_t anchor = end;
  for (uint32_t k = end; k > floor; k--) {
    const struct str s = line_text(w, k - 1);
    struct date date;
    if (w->lines.at[k - 1].row) break;
    const bool marked = lexicon_at(w->lx, s, 0, LEX_BIT(closing_word)) != NULL || line_date(w, s, &date);
    if (!marked && (line_is_sentence(s) || label_is_line(w, w->lines.at[k - 1].from, w->lines.at[k - 1].to))) break;
    if (marked || ends_unit(w, s)) anchor = k - 1;
  }
  return anchor;
}

void front_bounds(struct work *w, struct part *part) {
  part->body = part->head_count ? w->heads.at[part->first_head].line : part->closing;
  const uint32_t row = part->has_table ? first_task_row(w, part) : part->last;
  if (row < part->body) part->body = row;
  uint32_t floor = part->body;
  if (part->head_count) {
    const uint32_t last = w->heads.at[part->first_head + part->head_count - 1].line;
    if (last + 1 > floor) floor = last + 1;
  }
  if (floor > part->closing) floor = part->closing;
  part->closing = closing_lines(w, floor, part->closing);
  const bool spare = part->closing >= floor + 2 ||
                     (part->closing == floor + 1 && floor > part->first && line_is_sentence(line_text(w, floor - 1)));
  if (part->head_count && spare && !w->lines.at[part->closing - 1].row &&
      line_is_sentence(line_text(w, part->closing - 1)) && has_closing_phrase(w, part->closing - 1))
    part->closing--;
  part->front_end = part->body;
}

/* ---- title ---- */

struct front {
  struct work *w;
  const struct part *part;
  struct document *d;
  uint8_t *kinds;                   /* of lines part->first .. part->body */
  uint32_t first, end;              /* lines of the front region */
  uint32_t title_first, title_last; /* lines, half open; equal when there is no title */
  const struct lex_word *title_word;
};

static enum front_kind kind_at(const struct front *f, uint32_t line) {
  return (enum front_kind)f->kinds[line - f->first];
}
static bool in_run(enum front_kind k) { return k == F_SHORT || k == F_TITLE || k == F_UNIT; }

/* Lines joined as one text, blanks inside folded to one. */
static struct str join_lines(const struct front *f, uint32_t first, uint32_t last) {
  struct arena *mem = f->w->p->mem;
  size_t room = 1;
  for (uint32_t k = first; k < last; k++) room += line_text(f->w, k).len;
  char *out = arena_take(mem, room);
  size_t len = 0;
  for (uint32_t k = first; k < last; k++) {
    const struct str s = line_text(f->w, k);
    for (size_t i = 0; i < s.len;) {
      const size_t at = i;
      const uint32_t c = utf8_next(s, &i);
      const bool blank = c == ' ' || c == 0x3000 || c == 0xA0 || c == '\t' || (c >= 0x2002 && c <= 0x200A);
      if (blank && (len == 0 || out[len - 1] == ' ')) continue;
      memcpy(out + len, blank ? " " : s.at + at, blank ? 1 : i - at);
      len += blank ? 1 : i - at;
    }
  }
  return (struct str){out, len};
}

static struct text_at text_of_lines(const struct front *f, uint32_t first, uint32_t last) {
  return (struct text_at){{f->w->lines.at[first].from, f->w->lines.at[last - 1].to}, join_lines(f, first, last)};
}

static bool is_bracketed(struct str s) {
  return (str_starts(s, STR("（")) && str_ends(s, STR("）"))) || (str_starts(s, STR("(")) && str_ends(s, STR(")")));
}

static bool open_book(struct str s) { /* a 《 without its 》 */
  const size_t open = str_rfind(s, STR("《")), close = str_rfind(s, STR("》"));
  return open != STR_NONE && (close == STR_NONE || close < open);
}

/* The line above `line` belongs to the same title: an authority, or the beginning of an incomplete title. */
static bool joins_title(const struct front *f, uint32_t line) {
  const struct str above = line_text(f->w, line - 1), here = line_text(f->w, line);
  const struct lexicon *lx = f->w->lx;
  const enum front_kind kind = kind_at(f, line - 1);
  if (front_word_end(lx, above, "letterhead") || str_eq(above, here) || is_bracketed(above)) return false;
  const bool about = front_word_find(lx, above, "about") != STR_NONE;
  if (kind == F_TITLE) /* 关于印发某行动计划⏎（2026—2028年）的通知 */
    return about && front_word_end(lx, here, "notice") && !front_word_end(lx, above, "notice");
  if (kind == F_UNIT || open_book(above) || about) return true;
  return here.len < 8 * 3 || front_word_at(lx, here, 0, "about") || str_ends(above, STR("年"));
}

/* Which lines of a run make its title: up to the last that ends as titles do, upward while it is incomplete. */
static bool title_in_run(const struct front *f, uint32_t first, uint32_t last, uint32_t *out_first,
                         uint32_t *out_last) {
  uint32_t end = last;
  while (end > first && kind_at(f, end - 1) != F_TITLE) end--;
  if (end == first) return false;
  uint32_t begin = end - 1;
  while (begin > first && joins_title(f, begin)) begin--;
  while (end < last && is_bracketed(line_text(f->w, end))) end++;
  *out_first = begin;
  *out_last = end;
  return true;
}

static bool has_year(struct str s) {
  const size_t at = str_find(s, STR("20"));
  return at != STR_NONE && str_find(str_from(s, at), STR("年")) != STR_NONE;
}

static int title_score(const struct front *f, uint32_t first, uint32_t last) {
  const struct str s = join_lines(f, first, last);
  return (has_year(s) ? 4 : 0) + (front_word_find(f->w->lx, s, "about") != STR_NONE ? 3 : 0) + (s.len >= 24 ? 2 : 0) +
         (s.len >= 15 ? 1 : 0);
}

/* 关于印发《…》的通知, 关于印发2026年工作要点的通知 */
static bool is_notice(const struct front *f, struct str s) {
  const struct lexicon *lx = f->w->lx;
  if (!front_word_end(lx, s, "notice")) return false;
  const size_t open = str_find(s, STR("《"));
  if (open != STR_NONE && open >= 6 && lexicon_before(lx, s, open, LEX_BIT(notice_word))) return true;
  size_t behind = 0; /* the last 关于 */
  for (size_t at = 0; (at = front_word_find(lx, str_from(s, behind), "about")) != STR_NONE;)
    behind += at + front_word_at(lx, s, behind + at, "about");
  return behind && lexicon_at(lx, s, behind, LEX_BIT(notice_word)) != NULL;
}

static uint32_t run_end(const struct front *f, uint32_t line) {
  while (line < f->end && in_run(kind_at(f, line))) line++;
  return line;
}

/* The best titled run of lines [from, end); false when there is none. */
static bool best_title(const struct front *f, uint32_t from, uint32_t *out_first, uint32_t *out_last) {
  int best = -1;
  for (uint32_t k = from; k < f->end; k++) {
    if (!in_run(kind_at(f, k))) continue;
    const uint32_t end = run_end(f, k);
    uint32_t a = 0, b = 0;
    if (title_in_run(f, k, end, &a, &b)) {
      const int score = title_score(f, a, b);
      if (score >= best) {
        best = score;
        *out_first = a;
        *out_last = b;
      }
    }
    k = end - 1;
  }
  return best >= 0;
}

/* Any short run that may be a title: 教育现代化2035 above the preamble, no signature (a date would follow). */
static bool plain_title(const struct front *f, uint32_t from, uint32_t *out_first, uint32_t *out_last) {
  for (uint32_t k = from; k < f->end; k++) {
    if (!in_run(kind_at(f, k))) continue;
    const uint32_t end = run_end(f, k);
    const bool signature = end < f->end && kind_at(f, end) == F_DATE && kind_at(f, end - 1) == F_UNIT;
    uint32_t a = k, b = end;
    while (b > a && kind_at(f, b - 1) == F_UNIT) b--;
    if (!signature && b > a && b - a <= 3) {
      if (!title_in_run(f, a, b, out_first, out_last)) {
        *out_first = a;
        *out_last = b;
      }
      return true;
    }
    k = end - 1;
  }
  return false;
}

/* 【转发】, 附件1：, 篇2： before a title: its bytes, 0 when there is none or nothing stands behind it. */
static size_t tag_bytes(const struct lexicon *lx, struct str s) {
  enum { TAG_BYTES = 18 };
  size_t end = 0;
  if (str_starts(s, STR("【"))) {
    const size_t close = str_find(s, STR("】"));
    if (close != STR_NONE && close <= TAG_BYTES) end = close + 3;
  } else if (front_word_at(lx, s, 0, "enclosure") || str_starts(s, STR("篇"))) {
    const size_t wide = str_find(s, STR("：")), plain = str_find(s, STR(":"));
    if (wide != STR_NONE && wide <= TAG_BYTES) end = wide + 3;
    else if (plain != STR_NONE && plain <= TAG_BYTES) end = plain + 1;
  }
  while (end && end < s.len && s.at[end] == ' ') end++;
  return end < s.len ? end : 0;
}

/* 附件：某市2026年实施方案 right above the plan itself, not in a list of enclosures above a signature. */
static bool is_attached_title(const struct front *f, uint32_t line) {
  const struct str s = line_text(f->w, line);
  const struct lex_word *word;
  const size_t tag = tag_bytes(f->w->lx, s);
  if (!tag || !line_ends_title(f->w, str_from(s, tag), &word)) return false;
  if (line > f->first && kind_at(f, line - 1) == F_ATTACH) return false;
  for (uint32_t k = line + 1; k < f->end; k++)
    if (kind_at(f, k) == F_ATTACH || kind_at(f, k) == F_DATE || kind_at(f, k) == F_UNIT) return false;
  return true;
}

/* ---- issuers ---- */

static void add_issuer(const struct front *f, struct str name, uint32_t at) {
  name = str_trim(name);
  if (name.len < 6) return;
  vec_each(struct text_at, x, &f->d->issuers)
    if (str_eq(x->text, name)) return;
  vec_push(f->w->p->mem, &f->d->issuers) = (struct text_at){{at, at + (uint32_t)name.len}, name};
}

/* Where a second authority begins in names run together: 省委教育工委|省教育厅, 甲市委教育工委|甲市教育局. */
static size_t joint(const struct work *w, struct str s) {
  const size_t skip = front_word_at(w->lx, s, 0, "party");
  for (size_t i = 6; i + 6 < s.len;) {
    const size_t at = i;
    (void)utf8_next(s, &i);
    if (!lexicon_before(w->lx, str_slice(s, 0, at), at, LEX_BIT(unit_strong))) continue;
    if (lexicon_at(w->lx, s, at, LEX_BIT(place_head))) return at;
    if (at >= skip + 6 && str_starts(str_from(s, at), str_slice(s, skip, skip + 6))) return at;
  }
  return 0;
}

/* Names parted by blanks or run together; at: place of names.at in clean when it stands there. */
static void add_issuers(const struct front *f, struct str names, uint32_t at) {
  size_t begin = 0;
  for (size_t i = 0; i <= names.len;) {
    size_t next = i;
    const uint32_t c = i < names.len ? utf8_next(names, &next) : ' ';
    if (c == ' ' || c == 0x3000 || c == '\t' || c == 0xA0 || (c >= 0x2002 && c <= 0x200A)) {
      struct str one = str_slice(names, begin, i);
      uint32_t place = at + (uint32_t)begin;
      for (size_t cut; (cut = joint(f->w, one)) > 0; one = str_from(one, cut), place += (uint32_t)cut)
        add_issuer(f, str_slice(one, 0, cut), place);
      add_issuer(f, one, place);
      begin = i < names.len ? next : i;
    }
    if (i == names.len) break;
    i = next;
  }
}

/* 甲市教育局2026年工作要点, 甲市教育局关于…: the authority before the year or 关于. */
static void issuers_of_title(const struct front *f, uint32_t first, uint32_t last) {
  for (uint32_t k = first; k < last; k++) {
    struct str s = line_text(f->w, k);
    s = str_from(s, tag_bytes(f->w->lx, s));
    size_t cut = front_word_find(f->w->lx, s, "about");
    const size_t year = str_find(s, STR("20"));
    const struct lex_word *word;
    if (year < cut) cut = year;
    if (cut == STR_NONE && last == first + 1 && line_ends_title(f->w, s, &word) && str_ends(s, word->text))
      cut = s.len - word->text.len;
    s = str_trim(str_slice(s, 0, cut == STR_NONE ? (kind_at(f, k) == F_UNIT ? s.len : 0) : cut));
    const bool place =
        lexicon_before(f->w->lx, s, s.len, LEX_BIT(unit_place)) != NULL; /* 某县2026年… names no authority */
    if (s.len && !place && lexicon_before(f->w->lx, s, s.len, UNIT_WORDS))
      add_issuers(f, s, (uint32_t)(s.at - f->w->text.at));
  }
}

/* The same of a title that has no line of its own. */
static void issuer_of_name(const struct front *f, struct text_at title) {
  const size_t year = str_find(title.text, STR("20"));
  if (year == STR_NONE || year < 6) return;
  const struct str name = str_slice(title.text, 0, year);
  const bool place = lexicon_before(f->w->lx, name, name.len, LEX_BIT(unit_place)) != NULL;
  if (!place && lexicon_before(f->w->lx, name, name.len, UNIT_WORDS)) add_issuers(f, name, title.at.at);
}

/* 甲市人民政府办公室 关于印发…的通知: who hands the plan out issued it, where nothing nearer says so. */
static void issuer_of_notice(const struct front *f) {
  const struct span at = f->d->notice_title.at;
  const struct str whole = plan_text(f->w->p, at);
  const size_t about = front_word_find(f->w->lx, whole, "about");
  if (about == STR_NONE || about < 6) return;
  const size_t above = str_rfind(str_slice(whole, 0, about), STR("\n")); /* what the page set above it is no issuer */
  const struct str name = str_trim(str_slice(whole, above == STR_NONE ? 0 : above + 1, about));
  if (lexicon_before(f->w->lx, name, name.len, UNIT_WORDS))
    add_issuers(f, name, at.at + (uint32_t)(name.at - whole.at));
}

/* Lines of units right above `line` down to `floor`. */
static void issuers_above(const struct front *f, uint32_t line, uint32_t floor) {
  enum { ISSUERS_LINE = 4 }; /* names that share a line */
  uint32_t k = line;
  bool alone;
  while (k > floor && line - k < 8 && !(k <= f->end && kind_at(f, k - 1) == F_META) &&
         !line_is_sentence(line_text(f->w, k - 1)) && !is_addressees(f->w, line_text(f->w, k - 1)) &&
         !line_is_attachment(f->w->lx, line_text(f->w, k - 1), &alone))
    k--;
  for (; k < line; k++) {
    const struct str s = line_text(f->w, k);
    const size_t stop = str_rfind(s, STR("。")), from = stop == STR_NONE ? 0 : stop + 3; /* …抓好落实。某市教育局 */
    if (from && !ends_unit(f->w, str_from(s, from))) continue;
    if (s.len - from > UNIT_CHARS * 3 * ISSUERS_LINE) continue;
    add_issuers(f, str_from(s, from), f->w->lines.at[k].from + (uint32_t)from);
  }
}

/* ---- index block, number, dates ---- */

static void take_meta(const struct front *f, struct str value, const struct lex_word *key) {
  struct document *d = f->d;
  value = str_trim(value);
  const uint32_t at = (uint32_t)(value.at - f->w->text.at);
  const struct span span = {at, at + (uint32_t)value.len};
  struct date date;
  if (!value.len) return;
  if (str_eqz(lex_value(key, LEX_front_meta), "issuer") && !d->issuers.len) add_issuers(f, value, at);
  if (str_eqz(lex_value(key, LEX_front_meta), "number") && !d->number.text.len)
    d->number = (struct text_at){span, value};
  if (str_eqz(lex_value(key, LEX_front_meta), "date") && !d->date.year && line_date(f->w, value, &date)) {
    d->date = date;
    d->date_at = span;
  }
}

/* The value of a key, and further keys behind it on the line: 发布机构: 某局 主题分类: 教育. */
static void take_values(const struct front *f, struct str rest, const struct lex_word *key) {
  size_t from = 0;
  for (size_t i = 0; i < rest.len;) {
    const uint32_t c = utf8_next(rest, &i);
    const struct lex_word *next = c == ' ' || c == 0x3000 ? meta_key(f->w, str_from(rest, i)) : NULL;
    if (!next) continue;
    take_meta(f, str_slice(rest, from, i), key);
    key = next;
    i += next->text.len;
    if (i < rest.len) (void)utf8_next(rest, &i);
    from = i;
  }
  take_meta(f, str_from(rest, from), key);
}

/* One line of an index block: key：value or cells key, value; several a line. */
static void read_meta(const struct front *f, uint32_t line) {
  struct span cells[TABLE_COLUMNS];
  const struct line *l = &f->w->lines.at[line];
  const int count = row_cells(f->w->text, (struct span){l->from, l->to}, cells, TABLE_COLUMNS);
  for (int k = 0; k < count; k++) {
    const struct str s = without_bullet(str_slice(f->w->text, cells[k].at, cells[k].end));
    const struct lex_word *key = meta_key(f->w, s);
    if (!key) continue;
    const size_t colon = key->text.len + (utf8_at(s, key->text.len) == ':'      ? 1
                                          : utf8_at(s, key->text.len) == 0xFF1A ? 3
                                                                                : 0);
    const struct str rest = str_trim(str_from(s, colon));
    if (rest.len) take_values(f, rest, key);
    else if (k + 1 < count) take_meta(f, str_slice(f->w->text, cells[k + 1].at, cells[k + 1].end), key);
    else if (line + 1 < f->end && kind_at(f, line + 1) == F_META && !meta_key(f->w, line_text(f->w, line + 1)))
      take_meta(f, line_text(f->w, line + 1), key);
  }
}

static void set_date(const struct front *f, uint32_t line) {
  struct date date;
  if (!line_date(f->w, line_text(f->w, line), &date)) return;
  f->d->date = date;
  f->d->date_at = (struct span){f->w->lines.at[line].from, f->w->lines.at[line].to};
}

static void read_number(const struct front *f, uint32_t line) {
  const struct line *l = &f->w->lines.at[line];
  struct span at;
  if (f->d->number.text.len || !line_number(line_text(f->w, line), &at)) return;
  const struct span span = {l->from + at.at, l->from + at.end};
  f->d->number = (struct text_at){span, plan_text(f->w->p, span)};
}

/* Signature and date behind the body: a date counts below a unit or as 印发 line. */
static void read_closing(const struct front *f) {
  const struct work *w = f->w;
  for (uint32_t k = f->part->closing; k < f->part->last; k++) {
    struct date date;
    const struct str s = line_text(w, k);
    if (!line_date(w, s, &date)) continue;
    const bool issued = front_word_end(w->lx, s, "issued") > 0;
    const bool signedby = k > f->part->closing && ends_unit(w, line_text(w, k - 1));
    if (!f->d->date.year && (issued || signedby)) set_date(f, k);
    if (signedby && !issued && !f->d->issuers.len) issuers_above(f, k, f->part->closing);
  }
}

/* ---- all of it ---- */

/* Signature and date behind line `from` of a notice; returns the line behind them. */
static uint32_t read_signature(const struct front *f, uint32_t from) {
  for (uint32_t i = from; i < f->end; i++) {
    if (kind_at(f, i) != F_DATE) continue;
    issuers_above(f, i, from);
    set_date(f, i);
    return i + 1;
  }
  return from;
}

/* The page cut the notice's title off: its sentence is left. */
static uint32_t notice_without_title(const struct front *f) {
  for (uint32_t k = f->first; k < f->end; k++)
    if (kind_at(f, k) == F_TEXT && hands_out(f->w, line_text(f->w, k)))
      return read_signature(f, line_is_sentence(line_text(f->w, k)) ? k + 1 : k);
  return f->first;
}

/* The notice: title, addressees, signature, date; returns the line where the covered plan may begin. */
static uint32_t read_notice(struct front *f) {
  for (uint32_t k = f->first; k < f->end; k++) {
    if (!in_run(kind_at(f, k))) continue;
    const uint32_t end = run_end(f, k);
    uint32_t a = 0, b = 0;
    if (!title_in_run(f, k, end, &a, &b) || !is_notice(f, join_lines(f, a, b))) {
      k = end - 1;
      continue;
    }
    f->d->notice_title = text_of_lines(f, a, b);
    return read_signature(f, end);
  }
  return notice_without_title(f);
}

/* The covered title inside the notice's own: 《…》. */
static void title_from_notice(struct front *f) {
  const struct text_at *n = &f->d->notice_title;
  const struct str whole = plan_text(f->w->p, n->at);
  const size_t open = str_find(whole, STR("《")), close = str_rfind(whole, STR("》"));
  if (open == STR_NONE || close == STR_NONE || close < open + 3) return;
  const struct span at = {n->at.at + (uint32_t)open + 3, n->at.at + (uint32_t)close};
  f->d->title = (struct text_at){at, str_replace(f->w->p->mem, plan_text(f->w->p, at), STR("\n"), STR(""))};
}

/* Lines that together read as `name`, blanks apart. */
static bool lines_of_name(const struct front *f, uint32_t from, struct str name, uint32_t *out_a, uint32_t *out_b) {
  enum { LINES = 4 };
  for (uint32_t a = from; a < f->end; a++) {
    if (!in_run(kind_at(f, a))) continue;
    for (uint32_t b = a + 1; b <= f->end && b <= a + LINES && in_run(kind_at(f, b - 1)); b++) {
      if (!str_eq(str_squeeze(f->w->tmp, join_lines(f, a, b)), name)) continue;
      *out_a = a;
      *out_b = b;
      return true;
    }
  }
  return false;
}

/* The k-th 《…》 of the line at or behind *io_at. */
static bool next_book(struct str s, size_t *io_at, struct span *out) {
  const size_t open = str_find(str_from(s, *io_at), STR("《"));
  if (open == STR_NONE) return false;
  const size_t from = *io_at + open + 3;
  int depth = 1;
  for (size_t i = from; i < s.len;) {
    const size_t at = i;
    const uint32_t c = utf8_next(s, &i);
    depth += c == 0x300A ? 1 : c == 0x300B ? -1 : 0;
    if (depth) continue;
    *out = (struct span){(uint32_t)from, (uint32_t)at};
    *io_at = i;
    return at > from;
  }
  return false;
}

/* 《某规划》责任分解印发给你们 hands out something else than the 《…》. */
static bool ends_name(const struct work *w, struct str s, size_t end) {
  return lexicon_at(w->lx, s, end + 3, LEX_BIT(notice_word) | LEX_BIT(handed_tail)) != NULL;
}

/* 现将《…》印发给你们: the title stands below, maybe over several lines; out_name is the first that is handed out. */
static bool handed_title(const struct front *f, uint32_t from, uint32_t *out_a, uint32_t *out_b,
                         struct span *out_name) {
  for (uint32_t k = f->first; k < f->end; k++) {
    const struct str s = line_text(f->w, k);
    if (kind_at(f, k) != F_TEXT || !hands_out(f->w, s)) continue;
    struct span book;
    for (size_t at = 0; next_book(s, &at, &book);) {
      const struct str name = str_squeeze(f->w->tmp, str_slice(s, book.at, book.end));
      if (lines_of_name(f, from, name, out_a, out_b)) return true;
      const uint32_t line = f->w->lines.at[k].from;
      if (out_name->end == 0 && ends_name(f->w, s, book.end))
        *out_name = (struct span){line + book.at, line + book.end};
    }
    return false;
  }
  return false;
}

/* A headline that tells of the document (速递！某部2026年工作要点来了) above a text that names it: 《某部2026年工作要点》. */
static bool named_in_headline(const struct front *f, struct span *out_name) {
  const struct lex_word *word;
  for (uint32_t k = f->first + 1; k < f->end && !f->d->notice_title.text.len; k++) {
    const struct str s = line_text(f->w, k);
    struct span book;
    for (size_t at = 0; next_book(s, &at, &book);) {
      const struct str name = str_slice(s, book.at, book.end);
      if (!line_ends_title(f->w, name, &word)) continue;
      for (uint32_t up = k < f->first + LOOK_BACK_LINES ? f->first : k - LOOK_BACK_LINES; up < k; up++) {
        const size_t told = str_find(line_text(f->w, up), name);
        if (told == STR_NONE || !in_run(kind_at(f, up))) continue;
        const uint32_t from = f->w->lines.at[up].from + (uint32_t)told;
        *out_name = (struct span){from, from + (uint32_t)name.len};
        return true;
      }
    }
  }
  return false;
}

static void drop_tag(const struct front *f, struct text_at *title) {
  const size_t tag = tag_bytes(f->w->lx, title->text);
  title->text = str_from(title->text, tag);
  title->at.at += (uint32_t)tag;
}

static void read_title(struct front *f) {
  const bool series = f->part->numbered;
  uint32_t a = 0, b = 0, from = f->first;
  bool found = false;
  if (series) {
    for (uint32_t k = f->first; k < f->end && !found; k++)
      found = kind_at(f, k) == F_TITLE && (a = k, b = k + 1, str_find(line_text(f->w, k), STR("篇")) != STR_NONE);
  }
  if (!found) {
    from = read_notice(f);
    struct span name = {0};
    found = handed_title(f, from, &a, &b, &name) || best_title(f, from, &a, &b);
    if (!found && (name.end || named_in_headline(f, &name)))
      f->d->title = (struct text_at){name, str_replace(f->w->p->mem, plan_text(f->w->p, name), STR("\n"), STR(""))};
    else if (!found) found = plain_title(f, from, &a, &b);
  }
  if (found) {
    f->title_first = a;
    f->title_last = b;
    f->d->title = text_of_lines(f, a, b);
    drop_tag(f, &f->d->title);
  } else if (f->d->title.text.len) {
    f->title_first = f->title_last = from;
  } else {
    f->title_first = f->title_last = from;
    if (f->d->notice_title.text.len) title_from_notice(f);
  }
  const struct lex_word *word;
  f->title_word = line_ends_title(f->w, f->d->title.text, &word) ? word : NULL;
}

static void read_lines(struct front *f) {
  for (uint32_t k = f->first; k < f->end; k++) {
    const enum front_kind kind = kind_at(f, k);
    const bool before_text = k < f->part->front_end;
    if (kind == F_NUMBER) read_number(f, k);
    if (kind == F_META) read_meta(f, k);
    if (kind == F_TO && !f->d->addressees.text.len) {
      const struct str s = line_text(f->w, k);
      const uint32_t at = f->w->lines.at[k].from, end = at + (uint32_t)s.len - (str_ends(s, STR(":")) ? 1 : 3);
      f->d->addressees = (struct text_at){{at, end}, str_slice(f->w->text, at, end)};
    }
    if (kind == F_DATE && before_text && k >= f->title_last && f->title_last > f->title_first && !f->d->date.year)
      set_date(f, k);
    if (kind == F_UNIT && before_text && k >= f->title_last && f->title_last > f->title_first &&
        k < f->title_last + 4 && !f->d->notice_title.text.len)
      add_issuers(f, line_text(f->w, k), f->w->lines.at[k].from);
  }
}

void front_read(struct work *w, const struct part *part_in, struct document *d) {
  struct part *part = &w->parts.at[part_in - w->parts.at];
  struct front f = {.w = w, .part = part, .d = d, .first = part->first, .end = part->body};
  f.kinds = arena_take(w->tmp, part->body - part->first + 1);
  for (uint32_t k = f.first; k < f.end; k++) f.kinds[k - f.first] = (uint8_t)kind_of(w, k);
  mark_values(w, f.first, f.end, f.kinds);
  for (uint32_t k = f.first; k < f.end; k++)
    if (kind_at(&f, k) == F_ATTACH && is_attached_title(&f, k)) f.kinds[k - f.first] = F_TITLE;
  read_title(&f);
  part->front_end = f.title_last;
  while (part->front_end < f.end && kind_at(&f, part->front_end) != F_TEXT) part->front_end++;
  if (part->first < part->last) d->at = (struct span){w->lines.at[part->first].from, w->lines.at[part->last - 1].to};
  if (part->front_end < f.end)
    d->preamble_at = (struct span){w->lines.at[part->front_end].from, w->lines.at[f.end - 1].to};
  read_lines(&f);
  if (!d->issuers.len) issuers_of_title(&f, f.title_first, f.title_last);
  if (!d->issuers.len && f.title_last == f.title_first && d->title.text.len) issuer_of_name(&f, d->title);
  read_closing(&f);
  if (!d->issuers.len) issuer_of_notice(&f);
  front_find_year(w, d, f.title_word);
}
