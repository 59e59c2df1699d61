/* The facts of a plan in the words of the case files. Each fact is flattened into tokens; an expected line matches when
 * each of its tokens is found, so that a case says only what it is about. Texts are compared folded. */
#include "cases_facts.h"

#include "base/buf.h"
#include "engine/plan/render.h"

struct maker {
  struct arena *mem;
  struct plan *p;
  facts *out;
  struct str path; /* of the current item, "" outside */
};

static struct fact *begin(struct maker *m, const char *keyword) {
  vec_push(m->mem, m->out) = (struct fact){.keyword = str_of(keyword)};
  struct fact *f = &vec_last(m->out);
  if (m->path.len) vec_push(m->mem, &f->tokens) = (struct fact_token){.name = STR("path"), .text = m->path};
  return f;
}

static void word(struct maker *m, struct fact *f, const char *w) {
  if (w && *w) vec_push(m->mem, &f->tokens) = (struct fact_token){.text = str_of(w)};
}
static void flag(struct maker *m, struct fact *f, const char *w, bool is) {
  if (is) word(m, f, w);
}
static void plain(struct maker *m, struct fact *f, struct str s) {
  if (s.len) vec_push(m->mem, &f->tokens) = (struct fact_token){.text = s};
}
static void pair(struct maker *m, struct fact *f, const char *name, struct str s) {
  if (s.len) vec_push(m->mem, &f->tokens) = (struct fact_token){.name = str_of(name), .text = s};
}
static void text(struct maker *m, struct fact *f, struct str s) {
  vec_push(m->mem, &f->tokens) = (struct fact_token){.text = s, .quoted = true};
}
static void part(struct maker *m, struct fact *f, struct str s) {
  vec_push(m->mem, &f->tokens) = (struct fact_token){.text = s, .quoted = true, .part = true};
}

static struct str value_text(struct arena *a, const struct target *t) {
  if (!t->has_value) return STR("soft");
  if (!t->has_max) return dec_text(a, t->value);
  return str_join(a, str_join(a, dec_text(a, t->value), STR("..")), dec_text(a, t->value_max));
}

static void add_target(struct maker *m, const struct item *it, const struct target *t) {
  struct fact *f = begin(m, "target");
  plain(m, f, value_text(m->mem, t));
  plain(m, f, t->unit);
  word(m, f, bound_word(t->bound));
  word(m, f, strength_word(t->strength));
  pair(m, f, "level", str_of(level_word(t->level)));
  if (t->has_from) pair(m, f, "from", dec_text(m->mem, t->from));
  pair(m, f, "denominator", t->denominator);
  pair(m, f, "what", t->what);
  if (t->year) pair(m, f, "year", str_fmt(m->mem, "%d", t->year));
  flag(m, f, "unsure", t->unsure);
  flag(m, f, "bound-unsure", t->bound_unsure);
  part(m, f, plan_text(m->p, t->at));
  if (t->part_of < 0 || (size_t)t->part_of >= it->targets.len) return;
  f = begin(m, "part");
  plain(m, f, value_text(m->mem, t));
  plain(m, f, t->unit);
  pair(m, f, "of", value_text(m->mem, &it->targets.at[t->part_of]));
}

static void add_deliverable(struct maker *m, const struct deliverable *d) {
  struct fact *f = begin(m, d->marked ? "deliverable" : "document-unmarked");
  word(m, f, d->is_new ? "new" : "basis");
  text(m, f, d->title);
  pair(m, f, "verb", d->action);
  pair(m, f, "stage", str_of(stage_word(d->stage)));
  flag(m, f, "unsure", d->unsure);
}

static void add_measures(struct maker *m, const struct item *it) {
  vec_each(struct measure, x, &it->measures) {
    struct fact *f = begin(m, "measure");
    word(m, f, verb_word(x->verb_class));
    text(m, f, x->verb);
    part(m, f, plan_text(m->p, x->at));
    word(m, f, strength_word(x->strength));
    part(m, f, x->object);
  }
}

static void add_whens(struct maker *m, const struct item *it) {
  vec_each(struct when, x, &it->times) {
    struct fact *f = begin(m, "time");
    word(m, f, time_word(x->kind));
    plain(m, f, date_iso(m->mem, x->to));
    pair(m, f, "from", date_iso(m->mem, x->from));
    pair(m, f, "every", str_of(every_word(x->every)));
    flag(m, f, "inferred", x->inferred);
    part(m, f, plan_text(m->p, x->at));
  }
  struct fact *f = begin(m, "due");
  plain(m, f, date_iso(m->mem, it->due.to));
  word(m, f, it->due.inferred ? "inferred" : "stated");
  part(m, f, plan_text(m->p, it->due.at));
}

static void add_duties(struct maker *m, const struct item *it) {
  vec_each(struct duty, x, &it->duties) {
    struct fact *f = begin(m, "every");
    word(m, f, every_word(x->every));
    word(m, f, bound_word(x->bound));
    if (x->has_count) plain(m, f, dec_text(m->mem, x->count));
    part(m, f, plan_text(m->p, x->at));
    part(m, f, x->what);
  }
  vec_each(struct universal, x, &it->universals) {
    struct fact *f = begin(m, "universal");
    part(m, f, plan_text(m->p, x->at));
    pair(m, f, "list", x->list);
  }
  vec_each(struct comparison, x, &it->comparisons) {
    struct fact *f = begin(m, "comparison");
    word(m, f, bound_word(x->bound));
    part(m, f, plan_text(m->p, x->at));
    pair(m, f, "subject", x->subject);
    pair(m, f, "object", x->object);
  }
  vec_each(struct placeholder, x, &it->placeholders) text(m, begin(m, "placeholder"), x->text);
}

static void add_item(struct maker *m, const struct item *it) {
  m->path = render_path(m->mem, it);
  text(m, begin(m, it->is_group ? "group" : "item"), it->title);
  part(m, begin(m, "text"), plan_item_text(m->mem, m->p, it));
  vec_each(struct span, l, &it->labels) part(m, begin(m, "label"), plan_text(m->p, *l));
  vec_each(struct party, x, &it->parties) {
    struct fact *f = begin(m, role_word(x->role));
    text(m, f, x->name);
    flag(m, f, "inherited", x->inherited);
    flag(m, f, "label", x->in_label);
  }
  vec_each(struct target, t, &it->targets) add_target(m, it, t);
  vec_each(struct deliverable, d, &it->deliverables) add_deliverable(m, d);
  vec_each(struct name, n, &it->names) {
    struct fact *f = begin(m, n->kind == NAME_SLOGAN ? "slogan" : n->kind == NAME_OTHER ? "quote" : "name");
    text(m, f, n->text);
    word(m, f, name_word(n->kind));
  }
  add_measures(m, it);
  add_whens(m, it);
  add_duties(m, it);
  m->path = (struct str){0};
}

static void add_document(struct maker *m, const struct document *d) {
  struct fact *f = begin(m, "document");
  text(m, f, d->title.text);
  if (d->year) pair(m, f, "year", str_fmt(m->mem, "%d", d->year));
  if (d->year_to) pair(m, f, "to", str_fmt(m->mem, "%d", d->year_to));
  flag(m, f, "table", d->is_table);
  vec_each(struct text_at, x, &d->issuers) text(m, begin(m, "issuer"), x->text);
  if (d->number.text.len) text(m, begin(m, "number"), d->number.text);
  if (d->notice_title.text.len) text(m, begin(m, "notice"), d->notice_title.text);
  if (d->addressees.text.len) part(m, begin(m, "addressees"), d->addressees.text);
  if (!date_none(d->date)) plain(m, begin(m, "date"), date_iso(m->mem, d->date));
  vec_each(struct section, s, &d->sections) {
    f = begin(m, "section");
    plain(m, f, str_fmt(m->mem, "%d", s->number));
    text(m, f, s->title);
  }
  vec_each(struct item, it, &d->items) add_item(m, it);
}

static void add_layer(struct maker *m, const struct layer *l) {
  vec_each(struct edit, e, &l->edits) {
    const struct str before = str_slice(l->in, e->in_at, e->in_at + e->in_len);
    struct fact *f = begin(m, e->kind == EDIT_FURNITURE ? "trim" : "repair");
    word(m, f, edit_word((enum edit_kind)e->kind));
    part(m, f, before);
    text(m, f, str_slice(l->out, e->out_at, e->out_at + e->out_len));
    flag(m, f, "doubt", e->doubt);
  }
}

void facts_of_plan(struct arena *mem, struct plan *p, facts *out) {
  struct maker m = {.mem = mem, .p = p, .out = out};
  for (int i = 0; i < p->source.layer_count; i++) add_layer(&m, &p->source.layers[i]);
  add_layer(&m, &p->cleaning);
  part(&m, begin(&m, "clean"), p->folded);
  vec_each(struct document, d, &p->documents) add_document(&m, d);
  vec_each(struct diag, d, &p->diags) {
    struct fact *f = begin(&m, "diag");
    word(&m, f, diag_word(d->code));
    word(&m, f, severity_word(d->severity));
    part(&m, f, plan_text(p, d->at));
    part(&m, f, render_diag(mem, d, LANG_ZH));
  }
}

/* ---- expected lines ---- */

static bool is_pair_name(struct str w) {
  static const char *const names[] = {"from", "level", "year",  "to",   "of",      "verb",   "stage", "denominator",
                                      "what", "term",  "every", "list", "subject", "object", "path"};
  for (size_t i = 0; i < COUNT_OF(names); i++)
    if (str_eqz(w, names[i])) return true;
  return false;
}

static bool next_token(struct str *line, struct fact_token *out) {
  *line = str_trim(*line);
  *out = (struct fact_token){0};
  if (!line->len) return false;
  if (line->at[0] == '"') {
    const size_t end = str_find(str_from(*line, 1), STR("\""));
    out->quoted = true;
    out->text = str_slice(*line, 1, end == STR_NONE ? line->len : end + 1);
    *line = str_from(*line, end == STR_NONE ? line->len : end + 2);
    return end != STR_NONE;
  }
  size_t i = 0;
  while (i < line->len && line->at[i] != ' ') i++;
  out->text = str_slice(*line, 0, i);
  *line = str_from(*line, i);
  if (out->text.len > 2 && out->text.at[0] == '[') out->text = str_slice(out->text, 1, out->text.len - 1);
  return true;
}

static bool is_number(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if (!(s.at[i] >= '0' && s.at[i] <= '9') && s.at[i] != '.') return false;
  return s.len > 0 && s.at[0] != '.';
}

/* `target 1.2 41 所`: a number before a number is the item; elsewhere a first number is the item. */
static void settle_path(struct fact *f) {
  const bool counts = str_eqz(f->keyword, "target") || str_eqz(f->keyword, "part");
  if (str_eqz(f->keyword, "section") || str_eqz(f->keyword, "count") || !f->tokens.len) return;
  struct fact_token *t = f->tokens.at;
  if (t->quoted || t->name.len || !is_number(t->text)) return;
  if (counts && (f->tokens.len < 2 || t[1].quoted || t[1].name.len || t[1].text.at[0] < '0' || t[1].text.at[0] > '9'))
    return;
  t->name = STR("path");
}

bool fact_parse(struct arena *mem, struct str line, struct fact *out) {
  struct fact_token t;
  *out = (struct fact){0};
  if (!next_token(&line, &t) || t.quoted) return false;
  out->keyword = t.text;
  const bool is_every = str_eqz(t.text, "every");
  while (str_trim(line).len) {
    if (!next_token(&line, &t)) return false;
    if (!t.quoted && (str_eqz(t.text, "->") || (is_every && out->tokens.len == 0 && str_eqz(t.text, "every"))))
      continue;
    if (!t.quoted && is_pair_name(t.text) && !(is_every && out->tokens.len == 0)) {
      const struct str name = t.text;
      if (!next_token(&line, &t)) return false;
      t.name = name;
    }
    vec_push(mem, &out->tokens) = t;
  }
  settle_path(out);
  return true;
}

static bool token_matches(const struct fact_token *want, const struct fact_token *have) {
  if (!str_eq(want->name, have->name)) return false;
  if (want->name.len) return str_eq(want->text, have->text);
  if (want->quoted != have->quoted) return false;
  return have->part ? str_find(have->text, want->text) != STR_NONE : str_eq(want->text, have->text);
}

bool fact_matches(const struct fact *want, const struct fact *have) {
  bool used[32] = {0};
  if (!str_eq(want->keyword, have->keyword) || have->tokens.len > COUNT_OF(used)) return false;
  for (size_t i = 0; i < want->tokens.len; i++) {
    size_t j = 0;
    while (j < have->tokens.len && (used[j] || !token_matches(&want->tokens.at[i], &have->tokens.at[j]))) j++;
    if (j == have->tokens.len) return false;
    used[j] = true;
  }
  return true;
}

struct str fact_says(struct arena *mem, const struct fact *f) {
  AUTO_BUF b = BUF_MAX(4096);
  buf_str(&b, f->keyword);
  for (size_t i = 0; i < f->tokens.len; i++) {
    const struct fact_token *t = &f->tokens.at[i];
    buf_byte(&b, ' ');
    if (t->name.len && !str_eqz(t->name, "path")) {
      buf_str(&b, t->name);
      buf_byte(&b, ' ');
    }
    if (t->quoted) buf_byte(&b, '"');
    buf_str(&b, t->text.len > 240 ? str_slice(t->text, 0, 240) : t->text);
    if (t->quoted) buf_byte(&b, '"');
  }
  return str_dup(mem, buf_view(&b));
}
