/* What the page of messages from and to other bodies shows. */
#ifndef APP_VIEWS_MESSAGES_H
#define APP_VIEWS_MESSAGES_H
#include "app/views.h"

struct view_message { /* one that waits */
  struct str id, what, party, key, when, says, tries, again;
};
struct view_party_key {
  struct str id, made;
};
struct view_party { /* another body, of one system */
  struct str system, system_label, name, address, ways;
  bool takes;     /* messages go there: it has an address */
  view_links out; /* receipts of what goes there */
  VEC(struct view_party_key) keys;
};
struct view_messages {
  enum lang lang;
  struct view_frame f;
  struct str said, error, next_in, next_out;
  VEC(struct view_message) in, out;
  VEC(struct view_party) parties;
};
struct view_receipt {
  struct str key, made, sent, phase, says, digest;
};
struct view_receipts { /* of one outgoing message */
  enum lang lang;
  struct view_frame f;
  struct str title, count;
  VEC(struct view_receipt) rows;
};
#endif
