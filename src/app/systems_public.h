/* What packages open to everybody (public.forms, public.pages of a declaration): a form is an act by nobody, a page shows named
 * fields of the records that fit. Neither knows who asks. */
#ifndef APP_SYSTEMS_PUBLIC_H
#define APP_SYSTEMS_PUBLIC_H
#include "app/systems_form.h"

struct public_place {
  struct flow_system *system;
  const struct public_form *form; /* of these two one */
  const struct public_page *page;
  struct flow_record *record;
  const struct act *act; /* of a form */
};
/* The part {part} of the system {system}: ERR_NOT_FOUND when there is none, ERR_NEVER when the package has switched public things
 * off, ERR_GUARD for a form that asks for a way of identifying that this program does not have (account, once). */
MUST_CHECK bool public_place(struct web_request *rq, bool is_form, struct public_place *out, struct err *e);
void public_begin(struct system_run *x, struct web_request *rq, struct store *session);

/* ---- forms ---- */

/* Does the act, with the fields of the request: those of find_by find the record (ERR_NOT_FOUND), those that the declaration has
 * fixed are not taken. Files become part of the record in the same transaction. ERR_TOO_MANY over the form's limit, which what
 * is refused does not count for. */
MUST_CHECK bool public_send(struct web_request *rq, const struct public_place *at, struct flow_done *out,
                            struct err *e);
bool public_is_fixed(const struct public_form *f, struct str name);
/* Can everybody fill it in? Not what names a person of the office. */
bool public_can_fill(const struct public_form *f, const struct flow_field *field);

/* ---- pages ---- */

typedef VEC(struct flow_row *) flow_row_list;
/* Has the request everything that the page finds by? */
bool public_is_asked(const struct web_request *rq, const struct public_page *p);
/* Records that stand on the page now, newest first. after: where to go on; *out_next empty: there are no more. With find_by it is the
 * one that was asked for; ERR_NOT_FOUND when there is none. */
MUST_CHECK bool public_rows(struct system_run *x, struct web_request *rq, const struct public_place *at,
                            struct str after, flow_row_list *out, struct str *out_next, struct err *e);
/* One thing that is shown: its value, and what kind of value it is. */
struct public_value {
  struct str name, label;
  const struct type_said *is;
  const struct type *type;
  struct value value;
  struct str words; /* of a place: its address */
};
MUST_CHECK bool public_value_of(struct system_run *x, struct flow_row *row, const struct expr_word *shown,
                                struct public_value *out, struct err *e);
#endif
