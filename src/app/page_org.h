/* What the pages of units and people share. Private to app/page_units.c, page_people.c, page_org_forms.c, page_import.c,
 * page_search.c. */
#ifndef APP_PAGE_ORG_H
#define APP_PAGE_ORG_H
#include "app/org.h"
#include "app/page.h"
#include "app/views_org.h"

/* ?at= as an ISO day, today without; *out_other: it is not today. */
MUST_CHECK bool page_org_day(struct web_request *rq, struct str *out_day, bool *out_other, struct err *e);
struct str page_org_day_says(struct web_request *rq, struct str iso); /* empty for an open end */
struct str page_org_kind(struct web_request *rq, struct str kind);
struct str page_org_text(struct web_request *rq, int msg, const char *hole, struct str value);
/* For LIKE with ESCAPE '\': anywhere in it, or at its beginning in small letters. */
struct str page_org_like(struct arena *mem, struct str word, bool anywhere);
MUST_CHECK bool page_org_after(struct web_request *rq, struct str *out_reading, struct str *out_id, bool *out_has,
                               struct err *e);
struct str page_org_next(struct web_request *rq, struct str reading, struct str id);
MUST_CHECK bool page_unit_show(struct web_request *rq, struct web_response *rs, struct str id, struct err *e);
MUST_CHECK bool page_person_show(struct web_request *rq, struct web_response *rs, struct str id, struct err *e);
#endif
