/* The panel of the current item: its facts as a numbered list, the one that is open as a form, its doubts as questions
 * with numbered answers. Forms are made from correct_fields: what can be corrected is said there and nowhere else. */
#include "app/page.h"
#include "app/review.h"
#include "text/numeral.h"
#include "texts.h"

static struct str say(const struct review *r, int msg) { return msg_text(r->mem, r->lang, msg, NULL, 0); }

/* ---- how a fact reads ---- */

static const char *bound_sign(const struct target *t) {
  switch (t->bound) {
    case BOUND_GE: return "≥";
    case BOUND_LE: return "≤";
    case BOUND_ABOUT: return "≈";
    case BOUND_RANGE: return "";
    default: return "=";
  }
}

static struct str join_small(const struct review *r, struct str a, struct str b) {
  if (!b.len) return a;
  return a.len ? str_join(r->mem, str_join(r->mem, a, STR(" · ")), b) : b;
}

static struct str with_one(const struct review *r, int msg, const char *hole, struct str value) {
  const struct msg_arg args[] = {{hole, value}};
  return msg_text(r->mem, r->lang, msg, args, 1);
}

/* The clause without its number: 新建、改扩建学校. What is counted alone when nothing else remains. */
static struct str target_words(const struct review *r, const struct target *t) {
  const struct plan *p = r->v->plan;
  if (t->by_hand || t->part_of >= 0 || t->number_at.at < t->at.at || t->number_at.end > t->at.end ||
      t->at.end - t->at.at > 180)
    return t->what.len ? t->what : plan_text(p, t->at);
  const struct str before = plan_text(p, (struct span){t->at.at, t->number_at.at});
  const struct str after = plan_text(p, (struct span){t->number_at.end, t->at.end});
  const struct str words = str_trim(str_join(r->mem, before, after));
  return words.len >= 6 ? words : t->what.len ? t->what : plan_text(p, t->at);
}

static void show_target(const struct review *r, const struct target *t, struct view_fact *f) {
  f->text = target_words(r, t);
  if (t->has_value) {
    f->bound = str_of(bound_sign(t));
    f->value = dec_text(r->mem, t->value);
    if (t->has_max) f->value = str_join(r->mem, str_join(r->mem, f->value, STR("—")), dec_text(r->mem, t->value_max));
    f->unit = t->unit;
  } else {
    f->tag = say(r, MSG_review_no_number);
  }
  if (t->has_value && t->unsure) f->tag = say(r, MSG_review_unsure);
  if (t->strength != STRENGTH_HARD)
    f->small = page_text_of(r->mem, r->lang, "choice_strength_", strength_word(t->strength));
  if (t->has_from)
    f->small = join_small(r, f->small,
                          with_one(r, MSG_review_from, "from", str_join(r->mem, dec_text(r->mem, t->from), t->unit)));
  if (t->denominator.len)
    f->small = join_small(r, f->small, with_one(r, MSG_review_denominator, "what", t->denominator));
  if (t->level != LEVEL_NONE)
    f->small = join_small(r, f->small, page_text_of(r->mem, r->lang, "choice_level_", level_word(t->level)));
  if (t->year) f->small = join_small(r, f->small, with_one(r, MSG_review_of_year, "year", str_int(r->mem, t->year)));
}

/* 其中 幼儿园 17 小学 14 ... of a total. */
static struct str parts_of(const struct review *r, const struct item *it, int32_t index) {
  struct str out = {0};
  for (size_t i = 0; i < it->targets.len; i++) {
    const struct target *t = &it->targets.at[i];
    if (t->part_of != index) continue;
    out = str_join(
        r->mem, out,
        str_fmt(r->mem, "%s" STRF " " STRF, out.len ? "　" : "", STRA(t->what), STRA(dec_text(r->mem, t->value))));
  }
  return out;
}

static void show_duty(const struct review *r, const struct duty *d, struct view_fact *f) {
  f->text = d->what.len ? d->what : plan_text(r->v->plan, d->at);
  f->small = page_text_of(r->mem, r->lang, "choice_every_", every_word(d->every));
  if (!d->has_count) return;
  f->bound = d->bound == BOUND_GE ? STR("≥") : d->bound == BOUND_LE ? STR("≤") : STR("=");
  f->value = dec_text(r->mem, d->count);
  f->unit = say(r, MSG_review_times);
}

static void show_party(const struct review *r, const struct party *p, struct view_fact *f) {
  f->kind = page_text_of(r->mem, r->lang, "choice_role_", role_word(p->role));
  f->text = p->name;
  if (p->inherited) f->small = say(r, MSG_review_inherited);
  else if (!p->in_label) f->small = say(r, MSG_review_in_text);
}

static void show_deliverable(const struct review *r, const struct deliverable *d, struct view_fact *f) {
  f->kind = say(r, d->is_new ? MSG_review_kind_new : MSG_review_kind_basis);
  f->text = d->marked ? str_fmt(r->mem, "《" STRF "》", STRA(d->title)) : d->title;
  f->small = d->action;
  if (d->is_new) f->tag = page_text_of(r->mem, r->lang, "choice_stage_", stage_word(d->stage));
}

static void show_time(const struct review *r, const struct when *w, struct view_fact *f) {
  const struct str words = plan_text(r->v->plan, w->at), date = render_when(r->mem, w, r->lang);
  f->kind = page_text_of(r->mem, r->lang, "review_time_", time_word(w->kind));
  f->text = !date.len                                      ? words
            : w->at.end > w->at.at && !str_eq(words, date) ? str_fmt(r->mem, STRF " → " STRF, STRA(words), STRA(date))
                                                           : date;
  if (w->inferred) f->tag = say(r, MSG_review_inferred);
}

static void show_placeholder(const struct placeholder *x, struct view_fact *f) {
  f->text = x->text;
  f->value = x->fill;
}

static struct str measure_says(const struct review *r, const struct measure *m) {
  return m->object.len ? str_fmt(r->mem, STRF " · " STRF, STRA(m->verb), STRA(m->object)) : m->verb;
}

void review_fact(const struct review *r, const struct item *it, struct fact_ref ref, struct view_fact *f) {
  const size_t i = (size_t)ref.index;
  f->kind = page_text_of(r->mem, r->lang, "review_kind_", correct_subject_word((int)ref.kind));
  switch (ref.kind) {
    case FACT_PARTY: show_party(r, &it->parties.at[i], f); break;
    case FACT_TARGET:
      show_target(r, &it->targets.at[i], f);
      f->sum = parts_of(r, it, ref.index);
      break;
    case FACT_DUTY: show_duty(r, &it->duties.at[i], f); break;
    case FACT_DELIVERABLE: show_deliverable(r, &it->deliverables.at[i], f); break;
    case FACT_TIME: show_time(r, &it->times.at[i], f); break;
    case FACT_UNIVERSAL:
      f->text =
          it->universals.at[i].list.len ? it->universals.at[i].list : plan_text(r->v->plan, it->universals.at[i].at);
      break;
    case FACT_COMPARISON:
      f->text = it->comparisons.at[i].by_hand ? render_comparison(r->mem, &it->comparisons.at[i], r->lang)
                                              : plan_text(r->v->plan, it->comparisons.at[i].at);
      break;
    case FACT_PLACEHOLDER: show_placeholder(&it->placeholders.at[i], f); break;
    case FACT_MEASURE: f->text = measure_says(r, &it->measures.at[i]); break;
    case FACT_NAME: f->text = str_fmt(r->mem, "“" STRF "”", STRA(it->names.at[i].text)); break;
    default: f->text = plan_text(r->v->plan, review_fact_span(it, ref)); break;
  }
}

/* ---- questions ---- */

static void add_answers(const struct review *r, const struct diag *d, struct view_question *q) {
  size_t n = 0;
  const struct correct_answer *list = correct_answers(d->code, &n);
  for (size_t i = 0; i < n; i++)
    vec_push(r->mem, &q->answers) =
        (struct view_answer){str_of(list[i].word), say(r, list[i].label), {0}, list[i].needs_reason};
}

static bool is_about(const struct diag *d, const struct review_item *it, struct fact_ref ref, bool of_item) {
  if (d->document != it->ref.document || d->item != it->ref.item || d->severity == SEVERITY_NOTE) return false;
  if (of_item) return d->fact_index < 0;
  return d->fact_index == ref.index && d->fact == ref.kind;
}

void review_questions(const struct review *r, const struct review_item *it, struct fact_ref ref, bool of_item,
                      view_questions *list) {
  const struct plan *p = r->v->plan;
  for (size_t i = 0; i < p->diags.len; i++) {
    const struct diag *d = &p->diags.at[i];
    if (!is_about(d, it, ref, of_item)) continue;
    struct view_question q = {
        .text = render_diag(r->mem, d, r->lang),
        .hint = render_diag_hint(r->mem, d, r->lang),
        .diag = correct_key_text(r->mem, r->v->corrected->diag_keys.at[i]),
        .css = d->severity == SEVERITY_ERROR ? STR("fbody fbody-error") : STR("fbody fbody-doubt")};
    if (str_eqz(r->bad_subject, "answer") && str_eq(r->bad_key, q.diag)) q.error = r->bad_says;
    add_answers(r, d, &q);
    q.needs_reason = q.answers.len && q.answers.at[0].needs_reason;
    vec_push(r->mem, list) = q;
  }
}

/* Digits answer one question: that of the chosen fact, else the first. */
static bool number_answers(const struct review *r, view_questions *list) {
  for (size_t i = 0; i < list->len; i++) {
    struct view_question *q = &list->at[i];
    for (size_t a = 0; a < q->answers.len; a++) q->answers.at[a].key = str_int(r->mem, (int64_t)(a + 1));
    if (q->answers.len) return true;
  }
  return false;
}

static void choose_question(const struct review *r, struct view_panel *p) {
  for (size_t i = 0; i < p->facts.len; i++)
    if (p->facts.at[i].on && number_answers(r, &p->facts.at[i].questions)) return;
  if (number_answers(r, &p->questions)) return;
  for (size_t i = 0; i < p->facts.len; i++)
    if (number_answers(r, &p->facts.at[i].questions)) return;
}

/* ---- forms ---- */

enum { CORRECT_FIELDS_MOST = 24, LINKS_MOST = 60 };

static struct str typed_value(const struct review *r, const char *name, struct str current) {
  for (size_t i = 0; i < r->typed_count; i++)
    if (str_eqz(r->typed[i].field, name)) return r->typed[i].value;
  return current;
}

static void add_choices(const struct review *r, const struct correct_field *f, struct view_input *in) {
  char head[64];
  struct str name = str_fmt(r->mem, "choice_%s_", f->name);
  for (size_t i = 0; i < name.len && i + 1 < sizeof head; i++)
    head[i] = name.at[i] == '-' ? '_' : name.at[i], head[i + 1] = 0;
  in->is_select = true;
  if (f->optional) vec_push(r->mem, &in->options) = (struct view_option){.label = STR("—"), .chosen = !in->value.len};
  for (size_t i = 0; f->choices && f->choices[i]; i++)
    vec_push(r->mem, &in->options) = (struct view_option){
        str_of(f->choices[i]), page_text_of(r->mem, r->lang, head, f->choices[i]), str_eqz(in->value, f->choices[i])};
}

/* The facts of the item that a link may lead to, in their order. */
static void add_links(const struct review *r, const struct review_item *it, const struct correct_field *f, int index,
                      struct view_input *in) {
  const struct correct_item *c = &r->v->corrected->documents[it->ref.document].items[it->ref.item];
  in->is_select = in->wide = true;
  vec_push(r->mem, &in->options) = (struct view_option){.label = STR("—"), .chosen = !in->value.len};
  for (int32_t i = 0; (size_t)i < c->keys[f->to].len && i < LINKS_MOST; i++) {
    if (!correct_may_link(r->v->corrected, it->ref.document, it->ref.item, f->subject, index, f, i)) continue;
    struct view_fact to = {0};
    review_fact(r, it->item, (struct fact_ref){f->to, i, 0}, &to);
    const struct str name = correct_link(r->mem, r->v->corrected, it->ref.document, it->ref.item, f->to, i);
    const struct str label =
        str_fmt(r->mem, STRF "%s" STRF STRF, STRA(to.text), to.value.len ? " " : "", STRA(to.value), STRA(to.unit));
    vec_push(r->mem, &in->options) = (struct view_option){name, label, str_eq(name, in->value)};
  }
}

/* The field that the key for editing goes to: what is corrected most often. */
static bool is_first(const struct correct_field *f, const view_inputs *out) {
  return f->subject == FACT_TARGET ? str_eqz(str_of(f->name), "value") : out->len == 0;
}

/* What stands in a field; in the form of a fact to add, what it will be unless something else is said. */
static struct str value_shown(const struct review *r, const struct review_item *it, const struct correct_field *f,
                              int index) {
  if (index == NO_INDEX) return f->type == CORRECT_YES_NO ? STR("yes") : (struct str){0};
  return correct_value(r->mem, r->v->corrected, it->ref.document, it->ref.item, f->subject, index, f);
}

static void add_input(const struct review *r, const struct review_item *it, const struct correct_field *f, int index,
                      bool bad, view_inputs *out) {
  const struct str value = value_shown(r, it, f, index);
  struct view_input in = {.name = str_of(f->name), .label = say(r, f->label)};
  in.value = bad ? typed_value(r, f->name, value) : value;
  in.wide = (f->type == CORRECT_TEXT && !str_eqz(in.name, "unit")) || f->type == CORRECT_NAMES;
  in.full =
      f->subject >= FACT_KIND_COUNT && f->type == CORRECT_TEXT && !str_eqz(in.name, "number"); /* titles, addressees */
  in.is_number = f->type == CORRECT_NUMBER || f->type == CORRECT_COUNT || f->type == CORRECT_YEAR;
  if (bad && str_eqz(r->bad_field, f->name)) in.error = r->bad_says;
  if (f->type == CORRECT_CHOICE) add_choices(r, f, &in);
  if (f->type == CORRECT_LINK) add_links(r, it, f, index, &in);
  if (f->type == CORRECT_YES_NO) {
    in.is_select = true;
    vec_push(r->mem, &in.options) = (struct view_option){STR("yes"), say(r, MSG_review_yes), str_eqz(in.value, "yes")};
    vec_push(r->mem, &in.options) = (struct view_option){STR("no"), say(r, MSG_review_no), !str_eqz(in.value, "yes")};
  }
  in.is_unit = f->subject == FACT_PARTY && f->type == CORRECT_TEXT;
  in.first = is_first(f, out);
  vec_push(r->mem, out) = in;
}

/* Fields of a target in the order in which a person reads a quantity; those not named follow. */
static const char *const target_order[] = {"what", "bound", "strength",    "value", "value_max",
                                           "unit", "from",  "denominator", "level", "year"};

static void add_inputs(const struct review *r, const struct review_item *it, int subject, int index, bool bad,
                       view_inputs *out) {
  const struct correct_field *list[CORRECT_FIELDS_MOST];
  size_t n = 0;
  for (size_t i = 0; subject == FACT_TARGET && i < COUNT_OF(target_order); i++) {
    const struct correct_field *f = correct_field(subject, str_of(target_order[i]));
    if (f) list[n++] = f;
  }
  for (size_t i = 0; i < correct_field_count && n < COUNT_OF(list); i++) {
    size_t k = 0;
    while (k < n && list[k] != &correct_fields[i]) k++;
    if (correct_fields[i].subject == subject && k == n) list[n++] = &correct_fields[i];
  }
  for (size_t i = 0; i < n; i++) add_input(r, it, list[i], index, bad, out);
}

/* What the compiler had, for a fact that was corrected. */
static struct str before_of(const struct review *r, const struct review_item *it, struct fact_ref ref) {
  struct str out = {0};
  const struct correct_result *c = r->v->corrected;
  for (size_t i = 0; i < c->marks.len; i++) {
    const struct correct_mark *m = &c->marks.at[i];
    const struct correction *k = &r->v->corrections[m->correction];
    if (m->document != it->ref.document || m->item != it->ref.item || m->index != ref.index ||
        k->subject != (int)ref.kind)
      continue;
    if (k->act == CORRECT_ADD) return say(r, MSG_review_added);
    if (k->act != CORRECT_SET) continue;
    const struct correct_field *f = correct_field(k->subject, k->field);
    const struct str before = f ? page_value(r->mem, r->lang, f, m->before) : m->before;
    const struct msg_arg args[] = {{"field", f ? say(r, f->label) : k->field},
                                   {"before", before.len ? before : STR("—")}};
    out = join_small(r, out, msg_text(r->mem, r->lang, MSG_review_was, args, 2));
  }
  return out;
}

static struct view_fact make_fact(const struct review *r, const struct review_item *it, size_t i) {
  const struct fact_ref ref = r->facts.at[i];
  struct view_fact f = {.id = str_fmt(r->mem, "f%zu", i + 1), .is_part = !ref.number};
  if (ref.number) f.no_text = str_int(r->mem, ref.number);
  f.key = correct_key_text(r->mem, review_key(r, it, ref));
  f.subject = str_of(correct_subject_word((int)ref.kind));
  f.on = (int32_t)i == r->fact;
  f.href = review_href(r, it->step, f.on ? (struct str){0} : f.key, (struct str){0});
  review_fact(r, it->item, ref, &f);
  f.before = before_of(r, it, ref);
  review_questions(r, it, ref, false, &f.questions);
  f.css = f.on              ? STR("fact fact-on")
          : f.questions.len ? STR("fact fact-doubt")
          : f.is_part       ? STR("fact fact-part")
                            : STR("fact");
  const bool bad = str_eq(r->bad_key, f.key) && r->bad_says.len;
  if (f.on && review_may_correct(r)) {
    add_inputs(r, it, (int)ref.kind, ref.index, bad, &f.inputs);
    if (bad && !r->bad_field.len) f.error = r->bad_says;
  }
  return f;
}

/* ---- the panel ---- */

static struct str section_says(const struct review *r, const struct review_item *it) {
  const struct document *doc = &r->v->plan->documents.at[it->ref.document];
  if (it->item->section >= doc->sections.len) return (struct str){0};
  const struct section *s = &doc->sections.at[it->item->section];
  if (!s->title.len) return (struct str){0};
  struct str line = plan_text(r->v->plan, s->title_at);
  if (s->number > 0) line = str_fmt(r->mem, STRF "、" STRF, STRA(numeral_zh_text(r->mem, s->number)), STRA(s->title));
  for (int32_t g = it->item->parent; g >= 0 && (size_t)g < doc->items.len; g = doc->items.at[g].parent)
    line = str_fmt(r->mem, STRF " / " STRF, STRA(line), STRA(doc->items.at[g].title));
  return line;
}

static void add_kinds(const struct review *r, const struct review_item *it, struct view_panel *p) {
  static const int kinds[] = {FACT_PARTY,     FACT_TARGET,     FACT_DELIVERABLE, FACT_TIME,    FACT_DUTY,
                              FACT_UNIVERSAL, FACT_COMPARISON, FACT_NAME,        FACT_MEASURE, FACT_PLACEHOLDER};
  for (size_t i = 0; i < COUNT_OF(kinds); i++) {
    const struct str more = str_fmt(r->mem, "add=%s", correct_subject_word(kinds[i]));
    vec_push(r->mem, &p->add_kinds) =
        (struct view_link){.href = review_href(r, it->step, (struct str){0}, more),
                           .label = page_text_of(r->mem, r->lang, "review_kind_", correct_subject_word(kinds[i])),
                           .current = r->adding == kinds[i]};
  }
  if (r->adding == NO_INDEX) return;
  p->add_subject = str_of(correct_subject_word(r->adding));
  const bool bad = str_eqz(r->bad_subject, "add") && r->bad_says.len;
  add_inputs(r, it, r->adding, NO_INDEX, bad, &p->add_inputs);
  if (bad && !r->bad_field.len) p->error = r->bad_says;
}

/* The form of the head of the item, of its section or of the document that it stands in. */
static void head_form(const struct review *r, const struct review_item *it, struct view_panel *p) {
  const struct correct_document *c = &r->v->corrected->documents[it->ref.document];
  const bool in_section = it->item->section < r->v->plan->documents.at[it->ref.document].sections.len;
  p->title_href = review_href(r, it->step, (struct str){0}, STR("edit=item"));
  if (in_section) p->section_href = review_href(r, it->step, (struct str){0}, STR("edit=section"));
  if (r->editing == NO_INDEX || (r->editing == CORRECT_SECTION && !in_section)) return;
  uint64_t key = c->key;
  int label = MSG_review_edit_document, index = 0;
  if (r->editing == CORRECT_ITEM) {
    key = c->items[it->ref.item].key;
    label = MSG_review_edit_title;
  } else if (r->editing == CORRECT_SECTION) {
    index = (int)it->item->section;
    key = c->sections[index];
    label = MSG_review_edit_section;
  }
  p->head_subject = str_of(correct_subject_word(r->editing));
  p->head_key = correct_key_text(r->mem, key);
  p->head_label = say(r, label);
  const bool bad = str_eq(r->bad_subject, p->head_subject) && r->bad_says.len;
  add_inputs(r, it, r->editing, index, bad, &p->head_inputs);
  if (bad && !r->bad_field.len) p->error = r->bad_says;
}

/* The clauses of the item by their verbs, or its slogans and quotations; one opens as a fact. */
static void list_folded(const struct review *r, const struct review_item *it, enum fact_kind kind, view_links *list) {
  for (size_t i = 0; i < r->facts.len; i++) {
    const struct fact_ref ref = r->facts.at[i];
    if (ref.kind != kind || ref.number) continue;
    struct view_fact f = {0};
    review_fact(r, it->item, ref, &f);
    vec_push(r->mem, list) = (struct view_link){
        .href = review_href(r, it->step, correct_key_text(r->mem, review_key(r, it, ref)), (struct str){0}),
        .label = f.text,
        .current = r->fact == (int32_t)i};
  }
}

void review_panel(const struct review *r, struct view_panel *p) {
  if (r->current == NO_INDEX) return;
  const struct review_item *it = &r->items.at[r->current];
  const struct correct_item *c = &r->v->corrected->documents[it->ref.document].items[it->ref.item];
  p->has_items = true;
  p->section = section_says(r, it);
  p->number = str_replace(r->mem, plan_item_number(r->mem, r->v->plan, it->item), STR("\t"), STR(" "));
  p->title = it->item->title.len ? it->item->title : with_one(r, MSG_review_item_number, "n", it->step);
  p->step = it->step;
  p->item = correct_key_text(r->mem, c->key);
  p->state = page_text_of(r->mem, r->lang, "item_", item_state_word(it->state));
  const bool live = r->v->latest && !r->v->row.voided;
  p->can_accept = live && r->v->may.accept && it->state != ITEM_ACCEPTED && it->state != ITEM_ERROR;
  p->can_unaccept = live && r->v->may.accept && it->state == ITEM_ACCEPTED;
  p->is_error = it->state == ITEM_ERROR;
  p->is_live = review_may_correct(r);
  p->reason = r->reason;
  if (str_eqz(r->bad_subject, "accept")) p->refused = r->bad_says;
  review_questions(r, it, (struct fact_ref){0}, true, &p->questions);
  for (size_t i = 0; i < r->facts.len; i++)
    if (review_is_listed(r, i)) vec_push(r->mem, &p->facts) = make_fact(r, it, i);
  if (p->is_live) choose_question(r, p);
  p->due = render_when(r->mem, &it->item->due, r->lang);
  if (live) {
    list_folded(r, it, FACT_MEASURE, &p->measures);
    list_folded(r, it, FACT_NAME, &p->quotes);
  }
  if (p->is_live) {
    head_form(r, it, p);
    add_kinds(r, it, p);
  }
}
