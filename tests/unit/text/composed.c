/* Documents in the look of an office: which pieces a form has and where, widths of columns, and that both files say the same. */
#include "text/office.h"

#include "base/limits.h"
#include "text/source.h"
#include "unit.h"

static doc_runs runs(struct arena *mem, const char *text) {
  doc_runs r = {0};
  vec_push(mem, &r) = (struct doc_run){.text = str_of(text)};
  return r;
}
static struct doc_block *add(struct arena *mem, struct document *d, enum doc_kind kind, const char *text) {
  struct doc_block *b = &vec_push(mem, &d->blocks);
  *b = (struct doc_block){.kind = kind, .runs = runs(mem, text)};
  return b;
}
static void add_row(struct arena *mem, struct doc_block *b, bool head, const char *const *cells, size_t n) {
  struct doc_row *row = &vec_push(mem, &b->rows);
  row->head = head;
  for (size_t i = 0; i < n; i++) vec_push(mem, &row->cells) = (struct doc_cell){runs(mem, cells[i]), head};
}
static struct document letter(struct arena *mem) {
  static const char *const heads[] = {"编号", "问题", "期限"}, *const cells[] = {"WT2026-00001",
                                                                                 "操场跑道破损，雨天积水，体育课不能上",
                                                                                 "2026年4月30日"};
  struct document d = {0};
  (void)add(mem, &d, DOC_TITLE, "走访问题交办单");
  (void)add(mem, &d, DOC_PARA, "发展规划与财务处：");
  (void)add(mem, &d, DOC_PARA, "走访时学校反映下列问题，请按期办理。5 < 6 & 7 > 6：");
  (void)add(mem, &d, DOC_SECTION, "一、问题");
  add(mem, &d, DOC_ITEM, "第一项")->number = 1;
  add(mem, &d, DOC_ENTRY, "张三、李四")->term = runs(mem, "经办人");
  struct doc_block *t = &vec_push(mem, &d.blocks);
  *t = (struct doc_block){.kind = DOC_TABLE, .runs = runs(mem, "清单")};
  add_row(mem, t, true, heads, 3);
  for (int i = 0; i < 40; i++) add_row(mem, t, false, cells, 3);
  (void)add(mem, &d, DOC_POINT, "（一）要求");
  (void)add(mem, &d, DOC_PARA, "完。");
  return d;
}
static const struct office_head head = {.authority = STR_INIT("云岚市教育局"),
                                        .number = STR_INIT("云教联〔2026〕7号"),
                                        .day = {2026, 3, 2},
                                        .copies = STR_INIT("东山区教育局"),
                                        .printer = STR_INIT("云岚市教育局办公室"),
                                        .verify = STR_INIT("5432 1098 7654 3216")};

static struct office_sheet composed(struct arena *mem, const struct document *d, enum office_form form) {
  struct office_sheet s;
  struct err e = {0};
  assert_true(office_compose(mem, d, &head, form, &s, &e));
  return s;
}
static const struct office_piece *piece(const struct office_sheet *s, enum office_style style, int nth) {
  vec_each(const struct office_piece, p, &s->pieces)
    if (p->kind == PIECE_TEXT && p->style == style && !nth--) return p;
  return NULL;
}

static void the_page_is_that_of_the_standard(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct document d = letter(&mem);
  const struct office_sheet s = composed(&mem, &d, OFFICE_GBT9704);
  assert_int_equal(s.page_width, 11906);
  assert_int_equal(s.top, 2098); /* 37 mm */
  assert_int_equal(office_width(&s), 11906 - 1587 - 1474);
  assert_in_range(s.page_height - s.top - s.bottom, 22 * s.looks[STYLE_BODY].pitch, 23 * s.looks[STYLE_BODY].pitch - 1);
  const int character = s.looks[STYLE_BODY].size * 10 - s.looks[STYLE_BODY].squeeze;
  assert_int_equal(office_width(&s) / character, 28);
  assert_true(s.looks[STYLE_AUTHORITY].red);
  assert_str(piece(&s, STYLE_ADDRESSEE, 0)->runs.at[0].text, "发展规划与财务处：");
  assert_null(piece(&s, STYLE_ADDRESSEE, 1)); /* only the first paragraph is an address */
  assert_int_equal(s.imprint.len, 2);
  assert_str(s.imprint.at[0].runs.at[0].text, "抄送：东山区教育局。");
  assert_str(s.imprint.at[1].aside, "2026年3月2日印发");
  assert_str(s.title, "走访问题交办单");
}
/* The day ends four characters before the margin; the name is centred above it. */
static void the_signature_is_centred_above_the_day(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct document d = letter(&mem);
  const struct office_sheet s = composed(&mem, &d, OFFICE_GBT9704);
  const struct office_piece *name = piece(&s, STYLE_SIGNER, 0), *day = piece(&s, STYLE_SIGNER, 1);
  assert_int_equal(day->right, 4 * 320);
  const int day_width = office_measure(STR("2026年3月2日")) * 160, name_width = 6 * 320;
  assert_int_equal(2 * name->right + name_width, 2 * day->right + day_width);
  assert_true(name->keeps);
  struct office_head long_name = head;
  long_name.authority = STR("云岚市教育局云岚市发展和改革委员会云岚市财政局");
  struct office_sheet other;
  struct err e = {0};
  assert_true(office_compose(&mem, &d, &long_name, OFFICE_GBT9704, &other, &e));
  assert_true(piece(&other, STYLE_SIGNER, 0)->right >= 0 && piece(&other, STYLE_SIGNER, 1)->right > 4 * 320);
  assert_true(piece(&other, STYLE_AUTHORITY, 0)->size < s.looks[STYLE_AUTHORITY].size); /* it stays on one line */
}
static void a_long_title_has_lines_of_one_length(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct document d = {0};
  (void)add(&mem, &d, DOC_TITLE, "关于进一步加强全市中小学校园安全风险管控与隐患排查治理的通知");
  const struct office_sheet s = composed(&mem, &d, OFFICE_GBT9704);
  const struct office_piece *title = piece(&s, STYLE_TITLE, 0);
  const int line = office_width(&s) - title->left - title->right;
  assert_in_range(line, 15 * 440, 17 * 440); /* of 30 characters */
}
static const struct office_table *table_of(const struct office_sheet *s, size_t columns) {
  vec_each(const struct office_piece, p, &s->pieces)
    if (p->kind == PIECE_TABLE && p->table->columns == columns) return p->table;
  assert_true(columns == 0); /* there is none */
  return NULL;
}
static void columns_share_the_width(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct document d = letter(&mem);
  for (enum office_form form = OFFICE_PLAIN; form <= OFFICE_LIST; form++) {
    const struct office_sheet s = composed(&mem, &d, form);
    const struct office_table *t = table_of(&s, 3);
    assert_int_equal(t->width[0] + t->width[1] + t->width[2], office_width(&s));
    assert_true(t->width[1] > t->width[0] && t->width[1] > t->width[2]);
    const int half = s.looks[STYLE_CELL].size * 5;
    assert_true(t->width[0] >= office_measure(STR("WT2026-00001")) * half + 2 * OFFICE_CELL_SIDE);
    assert_true(t->centred[0] && !t->centred[1]);
  }
  struct document wide = {0};
  const char *cells[OFFICE_COLUMNS_MAX + 1];
  for (size_t i = 0; i < COUNT_OF(cells); i++) cells[i] = "一二三四五六七八九十";
  add_row(&mem, &vec_push(&mem, &wide.blocks), true, cells, OFFICE_COLUMNS_MAX);
  wide.blocks.at[0].kind = DOC_TABLE;
  const struct office_sheet s = composed(&mem, &wide, OFFICE_LIST);
  int sum = 0;
  for (size_t i = 0; i < OFFICE_COLUMNS_MAX; i++) sum += table_of(&s, OFFICE_COLUMNS_MAX)->width[i];
  assert_int_equal(sum, office_width(&s));
  add_row(&mem, &wide.blocks.at[0], false, cells, OFFICE_COLUMNS_MAX + 1);
  struct office_sheet none;
  struct err e = {0};
  assert_false(office_compose(&mem, &wide, &head, OFFICE_LIST, &none, &e));
  assert_int_equal(e.code, ERR_TOO_LARGE);
}

/* ---- both files, as our own readers have them ---- */

static struct str bare(struct arena *mem, struct str s, bool is_pdf) {
  static const char *const out[] = {" ", "\n", "\t", "\v", "\f", "　", "—1—", "—2—", "—3—", "—4—", "—5—", "—6—"};
  for (size_t i = 0; i < COUNT_OF(out) - (is_pdf ? 0 : 6); i++) s = str_replace(mem, s, str_of(out[i]), STR(""));
  return s;
}
static struct str text_of(struct arena *mem, const char *name, struct str bytes) {
  struct source source;
  struct err e = {0};
  if (!source_open(mem, str_of(name), bytes, false, &source, &e)) fail_msg("%.*s", STRA(err_says(mem, LANG_EN, &e)));
  return bare(mem, source.text, str_eqz(str_of(name), "x.pdf"));
}
static void both_files_hold_the_same_text(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct document d = letter(&mem);
  for (enum office_form form = OFFICE_PLAIN; form <= OFFICE_LIST; form++) {
    const struct office_sheet s = composed(&mem, &d, form);
    struct office_pdf pdf = {0}, again = {0};
    struct str docx = {0}, docx_again = {0};
    struct err e = {0};
    assert_true(office_pdf(&mem, &s, &pdf, &e) && office_docx(&mem, &s, &docx, &e));
    assert_true(office_pdf(&mem, &s, &again, &e) && office_docx(&mem, &s, &docx_again, &e));
    assert_true(str_eq(pdf.bytes, again.bytes) && str_eq(docx, docx_again));
    assert_in_range(pdf.pages, 2, 6);
    assert_int_equal(pdf.unknown, 0);
    static const char *const all[] = {"走访问题交办单", "云教联〔2026〕7号", "5<6&7>6：", "1.第一项",
                                      "张三、李四",     "（一）要求",        "完。",      "云岚市教育局",
                                      "2026年3月2日",   "5432109876543216"};
    const struct str texts[] = {text_of(&mem, "x.pdf", pdf.bytes), text_of(&mem, "x.docx", docx)};
    for (size_t i = 0; i < COUNT_OF(all); i++)
      for (size_t k = 0; k < 2; k++)
        if (str_find(texts[k], str_of(all[i])) == STR_NONE) fail_msg("%s in %.*s", all[i], STRA(texts[k]));
  }
}
static void a_paper_has_an_end(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct document d = {0};
  struct office_pdf pdf;
  struct err e = {0};
  for (int i = 0; i < PAPER_PAGES_MAX * 22; i++) (void)add(&mem, &d, DOC_PARA, "一行");
  const struct office_sheet s = composed(&mem, &d, OFFICE_GBT9704);
  assert_false(office_pdf(&mem, &s, &pdf, &e));
  assert_int_equal(e.code, ERR_TOO_LARGE);
}

UNIT_TESTS(composed) = {
    cmocka_unit_test(the_page_is_that_of_the_standard),     cmocka_unit_test(the_signature_is_centred_above_the_day),
    cmocka_unit_test(a_long_title_has_lines_of_one_length), cmocka_unit_test(columns_share_the_width),
    cmocka_unit_test(both_files_hold_the_same_text),        cmocka_unit_test(a_paper_has_an_end)};
UNIT_COUNT(composed);
