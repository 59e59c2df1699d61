/* Word-level difference of two texts: Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986) over words, where
 * a word is one Han character, one mark, or a run of Latin letters or digits. Widths of marks and blanks are folded
 * away before. The number of edits followed is bounded; beyond it the middle comes out as gone and new. */
#include "base/utf8.h"
#include "engine/plan/compare.h"

enum { EDITS_MAX = 400, WORDS_MAX = 1 << 16, TINY = 2 };

struct word {
  uint64_t key;     /* equal words have equal keys */
  uint32_t at, end; /* with the blanks behind it */
};
typedef VEC(struct word) words;

static bool is_blank(uint32_t c) { return c <= ' ' || c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200B); }

/* One character for the two widths and the several shapes of a mark. */
static uint32_t folded(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  switch (c) {
    case 0x201C:
    case 0x201D:
    case 0x300C:
    case 0x300D:
    case 0x300E:
    case 0x300F:
    case '\'':
    case 0x2018:
    case 0x2019: return '"';
    case 0x2014:
    case 0x2013:
    case 0x2015:
    case 0x2500:
    case '~':
    case 0x301C: return '-';
    default: return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}

static bool is_latin(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.'; }

static uint32_t next_folded(struct str s, size_t *io_i) {
  while (*io_i < s.len) {
    const uint32_t c = utf8_next(s, io_i);
    if (!is_blank(c)) return folded(c);
  }
  return 0;
}

bool plan_same_words(struct str left, struct str right) {
  size_t i = 0, j = 0;
  uint32_t a, b;
  do {
    a = next_folded(left, &i);
    b = next_folded(right, &j);
    if (a != b) return false;
  } while (a);
  return true;
}

uint64_t plan_words_hash(struct str s, uint64_t seed) {
  uint64_t h = seed ^ UINT64_C(14695981039346656037);
  for (size_t i = 0; i < s.len;) h = (h ^ next_folded(s, &i)) * UINT64_C(1099511628211);
  return h;
}

static void split(struct arena *mem, struct str s, words *out) {
  bool in_run = false;
  for (size_t i = 0; i < s.len;) {
    const size_t at = i;
    const uint32_t raw = utf8_next(s, &i), c = folded(raw);
    if (is_blank(raw)) {
      if (out->len) vec_last(out).end = (uint32_t)i;
      in_run = false;
      continue;
    }
    if (in_run && is_latin(c)) {
      vec_last(out).key = vec_last(out).key * UINT64_C(1099511628211) + c;
      vec_last(out).end = (uint32_t)i;
      continue;
    }
    in_run = is_latin(c);
    vec_push(mem, out) = (struct word){c, (uint32_t)at, (uint32_t)i};
  }
}

struct differ {
  struct arena *mem;
  struct arena scratch; /* words and traces, gone when the difference is known */
  struct str left, right;
  words l, r;
  diff_runs *out;
};

/* Neighbouring words of one kind become one run. */
static void put(struct differ *d, enum diff_op op, struct str text) {
  if (!text.len) return;
  if (d->out->len && vec_last(d->out).op == op && vec_last(d->out).text.at + vec_last(d->out).text.len == text.at) {
    vec_last(d->out).text.len += text.len;
    return;
  }
  vec_push(d->mem, d->out) = (struct diff_run){op, text};
}

static void put_words(struct differ *d, enum diff_op op, size_t from, size_t to) {
  const words *w = op == DIFF_NEW ? &d->r : &d->l;
  if (from < to) put(d, op, str_slice(op == DIFF_NEW ? d->right : d->left, w->at[from].at, w->at[to - 1].end));
}

/* The furthest points of every number of edits, kept for the way back. */
struct trace {
  int32_t **v; /* v[d] has 2 d + 1 entries, diagonal k at d + k */
  int found;   /* edits needed, -1 = more than EDITS_MAX */
};

static int32_t step_to(const struct trace *t, int d, int k) {
  if (d == 0) return 0;
  const int32_t *v = t->v[d - 1] + (d - 1);
  const bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
  return down ? v[k + 1] : v[k - 1] + 1;
}

static bool walk(struct differ *df, struct trace *t, size_t skip, int32_t n, int32_t m, int d) {
  t->v[d] = arena_new_n(&df->scratch, int32_t, (size_t)(2 * d + 1));
  const struct word *l = df->l.at + skip, *r = df->r.at + skip;
  for (int k = -d; k <= d; k += 2) {
    int32_t x = step_to(t, d, k);
    while (x < n && x - k >= 0 && x - k < m && l[x].key == r[x - k].key) x++;
    t->v[d][d + k] = x;
    if (x >= n && x - k >= m) return true;
  }
  return false;
}

static void find_path(struct differ *df, struct trace *t, size_t skip, int32_t n, int32_t m) {
  const int most = n + m < EDITS_MAX ? n + m : EDITS_MAX;
  t->v = arena_new_n(&df->scratch, int32_t *, (size_t)most + 1);
  t->found = -1;
  for (int d = 0; d <= most && t->found < 0; d++)
    if (walk(df, t, skip, n, m, d)) t->found = d;
}

struct step {
  enum diff_op op;
  int32_t from, to; /* words */
};

/* The path from its end to its start. */
static size_t trace_back(const struct trace *t, int32_t n, int32_t m, struct step *out) {
  size_t count = 0;
  int k = n - m;
  int32_t x = n;
  for (int d = t->found; d >= 0; d--) {
    const int32_t start = step_to(t, d, k);
    if (start < x) out[count++] = (struct step){DIFF_SAME, start, x};
    if (d == 0) break;
    const int32_t *v = t->v[d - 1] + (d - 1);
    const bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
    const int32_t y = start - k;
    out[count++] = down ? (struct step){DIFF_NEW, y - 1, y} : (struct step){DIFF_GONE, start - 1, start};
    k += down ? 1 : -1;
    x = down ? start : start - 1;
  }
  return count;
}

static void put_middle(struct differ *d, size_t skip, int32_t n, int32_t m) {
  struct trace t = {0};
  if (n > 0 && m > 0 && n < WORDS_MAX && m < WORDS_MAX) find_path(d, &t, skip, n, m);
  else t.found = -1;
  if (t.found < 0) {
    put_words(d, DIFF_GONE, skip, skip + (size_t)n);
    put_words(d, DIFF_NEW, skip, skip + (size_t)m);
    return;
  }
  struct step *steps = arena_new_n(&d->scratch, struct step, 2 * (size_t)t.found + 2);
  for (size_t i = trace_back(&t, n, m, steps); i-- > 0;)
    put_words(d, steps[i].op, skip + (size_t)steps[i].from, skip + (size_t)steps[i].to);
}

/* gone 甲 same 的 gone 乙 reads worse than gone 甲的乙: tiny islands go with their shores. Gone comes before new. */
static void smooth(struct arena *mem, diff_runs *runs) {
  diff_runs out = {0};
  for (size_t i = 0; i < runs->len;) {
    if (runs->at[i].op == DIFF_SAME) {
      vec_push(mem, &out) = runs->at[i++];
      continue;
    }
    struct str gone = {0}, new = {0};
    for (; i < runs->len; i++) {
      const struct diff_run *r = &runs->at[i];
      const bool island = r->op == DIFF_SAME && i + 1 < runs->len && utf8_count(r->text) < TINY;
      if (r->op == DIFF_SAME && !island) break;
      if (r->op != DIFF_NEW) gone = str_join(mem, gone, r->text);
      if (r->op != DIFF_GONE) new = str_join(mem, new, r->text);
    }
    if (gone.len) vec_push(mem, &out) = (struct diff_run){DIFF_GONE, gone};
    if (new.len) vec_push(mem, &out) = (struct diff_run){DIFF_NEW, new};
  }
  *runs = out;
}

void plan_diff(struct arena *mem, struct str left, struct str right, diff_runs *out) {
  struct differ d = {.mem = mem, .left = left, .right = right, .out = out};
  *out = (diff_runs){0};
  split(&d.scratch, left, &d.l);
  split(&d.scratch, right, &d.r);
  size_t head = 0, tail = 0;
  const size_t n = d.l.len, m = d.r.len;
  while (head < n && head < m && d.l.at[head].key == d.r.at[head].key) head++;
  while (tail < n - head && tail < m - head && d.l.at[n - 1 - tail].key == d.r.at[m - 1 - tail].key) tail++;
  put_words(&d, DIFF_SAME, 0, head);
  put_middle(&d, head, (int32_t)(n - head - tail), (int32_t)(m - head - tail));
  put_words(&d, DIFF_SAME, n - tail, n);
  arena_drop(&d.scratch);
  smooth(mem, out);
}
