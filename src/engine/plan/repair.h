/* The passes of plan_clean. Each reads a text and lists changes to it, sorted and disjoint; clean.c applies them
 * and composes the layers. Pure and linear: what needs a search (byte shifts) has a budget for the whole text. */
#ifndef ENGINE_PLAN_REPAIR_H
#define ENGINE_PLAN_REPAIR_H
#include "engine/plan/lexicon.h"
#include "text/layer.h"

/* What one scan of the text met; a pass runs only when its bit is set. */
enum suspect {
  SUSPECT_PINYIN = 1,    /* bracket before a letter */
  SUSPECT_SHIFT = 2,     /* ? or torn pinyin or rare characters close together */
  SUSPECT_ENTITY = 4,    /* & */
  SUSPECT_CHAR = 8,      /* invisible, private use, full-width letters and digits, strange line ends and blanks */
  SUSPECT_QUESTION = 16, /* ? */
};
/* What can be counted on by character: changes of a text add to it and take from it. */
struct tally {
  int64_t script; /* Traditional-only characters less Simplified-only ones */
  int64_t odd;    /* suspicious whatever stands around; a bracket before a letter */
  int64_t rare;   /* Han characters that are suspicious close together only */
};
struct suspects {
  unsigned kinds; /* enum suspect */
  struct tally tally;
  VEC(uint32_t) odd; /* where a byte shift may be seen: ? behind Chinese text, and odd characters */
};
void repair_look(struct arena *mem, struct str text, struct suspects *out);
/* Adds `sign` times the tally of a piece of text. */
void repair_weigh(struct str piece, int sign, struct tally *io);

/* Bracketed readings, entities, invisible characters, widths, strange blanks. */
void repair_chars(struct arena *mem, struct str text, changes *out);
/* Slipped GBK pairs. Readings come from the text itself and the lexicon's `reading` group. */
void repair_shifts(struct arena *mem, const struct lexicon *lx, struct str text, const struct suspects *found,
                   changes *out);
/* A character that official texts hardly use. */
bool is_odd_char(uint32_t c);
/* ? that stands for 、 or quotes. */
void repair_questions(struct arena *mem, const struct lexicon *lx, struct str text, changes *out);
/* Headings in the middle of one long line. */
void repair_run_on(struct arena *mem, const struct lexicon *lx, struct str text, changes *out);
/* Tables whose cells became lines of their own, or rows parted by | without the cells that were merged. `folded`. */
void repair_rows(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out);
/* Blank lines, indentation, stray blanks, broken lines. True when lines were parted only because of what goes. */
bool repair_lines(struct arena *mem, const struct lexicon *lx, struct str text, changes *out);
/* Drops a table of contents before the text. */
void trim_contents(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out);
/* Page furniture before and after the document; `folded` has the length of the text. */
void trim_furniture(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out);

/* A pinyin syllable in lower case at text[i], with a tone mark or without: its length in bytes, 0 when none. */
size_t pinyin_at(struct str text, size_t i, bool *out_toned);
/* A bracketed syllable at text[i], both brackets half or full width: its length, 0 when none. */
size_t pinyin_bracket_at(struct str text, size_t i, bool *out_toned);
#define change_add(mem, list, from, to, text, what, is_doubt) \
  ((void)(vec_push((mem), (list)) = (struct change){          \
              .at = {(uint32_t)(from), (uint32_t)(to)}, .with = (text), .kind = (what), .doubt = (is_doubt)}))
#endif
