/* Checks over the words themselves: damage that was not or could be mended, brackets and quotes without a partner, and
 * sentences that stand in two items. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/check.h"

enum { SENTENCE_CHARS = 12, DAMAGE_SHOWN = 60 };

/* ---- damage ---- */

static bool is_damage(const struct edit *e) {
  return e->kind == EDIT_BYTE_SHIFT || e->kind == EDIT_QUESTION_MARK || e->kind == EDIT_BYTES || e->kind == EDIT_PINYIN;
}

static struct str shown(struct checker *c, struct str s) {
  size_t n = s.len < DAMAGE_SHOWN ? s.len : DAMAGE_SHOWN;
  while (n < s.len && n && ((unsigned char)s.at[n] & 0xC0) == 0x80) n--;
  return str_dup(c->p->mem, str_slice(s, 0, n));
}

static void say_edit(struct checker *c, const struct edit *e) {
  const struct layer *l = &c->p->cleaning;
  const struct span at = {e->out_at, e->out_at + e->out_len};
  const struct str before = str_slice(l->in, e->in_at, e->in_at + e->in_len);
  if (e->doubt) return check_arg(check_add(c, DIAG_damage, at, NO_INDEX, NO_INDEX), "words", shown(c, before));
  if (e->kind == EDIT_PINYIN) return; /* hundreds of them, all alike and certain */
  struct diag *g = check_add(c, DIAG_damage_mended, at, NO_INDEX, NO_INDEX);
  check_arg(g, "before", shown(c, before));
  check_arg(g, "after", shown(c, str_slice(l->out, at.at, at.end)));
}

/* U+FFFD stands where bytes could not be decoded, here or by whoever wrote the file. */
static void find_lost(struct checker *c) {
  const struct str lost = STR("\xEF\xBF\xBD"), text = c->p->clean;
  for (size_t i = str_find(text, lost); i < text.len;) {
    size_t end = i;
    while (str_starts(str_from(text, end), lost)) end += lost.len;
    const struct span at = {(uint32_t)i, (uint32_t)end};
    check_arg(check_add(c, DIAG_damage, at, NO_INDEX, NO_INDEX), "words", shown(c, str_slice(text, i, end)));
    const size_t step = str_find(str_from(text, end), lost);
    i = step == STR_NONE ? text.len : end + step;
  }
}

void check_damage(struct checker *c) {
  vec_each(struct edit, e, &c->p->cleaning.edits)
    if (is_damage(e)) say_edit(c, e);
  find_lost(c);
}

/* ---- brackets and quotes ---- */

/* Both widths are one class; a class is opened by an even number and closed by the next odd one. */
static int mark_class(uint32_t ch) {
  switch (ch) {
    case '(':
    case 0xFF08: return 0;
    case ')':
    case 0xFF09: return 1;
    case 0x201C: return 2;
    case 0x201D: return 3;
    case 0x300A: return 4;
    case 0x300B: return 5;
    case 0x3014:
    case '[':
    case 0xFF3B:
    case 0x3010: return 6;
    case 0x3015:
    case ']':
    case 0xFF3D:
    case 0x3011: return 7;
    default: return -1;
  }
}

struct open_mark {
  int kind;
  struct span at;
};
struct marks {
  struct checker *c;
  struct open_mark open[PLAN_DEPTH_MAX];
  int depth;
  bool too_deep;
};

static void say_mark(struct marks *m, struct span at) {
  check_arg(check_add(m->c, DIAG_unbalanced, at, NO_INDEX, NO_INDEX), "mark", plan_text(m->c->p, at));
}

/* 1) and a） are numbers, not half a bracket. */
static bool closes_number(struct str text, size_t line, size_t at) {
  size_t i = at;
  while (i > line && (is_digit((unsigned char)text.at[i - 1]) || (text.at[i - 1] >= 'a' && text.at[i - 1] <= 'z'))) i--;
  return i < at && at - i <= 3;
}

static void close_mark(struct marks *m, int kind, struct span at) {
  for (int k = m->depth - 1; k >= 0; k--) {
    if (m->open[k].kind != kind - 1) continue;
    for (int j = m->depth - 1; j > k; j--) say_mark(m, m->open[j].at);
    m->depth = k;
    return;
  }
  say_mark(m, at);
}

static void end_line(struct marks *m) {
  for (int k = 0; k < m->depth && !m->too_deep; k++) say_mark(m, m->open[k].at);
  m->depth = 0;
  m->too_deep = false;
}

static void take_mark(struct marks *m, int kind, struct span at, size_t line) {
  if (m->too_deep) return;
  if (kind % 2 == 0 && m->depth == PLAN_DEPTH_MAX) {
    say_mark(m, at);
    m->too_deep = true;
  } else if (kind % 2 == 0) {
    m->open[m->depth++] = (struct open_mark){kind, at};
  } else if (kind != 1 || m->depth || !closes_number(m->c->p->folded, line, at.at)) {
    close_mark(m, kind, at);
  }
}

void check_balance(struct checker *c) {
  struct marks m = {.c = c};
  size_t line = 0;
  for (const struct sign *s = c->p->signs.at; s->at != UINT32_MAX; s++) {
    if (s->c == '\n') {
      end_line(&m);
      line = s->at + s->len;
      continue;
    }
    const int kind = mark_class(s->c);
    if (kind >= 0) take_mark(&m, kind, (struct span){s->at, s->at + s->len}, line);
  }
  end_line(&m);
}

/* ---- sentences that stand twice ---- */

struct sentence {
  struct span at;
  int32_t item;
};
struct sentences {
  struct checker *c;
  int document;
  VEC(struct sentence) list;
  struct seen seen;
};

static bool ends_sentence(uint32_t ch) {
  return ch == 0x3002 || ch == 0xFF1B || ch == ';' || ch == '\n' || ch == 0xFF01 || ch == 0xFF1F;
}

/* Hash of the characters alone, marks and blanks left out; 0 when the sentence is too short to matter. */
static uint64_t sentence_hash(struct str s) {
  uint64_t h = 0;
  int n = 0;
  for (size_t i = 0; i < s.len;) {
    const uint32_t ch = utf8_next(s, &i);
    if (!is_han(ch) && !is_digit(ch)) continue;
    h = (h << 5 | h >> 59) ^ ch * UINT64_C(0x9E3779B97F4A7C15); /* the product need not be waited for */
    n++;
  }
  return n >= SENTENCE_CHARS ? h | 1 : 0;
}

static bool same_characters(struct str a, struct str b) {
  size_t i = 0, j = 0;
  for (;;) {
    uint32_t x = 0, y = 0;
    while (i < a.len && !(is_han(x) || is_digit(x))) x = utf8_next(a, &i);
    while (j < b.len && !(is_han(y) || is_digit(y))) y = utf8_next(b, &j);
    if (!is_han(x) && !is_digit(x)) x = 0;
    if (!is_han(y) && !is_digit(y)) y = 0;
    if (x != y) return false;
    if (!x) return true;
  }
}

static void add_sentence(struct sentences *s, struct span at, int32_t item) {
  if (at.end - at.at >= SENTENCE_CHARS) vec_push(&s->c->scratch, &s->list) = (struct sentence){at, item};
}

static void add_sentences(struct sentences *s, struct span body, int32_t item) {
  uint32_t from = body.at;
  for (const struct sign *x = sign_from(&s->c->p->signs, body.at); x->at < body.end; x++) {
    if (!ends_sentence(x->c) || x->at + x->len == body.end) continue;
    add_sentence(s, (struct span){from, x->at}, item);
    from = x->at + x->len;
  }
  add_sentence(s, (struct span){from, body.end}, item);
}

static void find_twice(struct sentences *s) {
  struct checker *c = s->c;
  s->seen = seen_new(&c->scratch, s->list.len);
  for (size_t k = 0; k < s->list.len; k++) {
    const struct sentence *x = &s->list.at[k];
    const uint64_t h = sentence_hash(plan_text(c->p, x->at));
    const int32_t first = h ? seen_put(&s->seen, h, (int32_t)k) : -1;
    if (first < 0 || s->list.at[first].item == x->item) continue;
    if (!same_characters(plan_text(c->p, s->list.at[first].at), plan_text(c->p, x->at))) continue;
    check_arg(check_add(c, DIAG_sentence_twice, x->at, s->document, x->item), "path",
              check_path(c, s->document, s->list.at[first].item));
  }
}

void check_sentences(struct checker *c) {
  for (size_t d = 0; d < c->p->documents.len; d++) {
    const struct document *doc = &c->p->documents.at[d];
    struct sentences s = {.c = c, .document = (int)d};
    for (size_t i = 0; i < doc->items.len; i++) {
      const struct item *it = &doc->items.at[i];
      if (it->is_group) continue;
      add_sentences(&s, it->body_at, (int32_t)i);
      vec_each(struct span, x, &it->extra) add_sentences(&s, *x, (int32_t)i);
    }
    find_twice(&s);
  }
}
