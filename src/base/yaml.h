/* Strict YAML with positions: mappings, sequences and plain or quoted scalars; no anchors, tags, merge keys or
 * duplicate keys. Every scalar stays text: the reader of a field decides what it means. */
#ifndef BASE_YAML_H
#define BASE_YAML_H
#include "base/err.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };
struct yaml {
  enum yaml_kind kind;
  int line, column;         /* of its first character, from 1 */
  int end_line, end_column; /* behind its last one; of a map, list or scalar in block form the line behind it */
  bool flow;                /* a map or list in brackets */
  struct str text;          /* scalar */
  bool quoted;              /* scalar written in quotes or as a block */
  bool block;               /* scalar written as a block */
  struct str key;           /* of this node inside its map */
  int key_line, key_column, key_end_line, key_end_column;
  struct yaml *child; /* first of a map or list */
  struct yaml *next;
  size_t count; /* children */
};
/* Parses one document; `name` stands in errors. The tree and its texts live in a. */
MUST_CHECK bool yaml_parse(struct arena *a, struct str name, struct str text, struct yaml **out, struct err *e);
/* The value of a key of a map, or NULL. */
struct yaml *yaml_get(const struct yaml *map, const char *key);
#endif
