/* A small format for one machine and one binary: no versions, no padding, nothing to negotiate.
 *
 * A cursor fails stickily like buf: reading past the end gives zeros and marks it broken, so that each message needs
 * one check at its end and none of its fields can point outside the bytes. */
#include "text/worker_wire.h"

#include "base/must.h"
#include "base/utf8.h"
#include "texts.h"

struct cursor {
  struct str rest;
  bool broken;
};

static void put_u64(struct buf *b, uint64_t n) {
  char z[8];
  for (int i = 0; i < 8; i++) z[i] = (char)(n >> (8 * i));
  buf_add(b, z, sizeof z);
}
static void put_bytes(struct buf *b, struct str s) {
  put_u64(b, s.len);
  buf_str(b, s);
}
static uint64_t get_u64(struct cursor *c) {
  if (c->rest.len < 8) {
    c->broken = true;
    return 0;
  }
  uint64_t n = 0;
  for (int i = 7; i >= 0; i--) n = (n << 8) | (unsigned char)c->rest.at[i];
  c->rest = str_from(c->rest, 8);
  return n;
}
static struct str get_bytes(struct cursor *c) {
  const uint64_t n = get_u64(c);
  if (c->broken || n > c->rest.len) {
    c->broken = true;
    return (struct str){0};
  }
  const struct str s = str_slice(c->rest, 0, n);
  c->rest = str_from(c->rest, n);
  return s;
}
static uint32_t get_below(struct cursor *c, uint64_t limit) {
  const uint64_t n = get_u64(c);
  if (n >= limit) c->broken = true;
  return c->broken ? 0 : (uint32_t)n;
}
static bool get_mark(struct cursor *c, struct str mark) {
  if (!str_starts(c->rest, mark)) c->broken = true;
  else c->rest = str_from(c->rest, mark.len);
  return !c->broken;
}

/* ---- request ---- */

struct str wire_request(struct arena *mem, enum container container, struct str name, size_t bytes) {
  AUTO_BUF b = BUF_MAX(1 << 20);
  buf_z(&b, "GMW1");
  put_u64(&b, container);
  put_bytes(&b, str_slice(name, 0, 4096));
  put_u64(&b, bytes);
  return str_dup(mem, buf_view(&b));
}

bool wire_read_request(struct str s, struct wire_task *out) {
  struct cursor c = {.rest = s};
  get_mark(&c, STR("GMW1"));
  out->container = (enum container)get_below(&c, SOURCE_PDF);
  out->name = get_bytes(&c);
  out->bytes = get_bytes(&c);
  return !c.broken && c.rest.len == 0 && (out->container == SOURCE_DOCX || out->container == SOURCE_XLSX);
}

/* ---- what was extracted ---- */

static bool same_name(const struct place *a, const struct place *b) {
  return a->name.at == b->name.at && a->name.len == b->name.len;
}

/* Numbers that differ little from place to place, one byte each as a rule: LEB128. */
static void put_small(struct buf *b, uint64_t n) {
  for (; n >= 0x80; n >>= 7) buf_byte(b, (char)((n & 0x7F) | 0x80));
  buf_byte(b, (char)n);
}
static uint32_t get_small(struct cursor *c, uint32_t most) {
  uint64_t n = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (!c->rest.len) break;
    const unsigned char byte = (unsigned char)c->rest.at[0];
    c->rest = str_from(c->rest, 1);
    n |= (uint64_t)(byte & 0x7F) << shift;
    if (byte & 0x80) continue;
    if (n > most) break;
    return (uint32_t)n;
  }
  c->broken = true;
  return 0;
}

void wire_put_extract(struct buf *b, const struct extract *x) {
  buf_z(b, "GMR1");
  put_u64(b, 0);
  put_bytes(b, buf_view(&x->text));
  put_u64(b, x->places.len);
  uint32_t before = 0;
  const struct place *last = NULL;
  vec_each(const struct place, p, &x->places) {
    put_small(b, p->at.at - before);
    put_small(b, p->at.end - p->at.at);
    before = p->at.at;
    put_small(b, p->part);
    put_small(b, p->para);
    put_small(b, p->table);
    put_small(b, p->row);
    put_small(b, p->cell);
    put_small(b, p->row_span);
    put_small(b, p->col_span);
    put_small(b, p->heading);
    const bool again = last && same_name(p, last);
    put_small(b, again);
    if (!again) put_bytes(b, p->name);
    last = p;
  }
}

static struct place get_place(struct cursor *c, struct arena *mem, uint32_t before, const struct place *last) {
  struct place p = {0};
  p.at.at = before + get_small(c, PLAN_FILE_MAX);
  p.at.end = p.at.at + get_small(c, PLAN_FILE_MAX);
  p.part = (uint16_t)get_small(c, UINT16_MAX);
  p.para = get_small(c, UINT32_MAX);
  p.table = (uint16_t)get_small(c, UINT16_MAX);
  p.row = (uint16_t)get_small(c, UINT16_MAX);
  p.cell = (uint16_t)get_small(c, UINT16_MAX);
  p.row_span = (uint16_t)get_small(c, UINT16_MAX);
  p.col_span = (uint16_t)get_small(c, UINT16_MAX);
  p.heading = (uint8_t)get_small(c, 9);
  if (get_small(c, 1)) p.name = last ? last->name : (struct str){0};
  else p.name = str_dup(mem, get_bytes(c));
  if (!utf8_valid(p.name)) c->broken = true;
  return p;
}

static bool get_extract(struct cursor *c, struct extract *x) {
  const struct str text = get_bytes(c);
  if (c->broken || text.len > PLAN_FILE_MAX || !utf8_valid(text)) return false;
  const uint64_t count = get_u64(c);
  if (c->broken || count > c->rest.len) return false; /* a place takes a byte at least */
  uint32_t before = 0;
  for (uint64_t i = 0; i < count && !c->broken; i++) {
    const struct place p = get_place(c, x->mem, before, x->places.len ? &vec_last(&x->places) : NULL);
    if (p.at.end > text.len) return false;
    before = p.at.at;
    vec_push(x->mem, &x->places) = p;
  }
  buf_str(&x->text, text);
  return !c->broken && c->rest.len == 0 && !x->text.broken;
}

/* ---- a refusal ---- */

/* The holes that refusals of readers have: names in an err must outlive it. */
static const char *const holes[] = {"name", "limit", "part", "size", "reason", "kind"};

void wire_put_refusal(struct buf *b, const struct err *e) {
  buf_z(b, "GMR1");
  put_u64(b, 1);
  put_u64(b, e->code);
  put_u64(b, (uint64_t)(unsigned)e->msg);
  put_u64(b, (uint64_t)(unsigned)e->hint);
  put_u64(b, (uint64_t)e->arg_count);
  for (int i = 0; i < e->arg_count; i++) {
    uint64_t hole = 0;
    while (hole + 1 < COUNT_OF(holes) && strcmp(holes[hole], e->args[i].name) != 0) hole++;
    put_u64(b, hole);
    put_bytes(b, e->args[i].value);
  }
}

static bool get_refusal(struct cursor *c, struct err *e) {
  const uint32_t code = get_below(c, ERR_COUNT), msg = get_below(c, MSG_COUNT), hint = get_below(c, MSG_COUNT);
  const uint32_t count = get_below(c, ERR_ARGS + 1);
  const char *names[ERR_ARGS] = {0};
  struct str values[ERR_ARGS] = {0};
  for (uint32_t i = 0; i < count; i++) {
    names[i] = holes[get_below(c, COUNT_OF(holes))];
    values[i] = get_bytes(c);
    if (!utf8_valid(values[i])) return false;
  }
  if (c->broken || c->rest.len || code == ERR_NONE || msg == 0) return false;
  (void)err_set(e, (enum err_code)code, (int)msg, __FILE__, names[0], values[0], names[1], values[1], names[2],
                values[2], names[3], values[3], (const char *)0);
  if (hint) (void)err_hint(e, (int)hint);
  return true;
}

bool wire_read_answer(struct str s, struct extract *x, struct err *e) {
  struct cursor c = {.rest = s};
  if (!get_mark(&c, STR("GMR1"))) return false;
  return get_below(&c, 2) == 0 ? !c.broken && get_extract(&c, x) : !c.broken && get_refusal(&c, e);
}
