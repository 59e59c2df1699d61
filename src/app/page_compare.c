/* Two plans aligned: older text left, what moved in the middle, newer text right. Links between items can be confirmed or
 * cut by a person; what is not listed any more stands where it stood. */
#include "app/page.h"
#include "app/plans.h"
#include "pages.h"
#include "text/numeral.h"
#include "texts.h"

enum compare_show { CMP_ALL, CMP_CHANGED, CMP_NEW, CMP_GONE, CMP_MOVED, CMP_UNSURE, CMP_SHOW_COUNT };
static const char *const show_words[CMP_SHOW_COUNT] = {"all", "changed", "new", "gone", "moved", "unsure"};

struct compare_page {
  struct web_request *rq;
  const struct plan_view *left, *right;
  struct plans_comparison cmp;
  enum compare_show show;
};

static struct str with_one(struct web_request *rq, int msg, const char *hole, struct str value) {
  const struct msg_arg args[] = {{hole, value}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}

/* ---- rows ---- */

static bool has_move(const struct compare_row *row) {
  for (size_t i = 0; i < row->moves.len; i++)
    if (row->moves.at[i].kind != MOVE_SAME) return true;
  return false;
}

static bool same_item(struct item_ref a, struct item_ref b) {
  return !item_ref_none(a) && a.document == b.document && a.item == b.item;
}

static bool is_shown(const struct compare_row *row, enum compare_show show) {
  switch (show) {
    case CMP_CHANGED: return row->kind == ROW_CHANGED;
    case CMP_NEW: return row->kind == ROW_NEW;
    case CMP_GONE: return row->kind == ROW_GONE;
    case CMP_MOVED: return row->kind == ROW_CHANGED && has_move(row);
    case CMP_UNSURE: return row->unsure;
    default: return true;
  }
}

static struct str quantity(struct arena *mem, const struct target *t) {
  if (!t->has_value) return (struct str){0};
  const char *sign = t->bound == BOUND_GE ? "≥" : t->bound == BOUND_LE ? "≤" : t->bound == BOUND_ABOUT ? "≈" : "";
  struct str s = str_join(mem, str_of(sign), dec_text(mem, t->value));
  if (t->has_max) s = str_join(mem, str_join(mem, s, STR("—")), dec_text(mem, t->value_max));
  return s;
}

static struct view_move make_move(struct compare_page *p, const struct compare_row *row, const struct target_move *m) {
  struct arena *mem = p->rq->mem;
  const struct item *left = item_at(p->left->plan, row->left), *right = item_at(p->right->plan, row->right);
  const struct target *a = m->left >= 0 && left ? &left->targets.at[m->left] : NULL;
  const struct target *b = m->right >= 0 && right ? &right->targets.at[m->right] : NULL;
  struct view_move v = {.what = b && b->what.len ? b->what : a ? a->what : (struct str){0}};
  const struct str before = a ? quantity(mem, a) : (struct str){0}, after = b ? quantity(mem, b) : (struct str){0};
  v.change = str_fmt(mem, STRF " → " STRF, STRA(before.len ? before : STR("—")), STRA(after.len ? after : STR("—")));
  if (m->has_change && (m->kind == MOVE_UP || m->kind == MOVE_DOWN || m->kind == MOVE_SHORT)) {
    struct dec d = m->change;
    if (d.digits < 0) d.digits = -d.digits;
    const struct str unit = str_eqz(m->unit, "%") ? page_text(p->rq, MSG_compare_points) : m->unit;
    const struct str by = str_join(mem, dec_text(mem, d), unit);
    v.delta = m->kind == MOVE_SHORT ? with_one(p->rq, MSG_compare_less, "n", by)
                                    : str_fmt(mem, "%s " STRF, m->change.digits < 0 ? "↓" : "↑", STRA(by));
  } else {
    v.delta = page_text_of(mem, p->rq->lang, "move_", move_kind_word(m->kind));
  }
  return v;
}

static void add_runs(struct arena *mem, const diff_runs *runs, struct view_compare_row *row) {
  for (size_t i = 0; i < runs->len; i++) {
    const struct diff_run *d = &runs->at[i];
    if (d->op != DIFF_NEW) vec_push(mem, &row->left) = (struct view_run){d->text, d->op == DIFF_GONE, false};
    if (d->op != DIFF_GONE) vec_push(mem, &row->right) = (struct view_run){d->text, false, d->op == DIFF_NEW};
  }
}

static struct str heading(struct arena *mem, const struct plan *p, const struct item *it) {
  return str_join(mem, plan_item_number(mem, p, it), it->title);
}

static struct str item_href(struct arena *mem, const struct plan_view *v, struct item_ref ref) {
  return str_fmt(mem, "/plans/" STRF "?item=" STRF, STRA(v->row.id), STRA(plans_item_step(mem, v, ref)));
}

static struct str nearest(struct compare_page *p, const struct compare_row *row) {
  const struct plan_view *v = row->kind == ROW_NEW ? p->left : p->right;
  const struct item *it = item_at(v->plan, row->nearest);
  if (!it || row->nearest_score < 100) return (struct str){0};
  const struct msg_arg args[] = {{"item", heading(p->rq->mem, v->plan, it)},
                                 {"score", str_int(p->rq->mem, row->nearest_score / 10)}};
  return msg_text(p->rq->mem, p->rq->lang, MSG_page_nearest, args, 2);
}

static struct str reasons(struct compare_page *p, unsigned bits) {
  struct str out = {0};
  for (unsigned bit = 1; bit <= REASON_SPLIT; bit <<= 1)
    if (bits & bit)
      out =
          page_listed(p->rq->mem, p->rq->lang, out, page_text_of(p->rq->mem, p->rq->lang, "reason_", reason_word(bit)));
  return out;
}

static struct view_made make_made(struct compare_page *p, const struct plans_link_made *m, struct str says) {
  const uint64_t item = p->right->items[m->link.right.document][m->link.right.item].key;
  return (struct view_made){says, str_int(p->rq->mem, m->seq), correct_key_text(p->rq->mem, item)};
}

/* A confirmed pair stands in its row; one that was cut, in the rows of both its items. */
static void add_made(struct compare_page *p, const struct compare_row *row, struct view_compare_row *v) {
  struct arena *mem = p->rq->mem;
  for (size_t i = 0; i < p->cmp.made.len; i++) {
    const struct plans_link_made *m = &p->cmp.made.at[i];
    const bool left = same_item(row->left, m->link.left), right = same_item(row->right, m->link.right);
    if (m->link.cut ? !left && !right : !left || !right) continue;
    const struct plan_view *other = right ? p->left : p->right;
    const struct item *it = item_at(other->plan, right ? m->link.left : m->link.right);
    const struct str says = m->link.cut ? with_one(p->rq, MSG_compare_was_cut, "item", heading(mem, other->plan, it))
                                        : page_text(p->rq, MSG_compare_was_confirmed);
    vec_push(mem, &v->made) = make_made(p, m, says);
  }
}

static struct view_compare_row make_row(struct compare_page *p, const struct compare_row *row) {
  struct arena *mem = p->rq->mem;
  const struct item *left = item_at(p->left->plan, row->left), *right = item_at(p->right->plan, row->right);
  struct view_compare_row v = {.has_left = left != NULL, .has_right = right != NULL};
  v.relation = page_text_of(mem, p->rq->lang, p->cmp.c.mode == COMPARE_LEVELS ? "relation_levels_" : "relation_",
                            row_kind_word(row->kind));
  if (left) {
    v.left_title = heading(mem, p->left->plan, left);
    v.left_href = item_href(mem, p->left, row->left);
    v.left_key = correct_key_text(mem, p->left->items[row->left.document][row->left.item].key);
  }
  if (right) {
    v.right_title = heading(mem, p->right->plan, right);
    v.right_href = item_href(mem, p->right, row->right);
    v.right_key = correct_key_text(mem, p->right->items[row->right.document][row->right.item].key);
    v.id = str_fmt(mem, "p" STRF, STRA(v.right_key));
  }
  if (left && right) {
    add_runs(mem, &row->text_diff, &v);
    v.can_cut = true;
    v.can_confirm = !(row->reasons & REASON_FIXED);
    v.small = with_one(p->rq, row->reasons & REASON_FIXED ? MSG_compare_fixed : MSG_compare_because, "reasons",
                       reasons(p, row->reasons & ~(unsigned)REASON_FIXED));
  } else {
    if (left) vec_push(mem, &v.left) = (struct view_run){plan_item_text(mem, p->left->plan, left), false, false};
    if (right) vec_push(mem, &v.right) = (struct view_run){plan_item_text(mem, p->right->plan, right), false, false};
    v.small = nearest(p, row);
  }
  add_made(p, row, &v);
  if (v.made.len && (!left || !right)) v.small = (struct str){0}; /* the nearest is the one that was cut */
  if (row->unsure) v.question = page_text(p->rq, left && right ? MSG_compare_unsure_link : MSG_compare_unsure_alone);
  for (size_t i = 0; i < row->moves.len; i++)
    if (row->moves.at[i].kind != MOVE_SAME && left && right)
      vec_push(mem, &v.moves) = make_move(p, row, &row->moves.at[i]);
  return v;
}

/* Section of the row's item: of the right plan, else of the left one. */
static struct str section_of(struct compare_page *p, const struct compare_row *row) {
  const struct plan_view *v = item_ref_none(row->right) ? p->left : p->right;
  const struct item_ref ref = item_ref_none(row->right) ? row->left : row->right;
  const struct item *it = item_at(v->plan, ref);
  if (!it) return (struct str){0};
  const struct document *doc = &v->plan->documents.at[ref.document];
  if (it->section >= doc->sections.len) return (struct str){0};
  const struct section *s = &doc->sections.at[it->section];
  return s->number > 0
             ? str_fmt(p->rq->mem, STRF "、" STRF, STRA(numeral_zh_text(p->rq->mem, s->number)), STRA(s->title))
             : s->title;
}

static void fill_rows(struct compare_page *p, struct view_compare *v) {
  struct arena *mem = p->rq->mem;
  for (size_t i = 0; i < p->cmp.c.rows.len; i++) {
    const struct compare_row *row = &p->cmp.c.rows.at[i];
    if (!is_shown(row, p->show)) continue;
    const struct str title =
        item_ref_none(row->right) && v->sections.len ? vec_last(&v->sections).title : section_of(p, row);
    if (!v->sections.len || !str_eq(vec_last(&v->sections).title, title))
      vec_push(mem, &v->sections) = (struct view_compare_section){.title = title};
    vec_push(mem, &vec_last(&v->sections).rows) = make_row(p, row);
  }
}

/* ---- totals, filters, head ---- */

static void add_tally(struct compare_page *p, struct view_compare *v, size_t n, int label) {
  vec_push(p->rq->mem, &v->tally) = (struct view_tally){str_int(p->rq->mem, (int64_t)n), page_text(p->rq, label)};
}

static void fill_tally(struct compare_page *p, struct view_compare *v) {
  const struct plan_comparison *c = &p->cmp.c;
  const bool levels = c->mode == COMPARE_LEVELS;
  add_tally(p, v, c->counts[ROW_SAME], levels ? MSG_compare_tally_alike : MSG_compare_tally_same);
  add_tally(p, v, c->counts[ROW_CHANGED], levels ? MSG_compare_tally_taken : MSG_compare_tally_changed);
  add_tally(p, v, c->counts[ROW_NEW], levels ? MSG_compare_tally_own : MSG_compare_tally_new);
  add_tally(p, v, c->counts[ROW_GONE], levels ? MSG_compare_tally_not_taken : MSG_compare_tally_gone);
  if (levels) {
    add_tally(p, v, c->moves[MOVE_SHORT], MSG_compare_tally_short);
    return;
  }
  add_tally(p, v, c->moves[MOVE_UP], MSG_compare_tally_up);
  add_tally(p, v, c->moves[MOVE_DOWN], MSG_compare_tally_down);
}

static void fill_chips(struct compare_page *p, struct view_compare *v) {
  for (int s = 0; s < CMP_SHOW_COUNT; s++) {
    size_t n = 0;
    for (size_t i = 0; i < p->cmp.c.rows.len; i++) n += is_shown(&p->cmp.c.rows.at[i], (enum compare_show)s);
    vec_push(p->rq->mem, &v->chips) = (struct view_link){
        .href = web_here(p->rq, "show", s == CMP_ALL ? (struct str){0} : str_of(show_words[s])),
        .label = page_text_of(p->rq->mem, p->rq->lang,
                              p->cmp.c.mode == COMPARE_LEVELS ? "levels_show_" : "compare_show_", show_words[s]),
        .count = str_int(p->rq->mem, (int64_t)n),
        .current = (enum compare_show)s == p->show};
  }
  static const enum compare_mode modes[] = {COMPARE_YEARS, COMPARE_LEVELS, COMPARE_COPIES};
  for (size_t i = 0; i < COUNT_OF(modes); i++)
    vec_push(p->rq->mem, &v->modes) =
        (struct view_link){.href = web_here(p->rq, "mode", str_of(compare_mode_word(modes[i]))),
                           .label = page_text_of(p->rq->mem, p->rq->lang, "compare_mode_", compare_mode_word(modes[i])),
                           .current = modes[i] == p->cmp.c.mode};
  static const char *const formats[] = {"html", "markdown", "text", "json"};
  for (size_t i = 0; i < COUNT_OF(formats); i++)
    vec_push(p->rq->mem, &v->exports) = (struct view_link){
        .href = str_fmt(p->rq->mem, "/compare/export/%s?a=" STRF "&b=" STRF "&mode=%s", formats[i],
                        STRA(p->left->row.id), STRA(p->right->row.id), compare_mode_word(p->cmp.c.mode)),
        .label = page_text_of(p->rq->mem, p->rq->lang, "export_", formats[i])};
}

static struct str known_word(struct str word, const char *const *words, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(word, words[i])) return str_of(words[i]);
  return (struct str){0};
}

static struct str head_of(struct compare_page *p, const struct plan_view *v, const struct plan_view *other) {
  if (v->row.year && v->row.year != other->row.year && str_eq(v->row.issuer, other->row.issuer))
    return with_one(p->rq, MSG_compare_year, "year", str_int(p->rq->mem, v->row.year));
  return v->row.title;
}

/* Behind the receipt of an act: the link that was made last. */
static void fill_undo(struct compare_page *p, struct view_compare *v) {
  const struct str did = web_query(p->rq, "did");
  const struct plans_link_made *last = NULL;
  if (!str_eqz(did, "link") && !str_eqz(did, "cut")) return;
  for (size_t i = 0; i < p->cmp.made.len; i++)
    if (!last || p->cmp.made.at[i].seq > last->seq) last = &p->cmp.made.at[i];
  if (last) v->undo = make_made(p, last, (struct str){0});
}

static void fill_head(struct compare_page *p, struct view_compare *v) {
  struct web_request *rq = p->rq;
  v->left_head = head_of(p, p->left, p->right);
  v->right_head = head_of(p, p->right, p->left);
  v->left_id = p->left->row.id;
  v->right_id = p->right->row.id;
  const struct msg_arg args[] = {{"left", v->left_head}, {"right", v->right_head}};
  v->title = msg_text(rq->mem, rq->lang, MSG_compare_of, args, 2);
  v->missing_left = with_one(rq, MSG_compare_missing, "plan", v->left_head);
  v->missing_right = with_one(rq, MSG_compare_missing, "plan", v->right_head);
  v->swap_href = str_fmt(rq->mem, "/compare?a=" STRF "&b=" STRF, STRA(p->right->row.id), STRA(p->left->row.id));
  v->show = known_word(web_query(rq, "show"), show_words, CMP_SHOW_COUNT);
  v->mode = str_of(compare_mode_word(p->cmp.c.mode));
  v->said = page_said(rq);
  v->can_link = p->left->may.link; /* a link is the left plan's */
  if (v->can_link) fill_undo(p, v);
  v->is_copies = p->cmp.c.mode == COMPARE_COPIES;
  if (p->cmp.c.same) v->finding = page_text(rq, MSG_page_same);
  for (size_t i = 0; i < p->cmp.c.meta.len; i++) {
    const struct compare_meta *m = &p->cmp.c.meta.at[i];
    vec_push(rq->mem, &v->meta) =
        (struct view_move){.what = page_text_of(rq->mem, rq->lang, "compare_field_", compare_field_word(m->field)),
                           .change = m->left,
                           .delta = m->right};
  }
}

static void show_page(struct compare_page *p, struct web_response *rs) {
  struct view_compare *v = arena_new(p->rq->mem, struct view_compare);
  v->lang = p->rq->lang;
  fill_head(p, v);
  v->f = page_frame(p->rq, v->title, PAGE_COMPARE, NULL);
  v->f.back = STR("/plans");
  v->f.head = page_text(p->rq, MSG_nav_compare);
  fill_tally(p, v);
  fill_chips(p, v);
  fill_rows(p, v);
  page_compare(&rs->body, v);
}

/* ---- handlers ---- */

static bool choose(struct web_request *rq, struct web_response *rs, struct err *e) {
  enum { CHOICES = 200 };
  plan_rows rows = {0};
  TRY(plans_newest(plans_of(rq), rq->mem, page_who(rq), CHOICES, &rows, e));
  struct view_compare_choose v = {.lang = rq->lang,
                                  .f = page_frame(rq, page_text(rq, MSG_pick_title), PAGE_COMPARE, NULL)};
  v.f.back = STR("/plans");
  v.can_upload = can(who_of(rq), "plan.upload");
  const struct str a = web_query(rq, "a"), b = web_query(rq, "b");
  const bool first_is_left = rows.len && str_eq(rows.at[0].id, a);
  for (size_t i = 0; i < rows.len; i++) { /* two that differ: what was not asked for is one of the newest two */
    const struct plan_row *row = &rows.at[i];
    const bool is_left = a.len ? str_eq(row->id, a) : i == 1;
    const bool is_right = b.len ? str_eq(row->id, b) : i == first_is_left;
    vec_push(rq->mem, &v.left) = (struct view_option){row->id, row->title, is_left};
    vec_push(rq->mem, &v.right) = (struct view_option){row->id, row->title, is_right};
  }
  page_compare_choose(&rs->body, &v);
  return true;
}

static bool open_both(struct web_request *rq, struct plan_view **left, struct plan_view **right,
                      struct plans_comparison *out, struct err *e) {
  enum compare_mode mode = COMPARE_AUTO;
  if (!plans_compare_mode_of(web_query(rq, "mode"), &mode)) mode = COMPARE_AUTO;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_query(rq, "a"), 0, left, e));
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_query(rq, "b"), 0, right, e));
  return plans_compare(plans_of(rq), rq->mem, *left, *right, mode, out, e);
}

/* ?pick=ID twice, from the list's boxes: the older year stands left. */
static bool picked(struct web_request *rq, struct web_response *rs) {
  struct str ids[2];
  size_t n = 0;
  for (size_t i = 0; i < rq->query_count && n < 2; i++)
    if (str_eqz(rq->query[i].name, "pick")) ids[n++] = rq->query[i].value;
  if (n != 2) return false;
  struct err ignored = {0};
  AUTO_VIEW *a = NULL, *b = NULL;
  const bool both = plans_open(plans_of(rq), rq->mem, page_who(rq), ids[0], 0, &a, &ignored) &&
                    plans_open(plans_of(rq), rq->mem, page_who(rq), ids[1], 0, &b, &ignored);
  const bool turn = both && a->row.year > b->row.year;
  web_redirect(rs, str_fmt(rq->mem, "/compare?a=" STRF "&b=" STRF, STRA(ids[turn]), STRA(ids[!turn])));
  return true;
}

static bool show_compare(struct web_request *rq, struct web_response *rs, struct err *e) {
  if (!rq->json && picked(rq, rs)) return true;
  if (!rq->json && (!web_query(rq, "a").len || !web_query(rq, "b").len)) return choose(rq, rs, e);
  AUTO_VIEW *left = NULL, *right = NULL;
  struct compare_page p = {.rq = rq};
  TRY(open_both(rq, &left, &right, &p.cmp, e));
  if (web_fresh(rq, rs, str_fmt(rq->mem, STRF "-" STRF, STRA(p.cmp.etag), STRA(rq->token)))) return true;
  if (rq->json) {
    plans_compare_json(&p.cmp, rq->lang, web_json(rs));
    return true;
  }
  p.left = left;
  p.right = right;
  for (int s = 0; s < CMP_SHOW_COUNT; s++)
    if (str_eqz(web_query(rq, "show"), show_words[s])) p.show = (enum compare_show)s;
  show_page(&p, rs);
  return true;
}

static bool export_compare(struct web_request *rq, struct web_response *rs, struct err *e) {
  static const struct {
    const char *word, *type, *ending;
    enum compare_format format;
  } formats[] = {{"json", "application/json", "json", COMPARE_JSON},
                 {"text", "text/plain; charset=utf-8", "txt", COMPARE_TEXT},
                 {"markdown", "text/markdown; charset=utf-8", "md", COMPARE_MARKDOWN},
                 {"html", "text/html; charset=utf-8", "html", COMPARE_HTML}};
  AUTO_VIEW *left = NULL, *right = NULL;
  struct plans_comparison cmp = {0};
  for (size_t i = 0; i < COUNT_OF(formats); i++) {
    if (!str_eqz(web_param(rq, "format"), formats[i].word)) continue;
    TRY(open_both(rq, &left, &right, &cmp, e));
    compare_render(rq->mem, &cmp.c, formats[i].format, rq->lang, &rs->body);
    const struct msg_arg args[] = {{"left", left->row.title}, {"right", right->row.title}};
    const struct str name = msg_text(rq->mem, rq->lang, MSG_compare_of, args, 2);
    web_download(rq, rs, str_fmt(rq->mem, STRF ".%s", STRA(name), formats[i].ending), formats[i].type);
    return true;
  }
  return fail(e, ERR_NOT_FOUND, MSG_page_absent);
}

/* The comparison as it was, at the row of the act: filter and mode are kept when they are words of ours. */
static struct str back_to(struct web_request *rq, const char *did) {
  enum compare_mode mode = COMPARE_AUTO;
  const struct str show = known_word(web_field(rq, "show"), show_words, CMP_SHOW_COUNT);
  const bool has_mode = plans_compare_mode_of(web_field(rq, "mode"), &mode) && mode != COMPARE_AUTO;
  return str_fmt(rq->mem, "/compare?a=" STRF "&b=" STRF "%s%s%s" STRF "&did=%s#p" STRF, STRA(web_field(rq, "left")),
                 STRA(web_field(rq, "right")), has_mode ? "&mode=" : "", has_mode ? compare_mode_word(mode) : "",
                 show.len ? "&show=" : "", STRA(show), did, STRA(web_field(rq, "right_item")));
}

static bool link_items(struct web_request *rq, struct web_response *rs, struct err *e) {
  uint64_t left = 0, right = 0;
  if (!correct_key_of(web_field(rq, "left_item"), &left) || !correct_key_of(web_field(rq, "right_item"), &right))
    return fail(e, ERR_BAD_REQUEST, MSG_page_bad_form);
  const bool cut = str_eqz(web_field(rq, "link"), "cut");
  TRY(plans_link(plans_of(rq), rq->mem, page_who(rq), web_field(rq, "left"), left, web_field(rq, "right"), right, cut,
                 e));
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '{');
    json_bool(j, "cut", cut);
    json_close(j, '}');
    json_close(j, '}');
    return true;
  }
  web_redirect(rs, back_to(rq, cut ? "cut" : "link"));
  return true;
}

static bool undo_link(struct web_request *rq, struct web_response *rs, struct err *e) {
  int64_t seq = 0;
  TRY(web_int(rq, "seq", 1, INT64_MAX, 0, &seq, e));
  TRY(plans_unlink(plans_of(rq), rq->mem, page_who(rq), web_field(rq, "left"), web_field(rq, "right"), seq, e));
  if (!rq->json) {
    web_redirect(rs, back_to(rq, "undo"));
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "undone", seq);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

const struct route page_compare_routes[] = {
    {GET, "/compare", "plan.see", show_compare, "two plans aligned", .query = "a b mode show"},
    {GET, "/compare/export/{format}", "plan.see", export_compare, "the comparison as html, markdown, text or json",
     .query = "a b mode", .flags = ROUTE_PAGE_ONLY},
    {POST, "/compare/links", "plan.link", link_items, "confirm or cut a link of two items",
     .form = "left! right! left_item! right_item! link! reason"},
    {POST, "/compare/links/undo", "plan.link", undo_link, "take a confirmed or cut link back",
     .form = "left! right! seq! reason"},
    {0},
};
