/* Task tables: which row is the head, and what its columns hold. Cells are parted by tabs; a cell may hold several
 * paragraphs (U+000B). The words of heads are data (rules/plan: table_head). */
#include "base/utf8.h"
#include "engine/plan/structure.h"

static bool blank_byte(char c) { return c == ' ' || c == 0x0B; }

static struct span trim_cell(struct str s, uint32_t at, uint32_t end) {
  while (at < end && (blank_byte(s.at[at]) || str_starts(str_slice(s, at, end), STR("　"))))
    at += blank_byte(s.at[at]) ? 1 : 3;
  while (end > at && (blank_byte(s.at[end - 1]) || str_ends(str_slice(s, at, end), STR("　"))))
    end -= blank_byte(s.at[end - 1]) ? 1 : 3;
  return (struct span){at, end};
}

/* Cells are parted by tabs, or by | in a row drawn with them. */
int row_cells(struct str text, struct span row, struct span *out, int max) {
  int count = 0;
  uint32_t at = row.at, stop = row.end;
  char border = '\t';
  if (at < stop && (text.at[at] == '|' || !memchr(text.at + at, '\t', stop - at))) {
    border = '|';
    at += text.at[at] == '|';
    if (stop > at && text.at[stop - 1] == '|') stop--;
  }
  while (count < max) {
    const char *next = memchr(text.at + at, border, stop - at);
    const uint32_t end = next && count + 1 < max ? (uint32_t)(next - text.at) : stop;
    out[count++] = trim_cell(text, at, end);
    if (end >= stop) break;
    at = end + 1;
  }
  return count;
}

bool row_is_rule(struct str text, struct span row) {
  for (uint32_t i = row.at; i < row.end; i++)
    if (!strchr("|-: \t", text.at[i])) return false;
  return true;
}

static int role_of(struct str name) {
  static const struct {
    struct str name;
    enum cell_role role;
  } roles[] = {{STR_INIT("number"), CELL_NUMBER}, {STR_INIT("group"), CELL_GROUP},   {STR_INIT("task"), CELL_TASK},
               {STR_INIT("body"), CELL_BODY},     {STR_INIT("goal"), CELL_GOAL},     {STR_INIT("lead"), CELL_LEAD},
               {STR_INIT("assist"), CELL_ASSIST}, {STR_INIT("guide"), CELL_GUIDE},   {STR_INIT("unit"), CELL_UNIT},
               {STR_INIT("time"), CELL_TIME},     {STR_INIT("result"), CELL_RESULT}, {STR_INIT("note"), CELL_NOTE}};
  for (size_t k = 0; k < COUNT_OF(roles); k++)
    if (str_eq(roles[k].name, name)) return (int)roles[k].role;
  return CELL_OTHER;
}

/* 责 任 单 位, 责任单位（部门）: blanks inside and a bracket behind do not count. */
static struct str head_name(struct arena *tmp, struct str cell) {
  char *out = arena_take(tmp, cell.len + 1);
  size_t len = 0;
  for (size_t i = 0; i < cell.len;) {
    const size_t at = i;
    const uint32_t c = utf8_next(cell, &i);
    if (c == ' ' || c == 0x0B || c == 0x3000) continue;
    if (c == '(' || c == 0xFF08) break;
    memcpy(out + len, cell.at + at, i - at);
    len += i - at;
  }
  return (struct str){out, len};
}

int table_head_role(const struct lexicon *lx, struct arena *tmp, struct str cell) {
  const struct str name = head_name(tmp, cell);
  if (!name.len) return -1;
  const struct lex_word *word = lexicon_at(lx, name, 0, LEX_BIT(table_head));
  if (!word || word->text.len != name.len) word = lexicon_before(lx, name, name.len, LEX_BIT(table_head));
  return word ? role_of(lex_value(word, LEX_table_head)) : -1;
}

bool table_read_head(const struct work *w, uint32_t line, struct table_head *out) {
  struct span cells[TABLE_COLUMNS];
  const struct line *l = &w->lines.at[line];
  if (!l->row) return false;
  AUTO_ARENA tmp = {0};
  out->columns = row_cells(w->text, (struct span){l->from, l->to}, cells, TABLE_COLUMNS);
  int known = 0;
  bool task = false;
  for (int k = 0; k < out->columns; k++) {
    out->roles[k] = CELL_OTHER;
    if (cells[k].end - cells[k].at > UNIT_CHARS * 3) return false;
    const int role = table_head_role(w->lx, &tmp, str_slice(w->text, cells[k].at, cells[k].end));
    if (role < 0) continue;
    out->roles[k] = (uint8_t)role;
    known++;
    task |= out->roles[k] == CELL_TASK || out->roles[k] == CELL_BODY || out->roles[k] == CELL_GOAL;
  }
  return task && known >= 2;
}
