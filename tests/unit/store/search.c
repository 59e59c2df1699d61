/* Search: what the index finds is what a plain scan of the texts finds, on every engine, whatever was put, changed and
 * dropped before; in the same transaction as the record; by pages; with marks at the right places. */
#include "store/search.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "scratch.h"
#include "store/copy.h"
#include "store/list.h"
#include "store/statement.h"

enum { IDS = 24, ROUNDS = 25, QUESTIONS = 16, TEXT_PIECES = 9 };

/* ---- random texts ---- */

struct dice {
  uint64_t state;
};
static unsigned roll(struct dice *d, unsigned sides) { /* splitmix64 */
  uint64_t z = (d->state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (unsigned)((z ^ (z >> 31)) % sides);
}
/* Few letters, so that they meet: Han of the first plane and beyond, kana, letters, digits, full width, marks. */
static const char *const pieces[] = {"教", "育", "教", "育", "学", "校", "𠮷", "ア", "é", "a", "B", "ａ", "Ｂ", "1",
                                     "2",  "２", "，", "。", " ",  "　", "-",  "〔", "%", "_", "'", "\"", "|",  "="};
static struct str random_text(struct arena *mem, struct dice *d, unsigned most) {
  struct str out = STR("");
  for (unsigned n = roll(d, most + 1); n > 0; n--)
    out = str_join(mem, out, str_of(pieces[roll(d, (unsigned)COUNT_OF(pieces))]));
  return out;
}

/* ---- the plain scan, written without a thought of words and indexes ---- */

enum { MARK = 0, RUN = 1, LETTER = 2, SYMBOLS_MAX = 256 };
struct symbols {
  uint32_t at[SYMBOLS_MAX];
  size_t len;
};
static struct symbols symbols_of(struct str s) {
  struct symbols out = {.len = 0};
  for (size_t i = 0; i < s.len && out.len < SYMBOLS_MAX;) {
    uint32_t c = utf8_next(s, &i);
    if (c == 0xFF41) c = 'a';
    if (c == 0xFF22 || c == 'B') c = 'b';
    if (c == 0xFF12) c = '2';
    out.at[out.len++] = c;
  }
  return out;
}
static int class_of(uint32_t c) {
  if (c == 'a' || c == 'b' || c == '1' || c == '2') return RUN;
  return c == 0xE9 || c == 0x30A2 || is_han(c) ? LETTER : MARK;
}
/* Does `word` stand in `text` at i? Marks count for nothing but where they part two runs. */
static bool naive_at(const struct symbols *text, size_t i, const struct symbols *word) {
  bool first = true;
  uint32_t before = 0;
  for (size_t k = 0; k < word->len;) {
    bool gap_word = false, gap_text = false;
    while (k < word->len && class_of(word->at[k]) == MARK) k++, gap_word = true;
    if (k == word->len) break;
    while (!first && i < text->len && class_of(text->at[i]) == MARK) i++, gap_text = true;
    if (i >= text->len || text->at[i] != word->at[k]) return false;
    const bool runs = class_of(word->at[k]) == RUN && class_of(before) == RUN;
    if (!first && runs && gap_word != gap_text) return false;
    before = word->at[k];
    first = false;
    i++, k++;
  }
  return !first;
}
static bool naive_has(struct str s, const struct symbols *word) {
  const struct symbols text = symbols_of(s);
  for (size_t i = 0; i < text.len; i++) {
    if (i && class_of(text.at[i]) == RUN && class_of(text.at[i - 1]) == RUN) continue;
    if (naive_at(&text, i, word)) return true;
  }
  return false;
}
static bool has_words(const struct symbols *s) {
  for (size_t i = 0; i < s->len; i++)
    if (class_of(s->at[i]) != MARK) return true;
  return false;
}
/* All phrases between blanks must occur; *out_any: there was one. */
static bool naive_finds(const struct search_row *row, struct str question, bool *out_any) {
  const struct symbols all = symbols_of(question);
  *out_any = false;
  for (size_t from = 0, end; from < all.len; from = end + 1) {
    struct symbols word = {.len = 0};
    for (end = from; end < all.len && all.at[end] != ' ' && all.at[end] != 0x3000; end++)
      word.at[word.len++] = all.at[end];
    if (!has_words(&word)) continue;
    *out_any = true;
    if (!naive_has(row->title, &word) && !naive_has(row->body, &word)) return false;
  }
  return *out_any;
}

/* ---- a model beside the store ---- */

struct model {
  struct scratch s;
  struct store *st;
  struct dice dice;
  struct search_row rows[2 * IDS]; /* id.at NULL: not there */
};
static struct search_row random_row(struct model *m, unsigned i) {
  struct arena *mem = &m->s.mem;
  return (struct search_row){i % 2 ? STR("item") : STR("plan"), str_fmt(mem, "p%u/%u", i / 6, i),
                             str_fmt(mem, "u%u", roll(&m->dice, 3)), random_text(mem, &m->dice, TEXT_PIECES),
                             random_text(mem, &m->dice, TEXT_PIECES)};
}
static bool change_some(struct store *tx, void *arg, struct err *e) {
  struct model *m = arg;
  for (int n = 0; n < 6; n++) {
    const unsigned i = roll(&m->dice, 2 * IDS);
    const struct search_row row = random_row(m, i);
    if (roll(&m->dice, 4) == 0) {
      TRY(search_drop(tx, row.kind, row.id, e));
      m->rows[i] = (struct search_row){0};
    } else {
      TRY(search_put(tx, &row, e));
      m->rows[i] = row;
    }
  }
  return true;
}
/* All items under one id are replaced at once. */
static bool replace_group(struct store *tx, void *arg, struct err *e) {
  struct model *m = arg;
  const unsigned group = roll(&m->dice, 2 * IDS / 6);
  struct search_row list[6];
  size_t count = 0;
  for (unsigned i = group * 6; i < group * 6 + 6; i++) {
    if (i % 2 == 0) continue; /* a plan */
    m->rows[i] = (struct search_row){0};
    if (roll(&m->dice, 3)) m->rows[i] = list[count++] = random_row(m, i);
  }
  return search_put_all(tx, STR("item"), str_fmt(&m->s.mem, "p%u/", group), list, count, e);
}
static struct str random_question(struct model *m) {
  const struct search_row *row = &m->rows[roll(&m->dice, 2 * IDS)];
  if (!row->id.at || roll(&m->dice, 3) == 0) return random_text(&m->s.mem, &m->dice, 3);
  const struct str text = roll(&m->dice, 2) ? row->title : row->body;
  size_t from = roll(&m->dice, (unsigned)text.len + 1), to = from + roll(&m->dice, 10);
  while (from && from < text.len && ((unsigned char)text.at[from] & 0xC0) == 0x80) from--;
  while (to < text.len && ((unsigned char)text.at[to] & 0xC0) == 0x80) to++;
  return str_slice(text, from, to);
}
static const struct search_row *row_named(const struct model *m, const struct search_row *hit) {
  for (size_t i = 0; i < COUNT_OF(m->rows); i++)
    if (m->rows[i].id.at && str_eq(m->rows[i].id, hit->id) && str_eq(m->rows[i].kind, hit->kind)) return &m->rows[i];
  return NULL;
}
static void marks_hold(const search_spans *marks, struct str text) {
  uint32_t before = 0;
  vec_each(const struct search_span, x, marks) {
    assert_true(x->at >= before && x->end > x->at && x->end <= text.len);
    assert_true(utf8_valid(str_slice(text, x->at, x->end)));
    before = x->end;
  }
}
static void question_agrees(struct model *m, struct store *r, struct str question, struct str kind) {
  struct err e = {0};
  size_t want = 0, got = 0;
  int64_t last = INT64_MAX;
  bool any = false;
  for (size_t i = 0; i < COUNT_OF(m->rows); i++)
    want +=
        m->rows[i].id.at && naive_finds(&m->rows[i], question, &any) && (!kind.len || str_eq(kind, m->rows[i].kind));
  struct search_question q = {.words = question, .kind = kind, .most = 1 + (int)roll(&m->dice, 5)};
  do { /* by pages */
    struct search_hits hits;
    if (!search_find(r, &m->s.mem, &q, &hits, &e)) fail_msg(STRF, STRA(err_says(&m->s.mem, LANG_EN, &e)));
    assert_true(hits.rows.len <= (size_t)q.most);
    vec_each(const struct search_hit, h, &hits.rows) {
      const struct search_row *row = row_named(m, &h->row);
      assert_true(h->doc < last && row && naive_finds(row, question, &any));
      assert_true(str_eq(row->title, h->row.title) && str_eq(row->body, h->row.body) && str_eq(row->unit, h->row.unit));
      assert_true(h->title_at.len + h->body_at.len > 0);
      marks_hold(&h->title_at, h->row.title);
      marks_hold(&h->body_at, h->row.body);
      last = h->doc;
      got++;
    }
    q.before = hits.next;
  } while (q.before);
  if (got != want) fail_msg("found %zu, not %zu, of [" STRF "]", got, want, STRA(question));
}
static void questions_agree(struct model *m, int count) {
  struct err e = {0};
  static const char *const kinds[] = {"", "plan", "item"};
  AUTO_READ *r = store_read_begin(m->st, &e);
  assert_non_null(r);
  for (int i = 0; i < count; i++) question_agrees(m, r, random_question(m), str_of(kinds[roll(&m->dice, 3)]));
}
static bool put_one(struct store *tx, void *arg, struct err *e) { return search_put(tx, arg, e); }
/* What a list is given: the ids under `of` whose rows have the texts in them as they stand, and perhaps others. */
static struct str small(struct arena *mem, struct str s) {
  char *z = arena_take(mem, s.len + 1);
  for (size_t i = 0; i < s.len; i++) z[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
  return (struct str){z, s.len};
}
static bool stands_in(struct arena *mem, const struct search_row *row, struct str text) {
  const struct str want = small(mem, text);
  return str_find(small(mem, row->title), want) != STR_NONE || str_find(small(mem, row->body), want) != STR_NONE;
}
static bool few_has(struct store *r, struct arena *mem, const struct list_few *few, struct str id) {
  struct err e = {0};
  bool row = false;
  AUTO_BUF b = BUF_MAX(1 << 16);
  int places = 0;
  buf_z(&b, "WITH x (id) AS (");
  for (const char *p = few->sql; *p; p++) {
    if (p[0] == '@' && p[1] == '@') buf_z(&b, "@@"), p++;
    else if (*p == '@') buf_fmt(&b, "$%d", ++places);
    else buf_byte(&b, *p);
  }
  buf_fmt(&b, ") SELECT 1 FROM x WHERE x.id = $%d", places + 1);
  const struct store_sql sql = {.name = "few",
                                .text = str_z(mem, buf_view(&b)),
                                .index = STORE_COMPOSED,
                                .binds = places + 1,
                                .columns = 1,
                                .types = "ssss"};
  struct store_stmt *st = store_prepare(r, &sql, &e);
  for (int i = 0; st && i < places; i++) store_bind_str(st, i + 1, few->values[i].s);
  if (st) store_bind_str(st, places + 1, id);
  if (!st || places != 3 || !store_step(st, &row, &e)) fail_msg(STRF, STRA(err_says(mem, LANG_EN, &e)));
  store_reset(st);
  return row;
}
static void few_hold_all(struct model *m, struct store *r, const struct str *texts, size_t count, size_t *io_asked) {
  struct arena *mem = &m->s.mem;
  struct err e = {0};
  const struct str kind = roll(&m->dice, 2) ? STR("item") : STR("plan");
  const struct str of = str_fmt(mem, "p%u", roll(&m->dice, 2 * IDS / 6));
  struct list_few few;
  assert_true(search_few(r, mem, kind, of, texts, count, 1000, &few, &e));
  if (!few.sql) return;
  ++*io_asked;
  for (size_t i = 0; i < COUNT_OF(m->rows); i++) {
    const struct search_row *row = &m->rows[i];
    bool all = row->id.at && str_eq(row->kind, kind) && str_starts(row->id, str_join(mem, of, STR("/")));
    for (size_t k = 0; k < count; k++) all = all && stands_in(mem, row, texts[k]);
    if (all && !few_has(r, mem, &few, str_from(row->id, of.len + 1)))
      fail_msg("[" STRF "] does not lead to [" STRF "|" STRF "]", STRA(texts[0]), STRA(row->title), STRA(row->body));
  }
}
static struct search_state state_of(struct store *st) {
  struct err e = {0};
  struct search_state state = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && search_check(r, &state, &e));
  return state;
}
static void model_begin(struct model *m, uint64_t seed, int rounds) {
  struct err e = {0};
  *m = (struct model){.dice = {seed}};
  scratch_begin(&m->s);
  m->st = scratch_open(&m->s, NULL);
  for (int i = 0; i < rounds; i++) {
    assert_true(store_write(m->st, i % 3 == 2 ? replace_group : change_some, m, &e));
    questions_agree(m, rounds == ROUNDS ? QUESTIONS : 1);
  }
}
static void model_end(struct model *m) {
  store_close(m->st);
  scratch_end(&m->s);
}
static void texts_lead_to_their_rows(void **state) {
  (void)state;
  struct model m;
  struct err e = {0};
  size_t asked = 0;
  model_begin(&m, 4711, ROUNDS);
  AUTO_READ *r = store_read_begin(m.st, &e);
  assert_non_null(r);
  for (int i = 0; i < 40 * QUESTIONS; i++) {
    const struct str texts[] = {random_question(&m), random_question(&m)};
    few_hold_all(&m, r, texts, 1 + roll(&m.dice, 2), &asked);
  }
  assert_true(asked > 10 * QUESTIONS);
  store_read_end(&r);
  model_end(&m);
}
/* Within a run, across the places where a long one is cut, and in a row too long for that. */
static void what_stands_within_a_run_is_found(void **state) {
  (void)state;
  static const char run[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz9876543210zyxwv";
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  char *z = arena_take(&s.mem, SEARCH_TAILS_MAX + 1);
  memset(z, 'x', SEARCH_TAILS_MAX + 1);
  const struct search_row rows[] = {
      {STR("item"), STR("p/1"), STR(""), STR("YH2026-04711"), str_fmt(&s.mem, "第%s号", run)},
      {STR("item"), STR("p/2"), STR(""), STR(""), {z, SEARCH_TAILS_MAX + 1}}};
  for (size_t i = 0; i < COUNT_OF(rows); i++) assert_true(store_write(st, put_one, (void *)&rows[i], &e));
  AUTO_READ *r = store_read_begin(st, &e);
  const struct str texts[] = {STR("4711"), STR("H2026-047"), STR("1"), STR("-0"), STR("v号"), STR("第abc")};
  for (size_t i = 0; i < COUNT_OF(texts) + sizeof run - 1; i++) {
    const size_t at = i - COUNT_OF(texts);
    struct list_few few;
    for (size_t n = 1; n < (i < COUNT_OF(texts) ? 2 : sizeof run - at); n++) {
      const struct str text = i < COUNT_OF(texts) ? texts[i] : (struct str){run + at, n};
      assert_true(search_few(r, &s.mem, STR("item"), STR("p"), &text, 1, 1000, &few, &e));
      if (few.sql && (!few_has(r, &s.mem, &few, STR("1")) || !few_has(r, &s.mem, &few, STR("2"))))
        fail_msg("not found: " STRF, STRA(text));
    }
    assert_true(i >= COUNT_OF(texts) || few.sql);
  }
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static bool rebuild(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  return search_rebuild(tx, e);
}

static void finds_what_a_plain_scan_finds(void **state) {
  (void)state;
  struct model m;
  struct err e = {0};
  model_begin(&m, 20260520, ROUNDS);
  const struct search_state before = state_of(m.st);
  assert_true(before.rows > 0 && before.rows == before.indexed && !before.lost);
  assert_true(store_write(m.st, rebuild, NULL, &e));
  questions_agree(&m, 4 * QUESTIONS);
  const struct search_state after = state_of(m.st);
  assert_true(after.rows == before.rows && after.indexed == after.rows && !after.lost);
  model_end(&m);
}
/* The copy answers the same questions in the same order with the same marks. */
static void finds_the_same_on_the_other_engine(void **state) {
  (void)state;
  struct model m, other;
  struct table_sums sums;
  struct err e = {0};
  const char *cluster = scratch_cluster;
  model_begin(&m, 7, 9);
  other = m;
  scratch_cluster = NULL;
  scratch_begin(&other.s);
  other.st = scratch_open(&other.s, NULL);
  assert_true(store_copy(m.st, other.st, &m.s.mem, &sums, &e));
  AUTO_READ *left = store_read_begin(m.st, &e), *right = store_read_begin(other.st, &e);
  for (int i = 0; i < 100; i++) {
    struct search_hits a, b;
    const struct search_question q = {.words = random_question(&m)};
    assert_true(search_find(left, &m.s.mem, &q, &a, &e) && search_find(right, &m.s.mem, &q, &b, &e));
    assert_int_equal(a.rows.len, b.rows.len);
    for (size_t k = 0; k < a.rows.len; k++) {
      assert_int_equal(a.rows.at[k].doc, b.rows.at[k].doc);
      assert_int_equal(a.rows.at[k].title_at.len, b.rows.at[k].title_at.len);
    }
  }
  store_read_end(&left);
  store_read_end(&right);
  questions_agree(&other, QUESTIONS);
  model_end(&other);
  scratch_cluster = cluster;
  model_end(&m);
}

/* ---- single cases ---- */

static bool put_and_fail(struct store *tx, void *arg, struct err *e) {
  return search_put(tx, arg, e) && fail(e, ERR_GUARD, 0);
}
static struct search_hits found(struct store *st, struct scratch *s, const char *words) {
  struct err e = {0};
  struct search_hits hits = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && search_find(r, &s->mem, &(struct search_question){.words = str_of(words)}, &hits, &e));
  return hits;
}
static const struct search_row a_row = {STR_INIT("plan"), STR_INIT("p1"), STR_INIT("u1"),
                                        STR_INIT("云岚市教育局2026年工作要点"),
                                        STR_INIT("新建学校４１所，编制ＧＢ18030转换表。")};
static void words_of_any_length_are_found(void **state) {
  (void)state;
  static const char *const yes[] = {"教",   "教育",    "教育局", "局2026", "202",       "2026年",    "工作要点",
                                    "41所", "gb18030", "GB1",    "所编制", "教育 学校", "〔2026〕年"};
  static const char *const no[] = {"育教", "026", "18030", "教局",  "点新", "教育 医院", "1所",
                                   "",     "，",  "plan",  "=plan", "|",    "%"};
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, put_one, (void *)&a_row, &e));
  for (size_t i = 0; i < COUNT_OF(yes); i++)
    if (found(st, &s, yes[i]).rows.len != 1) fail_msg("not found: %s", yes[i]);
  for (size_t i = 0; i < COUNT_OF(no); i++)
    if (found(st, &s, no[i]).rows.len) fail_msg("found: %s", no[i]);
  const struct search_hits h = found(st, &s, "教育局");
  assert_int_equal(h.rows.at[0].title_at.len, 1);
  const struct search_span at = h.rows.at[0].title_at.at[0];
  assert_str(str_slice(a_row.title, at.at, at.end), "教育局");
  store_close(st);
  scratch_end(&s);
}
static void it_goes_with_its_act(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_false(store_write(st, put_and_fail, (void *)&a_row, &e));
  assert_int_equal(found(st, &s, "教育").rows.len, 0);
  assert_int_equal(state_of(st).indexed, 0);
  store_close(st);
  scratch_end(&s);
}
static void too_long_a_question_is_refused(void **state) {
  (void)state;
  struct scratch s;
  struct search_hits hits;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  char *z = arena_take(&s.mem, SEARCH_QUESTION_MAX + 2);
  memset(z, 'a', SEARCH_QUESTION_MAX + 1);
  const struct str all[] = {{z, SEARCH_QUESTION_MAX + 1}, STR("a b c d e f g h i"), STR("\xff")};
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    struct err e = {0};
    AUTO_READ *r = store_read_begin(st, &e);
    assert_false(search_find(r, &s.mem, &(struct search_question){.words = all[i]}, &hits, &e));
    assert_int_equal(e.code, ERR_INVALID);
  }
  store_close(st);
  scratch_end(&s);
}
static bool only_u1(void *arg, const struct search_row *row) {
  (void)arg;
  return str_eqz(row->unit, "u1");
}
static bool put_many(struct store *tx, void *arg, struct err *e) {
  struct scratch *s = arg;
  struct search_row rows[300];
  for (size_t i = 0; i < COUNT_OF(rows); i++)
    rows[i] = (struct search_row){STR("item"), str_fmt(&s->mem, "p/%zu", i), i % 50 ? STR("u2") : STR("u1"),
                                  STR("教育"), STR("")};
  return search_put_all(tx, STR("item"), STR("p/"), rows, COUNT_OF(rows), e);
}
static void only_what_may_be_seen_is_found(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct search_hits hits;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, put_many, &s, &e));
  AUTO_READ *r = store_read_begin(st, &e);
  struct search_question q = {.words = STR("教育"), .most = 4, .may_see = only_u1};
  assert_true(search_find(r, &s.mem, &q, &hits, &e));
  assert_int_equal(hits.rows.len, 4);
  assert_str(hits.rows.at[0].row.id, "p/0"); /* rows of one act are found in their order */
  q.before = hits.next;
  assert_true(q.before > 0 && search_find(r, &s.mem, &q, &hits, &e));
  assert_int_equal(hits.rows.len, 2);
  assert_int_equal(hits.next, 0);
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static void a_row_that_is_not_in_the_index_shows(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, put_one, (void *)&a_row, &e));
  (void)scratch_sql(&s, "INSERT INTO search_row VALUES ('local', 'plan', 'p2', 2, 'u', '安全', '')");
  assert_int_equal(state_of(st).lost, 1);
  (void)scratch_sql(&s, "UPDATE search_head SET made = 0");
  store_close(st);
  st = scratch_open(&s, NULL); /* made by another version: made again at the opening */
  assert_int_equal(state_of(st).lost, 0);
  assert_int_equal(found(st, &s, "安全").rows.len, 1);
  store_close(st);
  scratch_end(&s);
}

UNIT_TESTS(search) = {
    cmocka_unit_test(finds_what_a_plain_scan_finds),        cmocka_unit_test(finds_the_same_on_the_other_engine),
    cmocka_unit_test(words_of_any_length_are_found),        cmocka_unit_test(it_goes_with_its_act),
    cmocka_unit_test(too_long_a_question_is_refused),       cmocka_unit_test(only_what_may_be_seen_is_found),
    cmocka_unit_test(a_row_that_is_not_in_the_index_shows), cmocka_unit_test(texts_lead_to_their_rows),
    cmocka_unit_test(what_stands_within_a_run_is_found),
};
UNIT_COUNT(search);
