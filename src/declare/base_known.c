/* Reads rules/declare/base.yaml, once. It is part of the program: what is wrong with it is a broken promise. */
#include "declare/base_known.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/yaml.h"

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct base_known known;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_list(struct base_list *l, const struct yaml *y) {
  l->name = str_join(&built_in.mem, STR("base."), y->key);
  for (const struct yaml *i = y->child; i; i = i->next) {
    const struct yaml *zh = yaml_get(i, "zh"), *en = yaml_get(i, "en");
    must(zh && en);
    vec_push(&built_in.mem, &l->items) =
        (struct base_item){.code = i->key, .label = {[LANG_ZH] = zh->text, [LANG_EN] = en->text}};
  }
}
static void read_built_in(void) {
  const struct embedded *f = embed_find(STR("rules/declare/base.yaml"));
  struct base_known *k = &built_in.known;
  struct yaml *root = NULL;
  struct err e = {0};
  must(f && yaml_parse(&built_in.mem, str_of(f->path), f->bytes, &root, &e));
  const struct yaml *lists = yaml_get(root, "lists"), *posts = yaml_get(root, "posts");
  must(lists && posts);
  for (const struct yaml *y = lists->child; y; y = y->next) read_list(&vec_push(&built_in.mem, &k->lists), y);
  for (const struct yaml *y = posts->child; y; y = y->next) {
    struct base_posts *p = &vec_push(&built_in.mem, &k->posts);
    p->function = y->key;
    for (const struct yaml *r = y->child; r; r = r->next) vec_push(&built_in.mem, &p->roles) = r->text;
  }
}
const struct base_known *base_known(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.known;
}
const struct base_list *base_list_find(struct str name) {
  vec_each(const struct base_list, l, &base_known()->lists)
    if (str_eq(l->name, name)) return l;
  return NULL;
}
int base_code_place(const struct base_list *l, struct str code) {
  for (size_t i = 0; i < l->items.len; i++)
    if (str_eq(l->items.at[i].code, code)) return (int)i;
  return -1;
}
const struct base_posts *base_posts_of(struct str function) {
  vec_each(const struct base_posts, p, &base_known()->posts)
    if (str_eq(p->function, function)) return p;
  must(false);
  return NULL;
}
