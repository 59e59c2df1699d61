/* The frame of every page and the short forms in which pages write times and sizes. */
#include "app/page.h"

#include "app/notices.h"
#include "app/plans.h"
#include "app/systems_start.h"
#include "app/systems_watch.h"
#include "base/clock.h"
#include "base/date.h"
#include "engine/account/roles.h"
#include "pages.h"
#include "texts.h"

const struct plans_who *page_who(struct web_request *rq) {
  struct plans_who *w = arena_new(rq->mem, struct plans_who);
  *w = (struct plans_who){.actor = rq->actor,
                          .reason = str_trim(web_field(rq, "reason")),
                          .now_us = rq->now_us,
                          .asks = who_of(rq),
                          .lang = rq->lang,
                          .act = str_of(rq->route->act)};
  return w;
}
bool page_may_on(const struct web_request *rq, struct store *s, const char *table, struct str id, int absent,
                 struct err *e) {
  return may(who_of(rq), rq->lang, str_of(rq->route->act), &(struct object){s, table, id, absent}, e);
}

struct str page_text(const struct web_request *rq, int msg) {
  return msg_text(rq->mem, rq->lang, msg, NULL, 0);
}
struct str page_role(const struct web_request *rq, struct str role) {
  const struct role_rule *ours = roles_role(roles_known(), role, false);
  return ours ? ours->label[rq->lang] : systems_role_label(app_of(rq)->systems, role);
}

struct str page_text_of(struct arena *mem, enum lang lang, const char *head, const char *tail) {
  char key[96];
  size_t n = 0;
  for (const char *p = head; *p && n + 1 < sizeof key; p++) key[n++] = *p == '-' ? '_' : *p;
  for (const char *p = tail; *p && n + 1 < sizeof key; p++) key[n++] = *p == '-' ? '_' : *p;
  const int msg = msg_find((struct str){key, n});
  return msg ? msg_text(mem, lang, msg, NULL, 0) : str_of(tail);
}

struct str page_listed(struct arena *mem, enum lang lang, struct str list, struct str one) {
  return list.len ? str_join(mem, list, str_join(mem, msg_template(lang, MSG_page_list_mark), one)) : one;
}

struct str page_value(struct arena *mem, enum lang lang, const struct correct_field *f, struct str value) {
  struct date day = {0};
  const bool is_yes = str_eqz(value, "yes");
  if (!value.len) return value;
  if (f->type == CORRECT_YES_NO) return msg_text(mem, lang, is_yes ? MSG_review_yes : MSG_review_no, NULL, 0);
  if (f->type == CORRECT_DATE && lang == LANG_ZH && date_parse(value, 0, &day)) return date_zh(mem, day);
  if (f->type != CORRECT_CHOICE) return value;
  AUTO_ARENA scratch = {0};
  const struct str head = str_fmt(&scratch, "choice_%s_", f->name);
  return str_dup(mem, page_text_of(mem, lang, str_z(&scratch, head), str_z(&scratch, value)));
}

/* The rail, in its order: `rule` begins a group. An entry is shown to those who may do its act. The bar of a phone takes the
 * first that may stand on it, and one's own page, which leads to the others. */
enum { BAR_ENTRIES = 4 };
static const struct nav_entry {
  enum page_place place;
  int label;
  const char *path, *icon, *act;
  bool rule, on_bar;
} nav_entries[] = {
    {PAGE_INBOX, MSG_nav_inbox, "/inbox", "inbox", "system.see", false, true},
    {PAGE_NOTICES, MSG_nav_notices, "/notices", "bell-ring", "self", false, true},
    {PAGE_PLANS, MSG_nav_plans, "/plans", "book-open-text", "plan.see", true, true},
    {PAGE_LEDGER, MSG_nav_ledger, "/ledger", "list-tree", "system.see", false, true},
    {PAGE_COMPARE, MSG_nav_compare, "/compare", "git-compare-arrows", "plan.see", false, false},
    {PAGE_SYSTEMS, MSG_nav_systems, "/s", "blocks", "system.see", false, false},
    {PAGE_UNITS, MSG_nav_units, "/units", "landmark", "unit.see", true, true},
    {PAGE_PEOPLE, MSG_nav_people, "/people", "users", "unit.see", false, true},
    {PAGE_ACCOUNTS, MSG_admin_accounts, "/admin/accounts", "circle-user-round", "account.manage", true, true},
    {PAGE_MESSAGES, MSG_messages_title, "/admin/messages", "blocks", "message.see", false, false},
    {PAGE_PACKAGES, MSG_packages_title, "/admin/systems", "blocks", "system.manage", false, false},
    {PAGE_ROLES, MSG_admin_roles, "/admin/roles", "shield-alert", "role.grant", false, true},
    {PAGE_AUDIT, MSG_audit_title, "/audit", "history", "audit.read", true, true},
    {PAGE_VIEWS, MSG_table_my_views, "/views", "bookmark-plus", "self", true, false},
    {PAGE_HELP, MSG_nav_help, "/help", "keyboard", "open", false, false},
};
bool page_may(const struct web_request *rq, const char *act) { return can(who_of(rq), act); }
static void fill_nav(struct web_request *rq, enum page_place place, struct view_frame *f) {
  const int unread = notices_unread(rq);
  bool rule = false;
  for (size_t i = 0; i < COUNT_OF(nav_entries); i++) {
    const struct nav_entry *n = &nav_entries[i];
    rule = rule || n->rule;
    if (!page_may(rq, n->act)) continue;
    const struct view_nav v = {.href = str_of(n->path),
                               .label = page_text(rq, n->label),
                               .icon = str_of(n->icon),
                               .count = n->place == PAGE_NOTICES ? unread : 0,
                               .current = n->place == place,
                               .waits = n->place == PAGE_INBOX ? notices_waiting(rq) : STR(""),
                               .rule = rule && f->nav.len,
                               .counts = n->place == PAGE_NOTICES,
                               .aside = !n->on_bar || f->bar.len == BAR_ENTRIES};
    vec_push(rq->mem, &f->nav) = v;
    if (!v.aside) vec_push(rq->mem, &f->bar) = v;
    rule = false;
  }
  vec_push(rq->mem, &f->bar) = (struct view_nav){.href = STR("/me"),
                                                 .label = page_text(rq, MSG_nav_me),
                                                 .icon = STR("circle-user-round"),
                                                 .current = place == PAGE_ME};
  f->has_unread = unread > 0;
  f->unread = unread >= NOTICES_SHOWN_MAX ? STR("99+") : str_int(rq->mem, unread);
}
/* A declaration that was saved with faults, while declarations are being written. */
static struct str broken_says(struct web_request *rq) {
  struct systems_news news;
  systems_watch_news(app_of(rq)->watch, rq->mem, rq->lang, &news);
  return news.is_broken ? page_text(rq, MSG_develop_broken) : STR("");
}
struct view_frame page_frame(struct web_request *rq, struct str title, enum page_place place, const char *script) {
  const bool is_en = rq->lang == LANG_EN;
  struct view_frame f = {.lang = rq->lang, .title = title, .head = title, .token = rq->token, .is_en = is_en};
  f.css = web_asset(rq->mem, "ui/app.css");
  f.icons = web_asset(rq->mem, "ui/icons.svg");
  f.htmx = web_asset(rq->mem, "vendor/htmx.min.js");
  f.keys_js = web_asset(rq->mem, "ui/js/keys.js");
  f.frame_js = web_asset(rq->mem, "ui/js/frame.js");
  if (script) f.page_js = web_asset(rq->mem, script);
  f.other_lang = web_here(rq, "lang", is_en ? STR("zh") : STR("en"));
  f.other_lang_name = msg_template(is_en ? LANG_ZH : LANG_EN, MSG_page_language);
  f.authority = app_of(rq)->authority;
  if (rq->who) {
    f.who = who_of(rq)->name;
    f.who_roles = who_roles(rq->mem, who_of(rq), rq->lang);
  }
  if (app_of(rq)->watch) f.broken = broken_says(rq);
  f.at_me = place == PAGE_ME;
  f.can_search = page_may(rq, "search.see");
  fill_nav(rq, place, &f);
  return f;
}

/* A day's name and the time at +08:00: 今天 9:05. */
static struct str at_time(struct web_request *rq, int day, int64_t at_us) {
  const struct str name = page_text(rq, day);
  const int minutes = (int)((at_us / 1000000 + 8 * 3600) / 60 % 1440), hour = minutes / 60, minute = minutes % 60;
  char *z = arena_take(rq->mem, name.len + sizeof " 23:59"), *p = z + name.len;
  memcpy(z, name.at, name.len);
  *p++ = ' ';
  if (hour > 9) *p++ = (char)('0' + hour / 10);
  *p++ = (char)('0' + hour % 10);
  *p++ = ':';
  *p++ = (char)('0' + minute / 10);
  *p++ = (char)('0' + minute % 10);
  return (struct str){z, (size_t)(p - z)};
}

struct str page_when(struct web_request *rq, int64_t at_us) {
  if (!at_us) return (struct str){0};
  const struct date d = clock_today(at_us), today = clock_today(rq->now_us);
  const int32_t ago = date_to_days(today) - date_to_days(d);
  if (ago == 0 || ago == 1) return at_time(rq, ago ? MSG_page_yesterday : MSG_page_today, at_us);
  if (rq->lang == LANG_EN) return date_iso(rq->mem, d);
  return d.year == today.year ? date_zh_short(rq->mem, d) : date_zh(rq->mem, d);
}

struct str page_moment_of(struct arena *mem, int64_t at_us) {
  const int minutes = (int)((at_us / 1000000 + 8 * 3600) / 60 % 1440);
  return str_fmt(mem, STRF " %02d:%02d", STRA(date_iso(mem, clock_today(at_us))), minutes / 60, minutes % 60);
}

struct str page_size(struct arena *mem, int64_t bytes) {
  if (bytes < 1024) return str_join(mem, str_int(mem, bytes), STR(" B"));
  if (bytes < 1024 * 1024) return str_join(mem, str_int(mem, (bytes + 512) / 1024), STR(" kB"));
  const int64_t tenths = (bytes * 10 + 524288) / 1048576;
  return str_fmt(mem, "%d.%d MB", (int)(tenths / 10), (int)(tenths % 10));
}

struct str page_said(struct web_request *rq) {
  const struct str did = web_query(rq, "did");
  if (!did.len || did.len > 24) return (struct str){0};
  AUTO_ARENA scratch = {0};
  const struct str text = page_text_of(rq->mem, rq->lang, "did_", str_z(&scratch, did));
  return text.at == did.at || str_eq(text, did) ? (struct str){0} : text;
}

bool page_done(struct web_request *rq, struct web_response *rs, struct str id, struct str address, struct err *e) {
  if (!rq->json) {
    web_redirect(rs, address);
    return true;
  }
  AUTO_VIEW *v = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), id, 0, &v, e));
  plans_view_json(v, rq->lang, web_json(rs));
  return true;
}

/* Who is not signed in is sent to the door and comes back; who has a one-time password is sent to change it. A part of
 * a page cannot be sent on: the whole page is (HX-Redirect). */
static bool send_on(struct web_request *rq, struct web_response *rs, const struct err *e) {
  const bool first = e->code == ERR_FORBIDDEN && rq->who && who_of(rq)->must_change;
  if ((e->code != ERR_SIGN_IN && !first) || rq->method != GET) return false;
  const struct str at =
      rq->query_string.len ? str_fmt(rq->mem, STRF "?" STRF, STRA(rq->path), STRA(rq->query_string)) : rq->path;
  struct str to = STR("/me/password");
  if (!first)
    to = page_is_own(at) ? str_fmt(rq->mem, "/sign-in?next=" STRF, STRA(web_escape(rq->mem, at))) : STR("/sign-in");
  if (rq->partial) web_header(rs, "HX-Redirect", STR("/sign-in"));
  else web_redirect(rs, to);
  return true;
}
void page_error(struct web_request *rq, struct web_response *rs, const struct err *e) {
  if (send_on(rq, rs, e)) return;
  struct view_error v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_page_error_title), PAGE_OTHER, NULL)};
  v.says = err_says(rq->mem, rq->lang, e);
  v.hint = err_hint_says(rq->mem, rq->lang, e);
  v.number = rq->id;
  v.f.back = STR("/");
  page_error_page(&rs->body, &v);
}

static bool show_help(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  struct view_help v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_help_title), PAGE_HELP, NULL)};
  v.f.back = STR("/");
  page_help(&rs->body, &v);
  return true;
}

const struct route page_help_routes[] = {
    {GET, "/help", "open", show_help, "keys and help", .flags = ROUTE_PAGE_ONLY},
    {0},
};
