/* What is sensitive is nowhere in the clear, be it a field, a column of the rows of a form or an answer of a round; it is read back whole,
 * comes under a new key, and goes when its term is over. */
#include "base/file.h"
#include "bureau.h"
#include "engine/flow/rounds.h"
#include "store/copy.h"
#include "store/replay.h"
#include "store/reseal.h"

static const char said[] =
    "gangmu: 1\nsystem: box\nlabel: 个案\nrows: [S020]\nversion: 1\nsummary: 试验用\n"
    "roles:\n"
    "  keeper:  {label: 专员, at: [bureau], sees: {case: all}}\n"
    "  adviser: {label: 学校, at: [school], sees: {case: asked}}\n"
    "records:\n  case:\n    label: 个案\n    belongs: school\n    fields:\n"
    "      school:    {is: unit(school), label: 学校, need: yes}\n"
    "      name:      {is: text(20), label: 姓名, class: sensitive}\n"
    "      stay:      {is: span, label: 时段, class: sensitive}\n"
    "      spot:      {is: place, label: 地点, class: sensitive}\n"
    "      kin:\n        is: rows\n        label: 家属\n        most: 5\n        fields:\n"
    "          who: {is: text(20), label: 称呼, class: sensitive, need: yes}\n"
    "          n:   {is: count(人), label: 人数}\n"
    "          twice: {is: count(人), label: 两倍, value: n + n}\n"
    "      words:     {is: text(60), label: 情况, search: yes}\n"
    "      closed_on: {is: date, label: 办结日期}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    acts:\n"
    "      make:  {label: 登记, from: start, to: open, who: [keeper], asks: [school], may: [name, stay, spot, kin, "
    "words]}\n"
    "      edit:  {label: 修改, from: open, to: same, who: [keeper], may: [name, kin]}\n"
    "      ask:   {label: 征询, from: open, to: same, who: [keeper], does: [{open: {round: views}}]}\n"
    "      close: {label: 办结, from: open, to: done, who: [keeper], does: [{set: {closed_on: today}}]}\n"
    "    rounds:\n"
    "      views:\n        label: 意见\n        asks: school\n        as: adviser\n        done: all\n"
    "        limit: 5 workdays\n        silent: pass\n"
    "        answer:\n"
    "          view:  {is: text(200), label: 意见, class: sensitive, need: yes}\n"
    "          agree: {is: flag, label: 同意}\n"
    "privacy:\n  rule: box\n  compartment: box\n  purposes: {care: 关怀}\n"
    "  opens: {sensitive: {to: keeper, purpose: care}}\n"
    "  keep:\n"
    "    case.kin:   {for: 30 days, after: closed_on, then: delete}\n"
    "    case.words: {for: 30 days, after: closed_on, then: delete}\n"
    "    case:     {for: 90 days, after: closed_on, then: delete}\n";

struct boxes {
  struct bureau w;
  struct str ring;
  struct keys *keys;
  const char *id;
  char dir[40];
};
static void check(struct boxes *b, bool ok, const struct err *e) {
  if (!ok) fail_msg(STRF " (%s)", STRA(err_says(&b->w.scratch.mem, LANG_EN, e)), e->where ? e->where : "");
}
static int64_t count(struct boxes *b, const char *sql) { return scratch_sql(&b->w.scratch, sql); }
static void does(struct boxes *b, const char *act, const struct bureau_input *inputs) {
  struct flow_done done;
  struct err e;
  const enum err_code code = bureau_act(&b->w, "p-cai", "box.case", b->id, act, inputs, &done, &e);
  check(b, code == ERR_NONE, &e);
  b->id = str_z(&b->w.scratch.mem, done.id);
}
static bool answer(struct store *tx, void *arg, struct err *e) {
  struct boxes *b = arg;
  struct flow_run run;
  const struct flow_record *r = flow_record(&b->w.flow, STR("box.case"));
  const struct flow_host host = {.arg = b};
  const struct flow_input in[] = {{.name = STR("view"), .value = value_text(STR("家里最近有事丙"))},
                                  {.name = STR("agree"), .value = value_flag(true)}};
  const struct flow_answering said_by = {r, str_of(b->id), STR("views"), STR(""), in, COUNT_OF(in)};
  flow_begin(&run, &b->w.flow, tx, &b->w.scratch.mem, &host, b->w.now_us);
  run.by = FLOW_BY_PERSON;
  run.person = run.actor = STR("p-head");
  return flow_round_answer(&run, &said_by, e);
}
/* What the party said, as the text is; "" when nothing is there. */
static struct str view(struct boxes *b) {
  struct err e = {0};
  struct flow_run run;
  flow_rounds all = {0};
  AUTO_READ *session = store_read_begin(b->w.store, &e);
  flow_begin(&run, &b->w.flow, session, &b->w.scratch.mem, NULL, b->w.now_us);
  check(b, flow_rounds_of(&run, flow_record(&b->w.flow, STR("box.case")), str_of(b->id), &all, &e), &e);
  assert_int_equal(all.len, 1);
  const struct flow_party *p = &all.at[0].parties.at[0];
  assert_true(p->fields && p->fields[1].flag);
  return p->fields[0].text;
}
/* The cells of the second row; what it computes is kept with it. */
static void reads_kin(struct boxes *b) {
  struct err e = {0};
  struct flow_run run;
  struct flow_row *row = NULL;
  struct value v;
  const struct flow_record *r = flow_record(&b->w.flow, STR("box.case"));
  AUTO_READ *session = store_read_begin(b->w.store, &e);
  flow_begin(&run, &b->w.flow, session, &b->w.scratch.mem, NULL, b->w.now_us);
  check(b, flow_row(&run, r, str_of(b->id), &row, &e), &e);
  check(b, flow_row_field(&run, row, (size_t)(flow_field(r, STR("kin")) - r->fields.at), &v, &e), &e);
  assert_int_equal(v.set.len, 2);
  const struct value *cells = flow_thing_of(&v.set.at[1])->values;
  assert_str(cells[0].text, "母亲乙");
  assert_int_equal(cells[1].number.n, 3);
  assert_int_equal(cells[2].number.n, 6);
}
static void reads_all(struct boxes *b, const char *name) {
  assert_str(bureau_field(&b->w, "box.case", str_of(b->id), "name"), name);
  assert_str(bureau_field(&b->w, "box.case", str_of(b->id), "stay"), "2026-03-02 09:00–2026-03-04 17:00");
  assert_str(bureau_field(&b->w, "box.case", str_of(b->id), "spot"), "31.25,121.5");
  reads_kin(b);
  assert_str(view(b), "家里最近有事丙");
}
static void begin(struct boxes *b) {
  static const char *const posts[][3] = {{"o-k", "p-cai', 'u-bureau", "box.keeper"},
                                         {"o-a", "p-head', 'u-one", "box.adviser"}};
  struct err e = {0};
  int made = 0;
  *b = (struct boxes){.dir = "/tmp/gangmu-keys-XXXXXX"};
  assert_non_null(mkdtemp(b->dir));
  AUTO_ARENA mem = {0};
  const struct str ring = str_fmt(&mem, "%s/ring", b->dir);
  check(b, keys_add(ring, (const struct str[]){STR("box")}, 1, SEAL_SM4, STR("2026-03-01"), &made, &e), &e);
  check(b, keys_open(ring, &b->keys, &e), &e);
  bureau_begin_own(&b->w, "box", said, b->keys);
  b->ring = str_dup(&b->w.scratch.mem, ring);
  for (size_t i = 0; i < COUNT_OF(posts); i++) {
    char sql[300];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES "
                   "('local', '%s', '%s', '%s', '', '2020-01-01', '9999-12-31')",
                   posts[i][0], posts[i][1], posts[i][2]);
    (void)count(b, sql);
  }
  does(b, "make",
       INPUTS({"school", "u-one"}, {"name", "孤星甲"}, {"stay", "2026-03-02 09:00..2026-03-04 17:00"},
              {"spot", "31.25,121.50"}, {"words", "操场漏水"}, {"kin", "父亲|1; 母亲乙|3"}));
  does(b, "ask", NULL);
  check(b, store_write(b->w.store, answer, b, &e), &e);
}
static void end(struct boxes *b) {
  AUTO_ARENA mem = {0};
  const struct str ring = str_dup(&mem, b->ring);
  bureau_end(&b->w);
  keys_close(b->keys);
  (void)unlink(str_z(&mem, ring));
  (void)rmdir(b->dir);
}

static bool holds(struct boxes *b, const char *end, const char *secret) {
  struct err e = {0};
  struct str bytes = {0};
  struct arena *mem = &b->w.scratch.mem;
  const struct str file = str_fmt(mem, "%s%s", b->w.scratch.file, end);
  if (file_size(file) <= 0) return false;
  check(b, file_read(mem, file, 64 << 20, &bytes, &e), &e);
  return str_find(bytes, str_of(secret)) != STR_NONE;
}
/* Also where it was changed: the store keeps what was written, in its journal. */
static void test_nothing_stands_in_the_clear(void **unused) {
  static const char *const secrets[] = {"孤星甲", "孤星丁", "母亲乙", "家里最近有事丙"}, *const ends[] = {"", "-wal"};
  struct boxes b;
  (void)unused;
  begin(&b);
  reads_all(&b, "孤星甲");
  does(&b, "edit", INPUTS({"name", "孤星丁"}));
  reads_all(&b, "孤星丁");
  assert_int_equal(count(&b, "SELECT count(*) FROM flow_answer"), 1); /* that it agrees is no secret */
  assert_int_equal(count(&b, "SELECT count(*) FROM box_case__sealed"), 5);
  for (size_t i = 0; i < COUNT_OF(secrets); i++) {
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM event_field WHERE value LIKE '%%%s%%'", secrets[i]);
    assert_int_equal(count(&b, sql), 0);
    for (size_t k = 0; !scratch_cluster && k < COUNT_OF(ends); k++) assert_false(holds(&b, ends[k], secrets[i]));
  }
  if (!scratch_cluster) assert_true(holds(&b, "", "box_case__sealed") || holds(&b, "-wal", "box_case__sealed"));
  end(&b);
}

static int64_t uses(struct boxes *b, int64_t id, int64_t *out_lost, int64_t *out_old) {
  struct arena *mem = &b->w.scratch.mem;
  struct key_list list = {0};
  struct err e = {0};
  int64_t n = -1;
  AUTO_READ *s = store_read_begin(b->w.store, &e);
  check(b, keys_list(b->keys, mem, &list, &e) && reseal_lost(s, mem, out_lost, out_old, &e), &e);
  vec_each(const struct key_info, k, &list)
    if (k->id == id) check(b, reseal_uses(s, mem, k, &n, &e), &e);
  return n;
}
static void test_a_new_key(void **unused) {
  struct boxes b;
  struct err e = {0};
  int64_t id = 0, moved = 0, lost = 0, old = 0;
  (void)unused;
  begin(&b);
  const int64_t first = keys_current(b.keys, STR("box"));
  const int64_t all = uses(&b, first, &lost, &old);
  assert_true(all > 5); /* of the record, and of its events */
  assert_int_equal(lost, 0);
  assert_int_equal(old, 0);
  check(&b, keys_rotate(b.ring, STR("box"), SEAL_AES, STR("2026-06-01"), &id, &e), &e);
  clock_sleep_us(1200000); /* a running program looks once a second */
  assert_int_equal(uses(&b, first, &lost, &old), all);
  assert_int_equal(old, all);
  check(&b, reseal_run(b.w.store, STR("box"), &moved, &e), &e);
  assert_int_equal(moved, all);
  assert_int_equal(uses(&b, first, &lost, &old), 0);
  assert_int_equal(old, 0);
  assert_int_equal(uses(&b, id, &lost, &old), all);
  check(&b, keys_retire(b.ring, first, &e), &e);
  clock_sleep_us(1200000);
  reads_all(&b, "孤星甲");
  assert_int_equal(count(&b, "SELECT count(*) FROM box_case__sealed WHERE cell NOT LIKE 'aes.%'"), 0);
  (void)count(&b, "UPDATE box_case__sealed SET cell = 'aes.77.AAAA', compartment = 'gone' WHERE field = 'name'");
  (void)uses(&b, id, &lost, &old);
  assert_int_equal(lost, 1); /* also of a compartment that no ring names */
  end(&b);
}

static void night(struct boxes *b, int days) {
  struct err e = {0};
  check(b, flow_retention_day(&b->w.flow, b->w.store, b->w.now_us + days * INT64_C(86400000000), &e), &e);
}
static void test_what_is_over_goes(void **unused) {
  struct boxes b;
  (void)unused;
  begin(&b);
  does(&b, "close", NULL);
  night(&b, 31);
  assert_str(bureau_field(&b.w, "box.case", str_of(b.id), "kin"), "");
  assert_str(bureau_field(&b.w, "box.case", str_of(b.id), "name"), "孤星甲");
  assert_int_equal(count(&b, "SELECT count(*) FROM event_seal WHERE field = 'kin'"), 0);
  assert_str(view(&b), "家里最近有事丙");
  night(&b, 91);
  assert_int_equal(count(&b, "SELECT count(*) FROM box_case__sealed"), 0);
  assert_int_equal(count(&b, "SELECT count(*) FROM flow_answer"), 0);
  assert_int_equal(count(&b, "SELECT count(*) FROM event_seal WHERE compartment = 'box'"), 0);
  end(&b);
}

static void back_up(struct boxes *b, struct scratch *to) {
  struct table_sums sums;
  struct err e = {0};
  scratch_begin(to);
  struct store *st = scratch_open(to, NULL);
  check(b, store_copy(b->w.store, st, &to->mem, &sums, &e), &e);
  store_close(st);
}
/* The backup brought to that event by the journal as it is now. */
static void restore(struct boxes *b, struct scratch *to, int64_t seq) {
  struct replayed done;
  struct err e = {0};
  AUTO_READ *journal = store_read_begin(b->w.store, &e);
  check(b, journal && store_replay(journal, str_of(to->file), seq, &done, &e), &e);
  assert_int_equal(scratch_sql(to, "SELECT seq FROM chain"), seq);
}
/* To the moment before the night on which the rule erased: what it took away is not there, all else is. */
static void test_a_restore_does_not_bring_it_back(void **unused) {
  struct boxes b;
  struct scratch first, second;
  (void)unused;
  begin(&b);
  back_up(&b, &first);
  back_up(&b, &second);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM search_row WHERE body LIKE '%漏水%'"), 1);
  does(&b, "close", NULL);
  const int64_t before = count(&b, "SELECT seq FROM chain");
  night(&b, 31);
  assert_int_equal(count(&b, "SELECT count(*) FROM search_row WHERE body LIKE '%漏水%'"), 0);
  restore(&b, &first, before);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM box_case WHERE state = 'done'"), 1);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM box_case__sealed WHERE field = 'kin'"), 0);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM box_case__sealed"), 4);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM box_case WHERE words IS NOT NULL"), 0);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM event_seal WHERE field = 'kin'"), 0);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM event_field WHERE value LIKE '%漏水%'"), 0);
  assert_int_equal(scratch_sql(&first, "SELECT count(*) FROM search_row WHERE body LIKE '%漏水%'"), 0);
  night(&b, 91);
  restore(&b, &second, before);
  assert_int_equal(scratch_sql(&second, "SELECT count(*) FROM box_case"), 0);
  assert_int_equal(scratch_sql(&second, "SELECT count(*) FROM box_case__sealed"), 0);
  assert_int_equal(scratch_sql(&second, "SELECT count(*) FROM flow_answer"), 0);
  assert_int_equal(scratch_sql(&second, "SELECT count(*) FROM event_seal WHERE compartment = 'box'"), 0);
  scratch_end(&first);
  scratch_end(&second);
  end(&b);
}

UNIT_TESTS(sealed) = {cmocka_unit_test(test_nothing_stands_in_the_clear), cmocka_unit_test(test_a_new_key),
                      cmocka_unit_test(test_what_is_over_goes),
                      cmocka_unit_test(test_a_restore_does_not_bring_it_back)};
UNIT_COUNT(sealed);
