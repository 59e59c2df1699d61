/* Computed fields that need one another: a graph of the fields of one record, an arrow for each that is read. What is read in records made
 * later (REACH_NEWER) is a step that cannot be taken for ever, so that a circle is none when all its steps are of this record and at
 * least one leads onward. A step elsewhere may lead back: any circle through it is one. */
#include "declare/typing.h"
#include "texts.h"

enum { FIELDS_MOST = 120 };
enum step { STEP_HERE = 1, STEP_ELSEWHERE = 2, STEP_ONWARD = 4 };
struct needs {
  const struct record *r;
  uint8_t of[FIELDS_MOST][FIELDS_MOST]; /* field i is computed from field k: by which steps */
  size_t path[FIELDS_MOST + 1], depth;
  uint8_t seen[FIELDS_MOST]; /* 1 on the path, 2 done */
  bool told;
};
static struct word name_of(const struct needs *n, size_t i) { return n->r->fields.at[i].head.name; }
/* The path from its `from`-th field, and back to field i. */
static void tell_circle(struct typing *t, struct needs *n, size_t from, size_t i) {
  AUTO_BUF text = BUF_MAX(8 << 10);
  for (size_t k = from; k < n->depth; k++) buf_fmt(&text, STRF " → ", STRA(name_of(n, n->path[k]).text));
  buf_str(&text, name_of(n, i).text);
  (void)tell(t->c, FAULT_T009, name_of(n, i), "path", str_dup(t->c->mem, buf_view(&text)));
  n->told = true;
}
static void follow_need(struct typing *t, struct needs *n, size_t i) {
  if (n->seen[i] == 2) return;
  if (n->seen[i] == 1) {
    size_t from = 0;
    while (n->path[from] != i) from++;
    tell_circle(t, n, from, i);
    return;
  }
  n->seen[i] = 1;
  n->path[n->depth++] = i;
  for (size_t k = 0; k < n->r->fields.len && k < FIELDS_MOST; k++)
    if (n->of[i][k] & (STEP_HERE | STEP_ELSEWHERE)) follow_need(t, n, k);
  n->depth--;
  n->seen[i] = 2;
}
/* Does a way of any steps lead from the end of the path to `goal`? Then it stands in the path. */
static bool leads_to(struct needs *n, size_t goal) {
  const size_t i = n->path[n->depth - 1];
  if (i == goal) return true;
  if (n->seen[i]) return false;
  n->seen[i] = 1;
  for (size_t k = 0; k < n->r->fields.len && k < FIELDS_MOST; k++) {
    if (!n->of[i][k]) continue;
    n->path[n->depth++] = k;
    if (leads_to(n, goal)) return true;
    n->depth--;
  }
  return false;
}
static void check_elsewhere(struct typing *t, struct needs *n, size_t i, size_t k) {
  memset(n->seen, 0, sizeof n->seen);
  n->path[0] = k;
  n->depth = 1;
  if (!(n->of[i][k] & STEP_ELSEWHERE) || !leads_to(n, i)) return;
  tell_circle(t, n, 0, k);
}
static enum step step_of(const struct reading *x, const struct field *reader) {
  if (x->reach == REACH_SELF) return STEP_HERE;
  if (x->reach == REACH_NEWER) return STEP_ONWARD;
  return x->reach == REACH_OLDER && is_yes(reader->once) ? STEP_ONWARD : STEP_ELSEWHERE;
}
static void note_needs(struct typing *t, struct needs *n, size_t i) {
  const struct field *f = &n->r->fields.at[i];
  struct type_answer answer;
  struct faults quiet = {.mem = t->c->mem};
  struct faults *loud = t->c->f;
  if (!has_expr(&f->value)) return;
  t->c->f = &quiet; /* told before */
  (void)typing_expr(t, &f->value, NULL, &answer);
  t->c->f = loud;
  vec_each(const struct reading, x, &t->m.reads) {
    const size_t k = (size_t)(x->field - n->r->fields.at);
    if (x->record == n->r && k < n->r->fields.len && k < FIELDS_MOST && has_expr(&x->field->value))
      n->of[i][k] |= (uint8_t)step_of(x, f);
  }
}
void circles_check(struct typing *t, const struct record *r) {
  struct needs *n = arena_new(t->c->mem, struct needs);
  const size_t count = r->fields.len < FIELDS_MOST ? r->fields.len : FIELDS_MOST;
  n->r = r;
  meaning_of(&t->m, r);
  for (size_t i = 0; i < count; i++) note_needs(t, n, i);
  for (size_t i = 0; i < count; i++) follow_need(t, n, i);
  for (size_t i = 0; i < count && !n->told; i++)
    for (size_t k = 0; k < count && !n->told; k++) check_elsewhere(t, n, i, k);
}
