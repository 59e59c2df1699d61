/* The decision, in one place. Today it asks what the roles of a person's posts hold; scope, compartment and purpose widen
 * this function and nothing else. */
#include "app/page.h"
#include "app/who.h"
#include "texts.h"

/* Acts that no role holds, because they are about having signed in at all. True when the act is one of them. */
static bool outside_roles(const struct who *w, struct str act, bool *out_may) {
  const bool is_person = w && !w->scopes.len;
  if (str_eqz(act, "open")) *out_may = true;
  else if (str_eqz(act, "leave") || str_eqz(act, "self.password")) *out_may = is_person;
  else if (str_eqz(act, "self")) *out_may = is_person && !w->must_change;
  else return false;
  return true;
}
static bool has_role(const struct who *w, struct str act) {
  const struct roles *r = roles_known();
  if (w->admin.len) {
    const struct role_rule *role = roles_role(r, w->admin, true);
    return role && role_may(role, act);
  }
  for (size_t i = 0; i < w->posts.len; i++) {
    const struct role_rule *role = roles_role(r, w->posts.at[i].role, false);
    if (role && role_may(role, act)) return true;
  }
  return false;
}
static bool has_word(struct str words, struct str word) {
  while (words.len) {
    struct str one = words, rest = {0};
    if (!str_cut(words, STR(" "), &one, &rest)) one = words, rest = (struct str){0};
    if (str_eq(one, word)) return true;
    words = rest;
  }
  return false;
}
/* A program's token may less than its owner: to see, everything, or acts by name. */
static bool has_scope(const struct who *w, struct str act) {
  if (!w->scopes.len || has_word(w->scopes, STR("act")) || has_word(w->scopes, act)) return true;
  return has_word(w->scopes, STR("read")) && str_ends(act, STR(".see"));
}

struct str who_roles(struct arena *mem, const struct who *w, enum lang lang) {
  const struct roles *r = roles_known();
  if (w->admin.len) {
    const struct role_rule *role = roles_role(r, w->admin, true);
    return role ? role->label[lang] : w->admin;
  }
  struct str all = STR("");
  for (size_t i = 0; i < w->posts.len; i++) {
    const struct who_post *p = &w->posts.at[i];
    const struct role_rule *role = roles_role(r, p->role, false);
    const struct msg_arg args[] = {{"role", role ? role->label[lang] : p->role}, {"unit", p->unit_name}};
    const struct str one = msg_text(mem, lang, MSG_who_post, args, COUNT_OF(args));
    all = page_listed(mem, lang, all, one);
  }
  return all;
}

static bool refuse(const struct who *w, enum lang lang, struct str act, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct act_rule *rule = roles_act(roles_known(), act);
  if (w->must_change) return fail(e, ERR_FORBIDDEN, MSG_may_change_first);
  const struct str roles = who_roles(&mem, w, lang);
  (void)fail(e, ERR_FORBIDDEN, w->scopes.len ? MSG_may_not_token : MSG_may_not, "act", rule ? rule->label[lang] : act,
             "roles", roles.len ? roles : msg_text(&mem, lang, MSG_who_no_post, NULL, 0));
  return err_hint(e, MSG_may_not_hint);
}
bool may(const struct who *w, enum lang lang, struct str act, struct err *e) {
  bool ok = false;
  const bool outside = outside_roles(w, act, &ok);
  if (outside && ok) return true;
  if (!w) return fail(e, ERR_SIGN_IN, MSG_may_sign_in);
  if (!outside && !w->must_change && has_role(w, act) && has_scope(w, act)) return true;
  return refuse(w, lang, act, e);
}
bool can(const struct who *w, const char *act) {
  struct err ignored = {0};
  return may(w, LANG_ZH, str_of(act), &ignored);
}
