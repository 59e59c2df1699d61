/* Fills the good templates with hostile values and prints them: fill NAME. tests/templates/test_templates.py compares
 * with good/NAME.txt. */
#include <stdio.h>

#include "base/must.h"
#include "pages.h"

enum { OUT_MOST = 1 << 20 };

static void fill_tasks(struct buf *o, bool is_empty) {
  struct view_task tasks[] = {
      {STR("a<b>'\"&"), STR("javascript:alert(1)"), {STR("<i>n</i>")}, 7, true},
      {STR("中 /x"), STR("//evil.example"), {STR("")}, 8, false},
  };
  struct view_tasks v = {
      .f = {LANG_EN, STR("T&"), STR("/c.css")}, .title = STR("</script>"), .count = 3, .is_late = true};
  v.tasks.at = tasks;
  v.tasks.len = is_empty ? 0 : COUNT_OF(tasks);
  page_tasks(o, &v);
}

static void fill_places(struct buf *o, struct str link, struct str other) {
  struct view_inner inner[] = {{STR("x")}, {STR("<y>")}};
  struct view_outer list[] = {{.name = STR("A")}, {.name = STR("B")}};
  list[0].inner.at = inner;
  list[0].inner.len = COUNT_OF(inner);
  struct view_places v = {.word = STR("\"'<>& 中"),
                          .link = link,
                          .other = other,
                          .trusted = html_trust(STR("<b>&amp;</b>")),
                          .number = -12,
                          .large = INT64_MIN,
                          .yes = true};
  v.list.at = list;
  v.list.len = COUNT_OF(list);
  page_places(o, &v);
}

int main(int argc, char **argv) {
  const struct str name = str_of(argc > 1 ? argv[1] : "");
  AUTO_BUF o = BUF_MAX(OUT_MOST);
  if (str_eqz(name, "tasks")) fill_tasks(&o, false);
  if (str_eqz(name, "tasks-empty")) fill_tasks(&o, true);
  if (str_eqz(name, "places")) fill_places(&o, STR("/a?b=1&c"), STR("https://x.example/"));
  if (str_eqz(name, "places-hostile")) fill_places(&o, STR("\tjavascript:alert(1)"), STR("/\\evil.example"));
  if (str_eqz(name, "places-schemes")) fill_places(&o, STR("http://x.example/"), STR("data:text/html,x"));
  (void)fwrite(o.at, 1, o.len, stdout);
  return o.len == 0;
}
