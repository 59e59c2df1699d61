/* Reading responsibility labels: （牵头负责：A、B） （责任单位：A；配合单位：B） （A牵头，B、C配合） 〔A、B等按职责分工负责〕.
 *
 * A word of a role before a colon opens a field that reaches to the next such word; a word of a role behind offices names
 * the role of what stands before it since the last one. Fields of persons and dates are passed over.
 * Promises: linear in the label; brackets nest no deeper than PLAN_DEPTH_MAX; nothing outside the label is read. */
#include "engine/plan/labels.h"

#include "base/limits.h"
#include "base/utf8.h"

#define LEX_ROLES \
  (LEX_BIT(role_lead) | LEX_BIT(role_assist) | LEX_BIT(role_guide) | LEX_BIT(role_any) | LEX_BIT(role_skip))

struct reader {
  struct unit_book *book;
  struct plan *p;
  label_lists *out;
  bool *io_first;
  enum label_role field; /* of the field that is open */
  uint32_t from;         /* where its unread part begins */
  uint32_t end;
  bool after_stop; /* behind a 。 that ended the field: a remark, unless it names a role itself */
};

static enum label_role role_of(lex_bits groups) {
  static const struct {
    lex_bits group;
    enum label_role role;
  } roles[] = {{LEX_BIT(role_lead), LABEL_LEAD},
               {LEX_BIT(role_assist), LABEL_ASSIST},
               {LEX_BIT(role_guide), LABEL_GUIDE},
               {LEX_BIT(role_any), LABEL_ANY},
               {LEX_BIT(role_skip), LABEL_SKIP}};
  for (size_t i = 0; i < COUNT_OF(roles); i++)
    if (groups & roles[i].group) return roles[i].role;
  return LABEL_NONE;
}

static void add_list(struct reader *r, uint32_t from, uint32_t to, enum label_role role) {
  const struct span at = span_trim(r->p, (struct span){from, to});
  if (span_len(at) && role != LABEL_SKIP)
    vec_push(r->p->mem, r->out) = (struct label_list){at, role ? role : LABEL_ANY};
}

bool states_first_leads(const struct plan *p, struct span sentence) {
  for (size_t i = lex_first(&p->hits, sentence.at); i < p->hits.len && p->hits.at[i].at < sentence.end; i++)
    if (lexicon_hit_in(p->options.lexicon, p->hits.at[i].word, LEX_BIT(role_first))) return true;
  return false;
}

/* ---- a piece that ends with the word of a role ---- */

static const struct lex_word *word_before(const struct reader *r, uint32_t from, uint32_t end, lex_bits groups) {
  const struct str text = str_slice(r->p->folded, from, end);
  return lexicon_before(r->p->options.lexicon, text, text.len, groups);
}

static bool drop_end(const struct plan *p, uint32_t from, uint32_t *io_end, const char *word) {
  const struct str w = str_of(word);
  if (!str_ends(str_slice(p->folded, from, *io_end), w)) return false;
  *io_end -= (uint32_t)w.len;
  return true;
}

/* Takes role words and their manners off the end of the piece: B等按职责分工配合 -> B. LABEL_NONE when there are none.
 * The weaker of two words gives way: 牵头负责 leads, 负责配合 helps. */
static enum label_role strip_roles(const struct reader *r, uint32_t from, uint32_t *io_end) {
  enum label_role role = LABEL_NONE;
  uint32_t end = *io_end;
  for (int n = 0; n < 6; n++) {
    const struct lex_word *w = word_before(r, from, end, LEX_ROLES | (role ? LEX_BIT(role_manner) : 0));
    if (!w || (!role && (w->groups & LEX_BIT(role_guide)) &&
               !is_unit(r->book, (struct span){from, end - (uint32_t)w->text.len})))
      break;
    const enum label_role here = role_of(w->groups);
    if (here == LABEL_SKIP && !role) return LABEL_NONE;
    if (here && here != LABEL_SKIP && (!role || role == LABEL_ANY)) role = here;
    end -= (uint32_t)w->text.len;
    (void)drop_end(r->p, from, &end, "并");
  }
  if (role) *io_end = end;
  return role;
}

/* A（牵头）: the role of one office in brackets behind it. */
static enum label_role bracketed_role(const struct reader *r, uint32_t from, uint32_t *io_end) {
  const struct str text = r->p->folded;
  if (*io_end <= from) return LABEL_NONE;
  const size_t close = utf8_back(text, *io_end);
  if (bracket_of(utf8_at(text, close)) >= 0) return LABEL_NONE;
  size_t open = close;
  while (open > from && bracket_of(utf8_at(text, open)) <= 0) open = utf8_back(text, open);
  size_t inside = open;
  if (bracket_of(utf8_next(text, &inside)) <= 0) return LABEL_NONE;
  const struct lex_word *w = lexicon_at(r->p->options.lexicon, text, inside, LEX_ROLES);
  if (!w || inside + w->text.len != close) return LABEL_NONE;
  *io_end = (uint32_t)open;
  return role_of(w->groups);
}

/* ---- the unread part of a field ---- */

static uint32_t join_word(const struct reader *r, uint32_t at, uint32_t to) {
  const lex_bits groups = LEX_BIT(role_verb_joint) | LEX_BIT(role_verb_assist);
  const struct lex_word *w = lexicon_at(r->p->options.lexicon, r->p->folded, at, groups);
  return w && !(w->groups & LEX_BIT(role_verb_loose)) && at + w->text.len < to ? (uint32_t)w->text.len : 0;
}

static uint32_t past_led_by(const struct reader *r, uint32_t at, uint32_t to) {
  const struct str s = str_slice(r->p->folded, at, to);
  return str_starts(s, STR("由")) ? at + 3 : at;
}

/* A牵头会同B、C; A会同B负责: where the helpers begin inside a piece. 0 = none. */
static uint32_t joint_inside(const struct reader *r, uint32_t from, uint32_t to, uint32_t *out_next) {
  struct word_walk w = word_walk(r->p, (struct span){from, to}, LEX_BIT(role_verb_joint) | LEX_BIT(role_lead));
  struct token t;
  while (word_next(&w, &t)) {
    if (t.at.at == from || t.at.end >= to) continue;
    const bool leads = t.groups & LEX_BIT(role_lead);
    uint32_t left = t.at.at;
    const enum label_role stripped = leads ? LABEL_LEAD : strip_roles(r, from, &left);
    if (!is_unit(r->book, (struct span){from, left}) && !stripped) continue;
    if (leads && !is_unit(r->book, (struct span){from, t.at.at})) continue;
    struct span rest = {t.at.end, to};
    if (leads && strip_roles(r, rest.at, &rest.end) && rest.end <= rest.at) continue; /* A牵头负责 */
    *out_next = t.at.end + join_word(r, t.at.end, to);
    return leads ? t.at.end : t.at.at;
  }
  return 0;
}

struct pending {
  uint32_t from; /* start of the offices whose role is not known yet */
  bool helps;    /* they stand behind 会同 */
};

static void read_piece(struct reader *r, struct pending *pending, uint32_t at, uint32_t to) {
  if (states_first_leads(r->p, (struct span){at, to})) { /* A、B，列第一位者为牵头单位，下同 */
    *r->io_first = true;
    add_list(r, pending->from, at, r->field);
    *pending = (struct pending){to, false};
    return;
  }
  const uint32_t joins = join_word(r, at, to);
  if (joins && is_unit(r->book, (struct span){at + joins, to}) && at > r->from) {
    add_list(r, pending->from, at, r->field);
    *pending = (struct pending){at + joins, true};
    at += joins;
  }
  uint32_t next = 0;
  const uint32_t split = joint_inside(r, at, to, &next);
  if (split) {
    uint32_t end = split;
    const enum label_role role = strip_roles(r, at, &end);
    add_list(r, pending->from, end, role ? role : LABEL_LEAD);
    *pending = (struct pending){next, true};
    at = next;
  }
  uint32_t end = to;
  const enum label_role bracketed = bracketed_role(r, at, &end);
  if (bracketed) {
    add_list(r, pending->from, at, r->field);
    add_list(r, at, end, bracketed);
    *pending = (struct pending){to, false};
    return;
  }
  const enum label_role role = strip_roles(r, at, &end);
  if (!role) return;
  add_list(r, pending->from, end, pending->helps && role == LABEL_ANY ? LABEL_ASSIST : role);
  *pending = (struct pending){to, false};
}

static void read_field(struct reader *r, struct span field) {
  struct pending pending = {past_led_by(r, field.at, field.end), false};
  r->from = pending.from;
  uint32_t at = pending.from;
  int depth = 0;
  for (size_t i = at; i < field.end;) {
    const uint32_t here = (uint32_t)i, c = utf8_next(r->p->folded, &i);
    depth += bracket_of(c);
    if (depth < 0 || depth > PLAN_DEPTH_MAX) depth = 0;
    if (depth || !parts_units(c)) continue;
    read_piece(r, &pending, at, here);
    at = past_led_by(r, (uint32_t)i, field.end);
    if (pending.from == here) pending.from = at; /* the piece was taken whole */
  }
  read_piece(r, &pending, at, field.end);
  add_list(r, pending.from, field.end, pending.helps ? LABEL_ASSIST : r->field);
}

/* Reads [r->from, to) and leaves r->from there. */
static void flush(struct reader *r, uint32_t to) {
  const struct span field = span_trim(r->p, (struct span){r->from, to});
  uint32_t end = field.end;
  const bool remark = r->after_stop && r->field == LABEL_NONE && !strip_roles(r, field.at, &end);
  if (remark) *r->io_first |= states_first_leads(r->p, field);
  else if (r->field != LABEL_SKIP && span_len(field)) read_field(r, field);
  r->from = to;
}

/* ---- fields ---- */

static bool is_field_break(struct str text, uint32_t from, uint32_t at) {
  if (at == from) return true;
  const uint32_t c = utf8_at(text, utf8_back(text, at));
  return parts_units(c) || bracket_of(c) != 0 || c == ' ' || c == 0x3000 || c == 0x3002 || c == 0xFF1A || c == ':';
}

/* A role word that opens a field at `at`: before a colon anywhere, or at a break before a blank, 为 or a name. Returns the
 * place behind it, 0 when there is none. */
static uint32_t opens_field(const struct reader *r, uint32_t start, uint32_t at, enum label_role *out) {
  const struct str text = r->p->folded;
  const struct lex_word *w = lexicon_at(r->p->options.lexicon, text, at, LEX_ROLES);
  if (!w || at + w->text.len > r->end) return 0;
  uint32_t end = at + (uint32_t)w->text.len;
  *out = role_of(w->groups);
  end = skip_bracket(r->p, end, r->end); /* 责任单位（部门）： */
  while (end < r->end && (text.at[end] == ' ')) end++;
  const uint32_t c = end < r->end ? utf8_at(text, end) : 0;
  if (c == 0xFF1A || c == ':') return end + (c == ':' ? 1 : 3);
  if (!is_field_break(text, start, at)) return 0;
  if (*out == LABEL_SKIP) return end;
  if (!lexicon_before(r->p->options.lexicon, w->text, w->text.len, LEX_BIT(unit_class) | LEX_BIT(unit_inner))) return 0;
  if (c == 0x4E3A || c == 0x662F) return end + 3;       /* 为 是 */
  return c && !parts_units(c) && c != 0x4E2D ? end : 0; /* 责任单位中列第一位者 is a rule */
}

static void read_inside(struct reader *r, struct span inside) {
  const struct str text = r->p->folded;
  int depth = 0;
  r->from = inside.at;
  r->end = inside.end;
  for (size_t i = inside.at; i < inside.end;) {
    enum label_role role;
    const uint32_t next = depth ? 0 : opens_field(r, inside.at, (uint32_t)i, &role);
    if (next) {
      flush(r, (uint32_t)i);
      r->field = role;
      r->after_stop = false;
      r->from = next;
      i = next;
      continue;
    }
    const uint32_t at = (uint32_t)i, c = utf8_next(text, &i);
    depth += bracket_of(c);
    if (depth < 0 || depth > PLAN_DEPTH_MAX) depth = 0;
    if (depth || (c != 0xFF1B && c != ';' && c != 0x3002 && c != '\n' && c != 0x0B)) continue;
    flush(r, at);
    r->from = (uint32_t)i;
    if (c == 0x3002 || r->field == LABEL_SKIP) r->field = LABEL_NONE;
    r->after_stop |= c == 0x3002;
  }
  flush(r, inside.end);
}

/* The end of the bracket group that opens at `at`, or at. All kinds of brackets that labels use. */
static uint32_t group_end(const struct plan *p, uint32_t at, uint32_t to) {
  int depth = 0;
  for (size_t i = at; i < to;) {
    const int turn = bracket_of(utf8_next(p->folded, &i));
    depth += turn;
    if (depth <= 0) return turn < 0 ? (uint32_t)i : at;
    if (depth > PLAN_DEPTH_MAX) return at;
  }
  return at;
}

void label_read(struct unit_book *book, struct span label, enum label_role role, label_lists *out, bool *io_first) {
  struct plan *p = book->p;
  struct reader r = {.book = book, .p = p, .out = out, .io_first = io_first, .field = role};
  struct span at = span_trim(p, label);
  for (int group = 0; group < PLAN_DEPTH_MAX && span_len(at); group++) {
    const uint32_t end = group_end(p, at.at, at.end);
    if (end == at.at) break;
    size_t inside = at.at;
    (void)utf8_next(p->folded, &inside);
    const struct span content = {(uint32_t)inside, (uint32_t)utf8_back(p->folded, end)};
    const struct lex_word *w = lexicon_at(p->options.lexicon, p->folded, content.at, LEX_ROLES);
    if (w && w->text.len == span_len(content)) r.field = role_of(w->groups); /* 【责任单位】A、B */
    else read_inside(&r, content);
    at = span_trim(p, (struct span){end, at.end});
  }
  if (span_len(at)) read_inside(&r, at);
}
