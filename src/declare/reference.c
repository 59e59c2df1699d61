/* The reference of the language in docs/declarations.md: a table of keys for each part, and the codes of faults. */
#include "declare/faults.h"
#include "declare/language.h"
#include "declare/schema.h"
#include "declare/system.h"
#include "texts.h"

struct reference {
  struct arena *mem;
  enum lang lang;
  struct buf *out;
};

/* ---- the form of a value ---- */

static int word_of(enum shape shape) {
  switch (shape) {
    case SHAPE_TEXT: return MSG_language_reference_form_text;
    case SHAPE_LABEL: return MSG_language_reference_form_label;
    case SHAPE_NAME: return MSG_language_reference_form_name;
    case SHAPE_PATH: return MSG_language_reference_form_path;
    case SHAPE_DATE: return MSG_language_reference_form_date;
    case SHAPE_DURATION: return MSG_language_reference_form_duration;
    case SHAPE_NUMBER: return MSG_language_reference_form_number;
    case SHAPE_EXPR: return MSG_language_reference_form_expr;
    case SHAPE_TYPE: return MSG_language_reference_form_type;
    case SHAPE_YAML: return MSG_language_reference_form_yaml;
    case SHAPE_LATER: return MSG_language_reference_form_later;
    case SHAPE_CHOICE:
    case SHAPE_PART: break; /* shown by what they allow */
  }
  return 0;
}
static struct str form_of_one(const struct reference *r, const struct key *k) {
  if (k->shape == SHAPE_PART) return str_fmt(r->mem, "[%s](#%s)", k->part->name, k->part->name);
  if (k->shape == SHAPE_CHOICE)
    return str_fmt(r->mem, "`" STRF "`", STRA(str_replace(r->mem, str_of(k->words), STR(" "), STR("` `"))));
  return msg_template(r->lang, word_of(k->shape));
}
static struct str form_of(const struct reference *r, const struct key *k) {
  const struct str one = form_of_one(r, k), either = msg_template(r->lang, MSG_language_reference_or);
  const struct str name = msg_template(r->lang, MSG_language_reference_form_name);
  switch (k->many) {
    case ONE: return one;
    case LIST: return str_fmt(r->mem, "[" STRF ", …]", STRA(one));
    case ONE_OR_LIST: return str_fmt(r->mem, STRF " " STRF " [" STRF ", …]", STRA(one), STRA(either), STRA(one));
    case MAP: break;
  }
  return str_fmt(r->mem, "{" STRF ": " STRF ", …}", STRA(name), STRA(one));
}

/* ---- tables ---- */

static void put_head(const struct reference *r, int msg) {
  const struct str head = msg_template(r->lang, msg);
  buf_fmt(r->out, "| " STRF " |\n|", STRA(head));
  for (struct str cell, rest = head;; buf_z(r->out, "---|")) {
    if (str_cut(rest, STR(" | "), &cell, &rest)) continue;
    buf_z(r->out, "---|\n");
    return;
  }
}
static void put_key(const struct reference *r, const struct part *p, const struct key *k) {
  const struct str need = k->need ? msg_template(r->lang, MSG_language_reference_needed) : STR("");
  buf_fmt(r->out, "| `%s` | " STRF " | " STRF " | " STRF " |\n", k->name, STRA(form_of(r, k)), STRA(need),
          STRA(language_key_says(r->lang, p, k)));
}
static void put_sentence(const struct reference *r, int msg, const char *hole, struct str value) {
  buf_str(r->out, msg_text(r->mem, r->lang, msg, &(struct msg_arg){hole, value}, 1));
  buf_z(r->out, "\n\n");
}
static void put_part(const struct reference *r, const struct part *p) {
  buf_fmt(r->out, "### %s\n\n" STRF "\n\n", p->name, STRA(language_part_says(r->lang, p)));
  if (p->whole) put_sentence(r, MSG_language_reference_names, "form", form_of(r, p->whole));
  if (p->brief) put_sentence(r, MSG_language_reference_brief, "key", str_fmt(r->mem, "`%s`", p->brief));
  if (!p->count) return;
  put_head(r, MSG_language_reference_keys);
  for (size_t i = 0; i < p->count; i++) put_key(r, p, &p->keys[i]);
  buf_byte(r->out, '\n');
}
void reference_keys(enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct reference r = {&mem, lang, out};
  part_list parts;
  language_parts(&mem, &parts);
  for (size_t i = 0; i < parts.len; i++) put_part(&r, parts.at[i]);
}
void reference_faults(enum lang lang, struct buf *out) {
  AUTO_ARENA mem = {0};
  const struct reference r = {&mem, lang, out};
  put_head(&r, MSG_language_reference_faults);
  for (int c = 0; c < FAULT_CODE_COUNT; c++) {
    const enum fault_code code = (enum fault_code)c;
    const bool is_error = fault_level(code) == FAULT_ERROR;
    const int hint = fault_hint(code), level = is_error ? MSG_language_reference_error : MSG_language_reference_warning;
    const struct str what = hint ? msg_template(lang, hint) : STR("");
    buf_fmt(out, "| %s | " STRF " | " STRF " | " STRF " |\n", fault_word(code), STRA(msg_template(lang, level)),
            STRA(msg_template(lang, fault_sentence(code))), STRA(what));
  }
}
