/* Deliverables: every 《…》 of an item, with the verb that governs it and whether the plan produces it (new) or builds
 * on it, and the documents that are named without marks behind a verb of making.
 *
 * Titles that follow one another (《A》《B》、《C》) are a chain and share verb and fate. What decides is a table of
 * rules, tried in order; each looks only at the clause around the chain: its words to the left, and what follows the last
 * 》. Promises: linear in the text (a clause is looked at over a bounded reach); never closed 《 end with the sentence. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/phrase.h"

#define LEX_HEAVY (LEX_BIT(verb_document) | LEX_BIT(verb_basis) | LEX_BIT(verb_use))
#define LEX_EITHER (LEX_VERBS | LEX_BIT(verb_shape))
enum { LEFT_MAX = 48, LINK_REACH = 48, TAIL_REACH = 120, MARKS_CHAIN_MAX = 64, CELLS_READ = 256 };

typedef VEC(struct span) mark_list; /* each with its 《 and 》 */

/* ---- the marks ---- */

static bool is_sentence_end(uint32_t c) { return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == '\t'; }

/* Outermost pairs of one stretch. An opened and never closed mark is dropped at the sentence's end; pairs inside stay. */
static void find_marks(const struct plan *p, struct span stretch, mark_list *out) {
  uint32_t open[PLAN_DEPTH_MAX];
  int depth = 0;
  for (const struct sign *s = sign_from(&p->signs, stretch.at); s->at < stretch.end; s++) {
    if (is_sentence_end(s->c)) depth = 0;
    if (s->c == 0x300A && depth < PLAN_DEPTH_MAX) open[depth++] = s->at;
    if (s->c != 0x300B || !depth) continue;
    depth--;
    while (out->len && vec_last(out).at > open[depth]) out->len--; /* nested ones belong to this title */
    vec_push(p->mem, out) = (struct span){open[depth], s->at + s->len};
  }
}

/* ---- the chain ---- */

struct chain {
  struct span at;              /* from the first 《 to the last 》 */
  struct span item;            /* the stretch it stands in */
  struct token left[LEFT_MAX]; /* words of verbs before it in the clause */
  size_t left_len;
  uint32_t left_at;           /* where the clause begins */
  uint32_t tail_at, tail_end; /* what follows in the clause, brackets and 等 passed over */
  bool tail_linked;           /* something is coordinated with it: 《A》及配套政策, 《A》等文件 */
  struct str last_title;
};
struct verdict {
  bool is_new;
  struct span action;
};

static bool text_at(const struct plan *p, uint32_t at, const char *word) {
  return str_starts(str_from(p->folded, at), str_of(word));
}

/* Past a link, 等 behind a list, or a mark: the words are data, the marks are not. */
static uint32_t past_link(const struct plan *p, uint32_t at, uint32_t to) {
  return past_word_of(p, at, to, LEX_BIT(list_link));
}
static uint32_t past_link_or(const struct plan *p, uint32_t at, uint32_t to, const char *mark) {
  const uint32_t linked = past_link(p, at, to);
  return linked == at && at < to && text_at(p, at, mark) ? at + (uint32_t)str_of(mark).len : linked;
}

static bool gap_links(const struct plan *p, struct span gap) {
  uint32_t at = skip_bracket(p, gap.at, gap.end);
  at = span_trim(p, (struct span){at, gap.end}).at;
  if (at >= gap.end) return true;
  const uint32_t linked = past_link(p, past_link_or(p, at, gap.end, "，"), gap.end); /* ，以及 */
  if (linked == at || gap.end - linked > LINK_REACH) return false;
  if (text_at(p, at, "，") && linked < gap.end) return false;
  struct word_walk w = word_walk(p, (struct span){linked, gap.end}, LEX_EITHER);
  struct token t;
  return clause_end(p, linked, gap.end) == gap.end && !word_next(&w, &t);
}

/* The words before the title only continue the clause before: nothing, or 包括, 含, 如. */
static bool goes_on(const struct plan *p, struct span words) {
  return !str_trim(plan_text(p, words)).len ||
         past_word_of(p, words.at, words.end, LEX_BIT(list_opens) | LEX_BIT(list_link)) != words.at;
}

static void read_left(const struct plan *p, struct chain *c) {
  c->left_at = clause_start(p, c->item.at, c->at.at);
  for (int back = 0; back < 2; back++) {
    struct word_walk w = word_walk(p, (struct span){c->left_at, c->at.at}, LEX_EITHER | LEX_BIT(adverb));
    struct token t;
    c->left_len = 0;
    while (c->left_len < LEFT_MAX && word_next(&w, &t))
      if (t.groups & LEX_EITHER) c->left[c->left_len++] = t;
    if (c->left_len || c->left_at <= c->item.at) return;
    /* 出台以下文件：《A》; 制定一批制度，包括《A》: the verb stands one clause further left */
    const uint32_t mark = (uint32_t)utf8_back(p->folded, c->left_at);
    const enum mark m = mark_at(p->folded, mark);
    if (m != MARK_COLON && (m != MARK_COMMA || !goes_on(p, (struct span){c->left_at, c->at.at}))) return;
    c->left_at = clause_start(p, c->item.at, mark);
  }
}

static void read_tail(const struct plan *p, struct chain *c) {
  c->tail_end = clause_end(p, c->at.end, c->item.end);
  uint32_t at = skip_bracket(p, c->at.end, c->tail_end);
  const uint32_t linked = past_link_or(p, at, c->tail_end, "等");
  c->tail_linked = linked != at;
  c->tail_at = linked;
}

/* ---- what the words around it say ---- */

static bool tells(const struct lex_word *w, const char *what) {
  return w && str_eqz(lex_value(w, LEX_deed_word), what);
}
static bool deed_before(const struct plan *p, uint32_t from, uint32_t end, const char *what) {
  const struct lex_word *w = lexicon_before(p->options.lexicon, p->folded, end, LEX_BIT(deed_word));
  return tells(w, what) && end - from >= w->text.len;
}

static bool is_relative(const struct plan *p, const struct chain *c, size_t i) {
  const struct span at = c->left[i].at;
  if (text_at(p, at.end, "的") || text_at(p, at.end, "了的")) return true; /* 省厅印发的《…》 */
  if (deed_before(p, c->left_at, at.at, "about")) return true;             /* 关于印发《…》的通知 */
  return deed_before(p, c->left_at, at.at, "newly");                       /* 新修订《…》 */
}

/* Words i and i+1 are one compound: they touch, or only 并 、 和 and adverbs stand between. */
static bool compound_gap(const struct plan *p, const struct chain *c, size_t i, bool *out_touch) {
  const struct span gap = {c->left[i].at.end, c->left[i + 1].at.at};
  *out_touch = gap.at >= gap.end;
  if (*out_touch) return true;
  uint32_t at = past_word_of(p, gap.at, gap.end, LEX_BIT(joiner));
  if (at == gap.at) return false;
  while (at < gap.end) {
    const struct lex_word *w = lexicon_at(p->options.lexicon, p->folded, at, LEX_BIT(adverb));
    if (!w || at + w->text.len > gap.end) return false;
    at += (uint32_t)w->text.len;
  }
  return true;
}

static size_t last_heavy(const struct plan *p, const struct chain *c) {
  for (size_t i = c->left_len; i > 0; i--)
    if ((c->left[i - 1].groups & LEX_HEAVY) && !is_relative(p, c, i - 1)) return i - 1;
  return c->left_len;
}

static bool is_adjacent(const struct plan *p, const struct chain *c) {
  if (!c->left_len) return false;
  const struct str gap = str_trim(str_slice(p->folded, c->left[c->left_len - 1].at.end, c->at.at));
  const struct lex_word *w = lexicon_at(p->options.lexicon, gap, 0, LEX_BIT(deed_word));
  return !gap.len || (w && w->text.len == gap.len && tells(w, "done"));
}

/* The word that makes the chain: the nearest heavy one when it makes, or one before it in a compound whose later parts are
 * what is done with the thing made (制定实施, 修订并印发). left_len when none. */
static size_t maker(const struct plan *p, const struct chain *c) {
  size_t i = last_heavy(p, c);
  while (i < c->left_len && !(c->left[i].groups & LEX_BIT(verb_document))) {
    bool touch = false;
    if (!i || !compound_gap(p, c, i - 1, &touch)) return c->left_len;
    if (touch && !(c->left[i].groups & LEX_BIT(verb_use))) return c->left_len; /* 研制贯彻落实《…》的举措 */
    i--;
  }
  return i;
}

static struct span compound_around(const struct plan *p, const struct chain *c, size_t i, lex_bits groups) {
  size_t from = i, to = i;
  bool touch;
  while (from > 0 && (c->left[from - 1].groups & groups) && compound_gap(p, c, from - 1, &touch) && touch) from--;
  while (to + 1 < c->left_len && (c->left[to + 1].groups & LEX_EITHER) && compound_gap(p, c, to, &touch)) to++;
  return (struct span){c->left[from].at.at, c->left[to].at.end};
}

/* A making verb right behind the chain: 做好《…》修订发布工作, 推动《…》尽快出台, 对《…》进行修订. */
static bool tail_maker(const struct plan *p, const struct chain *c, lex_bits groups, struct span *out) {
  uint32_t at = c->tail_at;
  for (int n = 0; n < 4 && at < c->tail_end; n++) {
    const struct lex_word *verb = lexicon_at(p->options.lexicon, p->folded, at, groups);
    if (verb && at + verb->text.len <= c->tail_end) {
      struct word_walk w = word_walk(p, (struct span){at, c->tail_end}, groups);
      struct token t;
      *out = (struct span){at, at};
      while (word_next(&w, &t) && t.at.at == out->end) out->end = t.at.end;
      return !tells(lexicon_at(p->options.lexicon, p->folded, out->end, LEX_BIT(deed_word)), "past");
    }
    const struct lex_word *adverb = lexicon_at(p->options.lexicon, p->folded, at, LEX_BIT(adverb));
    const uint32_t next =
        adverb ? at + (uint32_t)adverb->text.len : past_word_of(p, at, c->tail_end, LEX_BIT(verb_filler));
    if (next == at) return false;
    at = next;
  }
  return false;
}

static bool is_phrase_end(const struct plan *p, uint32_t at, uint32_t to) {
  if (at >= to || bracket_of(utf8_at(p->folded, at)) > 0 || text_at(p, at, "等")) return true;
  return past_word_of(p, at, to, LEX_BIT(list_link) | LEX_BIT(work_word)) != at;
}

/* 教育现代化2035: the title ends in a year. */
static bool ends_in_year(struct str s) {
  enum { DIGITS = 4 };
  if (s.len <= DIGITS || is_digit((unsigned char)s.at[s.len - DIGITS - 1])) return false;
  for (size_t i = s.len - DIGITS; i < s.len; i++)
    if (!is_digit((unsigned char)s.at[i])) return false;
  return s.at[s.len - DIGITS] == '1' || s.at[s.len - DIGITS] == '2';
}

static bool ends_as_document(const struct plan *p, struct str title) {
  return ends_in_year(title) ||
         lexicon_before(p->options.lexicon, title, title.len, LEX_BIT(document_head) | LEX_BIT(act_word)) != NULL;
}

/* What stands behind the 》 is the thing made: 制定《…》实施方案, 研制贯彻《…》的具体举措. */
static bool derived_tail(const struct plan *p, const struct chain *c) {
  if (c->tail_linked) return false;
  uint32_t at = c->tail_at;
  const lex_bits opens =
      LEX_BIT(verb_document) | LEX_BIT(verb_soft) | LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event);
  const struct lex_word *verb = lexicon_at(p->options.lexicon, p->folded, at, opens);
  if (verb) return false; /* 制定《…》明确工作举措: another clause without a comma */
  const uint32_t to = c->tail_end < at + TAIL_REACH ? c->tail_end : at + TAIL_REACH;
  struct word_walk w = word_walk(p, (struct span){at, to}, LEX_BIT(document_tail) | LEX_BIT(document_made_as));
  struct token t;
  while (word_next(&w, &t)) {
    if (!is_phrase_end(p, t.at.end, to)) continue;
    const bool names_kind = (t.groups & LEX_BIT(document_made_as)) && t.at.at == at;
    return !(names_kind && !ends_as_document(p, c->last_title));
  }
  return false;
}

/* ---- the rules ---- */

typedef bool rule_holds(const struct plan *p, const struct chain *c, struct span *io_action);

static bool in_frame(const struct plan *p, const struct chain *c, struct span *io_action) {
  if (is_adjacent(p, c)) return false;
  const struct str left = str_slice(p->folded, c->left_at, c->at.at);
  const struct lex_word *frame = lexicon_before(p->options.lexicon, left, left.len, LEX_BIT(frame_word));
  if (frame && !c->left_len) *io_action = (struct span){c->at.at - (uint32_t)frame->text.len, c->at.at};
  return frame != NULL;
}

static bool makes_another(const struct plan *p, const struct chain *c, struct span *io_action) {
  const size_t i = maker(p, c);
  if (i == c->left_len || !derived_tail(p, c)) return false;
  *io_action = compound_around(p, c, i, LEX_BIT(verb_document));
  return true;
}

static bool done_to(const struct plan *p, const struct chain *c, struct span *io_action) {
  const struct str left = str_slice(p->folded, c->left_at, c->at.at);
  return lexicon_before(p->options.lexicon, left, left.len, LEX_BIT(object_word)) &&
         tail_maker(p, c, LEX_BIT(verb_document) | LEX_BIT(verb_shape), io_action);
}

static bool made_behind(const struct plan *p, const struct chain *c, struct span *io_action) {
  const bool light = c->left_len && is_adjacent(p, c) && !(c->left[c->left_len - 1].groups & LEX_HEAVY);
  if (!light && last_heavy(p, c) < c->left_len) return false;
  return tail_maker(p, c, LEX_BIT(verb_document), io_action);
}

static bool made_before(const struct plan *p, const struct chain *c, struct span *io_action) {
  const size_t i = maker(p, c);
  if (i == c->left_len) return false;
  *io_action = compound_around(p, c, i, LEX_BIT(verb_document));
  const size_t last = c->left_len - 1;
  /* 出台政策推进《…》: a verb of effort right before it, no part of the compound, has it as its object */
  if (i < last && is_adjacent(p, c) && c->left[last].at.at >= io_action->end) return false;
  return true;
}

static bool shaped(const struct plan *p, const struct chain *c, struct span *io_action) {
  if (!c->left_len || !is_adjacent(p, c)) return false;
  const size_t last = c->left_len - 1;
  if (!(c->left[last].groups & LEX_BIT(verb_shape)) || (c->left[last].groups & LEX_HEAVY)) return false;
  if (c->tail_at < c->tail_end && !c->tail_linked) return false;
  *io_action = compound_around(p, c, last, LEX_BIT(verb_shape));
  return true;
}

static bool built_on(const struct plan *p, const struct chain *c, struct span *io_action) {
  const size_t i = last_heavy(p, c);
  struct span tail;
  if (i < c->left_len) *io_action = compound_around(p, c, i, LEX_BIT(verb_basis) | LEX_BIT(verb_use));
  else if (tail_maker(p, c, LEX_EITHER, &tail)) *io_action = tail; /* 做好《…》使用工作 */
  else if (c->left_len) *io_action = c->left[c->left_len - 1].at;
  return true;
}

static const struct {
  const char *why;
  rule_holds *holds;
  bool is_new;
} rules[] = {
    {"it is acted upon: 对《…》进行修订", done_to, true},
    {"it is a frame: 以《…》为依据", in_frame, false},
    {"something about it is made: 制定《…》实施方案", makes_another, false},
    {"the making verb stands behind it: 做好《…》修订", made_behind, true},
    {"the nearest verb that decides makes it: 研制出台《…》", made_before, true},
    {"a shaping verb has it as its object: 完善《…》。", shaped, true},
    {"nothing makes it: 贯彻落实《…》", built_on, false},
};

static struct verdict judge(const struct plan *p, const struct chain *c) {
  struct verdict v = {0};
  for (size_t i = 0; i < COUNT_OF(rules); i++) {
    v.action = (struct span){c->at.at, c->at.at};
    v.is_new = rules[i].is_new;
    if (rules[i].holds(p, c, &v.action)) break;
  }
  return v;
}

static enum stage stage_of(const struct plan *p, const struct verdict *v) {
  if (!v->is_new) return STAGE_BASIS;
  bool draft = false, made = false;
  struct word_walk w = word_walk(p, v->action, LEX_EITHER);
  struct token t;
  while (word_next(&w, &t)) {
    if (t.groups & LEX_BIT(verb_issue)) return STAGE_ISSUED;
    if (t.groups & LEX_BIT(verb_draft)) draft = true;
    else made |= (t.groups & LEX_BIT(verb_document)) != 0;
  }
  return draft && !made ? STAGE_DRAFT : STAGE_MADE;
}

/* ---- the passes over an item ---- */

static enum stage softened(const struct item *it, int32_t measure, enum stage stage) {
  const bool explores = measure != NO_INDEX && it->measures.at[measure].strength == STRENGTH_EXPLORE;
  return explores && stage == STAGE_MADE ? STAGE_DRAFT : stage;
}

static bool in_result_cell(const struct item *it, uint32_t at) {
  for (size_t i = 0; i < it->cells.len && i < CELLS_READ; i++) {
    const struct cell *c = &it->cells.at[i];
    if (c->role == CELL_RESULT && c->at.at <= at && at < c->at.end) return true;
  }
  return false;
}

static struct str title_of(struct plan *p, struct span marked) {
  return str_squeeze(p->mem, str_trim(plan_text(p, (struct span){marked.at + 3, marked.end - 3})));
}

static void add_marked(struct plan *p, struct item *it, struct span at, const struct verdict *v, int32_t measure) {
  const struct str title = title_of(p, at);
  if (!title.len) return;
  struct deliverable *d = &vec_push(p->mem, &it->deliverables);
  *d = (struct deliverable){
      .at = at, .title = title, .action = plan_text(p, v->action), .marked = true, .measure = measure};
  d->unsure = lexicon_before(p->options.lexicon, title, title.len, LEX_BIT(not_document)) != NULL;
  d->is_new = v->is_new;
  d->stage = softened(it, measure, stage_of(p, v));
  if (in_result_cell(it, at.at) && !v->is_new && !d->action.len) {
    d->is_new = true;
    d->stage = STAGE_MADE;
  }
}

static size_t chain_end(const struct plan *p, const mark_list *marks, size_t from) {
  size_t to = from + 1;
  while (to < marks->len && to - from < MARKS_CHAIN_MAX &&
         gap_links(p, (struct span){marks->at[to - 1].end, marks->at[to].at}))
    to++;
  return to;
}

static void stretch_marked(struct plan *p, struct item *it, struct span stretch, size_t *io_hint) {
  mark_list marks = {0};
  find_marks(p, stretch, &marks);
  for (size_t i = 0; i < marks.len;) {
    const size_t to = chain_end(p, &marks, i);
    struct chain c = {.at = {marks.at[i].at, marks.at[to - 1].end}, .item = stretch};
    c.last_title = plan_text(p, (struct span){marks.at[to - 1].at + 3, marks.at[to - 1].end - 3});
    read_left(p, &c);
    read_tail(p, &c);
    const struct verdict v = judge(p, &c);
    for (; i < to; i++) add_marked(p, it, marks.at[i], &v, measure_holding(it, marks.at[i].at, io_hint));
  }
}

/* ---- documents without marks ---- */

/* End of the document's name that begins at `at`: behind a word for a document at which the phrase ends. 0 = none. */
static uint32_t unmarked_end(const struct plan *p, uint32_t at, uint32_t to) {
  struct word_walk w = word_walk(p, (struct span){at, to}, LEX_BIT(document_head));
  struct token t;
  while (word_next(&w, &t))
    if (is_phrase_end(p, t.at.end, to)) return t.at.end;
  return 0;
}

enum { UNMARKED_LEAST = 4 /* characters: 制定方案 names no document */ };

static void add_unmarked(struct plan *p, struct item *it, struct span action, struct span at, size_t *io_hint) {
  struct str title = plan_text(p, at);
  if (utf8_count(title) < UNMARKED_LEAST) return;
  const struct verdict v = {true, action};
  const int32_t measure = measure_holding(it, at.at, io_hint);
  vec_push(p->mem, &it->deliverables) = (struct deliverable){.at = at,
                                                             .title = str_squeeze(p->mem, title),
                                                             .action = plan_text(p, action),
                                                             .is_new = true,
                                                             .stage = softened(it, measure, stage_of(p, &v)),
                                                             .measure = measure};
}

/* 《A》 or 《A》等文件: the document has marks of its own. */
static bool is_marked_title(const struct plan *p, uint32_t at, uint32_t end) {
  if (utf8_at(p->folded, at) != 0x300A) return false;
  const struct str title = str_slice(p->folded, at, end);
  const size_t close = str_rfind(title, STR("》"));
  if (close == STR_NONE) return true;
  const struct str rest = str_from(title, close + 3);
  return !rest.len || str_starts(rest, STR("等"));
}

static void unmarked_after(struct plan *p, struct item *it, struct span action, uint32_t to, size_t *io_hint) {
  uint32_t at = action.end;
  for (int n = 0; n < 16 && at < to; n++) {
    const uint32_t end = unmarked_end(p, at, to);
    if (!end) return;
    if (!is_marked_title(p, at, end)) add_unmarked(p, it, action, (struct span){at, end}, io_hint);
    at = past_link(p, skip_bracket(p, end, to), to);
    if (at == end) return;
  }
}

/* A word that begins the document's own name (制定|实施细则) is no part of the verb. */
static bool begins_name(const struct plan *p, struct token t, uint32_t to) {
  const struct lex_word *head = lexicon_at(p->options.lexicon, p->folded, t.at.at, LEX_BIT(document_head));
  return head && head->text.len > span_len(t.at) && is_phrase_end(p, t.at.at + (uint32_t)head->text.len, to);
}

/* The clause's making verb: no other verb may stand before it but words that pass the work on (推动各校制定…) or name a
 * basis; in 完善新闻发布常态化制度 the word is part of a noun. */
static bool making_verb(const struct plan *p, struct span clause, struct word_walk *w, struct token *out) {
  *w = word_walk(p, clause, LEX_VERBS);
  while (word_next(w, out)) {
    if (out->groups & LEX_BIT(verb_document))
      return !text_at(p, out->at.end, "的") && !deed_before(p, clause.at, out->at.at, "newly");
    if (!(out->groups & (LEX_BIT(adverb) | LEX_HEAVY | LEX_BIT(verb_start) | LEX_BIT(verb_event)))) return false;
  }
  return false;
}

/* 制定出台, 制定并落实: the next verb is part of the same. */
static bool verb_goes_on(const struct plan *p, uint32_t end, uint32_t next) {
  return next == end || (next > end && past_word_of(p, end, next, LEX_BIT(joiner)) == next);
}

static void clause_unmarked(struct plan *p, struct item *it, struct span clause, size_t *io_hint) {
  struct word_walk w;
  struct token t;
  if (!making_verb(p, clause, &w, &t)) return;
  struct span action = t.at;
  w.groups = LEX_BIT(verb_document) | LEX_BIT(verb_carry) | LEX_BIT(verb_shape);
  while (word_next(&w, &t) && verb_goes_on(p, action.end, t.at.at) && !begins_name(p, t, clause.end))
    action.end = t.at.end;
  unmarked_after(p, it, action, clause.end, io_hint);
}

/* Place of the next word of making in the stretch, from hit *io_hit on; its end when there is none. */
static uint32_t next_making(const struct plan *p, struct span stretch, size_t *io_hit) {
  for (; *io_hit < p->hits.len && p->hits.at[*io_hit].at < stretch.end; ++*io_hit)
    if (lexicon_hit_in(p->options.lexicon, p->hits.at[*io_hit].word, LEX_BIT(verb_document)))
      return p->hits.at[*io_hit].at;
  return stretch.end;
}

static void stretch_unmarked(struct plan *p, struct item *it, struct span stretch, size_t *io_hint) {
  struct clause clause;
  size_t hit = lex_first(&p->hits, stretch.at);
  uint32_t making = next_making(p, stretch, &hit);
  for (uint32_t at = stretch.at; making < stretch.end && clause_next(p, stretch, &at, &clause);) {
    if (making < clause.at.end) clause_unmarked(p, it, clause.at, io_hint);
    while (making < clause.at.end) {
      hit++;
      making = next_making(p, stretch, &hit);
    }
  }
}

static bool overlaps_any(const plan_spans *stretches, struct span at) {
  vec_each(const struct span, s, stretches)
    if (s->at < at.end && at.at < s->end) return true;
  return false;
}

static void item_deliverables(struct plan *p, struct item *it) {
  size_t hint = 0, unmarked_hint = 0;
  vec_each(const struct span, s, &it->stretches) {
    stretch_marked(p, it, *s, &hint);
    stretch_unmarked(p, it, *s, &unmarked_hint);
  }
  for (size_t i = 0; i < it->cells.len && i < CELLS_READ; i++) {
    const struct cell *c = &it->cells.at[i];
    if (c->role == CELL_RESULT && !c->inherited && !overlaps_any(&it->stretches, c->at))
      stretch_marked(p, it, c->at, &hint);
  }
}

void plan_deliverables(struct plan *p) {
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items) item_deliverables(p, it);
}
