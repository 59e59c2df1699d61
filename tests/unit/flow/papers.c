/* Papers: an act keeps what they say, the first print draws it, and every print after that gives the same bytes. */
#include "engine/flow/paper.h"

#include "engine/flow/paper_print.h"
#include "sql.h"
#include "store/store.h"
#include "world.h"

static void make_one(struct flow_run *run, void *arg) {
  struct str *out_owner = arg;
  struct err e = {0};
  struct flow_row *row =
      world_row(run, "hazard.hazard", "closed",
                "school=s0;kind=fire;spot=一号楼;what=堵塞;found_on=2026-11-20;likelihood=rare;severity=slight");
  struct flow_step step = {.run = run, .about = {.self = row}};
  if (!flow_paper(&step, STR("closure"), &e)) fail_msg(STRF, STRA(err_says(run->mem, LANG_EN, &e)));
  memcpy((char *)out_owner->at, row->id.at, row->id.len);
}
static int64_t count(struct world_of *w, const char *sql, struct str id) {
  return scratch_sql(&w->scratch, str_z(&w->mem, str_replace(&w->mem, str_of(sql), STR("ID"), id)));
}
static void print(struct world_of *w, struct str owner) {
  struct sql_flow_paper_list_rows all = {0};
  struct err e = {0};
  AUTO_READ *r = store_read_begin(w->store, &e);
  assert_true(sql_flow_paper_list(
      r, &w->mem, &(struct sql_flow_paper_list_in){STORE_TENANT, STR("hazard.hazard"), owner}, 9, &all, &e));
  assert_int_equal(all.len, 1);
  store_read_end(&r);
  if (!flow_paper_print(w->store, &w->mem, all.at[0].id, STR("p0"), WORLD_NOW, &e))
    fail_msg(STRF, STRA(err_says(&w->mem, LANG_EN, &e)));
}
static void test_printed_once(void **unused) {
  struct world_of w;
  char id[20];
  struct str owner = {id, sizeof id};
  (void)unused;
  world_begin(&w);
  world_act(&w, make_one, &owner);
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_paper WHERE owner = 'ID' AND pdf = '' AND said <> ''", owner),
                   1);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE id = 'ID' AND act = 'paper'", owner), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM file WHERE 'ID' <> ''", owner), 0);
  print(&w, owner);
  print(&w, owner);
  assert_int_equal(count(&w,
                         "SELECT count(*) FROM flow_paper p JOIN file f ON f.hash = p.pdf OR f.hash = p.docx WHERE "
                         "p.owner = 'ID' AND p.said = '' AND p.pages = 1",
                         owner),
                   2);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE id = 'ID' AND act = 'print'", owner), 1);
  world_end(&w);
}

/* Every kind of block, every kind of run, every word of the head. */
static struct paper_said all_of_it(struct arena *mem) {
  struct paper_said s = {
      .head = {STR("市教育局"), STR("〔2026〕3号"), {2026, 3, 2}, STR("各校"), STR("办公室"), STR("123"), STR("x")},
      .form = OFFICE_GBT9704};
  for (int kind = DOC_TITLE; kind <= DOC_TABLE; kind++) {
    struct doc_block *b = &vec_push(mem, &s.document.blocks);
    *b = (struct doc_block){.kind = (enum doc_kind)kind, .number = kind == DOC_ITEM ? 3 : 0};
    vec_push(mem, &b->runs) = (struct doc_run){.text = STR("“一” \\ 段")};
    vec_push(mem, &b->runs) = (struct doc_run){.breaks = true};
    vec_push(mem, &b->runs) = (struct doc_run){.text = STR("重"), .strong = true};
    if (kind == DOC_ENTRY) vec_push(mem, &b->term) = (struct doc_run){.text = STR("编号")};
    for (int i = 0; kind == DOC_TABLE && i < 2; i++) {
      struct doc_row *row = &vec_push(mem, &b->rows);
      *row = (struct doc_row){.head = !i};
      vec_push(mem, &row->cells) = (struct doc_cell){.head = !i};
      vec_push(mem, &vec_last(&row->cells).runs) = (struct doc_run){.text = STR("格")};
    }
  }
  return s;
}
static void test_kept_draws_the_same(void **unused) {
  AUTO_ARENA mem = {0};
  struct paper_said said = all_of_it(&mem), again;
  struct paper_made one, two;
  struct str kept, twice;
  struct err e = {0};
  (void)unused;
  assert_true(paper_keep(&mem, &said, &kept, &e) && paper_kept(&mem, kept, &again, &e));
  assert_true(paper_keep(&mem, &again, &twice, &e));
  assert_str(kept, str_z(&mem, twice));
  assert_true(paper_draw(&mem, &said, &one, &e) && paper_draw(&mem, &again, &two, &e));
  assert_true(str_eq(one.pdf, two.pdf) && str_eq(one.docx, two.docx) && one.pages == two.pages && one.pages > 0);
}
static void test_spoilt(void **unused) {
  static const char *const bad[] = {"",
                                    "{}",
                                    "[]",
                                    "{\"form\":\"poster\",\"day\":\"\",\"blocks\":[]}",
                                    "{\"form\":\"plain\",\"day\":\"2026-02-30\",\"blocks\":[]}",
                                    "{\"form\":\"plain\",\"day\":\"\",\"number\":3,\"blocks\":[]}",
                                    "{\"form\":\"plain\",\"day\":\"\",\"blocks\":[{}]}",
                                    "{\"form\":\"plain\",\"day\":\"\",\"blocks\":[{\"is\":\"para\",\"text\":[[]]}]}"};
  (void)unused;
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    AUTO_ARENA mem = {0};
    struct paper_said said;
    struct err e = {0};
    assert_false(paper_kept(&mem, str_of(bad[i]), &said, &e));
    assert_int_equal(e.code, ERR_STORE);
  }
}

UNIT_TESTS(papers) = {cmocka_unit_test(test_printed_once), cmocka_unit_test(test_kept_draws_the_same),
                      cmocka_unit_test(test_spoilt)};
UNIT_COUNT(papers);
