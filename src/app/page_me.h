/* What the pages of one's own account share. */
#ifndef APP_PAGE_ME_H
#define APP_PAGE_ME_H
#include "app/page.h"
#include "app/views_account.h"
#include "base/clock.h"

/* /me, or its twin. */
MUST_CHECK bool page_me_write(struct web_request *rq, struct web_response *rs, struct err *e);
/* After an act: a person is sent on, a program gets the account as it is now. */
MUST_CHECK bool page_me_done(struct web_request *rq, struct web_response *rs, const char *address, struct err *e);
/* Something was refused that the form can show: moves the error to *out and sets the status; else false, for the router. */
bool page_me_refused(const struct web_request *rq, struct web_response *rs, struct err *e, struct err *out);
#endif
