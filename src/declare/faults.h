/* What is wrong with a declaration, told as a good compiler tells it: code, file, line and column, one sentence, the line
 * with a caret, and what to do. Errors stop an installation, warnings do not. Sentences are `declare_<code>` of the message
 * catalogue, what to do `declare_<code>_hint` where there is one; which codes there are: docs/declarations.md. */
#ifndef DECLARE_FAULTS_H
#define DECLARE_FAULTS_H
#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

enum fault_level { FAULT_ERROR, FAULT_WARNING };
#define FAULT_CODES(X)   \
  X(Y001, y001, ERROR)   \
  X(Y002, y002, ERROR)   \
  X(Y003, y003, ERROR)   \
  X(Y004, y004, ERROR)   \
  X(Y005, y005, ERROR)   \
  X(Y006, y006, ERROR)   \
  X(Y007, y007, ERROR)   \
  X(Y008, y008, ERROR)   \
  X(Y009, y009, ERROR)   \
  X(Y010, y010, ERROR)   \
  X(Y011, y011, ERROR)   \
  X(Y012, y012, ERROR)   \
  X(Y013, y013, ERROR)   \
  X(Y014, y014, ERROR)   \
  X(Y015, y015, ERROR)   \
  X(Y016, y016, ERROR)   \
  X(N001, n001, ERROR)   \
  X(N002, n002, ERROR)   \
  X(N003, n003, ERROR)   \
  X(N004, n004, WARNING) \
  X(N005, n005, ERROR)   \
  X(N006, n006, ERROR)   \
  X(N007, n007, ERROR)   \
  X(T001, t001, ERROR)   \
  X(T002, t002, ERROR)   \
  X(T003, t003, ERROR)   \
  X(T004, t004, WARNING) \
  X(T005, t005, ERROR)   \
  X(T006, t006, ERROR)   \
  X(T007, t007, ERROR)   \
  X(T008, t008, ERROR)   \
  X(T009, t009, ERROR)   \
  X(T010, t010, ERROR)   \
  X(T011, t011, ERROR)   \
  X(T012, t012, ERROR)   \
  X(T013, t013, ERROR)   \
  X(F001, f001, ERROR)   \
  X(F002, f002, ERROR)   \
  X(F003, f003, ERROR)   \
  X(F004, f004, WARNING) \
  X(F005, f005, ERROR)   \
  X(F006, f006, ERROR)   \
  X(F007, f007, ERROR)   \
  X(F008, f008, ERROR)   \
  X(F009, f009, ERROR)   \
  X(F010, f010, WARNING) \
  X(F011, f011, ERROR)   \
  X(F012, f012, ERROR)   \
  X(C001, c001, ERROR)   \
  X(C002, c002, ERROR)   \
  X(C003, c003, ERROR)   \
  X(C004, c004, ERROR)   \
  X(C005, c005, ERROR)   \
  X(R001, r001, WARNING) \
  X(R002, r002, ERROR)   \
  X(R003, r003, ERROR)   \
  X(M001, m001, ERROR)   \
  X(M003, m003, ERROR)   \
  X(P001, p001, ERROR)   \
  X(P002, p002, ERROR)   \
  X(P003, p003, ERROR)   \
  X(P004, p004, ERROR)   \
  X(P006, p006, ERROR)   \
  X(P008, p008, WARNING) \
  X(P009, p009, ERROR)   \
  X(P010, p010, ERROR)   \
  X(P012, p012, ERROR)   \
  X(P013, p013, ERROR)   \
  X(X001, x001, ERROR)   \
  X(X003, x003, ERROR)   \
  X(Z001, z001, ERROR)   \
  X(Z002, z002, ERROR)   \
  X(Z003, z003, ERROR)   \
  X(Z004, z004, ERROR)   \
  X(Z005, z005, ERROR)   \
  X(Z006, z006, ERROR)   \
  X(L001, l001, ERROR)   \
  X(U001, u001, ERROR)   \
  X(U002, u002, ERROR)   \
  X(U003, u003, ERROR)   \
  X(U004, u004, ERROR)   \
  X(U005, u005, ERROR)   \
  X(U006, u006, ERROR)   \
  X(U007, u007, ERROR)   \
  X(U008, u008, ERROR)   \
  X(U009, u009, ERROR)   \
  X(U010, u010, ERROR)
enum fault_code {
#define X(code, lower, level) FAULT_##code,
  FAULT_CODES(X)
#undef X
      FAULT_CODE_COUNT
};
const char *fault_word(enum fault_code code); /* "Y004" */
enum fault_level fault_level(enum fault_code code);
int fault_sentence(enum fault_code code); /* message ids: its usual sentence; what to do, 0 = nothing */
int fault_hint(enum fault_code code);

/* Columns count characters from 1, as editors do; a width of 0 marks one. */
struct place {
  int line, column, width;
};
enum { FAULT_ARGS = 4, FAULTS_MAX = 200 };
struct fault {
  enum fault_code code;
  struct str file, text; /* text: of the file; the line is shown from it */
  struct place at;
  int msg, hint; /* hint 0 = none */
  int kind;      /* a message that stands for the hole {kind}; 0 = none */
  struct msg_arg args[FAULT_ARGS];
  size_t arg_count;
};
struct faults {
  struct arena *mem;
  struct str file, text; /* that is being read */
  VEC(struct fault) all;
  size_t errors, warnings, left_out; /* left_out: beyond FAULTS_MAX, counted in errors and warnings as well */
  struct fault spare;
};
/* Never NULL. Its sentence is that of the code, unless the caller puts another into msg. Nothing is told about what has no
 * place, that is, was not written: that it is missing was told where it should stand. */
struct fault *faults_add(struct faults *f, enum fault_code code, struct place at);
/* Adds a value for a hole; returns the fault, so that calls can be chained. The value must live as long as f->mem. */
struct fault *fault_arg(struct fault *x, const char *hole, struct str value);
/* By place, as people read; the same fault is told once. */
void faults_sort(struct faults *f);
/* `file:line:column: code: sentence`, the line, a caret, `hint:`. Appends. */
void faults_print(const struct faults *f, enum lang lang, struct buf *out);
/* {"code", "level", "file", "line", "column", "width", "says", "hint"} for each, into an open array. */
void faults_json(const struct faults *f, enum lang lang, struct json_out *j);

/* The nearest of the names offered one after another: at most two letters wrong (Damerau 1964: a letter more, less, other,
 * or two swapped) and fewer than half. `best` empty = none is near. */
struct nearest {
  struct str wanted, best;
  int distance;
};
static inline struct nearest nearest_to(struct str wanted) { return (struct nearest){wanted, {0}, 3}; }
void nearest_offer(struct nearest *n, struct str name);
#endif
