/* Names and titles across the plan: a document that two items are to make, one that is no longer in force, a unit that
 * no dictionary knows, and one name spelt two ways.
 *
 * Spelt two ways: texts that differ only in marks and blanks, or by one or two characters left out. Candidates share
 * the first and last two characters, or all characters of one half; they are looked for in short chains of a hash
 * table, so that the cost stays linear. Names that differ in a figure, an order or a year are different names. */
#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "engine/plan/check.h"

enum {
  NAME_CHARS_MIN = 6,
  NAME_CHARS_MAX = 64,
  CHAIN_MAX = 12,
  LEFT_OUT_MAX = 2,
  NEAR_UNITS_MAX = 200,
  NEAR_EDITS = 2
};

/* ---- what is known of names: rules/plan/withdrawn.yaml and apart.yaml, read once ---- */

struct withdrawn {
  struct str title, instead;
  struct date date;
};
struct known_names {
  VEC(struct withdrawn) withdrawn;
  struct str apart; /* characters that tell names apart */
};
/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct known_names names;
} built_in = {.once = PTHREAD_ONCE_INIT};

static const struct yaml *read_rules(struct str path, const char *key) {
  const struct embedded *file = embed_find(path);
  struct yaml *root = NULL;
  struct err e = {0};
  must(file && yaml_parse(&built_in.mem, str_of(file->path), file->bytes, &root, &e));
  return yaml_get(root, key);
}

static struct str field(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y ? y->text : (struct str){0};
}

static void read_known(void) {
  const struct yaml *documents = read_rules(STR("rules/plan/withdrawn.yaml"), "documents"),
                    *apart = read_rules(STR("rules/plan/apart.yaml"), "apart");
  for (const struct yaml *y = documents ? documents->child : NULL; y; y = y->next) {
    struct withdrawn w = {.title = field(y, "title"), .instead = field(y, "instead")};
    if (date_parse(field(y, "date"), 0, &w.date)) vec_push(&built_in.mem, &built_in.names.withdrawn) = w;
  }
  if (apart) built_in.names.apart = apart->text;
}

static const struct known_names *known(void) {
  must(pthread_once(&built_in.once, read_known) == 0);
  return &built_in.names;
}

/* ---- documents ---- */

struct made {
  int32_t document, item;
};

static void check_made(struct checker *c) {
  VEC(struct made) list = {0};
  size_t most = 0;
  vec_each(struct document, d, &c->p->documents)
    vec_each(struct item, it, &d->items) most += it->deliverables.len;
  struct seen seen = seen_new(&c->scratch, most);
  for (size_t d = 0; d < c->p->documents.len; d++)
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++)
      vec_each(struct deliverable, x, &c->p->documents.at[d].items.at[i].deliverables) {
        if (!x->is_new || x->unsure || !x->marked) continue;
        const int32_t first = seen_put(&seen, str_hash(x->title) ^ ((uint64_t)d << 40), (int32_t)list.len);
        vec_push(&c->scratch, &list) = (struct made){(int32_t)d, (int32_t)i};
        if (first < 0 || list.at[first].item == (int32_t)i) continue;
        struct diag *g = check_add(c, DIAG_document_twice, x->at, (int)d, (int)i);
        check_arg(g, "title", x->title);
        check_arg(g, "path", check_path(c, (int)d, list.at[first].item));
      }
}

static void check_one_withdrawn(struct checker *c, const struct deliverable *x, int d, int i) {
  const int year = c->p->documents.at[d].year;
  vec_each(const struct withdrawn, w, &known()->withdrawn) {
    if (!str_eq(w->title, x->title)) continue;
    if (year && year < w->date.year) return; /* it was still in force then */
    struct diag *g = check_add(c, DIAG_document_withdrawn, x->at, d, i);
    check_arg(g, "title", x->title);
    check_arg(g, "date", date_iso(c->p->mem, w->date));
    check_arg(g, "instead", w->instead);
    return;
  }
}

static void check_withdrawn(struct checker *c) {
  for (size_t d = 0; d < c->p->documents.len; d++)
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++)
      vec_each(struct deliverable, x, &c->p->documents.at[d].items.at[i].deliverables)
        if (!x->is_new && x->marked) check_one_withdrawn(c, x, (int)d, (int)i);
}

void check_documents(struct checker *c) {
  check_made(c);
  check_withdrawn(c);
}

/* ---- names spelt two ways ---- */

struct spelled {
  struct span at;
  struct str text;
  uint64_t bare; /* hash without marks and blanks */
  uint32_t chars[NAME_CHARS_MAX];
  int n;
  int32_t document, item;
  int32_t next[2]; /* chains by ends and by bare text */
};
struct spellings {
  struct checker *c;
  VEC(struct spelled *) list;
  struct seen texts, ends, bares;
};

static bool is_mark_or_blank(uint32_t ch) {
  return !is_han(ch) && !is_digit(ch) && !(ch >= 'A' && ch <= 'Z') && !(ch >= 'a' && ch <= 'z') && ch != '+';
}

static bool tells_apart(uint32_t ch) {
  const struct str apart = known()->apart;
  if (is_digit(ch) || ch < 0x80) return true;
  for (size_t i = 0; i < apart.len;)
    if (utf8_next(apart, &i) == ch) return true;
  return false;
}

static bool spell(struct spelled *s) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < s->text.len;) {
    const uint32_t ch = utf8_next(s->text, &i);
    if (is_mark_or_blank(ch)) continue;
    if (s->n == NAME_CHARS_MAX) return false;
    s->chars[s->n++] = ch;
    h = (h ^ ch) * UINT64_C(1099511628211);
  }
  s->bare = h | 1;
  return s->n >= NAME_CHARS_MIN;
}

/* b is a with one or two characters left out, none of which tells names apart. */
static bool is_shorter(const struct spelled *a, const struct spelled *b) {
  int j = 0;
  if (a->n <= b->n || a->n - b->n > LEFT_OUT_MAX) return false;
  for (int i = 0; i < a->n; i++) {
    if (j < b->n && a->chars[i] == b->chars[j]) j++;
    else if (tells_apart(a->chars[i])) return false;
  }
  return j == b->n;
}

static uint64_t ends_key(const struct spelled *s) {
  uint64_t h = 7;
  for (int i = 0; i < 2; i++) h = h * UINT64_C(1000003) + s->chars[i];
  for (int i = s->n - 2; i < s->n; i++) h = h * UINT64_C(1000003) + s->chars[i];
  return h | 1;
}

static void say_variant(struct spellings *sp, const struct spelled *s, const struct spelled *other) {
  struct diag *g = check_add(sp->c, DIAG_name_variants, s->at, s->document, s->item);
  check_arg(g, "name", s->text);
  check_arg(g, "other", other->text);
}

/* The chain of one key: newest notes first reached through the first one's `next`. */
static bool find_in_chain(struct spellings *sp, struct spelled *s, int32_t first, int chain) {
  int32_t k = first;
  for (int n = 0; k >= 0 && n < CHAIN_MAX; n++) {
    struct spelled *o = sp->list.at[k];
    const bool same_bare = o->bare == s->bare && o->n == s->n;
    if (chain == 1 ? same_bare : is_shorter(o, s) || is_shorter(s, o)) {
      say_variant(sp, s, o);
      return true;
    }
    if (o->next[chain] < 0) {
      o->next[chain] = (int32_t)sp->list.len; /* where s will stand */
      return false;
    }
    k = o->next[chain];
  }
  return false;
}

static void add_name(struct spellings *sp, struct span at, struct str text, int d, int i) {
  struct spelled probe = {.at = at, .text = text, .document = d, .item = i, .next = {-1, -1}};
  if (!spell(&probe) || seen_put(&sp->texts, str_hash(text), 0) >= 0) return;
  struct spelled *s = arena_new(&sp->c->scratch, struct spelled);
  *s = probe;
  const int32_t number = (int32_t)sp->list.len;
  const int32_t by_bare = seen_put(&sp->bares, s->bare, number), by_ends = seen_put(&sp->ends, ends_key(s), number);
  if (!(by_bare >= 0 && find_in_chain(sp, s, by_bare, 1)) && by_ends >= 0) (void)find_in_chain(sp, s, by_ends, 0);
  vec_push(&sp->c->scratch, &sp->list) = s;
}

static void check_spelling(struct checker *c) {
  struct spellings sp = {.c = c};
  size_t most = 1;
  vec_each(struct document, d, &c->p->documents)
    vec_each(struct item, it, &d->items) most += it->names.len + it->deliverables.len;
  if (most == 1) return;
  sp.texts = seen_new(&c->scratch, most);
  sp.ends = seen_new(&c->scratch, most);
  sp.bares = seen_new(&c->scratch, most);
  for (size_t d = 0; d < c->p->documents.len; d++)
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++) {
      const struct item *it = &c->p->documents.at[d].items.at[i];
      vec_each(struct name, n, &it->names) add_name(&sp, n->at, n->text, (int)d, (int)i);
      vec_each(struct deliverable, x, &it->deliverables) add_name(&sp, x->at, x->title, (int)d, (int)i);
    }
}

/* ---- units ---- */

struct row { /* one row of the edit-distance table; names are short */
  int at[NAME_CHARS_MAX + 1];
};

static int letters_of(struct str s, uint32_t *out) {
  int n = 0;
  for (size_t i = 0; i < s.len && n < NAME_CHARS_MAX;) out[n++] = utf8_next(s, &i);
  return n;
}

/* Levenshtein's distance (Wagner and Fischer 1974), one row at a time. */
static int edits(const uint32_t *a, int n, const uint32_t *b, int m) {
  struct row row = {0};
  for (int j = 0; j <= m; j++) row.at[j] = j;
  for (int i = 1; i <= n; i++) {
    int diagonal = row.at[0];
    row.at[0] = i;
    for (int j = 1; j <= m; j++) {
      const int up = row.at[j] + 1, left = row.at[j - 1] + 1, change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row.at[j];
      row.at[j] = up < left ? (up < change ? up : change) : (left < change ? left : change);
    }
  }
  return row.at[m];
}

/* A slip leaves the last character, or changes just that one (处 and 科): 各区教育局 is no slip of 南湖区教育局. */
static bool may_be_slip(const uint32_t *a, int n, const uint32_t *b, int m) {
  if (m - n > 1 || n - m > 1 || n <= NEAR_EDITS || !m) return false;
  return a[n - 1] == b[m - 1] || (n == m && memcmp(a, b, (size_t)(n - 1) * sizeof *a) == 0);
}

static struct str nearest_unit(const struct plan *p, struct str name) {
  uint32_t a[NAME_CHARS_MAX], b[NAME_CHARS_MAX];
  const int n = letters_of(name, a);
  int best = (n < NAME_CHARS_MIN ? 1 : NEAR_EDITS) + 1; /* of a short name two changes leave too little */
  struct str near = {0};
  for (size_t u = 0; u < p->options.unit_count; u++) {
    const int m = letters_of(p->options.units[u], b);
    if (!may_be_slip(a, n, b, m)) continue;
    const int distance = edits(a, n, b, m);
    if (distance < best) best = distance, near = p->options.units[u];
  }
  return near;
}

/* How many offices document d names, and how many of them stand in the dictionary, slips of the pen counted in. */
static void count_listed(struct checker *c, size_t d, size_t *out_listed, size_t *out_all) {
  size_t most = 1, asked = 0;
  *out_listed = *out_all = 0;
  vec_each(struct item, it, &c->p->documents.at[d].items) most += it->parties.len;
  struct seen seen = seen_new(&c->scratch, most);
  vec_each(struct item, it, &c->p->documents.at[d].items)
    vec_each(struct party, x, &it->parties) {
      if (seen_put(&seen, str_hash(x->name), 0) >= 0) continue;
      *out_all += 1;
      *out_listed += x->listed || (asked++ < NEAR_UNITS_MAX && nearest_unit(c->p, x->name).len);
    }
}

/* The dictionary is that of another authority when it has fewer than half of a document's units; said once. */
static bool is_foreign(struct checker *c, size_t d) {
  size_t listed = 0, all = 0;
  count_listed(c, d, &listed, &all);
  if (!all || listed * 2 >= all) return false;
  const struct document *doc = &c->p->documents.at[d];
  struct diag *g = check_add(c, DIAG_unit_unknown, doc->title.text.len ? doc->title.at : doc->at, (int)d, NO_INDEX);
  g->severity = SEVERITY_NOTE;
  check_arg(g, "listed", str_int(c->p->mem, (int64_t)listed));
  check_arg(g, "count", str_int(c->p->mem, (int64_t)all));
  return true;
}

/* 各县区教育局, 有关部门: many offices at once, which no dictionary lists. */
static bool is_collective(const struct checker *c, struct str name) {
  return lexicon_at(c->p->options.lexicon, name, 0, LEX_BIT(unit_word)) != NULL;
}

static void check_units(struct checker *c) {
  size_t most = 1, asked = 0;
  if (!c->p->options.unit_count) return;
  vec_each(struct document, d, &c->p->documents)
    vec_each(struct item, it, &d->items) most += it->parties.len;
  struct seen seen = seen_new(&c->scratch, most);
  for (size_t d = 0; d < c->p->documents.len; d++) {
    if (is_foreign(c, d)) continue;
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++) {
      const struct item *it = &c->p->documents.at[d].items.at[i];
      for (size_t k = 0; k < it->parties.len; k++) {
        const struct party *x = &it->parties.at[k];
        if (x->listed || !x->in_label || is_collective(c, x->name) || seen_put(&seen, str_hash(x->name), 0) >= 0)
          continue;
        struct diag *g = check_add(c, DIAG_unit_unknown, x->at, (int)d, (int)i);
        g->fact = FACT_PARTY;
        g->fact_index = (int32_t)k;
        check_arg(g, "name", x->name);
        const struct str near = asked++ < NEAR_UNITS_MAX ? nearest_unit(c->p, x->name) : (struct str){0};
        if (near.len) check_arg(g, "near", near);
      }
    }
  }
}

/* ---- one department spelt two ways: 规划与财务处, 规化与财务处 ---- */

/* The names differ in one character, not the first, and it does not tell names apart. */
static bool is_slip(const struct spelled *a, const struct spelled *b) {
  int differ = 0;
  if (a->n != b->n || a->document != b->document) return false;
  for (int i = 0; i < a->n; i++) {
    if (a->chars[i] == b->chars[i]) continue;
    if (++differ > 1 || !i || tells_apart(a->chars[i]) || tells_apart(b->chars[i])) return false;
  }
  return differ == 1;
}

/* Names are found again by what is left of them when one character is left out. */
static uint64_t key_without(const struct spelled *s, int place) {
  uint64_t h = UINT64_C(14695981039346656037) + (uint64_t)s->document * UINT64_C(1000003) + (uint64_t)place;
  for (int i = 0; i < s->n; i++)
    if (i != place) h = (h ^ s->chars[i]) * UINT64_C(1099511628211);
  return h | 1;
}

static void add_department(struct spellings *sp, struct seen *keys, const struct party *x, int d, int i) {
  struct spelled probe = {.at = x->at, .text = x->name, .document = d, .item = i};
  if (x->listed || !lexicon_before(sp->c->p->options.lexicon, x->name, x->name.len, LEX_BIT(unit_inner))) return;
  if (!spell(&probe) || seen_put(&sp->texts, str_hash(x->name) ^ ((uint64_t)d << 40), 0) >= 0) return;
  struct spelled *s = arena_new(&sp->c->scratch, struct spelled);
  *s = probe;
  bool said = false;
  for (int k = 1; k < s->n; k++) {
    const int32_t other = seen_put(keys, key_without(s, k), (int32_t)sp->list.len);
    if (said || other < 0 || !is_slip(s, sp->list.at[other])) continue;
    say_variant(sp, s, sp->list.at[other]);
    said = true;
  }
  vec_push(&sp->c->scratch, &sp->list) = s;
}

static void check_departments(struct checker *c) {
  struct spellings sp = {.c = c};
  size_t most = 1, letters = 1;
  vec_each(struct document, d, &c->p->documents)
    vec_each(struct item, it, &d->items)
      vec_each(struct party, x, &it->parties) {
        if (x->inherited) continue;
        most++;
        letters += x->name.len / 3 < NAME_CHARS_MAX ? x->name.len / 3 + 1 : NAME_CHARS_MAX;
      }
  if (most < 3) return;
  sp.texts = seen_new(&c->scratch, most);
  struct seen keys = seen_new(&c->scratch, letters);
  for (size_t d = 0; d < c->p->documents.len; d++)
    for (size_t i = 0; i < c->p->documents.at[d].items.len; i++)
      vec_each(struct party, x, &c->p->documents.at[d].items.at[i].parties)
        if (!x->inherited) add_department(&sp, &keys, x, (int)d, (int)i);
}

void check_names(struct checker *c) {
  check_spelling(c);
  check_departments(c);
  check_units(c);
}
