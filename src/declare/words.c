/* Words and the small forms inside one: names, amounts of time, types. */
#include "base/limits.h"
#include "base/utf8.h"
#include "declare/read.h"
#include "texts.h"

enum { NAME_MOST = 31 };

static const char *const type_words[] = {"",
#define X(word) #word,
                                         TYPE_WORDS(X)
#undef X
};
const char *type_word_name(enum type_word t) { return type_words[t]; }

struct place word_slice(struct word w, size_t from, size_t to) {
  const int before = (int)utf8_count(str_slice(w.text, 0, from)), width = (int)utf8_count(str_slice(w.text, from, to));
  return (struct place){w.at.line, w.at.column + w.inset + before, width};
}
struct place word_place(struct word w) {
  return word_slice(w, 0, w.text.len);
}

bool word_is_name(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (!(c >= 'a' && c <= 'z') && (!i || (!(c >= '0' && c <= '9') && c != '_'))) return false;
  }
  return s.len && s.len <= NAME_MOST;
}

bool word_is_path(struct str s) {
  struct str head, tail = s;
  while (str_cut(tail, STR("."), &head, &tail))
    if (!word_is_name(head)) return false;
  return word_is_name(tail);
}
const char *class_name(int class) {
  static const char *const names[] = {"", "open", "inner", "personal", "sensitive", "sealed"};
  return names[class];
}

bool word_whole(struct str s, int64_t *out) {
  for (size_t i = 0; i < s.len; i++)
    if (s.at[i] < '0' || s.at[i] > '9') return false;
  return s.len && (s.len == 1 || s.at[0] != '0') && str_to_int(s, out);
}

void tell_syntax(struct faults *f, struct word w, const struct expr_fault *said) {
  struct fault *x = faults_add(f, FAULT_T002, word_slice(w, (size_t)said->from, (size_t)said->to));
  x->msg = said->msg;
  for (size_t i = 0; i < said->arg_count; i++) (void)fault_arg(x, said->args[i].name, said->args[i].value);
}

/* ---- types ---- */

/* What stands in the brackets of a type: n a number, p places, u a unit, l a name; small letters may be left out. */
static const char *type_takes(enum type_word t) {
  switch (t) {
    case TYPE_text:
    case TYPE_units:
    case TYPE_files:
    case TYPE_photos: return "N";
    case TYPE_count: return "U";
    case TYPE_decimal: return "Pu";
    case TYPE_choice:
    case TYPE_choices:
    case TYPE_period:
    case TYPE_ref:
    case TYPE_sheet: return "L";
    case TYPE_refs: return "LN";
    case TYPE_unit:
    case TYPE_person:
    case TYPE_persons: return "l";
    case TYPE_range: return "u";
    default: return "";
  }
}
static enum type_word type_find(struct str name) {
  for (int t = 1; t < TYPE_WORD_COUNT; t++)
    if (str_eqz(name, type_words[t])) return (enum type_word)t;
  return TYPE_missing;
}
static bool type_unknown(struct faults *f, struct word w, struct str name) {
  struct nearest near = nearest_to(name);
  for (int t = 1; t < TYPE_WORD_COUNT; t++) nearest_offer(&near, str_of(type_words[t]));
  struct fault *x = fault_arg(faults_add(f, FAULT_Y013, word_slice(w, 0, name.len)), "name", name);
  x->msg = MSG_declare_type_unknown;
  if (!near.best.len) return false;
  x->hint = MSG_declare_near_hint;
  (void)fault_arg(x, "near", near.best);
  return false;
}
static bool take_argument(char form, struct str s, struct type_said *out) {
  int64_t places;
  switch (form) {
    case 'N': return word_whole(s, &out->most) && out->most > 0;
    case 'P':
      if (!word_whole(s, &places) || places > DEC_SCALE_MAX) return false;
      out->places = (int)places;
      return true;
    case 'U': out->unit = s; return s.len > 0 && s.len <= TYPE_UNIT_MAX;
    default: out->name = s; return word_is_path(s);
  }
}
/* Says which form would be right: text(n), decimal(p, unit). */
static bool type_form(struct faults *f, struct word w, enum type_word t) {
  struct str form = str_of(type_words[t]);
  for (const char *p = type_takes(t); *p; p++) {
    const bool first = p == type_takes(t);
    const char *word = *p == 'N' ? "n" : *p == 'P' ? "p" : *p == 'U' || *p == 'u' ? "unit" : "name";
    form = str_fmt(f->mem, STRF "%s%s", STRA(form), first ? "(" : ", ", word);
  }
  if (*type_takes(t)) form = str_join(f->mem, form, STR(")"));
  struct fault *x = fault_arg(faults_add(f, FAULT_Y013, word_place(w)), "name", w.text);
  x->msg = MSG_declare_type_form;
  (void)fault_arg(x, "form", form);
  return false;
}

bool type_said_read(struct faults *f, struct word w, struct type_said *out) {
  struct str name = w.text, rest = {0};
  out->word = w;
  const bool has_brackets = str_cut(w.text, STR("("), &name, &rest);
  const enum type_word t = type_find(name);
  if (t == TYPE_missing) return type_unknown(f, w, name);
  const char *takes = type_takes(t);
  if (has_brackets && !str_ends(rest, STR(")"))) return type_form(f, w, t);
  if (has_brackets) rest.len--;
  if (has_brackets && !*takes) return type_form(f, w, t);
  for (const char *p = takes; *p; p++) {
    struct str one = rest, more = {0};
    if (p[1]) (void)str_cut(rest, STR(","), &one, &more);
    one = str_trim(one);
    const bool optional = *p >= 'a';
    if (!one.len && optional && (!has_brackets || p != takes)) break;
    if (!take_argument((char)(optional ? *p - 'a' + 'A' : *p), one, out)) return type_form(f, w, t);
    rest = more;
  }
  out->type = t;
  return true;
}
