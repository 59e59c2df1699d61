/* Work in the systems of the demo; apart from demo.h, which knows plans. */
#ifndef APP_DEMO_WORK_H
#define APP_DEMO_WORK_H
#include "base/err.h"

struct store;
struct systems;
struct demo_work_count {
  int posts, rows; /* new ones */
};
/* Work in the systems: posts in roles of the packages that are loaded, and the demo rows of these packages. After demo_load, once; a
 * second time does nothing. Complete or nothing; then what has become due is seen to. */
MUST_CHECK bool demo_load_work(struct systems *s, struct store *store, int64_t now_us, struct demo_work_count *out,
                               struct err *e);
#endif
