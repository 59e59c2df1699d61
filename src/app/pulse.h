/* A thread that does something again and again: the turn says how long to rest before the next one. */
#ifndef APP_PULSE_H
#define APP_PULSE_H
#include "base/err.h"

struct pulse;
/* turn: answers microseconds to rest, 0 = at once. arg must outlive the pulse. */
MUST_CHECK bool pulse_start(int64_t (*turn)(void *arg), void *arg, struct pulse **out, struct err *e);
/* Ends the thread when the turn that it is at is done. Accepts NULL. */
void pulse_stop(struct pulse *p);
#endif
