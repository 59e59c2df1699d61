/* The files of demo/ and the ids that follow from names, for whatever loads a part of the demo. Private to app/demo*.c. */
#ifndef APP_DEMO_FILES_H
#define APP_DEMO_FILES_H
#include "base/yaml.h"

/* A file of demo/ as YAML; the list (or value) under a key of it. */
MUST_CHECK bool demo_root(struct arena *mem, const char *file, const struct yaml **out, struct err *e);
MUST_CHECK bool demo_list(struct arena *mem, const char *file, const char *key, struct yaml **out, struct err *e);
struct str demo_text(const struct yaml *map, const char *key); /* empty when absent */
struct str demo_id(struct arena *mem, const char *head, struct str of, struct str name);
#endif
