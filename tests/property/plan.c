/* Properties of the compiler on seeded random plans: the same bytes give the same bytes; what is cleaned is cleaned
 * once for all; every span of a fact holds the fact's words; nothing is lost between file and tree; a plan compared with
 * itself is the same. TAP. */
#include <stdio.h>

#include "base/utf8.h"
#include "engine/plan/compare.h"
#include "engine/plan/render.h"
#include "text/han.h"

enum { PLANS = 300, BYTES_MAX = 1 << 20 };

struct dice {
  uint64_t state;
};
static uint32_t roll(struct dice *d, uint32_t sides) { /* xorshift64* (Vigna 2016) */
  d->state ^= d->state >> 12;
  d->state ^= d->state << 25;
  d->state ^= d->state >> 27;
  return (uint32_t)((d->state * UINT64_C(2685821657736338717)) >> 33) % sides;
}

#define PICK(d, list) (list)[roll((d), COUNT_OF(list))]

static const char *const topics[] = {"校舍建设", "教师培训", "课后服务", "校园安全",
                                     "阳光食堂", "体育锻炼", "学位供给", "心理健康"};
static const char *const units[] = {"基础教育处", "安全处", "体卫艺处", "发展规划与财务处", "体育、卫生与艺术教育处",
                                    "办公室"};
static const char *const docs[] = {"学校管理办法", "教师发展规划", "食堂检查细则", "招生工作意见"};

static void clause(struct dice *d, struct buf *b) {
  const int n = (int)roll(d, 90) + 2;
  switch (roll(d, 10)) {
    case 0: buf_fmt(b, "竣工学校%d所，其中幼儿园%d所、小学%d所", n, n / 2, n - n / 2); break;
    case 1: buf_fmt(b, "出台《云岚市%s》", PICK(d, docs)); break;
    case 2: buf_fmt(b, "落实《%s》", PICK(d, docs)); break;
    case 3: buf_fmt(b, "力争%d%%以上学校达标", n); break;
    case 4: buf_fmt(b, "遴选%d—%d所试点学校", n, n + 2); break;
    case 5: buf_fmt(b, "每学期检查不少于%d次", n % 5 + 1); break;
    case 6: buf_fmt(b, "%d月底前完成“%s”行动验收", n % 12 + 1, PICK(d, topics)); break;
    case 7: buf_fmt(b, "生均经费从%d元提高至%d元", n * 10, n * 10 + 50); break;
    case 8: buf_fmt(b, "会同市财政局推进%s", PICK(d, topics)); break;
    default: buf_fmt(b, "深入推进%s，健全工作机制", PICK(d, topics)); break;
  }
}

static void item(struct dice *d, struct buf *b, int number) {
  buf_fmt(b, "%d.", number);
  buf_fmt(b, "加强%s。", PICK(d, topics));
  for (uint32_t k = 1 + roll(d, 4); k-- > 0;) {
    clause(d, b);
    buf_z(b, "。");
  }
  if (roll(d, 4)) buf_fmt(b, "（牵头负责：%s；配合单位：%s）", PICK(d, units), PICK(d, units));
  buf_z(b, roll(d, 8) ? "\n" : "\r\n\n");
}

static struct str make_plan(struct arena *mem, uint64_t seed) {
  static const char *const heads[] = {"一", "二", "三", "四", "五"};
  struct dice d = {seed * UINT64_C(0x9E3779B97F4A7C15) + 1};
  AUTO_BUF b = BUF_MAX(BYTES_MAX);
  int number = 0;
  buf_fmt(&b, "云岚市教育局%u年工作要点\n", 2020 + roll(&d, 12));
  for (uint32_t s = 0; s < 2 + roll(&d, 4); s++) {
    buf_fmt(&b, "%s、推进%s\n", heads[s % 5], PICK(&d, topics));
    for (uint32_t i = 1 + roll(&d, 5); i-- > 0;) item(&d, &b, ++number);
  }
  return str_dup(mem, buf_view(&b));
}

static bool compile(struct arena *mem, struct str bytes, struct plan *out) {
  struct source *source = arena_new(mem, struct source);
  const struct plan_options options = {0};
  struct err e = {0};
  return source_open(mem, STR("property.txt"), bytes, false, source, &e) &&
         plan_compile(mem, source, &options, out, &e);
}

static struct str output(struct arena *mem, struct plan *p) {
  AUTO_BUF b = BUF_MAX(64 << 20);
  render_json(p, LANG_ZH, &b);
  return str_dup(mem, buf_view(&b));
}

/* ---- the properties ---- */

static bool is_deterministic(struct arena *mem, struct str bytes) {
  struct plan a, b;
  return compile(mem, bytes, &a) && compile(mem, str_dup(mem, bytes), &b) && str_eq(output(mem, &a), output(mem, &b));
}

/* What comes out of cleaning needs no cleaning. */
static bool is_cleaned_once(struct arena *mem, struct str bytes) {
  struct plan a, b;
  return compile(mem, bytes, &a) && compile(mem, a.clean, &b) && str_eq(a.clean, b.clean);
}

static bool is_whole(struct arena *mem, struct str bytes) {
  struct plan p;
  uint32_t at = 0;
  if (!compile(mem, bytes, &p) || !layer_holds(mem, &p.cleaning)) return false;
  for (int i = 0; i < p.source.layer_count; i++)
    if (!layer_holds(mem, &p.source.layers[i])) return false;
  for (uint32_t i = 0; i < p.nodes.len;) { /* leaves in order of the text */
    const struct node *n = &p.nodes.at[i];
    if (n->first_child) {
      i = n->first_child;
      continue;
    }
    if (n->at.at != at) return false;
    at = n->at.end;
    while (i && !p.nodes.at[i].next) i = p.nodes.at[i].parent;
    if (!i) break;
    i = p.nodes.at[i].next;
  }
  return at == p.clean.len;
}

static struct str source_words(struct arena *mem, const struct plan *p, struct span at) {
  const struct span src = plan_source_span(p, at);
  return han_fold(mem, str_slice(p->source.file, src.at, src.end));
}

/* The bytes of the file under a fact's span are the fact's words. */
static bool has_true_spans(struct arena *mem, struct str bytes) {
  struct plan p;
  if (!compile(mem, bytes, &p)) return false;
  vec_each(struct document, d, &p.documents)
    vec_each(struct item, it, &d->items) {
      vec_each(struct target, t, &it->targets)
        if (!plan_same_words(source_words(mem, &p, t->at), plan_text(&p, t->at))) return false;
      vec_each(struct party, x, &it->parties)
        if (!plan_same_words(source_words(mem, &p, x->at), x->name)) return false;
      vec_each(struct deliverable, x, &it->deliverables)
        if (str_find(source_words(mem, &p, x->at), x->title) == STR_NONE) return false;
    }
  return true;
}

static bool is_like_itself(struct arena *mem, struct str bytes) {
  struct plan p;
  struct plan_comparison c;
  if (!compile(mem, bytes, &p)) return false;
  plan_compare(mem, &p, &p, NULL, &c);
  return c.same && c.counts[ROW_CHANGED] + c.counts[ROW_NEW] + c.counts[ROW_GONE] == 0;
}

static const struct {
  const char *name;
  bool (*holds)(struct arena *mem, struct str bytes);
} properties[] = {
    {"the same bytes in, the same bytes out", is_deterministic},
    {"cleaning is done once for all", is_cleaned_once},
    {"nothing is lost", is_whole},
    {"every span holds its words", has_true_spans},
    {"a plan is the same as itself", is_like_itself},
};

static bool check_property(size_t k) {
  for (uint64_t seed = 1; seed <= PLANS; seed++) {
    AUTO_ARENA mem = {0};
    const struct str bytes = make_plan(&mem, seed);
    if (properties[k].holds(&mem, bytes)) continue;
    printf("# seed %llu\n# %.*s\n", (unsigned long long)seed, (int)(bytes.len < 600 ? bytes.len : 600), bytes.at);
    return false;
  }
  return true;
}

int main(void) {
  int failed = 0;
  for (size_t k = 0; k < COUNT_OF(properties); k++) {
    const bool good = check_property(k);
    failed += !good;
    printf("%s %zu - %s (%d plans)\n", good ? "ok" : "not ok", k + 1, properties[k].name, PLANS);
  }
  printf("1..%zu\n", COUNT_OF(properties));
  return failed ? 1 : 0;
}
