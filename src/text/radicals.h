/* Radicals of the Kangxi block and its supplement as the characters they stand for. Private to text/. */
#ifndef TEXT_RADICALS_H
#define TEXT_RADICALS_H
#include "base/str.h"

/* The whole character (3 bytes), or empty when c is no such radical. Borrowed and static. */
struct str radical_whole(uint32_t c);
#endif
