/* The service's answers for programs: lists are {rows, next}, things {data, can, links}. Ids and keys are text, moments
 * RFC 3339 with +08:00. */
#include "app/plans_int.h"
#include "base/clock.h"
#include "texts.h"

static void put_time(struct json_out *j, const char *key, int64_t us) {
  AUTO_ARENA mem = {0};
  json_str(j, key, clock_rfc3339(&mem, us));
}
static void put_key(struct json_out *j, const char *name, uint64_t key) {
  AUTO_ARENA mem = {0};
  json_str(j, name, correct_key_text(&mem, key));
}
void plans_row_json(const struct plan_row *r, struct json_out *j) {
  json_str(j, "id", r->id);
  json_str(j, "unit", r->unit);
  json_str(j, "title", r->title);
  json_str(j, "issuer", r->issuer);
  json_str(j, "number", r->number);
  if (r->year) json_int(j, "year", r->year);
  else json_nil(j, "year");
  json_str(j, "level", r->level);
  json_str(j, "name", r->name);
  json_str(j, "container", r->container);
  json_str(j, "file", r->file);
  json_int(j, "size", r->size);
  json_int(j, "draft", r->draft);
  json_z(j, "status", plan_status_word(plan_row_status(r)));
  json_int(j, "rev", r->rev);
  json_int(j, "items", r->items);
  json_int(j, "accepted", r->accepted);
  json_int(j, "errors", r->errors);
  json_int(j, "doubts", r->doubts);
  put_time(j, "created", r->created_us);
  put_time(j, "updated", r->updated_us);
}
/* ---- one plan ---- */

bool plans_item_of(const struct plan_view *v, struct str step, struct item_ref *out) {
  int64_t document = 1;
  struct str head = {0}, path = step;
  if (str_cut(step, STR(":"), &head, &path) && (!str_to_int(head, &document) || document < 1)) return false;
  if ((size_t)document > v->plan->documents.len) return false;
  AUTO_ARENA mem = {0};
  const struct document *d = &v->plan->documents.at[document - 1];
  for (size_t i = 0; i < d->items.len; i++) {
    if (!str_eq(render_path(&mem, &d->items.at[i]), path)) continue;
    *out = (struct item_ref){(int32_t)(document - 1), (int32_t)i};
    return true;
  }
  return false;
}
struct str plans_item_step(struct arena *mem, const struct plan_view *v, struct item_ref r) {
  const struct str path = render_path(mem, item_at(v->plan, r));
  return r.document ? str_fmt(mem, "%d:" STRF, r.document + 1, STRA(path)) : path;
}

static void put_fact_keys(struct json_out *j, const struct correct_item *ci) {
  json_open(j, "facts", '{');
  for (int k = 0; k < FACT_KIND_COUNT; k++) {
    if (!ci->keys[k].len) continue;
    json_open(j, correct_subject_word(k), '[');
    for (size_t i = 0; i < ci->keys[k].len; i++) put_key(j, NULL, ci->keys[k].at[i]);
    json_close(j, ']');
  }
  json_close(j, '}');
}
static void put_item(struct json_out *j, const struct plan_view *v, struct item_ref r) {
  AUTO_ARENA mem = {0};
  const struct item_review *it = &v->items[r.document][r.item];
  const struct correct_item *ci = &v->corrected->documents[r.document].items[r.item];
  json_open(j, NULL, '{');
  json_str(j, "step", plans_item_step(&mem, v, r));
  put_key(j, "key", it->key);
  json_str(j, "title", item_at(v->plan, r)->title);
  json_z(j, "state", item_state_word(it->state));
  json_int(j, "errors", ci->errors);
  json_int(j, "doubts", ci->warnings);
  json_bool(j, "corrected", ci->touched);
  if (it->state == ITEM_ACCEPTED) {
    json_str(j, "accepted_by", it->accepted_by);
    put_time(j, "accepted", it->accepted_us);
  }
  put_fact_keys(j, ci);
  json_close(j, '}');
}
static void put_answers(struct json_out *j, enum diag_code code) {
  size_t n = 0;
  const struct correct_answer *a = correct_answers(code, &n);
  json_open(j, "answers", '[');
  for (size_t i = 0; i < n; i++) json_z(j, NULL, a[i].word);
  json_close(j, ']');
}
/* Diagnostics of one item, or of all (item < 0). */
static void put_diags(struct json_out *j, const struct plan_view *v, struct item_ref only, enum lang lang) {
  json_open(j, "diagnostics", '[');
  for (size_t i = 0; i < v->plan->diags.len; i++) {
    AUTO_ARENA mem = {0};
    const struct diag *d = &v->plan->diags.at[i];
    if (only.item >= 0 && (d->document != only.document || d->item != only.item)) continue;
    json_open(j, NULL, '{');
    put_key(j, "key", v->corrected->diag_keys.at[i]);
    json_z(j, "code", diag_word(d->code));
    json_z(j, "severity", severity_word(d->severity));
    json_str(j, "says", render_diag(&mem, d, lang));
    if (d->item >= 0) json_str(j, "item", plans_item_step(&mem, v, (struct item_ref){d->document, d->item}));
    put_answers(j, d->code);
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void put_correction(struct json_out *j, const struct correction *c) {
  json_open(j, NULL, '{');
  json_int(j, "seq", c->seq);
  json_z(j, "act", correct_act_word(c->act));
  json_z(j, "subject", correct_subject_word(c->subject));
  put_key(j, "key", c->key);
  json_str(j, "field", c->field);
  json_str(j, "value", c->value);
  json_str(j, "item", c->item_title);
  json_str(j, "words", c->words);
  json_str(j, "actor", c->actor);
  put_time(j, "at", c->at_us);
  json_str(j, "reason", c->reason);
  json_close(j, '}');
}
static void put_corrections(struct json_out *j, const struct plan_view *v) {
  json_open(j, "corrections", '[');
  for (size_t i = 0; i < v->correction_count; i++) put_correction(j, &v->corrections[i]);
  json_close(j, ']');
  json_open(j, "orphans", '[');
  for (size_t i = 0; i < v->corrected->orphans.len; i++)
    put_correction(j, &v->corrections[v->corrected->orphans.at[i]]);
  json_close(j, ']');
}
/* The fields of a document or section that can be corrected, with the key to do so. */
static void put_head(struct json_out *j, const struct plan_view *v, int document, int subject, int index,
                     uint64_t key) {
  AUTO_ARENA mem = {0};
  put_key(j, "key", key);
  for (size_t f = 0; f < correct_field_count; f++)
    if (correct_fields[f].subject == subject)
      json_str(j, correct_fields[f].name,
               correct_value(&mem, v->corrected, document, NO_INDEX, subject, index, &correct_fields[f]));
}
static void put_heads(struct json_out *j, const struct plan_view *v) {
  json_open(j, "heads", '[');
  for (size_t d = 0; d < v->plan->documents.len; d++) {
    const struct correct_document *cd = &v->corrected->documents[d];
    json_open(j, NULL, '{');
    put_head(j, v, (int)d, CORRECT_DOCUMENT, 0, cd->key);
    json_open(j, "sections", '[');
    for (size_t s = 0; s < v->plan->documents.at[d].sections.len; s++) {
      json_open(j, NULL, '{');
      put_head(j, v, (int)d, CORRECT_SECTION, (int)s, cd->sections[s]);
      json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void put_counts(struct json_out *j, const struct plan_view *v) {
  json_open(j, "counts", '{');
  for (int i = 0; i < ITEM_STATE_COUNT; i++) json_int(j, item_state_word((enum item_state)i), v->counts[i]);
  json_close(j, '}');
}
static void put_can(struct json_out *j, const struct plan_view *v) {
  const bool live = v->latest && !v->row.voided;
  json_open(j, "can", '[');
  if (live && v->may.correct) json_z(j, NULL, "correct");
  if (live && v->may.accept) json_z(j, NULL, "accept");
  if (live && v->may.upload) json_z(j, NULL, "draft");
  if (live && v->may.assign) json_z(j, NULL, "assign");
  if (live && v->may.voids) json_z(j, NULL, "void");
  if (live && v->may.correct && v->undo.len) json_z(j, NULL, "undo");
  if (v->latest && v->row.voided && v->may.voids) json_z(j, NULL, "restore");
  json_close(j, ']');
}
static void put_links(struct json_out *j, const struct plan_view *v) {
  AUTO_ARENA mem = {0};
  json_open(j, "links", '{');
  json_str(j, "self", str_fmt(&mem, "/api/v1/plans/" STRF, STRA(v->row.id)));
  json_str(j, "page", str_fmt(&mem, "/plans/" STRF, STRA(v->row.id)));
  json_close(j, '}');
}
void plans_view_json(const struct plan_view *v, enum lang lang, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  plans_row_json(&v->row, j);
  put_counts(j, v);
  put_heads(j, v);
  json_open(j, "review", '[');
  for (size_t d = 0; d < v->plan->documents.len; d++) {
    for (size_t i = 0; i < v->plan->documents.at[d].items.len; i++)
      put_item(j, v, (struct item_ref){(int32_t)d, (int32_t)i});
  }
  json_close(j, ']');
  put_diags(j, v, (struct item_ref){NO_INDEX, NO_INDEX}, lang);
  put_corrections(j, v);
  json_open(j, "plan", '[');
  render_json_plan(j, v->plan, NULL, 0, lang);
  json_close(j, ']');
  json_close(j, '}');
  put_can(j, v);
  put_links(j, v);
  json_close(j, '}');
}
static void put_facts(struct json_out *j, const struct plan_view *v, struct item_ref r) {
  AUTO_ARENA mem = {0};
  const struct correct_item *ci = &v->corrected->documents[r.document].items[r.item];
  json_open(j, "values", '[');
  for (int k = 0; k < FACT_KIND_COUNT; k++) {
    for (size_t i = 0; i < ci->keys[k].len; i++) {
      json_open(j, NULL, '{');
      json_z(j, "subject", correct_subject_word(k));
      put_key(j, "key", ci->keys[k].at[i]);
      json_str(j, "words", correct_words(v->plan, item_at(v->plan, r), (enum fact_kind)k, (int)i));
      for (size_t f = 0; f < correct_field_count; f++) {
        if (correct_fields[f].subject == k)
          json_str(j, correct_fields[f].name,
                   correct_value(&mem, v->corrected, r.document, r.item, k, (int)i, &correct_fields[f]));
      }
      json_close(j, '}');
    }
  }
  json_close(j, ']');
}
void plans_item_json(const struct plan_view *v, struct item_ref r, enum lang lang, struct json_out *j) {
  AUTO_ARENA mem = {0};
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_open(j, "review", '[');
  put_item(j, v, r);
  json_close(j, ']');
  json_str(j, "text", plan_item_text(&mem, v->plan, item_at(v->plan, r)));
  put_facts(j, v, r);
  put_diags(j, v, r, lang);
  json_close(j, '}');
  put_can(j, v);
  put_links(j, v);
  json_close(j, '}');
}

/* ---- comparison and history ---- */

static void put_ref(struct json_out *j, const char *key, const struct plan_view *v, struct item_ref r) {
  AUTO_ARENA mem = {0};
  if (item_ref_none(r)) {
    json_nil(j, key);
    return;
  }
  json_open(j, key, '{');
  json_str(j, "step", plans_item_step(&mem, v, r));
  put_key(j, "key", v->items[r.document][r.item].key);
  json_str(j, "title", item_at(v->plan, r)->title);
  json_close(j, '}');
}
static void put_reasons(struct json_out *j, unsigned reasons) {
  json_open(j, "reasons", '[');
  for (unsigned bit = 1; bit <= REASON_SPLIT; bit <<= 1) {
    if (reasons & bit) json_z(j, NULL, reason_word(bit));
  }
  json_close(j, ']');
}
void plans_compare_json(const struct plans_comparison *c, enum lang lang, struct json_out *j) {
  (void)lang;
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_z(j, "mode", compare_mode_word(c->c.mode));
  json_bool(j, "same", c->c.same);
  json_str(j, "left", c->left->row.id);
  json_str(j, "right", c->right->row.id);
  json_open(j, "counts", '{');
  for (int i = 0; i < ROW_KIND_COUNT; i++) json_int(j, row_kind_word((enum row_kind)i), c->c.counts[i]);
  json_int(j, "unsure", c->c.unsure);
  json_close(j, '}');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < c->c.rows.len; i++) {
    const struct compare_row *r = &c->c.rows.at[i];
    json_open(j, NULL, '{');
    json_z(j, "kind", row_kind_word(r->kind));
    put_ref(j, "left", c->left, r->left);
    put_ref(j, "right", c->right, r->right);
    json_int(j, "score", r->score);
    json_bool(j, "unsure", r->unsure);
    put_reasons(j, r->reasons);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "made", '[');
  for (size_t i = 0; i < c->made.len; i++) {
    json_open(j, NULL, '{');
    json_int(j, "seq", c->made.at[i].seq);
    json_bool(j, "cut", c->made.at[i].link.cut);
    put_ref(j, "left", c->left, c->made.at[i].link.left);
    put_ref(j, "right", c->right, c->made.at[i].link.right);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_open(j, "can", '[');
  if (c->left->may.link) json_z(j, NULL, "link");
  json_close(j, ']');
  json_open(j, "links", '{');
  json_close(j, '}');
  json_close(j, '}');
}
void plans_history_json(const struct plan_history *h, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < h->rows.len; i++) {
    const struct plan_event *v = &h->rows.at[i];
    json_open(j, NULL, '{');
    json_int(j, "seq", v->seq);
    put_time(j, "at", v->at_us);
    json_str(j, "actor", v->actor);
    json_str(j, "act", v->act);
    json_str(j, "reason", v->reason);
    json_str(j, "item", v->item);
    json_str(j, "words", v->words);
    json_bool(j, "undone", v->undone);
    json_open(j, "changes", '[');
    for (size_t k = 0; k < v->lines.len; k++) {
      json_open(j, NULL, '{');
      json_str(j, "field", v->lines.at[k].field);
      json_str(j, "before", v->lines.at[k].before);
      json_str(j, "after", v->lines.at[k].after);
      json_close(j, '}');
    }
    json_close(j, ']');
    json_str(j, "hash", v->hash);
    json_close(j, '}');
  }
  json_close(j, ']');
  if (h->next) json_int(j, "next", h->next);
  else json_nil(j, "next");
  json_close(j, '}');
}
