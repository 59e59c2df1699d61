/* What public pages of systems show. As in views.h: a template only places things. */
#ifndef APP_VIEWS_PUBLIC_H
#define APP_VIEWS_PUBLIC_H
#include "app/views_system.h"

struct view_public_home {
  enum lang lang;
  struct view_frame f;
  struct str title, says;
  view_links links;
};
struct view_public_form {
  enum lang lang;
  struct view_frame f;
  struct view_system_form form;
  struct str title, system, system_href, help, privacy, warned; /* warned: to be confirmed */
};
struct view_public_done {
  enum lang lang;
  struct view_frame f;
  struct str title, number, lookup; /* number empty: nothing to ask for it by */
  view_links links;
};
struct view_public_value {
  struct str label, text;
  bool is_long;
  VEC(struct str) heads; /* of rows */
  VEC(struct view_line) lines;
};
struct view_public_row {
  struct str title;
  VEC(struct view_public_value) values;
  view_links links; /* forms about this one */
};
struct view_public_page {
  enum lang lang;
  struct view_frame f;
  struct str title, system, system_href, action, refusal, next;
  VEC(struct view_sfield) keys; /* by which it finds */
  VEC(struct view_public_row) rows;
  bool is_empty;
};
struct view_verify { /* is a paper genuine? */
  enum lang lang;
  struct view_frame f;
  struct str typed, digest, refusal; /* as they were typed */
  struct str verdict, css, icon;     /* of the digest that was typed; empty = none was */
  struct str label, number, verify, authority, day, pages, pdf, docx;
  bool is_known;
};
#endif
