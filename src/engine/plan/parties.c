/* Parties: which office leads, helps or guides, for every item.
 *
 * From the labels and table columns of the item; failing that from those of its group or section (inherited); and from
 * words in the text that need an office behind them (会同省人社厅). 责任单位 leads when nothing else does and helps
 * otherwise; when the document states that the first of a list leads, the others help. A person or a date is no party.
 * Promises: linear in the text; an office stands once for each item and role. */
#include "base/utf8.h"
#include "engine/plan/labels.h"

enum {
  PARTIES_COMPARED = 512,
  NAME_MOST = 180 /* bytes: longer is no name */,
  INLINE_REACH = 72,
  CELLS_READ = 256,
  RULES_READ = 8 /* a document states a rule once or twice */
};

/* What the first reading found in the labels of an item. */
struct reading {
  label_lists lists;
  unit_list *units; /* of every list */
  bool is_sure;     /* no name was asked for that may have been learnt since: a second reading would find the same */
};

struct work {
  struct plan *p;
  struct unit_book book;
  bool first_leads; /* in the document at hand */
};

static bool is_label_column(enum cell_role role, enum label_role *out) {
  static const struct {
    enum cell_role cell;
    enum label_role label;
  } columns[] = {
      {CELL_LEAD, LABEL_LEAD}, {CELL_ASSIST, LABEL_ASSIST}, {CELL_GUIDE, LABEL_GUIDE}, {CELL_UNIT, LABEL_ANY}};
  for (size_t i = 0; i < COUNT_OF(columns); i++)
    if (columns[i].cell == role) {
      *out = columns[i].label;
      return true;
    }
  return false;
}

static bool is_cell(const struct item *it, struct span at) {
  for (size_t i = 0; i < it->cells.len && i < CELLS_READ; i++)
    if (at.at < it->cells.at[i].at.end && it->cells.at[i].at.at < at.end) return true;
  return false;
}

/* A sentence that states the rule may name the item's offices too: （责任单位：A、B，列第一位者为牵头单位，下同）. */
static void read_rules(struct work *w, const struct document *d, const struct item *it, label_lists *out) {
  vec_each(const struct span, rule, &d->rules)
    if (it->body_at.at <= rule->at && rule->end <= it->at.end && !plan_in_label(it, rule->at))
      label_read(&w->book, *rule, LABEL_NONE, out, &w->first_leads);
}

static void read_item_labels(struct work *w, const struct document *d, const struct item *it, label_lists *out) {
  if (d->rules.len <= RULES_READ && !it->is_group) read_rules(w, d, it, out);
  vec_each(const struct cell, c, &it->cells) {
    enum label_role role;
    if (is_label_column(c->role, &role)) label_read(&w->book, c->at, role, out, &w->first_leads);
  }
  vec_each(const struct span, l, &it->labels)
    if (!is_cell(it, *l)) label_read(&w->book, *l, LABEL_NONE, out, &w->first_leads);
}

/* ---- adding ---- */

static struct party *find_party(const struct item *it, struct str name) {
  if (it->parties.len > PARTIES_COMPARED) return NULL;
  vec_each(struct party, x, &it->parties)
    if (str_eq(x->name, name)) return x;
  return NULL;
}

static void add_party(struct work *w, struct item *it, struct party party) {
  struct party *known = find_party(it, party.name);
  if (!known) {
    party.listed = str_set_has(&w->book.given, party.name);
    vec_push(w->p->mem, &it->parties) = party;
  } else if (party.role < known->role && party.in_label) {
    known->role = party.role;
  }
}

static bool has_digit(struct str s) {
  for (size_t i = 0; i < s.len;)
    if (is_digit(utf8_next(s, &i))) return true;
  return false;
}

/* A piece of a label that is a date or a remark: 2026年6月底前, 年内完成. */
static bool is_no_office(struct work *w, struct span at) {
  const struct str name = str_trim(plan_text(w->p, at));
  if (!name.len || name.len > NAME_MOST) return true;
  const struct lex_word *skip = lexicon_at(w->p->options.lexicon, name, 0, LEX_BIT(role_skip) | LEX_BIT(role_manner));
  if (skip && !is_unit(&w->book, at)) return true;
  if (is_unit(&w->book, at)) return false;
  return has_digit(name) || lexicon_at(w->p->options.lexicon, name, 0, LEX_BIT(time_word)) != NULL;
}

static enum role settle(enum label_role role, bool has_lead, bool is_first, bool first_leads) {
  if (role == LABEL_ASSIST) return ROLE_ASSIST;
  if (role == LABEL_GUIDE) return ROLE_GUIDE;
  if (first_leads && !is_first) return ROLE_ASSIST;
  return role == LABEL_ANY && has_lead ? ROLE_ASSIST : ROLE_LEAD;
}

static bool any_leads(const label_lists *lists) {
  vec_each(const struct label_list, l, lists)
    if (l->role == LABEL_LEAD) return true;
  return false;
}

/* Offices of a list, `is_first` while none of the item leads yet. */
static void add_units(struct work *w, struct item *it, enum label_role given, bool has_lead, const unit_list *units,
                      bool *io_first) {
  vec_each(const struct span, u, units) {
    if (is_no_office(w, *u)) continue;
    const enum role role = settle(given, has_lead, *io_first, w->first_leads);
    if (role == ROLE_LEAD) *io_first = false;
    add_party(w, it,
              (struct party){.at = span_trim(w->p, *u),
                             .name = str_squeeze(w->p->mem, str_trim(plan_text(w->p, *u))),
                             .role = role,
                             .in_label = true});
  }
}

/* `known`: the offices of every list, or NULL. */
static void add_lists(struct work *w, struct item *it, const label_lists *lists, const unit_list *known) {
  const bool has_lead = any_leads(lists);
  bool is_first = true; /* no leading office yet */
  for (size_t i = 0; i < lists->len; i++) {
    unit_list units = {0};
    if (known) units = known[i];
    else units_split(&w->book, lists->at[i].at, false, &units);
    add_units(w, it, lists->at[i].role, has_lead, &units, &is_first);
  }
}

static void inherit(struct work *w, struct item *it, const struct item *from) {
  vec_each(const struct party, x, &from->parties) {
    if (!x->in_label) continue;
    struct party copy = *x;
    copy.inherited = true;
    add_party(w, it, copy);
  }
}

static void inherit_section(struct work *w, const struct document *d, struct item *it) {
  if (it->section >= d->sections.len) return;
  label_lists lists = {0};
  vec_each(const struct span, l, &d->sections.at[it->section].labels)
    label_read(&w->book, *l, LABEL_NONE, &lists, &w->first_leads);
  const size_t before = it->parties.len;
  add_lists(w, it, &lists, NULL);
  for (size_t i = before; i < it->parties.len; i++) it->parties.at[i].inherited = true;
}

static void mark_inherited_cells(struct item *it) {
  vec_each(const struct cell, c, &it->cells)
    if (c->inherited)
      vec_each(struct party, x, &it->parties)
        if (c->at.at <= x->at.at && x->at.end <= c->at.end) x->inherited = true;
}

static void label_parties(struct work *w, struct document *d, struct item *it, const struct reading *first) {
  label_lists lists = {0};
  if (!first->is_sure) read_item_labels(w, d, it, &lists);
  add_lists(w, it, first->is_sure ? &first->lists : &lists, first->is_sure ? first->units : NULL);
  mark_inherited_cells(it);
  if (it->parties.len) return;
  if (it->parent >= 0 && (size_t)it->parent < d->items.len) inherit(w, it, &d->items.at[it->parent]);
  if (!it->parties.len) inherit_section(w, d, it);
}

/* ---- words in the text ---- */

/* Behind the name of an office: a mark, 、, 等, or the verb of what is done. */
static bool office_may_end(const struct plan *p, uint32_t at, uint32_t to) {
  if (at >= to || !is_han(utf8_at(p->folded, at))) return true;
  return lexicon_at(p->options.lexicon, p->folded, at,
                    LEX_VERBS | LEX_BIT(adverb) | LEX_BIT(explore) | LEX_BIT(unit_word) | LEX_BIT(office_tail)) != NULL;
}

static bool is_plain_office(const struct work *w, struct span at) {
  const struct lex_word *whole = lexicon_at(w->p->options.lexicon, w->p->folded, at.at, LEX_BIT(unit_word));
  if (whole && whole->text.len == span_len(at)) return true;
  const struct str name = plan_text(w->p, at);
  return str_set_has(&w->book.given, name) || str_set_has(&w->book.seen, name) ||
         (utf8_count(name) >= 3 && has_ending(w->p, at, LEX_BIT(unit_strong)));
}

/* End of the office, or the 、 list of short names with one office at its end, that begins at `at`; 0 = none. */
static uint32_t office_end(const struct work *w, uint32_t at, uint32_t to) {
  const struct str text = w->p->folded;
  for (size_t i = at; i < to && i - at < INLINE_REACH;) {
    const uint32_t c = utf8_at(text, i);
    if (bracket_of(c) > 0) {
      const uint32_t past = skip_bracket(w->p, (uint32_t)i, to);
      if (past == i) return 0;
      i = past;
    } else if (is_han(c) || c == 0x3001) {
      (void)utf8_next(text, &i);
    } else {
      return 0;
    }
    const struct span so_far = {at, (uint32_t)i};
    if (is_plain_office(w, so_far) && office_may_end(w->p, (uint32_t)i, to) && bracket_of(utf8_at(text, i)) <= 0)
      return (uint32_t)i;
    if (lexicon_at(w->p->options.lexicon, text, i, LEX_BIT(verb_document) | LEX_BIT(verb_basis))) return 0;
  }
  return 0;
}

static void add_inline(struct work *w, struct item *it, struct span list, enum role role) {
  unit_list units = {0};
  units_split(&w->book, list, false, &units);
  vec_each(const struct span, u, &units) {
    const struct str name = str_squeeze(w->p->mem, plan_text(w->p, span_trim(w->p, *u)));
    if (name.len && name.len <= NAME_MOST)
      add_party(w, it, (struct party){.at = span_trim(w->p, *u), .name = name, .role = role});
  }
}

static void offices_behind(struct work *w, struct item *it, uint32_t at, uint32_t to, enum role role) {
  for (int n = 0; n < 16; n++) {
    const uint32_t end = office_end(w, at, to);
    if (!end) return;
    add_inline(w, it, (struct span){at, end}, role);
    const uint32_t c = utf8_at(w->p->folded, end);
    const bool linked = c == 0x3001 || c == 0x548C || c == 0x53CA || c == 0x4E0E; /* 、 和 及 与 */
    if (!linked && !lexicon_at(w->p->options.lexicon, w->p->folded, end, LEX_BIT(unit_word))) return;
    at = linked ? end + 3 : end;
  }
}

static void inline_parties(struct work *w, struct item *it, struct span stretch) {
  struct word_walk walk =
      word_walk(w->p, stretch, LEX_BIT(role_verb_assist) | LEX_BIT(role_verb_joint) | LEX_BIT(role_verb_guide));
  struct token t;
  while (word_next(&walk, &t)) {
    const enum role role = t.groups & LEX_BIT(role_verb_guide) ? ROLE_GUIDE : ROLE_ASSIST;
    const uint32_t to = clause_end(w->p, t.at.end, stretch.end);
    uint32_t at = t.at.end;
    const struct lex_word *more =
        lexicon_at(w->p->options.lexicon, w->p->folded, at, LEX_BIT(adverb)); /* 督促推进各高校 */
    if (more && at + more->text.len < to) at += (uint32_t)more->text.len;
    offices_behind(w, it, at, to, role);
  }
}

/* ---- the pass ---- */

/* First reading: offices that stand alone in some label, and rules for the whole document. */
static void learn(struct work *w, const struct document *d, const struct item *it, struct reading *out) {
  w->book.missed = false;
  read_item_labels(w, d, it, &out->lists);
  out->units = arena_new_n(w->p->mem, unit_list, out->lists.len);
  for (size_t i = 0; i < out->lists.len; i++) units_split(&w->book, out->lists.at[i].at, true, &out->units[i]);
  out->is_sure = !w->book.missed;
}

static void document_parties(struct work *w, struct document *d) {
  struct reading *first = arena_new_n(w->p->mem, struct reading, d->items.len);
  w->first_leads = false;
  vec_each(const struct span, rule, &d->rules) w->first_leads |= states_first_leads(w->p, *rule);
  for (size_t i = 0; i < d->items.len; i++) learn(w, d, &d->items.at[i], &first[i]);
  const bool first_leads = w->first_leads;
  for (size_t i = 0; i < d->items.len; i++) {
    struct item *it = &d->items.at[i];
    w->first_leads = first_leads;
    label_parties(w, d, it, &first[i]);
    if (it->is_group) continue;
    vec_each(const struct span, s, &it->stretches) inline_parties(w, it, *s);
  }
}

void plan_parties(struct plan *p) {
  struct work w = {.p = p, .book = unit_book(p)};
  vec_each(struct document, d, &p->documents) document_parties(&w, d);
}
