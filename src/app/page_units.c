/* Units: the tree of any day, the search, one unit with its history. Forms of acts are in page_org_forms.c. */
#include "app/page_org.h"
#include "base/clock.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { PAGE_ROWS = 100, LEVEL_ROWS = 200, OPEN_MAX = 60, LEVELS = 8, LINES_SHOWN = 100 };

/* ---- a day ---- */

bool page_org_day(struct web_request *rq, struct str *out_day, bool *out_other, struct err *e) {
  const struct date today = clock_today(rq->now_us);
  const struct str typed = str_trim(web_query(rq, "at"));
  struct date d = today;
  if (typed.len && (!date_parse(typed, today.year, &d) || !date_valid(d)))
    return fail(e, ERR_INVALID, MSG_org_bad_day, "value", str_slice(typed, 0, 40));
  *out_day = date_iso(rq->mem, d);
  *out_other = date_cmp(d, today) != 0;
  return true;
}
struct str page_org_day_says(struct web_request *rq, struct str iso) {
  struct date d = {0};
  if (!iso.len || str_eqz(iso, "9999-12-31") || !date_parse(iso, 0, &d)) return STR("");
  return rq->lang == LANG_ZH ? date_zh(rq->mem, d) : iso;
}
struct str page_org_kind(struct web_request *rq, struct str kind) {
  AUTO_ARENA scratch = {0};
  return str_dup(rq->mem, page_text_of(rq->mem, rq->lang, "unit_kind_", str_z(&scratch, kind)));
}
struct str page_org_text(struct web_request *rq, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(rq->mem, rq->lang, msg, &arg, 1);
}

/* ---- the tree ---- */

struct tree_page {
  struct web_request *rq;
  struct store *s;
  struct str day, at; /* at: as it goes into addresses; empty = today */
  struct str open;    /* ids with a dot behind each; as in the address */
  bool is_default;    /* nothing was opened or closed yet: what stands on top is open */
  struct view_units *v;
  int opened;
};

static struct str unit_href(struct web_request *rq, struct str id, struct str at) {
  return at.len ? str_fmt(rq->mem, "/units/" STRF "?at=" STRF, STRA(id), STRA(at))
                : str_fmt(rq->mem, "/units/" STRF, STRA(id));
}
static bool is_open(const struct tree_page *p, struct str id, int level) {
  if (p->is_default) return level == 0;
  const size_t at = str_find(p->open, id);
  return at != STR_NONE && (at == 0 || p->open.at[at - 1] == '.') && at + id.len < p->open.len &&
         p->open.at[at + id.len] == '.';
}
static struct str code_of(struct tree_page *p, struct str id) {
  struct sql_unit_get row = {0};
  struct err ignored = {0};
  bool found = false;
  if (!sql_unit_get(p->s, p->rq->mem, &(struct sql_unit_get_in){STORE_TENANT, id}, &row, &found, &ignored) || !found)
    return STR("");
  return row.school_code.len ? row.school_code : row.credit_code;
}
static bool add_level(struct tree_page *p, struct str parent, int level, struct err *e) {
  static const char *const levels[LEVELS] = {"lv lv0", "lv lv1", "lv lv2", "lv lv3",
                                             "lv lv4", "lv lv5", "lv lv6", "lv lv7"};
  struct sql_unit_under_rows rows = {0};
  const struct sql_unit_under_in in = {.tenant = STORE_TENANT, .parent = parent, .day = p->day, .most = LEVEL_ROWS + 1};
  TRY(sql_unit_under(p->s, p->rq->mem, &in, LEVEL_ROWS + 1, &rows, e));
  bool *seen = NULL;
  SEEN_ROWS(p->rq->mem, who_of(p->rq), p->s, "unit", unit, &rows, &seen, e);
  for (size_t i = 0; i < rows.len && i < LEVEL_ROWS; i++) {
    const struct sql_unit_under *r = &rows.at[i];
    if (!seen[i]) continue;
    const bool open = r->under && level + 1 < LEVELS && is_open(p, r->unit, level) && p->opened < OPEN_MAX;
    struct view_unit_row *row = &vec_push(p->rq->mem, &p->v->rows);
    *row = (struct view_unit_row){.href = unit_href(p->rq, r->unit, p->at),
                                  .id = r->unit,
                                  .name = r->name,
                                  .word = r->kind,
                                  .kind = page_org_kind(p->rq, r->kind),
                                  .code = code_of(p, r->unit),
                                  .level = levels[level],
                                  .is_open = open,
                                  .can_open = r->under && level + 1 < LEVELS};
    row->toggle = r->unit; /* becomes an address when all that is open is known */
    if (open) p->opened++;
    if (open) TRY(add_level(p, r->unit, level + 1, e));
  }
  if (rows.len > LEVEL_ROWS)
    vec_push(p->rq->mem, &p->v->rows) =
        (struct view_unit_row){.href = parent.len ? unit_href(p->rq, parent, p->at) : STR("/units?kind="),
                               .name = page_text(p->rq, MSG_units_more),
                               .level = levels[level],
                               .is_more = true};
  return true;
}
/* The address with one unit opened or closed. */
static void make_toggles(struct tree_page *p) {
  struct arena *mem = p->rq->mem;
  struct str all = STR("");
  vec_each(const struct view_unit_row, r, &p->v->rows)
    if (r->is_open) all = str_fmt(mem, STRF STRF ".", STRA(all), STRA(r->toggle));
  vec_each(struct view_unit_row, r, &p->v->rows) {
    if (!r->can_open) continue;
    const struct str one = str_join(mem, r->toggle, STR("."));
    const struct str with = r->is_open ? str_replace(mem, all, one, STR("")) : str_join(mem, all, one);
    r->toggle = str_join(mem, web_here(p->rq, "open", with.len ? with : STR("-")), str_join(mem, STR("#u-"), r->id));
  }
}

/* ---- the search ---- */

struct str page_org_like(struct arena *mem, struct str word, bool anywhere) {
  char *z = arena_take(mem, word.len * 2 + 2);
  size_t n = 0;
  if (anywhere) z[n++] = '%';
  for (size_t i = 0; i < word.len; i++) {
    const char c = word.at[i];
    if (c == '%' || c == '_' || c == '\\') z[n++] = '\\';
    z[n++] = !anywhere && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  z[n++] = '%';
  return (struct str){z, n};
}
/* A key of paging: reading and id, parted by a dot behind the id. */
bool page_org_after(struct web_request *rq, struct str *out_reading, struct str *out_id, bool *out_has, struct err *e) {
  const struct str after = web_query(rq, "after");
  *out_has = after.len > 0;
  if (!after.len || str_cut(after, STR("."), out_id, out_reading)) return true;
  return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("after"), "value", str_slice(after, 0, 60));
}
struct str page_org_next(struct web_request *rq, struct str reading, struct str id) {
  return web_here(rq, "after", str_fmt(rq->mem, STRF "." STRF, STRA(id), STRA(reading)));
}
static bool name_on(struct tree_page *p, struct str id, struct str *out, struct err *e) {
  struct sql_unit_on_rows rows = {0};
  *out = STR("");
  if (!id.len) return true;
  TRY(sql_unit_on(p->s, p->rq->mem, &(struct sql_unit_on_in){STORE_TENANT, id, p->day}, 1, &rows, e));
  if (rows.len) *out = rows.at[0].name;
  return true;
}
static bool search(struct tree_page *p, struct str q, struct str kind, struct err *e) {
  struct sql_unit_search_rows rows = {0};
  struct sql_unit_search_in in = {.tenant = STORE_TENANT,
                                  .day = p->day,
                                  .name = page_org_like(p->rq->mem, q, true),
                                  .initials = q.len ? page_org_like(p->rq->mem, q, false) : STR("%"),
                                  .code = q,
                                  .kind = kind,
                                  .most = PAGE_ROWS + 1,
                                  .with_kind = kind.len > 0};
  TRY(page_org_after(p->rq, &in.after_reading, &in.after_unit, &in.with_after, e));
  TRY(sql_unit_search(p->s, p->rq->mem, &in, PAGE_ROWS + 1, &rows, e));
  bool *seen = NULL;
  SEEN_ROWS(p->rq->mem, who_of(p->rq), p->s, "unit", unit, &rows, &seen, e);
  for (size_t i = 0; i < rows.len && i < PAGE_ROWS; i++) {
    const struct sql_unit_search *r = &rows.at[i];
    if (!seen[i]) continue;
    struct view_unit_row row = {.href = unit_href(p->rq, r->unit, p->at),
                                .id = r->unit,
                                .name = r->name,
                                .word = r->kind,
                                .kind = page_org_kind(p->rq, r->kind),
                                .code = code_of(p, r->unit),
                                .level = "lv lv0"};
    row.toggle = r->unit;
    TRY(name_on(p, r->parent, &row.place, e));
    vec_push(p->rq->mem, &p->v->rows) = row;
  }
  if (rows.len > PAGE_ROWS)
    p->v->next = page_org_next(p->rq, rows.at[PAGE_ROWS - 1].reading, rows.at[PAGE_ROWS - 1].unit);
  if (in.with_after) p->v->first = web_here(p->rq, "after", (struct str){0});
  p->v->is_search = true;
  return true;
}

static void units_json(const struct tree_page *p, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "at", p->day);
  json_open(j, "rows", '[');
  vec_each(const struct view_unit_row, r, &p->v->rows) {
    if (r->is_more) continue;
    json_open(j, NULL, '{');
    json_str(j, "id", r->id);
    json_str(j, "name", r->name);
    json_str(j, "kind", r->word);
    json_str(j, "code", r->code);
    if (r->place.len) json_str(j, "under", r->place);
    json_int(j, "level", r->level[strlen(r->level) - 1] - '0');
    json_bool(j, "has_under", r->can_open);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str(j, "next", p->v->next);
  json_close(j, '}');
}
static void fill_kinds(struct web_request *rq, const struct org_rules *rules, struct str kind, struct view_units *v) {
  for (size_t i = 0; i < rules->kind_count; i++)
    vec_push(rq->mem, &v->kinds) = (struct view_option){rules->kinds[i].name, page_org_kind(rq, rules->kinds[i].name),
                                                        str_eq(rules->kinds[i].name, kind)};
}
static bool show_units(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str q = str_trim(web_query(rq, "q")), kind = str_trim(web_query(rq, "kind"));
  const struct org_rules *rules = org_rules_known();
  bool other = false;
  struct view_units v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_units_title), PAGE_UNITS, "ui/js/tree.js")};
  struct tree_page p = {.rq = rq, .v = &v, .open = web_query(rq, "open")};
  TRY(page_org_day(rq, &p.day, &other, e));
  if (other) p.at = p.day;
  p.is_default = !p.open.len;
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  if (!s) return false;
  p.s = s;
  if (q.len || kind.len) TRY(search(&p, q, kind, e));
  else TRY(add_level(&p, STR(""), 0, e));
  if (rq->json) {
    units_json(&p, web_json(rs));
    return true;
  }
  if (!v.is_search) make_toggles(&p);
  fill_kinds(rq, rules, kind, &v);
  v.search = q;
  v.at = other ? p.day : STR("");
  if (other) v.past = page_org_text(rq, MSG_units_past, "day", page_org_day_says(rq, p.day));
  v.said = page_said(rq);
  v.found_href = STR("/units/new");
  v.export_href =
      other ? str_fmt(rq->mem, "/org/export?what=units&at=" STRF, STRA(p.day)) : STR("/org/export?what=units");
  v.can_act = !other && can(who_of(rq), "unit.manage");
  page_units(&rs->body, &v);
  return true;
}

/* ---- one unit ---- */

struct unit_page {
  struct web_request *rq;
  struct store *s;
  struct str id, day, at;
  struct sql_unit_versions_of_rows versions;
  const struct sql_unit_versions_of *now; /* on the day; NULL when it is not there */
  struct sql_unit_get row;
  struct view_unit v;
};
static const struct sql_unit_versions_of *shown(const struct unit_page *p) {
  if (p->now) return p->now;
  return str_cmp(p->day, p->versions.at[0].from_day) < 0 ? &p->versions.at[0] : &vec_last(&p->versions);
}
static bool read_unit(struct unit_page *p, struct err *e) {
  bool found = false;
  struct arena *mem = p->rq->mem;
  TRY(sql_unit_get(p->s, mem, &(struct sql_unit_get_in){STORE_TENANT, p->id}, &p->row, &found, e));
  if (found)
    TRY(sql_unit_versions_of(p->s, mem, &(struct sql_unit_versions_of_in){STORE_TENANT, p->id}, 1000, &p->versions, e));
  if (!p->versions.len) return fail(e, ERR_NOT_FOUND, MSG_org_no_unit);
  TRY(page_may_on(p->rq, p->s, "unit", p->id, MSG_org_no_unit, e));
  vec_each(const struct sql_unit_versions_of, v, &p->versions)
    if (str_cmp(v->from_day, p->day) <= 0 && str_cmp(v->until_day, p->day) >= 0) p->now = v;
  return true;
}
static void add_fact(struct unit_page *p, int what, struct str says) {
  if (says.len) vec_push(p->rq->mem, &p->v.facts) = (struct view_pair){.what = page_text(p->rq, what), .says = says};
}
/* Units above, the topmost first. */
static bool fill_above(struct unit_page *p, struct err *e) {
  enum { ABOVE_MAX = 32 };
  struct view_link chain[ABOVE_MAX];
  size_t n = 0;
  for (struct str id = shown(p)->parent; id.len && n < ABOVE_MAX;) {
    struct sql_unit_on_rows rows = {0};
    TRY(sql_unit_on(p->s, p->rq->mem, &(struct sql_unit_on_in){STORE_TENANT, id, p->now ? p->day : shown(p)->until_day},
                    1, &rows, e));
    if (!rows.len) break;
    chain[n++] = (struct view_link){.href = unit_href(p->rq, id, p->at), .label = rows.at[0].name};
    id = rows.at[0].parent;
  }
  while (n) vec_push(p->rq->mem, &p->v.above) = chain[--n];
  return true;
}
static bool fill_facts(struct unit_page *p, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_unit_alias_of_rows aliases = {0};
  AUTO_ARENA scratch = {0};
  struct str all = STR("");
  add_fact(p, MSG_units_kind, page_org_kind(rq, shown(p)->kind));
  if (p->row.stage.len)
    add_fact(p, MSG_unit_stage, page_text_of(rq->mem, rq->lang, "unit_stage_", str_z(&scratch, p->row.stage)));
  add_fact(p, MSG_unit_credit, p->row.credit_code);
  add_fact(p, MSG_unit_school_code, p->row.school_code);
  add_fact(p, MSG_unit_region, p->row.region);
  TRY(sql_unit_alias_of(p->s, rq->mem, &(struct sql_unit_alias_of_in){STORE_TENANT, p->id}, 100, &aliases, e));
  vec_each(const struct sql_unit_alias_of, a, &aliases) all = page_listed(rq->mem, rq->lang, all, a->alias);
  add_fact(p, MSG_unit_aliases, all);
  add_fact(p, MSG_unit_founded, page_org_day_says(rq, p->versions.at[0].from_day));
  add_fact(p, MSG_unit_last_day, page_org_day_says(rq, vec_last(&p->versions).until_day));
  return true;
}
static bool fill_under(struct unit_page *p, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_unit_under_rows rows = {0};
  struct str place = {0}, rest = {0};
  const struct str after = web_query(rq, "under_after");
  struct sql_unit_under_in in = {.tenant = STORE_TENANT, .parent = p->id, .day = p->day, .most = PAGE_ROWS + 1};
  in.with_after = after.len > 0;
  if (after.len && (!str_cut(after, STR("."), &place, &rest) || !str_to_int(place, &in.after_place) ||
                    !str_cut(rest, STR("."), &in.after_unit, &in.after_reading)))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("under_after"), "value", str_slice(after, 0, 60));
  TRY(sql_unit_under(p->s, rq->mem, &in, PAGE_ROWS + 1, &rows, e));
  bool *seen = NULL;
  SEEN_ROWS(rq->mem, who_of(p->rq), p->s, "unit", unit, &rows, &seen, e);
  for (size_t i = 0; i < rows.len && i < PAGE_ROWS; i++) {
    const struct sql_unit_under *r = &rows.at[i];
    if (!seen[i]) continue;
    vec_push(rq->mem, &p->v.under) = (struct view_unit_row){
        .href = unit_href(rq, r->unit, p->at), .name = r->name, .kind = page_org_kind(rq, r->kind), .toggle = r->unit};
  }
  if (rows.len > PAGE_ROWS) {
    const struct sql_unit_under *r = &rows.at[PAGE_ROWS - 1];
    p->v.next_under =
        web_here(rq, "under_after",
                 str_fmt(rq->mem, "%lld." STRF "." STRF, (long long)r->place, STRA(r->unit), STRA(r->reading)));
  }
  if (after.len) p->v.first_under = web_here(rq, "under_after", (struct str){0});
  return true;
}
static bool fill_posts(struct unit_page *p, bool pupils, struct err *e) {
  struct web_request *rq = p->rq;
  const char *key = pupils ? "pupils_after" : "posts_after";
  const struct str after = web_query(rq, key);
  struct sql_post_at_unit_rows rows = {0};
  struct sql_post_at_unit_in in = {.tenant = STORE_TENANT,
                                   .unit = p->id,
                                   .day = p->day,
                                   .most = PAGE_ROWS + 1,
                                   .with_pupils = pupils,
                                   .with_after = after.len > 0};
  if (after.len && !str_cut(after, STR("."), &in.after_role, &in.after_id))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", str_of(key), "value", str_slice(after, 0, 60));
  TRY(sql_post_at_unit(p->s, rq->mem, &in, PAGE_ROWS + 1, &rows, e));
  view_post_rows *list = pupils ? &p->v.pupils : &p->v.posts;
  bool *seen = NULL;
  SEEN_ROWS(rq->mem, who_of(p->rq), p->s, "person", person, &rows, &seen, e);
  for (size_t i = 0; i < rows.len && i < PAGE_ROWS; i++) {
    const struct sql_post_at_unit *r = &rows.at[i];
    if (!seen[i]) continue;
    vec_push(rq->mem, list) = (struct view_post_row){.who = r->name,
                                                     .who_href = str_fmt(rq->mem, "/people/" STRF, STRA(r->person)),
                                                     .role = page_role(rq, r->role),
                                                     .title = r->title,
                                                     .from = page_org_day_says(rq, r->from_day)};
  }
  if (rows.len <= PAGE_ROWS) return true;
  const struct sql_post_at_unit *r = &rows.at[PAGE_ROWS - 1];
  const struct str next = web_here(rq, key, str_fmt(rq->mem, STRF "." STRF, STRA(r->role), STRA(r->id)));
  if (pupils) p->v.next_pupils = next;
  else p->v.next_posts = next;
  return true;
}
/* 2021年9月1日 更名：东山完全中学 → 东山实验学校 */
static struct str line_says(struct web_request *rq, const struct sql_unit_acts *a, struct str unit) {
  AUTO_ARENA scratch = {0};
  const bool is_other = !str_eq(a->unit, unit); /* told of another unit, which took this one as its partner */
  const struct str key = str_fmt(&scratch, "unit_told_%s" STRF, is_other ? "other_" : "", STRA(a->act));
  const int msg = msg_find(key);
  const struct msg_arg args[] = {{"was", a->was.len ? a->was : STR("—")}, {"now", a->now.len ? a->now : STR("—")}};
  return msg ? msg_text(rq->mem, rq->lang, msg, args, 2) : a->act;
}
static bool fill_lines(struct unit_page *p, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_unit_acts_rows rows = {0};
  TRY(sql_unit_acts(p->s, rq->mem, &(struct sql_unit_acts_in){STORE_TENANT, p->id, INT64_MAX, LINES_SHOWN}, LINES_SHOWN,
                    &rows, e));
  vec_each(const struct sql_unit_acts, a, &rows)
    vec_push(rq->mem, &p->v.lines) = (struct view_act_line){
        .day = page_org_day_says(rq, a->day),
        .says = line_says(rq, a, p->id),
        .why = a->reason,
        .told = str_fmt(rq->mem, STRF " · " STRF, STRA(a->actor), STRA(page_when(rq, a->at_us)))};
  return true;
}
static void fill_acts(struct unit_page *p) {
  static const char *const acts[] = {"found", "rename", "move", "merge", "split", "close", "describe"};
  if (!p->now || p->at.len || !str_eqz(p->now->until_day, "9999-12-31")) return;
  if (!can(who_of(p->rq), "unit.manage")) return;
  for (size_t i = 0; i < COUNT_OF(acts); i++)
    vec_push(p->rq->mem, &p->v.acts) =
        (struct view_link){.href = i ? str_fmt(p->rq->mem, "/units/" STRF "/do?act=%s", STRA(p->id), acts[i])
                                     : str_fmt(p->rq->mem, "/units/new?parent=" STRF, STRA(p->id)),
                           .label = page_text_of(p->rq->mem, p->rq->lang, "unit_do_", acts[i])};
}
static void fill_note(struct unit_page *p) {
  struct web_request *rq = p->rq;
  if (!p->now && str_cmp(p->day, p->versions.at[0].from_day) < 0)
    p->v.note = page_org_text(rq, MSG_unit_not_yet, "day", page_org_day_says(rq, p->versions.at[0].from_day));
  else if (!p->now)
    p->v.note = page_org_text(rq, MSG_unit_gone, "day", page_org_day_says(rq, vec_last(&p->versions).until_day));
  else if (p->at.len) p->v.note = page_org_text(rq, MSG_units_past, "day", page_org_day_says(rq, p->day));
}
static void unit_json(const struct unit_page *p, struct json_out *j) {
  const struct sql_unit_versions_of *now = shown(p);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", p->id);
  json_str(j, "at", p->day);
  json_bool(j, "alive", p->now != NULL);
  json_str(j, "name", now->name);
  json_str(j, "kind", now->kind);
  json_str(j, "parent", now->parent);
  json_str(j, "stage", p->row.stage);
  json_str(j, "credit_code", p->row.credit_code);
  json_str(j, "school_code", p->row.school_code);
  json_str(j, "region", p->row.region);
  json_int(j, "rev", p->row.rev);
  json_open(j, "versions", '[');
  vec_each(const struct sql_unit_versions_of, v, &p->versions) {
    json_open(j, NULL, '{');
    json_str(j, "from", v->from_day);
    json_str(j, "until", v->until_day);
    json_str(j, "name", v->name);
    json_str(j, "parent", v->parent);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "under", '[');
  vec_each(const struct view_unit_row, r, &p->v.under) {
    json_open(j, NULL, '{');
    json_str(j, "id", r->toggle);
    json_str(j, "name", r->name);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "posts", '[');
  vec_each(const struct view_post_row, r, &p->v.posts) {
    json_open(j, NULL, '{');
    json_str(j, "person", str_from(r->who_href, sizeof "/people/" - 1));
    json_str(j, "name", r->who);
    json_str(j, "role", r->role);
    json_str(j, "title", r->title);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "history", '[');
  vec_each(const struct view_act_line, l, &p->v.lines) {
    json_open(j, NULL, '{');
    json_str(j, "day", l->day);
    json_str(j, "says", l->says);
    json_str(j, "why", l->why);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}
bool page_unit_show(struct web_request *rq, struct web_response *rs, struct str id, struct err *e) {
  struct unit_page p = {.rq = rq, .id = id, .v = {.lang = rq->lang}};
  bool other = false;
  TRY(page_org_day(rq, &p.day, &other, e));
  if (other) p.at = p.day;
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  if (!s) return false;
  p.s = s;
  TRY(read_unit(&p, e));
  TRY(fill_above(&p, e));
  TRY(fill_facts(&p, e));
  TRY(fill_under(&p, e));
  TRY(fill_posts(&p, false, e));
  p.v.is_class = str_eqz(shown(&p)->kind, "class");
  if (p.v.is_class) TRY(fill_posts(&p, true, e));
  TRY(fill_lines(&p, e));
  if (rq->json) {
    unit_json(&p, web_json(rs));
    return true;
  }
  fill_acts(&p);
  fill_note(&p);
  p.v.name = shown(&p)->name;
  p.v.kind = page_org_kind(rq, shown(&p)->kind);
  p.v.f = page_frame(rq, p.v.name, PAGE_UNITS, NULL);
  p.v.back = p.at.len ? str_fmt(rq->mem, "/units?at=" STRF, STRA(p.at)) : STR("/units");
  p.v.f.back = p.v.back;
  p.v.said = page_said(rq);
  page_unit(&rs->body, &p.v);
  return true;
}
static bool show_unit(struct web_request *rq, struct web_response *rs, struct err *e) {
  return page_unit_show(rq, rs, web_param(rq, "id"), e);
}

const struct route page_unit_routes[] = {
    {GET, "/units", "unit.see", show_units, "the tree of units on a day, or a search", .query = "at q kind open after"},
    {GET, "/units/{id}", "unit.see", show_unit, "one unit", .query = "at under_after posts_after pupils_after"},
    {0},
};
