/* A comparison as JSON for programs, text for a terminal, Markdown, and a page that stands alone. */
#include "base/buf.h"
#include "engine/plan/compare.h"
#include "engine/plan/render.h"
#include "texts.h"

struct writer {
  struct arena mem;
  const struct plan_comparison *c;
  struct buf *out;
  enum lang lang;
};

static struct str say(struct writer *w, int msg) { return msg_template(w->lang, msg); }
static struct str say1(struct writer *w, int msg, const char *hole, struct str value) {
  return msg_text(&w->mem, w->lang, msg, &(struct msg_arg){hole, value}, 1);
}
static struct str number(struct writer *w, uint32_t n) { return str_fmt(&w->mem, "%u", n); }

static struct str path_of(struct writer *w, const struct plan *p, struct item_ref r) {
  const struct item *it = item_at(p, r);
  if (!it) return (struct str){0};
  const struct str path = render_path(&w->mem, it);
  return p->documents.len > 1 ? str_fmt(&w->mem, "%d:" STRF, r.document + 1, STRA(path)) : path;
}

static int kind_msg(const struct writer *w, enum row_kind kind) {
  static const int plain[] = {MSG_compare_same, MSG_compare_changed, MSG_compare_new, MSG_compare_gone};
  static const int levels[] = {MSG_compare_taken, MSG_compare_taken, MSG_compare_own, MSG_compare_not_taken};
  return w->c->mode == COMPARE_LEVELS ? levels[kind] : plain[kind];
}

static uint32_t upper_taken(const struct plan_comparison *c) {
  uint32_t n = 0;
  vec_each(struct compare_row, row, &c->rows)
    n += !item_ref_none(row->left) && !item_ref_none(row->right) && !(row->reasons & REASON_SPLIT);
  return n;
}

static struct str summary(struct writer *w) {
  const struct plan_comparison *c = w->c;
  if (c->same) return say(w, MSG_compare_is_same);
  if (c->mode == COMPARE_LEVELS) {
    const uint32_t taken = upper_taken(c);
    const struct msg_arg args[] = {{"upper", number(w, taken + c->counts[ROW_GONE])},
                                   {"taken", number(w, taken)},
                                   {"gone", number(w, c->counts[ROW_GONE])},
                                   {"new", number(w, c->counts[ROW_NEW])}};
    return msg_text(&w->mem, w->lang, MSG_compare_levels_summary, args, COUNT_OF(args));
  }
  const struct msg_arg args[] = {{"same", number(w, c->counts[ROW_SAME])},
                                 {"changed", number(w, c->counts[ROW_CHANGED])},
                                 {"new", number(w, c->counts[ROW_NEW])},
                                 {"gone", number(w, c->counts[ROW_GONE])}};
  return msg_text(&w->mem, w->lang, MSG_compare_summary, args, COUNT_OF(args));
}

static struct str moves_summary(struct writer *w) {
  const uint32_t *n = w->c->moves;
  if (w->c->mode == COMPARE_LEVELS)
    return n[MOVE_SHORT] ? say1(w, MSG_compare_short_count, "count", number(w, n[MOVE_SHORT])) : (struct str){0};
  const struct msg_arg args[] = {{"up", number(w, n[MOVE_UP])}, {"down", number(w, n[MOVE_DOWN])}};
  return n[MOVE_UP] + n[MOVE_DOWN] ? msg_text(&w->mem, w->lang, MSG_compare_moves, args, 2) : (struct str){0};
}

static const struct target *target_of(const struct plan *p, struct item_ref r, int32_t i) {
  const struct item *it = item_at(p, r);
  return it && i >= 0 && (size_t)i < it->targets.len ? &it->targets.at[i] : NULL;
}

/* 竣工学校41所 → 竣工学校64所: 提高23所 */
static struct str move_text(struct writer *w, const struct compare_row *row, const struct target_move *m) {
  static const int words[] = {MSG_compare_move_same,  MSG_compare_move_up,  MSG_compare_move_down,
                              MSG_compare_move_other, MSG_compare_move_new, MSG_compare_move_gone,
                              MSG_compare_move_short};
  const struct target *a = target_of(w->c->left, row->left, m->left), *b = target_of(w->c->right, row->right, m->right);
  struct dec size = m->change;
  if (size.digits < 0) size.digits = -size.digits;
  const struct str change = m->has_change ? str_join(&w->mem, dec_text(&w->mem, size), m->unit) : (struct str){0};
  const struct str what = say1(w, words[m->kind], "change", change);
  const struct str left = a ? render_target(&w->mem, a, w->lang) : (struct str){0};
  const struct str right = b ? render_target(&w->mem, b, w->lang) : (struct str){0};
  return str_fmt(&w->mem, STRF "%s" STRF " (" STRF ")", STRA(left), a && b ? " → " : "", STRA(right), STRA(what));
}

/* ---- JSON ---- */

static void put_ref(struct writer *w, struct json_out *j, const char *key, const struct plan *p, struct item_ref r) {
  const struct item *it = item_at(p, r);
  if (!it) return json_str_or_null(j, key, (struct str){0});
  json_open(j, key, '{');
  json_int(j, "document", r.document);
  json_str(j, "path", render_path(&w->mem, it));
  json_str(j, "title", it->title);
  json_close(j, '}');
}

static void put_diff_json(struct json_out *j, const char *key, const diff_runs *runs) {
  static const char *const ops[] = {"same", "gone", "new"};
  json_open(j, key, '[');
  vec_each(struct diff_run, r, runs) {
    json_open(j, NULL, '{');
    json_str(j, ops[r->op], r->text);
    json_close(j, '}');
  }
  json_close(j, ']');
}

static void put_moves_json(struct writer *w, struct json_out *j, const struct compare_row *row) {
  json_open(j, "targets", '[');
  vec_each(struct target_move, m, &row->moves) {
    const struct target *a = target_of(w->c->left, row->left, m->left),
                        *b = target_of(w->c->right, row->right, m->right);
    json_open(j, NULL, '{');
    json_z(j, "kind", move_kind_word(m->kind));
    json_str_or_null(j, "left", a ? render_target(&w->mem, a, w->lang) : (struct str){0});
    json_str_or_null(j, "right", b ? render_target(&w->mem, b, w->lang) : (struct str){0});
    if (m->has_change) json_dec(j, "change", m->change);
    json_str(j, "unit", m->unit);
    json_close(j, '}');
  }
  json_close(j, ']');
}

static void put_row_json(struct writer *w, struct json_out *j, const struct compare_row *row) {
  json_open(j, NULL, '{');
  json_z(j, "kind", row_kind_word(row->kind));
  put_ref(w, j, "left", w->c->left, row->left);
  put_ref(w, j, "right", w->c->right, row->right);
  json_int(j, "score", row->score);
  json_open(j, "reasons", '[');
  for (unsigned bit = 1; bit <= REASON_SPLIT; bit <<= 1)
    if (row->reasons & bit) json_z(j, NULL, reason_word(bit));
  json_close(j, ']');
  json_bool(j, "unsure", row->unsure);
  if (!item_ref_none(row->nearest)) {
    put_ref(w, j, "nearest", row->kind == ROW_GONE ? w->c->right : w->c->left, row->nearest);
    json_int(j, "nearest_score", row->nearest_score);
  }
  put_diff_json(j, "title_diff", &row->title_diff);
  put_diff_json(j, "text_diff", &row->text_diff);
  put_moves_json(w, j, row);
  json_close(j, '}');
}

static void put_counts_json(struct writer *w, struct json_out *j) {
  json_open(j, "counts", '{');
  for (int k = 0; k < ROW_KIND_COUNT; k++) json_int(j, row_kind_word((enum row_kind)k), w->c->counts[k]);
  json_close(j, '}');
  json_open(j, "target_counts", '{');
  for (int k = 0; k < MOVE_KIND_COUNT; k++) json_int(j, move_kind_word((enum move_kind)k), w->c->moves[k]);
  json_close(j, '}');
}

static void put_json(struct writer *w) {
  struct json_out out = {.to = w->out}, *j = &out;
  json_open(j, NULL, '{');
  json_str(j, "left", w->c->left->source.name);
  json_str(j, "right", w->c->right->source.name);
  json_z(j, "mode", compare_mode_word(w->c->mode));
  json_bool(j, "same", w->c->same);
  put_counts_json(w, j);
  json_int(j, "unsure", w->c->unsure);
  json_open(j, "documents", '[');
  vec_each(struct compare_meta, m, &w->c->meta) {
    json_open(j, NULL, '{');
    json_int(j, "document", m->left_document);
    json_z(j, "field", compare_field_word(m->field));
    json_str_or_null(j, "left", m->left.len ? m->left : (struct str){0});
    json_str_or_null(j, "right", m->right.len ? m->right : (struct str){0});
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "rows", '[');
  vec_each(struct compare_row, row, &w->c->rows) put_row_json(w, j, row);
  json_close(j, ']');
  json_close(j, '}');
  buf_byte(w->out, '\n');
}

/* ---- text, Markdown, page: one walk, three ways to write ---- */

struct style {
  const char *head, *head_end, *row, *row_end, *line, *line_end;
  const char *gone, *gone_end, *new, *new_end;
  void (*put)(struct buf *out, struct str s);
};

static void put_plain(struct buf *out, struct str s) { buf_str(out, s); }
static void put_marked(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    if (strchr("\\*_`<>[]~", s.at[i])) buf_byte(out, '\\');
    buf_byte(out, s.at[i]);
  }
}
static void put_escaped(struct buf *out, struct str s) {
  for (size_t i = 0; i < s.len; i++) switch (s.at[i]) {
      case '<': buf_z(out, "&lt;"); break;
      case '>': buf_z(out, "&gt;"); break;
      case '&': buf_z(out, "&amp;"); break;
      case '"': buf_z(out, "&quot;"); break;
      default: buf_byte(out, s.at[i]);
    }
}

static const struct style text_style = {"", "\n", "\n", "\n", "    ", "\n", "[-", "-]", "{+", "+}", put_plain};
static const struct style markdown_style = {"# ", "\n\n", "\n**", "**\n\n", "- ",      "\n",
                                            "~~", "~~",   "**",   "**",     put_marked};
static const struct style html_style = {"<h1>",  "</h1>\n", "<h2>",  "</h2>\n", "<p>",      "</p>\n",
                                        "<del>", "</del>",  "<ins>", "</ins>",  put_escaped};

static void put_line(struct writer *w, const struct style *s, struct str line) {
  if (!line.len) return;
  buf_z(w->out, s->line);
  s->put(w->out, line);
  buf_z(w->out, s->line_end);
}

/* Long stretches that are the same are shortened, but for a few words around each change. */
static void put_same(struct writer *w, const struct style *s, struct str text, bool first, bool last) {
  enum { KEEP = 36 }; /* bytes: twelve Han characters */
  size_t head = first ? 0 : KEEP, tail = last ? 0 : KEEP;
  if (text.len <= head + tail + KEEP) return s->put(w->out, text);
  while (head < text.len && ((unsigned char)text.at[head] & 0xC0) == 0x80) head++;
  size_t from = text.len - tail;
  while (from < text.len && ((unsigned char)text.at[from] & 0xC0) == 0x80) from++;
  s->put(w->out, str_slice(text, 0, head));
  buf_z(w->out, "……");
  s->put(w->out, str_from(text, from));
}

static void put_diff(struct writer *w, const struct style *s, const diff_runs *runs) {
  if (!runs->len || (runs->len == 1 && runs->at[0].op == DIFF_SAME)) return;
  buf_z(w->out, s->line);
  vec_each(struct diff_run, r, runs) {
    if (r->op == DIFF_SAME) {
      put_same(w, s, r->text, r == runs->at, r == &vec_last(runs));
      continue;
    }
    buf_z(w->out, r->op == DIFF_GONE ? s->gone : s->new);
    s->put(w->out, r->text);
    buf_z(w->out, r->op == DIFF_GONE ? s->gone_end : s->new_end);
  }
  buf_z(w->out, s->line_end);
}

static void put_row_head(struct writer *w, const struct style *s, const struct compare_row *row) {
  const struct item *a = item_at(w->c->left, row->left), *b = item_at(w->c->right, row->right);
  const struct str left = path_of(w, w->c->left, row->left), right = path_of(w, w->c->right, row->right);
  buf_z(w->out, s->row);
  s->put(w->out, say(w, kind_msg(w, row->kind)));
  buf_z(w->out, "  ");
  s->put(w->out, left);
  if (a && b) buf_z(w->out, " → ");
  s->put(w->out, right);
  buf_byte(w->out, ' ');
  s->put(w->out, b ? b->title : a->title);
  buf_z(w->out, s->row_end);
}

static void put_row(struct writer *w, const struct style *s, const struct compare_row *row) {
  if (row->kind == ROW_SAME && w->c->mode != COMPARE_LEVELS) return;
  put_row_head(w, s, row);
  if (row->unsure) put_line(w, s, say1(w, MSG_compare_question, "score", str_int(&w->mem, row->score)));
  put_diff(w, s, &row->title_diff);
  put_diff(w, s, &row->text_diff);
  vec_each(struct target_move, m, &row->moves)
    if (m->kind != MOVE_SAME) put_line(w, s, move_text(w, row, m));
  if (item_ref_none(row->nearest)) return;
  const struct msg_arg args[] = {{"path", path_of(w, row->kind == ROW_GONE ? w->c->right : w->c->left, row->nearest)},
                                 {"score", str_int(&w->mem, row->nearest_score)}};
  put_line(w, s, msg_text(&w->mem, w->lang, MSG_compare_nearest, args, 2));
}

static void put_meta(struct writer *w, const struct style *s, const struct compare_meta *m) {
  static const int labels[] = {MSG_compare_field_title, MSG_compare_field_number, MSG_compare_field_issuer,
                               MSG_compare_field_year,  MSG_compare_field_date,   MSG_compare_field_preamble};
  diff_runs runs;
  plan_diff(&w->mem, m->left, m->right, &runs);
  buf_z(w->out, s->row);
  s->put(w->out, say(w, labels[m->field]));
  buf_z(w->out, s->row_end);
  put_diff(w, s, &runs);
}

static void put_walk(struct writer *w, const struct style *s) {
  static const int modes[] = {0, MSG_compare_copies, MSG_compare_years, MSG_compare_levels};
  buf_z(w->out, s->head);
  s->put(w->out, str_fmt(&w->mem, STRF ": " STRF " → " STRF, STRA(say(w, modes[w->c->mode])),
                         STRA(w->c->left->source.name), STRA(w->c->right->source.name)));
  buf_z(w->out, s->head_end);
  put_line(w, s, summary(w));
  put_line(w, s, moves_summary(w));
  if (w->c->unsure) put_line(w, s, say1(w, MSG_compare_unsure, "count", number(w, w->c->unsure)));
  vec_each(struct compare_meta, m, &w->c->meta) put_meta(w, s, m);
  vec_each(struct compare_row, row, &w->c->rows) put_row(w, s, row);
}

static void put_page(struct writer *w) {
  buf_fmt(w->out,
          "<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          w->lang == LANG_ZH ? "zh-CN" : "en");
  put_escaped(w->out, say(w, MSG_compare_title));
  buf_z(w->out,
        "</title>\n<style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.8}"
        "h1{font-size:1.5rem}h2{font-size:1.06rem;margin:1.5rem 0 0}"
        "del{text-decoration:line-through;background:rgba(128,128,128,.2)}"
        "ins{text-decoration:underline;background:rgba(11,86,105,.13)}</style>\n");
  put_walk(w, &html_style);
  buf_z(w->out, "</html>\n");
}

void compare_render(struct arena *mem, const struct plan_comparison *c, enum compare_format format, enum lang lang,
                    struct buf *out) {
  struct writer w = {.c = c, .out = out, .lang = lang};
  (void)mem;
  switch (format) {
    case COMPARE_JSON: put_json(&w); break;
    case COMPARE_TEXT: put_walk(&w, &text_style); break;
    case COMPARE_MARKDOWN: put_walk(&w, &markdown_style); break;
    case COMPARE_HTML: put_page(&w); break;
  }
  arena_drop(&w.mem);
}
