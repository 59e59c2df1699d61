/* What is made of the tables of the language for people and their editors. */
#ifndef DECLARE_SCHEMA_H
#define DECLARE_SCHEMA_H
#include "base/buf.h"
#include "base/msg.h"

/* JSON Schema (draft 2020-12) of system.yaml: completion, choices, hints. It says the shape, not what is right. Appends. */
void schema_json(enum lang lang, struct buf *out);
/* The language part by part, and the codes of faults, as Markdown. Appends. */
void reference_keys(enum lang lang, struct buf *out);
void reference_faults(enum lang lang, struct buf *out);
#endif
