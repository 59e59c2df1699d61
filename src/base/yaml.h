/* Strict YAML with positions: mappings, sequences and plain or quoted scalars; no anchors, tags, merge keys or
 * duplicate keys. Every scalar stays text: the reader of a field decides what it means. */
#ifndef BASE_YAML_H
#define BASE_YAML_H
#include "base/err.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };
struct yaml {
  enum yaml_kind kind;
  int line, column; /* of its first character, from 1 */
  struct str text;  /* scalar */
  bool quoted;      /* scalar written in quotes or as a block */
  struct str key;   /* of this node inside its map */
  int key_line, key_column;
  struct yaml *child; /* first of a map or list */
  struct yaml *next;
  size_t count; /* children */
};
/* Parses one document; `name` stands in errors. The tree and its texts live in a. */
MUST_CHECK bool yaml_parse(struct arena *a, struct str name, struct str text, struct yaml **out, struct err *e);
/* The value of a key of a map, or NULL. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
#endif
