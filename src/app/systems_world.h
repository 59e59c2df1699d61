/* What the packages were checked against, for whoever checks one again. */
#ifndef APP_SYSTEMS_WORLD_H
#define APP_SYSTEMS_WORLD_H
#include "declare/check.h"

struct systems;
const struct world *systems_world_of(const struct systems *s);
#endif
