/* The search that reads a slipped stretch of GBK text.
 *
 * What is seen (tokens) was decoded from bytes; the true text is another pairing of almost the same bytes. A state
 * is where the reading stands between two bytes: in step with the tokens, or holding one byte - known or lost - that
 * waits for its second. Each token feeds its bytes; a `?` feeds a byte whose value is lost; between two
 * tokens a pair of the user-defined area may have vanished whole; half-width marks may have been a full-width one (A3
 * and the mark). Every character made costs what the model says.
 *
 * Beam search over these states (Lowerre 1976), cheapest way per state kept with its margin: by how much the best way
 * with any other text was worse (as in soft-output Viterbi, Hagenauer and Hoeher 1989). The margin is what tells a unique
 * reading from a guess. Work is bounded by the beam's width and by a budget for the whole text. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "engine/plan/repair_shift.h"

enum { BEAM_WIDTH = 16, BEAM_COST = 16 * COST_BIT, CHAR_COST_MAX = 30 * COST_BIT, MARGIN_MAX = 1000 * COST_BIT };
enum {
  COST_LOST_BYTE = 5 * COST_BIT,
  COST_LOST_PAIR = COST_BIT / 2,
  COST_WIDE_MARK = 0,
  COST_SLIPPED = 0,
  COST_TORN = 2 * COST_BIT,
  COST_TORN_FREE = 14 * COST_BIT,
  COST_STAR = 3 * COST_BIT,
  COST_PLAIN_QUESTION = 16 * COST_BIT,
  COST_PLAIN_TORN = 40 * COST_BIT,
  COST_FOREIGN = 20 * COST_BIT,
  COST_DROPPED = 16 * COST_BIT,
};

enum { GHOST = 0xFFFD, COST_GHOST = 3 * COST_BIT + 2 };

/* The byte that waits: none, known, lost, or lost as the second byte of a pair that vanished. */
enum wait { WAIT_NONE, WAIT_KNOWN, WAIT_LOST, WAIT_VANISHED };

/* How the last step of a way came about. A step is written down only when its state stays (settle). */
enum how { HOW_SETTLED, HOW_KEPT, HOW_SILENT, HOW_MADE, HOW_GUESSED };

struct state {
  uint32_t left;      /* last character of the true text */
  uint8_t wait, byte; /* KNOWN: the byte; VANISHED: the first byte of the pair */
  uint8_t how;        /* of the step that is not written down yet */
  uint8_t ascii;      /* that its character set free */
  uint32_t c;         /* its character */
  int cost, margin;
  int32_t node; /* last step of the way here that is written down */
};
struct step {
  int32_t before;
  uint32_t c; /* character made; 0 = the token as it stands, or nothing when it is `silent` */
  int32_t token;
  bool silent;
  bool guessed; /* one of its bytes was lost */
};

/* Where a character leaves the reading: what waits behind it, and the ASCII character that its pair set free. */
struct after {
  uint8_t wait, byte, ascii;
};
static const struct after in_step = {0};

/* What a lost byte may have been: the list for the byte that is known. */
struct choice {
  enum list_kind kind;
  unsigned byte;
  int extra;
  struct after after;
};

/* States of one round that wait for the same (find_groups). */
struct group {
  uint32_t round;
  int32_t leader;    /* in now */
  int first, second; /* the least costs, with what the left one adds */
};

/* A choice of a group whose cheap characters are still to be tried. */
struct cheap {
  int32_t leader;
  struct choice choice;
};

enum { SLOTS = 2048, WAITS = 4, STATES_ROOM = 256 };
struct search {
  struct model *m;
  const tokens *list;
  struct arena *mem;
  VEC(struct step) steps;
  VEC(struct state) now, next;
  struct {
    uint32_t round;
    int32_t at;
  } slots[SLOTS];                  /* state key -> index in next, of this round */
  struct group groups[WAITS << 8]; /* by what is waited for */
  VEC(struct cheap) cheap;         /* put off to the end of the round */
  uint16_t known_at[IDS];          /* ids that are known behind the character at hand have its mark (mark_new) */
  uint16_t mark;
  uint32_t round;
  int best_next;
  int64_t budget;
  int32_t token; /* being read */
};

static bool same_state(const struct state *a, const struct state *b) {
  return a->left == b->left && a->wait == b->wait && a->byte == b->byte;
}

/* The step before the last one of the way. */
static int32_t before_last(const struct search *s, const struct state *st) {
  return st->how != HOW_SETTLED ? st->node : st->node >= 0 ? s->steps.at[st->node].before : -1;
}

static bool is_silent(const struct search *s, const struct state *st) {
  return st->how != HOW_SETTLED ? st->how == HOW_SILENT : st->node >= 0 && s->steps.at[st->node].silent;
}

/* Two readings of one syllable can give the same byte: no other text. */
static bool same_text(const struct search *s, const struct state *a, const struct state *b) {
  if (a->how == HOW_SETTLED && b->how == HOW_SETTLED && a->node == b->node) return true;
  return is_silent(s, a) && is_silent(s, b) && before_last(s, a) == before_last(s, b);
}

/* Adds a state or joins it with its equal: the cheaper stays and remembers how much worse the other was. */
static void add(struct search *s, const struct state *st) {
  s->budget--;
  if (st->cost > s->best_next + BEAM_COST) return;
  if (st->cost < s->best_next) s->best_next = st->cost;
  uint32_t h = (st->left * 31u + st->wait * 7u + st->byte) * 2654435761u >> 21 & (SLOTS - 1);
  for (uint32_t tries = 0; tries < 64; tries++, h = (h + 1) & (SLOTS - 1)) {
    if (s->slots[h].round != s->round) {
      s->slots[h].round = s->round;
      s->slots[h].at = (int32_t)s->next.len;
      vec_push(s->mem, &s->next) = *st;
      return;
    }
    struct state *other = &s->next.at[s->slots[h].at];
    if (!same_state(other, st)) continue;
    const bool is_better = st->cost < other->cost;
    const int gap = same_text(s, other, st) ? MARGIN_MAX : is_better ? other->cost - st->cost : st->cost - other->cost;
    if (is_better) *other = *st;
    if (gap < other->margin) other->margin = gap;
    return;
  }
  vec_push(s->mem, &s->next) = *st; /* crowded: kept apart, only the margin is less sharp */
}

static int32_t write_step(struct search *s, struct step step) {
  step.token = s->token;
  vec_push(s->mem, &s->steps) = step;
  return (int32_t)s->steps.len - 1;
}

/* Writes the last step down: most states are gone by then. */
static void settle(struct search *s, struct state *st) {
  if (st->how == HOW_SETTLED) return;
  st->node = write_step(
      s, (struct step){
             .before = st->node, .c = st->c, .silent = st->how == HOW_SILENT, .guessed = st->how == HOW_GUESSED});
  if (st->ascii) st->node = write_step(s, (struct step){.before = st->node, .c = st->ascii});
  st->how = HOW_SETTLED;
}

/* Pairs that show nothing: those without a character and those of the user-defined areas. */
static bool vanishes(unsigned a, unsigned b) { return b >= GBK_TRAIL_FIRST && b != 0x7F && !shown_char(a, b); }

static bool is_near(const struct search *s, const struct state *from, int extra) {
  return from->cost + extra <= s->best_next + BEAM_COST;
}

static void make_char(struct search *s, const struct state *from, uint32_t c, int extra, struct after after) {
  const bool is_guess = from->wait >= WAIT_LOST || after.wait == WAIT_VANISHED || extra == COST_LOST_BYTE;
  if (!is_near(s, from, extra)) return; /* whatever the character costs */
  if (!c) return;
  s->budget--;
  const int cost = model_cost(s->m, from->left, c);
  if (cost > CHAR_COST_MAX || !is_near(s, from, cost + extra)) return;
  add(s, &(struct state){.left = after.ascii ? after.ascii : c,
                         .wait = after.wait,
                         .byte = after.byte,
                         .how = is_guess ? HOW_GUESSED : HOW_MADE,
                         .ascii = after.ascii,
                         .c = c,
                         .cost = from->cost + cost + extra,
                         .margin = from->margin,
                         .node = from->node});
}

static void try_one(struct search *s, const struct state *from, uint32_t c, unsigned code, int extra,
                    struct after after) {
  if (from->wait == WAIT_VANISHED && !vanishes(from->byte, code >> 8)) return;
  if (after.wait == WAIT_VANISHED) after.byte = (uint8_t)code;
  make_char(s, from, c, extra, after);
}

/* ---- lists of characters ---- */

static struct group *group_of(struct search *s, const struct state *st) {
  return &s->groups[(size_t)(st->wait << 8 | st->byte) % COUNT_OF(s->groups)];
}

/* States that wait for the same meet the same characters. Behind the last character of each, a character never seen
 * there costs what it costs alone, and a little for the last one: so only the way from the cheapest of them counts,
 * and the next one says how much worse any other is. */
static void find_groups(struct search *s) {
  for (size_t i = 0; i < s->now.len; i++) {
    const struct state *st = &s->now.at[i];
    const int cost = st->cost + model_left_cost(s->m, st->left);
    struct group *g = group_of(s, st);
    if (g->round != s->round) *g = (struct group){s->round, (int32_t)i, cost, MARGIN_MAX * 4};
    else if (cost < g->first) g->second = g->first, g->first = cost, g->leader = (int32_t)i;
    else if (cost < g->second) g->second = cost;
  }
}

/* The character behind those of the group that never saw it there. */
static void try_unknown(struct search *s, const struct state *leader, const struct candidate *c,
                        const struct choice *ch) {
  vec_each(const struct state, from, &s->now)
    if (from->wait == leader->wait && from->byte == leader->byte && !model_knows(s->m, from->left, c->c))
      try_one(s, from, c->c, (unsigned)c->lead << 8 | c->trail, ch->extra, ch->after);
}

/* Forgets all marks. */
static void mark_new(struct search *s) {
  if (++s->mark) return;
  memset(s->known_at, 0, sizeof s->known_at);
  s->mark = 1;
}
static inline void mark_row(struct search *s, struct row row) {
  for (uint32_t i = 0; i < row.len; i++) s->known_at[row.right[i]] = s->mark;
}
static bool is_known(const struct search *s, uint32_t id) { return s->known_at[id] == s->mark; }

/* All of the list that are cheap enough behind a character that never had them, from the leader of a group. */
static void try_cheap(struct search *s, const struct state *from, const struct choice *ch) {
  const struct group *g = group_of(s, from);
  const int left = model_left_cost(s->m, from->left), base = left + ch->extra;
  const bool is_guess = from->wait >= WAIT_LOST || ch->after.wait == WAIT_VANISHED || ch->extra == COST_LOST_BYTE;
  mark_new(s);
  mark_row(s, model_own_row(s->m, from->left));
  mark_row(s, model_word_row(s->m, from->left));
  for (size_t i = 0;; i++) {
    const struct candidate *c =
        model_candidate(s->m, ch->kind, ch->byte, i, s->best_next + BEAM_COST - from->cost - base);
    if (!c) break;
    s->budget--;
    if (c->is_mark || is_known(s, c->id)) {
      try_unknown(s, from, c, ch);
      continue;
    }
    if (c->cost + left > CHAR_COST_MAX) break;
    if (from->wait == WAIT_VANISHED && !vanishes(from->byte, c->lead)) continue;
    const int gap = g->second + ch->extra + c->cost > s->best_next + BEAM_COST ? MARGIN_MAX : g->second - g->first;
    add(s, &(struct state){.left = ch->after.ascii ? ch->after.ascii : c->c,
                           .wait = ch->after.wait,
                           .byte = ch->after.wait == WAIT_VANISHED ? c->trail : ch->after.byte,
                           .how = is_guess ? HOW_GUESSED : HOW_MADE,
                           .ascii = ch->after.ascii,
                           .c = c->c,
                           .cost = from->cost + base + c->cost,
                           .margin = gap < from->margin ? gap : from->margin,
                           .node = from->node});
  }
}

static void try_forms(struct search *s, const struct state *from, const struct choice *ch, uint32_t id) {
  const unsigned shift = ch->kind == BY_TRAIL ? 0 : 8, mask = 0xFFu << shift, wanted = ch->byte << shift;
  const struct form *end, *f = model_forms(s->m, id, &end);
  for (; f < end; f++)
    if ((f->code & mask) == wanted && (ch->kind != BY_LEAD_VANISHING || may_vanish(f->code & 0xFF)))
      try_one(s, from, f->c, f->code, ch->extra, ch->after);
}

/* Most ids have no form with the byte: that is told at once. */
static inline void try_id(struct search *s, const struct state *from, const struct choice *ch, uint32_t id) {
  if (s->m->words->form_bytes[ch->kind == BY_TRAIL][id] >> (ch->byte & 31) & 1) try_forms(s, from, ch, id);
}

/* All of the list that were seen behind the last character: in the document alone, then in the words. */
static void try_seen(struct search *s, const struct state *from, const struct choice *ch) {
  const struct row own = model_own_row(s->m, from->left), words = model_word_row(s->m, from->left);
  mark_new(s);
  mark_row(s, words);
  for (uint32_t i = own.len; i-- > 0;)
    if (!is_known(s, own.right[i])) try_id(s, from, ch, own.right[i]);
  for (uint32_t i = words.len; i-- > 0;) try_id(s, from, ch, words.right[i]);
}

/* The cheap ones wait until the dear ones that were seen have shown how cheap they must be. */
static void try_list(struct search *s, const struct state *from, struct choice choice) {
  if (!is_near(s, from, choice.extra)) return;
  const int32_t leader = group_of(s, from)->leader;
  if (from == &s->now.at[leader]) vec_push(s->mem, &s->cheap) = (struct cheap){leader, choice};
  try_seen(s, from, &choice);
}

/* The waiting byte meets a known second byte. */
static void close_pair(struct search *s, const struct state *from, unsigned trail, int extra, struct after after) {
  if (from->wait == WAIT_KNOWN) make_char(s, from, shown_char(from->byte, trail), extra, after);
  else try_list(s, from, (struct choice){BY_TRAIL, trail, extra, after});
}

/* Two bytes a, b arrive while one waits; a second byte below 81 is an ASCII character by itself. */
static void feed_pair(struct search *s, const struct state *from, unsigned a, unsigned b, int extra) {
  if (b >= 0x81) close_pair(s, from, a, extra, (struct after){.wait = WAIT_KNOWN, .byte = (uint8_t)b});
  else close_pair(s, from, a, extra + COST_FOREIGN, (struct after){.ascii = (uint8_t)b});
}

/* The token stands as it is. */
static void keep(struct search *s, const struct state *from, uint32_t c, int cost) {
  struct state st = *from;
  if (c) st.left = c;
  st.cost += cost;
  st.how = HOW_KEPT, st.c = 0, st.ascii = 0;
  add(s, &st);
}

static void wait_for(struct search *s, const struct state *from, uint8_t wait, uint8_t byte, int cost) {
  struct state st = *from;
  st.wait = wait, st.byte = byte;
  st.cost += cost;
  st.how = HOW_SILENT, st.c = 0, st.ascii = 0;
  add(s, &st);
}

/* ---- tokens ---- */

static void read_pair(struct search *s, const struct state *from, const struct token *t) {
  const unsigned a = t->code >> 8, b = t->code & 0xFF;
  if (from->wait != WAIT_NONE) {
    feed_pair(s, from, a, b, COST_SLIPPED);
    return;
  }
  const bool is_private = t->c >= 0xE000 && t->c <= 0xF8FF;
  const int cost = is_private ? CHAR_COST_MAX : model_cost(s->m, from->left, t->c);
  keep(s, from, t->c, cost > CHAR_COST_MAX ? CHAR_COST_MAX : cost);
}

/* A mark that was full width: A3 and the mark with its high bit. */
static void read_wide_mark(struct search *s, const struct state *from, uint32_t c) {
  if (c > 0x20 && c < 0x7F && from->wait != WAIT_NONE) feed_pair(s, from, 0xA3, c | 0x80, COST_WIDE_MARK);
}

static void read_ascii(struct search *s, const struct state *from, const struct token *t) {
  if (from->wait == WAIT_NONE) {
    keep(s, from, t->c, t->c == '\n' ? 0 : model_cost(s->m, from->left, t->c));
    return;
  }
  if (t->c >= GBK_TRAIL_FIRST) close_pair(s, from, t->c, COST_SLIPPED, in_step);
  read_wide_mark(s, from, t->c);
}

/* The byte before the token, as far as it is known: 0 = lost. */
static unsigned byte_before(const struct search *s, const struct state *from) {
  if (from->wait == WAIT_KNOWN) return from->byte;
  if (from->wait != WAIT_NONE || s->token == 0) return 0;
  const struct token *t = &s->list->at[s->token - 1];
  return t->kind == TOKEN_PAIR ? t->code & 0xFF : 0;
}

/* `?yin)`: the syllable names the false pair whose second byte is lost, so it gives the byte. */
static void read_torn(struct search *s, const struct state *from, const struct token *t) {
  const unsigned before = byte_before(s, from);
  const reading_list *readings = model_readings(s->m);
  vec_each(const struct reading, r, readings) {
    if (r->hash != t->hash) continue;
    const unsigned code = gbk_code(r->c), a = code >> 8, b = code & 0xFF;
    if (!code || (before && before != a)) continue;
    if (from->wait == WAIT_NONE && before && b >= 0x81) wait_for(s, from, WAIT_KNOWN, (uint8_t)b, COST_TORN);
    else if (from->wait == WAIT_KNOWN || from->wait == WAIT_LOST ||
             (from->wait == WAIT_VANISHED && vanishes(from->byte, a)))
      make_char(s, from, r->c, COST_TORN, in_step);
  }
  if (from->wait == WAIT_NONE) {
    wait_for(s, from, WAIT_LOST, 0, COST_TORN_FREE);
    keep(s, from, ')', COST_PLAIN_TORN);
  }
}

/* A character that left no trace and that nothing names: it can only spoil a reading, never make one. */
static void add_ghost(struct search *s, const struct state *from, uint8_t wait) {
  struct state ghost = *from;
  ghost.left = GHOST, ghost.wait = wait, ghost.byte = 0, ghost.cost += COST_GHOST;
  ghost.how = HOW_MADE, ghost.c = GHOST, ghost.ascii = 0;
  add(s, &ghost);
}

static void add_follower(struct search *s, const struct state *from, const struct form *f, bool ends_here) {
  const unsigned a = f->code >> 8, b = f->code & 0xFF;
  if (from->wait == WAIT_VANISHED && !vanishes(from->byte, a)) return;
  if (ends_here) make_char(s, from, f->c, COST_LOST_BYTE, in_step);
  else if (may_vanish(b)) make_char(s, from, f->c, COST_LOST_PAIR, (struct after){WAIT_VANISHED, (uint8_t)b, 0});
}

/* The character behind the last has lost both bytes: only one that the document itself shows there is tried. */
static void add_followers(struct search *s, const struct state *from, bool ends_here) {
  if (!is_han(from->left) || !model_has(s->m, from->left)) return;
  const struct row own = model_own_row(s->m, from->left);
  for (uint32_t i = own.len; i-- > 0;) {
    const struct form *end, *f = model_forms(s->m, own.right[i], &end);
    for (; f < end; f++)
      if (is_han(f->c) && model_has(s->m, f->c)) add_follower(s, from, f, ends_here);
  }
}

/* A byte whose value is lost comes second. */
static void close_with_lost(struct search *s, const struct state *from) {
  if (from->wait == WAIT_KNOWN) {
    try_list(s, from, (struct choice){BY_LEAD, from->byte, COST_LOST_BYTE, in_step});
    return;
  }
  add_followers(s, from, true);
  add_ghost(s, from, WAIT_NONE);
}

static void read_question(struct search *s, const struct state *from) {
  if (from->wait == WAIT_NONE) {
    keep(s, from, '?', COST_PLAIN_QUESTION);
    wait_for(s, from, WAIT_LOST, 0, COST_LOST_BYTE);
    return;
  }
  close_with_lost(s, from);
  read_wide_mark(s, from, '?');
}

/* A pair vanished: its first byte closes the waiting one, its second waits. When two vanish in a row the character
 * between them has left no byte at all; only one that the document itself shows behind the last is tried. */
static void read_lost_pair(struct search *s, const struct state *from) {
  if (from->wait == WAIT_KNOWN)
    try_list(s, from, (struct choice){BY_LEAD_VANISHING, from->byte, COST_LOST_PAIR, {.wait = WAIT_VANISHED}});
  if (from->wait < WAIT_LOST) return;
  add_followers(s, from, false);
  add_ghost(s, from, WAIT_LOST);
}

static void read_token(struct search *s, const struct state *from, const struct token *t) {
  switch ((enum token_kind)t->kind) {
    case TOKEN_PAIR: read_pair(s, from, t); break;
    case TOKEN_ASCII: read_ascii(s, from, t); break;
    case TOKEN_QUESTION: read_question(s, from); break;
    case TOKEN_TORN: read_torn(s, from, t); break;
    case TOKEN_READING:
      if (from->wait == WAIT_NONE) keep(s, from, 0, 0);
      else wait_for(s, from, from->wait, from->byte, 0);
      break;
    case TOKEN_OTHER:
      if (from->wait == WAIT_NONE) keep(s, from, t->c, COST_FOREIGN);
      break;
  }
}

/* ---- rounds ---- */

/* The cost at which a state is cut off: a histogram finds where the beam is full. */
static int find_limit(const struct search *s) {
  uint32_t histogram[BEAM_COST + 1] = {0};
  if (s->next.len <= BEAM_WIDTH) return BEAM_COST + 1;
  vec_each(struct state, st, &s->next)
    if (st->cost <= s->best_next + BEAM_COST) histogram[st->cost - s->best_next]++;
  uint32_t kept = 0;
  int limit = 0;
  while (limit <= BEAM_COST && kept + histogram[limit] <= BEAM_WIDTH) kept += histogram[limit++];
  return limit;
}

/* Ends the round: keeps the cheapest states, the best of them first: what it leads to tells early what is too costly. */
static void end_round(struct search *s) {
  vec_each(const struct cheap, c, &s->cheap) try_cheap(s, &s->now.at[c->leader], &c->choice);
  s->cheap.len = 0;
  const int limit = find_limit(s);
  s->now.len = 0;
  vec_each(struct state, st, &s->next) {
    if (st->cost - s->best_next >= limit) continue;
    settle(s, st);
    vec_push(s->mem, &s->now) = *st;
    if (st->cost >= s->now.at[0].cost) continue;
    vec_last(&s->now) = s->now.at[0];
    s->now.at[0] = *st;
  }
  s->next.len = 0;
}

static void begin_round(struct search *s) {
  s->round++;
  find_groups(s);
  s->best_next = MARGIN_MAX * 4;
}

static bool reads_lost(const struct state *st, enum wait wait) {
  return st->wait == wait || (wait == WAIT_LOST && st->wait == WAIT_VANISHED);
}
static bool any_reads(const struct search *s, enum wait wait) {
  vec_each(const struct state, st, &s->now)
    if (reads_lost(st, wait)) return true;
  return false;
}

/* Vanished pairs before the token: the states that result read the token, too. */
static void open_lost_pairs(struct search *s, enum wait wait) {
  const size_t n = s->now.len;
  if (!any_reads(s, wait)) { /* then all states stay as they are, which is counted as work like any other */
    s->budget -= (int64_t)n;
    return;
  }
  begin_round(s);
  for (size_t i = 0; i < n; i++) add(s, &s->now.at[i]);
  for (size_t i = 0; i < n; i++)
    if (reads_lost(&s->now.at[i], wait)) read_lost_pair(s, &s->now.at[i]);
  end_round(s);
}

static bool any_waits(const struct search *s) {
  vec_each(const struct state, st, &s->now)
    if (st->wait != WAIT_NONE) return true;
  return false;
}

/* May a byte be lost here? */
static bool may_slip(const struct token *t) { return t->kind == TOKEN_QUESTION || t->kind == TOKEN_TORN; }

/* One state is left, in step, and a character of the text stands as it was: when nothing is lost behind it, all that
 * follows stands, too, and costs the same mended or not. */
static bool is_over(const struct search *s, size_t next, size_t sound) {
  const struct state *st = s->now.at;
  if (s->now.len != 1 || next <= sound || st->wait != WAIT_NONE || st->node < 0) return false;
  const struct step *step = &s->steps.at[st->node];
  return !step->c && !step->silent && st->left == s->list->at[next - 1].c;
}

/* Reads token after token; how many it took, 0 when the budget is used up or no way goes on. */
static size_t run(struct search *s, uint32_t left) {
  size_t sound = s->list->len; /* from here on no byte is lost */
  while (sound && !may_slip(&s->list->at[sound - 1])) sound--;
  vec_push(s->mem, &s->now) = (struct state){.left = left, .margin = MARGIN_MAX, .node = -1};
  for (size_t i = 0; i < s->list->len; i++) {
    const struct token *t = &s->list->at[i];
    s->token = (int32_t)i;
    if (s->budget <= 0) return 0;
    if (is_over(s, i, sound)) return i;
    if (any_waits(s) && t->kind != TOKEN_READING && t->kind != TOKEN_TORN) {
      open_lost_pairs(s, WAIT_KNOWN);
      open_lost_pairs(s, WAIT_LOST);
    }
    begin_round(s);
    vec_each(struct state, st, &s->now) read_token(s, st, t);
    end_round(s);
    if (s->now.len == 0) return 0;
  }
  return s->list->len;
}

/* ---- the result ---- */

/* A star swallowed by the byte before it: placeholders are written with two. */
static bool swallowed_star(const tokens *list, int32_t token) {
  const size_t next = (size_t)token + 1;
  if (list->at[token].kind != TOKEN_QUESTION || next >= list->len || list->at[next].c != '*') return false;
  return next + 1 >= list->len || list->at[next + 1].c != '*';
}

static void add_piece(struct search *s, struct str text, struct span at, struct buf *made, pieces *out) {
  if (at.end > at.at && !str_eq(buf_view(made), str_slice(text, at.at, at.end)))
    vec_push(s->mem, out) = (struct piece){at, str_dup(s->mem, buf_view(made))};
  buf_clear(made);
}

/* The stretches of tokens that did not stay as they were, with what they became. */
static void way_pieces(struct search *s, struct str text, const struct state *end, pieces *out, int *out_made) {
  VEC(int32_t) way = {0};
  for (int32_t n = end->node; n >= 0; n = s->steps.at[n].before) vec_push(s->mem, &way) = n;
  AUTO_BUF made = BUF_MAX(PLAN_FILE_MAX);
  struct span at = {0, 0};
  for (size_t i = way.len; i-- > 0;) {
    const struct step *st = &s->steps.at[way.at[i]];
    *out_made += st->c != 0;
    const struct span token = s->list->at[st->token].at;
    if (!st->c && !st->silent) {
      add_piece(s, text, at, &made, out);
      at = (struct span){token.end, token.end};
      continue;
    }
    if (at.end == at.at) at.at = token.at;
    at.end = token.end;
    char bytes[4];
    if (st->c) buf_add(&made, bytes, utf8_put(bytes, st->c));
    if (st->c && swallowed_star(s->list, st->token)) buf_byte(&made, '*');
  }
  add_piece(s, text, at, &made, out);
}

/* The true character of a step: what it made, or the token it let stand. */
static uint32_t char_of(const struct search *s, const struct step *st) {
  if (st->silent) return 0;
  return st->c ? st->c : s->list->at[st->token].c;
}

/* Walks the way backwards: a guessed character must know one of its neighbours, or be a mark. */
static bool guesses_known(const struct search *s, const struct state *end, uint32_t left) {
  uint32_t right = 0;
  for (int32_t n = end->node; n >= 0; n = s->steps.at[n].before) {
    const struct step *st = &s->steps.at[n];
    const uint32_t c = char_of(s, st);
    if (c == GHOST) return false;
    if (!c) continue;
    if (st->c && !model_is_mark(s->m, c) &&
        (st->guessed || !model_is_common(s->m, c))) { /* a mark beside it proves nothing */
      uint32_t before = 0;
      for (int32_t k = st->before; k >= 0 && !before; k = s->steps.at[k].before) before = char_of(s, &s->steps.at[k]);
      if (!before) before = left;
      const bool knows_left = !model_is_mark(s->m, before) && model_knows(s->m, before, c);
      if (!knows_left && !model_is_everywhere(s->m, c) &&
          !(right && !model_is_mark(s->m, right) && model_knows(s->m, c, right)))
        return false;
    }
    right = c;
  }
  return true;
}

static int cost_as_is(struct model *m, const tokens *list, size_t count, uint32_t left) {
  int cost = 0;
  for (const struct token *t = list->at; t < list->at + count; t++) {
    if (t->kind == TOKEN_QUESTION) cost += COST_PLAIN_QUESTION;
    if (t->kind == TOKEN_TORN) cost += COST_PLAIN_TORN;
    if (t->kind == TOKEN_OTHER) cost += COST_FOREIGN;
    if (t->kind == TOKEN_PAIR || (t->kind == TOKEN_ASCII && t->c != '\n')) {
      const int one = t->c >= 0xE000 && t->c <= 0xF8FF ? CHAR_COST_MAX : model_cost(m, left, t->c);
      cost += one > CHAR_COST_MAX ? CHAR_COST_MAX : one;
    }
    if (t->kind == TOKEN_QUESTION) left = '?';
    else if (t->kind == TOKEN_TORN) left = ')';
    else if (t->kind != TOKEN_READING) left = t->c;
  }
  return cost;
}

struct search *search_make(struct arena *mem, struct model *m) {
  struct search *s = arena_new(mem, struct search);
  s->mem = mem, s->m = m;
  s->next.cap = STATES_ROOM;
  s->next.at = arena_new_n(mem, struct state, s->next.cap);
  return s;
}

bool shift_search(struct search *s, struct str text, const tokens *list, uint32_t left, int64_t *io_budget,
                  struct shift_result *out) {
  s->list = list, s->budget = *io_budget;
  s->steps.len = s->now.len = s->next.len = s->cheap.len = 0;
  const size_t count = run(s, left);
  *io_budget = s->budget;
  *out = (struct shift_result){0};
  if (!count) return s->budget > 0;
  const struct state *best = NULL, *second = NULL;
  vec_each(const struct state, st, &s->now) {
    if (st->wait != WAIT_NONE) continue;
    if (!best || st->cost < best->cost) second = best, best = st;
    else if (!second || st->cost < second->cost) second = st;
  }
  if (!best) return true;
  way_pieces(s, text, best, &out->pieces, &out->made);
  out->gain = cost_as_is(s->m, list, count, left) - best->cost;
  out->margin = best->margin;
  out->is_known = guesses_known(s, best, left);
  if (second && second->cost - best->cost < out->margin) out->margin = second->cost - best->cost;
  return true;
}
