/* JSON: the schema of rules/plan/plan.schema.json. Every fact carries `span`: `src` = bytes in the input (or in the
 * extracted text of a DOCX, XLSX or PDF), `clean` = characters in the cleaned text, `place` = where in the container.
 * Items that only group others stand in `groups`, so that `items` is the list of work. */
#include "base/utf8.h"
#include "engine/plan/render.h"
#include "texts.h"

enum { STRIDE = 256 }; /* bytes of clean between two remembered character counts */

struct writer {
  struct json_out *j;
  struct plan *p;
  struct arena mem; /* scratch: index, texts */
  uint32_t *chars;  /* characters of clean before byte k * STRIDE */
  enum lang lang;
};

static void index_chars(struct writer *w) {
  const struct str s = w->p->clean;
  w->chars = arena_new_n(&w->mem, uint32_t, s.len / STRIDE + 1);
  uint32_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (i % STRIDE == 0) w->chars[i / STRIDE] = n;
    n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
  }
  if (s.len % STRIDE == 0) w->chars[s.len / STRIDE] = n;
}

static uint32_t char_of(const struct writer *w, uint32_t at) {
  const struct str s = w->p->clean;
  if (at > s.len) at = (uint32_t)s.len;
  uint32_t n = w->chars[at / STRIDE];
  for (uint32_t i = at / STRIDE * STRIDE; i < at; i++) n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
  return n;
}

static void put_range(struct writer *w, const char *key, uint32_t at, uint32_t end) {
  json_open(w->j, key, '[');
  json_int(w->j, NULL, at);
  json_int(w->j, NULL, end);
  json_close(w->j, ']');
}

static void put_some(struct writer *w, const char *key, uint32_t n) {
  if (n) json_int(w->j, key, n);
}

static void put_place(struct writer *w, struct span at) {
  const struct place *pl = source_place(&w->p->source, layer_in_at(&w->p->cleaning, at.at, false));
  if (!pl) return;
  json_open(w->j, "place", '{');
  json_int(w->j, "part", pl->part);
  put_some(w, "paragraph", pl->para);
  put_some(w, "table", pl->table);
  put_some(w, "row", pl->row);
  put_some(w, "cell", pl->cell);
  if (pl->name.len) json_str(w->j, "sheet", pl->name);
  json_close(w->j, '}');
}

static void put_span(struct writer *w, struct span at) {
  const struct span src = plan_source_span(w->p, at);
  json_open(w->j, "span", '{');
  put_range(w, "src", src.at, src.end);
  put_range(w, "clean", char_of(w, at.at), char_of(w, at.end));
  put_place(w, at);
  json_close(w->j, '}');
}

static void put_text(struct writer *w, const char *key, struct str s) {
  json_str_or_null(w->j, key, s.len ? s : (struct str){0});
}

static void put_date(struct writer *w, const char *key, struct date d) { put_text(w, key, date_iso(&w->mem, d)); }

static void put_path(struct writer *w, const struct item *it) {
  json_open(w->j, "path", '[');
  for (int i = 0; i < it->depth && i < PATH_MAX_DEPTH; i++) json_int(w->j, NULL, it->path[i]);
  json_close(w->j, ']');
}

static void put_index(struct writer *w, const char *key, int32_t index) {
  if (index >= 0) json_int(w->j, key, index);
}

/* ---- facts of an item ---- */

static void put_names_of_role(struct writer *w, const struct item *it, enum role role) {
  json_open(w->j, role_word(role), '[');
  vec_each(struct party, x, &it->parties)
    if (x->role == role) json_str(w->j, NULL, x->name);
  json_close(w->j, ']');
}

static void put_parties(struct writer *w, const struct item *it) {
  for (int r = ROLE_LEAD; r <= ROLE_GUIDE; r++) put_names_of_role(w, it, (enum role)r);
  json_open(w->j, "units", '[');
  vec_each(struct party, x, &it->parties) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "name", x->name);
    json_z(w->j, "role", role_word(x->role));
    json_bool(w->j, "in_label", x->in_label);
    json_bool(w->j, "inherited", x->inherited);
    json_bool(w->j, "listed", x->listed);
    put_span(w, x->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_decimal(struct writer *w, const char *key, bool has, struct dec d) {
  if (has) json_dec(w->j, key, d);
  else json_str_or_null(w->j, key, (struct str){0});
}

static void put_target(struct writer *w, const struct target *t, int index) {
  json_open(w->j, NULL, '{');
  json_int(w->j, "index", index);
  json_str(w->j, "text", plan_text(w->p, t->at));
  put_decimal(w, "value", t->has_value, t->value);
  put_decimal(w, "value_max", t->has_max, t->value_max);
  json_str(w->j, "unit", t->unit);
  json_z(w->j, "bound", bound_word(t->bound));
  put_decimal(w, "from", t->has_from, t->from);
  json_str(w->j, "what", t->what);
  json_z(w->j, "strength", strength_word(t->strength));
  put_text(w, "level", str_of(level_word(t->level)));
  put_text(w, "denominator", t->denominator);
  put_index(w, "part_of", t->part_of);
  put_index(w, "measure", t->measure);
  if (t->year) json_int(w->j, "year", t->year);
  if (t->bound_unsure) json_bool(w->j, "bound_unsure", true);
  put_span(w, t->at);
  json_close(w->j, '}');
}

enum target_list { TARGETS_SURE, TARGETS_UNSURE, TARGETS_SOFT };
static enum target_list target_list_of(const struct target *t) {
  if (!t->has_value) return TARGETS_SOFT;
  return t->unsure ? TARGETS_UNSURE : TARGETS_SURE;
}

static void put_targets(struct writer *w, const char *key, const struct item *it, enum target_list which) {
  json_open(w->j, key, '[');
  for (size_t i = 0; i < it->targets.len; i++)
    if (target_list_of(&it->targets.at[i]) == which) put_target(w, &it->targets.at[i], (int)i);
  json_close(w->j, ']');
}

static void put_deliverables(struct writer *w, const char *key, const struct item *it, bool marked) {
  json_open(w->j, key, '[');
  vec_each(struct deliverable, d, &it->deliverables) {
    if (d->marked != marked) continue;
    json_open(w->j, NULL, '{');
    json_str(w->j, "title", d->title);
    json_str(w->j, "action", d->action);
    json_bool(w->j, "new", d->is_new);
    json_z(w->j, "stage", stage_word(d->stage));
    if (d->unsure) json_bool(w->j, "unsure", true);
    put_index(w, "measure", d->measure);
    put_span(w, d->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static bool is_name(const struct name *n) { return n->kind != NAME_SLOGAN && n->kind != NAME_OTHER; }

static void put_quotes(struct writer *w, const char *key, const struct item *it, bool names) {
  json_open(w->j, key, '[');
  vec_each(struct name, n, &it->names) {
    if (is_name(n) != names) continue;
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", n->text);
    json_z(w->j, "kind", name_word(n->kind));
    put_span(w, n->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_names(struct writer *w, const struct item *it) {
  json_open(w->j, "names", '[');
  vec_each(struct name, n, &it->names)
    if (is_name(n)) json_str(w->j, NULL, n->text);
  json_close(w->j, ']');
  put_quotes(w, "name_facts", it, true);
  put_quotes(w, "quotes", it, false);
}

static void put_measures(struct writer *w, const struct item *it) {
  json_open(w->j, "measures", '[');
  vec_each(struct measure, m, &it->measures) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", plan_text(w->p, m->at));
    json_str(w->j, "verb", m->verb);
    json_str(w->j, "object", m->object);
    put_text(w, "class", str_of(verb_word(m->verb_class)));
    json_z(w->j, "strength", strength_word(m->strength));
    put_span(w, m->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_times(struct writer *w, const struct item *it) {
  json_open(w->j, "times", '[');
  vec_each(struct when, x, &it->times) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", plan_text(w->p, x->at));
    json_z(w->j, "kind", time_word(x->kind));
    put_date(w, "from", x->from);
    put_date(w, "to", x->to);
    put_text(w, "every", str_of(every_word(x->every)));
    json_bool(w->j, "inferred", x->inferred);
    put_index(w, "measure", x->measure);
    put_span(w, x->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_due(struct writer *w, const struct item *it) {
  if (date_none(it->due.to)) return json_str_or_null(w->j, "due", (struct str){0});
  json_open(w->j, "due", '{');
  put_date(w, "date", it->due.to);
  json_bool(w->j, "inferred", it->due.inferred);
  if (it->due.at.end > it->due.at.at) put_span(w, it->due.at);
  json_close(w->j, '}');
}

static void put_duties(struct writer *w, const struct item *it) {
  json_open(w->j, "duties", '[');
  vec_each(struct duty, d, &it->duties) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", plan_text(w->p, d->at));
    json_z(w->j, "every", every_word(d->every));
    put_decimal(w, "count", d->has_count, d->count);
    json_z(w->j, "bound", bound_word(d->bound));
    json_str(w->j, "what", d->what);
    put_index(w, "measure", d->measure);
    put_span(w, d->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_universals(struct writer *w, const struct item *it) {
  json_open(w->j, "universals", '[');
  vec_each(struct universal, u, &it->universals) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", plan_text(w->p, u->at));
    json_str(w->j, "list", u->list);
    put_index(w, "measure", u->measure);
    put_span(w, u->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_comparisons(struct writer *w, const struct item *it) {
  json_open(w->j, "comparisons", '[');
  vec_each(struct comparison, c, &it->comparisons) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", plan_text(w->p, c->at));
    json_z(w->j, "bound", bound_word(c->bound));
    json_str(w->j, "subject", c->subject);
    json_str(w->j, "object", c->object);
    put_index(w, "measure", c->measure);
    put_span(w, c->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_placeholders(struct writer *w, const struct item *it) {
  json_open(w->j, "placeholders", '[');
  vec_each(struct placeholder, x, &it->placeholders) {
    json_open(w->j, NULL, '{');
    json_str(w->j, "text", x->text);
    if (x->fill.len) json_str(w->j, "fill", x->fill);
    put_span(w, x->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

static void put_item_facts(struct writer *w, const struct item *it) {
  put_parties(w, it);
  put_targets(w, "targets", it, TARGETS_SURE);
  put_targets(w, "targets_unsure", it, TARGETS_UNSURE);
  put_targets(w, "targets_soft", it, TARGETS_SOFT);
  put_deliverables(w, "deliverables", it, true);
  put_deliverables(w, "documents_unmarked", it, false);
  put_names(w, it);
  put_measures(w, it);
  put_times(w, it);
  put_due(w, it);
  put_duties(w, it);
  put_universals(w, it);
  put_comparisons(w, it);
  put_placeholders(w, it);
}

static void put_item(struct writer *w, const struct item *it, bool with_facts) {
  json_open(w->j, NULL, '{');
  json_int(w->j, "number", it->number);
  put_path(w, it);
  json_str(w->j, "title", it->title);
  json_str(w->j, "text", plan_item_text(&w->mem, w->p, it));
  if (with_facts) put_item_facts(w, it);
  put_span(w, it->at);
  json_close(w->j, '}');
}

/* ---- sections and documents ---- */

static void put_items(struct writer *w, const struct document *d, uint32_t first, uint32_t count) {
  for (int groups = 0; groups < 2; groups++) {
    json_open(w->j, groups ? "groups" : "items", '[');
    for (uint32_t i = first; i < first + count && i < d->items.len; i++)
      if (d->items.at[i].is_group == (groups == 1)) put_item(w, &d->items.at[i], true);
    json_close(w->j, ']');
  }
}

static void put_section(struct writer *w, const struct document *d, const struct section *s) {
  json_open(w->j, NULL, '{');
  if (s->number) json_int(w->j, "number", s->number);
  else json_str_or_null(w->j, "number", (struct str){0});
  json_str(w->j, "title", s->title);
  put_items(w, d, s->first_item, s->item_count);
  put_span(w, s->at);
  json_close(w->j, '}');
}

static void put_year(struct writer *w, const char *key, int year) {
  if (year) json_int(w->j, key, year);
  else json_str_or_null(w->j, key, (struct str){0});
}

static void put_document_head(struct writer *w, const struct document *d) {
  put_text(w, "title", d->title.text);
  json_open(w->j, "issuer", '[');
  vec_each(struct text_at, x, &d->issuers) json_str(w->j, NULL, x->text);
  json_close(w->j, ']');
  put_text(w, "number", d->number.text);
  put_year(w, "year", d->year);
  put_year(w, "year_to", d->year_to);
  if (d->year_labelled) json_int(w->j, "year_labelled", d->year_labelled);
  if (d->year_internal) json_int(w->j, "year_internal", d->year_internal);
  put_date(w, "date", d->date);
  put_text(w, "notice_title", d->notice_title.text);
  put_text(w, "addressees", d->addressees.text);
  json_bool(w->j, "is_table", d->is_table);
}

static void put_document(struct writer *w, const struct document *d) {
  json_open(w->j, NULL, '{');
  put_document_head(w, d);
  json_open(w->j, "sections", '[');
  vec_each(struct section, s, &d->sections) put_section(w, d, s);
  if (!d->sections.len && d->items.len)
    put_section(w, d, &(struct section){.at = d->at, .item_count = (uint32_t)d->items.len});
  json_close(w->j, ']');
  json_open(w->j, "rules", '[');
  vec_each(struct span, r, &d->rules) json_str(w->j, NULL, plan_text(w->p, *r));
  json_close(w->j, ']');
  put_span(w, d->at);
  json_close(w->j, '}');
}

/* ---- what was done to the text, and what a person should look at ---- */

static void put_bytes(struct writer *w, const char *key, struct str s) {
  if (utf8_valid(s)) return json_str(w->j, key, s);
  struct str hex = STR("hex:");
  for (size_t i = 0; i < s.len && i < 64; i++)
    hex = str_join(&w->mem, hex, str_fmt(&w->mem, "%02X", (unsigned char)s.at[i]));
  json_str(w->j, key, hex);
}

static struct span edit_source(const struct writer *w, int layer, const struct edit *e) {
  struct span at = {e->in_at, e->in_at + e->in_len};
  if (layer == w->p->source.layer_count) return source_span(&w->p->source, at);
  for (int i = layer - 1; i >= 0; i--) at = layer_in_span(&w->p->source.layers[i], at);
  return at;
}

static void put_edits(struct writer *w, int layer, const struct layer *l, bool trims) {
  vec_each(struct edit, e, &l->edits) {
    if ((e->kind == EDIT_FURNITURE) != trims) continue;
    const struct span src = edit_source(w, layer, e);
    json_open(w->j, NULL, '{');
    json_z(w->j, "kind", edit_word((enum edit_kind)e->kind));
    json_int(w->j, "layer", layer);
    put_range(w, "src", src.at, src.end);
    put_bytes(w, "before", str_slice(l->in, e->in_at, e->in_at + e->in_len));
    put_bytes(w, "after", str_slice(l->out, e->out_at, e->out_at + e->out_len));
    if (e->doubt) json_bool(w->j, "doubt", true);
    json_close(w->j, '}');
  }
}

static void put_layers(struct writer *w, const char *key, bool trims) {
  const struct source *s = &w->p->source;
  json_open(w->j, key, '[');
  for (int i = 0; i < s->layer_count; i++) put_edits(w, i, &s->layers[i], trims);
  put_edits(w, s->layer_count, &w->p->cleaning, trims);
  json_close(w->j, ']');
}

static void put_diag_item(struct writer *w, const struct diag *d) {
  if (d->document < 0 || (size_t)d->document >= w->p->documents.len) return;
  json_int(w->j, "document", d->document);
  const struct document *doc = &w->p->documents.at[d->document];
  if (d->item >= 0 && (size_t)d->item < doc->items.len) put_path(w, &doc->items.at[d->item]);
}

static void put_diags(struct writer *w) {
  json_open(w->j, "diagnostics", '[');
  vec_each(struct diag, d, &w->p->diags) {
    int line, column;
    plan_line_column(w->p, d->at.at, &line, &column);
    json_open(w->j, NULL, '{');
    json_z(w->j, "code", diag_word(d->code));
    json_z(w->j, "severity", severity_word(d->severity));
    json_str(w->j, "message", render_diag(&w->mem, d, w->lang));
    json_str(w->j, "hint", render_diag_hint(&w->mem, d, w->lang));
    json_int(w->j, "line", line);
    json_int(w->j, "column", column);
    put_diag_item(w, d);
    json_open(w->j, "args", '{');
    for (int i = 0; i < d->arg_count; i++) json_str(w->j, d->args[i].name, d->args[i].value);
    json_close(w->j, '}');
    put_span(w, d->at);
    json_close(w->j, '}');
  }
  json_close(w->j, ']');
}

void render_json_plan(struct json_out *j, struct plan *p, const struct str *same_as, size_t same_count,
                      enum lang lang) {
  struct writer w = {.j = j, .p = p, .lang = lang};
  index_chars(&w);
  json_open(j, NULL, '{');
  put_bytes(&w, "source", p->source.name);
  json_z(j, "container", container_word(p->source.container));
  put_text(&w, "encoding", str_of(p->source.encoding));
  json_bool(j, "traditional", p->traditional);
  json_open(j, "same_as", '[');
  for (size_t i = 0; i < same_count; i++) put_bytes(&w, NULL, same_as[i]);
  json_close(j, ']');
  json_open(j, "documents", '[');
  vec_each(struct document, d, &p->documents) put_document(&w, d);
  json_close(j, ']');
  put_layers(&w, "repairs", false);
  put_layers(&w, "trims", true);
  put_diags(&w);
  json_close(j, '}');
  arena_drop(&w.mem);
}

void render_json(struct plan *p, enum lang lang, struct buf *out) {
  struct json_out j = {.to = out};
  render_json_plan(&j, p, NULL, 0, lang);
  buf_byte(out, '\n');
}
