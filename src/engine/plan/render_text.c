/* The report for a terminal. Diagnostics first, as compilers print them: place, severity, message, [code], then the
 * words in question with carets under them (a Han character takes two columns) and a hint. Then the plan itself:
 * every item with who, how much, by when and what it makes. */
#include "base/utf8.h"
#include "engine/plan/render.h"
#include "texts.h"

enum { COLUMNS = 76, INDENT = 4 };

struct report {
  struct plan *p;
  struct buf *out;
  struct arena mem;
  enum lang lang;
};

/* Columns on a terminal; ambiguous ones (quotes, dashes) count one, as terminals do. */
static int columns_of(uint32_t c) {
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF60) ||
                    (c >= 0xFFE0 && c <= 0xFFE6) || c >= 0x20000;
  return wide ? 2 : c == 0x200B || c == 0xFEFF ? 0 : 1;
}

static int columns(struct str s) {
  int n = 0;
  for (size_t i = 0; i < s.len;) n += columns_of(utf8_next(s, &i));
  return n;
}

static bool ends_sentence(uint32_t c) { return c == 0x3002 || c == 0xFF1B || c == '\n' || c == 0xFF01 || c == 0xFF1F; }

/* The stretch of the sentence around `at` that fits a line. */
static struct span window_of(struct str text, struct span at) {
  size_t from = at.at, to = at.at;
  int width = 0;
  while (to < text.len && (width < COLUMNS / 2 || to < at.end) && width < COLUMNS) { /* the words themselves */
    size_t next = to;
    const uint32_t c = utf8_next(text, &next);
    if (c == '\n') break;
    width += columns_of(c);
    to = next;
    if (ends_sentence(c) && to >= at.end) break;
  }
  while (from > 0 && width < COLUMNS) {
    const size_t before = utf8_back(text, from);
    const uint32_t c = utf8_at(text, before);
    if (ends_sentence(c)) break;
    width += columns_of(c);
    from = before;
  }
  return (struct span){(uint32_t)from, (uint32_t)to};
}

/* Tabs and control characters would move the carets. */
static void put_shown(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.len;) {
    const size_t at = i;
    const uint32_t c = utf8_next(s, &i);
    if (c < ' ' || c == 0x7F) buf_byte(out, ' ');
    else buf_add(out, s.at + at, i - at);
  }
}

static void put_blanks(struct buf *out, int n) {
  for (int i = 0; i < n; i++) buf_byte(out, ' ');
}

static void put_carets(struct report *r, struct span at) {
  const struct str text = r->p->folded;
  if (at.end <= at.at || at.end > text.len) return;
  const struct span w = window_of(text, at);
  const uint32_t end = at.end < w.end ? at.end : w.end;
  put_blanks(r->out, INDENT);
  put_shown(r->out, str_slice(text, w.at, w.end));
  buf_byte(r->out, '\n');
  put_blanks(r->out, INDENT + columns(str_slice(text, w.at, at.at)));
  buf_byte(r->out, '^');
  for (int i = columns(str_slice(text, at.at, end)); i > 1; i--) buf_byte(r->out, '~');
  buf_byte(r->out, '\n');
}

static void put_diag(struct report *r, const struct diag *d) {
  int line, column;
  plan_line_column(r->p, d->at.at, &line, &column);
  const struct str hint = render_diag_hint(&r->mem, d, r->lang);
  buf_fmt(r->out, STRF ":%d:%d: %s: " STRF " [%s]\n", STRA(r->p->source.name), line, column, severity_word(d->severity),
          STRA(render_diag(&r->mem, d, r->lang)), diag_word(d->code));
  put_carets(r, d->at);
  if (hint.len) buf_fmt(r->out, "    " STRF ": " STRF "\n", STRA(msg_template(r->lang, MSG_plan_hint)), STRA(hint));
}

void render_diags(struct plan *p, enum lang lang, struct buf *out) {
  struct report r = {.p = p, .out = out, .lang = lang};
  vec_each(struct diag, d, &p->diags) put_diag(&r, d);
  arena_drop(&r.mem);
}

/* ---- the plan ---- */

static void put_fact(struct report *r, int label, struct str value) {
  if (!value.len) return;
  put_blanks(r->out, 6);
  buf_str(r->out, msg_template(r->lang, label));
  buf_z(r->out, "  ");
  put_shown(r->out, value);
  buf_byte(r->out, '\n');
}

static void put_target(struct report *r, const struct target *t) {
  struct str s = render_target(&r->mem, t, r->lang);
  if (t->unsure || t->bound_unsure)
    s = str_fmt(&r->mem, STRF " [" STRF "]", STRA(s), STRA(msg_template(r->lang, MSG_plan_unsure)));
  put_fact(r, MSG_plan_target, s);
}

static void put_deliverable(struct report *r, const struct deliverable *d) {
  AUTO_BUF b = BUF_MAX(4096);
  if (d->marked) buf_z(&b, "《");
  buf_str(&b, d->title);
  if (d->marked) buf_z(&b, "》");
  if (d->action.len) buf_fmt(&b, "（" STRF "）", STRA(d->action));
  put_fact(r, d->is_new ? MSG_plan_document : MSG_plan_basis, buf_view(&b));
}

/* In the words of the plan, unless a person has changed what they say. */
static void put_spans(struct report *r, const struct item *it) {
  vec_each(struct duty, d, &it->duties)
    put_fact(r, MSG_plan_duty, d->by_hand ? render_duty(&r->mem, d, r->lang) : plan_text(r->p, d->at));
  vec_each(struct universal, u, &it->universals)
    put_fact(r, MSG_plan_universal, u->by_hand ? u->list : plan_text(r->p, u->at));
  vec_each(struct comparison, c, &it->comparisons)
    put_fact(r, MSG_plan_comparison, c->by_hand ? render_comparison(&r->mem, c, r->lang) : plan_text(r->p, c->at));
  vec_each(struct placeholder, x, &it->placeholders)
    if (x->fill.len) put_fact(r, MSG_plan_fill, str_fmt(&r->mem, STRF " → " STRF, STRA(x->text), STRA(x->fill)));
  vec_each(struct name, n, &it->names)
    if (n->kind != NAME_SLOGAN && n->kind != NAME_OTHER) put_fact(r, MSG_plan_name, n->text);
}

static void put_item(struct report *r, const struct item *it) {
  buf_fmt(r->out, "  " STRF "  ", STRA(render_path(&r->mem, it)));
  put_shown(r->out, it->title);
  buf_byte(r->out, '\n');
  put_fact(r, MSG_plan_lead, render_parties(&r->mem, it, ROLE_LEAD));
  put_fact(r, MSG_plan_assist, render_parties(&r->mem, it, ROLE_ASSIST));
  put_fact(r, MSG_plan_guide, render_parties(&r->mem, it, ROLE_GUIDE));
  vec_each(struct target, t, &it->targets) put_target(r, t);
  vec_each(struct deliverable, d, &it->deliverables) put_deliverable(r, d);
  put_spans(r, it);
  if (!it->is_group) put_fact(r, MSG_plan_due, render_when(&r->mem, &it->due, r->lang));
}

static struct str title_of(struct report *r, const struct document *d) {
  return d->title.text.len ? d->title.text : msg_template(r->lang, MSG_plan_untitled);
}

static void put_document(struct report *r, const struct document *d) {
  buf_byte(r->out, '\n');
  put_shown(r->out, title_of(r, d));
  const struct msg_arg year = {"year", str_int(&r->mem, d->year)};
  buf_fmt(
      r->out, "（" STRF "）\n",
      STRA(d->year ? msg_text(&r->mem, r->lang, MSG_plan_year, &year, 1) : msg_template(r->lang, MSG_plan_year_open)));
  vec_each(struct text_at, x, &d->issuers) put_fact(r, MSG_plan_issuer, x->text);
  put_fact(r, MSG_plan_number, d->number.text);
  if (!date_none(d->date)) put_fact(r, MSG_plan_date, date_iso(&r->mem, d->date));
  uint32_t section = UINT32_MAX;
  vec_each(struct item, it, &d->items) {
    if (it->section != section && it->section < d->sections.len) {
      section = it->section;
      buf_byte(r->out, '\n');
      put_shown(r->out, d->sections.at[section].title);
      buf_byte(r->out, '\n');
    }
    put_item(r, it);
  }
}

struct totals {
  size_t items, targets, made;
};
static struct totals totals_of(const struct plan *p) {
  struct totals n = {0};
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items) {
      n.items += !it->is_group;
      vec_each(struct target, t, &it->targets) n.targets += t->has_value && !t->unsure;
      vec_each(struct deliverable, x, &it->deliverables) n.made += x->is_new;
    }
  return n;
}

static void put_summary(struct report *r) {
  const struct totals n = totals_of(r->p);
  const struct msg_arg args[] = {{"documents", str_int(&r->mem, (int64_t)r->p->documents.len)},
                                 {"items", str_int(&r->mem, (int64_t)n.items)},
                                 {"targets", str_int(&r->mem, (int64_t)n.targets)},
                                 {"made", str_int(&r->mem, (int64_t)n.made)}};
  buf_fmt(r->out, "\n" STRF "\n", STRA(msg_text(&r->mem, r->lang, MSG_plan_summary, args, COUNT_OF(args))));
}

void render_text(struct plan *p, enum lang lang, struct buf *out) {
  struct report r = {.p = p, .out = out, .lang = lang};
  vec_each(struct diag, d, &p->diags) put_diag(&r, d);
  vec_each(struct document, d, &p->documents) put_document(&r, d);
  put_summary(&r);
  arena_drop(&r.mem);
}
