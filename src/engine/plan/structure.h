/* What the files of the structure pass share: lines, heads, parts. Nothing here outlives plan_structure.
 *
 * The pass reads the text as lines (split once), takes numbered lines as heads by sequence (numbering.h), cuts the file
 * into parts (one a document), decides for every level of numbers whether it carries work, and then walks each
 * part once more to build nodes, sections and items. Every step is linear in the text. */
#ifndef ENGINE_PLAN_STRUCTURE_H
#define ENGINE_PLAN_STRUCTURE_H
#include "engine/plan/numbering.h"
#include "engine/plan/plan.h"

/* Sizes that tell kinds of lines apart, in characters unless said otherwise. They are habits of the paper form
 * (GB/T 9704 sets 28 characters a line), not of one text. */
enum {
  TITLE_CHARS = 60,       /* a longer first sentence is no title */
  TITLE_COMMAS = 2,       /* nor one with more commas */
  COLON_TITLE_CHARS = 30, /* a title that ends in a colon or blank and runs into the text */
  SHORT_CHARS = 60,       /* a line of front or closing */
  LABEL_CHARS = 300,
  UNIT_CHARS = 24,      /* a name of a unit in a bare label or a signature */
  WORK_BYTES = 180,     /* mean size from which an untitled sub-level carries work of its own */
  LOOK_BACK_LINES = 12, /* how far above a restarted 一、 its document's title may stand */
};

struct line {
  uint32_t from, to; /* without blanks at both ends */
  uint8_t heading;   /* level when the container knows it, else 0 */
  bool row;          /* of a table: cells parted by tabs */
};

enum head_role { HEAD_TEXT, HEAD_SECTION, HEAD_ITEM, HEAD_POINT };
struct head {
  struct marker mark;
  uint32_t line, end_line;  /* its line and the line of the next head or the end of the part's body */
  int32_t expected, parent; /* parent: index of the head above, NO_INDEX */
  struct span title;
  uint32_t body;  /* where the text behind the title begins in its line; line's end when there is none */
  uint32_t bytes; /* of its own lines */
  uint8_t depth;
  uint8_t role;
  bool alone; /* the line holds nothing but number and title */
  bool labelled, has_child;
};

struct part {
  uint32_t first, last; /* lines, half open */
  uint32_t first_head, head_count;
  uint32_t front_end; /* line: first of the preamble */
  uint32_t body;      /* line: first head, or first row of a task table, or `closing` */
  uint32_t closing;   /* line */
  bool numbered;      /* cut at 篇1 … of a series */
  bool has_table;
};

struct work {
  struct plan *p;
  struct arena *tmp;
  const struct lexicon *lx;
  struct str text;        /* folded */
  VEC(struct line) lines; /* lines with something in them */
  VEC(struct head) heads;
  VEC(struct part) parts;
};

static inline struct str line_text(const struct work *w, uint32_t line) {
  return str_slice(w->text, w->lines.at[line].from, w->lines.at[line].to);
}

/* ---- structure.c ---- */
/* Reads one line as head under the open levels; false when it is none. */
bool head_read(const struct work *w, struct numbering *n, uint32_t line, struct head *out);
bool line_is_sentence(struct str s); /* ends as a sentence does, or is too long for a heading */
bool is_sentence_mark(uint32_t c);

/* ---- split.c: where documents begin ---- */
void split_parts(struct work *w);
bool line_is_attachment(const struct lexicon *lx, struct str s, bool *out_alone); /* 附件1 */
bool line_ends_title(const struct work *w, struct str s, const struct lex_word **out_word);

/* ---- front.c: what stands before and after the body ---- */
void front_bounds(struct work *w, struct part *part); /* front_end, closing */
void front_read(struct work *w, const struct part *part, struct document *d);
void front_year_series(struct plan *p, const struct work *w); /* one doubt about a year in a series holds for all */
void front_find_year(const struct work *w, struct document *d, const struct lex_word *title_word);
bool line_date(const struct work *w, struct str s, struct date *out); /* a line that is a date, maybe with 印发 */
bool line_number(struct str s, struct span *out);                     /* 某教发〔2026〕7号 in s */

/* ---- front_words.c: what the words of front_word tell ("about", "notice", ...) ---- */
size_t front_word_at(const struct lexicon *lx, struct str s, size_t at, const char *what); /* its bytes, 0: none */
size_t front_word_end(const struct lexicon *lx, struct str s, const char *what);           /* at the end of s */
size_t front_word_find(const struct lexicon *lx, struct str s, const char *what);          /* place of the first */

/* ---- paragraph.c ---- */
struct paragraph_sink {
  void (*leaf)(void *to, enum node_kind kind, uint32_t from, uint32_t end);
  void (*label)(void *to, struct span at);
  void *to;
};
struct paragraph_scan; /* memory that is used again from paragraph to paragraph */
struct paragraph_scan *paragraph_new(struct arena *tmp);
/* Cuts text[from..to) into sentences and labels; every byte goes into one leaf. Returns true when it holds inline
 * points (一是 … 二是). */
bool paragraph_cut(struct paragraph_scan *scan, const struct work *w, uint32_t from, uint32_t to,
                   const struct paragraph_sink *sink);
/* The label at the end of text[from..to), whole brackets; false when there is none. */
bool label_at_end(const struct work *w, uint32_t from, uint32_t to, struct span *out);
bool label_is_line(const struct work *w, uint32_t from, uint32_t to); /* 责任单位：… on its own line */
void points_inline(struct arena *mem, struct str text, struct span body, plan_spans *out);

/* ---- tables.c ---- */
enum { TABLE_COLUMNS = 32 };
struct table_head {
  uint8_t roles[TABLE_COLUMNS];
  int columns;
};
int row_cells(struct str text, struct span row, struct span *out, int max); /* cells of a line, trimmed */
bool row_is_rule(struct str text, struct span row);                         /* |---|---| */
/* What a column holds by the words of its head (enum cell_role); -1 when they are not known. */
int table_head_role(const struct lexicon *lx, struct arena *tmp, struct str cell);
bool table_read_head(const struct work *w, uint32_t line, struct table_head *out);

/* ---- build.c: nodes, sections, items of one part ---- */
struct build;
struct build *build_begin(struct work *w);
void build_part(struct build *b, const struct part *part, struct document *d);
bool build_end(struct build *b); /* false: more items than PLAN_ITEMS_MAX */
#endif
