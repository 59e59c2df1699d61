/* A document that is filled in and has no look yet: blocks one behind the other, each with its text in runs. What office.h makes of it
 * depends on the form. All texts are valid UTF-8 without line breaks; blanks are as they are to be shown. */
#ifndef TEXT_DOCUMENT_H
#define TEXT_DOCUMENT_H
#include "base/str.h"
#include "base/vec.h"

struct doc_run {
  struct str text;
  bool strong;
  bool breaks; /* a line ends here; text is empty */
};
typedef VEC(struct doc_run) doc_runs;
struct doc_cell {
  doc_runs runs;
  bool head;
};
struct doc_row {
  VEC(struct doc_cell) cells;
  bool head; /* is repeated on each page */
};
enum doc_kind {
  DOC_TITLE,   /* h1 */
  DOC_SECTION, /* h2 */
  DOC_POINT,   /* h3 */
  DOC_PARA,
  DOC_ITEM,  /* of a list */
  DOC_ENTRY, /* a term and what it is: 编号 … */
  DOC_TABLE
};
struct doc_block {
  enum doc_kind kind;
  int number;               /* ITEM: from 1; 0 = it has none */
  doc_runs term;            /* ENTRY */
  doc_runs runs;            /* TABLE: its caption */
  VEC(struct doc_row) rows; /* TABLE; may differ in length */
};
struct document {
  VEC(struct doc_block) blocks;
};
#endif
