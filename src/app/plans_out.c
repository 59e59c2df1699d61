/* What leaves the service: exports, comparisons and the links that people fixed in them. */
#include "app/plans_int.h"
#include "sql.h"
#include "texts.h"

/* ---- export ---- */

static const struct {
  const char *ending, *type;
} kinds[RENDER_FORMAT_COUNT] = {
    [RENDER_JSON] = {"json", "application/json; charset=utf-8"},
    [RENDER_TEXT] = {"txt", "text/plain; charset=utf-8"},
    [RENDER_MARKDOWN] = {"md", "text/markdown; charset=utf-8"},
    [RENDER_CSV] = {"csv", "text/csv; charset=utf-8"},
    [RENDER_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [RENDER_DOCX] = {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
};
/* A title as a file name: no separators, no control characters, not too long. */
static struct str file_title(struct arena *mem, struct str title) {
  char *z = str_z(mem, title);
  size_t n = title.len < 180 ? title.len : 180;
  while (n && n < title.len && ((unsigned char)z[n] & 0xC0) == 0x80) n--;
  for (size_t i = 0; i < n; i++) {
    if ((unsigned char)z[i] < 0x20 || strchr("/\\:*?\"<>|", z[i])) z[i] = '_';
  }
  return n ? (struct str){z, n} : STR("plan");
}
bool plans_export(const struct plan_view *v, struct arena *mem, enum render_format format, enum lang lang,
                  struct buf *out, struct plans_export *out_file, struct err *e) {
  out_file->name = str_fmt(mem, STRF ".%s", STRA(file_title(mem, v->row.title)), kinds[format].ending);
  out_file->type = kinds[format].type;
  switch (format) {
    case RENDER_JSON: render_json(v->plan, lang, out); return true;
    case RENDER_TEXT: render_text(v->plan, lang, out); return true;
    case RENDER_MARKDOWN: render_markdown(v->plan, lang, out); return true;
    case RENDER_CSV: render_csv(v->plan, lang, out); return true;
    case RENDER_XLSX: return render_xlsx(v->plan, lang, out, e);
    case RENDER_DOCX: return render_docx(v->plan, lang, out, e);
    case RENDER_FORMAT_COUNT: break;
  }
  return fail(e, ERR_BAD_REQUEST, MSG_web_bad_form);
}

/* ---- comparison ---- */

bool plans_compare_mode_of(struct str word, enum compare_mode *out) {
  if (!word.len || str_eqz(word, "auto")) {
    *out = COMPARE_AUTO;
    return true;
  }
  for (int m = COMPARE_COPIES; m <= COMPARE_LEVELS; m++) {
    if (!str_eqz(word, compare_mode_word((enum compare_mode)m))) continue;
    *out = (enum compare_mode)m;
    return true;
  }
  return false;
}
static struct item_ref ref_of(const struct plan_view *v, uint64_t key) {
  int32_t d = 0, i = 0, index = 0;
  if (correct_find(v->corrected, CORRECT_ITEM, key, &d, &i, &index)) return (struct item_ref){d, i};
  return (struct item_ref){NO_INDEX, NO_INDEX};
}
static bool same_item(struct item_ref a, struct item_ref b) { return a.document == b.document && a.item == b.item; }
/* Later links of the same pair win; those whose items are gone stay in the store and wait. */
static bool read_links(struct plans *s, struct arena *mem, struct plans_comparison *out, int64_t *out_last,
                       struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  struct sql_link_all_rows rows = {0};
  if (!r) return false;
  TRY(sql_link_all(r, mem, &(struct sql_link_all_in){STORE_TENANT, out->left->row.id, out->right->row.id}, SIZE_MAX,
                   &rows, e));
  *out_last = rows.len ? vec_last(&rows).seq : 0;
  for (size_t i = 0; i < rows.len; i++) {
    uint64_t a = 0, b = 0;
    if (!correct_key_of(rows.at[i].left_item, &a) || !correct_key_of(rows.at[i].right_item, &b)) continue;
    const struct compare_link link = {ref_of(out->left, a), ref_of(out->right, b), rows.at[i].cut != 0};
    if (item_ref_none(link.left) || item_ref_none(link.right)) continue;
    const struct plans_link_made made = {rows.at[i].seq, link};
    size_t k = 0;
    while (k < out->made.len &&
           (!same_item(out->made.at[k].link.left, link.left) || !same_item(out->made.at[k].link.right, link.right)))
      k++;
    if (k < out->made.len) out->made.at[k] = made;
    else vec_push(mem, &out->made) = made;
  }
  return true;
}
bool plans_compare(struct plans *s, struct arena *mem, const struct plan_view *left, const struct plan_view *right,
                   enum compare_mode mode, struct plans_comparison *out, struct err *e) {
  VEC(struct compare_link) links = {0};
  int64_t last = 0;
  *out = (struct plans_comparison){.left = left, .right = right};
  TRY(read_links(s, mem, out, &last, e));
  for (size_t i = 0; i < out->made.len; i++) vec_push(mem, &links) = out->made.at[i].link;
  const struct compare_options options = {.mode = mode, .links = links.at, .link_count = links.len};
  plan_compare(mem, left->plan, right->plan, &options, &out->c);
  out->etag = str_fmt(mem, STRF "|" STRF "|%d|%lld|%zu", STRA(left->etag), STRA(right->etag), (int)mode,
                      (long long)last, links.len);
  return true;
}

struct link_work {
  struct arena *mem;
  const struct plans_who *who;
  struct plan_row row; /* of the left plan */
  struct str right;
  uint64_t left_item, right_item;
  struct str left_title, right_title;
  bool cut;
};
static bool write_link(struct store *tx, void *arg, struct err *e) {
  struct link_work *w = arg;
  int64_t seq = 0;
  TRY(plans_may(tx, w->who, w->row.id, e));
  struct event ev = plan_event_begin(w->who, w->row.id, w->cut ? STR("cut") : STR("link"));
  event_add(&ev, STR("item"), w->left_title);
  event_add(&ev, STR("now.item"), w->right_title);
  event_add(&ev, STR("right"), w->right);
  TRY(event_append(tx, w->mem, &ev, &seq, e));
  TRY(sql_link_insert(tx,
                      &(struct sql_link_insert_in){.tenant = STORE_TENANT,
                                                   .left_plan = w->row.id,
                                                   .right_plan = w->right,
                                                   .seq = seq,
                                                   .left_item = correct_key_text(w->mem, w->left_item),
                                                   .right_item = correct_key_text(w->mem, w->right_item),
                                                   .cut = w->cut},
                      NULL, e));
  TRY(sql_plan_act_insert(tx, &(struct sql_plan_act_insert_in){STORE_TENANT, w->row.id, seq, ev.act}, NULL, e));
  return plan_store_changed(tx, &w->row, w->who->now_us, e);
}
bool plans_link(struct plans *s, struct arena *mem, const struct plans_who *who, struct str left_id, uint64_t left_item,
                struct str right_id, uint64_t right_item, bool cut, struct err *e) {
  AUTO_VIEW *left = NULL;
  AUTO_VIEW *right = NULL;
  struct plans_who sees = *who; /* the link is the left plan's; the other is only looked at */
  sees.act = STR("");
  TRY(plans_open(s, mem, who, left_id, 0, &left, e));
  TRY(plans_open(s, mem, &sees, right_id, 0, &right, e));
  const struct item_ref a = ref_of(left, left_item), b = ref_of(right, right_item);
  if (item_ref_none(a) || item_ref_none(b)) return fail(e, ERR_NOT_FOUND, MSG_plans_no_fact);
  struct link_work w = {.mem = mem,
                        .who = who,
                        .row = left->row,
                        .right = right_id,
                        .left_item = left_item,
                        .right_item = right_item,
                        .left_title = item_at(left->plan, a)->title,
                        .right_title = item_at(right->plan, b)->title,
                        .cut = cut};
  return store_write(s->store, write_link, &w, e);
}

struct unlink_work {
  struct arena *mem;
  const struct plans_who *who;
  struct plan_row row; /* of the left plan */
  struct str right;
  int64_t seq;
};
static bool find_link(struct store *tx, const struct unlink_work *w, bool *out_cut, struct err *e) {
  struct sql_link_all_rows rows = {0};
  TRY(sql_link_all(tx, w->mem, &(struct sql_link_all_in){STORE_TENANT, w->row.id, w->right}, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    if (rows.at[i].seq != w->seq) continue;
    *out_cut = rows.at[i].cut != 0;
    return true;
  }
  return fail(e, ERR_NOT_FOUND, MSG_plans_no_link);
}
static bool write_unlink(struct store *tx, void *arg, struct err *e) {
  struct unlink_work *w = arg;
  int64_t seq = 0, changed = 0;
  bool cut = false;
  TRY(plans_may(tx, w->who, w->row.id, e));
  TRY(find_link(tx, w, &cut, e));
  struct event ev = plan_event_begin(w->who, w->row.id, STR("undo"));
  event_add(&ev, STR("was.act"), cut ? STR("cut") : STR("link"));
  event_add(&ev, STR("seq"), str_int(w->mem, w->seq));
  TRY(event_append(tx, w->mem, &ev, &seq, e));
  TRY(sql_plan_act_undo(tx, &(struct sql_plan_act_undo_in){STORE_TENANT, w->row.id, w->seq, seq}, &changed, e));
  if (changed != 1) return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  TRY(sql_link_undo(tx, &(struct sql_link_undo_in){STORE_TENANT, w->row.id, w->seq, seq}, NULL, e));
  return plan_store_changed(tx, &w->row, w->who->now_us, e);
}
bool plans_unlink(struct plans *s, struct arena *mem, const struct plans_who *who, struct str left_id,
                  struct str right_id, int64_t seq, struct err *e) {
  AUTO_VIEW *left = NULL;
  TRY(plans_open(s, mem, who, left_id, 0, &left, e));
  struct unlink_work w = {.mem = mem, .who = who, .row = left->row, .right = right_id, .seq = seq};
  return store_write(s->store, write_unlink, &w, e);
}
