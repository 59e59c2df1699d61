/* Search over everything: plans, their words, records of systems, units and people, and places of the program to go to; as a page, as JSON, and as
 * a part for the palette (Ctrl-K). Every group is bounded; what a person may not see is not found. */
#include "app/find.h"
#include "app/page.h"
#include "app/page_org.h"
#include "app/people.h"
#include "app/systems_search.h"
#include "app/views_search.h"
#include "base/clock.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"
#include "web/form.h"

enum { WORDS_BYTES = 200, GROUP_ROWS = 8, RECORD_ROWS = 20, LOOKS = 50, SNIPPET_BEFORE = 24, SNIPPET_AFTER = 120 };

static void add_run(struct arena *mem, struct view_found *to, struct str text, bool found) {
  if (text.len) vec_push(mem, &to->runs) = (struct view_run){.text = text, .is_new = found};
}
/* Back to the first byte of a character. */
static size_t whole(struct str s, size_t at) {
  while (at > 0 && at < s.len && ((unsigned char)s.at[at] & 0xC0) == 0x80) at--;
  return at;
}
static void add_marked(struct arena *mem, struct view_found *to, struct str s, const search_spans *spans, size_t from,
                       size_t end) {
  size_t at = from;
  for (size_t i = 0; i < spans->len; i++) {
    const struct search_span *x = &spans->at[i];
    if (x->at < at || x->end > end) continue;
    add_run(mem, to, str_slice(s, at, x->at), false);
    add_run(mem, to, str_slice(s, x->at, x->end), true);
    at = x->end;
  }
  add_run(mem, to, str_slice(s, at, end), false);
}
/* ……竣工28所，其中幼儿园11所……: the words around the first place. */
static void add_snippet(struct arena *mem, struct view_found *to, struct str s, const search_spans *spans) {
  const size_t first = spans->len ? spans->at[0].at : 0;
  const size_t from = whole(s, first > SNIPPET_BEFORE ? first - SNIPPET_BEFORE : 0);
  const size_t end = whole(s, from + SNIPPET_AFTER < s.len ? from + SNIPPET_AFTER : s.len);
  if (from) add_run(mem, to, STR("……"), false);
  add_marked(mem, to, s, spans, from, end);
  if (end < s.len) add_run(mem, to, STR("……"), false);
}

static unsigned char small(char c) { return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c); }
static size_t find_small(struct str s, struct str word) {
  for (size_t at = 0; at + word.len <= s.len; at++) {
    size_t n = 0;
    while (n < word.len && small(s.at[at + n]) == small(word.at[n])) n++;
    if (n == word.len) return at;
  }
  return STR_NONE;
}
/* A name with the word in it marked; found by its first letters or its code, nothing is. */
static void add_word(struct arena *mem, struct view_found *to, struct str name, struct str word) {
  const size_t at = find_small(name, word), from = at == STR_NONE ? name.len : at;
  add_run(mem, to, str_slice(name, 0, from), false);
  add_run(mem, to, str_slice(name, from, from + word.len), true);
  add_run(mem, to, str_from(name, from + word.len), false);
}

/* ---- groups ---- */

struct asked {
  struct web_request *rq;
  struct store *r;
  struct str words;
  struct view_search *v;
};
static void add_group(struct asked *a, int label, struct view_found_group *g) {
  if (!g->rows.len) return;
  g->label = page_text(a->rq, label);
  vec_push(a->rq->mem, &a->v->groups) = *g;
}
static bool find_texts(struct asked *a, const char *kind, int label, const char *icon, struct err *e) {
  struct arena *mem = a->rq->mem;
  struct search_hits hits = {0};
  struct view_found_group g = {0};
  const struct search_question q = {.words = a->words, .kind = str_of(kind), .most = GROUP_ROWS};
  TRY(find_words(a->r, mem, who_of(a->rq), &q, &hits, e));
  for (size_t i = 0; i < hits.rows.len; i++) {
    const struct search_hit *h = &hits.rows.at[i];
    struct view_found f = {.href = find_address(mem, &h->row), .icon = str_of(icon)};
    if (!f.href.len) continue;
    if (h->title_at.len || !h->body_at.len) {
      add_marked(mem, &f, h->row.title, &h->title_at, 0, h->row.title.len);
    } else {
      f.is_song = true;
      f.small = h->row.title;
      add_snippet(mem, &f, h->row.body, &h->body_at);
    }
    vec_push(mem, &g.rows) = f;
  }
  if (hits.next && g.rows.len && !strcmp(kind, "plan"))
    g.more = str_fmt(mem, "/plans?q=" STRF, STRA(form_escape(mem, a->words, false)));
  add_group(a, label, &g);
  return true;
}
/* Records of systems: 食堂后厨…… 安全隐患 YH2026-0012 */
static void add_record(struct asked *a, const struct system_hit *h, struct view_found_group *g) {
  struct arena *mem = a->rq->mem;
  const struct search_hit *w = &h->words;
  struct view_found f = {.href = h->href, .icon = STR("blocks"), .small = h->label};
  if (w->title_at.len || !w->body_at.len) {
    add_word(mem, &f, h->told, a->words);
  } else {
    f.is_song = true;
    if (w->row.title.len) f.small = str_fmt(mem, STRF " " STRF, STRA(h->label), STRA(w->row.title));
    add_snippet(mem, &f, w->row.body, &w->body_at);
  }
  vec_push(mem, &g->rows) = f;
}
static bool find_records(struct asked *a, struct err *e) {
  struct view_found_group g = {0};
  system_hits hits = {0};
  bool more = false;
  TRY(systems_find(a->rq, a->r, a->words, RECORD_ROWS, &hits, &more, e));
  vec_each(const struct system_hit, h, &hits) add_record(a, h, &g);
  add_group(a, MSG_search_records, &g);
  if (more) a->v->says = page_text(a->rq, MSG_search_narrow);
  return true;
}
/* By a part of the name, the first letters of its pinyin, or a whole code. */
static bool find_units(struct asked *a, struct err *e) {
  struct arena *mem = a->rq->mem;
  struct view_found_group g = {0};
  struct sql_unit_search_rows rows = {0};
  const struct sql_unit_search_in in = {.tenant = STORE_TENANT,
                                        .day = date_iso(mem, clock_today(a->rq->now_us)),
                                        .name = page_org_like(mem, a->words, true),
                                        .initials = page_org_like(mem, a->words, false),
                                        .code = a->words,
                                        .most = LOOKS};
  bool *seen = NULL;
  TRY(sql_unit_search(a->r, mem, &in, LOOKS, &rows, e));
  SEEN_ROWS(mem, who_of(a->rq), a->r, "unit", unit, &rows, &seen, e);
  for (size_t i = 0; i < rows.len && g.rows.len < GROUP_ROWS; i++) {
    if (!seen[i]) continue;
    struct view_found f = {.href = str_join(mem, STR("/units/"), rows.at[i].unit), .icon = STR("list-tree")};
    f.small = page_org_kind(a->rq, rows.at[i].kind);
    add_word(mem, &f, rows.at[i].name, a->words);
    vec_push(mem, &g.rows) = f;
  }
  if (g.rows.len == GROUP_ROWS) g.more = str_join(mem, STR("/units?q="), form_escape(mem, a->words, false));
  add_group(a, MSG_search_units, &g);
  return true;
}
static bool find_people(struct asked *a, struct err *e) {
  struct arena *mem = a->rq->mem;
  struct view_found_group g = {0};
  list_rows rows = {0};
  TRY(people_find(a->r, mem, who_of(a->rq), a->words, GROUP_ROWS, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    const struct store_value *at = rows.at[i].at;
    struct view_found f = {.href = str_join(mem, STR("/people/"), at[SQL_person_list_id].s), .icon = STR("users")};
    f.small = at[SQL_person_list_unit_name].s;
    add_word(mem, &f, at[SQL_person_list_name].s, a->words);
    vec_push(mem, &g.rows) = f;
  }
  if (g.rows.len == GROUP_ROWS) g.more = str_join(mem, STR("/people?q="), form_escape(mem, a->words, false));
  add_group(a, MSG_search_people, &g);
  return true;
}
static void find_places(struct asked *a) {
  struct arena *mem = a->rq->mem;
  struct view_found_group g = {0};
  for (size_t i = 0; i < a->v->f.nav.len; i++) {
    const struct view_nav *n = &a->v->f.nav.at[i];
    if (find_small(n->label, a->words) == STR_NONE) continue;
    struct view_found f = {.href = n->href, .icon = n->icon};
    add_word(mem, &f, n->label, a->words);
    vec_push(mem, &g.rows) = f;
  }
  add_group(a, MSG_search_places, &g);
}

/* ---- answers ---- */

static void put_json(struct json_out *j, const struct view_search *v) {
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t g = 0; g < v->groups.len; g++) {
    for (size_t i = 0; i < v->groups.at[g].rows.len; i++) {
      const struct view_found *f = &v->groups.at[g].rows.at[i];
      json_open(j, NULL, '{');
      json_str(j, "group", v->groups.at[g].label);
      json_str(j, "link", f->href);
      json_open(j, "text", '[');
      for (size_t k = 0; k < f->runs.len; k++) {
        json_open(j, NULL, '{');
        json_str(j, "text", f->runs.at[k].text);
        json_bool(j, "found", f->runs.at[k].is_new);
        json_close(j, '}');
      }
      json_close(j, ']');
      json_str(j, "in", f->small);
      json_close(j, '}');
    }
  }
  json_close(j, ']');
  json_nil(j, "next");
  json_close(j, '}');
}
static bool find_all(struct asked *a, struct err *e) {
  a->r = store_read_begin(app_of(a->rq)->store, e);
  if (!a->r) return false;
  const bool ok = (!page_may(a->rq, "plan.see") || (find_texts(a, "plan", MSG_search_plans, "book-open-text", e) &&
                                                    find_texts(a, "item", MSG_search_items, "file-text", e))) &&
                  (!page_may(a->rq, "system.see") || find_records(a, e)) &&
                  (!page_may(a->rq, "unit.see") || (find_units(a, e) && find_people(a, e)));
  store_read_end(&a->r);
  if (ok) find_places(a);
  return ok;
}
static bool show_search(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_search v = {.lang = rq->lang,
                          .f = page_frame(rq, page_text(rq, MSG_search_title), PAGE_SEARCH, NULL),
                          .words = str_trim(web_query(rq, "q"))};
  struct asked a = {.rq = rq, .words = v.words, .v = &v};
  if (v.words.len > WORDS_BYTES)
    return fail(e, ERR_INVALID, MSG_plans_too_long, "name", STR("q"), "limit", str_int(rq->mem, WORDS_BYTES));
  v.icons = v.f.icons;
  v.asked = v.words.len > 0;
  if (v.asked) TRY(find_all(&a, e));
  const struct msg_arg args[] = {{"words", v.words}};
  if (v.asked && !v.groups.len) v.says = msg_text(rq->mem, rq->lang, MSG_search_none, args, 1);
  if (rq->json) put_json(web_json(rs), &v);
  else if (rq->partial) part_found(&rs->body, rq->lang, &v);
  else page_search(&rs->body, &v);
  return true;
}
const struct route page_search_routes[] = {
    {GET, "/search", "search.see", show_search, "everything that holds these words, in groups", .query = "q"},
    {0},
};
