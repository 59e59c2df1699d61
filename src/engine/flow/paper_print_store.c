/* The first print of a paper: its bytes are drawn from what it says, outside of any act, and kept from then on. Two who print at
 * once draw the same; the first is kept. */
#include "engine/flow/paper_print.h"

#include "base/hash.h"
#include "engine/flow/paper.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"

struct printing {
  struct arena *mem;
  struct str id, actor;
  int64_t now_us;
  struct sql_flow_paper_said row;
  struct paper_made made;
};
/* The same bytes stand once in the store. */
static bool keep_bytes(struct store *tx, struct arena *mem, struct str bytes, struct str *out_hash, struct err *e) {
  struct sql_file_has has = {0};
  bool there = false;
  *out_hash = hash_hex(mem, hash_sha256(bytes));
  TRY(sql_file_has(tx, mem, &(struct sql_file_has_in){STORE_TENANT, *out_hash}, &has, &there, e));
  return there ||
         sql_file_insert(tx, &(struct sql_file_insert_in){STORE_TENANT, *out_hash, (int64_t)bytes.len, bytes}, NULL, e);
}
static bool note(struct store *tx, const struct printing *p, const struct sql_flow_paper_print_in *in, struct err *e) {
  struct event *ev = arena_new(p->mem, struct event);
  int64_t seq;
  *ev = (struct event){
      .at_us = p->now_us, .actor = p->actor, .record = p->row.record, .id = p->row.owner, .act = STR("print")};
  event_add(ev, STR("paper"), p->row.paper);
  event_add(ev, STR("number"), p->row.number);
  event_add(ev, STR("docx"), in->docx);
  event_add(ev, STR("pdf"), in->pdf);
  return event_append(tx, p->mem, ev, &seq, e);
}
static bool keep(struct store *tx, void *arg, struct err *e) {
  struct printing *p = arg;
  struct sql_flow_paper_said still = {0};
  bool found = false;
  struct sql_flow_paper_print_in in = {.tenant = STORE_TENANT, .id = p->id, .pages = p->made.pages};
  TRY(sql_flow_paper_said(tx, p->mem, &(struct sql_flow_paper_said_in){STORE_TENANT, p->id}, &still, &found, e));
  if (!found) return true; /* printed meanwhile */
  TRY(keep_bytes(tx, p->mem, p->made.docx, &in.docx, e) && keep_bytes(tx, p->mem, p->made.pdf, &in.pdf, e));
  return sql_flow_paper_print(tx, &in, NULL, e) && note(tx, p, &in, e);
}
static bool read_said(struct store *session, void *arg, struct err *e) {
  struct printing *p = arg;
  bool found = false;
  TRY(sql_flow_paper_said(session, p->mem, &(struct sql_flow_paper_said_in){STORE_TENANT, p->id}, &p->row, &found, e));
  if (!found) p->row = (struct sql_flow_paper_said){0};
  return true;
}
bool flow_paper_print(struct store *store, struct arena *mem, struct str id, struct str actor, int64_t now_us,
                      struct err *e) {
  struct printing p = {.mem = mem, .id = id, .actor = actor, .now_us = now_us};
  struct paper_said said;
  TRY(store_read(store, read_said, &p, e));
  if (!p.row.said.len) return true;
  TRY(paper_kept(mem, p.row.said, &said, e) && paper_draw(mem, &said, &p.made, e));
  return store_write(store, keep, &p, e);
}
