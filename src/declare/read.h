/* Parts of the reader, private to src/declare. */
#ifndef DECLARE_READ_H
#define DECLARE_READ_H
#include "declare/language.h"
#include "declare/system.h"

struct place word_place(struct word w);                         /* all of it */
struct place word_slice(struct word w, size_t from, size_t to); /* bytes of its text */
struct place node_place(const struct yaml *y);                  /* of what stands there */
struct place key_place(const struct yaml *y);                   /* of its key, or of itself when it has none */
bool word_is_name(struct str s);                                /* [a-z][a-z0-9_]{0,30}; reserved or not */
bool word_is_path(struct str s);                                /* names with points between them */
bool word_whole(struct str s, int64_t *out_n);                  /* digits without leading zeros */
const char *class_name(int class);                              /* of enum class_said */
/* The strict subset of YAML; false when a fault was told. f->file and f->text are set. */
MUST_CHECK bool declare_parse(struct faults *f, struct str file, struct str text, struct yaml **out);
/* T002: what stands in the way of reading an expression. */
void tell_syntax(struct faults *f, struct word w, const struct expr_fault *said);
/* Reads a type; false when a fault was told. */
bool type_said_read(struct faults *f, struct word w, struct type_said *out);
#endif
