/* An item of a plan as work that can be handed out: the whole item as one task, or one task for each of its measures under
 * the item's own. What the words say is proposed; who takes it, a person decides. Pure.
 *
 * The unit that is named first leads (列第一位者为牵头单位); other leads stand among those that take part. */
#ifndef ENGINE_PLAN_ASSIGN_H
#define ENGINE_PLAN_ASSIGN_H
#include "engine/plan/plan.h"

enum assign_by { ASSIGN_ITEM, ASSIGN_MEASURE, ASSIGN_BY_COUNT };
const char *assign_by_word(enum assign_by by); /* "item" "measure" */
bool assign_by_of(struct str word, enum assign_by *out);

enum { ASSIGN_TITLE_CHARS = 80, ASSIGN_WORDS_CHARS = 2000 }; /* longer ones end in … */
struct assign_task {
  int32_t measure;         /* NO_INDEX: the item itself */
  struct str title, words; /* what is to be done, in the plan's words */
  struct when due;         /* its own date, else the item's */
  bool is_event;           /* 召开、举办: a day in the calendar */
  VEC(int32_t) targets;    /* of the item; with a number and without doubt; a total before its parts */
  VEC(int32_t) results;    /* deliverables that are to be made */
};
typedef VEC(struct assign_task) assign_tasks;
/* The tasks of an item that is no group; the first is the item itself, the others are its parts. By measures an item with fewer
 * than two of them is one task. */
void assign_item(struct arena *mem, const struct plan *p, const struct item *it, enum assign_by by, assign_tasks *out);
/* How many tasks by measures it would be, the item's own among them; 1: it cannot be parted. */
size_t assign_measures(const struct item *it);
/* Where it stands: 云教发〔2026〕3号（九）改善教室环境. New, in mem. */
struct str assign_source(struct arena *mem, const struct plan *p, const struct document *d, const struct item *it);
#endif
