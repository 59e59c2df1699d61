/* Reading the tree: an item's own words, places for people, keys of facts. Nothing here changes the plan but the index
 * of lines, which is a pure function of the source. */
#include "base/utf8.h"
#include "engine/plan/plan.h"
#include "text/numeral.h"

static bool blank_at(struct str s, size_t i, size_t *out_next) {
  *out_next = i;
  const uint32_t c = utf8_next(s, out_next);
  return c == ' ' || c == '\t' || c == '\n' || c == 0x0B || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200A);
}

/* Adds the lines of [at, end) without blanks at their ends. */
static void add_lines(struct arena *mem, struct str s, uint32_t at, uint32_t end, plan_spans *out) {
  while (at < end) {
    const char *nl = memchr(s.at + at, '\n', end - at);
    const uint32_t stop = nl ? (uint32_t)(nl - s.at) : end;
    uint32_t from = at, to = stop;
    size_t next;
    while (from < to && blank_at(s, from, &next)) from = (uint32_t)next;
    while (to > from && blank_at(s, utf8_back(s, to), &next)) to = (uint32_t)utf8_back(s, to);
    if (from < to) vec_push(mem, out) = (struct span){from, to};
    at = stop + 1;
  }
}

/* A stretch without the labels inside it; the stop behind a label goes with it. */
static void add_stretch(struct arena *mem, const struct plan *p, const struct item *it, struct span at,
                        plan_spans *out) {
  uint32_t from = at.at;
  vec_each(struct span, l, &it->labels) {
    if (l->at < from || l->end > at.end) continue;
    add_lines(mem, p->folded, from, l->at, out);
    from = l->end;
    if (str_starts(str_slice(p->folded, from, at.end), STR("。"))) from += 3;
  }
  add_lines(mem, p->folded, from, at.end, out);
}

plan_spans plan_item_stretches(struct arena *mem, const struct plan *p, const struct item *it, bool with_title) {
  plan_spans out = {0};
  if (with_title) add_lines(mem, p->folded, it->title_at.at, it->title_at.end, &out);
  add_stretch(mem, p, it, it->body_at, &out);
  vec_each(struct span, x, &it->extra) add_stretch(mem, p, it, *x, &out);
  return out;
}

bool plan_in_label(const struct item *it, uint32_t at) {
  vec_each(struct span, l, &it->labels)
    if (at >= l->at && at < l->end) return true;
  return false;
}

struct str plan_item_text(struct arena *mem, const struct plan *p, const struct item *it) {
  AUTO_ARENA tmp = {0};
  const plan_spans parts = plan_item_stretches(&tmp, p, it, false);
  size_t room = 1;
  vec_each(struct span, x, &parts) room += x->end - x->at + 1;
  char *out = arena_take(mem, room);
  size_t len = 0;
  uint32_t line_end = 0;
  vec_each(struct span, x, &parts) {
    const bool same_line =
        len && memchr(p->folded.at + line_end, '\n', x->at > line_end ? x->at - line_end : 0) == NULL;
    if (len && !same_line) out[len++] = '\n';
    memcpy(out + len, p->folded.at + x->at, x->end - x->at);
    len += x->end - x->at;
    line_end = x->end;
  }
  return (struct str){out, len};
}

/* ---- places ---- */

/* The text whose lines people count, and `at` (a place in source.text) in it: the file, or the decoded file when its
 * encoding is not UTF-8; for containers the extracted text, one paragraph a line. */
static struct str counted_text(const struct plan *p, uint32_t *io_at) {
  const struct source *s = &p->source;
  for (int k = s->layer_count - 1; k >= 0; k--) {
    if (s->layers[k].codec) return s->layers[k].out;
    *io_at = layer_in_at(&s->layers[k], *io_at, false);
  }
  return s->layer_count ? s->file : s->text;
}

enum { MARK_STEP = 4096 };

static uint32_t count_chars(struct str s, size_t from, size_t to) {
  uint32_t n = 0;
  for (size_t i = from; i < to; i++) n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
  return n;
}

static void index_lines(struct plan *p, struct str s) {
  vec_push(p->mem, &p->line_starts) = 0;
  for (const char *at = s.at, *end = s.at + s.len; s.len && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
    vec_push(p->mem, &p->line_starts) = (uint32_t)(at - s.at) + 1;
  uint32_t chars = 0;
  for (size_t i = 0; i <= s.len; i += MARK_STEP) {
    vec_push(p->mem, &p->char_marks) = chars;
    chars += count_chars(s, i, i + MARK_STEP < s.len ? i + MARK_STEP : s.len);
  }
}

static uint32_t chars_before(const struct plan *p, struct str s, uint32_t at) {
  return p->char_marks.at[at / MARK_STEP] + count_chars(s, at - at % MARK_STEP, at);
}

void plan_line_column(struct plan *p, uint32_t clean_at, int *out_line, int *out_column) {
  uint32_t at = layer_in_at(&p->cleaning, clean_at, false);
  const struct str s = counted_text(p, &at);
  if (at > s.len) at = (uint32_t)s.len;
  if (!p->line_starts.len) index_lines(p, s);
  size_t low = 0, high = p->line_starts.len;
  while (low + 1 < high) {
    const size_t middle = (low + high) / 2;
    if (p->line_starts.at[middle] <= at) low = middle;
    else high = middle;
  }
  *out_line = (int)low + 1;
  *out_column = (int)(chars_before(p, s, at) - chars_before(p, s, p->line_starts.at[low])) + 1;
}

/* ---- numbers ---- */

struct str plan_item_number(struct arena *mem, const struct plan *p, const struct item *it) {
  const struct str s = plan_text(p, it->number_at);
  int64_t n = 0;
  struct dec d;
  for (size_t i = 0; it->renumbered && i < s.len; i += utf8_len(s, i)) {
    const size_t zh = numeral_zh(s, i, &n), used = zh ? zh : numeral_arabic(s, i, &d);
    if (!used) continue;
    const struct str fresh = zh ? numeral_zh_text(mem, it->number) : str_int(mem, it->number);
    return str_fmt(mem, STRF STRF STRF, STRA(str_slice(s, 0, i)), STRA(fresh), STRA(str_from(s, i + used)));
  }
  return s;
}

/* ---- keys ---- */

static struct span fact_at(const struct item *it, enum fact_kind kind, size_t i) {
  switch (kind) {
    case FACT_PARTY: return i < it->parties.len ? it->parties.at[i].at : (struct span){0};
    case FACT_TARGET: return i < it->targets.len ? it->targets.at[i].at : (struct span){0};
    case FACT_DELIVERABLE: return i < it->deliverables.len ? it->deliverables.at[i].at : (struct span){0};
    case FACT_NAME: return i < it->names.len ? it->names.at[i].at : (struct span){0};
    case FACT_TIME: return i < it->times.len ? it->times.at[i].at : (struct span){0};
    case FACT_DUTY: return i < it->duties.len ? it->duties.at[i].at : (struct span){0};
    case FACT_UNIVERSAL: return i < it->universals.len ? it->universals.at[i].at : (struct span){0};
    case FACT_COMPARISON: return i < it->comparisons.len ? it->comparisons.at[i].at : (struct span){0};
    case FACT_PLACEHOLDER: return i < it->placeholders.len ? it->placeholders.at[i].at : (struct span){0};
    case FACT_MEASURE: return i < it->measures.len ? it->measures.at[i].at : (struct span){0};
    case FACT_KIND_COUNT: break;
  }
  return (struct span){0};
}

static uint64_t mix(uint64_t h, uint64_t more) { return (h ^ more) * 0x9E3779B97F4A7C15u + (h >> 29); }

/* Equal words are told apart by how many stand before; behind so many facts in one item (5 MB in one line), by their
 * place, else naming them all takes quadratic time. */
enum { KEY_LOOK = 512 };

uint64_t plan_fact_key(const struct plan *p, int document, int item, enum fact_kind kind, int index) {
  if (document < 0 || (size_t)document >= p->documents.len) return 0;
  const struct document *d = &p->documents.at[document];
  uint64_t h = mix(str_hash(d->title.text), (uint64_t)kind + 1);
  if (item < 0 || (size_t)item >= d->items.len || index < 0) return h;
  const struct item *it = &d->items.at[item];
  for (int k = 0; k < it->depth; k++) h = mix(h, (uint64_t)it->path[k]);
  const struct str words = plan_text(p, fact_at(it, kind, (size_t)index));
  uint64_t before = index > KEY_LOOK ? (uint64_t)index : 0;
  for (int k = 0; k < index && index <= KEY_LOOK; k++)
    before += str_eq(plan_text(p, fact_at(it, kind, (size_t)k)), words);
  return mix(mix(h, str_hash(words)), before);
}
