/* A list as a page shows it: tabs, filters, heads that sort, rows, the addresses of everything that can be pressed. */
#include "app/table.h"
#include "base/clock.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"
#include "web/form.h"

/* Parts of an address that belong to one answer, not to what the list is asked for. */
static bool passes(struct str name) {
  static const char *const drop[] = {"after", "before", "as", "did", "lang"};
  for (size_t i = 0; i < COUNT_OF(drop); i++)
    if (str_eqz(name, drop[i])) return false;
  return true;
}
/* The query without what passes and without `drop` (and `drop2`), and with name=value when there is a value. */
static struct str query_with(struct web_request *rq, const char *drop, const char *drop2, struct str value) {
  AUTO_BUF b = BUF_MAX(HTTP_HEADER_MAX * 4);
  for (size_t i = 0; i < rq->query_count; i++) {
    const struct web_field *f = &rq->query[i];
    if (!passes(f->name) || str_eqz(f->name, drop) || str_eqz(f->name, drop2) || !f->value.len) continue;
    buf_fmt(&b, "%s" STRF "=", b.len ? "&" : "", STRA(form_escape(rq->mem, f->name, false)));
    buf_str(&b, form_escape(rq->mem, f->value, false));
  }
  if (value.len) buf_fmt(&b, "%s%s=" STRF, b.len ? "&" : "", drop, STRA(form_escape(rq->mem, value, false)));
  return str_dup(rq->mem, buf_view(&b));
}
static struct str address(struct web_request *rq, const struct table_said *t, struct str query) {
  return query.len ? str_fmt(rq->mem, "%s?" STRF, t->path, STRA(query)) : str_of(t->path);
}
/* This list with one parameter set, or dropped when the value is empty. */
static struct str with(struct web_request *rq, const struct table_said *t, const char *name, struct str value) {
  return address(rq, t, query_with(rq, name, name, value));
}
static struct str number(struct web_request *rq, int64_t n) { return str_int(rq->mem, n); }
static struct str text_with(struct web_request *rq, int msg, const char *hole, struct str value) {
  const struct msg_arg args[] = {{hole, value}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}

/* ---- heads and order ---- */

static bool falls_first(const struct table_column *c) { return c->type == TABLE_NUMBER || c->type == TABLE_TIME; }
static bool is_right(const struct table_column *c) {
  return (c->flags & TABLE_RIGHT) || (c->type != TABLE_TEXT && c->type != TABLE_WORD);
}

static struct view_thead make_head(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                                   size_t i) {
  const struct table_column *c = &t->columns[i];
  struct view_thead h = {.label = table_label(rq, c), .css = is_right(c) ? STR("num") : STR("")};
  if (!(c->flags & TABLE_SORTS)) return h;
  const bool here = rows->sort == (int)i, falls = rows->query.falling, turn = here && falls == falls_first(c);
  const struct str word = str_fmt(rq->mem, "%s%s", turn ? "-" : "", c->name);
  h.href = with(rq, t, "sort", str_eqz(word, t->sort) ? STR("") : word);
  h.sort = !here ? STR("") : falls ? STR("descending") : STR("ascending");
  h.falls = falls;
  return h;
}
/* Both ways of each column, for those who see no heads. */
static void fill_sorts(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                       struct view_table *v) {
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    if (!(c->flags & TABLE_SORTS)) continue;
    for (int turned = 0; turned < 2; turned++) {
      const bool falls = falls_first(c) != turned;
      const struct str word = str_fmt(rq->mem, "%s%s", turned ? "-" : "", c->name);
      const int msg = falls ? MSG_table_sort_falls : MSG_table_sort_rises;
      vec_push(rq->mem, &v->sorts) = (struct view_option){str_eqz(word, t->sort) ? STR("") : word,
                                                          text_with(rq, msg, "column", table_label(rq, c)),
                                                          rows->sort == (int)i && rows->query.falling == falls};
    }
  }
}
static void fill_columns(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                         struct view_table *v) {
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    if (c->flags & (TABLE_HEAD | TABLE_FILES)) continue;
    vec_push(rq->mem, &v->columns) = (struct view_option){str_of(c->name), table_label(rq, c), rows->shown[i]};
  }
}

/* ---- filters ---- */

static struct view_option choice_of(struct web_request *rq, const struct table_column *c, struct str value) {
  const struct store_value v = {.type = 's', .s = value};
  return (struct view_option){value, c->type == TABLE_WORD ? table_value(rq, c, &v) : value,
                              str_eq(value, str_trim(web_query(rq, c->name)))};
}
static void fill_words(struct web_request *rq, const struct table_column *c, struct view_tfilter *f) {
  for (struct str rest = str_of(c->words), word = rest; rest.len;) {
    if (!str_cut(rest, STR(" "), &word, &rest)) word = rest, rest = (struct str){0};
    vec_push(rq->mem, &f->options) = choice_of(rq, c, word);
  }
}
static void fill_choices(struct web_request *rq, const struct table_column *c, struct view_tfilter *f) {
  const struct str given = str_trim(web_query(rq, c->name));
  for (size_t i = 0; i < c->choice_count; i++)
    vec_push(rq->mem, &f->options) = (struct view_option){str_of(c->choices[i].word), c->choices[i].label[rq->lang],
                                                          str_eqz(given, c->choices[i].word)};
}
static bool fill_choice(struct web_request *rq, struct store *r, const struct table_said *t,
                        const struct table_rows *rows, const struct table_column *c, struct view_table *v,
                        struct err *e) {
  struct view_tfilter f = {.name = str_of(c->name), .label = table_label(rq, c)};
  list_rows values = {0};
  f.all = c->all ? page_text(rq, c->all) : text_with(rq, MSG_table_all_of, "column", f.label);
  if (c->choices) fill_choices(rq, c, &f);
  else if (c->words) fill_words(rq, c, &f);
  else TRY(table_choices(rq, r, t, rows, c, &values, e));
  const bool falls = falls_first(c);
  for (size_t i = 0; i < values.len; i++) {
    const struct store_value *x = &values.at[falls ? values.len - 1 - i : i].at[0];
    vec_push(rq->mem, &f.options) = choice_of(rq, c, x->type == 'i' ? number(rq, x->n) : x->s);
  }
  if (f.options.len > 1 || web_query(rq, c->name).len) vec_push(rq->mem, &v->filters) = f;
  return true;
}
static void fill_range(struct web_request *rq, const struct table_column *c, struct view_table *v) {
  struct view_tfilter f = {.label = table_label(rq, c), .is_range = true, .is_day = c->type != TABLE_NUMBER};
  f.from_name = str_fmt(rq->mem, "%s_from", c->name);
  f.to_name = str_fmt(rq->mem, "%s_to", c->name);
  f.from = web_query(rq, str_z(rq->mem, f.from_name));
  f.to = web_query(rq, str_z(rq->mem, f.to_name));
  if (f.from.len || f.to.len) v->ranges_open = true;
  vec_push(rq->mem, &v->ranges) = f;
}
static void fill_told(struct web_request *rq, const struct table_told *told, struct view_table *v) {
  vec_push(rq->mem, &v->filters) = (struct view_tfilter){.name = str_of(told->name),
                                                         .label = page_text(rq, told->label),
                                                         .all = told->all ? page_text(rq, told->all) : STR(""),
                                                         .from = str_trim(web_query(rq, told->name)),
                                                         .is_typed = !told->options.len,
                                                         .options = told->options};
}
/* How many conditions there are, for those who do not see the fields. */
static void count_asked(struct web_request *rq, struct view_table *v) {
  int64_t n = 0;
  vec_each(const struct view_tfilter, f, &v->filters) {
    bool is_asked = f->is_typed && f->from.len;
    vec_each(const struct view_option, o, &f->options) is_asked = is_asked || o->chosen;
    n += is_asked;
  }
  vec_each(const struct view_tfilter, f, &v->ranges) n += f->from.len || f->to.len;
  if (n) v->asked = number(rq, n);
}
static bool is_asked(struct web_request *rq, const struct table_column *c) {
  static const char *const ends[] = {"", "_from", "_to"};
  for (size_t i = 0; i < COUNT_OF(ends); i++)
    if (web_query(rq, str_z(rq->mem, str_fmt(rq->mem, "%s%s", c->name, ends[i]))).len) return true;
  return false;
}
static bool fill_filters(struct web_request *rq, struct store *r, const struct table_said *t,
                         const struct table_rows *rows, struct view_table *v, struct err *e) {
  for (size_t i = 0; i < rows->ask->told_count; i++) fill_told(rq, &rows->ask->told[i], v);
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    const bool is_here = rows->shown[i] || !(c->flags & TABLE_ALONG) || is_asked(rq, c);
    if (is_here && c->filter == TABLE_CHOICE) TRY(fill_choice(rq, r, t, rows, c, v, e));
    if (is_here && c->filter == TABLE_RANGE) fill_range(rq, c, v);
  }
  return true;
}
/* What a form of the list carries on: all that it has no field for. */
static void fill_hidden(struct web_request *rq, const struct table_said *t, struct view_table *v) {
  for (size_t i = 0; i < rq->query_count; i++) {
    const struct web_field *f = &rq->query[i];
    const bool carried = str_eqz(f->name, "col") || str_eqz(f->name, "rows") || str_eqz(f->name, "view") ||
                         (t->tab && str_eqz(f->name, t->tab));
    if (carried && f->value.len) vec_push(rq->mem, &v->hidden) = (struct view_hidden){f->name, f->value};
    if (passes(f->name) && !str_eqz(f->name, "col") && f->value.len)
      vec_push(rq->mem, &v->kept) = (struct view_hidden){f->name, f->value};
  }
}

/* ---- tabs and saved views ---- */

static void fill_tabs(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                      struct view_table *v) {
  const bool kept_default = rows->saved_count && rows->saved[0].is_default;
  if (!t->tab_count) {
    vec_push(rq->mem, &v->tabs) =
        (struct view_link){.href = kept_default ? str_fmt(rq->mem, "%s?view=all", t->path) : str_of(t->path),
                           .label = page_text(rq, MSG_table_all),
                           .current = !rows->saved_now};
    return;
  }
  for (size_t i = 0; i < t->tab_count; i++) {
    const bool first = !i && !kept_default;
    vec_push(rq->mem, &v->tabs) = (struct view_link){
        .href = first ? str_of(t->path) : str_fmt(rq->mem, "%s?%s=%s", t->path, t->tab, t->tabs[i].word),
        .label = page_text(rq, t->tabs[i].label),
        .current = !rows->saved_now && rows->tab == (int)i};
  }
}
static void fill_views(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                       struct view_table *v) {
  v->query = query_with(rq, "view", "view", STR(""));
  for (size_t i = 0; i < rows->saved_count; i++) {
    const struct view_saved *s = &rows->saved[i];
    const struct str href =
        str_fmt(rq->mem, "%s?view=" STRF "%s" STRF, t->path, STRA(s->id), s->query.len ? "&" : "", STRA(s->query));
    vec_push(rq->mem, &v->views) =
        (struct view_link){.href = href, .label = s->name, .current = rows->saved_now == i + 1};
    if (rows->saved_now != i + 1) continue;
    v->view_id = s->id;
    v->view_name = s->name;
    v->view_default = s->is_default;
    v->view_reset = href;
    v->view_changed = !str_eq(s->query, v->query);
  }
  v->can_save = rows->saved_count < VIEWS_MAX;
}

/* ---- rows ---- */

static void fill_cell(struct web_request *rq, const struct table_said *t, const struct list_row *row,
                      const struct table_column *c, struct view_trow *io) {
  const struct str says = t->says ? t->says(rq, c, row) : (struct str){0};
  struct view_tcell cell = {.text = says.at ? says : table_value(rq, c, &row->at[c->sql]), .sql = c->sql};
  cell.is_head = (c->flags & TABLE_HEAD) != 0;
  cell.css = c->flags & TABLE_MUTED ? is_right(c) ? STR("num off") : STR("off") : is_right(c) ? STR("num") : STR("");
  if (cell.is_head && t->row_path) cell.href = str_join(rq->mem, str_of(t->row_path), io->id);
  if (c->type == TABLE_NUMBER && cell.text.len) cell.label = table_label(rq, c);
  vec_push(rq->mem, &io->cells) = cell;
}
static struct view_trow make_row(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                                 const struct list_row *row) {
  const struct store_value *id = &row->at[t->id];
  struct view_trow v = {.id = id->type == 'i' ? number(rq, id->n) : id->s};
  struct str name = {0};
  v.cells.at = arena_new_n(rq->mem, struct view_tcell, t->count);
  v.cells.cap = t->count;
  for (size_t i = 0; i < t->count; i++) {
    const struct table_column *c = &t->columns[i];
    if (c->flags & TABLE_HEAD) name = table_value(rq, c, &row->at[c->sql]);
    if (rows->shown[i]) fill_cell(rq, t, row, c, &v);
  }
  v.act_of = name;
  if (t->bulk) v.pick = text_with(rq, t->pick_label, "title", name);
  if (t->row) t->row(rq, row, &v);
  return v;
}
static void fill_rows(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                      struct view_table *v) {
  for (size_t i = 0; i < t->count; i++)
    if (rows->shown[i]) vec_push(rq->mem, &v->heads) = make_head(rq, t, rows, i);
  for (size_t i = 0; i < rows->rows.len; i++) {
    struct view_trow row = make_row(rq, t, rows, &rows->rows.at[i]);
    v->has_acts = v->has_acts || row.act_href.len;
    v->has_picks = v->has_picks || row.pick.len;
    vec_push(rq->mem, &v->rows) = row;
  }
}
static void fill_pages(struct web_request *rq, const struct table_said *t, const struct table_rows *rows,
                       struct view_table *v) {
  const struct str here = query_with(rq, "after", "after", STR(""));
  const char *mark = here.len ? "&" : "?";
  const struct str base = address(rq, t, here);
  if (rows->next.len)
    v->next = str_fmt(rq->mem, STRF "%safter=" STRF, STRA(base), mark, STRA(form_escape(rq->mem, rows->next, false)));
  if (rows->prev.len) {
    v->prev = str_fmt(rq->mem, STRF "%sbefore=" STRF, STRA(base), mark, STRA(form_escape(rq->mem, rows->prev, false)));
    v->first = base;
  }
  v->is_paged = v->next.len || v->prev.len;
  v->csv = str_fmt(rq->mem, STRF "%sas=csv", STRA(base), mark);
  v->xlsx = str_fmt(rq->mem, STRF "%sas=xlsx", STRA(base), mark);
  if (t->lines) v->lines = str_fmt(rq->mem, STRF "%sas=jsonl", STRA(base), mark);
  if (rows->count >= 0)
    v->count = text_with(rq, rows->more ? MSG_table_count_more : MSG_table_count, "n", number(rq, rows->count));
}
static void fill_empty(struct web_request *rq, const struct table_said *t, struct view_table *v) {
  const bool may_begin = !t->empty_act || can(who_of(rq), t->empty_act);
  v->empty = page_text(rq, v->is_filtered ? MSG_table_none_found : t->empty);
  v->empty_href = v->is_filtered ? v->clear : str_of(t->empty_href);
  if (v->is_filtered) {
    v->empty_says = page_text(rq, MSG_table_none_found_says);
    v->empty_verb = page_text(rq, MSG_table_clear);
  } else if (may_begin) {
    v->empty_says = t->empty_says ? page_text(rq, t->empty_says) : STR("");
    v->empty_verb = t->empty_verb ? page_text(rq, t->empty_verb) : STR("");
  }
}

bool table_view(struct web_request *rq, const struct table_said *t, struct table_rows *rows, struct view_table *out,
                struct err *e) {
  struct view_table *v = out;
  *v = (struct view_table){.lang = rq->lang, .path = str_of(t->path), .name = str_of(t->name), .token = rq->token};
  v->icons = web_asset(rq->mem, "ui/icons.svg");
  v->title = table_title(rq, t);
  v->printed = page_moment_of(rq->mem, rq->now_us);
  if (t->help) v->tip = (struct view_tip){v->title, page_text(rq, t->help)};
  v->search = str_trim(web_query(rq, "q"));
  v->has_search = t->search_label != 0;
  if (v->has_search) v->search_label = page_text(rq, t->search_label);
  v->is_filtered = rows->filtered || rows->tab;
  v->clear =
      rows->saved_count && rows->saved[0].is_default ? str_fmt(rq->mem, "%s?view=all", t->path) : str_of(t->path);
  if (t->bulk) v->pick_action = str_of(t->bulk->action);
  if (t->bulk) v->pick_label = page_text(rq, t->bulk->label);
  v->pick_posts = t->bulk && t->bulk->posts;
  fill_tabs(rq, t, rows, v);
  fill_views(rq, t, rows, v);
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !fill_filters(rq, r, t, rows, v, e)) return false;
  fill_hidden(rq, t, v);
  fill_sorts(rq, t, rows, v);
  fill_columns(rq, t, rows, v);
  v->compact = rows->compact;
  v->density = with(rq, t, "rows", rows->compact ? STR("") : STR("compact"));
  fill_rows(rq, t, rows, v);
  fill_pages(rq, t, rows, v);
  fill_empty(rq, t, v);
  v->has_form = v->has_search || v->filters.len || v->ranges.len;
  v->has_foot = rows->rows.len || v->is_paged;
  count_asked(rq, v);
  return !t->page || t->page(rq, r, rows, v, e);
}

bool table_page(struct web_request *rq, struct web_response *rs, const struct table_said *t,
                const struct table_ask *ask, const struct table_head *head, struct err *e) {
  struct table_rows rows;
  bool sent = false;
  TRY(table_read(rq, t, ask, &rows, e));
  TRY(table_sent(rq, rs, t, &rows, &sent, e));
  if (sent) return true;
  struct view_list v = {.lang = rq->lang, .f = page_frame(rq, table_title(rq, t), head->place, "ui/js/table.js")};
  v.title = table_title(rq, t);
  v.says = head->says;
  v.f.back = head->back;
  v.act_href = head->act_href;
  v.act_label = head->act_label;
  v.said = page_said(rq);
  TRY(table_view(rq, t, &rows, &v.table, e));
  page_list(&rs->body, &v);
  return true;
}
