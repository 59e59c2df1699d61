/* How often one sender may use a public form. Kept in memory alone: nothing that could lead back to a sender is ever written, and
 * what stands in memory is a keyed hash whose key dies with the program. A restart begins to count anew. */
#ifndef APP_SYSTEMS_TURNS_H
#define APP_SYSTEMS_TURNS_H
#include "base/err.h"

struct turns;
/* Lives in mem. */
struct turns *turns_new(struct arena *mem);
void turns_drop(struct turns *t); /* before its memory; accepts NULL */
/* form: "hotline/ask"; address: of the client, one of IPv6 stands for its /64; until_us: the end of the
 * hour, day or year in which they are counted. ERR_TOO_MANY when `most` were taken before it, or when more senders came than are
 * remembered. */
MUST_CHECK bool turns_take(struct turns *t, struct str form, struct str address, int64_t now_us, int64_t until_us,
                           int64_t most, struct err *e);
/* What was refused counts for nothing. */
void turns_give(struct turns *t, struct str form, struct str address);
#endif
