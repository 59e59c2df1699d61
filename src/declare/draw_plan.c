/* Boxes and arrows without a layout engine: the states stand one under another in the order of the declaration, what leaves a state stands
 * beside it line by line, and every state that something leads to has a lane of its own on the right. A line that joins a lane has a dot there; all
 * other crossings mean nothing. */
#include "declare/draw.h"

enum {
  EDGE = 8,
  CELL = 7, /* of a letter; a Chinese character is two */
  PAD = 12,
  BOX_H = 30,
  BOX_W_LEAST = 76,
  ENTRY_H = 18, /* over a box: where its lane comes in */
  ACT_H = 24,
  ACT_GAP = 26, /* between a box and what leaves it */
  STEM = 12,
  LANE_W = 14,
  BAND_GAP = 12,
  DOT = 3,
  HEAD = 5
};
struct band { /* a state and what leaves it */
  int top, middle, height;
};
struct planning {
  struct arena *mem;
  const drawn_states *all;
  struct drawn_plan *out;
  struct band *bands;
  int *lanes; /* x of the lane that leads to the state; 0 = nothing does */
  int *ends;  /* y of the lane's upper and lower end, two for each state */
  int box_w, act_x, lane_x;
};
static void put(const struct planning *p, int kind, int x, int y, int w, int h, struct str text) {
  vec_push(p->mem, &p->out->shapes) = (struct drawn_shape){kind, x, y, w, h, text};
}
static void line(const struct planning *p, int x, int y, const char *dir, int to) {
  put(p, DRAWN_LINE, 0, 0, 0, 0, str_fmt(p->mem, "M%d %d%s%d", x, y, dir, to));
}
static int act_y(const struct planning *p, size_t state, size_t act) {
  return p->bands[state].middle + (int)act * ACT_H;
}

/* ---- measuring ---- */

static int wide(struct str s) { return system_draw_cells(s) * CELL; }
static void measure(struct planning *p) {
  int y = EDGE;
  p->box_w = BOX_W_LEAST;
  for (size_t i = 0; i < p->all->len; i++) {
    const struct drawn_state *s = &p->all->at[i];
    const int lines = s->acts.len > 1 ? (int)s->acts.len - 1 : 0;
    if (wide(s->label) + 2 * PAD > p->box_w) p->box_w = wide(s->label) + 2 * PAD;
    p->bands[i] = (struct band){y, y + ENTRY_H + BOX_H / 2, ENTRY_H + BOX_H + lines * ACT_H};
    y += p->bands[i].height + BAND_GAP;
  }
  p->act_x = EDGE + p->box_w + ACT_GAP;
  p->lane_x = p->act_x;
  vec_each(const struct drawn_state, s, p->all)
    vec_each(const struct drawn_act, a, &s->acts)
      if (p->act_x + wide(a->label) + PAD > p->lane_x) p->lane_x = p->act_x + wide(a->label) + PAD;
  p->out->height = y;
}
/* Every lane from the first to the last line that joins it, and to its own state. */
static void stretch(struct planning *p) {
  for (size_t i = 0; i < p->all->len; i++)
    for (size_t k = 0; k < p->all->at[i].acts.len; k++)
      vec_each(const struct drawn_case, c, &p->all->at[i].acts.at[k].cases) {
        if (c->state == DRAWN_SAME || c->state == i) continue;
        int *end = &p->ends[2 * c->state];
        const int y = act_y(p, i, k), entry = p->bands[c->state].top + ENTRY_H / 2;
        if (!end[0]) end[0] = end[1] = entry;
        if (y < end[0]) end[0] = y;
        if (y > end[1]) end[1] = y;
      }
}
/* The shortest lane stands nearest. */
static void order_lanes(struct planning *p) {
  const size_t n = p->all->len;
  int x = p->lane_x;
  for (size_t done = 0; done < n; done++) {
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
      if (!p->ends[2 * i] || p->lanes[i]) continue;
      if (best == n || p->ends[2 * i + 1] - p->ends[2 * i] < p->ends[2 * best + 1] - p->ends[2 * best]) best = i;
    }
    if (best == n) break;
    p->lanes[best] = x += LANE_W;
  }
  p->out->width = x + LANE_W + EDGE;
}

/* ---- drawing ---- */

static void draw_act(const struct planning *p, size_t state, size_t k) {
  const struct drawn_act *a = &p->all->at[state].acts.at[k];
  const int y = act_y(p, state, k), from = p->act_x + wide(a->label) + PAD / 2;
  int far = 0;
  line(p, EDGE + p->box_w + (k ? STEM : 0), y, "H", p->act_x - 4);
  put(p, DRAWN_ACT, p->act_x, y, 0, 0, a->label);
  vec_each(const struct drawn_case, c, &a->cases) {
    if (c->state == DRAWN_SAME || c->state == state) continue;
    if (p->lanes[c->state] > far) far = p->lanes[c->state];
    put(p, DRAWN_DOT, p->lanes[c->state], y, DOT, 0, STR(""));
  }
  if (far) line(p, from, y, "H", far);
}
static void draw_state(const struct planning *p, size_t i) {
  const struct drawn_state *s = &p->all->at[i];
  const struct band *b = &p->bands[i];
  const int x = EDGE, y = b->middle - BOX_H / 2, entry = b->top + ENTRY_H / 2, in = x + p->box_w / 2;
  put(p, !i ? DRAWN_START : s->is_end ? DRAWN_END : DRAWN_BOX, x, y, p->box_w, BOX_H, STR(""));
  put(p, DRAWN_LABEL, x + p->box_w / 2, b->middle, 0, 0, s->label);
  if (s->acts.len > 1) line(p, x + p->box_w + STEM, b->middle, "V", act_y(p, i, s->acts.len - 1));
  for (size_t k = 0; k < s->acts.len; k++) draw_act(p, i, k);
  if (!p->lanes[i]) return;
  line(p, p->lanes[i], p->ends[2 * i], "V", p->ends[2 * i + 1]);
  put(p, DRAWN_LINE, 0, 0, 0, 0, str_fmt(p->mem, "M%d %dH%dV%d", p->lanes[i], entry, in, y - 1));
  put(p, DRAWN_HEAD, 0, 0, 0, 0, str_fmt(p->mem, "M%d %dl%d %dh%dz", in, y, -HEAD, -HEAD - 2, 2 * HEAD));
}
void system_draw_plan(struct arena *mem, const drawn_states *all, struct drawn_plan *out) {
  struct planning p = {.mem = mem, .all = all, .out = out};
  *out = (struct drawn_plan){0};
  p.bands = arena_new_n(mem, struct band, all->len);
  p.lanes = arena_new_n(mem, int, all->len);
  p.ends = arena_new_n(mem, int, 2 * all->len);
  measure(&p);
  stretch(&p);
  order_lanes(&p);
  for (size_t i = 0; i < all->len; i++) draw_state(&p, i);
}
