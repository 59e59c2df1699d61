/* The review page and every act on it: correct, add, remove, answer, accept, undo. Each act is a form that posts and
 * comes back to where the person was; a refused one shows the page again with what was typed. */
#include "app/page.h"
#include "app/review.h"
#include "pages.h"
#include "text/numeral.h"
#include "texts.h"

enum { EDITS_MAX = 24, STRIP_CELLS = 320 };

/* ---- the page ---- */

static const char *const show_words[SHOW_COUNT] = {"all", "doubt", "no-unit", "inferred", "open"};

static int show_of(struct str word) {
  for (int i = 0; i < SHOW_COUNT; i++)
    if (str_eqz(word, show_words[i])) return i;
  return SHOW_ALL;
}

static int editing_of(struct str word) {
  int subject = 0;
  return correct_subject_of(word, &subject) && subject >= FACT_KIND_COUNT ? subject : NO_INDEX;
}

static void read_review(struct web_request *rq, const struct plan_view *v, struct review *r) {
  *r = (struct review){.mem = rq->mem, .lang = rq->lang, .v = v, .kind = NO_INDEX, .adding = NO_INDEX};
  r->path = str_fmt(rq->mem, "/plans/" STRF, STRA(v->row.id));
  r->draft = web_query(rq, "draft");
  r->show = (enum review_show)show_of(web_query(rq, "show"));
  r->unit = web_query(rq, "unit");
  int subject = 0;
  if (correct_subject_of(web_query(rq, "kind"), &subject) && subject < FACT_KIND_COUNT) r->kind = subject;
  if (correct_subject_of(web_query(rq, "add"), &subject) && subject < FACT_KIND_COUNT) r->adding = subject;
  r->editing = editing_of(web_query(rq, "edit"));
}

static struct str numbered(const struct review *r, int msg, size_t n) {
  const struct msg_arg args[] = {{"n", str_int(r->mem, (int64_t)n)}};
  return msg_text(r->mem, r->lang, msg, args, 1);
}

static void add_chip(struct review *r, view_links *list, enum review_show show, int label, size_t count) {
  const enum review_show was = r->show;
  r->show = show;
  vec_push(r->mem, list) = (struct view_link){.href = review_href(r, (struct str){0}, (struct str){0}, (struct str){0}),
                                              .label = msg_text(r->mem, r->lang, label, NULL, 0),
                                              .count = str_int(r->mem, (int64_t)count),
                                              .current = was == show};
  r->show = was;
}

static void fill_chips(struct review *r, struct view_review *v) {
  size_t doubt = 0, lacking = 0, inferred = 0, open = 0;
  for (size_t i = 0; i < r->items.len; i++) {
    const struct review_item *x = &r->items.at[i];
    doubt += x->state == ITEM_DOUBT || x->state == ITEM_ERROR;
    lacking += review_item_lacks_unit(r->v->plan, x->item);
    inferred += x->item->due.inferred;
    open += x->state != ITEM_ACCEPTED;
  }
  add_chip(r, &v->chips, SHOW_ALL, MSG_review_show_all, r->items.len);
  add_chip(r, &v->chips, SHOW_OPEN, MSG_review_show_open, open);
  add_chip(r, &v->chips, SHOW_DOUBT, MSG_review_show_doubt, doubt);
  add_chip(r, &v->chips, SHOW_NO_UNIT, MSG_review_show_no_unit, lacking);
  add_chip(r, &v->chips, SHOW_INFERRED, MSG_review_show_inferred, inferred);
}

/* Menu of units, by first appearance, each with its number of items. */
static void fill_units(struct review *r, struct view_review *v) {
  enum { UNITS_MAX = 80 };
  struct {
    struct str name;
    size_t n;
  } units[UNITS_MAX];
  size_t count = 0;
  for (size_t i = 0; i < r->items.len; i++) {
    for (size_t k = 0; k < r->items.at[i].item->parties.len; k++) {
      const struct str name = r->items.at[i].item->parties.at[k].name;
      size_t u = 0;
      while (u < count && !str_eq(units[u].name, name)) u++;
      if (u == count && count < UNITS_MAX) units[count].name = name, units[count++].n = 0;
      if (u < UNITS_MAX) units[u].n++;
    }
  }
  const struct str was = r->unit;
  v->unit_on = was.len > 0;
  v->unit_label = was.len ? was : msg_text(r->mem, r->lang, MSG_review_unit, NULL, 0);
  r->unit = (struct str){0};
  if (was.len)
    vec_push(r->mem, &v->units) =
        (struct view_link){.href = review_href(r, (struct str){0}, (struct str){0}, (struct str){0}),
                           .label = msg_text(r->mem, r->lang, MSG_review_all_units, NULL, 0)};
  for (size_t u = 0; u < count; u++) {
    r->unit = units[u].name;
    vec_push(r->mem, &v->units) =
        (struct view_link){.href = review_href(r, (struct str){0}, (struct str){0}, (struct str){0}),
                           .label = units[u].name,
                           .count = str_int(r->mem, (int64_t)units[u].n),
                           .has_count = true,
                           .current = str_eq(units[u].name, was)};
  }
  r->unit = was;
}

static void fill_kinds(struct review *r, struct view_review *v) {
  static const int kinds[] = {FACT_TARGET,    FACT_DELIVERABLE, FACT_TIME, FACT_DUTY,
                              FACT_UNIVERSAL, FACT_COMPARISON,  FACT_NAME, FACT_PLACEHOLDER};
  const int was = r->kind;
  v->kind_on = was != NO_INDEX;
  v->kind_label = v->kind_on ? page_text_of(r->mem, r->lang, "review_kind_", correct_subject_word(was))
                             : msg_text(r->mem, r->lang, MSG_review_kind, NULL, 0);
  r->kind = NO_INDEX;
  if (v->kind_on)
    vec_push(r->mem, &v->kinds) =
        (struct view_link){.href = review_href(r, (struct str){0}, (struct str){0}, (struct str){0}),
                           .label = msg_text(r->mem, r->lang, MSG_review_all_kinds, NULL, 0)};
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    size_t n = 0;
    for (size_t k = 0; k < r->items.len; k++) n += review_has_kind(r->items.at[k].item, kinds[i]);
    if (!n && kinds[i] != was) continue;
    r->kind = kinds[i];
    vec_push(r->mem, &v->kinds) =
        (struct view_link){.href = review_href(r, (struct str){0}, (struct str){0}, (struct str){0}),
                           .label = page_text_of(r->mem, r->lang, "review_kind_", correct_subject_word(kinds[i])),
                           .count = str_int(r->mem, (int64_t)n),
                           .current = kinds[i] == was};
  }
  r->kind = was;
}

static const char *cell_class(enum item_state s) {
  switch (s) {
    case ITEM_ACCEPTED: return "cell cell-ok";
    case ITEM_DOUBT:
    case ITEM_CHANGED: return "cell cell-q";
    case ITEM_ERROR: return "cell cell-e";
    default: return "cell";
  }
}

static struct view_cell make_cell(struct review *r, size_t i) {
  const struct review_item *x = &r->items.at[i];
  const struct msg_arg args[] = {{"n", x->step},
                                 {"title", x->item->title},
                                 {"state", page_text_of(r->mem, r->lang, "item_", item_state_word(x->state))}};
  return (struct view_cell){.href = review_href(r, x->step, (struct str){0}, (struct str){0}),
                            .css = str_of(cell_class(x->state)),
                            .number = str_int(r->mem, x->item->number > 0 ? x->item->number : (int)i + 1),
                            .says = msg_text(r->mem, r->lang, MSG_review_cell, args, 3),
                            .current = (int32_t)i == r->current};
}

static uint64_t section_key(const struct review_item *x) { return (uint64_t)x->ref.document << 32 | x->item->section; }

static struct view_strip make_strip(struct review *r, const struct review_item *x, bool new_document) {
  const struct document *doc = &r->v->plan->documents.at[x->ref.document];
  const int32_t n = x->item->section < doc->sections.len ? doc->sections.at[x->item->section].number : 0;
  struct view_strip s = {.label = n > 0 ? numeral_zh_text(r->mem, n) : STR("·")};
  if (new_document) s.document = numbered(r, MSG_review_document, (size_t)x->ref.document + 1);
  return s;
}

/* Cells by section. In a very long plan the sections far from the current item fold into one link each. */
static void fill_strips(struct review *r, struct view_review *v) {
  uint64_t last = UINT64_MAX;
  int32_t document = r->v->plan->documents.len > 1 ? NO_INDEX : 0;
  for (size_t i = 0; i < r->items.len; i++) {
    const struct review_item *x = &r->items.at[i];
    if (!x->shown) continue;
    if (section_key(x) != last) {
      vec_push(r->mem, &v->strips) = make_strip(r, x, document != x->ref.document && r->v->plan->documents.len > 1);
      document = x->ref.document;
      last = section_key(x);
    }
    struct view_strip *s = &vec_last(&v->strips);
    const size_t here = r->current == NO_INDEX ? 0 : (size_t)r->current, far = i > here ? i - here : here - i;
    if (r->items.len <= STRIP_CELLS || far <= STRIP_CELLS / 4) {
      vec_push(r->mem, &s->cells) = make_cell(r, i);
      continue;
    }
    if (!s->folded_count++) s->href = review_href(r, x->step, (struct str){0}, (struct str){0});
    s->folded = numbered(r, MSG_review_folded, s->folded_count);
  }
}

/* ---- where the keys lead ---- */

static bool is_doubtful(const struct review_item *x) {
  return x->state == ITEM_DOUBT || x->state == ITEM_ERROR || x->state == ITEM_CHANGED;
}

static struct str neighbour(struct review *r, int step, bool doubtful) {
  if (r->current == NO_INDEX) return (struct str){0};
  for (int32_t i = r->current + step; i >= 0 && (size_t)i < r->items.len; i += step)
    if (r->items.at[i].shown && (!doubtful || is_doubtful(&r->items.at[i])))
      return review_href(r, r->items.at[i].step, (struct str){0}, (struct str){0});
  return (struct str){0};
}

/* The next listed fact in a direction; from none, the first or last. */
static struct str fact_beside(struct review *r, int32_t step) {
  if (r->current == NO_INDEX) return (struct str){0};
  const struct review_item *it = &r->items.at[r->current];
  for (int32_t i = r->fact + step; i >= 0 && (size_t)i < r->facts.len; i += step)
    if (review_is_listed(r, (size_t)i))
      return review_href(r, it->step, correct_key_text(r->mem, review_key(r, it, r->facts.at[i])), (struct str){0});
  return (struct str){0};
}

/* After acceptance: the next item that is still open, else the one that follows, else this one. */
static struct str step_after(const struct review *r) {
  struct str next = r->current == NO_INDEX ? (struct str){0} : r->items.at[r->current].step;
  for (size_t i = (size_t)(r->current + 1); r->current != NO_INDEX && i < r->items.len; i++) {
    if (!r->items.at[i].shown) continue;
    if (r->items.at[i].state != ITEM_ACCEPTED) return r->items.at[i].step;
    next = r->items.at[i].step;
  }
  return next;
}

/* What the key for editing opens when nothing is open: the first doubtful fact, else the first one. */
static struct str first_to_edit(struct review *r) {
  if (r->current == NO_INDEX) return (struct str){0};
  const struct review_item *it = &r->items.at[r->current];
  struct str first = {0};
  for (size_t i = 0; i < r->facts.len; i++) {
    if (!review_is_listed(r, i)) continue;
    view_questions doubts = {0};
    review_questions(r, it, r->facts.at[i], false, &doubts);
    if (first.len && !doubts.len) continue;
    first = review_href(r, it->step, correct_key_text(r->mem, review_key(r, it, r->facts.at[i])), (struct str){0});
    if (doubts.len) break;
  }
  return first;
}

static void fill_keys(struct review *r, struct view_review *v) {
  v->next_step = step_after(r);
  v->prev = neighbour(r, -1, false);
  v->next = neighbour(r, 1, false);
  v->prev_doubt = neighbour(r, -1, true);
  v->next_doubt = neighbour(r, 1, true);
  v->prev_fact = fact_beside(r, -1);
  v->next_fact = fact_beside(r, 1);
  if (r->current != NO_INDEX && (r->fact != NO_INDEX || r->adding != NO_INDEX || r->editing != NO_INDEX))
    v->leave = review_href(r, r->items.at[r->current].step, (struct str){0}, (struct str){0});
  v->is_editing = v->leave.len > 0 && review_may_correct(r);
  if (!v->leave.len && review_may_correct(r)) v->edit = first_to_edit(r);
}

/* ---- head ---- */

static void fill_meta(struct review *r, struct view_review *v) {
  size_t targets = 0, documents = 0, repairs = 0;
  for (size_t i = 0; i < r->items.len; i++) {
    targets += r->items.at[i].item->targets.len;
    documents += r->items.at[i].item->deliverables.len;
  }
  const struct layer *l = &r->v->plan->cleaning;
  for (size_t i = 0; i < l->edits.len; i++)
    repairs += l->edits.at[i].kind != EDIT_FURNITURE && l->edits.at[i].kind != EDIT_BLANK &&
               l->edits.at[i].kind != EDIT_NEWLINE;
  const struct msg_arg args[] = {{"accepted", str_fmt(r->mem, "%u", r->v->counts[ITEM_ACCEPTED])},
                                 {"items", str_int(r->mem, (int64_t)r->items.len)},
                                 {"targets", str_int(r->mem, (int64_t)targets)},
                                 {"documents", str_int(r->mem, (int64_t)documents)},
                                 {"repairs", str_int(r->mem, (int64_t)repairs)}};
  v->meta = msg_text(r->mem, r->lang, MSG_review_meta, args, COUNT_OF(args));
}

static void fill_exports(struct review *r, struct view_review *v) {
  static const char *const formats[] = {"xlsx", "docx", "csv", "markdown", "text", "json"};
  for (size_t i = 0; i < COUNT_OF(formats); i++)
    vec_push(r->mem, &v->exports) =
        (struct view_link){.href = str_fmt(r->mem, STRF "/export/%s", STRA(r->path), formats[i]),
                           .label = page_text_of(r->mem, r->lang, "export_", formats[i])};
}

/* 云岚市教育局 · 云教发〔2026〕3号 · 2026年1月28日: of the document that the current item stands in. */
static struct str about(const struct review *r) {
  static const char *const fields[] = {"issuer", "number", "date"};
  const int32_t d = r->current == NO_INDEX ? 0 : r->items.at[r->current].ref.document;
  struct str out = {0};
  for (size_t i = 0; i < COUNT_OF(fields) && (size_t)d < r->v->plan->documents.len; i++) {
    const struct correct_field *f = correct_field(CORRECT_DOCUMENT, str_of(fields[i]));
    const struct str value =
        page_value(r->mem, r->lang, f, correct_value(r->mem, r->v->corrected, d, 0, CORRECT_DOCUMENT, 0, f));
    if (value.len) out = str_fmt(r->mem, STRF "%s" STRF, STRA(out), out.len ? " · " : "", STRA(value));
  }
  return out;
}

/* An act may set several fields: they are settled together. */
static size_t orphaned_acts(const struct plan_view *v) {
  size_t n = 0;
  int64_t seq = 0;
  for (size_t i = 0; i < v->corrected->orphans.len; i++) {
    const struct correction *c = &v->corrections[v->corrected->orphans.at[i]];
    n += c->seq != seq;
    seq = c->seq;
  }
  return n;
}

static void fill_head(struct web_request *rq, struct review *r, struct view_review *v) {
  const struct plan_row *row = &r->v->row;
  v->id = row->id;
  v->path = r->path;
  v->title = row->title;
  v->rev = str_int(rq->mem, row->rev);
  if (row->draft > 1 || !r->v->latest) v->draft = numbered(r, MSG_plans_draft, (size_t)row->draft);
  v->file_href = str_fmt(rq->mem, STRF "/file", STRA(r->path));
  if (review_may_correct(r) && r->current != NO_INDEX)
    v->edit_document = review_href(r, r->items.at[r->current].step, (struct str){0}, STR("edit=document"));
  v->about = about(r);
  v->history_href = str_fmt(rq->mem, STRF "/history", STRA(r->path));
  if (r->v->may.upload) v->draft_href = str_fmt(rq->mem, "/plans/new?replaces=" STRF, STRA(row->id));
  v->orphans_href = str_fmt(rq->mem, STRF "/orphans", STRA(r->path));
  v->compare_href = str_fmt(rq->mem, "/compare?b=" STRF, STRA(row->id));
  if (r->v->latest && !row->voided && r->v->counts[ITEM_ACCEPTED] && r->v->may.assign)
    v->assign_href = str_fmt(rq->mem, STRF "/assign", STRA(r->path));
  v->said = page_said(rq);
  if (row->voided) v->old = page_text(rq, MSG_review_voided);
  else if (!r->v->latest) v->old = page_text(rq, MSG_review_old_draft);
  if (r->v->latest && r->v->corrected->orphans.len) v->orphans = numbered(r, MSG_review_orphans, orphaned_acts(r->v));
  if (r->v->latest && !row->voided && r->v->may.accept && r->v->counts[ITEM_OPEN])
    v->accept_clear = numbered(r, MSG_review_accept_clear, r->v->counts[ITEM_OPEN]);
  if (review_may_correct(r) && r->v->undo.len) {
    AUTO_ARENA scratch = {0};
    const struct msg_arg args[] = {{"act", page_text_of(rq->mem, rq->lang, "act_", str_z(&scratch, r->v->undo))}};
    v->undo = msg_text(rq->mem, rq->lang, MSG_review_undo, args, 1);
    v->can_undo_said =
        v->said.len && !str_eqz(web_query(rq, "did"), "undo") && !str_eqz(web_query(rq, "did"), "upload");
  }
  v->back = str_fmt(rq->mem, "?" STRF, STRA(rq->query_string));
  fill_meta(r, v);
  fill_exports(r, v);
}

/* Names offered where a unit is typed: those of the plan, then those of the dictionary. */
static void offer_units(struct web_request *rq, const struct review *r, struct view_review *v) {
  enum { UNITS_OFFERED = 400 };
  const bool open = r->adding == FACT_PARTY || (r->fact != NO_INDEX && r->facts.at[r->fact].kind == FACT_PARTY);
  if (!open) return;
  const struct str *names = NULL;
  size_t n = 0;
  plans_unit_names(plans_of(rq), &names, &n);
  for (size_t i = 0; i < v->units.len; i++)
    if (v->units.at[i].has_count) vec_push(rq->mem, &v->unit_names) = v->units.at[i].label;
  const size_t own = v->unit_names.len;
  for (size_t i = 0; i < n && i < UNITS_OFFERED; i++) {
    size_t k = 0;
    while (k < own && !str_eq(v->unit_names.at[k], names[i])) k++;
    if (k == own) vec_push(rq->mem, &v->unit_names) = names[i];
  }
}

static void write_review(struct web_request *rq, struct web_response *rs, struct review *r) {
  struct view_review *v = arena_new(rq->mem, struct view_review);
  v->lang = rq->lang;
  v->f = page_frame(rq, r->v->row.title, PAGE_PLANS, "ui/js/review.js");
  v->f.work = true;
  v->f.back = STR("/plans");
  v->f.head = page_text(rq, MSG_review_head);
  v->f.authority = r->v->row.issuer;
  fill_head(rq, r, v);
  fill_chips(r, v);
  fill_units(r, v);
  fill_kinds(r, v);
  fill_strips(r, v);
  fill_keys(r, v);
  review_rows(r, v);
  review_panel(r, &v->p);
  offer_units(rq, r, v);
  page_review(&rs->body, v);
}

static bool show_review(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  int64_t draft = 0;
  TRY(web_int(rq, "draft", 1, 100000, 0, &draft, e));
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), (int)draft, &v, e));
  if (web_fresh(rq, rs, str_fmt(rq->mem, STRF "-" STRF, STRA(v->etag), STRA(rq->token)))) return true;
  if (rq->json) {
    plans_view_json(v, rq->lang, web_json(rs));
    return true;
  }
  struct review r;
  read_review(rq, v, &r);
  review_start(&r, web_query(rq, "item"), web_query(rq, "fact"));
  write_review(rq, rs, &r);
  return true;
}

static bool show_item(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  struct item_ref ref = {NO_INDEX, NO_INDEX};
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  if (!plans_item_of(v, web_param(rq, "item"), &ref)) return fail(e, ERR_NOT_FOUND, MSG_page_absent);
  if (rq->json) {
    plans_item_json(v, ref, rq->lang, web_json(rs));
    return true;
  }
  web_redirect(rs, str_fmt(rq->mem, "/plans/" STRF "?item=" STRF, STRA(v->row.id), STRA(web_param(rq, "item"))));
  return true;
}

/* ---- acts ---- */

/* The address that the form came from, with what was done; only its query is taken from outside. */
static struct str back_to(struct web_request *rq, const char *did, struct str item) {
  struct str back = web_field(rq, "back");
  AUTO_BUF b = BUF_MAX(8192);
  buf_fmt(&b, "/plans/" STRF "?did=%s", STRA(web_param(rq, "id")), did);
  if (item.len) buf_fmt(&b, "&item=" STRF, STRA(item));
  if (back.len && back.at[0] == '?') back = str_from(back, 1);
  for (struct str part = {0}, rest = back; rest.len;) {
    if (!str_cut(rest, STR("&"), &part, &rest)) {
      part = rest;
      rest = (struct str){0};
    }
    const bool drop = str_starts(part, STR("did=")) ||
                      (item.len && (str_starts(part, STR("item=")) || str_starts(part, STR("fact=")))) ||
                      str_starts(part, STR("add=")) || str_starts(part, STR("edit="));
    if (part.len && !drop) buf_fmt(&b, "&" STRF, STRA(part));
  }
  return str_dup(rq->mem, buf_view(&b));
}

/* After an act: JSON says the new revision, a page goes back. */
static bool done(struct web_request *rq, struct web_response *rs, const char *did, struct str item, struct err *e) {
  if (!rq->json) {
    web_redirect(rs, back_to(rq, did, item));
    return true;
  }
  AUTO_VIEW *v = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  plans_view_json(v, rq->lang, web_json(rs));
  return true;
}

/* Shows the page again with the refused form open and what was typed in it. */
static bool refuse(struct web_request *rq, struct web_response *rs, struct err *e, struct str subject, struct str key,
                   const struct plan_edit *edits, size_t n) {
  if (rq->json || (e->code != ERR_INVALID && e->code != ERR_GUARD && e->code != ERR_CONFLICT)) return false;
  AUTO_VIEW *v = NULL;
  struct err second = {0};
  if (!plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, &second)) return false;
  struct review r;
  read_review(rq, v, &r);
  struct str bad = {0};
  for (int i = 0; i < e->arg_count; i++)
    if (str_eqz(str_of(e->args[i].name), "name")) bad = e->args[i].value;
  r.bad_subject = subject;
  r.bad_key = key;
  r.bad_field = bad;
  r.bad_says = err_says(rq->mem, rq->lang, e);
  r.typed = edits;
  r.typed_count = n;
  r.reason = web_field(rq, "reason");
  int adding = 0;
  if (str_eqz(subject, "add") && correct_subject_of(web_field(rq, "subject"), &adding)) r.adding = adding;
  r.editing = editing_of(subject);
  review_start(&r, web_field(rq, "step"), key);
  rs->status = err_http(e->code);
  write_review(rq, rs, &r);
  *e = (struct err){0};
  return true;
}

static size_t read_edits(struct web_request *rq, int subject, struct plan_edit *edits) {
  size_t n = 0;
  for (size_t i = 0; i < correct_field_count && n < EDITS_MAX; i++)
    if (correct_fields[i].subject == subject && web_has_field(rq, correct_fields[i].name))
      edits[n++] = (struct plan_edit){str_of(correct_fields[i].name), web_field(rq, correct_fields[i].name)};
  return n;
}

/* A day without its year is of the plan's year: 5月18日, 5-18. */
static void complete_dates(struct web_request *rq, int subject, struct plan_edit *edits, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const struct correct_field *f = correct_field(subject, edits[i].field);
    struct date day = {0};
    if (!f || f->type != CORRECT_DATE || !edits[i].value.len || date_parse(edits[i].value, 0, &day)) continue;
    AUTO_VIEW *v = NULL;
    struct err ignored = {0};
    if (!plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, &ignored)) return;
    if (v->row.year && date_parse(str_trim(edits[i].value), v->row.year, &day)) edits[i].value = date_iso(rq->mem, day);
  }
}

static bool read_revision(struct web_request *rq, int64_t *out, struct err *e) {
  return web_int(rq, "rev", 0, INT64_MAX, 0, out, e);
}

/* The form of a correction or of a fact to add: its subject, its key (or the item's), its fields and the revision. */
struct change_form {
  struct plan_edit edits[EDITS_MAX];
  struct plan_change change;
  int64_t rev;
};
static bool read_change(struct web_request *rq, enum correct_act act, struct change_form *f, struct err *e) {
  struct plan_change *c = &f->change;
  const bool adds = act == CORRECT_ADD;
  *c = (struct plan_change){.act = act, .edits = f->edits};
  if (!correct_subject_of(web_field(rq, "subject"), &c->subject) ||
      !correct_key_of(web_field(rq, adds ? "item" : "key"), adds ? &c->item : &c->key))
    return fail(e, ERR_BAD_REQUEST, MSG_page_bad_form);
  c->edit_count = read_edits(rq, c->subject, f->edits);
  complete_dates(rq, c->subject, f->edits, c->edit_count);
  return read_revision(rq, &f->rev, e);
}
static bool change(struct web_request *rq, const struct change_form *f, struct err *e) {
  return plans_correct(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), f->rev, &f->change, NULL, e);
}

static bool correct(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct change_form f;
  if (read_change(rq, CORRECT_SET, &f, e) && change(rq, &f, e)) return done(rq, rs, "correct", (struct str){0}, e);
  return refuse(rq, rs, e, web_field(rq, "subject"), web_field(rq, "key"), f.edits, f.change.edit_count);
}

static bool add_fact(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct change_form f;
  if (read_change(rq, CORRECT_ADD, &f, e) && change(rq, &f, e)) return done(rq, rs, "add", (struct str){0}, e);
  return refuse(rq, rs, e, STR("add"), (struct str){0}, f.edits, f.change.edit_count);
}

static bool remove_fact(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct change_form f;
  if (read_change(rq, CORRECT_REMOVE, &f, e) && change(rq, &f, e)) return done(rq, rs, "remove", (struct str){0}, e);
  return refuse(rq, rs, e, web_field(rq, "subject"), web_field(rq, "key"), NULL, 0);
}

static bool answer(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct plan_edit word = {STR("answer"), web_field(rq, "answer")};
  struct plan_change c = {.act = CORRECT_ANSWER, .edits = &word, .edit_count = 1};
  int64_t rev = 0;
  if (!correct_key_of(web_field(rq, "key"), &c.key)) return fail(e, ERR_BAD_REQUEST, MSG_page_bad_form);
  if (read_revision(rq, &rev, e) &&
      plans_correct(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), rev, &c, NULL, e))
    return done(rq, rs, "answer", (struct str){0}, e);
  return refuse(rq, rs, e, STR("answer"), web_field(rq, "key"), NULL, 0);
}

static bool set_accepted(struct web_request *rq, struct web_response *rs, bool accept, struct err *e) {
  uint64_t item = 0;
  int64_t rev = 0;
  if (!correct_key_of(web_field(rq, "item"), &item)) return fail(e, ERR_BAD_REQUEST, MSG_page_bad_form);
  if (!read_revision(rq, &rev, e) ||
      !plans_accept(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), rev, item, accept, e))
    return refuse(rq, rs, e, STR("accept"), (struct str){0}, NULL, 0);
  return done(rq, rs, accept ? "accept" : "unaccept", web_field(rq, "next"), e);
}

static bool accept_item(struct web_request *rq, struct web_response *rs, struct err *e) {
  return set_accepted(rq, rs, true, e);
}
static bool unaccept_item(struct web_request *rq, struct web_response *rs, struct err *e) {
  return set_accepted(rq, rs, false, e);
}

static bool accept_clear(struct web_request *rq, struct web_response *rs, struct err *e) {
  int64_t rev = 0;
  int count = 0;
  TRY(read_revision(rq, &rev, e));
  TRY(plans_accept_clear(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), rev, &count, e));
  return done(rq, rs, "accept-clear", (struct str){0}, e);
}

static bool undo(struct web_request *rq, struct web_response *rs, struct err *e) {
  int64_t rev = 0;
  TRY(read_revision(rq, &rev, e));
  TRY(plans_undo(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), rev, e));
  return done(rq, rs, "undo", (struct str){0}, e);
}

/* ---- files ---- */

static bool export_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  enum render_format format;
  struct plans_export file = {0};
  if (!render_format_of(web_param(rq, "format"), &format)) return fail(e, ERR_NOT_FOUND, MSG_page_absent);
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  TRY(plans_export(v, rq->mem, format, rq->lang, &rs->body, &file, e));
  web_download(rq, rs, file.name, file.type);
  return true;
}

static bool original_file(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str name = {0}, bytes = {0};
  int64_t draft = 0;
  TRY(web_int(rq, "draft", 1, 100000, 0, &draft, e));
  TRY(plans_file(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), (int)draft, &name, &bytes, e));
  buf_str(&rs->body, bytes);
  web_download(rq, rs, name, "application/octet-stream");
  return true;
}

const struct route page_review_routes[] = {
    {GET, "/plans/{id}", "plan.see", show_review, "a plan beside its source",
     .query = "item fact show unit kind add edit draft"},
    {GET, "/plans/{id}/items/{item}", "plan.see", show_item, "one item of a plan", .query = NULL},
    {GET, "/plans/{id}/export/{format}", "plan.see", export_plan, "the plan as xlsx, docx, csv, markdown, text or json",
     .flags = ROUTE_PAGE_ONLY},
    {GET, "/plans/{id}/file", "plan.see", original_file, "the file as it was uploaded", .query = "draft",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/plans/{id}/correct", "plan.correct", correct, "correct fields of a fact, item or document",
     .form = "subject! key! reason rev"},
    {POST, "/plans/{id}/add", "plan.correct", add_fact, "add a fact by hand", .form = "subject! item! reason rev"},
    {POST, "/plans/{id}/remove", "plan.correct", remove_fact, "take a fact out", .form = "subject! key! reason rev"},
    {POST, "/plans/{id}/answer", "plan.correct", answer, "answer a doubt", .form = "key! answer! reason rev"},
    {POST, "/plans/{id}/accept", "plan.accept", accept_item, "accept an item", .form = "item! next rev"},
    {POST, "/plans/{id}/unaccept", "plan.accept", unaccept_item, "take an acceptance back", .form = "item! rev"},
    {POST, "/plans/{id}/accept-clear", "plan.accept", accept_clear, "accept all items without doubt", .form = "rev"},
    {POST, "/plans/{id}/undo", "plan.correct", undo, "take the last act back", .form = "rev"},
    {0},
};
