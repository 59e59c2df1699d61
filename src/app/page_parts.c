/* The gallery of parts: every part of the look on one page, with a form that is really checked. Only in the demonstration. */
#include "app/page.h"
#include "app/views_search.h"
#include "base/date.h"
#include "pages.h"
#include "texts.h"

static void fill_looks(struct web_request *rq, struct view_parts *v) {
  static const char *const colours[] = {"paper",    "sheet",      "sunk",       "line",      "edge",       "ink-3",
                                        "ink-2",    "ink",        "azur",       "azur-wash", "green-fill", "amber-fill",
                                        "red-fill", "green-wash", "amber-wash", "red-wash"};
  static const struct {
    const char *px, *css;
    int text;
  } sizes[] = {{"32", "ty-32", MSG_parts_ty_32}, {"24", "ty-24", MSG_parts_ty_24},
               {"20", "ty-20", MSG_parts_ty_20}, {"17", "ty-17 song", MSG_parts_ty_17},
               {"15", "ty-15", MSG_parts_ty_15}, {"14", "ty-14", MSG_parts_ty_14},
               {"13", "ty-13", MSG_parts_ty_13}, {"12", "ty-12", MSG_parts_ty_12}};
  static const struct {
    const char *css;
    int word, says;
  } lamps[] = {{"g", MSG_lamp_green, MSG_lamp_green_says},
               {"y", MSG_lamp_amber, MSG_lamp_amber_says},
               {"r", MSG_lamp_red, MSG_lamp_red_says},
               {"n", MSG_lamp_none, MSG_lamp_none_says},
               {"d", MSG_lamp_done, MSG_lamp_done_says}};
  for (size_t i = 0; i < COUNT_OF(colours); i++)
    vec_push(rq->mem, &v->colours) =
        (struct view_link){.href = str_fmt(rq->mem, "sw-%s", colours[i]), .label = str_of(colours[i])};
  for (size_t i = 0; i < COUNT_OF(sizes); i++)
    vec_push(rq->mem, &v->sizes) = (struct view_link){
        .href = str_of(sizes[i].css), .label = page_text(rq, sizes[i].text), .count = str_of(sizes[i].px)};
  for (size_t i = 0; i < COUNT_OF(lamps); i++)
    vec_push(rq->mem, &v->lamps) = (struct view_lamp){v->f.icons, str_of(lamps[i].css), page_text(rq, lamps[i].word),
                                                      page_text(rq, lamps[i].says)};
}

/* ---- the form: what was typed stays, each error is told at its field and on top ---- */

static const struct part_field {
  const char *name, *css;
  int label, help, error;
  bool is_optional, is_area;
} part_fields[] = {
    {"project", "", MSG_parts_project, MSG_parts_project_help, MSG_parts_project_error, false, false},
    {"day", "in-d", MSG_parts_day, MSG_parts_day_help, MSG_parts_day_error, false, false},
    {"places", "in-n", MSG_parts_places, MSG_parts_places_help, MSG_parts_places_error, false, false},
    {"note", "", MSG_parts_remark, MSG_parts_remark_help, 0, true, true},
};
static bool is_good(const struct part_field *f, struct str value) {
  struct date day = {0};
  int64_t n = 0;
  if (f->is_optional) return true;
  if (!strcmp(f->name, "day")) return date_parse(value, 0, &day) && date_valid(day);
  if (!strcmp(f->name, "places")) return str_to_int(value, &n) && n >= 0;
  return value.len > 0;
}
static void fill_form(struct web_request *rq, struct view_parts *v) {
  for (size_t i = 0; i < COUNT_OF(part_fields); i++) {
    const struct part_field *p = &part_fields[i];
    struct view_part_field f = {.icons = v->f.icons,
                                .id = str_fmt(rq->mem, "f-%s", p->name),
                                .name = str_of(p->name),
                                .label = page_text(rq, p->label),
                                .value = str_trim(web_query(rq, p->name)),
                                .help = page_text(rq, p->help),
                                .css = str_of(p->css),
                                .is_optional = p->is_optional,
                                .is_area = p->is_area};
    f.help_id = str_fmt(rq->mem, "h-%s", p->name);
    f.error_id = str_fmt(rq->mem, "e-%s", p->name);
    f.described = f.help_id;
    if (!strcmp(p->name, "places")) f.unit = page_text(rq, MSG_parts_places_unit);
    if (v->was_sent && !is_good(p, f.value)) {
      f.error = page_text(rq, p->error);
      f.described = str_fmt(rq->mem, STRF " " STRF, STRA(f.help_id), STRA(f.error_id));
      vec_push(rq->mem, &v->errors.lines) = (struct view_error_line){str_fmt(rq->mem, "#" STRF, STRA(f.id)), f.error};
    }
    vec_push(rq->mem, &v->fields) = f;
  }
  const struct msg_arg args[] = {{"n", str_int(rq->mem, (int64_t)v->errors.lines.len)}};
  v->errors.icons = v->f.icons;
  v->errors.says = msg_text(rq->mem, rq->lang, MSG_form_errors, args, 1);
}

static bool show_parts(struct web_request *rq, struct web_response *rs, struct err *e) {
  if (!app_of(rq)->demo) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  struct view_parts v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_parts_title), PAGE_HELP, NULL)};
  v.f.back = STR("/help");
  v.was_sent = web_query(rq, "sent").len > 0;
  v.asks = web_query(rq, "ask").len > 0;
  v.tip = (struct view_tip){page_text(rq, MSG_plans_col_doubts), page_text(rq, MSG_plans_tip)};
  fill_looks(rq, &v);
  fill_form(rq, &v);
  page_parts(&rs->body, &v);
  return true;
}
const struct route page_parts_routes[] = {
    {GET, "/help/parts", "open", show_parts, "every part of the look, in the demonstration only",
     .query = "sent ask why project day places note", .flags = ROUTE_PAGE_ONLY},
    {0},
};
