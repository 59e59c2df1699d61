/* A record's list as data for the component of lists: which columns, of which type, by which one may sort and choose. Made once
 * for each record when the packages are loaded. */
#include "app/systems_list.h"

#include "declare/base_known.h"
#include "declare/check.h"
#include "texts.h"

enum { DEFAULT_COLUMNS = 5, SHORT_TEXT = 120, NAME_ROOM = 3, FIELD_CELLS = 3 };

struct making {
  struct arena *mem;
  const struct flow *flow;
  const struct flow_record *r;
  struct system_list *l;
  VEC(struct list_name) names; /* of l->list */
};

/* ---- columns of the table ---- */

static int add_name(struct making *k, const char *name, struct str column, char type, bool nullable) {
  vec_push(k->mem, &k->names) = (struct list_name){name, column, type, nullable};
  return (int)k->names.len - 1;
}
static void own_names(struct making *k) {
  static const struct {
    const char *name;
    char type;
    bool nullable;
  } own[LIST_FIELDS] = {[LIST_ID] = {"id", 's', false},           [LIST_NUMBER] = {"number", 's', true},
                        [LIST_STATE] = {"state", 's', false},     [LIST_ENDED] = {"ended", 'i', false},
                        [LIST_CREATED] = {"created", 'i', false}, [LIST_CHANGED] = {"changed", 'i', false}};
  for (size_t i = 0; i < COUNT_OF(own); i++)
    (void)add_name(k, own[i].name, str_of(own[i].name), own[i].type, own[i].nullable);
}

/* ---- columns of the list ---- */

static struct table_column *add_column(struct making *k, struct table_column c, struct system_shows shows) {
  struct system_list *l = k->l;
  if (l->table.count == TABLE_COLUMNS_MAX) return NULL;
  for (size_t i = 0; i < l->table.count; i++)
    if (!strcmp(l->columns[i].name, c.name)) return &l->columns[i];
  l->columns[l->table.count] = c;
  l->shows[l->table.count] = shows;
  return &l->columns[l->table.count++];
}
/* What the address of a list keeps for itself: a field of that name is asked for by another. */
static const char *name_in_address(struct making *k, struct str field) {
  static const char *const kept =
      TABLE_QUERY " show unit by month at where purpose lang did state number created changed";
  for (struct str rest = str_of(kept), word = rest; rest.len;) {
    if (!str_cut(rest, STR(" "), &word, &rest)) word = rest, rest = (struct str){0};
    if (str_eq(word, field)) return str_fmt(k->mem, "f_" STRF, STRA(field)).at;
  }
  return str_z(k->mem, field);
}
static void offer(struct making *k, struct table_column *c, size_t most, struct str word, const struct str *label) {
  struct table_choice *all = (struct table_choice *)c->choices;
  if (c->choice_count < most)
    all[c->choice_count++] = (struct table_choice){.word = str_z(k->mem, word), .label = {label[0], label[1]}};
}
static void offer_codes(struct making *k, const struct flow_field *f, struct table_column *c) {
  const struct codes *codes = f->type.kind == KIND_CODE ? f->type.of : NULL;
  const struct base_list *base = codes && codes->base.len ? base_list_find(codes->base) : NULL;
  const size_t n = base ? base->items.len : codes && codes->list ? codes->list->items.len : 0;
  if (!n) return; /* a list of rules: what occurs is offered */
  c->choices = arena_new_n(k->mem, struct table_choice, n);
  for (size_t i = 0; base && i < n; i++) offer(k, c, n, base->items.at[i].code, base->items.at[i].label);
  for (size_t i = 0; !base && i < n; i++) {
    const struct list_item *item = &codes->list->items.at[i];
    const struct str label[2] = {item->label.text, item->label.text};
    offer(k, c, n, item->head.name.text, label);
  }
}
static void offer_yes_no(struct making *k, struct table_column *c) {
  static const int msgs[] = {MSG_systems_yes, MSG_systems_no};
  struct table_choice *all = arena_new_n(k->mem, struct table_choice, COUNT_OF(msgs));
  for (int i = 0; i < 2; i++)
    all[i] = (struct table_choice){
        .word = i ? "no" : "yes", .label = {msg_template(LANG_ZH, msgs[i]), msg_template(LANG_EN, msgs[i])}, .n = !i};
  c->choices = all;
  c->choice_count = COUNT_OF(msgs);
}
/* Type, order and choice of a field that has one column. Only what an index answers is offered. */
static void by_type(struct making *k, const struct flow_field *f, struct table_column *c) {
  const bool found_by = flow_is_found_by(k->r, f);
  const unsigned sorts = found_by ? TABLE_SORTS : 0;
  switch (f->field->is.type) {
    case TYPE_count:
    case TYPE_decimal:
    case TYPE_money:
      c->type = TABLE_NUMBER;
      c->flags |= TABLE_EXACT | sorts;
      c->places = f->field->is.type == TYPE_money ? 2 : (uint8_t)f->field->is.places;
      c->unit = f->field->is.type == TYPE_money ? k->flow->units->money : f->field->is.unit;
      break;
    case TYPE_date:
    case TYPE_moment:
      c->type = f->field->is.type == TYPE_date ? TABLE_DAY : TABLE_TIME;
      c->flags |= sorts;
      if (found_by) c->filter = TABLE_RANGE;
      break;
    case TYPE_code:
    case TYPE_year:
    case TYPE_period: c->flags |= sorts; break;
    case TYPE_choice:
      offer_codes(k, f, c);
      if (found_by && c->choices) c->filter = TABLE_CHOICE;
      break;
    case TYPE_flag:
      offer_yes_no(k, c);
      if (found_by) c->filter = TABLE_CHOICE;
      break;
    default: break;
  }
}
static bool is_shown_in_lists(const struct flow_field *f) {
  return f->class <= CLASS_inner && f->place != FLOW_ROWS && f->place != FLOW_SEALED &&
         f->field->is.type != TYPE_signature && f->field->is.type != TYPE_sheet;
}
static void add_field(struct making *k, const struct flow_field *f, unsigned flags) {
  struct table_column c = {.name = name_in_address(k, f->name), .text = f->field->label.text, .flags = flags};
  if (!is_shown_in_lists(f)) return;
  if (f->place == FLOW_COLUMN) by_type(k, f, &c);
  c.flags |= c.filter ? TABLE_ALONG : 0;
  c.width = f->field->is.type == TYPE_text ? 40 : is_unit_type(f->field->is.type) ? 24 : 14;
  const size_t before = k->l->table.count;
  struct table_column *made = add_column(k, c, (struct system_shows){.field = f});
  if (!made || k->l->table.count == before) return;
  const bool own = f->place <= FLOW_POINT; /* what is not in columns of the table has only its place in the list */
  const char type = f->place == FLOW_COLUMN ? f->kind : own ? 'i' : 's';
  made->sql = add_name(k, made->name, own ? f->column[0] : STR("id"), type, own);
  if (f->place == FLOW_POINT && k->l->longitude < 0)
    if (k->r->record->views && str_eq(k->r->record->views->map.text, f->name))
      k->l->longitude = add_name(k, "longitude", f->column[1], 'i', true);
}
static void add_clock(struct making *k, const struct clock *said) {
  const struct table_column c = {
      .name = str_fmt(k->mem, "clock_" STRF, STRA(said->head.name.text)).at, .text = said->label.text, .width = 16};
  if (!k->l->clock) k->l->clock = said;
  const size_t before = k->l->table.count;
  struct table_column *made = add_column(k, c, (struct system_shows){.clock = said});
  if (made && k->l->table.count > before) made->sql = add_name(k, made->name, STR("id"), 's', false);
}
static void add_state(struct making *k) {
  const size_t n = k->r->record->states.len;
  struct table_column c = {.name = "state", .label = MSG_systems_state, .sql = LIST_STATE, .filter = TABLE_CHOICE};
  if (!n) return;
  struct table_choice *all = arena_new_n(k->mem, struct table_choice, n);
  for (size_t i = 0; i < n; i++) {
    const struct state *s = &k->r->record->states.at[i];
    all[i] = (struct table_choice){.word = str_z(k->mem, s->head.name.text), .label = {s->label.text, s->label.text}};
  }
  c.choices = all;
  c.choice_count = n;
  c.width = 14;
  (void)add_column(k, c, (struct system_shows){.is_state = true});
}
static void add_own(struct making *k, struct str name, unsigned flags) {
  struct table_column c = {.name = str_z(k->mem, name), .label = system_field_label(name), .flags = flags, .width = 18};
  if (str_eqz(name, "state")) add_state(k);
  if (str_eqz(name, "number")) c.sql = LIST_NUMBER, c.flags |= TABLE_SORTS;
  if (str_eqz(name, "created")) c.sql = LIST_CREATED, c.flags |= TABLE_SORTS;
  if (str_eqz(name, "changed")) c.sql = LIST_CHANGED, c.flags |= TABLE_SORTS;
  if (c.sql > LIST_NUMBER) c.type = TABLE_TIME;
  if (str_eqz(name, "created")) c.filter = TABLE_RANGE;
  if (c.sql) (void)add_column(k, c, (struct system_shows){0});
}

/* ---- which ---- */

/* clock(handle).left and the like. */
static const struct clock *clock_named(const struct flow_record *r, const struct expr *x) {
  if (x->kind == EXPR_PATH) x = x->a;
  if (x->kind != EXPR_CALL || !str_eqz(x->text, "clock") || !x->args.len) return NULL;
  return part_find(&r->record->clocks, x->args.at[0]->text);
}
static void add_said(struct making *k, const struct expr *x) {
  const struct clock *c = clock_named(k->r, x);
  if (c) add_clock(k, c);
  if (c || x->kind != EXPR_NAME) return;
  const struct flow_field *f = flow_field(k->r, x->text);
  if (f) add_field(k, f, 0);
  else add_own(k, x->text, 0);
}
static bool is_short(const struct flow_field *f) {
  return f->place == FLOW_COLUMN && (f->field->is.type != TYPE_text || f->field->is.most < SHORT_TEXT);
}
static void choose_columns(struct making *k) {
  const struct views *v = k->r->record->views;
  if (k->r->record->number.text.len && (!v || !v->list.len)) add_own(k, STR("number"), 0);
  for (size_t i = 0; v && i < v->list.len; i++)
    if (v->list.at[i].tree) add_said(k, v->list.at[i].tree);
  vec_each(const struct flow_field, f, &k->r->fields)
    if ((!v || !v->list.len) && is_short(f) && k->l->table.count < DEFAULT_COLUMNS) add_field(k, f, 0);
  add_state(k);
  add_own(k, STR("number"), TABLE_OFF);
  add_own(k, STR("created"), TABLE_OFF);
  add_own(k, STR("changed"), TABLE_OFF);
  vec_each(const struct clock, c, &k->r->record->clocks)
    if (!k->l->clock) k->l->clock = c;
  vec_each(const struct flow_field, f, &k->r->fields)
    if (f->place <= FLOW_POINT) add_field(k, f, TABLE_OFF);
}
/* The row is called by its number, else by the first column that is there when the record is. It stands first. */
static void choose_head(struct making *k) {
  struct system_list *l = k->l;
  size_t head = 0;
  for (size_t i = 0; i < l->table.count; i++)
    if (l->columns[i].sql == LIST_NUMBER && !(l->columns[i].flags & TABLE_OFF)) head = i;
  const struct table_column c = l->columns[head];
  const struct system_shows s = l->shows[head];
  for (size_t i = head; i > 0; i--) l->columns[i] = l->columns[i - 1], l->shows[i] = l->shows[i - 1];
  l->columns[0] = c;
  l->shows[0] = s;
  l->columns[0].flags = (c.flags | TABLE_HEAD) & ~(unsigned)TABLE_OFF;
}

/* ---- other ways to show it ---- */

static int column_of(const struct making *k, struct str name) {
  for (size_t i = 0; i < k->l->table.count; i++) {
    const struct flow_field *f = k->l->shows[i].field;
    if (f ? str_eq(f->name, name) : k->l->shows[i].is_state && str_eqz(name, "state")) return (int)i;
  }
  return -1;
}
static void choose_ways(struct making *k) {
  struct system_list *l = k->l;
  const struct views *v = k->r->record->views;
  const struct str calendar = v ? v->calendar.text : STR("");
  l->board = column_of(k, v && has_word(v->board) ? v->board.text : STR("state"));
  if (l->board < 0 || !l->columns[l->board].choice_count) l->board = column_of(k, STR("state"));
  l->calendar = column_of(k, calendar);
  const struct flow_field *day = l->calendar < 0 ? NULL : l->shows[l->calendar].field;
  const enum type_word t = day ? day->field->is.type : TYPE_missing;
  if (t != TYPE_date && t != TYPE_moment && t != TYPE_span) l->calendar = -1; /* a year is no day */
  if (!day) l->calendar_clock = part_find(&k->r->record->clocks, calendar);
  l->map = v && l->longitude >= 0 ? column_of(k, v->map.text) : -1;
}

/* ---- the whole ---- */

static const struct table_tab *tabs_of(struct making *k, size_t *out_count) {
  static const int labels[SHOW_COUNT] = {MSG_lists_all, MSG_lists_open, MSG_lists_over, MSG_lists_mine};
  struct table_tab *tabs = arena_new_n(k->mem, struct table_tab, SHOW_COUNT);
  size_t n = 0;
  for (int i = 0; i < SHOW_COUNT; i++) {
    if (i == SHOW_OVER && !k->r->record->clocks.len) continue;
    if (i == SHOW_OPEN && !k->r->record->states.len) continue;
    tabs[n++] = (struct table_tab){.word = system_show_words[i], .label = labels[i]};
  }
  *out_count = n;
  return tabs;
}
static bool make(struct making *k, struct err *e) {
  struct system_list *l = k->l;
  const struct str path =
      str_fmt(k->mem, "/s/" STRF "/" STRF, STRA(k->r->system->name), STRA(k->r->record->head.name.text));
  l->record = k->r;
  l->longitude = -1;
  own_names(k);
  choose_columns(k);
  choose_head(k);
  choose_ways(k);
  TRY(store_list_of(k->mem, k->r->table, k->names.at, k->names.len, &l->list, e));
  l->table.name = str_z(k->mem, k->r->name);
  l->table.path = str_z(k->mem, path);
  l->table.row_path = str_fmt(k->mem, STRF "/", STRA(path)).at;
  l->table.text = k->r->record->label.text;
  l->table.of = l;
  l->table.list = &l->list;
  l->table.columns = l->columns;
  l->table.sort = "created";
  l->table.id = LIST_ID;
  l->table.search_label = MSG_lists_search;
  l->table.tab = "show";
  l->table.tabs = tabs_of(k, &l->table.tab_count);
  l->table.empty = MSG_systems_no_rows;
  l->table.read = system_rows_read;
  l->table.says = system_cell_says;
  l->table.row = system_row_show;
  l->table.page = system_list_tabs;
  l->table.json = system_row_json;
  return true;
}
bool systems_lists_make(struct arena *mem, const struct flow *f, struct system_list **out, struct err *e) {
  size_t n = 0, i = 0;
  for (size_t s = 0; s < f->systems.len; s++) n += f->systems.at[s]->records.len;
  *out = arena_new_n(mem, struct system_list, n + 1); /* the last has no record */
  for (size_t s = 0; s < f->systems.len; s++)
    vec_each(const struct flow_record, r, &f->systems.at[s]->records) {
      struct making k = {.mem = mem, .flow = f, .r = r, .l = &(*out)[i++]};
      TRY(make(&k, e));
    }
  return true;
}
