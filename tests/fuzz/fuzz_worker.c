/* Any bytes as a request to the fenced worker and as its answer. An answer that is believed holds what reader.h says of
 * every reader, and written anew it is read as the same; one that is not believed leaves no refusal behind. */
#include "reader.h"
#include "text/worker_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct extract empty(struct arena *mem) {
  return (struct extract){.mem = mem, .name = STR("fuzz"), .text = BUF_MAX(PLAN_FILE_MAX)};
}

static bool same_place(const struct place *a, const struct place *b) {
  return a->at.at == b->at.at && a->at.end == b->at.end && a->part == b->part && a->para == b->para &&
         a->table == b->table && a->row == b->row && a->cell == b->cell && a->row_span == b->row_span &&
         a->col_span == b->col_span && a->heading == b->heading && str_eq(a->name, b->name);
}

static void extract_comes_back(const struct extract *x) {
  AUTO_ARENA mem = {0};
  AUTO_BUF wire = BUF_MAX(WIRE_ANSWER_MAX);
  struct extract again = empty(&mem);
  struct err e = {0};
  wire_put_extract(&wire, x);
  must(wire_read_answer(buf_view(&wire), &again, &e) && e.code == ERR_NONE);
  must(str_eq(buf_view(&x->text), buf_view(&again.text)) && x->places.len == again.places.len);
  for (size_t i = 0; i < x->places.len; i++) must(same_place(&x->places.at[i], &again.places.at[i]));
  buf_drop(&again.text);
}

static void refusal_comes_back(const struct err *told) {
  AUTO_ARENA mem = {0};
  AUTO_BUF wire = BUF_MAX(WIRE_ANSWER_MAX);
  struct extract none = empty(&mem);
  struct err e = {0};
  wire_put_refusal(&wire, told);
  must(wire_read_answer(buf_view(&wire), &none, &e));
  must(e.code == told->code && e.msg == told->msg && e.hint == told->hint && e.arg_count == told->arg_count);
}

static void answer_holds(struct str s) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct extract x = empty(&mem);
  if (!wire_read_answer(s, &x, &e)) {
    must(e.code == ERR_NONE);
    buf_drop(&x.text);
    return;
  }
  if (e.code == ERR_NONE) extract_comes_back(&x);
  else refusal_comes_back(&e);
  extract_holds(&x, e.code == ERR_NONE, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const struct str s = {(const char *)data, size};
  struct wire_task task = {0};
  if (wire_read_request(s, &task)) must(task.bytes.at + task.bytes.len == s.at + s.len);
  answer_holds(s);
  return 0;
}
