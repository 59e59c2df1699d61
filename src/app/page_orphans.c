/* Corrections whose place is gone: the newest draft no longer has the fact, item or section they were made on. Each act
 * stands with what it said; a person hangs it on another place of its kind, the likeliest first, or drops it. */
#include <stdlib.h>

#include "app/page.h"
#include "app/review.h"
#include "base/utf8.h"
#include "pages.h"
#include "texts.h"

/* Places looked at and offered for one act, acts shown at once: a plan of 5 MB has a hundred thousand facts. */
enum { PLACES_MOST = 4000, PLACES_SHOWN = 200, ACTS_SHOWN = 50, SAME_ITEM = 1000, LIKELY = 110 };

struct hook {
  uint64_t key;
  int score;    /* of likeness: that of the words, and twice that of the item's title, as words come back elsewhere */
  size_t order; /* in the plan */
  struct item_ref ref;
  int32_t index; /* of the fact or section */
};
typedef VEC(struct hook) hooks;

struct orphans_page {
  struct web_request *rq;
  const struct plan_view *v;
  struct review r;
  int64_t bad_seq; /* the card that was refused, and why */
  struct str bad_says;
};

/* ---- places to hang a correction on ---- */

/* How many of a text's pairs of neighbouring characters stand in the other, of 100. */
static int likeness(struct str a, struct str b) {
  int pairs = 0, shared = 0;
  for (size_t i = 0; i < a.len;) {
    size_t next = i + utf8_len(a, i);
    if (next >= a.len) break;
    const size_t end = next + utf8_len(a, next);
    shared += str_find(b, str_slice(a, i, end)) != STR_NONE;
    pairs++;
    i = next;
  }
  return pairs ? shared * 100 / pairs : 0;
}

static void add_place(struct orphans_page *p, hooks *list, const struct correction *c, struct hook at,
                      struct str item_title, struct str words) {
  const struct str title = c->subject == CORRECT_SECTION ? c->words : c->item_title;
  at.score = likeness(c->words, words);
  if (item_title.len && str_eq(item_title, title)) at.score += SAME_ITEM;
  else at.score += 2 * likeness(title, item_title);
  at.order = list->len;
  vec_push(p->rq->mem, list) = at;
}

static void add_item_places(struct orphans_page *p, hooks *list, const struct correction *c, int subject,
                            struct item_ref ref) {
  const struct item *it = item_at(p->v->plan, ref);
  const struct correct_item *ci = &p->v->corrected->documents[ref.document].items[ref.item];
  if (subject == CORRECT_ITEM)
    add_place(p, list, c, (struct hook){.key = ci->key, .ref = ref, .index = NO_INDEX}, it->title, it->title);
  for (size_t i = 0; subject < FACT_KIND_COUNT && i < ci->keys[subject].len && list->len < PLACES_MOST; i++)
    add_place(p, list, c, (struct hook){.key = ci->keys[subject].at[i], .ref = ref, .index = (int32_t)i}, it->title,
              correct_words(p->v->plan, it, (enum fact_kind)subject, (int)i));
}

static int likeliest(const void *a, const void *b) {
  const struct hook *x = a, *y = b;
  if (x->score != y->score) return x->score > y->score ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static void find_places(struct orphans_page *p, const struct correction *c, int subject, hooks *list) {
  const struct plan *plan = p->v->plan;
  for (size_t d = 0; d < plan->documents.len; d++) {
    const struct document *doc = &plan->documents.at[d];
    for (size_t s = 0; subject == CORRECT_SECTION && s < doc->sections.len && list->len < PLACES_MOST; s++)
      add_place(
          p, list, c,
          (struct hook){
              .key = p->v->corrected->documents[d].sections[s], .ref = {(int32_t)d, NO_INDEX}, .index = (int32_t)s},
          doc->sections.at[s].title, doc->sections.at[s].title);
    for (size_t i = 0; i < doc->items.len && list->len < PLACES_MOST; i++)
      if (!doc->items.at[i].is_group) add_item_places(p, list, c, subject, (struct item_ref){(int32_t)d, (int32_t)i});
  }
  if (list->len) qsort(list->at, list->len, sizeof *list->at, likeliest);
}

/* ---- the page ---- */

/* 2.8 加快学校建设 · 学校44所 */
static struct str place_says(struct orphans_page *p, int subject, const struct hook *at) {
  struct arena *mem = p->rq->mem;
  if (subject == CORRECT_SECTION) return p->v->plan->documents.at[at->ref.document].sections.at[at->index].title;
  const struct item *it = item_at(p->v->plan, at->ref);
  const struct str head = str_fmt(mem, STRF " " STRF, STRA(plans_item_step(mem, p->v, at->ref)), STRA(it->title));
  if (subject == CORRECT_ITEM) return head;
  struct view_fact f = {0};
  if (subject == FACT_TARGET) f.text = render_target(mem, &it->targets.at[at->index], p->rq->lang);
  else review_fact(&p->r, it, (struct fact_ref){(enum fact_kind)subject, at->index, 0}, &f);
  return str_fmt(mem, STRF " · " STRF, STRA(head), STRA(f.text));
}

static void add_targets(struct orphans_page *p, const struct correction *c, struct view_orphan *o) {
  const int subject = c->act == CORRECT_ADD ? CORRECT_ITEM : c->subject;
  hooks list = {0};
  find_places(p, c, subject, &list);
  o->is_open = !list.len || list.at[0].score < LIKELY;
  for (size_t i = 0; i < list.len && i < PLACES_SHOWN; i++)
    vec_push(p->rq->mem, &o->places) = (struct view_option){correct_key_text(p->rq->mem, list.at[i].key),
                                                            place_says(p, subject, &list.at[i]), !o->is_open && i == 0};
}

static struct view_orphan make_orphan(struct orphans_page *p, const struct correction *c) {
  struct web_request *rq = p->rq;
  struct view_orphan o = {.seq = str_int(rq->mem, c->seq), .item = c->item_title, .why = c->reason};
  const struct str kind = page_text_of(rq->mem, rq->lang, "review_kind_", correct_subject_word(c->subject));
  o.act = page_text_of(rq->mem, rq->lang, "orphan_", correct_act_word(c->act));
  o.what = c->words.len ? str_fmt(rq->mem, STRF " “" STRF "”", STRA(kind), STRA(c->words)) : kind;
  o.who = str_fmt(rq->mem, STRF " · " STRF, STRA(c->actor), STRA(page_when(rq, c->at_us)));
  if (c->seq == p->bad_seq) o.error = p->bad_says;
  add_targets(p, c, &o);
  return o;
}

/* One card an act: what it set stands in it line by line. */
static void fill_orphans(struct orphans_page *p, struct view_orphans *v) {
  struct web_request *rq = p->rq;
  int64_t seq = 0;
  for (size_t i = 0; i < p->v->corrected->orphans.len; i++) {
    const struct correction *c = &p->v->corrections[p->v->corrected->orphans.at[i]];
    if (c->seq != seq && v->rows.len == ACTS_SHOWN) break; /* the others when these are settled */
    if (c->seq != seq) vec_push(rq->mem, &v->rows) = make_orphan(p, c);
    seq = c->seq;
    const struct correct_field *f = correct_field(c->subject, c->field);
    if (c->act != CORRECT_SET || !f) continue;
    const struct str value = page_value(rq->mem, rq->lang, f, c->value);
    vec_push(rq->mem, &vec_last(&v->rows).lines) =
        (struct view_move){.what = page_text(rq, f->label), .change = value.len ? value : STR("—")};
  }
  if (v->rows.len) v->rows.at[0].is_first = true;
}

static struct str numbered(struct web_request *rq, int msg, size_t n) {
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)n)}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}

static void write_page(struct orphans_page *p, struct web_response *rs) {
  struct web_request *rq = p->rq;
  const struct plan_row *row = &p->v->row;
  struct view_orphans v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_orphans_title), PAGE_PLANS, NULL)};
  p->r = (struct review){.mem = rq->mem, .lang = rq->lang, .v = p->v};
  v.id = row->id;
  v.title = row->title;
  v.back = str_fmt(rq->mem, "/plans/" STRF, STRA(row->id));
  v.f.back = v.back;
  v.rev = str_int(rq->mem, row->rev);
  v.said = page_said(rq);
  v.can_undo = v.said.len && p->v->undo.len && p->v->may.correct;
  v.is_live = !row->voided && p->v->may.correct;
  fill_orphans(p, &v);
  if (v.rows.len) v.finding = numbered(rq, MSG_orphans_finding, v.rows.len);
  page_orphans(&rs->body, &v);
}

static bool show_orphans(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *v = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, e));
  struct orphans_page p = {.rq = rq, .v = v};
  write_page(&p, rs);
  return true;
}

/* ---- the act ---- */

struct reattach_form {
  int64_t seq, rev;
  uint64_t key; /* 0 = dropped */
};
static bool read_form(struct web_request *rq, struct reattach_form *f, struct err *e) {
  const struct str key = web_field(rq, "key");
  TRY(web_int(rq, "seq", 1, INT64_MAX, 0, &f->seq, e));
  TRY(web_int(rq, "rev", 0, INT64_MAX, 0, &f->rev, e));
  if (str_eqz(web_field(rq, "act"), "drop")) return true;
  if (str_eqz(web_field(rq, "act"), "hang") && !key.len) return fail(e, ERR_INVALID, MSG_orphans_choose);
  if (key.len && !correct_key_of(key, &f->key))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("key"), "value", key);
  return true;
}

/* The page again, with the reason on the card that was refused. */
static bool refuse(struct web_request *rq, struct web_response *rs, int64_t seq, struct err *e) {
  AUTO_VIEW *v = NULL;
  struct err second = {0};
  if (rq->json || err_http(e->code) >= 500 || e->code == ERR_NOT_FOUND) return false;
  if (!plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &v, &second)) return false;
  struct orphans_page p = {.rq = rq, .v = v, .bad_seq = seq, .bad_says = err_says(rq->mem, rq->lang, e)};
  rs->status = err_http(e->code);
  *e = (struct err){0};
  write_page(&p, rs);
  return true;
}

static bool reattach(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str id = web_param(rq, "id");
  struct reattach_form f = {0};
  if (!read_form(rq, &f, e) || !plans_reattach(plans_of(rq), rq->mem, page_who(rq), id, f.rev, f.seq, f.key, e))
    return refuse(rq, rs, f.seq, e);
  AUTO_VIEW *v = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), id, 0, &v, e));
  if (rq->json) {
    plans_view_json(v, rq->lang, web_json(rs));
    return true;
  }
  web_redirect(rs, str_fmt(rq->mem, "/plans/" STRF "%s?did=%s", STRA(id), v->corrected->orphans.len ? "/orphans" : "",
                           f.key ? "reattach" : "discard"));
  return true;
}

const struct route page_orphans_routes[] = {
    {GET, "/plans/{id}/orphans", "plan.see", show_orphans, "corrections whose place is gone", .flags = ROUTE_PAGE_ONLY},
    {POST, "/plans/{id}/reattach", "plan.correct", reattach,
     "hang an orphaned correction on another fact, or drop it (no key)", .form = "seq! key act reason rev"},
    {0},
};
