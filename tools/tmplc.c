/* Template compiler: ui/pages and ui/parts (.html) -> pages.h and pages.c, one typed C function for each template.
 *
 *   tmplc OUT.h OUT.c FILE.html...
 *
 * A template is plain HTML with {{...}} in it; all comparing and formatting is done in the view struct.
 *
 *   {{view struct view_plans from "app/views.h"}}   first line: the struct it shows and the header that declares it;
 *                                                    `lang f.lang` behind it says where its language stands
 *   {{title}}  {{t.title}}  {{a.b.c}}  {{a->b}}      a value: a field of the view, or of a loop variable; `v` is the view
 *   {{if x}} ... {{else if not y}} ... {{else}} ... {{end}}       a bool, a number (not 0), a str (not empty)
 *   {{for t in tasks}} ... {{else}} ... {{end}}      any struct with .at and .len; t is a pointer, write t.title;
 *                                                    the else part stands for an empty list
 *   {{include task-row.html}}  {{include task-row.html t}}        ui/parts/task-row.html with this view, or with t
 *   {{wrap frame.html frame}} ... {{end}}            a part that has one {{content}} in it, around what stands here
 *   {{t plans_title}}  {{t rows_found n=count}}      text of the catalogue (MSG_plans_title) in the language of the
 *                                                    request, holes filled, escaped
 *   {{# a note}}                                     nothing; HTML comments are left out as well
 *
 * ui/pages/plan-list.html becomes  void page_plan_list(struct buf *o, const struct view_plans *v);
 * ui/parts/task-row.html  becomes  void part_task_row(struct buf *o, enum lang lang, const struct view_row *v);
 * a part with {{content}} becomes  part_frame_open and part_frame_close, of the same form. Language rule: a page that
 * shows texts or parts takes the language from its view (v->lang, or as the first line says) and hands it to every part.
 * Arguments of include and wrap: a loop variable as it is, `v`, or a field (its address is passed); C checks the type.
 *
 * Place decides the escaper, type decides trust (web/html.h): in text and quoted attributes & < > " ' are escaped and
 * only struct html passes as it is, in text alone; in href, src, action, hx-get and their kind a value at the start is
 * checked (relative or https, else `#`; in script and iframe relative only) and may be followed only by ? # & or the end
 * of the attribute, behind a literal start it is percent-encoded. Refused with file:line: a value
 * in a tag or attribute name, outside quotes, in script, style, a comment; style=, on...=, srcdoc, http-equiv; inline
 * script and style; branches of an if or a loop body that end in another place of the HTML than they began; tags that
 * do not match. There is no syntax for raw output. A wrong name is an error of the C compiler at the template's line. */
#include <stdio.h>

#include "base/file.h"
#include "tmpl/template.h"

enum { TEMPLATE_MOST = 1 << 20, OUT_MOST = 64 << 20 };

static bool run(struct arena *mem, int argc, char **argv, struct err *e) {
  struct tmpl t = {.mem = mem, .functions = BUF_MAX(OUT_MOST), .says = BUF_MAX(OUT_MOST)};
  AUTO_BUF h = BUF_MAX(OUT_MOST);
  AUTO_BUF c = BUF_MAX(OUT_MOST);
  bool ok = true;
  for (int i = 3; i < argc; i++) {
    struct str text;
    TRY(file_read(mem, str_of(argv[i]), TEMPLATE_MOST, &text, e));
    ok = tmpl_compile(&t, str_of(argv[i]), text) && ok;
  }
  tmpl_header(&t, &h);
  tmpl_source(&t, &c);
  if (t.says.len) (void)fwrite(t.says.at, 1, t.says.len, stderr);
  ok = ok && !h.broken && !c.broken;
  if (ok) ok = file_write(str_of(argv[1]), buf_view(&h), e) && file_write(str_of(argv[2]), buf_view(&c), e);
  tmpl_drop(&t);
  return ok;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    (void)fprintf(stderr, "usage: tmplc OUT.h OUT.c FILE.html...\n");
    return 2;
  }
  AUTO_ARENA mem = {0};
  struct err e = {0};
  if (run(&mem, argc, argv, &e)) return 0;
  const struct str says = e.code ? err_says(&mem, LANG_EN, &e) : (struct str){0};
  if (says.len) (void)fprintf(stderr, "tmplc: error: " STRF "\n", STRA(says));
  return 1;
}
