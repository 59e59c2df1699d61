/* The erasure of a person's sensitive values, when the person asks for it or the purpose is gone (个人信息保护法 47 条): from the
 * register and from all histories, for good. An event says who did it, when, what and why. */
#ifndef APP_ERASE_H
#define APP_ERASE_H
#include "engine/register/register_store.h"

struct erase_order {
  struct str actor, person, reason;
  int64_t now_us;
};
/* ERR_INVALID without a reason, ERR_NOT_FOUND, ERR_GUARD when nothing is kept. */
MUST_CHECK bool erase_person(struct store *store, struct arena *mem, const struct erase_order *o, struct err *e);
#endif
