/* Promises inside the program.
 *
 * must(c) stays on in release: a record that continues after a broken promise
 * is worse than a stopped request. NEVER(c) marks a branch that cannot happen
 * but is handled all the same; ALWAYS(c) is its opposite. */
#ifndef BASE_MUST_H
#define BASE_MUST_H
#include <stdbool.h>

_Noreturn void must_broken(const char *what, const char *where);

#define MUST_LINE_(n) #n
#define MUST_LINE(n) MUST_LINE_(n)
#define must(c) ((c) ? (void)0 : must_broken(#c, __FILE__ ":" MUST_LINE(__LINE__)))

#ifdef NDEBUG
#define NEVER(c) (c)
#define ALWAYS(c) (c)
#else
#define NEVER(c) ((c) ? (must_broken("NEVER(" #c ")", __FILE__ ":" MUST_LINE(__LINE__)), true) : false)
#define ALWAYS(c) ((c) ? true : (must_broken("ALWAYS(" #c ")", __FILE__ ":" MUST_LINE(__LINE__)), false))
#endif

#define MUST_CHECK __attribute__((warn_unused_result))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#endif
