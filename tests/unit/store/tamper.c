/* A chain with sealed values and anchors is altered past the program, once at a time and by chance from a stated seed: every
 * column of every table of the record, rows taken away, exchanged, put in. Each must be found, and at its place. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sm2.h"
#include "scratch.h"
#include "store/anchor.h"

enum { EVENTS = 30, SINGLE = 260, SEED = 20260520 };

struct chance {
  uint64_t state;
};
static int pick(struct chance *c, int n) { /* xorshift64* */
  c->state ^= c->state >> 12;
  c->state ^= c->state << 25;
  c->state ^= c->state >> 27;
  return (int)((c->state * 2685821657736338717ULL) >> 33) % n;
}

struct tamper {
  struct scratch s;
  struct store *st;
  struct keys *keys;
  struct str ring, key;
  struct chance chance;
};
struct append_job {
  struct tamper *t;
  int n;
};
static bool append_one(struct store *tx, void *arg, struct err *e) {
  struct append_job *j = arg;
  struct arena *mem = &j->t->s.mem;
  struct event ev = {.at_us = 1780000000000000 + j->n,
                     .valid = STR("2026-05-20"),
                     .actor = STR("甲"),
                     .record = STR("person"),
                     .id = str_fmt(mem, "p%d", j->n),
                     .act = STR("change"),
                     .from = STR("open"),
                     .to = STR("kept")};
  event_add(&ev, STR("reason"), str_fmt(mem, "理由%d", j->n));
  event_add(&ev, STR("now.name"), str_fmt(mem, "名%d", j->n));
  event_add(&ev, STR("marked"), STR("\x1F不是密文"));
  event_add_sealed(&ev, STR("person"), STR("now.phone"), str_fmt(mem, "1380000%04d", j->n));
  return event_append(tx, mem, &ev, NULL, e);
}
static const char *const tables[] = {"event_seal", "anchor", "event_field", "event", "chain"};

static void tamper_begin(struct tamper *t) {
  struct err e = {0};
  struct str public_key = {0}, private_key = {0};
  int made = 0;
  *t = (struct tamper){.chance = {SEED}};
  scratch_begin(&t->s);
  t->ring = str_fmt(&t->s.mem, "%s/ring", t->s.dir);
  t->key = str_fmt(&t->s.mem, "%s/sm2.pem", t->s.dir);
  assert_true(keys_add(t->ring, (const struct str[]){STR("person")}, 1, SEAL_SM4, STR("2026-05-20"), &made, &e));
  assert_true(keys_open(t->ring, &t->keys, &e));
  assert_true(sm2_new(&t->s.mem, &private_key, &public_key, &e));
  assert_true(file_write_private(t->key, private_key, &e));
  t->st = scratch_open(&t->s, &(struct store_options){.keys = t->keys});
  for (int i = 0; i < EVENTS; i++) {
    struct append_job j = {t, i};
    struct anchor a = {0};
    bool is_new = false;
    assert_true(store_write(t->st, append_one, &j, &e));
    if (i % 10 != 9) continue;
    const struct anchor_order order = {STR("乙"), i > 10 ? t->key : STR(""), 1780000000000000 + i * 86400000000LL};
    assert_true(anchor_make(t->st, &t->s.mem, &order, &a, &is_new, &e));
    assert_true(is_new);
  }
  for (size_t i = 0; i < COUNT_OF(tables); i++)
    (void)scratch_sql(&t->s, str_fmt(&t->s.mem, "CREATE TABLE copy_%s AS SELECT * FROM %s", tables[i], tables[i]).at);
}
/* One transaction; nobody waits for the disk in a test that throws its database away. */
static void run_sql(struct tamper *t, struct str sql) {
  const char *fast = scratch_cluster ? "" : "PRAGMA synchronous=OFF; BEGIN; ";
  (void)scratch_sql(&t->s, str_fmt(&t->s.mem, "%s" STRF "%s", fast, STRA(sql), scratch_cluster ? "" : "; COMMIT").at);
}
static struct str put_back(struct tamper *t) {
  struct str sql = STR("");
  for (size_t i = 0; i < COUNT_OF(tables); i++) sql = str_fmt(&t->s.mem, STRF "DELETE FROM %s; ", STRA(sql), tables[i]);
  for (size_t i = COUNT_OF(tables); i-- > 0;)
    sql = str_fmt(&t->s.mem, STRF "INSERT INTO %s SELECT * FROM copy_%s%s", STRA(sql), tables[i], tables[i],
                  i ? "; " : "");
  return sql;
}
static void tamper_end(struct tamper *t) {
  store_close(t->st);
  keys_close(t->keys);
  (void)unlink(t->ring.at);
  (void)unlink(t->key.at);
  scratch_end(&t->s);
}
static struct event_proof prove(struct tamper *t, struct store *st) {
  struct err e = {0};
  struct event_proof p = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_non_null(r);
  assert_true(event_verify(r, &t->s.mem, &p, &e));
  return p;
}
/* Is any row of any table of the record other than it was? */
static bool is_altered(struct tamper *t) {
  struct arena *mem = &t->s.mem;
  struct str sql = STR("SELECT 0");
  for (size_t i = 0; i < COUNT_OF(tables); i++)
    sql = str_fmt(mem,
                  STRF
                  " + (SELECT count(*) FROM (SELECT * FROM %s EXCEPT SELECT * FROM copy_%s) x) + (SELECT "
                  "count(*) FROM (SELECT * FROM copy_%s EXCEPT SELECT * FROM %s) y)",
                  STRA(sql), tables[i], tables[i], tables[i], tables[i]);
  return scratch_sql(&t->s, sql.at) != 0;
}
static bool says(const struct event_proof *p, int64_t seq) {
  for (size_t i = 0; i < p->found_len; i++)
    if (p->found[i].seq <= seq && seq <= p->found[i].until) return true;
  return false;
}

/* ---- one column of one row ---- */

struct column {
  const char *table, *name;
  char type;   /* s i b */
  bool placed; /* the finding must name the row's seq */
};
static const struct column columns[] = {
    {"event", "tenant", 's', true},
    {"event", "seq", 'i', true},
    {"event", "prev", 's', true},
    {"event", "hash", 's', true},
    {"event", "at_us", 'i', true},
    {"event", "valid", 's', true},
    {"event", "actor", 's', true},
    {"event", "record", 's', true},
    {"event", "id", 's', true},
    {"event", "act", 's', true},
    {"event", "from_state", 's', true},
    {"event", "to_state", 's', true},
    {"event", "payload", 's', true},
    {"event_field", "tenant", 's', true},
    {"event_field", "seq", 'i', true},
    {"event_field", "field", 's', true},
    {"event_field", "hash", 's', true},
    {"event_field", "salt", 'b', true},
    {"event_field", "value", 's', true},
    {"event_seal", "tenant", 's', true},
    {"event_seal", "seq", 'i', true},
    {"event_seal", "field", 's', true},
    {"event_seal", "compartment", 's', true},
    {"event_seal", "cell", 's', true},
    {"chain", "tenant", 's', false},
    {"chain", "seq", 'i', false},
    {"chain", "hash", 's', false},
    {"anchor", "tenant", 's', false},
    {"anchor", "day", 's', false},
    {"anchor", "seq", 'i', false},
    {"anchor", "hash", 's', false},
    {"anchor", "events", 'i', false},
    {"anchor", "at_us", 'i', false},
    {"anchor", "actor", 's', false},
    {"anchor", "signer", 's', false},
    {"anchor", "signature", 's', false},
    {"anchor", "made", 'i', false},
};
static struct str changed(struct tamper *t, const struct column *c) {
  static const char *const texts[] = {"%s || 'x'", "'x' || %s", "''", "substr(%s, 2)", "upper(%s) || 'X'"};
  static const char *const numbers[] = {"%s + 1000", "%s - 1000", "-%s", "%s + 1000000000000"};
  if (c->type == 'b') return str_of(pick(&t->chance, 2) ? "NULL" : scratch_cluster ? "'\\x00'" : "X'00'");
  const char *form =
      c->type == 's' ? texts[pick(&t->chance, COUNT_OF(texts))] : numbers[pick(&t->chance, COUNT_OF(numbers))];
  return str_replace(&t->s.mem, str_of(form), STR("%s"), str_of(c->name));
}
/* The event of a person's change: every eleventh is an anchor's. */
static int seq_of(int n) { return n + 1 + n / 10; }
static int64_t alter_column(struct tamper *t, const struct column *c, struct str before) {
  const int64_t seq = seq_of(pick(&t->chance, EVENTS));
  struct arena *mem = &t->s.mem;
  const struct str to = changed(t, c);
  struct str where = STR("");
  if (str_eqz(str_of(c->table), "event")) where = str_fmt(mem, " WHERE seq = %lld", (long long)seq);
  else if (c->placed)
    where = str_fmt(mem, " WHERE seq = %lld AND field = (SELECT min(field) FROM copy_%s WHERE seq = %lld)",
                    (long long)seq, c->table, (long long)seq);
  else if (str_eqz(str_of(c->table), "anchor"))
    where = str_fmt(mem, " WHERE day = (SELECT %s(day) FROM copy_anchor)", pick(&t->chance, 2) ? "min" : "max");
  run_sql(t, str_fmt(mem, STRF "UPDATE " STRF " SET " STRF " = " STRF STRF, STRA(before), STRA(str_of(c->table)),
                     STRA(str_of(c->name)), STRA(to), STRA(where)));
  return c->placed ? seq : 0;
}

/* ---- whole rows ---- */

/* Taken away, exchanged, put in; %1 and %2 are two events. */
static const char *const rows[] = {
    "DELETE FROM event_seal WHERE seq = %1; DELETE FROM event_field WHERE seq = %1; DELETE FROM event WHERE seq = %1",
    "DELETE FROM event WHERE seq = %1",
    "DELETE FROM event_field WHERE seq = %1",
    "DELETE FROM event_field WHERE seq = %1 AND field = 'marked'",
    "DELETE FROM event_seal WHERE seq = %1",
    "DELETE FROM chain",
    "DELETE FROM anchor",
    "DELETE FROM anchor WHERE day = (SELECT max(day) FROM copy_anchor)",
    "UPDATE event SET seq = 5000 WHERE seq = %1; UPDATE event SET seq = %1 WHERE seq = %2; UPDATE event SET seq = %2 "
    "WHERE seq = 5000",
    "UPDATE event SET seq = 5000 WHERE seq = %1; UPDATE event SET seq = %1 WHERE seq = %2; UPDATE event SET seq = %2 "
    "WHERE seq = 5000; UPDATE event_field SET seq = 5000 WHERE seq = %1; UPDATE event_field SET seq = %1 WHERE seq = "
    "%2; "
    "UPDATE event_field SET seq = %2 WHERE seq = 5000",
    "UPDATE event_field SET value = (SELECT value FROM copy_event_field WHERE seq = %2 AND field = 'reason') WHERE seq "
    "= "
    "%1 AND field = 'reason'",
    "UPDATE event_field SET value = (SELECT c.value FROM copy_event_field c WHERE c.seq = %2 AND c.field = "
    "event_field.field), salt = (SELECT c.salt FROM copy_event_field c WHERE c.seq = %2 AND c.field = "
    "event_field.field), hash = (SELECT c.hash FROM copy_event_field c WHERE c.seq = %2 AND c.field = "
    "event_field.field) WHERE seq = %1",
    "UPDATE event_seal SET cell = (SELECT cell FROM copy_event_seal WHERE seq = %2) WHERE seq = %1",
    "UPDATE event SET hash = (SELECT hash FROM copy_event WHERE seq = %2) WHERE seq = %1",
    "INSERT INTO event SELECT tenant, 5000, prev, hash, at_us, valid, actor, record, id, act, from_state, to_state, "
    "payload FROM copy_event WHERE seq = %1",
    "INSERT INTO event SELECT tenant, 0, prev, hash, at_us, valid, actor, record, id, act, from_state, to_state, "
    "payload "
    "FROM copy_event WHERE seq = %1",
    "INSERT INTO event SELECT 'other', seq, prev, hash, at_us, valid, actor, record, id, act, from_state, to_state, "
    "payload FROM copy_event WHERE seq = %1",
    "INSERT INTO event_field SELECT tenant, seq, 'zz', hash, salt, value FROM copy_event_field WHERE seq = %1 AND "
    "field = "
    "'marked'",
    "INSERT INTO event_field SELECT tenant, seq, 'zz', hash, NULL, NULL FROM copy_event_field WHERE seq = %1 AND field "
    "= "
    "'marked'",
    "INSERT INTO event_field SELECT tenant, -1, field, hash, salt, value FROM copy_event_field WHERE seq = %1",
    "INSERT INTO event_seal SELECT tenant, seq, 'reason', compartment, cell FROM copy_event_seal WHERE seq = %1",
    "INSERT INTO event_seal SELECT tenant, 7000, field, compartment, cell FROM copy_event_seal WHERE seq = %1",
    "INSERT INTO anchor SELECT tenant, '2020-01-01', seq, hash, events, at_us, actor, signer, signature, made FROM "
    "copy_anchor WHERE day = (SELECT max(day) FROM copy_anchor)",
    "INSERT INTO chain VALUES ('other', 3, 'x')",
};
static void alter_rows(struct tamper *t, const char *form, struct str before) {
  struct arena *mem = &t->s.mem;
  const int first = pick(&t->chance, EVENTS), step = 1 + pick(&t->chance, EVENTS - 1);
  const int a = seq_of(first), b = seq_of((first + step) % EVENTS);
  struct str sql = str_replace(mem, str_of(form), STR("%1"), str_fmt(mem, "%d", a));
  sql = str_replace(mem, sql, STR("%2"), str_fmt(mem, "%d", b));
  run_sql(t, str_join(mem, before, sql));
}

static void every_single_alteration_is_found(void **state) {
  (void)state;
  struct tamper t;
  tamper_begin(&t);
  assert_false(is_altered(&t));
  const struct event_proof p = prove(&t, t.st);
  assert_int_equal(p.findings, 0);
  assert_int_equal(p.events, EVENTS + 3);
  assert_int_equal(p.anchors, 3);
  struct str before = STR("");
  int done = 0;
  for (int i = 0; done < SINGLE; i++) {
    const bool by_column = i % 2 == 0 || i / 2 >= (int)COUNT_OF(rows) * 4;
    const struct column *c = &columns[(i / 2) % (int)COUNT_OF(columns)];
    const char *form = rows[(i / 2) % (int)COUNT_OF(rows)];
    const char *what = by_column ? c->name : form;
    int64_t seq = 0;
    if (by_column) seq = alter_column(&t, c, before);
    else alter_rows(&t, form, before);
    if (is_altered(&t)) {
      const struct event_proof found = prove(&t, t.st);
      if (!found.findings) fail_msg("not found: %s %s", by_column ? c->table : "", what ? what : "");
      if (seq && !says(&found, seq)) fail_msg("not at %d: %s %s", (int)seq, c->table, what ? what : "");
      assert_true(found.broken == found.found[0].seq && found.what != NULL);
      done++;
    }
    before = str_join(&t.s.mem, put_back(&t), STR("; "));
  }
  run_sql(&t, put_back(&t));
  assert_false(is_altered(&t));
  assert_int_equal(prove(&t, t.st).findings, 0);
  tamper_end(&t);
}

/* Retention: value, salt and cell go, the field's hash stays. */
static void erased_values_are_listed(void **state) {
  (void)state;
  struct tamper t;
  tamper_begin(&t);
  (void)scratch_sql(&t.s,
                    "DELETE FROM event_seal WHERE seq = 4; UPDATE event_field SET value = NULL, salt = NULL WHERE "
                    "seq = 4 AND field = 'now.phone'");
  const struct event_proof p = prove(&t, t.st);
  assert_int_equal(p.findings, 0);
  assert_int_equal(p.erased, 1);
  assert_int_equal(p.gone_len, 1);
  assert_int_equal(p.gone[0].seq, 4);
  assert_str(p.gone[0].field, "now.phone");
  assert_int_equal(p.sealed, EVENTS - 1);
  assert_int_equal(p.unopened, 0);
  struct store *blind = scratch_open(&t.s, NULL);
  assert_int_equal(prove(&t, blind).unopened, EVENTS - 1); /* without keys it is counted what was not looked into */
  store_close(blind);
  tamper_end(&t);
}
/* Everything behind an event cut off, with the chain's row and the anchors: the chain holds, the printed sheet does not. */
static void a_printed_anchor_finds_a_cut(void **state) {
  (void)state;
  struct tamper t;
  struct err e = {0};
  struct anchor a = {0};
  enum anchor_answer answer = ANCHOR_AGREES;
  int64_t last = 0;
  bool holds = false;
  tamper_begin(&t);
  AUTO_READ *r = store_read_begin(t.st, &e);
  assert_true(anchor_get(r, &t.s.mem, STR(""), &a, &e));
  const struct str printed = anchor_groups(&t.s.mem, a.hash);
  assert_int_equal(printed.len, 64 + 15);
  assert_true(anchor_ask(r, &t.s.mem, a.seq, printed, &answer, &last, &e));
  assert_int_equal(answer, ANCHOR_AGREES);
  assert_true(sm2_holds(t.key, &t.s.mem, anchor_text(&t.s.mem, &a), a.signature, &holds, &e));
  assert_true(holds);
  struct anchor other = a;
  other.seq--;
  assert_true(sm2_holds(t.key, &t.s.mem, anchor_text(&t.s.mem, &other), a.signature, &holds, &e));
  assert_false(holds);
  store_read_end(&r);
  (void)scratch_sql(&t.s,
                    "DELETE FROM anchor WHERE seq > 20; DELETE FROM event_seal WHERE seq > 20; DELETE FROM "
                    "event_field WHERE seq > 20; DELETE FROM event WHERE seq > 20; UPDATE chain SET seq = 20, hash "
                    "= (SELECT hash FROM event WHERE seq = 20)");
  assert_int_equal(prove(&t, t.st).findings, 0); /* nothing in the database can tell */
  r = store_read_begin(t.st, &e);
  assert_true(anchor_ask(r, &t.s.mem, a.seq, printed, &answer, &last, &e));
  assert_int_equal(answer, ANCHOR_CUT);
  assert_int_equal(last, 20);
  assert_true(anchor_ask(r, &t.s.mem, 20, printed, &answer, &last, &e));
  assert_int_equal(answer, ANCHOR_DIFFERS);
  assert_false(anchor_ask(r, &t.s.mem, 20, STR("12 34"), &answer, &last, &e));
  assert_int_equal(e.code, ERR_INVALID);
  store_read_end(&r);
  tamper_end(&t);
}
static void one_anchor_a_day(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct anchor a = {0}, b = {0};
  bool is_new = true;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  const struct anchor_order order = {STR("乙"), STR(""), 1780000000000000};
  assert_false(anchor_make(st, &s.mem, &order, &a, &is_new, &e));
  assert_int_equal(e.code, ERR_GUARD);
  store_close(st);
  scratch_end(&s);
  struct tamper t;
  tamper_begin(&t);
  e = (struct err){0};
  AUTO_READ *r = store_read_begin(t.st, &e);
  assert_true(anchor_get(r, &t.s.mem, STR(""), &a, &e));
  store_read_end(&r);
  const struct anchor_order again = {STR("丙"), STR(""), a.at_us};
  assert_true(anchor_make(t.st, &t.s.mem, &again, &b, &is_new, &e));
  assert_false(is_new);
  assert_true(str_eq(a.hash, b.hash) && a.seq == b.seq);
  tamper_end(&t);
}

UNIT_TESTS(tamper) = {
    cmocka_unit_test(every_single_alteration_is_found),
    cmocka_unit_test(erased_values_are_listed),
    cmocka_unit_test(a_printed_anchor_finds_a_cut),
    cmocka_unit_test(one_anchor_a_day),
};
UNIT_COUNT(tamper);
