/* A story is a list of steps; each has at most one actor and one verb. What a name means is known from the step that made it, so
 * the steps are read in their order. */
#include "declare/story.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "declare/check.h"
#include "texts.h"

enum { ACTORS_MOST = 60, STEPS_MOST = 2000, STEP_DEPTH_MOST = 3 };

struct named { /* what a step made */
  struct str name;
  const struct record *record; /* NULL: of another package */
};
struct story {
  struct faults *f;
  const struct system *s;
  const struct yaml *actors;
  VEC(struct named) names;
  size_t steps;
  bool counted_names; /* p<n>: which names there are is known only when it is played */
};

static const char *const verbs[] = {"do",       "see",     "list",    "search", "answer", "open",  "page",
                                    "form",     "message", "measure", "export", "print",  "clock", "jobs",
                                    "together", "replay",  "sweep",   "repeat", "run",    "add",   "away"};
static const char *const step_words[] = {"say",    "as",      "with", "at",    "name",   "if",   "let",
                                         "expect", "refused", "then", "where", "needs",  "from", "crash",
                                         "retry",  "steps",   "has",  "by",    "outcome"};
static const char *const tops[] = {"scenario", "system", "demo",   "start", "actors",
                                   "given",    "define", "always", "steps", "examples"};

static struct fault *tell_at(struct story *t, enum fault_code code, struct place at, struct str name) {
  return fault_arg(faults_add(t->f, code, at), "name", name);
}
static bool is_one_of(struct str key, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(key, list[i])) return true;
  return false;
}
bool story_word(struct str key) {
  return is_one_of(key, verbs, COUNT_OF(verbs)) || is_one_of(key, step_words, COUNT_OF(step_words));
}
const struct yaml *story_verb(const struct yaml *step) {
  for (const struct yaml *y = step->child; y; y = y->next)
    if (is_one_of(y->key, verbs, COUNT_OF(verbs))) return y;
  return NULL;
}

/* ---- who ---- */

static void check_role(struct story *t, const struct yaml *role) {
  const bool foreign = str_find(role->text, STR(".")) != STR_NONE;
  if (!foreign && !part_find(&t->s->roles, role->text))
    tell_at(t, FAULT_N003, node_place(role), role->text)->kind = MSG_declare_kind_role;
}
static void check_actors(struct story *t) {
  for (const struct yaml *a = t->actors ? t->actors->child : NULL; a; a = a->next) {
    const struct yaml *role = yaml_get(a, "role");
    if (!role || yaml_get(a, "system")) continue;
    if (role->kind != YAML_LIST) check_role(t, role);
    else
      for (const struct yaml *one = role->child; one; one = one->next) check_role(t, one);
  }
}
static void check_actor(struct story *t, const struct yaml *y) {
  if (!y || y->kind != YAML_SCALAR || str_eqz(y->text, "public") || yaml_get(t->actors, str_z(t->f->mem, y->text)))
    return;
  struct nearest near = nearest_to(y->text);
  for (const struct yaml *a = t->actors ? t->actors->child : NULL; a; a = a->next) nearest_offer(&near, a->key);
  struct fault *x = tell_at(t, FAULT_Z001, node_place(y), y->text);
  if (!near.best.len) return;
  x->hint = MSG_declare_near_hint;
  (void)fault_arg(x, "near", near.best);
}

/* ---- what ---- */

static const struct named *find_name(const struct story *t, struct str name) {
  for (size_t i = t->names.len; i-- > 0;)
    if (str_eq(t->names.at[i].name, name)) return &t->names.at[i];
  return NULL;
}
/* `order.register` starts a record, `a.close` is an act on the one named a. NULL: told, or not to be judged. */
static const struct act *act_of(struct story *t, const struct yaml *y, const struct record **out_record) {
  struct str head, act;
  *out_record = NULL;
  if (y->kind != YAML_SCALAR || !str_cut(y->text, STR("."), &head, &act) || str_find(y->text, STR("<")) != STR_NONE)
    return NULL;
  const struct named *named = find_name(t, head);
  const struct record *r = named ? named->record : part_find(&t->s->records, head);
  if (!r && (named || str_find(act, STR(".")) != STR_NONE)) return NULL; /* of another package */
  if (!r) {
    if (!t->counted_names) (void)tell_at(t, FAULT_Z002, node_place(y), head);
    return NULL;
  }
  *out_record = r;
  const struct act *a = part_find(&r->acts, act);
  const bool by_keeper = !r->states.len && (str_eqz(act, "add") || str_eqz(act, "change") || str_eqz(act, "end"));
  if (!a && !by_keeper) tell_at(t, FAULT_N003, node_place(y), act)->kind = MSG_declare_kind_act;
  return a;
}
static void check_inputs(struct story *t, const struct record *r, const struct act *a, const struct yaml *with) {
  for (const struct yaml *y = with && with->kind == YAML_MAP ? with->child : NULL; y; y = y->next) {
    const bool is_field = !a && (field_find(r, y->key) || str_eqz(y->key, "from"));
    const bool is_input =
        a && (words_have(&a->asks, y->key) || words_have(&a->may, y->key) || part_find(&a->takes, y->key));
    const bool is_back = a && a->back.len && str_eqz(y->key, "to");
    if (!is_field && !is_input && !is_back) tell_at(t, FAULT_Z003, key_place(y), y->key);
  }
}

/* ---- what is expected ---- */

static void check_state(struct story *t, const struct record *r, const struct yaml *y) {
  for (const struct yaml *one = y->kind == YAML_LIST ? y->child : y; one; one = y->kind == YAML_LIST ? one->next : NULL)
    if (!part_find(&r->states, one->text))
      tell_at(t, FAULT_N003, node_place(one), one->text)->kind = MSG_declare_kind_state;
}
static void check_fields(struct story *t, const struct record *r, const struct yaml *y) {
  for (const struct yaml *one = y->child; one; one = one->next) {
    const struct str name = y->kind == YAML_MAP ? one->key : one->text;
    struct str head = name, rest;
    (void)str_cut(name, STR("."), &head, &rest);
    const bool plain = word_is_name(head);
    if (plain && !field_find(r, head) && system_field(head) == TYPE_missing && !part_find(&r->clocks, head))
      tell_at(t, FAULT_N003, y->kind == YAML_MAP ? key_place(one) : node_place(one), name)->kind =
          MSG_declare_kind_field;
  }
}
static void check_expect(struct story *t, const struct record *r, const struct yaml *said) {
  const struct yaml *state = yaml_get(said, "state"), *read = yaml_get(said, "fields"),
                    *clocks = yaml_get(said, "clock");
  const struct yaml *notices = yaml_get(said, "notices");
  if (r && state) check_state(t, r, state);
  if (r && read && read->kind == YAML_MAP) check_fields(t, r, read);
  for (const struct yaml *y = r && clocks && clocks->kind == YAML_MAP ? clocks->child : NULL; y; y = y->next)
    if (!part_find(&r->clocks, y->key)) tell_at(t, FAULT_N003, key_place(y), y->key)->kind = MSG_declare_kind_clock;
  for (const struct yaml *y = notices && notices->kind == YAML_LIST ? notices->child : NULL; y; y = y->next)
    check_actor(t, yaml_get(y, "to"));
}

/* ---- steps ---- */

static void check_steps(struct story *t, const struct yaml *list, int depth);

static void note_name(struct story *t, const struct yaml *name, const struct record *r) {
  if (!name) return;
  vec_push(t->f->mem, &t->names) = (struct named){name->text, r};
  t->counted_names |= str_find(name->text, STR("<")) != STR_NONE;
}
static const struct record *check_do(struct story *t, const struct yaml *step, const struct yaml *verb) {
  const struct record *r;
  const struct act *a = act_of(t, verb, &r);
  if (r && !yaml_get(step, "refused")) check_inputs(t, r, a, yaml_get(step, "with"));
  note_name(t, yaml_get(step, "name"), r);
  return r;
}
static const struct record *record_seen(const struct story *t, const struct yaml *y) {
  struct str head = y->text, rest;
  (void)str_cut(y->text, STR("."), &head, &rest);
  const struct named *named = find_name(t, head);
  return named ? named->record : NULL;
}
static void check_step(struct story *t, const struct yaml *step, int depth) {
  const struct yaml *verb = NULL;
  const struct record *r = NULL;
  for (const struct yaml *y = step->child; y; y = y->next) {
    const bool is_verb = is_one_of(y->key, verbs, COUNT_OF(verbs));
    if (!story_word(y->key)) tell_at(t, FAULT_Z005, key_place(y), y->key);
    if (is_verb && verb) tell_at(t, FAULT_Z004, key_place(y), y->key);
    if (is_verb && !verb) verb = y;
  }
  check_actor(t, yaml_get(step, "as"));
  if (!verb && !yaml_get(step, "expect") && !yaml_get(step, "let")) faults_add(t->f, FAULT_Z006, node_place(step));
  if (verb && str_eqz(verb->key, "do")) r = check_do(t, step, verb);
  else if (verb && (str_eqz(verb->key, "see") || str_eqz(verb->key, "answer"))) r = record_seen(t, verb);
  else note_name(t, yaml_get(step, "name"), NULL);
  const struct yaml *together = yaml_get(step, "together"), *inner = yaml_get(step, "steps");
  if (together) check_steps(t, together, depth + 1);
  if (inner) check_steps(t, inner, depth + 1);
  if (yaml_get(step, "expect")) check_expect(t, r, yaml_get(step, "expect"));
}
static void check_steps(struct story *t, const struct yaml *list, int depth) {
  if (list->kind != YAML_LIST || depth > STEP_DEPTH_MOST) return;
  for (const struct yaml *y = list->child; y; y = y->next) {
    if (++t->steps > STEPS_MOST) {
      (void)fault_arg(fault_arg(faults_add(t->f, FAULT_Y012, node_place(y)), "key", STR("steps")), "limit",
                      str_int(t->f->mem, STEPS_MOST));
      return;
    }
    if (y->kind == YAML_MAP) check_step(t, y, depth);
    else faults_add(t->f, FAULT_Z006, node_place(y));
  }
}
static void check_tops(struct story *t, const struct yaml *root) {
  static const char *const needed[] = {"scenario", "system", "start", "steps"};
  for (const struct yaml *y = root->child; y; y = y->next)
    if (!is_one_of(y->key, tops, COUNT_OF(tops))) tell_at(t, FAULT_Z005, key_place(y), y->key);
  for (size_t i = 0; i < COUNT_OF(needed); i++) {
    if (yaml_get(root, needed[i])) continue;
    (void)fault_arg(fault_arg(faults_add(t->f, FAULT_Y005, node_place(root)), "key", str_of(needed[i])), "part",
                    STR("scenario"));
  }
  if (!t->actors || t->actors->count <= ACTORS_MOST) return;
  (void)fault_arg(fault_arg(faults_add(t->f, FAULT_Y012, key_place(t->actors)), "key", STR("actors")), "limit",
                  str_int(t->f->mem, ACTORS_MOST));
}

void story_check(struct faults *f, const struct system *s, struct str file, struct str text) {
  struct story t = {.f = f, .s = s};
  struct yaml *root;
  const struct str file_before = f->file, text_before = f->text;
  f->file = file;
  f->text = text;
  if (declare_parse(f, file, text, &root)) {
    const struct yaml *steps = yaml_get(root, "steps");
    t.actors = yaml_get(root, "actors");
    check_tops(&t, root);
    check_actors(&t);
    if (steps) check_steps(&t, steps, 0);
  }
  f->file = file_before;
  f->text = text_before;
}
