/* What the page of a run of stories shows (ui/pages/scenario-record.html). */
#ifndef APP_VIEWS_STORY_H
#define APP_VIEWS_STORY_H
#include "base/buf.h"
#include "base/msg.h"
#include "base/vec.h"

struct view_story_miss {
  struct str expected, got, why;
};
struct view_story_step {
  struct str no, at, say, who, what, verdict, needs;
  bool passed, failed, later;
  VEC(struct view_story_miss) misses;
};
struct view_story {
  struct str title, file, sum, broken;
  bool good;
  VEC(struct view_story_step) steps;
};
struct view_story_run { /* of one package */
  struct str label, dir, summary;
  VEC(struct view_story) stories;
  VEC(struct str) untouched;
};
struct view_story_page {
  enum lang lang;
  struct str when;
  VEC(struct view_story_run) runs;
};
#endif
