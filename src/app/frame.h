/* What all pages share, whatever they are about: the program around them, the frame, texts by computed keys, short forms of times and
 * sizes. */
#ifndef APP_FRAME_H
#define APP_FRAME_H
#include "app/accounts.h"
#include "app/views.h"
#include "web/web.h"

/* What web_config.app points to: the store, and the services that keep something between requests. */
struct app {
  struct store *store;
  struct plans *plans;
  struct table_kept *kept; /* counts and choices of lists */
  struct accounts *accounts;
  struct notices *notices;
  struct systems *systems;
  struct systems_watch
      *watch; /* takes over what is saved (systems_watch.h); NULL: the systems stay as they were at the start */
  struct systems_held *held; /* of a request while that goes on: the systems that it keeps */
  struct clockwork *clocks;  /* sees to their levels; NULL = somebody else does */
  bool demo;                 /* the demonstration: the gallery of parts can be seen */
  bool vouched;              /* a proxy signs people in: accounts are bound to its names */
  struct str authority;      /* whose server it is; empty = not said */
  struct str anchor_key;     /* file of the SM2 key that signs anchors; empty = none */
};
static inline struct app *app_of(const struct web_request *rq) { return rq->app; }

enum page_place {
  PAGE_INBOX,
  PAGE_PLANS,
  PAGE_COMPARE,
  PAGE_LEDGER,
  PAGE_UNITS,
  PAGE_PEOPLE,
  PAGE_AUDIT,
  PAGE_ME,
  PAGE_ACCOUNTS,
  PAGE_ROLES,
  PAGE_MESSAGES,
  PAGE_NOTICES,
  PAGE_SEARCH,
  PAGE_VIEWS,
  PAGE_SYSTEMS,
  PAGE_PACKAGES,
  PAGE_HELP,
  PAGE_OTHER
};
/* May they do the act? An entry of the rail, a button: what a person may not do is not offered. */
bool page_may(const struct web_request *rq, const char *act);
/* title is a text or a name; work = folded rail for working screens. */
struct view_frame page_frame(struct web_request *rq, struct str title, enum page_place place, const char *script);
/* The act of this route on a thing (who.h): refuses, with `absent` what is not there or not seen. */
MUST_CHECK bool page_may_on(const struct web_request *rq, struct store *s, const char *table, struct str id, int absent,
                            struct err *e);
struct str page_text(const struct web_request *rq, int msg);
/* What people call a role that posts hold, ours or of a package. */
struct str page_role(const struct web_request *rq, struct str role);
/* Text of the key `head` + `tail` with - as _: page_text_of(mem, lang, "repair_", "line-join"). The tail itself when
 * there is no such text. */
struct str page_text_of(struct arena *mem, enum lang lang, const char *head, const char *tail);
/* `list` with one more behind it: 张三、李四. */
struct str page_listed(struct arena *mem, enum lang lang, struct str list, struct str one);
struct str page_when(struct web_request *rq, int64_t at_us); /* 8:30, 昨天, 5月20日, 2025年5月20日 */
struct str page_moment_of(struct arena *mem, int64_t at_us); /* 2026-05-20 08:30, for print and files */
struct str page_size(struct arena *mem, int64_t bytes);      /* 23.4 MB, 112 KB */
/* The notices after an act (?did=accept); empty when there is none or it is unknown. */
struct str page_said(struct web_request *rq);
/* An address of ours that a person may be sent on to (?next=): a path of this site and nothing else. */
bool page_is_own(struct str address);
/* Something that is shown this once, and then never again. */
MUST_CHECK bool page_once(struct web_request *rq, struct web_response *rs, int title, int says, const struct str *lines,
                          size_t n);
/* Ends a page: html written by a template. */
void page_error(struct web_request *rq, struct web_response *rs, const struct err *e);

extern const struct route page_system_measures_routes[];
extern const struct route page_plan_routes[], page_review_routes[], page_orphans_routes[], page_compare_routes[],
    page_help_routes[], page_unit_routes[], page_people_routes[], page_org_form_routes[], page_import_routes[],
    page_sign_in_routes[], page_me_routes[], page_tokens_routes[], page_accounts_routes[], page_rights_routes[],
    page_search_routes[], page_parts_routes[], notice_routes[], page_audit_routes[], page_person_record_routes[],
    page_erase_routes[], page_system_read_routes[], page_system_act_routes[], page_system_form_routes[],
    page_system_file_routes[], page_system_home_routes[], page_system_public_routes[], page_public_routes[],
    page_system_rounds_routes[], page_system_opening_routes[], page_system_paper_routes[], page_verify_routes[],
    page_system_inbox_routes[], page_develop_routes[], page_messages_in_routes[], page_messages_routes[],
    page_system_list_routes[], follow_routes[], page_system_help_routes[], page_system_sheet_routes[],
    page_assign_routes[], page_packages_routes[], page_ledger_routes[], page_ledger_home_routes[];
#endif
