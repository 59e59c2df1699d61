/* A step that is a word is tried before a {name}; if the word's branch leads nowhere the name's is tried. Depth is bounded
 * by ROUTE_STEPS_MAX and each level has at most two branches, so a hostile path costs nothing. */
#include "web/route.h"

struct step {
  struct str word; /* empty = {name} */
  struct step *child, *next;
  const struct route *route[POST + 1];
};
struct router {
  struct step root;
};

static bool is_name(struct str s) { return s.len > 2 && s.at[0] == '{' && s.at[s.len - 1] == '}'; }

/* The first step of a path that begins with '/', and the rest. */
static struct str cut_step(struct str path, struct str *out_rest) {
  size_t i = 1;
  while (i < path.len && path.at[i] != '/') i++;
  *out_rest = str_from(path, i);
  return str_slice(path, 1, i);
}
static struct step *child_for(struct arena *mem, struct step *at, struct str word) {
  struct step **end = &at->child;
  for (; *end; end = &(*end)->next) {
    if (str_eq((*end)->word, word)) return *end;
  }
  *end = arena_new(mem, struct step);
  (*end)->word = word;
  return *end;
}
static void add_route(struct arena *mem, struct router *r, const struct route *route) {
  must(route->method == GET || route->method == POST);
  must(route->act != NULL);
  struct step *at = &r->root;
  int names = 0, steps = 0;
  for (struct str rest = str_of(route->path); rest.len > 1;) {
    const struct str word = cut_step(rest, &rest);
    const bool name = is_name(word);
    names += name;
    steps++;
    at = child_for(mem, at, name ? (struct str){0} : word);
  }
  must(names <= ROUTE_PARAMS && steps <= ROUTE_STEPS_MAX);
  must(!at->route[route->method]);
  at->route[route->method] = route;
}
struct router *router_new(struct arena *mem, const struct route *const *tables) {
  struct router *r = arena_new(mem, struct router);
  for (; *tables; tables++) {
    for (const struct route *t = *tables; t->path; t++) add_route(mem, r, t);
  }
  return r;
}

struct search {
  enum web_method method;
  struct str *params;
  bool other;
};
static const struct route *find(const struct step *at, struct str rest, int depth, int names, struct search *s) {
  if (rest.len <= 1) { /* "/plans/" is "/plans" */
    if (!at->route[s->method] && (at->route[GET] || at->route[POST])) s->other = true;
    return at->route[s->method];
  }
  if (depth >= ROUTE_STEPS_MAX) return NULL;
  const struct str word = cut_step(rest, &rest);
  const struct route *found = NULL;
  const struct step *name = NULL;
  for (const struct step *c = at->child; c && !found; c = c->next) {
    if (!c->word.len) name = c;
    else if (str_eq(c->word, word)) found = find(c, rest, depth + 1, names, s);
  }
  if (found || !name || names >= ROUTE_PARAMS || !word.len) return found;
  s->params[names] = word;
  return find(name, rest, depth + 1, names + 1, s);
}
const struct route *router_find(const struct router *r, enum web_method method, struct str path,
                                struct str params[ROUTE_PARAMS], bool *out_other) {
  struct search s = {.method = method, .params = params};
  const struct route *found = find(&r->root, path, 0, 0, &s);
  *out_other = !found && s.other;
  return found;
}
