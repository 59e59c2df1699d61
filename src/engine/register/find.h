/* A unit as people name it: its name, its path (云岚市教育局/东山区教育局/东山一小, or a part of it from the end), or its id. */
#ifndef ENGINE_REGISTER_FIND_H
#define ENGINE_REGISTER_FIND_H
#include "engine/register/org.h"

/* On a day. ERR_NOT_FOUND when there is none; ERR_INVALID with two of them when there are several. */
MUST_CHECK bool org_find_named(const struct org *o, struct str text, int32_t day, struct str *out_id, struct err *e);
/* Its path on a day, from the top; as much as is needed to name it alone is not less. New, in mem. */
struct str org_path(const struct org *o, struct arena *mem, const struct org_unit *u, int32_t day);
#endif
