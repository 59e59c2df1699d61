/* Codes: their places in ordered lists. What is no list of codes in an order has none. */
#include "declare/base_known.h"
#include "declare/check.h"
#include "engine/flow/env.h"

int flow_code_place(const struct codes *list, struct str code) {
  if (list->base.len) return base_code_place(base_list_find(list->base), code);
  for (size_t i = 0; list->list && i < list->list->items.len; i++)
    if (str_eq(list->list->items.at[i].head.name.text, code)) return (int)i;
  for (size_t i = 0; list->states && i < list->states->states.len; i++)
    if (str_eq(list->states->states.at[i].head.name.text, code)) return (int)i;
  return -1;
}
struct str flow_code_at(const struct codes *list, int place) {
  const struct base_list *base = list->base.len ? base_list_find(list->base) : NULL;
  const size_t i = (size_t)place;
  if (base && i < base->items.len) return base->items.at[i].code;
  if (list->list && i < list->list->items.len) return list->list->items.at[i].head.name.text;
  if (list->states && i < list->states->states.len) return list->states->states.at[i].head.name.text;
  return (struct str){0};
}
